package gather

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// around answers from the cache what an evaluation asks of the rest of its namespace, and notes which names it asked for.
type around struct {
	ctx       context.Context //nolint:containedctx // it lives as long as one evaluation
	reader    client.Reader
	namespace string
	labels    map[string]string // of the namespace
	of        kinds.Object      // that is evaluated
	notes     *asked            // nil where nobody waits for names
	read      *snapshot.Memory  // the namespace as it was read live; nil where the cache answers
	err       error             // the first one
}

// note notes that the evaluation asked for the names of a kind. It does so before they are read: one that comes meanwhile is not missed.
func (a *around) note(kind string) {
	if a.notes != nil {
		a.notes.ask(a.of, kind, a.namespace)
	}
}

// Names returns the names of the objects of a kind in the namespace or, of a kind of the whole cluster, that it may use.
func (a *around) Names(kind string, keep func(kinds.Object) bool) []string {
	a.note(kind)
	var where []client.ListOption
	if kinds.Named(kind).Namespaced {
		where = append(where, client.InNamespace(a.namespace))
	}
	found, err := list(a.ctx, a.reader, kinds.Named(kind), where...)
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

func (a *around) fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// asked remembers which evaluations asked for the names of a kind: a name that comes or goes may change what they suggest.
type asked struct {
	mu sync.Mutex
	of map[names]map[asker]bool
	by map[asker][]names
}

// names are the names of a kind in a namespace; of a kind of the whole cluster the namespace is empty.
type names struct{ kind, namespace string }

// asker is an object that is evaluated.
type asker struct {
	kind string
	name types.NamespacedName
}

func newAsked() *asked { return &asked{of: map[names]map[asker]bool{}, by: map[asker][]names{}} }

func askerOf(of kinds.Object) asker {
	return asker{kinds.Of(of).Name, types.NamespacedName{Namespace: of.GetNamespace(), Name: of.GetName()}}
}

// begin forgets what the last evaluation of an object asked for.
func (a *asked) begin(of kinds.Object) { a.drop(askerOf(of)) }

// forget forgets an object that is gone.
func (a *asked) forget(kind string, name types.NamespacedName) { a.drop(asker{kind, name}) }

func (a *asked) drop(by asker) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, what := range a.by[by] {
		delete(a.of[what], by)
		if len(a.of[what]) == 0 {
			delete(a.of, what)
		}
	}
	delete(a.by, by)
}

// ask notes that an object's evaluation asked for names.
func (a *asked) ask(of kinds.Object, kind, namespace string) {
	what, by := names{kind, namespace}, askerOf(of)
	if !kinds.Named(kind).Namespaced {
		what.namespace = ""
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.of[what] == nil {
		a.of[what] = map[asker]bool{}
	}
	if !a.of[what][by] {
		a.of[what][by] = true
		a.by[by] = append(a.by[by], what)
	}
}

// AskedFor returns the objects of a kind whose evaluation asked for names that an object is, or was, one of.
func (g *Gatherer) AskedFor(object client.Object, kind string) []reconcile.Request {
	g.asked.mu.Lock()
	defer g.asked.mu.Unlock()
	var requests []reconcile.Request
	for by := range g.asked.of[names{kinds.Of(object).Name, object.GetNamespace()}] {
		if by.kind == kind {
			requests = append(requests, reconcile.Request{NamespacedName: by.name})
		}
	}
	return requests
}
