package money

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

type amounts = map[string]int64

// euro is an amount in a status.
func euro(amount v1alpha1.Decimal) *v1alpha1.Money {
	return &v1alpha1.Money{Amount: amount, Currency: "EUR"}
}

// figures checks amounts of a request's status once the world is at rest.
func (w *world) figures(name string, granted, reserved, claimed, paid v1alpha1.Decimal) {
	w.Helper()
	w.rest()
	s := latestOf(w, &v1alpha1.MDFAllocation{}, name).Status
	got := []*v1alpha1.Money{s.Granted, s.Reserved, s.Claimed, s.Paid}
	if diff := cmp.Diff([]*v1alpha1.Money{euro(granted), euro(reserved), euro(claimed), euro(paid)}, got); diff != "" {
		w.Errorf("granted, reserved, claimed and paid of %s (-want +got):\n%s", name, diff)
	}
}

func allocation() *v1alpha1.MDFAllocation { return &v1alpha1.MDFAllocation{} }
func claim() *v1alpha1.MDFClaim           { return &v1alpha1.MDFClaim{} }
func budget() *v1alpha1.MDFBudget         { return &v1alpha1.MDFBudget{} }

// TestFromRequestToPayment follows one request to the payment of its claim.
func TestFromRequestToPayment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, beforeActivity, 1, nil)
	w.manager()
	w.put(w.request("fair").Obj())
	wants(w, allocation(), "fair", "Approved", "False", v1alpha1.ReasonDecisionOverdue, "")
	wants(w, allocation(), "fair", "Granted", "False", v1alpha1.ReasonNotApproved, "")
	w.put(w.approval("fair", w.request("fair").Obj(), "2026-08-10T10:00:00Z"))
	wants(w, allocation(), "fair", "Granted", "True", v1alpha1.ReasonGranted, "EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17")

	w.step(afterActivity)
	w.put(w.claim("print", "fair", "6000.00").Obj())
	wants(w, claim(), "print", "Accepted", "False", v1alpha1.ReasonAwaitingDecision, "")
	w.put(w.claimApproval("print", w.claim("print", "fair", "6000.00").Obj(), "2026-11-02T08:00:00Z"))
	wants(w, claim(), "print", "Accepted", "True", v1alpha1.ReasonAccepted, "EUR 3,000.00")
	wants(w, claim(), "print", "Settled", "False", v1alpha1.ReasonAwaitingPayment, "EUR 3,000.00")
	w.figures("fair", "5000.00", "5000.00", "3000.00", "0.00")
	w.pay("print", "T-1", "3000.00")
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonSettled, "EUR 3,000.00")
	w.figures("fair", "5000.00", "2000.00", "3000.00", "3000.00")
	w.holds(amounts{"fair": 200000}, amounts{"print": 300000})
	wants(w, budget(), string(w.budget), "WithinLimit", "True", v1alpha1.ReasonWithinLimit, "EUR 2,000.00 reserved and EUR 3,000.00 settled of EUR 20,000.00")
}

// TestScenarioGrants is scenario 4 of the rules: EUR 20,000.00 with 2,000.00 reserved, and USD at 0.90.
func TestScenarioGrants(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		part   v1alpha1.Decimal
		second func(w *world)
		third  func(w *world)
		holds  amounts
	}{
		"the second accepts a part": {
			"5000.00",
			func(w *world) {
				wants(w, allocation(), "r2", "Granted", "True", v1alpha1.ReasonGrantedInPart, "EUR 8,100.00 of EUR 9,000.00 is granted")
			},
			func(w *world) {
				wants(w, allocation(), "r3", "Granted", "False", v1alpha1.ReasonBudgetExhausted,
					"EUR 3,000.00 is requested, and budget "+string(w.budget)+" does not have that much left")
			},
			amounts{"r0": 200000, "r1": 990000, "r2": 810000},
		},
		"the second accepts no part": {
			"",
			func(w *world) {
				wants(w, allocation(), "r2", "Granted", "False", v1alpha1.ReasonBudgetExhausted,
					"EUR 9,000.00 is requested, and budget "+string(w.budget)+" does not have that much left")
			},
			func(w *world) {
				wants(w, allocation(), "r3", "Granted", "True", v1alpha1.ReasonGranted, "EUR 3,000.00 is granted")
			},
			amounts{"r0": 200000, "r1": 990000, "r3": 300000},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, beforeActivity, 1, nil)
			w.manager()
			w.granted(w.euros("r0", "4000.00", "2000.00"))
			w.rest()
			second := w.euros("r2", "18000.00", "9000.00")
			if tc.part != "" {
				second.AtLeast(tc.part)
			}
			w.granted(w.request("r1").Asks("USD", "22000.00", "50", "11000.00"), second, w.euros("r3", "6000.00", "3000.00"))
			wants(w, allocation(), "r1", "Granted", "True", v1alpha1.ReasonGranted, "EUR 9,900.00 is granted")
			tc.second(w)
			tc.third(w)
			w.holds(tc.holds, nil)
			w.step("2026-10-02T10:00:00+02:00") // the rate is 0.95 since yesterday
			wants(w, allocation(), "r1", "Granted", "True", v1alpha1.ReasonGranted, "EUR 9,900.00 is granted")
			if got := latestOf(w, allocation(), "r1").Status; got.ExchangeRate != "0.9" && got.ExchangeRate != "0.90" || *got.Asked != *euro("9900.00") {
				t.Errorf("r1 is %+v at %s", got.Asked, got.ExchangeRate)
			}
			w.holds(tc.holds, nil)
		})
	}
}

// TestScenarioClaims is scenario 5 of the rules, from the last day to apply to the release after the last resubmission.
func TestScenarioClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-10-06T10:00:00+02:00", 1, nil)
	w.manager()
	w.putAll(w.request("late").Requested("2026-10-06").Obj())
	w.putAll(w.request("fair").Requested("2026-10-05").Obj(),
		w.approval("fair", w.request("fair").Requested("2026-10-05").Obj(), "2026-10-05T10:00:00Z"))
	wants(w, allocation(), "late", "Eligible", "False", v1alpha1.ReasonLeadTimeMissed, "2026-10-05")
	wants(w, allocation(), "fair", "Granted", "True", v1alpha1.ReasonGranted, "EUR 5,000.00 is granted; claims can be received from 2026-10-19 through 2027-01-17")

	w.step(afterActivity)
	first := w.claim("first", "fair", "6000.00").With(func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].Gross = "7140.00" })
	w.claimed(first)
	wants(w, claim(), "first", "Accepted", "True", v1alpha1.ReasonAccepted, "EUR 3,000.00")
	w.pay("first", "T-1", "3000.00")
	w.figures("fair", "5000.00", "2000.00", "3000.00", "3000.00")

	w.step("2027-01-17T23:59:59+01:00") // a Sunday
	w.put(w.claim("second", "fair", "5000.01").Claimed("2027-01-17").Obj())
	wants(w, claim(), "second", "Accepted", "False", v1alpha1.ReasonAwaitingDecision, "")
	if s := latestOf(w, claim(), "second").Status; *s.Payable != *euro("2000.00") || *s.OwnCost != *euro("500.00") {
		t.Errorf("payable is %v and own cost %v, want 2000.00 and 500.00", s.Payable, s.OwnCost)
	}
	w.step("2027-01-18T00:00:00+01:00")
	w.put(w.claim("third", "fair", "100.00").Claimed("2027-01-18").Obj())
	wants(w, claim(), "third", "Accepted", "False", v1alpha1.ReasonClaimTooLate, "2027-01-17")

	w.step("2027-02-01T12:00:00+01:00")
	second := w.claim("second", "fair", "5000.01").Claimed("2027-01-17").Obj()
	w.put(w.decision("no", "MDFClaim", "second", facts.ClaimRevision(&second.Spec), v1alpha1.DecisionRejected, "2027-02-01T10:00:00Z", w.namespace))
	wants(w, claim(), "second", "Accepted", "False", v1alpha1.ReasonRejected, "2027-03-18")
	w.step("2027-03-18T23:59:59+01:00")
	w.figures("fair", "5000.00", "2000.00", "5000.00", "3000.00")
	w.step("2027-03-19T00:00:00+01:00")
	w.figures("fair", "3000.00", "0.00", "3000.00", "3000.00")
	w.holds(amounts{"fair": 0}, amounts{"first": 300000})
	if s := latestOf(w, budget(), string(w.budget)).Status; *s.Available != *euro("0.00") || *s.Lapsed != *euro("17000.00") {
		t.Errorf("available is %v and lapsed %v, want 0.00 and 17000.00", s.Available, s.Lapsed)
	}
}

// TestScenarioRounding is scenario 6 of the rules: three claims of 33.33 at 50 percent pay 49.99 in all.
func TestScenarioRounding(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.euros("fair", "100.00", "50.00"))
	for i, paid := range []v1alpha1.Decimal{"16.66", "16.67", "16.66"} {
		name := string(rune('a' + i))
		w.claimed(w.claim(name, "fair", "33.33"))
		w.rest()
		w.pay(name, "T-"+name, paid)
		wants(w, claim(), name, "Settled", "True", v1alpha1.ReasonSettled, "EUR "+string(paid))
	}
	w.figures("fair", "50.00", "0.01", "49.99", "49.99")
	w.holds(amounts{"fair": 1}, amounts{"a": 1666, "b": 1667, "c": 1666})
}

// TestApprovals follows approvals of a part, of two people, and their end.
func TestApprovals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, beforeActivity, 1, func(b *testobj.BudgetBuilder) { b.Authority("5000.00", 2) })
	w.manager()
	small := w.request("small").Obj()
	w.putAll(small, testobj.InPart(w.approval("small", small, "2026-08-10T10:00:00Z"), "4000.00", "EUR"))
	wants(w, allocation(), "small", "Approved", "True", v1alpha1.ReasonApprovedInPart, "EUR 4,000.00")
	wants(w, allocation(), "small", "Granted", "True", v1alpha1.ReasonGranted, "EUR 4,000.00 is granted")

	large := w.euros("large", "12000.00", "6000.00").Obj()
	second := w.approval("large-2", large, "2026-08-11T10:00:00Z")
	second.Spec.ApprovedBy = "vic"
	w.putAll(large, w.approval("large-1", large, "2026-08-10T10:00:00Z"))
	wants(w, allocation(), "large", "Approved", "False", v1alpha1.ReasonSecondApproverMissing, "2")
	w.put(second)
	wants(w, allocation(), "large", "Granted", "True", v1alpha1.ReasonGranted, "EUR 6,000.00 is granted")
	w.holds(amounts{"small": 400000, "large": 600000}, nil)

	w.put(w.decision("no", "MDFAllocation", "large", facts.RequestRevision(&large.Spec), v1alpha1.DecisionRejected, "2026-09-01T07:00:00Z", w.namespace))
	wants(w, allocation(), "large", "Granted", "False", v1alpha1.ReasonApprovalWithdrawn, "requestID")
	w.holds(amounts{"small": 400000, "large": 0}, nil)
	w.put(w.approval("again", large, "2026-09-01T07:30:00Z"))
	wants(w, allocation(), "large", "Granted", "False", v1alpha1.ReasonApprovalWithdrawn, "requestID")
	change(w, allocation(), "large", func(a *v1alpha1.MDFAllocation) { a.Spec.RequestID = "2" })
	anew := w.euros("large", "12000.00", "6000.00").RequestID("2").Obj()
	third, fourth := w.approval("large-3", anew, "2026-09-01T07:40:00Z"), w.approval("large-4", anew, "2026-09-01T07:50:00Z")
	fourth.Spec.ApprovedBy = "vic"
	w.putAll(third, fourth)
	wants(w, allocation(), "large", "Granted", "True", v1alpha1.ReasonGranted, "EUR 6,000.00 is granted")
	w.holds(amounts{"small": 400000, "large": 0, "large/2": 600000}, nil)
}
