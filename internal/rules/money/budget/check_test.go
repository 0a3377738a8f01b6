package budget

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/testobj"
)

type budgetSpec = v1alpha1.MDFBudgetSpec

func limited(limit v1alpha1.FundingLimit) func(*budgetSpec) {
	limit.Name = "cap"
	return func(spec *budgetSpec) { spec.Limits = []v1alpha1.FundingLimit{limit} }
}

func accrued(change func(*v1alpha1.Accrual)) func(*budgetSpec) {
	return func(spec *budgetSpec) {
		spec.Accrual = &v1alpha1.Accrual{Metric: "purchases", Percent: "3", Every: v1alpha1.CadenceYear, Spend: v1alpha1.SpendNextPeriod}
		change(spec.Accrual)
	}
}

func rewarded(change func(*v1alpha1.RewardRule)) func(*budgetSpec) {
	return func(spec *budgetSpec) { spec.Rewards = testobj.Budget("x").Rewards(change).Obj().Spec.Rewards }
}

func authorised(day v1alpha1.Date, levels ...v1alpha1.AuthorityLevel) func(*budgetSpec) {
	return func(spec *budgetSpec) {
		spec.Authority = []v1alpha1.AuthorityRule{{EffectiveFrom: day, Levels: levels}}
	}
}

func claimed(claims v1alpha1.ClaimPolicy) func(*budgetSpec) {
	return func(spec *budgetSpec) { spec.Claims = &claims }
}

func TestWhatIsWrongWithABudget(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*budgetSpec)
		want   []string // severity rule field: message
	}{
		"nothing": {func(*budgetSpec) {}, nil},
		"nothing in a full one": {func(spec *budgetSpec) {
			spec.RequestBy = "2026-11-30"
			spec.Activities = []v1alpha1.ActivityType{"Webinar", "TradeShow"}
			spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventFirstResult, Metric: "purchases", Days: 90, Count: v1alpha1.CountBusinessDays}
			spec.Limits = []v1alpha1.FundingLimit{
				{Name: "a", Per: v1alpha1.LimitPerPlan, Amount: "5000.00", Tiers: []v1alpha1.Name{"gold"}, Activities: []v1alpha1.ActivityType{"Webinar"}},
				{Name: "b", Per: v1alpha1.LimitPerPartner, Percent: "2.5", Metric: "purchases"},
			}
			accrued(func(a *v1alpha1.Accrual) { a.Maximum = "100.00" })(spec)
			authorised("2026-07-01", v1alpha1.AuthorityLevel{Above: "1000.00", Approvers: 2}, v1alpha1.AuthorityLevel{Above: "5000.00", Approvers: 3})(spec)
			claimed(v1alpha1.ClaimPolicy{ReceivedBy: "2027-03-31", Minimum: "25.00", Maximum: "5000.00"})(spec)
		}, nil},
		"a reward with all that it may have": {rewarded(func(r *v1alpha1.RewardRule) {
			r.Tiers, r.Goal, r.Maximum = []v1alpha1.Name{"gold"}, v1alpha1.RewardGoalOptional, "4000.00"
		}), nil},
		"a reward of nothing": {
			rewarded(func(r *v1alpha1.RewardRule) { r.Steps = nil }),
			[]string{"Error BudgetRewardInvalid spec.rewards[growth-rebate]: nothing is granted for this reward until this is corrected: give exactly one of percent and steps"},
		},
		"a reward whose terms cannot be read": {rewarded(func(r *v1alpha1.RewardRule) {
			r.Steps, r.Percent, r.Every, r.Goal, r.Tiers, r.Metric = nil, "2 %", "Week", "Maybe", []v1alpha1.Name{"gould"}, "retention"
		}), []string{
			`Error BudgetRewardInvalid spec.rewards[growth-rebate].every: nothing is granted for this reward until this is corrected: "Week" must be Month, Quarter, Half or Year`,
			`Error BudgetRewardInvalid spec.rewards[growth-rebate].goal: a goal is required until this is corrected: "Maybe" must be Required or Optional`,
			`Error BudgetRewardInvalid spec.rewards[growth-rebate].percent: nothing is granted for this reward until this is corrected: "2 %" is not a percentage from 0 to 1000 ` +
				"such as 60 or 2.5: a space is not allowed (allowed are at most 3 digits after the point, no percent sign)",
			"Error BudgetMetricInvalid spec.rewards[growth-rebate].metric: nothing is granted for this reward until this is corrected: metric retention has behaviour Stock: " +
				"name one with behaviour Flow",
			`Error BudgetTierUnknown spec.rewards[growth-rebate].tiers[gould]: nobody of this tier earns it until this is corrected: program "northwind" has no tier ` +
				`"gould": did you mean "gold"?`,
		}},
		"two steps of a reward with one threshold": {rewarded(func(r *v1alpha1.RewardRule) { r.Steps[1].AtLeast = "100000.0" }), []string{
			"Error BudgetAccrualInvalid spec.rewards[growth-rebate].steps: two steps have the threshold 100,000: remove one of them",
		}},
		"rewards beside an accrual": {func(spec *budgetSpec) {
			rewarded(func(*v1alpha1.RewardRule) {})(spec)
			accrued(func(*v1alpha1.Accrual) {})(spec)
		}, []string{
			"Error BudgetRewardInvalid spec.rewards: rewards are granted only as far as the accrual of the budget goes too: give them a budget of their own",
		}},
		"an unknown currency, once": {func(spec *budgetSpec) {
			spec.Amount.Currency = "EUX"
			limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Amount: "1.00"})(spec)
		}, []string{`Error BudgetAmountInvalid spec.amount.currency: nothing is granted, and the currency of a budget cannot be changed, so create another budget: ` +
			`unknown currency "EUX": did you mean EUR?`}},
		"more digits than the currency has": {func(spec *budgetSpec) { spec.Amount = v1alpha1.Money{Amount: "1000.00", Currency: "JPY"} }, []string{
			`Error BudgetAmountInvalid spec.amount.amount: "1000.00" has too many digits after the point (2): JPY amounts have at most 0, such as "1250"`,
		}},
		"an amount of 17 digits": {func(spec *budgetSpec) { spec.Amount.Amount = "99999999999999999" }, []string{
			`Error BudgetAmountInvalid spec.amount.amount: "99999999999999999" is not a plain decimal number`,
		}},
		"a negative amount": {func(spec *budgetSpec) { spec.Amount.Amount = "-1.00" }, []string{
			`Error BudgetAmountInvalid spec.amount.amount: "-1.00" must not be negative`,
		}},
		"1k": {func(spec *budgetSpec) { spec.Amount.Amount = "1k" }, []string{`Error BudgetAmountInvalid spec.amount.amount: "1k" is not a plain decimal number`}},
		"a period that ends before it starts": {func(spec *budgetSpec) { spec.Period = v1alpha1.Period{From: "2026-12-31", Through: "2026-07-01"} }, []string{
			`Error BudgetPeriodInvalid spec.period: program "northwind" defines no such period, and nothing is granted until this is corrected: ` +
				`from (2026-12-31) is after through (2026-07-01)`,
		}},
		"no period": {func(spec *budgetSpec) { spec.Period = v1alpha1.Period{} }, []string{
			`Error BudgetPeriodInvalid spec.period: program "northwind" defines no such period, and nothing is granted until this is corrected: ` +
				`give either fiscalYear (with part) or both from and through`,
		}},
		"days that are none": {func(spec *budgetSpec) {
			spec.RequestBy = "soon"
			claimed(v1alpha1.ClaimPolicy{ReceivedBy: "2026-02-30"})(spec)
		}, []string{
			`Error BudgetDateInvalid spec.claims.receivedBy: the activities' own windows decide until this is corrected: "2026-02-30" is not a calendar day`,
			`Error BudgetDateInvalid spec.requestBy: requests can be made through the last day of the period until this is corrected: "soon" is not a calendar day`,
		}},
		"requests after the period": {func(spec *budgetSpec) { spec.RequestBy = "2027-01-01" }, []string{
			`Warning BudgetDateInvalid spec.requestBy: 2027-01-01 is after the period ends on 2026-12-31, when what is left of the budget lapses: ` +
				`requests made later get nothing; choose a day within it`,
		}},
		"requests before the period": {func(spec *budgetSpec) { spec.RequestBy = "2026-06-30" }, []string{
			`Warning BudgetDateInvalid spec.requestBy: 2026-06-30 is before the period begins on 2026-07-01: no request can be made in the period; ` +
				`name a later day, unless all requests are to be made ahead`,
		}},
		"claims before the period": {claimed(v1alpha1.ClaimPolicy{ReceivedBy: "2026-06-30"}), []string{
			`Error BudgetDateInvalid spec.claims.receivedBy: 2026-06-30 is before the period begins on 2026-07-01: no activity could be claimed; ` +
				`name a day after the activities`,
		}},
		"claims before the period ends": {claimed(v1alpha1.ClaimPolicy{ReceivedBy: "2026-12-30"}), []string{
			`Warning BudgetDateInvalid spec.claims.receivedBy: 2026-12-30 is before the period ends on 2026-12-31: activities that end later cannot be claimed; ` +
				`name a later day`,
		}},
		"activities": {func(spec *budgetSpec) { spec.Activities = []v1alpha1.ActivityType{"Webinr", "Unpaid", "Webinar"} }, []string{
			`Error BudgetActivityUnknown spec.activities[Webinr]: correct the name, or add the activity to the program: program "northwind" has ` +
				`no activity "Webinr": did you mean "Webinar"?`,
			`Warning BudgetActivityUnknown spec.activities[Unpaid]: program "northwind" does not reimburse Unpaid: state a reimbursementPercent ` +
				`there, or remove it here`,
		}},
		"a window": {func(spec *budgetSpec) { spec.RequestWindow = &v1alpha1.EventWindow{Event: "FullMoon", Count: "Nights"} }, []string{
			`Error BudgetWindowInvalid spec.requestWindow.count: calendar days are counted until this is corrected: "Nights" must be CalendarDays or BusinessDays`,
			`Error BudgetWindowInvalid spec.requestWindow.days: 0 must be at least 1`,
			`Error BudgetWindowInvalid spec.requestWindow.event: no request is in time until this is corrected: "FullMoon" must be AgreementSigned, ` +
				`MemberSince, FirstResult or FirstPlanApproved`,
		}},
		"a window's metric": {func(spec *budgetSpec) {
			spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventFirstResult, Metric: "purchase", Days: 1}
		}, []string{
			`Error BudgetMetricInvalid spec.requestWindow.metric: no request is in time until this is corrected: program northwind has no metric ` +
				`"purchase": did you mean "purchases"?`,
		}},
		"a window with a metric too many": {func(spec *budgetSpec) {
			spec.RequestWindow = &v1alpha1.EventWindow{Event: v1alpha1.EventMemberSince, Metric: "purchases", Days: 1}
		}, []string{`Error BudgetWindowInvalid spec.requestWindow.metric: metric belongs to event FirstResult: remove metric, or make the event FirstResult`}},
		"a limit of an unknown tier": {limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Amount: "1.00", Tiers: []v1alpha1.Name{"golden", "gold"}}), []string{
			`Error BudgetTierUnknown spec.limits[cap].tiers[golden]: the limit has no effect for this tier until this is corrected: program "northwind" has ` +
				`no tier "golden": did you mean "gold"?`,
		}},
		"a limit of an unknown activity": {
			limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Amount: "1.00", Activities: []v1alpha1.ActivityType{"TradeShows"}}), []string{
				`Error BudgetActivityUnknown spec.limits[cap].activities[TradeShows]: correct the name, or add the activity to the program: program "northwind" has ` +
					`no activity "TradeShows": did you mean "TradeShow"?`,
			},
		},
		"a limit of nothing": {limited(v1alpha1.FundingLimit{Per: "Region"}), []string{
			`Error BudgetLimitInvalid spec.limits[cap].per: the limit is taken as one per Partner until this is corrected: "Region" must be Request, ` +
				`Activity, Plan or Partner`,
			`Error BudgetLimitInvalid spec.limits[cap]: the limit allows nothing until this is corrected: give exactly one of amount and percent`,
		}},
		"a limit with too many digits": {limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Amount: "1.001"}), []string{
			`Error BudgetAmountInvalid spec.limits[cap].amount: "1.001" has too many digits after the point (3): EUR amounts have at most 2, such as "12.50"`,
		}},
		"a limit of a share of a count": {limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Percent: "3 %", Metric: "qualified-leads"}), []string{
			`Error BudgetLimitInvalid spec.limits[cap].percent: the limit allows nothing until this is corrected: "3 %" is not a percentage`,
			`Error BudgetMetricInvalid spec.limits[cap].metric: the limit allows nothing until this is corrected: metric qualified-leads has unit ` +
				`Count: name one with unit Currency`,
		}},
		"a limit of a share of a level": {limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Percent: "3", Metric: "retention"}), []string{
			`Error BudgetMetricInvalid spec.limits[cap].metric: the limit allows nothing until this is corrected: metric retention has behaviour Stock: ` +
				`name one with behaviour Flow`,
		}},
		"a limit of a share in another currency": {func(spec *budgetSpec) {
			spec.Amount.Currency = "USD"
			limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Percent: "3", Metric: "purchases"})(spec)
		}, []string{
			`Error BudgetMetricInvalid spec.limits[cap].metric: the limit allows nothing until this is corrected: metric purchases is measured in EUR, ` +
				`the currency of program northwind, and the budget is in USD`,
		}},
		"an accrual of nothing": {accrued(func(a *v1alpha1.Accrual) { *a = v1alpha1.Accrual{Every: "Week", Maximum: "x"} }), []string{
			`Error BudgetAccrualInvalid spec.accrual.every: nothing is earned and nothing granted until this is corrected: "Week" must be Month, Quarter, Half or Year`,
			`Error BudgetAccrualInvalid spec.accrual.spend: nothing is earned and nothing granted until this is corrected: "" must be SamePeriod or NextPeriod`,
			`Error BudgetAccrualInvalid spec.accrual: nothing is earned and nothing granted until this is corrected: give exactly one of percent, steps and percentSteps`,
			`Error BudgetAmountInvalid spec.accrual.maximum: "x" is not a plain decimal number`,
		}},
		"an accrual of a share": {accrued(func(a *v1alpha1.Accrual) { a.Percent, a.Metric = "2000", "new-revenu" }), []string{
			`Error BudgetAccrualInvalid spec.accrual.percent: nothing is earned and nothing granted until this is corrected: "2000" is not a percentage`,
			`Error BudgetMetricInvalid spec.accrual.metric: nothing is earned and nothing granted until this is corrected: program northwind has no ` +
				`metric "new-revenu": did you mean "new-revenue"?`,
		}},
		"an accrual by steps of a count": {accrued(func(a *v1alpha1.Accrual) {
			a.Percent, a.Metric, a.Steps = "", "qualified-leads", []v1alpha1.AccrualStep{{AtLeast: "200", Amount: "500.00"}, {AtLeast: "100", Amount: "250.00"}}
		}), nil},
		"an accrual by steps of a level": {accrued(func(a *v1alpha1.Accrual) {
			a.Percent, a.Metric, a.Steps = "", "retention", []v1alpha1.AccrualStep{{AtLeast: "x", Amount: "1.001"}}
		}), []string{
			`Error BudgetAccrualInvalid spec.accrual.steps[x].atLeast: nothing is earned and nothing granted until this is corrected: "x" is not a plain decimal number`,
			`Error BudgetAmountInvalid spec.accrual.steps[x].amount: "1.001" has too many digits after the point (3)`,
			`Error BudgetMetricInvalid spec.accrual.metric: nothing is earned and nothing granted until this is corrected: metric retention has ` +
				`behaviour Stock: name one with behaviour Flow`,
		}},
		"steps that do not rise": {accrued(func(a *v1alpha1.Accrual) {
			a.Percent, a.Steps = "", []v1alpha1.AccrualStep{{AtLeast: "200", Amount: "250.00"}, {AtLeast: "100", Amount: "250.00"}, {AtLeast: "200.0", Amount: "300.00"}}
		}), []string{
			`Error BudgetAccrualInvalid spec.accrual.steps: two steps have the threshold 200: remove one of them`,
			`Warning BudgetAccrualInvalid spec.accrual.steps: the step from 200 pays EUR 250.00, no more than the EUR 250.00 of the step from 100: ` +
				`raise the one, or lower the other`,
		}},
		"authority": {authorised(
			"2026-07-01", v1alpha1.AuthorityLevel{Above: "5000.00", Approvers: 2}, v1alpha1.AuthorityLevel{Above: "1000.00", Approvers: 3},
			v1alpha1.AuthorityLevel{Above: "20000.00", Approvers: 4}, v1alpha1.AuthorityLevel{Above: "x", Approvers: 5},
		), []string{
			`Error BudgetAmountInvalid spec.authority[2026-07-01].levels[x].above: "x" is not a plain decimal number`,
			`Warning BudgetAuthorityInvalid spec.authority[2026-07-01].levels[20000.00].above: no request can be above EUR 20,000.00, the budget's ` +
				`amount: add a rule with a lower level that can be reached`,
			`Warning BudgetAuthorityInvalid spec.authority[2026-07-01].levels: above EUR 1,000.00 3 people must approve, above EUR 5,000.00 2: a larger ` +
				`amount cannot need fewer approvers, so the level above EUR 5,000.00 has no effect`,
		}},
		"authority twice": {authorised("2026-07-01", v1alpha1.AuthorityLevel{Above: "5000.0", Approvers: 3}, v1alpha1.AuthorityLevel{Above: "5000", Approvers: 2}), []string{
			`Error BudgetAuthorityInvalid spec.authority[2026-07-01].levels: two levels are for amounts above EUR 5,000.00, with 2 and 3 approvers: the ` +
				`higher number counts`,
		}},
		"authority from no day": {authorised("soon"), []string{
			`Error BudgetDateInvalid spec.authority[soon].effectiveFrom: 5 people must approve every amount until this is corrected: "soon" is not a ` +
				`calendar day; write it as YYYY-MM-DD, such as 2026-09-30`,
		}},
		"claims": {claimed(v1alpha1.ClaimPolicy{Minimum: "25.00", Maximum: "24.99"}), []string{
			`Error BudgetClaimsInvalid spec.claims.minimum: EUR 25.00 is above maximum, EUR 24.99: no claim can be paid; lower it`,
		}},
		"claims above the budget": {claimed(v1alpha1.ClaimPolicy{Minimum: "20000.01"}), []string{
			`Warning BudgetClaimsInvalid spec.claims.minimum: EUR 20,000.01 is above the budget's amount, EUR 20,000.00: no claim can reach it; lower it`,
		}},
		"a selector": {func(spec *budgetSpec) {
			spec.AllowedNamespaces = &v1alpha1.AllowedNamespaces{From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{
				MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "channel", Operator: "Near"}},
			}}
		}, []string{
			`Error BudgetSelectorInvalid spec.allowedNamespaces.selector: no namespace may draw on the budget until this is corrected: "Near" is not a ` +
				`valid label selector operator`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			spec := testobj.ProgramWithPurchases()
			spec.Spec.Activities = append(spec.Spec.Activities, v1alpha1.Activity{Type: "Unpaid"})
			var got []string
			for _, f := range check(testobj.Budget("fy27-emea").With(tc.change).Obj(), program.Compile("northwind", &spec.Spec)) {
				got = append(got, string(f.Severity)+" "+f.Rule+" "+f.Field+": "+f.Message)
			}
			sameFindings(t, tc.want, got)
		})
	}
}

// sameFindings compares findings in any order; one that is wanted may give the beginning alone.
func sameFindings(t *testing.T, want, got []string) {
	t.Helper()
	left := map[string]bool{}
	for _, g := range got {
		left[g] = true
	}
	for _, w := range want {
		found := false
		for g := range left {
			if strings.HasPrefix(g, w) {
				delete(left, g)
				found = true
				break
			}
		}
		if !found {
			t.Errorf("missing: %s", w)
		}
	}
	for g := range left {
		t.Errorf("not wanted: %s", g)
	}
}

func TestABudgetIsCheckedWithoutItsProgramToo(t *testing.T) {
	budget := testobj.Budget("fy27-emea").With(func(spec *budgetSpec) {
		spec.RequestBy, spec.Activities, spec.Amount.Amount = "2020-01-01", []v1alpha1.ActivityType{"x"}, "1.001"
		accrued(func(*v1alpha1.Accrual) {})(spec)
		limited(v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Amount: "1.00", Tiers: []v1alpha1.Name{"x"}})(spec)
	}).Obj()
	want := []v1alpha1.Finding{
		{
			Rule: "BudgetAmountInvalid", Severity: "Error", Field: "spec.amount.amount",
			Message: `"1.001" has too many digits after the point (3): EUR amounts have at most 2, such as "12.50"`,
		},
		{
			Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.programRef.name",
			Message: `PartnerProgram "northwind" not found or not permitted: correct the name, or create the program; until then nothing is granted`,
		},
	}
	if diff := cmp.Diff(want, check(budget, nil)); diff != "" {
		t.Errorf("check() (-want +got):\n%s", diff)
	}
}

func TestCheckBudgetTakesAnythingThatAStructCanHold(t *testing.T) {
	compiled := program.Compile("", &v1alpha1.PartnerProgramSpec{})
	for name, spec := range map[string]budgetSpec{
		"nothing": {},
		"empty parts": {
			AllowedNamespaces: &v1alpha1.AllowedNamespaces{}, Activities: make([]v1alpha1.ActivityType, 2), RequestWindow: &v1alpha1.EventWindow{},
			Limits: make([]v1alpha1.FundingLimit, 2), Accrual: &v1alpha1.Accrual{Steps: make([]v1alpha1.AccrualStep, 3)},
			Authority: make([]v1alpha1.AuthorityRule, 3), Claims: &v1alpha1.ClaimPolicy{}, Recovery: &v1alpha1.LedgerRecovery{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, prog := range []*program.Program{nil, compiled} {
				if len(check(&v1alpha1.MDFBudget{Spec: spec}, prog)) == 0 {
					t.Error("nothing is found wrong")
				}
			}
		})
	}
}
