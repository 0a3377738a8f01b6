package steps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/printable"
)

// ofPlan adds what is to be done about a plan.
func (w *writer) ofPlan(x *v1alpha1.JointPlan) {
	if x.Status.Stage != v1alpha1.StageClosed {
		w.approval(x)
	}
	w.review(x)
	w.reconciliation(x)
	w.openItems(x)
	if stale := w.condition(v1alpha1.ConditionResultsStale, metav1.ConditionTrue); stale != nil && x.Status.PlanOfRecord != nil {
		w.put(w.both(), v1alpha1.NextStep{
			Do: "Report the missing results in a MeasurementSet: " + firstSentence(stale.Message), Otherwise: "What is missing counts as zero until it is reported; there is no deadline",
		})
	}
	w.offTrack(x)
}

// approval adds the decisions that a plan waits for, and the changes that a party asked for.
func (w *writer) approval(x *v1alpha1.JointPlan) {
	approved := w.condition(v1alpha1.ConditionApproved, metav1.ConditionFalse)
	if approved == nil {
		return
	}
	switch approved.Reason {
	case v1alpha1.ReasonDraft:
		w.submission(x)
	case v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonDecisionOverdue, v1alpha1.ReasonAmendmentPending:
		for i := range x.Status.Approvals {
			one := &x.Status.Approvals[i]
			switch {
			case one.State != "Missing":
			case one.Party == v1alpha1.PartyVendor:
				w.put(w.vendor(), w.decision(x, approved.Reason))
			default:
				w.submit(x, fmt.Sprintf("Approve revision %s of the plan, which submits it: %s", revision.Short(x.Status.Revision), command("submit", kinds.JointPlan, x.Name)))
			}
		}
	case v1alpha1.ReasonReturned, v1alpha1.ReasonRejected:
		w.submit(x, "Change the plan and submit it again: "+w.sentBack(x, approved.Message))
	case v1alpha1.ReasonSelfApproval, v1alpha1.ReasonRecorderApproves:
		w.put(w.both(), v1alpha1.NextStep{Do: "Have another person decide: " + approved.Message, Otherwise: w.withoutApproval(x)})
	}
}

// decision is the vendor's decision on a plan: due within its days, and of use through the first day of the first activity that waits for it.
func (w *writer) decision(x *v1alpha1.JointPlan, reason string) v1alpha1.NextStep {
	what := "the plan"
	if reason == v1alpha1.ReasonAmendmentPending || x.Status.PlanOfRecord != nil {
		what = "the amendment"
	}
	step := v1alpha1.NextStep{
		Do: fmt.Sprintf("Decide on %s, revision %s: %s (or return, reject)", what, revision.Short(x.Status.Revision), command("approve", kinds.JointPlan, x.Name)),
	}
	var parts []string
	if s := x.Status.Submission; s != nil && s.DecidedOn == "" && s.Revision == x.Status.Revision {
		step.Due = s.DecideThrough
		if s.OverdueSince != "" {
			part := "the decision has been overdue since " + string(s.OverdueSince)
			if s.EscalatedTo != "" {
				part += " and was escalated to " + w.holder(s.EscalatedTo)
			}
			parts = append(parts, part)
		} else {
			parts = append(parts, "from "+string(after(s.DecideThrough))+" the decision is overdue")
		}
	}
	waiting := w.waiting(x)
	step.By = w.firstDay(waiting)
	parts = append(parts, w.withoutApproval(x)+affecting(waiting))
	if step.By != "" {
		parts = append(parts, fmt.Sprintf("an approval after %s is too late for the activity that starts on that day", step.By))
	}
	step.Otherwise = strings.Join(parts, "; ")
	return step
}

// firstSentence is the first sentence of a message.
func firstSentence(message string) string {
	first, _, _ := strings.Cut(message, ". ")
	return first
}

// firstDay is the first day, today or later, on which an activity starts for which money is asked; absent when there is none.
func (w *writer) firstDay(requests []*v1alpha1.MDFAllocation) v1alpha1.Date {
	var first v1alpha1.Date
	for _, a := range requests {
		if starts := a.Spec.StartsOn; starts != "" && !w.late(starts) && (first == "" || starts < first) {
			first = starts
		}
	}
	return first
}

// withoutApproval says what a plan lacks until it is approved.
func (w *writer) withoutApproval(x *v1alpha1.JointPlan) string {
	if x.Status.PlanOfRecord != nil {
		return "until it is approved, the plan of record stays in force without the changes"
	}
	return "until it is approved, the plan gets no money"
}

// submission adds the submission of a draft.
func (w *writer) submission(x *v1alpha1.JointPlan) {
	do := "Submit the plan: " + command("submit", kinds.JointPlan, x.Name)
	if wrong := w.condition(v1alpha1.ConditionStalled, metav1.ConditionTrue); wrong != nil {
		do, w.wrong = "Correct the plan, then submit it: "+wrong.Message, true
	} else if vague := w.condition(v1alpha1.ConditionSmart, metav1.ConditionFalse); vague != nil {
		do += "; before that: " + vague.Message
	}
	w.submit(x, do)
}

// submit adds what the partner has to do so that the plan is submitted: by the day by which it is owed, if it is.
func (w *writer) submit(x *v1alpha1.JointPlan, do string) {
	if w.partner != nil {
		o := w.outlook()
		for i := range o.now.Status.Obligations {
			owed := &o.now.Status.Obligations[i]
			if string(owed.Plan) == x.Name && (owed.State == v1alpha1.ObligationPending || owed.State == v1alpha1.ObligationOverdue) {
				w.owed(owed, do)
				return
			}
		}
	}
	waiting := w.waiting(x)
	w.put(w.partners(), v1alpha1.NextStep{Do: do, By: w.firstDay(waiting), Otherwise: w.withoutApproval(x) + affecting(waiting)})
}

// sentBack returns what the party that sent a plan back says of it; the message where it says nothing.
func (w *writer) sentBack(x *v1alpha1.JointPlan, message string) string {
	for i := range x.Status.Approvals {
		one := &x.Status.Approvals[i]
		if d := w.snap.Decision(one.Decision); d != nil && (one.State == "Returned" || one.State == "Rejected") && d.Spec.Comment != "" {
			return quoted(one.Party, one.State, d)
		}
	}
	return message
}

// quoted quotes why a party sent something back.
func quoted(party v1alpha1.Party, state string, d *v1alpha1.ApprovalDecision) string {
	return fmt.Sprintf("the %s %s it: %q", party, strings.ToLower(state), printable.Line(string(d.Spec.Comment)))
}

// review adds the review that is due next.
func (w *writer) review(x *v1alpha1.JointPlan) {
	reviews := x.Status.Reviews
	if reviews == nil || reviews.NextDue == "" {
		return
	}
	step := v1alpha1.NextStep{Do: fmt.Sprintf("Hold the review due on %s and record it: %s", reviews.NextDue, command("review", kinds.JointPlan, x.Name)), Due: reviews.NextDue}
	if reviews.OverdueSince != "" {
		step.Due = overdueSlot(reviews)
		step.Do = fmt.Sprintf("Hold the review that was due on %s (one review settles all that are overdue) and record it: %s", step.Due, command("review", kinds.JointPlan, x.Name))
		if x.Status.Stage == v1alpha1.StageClosed || x.Status.Stage == v1alpha1.StageAwaitingReconciliation {
			step.Do = fmt.Sprintf("Hold the closing review or a reconciliation and record it: %s", command("review", kinds.JointPlan, x.Name))
		}
	} else if slot := slotOf(reviews, reviews.NextDue); slot != nil && slot.State == v1alpha1.SlotRecorded {
		return // the vendor's answer is an open item
	}
	if w.partner != nil {
		step.By, step.Otherwise = w.curable(v1alpha1.CauseReviewOverdue, x.Name, cmp.Or(reviews.GraceThrough, reviews.NextDue))
	}
	if reviews.OverdueSince == "" {
		last := cmp.Or(reviews.GraceThrough, reviews.NextDue)
		if step.Otherwise == "" || step.Otherwise == w.overdue(last) {
			step.Otherwise = "there is no further consequence under the program's rules"
		}
		step.Otherwise = fmt.Sprintf("from %s the review is overdue, and %s", after(last), step.Otherwise)
	} else if reviews.EscalatedTo != "" {
		step.Otherwise = strings.TrimPrefix(fmt.Sprintf("%s. It was escalated to %s on %s", step.Otherwise, w.holder(reviews.EscalatedTo), reviews.EscalatedSince), ". ")
	}
	w.put(w.both(), step)
}

// reconciliation adds the reconciliation that closes the plan, once the period is over.
func (w *writer) reconciliation(x *v1alpha1.JointPlan) {
	r := x.Status.Reconciliation
	if r == nil || x.Status.Period == nil || !w.late(x.Status.Period.Through) || r.State == v1alpha1.ReconciliationHeld || r.State == v1alpha1.ReconciliationRecorded {
		return // the vendor's answer to what is recorded is an open item
	}
	step := v1alpha1.NextStep{
		Do: fmt.Sprintf("Hold the reconciliation with both parties, say of each goal whether it was realistic and what was accomplished, and record it: %s "+
			"--occasion Reconciliation", command("review", kinds.JointPlan, x.Name)),
		Due: r.Due, Otherwise: "until it is held, the plan is not closed",
	}
	switch {
	case r.State == v1alpha1.ReconciliationPending:
		step.Otherwise = fmt.Sprintf("from %s it is overdue; %s", after(r.Due), step.Otherwise)
	case r.EscalatedTo != "":
		step.Otherwise = fmt.Sprintf("it stays overdue, and was escalated to %s on %s; %s", w.holder(r.EscalatedTo), r.EscalatedSince, step.Otherwise)
	default:
		step.Otherwise = "it stays overdue; " + step.Otherwise
	}
	w.put(w.both(), step)
}

func slotOf(reviews *v1alpha1.ReviewStatus, due v1alpha1.Date) *v1alpha1.ReviewSlot {
	i := slices.IndexFunc(reviews.Slots, func(s v1alpha1.ReviewSlot) bool { return s.Due == due })
	if i < 0 {
		return nil
	}
	return &reviews.Slots[i]
}

// overdueSlot returns the due day of the slot by which the review became overdue.
func overdueSlot(reviews *v1alpha1.ReviewStatus) v1alpha1.Date {
	due := reviews.NextDue
	for _, slot := range reviews.Slots {
		if slot.State != v1alpha1.SlotHeld && slot.Due < reviews.OverdueSince {
			due = slot.Due
		}
	}
	return due
}

// openItems adds the actions, commitments and deliverables that are not done, and the answers that records of meetings wait for.
func (w *writer) openItems(x *v1alpha1.JointPlan) {
	for i := range x.Status.OpenItems {
		open := &x.Status.OpenItems[i]
		switch open.Kind {
		case "Confirmation", "Dispute":
			w.answer(w.snap.Review(v1alpha1.Name(open.Name)), open)
			continue
		}
		text, person := w.described(x, open)
		if text = strings.TrimSuffix(text, "."); text != "" {
			text = ": " + text
		}
		done := fmt.Sprintf("; then add {kind: %s, name: %s, day: ...} to spec.progress.done", doneKind(open.Kind), open.Name)
		step := v1alpha1.NextStep{Do: fmt.Sprintf("%s %s%s%s", verbOf(open.Kind), open.Name, text, done), By: open.Due, Otherwise: w.ofOpen(open.Due)}
		if w.late(open.Due) {
			step.Due, step.By = open.Due, "" // it can still be done, and no rule says until when
		}
		if open.EscalatedTo != "" {
			step.Otherwise += "; it was escalated to " + w.holder(open.EscalatedTo)
		}
		w.putIdle(w.of(open.Party, person), step)
	}
}

// ofOpen says what follows when an open item is not done by its day.
func (w *writer) ofOpen(due v1alpha1.Date) string {
	if due == "" {
		return "It stays open; there is no deadline"
	}
	return w.overdue(due)
}

// doneKind is the kind by which progress names an open item.
func doneKind(kind string) string {
	if kind == "Deliverable" {
		return "Goal"
	}
	return kind
}

func verbOf(kind string) string {
	switch kind {
	case "Action":
		return "Do"
	case "Commitment":
		return "Keep the commitment"
	case "Risk":
		return "Decide on the contingency of risk"
	default:
		return "Deliver"
	}
}

// answer adds the answer that the record of a meeting waits for.
func (w *writer) answer(record *v1alpha1.PlanReview, open *v1alpha1.OpenItem) {
	if record == nil {
		return
	}
	step := v1alpha1.NextStep{By: open.Due, Object: object(kinds.PlanReview, record.Name)}
	if w.late(open.Due) {
		step.Due, step.By = open.Due, ""
	}
	if w.object.GetName() == record.Name {
		step.Object = ""
	}
	if open.Kind == "Dispute" {
		step.Do = fmt.Sprintf("Resolve the dispute about the meeting of %s: %s, or kubectl jointplan dismiss", record.Spec.HeldOn, command("uphold", kinds.PlanReview, record.Name))
		step.Otherwise = fmt.Sprintf("Until it is resolved, the record counts for the %s only", other(record.Spec.Party))
		w.put(w.role(cmp.Or(open.Role, string(v1alpha1.PartyVendor))), step)
		return
	}
	step.Do = fmt.Sprintf("Confirm or dispute the record of the meeting of %s: %s, or kubectl jointplan dispute", record.Spec.HeldOn,
		command("confirm", kinds.PlanReview, record.Name))
	step.Otherwise = fmt.Sprintf("From %s the record counts as it stands", after(open.Due))
	w.put(w.of(open.Party, ""), step)
}

// other is the other party.
func other(party v1alpha1.Party) v1alpha1.Party {
	if party == v1alpha1.PartyVendor {
		return v1alpha1.PartyPartner
	}
	return v1alpha1.PartyVendor
}

// object names another object of the namespace.
func object(kind, name string) string { return strings.ToLower(kind) + "/" + name }

// described returns what a plan says of an open item, and the person who answers for it.
func (w *writer) described(x *v1alpha1.JointPlan, open *v1alpha1.OpenItem) (text, person string) {
	switch open.Kind {
	case "Action":
		return w.describedAction(open)
	case "Risk":
		for i := range x.Spec.Risks {
			if r := &x.Spec.Risks[i]; string(r.Name) == string(open.Name) {
				return printable.Line(string(r.Contingency)), ""
			}
		}
	case "Commitment":
		for i := range x.Spec.Commitments {
			if c := &x.Spec.Commitments[i]; string(c.Name) == string(open.Name) {
				return printable.Line(string(c.Description)), ""
			}
		}
	default:
		for i := range x.Spec.Goals {
			if g := &x.Spec.Goals[i]; string(g.Name) == string(open.Name) {
				return printable.Line(string(g.Deliverable)), ""
			}
		}
	}
	return "", ""
}

// describedAction returns what the meeting that decided on an action says of it, and its owner.
func (w *writer) describedAction(open *v1alpha1.OpenItem) (text, person string) {
	name, action, _ := strings.Cut(string(open.Name), "/")
	record := w.snap.Review(v1alpha1.Name(name))
	if record == nil {
		return "", ""
	}
	for i := range record.Spec.Actions {
		if one := &record.Spec.Actions[i]; string(one.Name) == action {
			return printable.Line(string(one.Description)), string(one.Owner)
		}
	}
	return "", ""
}

// offTrack adds what raises goals that are off track, while there is time.
func (w *writer) offTrack(x *v1alpha1.JointPlan) {
	off := w.condition(v1alpha1.ConditionOnTrack, metav1.ConditionFalse)
	if off == nil || x.Status.Stage != v1alpha1.StageActive || x.Status.Period == nil {
		return
	}
	step := v1alpha1.NextStep{Do: "Agree on actions to bring the goals back on track: " + off.Message, By: x.Status.Period.Through}
	step.Otherwise = fmt.Sprintf("The plan ends on %s short of its goals", x.Status.Period.Through)
	if x.Status.AttainmentPercent != nil {
		step.Otherwise = fmt.Sprintf("The plan ends on %s short of its goals; it has attained %d percent so far", x.Status.Period.Through, *x.Status.AttainmentPercent)
	}
	w.put(w.both(), step)
}

// ofReview adds the answer that the record of a meeting waits for, as its plan says it.
func (w *writer) ofReview(x *v1alpha1.PlanReview) {
	if w.plan == nil {
		return
	}
	for _, open := range w.openOf(w.plan) {
		if string(open.Name) == x.Name && (open.Kind == "Confirmation" || open.Kind == "Dispute") {
			w.answer(x, &open)
		}
	}
	if counts := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionCounts); counts != nil && counts.Status == metav1.ConditionFalse && len(w.list) == 0 {
		w.put(w.of(x.Spec.Party, x.Spec.RecordedBy), v1alpha1.NextStep{Do: "Record the meeting anew, or leave it: " + counts.Message, Otherwise: "The meeting does not count"})
	}
}
