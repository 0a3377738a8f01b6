package standing

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// HeldOn says what held on a day: "on 2026-10-01 invoice 4711, due on 2026-08-31, was not paid".
func (c *Cause) HeldOn(day fiscal.Day) string { return fmt.Sprintf("on %s %s", day, c.Was) }

// Words says what holds, until when it can be cured and how, and what follows on which day. They do not change while the cause holds.
func (c *Cause) Words() string {
	text := capital(c.What) + ". " + c.remedy()
	if c.Note != "" {
		text += " " + c.Note
	}
	if c.Rule.Owner == v1alpha1.PartyVendor {
		return text
	}
	if len(c.Steps) == 0 {
		return text + " The program only watches it."
	}
	for _, step := range c.Steps {
		text += step.words()
	}
	return text + " This ends with the cause."
}

// remedy says who has to do what, and until when.
func (c *Cause) remedy() string {
	record := ""
	if c.Record != "" {
		record = " and " + c.Record
	}
	period := c.CureThrough >= c.Since
	switch {
	case c.Rule.Owner == v1alpha1.PartyVendor && period:
		return fmt.Sprintf("The vendor has to %s by %s%s; it costs the partner nothing.", c.Cure, c.CureThrough, record)
	case c.Rule.Owner == v1alpha1.PartyVendor:
		return fmt.Sprintf("The vendor has to %s%s; it costs the partner nothing.", c.Cure, record)
	case period && len(c.Steps) > 0:
		return fmt.Sprintf("It could be cured without consequence through %s; %s%s.", c.CureThrough, c.Cure, record)
	default:
		return fmt.Sprintf("To cure it, %s%s.", c.Cure, record)
	}
}

// words says what a consequence is and from when on.
func (c Consequence) words() string {
	if c.Step == v1alpha1.StepReducedRate {
		return fmt.Sprintf(" From %s new activities are funded at %s percent of the ordinary rate.", c.From, c.RatePercent)
	}
	text := fmt.Sprintf(" From %s %s on hold", c.From, Held(c.Holds))
	if slices.Contains(c.Holds, v1alpha1.HoldNewMoney) {
		text += ", but not claims on money already granted"
	}
	return text + "."
}

// Held names what a hold stops, with its verb: "new money is".
func Held(holds []v1alpha1.HoldScope) string {
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

// capital returns text with its first letter as a capital.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
