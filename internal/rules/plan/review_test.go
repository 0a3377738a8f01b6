package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// running is a snapshot with a plan that both parties approved at an instant, of a gold partner unless the change says otherwise.
func running(p *v1alpha1.JointPlan, approvedAt string, change ...func(*v1alpha1.RuleSet)) *snapshot.Snapshot {
	return met(p, approvedAt, nil, change...)
}

// met is running with records of meetings, and what else there is.
func met(p *v1alpha1.JointPlan, approvedAt string, more []any, change ...func(*v1alpha1.RuleSet)) *snapshot.Snapshot {
	program := testobj.Program("northwind")
	for _, c := range change {
		program.Rules(c)
	}
	revision := plan.Revision(&p.Spec.PlanTerms)
	return testobj.Snapshot(append([]any{
		program.Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p,
		testobj.Decision("vendor", p.Name, revision, vendor, approved, approvedAt),
		testobj.Decision("partner", p.Name, revision, partner, approved, approvedAt),
	}, more...)...)
}

// held are reviews of plan h1 that the vendor recorded on their days.
func held(days ...v1alpha1.Date) []any {
	var all []any
	for _, day := range days {
		all = append(all, testobj.Review("h1", day))
	}
	return all
}

const beforePeriod = "2026-06-20T10:00:00+02:00"

func slotLines(r *v1alpha1.ReviewStatus) []string {
	var lines []string
	for _, s := range r.Slots {
		line := fmt.Sprintf("%s %s", s.Due, s.State)
		if s.HeldOn != "" {
			line += " " + string(s.HeldOn)
		}
		if s.DaysLate != nil {
			line += fmt.Sprintf(" +%d", *s.DaysLate)
		}
		lines = append(lines, line)
	}
	return lines
}

// TestALateReview is scenario 2 of the worked scenarios: Berlin, monthly slots from 2026-07-01, 5 days of grace, escalation after 7
// and 14 days. The slot of 2026-08-01, a Saturday, is due on Monday.
func TestALateReview(t *testing.T) {
	for name, test := range map[string]struct {
		at      string
		held    []v1alpha1.Date
		verdict string
		message []string
		next    string
		role    string
	}{
		"before it opens": {
			at: "2026-07-23T23:59:59.999999999+02:00", verdict: "False/UpToDate",
			message: []string{"the next review is due on 2026-08-03 and can be held from 2026-07-24 on"}, next: "2026-07-24T00:00:00+02:00",
		},
		"open": {at: "2026-07-24T00:00:00+02:00", verdict: "False/UpToDate", next: "2026-08-03T00:00:00+02:00"},
		"due":  {at: "2026-08-03T00:00:00+02:00", verdict: "False/ReviewDue", next: "2026-08-04T00:00:00+02:00"},
		"in grace": {
			at: "2026-08-04T00:00:00+02:00", verdict: "False/InGrace", message: []string{"in grace through 2026-08-08"},
			next: "2026-08-09T00:00:00+02:00",
		},
		"last of grace": {at: "2026-08-08T23:59:59.999999999+02:00", verdict: "False/InGrace", next: "2026-08-09T00:00:00+02:00"},
		"overdue": {
			at: "2026-08-09T00:00:00+02:00", verdict: "True/Overdue",
			message: []string{"overdue since 2026-08-09", "it escalates to the ChannelAccountManager on 2026-08-11"},
			next:    "2026-08-11T00:00:00+02:00",
		},
		"not yet told": {at: "2026-08-10T23:59:59.999999999+02:00", verdict: "True/Overdue", next: "2026-08-11T00:00:00+02:00"},
		"channel manager": {
			at: "2026-08-11T00:00:00+02:00", verdict: "True/Escalated",
			message: []string{"escalated to the ChannelAccountManager on 2026-08-11"}, role: "ChannelAccountManager",
			next: "2026-08-18T00:00:00+02:00",
		},
		"director": {
			at: "2026-08-18T00:00:00+02:00", verdict: "True/Escalated", message: []string{"escalated to the ChannelDirector on 2026-08-18"},
			role: "ChannelDirector", next: "2026-08-22T00:00:00+02:00",
		},
		"held": {
			at: "2026-08-12T00:00:00+02:00", held: []v1alpha1.Date{"2026-08-12"}, verdict: "False/UpToDate",
			message: []string{"the next review is due on 2026-09-01", "the one due on 2026-08-03 was held on 2026-08-12, 9 days late"},
			next:    "2026-08-20T00:00:00+02:00", // the partner can dispute it through the 19th
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Obj()
			got := plan.Evaluate(met(p, beforePeriod, held(test.held...)), p, testobj.At(test.at))
			says(t, got.Status.Conditions, v1alpha1.ConditionReviewOverdue, test.verdict, test.message...)
			if !got.NextChange.Equal(testobj.At(test.next)) {
				t.Errorf("next change %s, want %s", got.NextChange, test.next)
			}
			if got.Status.Reviews.EscalatedTo != test.role {
				t.Errorf("escalated to %q, want %q", got.Status.Reviews.EscalatedTo, test.role)
			}
		})
	}
}

func TestReviewSlots(t *testing.T) {
	for name, test := range map[string]struct {
		held     []v1alpha1.Date
		at       string
		approved string
		rules    func(*v1alpha1.RuleSet)
		slots    []string
		counts   string // held, held late, missed
		verdict  string
		since    v1alpha1.Date
		message  []string
	}{
		"the last interval has its closing review": {
			at:     "2026-07-02T00:00:00Z",
			slots:  []string{"2026-08-03 Upcoming", "2026-09-01 Upcoming", "2026-10-01 Upcoming", "2026-11-02 Upcoming", "2026-12-01 Upcoming", "2027-01-01 Upcoming"},
			counts: "0 0 0", verdict: "False/UpToDate",
		},
		"an approval within the period starts the slots": {
			at: "2026-07-20T00:00:00Z", approved: "2026-07-15T23:30:00Z", // the 16th in Berlin
			slots:  []string{"2026-08-17 Upcoming", "2026-09-16 Upcoming", "2026-10-16 Upcoming", "2026-11-16 Upcoming", "2026-12-16 Upcoming"},
			counts: "0 0 0", verdict: "False/UpToDate",
		},
		"month ends do not drift": {
			at: "2026-09-01T00:00:00Z", approved: "2026-08-31T10:00:00Z",
			slots:  []string{"2026-09-30 Upcoming", "2026-11-02 Upcoming", "2026-11-30 Upcoming", "2026-12-31 Upcoming"},
			counts: "0 0 0", verdict: "False/UpToDate",
		},
		"a slipped review does not shift the rest, and an early one counts": {
			at: "2026-09-10T00:00:00Z", held: []v1alpha1.Date{"2026-08-12", "2026-08-25"},
			slots: []string{
				"2026-08-03 Held 2026-08-12 +9", "2026-09-01 Held 2026-08-25", "2026-10-01 Upcoming", "2026-11-02 Upcoming",
				"2026-12-01 Upcoming", "2027-01-01 Upcoming",
			},
			counts: "2 1 0", verdict: "False/UpToDate",
		},
		"what nobody held is missed when the next one falls due, and stays overdue": {
			at:     "2026-09-03T00:00:00Z",
			slots:  []string{"2026-08-03 Missed", "2026-09-01 InGrace", "2026-10-01 Upcoming", "2026-11-02 Upcoming", "2026-12-01 Upcoming", "2027-01-01 Upcoming"},
			counts: "0 0 1", verdict: "True/Escalated", since: "2026-08-09",
			message: []string{
				"the review due on 2026-08-03 was not held (grace", "1 review missed so far, the current one is due on 2026-09-01",
				"escalated to the ChannelDirector on 2026-08-18",
			},
		},
		"one review clears it, and the missed ones stay counted": {
			at: "2026-10-02T00:00:00Z", held: []v1alpha1.Date{"2026-10-02"},
			slots: []string{
				"2026-08-03 Missed", "2026-09-01 Missed", "2026-10-01 Held 2026-10-02 +1", "2026-11-02 Upcoming", "2026-12-01 Upcoming",
				"2027-01-01 Upcoming",
			},
			counts: "1 1 2", verdict: "False/UpToDate",
		},
		"a review of the day before the next due day is for the earlier slot": {
			at: "2026-08-31T12:00:00Z", held: []v1alpha1.Date{"2026-08-31"},
			slots: []string{
				"2026-08-03 Held 2026-08-31 +28", "2026-09-01 Open", "2026-10-01 Upcoming", "2026-11-02 Upcoming", "2026-12-01 Upcoming",
				"2027-01-01 Upcoming",
			},
			counts: "1 1 0", verdict: "False/UpToDate",
		},
		"the last one stays overdue": {
			at: "2027-01-31T12:00:00Z", held: []v1alpha1.Date{"2026-12-01"},
			slots:  []string{"2026-08-03 Missed", "2026-09-01 Missed", "2026-10-01 Missed", "2026-11-02 Missed", "2026-12-01 Held 2026-12-01", "2027-01-01 Overdue"},
			counts: "1 0 4", verdict: "True/Escalated", since: "2027-01-07",
		},
		"also after the plan has closed": {
			at: "2028-02-01T12:00:00Z", held: []v1alpha1.Date{"2026-12-01"},
			slots:  []string{"2026-08-03 Missed", "2026-09-01 Missed", "2026-10-01 Missed", "2026-11-02 Missed", "2026-12-01 Held 2026-12-01", "2027-01-01 Overdue"},
			counts: "1 0 4", verdict: "True/Escalated", since: "2027-01-07",
			message: []string{"hold the closing review or the reconciliation and record it in a PlanReview: until then it stays overdue"},
		},
		"until it is held, however late": {
			at: "2028-02-01T12:00:00Z", held: []v1alpha1.Date{"2028-02-01"},
			slots:  []string{"2026-08-03 Missed", "2026-09-01 Missed", "2026-10-01 Missed", "2026-11-02 Missed", "2026-12-01 Missed", "2027-01-01 Held 2028-02-01 +396"},
			counts: "1 1 5", verdict: "False/UpToDate", message: []string{"no more reviews are due: of 6, 1 held (1 of them late), 5 missed"},
		},
		"quarterly": {
			at: "2026-07-02T00:00:00Z", rules: func(r *v1alpha1.RuleSet) { r.Tiers[0].Planning.ReviewEvery = v1alpha1.CadenceQuarter },
			slots: []string{"2026-10-01 Upcoming", "2027-01-01 Upcoming"}, counts: "0 0 0", verdict: "False/UpToDate",
		},
		"a grace longer than the interval goes over a missed slot": {
			at: "2026-09-03T00:00:00Z", rules: func(r *v1alpha1.RuleSet) { *r.Tiers[0].Planning.ReviewGraceDays = 40 },
			slots:  []string{"2026-08-03 Missed", "2026-09-01 InGrace", "2026-10-01 Upcoming", "2026-11-02 Upcoming", "2026-12-01 Upcoming", "2027-01-01 Upcoming"},
			counts: "0 0 1", verdict: "False/InGrace", message: []string{"in grace through 2026-09-12"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Obj()
			at := test.approved
			if at == "" {
				at = beforePeriod
			}
			var change []func(*v1alpha1.RuleSet)
			if test.rules != nil {
				change = append(change, test.rules)
			}
			got := plan.Evaluate(met(p, at, held(test.held...), change...), p, testobj.At(test.at)).Status
			if got.Reviews == nil {
				t.Fatalf("no reviews: %v", condition(got.Conditions, v1alpha1.ConditionReviewOverdue))
			}
			if diff := cmp.Diff(test.slots, slotLines(got.Reviews)); diff != "" {
				t.Errorf("slots (-want +got):\n%s", diff)
			}
			if counts := fmt.Sprint(got.Reviews.Held, got.Reviews.HeldLate, got.Reviews.Missed); counts != test.counts {
				t.Errorf("held, held late, missed: %s, want %s", counts, test.counts)
			}
			if got.Reviews.OverdueSince != test.since {
				t.Errorf("overdue since %q, want %q", got.Reviews.OverdueSince, test.since)
			}
			says(t, got.Conditions, v1alpha1.ConditionReviewOverdue, test.verdict, test.message...)
		})
	}
}

func TestReviewsThatNobodyOwes(t *testing.T) {
	p := testobj.Plan("h1").Obj()
	now := testobj.At("2026-10-01T12:00:00Z")
	unapproved := testobj.Snapshot(testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p)
	for name, test := range map[string]struct {
		all     *snapshot.Snapshot
		message string
	}{
		"not approved": {unapproved, "no reviews are due until the plan is approved"},
		"no cadence": {
			running(p, beforePeriod, func(r *v1alpha1.RuleSet) { r.Tiers[0].Planning.ReviewEvery = "" }),
			"tier \"gold\", which the partner held on 2026-07-01, requires no reviews under rule set \"fy27\"",
		},
		"no planning":  {running(p, beforePeriod, func(r *v1alpha1.RuleSet) { r.Tiers[0].Planning = nil }), "requires no reviews"},
		"a short rest": {running(p, "2026-12-15T10:00:00Z"), "no reviews are due until the plan is approved"},
	} {
		t.Run(name, func(t *testing.T) {
			got := plan.Evaluate(test.all, p, now)
			says(t, got.Status.Conditions, v1alpha1.ConditionReviewOverdue, "False/NoReviewsOwed", test.message)
			if got.Status.Reviews != nil {
				t.Errorf("reviews %v", got.Status.Reviews)
			}
		})
	}
	late := plan.Evaluate(running(p, "2026-12-15T10:00:00Z"), p, testobj.At("2026-12-16T12:00:00Z"))
	says(t, late.Status.Conditions, v1alpha1.ConditionReviewOverdue, "False/NoReviewsOwed", "the period ends on 2026-12-31, before the first review would be due")
}

func TestReviewsThatDoNotCount(t *testing.T) {
	for name, test := range map[string]struct {
		change   func(*v1alpha1.PlanReviewSpec)
		severity v1alpha1.Severity
		rule     string
		field    string
		reason   string
		message  string
	}{
		"recorded before the meeting": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.HeldOn = "2026-08-06" }, severity: v1alpha1.SeverityWarning, rule: meeting.RuleReviewInFuture,
			field: "spec.heldOn", reason: "False/RecordedAhead", message: "it was recorded on 2026-08-04, before the meeting of 2026-08-06",
		},
		"recorded late": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.HeldOn = "2026-07-27" }, severity: v1alpha1.SeverityWarning, rule: meeting.RuleReviewRecordedLate,
			field: "spec.recordedTime", reason: "False/RecordedLate",
			message: "the meeting of 2026-07-27 was recorded on 2026-08-04, and the last day for that was 2026-08-03 (5 business days after it): hold another one",
		},
		"without the partner": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.Attendees = r.Attendees[:1] }, severity: v1alpha1.SeverityWarning, rule: meeting.RuleReviewOneSided,
			field: "spec.attendees", reason: "False/Incomplete", message: "nobody from the partner attended",
		},
		"without an outcome": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.Outcome = "" }, severity: v1alpha1.SeverityWarning, rule: meeting.RuleReviewIncomplete,
			field: "spec", reason: "False/Incomplete", message: "it needs an outcome",
		},
		"without actions or a reason": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.NoActionsBecause = "" }, severity: v1alpha1.SeverityWarning, rule: meeting.RuleReviewIncomplete,
			field: "spec", reason: "False/Incomplete", message: "noActionsBecause",
		},
		"before the period": {
			change: func(r *v1alpha1.PlanReviewSpec) {
				r.HeldOn, r.RecordedTime = "2026-06-30", metav1.NewTime(testobj.At("2026-06-30T12:00:00Z"))
			}, severity: v1alpha1.SeverityWarning, rule: plan.RuleReviewTooEarly,
			field: "spec.heldOn", reason: "False/NoSlot", message: "reviews count from 2026-07-01 on",
		},
		"when none was open": {
			change: func(r *v1alpha1.PlanReviewSpec) {
				r.HeldOn, r.RecordedTime = "2026-07-23", metav1.NewTime(testobj.At("2026-07-23T12:00:00Z"))
			}, severity: v1alpha1.SeverityInfo, rule: plan.RuleReviewExtra,
			field: "spec.heldOn", reason: "False/NoSlot", message: "matches no due day",
		},
		"a reconciliation that is not for the last one": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.Occasion = v1alpha1.OccasionReconciliation }, severity: v1alpha1.SeverityInfo, rule: plan.RuleReviewExtra,
			field: "spec.heldOn", reason: "False/NoSlot", message: "a reconciliation for the last one",
		},
		"on a day that is none": {
			change: func(r *v1alpha1.PlanReviewSpec) { r.HeldOn = "2026-02-30" }, severity: v1alpha1.SeverityWarning, rule: meeting.RuleReviewUndated,
			field: "spec.heldOn", reason: "False/Incomplete", message: "February 2026 has the days 01 to 28",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, r := testobj.Plan("h1").Obj(), testobj.Review("h1", "2026-08-04")
			test.change(&r.Spec)
			all, now := met(p, beforePeriod, []any{r}), testobj.At("2026-08-04T12:00:00Z")
			status, _ := plan.EvaluateReview(all, r, now)
			finds(t, status.Findings, test.severity, test.rule, test.field, test.message)
			says(t, status.Conditions, v1alpha1.ConditionCounts, test.reason, test.message)
			says(t, plan.Evaluate(all, p, now).Status.Conditions, v1alpha1.ConditionReviewOverdue, "False/InGrace")
		})
	}
	t.Run("twice on a day", func(t *testing.T) {
		p, one, two := testobj.Plan("h1").Obj(), testobj.Review("h1", "2026-08-04"), testobj.Review("h1", "2026-08-04")
		two.Name = "z"
		for _, reviews := range [][]any{{one, two}, {two, one}} {
			all, now := met(p, beforePeriod, reviews), testobj.At("2026-08-04T12:00:00Z")
			status, _ := plan.EvaluateReview(all, two, now)
			finds(t, status.Findings, v1alpha1.SeverityWarning, meeting.RuleReviewTwice, "spec.heldOn", "the vendor recorded the meeting of 2026-08-04 before")
			if got := plan.Evaluate(all, p, now).Status.Reviews.Held; got != 1 {
				t.Errorf("%d held", got)
			}
		}
	})
	t.Run("of a plan that is not there", func(t *testing.T) {
		r := testobj.Review("h2", "2026-08-04")
		status, _ := plan.EvaluateReview(met(testobj.Plan("h1").Obj(), beforePeriod, []any{r}), r, testobj.At("2026-08-04T12:00:00Z"))
		says(t, status.Conditions, v1alpha1.ConditionCounts, "False/PlanNotFound", "JointPlan \"h2\" not found")
		says(t, status.Conditions, v1alpha1.ConditionStalled, "True/ReferenceNotFound")
	})
	t.Run("that is recorded later", func(t *testing.T) {
		p, r := testobj.Plan("h1").Obj(), testobj.Review("h1", "2026-08-04")
		r.Spec.RecordedTime = metav1.NewTime(testobj.At("2026-08-05T12:00:00Z"))
		all := met(p, beforePeriod, []any{r})
		status, next := plan.EvaluateReview(all, r, testobj.At("2026-08-05T11:00:00Z"))
		says(t, status.Conditions, v1alpha1.ConditionCounts, "False/NotYetInForce", "it counts from 2026-08-05T12:00:00Z on")
		if !next.Equal(r.Spec.RecordedTime.Time) {
			t.Errorf("next change %s", next)
		}
		if got := plan.Evaluate(all, p, testobj.At("2026-08-05T11:00:00Z")).Status.Reviews.Held; got != 0 {
			t.Errorf("%d held before it was recorded", got)
		}
		if got := plan.Evaluate(all, p, testobj.At("2026-08-05T12:00:00Z")).Status.Reviews.Held; got != 1 {
			t.Errorf("%d held once it was", got)
		}
	})
}

func TestAPeriodOfManyYearsShowsTheSlotsAroundToday(t *testing.T) {
	p := testobj.Plan("h1").With(func(s *v1alpha1.JointPlanSpec) { s.Period = v1alpha1.Period{From: "2026-07-01", Through: "9999-12-31"} }).Obj()
	got := plan.Evaluate(running(p, beforePeriod), p, testobj.At("2030-07-02T12:00:00Z")).Status
	lines := slotLines(got.Reviews)
	if len(lines) != 24 || !slices.Contains(lines, string(got.Reviews.NextDue)+" InGrace") || got.Reviews.NextDue != "2030-07-01" {
		t.Errorf("next due %s among %d:\n%s", got.Reviews.NextDue, len(lines), strings.Join(lines, "\n"))
	}
}

// TestTheSlotsAreAStateMachine replays any reviews day by day and compares with the status: what each day does to the slots is simple,
// and what the status says of the whole must come out the same.
func TestTheSlotsAreAStateMachine(t *testing.T) {
	cal := fiscal.MustNew(testobj.Program("x").Obj().Spec.Calendar)
	rapid.Check(t, func(t *rapid.T) {
		grace, ahead := rapid.Int32Range(0, 45).Draw(t, "grace"), rapid.Int32Range(0, 60).Draw(t, "ahead")
		every := rapid.SampledFrom([]v1alpha1.Cadence{v1alpha1.CadenceMonth, v1alpha1.CadenceQuarter}).Draw(t, "every")
		first := fiscal.MustParseDay("2026-07-01")
		days := rapid.SliceOfNDistinct(rapid.IntRange(0, 220), 0, 9, rapid.ID).Draw(t, "held")
		slices.Sort(days)
		var records []any
		for _, day := range rapid.Permutation(days).Draw(t, "order") {
			records = append(records, testobj.Review("h1", first.AddDays(day).Date()))
		}
		p := testobj.Plan("h1").Obj()
		all := met(p, beforePeriod, records, func(r *v1alpha1.RuleSet) {
			r.Tiers[0].Planning = &v1alpha1.PlanningRule{Every: v1alpha1.CadenceHalf, ReviewEvery: every, ReviewGraceDays: &grace, ReviewOpensDaysAhead: &ahead}
		})
		today := first.AddDays(rapid.IntRange(0, 230).Draw(t, "today"))
		got := plan.Evaluate(all, p, cal.StartOf(today)).Status

		step := 1
		if every == v1alpha1.CadenceQuarter {
			step = 3
		}
		var due []fiscal.Day
		for n := step; n <= 6+step; n += step {
			due = append(due, cal.NextBusinessDay(first.AddMonths(n)))
		}
		state := make([]string, len(due)-1)
		for day := first; day <= today; day++ {
			for i := range state {
				if state[i] == "" && day >= due[i+1] && i < len(state)-1 {
					state[i] = "Missed"
				}
			}
			if !slices.Contains(days, day.Sub(first)) {
				continue
			}
			for i := range state {
				if state[i] == "" && day >= due[i].AddDays(-int(ahead)) {
					state[i] = "Held " + day.String()
					break
				}
			}
		}
		overdue, run := false, fiscal.Day(0)
		for i, s := range state {
			switch {
			case strings.HasPrefix(s, "Held"):
				run = 0
				continue
			case run == 0:
				run = due[i]
			}
			if s == "" {
				overdue = today > run.AddDays(int(grace))
				break
			}
		}
		for i, line := range slotLines(got.Reviews) {
			fields := strings.Fields(line)
			settled := fields[1] == "Missed" || fields[1] == "Held"
			if want := state[i]; settled != (want != "") || settled && !strings.HasPrefix(strings.Join(fields[1:], " "), want) {
				t.Fatalf("slot %s, want %q", line, want)
			}
		}
		c := condition(got.Conditions, v1alpha1.ConditionReviewOverdue)
		if (c.Status == "True") != overdue {
			t.Fatalf("%s %s: %s, want overdue %t", c.Status, c.Reason, c.Message, overdue)
		}
	})
}
