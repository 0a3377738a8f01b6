package request

import (
	"math/big"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/verdict"
)

// Request is a request for money as it stands apart from the room that its budget has.
type Request struct {
	// Object is the allocation that makes the request.
	Object *v1alpha1.MDFAllocation
	// Key is the request's key in the ledger.
	Key string
	// Revision identifies what is requested.
	Revision string

	// Budget is the budget that is to pay; nil when it does not exist or may not be used.
	Budget *v1alpha1.MDFBudget
	// Ledger is the budget's ledger; nil when there is none.
	Ledger *v1alpha1.MDFLedger
	// Currency is that of the budget, or of the ledger when the budget is gone; empty when neither is known.
	Currency v1alpha1.CurrencyCode

	// Plan is the plan; nil when it does not exist.
	Plan *v1alpha1.JointPlan
	// Terms are the terms of the plan of record; nil when there is none.
	Terms *v1alpha1.PlanTerms
	// Partner is the partner of the plan; nil when it does not exist.
	Partner *v1alpha1.Partner
	// Program is the partner's program; nil when it may not be used.
	Program *program.Program
	// Activity is the program's entry for the type that the planned activity had when the request was approved; nil when unknown.
	Activity *v1alpha1.Activity
	// Fast says that the request is in the budget's fast lane; FastProofs are the proofs that a claim on it must bring then, of those of the activity.
	Fast       bool
	FastProofs []v1alpha1.ProofType
	// EarlierPlan says by which earlier plan the terms of a grant go; empty while the plan of record has the activity as it was approved.
	EarlierPlan string
	// Starts and Ends are the first and last day of the activity; absent when they are not days. A reward has no first day, by which money would have to be
	// approved; its last one is that of the interval.
	Starts, Ends fiscal.Day
	// Reward is the rule of the reward that is requested; nil when an activity is, and when the budget has no such reward.
	Reward *v1alpha1.RewardRule
	// Interval are the days in which the reward was earned; no days when an activity is requested, and when they cannot be read.
	Interval fiscal.Span

	// Submitted says that requestedOn is set and not in the future.
	Submitted bool
	// Withdrawn says that withdrawnOn is set and not in the future.
	Withdrawn bool
	// Eligible says whether the request keeps every rule but those of approval and room. Once the ledger holds the request's key, it is True
	// with reason Granted: what changes later does not take a grant back.
	Eligible verdict.Judgement
	// Approved says whether the current revision is approved by as many people as the amount needs.
	Approved verdict.Judgement
	// Case is what decisions on the request are about.
	Case approval.Case
	// Approval is what was approved.
	Approval approval.Approval
	// DecisionDue is until when the vendor decides; nil while it is not its turn.
	DecisionDue *v1alpha1.DecisionDue
	// Exception is what is reported of an approval after the activity had begun; nil when there was none.
	Exception *v1alpha1.GrantedException
	// Findings are all that is wrong or at risk.
	Findings []v1alpha1.Finding

	// Asked is what is requested or, if less, approved, in the budget's currency. Zero when it is not known.
	Asked int64
	// Least is the least part of it that is of use; Asked when a part is not accepted.
	Least int64
	// Rate converts the request's currency into the budget's; nil when both are the same, or none is stated. It is that of the day of the
	// approval, or of today while it is not approved.
	Rate *big.Rat

	// RequestThrough is the last day on which this activity could be asked for; absent when there is none.
	RequestThrough fiscal.Day
	// ClaimThrough is the last day on which a claim can be received; absent when it is not known.
	ClaimThrough fiscal.Day
	// ClaimBound says by what ClaimThrough is earlier than the activity's own window, where that is the end of the partner's agreement; else empty.
	ClaimBound string
	// Resubmitted is the day on which the request was submitted again after it was sent back; absent when it was not, or that day is to come.
	Resubmitted fiscal.Day
	// Next is the next instant at which any of this may change although no spec and no ledger does; zero when there is none.
	Next time.Time
}

// Wants reports whether the request may be granted: it is submitted, not withdrawn, eligible and approved, and not being
// deleted.
func (r *Request) Wants() bool {
	return r.Object.DeletionTimestamp.IsZero() && r.Submitted && !r.Withdrawn && r.Eligible.Status == metav1.ConditionTrue && r.Approved.Status == metav1.ConditionTrue &&
		r.Asked > 0 && r.Budget != nil
}

// sentBack reports whether the request was returned or rejected, so that it is, or was, to be submitted again.
func (r *Request) sentBack() bool { return r.Approval.SentBack != nil || !r.Resubmitted.IsZero() }

// Suspended reports whether the budget is suspended.
func (r *Request) Suspended() bool { return r.Budget != nil && suspension.Requested(r.Budget) }

// Held returns what the ledger holds for the request, and whether it ever granted it.
func (r *Request) Held() (reserved int64, granted bool) {
	if r.Ledger == nil {
		return 0, false
	}
	reserved, granted = r.Ledger.Spec.Reserved[r.Key]
	return reserved, granted
}

// Proofs returns the proofs of performance that claims on the request must bring; none when the activity is not known.
func (r *Request) Proofs() []v1alpha1.ProofType {
	if r.Activity == nil {
		return nil
	}
	if !r.Fast {
		return r.Activity.Proofs
	}
	return slices.DeleteFunc(slices.Clone(r.Activity.Proofs), func(p v1alpha1.ProofType) bool { return !slices.Contains(r.FastProofs, p) })
}

// Lane says that the request is in the budget's fast lane; empty when it is not.
func (r *Request) Lane() v1alpha1.Lane {
	if r.Fast {
		return v1alpha1.LaneFast
	}
	return ""
}

// Calendar returns the calendar of the request's program; that of UTC when it is not known.
func (r *Request) Calendar() *fiscal.Calendar {
	if r.Program == nil {
		return fiscal.UTC()
	}
	return r.Program.Calendar
}
