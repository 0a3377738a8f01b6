package plan_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// reconciles asks for a reconciliation within 30 days of the last results, with a step of escalation after 7 days.
func reconciles(set *v1alpha1.RuleSet) {
	set.Reviews = &v1alpha1.ReviewPolicy{ReconcileWithinDays: new(int32(30))}
	set.Escalation = append(set.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalateReconciliation, AfterDays: 7, To: "VicePresident"})
}

// reconciliation is one of plan h1 that the vendor recorded, with what it says of goals.
func reconciliation(heldOn v1alpha1.Date, goals ...v1alpha1.GoalOutcome) *v1alpha1.PlanReview {
	r := testobj.Review("h1", heldOn)
	r.Name += "-closing"
	r.Spec.Occasion, r.Spec.NoActionsBecause, r.Spec.Goals = v1alpha1.OccasionReconciliation, "", goals
	return r
}

// said is what a reconciliation says of a goal.
func said(goal v1alpha1.Name) v1alpha1.GoalOutcome {
	return v1alpha1.GoalOutcome{Goal: goal, Realistic: v1alpha1.GoalTooHigh, Accomplished: v1alpha1.GoalInPart}
}

// TestTheReconciliationClosesThePlan is about a half that ends on 2026-12-31; its last results are due on 2027-01-20, so the reconciliation on 2027-02-19.
func TestTheReconciliationClosesThePlan(t *testing.T) {
	both := []v1alpha1.GoalOutcome{said("revenue"), said("portal")}
	three := int32(3)
	for name, test := range map[string]struct {
		at      string
		records []any
		without bool // the rule set asks for none
		verdict string
		message string
		stage   v1alpha1.PlanStage
		want    *v1alpha1.ReconciliationStatus
		closes  v1alpha1.Date
	}{
		"not due": {
			at: "2027-01-10T12:00:00Z", verdict: "False/UpToDate", message: "the reconciliation is due by 2027-02-19 and can be held from 2027-01-01 on: both parties hold it",
			stage: v1alpha1.StageAwaitingResults, want: &v1alpha1.ReconciliationStatus{Due: "2027-02-19", State: "Pending"},
		},
		"all is past but it": {
			at: "2027-02-19T22:59:59Z", verdict: "False/UpToDate", message: "due by 2027-02-19",
			stage: v1alpha1.StageAwaitingReconciliation, want: &v1alpha1.ReconciliationStatus{Due: "2027-02-19", State: "Pending"},
		},
		"overdue": {
			at: "2027-02-19T23:00:00Z", verdict: "True/Overdue",
			message: "the reconciliation due by 2027-02-19 was not held: overdue since 2027-02-20; it escalates to the VicePresident on 2027-02-27; both parties hold it",
			stage:   v1alpha1.StageAwaitingReconciliation, want: &v1alpha1.ReconciliationStatus{Due: "2027-02-19", State: "Overdue", OverdueSince: "2027-02-20"},
		},
		"escalated, and years do not close it": {
			at: "2030-02-27T00:00:00+01:00", verdict: "True/Escalated", message: "escalated to the VicePresident on 2027-02-27", stage: v1alpha1.StageAwaitingReconciliation,
			want: &v1alpha1.ReconciliationStatus{
				Due: "2027-02-19", State: "Overdue", OverdueSince: "2027-02-20", EscalatedTo: "VicePresident", EscalatedSince: "2027-02-27",
			},
		},
		"held in time": {
			at: "2027-02-20T12:00:00Z", records: []any{reconciliation("2027-02-19", both...)}, verdict: "False/Reconciled",
			message: `the plan was reconciled on 2027-02-19 (PlanReview "h1-review-2027-02-19-closing")`, stage: v1alpha1.StageClosed,
			want: &v1alpha1.ReconciliationStatus{
				Due: "2027-02-19", State: "Held", HeldOn: "2027-02-19", Record: "h1-review-2027-02-19-closing", Confirmation: "Pending",
			},
		},
		"held before the results are due": {
			at: "2027-01-12T12:00:00Z", records: []any{reconciliation("2027-01-11", both...)}, verdict: "False/Reconciled", stage: v1alpha1.StageAwaitingResults,
			closes: "2027-01-21", want: &v1alpha1.ReconciliationStatus{
				Due: "2027-02-19", State: "Held", HeldOn: "2027-01-11", Record: "h1-review-2027-01-11-closing", Confirmation: "Pending",
			},
		},
		"held late": {
			at: "2027-02-23T12:00:00Z", records: []any{reconciliation("2027-02-22", both...)}, verdict: "False/Reconciled", message: "3 days late: it was due by 2027-02-19",
			stage: v1alpha1.StageClosed, want: &v1alpha1.ReconciliationStatus{
				Due: "2027-02-19", State: "Held", HeldOn: "2027-02-22", DaysLate: &three, Record: "h1-review-2027-02-22-closing", Confirmation: "Pending",
			},
		},
		"it says nothing of a goal": {
			at: "2027-02-20T12:00:00Z", records: []any{reconciliation("2027-02-19", said("revenue"))}, verdict: "True/Overdue",
			message: `PlanReview "h1-review-2027-02-19-closing" does not count: it says nothing of goal "portal": record it again with all goals`,
			stage:   v1alpha1.StageAwaitingReconciliation, want: &v1alpha1.ReconciliationStatus{Due: "2027-02-19", State: "Overdue", OverdueSince: "2027-02-20"},
		},
		"it does not say what was accomplished": {
			at: "2027-02-20T12:00:00Z", records: []any{reconciliation("2027-02-19", said("revenue"), v1alpha1.GoalOutcome{Goal: "portal", Realistic: "TooLow"})},
			verdict: "True/Overdue", message: `it does not say of goal "portal" whether it was realistic and what was accomplished`,
			stage: v1alpha1.StageAwaitingReconciliation, want: &v1alpha1.ReconciliationStatus{Due: "2027-02-19", State: "Overdue", OverdueSince: "2027-02-20"},
		},
		"held before the end of the period": {
			at: "2027-01-02T12:00:00Z", records: []any{reconciliation("2026-12-31", both...)}, verdict: "False/UpToDate",
			message: "the reconciliation was held on 2026-12-31, and the period ends on 2026-12-31: hold it after that", stage: v1alpha1.StageAwaitingResults,
			want: &v1alpha1.ReconciliationStatus{Due: "2027-02-19", State: "Pending"},
		},
		"recorded by the partner, the clock stands still": {
			at: "2027-02-22T12:00:00Z", records: []any{testobj.ByPartner(reconciliation("2027-02-18", both...), "2027-02-19T10:00:00Z")},
			verdict: "False/AwaitingConfirmation", message: "was held on 2027-02-18, and the partner recorded it on 2027-02-19; the vendor confirms or disputes it",
			stage: v1alpha1.StageAwaitingReconciliation, want: &v1alpha1.ReconciliationStatus{
				Due: "2027-02-19", State: "Recorded", HeldOn: "2027-02-18", Record: "h1-review-2027-02-18-closing-p", Confirmation: "Pending",
			},
		},
		"recorded by the partner, and the vendor is silent": {
			at: "2027-03-01T12:00:00Z", records: []any{testobj.ByPartner(reconciliation("2027-02-18", both...), "2027-02-19T10:00:00Z")},
			verdict: "False/Reconciled", stage: v1alpha1.StageClosed, want: &v1alpha1.ReconciliationStatus{
				Due: "2027-02-19", State: "Held", HeldOn: "2027-02-18", Record: "h1-review-2027-02-18-closing-p", Confirmation: "Uncontested", ConfirmedOn: "2027-02-27",
			},
		},
		"none is asked for": {
			at: "2027-02-20T12:00:00Z", without: true, verdict: "False/NoReconciliationOwed", message: `rule set "fy27" asks for no reconciliation`, stage: v1alpha1.StageClosed,
		},
		"none is asked for, and one without goals still holds the closing review": {
			at: "2027-01-12T12:00:00Z", without: true, records: []any{reconciliation("2027-01-04")}, verdict: "False/NoReconciliationOwed", stage: v1alpha1.StageAwaitingResults,
			closes: "2027-01-21",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Goal("revenue", "new-revenue", "100").Deliverable("portal", "2026-10-01").Obj()
			rules := reconciles
			if test.without {
				rules = func(*v1alpha1.RuleSet) {}
			}
			got := plan.Evaluate(met(p, beforePeriod, test.records, rules), p, testobj.At(test.at)).Status
			says(t, got.Conditions, v1alpha1.ConditionReconciliationOverdue, test.verdict, test.message)
			if diff := gocmp.Diff(test.want, got.Reconciliation); diff != "" {
				t.Errorf("reconciliation (-want +got):\n%s", diff)
			}
			if got.Stage != test.stage || got.ClosesOn != test.closes {
				t.Errorf("stage %s, closes on %q, want %s and %q", got.Stage, got.ClosesOn, test.stage, test.closes)
			}
			if strings.HasPrefix(test.verdict, "True") {
				finds(t, got.Findings, v1alpha1.SeverityWarning, plan.RuleReconciliationOverdue, "status.reconciliation", test.message)
			}
			for _, record := range test.records {
				r, _ := record.(*v1alpha1.PlanReview)
				status, _ := plan.EvaluateReview(met(p, beforePeriod, test.records, rules), r, testobj.At(test.at))
				counts := got.Reconciliation != nil && got.Reconciliation.State == v1alpha1.ReconciliationHeld || test.without
				if isTrue(status.Conditions, v1alpha1.ConditionCounts) != counts {
					t.Errorf("%s counts: %t, want %t: %v", r.Name, !counts, counts, status.Conditions)
				}
			}
		})
	}
}

// TestFunctionsAtTheTable is about a tier that asks for functions of both sides at the kick-off and at reviews.
func TestFunctionsAtTheTable(t *testing.T) {
	functions := func(set *v1alpha1.RuleSet) {
		set.Tiers[0].Planning.RequiredSections = []v1alpha1.PlanSection{"KickOff"}
		set.Tiers[0].Planning.KickOffFunctions = &v1alpha1.MeetingFunctions{
			Vendor: []v1alpha1.Function{"channel-manager", "marketing"}, Partner: []v1alpha1.Function{"marketing", "sales"},
		}
		set.Tiers[0].Planning.ReviewFunctions = &v1alpha1.MeetingFunctions{Vendor: []v1alpha1.Function{"channel-manager"}}
	}
	at := func(r *v1alpha1.PlanReview, vera, paul []v1alpha1.Function) *v1alpha1.PlanReview {
		r.Spec.Attendees = []v1alpha1.Attendee{{Name: "Vera", Party: vendor, Functions: vera}, {Name: "Paul", Party: partner, Functions: paul}}
		return r
	}
	for name, test := range map[string]struct {
		record  *v1alpha1.PlanReview
		verdict string
		message string
		rule    string
		finding string
	}{
		"one person holds several": {
			record:  at(kickOff("2026-07-02"), []v1alpha1.Function{"marketing", "channel-manager"}, []v1alpha1.Function{"sales", "marketing"}),
			verdict: "True/RecordedByVendor",
		},
		"two are missing at the kick-off": {
			record:  at(kickOff("2026-07-02"), []v1alpha1.Function{"channel-manager"}, []v1alpha1.Function{"marketing"}),
			verdict: "False/Incomplete", message: `nobody attended as marketing of the vendor and sales of the partner; tier "gold" asks for that at a kick-off`,
			rule: meeting.RuleFunctionMissing, finding: "hold the meeting with them, or record it again with the functions of who was there",
		},
		"the other side's does not make up for it": {
			record:  at(testobj.Review("h1", "2026-08-03"), nil, []v1alpha1.Function{"channel-manager"}),
			verdict: "False/Incomplete", message: `nobody attended as channel-manager of the vendor; tier "gold" asks for that at a review`, rule: meeting.RuleFunctionMissing,
		},
		"a review asks for less than the kick-off": {
			record: at(testobj.Review("h1", "2026-08-03"), []v1alpha1.Function{"channel-manager"}, nil), verdict: "True/RecordedByVendor",
		},
		"a function that is misspelt": {
			record:  at(testobj.Review("h1", "2026-08-03"), []v1alpha1.Function{"channel-manager", "marketting"}, nil),
			verdict: "True/RecordedByVendor", rule: plan.RuleFunctionUnknown, finding: `rule set "fy27" has no function "marketting": did you mean "marketing"?`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Plan("h1").Obj()
			all := met(p, beforePeriod, []any{test.record}, functions)
			status, _ := plan.EvaluateReview(all, test.record, testobj.At("2026-08-04T12:00:00Z"))
			says(t, status.Conditions, v1alpha1.ConditionCounts, test.verdict, test.message)
			severity := v1alpha1.SeverityWarning
			if test.rule == plan.RuleFunctionUnknown {
				severity = v1alpha1.SeverityInfo
			}
			if test.rule != "" {
				finds(t, status.Findings, severity, test.rule, "spec.attendees", test.finding)
			} else if len(status.Findings) > 0 {
				t.Errorf("findings %v", status.Findings)
			}
		})
	}
}

func TestARecordThatTellsOfAGoalThatThePlanDoesNotHave(t *testing.T) {
	p, r := testobj.Plan("h1").Goal("revenue", "new-revenue", "100").Obj(), testobj.Review("h1", "2026-08-03")
	r.Spec.Goals = []v1alpha1.GoalOutcome{said("revenu")}
	status, _ := plan.EvaluateReview(met(p, beforePeriod, []any{r}), r, testobj.At("2026-08-04T12:00:00Z"))
	finds(t, status.Findings, v1alpha1.SeverityWarning, plan.RuleGoalNotInPlan, "spec.goals[revenu]", `the plan has no goal "revenu": did you mean "revenue"?`)
	says(t, status.Conditions, v1alpha1.ConditionCounts, "True/RecordedByVendor")
}

// TestOverdueCommitmentsEscalate is about a commitment, a deliverable and an action that were due on 2026-09-30.
func TestOverdueCommitmentsEscalate(t *testing.T) {
	r := testobj.Review("h1", "2026-08-03")
	r.Spec.NoActionsBecause, r.Spec.Actions = "", []v1alpha1.ActionItem{{Name: "call", Party: vendor, Due: "2026-09-30"}}
	p := testobj.Plan("h1").Deliverable("portal", "2026-09-30").Commitment("seats", "2026-09-30").Obj()
	all := met(p, beforePeriod, []any{r}, func(set *v1alpha1.RuleSet) {
		set.Escalation = append(set.Escalation, v1alpha1.EscalationStep{About: v1alpha1.EscalateCommitment, AfterDays: 5, To: "ChannelDirector"})
	})
	for at, want := range map[string]string{"2026-10-05T23:59:59+02:00": "", "2026-10-06T00:00:00+02:00": "ChannelDirector"} {
		got := plan.Evaluate(all, p, testobj.At(at))
		heard := map[string]string{}
		for _, open := range got.Status.OpenItems {
			heard[open.Kind] = open.EscalatedTo
		}
		if diff := gocmp.Diff(map[string]string{"Action": want, "Commitment": want, "Deliverable": want}, heard); diff != "" {
			t.Errorf("at %s (-want +got):\n%s", at, diff)
		}
		said := "was due by 2026-09-30; it escalates to the ChannelDirector on 2026-10-06: keep it"
		if want != "" {
			said = "was due by 2026-09-30; escalated to the ChannelDirector on 2026-10-06: keep it"
		}
		finds(t, got.Status.Findings, v1alpha1.SeverityWarning, plan.RuleCommitmentOverdue, "spec.commitments[seats]", said)
	}
}

// isTrue reports whether a condition is True.
func isTrue(list []metav1.Condition, kind string) bool { return meta.IsStatusConditionTrue(list, kind) }

func orDash(day v1alpha1.Date) string { return cmp.Or(string(day), "-") }

func text(n *int32) string {
	if n == nil {
		return "-"
	}
	return fmt.Sprint(*n)
}

// TestInWhoseHandsThePlanWas counts days by the decisions.
func TestInWhoseHandsThePlanWas(t *testing.T) {
	due := fiscal.MustParseDay("2026-06-10")
	for name, test := range map[string]struct {
		decisions       []*v1alpha1.ApprovalDecision
		want            []string
		vendor, partner int
		planning        string
	}{
		"nobody submitted it": {want: []string{"Submit Partner - -"}, planning: "-"},
		"approved": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "a", "14T10:00"), decide(vendor, approved, "a", "18T08:00")},
			want:      []string{"Submit Partner - 2026-06-14 +4", "Decide Vendor 2026-06-14 2026-06-18"}, vendor: 4, planning: "4",
		},
		"it waits": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "a", "14T10:00")},
			want:      []string{"Submit Partner - 2026-06-14 +4", "Decide Vendor 2026-06-14 -"}, vendor: 16, planning: "-",
		},
		"sent back, and submitted again": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(partner, approved, "b", "05T10:00"), decide(vendor, returned, "b", "08T10:00"), decide(partner, approved, "a", "20T10:00"),
				decide(vendor, approved, "a", "21T10:00"),
			},
			want:   []string{"Submit Partner - 2026-06-05", "Decide Vendor 2026-06-05 2026-06-08", "Resubmit Partner 2026-06-08 2026-06-20 +2", "Decide Vendor 2026-06-20 2026-06-21"},
			vendor: 4, partner: 12, planning: "16",
		},
		"the vendor speaks once more before the partner submits again": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(partner, approved, "b", "05T10:00"), decide(vendor, returned, "b", "08T10:00"), decide(vendor, approved, "c", "09T10:00"),
				decide(partner, approved, "a", "12T10:00"),
			},
			want:   []string{"Submit Partner - 2026-06-05", "Decide Vendor 2026-06-05 2026-06-09", "Resubmit Partner 2026-06-09 2026-06-12", "Decide Vendor 2026-06-12 -"},
			vendor: 22, partner: 3, planning: "-",
		},
		"the vendor approves ahead of the submission": {
			decisions: []*v1alpha1.ApprovalDecision{decide(vendor, approved, "a", "05T10:00"), decide(partner, approved, "a", "08T10:00")},
			want:      []string{"Submit Partner - 2026-06-08", "Decide Vendor 2026-06-08 2026-06-08"}, planning: "0",
		},
		"the partner takes it back": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "a", "05T10:00"), decide(partner, returned, "a", "07T10:00")},
			want:      []string{"Submit Partner - 2026-06-05", "Decide Vendor 2026-06-05 2026-06-07", "Resubmit Partner 2026-06-07 -"}, vendor: 2, partner: 23, planning: "-",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := version("a")
			objects := []any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p}
			for _, d := range test.decisions {
				objects = append(objects, d)
			}
			got := plan.Evaluate(testobj.Snapshot(objects...), p, testobj.At("2026-06-30T12:00:00+02:00"))
			timeline, lines := got.Duty.Timeline(due), []string(nil)
			for _, step := range timeline {
				line := strings.Join([]string{string(step.Step), string(step.InHandsOf), orDash(step.From), orDash(step.Through)}, " ")
				if step.DaysLate != nil {
					line += " +" + text(step.DaysLate)
				}
				lines = append(lines, line)
			}
			if diff := gocmp.Diff(test.want, lines); diff != "" {
				t.Errorf("timeline (-want +got):\n%s", diff)
			}
			today := fiscal.MustParseDay("2026-06-30")
			if v, w := plan.InHands(timeline, vendor, today), plan.InHands(timeline, partner, today); v != test.vendor || w != test.partner {
				t.Errorf("in the hands of the vendor for %d days, of the partner for %d, want %d and %d", v, w, test.vendor, test.partner)
			}
			if days := text(got.Status.PlanningDays); days != test.planning {
				t.Errorf("planning took %s days, want %s", days, test.planning)
			}
		})
	}
}
