// Package rollup adds up how a program stands from the statuses of its partners and plans.
package rollup

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Limits of the lists of a program's status.
const (
	maxTiers       = 97
	maxInitiatives = 64
	maxYears       = 8
)

// Statuses holds the objects whose statuses a program adds up.
type Statuses struct {
	// Partners are partners of any namespaces that may use the program; those of other programs are left out.
	Partners []*v1alpha1.Partner
	// Plans are plans of any namespaces; those whose partner is not counted are left out.
	Plans []*v1alpha1.JointPlan
}

// Evaluate returns the status of a program at an instant and the next instant at which it may differ although no spec and none of the
// statuses that it adds up changed (zero: never). It is the one evaluation that reads other kinds' statuses: every partner and plan says
// itself how it stands, and a program with thousands of them only adds up. It counts statuses as they are; Evaluated tells which are current.
func Evaluate(prog *v1alpha1.PartnerProgram, compiled *program.Program, in Statuses, now time.Time) (v1alpha1.PartnerProgramStatus, time.Time) {
	today, horizon := compiled.Today(now), verdict.NewHorizon(now)
	status := v1alpha1.PartnerProgramStatus{}
	status.ObservedGeneration = prog.Generation

	set := compiled.RuleSetOn(today)
	if set != nil {
		status.RuleSet = set.Name
	}
	next := compiled.RuleSetAfter(today)
	if next != nil {
		status.NextRuleSet, status.NextRuleSetFrom = next.Name, next.From.Date()
		horizon.At(compiled.Calendar.StartOf(next.From))
	}
	quarter := compiled.Calendar.PeriodContaining(fiscal.Quarter, today)
	status.FiscalPeriod = compiled.Calendar.Label(quarter)
	horizon.At(compiled.Calendar.EndOf(quarter.Through))

	partners := partnersOf(v1alpha1.Name(prog.Name), in.Partners)
	all := plansOf(partners, in.Plans)
	plans := slices.DeleteFunc(slices.Clone(all), isClosed)
	countPartners(&status, partners)
	countPlans(&status, plans, all)
	status.FiscalYears = countYears(compiled.Calendar, all)
	status.Tiers = countTiers(set, partners)
	status.Initiatives = countInitiatives(compiled, plans, today, horizon)

	findings := &verdict.Findings{}
	findings.Append(compiled.Findings...)
	status.Findings = findings.List()
	status.Conditions = conditionsOf(prog, findings, set, next, now)
	return status, horizon.Next()
}

// Evaluated reports whether a status is that of the current spec, by the object's generation and its status.observedGeneration. It is for
// callers who wait until everything that a roll-up counts is evaluated.
func Evaluated(generation, observed int64) bool { return observed >= generation }

// conditionsOf returns the conditions of a program: Ready, and Stalled when its spec is wrong. A program is ready before its first rule set
// is in force, since nothing has to be changed; it is not when there is none to come.
func conditionsOf(prog *v1alpha1.PartnerProgram, findings *verdict.Findings, set, next *program.RuleSet, now time.Time) []metav1.Condition {
	conditions := verdict.NewConditions(prog.Status.Conditions, prog.Generation, now)
	conditions.Readiness(findings)
	_, wrong := findings.FirstError()
	switch {
	case wrong || set != nil:
	case next == nil:
		const message = "no rule set is in force: set an effectiveFrom in spec.ruleSets that is not in the future"
		conditions.False(v1alpha1.ConditionReady, v1alpha1.ReasonNoRuleSetInForce, message)
		conditions.True(v1alpha1.ConditionStalled, v1alpha1.ReasonNoRuleSetInForce, message)
	default:
		conditions.True(v1alpha1.ConditionReady, v1alpha1.ReasonNoRuleSetInForce, fmt.Sprintf(
			"no rule set is in force before %s, when %s starts: to judge earlier days, add a rule set with an earlier effectiveFrom", next.From, next.Name))
	}
	return conditions.List()
}

// partnerKey names a partner among those of all namespaces.
type partnerKey struct {
	namespace string
	name      v1alpha1.Name
}

func partnersOf(name v1alpha1.Name, all []*v1alpha1.Partner) map[partnerKey]*v1alpha1.Partner {
	partners := make(map[partnerKey]*v1alpha1.Partner, len(all))
	for _, partner := range all {
		if partner.Spec.ProgramRef.Name == name {
			partners[partnerKey{partner.Namespace, v1alpha1.Name(partner.Name)}] = partner
		}
	}
	return partners
}

// plansOf returns the plans of partners.
func plansOf(partners map[partnerKey]*v1alpha1.Partner, all []*v1alpha1.JointPlan) []*v1alpha1.JointPlan {
	var plans []*v1alpha1.JointPlan
	for _, plan := range all {
		if _, counted := partners[keyOf(plan)]; counted {
			plans = append(plans, plan)
		}
	}
	return plans
}

func keyOf(plan *v1alpha1.JointPlan) partnerKey {
	return partnerKey{plan.Namespace, plan.Spec.PartnerRef.Name}
}

// isClosed reports whether a plan is closed; one that is not evaluated yet is not.
func isClosed(plan *v1alpha1.JointPlan) bool { return plan.Status.Stage == v1alpha1.StageClosed }

func isOverdue(plan *v1alpha1.JointPlan) bool {
	return meta.IsStatusConditionTrue(plan.Status.Conditions, v1alpha1.ConditionReviewOverdue)
}

func countPartners(status *v1alpha1.PartnerProgramStatus, partners map[partnerKey]*v1alpha1.Partner) {
	total, onHold := int32(0), int32(0)
	for _, partner := range partners {
		total++
		if standing := partner.Status.Standing; standing != nil && standing.Step == v1alpha1.StepHold {
			onHold++
		}
	}
	status.Partners, status.PartnersOnHold = &total, &onHold
}

// countPlans counts the open plans, and of all of them those whose review is overdue: to close settles none.
func countPlans(status *v1alpha1.PartnerProgramStatus, open, all []*v1alpha1.JointPlan) {
	total, overdue, verdicts := int32(0), int32(0), v1alpha1.VerdictCount{}
	for _, plan := range open {
		total++
		countVerdict(&verdicts, plan)
	}
	for _, plan := range all {
		if isOverdue(plan) {
			overdue++
		}
	}
	status.Plans, status.PlansOverdue, status.Verdicts = &total, &overdue, &verdicts
}

func countVerdict(verdicts *v1alpha1.VerdictCount, plan *v1alpha1.JointPlan) {
	reason := ""
	if condition := meta.FindStatusCondition(plan.Status.Conditions, v1alpha1.ConditionOnTrack); condition != nil {
		reason = condition.Reason
	}
	switch reason {
	case v1alpha1.ReasonOnTrack:
		verdicts.OnTrack++
	case v1alpha1.ReasonAtRisk:
		verdicts.AtRisk++
	case v1alpha1.ReasonOffTrack:
		verdicts.OffTrack++
	default:
		verdicts.Unknown++
	}
}

// countYears adds up all plans by the fiscal year in which their period begins, the newest first. Of one whose period is not known, nothing is.
func countYears(calendar *fiscal.Calendar, all []*v1alpha1.JointPlan) []v1alpha1.FiscalYearRollUp {
	years := map[int]*v1alpha1.FiscalYearRollUp{}
	for _, plan := range all {
		if plan.Status.Period == nil {
			continue
		}
		from, err := fiscal.ParseDay(plan.Status.Period.From)
		if err != nil {
			continue
		}
		year := calendar.FiscalYearOf(from)
		if years[year] == nil {
			years[year] = &v1alpha1.FiscalYearRollUp{FiscalYear: int32(year)} //nolint:gosec // years of days fit
		}
		sum := years[year]
		sum.Plans++
		if isClosed(plan) {
			sum.Closed++
		}
		if plan.Status.PlanOfRecord != nil {
			sum.Approved++
		}
		if isOverdue(plan) {
			sum.Overdue++
		}
		countVerdict(&sum.Verdicts, plan)
	}
	var list []v1alpha1.FiscalYearRollUp
	for _, year := range slices.Backward(slices.Sorted(maps.Keys(years))) {
		list = append(list, *years[year])
	}
	return list[:min(len(list), maxYears)]
}

// countTiers counts partners by effective tier: the tiers of the rule set by rank, each even when it has none; then tiers that the rule
// set does not have, by name; then those of no tier.
func countTiers(set *program.RuleSet, partners map[partnerKey]*v1alpha1.Partner) []v1alpha1.TierCount {
	counts := map[v1alpha1.Name]int32{}
	for _, partner := range partners {
		counts[partner.Status.EffectiveTier]++
	}
	var list []v1alpha1.TierCount
	if set != nil {
		for _, tier := range set.Ranked {
			list = append(list, v1alpha1.TierCount{Tier: string(tier.Name), Partners: counts[tier.Name]})
			delete(counts, tier.Name)
		}
	}
	none := counts[""]
	delete(counts, "")
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if len(list) < maxTiers-1 {
			list = append(list, v1alpha1.TierCount{Tier: string(name), Partners: counts[name]})
		}
	}
	if none > 0 {
		list = append(list, v1alpha1.TierCount{Partners: none})
	}
	return list
}

// countInitiatives counts the plans that serve each initiative in force today, by the initiative's name.
func countInitiatives(p *program.Program, plans []*v1alpha1.JointPlan, today fiscal.Day, horizon *verdict.Horizon) []v1alpha1.InitiativeCoverage {
	counts := map[v1alpha1.Name]int32{}
	for _, plan := range plans {
		if plan.Status.Alignment == nil {
			continue
		}
		for _, name := range plan.Status.Alignment.Covered {
			counts[name]++
		}
	}
	var list []v1alpha1.InitiativeCoverage
	for i := range p.Spec.Initiatives {
		initiative := &p.Spec.Initiatives[i]
		if from, err := fiscal.ParseDay(initiative.From); err == nil {
			horizon.At(p.Calendar.StartOf(from))
		}
		if through, err := fiscal.ParseDay(initiative.Through); err == nil {
			horizon.At(p.Calendar.EndOf(through))
		}
		if program.InForce(initiative, fiscal.Span{From: today, Through: today}) {
			list = append(list, v1alpha1.InitiativeCoverage{Initiative: initiative.Name, Plans: counts[initiative.Name]})
		}
	}
	slices.SortFunc(list, func(a, b v1alpha1.InitiativeCoverage) int { return cmp.Compare(a.Initiative, b.Initiative) })
	return list[:min(len(list), maxInitiatives)]
}
