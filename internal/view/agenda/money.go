package agenda

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/concern"
)

// allocationItems adds what is to be done about a request for money.
func (a *Agenda) allocationItems(x *v1alpha1.MDFAllocation) {
	no := func(kind string) *metav1.Condition {
		if c := condition(x.Status.Conditions, kind, metav1.ConditionFalse); c != nil {
			return c
		}
		return &metav1.Condition{}
	}
	item := Item{Due: x.Status.ActBy, Level: concern.Warning}
	switch x.Status.Stage {
	case v1alpha1.AllocationDraft:
		item.Level, item.What, item.Why = concern.Note, "Make the request, or withdraw it", no(v1alpha1.ConditionEligible).Message
		a.partner(x).put(item)
	case v1alpha1.AllocationPendingApproval:
		item.Why = brief(no(v1alpha1.ConditionApproved).Message)
		a.decideOnRequest(x, item)
	case v1alpha1.AllocationWaiting:
		item.What, item.Why = "Ask for less, accept a part, or wait", no(v1alpha1.ConditionGranted).Message
		a.partner(x).put(item)
	case v1alpha1.AllocationRefused:
		a.refusedItem(x, no(v1alpha1.ConditionEligible), no(v1alpha1.ConditionApproved))
		if due := x.Status.DecisionDue; due != nil && due.OverdueSince != "" {
			item.Why = brief(no(v1alpha1.ConditionApproved).Message)
			a.decideOnRequest(x, item)
		}
	case v1alpha1.AllocationGranted, v1alpha1.AllocationWithdrawn:
		a.claimItem(x)
	case v1alpha1.AllocationSettled, v1alpha1.AllocationReleased: // it is over
	}
}

// decideOnRequest adds the vendor's decision on a request: until when, and that it is late.
func (a *Agenda) decideOnRequest(x *v1alpha1.MDFAllocation, item Item) {
	item.What = "Decide on the request for " + amountOf(&x.Spec.Amount)
	if due := x.Status.DecisionDue; due != nil {
		item.Due = due.Through
		item.late(due.OverdueSince, due.EscalatedTo)
	}
	a.anotherOfVendor(x, x.Status.Approvals).put(item)
}

// late says of a decision that it is late, and to whom that is escalated; nothing where it is not.
func (i *Item) late(since v1alpha1.Date, to string) {
	if since == "" {
		return
	}
	i.Level = concern.Grave
	if to != "" {
		i.What += ", escalated to the " + to
	}
}

// refusedItem adds the change that a refused request needs, or notes what it waits for.
func (a *Agenda) refusedItem(x *v1alpha1.MDFAllocation, eligible, approved *metav1.Condition) {
	why := eligible
	if eligible.Reason == "" {
		why = approved
	}
	correct := func() {
		a.partner(x).put(Item{Due: x.Status.ActBy, Level: concern.Warning, What: "Change the request, or withdraw it", Why: why.Message})
	}
	plan := a.index.Plan(x)
	b := blocked{object: x, label: fmt.Sprintf("mdfallocation/%s (%s)", x.Name, amountOf(&x.Spec.Amount)), unless: correct}
	switch {
	case why.Reason == v1alpha1.ReasonStandingHold:
		partner := a.index.Partner(x)
		b.on = func(i *Item) bool {
			return i.topic == cure && partner != nil && i.Namespace == x.Namespace && i.Partner == partner.Name && i.holds()
		}
	case plan != nil && (why.Reason == v1alpha1.ReasonNoPlan || why.Reason == v1alpha1.ReasonActivityNotInPlan && foresees(plan, x.Spec.Activity)):
		b.on = func(i *Item) bool { return i.topic == approval && i.Key() == manifest.KeyOf(plan) }
	default:
		correct()
		return
	}
	a.blocked = append(a.blocked, b)
}

// holds reports whether what is to be cured costs the partner something now.
func (i *Item) holds() bool { return i.Level == concern.Grave }

// claimItem adds the claim of what is granted and not claimed.
func (a *Agenda) claimItem(x *v1alpha1.MDFAllocation) {
	if x.Status.Granted == nil || x.Status.Claimed == nil || x.Status.ActBy == "" {
		return
	}
	granted, err1 := money.ParseMoney(*x.Status.Granted)
	claimed, err2 := money.ParseMoney(*x.Status.Claimed)
	if err1 != nil || err2 != nil || granted <= claimed {
		return
	}
	item := Item{Due: x.Status.ActBy, Level: concern.Note}
	item.What = fmt.Sprintf("Claim %s for %s", money.Format(granted-claimed, x.Status.Granted.Currency), x.Spec.Activity)
	if closing := condition(x.Status.Conditions, v1alpha1.ConditionClaimWindowClosing, metav1.ConditionTrue); closing != nil {
		item.Level = concern.Warning
	}
	item.Why = fmt.Sprintf("what is not claimed through %s is released", x.Status.ActBy)
	if proofs := a.proofs(x); proofs != "" {
		item.Why += "; proof needed: " + proofs
	}
	a.partner(x).put(item)
}

// proofs returns the proof of performance that claims on a request need, in words; empty when none is known.
func (a *Agenda) proofs(x *v1alpha1.MDFAllocation) string {
	prog, plan := a.index.Program(x), a.index.Plan(x)
	if prog == nil || plan == nil {
		return ""
	}
	for _, planned := range plan.Spec.Activities {
		if planned.Name != x.Spec.Activity {
			continue
		}
		var names []string
		if activity := prog.Activity(planned.Type); activity != nil {
			for _, proof := range activity.Proofs {
				names = append(names, string(proof))
			}
		}
		return strings.Join(names, ", ")
	}
	return ""
}

// claimItems adds what is to be done about a claim.
func (a *Agenda) claimItems(x *v1alpha1.MDFClaim) {
	no := func(kind string) (reason, message string) {
		if c := condition(x.Status.Conditions, kind, metav1.ConditionFalse); c != nil {
			return c.Reason, c.Message
		}
		return "", ""
	}
	item := Item{Due: x.Status.ActBy, Level: concern.Warning}
	var reason string
	reason, item.Why = no(v1alpha1.ConditionAccepted)
	switch x.Status.Stage {
	case v1alpha1.ClaimDraft:
		item.Level, item.What = concern.Note, "Hand in the claim"
		a.partner(x).put(item)
	case v1alpha1.ClaimPendingDecision:
		item.What, item.Why = "Decide on the claim"+payable(x), brief(item.Why)
		a.anotherOfVendor(x, x.Status.Approvals).put(item)
	case v1alpha1.ClaimSentBack:
		item.What = "Mend the claim and submit it again"
		a.partner(x).put(item)
	case v1alpha1.ClaimRefused:
		item.What = "Mend the claim"
		if reason == v1alpha1.ReasonProofMissing {
			item.What = "Add the missing proof to the claim"
		}
		a.partner(x).put(item)
	case v1alpha1.ClaimAccepted:
		reason, item.Why = no(v1alpha1.ConditionSettled)
		item.What = "Pay the claim" + payable(x)
		switch {
		case reason != v1alpha1.ReasonAwaitingPayment:
			item.What = "Look into the payment of the claim"
		case a.isPaidAhead(x):
			item.Level, item.What = concern.Note, "Do not pay the claim again before its payment counts"
		default:
			if open := open(x); open != "" {
				item.What = "Pay what is left of the claim, " + open
			}
		}
		a.finance(x).put(item)
	case v1alpha1.ClaimSettled, v1alpha1.ClaimLapsed: // it is over
	}
}

func payable(x *v1alpha1.MDFClaim) string {
	if x.Status.Payable == nil {
		return ""
	}
	return " of " + amountOf(x.Status.Payable)
}

// open is what is left to be paid of a claim that is paid in part, in words; empty for others.
func open(x *v1alpha1.MDFClaim) string {
	if x.Status.Payable == nil || x.Status.Paid == nil {
		return ""
	}
	payable, err1 := money.ParseMoney(*x.Status.Payable)
	paid, err2 := money.ParseMoney(*x.Status.Paid)
	if err1 != nil || err2 != nil || paid == 0 || paid >= payable {
		return ""
	}
	return money.Format(payable-paid, x.Status.Payable.Currency)
}

// isPaidAhead reports whether a payment of a claim is recorded that counts from a later day on.
func (a *Agenda) isPaidAhead(x *v1alpha1.MDFClaim) bool {
	return slices.ContainsFunc(x.Spec.Payments, func(p v1alpha1.Payment) bool {
		day, err := fiscal.ParseDay(p.PaidOn)
		return err == nil && p.Reverses == nil && day > a.index.Today(x, a.now)
	})
}

// amountOf writes an amount for people.
func amountOf(amount *v1alpha1.Money) string {
	minor, err := money.ParseMoney(*amount)
	if err != nil {
		return fmt.Sprintf("%s %s", amount.Currency, amount.Amount)
	}
	return money.Format(minor, amount.Currency)
}
