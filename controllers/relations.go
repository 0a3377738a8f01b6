package controllers

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// relations finds, in the cache, the objects that an event concerns.
type relations struct {
	reader client.Reader
}

// inNamespace maps an object to the objects of a kind in its namespace that a filter keeps; without a filter to all of them.
func (r *relations) inNamespace(kind client.ObjectList, keep func(event, candidate client.Object) bool) mapping {
	return func(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
		return r.list(ctx, kind, client.InNamespace(object.GetNamespace()), func(candidate client.Object) bool {
			return whole || keep == nil || keep(object, candidate)
		})
	}
}

// ofNamespace maps a namespace to all objects of a kind in it.
func (r *relations) ofNamespace(kind client.ObjectList) mapping {
	return func(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
		return r.list(ctx, kind, client.InNamespace(object.GetName()), nil)
	}
}

// ofProgram maps a program to all objects of a kind in the namespaces of its partners; to all objects when the program came or went.
func (r *relations) ofProgram(kind client.ObjectList) mapping {
	return func(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
		if whole {
			return r.list(ctx, kind, client.InNamespace(""), nil)
		}
		var requests []reconcile.Request
		for _, partner := range r.list(ctx, &v1alpha1.PartnerList{}, client.MatchingFields{indexProgram: object.GetName()}, nil) {
			requests = union(requests, r.list(ctx, kind, client.InNamespace(partner.Namespace), nil))
		}
		return requests
	}
}

// family maps a partner to the partners below it, as far as an ancestry looks, and to those of its namespace, to whom it may be suggested
// as the distributor that they meant.
func (r *relations) family(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	all := r.list(ctx, &v1alpha1.PartnerList{}, client.InNamespace(object.GetNamespace()), func(candidate client.Object) bool {
		return others(object, candidate)
	})
	level := []reconcile.Request{{NamespacedName: client.ObjectKeyFromObject(object)}}
	for range maxAncestors + 1 {
		var below []reconcile.Request
		for _, parent := range level {
			below = union(below, r.list(ctx, &v1alpha1.PartnerList{}, client.MatchingFields{indexParent: parent.String()}, nil))
		}
		all = union(all, below)
		level = below
	}
	return all
}

// maxAncestors is the number of distributors above a partner that status.ancestors holds. One more is looked at, to say that there are more.
const maxAncestors = 5

// programOf maps a partner, or a plan through its partner, to its program.
func (r *relations) programOf(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	switch object := object.(type) {
	case *v1alpha1.Partner:
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: string(object.Spec.ProgramRef.Name)}}}
	case *v1alpha1.JointPlan:
		partner := &v1alpha1.Partner{}
		if err := r.reader.Get(ctx, client.ObjectKey{Namespace: object.Namespace, Name: string(object.Spec.PartnerRef.Name)}, partner); err != nil {
			return nil // its partner's own event comes when it does
		}
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: string(partner.Spec.ProgramRef.Name)}}}
	default:
		return nil
	}
}

// list returns the objects of a kind that a filter keeps. It reads from the cache, where a failure means that the manager is stopping.
func (r *relations) list(ctx context.Context, kind client.ObjectList, where client.ListOption, keep func(client.Object) bool) []reconcile.Request {
	list, ok := kind.DeepCopyObject().(client.ObjectList)
	if !ok {
		return nil
	}
	if err := r.reader.List(ctx, list, where, client.UnsafeDisableDeepCopy); err != nil {
		logf.FromContext(ctx).Error(err, "cannot list the objects that an event concerns")
		return nil
	}
	requests := make([]reconcile.Request, 0, meta.LenList(list))
	_ = meta.EachListItem(list, func(item runtime.Object) error {
		if object, ok := item.(client.Object); ok && (keep == nil || keep(object)) {
			requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(object)})
		}
		return nil
	})
	return requests
}

// samePlan keeps candidates that belong to the plan that the event is about: the plan itself, or the plan that the event's object names.
func samePlan(event, candidate client.Object) bool {
	plan := planOf(event)
	return plan != "" && plan == planOf(candidate)
}

// kindPlan is the kind of plans, as decisions name it.
const kindPlan = "JointPlan"

// planOf returns the name of the plan that an object is or names; empty for objects that name none.
func planOf(object client.Object) v1alpha1.Name {
	switch object := object.(type) {
	case *v1alpha1.JointPlan:
		return v1alpha1.Name(object.Name)
	case *v1alpha1.Campaign:
		return object.Spec.PlanRef.Name
	case *v1alpha1.PlanRevision:
		return object.Spec.PlanRef.Name
	case *v1alpha1.ApprovalDecision:
		if object.Spec.TargetRef.Kind != kindPlan {
			return ""
		}
		return object.Spec.TargetRef.Name
	case *v1alpha1.MDFAllocation:
		return object.Spec.PlanRef.Name
	default:
		return ""
	}
}

// others keeps all of a kind but the event's object itself. Plans of one partner depend on each other, and by its plan of record a plan may
// belong to another partner than its spec says.
func others(event, candidate client.Object) bool { return event.GetName() != candidate.GetName() }

// appears reports whether an update is, to objects that do not name it, as if the object came or went: a program changed which namespaces
// may use it, as a budget can, or a campaign moved from one plan to another.
func appears(old, updated client.Object) bool {
	switch old := old.(type) {
	case *v1alpha1.PartnerProgram:
		updated, same := updated.(*v1alpha1.PartnerProgram)
		return same && !equality.Semantic.DeepEqual(old.Spec.AllowedNamespaces, updated.Spec.AllowedNamespaces)
	case *v1alpha1.Campaign:
		updated, same := updated.(*v1alpha1.Campaign)
		return same && old.Spec.PlanRef != updated.Spec.PlanRef
	case *v1alpha1.MDFBudget:
		updated, same := updated.(*v1alpha1.MDFBudget)
		return same && !equality.Semantic.DeepEqual(old.Spec.AllowedNamespaces, updated.Spec.AllowedNamespaces)
	default:
		return false
	}
}

// sameSubject keeps measurement sets about the subject of the event's set, and the subject itself.
func sameSubject(event, candidate client.Object) bool {
	return slices.ContainsFunc(subjectsOf(event), func(s v1alpha1.SubjectReference) bool {
		return slices.Contains(subjectsOf(candidate), s)
	})
}

// subjectsOf returns what a measurement set is about, or the subject that an object is.
func subjectsOf(object client.Object) []v1alpha1.SubjectReference {
	subject := func(kind v1alpha1.SubjectKind) []v1alpha1.SubjectReference {
		return []v1alpha1.SubjectReference{{Kind: kind, Name: v1alpha1.Name(object.GetName())}}
	}
	switch object := object.(type) {
	case *v1alpha1.MeasurementSet:
		return []v1alpha1.SubjectReference{object.Spec.SubjectRef}
	case *v1alpha1.Partner:
		return subject(v1alpha1.SubjectPartner)
	case *v1alpha1.JointPlan:
		return subject(v1alpha1.SubjectJointPlan)
	case *v1alpha1.Campaign:
		return subject(v1alpha1.SubjectCampaign)
	default:
		return nil
	}
}
