package headroom

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/testobj"
)

// fromFirstSale earns EUR 1,500.00 from purchases of 25,000 on and 2,500.00 from 40,000 on in the 12 months from the first purchase.
func fromFirstSale(spec *v1alpha1.MDFBudgetSpec) {
	fromEvent(v1alpha1.EventFirstResult, 12)(spec)
	spec.Accrual.FromEvent.Metric = "purchases"
	spec.Accrual.Percent = ""
	spec.Accrual.Steps = []v1alpha1.AccrualStep{{AtLeast: "40000", Amount: "2500.00"}, {AtLeast: "25000", Amount: "1500.00"}}
}

func fromEvent(event v1alpha1.WindowEvent, months int32) func(*v1alpha1.MDFBudgetSpec) {
	return func(spec *v1alpha1.MDFBudgetSpec) {
		spec.Accrual.Every, spec.Accrual.FromEvent = "", &v1alpha1.EventInterval{Event: event, Months: months}
	}
}

func TestLotsFromAnEvent(t *testing.T) {
	const lot = "the 12 months from 2026-04-10 through 2027-04-09 | 2026-04-10 to 2027-04-09 | "
	for name, tc := range map[string]struct {
		now      string
		budget   *v1alpha1.MDFBudget
		partner  *testobj.PartnerBuilder
		measured *v1alpha1.MeasurementSet
		want     []string // name | valid | earned | made up | used | left
		wantRoom int64
		wantNext string
		wantSays string
	}{
		"one below the first step": {
			now: "2027-01-15T10:00:00+01:00", measured: testobj.Purchases("2026-04-10", "24000", "2026-12-31", "999.99"),
			want: []string{lot + "0.00 | 0.00 | 0.00 | 0.00"}, wantNext: "2027-04-10T00:00:00+02:00",
		},
		"at the first step": {
			now: "2027-01-15T10:00:00+01:00", measured: testobj.Purchases("2026-04-10", "24000", "2026-12-31", "1000"),
			want: []string{lot + "1,500.00 | 0.00 | 0.00 | 1,500.00"}, wantRoom: 150000, wantNext: "2027-04-10T00:00:00+02:00",
		},
		"16,000 on the last day": {
			now: "2027-04-09T23:59:59+02:00", measured: testobj.Purchases("2026-04-10", "20000", "2026-12-31", "4000", "2027-04-09", "16000"),
			want: []string{lot + "2,500.00 | 0.00 | 0.00 | 2,500.00"}, wantRoom: 250000, wantNext: "2027-04-10T00:00:00+02:00",
		},
		"16,000 on the day after": {
			now: "2027-04-10T10:00:00+02:00", measured: testobj.Purchases("2026-04-10", "20000", "2026-12-31", "4000", "2027-04-10", "16000"),
			want:     []string{lot + "0.00 | 0.00 | 0.00 | 0.00"},
			wantSays: "partner acme has earned nothing yet that budget fy27-emea pays out: wait until something is earned",
		},
		"before the first sale": {
			now: "2026-08-01T10:00:00+02:00", measured: testobj.Purchases("2026-07-01", "0", "2026-09-01", "500"),
			wantNext: "2026-09-01T00:00:00+02:00",
			wantSays: "budget fy27-emea pays out what is earned in the 12 months after the first purchases of partner acme, and none is measured: report it in a " +
				"MeasurementSet, or wait for it",
		},
		"six months from a last day": {
			now: "2027-02-27T10:00:00+01:00", budget: earning(v1alpha1.SpendSamePeriod, 0, fromEvent(v1alpha1.EventMemberSince, 6)),
			partner: testobj.Partner("acme").Joined("2026-08-31"), measured: testobj.Purchases("2026-08-30", "900", "2026-08-31", "100", "2027-02-27", "100", "2027-02-28", "900"),
			want:     []string{"the 6 months from 2026-08-31 through 2027-02-27 | 2026-08-31 to 2027-02-27 | 6.00 | 0.00 | 0.00 | 6.00"},
			wantRoom: 600, wantNext: "2027-02-28T00:00:00+01:00",
		},
		"spent in the six months after": {
			now: "2027-02-28T10:00:00+01:00", budget: earning(v1alpha1.SpendNextPeriod, 0, fromEvent(v1alpha1.EventAgreementSigned, 6)),
			partner: testobj.Partner("acme").Agreement("2026-08-31", ""), measured: testobj.Purchases("2026-09-30", "1000"),
			want:     []string{"the 6 months from 2026-08-31 through 2027-02-27 | 2027-02-28 to 2027-08-30 | 30.00 | 0.00 | 0.00 | 30.00"},
			wantRoom: 3000, wantNext: "2027-08-31T00:00:00+02:00",
		},
		"a day that is to come": {
			now: "2026-08-01T10:00:00+02:00", budget: earning(v1alpha1.SpendSamePeriod, 0, fromEvent(v1alpha1.EventMemberSince, 6)),
			partner: testobj.Partner("acme").Joined("2026-08-31"), measured: testobj.Purchases(), wantNext: "2026-08-31T00:00:00+02:00",
			wantSays: "budget fy27-emea pays out what is earned in the 6 months from 2026-08-31: wait until then",
		},
		"no plan was ever approved": {
			now: "2026-08-01T10:00:00+02:00", budget: earning(v1alpha1.SpendSamePeriod, 0, fromEvent(v1alpha1.EventFirstPlanApproved, 6)), measured: testobj.Purchases(),
			wantSays: "budget fy27-emea pays out what is earned in the 6 months after the first plan of partner acme is approved: have every party approve a plan",
		},
	} {
		t.Run(name, func(t *testing.T) {
			budget, partner := tc.budget, tc.partner
			if budget == nil {
				budget = earning(v1alpha1.SpendSamePeriod, 0, fromFirstSale)
			}
			if partner == nil {
				partner = testobj.Partner("acme")
			}
			s := newStage(tc.now, testobj.ProgramWithPurchases(), budget, tc.measured, partner.Obj(), testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj(),
				testobj.Allocation("asks").Obj())
			r := s.request("asks", "Webinar", "")
			if diff := cmp.Diff(tc.want, brief(s.lotsOf(t, nil))); diff != "" {
				t.Errorf("lots (-want +got):\n%s", diff)
			}
			room := s.room(r, nil, nil)
			if room.Amount != tc.wantRoom {
				t.Errorf("room for %d, want %d", room.Amount, tc.wantRoom)
			}
			if tc.wantSays != "" && room.Message != tc.wantSays {
				t.Errorf("it says\n%s\nnot\n%s", room.Message, tc.wantSays)
			}
			if got := room.Next; tc.wantNext == "" != got.IsZero() || tc.wantNext != "" && !got.Equal(testobj.At(tc.wantNext)) {
				t.Errorf("next change %s, want %s", got, tc.wantNext)
			}
		})
	}
}

// TestResultsOutOfTheWindowChangeNothing checks that what is measured before or after the months from an event earns nothing.
func TestResultsOutOfTheWindowChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		start := fiscal.MustParseDay("2026-04-10")
		months := rapid.Int32Range(1, 14).Draw(t, "months")
		window := fiscal.MonthsFrom(start, int(months))
		day := start.AddDays(rapid.IntRange(-100, 420).Draw(t, "day"))
		earnedWith := func(pairs ...string) int64 {
			s := newStage("2027-06-15T10:00:00+02:00", testobj.ProgramWithPurchases(), earning(v1alpha1.SpendSamePeriod, 24, fromEvent(v1alpha1.EventMemberSince, months)),
				testobj.Purchases(pairs...), testobj.Partner("acme").Joined(start.Date()).Obj(), testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj(),
				testobj.Allocation("asks").Obj())
			s.request("asks", "Webinar", "")
			return s.lotsOf(t, nil)[0].Earned
		}
		without, with := earnedWith("2026-04-20", "1000"), earnedWith("2026-04-20", "1000", day.String(), "5000")
		if day == fiscal.MustParseDay("2026-04-20") {
			return
		}
		if want := without + 15000; window.Contains(day) && with != want || !window.Contains(day) && with != without {
			t.Fatalf("with 5,000 on %s, %s, %d is earned; without it %d", day, window, with, without)
		}
	})
}

// inPercentSteps earns 2 % to 100,000, 3 % to 250,000 and 4 % above.
func inPercentSteps(apply v1alpha1.StepsApply) func(*v1alpha1.MDFBudgetSpec) {
	return func(spec *v1alpha1.MDFBudgetSpec) {
		spec.Accrual.Percent, spec.Accrual.StepsApply = "", apply
		spec.Accrual.PercentSteps = []v1alpha1.PercentStep{{Above: "250000", Percent: "4"}, {Above: "0", Percent: "2"}, {Above: "100000", Percent: "3"}}
	}
}

func TestLotsByStepsOfPercentages(t *testing.T) {
	for name, tc := range map[string]struct {
		measured              *v1alpha1.MeasurementSet
		marginal, retroactive int64
		wantSays              string // of Marginal
	}{
		"one below the step": {testobj.Purchases("2026-08-31", "99999.99"), 199999, 199999, ""},
		"at the step":        {testobj.Purchases("2026-08-31", "100000.00"), 200000, 200000, ""},
		"one above it":       {testobj.Purchases("2026-08-31", "100000.01"), 200000, 300000, ""},
		"the worked example": {
			testobj.Purchases("2026-08-31", "300000"), 850000, 1200000,
			"partner acme earned EUR 8,500.00 in FY2027 (EUR 300,000.00 purchases, each band at its own percentage, measured through 2026-08-31 by crm), of which nothing is " +
				"used; EUR 8,500.00 is left through 2027-06-30: request at most EUR 8,500.00, or wait until more is earned",
		},
		"a credit note takes it below a step": {testobj.Purchases("2026-08-31", "300000", "2026-09-30", "-50000"), 650000, 750000, ""},
		"more returned than sold":             {testobj.Purchases("2026-08-31", "1000", "2026-09-30", "-1000.33"), -1, -1, ""},
		"rounded down once for the year": {
			testobj.Purchases("2026-08-31", "33.33", "2026-11-30", "33.33", "2027-01-10", "33.34"), 200, 200, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for apply, want := range map[v1alpha1.StepsApply]int64{v1alpha1.StepsMarginal: tc.marginal, v1alpha1.StepsRetroactive: tc.retroactive} {
				s := earningStage("2027-01-15T10:00:00+01:00", earning(v1alpha1.SpendSamePeriod, 0, yearly, inPercentSteps(apply)), tc.measured, nil)
				if lots := s.lotsOf(t, nil); lots[len(lots)-1].Earned != want {
					t.Errorf("%s: earned %d, want %d", apply, lots[len(lots)-1].Earned, want)
				}
				if got := s.room(s.requests["asks"], nil, nil).Message; tc.wantSays != "" && apply == v1alpha1.StepsMarginal && got != tc.wantSays {
					t.Errorf("it says\n%s\nnot\n%s", got, tc.wantSays)
				}
			}
		})
	}
}

// TestACapPerYearOverQuarters checks that a limit per Partner on the budget of a year caps what is earned quarter by quarter.
func TestACapPerYearOverQuarters(t *testing.T) {
	budget := earning(v1alpha1.SpendSamePeriod, 9)
	budget.Spec.Limits = []v1alpha1.FundingLimit{{Name: "per-year", Per: v1alpha1.LimitPerPartner, Amount: "2000.00"}}
	s := earningStage("2027-01-15T10:00:00+01:00", budget, testobj.Purchases("2026-08-31", "40000", "2026-11-30", "40000"), map[v1alpha1.Name]string{"first": "2026-09-10"})
	for reserved, want := range map[int64]int64{0: 200000, 120000: 80000, 200000: 0} {
		if got := s.room(s.requests["asks"], map[string]int64{key("first"): reserved}, nil); got.Amount != want || got.Name != "per-year" {
			t.Errorf("with %d drawn there is room for %d by %q, want %d by the limit of the year", reserved, got.Amount, got.Name, want)
		}
	}
	lots := s.lotsOf(t, nil)
	if sum := lots[len(lots)-3].Earned + lots[len(lots)-2].Earned + lots[len(lots)-1].Earned; sum != 240000 {
		t.Errorf("%d is earned in the year, want 240000", sum)
	}
}
