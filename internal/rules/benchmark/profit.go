package benchmark

import (
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/verdict"
)

// ProfitMonth is how a new partner stands at the end of a month of its membership, in the program's currency.
type ProfitMonth struct {
	// Month is the month, from 1.
	Month int32
	// Cost is what the partnership has cost by then.
	Cost *big.Rat
	// P25, P50 and P75 are the margin that partners have made by then whose revenue is the lower quartile, the median and the upper quartile each month.
	P25, P50, P75 *big.Rat
}

// Projection says when a partnership pays for a new partner, as far as other partners' first months tell.
type Projection struct {
	// Known is false when too few partners have such a history: then there are no months.
	Known bool
	// Months are the months of membership of which there are figures, from the first.
	Months []ProfitMonth
	// P25, P50 and P75 are the months in which the margin first covers the cost, of a partner whose revenue is the lower quartile, the median and the
	// upper quartile each month; 0 when in none of the months.
	P25, P50, P75 int32
	// Partners is the least number of partners that a month's figures come from.
	Partners int32
	// Assumptions say in words what the projection rests on.
	Assumptions []string
	// Message says it in words.
	Message string
}

// Project says when the partnership pays for a partner that joins at a tier, or at whichever when tier is empty, as those did that a benchmark shows. Without
// figures of the first month at that tier, those of all partners speak; without these it is unknown.
func Project(by *v1alpha1.Profitability, from *v1alpha1.Benchmark, tier v1alpha1.Name) Projection {
	if by == nil || from == nil {
		return Projection{Message: "unknown: nobody has said what the partnership costs, or there is no benchmark"}
	}
	margin, err := decimal.ParsePercent(by.MarginPercent)
	if err != nil {
		return Projection{Message: "unknown: marginPercent: " + err.Error()}
	}
	rows := monthsOf(from, tier)
	if len(rows) == 0 {
		tier = ""
		rows = monthsOf(from, tier)
	}
	if len(rows) == 0 {
		return Projection{Message: fmt.Sprintf("unknown: benchmark %s shows no revenue by month of membership: too few partners have such a history", from.Name)}
	}
	start, monthly := costs(by)
	p := Projection{Known: true, Partners: rows[0].Partners}
	sums := [3]*big.Rat{new(big.Rat), new(big.Rat), new(big.Rat)}
	cost := new(big.Rat).Set(start)
	for i, row := range rows {
		cost = new(big.Rat).Add(cost, monthly)
		p.Partners = min(p.Partners, row.Partners)
		month := ProfitMonth{Month: int32(i + 1), Cost: cost}
		for q, text := range []v1alpha1.Decimal{row.P25, row.P50, row.P75} {
			if revenue := parsed(text); revenue != nil {
				sums[q] = new(big.Rat).Add(sums[q], decimal.PercentOf(margin, revenue))
			}
		}
		month.P25, month.P50, month.P75 = sums[0], sums[1], sums[2]
		p.Months = append(p.Months, month)
		for q, even := range []*int32{&p.P25, &p.P50, &p.P75} {
			if *even == 0 && sums[q].Cmp(cost) >= 0 {
				*even = month.Month
			}
		}
	}
	p.Assumptions = assumptions(by, from, tier, len(rows), start, monthly)
	p.Message = p.words()
	return p
}

// monthsOf returns the rows of the first months of membership, as far as there are figures of each.
func monthsOf(from *v1alpha1.Benchmark, tier v1alpha1.Name) []*v1alpha1.BenchmarkRow {
	byMonth := map[int32]*v1alpha1.BenchmarkRow{}
	for i := range from.Spec.Rows {
		row := &from.Spec.Rows[i]
		if row.Measure == v1alpha1.MeasureMonthlyRevenue && row.Tier == tier && row.Month != nil {
			byMonth[*row.Month] = row
		}
	}
	var rows []*v1alpha1.BenchmarkRow
	for month := int32(1); byMonth[month] != nil; month++ {
		rows = append(rows, byMonth[month])
	}
	return rows
}

// costs adds up what the partnership costs at the start and each month. What cannot be read counts as nothing.
func costs(by *v1alpha1.Profitability) (start, monthly *big.Rat) {
	start, monthly = new(big.Rat), new(big.Rat)
	for i := range by.Costs {
		if value := parsed(by.Costs[i].Start); value != nil {
			start.Add(start, value)
		}
		if value := parsed(by.Costs[i].Monthly); value != nil {
			monthly.Add(monthly, value)
		}
	}
	return start, monthly
}

// moneyDigits is the number of digits after the point of amounts in words.
const moneyDigits = 2

func assumptions(by *v1alpha1.Profitability, from *v1alpha1.Benchmark, tier v1alpha1.Name, months int, start, monthly *big.Rat) []string {
	who := "partners of every tier"
	if tier != "" {
		who = fmt.Sprintf("partners that are %s today", tier)
	}
	currency := from.Spec.Currency
	return []string{
		fmt.Sprintf("the partnership costs %s %s at the start and %s %s a month", currency, decimal.Format(start, moneyDigits), currency, decimal.Format(monthly, moneyDigits)),
		fmt.Sprintf("of its revenue the partner keeps %s percent", by.MarginPercent),
		fmt.Sprintf("revenue grows as that of %s did in their first %s, by benchmark %s with results through %s", who, verdict.Count(months, "month"), from.Name,
			from.Spec.ResultsThrough),
		"the median is that of each month: no single partner need have had all of them",
	}
}

// words say when the partnership pays.
func (p *Projection) words() string {
	month := func(m int32) string {
		if m == 0 {
			return fmt.Sprintf("not within %d", len(p.Months))
		}
		return fmt.Sprint(m)
	}
	rest := fmt.Sprintf("(p25 %s, p75 %s; from %s)", month(p.P25), month(p.P75), verdict.Count(p.Partners, "partner"))
	if p.P50 == 0 {
		return fmt.Sprintf("not profitable within the %s that others' history covers %s", verdict.Count(len(p.Months), "month"), rest)
	}
	return fmt.Sprintf("profitable in month %d %s", p.P50, rest)
}
