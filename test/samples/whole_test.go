package samples_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// figuresOf returns the figures of the report of a period.
func figuresOf(t *testing.T, name string) *v1alpha1.ReportFigures {
	t.Helper()
	report := evaluated[*v1alpha1.ProgramReport](t)[name]
	switch {
	case report == nil:
		t.Fatalf("there is no report %s", name)
	case report.Spec.Final != nil:
		return &report.Spec.Final.Figures
	}
	return report.Status.Figures
}

// sum is one sum of a report.
type sum struct {
	Target, Actual, Forecast, Gap v1alpha1.Decimal
	Percent                       int
}

func TestTheHalfYearAddsUp(t *testing.T) {
	want := map[string]sum{
		"Total ":                     {"1840000", "780000", "1593584.61", "-246415.39", 86},
		"Initiative cloud-migration": {"1400000", "570000", "1291200", "-108800", 92},
		"Initiative digital-schools": {"180000", "139000", "160384.61", "-19615.39", 89},
		"Initiative secure-edge":     {"260000", "71000", "142000", "-118000", 54},
		"Tier gold":                  {"440000", "162000", "475200", "35200", 108},
		"Tier platinum":              {"900000", "375000", "750000", "-150000", 83},
		"Tier silver":                {"500000", "243000", "368384.61", "-131615.39", 73},
		"Distributor partner-lyra/lyra": {
			"1080000", "514000", "910384.61", "-169615.39", 84,
		},
		"Distributor (none)": {"760000", "266000", "683200", "-76800", 89},
	}
	got := map[string]sum{}
	for _, x := range figuresOf(t, "northwind-fy2027-h1").Sums {
		key := fmt.Sprintf("%s %s", x.By, x.Group)
		if _, asked := want[key]; asked && x.Metric == "new-revenue" {
			got[key] = sum{x.Target, x.Actual, x.Forecast, x.Gap, percent(x.ForecastPercent)}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sums of new-revenue (-want +got):\n%s", diff)
	}
	headline := "FY2027 H1 of new-revenue: EUR 780,000 of EUR 1,840,000 so far, forecast EUR 1,593,584.61 (86 percent); furthest behind is secure-edge with 54 percent"
	if got := evaluated[*v1alpha1.ProgramReport](t)["northwind-fy2027-h1"].Status.Headline; got != headline {
		t.Errorf("headline:\n%s\nwant:\n%s", got, headline)
	}
}

func TestTheMarketsAreCovered(t *testing.T) {
	states, thin := map[v1alpha1.CoverageState]int{}, ""
	figures := figuresOf(t, "northwind-fy2027-h1")
	for _, cell := range figures.Coverage {
		states[cell.State]++
		if cell.State == v1alpha1.CoverageThin {
			thin = cell.Missing
		}
	}
	want := map[v1alpha1.CoverageState]int{
		v1alpha1.CoverageCovered: 4, v1alpha1.CoverageThin: 1, v1alpha1.CoverageThroughDistributor: 5, v1alpha1.CoverageGap: 2,
	}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	if want := "a partner that sells there directly, with 2 people with certified-engineer (partner-finch/finch has 1 with certified-engineer)"; thin != want {
		t.Errorf("missing of the thin market: %s\nwant: %s", thin, want)
	}
	if figures.Overlaps != 2 || len(figures.Conflicts) != 0 {
		t.Errorf("%d overlaps and %d conflicts; want those of Acme and Lyra in two markets, and no conflict", figures.Overlaps, len(figures.Conflicts))
	}
}

func TestTheInitiativesAreHeldAgainstWhatTheVendorWants(t *testing.T) {
	want := []string{
		"EUR 1,500,000 of new-revenue is wanted, and plans aim at EUR 1,400,000: EUR 100,000 is in no plan; the forecast is EUR 1,291,200, 86 percent of what is wanted",
		"EUR 150,000 of new-revenue is wanted, and plans aim at EUR 180,000; the forecast is EUR 160,384.61, 106 percent of what is wanted",
		"EUR 400,000 of new-revenue is wanted, and plans aim at EUR 260,000: EUR 140,000 is in no plan; the forecast is EUR 142,000, 35 percent of what is wanted",
	}
	var got []string
	for _, x := range figuresOf(t, "northwind-fy2027-h1").Targets {
		got = append(got, x.Message)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
}

func TestFinanceSeesWhatIsGrantedAndNotPaid(t *testing.T) {
	want := []v1alpha1.Exposure{
		{CostCentre: "CC-4100 Channel", Currency: "EUR", Granted: "16096.20", Unclaimed: "13271.20", Undecided: "725", Unpaid: "2100", Paid: "0"},
		{CostCentre: "CC-4200 Distribution", Currency: "EUR", Granted: "14750", Unclaimed: "375", Undecided: "0", Unpaid: "14375", Paid: "0"},
	}
	if diff := cmp.Diff(want, figuresOf(t, "northwind-fy2027-h1").Exposure); diff != "" {
		t.Errorf("exposure (-want +got):\n%s", diff)
	}
}

func TestAMarketThatTheCataloguesDoNotHaveIsAFinding(t *testing.T) {
	set := readSamples(t)
	for _, x := range set.Partners {
		if x.Name == "acme" {
			x.Spec.Territories, x.Spec.Segments = []v1alpha1.Name{"de-nord"}, []v1alpha1.Name{"midmarket"}
		}
	}
	for _, x := range set.Plans {
		if x.Name == "acme-fy27-h2" {
			x.Spec.Segment = "school"
		}
	}
	for _, x := range set.Campaigns {
		if x.Name == "acme-cloud-webinar" {
			x.Spec.Audience = &v1alpha1.Audience{Territory: "de-nord", Segment: "midmarket", Size: new(int64(10))}
		}
	}
	want := map[string]string{
		"Partner acme spec.territories[0]": `MarketUnknown: the partner covers nothing with it: program northwind has no territory "de-nord": did you mean "de-north"? ` +
			"(or have the program owner add it to spec.territories)",
		"Partner acme spec.segments[0]": `MarketUnknown: the partner covers nothing with it: program northwind has no segment "midmarket": did you mean "mid-market"? ` +
			"(or have the program owner add it to spec.segments)",
		"JointPlan acme-fy27-h2 spec.segment": `SegmentUnknown: program northwind has no segment "school": did you mean "schools"? ` +
			"(or have the program owner add it to spec.segments)",
		"Campaign acme-cloud-webinar spec.audience.territory": `AudienceUnknown: program northwind has no territory "de-nord": did you mean "de-north"? ` +
			"(or have the program owner add it to spec.territories)",
		"Campaign acme-cloud-webinar spec.audience.segment": `AudienceUnknown: program northwind has no segment "midmarket": did you mean "mid-market"? ` +
			"(or have the program owner add it to spec.segments)",
	}
	got := map[string]string{}
	for _, object := range preview.New(set).At(now) {
		for _, f := range preview.Common(object).Findings {
			switch f.Rule {
			case "MarketUnknown", "SegmentUnknown", "AudienceUnknown":
				key := manifest.KeyOf(object)
				got[key.Kind+" "+key.Name+" "+f.Field] = f.Rule + ": " + f.Message
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
