package snapshot

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Root is what a unit of work hangs on: the partner that an object's references lead to or, where one leads nowhere, what is missing.
type Root struct {
	// Namespace is empty for a kind of the whole cluster.
	Namespace string
	// Kind is the kind of what the unit hangs on.
	Kind string
	// Name is its name.
	Name v1alpha1.Name
}

// RootOf follows the references of an object, and reports whether they lead to a partner that is there. The object itself may be one that no longer exists.
func RootOf(source Source, of kinds.Object) (root Root, partner bool, _ error) {
	for {
		root = Root{of.GetNamespace(), kinds.Of(of).Name, v1alpha1.Name(of.GetName())}
		kind, name := above(of)
		if name == "" {
			_, partner = of.(*v1alpha1.Partner)
			return root, partner, nil
		}
		found, err := source.Get(kind, name)
		if err != nil || found == nil {
			return Root{of.GetNamespace(), kind, name}, false, err
		}
		of = found
	}
}

// above returns what an object hangs on; an empty name when that is nothing.
func above(of kinds.Object) (kind string, name v1alpha1.Name) {
	switch x := of.(type) {
	case *v1alpha1.JointPlan:
		return kinds.Partner, x.Spec.PartnerRef.Name
	case *v1alpha1.PlanRevision:
		return kinds.JointPlan, x.Spec.PlanRef.Name
	case *v1alpha1.Campaign:
		return kinds.JointPlan, x.Spec.PlanRef.Name
	case *v1alpha1.PlanReview:
		return kinds.JointPlan, x.Spec.PlanRef.Name
	case *v1alpha1.MDFAllocation:
		return kinds.JointPlan, x.Spec.PlanRef.Name
	case *v1alpha1.MDFClaim:
		return kinds.MDFAllocation, x.Spec.AllocationRef.Name
	case *v1alpha1.MeasurementSet:
		return subject(string(x.Spec.SubjectRef.Kind), x.Spec.SubjectRef.Name)
	case *v1alpha1.ApprovalDecision:
		return subject(x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name)
	default:
		return "", ""
	}
}

// subject returns what results or decisions are about; nothing where they can be about no such kind.
func subject(kind string, name v1alpha1.Name) (string, v1alpha1.Name) {
	switch kind {
	case kinds.Partner, kinds.JointPlan, kinds.Campaign, kinds.PlanReview, kinds.MDFAllocation, kinds.MDFClaim:
		return kind, name
	default:
		return "", ""
	}
}

// GatherRoot finds the unit of work that hangs on a root, as far as a scope asks.
func GatherRoot(source Source, root Root, scope Scope) (*kinds.Objects, error) {
	g := newGathering(source, scope)
	g.any(root.Kind, root.Name)
	return g.found, g.err
}
