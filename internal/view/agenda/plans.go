package agenda

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/view/concern"
)

// planItems adds what is to be done about a plan. It reports whether what is wrong in the spec is said too.
func (a *Agenda) planItems(x *v1alpha1.JointPlan) (saysWrong bool) {
	if x.Status.Stage == v1alpha1.StageClosed {
		return false
	}
	a.approvalItems(x)
	saysWrong = a.submissionItem(x)
	a.reviewItem(x)
	a.openItems(x)
	if stale := condition(x.Status.Conditions, v1alpha1.ConditionResultsStale, metav1.ConditionTrue); stale != nil {
		a.both(x).put(Item{Level: concern.Warning, What: "Report the results that are missing", Why: stale.Message})
	}
	return saysWrong
}

func condition(all []metav1.Condition, kind string, status metav1.ConditionStatus) *metav1.Condition {
	if found := meta.FindStatusCondition(all, kind); found != nil && found.Status == status {
		return found
	}
	return nil
}

// approvalItems adds the decisions that a plan waits for, and the changes that a party asked for.
func (a *Agenda) approvalItems(x *v1alpha1.JointPlan) {
	approved := condition(x.Status.Conditions, v1alpha1.ConditionApproved, metav1.ConditionFalse)
	if approved == nil {
		return
	}
	why, what := "without it the plan gets no money", "Decide on the plan"
	if approved.Reason == v1alpha1.ReasonAmendmentPending {
		why, what = "until then the plan of record stays in force", "Decide on the amendment"
	}
	switch approved.Reason {
	case v1alpha1.ReasonAwaitingDecision, v1alpha1.ReasonDecisionOverdue, v1alpha1.ReasonAmendmentPending:
		for _, one := range x.Status.Approvals {
			if one.State == "Missing" {
				item := Item{
					Due: a.owed(x), Level: concern.Warning, topic: approval, What: fmt.Sprintf("%s, revision %s", what, revision.Short(x.Status.Revision)), Why: why,
				}
				if one.Party == v1alpha1.PartyVendor {
					decideBy(x, &item)
				}
				a.of(x, one.Party, "").put(item)
			}
		}
	case v1alpha1.ReasonReturned, v1alpha1.ReasonRejected:
		a.partner(x).put(Item{
			Due: a.owed(x), Level: concern.Warning, topic: approval, What: "Change the plan and submit it again", Why: a.sentBack(x, approved.Message),
		})
	case v1alpha1.ReasonSelfApproval, v1alpha1.ReasonRecorderApproves:
		a.both(x).put(Item{Due: a.owed(x), Level: concern.Warning, topic: approval, What: "Let another person decide", Why: approved.Message})
	}
}

// decideBy adds until when the vendor decides on what the partner submitted, and that it is late.
func decideBy(x *v1alpha1.JointPlan, item *Item) {
	submission := x.Status.Submission
	if submission == nil || submission.DecidedOn != "" || submission.Revision != x.Status.Revision {
		item.Due = ""
		return
	}
	item.Due = submission.DecideThrough
	if submission.OverdueSince != "" {
		item.Why = fmt.Sprintf("submitted on %s, late since %s; %s", submission.SubmittedOn, submission.OverdueSince, item.Why)
	}
	item.late(submission.OverdueSince, submission.EscalatedTo)
}

// sentBack returns what the party that sent a plan back says of it; the message where it says nothing.
func (a *Agenda) sentBack(x *v1alpha1.JointPlan, message string) string {
	for _, one := range x.Status.Approvals {
		key := manifest.Key{Kind: kinds.ApprovalDecision, Namespace: x.Namespace, Name: string(one.Decision)}
		decision, ok := a.index.Get(key).(*v1alpha1.ApprovalDecision)
		if ok && (one.State == "Returned" || one.State == "Rejected") && decision.Spec.Comment != "" {
			return fmt.Sprintf("the %s %s it: %s", one.Party, strings.ToLower(one.State), printable.Line(string(decision.Spec.Comment)))
		}
	}
	return message
}

// obligation returns the obligation of the partner that a plan is to meet; nil when there is none, or when it is met.
func (a *Agenda) obligation(x *v1alpha1.JointPlan) *v1alpha1.PlanObligation {
	partner := a.index.Partner(x)
	if partner == nil {
		return nil
	}
	for i := range partner.Status.Obligations {
		owed := &partner.Status.Obligations[i]
		if string(owed.Plan) == x.Name && owed.State != v1alpha1.ObligationMet {
			return owed
		}
	}
	return nil
}

// owed returns the day by which a plan is owed; absent when it is not.
func (a *Agenda) owed(x *v1alpha1.JointPlan) v1alpha1.Date {
	if owed := a.obligation(x); owed != nil {
		return owed.DueOn
	}
	return ""
}

// owedLevel returns how much a plan that is owed and not submitted matters: it is to come until it is overdue.
func owedLevel(owed *v1alpha1.PlanObligation) concern.Level {
	if owed.State == v1alpha1.ObligationOverdue {
		return concern.Grave
	}
	return concern.Note
}

// submissionItem adds the submission of a draft that is owed. It reports whether it says that the spec has to be corrected first.
func (a *Agenda) submissionItem(x *v1alpha1.JointPlan) (saysWrong bool) {
	owed, draft := a.obligation(x), condition(x.Status.Conditions, v1alpha1.ConditionApproved, metav1.ConditionFalse)
	if owed == nil || draft == nil || draft.Reason != v1alpha1.ReasonDraft {
		return false
	}
	item := Item{Due: owed.DueOn, Level: owedLevel(owed), topic: approval, What: "Submit the plan for " + owed.Period}
	item.Why = fmt.Sprintf("the tier owes a plan for %s, submitted by %s", owed.Period, owed.DueOn)
	if wrong := condition(x.Status.Conditions, v1alpha1.ConditionStalled, metav1.ConditionTrue); wrong != nil {
		item.Level, item.What, item.Why, saysWrong = concern.Grave, "Correct the plan and submit it for "+owed.Period, wrong.Message, true
	} else if vague := condition(x.Status.Conditions, v1alpha1.ConditionSmart, metav1.ConditionFalse); vague != nil {
		item.Why += "; " + vague.Message
	}
	a.partner(x).put(item)
	return saysWrong
}

// reviewItem adds the review that is due next, unless it cannot be held yet and is far.
func (a *Agenda) reviewItem(x *v1alpha1.JointPlan) {
	reviews := x.Status.Reviews
	if reviews == nil || reviews.NextDue == "" {
		return
	}
	stands := meta.FindStatusCondition(x.Status.Conditions, v1alpha1.ConditionReviewOverdue)
	item := Item{Due: reviews.NextDue, Level: concern.Note, What: "Hold the review due on " + string(reviews.NextDue)}
	if stands != nil {
		item.Why = stands.Message
	}
	if reviews.OverdueSince != "" {
		item.Level, item.topic, item.Due = concern.Grave, cure, overdueSlot(reviews)
		item.What = "Hold the review that is overdue"
		if reviews.EscalatedTo != "" {
			item.What += ", escalated to the " + reviews.EscalatedTo
		}
	} else if slot := slotOf(reviews, reviews.NextDue); slot != nil && slot.State == v1alpha1.SlotRecorded {
		return // the vendor's answer is an open item
	} else if slot != nil && (slot.State == v1alpha1.SlotDue || slot.State == v1alpha1.SlotInGrace) {
		item.Level = concern.Warning
	}
	a.both(x).put(item)
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
		if slot.HeldOn == "" && slot.Due < reviews.OverdueSince {
			due = slot.Due
		}
	}
	return due
}

// openItems adds the actions, commitments and deliverables that are not done.
func (a *Agenda) openItems(x *v1alpha1.JointPlan) {
	for _, open := range x.Status.OpenItems {
		item := Item{Due: open.Due, Level: concern.Note}
		if open.State == "Overdue" {
			item.Level = concern.Warning
		}
		text, person := a.described(x, open)
		item.What = fmt.Sprintf("%s %s", verbOf(open.Kind), open.Name)
		item.Why = text
		desk := a.of(x, open.Party, person)
		if open.Role != "" {
			desk.who, desk.people = fmt.Sprintf("%s (%s)", open.Party, open.Role), nil
		}
		desk.put(item)
	}
}

func verbOf(kind string) string {
	switch kind {
	case "Action":
		return "Do the action"
	case "Commitment":
		return "Keep the commitment"
	case "Confirmation":
		return "Confirm or dispute the record"
	case "Dispute":
		return "Resolve the dispute about the record"
	default:
		return "Deliver"
	}
}

// described returns what a plan says of an open item, and the person who answers for it.
func (a *Agenda) described(x *v1alpha1.JointPlan, open v1alpha1.OpenItem) (text, person string) {
	switch open.Kind {
	case "Action":
		return a.describedAction(x, open)
	case "Confirmation", "Dispute":
		if review := a.review(x, string(open.Name)); review != nil {
			if stands := meta.FindStatusCondition(review.Status.Conditions, v1alpha1.ConditionCounts); stands != nil {
				return stands.Message, ""
			}
		}
	case "Commitment":
		for _, commitment := range x.Spec.Commitments {
			if string(commitment.Name) == string(open.Name) {
				return printable.Line(string(commitment.Description)), ""
			}
		}
	default:
		for _, goal := range x.Spec.Goals {
			if string(goal.Name) == string(open.Name) {
				return printable.Line(string(goal.Deliverable)), ""
			}
		}
	}
	return "", ""
}

// describedAction returns what the review that decided on an action says of it, and its owner.
func (a *Agenda) describedAction(x *v1alpha1.JointPlan, open v1alpha1.OpenItem) (text, person string) {
	name, action, _ := strings.Cut(string(open.Name), "/")
	review := a.review(x, name)
	if review == nil {
		return "", ""
	}
	for i := range review.Spec.Actions {
		one := &review.Spec.Actions[i]
		if string(one.Name) != action {
			continue
		}
		if text = printable.Line(string(one.Description)); text != "" {
			text += "; "
		}
		return text + "decided in the meeting of " + string(review.Spec.HeldOn), string(one.Owner)
	}
	return "", ""
}

// review returns a record of a meeting about a plan; nil when it is missing.
func (a *Agenda) review(x *v1alpha1.JointPlan, name string) *v1alpha1.PlanReview {
	review, ok := a.index.Get(manifest.Key{Kind: kinds.PlanReview, Namespace: x.Namespace, Name: name}).(*v1alpha1.PlanReview)
	if !ok {
		return nil
	}
	return review
}
