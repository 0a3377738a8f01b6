package claim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules about a claim that refuse nothing.
const (
	// RuleClaimChanged: a claim that is paid no longer says what was approved. Remedy: undo the change; nothing is paid for it.
	RuleClaimChanged = "ClaimChanged"
	// RuleProofReused: a proof has the digest of one in another claim of the partner. Nothing is refused for it. Remedy: find out which activity it
	// proves; reject the claim that it does not belong to.
	RuleProofReused = "ProofReused"
	// RulePostingIncomplete: an accepted claim lacks a code that the budget says finance needs to post it. Remedy: state it on the Partner, the MDFAllocation or
	// the MDFBudget, as the message says; never bank details.
	RulePostingIncomplete = "PostingIncomplete"
	// RuleResultsCompared: the final claim states what the activity reached, beside what was expected. Remedy: none; it is for the next plan.
	RuleResultsCompared = "ResultsCompared"
)

// Evaluate says how a claim stands at an instant, and when that may change although no spec and no ledger does (zero: never).
func Evaluate(p *snapshot.Snapshot, c *v1alpha1.MDFClaim, now time.Time) (v1alpha1.MDFClaimStatus, time.Time) {
	if why := p.Beyond(c); why != "" {
		return leftOut(c, why, now), time.Time{}
	}
	f := facts.Of(p, now)
	a := p.Allocation(c.Spec.AllocationRef.Name)
	if a == nil {
		return orphan(f, c)
	}
	var account *Account
	if snapshot.Same(p.Claim(v1alpha1.Name(c.Name)), c) {
		account = Of(f, a)
	} else { // as it might be
		others := slices.DeleteFunc(slices.Clone(p.ClaimsOn(v1alpha1.Name(a.Name))), func(x *v1alpha1.MDFClaim) bool { return x.Name == c.Name })
		account = addUpClaims(f, request.Of(f, a), append(others, c))
	}
	view := account.Claim(c.Name)
	status := view.status()
	conditions, findings := verdict.NewConditions(c.Status.Conditions, c.Generation, now), &verdict.Findings{}
	findings.Append(view.Findings()...)
	conditions.Judge(v1alpha1.ConditionAccepted, view.Accepted)
	conditions.Judge(v1alpha1.ConditionSettled, view.Paid)
	conditions.Readiness(findings)
	status.ObservedGeneration, status.Conditions, status.Findings = c.Generation, conditions.List(), findings.List()
	return status, account.Next
}

// leftOut is the status of a claim that is not evaluated, as there are too many. Nothing was ever paid on it.
func leftOut(c *v1alpha1.MDFClaim, why string, now time.Time) v1alpha1.MDFClaimStatus {
	findings, conditions := &verdict.Findings{}, verdict.NewConditions(c.Status.Conditions, c.Generation, now)
	conditions.LeftOut(findings, why, v1alpha1.ConditionAccepted, v1alpha1.ConditionSettled)
	status := v1alpha1.MDFClaimStatus{Stage: v1alpha1.ClaimRefused, Reason: v1alpha1.ReasonNotEvaluated, Revision: facts.ClaimRevision(&c.Spec)}
	status.ObservedGeneration, status.Conditions, status.Findings = c.Generation, conditions.List(), findings.List()
	return status
}

// status returns the figures of a claim's status.
func (v *Claim) status() v1alpha1.MDFClaimStatus {
	in, c := v.input, v.Object
	status := v1alpha1.MDFClaimStatus{
		Stage: v.Stage, Reason: v.reason(), ActBy: v.ActBy.Date(), Revision: v.Revision, Claimed: in.claimedAmount(),
		Approvals: slices.Clone(v.Approval.Approvals[:min(len(v.Approval.Approvals), maxListedApprovals)]),
	}
	if in.lost { // what is kept here is what a ledger is rebuilt from
		status.Payable, status.OwnCost, status.Paid = c.Status.Payable, c.Status.OwnCost, c.Status.Paid
		return status
	}
	status.PaymentDue, status.Posting, status.Cycle = v.paymentStatus(), v.posting(), v.cycle()
	status.Lane = in.request.Lane()
	status.Payable, status.OwnCost = amountIn(v.Payable, in.request.Currency), amountIn(v.OwnCost, in.request.Currency)
	if v.IsSettled {
		status.Paid = amountIn(v.Settled-v.Unpaid, in.request.Currency)
	}
	return status
}

// maxListedApprovals is the number of approvals that a status lists.
const maxListedApprovals = 5

// reason returns the reason of the condition that says why the claim is in its stage.
func (v *Claim) reason() string {
	if v.Accepted.Status == metav1.ConditionTrue {
		return v.Paid.Reason
	}
	return v.Accepted.Reason
}

// claimedAmount returns the sum of the net costs; nil when the currency is unknown, and for a reward, which has none.
func (in *input) claimedAmount() *v1alpha1.Money {
	if in.request.IsReward() {
		return nil
	}
	var sum int64
	for _, cost := range in.costs {
		sum += cost.net // that it fits was checked when the costs were read
	}
	return amountIn(sum, in.claim.Spec.Currency)
}

// amountIn returns minor units as an API amount; nil when the currency is unknown or the amount cannot be shown.
func amountIn(minor int64, currency v1alpha1.CurrencyCode) *v1alpha1.Money {
	amount, err := money.Money(minor, currency)
	if err != nil {
		return nil
	}
	return &amount
}

// addFindings adds all that is wrong or at risk. What a settled claim breaks later changes nothing, and so is not a finding.
func (v *Claim) addFindings() {
	in := v.input
	in.findings.Append(in.wrong...)
	for _, b := range v.broken {
		if rule := ruleOf(b.reason); rule != "" && !v.IsSettled {
			in.findings.Warningf(rule, b.field, "%s", b.message)
		}
	}
	if v.IsSettled && !v.closed() && !v.Approval.Complete {
		in.findings.Warningf(RuleClaimChanged, "spec", "the claim is paid, and its content now (revision %s) is not what was approved: undo the change; nothing is "+
			"paid for it", revision.Short(v.Revision))
	}
	verdict.FindAttested(in.findings, v.Object.Spec.Attestation, v.Object.Spec.RequestedBy)
	v.findPayment()
	v.findPosting()
	v.findProofs()
	v.findInvoices()
	v.findPeople()
	v.compareResults()
}

// compareResults sets the results that the final claim states beside those that the request expected.
func (v *Claim) compareResults() {
	expected := slices.Clone(v.input.request.Object.Spec.Expected)
	if v.Object.Spec.Scope != v1alpha1.ClaimFinal || len(expected) == 0 {
		return
	}
	slices.SortFunc(expected, func(a, b v1alpha1.ExpectedResult) int { return cmp.Compare(a.Metric, b.Metric) })
	var lines []string
	for _, x := range expected {
		lines = append(lines, compareResult(x, v.Object.Spec.Results))
	}
	v.input.findings.Infof(RuleResultsCompared, "spec.results", "%s", strings.Join(lines, "; "))
}

// compareResult sets one expected result beside what was reached.
func compareResult(expected v1alpha1.ExpectedResult, results []v1alpha1.ExpectedResult) string {
	i := slices.IndexFunc(results, func(x v1alpha1.ExpectedResult) bool { return x.Metric == expected.Metric })
	if i < 0 {
		return fmt.Sprintf("%s: %s expected, no result stated", expected.Metric, expected.Value)
	}
	text := fmt.Sprintf("%s: %s expected, %s reached", expected.Metric, expected.Value, results[i].Value)
	want, err := decimal.Parse(expected.Value)
	got, wrong := decimal.Parse(results[i].Value)
	if err != nil || wrong != nil || want.Sign() <= 0 {
		return text
	}
	percent := got.Quo(got, want)
	return text + fmt.Sprintf(" (%s percent)", decimal.Format(percent.Mul(percent, decimal.MustParse("100")), 0))
}

// orphan says how a claim on a request that does not exist stands. What was settled stays settled.
func orphan(f *facts.Facts, c *v1alpha1.MDFClaim) (v1alpha1.MDFClaimStatus, time.Time) {
	findings, conditions, horizon := &verdict.Findings{}, verdict.NewConditions(c.Status.Conditions, c.Generation, f.Now), verdict.NewHorizon(f.Now)
	message := verdict.NotFound(kinds.MDFAllocation, string(c.Spec.AllocationRef.Name), f.Snapshot.AllocationNames())
	findings.Errorf(verdict.RuleReferenceNotFound, "spec.allocationRef.name", "%s", message)
	status := v1alpha1.MDFClaimStatus{Revision: facts.ClaimRevision(&c.Spec)}
	day, err := fiscal.ParseDay(c.Spec.ClaimedOn)
	starts := fiscal.UTC().StartOf(day)
	horizon.At(starts)
	ledger, amount, paid := settledAnywhere(f, c)
	reason := v1alpha1.ReasonAllocationNotFound
	switch {
	case ledger != nil:
		text := fmt.Sprintf("%s is settled, by the ledger %q", money.Format(paid, ledger.Spec.Currency), ledger.Name)
		status.Stage, status.Paid, status.Payable = v1alpha1.ClaimSettled, amountIn(paid, ledger.Spec.Currency), amountIn(amount, ledger.Spec.Currency)
		conditions.True(v1alpha1.ConditionAccepted, v1alpha1.ReasonAccepted, text)
		conditions.True(v1alpha1.ConditionSettled, v1alpha1.ReasonSettled, text)
		status.Reason = v1alpha1.ReasonSettled
	case c.Spec.ClaimedOn == "" || err == nil && starts.After(f.Now):
		status.Stage, reason = v1alpha1.ClaimDraft, v1alpha1.ReasonNotClaimed
		message = "the claim is a draft: set spec.claimedOn to submit it"
	default:
		status.Stage = v1alpha1.ClaimRefused
		message = "spec.allocationRef.name: " + message
	}
	if ledger == nil {
		status.Reason, status.Paid = reason, c.Status.Paid // which a lost ledger is rebuilt from
		conditions.False(v1alpha1.ConditionAccepted, reason, message)
		conditions.False(v1alpha1.ConditionSettled, v1alpha1.ReasonNotAccepted, fmt.Sprintf("the claim is not accepted (%s), so nothing is due for payment", reason))
	}
	conditions.Readiness(findings)
	status.ObservedGeneration, status.Conditions, status.Findings = c.Generation, conditions.List(), findings.List()
	return status, horizon.Next()
}

// settledAnywhere returns the first ledger by name that settled a claim, the amount, and what of it is paid; nil when none did.
func settledAnywhere(f *facts.Facts, c *v1alpha1.MDFClaim) (by *v1alpha1.MDFLedger, minor, paid int64) {
	for _, ledger := range f.Snapshot.Ledgers() {
		if key, amount, settled := f.Settlement(v1alpha1.Name(ledger.Name), ledger, keyPrefix(c), c); settled {
			return ledger, amount, amount - min(ledger.Spec.Unpaid[key], amount)
		}
	}
	return nil, 0, 0
}

// keyPrefix is the key of the first request of the allocation that a claim names.
func keyPrefix(c *v1alpha1.MDFClaim) string {
	return strings.Join([]string{c.Namespace, string(c.Spec.AllocationRef.Name), string(v1alpha1.DefaultRequestID)}, "/")
}
