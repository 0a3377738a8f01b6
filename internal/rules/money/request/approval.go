package request

import (
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// approve folds the decisions on the request.
func (in *input) approve() {
	var rules *program.RuleSet
	if in.Program != nil {
		rules = in.Program.RuleSetOn(in.asOf)
	}
	in.turn = plan.NewTurn(in.asOf, rules)
	in.Case = in.approvalCase()
	in.Approval = approval.Fold(in.facts.Snapshot, in.Case, in.facts.Now)
	in.horizon.At(in.Approval.Next)
	for _, rule := range approval.Authority(in.Budget) {
		in.horizon.At(in.cal.StartOf(rule.From))
		in.horizon.At(in.cal.StartOf(rule.From.AddDays(1))) // from when on the rule before binds no draft any more
	}
}

// approvalCase returns what the decisions on the request are about.
func (in *input) approvalCase() approval.Case {
	spec := &in.Object.Spec
	c := approval.Case{
		Kind: kinds.MDFAllocation, Name: v1alpha1.Name(in.Object.Name), Revision: in.Revision, Requester: spec.RequestedBy,
		Recorders: approval.Recorder(spec.Attestation),
		Currency:  spec.Amount.Currency, Most: in.most, Needed: in.approvers,
	}
	if in.most == 0 {
		c.Most = -1
	}
	if in.Starts.IsZero() && !in.IsReward() {
		return c
	}
	if !in.IsReward() { // which no day binds by which it has to be approved
		_, c.Granted = in.Held()
		c.Begun = in.cal.EndOf(in.Starts)
		in.horizon.At(c.Begun)
	}
	if in.Submitted {
		c.From, c.Late = in.cal.StartOf(in.asOf), in.cal.EndOf(in.turn.Through)
		in.horizon.At(c.Late)
	}
	return c
}

// approvers returns how many people must approve an amount of the request, in its currency and negative for all of it, at an instant: by the budget's
// rules of authority from the day on which the request was made on (a draft would be made today), at the exchange rate of the day. Where the amount
// is not known, as many as the highest level asks for.
func (in *input) approvers(amount int64, at time.Time) int {
	if amount < 0 {
		amount = in.most
	}
	decided := in.cal.Today(at)
	minor, err := in.converted(amount, rateOn(in.Program, in.Object.Spec.Amount.Currency, in.Currency, decided))
	if err != nil || amount == 0 {
		minor = money.Max
	}
	return approval.Approvers(in.Budget, minor, in.asked, decided)
}

// chooseLane says whether what is requested or, if less, approved is small enough for the budget's fast lane, by the rules of authority that bind it.
func (in *input) chooseLane() {
	if in.Budget == nil || in.Asked == 0 {
		return
	}
	in.FastProofs, in.Fast = approval.Fast(in.Budget, in.Asked, in.asOf, in.rateDay())
}

// judgeApproved says how the request's approval stands. While the ledger holds money for it, a change of the request leaves that reserved.
func (in *input) judgeApproved() verdict.Judgement {
	a, c := in.Approval, in.Case
	_, granted := in.Held()
	if a.Withdrawn && a.WithdrawnBy == nil && !granted {
		a.Withdrawn = false // the content of now was never granted, so it can be approved
	}
	j := a.Judge(&c, in.cal)
	sentBack := j.Reason == v1alpha1.ReasonReturned || j.Reason == v1alpha1.ReasonRejected
	switch {
	case j.Reason == v1alpha1.ReasonApprovalWithdrawn:
		j.Message += ": to request again, set a new requestID and have the request approved"
	case j.Status == metav1.ConditionTrue:
		j.Message += in.belowLeast()
	case a.Changed && !in.anew() && !sentBack:
		effect := ""
		if granted {
			effect = "what is granted stays reserved, and nothing is paid until then; "
		}
		j.Reason, j.Message = v1alpha1.ReasonChangePending, "the request was changed after its approval: have the change approved, or undo it; "+effect+j.Message
	case j.Reason == v1alpha1.ReasonAwaitingDecision && !in.Submitted:
		j.Reason, j.Message = v1alpha1.ReasonDraft, "the request is a draft: set spec.requestedOn to submit it"
	case j.Reason == v1alpha1.ReasonAwaitingDecision && in.isVendorsTurn(&j):
		if in.turn.IsOver(in.today) {
			j.Reason = v1alpha1.ReasonDecisionOverdue
		}
		j.Message = in.turnWords() + "; " + j.Message
	case j.Reason == v1alpha1.ReasonAwaitingDecision && !granted && in.Approval.Answered != nil:
		j.Message = in.answeredWords() + "; " + j.Message
	}
	return j
}

// isVendorsTurn reports whether the vendor must decide on the request as it is, and has not done so since it was made. Some people of the vendor may
// have approved it already, but too few or who may not.
func (in *input) isVendorsTurn(approved *verdict.Judgement) bool {
	_, granted := in.Held()
	if granted || !in.Submitted || in.Withdrawn || in.Starts.IsZero() && in.Interval.IsZero() || in.broken != "" || in.theirs || in.Approval.Answered != nil {
		return false
	}
	switch approved.Reason {
	case v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonDecisionOverdue, v1alpha1.ReasonSecondApproverMissing, v1alpha1.ReasonSelfApproval,
		v1alpha1.ReasonRecorderApproves, v1alpha1.ReasonChangePending:
		return true
	default:
		return false
	}
}

// judgeTurn says until when the vendor decides on the request, and that it is late.
func (in *input) judgeTurn() {
	if !in.isVendorsTurn(&in.Approved) {
		return
	}
	for _, day := range in.turn.Changes() {
		in.horizon.At(in.cal.StartOf(day))
	}
	in.DecisionDue = &v1alpha1.DecisionDue{Through: in.turn.Through.Date()}
	if !in.turn.IsOver(in.today) {
		return
	}
	role, since := in.turn.EscalatedTo(in.today)
	in.DecisionDue.OverdueSince, in.DecisionDue.EscalatedTo, in.DecisionDue.EscalatedSince = in.turn.OverdueSince().Date(), role, since.Date()
	remedy := "approve, return or reject the request"
	if !in.Starts.IsZero() && in.today > in.Starts {
		remedy = "the activity began on " + in.Starts.String() + ", so return or reject the request, or have two people grant an exception (spec.exception)"
	}
	in.findings.Warningf(RuleDecisionOverdue, "status.decisionDue", "%s: %s", verdict.Capital(in.turn.Words("requested", in.today)), remedy)
}

// turnWords says until when the vendor decides on the request, and by when its approval counts.
func (in *input) turnWords() string {
	text := in.turn.Words("requested", in.today)
	if !in.Starts.IsZero() && in.Starts < in.turn.Through && !in.turn.IsOver(in.today) {
		text += fmt.Sprintf(", and its approval counts by %s, the first day of the activity", in.Starts)
	}
	return text
}

// answeredWords says that the vendor has decided on another content since the request was made, so that it is not late with this one.
func (in *input) answeredWords() string {
	d := in.Approval.Answered
	decided := strings.ToLower(string(d.Spec.Decision))
	if d.Spec.Decision == v1alpha1.DecisionApprovedInPart {
		decided = "approved in part"
	}
	day := "spec.requestedOn to the day of the change"
	if sends := d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected; sends && !in.anew() {
		day = "spec.resubmittedOn to the day on which it is submitted again"
	}
	return fmt.Sprintf("requested on %s, and %s on %s, before it was changed: set %s, and the vendor's days begin anew",
		in.asOf, decided, in.cal.Today(d.Spec.DecidedTime.Time), day)
}

// anew reports whether the request is another one than those for which the ledger ever reserved money for this allocation.
func (in *input) anew() bool {
	if in.Ledger == nil {
		return false
	}
	_, granted := in.Held()
	return !granted && in.facts.Entries(in.Object.Spec.BudgetRef.Name, in.Ledger).EverReserved(in.Object.Name)
}

// belowLeast says that less is approved than the request would accept.
func (in *input) belowLeast() string {
	spec := &in.Object.Spec
	if spec.AcceptAtLeast == "" || in.Approval.Amount < 0 {
		return ""
	}
	least, err := money.Parse(spec.AcceptAtLeast, spec.Amount.Currency)
	if err != nil || least <= in.Approval.Amount {
		return ""
	}
	return fmt.Sprintf("; that is less than the %s that the request accepts at least: to decline it, withdraw the request (spec.withdrawnOn)",
		money.Format(least, spec.Amount.Currency))
}

// checkReservation warns of money that is reserved for a request which nobody approved: a decision was deleted, or who may approve was changed.
func (in *input) checkReservation() {
	reserved, _ := in.Held()
	if a := &in.Approval; reserved == 0 || a.Complete || a.Changed || a.Withdrawn {
		return
	}
	in.findings.Warningf(RuleReservationUnapproved, "spec", "%s is reserved though no approval holds any more, because a decision was deleted or more "+
		"people must approve: it "+
		"stays reserved and nothing is paid on it. Have revision %s approved, or withdraw the request", money.Format(reserved, in.Ledger.Spec.Currency), in.Revision)
}

// maxReason bounds the reason of an exception in a status, in bytes.
const maxReason = 512

// noteException reports that the request was approved as an exception, and why.
func (in *input) noteException() {
	last := in.Approval.Excepted
	if last == nil || !in.Submitted { // of a draft, which is not made yet, the vendor has left nothing undecided
		return
	}
	in.Exception = &v1alpha1.GrantedException{
		DecideThrough: in.turn.Through.Date(), Decision: v1alpha1.Name(last.Name), Reason: printable.Clip(string(last.Spec.Exception.Reason), maxReason),
	}
	in.findings.Infof(RuleGrantedAsException, "spec.startsOn", "approved as an exception on %s (%s, ApprovalDecision %q), after the activity had begun on %s, because the vendor "+
		"had not decided by %s: %s", in.cal.Today(last.Spec.DecidedTime.Time), last.Spec.ApprovedBy, last.Name, in.Starts, in.turn.Through,
		last.Spec.Exception.Reason)
}
