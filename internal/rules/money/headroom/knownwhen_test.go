package headroom

import (
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// TestWhatWasEarnedAsItWasKnown is a partner that earned EUR 1,500.00 in February, of which 1,400.00 was granted on 2026-04-02, and of whose purchases a credit
// note of -10,000 for 2026-02-20 became known on 2026-05-06. It counts from the next day of the program's zone on, and takes nothing back.
func TestWhatWasEarnedAsItWasKnown(t *testing.T) {
	const granted = 140000
	measured := testobj.Purchases("2026-02-28", "50000", "2026-02-20", "-10000")
	measured.Spec.Entries[1].ReportedOn = "2026-05-06"
	more := testobj.Purchases("2026-02-28", "50000", "2026-02-20", "-10000", "2026-05-20", "20000")
	more.Spec.Entries[1].ReportedOn = "2026-05-06"
	for name, tc := range map[string]struct {
		at       string
		measured *v1alpha1.MeasurementSet
		rule     v1alpha1.ShortfallRule
		room     int64
		missing  int64
	}{
		"before it was known":                  {at: "2026-04-20T12:00:00+02:00", measured: measured, room: 10000},
		"in the last second before it counts":  {at: "2026-05-06T23:59:59+02:00", measured: measured, room: 10000},
		"from the first instant of the next":   {at: "2026-05-07T00:00:00+02:00", measured: measured, missing: 20000},
		"made up for by the next accrual":      {at: "2026-06-10T12:00:00+02:00", measured: more, room: 40000},
		"invoiced, so what comes next is free": {at: "2026-06-10T12:00:00+02:00", measured: more, rule: v1alpha1.ShortfallInvoice, room: 60000, missing: 20000},
		"written off":                          {at: "2026-06-10T12:00:00+02:00", measured: more, rule: v1alpha1.ShortfallWriteOff, room: 60000, missing: 20000},
	} {
		t.Run(name, func(t *testing.T) {
			budget := earning(v1alpha1.SpendNextPeriod, 3, recovered(tc.rule), func(spec *v1alpha1.MDFBudgetSpec) {
				spec.Period, spec.Accrual.Every = v1alpha1.Period{FiscalYear: new(int32(2026)), Part: v1alpha1.PartYear}, v1alpha1.CadenceMonth
			})
			s := earningStage(tc.at, budget, tc.measured, map[v1alpha1.Name]string{"first": "2026-04-02"})
			reserved := map[string]int64{key("first"): granted}
			if room := s.room(s.requests["asks"], reserved, nil); room.Amount != tc.room {
				t.Errorf("the room is %d, want %d: %s", room.Amount, tc.room, room.Message)
			}
			short := s.beside("fy27-emea", reserved, nil).Shortfall(s.requests["first"], verdict.NewHorizon(s.facts.Now))
			if short.Missing != tc.missing || short.Drawn != granted {
				t.Errorf("short of %+v, want %d of %d", short, tc.missing, granted)
			}
		})
	}
}
