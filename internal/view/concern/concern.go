// Package concern says which of an object's verdicts matter to people, and how much.
package concern

import (
	"cmp"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// Level is how much something matters: a lower one matters more.
type Level int

const (
	// Grave means that a rule is broken, or that the spec is wrong.
	Grave Level = iota + 1
	// Warning means that someone has to act, or that a rule is at risk.
	Warning
	// Note means that it is worth knowing.
	Note
	// Fine means that nothing is the matter.
	Fine
)

// String is the level in lower case.
func (l Level) String() string {
	return [...]string{"", "grave", "warning", "note", "fine"}[l]
}

// MarshalText writes the level as text.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// Concern is a verdict on an object that matters to people.
type Concern struct {
	// Level is how much it matters.
	Level Level `json:"level"`
	// Type is the type of the condition, or the rule of the finding, that says it.
	Type string `json:"type"`
	// Reason is the reason of the condition, or the rule of the finding.
	Reason string `json:"reason"`
	// Message says it in words.
	Message string `json:"message"`
}

// worry says which conditions are a concern.
type worry struct {
	condition string
	status    metav1.ConditionStatus // empty means that with which the condition is bad news
	reasons   []string               // none means any
	level     Level
}

const (
	isTrue  = metav1.ConditionTrue
	isFalse = metav1.ConditionFalse
)

// worries returns the conditions that are a concern for an object, of which the gravest come first where several hold.
func worries(object manifest.Object) []worry {
	all := []worry{
		{condition: v1alpha1.ConditionStalled, level: Grave},
		{condition: v1alpha1.ConditionSuspended, status: isTrue, level: Warning},
	}
	switch x := object.(type) {
	case *v1alpha1.Partner:
		return append(all, partnerWorries...)
	case *v1alpha1.JointPlan:
		if x.Status.Stage == v1alpha1.StageClosed {
			return append(all, planWorries[:2]...) // a review or reconciliation that nobody held; the rest is what it is
		}
		return append(all, planWorries...)
	case *v1alpha1.Campaign:
		return append(all, campaignWorries...)
	case *v1alpha1.MDFBudget:
		return append(all, budgetWorries...)
	case *v1alpha1.MDFAllocation:
		return append(all, allocationWorries(x)...)
	case *v1alpha1.MDFClaim:
		return append(all, claimWorries(x)...)
	case *v1alpha1.PlanReview:
		return append(all, reviewWorries...)
	case *v1alpha1.ApprovalDecision:
		return append(all, decisionWorries...)
	default:
		return all
	}
}

var partnerWorries = []worry{
	{condition: v1alpha1.ConditionInGoodStanding, level: Grave},
	{condition: v1alpha1.ConditionTierRequirementsMet, reasons: []string{v1alpha1.ReasonHeldInGrace, v1alpha1.ReasonShortfall}, level: Warning},
	{condition: v1alpha1.ConditionInGoodStanding, status: isTrue, reasons: []string{v1alpha1.ReasonWatch}, level: Warning},
	{condition: v1alpha1.ConditionTierRequirementsMet, level: Note},
}

var planWorries = []worry{
	{condition: v1alpha1.ConditionReviewOverdue, level: Grave},
	{condition: v1alpha1.ConditionReconciliationOverdue, level: Grave},
	{condition: v1alpha1.ConditionApproved, level: Warning, reasons: []string{
		v1alpha1.ReasonReturned, v1alpha1.ReasonRejected, v1alpha1.ReasonSelfApproval, v1alpha1.ReasonRecorderApproves, v1alpha1.ReasonDecisionOverdue,
		v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonAmendmentPending,
	}},
	{condition: v1alpha1.ConditionOnTrack, reasons: []string{v1alpha1.ReasonOffTrack}, level: Grave},
	{condition: v1alpha1.ConditionResultsStale, level: Warning},
	{condition: v1alpha1.ConditionOnTrack, level: Warning},
	{condition: v1alpha1.ConditionReviewOverdue, status: isFalse, reasons: []string{v1alpha1.ReasonInGrace, v1alpha1.ReasonReviewDue}, level: Warning},
	{condition: v1alpha1.ConditionSmart, level: Note},
	{condition: v1alpha1.ConditionAligned, level: Note},
	{condition: v1alpha1.ConditionApproved, level: Note},
}

var campaignWorries = []worry{
	{condition: v1alpha1.ConditionWithinStopRule, level: Grave},
	{condition: v1alpha1.ConditionAligned, level: Warning},
}

var budgetWorries = []worry{
	{condition: v1alpha1.ConditionClockTrusted, level: Grave},
	{condition: v1alpha1.ConditionLedgerIntact, level: Grave, reasons: []string{
		v1alpha1.ReasonRecoveryRequired, v1alpha1.ReasonLedgerMismatch, v1alpha1.ReasonLedgerFull, v1alpha1.ReasonPolicyMissing,
	}},
	{condition: v1alpha1.ConditionWithinLimit, level: Warning},
}

var reviewWorries = []worry{
	{condition: v1alpha1.ConditionCounts, reasons: []string{v1alpha1.ReasonDisputed}, level: Warning},
	{condition: v1alpha1.ConditionCounts, level: Note},
}

var decisionWorries = []worry{
	{condition: v1alpha1.ConditionEffective, reasons: []string{v1alpha1.ReasonSelfApproval, v1alpha1.ReasonRecorderApproves}, level: Warning},
	{condition: v1alpha1.ConditionEffective, level: Note},
}

// allocationWorries go by the stage of a request: its conditions say why it is there.
func allocationWorries(x *v1alpha1.MDFAllocation) []worry {
	closing := worry{condition: v1alpha1.ConditionClaimWindowClosing, level: Warning}
	switch x.Status.Stage {
	case v1alpha1.AllocationRefused:
		if health.RequestRefusedForGood(x.Status.Reason) {
			return []worry{{condition: v1alpha1.ConditionGranted, level: Note}}
		}
		return []worry{
			{condition: v1alpha1.ConditionEligible, level: Grave},
			{condition: v1alpha1.ConditionApproved, level: Grave, reasons: []string{
				v1alpha1.ReasonReturned, v1alpha1.ReasonRejected, v1alpha1.ReasonApprovalWithdrawn,
			}},
		}
	case v1alpha1.AllocationPendingApproval:
		return []worry{{condition: v1alpha1.ConditionApproved, level: Warning}}
	case v1alpha1.AllocationWaiting:
		return []worry{{condition: v1alpha1.ConditionGranted, level: Warning}}
	case v1alpha1.AllocationGranted:
		return []worry{closing, {condition: v1alpha1.ConditionApproved, level: Warning}}
	case v1alpha1.AllocationWithdrawn:
		return []worry{closing}
	case v1alpha1.AllocationReleased:
		return []worry{{condition: v1alpha1.ConditionGranted, level: Note}}
	case v1alpha1.AllocationDraft:
		return []worry{{condition: v1alpha1.ConditionEligible, level: Note}}
	default:
		return nil
	}
}

// claimWorries go by the stage of a claim, as those of a request do.
func claimWorries(x *v1alpha1.MDFClaim) []worry {
	accepted := worry{condition: v1alpha1.ConditionAccepted}
	switch x.Status.Stage {
	case v1alpha1.ClaimRefused:
		accepted.level = Grave
		if health.ClaimRefusedForGood(x.Status.Reason) {
			accepted.level = Note
		}
	case v1alpha1.ClaimPendingDecision, v1alpha1.ClaimSentBack:
		accepted.level = Warning
	case v1alpha1.ClaimAccepted:
		return []worry{{condition: v1alpha1.ConditionSettled, level: Warning}}
	case v1alpha1.ClaimDraft, v1alpha1.ClaimLapsed:
		accepted.level = Note
	default:
		return nil
	}
	return []worry{accepted}
}

// Headline says in a few words how an object stands, and how much that matters.
func Headline(object manifest.Object) (string, Level) {
	stands, all := health.Of(object), Of(object)
	switch {
	case stands.Reason == v1alpha1.ReasonSuspended:
		return "Suspended", Warning
	case stands.State == health.Progressing:
		return "Not evaluated yet", Note
	case stands.State == health.Degraded:
		return "Has to be corrected", Grave
	case len(all) > 0 && all[0].Level <= Warning:
		return "Needs attention: " + all[0].Reason, all[0].Level
	case stands.State == health.Suspended:
		return "Someone has to act", Warning
	default:
		return "Fine", Fine
	}
}

// Of returns what matters about an object, the gravest first: its conditions that are bad news and, where they say nothing, its gravest
// finding of severity Warning.
func Of(object manifest.Object) []Concern {
	status, _ := kinds.Common(object)
	var found []Concern
	for _, w := range worries(object) {
		c := meta.FindStatusCondition(status.Conditions, w.condition)
		known := func(x Concern) bool { return x.Type == w.condition }
		bad := cmp.Or(w.status, health.BadWhen(w.condition))
		if c == nil || c.Status != bad || len(w.reasons) > 0 && !slices.Contains(w.reasons, c.Reason) || slices.ContainsFunc(found, known) {
			continue
		}
		found = append(found, Concern{Level: w.level, Type: c.Type, Reason: c.Reason, Message: c.Message})
	}
	if plan, ok := object.(*v1alpha1.JointPlan); len(found) == 0 && !(ok && plan.Status.Stage == v1alpha1.StageClosed) {
		for _, f := range status.Findings {
			if f.Severity == v1alpha1.SeverityWarning {
				found = append(found, Concern{Level: Warning, Type: f.Rule, Reason: f.Rule, Message: f.Message})
				break
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Concern) int { return int(a.Level - b.Level) })
	return found
}

// IsMet reports whether a plan that is owed is there, in time or late.
func IsMet(state v1alpha1.ObligationState) bool {
	return state == v1alpha1.ObligationMet || state == v1alpha1.ObligationMetLate
}
