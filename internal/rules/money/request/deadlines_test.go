package request

import (
	"testing"

	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// window is a budget that takes requests within a number of days after an event.
func window(event v1alpha1.WindowEvent, days int32, change ...func(*v1alpha1.EventWindow)) *v1alpha1.MDFBudget {
	return testobj.Budget("fy27-emea").With(func(spec *v1alpha1.MDFBudgetSpec) {
		spec.RequestWindow = &v1alpha1.EventWindow{Event: event, Days: days}
		for _, one := range change {
			one(spec.RequestWindow)
		}
	}).Obj()
}

func businessDays(w *v1alpha1.EventWindow)    { w.Count = v1alpha1.CountBusinessDays }
func ofFirstPurchase(w *v1alpha1.EventWindow) { w.Metric = "purchases" }
func ofUnknownMetric(w *v1alpha1.EventWindow) { w.Metric = "orders" }
func acme() *testobj.PartnerBuilder           { return testobj.Partner("acme") }
func holidays(days ...v1alpha1.Date) *v1alpha1.PartnerProgram {
	p := testobj.ProgramWithPurchases()
	p.Spec.Calendar.Holidays = days
	return p
}

// asking returns the facts at an instant, and request asks of a Webinar with nothing judged: what is tested here are its deadlines.
func asking(now string, objects ...any) (*facts.Facts, *Request) {
	f := facts.Of(testobj.Snapshot(objects...), testobj.At(now))
	a := f.Snapshot.Allocation("asks")
	r := &Request{Object: a, Key: facts.Key(a), Budget: f.Snapshot.Budget(a.Spec.BudgetRef.Name), Plan: f.Snapshot.Plan(a.Spec.PlanRef.Name)}
	r.Partner = f.Snapshot.Partner(r.Plan.Spec.PartnerRef.Name)
	r.Program = f.Snapshot.ProgramOf(r.Partner)
	r.Activity = r.Program.Activity("Webinar")
	r.Starts, _ = fiscal.ParseDay(a.Spec.StartsOn)
	return f, r
}

func TestRequestWindowsOpenAtAnEvent(t *testing.T) {
	none := testobj.Purchases()
	for name, tc := range map[string]struct {
		budget   *v1alpha1.MDFBudget
		partner  *testobj.PartnerBuilder
		measured *v1alpha1.MeasurementSet
		want     string // from through
		wantWhy  string
	}{
		"no window": {testobj.Budget("fy27-emea").Obj(), acme(), none, "", ""},
		"7 days after the event, as Monday.com counts them": {
			window(v1alpha1.EventAgreementSigned, 7), acme().Agreement("2026-05-12", ""), none, "2026-05-12 to 2026-05-19",
			"within 7 days after the agreement was signed on 2026-05-12",
		},
		"1 day": {
			window(v1alpha1.EventAgreementSigned, 1), acme().Agreement("2026-05-12", ""), none, "2026-05-12 to 2026-05-13",
			"within 1 day after the agreement was signed on 2026-05-12",
		},
		"business days, over a weekend and a holiday": {
			window(v1alpha1.EventMemberSince, 3, businessDays), acme().Joined("2026-05-07"), none, "2026-05-07 to 2026-05-13",
			"within 3 business days after the partner joined the program on 2026-05-07",
		},
		"business days from a Saturday": {
			window(v1alpha1.EventMemberSince, 1, businessDays), acme().Joined("2026-05-16"), none, "2026-05-16 to 2026-05-18",
			"within 1 business day after the partner joined the program on 2026-05-16",
		},
		"the first sale": {
			window(v1alpha1.EventFirstResult, 90, ofFirstPurchase), acme(), testobj.Purchases("2026-07-01", "0", "2026-07-15", "-5", "2026-08-01", "10", "2026-08-20", "90"),
			"2026-08-01 to 2026-10-30", "within 90 days after the first purchases, measured on 2026-08-01",
		},
		"no first sale yet": {
			window(v1alpha1.EventFirstResult, 90, ofFirstPurchase), acme(), testobj.Purchases("2026-07-01", "0", "2026-09-20", "10"), "unknown",
			"budget fy27-emea takes requests only after the first purchases of partner acme, and none is measured: report it in a MeasurementSet, or wait for it",
		},
		"a metric that does not exist": {
			window(v1alpha1.EventFirstResult, 90, ofUnknownMetric), acme(), none, "unknown",
			"budget fy27-emea takes requests only after the first orders of partner acme, and none is measured: report it in a MeasurementSet, or wait for it",
		},
		"no agreement": {
			window(v1alpha1.EventAgreementSigned, 7), acme(), none, "unknown",
			"budget fy27-emea takes requests only after the partner's agreement is signed: state spec.agreement.signedOn of partner acme",
		},
		"an agreement without a day": {
			window(v1alpha1.EventAgreementSigned, 7), acme().Agreement("", ""), none, "unknown",
			"budget fy27-emea takes requests only after the partner's agreement is signed: state spec.agreement.signedOn of partner acme",
		},
		"no day of joining": {
			window(v1alpha1.EventMemberSince, 7), acme().Joined("May"), none, "unknown",
			"budget fy27-emea takes requests only after the partner joined the program: state spec.memberSince of partner acme",
		},
		"no event": {
			window("FullMoon", 7), acme(), none, "unknown", `spec.requestWindow.event of budget fy27-emea is "FullMoon", which is not an event: finance must correct it`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, r := asking("2026-09-01T10:00:00+02:00", holidays("2026-05-11"), tc.budget, tc.partner.Obj(), tc.measured, testobj.Plan("acme-h1").Obj(),
				testobj.Allocation("asks").Obj())
			from, through, why, known := requestWindow(f, r)
			got := fiscal.Span{From: from, Through: through}.String()
			if !known {
				got = "unknown"
			}
			if got != tc.want || why != tc.wantWhy {
				t.Errorf("requestWindow() = %q, %q; want %q, %q", got, why, tc.want, tc.wantWhy)
			}
		})
	}
}

func TestAWindowWaitsForAFirstResultAlone(t *testing.T) {
	for name, tc := range map[string]struct {
		budget *v1alpha1.MDFBudget
		want   string
	}{
		"of a first result":  {window(v1alpha1.EventFirstResult, 90, ofFirstPurchase), "2026-09-20T00:00:00+02:00"},
		"of another event":   {window(v1alpha1.EventMemberSince, 90), ""},
		"without any window": {testobj.Budget("fy27-emea").Obj(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			f, r := asking("2026-09-01T10:00:00+02:00", testobj.ProgramWithPurchases(), tc.budget, acme().Obj(), testobj.Purchases("2026-09-20", "10"), testobj.Plan("acme-h1").Obj(),
				testobj.Allocation("asks").Obj())
			if got := requestWindowNext(f, r); tc.want == "" && !got.IsZero() || tc.want != "" && !got.Equal(testobj.At(tc.want)) {
				t.Errorf("requestWindowNext() = %s, want %s", got, tc.want)
			}
			r.Partner = nil
			if _, _, why, known := requestWindow(f, r); known != (tc.budget.Spec.RequestWindow == nil) || known != (why == "") {
				t.Errorf("without a partner the window is known: %t, %q", known, why)
			}
			if got := requestWindowNext(f, r); !got.IsZero() {
				t.Errorf("without a partner requestWindowNext() = %s", got)
			}
		})
	}
}

func TestTheLastDayForARequest(t *testing.T) {
	lead := func(days int32) func(*v1alpha1.PartnerProgramSpec) {
		return func(spec *v1alpha1.PartnerProgramSpec) { spec.Activities[0].LeadTimeBusinessDays = &days }
	}
	by := func(day v1alpha1.Date) *v1alpha1.MDFBudget {
		return testobj.Budget("fy27-emea").With(func(spec *v1alpha1.MDFBudgetSpec) { spec.RequestBy = day }).Obj()
	}
	for name, tc := range map[string]struct {
		lead    func(*v1alpha1.PartnerProgramSpec)
		budget  *v1alpha1.MDFBudget
		start   v1alpha1.Date
		arrange func(*Request)
		want    string
		wantWhy string
	}{
		"10 business days before a Monday, as Huawei counts them": {
			lead(10), by(""), "2026-10-19", nil, "2026-10-05", "the lead time of 10 business days before 2026-10-19",
		},
		"1 business day before a Monday": {lead(1), by(""), "2026-10-19", nil, "2026-10-16", "the lead time of 1 business day before 2026-10-19"},
		"no lead time: not after it began": {
			func(*v1alpha1.PartnerProgramSpec) {}, by(""), "2026-10-18", nil, "2026-10-18", "the lead time of 0 business days before 2026-10-18",
		},
		"the budget's deadline is first": {lead(10), by("2026-10-04"), "2026-10-19", nil, "2026-10-04", "its last day for requests"},
		"both on one day": {lead(10), by("2026-10-05"), "2026-10-19", nil, "2026-10-05", "the lead time of 10 business " +
			"days before 2026-10-19"},
		"the lead time is first": {lead(10), by("2026-10-06"), "2026-10-19", nil, "2026-10-05", "the lead time of 10 business " +
			"days before 2026-10-19"},
		"the period's end is first":      {lead(0), by(""), "2027-02-01", nil, "2026-12-31", "the end of its period"},
		"a deadline that cannot be read": {lead(0), by("soon"), "2027-02-01", nil, "2026-12-31", "the end of its period"},
		"the window's end is first": {lead(10), window(v1alpha1.EventMemberSince, 31), "2026-10-19", nil, "2026-08-01", "within 31 " +
			"days after the partner joined the program on 2026-07-01"},
		"a window that is not known": {lead(10), window(v1alpha1.EventAgreementSigned, 31), "2026-10-19", nil, "2026-10-05", "the " +
			"lead time of 10 business days before 2026-10-19"},
		"an activity that is not " +
			"known": {lead(10), by("2026-10-09"), "2026-10-19", func(r *Request) { r.Activity = nil }, "2026-10-09", "its last day for requests"},
		"days that are not known": {lead(10), by(""), "soon", nil, "2026-12-31", "the end of its period"},
		"no budget": {lead(10), by(""), "2026-10-19", func(r *Request) { r.Budget = nil }, "2026-10-05", "the lead " +
			"time of 10 business days before 2026-10-19"},
		"nothing known": {lead(10), by(""), "2026-10-19", func(r *Request) { r.Budget, r.Program = nil, nil }, "", ""},
		"no program and a deadline all the " +
			"same": {lead(10), by("2026-10-09"), "2026-10-19", func(r *Request) { r.Program = nil }, "2026-10-09", "its last day for requests"},
	} {
		t.Run(name, func(t *testing.T) {
			f, r := asking("2026-09-01T10:00:00+02:00", testobj.Program("northwind").With(tc.lead).Obj(), tc.budget, acme().Joined("2026-07-01").Obj(),
				testobj.Plan("acme-h1").Obj(), testobj.Allocation("asks").Activity("autumn-webinar", tc.start, tc.start).Obj())
			if tc.arrange != nil {
				tc.arrange(r)
			}
			day, why := lastRequestDay(f, r)
			if day.String() != tc.want || why != tc.wantWhy {
				t.Errorf("lastRequestDay() = %q, %q; want %q, %q", day, why, tc.want, tc.wantWhy)
			}
		})
	}
}

func drawDay(t *rapid.T, label string) v1alpha1.Date {
	return fiscal.MustParseDay("2026-01-01").AddDays(rapid.IntRange(0, 600).Draw(t, label)).Date()
}

func TestALastDayIsNeverAfterAnyOfItsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := testobj.Budget("fy27-emea").With(func(spec *v1alpha1.MDFBudgetSpec) {
			if rapid.Bool().Draw(t, "deadline") {
				spec.RequestBy = drawDay(t, "requestBy")
			}
			if rapid.Bool().Draw(t, "window") {
				spec.RequestWindow = &v1alpha1.EventWindow{
					Event: v1alpha1.EventMemberSince, Days: rapid.Int32Range(1, 400).Draw(t, "days"),
					Count: rapid.SampledFrom([]v1alpha1.DayCount{"", v1alpha1.CountCalendarDays, v1alpha1.CountBusinessDays}).Draw(t, "count"),
				}
			}
		}).Obj()
		start, lead := drawDay(t, "start"), rapid.Int32Range(0, 30).Draw(t, "lead time")
		p := testobj.ProgramWithPurchases()
		p.Spec.Activities[0].LeadTimeBusinessDays = &lead
		f, r := asking("2026-09-01T10:00:00+02:00", p, budget, acme().Joined(drawDay(t, "joined")).Obj(), testobj.Plan("acme-h1").Obj(),
			testobj.Allocation("asks").Activity("autumn-webinar", start, start).Obj())
		day, why := lastRequestDay(f, r)
		deadline, _ := requestDeadline(r)
		from, through, _, known := requestWindow(f, r)
		bounds := []fiscal.Day{leadTimeDay(r), deadline}
		if known && !through.IsZero() {
			bounds = append(bounds, through)
		}
		if day != fiscal.Earliest(bounds...) || why == "" || known && !through.IsZero() && through <= from {
			t.Fatalf("lastRequestDay() = %s (%s) of %v", day, why, bounds)
		}
		days := 0
		for d := leadTimeDay(r) + 1; d <= r.Starts; d++ { // counted one by one, the first day of the activity but not the last for requests
			if r.Program.Calendar.IsBusinessDay(d - 1) {
				days++
			}
		}
		if int32(days) < lead {
			t.Fatalf("%s is %d business days before %s, want %d", leadTimeDay(r), days, r.Starts, lead)
		}
	})
}
