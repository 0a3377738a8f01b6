package pipeline_test

import (
	"flag"
	"fmt"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/pipeline"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "300") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

// dossier is one with a request of 5,000.00 that is granted, metrics with roles, and campaigns.
func dossier(campaigns ...*v1alpha1.Campaign) *moneytest.Dossier {
	d := moneytest.NewDossier()
	d.Program.Spec.Metrics = nil
	for _, m := range []v1alpha1.Metric{
		{Name: "new-revenue", Unit: v1alpha1.UnitCurrency, Role: v1alpha1.RoleRevenue},
		{Name: "qualified-leads", Unit: v1alpha1.UnitCount, Role: v1alpha1.RoleLeads},
		{Name: "opportunities", Unit: v1alpha1.UnitCount, Role: v1alpha1.RoleOpportunities},
		{Name: "deals-won", Unit: v1alpha1.UnitCount, Role: v1alpha1.RoleWins},
		{Name: "campaign-pipeline", Unit: v1alpha1.UnitCurrency, Role: v1alpha1.RolePipeline},
		{Name: "campaign-cost", Unit: v1alpha1.UnitCurrency, Role: v1alpha1.RoleCost},
	} {
		m.Behaviour = v1alpha1.BehaviourFlow
		d.Program.Spec.Metrics = append(d.Program.Spec.Metrics, m)
	}
	d.Plan.Spec.Activities[0].Initiatives = []v1alpha1.Name{"cloud-migration"}
	d.ApprovePlan()
	d.GrantInFull()
	for _, x := range campaigns {
		d.More = append(d.More, x)
	}
	return d
}

// run is a campaign of the plan that runs in September 2026 and carries out an activity.
func run(name string, activity v1alpha1.Name, initiatives ...v1alpha1.Name) *v1alpha1.Campaign {
	x := testobj.Campaign(name, "acme-h1")
	x.Spec.Activity, x.Spec.Initiatives = activity, initiatives
	x.Spec.Schedule = v1alpha1.Schedule{StartsOn: "2026-09-01", EndsOn: "2026-09-30"}
	return x
}

// results are measurements about a campaign, as metric, day, value.
func results(of string, triples ...string) *v1alpha1.MeasurementSet {
	b := testobj.Measurements("of-"+of, v1alpha1.SubjectCampaign, v1alpha1.Name(of))
	for i := 0; i+2 < len(triples); i += 3 {
		b.Entry(v1alpha1.Name(triples[i]), v1alpha1.Date(triples[i+1]), v1alpha1.Decimal(triples[i+2]))
	}
	return b.Obj()
}

const november = "2026-11-03T10:00:00+01:00"

// told writes an account in short, a line for the whole and for each initiative.
func told(x *v1alpha1.PlanPipeline) string {
	if x == nil {
		return "none"
	}
	or := func(d v1alpha1.Decimal) string {
		if d == "" {
			return "-"
		}
		return string(d)
	}
	lines := []string{fmt.Sprintf("%d of %d measured, %s to %q: leads %s opportunities %s wins %s pipeline %s revenue %s cost %s granted %s paid %s", x.Measured, x.Campaigns,
		x.Currency, x.AsOf, or(x.Leads), or(x.Opportunities), or(x.Wins), or(x.Pipeline), or(x.Revenue), or(x.Cost), or(x.MDFGranted), or(x.MDFPaid))}
	for _, i := range x.Initiatives {
		lines = append(lines, fmt.Sprintf("%s: %d pipeline %s revenue %s cost %s granted %s paid %s", i.Initiative, i.Campaigns, or(i.Pipeline), or(i.Revenue),
			or(i.Cost), or(i.MDFGranted), or(i.MDFPaid)))
	}
	if x.Message != "" {
		lines = append(lines, x.Message)
	}
	return strings.Join(lines, "\n")
}

func TestThePipelineOfAPlan(t *testing.T) {
	paid := func(d *moneytest.Dossier, payments ...v1alpha1.Payment) {
		d.Lodge("c1", "2026-10-01", "4000.00", "2026-10-05T10:00:00+02:00").With(func(s *v1alpha1.MDFClaimSpec) { s.Payments = payments })
	}
	for name, tc := range map[string]struct {
		campaigns []*v1alpha1.Campaign
		change    func(*moneytest.Dossier)
		want      string
	}{
		"neither campaigns nor requests": {change: func(d *moneytest.Dossier) { d.Request.Spec.PlanRef.Name = "another" }, want: "none"},
		"no program":                     {change: func(d *moneytest.Dossier) { d.Partner.Spec.ProgramRef.Name = "another" }, want: "none"},
		"a request without a campaign counts where its activity does": {
			want: `0 of 0 measured, EUR to "": leads - opportunities - wins - pipeline - revenue - cost - granted 5000 paid 0` + "\n" +
				"cloud-migration: 0 pipeline - revenue - cost - granted 5000 paid 0",
		},
		"nothing is measured, which is not zero": {
			campaigns: []*v1alpha1.Campaign{run("a", "autumn-webinar")},
			want: `0 of 1 measured, EUR to "": leads - opportunities - wins - pipeline - revenue - cost - granted 5000 paid 0` + "\n" +
				"cloud-migration: 1 pipeline - revenue - cost - granted 5000 paid 0",
		},
		"two campaigns of one activity share its money, which counts once": {
			campaigns: []*v1alpha1.Campaign{run("a", "autumn-webinar"), run("b", "autumn-webinar")},
			change: func(d *moneytest.Dossier) {
				d.More = append(d.More,
					results("a", "qualified-leads", "2026-09-20", "30", "opportunities", "2026-09-25", "6", "deals-won", "2026-10-02", "2", "campaign-pipeline", "2026-09-25", "60000.005",
						"new-revenue", "2026-10-02", "12000.50", "campaign-cost", "2026-08-01", "4000"),
					results("b", "qualified-leads", "2026-10-10", "10", "campaign-pipeline", "2026-10-10", "9999.995"))
				paid(d, testobj.Payment("RUN-1", "2026-10-20", "1500.00"), testobj.Payment("RUN-2", "2026-12-01", "500.00"))
			},
			want: `2 of 2 measured, EUR to "2026-10-10": leads 40 opportunities 6 wins 2 pipeline 70000 revenue 12000.50 cost 4000 granted 5000 paid 1500` + "\n" +
				"cloud-migration: 2 pipeline 70000 revenue 12000.50 cost 4000 granted 5000 paid 1500",
		},
		"several initiatives, and none": {
			campaigns: []*v1alpha1.Campaign{
				run("a", "autumn-webinar", "security", "cloud-migration"), run("b", "fair"), run("c", "fair", "unheard-of"), run("d", "fair", "security", "unheard-of"),
			},
			change: func(d *moneytest.Dossier) {
				d.More = append(d.More, results("a", "campaign-cost", "2026-09-20", "100"), results("b", "campaign-cost", "2026-09-20", "20"),
					results("c", "campaign-cost", "2026-09-20", "3"), results("d", "campaign-cost", "2026-09-20", "0.5"))
			},
			want: `4 of 4 measured, EUR to "2026-09-20": leads - opportunities - wins - pipeline - revenue - cost 123.50 granted 5000 paid 0` + "\n" +
				"none: 2 pipeline - revenue - cost 23 granted - paid -\nsecurity: 1 pipeline - revenue - cost 0.50 granted - paid -\n" +
				"several: 1 pipeline - revenue - cost 100 granted 5000 paid 0",
		},
		"campaigns of one activity for different initiatives": {
			campaigns: []*v1alpha1.Campaign{run("a", "autumn-webinar", "security"), run("b", "autumn-webinar")},
			want: `0 of 2 measured, EUR to "": leads - opportunities - wins - pipeline - revenue - cost - granted 5000 paid 0` + "\n" +
				"cloud-migration: 1 pipeline - revenue - cost - granted - paid -\nsecurity: 1 pipeline - revenue - cost - granted - paid -\n" +
				"several: 0 pipeline - revenue - cost - granted 5000 paid 0",
		},
		"paid in another currency, and the ledger is lost": {
			change: func(d *moneytest.Dossier) {
				foreign := testobj.Payment("RUN-1", "2026-10-20", "1500.00")
				foreign.Currency = "USD"
				paid(d, foreign)
				d.Ledger, d.Budget.Status.Ledger = nil, &v1alpha1.LedgerRecord{Name: "fy27-emea", UID: "ledger-1"}
			},
			want: `0 of 0 measured, EUR to "": leads - opportunities - wins - pipeline - revenue - cost - granted - paid 0` + "\n" +
				"cloud-migration: 0 pipeline - revenue - cost - granted - paid 0\n" +
				`MDFClaim "c1" was paid in USD, and the program's currency is EUR: mdfPaid leaves it out; 1 more amount is left out for a similar reason`,
		},
		"what the partner alone reports does not count": {
			campaigns: []*v1alpha1.Campaign{run("a", "autumn-webinar")},
			change: func(d *moneytest.Dossier) {
				own, vouched := results("a", "qualified-leads", "2026-10-20", "30", "new-revenue", "2026-10-20", "5000"), results("a", "campaign-cost", "2026-09-20", "100")
				own.Name, own.Spec.Source = "reported", v1alpha1.SourcePartnerReported
				d.More = append(d.More, own, vouched)
				d.Program.Spec.Metrics[0].SourceOfRecord = v1alpha1.SourcePartnerReported // its word is taken for revenue
			},
			want: `1 of 1 measured, EUR to "2026-10-20": leads - opportunities - wins - pipeline - revenue 5000 cost 100 granted 5000 paid 0` + "\n" +
				"cloud-migration: 1 pipeline - revenue 5000 cost 100 granted 5000 paid 0\n" +
				`What the partner alone reports of Campaign "a" is left out: qualified-leads`,
		},
		"granted in another currency": {
			change: func(d *moneytest.Dossier) { d.Ledger.Spec.Currency, d.Budget.Spec.Amount.Currency = "CHF", "CHF" },
			want: `0 of 0 measured, EUR to "": leads - opportunities - wins - pipeline - revenue - cost - granted 0 paid 0` + "\n" +
				"cloud-migration: 0 pipeline - revenue - cost - granted 0 paid 0\n" +
				`MDFAllocation "r1" is granted in CHF, and the program's currency is EUR: mdfGranted leaves it out`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := dossier(tc.campaigns...)
			if tc.change != nil {
				tc.change(d)
			}
			got, _ := pipeline.OfPlan(d.Snapshot(), d.Plan, testobj.At(november))
			if diff := cmp.Diff(tc.want, told(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestThePipelineOfAPartnerIsThatOfItsOpenPlans(t *testing.T) {
	d := dossier(run("a", "autumn-webinar"))
	past, next := testobj.Plan("acme-past").Period(2026, v1alpha1.PartH1).Obj(), testobj.Plan("acme-h2").Period(2027, v1alpha1.PartH2).Obj()
	d.Program.Spec.RuleSets[0].EffectiveFrom = "2025-07-01"
	old, coming := run("old", ""), run("coming", "")
	old.Spec.PlanRef.Name, coming.Spec.PlanRef.Name = "acme-past", "acme-h2"
	old.Spec.Schedule = v1alpha1.Schedule{StartsOn: "2025-09-01", EndsOn: "2025-09-30"}
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		d.More = append(d.More, testobj.Decision("past-"+strings.ToLower(string(party)), past.Name, plan.Revision(&past.Spec.PlanTerms), party,
			v1alpha1.DecisionApproved, "2025-06-20T09:00:00Z"))
	}
	d.More = append(d.More, past, next, old, coming, results("a", "campaign-cost", "2026-09-20", "100"), results("old", "campaign-cost", "2025-09-20", "7"),
		results("coming", "campaign-cost", "2026-10-20", "30"))
	got, _ := pipeline.OfPartner(d.Snapshot(), d.Partner, testobj.At(november))
	want := `2 of 2 measured, EUR to "2026-10-20": leads - opportunities - wins - pipeline - revenue - cost 130 granted 5000 paid 0`
	if diff := cmp.Diff(want, told(&v1alpha1.PlanPipeline{PipelineSums: got.PipelineSums})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]v1alpha1.Name{"acme-h1", "acme-h2"}, got.Plans); diff != "" || got.FurtherPlans != nil {
		t.Errorf("plans (-want +got):\n%s and %v more", diff, got.FurtherPlans)
	}
	if got, _ := pipeline.OfPartner(testobj.Snapshot(d.Program, d.Partner), d.Partner, testobj.At(november)); got != nil {
		t.Errorf("of a partner without plans: %v", got)
	}
}

func TestAPartnerListsEightPlans(t *testing.T) {
	d := dossier()
	for i := range 23 {
		one := testobj.Plan(fmt.Sprintf("p%02d", i)).Period(2027, v1alpha1.PartH2).Obj()
		x := run(fmt.Sprintf("c%02d", i), "")
		x.Spec.PlanRef.Name = v1alpha1.Name(one.Name)
		d.More = append(d.More, one, x)
	}
	got, _ := pipeline.OfPartner(d.Snapshot(), d.Partner, testobj.At(november))
	if len(got.Plans) != 8 || got.FurtherPlans == nil || *got.FurtherPlans != 16 || got.Campaigns != 23 {
		t.Errorf("%d plans listed, %v more, %d campaigns; want 8, 16 and 23", len(got.Plans), got.FurtherPlans, got.Campaigns)
	}
}

// draw draws a plan with campaigns, results, claims and payments around the second half of 2026.
func draw(t *rapid.T) (d *moneytest.Dossier, campaigns []*v1alpha1.Campaign) {
	day := func(label string) v1alpha1.Date {
		return v1alpha1.Date(time.Date(2026, 7, 1+rapid.IntRange(0, 240).Draw(t, label), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "campaigns") {
		x := run(fmt.Sprintf("c%d", i), rapid.SampledFrom([]v1alpha1.Name{"", "autumn-webinar", "fair", "unknown"}).Draw(t, "activity"),
			rapid.SampledFrom([][]v1alpha1.Name{nil, {"security"}, {"security", "cloud-migration"}, {"unheard-of"}}).Draw(t, "initiatives")...)
		x.Spec.Schedule.StartsOn, x.Spec.Schedule.EndsOn = day("starts"), day("ends")
		x.Spec.Schedule.AttributionDays = new(rapid.Int32Range(0, 60).Draw(t, "attribution"))
		campaigns = append(campaigns, x)
	}
	d = dossier(campaigns...)
	for _, x := range campaigns {
		b := testobj.Measurements("of-"+x.Name, v1alpha1.SubjectCampaign, v1alpha1.Name(x.Name))
		for range rapid.IntRange(0, 6).Draw(t, "entries") {
			value := big.NewRat(rapid.Int64Range(-500, 90000).Draw(t, "value"), 1000)
			b.Entry(rapid.SampledFrom(d.Program.Spec.Metrics).Draw(t, "metric").Name, day("measured on"), v1alpha1.Decimal(decimal.Short(value, 3)))
		}
		d.More = append(d.More, b.Obj())
	}
	if rapid.Bool().Draw(t, "claimed") {
		d.Lodge("k", day("claimed on"), "4000.00", string(day("accepted on"))+"T10:00:00+02:00").With(func(s *v1alpha1.MDFClaimSpec) {
			for i := range rapid.IntRange(0, 3).Draw(t, "payments") {
				s.Payments = append(s.Payments, testobj.Payment(fmt.Sprintf("RUN-%d", i), day("paid on"), "100.01"))
			}
		})
	}
	if rapid.Bool().Draw(t, "withdrawn") {
		d.Request.Spec.WithdrawnOn = day("withdrawn on")
	}
	return d, campaigns
}

func drawInstant(t *rapid.T) time.Time {
	return testobj.At("2026-06-20T00:00:00+02:00").Add(time.Duration(rapid.Int64Range(0, 300*24).Draw(t, "now in hours")) * time.Hour)
}

// TestSumsAreThoseOfTheirParts: what campaigns and the request say of themselves adds up to the plan's account, and so do the initiatives.
func TestSumsAreThoseOfTheirParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, campaigns := draw(t)
		now, p := drawInstant(t), d.Snapshot()
		got, _ := pipeline.OfPlan(p, d.Plan, now)
		if got == nil {
			t.Fatal("no account, with a request for money")
		}
		exact := campaign.Account{}
		for _, x := range campaigns {
			add(&exact, &campaign.Of(p, x, now).Account)
		}
		for _, one := range []struct {
			name  string
			sum   *big.Rat
			shown v1alpha1.Decimal
			units int
		}{
			{"leads", exact.Leads, got.Leads, 6},
			{"opportunities", exact.Opportunities, got.Opportunities, 6},
			{"wins", exact.Wins, got.Wins, 6},
			{"pipeline", exact.Pipeline, got.Pipeline, 2},
			{"revenue", exact.Revenue, got.Revenue, 2},
			{"cost", exact.Cost, got.Cost, 2},
		} {
			switch {
			case one.sum == nil && one.shown != "", one.sum != nil && one.shown == "":
				t.Fatalf("%s are shown as %q, and are %v", one.name, one.shown, one.sum)
			case one.sum != nil && decimal.MustParse(string(one.shown)).Cmp(decimal.MustParse(decimal.FloorDecimal(one.sum, one.units))) != 0:
				t.Fatalf("%s are shown as %s, and add up to %s", one.name, one.shown, one.sum.FloatString(8))
			}
		}
		request, _ := outcome.Evaluate(p, d.Request, facts.Gate{}, now)
		if !same(got.MDFGranted, amountOf(request.Granted)) {
			t.Fatalf("granted %s, by the request %v", got.MDFGranted, request.Granted)
		}
		counted := int32(0)
		granted, cost := new(big.Rat), new(big.Rat)
		for _, i := range got.Initiatives {
			counted += i.Campaigns
			plus(granted, i.MDFGranted)
			plus(cost, i.Cost)
		}
		if counted != got.Campaigns || int(counted) != len(campaigns) || !same(got.MDFGranted, granted) {
			t.Fatalf("%d campaigns and %s granted by initiative, of %d and %s", counted, granted.FloatString(2), got.Campaigns, got.MDFGranted)
		}
		if whole := new(big.Rat); got.Cost != "" { // each part is rounded down by less than a cent
			plus(whole, got.Cost)
			if gap := whole.Sub(whole, cost); gap.Sign() < 0 || gap.Cmp(big.NewRat(int64(len(got.Initiatives)), 100)) >= 0 {
				t.Fatalf("cost %s, by initiative %s", got.Cost, cost.FloatString(4))
			}
		}
	})
}

// TestTheAccountHoldsUntilItsNextChange holds of plans and partners.
func TestTheAccountHoldsUntilItsNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, _ := draw(t)
		now, p := drawInstant(t), d.Snapshot()
		holds(t, now, func(at time.Time) (any, time.Time) { return pipeline.OfPlan(p, d.Plan, at) })
		holds(t, now, func(at time.Time) (any, time.Time) { return pipeline.OfPartner(p, d.Partner, at) })
	})
}

func holds(t *rapid.T, now time.Time, evaluate func(time.Time) (any, time.Time)) {
	got, end := evaluate(now)
	if end.IsZero() {
		end = now.AddDate(3, 0, 0)
	}
	if !end.After(now) {
		t.Fatalf("next change at %s, not after %s", end, now)
	}
	then := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now)-1)).Draw(t, "then")))
	for _, at := range []time.Time{then, end.Add(-1)} {
		if again, _ := evaluate(at); cmp.Diff(got, again) != "" {
			t.Fatalf("at %s and %s, before %s:\n%s", now, at, end, cmp.Diff(got, again))
		}
	}
}

// TestStatusesOfOthersAreNotRead: whatever the statuses of campaigns and requests say, the account is that of their specs.
func TestStatusesOfOthersAreNotRead(t *testing.T) {
	d := dossier(run("a", "autumn-webinar"))
	d.More = append(d.More, results("a", "campaign-cost", "2026-09-20", "100"))
	want, _ := pipeline.OfPlan(d.Snapshot(), d.Plan, testobj.At(november))
	lie := v1alpha1.Money{Amount: "77.00", Currency: "EUR"}
	d.Request.Status.Granted, d.Request.Status.Paid = &lie, &lie
	for _, x := range d.More {
		if c, ok := x.(*v1alpha1.Campaign); ok {
			c.Status = v1alpha1.CampaignStatus{Cost: "77", Leads: "77"}
			c.Status.Conditions = []metav1.Condition{{Type: "Ready"}}
		}
	}
	got, _ := pipeline.OfPlan(d.Snapshot(), d.Plan, testobj.At(november))
	if diff := cmp.Diff(want, got); diff != "" || want.Cost != "100" {
		t.Errorf("cost %s (-want +got):\n%s", want.Cost, diff)
	}
}

// TestWhatIsSharedIsNotChanged: the account of a plan is asked for by the plan and by its partner.
func TestWhatIsSharedIsNotChanged(t *testing.T) {
	d := dossier(run("a", "autumn-webinar"), run("b", "fair"))
	d.More = append(d.More, results("a", "campaign-cost", "2026-09-20", "100"), results("b", "campaign-cost", "2026-09-20", "20"))
	p, now := d.Snapshot(), testobj.At(november)
	first, _ := pipeline.OfPartner(p, d.Partner, now)
	ofPlan, _ := pipeline.OfPlan(p, d.Plan, now)
	again, _ := pipeline.OfPartner(p, d.Partner, now)
	fresh, _ := pipeline.OfPlan(d.Snapshot(), d.Plan, now)
	if diff := cmp.Diff(first, again) + cmp.Diff(fresh, ofPlan); diff != "" {
		t.Error(diff)
	}
}

func add(to, by *campaign.Account) {
	for _, x := range [][2]**big.Rat{
		{&to.Leads, &by.Leads},
		{&to.Opportunities, &by.Opportunities},
		{&to.Wins, &by.Wins},
		{&to.Pipeline, &by.Pipeline},
		{&to.Revenue, &by.Revenue},
		{&to.Cost, &by.Cost},
	} {
		if *x[1] == nil {
			continue
		}
		if *x[0] == nil {
			*x[0] = new(big.Rat)
		}
		(*x[0]).Add(*x[0], *x[1])
	}
}

func amountOf(m *v1alpha1.Money) *big.Rat {
	if m == nil {
		return new(big.Rat)
	}
	return decimal.MustParse(string(m.Amount))
}

func same(shown v1alpha1.Decimal, sum *big.Rat) bool {
	return shown != "" && decimal.MustParse(string(shown)).Cmp(sum) == 0
}

func plus(sum *big.Rat, text v1alpha1.Decimal) {
	if text != "" {
		sum.Add(sum, decimal.MustParse(string(text)))
	}
}
