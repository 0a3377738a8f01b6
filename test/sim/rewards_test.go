package sim_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/testobj"
)

// simReward is the reward of budget simRewards.
const simReward v1alpha1.Name = "bonus"

// simSubject is what a request is for.
func simSubject(a *v1alpha1.MDFAllocation) string {
	if a.Spec.Reward != nil {
		return "reward of " + string(a.Spec.Reward.Period.From)
	}
	return string(a.Spec.Activity)
}

// measures reports whether results matter to a budget.
func (s *simPeople) measures() bool {
	return slices.Contains(s.budgets, simEarned) || slices.Contains(s.budgets, simRewards)
}

// askReward requests the reward of a month: mostly the last one, sometimes the running one, which is too early unless it is dated ahead.
func (s *simPeople) askReward(key types.NamespacedName) bool {
	today := s.world.watcher.oracle().today()
	year, month, _ := today.Civil()
	from := fiscal.NewDay(year, month, 1)
	if !s.oneIn(3) && month != time.July {
		from = from.AddMonths(-1)
	}
	through := from.MonthEnd()
	ask := 20000 + s.world.chance.Int64N(60)*5000 + s.world.chance.Int64N(3)
	b := testobj.Allocation(key.Name).In(key.Namespace).On(v1alpha1.Name(key.Namespace), simRewards).
		Reward(simReward, "", simAmount(ask), simDay(today)).RequestID(chosen(s, []v1alpha1.Name{"", "1", "2"}))
	b.With(func(spec *v1alpha1.MDFAllocationSpec) {
		spec.Reward.Period = v1alpha1.Period{From: simDay(from), Through: simDay(through)}
		spec.Amount.Currency = chosen(s, []v1alpha1.CurrencyCode{"EUR", "EUR", "USD"})
	})
	if s.oneIn(2) {
		b.AtLeast(simAmount(ask / 4))
	}
	if through >= today && !s.oneIn(3) {
		b.Requested(simDay(through.AddDays(1)))
	}
	request := b.Obj()
	s.remember(request)
	s.create(request)
	return true
}

// editReward changes the amount of a request for a reward, or asks anew.
func (s *simPeople) editReward(x *v1alpha1.MDFAllocation) {
	if s.oneIn(2) {
		x.Spec.Amount.Amount, x.Spec.AcceptAtLeast = simAmount(20000+s.world.chance.Int64N(60)*5000), ""
		return
	}
	x.Spec.RequestID, x.Spec.WithdrawnOn = v1alpha1.Name(fmt.Sprintf("%s-%d", facts.RequestIDOf(x), s.count)), ""
	s.count++
	if len(x.Spec.RequestID) > 40 {
		x.Spec.RequestID = v1alpha1.Name(fmt.Sprintf("n%d", s.count))
	}
	x.Spec.RequestedOn = max(s.today(0), simDay(simParsed(x.Spec.Reward.Period.Through).AddDays(1)))
}

// claimReward claims a reward, which has no costs.
func (s *simPeople) claimReward(request *v1alpha1.MDFAllocation) bool {
	s.count++
	claim := testobj.Claim(fmt.Sprintf("c%d", s.count), v1alpha1.Name(request.Name)).With(func(spec *v1alpha1.MDFClaimSpec) {
		spec.RequestedBy, spec.Currency, spec.ClaimedOn, spec.Proofs = "paul", request.Spec.Amount.Currency, s.today(0), nil
	}).Obj()
	claim.Namespace = request.Namespace
	s.remember(claim)
	s.create(claim)
	return true
}

// endOfDay is the last instant of a day in the program's zone.
func (o *simOracle) endOfDay(day fiscal.Day) time.Time {
	year, month, of := day.AddDays(1).Civil()
	return time.Date(year, month, of, 0, 0, 0, 0, o.zone).Add(-1)
}

// unexcepted leaves out exceptions from a request for a reward, which begins at no day.
func (o *simOracle) unexcepted(a *v1alpha1.MDFAllocation, decisions []*v1alpha1.ApprovalDecision) []*v1alpha1.ApprovalDecision {
	return slices.DeleteFunc(slices.Clone(decisions), func(d *v1alpha1.ApprovalDecision) bool {
		approves := d.Spec.Decision == v1alpha1.DecisionApproved || d.Spec.Decision == v1alpha1.DecisionApprovedInPart
		return approves && d.Spec.Exception != nil && d.Spec.Revision == facts.RequestRevision(&a.Spec)
	})
}

// rewardInTime reports whether a reward was requested after its month, for which the budget pays, and can still be claimed.
func (o *simOracle) rewardInTime(a *v1alpha1.MDFAllocation) bool {
	requested, through := simParsed(a.Spec.RequestedOn), simParsed(a.Spec.Reward.Period.Through)
	paid := through >= simParsed("2026-06-30") && through < simParsed("2026-12-31")
	return !requested.IsZero() && requested <= o.today() && requested > through && paid && o.today() <= o.claimThrough(a)
}

// simMonth is the partner and the month of a request for a reward.
func simMonth(a *v1alpha1.MDFAllocation) string {
	return a.Namespace + "/" + string(a.Spec.Reward.Period.From)
}

// rewardEarned is what the partner of a request has earned in its month by now: a tenth of what the vendor's system says that it sold; nothing while that
// says nothing of the month, or nothing of its last day or a later one.
func (o *simOracle) rewardEarned(a *v1alpha1.MDFAllocation) int64 {
	from, through := simParsed(a.Spec.Reward.Period.From), simParsed(a.Spec.Reward.Period.Through)
	var sold int64
	var known, complete bool
	for _, set := range simList[*v1alpha1.MeasurementSet](o.tables, simMeasurements) {
		if set.Namespace != a.Namespace || set.Spec.Source != simVouched {
			continue
		}
		for _, entry := range set.Spec.Entries {
			day := simParsed(entry.Day)
			if day > o.today() {
				continue
			}
			complete = complete || day >= through
			if day < from || day > through {
				continue
			}
			minor := simMinor(v1alpha1.Money{Amount: v1alpha1.Decimal(strings.TrimPrefix(string(entry.Value), "-"))})
			if strings.HasPrefix(string(entry.Value), "-") {
				minor = -minor
			}
			known, sold = true, sold+minor
		}
	}
	if !known || !complete {
		return 0
	}
	return max(sold, 0) / 10
}

// rewardHeld is what a ledger holds for the reward of a partner in a month, by what was granted for it.
func (s *simWatcher) rewardHeld(month string, ledger *v1alpha1.MDFLedgerSpec) (held int64) {
	for key, of := range s.forReward {
		if of == month {
			held += simHeld(ledger, key)
		}
	}
	return held
}

// rewardedFor checks a grant of a reward: the month is over, and with it no more is granted for the month than was earned in it.
func (s *simWatcher) rewardedFor(states []*simOracle, name, key string, after *v1alpha1.MDFLedgerSpec) {
	if name != simRewards {
		return
	}
	var of *v1alpha1.MDFAllocation
	for _, one := range states {
		if a, current := one.allocation(name, key); a != nil && current && a.Spec.Reward != nil {
			of = a
		}
	}
	if of == nil {
		s.world.violatedf("ledger %s: %d is granted to %s, which asks for no reward", name, after.Reserved[key], key)
		return
	}
	s.forReward[key] = simMonth(of)
	s.rewards++
	held := s.rewardHeld(simMonth(of), after)
	if o := s.oracle(); o.today() <= simParsed(of.Spec.Reward.Period.Through) {
		s.world.violatedf("ledger %s: %d is granted to %s before its month is over", name, after.Reserved[key], key)
	}
	if !some(states, func(o *simOracle) bool { return held <= o.rewardEarned(of) }) {
		s.world.violatedf("ledger %s: with what is granted to %s, %d is granted for %s, and %d was earned", name, key, held, simMonth(of),
			states[len(states)-1].rewardEarned(of))
	}
}

// rewardsAtRest checks that who was granted more of a reward than is earned by now is told so by the request.
func (s *simWatcher) rewardsAtRest(o *simOracle) {
	if o.budget(simRewards) == nil || o.looksLost(simRewards) {
		return
	}
	ledger := o.ledger(simRewards)
	for _, a := range simList[*v1alpha1.MDFAllocation](o.tables, simAllocations) {
		if a.Spec.Reward == nil {
			continue
		}
		has := simHeld(ledger, simCurrentKey(a))
		earned := o.rewardEarned(a)
		told := slices.ContainsFunc(a.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == headroom.RuleEarnedLessThanDrawn })
		if of := s.forReward[simCurrentKey(a)]; of == simMonth(a) && has > 0 && earned == 0 && !told {
			s.world.violatedf("at rest, %d of the reward of %s is granted to %s and nothing is earned, and the request does not say so", has, of, simCurrentKey(a))
		}
	}
}

// TestSimulatorOfRewards lets worlds run in which all money is for rewards.
func TestSimulatorOfRewards(t *testing.T) {
	t.Parallel()
	seeds, rewards := uint64(*simSeeds/10), 0
	if testing.Short() {
		seeds /= 20
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		w := simulate(seed, *simSteps, simFaults{rewarded: true})
		if rewards += w.watcher.rewards; len(w.problems) > 0 {
			t.Fatal(w.report(*simSteps))
		}
	}
	if seeds >= 100 && rewards == 0 {
		t.Error("no reward was granted")
	}
	t.Logf("%d seeds: %d rewards granted", seeds, rewards)
}
