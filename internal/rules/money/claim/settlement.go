package claim

import (
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules about the payment of a claim.
const (
	// RulePaymentAboveClaim: more was paid than is payable; only what is payable is settled. Remedy: get the rest back and record that as a reversal, or
	// leave it.
	RulePaymentAboveClaim = "PaymentAboveClaim"
	// RulePaymentInvalid: a recorded payment cannot be used as written. Remedy: add a line that reverses it, then record the payment as it was made.
	RulePaymentInvalid = "PaymentInvalid"
	// RulePaymentDuplicate: the line of the document counts for another claim. Remedy: add a line that reverses it, then record the line that pays this
	// claim.
	RulePaymentDuplicate = "PaymentDuplicate"
	// RulePaymentAboveDocument: the recorded lines of a document come to more than it states as its total. Remedy: compare them with the document, and
	// reverse the line that is wrong.
	RulePaymentAboveDocument = "PaymentAboveDocument"
)

// judgeSettled returns the condition Settled, and sets what the ledger has to settle.
func (v *Claim) judgeSettled() verdict.Judgement {
	r := v.input.request
	switch {
	case v.input.lost && !v.IsSettled:
		return verdict.Unknown(v1alpha1.ReasonRecoveryRequired, "%s", v.Accepted.Message)
	case !v.IsSettled && v.Accepted.Status != metav1.ConditionTrue:
		return v.notAcceptedText()
	case v.closed():
		v.Settle = v.settlement()
		return verdict.False(v1alpha1.ReasonNotAccepted, "nothing is paid, and nothing is due: %s", v.Accepted.Message)
	case !v.IsSettled && len(v.lines) == 0:
		return v.awaitsPayment()
	}
	fault := v.findFaults()
	v.Settle = v.settlement()
	switch {
	case v.IsSettled && v.Unpaid == 0:
		return v.settledText()
	case fault != nil:
		return *fault
	case v.Settle == nil && len(v.unrecorded()) > 0:
		return verdict.False(v1alpha1.ReasonInvalidSpec, "the ledger has noted payment line %s for this claim, and spec.payments does not record it: record it again, "+
			"with what was returned of it; until then nothing more is settled", verdict.Some(v.unrecorded(), maxNamedCosts))
	case v.Settle == nil:
		return v.awaitsPayment()
	case !v.IsSettled && v.input.facts.Entries(r.Object.Spec.BudgetRef.Name, r.Ledger).SettlementsFull:
		v.Settle = nil
		return verdict.False(v1alpha1.ReasonLedgerFull, "the ledger of budget %q has no space for another settlement: its money stays reserved; ask the budget owner", r.Object.Spec.BudgetRef.Name)
	}
	return v.pendingText()
}

// notAcceptedText says that nothing is settled on a claim that is not accepted.
func (v *Claim) notAcceptedText() verdict.Judgement {
	if len(v.lines) == 0 {
		return verdict.False(v1alpha1.ReasonNotAccepted, "the claim is not accepted (%s), so nothing is due for payment", v.Accepted.Reason)
	}
	last := v.lines[len(v.lines)-1]
	return verdict.False(v1alpha1.ReasonNotAccepted, "payment %s of %s is recorded, and the claim is not accepted (%s): it is settled once the claim is", last.name(), last.spec.PaidOn,
		v.Accepted.Reason)
}

// findFaults notes what is wrong with the recorded lines, and returns the first; nil when nothing is. Of a claim that was closed no line is missed.
func (v *Claim) findFaults() *verdict.Judgement {
	var first *verdict.Judgement
	for _, line := range v.lines {
		if line.fault == nil || line.void() {
			continue
		}
		severity := v1alpha1.SeverityError
		if line.rule == RulePaymentDuplicate {
			severity = v1alpha1.SeverityWarning
		}
		v.input.findings.Append(v1alpha1.Finding{Rule: line.rule, Severity: severity, Field: line.field + "." + line.part, Message: line.fault.Message})
		if first == nil {
			first = line.fault
		}
	}
	return first
}

// settlement returns what the ledger has to settle by the recorded lines; nil when it holds all of it.
//
// What is taken off the reservation is what is payable, at once with the first line, so that a reversal frees nothing: the money stays the claim's.
// What of it is not paid is the rest after all lines that count, whichever came first. While a claim is sent back no further payment counts.
func (v *Claim) settlement() *Settlement {
	r := v.input.request
	if r.Ledger == nil {
		return nil // then nothing is granted, and so nothing accepted
	}
	if v.IsSettled && len(v.unrecorded()) > 0 {
		return nil // what they paid is not known, and must not be paid again
	}
	s := &Settlement{Key: v.Key, Claim: v.Object.Namespace + "/" + v.Object.Name, Amount: v.Payable}
	if v.IsSettled {
		s.Amount = v.Settled + v.closing
	}
	var paid int64
	for _, line := range v.lines {
		if !line.counts() || !line.held && line.spec.Reverses == nil && v.input.isSentBack() {
			continue
		}
		paid += min(line.worth(r.Currency), money.Max-paid)
		if !line.held {
			s.Lines = append(s.Lines, line.Line)
		}
	}
	s.Unpaid = s.Amount - min(paid, s.Amount)
	if len(s.Lines) == 0 && (!v.IsSettled || v.closing == 0 && s.Unpaid == v.Unpaid) {
		return nil
	}
	if v.input.isSentBack() { // what is not paid is let go
		s.Close = s.Unpaid
	}
	return s
}

// unrecorded returns the lines that the ledger has noted for the claim and that the claim does not record, as after an administrator deleted the claim
// and created it again.
func (v *Claim) unrecorded() []string {
	r := v.input.request
	if r.Ledger == nil {
		return nil
	}
	noted := v.input.facts.LinesOf(v1alpha1.Name(r.Ledger.Name), r.Ledger, v.Object.Namespace+"/"+v.Object.Name)
	return slices.DeleteFunc(slices.Clone(noted), func(line string) bool {
		return slices.ContainsFunc(v.lines, func(l *paymentLine) bool { return identity.ReferenceKey(l.Key) == identity.ReferenceKey(line) })
	})
}

// awaitsPayment says what is due for payment, and why it is not paid yet.
func (v *Claim) awaitsPayment() verdict.Judgement {
	currency := v.input.request.Currency
	open := v.Payable
	text := ""
	if v.IsSettled {
		open = v.Unpaid
	}
	if open != v.Payable {
		text = fmt.Sprintf(" of %s", money.Format(v.Payable, currency))
	}
	if line := v.last(func(l *paymentLine) bool { return l.late }); line != nil {
		return verdict.False(v1alpha1.ReasonAwaitingPayment, "payment %s is dated %s (paidOn): it counts from that day on", line.name(), line.on)
	}
	text = money.Format(open, currency) + text + " is due for payment" + v.payBy()
	if back := v.last(func(l *paymentLine) bool { return l.spec.Reverses != nil && l.counts() }); back != nil {
		text += fmt.Sprintf(" again, as payment %s line %d was returned on %s (%s)", quoted(back.spec.Reverses.Document), back.spec.Reverses.Line, back.on, quoted(back.spec.Reason))
	}
	return verdict.False(v1alpha1.ReasonAwaitingPayment, "%s: pay it, then record the payment in spec.payments", text)
}

// last returns the last line of a kind; nil when there is none.
func (v *Claim) last(which func(*paymentLine) bool) *paymentLine {
	for _, line := range slices.Backward(v.lines) {
		if which(line) {
			return line
		}
	}
	return nil
}

// pendingText says what the ledger is about to settle.
func (v *Claim) pendingText() verdict.Judgement {
	r := v.input.request
	line := v.last(func(l *paymentLine) bool { return l.counts() && !l.held })
	if line == nil {
		line = v.lines[len(v.lines)-1]
	}
	verb := "payment"
	if line.spec.Reverses != nil {
		verb = "reversal"
	}
	settles := money.Format(v.Settle.Amount-v.Settle.Unpaid, r.Currency)
	if r.Suspended() {
		return verdict.False(v1alpha1.ReasonBudgetSuspended, "%s %s of %s is recorded; budget %s is suspended: %s is settled once the budget owner resumes it",
			verb, line.name(), line.spec.PaidOn, r.Object.Spec.BudgetRef.Name, settles)
	}
	return verdict.False(v1alpha1.ReasonSettlementPending, "%s %s of %s is recorded; the ledger is about to settle %s", verb, line.name(), line.spec.PaidOn, settles)
}

// settledText says what was settled, and by which payments.
func (v *Claim) settledText() verdict.Judgement {
	r := v.input.request
	settled := money.Format(v.Settled, r.Currency)
	var by []string
	var paid int64
	for _, line := range v.lines {
		if worth := line.worth(r.Currency); worth > 0 && line.held {
			by = append(by, fmt.Sprintf("payment %s of %s", line.name(), line.spec.PaidOn))
			paid += min(worth, money.Max-paid)
		}
	}
	if len(by) == 0 {
		return verdict.True(v1alpha1.ReasonSettled, "%s", settled+" is settled, by the ledger")
	}
	text := fmt.Sprintf("%s is settled by %s", settled, verdict.Some(by, maxNamedCosts))
	if back := v.last(func(l *paymentLine) bool { return l.spec.Reverses != nil && l.counts() && !l.held }); back != nil {
		text += fmt.Sprintf("; reversal %s of %s is recorded, and the ledger is about to take it back", back.name(), back.spec.PaidOn)
		return verdict.True(v1alpha1.ReasonSettled, "%s", text)
	}
	if paid > v.Settled {
		text += fmt.Sprintf(", which came to %s: %s is above what was payable, and is not the budget's cost",
			money.Format(paid, r.Currency), money.Format(paid-v.Settled, r.Currency))
		v.input.findings.Warningf(RulePaymentAboveClaim, "spec.payments", "%s", text)
		return verdict.True(v1alpha1.ReasonPaymentAboveClaim, "%s", text)
	}
	return verdict.True(v1alpha1.ReasonSettled, "%s", text)
}

// markRepeatedPayments lets a line that is recorded on several claims on a request, in whatever case, count for the first of them only.
func markRepeatedPayments(claims []*Claim) {
	first := map[string]*Claim{}
	for _, view := range claims {
		if view.Settle == nil {
			continue
		}
		for _, line := range view.Settle.Lines {
			reference := identity.ReferenceKey(line.Key)
			other := first[reference]
			if other == nil {
				first[reference] = view
				continue
			}
			l := view.lines[slices.IndexFunc(view.lines, func(l *paymentLine) bool { return l.Key == line.Key })]
			message := fmt.Sprintf("payment %s is recorded in MDFClaim %q too; a line of a document counts for one claim: %s", l.name(), other.Object.Name, undo)
			view.input.findings.Warningf(RulePaymentDuplicate, l.field+".line", "%s", message)
			view.Settle = nil
			if view.Paid.Status != metav1.ConditionTrue {
				view.Paid = verdict.False(v1alpha1.ReasonPaymentDuplicate, "%s", message)
			}
			break
		}
	}
}
