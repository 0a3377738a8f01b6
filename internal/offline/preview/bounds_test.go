package preview

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// flood are n objects of a kind that a partner's editor writes after all others, with names that come first.
func flood(kind string, n int) []Object {
	var objects []Object
	for i := range n {
		name := fmt.Sprintf("a-%05d", i)
		switch kind {
		case kinds.JointPlan:
			objects = append(objects, testobj.Plan(name).Goal("leads", "qualified-leads", "120").Obj())
		case kinds.Campaign:
			objects = append(objects, testobj.Campaign(name, "acme-h1", "leads"))
		case kinds.MeasurementSet:
			set := testobj.Measurements(name, v1alpha1.SubjectPartner, "acme").Entry("purchases", "2026-11-01", "1").Obj()
			set.Spec.Source = v1alpha1.SourcePartnerReported
			objects = append(objects, set)
		case kinds.PlanReview:
			review := testobj.ByPartner(testobj.Review("acme-h1", "2026-11-08"), "2026-11-09T10:00:00Z")
			review.Name = name
			objects = append(objects, review)
		case kinds.ApprovalDecision:
			objects = append(objects, testobj.Decision(name, "acme-h1", fmt.Sprintf("v1:%032d", i), v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z"))
		case kinds.MDFAllocation:
			objects = append(objects, testobj.Allocation(name).Requested("2026-11-09").Obj())
		case kinds.MDFClaim:
			objects = append(objects, testobj.Claim(name, "r1").Claimed("2026-11-09").Cost(v1alpha1.Word("F-"+name), "1.00").Obj())
		}
	}
	return objects
}

// besides are a few objects of a partner with others besides them.
func besides(t *testing.T, more []Object) *World {
	t.Helper()
	few := moneytest.Crowd{Plans: 2, Campaigns: 2, Reviews: 2, Sets: 2, Decisions: 2, Pending: 2, Granted: 2, Claims: 2, Costs: 1, Limits: true}
	set, err := manifest.NewSet(append(few.Objects(), more...), map[string]map[string]string{testobj.Namespace: nil})
	if err != nil {
		t.Fatal(err)
	}
	return New(set)
}

func TestAnObjectOfTooManyIsStalledAndSaysWhatToDo(t *testing.T) {
	now := testobj.At(moneytest.NowOfCrowd)
	for kind, most := range map[string]int{
		kinds.JointPlan: 500, kinds.Campaign: 2000, kinds.MeasurementSet: 4000, kinds.PlanReview: 1000, kinds.ApprovalDecision: 2000, kinds.MDFAllocation: 1000,
		kinds.MDFClaim: 2000,
	} {
		t.Run(kind, func(t *testing.T) {
			w := besides(t, flood(kind, most+1))
			u := newUnit(w, w.units[0])
			snap, seen := u.snapshot(nil), 0
			for _, x := range u.rest {
				if x.key.Kind != kind {
					continue
				}
				object, next := x.evaluate(snap, now)
				status := Common(object)
				if ready := status.Conditions[0]; ready.Reason != v1alpha1.ReasonTooManyObjects {
					continue
				}
				seen++
				if len(status.Findings) != 1 || status.Findings[0].Rule != "TooManyObjects" || status.Findings[0].Message != snap.Beyond(object) || !next.IsZero() {
					t.Fatalf("%s: %v, next change %s", x.key, status.Findings, next)
				}
				for _, c := range status.Conditions {
					switch c.Type {
					case v1alpha1.ConditionReady, v1alpha1.ConditionStalled:
						if c.Message != snap.Beyond(object) {
							t.Errorf("%s: %s says %q", x.key, c.Type, c.Message)
						}
					default:
						if c.Status != metav1.ConditionUnknown || c.Reason != v1alpha1.ReasonNotEvaluated || c.Message != "not evaluated: "+snap.Beyond(object) {
							t.Errorf("%s: %s is %s/%s: %s", x.key, c.Type, c.Status, c.Reason, c.Message)
						}
					}
				}
			}
			if seen == 0 {
				t.Error("none is beyond the bound")
			}
		})
	}
}

// TestAFloodChangesNothingForOthers writes many more requests and claims than are evaluated: all others stand as beside as many as are evaluated, and the
// ledger grants and settles the same.
func TestAFloodChangesNothingForOthers(t *testing.T) {
	now := testobj.At(moneytest.NowOfCrowd)
	for kind, most := range map[string]int{kinds.MDFAllocation: 1000, kinds.MDFClaim: 2000} {
		t.Run(kind, func(t *testing.T) {
			stand := func(n int) map[string]Object {
				stand := map[string]Object{}
				for _, x := range besides(t, flood(kind, n)).At(now) {
					if key := manifest.KeyOf(x); key.Kind != kind || x.GetName()[:2] != "a-" {
						stand[key.String()] = x
					}
				}
				return stand
			}
			if diff := cmp.Diff(stand(most), stand(most+400)); diff != "" {
				t.Errorf("400 more change others (-want +got):\n%s", diff)
			}
		})
	}
}
