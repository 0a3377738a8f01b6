// Package program compiles a PartnerProgram into what evaluations look things up in.
package program

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules that are found wrong in a program.
const (
	// RuleCalendarInvalid: a field of the calendar cannot be used as written; the rest of it is, in UTC if the zone is wrong. Remedy: correct
	// the field that the finding names.
	RuleCalendarInvalid = "CalendarInvalid"
	// RuleCurrencyUnknown: the currency is not a currency of ISO 4217. Remedy: write its code of three capital letters, such as EUR.
	RuleCurrencyUnknown = "CurrencyUnknown"
	// RuleDateInvalid: a day is not a calendar day from the year 1900 on; what it dates does not count. Remedy: write it as 2026-09-30.
	RuleDateInvalid = "DateInvalid"
	// RuleMetricUnknown: a rule names a metric that the catalogue does not have. Remedy: correct the name, or add the metric to spec.metrics.
	RuleMetricUnknown = "MetricUnknown"
	// RuleTierUnknown: a rule names a tier that its rule set does not have. Remedy: correct the name, or add the tier to the rule set.
	RuleTierUnknown = "TierUnknown"
	// RuleActivityUnknown: a tier names an activity that the catalogue does not have. Remedy: correct the name, or add the activity to
	// spec.activities.
	RuleActivityUnknown = "ActivityUnknown"
	// RuleBenefitUnknown: a tier names a benefit that the catalogue does not have, so nobody knows its unit. Remedy: correct the name, or add the benefit to
	// spec.benefits.
	RuleBenefitUnknown = "BenefitUnknown"
	// RuleBenefitMetric: the metric by which the use of a benefit is measured does not count things or days that add up. Remedy: name a metric of behaviour
	// Flow and unit Count or Days; until then no use is measured.
	RuleBenefitMetric = "BenefitMetric"
	// RuleGrowthOfLevel: growthOver is given for a metric that is a level; the criterion cannot be judged. Remedy: name a metric with behaviour Flow, or
	// remove growthOver.
	RuleGrowthOfLevel = "GrowthOfLevel"
	// RuleSeasonEmpty: the weights of a season curve add up to nothing. Remedy: give at least one month a weight.
	RuleSeasonEmpty = "SeasonEmpty"
	// RuleInitiativeRateInvalid: an entry of spec.initiativeRates names an activity type or initiative that is in no catalogue, or points that cannot be read; no
	// rate changes by it. Remedy: correct the name or the points.
	RuleInitiativeRateInvalid = "InitiativeRateInvalid"
	// RuleSelectorInvalid: the selector of allowed namespaces cannot be used. Remedy: correct the selector; until then no namespace is allowed.
	RuleSelectorInvalid = "SelectorInvalid"
	// RuleThresholdsInverted: atRiskFromPercent is above onTrackFromPercent once defaults are applied. Remedy: lower the one or raise the
	// other.
	RuleThresholdsInverted = "ThresholdsInverted"
)

// Program is a compiled PartnerProgram. It is immutable and safe for concurrent use.
type Program struct {
	// Name is the program's name.
	Name v1alpha1.Name
	// Calendar is the fiscal calendar.
	Calendar *fiscal.Calendar
	// Spec is the spec it was compiled from; not to be changed.
	Spec *v1alpha1.PartnerProgramSpec
	// Findings are what is wrong in the spec.
	Findings []v1alpha1.Finding

	metrics     map[v1alpha1.Name]*v1alpha1.Metric
	roles       map[v1alpha1.MetricRole]*v1alpha1.Metric
	initiatives map[v1alpha1.Name]*v1alpha1.Initiative
	activities  map[v1alpha1.ActivityType]*v1alpha1.Activity
	benefits    map[v1alpha1.Name]*v1alpha1.ProgramBenefit
	seasons     map[v1alpha1.Name]*v1alpha1.SeasonCurve
	ruleSets    []*RuleSet                        // by effective day
	pointed     map[v1alpha1.Name]bool            // what any rule set gives points to
	counted     map[v1alpha1.Name][]v1alpha1.Name // by computed metric, the metrics whose results count for it
	rates       map[currencies][]exchangeRate     // by effective day
}

// RuleSet is a compiled version of the rules.
type RuleSet struct {
	// RuleSet is the version as written.
	*v1alpha1.RuleSet
	// From is the first day on which it is in force.
	From fiscal.Day
	// Ranked are its tiers, highest rank first.
	Ranked []*v1alpha1.Tier

	points points
}

// Compile compiles a program. Wrong parts are findings; the rest can be used.
func Compile(name string, spec *v1alpha1.PartnerProgramSpec) *Program {
	calendar, problems := calendarOf(spec.Calendar)
	p := &Program{
		Name: v1alpha1.Name(name), Calendar: calendar, Spec: spec,
		metrics:     index(spec.Metrics, func(m *v1alpha1.Metric) v1alpha1.Name { return m.Name }),
		initiatives: index(spec.Initiatives, func(i *v1alpha1.Initiative) v1alpha1.Name { return i.Name }),
		activities:  index(spec.Activities, func(a *v1alpha1.Activity) v1alpha1.ActivityType { return a.Type }),
		benefits:    index(spec.Benefits, func(b *v1alpha1.ProgramBenefit) v1alpha1.Name { return b.Name }),
		seasons:     index(spec.SeasonCurves, func(s *v1alpha1.SeasonCurve) v1alpha1.Name { return s.Segment }),
		roles:       map[v1alpha1.MetricRole]*v1alpha1.Metric{},
		pointed:     map[v1alpha1.Name]bool{},
		counted:     map[v1alpha1.Name][]v1alpha1.Name{},
	}
	p.notePointed()
	findings := &verdict.Findings{}
	for _, problem := range problems {
		findings.Errorf(RuleCalendarInvalid, "spec.calendar."+problem.Field, "%s", problem.Message)
	}
	if _, err := money.Digits(spec.Currency); err != nil {
		findings.Errorf(RuleCurrencyUnknown, "spec.currency", "%s", err)
	}
	for i := range spec.Metrics {
		if role := spec.Metrics[i].Role; role != "" {
			p.roles[role] = &spec.Metrics[i]
		}
	}
	p.compileRuleSets(findings)
	p.compileExchangeRates(findings)
	p.check(findings)
	p.Findings = findings.List()
	return p
}

func (p *Program) compileRuleSets(findings *verdict.Findings) {
	for i := range p.Spec.RuleSets {
		raw := &p.Spec.RuleSets[i]
		from, err := fiscal.ParseDay(raw.EffectiveFrom)
		if err != nil {
			findings.Errorf(RuleDateInvalid, fieldOf("spec.ruleSets", raw.Name)+".effectiveFrom",
				"%s: the rule set is never in force until this is corrected", err)
			continue
		}
		set := &RuleSet{RuleSet: raw, From: from}
		for j := range raw.Tiers {
			set.Ranked = append(set.Ranked, &raw.Tiers[j])
		}
		slices.SortFunc(set.Ranked, func(a, b *v1alpha1.Tier) int {
			return cmp.Or(cmp.Compare(b.Rank, a.Rank), cmp.Compare(a.Name, b.Name))
		})
		p.compilePoints(set, findings)
		p.ruleSets = append(p.ruleSets, set)
	}
	slices.SortFunc(p.ruleSets, byEffect)
}

// RuleSetOn returns the rule set in force on a day; nil before the first.
func (p *Program) RuleSetOn(day fiscal.Day) *RuleSet {
	for _, set := range slices.Backward(p.ruleSets) {
		if set.From <= day {
			return set
		}
	}
	return nil
}

// RuleSetAfter returns the first rule set that comes into force after a day; nil when there is none.
func (p *Program) RuleSetAfter(day fiscal.Day) *RuleSet {
	for _, set := range p.ruleSets {
		if set.From > day {
			return set
		}
	}
	return nil
}

// Metric returns a metric of the catalogue; nil when there is none of that name.
func (p *Program) Metric(name v1alpha1.Name) *v1alpha1.Metric { return p.metrics[name] }

// MetricFor returns the metric that has a role; nil when none has.
func (p *Program) MetricFor(role v1alpha1.MetricRole) *v1alpha1.Metric { return p.roles[role] }

// Initiative returns an initiative of the catalogue; nil when there is none of that name.
func (p *Program) Initiative(name v1alpha1.Name) *v1alpha1.Initiative { return p.initiatives[name] }

// Activity returns an activity of the catalogue; nil when there is none of that type.
func (p *Program) Activity(kind v1alpha1.ActivityType) *v1alpha1.Activity { return p.activities[kind] }

// Benefit returns a benefit of the catalogue; nil when there is none of that name.
func (p *Program) Benefit(name v1alpha1.Name) *v1alpha1.ProgramBenefit { return p.benefits[name] }

// BenefitNames returns the names of all benefits, for suggestions.
func (p *Program) BenefitNames() []string { return names(p.benefits) }

// UseOf returns the metric by which the use of a benefit is measured; nil when it names none, and when that cannot measure it.
func (p *Program) UseOf(benefit *v1alpha1.ProgramBenefit) *v1alpha1.Metric {
	if benefit == nil {
		return nil
	}
	metric := p.metrics[benefit.Metric]
	if metric == nil || metric.Behaviour != v1alpha1.BehaviourFlow || metric.Unit != v1alpha1.UnitCount && metric.Unit != v1alpha1.UnitDays {
		return nil
	}
	return metric
}

// UnknownTerritory says of a name that it is no territory of the catalogue; empty where it is one, or none is asked for.
func (p *Program) UnknownTerritory(name v1alpha1.Name) string {
	return unlisted("territory", name, p.Spec.Territories)
}

// UnknownSegment says of a name that it is no segment of the catalogue; empty where it is one, or none is asked for.
func (p *Program) UnknownSegment(name v1alpha1.Name) string {
	return unlisted("segment", name, p.Spec.Segments)
}

func unlisted(what string, name v1alpha1.Name, catalogue []v1alpha1.Name) string {
	if name == "" || len(catalogue) == 0 || slices.Contains(catalogue, name) {
		return ""
	}
	names := make([]string, len(catalogue))
	for i, x := range catalogue {
		names[i] = string(x)
	}
	return verdict.NoSuch(what, string(name), names)
}

// Season returns the season curve of a segment; nil when there is none.
func (p *Program) Season(segment v1alpha1.Name) *v1alpha1.SeasonCurve { return p.seasons[segment] }

// MetricNames returns the names of all metrics, for suggestions.
func (p *Program) MetricNames() []string { return names(p.metrics) }

// InitiativeNames returns the names of all initiatives, for suggestions.
func (p *Program) InitiativeNames() []string { return names(p.initiatives) }

// ActivityNames returns the types of all activities, for suggestions.
func (p *Program) ActivityNames() []string { return names(p.activities) }

// InForce reports whether an initiative is in force on some day of a span.
func InForce(i *v1alpha1.Initiative, span fiscal.Span) bool {
	if from, err := fiscal.ParseDay(i.From); err == nil && from > span.Through {
		return false
	}
	if through, err := fiscal.ParseDay(i.Through); err == nil && through < span.From {
		return false
	}
	return true
}

// Today returns the day of an instant in the program's zone.
func (p *Program) Today(now time.Time) fiscal.Day { return p.Calendar.Today(now) }

// Tier returns a tier of the rule set; nil when there is none of that name.
func (s *RuleSet) Tier(name v1alpha1.Name) *v1alpha1.Tier {
	for _, tier := range s.Ranked {
		if tier.Name == name {
			return tier
		}
	}
	return nil
}

// TierNames returns the names of the rule set's tiers, for suggestions.
func (s *RuleSet) TierNames() []string {
	list := make([]string, 0, len(s.Ranked))
	for _, tier := range s.Ranked {
		list = append(list, string(tier.Name))
	}
	return list
}

// Parties returns the parties each of which must approve a plan, Vendor first.
func (s *RuleSet) Parties() []v1alpha1.Party {
	if s.Approval == nil || len(s.Approval.Parties) == 0 {
		return []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner}
	}
	parties := slices.Clone(s.Approval.Parties)
	slices.SortFunc(parties, func(a, b v1alpha1.Party) int { return cmp.Compare(b, a) })
	return parties
}

func index[K comparable, T any](list []T, key func(*T) K) map[K]*T {
	byKey := make(map[K]*T, len(list))
	for i := range list {
		byKey[key(&list[i])] = &list[i]
	}
	return byKey
}

func names[K ~string, T any](byName map[K]T) []string {
	list := make([]string, 0, len(byName))
	for name := range byName {
		list = append(list, string(name))
	}
	slices.Sort(list)
	return list
}

func fieldOf(list string, key any) string { return fmt.Sprintf("%s[%v]", list, key) }
