package testobj

import (
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// BudgetBuilder builds an MDFBudget.
type BudgetBuilder struct{ budget *v1alpha1.MDFBudget }

// Budget is a budget of EUR 20,000.00 of program northwind for the first half of fiscal year 2027 (2026-07-01 to 2026-12-31).
func Budget(name string) *BudgetBuilder {
	b := &BudgetBuilder{budget: &v1alpha1.MDFBudget{ObjectMeta: metav1.ObjectMeta{Name: name, Generation: 1}}}
	b.budget.Spec.ProgramRef.Name = "northwind"
	return b.Period(2027, v1alpha1.PartH1).Amount("20000.00", "EUR")
}

// Period sets the budget's period to a part of a fiscal year.
func (b *BudgetBuilder) Period(fiscalYear int32, part v1alpha1.PeriodPart) *BudgetBuilder {
	b.budget.Spec.Period = v1alpha1.Period{FiscalYear: &fiscalYear, Part: part}
	return b
}

// Amount sets the budget's amount and currency.
func (b *BudgetBuilder) Amount(amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode) *BudgetBuilder {
	b.budget.Spec.Amount = v1alpha1.Money{Amount: amount, Currency: currency}
	return b
}

// Authority requires a number of approvers above an amount, in force since the beginning of 2026.
func (b *BudgetBuilder) Authority(above v1alpha1.Decimal, approvers int32) *BudgetBuilder {
	return b.AuthorityFrom("2026-01-01", v1alpha1.AuthorityLevel{Above: above, Approvers: approvers})
}

// AuthorityFrom adds a rule of authority that takes effect on a day.
func (b *BudgetBuilder) AuthorityFrom(day v1alpha1.Date, levels ...v1alpha1.AuthorityLevel) *BudgetBuilder {
	b.budget.Spec.Authority = append(b.budget.Spec.Authority, v1alpha1.AuthorityRule{EffectiveFrom: day, Levels: levels})
	return b
}

// Limit adds a limit of an amount.
func (b *BudgetBuilder) Limit(name v1alpha1.Name, per v1alpha1.LimitScope, amount v1alpha1.Decimal) *BudgetBuilder {
	b.budget.Spec.Limits = append(b.budget.Spec.Limits, v1alpha1.FundingLimit{Name: name, Per: per, Amount: amount})
	return b
}

// Claims changes what the budget says of claims.
func (b *BudgetBuilder) Claims(change func(*v1alpha1.ClaimPolicy)) *BudgetBuilder {
	if b.budget.Spec.Claims == nil {
		b.budget.Spec.Claims = &v1alpha1.ClaimPolicy{}
	}
	change(b.budget.Spec.Claims)
	return b
}

// With changes the budget's spec.
func (b *BudgetBuilder) With(change func(*v1alpha1.MDFBudgetSpec)) *BudgetBuilder {
	change(&b.budget.Spec)
	return b
}

// Status changes the budget's status.
func (b *BudgetBuilder) Status(change func(*v1alpha1.MDFBudgetStatus)) *BudgetBuilder {
	change(&b.budget.Status)
	return b
}

// Obj returns the budget.
func (b *BudgetBuilder) Obj() *v1alpha1.MDFBudget { return b.budget }

// AllocationBuilder builds an MDFAllocation.
type AllocationBuilder struct{ allocation *v1alpha1.MDFAllocation }

// Allocation is a request of paul, made on 2026-08-03, on budget fy27-emea for activity autumn-webinar of plan acme-h1 on 2026-10-19: it costs
// EUR 10,000.00, of which 50 percent, EUR 5,000.00, are requested; 40 qualified-leads are expected.
func Allocation(name string) *AllocationBuilder {
	return &AllocationBuilder{allocation: &v1alpha1.MDFAllocation{ObjectMeta: meta(name), Spec: v1alpha1.MDFAllocationSpec{
		PlanRef: v1alpha1.Reference{Name: "acme-h1"}, BudgetRef: v1alpha1.Reference{Name: "fy27-emea"},
		RequestedBy: "paul", RequestedOn: "2026-08-03", Activity: "autumn-webinar", StartsOn: "2026-10-19", EndsOn: "2026-10-19",
		Cost:                 v1alpha1.Money{Amount: "10000.00", Currency: "EUR"},
		ReimbursementPercent: "50",
		Amount:               v1alpha1.Money{Amount: "5000.00", Currency: "EUR"},
		Expected:             []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: "40"}},
	}}}
}

// In sets the request's namespace.
func (b *AllocationBuilder) In(namespace string) *AllocationBuilder {
	b.allocation.Namespace = namespace
	return b
}

// On names the plan and the budget.
func (b *AllocationBuilder) On(plan, budget v1alpha1.Name) *AllocationBuilder {
	b.allocation.Spec.PlanRef.Name, b.allocation.Spec.BudgetRef.Name = plan, budget
	return b
}

// Requested sets the day of the request; empty makes it a draft.
func (b *AllocationBuilder) Requested(on v1alpha1.Date) *AllocationBuilder {
	b.allocation.Spec.RequestedOn = on
	return b
}

// Activity sets the name of the plan's activity and its days.
func (b *AllocationBuilder) Activity(name v1alpha1.Name, from, through v1alpha1.Date) *AllocationBuilder {
	b.allocation.Spec.Activity, b.allocation.Spec.StartsOn, b.allocation.Spec.EndsOn = name, from, through
	return b
}

// Asks sets the cost, the reimbursement percentage and the amount, in one currency.
func (b *AllocationBuilder) Asks(currency v1alpha1.CurrencyCode, cost v1alpha1.Decimal, percent v1alpha1.Percent, amount v1alpha1.Decimal) *AllocationBuilder {
	b.allocation.Spec.Cost = v1alpha1.Money{Amount: cost, Currency: currency}
	b.allocation.Spec.ReimbursementPercent = percent
	b.allocation.Spec.Amount = v1alpha1.Money{Amount: amount, Currency: currency}
	return b
}

// AtLeast sets the least part that is of use.
func (b *AllocationBuilder) AtLeast(amount v1alpha1.Decimal) *AllocationBuilder {
	b.allocation.Spec.AcceptAtLeast = amount
	return b
}

// Priority sets the priority.
func (b *AllocationBuilder) Priority(priority int32) *AllocationBuilder {
	b.allocation.Spec.Priority = &priority
	return b
}

// RequestID sets the requestID.
func (b *AllocationBuilder) RequestID(id v1alpha1.Name) *AllocationBuilder {
	b.allocation.Spec.RequestID = id
	return b
}

// Withdrawn sets the day on which the partner withdrew the request.
func (b *AllocationBuilder) Withdrawn(on v1alpha1.Date) *AllocationBuilder {
	b.allocation.Spec.WithdrawnOn = on
	return b
}

// With changes the request's spec.
func (b *AllocationBuilder) With(change func(*v1alpha1.MDFAllocationSpec)) *AllocationBuilder {
	change(&b.allocation.Spec)
	return b
}

// Status changes the request's status.
func (b *AllocationBuilder) Status(change func(*v1alpha1.MDFAllocationStatus)) *AllocationBuilder {
	change(&b.allocation.Status)
	return b
}

// Obj returns the request.
func (b *AllocationBuilder) Obj() *v1alpha1.MDFAllocation { return b.allocation }

// ClaimBuilder builds an MDFClaim.
type ClaimBuilder struct{ claim *v1alpha1.MDFClaim }

// Claim is a claim of paul on a request, received on 2026-11-02, in EUR, without costs and proofs.
func Claim(name string, allocation v1alpha1.Name) *ClaimBuilder {
	return &ClaimBuilder{claim: &v1alpha1.MDFClaim{ObjectMeta: meta(name), Spec: v1alpha1.MDFClaimSpec{
		AllocationRef: v1alpha1.Reference{Name: allocation}, RequestedBy: "paul", ClaimedOn: "2026-11-02", Currency: "EUR",
	}}}
}

// Claimed sets the day on which the claim was received; empty makes it a draft.
func (b *ClaimBuilder) Claimed(on v1alpha1.Date) *ClaimBuilder {
	b.claim.Spec.ClaimedOn = on
	return b
}

// Cost adds an invoice of 2026-10-12.
func (b *ClaimBuilder) Cost(invoice v1alpha1.Word, net v1alpha1.Decimal) *ClaimBuilder {
	b.claim.Spec.Costs = append(b.claim.Spec.Costs, v1alpha1.ClaimedCost{Invoice: invoice, Supplier: "Print House", IncurredOn: "2026-10-12", Net: net})
	return b
}

// Proof adds a proof of performance.
func (b *ClaimBuilder) Proof(kind v1alpha1.ProofType, reference v1alpha1.Note) *ClaimBuilder {
	b.claim.Spec.Proofs = append(b.claim.Spec.Proofs, v1alpha1.Proof{Type: kind, Reference: reference})
	return b
}

// Final says that no more claims follow.
func (b *ClaimBuilder) Final() *ClaimBuilder {
	b.claim.Spec.Scope = v1alpha1.ClaimFinal
	return b
}

// Paid records a payment in EUR, line 1 of a document.
func (b *ClaimBuilder) Paid(document string, on v1alpha1.Date, net v1alpha1.Decimal) *ClaimBuilder {
	b.claim.Spec.Payments = append(b.claim.Spec.Payments, Payment(document, on, net))
	return b
}

// Payment is a transfer in EUR, line 1 of a document.
func Payment(document string, on v1alpha1.Date, net v1alpha1.Decimal) v1alpha1.Payment {
	return v1alpha1.Payment{Document: document, Line: 1, PaidOn: on, Method: v1alpha1.PaymentTransfer, Currency: "EUR", Net: net}
}

// Reversal takes back an amount of line 1 of a document, by line 1 of another.
func Reversal(document string, on v1alpha1.Date, net v1alpha1.Decimal, of string) v1alpha1.Payment {
	p := Payment(document, on, net)
	p.Reverses, p.Reason = &v1alpha1.PaymentLine{Document: of, Line: 1}, "the account was closed"
	return p
}

// With changes the claim's spec.
func (b *ClaimBuilder) With(change func(*v1alpha1.MDFClaimSpec)) *ClaimBuilder {
	change(&b.claim.Spec)
	return b
}

// Obj returns the claim.
func (b *ClaimBuilder) Obj() *v1alpha1.MDFClaim { return b.claim }

// Attested says that a person recorded something from a signed document of 2026-07-01.
func Attested(by string) *v1alpha1.Attestation {
	return &v1alpha1.Attestation{
		RecordedBy: by, Document: "scan 17", SHA256: strings.Repeat("0f", 32), ReceivedOn: "2026-07-01", Channel: v1alpha1.ChannelSignedDocument,
	}
}

// MoneyDecision is a decision of the vendor on a revision of an MDFAllocation or MDFClaim, by a person, at an instant.
func MoneyDecision(name, kind, target, revision string, decision v1alpha1.DecisionOutcome, by, at string) *v1alpha1.ApprovalDecision {
	d := Decision(name, target, revision, v1alpha1.PartyVendor, decision, at)
	d.Spec.TargetRef.Kind, d.Spec.ApprovedBy = kind, by
	return d
}

// InPart makes a decision one that approves an amount.
func InPart(d *v1alpha1.ApprovalDecision, amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode) *v1alpha1.ApprovalDecision {
	d.Spec.Decision, d.Spec.Amount = v1alpha1.DecisionApprovedInPart, &v1alpha1.Money{Amount: amount, Currency: currency}
	return d
}

// LedgerBuilder builds an MDFLedger.
type LedgerBuilder struct{ ledger *v1alpha1.MDFLedger }

// Ledger is a ledger of EUR with a limit of 20,000.00 and no entries.
func Ledger(name string) *LedgerBuilder {
	return &LedgerBuilder{ledger: &v1alpha1.MDFLedger{
		ObjectMeta: metav1.ObjectMeta{Name: name, Generation: 1, UID: "ledger-1"},
		Spec: v1alpha1.MDFLedgerSpec{
			Currency: "EUR", LimitMinor: 2000000,
			Reserved: map[string]int64{}, Settled: map[string]int64{}, Unpaid: map[string]int64{}, Payments: map[string]string{}, Documents: map[string]int64{}, Notes: map[string]string{},
		},
	}}
}

// Reserved reserves minor units for a key, namespace/name/requestID.
func (b *LedgerBuilder) Reserved(key string, minor int64) *LedgerBuilder {
	b.ledger.Spec.Reserved[key] = minor
	return b
}

// Settled settles minor units for a key, namespace/name/requestID/claim.
func (b *LedgerBuilder) Settled(key string, minor int64) *LedgerBuilder {
	b.ledger.Spec.Settled[key] = minor
	return b
}

// Payment notes line 1 of a document for a claim, namespace/name.
func (b *LedgerBuilder) Payment(document, claim string) *LedgerBuilder {
	b.ledger.Spec.Payments[document+"#1"] = claim
	return b
}

// Note notes something about a key.
func (b *LedgerBuilder) Note(key, note string) *LedgerBuilder {
	b.ledger.Spec.Notes[key] = note
	return b
}

// With changes the ledger's spec.
func (b *LedgerBuilder) With(change func(*v1alpha1.MDFLedgerSpec)) *LedgerBuilder {
	change(&b.ledger.Spec)
	return b
}

// Obj returns the ledger.
func (b *LedgerBuilder) Obj() *v1alpha1.MDFLedger { return b.ledger }
