// Package lineage says how objects belong together: a claim to its request, that to its plan, the plan to its partner, the partner to its
// program. It looks only at the objects that it is given; what they name and is not among them is missing.
package lineage

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// Index finds objects by key and by what they belong to. It is immutable and safe for concurrent use.
type Index struct {
	objects  []manifest.Object
	byKey    map[manifest.Key]manifest.Object
	children map[manifest.Key][]manifest.Object
	below    map[string][]manifest.Object // partners by the distributor that they name, as namespace/name
	compiled map[string]*program.Program  // by name
}

// New returns the index of objects, which must not be changed afterwards.
func New(objects []manifest.Object) *Index {
	x := &Index{
		objects:  objects,
		byKey:    make(map[manifest.Key]manifest.Object, len(objects)),
		children: map[manifest.Key][]manifest.Object{},
		below:    map[string][]manifest.Object{},
		compiled: map[string]*program.Program{},
	}
	for _, object := range objects {
		x.byKey[manifest.KeyOf(object)] = object
		if prog, ok := object.(*v1alpha1.PartnerProgram); ok {
			x.compiled[prog.Name] = program.Compile(prog.Name, &prog.Spec)
		}
		for _, parent := range kinds.ParentOfPartner.Values(object) {
			x.below[parent] = append(x.below[parent], object)
		}
		if above := Above(object); above != (manifest.Key{}) {
			x.children[above] = append(x.children[above], object)
		}
	}
	return x
}

// Objects returns all objects in the order in which they were given.
func (x *Index) Objects() []manifest.Object { return x.objects }

// Get returns an object; nil when it is missing.
func (x *Index) Get(key manifest.Key) manifest.Object { return x.byKey[key] }

// Children returns the objects that belong to an object directly, in the order in which they were given. The object itself may be missing.
func (x *Index) Children(key manifest.Key) []manifest.Object { return x.children[key] }

// Resellers returns the partners that name a distributor, in the order in which they were given, whether or not it permits it.
func (x *Index) Resellers(of *v1alpha1.Partner) []manifest.Object {
	return x.below[of.Namespace+"/"+of.Name]
}

// Above returns the key of the object that an object belongs to; the zero key when to none.
func Above(object manifest.Object) manifest.Key {
	in := func(kind string, name v1alpha1.Name) manifest.Key {
		return manifest.Key{Kind: kind, Namespace: object.GetNamespace(), Name: string(name)}
	}
	switch x := object.(type) {
	case *v1alpha1.ProgramCatalog:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: x.Name}
	case *v1alpha1.ChannelStrategy:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: x.Name}
	case *v1alpha1.ProgramReport:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: string(x.Spec.ProgramRef.Name)}
	case *v1alpha1.Benchmark:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: string(x.Spec.ProgramRef.Name)}
	case *v1alpha1.PublishedBenchmark:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: string(x.Spec.ProgramRef.Name)}
	case *v1alpha1.MDFBudget:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: string(x.Spec.ProgramRef.Name)}
	case *v1alpha1.MDFLedger:
		return manifest.Key{Kind: kinds.MDFBudget, Name: x.Name}
	case *v1alpha1.ChannelManager:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: string(x.Spec.ProgramRef.Name)}
	case *v1alpha1.Partner:
		return manifest.Key{Kind: kinds.PartnerProgram, Name: string(x.Spec.ProgramRef.Name)}
	case *v1alpha1.JointPlan:
		return in(kinds.Partner, x.Spec.PartnerRef.Name)
	case *v1alpha1.Campaign:
		return in(kinds.JointPlan, x.Spec.PlanRef.Name)
	case *v1alpha1.MDFAllocation:
		return in(kinds.JointPlan, x.Spec.PlanRef.Name)
	case *v1alpha1.MDFClaim:
		return in(kinds.MDFAllocation, x.Spec.AllocationRef.Name)
	case *v1alpha1.PlanReview:
		return in(kinds.JointPlan, x.Spec.PlanRef.Name)
	case *v1alpha1.ApprovalDecision:
		return in(x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name)
	case *v1alpha1.PlanRevision:
		return in(kinds.JointPlan, x.Spec.PlanRef.Name)
	case *v1alpha1.MeasurementSet:
		return in(string(x.Spec.SubjectRef.Kind), x.Spec.SubjectRef.Name)
	default:
		return manifest.Key{}
	}
}

// line returns an object and those above it, nearest first, as far as they are there.
func (x *Index) line(object manifest.Object) []manifest.Object {
	var all []manifest.Object
	for object != nil && len(all) < len(x.objects) {
		all = append(all, object)
		object = x.byKey[Above(object)]
	}
	return all
}

// find returns the first object of a type among an object and those above it.
func find[T manifest.Object](x *Index, object manifest.Object) T {
	var none T
	for _, one := range x.line(object) {
		if found, ok := one.(T); ok {
			return found
		}
	}
	return none
}

// Partner returns the partner that an object belongs to, or is; nil when it is missing.
func (x *Index) Partner(object manifest.Object) *v1alpha1.Partner {
	return find[*v1alpha1.Partner](x, object)
}

// Plan returns the plan that an object belongs to, or is; nil when it is missing.
func (x *Index) Plan(object manifest.Object) *v1alpha1.JointPlan {
	return find[*v1alpha1.JointPlan](x, object)
}

// Allocation returns the request for money that an object belongs to, or is; nil when it is missing.
func (x *Index) Allocation(object manifest.Object) *v1alpha1.MDFAllocation {
	return find[*v1alpha1.MDFAllocation](x, object)
}

// Program returns the compiled program that an object belongs to, or is; nil when it is missing.
func (x *Index) Program(object manifest.Object) *program.Program {
	if prog := find[*v1alpha1.PartnerProgram](x, object); prog != nil {
		return x.compiled[prog.Name]
	}
	return nil
}

// Today returns the day of an instant in the calendar of the program that an object belongs to; in UTC when that is missing.
func (x *Index) Today(object manifest.Object, now time.Time) fiscal.Day {
	if prog := x.Program(object); prog != nil {
		return prog.Today(now)
	}
	return fiscal.UTC().Today(now)
}

// Select returns the objects that are chosen, with those above and under them, in the order in which they were given. Budgets that a chosen
// request draws on belong to it.
func (x *Index) Select(chosen func(manifest.Object) bool) []manifest.Object {
	keep := map[manifest.Key]bool{}
	for _, object := range x.objects {
		if !chosen(object) {
			continue
		}
		x.under(object, keep)
		for _, above := range x.line(object) {
			keep[manifest.KeyOf(above)] = true
		}
	}
	for _, object := range x.objects {
		if request, ok := object.(*v1alpha1.MDFAllocation); ok && keep[manifest.KeyOf(request)] {
			keep[manifest.Key{Kind: kinds.MDFBudget, Name: string(request.Spec.BudgetRef.Name)}] = true
		}
	}
	var all []manifest.Object
	for _, object := range x.objects {
		if keep[manifest.KeyOf(object)] {
			all = append(all, object)
		}
	}
	return all
}

func (x *Index) under(object manifest.Object, keep map[manifest.Key]bool) {
	key := manifest.KeyOf(object)
	if keep[key] {
		return
	}
	keep[key] = true
	for _, child := range x.children[key] {
		x.under(child, keep)
	}
}
