package headroom

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

func recovered(rule v1alpha1.ShortfallRule) func(*v1alpha1.MDFBudgetSpec) {
	return func(spec *v1alpha1.MDFBudgetSpec) { spec.Accrual.Shortfall = rule }
}

// TestShortfall is a partner that draws EUR 1,400.00 of the 1,500.00 that it has earned, and whose results are corrected afterwards.
func TestShortfall(t *testing.T) {
	const next = "what it earns next"
	for name, tc := range map[string]struct {
		rule     v1alpha1.ShortfallRule
		measured *v1alpha1.MeasurementSet
		want     Shortfall
		words    string
		room     int64
	}{
		"nothing was corrected": {
			measured: testobj.Purchases("2026-08-20", "50000"), want: Shortfall{Drawn: 140000}, room: 10000,
		},
		"a credit note within what is left": {
			measured: testobj.Purchases("2026-08-20", "50000", "2026-08-21", "-3000"), want: Shortfall{Drawn: 140000}, room: 1000,
		},
		"a credit note beyond what is left": {
			measured: testobj.Purchases("2026-08-20", "50000", "2026-08-21", "-10000"), want: Shortfall{Drawn: 140000, Missing: 20000},
			words: "partner acme has drawn EUR 1,400.00 and earned EUR 1,200.00 of it by what is measured now: EUR 200.00 is made up for by " + next +
				", and nothing more is granted until then",
		},
		"the results are gone": {
			measured: testobj.Purchases(), want: Shortfall{Drawn: 140000, Missing: 140000},
			words: "partner acme has drawn EUR 1,400.00 and earned EUR 0.00 of it by what is measured now: EUR 1,400.00 is made up for by " + next +
				", and nothing more is granted until then",
		},
		"made up for by what was earned next": {
			measured: testobj.Purchases("2026-08-20", "50000", "2026-08-21", "-10000", "2026-10-10", "10000"), want: Shortfall{Drawn: 140000}, room: 10000,
		},
		"invoiced": {
			rule: v1alpha1.ShortfallInvoice, measured: testobj.Purchases("2026-08-20", "50000", "2026-08-21", "-10000", "2026-10-10", "10000"),
			want: Shortfall{Drawn: 140000, Missing: 20000}, room: 30000,
			words: "partner acme has drawn EUR 1,400.00 and earned EUR 1,200.00 of it by what is measured now: EUR 200.00 will be invoiced to the partner, and " +
				next + " is its own",
		},
		"written off": {
			rule: v1alpha1.ShortfallWriteOff, measured: testobj.Purchases("2026-08-20", "50000", "2026-08-21", "-10000", "2026-10-10", "10000"),
			want: Shortfall{Drawn: 140000, Missing: 20000}, room: 30000,
			words: "partner acme has drawn EUR 1,400.00 and earned EUR 1,200.00 of it by what is measured now: EUR 200.00 is written off, and " +
				next + " is its own",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := earningStage("2026-10-15T10:00:00+02:00", earning(v1alpha1.SpendSamePeriod, 1, recovered(tc.rule)), tc.measured,
				map[v1alpha1.Name]string{"first": "2026-09-02"})
			reserved := map[string]int64{key("first"): 140000}
			got := s.beside("fy27-emea", reserved, nil).Shortfall(s.requests["first"], verdict.NewHorizon(s.facts.Now))
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if !got.IsZero() && got.Words(s.requests["first"]) != tc.words {
				t.Errorf("got %q\nwant %q", got.Words(s.requests["first"]), tc.words)
			}
			if room := s.room(s.requests["asks"], reserved, nil); room.Amount != tc.room {
				t.Errorf("the room for another request is %d, want %d: %s", room.Amount, tc.room, room.Message)
			}
		})
	}
}
