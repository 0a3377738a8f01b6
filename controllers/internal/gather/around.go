package gather

import (
	"context"
	"maps"
	"slices"
	"sync"

	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// around answers from the cache what the evaluations of a unit ask of the rest of its namespace, and notes which names they asked for.
type around struct {
	ctx       context.Context //nolint:containedctx // it lives as long as one evaluation
	reader    Reader
	namespace string
	labels    map[string]string // of the namespace
	unit      snapshot.Root     // whose objects are evaluated
	notes     *asked            // nil where nobody waits for names
	read      *snapshot.Memory  // the namespace as it was read live; nil where the cache answers

	mu  sync.Mutex
	err error // the first one
}

// note notes that an evaluation of the unit asked for the names of a kind. It does so before they are read: one that comes meanwhile is not missed.
func (a *around) note(kind string) {
	if a.notes != nil {
		a.notes.ask(a.unit, kind)
	}
}

// Names returns the names of the objects of a kind in the namespace or, of a kind of the whole cluster, that it may use.
func (a *around) Names(kind string, keep func(kinds.Object) bool) []string {
	a.note(kind)
	namespace := a.namespace
	if !kinds.Named(kind).Namespaced {
		namespace = ""
	}
	found, err := a.reader.List(a.ctx, namespace, kinds.Named(kind))
	if err != nil {
		a.fail(err)
		return nil
	}
	return snapshot.Named(kinds.Named(kind).In(found), func(x kinds.Object) bool { return a.allowed(x) && (keep == nil || keep(x)) })
}

// allowed reports whether the namespace may use an object.
func (a *around) allowed(object kinds.Object) bool {
	switch x := object.(type) {
	case *v1alpha1.PartnerProgram:
		return program.Allows(x.Spec.AllowedNamespaces, a.labels)
	case *v1alpha1.MDFBudget:
		return program.Allows(x.Spec.AllowedNamespaces, a.labels)
	default:
		return true
	}
}

// Elsewhere reports whether a request for money of the namespace belongs to another partner: it is there, and so is its plan.
func (a *around) Elsewhere(allocation v1alpha1.Name) bool {
	if a.read != nil {
		return a.read.Elsewhere(allocation)
	}
	owned, err := snapshot.Owned(source{a.ctx, a.reader, a.namespace}, allocation)
	a.fail(err)
	return owned
}

// Gone returns the claims on a request for money that is gone, and the decisions on it.
func (a *around) Gone(allocation v1alpha1.Name) *kinds.Objects {
	if a.read != nil {
		return a.read.Gone(allocation)
	}
	found, err := snapshot.Gone(source{a.ctx, a.reader, a.namespace}, allocation)
	a.fail(err)
	return found
}

// Resellers returns the partners that buy through a distributor, with their results, from the cache, and notes that they were asked for.
func (a *around) Resellers(of *v1alpha1.Partner) []snapshot.Reseller {
	a.note(resellers)
	children := func(parent *v1alpha1.Partner) ([]*v1alpha1.Partner, error) {
		found, err := a.reader.Find(a.ctx, kinds.ParentOfPartner, "", parent.Namespace+"/"+parent.Name)
		if err != nil {
			return nil, err
		}
		return found.Partners, nil
	}
	all, err := snapshot.Below(of, children)
	a.fail(err)
	var list []snapshot.Reseller
	for _, child := range all {
		one, err := snapshot.OfReseller(source{a.ctx, a.reader, child.Namespace}, child)
		if err != nil {
			a.fail(err)
			return nil
		}
		list = append(list, one)
	}
	return list
}

func (a *around) fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err == nil {
		a.err = err
	}
}

// Err returns why something that was requested could not be read; nil when all could.
func (a *around) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// asked remembers of which units of work an evaluation ever asked for the names of a kind: a name that comes or goes may change what it suggests. Each
// partner does for budgets; for other kinds few do, where a reference is wrong.
type asked struct {
	mu sync.Mutex
	of map[names]map[snapshot.Root]bool
}

// names are the names of a kind in a namespace; of a kind of the whole cluster the namespace is empty.
type names struct{ kind, namespace string }

// resellers is what an evaluation asks for where it looks at what a distributor's resellers report.
const resellers = "resellers"

func newAsked() *asked { return &asked{of: map[names]map[snapshot.Root]bool{}} }

// ask notes that an evaluation of a unit asked for names.
func (a *asked) ask(unit snapshot.Root, kind string) {
	what := names{kind, unit.Namespace}
	if kind != resellers && !kinds.Named(kind).Namespaced {
		what.namespace = ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[what] == nil {
		a.of[what] = map[snapshot.Root]bool{}
	}
	a.of[what][unit] = true
}

// forget forgets a unit that no longer exists.
func (a *asked) forget(unit snapshot.Root) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for what, units := range a.of {
		delete(units, unit)
		if len(units) == 0 {
			delete(a.of, what)
		}
	}
}

// AskedFor returns the units of work of which an evaluation asked for names that an object is, or was, one of.
func (g *Gatherer) AskedFor(object client.Object) []snapshot.Root {
	g.asked.mu.Lock()
	defer g.asked.mu.Unlock()
	return slices.Collect(maps.Keys(g.asked.of[names{kinds.Of(object).Name, object.GetNamespace()}]))
}

// CountResellers returns those of some distributors whose evaluation looked at what their resellers report.
func (g *Gatherer) CountResellers(distributors []snapshot.Root) []snapshot.Root {
	g.asked.mu.Lock()
	defer g.asked.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(distributors), func(root snapshot.Root) bool { return !g.asked.of[names{resellers, root.Namespace}][root] })
}
