package ledger_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// afterQ1 is when rewards of FY2027 Q1 can be granted.
const afterQ1 = "2026-10-20T09:00:00Z"

// rewarding is a bank whose budget pays growth-rebate, and in which partner acme has sold EUR 120,000.00 in FY2027 Q1: EUR 2,000.00 are earned.
func rewarding() *bank {
	b := newBank()
	b.budget = testobj.Budget("fy27-emea").Rewards().Obj()
	objects := b.namespace("partner-acme")
	p := testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Goal("revenue", "new-revenue", "600000").Obj()
	revision := plan.Revision(&p.Spec.PlanTerms)
	objects.Plans[0] = p
	for _, d := range objects.Decisions {
		d.Spec.Revision = revision
	}
	b.sold("120000")
	return b
}

// sold is what partner acme sold in FY2027 Q1.
func (b *bank) sold(value v1alpha1.Decimal) {
	b.namespace("partner-acme").Measurements = []*v1alpha1.MeasurementSet{
		testobj.Measurements("crm", v1alpha1.SubjectPartner, "acme").Entry("new-revenue", "2026-09-30", value).Obj(),
	}
}

// rebate requests an amount of growth-rebate, approved at an instant.
func (b *bank) rebate(name string, amount v1alpha1.Decimal, approved string) *v1alpha1.MDFAllocation {
	return b.request("partner-acme", testobj.Allocation(name).Reward("growth-rebate", v1alpha1.PartQ1, amount, "2026-10-12").Obj(), approved)
}

func TestARewardIsGrantedOnceForAnInterval(t *testing.T) {
	b := rewarding()
	b.rebate("one", "2000.00", "2026-10-13T09:00:00Z")
	two := b.rebate("two", "2000.00", "2026-10-14T09:00:00Z")
	b.run(t, at(afterQ1))
	want := map[string]int64{"partner-acme/one/1": 200000}
	if diff := cmp.Diff(want, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"partner-acme/one/1": "acme/growth-rebate/2026-07-01"}, b.ledger.Spec.Rewards); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
	if two.Status.Stage != v1alpha1.AllocationWaiting || two.Status.Reason != v1alpha1.ReasonRewardNotEarned {
		t.Errorf("the second request is %s, %s", two.Status.Stage, two.Status.Reason)
	}
	b.sold("150000") // a correction earns EUR 4,500.00: 2,500.00 are left
	b.run(t, at(afterQ1))
	want["partner-acme/two/1"] = 200000
	if diff := cmp.Diff(want, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved after a correction (-want +got):\n%s", diff)
	}
}

// TestARewardStaysGrantedWhoeverAskedForIt: the ledger itself notes what it granted, so neither a request that is gone, nor another one of its name, lets the
// interval be rewarded again.
func TestARewardStaysGrantedWhoeverAskedForIt(t *testing.T) {
	for name, change := range map[string]func(*bank){
		"the request is gone": func(b *bank) { b.namespace("partner-acme").Allocations = b.namespace("partner-acme").Allocations[1:] },
		"another request has its name": func(b *bank) {
			*b.namespace("partner-acme").Allocations[0] = *testobj.Allocation("one").Obj()
		},
		"it asks for something else now": func(b *bank) { b.namespace("partner-acme").Allocations[0].Spec.Reward.Name = "other" },
	} {
		t.Run(name, func(t *testing.T) {
			b := rewarding()
			b.rebate("one", "2000.00", "2026-10-13T09:00:00Z")
			b.run(t, at(afterQ1))
			b.rebate("two", "2000.00", "2026-10-14T09:00:00Z")
			change(b)
			b.run(t, at(afterQ1))
			if _, granted := b.ledger.Spec.Reserved["partner-acme/two/1"]; granted {
				t.Errorf("granted again: %v", b.ledger.Spec.Reserved)
			}
		})
	}
}

// TestWhatWasGrantedOfARewardStays: results that are corrected take nothing back, and the request and the budget say what is no longer earned.
func TestWhatWasGrantedOfARewardStays(t *testing.T) {
	b := rewarding()
	one := b.rebate("one", "2000.00", "2026-10-13T09:00:00Z")
	b.run(t, at(afterQ1))
	b.sold("99999.99")
	b.run(t, at(afterQ1))
	const want = "EUR 2,000.00 of reward growth-rebate is granted to partner acme for FY2027 Q1, and EUR 0.00 of it is earned by what is measured now: what was " +
		"granted stays, and EUR 2,000.00 is no longer earned"
	if got := b.ledger.Spec.Reserved["partner-acme/one/1"]; got != 200000 {
		t.Errorf("%d stays reserved", got)
	}
	for what, findings := range map[string][]v1alpha1.Finding{"request": one.Status.Findings, "budget": b.budget.Status.Findings} {
		found := false
		for _, f := range findings {
			found = found || f.Rule == "EarnedLessThanDrawn" && f.Message == want
		}
		if !found {
			t.Errorf("the %s does not say so: %v", what, findings)
		}
	}
}

// TestALedgerThatIsRebuiltNotesItsRewards: what statuses say was granted of a reward is not granted again.
func TestALedgerThatIsRebuiltNotesItsRewards(t *testing.T) {
	b := rewarding()
	b.rebate("one", "2000.00", "2026-10-13T09:00:00Z")
	b.run(t, at(afterQ1))
	b.ledger = nil
	b.budget.Spec.Recovery = &v1alpha1.LedgerRecovery{RequestedBy: "fiona", RequestedTime: metav1.NewTime(at(afterQ1))}
	b.rebate("two", "2000.00", "2026-10-14T09:00:00Z")
	b.run(t, at(afterQ1))
	if diff := cmp.Diff(map[string]int64{"partner-acme/one/1": 200000}, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"partner-acme/one/1": "acme/growth-rebate/2026-07-01"}, b.ledger.Spec.Rewards); diff != "" {
		t.Errorf("noted (-want +got):\n%s", diff)
	}
}

// TestGrantsOfARewardNeverExceedWhatIsEarned: whatever requests there are, in whatever order, the grants of an interval are at most what was earned.
func TestGrantsOfARewardNeverExceedWhatIsEarned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rewarding()
		sold := rapid.SampledFrom([]int{99999, 100000, 120000, 149999, 150000, 400000}).Draw(t, "sold")
		b.sold(v1alpha1.Decimal(fmt.Sprint(sold)))
		earned := int64(0)
		switch {
		case sold >= 150000:
			earned = 450000
		case sold >= 100000:
			earned = 200000
		}
		for i := range rapid.IntRange(1, 6).Draw(t, "requests") {
			amount := v1alpha1.Decimal(fmt.Sprintf("%d.00", rapid.IntRange(1, 5000).Draw(t, "amount")))
			a := b.rebate(fmt.Sprintf("r%d", i), amount, "")
			if rapid.Bool().Draw(t, "accepts a part") {
				a.Spec.AcceptAtLeast = "1.00"
			}
			b.decide(a, v1alpha1.DecisionApproved, fmt.Sprintf("2026-10-13T09:00:%02dZ", rapid.IntRange(0, 3).Draw(t, "second")))
		}
		one := ledger.Decide(b.pool(), at(afterQ1))
		objects := b.namespace("partner-acme")
		objects.Allocations = rapid.Permutation(objects.Allocations).Draw(t, "allocations")
		objects.Decisions = rapid.Permutation(objects.Decisions).Draw(t, "decisions")
		if diff := cmp.Diff(one.Ledger, ledger.Decide(b.pool(), at(afterQ1)).Ledger); diff != "" {
			t.Fatalf("the order of objects matters (-one +other):\n%s", diff)
		}
		b.step(at(afterQ1))
		sum := int64(0)
		for key, amount := range b.ledger.Spec.Reserved {
			sum += amount
			if b.ledger.Spec.Rewards[key] != "acme/growth-rebate/2026-07-01" {
				t.Fatalf("%s is noted as %q", key, b.ledger.Spec.Rewards[key])
			}
		}
		if sum > earned {
			t.Fatalf("%d is granted of %d that is earned", sum, earned)
		}
	})
}
