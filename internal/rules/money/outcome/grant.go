package outcome

import (
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Evaluate says what became of a request at an instant, and when that may change although no spec and no ledger does (zero: never).
//
// What is reserved and paid is the ledger's. Of what is about to be released the status says so before the ledger does: the ledger is lowered only
// after that, so who reads a status never finds money there that is given to another. While the ledger is lost, the amounts of the old status stay:
// the ledger is rebuilt from them.
func Evaluate(p *snapshot.Snapshot, a *v1alpha1.MDFAllocation, gate facts.Gate, now time.Time) (v1alpha1.MDFAllocationStatus, time.Time) {
	if why := p.Beyond(a); why != "" {
		return leftOut(a, why, now), time.Time{}
	}
	g := newGrant(facts.Of(p, now), a, gate)
	findings := &verdict.Findings{}
	findings.Append(g.Findings...)
	g.checkEarned(findings)
	conditions := verdict.NewConditions(a.Status.Conditions, a.Generation, now)
	granted := g.judgeGranted()
	conditions.Judge(v1alpha1.ConditionEligible, g.Eligible)
	conditions.Judge(v1alpha1.ConditionApproved, g.Approved)
	conditions.Judge(v1alpha1.ConditionGranted, granted)
	conditions.Judge(v1alpha1.ConditionClaimWindowClosing, g.judgeClosing())
	conditions.Readiness(findings)

	status := g.amounts()
	status.Stage, status.Reason = g.stage(granted)
	status.ActBy = g.actBy(status.Stage, status.Reason).Date()
	status.Revision, status.RequestID = g.Revision, facts.RequestIDOf(a)
	status.RequestThrough, status.ClaimThrough, status.ReleaseOn = g.RequestThrough.Date(), g.ClaimThrough.Date(), g.releaseOn().Date()
	status.Approvals = slices.Clone(g.Approval.Approvals[:min(len(g.Approval.Approvals), maxApprovals)])
	status.Lane = g.Lane()
	status.DecisionDue, status.Exception = g.DecisionDue.DeepCopy(), g.Exception.DeepCopy()
	status.ObservedGeneration, status.Conditions, status.Findings = a.Generation, conditions.List(), findings.List()
	return status, g.horizon.Next()
}

// leftOut is the status of a request that is not evaluated, as there are too many. Nothing was ever granted to it.
func leftOut(a *v1alpha1.MDFAllocation, why string, now time.Time) v1alpha1.MDFAllocationStatus {
	findings, conditions := &verdict.Findings{}, verdict.NewConditions(a.Status.Conditions, a.Generation, now)
	conditions.LeftOut(findings, why, v1alpha1.ConditionEligible, v1alpha1.ConditionApproved, v1alpha1.ConditionGranted, v1alpha1.ConditionClaimWindowClosing)
	status := v1alpha1.MDFAllocationStatus{
		Stage: v1alpha1.AllocationRefused, Reason: v1alpha1.ReasonNotEvaluated, Revision: facts.RequestRevision(&a.Spec), RequestID: facts.RequestIDOf(a),
	}
	status.ObservedGeneration, status.Conditions, status.Findings = a.Generation, conditions.List(), findings.List()
	return status
}

// maxApprovals is the number of approvals that a status lists.
const maxApprovals = 5

// grant is a request with what the ledger and claims hold for it.
type grant struct {
	*request.Request

	facts   *facts.Facts
	gate    facts.Gate
	horizon *verdict.Horizon
	cal     *fiscal.Calendar
	today   fiscal.Day

	account  *claim.Account
	currency v1alpha1.CurrencyCode // of the ledger or, without one, of the budget
	granted  bool                  // the ledger has the request's key
	kept     int64                 // what stays reserved
	settled  int64                 // what claims took, paid or not
	unpaid   int64                 // what of settled is not paid, or came back
	unspoken int64                 // what is reserved and not claimed
	cause    *ledger.Cause         // why what is not claimed is, or was, released; nil while it stays
	lost     bool                  // the ledger was lost
}

// checkEarned says when what the partner has drawn is more than what it has earned by now.
func (g *grant) checkEarned(findings *verdict.Findings) {
	if g.kept+g.settled == 0 {
		return
	}
	rooms := headroom.Of(g.facts, g.Object.Spec.BudgetRef.Name)
	if short := rooms.RewardShort(g.Request, g.horizon); short != "" {
		findings.Warningf(headroom.RuleEarnedLessThanDrawn, "spec.reward", "%s", short)
	}
	if short := rooms.Shortfall(g.Request, g.horizon); !short.IsZero() {
		findings.Warningf(headroom.RuleEarnedLessThanDrawn, "spec.budgetRef", "%s", short.Words(g.Request))
	}
}

// newGrant returns a request with what the ledger and claims hold for it.
func newGrant(f *facts.Facts, a *v1alpha1.MDFAllocation, gate facts.Gate) *grant {
	r := request.Of(f, a)
	g := &grant{Request: r, facts: f, gate: gate, horizon: verdict.NewHorizon(f.Now), cal: fiscal.UTC(), account: claim.Of(f, a), currency: r.Currency}
	if r.Program != nil {
		g.cal = r.Program.Calendar
	}
	g.today = g.cal.Today(f.Now)
	g.horizon.At(r.Next)
	g.horizon.At(g.account.Next)
	if r.Ledger == nil {
		g.lost = f.LedgerLost(r.Object, r.Budget)
		return g
	}
	g.currency = r.Ledger.Spec.Currency
	g.kept, g.granted = r.Held()
	closing := g.account.Closing() // which the ledger lets go once the status no longer counts it
	entries := f.Entries(a.Spec.BudgetRef.Name, r.Ledger)
	g.settled, g.unpaid = entries.Settled(r.Key)-closing, entries.Unpaid(r.Key)-closing
	release := ledger.ReleaseOf(r, g.account, f.Now)
	g.horizon.At(release.Next)
	switch {
	case release.Keep >= 0:
		g.kept = min(g.kept, release.Keep)
		g.cause = &ledger.Cause{Reason: release.Reason, Message: release.Message}
	case g.granted && g.kept == 0:
		g.cause = g.wasReleased()
	}
	g.unspoken = max(g.kept-g.account.Open, 0)
	return g
}

// reserved is what is granted and not paid, that of claims whose payment came back included.
func (g *grant) reserved() int64 { return g.kept + g.unpaid }

// paid is what is paid, without what came back.
func (g *grant) paid() int64 { return g.settled - g.unpaid }

// wasReleased says why what was reserved is released, as far as that can still be known; nil when it cannot, or when all of it was paid.
func (g *grant) wasReleased() *ledger.Cause {
	if facts.EndingOf(g.Ledger.Spec.Notes[g.Key]) == v1alpha1.ReasonBudgetCut {
		return &ledger.Cause{Reason: v1alpha1.ReasonBudgetCut, Message: fmt.Sprintf("the amount of budget %s was lowered and no longer covered the request; what was not "+
			"claimed is released, "+
			"which is final: to request again, set a new requestID", g.Object.Spec.BudgetRef.Name)}
	}
	return ledger.CauseOf(g.Request, g.account, g.facts.Now, g.horizon)
}

// amounts returns the part of the status that is amounts.
func (g *grant) amounts() v1alpha1.MDFAllocationStatus {
	var status v1alpha1.MDFAllocationStatus
	if g.Asked > 0 {
		asked := facts.MoneyOf(g.Asked, g.Currency)
		status.Asked = &asked
	}
	if g.Rate != nil {
		status.ExchangeRate = v1alpha1.Decimal(decimal.Short(g.Rate, decimal.MaxFractionDigits))
	}
	old := &g.Object.Status
	switch {
	case g.lost && old.RequestID == facts.RequestIDOf(g.Object):
		status.Granted, status.Reserved, status.Claimed, status.Paid = old.Granted, old.Reserved, old.Claimed, old.Paid
	case g.granted:
		granted, reserved := facts.MoneyOf(g.kept+g.settled, g.currency), facts.MoneyOf(g.reserved(), g.currency)
		claimed, paid := facts.MoneyOf(g.settled+min(g.account.Open, g.kept), g.currency), facts.MoneyOf(g.paid(), g.currency)
		status.Granted, status.Reserved, status.Claimed, status.Paid = &granted, &reserved, &claimed, &paid
	}
	return status
}

// judgeClosing sets ClaimWindowClosing: ahead of the last day for claims, and of the last days on which claims that were sent back can be submitted
// again.
func (g *grant) judgeClosing() verdict.Judgement {
	switch {
	case g.lost:
		return verdict.Unknown(v1alpha1.ReasonRecoveryRequired, "the budget's ledger is lost, so grants cannot be verified")
	case g.reserved() == 0:
		return verdict.False(v1alpha1.ReasonNothingToClaim, "nothing is reserved, so there is nothing to claim")
	case g.unspoken > 0 && g.ClaimThrough.IsZero():
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", "the last day for claims cannot be determined: the plan, its activity or the program "+
			"is missing")
	}
	day, text := g.nextDeadline()
	if day.IsZero() {
		return verdict.False(v1alpha1.ReasonNothingToClaim, "all that is reserved, %s, is claimed", money.Format(g.reserved(), g.currency))
	}
	notice := day.AddDays(-g.noticeDays())
	g.horizon.At(g.cal.StartOf(notice))
	g.horizon.At(g.cal.EndOf(day))
	if g.today < notice {
		return verdict.False(v1alpha1.ReasonWindowOpen, "%s", text)
	}
	return verdict.True(v1alpha1.ReasonWindowClosing, "%s: what is not claimed by then is released on %s", text, day.AddDays(1))
}

// nextDeadline returns the nearest last day by which something has to be done so that money is not released, and what; absent when there is none.
func (g *grant) nextDeadline() (day fiscal.Day, text string) {
	if g.unspoken > 0 && g.today <= g.ClaimThrough {
		day, text = g.ClaimThrough, fmt.Sprintf("%s is not claimed; claims can be received through %s", money.Format(g.unspoken, g.currency), g.ClaimThrough)
		if last := g.agreementEnd(); !last.IsZero() && last < day {
			day, text = last, fmt.Sprintf("%s is not claimed, and the partner's agreement, which ends before %s does, has to be renewed by %s",
				money.Format(g.unspoken, g.currency), g.For(), last)
		}
	}
	for _, claim := range g.account.Claims {
		if claim.Stage != v1alpha1.ClaimSentBack || claim.ActBy < g.today || claim.Payable == 0 || !day.IsZero() && claim.ActBy >= day {
			continue
		}
		day, text = claim.ActBy, fmt.Sprintf("%s is claimed by MDFClaim %q, which was sent back; it can be submitted again through %s",
			money.Format(claim.Payable, g.currency), claim.Object.Name, claim.ActBy)
	}
	return day, text
}

// defaultNoticeDays is how many days ahead of a deadline it is announced where the budget does not say.
const defaultNoticeDays = 14

func (g *grant) noticeDays() int {
	if g.Budget == nil || g.Budget.Spec.Claims == nil || g.Budget.Spec.Claims.NoticeDays == nil {
		return defaultNoticeDays
	}
	return int(*g.Budget.Spec.Claims.NoticeDays)
}

// releaseOn returns the day from whose first instant on what is not paid is released; absent when nothing is reserved, while a claim waits for its
// decision or payment, and when it is not known.
func (g *grant) releaseOn() fiscal.Day {
	if g.reserved() == 0 || g.account.Pending {
		return 0
	}
	last := g.account.ResubmitThrough
	if g.cause == nil {
		if g.ClaimThrough.IsZero() {
			return 0
		}
		last = fiscal.Latest(fiscal.Earliest(g.ClaimThrough, g.agreementEnd()), last)
	}
	return last.AddDays(1)
}

// agreementEnd returns the last day of the partner's agreement when that is before the activity's end; absent otherwise.
func (g *grant) agreementEnd() fiscal.Day {
	if g.Partner == nil || g.Partner.Spec.Agreement == nil {
		return 0
	}
	last, err := fiscal.ParseDay(g.Partner.Spec.Agreement.EndsOn)
	if err != nil || last >= g.Ends {
		return 0
	}
	return last
}

// stage returns where the request is in its life, and why.
func (g *grant) stage(granted verdict.Judgement) (stage v1alpha1.AllocationStage, reason string) {
	switch {
	case g.Withdrawn:
		return v1alpha1.AllocationWithdrawn, v1alpha1.ReasonWithdrawn
	case g.lost && g.Object.Status.Stage != "":
		return g.Object.Status.Stage, v1alpha1.ReasonRecoveryRequired
	case g.reserved() > 0 && g.Approved.Status != metav1.ConditionTrue:
		return v1alpha1.AllocationGranted, g.Approved.Reason
	case g.reserved() > 0:
		return v1alpha1.AllocationGranted, granted.Reason
	case g.granted && granted.Status == metav1.ConditionTrue:
		return v1alpha1.AllocationSettled, granted.Reason
	case g.granted:
		return v1alpha1.AllocationReleased, granted.Reason
	case !g.Submitted:
		return v1alpha1.AllocationDraft, v1alpha1.ReasonNotRequested
	case g.Eligible.Status != metav1.ConditionTrue && g.Eligible.Reason != v1alpha1.ReasonMissingResults: // which only waits for the vendor
		return v1alpha1.AllocationRefused, g.Eligible.Reason
	}
	switch g.Approved.Reason {
	case v1alpha1.ReasonReturned, v1alpha1.ReasonRejected, v1alpha1.ReasonApprovalWithdrawn:
		return v1alpha1.AllocationRefused, g.Approved.Reason
	case v1alpha1.ReasonApproved, v1alpha1.ReasonApprovedInPart, v1alpha1.ReasonApprovedAsException:
		return v1alpha1.AllocationWaiting, granted.Reason
	default:
		return v1alpha1.AllocationPendingApproval, g.Approved.Reason
	}
}

// actBy returns the last day on which the next step can be taken; absent when no day is set.
func (g *grant) actBy(stage v1alpha1.AllocationStage, reason string) fiscal.Day {
	switch stage {
	case v1alpha1.AllocationDraft:
		return g.RequestThrough
	case v1alpha1.AllocationWaiting:
		return g.grantThrough()
	case v1alpha1.AllocationPendingApproval:
		return g.approveThrough()
	case v1alpha1.AllocationRefused:
		if reason == v1alpha1.ReasonReturned || reason == v1alpha1.ReasonRejected {
			return g.approveThrough()
		}
		return 0
	case v1alpha1.AllocationGranted, v1alpha1.AllocationWithdrawn:
		day, _ := g.nextDeadline()
		return day
	default:
		return 0
	}
}

// grantThrough returns the last day on which money can be granted: the budget's last one, at most the last one for claims.
func (g *grant) grantThrough() fiscal.Day {
	return fiscal.Earliest(facts.PeriodOf(g.Budget, g.Program).Through, g.ClaimThrough)
}

// approveThrough returns the last day on which an approval still leads to a grant: the first day of the activity, but for a change of what was approved
// in time and for what can only be granted as an exception.
func (g *grant) approveThrough() fiscal.Day {
	if g.Starts.IsZero() || g.Approval.Changed || g.today > g.Starts {
		return g.grantThrough()
	}
	return fiscal.Earliest(g.Starts, g.grantThrough())
}
