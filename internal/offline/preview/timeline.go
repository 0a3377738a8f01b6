package preview

import (
	"cmp"
	"context"
	"slices"
	"time"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// Change is a change of one object's status, or of what stands in a ledger.
type Change struct {
	// At is the instant of the change.
	At time.Time `json:"at"`
	// Kind, Namespace and Name identify the object.
	Kind string `json:"kind"`
	// Namespace is the object's namespace; empty for cluster-scoped kinds.
	Namespace string `json:"namespace,omitempty"`
	// Name is the object's name.
	Name string `json:"name"`
	// Event is Created for a revision that is kept from now on, Deleted for one that need not be kept any more, else Changed.
	Event Event `json:"event"`
	// Fields are what changed, sorted by path. All that a created object has is listed, and nothing of a deleted one.
	Fields []FieldChange `json:"fields"`
}

// Event says what happened to an object, or to an element of a list in its status.
type Event string

// Events.
const (
	// EventChanged says that the object's status, or the element of a list, changed.
	EventChanged Event = "Changed"
	// EventCreated says that the controllers would create the object, or that the element came.
	EventCreated Event = "Created"
	// EventDeleted says that the object would not be there if the manifests were applied now, or that the element went.
	EventDeleted Event = "Deleted"
)

// FieldChange is a change of one value in a status.
type FieldChange struct {
	// Path is the path of the value, such as status.stage, status.conditions[OnTrack].reason or, of a ledger, spec.limitMinor.
	Path string `json:"path"`
	// From is the value before; empty when there was none.
	From string `json:"from,omitempty"`
	// To is the value after; empty when there is none.
	To string `json:"to,omitempty"`
	// Element is the path of the element of a list that the value belongs to, such as status.conditions[OnTrack]; empty when to none.
	Element string `json:"-"`
	// ElementEvent says whether the element came, went or changed.
	ElementEvent Event `json:"-"`
}

// Key identifies the object.
func (c *Change) Key() manifest.Key {
	return manifest.Key{Kind: c.Kind, Namespace: c.Namespace, Name: c.Name}
}

// Timeline calls found for every real change of a status after from and through until, in order of time, kind (from the program down),
// namespace and name. It ends early, with its error, when found or the context does.
func (w *World) Timeline(ctx context.Context, from, until time.Time, found func(Change) error) error {
	s := newState(w)
	started, _, err := s.advance(ctx, from)
	if err != nil {
		return err
	}
	known := make(map[manifest.Key]flat, len(started))
	for _, x := range started {
		known[x.key] = flatten(x.evaluated)
	}
	for at := s.next(); !at.IsZero() && !at.After(until); at = s.next() {
		evaluated, gone, err := s.advance(ctx, at)
		if err != nil {
			return err
		}
		for _, change := range changes(at, known, evaluated, gone) {
			if err := found(change); err != nil {
				return err
			}
		}
	}
	return nil
}

// changes compares what was evaluated with what is known of it, and makes it known.
func changes(at time.Time, known map[manifest.Key]flat, evaluated []*entry, gone []manifest.Key) []Change {
	var list []Change
	note := func(key manifest.Key, event Event, fields []FieldChange) {
		list = append(list, Change{At: at, Kind: key.Kind, Namespace: key.Namespace, Name: key.Name, Event: event, Fields: fields})
	}
	for _, key := range gone {
		delete(known, key)
		note(key, EventDeleted, []FieldChange{})
	}
	for _, x := range evaluated {
		before, was := known[x.key]
		after := flatten(x.evaluated)
		known[x.key] = after
		fields := compare(before, after)
		switch {
		case !was:
			note(x.key, EventCreated, fields)
		case len(fields) > 0:
			note(x.key, EventChanged, fields)
		}
	}
	slices.SortFunc(list, func(a, b Change) int { return compareKeys(a.Key(), b.Key()) })
	return list
}

// compare returns the differences of two statuses of an object.
func compare(before, after flat) []FieldChange {
	was, is := before.elements(), after.elements()
	var fields []FieldChange
	note := func(path, element, from, to string) {
		event := EventChanged
		switch {
		case !was[element]:
			event = EventCreated
		case !is[element]:
			event = EventDeleted
		}
		fields = append(fields, FieldChange{Path: path, From: from, To: to, Element: element, ElementEvent: event})
	}
	for path, to := range after {
		if from, there := before[path]; !there || from.text != to.text {
			note(path, to.element, from.text, to.text)
		}
	}
	for path, from := range before {
		if _, still := after[path]; !still {
			note(path, from.element, from.text, "")
		}
	}
	slices.SortFunc(fields, func(a, b FieldChange) int { return cmp.Compare(a.Path, b.Path) })
	return fields
}
