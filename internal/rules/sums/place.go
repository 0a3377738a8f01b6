package sums

import "jointplan.dev/jointplan/api/v1alpha1"

// Place returns the group of a partner's plan by segment, territory or distributor: the one name, or that of what is in none or in several. Without a plan it
// is that of the partner.
func Place(by v1alpha1.ReportGrouping, p *v1alpha1.Partner, plan *v1alpha1.JointPlan) string {
	switch by { //nolint:exhaustive // of the others the partner says it itself
	case v1alpha1.GroupSegment:
		if plan != nil && plan.Spec.Segment != "" {
			return string(plan.Spec.Segment)
		}
		return oneOf(p.Spec.Segments)
	case v1alpha1.GroupTerritory:
		return oneOf(p.Spec.Territories)
	case v1alpha1.GroupDistributor:
		switch {
		case p.Spec.Type == v1alpha1.PartnerDistributor:
			return string(KeyOf(p))
		case len(p.Status.Ancestors) > 0:
			return p.Status.Ancestors[0]
		}
	}
	return v1alpha1.InNone
}
