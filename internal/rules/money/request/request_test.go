package request_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// breakAll makes a request break as many rules at once as can be.
func breakAll(d *moneytest.Dossier) {
	d.Program.Spec.RuleSets[0].Tiers[0].Activities = []v1alpha1.ActivityType{"TradeShow"}
	d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
		Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
		Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}}},
	}}
	d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-07-31"}}
	d.Partner.Spec.Agreement = &v1alpha1.Agreement{EndsOn: "2026-10-18"}
	d.Budget.Spec.Activities = []v1alpha1.ActivityType{"TradeShow"}
	d.Budget.Spec.RequestBy = "2026-08-02"
	s := &d.Request.Spec
	s.RequestedOn, s.StartsOn, s.EndsOn = "", "2027-01-02", "2027-01-02"
	s.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}}
	s.Cost, s.ReimbursementPercent = v1alpha1.Money{Amount: "100.00", Currency: "USD"}, "60"
	s.Amount, s.Expected = v1alpha1.Money{Amount: "60.01", Currency: "USD"}, nil
}

func TestTheFirstBrokenRuleIsTheReasonAndAllAreListed(t *testing.T) {
	d := moneytest.NewDossier()
	d.ApprovePlan()
	breakAll(d)
	now := testobj.At("2027-04-03T12:00:00+02:00") // after 2027-04-02, the last day for claims
	want := []string{
		request.RuleNotRequested, request.RuleOutsidePeriod, request.RuleActivityNotFunded, request.RuleStandingHold, request.RuleTierNotAllowed,
		request.RuleAgreementEnded, request.RuleLeadTimeMissed, request.RuleRequestDeadlineMissed, request.RuleMilestoneNotReached,
		request.RuleRateAboveProgram, request.RuleAmountAboveShare, request.RuleExpectedOutcomeMissing, request.RuleExchangeRateMissing,
		request.RuleClaimWindowClosed,
	}
	repair := []func(){
		func() { d.Request.Spec.RequestedOn = "2027-04-01" },
		func() {
			d.Budget.Spec.Period.Part = v1alpha1.PartYear
			d.Plan.Spec.Period.Part = v1alpha1.PartYear
			d.More = nil
			d.ApprovePlan()
		},
		func() { d.Budget.Spec.Activities = nil },
		func() { d.Partner.Spec.Invoices = nil },
		func() { d.Program.Spec.RuleSets[0].Tiers[0].Activities = nil },
		func() { d.Partner.Spec.Agreement = nil },
		func() { d.Request.Spec.RequestedOn = "2027-01-02" },
		func() { d.Budget.Spec.RequestBy = "2027-01-02" },
		func() { d.Request.Spec.ContingentOn = nil },
		func() { d.Request.Spec.ReimbursementPercent = "50" },
		func() { d.Request.Spec.Amount.Amount = "50.00" },
		func() { d.Request.Spec.Expected = []v1alpha1.ExpectedResult{{Metric: "retention", Value: "1"}} },
		func() {
			d.Program.Spec.ExchangeRates = []v1alpha1.ExchangeRate{{From: "USD", To: "EUR", EffectiveFrom: "2026-07-01", Rate: "0.9"}}
		},
	}
	for i, reason := range want {
		status := d.Evaluate(now)
		if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); !strings.HasPrefix(got, "False/"+reason+": ") {
			t.Errorf("step %d: Eligible is %s, want %s", i, got, reason)
		}
		var rules []string
		for _, f := range status.Findings {
			rules = append(rules, f.Rule)
		}
		slices.Sort(rules)
		left := append(slices.Clone(want[i:]), request.RuleAfterTheFact) // nobody has approved it
		if i > slices.Index(want, request.RuleExpectedOutcomeMissing) {
			left = append(left, request.RuleDecisionOverdue) // the partner has nothing to change first any more
		}
		slices.Sort(left)
		if diff := cmp.Diff(left, rules); diff != "" {
			t.Errorf("step %d: findings (-want +got):\n%s", i, diff)
		}
		if i < len(repair) {
			repair[i]()
		}
	}
}

func TestMistakesInARequest(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		want   []string
	}{
		"nothing is wrong": {func(*moneytest.Dossier) {}, nil},
		"no day": {func(d *moneytest.Dossier) { d.Request.Spec.StartsOn = "2026-02-30" }, []string{
			`Error DateInvalid spec.startsOn: "2026-02-30" is not a calendar day: February 2026 has the days 01 to 28`,
		}},
		"ends before it starts": {func(d *moneytest.Dossier) { d.Request.Spec.EndsOn = "2026-10-18" }, []string{
			"Error DateInvalid spec.endsOn: 2026-10-18 is before the activity starts, 2026-10-19: write the day on which it ends",
		}},
		"too many digits": {func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "5000.001" }, []string{
			`Error AmountInvalid spec.amount: "5000.001" has too many digits after the point (3): EUR amounts have at most 2, such as "12.50"`,
		}},
		"no digits in JPY": {func(d *moneytest.Dossier) {
			d.Request = testobj.Allocation("r1").Asks("JPY", "100.0", "50", "50").Obj()
		}, []string{
			`Error AmountInvalid spec.cost: "100.0" has too many digits after the point (1): JPY amounts have at most 0, such as "1250"`,
			`Warning ExchangeRateMissing spec.amount.currency: program "northwind" has no exchange rate from JPY to EUR, the currency of budget fy27-emea: ` +
				"ask the vendor to add one to spec.exchangeRates, or ask in EUR",
		}},
		"unknown currency": {func(d *moneytest.Dossier) { d.Request = testobj.Allocation("r1").Asks("EUX", "100", "50", "50").Obj() }, []string{
			`Error AmountInvalid spec.amount: unknown currency "EUX": did you mean EUR?`,
			`Error AmountInvalid spec.cost: unknown currency "EUX": did you mean EUR?`,
		}},
		"two currencies": {func(d *moneytest.Dossier) { d.Request.Spec.Cost.Currency = "USD" }, []string{
			"Error AmountInvalid spec.cost.currency: the cost is in USD and the amount in EUR: write both in one currency",
		}},
		"zero": {func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "0.00" }, []string{
			"Error AmountInvalid spec.amount: EUR 0.00 must be above zero",
		}},
		"17 digits": {func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "12345678901234567" }, []string{
			"Error AmountInvalid spec.amount: x",
		}},
		"exponent": {func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "1e3" }, []string{
			"Error AmountInvalid spec.amount: x",
		}},
		"least above the amount": {func(d *moneytest.Dossier) { d.Request.Spec.AcceptAtLeast = "5000.01" }, []string{
			"Error AmountInvalid spec.acceptAtLeast: EUR 5,000.01 is above the amount requested, EUR 5,000.00: lower it, or leave it out to accept nothing " +
				"less than the amount",
		}},
		"no percentage": {func(d *moneytest.Dossier) { d.Request.Spec.ReimbursementPercent = "50%" }, []string{
			"Error AmountInvalid spec.reimbursementPercent: x",
		}},
		"unknown metric": {func(d *moneytest.Dossier) { d.Request.Spec.Expected[0].Metric = "qualified-lead" }, []string{
			`Error MetricUnknown spec.expected[qualified-lead].metric: program "northwind" has no metric "qualified-lead": did you mean "qualified-leads"?`,
		}},
		"unknown goal": {func(d *moneytest.Dossier) {
			d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "lead", AtLeast: "1"}}
		}, []string{
			`Error GoalUnknown spec.contingentOn[lead].goal: the plan of record of JointPlan "acme-h1" has no goal "lead": did you mean "leads"?`,
		}},
		"a reservation without an approval": {func(d *moneytest.Dossier) { d.Grant(500000) }, []string{
			"Warning ReservationUnapproved spec: EUR 5,000.00 is reserved though no approval holds any more, because a decision was deleted or more people must " +
				"approve: it stays reserved and nothing is paid on it. Have revision v1:0b07e4112ffb2ca980316b916adc80a4 approved, or withdraw the request",
		}},
		"too little once converted": {func(d *moneytest.Dossier) {
			d.Program.Spec.ExchangeRates = []v1alpha1.ExchangeRate{{From: "JPY", To: "EUR", EffectiveFrom: "2026-07-01", Rate: "0.006"}}
			d.Request = testobj.Allocation("r1").Asks("JPY", "2", "50", "1").Obj()
		}, []string{"Error AmountInvalid spec.amount: JPY 1 is EUR 0.00 in the budget's currency: request more"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			tc.change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			got := moneytest.Findings(&status.CommonStatus)
			for i := range got {
				if i < len(tc.want) && strings.HasSuffix(tc.want[i], ": x") { // worded by package decimal
					got[i] = got[i][:min(len(got[i]), len(tc.want[i])-1)] + "x"
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			ready := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionReady)
			if wrong := len(got) > 0 && strings.HasPrefix(got[0], "Error "); wrong == strings.HasPrefix(ready, "True/") {
				t.Errorf("Ready is %s with findings %v", ready, got)
			}
			if eligible := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); strings.HasPrefix(ready, "False/") && strings.HasPrefix(eligible, "True/") {
				t.Errorf("Eligible is %s although the spec is wrong", eligible)
			}
		})
	}
}

func TestTheExchangeRateIsThatOfTheApproval(t *testing.T) {
	for name, tc := range map[string]struct {
		change              func(*moneytest.Dossier)
		now                 string
		asked, rate, status string
	}{
		"scenario 4": {func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-05T10:00:00+02:00") }, moneytest.Noon, "9900.00", "0.9", "True/Approved"},
		"a later rate changes nothing": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-05T10:00:00+02:00") }, "2026-10-10T12:00:00+02:00", "9900.00", "0.9",
			"True/Approved",
		},
		"while it is not approved, today's": {func(*moneytest.Dossier) {}, "2026-10-10T12:00:00+02:00", "10450.00", "0.95", "False/DecisionOverdue"},
		"approved in the last second": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-09-30T23:59:59+02:00") }, "2026-10-10T12:00:00+02:00", "9900.00", "0.9",
			"True/Approved",
		},
		"approved in the first second": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-10-01T00:00:00+02:00") }, "2026-10-10T12:00:00+02:00", "10450.00", "0.95",
			"True/Approved",
		},
		"approved in part, rounded down": {
			func(d *moneytest.Dossier) { d.Part("33.33", "USD", "vera", "2026-08-05T10:00:00+02:00") }, moneytest.Noon, "29.99", "0.9",
			"True/ApprovedInPart",
		},
		"authority is in the budget's money": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("9900.00", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, moneytest.Noon, "9900.00", "0.9", "True/Approved"},
		"authority at the rate of the decision's day": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("9900.00", 2).Obj()
			d.Approve("vera", "2026-10-02T10:00:00+02:00")
		}, "2026-10-10T12:00:00+02:00", "10450.00", "0.95", "False/SecondApproverMissing"},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			d.AskInDollars("11000.00")
			tc.change(d)
			status := d.Evaluate(testobj.At(tc.now))
			approved, _, _ := strings.Cut(moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved), ": ")
			got := []string{string(status.Asked.Amount), string(status.Asked.Currency), string(status.ExchangeRate), approved}
			if diff := cmp.Diff([]string{tc.asked, "EUR", tc.rate, tc.status}, got); diff != "" {
				t.Errorf("asked, currency, rate and approval (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheActivityOfAGrantIsKnownWhenAnAmendmentDropsIt(t *testing.T) {
	d := moneytest.NewDossier()
	d.ApprovePlan()
	d.GrantInFull()
	kept := &v1alpha1.PlanRevision{Spec: v1alpha1.PlanRevisionSpec{
		PlanRef: v1alpha1.Reference{Name: "acme-h1"}, Revision: d.More[0].(*v1alpha1.ApprovalDecision).Spec.Revision, Terms: *d.Plan.Spec.PlanTerms.DeepCopy(),
	}}
	kept.Name, kept.Namespace = "acme-h1-first", testobj.Namespace
	d.More = append(d.More, kept)
	d.Plan.Spec.Activities = d.Plan.Spec.Activities[1:]
	for _, x := range d.More[:2] {
		later := x.(*v1alpha1.ApprovalDecision).DeepCopy()
		later.Name += "-2"
		later.Spec.DecidedTime = moneytest.Created("2026-08-07T10:00:00+02:00")
		later.Spec.Revision = plan.Revision(&d.Plan.Spec.PlanTerms)
		d.More = append(d.More, later)
	}
	status := d.Evaluate(testobj.At(moneytest.Noon))
	if status.Stage != v1alpha1.AllocationGranted || status.ClaimThrough != "2027-01-17" {
		t.Errorf("stage %s, claims through %q; want Granted and 2027-01-17", status.Stage, status.ClaimThrough)
	}
}
