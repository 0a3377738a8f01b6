package tier

import (
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// judge judges one partner at one instant.
type judge struct {
	prog    *program.Program
	cal     *fiscal.Calendar
	partner *v1alpha1.Partner
	book    *measure.Book
	today   fiscal.Day
	horizon *verdict.Horizon
	extents map[v1alpha1.Name]extent
	keys    []string // who holds each competency, by identity.PersonKey; many days and tiers ask

	member fiscal.Day         // the day on which the partner joined; absent when not stated or in the future
	held   *v1alpha1.HeldTier // spec.tier; nil when not stated, in the future, or no tier of the program
	since  fiscal.Day         // since when it is held
}

// newJudge gathers what is known of a partner. Facts dated after today do not count, and horizon learns when they will.
func newJudge(
	p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, now time.Time, horizon *verdict.Horizon,
) *judge {
	j := &judge{
		prog: prog, cal: prog.Calendar, partner: partner, today: prog.Today(now), horizon: horizon,
		extents: map[v1alpha1.Name]extent{},
	}
	for i := range partner.Spec.Competencies {
		j.keys = append(j.keys, identity.PersonKey(string(partner.Spec.Competencies[i].Person)))
	}
	j.book = measure.OfPartner(p, prog, partner, j.today)
	if next, ok := j.book.NextDay(); ok {
		horizon.At(j.cal.StartOf(next))
	}
	j.member = j.past(partner.Spec.MemberSince)
	if held := partner.Spec.Tier; held != nil && knows(prog, held.Name) {
		day, err := fiscal.ParseDay(held.Since)
		if err != nil || day <= j.today {
			j.held, j.since = held, day
		} else {
			horizon.At(j.cal.StartOf(day))
		}
	}
	return j
}

// past returns a day that is not after today, and absent for any other. A later one is noted.
func (j *judge) past(date v1alpha1.Date) fiscal.Day {
	day, err := fiscal.ParseDay(date)
	if err != nil {
		return 0
	}
	if day > j.today {
		j.horizon.At(j.cal.StartOf(day))
		return 0
	}
	return day
}

// extent is the first and the last day with a result of a metric, and the day through which those of all who report it are in.
type extent struct{ first, newest, through fiscal.Day }

// extent returns the first and the last day with a result of a metric; absent when there is none.
func (j *judge) extent(metric v1alpha1.Name) extent {
	found, ok := j.extents[metric]
	if !ok {
		if entries := j.book.Series(metric).Entries(); len(entries) > 0 {
			found = extent{first: entries[0].On, newest: entries[len(entries)-1].On, through: j.book.KnownThrough(metric)}
		}
		j.extents[metric] = found
	}
	return found
}

// knows says whether any rule set of a program has a tier.
func knows(prog *program.Program, name v1alpha1.Name) bool {
	return slices.ContainsFunc(prog.Spec.RuleSets, func(set v1alpha1.RuleSet) bool {
		return slices.ContainsFunc(set.Tiers, func(t v1alpha1.Tier) bool { return t.Name == name })
	})
}

// rank returns the rank of a tier in the rule set in force on a day, or in any other where that has none of the name; 0 for no tier.
func (j *judge) rank(name v1alpha1.Name, day fiscal.Day) int32 {
	if set := j.prog.RuleSetOn(day); set != nil {
		if t := set.Tier(name); t != nil {
			return t.Rank
		}
	}
	for i := range j.prog.Spec.RuleSets {
		for _, t := range j.prog.Spec.RuleSets[i].Tiers {
			if t.Name == name {
				return t.Rank
			}
		}
	}
	return 0
}

// units are the fiscal units of the cadences.
var units = map[v1alpha1.Cadence]fiscal.Unit{
	v1alpha1.CadenceMonth: fiscal.Month, v1alpha1.CadenceQuarter: fiscal.Quarter,
	v1alpha1.CadenceHalf: fiscal.Half, v1alpha1.CadenceYear: fiscal.Year,
}

// unitOf returns the fiscal unit of a cadence, or of the documented default of an absent one.
func unitOf(cadence v1alpha1.Cadence, otherwise fiscal.Unit) fiscal.Unit {
	if unit, ok := units[cadence]; ok {
		return unit
	}
	return otherwise
}

// policy returns the tier policy of a rule set; the zero policy when it states none.
func policy(set *program.RuleSet) v1alpha1.TierPolicy {
	return program.Or(set.TierPolicy, v1alpha1.TierPolicy{})
}

// judgeOn returns the rule set that judges on a day; nil when that is not an evaluation day. A rule set without tiers judges nothing.
func (j *judge) judgeOn(day fiscal.Day) *program.RuleSet {
	set := j.prog.RuleSetOn(day)
	if set == nil || len(set.Ranked) == 0 {
		return nil
	}
	unit := unitOf(policy(set).EvaluateEvery, fiscal.Quarter)
	if j.cal.PeriodContaining(unit, day).Through != day {
		return nil
	}
	return set
}

// evaluationDays returns the last evaluation days before a day and from another on, oldest first: at most limit, which must be above 0. Every
// evaluation day is the end of a fiscal month, so it walks those.
func (j *judge) evaluationDays(from, before fiscal.Day, limit int) []fiscal.Day {
	var days []fiscal.Day
	for end := j.cal.PeriodEndedBy(fiscal.Month, before.AddDays(-1)); !end.IsZero(); {
		day := end.Through
		if day < from || day >= before || j.prog.RuleSetOn(day) == nil {
			break
		}
		if j.judgeOn(day) != nil {
			days = append(days, day)
		}
		if len(days) == limit {
			break
		}
		end = j.cal.PeriodContaining(fiscal.Month, end.From.AddDays(-1))
		if end.Through >= day {
			break // the first day there is
		}
	}
	slices.Reverse(days)
	return days
}

// nextEvaluation returns the first evaluation day on a day or after it; absent when there is none.
func (j *judge) nextEvaluation(from fiscal.Day) fiscal.Day {
	const monthsAhead = 24 // any policy evaluates once a year at least
	for tries := 0; tries < monthsAhead; tries++ {
		if set := j.prog.RuleSetOn(from); set == nil || len(set.Ranked) == 0 {
			later := j.prog.RuleSetAfter(from)
			if later == nil {
				return 0
			}
			tries--
			from = later.From
			continue
		}
		day := j.cal.PeriodContaining(fiscal.Month, from).Through
		if j.judgeOn(day) != nil {
			return day
		}
		if day >= fiscal.LastDay {
			return 0
		}
		from = day + 1
	}
	return 0
}
