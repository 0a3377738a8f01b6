package measure

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

func TestEvaluateSet(t *testing.T) {
	const (
		bad  = v1alpha1.SeverityError
		warn = v1alpha1.SeverityWarning
		info = v1alpha1.SeverityInfo
	)
	inCurrency := onPlan("a", "h1", "qualified-leads", "2026-07-31", "1")
	inCurrency.Spec.Entries[0].Unit = v1alpha1.UnitCurrency
	type finding struct {
		Severity             v1alpha1.Severity
		Rule, Field, Message string
	}
	tests := map[string]struct {
		set     *v1alpha1.MeasurementSet
		others  []any
		latest  v1alpha1.Date
		ignored int32
		want    []finding
		reason  string
		next    string
	}{
		"all is well": {
			set: onPlan("a", "h1", "new-revenue", "2026-07-31", "1", "retention", "2026-08-31", "80"), latest: "2026-08-31", reason: "Evaluated",
		},
		"no such plan": {
			set: onPlan("a", "hh1", "new-revenue", "2026-07-31", "1"), latest: "2026-07-31", ignored: 1, reason: "ReferenceNotFound",
			want: []finding{{
				bad, verdict.RuleReferenceNotFound, "spec.subjectRef.name",
				`JointPlan "hh1" not found or not permitted: did you mean "h1"? Its results do not count until it exists`,
			}},
		},
		"no such plan of the campaign": {
			set: onCampaign("a", "orphan", "new-revenue", "2026-07-31", "1"), others: []any{testobj.Campaign("orphan", "gone")},
			latest: "2026-07-31", ignored: 1, reason: "ReferenceNotFound",
			want: []finding{{
				bad, verdict.RuleReferenceNotFound, "spec.subjectRef.name",
				`JointPlan "gone" not found or not permitted, the plan of Campaign orphan. Its results do not count until it exists`,
			}},
		},
		"unknown metric": {
			set: onPlan("a", "h1", "retention", "2026-08-31", "80", "new-revenu", "2026-07-31", "1"), latest: "2026-08-31", ignored: 1, reason: "InvalidSpec",
			want: []finding{{
				bad, RuleEntryMetricUnknown, "spec.entries[1].metric",
				`the entry does not count, because program northwind has no metric "new-revenu": did you mean "new-revenue"?`,
			}},
		},
		"wrong unit": {
			set: inCurrency, latest: "2026-07-31", ignored: 1, reason: "InvalidSpec",
			want: []finding{{
				bad, RuleUnitMismatch, "spec.entries[0].unit",
				"the entry does not count: its unit is Currency, and qualified-leads is measured in Count; write the value in Count, nothing is converted",
			}},
		},
		"no number": {
			set: onPlan("a", "h1", "qualified-leads", "2026-02-30", "1", "qualified-leads", "2026-07-31", "NaN"), latest: "2026-07-31", ignored: 2,
			reason: "InvalidSpec",
			want: []finding{
				{
					bad, RuleEntryInvalid, "spec.entries[0].day",
					`the entry does not count: "2026-02-30" is not a calendar day: February 2026 has the days 01 to 28`,
				},
				{
					bad, RuleEntryInvalid, "spec.entries[1].value",
					`the entry does not count: "NaN" is not a plain decimal number such as 1250 or 12.5: the character 'N' is not allowed, digits are 0 to 9 ` +
						"(allowed are at most 15 digits before and 6 after the point, no exponent, no separators, no leading zeros, no sign on zero)",
				},
			},
		},
		"in the future": {
			set: onPlan("a", "h1", "qualified-leads", "2026-11-30", "1"), latest: "2026-11-30", ignored: 1, reason: "Evaluated", next: "2026-11-30T00:00:00+01:00",
			want: []finding{{warn, RuleEntryInFuture, "spec.entries[0].day", "the day is in the future: the entry counts from 2026-11-30 on"}},
		},
		"before the plan's period": {
			set: onPlan("a", "h1", "ytd", "2026-06-30", "1"), latest: "2026-06-30", ignored: 1, reason: "Evaluated",
			want: []finding{{
				warn, RuleEntryBeforePeriod, "spec.entries[0].day",
				"the entry does not count: ytd is reported as the total since the first day of the plan's period, 2026-07-01, and 2026-06-30 is before that",
			}},
		},
		"not the source of record": {
			set:    set("a", v1alpha1.SubjectPartner, "acme", "erp", "new-revenue", "2026-07-31", "1", "new-revenue", "2026-08-31", "1"),
			latest: "2026-08-31", ignored: 2, reason: "Evaluated",
			want: []finding{{
				warn, RuleSourceNotOfRecord, "spec.source", "2 entries of new-revenue about Partner acme from source erp do not count: the program names crm " +
					"as the metric's source of record, and only what that reports counts; if it is wrong or missing there, have it corrected; otherwise nothing is to be done",
			}},
		},
		"another source comes first": {
			set:    onPlan("a", "h1", "qualified-leads", "2026-07-31", "1"),
			others: []any{set("b", v1alpha1.SubjectJointPlan, "h1", "agency", "qualified-leads", "2026-10-31", "1")},
			latest: "2026-07-31", reason: "Evaluated", next: "2026-10-31T00:00:00+01:00",
		},
		"and from its day on it counts": {
			set:    onPlan("a", "h1", "qualified-leads", "2026-07-31", "1"),
			others: []any{set("b", v1alpha1.SubjectJointPlan, "h1", "agency", "qualified-leads", "2026-09-30", "1")},
			latest: "2026-07-31", ignored: 1, reason: "Evaluated",
			want: []finding{{
				warn, RuleSecondSource, "spec.source", "1 entry of qualified-leads about JointPlan h1 from source crm does not count, because source agency, which is " +
					"first by name, reports them too: keep one source, or name the metric's sourceOfRecord in the program",
			}},
		},
		"repeated": {
			set: onPlan("a", "h1", "qualified-leads", "2026-07-31", "1.50", "qualified-leads", "2026-07-31", "1.5"), latest: "2026-07-31", ignored: 1,
			reason: "Evaluated",
			want: []finding{{
				info, RuleEntryRepeated, "spec.entries[0]", "qualified-leads of 2026-07-31 is reported again with the same value in spec.entries[1]: it counts once",
			}},
		},
		"contradicted by a later set": {
			set:    onPlan("a", "h1", "qualified-leads", "2026-07-31", "1"),
			others: []any{onPlan("b", "h1", "retention", "2026-07-31", "1", "qualified-leads", "2026-07-31", "2")},
			latest: "2026-07-31", ignored: 1, reason: "Evaluated",
			want: []finding{{
				warn, RuleEntryContradicted, "spec.entries[0]",
				"the entry does not count: qualified-leads of 2026-07-31 is 1 here and 2 in spec.entries[1] of MeasurementSet b, which counts; remove the wrong one",
			}},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			snap := testobj.Snapshot(append([]any{
				northwind(), testobj.Partner("acme").Obj(), testobj.Plan("h1").Obj(), testobj.Campaign("c1", "h1"), tc.set,
			}, tc.others...)...)
			status, next := EvaluateSet(snap, tc.set, testobj.At("2026-10-01T12:00:00+02:00"))
			var got []finding
			for _, f := range status.Findings {
				got = append(got, finding{f.Severity, f.Rule, f.Field, f.Message})
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if status.Latest != tc.latest || *status.Entries != int32(len(tc.set.Spec.Entries)) || *status.Ignored != tc.ignored {
				t.Errorf("latest %s, entries %d, ignored %d", status.Latest, *status.Entries, *status.Ignored)
			}
			if got := status.Conditions[0]; got.Type != "Ready" || got.Reason != tc.reason || (len(status.Conditions) == 2) != (tc.reason != "Evaluated") {
				t.Errorf("conditions %+v", status.Conditions)
			}
			if got := next; tc.next == "" && !got.IsZero() || tc.next != "" && !got.Equal(testobj.At(tc.next)) {
				t.Errorf("next change at %s, want %s", got.Format(time.RFC3339), tc.next)
			}
		})
	}
}

func TestProgramOfASetIsMissing(t *testing.T) {
	x := onPartner("a", "new-revenue", "2026-07-31", "1")
	snap := testobj.Snapshot(testobj.Partner("acme").Obj(), x)
	status, _ := EvaluateSet(snap, x, testobj.At("2026-10-01T12:00:00Z"))
	want := `PartnerProgram "northwind" not found or not permitted, the program of Partner acme. Its results do not count until it exists`
	if got := status.Findings[0].Message; got != want {
		t.Errorf("got %s", got)
	}
	x.Spec.SubjectRef.Kind = "Planet"
	status, _ = EvaluateSet(snap, x, testobj.At("2026-10-01T12:00:00Z"))
	if got := status.Findings[0].Field; got != "spec.subjectRef.kind" {
		t.Errorf("got %s", got)
	}
}
