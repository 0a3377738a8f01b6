package outcome_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	approved = v1alpha1.DecisionApproved
	returned = v1alpha1.DecisionReturned
	rejected = v1alpha1.DecisionRejected
)

// firstDay is the first of the days about which requests are drawn.
var firstDay = testobj.At("2026-06-25T00:00:00+02:00")

// someInstant draws an instant of the ten months from firstDay on; often one at which a day begins.
func someInstant(t *rapid.T, label string) time.Time {
	at := firstDay.AddDate(0, 0, rapid.IntRange(0, 300).Draw(t, label))
	if rapid.Bool().Draw(t, label+" within the day") {
		at = at.Add(time.Duration(rapid.IntRange(0, 86399).Draw(t, label+" second")) * time.Second)
	}
	return at
}

// someDate draws a day; now and then none.
func someDate(t *rapid.T, label string) v1alpha1.Date {
	if rapid.IntRange(0, 3).Draw(t, label+" given") == 0 {
		return ""
	}
	return v1alpha1.Date(someInstant(t, label).Format(time.DateOnly))
}

// anyDossier draws a request with decisions on its contents of then and now, claims, a ledger, and rules that bite.
func anyDossier(t *rapid.T) *moneytest.Dossier {
	d := moneytest.NewDossier()
	d.Program.Spec.Activities[0].LeadTimeBusinessDays = new(rapid.Int32Range(0, 30).Draw(t, "lead time"))
	d.Program.Spec.Activities[0].ClaimWithinDays = new(rapid.Int32Range(0, 120).Draw(t, "claim days"))
	d.AskInDollars(v1alpha1.Decimal(rapid.SampledFrom([]string{"5000.00", "50000.00", "0.01"}).Draw(t, "amount")))
	rules := &d.Program.Spec.RuleSets[0]
	rules.Escalation = append(rules.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalateDecision, AfterDays: 3, To: "ChannelDirector"})
	rules.Approval = &v1alpha1.ApprovalPolicy{DecideWithinDays: new(rapid.Int32Range(1, 60).Draw(t, "decide within"))}
	if rapid.Bool().Draw(t, "authority") {
		d.Budget = testobj.Budget("fy27-emea").Authority("4600.00", 2).Obj()
	}
	if by := someDate(t, "receivedBy"); by != "" {
		d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: by}
	}
	if ends := someDate(t, "agreement"); ends != "" {
		d.Partner.Spec.Agreement = &v1alpha1.Agreement{SignedOn: "2026-01-01", EndsOn: ends}
	}
	s := &d.Request.Spec
	s.RequestedOn, s.WithdrawnOn = someDate(t, "requestedOn"), ""
	if rapid.IntRange(0, 4).Draw(t, "withdrawn") == 0 {
		s.WithdrawnOn = someDate(t, "withdrawnOn")
	}
	if rapid.Bool().Draw(t, "milestone") {
		s.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}}
		d.More = append(d.More, testobj.Measured("m", "acme-h1", "qualified-leads", someInstant(t, "measured").Format(time.DateOnly), "25"))
	}
	if rapid.IntRange(0, 5).Draw(t, "plan approved") > 0 {
		d.ApprovePlan()
	}
	if rapid.IntRange(0, 2).Draw(t, "for a reward") == 0 {
		anyReward(t, d)
	}
	anyDecisions(t, d)
	anyLedger(t, d)
	return d
}

// anyReward lets the request be for a reward of the budget, and draws results, some of them of the future.
func anyReward(t *rapid.T, d *moneytest.Dossier) {
	s := &d.Request.Spec
	amount := s.Amount
	d.Request = testobj.Allocation("r1").Reward("growth-rebate", rapid.SampledFrom([]v1alpha1.PeriodPart{v1alpha1.PartQ1, v1alpha1.PartQ1, v1alpha1.PartQ2}).Draw(t, "part"),
		"1.00", s.RequestedOn).Withdrawn(s.WithdrawnOn).Obj()
	d.Request.Spec.Amount = amount
	d.Budget.Spec.Rewards = testobj.Budget("x").Rewards(func(r *v1alpha1.RewardRule) {
		if rapid.Bool().Draw(t, "of a tier") {
			r.Tiers = []v1alpha1.Name{"gold", "silver"}
		}
	}).Obj().Spec.Rewards
	var entries []string
	for range rapid.IntRange(0, 3).Draw(t, "results") {
		entries = append(entries, someInstant(t, "measured").Format(time.DateOnly), rapid.SampledFrom([]string{"60000", "100000", "-5"}).Draw(t, "value"))
	}
	d.Earn(entries...)
}

// anyDecisions draws decisions on the request, some of them on another content.
func anyDecisions(t *rapid.T, d *moneytest.Dossier) {
	for i := range rapid.IntRange(0, 5).Draw(t, "decisions") {
		label := fmt.Sprintf("decision %d ", i)
		place := d.Request.Spec.Place
		if rapid.IntRange(0, 3).Draw(t, label+"content") == 0 {
			d.Request.Spec.Place = "Lyon"
		}
		by := rapid.SampledFrom([]string{"vera", "vera", "walt", "paul"}).Draw(t, label+"by")
		at := someInstant(t, label+"at").Format(time.RFC3339)
		switch rapid.IntRange(0, 9).Draw(t, label+"outcome") {
		case 8, 9:
			d.Decide(approved, by, at).Spec.Exception = &v1alpha1.DecisionException{Reason: "the channel manager was ill"}
		case 0:
			d.Decide(returned, by, at)
		case 1:
			d.Decide(rejected, by, at)
		case 2:
			d.Part("4000.00", "USD", by, at)
		default:
			d.Approve(by, at)
		}
		d.Request.Spec.Place = place
	}
}

// anyLedger draws what the ledger holds for the request, and a claim.
func anyLedger(t *rapid.T, d *moneytest.Dossier) {
	switch rapid.IntRange(0, 4).Draw(t, "ledger") {
	case 0:
		d.Ledger = nil
	case 1:
		d.Ledger.Spec.Reserved["partner-acme/r0/1"] = rapid.Int64Range(0, 2000000).Draw(t, "others")
	case 2, 3:
		d.Grant(rapid.Int64Range(0, 450000).Draw(t, "reserved"))
		if d.Request.Spec.Reward != nil {
			d.Ledger.Spec.Rewards = map[string]string{moneytest.RequestKey: "acme/growth-rebate/2026-07-01"}
		}
		d.Lodge("c1", v1alpha1.Date(someInstant(t, "claimed").Format(time.DateOnly)), "1000.00", someInstant(t, "accepted").Format(time.RFC3339)).
			With(func(s *v1alpha1.MDFClaimSpec) {
				if s.Currency = "USD"; d.Request.Spec.Reward != nil {
					s.Costs = nil
				}
			})
		if rapid.Bool().Draw(t, "note") {
			d.Ledger.Spec.Notes[moneytest.RequestKey] = rapid.SampledFrom([]string{"Cut budget fy27-emea had no more left", "Ending BudgetCut"}).Draw(t, "text")
		}
	}
}

func TestAStatusStaysUntilItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDossier(t)
		snap, now := d.Snapshot(), someInstant(t, "now")
		if on, err := time.Parse(time.DateOnly, string(d.Request.Spec.RequestedOn)); err == nil && rapid.Bool().Draw(t, "about the vendor's last day") {
			last := on.AddDate(0, 0, int(*d.Program.Spec.RuleSets[0].Approval.DecideWithinDays))
			now = last.Add(time.Duration(rapid.IntRange(-24, 6*24).Draw(t, "hours after it")) * time.Hour)
		}
		status, next := outcome.Evaluate(snap, d.Request, d.Gate, now)
		if !next.IsZero() && !next.After(now) {
			t.Fatalf("next change %s is not after %s", next, now)
		}
		end := next
		if end.IsZero() {
			end = now.AddDate(3, 0, 0)
		}
		d.Request.Status = status
		for i := range 4 {
			at := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, fmt.Sprint("later ", i))))
			later, _ := outcome.Evaluate(snap, d.Request, d.Gate, at)
			if diff := cmp.Diff(status, later); diff != "" {
				t.Fatalf("status of %s changed by %s, before %s:\n%s", now, at, end, diff)
			}
		}
		just, _ := outcome.Evaluate(snap, d.Request, d.Gate, end.Add(-time.Second))
		if diff := cmp.Diff(status, just); now.Before(end.Add(-time.Second)) && diff != "" {
			t.Fatalf("status of %s changed a second before %s:\n%s", now, end, diff)
		}
	})
}

func TestAStatusDoesNotDependOnTheOrderOfObjects(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := anyDossier(t), someInstant(t, "now")
		status := d.Evaluate(now)
		order := rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "order")))
		order.Shuffle(len(d.More), func(i, j int) { d.More[i], d.More[j] = d.More[j], d.More[i] })
		if diff := cmp.Diff(status, d.Evaluate(now)); diff != "" {
			t.Fatalf("in another order:\n%s", diff)
		}
	})
}

func TestAStatusSaysNoMoreThanTheLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := anyDossier(t), someInstant(t, "now")
		status := d.Evaluate(now)
		granted, reserved := false, int64(0)
		if d.Ledger != nil {
			reserved, granted = d.Ledger.Spec.Reserved[moneytest.RequestKey]
		}
		if !granted && (status.Granted != nil || status.Reserved != nil || status.Paid != nil || status.Stage == v1alpha1.AllocationGranted) {
			t.Fatalf("says that money is granted without an entry of the ledger: %+v", status)
		}
		if status.Reserved != nil && string(status.Reserved.Amount) > fmt.Sprintf("%d.%02d", reserved/100, reserved%100) &&
			len(status.Reserved.Amount) >= len(fmt.Sprintf("%d.%02d", reserved/100, reserved%100)) {
			t.Fatalf("says that %s is reserved, the ledger has %d", status.Reserved.Amount, reserved)
		}
		for _, kind := range []string{
			v1alpha1.ConditionReady, v1alpha1.ConditionEligible, v1alpha1.ConditionApproved, v1alpha1.ConditionGranted, v1alpha1.ConditionClaimWindowClosing,
		} {
			if !hasCondition(status.Conditions, kind) {
				t.Fatalf("condition %s is not set", kind)
			}
		}
		if status.Stage == "" || status.Reason == "" {
			t.Fatalf("stage %q and reason %q must be set", status.Stage, status.Reason)
		}
	})
}

func hasCondition(list []metav1.Condition, kind string) bool {
	for i := range list {
		if list[i].Type == kind && list[i].Reason != "" && list[i].Message != "" {
			return true
		}
	}
	return false
}

func TestAWithdrawnApprovalNeverComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := moneytest.NewDossier()
		d.ApprovePlan()
		d.Approve("vera", "2026-08-04T10:00:00+02:00")
		d.Decide(rapid.SampledFrom([]v1alpha1.DecisionOutcome{returned, rejected}).Draw(t, "outcome"), "walt", "2026-08-05T10:00:00+02:00")
		for i := range rapid.IntRange(0, 5).Draw(t, "decisions") {
			by := rapid.SampledFrom([]string{"vera", "walt", "xena"}).Draw(t, fmt.Sprint("by ", i))
			at := fmt.Sprintf("2026-08-%02dT10:00:00+02:00", 6+i)
			d.Decide(rapid.SampledFrom([]v1alpha1.DecisionOutcome{approved, returned, rejected}).Draw(t, fmt.Sprint("decision ", i)), by, at)
		}
		status := d.Evaluate(testobj.At("2026-08-20T12:00:00+02:00"))
		for _, c := range status.Conditions {
			if c.Type == v1alpha1.ConditionApproved && c.Reason != v1alpha1.ReasonApprovalWithdrawn {
				t.Fatalf("Approved is %s/%s, want ApprovalWithdrawn", c.Status, c.Reason)
			}
		}
	})
}

func TestWhoAsksNeverApproves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, now := anyDossier(t), someInstant(t, "now")
		status := d.Evaluate(now)
		seen := map[string]bool{}
		for _, approval := range status.Approvals {
			if approval.By == d.Request.Spec.RequestedBy || seen[approval.By] || approval.DecidedTime.After(now) {
				t.Fatalf("%s must not count: %+v", approval.Decision, status.Approvals)
			}
			seen[approval.By] = true
		}
		two := d.Budget.Spec.Authority != nil && !strings.HasPrefix(string(d.Request.Spec.Amount.Amount), "0.")
		for _, c := range status.Conditions {
			if c.Type == v1alpha1.ConditionApproved && c.Reason == v1alpha1.ReasonApproved && two && d.Request.Spec.Amount.Amount == "50000.00" && len(seen) < 2 {
				t.Fatalf("approved by %v, and two are needed", seen)
			}
		}
	})
}

func TestNoSpecIsTooOddToEvaluate(t *testing.T) {
	for name, change := range map[string]func(*moneytest.Dossier){
		"empty request": func(d *moneytest.Dossier) { d.Request.Spec = v1alpha1.MDFAllocationSpec{} },
		"odd request": func(d *moneytest.Dossier) {
			testobj.Fill(&d.Request.Spec, 0)
			d.Request.Spec.PlanRef.Name, d.Request.Spec.BudgetRef.Name, d.Request.Spec.Activity = "acme-h1", "fy27-emea", "autumn-webinar"
			d.Request.Spec.ContingentOn[0].Goal = "leads"
		},
		"a reward and an activity": func(d *moneytest.Dossier) {
			d.Request.Spec.Reward = &v1alpha1.RewardRequest{Name: "growth-rebate", Period: v1alpha1.Period{FiscalYear: new(int32(2027)), Part: v1alpha1.PartQ1}}
			d.Budget.Spec.Rewards = []v1alpha1.RewardRule{{Name: "growth-rebate"}}
		},
		"an odd reward": func(d *moneytest.Dossier) {
			d.Request.Spec.Reward = &v1alpha1.RewardRequest{Name: "growth-rebate", Period: v1alpha1.Period{From: "soon"}}
			d.Budget.Spec.Rewards = []v1alpha1.RewardRule{{Name: "growth-rebate", Every: "Never", Percent: "x", Steps: []v1alpha1.AccrualStep{{}}}}
			d.Budget.Spec.Accrual = &v1alpha1.Accrual{}
		},
		"empty budget": func(d *moneytest.Dossier) { d.Budget.Spec = v1alpha1.MDFBudgetSpec{} },
		"odd budget": func(d *moneytest.Dossier) {
			d.Budget.Spec.Amount, d.Budget.Spec.Authority = v1alpha1.Money{Amount: "-1", Currency: "XXY"}, oddAuthority()
		},
		"empty ledger":          func(d *moneytest.Dossier) { d.Ledger.Spec = v1alpha1.MDFLedgerSpec{} },
		"empty plan":            func(d *moneytest.Dossier) { d.Plan.Spec = v1alpha1.JointPlanSpec{} },
		"empty program":         func(d *moneytest.Dossier) { d.Program.Spec = v1alpha1.PartnerProgramSpec{} },
		"empty partner":         func(d *moneytest.Dossier) { d.Partner.Spec = v1alpha1.PartnerSpec{} },
		"nothing else":          func(d *moneytest.Dossier) { d.Partner, d.Plan, d.Budget, d.Ledger = nil, nil, nil, nil },
		"ledger without budget": func(d *moneytest.Dossier) { d.Partner, d.Plan, d.Budget = nil, nil, nil },
		"an empty decision":     func(d *moneytest.Dossier) { d.Decide("", "", moneytest.Noon).Spec.Amount = &v1alpha1.Money{} },
	} {
		for _, granted := range []bool{false, true} {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			d.Approve("vera", "2026-08-04T10:00:00+02:00")
			if granted {
				d.Grant(500000)
				d.Request.Status = d.Evaluate(testobj.At(moneytest.Noon))
			}
			change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			if status.Stage == "" || !hasCondition(status.Conditions, v1alpha1.ConditionGranted) {
				t.Errorf("%s: stage %q, conditions %v", name, status.Stage, status.Conditions)
			}
			for _, x := range d.More {
				if made, ok := x.(*v1alpha1.ApprovalDecision); ok {
					decision.Evaluate(d.Snapshot(), made, testobj.At(moneytest.Noon))
				}
			}
		}
	}
}

func oddAuthority() []v1alpha1.AuthorityRule {
	return []v1alpha1.AuthorityRule{
		{EffectiveFrom: "2026-01-01", Levels: []v1alpha1.AuthorityLevel{{Above: "1k", Approvers: -3}, {Above: "", Approvers: 2147483647}}},
		{EffectiveFrom: "soon"},
	}
}
