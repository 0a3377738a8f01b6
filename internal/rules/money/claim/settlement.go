package claim

import (
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules about the payment of a claim.
const (
	// RulePaymentAboveClaim: more was paid than is payable; only what is payable is settled. Remedy: none in the claim; get the rest back, or leave it.
	RulePaymentAboveClaim = "PaymentAboveClaim"
	// RulePaymentBelowPayable: less was paid than the claim is due. Remedy: none in the claim; a payment settles a claim for good.
	RulePaymentBelowPayable = "PaymentBelowPayable"
	// RulePaymentInvalid: the payment cannot be used as written. Remedy: let an administrator delete the claim and create it again, with the
	// payment as it was made.
	RulePaymentInvalid = "PaymentInvalid"
	// RulePaymentDuplicate: the payment settled another claim. Remedy: let an administrator delete the claim and create it again, with the payment that was
	// made for it.
	RulePaymentDuplicate = "PaymentDuplicate"
)

// judgeSettled returns the condition Settled, and sets what the ledger has to settle.
func (v *Claim) judgeSettled() verdict.Judgement {
	r, paid := v.input.request, v.Object.Spec.Payment
	switch {
	case v.IsSettled:
		return v.settledText()
	case v.input.lost:
		return verdict.Unknown(v1alpha1.ReasonRecoveryRequired, "%s", v.Accepted.Message)
	}
	amount, payment := v.judgePayment()
	switch {
	case v.Accepted.Status != metav1.ConditionTrue && paid != nil:
		return verdict.False(v1alpha1.ReasonNotAccepted, "payment %s of %s is recorded, and the claim is not accepted (%s): it is settled once the claim is", quoted(paid.ID), paid.PaidOn, v.Accepted.Reason)
	case v.Accepted.Status != metav1.ConditionTrue:
		return verdict.False(v1alpha1.ReasonNotAccepted, "the claim is not accepted (%s), so nothing is to be paid",
			v.Accepted.Reason)
	case payment != nil:
		return *payment
	case facts.SettlementsFull(&r.Ledger.Spec):
		return verdict.False(v1alpha1.ReasonLedgerFull, "the ledger of budget %q has no room for another settlement: its money stays reserved; ask whoever owns the budget", r.Object.Spec.BudgetRef.Name)
	}
	v.Settle = &Settlement{
		Key: v.Key, PaymentID: paid.ID, Claim: v.Object.Namespace + "/" + v.Object.Name, Amount: min(amount, v.Payable),
	}
	if r.Suspended() {
		return verdict.False(v1alpha1.ReasonBudgetSuspended, "payment %s of %s is recorded; budget %s is suspended: %s is settled once whoever owns the budget resumes it",
			quoted(paid.ID), paid.PaidOn, r.Object.Spec.BudgetRef.Name, money.Format(v.Settle.Amount, r.Currency))
	}
	return verdict.False(v1alpha1.ReasonSettlementPending, "payment %s of %s is recorded; the ledger is about to settle %s",
		quoted(paid.ID), paid.PaidOn, money.Format(v.Settle.Amount, r.Currency))
}

// judgePayment returns the amount of the payment, or why it cannot settle the claim.
func (v *Claim) judgePayment() (int64, *verdict.Judgement) {
	r, paid := v.input.request, v.Object.Spec.Payment
	no := func(reason, format string, args ...any) *verdict.Judgement {
		return &verdict.Judgement{Status: metav1.ConditionFalse, Reason: reason, Message: fmt.Sprintf(format, args...)}
	}
	if paid == nil {
		return 0, no(v1alpha1.ReasonAwaitingPayment, "%s is to be paid: pay it, then record the payment in spec.payment", money.Format(v.Payable, r.Currency))
	}
	if of := paid.Amount.Currency; r.Currency != "" && of != r.Currency {
		message := fmt.Sprintf("the payment is in %s, and budget %q in %s: a payment is recorded in the budget's currency, so let an administrator delete this claim and create it "+
			"again, with the payment in %s", of, r.Object.Spec.BudgetRef.Name, r.Currency, r.Currency)
		v.input.findings.Errorf(RulePaymentInvalid, "spec.payment.amount.currency", "%s", message)
		return 0, no(v1alpha1.ReasonCurrencyMismatch, "%s", message)
	}
	amount, err := money.ParseMoney(paid.Amount)
	if err == nil && amount <= 0 {
		err = fmt.Errorf("%s is not above zero", paid.Amount.Amount)
	}
	if err != nil {
		v.input.findings.Errorf(RulePaymentInvalid, "spec.payment.amount.amount",
			"%s: it settles nothing; let an administrator delete the claim and create it again, with the payment as it was made", err)
		return 0, no(v1alpha1.ReasonInvalidSpec, "spec.payment.amount.amount: %s", err)
	}
	on, err := fiscal.ParseDay(paid.PaidOn)
	if err != nil {
		v.input.findings.Errorf(RulePaymentInvalid, "spec.payment.paidOn",
			"%s: it settles nothing; let an administrator delete the claim and create it again, with the payment as it was made", err)
		return 0, no(v1alpha1.ReasonInvalidSpec, "spec.payment.paidOn: %s", err)
	}
	if on > v.input.today {
		v.input.horizon.At(v.input.calendar.StartOf(on))
		return 0, no(v1alpha1.ReasonAwaitingPayment, "payment %s is dated %s (spec.payment.paidOn): it settles the claim from that day on", quoted(paid.ID), on)
	}
	if r.Ledger == nil {
		return amount, nil // then nothing is granted, and so nothing accepted
	}
	if settled := v.input.facts.PaidClaim(r.Object.Spec.BudgetRef.Name, r.Ledger, paid.ID); settled != "" {
		other := "another MDFClaim" // of which this partner learns nothing, or that is gone
		if name, ours := strings.CutPrefix(settled, v.Object.Namespace+"/"); ours && v.input.facts.Snapshot.Claim(v1alpha1.Name(name)) != nil {
			other = "MDFClaim " + settled
		}
		message := fmt.Sprintf("payment %s settled %s; a payment settles one claim: let an administrator delete this claim and create it again, with the payment "+
			"that was made for it", quoted(paid.ID), other)
		v.input.findings.Warningf(RulePaymentDuplicate, "spec.payment.id", "%s", message)
		return 0, no(v1alpha1.ReasonPaymentDuplicate, "%s", message)
	}
	return amount, nil
}

// settledText says what was settled.
func (v *Claim) settledText() verdict.Judgement {
	r, paid := v.input.request, v.Object.Spec.Payment
	settled := money.Format(v.Settled, r.Currency)
	if paid == nil {
		return verdict.True(v1alpha1.ReasonSettled, "%s", settled+" is settled, by the ledger")
	}
	text := fmt.Sprintf("%s is settled by payment %s of %s", settled, quoted(paid.ID), paid.PaidOn)
	amount, err := money.ParseMoney(paid.Amount)
	if err != nil || paid.Amount.Currency != r.Currency {
		return verdict.True(v1alpha1.ReasonSettled, "%s", text)
	}
	left, _ := r.Held()
	switch {
	case amount > v.Settled:
		text += fmt.Sprintf(", which was of %s: %s is above what was payable, and is not the budget's cost",
			money.Format(amount, r.Currency), money.Format(amount-v.Settled, r.Currency))
		v.input.findings.Warningf(RulePaymentAboveClaim, "spec.payment.amount", "%s", text)
		return verdict.True(v1alpha1.ReasonPaymentAboveClaim, "%s", text)
	case v.Approval.Complete:
		if most, _ := v.most(left + v.Settled); most > v.Settled {
			v.input.findings.Infof(RulePaymentBelowPayable, "spec.payment.amount",
				"%s, and %s is due on it: a payment settles a claim for good, so what was not paid "+
					"is the partner's cost", text, money.Format(most, r.Currency))
		}
	}
	return verdict.True(v1alpha1.ReasonSettled, "%s", text)
}

// markRepeatedPayments lets a payment that is recorded on several claims on a request, in whatever case, settle the first of them only.
func markRepeatedPayments(claims []*Claim) {
	first := map[string]*Claim{}
	for _, view := range claims {
		if view.Settle == nil {
			continue
		}
		reference := identity.ReferenceKey(view.Settle.PaymentID)
		other := first[reference]
		if other == nil {
			first[reference] = view
			continue
		}
		message := fmt.Sprintf("payment %s is recorded in MDFClaim %q too; a payment settles one claim: let an administrator delete this claim and create it "+
			"again, with the payment that was made for it", quoted(view.Settle.PaymentID), other.Object.Name)
		view.input.findings.Warningf(RulePaymentDuplicate, "spec.payment.id", "%s", message)
		view.Settle, view.Paid = nil, verdict.False(v1alpha1.ReasonPaymentDuplicate, "%s", message)
		view.Findings = view.input.findings.List()
	}
}
