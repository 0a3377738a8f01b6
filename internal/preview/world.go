// Package preview evaluates a set of manifests offline, at an instant or over a span of time, with the same functions as the controllers.
package preview

import (
	"cmp"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/campaign"
	"jointplan.dev/jointplan/internal/manifest"
	"jointplan.dev/jointplan/internal/measure"
	"jointplan.dev/jointplan/internal/partner"
	"jointplan.dev/jointplan/internal/plan"
	"jointplan.dev/jointplan/internal/portfolio"
	"jointplan.dev/jointplan/internal/program"
)

// Object is an object with its status.
type Object interface {
	runtime.Object
	metav1.Object
	// Common returns the part of the status that all kinds share.
	Common() *v1alpha1.CommonStatus
}

// World holds the objects of a set of manifests.
type World struct {
	set      *manifest.Set
	programs map[v1alpha1.Name]*program.Program
	objects  map[string]*portfolio.Objects // by namespace
}

// New prepares the objects of a set of manifests. The set must not be changed afterwards.
func New(set *manifest.Set) *World {
	w := &World{set: set, programs: map[v1alpha1.Name]*program.Program{}, objects: map[string]*portfolio.Objects{}}
	for _, p := range set.Programs {
		w.programs[v1alpha1.Name(p.Name)] = program.Compile(p.Name, &p.Spec)
	}
	for _, x := range set.Partners {
		o := w.in(x.Namespace)
		o.Partners = append(o.Partners, x)
	}
	for _, x := range set.Plans {
		o := w.in(x.Namespace)
		o.Plans = append(o.Plans, x)
	}
	for _, x := range set.Campaigns {
		o := w.in(x.Namespace)
		o.Campaigns = append(o.Campaigns, x)
	}
	for _, x := range set.Measurements {
		o := w.in(x.Namespace)
		o.Measurements = append(o.Measurements, x)
	}
	for _, x := range set.Decisions {
		o := w.in(x.Namespace)
		o.Decisions = append(o.Decisions, x)
	}
	for _, x := range set.Revisions {
		o := w.in(x.Namespace)
		o.Revisions = append(o.Revisions, x)
	}
	return w
}

func (w *World) in(namespace string) *portfolio.Objects {
	o, ok := w.objects[namespace]
	if !ok {
		o = &portfolio.Objects{}
		w.objects[namespace] = o
	}
	return o
}

// At returns every object with the status that it has at an instant, with the revisions that the controllers would keep, sorted by kind
// (from the program down), namespace and name.
func (w *World) At(now time.Time) []Object {
	objects, _ := w.evaluate(now)
	return objects
}

// evaluate returns what At returns, and the next instant at which any status may differ; zero when there is none.
func (w *World) evaluate(now time.Time) ([]Object, time.Time) {
	e := &evaluation{world: w, now: now}
	namespaces := make([]string, 0, len(w.objects))
	for namespace := range w.objects {
		namespaces = append(namespaces, namespace)
	}
	slices.Sort(namespaces)
	for _, namespace := range namespaces {
		e.namespace(namespace)
	}
	e.rollUp()
	slices.SortStableFunc(e.objects, func(a, b Object) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.GetNamespace(), b.GetNamespace()), cmp.Compare(a.GetName(), b.GetName()))
	})
	return e.objects, e.next
}

// evaluation is one evaluation of the whole world.
type evaluation struct {
	world    *World
	now      time.Time
	next     time.Time
	objects  []Object
	partners []*v1alpha1.Partner
	plans    []*v1alpha1.JointPlan
}

// add adds an evaluated object.
func (e *evaluation) add(object Object, next time.Time) {
	e.objects = append(e.objects, object)
	if !next.IsZero() && (e.next.IsZero() || next.Before(e.next)) {
		e.next = next
	}
}

// namespace evaluates the objects of one namespace.
func (e *evaluation) namespace(name string) {
	objects := *e.world.objects[name]
	folio := portfolio.New(name, e.world.allowedIn(name), objects)
	kept := e.evaluatePlans(folio, objects.Plans)
	if len(kept) > 0 {
		objects.Revisions = append(slices.Clone(objects.Revisions), kept...)
		folio = portfolio.New(name, e.world.allowedIn(name), objects)
	}
	for _, x := range objects.Partners {
		evaluated := x.DeepCopy()
		result := partner.Evaluate(folio, x, partner.ResolveAncestry(x, e.world.partner), e.now)
		evaluated.Status = result.Status
		e.partners = append(e.partners, evaluated)
		e.add(evaluated, result.NextChange)
	}
	for _, x := range objects.Campaigns {
		evaluated, next := x.DeepCopy(), time.Time{}
		evaluated.Status, next = campaign.Evaluate(folio, x, e.now)
		e.add(evaluated, next)
	}
	for _, x := range objects.Measurements {
		evaluated, next := x.DeepCopy(), time.Time{}
		evaluated.Status, next = measure.EvaluateSet(folio, x, e.now)
		e.add(evaluated, next)
	}
	for _, x := range objects.Decisions {
		evaluated, next := x.DeepCopy(), time.Time{}
		evaluated.Status, next = plan.EvaluateDecision(folio, x, e.now)
		e.add(evaluated, next)
	}
	for _, x := range objects.Revisions {
		evaluated, next := x.DeepCopy(), time.Time{}
		evaluated.Status, next = plan.EvaluateRevision(folio, x, e.now)
		e.add(evaluated, next)
	}
}

// evaluatePlans evaluates plans and returns the revisions that the controllers would keep.
func (e *evaluation) evaluatePlans(folio *portfolio.Portfolio, plans []*v1alpha1.JointPlan) []*v1alpha1.PlanRevision {
	var kept []*v1alpha1.PlanRevision
	for _, x := range plans {
		evaluated := x.DeepCopy()
		result := plan.Evaluate(folio, x, e.now)
		evaluated.Status = result.Status
		e.plans = append(e.plans, evaluated)
		e.add(evaluated, result.NextChange)
		for _, revision := range result.Keep {
			if folio.Revision(v1alpha1.Name(revision.Name)) == nil {
				revision.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PlanRevision"))
				revision.Generation = 1
				kept = append(kept, revision)
			}
		}
	}
	return kept
}

// rollUp evaluates the programs, which add up what the others say.
func (e *evaluation) rollUp() {
	for _, x := range e.world.set.Programs {
		compiled := e.world.programs[v1alpha1.Name(x.Name)]
		in := program.RollUp{}
		for _, p := range e.partners {
			if string(p.Spec.ProgramRef.Name) == x.Name && compiled.Allows(e.world.set.Namespaces[p.Namespace]) {
				in.Partners = append(in.Partners, p)
			}
		}
		for _, plan := range e.plans {
			if slices.ContainsFunc(in.Partners, func(p *v1alpha1.Partner) bool {
				return p.Namespace == plan.Namespace && p.Name == string(plan.Spec.PartnerRef.Name)
			}) {
				in.Plans = append(in.Plans, plan)
			}
		}
		evaluated, next := x.DeepCopy(), time.Time{}
		evaluated.Status, next = program.Evaluate(x, compiled, in, e.now)
		e.add(evaluated, next)
	}
}

// allowedIn returns the programs that a namespace may use.
func (w *World) allowedIn(namespace string) map[v1alpha1.Name]*program.Program {
	allowed := make(map[v1alpha1.Name]*program.Program, len(w.programs))
	for name, p := range w.programs {
		if p.Allows(w.set.Namespaces[namespace]) {
			allowed[name] = p
		}
	}
	return allowed
}

func (w *World) partner(namespace, name string) *v1alpha1.Partner {
	for _, p := range w.in(namespace).Partners {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// rank orders kinds from the program down.
func rank(object Object) int {
	switch object.(type) {
	case *v1alpha1.PartnerProgram:
		return 0
	case *v1alpha1.Partner:
		return 1
	case *v1alpha1.JointPlan:
		return 2
	case *v1alpha1.Campaign:
		return 3
	case *v1alpha1.MeasurementSet:
		return 4
	case *v1alpha1.ApprovalDecision:
		return 5
	default:
		return 6
	}
}
