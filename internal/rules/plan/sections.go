package plan

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

const (
	// wordsPerMinute is the reading speed by which the length of a value proposition is judged (maxReadingSeconds).
	wordsPerMinute = 240
	// defaultReadingSeconds is the documented default of maxReadingSeconds.
	defaultReadingSeconds = 30
	secondsPerMinute      = 60
)

// checkSections notes which sections the terms lack, and what is wrong in those that they have.
func (c *check) checkSections() {
	c.checkRequired()
	if unknown := c.ground.program.UnknownSegment(c.terms.Segment); unknown != "" {
		c.findings.Warningf(RuleSegmentUnknown, "spec.segment", "program %s has %s (or have the program owner add it to spec.segments)",
			c.ground.program.Name, unknown)
	}
	c.checkValueProposition()
	for i := range c.terms.Activities {
		c.checkActivity(&c.terms.Activities[i])
	}
	for i := range c.terms.Commitments {
		c.checkCommitment(&c.terms.Commitments[i])
	}
	for i := range c.terms.TargetAccounts {
		c.checkAccount(&c.terms.TargetAccounts[i])
	}
	c.checkSalesPlan()
	c.checkBenefits()
}

// sections say for each section whether terms have it, and the field that it stands in.
var sections = map[v1alpha1.PlanSection]struct {
	field string
	has   func(*v1alpha1.PlanTerms) bool
}{
	"Vision":           {"vision", func(t *v1alpha1.PlanTerms) bool { return t.Vision != "" }},
	"Goals":            {"goals", func(t *v1alpha1.PlanTerms) bool { return len(t.Goals) > 0 }},
	"Strategies":       {"strategies", func(t *v1alpha1.PlanTerms) bool { return len(t.Strategies) > 0 }},
	"ValueProposition": {"valueProposition", func(t *v1alpha1.PlanTerms) bool { return t.ValueProposition != nil }},
	"Activities":       {"activities", func(t *v1alpha1.PlanTerms) bool { return len(t.Activities) > 0 }},
	"Commitments":      {"commitments", func(t *v1alpha1.PlanTerms) bool { return len(t.Commitments) > 0 }},
	"Risks":            {"risks", func(t *v1alpha1.PlanTerms) bool { return len(t.Risks) > 0 }},
	"SWOT":             {"swot", func(t *v1alpha1.PlanTerms) bool { return t.SWOT != nil }},
	"TargetAccounts":   {"targetAccounts", func(t *v1alpha1.PlanTerms) bool { return len(t.TargetAccounts) > 0 }},
	"SalesPlan":        {"salesPlan", func(t *v1alpha1.PlanTerms) bool { return t.SalesPlan != nil }},
}

// sectionKickOff is the section that is outside the terms: a meeting, held once the plan starts.
const sectionKickOff v1alpha1.PlanSection = "KickOff"

// checkRequired notes, in one finding, the sections that the tier requires and the terms lack; the kick-off, which is held, by itself.
func (c *check) checkRequired() {
	planning := c.tier.planning()
	if planning == nil {
		return
	}
	tier := fmt.Sprintf("tier %q of rule set %q requires", c.tier.name, c.ground.rules.Name)
	var missing []v1alpha1.PlanSection
	for _, name := range planning.RequiredSections {
		if name == sectionKickOff {
			c.checkKickOff(tier + " it")
			continue
		}
		if section, known := sections[name]; known && !section.has(c.terms) {
			missing = append(missing, name)
		}
	}
	switch missing = slices.Compact(sorted(missing)); len(missing) {
	case 0:
	case 1:
		c.findings.Warningf(RuleSectionMissing, c.root+"."+sections[missing[0]].field, "the plan has no section %s: %s it; add it", missing[0], tier)
	default:
		c.findings.Warningf(RuleSectionMissing, c.root, "the plan has no sections %s: %s them; add them", verdict.List(missing), tier)
	}
}

// checkKickOff notes a missing kick-off meeting, from the first day of the period on. While the vendor can answer what the partner recorded of it, it
// is not missing.
func (c *check) checkKickOff(by string) {
	const field = "status.meetings"
	c.from(c.ground.span.From)
	held, vain := c.kickOff()
	if held != nil && held.Counts() {
		return
	}
	switch {
	case held != nil:
		c.findings.Infof(RuleSectionMissing, field, "the kick-off of %s, which the partner recorded on %s, does not count yet: %s", held.HeldOn, held.RecordedOn, held.Waits())
	case c.today >= c.ground.span.From:
		c.findings.Warningf(RuleSectionMissing, field, "no kick-off meeting is recorded although the period began on %s: %s; hold it and record it in a PlanReview%s",
			c.ground.span.From, by, vain)
	default:
		c.findings.Infof(RuleSectionMissing, field, "no kick-off meeting is recorded yet: %s; hold it by %s, the first day of the period%s",
			by, c.ground.span.From, vain)
	}
}

// checkValueProposition judges the value proposition by the rules of the program; that it is quantified by its own definition.
func (c *check) checkValueProposition() {
	value := c.terms.ValueProposition
	if value == nil {
		return
	}
	field := c.root + ".valueProposition"
	if !strings.ContainsFunc(string(value.Quantified), unicode.IsDigit) {
		c.findings.Warningf(RuleValueNotQuantified, field+".quantified", "the value proposition is not quantified: it holds no digit; say with a number what the "+
			"customer gains")
	}
	rule := c.ground.rules.ValueProposition
	if rule == nil {
		return
	}
	texts := []v1alpha1.Text{value.Relevant, value.Quantified, value.Differentiated}
	length := 0
	for _, text := range texts {
		length += len(strings.Fields(string(text)))
	}
	limit := int(program.Or(rule.MaxReadingSeconds, defaultReadingSeconds))
	if length*secondsPerMinute > limit*wordsPerMinute {
		c.findings.Warningf(RuleValueTooLong, field, "the value proposition has %d words, rule set %q allows %d (%s of reading at %d words a minute): shorten it",
			length, c.ground.rules.Name, limit*wordsPerMinute/secondsPerMinute, verdict.Count(limit, "second"), wordsPerMinute)
	}
	for i, part := range []string{"relevant", "quantified", "differentiated"} {
		said := words(string(texts[i]))
		for _, hype := range rule.HypeWords {
			if contains(said, words(string(hype))) {
				c.findings.Warningf(RuleValueHype, field+"."+part, "rule set %q does not allow the words %q: say what is meant instead", c.ground.rules.Name, hype)
			}
		}
	}
}

// words splits text into lower-case words of letters and digits.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// contains reports whether a phrase occurs in text, word by word.
func contains(text, phrase []string) bool {
	for i := 0; len(phrase) > 0 && i+len(phrase) <= len(text); i++ {
		if slices.Equal(text[i:i+len(phrase)], phrase) {
			return true
		}
	}
	return false
}

// checkActivity checks an activity's type, days and cost.
func (c *check) checkActivity(activity *v1alpha1.PlannedActivity) {
	field := c.field("activities", activity.Name)
	if c.ground.program.Activity(activity.Type) == nil {
		c.findings.Errorf(RuleActivityTypeUnknown, field+".type", "program %s has %s",
			c.ground.program.Name, verdict.NoSuch("activity type", string(activity.Type), c.ground.program.ActivityNames()))
	} else if rule := c.tier.rule; rule != nil && len(rule.Activities) > 0 && !slices.Contains(rule.Activities, activity.Type) {
		c.findings.Warningf(RuleActivityNotAllowed, field+".type", "tier %q is not funded for activities of type %s: choose one of %s",
			c.tier.name, activity.Type, verdict.Some(sorted(rule.Activities), maxNamed))
	}
	from, okFrom := c.dayOr(field+".from", activity.From, c.ground.span.From)
	through, okThrough := c.dayOr(field+".through", activity.Through, c.ground.span.Through)
	days := fiscal.Span{From: from, Through: through}
	if okFrom && okThrough && (from > through || !c.ground.span.Covers(days)) {
		c.findings.Warningf(RuleOutsidePeriod, field, "the activity is planned from %s through %s, which is not within the period %s: correct from or through",
			from, through, c.ground.span)
	}
	if activity.Cost != nil {
		c.checkCost(field+".cost", *activity.Cost)
		c.checkFunding(field+".funding", activity)
	}
}

// checkCost checks that an activity's cost is an amount in the program's currency.
func (c *check) checkCost(field string, cost v1alpha1.Money) {
	if currency := c.ground.program.Spec.Currency; cost.Currency != currency {
		c.findings.Errorf(RuleCurrencyMismatch, field+".currency", "%s is not the program's currency: state the amount in %s; until then it is not used",
			decimal.Quote(string(cost.Currency)), currency)
		return
	}
	if minor, err := money.ParseMoney(cost); err != nil {
		c.findings.Errorf(RuleCostInvalid, field, "%s", err)
	} else if minor < 0 {
		c.findings.Errorf(RuleCostInvalid, field, "the expected cost %s %s is negative: give the net cost", cost.Amount, cost.Currency)
	}
}

// checkCommitment checks a commitment's due day and goals.
func (c *check) checkCommitment(commitment *v1alpha1.Commitment) {
	field := c.field("commitments", commitment.Name)
	if due, ok := c.dayOr(field+".due", commitment.Due, c.ground.span.Through); ok && !c.ground.span.Contains(due) {
		c.findings.Warningf(RuleOutsidePeriod, field+".due", "the commitment is due on %s, which is not within the period %s: correct due", due, c.ground.span)
	}
	for _, name := range commitment.Goals {
		if goal(c.terms, name) == nil {
			c.findings.Errorf(RuleGoalUnknown, field+".goals", "the plan has %s", verdict.NoSuch("goal", string(name), goalNames(c.terms)))
		}
	}
}

// checkAccount checks that a target account has an owner on each side.
func (c *check) checkAccount(account *v1alpha1.TargetAccount) {
	var missing []string
	if account.VendorOwner == "" {
		missing = append(missing, "vendorOwner")
	}
	if account.PartnerOwner == "" {
		missing = append(missing, "partnerOwner")
	}
	if len(missing) > 0 {
		c.findings.Infof(RuleAccountWithoutOwner, item(c.root+".targetAccounts", account.Name),
			"target account %q has no %s: both parties name a person who pursues it", account.Name, verdict.List(missing))
	}
}

// goalNames returns the names of the goals of terms, for suggestions.
func goalNames(terms *v1alpha1.PlanTerms) []string {
	names := make([]string, 0, len(terms.Goals))
	for i := range terms.Goals {
		names = append(names, string(terms.Goals[i].Name))
	}
	return names
}

// sorted returns a list in order.
func sorted[T ~string](list []T) []T {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
