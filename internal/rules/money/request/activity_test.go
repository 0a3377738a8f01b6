package request_test

import (
	"fmt"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// amend lets both parties approve the plan with other activities at an instant, and keeps what it said before.
func amend(d *moneytest.Dossier, at string, activities ...v1alpha1.PlannedActivity) {
	keepPlan(d, at)
	d.Plan = d.Plan.DeepCopy()
	d.Plan.Spec.Activities = activities
	revision := plan.Revision(&d.Plan.Spec.PlanTerms)
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		d.More = append(d.More, testobj.Decision(fmt.Sprintf("amend-%d", len(d.More)), d.Plan.Name, revision, party, v1alpha1.DecisionApproved, at))
	}
}

// keepPlan keeps what the plan says, as approved at an instant.
func keepPlan(d *moneytest.Dossier, at string) *v1alpha1.PlanRevision {
	revision := plan.Revision(&d.Plan.Spec.PlanTerms)
	kept := &v1alpha1.PlanRevision{
		ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("kept-%d", len(d.More)), Namespace: d.Plan.Namespace},
		Spec: v1alpha1.PlanRevisionSpec{
			PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(d.Plan.Name)}, Revision: revision, ApprovedTime: metav1.NewTime(testobj.At(at)),
			Terms: *d.Plan.Spec.PlanTerms.DeepCopy(),
		},
	}
	d.More = append(d.More, kept)
	return kept
}

func activity(name v1alpha1.Name, kind v1alpha1.ActivityType) v1alpha1.PlannedActivity {
	return v1alpha1.PlannedActivity{Name: name, Type: kind}
}

// withoutDecisionsOnThePlan removes the decisions on the plan.
func withoutDecisionsOnThePlan(d *moneytest.Dossier) {
	var rest []any
	for _, x := range d.More {
		if decision, ok := x.(*v1alpha1.ApprovalDecision); !ok || decision.Spec.TargetRef.Kind != "JointPlan" {
			rest = append(rest, x)
		}
	}
	d.More = rest
}

// TestAGrantKeepsTheTermsOfItsPlan says that a grant goes by the activity as it was when the request was approved: a webinar, on which claims are
// received for 20 days after 2026-10-19 and not for the 60 of a trade show, nor for the 90 of what is not known.
func TestAGrantKeepsTheTermsOfItsPlan(t *testing.T) {
	const (
		granted = "True/Granted: EUR 5,000.00 is granted; claims can be received from 2026-10-19 through "
		stays   = ": the grant keeps the terms of revision REVISION, approved on 2026-06-20 (Webinar)"
		gone    = "; no plan of record has activity autumn-webinar any more" + stays
	)
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		want   string
	}{
		"nothing changes": {func(*moneytest.Dossier) {}, granted + "2026-11-08"},
		"another activity is added": {func(d *moneytest.Dossier) {
			amend(d, "2026-08-07T10:00:00Z", activity("autumn-webinar", "Webinar"), activity("dinner", "TradeShow"))
		}, granted + "2026-11-08"},
		"the activity leaves the plan": {
			func(d *moneytest.Dossier) { amend(d, "2026-08-07T10:00:00Z", activity("fair", "TradeShow")) }, granted + "2026-11-08" + gone,
		},
		"it becomes another one of the same name": {
			func(d *moneytest.Dossier) { amend(d, "2026-08-07T10:00:00Z", activity("autumn-webinar", "TradeShow")) },
			granted + "2026-11-08; the plan of record has activity autumn-webinar as TradeShow now" + stays,
		},
		"that is approved of the request too": {func(d *moneytest.Dossier) {
			amend(d, "2026-08-07T10:00:00Z", activity("autumn-webinar", "TradeShow"))
			d.Request.Spec.Place = "Rome"
			d.Approve("vera", "2026-08-08T10:00:00Z")
		}, granted + "2026-12-18"},
		"a change of the request waits meanwhile": {func(d *moneytest.Dossier) {
			amend(d, "2026-08-07T10:00:00Z", activity("autumn-webinar", "TradeShow"))
			d.Request.Spec.Place = "Rome"
		}, granted + "2026-11-08; the plan of record has activity autumn-webinar as TradeShow now" + stays},
		"the plan of record is withdrawn": {func(d *moneytest.Dossier) {
			d.More = append(d.More, testobj.Decision("no", d.Plan.Name, plan.Revision(&d.Plan.Spec.PlanTerms), v1alpha1.PartyVendor, v1alpha1.DecisionReturned,
				"2026-08-07T10:00:00Z"))
		}, granted + "2026-11-08" + gone},
		"the decisions on the plan are gone, and another text is approved": {func(d *moneytest.Dossier) {
			keepPlan(d, "2026-06-20T10:00:00Z")
			withoutDecisionsOnThePlan(d)
			amend(d, "2026-08-07T10:00:00Z")
		}, granted + "2026-11-08" + gone},
		"a decision of the same second withdraws the plan of record as if it had never been": {func(d *moneytest.Dossier) {
			keepPlan(d, "2026-06-20T10:00:00Z")
			d.More = append(d.More, testobj.Decision("plan-no", d.Plan.Name, plan.Revision(&d.Plan.Spec.PlanTerms), v1alpha1.PartyVendor,
				v1alpha1.DecisionReturned, "2026-06-20T10:00:00Z"))
			amend(d, "2026-08-07T10:00:00Z", activity("fair", "TradeShow"))
		}, granted + "2026-11-08" + gone},
		"the plan is gone": {func(d *moneytest.Dossier) {
			keepPlan(d, "2026-06-20T10:00:00Z")
			withoutDecisionsOnThePlan(d)
			d.Plan = nil
		}, granted + "2026-11-08" + gone},
		"the plan is gone, and what is kept of it is not what its revision says": {func(d *moneytest.Dossier) {
			keepPlan(d, "2026-06-20T10:00:00Z").Spec.Revision = "v1:00000000000000000000000000000000"
			d.Plan = nil
		}, granted + "2027-01-17"},
		"the plan is gone, and what is kept was approved later than now": {func(d *moneytest.Dossier) {
			keepPlan(d, "2026-08-10T10:00:01Z")
			d.Plan = nil
		}, granted + "2027-01-17"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.Program.Spec.Activities[0].ClaimWithinDays = new(int32(20))
			d.ApprovePlan()
			d.GrantInFull()
			first := plan.Revision(&d.Plan.Spec.PlanTerms)[:len("v1:0123456789")]
			tc.change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			if got, want := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionGranted), strings.ReplaceAll(tc.want, "REVISION", first); got != want {
				t.Errorf("Granted is\n%s\nnot\n%s", got, want)
			}
		})
	}
}

// TestAnAmendmentChangesNoTermsOfAGrant says that nothing that becomes of the plan changes until when claims on a grant are received, or which type of
// activity they prove, as long as the request stays as it was approved.
func TestAnAmendmentChangesNoTermsOfAGrant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := moneytest.NewDossier()
		d.Program.Spec.Activities[0].ClaimWithinDays = new(int32(20))
		d.ApprovePlan()
		d.GrantInFull()
		now := testobj.At("2026-09-30T12:00:00Z")
		terms := func() string {
			r := request.Of(facts.Of(d.Snapshot(), now), d.Request)
			return fmt.Sprintf("%s through %s, until %s", r.Activity.Type, r.ClaimThrough, d.Evaluate(now).ClaimThrough)
		}
		keepPlan(d, "2026-06-20T10:00:00Z")
		before := terms()
		for i := range rapid.IntRange(1, 4).Draw(t, "amendments") {
			var activities []v1alpha1.PlannedActivity
			for _, name := range []v1alpha1.Name{"autumn-webinar", "fair"} {
				if rapid.Bool().Draw(t, string(name)) {
					activities = append(activities, activity(name, rapid.SampledFrom([]v1alpha1.ActivityType{"Webinar", "TradeShow"}).Draw(t, "type")))
				}
			}
			amend(d, fmt.Sprintf("2026-08-%02dT10:00:00Z", 10+i), activities...)
			if rapid.Bool().Draw(t, "taken back") {
				d.More = append(d.More, testobj.Decision(fmt.Sprintf("back-%d", i), d.Plan.Name, plan.Revision(&d.Plan.Spec.PlanTerms), v1alpha1.PartyVendor,
					v1alpha1.DecisionRejected, fmt.Sprintf("2026-08-%02dT11:00:00Z", 10+i)))
			}
			if got := terms(); got != before {
				t.Fatalf("an amendment to %v changes the terms of the grant from %s to %s", activities, before, got)
			}
		}
		if rapid.Bool().Draw(t, "the plan goes") {
			d.Plan = nil
			if got := terms(); got != before {
				t.Fatalf("without its plan the grant has the terms %s, not %s", got, before)
			}
		}
	})
}

// TestWhatIsKeptOfAPlanCountsFromItsApproval: the status says when it will change.
func TestWhatIsKeptOfAPlanCountsFromItsApproval(t *testing.T) {
	d := moneytest.NewDossier()
	d.GrantInFull()
	keepPlan(d, "2026-08-10T10:00:01Z")
	d.Plan = nil
	if _, next := outcome.Evaluate(d.Snapshot(), d.Request, d.Gate, testobj.At(moneytest.Noon)); !next.Equal(testobj.At("2026-08-10T10:00:01Z")) {
		t.Errorf("the next change is at %s", next)
	}
}
