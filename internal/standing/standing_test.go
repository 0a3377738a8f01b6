package standing_test

import (
	"slices"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/standing"
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

func TestWords(t *testing.T) {
	hold := []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldPromotion}}}
	tests := map[string]struct {
		owner        v1alpha1.Party
		notice, cure int32
		consequences []v1alpha1.StandingConsequence
		want         string
	}{
		"a cure period before a consequence": {
			owner: v1alpha1.PartyPartner, notice: 5, cure: 10, consequences: hold,
			want: "The agreement ended on 2026-08-31. It could be cured without consequence through 2026-09-15; renew it and state its new end in " +
				"spec.agreement.endsOn. From 2026-09-16 promotion to a higher tier is on hold. This ends with the cause.",
		},
		"a consequence at once": {
			owner: v1alpha1.PartyPartner, consequences: hold,
			want: "The agreement ended on 2026-08-31. To cure it, renew it and state its new end in spec.agreement.endsOn. " +
				"From 2026-09-01 promotion to a higher tier is on hold. This ends with the cause.",
		},
		"no consequence": {
			owner: v1alpha1.PartyPartner, cure: 10,
			want: "The agreement ended on 2026-08-31. To cure it, renew it and state its new end in spec.agreement.endsOn. The program only watches it.",
		},
		"the vendor's part, by a day": {
			owner: v1alpha1.PartyVendor, cure: 30, consequences: hold,
			want: "The agreement ended on 2026-08-31. The vendor has to renew it by 2026-09-30 and state its new end in spec.agreement.endsOn; " +
				"it costs the partner nothing.",
		},
		"the vendor's part, without a cure period": {
			owner: v1alpha1.PartyVendor,
			want:  "The agreement ended on 2026-08-31. The vendor has to renew it and state its new end in spec.agreement.endsOn; it costs the partner nothing.",
		},
	}
	partner, today := testobj.Partner("acme").Agreement("2024-01-01", "2026-08-31").Obj(), fiscal.MustParseDay("2026-09-01")
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rule := v1alpha1.StandingRule{
				Cause: v1alpha1.CauseAgreementLapsed, Owner: test.owner, NoticeDays: &test.notice, CureDays: &test.cure, Consequences: test.consequences,
			}
			causes := standing.OfSpec(partner, rule.Cause, today, func(fiscal.Day) {})
			if len(causes) != 1 {
				t.Fatalf("%d causes, want 1", len(causes))
			}
			causes[0].Unfold(&rule, today)
			if got := causes[0].Words(); got != test.want {
				t.Errorf("it says\n%s\nnot\n%s", got, test.want)
			}
			if got, want := causes[0].HeldOn(today), "on 2026-09-01 the agreement, which ended on 2026-08-31, was not renewed"; got != want {
				t.Errorf("of the past it says\n%s\nnot\n%s", got, want)
			}
		})
	}
}
