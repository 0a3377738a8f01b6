// Package benchmark says what the partners of a program have reached, by cohort of activity, tier and segment, and protects them while it does: their
// names and whatever would tell one of them apart are left out.
//
// A row is one fact of one partner: what a lead of a completed campaign has cost, how much of a goal was attained. Rows come from evaluated objects (Rows,
// History), become the quartiles of cohorts after each fiscal quarter (Compute), and plans and campaigns are judged by them (Newest, Look). What new
// partners may expect of the partnership is projected from them (Project). Nothing here knows prices, discounts or margins of a partner.
package benchmark

import (
	"cmp"
	"math/big"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

// Row is one fact that a partner contributes.
type Row struct {
	// Partner is whose fact it is, as namespace/name. It is in no benchmark.
	Partner string
	// Measure is what it is about.
	Measure v1alpha1.BenchmarkMeasure
	// Activity is the type of the campaign; empty for facts that are not of campaigns.
	Activity v1alpha1.ActivityType
	// Tier is the tier of the partner; empty where it is not known: the row is then in no cohort of a tier.
	Tier v1alpha1.Name
	// Segment is the market segment; empty where none is named: the row is then in no cohort of a segment.
	Segment v1alpha1.Name
	// Metric is the metric of the goal; empty for facts that are not of goals.
	Metric v1alpha1.Name
	// Month is the month of the partner's membership, from 1; 0 for facts that are not of months.
	Month int32
	// CompleteOn is the day on which the fact was complete.
	CompleteOn fiscal.Day
	// Value is the figure; not to be changed.
	Value *big.Rat
	// Shares says whether the campaign may be shown as worth copying; empty means that it may not.
	Shares v1alpha1.PracticeSharing
	// By is the partner's name for people, which is shown only where Shares is Named.
	By v1alpha1.Title
}

// MaxMonths is the last month of membership that benchmarks have.
const MaxMonths = 24

// The documented defaults of BenchmarkPolicy.
const (
	defaultMinPartners     = 5
	defaultMaxSharePercent = 25
	defaultMinAgeQuarters  = 1
	defaultWindowQuarters  = 12
)

// withDefaults returns a policy with its defaults written out.
func withDefaults(p *v1alpha1.BenchmarkPolicy) v1alpha1.BenchmarkPolicy {
	if p == nil {
		p = &v1alpha1.BenchmarkPolicy{}
	}
	or := func(value *int32, absent int32) *int32 { return new(program.Or(value, absent)) }
	return v1alpha1.BenchmarkPolicy{
		MinPartners: or(p.MinPartners, defaultMinPartners), MaxSharePercent: or(p.MaxSharePercent, defaultMaxSharePercent),
		MinAgeQuarters: or(p.MinAgeQuarters, defaultMinAgeQuarters), WindowQuarters: or(p.WindowQuarters, defaultWindowQuarters),
	}
}

// Input is what a benchmark is computed from.
type Input struct {
	// Program is the program.
	Program *program.Program
	// Quarter is the fiscal quarter after whose end the benchmark is computed.
	Quarter fiscal.Span
	// ComputedOn is the day on which it is.
	ComputedOn fiscal.Day
	// Policy says how the partners are protected. Absent means the documented defaults.
	Policy *v1alpha1.BenchmarkPolicy
	// Rows are the facts of all partners, in any order.
	Rows []Row
	// Earlier are all earlier benchmarks of the program that there are, in any order.
	Earlier []*v1alpha1.Benchmark
}

// Name returns the name of a program's benchmark of a fiscal quarter, such as northwind-fy2027-q1.
func Name(of *program.Program, quarter fiscal.Span) string {
	return string(of.Name) + "-" + strings.ToLower(strings.ReplaceAll(of.Calendar.Label(quarter), " ", "-"))
}

// Due returns the fiscal quarter that ended last before a day, and reports whether its benchmark is to be computed: there is none. Those of quarters before
// are not made up later, as what was known then is not known any more.
func Due(of *program.Program, today fiscal.Day, earlier []*v1alpha1.Benchmark) (quarter fiscal.Span, due bool) {
	quarter = of.Calendar.PeriodContaining(fiscal.Quarter, of.Calendar.PeriodContaining(fiscal.Quarter, today).From.AddDays(-1))
	name := Name(of, quarter)
	return quarter, !slices.ContainsFunc(earlier, func(b *v1alpha1.Benchmark) bool { return b.Name == name })
}

// Compute returns the benchmark of a quarter: exactly, for the vendor, and as partners may read it.
func Compute(in Input) (*v1alpha1.Benchmark, *v1alpha1.PublishedBenchmark) {
	policy := withDefaults(in.Policy)
	results := window(in.Program.Calendar, in.Quarter, &policy)
	period := v1alpha1.BenchmarkPeriod{
		ProgramRef: v1alpha1.Reference{Name: in.Program.Name}, Quarter: quarterOf(in.Program.Calendar, in.Quarter),
		Days:       v1alpha1.DayRange{From: in.Quarter.From.Date(), Through: in.Quarter.Through.Date()},
		ComputedOn: in.ComputedOn.Date(), ResultsThrough: results.Through.Date(), Currency: in.Program.Spec.Currency,
	}
	exact := &v1alpha1.Benchmark{Spec: v1alpha1.BenchmarkSpec{BenchmarkPeriod: period, Policy: policy}}
	public := &v1alpha1.PublishedBenchmark{Spec: v1alpha1.PublishedBenchmarkSpec{BenchmarkPeriod: period}}
	exact.Name = Name(in.Program, in.Quarter)
	public.Name = exact.Name

	r := release{program: in.Program.Name, policy: &policy, earlier: earlierRows(in.Program.Name, in.Earlier, exact.Name)}
	for i := range in.Rows {
		if row := &in.Rows[i]; row.Value != nil && results.Contains(row.CompleteOn) {
			r.add(row)
		}
	}
	r.judge()
	var leftOut int32
	shown, more := first(r.shown, maxRows)
	leftOut += more
	withheld, more := first(r.withheld, maxWithheld)
	leftOut += more
	for _, g := range shown {
		row := g.row(r.program)
		exact.Spec.Rows = append(exact.Spec.Rows, row)
		public.Spec.Rows = append(public.Spec.Rows, published(&row))
	}
	for _, g := range withheld {
		x := v1alpha1.WithheldCohort{BenchmarkCohort: g.key.cohort(), Reason: g.reason, Message: r.why(g.reason)}
		exact.Spec.Withheld = append(exact.Spec.Withheld, x)
		if g.key.tier == "" && g.key.segment == "" { // a narrow one with few partners would say who did what
			public.Spec.Withheld = append(public.Spec.Withheld, x)
		}
	}
	if leftOut > 0 {
		exact.Spec.LeftOut, public.Spec.LeftOut = &leftOut, &leftOut
	}
	public.Spec.WorthCopying = worthCopying(shown)
	return exact, public
}

// window returns the days on which results were complete that a quarter's benchmark is made of.
func window(cal *fiscal.Calendar, quarter fiscal.Span, policy *v1alpha1.BenchmarkPolicy) fiscal.Span {
	last := quarter
	for range *policy.MinAgeQuarters {
		last = cal.PeriodContaining(fiscal.Quarter, last.From.AddDays(-1))
	}
	from := last
	for range *policy.WindowQuarters - 1 {
		from = cal.PeriodContaining(fiscal.Quarter, from.From.AddDays(-1))
	}
	return fiscal.Span{From: from.From, Through: last.Through}
}

// quarterOf writes a span as a quarter of a fiscal year, else as its days.
func quarterOf(cal *fiscal.Calendar, span fiscal.Span) v1alpha1.Period {
	if cal.PeriodContaining(fiscal.Quarter, span.From) != span {
		return v1alpha1.Period{From: span.From.Date(), Through: span.Through.Date()}
	}
	return v1alpha1.Period{FiscalYear: new(int32(cal.FiscalYearOf(span.From))), Part: cal.PartOf(fiscal.Quarter, span.From)} //nolint:gosec // years fit
}

// The bounds of a benchmark's lists.
const (
	maxRows     = 240
	maxWithheld = 120
)

// first returns the first cohorts of a list, the widest of all measures before narrower ones, in the order of the list, and how many are left out.
func first(list []*group, most int) (kept []*group, leftOut int32) {
	if len(list) <= most {
		return list, 0
	}
	widest := slices.Clone(list)
	slices.SortStableFunc(widest, func(a, b *group) int { return cmp.Compare(a.key.level, b.key.level) })
	keep := map[*group]bool{}
	for _, g := range widest[:most] {
		keep[g] = true
	}
	kept = slices.DeleteFunc(slices.Clone(list), func(g *group) bool { return !keep[g] })
	return kept, int32(len(list) - most) //nolint:gosec // there are not so many cohorts
}
