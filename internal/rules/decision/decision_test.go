package decision_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	approved = v1alpha1.DecisionApproved
	returned = v1alpha1.DecisionReturned
	rejected = v1alpha1.DecisionRejected

	tuesday   = "2026-08-04T10:00:00+02:00"
	wednesday = "2026-08-05T10:00:00+02:00"
	thursday  = "2026-08-06T10:00:00+02:00"
)

func TestDecision(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier) *v1alpha1.ApprovalDecision // returns the decision to be judged
		want   string                                              // the condition Effective, with CURRENT for the revision of the request
	}{
		"approves": {
			func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide(approved, "vera", tuesday) },
			"True/Effective: counts: with it the current revision is approved",
		},
		"approves as the first of two": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
			return d.Decide(approved, "vera", tuesday)
		}, "True/Effective: counts, but the current revision needs the approval of more people"},
		"approves as the first of two who did": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
			first := d.Decide(approved, "vera", tuesday)
			d.Approve("walt", wednesday)
			return first
		}, `True/Effective: counts: the current revision is approved, in full with ApprovalDecision "d4"`},
		"returns": {
			func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide(returned, "vera", tuesday) },
			"True/Effective: counts: the current revision is returned",
		},
		"rejects": {
			func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide(rejected, "vera", tuesday) },
			"True/Effective: counts: the current revision is rejected",
		},
		"rejects what was approved": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Approve("vera", tuesday)
			return d.Decide(rejected, "walt", wednesday)
		}, "True/Effective: counts: it withdraws the approval of the current revision"},
		"rejects what was approved, before a change": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Approve("vera", tuesday)
			x := d.Decide(rejected, "walt", wednesday)
			d.Request.Spec.Place = "Lyon"
			return x
		}, "True/Effective: counts: it withdraws the approval of revision v1:0b07e4112f, and the current revision v1:f096384307 " +
			"is not approved"},
		"approved, then returned by another": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
			x := d.Decide(approved, "vera", tuesday)
			d.Decide(returned, "walt", wednesday)
			return x
		}, `False/Superseded: walt returned it on 2026-08-05 (ApprovalDecision "d4" says why), which voids the approvals before it`},
		"approved again after the approval was withdrawn": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Approve("vera", tuesday)
			d.Decide(rejected, "walt", wednesday)
			return d.Decide(approved, "vera", thursday)
		}, `False/Superseded: walt rejected it on 2026-08-05 (ApprovalDecision "d4" says why) after it had been approved, which ` +
			"is final for this revision: request again with a new requestID or other content"},
		"returned, then approved": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(returned, "vera", tuesday)
			d.Approve("vera", wednesday)
			return x
		}, `False/Superseded: the vendor decided on this revision again: Approved in ApprovalDecision "d4" of 2026-08-05T08:00:00Z`},
		"approved, then approved in part by the same person": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
			x := d.Decide(approved, "vera", tuesday)
			d.Part("4000.00", "EUR", "vera", wednesday)
			return x
		}, `False/Superseded: the vendor decided on this revision again: ApprovedInPart in ApprovalDecision "d4" of ` +
			"2026-08-05T08:00:00Z"},
		"approves what was approved in full": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.Approve("vera", tuesday)
			return d.Decide(approved, "walt", wednesday)
		}, `False/Superseded: the approval of this revision was complete with ApprovalDecision "d3" of 2026-08-04T08:00:00Z: to ` +
			"take it back, reject the revision"},
		"by the requester": {
			func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide(approved, "paul", tuesday) },
			"False/SelfApproval: paul requested the money and cannot approve it: someone else at the vendor must",
		},
		"of the partner": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(approved, "vera", tuesday)
			x.Spec.Party = v1alpha1.PartyPartner
			return x
		}, "False/PartyNotAsked: money is approved by the vendor, not by the partner"},
		"in the future": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return d.Decide(approved, "vera", "2026-08-10T12:00:01+02:00")
		}, "False/NotYetInForce: spec.decidedTime is in the future: it counts from 2026-08-10T10:00:01Z on"},
		"on an earlier content": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(approved, "vera", tuesday)
			d.Request.Spec.Place = "Lyon"
			return x
		}, `False/Stale: revision v1:0b07e4112f is not the current version of MDFAllocation "r1", which is revision CURRENT: to ` +
			"decide on the current version, create another ApprovalDecision; the next steps of the MDFAllocation say who decides and by when"},
		"undated": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(approved, "vera", tuesday)
			x.Spec.DecidedTime = metav1.Time{}
			return x
		}, "Unknown/NotEvaluated: spec.decidedTime: a decision needs the time at which it was made"},
		"of a later version": {
			func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide("Deferred", "vera", tuesday) },
			`Unknown/NotEvaluated: spec.decision: this version does not know "Deferred", so the decision does not count: upgrade the manager, or create ` +
				"another ApprovalDecision",
		},
		"of a party of a later version": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(approved, "vera", tuesday)
			x.Spec.Party = "Auditor"
			return x
		}, `Unknown/NotEvaluated: spec.party: this version does not know "Auditor", so the decision does not count: upgrade the manager, or create ` +
			"another ApprovalDecision"},
		"approves, before one of a later version": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(approved, "vera", tuesday)
			d.Decide("Deferred", "walt", wednesday)
			return x
		}, "True/Effective: counts: with it the current revision is approved"},
		"no such request": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.MoneyDecision("x", "MDFAllocation", "r2", "v1:1", approved, "vera", tuesday)
		}, `False/TargetNotFound: spec.targetRef.name: MDFAllocation "r2" not found or not permitted`},
		"no such claim": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.MoneyDecision("x", "MDFClaim", "c1", "v1:1", approved, "vera", tuesday)
		}, `False/TargetNotFound: spec.targetRef.name: MDFClaim "c1" not found or not permitted`},
		"no such kind": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.MoneyDecision("x", "MDFBudget", "b1", "v1:1", approved, "vera", tuesday)
		}, `False/TargetNotFound: spec.targetRef.name: MDFBudget "b1" not found or not permitted`},
		"in part": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "4000.00", "EUR")
		}, "True/Effective: counts: with it the current revision is approved"},
		"more than was requested": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "5000.01", "EUR")
		}, "True/AmountTooHigh: EUR 5,000.01 is approved, but only EUR 5,000.00 is requested: it counts for that"},
		"in another currency": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "4000.00", "USD")
		}, "False/CurrencyMismatch: spec.amount: the amount is in the wrong currency: USD instead of EUR; " +
			"create another ApprovalDecision with an amount in EUR"},
		"with too many digits": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "4000.001", "EUR")
		}, `Unknown/NotEvaluated: spec.amount: "4000.001" has too many digits after the point (3): EUR amounts have at most 2, ` +
			`such as "12.50"`},
		"without an amount": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return d.Decide(v1alpha1.DecisionApprovedInPart, "vera", tuesday)
		}, "Unknown/NotEvaluated: spec.amount: an approval in part needs an amount: create another ApprovalDecision that states it"},
		"of nothing": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "0.00", "EUR")
		}, "Unknown/NotEvaluated: spec.amount: the amount must be above zero: to approve nothing, reject it"},
		"on a claim": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			d.GrantInFull()
			d.Lodge("c1", "2026-11-02", "6000.00", wednesday)
			return d.More[len(d.More)-1].(*v1alpha1.ApprovalDecision)
		}, "True/Effective: counts: with it the current revision is approved"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			x := tc.change(d)
			status, _ := decision.Evaluate(d.Snapshot(), x, testobj.At(moneytest.Noon))
			got := strings.ReplaceAll(moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEffective), facts.RequestRevision(&d.Request.Spec), "CURRENT")
			if got != tc.want {
				t.Errorf("FILL[%s][%s]END", name, got)
			}
		})
	}
}

func TestMistakesInADecision(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier) *v1alpha1.ApprovalDecision
		want   []string
	}{
		"nothing is wrong": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide(approved, "vera", tuesday) }, nil},
		"more than was requested": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "5000.01", "EUR")
		}, []string{
			"Warning DecisionAmount spec.amount: EUR 5,000.01 is approved, but only EUR 5,000.00 is requested: it counts for that. If less was meant, create " +
				"another ApprovalDecision",
		}},
		"in another currency": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.InPart(d.Decide(approved, "vera", tuesday), "4000.00", "USD")
		}, []string{
			"Error DecisionAmount spec.amount: the amount is in the wrong currency: USD instead of EUR; create another ApprovalDecision " +
				"with an amount in EUR",
		}},
		"undated": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			x := d.Decide(approved, "vera", tuesday)
			x.Spec.DecidedTime = metav1.Time{}
			return x
		}, []string{"Error DecisionUndated spec.decidedTime: a decision needs the time at which it was made"}},
		"of a later version": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision { return d.Decide("Deferred", "vera", tuesday) }, []string{
			`Error DecisionNotUnderstood spec.decision: this version does not know "Deferred", so the decision does not count: upgrade the manager, or ` +
				"create another ApprovalDecision",
		}},
		"no such request": {func(d *moneytest.Dossier) *v1alpha1.ApprovalDecision {
			return testobj.MoneyDecision("x", "MDFAllocation", "r2", "v1:1", approved, "vera", tuesday)
		}, []string{`Error ReferenceNotFound spec.targetRef.name: MDFAllocation "r2" not found or not permitted`}},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			x := tc.change(d)
			status, _ := decision.Evaluate(d.Snapshot(), x, testobj.At(moneytest.Noon))
			if diff := cmp.Diff(tc.want, moneytest.Findings(&status.CommonStatus)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
