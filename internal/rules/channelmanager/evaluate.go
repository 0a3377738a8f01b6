package channelmanager

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxPeriods is the number of periods that a status shows.
const maxPeriods = 8

// Input is what the evidence about a manager rests on.
type Input struct {
	// Manager is the manager.
	Manager *v1alpha1.ChannelManager
	// Program is the program that its spec names; nil when there is none.
	Program *program.Program
	// Programs are the names of all programs, to suggest one.
	Programs []string
	// Policy is what the program says about managers; nil when it keeps no evidence about them.
	Policy *v1alpha1.ManagerPolicy
	// Sums are the facts about the partners of the program that name the manager.
	Sums Sums
	// Now is the instant.
	Now time.Time
}

// Evaluate returns the evidence about a manager at an instant, and the next instant at which it may differ although no spec and no status that it adds up
// does (zero: never).
func Evaluate(in *Input) (v1alpha1.ChannelManagerStatus, time.Time) {
	e := evaluation{Input: in, horizon: verdict.NewHorizon(in.Now)}
	conditions := verdict.NewConditions(in.Manager.Status.Conditions, in.Manager.Generation, in.Now)
	status := v1alpha1.ChannelManagerStatus{}
	name := string(in.Manager.Spec.ProgramRef.Name)
	switch {
	case in.Program == nil:
		e.findings.Errorf(verdict.RuleReferenceNotFound, "spec.programRef.name", "%s", verdict.NotFound(kinds.PartnerProgram, name, in.Programs))
		conditions.Readiness(&e.findings)
	case in.Policy == nil:
		conditions.True(v1alpha1.ConditionReady, v1alpha1.ReasonManagersOff, fmt.Sprintf("program %s keeps no evidence about channel managers: nothing is computed "+
			"or kept about this one. To switch it on, set spec.managers of ChannelStrategy %s", name, name))
	default:
		status.Partners, status.Periods = new(int32(in.Sums.Partners)), e.periods() //nolint:gosec // partners fit
		conditions.Readiness(&e.findings)
	}
	status.ObservedGeneration = in.Manager.Generation
	status.Conditions, status.Findings = conditions.List(), e.findings.List()
	return status, e.horizon.Next()
}

// evaluation is one evaluation under way.
type evaluation struct {
	*Input

	findings verdict.Findings
	horizon  *verdict.Horizon
	today    fiscal.Day
	goals    map[fiscal.Span][]goal
}

// goal is one of the manager's own goals.
type goal struct {
	due, done fiscal.Day // done is absent while it is not
	weight    *big.Rat
}

// periods returns the evidence by period, of those that have begun, newest first.
func (e *evaluation) periods() []v1alpha1.ManagerPeriod {
	calendar, unit := e.Program.Calendar, unitOf(e.Policy)
	e.today = calendar.Today(e.Now)
	current := calendar.PeriodContaining(unit, e.today)
	e.horizon.At(calendar.EndOf(current.Through))
	e.readGoals(unit)
	spans := map[fiscal.Span]bool{current: true}
	for span := range e.Sums.Periods {
		spans[span] = true
	}
	for span := range e.goals {
		spans[span] = true
	}
	var begun []fiscal.Span
	for span := range spans {
		if span.From <= e.today {
			begun = append(begun, span)
		}
	}
	slices.SortFunc(begun, func(a, b fiscal.Span) int {
		return cmp.Or(-cmp.Compare(a.From, b.From), -cmp.Compare(a.Through, b.Through))
	})
	var list []v1alpha1.ManagerPeriod
	for _, span := range begun[:min(len(begun), maxPeriods)] {
		list = append(list, e.period(span))
	}
	return list
}

// readGoals reads the manager's own goals, by the period in which they are due.
func (e *evaluation) readGoals(unit fiscal.Unit) {
	e.goals = map[fiscal.Span][]goal{}
	for i := range e.Manager.Spec.Goals {
		spec := &e.Manager.Spec.Goals[i]
		field := fmt.Sprintf("spec.goals[%s]", spec.Name)
		due, err := fiscal.ParseDay(spec.Due)
		if err != nil {
			e.findings.Errorf(RuleManagerDateInvalid, field+".due", "%s", err)
			continue
		}
		g := goal{due: due, weight: big.NewRat(1, 1)}
		if weight, err := decimal.ParsePercent(spec.WeightPercent); err == nil {
			g.weight = weight
		}
		switch done, err := fiscal.ParseDay(spec.DoneOn); {
		case spec.DoneOn == "":
		case err != nil:
			e.findings.Errorf(RuleManagerDateInvalid, field+".doneOn", "%s", err)
		case done > e.today:
			e.horizon.At(e.Program.Calendar.StartOf(done))
			e.findings.Warningf(RuleManagerGoalInFuture, field+".doneOn", "%s is in the future: the goal counts as done from that day on", done)
		default:
			g.done = done
		}
		if g.done.IsZero() && e.today <= due {
			e.horizon.At(e.Program.Calendar.EndOf(due))
		}
		span := e.Program.Calendar.PeriodContaining(unit, due)
		e.goals[span] = append(e.goals[span], g)
	}
}

// period returns the evidence of a period.
func (e *evaluation) period(span fiscal.Span) v1alpha1.ManagerPeriod {
	f := e.Sums.Periods[span]
	for day := range f.Awaited {
		if e.today <= day {
			e.horizon.At(e.Program.Calendar.EndOf(day))
		}
	}
	p := v1alpha1.ManagerPeriod{
		Period: e.Program.Calendar.Label(span), From: span.From.Date(), Through: span.Through.Date(),
		Partners: count(f.Partners), Owed: count(f.Owed), Created: count(f.Created), CreatedInTime: count(f.CreatedInTime),
		Approved: count(f.Approved), ApprovedInTime: count(f.ApprovedInTime), Plans: count(f.Plans), Scored: count(f.Scored), LateDecisions: count(f.LateDecisions),
	}
	if f.Slots > 0 {
		decided := f.InTime + f.Late + f.Missed
		p.Reviews = &v1alpha1.ManagerReviews{
			Slots: count(f.Slots), Decided: count(decided), InTime: count(f.InTime), Late: count(f.Late), Missed: count(f.Missed), ToCome: count(f.Slots - decided),
		}
	}
	if f.Reconciled > 0 {
		p.Reconciled = &v1alpha1.ManagerReconciliations{
			Owed: count(f.Reconciled), InTime: count(f.ReconciledInTime), Late: count(f.ReconciledLate),
			Open: count(f.Reconciled - f.ReconciledInTime - f.ReconciledLate),
		}
	}
	if f.Scored > 0 {
		p.AttainmentPercent = new(decimal.FloorInt32(mean(f.Score, f.Scored)))
	}
	if f.Paying > 0 {
		p.LatePayments = new(count(f.LatePayments))
	}
	p.Goals = countGoals(e.goals[span])
	if asked := gateOn(e.Policy, span.From); asked != nil {
		p.Gate = e.gate(asked, span, &f)
	}
	return p
}

func countGoals(goals []goal) *v1alpha1.ManagerGoals {
	if len(goals) == 0 {
		return nil
	}
	counted := &v1alpha1.ManagerGoals{Due: count(len(goals))}
	for i := range goals {
		if goals[i].done.IsZero() {
			continue
		}
		counted.Done++
		if goals[i].done <= goals[i].due {
			counted.DoneInTime++
		}
	}
	return counted
}

// count writes a count for a status.
func count(n int) int32 { return int32(min(max(n, 0), 1<<31-1)) }

// mean returns the mean of a sum in millionths of a percent, in percent.
func mean(sum int64, n int) *big.Rat { return big.NewRat(sum, int64(n)*million) }
