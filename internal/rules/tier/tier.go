// Package tier judges which tier a partner qualifies for and which one it holds.
//
// A partner is judged on evaluation days: the ends of the fiscal intervals that the policy of the rule set in force on that day names. The
// outcome of a day holds from the first instant of the next one. Which tier is held follows from a fold over the last evaluations, at most
// 40, that starts with what spec.tier of the partner states; so the history is in specs, and nothing is remembered.
//
// How a figure is read, on evaluation day D with a window of n months:
//
//   - A Flow is what was measured in (D - n months, D]; a Stock the newest level in it; n is 12 when the rule gives no window. A competency is
//     the number of different people who hold it on D.
//   - Results are complete when the newest measurement is of D or later, or when reportingLagDays after D are over. Before that a
//     figure decides only what later results cannot turn: at least 300 is met by 300, and at most 5 is missed by 6. The rest is Unknown.
//   - History covers a window when there is a measurement by the end of the reporting interval (reportEvery) in which the window begins, or in which
//     the partner joined when that is later. A window that history does not cover is judged like one without complete results,
//     and no waiting helps: missing history is Unknown, never a guess. A metric that was never measured is Unknown.
//   - The figures of today are read as of the newest measured day of each metric, or as of the end of the last reporting interval whose results are
//     due when that is later: not yet measured is not zero until results are due; then it is. Competencies are those held today.
//   - What is Unknown never lowers a tier: a partner falls at most to the highest tier that is not ruled out, and rises at most to the
//     highest one whose requirements are all met.
package tier

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/standing"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules that are found when a partner's tier is judged.
const (
	// RuleTierUnknown: spec.tier names a tier that no rule set of the program has. Remedy: correct the name.
	RuleTierUnknown = "TierUnknown"
	// RuleTierRetired: the rule set in force does not have the tier that the partner holds. Remedy: state a tier that it has in spec.tier.
	RuleTierRetired = "TierRetired"
	// RuleTierNotHeldYet: the partner holds spec.tier from a day in the future on. Remedy: none if that is meant, else correct spec.tier.since.
	RuleTierNotHeldYet = "TierNotHeldYet"
	// RuleTierHistoryLong: more evaluations lie behind spec.tier than are looked at. Remedy: state in spec.tier the tier that the partner holds
	// now, and since when.
	RuleTierHistoryLong = "TierHistoryLong"
	// RuleTierInGrace: the partner is below its tier, which it keeps in grace. Remedy: meet its requirements by the next evaluation day.
	RuleTierInGrace = "TierInGrace"
	// RuleTierDecisionDue: the last evaluation found another tier than the one held, and the program leaves the change to a person. Remedy:
	// decide, and state the tier in spec.tier.
	RuleTierDecisionDue = "TierDecisionDue"
	// RuleTierNotJudged: the last evaluation cannot be judged, or not yet, because results are missing. Remedy: record them.
	RuleTierNotJudged = "TierNotJudged"
)

const (
	// maxEvaluations is the number of evaluations that the fold looks at: ten years of quarters. To forget one is to take back a fall.
	maxEvaluations = 40
	// maxShown is the number of evaluations that the status lists.
	maxShown = 8
)

// Tenure is a tier that a partner holds from a day on, until the next one's.
type Tenure struct {
	// Tier is its name; empty for none.
	Tier v1alpha1.Name
	// From is the first day; absent when that is not known.
	From fiscal.Day
}

// PromotionHold says whether a partner's standing stops a promotion at the end of an evaluation day, and why. It is told the tiers that the partner has
// held by then.
type PromotionHold func(on fiscal.Day, held []Tenure) (reason string, isHeld bool)

// Outcome is what is known about a partner's tier at an instant.
type Outcome struct {
	// Effective is the tier held today; empty for none.
	Effective v1alpha1.Name
	// Held are the tiers that were held, in order, as far back as evaluations are looked at. The last one is Effective.
	Held []Tenure
	// InGrace says that the last evaluation that could be judged was below the tier, which is held in grace.
	InGrace bool
	// Evaluations are the last evaluations, newest first; at most 8 of those that are looked at.
	Evaluations []v1alpha1.TierEvaluation
	// NextEvaluation is the next evaluation day, today included; absent when there is none.
	NextEvaluation fiscal.Day
	// Verdict says how today's figures stand to the requirements of Effective by the rule set that judges on the next evaluation day. It is
	// empty when the partner holds no tier, or one that it does not have.
	Verdict v1alpha1.CriterionVerdict
	// Lacks says in sentences what of these requirements is not met; empty when nothing is.
	Lacks string
	// Qualified is the tier that today's figures reach by that rule set; empty for none.
	Qualified v1alpha1.Name
	// Criteria explain every requirement of every tier with today's figures, highest tier first.
	Criteria []v1alpha1.CriterionResult
	// Next says what would be missing on the next evaluation day for Effective, or, when nothing is, for the next higher tier; nil when there is none.
	Next *v1alpha1.NextTier
}

// HeldOn returns the tier effective on a day, by the fold over the evaluation days before it that are over at now. next is when the answer may change
// although no spec does; the zero time when never.
//
// A lapsed agreement or an overdue invoice that held promotions at the end of an evaluation day holds them here too: both follow from the partner's
// spec. Holds because of overdue reviews or plans, or of low attainment, do not count here, since plans are judged by the tier that this returns; see
// docs/decisions, ADR 0007.
func HeldOn(
	p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, day fiscal.Day, now time.Time,
) (name v1alpha1.Name, next time.Time) {
	if prog == nil || partner == nil {
		return "", time.Time{}
	}
	horizon := verdict.NewHorizon(now)
	j := newJudge(p, prog, partner, now, horizon)
	if following := j.nextEvaluation(j.today); following < day {
		horizon.At(j.cal.EndOf(following))
	}
	if days, _ := j.lastDays(day); len(days) > 0 {
		if held := p.Partner(v1alpha1.Name(partner.Name)); snapshot.Same(held, partner) {
			key := heldAfter{prog, partner.Name, days[len(days)-1]}
			end := snapshot.Once(p, snapshot.Judgement, now, key, func() ended { return foldOf(p, prog, held, day, now) })
			horizon.At(end.next)
			return end.name, horizon.Next()
		}
	}
	end := foldOf(p, prog, partner, day, now)
	horizon.At(end.next)
	return end.name, horizon.Next()
}

// heldAfter is the key of the tier that is held after an evaluation day: on all days to the next one it is the same.
type heldAfter struct {
	program *program.Program
	partner string
	last    fiscal.Day
}

// ended is the tier with which a fold ends, and when that may change although no spec does.
type ended struct {
	name v1alpha1.Name
	next time.Time
}

func foldOf(p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, day fiscal.Day, now time.Time) ended {
	horizon := verdict.NewHorizon(now)
	j := newJudge(p, prog, partner, now, horizon)
	end, _ := j.fold(day, j.holdOfSpec)
	return ended{end.name, horizon.Next()}
}

// holdOfSpec is the PromotionHold of what follows from the partner's spec alone, by the rules in force when the promotion would take effect.
func (j *judge) holdOfSpec(on fiscal.Day, _ []Tenure) (reason string, held bool) {
	return standing.PromotionHold(j.partner, j.prog.RuleSetOn(on+1), on+1)
}

// Evaluate judges a partner's tier at an instant. hold may be nil; it is asked only when a promotion would happen. What is wrong or needs a
// person is added to findings, and the instants at which the outcome may change to horizon.
func Evaluate(
	p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, hold PromotionHold, now time.Time,
	findings *verdict.Findings, horizon *verdict.Horizon,
) Outcome {
	if prog == nil || partner == nil {
		return Outcome{}
	}
	j := newJudge(p, prog, partner, now, horizon)
	end, rounds := j.fold(j.today, hold)
	outcome := Outcome{Effective: end.name, Held: end.held, InGrace: end.below > 0}
	for i := len(rounds) - 1; i >= max(0, len(rounds)-maxShown); i-- {
		outcome.Evaluations = append(outcome.Evaluations, rounds[i].status())
	}
	j.findHeld(end, findings)
	j.findRounds(rounds, end, findings)
	j.outlook(end, &outcome)
	return outcome
}
