package explain

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/concern"
)

func (b *builder) partner(x *v1alpha1.Partner) {
	b.factf("Program", "%s", x.Spec.ProgramRef.Name)
	b.factf("Name", "%s", x.Spec.DisplayName)
	if manager := x.Spec.ChannelManager; manager != nil {
		b.factf("Channel manager", "%s", manager.Name)
	}
	b.factf("Tier", "%s", tierFact(x))
	b.factf("Rule set", "%s", x.Status.RuleSet)
	if standing := x.Status.Standing; standing != nil {
		b.factf("Standing", "%s", standingFact(standing))
	}
	if plans := x.Status.Plans; plans != nil {
		b.factf("Plans", "%d open, %d closed; %d approved, %d with an overdue review", plans.Open, plans.Closed, plans.Approved, plans.Overdue)
	}
	if sums := x.Status.Pipeline; sums != nil {
		b.pipelineFacts(&sums.PipelineSums)
	}
	b.factf("Distributors", "%s", strings.Join(x.Status.Ancestors, ", "))
	b.factf("Resellers", "%s", resellerFact(x.Status.Resellers))
	b.section("Resellers", b.resellers(x))
	b.section("Tier requirements, with today's figures", criteria(x))
	b.section("Evaluations", evaluations(x))
	b.section("Missing on the next evaluation day", missing(x))
	b.section("Plans owed", obligations(x))
	b.section("Causes that touch the standing", causes(x))
	b.section("Benefits", benefitsOf(x))
	b.section("Rewards", incentives(x))
	b.aheadf(x.Status.NextEvaluationOn, "evaluation of the tier")
	for _, owed := range x.Status.Obligations {
		if !concern.IsMet(owed.State) {
			b.aheadf(owed.DueOn, "plan for %s due", owed.Period)
		}
	}
	if x.Spec.Agreement != nil {
		b.aheadf(x.Spec.Agreement.EndsOn, "last day of the agreement")
	}
	for _, invoice := range x.Spec.Invoices {
		if invoice.PaidOn == "" {
			b.aheadf(invoice.DueOn, "invoice %s due", invoice.Number)
		}
	}
	if x.Status.Standing != nil {
		for _, held := range x.Status.Standing.Causes {
			b.aheadf(held.CureThrough, "last day to cure %s (%s) without consequence", held.Cause, held.About)
		}
	}
}

func tierFact(x *v1alpha1.Partner) string {
	holds, qualifies := string(x.Status.EffectiveTier), string(x.Status.QualifiedTier)
	if holds == "" {
		holds = "none"
	}
	if qualifies == "" {
		qualifies = "none"
	}
	if holds == qualifies {
		return holds
	}
	return fmt.Sprintf("%s; today's figures qualify for %s", holds, qualifies)
}

func standingFact(standing *v1alpha1.StandingStatus) string {
	text := string(standing.Step)
	if standing.RatePercent != "" {
		text += fmt.Sprintf("; new activities are funded at %s percent of the standard rate", standing.RatePercent)
	}
	if standing.MaxAmount != "" {
		text += fmt.Sprintf(", and each budget grants at most %s in all from %s on", standing.MaxAmount, standing.ReducedSince)
	}
	if len(standing.Holds) > 0 {
		text += "; on hold: " + list(standing.Holds)
	}
	return text
}

// criteria explains each requirement of each tier. What is missing for a tier above the one that the partner holds is no warning.
func criteria(x *v1alpha1.Partner) []Verdict {
	var all []Verdict
	above := x.Status.EffectiveTier != ""
	for _, c := range x.Status.Criteria {
		above = above && c.Tier != x.Status.EffectiveTier
		v := Verdict{
			Rule: fmt.Sprintf("%s: %s", c.Tier, c.Subject), Verdict: string(c.Verdict), Level: levelOf(string(c.Verdict)), Threshold: c.Threshold,
			Found: string(c.Found), Shortfall: string(c.Shortfall), AsOf: span(c.Window), Source: c.Source, Message: c.Message,
		}
		if above && v.Level == concern.Warning {
			v.Level = concern.Note
		}
		all = append(all, v)
	}
	return all
}

func evaluations(x *v1alpha1.Partner) []Verdict {
	var all []Verdict
	for _, one := range x.Status.Evaluations {
		v := Verdict{
			Rule: string(one.Day), Verdict: one.Outcome, Level: levelOf(one.Outcome), Found: one.Qualified, Source: string(one.RuleSet), Message: one.Message,
		}
		if v.Found == "" {
			v.Found = "none"
		}
		all = append(all, v)
	}
	return all
}

func missing(x *v1alpha1.Partner) []Verdict {
	if x.Status.NextTier == nil {
		return nil
	}
	var all []Verdict
	for _, text := range x.Status.NextTier.Missing {
		all = append(all, Verdict{
			Rule: string(x.Status.NextTier.Name), Verdict: "so far", Level: concern.Note, AsOf: string(x.Status.NextTier.EvaluatedOn), Message: text,
		})
	}
	return all
}

func obligations(x *v1alpha1.Partner) []Verdict {
	var all []Verdict
	for _, owed := range x.Status.Obligations {
		all = append(all, Verdict{
			Rule: "plan for " + owed.Period, Verdict: string(owed.State), Level: levelOf(string(owed.State)), Threshold: "by " + string(owed.DueOn),
			Found: string(owed.Plan),
		})
	}
	return all
}

// incentives returns how each reward stands.
func incentives(x *v1alpha1.Partner) []Verdict {
	var all []Verdict
	for i := range x.Status.Incentives {
		one := &x.Status.Incentives[i]
		v := Verdict{
			Rule: fmt.Sprintf("%s, %s", one.Reward, one.Interval), Verdict: string(one.State), Level: levelOf(string(one.State)), AsOf: "through " + string(one.Through),
			Source: string(one.Budget), Message: one.Why,
		}
		of := func(text v1alpha1.Decimal) string {
			return amount(&v1alpha1.Money{Amount: text, Currency: one.Currency})
		}
		if one.Earned != "" {
			v.Found = fmt.Sprintf("earned %s of %s %s", of(one.Earned), one.Measured, one.Metric)
		}
		if one.Granted != "" {
			v.Found += fmt.Sprintf(", granted %s", of(one.Granted))
		}
		if one.Paid != "" {
			v.Found += fmt.Sprintf(", paid %s", of(one.Paid))
		}
		if one.ToNext != nil {
			v.Shortfall = fmt.Sprintf("%s for %s", one.ToNext.Missing, of(one.ToNext.Earns))
		}
		all = append(all, v)
	}
	return all
}

func causes(x *v1alpha1.Partner) []Verdict {
	if x.Status.Standing == nil {
		return nil
	}
	var all []Verdict
	for _, held := range x.Status.Standing.Causes {
		all = append(all, Verdict{
			Rule: fmt.Sprintf("%s (%s)", held.Cause, held.About), Verdict: string(held.Step), Level: levelOf(string(held.Step)),
			Threshold: "cured by " + string(held.CureThrough), AsOf: "since " + string(held.Since), Source: string(held.Owner), Message: held.Message,
		})
	}
	return all
}

func (b *builder) program(x *v1alpha1.PartnerProgram) {
	b.factf("Fiscal quarter", "%s", x.Status.FiscalPeriod)
	b.factf("Rule set", "%s", x.Status.RuleSet)
	if x.Status.NextRuleSet != "" {
		b.factf("Next rule set", "%s from %s on", x.Status.NextRuleSet, x.Status.NextRuleSetFrom)
		b.aheadf(x.Status.NextRuleSetFrom, "rule set %s comes into force", x.Status.NextRuleSet)
	}
	if x.Status.Partners != nil && x.Status.PartnersOnHold != nil {
		b.factf("Partners", "%d, %d on hold", *x.Status.Partners, *x.Status.PartnersOnHold)
	}
	if verdicts := x.Status.Verdicts; verdicts != nil && x.Status.Plans != nil && x.Status.PlansOverdue != nil {
		b.factf("Plans", "%d: %d on track, %d at risk, %d off track, %d not judged yet; %d with an overdue review",
			*x.Status.Plans, verdicts.OnTrack, verdicts.AtRisk, verdicts.OffTrack, verdicts.Unknown, *x.Status.PlansOverdue)
	}
	var tiers, initiatives []Verdict
	for _, tier := range x.Status.Tiers {
		name := tier.Tier
		if name == "" {
			name = "none"
		}
		tiers = append(tiers, Verdict{Rule: name, Verdict: verdict.Count(tier.Partners, "partner"), Level: concern.Fine})
	}
	for _, one := range x.Status.Initiatives {
		v := Verdict{Rule: string(one.Initiative), Verdict: verdict.Count(one.Plans, "plan"), Level: concern.Fine}
		if one.Plans == 0 {
			v.Level = concern.Note
		}
		initiatives = append(initiatives, v)
	}
	b.section("Tiers", tiers)
	b.section("Initiatives", initiatives)
}
