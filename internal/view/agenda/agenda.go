// Package agenda says who has to do what by when, and what waits for it. It derives that from the specs and statuses of objects and an instant
// alone.
package agenda

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/concern"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Item is one thing that someone has to do.
type Item struct {
	// Due is the last day on which it can be done in time. Absent when no day is set: then it is to be done now.
	Due v1alpha1.Date `json:"due,omitempty"`
	// Overdue says whether that day is past.
	Overdue bool `json:"overdue,omitempty"`
	// Level is how much it matters: grave, warning or note.
	Level concern.Level `json:"level"`
	// Parties are the sides that have to do it: Vendor, Partner or both.
	Parties []v1alpha1.Party `json:"parties"`
	// Who says who has to do it, for people.
	Who string `json:"who"`
	// What says what is to be done.
	What string `json:"what"`
	// Kind, Namespace and Name identify the object that it is about.
	Kind string `json:"kind"`
	// Namespace is the namespace of the object; empty for a cluster-scoped kind.
	Namespace string `json:"namespace,omitempty"`
	// Name is the name of the object.
	Name string `json:"name"`
	// Partner is the name of the partner that it concerns; empty when it concerns a program or budget as a whole.
	Partner string `json:"partner,omitempty"`
	// Why says why, and what follows.
	Why string `json:"why,omitempty"`
	// HoldsUp lists what waits until it is done, as kind/name with the amount, sorted.
	HoldsUp []string `json:"holdsUp,omitempty"`

	topic  topic
	people []string // names and addresses of those who have to do it
	around []string // names and addresses of those whom it concerns
}

// topic says what kind of thing an item is about, so that what waits for it finds it.
type topic int

const (
	other    topic = iota
	approval       // of a plan
	cure           // of a cause that costs the partner its good standing
)

// Key identifies the object that the item is about.
func (i *Item) Key() manifest.Key {
	return manifest.Key{Kind: i.Kind, Namespace: i.Namespace, Name: i.Name}
}

// Agenda is what has to be done.
type Agenda struct {
	items   []*Item
	blocked []blocked
	index   *lineage.Index
	now     time.Time
}

// blocked is an object that waits for something that someone has to do.
type blocked struct {
	object manifest.Object
	label  string
	on     func(*Item) bool
	unless func() // adds an item of the object's own when nobody has to do what it waits for
}

// Of returns what has to be done at an instant, by day (what has none is due today), then by how much it matters, then by object.
func Of(index *lineage.Index, now time.Time) []*Item {
	a := &Agenda{index: index, now: now}
	for _, object := range index.Objects() {
		a.add(object)
	}
	for _, b := range a.blocked {
		a.hold(b)
	}
	today := fiscal.UTC().Today(now).Date()
	slices.SortStableFunc(a.items, func(x, y *Item) int {
		return cmp.Or(
			strings.Compare(string(cmp.Or(x.Due, today)), string(cmp.Or(y.Due, today))),
			cmp.Compare(x.Level, y.Level),
			cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name), cmp.Compare(x.What, y.What),
		)
	})
	return a.items
}

// add adds what is to be done about an object. An object that is suspended or whose spec is wrong has only that.
func (a *Agenda) add(object manifest.Object) {
	stands := health.Of(object)
	switch {
	case stands.State == health.Progressing:
		return // the manager is to act, nobody else
	case stands.Reason == v1alpha1.ReasonSuspended:
		a.vendor(object).put(Item{Level: concern.Note, What: "Resume the evaluation", Why: stands.Message})
		return
	}
	wrong := stands.State == health.Degraded
	switch x := object.(type) {
	case *v1alpha1.Partner:
		a.partnerItems(x)
	case *v1alpha1.JointPlan:
		if a.planItems(x) {
			return // what is wrong is said where the plan is owed
		}
	case *v1alpha1.Campaign:
		a.campaignItems(x)
	case *v1alpha1.MDFBudget:
		a.budgetItems(x)
	case *v1alpha1.MDFAllocation:
		if !wrong && (stands.State != health.Healthy || x.Status.Stage != v1alpha1.AllocationRefused) {
			a.allocationItems(x) // what is refused for good is nothing to do
		}
	case *v1alpha1.MDFClaim:
		if !wrong && (stands.State != health.Healthy || x.Status.Stage != v1alpha1.ClaimRefused) {
			a.claimItems(x)
		}
	}
	if wrong {
		a.author(object).put(Item{Level: concern.Grave, What: "Correct the spec", Why: stands.Message})
	}
}

// brief leaves out of a message how a decision is written: commands do that.
func brief(message string) string {
	before, _, _ := strings.Cut(message, ": create an ApprovalDecision")
	return before
}

// hold notes with those items that an object waits for that it does.
func (a *Agenda) hold(b blocked) {
	found := false
	for _, item := range a.items {
		if b.on(item) {
			item.HoldsUp, found = append(item.HoldsUp, b.label), true
			slices.Sort(item.HoldsUp)
		}
	}
	if !found {
		b.unless()
	}
}

// late reports whether a day is past, in the calendar of an object's program.
func (a *Agenda) late(object manifest.Object, day v1alpha1.Date) bool {
	last, err := fiscal.ParseDay(day)
	return err == nil && last < a.index.Today(object, a.now)
}

// Within reports whether an item is to be looked at within so many days after an instant: what is due by then, has no day, or can and should
// be done now whatever its day is. Only what is still to come can be later.
func (i *Item) Within(now time.Time, days int) bool {
	due, err := fiscal.ParseDay(i.Due)
	return err != nil || i.Level != concern.Note || due <= fiscal.UTC().Today(now).AddDays(days)
}

// For reports whether a person or side has to do it: by name or address of the person, by name of the partner, or as "vendor" or "partner".
func (i *Item) For(who string) bool {
	switch {
	case slices.ContainsFunc(i.Parties, func(p v1alpha1.Party) bool { return strings.EqualFold(string(p), who) }):
		return true
	case strings.EqualFold(i.Partner, who):
		return slices.Contains(i.Parties, v1alpha1.PartyPartner)
	default:
		return slices.ContainsFunc(i.people, func(name string) bool { return identity.SamePerson(name, who) })
	}
}

// Concerns reports whether it concerns a person or side although others have to do it.
func (i *Item) Concerns(who string) bool {
	known := func(name string) bool { return identity.SamePerson(name, who) }
	return !i.For(who) && (strings.EqualFold(i.Partner, who) || slices.ContainsFunc(i.around, known))
}

// Known reports whether a person or side occurs in any of the items; "vendor" and "partner" always do.
func Known(items []*Item, who string) bool {
	if strings.EqualFold(who, string(v1alpha1.PartyVendor)) || strings.EqualFold(who, string(v1alpha1.PartyPartner)) {
		return true
	}
	return slices.ContainsFunc(items, func(i *Item) bool { return i.For(who) || i.Concerns(who) })
}
