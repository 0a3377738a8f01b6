package partner_test

import (
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestWhatThePartnerRecordsOfReviews is about a review that is overdue since 2026-08-09, and costs the partner new money ten days later, on 08-19.
func TestWhatThePartnerRecordsOfReviews(t *testing.T) {
	record := func(heldOn v1alpha1.Date, at string) *v1alpha1.PlanReview {
		return testobj.ByPartner(testobj.Review("h1", heldOn), at)
	}
	answer := func(on *v1alpha1.PlanReview, outcome v1alpha1.DecisionOutcome, at string) any {
		return testobj.Answer(on.Name+"-a", on, meeting.Revision(&on.Spec), v1alpha1.PartyVendor, outcome, "vera", at)
	}
	early, late := record("2026-08-12", "2026-08-12T15:00:00Z"), record("2026-08-24", "2026-08-24T15:00:00Z")
	for name, test := range map[string]struct {
		objects []any
		at      string
		step    v1alpha1.StandingStep
		message string
	}{
		"nothing is recorded":                 {nil, "2026-08-19T00:00:00+02:00", v1alpha1.StepHold, "lifts the hold"},
		"no hold starts while it is answered": {[]any{early}, "2026-08-19T23:59:59+02:00", v1alpha1.StepWatch, "waits for the vendor's answer through 2026-08-19: nothing further happens until then"},
		"the vendor was silent":               {[]any{early}, "2026-08-20T00:00:00+02:00", v1alpha1.StepGood, ""},
		"it was disputed: the clock goes on": {
			[]any{early, answer(early, v1alpha1.DecisionDisputed, "2026-08-14T10:00:00Z")}, "2026-08-20T23:59:59+02:00", v1alpha1.StepWatch, "From 2026-08-21 new money is on hold",
		},
		"and ends": {
			[]any{early, answer(early, v1alpha1.DecisionDisputed, "2026-08-14T10:00:00Z")},
			"2026-08-21T00:00:00+02:00", v1alpha1.StepHold,
			"The grace period ended on 2026-08-20",
		},
		"what has begun stays": {[]any{late}, "2026-08-25T12:00:00Z", v1alpha1.StepHold, "waits for the vendor's answer through 2026-08-31"},
		"until the vendor confirms": {
			[]any{late, answer(late, v1alpha1.DecisionConfirmed, "2026-08-25T10:00:00Z")}, "2026-08-25T12:00:00Z", v1alpha1.StepGood, "",
		},
		"the attack: two reviews dated in the past lift nothing": {
			[]any{record("2026-08-03", "2026-08-24T15:00:00Z"), record("2026-08-05", "2026-08-24T15:01:00Z")},
			"2026-09-10T12:00:00Z", v1alpha1.StepHold,
			"Hold the review and record it in a PlanReview within 5 business days of the meeting: this lifts the hold.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			objects := slices.Concat(approved(testobj.Plan("h1").Obj(), "2026-06-20T12:00:00Z"), test.objects,
				[]any{watched(rule(v1alpha1.CauseReviewOverdue, 0, 10, held(0, v1alpha1.HoldNewMoney)))})
			got := evaluate(testobj.Partner("acme").Tier("gold", "2026-07-01").Obj(), test.at, objects...).Status.Standing
			if got.Step != test.step {
				t.Errorf("the standing is %s, want %s", got.Step, test.step)
			}
			var message string
			if len(got.Causes) > 0 {
				message = got.Causes[0].Message
			}
			if !strings.Contains(message, test.message) || (message == "") != (test.step == v1alpha1.StepGood) {
				t.Errorf("the cause says %q, want %q", message, test.message)
			}
		})
	}
}
