package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/lineage"
	"jointplan.dev/jointplan/internal/view/report"
)

// whole returns the samples at the instant of their story.
func whole(t *testing.T) (*lineage.Index, time.Time) {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	return lineage.New(preview.New(set).At(now)), now
}

// reportOf returns a report on a period of a program, with a figure to tell it by.
func reportOf(program, period string, from, through v1alpha1.Date, target v1alpha1.Decimal) *v1alpha1.ProgramReport {
	x := object(&v1alpha1.ProgramReport{}, "ProgramReport", program+"-"+strings.ToLower(strings.ReplaceAll(period, " ", "-")))
	x.SetNamespace("")
	x.Spec = v1alpha1.ProgramReportSpec{ProgramRef: v1alpha1.Reference{Name: v1alpha1.Name(program)}, Period: period, From: from, Through: through}
	x.Status.Figures = &v1alpha1.ReportFigures{Sums: []v1alpha1.ReportSum{
		{By: v1alpha1.GroupTotal, Metric: "m", Target: target, Actual: "0"}, {By: v1alpha1.GroupTier, Group: "(none)", Metric: "m", Target: target, Actual: "0"},
	}}
	return x
}

// TestTheGroupsOfAForecastAddUp: by every grouping, the groups of a metric are its total, and the samples have the worked numbers.
func TestTheGroupsOfAForecastAddUp(t *testing.T) {
	index, now := whole(t)
	for _, by := range []string{"tier", "region", "segment", "territory", "initiative", "distributor", "channel-manager"} {
		o, err := report.OutlookBy(index, by, "", now)
		if err != nil || len(o.Programs) != 1 || len(o.Programs[0].Rows) == 0 {
			t.Fatalf("%s: %v, %+v", by, err, o)
		}
		p := o.Programs[0]
		sums := map[v1alpha1.Name]*big.Rat{}
		for _, row := range p.Rows {
			if sums[row.Metric] == nil {
				sums[row.Metric] = new(big.Rat)
			}
			sums[row.Metric].Add(sums[row.Metric], rat(t, row.Forecast))
		}
		for _, total := range p.Total {
			if sums[total.Metric] == nil || sums[total.Metric].Cmp(rat(t, total.Forecast)) != 0 {
				t.Errorf("%s: the forecasts of %s add up to %s, want %s", by, total.Metric, sums[total.Metric], total.Forecast)
			}
		}
		first := p.Total[0]
		if p.Period != "FY2027 H1" || first.Metric != "new-revenue" || first.Currency != "EUR" || first.Forecast != "1593584.61" || *first.ForecastPercent != 86 {
			t.Errorf("%s: %s %+v", by, p.Period, first)
		}
	}
}

func rat(t *testing.T, text v1alpha1.Decimal) *big.Rat {
	t.Helper()
	x, ok := new(big.Rat).SetString(string(text))
	if !ok {
		t.Fatalf("%q is no number", text)
	}
	return x
}

// TestTiersAreInTheirOrder: those of a forecast too, from the highest down.
func TestTiersAreInTheirOrder(t *testing.T) {
	index, now := whole(t)
	o, err := report.OutlookBy(index, "tier", "FY2027-H1", now)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range o.Programs[0].Rows {
		got = append(got, string(row.Metric)+" "+row.Group)
	}
	want := []string{"new-revenue platinum", "new-revenue gold", "new-revenue silver", "qualified-leads gold", "qualified-leads silver"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestWhichReportIsShown: the shortest period that runs on the day, of each program; the newest when none runs; the one that is named, in either spelling.
func TestWhichReportIsShown(t *testing.T) {
	index := lineage.New([]manifest.Object{
		reportOf("a", "FY2027", "2026-07-01", "2027-06-30", "1"), reportOf("a", "FY2027 H1", "2026-07-01", "2026-12-31", "2"),
		reportOf("a", "FY2027 H2", "2027-01-01", "2027-06-30", "3"), reportOf("b", "FY2026", "2026-01-01", "2026-12-31", "4"),
	})
	at := func(day string) time.Time {
		x, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for name, x := range map[string]struct {
		by, period, day string
		want            []string
		err             string
	}{
		"the first half":         {by: "tier", day: "2026-12-31", want: []string{"a FY2027 H1 2", "b FY2026 4"}},
		"the second half":        {by: "tier", day: "2027-01-01", want: []string{"a FY2027 H2 3", "b FY2026 4"}},
		"when none runs":         {by: "tier", day: "2030-01-01", want: []string{"a FY2027 H2 3", "b FY2026 4"}},
		"a year, not its halves": {by: "tier", period: "FY2027", day: "2026-12-31", want: []string{"a FY2027 1"}},
		"as people write it":     {by: "tier", period: "fy2027-h2", day: "2026-12-31", want: []string{"a FY2027 H2 3"}},
		"by period":              {by: "period", day: "2026-12-31", want: []string{"a FY2027 H2 3", "a FY2027 H1 2", "a FY2027 1", "b FY2026 4"}},
		"by period of a year":    {by: "period", period: "FY2027", day: "2026-12-31", want: []string{"a FY2027 H2 3", "a FY2027 H1 2", "a FY2027 1"}},
		"none of the period": {
			by: "tier", period: "FY2031", day: "2026-12-31", err: `there is no report on "FY2031": there are reports on FY2026, FY2027, FY2027 H1, FY2027 H2`,
		},
		"by partner": {by: "partner", day: "2026-12-31", err: "no forecasts are added up by partner: kubectl jointplan explain plan/NAME shows those of a plan"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := report.OutlookBy(index, x.by, x.period, at(x.day))
			if x.err != "" {
				if err == nil || err.Error() != x.err {
					t.Fatalf("got %v, want %s", err, x.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range o.Programs {
				got = append(got, p.Program+" "+p.Period+" "+string(p.Total[0].Target))
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if _, err := report.OutlookBy(lineage.New(nil), "tier", "", at("2026-12-31")); !errors.Is(err, report.ErrNoReport) {
		t.Errorf("without reports: %v", err)
	}
}

// TestFinalFiguresAreShown: once a report is final, what its status said before does not count.
func TestFinalFiguresAreShown(t *testing.T) {
	x := reportOf("a", "FY2027", "2026-07-01", "2027-06-30", "1")
	x.Spec.Final = &v1alpha1.FinalFigures{Figures: v1alpha1.ReportFigures{
		Sums:     []v1alpha1.ReportSum{{By: v1alpha1.GroupTotal, Metric: "m", Target: "7", Actual: "0"}},
		Exposure: []v1alpha1.Exposure{{CostCentre: "CC", Currency: "EUR", Granted: "8", Unclaimed: "0", Undecided: "0", Unpaid: "0", Paid: "8"}},
		Coverage: []v1alpha1.CellCoverage{{Territory: "at", Segment: "schools", State: v1alpha1.CoverageGap}}, Overlaps: 3,
	}}
	index, now := lineage.New([]manifest.Object{x}), time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
	o, err := report.OutlookBy(index, "channel-manager", "", now)
	if err != nil || o.Programs[0].Total[0].Target != "7" || !strings.Contains(o.Programs[0].Note, "spec.managers") {
		t.Errorf("%v %+v", err, o)
	}
	e, err := report.ExposureOf(index, "", now)
	if err != nil || len(e.Programs[0].Rows) != 1 || e.Programs[0].Rows[0].Granted != "8" {
		t.Errorf("%v %+v", err, e)
	}
	c, err := report.CoverageOf(index, "", now)
	if err != nil || len(c.Programs[0].Cells) != 1 || c.Programs[0].Overlaps != 3 {
		t.Errorf("%v %+v", err, c)
	}
}

// TestWholeReportsAsCSV: every line has as many cells as the header, and what is a formula to a spreadsheet is text.
func TestWholeReportsAsCSV(t *testing.T) {
	index, now := whole(t)
	o, _ := report.OutlookBy(index, "initiative", "", now)
	c, _ := report.CoverageOf(index, "", now)
	e, _ := report.ExposureOf(index, "", now)
	o.Programs[0].Rows[0].Group = "=1+1"
	for name, x := range map[string]struct {
		write func(*bytes.Buffer) error
		lines int
		has   string
	}{
		"outlook":  {func(b *bytes.Buffer) error { return o.WriteCSV(b) }, 6, ",'=1+1,new-revenue,EUR,"},
		"coverage": {func(b *bytes.Buffer) error { return c.WriteCSV(b) }, 13, "northwind,FY2027 H1,de-west,schools,Gap,1,0,0,0,"},
		"exposure": {func(b *bytes.Buffer) error { return e.WriteCSV(b) }, 3, "northwind,FY2027 H1,CC-4100 Channel,EUR,16096.20,13271.20,725,2100,0\n"},
	} {
		var out bytes.Buffer
		if err := x.write(&out); err != nil {
			t.Fatal(err)
		}
		table, err := csv.NewReader(strings.NewReader(out.String())).ReadAll()
		if err != nil || len(table) != x.lines || !strings.Contains(out.String(), x.has) {
			t.Errorf("%s: %v, %d lines, want %d with %q:\n%s", name, err, len(table), x.lines, x.has, out.String())
		}
	}
}

// TestPlansByMarketAndPeriod counts plans by segment, territory, distributor and period: each once, closed ones by period alone.
func TestPlansByMarketAndPeriod(t *testing.T) {
	a, b, d := partner("a", ""), partner("b", ""), partner("d", "")
	a.Spec.Segments, a.Spec.Territories, a.Status.Ancestors = []v1alpha1.Name{"schools", "retail"}, []v1alpha1.Name{"at"}, []string{"p/d"}
	b.Spec.Segments, b.Spec.Territories = []v1alpha1.Name{"retail"}, []v1alpha1.Name{"at", "dk"}
	d.Spec.Type = v1alpha1.PartnerDistributor
	one, other, closed := plan("one", "a", 10), plan("other", "a", 20), plan("closed", "b", 30)
	one.Spec.Segment = "schools"
	closed.Status.Stage = v1alpha1.StageClosed
	for x, period := range map[*v1alpha1.JointPlan]v1alpha1.DayRange{
		one: {From: "2026-07-01"}, other: {From: "2027-01-01"}, closed: {From: "2026-01-01"},
	} {
		x.Status.Period = &period
	}
	one.Status.PeriodLabel, other.Status.PeriodLabel, closed.Status.PeriodLabel = "FY2027 H1", "FY2027 H2", "FY2026 H2"
	type row struct {
		Group           string
		Partners, Plans int
	}
	for by, want := range map[string][]row{
		"segment":     {{"(several)", 1, 1}, {"retail", 1, 0}, {"schools", 1, 1}, {"", 1, 0}},
		"territory":   {{"(several)", 1, 0}, {"at", 1, 2}, {"", 1, 0}},
		"distributor": {{"p/d", 2, 2}, {"", 1, 0}},
		"period":      {{"FY2027 H2", 1, 1}, {"FY2027 H1", 1, 1}, {"FY2026 H2", 1, 1}},
	} {
		var got []row
		for _, x := range of(t, by, a, b, d, one, other, closed).Rows {
			got = append(got, row{x.Group, x.Partners, x.Plans})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by %s (-want +got):\n%s", by, diff)
		}
	}
}

// TestManagersAreGroupedByPseudonym where their partners name one.
func TestManagersAreGroupedByPseudonym(t *testing.T) {
	a, b := partner("a", ""), partner("b", "")
	for _, x := range []*v1alpha1.Partner{a, b} {
		x.Spec.ChannelManager = &v1alpha1.Contact{Name: "Vera Lindqvist"}
	}
	a.Spec.ManagerRef = &v1alpha1.ManagerReference{Name: "cam-014"}
	var got []string
	for _, x := range of(t, "channel-manager", a, b).Rows {
		got = append(got, x.Group)
	}
	if diff := cmp.Diff([]string{"Vera Lindqvist", "cam-014"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
