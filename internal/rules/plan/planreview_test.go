package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// byPartner is a review of plan h1 that paul recorded for the partner.
func byPartner(heldOn v1alpha1.Date, at string) *v1alpha1.PlanReview {
	return testobj.ByPartner(testobj.Review("h1", heldOn), at)
}

// byVera is a review that vera, who is of the vendor, recorded for the partner.
func byVera(heldOn v1alpha1.Date) *v1alpha1.PlanReview {
	review := byPartner(heldOn, string(heldOn)+"T10:00:00Z")
	review.Spec.RecordedBy = "VERA"
	return review
}

// answer is an answer of a person on a record: vera and dora are of the vendor, paul of the partner.
func answer(on *v1alpha1.PlanReview, outcome v1alpha1.DecisionOutcome, by, at string) *v1alpha1.ApprovalDecision {
	party := vendor
	if by == "paul" {
		party = partner
	}
	return testobj.Answer(fmt.Sprintf("%s-%s-%s", on.Name, strings.ToLower(string(outcome)), by), on, meeting.Revision(&on.Spec), party, outcome, by, at)
}

const (
	confirmed = v1alpha1.DecisionConfirmed
	disputed  = v1alpha1.DecisionDisputed
	upheld    = v1alpha1.DecisionUpheld
	dismissed = v1alpha1.DecisionDismissed
)

// TestWhatThePartnerRecordsItself is about the slot of 2026-08-03, which is overdue from 08-09 on, escalates to the ChannelAccountManager on 08-11 and to
// the director on 08-18; records are made within 5 business days, and answered within 5.
func TestWhatThePartnerRecordsItself(t *testing.T) {
	inTime, afterwards := byPartner("2026-08-05", "2026-08-06T10:00:00Z"), byPartner("2026-08-12", "2026-08-12T15:00:00Z")
	another := byPartner("2026-08-04", "2026-08-06T10:00:00Z") // recorded at the same instant as inTime, whose name comes first
	another.Name = "h1-review-other"
	for name, test := range map[string]struct {
		more    []any
		at      string
		verdict string
		message []string
		slot    string // of 2026-08-03, with its confirmation
		open    string // the open items
	}{
		"it waits for the vendor, and the clock stands still": {
			more: []any{inTime}, at: "2026-08-13T23:59:59+02:00", verdict: "False/AwaitingConfirmation",
			message: []string{
				"a review was held on 2026-08-05 for the one due on 2026-08-03, and the partner recorded it on 2026-08-06",
				`the vendor confirms or disputes it (PlanReview "h1-review-2026-08-05-p") by 2026-08-13; without a dispute it counts from 2026-08-14 on`,
			},
			slot: "Recorded Pending", open: "Confirmation h1-review-2026-08-05-p of vendor by 2026-08-13: Pending",
		},
		"the vendor confirms it": {
			more: []any{inTime, answer(inTime, confirmed, "vera", "2026-08-07T10:00:00Z")}, at: "2026-08-07T12:00:00Z", verdict: "False/UpToDate",
			message: []string{"the one due on 2026-08-03 was held on 2026-08-05, 2 days late"}, slot: "Held Confirmed 2026-08-07",
		},
		"the vendor is silent: it counts, and the answer is late": {
			more: []any{inTime}, at: "2026-08-14T00:00:00+02:00", verdict: "False/UpToDate", slot: "Held Uncontested 2026-08-14",
			open: "Confirmation h1-review-2026-08-05-p of vendor by 2026-08-13: Overdue",
		},
		"the vendor answers at last": {
			more: []any{inTime, answer(inTime, confirmed, "vera", "2026-08-20T10:00:00Z")}, at: "2026-08-21T00:00:00+02:00", verdict: "False/UpToDate",
			slot: "Held Uncontested 2026-08-14",
		},
		"the vendor disputes it when it is too late": {
			more: []any{inTime, answer(inTime, disputed, "vera", "2026-08-14T00:00:00+02:00")}, at: "2026-08-21T00:00:00+02:00", verdict: "False/UpToDate",
			slot: "Held Uncontested 2026-08-14", open: "Confirmation h1-review-2026-08-05-p of vendor by 2026-08-13: Overdue",
		},
		"the vendor disputes it: the clock goes on from there": {
			more: []any{inTime, answer(inTime, disputed, "vera", "2026-08-10T10:00:00Z")}, at: "2026-08-12T23:59:59+02:00", verdict: "False/InGrace",
			message: []string{"it is overdue from 2026-08-13 on", "vera of the vendor disputes it since 2026-08-10", "the ChannelDirector resolves that by 2026-08-24"},
			slot:    "InGrace Disputed", open: "Dispute h1-review-2026-08-05-p of vendor by 2026-08-24: Pending",
		},
		"and ends": {
			more: []any{inTime, answer(inTime, disputed, "vera", "2026-08-10T10:00:00Z")}, at: "2026-08-13T00:00:00+02:00", verdict: "True/Overdue",
			message: []string{
				"overdue since 2026-08-13; it escalates to the ChannelAccountManager on 2026-08-15", "hold a review and record it in a PlanReview",
				"the meeting of 2026-08-05, which the partner recorded on 2026-08-06, does not count: vera of the vendor disputes it",
			}, slot: "Overdue Disputed", open: "Dispute h1-review-2026-08-05-p of vendor by 2026-08-24: Pending",
		},
		"an unresolved dispute helps nobody, and is escalated": {
			more: []any{inTime, answer(inTime, disputed, "vera", "2026-08-10T10:00:00Z")}, at: "2026-08-25T00:00:00+02:00", verdict: "True/Escalated",
			slot: "Overdue Disputed", open: "Dispute h1-review-2026-08-05-p of vendor by 2026-08-24: Overdue",
		},
		"a dispute that is dismissed": {
			more: []any{
				inTime, answer(inTime, disputed, "vera", "2026-08-10T10:00:00Z"), answer(inTime, dismissed, "dora", "2026-08-20T10:00:00Z"),
			}, at: "2026-08-20T12:00:00Z", verdict: "False/UpToDate", slot: "Held Dismissed 2026-08-20",
		},
		"a dispute that is upheld": {
			more: []any{
				inTime, answer(inTime, disputed, "vera", "2026-08-10T10:00:00Z"), answer(inTime, upheld, "dora", "2026-08-11T10:00:00Z"),
			}, at: "2026-08-14T12:00:00Z", verdict: "True/Overdue",
			message: []string{"overdue since 2026-08-13", "vera disputed it, and dora upheld that on 2026-08-11"}, slot: "Overdue",
		},
		"a dispute that is taken back": {
			more: []any{
				inTime, answer(inTime, disputed, "vera", "2026-08-10T10:00:00Z"), answer(inTime, confirmed, "vera", "2026-08-20T10:00:00Z"),
			}, at: "2026-08-20T12:00:00Z", verdict: "False/UpToDate", slot: "Held Confirmed 2026-08-20",
		},
		"what is overdue stays so until the vendor confirms, and nothing more follows": {
			more: []any{afterwards}, at: "2026-08-19T12:00:00Z", verdict: "True/Escalated",
			message: []string{
				"overdue since 2026-08-09; escalated to the ChannelAccountManager on 2026-08-11; it escalates to the ChannelDirector on 2026-08-26",
				"the partner recorded on 2026-08-12 a review of 2026-08-12, and nothing further happens until it is answered",
			}, slot: "Recorded Pending", open: "Confirmation h1-review-2026-08-12-p of vendor by 2026-08-19: Pending",
		},
		"of two that are recorded at one instant the first by name stops the clock, though the other meeting was earlier": {
			more: []any{another, answer(another, disputed, "vera", "2026-08-06T12:00:00Z"), inTime}, at: "2026-08-10T12:00:00Z", verdict: "False/AwaitingConfirmation",
			slot: "Recorded Pending",
			open: "Confirmation h1-review-2026-08-05-p of vendor by 2026-08-13: Pending; Dispute h1-review-other of vendor by 2026-08-20: Pending",
		},
		"both record it": {
			more: []any{inTime, testobj.Review("h1", "2026-08-05")}, at: "2026-08-06T12:00:00Z", verdict: "False/UpToDate", slot: "Held Confirmed 2026-08-06",
		},
		"one person records it for both parties, in two spellings": {
			more: []any{byVera("2026-08-05"), testobj.Review("h1", "2026-08-05")}, at: "2026-08-06T12:00:00Z", verdict: "False/UpToDate", slot: "Held Pending",
			open: "Confirmation h1-review-2026-08-05-p of vendor by 2026-08-12: Pending",
		},
		"the attack: two reviews of the past, after the cure time": {
			more: []any{byPartner("2026-08-03", "2026-10-05T10:00:00Z"), byPartner("2026-09-01", "2026-10-05T10:01:00Z")}, at: "2026-10-20T12:00:00Z",
			verdict: "True/Escalated",
			message: []string{
				"overdue since 2026-08-09", "2 reviews missed so far",
				`PlanReview "h1-review-2026-09-01-p" does not count: the meeting of 2026-09-01 was recorded on 2026-10-05, and the last day for that was ` +
					"2026-09-08 (5 business days after it): hold another one and record it in time (and 1 record that does not count either)",
			}, slot: "Missed",
		},
		"only the first record stops the clock of a slot": {
			more: []any{
				inTime, answer(inTime, disputed, "vera", "2026-08-06T12:00:00Z"), byPartner("2026-08-06", "2026-08-07T10:00:00Z"),
			}, at: "2026-08-09T12:00:00Z", verdict: "True/Overdue", slot: "Overdue Pending",
			open: "Confirmation h1-review-2026-08-06-p of vendor by 2026-08-14: Pending; Dispute h1-review-2026-08-05-p of vendor by 2026-08-20: Pending",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Obj()
			got := plan.Evaluate(met(p, beforePeriod, test.more), p, testobj.At(test.at)).Status
			says(t, got.Conditions, v1alpha1.ConditionReviewOverdue, test.verdict, test.message...)
			slot := got.Reviews.Slots[0]
			line := strings.Join(strings.Fields(fmt.Sprintf("%s %s %s", slot.State, slot.Confirmation, slot.ConfirmedOn)), " ")
			if line != test.slot {
				t.Errorf("the slot is %q, want %q", line, test.slot)
			}
			var items []string
			for _, i := range got.OpenItems {
				items = append(items, fmt.Sprintf("%s %s of %s by %s: %s", i.Kind, i.Name, i.Party, i.Due, i.State))
				if (i.Kind == "Dispute") != (i.Role == "ChannelDirector") {
					t.Errorf("the role of %s is %q", i.Name, i.Role)
				}
			}
			if open := strings.Join(items, "; "); open != test.open {
				t.Errorf("open: %q, want %q", open, test.open)
			}
		})
	}
}

func TestAnswersThatAreLateAreFindings(t *testing.T) {
	p, r := testobj.Plan("h1").Obj(), byPartner("2026-08-05", "2026-08-06T10:00:00Z")
	silent := plan.Evaluate(met(p, beforePeriod, []any{r}), p, testobj.At("2026-08-14T12:00:00Z")).Status
	finds(t, silent.Findings, v1alpha1.SeverityWarning, plan.RuleReviewUnanswered, "status.reviews",
		"the vendor was to confirm or dispute by 2026-08-13 the meeting of 2026-08-05")
	all := met(p, beforePeriod, []any{r, answer(r, disputed, "vera", "2026-08-10T10:00:00Z")}, func(set *v1alpha1.RuleSet) {
		set.Reviews = &v1alpha1.ReviewPolicy{Disputes: &v1alpha1.DisputeRule{Resolver: "PartnerDesk", ResolveWithinDays: new(int32(3)), EscalateTo: "VicePresident"}}
	})
	open := plan.Evaluate(all, p, testobj.At("2026-08-13T12:00:00Z")).Status
	finds(t, open.Findings, v1alpha1.SeverityInfo, plan.RuleReviewDisputed, "status.reviews", "the PartnerDesk resolves that by 2026-08-13")
	late := plan.Evaluate(all, p, testobj.At("2026-08-14T12:00:00Z")).Status
	finds(t, late.Findings, v1alpha1.SeverityWarning, plan.RuleDisputeOverdue, "status.reviews",
		"was to be resolved by 2026-08-13 and is escalated to the VicePresident: vera of the vendor disputes it since 2026-08-10")
	status, _ := plan.EvaluateReview(all, r, testobj.At("2026-08-14T12:00:00Z"))
	if d := status.Dispute; d == nil || d.EscalatedTo != "VicePresident" || d.ResolveBy != "2026-08-13" || d.By != "vera" {
		t.Errorf("the dispute is %+v", d)
	}
	decisions := met(p, beforePeriod, []any{r, answer(r, disputed, "vera", "2026-08-10T10:00:00Z")}, func(set *v1alpha1.RuleSet) {
		set.Reviews = &v1alpha1.ReviewPolicy{Disputes: &v1alpha1.DisputeRule{Resolver: "PartnerDesk", ResolveWithinDays: new(int32(3))}}
		set.Escalation = append(set.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalateDecision, AfterDays: 90, To: "VicePresident"})
	})
	status, _ = plan.EvaluateReview(decisions, r, testobj.At("2026-08-14T12:00:00Z"))
	if d := status.Dispute; d == nil || d.EscalatedTo != "ChannelDirector" {
		t.Errorf("the dispute %+v does not go to the last step of the escalation of reviews", d)
	}
}

// TestTheConditionOfARecord is about the record of either party, and what the other one says of it.
func TestTheConditionOfARecord(t *testing.T) {
	ofVendor, ofPartner := testobj.Review("h1", "2026-08-05"), byPartner("2026-08-05", "2026-08-06T10:00:00Z")
	for name, test := range map[string]struct {
		record  *v1alpha1.PlanReview
		answers []*v1alpha1.ApprovalDecision
		at      string
		verdict string
		message string
		state   v1alpha1.Confirmation
		effects []string // of the answers
	}{
		"the vendor's counts at once": {
			record: ofVendor, at: "2026-08-05T12:00:00Z", verdict: "True/RecordedByVendor", state: "Pending",
			message: "which the vendor recorded on 2026-08-05, counts; the partner can confirm or dispute it through 2026-08-12",
		},
		"the partner is silent": {
			record: ofVendor, at: "2026-08-13T12:00:00Z", verdict: "True/RecordedByVendor", state: "Uncontested", message: "the partner did not dispute it by 2026-08-12",
		},
		"the partner disputes it, which does not harm the partner": {
			record: ofVendor, answers: []*v1alpha1.ApprovalDecision{answer(ofVendor, disputed, "paul", "2026-08-06T10:00:00Z")}, at: "2026-08-13T12:00:00Z",
			verdict: "True/RecordedByVendor", state: "Disputed", message: "counts for the partner, but not as an achievement of the vendor's people",
			effects: []string{"True/Effective"},
		},
		"the vendor's, and a dispute that is upheld": {
			record: ofVendor, answers: []*v1alpha1.ApprovalDecision{
				answer(ofVendor, disputed, "paul", "2026-08-06T10:00:00Z"), answer(ofVendor, upheld, "dora", "2026-08-07T10:00:00Z"),
				answer(ofVendor, confirmed, "paul", "2026-08-08T10:00:00Z"),
			}, at: "2026-08-13T12:00:00Z", verdict: "False/DisputeUpheld", state: "Upheld", message: "paul disputed it, and dora upheld that on 2026-08-07",
			effects: []string{"True/Effective", "True/Effective", "False/Superseded"},
		},
		"who recorded it or disputes it does not resolve the dispute": {
			record: ofPartner, answers: []*v1alpha1.ApprovalDecision{
				answer(ofPartner, disputed, "vera", "2026-08-06T11:00:00Z"), answer(ofPartner, upheld, "Vera", "2026-08-07T10:00:00Z"),
				answer(ofPartner, dismissed, "paul", "2026-08-08T10:00:00Z"),
			}, at: "2026-08-13T12:00:00Z", verdict: "False/Disputed", state: "Disputed", message: "does not count: vera of the vendor disputes it since 2026-08-06",
			effects: []string{"True/Effective", "False/SelfApproval", "False/SelfApproval"},
		},
		"who recorded it does not answer for the other party": {
			record: ofPartner, answers: []*v1alpha1.ApprovalDecision{
				testobj.Answer("one", ofPartner, meeting.Revision(&ofPartner.Spec), vendor, confirmed, "Paul", "2026-08-06T11:00:00Z"),
				answer(ofPartner, confirmed, "paul", "2026-08-06T12:00:00Z"),
			}, at: "2026-08-07T12:00:00Z", verdict: "False/AwaitingConfirmation", state: "Pending", message: "does not count yet",
			effects: []string{"False/SelfApproval", "False/PartyNotAsked"},
		},
		"answers that mean nothing": {
			record: ofPartner, answers: []*v1alpha1.ApprovalDecision{
				answer(ofPartner, dismissed, "dora", "2026-08-06T11:00:00Z"), answer(ofPartner, confirmed, "vera", "2026-08-06T09:00:00Z"),
				testobj.Answer("other", ofPartner, "v1:0123456789abcdef0123456789abcdef", vendor, confirmed, "vera", "2026-08-06T11:00:00Z"),
				answer(ofPartner, disputed, "dora", "2026-08-09T11:00:00Z"),
			}, at: "2026-08-07T12:00:00Z", verdict: "False/AwaitingConfirmation", state: "Pending", message: "does not count yet",
			effects: []string{"False/NothingDisputed", "False/NotYetRecorded", "False/Stale", "False/NotYetInForce"},
		},
		"a confirmation is final": {
			record: ofPartner, answers: []*v1alpha1.ApprovalDecision{
				answer(ofPartner, confirmed, "vera", "2026-08-06T11:00:00Z"), answer(ofPartner, disputed, "dora", "2026-08-07T11:00:00Z"),
			}, at: "2026-08-08T12:00:00Z", verdict: "True/Confirmed", state: "Confirmed", message: "counts: the vendor confirmed it on 2026-08-06",
			effects: []string{"True/Effective", "False/Superseded"},
		},
		"a dispute that comes too late": {
			record: ofPartner, answers: []*v1alpha1.ApprovalDecision{answer(ofPartner, disputed, "vera", "2026-08-14T11:00:00Z")}, at: "2026-08-15T12:00:00Z",
			verdict: "True/Uncontested", state: "Uncontested", message: "counts since 2026-08-14: the vendor did not dispute it by 2026-08-13; its answer is still owed",
			effects: []string{"False/TooLate"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			more := []any{test.record}
			for _, d := range test.answers {
				more = append(more, d)
			}
			all, now := met(testobj.Plan("h1").Obj(), beforePeriod, more), testobj.At(test.at)
			status, _ := plan.EvaluateReview(all, test.record, now)
			says(t, status.Conditions, v1alpha1.ConditionCounts, test.verdict, test.message)
			if status.Confirmation != test.state || status.Revision != meeting.Revision(&test.record.Spec) {
				t.Errorf("confirmation %s, revision %s", status.Confirmation, status.Revision)
			}
			var effects []string
			for _, d := range test.answers {
				effect, _ := decision.Evaluate(all, d, now)
				c := condition(effect.Conditions, v1alpha1.ConditionEffective)
				effects = append(effects, fmt.Sprintf("%s/%s", c.Status, c.Reason))
			}
			if !slices.Equal(effects, test.effects) {
				t.Errorf("the answers are %v, want %v", effects, test.effects)
			}
		})
	}
}

func TestTheKickOffThatThePartnerRecords(t *testing.T) {
	p := testobj.Plan("h1").Obj()
	needs := func(r *v1alpha1.RuleSet) { r.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"KickOff"} }
	r := testobj.ByPartner(kickOff("2026-07-02"), "2026-07-02T15:00:00Z")
	at := func(when string, more ...any) []v1alpha1.Finding {
		return plan.Evaluate(met(p, beforePeriod, append([]any{r}, more...), needs), p, testobj.At(when)).Status.Findings
	}
	finds(t, at("2026-07-03T12:00:00Z"), v1alpha1.SeverityInfo, plan.RuleSectionMissing, "status.meetings",
		"the kick-off of 2026-07-02, which the partner recorded on 2026-07-02, does not count yet: the vendor confirms or disputes it")
	finds(t, at("2026-07-07T12:00:00Z", answer(r, disputed, "vera", "2026-07-06T12:00:00Z")), v1alpha1.SeverityWarning, plan.RuleSectionMissing, "status.meetings",
		"no kick-off meeting is recorded although the period began on 2026-07-01", "vera of the vendor disputes it")
	for _, f := range at("2026-07-03T12:00:00Z", answer(r, confirmed, "vera", "2026-07-03T09:00:00Z")) {
		if f.Rule == plan.RuleSectionMissing {
			t.Errorf("a kick-off that is confirmed: %s", f.Message)
		}
	}
}

// TestTheClosingReviewIsHeldByTheReconciliation too: both are about the whole period.
func TestTheClosingReviewIsHeldByTheReconciliation(t *testing.T) {
	p, r := testobj.Plan("h1").Obj(), testobj.Review("h1", "2027-01-05")
	r.Spec.Occasion, r.Spec.NoActionsBecause = v1alpha1.OccasionReconciliation, ""
	all, now := met(p, beforePeriod, []any{r}), testobj.At("2027-01-06T12:00:00Z")
	slots := plan.Evaluate(all, p, now).Status.Reviews.Slots
	if last := slots[len(slots)-1]; last.State != v1alpha1.SlotHeld || string(last.Record) != r.Name {
		t.Errorf("the last slot is %+v", last)
	}
	if status, _ := plan.EvaluateReview(all, r, now); status.SlotDue != "2027-01-01" {
		t.Errorf("it is for the slot of %q", status.SlotDue)
	}
}

// gravity orders what condition ReviewOverdue says, the worse the higher.
var gravity = map[string]int{
	v1alpha1.ReasonNoReviewsOwed: 0, v1alpha1.ReasonUpToDate: 0, v1alpha1.ReasonReviewDue: 0, v1alpha1.ReasonAwaitingConfirmation: 0,
	v1alpha1.ReasonInGrace: 1, v1alpha1.ReasonOverdue: 2, v1alpha1.ReasonEscalated: 3,
}

// mayTurnBetter is the closed list of what makes the verdict about reviews turn better although all facts lie in the past: reasons by name, which say of
// two instants whether they are at work between these.
var mayTurnBetter = map[string]func(before, after v1alpha1.JointPlanStatus) bool{
	"the vendor did not dispute in time what the partner recorded (decision 0021)": func(before, after v1alpha1.JointPlanStatus) bool {
		for i, slot := range after.Reviews.Slots {
			if slot.Confirmation == v1alpha1.ConfirmationUncontested && before.Reviews.Slots[i].State != v1alpha1.SlotHeld {
				return true
			}
		}
		return false
	},
}

func TestNoVerdictAboutReviewsTurnsBetterByItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := testobj.Plan("h1").Obj()
		objects, reviews := drawReviews(t)
		facts := testobj.At(beforePeriod)
		for _, x := range objects {
			if d, ok := x.(*v1alpha1.ApprovalDecision); ok && d.Spec.DecidedTime.After(facts) {
				facts = d.Spec.DecidedTime.Time
			}
		}
		for _, r := range reviews {
			// A record counts from the day of its meeting on, if it was made in a zone that is ahead.
			if last := r.Spec.RecordedTime.Add(48 * time.Hour); last.After(facts) {
				facts = last
			}
		}
		all := met(p, beforePeriod, objects)
		now := facts.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "hours after the last fact")) * time.Hour)
		before := plan.Evaluate(all, p, now)
		for range 12 {
			if before.NextChange.IsZero() {
				return
			}
			after := plan.Evaluate(all, p, before.NextChange)
			was, is := reasonOf(before.Status), reasonOf(after.Status)
			if gravity[is] < gravity[was] {
				excused := false
				for _, applies := range mayTurnBetter {
					excused = excused || applies(before.Status, after.Status)
				}
				if !excused {
					t.Fatalf("from %s to %s it turns from %s to %s:\n%v\n%v", now, before.NextChange, was, is, slotLines(before.Status.Reviews), slotLines(after.Status.Reviews))
				}
			}
			now, before = before.NextChange, after
		}
	})
	p, r := testobj.Plan("h1").Obj(), byPartner("2026-08-12", "2026-08-12T15:00:00Z")
	all := met(p, beforePeriod, []any{r})
	before, after := plan.Evaluate(all, p, testobj.At("2026-08-19T21:59:59Z")).Status, plan.Evaluate(all, p, testobj.At("2026-08-19T22:00:00Z")).Status
	if reasonOf(before) != v1alpha1.ReasonEscalated || reasonOf(after) != v1alpha1.ReasonUpToDate {
		t.Errorf("the exception is %s, then %s", reasonOf(before), reasonOf(after))
	}
}

func reasonOf(status v1alpha1.JointPlanStatus) string {
	return condition(status.Conditions, v1alpha1.ConditionReviewOverdue).Reason
}

// TestAPastInstantDoesNotKnowWhatCameLater: an evaluation at an instant is the same whether or not what was recorded or said later is there.
func TestAPastInstantDoesNotKnowWhatCameLater(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := testobj.Plan("h1").Obj()
		objects, _ := drawReviews(t)
		now := drawInstant(t)
		known := slices.DeleteFunc(slices.Clone(objects), func(x any) bool {
			switch x := x.(type) {
			case *v1alpha1.PlanReview:
				return x.Spec.RecordedTime.After(now)
			case *v1alpha1.ApprovalDecision:
				return x.Spec.DecidedTime.After(now)
			default:
				return false
			}
		})
		with, without := plan.Evaluate(met(p, beforePeriod, objects), p, now).Status, plan.Evaluate(met(p, beforePeriod, known), p, now).Status
		with.Meetings, without.Meetings = nil, nil // counts what is stored
		if diff := cmp.Diff(without, with, ignoreTransition); diff != "" {
			t.Fatalf("at %s, without what came later and with it (-without +with):\n%s", now, diff)
		}
	})
}

// TestTheRevisionOfARecordIsThatOfAllItsFields: an answer to one is none to another.
func TestTheRevisionOfARecordIsThatOfAllItsFields(t *testing.T) {
	seen := map[string]string{}
	for name, change := range map[string]func(*v1alpha1.PlanReviewSpec){
		"as it is": func(*v1alpha1.PlanReviewSpec) {}, "plan": func(r *v1alpha1.PlanReviewSpec) { r.PlanRef.Name = "h2" },
		"occasion": func(r *v1alpha1.PlanReviewSpec) { r.Occasion = "Reconciliation" }, "party": func(r *v1alpha1.PlanReviewSpec) { r.Party = partner },
		"by": func(r *v1alpha1.PlanReviewSpec) { r.RecordedBy = "x" }, "held": func(r *v1alpha1.PlanReviewSpec) { r.HeldOn = "2026-08-04" },
		"time":     func(r *v1alpha1.PlanReviewSpec) { r.RecordedTime = metav1.NewTime(testobj.At("2026-08-05T12:00:00Z")) },
		"outcome":  func(r *v1alpha1.PlanReviewSpec) { r.Outcome = "AtRisk" },
		"reason":   func(r *v1alpha1.PlanReviewSpec) { r.NoActionsBecause = "x" },
		"next":     func(r *v1alpha1.PlanReviewSpec) { r.NextReviewOn = "2026-09-01" },
		"people":   func(r *v1alpha1.PlanReviewSpec) { r.Attendees[0].Functions = []v1alpha1.Function{"x"} },
		"obstacle": func(r *v1alpha1.PlanReviewSpec) { r.Obstacles = []v1alpha1.Title{"x"} },
		"action":   func(r *v1alpha1.PlanReviewSpec) { r.Actions = []v1alpha1.ActionItem{{Name: "x"}} },
		"owner":    func(r *v1alpha1.PlanReviewSpec) { r.Actions = []v1alpha1.ActionItem{{Name: "x", Owner: "y"}} },
	} {
		r := testobj.Review("h1", fiscal.MustParseDay("2026-08-05").Date())
		change(&r.Spec)
		id := meeting.Revision(&r.Spec)
		if other, there := seen[id]; there {
			t.Errorf("%s has the revision of %s", name, other)
		}
		seen[id] = name
	}
}
