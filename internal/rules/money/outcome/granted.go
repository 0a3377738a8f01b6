package outcome

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/verdict"
)

// judgeGranted sets Granted: by the ledger once it has the request's key, else by what stands in the way.
func (g *grant) judgeGranted() verdict.Judgement {
	switch {
	case g.lost && g.remembers():
		return verdict.Unknown(v1alpha1.ReasonRecoveryRequired, "%s", g.recovery())
	case g.reserved() > 0:
		return g.isReserved()
	case g.granted && g.settled > 0:
		return g.isPaid()
	case g.granted:
		return g.isReleased()
	default:
		return g.notGranted()
	}
}

// remembers reports whether the request's own status says that money was granted.
func (g *grant) remembers() bool {
	old := &g.Object.Status
	return old.RequestID == facts.RequestIDOf(g.Object) && (old.Granted != nil || old.Reserved != nil || old.Paid != nil)
}

func (g *grant) recovery() string {
	text := fmt.Sprintf("the ledger of budget %s is lost: nothing is granted or settled until the budget owner restores it, or lets it be rebuilt",
		g.Object.Spec.BudgetRef.Name)
	if g.remembers() {
		text += "; the amounts in this status are those from before"
	}
	return text
}

// isReserved says that money is reserved.
func (g *grant) isReserved() verdict.Judgement {
	total := g.kept + g.settled
	reason, text := v1alpha1.ReasonGranted, money.Format(total, g.currency)+" is granted"
	why := facts.CutOf(g.Ledger.Spec.Notes[g.Key])
	if why != "" || total < g.Asked && g.currency == g.Currency {
		reason = v1alpha1.ReasonGrantedInPart
		if g.Asked > 0 {
			text = fmt.Sprintf("%s of %s is granted", money.Format(total, g.currency), money.Format(g.Asked, g.currency))
		}
	}
	if why != "" {
		text += ", because " + why
	}
	if g.paid() > 0 {
		text += fmt.Sprintf(": %s of it is paid, %s stays reserved", money.Format(g.paid(), g.currency), money.Format(g.reserved(), g.currency))
	}
	switch {
	case g.cause != nil:
		text += "; " + g.cause.Message
	case !g.agreementEnd().IsZero():
		text += fmt.Sprintf("; the partner's agreement ends on %s, before %s does on %s: renew it, or what is not claimed is released on %s",
			g.agreementEnd(), g.For(), g.Ends, g.agreementEnd().AddDays(1))
	case !g.ClaimThrough.IsZero() && g.today > g.ClaimThrough:
		text += fmt.Sprintf("; claims could be received through %s: what claims hold stays reserved", g.ClaimThrough)
	case !g.ClaimThrough.IsZero():
		g.horizon.At(g.cal.EndOf(g.ClaimThrough)) // also when something else would be the reason of a release
		text += fmt.Sprintf("; claims can be received from %s through %s", g.Ends, g.ClaimThrough)
		if g.IsReward() {
			text += ", and nothing has to be proved"
		}
	}
	if g.EarlierPlan != "" {
		text += "; " + g.EarlierPlan
	}
	return verdict.True(reason, "%s", text)
}

// isPaid says that nothing is reserved any more of what was paid in part or in full.
func (g *grant) isPaid() verdict.Judgement {
	paid := money.Format(g.settled, g.currency)
	switch {
	case g.cause == nil || g.settled >= g.Asked && g.Asked > 0 && g.currency == g.Currency:
		return verdict.True(v1alpha1.ReasonSettled, "%s", paid+" was granted and is paid; nothing more is reserved")
	case g.cause.Reason == v1alpha1.ReasonFinalClaimPaid:
		return verdict.True(v1alpha1.ReasonFinalClaimPaid, "%s is paid; %s", paid, g.cause.Message)
	default:
		return verdict.False(g.cause.Reason, "%s is paid and nothing more is reserved: %s", paid, g.cause.Message)
	}
}

// isReleased says that all of what was granted is released.
func (g *grant) isReleased() verdict.Judgement {
	if g.cause != nil {
		return verdict.False(g.cause.Reason, "%s", g.cause.Message)
	}
	return verdict.False(v1alpha1.ReasonReleased, "what was granted to requestID %q is released, which is final: to request again, set "+
		"a new requestID",
		facts.RequestIDOf(g.Object))
}

// notGranted says what stands in the way of a grant: first what the request itself lacks, then what the budget does.
func (g *grant) notGranted() verdict.Judgement {
	budget := g.Object.Spec.BudgetRef.Name
	switch {
	case g.Withdrawn:
		return verdict.False(v1alpha1.ReasonWithdrawn, "the request was withdrawn on %s (spec.withdrawnOn), before anything was granted", g.Object.Spec.WithdrawnOn)
	case g.Eligible.Status == metav1.ConditionUnknown:
		return verdict.Unknown(g.Eligible.Reason, "%s", g.Eligible.Message)
	case g.Eligible.Status != metav1.ConditionTrue:
		return verdict.False(v1alpha1.ReasonNotEligible, "the request is not eligible: %s", g.Eligible.Reason)
	case g.Approved.Status != metav1.ConditionTrue:
		return verdict.False(v1alpha1.ReasonNotApproved, "the request is not approved: %s", g.Approved.Reason)
	case g.gate.Reason != "":
		return verdict.False(g.gate.Reason, "an admission policy that guards money is not in force, and nothing is granted until it is: the owner of budget %s "+
			"sees in its condition LedgerIntact which", budget)
	case g.Suspended():
		return verdict.False(v1alpha1.ReasonBudgetSuspended, "budget %s is suspended: nothing is granted until the budget owner resumes it", budget)
	case g.lost:
		return verdict.False(v1alpha1.ReasonRecoveryRequired, "%s", g.recovery())
	case g.Ledger == nil:
		return verdict.False(v1alpha1.ReasonGrantPending, "the ledger of budget %s is about to be created", budget)
	case g.currency != g.Currency:
		return verdict.False(v1alpha1.ReasonLedgerMismatch, "the ledger of budget %s is in %s from an earlier budget of this name, the budget in %s: request money from "+
			"another budget",
			budget, g.currency, g.Currency)
	case g.facts.Entries(budget, g.Ledger).Full:
		return verdict.False(v1alpha1.ReasonLedgerFull, "the ledger of budget %s has no space for another request: request money from another budget", budget)
	default:
		return g.notEnough()
	}
}

// notEnough says that limits, what the partner earned, or the budget leave too little; or that nothing stands in the way. How much a budget has left
// says what other partners have, so that stands with the budget alone.
func (g *grant) notEnough() verdict.Judgement {
	budget := g.Object.Spec.BudgetRef.Name
	left, ended := ledger.Left(g.Budget, g.Program, g.facts.Entries(budget, g.Ledger).Committed, g.facts.Now, g.horizon)
	space := headroom.Of(g.facts, budget).For(g.Request)
	g.horizon.At(space.Next)
	least := max(g.Least, 1)
	wants := money.Format(g.Asked, g.currency) + " is requested"
	if g.Least < g.Asked {
		wants = fmt.Sprintf("%s is requested, at least %s of it", money.Format(g.Asked, g.currency), money.Format(g.Least, g.currency))
	}
	switch {
	case !ended.IsZero():
		return verdict.False(v1alpha1.ReasonBudgetExhausted, "%s", g.budgetEnded(ended))
	case space.Amount >= 0 && space.Amount < least:
		return verdict.False(space.Reason, "%s", wants+"; "+space.Message)
	case left < least:
		return verdict.False(v1alpha1.ReasonBudgetExhausted, "%s, and budget %s does not have that much left: %s, wait until money is released or added, or ask "+
			"the budget owner", wants, budget, g.less())
	}
	return verdict.False(v1alpha1.ReasonGrantPending, "nothing stands in the way; budget %s is about to grant it", budget)
}

// less says how a partner can do with what is left.
func (g *grant) less() string {
	if g.Object.Spec.AcceptAtLeast == "" {
		return "request less, accept a part (spec.acceptAtLeast)"
	}
	return "request less"
}

func (g *grant) budgetEnded(on fiscal.Day) string {
	return fmt.Sprintf("budget %s ended on %s and grants nothing more: request money from another budget", g.Budget.Name, on)
}
