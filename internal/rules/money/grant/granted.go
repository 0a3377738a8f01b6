package grant

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/verdict"
)

// judgeGranted sets Granted: by the ledger once it has the request's key, else by what stands in the way.
func (e *grant) judgeGranted() verdict.Judgement {
	switch {
	case e.lost && e.remembers():
		return verdict.Unknown(v1alpha1.ReasonRecoveryRequired, "%s", e.recovery())
	case e.kept > 0:
		return e.isReserved()
	case e.granted && e.settled > 0:
		return e.isPaid()
	case e.granted:
		return e.isReleased()
	default:
		return e.notGranted()
	}
}

// remembers reports whether the request's own status says that money was granted.
func (e *grant) remembers() bool {
	old := &e.Object.Status
	return old.RequestID == facts.RequestIDOf(e.Object) && (old.Granted != nil || old.Reserved != nil || old.Paid != nil)
}

func (e *grant) recovery() string {
	text := fmt.Sprintf("the ledger of budget %s is lost: nothing is granted or settled until whoever owns the budget restores it, or lets it be rebuilt",
		e.Object.Spec.BudgetRef.Name)
	if e.remembers() {
		text += "; the amounts in this status are those from before"
	}
	return text
}

// isReserved says that money is reserved.
func (e *grant) isReserved() verdict.Judgement {
	total := e.kept + e.settled
	reason, text := v1alpha1.ReasonGranted, money.Format(total, e.currency)+" is granted"
	why := facts.CutOf(e.Ledger.Spec.Notes[e.Key])
	if why != "" || total < e.Asked && e.currency == e.Currency {
		reason = v1alpha1.ReasonGrantedInPart
		if e.Asked > 0 {
			text = fmt.Sprintf("%s of %s is granted", money.Format(total, e.currency), money.Format(e.Asked, e.currency))
		}
	}
	if why != "" {
		text += ", because " + why
	}
	if e.settled > 0 {
		text += fmt.Sprintf(": %s of it is paid, %s stays reserved", money.Format(e.settled, e.currency), money.Format(e.kept, e.currency))
	}
	switch {
	case e.cause != nil:
		text += "; " + e.cause.Message
	case !e.agreementEnd().IsZero():
		text += fmt.Sprintf("; the partner's agreement ends on %s, before the activity does on %s: renew it, or what is not claimed is released on %s",
			e.agreementEnd(), e.Ends, e.agreementEnd().AddDays(1))
	case !e.ClaimThrough.IsZero() && e.today > e.ClaimThrough:
		text += fmt.Sprintf("; claims could be received through %s: what claims hold stays reserved", e.ClaimThrough)
	case !e.ClaimThrough.IsZero():
		e.horizon.At(e.cal.EndOf(e.ClaimThrough)) // also when something else would be the reason of a release
		text += fmt.Sprintf("; claims can be received from %s through %s", e.Ends, e.ClaimThrough)
	}
	return verdict.True(reason, "%s", text)
}

// isPaid says that nothing is reserved any more of what was paid in part or in full.
func (e *grant) isPaid() verdict.Judgement {
	paid := money.Format(e.settled, e.currency)
	switch {
	case e.cause == nil || e.settled >= e.Asked && e.Asked > 0 && e.currency == e.Currency:
		return verdict.True(v1alpha1.ReasonSettled, "%s", paid+" was granted and is paid; nothing more is reserved")
	case e.cause.Reason == v1alpha1.ReasonFinalClaimPaid:
		return verdict.True(v1alpha1.ReasonFinalClaimPaid, "%s is paid; %s", paid, e.cause.Message)
	default:
		return verdict.False(e.cause.Reason, "%s is paid and nothing more is reserved: %s", paid, e.cause.Message)
	}
}

// isReleased says that all of what was granted is released.
func (e *grant) isReleased() verdict.Judgement {
	if e.cause != nil {
		return verdict.False(e.cause.Reason, "%s", e.cause.Message)
	}
	return verdict.False(v1alpha1.ReasonReleased, "what was granted to requestID %q is released, for good: to ask again, "+
		"set another requestID",
		facts.RequestIDOf(e.Object))
}

// notGranted says what stands in the way of a grant: first what the request itself lacks, then what the budget does.
func (e *grant) notGranted() verdict.Judgement {
	budget := e.Object.Spec.BudgetRef.Name
	switch {
	case e.Withdrawn:
		return verdict.False(v1alpha1.ReasonWithdrawn, "the request was withdrawn on %s (spec.withdrawnOn), before anything was granted", e.Object.Spec.WithdrawnOn)
	case e.Eligible.Status == metav1.ConditionUnknown:
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", e.Eligible.Message)
	case e.Eligible.Status != metav1.ConditionTrue:
		return verdict.False(v1alpha1.ReasonNotEligible, "%s", e.Eligible.Message)
	case e.Approved.Status != metav1.ConditionTrue:
		return verdict.False(v1alpha1.ReasonNotApproved, "%s", e.Approved.Message)
	case e.facts.Gate.Reason != "":
		return verdict.False(e.facts.Gate.Reason, "%s", e.facts.Gate.Message)
	case e.Suspended():
		return verdict.False(v1alpha1.ReasonBudgetSuspended, "budget %s is suspended: nothing is granted until whoever owns the budget resumes it", budget)
	case e.lost:
		return verdict.False(v1alpha1.ReasonRecoveryRequired, "%s", e.recovery())
	case e.Ledger == nil:
		return verdict.False(v1alpha1.ReasonGrantPending, "the ledger of budget %s is about to be created", budget)
	case e.currency != e.Currency:
		return verdict.False(v1alpha1.ReasonLedgerMismatch, "the ledger of budget %s is in %s from an earlier budget of this name, the budget in %s: ask for money of "+
			"another budget",
			budget, e.currency, e.Currency)
	case facts.LedgerFull(&e.Ledger.Spec):
		return verdict.False(v1alpha1.ReasonLedgerFull, "the ledger of budget %s has no room for another request: ask for money of another budget", budget)
	default:
		return e.notEnough()
	}
}

// notEnough says that limits, what the partner earned, or the budget leave too little; or that nothing stands in the way.
func (e *grant) notEnough() verdict.Judgement {
	spec := &e.Ledger.Spec
	left, ended := ledger.Left(e.Budget, e.Program, spec, e.facts.Now, e.horizon)
	space := e.rooms.For(e.Request, spec.Reserved, spec.Settled)
	e.horizon.At(space.Next)
	least := max(e.Least, 1)
	wants := money.Format(e.Asked, e.currency) + " is asked for"
	if e.Least < e.Asked {
		wants = fmt.Sprintf("%s is asked for, at least %s of it", money.Format(e.Asked, e.currency), money.Format(e.Least, e.currency))
	}
	switch {
	case !ended.IsZero():
		return verdict.False(v1alpha1.ReasonBudgetExhausted, "%s", e.budgetEnded(ended))
	case space.Amount >= 0 && space.Amount < least:
		return verdict.False(space.Reason, "%s", wants+"; "+space.Message)
	case left < least:
		return verdict.False(v1alpha1.ReasonBudgetExhausted, "%s; budget %s has %s left of %s: %s, or wait until money is "+
			"released or added",
			wants, e.Budget.Name, money.Format(left, e.currency), e.budgetAmount(), e.lessOrWait(left))
	}
	return verdict.False(v1alpha1.ReasonGrantPending, "nothing stands in the way; budget %s is about to grant it", e.Budget.Name)
}

// lessOrWait says what a partner can do where too little is left.
func (e *grant) lessOrWait(left int64) string {
	if left > 0 && e.Object.Spec.AcceptAtLeast == "" {
		return "ask for less, accept a part (spec.acceptAtLeast)"
	}
	return "ask for less"
}

func (e *grant) budgetEnded(on fiscal.Day) string {
	return fmt.Sprintf("budget %s ended on %s and grants nothing more: ask for money of another budget", e.Budget.Name, on)
}

func (e *grant) budgetAmount() string {
	amount, err := money.ParseMoney(e.Budget.Spec.Amount)
	if err != nil {
		return string(e.Budget.Spec.Amount.Amount)
	}
	return money.Format(amount, e.currency)
}
