package samples_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// historyFolder holds the samples with history.
const historyFolder = "../../config/samples-history"

// historyNow is the instant at which they tell their story.
var historyNow = time.Date(2027, time.April, 14, 9, 0, 0, 0, time.UTC)

// readHistory reads the samples with history.
func readHistory(t *testing.T) *manifest.Set {
	t.Helper()
	set, err := reader.Read(context.Background(), manifest.Options{}, historyFolder)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// evaluatedHistory are the samples with history as they stand at their instant, evaluated once for all tests, which only read them.
var evaluatedHistory = sync.OnceValues(func() ([]preview.Object, error) {
	set, err := reader.Read(context.Background(), manifest.Options{}, historyFolder)
	if err != nil {
		return nil, err
	}
	return preview.New(set).At(historyNow), nil
})

// allOfHistory returns the samples with history as they stand at their instant.
func allOfHistory(t *testing.T) []preview.Object {
	t.Helper()
	all, err := evaluatedHistory()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// history returns those of one kind, by name.
func history[T preview.Object](t *testing.T) map[string]T {
	t.Helper()
	byName := map[string]T{}
	for _, object := range allOfHistory(t) {
		if x, ok := object.(T); ok {
			byName[x.GetName()] = x
		}
	}
	return byName
}

// figuresOfHistory returns the figures of the report of a period, and its state.
func figuresOfHistory(t *testing.T, name string) (*v1alpha1.ReportFigures, v1alpha1.ReportState) {
	t.Helper()
	report := history[*v1alpha1.ProgramReport](t)[name]
	switch {
	case report == nil:
		t.Fatalf("there is no report %s", name)
	case report.Spec.Final != nil:
		return &report.Spec.Final.Figures, report.Status.State
	}
	return report.Status.Figures, report.Status.State
}

// TestHistoryHasNoMistakes shows that nothing is written wrongly, and that nothing was taken for a mistake of a warning.
func TestHistoryHasNoMistakes(t *testing.T) {
	expected := []string{"GoalMissed", "GoalOffTrack", "PlanMissing", "StandingPlanOverdue"} // these warnings are the story
	objects := 0
	for _, object := range allOfHistory(t) {
		objects++
		common := preview.Common(object)
		if common == nil {
			continue
		}
		for _, f := range common.Findings {
			if f.Severity == v1alpha1.SeverityError || f.Severity == v1alpha1.SeverityWarning && !slices.Contains(expected, f.Rule) {
				t.Errorf("%s: %s %s: %s", manifest.KeyOf(object), f.Severity, f.Rule, f.Message)
			}
		}
	}
	if objects < 200 {
		t.Errorf("there are %d objects", objects)
	}
}

func TestReadmeQuotesWhatHistorySays(t *testing.T) {
	checkReadme(t, historyFolder, allOfHistory(t))
}

// TestBothHalvesAreClosed: of each plan that is over all results are in, and both parties recorded its reconciliation.
func TestBothHalvesAreClosed(t *testing.T) {
	stages := map[v1alpha1.PlanStage]int{}
	for name, x := range history[*v1alpha1.JointPlan](t) {
		stages[x.Status.Stage]++
		over := strings.Contains(name, "-2026-")
		if over != (x.Status.Stage == v1alpha1.StageClosed) {
			t.Errorf("%s is %s", name, x.Status.Stage)
		}
		if r := x.Status.Reconciliation; over && (r == nil || r.State != v1alpha1.ReconciliationHeld || r.DaysLate != nil) {
			t.Errorf("the reconciliation of %s: %+v", name, r)
		}
	}
	if diff := cmp.Diff(map[v1alpha1.PlanStage]int{v1alpha1.StageClosed: 16, v1alpha1.StageActive: 7}, stages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	parties := map[string]int{}
	for _, x := range readHistory(t).Reviews {
		if x.Spec.Occasion == v1alpha1.OccasionReconciliation {
			parties[string(x.Spec.Party)+" "+string(x.Spec.PlanRef.Name)]++
		}
	}
	if len(parties) != 2*16 {
		t.Errorf("%d records of reconciliations, want one of each party for each of 16 plans: %v", len(parties), slices.Sorted(maps.Keys(parties)))
	}
}

// TestReportsOfHistory: the figures of the first half become final when a cluster writes the report; a preview keeps none.
func TestReportsOfHistory(t *testing.T) {
	want := map[string]v1alpha1.ReportState{
		"meridian-fy2026-h1": "Closing", "meridian-fy2026-h2": "Provisional", "meridian-fy2026": "Provisional", "meridian-fy2027-h1": "Open", "meridian-fy2027": "Open",
	}
	got := map[string]v1alpha1.ReportState{}
	for name, x := range history[*v1alpha1.ProgramReport](t) {
		got[name] = x.Status.State
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
}

// TestRevenueOfHistoryAddsUp: the sums are worked out in the README. The resellers of Harbor are in its figures and in no sum.
func TestRevenueOfHistoryAddsUp(t *testing.T) {
	want := map[string]map[string]sum{
		"meridian-fy2026-h1": {
			"Total ":                            {"1204000", "1209000", "1209000", "5000", 100},
			"Initiative automation":             {"773000", "789000", "789000", "16000", 102},
			"Initiative service-contracts":      {"431000", "420000", "420000", "-11000", 97},
			"Distributor partner-harbor/harbor": {"440000", "450000", "450000", "10000", 102},
		},
		"meridian-fy2026-h2": {
			"Total ":                            {"1398300", "1413000", "1413000", "14700", 101},
			"Initiative automation":             {"927420", "956400", "956400", "28980", 103},
			"Initiative service-contracts":      {"470880", "456600", "456600", "-14280", 96},
			"Distributor partner-harbor/harbor": {"517500", "528000", "528000", "10500", 102},
		},
		"meridian-fy2026":    {"Total ": {"2602300", "2622000", "2622000", "19700", 100}},
		"meridian-fy2027-h1": {"Total ": {"1618200", "738000", "1484199.99", "-134000.01", 91}},
	}
	for name, sums := range want {
		figures, _ := figuresOfHistory(t, name)
		got := map[string]sum{}
		for _, x := range figures.Sums {
			key := fmt.Sprintf("%s %s", x.By, x.Group)
			if _, asked := sums[key]; asked && x.Metric == "revenue" {
				got[key] = sum{x.Target, x.Actual, x.Forecast, x.Gap, percent(x.ForecastPercent)}
			}
		}
		if diff := cmp.Diff(sums, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestTheLeadsOfResellersCountBesideTheirDistributors: what is not stated to be included is not.
func TestTheLeadsOfResellersCountBesideTheirDistributors(t *testing.T) {
	figures, _ := figuresOfHistory(t, "meridian-fy2026-h2")
	for _, x := range figures.Sums {
		if x.By == v1alpha1.GroupTotal && x.Metric == "qualified-leads" {
			if x.Plans != 8 || x.Target != "250" || x.Actual != "245" {
				t.Errorf("%d plans, %s of %s leads", x.Plans, x.Actual, x.Target)
			}
			return
		}
	}
	t.Error("there is no sum of leads")
}

func TestMarketsAndConflictsOfHistory(t *testing.T) {
	figures, _ := figuresOfHistory(t, "meridian-fy2027-h1")
	states := map[string]v1alpha1.CoverageState{}
	for _, cell := range figures.Coverage {
		states[string(cell.Territory+" "+cell.Segment)] = cell.State
	}
	want := map[string]v1alpha1.CoverageState{
		"north industry": v1alpha1.CoverageCovered, "north public": v1alpha1.CoverageCovered, "south industry": v1alpha1.CoverageCovered,
		"south public": v1alpha1.CoverageThin, "east industry": v1alpha1.CoverageThroughDistributor, "east public": v1alpha1.CoverageGap,
	}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("coverage (-want +got):\n%s", diff)
	}
	conflict := []v1alpha1.AccountConflict{
		{Account: "Kestrel Foods", Owner: "ChannelDirector", Plans: []string{"partner-alder/alder-2027-h1", "partner-cedar/cedar-2027-h1"}},
	}
	if diff := cmp.Diff(conflict, figures.Conflicts); diff != "" {
		t.Errorf("conflicts (-want +got):\n%s", diff)
	}
	for _, name := range []string{"meridian-fy2026-h1", "meridian-fy2026-h2"} {
		if figures, _ := figuresOfHistory(t, name); len(figures.Conflicts) > 0 {
			t.Errorf("%s has conflicts: %+v", name, figures.Conflicts)
		}
	}
}

func TestMoneyOfHistory(t *testing.T) {
	figures, _ := figuresOfHistory(t, "meridian-fy2027-h1")
	want := []v1alpha1.Exposure{
		{CostCentre: "CC-700 Partners", Currency: "EUR", Granted: "6700", Unclaimed: "2600", Undecided: "2100", Unpaid: "2000", Paid: "0"},
	}
	if diff := cmp.Diff(want, figures.Exposure); diff != "" {
		t.Errorf("exposure (-want +got):\n%s", diff)
	}
}

// TestTiersOfHistory: Alder had 3 x (26,000 + 30,000 + 34,000 + 44,000) = 402,000 in 2026, and gold takes 400,000.
func TestTiersOfHistory(t *testing.T) {
	gold := func(name string) int32 {
		figures, _ := figuresOfHistory(t, name)
		for _, x := range figures.Tiers {
			if x.Tier == "gold" {
				return x.PromotedTo
			}
		}
		return none
	}
	if h1, h2 := gold("meridian-fy2026-h1"), gold("meridian-fy2026-h2"); h1 != 0 || h2 != 1 {
		t.Errorf("%d were promoted to gold in the first half, %d in the second; want none, and Alder", h1, h2)
	}
	if tier := history[*v1alpha1.Partner](t)["alder"].Status.EffectiveTier; tier != "gold" {
		t.Errorf("Alder holds %s", tier)
	}
}

// TestAResellerOfHistoryHasNoPlan: Tide has none for the half-year that runs, and its distributor sees that.
func TestAResellerOfHistoryHasNoPlan(t *testing.T) {
	harbor := history[*v1alpha1.Partner](t)["harbor"].Status.Resellers
	if harbor == nil {
		t.Fatal("Harbor shows no resellers")
	}
	if diff := cmp.Diff([]string{"partner-tide/tide"}, harbor.Unplanned); diff != "" || harbor.Count != 3 {
		t.Errorf("of %d resellers those without a plan (-want +got):\n%s", harbor.Count, diff)
	}
}

// TestGatesOfHistory: in the half-year that runs one gate cannot open any more, and one still can.
func TestGatesOfHistory(t *testing.T) {
	want := map[string]string{
		"cam-021": "FY2027 H1 CannotOpen: cannot open any more: 0 of 4 reached; out of reach: plans approved in time; not reached yet: reviews held in time, " +
			"plans reconciled in time and attainment",
		"cam-022": "FY2027 H1 Shut: shut, and it can still open: 1 of 4 reached; not reached yet: reviews held in time, plans reconciled in time and attainment",
	}
	got := map[string]string{}
	for name, x := range history[*v1alpha1.ChannelManager](t) {
		p := &x.Status.Periods[0]
		got[name] = fmt.Sprintf("%s %s: %s", p.Period, p.Gate.State, p.Gate.Message)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gates (-want +got):\n%s", diff)
	}
}
