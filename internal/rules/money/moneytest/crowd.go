package moneytest

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// Crowd says how many objects of each kind a partner has, to see how the work for them grows.
type Crowd struct {
	// Plans are plans besides acme-h1, the approved one; each second is of another period than the one before, and has results of its own.
	Plans int
	// Campaigns, Reviews, Sets and Decisions are under, of, about and on plan acme-h1. Decisions are of the partner, on other contents of the plan.
	Campaigns, Reviews, Sets, Decisions int
	// Pending are approved requests under plan acme-h1 that wait for money, Granted are requests that have it.
	Pending, Granted int
	// Claims are claims of Costs invoices each on r1, a granted request; each is decided on and, if Paid, its payment recorded.
	Claims, Costs int
	Paid          bool
	// Limits lets the budget have a limit of each scope; Accrual lets the partner draw on what it earned.
	Limits, Accrual bool
}

// NowOfCrowd is an instant at which claims of a crowd are handed in.
const NowOfCrowd = "2026-11-10T12:00:00+01:00"

// Objects returns the partner with its crowd, and its program, budget and ledger.
func (c Crowd) Objects() []kinds.Object {
	d := NewDossier()
	d.ApprovePlan()
	d.Program = testobj.ProgramWithPurchases()
	d.Budget.Spec.Amount.Amount = "90000000.00"
	d.Ledger.Spec.LimitMinor = 9_000_000_000
	objects := []kinds.Object{d.Program, d.Partner, d.Plan, d.Budget, d.Ledger, testobj.Purchases("2026-08-20", "80000000", "2026-09-20", "500")}
	if c.Limits {
		for _, per := range []v1alpha1.LimitScope{v1alpha1.LimitPerRequest, v1alpha1.LimitPerActivity, v1alpha1.LimitPerPlan, v1alpha1.LimitPerPartner} {
			d.Budget.Spec.Limits = append(d.Budget.Spec.Limits, v1alpha1.FundingLimit{
				Name: v1alpha1.Name("per-" + string(per)), Per: per, Amount: "80000000.00", Activities: []v1alpha1.ActivityType{"Webinar"},
			})
		}
	}
	if c.Accrual {
		d.Budget.Spec.Accrual = &v1alpha1.Accrual{Metric: "purchases", Percent: "50", Every: v1alpha1.CadenceYear, Spend: v1alpha1.SpendSamePeriod}
	}
	objects = append(objects, c.underPlans(d.Plan)...)
	objects = append(objects, c.money(d)...)
	for _, x := range d.More {
		if object, ok := x.(kinds.Object); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

// underPlans returns plans, and what is under the approved one.
func (c Crowd) underPlans(approved *v1alpha1.JointPlan) []kinds.Object {
	var objects []kinds.Object
	for i := range c.Plans {
		p := testobj.Plan(fmt.Sprintf("plan-%d", i)).Goal("leads", "qualified-leads", "120").Activity("autumn-webinar", "Webinar")
		if i%2 == 1 {
			p.Period(2027, v1alpha1.PartQ1)
		}
		objects = append(objects, p.Obj(), testobj.Measured(fmt.Sprintf("leads-%d", i), p.Obj().Name, "qualified-leads", "2026-08-10", "5"))
	}
	for i := range c.Campaigns {
		campaign := testobj.Campaign(fmt.Sprintf("campaign-%d", i), approved.Name, "leads")
		set := testobj.Measurements(fmt.Sprintf("of-campaign-%d", i), v1alpha1.SubjectCampaign, v1alpha1.Name(campaign.Name)).Entry("qualified-leads", "2026-09-10", "5")
		objects = append(objects, campaign, set.Obj())
	}
	for i := range c.Sets {
		day := v1alpha1.Date(fmt.Sprintf("2026-%02d-%02d", 7+i/28%4, 1+i%28))
		objects = append(objects, testobj.Measured(fmt.Sprintf("set-%d", i), approved.Name, "qualified-leads", string(day), "3"),
			testobj.Measurements(fmt.Sprintf("partner-set-%d", i), v1alpha1.SubjectPartner, "acme").Entry("purchases", day, "7").Obj())
	}
	for i := range c.Reviews {
		review := testobj.ByPartner(testobj.Review(approved.Name, v1alpha1.Date(fmt.Sprintf("2026-%02d-%02d", 7+i/28%4, 1+i%28))), "2026-09-01T10:00:00Z")
		review.Name = fmt.Sprintf("review-%d", i)
		answer := testobj.Answer(fmt.Sprintf("answer-%d", i), review, meeting.Revision(&review.Spec), v1alpha1.PartyVendor, v1alpha1.DecisionConfirmed, "vera", "2026-09-02T10:00:00Z")
		objects = append(objects, review, answer)
	}
	for i := range c.Decisions {
		objects = append(objects, testobj.Decision(fmt.Sprintf("decision-%d", i), approved.Name, fmt.Sprintf("v1:%032d", i), v1alpha1.PartyPartner,
			v1alpha1.DecisionApproved, "2026-07-10T09:00:00Z"))
	}
	return objects
}

// money returns requests and claims, with decisions on them.
func (c Crowd) money(d *Dossier) []kinds.Object {
	var objects []kinds.Object
	ask := func(name string, held bool) {
		r := testobj.Allocation(name).Obj()
		r.Spec.Amount.Amount, r.Spec.Cost.Amount = "50.00", "100.00"
		objects = append(objects, r, testobj.MoneyDecision("on-"+name, kinds.MDFAllocation, name, facts.RequestRevision(&r.Spec), v1alpha1.DecisionApproved, "vera",
			"2026-08-05T10:00:00+02:00"))
		if held {
			d.Ledger.Spec.Reserved[facts.Key(r)] = 5000
		}
	}
	for i := range c.Pending {
		ask(fmt.Sprintf("pending-%d", i), false)
	}
	for i := range c.Granted {
		ask(fmt.Sprintf("granted-%d", i), true)
	}
	if c.Claims > 0 {
		d.GrantInFull()
		objects = append(objects, d.Request)
	}
	for i := range c.Claims {
		claim := testobj.Claim(fmt.Sprintf("claim-%d", i), v1alpha1.Name(d.Request.Name))
		for j := range c.Costs {
			claim.Cost(v1alpha1.Word(fmt.Sprintf("INV-%d-%d", i, j)), "1.00")
		}
		if c.Paid {
			claim.Paid(fmt.Sprintf("RUN-%d", i), "2026-11-09", "1.00")
		}
		objects = append(objects, claim.Obj(), testobj.MoneyDecision("on-"+claim.Obj().Name, kinds.MDFClaim, claim.Obj().Name,
			facts.ClaimRevision(&claim.Obj().Spec), v1alpha1.DecisionApproved, "vera", "2026-11-05T10:00:00+01:00"))
	}
	return objects
}
