package channelmanager

import (
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxText is the limit that the API sets to the messages of a gate.
const maxText = 512

// share is what a criterion counts: how many of what is decided are good, and how many are still to come. More says why others may be added to them; empty
// when none can be.
type share struct {
	good, decided, toCome int
	noun                  string // what is counted, one of it
	did                   string // what was done with the good ones
	more                  string
}

// gate says whether the evidence of a period opens the gate of the bonus.
func (e *evaluation) gate(asked *v1alpha1.BonusGate, span fiscal.Span, f *Facts) *v1alpha1.ManagerGate {
	gate := &v1alpha1.ManagerGate{EffectiveFrom: asked.EffectiveFrom}
	open := e.today <= span.Through // plans can still be added
	growing := ""
	if open && f.Growing > 0 {
		growing = "the plans owed for the last part of the period are not known yet"
	}
	unapproved := growing
	if n := f.Owed - f.Approved; open && n > 0 {
		unapproved = fmt.Sprintf("%s not approved yet", verdict.Count(n, "owed plan")+map[bool]string{true: " is", false: " are"}[n == 1])
	}
	awaited := f.awaited(e.today)
	add := func(criterion v1alpha1.GateCriterion, percent v1alpha1.Percent, judge func(*big.Rat) v1alpha1.GateFigure) {
		least, err := decimal.ParsePercent(percent)
		if err != nil {
			return // absent; the schema refuses what is none
		}
		figure := judge(least)
		figure.Criterion, figure.Asked, figure.Message = criterion, percent, printable.Clip(figure.Message, maxText)
		gate.Criteria = append(gate.Criteria, figure)
	}
	add(v1alpha1.CriterionApprovedInTime, asked.MinApprovedInTimePercent, func(least *big.Rat) v1alpha1.GateFigure {
		return judgeShare(least, share{
			good: f.ApprovedInTime, decided: f.Owed - awaited, toCome: awaited, noun: "owed plan", did: "approved in time", more: growing,
		})
	})
	add(v1alpha1.CriterionReviewsInTime, asked.MinReviewsInTimePercent, func(least *big.Rat) v1alpha1.GateFigure {
		decided := f.InTime + f.Late + f.Missed
		return judgeShare(least, share{
			good: f.InTime, decided: decided, toCome: f.Slots - decided, noun: "review", did: "held in time", more: unapproved,
		})
	})
	add(v1alpha1.CriterionReconciled, asked.MinReconciledPercent, func(least *big.Rat) v1alpha1.GateFigure {
		decided := f.ReconciledInTime + f.ReconciledLate
		more := unapproved
		if n := f.Plans - f.Reconciled; n > 0 && more == "" {
			more = fmt.Sprintf("the reconciliation of %s is still to come", verdict.Count(n, "plan"))
		}
		return judgeShare(least, share{
			good: f.ReconciledInTime, decided: decided, toCome: f.Reconciled - decided, noun: "plan", did: "reconciled in time", more: more,
		})
	})
	add(v1alpha1.CriterionAttainment, asked.MinAttainmentPercent, func(least *big.Rat) v1alpha1.GateFigure { return judgeAttainment(least, f, unapproved) })
	add(v1alpha1.CriterionGoals, asked.MinGoalsPercent, func(least *big.Rat) v1alpha1.GateFigure { return e.judgeGoals(least, e.goals[span]) })
	if len(gate.Criteria) == 0 {
		return nil
	}
	gate.State, gate.Message = sum(gate.Criteria)
	gate.Message = printable.Clip(gate.Message, maxText)
	return gate
}

// words are what the criteria are called.
var words = map[v1alpha1.GateCriterion]string{
	v1alpha1.CriterionApprovedInTime: "plans approved in time", v1alpha1.CriterionReviewsInTime: "reviews held in time",
	v1alpha1.CriterionReconciled: "plans reconciled in time", v1alpha1.CriterionAttainment: "attainment", v1alpha1.CriterionGoals: "the manager's own goals",
}

// sum says what the criteria come to.
func sum(criteria []v1alpha1.GateFigure) (state v1alpha1.GateState, message string) {
	by := map[v1alpha1.GateState][]string{}
	for i := range criteria {
		by[criteria[i].State] = append(by[criteria[i].State], words[criteria[i].Criterion])
	}
	parts := []string{fmt.Sprintf("%d of %d reached", len(by[v1alpha1.GateOpen]), len(criteria))}
	for _, one := range []struct {
		state v1alpha1.GateState
		says  string
	}{{v1alpha1.GateCannotOpen, "out of reach"}, {v1alpha1.GateShut, "not reached yet"}, {v1alpha1.GateUnknown, "cannot be judged"}} {
		if names := by[one.state]; len(names) > 0 {
			parts = append(parts, one.says+": "+verdict.List(names))
		}
	}
	text := strings.Join(parts, "; ")
	switch {
	case len(by[v1alpha1.GateCannotOpen]) > 0:
		return v1alpha1.GateCannotOpen, "cannot open any more: " + text
	case len(by[v1alpha1.GateUnknown]) > 0:
		return v1alpha1.GateUnknown, "unknown: " + text
	case len(by[v1alpha1.GateShut]) > 0:
		return v1alpha1.GateShut, "shut, and it can still open: " + text
	default:
		return v1alpha1.GateOpen, "open: " + text
	}
}

// part returns a of b in percent.
func part(a, b int) *big.Rat { return big.NewRat(int64(a)*100, int64(b)) }

// shown writes a percentage, rounded down.
func shown(value *big.Rat) string { return decimal.Short(value, 0) + "%" }

// asks writes what is asked for, with all its digits.
func asks(least *big.Rat) string { return decimal.Short(least, decimal.MaxPercentFractionDigits) + "%" }

// judgeShare judges a criterion that counts. It is reached permanently when it is although all that is still to come fails, and out of reach when it is not
// although all that goes well; where others may be added, neither is known.
func judgeShare(least *big.Rat, s share) v1alpha1.GateFigure {
	total, best := s.decided+s.toCome, s.good+s.toCome
	figure := v1alpha1.GateFigure{State: v1alpha1.GateShut}
	if s.decided > 0 {
		figure.Found = new(decimal.FloorInt32(part(s.good, s.decided)))
	}
	switch {
	case total == 0 && s.more == "":
		figure.State, figure.Message = v1alpha1.GateUnknown, fmt.Sprintf("there is no %s to be judged; %s is asked", s.noun, asks(least))
		return figure
	case total == 0:
		figure.Message = fmt.Sprintf("there is no %s to be judged yet: %s; %s is asked", s.noun, s.more, asks(least))
		return figure
	}
	text := soFar(s)
	if s.more != "" {
		figure.Message = fmt.Sprintf("%s. %s is asked, and what can be reached is not known: %s", text, asks(least), s.more)
		return figure
	}
	figure.AtBest = new(decimal.FloorInt32(part(best, total)))
	if s.toCome > 0 {
		text += fmt.Sprintf(": at best %d of %d (%s)", best, total, shown(part(best, total)))
	}
	text += fmt.Sprintf(". %s is asked: ", asks(least))
	switch {
	case part(best, total).Cmp(least) < 0:
		figure.State, text = v1alpha1.GateCannotOpen, text+"out of reach"
	case part(s.good, total).Cmp(least) >= 0:
		figure.State, text = v1alpha1.GateOpen, text+"reached"
		if s.toCome > 0 {
			figure.MayStillMiss = new(count(s.toCome))
			text += ", whatever becomes of those to come"
		}
	default:
		may := best - needed(least, total)
		figure.MayStillMiss = new(count(may))
		text += fmt.Sprintf("%s; %d would put it out of reach (%d of %d, %s)", mayMiss(may, best, total), may+1, best-may-1, total, shown(part(best-may-1, total)))
	}
	figure.Message = text
	return figure
}

// soFar says how many are good of what is decided, and how many are to come.
func soFar(s share) string {
	verb := "were"
	if s.decided == 1 {
		verb = "was"
	}
	text := fmt.Sprintf("none of %s is decided", verdict.Count(s.toCome, s.noun))
	if s.decided > 0 {
		text = fmt.Sprintf("%d of %s %s %s (%s)", s.good, verdict.Count(s.decided, s.noun), verb, s.did, shown(part(s.good, s.decided)))
	}
	switch {
	case s.toCome == 0 || s.decided == 0:
		return text
	case s.toCome == 1:
		return text + ", 1 is to come"
	default:
		return text + fmt.Sprintf(", %d are to come", s.toCome)
	}
}

// mayMiss says how many of those to come may fail.
func mayMiss(may, best, total int) string {
	if may == 0 {
		return "not one more may be missed"
	}
	return fmt.Sprintf("%d more may be missed (%d of %d, %s)", may, best-may, total, shown(part(best-may, total)))
}

// needed returns the least number of total that is at least a percentage of it.
func needed(least *big.Rat, total int) int {
	value := decimal.PercentOf(least, new(big.Rat).SetInt64(int64(total)))
	return -int(decimal.FloorInt64(value.Neg(value)))
}

// judgeAttainment judges the mean score of the plans. It is reached once all scores are final: until then results can still be corrected or lost.
func judgeAttainment(least *big.Rat, f *Facts, more string) v1alpha1.GateFigure {
	figure := v1alpha1.GateFigure{State: v1alpha1.GateShut}
	if f.Plans == 0 {
		figure.Message = fmt.Sprintf("there is no approved plan; %s is asked", asks(least))
		if figure.State = v1alpha1.GateUnknown; more != "" {
			figure.State, figure.Message = v1alpha1.GateShut, fmt.Sprintf("there is no approved plan yet: %s; %s is asked", more, asks(least))
		}
		return figure
	}
	text := fmt.Sprintf("none of %s has a score by its original targets", verdict.Count(f.Plans, "plan"))
	if f.Scored > 0 {
		figure.Found = new(decimal.FloorInt32(mean(f.Score, f.Scored)))
		text = fmt.Sprintf("mean score by the original targets: %s, of %s (%d final)", shown(mean(f.Score, f.Scored)), verdict.Count(f.Scored, "plan"), f.Final)
	}
	if n := f.Plans - f.Scored; f.Scored > 0 && n > 0 {
		text += fmt.Sprintf("; %d without a score", n)
	}
	switch {
	case more != "":
		figure.Message = fmt.Sprintf("%s. %s is asked, and what can be reached is not known: %s", text, asks(least), more)
		return figure
	case f.Unbounded > 0:
		figure.State = v1alpha1.GateUnknown
		figure.Message = fmt.Sprintf("%s. %s is asked; what can be reached cannot be said, as the goals of %s cannot be judged: see the findings of the plans",
			text, asks(least), verdict.Count(f.Unbounded, "plan"))
		return figure
	}
	best := mean(f.AtBest, f.Plans)
	figure.AtBest = new(decimal.FloorInt32(best))
	final := f.Final == f.Plans
	if !final {
		text += ": at best " + shown(best)
	}
	text += fmt.Sprintf(". %s is asked: ", asks(least))
	switch {
	case best.Cmp(least) < 0:
		figure.State, text = v1alpha1.GateCannotOpen, text+"out of reach"
	case final:
		figure.State, text = v1alpha1.GateOpen, text+"reached"
	default:
		text += "decided once all scores are final"
	}
	figure.Message = text
	return figure
}

// judgeGoals judges the manager's own goals of a period, by weight.
func (e *evaluation) judgeGoals(least *big.Rat, goals []goal) v1alpha1.GateFigure {
	figure := v1alpha1.GateFigure{State: v1alpha1.GateShut}
	all, good, decided := new(big.Rat), new(big.Rat), new(big.Rat)
	for i := range goals {
		g := &goals[i]
		all.Add(all, g.weight)
		inTime := !g.done.IsZero() && g.done <= g.due
		if inTime || !g.done.IsZero() || e.today > g.due {
			decided.Add(decided, g.weight)
		}
		if inTime {
			good.Add(good, g.weight)
		}
	}
	if all.Sign() == 0 {
		figure.State = v1alpha1.GateUnknown
		figure.Message = fmt.Sprintf("no goal of the manager with a weight is due in the period; %s is asked: add spec.goals", asks(least))
		return figure
	}
	percent := func(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(new(big.Rat).Quo(a, b), big.NewRat(100, 1)) }
	best := new(big.Rat).Sub(all, decided)
	best = percent(best.Add(best, good), all)
	figure.AtBest = new(decimal.FloorInt32(best))
	c := countGoals(goals)
	text := fmt.Sprintf("%d of %s done by the due day, %s of their weight", c.DoneInTime, verdict.Count(int(c.Due), "own goal"), shown(percent(good, all)))
	if decided.Sign() > 0 {
		figure.Found = new(decimal.FloorInt32(percent(good, decided)))
	}
	if decided.Cmp(all) != 0 {
		text += ": at best " + shown(best)
	}
	text += fmt.Sprintf(". %s is asked: ", asks(least))
	switch {
	case best.Cmp(least) < 0:
		figure.State, text = v1alpha1.GateCannotOpen, text+"out of reach"
	case percent(good, all).Cmp(least) >= 0:
		figure.State, text = v1alpha1.GateOpen, text+"reached"
	default:
		text += "not yet"
	}
	figure.Message = text
	return figure
}
