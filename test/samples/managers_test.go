package samples_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// managed returns the evidence about cam-014 by a policy; nil keeps none.
func managed(t *testing.T, policy *v1alpha1.ManagerPolicy) *v1alpha1.ChannelManager {
	t.Helper()
	world := preview.New(keeping(t, policy))
	manager, _ := preview.Find(world.At(now), "ChannelManager", "", "cam-014").(*v1alpha1.ChannelManager)
	if manager == nil {
		t.Fatal("the samples have no channel manager cam-014")
	}
	return manager
}

// keeping returns the samples with another policy about managers.
func keeping(t *testing.T, policy *v1alpha1.ManagerPolicy) *manifest.Set {
	t.Helper()
	set := readSamples(t)
	for _, x := range set.Strategies {
		x.Spec.Managers = policy
	}
	return set
}

// asking is a policy with one gate.
func asking(gate v1alpha1.BonusGate) *v1alpha1.ManagerPolicy {
	gate.EffectiveFrom = "2026-07-01"
	return &v1alpha1.ManagerPolicy{Bonus: []v1alpha1.BonusGate{gate}}
}

// TestEvidenceAboutAManagerOfTheSamples is the story of acme, brightpath and corvid in FY2027 H1: 3 plans approved in time, 8 of 10 reviews in time, 8 to come.
func TestEvidenceAboutAManagerOfTheSamples(t *testing.T) {
	got := managed(t, asking(v1alpha1.BonusGate{
		MinApprovedInTimePercent: "90", MinReviewsInTimePercent: "80", MinReconciledPercent: "100", MinAttainmentPercent: "70", MinGoalsPercent: "50",
	}))
	want := v1alpha1.ManagerPeriod{
		Period: "FY2027 H1", From: "2026-07-01", Through: "2026-12-31", Partners: 3,
		Owed: 3, Created: 3, CreatedInTime: 3, Approved: 3, ApprovedInTime: 3,
		Reviews: &v1alpha1.ManagerReviews{Slots: 18, Decided: 10, InTime: 8, Late: 1, Missed: 1, ToCome: 8},
		Plans:   3, Scored: 3, AttainmentPercent: new(int32(46)), Goals: &v1alpha1.ManagerGoals{Due: 2, Done: 1, DoneInTime: 1},
		Gate: &v1alpha1.ManagerGate{
			State: v1alpha1.GateShut, EffectiveFrom: "2026-07-01",
			Message: "shut, and it can still open: 1 of 5 reached; not reached yet: reviews held in time, plans reconciled in time, attainment and the manager's own goals",
			Criteria: []v1alpha1.GateFigure{
				{
					Criterion: v1alpha1.CriterionApprovedInTime, State: v1alpha1.GateOpen, Asked: "90", Found: new(int32(100)), AtBest: new(int32(100)),
					Message: "3 of 3 owed plans were approved in time (100%). 90% is asked: reached",
				},
				{
					Criterion: v1alpha1.CriterionReviewsInTime, State: v1alpha1.GateShut, Asked: "80", Found: new(int32(80)), AtBest: new(int32(88)), MayStillMiss: new(int32(1)),
					Message: "8 of 10 reviews were held in time (80%), 8 are to come: at best 16 of 18 (88%). 80% is asked: 1 more may be missed (15 of 18, 83%); " +
						"2 would put it out of reach (14 of 18, 77%)",
				},
				{
					Criterion: v1alpha1.CriterionReconciled, State: v1alpha1.GateShut, Asked: "100",
					Message: "there is no plan to be judged yet: the reconciliation of 3 plans is still to come; 100% is asked",
				},
				{
					Criterion: v1alpha1.CriterionAttainment, State: v1alpha1.GateShut, Asked: "70", Found: new(int32(46)), AtBest: new(int32(120)),
					Message: "mean score by the original targets: 46%, of 3 plans (0 final): at best 120%. 70% is asked: decided once all scores are final",
				},
				{
					Criterion: v1alpha1.CriterionGoals, State: v1alpha1.GateShut, Asked: "50", Found: new(int32(100)), AtBest: new(int32(100)),
					Message: "1 of 2 own goals done by the due day, 30% of their weight: at best 100%. 50% is asked: not yet",
				},
			},
		},
	}
	if len(got.Status.Periods) == 0 {
		t.Fatalf("no period: %+v", got.Status)
	}
	if diff := cmp.Diff(want, got.Status.Periods[0]); diff != "" {
		t.Errorf("FY2027 H1 (-want +got):\n%s", diff)
	}
	if *got.Status.Partners != 3 || reason(got, v1alpha1.ConditionReady) != v1alpha1.ReasonEvaluated || len(got.Status.Findings) > 0 {
		t.Errorf("status = %+v", got.Status)
	}
}

// TestTheEndedPeriodOfTheSamplesStays shows that a plan which closed is still evidence, and that no gate was in force then.
func TestTheEndedPeriodOfTheSamplesStays(t *testing.T) {
	got := managed(t, asking(v1alpha1.BonusGate{MinReviewsInTimePercent: "80"}))
	i := slices.IndexFunc(got.Status.Periods, func(p v1alpha1.ManagerPeriod) bool { return p.Period == "FY2026 H2" })
	if i < 0 {
		t.Fatalf("periods = %+v", got.Status.Periods)
	}
	p := got.Status.Periods[i]
	if p.Plans != 1 || p.Reviews == nil || p.Reviews.InTime != 2 || *p.AttainmentPercent != 96 || p.Gate != nil {
		t.Errorf("FY2026 H2 = %+v", p)
	}
}

// TestAGateAtNinetyPercentCannotOpen shows the third answer: 16 of 18 is 88 percent.
func TestAGateAtNinetyPercentCannotOpen(t *testing.T) {
	gate := managed(t, asking(v1alpha1.BonusGate{MinReviewsInTimePercent: "90"})).Status.Periods[0].Gate
	const want = "cannot open any more: 0 of 1 reached; out of reach: reviews held in time"
	if gate.State != v1alpha1.GateCannotOpen || gate.Message != want {
		t.Errorf("gate = %s, %s", gate.State, gate.Message)
	}
	if gate.Criteria[0].MayStillMiss != nil {
		t.Errorf("may still miss %d", *gate.Criteria[0].MayStillMiss)
	}
}

// TestWithoutAPolicyNothingIsKeptAboutAnybody shows that evidence is off unless it is asked for.
func TestWithoutAPolicyNothingIsKeptAboutAnybody(t *testing.T) {
	got := managed(t, nil)
	if got.Status.Partners != nil || got.Status.Periods != nil || reason(got, v1alpha1.ConditionReady) != v1alpha1.ReasonManagersOff {
		t.Errorf("status = %+v", got.Status)
	}
}

// TestNothingElseSaysWhatAManagersEvidenceIs shows that no other object of the samples turns out otherwise when evidence is kept.
func TestNothingElseSaysWhatAManagersEvidenceIs(t *testing.T) {
	with := preview.New(keeping(t, asking(v1alpha1.BonusGate{MinReviewsInTimePercent: "80"})))
	left := func(objects []preview.Object) []preview.Object {
		return slices.DeleteFunc(objects, func(x preview.Object) bool {
			return slices.Contains([]string{"ChannelManager", "ChannelStrategy", "ProgramReport"}, manifest.KeyOf(x).Kind) // which the vendor's directors read
		})
	}
	if diff := cmp.Diff(left(preview.New(keeping(t, nil)).At(now)), left(with.At(now))); diff != "" {
		t.Errorf("objects without and with evidence (-without +with):\n%s", diff)
	}
	for _, x := range left(with.At(now)) {
		for _, c := range preview.Common(x).Conditions {
			if strings.Contains(c.Message, "cam-014") {
				t.Errorf("%s speaks of cam-014: %s", manifest.KeyOf(x), c.Message)
			}
		}
	}
}
