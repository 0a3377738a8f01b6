package claim

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// RulePaymentOverdue: the vendor has not paid an accepted claim within the days that the program promises. Remedy: pay it, and record the payment in
// spec.payments of the claim.
const RulePaymentOverdue = "PaymentOverdue"

// Payment is the vendor's turn to pay an accepted claim, by a day that the program promises.
type Payment struct {
	// Turn begins with the day on which the claim was accepted or, if that is later, with that of a valid invoice.
	Turn plan.Turn
	// AcceptedOn is the day on which the claim was accepted.
	AcceptedOn fiscal.Day
	// PaidOn is the day of the last payment; absent while the claim is not paid in full.
	PaidOn fiscal.Day
}

// acceptedOn returns the day from which the claim is accepted; absent while it is not.
func (v *Claim) acceptedOn() fiscal.Day {
	in := v.input
	if in.lost || !v.Approval.Complete || !(v.IsSettled && !v.closed() || v.Accepted.Status == metav1.ConditionTrue) {
		return 0
	}
	return max(in.calendar.Today(v.Approval.DecidedTime), in.claimed, in.resubmitted)
}

// invoicedOn returns the day of a valid invoice: the partner's own to the vendor, once its day has come, or else the latest of those that are claimed.
func (in *input) invoicedOn() fiscal.Day {
	if own := in.invoiced; !own.IsZero() {
		in.horizon.At(in.calendar.StartOf(own))
		if own <= in.today {
			return own
		}
	}
	var latest fiscal.Day
	for i := range in.costs {
		if cost := &in.costs[i]; cost.uncovered == "" {
			if on, err := fiscal.ParseDay(cost.spec.IncurredOn); err == nil {
				latest = max(latest, on)
			}
		}
	}
	return latest
}

// judgePayment finds by when the vendor pays the claim: within the days of the rules in force on the day on which it was accepted, so that a change of the
// program moves no clock that runs, from that day or from the later one of a valid invoice.
func (v *Claim) judgePayment() {
	in, on := v.input, v.acceptedOn()
	if in.request.Program == nil || on.IsZero() {
		return
	}
	rules := in.request.Program.RuleSetOn(on)
	if rules == nil || rules.Approval == nil || rules.Approval.PayWithinDays == nil {
		return
	}
	turn := plan.NewPaymentTurn(max(on, in.invoicedOn()), int(*rules.Approval.PayWithinDays), in.calendar, rules)
	v.Payment = &Payment{Turn: turn, AcceptedOn: on, PaidOn: v.paidOn()}
	switch {
	case !v.Payment.PaidOn.IsZero():
		return
	case v.IsSettled && v.Unpaid == 0: // by lines that are not recorded any more
		v.Payment = nil
		return
	}
	for _, day := range v.Payment.Turn.Changes() {
		in.horizon.At(in.calendar.StartOf(day))
	}
}

// paidOn returns the day of the payment that paid the claim in full; absent while it is not.
func (v *Claim) paidOn() fiscal.Day {
	var paid int64
	var last fiscal.Day
	for _, line := range v.lines {
		worth := line.worth(v.input.request.Currency)
		if worth > 0 {
			last = max(last, line.on)
		}
		paid += min(worth, money.Max-paid)
	}
	owed := v.Payable
	if v.IsSettled {
		owed = v.Settled
	}
	if paid < owed {
		return 0
	}
	return last
}

// paymentStatus returns the part of the status about the day by which the claim is to be paid; nil when there is none.
func (v *Claim) paymentStatus() *v1alpha1.PaymentDue {
	p, today := v.Payment, v.input.today
	if p == nil {
		return nil
	}
	status := &v1alpha1.PaymentDue{PayBy: p.Turn.Through.Date(), PaidOn: p.PaidOn.Date()}
	switch {
	case p.PaidOn > p.Turn.Through:
		status.DaysLate = new(int32(p.PaidOn.Sub(p.Turn.Through))) //nolint:gosec // days between two days fit
	case p.PaidOn.IsZero() && p.Turn.IsOver(today):
		role, since := p.Turn.EscalatedTo(today)
		status.OverdueSince, status.EscalatedTo, status.EscalatedSince = p.Turn.OverdueSince().Date(), role, since.Date()
	}
	return status
}

// findPayment notes a payment that is overdue.
func (v *Claim) findPayment() {
	p, today := v.Payment, v.input.today
	if p == nil || !p.PaidOn.IsZero() || !p.Turn.IsOver(today) {
		return
	}
	v.input.findings.Warningf(RulePaymentOverdue, "status.paymentDue", "the claim was accepted on %s%s; its payment was due by %s and has been overdue since %s%s: pay it, and "+
		"record the payment in spec.payments", p.AcceptedOn, p.invoiceWords(), p.Turn.Through, p.Turn.OverdueSince(), p.Turn.Heard(today))
}

// payBy says until when the vendor pays, behind other words; nothing when no day is promised.
func (v *Claim) payBy() string {
	if v.Payment == nil || v.Payment.Turn.IsOver(v.input.today) {
		return ""
	}
	return " by " + v.Payment.Turn.Through.String()
}

// invoiceWords says that the vendor's days run from an invoice, behind the day of the acceptance; nothing when they do not.
func (p *Payment) invoiceWords() string {
	if p.Turn.On == p.AcceptedOn {
		return ""
	}
	return " and invoiced on " + p.Turn.On.String()
}
