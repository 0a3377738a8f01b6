package attainment

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/testobj"
)

var someMetrics = []v1alpha1.Name{"new-revenue", "qualified-leads", "retention", "first-call", "complaints", "ytd-revenue", "no-such-metric"}

func anyDay(t *rapid.T, label string, from, through v1alpha1.Date) v1alpha1.Date {
	first, last := fiscal.MustParseDay(from), fiscal.MustParseDay(through)
	return (first + fiscal.Day(rapid.IntRange(0, last.Sub(first)).Draw(t, label))).Date()
}

func anyValue(t *rapid.T, label string) v1alpha1.Decimal {
	return v1alpha1.Decimal(strconv.Itoa(rapid.IntRange(-20, 120).Draw(t, label)))
}

func anyTime(t *rapid.T) time.Time {
	hours := rapid.IntRange(0, 24*330).Draw(t, "hour")
	return testobj.At("2026-06-01T00:00:00Z").Add(time.Duration(hours) * time.Hour)
}

// anyStory draws a plan with up to four goals of all kinds, right and wrong, and measurements.
func anyStory(t *rapid.T) *story {
	s := newStory()
	n := rapid.IntRange(0, 4).Draw(t, "goals")
	weights := rapid.SampledFrom([]string{"none", "right", "wrong"}).Draw(t, "weights")
	for i := range n {
		name := v1alpha1.Name(fmt.Sprintf("goal-%d", i))
		if rapid.IntRange(0, 5).Draw(t, "deliverable") == 0 {
			s.deliverable(name, anyDay(t, "due", "2026-06-20", "2027-01-10"))
			if rapid.Bool().Draw(t, "done") {
				s.doneOn(v1alpha1.ItemName(name), anyDay(t, "on", "2026-07-01", "2027-03-01"))
			}
		} else {
			anyGoal(t, s, name)
		}
		s.plan.With(func(spec *v1alpha1.JointPlanSpec) {
			spec.Goals[i].WeightPercent = anyWeight(weights, i, n)
			if rapid.IntRange(0, 3).Draw(t, "gate") == 0 {
				spec.Goals[i].GatePercent = "50"
			}
		})
	}
	for _, metric := range someMetrics {
		anyMeasurements(t, s, metric)
	}
	return s
}

func anyWeight(kind string, i, n int) v1alpha1.Percent {
	switch {
	case kind == "none":
		return ""
	case kind == "wrong":
		return "15"
	case i == n-1:
		return v1alpha1.Percent(strconv.Itoa(100 - 20*(n-1)))
	default:
		return "20"
	}
}

func anyGoal(t *rapid.T, s *story, name v1alpha1.Name) {
	s.goal(name, rapid.SampledFrom(someMetrics).Draw(t, "metric"), anyValue(t, "target"), func(g *v1alpha1.Goal) {
		if rapid.Bool().Draw(t, "has baseline") {
			g.Baseline = anyValue(t, "baseline")
			g.Target.Mode = rapid.SampledFrom([]v1alpha1.TargetMode{
				v1alpha1.TargetAbsolute, v1alpha1.TargetIncreaseBy, v1alpha1.TargetDecreaseBy, v1alpha1.TargetIncreaseByPercent, v1alpha1.TargetDecreaseByPercent,
			}).Draw(t, "mode")
		}
		if rapid.Bool().Draw(t, "has due") {
			g.Due = anyDay(t, "due", "2026-06-20", "2027-01-10")
		}
		for range rapid.IntRange(0, 3).Draw(t, "milestones") {
			g.Milestones = append(g.Milestones, v1alpha1.Milestone{Day: anyDay(t, "by", "2026-06-20", "2027-01-10"), Value: anyValue(t, "milestone")})
		}
	})
}

func anyMeasurements(t *rapid.T, s *story, metric v1alpha1.Name) {
	n := rapid.IntRange(0, 6).Draw(t, "entries of "+string(metric))
	if n == 0 {
		return
	}
	set := testobj.Measured("set-"+string(metric), "acme-h1", metric)
	for range n {
		set.Spec.Entries = append(set.Spec.Entries, v1alpha1.Measurement{
			Metric: metric, Day: anyDay(t, "measured on", "2026-06-01", "2027-03-01"), Value: anyValue(t, "value"),
		})
	}
	s.sets = append(s.sets, set)
}

func different(a, b told) string {
	a.next, b.next = time.Time{}, time.Time{}
	rats := cmp.Comparer(func(x, y *big.Rat) bool { return x == nil && y == nil || x != nil && y != nil && x.Cmp(y) == 0 })
	return cmp.Diff(a, b, cmp.AllowUnexported(told{}), rats)
}

func TestStatusHoldsUntilTheHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := anyStory(t), anyTime(t)
		before := s.atTime(now)
		end := before.next
		if end.IsZero() {
			end = testobj.At("2027-12-31T00:00:00Z")
		}
		if !end.After(now) {
			t.Fatalf("the horizon %s is not after now, %s", end, now)
		}
		offset := rapid.Int64Range(0, int64(end.Sub(now))-1).Draw(t, "offset")
		for _, at := range []time.Time{now.Add(time.Duration(offset)), end.Add(-1)} {
			if diff := different(before, s.atTime(at)); diff != "" {
				t.Fatalf("differs at %s, before the horizon %s:\n%s", at, end, diff)
			}
		}
	})
}

func TestOrderDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := anyStory(t), anyTime(t)
		s.sets = withoutRepeated(s.sets)
		before := s.atTime(now)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		s.plan.With(func(spec *v1alpha1.JointPlanSpec) { shuffle(random, spec.Goals) })
		for i := range s.plan.Obj().Spec.Goals {
			shuffle(random, s.plan.Obj().Spec.Goals[i].Milestones)
		}
		shuffle(random, s.sets)
		for _, set := range s.sets {
			shuffle(random, set.Spec.Entries)
		}
		shuffle(random, s.done)
		if diff := different(before, s.atTime(now)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// withoutRepeated leaves one entry of each day: of two with different values the last counts, so their order does matter.
func withoutRepeated(sets []*v1alpha1.MeasurementSet) []*v1alpha1.MeasurementSet {
	for _, set := range sets {
		seen := map[v1alpha1.Date]bool{}
		var kept []v1alpha1.Measurement
		for _, entry := range set.Spec.Entries {
			if !seen[entry.Day] {
				kept = append(kept, entry)
			}
			seen[entry.Day] = true
		}
		set.Spec.Entries = kept
	}
	return sets
}

func shuffle[T any](random *rand.Rand, list []T) {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

func TestAttainmentIsMonotoneInTheActual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := anyStory(t), anyTime(t)
		before := s.atTime(now)
		for _, set := range s.sets {
			metric := set.Spec.Entries[0].Metric
			better := int64(1)
			if metric == "first-call" || metric == "complaints" {
				better = -1
			}
			i := rapid.IntRange(0, len(set.Spec.Entries)-1).Draw(t, "entry")
			if metric == "ytd-revenue" { // a total raises only those results that it is the last of: raise all
				for i := range set.Spec.Entries {
					add(&set.Spec.Entries[i], 5)
				}
				continue
			}
			add(&set.Spec.Entries[i], 5*better)
		}
		after := s.atTime(now)
		opened := before.Score.State == "Closed" && after.Score.State != "Closed" // a score that no gate closes may be unknown
		if (before.Attainment == nil) != (after.Attainment == nil) && !opened {
			t.Fatalf("score known before: %v, after: %v", before.Attainment != nil, after.Attainment != nil)
		}
		if before.Attainment != nil && after.Attainment != nil && after.Attainment.Cmp(before.Attainment) < 0 {
			t.Fatalf("better results brought the score from %s to %s", before.Attainment, after.Attainment)
		}
		for i := range before.Goals {
			x, y := before.Goals[i].AttainmentPercent, after.Goals[i].AttainmentPercent
			if x != nil && *y < *x {
				t.Fatalf("better results brought goal %s from %d%% to %d%%", before.Goals[i].Name, *x, *y)
			}
		}
	})
}

func add(entry *v1alpha1.Measurement, change int64) {
	value, err := strconv.ParseInt(string(entry.Value), 10, 64)
	if err != nil {
		panic(err)
	}
	entry.Value = v1alpha1.Decimal(strconv.FormatInt(value+change, 10))
}

func TestRelativeAndAbsoluteTargetsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, change := rapid.IntRange(0, 1000).Draw(t, "baseline"), rapid.IntRange(0, 200).Draw(t, "change")
		metric := rapid.SampledFrom([]v1alpha1.Name{"new-revenue", "retention", "first-call", "complaints"}).Draw(t, "metric")
		way := rapid.SampledFrom([]v1alpha1.TargetMode{v1alpha1.TargetIncreaseByPercent, v1alpha1.TargetDecreaseByPercent}).Draw(t, "mode")
		by, difference := v1alpha1.TargetIncreaseBy, base*change
		if way == v1alpha1.TargetDecreaseByPercent {
			by, difference = v1alpha1.TargetDecreaseBy, -base*change
		}
		now := anyTime(t)
		value, on := anyValue(t, "value"), anyDay(t, "on", "2026-07-01", "2026-12-31")
		tell := func(change func(*v1alpha1.Goal)) told {
			return newStory().goal("g", metric, "0", baseline(v1alpha1.Decimal(strconv.Itoa(base))), change).measured(metric, string(on), string(value)).atTime(now)
		}
		want := tell(func(g *v1alpha1.Goal) { g.Target.Mode, g.Target.Value = way, v1alpha1.Decimal(strconv.Itoa(change)) })
		for _, target := range []v1alpha1.Target{
			{Mode: by, Value: hundredths(max(difference, -difference))},
			{Mode: v1alpha1.TargetAbsolute, Value: hundredths(100*base + difference)},
		} {
			if diff := different(want, tell(func(g *v1alpha1.Goal) { g.Target = &target })); diff != "" {
				t.Fatalf("%s %s differs:\n%s", target.Mode, target.Value, diff)
			}
		}
	})
}

func hundredths(value int) v1alpha1.Decimal {
	sign := ""
	if value < 0 {
		sign, value = "-", -value
	}
	return v1alpha1.Decimal(fmt.Sprintf("%s%d.%02d", sign, value/100, value%100))
}

func TestMeasurementsOutsideTheWindowChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := anyStory(t), anyTime(t)
		before := s.atTime(now)
		kinds := []v1alpha1.SubjectKind{v1alpha1.SubjectJointPlan, v1alpha1.SubjectPartner}
		names := map[v1alpha1.SubjectKind]v1alpha1.Name{v1alpha1.SubjectJointPlan: "acme-h1", v1alpha1.SubjectPartner: "acme"}
		for _, metric := range someMetrics[:5] { // totals of a period say something about every later day
			kind := rapid.SampledFrom(kinds).Draw(t, "subject")
			from, through := v1alpha1.Date("2025-01-01"), v1alpha1.Date("2026-06-30")
			if rapid.Bool().Draw(t, "after") {
				from, through = "2027-01-01", "2027-06-01"
			}
			extra := testobj.Measured("extra-"+string(metric), "", metric, string(anyDay(t, "outside", from, through)), string(anyValue(t, "value")))
			extra.Spec.SubjectRef = v1alpha1.SubjectReference{Kind: kind, Name: names[kind]}
			s.sets = append(s.sets, extra)
		}
		if diff := different(before, s.atTime(now)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// Final is since the day that it says: the score was final when that day began, and not before.
func TestFinalSinceItsDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyStory(t)
		got := s.atTime(anyTime(t).AddDate(0, rapid.IntRange(0, 8).Draw(t, "months later"), 0))
		if got.Final == got.FinalSince.IsZero() {
			t.Fatalf("final %v since %s", got.Final, got.FinalSince)
		}
		if !got.Final {
			return
		}
		start := testobj.At(string(got.FinalSince.Date()) + "T00:00:00Z").Add(-2 * time.Hour) // Berlin is one or two hours ahead
		if on := fiscalDay(s, start); on != got.FinalSince {
			start = start.Add(time.Hour)
		}
		if at := s.atTime(start); at.FinalSince != got.FinalSince {
			t.Fatalf("final since %s, but when that day began since %s", got.FinalSince, at.FinalSince)
		}
		if before := s.atTime(start.Add(-1)); before.Final {
			t.Fatalf("final since %s, but already the day before", got.FinalSince)
		}
	})
}

func fiscalDay(s *story, at time.Time) fiscal.Day {
	return testobj.Snapshot(s.program.Obj()).Program("northwind").Today(at)
}

// The pace that is shown is never below the one that is judged, and is the goal's own where there is only one.
func TestShownPaceIsNotCapped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, now := anyStory(t), anyTime(t)
		got := s.atTime(now)
		if len(got.Goals) == 1 && got.PacePercent != nil && *got.PacePercent != max(0, *got.Goals[0].PacePercent) {
			t.Fatalf("the plan's pace is %d, that of its only goal %d", *got.PacePercent, *got.Goals[0].PacePercent)
		}
		if got.PacePercent != nil && got.OnTrack.Reason == v1alpha1.ReasonOnTrack && *got.PacePercent < 95 {
			t.Fatalf("OnTrack with pace %d", *got.PacePercent)
		}
	})
}
