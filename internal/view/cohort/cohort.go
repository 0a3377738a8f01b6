// Package cohort shows what the partners of a program have reached, by cohort: of a Benchmark in exact figures or, as partners read it, of a
// PublishedBenchmark. It computes nothing: what is shown of a cohort, and when a partnership pays, internal/rules/benchmark says.
package cohort

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Benchmark is a Benchmark or a PublishedBenchmark.
type Benchmark struct {
	v1alpha1.BenchmarkPeriod `json:",inline"`

	// Name is the name of the object.
	Name string `json:"benchmark"`
	// Exact says that the figures are exact, of a Benchmark; those of a PublishedBenchmark have two significant digits.
	Exact bool `json:"exact"`
	// Policy is what protects the partners; nil of a PublishedBenchmark.
	Policy *v1alpha1.BenchmarkPolicy `json:"policy,omitempty"`
	// Rows are the cohorts with their figures.
	Rows []v1alpha1.PublishedRow `json:"rows"`
	// Withheld are the cohorts whose figures are withheld, and why.
	Withheld []v1alpha1.WithheldCohort `json:"withheld,omitempty"`
	// LeftOut is the number of cohorts that found no place.
	LeftOut *int32 `json:"leftOut,omitempty"`
	// WorthCopying are campaigns that are worth copying; none of a Benchmark.
	WorthCopying []v1alpha1.Practice `json:"worthCopying,omitempty"`
}

// Of returns what an exact benchmark says.
func Of(x *v1alpha1.Benchmark) *Benchmark {
	b := &Benchmark{
		Name: x.Name, Exact: true, BenchmarkPeriod: x.Spec.BenchmarkPeriod, Policy: &x.Spec.Policy, Rows: []v1alpha1.PublishedRow{}, Withheld: x.Spec.Withheld,
		LeftOut: x.Spec.LeftOut,
	}
	for i := range x.Spec.Rows {
		b.Rows = append(b.Rows, v1alpha1.PublishedRow{BenchmarkCohort: x.Spec.Rows[i].BenchmarkCohort, Quartiles: x.Spec.Rows[i].Quartiles})
	}
	return b
}

// OfPublished returns what a benchmark says as partners read it.
func OfPublished(x *v1alpha1.PublishedBenchmark) *Benchmark {
	return &Benchmark{
		Name: x.Name, BenchmarkPeriod: x.Spec.BenchmarkPeriod, Rows: append([]v1alpha1.PublishedRow{}, x.Spec.Rows...), Withheld: x.Spec.Withheld,
		LeftOut: x.Spec.LeftOut, WorthCopying: x.Spec.WorthCopying,
	}
}

// as returns a benchmark in the form in which rules look at it.
func (b *Benchmark) as() *v1alpha1.PublishedBenchmark {
	x := &v1alpha1.PublishedBenchmark{Spec: v1alpha1.PublishedBenchmarkSpec{BenchmarkPeriod: b.BenchmarkPeriod, Rows: b.Rows}}
	x.Name = b.Name
	return x
}

// ErrNone says that no benchmark of a program was computed by an instant.
var ErrNone = errors.New("there is no benchmark")

// Newest returns the newest benchmark of a program that was computed by an instant: the exact one, or the published one where there is no exact one.
func Newest(index *lineage.Index, program string, now time.Time) (*Benchmark, error) {
	of := map[string]*Benchmark{}
	var list []*v1alpha1.PublishedBenchmark
	var today fiscal.Day
	for _, object := range index.Objects() {
		var b *Benchmark
		switch x := object.(type) {
		case *v1alpha1.Benchmark:
			b = Of(x)
		case *v1alpha1.PublishedBenchmark:
			b = OfPublished(x)
		default:
			continue
		}
		if string(b.ProgramRef.Name) != program || of[b.Name] != nil && of[b.Name].Exact {
			continue
		}
		today = index.Today(object, now)
		of[b.Name] = b
		list = append(list, b.as())
	}
	if newest, _ := benchmark.Newest(list, today, today); newest != nil {
		return of[newest.Name], nil
	}
	return nil, ErrNone
}

// Asked is the cohort that is asked about. What is empty is not told apart.
type Asked struct {
	// Measure is the only measure that is asked about.
	Measure v1alpha1.BenchmarkMeasure `json:"measure,omitempty"`
	// Activity is the type of the campaigns.
	Activity v1alpha1.ActivityType `json:"activity,omitempty"`
	// Tier is the tier of the partners.
	Tier v1alpha1.Name `json:"tier,omitempty"`
	// Segment is the market segment.
	Segment v1alpha1.Name `json:"segment,omitempty"`
	// Metric is the metric of the goals.
	Metric v1alpha1.Name `json:"metric,omitempty"`
}

// none reports whether nothing is asked for, but for a measure or metric.
func (a *Asked) none() bool { return a.Activity == "" && a.Tier == "" && a.Segment == "" }

// Comparison is what a benchmark says of a cohort.
type Comparison struct {
	*Benchmark `json:",inline"`

	// Asked is the cohort that was asked about.
	Asked Asked `json:"asked"`
	// Hidden is the number of rows of MonthlyRevenue that are left out, as that measure was not asked for.
	Hidden int `json:"hidden,omitempty"`
}

// measures that are of campaigns: these alone tell types of activity apart.
var campaigns = []v1alpha1.BenchmarkMeasure{v1alpha1.MeasureCostPerLead, v1alpha1.MeasureLeadToOpportunityPercent, v1alpha1.MeasureDaysToFirstResult}

// OfCampaigns reports whether a measure is of campaigns.
func OfCampaigns(m v1alpha1.BenchmarkMeasure) bool { return slices.Contains(campaigns, m) }

// Compare returns of each measure what a benchmark says of a cohort: the figures of the narrowest cohort that has some and holds the one that is asked about,
// and what is withheld between the two. Without a cohort it is all of it.
func Compare(b *Benchmark, asked Asked) *Comparison {
	c := &Comparison{Benchmark: &Benchmark{}, Asked: asked}
	*c.Benchmark = *b
	c.Rows, c.Withheld = []v1alpha1.PublishedRow{}, nil
	var kept []v1alpha1.BenchmarkCohort
	for i := range b.Rows {
		row := &b.Rows[i]
		switch {
		case !asked.about(&row.BenchmarkCohort):
		case row.Measure == v1alpha1.MeasureMonthlyRevenue && asked.Measure == "":
			c.Hidden++
		case asked.none():
			c.Rows = append(c.Rows, *row)
		default:
			if f := benchmark.Look(b.as(), asked.cohort(&row.BenchmarkCohort)); f != nil && !slices.ContainsFunc(kept, func(k v1alpha1.BenchmarkCohort) bool { return same(&k, &f.Row.BenchmarkCohort) }) {
				kept = append(kept, f.Row.BenchmarkCohort)
				c.Rows = append(c.Rows, *f.Row)
			}
		}
	}
	for i := range b.Withheld {
		w := &b.Withheld[i]
		if !asked.about(&w.BenchmarkCohort) || w.Measure == v1alpha1.MeasureMonthlyRevenue && asked.Measure == "" {
			continue
		}
		if asked.none() || asked.in(&w.BenchmarkCohort) {
			c.Withheld = append(c.Withheld, *w)
		}
	}
	c.WorthCopying = slices.DeleteFunc(slices.Clone(b.WorthCopying), func(p v1alpha1.Practice) bool {
		return asked.Activity != "" && p.Activity != asked.Activity || asked.Segment != "" && p.Segment != "" && p.Segment != asked.Segment
	})
	return c
}

// Wider reports whether a cohort tells less apart than what was asked about.
func (c *Comparison) Wider(x *v1alpha1.BenchmarkCohort) bool {
	of := c.Asked.cohort(x)
	return !c.Asked.none() && (x.Activity != of.Activity || x.Tier != of.Tier || x.Segment != of.Segment)
}

// about reports whether a cohort is of the measure and metric that are asked about. A question about a type of activity is one about campaigns.
func (a *Asked) about(c *v1alpha1.BenchmarkCohort) bool {
	switch {
	case a.Measure != "" && c.Measure != a.Measure, a.Metric != "" && c.Metric != a.Metric:
		return false
	case a.Activity != "" && a.Measure == "" && !OfCampaigns(c.Measure):
		return false
	}
	return true
}

// in reports whether the cohort that is asked about is in another one.
func (a *Asked) in(c *v1alpha1.BenchmarkCohort) bool {
	return (c.Activity == "" || c.Activity == a.Activity) && (c.Tier == "" || c.Tier == a.Tier) && (c.Segment == "" || c.Segment == a.Segment)
}

// cohort returns the cohort that is asked about, of the measure of another one.
func (a *Asked) cohort(of *v1alpha1.BenchmarkCohort) v1alpha1.BenchmarkCohort {
	c := v1alpha1.BenchmarkCohort{Measure: of.Measure, Tier: a.Tier, Segment: a.Segment, Metric: of.Metric, Month: of.Month}
	if OfCampaigns(of.Measure) {
		c.Activity = a.Activity
	}
	return c
}

func same(a, b *v1alpha1.BenchmarkCohort) bool {
	month := func(c *v1alpha1.BenchmarkCohort) int32 {
		if c.Month == nil {
			return 0
		}
		return *c.Month
	}
	return a.Measure == b.Measure && a.Activity == b.Activity && a.Tier == b.Tier && a.Segment == b.Segment && a.Metric == b.Metric && month(a) == month(b)
}

// Words names a cohort: "Webinar, silver, mid-market", and "all" for that of all.
func Words(c *v1alpha1.BenchmarkCohort) string {
	var parts []string
	for _, part := range []string{string(c.Metric), string(c.Activity), string(c.Tier), string(c.Segment)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if c.Activity == "" && c.Tier == "" && c.Segment == "" {
		parts = append(parts, "all")
	}
	text := strings.Join(parts, ", ")
	if c.Month != nil {
		text += fmt.Sprintf(", month %d", *c.Month)
	}
	return text
}

// Size says how many rows and partners figures are of: "11 of 8 partners".
func Size(q *v1alpha1.Quartiles) string {
	return fmt.Sprintf("%d of %s", q.Rows, verdict.Count(q.Partners, "partner"))
}

// Unit returns the unit of a measure: the currency, % or days.
func Unit(m v1alpha1.BenchmarkMeasure, currency v1alpha1.CurrencyCode) string {
	switch m {
	case v1alpha1.MeasureCostPerLead, v1alpha1.MeasureMonthlyRevenue:
		return string(currency)
	case v1alpha1.MeasureDaysToFirstResult:
		return "days"
	default:
		return "%"
	}
}

// Measures are all measures, in the order in which benchmarks have them.
func Measures() []v1alpha1.BenchmarkMeasure {
	return append(slices.Clone(campaigns), v1alpha1.MeasureAttainmentPercent, v1alpha1.MeasureGrowthAskedPercent, v1alpha1.MeasureGrowthReachedPercent,
		v1alpha1.MeasureMonthlyRevenue)
}

// Programs returns the programs that have a benchmark, by name.
func Programs(index *lineage.Index) []string {
	var names []string
	for _, object := range index.Objects() {
		switch x := object.(type) {
		case *v1alpha1.Benchmark:
			names = append(names, string(x.Spec.ProgramRef.Name))
		case *v1alpha1.PublishedBenchmark:
			names = append(names, string(x.Spec.ProgramRef.Name))
		}
	}
	slices.SortFunc(names, cmp.Compare[string])
	return slices.Compact(names)
}
