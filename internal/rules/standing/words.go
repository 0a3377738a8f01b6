package standing

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// HeldOn says what held on a day: "on 2026-10-01 invoice 4711, due on 2026-08-31, was not paid".
func (c *Cause) HeldOn(day fiscal.Day) string { return fmt.Sprintf("on %s %s", day, c.Was) }

// Words says what holds, until when it can be cured and how, and what follows on which day. What has begun is not told again: it is the cause's
// step. They change on the day after the cure period and when a step begins.
func (c *Cause) Words() string {
	text := verdict.Capital(c.What) + ". " + withNote(c.remedy(), c.Waits)
	if c.Rule.Owner == v1alpha1.PartyVendor {
		return text
	}
	if len(c.Steps) == 0 {
		return text + " It is on watch only: no penalty."
	}
	for _, step := range c.Steps {
		if !step.Reached {
			text += step.words()
		}
	}
	return text
}

// remedy says who has to do what, until when, and what that spares or ends.
func (c *Cause) remedy() string {
	cure, period := c.Cure, c.CureThrough >= c.Since
	if c.Record != "" {
		cure += " and " + c.Record
	}
	switch {
	case c.Rule.Owner == v1alpha1.PartyVendor:
		return c.vendors(period)
	case len(c.Steps) == 0:
		return withNote(fmt.Sprintf("To cure it, %s.", cure), c.Note)
	case c.Step != v1alpha1.StepWatch && period:
		return fmt.Sprintf("The grace period ended on %s. ", c.Steps[0].From.AddDays(-1)) + c.ends(cure)
	case c.Step != v1alpha1.StepWatch:
		return c.ends(cure)
	case c.CurePeriodOver && period:
		return fmt.Sprintf("The cure period ended on %s. ", c.CureThrough) + c.spares(cure, c.Steps[0].From.AddDays(-1))
	case c.CurePeriodOver:
		return c.spares(cure, c.Steps[0].From.AddDays(-1))
	default:
		return c.spares(cure, c.CureThrough)
	}
}

// vendors says what the vendor must do.
func (c *Cause) vendors(period bool) string {
	text := "The vendor must " + c.Cure
	if period {
		text += fmt.Sprintf(" by %s", c.CureThrough)
	}
	if c.Record != "" {
		text += " and " + c.Record
	}
	return withNote(text+"; the partner is not penalized.", c.Note)
}

// spares says by which day the cure keeps every consequence away. Where the cure alone does not end the cause, the note says what does.
func (c *Cause) spares(cure string, by fiscal.Day) string {
	if c.Note != "" {
		return fmt.Sprintf("To cure it, %s. %s If that happens by %s, there is no penalty.", cure, c.Note, by)
	}
	text := fmt.Sprintf("%s by %s", verdict.Capital(c.Cure), by)
	if c.Record != "" {
		text += " and " + c.Record
	}
	return text + " to avoid any penalty."
}

// ends says which consequences in force the cure ends.
func (c *Cause) ends(cure string) string {
	var list []string
	for _, step := range c.Steps {
		text := "lifts the hold"
		if step.Step == v1alpha1.StepReducedRate {
			text = "ends the reduced rate"
		}
		if step.Reached && !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	what := strings.Join(list, " and ")
	if c.Note != "" {
		return fmt.Sprintf("To cure it, %s. %s That %s.", cure, c.Note, what)
	}
	return fmt.Sprintf("%s: this %s.", verdict.Capital(cure), what)
}

// withNote appends a note, if there is one.
func withNote(text, note string) string {
	if note == "" {
		return text
	}
	return text + " " + note
}

// words says what a consequence to come is and from when on.
func (c Consequence) words() string {
	return fmt.Sprintf(" From %s %s.", c.From, Of(c.StandingConsequence))
}

// Of says what a consequence is: "new money is on hold, but not claims on money already granted".
func Of(c *v1alpha1.StandingConsequence) string {
	if c.Step == v1alpha1.StepReducedRate {
		return Reduced(c.RatePercent)
	}
	return Held(c.Holds)
}

// Reduced says what a reduced rate is: "new activities are funded at 50 percent of the standard rate".
func Reduced(ratePercent v1alpha1.Percent) string {
	return fmt.Sprintf("new activities are funded at %s percent of the standard rate", ratePercent)
}

// Held says what a hold stops: "new money is on hold, but not claims on money already granted".
func Held(holds []v1alpha1.HoldScope) string {
	text := scopes(holds) + " on hold"
	if slices.Contains(holds, v1alpha1.HoldNewMoney) {
		text += ", but not claims on money already granted"
	}
	return text
}

// scopes names what a hold stops, with its verb: "new money is".
func scopes(holds []v1alpha1.HoldScope) string {
	var list []string
	if slices.Contains(holds, v1alpha1.HoldNewMoney) {
		list = append(list, "new money")
	}
	if slices.Contains(holds, v1alpha1.HoldPromotion) {
		list = append(list, "promotion to a higher tier")
	}
	switch len(list) {
	case 0:
		return "nothing is"
	case 1:
		return list[0] + " is"
	default:
		return strings.Join(list, " and ") + " are"
	}
}
