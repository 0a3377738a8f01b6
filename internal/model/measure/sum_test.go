package measure

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

// counting is the testing program with points: of leads 2 each through September 2026 and 3 from October, of revenue 1 per 1,000. Revenue of a distributor
// holds its resellers'.
func counting() *v1alpha1.PartnerProgram {
	p := northwind()
	p.Spec.Metrics = append(p.Spec.Metrics, v1alpha1.Metric{Name: "points", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow})
	p.Spec.Metrics[0].ResellerResults = v1alpha1.ResellerResultsIncluded
	later := *p.Spec.RuleSets[0].DeepCopy()
	later.Name, later.EffectiveFrom = "october", "2026-10-01"
	rules := func(of1 v1alpha1.Decimal) []v1alpha1.PointsRule {
		return []v1alpha1.PointsRule{{Metric: "points", Of: "qualified-leads", Points: of1}, {Metric: "points", Of: "new-revenue", Points: "1", Per: "1000"}}
	}
	p.Spec.RuleSets[0].Points, later.Points = rules("2"), rules("3")
	p.Spec.RuleSets = append(p.Spec.RuleSets, later)
	return p
}

func bookOfAcme(today string, objects ...any) *Book {
	snap := testobj.Snapshot(append(objects, counting())...)
	return OfPartner(snap, snap.Program("northwind"), snap.Partner("acme"), day(today))
}

func TestPointsOfMetrics(t *testing.T) {
	acme := testobj.Partner("acme").Obj()
	of := onPartner("a", "qualified-leads", "2026-09-30", "10", "qualified-leads", "2026-10-01", "10", "new-revenue", "2026-10-05", "500",
		"points", "2026-06-30", "7", "points", "2026-08-31", "100", "qualified-leads", "2026-06-30", "1000")
	plan := onPlan("b", "h1", "new-revenue", "2026-07-31", "2000")
	book := bookOfAcme("2026-12-01", acme, testobj.Plan("h1").Obj(), of, plan)
	for name, tc := range map[string]struct {
		from, through, value string
	}{
		"by the rules of September":                 {"2026-09-01", "2026-09-30", "20"},
		"by those of October, with half a point":    {"2026-10-01", "2026-10-31", "61/2"},
		"the partner's own revenue, not its plan's": {"2026-07-01", "2026-12-31", "101/2"},
		"a metric of its plan":                      {"2026-07-01", "2026-07-31", "2"},
		"before the points it is measured":          {"2026-06-01", "2026-06-30", "7"},
		"what is reported for it later is not":      {"2026-08-01", "2026-08-31", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := book.Series("points").Total(fiscal.Span{From: day(tc.from), Through: day(tc.through)})
			want, _ := new(big.Rat).SetString(tc.value)
			if tc.value == "" {
				want = nil
			}
			if !cmp.Equal(want, got.Value, rats) {
				t.Errorf("%v, want %s", got.Value, tc.value)
			}
		})
	}
}

func TestAnEntryOfAComputedMetricIsAnError(t *testing.T) {
	snap := testobj.Snapshot(counting(), testobj.Partner("acme").Obj())
	got, _ := EvaluateSet(snap, onPartner("a", "points", "2026-06-30", "7", "points", "2026-07-01", "8", "retention", "2026-07-01", "80"), time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC))
	want := []v1alpha1.Finding{{
		Severity: v1alpha1.SeverityError, Rule: RuleEntryComputed, Field: "spec.entries[1].metric", Message: "the entry does not count: on 2026-07-01 points is computed " +
			"from new-revenue and qualified-leads, by the points of rule set fy27; report these and remove the entry",
	}}
	if diff := cmp.Diff(want, got.Findings); diff != "" || *got.Ignored != 1 {
		t.Errorf("%d ignored (-want +got):\n%s", *got.Ignored, diff)
	}
}

// deal is an entry of revenue with a transaction.
func deal(on, value, transaction string) v1alpha1.Measurement {
	return v1alpha1.Measurement{Metric: "new-revenue", Day: v1alpha1.Date(on), Value: v1alpha1.Decimal(value), Transaction: transaction}
}

func deals(name string, subject v1alpha1.Name, entries ...v1alpha1.Measurement) *v1alpha1.MeasurementSet {
	x := set(name, v1alpha1.SubjectPartner, subject, "crm")
	x.Spec.Entries = entries
	return x
}

func TestTransactionsOfOneDayCountEach(t *testing.T) {
	book := bookOfAcme("2026-12-01", testobj.Partner("acme").Obj(), deals("a", "acme",
		deal("2026-09-30", "1", ""), deal("2026-09-30", "2", "A1"), deal("2026-09-30", "4", "A2"), deal("2026-09-30", "5", "a-2"), deal("2026-10-31", "-2", "A1")))
	if got := show(book.Series("new-revenue").Total(half)); got.Value != "6" { // 1 + 2 + 5 - 2: of two entries of one transaction the last counts
		t.Errorf("%+v, want 6", got)
	}
}

func TestATransactionOfAnotherMetricSaysNothing(t *testing.T) {
	x := onPartner("a", "retention", "2026-09-30", "80", "ytd", "2026-09-30", "5")
	x.Spec.Entries[0].Transaction, x.Spec.Entries[1].Transaction = "A1", "A1"
	got, _ := EvaluateSet(testobj.Snapshot(counting(), testobj.Partner("acme").Obj()), x, time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC))
	var text []string
	for _, f := range got.Findings {
		text = append(text, f.Field+": "+f.Message)
	}
	want := []string{
		"spec.entries[0].transaction: retention is a level, which no single transaction makes up, so the number says nothing: remove it, or report what each transaction added",
		"spec.entries[1].transaction: ytd is reported as a total, which no single transaction makes up, so the number says nothing: remove it, or report what each " +
			"transaction added",
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestResellersResultsCountOnce(t *testing.T) {
	acme := testobj.Partner("acme").Distributes().Obj()
	sub := testobj.Partner("sub").Distributes().Under("", "acme").Obj()
	bolt, cog := testobj.Partner("bolt").Under("", "acme").Obj(), testobj.Partner("cog").Under("", "sub").Obj()
	other := testobj.Partner("other").Obj()
	plan := testobj.Plan("cogs").Obj()
	plan.Spec.PartnerRef.Name = "cog"
	objects := []any{
		acme, sub, bolt, cog, other, plan,
		deals("a", "acme", deal("2026-09-30", "100", "T1")),
		deals("b", "bolt", deal("2026-10-31", "100", "t-1"), deal("2026-11-01", "-30", "T1"), deal("2026-10-31", "10", "T2"), deal("2026-12-02", "9", "")),
		deals("s", "sub", deal("2026-11-30", "1000", "")),
		onPlan("c", "cogs", "new-revenue", "2026-07-31", "10", "new-revenue", "2026-08-31", "5"),
		deals("o", "other", deal("2026-09-30", "1", "")),
	}
	objects[9].(*v1alpha1.MeasurementSet).Spec.Entries[0].Transaction = "T2"
	book := bookOfAcme("2026-12-01", objects...)
	total := book.Series("new-revenue").Total(half)
	if got := total.Value.RatString() + ", of it " + total.OfResellers.RatString(); got != "1115, of it 1015" {
		t.Errorf("%s; want 1115, of it 1015", got) // 100 + 10 of T2 by bolt + 1000 + 5
	}
	if next, _ := book.NextDay(); next != day("2026-12-02") {
		t.Errorf("next day %s", next)
	}
	findings := &verdict.Findings{}
	book.dealFindings(findings)
	var text []string
	for _, f := range findings.List() {
		text = append(text, f.Message)
	}
	want := []string{
		"1 entry of new-revenue from reseller default/cog bears a transaction that reseller default/bolt reports too, and does not count again; if it is another one, " +
			"correct its number",
		"2 entries of new-revenue from reseller default/bolt, 70 in all, bear a transaction that acme reports too, and do not count again; if it is another one, correct " +
			"its number",
	}
	for i := range want {
		want[i] = strings.ReplaceAll(want[i], "default/", acme.Namespace+"/")
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := book.KnownThrough("new-revenue"); got != day("2026-08-31") {
		t.Errorf("known through %s, want that of cog's plan, 2026-08-31", got)
	}
	// Points count what resellers report once, too: 1.115 of revenue.
	points := book.Series("points").Total(half)
	if points.Value.RatString() != "223/200" {
		t.Errorf("%s points, want 1.115", points.Value.RatString())
	}
}

// TestAPlanOfADistributorCountsItsResellers: those of its days, unless it is for one segment.
func TestAPlanOfADistributorCountsItsResellers(t *testing.T) {
	acme, bolt := testobj.Partner("acme").Distributes().Obj(), testobj.Partner("bolt").Under("", "acme").Obj()
	for segment, want := range map[v1alpha1.Name]string{"": "12", "schools": "10"} {
		plan := testobj.Plan("h1").Obj()
		plan.Spec.Segment = segment
		snap := testobj.Snapshot(counting(), acme, bolt, plan, onPlan("a", "h1", "new-revenue", "2026-07-31", "10"),
			deals("b", "bolt", deal("2026-06-30", "1", ""), deal("2026-07-01", "2", ""), deal("2027-01-01", "4", "")))
		book := OfPlan(snap, snap.Program("northwind"), plan, half, day("2027-02-01"))
		if got := show(book.Series("new-revenue").Total(everything)).Value; got != want {
			t.Errorf("segment %q: %s, want %s", segment, got, want)
		}
	}
}

// anyDeals draws a distributor and resellers with results, some of one transaction.
func anyDeals(t *rapid.T) []any {
	objects := []any{testobj.Partner("acme").Distributes().Obj()}
	for i := range rapid.IntRange(0, 3).Draw(t, "resellers") {
		objects = append(objects, testobj.Partner(fmt.Sprintf("r%d", i)).Under("", "acme").Obj())
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "sets") {
		x := deals(fmt.Sprintf("set-%d", i), rapid.SampledFrom([]v1alpha1.Name{"acme", "r0", "r1", "r2"}).Draw(t, "of"))
		for range rapid.IntRange(1, 6).Draw(t, "entries") {
			e := deal(anyDay(t, "day").String(), strconv.Itoa(rapid.IntRange(-5, 20).Draw(t, "value")), rapid.SampledFrom([]string{"", "A", "B", "C"}).Draw(t, "transaction"))
			e.Metric = rapid.SampledFrom([]v1alpha1.Name{"new-revenue", "qualified-leads"}).Draw(t, "metric")
			x.Spec.Entries = append(x.Spec.Entries, e)
		}
		objects = append(objects, x)
	}
	return objects
}

var summedUp = []v1alpha1.Name{"points", "new-revenue"}

func TestSumsAddUpOverDisjointWindowsOfOneSubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		book := bookOfAcme("2027-12-31", anyDeals(t)...)
		cut := anyDay(t, "cut")
		for _, metric := range summedUp {
			series := book.Series(metric)
			first, second := series.Total(fiscal.Span{From: 1, Through: cut}).Value, series.Total(fiscal.Span{From: cut + 1, Through: fiscal.LastDay}).Value
			together := new(big.Rat)
			for _, part := range []*big.Rat{first, second} {
				if part != nil {
					together.Add(together, part)
				}
			}
			whole := series.Total(everything).Value
			if whole == nil {
				whole = new(big.Rat)
			}
			if together.Cmp(whole) != 0 {
				t.Fatalf("%s: %s and %s through and after %s, %s in all", metric, first, second, cut, whole)
			}
			if together.Cmp(sum(series.Entries())) != 0 {
				t.Fatalf("%s: the entries come to %s, the sum to %s", metric, sum(series.Entries()), together)
			}
		}
	})
}

func TestOrderOfResellersAndEntriesDoesNotMatterForSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := anyDeals(t)
		read := func() (all []Reading) {
			book := bookOfAcme("2027-12-31", objects...)
			for _, metric := range summedUp {
				all = append(all, book.Series(metric).Total(half))
			}
			return all
		}
		before := read()
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
		if diff := cmp.Diff(before, read(), rats); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatIsOutOfTheWindowChangesNoSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		objects := anyDeals(t)
		before := bookOfAcme("2027-12-31", objects...).Series("points").Total(half)
		out := deals("z-out", rapid.SampledFrom([]v1alpha1.Name{"acme", "r0"}).Draw(t, "of"), deal("2027-01-01", "99", ""), deal("2026-06-30", "99", ""))
		if after := bookOfAcme("2027-12-31", append(objects, out)...).Series("points").Total(half); !cmp.Equal(before, after, rats) {
			t.Fatalf("%+v became %+v", before, after)
		}
	})
}
