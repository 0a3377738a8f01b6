package snapshot

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Memory is a source of the given objects of one namespace. It is immutable and safe for concurrent use.
type Memory struct {
	objects *kinds.Objects
	byName  map[node]kinds.Object
	naming  map[*kinds.Reference]map[string]*kinds.Objects
}

// NewMemory returns a source of objects of one namespace.
func NewMemory(objects *kinds.Objects) *Memory {
	m := &Memory{objects: objects, byName: map[node]kinds.Object{}, naming: map[*kinds.Reference]map[string]*kinds.Objects{}}
	for _, by := range kinds.References() {
		m.naming[by] = map[string]*kinds.Objects{}
		for _, x := range kinds.Named(by.Kind).In(objects) {
			for _, value := range by.Values(x) {
				if m.naming[by][value] == nil {
					m.naming[by][value] = &kinds.Objects{}
				}
				m.naming[by][value].Add(x)
			}
		}
	}
	for _, x := range objects.All() {
		m.byName[node{kinds.Of(x).Name, v1alpha1.Name(x.GetName())}] = x
	}
	return m
}

// Get returns the object of a kind and name; nil when there is none.
func (m *Memory) Get(kind string, name v1alpha1.Name) (kinds.Object, error) {
	return m.byName[node{kind, name}], nil
}

// Find returns the objects that name something.
func (m *Memory) Find(by *kinds.Reference, value string) (*kinds.Objects, error) {
	if found := m.naming[by][value]; found != nil {
		return found, nil
	}
	return &kinds.Objects{}, nil
}

// Shared reports whether several objects name something.
func (m *Memory) Shared(by *kinds.Reference, value string) (bool, error) {
	found := m.naming[by][value]
	return found != nil && len(kinds.Named(by.Kind).In(found)) > 1, nil
}

// Names returns the names of the objects of a kind, as Around does.
func (m *Memory) Names(kind string, keep func(kinds.Object) bool) []string {
	return Named(kinds.Named(kind).In(m.objects), keep)
}

// Elsewhere reports whether a request for money is there, and its plan too.
func (m *Memory) Elsewhere(allocation v1alpha1.Name) bool {
	owned, _ := Owned(m, allocation) // a memory does not fail
	return owned
}

// Gone returns the claims on a request for money that is gone, and the decisions on it.
func (m *Memory) Gone(allocation v1alpha1.Name) *kinds.Objects {
	found, _ := Gone(m, allocation) // a memory does not fail
	return found
}

// Gone returns what a source has of a request for money that is gone: the claims on it, and the decisions on it.
func Gone(source Source, allocation v1alpha1.Name) (*kinds.Objects, error) {
	g := newGathering(source, Money|Decisions)
	g.on(kinds.MDFAllocation, allocation)
	g.found.Claims = g.find(kinds.AllocationOfClaim, string(allocation)).Claims
	return g.found, g.err
}

// Units divides the objects into units of work, each with all that Gather finds of any of its objects. An object that belongs to nothing is a unit.
func (m *Memory) Units() []*kinds.Objects {
	var units []*kinds.Objects
	placed := map[kinds.Object]bool{}
	for _, k := range kinds.All() {
		for _, x := range k.In(m.objects) {
			if placed[x] || !k.Namespaced {
				continue
			}
			unit, _ := Gather(m, x, Everything) // a memory does not fail
			if all := unit.All(); len(all) > 0 {
				for _, one := range all {
					placed[one] = true
				}
			}
			if !placed[x] { // it is about a kind that nothing can be about
				unit.Add(x)
				placed[x] = true
			}
			units = append(units, unit)
		}
	}
	return units
}
