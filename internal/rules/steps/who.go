package steps

import (
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// vendor is the vendor, in the person of the partner's channel manager.
func (w *writer) vendor() who {
	person := ""
	if w.partner != nil && w.partner.Spec.ChannelManager != nil {
		person = string(w.partner.Spec.ChannelManager.Name)
	}
	return who{string(v1alpha1.PartyVendor), person}
}

// role is the vendor, in the person who holds a role; the role itself where the program names nobody for it.
func (w *writer) role(role string) who { return who{string(v1alpha1.PartyVendor), w.holder(role)} }

// holder names who holds a role: "Jonas Weber, ChannelDirector"; the role where the program names nobody.
func (w *writer) holder(role string) string {
	if w.program != nil {
		i := slices.IndexFunc(w.program.Spec.Roles, func(h v1alpha1.RoleHolder) bool { return h.Role == role })
		if i >= 0 {
			return string(w.program.Spec.Roles[i].Name) + " (" + role + ")"
		}
	}
	return role
}

// finance is who pays for the vendor.
func (w *writer) finance() who { return w.role(v1alpha1.RoleFinance) }

// Others begins the words for a person of the vendor who is none of those that follow.
const Others = "an approver other than "

// another is the vendor, in the person of someone else than those who have approved already.
func (w *writer) another(approved []v1alpha1.AllocationApproval) who {
	if len(approved) == 0 {
		return w.vendor()
	}
	names := make([]string, len(approved))
	for i, one := range approved {
		names[i] = one.By
	}
	return who{string(v1alpha1.PartyVendor), Others + strings.Join(names, ", ")}
}

// partners is the partner, in the person who looks after its plans.
func (w *writer) partners() who {
	person := ""
	if w.partner != nil && w.partner.Spec.Contact != nil {
		person = string(w.partner.Spec.Contact.Name)
	}
	return who{string(v1alpha1.PartyPartner), person}
}

// both are both sides.
func (w *writer) both() who {
	people := slices.DeleteFunc([]string{w.vendor().person, w.partners().person}, func(name string) bool { return name == "" })
	return who{partyBoth, strings.Join(people, ", ")}
}

// of is a party, both where none is given, in the person that is named if one is.
func (w *writer) of(party v1alpha1.Party, person string) who {
	var one who
	switch party {
	case v1alpha1.PartyVendor:
		one = w.vendor()
	case v1alpha1.PartyPartner:
		one = w.partners()
	default:
		one = w.both()
	}
	if person != "" {
		one.person = person
	}
	return one
}

// author is who writes objects of the kind: the vendor partners, the partner everything else but what a party recorded or decided.
func (w *writer) author() who {
	switch x := w.object.(type) {
	case *v1alpha1.Partner:
		return w.vendor()
	case *v1alpha1.PlanReview:
		return w.of(x.Spec.Party, x.Spec.RecordedBy)
	case *v1alpha1.ApprovalDecision:
		return w.of(x.Spec.Party, x.Spec.ApprovedBy)
	default:
		return w.partners()
	}
}
