package request_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/testobj"
)

// escalating is a request of 2026-08-03 for an activity of 2026-10-19, on which the vendor decides by 2026-08-13. A late decision goes to the channel
// account manager after 3 days and to the director after 7, counted from that day.
func escalating() *moneytest.Dossier {
	d := moneytest.NewDossier()
	d.Program.Spec.RuleSets[0].Escalation = []v1alpha1.EscalationStep{
		{AfterDays: 1, To: "Nobody"},
		{About: v1alpha1.EscalateDecision, AfterDays: 7, To: "ChannelDirector"},
		{About: v1alpha1.EscalateDecision, AfterDays: 3, To: "ChannelAccountManager"},
	}
	d.ApprovePlan()
	return d
}

// TestTheVendorsClockOfARequest is rule 21 for money: in the words of a late decision on a plan.
func TestTheVendorsClockOfARequest(t *testing.T) {
	const (
		inTime  = "requested on 2026-08-03; the vendor decides by 2026-08-13; waiting for the decision of the vendor on revision "
		late    = "requested on 2026-08-03; the vendor's decision was due by 2026-08-13 and has been overdue since 2026-08-14"
		manager = "; escalated to the ChannelAccountManager on 2026-08-17"
		remedy  = ": approve, return or reject the request"
	)
	none := func(*moneytest.Dossier) {}
	for name, tc := range map[string]struct {
		at       string
		change   func(*moneytest.Dossier)
		approved string // the beginning of the condition
		finding  string // without its first capital
		due      *v1alpha1.DecisionDue
		next     string
	}{
		"the last day": {
			"2026-08-13T23:59:59+02:00", none, "False/AwaitingDecision: " + inTime, "", &v1alpha1.DecisionDue{Through: "2026-08-13"}, "2026-08-14T00:00:00+02:00",
		},
		"late": {
			"2026-08-14T00:00:00+02:00", none, "False/DecisionOverdue: " + late + "; it escalates to the ChannelAccountManager on 2026-08-17; waiting for ",
			late + "; it escalates to the ChannelAccountManager on 2026-08-17" + remedy,
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14"}, "2026-08-17T00:00:00+02:00",
		},
		"escalated": {
			"2026-08-17T00:00:00+02:00", none, "False/DecisionOverdue: " + late + manager + "; it escalates to the ChannelDirector on 2026-08-21; ",
			late + manager + "; it escalates to the ChannelDirector on 2026-08-21" + remedy,
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14", EscalatedTo: "ChannelAccountManager", EscalatedSince: "2026-08-17"},
			"2026-08-21T00:00:00+02:00",
		},
		"escalated further": {
			"2026-10-19T12:00:00+02:00", none, "False/DecisionOverdue: " + late + "; escalated to the ChannelDirector on 2026-08-21; ",
			late + "; escalated to the ChannelDirector on 2026-08-21" + remedy,
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14", EscalatedTo: "ChannelDirector", EscalatedSince: "2026-08-21"}, "",
		},
		"the activity has begun": {
			"2026-10-20T00:00:00+02:00", none, "False/DecisionOverdue: " + late, late + "; escalated to the ChannelDirector on 2026-08-21: the activity began on " +
				"2026-10-19, so return or reject the request, or have two people grant an exception (spec.exception)",
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14", EscalatedTo: "ChannelDirector", EscalatedSince: "2026-08-21"}, "",
		},
		"a year later it still is, though nothing can be claimed any more": {
			"2027-08-14T00:00:00+02:00", none, "False/DecisionOverdue: " + late, late + "; escalated to the ChannelDirector on 2026-08-21: the activity began on " +
				"2026-10-19, so return or reject the request, or have two people grant an exception (spec.exception)",
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14", EscalatedTo: "ChannelDirector", EscalatedSince: "2026-08-21"}, "",
		},
		"approved late": {
			"2026-08-20T00:00:00+02:00", func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-18T10:00:00Z") }, "True/Approved: ", "", nil, "",
		},
		"returned late": {
			"2026-08-20T00:00:00+02:00", func(d *moneytest.Dossier) { d.Decide("Returned", "vera", "2026-08-18T10:00:00Z") }, "False/Returned: ", "", nil, "",
		},
		"rejected in time": {
			"2026-08-20T00:00:00+02:00", func(d *moneytest.Dossier) { d.Decide("Rejected", "vera", "2026-08-13T21:59:59Z") }, "False/Rejected: ", "", nil, "",
		},
		"approved by one person of two": {
			"2026-08-14T00:00:00+02:00", func(d *moneytest.Dossier) {
				d.Budget = testobj.Budget("fy27-emea").Authority("4000.00", 2).Obj()
				d.Approve("vera", "2026-08-05T10:00:00Z")
			}, "False/SecondApproverMissing: ", late + "; it escalates to the ChannelAccountManager on 2026-08-17" + remedy,
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14"}, "2026-08-17T00:00:00+02:00",
		},
		"approved by who asks": {
			"2026-08-14T00:00:00+02:00", func(d *moneytest.Dossier) { d.Approve("PAUL", "2026-08-05T10:00:00Z") }, "False/SelfApproval: ",
			late + "; it escalates to the ChannelAccountManager on 2026-08-17" + remedy, &v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14"},
			"2026-08-17T00:00:00+02:00",
		},
		"returned, and changed without another day": {
			"2026-09-01T00:00:00+02:00", func(d *moneytest.Dossier) {
				d.Decide("Returned", "vera", "2026-08-10T10:00:00Z")
				d.Request.Spec.Place = "Rome"
			}, "False/AwaitingDecision: requested on 2026-08-03, and returned on 2026-08-10, before it was changed: set spec.resubmittedOn to the day on which it is submitted again, and " +
				"the vendor's days begin anew; waiting for ", "", nil, "",
		},
		"returned, and asked again on another day": {
			"2026-09-01T00:00:00+02:00", func(d *moneytest.Dossier) {
				d.Decide("Returned", "vera", "2026-08-10T10:00:00Z")
				d.Request.Spec.Place, d.Request.Spec.RequestedOn = "Rome", "2026-08-20"
			}, "False/DecisionOverdue: requested on 2026-08-20; the vendor's decision was due by 2026-08-30 and has been overdue since 2026-08-31; ",
			"requested on 2026-08-20; the vendor's decision was due by 2026-08-30 and has been overdue since 2026-08-31; it escalates to the ChannelAccountManager on " +
				"2026-09-03" + remedy, &v1alpha1.DecisionDue{Through: "2026-08-30", OverdueSince: "2026-08-31"}, "",
		},
		"approved as a draft, and changed as it was made": {
			"2026-08-14T00:00:00+02:00", func(d *moneytest.Dossier) {
				d.Approve("vera", "2026-08-01T10:00:00Z")
				d.Request.Spec.Place = "Rome"
			}, "False/ChangePending: ", late + "; it escalates to the ChannelAccountManager on 2026-08-17" + remedy,
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14"}, "2026-08-17T00:00:00+02:00",
		},
		"a draft": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" }, "False/Draft: ", "", nil, "",
		},
		"withdrawn": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) { d.Request.Spec.WithdrawnOn = "2026-09-01" }, "False/AwaitingDecision: waiting for ", "", nil, "",
		},
		"granted, and the decision is gone": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) { d.Grant(500000) }, "False/AwaitingDecision: waiting for ", "", nil, "",
		},
		"the partner has to request less first": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) { d.Request.Spec.Amount.Amount = "5000.01" }, "False/AwaitingDecision: waiting for ", "", nil, "",
		},
		"the partner has to submit its plan first": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) { d.More = nil }, "False/AwaitingDecision: waiting for ", "", nil, "",
		},
		"the partner is on hold, and the vendor decides all the same": {
			"2026-08-14T00:00:00+02:00", func(d *moneytest.Dossier) {
				d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "4711", DueOn: "2026-07-31"}}
				d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
					Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
					Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}}},
				}}
			}, "False/DecisionOverdue: " + late, late + "; it escalates to the ChannelAccountManager on 2026-08-17" + remedy,
			&v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14"}, "2026-08-17T00:00:00+02:00",
		},
		"the spec is wrong": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) { d.Request.Spec.EndsOn = "2026-02-30" }, "False/AwaitingDecision: waiting for ", "", nil, "",
		},
		"no escalation about decisions": {
			"2026-10-01T00:00:00+02:00", func(d *moneytest.Dossier) {
				d.Program.Spec.RuleSets[0].Escalation = d.Program.Spec.RuleSets[0].Escalation[:1]
			},
			"False/DecisionOverdue: " + late + "; waiting for ", late + remedy, &v1alpha1.DecisionDue{Through: "2026-08-13", OverdueSince: "2026-08-14"}, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := escalating()
			tc.change(d)
			status, next := outcome.Evaluate(d.Snapshot(), d.Request, d.Gate, testobj.At(tc.at))
			if got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved); !strings.HasPrefix(got, tc.approved) {
				t.Errorf("Approved is\n%s\nnot\n%s", got, tc.approved)
			}
			found := ""
			for _, f := range status.Findings {
				if f.Rule == request.RuleDecisionOverdue {
					found = string(f.Severity) + " " + f.Field + ": " + f.Message
				}
			}
			want := ""
			if tc.finding != "" {
				want = "Warning status.decisionDue: R" + strings.TrimPrefix(tc.finding, "r")
			}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("finding (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.due, status.DecisionDue); diff != "" {
				t.Errorf("decisionDue (-want +got):\n%s", diff)
			}
			if tc.next != "" && !next.Equal(testobj.At(tc.next)) {
				t.Errorf("next change %s, want %s", next, tc.next)
			}
		})
	}
}

// TestALateDecisionIsLateUntilItIsTaken says that the vendor's late item ends by an act only: never by time, and never by what the
// vendor decided before. What is said of it changes only when the status says so.
func TestALateDecisionIsLateUntilItIsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := escalating()
		if rapid.Bool().Draw(t, "two approvers") {
			d.Budget = testobj.Budget("fy27-emea").Authority("4000.00", 2).Obj()
		}
		d.Program.Spec.RuleSets[0].Approval = &v1alpha1.ApprovalPolicy{DecideWithinDays: new(rapid.Int32Range(1, 40).Draw(t, "decide within"))}
		d.Request.Spec.StartsOn = d.Request.Spec.EndsOn
		if rapid.Bool().Draw(t, "on hold from some day on") {
			d.Partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "1", DueOn: someDay(t, "due")}}
			d.Program.Spec.RuleSets[0].Standing = []v1alpha1.StandingRule{{
				Cause: v1alpha1.CauseInvoiceOverdue, Owner: v1alpha1.PartyPartner,
				Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}}},
			}}
		}
		if rapid.Bool().Draw(t, "milestone") {
			d.Request.Spec.ContingentOn = []v1alpha1.Contingency{{Goal: "leads", AtLeast: "20"}}
			d.More = append(d.More, testobj.Measured("m", "acme-h1", "qualified-leads", string(someDay(t, "measured")), "25"))
		}
		for range rapid.IntRange(0, 3).Draw(t, "decisions of before") {
			place := d.Request.Spec.Place
			if rapid.Bool().Draw(t, "on another content") {
				d.Request.Spec.Place = "Lyon"
			}
			d.Decide(rapid.SampledFrom([]v1alpha1.DecisionOutcome{"Approved", "Returned", "Rejected"}).Draw(t, "outcome"),
				rapid.SampledFrom([]string{"vera", "walt", "paul"}).Draw(t, "by"), string(someDay(t, "decided"))+"T10:00:00Z")
			d.Request.Spec.Place = place
		}
		snap, now := d.Snapshot(), testobj.At(string(someDay(t, "now"))+"T12:00:00Z")
		last := now
		for _, x := range d.More {
			if decision, ok := x.(*v1alpha1.ApprovalDecision); ok && decision.Spec.DecidedTime.After(last) {
				last = decision.Spec.DecidedTime.Time
			}
		}
		late := false
		steps := 0
		for at := last; !at.IsZero() && steps < 20; steps++ {
			status, next := outcome.Evaluate(snap, d.Request, facts.Gate{}, at)
			is := status.DecisionDue != nil && status.DecisionDue.OverdueSince != ""
			if late && !is {
				t.Fatalf("at %s the late decision is late no more: %s", at, moneytest.Findings(&status.CommonStatus))
			}
			if is && !next.IsZero() {
				just, _ := outcome.Evaluate(snap, d.Request, facts.Gate{}, next.Add(-1))
				if diff := cmp.Diff(status, just, cmpopts.IgnoreFields(metav1.Condition{}, "LastTransitionTime")); diff != "" {
					t.Fatalf("from %s on the status changes before %s:\n%s", at, next, diff)
				}
			}
			late, at = late || is, next
		}
	})
}

// someDay draws a day from July 2026 to April 2027.
func someDay(t *rapid.T, label string) v1alpha1.Date {
	return fiscal.MustParseDay("2026-07-01").AddDays(rapid.IntRange(0, 300).Draw(t, label)).Date()
}
