package claim

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// defaultResubmitDays is how many days after it was sent back a claim may be submitted again, where the budget does not say.
const defaultResubmitDays = 45

// input is a claim with all that its rules look at.
type input struct {
	facts    *facts.Facts
	request  *request.Request
	claim    *v1alpha1.MDFClaim
	calendar *fiscal.Calendar
	today    fiscal.Day
	lost     bool // the budget's ledger is

	claimed, resubmitted fiscal.Day // absent when they are not set, or no days
	invoiced             fiscal.Day // the day of the partner's own invoice; absent when there is none
	costs                []costInput
	eligible             *big.Rat // the net costs that no rule strikes out, in units of the request's currency
	wrong                []v1alpha1.Finding

	receivedOn []fiscal.Day // of the proofs; absent when it is not known

	key     string           // of the claim in the ledger
	shared  bool             // what is claimed is for a shared activity
	unnoted bool             // the ledger has not noted what is left of its invoices
	taken   map[string]int64 // of what the ledger has noted, by key

	sentBack        *v1alpha1.ApprovalDecision // the decision that sent the claim back, last or before it was submitted again; nil when none did
	sentBackOn      fiscal.Day
	again           bool       // it was submitted again after that
	resubmitThrough fiscal.Day // the last day for that
	correctThrough  fiscal.Day // the last day to correct what breaks a rule; absent when none is known

	findings *verdict.Findings
	horizon  *verdict.Horizon
}

// costInput is a cost of a claim.
type costInput struct {
	spec      *v1alpha1.ClaimedCost
	net       int64             // zero when it is not an amount
	performed fiscal.Day        // by which it is covered; absent when it is not a day
	use       *facts.InvoiceUse // of its invoice, beside other claims
	uncovered string            // why it is not covered; empty when it is
	wants     int64             // what of it may count beside the partner's other claims
	counts    int64             // what of it counts, at most what the ledger leaves of an invoice of a shared activity
}

// newClaim judges a claim by the rules that do not ask what is left of the grant.
func newClaim(f *facts.Facts, r *request.Request, claim *v1alpha1.MDFClaim, lost bool) *Claim {
	view := &Claim{Object: claim, Revision: facts.ClaimRevision(&claim.Spec)}
	view.Key, view.Settled, view.IsSettled = f.Settlement(r.Object.Spec.BudgetRef.Name, r.Ledger, r.Key, claim)
	if view.IsSettled {
		view.Unpaid = min(r.Ledger.Spec.Unpaid[view.Key], view.Settled)
	}
	view.Approval = approval.Fold(f.Snapshot, caseOf(r, claim, view.Revision), f.Now)
	in := read(f, r, claim, view.Key, lost)
	view.input = in
	in.horizon.At(view.Approval.Next)
	in.readSentBack(view)
	if view.Unpaid > 0 && in.isSentBack() {
		view.closing, view.Settled, view.Unpaid = view.Unpaid, view.Settled-view.Unpaid, 0
	}
	for _, rule := range chain() {
		if reason, message, failed := rule.Broken(in); failed {
			view.broken = append(view.broken, breach{rule.Field, reason, message})
		}
	}
	view.rank = view.judgeRank()
	return view
}

// CaseOf returns what the decisions on a claim are about.
func CaseOf(r *request.Request, claim *v1alpha1.MDFClaim) approval.Case {
	return caseOf(r, claim, facts.ClaimRevision(&claim.Spec))
}

// caseOf is CaseOf for a claim whose revision is at hand.
func caseOf(r *request.Request, claim *v1alpha1.MDFClaim, revision string) approval.Case {
	return approval.Case{
		Kind: kinds.MDFClaim, Name: v1alpha1.Name(claim.Name), Revision: revision, Requester: claim.Spec.RequestedBy,
		Owner: r.Object.Spec.RequestedBy, Recorders: approval.Recorder(claim.Spec.Attestation, r.Object.Spec.Attestation), Currency: r.Currency, Most: -1, Needed: func(int64, time.Time) int { return 1 },
	}
}

// read reads a claim.
func read(f *facts.Facts, r *request.Request, claim *v1alpha1.MDFClaim, key string, lost bool) *input {
	in := &input{
		key: key, shared: r.Ledger != nil && r.Ledger.Spec.Shared[r.Key] != "", taken: map[string]int64{}, facts: f, request: r, claim: claim, calendar: fiscal.UTC(), lost: lost, eligible: new(big.Rat),
		findings: &verdict.Findings{}, horizon: verdict.NewHorizon(f.Now),
	}
	if r.Program != nil {
		in.calendar = r.Program.Calendar
	}
	in.today = in.calendar.Today(f.Now)
	in.claimed = in.day("spec.claimedOn", claim.Spec.ClaimedOn)
	in.resubmitted = in.day("spec.resubmittedOn", claim.Spec.ResubmittedOn)
	if on, err := fiscal.ParseDay(claim.Spec.InvoicedOn); err == nil {
		in.invoiced = on
	}
	for _, on := range []fiscal.Day{in.claimed, in.resubmitted} {
		in.horizon.At(in.calendar.StartOf(on))
	}
	if in.resubmitted > in.today { // not yet
		in.resubmitted = 0
	}
	in.readCosts()
	in.readProofs()
	if r.Plan != nil {
		in.horizon.At(f.Approvals(r.Plan).NextChange)
	}
	return in
}

// day reads a day of the spec; absent when it is not set, or no day, which is a finding.
func (in *input) day(field string, text v1alpha1.Date) fiscal.Day {
	if text == "" {
		return 0
	}
	day, err := fiscal.ParseDay(text)
	if err != nil {
		in.mistake(facts.RuleDateInvalid, field, err.Error())
		return 0
	}
	return day
}

// mistake notes what cannot be used as written, because of which the claim is refused.
func (in *input) mistake(rule, field, message string) {
	in.wrong = append(in.wrong, v1alpha1.Finding{Rule: rule, Severity: v1alpha1.SeverityError, Field: field, Message: message})
}

// readCosts reads the costs, strikes out those that other claims have or that are not covered, and adds up the rest.
func (in *input) readCosts() {
	switch costs := len(in.claim.Spec.Costs); {
	case in.request.IsReward() && costs > 0:
		in.mistake(facts.RuleAmountInvalid, "spec.costs", "a reward has no costs, and all that is granted of it is paid: remove spec.costs")
	case !in.request.IsReward() && costs == 0:
		in.mistake(facts.RuleAmountInvalid, "spec.costs", "a claim on an activity lists what it cost: add an invoice to spec.costs")
	}
	sum, uses := int64(0), in.facts.InvoiceUses(in.claim)
	_, unknown := money.Digits(in.claim.Spec.Currency)
	if unknown != nil {
		in.mistake(facts.RuleAmountInvalid, "spec.currency", unknown.Error())
	}
	for i := range in.claim.Spec.Costs {
		cost := costInput{spec: &in.claim.Spec.Costs[i], use: uses[i]}
		field := fmt.Sprintf("spec.costs[%s]", cost.spec.Invoice)
		if cost.performed = in.day(field+".incurredOn", cost.spec.IncurredOn); cost.spec.IncurredOn == "" {
			in.mistake(facts.RuleDateInvalid, field+".incurredOn", "the day of the invoice is missing: write it as 2026-09-30")
		}
		if cost.spec.PerformedOn != "" {
			cost.performed = in.day(field+".performedOn", cost.spec.PerformedOn)
		}
		if unknown == nil {
			cost.net = in.net(field, cost.spec)
		}
		if !cost.performed.IsZero() {
			cost.uncovered = in.performedText(cost.performed)
		}
		total, err := money.Add(sum, cost.net)
		if err != nil {
			in.mistake(facts.RuleAmountInvalid, "spec.costs", "the costs add up to more than any amount can hold: claim what was paid")
			total, cost.net = sum, 0
		}
		sum = total
		in.count(&cost)
		in.costs = append(in.costs, cost)
	}
}

// net reads a net cost, and the total of its invoice where that is stated; zero when it is none.
func (in *input) net(field string, cost *v1alpha1.ClaimedCost) int64 {
	net, err := money.Parse(cost.Net, in.claim.Spec.Currency)
	switch {
	case err != nil:
		in.mistake(facts.RuleAmountInvalid, field+".net", err.Error())
		return 0
	case net <= 0:
		in.mistake(facts.RuleAmountInvalid, field+".net", fmt.Sprintf("%s must be above zero: leave out what costs nothing, and lower a cost by what was credited on it",
			money.Format(net, in.claim.Spec.Currency)))
		return 0
	case cost.InvoiceNet == "":
		return net
	}
	total, err := money.Parse(cost.InvoiceNet, in.claim.Spec.Currency)
	switch {
	case err != nil:
		in.mistake(facts.RuleAmountInvalid, field+".invoiceNet", err.Error())
	case total < net:
		in.mistake(facts.RuleAmountInvalid, field+".invoiceNet", fmt.Sprintf("%s is the invoice's net total, and %s of it is claimed: correct net or invoiceNet",
			money.Format(total, in.claim.Spec.Currency), money.Format(net, in.claim.Spec.Currency)))
	}
	return net
}

// count adds a cost that nothing strikes out to what is eligible.
func (in *input) count(cost *costInput) {
	if cost.uncovered != "" || in.claim.Spec.Currency != in.request.Object.Spec.Amount.Currency {
		return
	}
	cost.wants = min(cost.net, cost.use.Counts)
	cost.counts = in.noted(cost)
	if net, err := money.Rat(cost.counts, in.claim.Spec.Currency); err == nil {
		in.eligible.Add(in.eligible, net)
	}
}

// readSentBack finds the decision that sent the claim back, whether the claim was submitted again since, and the last days for that and for
// correcting what breaks a rule.
func (in *input) readSentBack(view *Claim) {
	in.correctThrough = in.request.ClaimThrough
	for _, d := range snapshot.InOrder(in.facts.Snapshot.DecisionsAbout(kinds.MDFClaim, v1alpha1.Name(in.claim.Name))) {
		at, on := d.Spec.DecidedTime.Time, in.calendar.Today(d.Spec.DecidedTime.Time)
		sends := d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected
		if !sends || at.IsZero() || at.After(in.facts.Now) || d.Spec.Party != v1alpha1.PartyVendor {
			continue
		}
		again := !in.resubmitted.IsZero() && in.resubmitted >= on && d.Spec.Revision != view.Revision
		if again || !view.Approval.Complete {
			in.sentBack, in.sentBackOn, in.again = d, on, again
		}
	}
	if in.sentBack == nil {
		return
	}
	days := int32(defaultResubmitDays)
	if budget := in.request.Budget; budget != nil && budget.Spec.Claims != nil {
		days = program.Or(budget.Spec.Claims.ResubmitWithinDays, days)
	}
	in.resubmitThrough = in.sentBackOn.AddDays(int(days))
	in.correctThrough = max(in.correctThrough, in.resubmitThrough)
	if !in.again {
		in.horizon.At(in.calendar.EndOf(in.resubmitThrough))
	}
}

// isSentBack reports whether the claim waits to be submitted again.
func (in *input) isSentBack() bool { return in.sentBack != nil && !in.again }

// judgeRank says how the claim counts.
func (v *Claim) judgeRank() rank {
	in := v.input
	switch {
	case v.closed():
		return rankDead
	case v.IsSettled:
		return rankDecided
	case slices.ContainsFunc(v.broken, breach.ends):
		return rankDead
	case v.Approval.Complete && !in.isSentBack() && len(v.broken) > 0 && !slices.ContainsFunc(v.broken, func(b breach) bool { return !b.ofVendor() }):
		return rankDecided // it was in order when it was approved, so it keeps its money until a person decides otherwise
	case in.claimed.IsZero() || in.claimed > in.today:
		return rankDraft
	case in.isSentBack():
		return rankOpen
	case len(v.broken) > 0:
		in.horizon.At(in.calendar.EndOf(in.correctThrough))
		if !in.correctThrough.IsZero() && in.today > in.correctThrough {
			return rankDead
		}
		return rankCorrectable
	case v.Approval.Complete:
		return rankDecided
	default:
		return rankOpen
	}
}

// conclude judges the claim once it is known what is payable.
func (v *Claim) conclude() {
	in := v.input
	if reason, message, failed := payable.Broken(v); failed {
		v.broken = append(v.broken, breach{payable.Field, reason, message})
	}
	v.Accepted = v.judgeAccepted()
	v.Stage = v.judgeStage()
	v.ActBy = v.judgeActBy()
	if v.Stage == v1alpha1.ClaimRefused || v.Stage == v1alpha1.ClaimLapsed {
		v.Payable, v.OwnCost = 0, 0
	}
	v.lines = v.readPayments()
	v.judgePayment()
	v.Paid = v.judgeSettled()
	v.Findings = sync.OnceValue(func() []v1alpha1.Finding {
		v.addFindings()
		return in.findings.List()
	})
	in.horizon.At(in.request.Approval.Next)
	if !v.IsSettled {
		in.horizon.At(in.request.Next)
	}
	v.Next = in.horizon.Next()
}

// judgeAccepted returns the condition Accepted.
func (v *Claim) judgeAccepted() verdict.Judgement {
	in, r := v.input, v.input.request
	name := r.Object.Name
	switch {
	case v.closed():
		return verdict.False(string(v.closedBy()), "%s", v.closedText())
	case v.IsSettled:
		return v.acceptedText()
	case in.isSentBack() && !slices.ContainsFunc(v.broken, breach.ends):
		return verdict.False(string(in.sentBack.Spec.Decision), "%s", v.sentBackText())
	case len(v.broken) > 0:
		status := metav1.ConditionFalse
		if v.broken[0].reason == v1alpha1.ReasonRecoveryRequired {
			status = metav1.ConditionUnknown
		}
		return verdict.Judgement{Status: status, Reason: v.broken[0].reason, Message: v.broken[0].message}
	case !r.Approval.Complete && r.Approval.WithdrawnBy == nil:
		return verdict.False(v1alpha1.ReasonAllocationNotApproved, "%s would be payable; it stays reserved, but MDFAllocation %q is "+
			"not approved as it is now (%s): the change must be approved or undone before claims on it are accepted",
			money.Format(v.Payable, r.Currency), name, r.Approved.Reason)
	case in.unnoted:
		return verdict.False(v1alpha1.ReasonInvoiceCheckPending, "the costs are of a shared activity: budget %s is about to check what is left of their invoices", r.Object.Spec.BudgetRef.Name)
	case v.Approval.Complete:
		return v.acceptedText()
	case v.Approval.Self != nil && v.selfReason() == v1alpha1.ReasonRecorderApproves:
		return verdict.False(v1alpha1.ReasonRecorderApproves, "%s recorded the claim or its request for the partner (spec.attestation), and so cannot approve "+
			"(ApprovalDecision %q): someone else at the vendor must decide; %s", v.Approval.Self.Spec.ApprovedBy, v.Approval.Self.Name, v.decideText())
	case v.Approval.Self != nil:
		return verdict.False(v1alpha1.ReasonSelfApproval, "%s claims or requested the money, and so cannot approve (ApprovalDecision %q): "+
			"someone else at the vendor must decide; %s", v.Approval.Self.Spec.ApprovedBy, v.Approval.Self.Name, v.decideText())
	default:
		return verdict.False(v1alpha1.ReasonAwaitingDecision, "%s", v.decideText())
	}
}

// closed reports whether the payment of a claim came back in full and the claim was sent back, so that its money is let go.
func (v *Claim) closed() bool { return v.IsSettled && v.Settled == 0 }

// closedBy is the outcome of the decision that closed the claim.
func (v *Claim) closedBy() v1alpha1.DecisionOutcome {
	if v.input.sentBack == nil {
		return v1alpha1.DecisionReturned
	}
	return v.input.sentBack.Spec.Decision
}

// closedText says that a claim is closed, and what to do.
func (v *Claim) closedText() string {
	text := "its payment was returned, and the vendor sent the claim back"
	if d := v.input.sentBack; d != nil {
		text = fmt.Sprintf("its payment was returned, and the vendor %s the claim on %s (%s, ApprovalDecision %q says why)", strings.ToLower(string(d.Spec.Decision)),
			v.input.sentBackOn, d.Spec.ApprovedBy, d.Name)
	}
	return text + ": its money is released; a claim that is a record of payments cannot be changed, so claim what is still due in another MDFClaim"
}

// selfReason is why an approval by who may not approve does not count.
func (v *Claim) selfReason() string {
	c := caseOf(v.input.request, v.Object, v.Revision)
	return c.SelfReason(v.Approval.Self)
}

// decideText says what waits for a decision.
func (v *Claim) decideText() string {
	in := v.input
	when := fmt.Sprintf("received on %s", in.claimed)
	if in.again {
		when = fmt.Sprintf("submitted again on %s", in.resubmitted)
	}
	return fmt.Sprintf("%s; %s would be payable%s; waiting for the decision of the vendor on revision %s",
		when, money.Format(v.Payable, in.request.Currency), v.boundText(), v.Revision)
}

// sentBackText says who sent the claim back, and until when it can be submitted again.
func (v *Claim) sentBackText() string {
	d, in := v.input.sentBack, v.input
	text := fmt.Sprintf("the vendor %s the claim on %s (%s, ApprovalDecision %q says why): ", strings.ToLower(string(d.Spec.Decision)), in.sentBackOn,
		d.Spec.ApprovedBy, d.Name)
	if on, err := fiscal.ParseDay(in.claim.Spec.ResubmittedOn); err == nil && on > in.today {
		return text + fmt.Sprintf("it is submitted again on %s (spec.resubmittedOn), which is in time through %s", on, in.resubmitThrough)
	}
	return text + fmt.Sprintf("correct it and set spec.resubmittedOn to submit it again through %s; until then %s stays reserved for it",
		in.resubmitThrough, money.Format(v.holds, in.request.Currency))
}

// acceptedText returns the condition Accepted of a claim that is accepted, or was when it was paid.
func (v *Claim) acceptedText() verdict.Judgement {
	r := v.input.request
	verb := "is payable"
	if v.IsSettled && v.Unpaid == 0 {
		verb = "was payable"
	}
	text := money.Format(v.Payable, r.Currency) + " " + verb
	switch {
	case r.IsReward():
		text = money.Format(v.Payable, r.Currency) + " of the reward " + verb
	case !v.IsSettled || v.due >= v.Payable: // otherwise what was paid rests on an approval, a rate or costs that no longer exist
		text += fmt.Sprintf(": %s percent of %s", r.Object.Spec.ReimbursementPercent, v.netText())
	}
	if n := len(v.Approval.Approvals); n > 0 && v.Approval.Complete {
		last := v.Approval.Approvals[n-1]
		text += fmt.Sprintf("; approved by %s on %s", last.By, v.input.calendar.Today(last.DecidedTime.Time))
	}
	if v.OwnCost == 0 {
		return verdict.True(v1alpha1.ReasonAccepted, "%s", text)
	}
	return verdict.True(v1alpha1.ReasonAcceptedInPart, "%s", text+v.boundText())
}

// boundText says what the partner bears, and why; nothing when its share is payable in full.
func (v *Claim) boundText() string {
	if v.OwnCost == 0 {
		return ""
	}
	own := money.Format(v.OwnCost, v.input.request.Currency) + " more is the partner's cost"
	if v.bound != "" {
		own += ", because " + v.bound
	}
	return "; " + own
}

// netText is the sum of the net costs for people, with the rate of exchange if there is one.
func (v *Claim) netText() string {
	text := "net costs"
	if net, err := money.FromRat(v.input.eligible, v.Object.Spec.Currency); err == nil {
		text = money.Format(net, v.Object.Spec.Currency) + " net"
	}
	if rate := v.input.request.ClaimRate(); rate != nil {
		text += fmt.Sprintf(", at %s %s per %s", decimal.FormatShort(rate, decimal.MaxFractionDigits), v.input.request.Currency, v.Object.Spec.Currency)
	}
	return text
}

// judgeStage returns where the claim is in its life.
func (v *Claim) judgeStage() v1alpha1.ClaimStage {
	in := v.input
	_, granted := in.request.Held()
	first := ""
	if len(v.broken) > 0 {
		first = v.broken[0].reason
	}
	switch {
	case v.closed():
		return v1alpha1.ClaimLapsed
	case v.IsSettled && v.Unpaid > 0:
		return v1alpha1.ClaimAccepted
	case v.IsSettled:
		return v1alpha1.ClaimSettled
	case first == v1alpha1.ReasonNotClaimed:
		return v1alpha1.ClaimDraft
	case in.lost && in.claim.Status.Stage != "":
		return in.claim.Status.Stage // what it was when the ledger was lost
	case granted && v.breaks(v1alpha1.ReasonNothingGranted), first == v1alpha1.ReasonResubmissionTooLate:
		return v1alpha1.ClaimLapsed
	case v.Accepted.Status == metav1.ConditionTrue:
		return v1alpha1.ClaimAccepted
	case in.isSentBack() && v.rank == rankOpen:
		return v1alpha1.ClaimSentBack
	case first != "":
		return v1alpha1.ClaimRefused
	default:
		return v1alpha1.ClaimPendingDecision
	}
}

// ofVendor reports whether a breach may be the vendor's own doing: a rule that the program or the budget made stricter after the approval.
func (b breach) ofVendor() bool {
	return slices.Contains([]string{
		v1alpha1.ReasonProofMissing, v1alpha1.ReasonProofTooLate, v1alpha1.ReasonCreativeNotApproved, v1alpha1.ReasonBelowMinimum,
	}, b.reason)
}

// breaks reports whether the claim breaks a rule for a reason.
func (v *Claim) breaks(reason string) bool {
	return slices.ContainsFunc(v.broken, func(b breach) bool { return b.reason == reason })
}

// judgeActBy returns the last day for the next step; absent when there is none.
func (v *Claim) judgeActBy() fiscal.Day {
	switch {
	case v.Stage == v1alpha1.ClaimDraft:
		return v.input.request.ClaimThrough
	case v.Stage == v1alpha1.ClaimSentBack:
		return v.input.resubmitThrough
	case v.Stage == v1alpha1.ClaimRefused && v.rank == rankCorrectable:
		return v.input.correctThrough
	default:
		return 0
	}
}
