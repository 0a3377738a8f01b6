package invariants

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// The keys of the request and the claim of every story.
const (
	fairKey  = "partner-acme/fair/1"
	printKey = fairKey + "/print"
)

// story is a history of money that is written down event by event.
type story struct{ events []MoneyEvent }

func (s *story) then(objects ...metav1.Object) *story {
	for _, object := range objects {
		s.events = append(s.events, MoneyEvent{Version: uint64(len(s.events) + 1), At: testobj.At("2026-11-02T12:00:00Z"), Object: object})
	}
	return s
}

func (s *story) gone(object metav1.Object) *story {
	s.then(object)
	s.events[len(s.events)-1].Deleted = true
	return s
}

func fair() *testobj.AllocationBuilder { return testobj.Allocation("fair") }

// says is the request with a status that says what is reserved and granted.
func says(reserved, granted v1alpha1.Decimal) *v1alpha1.MDFAllocation {
	return fair().Status(func(s *v1alpha1.MDFAllocationStatus) {
		s.RequestID = "1"
		s.Reserved = &v1alpha1.Money{Amount: reserved, Currency: "EUR"}
		s.Granted = &v1alpha1.Money{Amount: granted, Currency: "EUR"}
	}).Obj()
}

func about(name, kind, target, revision string, outcome v1alpha1.DecisionOutcome, by, at string) *v1alpha1.ApprovalDecision {
	return testobj.MoneyDecision(name, kind, target, revision, outcome, by, at)
}

func approveFair() *v1alpha1.ApprovalDecision {
	return about("yes", "MDFAllocation", "fair", facts.RequestRevision(&fair().Obj().Spec), v1alpha1.DecisionApproved, "fay", "2026-08-10T10:00:00Z")
}

func rejectFair() *v1alpha1.ApprovalDecision {
	return about("yno", "MDFAllocation", "fair", facts.RequestRevision(&fair().Obj().Spec), v1alpha1.DecisionRejected, "fay", "2026-08-11T10:00:00Z")
}

func ledger() *testobj.LedgerBuilder { return testobj.Ledger("fy27-emea") }

func printed() *testobj.ClaimBuilder { return testobj.Claim("print", "fair").Cost("INV-1", "6000.00") }

func approvePrint() *v1alpha1.ApprovalDecision {
	return about("print", "MDFClaim", "print", facts.ClaimRevision(&printed().Obj().Spec), v1alpha1.DecisionApproved, "fay", "2026-11-02T10:00:00Z")
}

// accepted is the claim with a status that says that it is accepted.
func accepted(b *testobj.ClaimBuilder, payable v1alpha1.Decimal) *v1alpha1.MDFClaim {
	c := b.Obj()
	c.Status.Stage, c.Status.Payable = v1alpha1.ClaimAccepted, &v1alpha1.Money{Amount: payable, Currency: "EUR"}
	c.Status.ObservedGeneration = c.Generation
	return c
}

// begun is a budget, an approved plan, a request and an empty ledger.
func begun() *story {
	s := &story{}
	return s.then(testobj.Budget("fy27-emea").Obj(), testobj.Plan("acme-h1").Obj(),
		testobj.Decision("plan", "acme-h1", "v1:0123456789abcdef0123456789abcdef", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"),
		fair().Obj(), ledger().Obj())
}

// granted is a story in which the request is granted, and its status says so.
func granted() *story {
	return begun().then(approveFair(), ledger().Reserved(fairKey, 500000).Obj(), says("5000.00", "5000.00"))
}

// settled is a story in which a claim is paid and settled.
func settled() *story {
	return granted().then(printed().Obj(), approvePrint(), accepted(printed(), "3000.00"),
		accepted(printed().Paid("T-1", "2026-11-02", "3000.00"), "3000.00"),
		ledger().Reserved(fairKey, 200000).Settled(printKey, 300000).Payment("T-1", "partner-acme/print").Obj())
}

func TestMoneyThatIsInOrder(t *testing.T) {
	for name, s := range map[string]*story{
		"a grant":                             granted(),
		"a settlement":                        settled().then(says("2000.00", "5000.00")),
		"a release, after the status said so": granted().then(rejectFair(), says("0.00", "0.00"), ledger().Reserved(fairKey, 0).Obj()),
		"an approval that was withdrawn between the reads and the write": begun().then(approveFair(), rejectFair(), ledger().Reserved(fairKey, 500000).Obj()),
		"a lowered budget": granted().then(testobj.Budget("fy27-emea").Amount("3000.00", "EUR").Obj(),
			ledger().With(func(s *v1alpha1.MDFLedgerSpec) { s.LimitMinor = 300000 }).Reserved(fairKey, 500000).Obj()),
		"a request that is gone": granted().gone(says("5000.00", "5000.00")).then(ledger().Reserved(fairKey, 0).Obj()),
		"a ledger that was lost and is rebuilt": granted().gone(ledger().Reserved(fairKey, 500000).Obj()).then(says("5000.00", "5000.00"),
			ledger().Reserved(fairKey, 500000).Obj()),
	} {
		t.Run(name, func(t *testing.T) {
			if got := MoneyViolations(s.events); got != nil {
				t.Errorf("MoneyViolations() = %q, want none", got)
			}
		})
	}
}

func TestMoneyViolations(t *testing.T) {
	second := func(requestID v1alpha1.Name) *v1alpha1.MDFLedger {
		return ledger().Reserved(fairKey, 500000).Reserved("partner-acme/fair/"+string(requestID), 1).Obj()
	}
	for name, tc := range map[string]struct {
		story *story
		want  string
	}{
		"reserved above the limit": {
			begun().then(approveFair(), ledger().Reserved(fairKey, 500000).With(func(s *v1alpha1.MDFLedgerSpec) { s.LimitMinor = 499999 }).Obj()),
			"ledger fy27-emea holds 500000, above its limit of 499999\n" +
				"ledger fy27-emea: limitMinor is 499999, which the budget's amount was not",
		},
		"reserved without an approval": {
			begun().then(ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved on an approval by the one who asks": {
			begun().then(about("yes", "MDFAllocation", "fair", facts.RequestRevision(&fair().Obj().Spec), v1alpha1.DecisionApproved, "paul", "2026-08-10T10:00:00Z"),
				ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved on the approval of another revision": {
			begun().then(approveFair(), fair().Asks("EUR", "20000.00", "50", "10000.00").Obj(), ledger().Obj(), ledger().Reserved(fairKey, 1000000).Obj()),
			"ledger fy27-emea: 1000000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved on an approval that was withdrawn before the ledger's last write": {
			begun().then(approveFair(), rejectFair(), ledger().Obj(), ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved on a decision that is not yet in force": {
			begun().then(about("yes", "MDFAllocation", "fair", facts.RequestRevision(&fair().Obj().Spec), v1alpha1.DecisionApproved, "fay", "2026-11-02T12:00:01Z"),
				ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved with one approver of two": {
			begun().then(testobj.Budget("fy27-emea").Authority("4000.00", 2).Obj(), approveFair(), ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved with one approver after a rule for one was put between": {
			begun().then(testobj.Budget("fy27-emea").Authority("4000.00", 2).AuthorityFrom("2026-08-06").
				AuthorityFrom("2026-10-01", v1alpha1.AuthorityLevel{Above: "4000.00", Approvers: 2}).Obj(), approveFair(),
				ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"more reserved than approved": {
			begun().then(testobj.InPart(approveFair(), "4000.00", "EUR"), ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 400000 was approved (approved: true)",
		},
		"reserved on a plan that is not approved": {
			begun().gone(testobj.Decision("plan", "acme-h1", "", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z")).
				then(ledger().Obj(), approveFair(), ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"reserved of a budget that is gone": {
			begun().gone(testobj.Budget("fy27-emea").Obj()).then(ledger().Obj(), approveFair(), ledger().Reserved(fairKey, 500000).Obj()),
			"ledger fy27-emea: 500000 was reserved for partner-acme/fair/1, of which 0 was approved (approved: false)",
		},
		"granted twice": {
			granted().then(second("2")),
			"ledger fy27-emea: 1 was reserved for partner-acme/fair/2, of which 0 was approved (approved: false)",
		},
		"a reservation that grows": {
			granted().then(ledger().Reserved(fairKey, 500001).Obj()),
			"ledger fy27-emea: the reservation partner-acme/fair/1 was 500000 and is 500001 (there: true): it cannot grow or vanish",
		},
		"a reservation that vanishes": {
			granted().then(ledger().Obj()),
			"ledger fy27-emea: the reservation partner-acme/fair/1 was 500000 and is 0 (there: false): it cannot grow or vanish\n" +
				"the status of request partner-acme/fair says that 500000 is granted, and the ledger holds 0",
		},
		"a release before the status says so": {
			granted().then(rejectFair(), ledger().Reserved(fairKey, 0).Obj()),
			"ledger fy27-emea: reservation partner-acme/fair/1 was lowered to 0 before the request's status said so\n" +
				"the status of request partner-acme/fair says that 500000 is granted, and the ledger holds 0",
		},
		"a status that says granted before the ledger": {
			begun().then(approveFair(), says("5000.00", "5000.00")),
			"the status of request partner-acme/fair says that 500000 is granted, and the ledger holds 0",
		},
		"a status that says more than the ledger": {
			granted().then(says("5000.00", "5000.01")),
			"the status of request partner-acme/fair says that 500001 is granted, and the ledger holds 500000",
		},
		"a release of what an accepted claim holds": {
			granted().then(printed().Obj(), approvePrint(), accepted(printed(), "3000.00"), says("2999.99", "2999.99"), ledger().Reserved(fairKey, 299999).Obj()),
			"ledger fy27-emea: reservation partner-acme/fair/1 was lowered to 299999, and accepted claims hold 300000",
		},
		"a settlement without an approval of the claim": {
			granted().then(printed().Paid("T-1", "2026-11-02", "3000.00").Obj(),
				ledger().Reserved(fairKey, 200000).Settled(printKey, 300000).Payment("T-1", "partner-acme/print").Obj()),
			"ledger fy27-emea: 300000 was settled for partner-acme/fair/1/print, of which 0 was payable (approved: false)",
		},
		"a settlement above what is payable": {
			granted().then(printed().Paid("T-1", "2026-11-02", "4000.00").Obj(), approvePrint(),
				ledger().Reserved(fairKey, 199999).Settled(printKey, 300001).Payment("T-1", "partner-acme/print").Obj()),
			"ledger fy27-emea: 300001 was settled for partner-acme/fair/1/print, of which 300000 was payable (approved: true)",
		},
		"a settlement above the payment": {
			granted().then(printed().Paid("T-1", "2026-11-02", "2000.00").Obj(), approvePrint(),
				ledger().Reserved(fairKey, 200000).Settled(printKey, 300000).Payment("T-1", "partner-acme/print").Obj()),
			"ledger fy27-emea: 300000 of partner-acme/fair/1/print counts as paid, and its payments come to 200000",
		},
		"a settlement without a payment": {
			granted().then(printed().Obj(), approvePrint(), ledger().Reserved(fairKey, 200000).Settled(printKey, 300000).Obj()),
			"ledger fy27-emea: no payment settles partner-acme/fair/1/print\n" +
				"ledger fy27-emea: 0 payments settle 1 claims\n" +
				"ledger fy27-emea: 300000 was settled for partner-acme/fair/1/print, which records no payment\n" +
				"ledger fy27-emea: 300000 of partner-acme/fair/1/print counts as paid, and its payments come to 0",
		},
		"a settlement that takes nothing from the reservation": {
			granted().then(printed().Paid("T-1", "2026-11-02", "3000.00").Obj(), approvePrint(),
				ledger().Reserved(fairKey, 500000).Settled(printKey, 300000).Payment("T-1", "partner-acme/print").Obj()),
			"ledger fy27-emea: 300000 was settled for partner-acme/fair/1, and its reservation fell by 0",
		},
		"a settlement that changes": {
			settled().then(ledger().Reserved(fairKey, 200000).Settled(printKey, 299999).Payment("T-1", "partner-acme/print").Obj()),
			"ledger fy27-emea: the settlement partner-acme/fair/1/print was 300000 and is 299999: it cannot change\n" +
				"ledger fy27-emea: reservation partner-acme/fair/1 was lowered to 200000 before the request's status said so\n" +
				"the status of request partner-acme/fair says that 500000 is granted, and the ledger holds 499999",
		},
		"a payment that moves to another claim": {
			settled().then(ledger().Reserved(fairKey, 200000).Settled(printKey, 300000).Payment("T-1", "partner-acme/web").Obj()),
			"ledger fy27-emea: payment T-1#1 settled partner-acme/print and now \"partner-acme/web\"\n" +
				"ledger fy27-emea: no payment settles partner-acme/fair/1/print",
		},
		"a claim that says paid before the ledger": {
			granted().then(func() *v1alpha1.MDFClaim {
				c := printed().Obj()
				c.Status.Paid = &v1alpha1.Money{Amount: "3000.00", Currency: "EUR"}
				return c
			}()),
			"the status of claim partner-acme/print says that 300000 is paid, and the ledger does not",
		},
		"a ledger that is rebuilt with more than it held": {
			granted().gone(ledger().Reserved(fairKey, 500000).Obj()).then(ledger().Reserved(fairKey, 500001).Obj()),
			"ledger fy27-emea: reservation partner-acme/fair/1 was rebuilt as 500001 and was 500000 (known: true)",
		},
		"a ledger that is rebuilt with less than statuses say": {
			granted().gone(ledger().Reserved(fairKey, 500000).Obj()).then(ledger().Obj()),
			"the status of request partner-acme/fair says that 500000 is granted, and the ledger holds 0",
		},
		"more claimed than granted": {
			granted().then(fair().Status(func(s *v1alpha1.MDFAllocationStatus) {
				s.Granted, s.Claimed = &v1alpha1.Money{Amount: "5000.00", Currency: "EUR"}, &v1alpha1.Money{Amount: "5000.01", Currency: "EUR"}
			}).Obj()),
			"the status of request partner-acme/fair says that 500001 is claimed of 500000 granted",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, violation := range MoneyViolations(tc.story.events) {
				_, text, _ := strings.Cut(violation, ": ")
				got = append(got, text)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("MoneyViolations() (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMoneyIsJudgedByRevision orders what several watches delivered.
func TestMoneyIsJudgedByRevision(t *testing.T) {
	s := granted()
	for i, j := 0, len(s.events)-1; i < j; i, j = i+1, j-1 {
		s.events[i], s.events[j] = s.events[j], s.events[i]
	}
	s.events[0].At = time.Time{}
	if got := MoneyViolations(s.events); got != nil {
		t.Errorf("MoneyViolations() = %q, want none", got)
	}
}
