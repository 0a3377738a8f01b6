package partner

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// capital returns text with its first letter as a capital.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// titleOf returns a tier's name for people.
func titleOf(tier *v1alpha1.Tier) string {
	if tier.Title != "" {
		return string(tier.Title)
	}
	return string(tier.Name)
}

// words says what holds, until when it can be cured and how, and what follows on which day. They do not change while the cause holds.
func (c *cause) words() string {
	text := capital(c.what) + ". "
	if c.rule.Owner == v1alpha1.PartyVendor {
		return text + fmt.Sprintf("To cure it through %s is the vendor's part, and it costs the partner nothing: %s.", c.cureThrough, c.cure)
	}
	if c.cureThrough < c.since {
		text += "To cure it: " + c.cure + "."
	} else {
		text += fmt.Sprintf("To cure it through %s: %s.", c.cureThrough, c.cure)
	}
	if len(c.steps) == 0 {
		return text + " The program only watches it."
	}
	for _, step := range c.steps {
		text += step.words()
	}
	return text + " This ends with the cause."
}

// words says what a consequence is and from when on.
func (c consequence) words() string {
	if c.Step == v1alpha1.StepReducedRate {
		return fmt.Sprintf(" From %s new activities are funded at %s percent of the ordinary rate.", c.from, c.RatePercent)
	}
	text := fmt.Sprintf(" From %s %s on hold", c.from, heldWords(c.Holds))
	if slices.Contains(c.Holds, v1alpha1.HoldNewMoney) {
		text += ", but not claims on money already granted"
	}
	return text + "."
}

// heldWords names what a hold stops, with its verb.
func heldWords(holds []v1alpha1.HoldScope) string {
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
