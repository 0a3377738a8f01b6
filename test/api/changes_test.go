package api

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// change is a change to an object that is there, or to its status, and what the API server says of it.
type change struct {
	// base is the object, as a kind or kind/name.
	base string
	set  edits
	want []string
}

// changeRows are changes to objects that are there.
func changeRows() map[string]change {
	const decided = "spec: Invalid value: a decision cannot be changed: create another one"
	const recorded = "spec: Invalid value: a record of a meeting cannot be changed: record it again within the days that the program gives, or dispute it"
	const sinceThen = "spec.recordedOn: Invalid value: recordedOn cannot be changed once it is set: it is the day on which the partner was recorded"
	const kept = "spec: Invalid value: a revision cannot be changed"
	const final = "spec.final: Invalid value: the final figures of a period cannot be changed: what becomes known later is an adjustment in the report of the " +
		"open period"
	const judged = "spec: Invalid value: a benchmark cannot be changed: plans were judged by it"
	rows := map[string]change{
		"results of another source": {"MeasurementSet", edits{"spec.source": "erp"}, []string{
			`spec.source: Invalid value: "erp": cannot be changed: results come from one source; create another MeasurementSet`,
		}},
		"results about another subject": {"MeasurementSet", edits{"spec.subjectRef.name": "acme-h2"}, []string{
			"spec.subjectRef: Invalid value: cannot be changed: results are about one subject; create another MeasurementSet",
		}},
		"a decision changes its mind":                 {"ApprovalDecision", edits{"spec.decision": "Rejected"}, []string{decided}},
		"a decision moves to another plan":            {"ApprovalDecision", edits{"spec.targetRef.name": "other"}, []string{decided}},
		"a decision loses its comment":                {"ApprovalDecision", edits{"spec.comment": absent}, []string{decided}},
		"a decision is given a label":                 {"ApprovalDecision", edits{"metadata.labels": "{a: b}"}, nil},
		"a record of a meeting changes its day":       {"PlanReview", edits{"spec.heldOn": "'2026-08-13'"}, []string{recorded}},
		"a record of a meeting gets a person":         {"PlanReview", edits{"spec.attendees[2]": "{name: Vera, party: Vendor}"}, []string{recorded}},
		"a record of a meeting gets a label":          {"PlanReview", edits{"metadata.labels": "{a: b}"}, nil},
		"a revision changes a goal":                   {"PlanRevision", edits{"spec.terms.goals[0].baseline": "'5'"}, []string{kept}},
		"a revision loses an approval's name":         {"PlanRevision", edits{"spec.approvals[0].by": "ana"}, []string{kept}},
		"a revision is given a label":                 {"PlanRevision", edits{"metadata.labels": "{a: b}"}, nil},
		"a partner was recorded on another day":       {"Partner", edits{"spec.recordedOn": "'2026-08-13'"}, []string{sinceThen}},
		"a partner says no more when it was recorded": {"Partner", edits{"spec.recordedOn": absent}, []string{sinceThen}},
		"a report gets other final figures":           {"ProgramReport", edits{"spec.final.figures.sums[0].actual": "'81'"}, []string{final}},
		"a report loses its final figures":            {"ProgramReport", edits{"spec.final": absent}, []string{final}},
		"a report is of another program":              {"ProgramReport", edits{"spec.programRef.name": "other"}, []string{"spec.programRef: Invalid value: the program of a report cannot be changed"}},
		"a report gets its final figures":             {"ProgramReport/southwind-open", edits{"spec.final": "{closedOn: '2027-05-01', basis: Kept, figures: " + noFigures + "}"}, nil},
		"a benchmark changes a quartile":              {"Benchmark", edits{"spec.rows[0].p50": "'13'"}, []string{judged}},
		"a benchmark loses its rows":                  {"Benchmark", edits{"spec.rows": absent}, []string{judged}},
		"a benchmark is given a label":                {"Benchmark", edits{"metadata.labels": "{a: b}"}, nil},
		"a published benchmark changes a quartile":    {"PublishedBenchmark", edits{"spec.rows[0].p50": "'13'"}, []string{judged}},
		"a strategy changes a target":                 {"ChannelStrategy", edits{"spec.targets[0].value": "'5'"}, nil},
		"a channel manager gets another goal":         {"ChannelManager", edits{"spec.goals[1].deliverable": "Something else"}, nil},
		"a plan changes a goal":                       {"JointPlan", edits{"spec.goals[0].baseline": "'5'"}, nil},
	}
	maps.Copy(rows, moneyChangeRows())
	maps.Copy(rows, ledgerChangeRows())
	return rows
}

func TestChanges(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	rows := changeRows()
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := j.create(t, rows[name].base)
			changed := rows[name].set.apply(t, object)
			err := j.client.Update(t.Context(), changed, client.DryRunAll, client.FieldValidation(metav1.FieldValidationStrict))
			if diff := cmp.Diff(rows[name].want, refusal(t, err)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// statusRows are statuses that break the rules that only statuses have.
func statusRows() map[string]change {
	const criterion = `{tier: gold, subject: users, verdict: Met, threshold: ">= 300", message: Met., `
	rows := map[string]change{
		"a figure that is not a number": {
			"Partner",
			edits{"status.criteria": "[" + criterion + `found: "1,000"}]`},
			[]string{`status.criteria[0].found: Invalid value: "1,000": ` + notDecimal},
		},
		"a rate that is not a percentage": {
			"Partner",
			edits{"status.standing": `{step: ReducedRate, ratePercent: "50 %"}`},
			[]string{`status.standing.ratePercent: Invalid value: "50 %": ` + notPercent},
		},
		"a pipeline in no currency": {
			"Partner",
			edits{"status.pipeline": "{campaigns: 1, measured: 1, currency: eur}"},
			[]string{`status.pipeline.currency: Invalid value: "eur": ` + notCurrency},
		},
		"a finding without severity": {
			"Partner",
			edits{"status.findings": "[{rule: A, message: B.}]"},
			[]string{"status.findings[0].severity: Required value", rulesNotChecked},
		},
		"a budget for a type of activity that is not a name": {
			"Partner",
			edits{"status.budgets": "[{name: fy27, period: FY2027, activities: [webinar]}]"},
			[]string{`status.budgets[0].activities[0]: Invalid value: "webinar": ` + notActivity},
		},
		"a status that is right": {"Partner", edits{"status.criteria": "[" + criterion + `found: "1000"}]`}, nil},
	}
	maps.Copy(rows, moneyStatusRows())
	return rows
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	rows := statusRows()
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := rows[name].set.apply(t, j.create(t, rows[name].base))
			err := j.client.Status().Update(t.Context(), changed, client.DryRunAll)
			if diff := cmp.Diff(rows[name].want, refusal(t, err)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}
