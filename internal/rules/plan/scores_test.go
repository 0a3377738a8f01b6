package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestAScoreByTheOriginalTargets is the worked number of a bonus: a target raised from 440,000 to 460,000 counts as 162,000 / 440,000 = 36 percent for whoever
// asks for the original targets, and as 35 percent on the plan.
func TestAScoreByTheOriginalTargets(t *testing.T) {
	s := &story{plan: testobj.Plan("h1").Goal("revenue", "new-revenue", "440000").Obj()}
	approve := func(names, at string) {
		s.decide("partner-"+names, partner, at)
		s.decide("vendor-"+names, vendor, at)
		s.evaluate(testobj.At(at)) // which keeps the revision
	}
	approve("1", "2026-06-25T10:00:00+02:00")
	s.measured = testobj.Measured("crm", "h1", "new-revenue", "2026-09-30", "162000")
	s.plan.Spec.Vision = "A word more: no change of the goals"
	approve("2", "2026-07-20T10:00:00+02:00")
	s.plan.Spec.Goals[0].Target.Value = "460000"
	approve("3", "2026-08-20T10:00:00+02:00")

	got := s.evaluate(testobj.At("2026-10-02T09:00:00+02:00")).Status
	want := []v1alpha1.RevisionScore{
		{ApprovedOn: "2026-06-25", State: "Running", Percent: "36.818182", AtBestPercent: "100"},
		{ApprovedOn: "2026-08-20", State: "Running", Percent: "35.217392", AtBestPercent: "100"},
	}
	if diff := cmp.Diff(want, got.ScoresByRevision); diff != "" {
		t.Errorf("scores by revision (-want +got):\n%s", diff)
	}
	if *got.AttainmentPercent != 35 {
		t.Errorf("attainment = %d", *got.AttainmentPercent)
	}
}

// TestAScoreAtBest counts what is final as it is, and the others as much as one goal can count.
func TestAScoreAtBest(t *testing.T) {
	s := &story{plan: testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Deliverable("portal", "2026-09-30").Obj()}
	s.decide("partner-1", partner, "2026-06-25T10:00:00+02:00")
	s.decide("vendor-1", vendor, "2026-06-25T10:00:00+02:00")
	for name, tc := range map[string]struct {
		at   string
		want v1alpha1.RevisionScore
	}{
		"before the portal is due": {"2026-09-30T23:00:00+02:00", v1alpha1.RevisionScore{ApprovedOn: "2026-06-25", State: "Provisional", Percent: "0", AtBestPercent: "100"}},
		"the portal is not there":  {"2026-10-01T00:00:00+02:00", v1alpha1.RevisionScore{ApprovedOn: "2026-06-25", State: "Running", Percent: "0", AtBestPercent: "50"}},
		"all is final":             {"2027-03-01T00:00:00+02:00", v1alpha1.RevisionScore{ApprovedOn: "2026-06-25", State: "Final", Percent: "0", AtBestPercent: "0"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.evaluate(testobj.At(tc.at)).Status.ScoresByRevision
			if diff := cmp.Diff([]v1alpha1.RevisionScore{tc.want}, got); diff != "" {
				t.Errorf("scores by revision (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAPlanWithoutAPlanOfRecordHasNoScoresByRevision shows that a draft has none.
func TestAPlanWithoutAPlanOfRecordHasNoScoresByRevision(t *testing.T) {
	s := &story{plan: testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Obj()}
	if got := s.evaluate(testobj.At("2026-07-20T09:00:00+02:00")).Status.ScoresByRevision; got != nil {
		t.Errorf("scores by revision = %+v", got)
	}
}

// TestReviewsSayTheirGrace shows what an achievement within the grace is told by, also of a review that the partner recorded and nobody answered.
func TestReviewsSayTheirGrace(t *testing.T) {
	s := &story{plan: testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").Obj()}
	s.decide("partner-1", partner, "2026-06-25T10:00:00+02:00")
	s.decide("vendor-1", vendor, "2026-06-25T10:00:00+02:00")
	recorded := testobj.Review("h1", "2026-08-04")
	recorded.Spec.Party = partner
	s.reviews = append(s.reviews, recorded)
	got := s.evaluate(testobj.At("2026-08-05T09:00:00+02:00")).Status.Reviews
	if got.GraceDays == nil || got.Slots[0].State != v1alpha1.SlotRecorded || got.Slots[0].HeldOn != "2026-08-04" || got.Held != 0 {
		t.Errorf("reviews = %+v", got)
	}
}
