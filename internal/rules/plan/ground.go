package plan

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/verdict"
)

// ground is what terms stand on: their partner, its program, the days of their period and the rules by which they are judged. What
// could not be found is nil, and problem says why.
type ground struct {
	partner *v1alpha1.Partner
	program *program.Program
	span    fiscal.Span
	rules   *program.RuleSet
	problem *problem
}

// problem is why terms cannot be evaluated.
type problem struct {
	rule    string
	field   string // below spec
	message string
}

// resolve finds what terms stand on. The order is that of cause and effect, so the first problem is the one to correct.
func resolve(p *snapshot.Snapshot, terms *v1alpha1.PlanTerms) ground {
	g := ground{partner: p.Partner(terms.PartnerRef.Name)}
	if g.partner == nil {
		g.problem = &problem{verdict.RuleReferenceNotFound, "partnerRef.name", noPartner(terms.PartnerRef.Name, p.PartnerNames())}
		return g
	}
	g.program = p.ProgramOf(g.partner)
	if g.program == nil {
		g.problem = &problem{verdict.RuleReferenceNotFound, "partnerRef.name", fmt.Sprintf("spec.programRef.name of Partner %q: %s",
			g.partner.Name, verdict.NotFound(kinds.PartnerProgram, string(g.partner.Spec.ProgramRef.Name), p.ProgramNames()))}
		return g
	}
	span, err := g.program.Calendar.Period(terms.Period)
	if err != nil {
		g.problem = &problem{RulePeriodInvalid, "period", fmt.Sprintf("%s: program %q defines no such period", err, g.program.Name)}
		return g
	}
	g.span, g.rules = span, g.program.RuleSetOn(span.From)
	if g.rules == nil {
		g.problem = &problem{RuleNoRules, "period", g.beforeRules()}
	}
	return g
}

// noPartner says that there is no partner of a name, and what to do.
func noPartner(name v1alpha1.Name, names []string) string {
	message := verdict.NotFound(kinds.Partner, string(name), names)
	if verdict.Nearest(string(name), names) != "" {
		return message + " Otherwise create the partner" // after the question whether another one was meant
	}
	return message + "; create the partner or correct the name"
}

// beforeRules says that the period starts before there were rules.
func (g ground) beforeRules() string {
	message := fmt.Sprintf("program %q has no rule set in force on %s, the first day of the period", g.program.Name, g.span.From)
	if first := g.program.RuleSetAfter(g.span.From); first != nil {
		message += fmt.Sprintf(": its first one, %q, is in force from %s", first.Name, first.From)
	}
	return message + "; choose a later period, or add a rule set to the program"
}

// parties returns the parties that must approve the terms; nil when that cannot be known.
func (g ground) parties() []v1alpha1.Party {
	if g.rules == nil {
		return nil
	}
	return g.rules.Parties()
}

// heldTier is the tier that a partner held on the first day of a plan's period.
type heldTier struct {
	name v1alpha1.Name
	rule *v1alpha1.Tier // nil when the partner held none, or the rule set has none of that name
}

// tierAtStart returns the tier that judges the plan: the one held on the first day of its period.
func (g ground) tierAtStart(p *snapshot.Snapshot, now time.Time, horizon *verdict.Horizon) heldTier {
	name, next := tier.HeldOn(p, g.program, g.partner, g.span.From, now)
	horizon.At(next)
	return heldTier{name: name, rule: g.rules.Tier(name)}
}

// planning returns the tier's planning rule; nil when it has none.
func (h heldTier) planning() *v1alpha1.PlanningRule {
	if h.rule == nil {
		return nil
	}
	return h.rule.Planning
}
