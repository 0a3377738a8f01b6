package explain

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/cohort"
	"jointplan.dev/jointplan/internal/view/concern"
)

// benchmark explains what partners have reached, in exact figures or as partners read it.
func (b *builder) benchmark(x *cohort.Benchmark) {
	b.factf("Program", "%s", x.ProgramRef.Name)
	b.factf("Quarter", "%s", span(&x.Days))
	b.factf("Computed on", "%s, of results complete through %s", x.ComputedOn, x.ResultsThrough)
	figures := "exact, for the vendor"
	if !x.Exact {
		figures = "two significant digits, as partners read them"
	}
	b.factf("Figures", "%s", figures)
	if p := x.Policy; p != nil && p.MinPartners != nil && p.MaxSharePercent != nil {
		b.factf("Protected by", "at least %s, none with more than %d percent of the rows", verdict.Count(*p.MinPartners, "partner"), *p.MaxSharePercent)
	}
	b.factf("Cohorts", "%d with figures, %d withheld%s", len(x.Rows), len(x.Withheld), leftOut(x.LeftOut))
	var measure v1alpha1.BenchmarkMeasure
	var rows []Verdict
	for i := range x.Rows {
		row := &x.Rows[i]
		if row.Measure != measure {
			b.section(string(measure), rows)
			measure, rows = row.Measure, nil
		}
		unit := cohort.Unit(row.Measure, x.Currency)
		rows = append(rows, Verdict{
			Rule: cohort.Words(&row.BenchmarkCohort), Level: concern.Fine, Source: cohort.Size(&row.Quartiles),
			Verdict: strings.TrimSpace(fmt.Sprintf("p25 %s, p50 %s, p75 %s %s", grouped(row.P25), grouped(row.P50), grouped(row.P75), unit)),
		})
	}
	b.section(string(measure), rows)
	b.section("Withheld", withheld(x.Withheld))
	var practices []Verdict
	for _, p := range x.WorthCopying {
		rule := string(p.Activity)
		if p.Segment != "" {
			rule += ", " + string(p.Segment)
		}
		practices = append(practices, Verdict{Rule: rule, Verdict: string(p.By), Level: concern.Fine, Message: p.Why})
	}
	b.section("Worth copying", practices)
}

// withheld explains which cohorts have no figures: those of one measure that lack the same stand together.
func withheld(list []v1alpha1.WithheldCohort) []Verdict {
	var all []Verdict
	var names [][]string
	for i := range list {
		w := &list[i]
		v := Verdict{Rule: string(w.Measure), Verdict: string(w.Reason), Level: concern.Note, Message: w.Message}
		at := slices.IndexFunc(all, func(x Verdict) bool { return x.Rule == v.Rule && x.Verdict == v.Verdict && x.Message == v.Message })
		if at < 0 {
			at = len(all)
			all, names = append(all, v), append(names, nil)
		}
		names[at] = append(names[at], cohort.Words(&w.BenchmarkCohort))
	}
	for i := range all {
		all[i].Message += ": " + strings.Join(names[i], "; ")
	}
	return all
}

func grouped(value v1alpha1.Decimal) string { return decimal.Group(string(value)) }

func leftOut(n *int32) string {
	if n == nil {
		return ""
	}
	return fmt.Sprintf(", %d left out as there are too many", *n)
}
