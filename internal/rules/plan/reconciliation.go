package plan

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/verdict"
)

// fieldReconciliation is the field that findings about the reconciliation name.
const fieldReconciliation = "status.reconciliation"

// reconcileWithin returns within how many days after its last results are due a plan is reconciled; absent when no reconciliation is owed.
func (g ground) reconcileWithin() *int32 {
	if g.rules == nil || g.rules.Reviews == nil {
		return nil
	}
	return g.rules.Reviews.ReconcileWithinDays
}

// needs returns what a plan with some terms asks of its meetings, by the tier that the partner held on the first day of the period.
func (g ground) needs(tier heldTier, terms *v1alpha1.PlanTerms) meeting.Needs {
	needs := meeting.Needs{Tier: tier.name}
	if planning := tier.planning(); planning != nil {
		needs.KickOff, needs.Review = planning.KickOffFunctions, planning.ReviewFunctions
	}
	if g.reconcileWithin() != nil {
		needs.Ends = g.span.Through
		for i := range terms.Goals {
			needs.Goals = append(needs.Goals, terms.Goals[i].Name)
		}
	}
	return needs
}

// reconciliation is how the reconciliation of a plan stands on a day.
type reconciliation struct {
	due     fiscal.Day
	held    *occasion      // the first that counts; nil when none does
	waits   *occasion      // recorded by the partner, and still to be answered
	vain    *occasion      // the last one that does not count, and waits for no answer
	stops   []meeting.Stop // in which its clock stands still
	ladder  []v1alpha1.EscalationStep
	overdue fiscal.Day // the first day on which it is
}

// judgeReconciliation judges the reconciliation, if the plan's last results are due on a day.
func (e *evaluation) judgeReconciliation(resultsDue fiscal.Day) (*v1alpha1.ReconciliationStatus, verdict.Judgement) {
	within := e.ground.reconcileWithin()
	switch {
	case within == nil:
		return nil, verdict.False(v1alpha1.ReasonNoReconciliationOwed, "rule set %q asks for no reconciliation", e.ground.rules.Name)
	case !e.inForce():
		return nil, verdict.False(v1alpha1.ReasonNoReconciliationOwed, "no reconciliation is owed until the plan is approved")
	}
	r := e.readReconciliation(fiscal.Latest(e.ground.span.Through, resultsDue).AddDays(int(*within)))
	promise := Promise{Kind: kindReconciliation, Name: v1alpha1.ItemName(e.plan.Name), Due: r.overdue.AddDays(-1)}
	if r.held != nil {
		promise.Due, promise.DoneOn = r.due, r.held.HeldOn
	}
	for _, party := range bothParties {
		promise.Party = party
		e.promise(promise)
	}
	state := r.state(e.today)
	return r.status(state, e.today), r.judge(e, state)
}

// readReconciliation reads the records of reconciliations of a plan that has to be reconciled by a day.
func (e *evaluation) readReconciliation(due fiscal.Day) *reconciliation {
	r := &reconciliation{due: due, ladder: ladder(e.ground.rules, v1alpha1.EscalateReconciliation)}
	stopped := false
	for _, o := range e.meetings {
		if o.Spec.Occasion != v1alpha1.OccasionReconciliation || !o.Known {
			continue
		}
		if o.Flaw == nil {
			o.closes = o.Counts() || o.Open()
			if stop, stops := o.Stops(); stops && !stopped {
				r.stops, stopped = append(r.stops, stop), true // the first record stops the clock; another one, after a dispute, does not
			}
		}
		r.take(o)
	}
	r.overdue = meeting.Shift(due.AddDays(1), r.stops)
	if r.held == nil {
		for _, day := range []fiscal.Day{r.due.AddDays(1), r.overdue} {
			e.from(day)
		}
		for _, stop := range r.stops {
			e.from(stop.Through.AddDays(1))
		}
		for i := range r.ladder {
			e.from(r.reached(&r.ladder[i]))
		}
	}
	return r
}

// take takes a record for the reconciliation, for one that waits for its answer, or for one in vain. Of those that count the first meeting is it.
func (r *reconciliation) take(o *occasion) {
	switch {
	case o.Flaw == nil && o.Counts():
		if r.held == nil || o.HeldOn < r.held.HeldOn {
			r.held = o
		}
	case o.Flaw == nil && o.Awaited():
		if r.waits == nil {
			r.waits = o
		}
	default:
		r.vain = o
	}
}

// reached is the first day of a step of the escalation.
func (r *reconciliation) reached(step *v1alpha1.EscalationStep) fiscal.Day {
	return meeting.Shift(r.due.AddDays(int(step.AfterDays)+1), r.stops)
}

// state says how the reconciliation stands on a day. What is overdue stays so while a record waits for its answer.
func (r *reconciliation) state(today fiscal.Day) v1alpha1.ReconciliationState {
	switch {
	case r.held != nil:
		return v1alpha1.ReconciliationHeld
	case today >= r.overdue:
		return v1alpha1.ReconciliationOverdue
	case r.waits != nil:
		return v1alpha1.ReconciliationRecorded
	default:
		return v1alpha1.ReconciliationPending
	}
}

// escalation returns the highest step that is reached by a day, and the next one; nil for none.
func (r *reconciliation) escalation(today fiscal.Day) (current, next *v1alpha1.EscalationStep) {
	for i := range r.ladder {
		if today < r.reached(&r.ladder[i]) {
			return current, &r.ladder[i]
		}
		current = &r.ladder[i]
	}
	return current, nil
}

// by is the record by which it is held or recorded; nil when there is none.
func (r *reconciliation) by() *occasion {
	if r.held != nil {
		return r.held
	}
	return r.waits
}

func (r *reconciliation) status(state v1alpha1.ReconciliationState, today fiscal.Day) *v1alpha1.ReconciliationStatus {
	status := &v1alpha1.ReconciliationStatus{Due: r.due.Date(), State: state}
	if o := r.by(); o != nil {
		status.HeldOn, status.Record = o.HeldOn.Date(), v1alpha1.Name(o.Name)
		status.Confirmation, status.ConfirmedOn = o.Confirmation, o.Since.Date()
	}
	if late := r.daysLate(); late > 0 {
		status.DaysLate = new(int32(late)) //nolint:gosec // days between two days fit
	}
	if state != v1alpha1.ReconciliationOverdue {
		return status
	}
	status.OverdueSince = r.overdue.Date()
	if step, _ := r.escalation(today); step != nil {
		status.EscalatedTo, status.EscalatedSince = step.To, r.reached(step).Date()
	}
	return status
}

// daysLate is by how many days it was held late, 0 when it was not.
func (r *reconciliation) daysLate() int {
	if r.held == nil || r.held.HeldOn <= r.due {
		return 0
	}
	return r.held.HeldOn.Sub(r.due)
}

// remedyReconciliation is what to do about a reconciliation that is owed.
const remedyReconciliation = "both parties hold it and record it in a PlanReview of occasion Reconciliation, which says of each goal whether it was realistic " +
	"and what was accomplished"

// judge returns the condition ReconciliationOverdue and notes the finding that goes with it.
func (r *reconciliation) judge(e *evaluation, state v1alpha1.ReconciliationState) verdict.Judgement {
	switch state {
	case v1alpha1.ReconciliationHeld:
		message := fmt.Sprintf("the plan was reconciled on %s (PlanReview %q)", r.held.HeldOn, r.held.Name)
		if late := r.daysLate(); late > 0 {
			message += fmt.Sprintf(", %s late: it was due by %s", verdict.Count(late, "day"), r.due)
		}
		return verdict.False(v1alpha1.ReasonReconciled, "%s", message)
	case v1alpha1.ReconciliationRecorded:
		return verdict.False(v1alpha1.ReasonAwaitingConfirmation, "the reconciliation, due by %s, was held on %s, and the partner recorded it on %s; %s",
			r.due, r.waits.HeldOn, r.waits.RecordedOn, r.waits.Waits())
	case v1alpha1.ReconciliationPending:
		return verdict.False(v1alpha1.ReasonUpToDate, "the reconciliation is due by %s and can be held from %s on: %s%s",
			r.due, e.ground.span.Through.AddDays(1), remedyReconciliation, r.vainly())
	default:
		return r.judgeOverdue(e)
	}
}

func (r *reconciliation) judgeOverdue(e *evaluation) verdict.Judgement {
	reason := v1alpha1.ReasonOverdue
	parts := []string{fmt.Sprintf("the reconciliation due by %s was not held: overdue since %s", r.due, r.overdue)}
	step, next := r.escalation(e.today)
	if step != nil {
		reason = v1alpha1.ReasonEscalated
		parts = append(parts, fmt.Sprintf("escalated to the %s on %s", step.To, r.reached(step)))
	}
	if next != nil {
		parts = append(parts, fmt.Sprintf("it escalates to the %s on %s", next.To, r.reached(next)))
	}
	if r.waits != nil {
		parts = append(parts, fmt.Sprintf("the partner recorded on %s that it was held on %s; %s", r.waits.RecordedOn, r.waits.HeldOn, r.waits.Waits()))
	} else {
		parts = append(parts, remedyReconciliation+": until then the plan is not closed"+r.vainly())
	}
	message := strings.Join(parts, "; ")
	e.findings.Warningf(RuleReconciliationOverdue, fieldReconciliation, "%s", message)
	return verdict.True(reason, "%s", message)
}

// vainly says why a record does not help, behind other clauses.
func (r *reconciliation) vainly() string {
	if r.vain == nil {
		return ""
	}
	why := r.vain.Judge().Message
	if r.vain.Flaw != nil {
		why = fmt.Sprintf("PlanReview %q %s", r.vain.Name, why)
	}
	return "; " + why
}

// checkNames notes functions that the program does not name, and goals that the plan does not have.
func (e *evaluation) checkNames(o *occasion, findings *verdict.Findings) {
	if !o.Known {
		return
	}
	if known := e.functions(); len(known) > 0 {
		for i := range o.Spec.Attendees {
			for _, function := range o.Spec.Attendees[i].Functions {
				if !slices.Contains(known, string(function)) {
					findings.Infof(RuleFunctionUnknown, "spec.attendees", "rule set %q has %s", e.ground.rules.Name, verdict.NoSuch("function", string(function), known))
				}
			}
		}
	}
	names := map[string]bool{}
	for _, terms := range []*v1alpha1.PlanTerms{e.terms, &e.plan.Spec.PlanTerms} {
		for i := range terms.Goals {
			names[string(terms.Goals[i].Name)] = true
		}
	}
	for i := range o.Spec.Goals {
		if name := string(o.Spec.Goals[i].Goal); !names[name] {
			findings.Warningf(RuleGoalNotInPlan, item("spec.goals", o.Spec.Goals[i].Goal), "the plan has %s", verdict.NoSuch("goal", name, sortedKeys(names)))
		}
	}
}

// functions returns the functions that the tiers of the rule set name, in order.
func (e *evaluation) functions() []string {
	names := map[string]bool{}
	for i := range e.ground.rules.Tiers {
		planning := e.ground.rules.Tiers[i].Planning
		if planning == nil {
			continue
		}
		for _, wanted := range []*v1alpha1.MeetingFunctions{planning.KickOffFunctions, planning.ReviewFunctions} {
			if wanted == nil {
				continue
			}
			for _, function := range slices.Concat(wanted.Vendor, wanted.Partner) {
				names[string(function)] = true
			}
		}
	}
	return sortedKeys(names)
}
