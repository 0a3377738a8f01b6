package headroom

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// earning is a budget of fiscal year 2027 whose partners earn 3 % of their purchases, quarter by quarter.
func earning(spend v1alpha1.AccrualSpend, carry int32, change ...func(*v1alpha1.MDFBudgetSpec)) *v1alpha1.MDFBudget {
	b := testobj.Budget("fy27-emea").Period(2027, v1alpha1.PartYear).With(func(spec *v1alpha1.MDFBudgetSpec) {
		spec.Accrual = &v1alpha1.Accrual{Metric: "purchases", Percent: "3", Every: v1alpha1.CadenceQuarter, Spend: spend}
		if carry > 0 {
			spec.Accrual.CarryOverMonths = &carry
		}
	})
	for _, one := range change {
		b.With(one)
	}
	return b.Obj()
}

func yearly(spec *v1alpha1.MDFBudgetSpec) { spec.Accrual.Every = v1alpha1.CadenceYear }

// stepped earns EUR 500.00 from purchases of 10,000 on and 2,000.00 from 50,000 on.
func stepped(spec *v1alpha1.MDFBudgetSpec) {
	spec.Accrual.Percent = ""
	spec.Accrual.Steps = []v1alpha1.AccrualStep{{AtLeast: "50000", Amount: "2000.00"}, {AtLeast: "10000", Amount: "500.00"}}
}

func atMost(amount v1alpha1.Decimal) func(*v1alpha1.MDFBudgetSpec) {
	return func(spec *v1alpha1.MDFBudgetSpec) { spec.Accrual.Maximum = amount }
}

// earningStage has a partner acme that asks, and requests "first", "second" and "third", approved on the days given.
func earningStage(now string, budget *v1alpha1.MDFBudget, measured *v1alpha1.MeasurementSet, approved map[v1alpha1.Name]string, more ...any) *stage {
	objects := append([]any{
		testobj.ProgramWithPurchases(), budget, measured, testobj.Partner("acme").Obj(), testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj(),
		testobj.Allocation("asks").Obj(),
	}, more...)
	for name := range approved {
		objects = append(objects, testobj.Allocation(string(name)).Obj())
	}
	s := newStage(now, objects...)
	s.request("asks", "Webinar", "")
	for name, day := range approved {
		s.request(name, "Webinar", day+"T10:00:00+02:00")
	}
	return s
}

// failer is what a test and a property have in common.
type failer interface {
	Helper()
	Fatal(args ...any)
}

func (s *stage) lotsOf(t failer, reserved map[string]int64) []Lot {
	t.Helper()
	r := s.requests["asks"]
	lots, _, err := s.beside("fy27-emea", reserved, nil).beside(r.Key).lots(r, verdict.NewHorizon(s.facts.Now))
	if err != nil {
		t.Fatal(err)
	}
	return lots
}

// brief is a lot in a line: name, days on which it may be spent, earned = made up + used + left.
func brief(lots []Lot) []string {
	var list []string
	for _, lot := range lots {
		parts := []string{lot.Name, lot.Valid.String()}
		for _, amount := range []int64{lot.Earned, lot.MadeUp, lot.Used, lot.Left} {
			parts = append(parts, strings.TrimPrefix(spokenMinor(amount), "EUR "))
		}
		list = append(list, strings.Join(parts, " | "))
	}
	return list
}

func TestLots(t *testing.T) {
	for name, tc := range map[string]struct {
		now      string
		budget   *v1alpha1.MDFBudget
		measured *v1alpha1.MeasurementSet
		approved map[v1alpha1.Name]string
		reserved map[string]int64
		want     []string // name | valid | earned | made up | used | left
		wantRoom int64
	}{
		"spent in the interval in which it is earned": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 0), measured: testobj.Purchases("2026-08-31", "40000", "2026-10-31", "10000"),
			want: []string{
				"FY2027 Q1 | 2026-07-01 to 2026-09-30 | 1,200.00 | 0.00 | 0.00 | 1,200.00",
				"FY2027 Q2 | 2026-10-01 to 2026-12-31 | 300.00 | 0.00 | 0.00 | 300.00",
			},
			wantRoom: 30000,
		},
		"carried over": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 2), measured: testobj.Purchases("2026-08-31", "40000", "2026-10-31", "10000"),
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-08-31 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-11-30 | 1,200.00 | 0.00 | 0.00 | 1,200.00",
				"FY2027 Q2 | 2026-10-01 to 2027-02-28 | 300.00 | 0.00 | 0.00 | 300.00",
			},
			wantRoom: 150000,
		},
		"no more than carried over": {
			now: "2026-12-01T00:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 2), measured: testobj.Purchases("2026-08-31", "40000", "2026-10-31", "10000"),
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-08-31 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-11-30 | 1,200.00 | 0.00 | 0.00 | 1,200.00",
				"FY2027 Q2 | 2026-10-01 to 2027-02-28 | 300.00 | 0.00 | 0.00 | 300.00",
			},
			wantRoom: 30000,
		},
		"earned in one period and spent in the next: 4x4 co-op": {
			now: "2026-08-01T10:00:00+02:00", budget: earning(v1alpha1.SpendNextPeriod, 0, yearly), measured: testobj.Purchases("2026-03-31", "30000", "2026-06-30", "10000"),
			want: []string{
				"FY2026 | 2026-07-01 to 2027-06-30 | 1,200.00 | 0.00 | 0.00 | 1,200.00",
				"FY2027 | 2027-07-01 to 2028-06-30 | 0.00 | 0.00 | 0.00 | 0.00",
			},
			wantRoom: 120000,
		},
		"first in, first out across an expiry": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 3),
			measured: testobj.Purchases("2026-05-31", "10000", "2026-08-31", "20000", "2026-10-31", "30000"),
			approved: map[v1alpha1.Name]string{"first": "2026-09-30", "second": "2026-10-01"},
			reserved: map[string]int64{key("first"): 40000, key("second"): 60000},
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-09-30 | 300.00 | 0.00 | 300.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-12-31 | 600.00 | 0.00 | 600.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2027-03-31 | 900.00 | 0.00 | 100.00 | 800.00",
			},
			wantRoom: 80000,
		},
		"in the order of approval, not of names": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 3), measured: testobj.Purchases("2026-08-31", "20000", "2026-10-31", "30000"),
			approved: map[v1alpha1.Name]string{"first": "2026-11-01", "second": "2026-08-01"},
			reserved: map[string]int64{key("first"): 60000, key("second"): 60000},
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-09-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-12-31 | 600.00 | 0.00 | 600.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2027-03-31 | 900.00 | 0.00 | 600.00 | 300.00",
			},
			wantRoom: 30000,
		},
		"what expired is lost": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 3),
			measured: testobj.Purchases("2026-05-31", "10000", "2026-08-31", "20000", "2026-10-31", "30000"),
			approved: map[v1alpha1.Name]string{"first": "2026-10-01", "second": "2026-10-02"},
			reserved: map[string]int64{key("first"): 40000, key("second"): 60000},
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-09-30 | 300.00 | 0.00 | 0.00 | 300.00",
				"FY2027 Q1 | 2026-07-01 to 2026-12-31 | 600.00 | 0.00 | 600.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2027-03-31 | 900.00 | 0.00 | 400.00 | 500.00",
			},
			wantRoom: 50000,
		},
		"credit notes reduce their lot": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 0),
			measured: testobj.Purchases("2026-10-10", "20000", "2026-10-31", "-5000.01"),
			want: []string{
				"FY2027 Q1 | 2026-07-01 to 2026-09-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2026-12-31 | 449.99 | 0.00 | 0.00 | 449.99",
			},
			wantRoom: 44999,
		},
		"a deficit is made up for by the following lots, however many it takes": {
			now: "2027-04-15T10:00:00+02:00", budget: earning(v1alpha1.SpendSamePeriod, 0),
			measured: testobj.Purchases("2026-08-31", "-20000", "2026-10-31", "10000", "2027-02-28", "15000", "2027-04-10", "1000"),
			want: []string{
				"FY2027 Q1 | 2026-07-01 to 2026-09-30 | -600.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2026-12-31 | 300.00 | 300.00 | 0.00 | 0.00",
				"FY2027 Q3 | 2027-01-01 to 2027-03-31 | 450.00 | 300.00 | 0.00 | 150.00",
				"FY2027 Q4 | 2027-04-01 to 2027-06-30 | 30.00 | 0.00 | 0.00 | 30.00",
			},
			wantRoom: 3000,
		},
		"a deficit of long ago": {
			now: "2026-08-15T10:00:00+02:00", budget: earning(v1alpha1.SpendSamePeriod, 0), measured: testobj.Purchases("2026-01-31", "-1000", "2026-08-10", "2000"),
			want: []string{
				"FY2026 Q3 | 2026-01-01 to 2026-03-31 | -30.00 | 0.00 | 0.00 | 0.00",
				"FY2026 Q4 | 2026-04-01 to 2026-06-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-09-30 | 60.00 | 30.00 | 0.00 | 30.00",
			},
			wantRoom: 3000,
		},
		"a credit note after the money was spent": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 0),
			measured: testobj.Purchases("2026-08-31", "20000", "2026-09-30", "-15000", "2026-10-31", "30000"),
			approved: map[v1alpha1.Name]string{"first": "2026-09-10"},
			reserved: map[string]int64{key("first"): 60000},
			want: []string{
				"FY2027 Q1 | 2026-07-01 to 2026-09-30 | 150.00 | 0.00 | 150.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2026-12-31 | 900.00 | 450.00 | 0.00 | 450.00",
			},
			wantRoom: 45000,
		},
		"steps": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 3, stepped),
			measured: testobj.Purchases("2026-05-31", "9999.99", "2026-08-31", "10000", "2026-10-31", "50000"),
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-09-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-12-31 | 500.00 | 0.00 | 0.00 | 500.00",
				"FY2027 Q2 | 2026-10-01 to 2027-03-31 | 2,000.00 | 0.00 | 0.00 | 2,000.00",
			},
			wantRoom: 250000,
		},
		"steps and a maximum": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 0, stepped, atMost("1500.00")), measured: testobj.Purchases("2026-10-31", "50000"),
			want: []string{
				"FY2027 Q1 | 2026-07-01 to 2026-09-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q2 | 2026-10-01 to 2026-12-31 | 1,500.00 | 0.00 | 0.00 | 1,500.00",
			},
			wantRoom: 150000,
		},
		"a maximum per lot": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 3, atMost("250.00")),
			measured: testobj.Purchases("2026-08-31", "40000", "2026-10-31", "5000"),
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-09-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-12-31 | 250.00 | 0.00 | 0.00 | 250.00",
				"FY2027 Q2 | 2026-10-01 to 2027-03-31 | 150.00 | 0.00 | 0.00 | 150.00",
			},
			wantRoom: 40000,
		},
		"rounded down per lot": {
			now: "2026-11-15T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 3), measured: testobj.Purchases("2026-08-31", "33.33", "2026-10-31", "33.33"),
			want: []string{
				"FY2026 Q4 | 2026-04-01 to 2026-09-30 | 0.00 | 0.00 | 0.00 | 0.00",
				"FY2027 Q1 | 2026-07-01 to 2026-12-31 | 0.99 | 0.00 | 0.00 | 0.99",
				"FY2027 Q2 | 2026-10-01 to 2027-03-31 | 0.99 | 0.00 | 0.00 | 0.99",
			},
			wantRoom: 198,
		},
		"months": {
			now:      "2026-08-15T10:00:00+02:00",
			budget:   earning(v1alpha1.SpendNextPeriod, 0, func(spec *v1alpha1.MDFBudgetSpec) { spec.Accrual.Every = v1alpha1.CadenceMonth }),
			measured: testobj.Purchases("2026-07-20", "1000", "2026-08-10", "500"),
			want: []string{
				"2026-06-01 to 2026-06-30 | 2026-07-01 to 2026-07-31 | 0.00 | 0.00 | 0.00 | 0.00",
				"2026-07-01 to 2026-07-31 | 2026-08-01 to 2026-08-31 | 30.00 | 0.00 | 0.00 | 30.00",
				"2026-08-01 to 2026-08-31 | 2026-09-01 to 2026-09-30 | 15.00 | 0.00 | 0.00 | 15.00",
			},
			wantRoom: 3000,
		},
		"before the program year": {
			now: "2026-06-30T23:59:59+02:00", budget: earning(v1alpha1.SpendSamePeriod, 0), measured: testobj.Purchases(), want: nil, wantRoom: 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := earningStage(tc.now, tc.budget, tc.measured, tc.approved)
			if diff := cmp.Diff(tc.want, brief(s.lotsOf(t, tc.reserved))); diff != "" {
				t.Errorf("lots (-want +got):\n%s", diff)
			}
			room := s.room(s.requests["asks"], tc.reserved, nil)
			if room.Amount != tc.wantRoom || room.Reason != v1alpha1.ReasonAccrualInsufficient || room.Name != "" {
				t.Errorf("Room() = %d, %s %q; want %d: %s", room.Amount, room.Reason, room.Name, tc.wantRoom, room.Message)
			}
		})
	}
}

func TestALotOfAnIntervalThatEndsWithinAMonthIsCarriedOverToThatDay(t *testing.T) {
	p := testobj.ProgramWithPurchases()
	p.Spec.Calendar.FiscalYearStart = "07-15"
	s := newStage("2026-11-15T10:00:00+01:00", p, earning(v1alpha1.SpendSamePeriod, 2), testobj.Purchases(), testobj.Partner("acme").Obj(), testobj.Plan("acme-h1").Obj(),
		testobj.Allocation("asks").Obj())
	s.request("asks", "Webinar", "")
	want := []string{
		"FY2026 Q4 | 2026-04-15 to 2026-09-14 | 0.00 | 0.00 | 0.00 | 0.00",
		"FY2027 Q1 | 2026-07-15 to 2026-12-14 | 0.00 | 0.00 | 0.00 | 0.00",
		"FY2027 Q2 | 2026-10-15 to 2027-03-14 | 0.00 | 0.00 | 0.00 | 0.00",
	}
	if diff := cmp.Diff(want, brief(s.lotsOf(t, nil))); diff != "" {
		t.Errorf("lots (-want +got):\n%s", diff)
	}
}

func TestWhatWasApprovedWhileALotWasValidMayStillTakeIt(t *testing.T) {
	budget := earning(v1alpha1.SpendSamePeriod, 0)
	for approved, want := range map[string]int64{
		"":                          30000,          // by today's lot
		"2026-09-30T23:59:00+02:00": 30000 + 120000, // by the lot of its day, and by today's
		"2026-10-01T00:00:00+02:00": 30000,
	} {
		s := earningStage("2026-11-15T10:00:00+01:00", budget, testobj.Purchases("2026-08-31", "40000", "2026-10-31", "10000"), nil)
		r := s.request("asks", "Webinar", approved)
		if got := s.room(r, nil, nil); got.Amount != want {
			t.Errorf("approved %q the room is %d, want %d: %s", approved, got.Amount, want, got.Message)
		}
	}
}

func TestAccrualSaysWhatWasEarnedUsedAndLeft(t *testing.T) {
	for name, tc := range map[string]struct {
		budget   *v1alpha1.MDFBudget
		measured *v1alpha1.MeasurementSet
		reserved int64
		want     string
	}{
		"one lot": {
			earning(v1alpha1.SpendNextPeriod, 0, yearly), testobj.Purchases("2026-03-31", "30000", "2026-06-15", "10000"), 90000,
			"partner acme earned EUR 1,200.00 in FY2026 (3 % of EUR 40,000.00 purchases, measured through 2026-06-15 by crm), of which EUR 900.00 is used; " +
				"EUR 300.00 is left through 2027-06-30: request at most EUR 300.00, or wait until more is earned",
		},
		"one lot, untouched": {
			earning(v1alpha1.SpendNextPeriod, 0, yearly), testobj.Purchases("2026-03-31", "40000"), 0,
			"partner acme earned EUR 1,200.00 in FY2026 (3 % of EUR 40,000.00 purchases, measured through 2026-03-31 by crm), of which nothing is used; " +
				"EUR 1,200.00 is left through 2027-06-30: request at most EUR 1,200.00, or wait until more is earned",
		},
		"used up": {
			earning(v1alpha1.SpendNextPeriod, 0, yearly), testobj.Purchases("2026-03-31", "40000"), 120000,
			"partner acme earned EUR 1,200.00 in FY2026 (3 % of EUR 40,000.00 purchases, measured through 2026-03-31 by crm), of which EUR 1,200.00 is used; " +
				"EUR 0.00 is left through 2027-06-30: wait until more is earned",
		},
		"nothing measured": {
			earning(v1alpha1.SpendNextPeriod, 0, yearly), testobj.Purchases(), 0,
			"partner acme earned nothing in FY2026 (no value of purchases is measured): wait until more is earned",
		},
		"credit notes, and what is short before": {
			earning(v1alpha1.SpendSamePeriod, 3), testobj.Purchases("2026-08-31", "-1000", "2026-10-31", "10000"), 5000,
			"partner acme is EUR 30.00 short in FY2027 Q1 (3 % of EUR -1,000.00 purchases, measured through 2026-08-31 by crm), for which later earnings make up first. " +
				"It earned EUR 300.00 in FY2027 Q2 (3 % of EUR 10,000.00 purchases, measured through 2026-10-31 by crm), of which EUR 30.00 makes up for what was short before " +
				"and EUR 50.00 is used; EUR 220.00 is left through 2027-03-31. EUR 220.00 is left in all: request at most EUR 220.00, or wait until more is earned",
		},
		"a step and a maximum": {
			earning(v1alpha1.SpendSamePeriod, 0, stepped, atMost("1500.00")), testobj.Purchases("2026-10-31", "50000"), 0,
			"partner acme earned EUR 1,500.00 in FY2027 Q2 (by the step that EUR 50,000.00 purchases reach, at most EUR 1,500.00, measured through 2026-10-31 by crm), " +
				"of which nothing is used; EUR 1,500.00 is left through 2026-12-31: request at most EUR 1,500.00, or wait until more is earned",
		},
		"no step": {
			earning(v1alpha1.SpendSamePeriod, 0, stepped), testobj.Purchases("2026-10-31", "9999.99"), 0,
			"partner acme earned EUR 0.00 in FY2027 Q2 (EUR 9,999.99 purchases reach no step that pays, measured through 2026-10-31 by crm): wait until more is earned",
		},
		"many lots": {
			earning(v1alpha1.SpendSamePeriod, 12),
			testobj.Purchases("2025-12-31", "1000", "2026-03-31", "2000", "2026-06-30", "3000", "2026-09-30", "4000", "2026-10-31", "5000"), 0,
			"partner acme has EUR 90.00 left of what it earned from 2025-10-01 to 2026-03-31. " +
				"It earned EUR 90.00 in FY2026 Q4 (3 % of EUR 3,000.00 purchases, measured through 2026-06-30 by crm), of which nothing is used; EUR 90.00 is " +
				"left through 2027-06-30. " +
				"It earned EUR 120.00 in FY2027 Q1 (3 % of EUR 4,000.00 purchases, measured through 2026-09-30 by crm), of which nothing is used; EUR 120.00 " +
				"is left through 2027-09-30. " +
				"It earned EUR 150.00 in FY2027 Q2 (3 % of EUR 5,000.00 purchases, measured through 2026-10-31 by crm), of which nothing is used; EUR 150.00 " +
				"is left through 2027-12-31. " +
				"EUR 450.00 is left in all: request at most EUR 450.00, or wait until more is earned",
		},
		"a period that does not exist": {
			earning(v1alpha1.SpendSamePeriod, 0, func(spec *v1alpha1.MDFBudgetSpec) { spec.Period = v1alpha1.Period{} }), testobj.Purchases(), 0,
			"budget fy27-emea lets partners draw only what they earn, which cannot be computed, so nothing is granted until finance corrects it: " +
				"program northwind defines no such period as spec.period",
		},
		"another currency": {
			earning(v1alpha1.SpendSamePeriod, 0, func(spec *v1alpha1.MDFBudgetSpec) { spec.Amount.Currency = "USD" }), testobj.Purchases(), 0,
			"budget fy27-emea lets partners draw only what they earn, which cannot be computed, so nothing is granted until finance corrects it: " +
				"spec.accrual.metric: metric purchases is measured in EUR, the currency of program northwind, and the budget is in USD",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := earningStage("2026-11-15T10:00:00+01:00", tc.budget, tc.measured, map[v1alpha1.Name]string{"first": "2026-11-01"})
			if diff := cmp.Diff(tc.want, s.room(s.requests["asks"], map[string]int64{key("first"): tc.reserved}, nil).Message); diff != "" {
				t.Errorf("Message (-want +got):\n%s", diff)
			}
		})
	}
}

// approvedTime is a decision that approves a request at an instant, on a revision of then.
func approvedTime(allocation, at string) *v1alpha1.ApprovalDecision {
	return testobj.MoneyDecision("on-"+allocation+at[:10], "MDFAllocation", allocation, "v1:then", v1alpha1.DecisionApproved, "fiona", at)
}

func TestAUseIsOfTheDayOfItsApprovalAsFarAsThatIsKnown(t *testing.T) {
	first := map[v1alpha1.Name]string{"first": "2026-11-10"}
	open := func(s *stage) { s.requests["first"].Approval = approval.Approval{} }
	for name, tc := range map[string]struct {
		key     string
		arrange func(*stage)
		more    []any
		want    string // the interval whose lot it takes
	}{
		"the request's approval": {key("first"), nil, nil, "FY2027 Q2"},
		"of a request that was changed since, the last approval": {
			key("first"), open, []any{approvedTime("first", "2026-07-10T10:00:00Z"), approvedTime("first", "2026-08-10T10:00:00Z")}, "FY2027 Q1",
		},
		"not one that is dated in the future": {
			key("first"), open, []any{approvedTime("first", "2026-08-10T10:00:00Z"), approvedTime("first", "2026-12-10T10:00:00Z")}, "FY2027 Q1",
		},
		"of an earlier request the last approval before its claim": {
			testobj.Namespace + "/first/0/c1", nil,
			[]any{
				testobj.Claim("c1", "first").Claimed("2026-09-20").Obj(),
				approvedTime("first", "2026-09-20T10:00:00Z"), approvedTime("first", "2026-10-02T10:00:00Z"),
			},
			"FY2027 Q1",
		},
		"with no approval the day of the claim": {
			testobj.Namespace + "/gone/1/c1", nil, []any{testobj.Claim("c1", "gone").Claimed("2026-09-30").Obj()}, "FY2027 Q1",
		},
		"not that of another's claim": {
			testobj.Namespace + "/gone/1/c1", nil, []any{testobj.Claim("c1", "first").Claimed("2026-09-30").Obj()}, "FY2027 Q2",
		},
		"with nothing known today": {testobj.Namespace + "/gone/1", nil, nil, "FY2027 Q2"},
	} {
		t.Run(name, func(t *testing.T) {
			s := earningStage("2026-11-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 0),
				testobj.Purchases("2026-08-31", "40000", "2026-10-31", "40000"), first, tc.more...)
			if tc.arrange != nil {
				tc.arrange(s)
			}
			var took []string
			for _, lot := range s.lotsOf(t, map[string]int64{tc.key: 1000}) {
				if lot.Used > 0 {
					took = append(took, lot.Name)
				}
			}
			if diff := cmp.Diff([]string{tc.want}, took); diff != "" {
				t.Errorf("it takes the lots (-want +got):\n%s", diff)
			}
		})
	}
}

func TestALotThatIsValidInTwoBudgetsIsSpentOnce(t *testing.T) {
	before := func(change func(*v1alpha1.MDFBudgetSpec)) *v1alpha1.MDFBudget {
		b := earning(v1alpha1.SpendSamePeriod, 12)
		b.Name = "fy26-emea"
		b.Spec.Period.FiscalYear = new(int32(2026))
		if change != nil {
			change(&b.Spec)
		}
		return b
	}
	ledger := testobj.Ledger("fy26-emea").Reserved(key("earlier"), 20000).Settled(key("earlier")+"/c1", 10000).Obj()
	for name, tc := range map[string]struct {
		budget *v1alpha1.MDFBudget
		ledger *v1alpha1.MDFLedger
		want   int64 // of EUR 1,200.00 earned in FY2026
	}{
		"alone":                    {before(nil), testobj.Ledger("fy26-emea").Obj(), 120000},
		"spent before":             {before(nil), ledger, 90000},
		"no ledger":                {before(nil), testobj.Ledger("x").Obj(), 120000},
		"of another metric":        {before(func(spec *v1alpha1.MDFBudgetSpec) { spec.Accrual.Metric = "new-revenue" }), ledger, 120000},
		"not earned":               {before(func(spec *v1alpha1.MDFBudgetSpec) { spec.Accrual = nil }), ledger, 120000},
		"of another program":       {before(func(spec *v1alpha1.MDFBudgetSpec) { spec.ProgramRef.Name = "other" }), ledger, 120000},
		"in another currency":      {before(func(spec *v1alpha1.MDFBudgetSpec) { spec.Amount.Currency = "USD" }), ledger, 120000},
		"a pot of the same period": {before(func(spec *v1alpha1.MDFBudgetSpec) { spec.Period.FiscalYear = new(int32(2027)) }), ledger, 120000},
	} {
		t.Run(name, func(t *testing.T) {
			s := earningStage("2026-08-15T10:00:00+02:00", earning(v1alpha1.SpendSamePeriod, 12), testobj.Purchases("2026-05-31", "40000"), nil,
				tc.budget, tc.ledger, testobj.Allocation("earlier").On("acme-h1", "fy26-emea").Obj())
			s.request("earlier", "Webinar", "2026-06-10T10:00:00Z")
			if got := s.room(s.requests["asks"], nil, nil); got.Amount != tc.want {
				t.Errorf("Room() = %d, want %d: %s", got.Amount, tc.want, got.Message)
			}
		})
	}
}

func spokenMinor(minor int64) string { return money.Format(minor, "EUR") }
