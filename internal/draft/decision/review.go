package decision

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// reviewSubject is the record of a meeting that is confirmed or disputed, or about which a dispute is resolved.
type reviewSubject struct {
	setting

	review  *v1alpha1.PlanReview
	outcome v1alpha1.DecisionOutcome
}

func (s *reviewSubject) key() manifest.Key {
	return manifest.Key{Kind: kinds.PlanReview, Namespace: s.review.Namespace, Name: s.review.Name}
}

func (s *reviewSubject) status() *v1alpha1.CommonStatus { return &s.review.Status.CommonStatus }

func (s *reviewSubject) revision() (stated, actual string) {
	return s.review.Status.Revision, meeting.Revision(&s.review.Spec)
}

func (s *reviewSubject) open() error { return nil }

// resolves reports whether a decision resolves a dispute.
func resolves(outcome v1alpha1.DecisionOutcome) bool {
	return outcome == v1alpha1.DecisionUpheld || outcome == v1alpha1.DecisionDismissed
}

// asked is the party that did not record the meeting; a dispute is resolved for the vendor, whose program says by whom.
func (s *reviewSubject) asked() (parties []v1alpha1.Party, missing int) {
	if resolves(s.outcome) || s.review.Spec.Party == v1alpha1.PartyPartner {
		return []v1alpha1.Party{v1alpha1.PartyVendor}, 1
	}
	return []v1alpha1.Party{v1alpha1.PartyPartner}, 1
}

func (s *reviewSubject) currency() (v1alpha1.CurrencyCode, *v1alpha1.Money) { return "", nil }

func (s *reviewSubject) repeated(*v1alpha1.ApprovalDecisionSpec) error { return nil }

func (s *reviewSubject) terms(time.Time) []Term {
	spec := &s.review.Spec
	list := []Term{
		termf("Plan", "%s", spec.PlanRef.Name),
		termf("Occasion", "%s, held on %s", spec.Occasion, spec.HeldOn),
		termf("Recorded", "%s by %s for the %s", spec.RecordedTime.UTC().Format(time.DateOnly), spec.RecordedBy, spec.Party),
	}
	if spec.Outcome != "" {
		list = append(list, termf("Outcome", "%s", spec.Outcome))
	}
	list = append(list, termf("Attendees", ""))
	for _, one := range spec.Attendees {
		list = append(list, entryf("%s of the %s%s", one.Name, one.Party, functionsOf(&one)))
	}
	if len(spec.Goals) > 0 {
		list = append(list, termf("Goals", ""))
	}
	for i := range spec.Goals {
		list = append(list, entryf("%s", goalOf(&spec.Goals[i])))
	}
	if len(spec.Obstacles) > 0 {
		list = append(list, termf("Obstacles", ""))
	}
	for _, one := range spec.Obstacles {
		list = append(list, entryf("%s", one))
	}
	if len(spec.Lessons) > 0 {
		list = append(list, termf("Lessons", ""))
	}
	for _, one := range spec.Lessons {
		list = append(list, entryf("%s", one))
	}
	if len(spec.Actions) > 0 {
		list = append(list, termf("Actions", ""))
	}
	for i := range spec.Actions {
		one := &spec.Actions[i]
		text := string(one.Name)
		if one.Description != "" {
			text += ": " + string(one.Description)
		}
		list = append(list, entryf("%s (%s%s, by %s)", text, one.Party, behind(one.Owner), one.Due))
	}
	if spec.NoActionsBecause != "" {
		list = append(list, termf("No actions", "%s", spec.NoActionsBecause))
	}
	list = append(list, s.attestedDecisions(s.key())...)
	if d := s.dispute(); d != nil {
		list = append(list, termf("Disputed", "by %s of the %s on %s: %s", d.Spec.ApprovedBy, d.Spec.Party, d.Spec.DecidedTime.UTC().Format(time.DateOnly), d.Spec.Comment))
	}
	return list
}

// functionsOf are a person's functions, behind the name.
func functionsOf(one *v1alpha1.Attendee) string {
	if len(one.Functions) == 0 {
		return ""
	}
	return ", as " + verdict.List(one.Functions)
}

// goalOf says in a line what a meeting said of a goal.
func goalOf(g *v1alpha1.GoalOutcome) string {
	text := string(g.Goal) + ": " + string(g.Realistic)
	if g.Accomplished != "" {
		text += ", " + string(g.Accomplished)
	}
	if g.Note != "" {
		text += " (" + string(g.Note) + ")"
	}
	return text
}

// behind is a text behind another one; nothing for none.
func behind(text v1alpha1.Person) string {
	if text == "" {
		return ""
	}
	return ", " + string(text)
}

// dispute returns the decision that disputes the record; nil when none does.
func (s *reviewSubject) dispute() *v1alpha1.ApprovalDecision {
	if s.review.Status.Dispute == nil {
		return nil
	}
	d, ok := preview.Find(s.objects, kinds.ApprovalDecision, s.namespace, string(s.review.Status.Dispute.Decision)).(*v1alpha1.ApprovalDecision)
	if !ok {
		return nil
	}
	return d
}

// warnings names people who must be others than the one who decides, and look like it.
func (s *reviewSubject) warnings(w *Wish) []string {
	others := []other{{s.review.Spec.RecordedBy, "recorded the meeting"}}
	if d := s.dispute(); d != nil && resolves(w.Outcome) {
		others = append(others, other{d.Spec.ApprovedBy, "disputes it"})
	}
	return lookAlike(others, w.By, "answers")
}

func (s *reviewSubject) effects(d *v1alpha1.ApprovalDecision, at time.Time) ([]string, error) {
	snap := preview.Snapshot(s.objects, s.review)
	of := snap.Plan(s.review.Spec.PlanRef.Name)
	if of == nil {
		return nil, nil // the rules are not at hand
	}
	partner := snap.Partner(of.Spec.PartnerRef.Name)
	if partner == nil || snap.Program(partner.Spec.ProgramRef.Name) == nil {
		return nil, nil
	}
	status, _ := decision.Evaluate(snap, d, at)
	if err := refusal(status); err != nil {
		return nil, err
	}
	after := preview.Snapshot(s.with(d), s.review)
	var list []string
	review, _ := plan.EvaluateReview(after, s.review, at)
	if c := condition(review.Conditions, v1alpha1.ConditionCounts); c != nil {
		what := "record"
		if review.Confirmation == v1alpha1.ConfirmationUpheld || review.Confirmation == v1alpha1.ConfirmationDismissed {
			what = "dispute"
		}
		list = append(list, fmt.Sprintf("The %s is then %s, and Counts is %s (%s): %s", what, review.Confirmation, c.Status, c.Reason, c.Message))
	}
	if c := condition(plan.Evaluate(after, of, at).Status.Conditions, v1alpha1.ConditionReviewOverdue); c != nil {
		list = append(list, fmt.Sprintf("Of the plan, ReviewOverdue is then %s (%s): %s", c.Status, c.Reason, c.Message))
	}
	return list, nil
}
