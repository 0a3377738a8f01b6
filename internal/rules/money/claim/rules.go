package claim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules that are found broken in a claim.
const (
	// RuleNothingGranted: the request that is claimed on has no money, or all of it is released. Remedy: wait until it is granted; for what is
	// released, request again with a new requestID.
	RuleNothingGranted = "NothingGranted"
	// RuleClaimTooEarly: the claim is dated before the last day of the activity. Remedy: claim again once the activity is over.
	RuleClaimTooEarly = "ClaimTooEarly"
	// RuleClaimTooLate: the claim was received after its window. Remedy: none; the cost is the partner's.
	RuleClaimTooLate = "ClaimTooLate"
	// RuleResubmissionTooLate: a claim or request that was sent back was not submitted again in time. Remedy: for a request choose a later start; the cost
	// of a claim is the partner's.
	RuleResubmissionTooLate = "ResubmissionTooLate"
	// RuleProofMissing: a proof of performance that the program asks for is missing. Remedy: add it to spec.proofs.
	RuleProofMissing = "ProofMissing"
	// RuleProofTooLate: a proof was received after the day that the program sets for it, and so does not count. Remedy: state receivedOn if it came
	// earlier; otherwise ask the vendor before you spend more on the activity, as the cost is the partner's.
	RuleProofTooLate = "ProofTooLate"
	// RuleCurrencyMismatch: the claim is not in the currency of its request. Remedy: state all costs in that currency.
	RuleCurrencyMismatch = "CurrencyMismatch"
	// RuleDuplicateInvoice: other claims of the partner, or an earlier line of this one, have all of an invoice. Remedy: take it out of one of
	// them, or state in each the part that it bears as net, and the whole as invoiceNet.
	RuleDuplicateInvoice = "DuplicateInvoice"
	// RuleInvoiceNetDiffers: two claims of the partner state different net totals of one invoice. Remedy: correct the one that is wrong.
	RuleInvoiceNetDiffers = "InvoiceNetDiffers"
	// RuleCostNotCovered: what a cost is for was performed while the plan or the request was not approved. Remedy: take it out of the claim; it is the partner's.
	RuleCostNotCovered = "CostNotCovered"
	// RuleCreativeNotApproved: the program asks that the vendor approves what an activity shows before money is spent on it, and the claim shows no creative, one
	// that was not approved, or a cost from before that. Remedy: give the creative's SHA-256 in spec.proofs; the vendor approves it with an ApprovalDecision on
	// the request (spec.creatives); take earlier costs out of the claim.
	RuleCreativeNotApproved = "CreativeNotApproved"
	// RuleBelowMinimum: the claim is below the least amount of a claim. Remedy: claim several costs at once.
	RuleBelowMinimum = "BelowMinimum"
	// RuleNothingPayable: nothing is left of the grant for the claim. Remedy: none while other claims hold it; the cost is the partner's.
	RuleNothingPayable = "NothingPayable"
)

// breach is a rule that a claim breaks.
type breach struct {
	field, reason, message string
}

// clause is one rule about claims.
type clause = verdict.Clause[*input]

// moneyGranted is what two rules ask: of a claim that lapsed the one in between says why it did.
const moneyGranted = "money is granted to its request"

// chain returns the rules in their order: the first one that is broken is the reason for which a claim is refused.
func chain() []clause {
	return []clause{
		{Reason: v1alpha1.ReasonNotClaimed, Field: "spec.claimedOn", Asks: "the claim is submitted (spec.claimedOn)", Broken: notClaimed},
		{Reason: v1alpha1.ReasonNothingGranted, Field: "spec.allocationRef.name", Asks: moneyGranted, Broken: nothingGranted},
		{Reason: v1alpha1.ReasonClaimTooEarly, Field: "spec.claimedOn", Asks: "the activity, or the interval of the reward, was over", Broken: claimTooEarly},
		{Reason: v1alpha1.ReasonClaimTooLate, Field: "spec.claimedOn", Asks: "it was made within the time for claims", Broken: claimTooLate},
		{Reason: v1alpha1.ReasonResubmissionTooLate, Field: "spec.resubmittedOn", Asks: "after it was sent back it was submitted again in time", Broken: resubmissionTooLate},
		{Reason: v1alpha1.ReasonProofMissing, Field: "spec.proofs", Asks: "the proof of performance is complete", Broken: proofMissing},
		{Reason: v1alpha1.ReasonProofTooLate, Field: "spec.proofs", Asks: "no proof came after its own deadline", Broken: proofTooLate},
		{Reason: v1alpha1.ReasonCurrencyMismatch, Field: "spec.currency", Asks: "it is in the currency of the request", Broken: claimCurrency},
		{Reason: v1alpha1.ReasonExchangeRateMissing, Field: "spec.currency", Asks: "the exchange rate is known, where one is needed", Broken: rateUnknown},
		{Reason: v1alpha1.ReasonInvalidSpec, Asks: "its amounts and days can be read", Broken: invalidSpec},
		{Reason: v1alpha1.ReasonDuplicateInvoice, Field: "spec.costs", Asks: "no invoice is claimed twice", Broken: duplicateInvoice},
		{Reason: v1alpha1.ReasonInvoiceNetDiffers, Field: "spec.costs", Asks: "its totals of invoices agree with those of earlier claims", Broken: netDiffers},
		{Reason: v1alpha1.ReasonCostNotCovered, Field: "spec.costs", Asks: "plan and request were approved when what the costs are for was performed", Broken: costNotCovered},
		{Reason: v1alpha1.ReasonCreativeNotApproved, Field: "spec.proofs", Asks: "the vendor approved what was shown before money was spent on it, where that is asked for", Broken: creativeNotApproved},
		{Reason: v1alpha1.ReasonBelowMinimum, Field: "spec.costs", Asks: "it is at least the least amount of a claim", Broken: belowMinimum},
		{Reason: v1alpha1.ReasonNothingGranted, Field: "spec.allocationRef.name", Asks: moneyGranted, Broken: grantReleased},
	}
}

// payable is the last rule, which is judged once it is known what is left of the grant.
var payable = verdict.Clause[*Claim]{
	Reason: v1alpha1.ReasonNothingPayable, Field: "spec.allocationRef.name", Asks: "something is left of the grant for it", Broken: nothingPayable,
}

// Rules returns the rules about claims in words, in the order in which claims are judged by them.
func Rules() []verdict.RuleText {
	return append(verdict.Texts(chain()), verdict.Texts([]verdict.Clause[*Claim]{payable})...)
}

// ruleOf returns the rule id of the finding about a breach; empty when the condition alone says it.
func ruleOf(reason string) string {
	switch reason {
	case v1alpha1.ReasonNotClaimed, v1alpha1.ReasonRecoveryRequired, v1alpha1.ReasonInvalidSpec:
		return ""
	default:
		return reason
	}
}

// ends reports whether a breach ends a claim: nothing that is corrected within the claim makes it good.
func (b breach) ends() bool {
	return slices.Contains([]string{
		v1alpha1.ReasonRecoveryRequired, v1alpha1.ReasonNothingGranted, v1alpha1.ReasonClaimTooEarly, v1alpha1.ReasonClaimTooLate,
		v1alpha1.ReasonResubmissionTooLate,
	}, b.reason)
}

func notClaimed(in *input) (reason, message string, failed bool) {
	through := ""
	if last := in.request.ClaimThrough; !last.IsZero() {
		through = fmt.Sprintf("; claims are received through %s", last)
	}
	through += in.proofsBy()
	switch {
	case in.claim.Spec.ClaimedOn == "":
		return v1alpha1.ReasonNotClaimed, "the claim is a draft: set spec.claimedOn to submit it" + through, true
	case in.claimed > in.today:
		return v1alpha1.ReasonNotClaimed, fmt.Sprintf("the claim is a draft until %s (spec.claimedOn)%s", in.claimed, through), true
	}
	return "", "", false
}

func nothingGranted(in *input) (reason, message string, failed bool) {
	r := in.request
	_, granted := r.Held()
	switch {
	case in.lost:
		return v1alpha1.ReasonRecoveryRequired, fmt.Sprintf("the ledger of budget %q is lost, so grants and payments cannot be verified: the budget owner must "+
			"restore it or run kubectl jointplan rebuild-ledger", r.Object.Spec.BudgetRef.Name), true
	case !granted:
		return v1alpha1.ReasonNothingGranted, fmt.Sprintf("nothing is granted to MDFAllocation %q (requestID %s): see its status for what is missing, and "+
			"claim once it is granted", r.Object.Name, facts.RequestIDOf(r.Object)), true
	}
	return "", "", false
}

// grantReleased comes last: a claim that lapsed says why it did rather than that its money is gone.
func grantReleased(in *input) (reason, message string, failed bool) {
	r := in.request
	if reserved, granted := r.Held(); granted && reserved == 0 && in.facts.Entries(r.Object.Spec.BudgetRef.Name, r.Ledger).Settled(r.Key) == 0 {
		return v1alpha1.ReasonNothingGranted, fmt.Sprintf("what was granted to MDFAllocation %q (requestID %s) is released: to request again, set a new requestID "+
			"in it", r.Object.Name, facts.RequestIDOf(r.Object)), true
	}
	return "", "", false
}

func claimTooEarly(in *input) (reason, message string, failed bool) {
	if ends := in.request.Ends; !in.claimed.IsZero() && !ends.IsZero() && in.claimed < ends {
		return v1alpha1.ReasonClaimTooEarly, fmt.Sprintf("claimed on %s, and %s of MDFAllocation %q ends on %s: claim from that day on%s",
			in.claimed, in.request.For(), in.request.Object.Name, ends, in.throughText()), true
	}
	return "", "", false
}

func claimTooLate(in *input) (reason, message string, failed bool) {
	if through := in.request.ClaimThrough; !in.claimed.IsZero() && !through.IsZero() && in.claimed > through {
		if in.request.IsReward() {
			return v1alpha1.ReasonClaimTooLate, fmt.Sprintf("claimed on %s; claims on the reward could be received through %s: it has lapsed", in.claimed, through), true
		}
		return v1alpha1.ReasonClaimTooLate, fmt.Sprintf("claimed on %s; the activity ended on %s, and claims on it could be received through %s%s: the cost is the "+
			"partner's", in.claimed, in.request.Ends, through, in.boundText()), true
	}
	return "", "", false
}

func resubmissionTooLate(in *input) (reason, message string, failed bool) {
	if in.sentBack == nil || in.resubmitThrough.IsZero() {
		return "", "", false
	}
	text := fmt.Sprintf("the claim was %s on %s and could be submitted again through %s", strings.ToLower(string(in.sentBack.Spec.Decision)), in.sentBackOn,
		in.resubmitThrough)
	switch {
	case in.again && in.resubmitted > in.resubmitThrough:
		return v1alpha1.ReasonResubmissionTooLate, fmt.Sprintf("%s; it was on %s (spec.resubmittedOn): the cost is the partner's", text, in.resubmitted), true
	case !in.again && in.today > in.resubmitThrough:
		return v1alpha1.ReasonResubmissionTooLate, text + ", which was not done: the cost is the partner's", true
	}
	return "", "", false
}

func proofMissing(in *input) (reason, message string, failed bool) {
	if in.request.Activity == nil {
		return "", "", false
	}
	var missing []string
	for _, kind := range in.request.Proofs() {
		if !in.hasProof(kind) {
			missing = append(missing, string(kind))
		}
	}
	if len(missing) == 0 {
		return "", "", false
	}
	slices.Sort(missing)
	return v1alpha1.ReasonProofMissing, fmt.Sprintf("program %s requires proof of performance for activity type %s; missing in spec.proofs: %s; add "+
		"what is missing%s", in.request.Program.Name, in.request.Activity.Type, verdict.List(missing), in.correctText()), true
}

func claimCurrency(in *input) (reason, message string, failed bool) {
	if of := in.request.Object.Spec.Amount.Currency; in.claim.Spec.Currency != of {
		return v1alpha1.ReasonCurrencyMismatch, fmt.Sprintf("the claim is in %s and MDFAllocation %q in %s: state all costs in %s%s",
			in.claim.Spec.Currency, in.request.Object.Name, of, of, in.correctText()), true
	}
	return "", "", false
}

func rateUnknown(in *input) (reason, message string, failed bool) {
	r := in.request
	if from := r.Object.Spec.Amount.Currency; r.Currency != "" && from != r.Currency && r.ClaimRate() == nil {
		return v1alpha1.ReasonExchangeRateMissing, fmt.Sprintf("the program has no exchange rate from %s to %s for the day on which MDFAllocation %q was "+
			"approved: the program owner must add it to spec.exchangeRates", from, r.Currency, r.Object.Name), true
	}
	return "", "", false
}

func invalidSpec(in *input) (reason, message string, failed bool) {
	if len(in.wrong) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonInvalidSpec, in.wrong[0].Field + ": " + in.wrong[0].Message, true
}

func costNotCovered(in *input) (reason, message string, failed bool) {
	var open []string
	for _, cost := range in.costs {
		if cost.uncovered != "" {
			what := "invoice %s of %s: %s"
			if cost.spec.PerformedOn != "" {
				what = "invoice %s, performed on %s: %s"
			}
			open = append(open, fmt.Sprintf(what, quoted(cost.spec.Invoice), cost.performed, cost.uncovered))
		}
	}
	if len(open) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonCostNotCovered, verdict.Some(open, maxNamedCosts) + ": take what is not covered out of the claim; it is the partner's cost" + in.correctText(), true
}

func belowMinimum(in *input) (reason, message string, failed bool) {
	least, set := claimMinimum(in.request)
	share := shareOf(in.request, in.eligible)
	if !set || share >= least || in.eligible.Sign() == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonBelowMinimum, fmt.Sprintf("the share of the costs is %s, and a claim on budget %q must come to at least %s: claim more costs at once%s",
		money.Format(share, in.request.Currency), in.request.Object.Spec.BudgetRef.Name, money.Format(least, in.request.Currency), in.correctText()), true
}

// nothingPayable says why nothing is payable on a claim that keeps all other rules.
func nothingPayable(v *Claim) (reason, message string, failed bool) {
	if v.IsSettled || v.Payable != 0 || v.rank != rankDecided && (v.rank != rankOpen || v.input.isSentBack()) {
		return "", "", false
	}
	r := v.input.request
	if r.IsReward() {
		return v1alpha1.ReasonNothingPayable, fmt.Sprintf("nothing is left of what MDFAllocation %q was granted: other claims have it", r.Object.Name), true
	}
	message = fmt.Sprintf("the share of the costs, %s percent of %s, comes to %s: claim more costs at once",
		r.Object.Spec.ReimbursementPercent, v.netText(), money.Format(0, r.Currency))
	if less := v.input.lessText(); less != "" && v.due == 0 {
		message = less + ", which other claims on the shared activity count: it is the partner's cost"
	}
	if v.due > 0 {
		message = fmt.Sprintf("%s, so nothing is payable of the share of %s: it is the partner's cost", v.bound, money.Format(v.due, r.Currency))
	}
	return v1alpha1.ReasonNothingPayable, message, true
}

// boundText says that the end of the agreement set the last day for claims; nothing when the activity did.
func (in *input) boundText() string {
	if in.request.ClaimBound == "" {
		return ""
	}
	return " (" + in.request.ClaimBound + ")"
}

// throughText says until when claims are received.
func (in *input) throughText() string {
	if through := in.request.ClaimThrough; !through.IsZero() {
		return fmt.Sprintf(", through %s", through)
	}
	return ""
}

// correctText says until when a mistake in the claim keeps its money.
func (in *input) correctText() string {
	if in.correctThrough.IsZero() {
		return ""
	}
	return fmt.Sprintf(" by %s; after that no money is held for the claim", in.correctThrough)
}

// performedText says why a cost of a day is not covered; nothing when it is.
func (in *input) performedText(on fiscal.Day) string {
	r := in.request
	last := max(in.claimed, in.resubmitted)
	switch {
	case !last.IsZero() && on > last:
		return fmt.Sprintf("that is after the claim, which is dated %s", last)
	case r.Plan == nil:
		return fmt.Sprintf("JointPlan %q does not exist", r.Object.Spec.PlanRef.Name)
	case in.facts.Approvals(r.Plan).Asked == nil: // its partner or program is missing, so what was approved cannot be determined
	case !in.inPlan(on):
		return fmt.Sprintf("no plan of record of JointPlan %q had activity %q on that day", r.Plan.Name, r.Object.Spec.Activity)
	case r.Approval.Since.IsZero():
		return fmt.Sprintf("MDFAllocation %q was not approved", r.Object.Name)
	case on < in.calendar.Today(r.Approval.CostsFrom) && r.Approval.Excepted != nil:
		return fmt.Sprintf("the exception of MDFAllocation %q covers costs from %s on", r.Object.Name, in.calendar.Today(r.Approval.CostsFrom))
	case on < in.calendar.Today(r.Approval.CostsFrom):
		return fmt.Sprintf("MDFAllocation %q was approved on %s", r.Object.Name, in.calendar.Today(r.Approval.CostsFrom))
	case !r.Approval.Until.IsZero() && on > in.calendar.Today(r.Approval.Until):
		return fmt.Sprintf("the approval of MDFAllocation %q was withdrawn on %s", r.Object.Name, in.calendar.Today(r.Approval.Until))
	}
	return ""
}

// inPlan reports whether, at a while of a day, the plan had a plan of record that includes the activity.
func (in *input) inPlan(on fiscal.Day) bool {
	starts, ends := in.calendar.StartOf(on), in.calendar.EndOf(on)
	for _, record := range in.facts.Approvals(in.request.Plan).History {
		if !record.ApprovedTime.Before(ends) || !record.EndedOn.IsZero() && !record.EndedOn.After(starts) || record.Terms == nil {
			continue
		}
		if slices.ContainsFunc(record.Terms.Activities, func(a v1alpha1.PlannedActivity) bool { return a.Name == in.request.Object.Spec.Activity }) {
			return true
		}
	}
	return false
}

// maxNamedCosts is the number of costs that a message names.
const maxNamedCosts = 3

// quoted quotes text that people wrote, so that its ends show.
func quoted[T ~string](text T) string { return strconv.Quote(string(text)) }
