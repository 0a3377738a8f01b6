package campaign_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
)

// drawWorld draws a namespace with any campaign, around the second half of 2026.
func drawWorld(t *rapid.T) *world {
	day := rapid.Custom(func(t *rapid.T) v1alpha1.Date {
		return v1alpha1.Date(time.Date(2026, 7, 1+rapid.IntRange(0, 240).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	})
	w := newWorld()
	w.program.Calendar.TimeZone = rapid.SampledFrom([]string{"Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "UTC"}).Draw(t, "zone")
	schedule := &w.campaign.Spec.Schedule
	schedule.StartsOn, schedule.EndsOn = day.Draw(t, "startsOn"), day.Draw(t, "endsOn")
	if schedule.EndsOn < schedule.StartsOn {
		schedule.StartsOn, schedule.EndsOn = schedule.EndsOn, schedule.StartsOn
	}
	if rapid.Bool().Draw(t, "judged") {
		schedule.ResultsFrom = day.Draw(t, "resultsFrom")
	}
	schedule.AttributionDays = new(rapid.Int32Range(0, 60).Draw(t, "attributionDays"))
	reporting := []v1alpha1.MetricReporting{v1alpha1.ReportingIncremental, v1alpha1.ReportingCumulative}
	w.program.Metrics[1].Reporting = rapid.SampledFrom(reporting).Draw(t, "reporting")
	w.campaign.Spec.Goals = []v1alpha1.Name{"cloud-revenue", "nonsense"}
	w.campaign.Spec.Initiatives = []v1alpha1.Name{"security", "old-erp"}
	for range rapid.IntRange(0, 12).Draw(t, "entries") {
		metric := rapid.SampledFrom([]v1alpha1.Name{"campaign-cost", "qualified-leads", "opportunities", "new-revenue", "pipeline", "satisfaction"}).Draw(t, "metric")
		on, cohort := day.Draw(t, "on"), v1alpha1.Date("")
		if rapid.Bool().Draw(t, "has cohort") {
			cohort = min(on, day.Draw(t, "cohort"))
		}
		w.measured(metric, on, v1alpha1.Decimal(decimal.Short(big.NewRat(rapid.Int64Range(-2000, 100000).Draw(t, "value"), 100), 2)), cohort)
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "benchmarks") {
		b := aBenchmark(cost("100", "110", "120"))
		b.Name, b.Spec.ComputedOn, b.Spec.Days.Through = fmt.Sprint("b", i), day.Draw(t, "computed"), day.Draw(t, "quarter ended")
		b.Spec.Rows[0].P75 = v1alpha1.Decimal(fmt.Sprint(rapid.IntRange(110, 300).Draw(t, "p75")))
		w.published = append(w.published, b)
	}
	for _, decision := range w.decisions {
		decision.Spec.DecidedTime = metav1.NewTime(drawInstant(t, "decidedTime"))
	}
	return w
}

func drawInstant(t *rapid.T, label string) time.Time {
	const days = 300
	return instant("2026-06-15T00:00:00Z").Add(time.Duration(rapid.Int64Range(0, int64(days*24*time.Hour)).Draw(t, label)))
}

func TestStatusHoldsUntilItsNextChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		got, next := w.evaluate(now)
		end := next
		if next.IsZero() {
			end = now.AddDate(3, 0, 0)
		}
		if !end.After(now) {
			t.Fatalf("next change at %s, not after %s", next, now)
		}
		then := now.Add(time.Duration(rapid.Int64Range(0, int64(end.Sub(now)-1)).Draw(t, "then")))
		for _, at := range []time.Time{then, end.Add(-1)} {
			again, nextAgain := w.evaluate(at)
			if diff := cmp.Diff(timeless(got), timeless(again)); diff != "" || !nextAgain.Equal(next) {
				t.Fatalf("at %s and %s, before %s and %s, the status differs:\n%s", now, at, next, nextAgain, diff)
			}
		}
	})
}

func TestStatusIgnoresTheOrderOfEverythingButTheFunnel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		got, next := w.evaluate(now)
		if len(w.sets) > 0 {
			entries := w.sets[0].Spec.Entries
			distinct := map[v1alpha1.Measurement]bool{}
			for _, entry := range entries { // the last of entries that contradict each other counts
				entry.Value = ""
				if entry.Metric == "satisfaction" {
					entry.Cohort = "" // a level has none
				}
				if distinct[entry] {
					t.Skip("two entries of one metric, day and cohort")
				}
				distinct[entry] = true
			}
			w.sets[0].Spec.Entries = rapid.Permutation(entries).Draw(t, "entries permuted")
		}
		w.program.Metrics = rapid.Permutation(w.program.Metrics).Draw(t, "metrics")
		w.program.Initiatives = rapid.Permutation(w.program.Initiatives).Draw(t, "initiatives")
		w.campaign.Spec.Goals = rapid.Permutation(w.campaign.Spec.Goals).Draw(t, "goals")
		w.campaign.Spec.Initiatives = rapid.Permutation(w.campaign.Spec.Initiatives).Draw(t, "own initiatives")
		w.plans[0].Spec.Activities = rapid.Permutation(w.plans[0].Spec.Activities).Draw(t, "activities")
		w.decisions = rapid.Permutation(w.decisions).Draw(t, "decisions")
		again, nextAgain := w.evaluate(now)
		if diff := cmp.Diff(got, again); diff != "" || !nextAgain.Equal(next) {
			t.Fatalf("the order matters (next change %s, then %s):\n%s", next, nextAgain, diff)
		}
	})
}

func TestCohortsAddUpToWhatIsAttributed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		if len(w.sets) > 0 { // each result names its cohort, so each belongs to one
			for i := range w.sets[0].Spec.Entries {
				if entry := &w.sets[0].Spec.Entries[i]; entry.Cohort == "" {
					entry.Cohort = entry.Day
				}
			}
		}
		got, _ := w.evaluate(now)
		leads, opportunities, revenue := new(big.Rat), new(big.Rat), new(big.Rat)
		for _, cohort := range got.Cohorts {
			add(leads, cohort.Leads)
			add(opportunities, cohort.Opportunities)
			add(revenue, cohort.Revenue)
		}
		steps := map[v1alpha1.Name]v1alpha1.Decimal{}
		for _, step := range got.Funnel {
			steps[step.Metric] = step.Actual
		}
		for _, pair := range []struct {
			name  string
			sum   *big.Rat
			total v1alpha1.Decimal
		}{{"leads", leads, got.Leads}, {"opportunities", opportunities, steps["opportunities"]}, {"revenue", revenue, got.Revenue}} {
			total := new(big.Rat)
			add(total, pair.total)
			if total.Cmp(pair.sum) != 0 {
				t.Fatalf("the cohorts' %s add up to %s, the campaign's are %s", pair.name, pair.sum.FloatString(2), total.FloatString(2))
			}
		}
		if !slices.IsSortedFunc(got.Cohorts, func(a, b v1alpha1.Cohort) int { return strings.Compare(a.Month, b.Month) }) {
			t.Fatalf("cohorts are not in the order of months: %v", got.Cohorts)
		}
	})
}

func TestAResultOutsideTheWindowChangesNoFigure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, now := drawWorld(t), drawInstant(t, "now")
		w.program.Metrics[1].Reporting = v1alpha1.ReportingIncremental
		got, _ := w.evaluate(now)
		day := func(text v1alpha1.Date, days int) v1alpha1.Date {
			at, _ := time.Parse(time.DateOnly, string(text))
			return v1alpha1.Date(at.AddDate(0, 0, days).Format(time.DateOnly))
		}
		metric := rapid.SampledFrom([]v1alpha1.Name{"qualified-leads", "opportunities", "new-revenue", "pipeline"}).Draw(t, "outside")
		w.measured(metric, day(w.campaign.Spec.Schedule.StartsOn, -rapid.IntRange(1, 30).Draw(t, "before")), "777")
		w.measured(metric, day(got.AttributionThrough, rapid.IntRange(1, 30).Draw(t, "after")), "777")
		again, _ := w.evaluate(now)
		got.Findings, again.Findings = nil, nil
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("it changed the status:\n%s", diff)
		}
	})
}

func add(sum *big.Rat, text v1alpha1.Decimal) {
	if text != "" {
		sum.Add(sum, decimal.MustParse(string(text)))
	}
}

// timeless is a status without the times at which its conditions changed.
func timeless(status v1alpha1.CampaignStatus) v1alpha1.CampaignStatus {
	status.Conditions = slices.Clone(status.Conditions)
	for i := range status.Conditions {
		status.Conditions[i].LastTransitionTime = metav1.Time{}
	}
	return status
}
