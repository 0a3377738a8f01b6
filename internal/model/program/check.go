package program

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// check finds what the schema cannot: names that are in no catalogue, and values that only together make no sense.
func (p *Program) check(findings *verdict.Findings) {
	if allowed := p.Spec.AllowedNamespaces; allowed != nil && allowed.Selector != nil {
		if _, err := metav1.LabelSelectorAsSelector(allowed.Selector); err != nil {
			findings.Errorf(RuleSelectorInvalid, "spec.allowedNamespaces.selector", "%s: no namespace is allowed until this is corrected", err)
		}
	}
	for i := range p.Spec.Initiatives {
		p.checkInitiative(&p.Spec.Initiatives[i], findings)
	}
	for i := range p.Spec.Benefits {
		p.checkBenefit(&p.Spec.Benefits[i], findings)
	}
	for i := range p.Spec.InitiativeRates {
		p.checkInitiativeRate(&p.Spec.InitiativeRates[i], fieldOf("spec.initiativeRates", i), findings)
	}
	for i := range p.Spec.SeasonCurves {
		p.checkSeason(&p.Spec.SeasonCurves[i], findings)
	}
	for _, set := range p.ruleSets {
		p.checkRuleSet(set, findings)
	}
}

func (p *Program) checkInitiative(initiative *v1alpha1.Initiative, findings *verdict.Findings) {
	field := fieldOf("spec.initiatives", initiative.Name)
	if _, err := fiscal.ParseDay(initiative.From); err != nil && initiative.From != "" {
		findings.Errorf(RuleDateInvalid, field+".from", "%s: until this is corrected the initiative counts as if it always was in force", err)
	}
	if _, err := fiscal.ParseDay(initiative.Through); err != nil && initiative.Through != "" {
		findings.Errorf(RuleDateInvalid, field+".through", "%s: until this is corrected the initiative counts as if it had no end", err)
	}
}

func (p *Program) checkBenefit(benefit *v1alpha1.ProgramBenefit, findings *verdict.Findings) {
	if benefit.Metric == "" {
		return
	}
	field := fieldOf("spec.benefits", benefit.Name) + ".metric"
	p.checkMetric(benefit.Metric, field, findings)
	if metric := p.Metric(benefit.Metric); metric != nil && p.UseOf(benefit) == nil {
		findings.Errorf(RuleBenefitMetric, field, "the use of a benefit adds up: name a metric of behaviour Flow and unit Count or Days; %s is of behaviour %s "+
			"and unit %s, so no use is measured", metric.Name, metric.Behaviour, metric.Unit)
	}
}

// checkInitiativeRate finds names that are in no catalogue, and points that cannot be read: they change no rate.
func (p *Program) checkInitiativeRate(rate *v1alpha1.InitiativeRate, field string, findings *verdict.Findings) {
	if rate.Activity != "" && p.Activity(rate.Activity) == nil {
		findings.Errorf(RuleInitiativeRateInvalid, field+".activity", "no rate changes by it: the program has %s",
			verdict.NoSuch("activity type", string(rate.Activity), p.ActivityNames()))
	}
	if rate.Initiative != "" && p.Initiative(rate.Initiative) == nil {
		findings.Errorf(RuleInitiativeRateInvalid, field+".initiative", "no rate changes by it: the program has %s",
			verdict.NoSuch("initiative", string(rate.Initiative), p.InitiativeNames()))
	}
	if _, err := decimal.Parse(v1alpha1.Decimal(rate.Points)); err != nil {
		findings.Errorf(RuleInitiativeRateInvalid, field+".points", "no rate changes by it: %s", err)
	}
}

func (p *Program) checkSeason(curve *v1alpha1.SeasonCurve, findings *verdict.Findings) {
	for _, weight := range curve.MonthWeights {
		if value, err := decimal.ParsePercent(weight); err == nil && value.Sign() > 0 {
			return
		}
	}
	findings.Errorf(RuleSeasonEmpty, fieldOf("spec.seasonCurves", curve.Segment)+".monthWeights",
		"all weights are zero: give at least one month a weight; until then results are expected evenly")
}

func (p *Program) checkRuleSet(set *RuleSet, findings *verdict.Findings) {
	field := fieldOf("spec.ruleSets", set.Name)
	thresholds := set.Thresholds()
	if thresholds.AtRiskFrom.Cmp(thresholds.OnTrackFrom) > 0 {
		findings.Errorf(RuleThresholdsInverted, field+".scoring",
			"atRiskFromPercent (default 80) is above onTrackFromPercent (default 95): lower the one or raise the other")
	}
	for _, tier := range set.Ranked {
		p.checkTier(tier, fieldOf(field+".tiers", tier.Name), findings)
	}
	for i := range set.Realism {
		bound, at := &set.Realism[i], fieldOf(field+".realism", i)
		p.checkMetric(bound.Metric, at+".metric", findings)
		if bound.Tier != "" && set.Tier(bound.Tier) == nil {
			findings.Errorf(RuleTierUnknown, at+".tier", "the rule set has %s", verdict.NoSuch("tier", string(bound.Tier), set.TierNames()))
		}
	}
}

func (p *Program) checkTier(tier *v1alpha1.Tier, field string, findings *verdict.Findings) {
	for i := range tier.Requirements {
		requirement, at := &tier.Requirements[i], fieldOf(field+".requirements", i)
		p.checkCriterion(CriterionOf(requirement), at, findings)
		for j := range requirement.AnyOf {
			p.checkCriterion(requirement.AnyOf[j], fieldOf(at+".anyOf", j), findings)
		}
	}
	for i := range tier.Benefits {
		if name := tier.Benefits[i].Name; p.Benefit(name) == nil {
			findings.Errorf(RuleBenefitUnknown, fieldOf(field+".benefits", name), "spec.benefits has %s: add it there with its unit, or correct the name",
				verdict.NoSuch("benefit", string(name), p.BenefitNames()))
		}
	}
	for i, activity := range tier.Activities {
		if p.Activity(activity) == nil {
			findings.Errorf(RuleActivityUnknown, fieldOf(field+".activities", i),
				"spec.activities has %s", verdict.NoSuch("activity", string(activity), p.ActivityNames()))
		}
	}
}

// CriterionOf returns the criterion that a requirement without anyOf is.
func CriterionOf(r *v1alpha1.Requirement) v1alpha1.Criterion {
	return v1alpha1.Criterion{
		Metric: r.Metric, Competency: r.Competency, Window: r.Window, AtLeast: r.AtLeast, AtMost: r.AtMost, GrowthOver: r.GrowthOver, ForEach: r.ForEach,
	}
}

func (p *Program) checkCriterion(c v1alpha1.Criterion, field string, findings *verdict.Findings) {
	if c.Metric == "" {
		return
	}
	p.checkMetric(c.Metric, field+".metric", findings)
	if metric := p.Metric(c.Metric); c.GrowthOver != nil && metric != nil && metric.Behaviour != v1alpha1.BehaviourFlow {
		findings.Errorf(RuleGrowthOfLevel, field+".growthOver", "%s is a level, and growth compares what is added up over two windows: remove growthOver, or "+
			"name a metric with behaviour Flow; until then the criterion cannot be judged", metric.Name)
	}
}

func (p *Program) checkMetric(name v1alpha1.Name, field string, findings *verdict.Findings) {
	if p.Metric(name) == nil {
		findings.Errorf(RuleMetricUnknown, field, "spec.metrics has %s", verdict.NoSuch("metric", string(name), p.MetricNames()))
	}
}

// Allows reports whether a namespace with the given labels may hold partners of the program.
func (p *Program) Allows(namespaceLabels map[string]string) bool {
	return Allows(p.Spec.AllowedNamespaces, namespaceLabels)
}

// Allows reports whether a namespace with the given labels may use a cluster-scoped object. Absent means that all may; a selector that
// cannot be used lets none.
func Allows(allowed *v1alpha1.AllowedNamespaces, namespaceLabels map[string]string) bool {
	if allowed == nil || allowed.From == v1alpha1.NamespacesFromAll {
		return true
	}
	selector, err := metav1.LabelSelectorAsSelector(allowed.Selector)
	return err == nil && selector.Matches(labels.Set(namespaceLabels))
}
