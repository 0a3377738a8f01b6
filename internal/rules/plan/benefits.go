package plan

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/rules/benefit"
	"jointplan.dev/jointplan/internal/verdict"
)

// BenefitAsked returns what a request asks for; nil where its quantity cannot be used.
func BenefitAsked(request *v1alpha1.BenefitRequest) *big.Rat {
	quantity, err := decimal.Parse(request.Quantity)
	if err != nil || quantity.Sign() <= 0 {
		return nil
	}
	return quantity
}

// BenefitServes reports whether a request is for a goal or an activity that terms have.
func BenefitServes(terms *v1alpha1.PlanTerms, request *v1alpha1.BenefitRequest) bool {
	if request.Goal != "" {
		return goal(terms, request.Goal) != nil
	}
	return slices.ContainsFunc(terms.Activities, func(a v1alpha1.PlannedActivity) bool { return a.Name == request.Activity })
}

// checkBenefits checks what the plan asks for of benefits: that there is such a benefit, that the tier has it, what it is for, and that it is aligned.
func (c *check) checkBenefits() {
	asked := map[v1alpha1.Name]*big.Rat{}
	for i := range c.terms.BenefitRequests {
		request := &c.terms.BenefitRequests[i]
		c.checkPurpose(request)
		quantity := BenefitAsked(request)
		if c.checkBenefit(request) && quantity != nil {
			if asked[request.Benefit] == nil {
				asked[request.Benefit] = new(big.Rat)
			}
			asked[request.Benefit].Add(asked[request.Benefit], quantity)
		}
	}
	share := benefit.Share(c.ground.program, c.terms, c.ground.span)
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		entitled := benefit.Entitled(c.ground.program.Calendar, benefit.QuantityOf(c.tier.rule, name), c.ground.span)
		aligned := benefit.Aligned(entitled, share)
		if asked[name].Cmp(aligned) <= 0 {
			continue
		}
		remedy := ""
		if unaligned := c.unalignedGoals(); aligned.Cmp(entitled) < 0 && len(unaligned) > 0 {
			remedy = fmt.Sprintf(", or let %s serve an initiative in force", verdict.Some(unaligned, maxNamed))
		}
		c.findings.Warningf(RuleBenefitAboveAligned, c.root+".benefitRequests",
			"%s %s requested, and %s can be granted: tier %q entitles to %s from %s, and %s percent of the goals' weight serves an initiative in force; request at most %s%s",
			benefit.Shown(asked[name]), name, benefit.Shown(aligned), c.tier.name, benefit.Shown(entitled), c.ground.span,
			decimal.Short(new(big.Rat).Mul(share, big.NewRat(100, 1)), 2), benefit.Shown(aligned), remedy)
	}
}

// unalignedGoals returns the goals that serve no initiative in force, or not wholly.
func (c *check) unalignedGoals() []string {
	var names []string
	for i := range c.terms.Goals {
		if benefit.Serves(c.ground.program, &c.terms.Goals[i], c.ground.span).Cmp(big.NewRat(1, 1)) < 0 {
			names = append(names, "goal "+string(c.terms.Goals[i].Name))
		}
	}
	slices.Sort(names)
	return names
}

// checkPurpose checks that what a request is for is in the plan.
func (c *check) checkPurpose(request *v1alpha1.BenefitRequest) {
	field := c.field("benefitRequests", request.Name)
	switch {
	case BenefitServes(c.terms, request):
	case request.Goal != "":
		c.findings.Errorf(RuleGoalUnknown, field+".goal", "the plan has %s", verdict.NoSuch("goal", string(request.Goal), goalNames(c.terms)))
	case request.Activity != "":
		names := make([]string, 0, len(c.terms.Activities))
		for i := range c.terms.Activities {
			names = append(names, string(c.terms.Activities[i].Name))
		}
		slices.Sort(names)
		c.findings.Errorf(RuleActivityNotPlanned, field+".activity", "the plan has %s", verdict.NoSuch("activity", string(request.Activity), names))
	}
}

// checkBenefit reports whether the tier entitles to the benefit of a request.
func (c *check) checkBenefit(request *v1alpha1.BenefitRequest) bool {
	field := c.field("benefitRequests", request.Name) + ".benefit"
	if c.ground.program.Benefit(request.Benefit) == nil {
		c.findings.Errorf(RuleBenefitUnknown, field, "program %s has %s", c.ground.program.Name,
			verdict.NoSuch("benefit", string(request.Benefit), c.ground.program.BenefitNames()))
		return false
	}
	if benefit.QuantityOf(c.tier.rule, request.Benefit) != nil {
		return true
	}
	has := "no benefits"
	if names := benefit.Names(c.tier.rule); len(names) > 0 {
		has = "only " + verdict.List(names)
	}
	c.findings.Warningf(RuleBenefitNotOfTier, field, "tier %q, which the partner holds on %s, entitles to %s: nothing of %s is granted; ask for what the tier has",
		cmp.Or(string(c.tier.name), "none"), c.ground.span.From, has, request.Benefit)
	return false
}
