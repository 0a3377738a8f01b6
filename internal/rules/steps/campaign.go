package steps

import (
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// ofCampaign adds what is to be done about a campaign.
func (w *writer) ofCampaign(x *v1alpha1.Campaign) {
	if over := w.condition(v1alpha1.ConditionWithinStopRule, metav1.ConditionFalse); over != nil && x.Status.Stage == v1alpha1.CampaignRunning {
		w.put(w.partners(), v1alpha1.NextStep{
			Do: "Stop or change the campaign: " + over.Message, By: x.Spec.Schedule.EndsOn, Otherwise: "It goes on spending beyond what its own stop rule allows",
		})
	}
	off := w.condition(v1alpha1.ConditionAligned, metav1.ConditionFalse)
	if off == nil || x.Status.Stage == v1alpha1.CampaignCompleted {
		return
	}
	if w.plan != nil && awaitsPlan(off.Reason, w.plan, x.Spec.Activity) {
		w.awaitPlan(fmt.Sprintf("campaign %s waits for that", x.Name), x.Spec.Schedule.StartsOn, "it runs outside an approved plan")
		return
	}
	by := x.Spec.Schedule.StartsOn
	if w.late(by) {
		by = x.Spec.Schedule.EndsOn
	}
	w.put(w.partners(), v1alpha1.NextStep{
		Do: "Align the campaign with the plan: " + off.Message, By: by, Otherwise: "The campaign does not count toward the plan, and gets no money through it",
	})
}

// ofDecision adds that a decision which was meant to count does not, where the one who decided can help it.
func (w *writer) ofDecision(x *v1alpha1.ApprovalDecision) {
	effective := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionEffective)
	if effective == nil || effective.Status != metav1.ConditionFalse {
		return
	}
	again := v1alpha1.NextStep{Otherwise: "This decision does not count"}
	switch effective.Reason {
	case v1alpha1.ReasonSelfApproval, v1alpha1.ReasonRecorderApproves:
		again.Do = "Have another person decide: " + effective.Message
	case v1alpha1.ReasonAmountTooHigh, v1alpha1.ReasonPartyNotAsked, v1alpha1.ReasonTooLate, v1alpha1.ReasonNoException, v1alpha1.ReasonTargetNotFound:
		again.Do = "Decide again with another ApprovalDecision, or leave it: " + effective.Message
	default:
		return
	}
	w.put(w.of(x.Spec.Party, x.Spec.ApprovedBy), again)
}

// openOf returns the open items of a plan.
func (w *writer) openOf(x *v1alpha1.JointPlan) []v1alpha1.OpenItem {
	result := plan.Of(w.snap, x, w.now)
	w.horizon.At(result.NextChange)
	return result.Status.OpenItems
}

// account returns what the claims on a request come to.
func (w *writer) account(x *v1alpha1.MDFAllocation) *claim.Account {
	account := claim.Of(facts.Of(w.snap, w.now), x)
	w.horizon.At(account.Next)
	return account
}
