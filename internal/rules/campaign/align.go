package campaign

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// judgeAlignment sets Aligned: the campaign carries out an activity of the plan of record and serves an initiative that is in force while it
// runs. Days outside the plan's are a finding only: they do not change what the campaign is for.
func (e *evaluation) judgeAlignment() {
	const kind = v1alpha1.ConditionAligned
	unknown := e.unknownInitiatives()
	if e.recordLost {
		e.conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated, fmt.Sprintf(
			"not judged: the content of the approved revision of plan %q is kept nowhere; its parties must approve the plan anew", e.plan.Name))
		return
	}
	if e.record == nil {
		e.conditions.False(kind, v1alpha1.ReasonPlanNotApproved, fmt.Sprintf(
			"plan %q has no plan of record: it is aligned once every party has approved the plan", e.plan.Name))
		return
	}
	activity := activityNamed(e.record, e.spec.Activity)
	if activity == nil {
		e.conditions.False(kind, v1alpha1.ReasonNotInPlan, e.notInPlan())
		return
	}
	e.checkDays(activity)
	if activity.Type != e.spec.Type {
		message := fmt.Sprintf("the campaign is a %s, but activity %q of the plan of record is a %s: write that type, or amend the plan",
			e.spec.Type, activity.Name, activity.Type)
		e.findings.Warningf(RuleActivityTypeDiffers, "spec.type", "%s", message)
		e.conditions.False(kind, v1alpha1.ReasonNotInPlan, message)
		return
	}
	if e.schedule == nil {
		e.conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated, "not judged: correct spec.schedule as the findings say")
		return
	}
	e.judgeInitiatives(activity, unknown)
}

// judgeInitiatives sets Aligned by the initiatives: the campaign's own, or those of its activity.
func (e *evaluation) judgeInitiatives(activity *v1alpha1.PlannedActivity, unknown []string) {
	const kind = v1alpha1.ConditionAligned
	names := e.spec.Initiatives
	if len(names) == 0 {
		names = activity.Initiatives
	}
	var serves, past []string
	for _, name := range names {
		switch initiative := e.prog.Initiative(name); {
		case initiative == nil:
		case program.InForce(initiative, e.schedule.runs):
			serves = append(serves, string(name))
		default:
			past = append(past, string(name))
		}
	}
	slices.Sort(serves)
	slices.Sort(past)
	switch {
	case len(serves) > 0:
		e.conditions.True(kind, v1alpha1.ReasonAligned, fmt.Sprintf(
			"carries out activity %q of the plan of record and serves %s", activity.Name, strings.Join(serves, ", ")))
	case len(past) > 0:
		e.conditions.False(kind, v1alpha1.ReasonNotAligned, fmt.Sprintf(
			"none of its initiatives (%s) is in force from %s through %s: name one of the program's that is",
			strings.Join(past, ", "), e.schedule.runs.From, e.schedule.runs.Through))
	case len(unknown) > 0:
		e.conditions.False(kind, v1alpha1.ReasonNotAligned, fmt.Sprintf(
			"the program has none of its initiatives (%s): name one of the program's", strings.Join(unknown, ", ")))
	default:
		e.conditions.False(kind, v1alpha1.ReasonNotAligned, fmt.Sprintf(
			"neither the campaign nor activity %q of the plan names an initiative of the program: name one in spec.initiatives", activity.Name))
	}
}

// initiatives returns the program's initiatives that the campaign serves, in force or not: its own or else those of its activity; sorted.
func (e *evaluation) initiatives() []v1alpha1.Name {
	names := e.spec.Initiatives
	if activity := activityNamed(e.terms(), e.spec.Activity); len(names) == 0 && activity != nil {
		names = activity.Initiatives
	}
	return known(e.prog, names)
}

// known returns those of some initiatives that a program has, sorted.
func known(prog *program.Program, names []v1alpha1.Name) []v1alpha1.Name {
	var has []v1alpha1.Name
	for _, name := range names {
		if prog.Initiative(name) != nil {
			has = append(has, name)
		}
	}
	slices.Sort(has)
	return slices.Compact(has)
}

// unknownInitiatives returns the campaign's own initiatives that the program does not have, sorted, each with a finding. Those of the plan's
// activity are the plan's to correct.
func (e *evaluation) unknownInitiatives() []string {
	var unknown []string
	for _, name := range e.spec.Initiatives {
		if e.prog.Initiative(name) == nil {
			unknown = append(unknown, string(name))
			e.findings.Errorf(RuleInitiativeUnknown, fmt.Sprintf("spec.initiatives[%s]", name), "the program has %s",
				verdict.NoSuch("initiative", string(name), e.prog.InitiativeNames()))
		}
	}
	slices.Sort(unknown)
	return unknown
}

// notInPlan says why the campaign carries out no activity of the plan of record.
func (e *evaluation) notInPlan() string {
	name, names := e.spec.Activity, activityNames(e.record)
	near := verdict.Nearest(string(name), names)
	switch {
	case name == "" && len(names) == 0:
		return "the campaign names no activity and the plan of record has none: add it to the plan and name it in spec.activity"
	case name == "":
		return fmt.Sprintf("the campaign names no activity of the plan: name one in spec.activity (the plan of record has %s)", listed(names))
	case activityNamed(&e.plan.Spec.PlanTerms, name) != nil:
		return fmt.Sprintf("activity %q is in the amendment of plan %q, not in the plan of record: it counts once every party has approved the amendment",
			name, e.plan.Name)
	case near != "":
		return fmt.Sprintf("the plan of record has no activity %q: did you mean %q?", name, near)
	default:
		return fmt.Sprintf("the plan of record has no activity %q: name one that it has, or amend the plan", name)
	}
}

// checkDays finds a campaign that runs on days outside those of its activity in the plan.
func (e *evaluation) checkDays(activity *v1alpha1.PlannedActivity) {
	period, err := e.prog.Calendar.Period(e.record.Period)
	if err != nil || e.schedule == nil {
		return
	}
	allowed := period
	if from, err := fiscal.ParseDay(activity.From); err == nil {
		allowed.From = max(allowed.From, from)
	}
	if through, err := fiscal.ParseDay(activity.Through); err == nil {
		allowed.Through = min(allowed.Through, through)
	}
	if !allowed.Covers(e.schedule.runs) {
		e.findings.Warningf(RuleScheduleOutsidePlan, "spec.schedule",
			"runs from %s through %s, but the plan has activity %q from %s through %s: move the campaign, or amend the plan",
			e.schedule.runs.From, e.schedule.runs.Through, activity.Name, allowed.From, allowed.Through)
	}
}

func activityNamed(terms *v1alpha1.PlanTerms, name v1alpha1.Name) *v1alpha1.PlannedActivity {
	for i := range terms.Activities {
		if terms.Activities[i].Name == name && name != "" {
			return &terms.Activities[i]
		}
	}
	return nil
}

func activityNames(terms *v1alpha1.PlanTerms) []string {
	names := make([]string, 0, len(terms.Activities))
	for i := range terms.Activities {
		names = append(names, string(terms.Activities[i].Name))
	}
	slices.Sort(names)
	return names
}

// listed lists the first of sorted names.
func listed(names []string) string {
	const most = 5
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
