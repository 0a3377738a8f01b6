// Package preview evaluates a set of manifests offline, at an instant or over a span of time, with the same functions as the controllers.
package preview

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/partner"
)

// Object is an object with its status.
type Object = manifest.Object

// Common returns the part of an object's status that all kinds share; an empty one of an MDFLedger, which has no status.
func Common(object Object) *v1alpha1.CommonStatus {
	status, _ := kinds.Common(object)
	return status
}

// World holds the objects of a set of manifests. It is safe for concurrent use.
type World struct {
	set      *manifest.Set
	programs map[v1alpha1.Name]*program.Program
	partners map[manifest.Key]*v1alpha1.Partner
	children map[string][]partner.Reseller // by the distributor that they name, as namespace/name
	units    []*given
	budgets  []*v1alpha1.MDFBudget // sorted by name
	history  *history
}

// New prepares the objects of a set of manifests. The set must not be changed afterwards.
func New(set *manifest.Set) *World { return NewAsOf(set, time.Time{}) }

// NewAsOf prepares objects as New does. The ledgers among them are those of an instant: what they hold was decided before, by other manifests
// perhaps, and it is decided on them from that instant on.
func NewAsOf(set *manifest.Set, asOf time.Time) *World {
	w := &World{
		set:      set,
		programs: map[v1alpha1.Name]*program.Program{},
		partners: map[manifest.Key]*v1alpha1.Partner{},
		children: map[string][]partner.Reseller{},
	}
	for _, x := range set.Programs {
		w.programs[v1alpha1.Name(x.Name)] = program.Compile(x.Name, &x.Spec)
	}
	for _, x := range set.Partners {
		w.partners[partnerKey(x.Namespace, x.Name)] = x
	}
	w.findResellers()
	w.budgets = slices.Clone(set.Budgets)
	slices.SortFunc(w.budgets, func(a, b *v1alpha1.MDFBudget) int { return cmp.Compare(a.Name, b.Name) })
	w.units = w.divide()
	w.history = newHistory(w, asOf)
	return w
}

// given is a unit of work as it was given: a partner with all that hangs on it. Its namespace is around it.
type given struct {
	namespace string
	objects   snapshot.Objects
	around    snapshot.Around
}

// divide divides the objects into units of work, by namespace.
func (w *World) divide() []*given {
	namespaces := map[string]*kinds.Objects{}
	for _, x := range w.set.All() {
		if namespace := x.GetNamespace(); namespace != "" {
			if namespaces[namespace] == nil {
				namespaces[namespace] = &kinds.Objects{}
			}
			namespaces[namespace].Add(x)
		}
	}
	var units []*given
	all := newAllOver(namespaces)
	for _, namespace := range slices.Sorted(maps.Keys(namespaces)) {
		memory := all.memories[namespace]
		around := neighbours{Memory: memory, programs: w.allowedIn(namespace), budgets: w.budgetsIn(namespace), world: all}
		for _, one := range memory.Units() {
			units = append(units, &given{namespace: namespace, objects: *one, around: around})
		}
	}
	return units
}

// neighbours are the objects of a namespace, and the programs and budgets that it may use.
type neighbours struct {
	*snapshot.Memory

	programs map[v1alpha1.Name]*program.Program
	budgets  []*v1alpha1.MDFBudget
	world    *allOver
}

// Resellers returns the partners that buy through a distributor, of whatever namespace.
func (n neighbours) Resellers(of *v1alpha1.Partner) []snapshot.Reseller { return n.world.resellers(of) }

// allOver are the objects of all namespaces.
type allOver struct {
	memories map[string]*snapshot.Memory
	children map[string][]*v1alpha1.Partner // by the distributor that they name, as namespace/name
}

func newAllOver(namespaces map[string]*kinds.Objects) *allOver {
	w := &allOver{memories: map[string]*snapshot.Memory{}, children: map[string][]*v1alpha1.Partner{}}
	for name, objects := range namespaces {
		w.memories[name] = snapshot.NewMemory(objects)
		for _, x := range objects.Partners {
			for _, parent := range kinds.ParentOfPartner.Values(x) {
				w.children[parent] = append(w.children[parent], x)
			}
		}
	}
	return w
}

func (w *allOver) resellers(of *v1alpha1.Partner) []snapshot.Reseller {
	if w == nil {
		return nil
	}
	all, _ := snapshot.Below(of, func(parent *v1alpha1.Partner) ([]*v1alpha1.Partner, error) {
		return w.children[parent.Namespace+"/"+parent.Name], nil
	})
	var list []snapshot.Reseller
	for _, child := range all {
		one, _ := snapshot.OfReseller(w.memories[child.Namespace], child) // a memory does not fail
		list = append(list, one)
	}
	return list
}

// Names returns the names of the objects of a kind that the namespace holds or may use.
func (n neighbours) Names(kind string, keep func(kinds.Object) bool) []string {
	switch kind {
	case kinds.PartnerProgram:
		var names []string
		for name := range n.programs {
			names = append(names, string(name))
		}
		slices.Sort(names)
		return names
	case kinds.MDFBudget:
		return snapshot.Named(kinds.Named(kind).In(&kinds.Objects{Budgets: n.budgets}), keep)
	default:
		return n.Memory.Names(kind, keep)
	}
}

// At returns every object with the status that it has at an instant, with the revisions that the controllers would keep if the manifests
// were applied at that instant and the ledgers as they would be if they had been applied from the beginning, sorted by kind (from the program
// down), namespace and name.
func (w *World) At(now time.Time) []Object {
	objects, _ := w.Evaluate(context.Background(), now) // which never ends
	return objects
}

// Evaluate returns what At does, or the error of a context that ended before.
func (w *World) Evaluate(ctx context.Context, now time.Time) ([]Object, error) {
	s := newState(w)
	if _, _, err := s.advance(ctx, now); err != nil {
		return nil, err
	}
	entries := s.entries()
	objects := make([]Object, len(entries))
	for i, x := range entries {
		objects[i] = x.evaluated
	}
	return objects, nil
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

// budgetsIn returns the budgets that a namespace may use.
func (w *World) budgetsIn(namespace string) []*v1alpha1.MDFBudget {
	var allowed []*v1alpha1.MDFBudget
	for _, x := range w.budgets {
		if program.Allows(x.Spec.AllowedNamespaces, w.set.Namespaces[namespace]) {
			allowed = append(allowed, x)
		}
	}
	return allowed
}

// partner returns a partner of any namespace; nil when there is none.
func (w *World) partner(namespace, name string) *v1alpha1.Partner {
	return w.partners[partnerKey(namespace, name)]
}

// findResellers finds the partners that name a distributor, with their plans.
func (w *World) findResellers() {
	plans := map[manifest.Key][]*v1alpha1.JointPlan{}
	for _, x := range w.set.Plans {
		of := partnerKey(x.Namespace, string(x.Spec.PartnerRef.Name))
		plans[of] = append(plans[of], x)
	}
	for _, x := range w.set.Partners {
		for _, parent := range kinds.ParentOfPartner.Values(x) {
			w.children[parent] = append(w.children[parent], partner.Reseller{Partner: x, Plans: plans[partnerKey(x.Namespace, x.Name)]})
		}
	}
}

// resellers returns the partners that name a distributor, with their plans.
func (w *World) resellers(of *v1alpha1.Partner) []partner.Reseller {
	return w.children[of.Namespace+"/"+of.Name]
}

func partnerKey(namespace, name string) manifest.Key {
	return manifest.Key{Kind: kinds.Partner, Namespace: namespace, Name: name}
}

// Sort sorts objects by kind (from the program down), namespace and name, as At returns them.
func Sort(objects []Object) {
	slices.SortStableFunc(objects, func(a, b Object) int { return compareKeys(manifest.KeyOf(a), manifest.KeyOf(b)) })
}

// compareKeys orders objects by kind (from the program down), namespace and name.
func compareKeys(a, b manifest.Key) int {
	return cmp.Or(
		cmp.Compare(kinds.Order(a.Kind), kinds.Order(b.Kind)),
		cmp.Compare(a.Namespace, b.Namespace),
		cmp.Compare(a.Name, b.Name),
	)
}
