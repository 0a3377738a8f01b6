package claim

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Line is a line of a document that the ledger has to note.
type Line struct {
	// Key is the line's key among the ledger's payments.
	Key string
	// Document is the document's key among the ledger's documents.
	Document string
	// Amount is what the line adds to its document, in minor units of its currency.
	Amount int64
	// Total is what the document states to come to; negative when it states nothing.
	Total int64
}

// paymentLine is a line that a claim records, as it counts.
type paymentLine struct {
	Line

	spec  *v1alpha1.Payment
	field string
	on    fiscal.Day
	net   int64    // in minor units of its currency
	rate  *big.Rat // units of the budget's currency per unit of its own
	held  bool     // the ledger has noted it for this claim
	late  bool     // its day is in the future
	taken string   // the claim that the ledger has noted it for, where that is another one

	reversed int64              // what of it came back by lines that count
	undone   int64              // what of it came back by whatever lines
	fault    *verdict.Judgement // why it does not count; nil when it does
	rule     string             // the rule that says so
	part     string             // the part of the line that the rule is about
}

// name names a line for people.
func (l *paymentLine) name() string {
	return fmt.Sprintf("%s line %d", quoted(l.spec.Document), l.spec.Line)
}

// counts reports whether a line bears on what was paid.
func (l *paymentLine) counts() bool { return l.fault == nil && !l.late }

// void reports whether a line that cannot be used was taken back in full, so that nothing is wrong with it any more.
func (l *paymentLine) void() bool { return l.undone == l.net && l.net > 0 && l.spec.Reverses == nil }

func (l *paymentLine) wrongf(rule, part, reason, format string, args ...any) {
	if l.fault == nil {
		l.rule, l.part = rule, part
		l.fault = &verdict.Judgement{Status: metav1.ConditionFalse, Reason: reason, Message: fmt.Sprintf(format, args...)}
	}
}

// undo says how to correct a line that was recorded wrongly.
const undo = "add a line to spec.payments that reverses it, then record the payment as it was made"

// readPayments reads the payments that a claim records.
func (v *Claim) readPayments() []*paymentLine {
	lines := make([]*paymentLine, 0, len(v.Object.Spec.Payments))
	for i := range v.Object.Spec.Payments {
		lines = append(lines, v.readPayment(&v.Object.Spec.Payments[i]))
	}
	for _, line := range lines {
		if line.spec.Reverses != nil {
			line.reverse(lines)
		}
	}
	return lines
}

// readPayment reads one line, and what the ledger says of it.
func (v *Claim) readPayment(p *v1alpha1.Payment) *paymentLine {
	key := facts.LineKey(p.Document, p.Line)
	line := &paymentLine{
		spec: p, field: fmt.Sprintf("spec.payments[%s]", key),
		Line: Line{Key: key, Document: facts.DocumentKey(p.Document, p.Currency), Total: -1},
	}
	line.readAmounts()
	line.readRate(v.input.request.Currency, string(v.input.request.Object.Spec.BudgetRef.Name))
	on, err := fiscal.ParseDay(p.PaidOn)
	if err != nil {
		line.wrongf(RulePaymentInvalid, "paidOn", v1alpha1.ReasonInvalidSpec, "%s.paidOn: %s: %s", line.field, err, undo)
		return line
	}
	if line.on = on; on > v.input.today {
		v.input.horizon.At(v.input.calendar.StartOf(on))
		line.late = true
	}
	v.compareWithLedger(line)
	return line
}

// readAmounts reads the amounts of a line.
func (l *paymentLine) readAmounts() {
	amounts := map[string]int64{}
	for _, x := range []struct {
		part string
		text v1alpha1.Decimal
	}{{"net", l.spec.Net}, {"tax", l.spec.Tax}, {"withheld", l.spec.Withheld}, {"documentTotal", l.spec.DocumentTotal}} {
		if x.text == "" && x.part != "net" {
			continue
		}
		amount, err := facts.ParseAmount(x.text, l.spec.Currency)
		if err == nil && amount == 0 && x.part == "net" {
			err = fmt.Errorf("%s is not above zero", x.text)
		}
		if err != nil {
			l.wrongf(RulePaymentInvalid, x.part, v1alpha1.ReasonInvalidSpec, "%s.%s: %s: %s", l.field, x.part, err, undo)
			return
		}
		amounts[x.part] = amount
	}
	l.net = amounts["net"]
	if total, stated := amounts["documentTotal"]; stated {
		l.Total = total
	}
	sum, err := money.Add(l.net, amounts["tax"], -amounts["withheld"])
	if err == nil && sum < 0 {
		err = fmt.Errorf("%s is more than net and tax together", l.spec.Withheld)
	}
	if err != nil {
		l.wrongf(RulePaymentInvalid, "withheld", v1alpha1.ReasonInvalidSpec, "%s.withheld: %s: %s", l.field, err, undo)
		return
	}
	l.Amount = sum
}

// readRate reads the rate at which a line was booked.
func (l *paymentLine) readRate(currency v1alpha1.CurrencyCode, budget string) {
	l.rate = big.NewRat(1, 1)
	switch {
	case currency == "" || l.spec.Currency == currency && l.spec.BookedRate == "":
	case l.spec.Currency == currency:
		l.wrongf(RulePaymentInvalid, "bookedRate", v1alpha1.ReasonInvalidSpec, "payment %s is in the budget's currency, %s, and states a bookedRate: %s", l.name(), currency, undo)
	case l.spec.BookedRate == "":
		l.wrongf(RulePaymentInvalid, "bookedRate", v1alpha1.ReasonCurrencyMismatch, "payment %s is in %s and budget %q in %s, so bookedRate has to say how many %s were booked "+
			"for one %s: %s", l.name(), l.spec.Currency, budget, currency, currency, l.spec.Currency, undo)
	default:
		rate, err := decimal.Parse(l.spec.BookedRate)
		if err == nil && rate.Sign() <= 0 {
			err = fmt.Errorf("%s is not above zero", l.spec.BookedRate)
		}
		if err != nil {
			l.wrongf(RulePaymentInvalid, "bookedRate", v1alpha1.ReasonInvalidSpec, "%s.bookedRate: %s: %s", l.field, err, undo)
			return
		}
		l.rate = rate
	}
}

// compareWithLedger sets whether the ledger has noted a line, and what is wrong with it beside what the ledger holds.
func (v *Claim) compareWithLedger(l *paymentLine) {
	r := v.input.request
	if r.Ledger == nil {
		return
	}
	own, name := v.Object.Namespace+"/"+v.Object.Name, r.Object.Spec.BudgetRef.Name
	switch claim := v.input.facts.PaidClaim(name, r.Ledger, l.Key); claim {
	case own:
		l.held = true
		return
	case "":
	default:
		l.taken = claim
		other := "another MDFClaim" // of which this partner learns nothing, or that is gone
		if text, ours := strings.CutPrefix(claim, v.Object.Namespace+"/"); ours && v.input.facts.Snapshot.Claim(v1alpha1.Name(text)) != nil {
			other = "MDFClaim " + claim
		}
		l.wrongf(RulePaymentDuplicate, "line", v1alpha1.ReasonPaymentDuplicate, "payment %s is that of %s; a line of a document counts for one claim: %s", l.name(), other, undo)
		return
	}
	if l.Total >= 0 && l.Amount > l.Total-r.Ledger.Spec.Documents[l.Document] {
		l.wrongf(RulePaymentAboveDocument, "documentTotal", v1alpha1.ReasonInvalidSpec, "with line %d, document %s comes to more than its total of %s: compare its lines with the "+
			"document; where this one is wrong, %s", l.spec.Line, quoted(l.spec.Document), money.Format(l.Total, l.spec.Currency), undo)
	}
}

// reverse takes a reversal off the payment that it names.
func (l *paymentLine) reverse(all []*paymentLine) {
	of := lineNamed(all, l.spec.Reverses)
	if of == nil || of.spec.Reverses != nil || of.spec.Currency != l.spec.Currency {
		l.wrongf(RulePaymentInvalid, "reverses", v1alpha1.ReasonInvalidSpec, "%s.reverses: no payment %s line %d in %s is recorded on this claim: name the line that was returned",
			l.field, quoted(l.spec.Reverses.Document), l.spec.Reverses.Line, l.spec.Currency)
		return
	}
	if l.fault != nil && l.rule == RulePaymentInvalid && l.part == "bookedRate" {
		l.fault = nil // a reversal counts at the rate of the payment
	}
	if l.on != 0 && of.on != 0 && l.on < of.on {
		l.wrongf(RulePaymentInvalid, "paidOn", v1alpha1.ReasonInvalidSpec, "reversal %s is of %s, before payment %s of %s: correct the day, by another line", l.name(), l.on,
			of.name(), of.on)
	}
	if l.net > of.net-of.undone {
		l.wrongf(RulePaymentInvalid, "net", v1alpha1.ReasonInvalidSpec, "reversal %s of %s is more than what is left of payment %s, %s: it does not count", l.name(),
			money.Format(l.net, l.spec.Currency), of.name(), money.Format(of.net-of.undone, l.spec.Currency))
	}
	if l.fault != nil || l.late {
		return
	}
	of.undone += l.net
	if of.fault == nil {
		of.reversed += l.net
	}
}

// lineNamed returns the line that a reversal names; nil when there is none.
func lineNamed(lines []*paymentLine, name *v1alpha1.PaymentLine) *paymentLine {
	key := identity.ReferenceKey(facts.LineKey(name.Document, name.Line))
	for _, line := range lines {
		if identity.ReferenceKey(line.Key) == key {
			return line
		}
	}
	return nil
}

// worth is what stays paid by a payment, in minor units of the budget's currency; zero for a reversal.
func (l *paymentLine) worth(currency v1alpha1.CurrencyCode) int64 {
	if l.spec.Reverses != nil || !l.counts() {
		return 0
	}
	amount, err := money.Rat(l.net-l.reversed, l.spec.Currency)
	if err != nil {
		return 0
	}
	minor, err := money.FromRat(amount.Mul(amount, l.rate), currency)
	if err != nil {
		return money.Max // more than any claim
	}
	return minor
}

// Recorded returns the lines that a claim records whose day has come and that can be used, whatever a ledger says of them, and what stays paid by
// them, in minor units of the budget's currency.
func Recorded(c *v1alpha1.MDFClaim, r *request.Request, now time.Time) (lines []Line, paid int64) {
	calendar := r.Calendar()
	view := &Claim{Object: c, input: &input{request: r, calendar: calendar, today: calendar.Today(now), horizon: verdict.NewHorizon(now)}}
	for _, line := range view.readPayments() {
		if line.counts() {
			lines = append(lines, line.Line)
			paid += min(line.worth(r.Currency), money.Max-paid)
		}
	}
	return lines, paid
}
