package ledger_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/budget"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// bank is a budget with requests in namespaces, to decide about.
type bank struct {
	budget     *v1alpha1.MDFBudget
	ledger     *v1alpha1.MDFLedger
	program    *v1alpha1.PartnerProgram
	namespaces map[string]*snapshot.Objects
	gate       facts.Gate
	offline    bool
}

// newBank is a bank of budget fy27-emea (EUR 20,000.00) with an empty ledger, and an approved plan acme-h1 with activity autumn-webinar in
// namespace partner-acme.
func newBank() *bank {
	b := &bank{
		budget:     testobj.Budget("fy27-emea").Obj(),
		ledger:     testobj.Ledger("fy27-emea").Obj(),
		program:    testobj.Program("northwind").Obj(),
		namespaces: map[string]*snapshot.Objects{},
	}
	b.namespace("partner-acme")
	return b
}

func (b *bank) namespace(name string) *snapshot.Objects {
	if known, ok := b.namespaces[name]; ok {
		return known
	}
	p := testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj()
	revision := plan.Revision(&p.Spec.PlanTerms)
	objects := &snapshot.Objects{
		Partners: []*v1alpha1.Partner{testobj.Partner("acme").Obj()},
		Plans:    []*v1alpha1.JointPlan{p},
		Decisions: []*v1alpha1.ApprovalDecision{
			testobj.Decision("plan-vendor", p.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
			testobj.Decision("plan-partner", p.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"),
		},
	}
	objects.Partners[0].Namespace = name
	b.namespaces[name] = objects
	return objects
}

// request adds a request to a namespace, approved at an instant.
func (b *bank) request(namespace string, a *v1alpha1.MDFAllocation, at string) *v1alpha1.MDFAllocation {
	a.Namespace = namespace
	objects := b.namespace(namespace)
	objects.Allocations = append(objects.Allocations, a)
	if at != "" {
		b.decide(a, v1alpha1.DecisionApproved, at)
	}
	return a
}

// decide adds a decision on the current revision of a request.
func (b *bank) decide(a *v1alpha1.MDFAllocation, decision v1alpha1.DecisionOutcome, at string) {
	objects := b.namespace(a.Namespace)
	name := fmt.Sprintf("on-%s-%d", a.Name, len(objects.Decisions))
	objects.Decisions = append(objects.Decisions,
		testobj.MoneyDecision(name, "MDFAllocation", a.Name, facts.RequestRevision(&a.Spec), decision, "fiona", at))
}

// claim adds a claim on a request with an invoice and, when approved is not empty, its approval.
func (b *bank) claim(a *v1alpha1.MDFAllocation, c *v1alpha1.MDFClaim, approved string) *v1alpha1.MDFClaim {
	c.Namespace = a.Namespace
	objects := b.namespace(a.Namespace)
	objects.Claims = append(objects.Claims, c)
	if approved != "" {
		objects.Decisions = append(objects.Decisions, testobj.MoneyDecision("on-"+c.Name, "MDFClaim", c.Name, facts.ClaimRevision(&c.Spec),
			v1alpha1.DecisionApproved, "fiona", approved))
	}
	return c
}

func (b *bank) pool() ledger.Pool {
	compiled := program.Compile(b.program.Name, &b.program.Spec)
	pool := ledger.Pool{Name: "fy27-emea", Budget: b.budget, Ledger: b.ledger, Program: compiled, Gate: b.gate, Offline: b.offline}
	for namespace, objects := range b.namespaces {
		o := *objects
		if b.budget != nil {
			o.Budgets = []*v1alpha1.MDFBudget{b.budget}
		}
		if b.ledger != nil {
			o.Ledgers = []*v1alpha1.MDFLedger{b.ledger}
		}
		pool.Snapshots = append(pool.Snapshots, snapshot.New(namespace, map[v1alpha1.Name]*program.Program{compiled.Name: compiled}, o))
	}
	return pool
}

// evaluate writes the statuses of all requests and claims, as the controllers do.
func (b *bank) evaluate(now time.Time) {
	for _, snap := range b.pool().Snapshots {
		for _, a := range snap.Allocations() {
			a.Status, _ = outcome.Evaluate(snap, a, b.gate, now)
		}
		for _, c := range snap.Claims() {
			c.Status, _ = claim.Evaluate(snap, c, now)
		}
	}
	if b.budget != nil {
		b.budget.Status, _ = budget.Evaluate(b.pool(), now)
	}
}

// step decides once, writes the ledger and reports whether it changed.
func (b *bank) step(now time.Time) bool {
	outcome := ledger.Decide(b.pool(), now)
	if outcome.Changed {
		ledger := &v1alpha1.MDFLedger{ObjectMeta: metav1.ObjectMeta{Name: "fy27-emea", UID: "ledger-1"}, Spec: *outcome.Ledger}
		b.ledger = ledger
	}
	return outcome.Changed
}

// run evaluates and decides until nothing changes. It returns the number of writes of the ledger.
func (b *bank) run(t *testing.T, now time.Time) int {
	t.Helper()
	for writes := range 10 {
		b.evaluate(now)
		if !b.step(now) {
			return writes
		}
	}
	t.Fatal("the ledger does not come to rest")
	return 0
}

const acme = "partner-acme/"

func at(text string) time.Time { return testobj.At(text) }

func TestGrantsInTheOrderOfScenario4(t *testing.T) {
	for name, tc := range map[string]struct {
		accept v1alpha1.Decimal
		want   map[string]int64
		left   string
	}{
		"R2 accepts a part":  {"5000.00", map[string]int64{acme + "r0/1": 200000, acme + "r1/1": 990000, acme + "r2/1": 810000}, "0.00"},
		"R2 accepts no part": {"", map[string]int64{acme + "r0/1": 200000, acme + "r1/1": 990000, acme + "r3/1": 300000}, "5100.00"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			b.program.Spec.ExchangeRates = []v1alpha1.ExchangeRate{
				{From: "USD", To: "EUR", EffectiveFrom: "2026-07-01", Rate: "0.90"}, {From: "USD", To: "EUR", EffectiveFrom: "2026-09-01", Rate: "0.95"},
			}
			b.program.Spec.Activities[0].ReimbursementPercent = "100"
			b.request("partner-acme", testobj.Allocation("r0").Asks("EUR", "2000.00", "100", "2000.00").Obj(), "2026-08-04T08:00:00Z")
			b.request("partner-acme", testobj.Allocation("r1").Asks("USD", "11000.00", "100", "11000.00").Obj(), "2026-08-04T09:00:00Z")
			b.request("partner-acme", testobj.Allocation("r2").Asks("EUR", "9000.00", "100", "9000.00").AtLeast(tc.accept).Obj(), "2026-08-04T10:00:00Z")
			b.request("partner-acme", testobj.Allocation("r3").Asks("EUR", "3000.00", "100", "3000.00").Obj(), "2026-08-04T11:00:00Z")
			if writes := b.run(t, at("2026-08-05T09:00:00Z")); writes != 1 {
				t.Errorf("%d writes of the ledger, want 1 for all grants", writes)
			}
			if diff := cmp.Diff(tc.want, b.ledger.Spec.Reserved); diff != "" {
				t.Errorf("reserved (-want +got):\n%s", diff)
			}
			if got := string(b.budget.Status.Available.Amount); got != tc.left {
				t.Errorf("available %s, want %s", got, tc.left)
			}
			if writes := b.run(t, at("2026-09-05T09:00:00Z")); writes != 0 {
				t.Errorf("a later exchange rate changed the ledger: %v", b.ledger.Spec.Reserved)
			}
		})
	}
}

func TestGrantsGoByPriorityThenApprovalThenName(t *testing.T) {
	b := newBank()
	b.budget.Spec.Amount.Amount = "10000.00"
	b.request("partner-acme", testobj.Allocation("a-late").Obj(), "2026-08-04T12:00:00Z")
	b.request("partner-acme", testobj.Allocation("b-early").Obj(), "2026-08-04T09:00:00Z")
	b.request("partner-acme", testobj.Allocation("c-urgent").Priority(5).Obj(), "2026-08-04T13:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	if diff := cmp.Diff(map[string]int64{acme + "b-early/1": 500000, acme + "c-urgent/1": 500000}, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved (-want +got):\n%s", diff)
	}
}

func TestNothingIsGrantedWhile(t *testing.T) {
	for name, prepare := range map[string]func(*bank){
		"the gate is shut": func(b *bank) {
			b.gate = facts.Gate{Reason: v1alpha1.ReasonPolicyMissing, Message: "a policy is missing"}
		},
		"the budget is gone":                func(b *bank) { b.budget = nil },
		"the budget is suspended":           (*bank).suspend,
		"the ledger is of another currency": func(b *bank) { b.ledger.Spec.Currency = "USD" },
		"the request is not approved":       func(b *bank) { b.namespace("partner-acme").Decisions = b.namespace("partner-acme").Decisions[:2] },
		"the plan is not approved":          func(b *bank) { b.namespace("partner-acme").Decisions = b.namespace("partner-acme").Decisions[1:] },
		"the ledger was lost": func(b *bank) {
			b.ledger = nil
			b.budget.Status.Ledger = &v1alpha1.LedgerRecord{Name: "fy27-emea", UID: "x"}
		},
		"the amount cannot be read":   func(b *bank) { b.budget.Spec.Amount.Amount = "1k"; b.ledger.Spec.LimitMinor = 0 },
		"the ledger is full":          func(b *bank) { fill(b.ledger) },
		"the budget's period is over": func(b *bank) { b.budget.Spec.Period = v1alpha1.Period{From: "2026-07-01", Through: "2026-08-04"} },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
			prepare(b)
			b.run(t, at("2026-08-05T09:00:00Z"))
			if b.ledger != nil {
				if got, ok := b.ledger.Spec.Reserved[acme+"r/1"]; ok {
					t.Errorf("%d was reserved", got)
				}
			}
			if a.Status.Stage == v1alpha1.AllocationGranted {
				t.Errorf("the status says Granted: %+v", a.Status)
			}
		})
	}
}

// fill fills a ledger with entries of requests that no longer exist.
func fill(ledger *v1alpha1.MDFLedger) {
	for i := range v1alpha1.MaxReservations {
		ledger.Spec.Reserved[fmt.Sprintf("partner-gone/r%d/1", i)] = 0
	}
}

func TestALedgerIsFullBeforeItIsTooLarge(t *testing.T) {
	ledger := testobj.Ledger("fy27-emea").Obj()
	name := strings.Repeat("n", 63)
	for i := 0; !facts.SettlementsFull(&ledger.Spec); i++ {
		claim := fmt.Sprintf("%s/%s/%s/%060d", name, name, name, i)
		ledger.Spec.Settled[claim] = 1
		ledger.Spec.Payments[fmt.Sprintf("%064d#1", i)] = name + "/" + claim[len(claim)-60:]
		ledger.Spec.Documents[fmt.Sprintf("%064d/EUR", i)] = 1
	}
	size := 0
	for key := range ledger.Spec.Settled {
		size += len(key)
	}
	for key := range ledger.Spec.Documents {
		size += len(key)
	}
	for key, text := range ledger.Spec.Payments {
		size += len(key) + len(text)
	}
	if size > 1_000_000 || size < 700_000 {
		t.Errorf("full at %d bytes of keys, want nearly 1,000,000", size)
	}
	if !facts.LedgerFull(&ledger.Spec) {
		t.Error("a ledger that is full of settlements has room for reservations")
	}
}

func TestAPaymentMovesMoneyFromReservedToSettled(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	c := b.claim(a, testobj.Claim("c1", "r").Cost("INV-1", "6000.00").Obj(), "2026-11-03T09:00:00Z")
	b.run(t, at("2026-11-04T09:00:00Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 500000 {
		t.Fatalf("reserved %d before the payment, want 500000", got)
	}
	c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-05", "3000.00")}
	if writes := b.run(t, at("2026-11-05T09:00:00Z")); writes != 1 {
		t.Errorf("%d writes of the ledger, want 1", writes)
	}
	want := v1alpha1.MDFLedgerSpec{
		Currency: "EUR", LimitMinor: 2000000,
		Reserved: map[string]int64{acme + "r/1": 200000}, Settled: map[string]int64{acme + "r/1/c1": 300000},
		Payments: map[string]string{"T-1#1": acme + "c1"}, Documents: map[string]int64{"t-1/EUR": 300000}, Ends: map[string]string{acme + "r/1": "2026-10-19"},
	}
	if diff := cmp.Diff(want, b.ledger.Spec); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if c.Status.Stage != v1alpha1.ClaimSettled || a.Status.Paid == nil || a.Status.Paid.Amount != "3000.00" {
		t.Errorf("claim %s, paid %v; want Settled and 3000.00", c.Status.Stage, a.Status.Paid)
	}
}

// TestAPaymentSettlesOneClaimInWhateverCase records T-1 and t-1 on claims on two requests at once, and then once more after the first is settled.
func TestAPaymentSettlesOneClaimInWhateverCase(t *testing.T) {
	b := newBank()
	first := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	second := b.request("partner-acme", testobj.Allocation("s").Obj(), "2026-08-04T10:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	pays := func(c *v1alpha1.MDFClaim, id string) {
		c.Spec.Payments = []v1alpha1.Payment{testobj.Payment(id, "2026-11-05", "1000.00")}
	}
	pays(b.claim(first, testobj.Claim("c1", "r").Cost("INV-1", "2000.00").Obj(), "2026-11-03T09:00:00Z"), "T-1")
	pays(b.claim(second, testobj.Claim("c2", "s").Cost("INV-2", "2000.01").Obj(), "2026-11-03T10:00:00Z"), "t-1")
	b.run(t, at("2026-11-05T09:00:00Z"))
	third := b.claim(second, testobj.Claim("c3", "s").Cost("INV-3", "2000.02").Obj(), "2026-11-03T11:00:00Z")
	pays(third, "T-1")
	b.run(t, at("2026-11-05T10:00:00Z"))
	if diff := cmp.Diff(map[string]string{"T-1#1": acme + "c1"}, b.ledger.Spec.Payments); diff != "" {
		t.Errorf("payments (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int64{acme + "r/1/c1": 100000}, b.ledger.Spec.Settled); diff != "" {
		t.Errorf("settled (-want +got):\n%s", diff)
	}
	if third.Status.Stage != v1alpha1.ClaimAccepted || third.Status.Reason != v1alpha1.ReasonPaymentDuplicate {
		t.Errorf("the third claim is %s (%s)", third.Status.Stage, third.Status.Reason)
	}
}

func TestMoneyIsReleasedOnlyAfterTheStatusSaysSo(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	a.Spec.WithdrawnOn = "2026-08-06"
	now := at("2026-08-06T09:00:00Z")
	if b.step(now) {
		t.Fatalf("released while the status says reserved %v: %v", a.Status.Reserved, b.ledger.Spec.Reserved)
	}
	b.evaluate(now)
	if !b.step(now) || b.ledger.Spec.Reserved[acme+"r/1"] != 0 {
		t.Errorf("reserved %v after the status said withdrawn, want 0", b.ledger.Spec.Reserved)
	}
	a.Spec.WithdrawnOn = ""
	b.run(t, at("2026-08-07T09:00:00Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 0 || a.Status.Stage != v1alpha1.AllocationReleased {
		t.Errorf("reserved %d, stage %s after the withdrawal was undone; want 0 permanently, Released", got, a.Status.Stage)
	}
	a.Spec.RequestID = "2"
	b.decide(a, v1alpha1.DecisionApproved, "2026-08-08T09:00:00Z")
	b.run(t, at("2026-08-08T10:00:00Z"))
	if diff := cmp.Diff(map[string]int64{acme + "r/1": 0, acme + "r/2": 500000}, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved after asking again (-want +got):\n%s", diff)
	}
}

func TestReleasesNameTheirReason(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(b *bank, a *v1alpha1.MDFAllocation)
		now     string
		reason  string
		message string
	}{
		"withdrawn": {
			func(_ *bank, a *v1alpha1.MDFAllocation) { a.Spec.WithdrawnOn = "2026-08-06" }, "2026-08-06T09:00:00Z", v1alpha1.ReasonWithdrawn,
			"the request was withdrawn on 2026-08-06 (spec.withdrawnOn); what is not claimed is released, which is final: to request again, set a new requestID",
		},
		"approval withdrawn": {
			func(b *bank, a *v1alpha1.MDFAllocation) {
				b.decide(a, v1alpha1.DecisionRejected, "2026-08-06T08:00:00Z")
			},
			"2026-08-06T09:00:00Z", v1alpha1.ReasonApprovalWithdrawn,
			"its approval was withdrawn; what is not claimed is released, which is final: to request again, set a new requestID",
		},
		"agreement ended": {
			func(b *bank, _ *v1alpha1.MDFAllocation) {
				b.namespace("partner-acme").Partners[0].Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2020-01-01", EndsOn: "2026-10-18"}
			},
			"2026-10-18T22:00:00Z", v1alpha1.ReasonAgreementEnded,
			"the partner's agreement ended on 2026-10-18, before the activity on 2026-10-19; what is not claimed is released: renew the agreement, then request " +
				"again with a new requestID",
		},
		"claim window closed": {
			func(*bank, *v1alpha1.MDFAllocation) {}, "2027-01-17T23:00:00Z", v1alpha1.ReasonClaimWindowClosed,
			"claims could be received through 2027-01-17; what was not claimed is released",
		},
		"budget cut": {
			func(b *bank, _ *v1alpha1.MDFAllocation) { b.budget.Spec.Amount.Amount = "1000.00" }, "2026-08-06T09:00:00Z", v1alpha1.ReasonBudgetCut,
			"the amount of budget \"fy27-emea\" was lowered and no longer covers this request; what is not claimed is released: ask the budget owner to " +
				"raise it, then request again with a new requestID",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
			b.run(t, at("2026-08-05T09:00:00Z"))
			tc.prepare(b, a)
			now := at(tc.now)
			if before := now.Add(-time.Second); strings.Contains(name, "ended") || strings.Contains(name, "closed") {
				b.run(t, before)
				if b.ledger.Spec.Reserved[acme+"r/1"] != 500000 {
					t.Fatal("released a second early")
				}
			}
			b.run(t, now)
			if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 0 {
				t.Fatalf("reserved %d, want 0", got)
			}
			b2 := *b
			b2.ledger = b.ledger.DeepCopy()
			b2.ledger.Spec.Reserved[acme+"r/1"] = 500000
			snap := b2.pool().Snapshots[0]
			f := facts.Of(snap, now)
			release := ledger.ReleaseOf(request.Of(f, a), claim.Of(f, a), now)
			if release.Keep != 0 || release.Reason != tc.reason || release.Message != tc.message {
				t.Errorf("keeps %d, %s: %s\nwant 0, %s: %s", release.Keep, release.Reason, release.Message, tc.reason, tc.message)
			}
		})
	}
}

func TestABudgetThatIsLoweredKeepsTheOldestGrantsAndWhatIsClaimed(t *testing.T) {
	b := newBank()
	first := b.request("partner-acme", testobj.Allocation("a").Obj(), "2026-08-04T09:00:00Z")
	b.request("partner-acme", testobj.Allocation("b").Obj(), "2026-08-04T10:00:00Z")
	b.request("partner-acme", testobj.Allocation("c").Obj(), "2026-08-04T11:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	b.claim(first, testobj.Claim("c1", "a").Cost("INV-1", "6000.00").Obj(), "")
	b.budget.Spec.Amount.Amount = "9000.00"
	b.run(t, at("2026-11-05T09:00:00Z"))
	want := map[string]int64{acme + "a/1": 500000, acme + "b/1": 0, acme + "c/1": 0}
	if diff := cmp.Diff(want, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved (-want +got):\n%s", diff)
	}
	b.budget.Spec.Amount.Amount = "2000.00"
	b.run(t, at("2026-11-06T09:00:00Z"))
	want[acme+"a/1"] = 300000
	if diff := cmp.Diff(want, b.ledger.Spec.Reserved); diff != "" {
		t.Errorf("reserved, with a claim of 3,000.00 (-want +got):\n%s", diff)
	}
	if got := b.budget.Status.Excess; got == nil || got.Amount != "1000.00" {
		t.Errorf("excess %v, want 1000.00", got)
	}
}

func TestABudgetThatIsRaisedInTimeTakesNothingBack(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	b.budget.Spec.Amount.Amount = "1000.00"
	b.step(at("2026-08-06T09:00:00Z")) // the note; the status is not written yet
	b.budget.Spec.Amount.Amount = "20000.00"
	b.run(t, at("2026-08-06T09:00:01Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 500000 || a.Status.Stage != v1alpha1.AllocationGranted || len(b.ledger.Spec.Notes) != 0 {
		t.Errorf("reserved %d, stage %s, notes %v; want 500000, Granted, none", got, a.Status.Stage, b.ledger.Spec.Notes)
	}
}

func TestAnAcceptedClaimKeepsItsMoneyWhatever(t *testing.T) {
	for name, change := range map[string]func(*bank){
		"the program asks for another proof": func(b *bank) { b.program.Spec.Activities[0].Proofs = []v1alpha1.ProofType{"Photo"} },
		"the budget asks for a larger claim": func(b *bank) { b.budget.Spec.Claims = &v1alpha1.ClaimPolicy{Minimum: "4000.00"} },
		"the partner is deleted":             func(b *bank) { b.namespace("partner-acme").Partners = nil },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
			b.run(t, at("2026-08-05T09:00:00Z"))
			b.claim(a, testobj.Claim("c1", "r").Cost("INV-1", "6000.00").Obj(), "2026-11-03T09:00:00Z")
			b.run(t, at("2026-11-04T09:00:00Z"))
			change(b)
			b.run(t, at("2026-11-05T09:00:00Z"))
			b.run(t, at("2027-06-01T09:00:00Z"))
			if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 300000 {
				t.Errorf("reserved %d, want the 300000 that are claimed: %+v", got, b.namespace("partner-acme").Claims[0].Status.Conditions)
			}
		})
	}
}

func TestAnEarlierWithdrawalDoesNotEndALaterGrant(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.decide(a, v1alpha1.DecisionReturned, "2026-08-04T10:00:00Z")
	a.Spec.Place = "Hall 3"
	b.decide(a, v1alpha1.DecisionApproved, "2026-08-05T09:00:00Z")
	b.run(t, at("2026-08-06T09:00:00Z"))
	b.budget.Spec.Authority = testobj.Budget("").Authority("1000.00", 2).Obj().Spec.Authority
	b.run(t, at("2026-08-07T09:00:00Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 500000 {
		t.Errorf("reserved %d after the limit of authority was lowered, want 500000", got)
	}
}

func TestAPaymentRateIsNotSetByAnEditAfterAWithdrawal(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	c := b.claim(a, testobj.Claim("c1", "r").Cost("INV-1", "4000.00").Obj(), "2026-11-03T09:00:00Z")
	b.run(t, at("2026-11-04T09:00:00Z"))
	b.decide(a, v1alpha1.DecisionRejected, "2026-11-04T10:00:00Z")
	a.Spec.ReimbursementPercent = "100"
	b.run(t, at("2026-11-05T09:00:00Z"))
	if c.Status.Stage == v1alpha1.ClaimAccepted {
		t.Errorf("the claim is accepted with %v payable, by a content that nobody approved", c.Status.Payable)
	}
}

func TestALimitPerPartnerGoesByThePlanOfRecord(t *testing.T) {
	b := newBank()
	b.budget.Spec.Limits = []v1alpha1.FundingLimit{{Name: "cap", Per: v1alpha1.LimitPerPartner, Amount: "5000.00"}}
	b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	objects := b.namespace("partner-acme")
	other := objects.Plans[0].DeepCopy()
	other.Name = "acme-more"
	revision := plan.Revision(&other.Spec.PlanTerms)
	objects.Plans[0].Spec.Vision = "kept, as the plan of record is another content"
	objects.Plans[0].Spec.PartnerRef.Name = "globex"
	objects.Revisions = append(objects.Revisions, &v1alpha1.PlanRevision{
		ObjectMeta: metav1.ObjectMeta{Name: plan.RevisionName("acme-h1", revision), Namespace: "partner-acme"},
		Spec: v1alpha1.PlanRevisionSpec{
			PlanRef: v1alpha1.Reference{Name: "acme-h1"}, Revision: revision, Terms: other.Spec.PlanTerms,
		},
	})
	objects.Plans = append(objects.Plans, other)
	objects.Decisions = append(objects.Decisions,
		testobj.Decision("more-vendor", other.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
		testobj.Decision("more-partner", other.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"))
	b.request("partner-acme", testobj.Allocation("s").On("acme-more", "fy27-emea").Obj(), "2026-08-06T09:00:00Z")
	b.run(t, at("2026-08-07T09:00:00Z"))
	if got := b.ledger.Spec.Reserved[acme+"s/1"]; got != 0 {
		t.Errorf("%d more was granted, above the limit of the partner, after an edit that nobody approved", got)
	}
}

func TestNobodyMovesADeadlineAlone(t *testing.T) {
	for name, day := range map[string]v1alpha1.Date{"to a later day": "2026-12-20", "to a day long ago": "2026-07-01"} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
			b.run(t, at("2026-08-05T09:00:00Z"))
			a.Spec.StartsOn, a.Spec.EndsOn = day, day
			b.run(t, at("2026-11-06T09:00:00Z"))
			if got := a.Status.ClaimThrough; got != "2027-01-17" || b.ledger.Spec.Reserved[acme+"r/1"] != 500000 {
				t.Fatalf("claims through %s, reserved %v; want 2027-01-17 and 500000 while the change is not approved", got, b.ledger.Spec.Reserved)
			}
			approved := *b
			approved.namespaces = map[string]*snapshot.Objects{}
			objects := *b.namespace("partner-acme")
			approved.namespaces["partner-acme"] = &objects
			approved.decide(a, v1alpha1.DecisionApproved, "2026-11-07T09:00:00Z")
			approved.run(t, at("2026-11-07T09:00:00Z"))
			want := testobj.At(string(day)+"T00:00:00Z").AddDate(0, 0, 90).Format(time.DateOnly)
			if got := string(a.Status.ClaimThrough); got != want {
				t.Errorf("claims through %s after the change was approved, want %s", got, want)
			}
			b.run(t, at("2027-01-17T23:00:00Z"))
			if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 0 {
				t.Errorf("reserved %d after the window that was approved, want 0", got)
			}
		})
	}
}

func TestMoneyOfADeletedPlanIsReleasedAfterItsWindow(t *testing.T) {
	b := newBank()
	b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	b.namespace("partner-acme").Plans = nil
	b.run(t, at("2027-01-17T22:59:59Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 500000 {
		t.Fatalf("reserved %d before the window is over, want 500000", got)
	}
	b.run(t, at("2027-01-17T23:00:00Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 0 {
		t.Errorf("reserved %d after the window, want 0", got)
	}
}

func TestMoneyOfAMissingRequestStaysForADay(t *testing.T) {
	b := newBank()
	a := b.request("partner-acme", testobj.Allocation("r").Obj(), "2026-08-04T09:00:00Z")
	b.run(t, at("2026-08-05T09:00:00Z"))
	objects := b.namespace("partner-acme")
	objects.Allocations = nil
	b.run(t, at("2026-08-06T09:00:00Z"))
	if diff := cmp.Diff(map[string]string{acme + "r/1": "Missing 2026-08-06T09:00:00Z"}, b.ledger.Spec.Notes); diff != "" {
		t.Fatalf("notes (-want +got):\n%s", diff)
	}
	if outcome := ledger.Decide(b.pool(), at("2026-08-06T09:00:00Z")); !outcome.Next.Equal(at("2026-08-07T09:00:00Z")) {
		t.Errorf("looks again at %s, want 2026-08-07T09:00:00Z", outcome.Next)
	}
	back := *b
	back.ledger = b.ledger.DeepCopy()
	back.namespaces = maps.Clone(b.namespaces)
	returned := *objects
	returned.Allocations = []*v1alpha1.MDFAllocation{a}
	back.namespaces["partner-acme"] = &returned
	back.run(t, at("2026-08-06T10:00:00Z"))
	if back.ledger.Spec.Reserved[acme+"r/1"] != 500000 || len(back.ledger.Spec.Notes) != 0 {
		t.Errorf("the request came back: reserved %v, notes %v", back.ledger.Spec.Reserved, back.ledger.Spec.Notes)
	}
	b.run(t, at("2026-08-07T08:59:59Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 500000 {
		t.Errorf("reserved %d a second before the day is over, want 500000", got)
	}
	b.run(t, at("2026-08-07T09:00:00Z"))
	if got := b.ledger.Spec.Reserved[acme+"r/1"]; got != 0 {
		t.Errorf("reserved %d a day later, want 0", got)
	}
}

// TestALedgerIsLookedAtAgainOnlyForMoney: what becomes of a request that was never granted, and of its partner, matters to the ledger until the budget
// is over.
func TestALedgerIsLookedAtAgainOnlyForMoney(t *testing.T) {
	for name, tc := range map[string]struct {
		now, next string
		approved  string
		claim     *v1alpha1.MDFClaim
	}{
		"while it may be granted":                   {now: "2026-08-05T09:00:00Z", next: "2026-08-13T22:00:00Z"},
		"until the budget is over":                  {now: "2026-12-31T22:59:59Z", next: "2026-12-31T23:00:00Z"},
		"once the budget is over":                   {now: "2026-12-31T23:00:00Z"},
		"of what is granted, while claims may come": {now: "2027-01-02T09:00:00Z", approved: "2026-08-04T09:00:00Z", next: "2027-01-17T23:00:00Z"},
		"of what is granted and was released":       {now: "2027-01-17T23:00:00Z", approved: "2026-08-04T09:00:00Z"},
		"of a claim on what was never granted": {
			now: "2026-12-31T23:00:00Z", claim: testobj.Claim("c", "r").Cost("INV-1", "6000.00").Obj(),
		},
		"of a claim that is paid, until a payment comes back": {
			now: "2027-02-01T09:00:00Z", next: "2027-02-09T23:00:00Z", approved: "2026-08-04T09:00:00Z",
			claim: testobj.Claim("c", "r").Cost("INV-1", "6000.00").Final().Paid("T-1", "2026-11-05", "3000.00").With(func(spec *v1alpha1.MDFClaimSpec) {
				spec.Payments = append(spec.Payments, testobj.Reversal("T-2", "2027-02-10", "3000.00", "T-1"))
			}).Obj(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBank()
			b.offline = true
			b.request("partner-acme", testobj.Allocation("r").Obj(), tc.approved)
			if tc.approved != "" {
				b.run(t, at("2026-08-05T09:00:00Z"))
			}
			if tc.claim != nil {
				b.claim(b.namespace("partner-acme").Allocations[0], tc.claim, "2026-11-03T09:00:00Z")
				b.run(t, at("2026-11-06T09:00:00Z"))
			}
			b.run(t, at(tc.now))
			want := time.Time{}
			if tc.next != "" {
				want = at(tc.next)
			}
			if got := ledger.Decide(b.pool(), at(tc.now)).Next; !got.Equal(want) {
				t.Errorf("looks again at %s, want %s", got, want)
			}
		})
	}
}
