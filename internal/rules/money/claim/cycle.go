package claim

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// walk follows a claim from hand to hand.
type walk struct {
	with            v1alpha1.Party
	since           fiscal.Day
	vendor, partner int // days
	submissions     int
}

// hand hands the claim to a party on a day.
func (w *walk) hand(to v1alpha1.Party, on fiscal.Day) {
	days := max(on.Sub(w.since), 0)
	if w.with == v1alpha1.PartyVendor {
		w.vendor += days
	} else {
		w.partner += days
	}
	if to == v1alpha1.PartyVendor {
		w.submissions++
	}
	w.with, w.since = to, max(on, w.since)
}

// cycle says how long the claim took and in whose hands it was; nil of a draft.
func (v *Claim) cycle() *v1alpha1.ClaimCycle {
	in := v.input
	if in.claimed.IsZero() || in.claimed > in.today {
		return nil
	}
	w := &walk{with: v1alpha1.PartyVendor, since: in.claimed, submissions: 1}
	decisions, before := 0, ""
	for _, d := range snapshot.InOrder(in.facts.Snapshot.DecisionsAbout(kinds.MDFClaim, v1alpha1.Name(in.claim.Name))) {
		at := d.Spec.DecidedTime.Time
		if at.IsZero() || at.After(in.facts.Now) || d.Spec.Party != v1alpha1.PartyVendor {
			continue
		}
		decisions++
		if on := in.calendar.Today(at); sendsBack(d) {
			w.sentBack(d.Spec.Revision != before, on)
			before = d.Spec.Revision
		}
	}
	if w.with == v1alpha1.PartyPartner && in.again {
		w.hand(v1alpha1.PartyVendor, in.resubmitted)
	}
	cycle := &v1alpha1.ClaimCycle{ReceivedOn: in.claimed.Date()}
	if on := v.acceptedOn(); !on.IsZero() && w.with == v1alpha1.PartyVendor {
		w.vendor, w.since = w.vendor+max(on.Sub(w.since), 0), max(on, w.since)
		cycle.AcceptedOn = on.Date()
		if paid := v.paidOn(); !paid.IsZero() && v.Unpaid == 0 {
			w.vendor += max(paid.Sub(w.since), 0)
			cycle.PaidOn, cycle.TotalDays = paid.Date(), new(int32(max(paid.Sub(in.claimed), 0))) //nolint:gosec // days between two days fit
		}
	}
	cycle.VendorDays, cycle.PartnerDays = new(int32(w.vendor)), new(int32(w.partner))     //nolint:gosec // so do their sums
	cycle.Submissions, cycle.Decisions = new(int32(w.submissions)), new(int32(decisions)) //nolint:gosec // a claim has few
	cycle.Touches = new(int32(w.submissions + decisions + len(v.Object.Spec.Payments)))   //nolint:gosec // the same
	cycle.With = v.with(w, cycle)
	return cycle
}

// sendsBack reports whether a decision sends a claim back.
func sendsBack(d *v1alpha1.ApprovalDecision) bool {
	return d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected
}

// sentBack takes a decision into account that sends the claim back: of a content that was not sent back before, so that it was submitted in between on a day
// that nothing records any more.
func (w *walk) sentBack(other bool, on fiscal.Day) {
	switch {
	case w.with == v1alpha1.PartyVendor:
		w.hand(v1alpha1.PartyPartner, on)
	case other:
		w.submissions, w.since = w.submissions+1, max(on, w.since)
	}
}

// with returns who has the claim now; nobody once it is paid, and when nothing is paid on it any more.
func (v *Claim) with(w *walk, cycle *v1alpha1.ClaimCycle) v1alpha1.Party {
	switch {
	case cycle.PaidOn != "", v.Stage == v1alpha1.ClaimSettled, v.Stage == v1alpha1.ClaimLapsed, v.rank == rankDead:
		return ""
	case v.Stage == v1alpha1.ClaimRefused:
		return v1alpha1.PartyPartner
	default:
		return w.with
	}
}

// posting returns what finance needs to post the claim, as far as it is known; nil while the claim is not accepted.
func (v *Claim) posting() *v1alpha1.ClaimPosting {
	if v.Stage != v1alpha1.ClaimAccepted && v.Stage != v1alpha1.ClaimSettled {
		return nil
	}
	r, p := v.input.request, &v1alpha1.ClaimPosting{}
	p.PurchaseOrder = r.Object.Spec.PurchaseOrder
	if r.Partner != nil {
		p.SupplierNumber = r.Partner.Spec.SupplierNumber
	}
	if r.Budget != nil {
		p.CostCentre = r.Budget.Spec.CostCentre
		if b := r.Budget.Spec.Posting; b != nil {
			p.Account, p.TaxCode = b.Account, b.TaxCode
		}
	}
	if *p == (v1alpha1.ClaimPosting{}) {
		return nil
	}
	return p
}

// findPosting notes what finance asks for and nobody has stated, of a claim that is to be paid.
func (v *Claim) findPosting() {
	r := v.input.request
	if v.Stage != v1alpha1.ClaimAccepted || r.Budget == nil || r.Budget.Spec.Posting == nil {
		return
	}
	has := v.posting()
	if has == nil {
		has = &v1alpha1.ClaimPosting{}
	}
	partner := ""
	if r.Partner != nil {
		partner = r.Partner.Name
	}
	var missing []string
	for _, code := range []struct {
		field v1alpha1.PostingField
		empty bool
		where string
	}{
		{v1alpha1.PostingSupplierNumber, has.SupplierNumber == "", "the supplier number (spec.supplierNumber of Partner " + quoted(partner) + ")"},
		{v1alpha1.PostingPurchaseOrder, has.PurchaseOrder == "", "the purchase order (spec.purchaseOrder of MDFAllocation " + quoted(r.Object.Name) + ")"},
		{v1alpha1.PostingCostCentre, has.CostCentre == "", "the cost centre (spec.costCentre of MDFBudget " + quoted(r.Budget.Name) + ")"},
		{v1alpha1.PostingAccount, has.Account == "", "the account (spec.posting.account of MDFBudget " + quoted(r.Budget.Name) + ")"},
		{v1alpha1.PostingTaxCode, has.TaxCode == "", "the tax code (spec.posting.taxCode of MDFBudget " + quoted(r.Budget.Name) + ")"},
	} {
		if code.empty && slices.Contains(r.Budget.Spec.Posting.Asks, code.field) {
			missing = append(missing, code.where)
		}
	}
	if len(missing) > 0 {
		v.input.findings.Infof(RulePostingIncomplete, "status.posting", "Finance cannot post the claim yet: state %s", verdict.List(missing))
	}
}
