package measure

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

var rats = cmp.Comparer(func(a, b *big.Rat) bool { return a == nil && b == nil || a != nil && b != nil && a.Cmp(b) == 0 })

func anyDay(t *rapid.T, label string) fiscal.Day {
	return half.From + fiscal.Day(rapid.IntRange(-60, 240).Draw(t, label))
}

// anySets draws sets about the partner, two plans and two campaigns, from two sources, with right and wrong entries.
func anySets(t *rapid.T) []*v1alpha1.MeasurementSet {
	subjects := []v1alpha1.SubjectReference{
		{Kind: v1alpha1.SubjectPartner, Name: "acme"},
		{Kind: v1alpha1.SubjectJointPlan, Name: "h1"},
		{Kind: v1alpha1.SubjectJointPlan, Name: "q1"},
		{Kind: v1alpha1.SubjectCampaign, Name: "c1"},
		{Kind: v1alpha1.SubjectCampaign, Name: "c2"},
	}
	var list []*v1alpha1.MeasurementSet
	for i := range rapid.IntRange(1, 5).Draw(t, "sets") {
		subject := rapid.SampledFrom(subjects).Draw(t, "subject")
		source := rapid.SampledFrom([]v1alpha1.Name{"crm", "erp"}).Draw(t, "source")
		x := set(fmt.Sprintf("set-%d", i), subject.Kind, subject.Name, source)
		for range rapid.IntRange(1, 8).Draw(t, "entries") {
			x.Spec.Entries = append(x.Spec.Entries, anyEntry(t))
		}
		list = append(list, x)
	}
	return list
}

func anyEntry(t *rapid.T) v1alpha1.Measurement {
	entry := v1alpha1.Measurement{
		Metric: rapid.SampledFrom([]v1alpha1.Name{"new-revenue", "qualified-leads", "retention", "ytd", "nonsense"}).Draw(t, "metric"),
		Day:    anyDay(t, "day").Date(),
		Value:  v1alpha1.Decimal(strconv.Itoa(rapid.IntRange(-5, 20).Draw(t, "value"))),
	}
	if rapid.IntRange(0, 3).Draw(t, "cohort") == 0 {
		entry.Cohort = "2026-05-02"
	}
	if rapid.IntRange(0, 9).Draw(t, "unit") == 0 {
		entry.Unit = v1alpha1.UnitDays
	}
	return entry
}

func world(sets []*v1alpha1.MeasurementSet) []any {
	objects := []any{
		northwind(), testobj.Partner("acme").Obj(), testobj.Plan("h1").Obj(), testobj.Plan("q1").Period(2027, v1alpha1.PartQ1).Obj(),
		testobj.Campaign("c1", "h1"), testobj.Campaign("c2", "q1"),
	}
	for _, x := range sets {
		objects = append(objects, x)
	}
	return objects
}

// everythingRead is all that three books say.
type everythingRead struct {
	Readings []Reading
	Entries  [][]Entry
	Findings [][]v1alpha1.Finding
}

func readAll(objects []any, today fiscal.Day) everythingRead {
	snap := testobj.Snapshot(objects...)
	prog := snap.Program("northwind")
	var all everythingRead
	for _, book := range []*Book{
		OfPlan(snap, prog, snap.Plan("h1"), half, today), OfPartner(snap, prog, snap.Partner("acme"), today),
		OfCampaign(snap, prog, snap.Campaign("c1"), today),
	} {
		for _, metric := range []v1alpha1.Name{"new-revenue", "qualified-leads", "retention", "ytd", "nonsense"} {
			series := book.Series(metric)
			all.Readings = append(all.Readings, series.Total(half), series.Level(today), series.Total(fiscal.Span{From: today - 30, Through: today}))
			all.Entries = append(all.Entries, series.Entries())
		}
		all.Findings = append(all.Findings, book.Findings())
	}
	return all
}

func TestOrderOfSetsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets, today := anySets(t), anyDay(t, "today")
		before := readAll(world(sets), today)
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(sets), func(i, j int) { sets[i], sets[j] = sets[j], sets[i] })
		if diff := cmp.Diff(before, readAll(world(sets), today), rats); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What counts of totals is the same as what the last of them say.
func TestIncrementsAddUpToTheTotals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, last := onPartner("a"), map[int]*v1alpha1.Measurement{}
		for _, on := range rapid.SliceOfNDistinct(rapid.IntRange(0, 800), 1, 12, rapid.ID[int]).Draw(t, "days") {
			on := day("2025-07-01") + fiscal.Day(on)
			x.Spec.Entries = append(x.Spec.Entries, v1alpha1.Measurement{
				Metric: "ytd", Day: on.Date(), Value: v1alpha1.Decimal(strconv.Itoa(rapid.IntRange(-5, 100).Draw(t, "total"))),
			})
		}
		snap := testobj.Snapshot(northwind(), testobj.Partner("acme").Obj(), x)
		prog := snap.Program("northwind")
		for i := range x.Spec.Entries {
			entry := &x.Spec.Entries[i]
			year := prog.Calendar.FiscalYearOf(day(string(entry.Day)))
			if last[year] == nil || entry.Day > last[year].Day {
				last[year] = entry
			}
		}
		series := OfPartner(snap, prog, snap.Partner("acme"), day("2027-12-31")).Series("ytd")
		for year, entry := range last {
			span, err := prog.Calendar.FiscalPeriod(year, v1alpha1.PartYear)
			if err != nil {
				t.Fatal(err)
			}
			want := shown{string(entry.Value), string(entry.Day), "crm"}
			if diff := cmp.Diff(want, show(series.Total(span))); diff != "" {
				t.Fatalf("year %d (-want +got):\n%s", year, diff)
			}
		}
	})
}

func TestSetStatusHoldsUntilTheHorizon(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets := anySets(t)
		snap := testobj.Snapshot(world(sets)...)
		now := testobj.At("2026-06-01T00:00:00Z").Add(time.Duration(rapid.IntRange(0, 24*270).Draw(t, "hour")) * time.Hour)
		for _, x := range sets {
			before, end := EvaluateSet(snap, x, now)
			if end.IsZero() {
				end = testobj.At("2028-01-01T00:00:00Z")
			}
			after, _ := EvaluateSet(snap, x, end.Add(-1))
			for _, status := range []*v1alpha1.MeasurementSetStatus{&before, &after} {
				for i := range status.Conditions {
					status.Conditions[i].LastTransitionTime.Reset()
				}
			}
			if diff := cmp.Diff(before, after); diff != "" {
				t.Fatalf("differs before the horizon %s:\n%s", end, diff)
			}
		}
	})
}

func TestBookHoldsUntilTheNextDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sets, today := anySets(t), anyDay(t, "today")
		snap := testobj.Snapshot(world(sets)...)
		prog := snap.Program("northwind")
		read := func(today fiscal.Day) (Reading, []v1alpha1.Finding, fiscal.Day) {
			book := OfPartner(snap, prog, snap.Partner("acme"), today)
			next, _ := book.NextDay()
			return book.Series("qualified-leads").Total(everything), book.Findings(), next
		}
		before, findings, next := read(today)
		if next.IsZero() {
			next = today + 1000
		}
		after, later, _ := read(next - 1)
		if diff := cmp.Diff(before, after, rats) + cmp.Diff(findings, later); diff != "" {
			t.Fatalf("differs before %s:\n%s", next, diff)
		}
	})
}

// BenchmarkBook reads a plan of 10 goals and 50 campaigns with 500 entries.
func BenchmarkBook(b *testing.B) {
	for _, entries := range []int{500, 5000} {
		b.Run(strconv.Itoa(entries), func(b *testing.B) { benchmarkBook(b, entries) })
	}
}

func benchmarkBook(b *testing.B, entries int) {
	b.Helper()
	p := northwind()
	plan := testobj.Plan("h1").Obj()
	objects := []any{p, testobj.Partner("acme").Obj(), plan}
	for i := range 10 {
		p.Spec.Metrics = append(p.Spec.Metrics, v1alpha1.Metric{
			Name: v1alpha1.Name(fmt.Sprintf("metric-%d", i)), Unit: v1alpha1.UnitCurrency, Behaviour: v1alpha1.BehaviourFlow,
		})
	}
	for i := range 50 {
		name := fmt.Sprintf("c-%d", i)
		x := onCampaign("set-"+name, v1alpha1.Name(name))
		for j := range entries / 50 {
			x.Spec.Entries = append(x.Spec.Entries, v1alpha1.Measurement{
				Metric: v1alpha1.Name(fmt.Sprintf("metric-%d", j%10)), Day: (half.From + fiscal.Day(j)).Date(), Value: "1250.50",
			})
		}
		objects = append(objects, testobj.Campaign(name, "h1"), x)
	}
	snap := testobj.Snapshot(objects...)
	prog := snap.Program("northwind")
	b.ReportAllocs()
	for b.Loop() {
		book := OfPlan(snap, prog, plan, half, half.Through)
		for i := range 10 {
			if book.Series(v1alpha1.Name(fmt.Sprintf("metric-%d", i))).Total(half).Value == nil {
				b.Fatal("nothing is measured")
			}
		}
		book.Findings()
	}
}
