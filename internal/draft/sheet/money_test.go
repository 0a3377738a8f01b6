package sheet

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

func TestBudgetsOfDirtySheets(t *testing.T) {
	for name, d := range map[string]dirt{
		"a year":                  {"", "Budget,Period,Amount\nMDF 27,FY2027,20000\n", []string{"mdf-27 20000.00 EUR 2027 Year"}},
		"a half, German decimals": {"", "Titel;Zeitraum;Betrag;Währung\nSchulen H1;GJ 2027 H1;20.000,50;EUR\n", []string{"schulen-h1 20000.50 EUR 2027 H1"}},
		"the part first":          {"", "Budget,Period,Amount\nMDF,Q3 FY26,\"1,000.00\"\n", []string{"mdf 1000.00 EUR 2026 Q3"}},
		"two days":                {"", "Budget,From,Through,Amount\nMDF,2026-07-01,2026-09-30,5\n", []string{"mdf 5.00 EUR 2026-07-01 to 2026-09-30"}},
		"one day":                 {"", "Budget,From,Through,Amount\nMDF,2026-07-01,,5\n", []string{`line 2,  "": there is no period: write one such as FY2027 H1, or both its first and last day`}},
		"a period and days":       {"", "Budget,Period,From,Amount\nMDF,FY2027,2026-07-01,5\n", []string{`line 2, Period "FY2027": says the period, and so do the columns of its first and last day: leave one of the two empty`}},
		"a year of which it is not clear which": {"", "Budget,Period,Amount\nMDF,2027,5\n", []string{
			`line 2, Period "2027": can be the calendar's year or the fiscal year: write FY2027 if the fiscal year is meant`,
		}},
		"no period":                {"", "Budget,Period,Amount\nMDF,next year,5\n", []string{`line 2, Period "next year": is not a period: write it as FY2027, FY2027 H1 or FY2027 Q3, or name columns with its first and last day`}},
		"a number of two ways":     {"", "Budget,Period,Amount\nMDF,FY2027,20.000\n", []string{`line 2, Amount "20.000": can be read in two ways, as 20000 or as 20.000: set decimalMark in the mapping to Point or Comma`}},
		"a mark that is said":      {"  decimalMark: Comma\n", "Budget,Period,Amount\nMDF,FY2027,20.000\n", []string{"mdf 20000.00 EUR 2027 Year"}},
		"a currency at the amount": {"", "Budget,Period,Amount\nMDF,FY2027,USD 500\n", []string{"mdf 500.00 USD 2027 Year"}},
		"two currencies":           {"", "Budget,Period,Amount,Currency\nMDF,FY2027,USD 500,EUR\n", []string{`line 2, Amount "USD 500": is in USD instead of EUR; nothing is converted: convert it, or correct the currency`}},
		"too many digits":          {"", "Budget,Period,Amount\nMDF,FY2027,500.005\n", []string{`line 2, Amount "500.005": can be read in two ways, as 500005 or as 500.005: set decimalMark in the mapping to Point or Comma`}},
		"a fraction of a cent":     {"  decimalMark: Point\n", "Budget,Period,Amount\nMDF,FY2027,500.005\n", []string{`line 2, Amount "500.005": has more digits after the point than EUR has, 2: round it`}},
		"less than nothing":        {"", "Budget,Period,Amount\nMDF,FY2027,-500\n", []string{`line 2, Amount "-500": must not be negative`}},
		"no amount":                {"", "Budget,Period,Amount\nMDF,FY2027,\n", []string{`line 2, Amount "": is empty: write the amount; a budget of nothing is 0`}},
		"the same budget twice": {"", "Budget,Period,Amount\nMDF,FY2027,5\nmdf,FY2026,5\n", []string{
			"mdf 5.00 EUR 2027 Year", `line 3, Budget "mdf": would have the object name mdf, which "MDF" on line 2 has: remove one of the two, or write other names into a column "Object Name"`,
		}},
		"an unknown activity": {"", "Budget,Period,Amount,Activities\nMDF,FY2027,5,Webinr\n", []string{
			`line 2, Activities "Webinr": program northwind has no activity "Webinr": did you mean "Webinar"? If so, correct the cell, or say in spec.values of the mapping what it means`,
		}},
		"a label that is none": {"", "Budget,Period,Amount,Labels\nMDF,FY2027,5,gold\n", []string{
			`line 2, Labels "gold": "gold" is not a label: write KEY=VALUE, as the namespaces have it whose partners may draw on the budget`,
		}},
		"requests after its end": {"", "Budget,Period,Amount,Request By\nMDF,FY2027,5,2027-07-01\n", []string{
			`line 2, Request By "2027-07-01": 2027-07-01 is after the end of the budget's period, 2027-06-30: correct one of the two`,
		}},
	} {
		t.Run(name, func(t *testing.T) { d.check(t, Budgets, nil) })
	}
}

// TestATemplateSaysWhatTheSheetDoesNot: its last days are for its own period alone, and what the sheet says wins.
func TestATemplateSaysWhatTheSheetDoesNot(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples/budgets/northwind-fy27.yaml")
	if err != nil {
		t.Fatal(err)
	}
	template := set.Objects()[0].(*v1alpha1.MDFBudget)
	outcome, err := importText(t, Budgets, "", "Budget,Period,Amount,Request By,Labels\nA,FY2027,5,,\nB,FY2028,5,,a=b\nC,FY2028,5,2028-03-31,\n", func(o *Options) { o.Template = template })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, item := range outcome.Items {
		s := item.Object.(*v1alpha1.MDFBudget).Spec
		got = append(got, string(s.Amount.Amount)+" "+string(s.RequestBy)+" "+string(s.Claims.ReceivedBy)+" "+string(s.Claims.Minimum)+" "+shown(mapOf(s.AllowedNamespaces.Selector.MatchLabels)))
	}
	want := []string{
		`5.00 2027-04-30 2027-09-30 25.00 {"example.com/partner-program":"northwind"}`, `5.00   25.00 {"a":"b"}`,
		`5.00 2028-03-31  25.00 {"example.com/partner-program":"northwind"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	// A budget that is there keeps what the sheet does not say, whatever the template says by now.
	there := outcome.Items[0].Object.(*v1alpha1.MDFBudget).DeepCopy()
	there.Spec.Limits[0].Amount = "1.00"
	d := dirt{"", "Budget,Period,Amount\nA,FY2027,6\n", []string{"a 6.00 EUR 2027 Year", "MDFBudget a spec.amount.amount: 5.00 -> 6.00"}}
	d.check(t, Budgets, func(o *Options) { o.Template, o.Objects = template, append(o.Objects, there) })
}

func mapOf(labels map[string]string) map[string]any {
	m := map[string]any{}
	for key, value := range labels {
		m[key] = value
	}
	return m
}

func acme(o *Options) {
	for name, title := range map[string]v1alpha1.Title{"acme": "Acme GmbH", "orbit": "Orbit Ltd"} {
		x := &v1alpha1.Partner{Spec: v1alpha1.PartnerSpec{ProgramRef: v1alpha1.Reference{Name: "northwind"}, DisplayName: title}}
		x.Name, x.Namespace, x.Kind = name, "partner-"+name, "Partner"
		o.Objects = append(o.Objects, x)
	}
}

func TestPastPlansOfDirtySheets(t *testing.T) {
	const head = "Partner,Period,Metric,Target,Result\n"
	for name, d := range map[string]dirt{
		"goals and results": {"", head + "Acme GmbH,FY2026 H1,New Revenue,120000,98500.5\nacme,FY2026 H1,qualified-leads,40,\n", []string{
			"partner-acme/acme-fy2026-h1 new-revenue 120000 qualified-leads 40", "plan-acme-fy2026-h1-crm-fy2026: 2025-12-31 new-revenue 98500.5",
		}},
		"no results": {"", "Partner,Period,Metric,Target\nAcme,FY2026,qualified-leads,40\n", []string{"partner-acme/acme-fy2026 qualified-leads 40"}},
		"a result of nothing": {"", head + "Acme,FY2026,qualified-leads,40,0\n", []string{
			"partner-acme/acme-fy2026 qualified-leads 40", "plan-acme-fy2026-crm-fy2026: 2026-06-30 qualified-leads 0",
		}},
		"a result that nobody knows": {"", head + "Acme,FY2026,qualified-leads,40,n/a\n", []string{
			`line 2, Result "n/a": is not a number: there is no value, and missing is not zero; if it says that there is no value, list it in missing of the mapping`,
		}},
		"a mistyped partner": {"", head + "Acmee,FY2026,qualified-leads,40,1\n", []string{
			`line 2, Partner "Acmee": there is no partner of this name: did you mean "acme"? If so, correct the cell, or say in spec.values of the mapping which partner it means`,
		}},
		"a partner by what the mapping says": {"  values: [{field: partner, written: Acmee, means: acme}]\n", head + "Acmee,FY2026,qualified-leads,40,\n", []string{
			"partner-acme/acme-fy2026 qualified-leads 40",
		}},
		"an unknown metric": {"", head + "Acme,FY2026,qualified-lead,40,1\n", []string{
			`line 2, Metric "qualified-lead": program northwind has no metric "qualified-lead": did you mean "qualified-leads"? If so, correct the cell, or say in spec.values of the mapping what it means`,
		}},
		"a period that runs": {"", head + "Acme,FY2027 H1,qualified-leads,40,1\n", []string{
			`line 2, Period "FY2027 H1": FY2027 H1 ends on 2026-12-31 and is not over: this imports past plans; write a plan that runs as its own manifest, and have it approved`,
		}},
		"a goal twice": {"", head + "Acme,FY2026,qualified-leads,40,1\nAcme GmbH,FY2026,qualified-leads,41,1\n", []string{
			"partner-acme/acme-fy2026 qualified-leads 40", "plan-acme-fy2026-crm-fy2026: 2026-06-30 qualified-leads 1",
			`line 3, Metric "qualified-leads": the plan of acme for FY2026 has a goal of qualified-leads already, on line 2: remove one of the two`,
		}},
		"no target":           {"", head + "Acme,FY2026,qualified-leads,,1\n", []string{`line 2, Target "": is empty, and a goal is nothing without its target: write it, or leave out such rows with skip in the mapping`}},
		"in another currency": {"", head + "Acme,FY2026,new-revenue,USD 5,1\n", []string{`line 2, Target "USD 5": is in USD instead of EUR; nothing is converted: convert it, or correct the currency`}},
		"days of a calendar year": {"", "Partner,From,Through,Metric,Target\nAcme,01.01.2025,31.12.2025,qualified-leads,4\n", []string{
			"partner-acme/acme-2025-01-01-to-2025-12-31 qualified-leads 4",
		}},
		"a name":    {"", "Partner,Plan,Period,Metric,Target\nAcme,growth-26,FY2026,qualified-leads,4\n", []string{"partner-acme/growth-26 qualified-leads 4"}},
		"two names": {"", "Partner,Plan,Period,Metric,Target\nAcme,a,FY2026,qualified-leads,4\nAcme,b,FY2026,new-revenue,4\n", []string{"partner-acme/a qualified-leads 4", `line 3, Plan "b": the plan of acme for FY2026 is called a on line 2: give it one name`}},
	} {
		t.Run(name, func(t *testing.T) { d.check(t, Plans, acme) })
	}
}

// TestAPastPlanThatIsThereKeepsWhatTheSheetDoesNotSay: a person has completed it since, and results that differ are corrections.
func TestAPastPlanThatIsThereKeepsWhatTheSheetDoesNotSay(t *testing.T) {
	const sheet = "Partner,Period,Metric,Target,Result\nAcme,FY2026,qualified-leads,40,38\n"
	first, err := importText(t, Plans, "", sheet, acme)
	if err != nil {
		t.Fatal(err)
	}
	plan := first.Items[0].Object.(*v1alpha1.JointPlan).DeepCopy()
	span := fiscal.Span{From: fiscal.MustParseDay("2025-07-01"), Through: fiscal.MustParseDay("2026-06-30")}
	plan.Spec.Period = v1alpha1.Period{From: span.From.Date(), Through: span.Through.Date()} // the same days
	plan.Spec.Goals[0].Owner = "Partner"
	plan.Spec.Vision = "Grow together"
	there := func(o *Options) {
		acme(o)
		o.Objects = append(o.Objects, plan, first.Results.Sets[0])
	}
	again, err := importText(t, Plans, "", sheet, there)
	if diff := cmp.Diff([]string{"partner-acme/acme-fy2026 qualified-leads 40"}, tell(again, err)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	other, err := importText(t, Plans, "", "Partner,Period,Metric,Target,Result\nAcme,FY2026,qualified-leads,45,39\n", there)
	want := []string{
		"partner-acme/acme-fy2026 qualified-leads 45", "JointPlan partner-acme/acme-fy2026 spec.goals[qualified-leads].target.value: 40 -> 45",
		"plan-acme-fy2026-crm-fy2026: 2026-06-30 qualified-leads 38", "plan-acme-fy2026-crm-fy2026: 2026-06-30 qualified-leads 39",
	}
	if diff := cmp.Diff(want, tell(other, err)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if now := other.Items[0].Object.(*v1alpha1.JointPlan); now.Spec.Vision != "Grow together" || now.Spec.Goals[0].Owner != "Partner" {
		t.Error("what the sheet does not say is lost")
	}
}

func TestResultsNeedASource(t *testing.T) {
	d := dirt{"", "Partner,Period,Metric,Target,Result\nAcme,FY2026,qualified-leads,40,38\n", []string{
		"error: the sheet has results, and nobody vouches for them: name the system that they come from with --source, such as crm",
	}}
	d.check(t, Plans, func(o *Options) { acme(o); o.Source = "" })
}
