package plan_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestTheVendorsClock is the vendor's part of rule 21: submitted on 2026-06-14, the last day to decide is 06-24; from 06-25 on the decision is late, and
// it escalates after 3 and 7 days.
func TestTheVendorsClock(t *testing.T) {
	const (
		late    = "submitted on 2026-06-14; the vendor's decision was due by 2026-06-24 and has been overdue since 2026-06-25"
		manager = "; escalated to the ChannelAccountManager on 2026-06-28"
		done    = "; the partner approved it"
	)
	one := int32(1)
	submitted := decide(partner, approved, "a", "14T10:00")
	for name, test := range map[string]struct {
		at        string
		decisions []*v1alpha1.ApprovalDecision
		verdict   string
		message   string
		finding   string
		next      string
		want      v1alpha1.PlanSubmission
	}{
		"the last day": {
			at: "2026-06-24T23:59:59+02:00", verdict: "False/AwaitingDecision", message: "submitted on 2026-06-14; the vendor decides by 2026-06-24; the partner approved it",
			next: "2026-06-25T00:00:00+02:00",
		},
		"late": {
			at: "2026-06-25T00:00:00+02:00", verdict: "False/DecisionOverdue", message: late + "; it escalates to the ChannelAccountManager on 2026-06-28" + done,
			finding: "Submitted on 2026-06-14; the vendor's decision was due by 2026-06-24 and has been overdue since 2026-06-25; it escalates to the " +
				"ChannelAccountManager on 2026-06-28: approve, return or reject the plan. The partner is not penalized",
			next: "2026-06-28T00:00:00+02:00", want: v1alpha1.PlanSubmission{OverdueSince: "2026-06-25"},
		},
		"escalated": {
			at: "2026-06-28T00:00:00+02:00", verdict: "False/DecisionOverdue", message: late + manager + "; it escalates to the ChannelDirector on 2026-07-02" + done,
			finding: late[1:], next: "2026-07-01T00:00:00+02:00",
			want: v1alpha1.PlanSubmission{OverdueSince: "2026-06-25", EscalatedTo: "ChannelAccountManager", EscalatedSince: "2026-06-28"},
		},
		"escalated further": {
			at: "2026-07-02T00:00:00+02:00", verdict: "False/DecisionOverdue", message: late + "; escalated to the ChannelDirector on 2026-07-02" + done,
			finding: late[1:], want: v1alpha1.PlanSubmission{OverdueSince: "2026-06-25", EscalatedTo: "ChannelDirector", EscalatedSince: "2026-07-02"},
		},
		"decided a day late": {
			at: "2026-06-26T00:00:00+02:00", decisions: []*v1alpha1.ApprovalDecision{decide(vendor, approved, "a", "25T10:00")}, verdict: "True/Approved",
			want: v1alpha1.PlanSubmission{DecidedOn: "2026-06-25", DaysLate: &one},
		},
		"returned in time": {
			at: "2026-06-30T00:00:00+02:00", decisions: []*v1alpha1.ApprovalDecision{decide(vendor, returned, "a", "24T10:00")}, verdict: "False/Returned",
			message: "the vendor returned it on 2026-06-24", want: v1alpha1.PlanSubmission{DecidedOn: "2026-06-24"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := version("a")
			objects := []any{testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) {
				r.Escalation = []v1alpha1.EscalationStep{
					{AfterDays: 1, To: "Nobody"},
					{About: v1alpha1.EscalateReview, AfterDays: 2, To: "Nobody"},
					{About: v1alpha1.EscalateDecision, AfterDays: 7, To: "ChannelDirector"},
					{About: v1alpha1.EscalateDecision, AfterDays: 3, To: "ChannelAccountManager"},
				}
			}).Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p, submitted}
			for _, d := range test.decisions {
				objects = append(objects, d)
			}
			got := plan.Evaluate(testobj.Snapshot(objects...), p, testobj.At(test.at))
			says(t, got.Status.Conditions, v1alpha1.ConditionApproved, test.verdict, test.message)
			if test.finding != "" {
				finds(t, got.Status.Findings, v1alpha1.SeverityWarning, plan.RuleDecisionOverdue, "status.submission", test.finding)
			}
			if test.next != "" && !got.NextChange.Equal(testobj.At(test.next)) {
				t.Errorf("next change %s, want %s", got.NextChange, test.next)
			}
			test.want.Revision, test.want.Decision = revisionOf("a"), "partner-14-1000"
			test.want.SubmittedOn, test.want.DecideThrough = "2026-06-14", "2026-06-24"
			if diff := cmp.Diff(&test.want, got.Status.Submission); diff != "" {
				t.Errorf("submission (-want +got):\n%s", diff)
			}
		})
	}
}

// TestASubmissionThatIsTakenBackIsThePartnersAgain: nobody waits for the vendor then. A partner that returns what the vendor wrote takes nothing back.
func TestASubmissionThatIsTakenBackIsThePartnersAgain(t *testing.T) {
	for name, test := range map[string]struct {
		decisions []any
		message   string
		waits     bool
	}{
		"submitted and taken back": {
			[]any{decide(partner, approved, "a", "14T10:00"), decide(partner, returned, "a", "15T10:00")},
			"the partner took it back on 2026-06-15 (paul, ", false,
		},
		"never submitted": {[]any{decide(partner, returned, "a", "15T10:00")}, "the partner returned it on 2026-06-15 (paul, ", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := version("a")
			objects := append([]any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p}, test.decisions...)
			got := plan.Evaluate(testobj.Snapshot(objects...), p, testobj.At("2026-06-16T10:00:00Z"))
			says(t, got.Status.Conditions, v1alpha1.ConditionApproved, "False/Returned", test.message)
			c := meta.FindStatusCondition(got.Status.Conditions, v1alpha1.ConditionApproved)
			if waits := strings.Contains(c.Message, "waiting for the decision of the vendor"); waits != test.waits {
				t.Errorf("it waits for the vendor: %t: %s", waits, c.Message)
			}
		})
	}
}
