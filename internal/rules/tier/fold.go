package tier

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Outcomes of an evaluation, as in status.evaluations[].outcome of a Partner.
const (
	// OutcomeKept surfaces when the partner qualifies for the tier that it holds.
	OutcomeKept = "Kept"
	// OutcomePromoted surfaces when it rises to a higher tier.
	OutcomePromoted = "Promoted"
	// OutcomeDemoted surfaces when it falls to a lower tier.
	OutcomeDemoted = "Demoted"
	// OutcomeHeldInGrace surfaces when it is below its tier and keeps it in grace.
	OutcomeHeldInGrace = "HeldInGrace"
	// OutcomeExempt surfaces when it is below its tier and keeps it because it is new.
	OutcomeExempt = "Exempt"
	// OutcomePromotionOnHold surfaces when its standing stops a rise.
	OutcomePromotionOnHold = "PromotionOnHold"
	// OutcomeByDecision surfaces when the program leaves changes of tier to people.
	OutcomeByDecision = "ByDecision"
	// OutcomeUnknown surfaces when results that could decide are missing; the tier is kept.
	OutcomeUnknown = "Unknown"
)

// holding is the tier that a partner holds as the fold goes on.
type holding struct {
	name  v1alpha1.Name
	rank  int32
	held  []Tenure
	below int  // successive evaluations below the tier
	older bool // the fold leaves evaluations out that lie further back
}

// round is one evaluation and what followed.
type round struct {
	*ruling
	before, after holding
	outcome       string
	grace         int32      // graceEvaluations of the policy
	exemptThrough fiscal.Day // for OutcomeExempt
	reason        string     // for OutcomePromotionOnHold
	next          fiscal.Day // the evaluation day after this one
}

// fold goes through the evaluations that are over today, from the tier that spec.tier states, and returns what is held on a day, with the
// rounds in order of time. Evaluations at the end of spec.tier.since or later count.
func (j *judge) fold(day fiscal.Day, hold PromotionHold) (holding, []round) {
	now := j.start()
	days, older := j.lastDays(day)
	now.older = older
	if len(days) > 0 && now.name != "" {
		now.rank = j.rank(now.name, days[0])
	}
	rounds := make([]round, 0, len(days))
	for _, on := range days {
		r := j.round(on, now, hold)
		now = r.after
		rounds = append(rounds, r)
	}
	return now, rounds
}

// lastDays returns the last evaluation days before a day that are over today, and whether more lie further back.
func (j *judge) lastDays(day fiscal.Day) (days []fiscal.Day, older bool) {
	days = j.evaluationDays(max(j.since, j.member, 1), min(day, j.today), maxEvaluations+1)
	if len(days) > maxEvaluations {
		return days[1:], true
	}
	return days, false
}

// start returns what is held before the first evaluation.
func (j *judge) start() holding {
	if j.held == nil {
		return holding{}
	}
	return holding{name: j.held.Name, rank: j.rank(j.held.Name, j.since), held: []Tenure{{j.held.Name, j.since}}}
}

// round evaluates one day and applies the policy in force on it.
func (j *judge) round(on fiscal.Day, now holding, hold PromotionHold) round {
	set := j.prog.RuleSetOn(on)
	if t := set.Tier(now.name); t != nil {
		now.rank = t.Rank
	}
	r := round{ruling: j.rule(occasion{day: on, set: set, view: over}), before: now, after: now, next: j.nextEvaluation(on + 1)}
	rules := policy(set)
	r.grace = program.Or(rules.GraceEvaluations, 0)
	switch {
	case rules.Change == v1alpha1.TierChangeByDecision:
		r.outcome = OutcomeByDecision
	case r.reached.rank() > now.rank:
		j.rise(&r, hold)
	case r.possible.rank() < now.rank:
		j.fall(&r, program.Or(rules.NewPartnerExemptMonths, 0))
	case r.reached.rank() == now.rank:
		r.outcome, r.after.below = OutcomeKept, 0
		r.move(r.reached)
	default:
		r.outcome = OutcomeUnknown
	}
	return r
}

// rise promotes the partner unless its standing holds the promotion.
func (j *judge) rise(r *round, hold PromotionHold) {
	r.after.below = 0
	if hold != nil {
		if reason, held := hold(r.day, r.before.held); held {
			r.outcome, r.reason = OutcomePromotionOnHold, reason
			return
		}
	}
	r.outcome = OutcomePromoted
	r.move(r.reached)
}

// fall demotes the partner, unless it is new or in grace, to the highest tier that is not ruled out.
func (j *judge) fall(r *round, exemptMonths int32) {
	if exempt := j.member.AddMonths(int(exemptMonths)); r.day < exempt {
		r.outcome, r.exemptThrough, r.after.below = OutcomeExempt, exempt.AddDays(-1), 0
		return
	}
	r.after.below++
	if r.after.below <= int(r.grace) {
		r.outcome = OutcomeHeldInGrace
		return
	}
	r.outcome, r.after.below = OutcomeDemoted, 0
	r.move(r.possible)
}

// move gives the partner a tier from the day after the evaluation. A tier of the same rank that a new rule set calls by another name is taken
// over under the new name.
func (r *round) move(to *result) {
	if to.name() == r.before.name {
		return
	}
	r.after.name, r.after.rank = to.name(), to.rank()
	r.after.held = append(slices.Clip(r.before.held), Tenure{to.name(), r.day + 1})
}

// findHeld finds what is wrong with the tier that the spec states.
func (j *judge) findHeld(now holding, findings *verdict.Findings) {
	if held := j.partner.Spec.Tier; held != nil {
		switch since, err := fiscal.ParseDay(held.Since); {
		case !knows(j.prog, held.Name):
			findings.Errorf(RuleTierUnknown, "spec.tier.name", "program %s has %s; no tier counts as held until this is corrected",
				j.prog.Name, verdict.NoSuch("tier", string(held.Name), j.tierNames()))
		case err == nil && since > j.today:
			findings.Infof(RuleTierNotHeldYet, "spec.tier.since", "%s is held from %s on and does not count before: give the day since when it is held",
				held.Name, since)
		case now.older:
			findings.Infof(RuleTierHistoryLong, "spec.tier.since",
				"more than %d evaluations were held since %s, and only the last %d are looked at, starting from %s: state the tier that the partner holds now, "+
					"and since when", maxEvaluations, since, maxEvaluations, held.Name)
		}
	} else if now.older {
		findings.Infof(RuleTierHistoryLong, "spec.tier", "only the last %d evaluations are looked at, starting from no tier: "+
			"state the tier that the partner holds, and since when", maxEvaluations)
	}
	set := j.prog.RuleSetOn(j.today)
	if set != nil && now.name != "" && set.Tier(now.name) == nil {
		findings.Warningf(RuleTierRetired, "spec.tier.name", "rule set %s has no tier %q, which the partner holds, so the tier requires and allows nothing: "+
			"state a tier of that rule set", set.Name, now.name)
	}
}

// tierNames returns the names of the tiers in force, for suggestions; of the first rule set when none is in force.
func (j *judge) tierNames() []string {
	set := j.prog.RuleSetOn(j.today)
	if set == nil {
		set = j.prog.RuleSetAfter(j.today)
	}
	if set == nil {
		return nil
	}
	return set.TierNames()
}

// findRounds finds what the last evaluation leaves to a person.
func (j *judge) findRounds(rounds []round, now holding, findings *verdict.Findings) {
	if len(rounds) == 0 {
		return
	}
	last := &rounds[len(rounds)-1]
	switch {
	case last.outcome == OutcomeHeldInGrace:
		findings.Warningf(RuleTierInGrace, "", "evaluation of %s: %s", last.day, last.words())
	case last.outcome == OutcomeUnknown:
		findings.Infof(RuleTierNotJudged, "", "evaluation of %s: %s", last.day, last.words())
	case last.outcome == OutcomeByDecision && last.reached != last.possible:
		findings.Infof(RuleTierNotJudged, "", "evaluation of %s: %s", last.day, last.words())
	case last.outcome == OutcomeByDecision && last.reached.rank() != now.rank:
		findings.Infof(RuleTierDecisionDue, "spec.tier", "evaluation of %s: %s Decide, and state the tier in spec.tier", last.day, last.words())
	}
}
