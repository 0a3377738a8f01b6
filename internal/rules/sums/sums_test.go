package sums_test

import (
	"fmt"
	"math/big"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/sums"
	"jointplan.dev/jointplan/internal/testobj"
)

// now is a day in the first half of fiscal year 2027.
var now = testobj.At("2026-11-03T10:00:00+01:00")

// settings are those of a program with a strategy of 4 markets.
func settings() (sums.Settings, *v1alpha1.ChannelStrategy) {
	source := testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Territories = []v1alpha1.Name{"north", "south"}
		spec.Segments = []v1alpha1.Name{"mid-market", "schools"}
		spec.RuleSets[0].Tiers[0].Benefits = []v1alpha1.Benefit{{Name: "se-days", Quantity: "12"}}
		spec.Benefits = []v1alpha1.ProgramBenefit{{Name: "se-days", Unit: "days"}}
	}).Obj()
	strategy := &v1alpha1.ChannelStrategy{ObjectMeta: metav1.ObjectMeta{Name: "northwind", Generation: 1}}
	strategy.Spec.Coverage = &v1alpha1.CoveragePolicy{Competencies: []v1alpha1.CompetencyNeed{{Name: "engineer", People: 2}}}
	for _, territory := range source.Spec.Territories {
		for _, segment := range source.Spec.Segments {
			strategy.Spec.Coverage.Cells = append(strategy.Spec.Coverage.Cells, v1alpha1.CoverageCell{Territory: territory, Segment: segment})
		}
	}
	strategy.Spec.Targets = []v1alpha1.InitiativeTarget{{Initiative: "security", Metric: "new-revenue", Period: h1, Value: "5000"}}
	return sums.Settings{Program: program.Compile(source.Name, &source.Spec), Strategy: &strategy.Spec}, strategy
}

var h1 = v1alpha1.Period{FiscalYear: new(int32(2027)), Part: "H1"}

// spans are periods of plans: two halves, a quarter, and one across all.
var spans = []v1alpha1.DayRange{
	{From: "2026-07-01", Through: "2026-12-31"},
	{From: "2027-01-01", Through: "2027-06-30"},
	{From: "2026-07-01", Through: "2026-09-30"},
	{From: "2026-09-01", Through: "2027-02-28"},
}

func some(t *rapid.T, label string, names ...v1alpha1.Name) []v1alpha1.Name {
	var list []v1alpha1.Name
	for _, name := range names {
		if rapid.Bool().Draw(t, label+" "+string(name)) {
			list = append(list, name)
		}
	}
	return list
}

func one[T any](t *rapid.T, label string, values ...T) T {
	return rapid.SampledFrom(values).Draw(t, label)
}

func amount(t *rapid.T, label string) v1alpha1.Decimal {
	return decimal.Shown(big.NewRat(rapid.Int64Range(0, 99_999_999).Draw(t, label), rapid.SampledFrom([]int64{1, 100, 1_000_000}).Draw(t, label+" digits")), 6)
}

// drawPartner draws a partner with plans and requests.
func drawPartner(t *rapid.T, name string) sums.Evaluated {
	p := &v1alpha1.Partner{ObjectMeta: metav1.ObjectMeta{Namespace: "partner-" + name, Name: name, Generation: 2}}
	p.Spec.ProgramRef.Name = "northwind"
	p.Spec.Type = one(t, "type", v1alpha1.PartnerDistributor, "Reseller")
	p.Spec.Region = one[v1alpha1.Name](t, "region", "dach", "nordics", "")
	p.Spec.Territories = some(t, "territory", "north", "south", "elsewhere")
	p.Spec.Segments = some(t, "segment", "mid-market", "schools")
	for i := range rapid.IntRange(0, 3).Draw(t, "engineers") {
		p.Spec.Competencies = append(p.Spec.Competencies, v1alpha1.Competency{Name: "engineer", Person: v1alpha1.Title(fmt.Sprint("engineer ", i))})
	}
	p.Status.ObservedGeneration = one[int64](t, "observed", 2, 1)
	p.Status.EffectiveTier = one[v1alpha1.Name](t, "tier", "gold", "silver", "")
	if name != "p0" && rapid.Bool().Draw(t, "child") {
		p.Status.Ancestors = []string{"partner-p0/p0"}
	}
	if rapid.Bool().Draw(t, "moved") {
		p.Status.Evaluations = []v1alpha1.TierEvaluation{{Day: "2026-09-30", Effective: "gold", Outcome: one(t, "outcome", "Promoted", "Demoted", "HeldInGrace")}}
	}
	in := sums.Evaluated{Partner: p}
	for i := range rapid.IntRange(0, 3).Draw(t, "plans") {
		plan := drawPlan(t, p, fmt.Sprintf("%s-%d", name, i))
		in.Plans = append(in.Plans, plan)
		if rapid.Bool().Draw(t, "money") {
			in.Requests = append(in.Requests, drawRequest(t, plan))
		}
	}
	return in
}

func drawPlan(t *rapid.T, p *v1alpha1.Partner, name string) *v1alpha1.JointPlan {
	plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: name, Generation: 1}}
	plan.Spec.PartnerRef.Name = v1alpha1.Name(p.Name)
	plan.Spec.Segment = one[v1alpha1.Name](t, "segment of the plan", "schools", "")
	plan.Spec.TargetAccounts = []v1alpha1.TargetAccount{{Name: one[v1alpha1.Title](t, "account", "Hafen AG", "hafen ag ", "Berg GmbH")}}
	plan.Status.ObservedGeneration = 1
	span := one(t, "span", spans...)
	plan.Status.Period = &span
	plan.Status.Stage = one(t, "stage", v1alpha1.StageActive, v1alpha1.StageClosed)
	for _, name := range some(t, "benefit", "se-days", "seats") {
		plan.Status.Benefits = append(plan.Status.Benefits, v1alpha1.PlanBenefit{
			Benefit: name, Entitled: "0.0", Aligned: "0.0", Asked: amount(t, "asked"), Granted: amount(t, "granted"),
		})
	}
	plan.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionOnTrack, Reason: one(t, "verdict", "OnTrack", "AtRisk", "OffTrack", "NotMeasured")}}
	if rapid.IntRange(0, 4).Draw(t, "approved") > 0 {
		plan.Status.PlanOfRecord = &v1alpha1.PlanOfRecord{Name: "r"}
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "goals") {
		goal := v1alpha1.GoalStatus{
			Name: v1alpha1.Name(fmt.Sprint("goal-", i)), Metric: one[v1alpha1.Name](t, "metric", "new-revenue", "qualified-leads", "retention"),
			Target: amount(t, "target"), Due: one(t, "due", span.From, span.Through), Initiatives: some(t, "initiative", "cloud-migration", "security"),
		}
		if rapid.Bool().Draw(t, "measured") {
			goal.Actual = amount(t, "actual")
		}
		if rapid.Bool().Draw(t, "forecast") {
			goal.Forecast = amount(t, "forecast of")
		}
		if len(goal.Initiatives) == 2 && rapid.Bool().Draw(t, "divided") {
			share := rapid.Int32Range(1, 99).Draw(t, "share")
			goal.InitiativeShares = []v1alpha1.InitiativeShare{{Initiative: "cloud-migration", Percent: share}, {Initiative: "security", Percent: 100 - share}}
		}
		if p.Spec.Type == v1alpha1.PartnerDistributor && rapid.Bool().Draw(t, "includes resellers") {
			goal.ResellerResults = v1alpha1.ResellerResultsIncluded
		}
		plan.Status.Goals = append(plan.Status.Goals, goal)
	}
	return plan
}

func drawRequest(t *rapid.T, plan *v1alpha1.JointPlan) *v1alpha1.MDFAllocation {
	request := &v1alpha1.MDFAllocation{ObjectMeta: metav1.ObjectMeta{Namespace: plan.Namespace, Name: plan.Name + "-money"}}
	request.Spec.PlanRef.Name, request.Spec.BudgetRef.Name = v1alpha1.Name(plan.Name), one[v1alpha1.Name](t, "budget", "a", "b")
	money := &v1alpha1.Money{Amount: amount(t, "granted"), Currency: "EUR"}
	request.Status.Granted, request.Status.Reserved = money, money
	return request
}

// whole adds up partners, each set once, in an order.
func whole(in sums.Settings, partners map[string]sums.Evaluated, order []string) *sums.Sums {
	s := sums.New()
	for _, name := range order {
		if partner, there := partners[name]; there {
			contribution, _ := sums.Of(in, partner, now)
			s.Set(contribution)
		}
	}
	return s
}

// reports are what sums say.
func reports(in sums.Settings, strategy *v1alpha1.ChannelStrategy, s *sums.Sums) []*v1alpha1.ProgramReport {
	return s.Evaluate(in, strategy, nil, now).Reports
}

// TestSumsByDifferenceAreThoseOfAll changes partners one after the other, in whatever order, and compares with the sums of what is there in the end.
func TestSumsByDifferenceAreThoseOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, strategy := settings()
		names, partners, s := []string{"p0", "p1", "p2", "p3"}, map[string]sums.Evaluated{}, sums.New()
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			name := one(t, "partner", names...)
			if rapid.IntRange(0, 3).Draw(t, "leaves") == 0 {
				delete(partners, name)
				s.Remove(sums.Partner("partner-" + name + "/" + name))
				continue
			}
			partners[name] = drawPartner(t, name)
			contribution, _ := sums.Of(in, partners[name], now)
			s.Set(contribution)
		}
		want := reports(in, strategy, whole(in, partners, rapid.Permutation(names).Draw(t, "order")))
		if diff := cmp.Diff(want, reports(in, strategy, s)); diff != "" {
			t.Fatalf("by difference (-all +by difference):\n%s", diff)
		}
	})
}

// TestEveryGroupingAddsUpToTheTotal adds up the groups of each grouping.
func TestEveryGroupingAddsUpToTheTotal(t *testing.T) {
	type key struct {
		by     v1alpha1.ReportGrouping
		metric v1alpha1.Name
		field  string
	}
	rapid.Check(t, func(t *rapid.T) {
		in, strategy := settings()
		partners, names := map[string]sums.Evaluated{}, []string{"p0", "p1", "p2", "p3"}
		for _, name := range names {
			partners[name] = drawPartner(t, name)
		}
		for _, report := range reports(in, strategy, whole(in, partners, names)) {
			totals, metrics := map[key]*big.Rat{}, map[v1alpha1.Name]bool{}
			for _, x := range report.Status.Figures.Sums {
				metrics[x.Metric] = true
				for field, text := range map[string]v1alpha1.Decimal{
					"target": x.Target, "actual": x.Actual, "forecast": x.Forecast, "withoutForecast": x.WithoutForecast, "gap": x.Gap,
				} {
					at := key{x.By, x.Metric, field}
					if totals[at] == nil {
						totals[at] = new(big.Rat)
					}
					if text != "" {
						totals[at].Add(totals[at], decimal.MustParse(string(text)))
					}
				}
			}
			for at, sum := range totals {
				at.by = v1alpha1.GroupTotal
				if totals[at] == nil || sum.Cmp(totals[at]) != 0 {
					t.Fatalf("%s: %v adds up to %s, and the total is %v", report.Name, at, sum.FloatString(6), totals[at])
				}
			}
			plans := map[v1alpha1.ReportGrouping]int32{}
			for _, x := range report.Status.Figures.Groups {
				plans[x.By] += x.Plans
			}
			for by, n := range plans {
				if n != plans[v1alpha1.GroupTotal] {
					t.Fatalf("%s: %d plans by %s, %d in all", report.Name, n, by, plans[v1alpha1.GroupTotal])
				}
			}
		}
	})
}

// partner is one with a plan for the first half with one goal.
func partner(name string, change func(*v1alpha1.Partner, *v1alpha1.JointPlan, *v1alpha1.GoalStatus)) sums.Evaluated {
	p := &v1alpha1.Partner{ObjectMeta: metav1.ObjectMeta{Namespace: "partner-" + name, Name: name}}
	plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: name + "-h1"}}
	plan.Status.Period, plan.Status.PlanOfRecord, plan.Status.Stage = &spans[0], &v1alpha1.PlanOfRecord{Name: "r"}, v1alpha1.StageActive
	goal := v1alpha1.GoalStatus{Name: "revenue", Metric: "new-revenue", Target: "100", Actual: "40", Forecast: "90", Due: "2026-12-31", Initiatives: []v1alpha1.Name{"security"}}
	if change != nil {
		change(p, plan, &goal)
	}
	plan.Status.Goals = append([]v1alpha1.GoalStatus{goal}, plan.Status.Goals...)
	return sums.Evaluated{Partner: p, Plans: []*v1alpha1.JointPlan{plan}}
}

// figures returns the figures of the first half for partners.
func figures(t *testing.T, partners ...sums.Evaluated) *v1alpha1.ReportFigures {
	t.Helper()
	in, strategy := settings()
	byName, names := map[string]sums.Evaluated{}, []string{}
	for _, p := range partners {
		byName[p.Partner.Name], names = p, append(names, p.Partner.Name)
	}
	for _, report := range reports(in, strategy, whole(in, byName, names)) {
		if report.Name == "northwind-fy2027-h1" {
			return report.Status.Figures
		}
	}
	t.Fatal("there is no report of the first half")
	return nil
}

// row returns the sum of new-revenue of a group, as target actual forecast; empty when there is none.
func row(f *v1alpha1.ReportFigures, by v1alpha1.ReportGrouping, group string) string {
	for _, x := range f.Sums {
		if x.By == by && x.Group == group && x.Metric == "new-revenue" {
			return fmt.Sprintf("%s %s %s", x.Target, x.Actual, x.Forecast)
		}
	}
	return ""
}

func TestGoalsAreDividedByStatedShares(t *testing.T) {
	both := []v1alpha1.Name{"cloud-migration", "security"}
	for name, tc := range map[string]struct {
		change func(*v1alpha1.Partner, *v1alpha1.JointPlan, *v1alpha1.GoalStatus)
		want   map[string]string
	}{
		"one initiative": {nil, map[string]string{"security": "100 40 90"}},
		"two, not divided": {
			func(_ *v1alpha1.Partner, _ *v1alpha1.JointPlan, g *v1alpha1.GoalStatus) { g.Initiatives = both },
			map[string]string{v1alpha1.InSeveral: "100 40 90"},
		},
		"two, divided": {
			func(_ *v1alpha1.Partner, _ *v1alpha1.JointPlan, g *v1alpha1.GoalStatus) {
				g.Initiatives = both
				g.InitiativeShares = []v1alpha1.InitiativeShare{{Initiative: both[0], Percent: 30}, {Initiative: both[1], Percent: 70}}
			},
			map[string]string{"cloud-migration": "30 12 27", "security": "70 28 63"},
		},
		"none": {
			func(_ *v1alpha1.Partner, _ *v1alpha1.JointPlan, g *v1alpha1.GoalStatus) { g.Initiatives = nil },
			map[string]string{v1alpha1.InNone: "100 40 90"},
		},
		"what rounding loses is the first one's": {
			func(_ *v1alpha1.Partner, _ *v1alpha1.JointPlan, g *v1alpha1.GoalStatus) {
				g.Target, g.Actual, g.Forecast, g.Initiatives = "0.000001", "0.000003", "", both
				g.InitiativeShares = []v1alpha1.InitiativeShare{{Initiative: both[0], Percent: 50}, {Initiative: both[1], Percent: 50}}
			},
			map[string]string{"cloud-migration": "0.000001 0.000002 ", "security": "0 0.000001 "},
		},
		"another goal of the metric that is due earlier is a step on the way": {
			func(_ *v1alpha1.Partner, p *v1alpha1.JointPlan, _ *v1alpha1.GoalStatus) {
				p.Status.Goals = []v1alpha1.GoalStatus{{Name: "step", Metric: "new-revenue", Target: "30", Actual: "30", Forecast: "30", Due: "2026-09-30"}}
			},
			map[string]string{"security": "100 40 90"},
		},
		"another goal of the metric that is due on the same day adds its target, and no result": {
			func(_ *v1alpha1.Partner, p *v1alpha1.JointPlan, _ *v1alpha1.GoalStatus) {
				p.Status.Goals = []v1alpha1.GoalStatus{{
					Name: "more", Metric: "new-revenue", Target: "30", Actual: "40", Forecast: "90", Due: "2026-12-31", Initiatives: []v1alpha1.Name{"security"},
				}}
			},
			map[string]string{"security": "130 40 90"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, got := figures(t, partner("acme", tc.change)), map[string]string{}
			for _, group := range []string{"cloud-migration", "security", v1alpha1.InSeveral, v1alpha1.InNone} {
				if text := row(f, v1alpha1.GroupInitiative, group); text != "" {
					got[group] = text
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("by initiative (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAResultThatDistributorAndResellerReportCountsOnce(t *testing.T) {
	distributor := func(results v1alpha1.ResellerResults) sums.Evaluated {
		return partner("lyra", func(p *v1alpha1.Partner, _ *v1alpha1.JointPlan, g *v1alpha1.GoalStatus) {
			p.Spec.Type, g.ResellerResults = v1alpha1.PartnerDistributor, results
			g.Target, g.Actual, g.Forecast = "1000", "400", "900"
		})
	}
	reseller := partner("brightpath", func(p *v1alpha1.Partner, _ *v1alpha1.JointPlan, _ *v1alpha1.GoalStatus) {
		p.Status.Ancestors = []string{"partner-lyra/lyra"}
	})
	if got, want := row(figures(t, distributor(""), reseller), v1alpha1.GroupTotal, ""), "1100 440 990"; got != want {
		t.Errorf("each its own: %s, want %s", got, want)
	}
	for _, order := range [][]sums.Evaluated{{distributor(v1alpha1.ResellerResultsIncluded), reseller}, {reseller, distributor(v1alpha1.ResellerResultsIncluded)}} {
		f := figures(t, order...)
		for _, g := range []struct {
			by    v1alpha1.ReportGrouping
			group string
		}{{v1alpha1.GroupTotal, ""}, {v1alpha1.GroupDistributor, "partner-lyra/lyra"}, {v1alpha1.GroupInitiative, "security"}} {
			if got, want := row(f, g.by, g.group), "1000 400 900"; got != want {
				t.Errorf("by %s %s: %s, want %s", g.by, g.group, got, want)
			}
		}
		if plans := f.Groups[0].Plans; plans != 2 {
			t.Errorf("%d plans, want both", plans)
		}
	}
}

func TestPlansThatNameOneAccountAreInConflict(t *testing.T) {
	naming := func(name string, account v1alpha1.Title, change ...func(*v1alpha1.Partner, *v1alpha1.JointPlan)) sums.Evaluated {
		return partner(name, func(p *v1alpha1.Partner, plan *v1alpha1.JointPlan, _ *v1alpha1.GoalStatus) {
			plan.Spec.TargetAccounts = []v1alpha1.TargetAccount{{Name: account}}
			for _, f := range change {
				f(p, plan)
			}
		})
	}
	child := func(p *v1alpha1.Partner, _ *v1alpha1.JointPlan) { p.Status.Ancestors = []string{"partner-lyra/lyra"} }
	closed := func(_ *v1alpha1.Partner, plan *v1alpha1.JointPlan) { plan.Status.Stage = v1alpha1.StageClosed }
	later := func(_ *v1alpha1.Partner, plan *v1alpha1.JointPlan) { plan.Status.Period = &spans[1] }
	for name, tc := range map[string]struct {
		partners []sums.Evaluated
		want     []v1alpha1.AccountConflict
	}{
		"two partners": {
			[]sums.Evaluated{naming("acme", "Hafen  AG"), naming("corvid", "hafen ag")},
			[]v1alpha1.AccountConflict{{Account: "Hafen  AG", Plans: []string{"partner-acme/acme-h1", "partner-corvid/corvid-h1"}, Owner: "ChannelDirector"}},
		},
		"other accounts":            {[]sums.Evaluated{naming("acme", "Hafen AG"), naming("corvid", "Berg AG")}, nil},
		"a distributor and its own": {[]sums.Evaluated{naming("lyra", "Hafen AG"), naming("brightpath", "Hafen AG", child)}, nil},
		"a plan that is closed":     {[]sums.Evaluated{naming("acme", "Hafen AG"), naming("corvid", "Hafen AG", closed)}, nil},
		"one after the other":       {[]sums.Evaluated{naming("acme", "Hafen AG"), naming("corvid", "Hafen AG", later)}, nil},
		"beside a distributor's pair": {
			[]sums.Evaluated{naming("lyra", "Hafen AG"), naming("brightpath", "Hafen AG", child), naming("corvid", "Hafen AG")},
			[]v1alpha1.AccountConflict{{Account: "Hafen AG", Plans: []string{"partner-brightpath/brightpath-h1", "partner-corvid/corvid-h1", "partner-lyra/lyra-h1"}, Owner: "ChannelDirector"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, figures(t, tc.partners...).Conflicts); diff != "" {
				t.Errorf("conflicts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFewGroupsAreKeptAndTheOthersAddedUp(t *testing.T) {
	var partners []sums.Evaluated
	for i := range 200 {
		partners = append(partners, partner(fmt.Sprintf("p%03d", i), func(p *v1alpha1.Partner, _ *v1alpha1.JointPlan, g *v1alpha1.GoalStatus) {
			p.Spec.Region, p.Spec.Territories = v1alpha1.Name(fmt.Sprintf("region-%03d", i)), []v1alpha1.Name{"north"}
			g.Metric = "new-revenue"
		}))
	}
	f := figures(t, partners...)
	if len(f.Sums) > 450 || len(f.Groups) > 200 {
		t.Errorf("%d sums and %d groups", len(f.Sums), len(f.Groups))
	}
	total, others := int32(0), false
	for _, x := range f.Sums {
		if x.By == v1alpha1.GroupRegion {
			total += x.Plans
			others = others || x.Group == v1alpha1.InOthers
		}
	}
	if total != 200 || !others {
		t.Errorf("%d plans by region, others %t; want all 200, some among the others", total, others)
	}
}

// TestAPeriodIsClosedOnce goes through the life of a report.
func TestAPeriodIsClosedOnce(t *testing.T) {
	in, strategy := settings()
	acme := partner("acme", nil)
	report := sums.NewReport(in, in.Program.Calendar.PeriodContaining(3, in.Program.Today(now)))
	report.CreationTimestamp, report.Generation = metav1.NewTime(now), 1
	at := func(day string) (*v1alpha1.ProgramReport, []*v1alpha1.ProgramReport) {
		instant := testobj.At(day + "T10:00:00+02:00")
		s := sums.New()
		contribution, _ := sums.Of(in, acme, instant)
		s.Set(contribution)
		all := s.Evaluate(in, strategy, []*v1alpha1.ProgramReport{report}, instant).Reports
		return all[slices.IndexFunc(all, func(r *v1alpha1.ProgramReport) bool { return r.Name == report.Name })], all
	}
	for _, step := range []struct {
		day    string
		before func()
		state  v1alpha1.ReportState
		reason string
	}{
		{"2026-12-31", nil, v1alpha1.ReportOpen, v1alpha1.ReasonPeriodOpen},
		{"2027-01-30", nil, v1alpha1.ReportOpen, v1alpha1.ReasonPeriodOpen},
		{"2027-01-31", nil, v1alpha1.ReportProvisional, v1alpha1.ReasonPeriodOpen},
		{"2027-05-01", nil, v1alpha1.ReportClosing, v1alpha1.ReasonPlansOpen},
		{"2027-05-02", func() { acme.Plans[0].Status.Stage, acme.Partner.Generation = v1alpha1.StageClosed, 1 }, v1alpha1.ReportClosing, v1alpha1.ReasonPartnersAwaited},
		{"2027-05-03", func() { acme.Partner.Status.ObservedGeneration = 1 }, v1alpha1.ReportFinal, v1alpha1.ReasonFinal},
	} {
		if step.before != nil {
			step.before()
		}
		got, _ := at(step.day)
		reason := ""
		for _, c := range got.Status.Conditions {
			if c.Type == v1alpha1.ConditionFinal {
				reason = c.Reason
			}
		}
		if got.Status.State != step.state || reason != step.reason {
			t.Errorf("%s: %s, %s; want %s, %s", step.day, got.Status.State, reason, step.state, step.reason)
		}
		if (got.Spec.Final != nil) != (step.state == v1alpha1.ReportFinal) || (got.Status.Figures == nil) != (got.Spec.Final != nil) {
			t.Errorf("%s: the figures stand in the spec: %t, in the status: %t", step.day, got.Spec.Final != nil, got.Status.Figures != nil)
		}
		if got.Spec.Final != nil {
			report = got
		}
	}
	if report.Spec.Final == nil || report.Spec.Final.ClosedOn != "2027-05-03" || report.Spec.Final.Basis != v1alpha1.BasisKept {
		t.Fatalf("final figures %+v", report.Spec.Final)
	}
	acme.Plans[0].Status.Goals[0].Actual = "45"
	closed, all := at("2027-06-01")
	if got := row(&closed.Spec.Final.Figures, v1alpha1.GroupTotal, ""); got != "100 40 90" {
		t.Errorf("the final figures are %s, want what they were", got)
	}
	adjusted := adjustmentsOf(all)
	want := []v1alpha1.ReportAdjustment{{
		Report: "northwind-fy2027-h1", Metric: "new-revenue", Target: "0", Actual: "5",
		Message: "FY2027 H1 of new-revenue: EUR 40 when it was closed on 2027-05-03, EUR 45 now",
	}}
	if diff := cmp.Diff(want, adjusted); diff != "" {
		t.Errorf("adjustments (-want +got):\n%s", diff)
	}
	acme.Plans = nil
	closed, all = at("2027-06-02")
	if got := row(&closed.Spec.Final.Figures, v1alpha1.GroupTotal, ""); got != "100 40 90" {
		t.Errorf("with the plan gone the final figures are %s, want what they were", got)
	}
	if got := adjustmentsOf(all); len(got) != 1 || got[0].Metric != "" {
		t.Errorf("with the plan gone: %+v; want a note that nothing is adjusted", got)
	}
}

// adjustmentsOf returns the adjustments of the report of the second half.
func adjustmentsOf(all []*v1alpha1.ProgramReport) []v1alpha1.ReportAdjustment {
	for _, x := range all {
		if x.Name == "northwind-fy2027-h2" {
			return x.Status.Adjustments
		}
	}
	return nil
}

func TestAReportThatWasLostIsMarked(t *testing.T) {
	in, strategy := settings()
	acme := partner("acme", func(_ *v1alpha1.Partner, plan *v1alpha1.JointPlan, _ *v1alpha1.GoalStatus) {
		plan.Status.Stage = v1alpha1.StageClosed
	})
	later := time.Date(2027, time.June, 1, 8, 0, 0, 0, time.UTC)
	s := sums.New()
	contribution, _ := sums.Of(in, acme, later)
	s.Set(contribution)
	all := s.Evaluate(in, strategy, nil, later).Reports
	for _, report := range all {
		if report.Spec.Final != nil || report.Name == "northwind-fy2027-h1" && report.Status.State != v1alpha1.ReportClosing {
			t.Errorf("%s is %s before it is kept, with final figures: %t", report.Name, report.Status.State, report.Spec.Final != nil)
		}
		report.CreationTimestamp = metav1.NewTime(later)
	}
	for _, report := range s.Evaluate(in, strategy, all, later).Reports {
		if report.Name != "northwind-fy2027-h1" {
			continue
		}
		if final := report.Spec.Final; final == nil || final.Basis != v1alpha1.BasisRecomputed {
			t.Errorf("final figures %+v; want them marked as computed again", final)
		}
		return
	}
	t.Error("there is no report of the first half")
}
