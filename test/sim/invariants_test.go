package sim_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// simWatcher sees every change of the store and checks what must hold of money at every moment.
type simWatcher struct {
	world     *simWorld
	zone      *time.Location
	forReward map[string]string // the partner and month of a grant of a reward, by key
	most      map[string]int64  // what was granted to a key of a ledger, by ledger and key
	ever      map[string]int64  // the most that was ever settled, by key of a settlement
	paid      map[string]string // the claim that a payment settled, by id
	// What happened, so that a run that tests nothing is noticed.
	grants, settlements, releases, cuts, rewards int
}

func newSimWatcher(w *simWorld) *simWatcher {
	return &simWatcher{world: w, forReward: map[string]string{}, most: map[string]int64{}, ever: map[string]int64{}, paid: map[string]string{}}
}

// oracle judges the store as it is.
func (s *simWatcher) oracle() *simOracle { return s.at(&s.world.store.tables) }

func (s *simWatcher) at(tables *[simKinds]simTable) *simOracle {
	if s.zone == nil {
		zone, err := time.LoadLocation(tables[simPrograms][0].(*v1alpha1.PartnerProgram).Spec.Calendar.TimeZone)
		if err != nil {
			panic(err)
		}
		s.zone = zone
	}
	return &simOracle{world: s.world, tables: tables, zone: s.zone}
}

// states are the states of the store from the first live read of the reconcile that writes up to just before its write: what it read was so in
// one of them.
func (s *simWatcher) states() []*simOracle {
	last := len(s.world.store.changes) - 1
	first := last
	if s.world.writer != nil {
		if run := s.world.writer.run(); run != nil && run.live >= 0 {
			first = min(first, run.live)
		}
	}
	var states []*simOracle
	for changes := first; changes <= last; changes++ {
		tables := s.world.store.at(changes)
		states = append(states, s.at(&tables))
	}
	return states
}

// some reports whether something holds in one of some states.
func some(states []*simOracle, holds func(*simOracle) bool) bool {
	return slices.ContainsFunc(states, holds)
}

// saw checks a change.
func (s *simWatcher) saw(e *simEvent) {
	switch updated := e.updated.(type) {
	case *v1alpha1.MDFLedger:
		before := &v1alpha1.MDFLedgerSpec{}
		if old, ok := e.old.(*v1alpha1.MDFLedger); ok {
			before = &old.Spec
		}
		s.ledger(updated.Name, before, &updated.Spec)
	case *v1alpha1.MDFAllocation:
		s.allocation(updated)
	case *v1alpha1.MDFClaim:
		s.claim(updated)
	case nil:
		if e.kind == simLedgers {
			s.world.violatedf("ledger %s was deleted", e.key())
		}
	}
}

// ledger checks a write of a ledger.
func (s *simWatcher) ledger(name string, before, after *v1alpha1.MDFLedgerSpec) {
	w, states := s.world, s.states()
	if sum := simTotal(after); sum > after.LimitMinor && sum > simTotal(before) {
		w.violatedf("ledger %s: %d is reserved and settled, above the limit of %d, and it was %d", name, sum, after.LimitMinor, simTotal(before))
	}
	limit := func(o *simOracle) bool {
		b := o.budget(name)
		return b != nil && simMinor(b.Spec.Amount) == after.LimitMinor
	}
	if after.LimitMinor != before.LimitMinor && !some(states, limit) {
		w.violatedf("ledger %s: the limit is %d, which is not the budget's amount", name, after.LimitMinor)
	}
	if simGrows(before.Reserved, after.Reserved) {
		w.violatedf("ledger %s: a reservation grew or vanished: from %v to %v", name, before.Reserved, after.Reserved)
	}
	if simDiffers(before.Settled, after.Settled, before.Unpaid) {
		w.violatedf("ledger %s: a settlement changed or vanished: from %v to %v", name, before.Settled, after.Settled)
	}
	for _, key := range simKeys(after.Reserved) {
		if was, known := before.Reserved[key]; !known {
			s.granted(states, name, key, after)
			s.earnedFor(states, name, key, after)
			s.rewardedFor(states, name, key, after)
		} else if after.Reserved[key] < was {
			s.lowered(states, name, key, before, after)
		}
	}
	for _, key := range simKeys(after.Settled) {
		s.ever[key] = max(s.ever[key], after.Settled[key])
		if _, known := before.Settled[key]; !known {
			s.settled(states, name, key, before, after)
		}
	}
	s.payments(name, before, after)
	s.paidAtMost(states, name, before, after)
}

// granted checks a new reservation: it must be one that could be granted, in the states that were read, and of an amount that is right.
func (s *simWatcher) granted(states []*simOracle, name, key string, after *v1alpha1.MDFLedgerSpec) {
	amount := after.Reserved[key]
	s.most[name+"/"+key] = amount
	s.grants++
	if p := s.world.writer; p != nil && p.run() != nil && p.run().gated && !p.policy() {
		s.world.violatedf("ledger %s: %d is granted to %s although the admission policy is missing", name, amount, key)
	}
	why := "there is no such request"
	for _, one := range states {
		a, current := one.allocation(name, key)
		switch {
		case a == nil:
			continue
		case !current:
			why = "the request has another requestID"
		case one.withdrawn(a) || !one.inTime(a):
			why = "the request is withdrawn, no request, or too late"
		case !some(states, func(o *simOracle) bool { return o.planned(a) }):
			why = "the plan of record does not have its activity"
		case !some(states, func(o *simOracle) bool { return o.budget(name) != nil }):
			why = "there is no budget"
		case !some(states, func(o *simOracle) bool { ends, _ := o.agreementEnded(a); return !ends }):
			why = "the agreement ends before"
		case !some(states, func(o *simOracle) bool { return !o.onHold(a.Namespace) }):
			why = "new money is on hold"
		case !some(states, func(o *simOracle) bool { return o.right(a, amount, after.Notes[key]) }):
			why = "its current revision is not approved, or not for this amount"
		default:
			return
		}
	}
	s.world.violatedf("ledger %s: %d is granted to %s, but %s", name, amount, key, why)
}

// right reports whether a request is approved and may be granted an amount; less than all of it only if the ledger notes why.
func (o *simOracle) right(a *v1alpha1.MDFAllocation, amount int64, note string) bool {
	approval := o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name))
	most, least := o.asked(a, approval)
	if !strings.HasPrefix(note, "Cut ") {
		least = most
	}
	return approval.Complete && amount > 0 && amount <= most && amount >= min(least, most)
}

// lowered checks that what left a reservation was settled or released, and released for a reason and only after the request's status said so.
func (s *simWatcher) lowered(states []*simOracle, name, key string, before, after *v1alpha1.MDFLedgerSpec) {
	settled := int64(0)
	for claim, amount := range after.Settled {
		if _, known := before.Settled[claim]; !known && strings.HasPrefix(claim, key+"/") {
			settled += amount
		}
	}
	released := before.Reserved[key] - after.Reserved[key] - settled
	switch {
	case released == 0:
		return
	case released < 0:
		s.world.violatedf("ledger %s: %d was settled for %s, but only %d was taken from what is reserved", name, settled, key, released+settled)
		return
	}
	s.releases++
	if !some(states, func(o *simOracle) bool { return o.mayRelease(name, key, before, after) }) {
		s.world.violatedf("ledger %s: %d of %s is released for no reason", name, released, key)
	}
	if !some(states, func(o *simOracle) bool { return o.statusSays(name, key) <= simHeld(after, key) }) {
		s.world.violatedf("ledger %s: %s is lowered to %d before the request's status says so", name, key, after.Reserved[key])
	}
	if held := s.heldThroughout(states, name, key, after); held > after.Reserved[key] {
		s.world.violatedf("ledger %s: %s is lowered to %d, but accepted claims hold %d of it", name, key, after.Reserved[key], held)
	}
}

// simHeld is all that a ledger holds for a request, paid or not.
func simHeld(spec *v1alpha1.MDFLedgerSpec, key string) int64 {
	sum := spec.Reserved[key]
	for claim, amount := range spec.Settled {
		if strings.HasPrefix(claim, key+"/") {
			sum += amount
		}
	}
	return sum
}

// statusSays returns what a request's status says is granted, paid or not.
func (o *simOracle) statusSays(ledger, key string) int64 {
	a, _ := o.allocation(ledger, key)
	if a == nil || !strings.HasSuffix(key, "/"+string(a.Status.RequestID)) {
		return 0
	}
	return simOptional(a.Status.Granted)
}

// mayRelease reports whether there is a reason to release what is not claimed.
func (o *simOracle) mayRelease(ledger, key string, before, after *v1alpha1.MDFLedgerSpec) bool {
	a, current := o.allocation(ledger, key)
	if a == nil {
		since, err := time.Parse("Missing "+time.RFC3339, before.Notes[key])
		return err == nil && o.world.now.Sub(since) >= 24*time.Hour
	}
	if !current || o.withdrawn(a) || o.today() > o.claimThrough(a) || before.Notes[key] == "Ending BudgetCut" {
		return true
	}
	for _, claim := range o.claims(a) {
		if _, settled := after.Settled[facts.ClaimKey(key, v1alpha1.Name(claim.Name))]; settled && claim.Spec.Scope == v1alpha1.ClaimFinal {
			return true
		}
	}
	_, ended := o.agreementEnded(a)
	return ended || o.approvalWithdrawn(a)
}

// approvalWithdrawn reports whether what a request says now is not approved, and an approval of it or of an earlier content was taken back.
func (o *simOracle) approvalWithdrawn(a *v1alpha1.MDFAllocation) bool {
	decisions := o.decisions("MDFAllocation", a.Namespace, a.Name)
	if o.approved(a, decisions).Complete {
		return false
	}
	approved := map[string]bool{}
	for _, d := range decisions {
		switch {
		case d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected:
			if approved[d.Spec.Revision] {
				return true
			}
		case !strings.EqualFold(d.Spec.ApprovedBy, a.Spec.RequestedBy):
			approved[d.Spec.Revision] = true
		}
	}
	return false
}

// stands reports whether claims on a request can be paid: what it says now is approved, or its approval was withdrawn, which leaves what was
// claimed.
func (o *simOracle) stands(a *v1alpha1.MDFAllocation) bool {
	return o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name)).Complete || o.approvalWithdrawn(a)
}

// heldThroughout returns what claims hold of a reservation that were accepted in all of some states, by statuses that are up to date. It counts
// nothing while the request is not approved as it is: then its dates may be others than those of the grant.
func (s *simWatcher) heldThroughout(states []*simOracle, ledger, key string, after *v1alpha1.MDFLedgerSpec) (held int64) {
	last := states[len(states)-1]
	a, current := last.allocation(ledger, key)
	if a == nil || !current || a.Status.ObservedGeneration != a.Generation {
		return 0
	}
	if now := last.approved(a, last.decisions("MDFAllocation", a.Namespace, a.Name)); !now.Complete && !now.Withdrawn {
		return 0
	}
	for _, claim := range last.claims(a) {
		_, settled := after.Settled[facts.ClaimKey(key, v1alpha1.Name(claim.Name))]
		if settled || claim.Status.Stage != v1alpha1.ClaimAccepted || claim.Status.ObservedGeneration != claim.Generation {
			continue
		}
		holds := simOptional(claim.Status.Payable)
		for _, o := range states {
			holds = min(holds, o.firm(a, claim))
		}
		held += holds
	}
	return held
}

// firm returns at most how much is approved of a claim: nothing when another claim has its invoice, or the request has been moved to days to
// which the claim does not fit.
func (o *simOracle) firm(a *v1alpha1.MDFAllocation, c *v1alpha1.MDFClaim) int64 {
	granted := o.dayOf(o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name)).Time)
	claimed, incurred := simParsed(c.Spec.ClaimedOn), granted
	if len(c.Spec.Costs) > 0 {
		incurred = simParsed(c.Spec.Costs[0].IncurredOn)
	}
	if (a.Spec.Reward == nil) != (len(c.Spec.Costs) > 0) { // it was made on another request of this name
		return 0
	}
	if claimed < o.endOf(a) || claimed > o.claimThrough(a) || incurred < granted {
		return 0
	}
	switch approval := o.accepted(c, o.decisions("MDFClaim", c.Namespace, c.Name)); {
	case !approval.Complete || !o.unique(c):
		return 0
	case approval.Amount < 0:
		return math.MaxInt64
	default:
		return approval.Amount
	}
}

// unique reports whether no other claim has an invoice of a claim.
func (o *simOracle) unique(c *v1alpha1.MDFClaim) bool {
	return !slices.ContainsFunc(simList[*v1alpha1.MDFClaim](o.tables, simClaims), func(x *v1alpha1.MDFClaim) bool {
		return x.Name != c.Name && x.Namespace == c.Namespace && simInvoice(x) == simInvoice(c)
	})
}

// simInvoice is the number of the invoice of a claim, whatever its spelling.
func simInvoice(c *v1alpha1.MDFClaim) string {
	if len(c.Spec.Costs) == 0 {
		return "none of " + c.Name
	}
	return strings.ToLower(strings.ReplaceAll(string(c.Spec.Costs[0].Invoice), "-", ""))
}

// settled checks a new settlement: of a claim that is approved, of at most what was approved and paid, by a payment that settles nothing else.
func (s *simWatcher) settled(states []*simOracle, name, key string, before, after *v1alpha1.MDFLedgerSpec) {
	s.settlements++
	i := strings.LastIndex(key, "/")
	request, amount := key[:i], after.Settled[key]
	ok := some(states, func(o *simOracle) bool {
		a, current := o.allocation(name, request)
		if a == nil || !current {
			return false
		}
		c, _ := o.tables[simClaims].get(types.NamespacedName{Namespace: a.Namespace, Name: key[i+1:]}).(*v1alpha1.MDFClaim)
		return c != nil && len(simNoted(c, after)) > 0 &&
			string(c.Spec.AllocationRef.Name) == a.Name && some(states, func(d *simOracle) bool { return o.payable(d, a, c, amount) })
	})
	if !ok {
		s.world.violatedf("ledger %s: %d is settled for %s, which is not due", name, amount, key)
	}
	s.invoicedOnce(name, key)
	if before.Reserved[request] < amount {
		s.world.violatedf("ledger %s: %d is settled for %s, of which %d was reserved", name, amount, key, before.Reserved[request])
	}
}

// invoicedOnce checks that no other claim of the partner was settled on the invoice of a claim that is settled now.
func (s *simWatcher) invoicedOnce(name, key string) {
	o := s.oracle()
	parts := strings.Split(key, "/")
	c, _ := o.tables[simClaims].get(types.NamespacedName{Namespace: parts[0], Name: parts[len(parts)-1]}).(*v1alpha1.MDFClaim)
	if c == nil {
		return
	}
	for _, other := range simList[*v1alpha1.MDFClaim](o.tables, simClaims) {
		if other.Name == c.Name || other.Namespace != c.Namespace || simInvoice(other) != simInvoice(c) {
			continue
		}
		for _, ledger := range simList[*v1alpha1.MDFLedger](o.tables, simLedgers) {
			for settled, amount := range ledger.Spec.Settled {
				if amount > 0 && strings.HasPrefix(settled, c.Namespace+"/") && strings.HasSuffix(settled, "/"+other.Name) {
					s.world.violatedf("ledger %s: %s is settled on invoice %s, on which %s was settled", name, key, c.Spec.Costs[0].Invoice, settled)
				}
			}
		}
	}
}

// payable reports whether an amount may be settled for a claim, with the decisions of another state.
func (o *simOracle) payable(decided *simOracle, a *v1alpha1.MDFAllocation, c *v1alpha1.MDFClaim, amount int64) bool {
	request := o.approved(a, decided.decisions("MDFAllocation", a.Namespace, a.Name))
	claim := o.accepted(c, decided.decisions("MDFClaim", c.Namespace, c.Name))
	due := int64(math.MaxInt64) // of a reward all that is reserved
	if len(c.Spec.Costs) > 0 {
		due = o.euros(simMinor(v1alpha1.Money{Amount: c.Spec.Costs[0].Net}), c.Spec.Currency, o.dayOf(request.Time))/2 + 1 // cumulative rounding may add one
	}
	if (a.Spec.Reward == nil) != (len(c.Spec.Costs) > 0) {
		return false
	}
	claimed := simParsed(c.Spec.ClaimedOn)
	return decided.stands(a) && claim.Complete && amount > 0 && amount <= due &&
		(claim.Amount < 0 || amount <= claim.Amount) && claimed >= o.endOf(a) && claimed <= o.claimThrough(a) && claimed <= o.today()
}

// payments checks that each payment settles one claim, permanently.
func (s *simWatcher) payments(name string, before, after *v1alpha1.MDFLedgerSpec) {
	for _, id := range simKeys(before.Payments) {
		if after.Payments[id] != before.Payments[id] {
			s.world.violatedf("ledger %s: payment %s settled %s, and now %q", name, id, before.Payments[id], after.Payments[id])
		}
	}
	lines := map[string]string{}
	for _, id := range simKeys(after.Payments) {
		folded := strings.ToLower(id)
		if lines[folded] != "" {
			s.world.violatedf("ledger %s: payments %s and %s are one, and count twice", name, lines[folded], id)
		}
		lines[folded] = id
	}
	if fresh := len(after.Settled) - len(before.Settled); len(after.Payments)-len(before.Payments) < fresh {
		s.world.violatedf("ledger %s: %d settlements by %d payments", name, fresh, len(after.Payments)-len(before.Payments))
	}
}

// paidAtMost checks that no more counts as paid than the payments that a claim records come to, without what came back.
func (s *simWatcher) paidAtMost(states []*simOracle, name string, before, after *v1alpha1.MDFLedgerSpec) {
	for _, key := range simKeys(after.Settled) {
		paid := after.Settled[key] - after.Unpaid[key]
		if was, known := before.Settled[key]; known && was-before.Unpaid[key] >= paid {
			continue
		}
		names := strings.Split(key, "/")
		claim := types.NamespacedName{Namespace: names[0], Name: names[len(names)-1]}
		if !some(states, func(o *simOracle) bool { return paid <= o.staysPaid(claim, after) }) {
			s.world.violatedf("ledger %s: %d of %s counts as paid, which is more than stays of its payments", name, paid, key)
		}
	}
}

// staysPaid is what the payments of a claim come to, without what came back. A line that a ledger has noted for another claim is none of this one.
func (o *simOracle) staysPaid(name types.NamespacedName, ledger *v1alpha1.MDFLedgerSpec) (sum int64) {
	c, _ := o.tables[simClaims].get(name).(*v1alpha1.MDFClaim)
	if c == nil {
		return 0
	}
	others := func(document string, line int32) bool {
		return slices.ContainsFunc(simKeys(ledger.Payments), func(noted string) bool {
			return strings.EqualFold(noted, fmt.Sprintf("%s#%d", document, line)) && ledger.Payments[noted] != name.String()
		})
	}
	for i := range c.Spec.Payments {
		p := &c.Spec.Payments[i]
		amount := simMinor(v1alpha1.Money{Amount: p.Net})
		switch {
		case others(p.Document, p.Line), p.Reverses != nil && others(p.Reverses.Document, p.Reverses.Line):
		case p.Reverses == nil:
			sum += amount
		default:
			sum -= amount
		}
	}
	return sum
}

// allocation checks what a request's status says against the ledger: it may be behind, but must never say more than the ledger ever granted.
func (s *simWatcher) allocation(a *v1alpha1.MDFAllocation) {
	if a.Status.RequestID == "" {
		return
	}
	budget := string(a.Spec.BudgetRef.Name)
	key := a.Namespace + "/" + a.Name + "/" + string(a.Status.RequestID)
	most, known := s.most[budget+"/"+key]
	reserved, granted, paid := simOptional(a.Status.Reserved), simOptional(a.Status.Granted), simOptional(a.Status.Paid)
	says := meta.IsStatusConditionTrue(a.Status.Conditions, v1alpha1.ConditionGranted)
	if !known && (reserved > 0 || granted > 0 || paid > 0 || says) {
		s.world.violatedf("the status of %s says that money is granted, and ledger %s has no such entry", key, budget)
	}
	settled := int64(0)
	for claim, amount := range s.oracle().ledger(budget).Settled {
		if strings.HasPrefix(claim, key+"/") {
			settled += amount
		}
	}
	if granted > most || reserved > most || paid > settled || reserved+paid > most {
		s.world.violatedf("the status of %s says reserved %d, granted %d, paid %d; ledger %s granted %d and settled %d", key, reserved, granted,
			paid, budget, most, settled)
	}
	if claimed := simOptional(a.Status.Claimed); claimed > reserved+paid && reserved+paid > 0 {
		s.world.violatedf("the status of %s says that %d is claimed of %d", key, claimed, reserved+paid)
	}
}

// claim checks what a claim's status says against the ledger.
func (s *simWatcher) claim(c *v1alpha1.MDFClaim) {
	paid := simOptional(c.Status.Paid)
	if paid == 0 {
		return
	}
	for key, amount := range s.ever { // a status may be behind
		if strings.HasPrefix(key, c.Namespace+"/"+string(c.Spec.AllocationRef.Name)+"/") && strings.HasSuffix(key, "/"+c.Name) && paid <= amount {
			return
		}
	}
	s.world.violatedf("the status of claim %s/%s says that %d is paid, which no ledger settled", c.Namespace, c.Name, paid)
}
