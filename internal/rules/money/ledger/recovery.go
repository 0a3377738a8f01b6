package ledger

import (
	"cmp"
	"encoding/json"
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

// payment is a payment that a claim records.
type payment struct {
	entry entry
	claim *v1alpha1.MDFClaim
}

// payments returns the recorded payments by day and claim.
func (r *rebuilding) payments() []payment {
	var list []payment
	for _, e := range r.entries {
		for _, claim := range e.snapshot.ClaimsOn(v1alpha1.Name(e.Object.Name)) {
			if claim.Spec.Payment != nil {
				list = append(list, payment{entry: e, claim: claim})
			}
		}
	}
	slices.SortFunc(list, func(a, b payment) int {
		return cmp.Or(cmp.Compare(a.claim.Spec.Payment.PaidOn, b.claim.Spec.Payment.PaidOn),
			cmp.Compare(a.claim.Namespace, b.claim.Namespace), cmp.Compare(a.claim.Name, b.claim.Name))
	})
	return list
}

// settle rebuilds the settlement of one claim: what its status says was paid, or else the payment, at most what its status says is payable.
func (r *rebuilding) settle(p payment) {
	name, paid := p.claim.Namespace+"/"+p.claim.Name, p.claim.Spec.Payment
	status := &p.claim.Status
	if status.Paid == nil && (status.Payable != nil || !p.approved()) { // a status that was written without a ledger says neither
		r.notef("the payment of MDFClaim %s was not settled before: it is settled when the claim is accepted", name)
		return
	}
	reference := identity.ReferenceKey(paid.ID)
	amount, err := r.paidAmount(p.claim)
	switch {
	case err != nil:
		r.notef("the payment of MDFClaim %s cannot be rebuilt: %s", name, err)
		return
	case r.paid[reference] != "":
		r.notef("payment %q settled MDFClaim %s, so that of MDFClaim %s is left out", paid.ID, r.paid[reference], name)
		return
	case len(r.spec.Settled) >= v1alpha1.MaxSettlements:
		r.notef("the ledger has no room for the payment of MDFClaim %s", name)
		return
	}
	if status.Paid == nil {
		r.notef("no status says what of the payment of MDFClaim %s was settled: all of it, %s, is taken", name, money.Format(amount, r.spec.Currency))
	}
	r.spec.Settled[facts.ClaimKey(p.entry.Key, v1alpha1.Name(p.claim.Name))] = amount
	r.spec.Payments[paid.ID], r.paid[reference] = name, name
	r.report.Settlements++
}

// approved reports whether the claim is approved.
func (p *payment) approved() bool {
	return slices.ContainsFunc(p.entry.accounts.Of(p.entry.Object).Claims, func(v *claim.Claim) bool {
		return v.Object.Name == p.claim.Name && v.Approval.Complete
	})
}

func (r *rebuilding) paidAmount(claim *v1alpha1.MDFClaim) (int64, error) {
	paid := claim.Spec.Payment.Amount
	if claim.Status.Paid != nil {
		paid = *claim.Status.Paid
	}
	if paid.Currency != r.spec.Currency {
		return 0, fmt.Errorf("it is in %s, the budget in %s", paid.Currency, r.spec.Currency)
	}
	return money.ParseMoney(paid)
}

// reserve rebuilds the reservation of one request. Who was granted once keeps an entry, so that nothing is granted twice.
func (r *rebuilding) reserve(e entry) {
	key, status := e.Key, &e.Object.Status
	settled := r.settledFor(key)
	switch {
	case status.Reserved != nil && facts.KeyOf(e.Object, status.RequestID) == key:
		amount := statusReserved(e.Object, key)
		r.spec.Reserved[key] = amount
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
