package ledger

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// recoveryValid is how long an authorisation to rebuild a ledger holds, so that one that stands in Git does not rebuild a ledger years later.
const recoveryValid = 24 * time.Hour

// Bounds of the report of a recovery.
const (
	maxRecoveryNotes = 16
	maxRecoveryNote  = 512
)

// recoveryAuthorised reports whether a person has authorised that the ledger is written anew, not more than a day ago, and this was not done yet.
func (d *decision) recoveryAuthorised() bool {
	recovery := d.pool.Budget.Spec.Recovery
	if recovery == nil {
		return false
	}
	from := recovery.RequestedTime.Time
	until := from.Add(recoveryValid)
	d.horizon.At(from)
	d.horizon.At(until)
	if done := d.pool.Budget.Status.Recovery; done != nil && !done.RequestedTime.Time.Before(from) {
		return false
	}
	return !d.now.Before(from) && d.now.Before(until)
}

// RecoveryAnnotations returns the annotations with which a ledger that is rebuilt is created; none for one that is not.
func RecoveryAnnotations(report *v1alpha1.RecoveryReport) map[string]string {
	if report == nil {
		return nil
	}
	raw, err := json.Marshal(report)
	if err != nil {
		return nil // it holds texts and numbers only
	}
	return map[string]string{v1alpha1.LedgerRecoveryAnnotation: string(raw)}
}

// rebuilding is a ledger that is rebuilt.
type rebuilding struct {
	*decision

	spec   *v1alpha1.MDFLedgerSpec
	report *v1alpha1.RecoveryReport
	paid   map[string]string // the claims whose payments are rebuilt, by identity.ReferenceKey
}

// rebuild writes the ledger anew: what is settled from the payments that claims record, what is reserved from what the requests' statuses say.
// A request with a payment but without a status keeps the rest of what was approved.
func (d *decision) rebuild(limit int64) (*v1alpha1.MDFLedgerSpec, *v1alpha1.RecoveryReport) {
	recovery := d.pool.Budget.Spec.Recovery
	r := rebuilding{
		decision: d,
		spec:     &v1alpha1.MDFLedgerSpec{Currency: d.pool.Budget.Spec.Amount.Currency},
		report:   &v1alpha1.RecoveryReport{RequestedTime: recovery.RequestedTime, RequestedBy: recovery.RequestedBy},
		paid:     map[string]string{},
	}
	open(r.spec)
	for _, payment := range r.payments() {
		r.settle(payment)
	}
	for _, e := range d.entries {
		r.reserve(e)
	}
	reserved, settled := facts.Sum(r.spec.Reserved), facts.Sum(r.spec.Settled)
	r.spec.LimitMinor = max(limit, min(reserved+settled, money.Max))
	if reserved+settled > limit {
		r.notef("%s is reserved and settled in all, which is above the budget's amount of %s: nothing more is granted until it fits",
			money.Format(reserved+settled, r.spec.Currency), money.Format(limit, r.spec.Currency))
	}
	r.report.Reserved = facts.MoneyOf(reserved, r.spec.Currency)
	r.report.Settled = facts.MoneyOf(settled, r.spec.Currency)
	tidy(r.spec)
	return r.spec, r.report
}

// payment is a claim that records payments.
type payment struct {
	entry entry
	claim *v1alpha1.MDFClaim
}

// payments returns the claims that record payments, by the day of the first of them and by name.
func (r *rebuilding) payments() []payment {
	var list []payment
	for _, e := range r.entries {
		for _, claim := range e.facts.Snapshot.ClaimsOn(v1alpha1.Name(e.Object.Name)) {
			if len(claim.Spec.Payments) > 0 {
				list = append(list, payment{entry: e, claim: claim})
			}
		}
	}
	slices.SortFunc(list, func(a, b payment) int {
		return cmp.Or(cmp.Compare(a.firstPaid(), b.firstPaid()), cmp.Compare(a.claim.Namespace, b.claim.Namespace), cmp.Compare(a.claim.Name, b.claim.Name))
	})
	return list
}

// firstPaid is the first day of the claim's payments.
func (p *payment) firstPaid() v1alpha1.Date {
	first := p.claim.Spec.Payments[0].PaidOn
	for _, paid := range p.claim.Spec.Payments {
		first = min(first, paid.PaidOn)
	}
	return first
}

// settle rebuilds the settlement of one claim: what its status says was payable and paid or, without a status, what its payments come to. All of its
// lines are noted, so that none pays another claim.
func (r *rebuilding) settle(p payment) {
	name := p.claim.Namespace + "/" + p.claim.Name
	status := &p.claim.Status
	if status.Paid == nil && (status.Payable != nil || !p.approved()) { // a status that was written without a ledger says neither
		r.notef("the payment of MDFClaim %s was not settled before: it is settled when the claim is accepted", name)
		return
	}
	lines, worth := claim.Recorded(p.claim, p.entry.Request, r.now)
	amount, unpaid, err := r.settled(p.claim, worth)
	if err != nil {
		r.notef("the payment of MDFClaim %s cannot be rebuilt: %s", name, err)
		return
	}
	for _, line := range lines {
		if other := r.paid[identity.ReferenceKey(line.Key)]; other != "" {
			r.notef("payment %q settled MDFClaim %s, so that of MDFClaim %s is left out", line.Key, other, name)
			return
		}
	}
	if len(r.spec.Settled) >= v1alpha1.MaxSettlements || len(r.spec.Payments)+len(lines) > v1alpha1.MaxPaymentLines {
		r.notef("the ledger has no room for the payment of MDFClaim %s", name)
		return
	}
	if status.Paid == nil {
		r.notef("no status says what of the payment of MDFClaim %s was settled: all of it, %s, is taken", name, money.Format(amount, r.spec.Currency))
	}
	key := facts.ClaimKey(p.entry.Key, v1alpha1.Name(p.claim.Name))
	if r.spec.Settled[key] = amount; unpaid > 0 {
		r.spec.Unpaid[key] = unpaid
	}
	for _, line := range lines {
		r.spec.Payments[line.Key], r.paid[identity.ReferenceKey(line.Key)] = name, name
		r.spec.Documents[line.Document] += line.Amount
	}
	r.report.Settlements++
}

// approved reports whether the claim is approved.
func (p *payment) approved() bool {
	v := p.entry.account().Claim(p.claim.Name)
	return v != nil && v.Approval.Complete
}

// settled returns what a claim took and what of it is not paid.
func (r *rebuilding) settled(c *v1alpha1.MDFClaim, worth int64) (amount, unpaid int64, err error) {
	if c.Status.Paid == nil {
		if worth == 0 {
			return 0, 0, errors.New("nothing stays paid by its payments")
		}
		return worth, 0, nil
	}
	paid, taken := *c.Status.Paid, *c.Status.Paid
	if c.Status.Payable != nil {
		taken = *c.Status.Payable
	}
	if paid.Currency != r.spec.Currency || taken.Currency != r.spec.Currency {
		return 0, 0, fmt.Errorf("it is in %s, the budget in %s", paid.Currency, r.spec.Currency)
	}
	known, err := money.ParseMoney(paid)
	if err != nil {
		return 0, 0, err
	}
	if amount, err = money.ParseMoney(taken); err != nil {
		return 0, 0, err
	}
	amount = max(amount, known)
	return amount, amount - known, nil
}

// reserve rebuilds the reservation of one request. Who was granted once keeps an entry, so that nothing is granted twice.
func (r *rebuilding) reserve(e entry) {
	key, status := e.Key, &e.Object.Status
	settled := r.settledFor(key)
	switch {
	case status.Reserved != nil && facts.KeyOf(e.Object, status.RequestID) == key:
		r.spec.Reserved[key] = max(statusReserved(e.Object, key)-facts.UnpaidOf(r.spec, key), 0)
	case status.Granted != nil && facts.KeyOf(e.Object, status.RequestID) == key:
		r.spec.Reserved[key] = 0 // all of it was paid or released
	case settled > 0:
		rest := max(e.Asked-settled, 0)
		if over := e.claimsOver(r.now); over {
			rest = 0
		}
		r.spec.Reserved[key] = rest
		r.notef("no status says what was granted to MDFAllocation %s/%s, on which claims were paid: %s is reserved, the rest of what was approved",
			e.Object.Namespace, e.Object.Name, money.Format(rest, r.spec.Currency))
	default:
		return // never granted, or nothing says so: it waits in line like any other
	}
	if e.Approval.Complete && !e.Ends.IsZero() {
		r.spec.Ends[key] = e.Ends.String()
	}
	if shared := e.Object.Spec.SharedActivity; shared != "" {
		r.spec.Shared[key] = string(shared)
	}
	if reward := e.RewardKey(); reward != "" {
		r.spec.Rewards[key] = reward
	}
	if r.spec.Reserved[key] > 0 {
		r.report.Reservations++
	}
}

func (r *rebuilding) settledFor(key string) int64 {
	var sum int64
	for claim, amount := range r.spec.Settled {
		if len(claim) > len(key) && claim[:len(key)+1] == key+"/" {
			sum += amount
		}
	}
	return sum
}

// claimsOver reports whether the time for claims on the request is over.
func (e entry) claimsOver(now time.Time) bool {
	return e.Program != nil && !e.ClaimThrough.IsZero() && e.Program.Today(now) > e.ClaimThrough
}

func (r *rebuilding) notef(format string, args ...any) {
	switch text := fmt.Sprintf(format, args...); {
	case len(r.report.Notes) < maxRecoveryNotes-1:
		r.report.Notes = append(r.report.Notes, printable.Clip(text, maxRecoveryNote))
	case len(r.report.Notes) == maxRecoveryNotes-1:
		r.report.Notes = append(r.report.Notes, "more is not listed: compare the statuses of all requests and claims with the ledger")
	}
}
