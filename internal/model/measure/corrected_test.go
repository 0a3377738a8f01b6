package measure

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// corrects adds an entry of new-revenue of 2026-07-31 that was reported on a day.
func corrects(x *v1alpha1.MeasurementSet, value v1alpha1.Decimal, reported v1alpha1.Date) *v1alpha1.MeasurementSet {
	x.Spec.Entries = append(x.Spec.Entries, v1alpha1.Measurement{Metric: "new-revenue", Day: "2026-07-31", Value: value, ReportedOn: reported})
	return x
}

func TestACorrectionCountsFromTheDayOfItsReport(t *testing.T) {
	july := func() *v1alpha1.MeasurementSet { return onPlan("b", "h1", "new-revenue", "2026-07-31", "100") }
	for name, tc := range map[string]struct {
		sets []any
		want map[string]string // by the day of the evaluation
	}{
		"lower": {
			sets: []any{corrects(july(), "90", "2026-09-05")},
			want: map[string]string{"2026-07-30": "", "2026-07-31": "100", "2026-09-05": "100", "2026-09-06": "90", "2026-12-31": "90"},
		},
		"twice, in any order": {
			sets: []any{corrects(corrects(july(), "80", "2026-10-05"), "90", "2026-09-05")},
			want: map[string]string{"2026-09-05": "100", "2026-09-06": "90", "2026-10-05": "90", "2026-10-06": "80"},
		},
		"in a set that is first by name": {
			sets: []any{july(), corrects(onPlan("a", "h1"), "90", "2026-09-05")},
			want: map[string]string{"2026-09-05": "100", "2026-09-06": "90"},
		},
		"known late": {
			sets: []any{corrects(onPlan("a", "h1"), "90", "2026-09-05")},
			want: map[string]string{"2026-09-05": "", "2026-09-06": "90"},
		},
		"to zero": {
			sets: []any{corrects(july(), "0", "2026-09-05")},
			want: map[string]string{"2026-09-05": "100", "2026-09-06": "0"},
		},
		"on its own day": {
			sets: []any{corrects(july(), "90", "2026-07-31")},
			want: map[string]string{"2026-07-31": "100", "2026-08-01": "90"},
		},
		"reported before its day": {
			sets: []any{corrects(july(), "90", "2026-07-30")},
			want: map[string]string{"2026-07-31": "100", "2026-09-05": "100"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for today, want := range tc.want {
				if got := show(planBook(today, tc.sets...).Series("new-revenue").Total(half)).Value; got != want {
					t.Errorf("on %s: got %q, want %q", today, got, want)
				}
			}
		})
	}
}

func TestTheStatusOfASetWithCorrections(t *testing.T) {
	plan := testobj.Plan("h1").Obj()
	x := corrects(corrects(onPlan("a", "h1", "new-revenue", "2026-07-31", "100"), "90", "2026-09-05"), "80", "2026-12-01")
	snap := testobj.Snapshot(northwind(), testobj.Partner("acme").Obj(), plan, x)
	status, next := EvaluateSet(snap, x, time.Date(2026, 10, 1, 8, 0, 0, 0, time.UTC))
	want := []v1alpha1.Finding{
		{
			Rule: RuleEntryInFuture, Severity: v1alpha1.SeverityWarning, Field: "spec.entries[2].reportedOn",
			Message: "reportedOn is in the future: the entry counts from 2026-12-02 on, the day after it",
		},
		{
			Rule: RuleEntryCorrected, Severity: v1alpha1.SeverityInfo, Field: "spec.entries[0]",
			Message: "new-revenue of 2026-07-31 was corrected on 2026-09-05 from 100 to 90, by spec.entries[1]: through 2026-09-05 this entry counts, after it that one",
		},
	}
	if diff := cmp.Diff(want, status.Findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	if got := next.UTC().Format(time.RFC3339); got != "2026-12-01T23:00:00Z" || *status.Ignored != 2 {
		t.Errorf("next %s, %d ignored", got, *status.Ignored)
	}
	book := OfPlan(snap, snap.Program("northwind"), plan, half, day("2026-10-01"))
	if got, ok := book.NextDay(); !ok || got.String() != "2026-12-02" {
		t.Errorf("the plan is evaluated next on %s", got)
	}
	wantOfPlan := []v1alpha1.Finding{{
		Rule: RuleEntryCorrected, Severity: v1alpha1.SeverityInfo, Field: "measurementsets/a.spec.entries[0]",
		Message: "1 entry of new-revenue was corrected later, most recently on 2026-09-05 that of 2026-07-31, from 100 to 90",
	}}
	if diff := cmp.Diff(wantOfPlan, book.Findings()); diff != "" {
		t.Errorf("findings of the plan (-want +got):\n%s", diff)
	}
}

func TestWhatWasReportedLast(t *testing.T) {
	a := corrects(onPlan("a", "h1", "new-revenue", "2026-07-31", "100", "new-revenue", "2026-08-31", "1"), "90", "2026-09-05")
	b := onPlan("b", "h1", "new-revenue", "2026-07-31", "70", "new-revenue", "2026-08-31", "2", "new-revenue", "31.07.2026", "3")
	got := map[string]v1alpha1.Decimal{}
	for fact, last := range LastReported([]*v1alpha1.MeasurementSet{b, a}) {
		got[fact.Day.String()] = last.Value
	}
	if diff := cmp.Diff(map[string]v1alpha1.Decimal{"2026-07-31": "90", "2026-08-31": "2"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
