package budget

import (
	"cmp"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules that are found wrong in a budget.
const (
	// RuleBudgetAmountInvalid: an amount of the budget is not an amount of its currency: the currency is unknown, the amount has too many digits
	// after the point, is too large or negative. Remedy: write it as plain decimal text, with no more digits than the currency has, such as 12500.00.
	RuleBudgetAmountInvalid = "BudgetAmountInvalid"
	// RuleBudgetPeriodInvalid: the program's calendar defines no such period; nothing is granted. Remedy: give a fiscal year of the program, with
	// a part of it if need be, or two days.
	RuleBudgetPeriodInvalid = "BudgetPeriodInvalid"
	// RuleBudgetDateInvalid: a day is not a calendar day, or one that makes no sense beside the period. Remedy: write a day such as 2026-09-30 that
	// is not before the period begins.
	RuleBudgetDateInvalid = "BudgetDateInvalid"
	// RuleBudgetActivityUnknown: a list of activities names one that the program's catalogue does not have, or does not reimburse. Remedy: correct
	// the name, or let the program's activity state a reimbursementPercent.
	RuleBudgetActivityUnknown = "BudgetActivityUnknown"
	// RuleBudgetTierUnknown: a limit names a tier that no rule set of the program has, and so never applies for it. Remedy: correct the name.
	RuleBudgetTierUnknown = "BudgetTierUnknown"
	// RuleBudgetMetricInvalid: a rule names a metric that the program does not have or that cannot be used for it: a share needs a metric of
	// behaviour Flow, of unit Currency, in the budget's currency. Remedy: name such a metric.
	RuleBudgetMetricInvalid = "BudgetMetricInvalid"
	// RuleBudgetLimitInvalid: a limit cannot be used as written; it allows nothing. Remedy: give per, and either an amount or a percent of a
	// metric.
	RuleBudgetLimitInvalid = "BudgetLimitInvalid"
	// RuleBudgetAccrualInvalid: an accrual cannot be used as written; nothing is earned. Remedy: give every or fromEvent, spend, and one of percent, steps
	// and percentSteps, which rise with their thresholds.
	RuleBudgetAccrualInvalid = "BudgetAccrualInvalid"
	// RuleBudgetWindowInvalid: the window for requests cannot be used as written; no request is in time. Remedy: name an event, with a metric for
	// FirstResult alone, and the number of days.
	RuleBudgetWindowInvalid = "BudgetWindowInvalid"
	// RuleBudgetAuthorityInvalid: the levels of a rule of authority contradict each other or the amount. Remedy: add a rule that lets more people
	// approve the larger amounts, below the budget's amount.
	RuleBudgetAuthorityInvalid = "BudgetAuthorityInvalid"
	// RuleBudgetClaimsInvalid: what the budget says of claims contradicts itself. Remedy: let minimum be at most maximum.
	RuleBudgetClaimsInvalid = "BudgetClaimsInvalid"
	// RuleBudgetSharedInvalid: a shared activity cannot be used as written; nothing is granted for it. Remedy: give it an amount, at most the budget's, and
	// two partners or more, all with a weight or none.
	RuleBudgetSharedInvalid = "BudgetSharedInvalid"
	// RuleBudgetSelectorInvalid: the selector of allowed namespaces cannot be used; no namespace may draw on the budget. Remedy: correct it.
	RuleBudgetSelectorInvalid = "BudgetSelectorInvalid"
)

// check returns what is wrong with a budget that its schema cannot tell. The program is nil when it was not found.
func check(b *v1alpha1.MDFBudget, prog *program.Program) []v1alpha1.Finding {
	c := &checking{spec: &b.Spec, program: prog}
	if prog == nil {
		c.Errorf(verdict.RuleReferenceNotFound, "spec.programRef.name", "%s: correct the name, or create the program; until then nothing is granted",
			verdict.NotFound("PartnerProgram", string(b.Spec.ProgramRef.Name), nil))
	}
	if allowed := b.Spec.AllowedNamespaces; allowed != nil && allowed.Selector != nil {
		if _, err := metav1.LabelSelectorAsSelector(allowed.Selector); err != nil {
			c.Errorf(RuleBudgetSelectorInvalid, "spec.allowedNamespaces.selector", "no namespace may draw on the budget until this is corrected: %s", err)
		}
	}
	c.total, c.sound = c.amount("spec.amount.amount", b.Spec.Amount.Amount)
	c.checkDays()
	c.checkActivities("spec.activities", b.Spec.Activities)
	c.checkWindow()
	for i := range b.Spec.Limits {
		c.checkLimit(&b.Spec.Limits[i])
	}
	c.checkShared()
	if b.Spec.Accrual != nil {
		c.checkAccrual(b.Spec.Accrual)
	}
	c.checkRewards()
	c.checkAuthority()
	c.checkClaims()
	return c.List()
}

// checking is the check of one budget under way.
type checking struct {
	verdict.Findings

	spec    *v1alpha1.MDFBudgetSpec
	program *program.Program // nil when it was not found
	total   int64
	sound   bool // total is known
}

// amount reads an amount in the budget's currency. The currency is found wrong once, with the budget's own amount.
func (c *checking) amount(field string, amount v1alpha1.Decimal) (int64, bool) {
	currency := c.spec.Amount.Currency
	if _, err := money.Digits(currency); err != nil {
		c.Errorf(RuleBudgetAmountInvalid, "spec.amount.currency", "nothing is granted, and the currency of a budget cannot be changed, so create "+
			"another budget: %s", err)
		return 0, false
	}
	minor, err := facts.ParseAmount(amount, currency)
	if err != nil {
		c.Errorf(RuleBudgetAmountInvalid, field, "%s", err)
		return 0, false
	}
	return minor, true
}

// optional is amount for a field that may be absent.
func (c *checking) optional(field string, amount v1alpha1.Decimal) (int64, bool) {
	if amount == "" {
		return 0, false
	}
	return c.amount(field, amount)
}

// day reads a day that may be absent.
func (c *checking) day(field string, text v1alpha1.Date, otherwise string) fiscal.Day {
	day, err := fiscal.ParseDay(text)
	if err != nil && text != "" {
		c.Errorf(RuleBudgetDateInvalid, field, "%s until this is corrected: %s", otherwise, err)
	}
	return day
}

// checkDays checks the period and the deadlines.
func (c *checking) checkDays() {
	requestBy := c.day("spec.requestBy", c.spec.RequestBy, "requests can be made through the last day of the period")
	var receivedBy fiscal.Day
	if c.spec.Claims != nil {
		receivedBy = c.day("spec.claims.receivedBy", c.spec.Claims.ReceivedBy, "the activities' own windows decide")
	}
	if c.program == nil {
		return
	}
	span, err := c.program.Calendar.Period(c.spec.Period)
	if err != nil {
		c.Errorf(RuleBudgetPeriodInvalid, "spec.period", "program %q defines no such period, and nothing is granted until this is corrected: %s", c.program.Name, err)
		return
	}
	switch {
	case requestBy.IsZero():
	case requestBy > span.Through:
		c.Warningf(RuleBudgetDateInvalid, "spec.requestBy", "%s is after the period ends on %s, when what is left of the budget lapses: requests "+
			"made later get nothing; "+
			"choose a day within it", requestBy, span.Through)
	case requestBy < span.From:
		c.Warningf(RuleBudgetDateInvalid, "spec.requestBy", "%s is before the period begins on %s: no request can be made in the period; "+
			"name a later day, unless all requests are to be made ahead", requestBy, span.From)
	}
	if !receivedBy.IsZero() && receivedBy < span.From {
		c.Errorf(RuleBudgetDateInvalid, "spec.claims.receivedBy", "%s is before the period begins on %s: no activity could be claimed; name a day "+
			"after the activities",
			receivedBy, span.From)
	} else if !receivedBy.IsZero() && receivedBy < span.Through {
		c.Warningf(RuleBudgetDateInvalid, "spec.claims.receivedBy", "%s is before the period ends on %s: activities that end later cannot be "+
			"claimed; name a later day",
			receivedBy, span.Through)
	}
}

// checkActivities checks a list of activities.
func (c *checking) checkActivities(field string, kinds []v1alpha1.ActivityType) {
	if c.program == nil {
		return
	}
	for _, kind := range kinds {
		at := fmt.Sprintf("%s[%s]", field, kind)
		switch activity := c.program.Activity(kind); {
		case activity == nil:
			c.Errorf(RuleBudgetActivityUnknown, at, "correct the name, or add the activity to the program: program %q has %s",
				c.program.Name, verdict.NoSuch("activity", string(kind), c.program.ActivityNames()))
		case activity.ReimbursementPercent == "":
			c.Warningf(RuleBudgetActivityUnknown, at, "program %q does not reimburse %s: state a reimbursementPercent there, or remove it here", c.program.Name, kind)
		}
	}
}

// checkMetric checks a metric by a rule that says why it cannot be used.
func (c *checking) checkMetric(field string, unusable func(*program.Program) error, otherwise string) {
	if c.program == nil {
		return
	}
	if err := unusable(c.program); err != nil {
		c.Errorf(RuleBudgetMetricInvalid, field, "%s until this is corrected: %s", otherwise, err)
	}
}

// knownMetric says why there is no such metric.
func knownMetric(prog *program.Program, name v1alpha1.Name) error {
	if prog.Metric(name) == nil {
		return fmt.Errorf("program %s has %s", prog.Name, verdict.NoSuch("metric", string(name), prog.MetricNames()))
	}
	return nil
}

// checkWindow checks the window for requests.
func (c *checking) checkWindow() {
	window := c.spec.RequestWindow
	if window == nil {
		return
	}
	const field, otherwise = "spec.requestWindow", "no request is in time"
	switch window.Event {
	case v1alpha1.EventFirstResult:
		c.checkMetric(field+".metric", func(prog *program.Program) error { return knownMetric(prog, window.Metric) }, otherwise)
	case v1alpha1.EventAgreementSigned, v1alpha1.EventMemberSince, v1alpha1.EventFirstPlanApproved:
		if window.Metric != "" {
			c.Errorf(RuleBudgetWindowInvalid, field+".metric", "metric belongs to event FirstResult: remove metric, or make the event FirstResult")
		}
	default:
		c.Errorf(RuleBudgetWindowInvalid, field+".event", "%s until this is corrected: %s must be AgreementSigned, MemberSince, FirstResult or FirstPlanApproved",
			otherwise, decimal.Quote(string(window.Event)))
	}
	if window.Days < 1 {
		c.Errorf(RuleBudgetWindowInvalid, field+".days", "%d must be at least 1", window.Days)
	}
	if window.Count != "" && window.Count != v1alpha1.CountCalendarDays && window.Count != v1alpha1.CountBusinessDays {
		c.Errorf(RuleBudgetWindowInvalid, field+".count", "calendar days are counted until this is corrected: %s must be CalendarDays or BusinessDays",
			decimal.Quote(string(window.Count)))
	}
}

// limitScopes are the scopes of limits.
var limitScopes = []v1alpha1.LimitScope{v1alpha1.LimitPerRequest, v1alpha1.LimitPerActivity, v1alpha1.LimitPerPlan, v1alpha1.LimitPerPartner}

// checkLimit checks one limit.
func (c *checking) checkLimit(limit *v1alpha1.FundingLimit) {
	field := fmt.Sprintf("spec.limits[%s]", limit.Name)
	const otherwise = "the limit allows nothing"
	if !slices.Contains(limitScopes, limit.Per) {
		c.Errorf(RuleBudgetLimitInvalid, field+".per", "the limit is taken as one per Partner until this is corrected: %s must be Request, Activity, Plan or Partner",
			decimal.Quote(string(limit.Per)))
	}
	c.checkTiers(field+".tiers", "the limit has no effect for this tier", limit.Tiers)
	c.checkActivities(field+".activities", limit.Activities)
	switch {
	case (limit.Amount == "") == (limit.Percent == ""):
		c.Errorf(RuleBudgetLimitInvalid, field, "%s until this is corrected: give exactly one of amount and percent", otherwise)
	case limit.Amount != "":
		c.amount(field+".amount", limit.Amount)
	default:
		if _, err := decimal.ParsePercent(limit.Percent); err != nil {
			c.Errorf(RuleBudgetLimitInvalid, field+".percent", "%s until this is corrected: %s", otherwise, err)
		}
		c.checkMetric(field+".metric", func(prog *program.Program) error {
			return headroom.UsableMetric(prog, limit.Metric, c.spec.Amount.Currency)
		}, otherwise)
	}
}

// checkTiers checks the tiers of a limit or reward: each must be one of some rule set of the program.
func (c *checking) checkTiers(field, otherwise string, tiers []v1alpha1.Name) {
	if c.program == nil {
		return
	}
	var names []string
	for i := range c.program.Spec.RuleSets {
		for j := range c.program.Spec.RuleSets[i].Tiers {
			names = append(names, string(c.program.Spec.RuleSets[i].Tiers[j].Name))
		}
	}
	for _, tier := range tiers {
		if !slices.Contains(names, string(tier)) {
			c.Errorf(RuleBudgetTierUnknown, fmt.Sprintf("%s[%s]", field, tier), "%s until this is corrected: program %q has %s",
				otherwise, c.program.Name, verdict.NoSuch("tier", string(tier), names))
		}
	}
}

// checkAuthority checks the rules of authority, each for itself: who is to approve an amount is said by all that were in force since it was requested.
func (c *checking) checkAuthority() {
	for i := range c.spec.Authority {
		rule := &c.spec.Authority[i]
		field := fmt.Sprintf("spec.authority[%s]", rule.EffectiveFrom)
		if _, err := fiscal.ParseDay(rule.EffectiveFrom); err != nil {
			c.Errorf(RuleBudgetDateInvalid, field+".effectiveFrom", "%d people must approve every amount until this is corrected: %s", v1alpha1.MostApprovers, err)
		}
		c.checkLevels(field+".levels", rule.Levels)
		if rule.FastLane != nil {
			c.checkFastLane(field+".fastLane", rule)
		}
	}
}

// checkFastLane checks that one person approves what is in the fast lane of a rule of authority.
func (c *checking) checkFastLane(field string, rule *v1alpha1.AuthorityRule) {
	most, ok := c.amount(field+".upTo", rule.FastLane.UpTo)
	if !ok {
		return
	}
	for i := range rule.Levels {
		above, err := money.Parse(rule.Levels[i].Above, c.spec.Amount.Currency)
		if err == nil && above < most {
			c.Warningf(RuleBudgetAuthorityInvalid, field+".upTo", "above %s %d people must approve, so the fast lane ends there and not at %s: add a rule whose fast lane "+
				"ends at the lowest level", money.Format(above, c.spec.Amount.Currency), rule.Levels[i].Approvers, money.Format(most, c.spec.Amount.Currency))
			return
		}
	}
}

// checkLevels checks the levels of a rule of authority: the larger the amount, the more people.
func (c *checking) checkLevels(field string, levels []v1alpha1.AuthorityLevel) {
	type level struct {
		above     int64
		approvers int32
	}
	var sound []level
	for i := range levels {
		at := fmt.Sprintf("%s[%s]", field, levels[i].Above)
		above, ok := c.amount(at+".above", levels[i].Above)
		if !ok {
			continue
		}
		if c.sound && above >= c.total {
			c.Warningf(RuleBudgetAuthorityInvalid, at+".above", "no request can be above %s, the budget's amount: add a rule with a lower level that can be reached",
				money.Format(c.total, c.spec.Amount.Currency))
		}
		sound = append(sound, level{above, levels[i].Approvers})
	}
	slices.SortStableFunc(sound, func(a, b level) int {
		return cmp.Or(cmp.Compare(a.above, b.above), cmp.Compare(a.approvers, b.approvers))
	})
	for i := 1; i < len(sound); i++ {
		low, high := sound[i-1], sound[i]
		lowText, highText := money.Format(low.above, c.spec.Amount.Currency), money.Format(high.above, c.spec.Amount.Currency)
		switch {
		case low.above == high.above:
			c.Errorf(RuleBudgetAuthorityInvalid, field, "two levels are for amounts above %s, with %d and %d approvers: the higher number counts",
				highText, low.approvers, high.approvers)
		case low.approvers >= high.approvers:
			c.Warningf(RuleBudgetAuthorityInvalid, field, "above %s %d people must approve, above %s %d: a larger amount cannot need fewer approvers, so the level "+
				"above %s has no effect",
				lowText, low.approvers, highText, high.approvers, highText)
		}
	}
}

// checkClaims checks what is said of claims.
func (c *checking) checkClaims() {
	if c.spec.Claims == nil {
		return
	}
	const field = "spec.claims"
	minimum, given := c.optional(field+".minimum", c.spec.Claims.Minimum)
	maximum, bounded := c.optional(field+".maximum", c.spec.Claims.Maximum)
	switch currency := c.spec.Amount.Currency; {
	case given && bounded && minimum > maximum:
		c.Errorf(RuleBudgetClaimsInvalid, field+".minimum", "%s is above maximum, %s: no claim can be paid; lower it",
			money.Format(minimum, currency), money.Format(maximum, currency))
	case given && c.sound && minimum > c.total:
		c.Warningf(RuleBudgetClaimsInvalid, field+".minimum", "%s is above the budget's amount, %s: no claim can reach it; lower it",
			money.Format(minimum, currency), money.Format(c.total, currency))
	}
}
