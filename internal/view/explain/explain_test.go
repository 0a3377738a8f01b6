package explain_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/concern"
	"jointplan.dev/jointplan/internal/view/explain"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// story returns the samples at an instant.
func story(t *testing.T, at string) (*lineage.Index, time.Time) {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	return lineage.New(preview.New(set).At(now)), now
}

// find returns a verdict by the title of its section and its rule.
func find(t *testing.T, e *explain.Explanation, title, rule string) explain.Verdict {
	t.Helper()
	for _, section := range e.Sections {
		i := slices.IndexFunc(section.Verdicts, func(v explain.Verdict) bool { return v.Rule == rule })
		if strings.HasPrefix(section.Title, title) && i >= 0 {
			return section.Verdicts[i]
		}
	}
	t.Errorf("%s %s has no verdict %q in section %q", e.Kind, e.Name, rule, title)
	return explain.Verdict{}
}

// TestVerdicts looks at one verdict of each kind: what was asked, found, missing, as of which day, from where.
func TestVerdicts(t *testing.T) {
	index, now := story(t, "2026-11-03T09:00:00Z")
	for name, x := range map[string]struct {
		key         manifest.Key
		title, rule string
		want        explain.Verdict
	}{
		"a goal": {
			manifest.Key{Kind: "JointPlan", Namespace: "partner-brightpath", Name: "brightpath-fy27-h1"},
			"Goals", "leads (30%)",
			explain.Verdict{Verdict: "AtRisk", Level: concern.Warning, Threshold: "60 by 2026-12-31", Found: "44", AsOf: "2026-09-30", Source: "crm"},
		},
		"a missed review": {
			manifest.Key{Kind: "JointPlan", Namespace: "partner-finch", Name: "finch-fy27-h1"},
			"Conditions", "ReviewOverdue",
			explain.Verdict{Verdict: "True, Overdue", Level: concern.Grave},
		},
		"a requirement of the tier": {
			manifest.Key{Kind: "Partner", Namespace: "partner-helix", Name: "helix"},
			"Tier requirements", "gold: new-users",
			explain.Verdict{
				Verdict: "NotMet", Level: concern.Warning, Threshold: ">= 300", Found: "285", Shortfall: "15", AsOf: "2025-10-01 to 2026-09-30", Source: "billing",
			},
		},
		"a requirement of a tier above": {
			manifest.Key{Kind: "Partner", Namespace: "partner-acme", Name: "acme"},
			"Tier requirements", "platinum: certified-engineer",
			explain.Verdict{Verdict: "NotMet", Level: concern.Note},
		},
		"a cause": {
			manifest.Key{Kind: "Partner", Namespace: "partner-corvid", Name: "corvid"},
			"Causes", "InvoiceOverdue (NW-2026-1187)",
			explain.Verdict{Verdict: "Hold", Level: concern.Grave, Threshold: "cured by 2026-09-13", AsOf: "since 2026-08-01", Source: "Partner"},
		},
		"a rule that is broken": {
			manifest.Key{Kind: "MDFAllocation", Namespace: "partner-corvid", Name: "corvid-audit-calls"},
			"Rules of eligibility", "StandingHold",
			explain.Verdict{Verdict: "broken", Level: concern.Grave, Threshold: "the partner's standing does not hold new money"},
		},
		"a rule that is kept": {
			manifest.Key{Kind: "MDFAllocation", Namespace: "partner-corvid", Name: "corvid-audit-calls"},
			"Rules of eligibility", "LeadTimeMissed",
			explain.Verdict{Verdict: "kept", Level: concern.Fine, Threshold: "the request was made early enough before the activity"},
		},
		"a rule whose break only the condition names": {
			manifest.Key{Kind: "MDFAllocation", Namespace: "partner-lyra", Name: "lyra-reseller-webinars"},
			"Rules of eligibility", "NoPlan",
			explain.Verdict{Verdict: "broken", Level: concern.Grave, Threshold: "its plan has a plan of record"},
		},
		"a proof that is missing": {
			manifest.Key{Kind: "MDFClaim", Namespace: "partner-acme", Name: "acme-network-ads-1"},
			"Proof", "Screenshot",
			explain.Verdict{Verdict: "missing", Level: concern.Grave, Threshold: "needed"},
		},
		"a cost": {
			manifest.Key{Kind: "MDFClaim", Namespace: "partner-acme", Name: "acme-network-ads-1"},
			"Costs", "invoice ADN-88213",
			explain.Verdict{Verdict: "claimed", Level: concern.Fine, Found: "EUR 1,900.00", AsOf: "2026-08-17", Source: "Adnetz"},
		},
		"a request of a budget": {
			manifest.Key{Kind: "MDFBudget", Name: "northwind-fy27"},
			"Requests", "partner-lyra/lyra-cloud-desk-ads",
			explain.Verdict{Verdict: "Waiting", Level: concern.Warning, Threshold: "asks for EUR 6,000.00", Source: "BudgetExhausted"},
		},
		"a sum": {
			manifest.Key{Kind: "ProgramReport", Name: "northwind-fy2027-h1"},
			"Sums", "new-revenue",
			explain.Verdict{
				Verdict: "forecast EUR 1,593,584.61, 86%", Level: concern.Note, Threshold: "EUR 1,840,000", Found: "EUR 780,000", Shortfall: "EUR 246,415.39",
			},
		},
		"a sum by initiative": {
			manifest.Key{Kind: "ProgramReport", Name: "northwind-fy2027-h1"},
			"Sums by initiative", "(several): qualified-leads",
			explain.Verdict{Verdict: "forecast 108, 108%", Level: concern.Fine, Threshold: "100", Found: "37"},
		},
		"a target of the vendor": {
			manifest.Key{Kind: "ProgramReport", Name: "northwind-fy2027-h1"},
			"What the vendor wants", "secure-edge: new-revenue",
			explain.Verdict{Verdict: "not all planned", Level: concern.Note},
		},
		"a market": {
			manifest.Key{Kind: "ProgramReport", Name: "northwind-fy2027-h1"},
			"Markets that are not covered", "de-west schools, dk schools",
			explain.Verdict{Verdict: "Gap", Level: concern.Warning},
		},
		"what tiers entitle to": {
			manifest.Key{Kind: "ProgramReport", Name: "northwind-fy2027-h1"},
			"Benefits", "se-days",
			explain.Verdict{Verdict: "32.0 days of a sales engineer owed to partners, of 30.0 that the vendor has", Level: concern.Warning},
		},
		"a benefit of a partner": {
			manifest.Key{Kind: "Partner", Namespace: "partner-acme", Name: "acme"},
			"Benefits", "se-days, FY2027 H2",
			explain.Verdict{Verdict: "0.0 days of a sales engineer left", Level: concern.Fine},
		},
		"what is open": {
			manifest.Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "acme-fy27-h1"},
			"What the plan opens", "MDF for activity cloud-webinar (acme-cloud-webinar): EUR 3,000.00",
			explain.Verdict{Verdict: "open", Level: concern.Fine},
		},
		"what a step opens": {
			manifest.Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "acme-fy27-h2"},
			"What the plan opens", "Submit and approve acme-fy27-h2 by 2027-01-15",
			explain.Verdict{Verdict: "opens", Level: concern.Note},
		},
		"a budget": {
			manifest.Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "acme-fy27-h1"},
			"Budget, by who pays", "all activities",
			explain.Verdict{
				Verdict: "EUR 39,500.00 planned", Level: concern.Fine,
				Found: "granted EUR 14,250.00, paid EUR 0.00",
			},
		},
		"a target of a strategy": {
			manifest.Key{Kind: "ChannelStrategy", Name: "northwind"},
			"Targets", "secure-edge: new-revenue",
			explain.Verdict{Verdict: "wanted", Level: concern.Fine, Threshold: "400,000", AsOf: "FY2027 H1"},
		},
		"what is withheld": {
			manifest.Key{Kind: "Benchmark", Name: "northwind-fy2027-q1"},
			"Withheld", "AttainmentPercent",
			explain.Verdict{Verdict: "TooFewPartners", Level: concern.Note},
		},
	} {
		t.Run(name, func(t *testing.T) {
			object := index.Get(x.key)
			if object == nil {
				t.Fatalf("there is no %s", x.key)
			}
			got := find(t, explain.Object(index, object, now), x.title, x.rule)
			got.Message = ""
			x.want.Rule = x.rule
			if x.want.Threshold+x.want.Found == "" { // only the verdict is told
				got.Threshold, got.Found, got.Shortfall, got.AsOf, got.Source = "", "", "", "", ""
			}
			if got != x.want {
				t.Errorf("got  %+v\nwant %+v", got, x.want)
			}
		})
	}
}

// TestEveryObjectIsExplained explains all samples: each has facts and conditions, those that matter most first, and days to come in order.
func TestEveryObjectIsExplained(t *testing.T) {
	for _, at := range []string{"2026-08-01T00:00:00Z", "2026-11-03T09:00:00Z", "2027-03-01T00:00:00Z"} {
		index, now := story(t, at)
		for _, object := range index.Objects() {
			e := explain.Object(index, object, now)
			if !kinds.Named(e.Kind).Evaluated {
				continue
			}
			name := at + " " + manifest.KeyOf(object).String()
			if len(e.Facts) == 0 || len(e.Sections) == 0 || e.Sections[0].Title != "Conditions" || len(e.Sections[0].Verdicts) == 0 {
				t.Errorf("%s is not explained: %+v", name, e)
				continue
			}
			if !slices.IsSortedFunc(e.Sections[0].Verdicts, func(a, b explain.Verdict) int { return int(a.Level - b.Level) }) {
				t.Errorf("%s: what matters most is not first", name)
			}
			for i, day := range e.Ahead {
				if string(day.Day) < at[:10] || i > 0 && e.Ahead[i-1].Day > day.Day || day.What == "" {
					t.Errorf("%s: wrong day to come: %+v", name, day)
				}
			}
			for _, fact := range e.Facts {
				if fact.Value == "" || strings.Contains(fact.Value, "%!") {
					t.Errorf("%s: wrong fact: %+v", name, fact)
				}
			}
		}
	}
}

// TestADistributorExplainsItsResellers: with the plans of each, and what was spent for each initiative.
func TestADistributorExplainsItsResellers(t *testing.T) {
	index, now := story(t, "2026-11-03T09:00:00Z")
	e := explain.Object(index, index.Get(manifest.Key{Kind: "Partner", Namespace: "partner-lyra", Name: "lyra"}), now)
	got := find(t, e, "Resellers", "partner-brightpath/brightpath: brightpath-fy27-h1")
	if got.Verdict != "Active" || got.AsOf != "FY2027 H1" || !strings.Contains(got.Message, "target 180000, forecast 160384.61") {
		t.Errorf("%+v", got)
	}
	e = explain.Object(index, index.Get(manifest.Key{Kind: "JointPlan", Namespace: "partner-lyra", Name: "lyra-cloud-fy27-h1"}), now)
	if got := find(t, e, "By initiative", "cloud-migration"); got.Message != "EUR 28,750.00 spent, EUR 14,750.00 MDF granted, EUR 0.00 MDF paid" {
		t.Errorf("%+v", got)
	}
}

// TestWhatAReportSaysOfOthers explains what the samples have none of: accounts that several partners plan for, what became known since a close, a target without a
// forecast, and figures that are final.
func TestWhatAReportSaysOfOthers(t *testing.T) {
	x := &v1alpha1.ProgramReport{Spec: v1alpha1.ProgramReportSpec{Period: "FY2027 H1", From: "2026-07-01", Through: "2026-12-31"}}
	x.SetName("r")
	x.Status.Adjustments = []v1alpha1.ReportAdjustment{{Report: "r-before", Metric: "revenue", Target: "0", Actual: "5", Message: "5 more"}}
	x.Spec.Final = &v1alpha1.FinalFigures{ClosedOn: "2027-05-01", Basis: v1alpha1.BasisRecomputed, Figures: v1alpha1.ReportFigures{
		Sums:      []v1alpha1.ReportSum{{By: v1alpha1.GroupTotal, Metric: "revenue", Target: "100", Actual: "7", WithoutForecast: "100"}},
		Conflicts: []v1alpha1.AccountConflict{{Account: "Nordwerke", Plans: []string{"a/one", "b/two"}, Owner: "ChannelDirector"}},
	}}
	e := explain.Object(lineage.New([]manifest.Object{x}), x, time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC))
	for title, want := range map[string]explain.Verdict{
		"Accounts": {Rule: "Nordwerke", Verdict: "for ChannelDirector to settle", Level: concern.Warning, Message: "planned for by a/one and b/two"},
		"Known":    {Rule: "r-before", Verdict: "revenue", Level: concern.Note, Message: "5 more"},
		"Sums": {
			Rule: "revenue", Verdict: "no forecast", Level: concern.Note, Threshold: "100", Found: "7", Message: "of the target, 100 has no forecast yet",
		},
	} {
		if got := find(t, e, title, want.Rule); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
	if i := slices.IndexFunc(e.Facts, func(f explain.Fact) bool { return f.Name == "Closed on" }); i < 0 || e.Facts[i].Value != "2027-05-01, computed after the close" {
		t.Errorf("facts: %v", e.Facts)
	}
}

// TestABenchmarkIsExplained with its figures, by measure, and as partners read it with what is worth copying.
func TestABenchmarkIsExplained(t *testing.T) {
	x := &v1alpha1.PublishedBenchmark{Spec: v1alpha1.PublishedBenchmarkSpec{
		BenchmarkPeriod: v1alpha1.BenchmarkPeriod{Currency: "EUR"},
		Rows: []v1alpha1.PublishedRow{{
			BenchmarkCohort: v1alpha1.BenchmarkCohort{Measure: v1alpha1.MeasureCostPerLead, Activity: "Webinar", Tier: "silver"},
			Quartiles:       v1alpha1.Quartiles{Partners: 8, Rows: 11, P25: "150", P50: "220", P75: "1300"},
		}},
		WorthCopying: []v1alpha1.Practice{{Activity: "Webinar", Segment: "schools", Why: "cost per lead 31 percent under the median", By: "Acme"}},
	}}
	x.SetName("b")
	e := explain.Object(lineage.New([]manifest.Object{x}), x, time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC))
	for title, want := range map[string]explain.Verdict{
		"CostPerLead":   {Rule: "Webinar, silver", Verdict: "p25 150, p50 220, p75 1,300 EUR", Level: concern.Fine, Source: "11 of 8 partners"},
		"Worth copying": {Rule: "Webinar, schools", Verdict: "Acme", Level: concern.Fine, Message: "cost per lead 31 percent under the median"},
	} {
		if got := find(t, e, title, want.Rule); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}
