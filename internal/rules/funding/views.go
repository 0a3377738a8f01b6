package funding

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// planView is what requests and claims look at of a plan.
type planView struct {
	approval plan.Approval
}

// partnerView is what requests look at of a partner. Ancestors bear neither on its standing nor on its tier.
type partnerView struct {
	tier     v1alpha1.Name
	standing *v1alpha1.StandingStatus // nil when no rules are in force
	next     time.Time
}

// approvals returns how a plan's approval stands, with all revisions that were ever of record.
func (s *Scene) approvals(p *v1alpha1.JointPlan) *plan.Approval {
	name := v1alpha1.Name(p.Name)
	view := s.plans[name]
	if view == nil {
		view = &planView{approval: plan.Approvals(s.Snapshot, p, s.Now)}
		s.plans[name] = view
	}
	return &view.approval
}

// partnerView returns a partner's standing and effective tier.
func (s *Scene) partnerView(p *v1alpha1.Partner) *partnerView {
	name := v1alpha1.Name(p.Name)
	view := s.partners[name]
	if view == nil {
		result := partner.Evaluate(s.Snapshot, p, partner.Ancestry{}, s.Now)
		view = &partnerView{tier: result.Status.EffectiveTier, standing: result.Status.Standing, next: result.NextChange}
		s.partners[name] = view
	}
	return view
}
