package controllers

import (
	"context"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gate"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/partner"
)

// relations finds, in the cache, the objects that an event concerns. A failure to read it means that the manager is stopping.
type relations struct{ gatherer *gather.Gatherer }

// cannotFind is what is logged when the cache cannot be read.
const cannotFind = "cannot find the objects that an event concerns"

// ofPartner finds the objects of a kind that belong to the partner of an object and that a filter keeps; without a filter all of them. When it came or
// went, the filter does not count, and those are concerned too, of whatever partner, whose evaluation asked for such names.
func (r *relations) ofPartner(kind string, keep func(event, candidate client.Object) bool) *queue.Within {
	return r.within(func(ctx context.Context, e queue.Event) []snapshot.Root {
		if e.Whole {
			return append(r.unitsOf(ctx, e), r.gatherer.AskedFor(e.Object)...)
		}
		return r.unitsOf(ctx, e)
	}, kind, keep)
}

// asking finds the objects of a kind in the units of which an evaluation asked for names that an object is one of: one that came or went, or always.
func (r *relations) asking(kind string, always bool) *queue.Within {
	return r.within(func(_ context.Context, e queue.Event) []snapshot.Root {
		if e.Whole || always {
			return r.gatherer.AskedFor(e.Object)
		}
		return nil
	}, kind, nil)
}

// within finds the objects of a kind in some units that a filter keeps.
func (r *relations) within(
	units func(context.Context, queue.Event) []snapshot.Root, kind string, keep func(event, candidate client.Object) bool,
) *queue.Within {
	return &queue.Within{Units: units, Among: func(ctx context.Context, turn *queue.Turn, unit snapshot.Root, events []queue.Event) []reconcile.Request {
		all := keep == nil || len(events) == 0 || slices.ContainsFunc(events, func(e queue.Event) bool {
			return e.Whole || slices.Contains(r.distributors(ctx, e.Object), unit) // what resellers report bears on all of their distributor
		})
		return requestsFor(kinds.Named(kind).In(r.unit(ctx, turn, unit)), func(candidate client.Object) bool {
			return all || slices.ContainsFunc(events, func(e queue.Event) bool { return keep(e.Object, candidate) })
		})
	}}
}

// unitsOf returns the unit of work of an object; when it came or went, that of what hangs on it; and those of the distributors above its partner that look at
// what their resellers report.
func (r *relations) unitsOf(ctx context.Context, e queue.Event) []snapshot.Root {
	return append(r.home(ctx, e), r.gatherer.CountResellers(r.distributors(ctx, e.Object))...)
}

// distributors returns the distributors above the partner of an object that results may come of, nearest first, whether or not they permit it.
func (r *relations) distributors(ctx context.Context, object client.Object) (above []snapshot.Root) {
	var of *v1alpha1.Partner
	switch x := object.(type) {
	case *v1alpha1.Partner:
		of = x
	case *v1alpha1.JointPlan, *v1alpha1.Campaign, *v1alpha1.MeasurementSet:
		root, err := r.gatherer.Root(ctx, x)
		if err == nil && root.Kind == kinds.Partner {
			of, err = r.gatherer.Partner(ctx, root.Namespace, string(root.Name))
		}
		if err != nil {
			logf.FromContext(ctx).Error(err, cannotFind)
		}
	}
	for range snapshot.MaxLevels {
		if of == nil {
			break
		}
		var next *v1alpha1.Partner
		for _, parent := range kinds.ParentOfPartner.Values(of) {
			namespace, name, _ := strings.Cut(parent, "/")
			above = append(above, snapshot.Root{Namespace: namespace, Kind: kinds.Partner, Name: v1alpha1.Name(name)})
			found, err := r.gatherer.Partner(ctx, namespace, name)
			if err != nil {
				logf.FromContext(ctx).Error(err, cannotFind)
			}
			next = found
		}
		of = next
	}
	return above
}

// home returns the unit of work of an object and, when it came or went, that of what hangs on it.
func (r *relations) home(ctx context.Context, e queue.Event) []snapshot.Root {
	object := e.Object
	root, err := r.gatherer.Root(ctx, object)
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
	}
	itself := snapshot.Root{Namespace: object.GetNamespace(), Kind: kinds.Of(object).Name, Name: v1alpha1.Name(object.GetName())}
	if e.Whole && itself != root {
		return []snapshot.Root{root, itself}
	}
	return []snapshot.Root{root}
}

// unit returns the objects of a unit of work, as they were gathered in a turn.
func (r *relations) unit(ctx context.Context, turn *queue.Turn, unit snapshot.Root) *kinds.Objects {
	objects, err := r.gatherer.Unit(ctx, turn, unit)
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
		return &kinds.Objects{}
	}
	return objects
}

// requestsFor returns the requests for the objects that a filter keeps; without a filter for all.
func requestsFor(objects []kinds.Object, keep func(client.Object) bool) []reconcile.Request {
	requests := make([]reconcile.Request, 0, len(objects))
	for _, object := range objects {
		if keep == nil || keep(object) {
			requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(object)})
		}
	}
	return requests
}

// ofNamespace maps a namespace to all objects of a kind in it.
func (r *relations) ofNamespace(kind string) queue.Mapping {
	return func(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
		return requestsFor(r.list(ctx, kind, object.GetName()), nil)
	}
}

// ofProgram maps a program to all objects of a kind in the namespaces of its partners and, of a kind whose evaluation looks at money, in those of the
// requests on its budgets.
func (r *relations) ofProgram(kind string) queue.Mapping {
	return func(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
		users := r.naming(ctx, kinds.ProgramOfPartner, "", object.GetName())
		if kinds.Named(kind).Money || kind == kinds.ApprovalDecision {
			users = append(users, r.onBudgetsOf(ctx, object.GetName())...)
		}
		var requests []reconcile.Request
		done := map[string]bool{}
		for _, user := range users {
			if !done[user.GetNamespace()] {
				done[user.GetNamespace()] = true
				requests = append(requests, requestsFor(r.list(ctx, kind, user.GetNamespace()), nil)...)
			}
		}
		return requests
	}
}

// ofPublished maps a published benchmark to all objects of a kind in the namespaces of its program's partners: they are judged by it from now on.
func (r *relations) ofPublished(kind string) queue.Mapping {
	return func(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
		benchmark, ok := object.(*v1alpha1.PublishedBenchmark)
		if !ok {
			return nil
		}
		of := &v1alpha1.PartnerProgram{}
		of.Name = string(benchmark.Spec.ProgramRef.Name)
		return r.ofProgram(kind)(ctx, of, whole)
	}
}

// family maps a partner to the partners below it, as far as an ancestry looks.
func (r *relations) family(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var all []reconcile.Request
	level := []reconcile.Request{{NamespacedName: client.ObjectKeyFromObject(object)}}
	for range partner.MaxAncestors + 1 {
		var below []reconcile.Request
		for _, parent := range level {
			below = queue.Union(below, requestsFor(r.naming(ctx, kinds.ParentOfPartner, "", parent.String()), nil))
		}
		all = queue.Union(all, below)
		level = below
	}
	return all
}

// distributorOf maps a partner that came or went, or belongs elsewhere now, and a plan of which the same holds, to the distributor that the partner names:
// that says who of its resellers has a plan.
func (r *relations) distributorOf(ctx context.Context, object client.Object, whole bool) []reconcile.Request {
	if !whole {
		return nil
	}
	of, _ := object.(*v1alpha1.Partner)
	if plan, ok := object.(*v1alpha1.JointPlan); ok {
		found, err := r.gatherer.Partner(ctx, plan.Namespace, string(plan.Spec.PartnerRef.Name))
		if err != nil {
			logf.FromContext(ctx).Error(err, cannotFind)
		}
		of = found
	}
	if of == nil {
		return nil // its partner's own event comes when it does
	}
	var distributors []reconcile.Request
	for _, parent := range kinds.ParentOfPartner.Values(of) {
		if namespace, name, ok := strings.Cut(parent, "/"); ok {
			distributors = append(distributors, reconcile.Request{NamespacedName: types.NamespacedName{Namespace: namespace, Name: name}})
		}
	}
	return distributors
}

// programOf maps a partner, or a plan through its partner, to its program.
func (r *relations) programOf(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	of, _ := object.(*v1alpha1.Partner)
	if plan, ok := object.(*v1alpha1.JointPlan); ok {
		found, err := r.gatherer.Partner(ctx, plan.Namespace, string(plan.Spec.PartnerRef.Name))
		if err != nil {
			logf.FromContext(ctx).Error(err, cannotFind)
		}
		of = found
	}
	if of == nil {
		return nil // its partner's own event comes when it does
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: string(of.Spec.ProgramRef.Name)}}}
}

// programsOfNamespace maps a namespace to the programs of the partners in it.
func (r *relations) programsOfNamespace(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	var programs []reconcile.Request
	for _, partner := range r.list(ctx, kinds.Partner, object.GetName()) {
		programs = append(programs, r.programOf(ctx, partner, false)...)
	}
	return queue.Union(nil, programs)
}

// policyWatches are the watches through which a change of the policies or their bindings concerns all objects of a kind.
func (w *wiring) policyWatches(kind string) []watch {
	all := queue.Mapping(func(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
		name := object.GetName()
		if binding, ok := object.(*admissionv1.ValidatingAdmissionPolicyBinding); ok {
			name = binding.Spec.PolicyName
		}
		if !strings.HasPrefix(name, gate.Prefix) {
			return nil
		}
		return requestsFor(w.list(ctx, kind, ""), nil)
	})
	return []watch{
		{kind: &admissionv1.ValidatingAdmissionPolicy{}, concerns: all, priority: queue.FanOut},
		{kind: &admissionv1.ValidatingAdmissionPolicyBinding{}, concerns: all, priority: queue.FanOut},
	}
}

// list returns the objects of a kind in a namespace or, without one, in all.
func (r *relations) list(ctx context.Context, kind, namespace string) []kinds.Object {
	found, err := r.gatherer.List(ctx, kind, namespace)
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
	}
	return found
}

// naming returns the objects in a namespace or, without one, in all that name something.
func (r *relations) naming(ctx context.Context, by *kinds.Reference, namespace, value string) []kinds.Object {
	found, err := r.gatherer.Find(ctx, by, namespace, value)
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
	}
	return found
}

// samePlan keeps candidates that belong to the plan that the event is about: the plan itself, or the plan that the event's object names.
func samePlan(event, candidate client.Object) bool {
	plan := planOf(event)
	return plan != "" && plan == planOf(candidate)
}

// samePlanOrReview keeps candidates of the plan that the event is about and, of a decision on the record of a meeting, all: which plan that is of is
// not said.
func samePlanOrReview(event, candidate client.Object) bool {
	return samePlan(event, candidate) || onReview(event)
}

// onReview reports whether an object is a decision on the record of a meeting.
func onReview(object client.Object) bool {
	decision, ok := object.(*v1alpha1.ApprovalDecision)
	return ok && decision.Spec.TargetRef.Kind == kinds.PlanReview
}

// aboutReviews keeps decisions on records of meetings.
func aboutReviews(_, candidate client.Object) bool { return onReview(candidate) }

// samePlanOrAboutReviews keeps candidates of the plan that the event is about, and decisions on records of meetings.
func samePlanOrAboutReviews(event, candidate client.Object) bool {
	return samePlan(event, candidate) || onReview(candidate)
}

// planOf returns the name of the plan that an object is or names; empty for objects that name none.
func planOf(object client.Object) v1alpha1.Name {
	switch object := object.(type) {
	case *v1alpha1.JointPlan:
		return v1alpha1.Name(object.Name)
	case *v1alpha1.Campaign:
		return object.Spec.PlanRef.Name
	case *v1alpha1.PlanRevision:
		return object.Spec.PlanRef.Name
	case *v1alpha1.PlanReview:
		return object.Spec.PlanRef.Name
	case *v1alpha1.ApprovalDecision:
		if object.Spec.TargetRef.Kind != kinds.JointPlan {
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

// offered is what partners who name no budget see of one: all but the money that it holds, and who approves.
func offered(budget *v1alpha1.MDFBudget) v1alpha1.MDFBudgetSpec {
	spec := budget.Spec
	spec.Amount.Amount, spec.Authority, spec.Recovery = "", nil, nil
	return spec
}

// appears reports whether an update is, to objects that do not name it, as if the object came or went: a program changed which namespaces
// may use it, a budget whom it is for or what it funds, or a campaign moved from one plan to another; or it is another object of the same name.
func appears(old, updated client.Object) bool {
	if old.GetUID() != updated.GetUID() {
		return true
	}
	switch old := old.(type) {
	case *v1alpha1.PartnerProgram:
		updated, same := updated.(*v1alpha1.PartnerProgram)
		return same && !equality.Semantic.DeepEqual(old.Spec.AllowedNamespaces, updated.Spec.AllowedNamespaces)
	case *v1alpha1.Campaign:
		updated, same := updated.(*v1alpha1.Campaign)
		return same && old.Spec.PlanRef != updated.Spec.PlanRef
	case *v1alpha1.MDFBudget:
		updated, same := updated.(*v1alpha1.MDFBudget)
		return same && !equality.Semantic.DeepEqual(offered(old), offered(updated))
	default:
		return false
	}
}

// moves reports whether an update changes who of a distributor's resellers has a plan, and for when: a plan moved from one partner or period to another, or a
// partner from one distributor or program to another; or it is another object of the same name.
func moves(old, updated client.Object) bool {
	if old.GetUID() != updated.GetUID() {
		return true
	}
	switch old := old.(type) {
	case *v1alpha1.JointPlan:
		updated, same := updated.(*v1alpha1.JointPlan)
		return same && (old.Spec.PartnerRef != updated.Spec.PartnerRef || !equality.Semantic.DeepEqual(old.Spec.Period, updated.Spec.Period))
	case *v1alpha1.Partner:
		updated, same := updated.(*v1alpha1.Partner)
		return same && (old.Spec.ProgramRef != updated.Spec.ProgramRef || !equality.Semantic.DeepEqual(old.Spec.ParentRef, updated.Spec.ParentRef))
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
	switch object := object.(type) {
	case *v1alpha1.MeasurementSet:
		return []v1alpha1.SubjectReference{object.Spec.SubjectRef}
	case *v1alpha1.Partner, *v1alpha1.JointPlan, *v1alpha1.Campaign:
		return []v1alpha1.SubjectReference{{Kind: v1alpha1.SubjectKind(kinds.Of(object).Name), Name: v1alpha1.Name(object.GetName())}}
	default:
		return nil
	}
}
