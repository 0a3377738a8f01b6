package ledger

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Release says how much of a reservation must stay, and why the rest is to be released.
type Release struct {
	// Keep is what must stay reserved; negative when all of it must.
	Keep int64
	// Reason and Message say why the rest is released; empty while all of it stays.
	Reason, Message string
	// Next is the next instant at which this may change although no spec and no ledger does; zero when there is none.
	Next time.Time
}

// Cause is why what is not claimed is released.
type Cause struct {
	// Reason is the reason of the condition Granted that says it.
	Reason string
	// Message says why, and what to do to ask again.
	Message string
}

// ReleaseOf returns how much of what the ledger holds for a request must stay reserved. What claims hold always stays: a release never takes
// money from a claim that was received in time.
func ReleaseOf(r *request.Request, account *claim.Account, now time.Time) Release {
	reserved, granted := r.Held()
	if !granted || reserved == 0 {
		return Release{Keep: -1}
	}
	horizon := verdict.NewHorizon(now)
	horizon.At(account.Next)
	horizon.At(r.Next)
	cause := CauseOf(r, account, now, horizon)
	if cause == nil || account.Open >= reserved {
		return Release{Keep: -1, Next: horizon.Next()}
	}
	return Release{Keep: max(account.Open, 0), Reason: cause.Reason, Message: cause.Message, Next: horizon.Next()}
}

// CauseOf returns why what is not claimed is released; nil when it stays. What was decided by people goes before what time brought.
func CauseOf(r *request.Request, account *claim.Account, now time.Time, horizon *verdict.Horizon) *Cause {
	switch {
	case r.Withdrawn:
		return &Cause{v1alpha1.ReasonWithdrawn, fmt.Sprintf("the request was withdrawn on %s (spec.withdrawnOn); what is not claimed is released, which is "+
			"final: to request again, set a new requestID", r.Object.Spec.WithdrawnOn)}
	case r.Approval.Withdrawn:
		return &Cause{v1alpha1.ReasonApprovalWithdrawn, "its approval was withdrawn; what is not claimed is released, which is final: to request again, set a new " +
			"requestID"}
	case account.FinalPaid:
		return &Cause{v1alpha1.ReasonFinalClaimPaid, "the final claim is paid; what is left of the grant is released"}
	}
	if cause := agreementEnded(r, now, horizon); cause != nil {
		return cause
	}
	if cause := windowClosed(r, now, horizon); cause != nil {
		return cause
	}
	if facts.EndingOf(r.Ledger.Spec.Notes[r.Key]) == v1alpha1.ReasonBudgetCut {
		return &Cause{v1alpha1.ReasonBudgetCut, fmt.Sprintf("the amount of budget %q was lowered and no longer covers this request; what is not claimed is "+
			"released: ask the budget owner to raise it, then request again with a new requestID", r.Object.Spec.BudgetRef.Name)}
	}
	return nil
}

// agreementEnded says that the partner's agreement ended before the activity did, which ends what is not executed.
func agreementEnded(r *request.Request, now time.Time, horizon *verdict.Horizon) *Cause {
	if r.Partner == nil || r.Program == nil || r.Partner.Spec.Agreement == nil || r.Ends.IsZero() {
		return nil
	}
	last, err := fiscal.ParseDay(r.Partner.Spec.Agreement.EndsOn)
	if err != nil || last >= r.Ends {
		return nil
	}
	over := r.Program.Calendar.EndOf(last)
	horizon.At(over)
	if now.Before(over) {
		return nil
	}
	return &Cause{v1alpha1.ReasonAgreementEnded, fmt.Sprintf("the partner's agreement ended on %s, before %s on %s; what is not claimed is released: "+
		"renew the agreement, then request again with a new requestID", last, r.For(), r.Ends)}
}

// windowClosed says that the time for claims is over.
func windowClosed(r *request.Request, now time.Time, horizon *verdict.Horizon) *Cause {
	if r.ClaimThrough.IsZero() || r.Program == nil {
		return nil
	}
	over := r.Program.Calendar.EndOf(r.ClaimThrough)
	horizon.At(over)
	if now.Before(over) {
		return nil
	}
	return &Cause{v1alpha1.ReasonClaimWindowClosed, fmt.Sprintf("claims could be received through %s%s; what was not claimed is released", r.ClaimThrough, boundBy(r))}
}

// boundBy says that the end of the agreement set the last day for claims; nothing when the activity did.
func boundBy(r *request.Request) string {
	if r.ClaimBound == "" {
		return ""
	}
	return " (" + r.ClaimBound + ")"
}

// statusReserved returns what an allocation's status says is reserved under a key of the ledger.
func statusReserved(a *v1alpha1.MDFAllocation, key string) int64 {
	return statusAmount(a, key, a.Status.Reserved)
}

// statusGranted returns what an allocation's status says is granted under a key of the ledger, paid or not.
func statusGranted(a *v1alpha1.MDFAllocation, key string) int64 {
	return statusAmount(a, key, a.Status.Granted)
}

func statusAmount(a *v1alpha1.MDFAllocation, key string, stated *v1alpha1.Money) int64 {
	if stated == nil || facts.KeyOf(a, a.Status.RequestID) != key {
		return 0
	}
	amount, err := money.ParseMoney(*stated)
	if err != nil {
		return 0
	}
	return amount
}
