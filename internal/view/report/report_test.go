package report_test

import (
	"bytes"
	"slices"
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

func object[T manifest.Object](x T, kind, name string) T {
	x.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
	x.SetNamespace("p")
	x.SetName(name)
	return x
}

func partner(name string, region v1alpha1.Name) *v1alpha1.Partner {
	x := object(&v1alpha1.Partner{}, "Partner", name)
	x.Spec.Region = region
	return x
}

func plan(name, of string, percent int32, initiatives ...v1alpha1.Name) *v1alpha1.JointPlan {
	x := object(&v1alpha1.JointPlan{}, "JointPlan", name)
	x.Spec.PartnerRef.Name = v1alpha1.Name(of)
	x.Status.Stage = v1alpha1.StageActive
	x.Status.AttainmentPercent = &percent
	x.Status.Alignment = &v1alpha1.AlignmentStatus{Covered: initiatives}
	return x
}

func request(name, plan string, asked v1alpha1.Decimal, currency v1alpha1.CurrencyCode, stage v1alpha1.AllocationStage) *v1alpha1.MDFAllocation {
	x := object(&v1alpha1.MDFAllocation{}, "MDFAllocation", name)
	x.Spec.PlanRef.Name, x.Status.Stage = v1alpha1.Name(plan), stage
	x.Spec.Amount = v1alpha1.Money{Amount: asked, Currency: currency}
	return x
}

func of(t *testing.T, by string, objects ...manifest.Object) *report.Report {
	t.Helper()
	r, err := report.By(lineage.New(objects), by, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestMeansAndSums adds up by region: means of unequal plans, two currencies, a draft, a closed plan, a partner without a region.
func TestMeansAndSums(t *testing.T) {
	closed := plan("closed", "a", 100)
	closed.Status.Stage = v1alpha1.StageClosed
	granted := request("g", "a1", "9300", "DKK", v1alpha1.AllocationGranted)
	granted.Status.Asked = &v1alpha1.Money{Amount: "1246.20", Currency: "EUR"}
	granted.Status.Granted, granted.Status.Paid = granted.Status.Asked, &v1alpha1.Money{Amount: "0.20", Currency: "EUR"}
	r := of(t, "region",
		partner("a", "dach"), partner("b", "dach"), partner("c", ""), plan("a1", "a", 50), plan("b1", "b", 51), closed, plan("c1", "c", 0),
		granted, request("yen", "b1", "1000", "JPY", v1alpha1.AllocationRefused), request("draft", "b1", "7", "EUR", v1alpha1.AllocationDraft),
		request("late", "closed", "5", "EUR", v1alpha1.AllocationSettled),
	)
	fifty, zero, thirty := 50, 0, 33
	want := []report.Row{
		{
			Group: "dach", Partners: 2, Plans: 2, Unknown: 2, AttainmentPercent: &fifty, Scored: 2,
			Money: []report.Sum{
				{Currency: "EUR", Requested: "1246.20", Granted: "1246.20", Paid: "0.20"}, {Currency: "JPY", Requested: "1000", Granted: "0", Paid: "0"},
			},
		},
		{Group: "", Partners: 1, Plans: 1, Unknown: 1, AttainmentPercent: &zero, Scored: 1},
	}
	if diff := cmp.Diff(want, r.Rows); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if r.Total.Plans != 3 || r.Total.Partners != 3 || *r.Total.AttainmentPercent != thirty {
		t.Errorf("total %+v", r.Total)
	}
}

// TestAPeriodKeepsItsClosedPlans adds up a fiscal year, and a half of it: what has closed stays in the sum, with its money.
func TestAPeriodKeepsItsClosedPlans(t *testing.T) {
	closed, open, next := plan("closed", "a", 100), plan("open", "a", 50), plan("next", "a", 0)
	closed.Status.Stage = v1alpha1.StageClosed
	closed.Status.PeriodLabel, open.Status.PeriodLabel, next.Status.PeriodLabel = "FY2027 H1", "FY2027 H2", "FY2028"
	paid := request("paid", "closed", "5", "EUR", v1alpha1.AllocationSettled)
	paid.Status.Paid = &v1alpha1.Money{Amount: "5.00", Currency: "EUR"}
	index := lineage.New([]manifest.Object{partner("a", ""), closed, open, next, paid})
	for period, want := range map[string]struct{ plans, sums int }{"": {2, 0}, "FY2027": {2, 1}, "FY2027 H1": {1, 1}, "FY2028": {1, 0}} {
		r, err := report.By(index, "tier", period)
		if err != nil {
			t.Fatal(err)
		}
		if r.Total.Plans != want.plans || len(r.Total.Money) != want.sums {
			t.Errorf("%q: %d plans and %d sums, want %+v", period, r.Total.Plans, len(r.Total.Money), want)
		}
	}
	if _, err := report.By(index, "tier", "FY27"); err == nil || !strings.Contains(err.Error(), `FY2027 H1, FY2027 H2`) {
		t.Errorf("of a period that no plan has: %v", err)
	}
}

// TestAPlanOfTwoInitiativesCountsOnceInTheTotal counts it under each.
func TestAPlanOfTwoInitiativesCountsOnceInTheTotal(t *testing.T) {
	r := of(t, "initiative", partner("a", ""), plan("a1", "a", 10, "cloud", "edge"), plan("a2", "a", 20, "edge"))
	if len(r.Rows) != 2 || r.Rows[0].Plans != 1 || r.Rows[1].Plans != 2 || r.Total.Plans != 2 || r.Total.Partners != 1 {
		t.Errorf("got %+v, total %+v", r.Rows, r.Total)
	}
}

// TestTooMuchToShow fails rather than shows a wrong sum.
func TestTooMuchToShow(t *testing.T) {
	huge := v1alpha1.Decimal("90000000000000")
	_, err := report.By(lineage.New([]manifest.Object{
		partner("a", ""), plan("a1", "a", 10), request("x", "a1", huge, "EUR", "Refused"), request("y", "a1", huge, "EUR", "Refused"),
	}), "tier", "")
	if err == nil || !strings.Contains(err.Error(), "the amounts in EUR add up to more than can be shown") {
		t.Errorf("got %v", err)
	}
}

// TestCSVHoldsNoFormula writes names that a spreadsheet would run.
func TestCSVHoldsNoFormula(t *testing.T) {
	names := []string{"=1+1", "+1", "-1", "@x", "Vera"}
	var objects []manifest.Object
	for i, name := range names {
		x := partner(string(rune('a'+i)), "")
		x.Spec.ChannelManager = &v1alpha1.Contact{Name: v1alpha1.Title(name)}
		objects = append(objects, x)
	}
	var out bytes.Buffer
	if err := of(t, "channel-manager", objects...).WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n")[1:] {
		if strings.ContainsAny(line[:1], "=+-@") {
			t.Errorf("line %d is a formula: %s", i+1, line)
		}
	}
	for _, want := range []string{"'=1+1,", "'+1,", "'-1,", "'@x,", "\nVera,"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
}

// TestManagersAreGroupedAsPeople has one manager in three spellings: the first in order of text names the group, whatever the order of objects.
func TestManagersAreGroupedAsPeople(t *testing.T) {
	var objects []manifest.Object
	for i, name := range []v1alpha1.Title{"vera  lind", "Vera Lind", "Vera Lind\u200b", "Vera Linder"} {
		x := partner(string(rune('a'+i)), "")
		x.Spec.ChannelManager = &v1alpha1.Contact{Name: name}
		objects = append(objects, x)
	}
	for range 2 {
		groups := map[string]int{}
		for _, row := range of(t, "channel-manager", objects...).Rows {
			groups[row.Group] = row.Partners
		}
		if diff := cmp.Diff(map[string]int{"Vera Lind": 3, "Vera Linder": 1}, groups); diff != "" {
			t.Errorf("partners by manager (-want +got):\n%s", diff)
		}
		slices.Reverse(objects)
	}
}

// TestCountsAreThoseOfTheProgram compares the report by program of the samples with the programs' own roll-up, at several instants.
func TestCountsAreThoseOfTheProgram(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	world := preview.New(set)
	story := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{story, story.AddDate(0, 3, 0), story.AddDate(1, 0, 0)} {
		objects := world.At(at)
		rows := map[string]report.Row{}
		for _, row := range of(t, "program", objects...).Rows {
			rows[row.Group] = row
		}
		for _, x := range objects {
			prog, ok := x.(*v1alpha1.PartnerProgram)
			if !ok {
				continue
			}
			row, status := rows[prog.Name], prog.Status
			want := []int32{*status.Partners, *status.Plans, *status.PlansOverdue, status.Verdicts.OnTrack, status.Verdicts.AtRisk, status.Verdicts.OffTrack}
			got := []int32{int32(row.Partners), int32(row.Plans), int32(row.Overdue), int32(row.OnTrack), int32(row.AtRisk), int32(row.OffTrack)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s at %s (-status +report):\n%s", prog.Name, at, diff)
			}
		}
	}
}
