package program

import (
	"cmp"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// RulePointsInvalid: points are given to a metric that cannot be computed, or for one whose results cannot be added up; they do not count. Remedy: give
// them to a Flow of unit Count without role, sourceOfRecord and totals, for the results of a Flow that is measured.
const RulePointsInvalid = "PointsInvalid"

// points are what results of metrics add to computed metrics: by the computed one and the one that counts, in units of the former per unit of the latter.
type points map[v1alpha1.Name]map[v1alpha1.Name]*big.Rat

// Counted is a metric whose results count for another one.
type Counted struct {
	// Metric is the metric that is measured.
	Metric *v1alpha1.Metric
	// From is the first day of the span on which its results count.
	From fiscal.Day
}

// compilePoints reads the points of a rule set. What cannot be used is a finding, and counts nothing.
func (p *Program) compilePoints(set *RuleSet, findings *verdict.Findings) {
	for i := range set.Points {
		rule := &set.Points[i]
		field := fieldOf(fieldOf("spec.ruleSets", set.Name)+".points", i)
		if !p.checkPoints(rule, field, findings) {
			continue
		}
		value, err := decimal.Parse(rule.Points)
		per := big.NewRat(1, 1)
		if err == nil && rule.Per != "" {
			per, err = decimal.Parse(rule.Per)
		}
		if err != nil || per.Sign() <= 0 {
			findings.Errorf(RulePointsInvalid, field, "points and per must be plain decimal numbers, per above zero: these points do not count until it is corrected")
			continue
		}
		if set.points == nil {
			set.points = points{}
		}
		if set.points[rule.Metric] == nil {
			set.points[rule.Metric] = map[v1alpha1.Name]*big.Rat{}
		}
		set.points[rule.Metric][rule.Of] = new(big.Rat).Quo(value, per)
		if !slices.Contains(p.counted[rule.Metric], rule.Of) {
			p.counted[rule.Metric] = append(p.counted[rule.Metric], rule.Of)
			slices.Sort(p.counted[rule.Metric])
		}
	}
}

// checkPoints reports whether points may be given to a metric for another one.
func (p *Program) checkPoints(rule *v1alpha1.PointsRule, field string, findings *verdict.Findings) bool {
	to, of := p.Metric(rule.Metric), p.Metric(rule.Of)
	p.checkMetric(rule.Metric, field+".metric", findings)
	p.checkMetric(rule.Of, field+".of", findings)
	if to == nil || of == nil {
		return false
	}
	const until = ": until this is corrected these points do not count"
	before := findings.Count(v1alpha1.SeverityError)
	switch {
	case to.Behaviour != v1alpha1.BehaviourFlow:
		findings.Errorf(RulePointsInvalid, field+".metric", "%s is a level, and points add up: make its behaviour Flow"+until, to.Name)
	case to.Unit != v1alpha1.UnitCount && to.Unit != v1alpha1.UnitCurrency:
		findings.Errorf(RulePointsInvalid, field+".metric", "%s is in %s, and points are counted: make its unit Count"+until, to.Name, to.Unit)
	case to.Unit == v1alpha1.UnitCurrency && of.Unit != v1alpha1.UnitCurrency:
		findings.Errorf(RulePointsInvalid, field+".of", "%s is an amount of money, and %s is in %s: make the unit of %s Count"+until, to.Name, of.Name, of.Unit, to.Name)
	case to.Role != "" || to.SourceOfRecord != "" || to.Reporting == v1alpha1.ReportingCumulative:
		findings.Errorf(RulePointsInvalid, field+".metric", "%s is computed and never measured, so it has no role, no sourceOfRecord and no totals: remove "+
			"these from spec.metrics, or give the points to a metric of their own"+until, to.Name)
	case of.Behaviour != v1alpha1.BehaviourFlow:
		findings.Errorf(RulePointsInvalid, field+".of", "%s is a level, and levels are not added up: name a metric with behaviour Flow"+until, of.Name)
	case p.pointed[rule.Of]:
		findings.Errorf(RulePointsInvalid, field+".of", "%s is itself computed of points: name the metrics that it counts"+until, of.Name)
	}
	return findings.Count(v1alpha1.SeverityError) == before
}

// notePointed notes which metrics any rule set gives points to.
func (p *Program) notePointed() {
	for i := range p.Spec.RuleSets {
		for k := range p.Spec.RuleSets[i].Points {
			p.pointed[p.Spec.RuleSets[i].Points[k].Metric] = true
		}
	}
}

// CountedFor returns the metrics whose results count for a computed one by any rule set, by name; none for a metric that is measured.
func (p *Program) CountedFor(metric v1alpha1.Name) []v1alpha1.Name { return p.counted[metric] }

// Computes reports whether a metric is computed on a day, so that what is reported for it on that day does not count.
func (p *Program) Computes(metric v1alpha1.Name, day fiscal.Day) bool {
	if len(p.counted[metric]) == 0 {
		return false
	}
	set := p.RuleSetOn(day)
	return set != nil && len(set.points[metric]) > 0
}

// PointsOf returns how much of a computed metric one unit of another one's results of a day is; nil for nothing.
func (p *Program) PointsOf(metric, of v1alpha1.Name, day fiscal.Day) *big.Rat {
	set := p.RuleSetOn(day)
	if set == nil {
		return nil
	}
	return set.points[metric][of]
}

// CountedIn returns the metrics whose results of a span count for a computed one, by name, each from the first day of the span on which they do.
func (p *Program) CountedIn(metric v1alpha1.Name, span fiscal.Span) []Counted {
	var list []Counted
	for _, of := range p.counted[metric] {
		for i, set := range p.ruleSets {
			through := fiscal.LastDay
			if i+1 < len(p.ruleSets) {
				through = p.ruleSets[i+1].From - 1
			}
			if set.points[metric][of] == nil || set.From > span.Through || through < span.From {
				continue
			}
			list = append(list, Counted{Metric: p.Metric(of), From: max(set.From, span.From)})
			break
		}
	}
	return list
}

// CountsResellers reports whether the figures of a distributor hold its resellers' results of any metric.
func (p *Program) CountsResellers() bool {
	return slices.ContainsFunc(p.Spec.Metrics, func(m v1alpha1.Metric) bool { return m.ResellerResults == v1alpha1.ResellerResultsIncluded })
}

// byEffect orders rule sets by the day from which they are in force.
func byEffect(a, b *RuleSet) int {
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name))
}
