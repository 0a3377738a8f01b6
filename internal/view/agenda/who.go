package agenda

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// desk collects the items about an object for those who have to do them.
type desk struct {
	agenda  *Agenda
	object  manifest.Object
	parties []v1alpha1.Party
	who     string
	people  []string
}

// put adds an item. The desk says who has to do it and what it is about.
func (d desk) put(item Item) {
	key := manifest.KeyOf(d.object)
	item.Kind, item.Namespace, item.Name = key.Kind, key.Namespace, key.Name
	item.Parties, item.Who, item.people = d.parties, d.who, d.people
	item.Overdue = d.agenda.late(d.object, item.Due)
	if partner := d.agenda.index.Partner(d.object); partner != nil {
		item.Partner = partner.Name
		item.around = managerOf(partner)
	}
	d.agenda.items = append(d.agenda.items, &item)
}

// managerOf returns the name and address of a partner's channel manager.
func managerOf(partner *v1alpha1.Partner) []string {
	if partner == nil || partner.Spec.ChannelManager == nil {
		return nil
	}
	names := []string{string(partner.Spec.ChannelManager.Name)}
	if email := partner.Spec.ChannelManager.Email; email != "" {
		names = append(names, email)
	}
	return names
}

// vendor is the vendor, in the person of the partner's channel manager.
func (a *Agenda) vendor(object manifest.Object) desk {
	d := desk{agenda: a, object: object, parties: []v1alpha1.Party{v1alpha1.PartyVendor}, who: "Vendor"}
	if d.people = managerOf(a.index.Partner(object)); len(d.people) > 0 {
		d.who = fmt.Sprintf("Vendor (%s)", d.people[0])
	}
	return d
}

// finance is whoever pays for the vendor.
func (a *Agenda) finance(object manifest.Object) desk {
	return desk{agenda: a, object: object, parties: []v1alpha1.Party{v1alpha1.PartyVendor}, who: "Vendor (finance)", people: []string{"finance"}}
}

// anotherOfVendor is the vendor, in the person of someone other than those who have decided already.
func (a *Agenda) anotherOfVendor(object manifest.Object, decided []v1alpha1.AllocationApproval) desk {
	if len(decided) == 0 {
		return a.vendor(object)
	}
	names := make([]string, len(decided))
	for i, one := range decided {
		names[i] = one.By
	}
	return desk{
		agenda: a, object: object, parties: []v1alpha1.Party{v1alpha1.PartyVendor}, who: fmt.Sprintf("Vendor (not %s)", strings.Join(names, ", ")),
	}
}

// partner is the partner.
func (a *Agenda) partner(object manifest.Object) desk {
	d := desk{agenda: a, object: object, parties: []v1alpha1.Party{v1alpha1.PartyPartner}, who: "Partner"}
	if partner := a.index.Partner(object); partner != nil {
		d.who = fmt.Sprintf("Partner (%s)", partner.Name)
	}
	return d
}

// both are both sides.
func (a *Agenda) both(object manifest.Object) desk {
	vendor, partner := a.vendor(object), a.partner(object)
	inner := func(who string) string {
		if _, name, ok := strings.Cut(who, "("); ok {
			return strings.TrimSuffix(name, ")")
		}
		return who
	}
	d := partner
	d.parties = []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner}
	d.who = fmt.Sprintf("Both (%s, %s)", inner(vendor.who), inner(partner.who))
	d.people = vendor.people
	return d
}

// of is a party; both when none is given. A person of it is named if there is one.
func (a *Agenda) of(object manifest.Object, party v1alpha1.Party, person string) desk {
	var d desk
	switch party {
	case v1alpha1.PartyVendor:
		d = a.vendor(object)
	case v1alpha1.PartyPartner:
		d = a.partner(object)
	default:
		d = a.both(object)
	}
	if person != "" {
		d.who = fmt.Sprintf("%s (%s)", party, person)
		if manager := d.people; party != v1alpha1.PartyVendor || len(manager) == 0 || !identity.SamePerson(manager[0], person) {
			d.people = []string{person}
		}
	}
	return d
}

// author is who writes objects of a kind: the vendor programs, partners and budgets, the partner everything else.
func (a *Agenda) author(object manifest.Object) desk {
	switch x := object.(type) {
	case *v1alpha1.PartnerProgram, *v1alpha1.Partner:
		return a.vendor(object)
	case *v1alpha1.MDFBudget:
		return a.finance(object)
	case *v1alpha1.PlanReview:
		return a.of(object, x.Spec.Party, x.Spec.RecordedBy)
	case *v1alpha1.ApprovalDecision:
		return a.of(object, x.Spec.Party, x.Spec.ApprovedBy)
	default:
		return a.partner(object)
	}
}
