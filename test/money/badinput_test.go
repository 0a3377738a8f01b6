package money

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

func decisionOn() *v1alpha1.ApprovalDecision { return &v1alpha1.ApprovalDecision{} }

// TestWrongDecisions names why a decision does not count.
func TestWrongDecisions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, beforeActivity, 1, nil)
	w.manager()
	w.put(w.request("fair").Obj())
	old := w.euros("fair", "10000.00", "4000.00").Obj()
	w.put(w.approval("old", old, "2026-08-10T10:00:00Z"))
	wants(w, decisionOn(), "old", "Effective", "False", v1alpha1.ReasonStale, "revision")
	wants(w, allocation(), "fair", "Approved", "False", v1alpha1.ReasonChangePending, "")

	w.put(w.request("web").Obj())
	own := w.approval("own", w.request("web").Obj(), "2026-08-11T10:00:00Z")
	own.Spec.ApprovedBy = "paul"
	w.put(own)
	wants(w, decisionOn(), "own", "Effective", "False", v1alpha1.ReasonSelfApproval, "paul")
	wants(w, allocation(), "web", "Approved", "False", v1alpha1.ReasonSelfApproval, "paul")

	w.put(w.approval("nothing", w.request("nowhere").Obj(), "2026-08-11T10:00:00Z"))
	wants(w, decisionOn(), "nothing", "Effective", "False", v1alpha1.ReasonTargetNotFound, `"nowhere"`)

	future := w.approval("future", w.request("web").Obj(), "2026-09-02T10:00:00Z")
	w.put(future)
	wants(w, decisionOn(), "future", "Effective", "False", v1alpha1.ReasonNotYetInForce, "2026-09-02")
	w.put(testobj.InPart(w.approval("dollars", w.request("web").Obj(), "2026-08-12T10:00:00Z"), "1000.00", "USD"))
	wants(w, decisionOn(), "dollars", "Effective", "False", v1alpha1.ReasonCurrencyMismatch, "USD")
	w.holds(amounts{}, nil)
}

// TestWrongClaims names why a claim is not paid.
func TestWrongClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "2026-10-18T10:00:00+02:00", 2, nil)
	w.manager()
	w.granted(w.request("fair"))
	w.put(w.claim("early", "fair", "100.00").Claimed("2026-10-18").Obj())
	wants(w, claim(), "early", "Accepted", "False", v1alpha1.ReasonClaimTooEarly, "claimed on 2026-10-18, and the activity of MDFAllocation \"fair\" ends on 2026-10-19")
	w.step(afterActivity)
	spec := func(b *testobj.ClaimBuilder, change func(*v1alpha1.MDFClaimSpec)) *v1alpha1.MDFClaim {
		return b.With(change).Obj()
	}
	foreign := w.claim("foreign", "fair", "100.00").Obj()
	foreign.Namespace = w.namespaces[1]
	w.putAll(foreign,
		spec(w.claim("no-proof", "fair", "100.00"), func(s *v1alpha1.MDFClaimSpec) { s.Proofs = nil }),
		w.claim("nothing", "fiar", "100.00").Obj(),
		spec(w.claim("dollars", "fair", "100.00"), func(s *v1alpha1.MDFClaimSpec) { s.Currency = "USD" }),
		spec(w.claim("before", "fair", "100.00"), func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].IncurredOn = "2026-08-09" }),
		w.claim("draft", "fair", "100.00").Claimed("").Obj(),
		w.claim("tomorrow", "fair", "100.00").Claimed("2026-11-03").Obj(),
		spec(w.claim("original", "fair", "100.00"), func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].Supplier = "" }),
		spec(w.claim("zcopy", "fair", "100.00"), func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].Invoice, s.Costs[0].Supplier = "INV-original", "" }))
	for _, tc := range []struct{ name, reason, message string }{
		{"no-proof", v1alpha1.ReasonProofMissing, "Invoice"},
		{"nothing", v1alpha1.ReasonAllocationNotFound, `"fair"`},
		{"dollars", v1alpha1.ReasonCurrencyMismatch, "USD"},
		{"before", v1alpha1.ReasonCostNotCovered, "2026-08-10"},
		{"draft", v1alpha1.ReasonNotClaimed, "spec.claimedOn"},
		{"tomorrow", v1alpha1.ReasonNotClaimed, "2026-11-03"},
		{"zcopy", v1alpha1.ReasonDuplicateInvoice, "INV-original"},
	} {
		wants(w, claim(), tc.name, "Accepted", "False", tc.reason, tc.message)
	}
	w.namespace = w.namespaces[1]
	wants(w, claim(), "foreign", "Accepted", "False", v1alpha1.ReasonAllocationNotFound, `"fair"`)
}

// TestAClaimAboveTheReservation pays what is reserved; the rest is the partner's cost.
func TestAClaimAboveTheReservation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.request("fair"))
	w.claimed(w.claim("print", "fair", "10000.02"))
	wants(w, claim(), "print", "Accepted", "True", v1alpha1.ReasonAcceptedInPart, "EUR 5,000.00")
	w.claimed(w.claim("signs", "fair", "100.00"))
	wants(w, claim(), "signs", "Accepted", "False", v1alpha1.ReasonNothingPayable, "")
	w.pay("print", "T-1", "6000.00")
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonPaymentAboveClaim, "EUR 6,000.00")
	w.holds(amounts{"fair": 0}, amounts{"print": 500000})
}

// TestAPaymentSettlesOnce refuses the id of a payment that settled another claim.
func TestAPaymentSettlesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.request("fair"))
	w.rest() // a payment without a ledger would tell that one is lost
	w.claimed(w.claim("first", "fair", "1000.00"))
	w.claimed(w.claim("second", "fair", "1000.00"))
	w.put(w.claim("third", "fair", "1000.00").Paid("T-2", "2026-11-02", "500.00").Obj())
	wants(w, claim(), "third", "Settled", "False", v1alpha1.ReasonNotAccepted, "")
	w.pay("first", "T-1", "500.00")
	wants(w, claim(), "first", "Settled", "True", v1alpha1.ReasonSettled, "EUR 500.00")
	w.pay("second", "T-1", "500.00")
	wants(w, claim(), "second", "Settled", "False", v1alpha1.ReasonPaymentDuplicate, "first")
	w.holds(amounts{"fair": 450000}, amounts{"first": 50000})
}

// TestOnePaymentOfTwoClaimsAtOnce settles one of two claims, of two partners, for which the same payment was recorded while no manager ran.
func TestOnePaymentOfTwoClaimsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 2, nil)
	m := w.manager()
	for _, w.namespace = range w.namespaces {
		w.granted(w.request("fair"))
		w.claimed(w.claim("print", "fair", "1000.00"))
	}
	w.rest()
	m.Stop()
	for _, w.namespace = range w.namespaces {
		w.pay("print", "T-1", "500.00")
	}
	w.manager()
	w.namespace = w.namespaces[1] // its key in the ledger comes first, as - comes before /
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonSettled, "EUR 500.00")
	w.namespace = w.namespaces[0]
	wants(w, claim(), "print", "Settled", "False", v1alpha1.ReasonPaymentDuplicate, "is that of another MDFClaim")
	if got := sumOf(w); got != 1000000 || len(w.Ledger(string(w.budget)).Spec.Settled) != 1 {
		t.Errorf("%d is reserved and settled: %v", got, w.Ledger(string(w.budget)).Spec)
	}
}

// TestAChangedRequest keeps its money, and pays nothing until the change is approved or undone.
func TestAChangedRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.request("fair"))
	w.claimed(w.claim("print", "fair", "6000.00"))
	w.rest()
	change(w, allocation(), "fair", func(a *v1alpha1.MDFAllocation) { a.Spec.Place = "Hamburg" })
	wants(w, allocation(), "fair", "Approved", "False", v1alpha1.ReasonChangePending, "")
	wants(w, claim(), "print", "Accepted", "False", v1alpha1.ReasonAllocationNotApproved, "")
	w.pay("print", "T-1", "3000.00")
	wants(w, claim(), "print", "Settled", "False", v1alpha1.ReasonNotAccepted, "")
	w.holds(amounts{"fair": 500000}, nil)
	w.put(w.decision("change", "MDFAllocation", "fair",
		facts.RequestRevision(&w.request("fair").With(func(s *v1alpha1.MDFAllocationSpec) { s.Place = "Hamburg" }).Obj().Spec), v1alpha1.DecisionApproved,
		"2026-11-02T08:30:00Z", w.namespace))
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonSettled, "EUR 3,000.00")
	w.holds(amounts{"fair": 200000}, amounts{"print": 300000})
}
