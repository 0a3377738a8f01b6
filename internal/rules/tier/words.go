package tier

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

// shown returns a number for a status field, rounded down to 6 digits, without zeros at its end.
func shown(r *big.Rat) v1alpha1.Decimal {
	text := string(decimal.Shown(r, decimal.MaxFractionDigits))
	if strings.Contains(text, ".") {
		text = strings.TrimRight(text, "0")
	}
	return v1alpha1.Decimal(text)
}

// spoken returns a number for a message: "1,250.5".
func spoken(r *big.Rat) string { return decimal.Group(string(shown(r))) }

// title returns a tier's name for people.
func title(t *v1alpha1.Tier) string {
	if t.Title != "" {
		return string(t.Title)
	}
	return string(t.Name)
}

// words says what is required and what was found: "Gold needs 300 new-users in the 12 months to 2026-09-30; actual 285 (15 short)".
func (f *figure) words(at occasion) string {
	front := verdict.Capital(title(f.tier)) + " "
	if f.group != nil {
		return front + f.group.words(at)
	}
	return front + f.sentence(at)
}

// words says how many requirements are needed and met, what the nearest of the others lacks, and how the rest stand: "needs any 3 of 5 requirements; 2 are met: a
// and b; nearest: needs 1,000 c in the 12 months to 2026-09-30; actual 990 (10 short); others: d (20 short) and e (unknown)".
func (g *group) words(at occasion) string {
	var met, others []string
	nearest := ""
	for i := range g.all {
		switch f := &g.all[i]; {
		case f.verdict == v1alpha1.CriterionMet:
			met = append(met, string(f.subject()))
		case nearest == "":
			nearest = f.sentence(at)
		default:
			others = append(others, f.brief())
		}
	}
	text := fmt.Sprintf("needs any %d of %d requirements; ", g.required, len(g.all))
	switch len(met) {
	case 0:
		text += "none is met"
	case 1:
		text += "1 is met: " + met[0]
	default:
		text += fmt.Sprintf("%d are met: %s", len(met), verdict.List(met))
	}
	if g.met >= g.required || nearest == "" {
		return text
	}
	text += "; nearest: " + nearest
	if len(others) > 0 {
		text += "; others: " + verdict.List(others)
	}
	return text
}

// brief says in a few words how a criterion that is not met stands.
func (f *figure) brief() string {
	switch {
	case f.verdict == v1alpha1.CriterionUnknown:
		return string(f.subject()) + " (unknown)"
	case f.missing == nil:
		return string(f.subject()) + " (not met)"
	case f.atMost:
		return fmt.Sprintf("%s (%s too many)", f.subject(), spoken(f.missing))
	default:
		return fmt.Sprintf("%s (%s short)", f.subject(), spoken(f.missing))
	}
}

// sentence says what is required and what was found, without the tier.
func (f *figure) sentence(at occasion) string {
	demand := f.demand(at.view)
	switch f.why {
	case notReadable:
		return fmt.Sprintf("%s; this cannot be judged: the program's rule names no metric of its catalogue, or no threshold", demand)
	case notMeasured:
		return demand + "; " + f.nothing(at)
	case notGrown:
		return demand + "; " + f.ungrown()
	case noTerritory:
		return demand + "; this cannot be judged: the partner states no territory, add them to spec.territories"
	case notCovered:
		return fmt.Sprintf("%s; %s, but the first result%s is later than %s, so the window from %s is not covered: add the earlier results, "+
			"0 where there were none", demand, f.finding(at), f.lackingOf(), f.begins, f.covered)
	case notDue:
		return fmt.Sprintf("%s; %s; results%s may still come in through %s", demand, f.finding(at), f.lackingOf(), f.due)
	default:
		return demand + "; " + f.finding(at)
	}
}

// lackingOf names the metric whose results are lacking, where that is not the one that is required.
func (f *figure) lackingOf() string {
	if f.lacking == "" {
		return ""
	}
	return " of " + string(f.lacking)
}

// ungrown says why there is no growth, and what to do.
func (f *figure) ungrown() string {
	before := "nothing was measured in " + f.grown.span(f.months)
	if f.grown.before != nil {
		before = fmt.Sprintf("it was %s%s in %s", spoken(f.grown.before), f.unit(), f.grown.span(f.months))
	}
	return fmt.Sprintf("%s, from which no growth can be told: add the earlier results if there were any, or let another requirement decide for partners without",
		before)
}

// span names the earlier window.
func (g *growth) span(months int) string {
	if g.called != "" {
		return g.called
	}
	return monthsTo(months, g.window.Through)
}

// demand says what is required: "needs 300 new-users in the 12 months to 2026-09-30".
func (f *figure) demand(seen view) string {
	verb, most := "needs", ""
	if f.atMost {
		verb, most = "allows", "at most "
	}
	threshold := decimal.Quote(f.limit())
	if f.threshold != nil {
		threshold = spoken(f.threshold)
	}
	subject, span := f.subject(), f.span()
	switch {
	case f.criterion.GrowthOver != nil && f.metric != nil:
		over := fmt.Sprintf("%s before", verdict.Count(int(f.criterion.GrowthOver.Months), "month"))
		if f.grown != nil {
			over = f.grown.span(f.months)
		}
		if most == "" {
			most = "at least "
		}
		return fmt.Sprintf("%s growth of %s of %s%s %% in %s over %s", verb, subject, most, threshold, span, over)
	case f.criterion.Competency != "":
		people := "people"
		if threshold == "1" {
			people = "person"
		}
		where := ""
		if f.criterion.ForEach != "" {
			where = " in each territory"
		}
		if seen == today {
			return fmt.Sprintf("%s %s%s %s with %s%s", verb, most, threshold, people, subject, where)
		}
		return fmt.Sprintf("%s %s%s %s with %s%s on %s", verb, most, threshold, people, subject, where, f.day)
	case f.metric == nil:
		return fmt.Sprintf("%s %s of %s%s", verb, subject, most, threshold)
	case f.metric.Behaviour == v1alpha1.BehaviourStock:
		return fmt.Sprintf("%s %s of %s%s%s on %s", verb, subject, most, threshold, f.unit(), f.day)
	case f.metric.Unit == v1alpha1.UnitCount || f.metric.Unit == "":
		return fmt.Sprintf("%s %s%s %s in %s", verb, most, threshold, subject, span)
	default:
		return fmt.Sprintf("%s %s of %s%s%s in %s", verb, subject, most, threshold, f.unit(), span)
	}
}

// unit returns what to write behind a value of the metric.
func (f *figure) unit() string {
	switch f.metric.Unit {
	case v1alpha1.UnitPercent:
		return " %"
	case v1alpha1.UnitDays:
		return " days"
	case v1alpha1.UnitCurrency:
		return " " + string(f.currency)
	default:
		return ""
	}
}

// span names the window: "the 12 months to 2026-09-30", or a fiscal interval.
func (f *figure) span() string {
	if f.called != "" {
		return f.called
	}
	if f.criterion.Window != nil && f.criterion.Window.LastWhole != "" {
		return "the last whole " + strings.ToLower(string(f.criterion.Window.LastWhole))
	}
	return monthsTo(f.months, f.day)
}

func monthsTo(months int, day fiscal.Day) string {
	if months == 1 {
		return fmt.Sprintf("the month to %s", day)
	}
	return fmt.Sprintf("the %d months to %s", months, day)
}

// nothing says that there is nothing to judge by, and what to do.
func (f *figure) nothing(at occasion) string {
	const remedy = "record it in a MeasurementSet about the partner"
	if f.metric.Behaviour == v1alpha1.BehaviourStock {
		return fmt.Sprintf("no level is known of %s: %s", f.span(), remedy)
	}
	if at.view == over {
		return "nothing was measured by then: " + remedy
	}
	return "nothing is measured so far: " + remedy
}

// finding says what was found: "285 (15 short)".
func (f *figure) finding(at occasion) string {
	if f.grown != nil {
		return f.growing(at)
	}
	text := f.quantity(f.found)
	if at.view == ahead {
		text += " so far"
	} else {
		text = "actual " + text
	}
	if f.places != nil {
		text = "in " + string(f.places.weakest) + " " + text
	}
	return text + f.measuredThrough() + f.notes(f.missing)
}

// growing says what was found, and what it grew from: "actual 285, after 250 of the window before".
func (f *figure) growing(at occasion) string {
	text := f.quantity(f.grown.now)
	if at.view == ahead {
		text += " so far"
	} else {
		text = "actual " + text
	}
	var missing *big.Rat
	if f.missing != nil {
		missing = f.grown.amount(f.missing)
	}
	return fmt.Sprintf("%s%s against %s, growth of %s %%%s",
		text, f.measuredThrough(), f.quantity(f.grown.before), decimal.FormatShort(f.found, growthDigits), f.notes(missing))
}

// growthDigits are the digits after the point with which a growth is shown.
const growthDigits = 2

// quantity writes a figure with its unit.
func (f *figure) quantity(r *big.Rat) string {
	if f.metric != nil {
		return spoken(r) + f.unit()
	}
	return spoken(r)
}

// measuredThrough says through which day the figure is known, unless that is its own.
func (f *figure) measuredThrough() string {
	if f.metric == nil || f.asOf.IsZero() || f.asOf == f.day || f.called != "" && f.asOf == f.window.Through {
		return ""
	}
	return fmt.Sprintf(", measured through %s", f.asOf)
}

// notes says, in parentheses, what a figure is made of and what is missing of it.
func (f *figure) notes(missing *big.Rat) string {
	var notes []string
	if len(f.parts) > 0 {
		var parts []string
		for _, p := range f.parts {
			parts = append(parts, fmt.Sprintf("%s from %s", spoken(p.Value), p.Metric))
		}
		notes = append(notes, verdict.List(parts))
	}
	if f.ofResellers != nil {
		notes = append(notes, f.quantity(f.ofResellers)+" of it from resellers")
	}
	if f.places != nil && len(f.places.failing) > 1 {
		notes = append(notes, "it does not hold in "+verdict.Some(f.places.failing, maxLacks))
	}
	switch {
	case missing == nil:
	case f.atMost:
		notes = append(notes, spoken(missing)+" too many")
	default:
		notes = append(notes, spoken(missing)+" short")
	}
	if len(notes) == 0 {
		return ""
	}
	return " (" + strings.Join(notes, "; ") + ")"
}

// status returns an evaluation as the API shows it.
func (r *round) status() v1alpha1.TierEvaluation {
	return v1alpha1.TierEvaluation{
		Day: r.day.Date(), RuleSet: r.set.Name, Qualified: string(r.reached.name()), Effective: string(r.after.name),
		Outcome: r.outcome, Message: printable.Clip(r.words(), maxEvaluationText),
	}
}

// words says what came of an evaluation, and why.
func (r *round) words() string {
	held, reached := r.called(r.before.name), r.called(r.reached.name())
	first := r.day + 1
	switch r.outcome {
	case OutcomeKept:
		if r.after.name != r.before.name {
			return fmt.Sprintf("Qualifies for %s, which rule set %s has in place of %s.%s", reached, r.set.Name, held, r.lacks(r.above(r.reached.rank())))
		}
		return fmt.Sprintf("Qualifies for %s, as before.%s", reached, r.lacks(r.above(r.reached.rank())))
	case OutcomePromoted:
		return fmt.Sprintf("Rises from %s to %s on %s.%s", held, reached, first, r.lacks(r.above(r.reached.rank())))
	case OutcomeDemoted:
		return fmt.Sprintf("Falls from %s to %s on %s.%s", held, r.called(r.after.name), first, r.lacks(r.of(r.before.name)))
	case OutcomeHeldInGrace:
		return fmt.Sprintf("Qualifies for %s; %s is held in grace (evaluation %d of %d) and is judged again on %s.%s",
			reached, held, r.after.below, r.grace, r.next, r.lacks(r.of(r.before.name)))
	case OutcomeExempt:
		return fmt.Sprintf("Qualifies for %s; %s is kept, since as a new partner it is exempt from demotion through %s.%s",
			reached, held, r.exemptThrough, r.lacks(r.of(r.before.name)))
	case OutcomePromotionOnHold:
		return fmt.Sprintf("Qualifies for %s and stays at %s, since promotion is on hold: %s", reached, held, r.reason)
	case OutcomeByDecision:
		return fmt.Sprintf("Qualifies for %s and holds %s, which by the rules of the program only a decision changes.%s",
			reached, held, r.lacks(r.above(r.reached.rank())))
	default:
		return fmt.Sprintf("Cannot be judged, so %s is kept.%s", held, r.lacks(r.possible))
	}
}

// called returns a tier's name for people: "no tier" for none.
func (r *round) called(name v1alpha1.Name) string {
	if name == "" {
		return "no tier"
	}
	if s := r.of(name); s != nil {
		return title(s.tier)
	}
	return string(name)
}

// maxLacks bounds how many requirements a sentence lists.
const maxLacks = 3

// lacks says in a sentence what a tier's requirements lack; nothing when the tier is none or lacks nothing.
func (r *ruling) lacks(s *result) string {
	if s == nil {
		return ""
	}
	var list []string
	more := 0
	for i := range s.figures {
		switch {
		case s.figures[i].verdict == v1alpha1.CriterionMet:
		case len(list) == maxLacks:
			more++
		default:
			list = append(list, " "+s.figures[i].words(r.occasion)+".")
		}
	}
	text := strings.Join(list, "")
	if more > 0 {
		text += fmt.Sprintf(" And %d more.", more)
	}
	return text
}
