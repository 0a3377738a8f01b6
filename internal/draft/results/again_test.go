package results

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
)

// deals is a mapping of transactions that are added up by months.
func deals() *importsv1alpha1.ResultsMappingSpec {
	return &importsv1alpha1.ResultsMappingSpec{
		Source:  "crm",
		Subject: importsv1alpha1.SubjectColumn{Kind: v1alpha1.SubjectPartner, Column: "Partner"},
		Day:     importsv1alpha1.DayColumn{Column: "Closed", Per: importsv1alpha1.IntervalMonth},
		Values:  []importsv1alpha1.ValueColumn{{Column: "Amount", Metric: "new-revenue", Currency: "EUR"}},
		Key:     []importsv1alpha1.Header{"Deal"},
	}
}

// run imports rows of deals into objects, and returns these with what was written.
func run(t *testing.T, objects []manifest.Object, text string, options Options) (outcome *Outcome, after []manifest.Object) {
	t.Helper()
	if options.At.IsZero() {
		options.At = now
	}
	source, err := table.NewCSV(strings.NewReader("Deal,Partner,Closed,Amount\n"+text), table.Text{})
	if err != nil {
		t.Fatal(err)
	}
	outcome, err = Import(NewDirectory(objects), deals(), source, options)
	if err != nil {
		t.Fatal(err)
	}
	after = slices.Clone(objects)
	for _, set := range outcome.Sets {
		if at := slices.IndexFunc(after, func(x manifest.Object) bool { return manifest.KeyOf(x) == manifest.KeyOf(set) }); at >= 0 {
			after[at] = set
		} else {
			after = append(after, set)
		}
	}
	return outcome, after
}

func entriesOf(objects []manifest.Object) []string {
	var lines []string
	for _, x := range objects {
		if set, ok := x.(*v1alpha1.MeasurementSet); ok {
			for _, e := range set.Spec.Entries {
				line := fmt.Sprintf("%s: %s %s", set.Name, e.Day, e.Value)
				if e.ReportedOn != "" {
					line += " known " + string(e.ReportedOn)
				}
				lines = append(lines, line)
			}
		}
	}
	return lines
}

func TestWhatWasReportedBeforeIsCorrectedAndTheSameAgainWritesNothing(t *testing.T) {
	const september = "1,acme,2026-09-03,100\n2,acme,2026-09-20,50\n3,acme,2026-08-20,7\n"
	_, objects := run(t, world(), september, Options{})
	want := []string{"partner-acme-crm-fy2027: 2026-08-31 7", "partner-acme-crm-fy2027: 2026-09-30 150"}
	if diff := cmp.Diff(want, entriesOf(objects)); diff != "" {
		t.Fatalf("first (-want +got):\n%s", diff)
	}
	outcome, _ := run(t, objects, september, Options{At: now.AddDate(0, 0, 20)})
	if len(outcome.Sets) != 0 || outcome.Same != 2 || outcome.Added != 0 || outcome.Corrected != 0 {
		t.Errorf("again: %+v", outcome)
	}
	// Deal 2 was lost, deal 4 of July was found, October is new, and August is not in the file any more.
	outcome, objects = run(t, objects, "1,acme,2026-09-03,100\n4,acme,2026-07-03,1\n5,acme,2026-10-03,9\n", Options{})
	want = []string{
		"partner-acme-crm-fy2027: 2026-07-31 1 known 2026-11-10",
		"partner-acme-crm-fy2027: 2026-08-31 7",
		"partner-acme-crm-fy2027: 2026-09-30 150",
		"partner-acme-crm-fy2027: 2026-09-30 100 known 2026-11-10",
		"partner-acme-crm-fy2027: 2026-10-31 9",
	}
	if diff := cmp.Diff(want, entriesOf(objects)); diff != "" {
		t.Errorf("corrected (-want +got):\n%s", diff)
	}
	about := Change{Namespace: "partner-acme", Kind: v1alpha1.SubjectPartner, Name: "acme", Metric: "new-revenue"}
	late, lower, gone := about, about, about
	late.Day, late.New = "2026-07-31", "1"
	lower.Day, lower.Old, lower.New = "2026-09-30", "150", "100"
	gone.Day, gone.Old = "2026-08-31", "7"
	if diff := cmp.Diff([]Change{late, lower}, outcome.Changes); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Change{gone}, outcome.Gone); diff != "" {
		t.Errorf("gone (-want +got):\n%s", diff)
	}
	// Corrected again on the same day: the first correction was a slip, and nobody could tell the two apart.
	_, objects = run(t, objects, "1,acme,2026-09-03,101\n", Options{})
	if lines := entriesOf(objects); !slices.Contains(lines, "partner-acme-crm-fy2027: 2026-09-30 101 known 2026-11-10") || len(lines) != 5 {
		t.Errorf("corrected twice on a day: %q", lines)
	}
	// And later: the entry of then stays, so that an evaluation of then shows what was known.
	_, objects = run(t, objects, "1,acme,2026-09-03,150\n", Options{At: now.AddDate(0, 0, 1)})
	if lines := entriesOf(objects); !slices.Contains(lines, "partner-acme-crm-fy2027: 2026-09-30 150 known 2026-11-11") || len(lines) != 6 {
		t.Errorf("corrected later: %q", lines)
	}
}

func TestAnEntryThatAPersonWroteIsNotWrittenAgain(t *testing.T) {
	mine := &v1alpha1.MeasurementSet{}
	mine.Kind, mine.Name, mine.Namespace = "MeasurementSet", "by-hand", "partner-acme"
	mine.Spec = v1alpha1.MeasurementSetSpec{
		SubjectRef: v1alpha1.SubjectReference{Kind: v1alpha1.SubjectPartner, Name: "acme"}, Source: "crm",
		Entries: []v1alpha1.Measurement{{Metric: "new-revenue", Day: "2026-09-30", Value: "100.00"}},
	}
	outcome, _ := run(t, append(world(), mine), "1,acme,2026-09-03,100\n", Options{})
	if len(outcome.Sets) != 0 || outcome.Same != 1 {
		t.Errorf("%+v", outcome)
	}
	outcome, objects := run(t, append(world(), mine), "1,acme,2026-09-03,90\n", Options{})
	want := []string{"by-hand: 2026-09-30 100.00", "partner-acme-crm-fy2027: 2026-09-30 90 known 2026-11-10"}
	if diff := cmp.Diff(want, entriesOf(objects)); diff != "" || outcome.Corrected != 1 {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestZerosAreWrittenOnlyThroughTheDayThatAPersonStates(t *testing.T) {
	const rows = "1,acme,2026-08-03,100\n2,bolt,2026-09-20,50\n"
	outcome, objects := run(t, world(), rows, Options{})
	if lines := entriesOf(objects); len(lines) != 2 || outcome.Zeros != 0 {
		t.Fatalf("nobody said that the rows are complete: %q", lines)
	}
	outcome, objects = run(t, world(), rows, Options{CompleteThrough: fiscal.MustParseDay("2026-10-15")})
	var got []string
	for _, line := range entriesOf(objects) {
		if !strings.HasPrefix(line, "partner-twin") && !strings.HasPrefix(line, "partner-m") {
			got = append(got, line)
		}
	}
	want := []string{
		"partner-acme-crm-fy2027: 2026-08-31 100", "partner-acme-crm-fy2027: 2026-09-30 0",
		"partner-bolt-crm-fy2027: 2026-08-31 0", "partner-bolt-crm-fy2027: 2026-09-30 50",
	} // and nothing of the others, of which the source has never reported
	if diff := cmp.Diff(want, got); diff != "" || outcome.Zeros != 2 || len(outcome.Zeroed) != 2 {
		t.Errorf("%d zeros (-want +got):\n%s", outcome.Zeros, diff)
	}
	// Next month bolt's deal is gone: it was nothing after all.
	outcome, objects = run(t, objects, "1,acme,2026-08-03,100\n", Options{CompleteThrough: fiscal.MustParseDay("2026-10-31")})
	lines := entriesOf(objects)
	for _, line := range []string{"partner-bolt-crm-fy2027: 2026-09-30 0 known 2026-11-10", "partner-bolt-crm-fy2027: 2026-10-31 0"} {
		if !slices.Contains(lines, line) {
			t.Errorf("%s is missing in %q", line, lines)
		}
	}
	if outcome.Corrected != 1 || len(outcome.Gone) != 0 {
		t.Errorf("%+v", outcome)
	}
}

func TestRowsThatAreNotCompleteMakeNoZeros(t *testing.T) {
	october := Options{At: now, CompleteThrough: fiscal.MustParseDay("2026-10-31")}
	read := func(spec *importsv1alpha1.ResultsMappingSpec, text string) string {
		source, err := table.NewCSV(strings.NewReader(text), table.Text{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = Import(NewDirectory(world()), spec, source, october)
		if err == nil {
			return ""
		}
		return err.Error()
	}
	const rejected = "rows were rejected (1), so the rows are not complete, and what is missing in them is not zero: correct them, or leave out --complete-through"
	if got := read(deals(), "Deal,Partner,Closed,Amount\n1,acme,2026-08-03,100\n2,blot,2026-08-03,50\n"); got != rejected {
		t.Errorf("a partner that is mistyped: %s", got)
	}
	across := deals()
	across.Key, across.Day = nil, importsv1alpha1.DayColumn{Headers: new(true), Format: "MMM YYYY"}
	across.Values[0].Column = ""
	const missing = "no column is about the days through 2026-09-30, so the rows are not complete through 2026-10-31: add the column, or state an earlier day"
	if got := read(across, "Partner,Aug 2026,Oct 2026\nacme,1,2\n"); got != missing {
		t.Errorf("a month without a column: %s", got)
	}
	if got := read(across, "Partner,Sep 2026,Oct 2026\nacme,1,2\n"); got != "" {
		t.Errorf("all months have a column: %s", got)
	}
}

func TestWhatTheRowsMustAddUpTo(t *testing.T) {
	source := func() table.Source {
		s, err := table.NewCSV(strings.NewReader("Deal,Partner,Closed,Amount\n1,acme,2026-09-03,100.10\n2,bolt,2026-09-04,0.05\n"), table.Text{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for want, expect := range map[string]map[v1alpha1.Name]*big.Rat{
		"": {"new-revenue": big.NewRat(10015, 100)},
		"new-revenue should add up to 100.16, and the rows that are used add up to 100.15 (-0.01)":                                     {"new-revenue": big.NewRat(10016, 100)},
		"qualified-leads should add up to 1, and no row has a value of it; retention should add up to 2, and no row has a value of it": {"qualified-leads": big.NewRat(1, 1), "retention": big.NewRat(2, 1)},
	} {
		_, err := Import(NewDirectory(world()), deals(), source(), Options{At: now, Expect: expect})
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestALongYearIsSplit(t *testing.T) {
	spec := deals()
	spec.Key, spec.Day.Per = nil, importsv1alpha1.IntervalDay
	spec.Values = append(spec.Values, importsv1alpha1.ValueColumn{Column: "Leads", Metric: "qualified-leads"})
	rows := func(days int) string {
		text := &strings.Builder{}
		text.WriteString("Partner,Closed,Amount,Leads\n")
		for i := range days {
			fmt.Fprintf(text, "acme,%s,1,2\n", fiscal.MustParseDay("2025-07-01").AddDays(i))
		}
		return text.String()
	}
	load := func(objects []manifest.Object, days int) *Outcome {
		source, err := table.NewCSV(strings.NewReader(rows(days)), table.Text{})
		if err != nil {
			t.Fatal(err)
		}
		outcome, err := Import(NewDirectory(objects), spec, source, Options{At: now})
		if err != nil {
			t.Fatal(err)
		}
		return outcome
	}
	first := load(world(), 300)
	objects := world()
	for _, set := range first.Sets {
		objects = append(objects, set)
	}
	if got := fmt.Sprintf("%s %d %s %d", first.Sets[0].Name, len(first.Sets[0].Spec.Entries), first.Sets[1].Name, len(first.Sets[1].Spec.Entries)); len(first.Sets) != 2 ||
		got != "partner-acme-crm-fy2026 500 partner-acme-crm-fy2026-2 100" {
		t.Errorf("%d sets: %s", len(first.Sets), got)
	}
	if next := load(objects, 310); len(next.Sets) != 1 || next.Sets[0].Name != "partner-acme-crm-fy2026-2" || len(next.Sets[0].Spec.Entries) != 120 {
		t.Errorf("ten more days: %d sets", len(next.Sets))
	}
	if again := load(objects, 300); len(again.Sets) != 0 {
		t.Errorf("again: %d sets", len(again.Sets))
	}
}

func TestNamesOfSets(t *testing.T) {
	in := &intake{binding: &binding{spec: deals()}}
	long := strings.Repeat("a", 63)
	for want, subject := range map[string]*Subject{
		"partner-acme-crm-fy2027":           {Kind: v1alpha1.SubjectPartner, Name: "acme"},
		"plan-acme-fy27-h1-crm-fy2027":      {Kind: v1alpha1.SubjectJointPlan, Name: "acme-fy27-h1"},
		"campaign-acme-roadshow-crm-fy2027": {Kind: v1alpha1.SubjectCampaign, Name: "acme-roadshow"},
	} {
		if got := in.name(subject, 2027, 0); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	a, b := in.name(&Subject{Kind: v1alpha1.SubjectPartner, Name: long}, 2027, 0), in.name(&Subject{Kind: v1alpha1.SubjectPartner, Name: long}, 2027, 1)
	if len(a) > 63 || a == b || strings.Contains(a, "--") {
		t.Errorf("%s and %s", a, b)
	}
}
