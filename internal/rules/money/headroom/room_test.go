package headroom

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// stage are rooms with requests that are approved without being judged: what is tested here is the room, not the chain of rules.
type stage struct {
	facts    *facts.Facts
	requests map[v1alpha1.Name]*request.Request
}

func newStage(now string, objects ...any) *stage {
	return &stage{facts: facts.Of(testobj.Snapshot(objects...), testobj.At(now)), requests: map[v1alpha1.Name]*request.Request{}}
}

// beside returns the rooms on a budget beside entries.
func (s *stage) beside(budget string, reserved, settled map[string]int64) *Rooms {
	rooms := Beside(s.facts, v1alpha1.Name(budget), &v1alpha1.MDFLedgerSpec{Reserved: reserved, Settled: settled})
	rooms.request = func(a *v1alpha1.MDFAllocation) *request.Request {
		if known := s.requests[v1alpha1.Name(a.Name)]; known != nil {
			return known
		}
		return request.Of(s.facts, a)
	}
	return rooms
}

// room returns the room for a request beside entries.
func (s *stage) room(r *request.Request, reserved, settled map[string]int64) Room {
	return s.beside(string(r.Object.Spec.BudgetRef.Name), reserved, settled).For(r)
}

// request puts a request of a type of activity on the stage, approved at an instant; empty for not at all.
func (s *stage) request(name v1alpha1.Name, kind v1alpha1.ActivityType, approved string) *request.Request {
	a := s.facts.Snapshot.Allocation(name)
	r := &request.Request{
		Object: a, Key: facts.Key(a), Budget: s.facts.Snapshot.Budget(a.Spec.BudgetRef.Name), Plan: s.facts.Snapshot.Plan(a.Spec.PlanRef.Name),
		Approved: verdict.Judgement{Status: metav1.ConditionFalse},
	}
	r.Partner = s.facts.Snapshot.Partner(r.Plan.Spec.PartnerRef.Name)
	r.Program = s.facts.Snapshot.ProgramOf(r.Partner)
	r.Activity = r.Program.Activity(kind)
	r.Starts, _ = fiscal.ParseDay(a.Spec.StartsOn)
	if approved != "" {
		r.Approved.Status = metav1.ConditionTrue
		r.Approval = approval.Approval{Complete: true, DecidedTime: testobj.At(approved)}
	}
	s.requests[name] = r
	return r
}

// key is the key of request 1 of an allocation.
func key(allocation string) string { return testobj.Namespace + "/" + allocation + "/1" }

// limitStage has partner acme (gold) with plans acme-h1 and acme-h2, partner bolt with plan bolt-h1, and a request of each kind.
func limitStage(budget *v1alpha1.MDFBudget, more ...any) *stage {
	objects := append([]any{
		testobj.ProgramWithPurchases(), budget,
		testobj.Partner("acme").Tier("gold", "2026-07-01").Obj(), testobj.Partner("bolt").Obj(),
		testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Activity("fair", "TradeShow").Obj(),
		testobj.Plan("acme-h2").Activity("autumn-webinar", "Webinar").Obj(),
		testobj.Plan("bolt-h1").With(func(spec *v1alpha1.JointPlanSpec) { spec.PartnerRef.Name = "bolt" }).Obj(),
		testobj.Allocation("asks").Obj(),
		testobj.Allocation("same-activity").Obj(),
		testobj.Allocation("same-plan").Activity("fair", "2026-11-02", "2026-11-04").Obj(),
		testobj.Allocation("other-plan").On("acme-h2", "fy27-emea").Obj(),
		testobj.Allocation("other-partner").On("bolt-h1", "fy27-emea").Obj(),
	}, more...)
	s := newStage("2026-09-01T10:00:00+02:00", objects...)
	for name, kind := range map[v1alpha1.Name]v1alpha1.ActivityType{
		"asks": "Webinar", "same-activity": "Webinar", "same-plan": "TradeShow", "other-plan": "Webinar", "other-partner": "Webinar",
	} {
		s.request(name, kind, "2026-08-05T10:00:00Z")
	}
	return s
}

// limitLedger holds EUR 1,000.00 reserved for the same activity, 200.00 settled and 5.00 reserved for another of the plan, 30.00 for another plan
// and 4.00 for another partner.
func limitLedger() (reserved, settled map[string]int64) {
	return map[string]int64{key("same-activity"): 100000, key("same-plan"): 500, key("other-plan"): 3000, key("other-partner"): 400, "other-ns/asks/1": 7},
		map[string]int64{key("same-plan") + "/c1": 20000}
}

func TestALimitAddsUpWhatItsScopeUsed(t *testing.T) {
	for name, tc := range map[string]struct {
		limit v1alpha1.FundingLimit
		want  Room
	}{
		"one request": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerRequest, Amount: "5000.00"},
			Room{Amount: 500000, Message: "limit cap of budget fy27-emea allows EUR 5,000.00 for one request: " +
				"request at most EUR 5,000.00, or ask finance to raise the limit"},
		},
		"an activity of a plan": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerActivity, Amount: "5000.00"},
			Room{Amount: 400000, Message: "limit cap of budget fy27-emea allows EUR 5,000.00 for activity autumn-webinar of plan acme-h1; EUR 1,000.00 is used, " +
				"by same-activity (EUR 1,000.00), EUR 4,000.00 is left: request at most EUR 4,000.00, or wait until money is released or the limit raised"},
		},
		"a plan": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPlan, Amount: "5000.00"},
			Room{Amount: 379500, Message: "limit cap of budget fy27-emea allows EUR 5,000.00 for all requests under plan acme-h1; EUR 1,205.00 is used, " +
				"by same-activity (EUR 1,000.00) and same-plan (EUR 205.00), EUR 3,795.00 is left: " +
				"request at most EUR 3,795.00, or wait until money is released or the limit raised"},
		},
		"a partner": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPartner, Amount: "5000.00"},
			Room{Amount: 376500, Message: "limit cap of budget fy27-emea allows EUR 5,000.00 for all requests of partner acme; EUR 1,235.00 is used, " +
				"by same-activity (EUR 1,000.00), same-plan (EUR 205.00) and other-plan (EUR 30.00), EUR 3,765.00 is left: " +
				"request at most EUR 3,765.00, or wait until money is released or the limit raised"},
		},
		"a partner, used up": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPartner, Amount: "1235.00"},
			Room{Amount: 0, Message: "limit cap of budget fy27-emea allows EUR 1,235.00 for all requests of partner acme; EUR 1,235.00 is used, " +
				"by same-activity (EUR 1,000.00), same-plan (EUR 205.00) and other-plan (EUR 30.00), EUR 0.00 is left: " +
				"wait until money is released or the limit raised"},
		},
		"a partner, after the limit was lowered": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPartner, Amount: "0.01"},
			Room{Amount: 0, Message: "limit cap of budget fy27-emea allows EUR 0.01 for all requests of partner acme; EUR 1,235.00 is used, " +
				"by same-activity (EUR 1,000.00), same-plan (EUR 205.00) and other-plan (EUR 30.00), EUR 0.00 is left: " +
				"wait until money is released or the limit raised"},
		},
		"a partner's activities of a type": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPartner, Amount: "5000.00", Activities: []v1alpha1.ActivityType{"Webinar"}},
			Room{Amount: 397000, Message: "limit cap of budget fy27-emea allows EUR 5,000.00 for all requests of partner acme for activities of type Webinar; " +
				"EUR 1,030.00 is used, by same-activity (EUR 1,000.00) and other-plan (EUR 30.00), EUR 3,970.00 is left: " +
				"request at most EUR 3,970.00, or wait until money is released or the limit raised"},
		},
		"activities of another type": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPartner, Amount: "1.00", Activities: []v1alpha1.ActivityType{"TradeShow"}},
			Room{Amount: unbounded},
		},
		"the partner's tier": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerRequest, Amount: "700.00", Tiers: []v1alpha1.Name{"silver", "gold"}},
			Room{Amount: 70000, Message: "limit cap of budget fy27-emea allows EUR 700.00 for one request of tier silver or gold: " +
				"request at most EUR 700.00, or ask finance to raise the limit"},
		},
		"another tier": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerRequest, Amount: "700.00", Tiers: []v1alpha1.Name{"silver"}},
			Room{Amount: unbounded},
		},
		"an amount that cannot be read": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerPartner, Amount: "1k"},
			Room{Amount: 0, Message: `limit cap of budget fy27-emea cannot be used, so nothing is granted until finance corrects it: "1k" is ` +
				`not a plain decimal ` +
				`number such as 1250 or 12.5: the character 'k' is not allowed, digits are 0 to 9 (allowed are at most 15 digits before and 6 after the point, ` +
				`no exponent, no separators, no leading zeros, no sign on zero)`},
		},
		"neither an amount nor a percentage": {
			v1alpha1.FundingLimit{Per: v1alpha1.LimitPerRequest},
			Room{Amount: 0, Message: `limit cap of budget fy27-emea cannot be used, so nothing is granted until finance corrects it: it must give exactly ` +
				`one of amount and percent`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.limit.Name = "cap"
			s := limitStage(testobj.Budget("fy27-emea").With(func(spec *v1alpha1.MDFBudgetSpec) {
				spec.Limits = []v1alpha1.FundingLimit{tc.limit}
			}).Obj())
			if tc.want.Message != "" {
				tc.want.Reason, tc.want.Name = v1alpha1.ReasonLimitReached, "cap"
			}
			reserved, settled := limitLedger()
			got := s.room(s.requests["asks"], reserved, settled)
			got.Next = tc.want.Next
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("Room() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheLeastOfSeveralLimitsGoverns(t *testing.T) {
	for name, tc := range map[string]struct {
		budget     *testobj.BudgetBuilder
		wantAmount int64
		wantName   string
	}{
		"no limit":              {testobj.Budget("fy27-emea"), unbounded, ""},
		"one":                   {testobj.Budget("fy27-emea").Limit("a", v1alpha1.LimitPerRequest, "10.00"), 1000, "a"},
		"the least comes last":  {testobj.Budget("fy27-emea").Limit("a", v1alpha1.LimitPerRequest, "10.00").Limit("b", v1alpha1.LimitPerRequest, "9.99"), 999, "b"},
		"the least comes first": {testobj.Budget("fy27-emea").Limit("b", v1alpha1.LimitPerRequest, "9.99").Limit("a", v1alpha1.LimitPerRequest, "10.00"), 999, "b"},
		"both leave the same":   {testobj.Budget("fy27-emea").Limit("b", v1alpha1.LimitPerRequest, "10.00").Limit("a", v1alpha1.LimitPerRequest, "10.00"), 1000, "a"},
		"what is left counts, not what is allowed": {
			testobj.Budget("fy27-emea").Limit("a", v1alpha1.LimitPerRequest, "4999.00").Limit("b", v1alpha1.LimitPerPartner, "6000.00"), 476500, "b",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := limitStage(tc.budget.Obj())
			reserved, settled := limitLedger()
			if got := s.room(s.requests["asks"], reserved, settled); got.Amount != tc.wantAmount || got.Name != tc.wantName {
				t.Errorf("Room() = %d by %q, want %d by %q", got.Amount, got.Name, tc.wantAmount, tc.wantName)
			}
		})
	}
}

func TestWhatCannotBeAssignedCountsWhereverItMayBelong(t *testing.T) {
	activity := testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerActivity, "100.00").Obj()
	plan := testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerPlan, "100.00").Obj()
	partner := testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerPartner, "100.00").Obj()
	webinars := testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerPartner, "100.00").With(func(spec *v1alpha1.MDFBudgetSpec) {
		spec.Limits[0].Activities = []v1alpha1.ActivityType{"Webinar"}
	}).Obj()
	request := testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerRequest, "100.00").Obj()
	for name, tc := range map[string]struct {
		budget  *v1alpha1.MDFBudget
		key     string
		arrange func(*stage)
		want    int64 // of 100.00
	}{
		"an allocation that is gone, per partner":            {partner, "gone/1", nil, 9000},
		"an allocation that is gone, per plan":               {plan, "gone/1/c1", nil, 9000},
		"an allocation that is gone, per activity":           {activity, "gone/1", nil, 9000},
		"an allocation that is gone, by type":                {webinars, "gone/1", nil, 9000},
		"an allocation that is gone, per request":            {request, "gone/1", nil, 10000},
		"an earlier request of the same allocation":          {activity, "asks/0/c1", nil, 9000},
		"an earlier request, per request":                    {request, "asks/0/c1", nil, 10000},
		"an earlier request of another activity's":           {activity, "same-plan/0/c1", nil, 9000},
		"an earlier request under another plan":              {activity, "other-plan/0/c1", nil, 10000},
		"the own request":                                    {partner, "asks/1", nil, 10000},
		"the own request's claims":                           {partner, "asks/1/c1", nil, 10000},
		"a request whose name begins alike":                  {partner, "asks/10", nil, 9000},
		"another activity's":                                 {activity, "same-plan/1", nil, 10000},
		"another activity's that was changed since":          {activity, "same-plan/1", changed("same-plan"), 9000},
		"another type's":                                     {webinars, "same-plan/1", nil, 10000},
		"another type's that was changed since":              {webinars, "same-plan/1", changed("same-plan"), 9000},
		"another plan's that was changed since":              {plan, "other-plan/1", changed("other-plan"), 10000},
		"another partner's that was changed since":           {partner, "other-partner/1", changed("other-partner"), 10000},
		"a type that the program has no more":                {webinars, "same-plan/1", func(s *stage) { s.requests["same-plan"].Activity = nil }, 9000},
		"a key of another kind":                              {partner, "odd", nil, 9000},
		"an allocation that draws on another budget by now":  {activity, "moved/1", nil, 9000},
		"an allocation whose plan is gone counts for anyone": {partner, "no-plan/1", nil, 9000},
	} {
		t.Run(name, func(t *testing.T) {
			s := limitStage(tc.budget, testobj.Allocation("moved").On("acme-h2", "fy28").Obj(), testobj.Allocation("no-plan").On("none", "fy27-emea").Obj())
			if tc.arrange != nil {
				tc.arrange(s)
			}
			entries := map[string]int64{testobj.Namespace + "/" + tc.key: 1000}
			for kind, room := range map[string]Room{
				"reserved": s.room(s.requests["asks"], entries, nil), "settled": s.room(s.requests["asks"], nil, entries),
			} {
				if room.Amount != tc.want {
					t.Errorf("with EUR 10.00 %s the room is %d, want %d: %s", kind, room.Amount, tc.want, room.Message)
				}
			}
		})
	}
}

// changed makes a request one that was changed after its approval.
func changed(name v1alpha1.Name) func(*stage) {
	return func(s *stage) { s.requests[name].Approved.Status = metav1.ConditionFalse }
}

func TestAMessageNamesAtMostThreeRequestsAndThoseThatAreGone(t *testing.T) {
	s := limitStage(testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerPartner, "100.00").Obj())
	entries := map[string]int64{}
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		entries[key(name)] = int64(100 * (i + 1))
	}
	got := s.room(s.requests["asks"], entries, map[string]int64{key("e") + "/c1": 50, key("asks"): 99}).Message
	want := "by e (EUR 5.50, its MDFAllocation is gone), d (EUR 4.00, its MDFAllocation is gone), c (EUR 3.00, its MDFAllocation is gone) and 2 more requests, "
	if !strings.Contains(got, want) {
		t.Errorf("the message is %q, want in it %q", got, want)
	}
}

func TestALimitOfAShareOfAMetric(t *testing.T) {
	share := func(change func(*v1alpha1.FundingLimit)) *v1alpha1.MDFBudget {
		return testobj.Budget("fy27-emea").With(func(spec *v1alpha1.MDFBudgetSpec) {
			spec.Limits = []v1alpha1.FundingLimit{{Name: "co-op", Per: v1alpha1.LimitPerPartner, Percent: "3", Metric: "purchases"}}
			if change != nil {
				change(&spec.Limits[0])
			}
		}).Obj()
	}
	const prefix = "limit co-op of budget fy27-emea "
	for name, tc := range map[string]struct {
		budget   *v1alpha1.MDFBudget
		measured *v1alpha1.MeasurementSet
		want     int64
		wantText string
		wantNext string
	}{
		"3 % of EUR 40,000.00": {
			share(nil), testobj.Purchases("2026-05-31", "15000", "2026-08-31", "25000"), 120000,
			"allows 3 % of purchases in the trailing 12 months: of EUR 40,000.00, measured through 2026-08-31 by crm, that is EUR 1,200.00 for all requests of partner acme, " +
				"none of it used: request at most EUR 1,200.00, or ask finance to raise the limit",
			"2026-10-02T00:00:00+02:00",
		},
		"rounded down": {share(nil), testobj.Purchases("2026-08-31", "33.33"), 99, "that is EUR 0.99", "2026-10-02T00:00:00+02:00"},
		"the day before the window and its first day": {
			share(nil), testobj.Purchases("2025-09-01", "1000", "2025-09-02", "2000"), 6000, "of EUR 2,000.00, measured through 2025-09-02 by crm,", "2026-09-02T00:00:00+02:00",
		},
		"a window of its own": {
			share(func(l *v1alpha1.FundingLimit) { l.TrailingMonths = new(int32(1)) }), testobj.Purchases("2026-08-01", "1000", "2026-08-10", "2000"), 6000,
			"in the trailing 1 month: of EUR 2,000.00", "2026-09-10T00:00:00+02:00",
		},
		"results to come": {
			share(nil), testobj.Purchases("2026-08-31", "1000", "2026-09-05", "7000"), 3000, "of EUR 1,000.00", "2026-09-05T00:00:00+02:00",
		},
		"returns": {
			share(nil), testobj.Purchases("2026-08-30", "1000", "2026-08-31", "-400"), 1800, "of EUR 600.00", "2026-10-02T00:00:00+02:00",
		},
		"more returns than purchases": {
			share(nil), testobj.Purchases("2026-08-31", "-400"), 0, "of EUR -400.00, measured through 2026-08-31 by crm, that is EUR 0.00 ", "2026-10-02T00:00:00+02:00",
		},
		"nothing measured": {
			share(nil), testobj.Purchases(), 0, "allows 3 % of purchases in the trailing 12 months, of which nothing is measured, and so nothing for all " +
				"requests of partner acme",
			"2026-10-02T00:00:00+02:00",
		},
		"another currency than the budget's": {
			func() *v1alpha1.MDFBudget { b := share(nil); b.Spec.Amount.Currency = "USD"; return b }(), testobj.Purchases("2026-08-31", "1000"), 0,
			"corrects it: metric purchases is measured in EUR, the currency of program northwind, and the budget is in USD", "",
		},
		"an unknown metric": {
			share(func(l *v1alpha1.FundingLimit) { l.Metric = "purchase" }), testobj.Purchases("2026-08-31", "1000"), 0,
			`corrects it: program northwind has no metric "purchase": did you mean "purchases"?`, "",
		},
		"a metric of another unit": {
			share(func(l *v1alpha1.FundingLimit) { l.Metric = "qualified-leads" }), testobj.Purchases("2026-08-31", "1000"), 0,
			`corrects it: metric qualified-leads has unit Count: name one with unit Currency`, "",
		},
		"a level": {
			share(func(l *v1alpha1.FundingLimit) { l.Metric = "retention" }), testobj.Purchases("2026-08-31", "1000"), 0,
			`corrects it: metric retention has behaviour Stock: name one with behaviour Flow`, "",
		},
		"a percentage that cannot be read": {
			share(func(l *v1alpha1.FundingLimit) { l.Percent = "3%" }), testobj.Purchases("2026-08-31", "1000"), 0, `corrects it: "3%" is not a percentage`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := limitStage(tc.budget, tc.measured)
			got := s.room(s.requests["asks"], nil, nil)
			if got.Amount != tc.want || !strings.HasPrefix(got.Message, prefix) || !strings.Contains(got.Message, tc.wantText) {
				t.Errorf("Room() = %d, %q; want %d, %q", got.Amount, got.Message, tc.want, prefix+tc.wantText)
			}
			if next := got.Next; tc.wantNext == "" && !next.IsZero() || tc.wantNext != "" && !next.Equal(testobj.At(tc.wantNext)) {
				t.Errorf("Next = %s, want %s", next, tc.wantNext)
			}
		})
	}
}

func TestRoomOfWhatCannotBeJudged(t *testing.T) {
	limited := testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerRequest, "10.00").Obj()
	for name, tc := range map[string]struct {
		budget  *v1alpha1.MDFBudget
		arrange func(*request.Request)
		want    int64
	}{
		"no budget":                     {limited, func(r *request.Request) { r.Budget = nil }, unbounded},
		"no partner":                    {limited, func(r *request.Request) { r.Partner = nil }, 0},
		"no program":                    {limited, func(r *request.Request) { r.Program = nil }, 0},
		"no partner and nothing bounds": {testobj.Budget("fy27-emea").Obj(), func(r *request.Request) { r.Partner = nil }, unbounded},
		"no type of activity":           {limited, func(r *request.Request) { r.Activity = nil }, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			s := limitStage(tc.budget)
			tc.arrange(s.requests["asks"])
			got := s.room(s.requests["asks"], nil, nil)
			if got.Amount != tc.want || (got.Message == "") != (tc.want == unbounded) {
				t.Errorf("Room() = %d, %q; want %d", got.Amount, got.Message, tc.want)
			}
		})
	}
}

func TestTheLesserOfALimitAndTheAccrualGoverns(t *testing.T) {
	for amount, want := range map[v1alpha1.Decimal]string{
		"299.99": v1alpha1.ReasonLimitReached, "300.00": v1alpha1.ReasonLimitReached, "300.01": v1alpha1.ReasonAccrualInsufficient,
	} {
		budget := earning(v1alpha1.SpendSamePeriod, 0, func(spec *v1alpha1.MDFBudgetSpec) {
			spec.Limits = []v1alpha1.FundingLimit{{Name: "cap", Per: v1alpha1.LimitPerPlan, Amount: amount}}
		})
		s := earningStage("2026-11-15T10:00:00+01:00", budget, testobj.Purchases("2026-10-31", "10000"), nil)
		if got := s.room(s.requests["asks"], nil, nil); got.Reason != want {
			t.Errorf("beside a limit of %s it is %s, want %s", amount, got.Reason, want)
		}
	}
}

func TestRoomChangesNextWhenALotOrAResultDoes(t *testing.T) {
	for name, tc := range map[string]struct {
		now      string
		budget   *v1alpha1.MDFBudget
		measured *v1alpha1.MeasurementSet
		more     []any
		want     string
	}{
		"when the interval ends": {"2026-11-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 0), testobj.Purchases("2026-10-31", "1"), nil, "2027-01-01T00:00:00+01:00"},
		"when a lot expires":     {"2026-11-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 2), testobj.Purchases("2026-10-31", "1"), nil, "2026-12-01T00:00:00+01:00"},
		"when a result counts":   {"2026-11-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 0), testobj.Purchases("2026-11-20", "1"), nil, "2026-11-20T00:00:00+01:00"},
		"when a decision counts": {
			"2026-11-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 0), testobj.Purchases("2026-10-31", "1"),
			[]any{approvedTime("gone", "2026-11-18T10:00:00Z")},
			"2026-11-18T10:00:00Z",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := earningStage(tc.now, tc.budget, tc.measured, nil, tc.more...)
			if got := s.room(s.requests["asks"], map[string]int64{key("gone"): 1}, nil); !got.Next.Equal(testobj.At(tc.want)) {
				t.Errorf("Next = %s, want %s", got.Next, tc.want)
			}
		})
	}
}

// TestAGrantThatWasApprovedEarlierTakesWhatWasEarnedFirst, though it is granted later, as one of less priority is.
func TestAGrantThatWasApprovedEarlierTakesWhatWasEarnedFirst(t *testing.T) {
	s := earningStage("2026-11-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 3, recovered(v1alpha1.ShortfallInvoice)),
		testobj.Purchases("2026-08-20", "10000", "2026-10-10", "20000"), map[v1alpha1.Name]string{"first": "2026-08-25", "second": "2026-10-12"})
	rooms := s.beside("fy27-emea", nil, nil)
	rooms.Granted(s.requests["second"], 30000)
	if got := rooms.Bound(s.requests["asks"]); got.Amount != 60000 {
		t.Errorf("beside the second there is %d, want 60000", got.Amount)
	}
	rooms.Granted(s.requests["first"], 20000)
	if got := rooms.Bound(s.requests["asks"]); got.Amount != 40000 {
		t.Errorf("beside both there is %d, want 40000", got.Amount)
	}
}

func TestRoomChangesNextWhenARequestThatCountsDoes(t *testing.T) {
	s := limitStage(testobj.Budget("fy27-emea").Limit("cap", v1alpha1.LimitPerActivity, "9000.00").Obj())
	want := testobj.At("2026-09-20T10:00:00+02:00")
	s.requests["same-activity"].Next = want
	if got := s.room(s.requests["asks"], map[string]int64{key("same-activity"): 100}, nil); !got.Next.Equal(want) {
		t.Errorf("Next = %s, want %s", got.Next, want)
	}
}
