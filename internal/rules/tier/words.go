package tier

import (
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
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
	demand := verdict.Capital(title(f.tier)) + " " + f.demand(at.view)
	switch f.why {
	case notReadable:
		return fmt.Sprintf("%s; this cannot be judged: the program's rule names no metric of its catalogue, or no threshold", demand)
	case notMeasured:
		return demand + "; " + f.nothing(at)
	case notCovered:
		return fmt.Sprintf("%s; %s, but the first result is later than %s, so the window from %s is not covered: add the earlier results, "+
			"0 where there were none", demand, f.finding(at), f.begins, f.window.From)
	case notDue:
		return fmt.Sprintf("%s; %s; results may still come in through %s", demand, f.finding(at), f.due)
	default:
		return demand + "; " + f.finding(at)
	}
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
	case f.criterion.Competency != "":
		people := "people"
		if threshold == "1" {
			people = "person"
		}
		if seen == today {
			return fmt.Sprintf("%s %s%s %s with %s", verb, most, threshold, people, subject)
		}
		return fmt.Sprintf("%s %s%s %s with %s on %s", verb, most, threshold, people, subject, f.day)
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

// span names the window: "the 12 months to 2026-09-30".
func (f *figure) span() string {
	if f.months == 1 {
		return fmt.Sprintf("the month to %s", f.day)
	}
	return fmt.Sprintf("the %d months to %s", f.months, f.day)
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
	text := spoken(f.found)
	if f.metric != nil {
		text += f.unit()
	}
	if at.view == ahead {
		text += " so far"
	} else {
		text = "actual " + text
	}
	if f.metric != nil && !f.asOf.IsZero() && f.asOf != f.day {
		text += fmt.Sprintf(", measured through %s", f.asOf)
	}
	switch {
	case f.missing == nil:
		return text
	case f.atMost:
		return fmt.Sprintf("%s (%s too many)", text, spoken(f.missing))
	default:
		return fmt.Sprintf("%s (%s short)", text, spoken(f.missing))
	}
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
