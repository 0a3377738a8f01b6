// Package partner evaluates how a partner stands: its tier, the plans that it owes, its standing, and the distributors above it.
package partner

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/standing"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/verdict"
)

// Result is how a partner stands at an instant, without what its ancestors bear on: findings about them, and readiness.
type Result struct {
	// Status is the status but for ancestors, conditions and findings.
	Status v1alpha1.PartnerStatus
	// Causes are what costs, or may cost, the partner its good standing, gravest first. Absent when no rules are in force.
	Causes []standing.Cause
	// SubmitBy are the last days on which the partner submits its plans in time, by plan, whatever became of them; of those alone that it owes.
	SubmitBy map[v1alpha1.Name]fiscal.Day
	// NextChange is the next instant at which any of this may differ although no spec does. Zero means never.
	NextChange time.Time

	findings   []v1alpha1.Finding
	conditions *verdict.Conditions
}

// resultOf is the key of how a partner stands.
type resultOf struct{ partner string }

// Of says how a partner stands at an instant. It is shared by all who ask and must not be changed.
func Of(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) *Result {
	held := p.Partner(v1alpha1.Name(partner.Name))
	if !snapshot.Same(held, partner) {
		return evaluate(p, partner, now) // as it might be
	}
	return snapshot.Once(p, snapshot.Judgement, now, resultOf{partner.Name}, func() *Result { return evaluate(p, held, now) })
}

// Evaluate says how a partner stands at an instant, and when that may change although no spec does (zero: never). The ancestry is what
// ResolveAncestry returned.
//
// The tier is judged by the rule sets in force on the evaluation days, what it owes and the standing by the one in force today. A promotion is
// held when standing at the end of the evaluation day held promotions. Plans go by tier.HeldOn, which knows of the holds that do not depend on
// plans alone.
func Evaluate(p *snapshot.Snapshot, partner *v1alpha1.Partner, ancestry Ancestry, now time.Time) (v1alpha1.PartnerStatus, time.Time) {
	result := Of(p, partner, now)
	status := *result.Status.DeepCopy()
	findings := &verdict.Findings{}
	findAncestry(p, partner, ancestry, findings)
	findings.Append(result.findings...)
	for _, ancestor := range ancestry.Chain {
		status.Ancestors = append(status.Ancestors, ancestor.String())
	}
	conditions := result.conditions.Clone()
	conditions.Readiness(findings)
	status.ObservedGeneration = partner.Generation
	status.Conditions = conditions.List()
	status.Findings = findings.List()
	return status, result.NextChange
}

func evaluate(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) *Result {
	s := newMoment(p, partner, now)
	findings := &verdict.Findings{}
	result := &Result{
		Status:     v1alpha1.PartnerStatus{Plans: s.totals(), Decisions: plan.Decisions(p, p.PlansEverOf(v1alpha1.Name(partner.Name))...)},
		conditions: verdict.NewConditions(partner.Status.Conditions, partner.Generation, now),
	}
	s.checkDates(findings)
	s.checkPeople(findings)
	s.checkMarkets(findings)
	if s.program == nil {
		name, known := string(partner.Spec.ProgramRef.Name), p.ProgramNames()
		findings.Errorf(verdict.RuleReferenceNotFound, "spec.programRef.name", "%s", verdict.NotPermitted(kinds.PartnerProgram, name, p.Namespace, known))
		notJudged(result.conditions, "spec.programRef.name: "+verdict.NotFound(kinds.PartnerProgram, name, known))
	} else {
		result.Causes = s.judge(&result.Status, result.conditions, findings, now)
		result.SubmitBy = s.submitBy
	}
	result.findings, result.NextChange = findings.List(), s.horizon.Next()
	return result
}

// notJudged sets the business conditions of a partner that cannot be judged.
func notJudged(conditions *verdict.Conditions, why string) {
	for _, kind := range []string{v1alpha1.ConditionInGoodStanding, v1alpha1.ConditionTierRequirementsMet} {
		conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated, "cannot be judged: "+why)
	}
}

// judge judges tier, obligations and standing under the partner's program. It returns the causes that bear on the standing.
func (s *moment) judge(status *v1alpha1.PartnerStatus, conditions *verdict.Conditions, findings *verdict.Findings, now time.Time) []standing.Cause {
	findings.Append(measure.OfPartner(s.snapshot, s.program, s.partner, s.today).FindingsFor(s.requires)...)
	outcome := tier.Evaluate(s.snapshot, s.program, s.partner, s.promotionHold, now, findings, s.horizon)
	status.EffectiveTier, status.QualifiedTier = outcome.Effective, outcome.Qualified
	status.Criteria, status.NextTier = outcome.Criteria, outcome.Next
	status.Evaluations, status.NextEvaluationOn = outcome.Evaluations, outcome.NextEvaluation.Date()
	if s.rules == nil {
		why := s.withoutRules()
		findings.Infof(RuleNoRulesInForce, "spec.programRef.name", "%s", why)
		notJudged(conditions, why)
		return nil
	}
	status.RuleSet, status.Budgets = s.rules.Name, s.budgets(outcome.Effective)
	obligations := s.obligations(outcome.Held)
	s.submitBy = s.dueDays(outcome.Held)
	for i := range obligations {
		if !obligations[i].exempt {
			status.Obligations = append(status.Obligations, obligations[i].status())
		}
	}
	status.OwedPlans = s.owedPlans(outcome.Held)
	findObligations(obligations, findings)
	causes := s.causes(obligations)
	for i := range causes {
		findings.Warningf(rulesOf[causes[i].Rule.Cause], causes[i].Field, "%s", causes[i].Words())
	}
	s.checkAgreement(findings)
	status.Standing = standingOf(causes)
	switch {
	case s.rules == nil || s.rules.ReducedMaximum == "":
		status.Standing.ReducedSince = ""
	case status.Standing.ReducedSince != "":
		status.Standing.MaxAmount = s.rules.ReducedMaximum
	}
	s.inGoodStanding(status.Standing, len(causes), conditions)
	s.requirementsMet(&outcome, conditions)
	return causes
}

// requires says whether a tier of the rules in force asks for a metric.
func (s *moment) requires(metric v1alpha1.Name) bool {
	return s.rules != nil && slices.ContainsFunc(s.rules.Tiers, func(t v1alpha1.Tier) bool {
		return slices.ContainsFunc(t.Requirements, func(r v1alpha1.Requirement) bool {
			return r.Metric == metric || slices.ContainsFunc(r.AnyOf, func(c v1alpha1.Criterion) bool { return c.Metric == metric })
		})
	})
}

// withoutRules says that no rule set is in force.
func (s *moment) withoutRules() string {
	why := fmt.Sprintf("program %s has no rule set in force", s.program.Name)
	if first := s.program.RuleSetAfter(s.today); first != nil {
		why += fmt.Sprintf(" before %s, when %s begins", first.From, first.Name)
	}
	return why
}

// promotionHold says whether standing stopped a promotion at the end of an evaluation day, by the rules in force when it would have taken
// effect. Past plans are evaluated again for it, so it asks first whether any rule could.
func (s *moment) promotionHold(on fiscal.Day, held []tier.Tenure) (reason string, isHeld bool) {
	if !standing.CanHoldPromotion(s.program.RuleSetOn(on + 1)) {
		return "", false
	}
	then := newMoment(s.snapshot.Apart(), s.partner, s.program.Calendar.EndOf(on))
	for _, c := range then.causes(then.obligations(held)) {
		if c.HoldsPromotion() {
			return c.HeldOn(then.today), true
		}
	}
	return "", false
}

// inGoodStanding sets the condition: True while nothing is taken from the partner, also while a cause is only watched.
func (s *moment) inGoodStanding(status *v1alpha1.StandingStatus, causes int, conditions *verdict.Conditions) {
	const kind = v1alpha1.ConditionInGoodStanding
	if causes == 0 {
		conditions.True(kind, v1alpha1.ReasonNoCause, "the partner is in good standing")
		return
	}
	message := status.Causes[0].Message
	if causes > 1 {
		message += fmt.Sprintf(" Causes in all: %d, see standing.causes.", causes)
	}
	switch status.Step {
	case v1alpha1.StepHold:
		front := verdict.Capital(standing.Held(status.Holds)) + ". "
		if status.RatePercent != "" {
			front += verdict.Capital(standing.Reduced(status.RatePercent)) + s.capWords(status) + ". "
		}
		conditions.False(kind, v1alpha1.ReasonHold, front+message)
	case v1alpha1.StepReducedRate:
		conditions.False(kind, v1alpha1.ReasonReducedRate, verdict.Capital(standing.Reduced(status.RatePercent))+s.capWords(status)+". "+message)
	default:
		conditions.True(kind, v1alpha1.ReasonWatch, "On watch. "+message)
	}
}

// capWords says how much is granted at most while the rate is reduced, behind it; nothing when no cap is set.
func (s *moment) capWords(status *v1alpha1.StandingStatus) string {
	if status.MaxAmount == "" {
		return ""
	}
	return fmt.Sprintf(", and each budget grants at most %s %s in all from %s on", s.program.Spec.Currency, decimal.Group(string(status.MaxAmount)), status.ReducedSince)
}

// requirementsMet sets the condition: whether today's figures meet what the effective tier requires.
func (s *moment) requirementsMet(outcome *tier.Outcome, conditions *verdict.Conditions) {
	const kind = v1alpha1.ConditionTierRequirementsMet
	next := outcome.NextEvaluation
	switch {
	case outcome.Effective == "":
		message := "the partner holds no tier"
		if outcome.Qualified != "" {
			message += fmt.Sprintf("; with the figures so far it would qualify for %s, and it is judged next on %s", outcome.Qualified, next)
		}
		conditions.False(kind, v1alpha1.ReasonNoTier, message)
	case outcome.Verdict == "":
		conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated,
			fmt.Sprintf("cannot be judged: no rule set to come requires anything of a tier %q", outcome.Effective))
	case outcome.Verdict == v1alpha1.CriterionMet && outcome.Qualified != outcome.Effective:
		conditions.True(kind, v1alpha1.ReasonQualifiesHigher,
			fmt.Sprintf("the figures so far meet every requirement of %s, above %s; the next evaluation is on %s",
				outcome.Qualified, outcome.Effective, next))
	case outcome.Verdict == v1alpha1.CriterionMet:
		conditions.True(kind, v1alpha1.ReasonAllMet, fmt.Sprintf("the figures so far meet every requirement of %s; the next evaluation is on %s", outcome.Effective, next))
	case outcome.InGrace:
		conditions.False(kind, v1alpha1.ReasonHeldInGrace, graceOf(outcome))
	case outcome.Verdict == v1alpha1.CriterionUnknown:
		conditions.Unknown(kind, v1alpha1.ReasonMissingResults, outcome.Lacks)
	default:
		conditions.False(kind, v1alpha1.ReasonShortfall, outcome.Lacks)
	}
}

// graceOf returns what the last evaluation that began or went on with the grace said, and what is lacking now unless that is the same.
func graceOf(outcome *tier.Outcome) string {
	for i := range outcome.Evaluations {
		if e := &outcome.Evaluations[i]; e.Outcome == tier.OutcomeHeldInGrace {
			text := fmt.Sprintf("Evaluation of %s: %s", e.Day, e.Message)
			if !strings.HasSuffix(text, outcome.Lacks) {
				text += " Now: " + outcome.Lacks
			}
			return text
		}
	}
	return outcome.Lacks
}
