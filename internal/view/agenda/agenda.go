// Package agenda collects and sorts what people have to do next, as the statuses of objects say it.
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
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/steps"
	"jointplan.dev/jointplan/internal/view/concern"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// Item is one thing that someone has to do: a next step of an object.
type Item struct {
	v1alpha1.NextStep `json:",inline"`

	// Late says that the day by which it was to be done is past.
	Late bool `json:"late,omitempty"`
	// Kind, Namespace and Name identify the object whose status says it.
	Kind string `json:"kind"`
	// Namespace is the namespace of the object; empty for a cluster-scoped kind.
	Namespace string `json:"namespace,omitempty"`
	// Name is the name of the object.
	Name string `json:"name"`
	// Partner is the name of the partner that it concerns; empty when it concerns a program or budget as a whole.
	Partner string `json:"partner,omitempty"`

	contacts []*v1alpha1.Contact // people whom the specs around the object name
	manager  string              // who looks after the partner for the vendor
}

// Key identifies the object whose status says it.
func (i *Item) Key() manifest.Key {
	return manifest.Key{Kind: i.Kind, Namespace: i.Namespace, Name: i.Name}
}

// Day is the day by which it is to be done; empty when no rule sets one.
func (i *Item) Day() v1alpha1.Date { return steps.Day(&i.NextStep) }

// Of returns what has to be done at an instant, by day (what has none is due today), then by object.
func Of(index *lineage.Index, now time.Time) []*Item {
	var items []*Item
	for _, object := range index.Objects() {
		items = append(items, of(index, object, now)...)
	}
	today := fiscal.UTC().Today(now).Date()
	slices.SortStableFunc(items, func(x, y *Item) int {
		return cmp.Or(
			strings.Compare(string(cmp.Or(x.Day(), today)), string(cmp.Or(y.Day(), today))),
			cmp.Compare(x.Namespace, y.Namespace), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.Name, y.Name), cmp.Compare(x.Do, y.Do),
		)
	})
	return items
}

// of returns what has to be done about an object. While its status is not that of its spec, the manager is to act and nobody else. What another object
// says as well is left to that.
func of(index *lineage.Index, object manifest.Object, now time.Time) []*Item {
	if health.Of(object).State == health.Progressing {
		return nil
	}
	common, _ := kinds.Common(object)
	today, key := index.Today(object, now).Date(), manifest.KeyOf(object)
	var items []*Item
	for _, step := range common.NextSteps {
		if step.Object != "" && elsewhere(index, key.Namespace, step.Object) {
			continue
		}
		item := &Item{NextStep: step, Kind: key.Kind, Namespace: key.Namespace, Name: key.Name}
		item.Late = item.Day() != "" && item.Day() < today
		if partner := index.Partner(object); partner != nil {
			item.Partner = partner.Name
			item.contacts = append(item.contacts, partner.Spec.ChannelManager, partner.Spec.Contact)
			if partner.Spec.ChannelManager != nil {
				item.manager = string(partner.Spec.ChannelManager.Name)
			}
		}
		items = append(items, item)
	}
	return items
}

// elsewhere reports whether an object that a step names as kind/name is there, so that it says the step too.
func elsewhere(index *lineage.Index, namespace, object string) bool {
	word, name, _ := strings.Cut(object, "/")
	return slices.ContainsFunc(kinds.All(), func(k *kinds.Kind) bool {
		return strings.EqualFold(k.Name, word) && index.Get(manifest.Key{Kind: k.Name, Namespace: namespace, Name: name}) != nil
	})
}

// soonDays is how many days before its day a thing is soon.
const soonDays = 14

// Level is how urgent it is at an instant: grave when it is late, a warning when it has no day or is due within two weeks, a note otherwise.
func (i *Item) Level(now time.Time) concern.Level {
	switch {
	case i.Late:
		return concern.Grave
	case i.Within(now, soonDays):
		return concern.Warning
	default:
		return concern.Note
	}
}

// Within reports whether an item is to be done within a number of days after an instant, or has no day.
func (i *Item) Within(now time.Time, days int) bool {
	due, err := fiscal.ParseDay(i.Day())
	return err != nil || due <= fiscal.UTC().Today(now).AddDays(days)
}

// Who says who has to do it: "Vendor (Vera Lindqvist)"; of a partner without a person its name.
func (i *Item) Who() string {
	person := i.Person
	if person == "" && i.Party == string(v1alpha1.PartyPartner) {
		person = i.Partner
	}
	if person == "" {
		return i.Party
	}
	return i.Party + " (" + person + ")"
}

// For reports whether a person or side has to do it: by name, role or address of the person, by name of the partner, or as "vendor" or "partner".
func (i *Item) For(who string) bool {
	partners := i.Party != string(v1alpha1.PartyVendor)
	switch {
	case strings.EqualFold(who, string(v1alpha1.PartyVendor)):
		return i.Party != string(v1alpha1.PartyPartner)
	case strings.EqualFold(who, string(v1alpha1.PartyPartner)):
		return partners
	case strings.EqualFold(i.Partner, who):
		return partners
	default:
		return slices.ContainsFunc(i.people(), func(name string) bool { return i.same(name, who) })
	}
}

// people are the names, roles and addresses of those who have to do it.
func (i *Item) people() []string {
	if strings.HasPrefix(i.Person, steps.Others) {
		return nil // those named have done their part
	}
	var names []string
	for one := range strings.SplitSeq(i.Person, ", ") {
		name, role, _ := strings.Cut(one, " (")
		names = append(names, name, strings.TrimSuffix(role, ")"))
	}
	return names
}

// same reports whether a name and what somebody is asked for by are of one person.
func (i *Item) same(name, who string) bool {
	if name == "" || who == "" {
		return false
	}
	return identity.SamePerson(name, who) || slices.ContainsFunc(i.contacts, func(c *v1alpha1.Contact) bool {
		return c != nil && c.Email != "" && identity.SamePerson(c.Email, who) && identity.SamePerson(string(c.Name), name)
	})
}

// Concerns reports whether it concerns a person or side although others have to do it.
func (i *Item) Concerns(who string) bool {
	return !i.For(who) && (strings.EqualFold(i.Partner, who) || i.same(i.manager, who))
}

// Known reports whether a person or side occurs in any of the items; "vendor" and "partner" always do.
func Known(items []*Item, who string) bool {
	if strings.EqualFold(who, string(v1alpha1.PartyVendor)) || strings.EqualFold(who, string(v1alpha1.PartyPartner)) {
		return true
	}
	return slices.ContainsFunc(items, func(i *Item) bool { return i.For(who) || i.Concerns(who) })
}
