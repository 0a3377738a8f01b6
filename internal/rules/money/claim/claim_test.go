package claim_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

const webinarKey = "partner-acme/webinar/1"

// desk is where claims are settled: request webinar of EUR 5,000.00 at 50 percent for an activity on 2026-10-19, under a plan of record since
// 2026-06-20, approved on 2026-08-05 and granted.
type desk struct {
	program   *v1alpha1.PartnerProgram
	plan      *v1alpha1.JointPlan
	budget    *v1alpha1.MDFBudget
	ledger    *v1alpha1.MDFLedger
	request   *v1alpha1.MDFAllocation
	claims    []*v1alpha1.MDFClaim
	decisions []*v1alpha1.ApprovalDecision
	others    []any
}

func newDesk() *desk {
	d := &desk{
		program: testobj.Program("northwind").Obj(),
		plan:    testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj(),
		budget:  testobj.Budget("fy27-emea").Obj(),
		ledger:  testobj.Ledger("fy27-emea").Reserved(webinarKey, 500000).Obj(),
		request: testobj.Allocation("webinar").Obj(),
	}
	d.approvePlan()
	return d.approveRequest("2026-08-05T10:00:00Z")
}

func (d *desk) approvePlan() {
	revision := plan.Revision(&d.plan.Spec.PlanTerms)
	d.decisions = append(d.decisions,
		testobj.Decision("plan-vendor", d.plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
		testobj.Decision("plan-partner", d.plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"))
}

// approveRequest replaces the decisions on the request by its approval.
func (d *desk) approveRequest(at string) *desk {
	d.decisions = slices.DeleteFunc(d.decisions, func(x *v1alpha1.ApprovalDecision) bool { return x.Spec.TargetRef.Kind == "MDFAllocation" })
	d.decisions = append(d.decisions, testobj.MoneyDecision("request", "MDFAllocation", d.request.Name, facts.RequestRevision(&d.request.Spec),
		v1alpha1.DecisionApproved, "fiona", at))
	return d
}

// grant makes the request one for so much, at a percentage, of which so much is reserved.
func (d *desk) grant(currency v1alpha1.CurrencyCode, cost v1alpha1.Decimal, percent v1alpha1.Percent, amount v1alpha1.Decimal, reserved int64) *desk {
	spec := &d.request.Spec
	spec.Cost, spec.Amount = v1alpha1.Money{Amount: cost, Currency: currency}, v1alpha1.Money{Amount: amount, Currency: currency}
	spec.ReimbursementPercent = percent
	d.ledger.Spec.Reserved[webinarKey] = reserved
	return d.approveRequest("2026-08-05T10:00:00Z")
}

func (d *desk) add(c *v1alpha1.MDFClaim) *v1alpha1.MDFClaim {
	d.claims = append(d.claims, c)
	return c
}

// decide adds a decision of fiona on a claim as it is.
func (d *desk) decide(c *v1alpha1.MDFClaim, decision v1alpha1.DecisionOutcome, at string) *v1alpha1.ApprovalDecision {
	name := c.Name + "-" + strings.ToLower(string(decision)) + "-" + at[:10]
	made := testobj.MoneyDecision(name, "MDFClaim", c.Name, facts.ClaimRevision(&c.Spec), decision, "fiona", at)
	d.decisions = append(d.decisions, made)
	return made
}

func (d *desk) snapshot() *snapshot.Snapshot {
	objects := append([]any{d.program, testobj.Partner("acme").Obj(), d.plan, d.request}, d.others...)
	if d.budget != nil {
		objects = append(objects, d.budget)
	}
	if d.ledger != nil {
		objects = append(objects, d.ledger)
	}
	for _, c := range d.claims {
		objects = append(objects, c)
	}
	for _, x := range d.decisions {
		objects = append(objects, x)
	}
	return testobj.Snapshot(objects...)
}

func accountOf(snap *snapshot.Snapshot, a *v1alpha1.MDFAllocation, now time.Time) *claim.Account {
	f := facts.Of(snap, now)
	return claim.Of(f, a)
}

func (d *desk) account(now string) *claim.Account {
	return accountOf(d.snapshot(), d.request, testobj.At(now))
}

func (d *desk) status(c *v1alpha1.MDFClaim, now string) v1alpha1.MDFClaimStatus {
	status, _ := claim.Evaluate(d.snapshot(), c, testobj.At(now))
	return status
}

// settle lets the ledger settle what the claims' payments ask for, as Decide does.
func (d *desk) settle(now string) {
	for _, view := range d.account(now).Claims {
		if s := view.Settle; s != nil {
			d.take(s)
		}
	}
}

// take notes a settlement as Decide does.
func (d *desk) take(s *claim.Settlement) {
	spec := &d.ledger.Spec
	if _, known := spec.Settled[s.Key]; !known {
		spec.Reserved[webinarKey] -= s.Amount
	}
	spec.Settled[s.Key] = s.Amount
	for _, line := range s.Lines {
		spec.Payments[line.Key] = s.Claim
		spec.Documents[line.Document] += line.Amount
	}
	if spec.Unpaid[s.Key] = s.Unpaid; s.Unpaid == 0 {
		delete(spec.Unpaid, s.Key)
	}
}

// conditionOf returns a condition of a status; an empty one when there is none.
func conditionOf(list []metav1.Condition, kind string) metav1.Condition {
	i := slices.IndexFunc(list, func(c metav1.Condition) bool { return c.Type == kind })
	if i < 0 {
		return metav1.Condition{}
	}
	return list[i]
}

// claimSays checks a condition of a claim, given as "False/ClaimTooLate", and parts of its message.
func claimSays(t *testing.T, status v1alpha1.MDFClaimStatus, kind, verdict string, parts ...string) {
	t.Helper()
	c := conditionOf(status.Conditions, kind)
	if got := string(c.Status) + "/" + c.Reason; got != verdict {
		t.Errorf("%s is %s (%s), want %s", kind, got, c.Message, verdict)
	}
	for _, part := range parts {
		if !strings.Contains(c.Message, part) {
			t.Errorf("the message of %s lacks %q:\n%s", kind, part, c.Message)
		}
	}
}

// foundIn returns the message of the first finding of a rule; empty when there is none.
func foundIn(list []v1alpha1.Finding, severity v1alpha1.Severity, rule, field string) string {
	for _, f := range list {
		if f.Severity == severity && f.Rule == rule && f.Field == field {
			return f.Message
		}
	}
	return ""
}

func euro(amount v1alpha1.Decimal) *v1alpha1.Money {
	return &v1alpha1.Money{Amount: amount, Currency: "EUR"}
}

const (
	accepted = v1alpha1.ConditionAccepted
	settled  = v1alpha1.ConditionSettled
)

func TestScenario5ApplicationDays(t *testing.T) {
	for day, want := range map[v1alpha1.Date]string{"2026-10-05": "Eligible", "2026-10-06": "LeadTimeMissed"} {
		d := newDesk()
		d.program.Spec.Activities[0].LeadTimeBusinessDays = new(int32(10))
		d.request.Spec.RequestedOn = day
		d.ledger.Spec.Reserved = nil
		r := request.Of(facts.Of(d.snapshot(), testobj.At("2026-10-06T12:00:00Z")), d.request)
		if r.Eligible.Reason != want {
			t.Errorf("a request of %s is %s (%s), want %s", day, r.Eligible.Reason, r.Eligible.Message, want)
		}
	}
}

func TestScenario5Claims(t *testing.T) {
	d := newDesk()
	first := d.add(testobj.Claim("first", "webinar").Claimed("2026-11-02").With(func(s *v1alpha1.MDFClaimSpec) {
		s.Costs = []v1alpha1.ClaimedCost{{Invoice: "A-1", Supplier: "Print House", IncurredOn: "2026-10-12", Net: "6000.00", Gross: "7140.00"}}
	}).Obj())
	d.decide(first, v1alpha1.DecisionApproved, "2026-11-09T10:00:00Z")
	status := d.status(first, "2026-11-10T10:00:00Z")
	claimSays(t, status, accepted, "True/Accepted", "EUR 3,000.00 is payable: 50 percent of EUR 6,000.00 net; approved by fiona on 2026-11-09")
	claimSays(t, status, settled, "False/AwaitingPayment", "EUR 3,000.00 is due for payment: pay it, then record the payment in spec.payments")
	if diff := cmp.Diff(euro("3000.00"), status.Payable); diff != "" || status.Stage != v1alpha1.ClaimAccepted || status.Reason != "AwaitingPayment" {
		t.Errorf("stage %s, payable (-want +got):\n%s", status.Stage, diff)
	}
	first.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-1", "2026-11-20", "3000.00")}
	claimSays(t, d.status(first, "2026-11-20T10:00:00Z"), settled, "False/SettlementPending",
		`payment "T-1" line 1 of 2026-11-20 is recorded; the ledger is about to settle EUR 3,000.00`)
	d.settle("2026-11-20T10:00:00Z")
	claimSays(t, d.status(first, "2026-11-20T10:00:00Z"), settled, "True/Settled", `EUR 3,000.00 is settled by payment "T-1" line 1 of 2026-11-20`)

	second := d.add(testobj.Claim("second", "webinar").Claimed("2027-01-17").Cost("B-1", "5000.01").Obj())
	status = d.status(second, "2027-01-17T23:59:59+01:00")
	claimSays(t, status, accepted, "False/AwaitingDecision",
		"received on 2027-01-17; EUR 2,000.00 would be payable; EUR 500.00 more is the partner's cost, because "+
			`MDFAllocation "webinar" has EUR 2,000.00 left`, "waiting for the decision of the vendor on revision "+status.Revision)
	if diff := cmp.Diff([]*v1alpha1.Money{euro("5000.01"), euro("2000.00"), euro("500.00"), nil},
		[]*v1alpha1.Money{status.Claimed, status.Payable, status.OwnCost, status.Paid}); diff != "" {
		t.Errorf("amounts (-want +got):\n%s", diff)
	}
	if a := d.account("2027-01-20T10:00:00Z"); a.Settled != 300000 || a.Open != 200000 || !a.Pending {
		t.Errorf("settled %d, open %d, pending %t", a.Settled, a.Open, a.Pending)
	}

	d.decide(second, v1alpha1.DecisionRejected, "2027-02-01T10:00:00Z")
	status = d.status(second, "2027-03-18T23:59:59+01:00")
	claimSays(t, status, accepted,
		"False/Rejected", "the vendor rejected the claim on 2027-02-01 (fiona, ApprovalDecision \"second-rejected-2027-02-01\" says why): "+
			"correct it and set spec.resubmittedOn to submit it again through 2027-03-18; until then EUR 2,000.00 stays reserved for it")
	if status.Stage != v1alpha1.ClaimSentBack || status.ActBy != "2027-03-18" {
		t.Errorf("stage %s, act by %s", status.Stage, status.ActBy)
	}
	a := d.account("2027-03-18T23:59:59+01:00")
	if a.Open != 200000 || a.Pending || a.ResubmitThrough.String() != "2027-03-18" || !a.Next.Equal(testobj.At("2027-03-19T00:00:00+01:00")) {
		t.Errorf("open %d, pending %t, resubmit through %s, next %s", a.Open, a.Pending, a.ResubmitThrough, a.Next)
	}
	status = d.status(second, "2027-03-19T00:00:00+01:00")
	claimSays(t, status, accepted,
		"False/ResubmissionTooLate", "the claim was rejected on 2027-02-01 and could be submitted again through 2027-03-18, which was not done")
	if a := d.account("2027-03-19T00:00:00+01:00"); a.Open != 0 || a.Pending || !a.ResubmitThrough.IsZero() || status.Stage != v1alpha1.ClaimLapsed {
		t.Errorf("open %d, pending %t, resubmit through %s, stage %s", a.Open, a.Pending, a.ResubmitThrough, status.Stage)
	}
}

func TestScenario5TheDayAfterTheWindowIsLate(t *testing.T) {
	d := newDesk()
	late := d.add(testobj.Claim("late", "webinar").Claimed("2027-01-18").Cost("B-1", "5000.01").Obj())
	status := d.status(late, "2027-01-18T10:00:00+01:00")
	claimSays(t, status, accepted,
		"False/ClaimTooLate", "claimed on 2027-01-18; the activity ended on 2026-10-19, and claims on it could be received through 2027-01-17")
	if a := d.account("2027-01-18T10:00:00+01:00"); a.Open != 0 || status.Stage != v1alpha1.ClaimRefused || status.Reason != "ClaimTooLate" {
		t.Errorf("open %d, stage %s/%s", a.Open, status.Stage, status.Reason)
	}
}

func TestScenario5Release(t *testing.T) {
	d := newDesk()
	c := d.add(testobj.Claim("second", "webinar").Claimed("2027-01-17").Cost("B-1", "4000.00").Obj())
	d.decide(c, v1alpha1.DecisionRejected, "2027-02-01T10:00:00Z")
	release := func(now string) ledger.Release {
		f := facts.Of(d.snapshot(), testobj.At(now))
		return ledger.ReleaseOf(request.Of(f, d.request), claim.Of(f, d.request), f.Now)
	}
	if got := release("2027-03-18T23:59:59+01:00"); got.Keep != 200000 || got.Reason != "ClaimWindowClosed" {
		t.Errorf("on the last day %d is kept (%s)", got.Keep, got.Reason)
	}
	if got := release("2027-03-19T00:00:00+01:00"); got.Keep != 0 || got.Reason != "ClaimWindowClosed" {
		t.Errorf("the day after %d is kept (%s)", got.Keep, got.Reason)
	}
}

func TestScenario6CumulativeRounding(t *testing.T) {
	names := []string{"a", "b", "c"}
	for name, paid := range map[string]bool{"decided": false, "each paid before the next": true} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			for i, n := range names {
				c := d.add(testobj.Claim(n, "webinar").Cost(v1alpha1.Word("I-"+n), "33.33").Obj())
				d.decide(c, v1alpha1.DecisionApproved, "2026-11-0"+string(rune('4'+i))+"T10:00:00Z")
				if paid {
					amount := []v1alpha1.Decimal{"16.66", "16.67", "16.66"}[i]
					c.Spec.Payments = []v1alpha1.Payment{testobj.Payment("T-"+n, "2026-11-10", amount)}
					d.settle("2026-11-10T10:00:00Z")
				}
			}
			a := d.account("2026-11-10T10:00:00Z")
			var got []int64
			for _, view := range a.Claims {
				got = append(got, view.Payable)
			}
			if diff := cmp.Diff([]int64{1666, 1667, 1666}, got); diff != "" || a.Open+a.Settled != 4999 {
				t.Errorf("open and settled %d, payable (-want +got):\n%s", a.Open+a.Settled, diff)
			}
		})
	}
}

func TestClaimRules(t *testing.T) {
	const now = "2026-12-01T10:00:00Z"
	for name, test := range map[string]struct {
		desk    func(*desk)
		claim   func(*v1alpha1.MDFClaimSpec)
		verdict string
		message string
		field   string
		stage   v1alpha1.ClaimStage
		holds   int64
	}{
		"a draft says until when claims are received": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "" },
			verdict: "False/NotClaimed", message: "the claim is a draft: set spec.claimedOn to submit it; claims are received through 2027-01-17", stage: "Draft",
		},
		"so does one that is claimed tomorrow": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "2026-12-02" },
			verdict: "False/NotClaimed", message: "the claim is a draft until 2026-12-02 (spec.claimedOn)", stage: "Draft",
		},
		"nothing is granted": {
			desk:    func(d *desk) { d.ledger.Spec.Reserved = nil },
			verdict: "False/NothingGranted", message: `nothing is granted to MDFAllocation "webinar" (requestID 1): see its status`, field: "spec.allocationRef.name",
			stage: "Refused",
		},
		"all is released": {
			desk:    func(d *desk) { d.ledger.Spec.Reserved[webinarKey] = 0 },
			verdict: "False/NothingGranted", message: `what was granted to MDFAllocation "webinar" (requestID 1) is released`, field: "spec.allocationRef.name",
			stage: "Lapsed",
		},
		"before the activity ended": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "2026-10-18" },
			verdict: "False/ClaimTooEarly", field: "spec.claimedOn", stage: "Refused",
			message: `claimed on 2026-10-18, and the activity of MDFAllocation "webinar" ends on 2026-10-19: claim from that day on, through 2027-01-17`,
		},
		"on the day on which it ended": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.ClaimedOn = "2026-10-19" },
			verdict: "False/AwaitingDecision", message: "received on 2026-10-19; EUR 500.00 would be payable", stage: "PendingDecision", holds: 50000,
		},
		"after the budget's last day for claims": {
			desk:    func(d *desk) { d.budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: "2026-11-01"} },
			verdict: "False/ClaimTooLate", message: "could be received through 2026-11-01", field: "spec.claimedOn", stage: "Refused",
		},
		"proofs are missing": {
			desk: func(d *desk) {
				d.program.Spec.Activities[0].Proofs = []v1alpha1.ProofType{"Invoice", "Photo", "AttendeeList"}
			},
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Proofs = []v1alpha1.Proof{{Type: "Invoice", Reference: "x"}} },
			verdict: "False/ProofMissing", field: "spec.proofs", stage: "Refused", holds: 50000,
			message: "program northwind requires proof of performance for activity type Webinar; missing in spec.proofs: AttendeeList and Photo; add what is missing " +
				"by 2027-01-17; after that no money is held for the claim",
		},
		"another currency": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Currency = "USD" },
			verdict: "False/CurrencyMismatch", message: `the claim is in USD and MDFAllocation "webinar" in EUR: state all costs in EUR`,
			field: "spec.currency", stage: "Refused",
		},
		"no rate": {
			desk: func(d *desk) {
				d.grant("USD", "10000.00", "50", "5000.00", 450000)
			},
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Currency = "USD" },
			verdict: "False/ExchangeRateMissing", message: `no exchange rate from USD to EUR for the day on which MDFAllocation "webinar" was approved`,
			field: "spec.currency",
			stage: "Refused",
		},
		"an invoice that another claim has": {
			desk: func(d *desk) {
				d.add(testobj.Claim("earlier", "other").Claimed("2026-10-30").Cost("i 1", "10.00").With(func(s *v1alpha1.MDFClaimSpec) {
					s.Costs[0].Supplier = "PRINT  HOUSE"
				}).Obj())
			},
			verdict: "False/DuplicateInvoice", message: `invoice "I1" is claimed in MDFClaim "earlier": nothing of it is left`, field: "spec.costs",
			stage: "Refused",
		},
		"an invoice twice in one claim": {
			claim: func(s *v1alpha1.MDFClaimSpec) {
				s.Costs = append(s.Costs, v1alpha1.ClaimedCost{Invoice: " i1", Supplier: "Print House", IncurredOn: "2026-10-12", Net: "10.00"})
			},
			verdict: "False/DuplicateInvoice", message: `invoice " i1" appears twice in this claim`, field: "spec.costs", stage: "Refused", holds: 50000,
		},
		"an invoice of the same number from another supplier": {
			desk: func(d *desk) {
				d.add(testobj.Claim("earlier", "other").Claimed("2026-10-30").Cost("I1",
					"10.00").With(func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].Supplier = "Caterer" }).Obj())
			},
			verdict: "False/AwaitingDecision", message: "EUR 500.00 would be payable", stage: "PendingDecision", holds: 50000,
		},
		"a later claim takes nothing from an earlier one": {
			desk: func(d *desk) {
				d.add(testobj.Claim("later", "other").Claimed("2026-11-03").Cost("I1", "10.00").Obj())
				d.add(testobj.Claim("draft", "other").Claimed("").Cost("I1", "10.00").Obj())
			},
			verdict: "False/AwaitingDecision", stage: "PendingDecision", holds: 50000,
		},
		"a cost before the request was approved": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].IncurredOn = "2026-08-04" },
			verdict: "False/CostNotCovered", message: `invoice "I1" of 2026-08-04: MDFAllocation "webinar" was approved on 2026-08-05: take what is not covered out`,
			field: "spec.costs", stage: "Refused",
		},
		"a cost on the day of the approval": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].IncurredOn = "2026-08-05" },
			verdict: "False/AwaitingDecision", stage: "PendingDecision", holds: 50000,
		},
		"a deposit of before the approval, performed after it": {
			claim: func(s *v1alpha1.MDFClaimSpec) {
				s.Costs[0].IncurredOn, s.Costs[0].PerformedOn = "2026-07-01", "2026-08-05"
			},
			verdict: "False/AwaitingDecision", stage: "PendingDecision", holds: 50000,
		},
		"an invoice of after the approval, for what was performed before it": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].PerformedOn = "2026-08-04" },
			verdict: "False/CostNotCovered", message: `invoice "I1", performed on 2026-08-04: MDFAllocation "webinar" was approved on 2026-08-05: take what is not covered out`,
			field: "spec.costs", stage: "Refused",
		},
		"a cost after the claim": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].IncurredOn = "2026-11-03" },
			verdict: "False/CostNotCovered", message: "that is after the claim, which is dated 2026-11-02", field: "spec.costs", stage: "Refused",
		},
		"a cost while no plan of record had the activity": {
			desk: func(d *desk) {
				revision := plan.Revision(&d.plan.Spec.PlanTerms)
				d.decisions = append(d.decisions,
					testobj.Decision("withdrawn", "acme-h1", revision, v1alpha1.PartyPartner, v1alpha1.DecisionRejected, "2026-10-10T10:00:00Z"))
			},
			verdict: "False/CostNotCovered", field: "spec.costs", stage: "Refused",
			message: `invoice "I1" of 2026-10-12: no plan of record of JointPlan "acme-h1" had activity "autumn-webinar" on that day`,
		},
		"one cost of two": {
			claim: func(s *v1alpha1.MDFClaimSpec) {
				s.Costs = append(s.Costs, v1alpha1.ClaimedCost{Invoice: "I2", IncurredOn: "2026-08-01", Net: "400.00"})
			},
			verdict: "False/CostNotCovered", field: "spec.costs", stage: "Refused", holds: 50000,
		},
		"below the minimum": {
			desk:    func(d *desk) { d.budget.Spec.Claims = &v1alpha1.ClaimPolicy{Minimum: "500.01"} },
			verdict: "False/BelowMinimum", field: "spec.costs", stage: "Refused", holds: 50000,
			message: `the share of the costs is EUR 500.00, and a claim on budget "fy27-emea" must come to at least EUR 500.01: claim more costs at once`,
		},
		"nothing left": {
			desk: func(d *desk) {
				d.add(testobj.Claim("all", "webinar").Claimed("2026-11-01").Cost("I9", "10000.00").Obj())
			},
			verdict: "False/NothingPayable", field: "spec.allocationRef.name", stage: "Refused",
			message: `MDFAllocation "webinar" has EUR 0.00 left that no claim before this one takes, so nothing is payable of the share of EUR 500.00`,
		},
		"less than a cent": {
			claim:   func(s *v1alpha1.MDFClaimSpec) { s.Costs[0].Net = "0.01" },
			verdict: "False/NothingPayable", message: "the share of the costs, 50 percent of EUR 0.01 net, comes to EUR 0.00",
			field: "spec.allocationRef.name", stage: "Refused",
		},
		"above the most that one claim gets": {
			desk:    func(d *desk) { d.budget.Spec.Claims = &v1alpha1.ClaimPolicy{Maximum: "300.00"} },
			verdict: "False/AwaitingDecision", stage: "PendingDecision", holds: 30000,
			message: `EUR 300.00 would be payable; EUR 200.00 more is the partner's cost, because budget "fy27-emea" pays at most EUR 300.00 on one claim`,
		},
		"the request was changed after its approval": {
			desk:    func(d *desk) { d.request.Spec.Place = "Hamburg" },
			verdict: "False/AllocationNotApproved", stage: "PendingDecision", holds: 50000,
			message: `EUR 500.00 would be payable; it stays reserved, but MDFAllocation "webinar" is not approved as it is now (ChangePending)`,
		},
		"the ledger is lost": {
			desk:    func(d *desk) { d.ledger, d.request.Status.Reserved = nil, euro("5000.00") },
			verdict: "Unknown/RecoveryRequired", message: `the ledger of budget "fy27-emea" is lost`, stage: "Refused",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk()
			c := d.add(testobj.Claim("c", "webinar").Cost("I1", "1000.00").Obj())
			if test.claim != nil {
				test.claim(&c.Spec)
			}
			if test.desk != nil {
				test.desk(d)
			}
			status := d.status(c, now)
			claimSays(t, status, accepted, test.verdict, test.message)
			wantSettled := "False/NotAccepted"
			if strings.HasPrefix(test.verdict, "Unknown") {
				wantSettled = test.verdict
			}
			claimSays(t, status, settled, wantSettled)
			if status.Stage != test.stage || status.Reason != test.verdict[strings.Index(test.verdict, "/")+1:] {
				t.Errorf("stage %s (%s), want %s", status.Stage, status.Reason, test.stage)
			}
			if test.field != "" && foundIn(status.Findings, v1alpha1.SeverityWarning, status.Reason, test.field) == "" {
				t.Errorf("no finding %s at %s in %v", status.Reason, test.field, status.Findings)
			}
			for _, view := range d.account(now).Claims {
				if view.Object == c {
					if holds := heldAlone(d, c, now); holds != test.holds {
						t.Errorf("holds %d, want %d", holds, test.holds)
					}
				}
			}
		})
	}
}

// heldAlone returns by how much a claim raises what must stay reserved.
func heldAlone(d *desk, c *v1alpha1.MDFClaim, now string) int64 {
	with := d.account(now).Open
	all := d.claims
	d.claims = slices.DeleteFunc(slices.Clone(all), func(x *v1alpha1.MDFClaim) bool { return x == c })
	defer func() { d.claims = all }()
	return with - d.account(now).Open
}
