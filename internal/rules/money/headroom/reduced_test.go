package headroom

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// reducedStage has a partner whose rate is reduced to 50 percent since 2026-08-01, by an invoice that was due on 2026-07-31, and a budget that grants it at
// most an amount since then.
func reducedStage(most v1alpha1.Decimal, paidOn v1alpha1.Date, approved map[v1alpha1.Name]string) *stage {
	prog := testobj.ProgramWithPurchases()
	prog.Spec.RuleSets[0].ReducedMaximum = most
	prog.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
		Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
		Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepReducedRate, RatePercent: "50"}},
	}}
	partner := testobj.Partner("acme").Obj()
	partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-07-31", PaidOn: paidOn}}
	objects := []any{
		prog, testobj.Budget("fy27-emea").Obj(), partner, testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Obj(), testobj.Allocation("asks").Obj(),
	}
	for name := range approved {
		objects = append(objects, testobj.Allocation(string(name)).Obj())
	}
	s := newStage("2026-08-10T12:00:00+02:00", objects...)
	s.request("asks", "Webinar", "")
	for name, at := range approved {
		s.request(name, "Webinar", at)
	}
	return s
}

// TestACapBesideAReducedRate grants EUR 5,000.00 at most in all while the rate is reduced: 4,000.00 granted since leaves 1,000.00.
func TestACapBesideAReducedRate(t *testing.T) {
	const since, before = "2026-08-01T00:00:00+02:00", "2026-07-31T23:59:59+02:00"
	for name, tc := range map[string]struct {
		most   v1alpha1.Decimal
		paidOn v1alpha1.Date
		at     string
		amount int64
		want   int64
		says   string
	}{
		"no cap":                  {at: since, amount: 400000, want: unbounded},
		"in good standing":        {most: "5000.00", paidOn: "2026-08-05", at: since, amount: 400000, want: unbounded},
		"something is left":       {most: "5000.00", at: since, amount: 400000, want: 100000, says: "EUR 4,000.00 of that is granted, EUR 1,000.00 is left: request at most EUR 1,000.00, or cure"},
		"all of it is granted":    {most: "5000.00", at: since, amount: 500000, want: 0, says: "EUR 0.00 is left: cure what reduces the rate"},
		"one cent below":          {most: "5000.00", at: since, amount: 499999, want: 1},
		"approved before it":      {most: "5000.00", at: before, amount: 400000, want: 500000, says: "grants it at most EUR 5,000.00 in all from 2026-08-01 on"},
		"a cap that says nothing": {most: "x", at: since, amount: 1, want: 0, says: "cannot be converted"},
	} {
		t.Run(name, func(t *testing.T) {
			s := reducedStage(tc.most, tc.paidOn, map[v1alpha1.Name]string{"first": tc.at})
			room := s.room(s.requests["asks"], map[string]int64{key("first"): tc.amount}, nil)
			if room.Amount != tc.want || !strings.Contains(room.Message, tc.says) {
				t.Errorf("got %d %q, want %d %q", room.Amount, room.Message, tc.want, tc.says)
			}
		})
	}
}
