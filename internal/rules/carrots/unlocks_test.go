package carrots_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/carrots"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// dossier is one with benefits for gold, and a limit of 7,000.00 per partner.
func dossier() *moneytest.Dossier {
	d := moneytest.NewDossier()
	w := newWorld()
	d.Program.Spec.Metrics, d.Program.Spec.Benefits = w.program.Spec.Metrics, w.program.Spec.Benefits
	d.Program.Spec.RuleSets[0].Tiers[0].Benefits = w.program.Spec.RuleSets[0].Tiers[0].Benefits
	d.Budget.Spec.Limits = []v1alpha1.FundingLimit{
		{Name: "plan", Per: v1alpha1.LimitPerPlan, Amount: "9000.00"},
		{Name: "partner", Per: v1alpha1.LimitPerPartner, Amount: "7000.00"},
		{Name: "others", Per: v1alpha1.LimitPerPartner, Amount: "1.00", Tiers: []v1alpha1.Name{"silver"}},
	}
	return d
}

// opened writes what a plan opens, a line each.
func opened(d *moneytest.Dossier, at string) string {
	list, _ := carrots.OfPlan(d.Snapshot(), d.Plan, testobj.At(at))
	lines := make([]string, 0, len(list))
	for i := range list {
		x := &list[i]
		line := fmt.Sprintf("%s %s", x.State, x.What)
		for _, part := range []string{string(x.Amount), string(x.Currency), string(x.Percent), string(x.Quantity), x.By, string(x.Through)} {
			if part != "" {
				line += " | " + part
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestWhatAPlanOpens(t *testing.T) {
	const rest = "Open MDF for TradeShow and Webinar | 50 | 2026-12-31\n"
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		at     string
		want   string
	}{
		"a draft opens nothing yet, and says by which step": {
			at: moneytest.Noon,
			want: "Locked MDF for TradeShow and Webinar | 50 | Submit and approve acme-h1\n" +
				"Locked MDF from budget fy27-emea, up to the limit per partner | 7000.00 | EUR | Submit and approve acme-h1\n" +
				"Locked MDF for activity autumn-webinar (r1) | 5000.00 | EUR | Submit and approve acme-h1\n" +
				"Locked credits | 10.0 | Submit and approve acme-h1\nLocked se-days (days) | 6.0 | Submit and approve acme-h1",
		},
		"what is submitted waits for the vendor": {
			change: func(d *moneytest.Dossier) {
				d.ApprovePlan()
				d.More = d.More[1:]
			},
			at: "2026-06-25T12:00:00+02:00",
			want: "Locked MDF for TradeShow and Webinar | 50 | Approve acme-h1 (the vendor) | 2026-06-30\n" +
				"Locked MDF from budget fy27-emea, up to the limit per partner | 7000.00 | EUR | Approve acme-h1 (the vendor) | 2026-06-30\n" +
				"Locked MDF for activity autumn-webinar (r1) | 5000.00 | EUR | Approve acme-h1 (the vendor) | 2026-06-30\n" +
				"Locked credits | 10.0 | Approve acme-h1 (the vendor) | 2026-06-30\nLocked se-days (days) | 6.0 | Approve acme-h1 (the vendor) | 2026-06-30",
		},
		"the request waits for its approval": {
			change: func(d *moneytest.Dossier) { d.ApprovePlan() }, at: moneytest.Noon,
			want: rest + "Open MDF from budget fy27-emea, up to the limit per partner | 7000.00 | EUR | 2026-12-31\n" +
				"Locked MDF for activity autumn-webinar (r1) | 5000.00 | EUR | Approve request r1 (the vendor) | 2026-08-13\n" +
				"Locked further credits | 10.0 | Ask for credits in spec.benefitRequests, and have the amendment approved | 2026-12-31\n" +
				"Locked further se-days (days) | 6.0 | Ask for se-days in spec.benefitRequests, and have the amendment approved | 2026-12-31",
		},
		"what is granted is open, in money and benefits": {
			change: func(d *moneytest.Dossier) {
				d.Plan.Spec.BenefitRequests = []v1alpha1.BenefitRequest{{Name: "a", Benefit: "se-days", Quantity: "6", Activity: "fair"}}
				d.Plan.Spec.Goals[0].Initiatives = nil
				d.ApprovePlan()
				d.GrantInFull()
			}, at: november,
			want: rest + "Open MDF from budget fy27-emea, up to the limit per partner | 7000.00 | EUR | 2026-12-31\n" +
				"Open MDF for activity autumn-webinar (r1) | 5000.00 | EUR | 2027-01-17\n" +
				"Locked further credits | 5.0 | Ask for credits in spec.benefitRequests, and have the amendment approved | 2026-12-31\n" +
				"Locked more credits | 5.0 | Let goal leads serve an initiative in force | 2026-12-31\n" +
				"Open se-days (days) | 3.0 | 2026-12-31\nLocked more se-days (days) | 3.0 | Let goal leads serve an initiative in force | 2026-12-31",
		},
		"a hold locks new money, not what is granted": {
			change: func(d *moneytest.Dossier) {
				d.ApprovePlan()
				d.GrantInFull()
				d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-08-31"}}
				d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
					Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
					Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}}},
				}}
				d.Program.Spec.RuleSets[0].Tiers[0].Benefits = nil
			}, at: november,
			want: "Locked MDF for TradeShow and Webinar | 50 | Pay invoice 4711\n" +
				"Locked MDF from budget fy27-emea, up to the limit per partner | 7000.00 | EUR | Pay invoice 4711\n" +
				"Open MDF for activity autumn-webinar (r1) | 5000.00 | EUR | 2027-01-17",
		},
		"a reduced rate is open, the full one is not": {
			change: func(d *moneytest.Dossier) {
				d.ApprovePlan()
				d.Request.Spec.PlanRef.Name = "another"
				d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-08-31"}}
				d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
					Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
					Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepReducedRate, RatePercent: "50"}},
				}}
				d.Program.Spec.RuleSets[0].Tiers[0].Benefits, d.Budget = nil, nil
			}, at: november,
			want: "Open MDF for TradeShow and Webinar | 25 | 2026-12-31\nLocked MDF at the full rate for TradeShow and Webinar | 50 | Pay invoice 4711",
		},
		"the last day of the period": {
			change: func(d *moneytest.Dossier) {
				d.ApprovePlan()
				d.Request.Spec.PlanRef.Name, d.Budget = "another", nil
				d.Program.Spec.RuleSets[0].Tiers[0].Benefits = nil
			}, at: "2026-12-31T23:59:59+01:00", want: strings.TrimSuffix(rest, "\n"),
		},
		"and the first one after it": {
			change: func(d *moneytest.Dossier) {
				d.ApprovePlan()
				d.Request.Spec.PlanRef.Name, d.Budget = "another", nil
			}, at: "2027-01-01T00:00:00+01:00",
		},
	} {
		d := dossier()
		if tc.change != nil {
			tc.change(d)
		}
		if diff := cmp.Diff(tc.want, opened(d, tc.at)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What others drew of the budget is not the partner's to know, and changes nothing here.
func TestWhatOthersTookOfABudgetChangesNothing(t *testing.T) {
	d := dossier()
	d.ApprovePlan()
	before := opened(d, november)
	d.Ledger.Spec.Reserved["partner-zeta/r9/1"] = 1_999_000
	if diff := cmp.Diff(before, opened(d, november)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
}

// Of many there are at most 24, and each text is short enough for the schema.
func TestWhatAPlanOpensIsBounded(t *testing.T) {
	d := dossier()
	long := strings.Repeat("x", 60)
	d.Program.Spec.Benefits, d.Program.Spec.RuleSets[0].Tiers[0].Benefits = nil, nil
	for i := range 30 {
		name := v1alpha1.Name(fmt.Sprintf("%s-%02d", long, i))
		d.Program.Spec.Benefits = append(d.Program.Spec.Benefits, v1alpha1.ProgramBenefit{Name: name, Unit: "days of an engineer on the site"})
		d.Program.Spec.RuleSets[0].Tiers[0].Benefits = append(d.Program.Spec.RuleSets[0].Tiers[0].Benefits, v1alpha1.Benefit{Name: name, Quantity: "12"})
	}
	d.Plan.Spec.Goals[0].Initiatives = nil
	list, _ := carrots.OfPlan(d.Snapshot(), d.Plan, testobj.At(moneytest.Noon))
	if len(list) != 24 {
		t.Errorf("%d entries", len(list))
	}
	for _, x := range list {
		if len(x.What) > 96 || len(x.By) > 96 || x.What == "" {
			t.Errorf("%q by %q", x.What, x.By)
		}
	}
}
