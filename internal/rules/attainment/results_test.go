package attainment

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// Results of a month are due 20 days after its end, at the end of that day in Berlin.
func TestResultsFallDue(t *testing.T) {
	tests := map[string]struct {
		measured []string
		now      string
		goal     string
		onTrack  verdict.Judgement
		stale    verdict.Judgement
		next     string
	}{
		"before the period": {
			now: "2026-06-15", goal: "not started: the period begins on 2026-07-01",
			onTrack: verdict.Unknown("NotStarted", "the period begins on 2026-07-01"),
			stale:   verdict.False("UpToDate", "no results are missing; the next, of new-revenue through 2026-07-31, are due by 2026-08-20"),
			next:    "2026-07-01T00:00:00+02:00",
		},
		"nothing is measured yet, and that is not zero": {
			now: "2026-08-20T23:59:59.999999999+02:00", goal: "not measured yet: the first results, through 2026-07-31, are due by 2026-08-20",
			onTrack: verdict.Unknown("NotMeasured", "no goal is measured yet: the first results, of new-revenue through 2026-07-31, are due by 2026-08-20"),
			stale:   verdict.False("UpToDate", "no results are missing; the next, of new-revenue through 2026-07-31, are due by 2026-08-20"),
			next:    "2026-08-21T00:00:00+02:00",
		},
		"from the next day on it is": {
			now: "2026-08-21T00:00:00+02:00",
			goal: "nothing measured through 2026-07-31, which counts as no progress towards EUR 184,000; EUR 31,000 expected by 2026-07-31: " +
				"pace 0%, OffTrack below 80%; forecast EUR 0 by 2026-12-31; results through 2026-07-31 were due by 2026-08-20 and are missing",
			onTrack: verdict.False("OffTrack", "%s", "the goals are at 0% of plan to date, OffTrack below 80%; behind: g (0%)"),
			stale: verdict.True("ResultsMissing", "%s", "new-revenue is not measured: results through 2026-07-31 were due by 2026-08-20 and are missing. "+
				"What is missing counts as zero: report it in a MeasurementSet"),
			next: "2026-09-21T00:00:00+02:00",
		},
		"the pace does not sink while the books are open": {
			measured: []string{"2026-08-31", "62000"}, now: "2026-10-20",
			goal: "EUR 62,000 of EUR 184,000 (33%) through 2026-08-31; EUR 62,000 expected by 2026-08-31: pace 100%, OnTrack from 95%; " +
				"forecast EUR 184,000 by 2026-12-31",
			onTrack: verdict.True("OnTrack", "%s", "the goals are at 100% of plan to date, OnTrack from 95%"),
			stale:   verdict.False("UpToDate", "no results are missing; the next, of new-revenue through 2026-09-30, are due by 2026-10-20"),
			next:    "2026-10-21T00:00:00+02:00",
		},
		"when they should be closed it does": {
			measured: []string{"2026-08-31", "62000"}, now: "2026-12-01",
			goal: "EUR 62,000 of EUR 184,000 (33%) through 2026-08-31; EUR 123,000 expected by 2026-10-31: pace 50%, OffTrack below 80%; " +
				"forecast EUR 92,747.96 by 2026-12-31; results after 2026-08-31 are missing, the first of them were due by 2026-10-20",
			onTrack: verdict.False("OffTrack", "%s", "the goals are at 50% of plan to date, OffTrack below 80%; behind: g (50%)"),
			stale: verdict.True("ResultsMissing", "%s", "new-revenue is measured through 2026-08-31: results after 2026-08-31 are missing, the first of them "+
				"were due by 2026-10-20. What is missing counts as zero: report it in a MeasurementSet"),
			next: "2026-12-21T00:00:00+01:00",
		},
		"after the end the target is missed once the results are due": {
			measured: []string{"2026-11-30", "183999"}, now: "2027-01-21T00:00:00+01:00",
			goal: "EUR 183,999 of EUR 184,000 (99%) through 2026-11-30: missed, the results through 2026-12-31 are in or due; " +
				"results through 2026-12-31 were due by 2027-01-20 and are missing",
			onTrack: verdict.True("OnTrack", "%s", "the goals are at 99% of plan to date, OnTrack from 95%"),
			stale: verdict.True("ResultsMissing", "%s", "new-revenue is measured through 2026-11-30: results through 2026-12-31 were due by 2027-01-20 "+
				"and are missing. What is missing counts as zero: report it in a MeasurementSet"),
		},
		"or attained": {
			measured: []string{"2026-11-30", "183999", "2026-12-31", "1"}, now: "2027-01-02",
			goal:    "EUR 184,000 of EUR 184,000 (100%) through 2026-12-31: attained",
			onTrack: verdict.True("OnTrack", "%s", "the goals are at 100% of plan to date, OnTrack from 95%"),
			stale:   verdict.False("UpToDate", "no results are missing, and no more are due"),
			next:    "2027-01-21T00:00:00+01:00",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			s := newStory().goal("g", "new-revenue", "184000")
			if tc.measured != nil {
				s.measured("new-revenue", tc.measured...)
			}
			got := s.at(tc.now)
			if diff := cmp.Diff(tc.goal, got.Goals[0].Message); diff != "" {
				t.Errorf("goal (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.onTrack, got.OnTrack); diff != "" {
				t.Errorf("OnTrack (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.stale, got.ResultsStale); diff != "" {
				t.Errorf("ResultsStale (-want +got):\n%s", diff)
			}
			if want := tc.next; want != "" && !got.next.Equal(testobj.At(want)) || want == "" && !got.next.IsZero() {
				t.Errorf("next change at %s, want %s", got.next.Format(time.RFC3339), want)
			}
		})
	}
}

// The plan's pace shows what the goals' paces are; one goal that is far ahead does not hide another that is behind.
func TestPlanPace(t *testing.T) {
	two := func(revenue, leads string) *story {
		return newStory().goal("a", "new-revenue", "184").goal("b", "qualified-leads", "184").
			measured("new-revenue", "2026-09-30", revenue).measured("qualified-leads", "2026-09-30", leads)
	}
	tests := map[string]struct {
		story *story
		pace  *int32
		want  verdict.Judgement
	}{
		"one goal is ahead": {
			newStory().goal("a", "new-revenue", "440000", milestones("2026-09-30", "150000")).measured("new-revenue", "2026-09-30", "162000"), new(int32(108)),
			verdict.True(v1alpha1.ReasonOnTrack, "%s", "the goals are at 108% of plan to date (100% with each goal counted up to 100%), OnTrack from 95%"),
		},
		"one goal hides no other": {
			two("138", "46"), new(int32(100)),
			verdict.False(v1alpha1.ReasonOffTrack, "%s", "the goals are at 100% of plan to date (75% with each goal counted up to 100%), OffTrack below 80%; behind: b (50%)"),
		},
		"a goal that went backwards takes nothing from the other": {
			two("92", "-46"), new(int32(50)),
			verdict.False(v1alpha1.ReasonOffTrack, "%s", "the goals are at 50% of plan to date, OffTrack below 80%; behind: b (-50%)"),
		},
		"no goal is ahead": {
			two("92", "92"), new(int32(100)), verdict.True(v1alpha1.ReasonOnTrack, "%s", "the goals are at 100% of plan to date, OnTrack from 95%"),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := tc.story.at("2026-10-01")
			if diff := cmp.Diff(tc.pace, got.PacePercent); diff != "" {
				t.Errorf("pace (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.want, got.OnTrack); diff != "" {
				t.Errorf("OnTrack (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFinal(t *testing.T) {
	early := func() *story {
		return newStory().goal("g", "new-revenue", "10").measured("new-revenue", "2026-12-31", "1")
	}
	tests := map[string]struct {
		story *story
		now   string
		since string // empty: not final
		due   string
	}{
		"results come in early":     {early(), "2027-01-02", "2027-01-01", "2027-01-20"},
		"the last day still runs":   {early(), "2026-12-31T23:59:59+01:00", "", "2027-01-20"},
		"results are not due":       {newStory().goal("g", "new-revenue", "10"), "2027-01-20T23:59:59+01:00", "", "2027-01-20"},
		"results are due":           {newStory().goal("g", "new-revenue", "10"), "2027-01-21T00:00:00+01:00", "2027-01-21", "2027-01-20"},
		"no goals":                  {newStory(), "2027-01-03", "2027-01-01", "2026-12-31"},
		"no goals, period runs":     {newStory(), "2026-12-31T23:59:59+01:00", "", "2026-12-31"},
		"deliverable is done later": {newStory().deliverable("g", "").doneOn("g", "2027-03-01"), "2027-02-01", "", "2026-12-31"},
		"deliverable was done late": {newStory().deliverable("g", "").doneOn("g", "2027-03-01"), "2027-04-01", "2027-03-01", "2026-12-31"},
		"the latest goal counts": {
			newStory().deliverable("h", "2026-09-30").goal("i", "qualified-leads", "5").goal("g", "new-revenue", "10"), "2027-02-01", "2027-01-21", "2027-01-20",
		},
		"deliverable is not done": {newStory().deliverable("g", ""), "2027-01-01", "2027-01-01", "2026-12-31"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := tc.story.at(tc.now)
			if got.Final != (tc.since != "") || string(got.FinalSince.Date()) != tc.since || got.ResultsDue.String() != tc.due {
				t.Errorf("final %v since %s, results due %s", got.Final, got.FinalSince, got.ResultsDue)
			}
		})
	}
}

func TestKindsOfGoals(t *testing.T) {
	halfway := "2026-09-30" // 92 of 184 days
	tests := map[string]struct {
		story      *story
		now        string
		verdict    v1alpha1.Verdict
		attainment *int32
		pace       *int32
		forecast   v1alpha1.Decimal
		message    string
	}{
		"a level on its way up": {
			newStory().goal("g", "retention", "80", baseline("70")).measured("retention", halfway, "74"), "2026-10-01",
			v1alpha1.VerdictAtRisk, new(int32(40)), new(int32(80)), "78",
			"from 70% to 74% on 2026-09-30, 40% of the way to 80%; 4 of the 5 points expected by then: pace 80%, AtRisk below 95%; forecast 78% by 2026-12-31",
		},
		"a level on its way down": {
			newStory().goal("g", "first-call", "4", baseline("10")).measured("first-call", halfway, "7"), "2026-10-01",
			v1alpha1.VerdictOnTrack, new(int32(50)), new(int32(100)), "4",
			"from 10 days to 7 days on 2026-09-30, 50% of the way to 4 days; 3 of the 3 days expected by then: pace 100%, OnTrack from 95%; " +
				"forecast 4 days by 2026-12-31",
		},
		"a level going the wrong way": {
			newStory().goal("g", "retention", "80", baseline("70")).measured("retention", halfway, "69"), "2026-10-01",
			v1alpha1.VerdictOffTrack, new(int32(-10)), new(int32(-20)), "68",
			"from 70% to 69% on 2026-09-30, -10% of the way to 80%; -1 of the 5 points expected by then: pace -20%, OffTrack below 80%; forecast 68% by 2026-12-31",
		},
		"a level without baseline starts at zero": {
			newStory().goal("g", "retention", "80").measured("retention", halfway, "30"), "2026-10-01",
			v1alpha1.VerdictOffTrack, new(int32(37)), new(int32(75)), "60",
			"from 0% to 30% on 2026-09-30, 37% of the way to 80%; 30 of the 40 points expected by then: pace 75%, OffTrack below 80%; forecast 60% by 2026-12-31",
		},
		"a level measured before the period does not count": {
			newStory().goal("g", "retention", "80", baseline("70")).measured("retention", "2026-06-30", "79"), "2026-07-31",
			v1alpha1.VerdictUnknown, nil, nil, "", "not measured yet: the first results, through 2026-07-31, are due by 2026-07-31",
		},
		"a level to be kept is kept": {
			newStory().goal("g", "retention", "80", baseline("80")).measured("retention", halfway, "80"), "2026-10-01",
			v1alpha1.VerdictOnTrack, new(int32(100)), new(int32(100)), "",
			"80% on 2026-09-30, where 80% is to be kept: pace 100%, OnTrack from 95%",
		},
		"a level to be kept is lost": {
			newStory().goal("g", "retention", "80", baseline("80")).measured("retention", "2026-12-31", "79.5"), "2027-01-01",
			v1alpha1.VerdictMissed, new(int32(0)), new(int32(0)), "",
			"79.5% on 2026-12-31, where 80% is to be kept: missed, the results through 2026-12-31 are in or due",
		},
		"a level to be kept that nobody measured": {
			newStory().goal("g", "retention", "80", baseline("80")), "2027-01-01",
			v1alpha1.VerdictMissed, new(int32(0)), new(int32(0)), "",
			"nothing measured through 2026-12-31, which counts as no progress towards 80%: missed, the results through 2026-12-31 are in or due; " +
				"results from 2026-07-01 on are missing, the first of them were due by 2026-07-31",
		},
		"fewer complaints, halfway": {
			newStory().goal("g", "complaints", "80", baseline("100")).measured("complaints", halfway, "42"), "2026-10-01",
			v1alpha1.VerdictAtRisk, new(int32(40)), new(int32(80)), "84",
			"42 through 2026-09-30 against 50 at the rate of the baseline, 100: 8 saved, 40% of the way to at most 80 by 2026-12-31; " +
				"8 of the 10 expected by then: pace 80%, AtRisk below 95%; forecast 84 by 2026-12-31",
		},
		"few complaints are attained only at the end": {
			newStory().goal("g", "complaints", "80", baseline("100")).measured("complaints", halfway, "0"), "2026-10-01",
			v1alpha1.VerdictOnTrack, new(int32(250)), new(int32(500)), "0",
			"0 through 2026-09-30 against 50 at the rate of the baseline, 100: 50 saved, 250% of the way to at most 80 by 2026-12-31; " +
				"50 of the 10 expected by then: pace 500%, OnTrack from 95%; forecast 0 by 2026-12-31",
		},
		"complaints that nobody counts are not few": {
			newStory().goal("g", "complaints", "80", baseline("100")).measured("complaints", halfway, "40"), "2027-01-01",
			v1alpha1.VerdictMissed, new(int32(50)), new(int32(50)), "90",
			"40 through 2026-09-30 against 50 at the rate of the baseline, 100: 10 saved, 50% of the way to at most 80 by 2026-12-31: " +
				"missed, the results through 2026-12-31 are in or due; results after 2026-09-30 are missing, the first of them were due by 2026-10-31",
		},
		"more returned than sold": {
			newStory().goal("g", "qualified-leads", "100").measured("qualified-leads", halfway, "-5"), "2026-10-01",
			v1alpha1.VerdictOffTrack, new(int32(-5)), new(int32(-10)), "-10",
			"-5 of 100 (-5%) through 2026-09-30; 50 expected by 2026-09-30: pace -10%, OffTrack below 80%; forecast -10 by 2026-12-31",
		},
		"too early for a forecast": {
			newStory().goal("g", "qualified-leads", "184").measured("qualified-leads", "2026-07-18", "18"), "2026-07-19",
			v1alpha1.VerdictOnTrack, new(int32(9)), new(int32(100)), "",
			"18 of 184 (9%) through 2026-07-18; 18 expected by 2026-07-18: pace 100%, OnTrack from 95%",
		},
		"nothing is expected yet": {
			newStory().goal("g", "qualified-leads", "100", milestones(halfway, "0")).measured("qualified-leads", "2026-08-31", "0"), "2026-09-01",
			v1alpha1.VerdictOnTrack, new(int32(0)), new(int32(100)), "",
			"0 of 100 (0%) through 2026-08-31; 0 expected by 2026-08-31: pace 100%, OnTrack from 95%",
		},
		"resellers are counted whole, and the pace can be computed": {
			newStory().goal("g", "resellers", "40", baseline("24")).measured("resellers", "2026-08-31", "29"), "2026-09-01",
			v1alpha1.VerdictAtRisk, new(int32(31)), new(int32(92)), "38",
			"from 24 to 29 on 2026-08-31, 31% of the way to 40; 5 of the 5.39 expected by then: pace 92%, AtRisk below 95%; forecast 38 by 2026-12-31",
		},
		"what is missing adds no progress to a level": {
			newStory().goal("g", "resellers", "40", baseline("24")).measured("resellers", "2026-08-31", "29"), "2026-12-01",
			v1alpha1.VerdictOffTrack, new(int32(31)), new(int32(37)), "30",
			"from 24 to 29 on 2026-08-31, 31% of the way to 40; 5 of the 13.3 expected by 2026-11-30: pace 37%, OffTrack below 80%; forecast 30 by 2026-12-31; " +
				"results after 2026-08-31 are missing, the first of them were due by 2026-09-30",
		},
		"a level that nobody measured": {
			newStory().goal("g", "resellers", "40", baseline("24")), "2026-08-01",
			v1alpha1.VerdictOffTrack, new(int32(0)), new(int32(0)), "24",
			"nothing measured through 2026-07-31, which counts as no progress towards 40; 0 of the 2.69 expected by then: pace 0%, OffTrack below 80%; " +
				"forecast 24 by 2026-12-31; results through 2026-07-31 were due by 2026-07-31 and are missing",
		},
		"a level of which nothing is expected yet": {
			newStory().goal("g", "resellers", "40", baseline("24"), milestones(halfway, "24")).measured("resellers", "2026-08-31", "24"), "2026-09-01",
			v1alpha1.VerdictOnTrack, new(int32(0)), new(int32(100)), "",
			"from 24 to 24 on 2026-08-31, 0% of the way to 40; nothing is expected by then: pace 100%, OnTrack from 95%",
		},
		"leads are expected and forecast whole": {
			newStory().goal("g", "qualified-leads", "1000").measured("qualified-leads", "2026-08-31", "330"), "2026-09-01",
			v1alpha1.VerdictOnTrack, new(int32(33)), new(int32(97)), "979",
			"330 of 1,000 (33%) through 2026-08-31; 336 expected by 2026-08-31: pace 97%, OnTrack from 95%; forecast 979 by 2026-12-31",
		},
		"but not where the pace would read quite differently": {
			newStory().goal("g", "qualified-leads", "8").measured("qualified-leads", "2026-08-31", "2"), "2026-09-01",
			v1alpha1.VerdictOffTrack, new(int32(25)), new(int32(74)), "5",
			"2 of 8 (25%) through 2026-08-31; 2.69 expected by 2026-08-31: pace 74%, OffTrack below 80%; forecast 5 by 2026-12-31",
		},
		"a limit that is to be kept": {
			newStory().goal("g", "complaints", "100", baseline("100")).measured("complaints", halfway, "42"), "2026-10-01",
			v1alpha1.VerdictOnTrack, new(int32(100)), new(int32(100)), "",
			"42 through 2026-09-30 against 50 at the rate of the limit, 100 by 2026-12-31: pace 100%, OnTrack from 95%",
		},
		"totals of the period": {
			newStory().goal("g", "ytd-revenue", "184").measured("ytd-revenue", "2026-07-31", "20", "2026-08-31", "50", halfway, "46"), "2026-10-01",
			v1alpha1.VerdictOffTrack, new(int32(25)), new(int32(50)), "92",
			"EUR 46 of EUR 184 (25%) through 2026-09-30; EUR 92 expected by 2026-09-30: pace 50%, OffTrack below 80%; forecast EUR 92 by 2026-12-31",
		},
		"a deliverable is open": {
			newStory().deliverable("g", "2026-09-30"), "2026-09-30T23:59:59+02:00", v1alpha1.VerdictUnknown, nil, nil, "",
			"not done yet, due by 2026-09-30: record it in spec.progress.done when it is",
		},
		"a deliverable is late": {
			newStory().deliverable("g", "2026-09-30"), "2026-10-01T00:00:00+02:00", v1alpha1.VerdictMissed, new(int32(0)), new(int32(0)), "",
			"not done by 2026-09-30: do it and record it in spec.progress.done",
		},
		"a deliverable is done": {
			newStory().deliverable("g", "2026-09-30").doneOn("g", "2026-08-15"), "2026-08-15", v1alpha1.VerdictAttained, new(int32(100)), new(int32(100)), "",
			"done on 2026-08-15",
		},
		"a deliverable is done late": {
			newStory().deliverable("g", "2026-09-30").doneOn("g", "2026-10-15"), "2026-10-15", v1alpha1.VerdictAttained, new(int32(100)), new(int32(100)), "",
			"done on 2026-10-15, after it was due on 2026-09-30",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := tc.story.at(tc.now).Goals[0]
			if got.Verdict != tc.verdict || got.Forecast != tc.forecast {
				t.Errorf("verdict %s, forecast %q", got.Verdict, got.Forecast)
			}
			if diff := cmp.Diff([]*int32{tc.attainment, tc.pace}, []*int32{got.AttainmentPercent, got.PacePercent}); diff != "" {
				t.Errorf("attainment and pace (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.message, got.Message); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScore(t *testing.T) {
	three := func() *story {
		return newStory().goal("a", "new-revenue", "100", weight("50")).goal("b", "qualified-leads", "100", weight("30")).goal("c", "retention", "80", weight("20"))
	}
	rules := func(s *story, change func(*v1alpha1.Scoring)) *story {
		s.program.Rules(func(set *v1alpha1.RuleSet) {
			set.Scoring = &v1alpha1.Scoring{}
			change(set.Scoring)
		})
		return s
	}
	tests := map[string]struct {
		story *story
		now   string
		want  v1alpha1.ScoreStatus
		pace  *int32
	}{
		"nothing is measured": {
			three(), "2026-07-15", v1alpha1.ScoreStatus{State: "Unknown", UnmeasuredWeightPercent: new(int32(100)), Message: "no score yet: no goal is measured"}, nil,
		},
		"something is measured": {
			three().measured("new-revenue", "2026-09-30", "50").measured("qualified-leads", "2026-09-30", "25"), "2026-10-01",
			v1alpha1.ScoreStatus{State: "Running", Percent: new(int32(32)), Message: "32% so far: all goals are measured, not all are due"},
			new(int32(65)), // retention was due and counts as zero: (50 x 100 + 30 x 50) / 100
		},
		"some weight is missing": {
			three().measured("qualified-leads", "2026-07-15", "10"), "2026-07-15", v1alpha1.ScoreStatus{
				State: "Provisional", Percent: new(int32(3)), UnmeasuredWeightPercent: new(int32(70)),
				Message: "3% so far, without the goals that are not measured and weigh 70%: a, c",
			}, new(int32(122)),
		},
		"a cap above 100 rewards more": {
			rules(three().measured("new-revenue", "2026-12-31", "120"), func(s *v1alpha1.Scoring) { s.GoalCapPercent = "110" }), "2027-02-01",
			v1alpha1.ScoreStatus{State: "Final", Percent: new(int32(55)), Message: "55%, final: no more results are due"},
			new(int32(60)),
		},
		"what went backwards takes nothing from others": {
			three().measured("new-revenue", "2026-12-31", "100").measured("qualified-leads", "2026-12-31", "-100"), "2027-02-01",
			v1alpha1.ScoreStatus{State: "Final", Percent: new(int32(50)), Message: "50%, final: no more results are due"},
			new(int32(50)),
		},
		"a gate closes the score once its goal is due": {
			newStory().goal("a", "new-revenue", "100").goal("b", "qualified-leads", "100", due("2026-09-30"), gate("60")).
				measured("new-revenue", "2026-09-30", "100").measured("qualified-leads", "2026-09-30", "59"), "2026-10-01",
			v1alpha1.ScoreStatus{State: "Closed", Percent: new(int32(0)), Message: "0%: gate goal b attained 59% and needs 60%"},
			new(int32(129)),
		},
		"not before": {
			newStory().goal("a", "new-revenue", "100").goal("b", "qualified-leads", "100", due("2026-09-30"), gate("60")).
				measured("new-revenue", "2026-09-30", "100").measured("qualified-leads", "2026-09-30", "59"), "2026-09-30",
			v1alpha1.ScoreStatus{State: "Running", Percent: new(int32(79)), Message: "79% so far: all goals are measured, not all are due"},
			new(int32(129)),
		},
		"a gate that is reached is open": {
			newStory().goal("a", "new-revenue", "100").goal("b", "qualified-leads", "100", due("2026-09-30"), gate("60")).
				measured("new-revenue", "2026-09-30", "100").measured("qualified-leads", "2026-09-30", "60"), "2026-10-01",
			v1alpha1.ScoreStatus{State: "Running", Percent: new(int32(80)), Message: "80% so far: all goals are measured, not all are due"},
			new(int32(130)),
		},
		"weights that do not add up to 100": {
			newStory().goal("a", "new-revenue", "100", weight("99")).measured("new-revenue", "2026-09-30", "50"), "2026-10-01",
			v1alpha1.ScoreStatus{State: "Unknown", Message: "no score: the weights of the goals add up to 99%, not 100%"},
			nil,
		},
		"no goals": {newStory(), "2026-10-01", v1alpha1.ScoreStatus{State: "Unknown", Message: "no score: the plan has no goals"}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			got := tc.story.at(tc.now)
			if diff := cmp.Diff(&tc.want, got.Score); diff != "" {
				t.Errorf("score (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]*int32{tc.want.Percent, tc.pace}, []*int32{got.AttainmentPercent, got.PacePercent}); diff != "" {
				t.Errorf("attainment and pace (-want +got):\n%s", diff)
			}
		})
	}
}

func TestOnTrackCannotBeJudged(t *testing.T) {
	tests := map[string]struct {
		story *story
		want  verdict.Judgement
	}{
		"no goals": {newStory(), verdict.Unknown(v1alpha1.ReasonNoGoals, "the plan has no goals: add spec.goals")},
		"weights": {
			newStory().goal("a", "new-revenue", "1", weight("90")),
			verdict.Unknown(v1alpha1.ReasonWeightsInvalid, "%s", "the weights of the goals add up to 90%, not 100%: the plan has no pace until they add up to 100"),
		},
		"deliverables only": {
			newStory().deliverable("a", ""), verdict.Unknown(v1alpha1.ReasonNotMeasured, "no goal has a pace yet"),
		},
		"a closed gate": {
			newStory().deliverable("a", "2026-07-10", gate("100")),
			verdict.False(v1alpha1.ReasonOffTrack, "%s", "the score is closed at 0%: gate goal a attained 0% and needs 100%"),
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.story.at("2026-07-15").OnTrack); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
