package headroom

import (
	"maps"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// drawn is what a ledger holds for a request of the partner: a reservation, or the settlement of a claim.
type drawn struct {
	key        string        // of the request
	allocation v1alpha1.Name // the name of the MDFAllocation
	requestID  v1alpha1.Name
	claim      v1alpha1.Name // of a settlement; empty for a reservation
	amount     int64
	object     *v1alpha1.MDFAllocation // nil when it is gone, or draws on another budget now
}

// current reports whether the entry is of the request that the MDFAllocation makes now.
func (d *drawn) current() bool { return d.object != nil && facts.RequestIDOf(d.object) == d.requestID }

// drawing is what a budget's ledger holds for requests of a partner. It grows at its end only.
type drawing struct {
	budget v1alpha1.Name
	list   []*drawn
	byPlan map[v1alpha1.Name][]*drawn // of those only whose plan is known
	loose  []*drawn                   // the others
	owners map[string]bool            // the keys of the requests
}

// draw returns what entries of a budget's ledger hold for requests of the partner.
func draw(snap *snapshot.Snapshot, budget v1alpha1.Name, reserved, settled map[string]int64) drawing {
	d := drawing{budget: budget, byPlan: map[v1alpha1.Name][]*drawn{}, owners: map[string]bool{}}
	for _, entries := range []map[string]int64{reserved, settled} {
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			d.add(snap, key, entries[key])
		}
	}
	return d
}

// add adds an entry, if it is one of the partner.
func (d *drawing) add(snap *snapshot.Snapshot, key string, amount int64) {
	rest, ours := strings.CutPrefix(key, snap.Namespace+"/")
	if !ours || amount <= 0 {
		return
	}
	parts := strings.SplitN(rest, "/", 3)
	x := &drawn{key: facts.RequestOf(key), allocation: v1alpha1.Name(parts[0]), amount: min(amount, money.Max)}
	if len(parts) > 1 {
		x.requestID = v1alpha1.Name(parts[1])
	}
	if len(parts) > 2 {
		x.claim = v1alpha1.Name(parts[2])
	}
	switch object := snap.Allocation(x.allocation); {
	case object == nil && snap.Elsewhere(x.allocation):
		return // another partner's
	case object != nil && object.Spec.BudgetRef.Name == d.budget:
		x.object = object
	}
	d.put(x)
}

func (d *drawing) put(x *drawn) {
	d.list, d.owners[x.key] = append(d.list, x), true
	if x.object == nil {
		d.loose = append(d.loose, x)
	} else {
		plan := x.object.Spec.PlanRef.Name
		d.byPlan[plan] = append(d.byPlan[plan], x)
	}
}

// without returns the entries of other requests than that of a key.
func (d *drawing) without(own string) drawing {
	others := drawing{budget: d.budget, byPlan: map[v1alpha1.Name][]*drawn{}, owners: map[string]bool{}}
	for _, x := range d.list {
		if x.key != own {
			others.put(x)
		}
	}
	return others
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
