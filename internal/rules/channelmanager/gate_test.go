package channelmanager

import (
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// TestWhatMayStillBeMissedIsCounted compares what a criterion says with a count of all that can still come.
func TestWhatMayStillBeMissedIsCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		decided := rapid.IntRange(0, 30).Draw(t, "decided")
		s := share{good: rapid.IntRange(0, decided).Draw(t, "good"), decided: decided, toCome: rapid.IntRange(0, 30).Draw(t, "to come"), noun: "review", did: "held in time"}
		least := big.NewRat(int64(rapid.IntRange(0, 100_000).Draw(t, "least")), 1000)
		total := s.decided + s.toCome
		if total == 0 {
			return
		}
		reached, most := 0, -1
		for missed := 0; missed <= s.toCome; missed++ {
			if part(s.good+s.toCome-missed, total).Cmp(least) >= 0 {
				reached, most = reached+1, missed
			}
		}
		want := v1alpha1.GateShut
		switch reached {
		case 0:
			want = v1alpha1.GateCannotOpen
		case s.toCome + 1:
			want = v1alpha1.GateOpen
		}
		got := judgeShare(least, s)
		if got.State != want {
			t.Fatalf("%s, want %s: %s", got.State, want, got.Message)
		}
		if may := got.MayStillMiss; want == v1alpha1.GateCannotOpen || s.toCome == 0 {
			if may != nil {
				t.Fatalf("may still miss %d: %s", *may, got.Message)
			}
		} else if may == nil || int(*may) != most {
			t.Fatalf("may still miss %v, want %d: %s", may, most, got.Message)
		}
	})
}

func TestWhatACriterionSays(t *testing.T) {
	for name, tc := range map[string]struct {
		share share
		least int64
		state v1alpha1.GateState
		want  string
	}{
		"nothing decided":      {share{toCome: 4}, 75, "Shut", "none of 4 reviews is decided: at best 4 of 4 (100%). 75% is asked: 1 more may be missed (3 of 4, 75%); 2 would put it out of reach (2 of 4, 50%)"},
		"one of one":           {share{good: 1, decided: 1}, 80, "Open", "1 of 1 review was held in time (100%). 80% is asked: reached"},
		"not one more":         {share{good: 7, decided: 9, toCome: 1}, 80, "Shut", "7 of 9 reviews were held in time (77%), 1 is to come: at best 8 of 10 (80%). 80% is asked: not one more may be missed; 1 would put it out of reach (7 of 10, 70%)"},
		"whatever comes":       {share{good: 8, decided: 8, toCome: 2}, 80, "Open", "8 of 8 reviews were held in time (100%), 2 are to come: at best 10 of 10 (100%). 80% is asked: reached, whatever becomes of those to come"},
		"out of reach":         {share{good: 7, decided: 10}, 80, "CannotOpen", "7 of 10 reviews were held in time (70%). 80% is asked: out of reach"},
		"nothing to be judged": {share{}, 80, "Unknown", "there is no review to be judged; 80% is asked"},
		"others may be added":  {share{good: 1, decided: 4, more: "1 owed plan is not approved yet"}, 80, "Shut", "1 of 4 reviews were held in time (25%). 80% is asked, and what can be reached is not known: 1 owed plan is not approved yet"},
		"none yet":             {share{more: "1 owed plan is not approved yet"}, 80, "Shut", "there is no review to be judged yet: 1 owed plan is not approved yet; 80% is asked"},
	} {
		t.Run(name, func(t *testing.T) {
			tc.share.noun, tc.share.did = "review", "held in time"
			got := judgeShare(big.NewRat(tc.least, 1), tc.share)
			if diff := cmp.Diff(tc.want, got.Message); diff != "" || got.State != tc.state {
				t.Errorf("%s (-want +got):\n%s", got.State, diff)
			}
		})
	}
}

func TestWhatAttainmentSays(t *testing.T) {
	for name, tc := range map[string]struct {
		facts Facts
		more  string
		state v1alpha1.GateState
		want  string
	}{
		"running":          {Facts{Plans: 2, Scored: 2, Final: 1, Score: 90 * million, AtBest: 150 * million}, "", "Shut", "mean score by the original targets: 45%, of 2 plans (1 final): at best 75%. 70% is asked: decided once all scores are final"},
		"one not measured": {Facts{Plans: 2, Scored: 1, Score: 90 * million, AtBest: 200 * million}, "", "Shut", "mean score by the original targets: 90%, of 1 plan (0 final); 1 without a score: at best 100%. 70% is asked: decided once all scores are final"},
		"not measured":     {Facts{Plans: 1, AtBest: 100 * million}, "", "Shut", "none of 1 plan has a score by its original targets: at best 100%. 70% is asked: decided once all scores are final"},
		"out of reach":     {Facts{Plans: 1, Scored: 1, Score: 20 * million, AtBest: 69 * million}, "", "CannotOpen", "mean score by the original targets: 20%, of 1 plan (0 final): at best 69%. 70% is asked: out of reach"},
		"reached":          {Facts{Plans: 1, Scored: 1, Final: 1, Score: 70 * million, AtBest: 70 * million}, "", "Open", "mean score by the original targets: 70%, of 1 plan (1 final). 70% is asked: reached"},
		"cannot be judged": {Facts{Plans: 1, Unbounded: 1}, "", "Unknown", "none of 1 plan has a score by its original targets. 70% is asked; what can be reached cannot be said, as the goals of 1 plan cannot be judged: see the findings of the plans"},
		"none":             {Facts{}, "", "Unknown", "there is no approved plan; 70% is asked"},
		"none yet":         {Facts{}, "1 owed plan is not approved yet", "Shut", "there is no approved plan yet: 1 owed plan is not approved yet; 70% is asked"},
		"more to come":     {Facts{Plans: 1, Scored: 1, Final: 1, Score: 10 * million, AtBest: 10 * million}, "1 owed plan is not approved yet", "Shut", "mean score by the original targets: 10%, of 1 plan (1 final). 70% is asked, and what can be reached is not known: 1 owed plan is not approved yet"},
	} {
		t.Run(name, func(t *testing.T) {
			got := judgeAttainment(big.NewRat(70, 1), &tc.facts, tc.more)
			if diff := cmp.Diff(tc.want, got.Message); diff != "" || got.State != tc.state {
				t.Errorf("%s (-want +got):\n%s", got.State, diff)
			}
		})
	}
}
