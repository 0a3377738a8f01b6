package request_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// moneytest.Noon is a moment after the request was made and before its activity.
func TestEligibility(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		now    string
		want   string
	}{
		"keeps every rule": {func(*moneytest.Dossier) {}, moneytest.Noon, "True/Eligible: the request meets every rule of the program, the plan and the budget"},
		"draft": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" }, moneytest.Noon,
			"False/NotRequested: the request is a draft: set spec.requestedOn to the day on which it is made",
		},
		"draft until a day": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-08-20" }, moneytest.Noon,
			"False/NotRequested: the request is a draft until 2026-08-20 (spec.requestedOn)",
		},
		"no such plan": {
			func(d *moneytest.Dossier) { d.Request.Spec.PlanRef.Name = "acme-h3" }, moneytest.Noon,
			`False/NoPlan: no plan, no money: JointPlan "acme-h3" not found or not permitted: did you mean "acme-h1"?`,
		},
		"NCR: no approved plan": {
			func(d *moneytest.Dossier) { d.More = nil }, moneytest.Noon,
			`False/NoPlan: JointPlan "acme-h1" has no plan of record: the partner submits it, and every party approves it first; no plan, no money`,
		},
		"activity not in plan": {
			func(d *moneytest.Dossier) { d.Request.Spec.Activity = "autum-webinar" }, moneytest.Noon,
			`False/ActivityNotInPlan: money is granted only for activities of the plan of record, and that of JointPlan "acme-h1" ` +
				`has no activity "autum-webinar": did you mean "autumn-webinar"? Otherwise amend the plan first`,
		},
		"outside the plan": {
			func(d *moneytest.Dossier) { d.Request.Spec.EndsOn = "2027-01-02" }, moneytest.Noon,
			"False/OutsidePeriod: the activity is to take place from 2026-10-19 to 2027-01-02; the plan of record has " +
				"autumn-webinar from 2026-07-01 to 2026-12-31: choose days within that, or amend the plan first",
		},
		"outside the activity's days": {func(d *moneytest.Dossier) {
			d.Plan.Spec.Activities[0].Through = "2026-09-30"
			d.More = nil
			d.ApprovePlan()
		}, moneytest.Noon, "False/OutsidePeriod: the activity is to take place on 2026-10-19; the plan of record has autumn-webinar from " +
			"2026-07-01 to 2026-09-30: choose days within that, or amend the plan first"},
		"outside the budget": {
			func(d *moneytest.Dossier) { d.Budget = testobj.Budget("fy27-emea").Period(2027, v1alpha1.PartQ1).Obj() }, moneytest.Noon,
			"False/OutsidePeriod: the activity is to take place on 2026-10-19; budget fy27-emea pays for activities from " +
				"2026-07-01 to 2026-09-30: choose days within that, or another budget",
		},
		"no such budget": {
			func(d *moneytest.Dossier) { d.Request.Spec.BudgetRef.Name = "fy27-emae" }, moneytest.Noon,
			`False/BudgetNotFound: MDFBudget "fy27-emae" not found or not permitted: did you mean "fy27-emea"? Otherwise ask an administrator of the vendor's ` +
				"cluster to give the namespace the labels that spec.allowedNamespaces of the MDFBudget requires: kubectl label namespace partner-acme KEY=VALUE",
		},
		"budget of another program": {
			func(d *moneytest.Dossier) { d.Budget.Spec.ProgramRef.Name = "southwind" }, moneytest.Noon,
			`False/BudgetNotFound: MDFBudget "fy27-emea" not found or not permitted for partners of program "northwind"`,
		},
		"budget gone": {
			func(d *moneytest.Dossier) { d.Budget = nil; d.Ledger.Spec.Reserved["partner-acme/earlier/1"] = 0 }, moneytest.Noon,
			`False/BudgetGone: MDFBudget "fy27-emea" was deleted or is no longer permitted here: what it granted stays, and claims ` +
				"on that are paid; request anything more from another budget",
		},
		"activity without a rate": {
			func(d *moneytest.Dossier) { d.Program.Spec.Activities[0].ReimbursementPercent = "" }, moneytest.Noon,
			`False/ActivityNotFunded: program "northwind" does not reimburse activities of type Webinar: choose another activity of ` +
				"the plan",
		},
		"activity not of the budget": {
			func(d *moneytest.Dossier) { d.Budget.Spec.Activities = []v1alpha1.ActivityType{"TradeShow"} }, moneytest.Noon,
			"False/ActivityNotFunded: budget fy27-emea pays for TradeShow, not for Webinar: choose another activity of the plan, " +
				"or another budget",
		},
		"hold": {func(d *moneytest.Dossier) {
			d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-07-31"}}
			d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
				Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
				Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}}},
			}}
		}, moneytest.Noon, `False/StandingHold: new money for partner "acme" is on hold: Invoice 4711 was due on 2026-07-31 and is not paid. Pay ` +
			"it and state spec.invoices[4711].paidOn: this lifts the hold."},
		"tier": {func(d *moneytest.Dossier) {
			d.Program.Spec.RuleSets[0].Tiers[0].Activities = []v1alpha1.ActivityType{"TradeShow"}
		}, moneytest.Noon, `False/TierNotAllowed: partner "acme" holds tier gold, which is funded for TradeShow, not for Webinar: choose another ` +
			"activity of the plan"},
		"agreement": {
			func(d *moneytest.Dossier) { d.Partner.Spec.Agreement = &v1alpha1.Agreement{EndsOn: "2026-10-18"} }, moneytest.Noon,
			"False/AgreementEnded: the partner's agreement ends on 2026-10-18, before the activity does on 2026-10-19: renew the " +
				"agreement, or choose earlier days",
		},
		"Huawei: lead time": {func(d *moneytest.Dossier) {
			d.Program.Spec.Activities[0].LeadTimeBusinessDays = new(int32(10))
			d.Request.Spec.RequestedOn = "2026-10-06"
		}, "2026-10-06T12:00:00+02:00", "False/LeadTimeMissed: Webinar must be requested at least 10 business days before it starts on 2026-10-19, so by " +
			"2026-10-05; the request was made on 2026-10-06: choose a later start"},
		"Armatic: after the fact": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "2026-10-20" }, "2026-10-20T12:00:00+02:00",
			"False/LeadTimeMissed: Webinar must be requested by the day on which it starts, 2026-10-19; the request was made on " +
				"2026-10-20: choose a later start",
		},
		"draft too late": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" }, "2026-10-20T12:00:00+02:00",
			"False/NotRequested: the request is a draft: set spec.requestedOn to the day on which it is made",
		},
		"deadline": {
			func(d *moneytest.Dossier) { d.Budget.Spec.RequestBy = "2026-08-02" }, moneytest.Noon,
			"False/RequestDeadlineMissed: budget fy27-emea takes requests through 2026-08-02 (its last day for requests); the " +
				"request was made on 2026-08-03: request money from another budget",
		},
		"window": {func(d *moneytest.Dossier) {
			d.Budget.Spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventMemberSince, Days: 30}
			d.Partner.Spec.MemberSince = "2026-07-01"
		}, moneytest.Noon, "False/RequestDeadlineMissed: budget fy27-emea takes requests from 2026-07-01 through 2026-07-31 (within 30 days after " +
			"the partner joined the program on 2026-07-01); the request was made on 2026-08-03: request money from another budget"},
		"window not open": {func(d *moneytest.Dossier) {
			d.Budget.Spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventMemberSince, Days: 30}
		}, moneytest.Noon, "False/RequestDeadlineMissed: budget fy27-emea takes requests only after the partner joined the program: state " +
			"spec.memberSince of partner acme"},
		"milestone": {func(d *moneytest.Dossier) {
			d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}, {Goal: "revenue", AtLeast: "1000.5"}}
			d.More = append(d.More, testobj.Measured("m", "acme-h1", "qualified-leads", "2026-08-01", "19"))
		}, moneytest.Noon, "False/MilestoneNotReached: the money is contingent on at least 20 of goal leads (qualified-leads); measured through " +
			"2026-08-01 by crm is 19; the money is contingent on at least EUR 1,000.50 of goal revenue (new-revenue), and nothing is " +
			"measured yet: the request can be granted when that is measured"},
		"milestone to fall to": {
			func(d *moneytest.Dossier) {
				d.Program.Spec.Metrics[1].Direction = v1alpha1.DirectionDecrease
				d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}}
				d.More = append(d.More, testobj.Measured("m", "acme-h1", "qualified-leads", "2026-08-01", "20.5"))
			}, moneytest.Noon,
			"False/MilestoneNotReached: the money is contingent on at most 20 of goal leads (qualified-leads); measured through " +
				"2026-08-01 by crm is 20.5: the request can be granted when that is measured",
		},
		"rate": {
			func(d *moneytest.Dossier) { d.Request.Spec.ReimbursementPercent = "60" }, moneytest.Noon,
			`False/RateAboveProgram: 60 percent is requested; program "northwind" pays 50 percent of the cost of Webinar: lower ` +
				"spec.reimbursementPercent",
		},
		"amount": {
			func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "5000.01" }, moneytest.Noon,
			"False/AmountAboveShare: EUR 5,000.01 requested, but 50 percent of the cost (EUR 10,000.00) is EUR 5,000.00: request at " +
				"most EUR 5,000.00",
		},
		"no outcome": {
			func(d *moneytest.Dossier) { d.Request.Spec.Expected = nil }, moneytest.Noon,
			"False/ExpectedOutcomeMissing: budget fy27-emea requires the results expected of the activity: list them in " +
				"spec.expected",
		},
		"no rate of exchange": {
			func(d *moneytest.Dossier) {
				d.Request.Spec.Amount.Currency = "USD"
				d.Request.Spec.Cost.Currency = "USD"
			}, moneytest.Noon,
			`False/ExchangeRateMissing: program "northwind" has no exchange rate from USD to EUR, the currency of budget ` +
				"fy27-emea: ask the vendor to add one to spec.exchangeRates, or ask in EUR",
		},
		"no rate of exchange yet": {func(d *moneytest.Dossier) {
			d.AskInDollars("5000.00")
			d.Program.Spec.ExchangeRates = d.Program.Spec.ExchangeRates[:1]
		}, moneytest.Noon, `False/ExchangeRateMissing: program "northwind" has no exchange rate from USD to EUR, the currency of budget ` +
			"fy27-emea, in force before 2026-10-01: ask the vendor to add one to spec.exchangeRates, or ask in EUR"},
		"window closed": {
			func(*moneytest.Dossier) {}, "2027-01-18T00:00:00+01:00",
			"False/ClaimWindowClosed: claims could be received through 2027-01-17 and nothing was granted by then, so nothing can " +
				"be claimed any more",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			tc.change(d)
			status := d.Evaluate(testobj.At(tc.now))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); got != tc.want {
				t.Errorf("FILL[%s][%s]END", name, got)
			}
		})
	}
}

func TestWhatIsJustWithinARuleKeepsIt(t *testing.T) {
	for name, change := range map[string]func(*moneytest.Dossier){
		"Huawei: ten business days before Monday, 2026-10-19": func(d *moneytest.Dossier) {
			d.Program.Spec.Activities[0].LeadTimeBusinessDays = new(int32(10))
			d.Request.Spec.RequestedOn = "2026-10-05"
		},
		"the last day for requests":          func(d *moneytest.Dossier) { d.Budget.Spec.RequestBy = "2026-08-03" },
		"an agreement to the activity's end": func(d *moneytest.Dossier) { d.Partner.Spec.Agreement = &v1alpha1.Agreement{EndsOn: "2026-10-19"} },
		"the window's last day": func(d *moneytest.Dossier) {
			d.Budget.Spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventMemberSince, Days: 33}
			d.Partner.Spec.MemberSince = "2026-07-01"
		},
		"a milestone that is reached": func(d *moneytest.Dossier) {
			d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}}
			d.More = append(d.More, testobj.Measured("m", "acme-h1", "qualified-leads", "2026-08-01", "19", "2026-08-02", "1"))
		},
		"a milestone to fall to": func(d *moneytest.Dossier) {
			d.Program.Spec.Metrics[1].Direction = v1alpha1.DirectionDecrease
			d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}}
			d.More = append(d.More, testobj.Measured("m", "acme-h1", "qualified-leads", "2026-08-01", "20"))
		},
		"Armatic: half of 8,000.00": func(d *moneytest.Dossier) {
			d.Request = testobj.Allocation("r1").Asks("EUR", "8000.00", "50", "4000.00").Obj()
		},
		"half of an odd cent": func(d *moneytest.Dossier) {
			d.Request = testobj.Allocation("r1").Asks("EUR", "33.33", "50", "16.66").Obj()
		},
		"no outcome where none is requested": func(d *moneytest.Dossier) {
			d.Budget.Spec.ExpectedOutcome, d.Request.Spec.Expected = "Optional", nil
		},
		"a tier that lists the activity": func(d *moneytest.Dossier) {
			d.Program.Spec.RuleSets[0].Tiers[0].Activities = []v1alpha1.ActivityType{"TradeShow", "Webinar"}
		},
		"a partner without a tier": func(d *moneytest.Dossier) { d.Partner.Spec.Tier = nil },
		"the last day for claims":  func(d *moneytest.Dossier) { d.Budget.Spec.Claims = &v1alpha1.ClaimPolicy{ReceivedBy: "2026-10-30"} },
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			change(d)
			d.Approve("vera", "2026-10-06T10:00:00+02:00")
			status := d.Evaluate(testobj.At("2026-10-30T23:59:59+01:00"))
			const want = "True/Eligible: the request meets every rule of the program, the plan and the budget"
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); got != want {
				t.Errorf("Eligible is %s", got)
			}
		})
	}
}

func TestAReducedRateOfStandingLowersWhatIsPaid(t *testing.T) {
	d := moneytest.NewDossier()
	d.ApprovePlan()
	d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-07-31"}}
	d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
		Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
		Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepReducedRate, RatePercent: "80"}},
	}}
	status := d.Evaluate(testobj.At(moneytest.Noon))
	const want = `False/RateAboveProgram: 50 percent is requested; program "northwind" pays 50 percent of the cost of Webinar, and because of the partner's ` +
		"standing 80 percent of that, so 40 percent: lower spec.reimbursementPercent"
	if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); got != want {
		t.Errorf("Eligible is %s", got)
	}
	d.Request = testobj.Allocation("r1").Asks("EUR", "10000.00", "40", "4000.00").Obj()
	status = d.Evaluate(testobj.At(moneytest.Noon))
	if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); !strings.HasPrefix(got, "True/") {
		t.Errorf("Eligible at 40 percent is %s", got)
	}
	d.Approve("vera", "2026-08-05T10:00:00+02:00")
	d.Grant(400000)
	d.Request.Spec.ReimbursementPercent = "50" // a hold or a lower rate takes nothing back
	status = d.Evaluate(testobj.At(moneytest.Noon))
	if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionEligible); !strings.HasPrefix(got, "True/Granted: ") {
		t.Errorf("Eligible after the grant is %s", got)
	}
}
