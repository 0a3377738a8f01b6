package measure

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/testobj"
)

func planBook(today string, objects ...any) *Book {
	plan := testobj.Plan("h1").Obj()
	snap := testobj.Snapshot(append([]any{
		northwind(), testobj.Partner("acme").Obj(), plan, testobj.Campaign("c1", "h1"), testobj.Campaign("c2", "h1"),
	}, objects...)...)
	return OfPlan(snap, snap.Program("northwind"), plan, half, day(today))
}

func TestFiguresOfAPlan(t *testing.T) {
	tests := map[string]struct {
		metric v1alpha1.Name
		sets   []any
		span   fiscal.Span
		want   shown
	}{
		"nothing": {metric: "new-revenue", want: shown{}},
		"its own add up within the span": {
			metric: "new-revenue",
			sets:   []any{onPlan("a", "h1", "new-revenue", "2026-06-30", "1", "new-revenue", "2026-07-01", "10", "new-revenue", "2026-08-31", "-2.5")},
			want:   shown{"15/2", "2026-08-31", "crm"},
		},
		"what is dated after today does not count": {
			metric: "new-revenue", sets: []any{onPlan("a", "h1", "new-revenue", "2026-10-01", "10", "new-revenue", "2026-10-02", "5")},
			want: shown{"10", "2026-10-01", "crm"},
		},
		"two sets of one source add up": {
			metric: "new-revenue", sets: []any{onPlan("b", "h1", "new-revenue", "2026-07-31", "1"), onPlan("a", "h1", "new-revenue", "2026-08-31", "2")},
			want: shown{"3", "2026-08-31", "crm"},
		},
		"campaigns stand in": {
			metric: "qualified-leads",
			sets: []any{
				onCampaign("a", "c1", "qualified-leads", "2026-09-10", "3"),
				set("b", v1alpha1.SubjectCampaign, "c2", "events", "qualified-leads", "2026-09-12", "4"),
			},
			want: shown{"7", "2026-09-12", ""},
		},
		"the plan's own go first": {
			metric: "qualified-leads",
			sets:   []any{onCampaign("a", "c1", "qualified-leads", "2026-09-10", "3"), onPlan("b", "h1", "qualified-leads", "2026-08-31", "5")},
			want:   shown{"5", "2026-08-31", "crm"},
		},
		"but not where they say nothing about the span": {
			metric: "qualified-leads",
			sets:   []any{onCampaign("a", "c1", "qualified-leads", "2026-09-10", "3"), onPlan("b", "h1", "qualified-leads", "2026-08-31", "5")},
			span:   fiscal.Span{From: day("2026-09-01"), Through: day("2026-09-30")},
			want:   shown{"3", "2026-09-10", "crm"},
		},
		"the partner's stand in last": {
			metric: "new-revenue", sets: []any{onPartner("a", "new-revenue", "2026-06-30", "100", "new-revenue", "2026-07-31", "7")},
			want: shown{"7", "2026-07-31", "crm"},
		},
		"a level is the newest": {
			metric: "retention", sets: []any{onPlan("a", "h1", "retention", "2026-09-30", "81", "retention", "2026-07-31", "83")},
			want: shown{"81", "2026-09-30", "crm"},
		},
		"levels of campaigns are not added up": {
			metric: "retention", sets: []any{onCampaign("a", "c1", "retention", "2026-09-30", "81")}, want: shown{},
		},
		"the level of the partner stands in": {
			metric: "retention", sets: []any{onPartner("a", "retention", "2026-09-30", "81")}, want: shown{"81", "2026-09-30", "crm"},
		},
		"totals become increments": {
			metric: "ytd",
			sets:   []any{onPlan("a", "h1", "ytd", "2026-07-31", "10", "ytd", "2026-08-31", "25", "ytd", "2026-09-30", "24")},
			span:   fiscal.Span{From: day("2026-08-01"), Through: day("2026-09-30")},
			want:   shown{"14", "2026-09-30", "crm"},
		},
		"a total from before the plan's period does not count": {
			metric: "ytd", sets: []any{onPlan("a", "h1", "ytd", "2026-06-30", "99", "ytd", "2026-07-31", "10")}, want: shown{"10", "2026-07-31", "crm"},
		},
		"a total of its first day does": {
			metric: "ytd", sets: []any{onPlan("a", "h1", "ytd", "2026-07-01", "3")}, want: shown{"3", "2026-07-01", "crm"},
		},
		"totals of campaigns run from the plan's start too": {
			metric: "ytd",
			sets:   []any{onCampaign("a", "c1", "ytd", "2026-07-31", "10", "ytd", "2026-08-31", "15"), onCampaign("b", "c2", "ytd", "2026-08-31", "4")},
			want:   shown{"19", "2026-08-31", "crm"},
		},
		"another source than that of record does not count": {
			metric: "new-revenue", sets: []any{set("a", v1alpha1.SubjectJointPlan, "h1", "erp", "new-revenue", "2026-07-31", "10")}, want: shown{},
		},
		"without a source of record the first by name counts": {
			metric: "qualified-leads",
			sets: []any{
				set("b", v1alpha1.SubjectJointPlan, "h1", "alpha", "qualified-leads", "2026-07-31", "1"),
				set("a", v1alpha1.SubjectJointPlan, "h1", "beta", "qualified-leads", "2026-07-31", "10", "qualified-leads", "2026-08-31", "10"),
			},
			want: shown{"1", "2026-07-31", "alpha"},
		},
		"if what it says has come": {
			metric: "qualified-leads",
			sets: []any{
				set("b", v1alpha1.SubjectJointPlan, "h1", "alpha", "qualified-leads", "2026-11-30", "1"),
				set("a", v1alpha1.SubjectJointPlan, "h1", "beta", "qualified-leads", "2026-07-31", "10"),
			},
			want: shown{"10", "2026-07-31", "beta"},
		},
		"a day is counted once, of the last set by name": {
			metric: "new-revenue",
			sets:   []any{onPlan("b", "h1", "new-revenue", "2026-07-31", "2"), onPlan("a", "h1", "new-revenue", "2026-07-31", "1", "new-revenue", "2026-07-31", "3")},
			want:   shown{"2", "2026-07-31", "crm"},
		},
		"and within it the last": {
			metric: "new-revenue", sets: []any{onPlan("a", "h1", "new-revenue", "2026-07-31", "1", "new-revenue", "2026-07-31", "3")},
			want: shown{"3", "2026-07-31", "crm"},
		},
		"a wrong number does not count": {
			metric: "new-revenue", sets: []any{onPlan("a", "h1", "new-revenue", "2026-07-31", "1e9", "new-revenue", "2026-02-30", "3")}, want: shown{},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			span := tc.span
			if span.IsZero() {
				span = half
			}
			got := show(planBook("2026-10-01", tc.sets...).Series(tc.metric).Total(span))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCohortsAreCountedApart(t *testing.T) {
	x := onPlan("a", "h1", "qualified-leads", "2026-07-31", "1", "qualified-leads", "2026-07-31", "1", "ytd", "2026-07-31", "5", "ytd", "2026-08-31", "7",
		"ytd", "2026-08-31", "2")
	x.Spec.Entries[1].Cohort = "2026-07-10"
	x.Spec.Entries[2].Cohort, x.Spec.Entries[3].Cohort = "2026-07-10", "2026-07-10"
	book := planBook("2026-10-01", x)
	if got := sum(book.Series("qualified-leads").Entries()).RatString(); got != "2" {
		t.Errorf("got %s leads", got)
	}
	var got []string
	for _, e := range book.Series("ytd").Entries() {
		got = append(got, e.On.String()+" "+e.Cohort.String()+" "+e.Value.RatString())
	}
	want := []string{"2026-07-31 2026-07-10 5", "2026-08-31  2", "2026-08-31 2026-07-10 2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func partnerBook(objects ...any) *Book {
	partner := testobj.Partner("acme").Obj()
	snap := testobj.Snapshot(append([]any{northwind(), partner}, objects...)...)
	return OfPartner(snap, snap.Program("northwind"), partner, day("2027-06-30"))
}

func plan(name string, from, through v1alpha1.Date, segment v1alpha1.Name) *v1alpha1.JointPlan {
	return testobj.Plan(name).With(func(spec *v1alpha1.JointPlanSpec) {
		spec.Period = v1alpha1.Period{From: from, Through: through}
		spec.Segment = segment
	}).Obj()
}

func TestFiguresOfAPartner(t *testing.T) {
	year := fiscal.Span{From: day("2026-07-01"), Through: day("2027-06-30")}
	fy, h1, q1 := plan("fy", "2026-07-01", "2027-06-30", ""), plan("h1", "2026-07-01", "2026-12-31", ""), plan("q1", "2026-07-01", "2026-09-30", "")
	tests := map[string]struct {
		objects []any
		metric  v1alpha1.Name
		span    fiscal.Span
		want    shown
		finding string
	}{
		"its own go first": {
			objects: []any{h1, onPartner("a", "new-revenue", "2026-07-31", "5"), onPlan("b", "h1", "new-revenue", "2026-08-31", "7")},
			want:    shown{"5", "2026-07-31", "crm"},
		},
		"plans one after the other add up": {
			objects: []any{
				q1, plan("q2", "2026-10-01", "2026-12-31", ""),
				onPlan("a", "q1", "new-revenue", "2026-08-31", "5"), onPlan("b", "q2", "new-revenue", "2026-11-30", "7"),
			},
			want: shown{"12", "2026-11-30", "crm"},
		},
		"of plans within each other the outer one counts": {
			objects: []any{
				fy, h1, q1, onPlan("a", "q1", "new-revenue", "2026-08-31", "5"), onPlan("b", "h1", "new-revenue", "2026-08-31", "7"),
			},
			want:    shown{"7", "2026-08-31", "crm"},
			finding: "new-revenue is measured about JointPlan h1 and again about JointPlan q1, whose period lies within the former's: only the former counts",
		},
		"also where the outer one only has campaigns": {
			objects: []any{
				h1, q1, testobj.Campaign("c", "h1"),
				onPlan("a", "q1", "new-revenue", "2026-08-31", "5"), onCampaign("b", "c", "new-revenue", "2026-08-31", "7"),
			},
			want:    shown{"7", "2026-08-31", "crm"},
			finding: "new-revenue is measured about JointPlan h1 and again about JointPlan q1, whose period lies within the former's: only the former counts",
		},
		"where the outer one says nothing the inner ones count": {
			objects: []any{fy, h1, onPlan("a", "fy", "new-revenue", "2027-03-31", "9"), onPlan("b", "h1", "new-revenue", "2026-08-31", "7")},
			span:    half,
			want:    shown{"7", "2026-08-31", "crm"},
			finding: "new-revenue is measured about JointPlan fy and again about JointPlan h1, whose period lies within the former's: only the former counts",
		},
		"different segments share nothing": {
			objects: []any{
				plan("schools", "2026-07-01", "2026-12-31", "schools"), plan("banks", "2026-07-01", "2026-12-31", "banks"),
				onPlan("a", "schools", "new-revenue", "2026-08-31", "5"), onPlan("b", "banks", "new-revenue", "2026-08-31", "7"),
			},
			want: shown{"12", "2026-08-31", "crm"},
		},
		"days that two plans share count once": {
			objects: []any{
				h1, plan("winter", "2026-11-01", "2027-02-28", ""),
				onPlan("a", "h1", "new-revenue", "2026-11-30", "5"),
				onPlan("b", "winter", "new-revenue", "2026-11-30", "3", "new-revenue", "2027-01-31", "4"),
			},
			want: shown{"9", "2027-01-31", "crm"},
			finding: "new-revenue is measured about JointPlan h1 and JointPlan winter, whose periods share 2026-11-01 to 2026-12-31: of these days only the " +
				"former counts; measure it about the partner, or let the periods not overlap",
		},
		"totals start again with each fiscal year": {
			objects: []any{onPartner("a", "ytd", "2026-05-31", "90", "ytd", "2026-06-30", "100", "ytd", "2026-07-31", "8", "ytd", "2026-08-31", "20")},
			metric:  "ytd", span: fiscal.Span{From: day("2026-06-01"), Through: day("2026-08-31")},
			want: shown{"30", "2026-08-31", "crm"},
		},
		"a level is not added up": {
			objects: []any{h1, onPlan("a", "h1", "retention", "2026-11-30", "80")}, metric: "retention",
			finding: "retention is a level and cannot be added up over JointPlan h1: measure it about Partner acme",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if tc.metric == "" {
				tc.metric = "new-revenue"
			}
			if tc.span.IsZero() {
				tc.span = year
			}
			book := partnerBook(tc.objects...)
			if diff := cmp.Diff(tc.want, show(book.Series(tc.metric).Total(tc.span))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var messages []string
			for _, finding := range book.Findings() {
				messages = append(messages, finding.Message)
			}
			var want []string
			if tc.finding != "" {
				want = []string{tc.finding}
			}
			if diff := cmp.Diff(want, messages); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLevel(t *testing.T) {
	series := partnerBook(onPartner("a", "retention", "2026-09-30", "81", "retention", "2026-12-31", "83")).Series("retention")
	for through, want := range map[string]shown{
		"2026-09-29": {}, "2026-09-30": {"81", "2026-09-30", "crm"}, "2026-12-30": {"81", "2026-09-30", "crm"}, "2027-06-30": {"83", "2026-12-31", "crm"},
	} {
		if diff := cmp.Diff(want, show(series.Level(day(through)))); diff != "" {
			t.Errorf("through %s (-want +got):\n%s", through, diff)
		}
	}
	if got := series.Newest().String(); got != "2026-12-31" {
		t.Errorf("newest %s", got)
	}
}

func TestLevelsOfCampaignsAreNoLevelsOfThePlan(t *testing.T) {
	series := planBook("2026-10-01", onCampaign("a", "c1", "retention", "2026-09-30", "81")).Series("retention")
	if got := series.Entries(); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

func TestFindingsOfAPlan(t *testing.T) {
	wrong := onPlan("w", "h1", "new-revenu", "2026-07-31", "1", "new-revenue", "2026-07-31", "x", "new-revenue", "2026-08-31", "1")
	book := planBook("2026-10-01",
		wrong,
		set("z", v1alpha1.SubjectJointPlan, "h1", "erp", "new-revenue", "2026-07-31", "10", "qualified-leads", "2026-07-31", "10"),
		onPlan("a", "h1", "qualified-leads", "2026-07-31", "10", "qualified-leads", "2026-07-31", "10", "qualified-leads", "2026-08-31", "1"),
		onPlan("b", "h1", "qualified-leads", "2026-08-31", "2"),
		onCampaign("c", "c1", "qualified-leads", "2026-09-10", "3"),
		onCampaign("d", "c2", "retention", "2026-09-10", "3"),
	)
	want := []v1alpha1.Finding{
		{
			Rule: RuleEntriesIgnored, Severity: v1alpha1.SeverityWarning, Field: "measurementsets/w.spec.entries",
			Message: "2 entries of 3 in MeasurementSet w cannot be used and do not count: see its findings",
		},
		{
			Rule: RuleEntryContradicted, Severity: v1alpha1.SeverityWarning, Field: "measurementsets/a.spec.entries[2]",
			Message: "1 entry of qualified-leads is reported twice with different values, first that of 2026-08-31: 2 is taken from spec.entries[0] of " +
				"MeasurementSet b, not 1; remove the wrong one",
		},
		{
			Rule: RuleSecondSource, Severity: v1alpha1.SeverityWarning, Field: "measurementsets/z.spec.source",
			Message: "1 entry of qualified-leads about JointPlan h1 from source erp does not count, because source crm, which is first by name, reports them too: " +
				"keep one source, or name the metric's sourceOfRecord in the program",
		},
		{
			Rule: RuleSourceNotOfRecord, Severity: v1alpha1.SeverityWarning, Field: "measurementsets/z.spec.source",
			Message: "1 entry of new-revenue about JointPlan h1 from source erp does not count: the program names crm as the metric's source of record, " +
				"and only what that reports counts; if it is wrong or missing there, have it corrected; otherwise nothing is to be done",
		},
		{
			Rule: RuleCountedOnce, Severity: v1alpha1.SeverityInfo, Field: "measurementsets/c.spec.subjectRef",
			Message: "qualified-leads is measured about JointPlan h1 and again about Campaign c1: where the plan has figures of its own, only these count",
		},
		{
			Rule: RuleEntryRepeated, Severity: v1alpha1.SeverityInfo, Field: "measurementsets/a.spec.entries[0]",
			Message: "1 entry of qualified-leads is reported twice with the same value and counted once, first that of 2026-07-31",
		},
		{
			Rule: RuleLevelNotAdded, Severity: v1alpha1.SeverityInfo, Field: "measurementsets/d.spec.subjectRef",
			Message: "retention is a level and cannot be added up over Campaign c2: measure it about JointPlan h1",
		},
	}
	if diff := cmp.Diff(want, book.Findings()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNextDay(t *testing.T) {
	book := planBook("2026-10-01", onPlan("a", "h1", "new-revenue", "2026-10-01", "1", "new-revenue", "2026-12-01", "1"),
		onPartner("b", "retention", "2026-11-01", "1"))
	if got, ok := book.NextDay(); !ok || got.String() != "2026-11-01" {
		t.Errorf("got %s, %v", got, ok)
	}
	if got, ok := planBook("2026-12-01", onPlan("a", "h1", "new-revenue", "2026-12-01", "1")).NextDay(); ok {
		t.Errorf("got %s", got)
	}
}

func TestNothingToReadFrom(t *testing.T) {
	for name, book := range map[string]*Book{
		"nil": nil, "zero": {}, "plan": OfPlan(nil, nil, nil, half, 1), "campaign": OfCampaign(nil, nil, nil, 1), "partner": OfPartner(nil, nil, nil, 1),
	} {
		series := book.Series("new-revenue")
		if series.Total(half).Value != nil || series.Level(1).Value != nil || !series.Newest().IsZero() || series.Entries() != nil || book.Findings() != nil {
			t.Errorf("%s: something is measured", name)
		}
		if _, ok := book.NextDay(); ok {
			t.Errorf("%s: something is to come", name)
		}
	}
}
