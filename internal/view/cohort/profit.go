package cohort

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Profit says when a partnership pays for a new partner, as internal/rules/benchmark projects it.
type Profit struct {
	// Program is the program.
	Program string `json:"program"`
	// Benchmark is the benchmark by which it is projected.
	Benchmark string `json:"benchmark"`
	// Tier is the tier at which the partner joins; empty for whichever.
	Tier v1alpha1.Name `json:"tier,omitempty"`
	// Known is false when too few partners have such a history: then there are no months.
	Known bool `json:"known"`
	// Message says in words when it pays.
	Message string `json:"message"`
	// Currency is the currency of all amounts.
	Currency v1alpha1.CurrencyCode `json:"currency"`
	// BreakEven are the months in which the margin first covers the cost, of revenue at the quartiles; absent where it does in none.
	BreakEven Quarters `json:"breakEven"`
	// Partners is the least number of partners that a month's figures come from.
	Partners int32 `json:"partners,omitempty"`
	// Months are the months of membership, from the first.
	Months []ProfitMonth `json:"months"`
	// Assumptions say what the projection rests on.
	Assumptions []string `json:"assumptions"`
}

// Quarters are months by the quartile of revenue.
type Quarters struct {
	// P25 is of a partner whose revenue is the lower quartile each month.
	P25 int32 `json:"p25,omitempty"`
	// P50 is of one whose revenue is the median each month.
	P50 int32 `json:"p50,omitempty"`
	// P75 is of one whose revenue is the upper quartile each month.
	P75 int32 `json:"p75,omitempty"`
}

// ProfitMonth is how a new partner stands at the end of a month of its membership.
type ProfitMonth struct {
	// Month is the month, from 1.
	Month int32 `json:"month"`
	// Cost is what the partnership has cost by then.
	Cost v1alpha1.Decimal `json:"cost"`
	// P25, P50 and P75 are the margin that was made by then, by the quartile of revenue.
	P25 v1alpha1.Decimal `json:"p25"`
	// P50 is the margin at the median of revenue.
	P50 v1alpha1.Decimal `json:"p50"`
	// P75 is the margin at the upper quartile of revenue.
	P75 v1alpha1.Decimal `json:"p75"`
}

// NewestExact returns the newest exact benchmark of a program that was computed by a day; nil when there is none.
func NewestExact(index *lineage.Index, program string, today fiscal.Day) *v1alpha1.Benchmark {
	of := map[string]*v1alpha1.Benchmark{}
	var list []*v1alpha1.PublishedBenchmark
	for _, object := range index.Objects() {
		if x, ok := object.(*v1alpha1.Benchmark); ok && string(x.Spec.ProgramRef.Name) == program {
			of[x.Name] = x
			list = append(list, Of(x).as())
		}
	}
	newest, _ := benchmark.Newest(list, today, today)
	if newest == nil {
		return nil
	}
	return of[newest.Name]
}

// ProfitOf says when the partnership pays for a partner that joins at a tier, or at whichever when tier is empty.
func ProfitOf(by *v1alpha1.Profitability, from *v1alpha1.Benchmark, tier v1alpha1.Name) *Profit {
	projected := benchmark.Project(by, from, tier)
	p := &Profit{
		Program: string(from.Spec.ProgramRef.Name), Benchmark: from.Name, Tier: tier, Known: projected.Known, Message: projected.Message, Currency: from.Spec.Currency,
		BreakEven: Quarters{projected.P25, projected.P50, projected.P75}, Partners: projected.Partners, Months: []ProfitMonth{},
		Assumptions: append([]string{}, projected.Assumptions...),
	}
	for _, m := range projected.Months {
		p.Months = append(p.Months, ProfitMonth{Month: m.Month, Cost: shown(m.Cost), P25: shown(m.P25), P50: shown(m.P50), P75: shown(m.P75)})
	}
	return p
}

// moneyDigits is the number of digits after the point of amounts.
const moneyDigits = 2

func shown(x *big.Rat) v1alpha1.Decimal { return decimal.Shown(x, moneyDigits) }
