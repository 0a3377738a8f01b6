package budget

import (
	"encoding/json"
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/verdict"
)

// Evaluate says how a budget stands at an instant by its ledger, and when that may change although no spec and no ledger does (zero:
// never). The report of a recovery and the record of a ledger that is lost are kept from the old status.
func Evaluate(pool ledger.Pool, now time.Time) (v1alpha1.MDFBudgetStatus, time.Time) {
	b := pool.Budget
	findings, horizon := &verdict.Findings{}, verdict.NewHorizon(now)
	conditions := verdict.NewConditions(b.Status.Conditions, b.Generation, now)
	status := v1alpha1.MDFBudgetStatus{Recovery: recovery(&pool), Ledger: b.Status.Ledger}
	findings.Append(check(b, pool.Program)...)
	if span := facts.PeriodOf(b, pool.Program); !span.IsZero() {
		status.PeriodLabel = pool.Program.Calendar.Label(span)
		status.Period = &v1alpha1.DayRange{From: span.From.Date(), Through: span.Through.Date()}
	}
	count(&pool, &status, findings, now, horizon)
	sums(&pool, &status, now, horizon)
	for _, words := range pool.Shortfalls(now, horizon) {
		findings.Warningf(headroom.RuleEarnedLessThanDrawn, "spec.accrual", "%s", words)
	}
	judgeLedger(&pool, conditions, findings)
	judgeLimit(&pool, conditions, findings)
	conditions.Readiness(findings)
	status.ObservedGeneration, status.Conditions, status.Findings = b.Generation, conditions.List(), findings.List()
	return status, horizon.Next()
}

// recovery returns what the ledger was last rebuilt from: what the ledger itself says, or else the budget's status.
func recovery(p *ledger.Pool) *v1alpha1.RecoveryReport {
	known := p.Budget.Status.Recovery
	if p.Ledger == nil || p.Ledger.Annotations[v1alpha1.LedgerRecoveryAnnotation] == "" {
		return known
	}
	report := &v1alpha1.RecoveryReport{}
	if json.Unmarshal([]byte(p.Ledger.Annotations[v1alpha1.LedgerRecoveryAnnotation]), report) != nil ||
		known != nil && report.RequestedTime.Time.Before(known.RequestedTime.Time) {
		return known
	}
	return report
}

// count counts the requests that have money and those that wait for it.
func count(p *ledger.Pool, status *v1alpha1.MDFBudgetStatus, findings *verdict.Findings, now time.Time, horizon *verdict.Horizon) {
	var granted, waiting, exceptions int32
	var excepted int64
	for _, e := range p.Requests(now, horizon) {
		reserved, ever := e.Held()
		switch {
		case ever && (reserved > 0 || e.Settled > 0):
			granted++
			if e.Exception != nil {
				exceptions++
				excepted += reserved + e.Settled
			}
		case !ever && e.Wants():
			waiting++
		}
	}
	status.Granted, status.Waiting = &granted, &waiting
	if exceptions == 0 {
		return
	}
	amount := facts.MoneyOf(excepted, p.Ledger.Spec.Currency)
	status.Exceptions, status.ExceptionAmount = &exceptions, &amount
	findings.Infof(RuleExceptions, "status.exceptions", "%s of %s approved as exceptions, after their activity had begun, because the vendor did not decide in time: "+
		"see the finding GrantedAsException of the requests", verdict.Count(int(exceptions), "request"), money.Format(excepted, p.Ledger.Spec.Currency))
}

// sums adds up the ledger.
func sums(p *ledger.Pool, status *v1alpha1.MDFBudgetStatus, now time.Time, horizon *verdict.Horizon) {
	amount, known := p.Limit()
	if !known || p.Ledger == nil || p.Mismatched() {
		return
	}
	spec, currency := &p.Ledger.Spec, p.Ledger.Spec.Currency
	shown := func(minor int64) *v1alpha1.Money {
		m := facts.MoneyOf(minor, currency)
		return &m
	}
	reserved, settled := facts.Sum(spec.Reserved), facts.Sum(spec.Settled)
	left, ended := ledger.Left(p.Budget, p.Program, reserved+settled, now, horizon)
	unpaid := min(facts.Sum(spec.Unpaid), settled)
	status.Reserved, status.Settled, status.Available = shown(reserved+unpaid), shown(settled-unpaid), shown(left)
	if !ended.IsZero() {
		status.Lapsed = shown(max(amount-reserved-settled, 0))
	}
	if excess := reserved + settled - amount; excess > 0 {
		status.Excess = shown(excess)
	}
	for i := range p.Budget.Spec.SharedActivities {
		shared := &p.Budget.Spec.SharedActivities[i]
		if most, err := facts.ParseAmount(shared.Amount, currency); err == nil {
			used := headroom.SharedUse(spec, shared.Name, "")
			status.SharedActivities = append(status.SharedActivities, v1alpha1.SharedActivityUse{
				Name: shared.Name, Granted: *shown(used), Left: *shown(max(most-used, 0)),
			})
		}
	}
	record := v1alpha1.LedgerRecord{
		Name: v1alpha1.Name(p.Ledger.Name), UID: string(p.Ledger.UID),
		Settlements: int32(min(len(spec.Settled), v1alpha1.MaxSettlements)),
	}
	for _, one := range spec.Reserved {
		if one > 0 {
			record.Reservations++
		}
	}
	if record.UID != "" { // offline there is none
		status.Ledger = &record
	}
}

// judgeLedger sets LedgerIntact.
func judgeLedger(p *ledger.Pool, conditions *verdict.Conditions, findings *verdict.Findings) {
	const kind = v1alpha1.ConditionLedgerIntact
	switch {
	case p.Lost():
		message := fmt.Sprintf("MDFLedger %q is lost, though payments, statuses or this budget's record show that it existed; nothing is granted or settled. Restore it "+
			"from a backup, or let it be rebuilt from requests, claims and payments: kubectl jointplan rebuild-ledger %s", p.Name, p.Name)
		conditions.False(kind, v1alpha1.ReasonRecoveryRequired, message)
		findings.Warningf(RuleLedgerLost, "status.ledger", "%s", message)
	case p.Ledger == nil && p.Suspended():
		conditions.Unknown(kind, v1alpha1.ReasonLedgerMissing, "the ledger is created once the budget is no longer suspended")
	case p.Ledger == nil:
		conditions.Unknown(kind, v1alpha1.ReasonLedgerMissing, "the ledger is about to be created")
	case p.Mismatched():
		message := fmt.Sprintf("MDFLedger %q is in %s from an earlier budget of this name, this budget in %s: nothing is granted or settled. Create a budget of another "+
			"name", p.Name, p.Ledger.Spec.Currency, p.Budget.Spec.Amount.Currency)
		conditions.False(kind, v1alpha1.ReasonLedgerMismatch, message)
		findings.Errorf(RuleLedgerMismatch, "spec.amount.currency", "%s", message)
	case p.Gate.Reason != "":
		conditions.False(kind, p.Gate.Reason, p.Gate.Message)
	case facts.LedgerFull(&p.Ledger.Spec) || facts.SettlementsFull(&p.Ledger.Spec):
		message := fmt.Sprintf("MDFLedger %q has no space for another entry (%d of %d reservations, %d of %d settlements): what it holds stays, further requests need "+
			"another budget", p.Name, len(p.Ledger.Spec.Reserved), v1alpha1.MaxReservations, len(p.Ledger.Spec.Settled), v1alpha1.MaxSettlements)
		conditions.False(kind, v1alpha1.ReasonLedgerFull, message)
		findings.Warningf(RuleLedgerFull, "status.ledger", "%s", message)
	default:
		conditions.True(kind, v1alpha1.ReasonLedgerIntact, fmt.Sprintf("MDFLedger %q holds %s and %s",
			p.Name, verdict.Count(len(p.Ledger.Spec.Reserved), "reservation"), verdict.Count(len(p.Ledger.Spec.Settled), "settlement")))
	}
}

// judgeLimit sets WithinLimit.
func judgeLimit(p *ledger.Pool, conditions *verdict.Conditions, findings *verdict.Findings) {
	const kind = v1alpha1.ConditionWithinLimit
	amount, known := p.Limit()
	if !known || p.Ledger == nil || p.Mismatched() {
		conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated, "the amount or the ledger cannot be used: see the other conditions and the findings")
		return
	}
	currency := p.Ledger.Spec.Currency
	reserved, settled := facts.Sum(p.Ledger.Spec.Reserved), facts.Sum(p.Ledger.Spec.Settled)
	unpaid := min(facts.Sum(p.Ledger.Spec.Unpaid), settled)
	split := fmt.Sprintf("%s reserved and %s settled of %s", money.Format(reserved+unpaid, currency), money.Format(settled-unpaid, currency), money.Format(amount, currency))
	if reserved+settled <= amount {
		conditions.True(kind, v1alpha1.ReasonWithinLimit, split)
		return
	}
	message := fmt.Sprintf("%s: over budget by %s. The newest unclaimed grants are released, and nothing new is granted until the total fits: "+
		"raise spec.amount, or wait for claims to lapse", split, money.Format(reserved+settled-amount, currency))
	conditions.False(kind, v1alpha1.ReasonBudgetExceeded, message)
	findings.Warningf(RuleBudgetExceeded, "spec.amount", "%s", message)
}
