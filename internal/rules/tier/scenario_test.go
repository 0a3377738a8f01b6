package tier_test

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "1000"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// odooTiers are the levels of the Odoo partnership terms (2023), with another number of users for gold.
func odooTiers(goldUsers int) []v1alpha1.Tier {
	level := func(name, title string, rank int32, users, people int, retention string) v1alpha1.Tier {
		requirements := []v1alpha1.Requirement{
			{Metric: "new-users", Window: &v1alpha1.Window{TrailingMonths: 12}, AtLeast: v1alpha1.Decimal(strconv.Itoa(users))},
			{Competency: "certified", AtLeast: v1alpha1.Decimal(strconv.Itoa(people))},
		}
		if retention != "" {
			requirements = append(requirements, v1alpha1.Requirement{Metric: "retention", AtLeast: v1alpha1.Decimal(retention)})
		}
		return v1alpha1.Tier{Name: v1alpha1.Name(name), Title: v1alpha1.Title(title), Rank: rank, Requirements: requirements}
	}
	return []v1alpha1.Tier{
		level("ready", "Ready", 1, 10, 1, ""),
		level("silver", "Silver", 2, 75, 3, "70"),
		level("gold", "Gold", 3, goldUsers, 6, "80"),
	}
}

func odooRules(name v1alpha1.Name, from v1alpha1.Date, goldUsers int) v1alpha1.RuleSet {
	return v1alpha1.RuleSet{
		Name: name, EffectiveFrom: from, Tiers: odooTiers(goldUsers),
		TierPolicy: &v1alpha1.TierPolicy{GraceEvaluations: new(int32(1))},
	}
}

// odoo is a program in UTC with calendar years and Odoo's terms, of which later versions may follow.
func odoo(later ...v1alpha1.RuleSet) *v1alpha1.PartnerProgram {
	return testobj.Program("northwind").With(func(spec *v1alpha1.PartnerProgramSpec) {
		spec.Calendar = v1alpha1.Calendar{TimeZone: "UTC"}
		spec.Metrics = []v1alpha1.Metric{
			{Name: "new-users", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow},
			{Name: "retention", Unit: v1alpha1.UnitPercent, Behaviour: v1alpha1.BehaviourStock},
		}
		spec.RuleSets = append([]v1alpha1.RuleSet{odooRules("terms-2025", "2025-01-01", 300)}, later...)
	}).Obj()
}

// team adds certificates of n people without an end.
func team(b *testobj.PartnerBuilder, n int) *testobj.PartnerBuilder {
	for i := range n {
		b = b.Certified("certified", fmt.Sprintf("person %d", i+1), "", "")
	}
	return b
}

// judged is what Evaluate was given and returned.
type judged struct {
	tier.Outcome
	findings []v1alpha1.Finding
	next     time.Time
}

func evaluate(p *snapshot.Snapshot, partner *v1alpha1.Partner, hold tier.PromotionHold, at string) judged {
	now := testobj.At(at)
	findings, horizon := &verdict.Findings{}, verdict.NewHorizon(now)
	outcome := tier.Evaluate(p, p.ProgramOf(partner), partner, hold, now, findings, horizon)
	return judged{outcome, findings.List(), horizon.Next()}
}

// scenario 3 of the worked scenarios: new users by quarter from Q3 2025, 6 certified, 85 percent.
func quarters() *v1alpha1.MeasurementSet {
	b := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme")
	ends := []v1alpha1.Date{"2025-09-30", "2025-12-31", "2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31"}
	for i, users := range []v1alpha1.Decimal{"65", "90", "80", "70", "45", "106"} {
		b = b.Entry("new-users", ends[i], users).Entry("retention", ends[i], "85")
	}
	return b.Obj()
}

func TestScenario3TierAtEvaluationDates(t *testing.T) {
	sixth := func(through v1alpha1.Date) *v1alpha1.Partner {
		return team(testobj.Partner("acme").Tier("gold", "2026-01-01"), 5).Certified("certified", "person 6", "", through).Obj()
	}
	later := odoo(odooRules("terms-2027", "2027-01-01", 320))
	tests := map[string]struct {
		program *v1alpha1.PartnerProgram
		partner *v1alpha1.Partner
		at      string
		want    v1alpha1.TierEvaluation
		tier    v1alpha1.Name
	}{
		"305 on 2026-06-30 keep gold": {
			at: "2026-07-01T00:00:00Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-06-30", RuleSet: "terms-2025", Qualified: "gold", Effective: "gold", Outcome: "Kept",
				Message: "Qualifies for Gold, as before.",
			},
		},
		"285 on 2026-09-30 hold gold in grace": {
			at: "2026-10-01T00:00:00Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-09-30", RuleSet: "terms-2025", Qualified: "silver", Effective: "gold", Outcome: "HeldInGrace",
				Message: "Qualifies for Silver; Gold is held in grace (evaluation 1 of 1) and is judged again on 2026-12-31. " +
					"Gold needs 300 new-users in the 12 months to 2026-09-30; actual 285 (15 short).",
			},
		},
		"a nanosecond before its end the evaluation of 2026-09-30 is not held yet": {
			at: "2026-09-30T23:59:59.999999999Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-06-30", RuleSet: "terms-2025", Qualified: "gold", Effective: "gold", Outcome: "Kept",
				Message: "Qualifies for Gold, as before.",
			},
		},
		"301 on 2026-12-31 keep gold": {
			at: "2027-01-01T00:00:00Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-12-31", RuleSet: "terms-2025", Qualified: "gold", Effective: "gold", Outcome: "Kept",
				Message: "Qualifies for Gold, as before.",
			},
		},
		"one certificate ending 2026-12-30 makes it silver from 2027-01-01": {
			partner: sixth("2026-12-30"), at: "2027-01-01T00:00:00Z", tier: "silver",
			want: v1alpha1.TierEvaluation{
				Day: "2026-12-31", RuleSet: "terms-2025", Qualified: "silver", Effective: "silver", Outcome: "Demoted",
				Message: "Falls from Gold to Silver on 2027-01-01. Gold needs 6 people with certified on 2026-12-31; actual 5 (1 short).",
			},
		},
		"a nanosecond before 2027-01-01 it is gold": {
			partner: sixth("2026-12-30"), at: "2026-12-31T23:59:59.999999999Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-09-30", RuleSet: "terms-2025", Qualified: "silver", Effective: "gold", Outcome: "HeldInGrace",
				Message: "Qualifies for Silver; Gold is held in grace (evaluation 1 of 1) and is judged again on 2026-12-31. " +
					"Gold needs 300 new-users in the 12 months to 2026-09-30; actual 285 (15 short).",
			},
		},
		"a certificate ending 2026-12-31 counts on that day": {
			partner: sixth("2026-12-31"), at: "2027-01-01T00:00:00Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-12-31", RuleSet: "terms-2025", Qualified: "gold", Effective: "gold", Outcome: "Kept",
				Message: "Qualifies for Gold, as before.",
			},
		},
		"320 users from 2027-01-01 do not judge on 2026-12-31": {
			program: later, at: "2027-03-31T23:59:59Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2026-12-31", RuleSet: "terms-2025", Qualified: "gold", Effective: "gold", Outcome: "Kept",
				Message: "Qualifies for Gold, as before.",
			},
		},
		"320 users from 2027-01-01 judge on 2027-03-31": {
			program: later, at: "2027-04-01T00:00:00Z", tier: "gold",
			want: v1alpha1.TierEvaluation{
				Day: "2027-03-31", RuleSet: "terms-2027", Qualified: "silver", Effective: "gold", Outcome: "HeldInGrace",
				Message: "Qualifies for Silver; Gold is held in grace (evaluation 1 of 1) and is judged again on 2027-06-30. " +
					"Gold needs 320 new-users in the 12 months to 2027-03-31; actual 221, measured through 2026-12-31 (99 short).",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			prog, partner := test.program, test.partner
			if prog == nil {
				prog = odoo()
			}
			if partner == nil {
				partner = team(testobj.Partner("acme").Tier("gold", "2026-01-01"), 6).Obj()
			}
			got := evaluate(testobj.Snapshot(prog, partner, quarters()), partner, nil, test.at)
			if got.Effective != test.tier {
				t.Errorf("effective tier is %q, not %q", got.Effective, test.tier)
			}
			if diff := cmp.Diff(test.want, got.Evaluations[0]); diff != "" {
				t.Errorf("last evaluation (-want +got):\n%s", diff)
			}
		})
	}
}

// The answers of the Odoo row of the rules of real programs: (new users, certified people, retention).
func TestOdooAnswers(t *testing.T) {
	tests := map[string]struct {
		users, retention v1alpha1.Decimal
		people           int
		want             v1alpha1.Name
	}{
		"300, 6, 79":   {"300", "79", 6, "silver"},
		"300, 2, 90":   {"300", "90", 2, "ready"},
		"300, 6, 80":   {"300", "80", 6, "gold"},
		"9, 6, 99":     {"9", "99", 6, ""},
		"10, 1, 0":     {"10", "0", 1, "ready"},
		"10, 0, 0":     {"10", "0", 0, ""},
		"299.9, 6, 80": {"299.9", "80", 6, "silver"},
		"300, 6, 80.5": {"300", "80.5", 6, "gold"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			partner := team(testobj.Partner("acme").Joined("2026-06-01"), test.people).Obj()
			set := testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme").
				Entry("new-users", "2026-06-30", test.users).Entry("retention", "2026-06-30", test.retention).Obj()
			p := testobj.Snapshot(odoo(), partner, set)
			if got := evaluate(p, partner, nil, "2026-06-30T12:00:00Z"); got.Qualified != test.want || got.Effective != "" {
				t.Errorf("on the evaluation day it qualifies for %q and holds %q; want %q and none", got.Qualified, got.Effective, test.want)
			}
			after := evaluate(p, partner, nil, "2026-07-01T00:00:00Z")
			if after.Effective != test.want || after.Evaluations[0].Qualified != string(test.want) {
				t.Errorf("after it, it holds %q and qualified for %q; want %q", after.Effective, after.Evaluations[0].Qualified, test.want)
			}
			held, _ := tier.HeldOn(p, p.ProgramOf(partner), partner, fiscal.MustParseDay("2026-07-01"), testobj.At("2026-07-01T00:00:00Z"))
			if held != test.want {
				t.Errorf("HeldOn says %q; want %q", held, test.want)
			}
		})
	}
}

// TestTwoSpellingsOfOneEngineerDoNotMakeGold has five people and one of them again in another spelling.
func TestTwoSpellingsOfOneEngineerDoNotMakeGold(t *testing.T) {
	for name, tc := range map[string]struct {
		sixth string
		want  string // the tier for which the partner qualifies
	}{
		"another person":                   {"person 6", "gold"},
		"capitals":                         {"PERSON 5", "silver"},
		"blanks":                           {" person  5", "silver"},
		"a character that does not show":   {"per\u00adson 5", "silver"},
		"a full-width digit":               {"person \uff15", "silver"},
		"a look-alike, which is found":     {"p\u0435rson 5", "gold"},
		"the same, with another last day ": {"person 5", "silver"},
	} {
		t.Run(name, func(t *testing.T) {
			partner := team(testobj.Partner("acme").Tier("gold", "2026-01-01"), 5).Certified("certified", tc.sixth, "", "2027-06-30").Obj()
			got := evaluate(testobj.Snapshot(odoo(), partner, quarters()), partner, nil, "2027-01-01T00:00:00Z")
			if got.Evaluations[0].Qualified != tc.want {
				t.Errorf("evaluated as %+v, want %s", got.Evaluations[0], tc.want)
			}
		})
	}
}
