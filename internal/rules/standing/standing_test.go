package standing_test

import (
	"slices"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/standing"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestOfSpecTellsWhenItsAnswerChanges(t *testing.T) {
	x := testobj.Partner("acme").Agreement("2024-01-01", "2026-09-30").
		Invoice("paid", "2026-08-01", "2026-08-31").Invoice("paid later", "2026-08-01", "2026-09-10").Invoice("not due", "2026-09-20", "").Obj()
	tests := map[v1alpha1.StandingCause]struct{ about, starts []string }{
		v1alpha1.CauseInvoiceOverdue:  {about: []string{"paid later"}, starts: []string{"2026-09-10", "2026-09-21"}},
		v1alpha1.CauseAgreementLapsed: {starts: []string{"2026-10-01"}},
		v1alpha1.CauseReviewOverdue:   {},
	}
	for kind, test := range tests {
		t.Run(string(kind), func(t *testing.T) {
			var about, starts []string
			note := func(day fiscal.Day) { starts = append(starts, day.String()) }
			for _, c := range standing.OfSpec(x, kind, fiscal.MustParseDay("2026-09-01"), note) {
				about = append(about, c.About)
			}
			if !slices.Equal(about, test.about) || !slices.Equal(starts, test.starts) {
				t.Errorf("causes %v, and it changes on %v; want %v and %v", about, starts, test.about, test.starts)
			}
		})
	}
}

// The agreement ended on 2026-08-31.
func TestWords(t *testing.T) {
	hold := v1alpha1.StandingConsequence{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney, v1alpha1.HoldPromotion}}
	reduced := v1alpha1.StandingConsequence{Step: v1alpha1.StepReducedRate, RatePercent: "50"}
	after := func(days int32, c v1alpha1.StandingConsequence) v1alpha1.StandingConsequence {
		c.AfterDays = &days
		return c
	}
	list := func(c ...v1alpha1.StandingConsequence) []v1alpha1.StandingConsequence { return c }
	const (
		renew     = "enew it and state its new end in spec.agreement.endsOn"
		held      = "new money and promotion to a higher tier are on hold, but not claims on money already granted."
		halved    = "new activities are funded at 50 percent of the standard rate."
		over      = "The grace period ended on 2026-09-15. "
		note      = "It is gone when both have signed."
		unlimited = "To cure it, r" + renew + ". " + note
	)
	tests := map[string]struct {
		owner        v1alpha1.Party
		on, note     string
		notice, cure int32
		consequences []v1alpha1.StandingConsequence
		want         string
	}{
		"through the cure period": {
			on: "2026-09-15", notice: 5, cure: 10, consequences: list(reduced, after(10, hold)),
			want: "Renew it by 2026-09-15 and state its new end in spec.agreement.endsOn to avoid any penalty. From 2026-09-16 " + halved + " From 2026-09-26 " + held,
		},
		"the rate is reduced": {
			on: "2026-09-16", notice: 5, cure: 10, consequences: list(reduced, after(10, hold)),
			want: over + "R" + renew + ": this ends the reduced rate. From 2026-09-26 " + held,
		},
		"reduced and held": {
			on: "2026-09-26", notice: 5, cure: 10, consequences: list(reduced, after(10, hold)),
			want: over + "R" + renew + ": this ends the reduced rate and lifts the hold.",
		},
		"held alone": {on: "2026-09-16", cure: 15, consequences: list(hold), want: over + "R" + renew + ": this lifts the hold."},
		"between the cure period and the first step": {
			on: "2026-09-06", cure: 5, consequences: list(after(10, hold)),
			want: "The cure period ended on 2026-09-05. Renew it by 2026-09-15 and state its new end in spec.agreement.endsOn to avoid any penalty. From 2026-09-16 " + held,
		},
		"the first step after a while": {
			on: "2026-09-16", cure: 5, consequences: list(after(10, hold)), want: over + "R" + renew + ": this lifts the hold.",
		},
		"a later step without a cure period": {
			on: "2026-09-01", consequences: list(after(10, hold)),
			want: "Renew it by 2026-09-10 and state its new end in spec.agreement.endsOn to avoid any penalty. From 2026-09-11 " + held,
		},
		"a consequence at once": {on: "2026-09-01", consequences: list(hold), want: "R" + renew + ": this lifts the hold."},
		"a cure that is not the end, in time": {
			on: "2026-09-15", cure: 15, note: note, consequences: list(reduced),
			want: unlimited + " If that happens by 2026-09-15, there is no penalty. From 2026-09-16 " + halved,
		},
		"a cure that is not the end, too late": {
			on: "2026-09-16", cure: 15, note: note, consequences: list(reduced), want: over + unlimited + " That ends the reduced rate.",
		},
		"no consequence": {on: "2026-09-01", cure: 10, want: "To cure it, r" + renew + ". It is on watch only: no penalty."},
		"the vendor's part, by a day": {
			owner: v1alpha1.PartyVendor, on: "2026-09-01", cure: 30, consequences: list(hold),
			want: "The vendor must renew it by 2026-09-30 and state its new end in spec.agreement.endsOn; the partner is not penalized.",
		},
		"the vendor's part, without a cure period": {
			owner: v1alpha1.PartyVendor, on: "2026-09-01",
			want: "The vendor must r" + renew + "; the partner is not penalized.",
		},
	}
	partner := testobj.Partner("acme").Agreement("2024-01-01", "2026-08-31").Obj()
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			today := fiscal.MustParseDay(v1alpha1.Date(test.on))
			rule := v1alpha1.StandingRule{
				Cause: v1alpha1.CauseAgreementLapsed, Owner: test.owner, NoticeDays: &test.notice, CureDays: &test.cure, Consequences: test.consequences,
			}
			causes := standing.OfSpec(partner, rule.Cause, today, func(fiscal.Day) {})
			if len(causes) != 1 {
				t.Fatalf("%d causes, want 1", len(causes))
			}
			causes[0].Note = test.note
			causes[0].Unfold(&rule, today)
			if got, want := causes[0].Words(), "The agreement ended on 2026-08-31. "+test.want; got != want {
				t.Errorf("it says\n%s\nnot\n%s", got, want)
			}
			if got, want := causes[0].HeldOn(today), "on "+test.on+" the agreement, which ended on 2026-08-31, was not renewed"; got != want {
				t.Errorf("of the past it says\n%s\nnot\n%s", got, want)
			}
		})
	}
}
