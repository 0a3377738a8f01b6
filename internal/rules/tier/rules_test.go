package tier_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/testobj"
)

// asks is a program with one tier, gold, and one requirement, judged at quarter ends in UTC without grace.
func asks(r v1alpha1.Requirement, change func(*v1alpha1.PartnerProgramSpec)) *v1alpha1.PartnerProgram {
	p := odoo()
	set := &p.Spec.RuleSets[0]
	set.TierPolicy, set.Tiers = nil, []v1alpha1.Tier{{Name: "gold", Rank: 1, Requirements: []v1alpha1.Requirement{r}}}
	if change != nil {
		change(&p.Spec)
	}
	return p
}

func lag(days int32) func(*v1alpha1.PartnerProgramSpec) {
	return func(spec *v1alpha1.PartnerProgramSpec) {
		for i := range spec.Metrics {
			spec.Metrics[i].ReportingLagDays = &days
		}
	}
}

type entry struct {
	metric v1alpha1.Name
	on     v1alpha1.Date
	value  v1alpha1.Decimal
}

// The evaluation of 2026-06-30 over the 12 months to it, seen at an instant.
func TestCriterionOnAnEvaluationDay(t *testing.T) {
	users := func(atLeast, atMost v1alpha1.Decimal) v1alpha1.Requirement {
		return v1alpha1.Requirement{Metric: "new-users", AtLeast: atLeast, AtMost: atMost}
	}
	retention := v1alpha1.Requirement{Metric: "retention", AtLeast: "80"}
	begun := entry{"new-users", "2025-07-31", "10"}
	tests := map[string]struct {
		requirement v1alpha1.Requirement
		change      func(*v1alpha1.PartnerProgramSpec)
		entries     []entry
		joined      v1alpha1.Date
		at          string
		outcome     string
		message     string
	}{
		"an entry on the first day of the window counts": {
			requirement: users("100", ""), entries: []entry{{"new-users", "2025-07-01", "100"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Kept", message: "Qualifies for gold, as before.",
		},
		"an entry on the day before the window does not": {
			requirement: users("100", ""), entries: []entry{{"new-users", "2025-06-30", "100"}, {"new-users", "2026-06-30", "1"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs 100 new-users in the 12 months to 2026-06-30; actual 1 (99 short).",
		},
		"late results are awaited through the last day of the lag": {
			requirement: users("100", ""), change: lag(20), entries: []entry{begun, {"new-users", "2026-05-31", "80"}}, at: "2026-07-20T23:59:59.999999999Z",
			outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold needs 100 new-users in the 12 months to 2026-06-30; " +
				"actual 90, measured through 2026-05-31 (10 short); results may still come in through 2026-07-20.",
		},
		"when they are due what is there is judged": {
			requirement: users("100", ""), change: lag(20), entries: []entry{begun, {"new-users", "2026-05-31", "80"}}, at: "2026-07-21T00:00:00Z",
			outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs 100 new-users in the 12 months to 2026-06-30; " +
				"actual 90, measured through 2026-05-31 (10 short).",
		},
		"enough is enough although results may still come in": {
			requirement: users("90", ""), change: lag(20), entries: []entry{begun, {"new-users", "2026-05-31", "80"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Kept", message: "Qualifies for gold, as before.",
		},
		"a maximum is not met before all results are in": {
			requirement: users("", "90"), change: lag(20), entries: []entry{begun, {"new-users", "2026-05-31", "80"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold allows at most 90 new-users in the 12 months to 2026-06-30; " +
				"actual 90, measured through 2026-05-31; results may still come in through 2026-07-20.",
		},
		"too many is too many although results may still come in": {
			requirement: users("", "89"), change: lag(20), entries: []entry{begun, {"new-users", "2026-05-31", "80"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold allows at most 89 new-users in the 12 months to 2026-06-30; " +
				"actual 90, measured through 2026-05-31 (1 too many).",
		},
		"history that begins too late does not demote": {
			requirement: users("100", ""), entries: []entry{{"new-users", "2025-08-01", "10"}, {"new-users", "2026-06-30", "80"}}, at: "2026-12-01T00:00:00Z",
			outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold needs 100 new-users in the 12 months to 2026-06-30; actual 90 (10 short), but the first result " +
				"is later than 2025-07-31, so the window from 2025-07-01 is not covered: add the earlier results, 0 where there were none.",
		},
		"a result of the interval in which the window begins covers it": {
			requirement: users("100", ""), entries: []entry{begun, {"new-users", "2026-06-30", "80"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs 100 new-users in the 12 months to 2026-06-30; actual 90 (10 short).",
		},
		"by quarter, a result on the quarter's last day does": {
			requirement: users("100", ""),
			change:      func(spec *v1alpha1.PartnerProgramSpec) { spec.Metrics[0].ReportEvery = v1alpha1.CadenceQuarter },
			entries:     []entry{{"new-users", "2025-09-30", "10"}, {"new-users", "2026-06-30", "80"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs 100 new-users in the 12 months to 2026-06-30; actual 90 (10 short).",
		},
		"a partner that joined in the window needs no results from before": {
			requirement: users("100", ""), joined: "2026-05-15", entries: []entry{{"new-users", "2026-05-31", "80"}}, at: "2026-07-01T00:00:00Z",
			outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs 100 new-users in the 12 months to 2026-06-30; " +
				"actual 80, measured through 2026-05-31 (20 short).",
		},
		"what was never measured is unknown": {
			requirement: users("100", ""), at: "2026-12-01T00:00:00Z", outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold needs 100 new-users in the 12 months to 2026-06-30; " +
				"nothing was measured by then: record it in a MeasurementSet about the partner.",
		},
		"nothing in the window, after results before it, is zero": {
			requirement: users("100", ""), entries: []entry{{"new-users", "2025-01-31", "500"}}, at: "2026-07-01T00:00:00Z", outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs 100 new-users in the 12 months to 2026-06-30; actual 0 (100 short).",
		},
		"a level is the newest one by the day": {
			requirement: retention, entries: []entry{{"retention", "2026-03-31", "90"}, {"retention", "2026-06-30", "79.9"}, {"retention", "2026-07-01", "95"}},
			at: "2026-07-02T00:00:00Z", outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs retention of 80 % on 2026-06-30; actual 79.9 % (0.1 short).",
		},
		"a level of the last day before the window is none": {
			requirement: retention, entries: []entry{{"retention", "2025-06-30", "90"}}, at: "2026-07-02T00:00:00Z", outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold needs retention of 80 % on 2026-06-30; " +
				"no level is known of the 12 months to 2026-06-30: record it in a MeasurementSet about the partner.",
		},
		"any of several criteria will do": {
			requirement: v1alpha1.Requirement{AnyOf: []v1alpha1.Criterion{{Metric: "retention", AtLeast: "80"}, {Competency: "certified", AtLeast: "1"}}},
			entries:     []entry{{"retention", "2026-06-30", "79"}}, at: "2026-07-02T00:00:00Z", outcome: "Kept", message: "Qualifies for gold, as before.",
		},
		"of several criteria the nearest is told": {
			requirement: v1alpha1.Requirement{AnyOf: []v1alpha1.Criterion{{Competency: "certified", AtLeast: "2"}, {Metric: "retention", AtLeast: "80"}}},
			entries:     []entry{{"retention", "2026-06-30", "79"}}, at: "2026-07-02T00:00:00Z", outcome: "Demoted",
			message: "Falls from gold to no tier on 2026-07-01. Gold needs retention of 80 % on 2026-06-30; actual 79 % (1 short).",
		},
		"a metric that no catalogue has": {
			requirement: v1alpha1.Requirement{Metric: "users", AtLeast: "2"}, at: "2026-07-02T00:00:00Z", outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold needs users of 2; this cannot be judged: " +
				"the program's rule names no metric of its catalogue, or no threshold.",
		},
		"a threshold that is not a number": {
			requirement: v1alpha1.Requirement{Competency: "certified", AtLeast: "1e9"}, at: "2026-07-02T00:00:00Z", outcome: "Unknown",
			message: "Cannot be judged, so gold is kept. Gold needs \"1e9\" people with certified on 2026-06-30; this cannot be judged: " +
				"the program's rule names no metric of its catalogue, or no threshold.",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme")
			for _, e := range test.entries {
				set = set.Entry(e.metric, e.on, e.value)
			}
			partner := team(testobj.Partner("acme").Tier("gold", "2026-06-01").Joined(test.joined), 1).
				Certified("certified", "person 1", "2026-01-01", "").Obj() // one person counts once
			p := testobj.Snapshot(asks(test.requirement, test.change), partner, set.Obj())
			got := evaluate(p, partner, nil, test.at)
			for _, e := range got.Evaluations {
				if e.Day == "2026-06-30" {
					if diff := cmp.Diff([]string{test.outcome, test.message}, []string{e.Outcome, e.Message}); diff != "" {
						t.Errorf("outcome and message (-want +got):\n%s", diff)
					}
					return
				}
			}
			t.Error("no evaluation of 2026-06-30")
		})
	}
}

func TestPolicy(t *testing.T) {
	people := func(n int) *testobj.PartnerBuilder { return team(testobj.Partner("acme"), n) }
	change := func(f func(*v1alpha1.TierPolicy)) *v1alpha1.PartnerProgram {
		p := odoo()
		for i := range p.Spec.RuleSets[0].Tiers { // people alone decide
			requirements := p.Spec.RuleSets[0].Tiers[i].Requirements
			p.Spec.RuleSets[0].Tiers[i].Requirements = requirements[1:2]
		}
		p.Spec.RuleSets[0].TierPolicy = &v1alpha1.TierPolicy{}
		f(p.Spec.RuleSets[0].TierPolicy)
		return p
	}
	automatic := func(*v1alpha1.TierPolicy) {}
	tests := map[string]struct {
		program *v1alpha1.PartnerProgram
		partner *testobj.PartnerBuilder
		hold    tier.PromotionHold
		at      string
		tier    v1alpha1.Name
		since   v1alpha1.Date
		outcome []string
		message string
	}{
		"a partner without a tier rises to what it qualifies for": {
			program: change(automatic), partner: people(3).Joined("2026-05-01"), at: "2026-07-01T00:00:00Z", tier: "silver", since: "2026-07-01",
			outcome: []string{"Promoted"},
			message: "Rises from no tier to Silver on 2026-07-01. Gold needs 6 people with certified on 2026-06-30; actual 3 (3 short).",
		},
		"standing holds the rise": {
			program: change(automatic), partner: people(3).Tier("ready", "2026-06-30"), at: "2026-07-01T00:00:00Z", tier: "ready", since: "2026-06-30",
			hold: func(on fiscal.Day, held []tier.Tenure) (string, bool) {
				return "an invoice is unpaid on " + on.String() + " of " + string(held[0].Tier) + " since " + held[0].From.String(), true
			},
			outcome: []string{"PromotionOnHold"},
			message: "Qualifies for Silver and stays at Ready, since promotion is on hold: an invoice is unpaid on 2026-06-30 of ready since 2026-06-30",
		},
		"evaluations before the tier was held do not count": {
			program: change(automatic), partner: people(3).Tier("gold", "2026-07-01"), at: "2026-07-01T00:00:00Z", tier: "gold", since: "2026-07-01",
		},
		"a new partner is exempt through the last day of its months": {
			program: change(func(p *v1alpha1.TierPolicy) { p.NewPartnerExemptMonths = new(int32(6)) }),
			partner: people(3).Tier("gold", "2026-01-01").Joined("2026-01-01"), at: "2026-07-01T00:00:00Z", tier: "gold", since: "2026-01-01",
			outcome: []string{"Exempt", "Exempt"},
			message: "Qualifies for Silver; Gold is kept, since as a new partner it is exempt from demotion through 2026-06-30. " +
				"Gold needs 6 people with certified on 2026-06-30; actual 3 (3 short).",
		},
		"and falls after it": {
			program: change(func(p *v1alpha1.TierPolicy) { p.NewPartnerExemptMonths = new(int32(6)) }),
			partner: people(3).Tier("gold", "2026-01-01").Joined("2025-12-31"), at: "2026-07-01T00:00:00Z", tier: "silver", since: "2026-07-01",
			outcome: []string{"Demoted", "Exempt"},
			message: "Falls from Gold to Silver on 2026-07-01. Gold needs 6 people with certified on 2026-06-30; actual 3 (3 short).",
		},
		"grace lasts as many evaluations as the policy says": {
			program: change(func(p *v1alpha1.TierPolicy) {
				p.GraceEvaluations, p.EvaluateEvery = new(int32(2)), v1alpha1.CadenceMonth
			}),
			partner: people(3).Tier("gold", "2026-04-01"), at: "2026-07-01T00:00:00Z", tier: "silver", since: "2026-07-01",
			outcome: []string{"Demoted", "HeldInGrace", "HeldInGrace"},
			message: "Falls from Gold to Silver on 2026-07-01. Gold needs 6 people with certified on 2026-06-30; actual 3 (3 short).",
		},
		"by decision the tier stays": {
			program: change(func(p *v1alpha1.TierPolicy) { p.Change = v1alpha1.TierChangeByDecision }),
			partner: people(3).Tier("ready", "2026-04-01"), at: "2026-07-01T00:00:00Z", tier: "ready", since: "2026-04-01",
			outcome: []string{"ByDecision"},
			message: "Qualifies for Silver and holds Ready, which by the rules of the program only a decision changes. " +
				"Gold needs 6 people with certified on 2026-06-30; actual 3 (3 short).",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			partner := test.partner.Obj()
			got := evaluate(testobj.Snapshot(test.program, partner), partner, test.hold, test.at)
			if last := got.Held[len(got.Held)-1]; got.Effective != test.tier || last.Tier != test.tier || last.From.Date() != test.since {
				t.Errorf("holds %q, of %v; want %q since %s", got.Effective, got.Held, test.tier, test.since)
			}
			var outcomes []string
			for _, e := range got.Evaluations {
				outcomes = append(outcomes, e.Outcome)
			}
			if diff := cmp.Diff(test.outcome, outcomes); diff != "" {
				t.Errorf("outcomes (-want +got):\n%s", diff)
			}
			if len(got.Evaluations) > 0 && got.Evaluations[0].Message != test.message {
				t.Errorf("message is\n%s\nnot\n%s", got.Evaluations[0].Message, test.message)
			}
		})
	}
}

func TestFindings(t *testing.T) {
	tests := map[string]struct {
		program *v1alpha1.PartnerProgram
		partner *testobj.PartnerBuilder
		at      string
		want    v1alpha1.Finding
	}{
		"unknown tier": {
			partner: testobj.Partner("acme").Tier("sliver", "2026-01-01"),
			want: v1alpha1.Finding{
				Rule: "TierUnknown", Severity: "Error", Field: "spec.tier.name",
				Message: `program northwind has no tier "sliver": did you mean "silver"?; no tier counts as held until this is corrected`,
			},
		},
		"tier held from a day in the future": {
			partner: testobj.Partner("acme").Tier("silver", "2027-01-01"),
			want: v1alpha1.Finding{
				Rule: "TierNotHeldYet", Severity: "Info", Field: "spec.tier.since",
				Message: "silver is held from 2027-01-01 on and does not count before: give the day since when it is held",
			},
		},
		"tier that the rules in force do not have": {
			program: odoo(v1alpha1.RuleSet{Name: "new", EffectiveFrom: "2026-01-01", Tiers: []v1alpha1.Tier{
				{Name: "one", Rank: 1, Requirements: []v1alpha1.Requirement{{Competency: "certified", AtLeast: "1"}}},
			}, TierPolicy: &v1alpha1.TierPolicy{Change: v1alpha1.TierChangeByDecision}}),
			partner: testobj.Partner("acme").Tier("silver", "2026-01-01"),
			want: v1alpha1.Finding{
				Rule: "TierRetired", Severity: "Warning", Field: "spec.tier.name",
				Message: `rule set new has no tier "silver", which the partner holds, so the tier requires and allows nothing: state a tier of that rule set`,
			},
		},
		"more evaluations than are looked at": {
			partner: testobj.Partner("acme").Tier("silver", "2025-01-01"), at: "2037-07-01T00:00:00Z",
			want: v1alpha1.Finding{
				Rule: "TierHistoryLong", Severity: "Info", Field: "spec.tier.since",
				Message: "more than 40 evaluations were held since 2025-01-01, and only the last 40 are looked at, starting from silver: " +
					"state the tier that the partner holds now, and since when",
			},
		},
		"a last evaluation without results": {
			partner: team(testobj.Partner("acme").Tier("silver", "2026-04-01"), 6),
			want: v1alpha1.Finding{
				Rule: "TierNotJudged", Severity: "Info",
				Message: "evaluation of 2026-06-30: Cannot be judged, so Silver is kept. Gold needs 300 new-users in the 12 months to 2026-06-30; " +
					"nothing was measured by then: record it in a MeasurementSet about the partner. Gold needs retention of 80 % on 2026-06-30; " +
					"no level is known of the 12 months to 2026-06-30: record it in a MeasurementSet about the partner.",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			prog, partner, at := test.program, test.partner.Obj(), test.at
			if prog == nil {
				prog = odoo()
			}
			if at == "" {
				at = "2026-08-01T00:00:00Z"
			}
			got := evaluate(testobj.Snapshot(prog, partner), partner, nil, at)
			for _, finding := range got.findings {
				if finding.Rule == test.want.Rule {
					if diff := cmp.Diff(test.want, finding); diff != "" {
						t.Errorf("(-want +got):\n%s", diff)
					}
					return
				}
			}
			t.Errorf("no finding %s in %v", test.want.Rule, got.findings)
		})
	}
}

// Gold is lost for want of people. Whether silver is reached depends on users that are not counted yet, so silver is not taken away.
func TestMissingResultsNeverLowerATier(t *testing.T) {
	prog := odoo()
	prog.Spec.RuleSets[0].TierPolicy = nil
	prog.Spec.Metrics[0].ReportingLagDays = new(int32(20))
	partner := team(testobj.Partner("acme").Tier("gold", "2026-06-01"), 3).Obj()
	set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme").
		Entry("new-users", "2025-07-31", "40").Entry("new-users", "2026-05-31", "30").Entry("retention", "2026-06-30", "75").Obj()
	p := testobj.Snapshot(prog, partner, set)
	early := evaluate(p, partner, nil, "2026-07-01T00:00:00Z")
	if e := early.Evaluations[0]; early.Effective != "silver" || e.Outcome != "Demoted" || e.Qualified != "ready" {
		t.Errorf("while results are awaited it holds %q: %+v", early.Effective, e)
	}
	due := testobj.At("2026-07-21T00:00:00Z")
	if !early.next.Equal(due) {
		t.Errorf("next change is %s, not %s", early.next, due)
	}
	if late := evaluate(p, partner, nil, "2026-07-21T00:00:00Z"); late.Effective != "ready" {
		t.Errorf("when they are due it holds %q", late.Effective)
	}
}

func TestAtMostEightEvaluationsAreLookedAt(t *testing.T) {
	partner := team(testobj.Partner("acme").Tier("silver", "2025-01-01"), 6).Obj()
	for at, want := range map[string]int{"2025-03-31T23:59:59Z": 0, "2026-12-31T23:59:59Z": 7, "2027-01-01T00:00:00Z": 8, "2027-04-01T00:00:00Z": 8} {
		if got := len(evaluate(testobj.Snapshot(odoo(), partner), partner, nil, at).Evaluations); got != want {
			t.Errorf("at %s: %d evaluations, not %d", at, got, want)
		}
	}
}

func TestOutlookNamesWhatIsMissingOnTheNextEvaluationDay(t *testing.T) {
	partner := team(testobj.Partner("acme").Tier("silver", "2026-10-01"), 4).
		Certified("certified", "person 5", "", "2026-12-30"). // ends before the evaluation
		Certified("certified", "person 6", "2026-12-01", "").Obj()
	set := quarters()
	set.Spec.Entries = set.Spec.Entries[:10] // through 2026-09-30
	p := testobj.Snapshot(odoo(), partner, set)
	got := evaluate(p, partner, nil, "2026-11-15T09:00:00Z")
	want := &v1alpha1.NextTier{Name: "gold", EvaluatedOn: "2026-12-31", Missing: []string{
		"Gold needs 300 new-users in the 12 months to 2026-12-31; 195 so far, measured through 2026-09-30 (105 short)",
		"Gold needs 6 people with certified on 2026-12-31; 4 so far (2 short)",
	}}
	if diff := cmp.Diff(want, got.Next); diff != "" {
		t.Errorf("next tier (-want +got):\n%s", diff)
	}
	if got.Qualified != "silver" || got.NextEvaluation.String() != "2026-12-31" || got.Verdict != v1alpha1.CriterionMet {
		t.Errorf("qualifies for %q on %s (%s)", got.Qualified, got.NextEvaluation, got.Verdict)
	}
	if want := testobj.At("2026-12-01T00:00:00Z"); !got.next.Equal(want) {
		t.Errorf("next change is %s, not %s, when a certificate begins", got.next, want)
	}
	criterion := v1alpha1.CriterionResult{
		Tier: "gold", Subject: "new-users", Verdict: "NotMet", Threshold: ">= 300", Found: "285", Shortfall: "15", Source: "crm",
		Window:  &v1alpha1.DayRange{From: "2025-11-01", Through: "2026-10-31"},
		Message: "Gold needs 300 new-users in the 12 months to 2026-10-31; actual 285, measured through 2026-09-30 (15 short)",
	}
	if diff := cmp.Diff(criterion, got.Criteria[0]); diff != "" {
		t.Errorf("first criterion (-want +got):\n%s", diff)
	}
	// At rest: nothing happens before a certificate has ended, and then before the evaluation is over.
	for at, want := range map[string]string{"2026-12-05T00:00:00Z": "2026-12-31T00:00:00Z", "2026-12-31T00:00:00Z": "2027-01-01T00:00:00Z"} {
		if after := evaluate(p, partner, nil, at); !after.next.Equal(testobj.At(want)) {
			t.Errorf("at %s the next change is %s, not %s", at, after.next, want)
		}
	}
}

// The figures of today: 12 months to the newest measured day, or to the end of the last interval whose results are due.
func TestFiguresOfTodayAreReadAsOfTheDayThroughWhichTheyAreKnown(t *testing.T) {
	users := []v1alpha1.Measurement{
		{Metric: "new-users", Day: "2025-09-30", Value: "65"},
		{Metric: "new-users", Day: "2025-12-31", Value: "90"},
		{Metric: "new-users", Day: "2026-03-31", Value: "80"},
		{Metric: "new-users", Day: "2026-06-30", Value: "70"},
	}
	needs := v1alpha1.Requirement{Metric: "new-users", AtLeast: "300"}
	byQuarter := func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Metrics[0].ReportEvery = v1alpha1.CadenceQuarter
		lag(20)(spec)
	}
	tests := map[string]struct {
		requirement v1alpha1.Requirement
		change      func(*v1alpha1.PartnerProgramSpec)
		more        []v1alpha1.Measurement
		at, next    string
		qualified   v1alpha1.Name
		message     string
	}{
		"after a quarter the last one counts in full until the new one is due": {
			requirement: needs, change: byQuarter, at: "2026-10-20T23:59:59Z", next: "2026-10-21T00:00:00Z", qualified: "gold",
			message: "Gold needs 300 new-users in the 12 months to 2026-06-30; actual 305",
		},
		"when the new one is due, what is not measured is zero": {
			requirement: needs, change: byQuarter, at: "2026-10-21T00:00:00Z", next: "2027-01-01T00:00:00Z",
			message: "Gold needs 300 new-users in the 12 months to 2026-09-30; actual 240, measured through 2026-06-30 (60 short)",
		},
		"what is measured before it is due counts at once, and the window moves": {
			requirement: needs, change: byQuarter, at: "2026-10-05T00:00:00Z", next: "2027-01-01T00:00:00Z",
			more:    []v1alpha1.Measurement{{Metric: "new-users", Day: "2026-09-30", Value: "45"}},
			message: "Gold needs 300 new-users in the 12 months to 2026-09-30; actual 285 (15 short)",
		},
		"a result of today counts, and one of tomorrow does not": {
			requirement: needs, change: byQuarter, at: "2026-10-05T00:00:00Z", next: "2026-10-06T00:00:00Z", qualified: "gold",
			more: []v1alpha1.Measurement{
				{Metric: "new-users", Day: "2026-10-05", Value: "60"}, {Metric: "new-users", Day: "2026-10-06", Value: "-300"},
			},
			message: "Gold needs 300 new-users in the 12 months to 2026-10-05; actual 300",
		},
		"a level is the newest one": {
			requirement: v1alpha1.Requirement{Metric: "retention", AtLeast: "80"}, change: lag(20), at: "2026-10-05T00:00:00Z",
			next: "2026-10-21T00:00:00Z", qualified: "gold",
			more:    []v1alpha1.Measurement{{Metric: "retention", Day: "2026-05-31", Value: "82"}, {Metric: "retention", Day: "2025-12-31", Value: "79"}},
			message: "Gold needs retention of 80 % on 2026-08-31; actual 82 %, measured through 2026-05-31",
		},
		"a competency counts who holds it today": {
			requirement: v1alpha1.Requirement{Competency: "certified", AtLeast: "2"}, at: "2026-12-30T23:59:59Z", next: "2026-12-31T00:00:00Z", qualified: "gold",
			message: "Gold needs 2 people with certified; actual 2",
		},
		"and no more who held it until yesterday": {
			requirement: v1alpha1.Requirement{Competency: "certified", AtLeast: "2"}, at: "2026-12-31T00:00:00Z", next: "2027-01-01T00:00:00Z",
			message: "Gold needs 2 people with certified; actual 1 (1 short)",
		},
		"what was never measured is unknown": {
			requirement: v1alpha1.Requirement{Metric: "retention", AtLeast: "80"}, at: "2026-12-05T00:00:00Z", next: "2027-01-01T00:00:00Z",
			message: "Gold needs retention of 80 % on 2026-11-30; no level is known of the 12 months to 2026-11-30: " +
				"record it in a MeasurementSet about the partner",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			partner := team(testobj.Partner("acme").Tier("gold", "2026-10-01"), 1).Certified("certified", "person 2", "", "2026-12-30").Obj()
			set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme").Obj()
			set.Spec.Entries = append(append(set.Spec.Entries, users...), test.more...)
			got := evaluate(testobj.Snapshot(asks(test.requirement, test.change), partner, set), partner, nil, test.at)
			if diff := cmp.Diff([]string{string(test.qualified), test.message}, []string{string(got.Qualified), got.Criteria[0].Message}); diff != "" {
				t.Errorf("qualified tier and criterion (-want +got):\n%s", diff)
			}
			if want := testobj.At(test.next); !got.next.Equal(want) {
				t.Errorf("next change is %s, not %s", got.next, want)
			}
		})
	}
}

func TestNextTierIsTheHeldOneWhileItIsNotMet(t *testing.T) {
	tests := map[string]struct {
		held   v1alpha1.Name
		people int
		want   *v1alpha1.NextTier
	}{
		"short of the held tier": {
			held: "gold", people: 5,
			want: &v1alpha1.NextTier{Name: "gold", EvaluatedOn: "2026-12-31", Missing: []string{"Gold needs 6 people with certified on 2026-12-31; 5 so far (1 short)"}},
		},
		"the held tier is met": {
			held: "silver", people: 5,
			want: &v1alpha1.NextTier{Name: "gold", EvaluatedOn: "2026-12-31", Missing: []string{"Gold needs 6 people with certified on 2026-12-31; 5 so far (1 short)"}},
		},
		"the highest tier is met": {held: "gold", people: 6},
		"no tier is held": {
			people: 0,
			want:   &v1alpha1.NextTier{Name: "ready", EvaluatedOn: "2026-12-31", Missing: []string{"Ready needs 1 person with certified on 2026-12-31; 0 so far (1 short)"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			b := testobj.Partner("acme")
			if test.held != "" {
				b = b.Tier(test.held, "2026-10-01")
			}
			partner := team(b, test.people).Obj()
			p := testobj.Snapshot(odoo(), partner, quarters())
			if diff := cmp.Diff(test.want, evaluate(p, partner, nil, "2026-12-31T12:00:00Z").Next); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// What follows from the partner's spec alone holds promotions also for the tier by which plans are judged.
func TestHeldOnHonoursHoldsOfTheSpec(t *testing.T) {
	rules := func(cause v1alpha1.StandingCause, owner v1alpha1.Party, scope v1alpha1.HoldScope) v1alpha1.StandingRule {
		return v1alpha1.StandingRule{Cause: cause, Owner: owner, CureDays: new(int32(10)), Consequences: []v1alpha1.StandingConsequence{
			{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{scope}},
		}}
	}
	partner := func() *testobj.PartnerBuilder { return team(testobj.Partner("acme").Tier("silver", "2026-06-30"), 6) }
	tests := map[string]struct {
		rule    v1alpha1.StandingRule
		partner *testobj.PartnerBuilder
		want    v1alpha1.Name
	}{
		"an invoice unpaid for longer than the cure period": {
			rule: rules("InvoiceOverdue", "Partner", "Promotion"), partner: partner().Invoice("1", "2026-06-20", ""), want: "silver",
		},
		"one within it": {rule: rules("InvoiceOverdue", "Partner", "Promotion"), partner: partner().Invoice("1", "2026-06-21", ""), want: "gold"},
		"one paid after the evaluation": {
			rule: rules("InvoiceOverdue", "Partner", "Promotion"), partner: partner().Invoice("1", "2026-06-20", "2026-07-02"), want: "silver",
		},
		"one paid by then":        {rule: rules("InvoiceOverdue", "Partner", "Promotion"), partner: partner().Invoice("1", "2026-06-20", "2026-07-01"), want: "gold"},
		"a lapsed agreement":      {rule: rules("AgreementLapsed", "Partner", "Promotion"), partner: partner().Agreement("2024-01-01", "2026-06-20"), want: "silver"},
		"what the vendor owes":    {rule: rules("AgreementLapsed", "Vendor", "Promotion"), partner: partner().Agreement("2024-01-01", "2026-06-20"), want: "gold"},
		"a hold of money only":    {rule: rules("InvoiceOverdue", "Partner", "NewMoney"), partner: partner().Invoice("1", "2026-06-20", ""), want: "gold"},
		"what depends on plans":   {rule: rules("PlanOverdue", "Partner", "Promotion"), partner: partner(), want: "gold"},
		"no cause of either kind": {rule: rules("InvoiceOverdue", "Partner", "Promotion"), partner: partner(), want: "gold"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			program, x := odoo(), test.partner.Obj()
			program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{test.rule}
			p := testobj.Snapshot(program, x, quarters())
			got, _ := tier.HeldOn(p, p.ProgramOf(x), x, fiscal.MustParseDay("2026-07-01"), testobj.At("2026-08-01T00:00:00Z"))
			if got != test.want {
				t.Errorf("HeldOn says %q, not %q", got, test.want)
			}
		})
	}
}
