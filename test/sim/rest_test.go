package sim_test

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/types"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// atRest checks what must hold once nothing is left to do.
func (s *simWatcher) atRest() {
	o := s.oracle()
	if s.world.store.refused > 0 {
		s.world.violatedf("the API server had to refuse %d ledgers", s.world.store.refused)
	}
	for _, a := range simList[*v1alpha1.MDFAllocation](o.tables, simAllocations) {
		if !o.looksLost(string(a.Spec.BudgetRef.Name)) {
			s.requestAtRest(o, a)
		}
	}
	for _, b := range simList[*v1alpha1.MDFBudget](o.tables, simBudgets) {
		if !o.looksLost(b.Name) {
			s.budgetAtRest(o, b)
		}
	}
	for _, c := range simList[*v1alpha1.MDFClaim](o.tables, simClaims) {
		s.claimAtRest(o, c)
	}
	s.missingAtRest(o)
	s.shortAtRest(o)
	s.rewardsAtRest(o)
	s.heldAtRest(o)
}

// looksLost reports whether a budget has no ledger though a payment was recorded that one should have settled: then a person has to look at it.
func (o *simOracle) looksLost(budget string) bool {
	if o.tables[simLedgers].get(types.NamespacedName{Name: budget}) != nil {
		return false
	}
	return slices.ContainsFunc(simList[*v1alpha1.MDFAllocation](o.tables, simAllocations), func(a *v1alpha1.MDFAllocation) bool {
		paid := func(c *v1alpha1.MDFClaim) bool { return len(c.Spec.Payments) > 0 }
		return string(a.Spec.BudgetRef.Name) == budget && slices.ContainsFunc(o.claims(a), paid)
	})
}

// requestAtRest checks that a request's status says what the ledger holds, that nothing waits that could be granted, and that nothing stays
// reserved that should be released.
func (s *simWatcher) requestAtRest(o *simOracle, a *v1alpha1.MDFAllocation) {
	key, budget := simCurrentKey(a), string(a.Spec.BudgetRef.Name)
	ledger := o.ledger(budget)
	reserved, granted := ledger.Reserved[key]
	for claim, amount := range ledger.Unpaid {
		if strings.HasPrefix(claim, key+"/") {
			reserved += amount
		}
	}
	if says := simOptional(a.Status.Reserved); says != reserved {
		s.world.violatedf("at rest, the status of %s says that %d is reserved, and ledger %s %d", key, says, budget, reserved)
	}
	approval := o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name))
	if says := meta.IsStatusConditionTrue(a.Status.Conditions, v1alpha1.ConditionApproved); says != approval.Complete && o.budget(budget) != nil {
		s.world.violatedf("at rest, the status of %s says that it is approved: %t, and it is: %t", key, says, approval.Complete)
	}
	if !granted {
		s.waiting(o, a, ledger)
		return
	}
	accepted, held, certain := o.heldNow(a)
	if accepted > reserved {
		s.world.violatedf("at rest, accepted claims on %s hold %d, and %d is reserved", key, accepted, reserved)
	}
	_, ended := o.agreementEnded(a)
	over := o.withdrawn(a) || ended || o.approvalEnded(a) || o.today() > o.claimThrough(a)
	if left := ledger.Reserved[key]; over && certain && left > held {
		s.world.violatedf("at rest, %d is reserved for %s, of which claims hold %d, and the rest is not released", left, key, held)
	}
}

// heldNow returns what the claims on a request hold by their statuses: those that are accepted, and all that do. It is not certain while a claim is
// refused that may still be corrected.
func (o *simOracle) heldNow(a *v1alpha1.MDFAllocation) (accepted, all int64, certain bool) {
	certain = true
	for _, claim := range o.claims(a) {
		if o.settledEver(a, claim) {
			continue // what came back of it is settled, and no part of what is reserved
		}
		payable := simOptional(claim.Status.Payable)
		switch claim.Status.Stage {
		case v1alpha1.ClaimAccepted:
			accepted += payable
			all += payable
		case v1alpha1.ClaimPendingDecision, v1alpha1.ClaimSentBack:
			all += payable
		case v1alpha1.ClaimRefused:
			certain = false
		case v1alpha1.ClaimDraft, v1alpha1.ClaimSettled, v1alpha1.ClaimLapsed:
		}
	}
	return accepted, all, certain
}

// settledEver reports whether a ledger took the money of a claim, for whichever request of that name.
func (o *simOracle) settledEver(a *v1alpha1.MDFAllocation, claim *v1alpha1.MDFClaim) bool {
	return slices.ContainsFunc(simKeys(o.ledger(string(a.Spec.BudgetRef.Name)).Settled), func(key string) bool {
		return strings.HasPrefix(key, a.Namespace+"/"+a.Name+"/") && strings.HasSuffix(key, "/"+claim.Name)
	})
}

// approvalEnded reports whether the approval of what a request says now was complete and then withdrawn.
func (o *simOracle) approvalEnded(a *v1alpha1.MDFAllocation) bool {
	return o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name)).Withdrawn
}

// simCurrentKey is the key of a request in its ledger.
func simCurrentKey(a *v1alpha1.MDFAllocation) string {
	id := a.Spec.RequestID
	if id == "" {
		id = "1"
	}
	return a.Namespace + "/" + a.Name + "/" + string(id)
}

// waiting checks that a request that was not granted could not be.
func (s *simWatcher) waiting(o *simOracle, a *v1alpha1.MDFAllocation, ledger *v1alpha1.MDFLedgerSpec) {
	budget := o.budget(string(a.Spec.BudgetRef.Name))
	approval := o.approved(a, o.decisions("MDFAllocation", a.Namespace, a.Name))
	ends, _ := o.agreementEnded(a)
	early := a.Spec.Reward != nil || simParsed(a.Spec.RequestedOn).AddDays(5) <= simParsed(a.Spec.StartsOn) // so that no way of counting lead time matters
	gated := len(o.tables[simPolicies]) == 0
	if gated || budget == nil || !approval.Complete || ends || !early || o.withdrawn(a) || !o.inTime(a) || !o.planned(a) || o.today() > simParsed("2026-12-31") || o.onHold(a.Namespace) {
		return
	}
	for _, d := range o.decisions("JointPlan", a.Namespace, string(a.Spec.PlanRef.Name)) {
		if a.Spec.Reward == nil && o.dayOf(d.Spec.DecidedTime.Time) > simParsed(a.Spec.StartsOn) {
			return // the plan may have been approved after the fact
		}
	}
	left := simMinor(budget.Spec.Amount) - simTotal(ledger)
	if budget.Name == simEarned {
		left = min(left, o.earned(a.Namespace)-simDrawn(ledger, a.Namespace))
	}
	if a.Spec.Reward != nil {
		left = min(left, o.rewardEarned(a)-s.rewardHeld(simMonth(a), ledger))
	}
	most, least := o.asked(a, approval)
	if least = min(most, least); most > 0 && left > 0 && least <= left {
		s.world.violatedf("at rest, %s waits for %d, at least %d, and budget %s has %d left", simCurrentKey(a), most, least, budget.Name, left)
	}
}

// budgetAtRest checks that a budget's status and its ledger's limit are right, and that a lowered budget took back what it could.
func (s *simWatcher) budgetAtRest(o *simOracle, b *v1alpha1.MDFBudget) {
	ledger := o.ledger(b.Name)
	var reserved, settled int64
	for _, amount := range ledger.Reserved {
		reserved += amount
	}
	for _, amount := range ledger.Settled {
		settled += amount
	}
	for _, amount := range ledger.Unpaid { // it is not paid, and not granted to others
		settled, reserved = settled-amount, reserved+amount
	}
	if ledger.LimitMinor != simMinor(b.Spec.Amount) {
		s.world.violatedf("at rest, the limit of ledger %s is %d, and the budget's amount %s", b.Name, ledger.LimitMinor, b.Spec.Amount.Amount)
	}
	if simOptional(b.Status.Reserved) != reserved || simOptional(b.Status.Settled) != settled {
		s.world.violatedf("at rest, the status of budget %s says reserved %v and settled %v; the ledger holds %d and %d", b.Name, b.Status.Reserved,
			b.Status.Settled, reserved, settled)
	}
	if reserved+settled <= ledger.LimitMinor {
		return
	}
	s.cuts++
	for _, key := range simKeys(ledger.Reserved) {
		a, current := o.allocation(b.Name, key)
		if a != nil && current && ledger.Reserved[key] > 0 && len(o.claims(a)) == 0 {
			s.world.violatedf("at rest, budget %s is over its amount, and %d of %s is neither claimed nor taken back", b.Name, ledger.Reserved[key], key)
		}
	}
}

// claimAtRest checks that a claim's payment is settled if it is due, and that its status says what the ledger settled.
func (s *simWatcher) claimAtRest(o *simOracle, c *v1alpha1.MDFClaim) {
	a, _ := o.tables[simAllocations].get(types.NamespacedName{Namespace: c.Namespace, Name: string(c.Spec.AllocationRef.Name)}).(*v1alpha1.MDFAllocation)
	if a == nil {
		return
	}
	ledger := o.ledger(string(a.Spec.BudgetRef.Name))
	settled, known := ledger.Settled[simCurrentKey(a)+"/"+c.Name]
	if settled -= ledger.Unpaid[simCurrentKey(a)+"/"+c.Name]; known && simOptional(c.Status.Paid) != settled {
		s.world.violatedf("at rest, the status of claim %s/%s says that %d is paid, and the ledger %d", c.Namespace, c.Name, simOptional(c.Status.Paid), settled)
	}
	if len(c.Spec.Payments) == 0 || c.Status.Stage != v1alpha1.ClaimAccepted {
		return
	}
	used := len(simNoted(c, ledger)) > 0 || slices.ContainsFunc(simKeys(ledger.Payments), func(line string) bool { return strings.EqualFold(line, simLine(c)) })
	paidOn := simParsed(c.Spec.Payments[0].PaidOn)
	if !used && paidOn <= o.today() && simOptional(c.Status.Payable) > 0 {
		s.world.violatedf("at rest, claim %s/%s is accepted and paid, but not settled", c.Namespace, c.Name)
	}
}

// missingAtRest checks that nothing stays reserved for a request that asks anew, or that is gone for more than a day.
func (s *simWatcher) missingAtRest(o *simOracle) {
	for _, l := range simList[*v1alpha1.MDFLedger](o.tables, simLedgers) {
		for _, key := range simKeys(l.Spec.Reserved) {
			a, current := o.allocation(l.Name, key)
			switch {
			case l.Spec.Reserved[key] == 0 || current:
			case a == nil && l.Spec.Notes[key] == "":
				s.world.violatedf("at rest, %d is reserved for %s, which is gone, and ledger %s does not note it", l.Spec.Reserved[key], key, l.Name)
			case a == nil && o.mayRelease(l.Name, key, &l.Spec, &l.Spec):
				s.world.violatedf("at rest, %d is reserved for %s, which is gone for a day", l.Spec.Reserved[key], key)
			case a != nil && len(o.claims(a)) == 0:
				s.world.violatedf("at rest, %d is reserved for %s, and the request asks anew", l.Spec.Reserved[key], key)
			}
		}
	}
}
