package program_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

// northwind is a sound program; each test spoils its own.
func northwind() *v1alpha1.PartnerProgramSpec {
	return &v1alpha1.PartnerProgramSpec{
		Calendar: v1alpha1.Calendar{TimeZone: "Europe/Berlin", FiscalYearStart: "07-01", FiscalYearNamedBy: v1alpha1.NamedByEnd},
		Currency: "EUR",
		Metrics: []v1alpha1.Metric{
			{Name: "new-revenue", Unit: v1alpha1.UnitCurrency, Behaviour: v1alpha1.BehaviourFlow, Role: v1alpha1.RoleRevenue},
			{Name: "new-users", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow},
		},
		Initiatives: []v1alpha1.Initiative{
			{Name: "security", From: "2026-10-01", Through: "2026-12-31"}, {Name: "cloud-migration"}, {Name: "old-erp", Through: "2026-09-30"},
		},
		Activities:   []v1alpha1.Activity{{Type: "Webinar"}, {Type: "TradeShow"}},
		SeasonCurves: []v1alpha1.SeasonCurve{{Segment: "schools", MonthWeights: weights("0", "10")}},
		RuleSets: []v1alpha1.RuleSet{
			{Name: "fy28", EffectiveFrom: "2027-07-01", Tiers: []v1alpha1.Tier{{Name: "platinum", Rank: 9}}},
			{Name: "fy27", EffectiveFrom: "2026-07-01", Tiers: []v1alpha1.Tier{
				{Name: "silver", Rank: 2, Requirements: []v1alpha1.Requirement{{Metric: "new-users", AtLeast: "75"}}},
				{Name: "gold", Rank: 3, Requirements: []v1alpha1.Requirement{{Metric: "new-users", AtLeast: "300"}}},
				{Name: "ready", Rank: 1},
			}},
		},
	}
}

// weights makes twelve weights; those that are not given repeat the last.
func weights(list ...v1alpha1.Percent) []v1alpha1.Percent {
	for len(list) < 12 {
		list = append(list, list[len(list)-1])
	}
	return list
}

func TestASoundProgramHasNoFindings(t *testing.T) {
	if got := program.Compile("northwind", northwind()).Findings; got != nil {
		t.Errorf("Findings = %v, want none", got)
	}
}

func TestCompileFindsWhatTheSchemaCannot(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*v1alpha1.PartnerProgramSpec)
		want  v1alpha1.Finding
	}{
		"a zone that does not exist": {
			func(s *v1alpha1.PartnerProgramSpec) { s.Calendar.TimeZone = "Europe/Berlinn" },
			v1alpha1.Finding{
				Rule: "CalendarInvalid", Field: "spec.calendar.timeZone",
				Message: `"Europe/Berlinn" is not the IANA name of a time zone, such as Europe/Berlin or UTC; did you mean Europe/Berlin?`,
			},
		},
		"a holiday that is not a day": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.Calendar.Holidays = []v1alpha1.Date{"2026-12-25", "2026-02-30"}
			},
			v1alpha1.Finding{
				Rule: "CalendarInvalid", Field: "spec.calendar.holidays[1]",
				Message: `"2026-02-30" is not a calendar day: February 2026 has the days 01 to 28`,
			},
		},
		"a currency that does not exist": {
			func(s *v1alpha1.PartnerProgramSpec) { s.Currency = "EURO" },
			v1alpha1.Finding{Rule: "CurrencyUnknown", Field: "spec.currency", Message: `unknown currency "EURO": did you mean EUR?`},
		},
		"a rule set from a year that cannot be meant": {
			func(s *v1alpha1.PartnerProgramSpec) { s.RuleSets[0].EffectiveFrom = "0027-07-01" },
			v1alpha1.Finding{
				Rule: "DateInvalid", Field: "spec.ruleSets[fy28].effectiveFrom",
				Message: `"0027-07-01" is not a plausible calendar day: the year must be from 1900 to 9999: the rule set is never in force until this is corrected`,
			},
		},
		"an initiative from a day that does not exist": {
			func(s *v1alpha1.PartnerProgramSpec) { s.Initiatives[0].From = "2026-11-31" },
			v1alpha1.Finding{
				Rule: "DateInvalid", Field: "spec.initiatives[security].from",
				Message: `"2026-11-31" is not a calendar day: November 2026 has the days 01 to 30: until this is corrected the initiative counts as if it always was in force`,
			},
		},
		"an initiative through a day that does not exist": {
			func(s *v1alpha1.PartnerProgramSpec) { s.Initiatives[0].Through = "2026-13-01" },
			v1alpha1.Finding{
				Rule: "DateInvalid", Field: "spec.initiatives[security].through",
				Message: `"2026-13-01" is not a calendar day: the month must be from 01 to 12: until this is corrected the initiative counts as if it had no end`,
			},
		},
		"a requirement on a metric that is not in the catalogue": {
			func(s *v1alpha1.PartnerProgramSpec) { s.RuleSets[1].Tiers[1].Requirements[0].Metric = "new-user" },
			v1alpha1.Finding{
				Rule: "MetricUnknown", Field: "spec.ruleSets[fy27].tiers[gold].requirements[0].metric",
				Message: `spec.metrics has no metric "new-user": did you mean "new-users"?`,
			},
		},
		"one of several criteria on such a metric": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.RuleSets[1].Tiers[1].Requirements = []v1alpha1.Requirement{{AnyOf: []v1alpha1.Criterion{
					{Competency: "engineer", AtLeast: "3"}, {Metric: "churn", AtMost: "3"},
				}}}
			},
			v1alpha1.Finding{
				Rule: "MetricUnknown", Field: "spec.ruleSets[fy27].tiers[gold].requirements[0].anyOf[1].metric",
				Message: `spec.metrics has no metric "churn": it has "new-revenue" and "new-users"`,
			},
		},
		"a realism bound on such a metric": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.RuleSets[1].Realism = []v1alpha1.RealismBound{{Metric: "new-users", MinTarget: "1"}, {Metric: "churn", MinTarget: "1"}}
			},
			v1alpha1.Finding{Rule: "MetricUnknown", Field: "spec.ruleSets[fy27].realism[1].metric", Message: `spec.metrics has no metric "churn": it has "new-revenue" and "new-users"`},
		},
		"a realism bound for a tier of another rule set": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.RuleSets[1].Realism = []v1alpha1.RealismBound{{Metric: "new-users", Tier: "platinum", MinTarget: "1"}}
			},
			v1alpha1.Finding{
				Rule: "TierUnknown", Field: "spec.ruleSets[fy27].realism[0].tier",
				Message: `the rule set has no tier "platinum": it has "gold", "ready" and "silver"`,
			},
		},
		"a benefit of a tier that is not in the catalogue": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.Benefits = []v1alpha1.ProgramBenefit{{Name: "se-days"}}
				s.RuleSets[1].Tiers[0].Benefits = []v1alpha1.Benefit{{Name: "se-days", Quantity: "1"}, {Name: "se-day", Quantity: "1"}}
			},
			v1alpha1.Finding{
				Rule: "BenefitUnknown", Field: "spec.ruleSets[fy27].tiers[silver].benefits[se-day]",
				Message: `spec.benefits has no benefit "se-day": did you mean "se-days"?: add it there with its unit, or correct the name`,
			},
		},
		"a tier for an activity that is not in the catalogue": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.RuleSets[1].Tiers[0].Activities = []v1alpha1.ActivityType{"TradeShow", "webinar"}
			},
			v1alpha1.Finding{
				Rule: "ActivityUnknown", Field: "spec.ruleSets[fy27].tiers[silver].activities[1]",
				Message: `spec.activities has no activity "webinar": did you mean "Webinar"?`,
			},
		},
		"a season without results": {
			func(s *v1alpha1.PartnerProgramSpec) { s.SeasonCurves[0].MonthWeights = weights("0", "0.0") },
			v1alpha1.Finding{
				Rule: "SeasonEmpty", Field: "spec.seasonCurves[schools].monthWeights",
				Message: "all weights are zero: give at least one month a weight; until then results are expected evenly",
			},
		},
		"a selector that cannot be used": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.AllowedNamespaces = &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{
					MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "tier", Operator: "Near"}},
				}}
			},
			v1alpha1.Finding{
				Rule: "SelectorInvalid", Field: "spec.allowedNamespaces.selector",
				Message: `"Near" is not a valid label selector operator: no namespace is allowed until this is corrected`,
			},
		},
		"at risk above the default of on track": {
			func(s *v1alpha1.PartnerProgramSpec) {
				s.RuleSets[1].Scoring = &v1alpha1.Scoring{AtRiskFromPercent: "95.5"}
			},
			v1alpha1.Finding{
				Rule: "ThresholdsInverted", Field: "spec.ruleSets[fy27].scoring",
				Message: "atRiskFromPercent (default 80) is above onTrackFromPercent (default 95): lower the one or raise the other",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec := northwind()
			tc.spoil(spec)
			tc.want.Severity = v1alpha1.SeverityError
			if diff := cmp.Diff([]v1alpha1.Finding{tc.want}, program.Compile("northwind", spec).Findings); diff != "" {
				t.Errorf("Findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWrongCalendarIsUsedAsFarAsItCan(t *testing.T) {
	lateEvening := time.Date(2026, 6, 30, 23, 0, 0, 0, time.UTC) // 1 July in Berlin
	for name, tc := range map[string]struct {
		spoil     func(*v1alpha1.Calendar)
		wantToday string
		wantLabel string
		wantFree  bool // 2026-12-25
	}{
		"nothing wrong":         {func(*v1alpha1.Calendar) {}, "2026-07-01", "FY2027 Q1", true},
		"an unknown zone":       {func(c *v1alpha1.Calendar) { c.TimeZone = "Europe/Nowhere" }, "2026-06-30", "FY2026 Q4", true},
		"a wrong start of year": {func(c *v1alpha1.Calendar) { c.FiscalYearStart = "7-1" }, "2026-07-01", "FY2026 Q3", true},
		"a wrong naming":        {func(c *v1alpha1.Calendar) { c.FiscalYearNamedBy = "Middle" }, "2026-07-01", "FY2027 Q1", true},
		"a wrong holiday":       {func(c *v1alpha1.Calendar) { c.Holidays = append(c.Holidays, "Easter") }, "2026-07-01", "FY2027 Q1", true},
		"a wrong weekday":       {func(c *v1alpha1.Calendar) { c.Weekend = []v1alpha1.Weekday{"Freeday"} }, "2026-07-01", "FY2027 Q1", true},
		"a wrong week year":     {func(c *v1alpha1.Calendar) { c.WeekYear = &v1alpha1.WeekYear{} }, "2026-07-01", "FY2027 Q1", true},
		"all wrong at once": {func(c *v1alpha1.Calendar) {
			*c = v1alpha1.Calendar{
				TimeZone: "x", FiscalYearStart: "x", FiscalYearNamedBy: "x", WeekYear: &v1alpha1.WeekYear{EndsOn: "x", Rule: "x", Pattern: "x"},
				Weekend: []v1alpha1.Weekday{"x"}, Holidays: []v1alpha1.Date{"x", "2026-12-25"},
			}
		}, "2026-06-30", "FY2026 Q2", true},
	} {
		t.Run(name, func(t *testing.T) {
			spec := northwind()
			spec.Calendar.Holidays = []v1alpha1.Date{"2026-12-25"}
			tc.spoil(&spec.Calendar)
			written := spec.DeepCopy()
			p := program.Compile("northwind", spec)
			today := p.Today(lateEvening)
			if today.String() != tc.wantToday {
				t.Errorf("Today() = %s, want %s", today, tc.wantToday)
			}
			if got := p.Calendar.Label(p.Calendar.PeriodContaining(fiscal.Quarter, today)); got != tc.wantLabel {
				t.Errorf("the quarter is %s, want %s", got, tc.wantLabel)
			}
			if got := !p.Calendar.IsBusinessDay(fiscal.MustParseDay("2026-12-25")); got != tc.wantFree {
				t.Errorf("2026-12-25 is free: %t, want %t", got, tc.wantFree)
			}
			if diff := cmp.Diff(written, spec); diff != "" {
				t.Errorf("the spec was changed:\n%s", diff)
			}
		})
	}
}

func TestRuleSetsAreInForceFromTheirDayUntilTheNextOnes(t *testing.T) {
	p := program.Compile("northwind", northwind())
	name := func(set *program.RuleSet) string {
		if set == nil {
			return ""
		}
		return string(set.Name)
	}
	for day, want := range map[v1alpha1.Date][2]string{
		"2026-06-30": {"", "fy27"},
		"2026-07-01": {"fy27", "fy28"},
		"2027-06-30": {"fy27", "fy28"},
		"2027-07-01": {"fy28", ""},
		"2099-01-01": {"fy28", ""},
	} {
		d := fiscal.MustParseDay(day)
		if got := [2]string{name(p.RuleSetOn(d)), name(p.RuleSetAfter(d))}; got != want {
			t.Errorf("on %s rule set %q is in force and %q comes next, want %q and %q", day, got[0], got[1], want[0], want[1])
		}
	}
}

func TestTiersAreRankedHighestFirst(t *testing.T) {
	set := program.Compile("northwind", northwind()).RuleSetOn(fiscal.MustParseDay("2026-09-30"))
	if diff := cmp.Diff([]string{"gold", "silver", "ready"}, set.TierNames()); diff != "" {
		t.Errorf("TierNames() (-want +got):\n%s", diff)
	}
	if gold := set.Tier("gold"); gold == nil || gold.Rank != 3 || set.Tier("platinum") != nil {
		t.Errorf("Tier(gold) = %v, Tier(platinum) = %v; want rank 3 and none", gold, set.Tier("platinum"))
	}
}

func TestLookUps(t *testing.T) {
	p := program.Compile("northwind", northwind())
	if m := p.Metric("new-users"); m == nil || m.Unit != v1alpha1.UnitCount || p.Metric("churn") != nil {
		t.Errorf("Metric(new-users) = %v, Metric(churn) = %v", m, p.Metric("churn"))
	}
	if m := p.MetricFor(v1alpha1.RoleRevenue); m == nil || m.Name != "new-revenue" || p.MetricFor(v1alpha1.RoleCost) != nil || p.MetricFor("") != nil {
		t.Errorf("MetricFor(Revenue) = %v, of Cost %v, of no role %v", m, p.MetricFor(v1alpha1.RoleCost), p.MetricFor(""))
	}
	if i := p.Initiative("security"); i == nil || i.From != "2026-10-01" || p.Initiative("x") != nil {
		t.Errorf("Initiative(security) = %v", i)
	}
	if a := p.Activity("Webinar"); a == nil || p.Activity("webinar") != nil {
		t.Errorf("Activity(Webinar) = %v, Activity(webinar) = %v", a, p.Activity("webinar"))
	}
	if s := p.Season("schools"); s == nil || p.Season("") != nil {
		t.Errorf("Season(schools) = %v", s)
	}
	got := [][]string{p.MetricNames(), p.InitiativeNames(), p.ActivityNames()}
	want := [][]string{{"new-revenue", "new-users"}, {"cloud-migration", "old-erp", "security"}, {"TradeShow", "Webinar"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestInitiativesAreInForceFromAndThroughTheirDays(t *testing.T) {
	span := func(from, through v1alpha1.Date) fiscal.Span {
		return fiscal.Span{From: fiscal.MustParseDay(from), Through: fiscal.MustParseDay(through)}
	}
	bounded := v1alpha1.Initiative{From: "2026-10-01", Through: "2026-12-31"}
	for name, tc := range map[string]struct {
		initiative v1alpha1.Initiative
		span       fiscal.Span
		want       bool
	}{
		"without bounds":           {v1alpha1.Initiative{}, span("1999-01-01", "1999-01-01"), true},
		"the day before the first": {bounded, span("2026-09-01", "2026-09-30"), false},
		"through the first":        {bounded, span("2026-09-01", "2026-10-01"), true},
		"from the last":            {bounded, span("2026-12-31", "2027-03-01"), true},
		"the day after the last":   {bounded, span("2027-01-01", "2027-03-01"), false},
		"around it all":            {bounded, span("2026-01-01", "2027-12-31"), true},
		"with a wrong first day":   {v1alpha1.Initiative{From: "soon", Through: "2026-12-31"}, span("1999-01-01", "1999-01-01"), true},
		"with a wrong last day":    {v1alpha1.Initiative{From: "2026-10-01", Through: "never"}, span("2099-01-01", "2099-01-01"), true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := program.InForce(&tc.initiative, tc.span); got != tc.want {
				t.Errorf("InForce(%s) = %t, want %t", tc.span, got, tc.want)
			}
		})
	}
}

func TestThresholdsAndPartiesHaveTheirDefaults(t *testing.T) {
	for name, tc := range map[string]struct {
		set         v1alpha1.RuleSet
		want        [4]string
		wantParties []v1alpha1.Party
	}{
		"nothing stated": {v1alpha1.RuleSet{}, [4]string{"95", "80", "100", "10"}, []v1alpha1.Party{"Vendor", "Partner"}},
		"some stated": {
			v1alpha1.RuleSet{Scoring: &v1alpha1.Scoring{AtRiskFromPercent: "0", GoalCapPercent: "120.5"}, Approval: &v1alpha1.ApprovalPolicy{}},
			[4]string{"95", "0", "241/2", "10"},
			[]v1alpha1.Party{"Vendor", "Partner"},
		},
		"all stated": {
			v1alpha1.RuleSet{
				Scoring: &v1alpha1.Scoring{
					OnTrackFromPercent: "90", AtRiskFromPercent: "70", GoalCapPercent: "150", ForecastMinimumExpectedPercent: "25",
				},
				Approval: &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{"Partner", "Vendor"}},
			},
			[4]string{"90", "70", "150", "25"},
			[]v1alpha1.Party{"Vendor", "Partner"},
		},
		"what cannot be read": {
			v1alpha1.RuleSet{
				Scoring:  &v1alpha1.Scoring{OnTrackFromPercent: "95%", AtRiskFromPercent: "-1", GoalCapPercent: "1e3"},
				Approval: &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{"Partner"}},
			},
			[4]string{"95", "80", "100", "10"},
			[]v1alpha1.Party{"Partner"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			set := program.RuleSet{RuleSet: &tc.set}
			s := set.Thresholds()
			got := [4]string{s.OnTrackFrom.RatString(), s.AtRiskFrom.RatString(), s.GoalCap.RatString(), s.ForecastMinimumExpected.RatString()}
			if got != tc.want {
				t.Errorf("Thresholds() = %v, want %v", got, tc.want)
			}
			if diff := cmp.Diff(tc.wantParties, set.Parties()); diff != "" {
				t.Errorf("Parties() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOr(t *testing.T) {
	zero := int32(0)
	if program.Or(&zero, 90) != 0 || program.Or(nil, int32(90)) != 90 {
		t.Error("Or() must return what is stated, zero too, and else the default")
	}
}

func TestAllows(t *testing.T) {
	partners := map[string]string{"channel": "partners"}
	selector := func(s *metav1.LabelSelector) *v1alpha1.AllowedNamespaces {
		return &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromSelector, Selector: s}
	}
	for name, tc := range map[string]struct {
		allowed *v1alpha1.AllowedNamespaces
		labels  map[string]string
		want    bool
	}{
		"nothing stated":                {nil, nil, true},
		"all":                           {&v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromAll}, nil, true},
		"a label that matches":          {selector(&metav1.LabelSelector{MatchLabels: partners}), partners, true},
		"a label that does not":         {selector(&metav1.LabelSelector{MatchLabels: partners}), map[string]string{"channel": "direct"}, false},
		"no labels":                     {selector(&metav1.LabelSelector{MatchLabels: partners}), nil, false},
		"an empty selector matches all": {selector(&metav1.LabelSelector{}), nil, true},
		"no selector matches none":      {selector(nil), partners, false},
		"a wrong selector matches none": {
			selector(&metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "channel", Operator: "Near"}}}), partners, false,
		},
		"neither all nor a selector": {&v1alpha1.AllowedNamespaces{}, partners, false},
	} {
		t.Run(name, func(t *testing.T) {
			spec := northwind()
			spec.AllowedNamespaces = tc.allowed
			if got := program.Compile("northwind", spec).Allows(tc.labels); got != tc.want {
				t.Errorf("Allows(%v) = %t, want %t", tc.labels, got, tc.want)
			}
		})
	}
}

func TestCompileIgnoresTheOrderOfWhatHasAName(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := northwind()
		spec.RuleSets[1].Tiers[1].Requirements[0].Metric = "churn"
		spec.Initiatives[0].From = "soon"
		other := spec.DeepCopy()
		other.Metrics = rapid.Permutation(other.Metrics).Draw(t, "metrics")
		other.Initiatives = rapid.Permutation(other.Initiatives).Draw(t, "initiatives")
		other.RuleSets = rapid.Permutation(other.RuleSets).Draw(t, "ruleSets")
		for i := range other.RuleSets {
			other.RuleSets[i].Tiers = rapid.Permutation(other.RuleSets[i].Tiers).Draw(t, "tiers")
		}
		a, b := program.Compile("northwind", spec), program.Compile("northwind", other)
		if diff := cmp.Diff(a.Findings, b.Findings); diff != "" {
			t.Fatalf("findings differ:\n%s", diff)
		}
		day := fiscal.NewDay(2026, 1, 1).AddDays(rapid.IntRange(0, 1000).Draw(t, "day"))
		x, y := a.RuleSetOn(day), b.RuleSetOn(day)
		if (x == nil) != (y == nil) || x != nil && (x.Name != y.Name || !cmp.Equal(x.TierNames(), y.TierNames())) {
			t.Fatalf("on %s the rule sets differ", day)
		}
	})
}

func TestCompileTakesAnythingThatAStructCanHold(t *testing.T) {
	for name, spec := range map[string]*v1alpha1.PartnerProgramSpec{
		"nothing": {},
		"empty parts": {
			AllowedNamespaces: &v1alpha1.AllowedNamespaces{}, Metrics: make([]v1alpha1.Metric, 2), Initiatives: make([]v1alpha1.Initiative, 2),
			Activities: make([]v1alpha1.Activity, 2), SeasonCurves: make([]v1alpha1.SeasonCurve, 2),
			RuleSets: []v1alpha1.RuleSet{{}, {
				EffectiveFrom: "2026-07-01", Tiers: []v1alpha1.Tier{{Requirements: make([]v1alpha1.Requirement, 2)}, {}},
				Realism: make([]v1alpha1.RealismBound, 1),
			}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := program.Compile("", spec)
			if p.Calendar == nil || len(p.Findings) == 0 {
				t.Errorf("Calendar = %v, Findings = %v; want a calendar and findings", p.Calendar, p.Findings)
			}
			p.Allows(nil)
		})
	}
}
