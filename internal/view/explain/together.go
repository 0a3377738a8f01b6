package explain

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/concern"
)

// planning says in whose hands the plan was, for how many days.
func (b *builder) planning(x *v1alpha1.JointPlan) {
	if x.Status.PlanningDays != nil {
		b.factf("Planning", "%s from submission to approval", verdict.Count(*x.Status.PlanningDays, "day"))
	}
	var all []Verdict
	for i := range x.Status.Timeline {
		step := &x.Status.Timeline[i]
		v := Verdict{Rule: strings.ToLower(string(step.Step)), Verdict: string(step.InHandsOf), Level: concern.Fine}
		if step.From != "" {
			v.AsOf = "from " + string(step.From)
		}
		switch {
		case step.Through == "":
			v.Level = concern.Note
		case step.From == "":
			v.AsOf = "through " + string(step.Through)
		default:
			v.AsOf = fmt.Sprintf("%s to %s", step.From, step.Through)
		}
		if step.Days != nil {
			v.Found = verdict.Count(*step.Days, "day")
		}
		if step.Due != "" {
			v.Threshold = "by " + string(step.Due)
		}
		if step.DaysLate != nil {
			v.Shortfall, v.Level = verdict.Count(*step.DaysLate, "day")+" late", concern.Warning
		}
		all = append(all, v)
	}
	if today, err := fiscal.ParseDay(b.today); err == nil && len(x.Status.Timeline) > 1 {
		text := "the vendor for " + verdict.Count(plan.InHands(x.Status.Timeline, v1alpha1.PartyVendor, today), "day")
		if slices.ContainsFunc(x.Status.Timeline, func(s v1alpha1.PlanningStep) bool { return s.Step == v1alpha1.PhaseResubmit }) {
			text += ", the partner for " + verdict.Count(plan.InHands(x.Status.Timeline, v1alpha1.PartyPartner, today), "day")
		}
		b.factf("In the hands of", "%s, since the first submission", text)
	}
	b.section("In whose hands", all)
}

// promised sets what each party promised beside what the other did.
func promised(x *v1alpha1.JointPlan) []Verdict {
	var all []Verdict
	for i := range x.Status.Parties {
		p := &x.Status.Parties[i]
		v := Verdict{
			Rule: string(p.Party), Verdict: "nothing due yet", Level: concern.Fine,
			Threshold: fmt.Sprintf("%d due", p.Due), Found: fmt.Sprintf("%d kept", p.Kept), AsOf: fmt.Sprintf("%d not due yet", p.Open),
		}
		if p.Percent != nil {
			v.Verdict = fmt.Sprintf("%d%% kept", *p.Percent)
		}
		var missed []string
		if p.Late > 0 {
			missed = append(missed, fmt.Sprintf("%d late", p.Late))
		}
		if p.Overdue > 0 {
			missed, v.Level = append(missed, fmt.Sprintf("%d overdue", p.Overdue)), concern.Warning
		}
		v.Shortfall = strings.Join(missed, ", ")
		all = append(all, v)
	}
	return all
}

// reconciliation says how the reconciliation stands.
func reconciliation(x *v1alpha1.JointPlan) []Verdict {
	r := x.Status.Reconciliation
	if r == nil {
		return nil
	}
	v := Verdict{Rule: "reconciliation", Verdict: string(r.State), Level: levelOf(string(r.State)), Threshold: "by " + string(r.Due), Source: string(r.Record)}
	if r.HeldOn != "" {
		v.Found = "held on " + string(r.HeldOn)
	}
	if r.DaysLate != nil {
		v.Shortfall = verdict.Count(*r.DaysLate, "day") + " late"
	}
	switch {
	case r.EscalatedTo != "":
		v.Message = fmt.Sprintf("escalated to the %s on %s", r.EscalatedTo, r.EscalatedSince)
	case r.Confirmation != "":
		v.Message = strings.ToLower(string(r.Confirmation))
		if r.ConfirmedOn != "" {
			v.Message += " on " + string(r.ConfirmedOn)
		}
	}
	return []Verdict{v}
}

// lastMeeting tells what the last meeting about the plan that counts said: its outcome, of each goal, what stood in the way, what was learned, and when the
// next one is.
func (b *builder) lastMeeting(x *v1alpha1.JointPlan) {
	var last *v1alpha1.PlanReview
	for _, child := range b.index.Children(manifest.KeyOf(x)) {
		r, ok := child.(*v1alpha1.PlanReview)
		if !ok || r.Spec.Occasion == v1alpha1.OccasionKickOff || !meta.IsStatusConditionTrue(r.Status.Conditions, v1alpha1.ConditionCounts) {
			continue
		}
		if last == nil || r.Spec.HeldOn > last.Spec.HeldOn || r.Spec.HeldOn == last.Spec.HeldOn && r.Name < last.Name {
			last = r
		}
	}
	if last == nil {
		return
	}
	all := []Verdict{{
		Rule: strings.ToLower(string(last.Spec.Occasion)), Verdict: string(last.Spec.Outcome), Level: levelOf(string(last.Spec.Outcome)),
		AsOf: string(last.Spec.HeldOn), Source: last.Name,
	}}
	for i := range last.Spec.Goals {
		all = append(all, outcomeOf(&last.Spec.Goals[i]))
	}
	for _, text := range last.Spec.Obstacles {
		all = append(all, Verdict{Rule: "obstacle", Verdict: "-", Level: concern.Fine, Found: string(text)})
	}
	for _, text := range last.Spec.Lessons {
		all = append(all, Verdict{Rule: "lesson", Verdict: "-", Level: concern.Fine, Found: string(text)})
	}
	b.section("Last meeting", all)
	b.aheadf(last.Spec.NextReviewOn, "next meeting, as agreed on in the last one")
}

// outcomeOf says what a meeting said of a goal.
func outcomeOf(g *v1alpha1.GoalOutcome) Verdict {
	v := Verdict{Rule: "goal " + string(g.Goal), Verdict: string(g.Realistic), Level: concern.Fine}
	said := slices.DeleteFunc([]string{string(g.Accomplished), string(g.Note)}, func(text string) bool { return text == "" })
	v.Found = strings.Join(said, ": ")
	if g.Accomplished == v1alpha1.GoalMissed {
		v.Level = concern.Warning
	}
	return v
}

// outcome says what a meeting found.
func (b *builder) outcome(x *v1alpha1.PlanReview) {
	b.factf("Outcome", "%s", x.Spec.Outcome)
	b.factf("Next meeting", "%s", x.Spec.NextReviewOn)
	b.factf("Obstacles", "%s", strings.Join(texts(x.Spec.Obstacles), "; "))
	b.factf("Lessons", "%s", strings.Join(texts(x.Spec.Lessons), "; "))
	var all []Verdict
	for i := range x.Spec.Goals {
		all = append(all, outcomeOf(&x.Spec.Goals[i]))
	}
	b.section("Goals, as the meeting saw them", all)
}

// texts returns the elements of a list as texts.
func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, x := range list {
		all[i] = string(x)
	}
	return all
}
