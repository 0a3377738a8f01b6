package campaign_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/campaign"
)

// aSeason adds the results of a campaign that went well: 40 leads for 8,000.00, and 40,000.00 of revenue.
func aSeason(w *world) {
	w.measured("campaign-cost", "2026-08-03", "1000.00") // a deposit, before the start
	w.measured("campaign-cost", "2026-10-05", "7000.00")
	w.measured("registrations", "2026-09-10", "320")
	w.measured("qualified-leads", "2026-09-10", "30")
	w.measured("qualified-leads", "2026-10-02", "10", "2026-09-30")
	w.measured("opportunities", "2026-10-10", "6", "2026-09-10")
	w.measured("pipeline", "2026-10-10", "120000.50")
	w.measured("new-revenue", "2026-11-20", "40000", "2026-09-10")
}

func TestACampaignWithResults(t *testing.T) {
	w := newWorld()
	aSeason(w)
	got, next := w.at("2026-11-30T12:00:00+01:00")
	condition := func(kind string, reason, message string) metav1.Condition {
		return metav1.Condition{
			Type: kind, Status: metav1.ConditionTrue, Reason: reason, Message: message, ObservedGeneration: 7,
			LastTransitionTime: metav1.NewTime(instant("2026-11-30T11:00:00Z").UTC()),
		}
	}
	want := v1alpha1.CampaignStatus{
		CommonStatus: v1alpha1.CommonStatus{
			ObservedGeneration: 7,
			Conditions: []metav1.Condition{
				condition("Ready", "Evaluated", "evaluated; the spec has no errors"),
				condition("Aligned", "Aligned", `carries out activity "autumn-webinars" of the plan of record and serves cloud-migration`),
				condition("WithinStopRule", "WithinLimit",
					"EUR 200.00 per result of qualified-leads, limit EUR 250.00; 40 qualified-leads for EUR 8,000.00 through 2026-10-05"),
			},
		},
		Stage: v1alpha1.CampaignAttributing, AttributionThrough: "2026-12-29", AsOf: "2026-11-20",
		Currency: "EUR",
		Leads:    "40", Cost: "8000", Pipeline: "120000.50", Revenue: "40000",
		Funnel: []v1alpha1.FunnelStepStatus{
			{Metric: "registrations", Expected: "400", Actual: "320"},
			{Metric: "qualified-leads", Expected: "50", Actual: "40", ExpectedRatePercent: ptr.To[int32](12), ActualRatePercent: ptr.To[int32](12)},
			{Metric: "opportunities", Expected: "10", Actual: "6", ExpectedRatePercent: ptr.To[int32](20), ActualRatePercent: ptr.To[int32](15)},
			{Metric: "pipeline", Expected: "200000", Actual: "120000.50"},
		},
		CostPerResult: []v1alpha1.CostPerResult{
			{Metric: "registrations", Expected: "25", Actual: "25"},
			{Metric: "qualified-leads", Expected: "200", Actual: "200"},
			{Metric: "opportunities", Expected: "1000", Actual: "1333.33"},
			{Metric: "pipeline", Expected: "0.05", Actual: "0.06"},
		},
		Returns: &v1alpha1.CampaignReturns{
			MarginROIPercent: ptr.To[int32](25), MDFReturnPercent: ptr.To[int32](800), PipelineToSpendPercent: ptr.To[int32](1500),
			MDFPaid: "5000", MDFReturnMessage: "revenue of EUR 40,000.00 on EUR 5,000.00 of MDF that was paid",
		},
		Cohorts: []v1alpha1.Cohort{
			{Month: "2026-09", Leads: "40", Opportunities: "6", Revenue: "40000", LeadToOpportunityPercent: ptr.To[int32](15)},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	if !next.Equal(instant("2026-12-30T00:00:00+01:00")) {
		t.Errorf("next change at %s, want the end of the attribution window", next)
	}
}

func TestStagesAndTheInstantsAtWhichTheyChange(t *testing.T) {
	for name, tc := range map[string]struct {
		now, wantNext string
		want          v1alpha1.CampaignStage
	}{
		"long before":                       {"2026-07-01", "2026-09-01T00:00:00+02:00", v1alpha1.CampaignPlanned},
		"a nanosecond before the first day": {"2026-08-31T23:59:59.999999999+02:00", "2026-09-01T00:00:00+02:00", v1alpha1.CampaignPlanned},
		"from the first day":                {"2026-09-01", "2026-10-01T00:00:00+02:00", v1alpha1.CampaignRunning},
		"through the last day":              {"2026-09-30T23:59:59.999999999+02:00", "2026-10-01T00:00:00+02:00", v1alpha1.CampaignRunning},
		"after the last day":                {"2026-10-01", "2026-10-21T00:00:00+02:00", v1alpha1.CampaignAttributing},
		"once results are judged":           {"2026-10-21", "2026-12-30T00:00:00+01:00", v1alpha1.CampaignAttributing},
		"through the last day that counts":  {"2026-12-29T23:59:59.999999999+01:00", "2026-12-30T00:00:00+01:00", v1alpha1.CampaignAttributing},
		"after the last day that counts":    {"2026-12-30T00:00:00+01:00", "", v1alpha1.CampaignCompleted},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.campaign.Spec.Schedule.ResultsFrom = "2026-10-21"
			got, next := w.at(tc.now)
			if got.Stage != tc.want || got.AttributionThrough != "2026-12-29" {
				t.Errorf("stage %s, attribution through %s; want %s and 2026-12-29", got.Stage, got.AttributionThrough, tc.want)
			}
			if tc.wantNext == "" && !next.IsZero() || tc.wantNext != "" && !next.Equal(instant(tc.wantNext)) {
				t.Errorf("next change at %s, want %s", next, tc.wantNext)
			}
		})
	}
}

func TestAttributionDays(t *testing.T) {
	for days, want := range map[int32]v1alpha1.Date{0: "2026-09-30", 1: "2026-10-01", 31: "2026-10-31", 730: "2028-09-29", -5: "2026-09-30"} {
		w := newWorld()
		w.campaign.Spec.Schedule.AttributionDays = &days
		if got, _ := w.at("2026-10-01"); got.AttributionThrough != want {
			t.Errorf("with attributionDays %d results count through %s, want %s", days, got.AttributionThrough, want)
		}
	}
}

// entry is the day of a measurement, and of the leads that it came of.
type entry struct{ on, cohort v1alpha1.Date }

func TestWhichResultsCount(t *testing.T) {
	for name, tc := range map[string]struct {
		metric v1alpha1.Name
		entry  entry
		want   bool
	}{
		"the day before the start":                           {"qualified-leads", entry{on: "2026-08-31"}, false},
		"the first day":                                      {"qualified-leads", entry{on: "2026-09-01"}, true},
		"the last day that counts":                           {"qualified-leads", entry{on: "2026-10-10"}, true},
		"the day after":                                      {"qualified-leads", entry{on: "2026-10-11"}, false},
		"10 days after its leads":                            {"qualified-leads", entry{on: "2026-09-15", cohort: "2026-09-05"}, true},
		"11 days after its leads":                            {"qualified-leads", entry{on: "2026-09-16", cohort: "2026-09-05"}, false},
		"of leads from the first day":                        {"qualified-leads", entry{on: "2026-09-05", cohort: "2026-09-01"}, true},
		"of leads from before the campaign":                  {"qualified-leads", entry{on: "2026-09-05", cohort: "2026-08-31"}, false},
		"late leads, in time, but after the window":          {"qualified-leads", entry{on: "2026-10-11", cohort: "2026-10-05"}, false},
		"a cost before the start":                            {"campaign-cost", entry{on: "2026-03-01"}, true},
		"a cost after the window":                            {"campaign-cost", entry{on: "2026-11-30"}, true},
		"a cost of leads long ago":                           {"campaign-cost", entry{on: "2026-09-16", cohort: "2026-08-01"}, true},
		"a cost that is dated tomorrow does not yet":         {"campaign-cost", entry{on: "2026-12-02"}, false},
		"a lead that is dated tomorrow is not a lead either": {"qualified-leads", entry{on: "2026-12-02"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.campaign.Spec.Schedule.AttributionDays = ptr.To[int32](10)
			w.measured(tc.metric, tc.entry.on, "100", tc.entry.cohort)
			got, next := w.at("2026-12-01T12:00:00+01:00")
			counted := got.Leads == "100" || got.Cost == "100"
			if counted != tc.want {
				t.Errorf("leads %q, cost %q; want it to count: %t", got.Leads, got.Cost, tc.want)
			}
			if future := tc.entry.on > "2026-12-01"; future != next.Equal(instant("2026-12-02T00:00:00+01:00")) {
				t.Errorf("next change at %s", next)
			}
		})
	}
}

func TestResultsThatAreNotAttributedAreNamed(t *testing.T) {
	for name, tc := range map[string]struct {
		entries []entry
		want    string
	}{
		"all count": {[]entry{{on: "2026-09-01"}}, ""},
		"one of three": {
			[]entry{{on: "2026-08-31"}, {on: "2026-09-01"}, {on: "2026-09-02"}},
			"1 of 3 entries of qualified-leads does not count: dated before 2026-09-01, the campaign's first day",
		},
		"the only one": {
			[]entry{{on: "2026-12-30"}}, "1 of 1 entry of qualified-leads does not count: dated after 2026-12-29, the last day on which results count",
		},
		"two for one reason": {
			[]entry{{on: "2026-08-30"}, {on: "2026-08-31"}, {on: "2026-09-01"}},
			"2 of 3 entries of qualified-leads do not count: dated before 2026-09-01, the campaign's first day",
		},
		"for all reasons": {
			[]entry{
				{on: "2026-08-31"},
				{on: "2026-09-01"},
				{on: "2026-12-30"},
				{on: "2026-12-31"},
				{on: "2026-09-02", cohort: "2026-08-31"},
				{on: "2026-12-20", cohort: "2026-09-05"},
			},
			"5 of 6 entries of qualified-leads do not count: dated before 2026-09-01, the campaign's first day (1); dated after 2026-12-29, the last day " +
				"on which results count (2); of leads from before 2026-09-01, the campaign's first day (1); more than 90 days after their leads (1)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			for _, x := range tc.entries {
				w.measured("qualified-leads", x.on, "10", x.cohort)
			}
			var want []v1alpha1.Finding
			if tc.want != "" {
				want = []v1alpha1.Finding{{Rule: "ResultsNotAttributed", Severity: v1alpha1.SeverityInfo, Message: tc.want}}
			}
			got, _ := w.at("2027-01-05T12:00:00+01:00")
			if diff := cmp.Diff(want, got.Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALevelIsTheNewestNotTheSum(t *testing.T) {
	w := newWorld()
	w.campaign.Spec.Funnel = []v1alpha1.FunnelStep{{Metric: "satisfaction", Expected: "80"}}
	w.measured("satisfaction", "2026-09-20", "70.5")
	w.measured("satisfaction", "2026-09-10", "90")
	w.measured("satisfaction", "2026-08-10", "99")
	got, _ := w.at("2026-10-20")
	want := []v1alpha1.FunnelStepStatus{{Metric: "satisfaction", Expected: "80", Actual: "70.5"}}
	if diff := cmp.Diff(want, got.Funnel); diff != "" {
		t.Errorf("funnel (-want +got):\n%s", diff)
	}
}

func TestNothingIsDividedByZero(t *testing.T) {
	step := func(metric v1alpha1.Name, expected v1alpha1.Decimal) v1alpha1.FunnelStep {
		return v1alpha1.FunnelStep{Metric: metric, Expected: expected}
	}
	for name, tc := range map[string]struct {
		change      func(*world)
		wantRates   string // of the second step
		wantCost    string // of the second step
		wantReturns *v1alpha1.CampaignReturns
	}{
		"nothing measured": {func(*world) {}, "expected 10, actual none", "expected 200, actual none", nil},
		"nothing expected": {func(w *world) {
			w.campaign.Spec.Funnel = []v1alpha1.FunnelStep{step("registrations", "0"), step("qualified-leads", "0.00")}
		}, "expected none, actual none", "expected none, actual none", nil},
		"no cost expected": {func(w *world) { w.campaign.Spec.Cost = nil }, "expected 10, actual none", "expected none, actual none", nil},
		"zeros measured": {func(w *world) {
			w.measured("registrations", "2026-09-10", "0")
			w.measured("qualified-leads", "2026-09-10", "0")
			w.measured("campaign-cost", "2026-09-10", "0")
			w.measured("new-revenue", "2026-09-10", "500")
			w.measured("pipeline", "2026-09-10", "500")
			w.claims = nil
		}, "expected 10, actual none", "expected 200, actual none", nil},
		"more taken back than made": {func(w *world) {
			w.measured("registrations", "2026-09-10", "-3")
			w.measured("qualified-leads", "2026-09-10", "-1")
			w.measured("campaign-cost", "2026-09-10", "-100")
			w.measured("new-revenue", "2026-09-10", "-500")
		}, "expected 10, actual none", "expected 200, actual none", &v1alpha1.CampaignReturns{MDFReturnPercent: ptr.To[int32](-10)}},
		"revenue without cost": {
			func(w *world) { w.measured("new-revenue", "2026-09-10", "2500") },
			"expected 10, actual none", "expected 200, actual none", &v1alpha1.CampaignReturns{MDFReturnPercent: ptr.To[int32](50)},
		},
		"cost without revenue": {func(w *world) {
			w.measured("campaign-cost", "2026-09-10", "1000.10")
			w.measured("qualified-leads", "2026-09-10", "3")
			w.measured("pipeline", "2026-09-10", "9999")
		}, "expected 10, actual none", "expected 200, actual 333.36", &v1alpha1.CampaignReturns{PipelineToSpendPercent: ptr.To[int32](999)}},
		"a loss is rounded down too": {func(w *world) {
			w.measured("campaign-cost", "2026-09-10", "1000")
			w.measured("new-revenue", "2026-09-10", "3499")
			w.measured("registrations", "2026-09-10", "7")
			w.measured("qualified-leads", "2026-09-10", "2")
		}, "expected 10, actual 28", "expected 200, actual 500", &v1alpha1.CampaignReturns{
			MarginROIPercent: ptr.To[int32](-13), MDFReturnPercent: ptr.To[int32](69),
		}},
		"no margin stated": {func(w *world) {
			w.campaign.Spec.MarginPercent = ""
			w.claims = nil
			w.measured("campaign-cost", "2026-09-10", "1000")
			w.measured("new-revenue", "2026-09-10", "3500")
		}, "expected 10, actual none", "expected 200, actual none", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			w.campaign.Spec.Funnel = []v1alpha1.FunnelStep{step("registrations", "500"), step("qualified-leads", "50")}
			tc.change(w)
			got, _ := w.at("2026-10-20")
			step := got.Funnel[1]
			if rates := fmt.Sprintf("expected %s, actual %s", percent(step.ExpectedRatePercent), percent(step.ActualRatePercent)); rates != tc.wantRates {
				t.Errorf("rates: %s; want %s", rates, tc.wantRates)
			}
			cost := v1alpha1.CostPerResult{}
			for _, line := range got.CostPerResult {
				if line.Metric == "qualified-leads" {
					cost = line
				}
			}
			if text := fmt.Sprintf("expected %s, actual %s", orNone(string(cost.Expected)), orNone(string(cost.Actual))); text != tc.wantCost {
				t.Errorf("cost per result: %s; want %s", text, tc.wantCost)
			}
			if diff := cmp.Diff(tc.wantReturns, figures(got.Returns)); diff != "" {
				t.Errorf("returns (-want +got):\n%s", diff)
			}
		})
	}
}

func percent(p *int32) string {
	if p == nil {
		return "none"
	}
	return fmt.Sprint(*p)
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

func TestCostPerResultHasTheStopRulesMetricOnce(t *testing.T) {
	w := newWorld()
	w.campaign.Spec.Funnel = []v1alpha1.FunnelStep{{Metric: "registrations", Expected: "400"}}
	w.measured("campaign-cost", "2026-09-10", "1000")
	w.measured("qualified-leads", "2026-09-10", "8")
	want := []v1alpha1.CostPerResult{{Metric: "registrations", Expected: "25"}, {Metric: "qualified-leads", Actual: "125"}}
	got, _ := w.at("2026-10-20")
	if diff := cmp.Diff(want, got.CostPerResult); diff != "" {
		t.Errorf("costPerResult (-want +got):\n%s", diff)
	}
	w.campaign.Spec.StopRule.Metric = "registrations"
	got, _ = w.at("2026-10-20")
	if diff := cmp.Diff(want[:1], got.CostPerResult); diff != "" {
		t.Errorf("costPerResult (-want +got):\n%s", diff)
	}
}

func TestFiguresHaveTheDigitsOfTheCurrency(t *testing.T) {
	w := newWorld()
	w.program.Currency = "JPY"
	w.campaign.Spec.Cost = &v1alpha1.Money{Amount: "10000", Currency: "JPY"}
	w.campaign.Spec.MDF = nil
	w.measured("campaign-cost", "2026-09-10", "1000.75")
	w.measured("qualified-leads", "2026-09-10", "3.5")
	got, _ := w.at("2026-10-20")
	if got.Cost != "1000" || got.Leads != "3.5" || got.CostPerResult[1].Actual != "285" {
		t.Errorf("cost %s, leads %s, cost per lead %s; want 1000, 3.5 and 285", got.Cost, got.Leads, got.CostPerResult[1].Actual)
	}
}

func TestCohortsAreTheMonthsInWhichLeadsWereMade(t *testing.T) {
	w := newWorld()
	w.measured("qualified-leads", "2026-09-10", "30")
	w.measured("qualified-leads", "2026-10-02", "9", "2026-09-30") // known in October, made in September
	w.measured("qualified-leads", "2026-10-20", "20")
	w.measured("opportunities", "2026-10-25", "5", "2026-09-10")
	w.measured("opportunities", "2026-11-25", "1", "2026-09-30")
	w.measured("opportunities", "2026-11-26", "4") // of no cohort
	w.measured("new-revenue", "2026-12-01", "1000.505", "2026-10-20")
	w.measured("new-revenue", "2026-12-05", "100", "2026-11-05") // of a month without leads
	w.measured("opportunities", "2026-12-20", "7", "2026-09-10") // more than 90 days after
	got, _ := w.at("2027-01-20T12:00:00+01:00")
	want := []v1alpha1.Cohort{
		{Month: "2026-09", Leads: "39", Opportunities: "6", LeadToOpportunityPercent: ptr.To[int32](15)},
		{Month: "2026-10", Leads: "20", Revenue: "1000.50"},
		{Month: "2026-11", Revenue: "100"},
	}
	if diff := cmp.Diff(want, got.Cohorts); diff != "" {
		t.Errorf("cohorts (-want +got):\n%s", diff)
	}
}

func TestTheNewest24CohortsAreShown(t *testing.T) {
	w := newWorld()
	w.campaign.Spec.Schedule.EndsOn = "2029-08-31"
	for i := range 30 {
		w.measured("qualified-leads", v1alpha1.Date(time.Date(2026, time.Month(9+i), 5, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)), "1")
	}
	got, _ := w.at("2029-06-01")
	if n := len(got.Cohorts); n != 24 || got.Cohorts[0].Month != "2027-03" || got.Cohorts[23].Month != "2029-02" {
		t.Errorf("%d cohorts from %s, want the 24 from 2027-03 through 2029-02", n, got.Cohorts[0].Month)
	}
	if got.Leads != "30" {
		t.Errorf("leads = %s, want all 30", got.Leads)
	}
}

func TestReferencesThatLeadNowhere(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*world)
		want   string
	}{
		"no such plan": {
			func(w *world) { w.campaign.Spec.PlanRef.Name = "acme-h2" },
			`JointPlan "acme-h2" not found or not permitted: did you mean "acme-h1"?`,
		},
		"the plan's partner is gone": {
			func(w *world) { w.partners = nil },
			`plan "acme-h1" has no partner: Partner "acme" not found or not permitted`,
		},
		"the partner's program is gone": {
			func(w *world) { w.partners[0].Spec.ProgramRef.Name = "northwin" },
			`partner "acme" of plan "acme-h1" has no program: PartnerProgram "northwin" not found or not permitted: did you mean "northwind"?`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			aSeason(w)
			tc.change(w)
			got, next := w.at("2026-10-20")
			want := []v1alpha1.Finding{{Rule: "ReferenceNotFound", Severity: v1alpha1.SeverityError, Field: "spec.planRef.name", Message: tc.want}}
			if diff := cmp.Diff(want, got.Findings); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			for kind, want := range map[string]string{
				"Ready":          "False ReferenceNotFound: spec.planRef.name: " + tc.want,
				"Stalled":        "True ReferenceNotFound: spec.planRef.name: " + tc.want,
				"Aligned":        "Unknown NotEvaluated: not judged: the plan and its program must be found first",
				"WithinStopRule": "Unknown NotEvaluated: not judged: the plan and its program must be found first",
			} {
				if got := verdictOf(got, kind); got != want {
					t.Errorf("%s = %s\nwant %s", kind, got, want)
				}
			}
			if !next.IsZero() {
				t.Errorf("next change at %s, want never", next)
			}
		})
	}
}

func TestEvaluateTakesAnythingThatAStructCanHold(t *testing.T) {
	huge := v1alpha1.Decimal("999999999999999.999999")
	for name, change := range map[string]func(*world){
		"an empty campaign": func(w *world) { w.campaign.Spec = v1alpha1.CampaignSpec{PlanRef: w.campaign.Spec.PlanRef} },
		"an empty plan": func(w *world) {
			w.plans[0].Spec.PlanTerms = v1alpha1.PlanTerms{PartnerRef: v1alpha1.Reference{Name: "acme"}}
		},
		"an empty program":   func(w *world) { w.program = v1alpha1.PartnerProgramSpec{} },
		"an empty period":    func(w *world) { w.plans[0].Spec.Period = v1alpha1.Period{}; w.approve() },
		"empty steps":        func(w *world) { w.campaign.Spec.Funnel = make([]v1alpha1.FunnelStep, 20) },
		"an empty stop rule": func(w *world) { w.campaign.Spec.StopRule = &v1alpha1.StopRule{} },
		"empty money":        func(w *world) { w.campaign.Spec.Cost, w.campaign.Spec.MDF = &v1alpha1.Money{}, &v1alpha1.Money{} },
		"years at the end of time": func(w *world) {
			w.campaign.Spec.Schedule = v1alpha1.Schedule{StartsOn: "9999-12-31", EndsOn: "9999-12-31"}
		},
		"centuries": func(w *world) {
			w.plans[0].Spec.Segment = "schools"
			w.campaign.Spec.Schedule = v1alpha1.Schedule{StartsOn: "1900-01-01", EndsOn: "9999-12-31", AttributionDays: ptr.To[int32](2147483647)}
		},
		"an empty set": func(w *world) { w.measured("", "", "") },
		"a short season": func(w *world) {
			w.plans[0].Spec.Segment = "schools"
			w.program.SeasonCurves[0].MonthWeights = []v1alpha1.Percent{"0"}
		},
		"a broken season": func(w *world) { w.plans[0].Spec.Segment = "schools"; w.program.SeasonCurves[0].MonthWeights[3] = "x" },
		"huge figures": func(w *world) {
			for _, metric := range []v1alpha1.Name{"campaign-cost", "new-revenue", "pipeline", "qualified-leads"} {
				for day := 10; day < 20; day++ {
					w.measured(metric, v1alpha1.Date(fmt.Sprintf("2026-09-%d", day)), huge)
				}
			}
		},
		"the zero time": func(*world) {},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld()
			change(w)
			w.at("2026-10-20")
			w.evaluate(time.Time{})
		})
	}
	got, _ := campaign.Evaluate(snapshot.New("", nil, snapshot.Objects{}), &v1alpha1.Campaign{}, time.Time{})
	if want := `Unknown NotEvaluated: not judged: the plan and its program must be found first`; verdictOf(got, "Aligned") != want {
		t.Errorf("Aligned of nothing = %s", verdictOf(got, "Aligned"))
	}
}

func TestHugeFiguresFitTheAPI(t *testing.T) {
	w := newWorld()
	for day := 10; day < 20; day++ {
		w.measured("campaign-cost", v1alpha1.Date(fmt.Sprintf("2026-09-%d", day)), "999999999999999.999999")
		w.measured("qualified-leads", v1alpha1.Date(fmt.Sprintf("2026-09-%d", day)), "0.000001")
	}
	got, _ := w.at("2026-10-20")
	if got.Cost != "999999999999999.99" || got.Leads != "0.00001" || got.CostPerResult[1].Actual != "999999999999999.99" {
		t.Errorf("cost %s, leads %s, cost per lead %s", got.Cost, got.Leads, got.CostPerResult[1].Actual)
	}
}
