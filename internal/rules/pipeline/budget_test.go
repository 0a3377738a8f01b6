package pipeline_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/pipeline"
	"jointplan.dev/jointplan/internal/testobj"
)

// costs gives the activities of a dossier's plan costs.
func costs(d *moneytest.Dossier, amounts ...v1alpha1.Decimal) {
	for i, amount := range amounts {
		d.Plan.Spec.Activities[i].Cost = &v1alpha1.Money{Amount: amount, Currency: "EUR"}
	}
}

// budgeted writes a budget in short.
func budgeted(b *v1alpha1.PlanBudget) string {
	if b == nil {
		return "none"
	}
	lines := []string{fmt.Sprintf("vendor %s partner %s third %s total %s granted %s paid %s", b.Planned.Vendor, b.Planned.Partner, b.Planned.ThirdParty, b.Planned.Total, b.Granted, b.Paid)}
	line := func(name string, l *v1alpha1.BudgetLine) {
		lines = append(lines, fmt.Sprintf("%s: %s %s %s granted %s paid %s", name, l.Vendor, l.Partner, l.ThirdParty, l.Granted, l.Paid))
	}
	for i := range b.Activities {
		line(string(b.Activities[i].Name), &b.Activities[i].BudgetLine)
	}
	if b.Others != nil {
		line("others", b.Others)
	}
	if b.Message != "" {
		lines = append(lines, b.Message)
	}
	return strings.Join(lines, "\n")
}

func TestTheBudgetOfAPlan(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		want   string
	}{
		"no cost and no request": {func(d *moneytest.Dossier) { d.Request.Spec.PlanRef.Name = "another" }, "none"},
		"the rate is the vendor's, rounded down, and the rest the partner's": {
			func(d *moneytest.Dossier) { costs(d, "6000.01", "0.01") },
			"vendor 3000 partner 3000.02 third 0 total 6000.02 granted 0 paid 0\n" +
				"autumn-webinar: 3000 3000.01 0 granted 0 paid 0\nfair: 0 0.01 0 granted 0 paid 0",
		},
		"a third party pays": {func(d *moneytest.Dossier) {
			costs(d, "6000.00")
			d.Plan.Spec.Activities[0].Funding = []v1alpha1.ActivityFunding{
				{Funder: v1alpha1.FunderThirdParty, Amount: "1500.00"}, {Funder: v1alpha1.FunderVendor, Amount: "2500.00"}, {Funder: v1alpha1.FunderPartner, Amount: "2000"},
			}
		}, "vendor 2500 partner 2000 third 1500 total 6000 granted 0 paid 0\nautumn-webinar: 2500 2000 1500 granted 0 paid 0\nfair: 0 0 0 granted 0 paid 0"},
		"granted and paid": {func(d *moneytest.Dossier) {
			costs(d, "10000.00")
			d.ApprovePlan()
			d.GrantInFull()
			d.Lodge("c1", "2026-10-01", "4000.00", "2026-10-05T10:00:00+02:00").With(func(s *v1alpha1.MDFClaimSpec) {
				s.Payments = []v1alpha1.Payment{testobj.Payment("RUN-1", "2026-10-20", "1500.00")}
			})
		}, "vendor 5000 partner 5000 third 0 total 10000 granted 5000 paid 1500\n" +
			"autumn-webinar: 5000 5000 0 granted 5000 paid 1500\nfair: 0 0 0 granted 0 paid 0"},
		"money for an activity that the plan does not have": {func(d *moneytest.Dossier) {
			d.ApprovePlan()
			d.GrantInFull()
			d.Request.Spec.Activity = "dinner"
		}, "vendor 0 partner 0 third 0 total 0 granted 5000 paid 0\n" +
			"autumn-webinar: 0 0 0 granted 0 paid 0\nfair: 0 0 0 granted 0 paid 0\nothers: 0 0 0 granted 5000 paid 0"},
		"a cost in another currency": {func(d *moneytest.Dossier) {
			costs(d, "6000.00", "10.00")
			d.Plan.Spec.Activities[0].Cost.Currency = "USD"
		}, "vendor 5 partner 5 third 0 total 10 granted 0 paid 0\nautumn-webinar: 0 0 0 granted 0 paid 0\nfair: 5 5 0 granted 0 paid 0\n" +
			"The cost of activity autumn-webinar is not an amount in EUR, or what its funders pay is not: planned leaves it out"},
	} {
		d := moneytest.NewDossier()
		tc.change(d)
		got, _ := pipeline.BudgetOf(d.Snapshot(), d.Plan, testobj.At(november))
		if diff := cmp.Diff(tc.want, budgeted(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The lines make the totals, and the funders the total, to the cent, however many activities there are.
func TestTheLinesOfABudgetMakeItsTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := moneytest.NewDossier()
		d.Plan.Spec.Activities = nil
		want := new(big.Rat)
		for i := range rapid.IntRange(1, 40).Draw(t, "activities") {
			cents := rapid.IntRange(0, 1_000_000).Draw(t, "cents")
			cost := v1alpha1.Decimal(fmt.Sprintf("%d.%02d", cents/100, cents%100))
			activity := v1alpha1.PlannedActivity{
				Name: v1alpha1.Name(fmt.Sprintf("a%d", i)), Type: rapid.SampledFrom([]v1alpha1.ActivityType{"Webinar", "TradeShow", "Dinner"}).Draw(t, "type"),
				Cost: &v1alpha1.Money{Amount: cost, Currency: "EUR"},
			}
			if rapid.Bool().Draw(t, "funded") {
				activity.Funding = []v1alpha1.ActivityFunding{{Funder: v1alpha1.FunderThirdParty, Amount: cost}}
			}
			d.Plan.Spec.Activities = append(d.Plan.Spec.Activities, activity)
			want.Add(want, big.NewRat(int64(cents), 100))
		}
		d.Request.Spec.Activity = rapid.SampledFrom([]v1alpha1.Name{"a0", "a39", "autumn-webinar"}).Draw(t, "requested")
		d.ApprovePlan()
		d.GrantInFull()
		b, _ := pipeline.BudgetOf(d.Snapshot(), d.Plan, testobj.At(november))
		sums := map[string]*big.Rat{}
		add := func(l *v1alpha1.BudgetLine) {
			for name, text := range map[string]v1alpha1.Decimal{
				"vendor": l.Vendor, "partner": l.Partner, "third": l.ThirdParty, "granted": l.Granted, "paid": l.Paid,
			} {
				if sums[name] == nil {
					sums[name] = new(big.Rat)
				}
				sums[name].Add(sums[name], decimal.MustParse(string(text)))
			}
		}
		for i := range b.Activities {
			add(&b.Activities[i].BudgetLine)
		}
		if b.Others != nil {
			add(b.Others)
		}
		total := new(big.Rat)
		for name, text := range map[string]v1alpha1.Decimal{
			"vendor": b.Planned.Vendor, "partner": b.Planned.Partner, "third": b.Planned.ThirdParty, "granted": b.Granted, "paid": b.Paid,
		} {
			is := decimal.MustParse(string(text))
			if sums[name].Cmp(is) != 0 {
				t.Fatalf("the lines make %s of %s, the total is %s", sums[name], name, text)
			}
			if name != "granted" && name != "paid" {
				total.Add(total, is)
			}
		}
		if is := decimal.MustParse(string(b.Planned.Total)); total.Cmp(is) != 0 || is.Cmp(want) != 0 {
			t.Fatalf("the funders pay %s, the total is %s, the costs are %s", total, b.Planned.Total, want)
		}
	})
}
