package tier

import (
	"jointplan.dev/jointplan/api/v1alpha1"
)

// result is how one tier's requirements stand on an occasion.
type result struct {
	tier    *v1alpha1.Tier
	figures []figure
	verdict v1alpha1.CriterionVerdict
}

// ruling is how all tiers stand on an occasion, highest first.
type ruling struct {
	occasion
	tiers []result
	// reached is the highest tier whose requirements are all met, possible the highest that is not ruled out; nil for none. They differ
	// only where results are missing.
	reached, possible *result
}

// rule judges all tiers of the rule set that judges on an occasion.
func (j *judge) rule(at occasion) *ruling {
	r := &ruling{occasion: at, tiers: make([]result, len(at.set.Ranked))}
	for i, tier := range at.set.Ranked {
		s := &r.tiers[i]
		*s = result{tier: tier, verdict: v1alpha1.CriterionMet}
		for k := range tier.Requirements {
			f := j.requirement(tier, &tier.Requirements[k], at)
			s.figures = append(s.figures, f)
			if closeness(f.verdict) < closeness(s.verdict) {
				s.verdict = f.verdict
			}
		}
		if r.reached == nil && s.verdict == v1alpha1.CriterionMet {
			r.reached = s
		}
		if r.possible == nil && s.verdict != v1alpha1.CriterionNotMet {
			r.possible = s
		}
	}
	return r
}

// rank returns the tier's rank; 0 for none.
func (s *result) rank() int32 {
	if s == nil {
		return 0
	}
	return s.tier.Rank
}

// name returns the tier's name; empty for none.
func (s *result) name() v1alpha1.Name {
	if s == nil {
		return ""
	}
	return s.tier.Name
}

// above returns the lowest tier above a rank; nil when there is none.
func (r *ruling) above(rank int32) *result {
	var next *result
	for i := range r.tiers {
		if r.tiers[i].rank() > rank {
			next = &r.tiers[i]
		}
	}
	return next
}

// of returns a tier by its name; nil when there is none.
func (r *ruling) of(name v1alpha1.Name) *result {
	for i := range r.tiers {
		if r.tiers[i].tier.Name == name {
			return &r.tiers[i]
		}
	}
	return nil
}
