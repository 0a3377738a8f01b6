package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/testobj"
)

// anyBank draws a bank with up to eight requests in two namespaces on a budget that may be too small.
func anyBank(t *rapid.T) *bank {
	b := newBank()
	b.budget.Spec.Amount.Amount = v1alpha1.Decimal(fmt.Sprintf("%d.00", rapid.IntRange(0, 12).Draw(t, "thousands")*1000))
	for i := range rapid.IntRange(0, 8).Draw(t, "requests") {
		amount := rapid.IntRange(1, 5).Draw(t, "amount")
		a := testobj.Allocation(fmt.Sprintf("r%d", i)).
			Asks("EUR", v1alpha1.Decimal(fmt.Sprintf("%d000.00", 2*amount)), "50", v1alpha1.Decimal(fmt.Sprintf("%d000.00", amount))).
			Priority(int32(rapid.IntRange(-1, 1).Draw(t, "priority")))
		if rapid.Bool().Draw(t, "accepts a part") {
			a = a.AtLeast("500.00")
		}
		approved := ""
		if rapid.IntRange(0, 3).Draw(t, "approved") > 0 {
			approved = at("2026-08-04T09:00:00Z").Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "hours")) * time.Hour).Format(time.RFC3339)
		}
		b.request(rapid.SampledFrom([]string{"partner-acme", "partner-globex"}).Draw(t, "namespace"), a.Obj(), approved)
	}
	return b
}

func (b *bank) committed() int64 {
	return facts.Sum(b.ledger.Spec.Reserved) + facts.Sum(b.ledger.Spec.Settled)
}

func TestGrantsNeverExceedTheBudgetAndLeaveNobodyOut(t *testing.T) {
	now := at("2026-08-05T09:00:00Z")
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		b.step(now)
		limit := b.ledger.Spec.LimitMinor
		if b.committed() > limit {
			t.Fatalf("%d is reserved of %d", b.committed(), limit)
		}
		if b.step(now) {
			t.Fatalf("to decide twice is not to decide once: %v", b.ledger.Spec)
		}
		for _, snap := range b.pool().Snapshots {
			f := facts.Of(snap, now)
			for _, a := range snap.Allocations() {
				r := request.Of(f, a)
				got, granted := b.ledger.Spec.Reserved[r.Key]
				switch {
				case granted && !r.Wants():
					t.Fatalf("%s was granted %d and may not be: %s, %s", r.Key, got, r.Eligible.Message, r.Approved.Message)
				case granted && (got < r.Least || got > r.Asked):
					t.Fatalf("%s was granted %d of %d, at least %d", r.Key, got, r.Asked, r.Least)
				case !granted && r.Wants() && r.Least <= limit-b.committed():
					t.Fatalf("%s waits for %d though %d is left", r.Key, r.Least, limit-b.committed())
				}
			}
		}
	})
}

func TestGrantsDoNotDependOnTheOrderOfObjects(t *testing.T) {
	now := at("2026-08-05T09:00:00Z")
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		one := ledger.Decide(b.pool(), now)
		for _, objects := range b.namespaces {
			objects.Allocations = rapid.Permutation(objects.Allocations).Draw(t, "allocations")
			objects.Decisions = rapid.Permutation(objects.Decisions).Draw(t, "decisions")
			for i, a := range objects.Allocations {
				a.UID, a.CreationTimestamp.Time = "other", now.Add(-time.Duration(i)*time.Minute)
			}
		}
		pool := b.pool()
		slices.Reverse(pool.Snapshots)
		if diff := cmp.Diff(one, ledger.Decide(pool, now)); diff != "" {
			t.Fatalf("the order of objects, their UIDs or creation times matter:\n%s", diff)
		}
	})
}

func TestTheLedgerChangesNoEarlierThanItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		// In the days of the grants, and in the years in which the claims' windows and the budget end.
		minutes := rapid.OneOf(rapid.IntRange(0, 20_000), rapid.IntRange(0, 1_000_000)).Draw(t, "minutes")
		now := at("2026-08-04T08:00:00Z").Add(time.Duration(minutes) * time.Minute)
		for range 4 {
			b.evaluate(now)
			if !b.step(now) {
				break
			}
		}
		outcome := ledger.Decide(b.pool(), now)
		until := outcome.Next
		if until.IsZero() {
			until = now.AddDate(1, 0, 0)
		}
		then := now.Add(time.Duration(rapid.Int64Range(0, int64(until.Sub(now))-1).Draw(t, "later")))
		if later := ledger.Decide(b.pool(), then); later.Changed {
			t.Fatalf("at %s the ledger changes, though at %s the next change was announced as %s:\n%s", then, now, outcome.Next,
				cmp.Diff(outcome.Ledger, later.Ledger))
		}
	})
}

func TestALoweredBudgetNeverTakesBackWhatIsClaimedOrPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := anyBank(t)
		now := at("2026-11-04T09:00:00Z")
		for range 4 {
			b.evaluate(now)
			b.step(now)
		}
		claimed := map[string]int64{}
		for _, objects := range b.namespaces {
			for i, a := range objects.Allocations {
				if b.ledger.Spec.Reserved[facts.Key(a)] >= 100000 && rapid.Bool().Draw(t, "claims") {
					b.claim(a, testobj.Claim(fmt.Sprintf("c%s%d", a.Name, i), v1alpha1.Name(a.Name)).Cost(v1alpha1.Word("INV-"+a.Name), "2000.00").Obj(), "")
					claimed[facts.Key(a)] = 100000
				}
			}
		}
		b.budget.Spec.Amount.Amount = v1alpha1.Decimal(fmt.Sprintf("%d.00", rapid.IntRange(0, 12).Draw(t, "thousands after")*1000))
		for range 6 {
			b.evaluate(now)
			b.step(now)
		}
		held := int64(0)
		for key, amount := range claimed {
			if got := b.ledger.Spec.Reserved[key]; got < amount {
				t.Fatalf("%s keeps %d, though %d is claimed", key, got, amount)
			}
			held += amount
		}
		if b.committed() > max(b.ledger.Spec.LimitMinor, held) {
			t.Fatalf("%d is committed of %d, of which %d is claimed", b.committed(), b.ledger.Spec.LimitMinor, held)
		}
	})
}
