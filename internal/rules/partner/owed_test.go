package partner_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestWhatWasOwedIsKept shows what obligations forget once a later plan is there.
func TestWhatWasOwedIsKept(t *testing.T) {
	h1 := func(state v1alpha1.ObligationState, plan v1alpha1.Name) v1alpha1.OwedPlan {
		return v1alpha1.OwedPlan{From: "2026-07-01", Through: "2026-12-31", DueOn: "2026-07-11", State: state, Plan: plan}
	}
	h2 := func(state v1alpha1.ObligationState, plan v1alpha1.Name) v1alpha1.OwedPlan {
		return v1alpha1.OwedPlan{From: "2027-01-01", Through: "2027-06-30", DueOn: "2027-01-11", State: state, Plan: plan}
	}
	next := v1alpha1.OwedPlan{From: "2027-07-01", Through: "2027-12-31", DueOn: "2027-07-11", State: "Pending"}
	gold := func() *testobj.PartnerBuilder { return testobj.Partner("acme").Tier("gold", "2026-07-01") }
	inH2 := approved(testobj.Plan("h2").Period(2027, v1alpha1.PartH2).Obj(), "2027-01-05T12:00:00Z")
	for name, tc := range map[string]struct {
		partner *testobj.PartnerBuilder
		objects []any
		at      string
		want    []v1alpha1.OwedPlan
	}{
		"the current and the next": {gold(), nil, "2026-08-01T00:00:00+02:00", []v1alpha1.OwedPlan{h2("Pending", ""), h1("Overdue", "")}},
		"one that was never made does not vanish with the next one": {
			gold(), inH2, "2027-01-12T00:00:00+01:00", []v1alpha1.OwedPlan{next, h2("Met", "h2"), h1("Overdue", "")},
		},
		"nor does one that was met": {
			gold(), append(approved(testobj.Plan("h1").Obj(), "2026-06-20T12:00:00Z"), inH2...), "2027-01-12T00:00:00+01:00",
			[]v1alpha1.OwedPlan{next, h2("Met", "h2"), h1("Met", "h1")},
		},
		"nor who was late": {
			gold(), append(approved(testobj.Plan("h1").Obj(), "2026-07-14T12:00:00Z"), inH2...), "2027-01-12T00:00:00+01:00",
			[]v1alpha1.OwedPlan{next, h2("Met", "h2"), {
				From: "2026-07-01", Through: "2026-12-31", DueOn: "2026-07-11", State: "MetLate", Plan: "h1", Late: []v1alpha1.Lateness{{Party: "Partner", Days: 3}},
			}},
		},
		"nothing before it was a partner": {
			testobj.Partner("acme").Tier("gold", "2024-07-01").Recorded("2027-01-01"), nil, "2027-01-02T00:00:00+01:00",
			[]v1alpha1.OwedPlan{next, h2("Pending", "")},
		},
		"of a past that is not known, nothing": {
			testobj.Partner("acme").Tier("gold", ""), nil, "2027-01-02T00:00:00+01:00", []v1alpha1.OwedPlan{next, h2("Pending", "")},
		},
		"a tier that owes none": {testobj.Partner("acme").Tier("registered", "2026-07-01"), nil, "2026-09-12T00:00:00+02:00", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := evaluate(tc.partner.Obj(), tc.at, append(tc.objects, watched())...).Status.OwedPlans
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("owed plans (-want +got):\n%s", diff)
			}
		})
	}
	if got := evaluate(gold().Obj(), "2036-08-01T00:00:00+02:00", watched()).Status.OwedPlans; len(got) != 10 || got[0].From != "2037-01-01" || got[9].From != "2032-07-01" {
		t.Errorf("%d owed plans after ten years, %+v; want the newest 10", len(got), got)
	}
}
