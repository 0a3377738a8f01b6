package headroom

import (
	"cmp"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// drawn is what a ledger holds for a request of the partner: a reservation, or the settlement of a claim.
type drawn struct {
	allocation v1alpha1.Name // the name of the MDFAllocation
	requestID  v1alpha1.Name
	claim      v1alpha1.Name // of a settlement; empty for a reservation
	amount     int64
	object     *v1alpha1.MDFAllocation // nil when it is gone, or draws on another budget now
}

// current reports whether the entry is of the request that the MDFAllocation makes now.
func (d *drawn) current() bool { return d.object != nil && facts.RequestIDOf(d.object) == d.requestID }

// drawn returns the entries of a budget's ledger for requests of the partner other than the own key, sorted.
func (x *Rooms) drawn(budget v1alpha1.Name, own string, reserved, settled map[string]int64) []drawn {
	var list []drawn
	add := func(key string, amount int64) {
		rest, ours := strings.CutPrefix(key, x.facts.Snapshot.Namespace+"/")
		if !ours || amount <= 0 || key == own || own != "" && strings.HasPrefix(key, own+"/") {
			return
		}
		parts := strings.SplitN(rest, "/", 3)
		d := drawn{allocation: v1alpha1.Name(parts[0]), amount: min(amount, money.Max)}
		if len(parts) > 1 {
			d.requestID = v1alpha1.Name(parts[1])
		}
		if len(parts) > 2 {
			d.claim = v1alpha1.Name(parts[2])
		}
		switch object := x.facts.Snapshot.Allocation(d.allocation); {
		case object == nil && x.facts.Snapshot.Elsewhere(d.allocation):
			return // another partner's
		case object != nil && object.Spec.BudgetRef.Name == budget:
			d.object = object
		}
		list = append(list, d)
	}
	for key, amount := range reserved {
		add(key, amount)
	}
	for key, amount := range settled {
		add(key, amount)
	}
	slices.SortFunc(list, func(a, b drawn) int {
		return cmp.Or(cmp.Compare(a.allocation, b.allocation), cmp.Compare(a.requestID, b.requestID), cmp.Compare(a.claim, b.claim))
	})
	return list
}

// ofPartner reports whether an entry is, or may be, of a partner.
func (x *Rooms) ofPartner(d *drawn, partner string) bool {
	if d.object == nil {
		return true
	}
	plan := x.facts.Snapshot.Plan(d.object.Spec.PlanRef.Name)
	if plan == nil {
		return true
	}
	terms := &plan.Spec.PlanTerms
	for _, record := range x.facts.Approvals(plan).History { // the last one that every party approved, whatever the draft says
		if record.Terms != nil {
			terms = record.Terms
		}
	}
	return string(terms.PartnerRef.Name) == partner
}

// total adds up entries; what is beyond the largest amount is the largest amount.
func total(entries []drawn) int64 {
	var sum int64
	for i := range entries {
		sum = min(sum+entries[i].amount, money.Max)
	}
	return sum
}
