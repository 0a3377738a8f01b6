// Package catalog shows what a program asks of a partner and offers to it: what may be named in plans, requests and claims, and by which rules.
package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Catalog is what a partner of a tier finds in a program on a day.
type Catalog struct {
	// Program is the program's name, Title its name for people.
	Program string `json:"program"`
	Title   string `json:"title,omitempty"`
	// Currency is the program's currency.
	Currency string `json:"currency"`
	// Day is the day for which it holds, RuleSet the rules in force; empty when none are.
	Day     string `json:"day"`
	RuleSet string `json:"ruleSet,omitempty"`
	// Partner and Tier are for whom it holds; empty for any.
	Partner string `json:"partner,omitempty"`
	Tier    string `json:"tier,omitempty"`
	// RatePercent is the share of the rates that the partner's standing leaves; empty for all of it.
	RatePercent string `json:"ratePercent,omitempty"`
	// Activities are the types of activity, in the program's order.
	Activities []Activity `json:"activities,omitempty"`
	// Budgets are those on which the partner may draw.
	Budgets []v1alpha1.PartnerBudget `json:"budgets,omitempty"`
	// Metrics are the metrics that goals and results name.
	Metrics []Metric `json:"metrics,omitempty"`
	// Initiatives are those that goals and strategies can serve on the day, by name.
	Initiatives []Initiative `json:"initiatives,omitempty"`
	// Tiers are the tiers, highest first, with what each requires.
	Tiers []Tier `json:"tiers,omitempty"`
}

// Activity is a type of activity.
type Activity struct {
	// Type is its name.
	Type string `json:"type"`
	// Rate is the percentage of the net cost that is paid; empty when it is not funded.
	Rate string `json:"rate,omitempty"`
	// NotFor says why the tier is not funded for it; empty when it is.
	NotFor string `json:"notFor,omitempty"`
	// LeadTimeBusinessDays is how many business days before its start it must be asked for.
	LeadTimeBusinessDays int32 `json:"leadTimeBusinessDays"`
	// ClaimWithinDays is how many days after its end claims are received.
	ClaimWithinDays int32 `json:"claimWithinDays"`
	// Proofs are what a claim must bring.
	Proofs []string `json:"proofs,omitempty"`
}

// Metric is a metric.
type Metric struct {
	// Name is its name.
	Name string `json:"name"`
	// Unit is Count, Currency, Percent or Days.
	Unit string `json:"unit"`
	// Reported says how results are reported, such as "every Month, within 5 days".
	Reported string `json:"reported"`
	// Source is the one source that counts; empty for any.
	Source string `json:"source,omitempty"`
	// Definition says what is measured.
	Definition string `json:"definition,omitempty"`
}

// Initiative is an initiative of the vendor.
type Initiative struct {
	// Name is its name.
	Name string `json:"name"`
	// Title is its name for people.
	Title string `json:"title,omitempty"`
}

// Tier is a tier.
type Tier struct {
	// Name is its name.
	Name string `json:"name"`
	// Held says that the partner holds it.
	Held bool `json:"held,omitempty"`
	// Requires is what it requires, an entry for each requirement.
	Requires []string `json:"requires,omitempty"`
	// Owes says which plans and reviews its partners owe; empty for none.
	Owes string `json:"owes,omitempty"`
}

// claimDays is how long claims are received when the program does not say.
const claimDays = 90

// Of returns the catalog of a program for a partner, which may be absent, as of a day. The tier is the partner's unless another one is requested.
func Of(p *program.Program, partner *v1alpha1.Partner, tier v1alpha1.Name, day fiscal.Day) (*Catalog, error) {
	c := &Catalog{Program: string(p.Name), Title: string(p.Spec.DisplayName), Currency: string(p.Spec.Currency), Day: day.String()}
	if partner != nil {
		tier = cmp.Or(tier, partner.Status.EffectiveTier)
		c.Partner, c.Budgets = partner.Name, partner.Status.Budgets
		if partner.Status.Standing != nil {
			c.RatePercent = string(partner.Status.Standing.RatePercent)
		}
	}
	c.Tier = string(tier)
	var held *v1alpha1.Tier
	if rules := p.RuleSetOn(day); rules != nil {
		c.RuleSet = string(rules.Name)
		if held = rules.Tier(tier); held == nil && tier != "" {
			return nil, fmt.Errorf("rule set %s of program %s has no tier %s: it has %s", rules.Name, p.Name, tier, strings.Join(rules.TierNames(), ", "))
		}
		c.tiers(rules.Tiers, tier)
	}
	c.activities(p.Spec.Activities, held)
	c.metrics(p, day)
	for i := range p.Spec.Initiatives {
		x := &p.Spec.Initiatives[i]
		if on := day.Date(); (x.From == "" || x.From <= on) && (x.Through == "" || on <= x.Through) {
			c.Initiatives = append(c.Initiatives, Initiative{string(x.Name), string(x.Title)})
		}
	}
	return c, nil
}

func (c *Catalog) activities(list []v1alpha1.Activity, tier *v1alpha1.Tier) {
	for i := range list {
		x := &list[i]
		activity := Activity{
			Type: string(x.Type), Rate: string(x.ReimbursementPercent), LeadTimeBusinessDays: program.Or(x.LeadTimeBusinessDays, 0),
			ClaimWithinDays: program.Or(x.ClaimWithinDays, claimDays),
		}
		if tier != nil && len(tier.Activities) > 0 && !slices.Contains(tier.Activities, x.Type) {
			activity.NotFor = fmt.Sprintf("not funded for tier %s", tier.Name)
		}
		for _, proof := range x.Proofs {
			activity.Proofs = append(activity.Proofs, string(proof))
		}
		c.Activities = append(c.Activities, activity)
	}
}

func (c *Catalog) metrics(p *program.Program, day fiscal.Day) {
	for i := range p.Spec.Metrics {
		x := &p.Spec.Metrics[i]
		reported := fmt.Sprintf("every %s", strings.ToLower(string(cmp.Or(x.ReportEvery, v1alpha1.CadenceMonth))))
		if lag := program.Or(x.ReportingLagDays, 0); lag > 0 {
			reported += fmt.Sprintf(", within %d days", lag)
		}
		switch {
		case x.Behaviour == v1alpha1.BehaviourStock:
			reported += ", as it stands"
		case x.Reporting == v1alpha1.ReportingCumulative:
			reported += ", as the total so far"
		default:
			reported += ", what was added"
		}
		if p.Computes(x.Name, day) {
			reported = "computed: " + pointsOf(p.RuleSetOn(day), x.Name)
		}
		c.Metrics = append(c.Metrics, Metric{string(x.Name), string(x.Unit), reported, string(x.SourceOfRecord), string(x.Definition)})
	}
}

// pointsOf says what a rule set counts for a metric, such as "4 per 100 sourced and 2 per 100 assisted".
func pointsOf(rules *program.RuleSet, metric v1alpha1.Name) string {
	var parts []string
	for i := range rules.Points {
		if x := &rules.Points[i]; x.Metric == metric {
			parts = append(parts, fmt.Sprintf("%s per %s %s", x.Points, cmp.Or(x.Per, "1"), x.Of))
		}
	}
	return verdict.List(parts)
}

func (c *Catalog) tiers(list []v1alpha1.Tier, held v1alpha1.Name) {
	sorted := slices.SortedStableFunc(slices.Values(list), func(a, b v1alpha1.Tier) int { return cmp.Compare(b.Rank, a.Rank) })
	for i := range sorted {
		x := &sorted[i]
		tier := Tier{Name: string(x.Name), Held: held != "" && x.Name == held, Owes: owes(x.Planning)}
		for j := range x.Requirements {
			tier.Requires = append(tier.Requires, requirement(&x.Requirements[j]))
		}
		c.Tiers = append(c.Tiers, tier)
	}
}

// owes says which plans and reviews a tier owes.
func owes(rule *v1alpha1.PlanningRule) string {
	if rule == nil {
		return ""
	}
	text := "a plan every " + strings.ToLower(string(rule.Every))
	switch days := program.Or(rule.DueDaysAfterStart, 0); {
	case days > 0:
		text += fmt.Sprintf(", submitted within %d days of its first day", days)
	case days < 0:
		text += fmt.Sprintf(", submitted %d days before its first day", -days)
	default:
		text += ", submitted by its first day"
	}
	if rule.ReviewEvery != "" {
		text += "; a review every " + strings.ToLower(string(rule.ReviewEvery))
	}
	return text
}

// requirement says what a requirement asks, such as "new-users >= 300 in 12 months" or one of several.
func requirement(r *v1alpha1.Requirement) string {
	if len(r.AnyOf) == 0 {
		alone := program.CriterionOf(r)
		return criterion(&alone)
	}
	texts := make([]string, len(r.AnyOf))
	for i := range r.AnyOf {
		texts[i] = criterion(&r.AnyOf[i])
	}
	if r.Required > 1 {
		return fmt.Sprintf("any %d of: %s", r.Required, strings.Join(texts, "; "))
	}
	return strings.Join(texts, " or ")
}

func criterion(x *v1alpha1.Criterion) string {
	text := string(x.Metric)
	if x.Competency != "" {
		text = "people with competency " + string(x.Competency)
	}
	if x.AtLeast != "" {
		text += " >= " + string(x.AtLeast)
	}
	if x.AtMost != "" {
		text += " <= " + string(x.AtMost)
	}
	if x.GrowthOver != nil {
		text += fmt.Sprintf(" %% growth over %d months before", x.GrowthOver.Months)
	}
	switch {
	case x.ForEach == v1alpha1.ForEachTerritory:
		text += " in each territory"
	case x.Window == nil:
	case x.Window.LastWhole != "":
		text += " in the last whole " + strings.ToLower(string(x.Window.LastWhole))
	default:
		text += fmt.Sprintf(" in %d months", x.Window.TrailingMonths)
	}
	return text
}
