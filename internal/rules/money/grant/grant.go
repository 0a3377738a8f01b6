package grant

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/money/room"
	"jointplan.dev/jointplan/internal/verdict"
)

// Evaluate says what became of a request at an instant, and when that may change although no spec and no ledger does (zero: never).
//
// What is reserved and paid is the ledger's. Of what is about to be released the status says so before the ledger does: the ledger is lowered only
// after that, so who reads a status never finds money there that is given to another. While the ledger is lost, the amounts of the old status stay:
// the ledger is rebuilt from them.
func Evaluate(p *snapshot.Snapshot, a *v1alpha1.MDFAllocation, gate facts.Gate, now time.Time) (v1alpha1.MDFAllocationStatus, time.Time) {
	return New(facts.New(p, gate, now)).Of(a)
}

// Grants tell what became of the requests of a namespace at an instant. What they share is computed once; it is not safe for concurrent use.
type Grants struct {
	facts    *facts.Facts
	requests *request.Requests
	accounts *claim.Accounts
	rooms    *room.Rooms
}

// New returns the grants of a namespace at an instant.
func New(f *facts.Facts) *Grants {
	requests := request.New(f)
	return &Grants{facts: f, requests: requests, accounts: claim.New(f, requests), rooms: room.New(f, requests.Of)}
}

// Of is Evaluate for who evaluates several requests of one namespace.
func (x *Grants) Of(a *v1alpha1.MDFAllocation) (v1alpha1.MDFAllocationStatus, time.Time) {
	e := x.of(a)
	findings := &verdict.Findings{}
	findings.Append(e.Findings...)
	conditions := verdict.NewConditions(a.Status.Conditions, a.Generation, x.facts.Now)
	granted := e.judgeGranted()
	conditions.Judge(v1alpha1.ConditionEligible, e.Eligible)
	conditions.Judge(v1alpha1.ConditionApproved, e.Approved)
	conditions.Judge(v1alpha1.ConditionGranted, granted)
	conditions.Judge(v1alpha1.ConditionClaimWindowClosing, e.judgeClosing())
	conditions.Readiness(findings)

	status := e.amounts()
	status.Stage, status.Reason = e.stage(granted)
	status.ActBy = e.actBy(status.Stage, status.Reason).Date()
	status.Revision, status.RequestID = e.Revision, facts.RequestIDOf(a)
	status.RequestThrough, status.ClaimThrough, status.ReleaseOn = e.RequestThrough.Date(), e.ClaimThrough.Date(), e.releaseOn().Date()
	status.Approvals = e.Approval.Approvals[:min(len(e.Approval.Approvals), maxApprovals)]
	status.ObservedGeneration, status.Conditions, status.Findings = a.Generation, conditions.List(), findings.List()
	return status, e.horizon.Next()
}

// maxApprovals is the number of approvals that a status lists.
const maxApprovals = 5

// grant is a request with what the ledger and claims hold for it.
type grant struct {
	*request.Request

	facts   *facts.Facts
	rooms   *room.Rooms
	horizon *verdict.Horizon
	cal     *fiscal.Calendar
	today   fiscal.Day

	account  *claim.Account
	currency v1alpha1.CurrencyCode // of the ledger or, without one, of the budget
	granted  bool                  // the ledger has the request's key
	kept     int64                 // what stays reserved
	settled  int64
	unspoken int64         // what is reserved and not claimed
	cause    *ledger.Cause // why what is not claimed is, or was, released; nil while it stays
	lost     bool          // the ledger was lost
}

// of returns a request with what the ledger and claims hold for it.
func (x *Grants) of(a *v1alpha1.MDFAllocation) *grant {
	r := x.requests.Of(a)
	e := &grant{Request: r, facts: x.facts, rooms: x.rooms, horizon: verdict.NewHorizon(x.facts.Now), cal: fiscal.UTC(), account: x.accounts.Of(a), currency: r.Currency}
	if r.Program != nil {
		e.cal = r.Program.Calendar
	}
	e.today = e.cal.Today(x.facts.Now)
	e.horizon.At(r.Next)
	e.horizon.At(e.account.Next)
	if r.Ledger == nil {
		e.lost = x.facts.LedgerLost(r.Object, r.Budget)
		return e
	}
	e.currency = r.Ledger.Spec.Currency
	e.kept, e.granted = r.Held()
	e.settled = facts.SettledOf(r.Ledger, r.Key)
	release := ledger.ReleaseOf(r, e.account, x.facts.Now)
	e.horizon.At(release.Next)
	switch {
	case release.Keep >= 0:
		e.kept = min(e.kept, release.Keep)
		e.cause = &ledger.Cause{Reason: release.Reason, Message: release.Message}
	case e.granted && e.kept == 0:
		e.cause = e.wasReleased()
	}
	e.unspoken = max(e.kept-e.account.Open, 0)
	return e
}

// wasReleased says why what was reserved is released, as far as that can still be known; nil when it cannot, or when all of it was paid.
func (e *grant) wasReleased() *ledger.Cause {
	if facts.EndingOf(e.Ledger.Spec.Notes[e.Key]) == v1alpha1.ReasonBudgetCut {
		return &ledger.Cause{Reason: v1alpha1.ReasonBudgetCut, Message: fmt.Sprintf("the amount of budget %s was lowered and no longer covered the request; what was not "+
			"claimed is released, "+
			"for good: to ask again, set another requestID", e.Object.Spec.BudgetRef.Name)}
	}
	return ledger.CauseOf(e.Request, e.account, e.facts.Now, e.horizon)
}

// amounts returns the part of the status that is amounts.
func (e *grant) amounts() v1alpha1.MDFAllocationStatus {
	var status v1alpha1.MDFAllocationStatus
	if e.Asked > 0 {
		asked := facts.MoneyOf(e.Asked, e.Currency)
		status.Asked = &asked
	}
	if e.Rate != nil {
		status.ExchangeRate = v1alpha1.Decimal(decimal.Short(e.Rate, decimal.MaxFractionDigits))
	}
	old := &e.Object.Status
	switch {
	case e.lost && old.RequestID == facts.RequestIDOf(e.Object):
		status.Granted, status.Reserved, status.Claimed, status.Paid = old.Granted, old.Reserved, old.Claimed, old.Paid
	case e.granted:
		granted, reserved := facts.MoneyOf(e.kept+e.settled, e.currency), facts.MoneyOf(e.kept, e.currency)
		claimed, paid := facts.MoneyOf(e.settled+min(e.account.Open, e.kept), e.currency), facts.MoneyOf(e.settled, e.currency)
		status.Granted, status.Reserved, status.Claimed, status.Paid = &granted, &reserved, &claimed, &paid
	}
	return status
}

// judgeClosing sets ClaimWindowClosing: ahead of the last day for claims, and of the last days on which claims that were sent back can be submitted
// again.
func (e *grant) judgeClosing() verdict.Judgement {
	switch {
	case e.lost:
		return verdict.Unknown(v1alpha1.ReasonRecoveryRequired, "the budget's ledger is lost, so nobody knows what is granted")
	case e.kept == 0:
		return verdict.False(v1alpha1.ReasonNothingToClaim, "nothing is reserved, so there is nothing to claim")
	case e.unspoken > 0 && e.ClaimThrough.IsZero():
		return verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", "the last day for claims is not known: the plan, its activity or the program "+
			"is missing")
	}
	day, text := e.nextDeadline()
	if day.IsZero() {
		return verdict.False(v1alpha1.ReasonNothingToClaim, "all that is reserved, %s, is claimed", money.Format(e.kept, e.currency))
	}
	notice := day.AddDays(-e.noticeDays())
	e.horizon.At(e.cal.StartOf(notice))
	e.horizon.At(e.cal.EndOf(day))
	if e.today < notice {
		return verdict.False(v1alpha1.ReasonWindowOpen, "%s", text)
	}
	return verdict.True(v1alpha1.ReasonWindowClosing, "%s: what is not claimed by then is released on %s", text, day.AddDays(1))
}

// nextDeadline returns the nearest last day by which something has to be done so that money is not released, and what; absent when there is none.
func (e *grant) nextDeadline() (day fiscal.Day, text string) {
	if e.unspoken > 0 && e.today <= e.ClaimThrough {
		day, text = e.ClaimThrough, fmt.Sprintf("%s is not claimed; claims can be received through %s", money.Format(e.unspoken, e.currency), e.ClaimThrough)
		if last := e.agreementEnd(); !last.IsZero() && last < day {
			day, text = last, fmt.Sprintf("%s is not claimed, and the partner's agreement, which ends before the activity does, has to be renewed by %s",
				money.Format(e.unspoken, e.currency), last)
		}
	}
	for _, claim := range e.account.Claims {
		if claim.Stage != v1alpha1.ClaimSentBack || claim.ActBy < e.today || claim.Payable == 0 || !day.IsZero() && claim.ActBy >= day {
			continue
		}
		day, text = claim.ActBy, fmt.Sprintf("%s is claimed by MDFClaim %q, which was sent back; it can be submitted again through %s",
			money.Format(claim.Payable, e.currency), claim.Object.Name, claim.ActBy)
	}
	return day, text
}

// defaultNoticeDays is how many days ahead of a deadline it is announced where the budget does not say.
const defaultNoticeDays = 14

func (e *grant) noticeDays() int {
	if e.Budget == nil || e.Budget.Spec.Claims == nil || e.Budget.Spec.Claims.NoticeDays == nil {
		return defaultNoticeDays
	}
	return int(*e.Budget.Spec.Claims.NoticeDays)
}

// releaseOn returns the day from whose first instant on what is not paid is released; absent when nothing is reserved, while a claim waits for its
// decision or payment, and when it is not known.
func (e *grant) releaseOn() fiscal.Day {
	if e.kept == 0 || e.account.Pending {
		return 0
	}
	last := e.account.ResubmitThrough
	if e.cause == nil {
		if e.ClaimThrough.IsZero() {
			return 0
		}
		last = fiscal.Latest(fiscal.Earliest(e.ClaimThrough, e.agreementEnd()), last)
	}
	return last.AddDays(1)
}

// agreementEnd returns the last day of the partner's agreement when that is before the activity's end; absent otherwise.
func (e *grant) agreementEnd() fiscal.Day {
	if e.Partner == nil || e.Partner.Spec.Agreement == nil {
		return 0
	}
	last, err := fiscal.ParseDay(e.Partner.Spec.Agreement.EndsOn)
	if err != nil || last >= e.Ends {
		return 0
	}
	return last
}

// stage returns where the request is in its life, and why.
func (e *grant) stage(granted verdict.Judgement) (stage v1alpha1.AllocationStage, reason string) {
	switch {
	case e.Withdrawn:
		return v1alpha1.AllocationWithdrawn, v1alpha1.ReasonWithdrawn
	case e.lost && e.Object.Status.Stage != "":
		return e.Object.Status.Stage, v1alpha1.ReasonRecoveryRequired
	case e.kept > 0 && e.Approved.Status != metav1.ConditionTrue:
		return v1alpha1.AllocationGranted, e.Approved.Reason
	case e.kept > 0:
		return v1alpha1.AllocationGranted, granted.Reason
	case e.granted && granted.Status == metav1.ConditionTrue:
		return v1alpha1.AllocationSettled, granted.Reason
	case e.granted:
		return v1alpha1.AllocationReleased, granted.Reason
	case !e.Submitted:
		return v1alpha1.AllocationDraft, v1alpha1.ReasonNotRequested
	case e.Eligible.Status != metav1.ConditionTrue:
		return v1alpha1.AllocationRefused, e.Eligible.Reason
	}
	switch e.Approved.Reason {
	case v1alpha1.ReasonReturned, v1alpha1.ReasonRejected, v1alpha1.ReasonApprovalWithdrawn:
		return v1alpha1.AllocationRefused, e.Approved.Reason
	case v1alpha1.ReasonApproved, v1alpha1.ReasonApprovedInPart:
		return v1alpha1.AllocationWaiting, granted.Reason
	default:
		return v1alpha1.AllocationPendingApproval, e.Approved.Reason
	}
}

// actBy returns the last day on which the next step can be taken; absent when no day is set.
func (e *grant) actBy(stage v1alpha1.AllocationStage, reason string) fiscal.Day {
	switch stage {
	case v1alpha1.AllocationDraft:
		return e.RequestThrough
	case v1alpha1.AllocationPendingApproval, v1alpha1.AllocationWaiting:
		return e.grantThrough()
	case v1alpha1.AllocationRefused:
		if reason == v1alpha1.ReasonReturned || reason == v1alpha1.ReasonRejected {
			return e.grantThrough()
		}
		return 0
	case v1alpha1.AllocationGranted, v1alpha1.AllocationWithdrawn:
		day, _ := e.nextDeadline()
		return day
	default:
		return 0
	}
}

// grantThrough returns the last day on which money can be granted: the budget's last one, at most the last one for claims.
func (e *grant) grantThrough() fiscal.Day {
	return fiscal.Earliest(facts.PeriodOf(e.Budget, e.Program).Through, e.ClaimThrough)
}
