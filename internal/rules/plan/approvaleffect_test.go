package plan_test

import (
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestDecisions(t *testing.T) {
	for name, test := range map[string]struct {
		decision *v1alpha1.ApprovalDecision
		others   []any
		parties  []v1alpha1.Party
		verdict  string
		message  []string
		ready    string
	}{
		"counts": {
			decision: decide(vendor, approved, "a", "20T10:00"), verdict: "True/Effective",
			message: []string{"counts as the decision of the vendor on the current revision: Approved"},
		},
		"counts on the plan of record": {
			decision: decide(vendor, approved, "b", "20T10:00"), others: []any{decide(partner, approved, "b", "20T10:00"), kept("b")},
			verdict: "True/Effective", message: []string{"on the plan of record: Approved"},
		},
		"is about other content": {
			decision: decide(vendor, approved, "b", "20T10:00"), verdict: "False/Stale", message: []string{"which is revision " + revisionOf("a"), "create another"},
		},
		"is superseded": {
			decision: decide(vendor, approved, "a", "20T10:00"), others: []any{decide(vendor, returned, "a", "21T10:00")},
			verdict: "False/Superseded", message: []string{"decided on this revision again: Returned in ApprovalDecision \"vendor-21-1000\""},
		},
		"is superseded at the same instant by the last name": {
			decision: decide(vendor, approved, "a", "20T10:00"),
			others:   []any{testobj.Decision("zzz", "h1", revisionOf("a"), vendor, returned, "2026-06-20T10:00:00Z")},
			verdict:  "False/Superseded",
		},
		"is void since other content was of record": {
			decision: decide(vendor, approved, "a", "20T10:00"),
			others:   []any{decide(partner, approved, "a", "20T11:00"), decide(vendor, approved, "b", "21T10:00"), decide(partner, approved, "b", "21T11:00")},
			verdict:  "False/Superseded", message: []string{"going back to this one needs a new decision of each party"},
		},
		"is by the other party's approver": {
			decision: by("vera", decide(partner, approved, "a", "21T10:00")), others: []any{decide(vendor, approved, "a", "20T10:00")},
			verdict: "False/SelfApproval", message: []string{"vera approved this revision for the vendor too"},
		},
		"sends back by the other party's approver, which is not a self-approval": {
			decision: by("vera", decide(partner, returned, "a", "21T10:00")), others: []any{decide(vendor, approved, "a", "20T10:00")}, verdict: "True/Effective",
		},
		"is by who recorded the partner's submission": {
			decision: by("vera", decide(vendor, approved, "a", "21T10:00")), parties: []v1alpha1.Party{vendor},
			others:  []any{recordedBy("vera", decide(partner, v1alpha1.DecisionSubmitted, "a", "20T10:00"))},
			verdict: "False/RecorderApproves", message: []string{"vera approves this revision for the vendor", "recorded that of the partner"},
		},
		"is a submission that who approved recorded": {
			decision: recordedBy("Vera", decide(partner, v1alpha1.DecisionSubmitted, "a", "21T10:00")), parties: []v1alpha1.Party{vendor},
			others: []any{by("vera", decide(vendor, approved, "a", "20T10:00"))}, verdict: "False/RecorderApproves",
		},
		"is a submission that another recorded": {
			decision: recordedBy("walt", decide(partner, v1alpha1.DecisionSubmitted, "a", "21T10:00")), parties: []v1alpha1.Party{vendor},
			others: []any{by("vera", decide(vendor, approved, "a", "20T10:00"))}, verdict: "True/Effective",
		},
		"is of tomorrow": {
			decision: decide(vendor, approved, "a", "26T10:00"), verdict: "False/NotYetInForce", message: []string{"it counts from 2026-06-26T10:00:00Z on"},
		},
		"is by a party that is not asked": {
			decision: decide(partner, approved, "a", "20T10:00"), parties: []v1alpha1.Party{vendor}, verdict: "False/PartyNotAsked",
		},
		"is about a plan that does not exist": {
			decision: testobj.Decision("x", "h2", revisionOf("a"), vendor, approved, "2026-06-20T10:00:00Z"),
			verdict:  "False/TargetNotFound", message: []string{"JointPlan \"h2\" not found or not permitted"}, ready: "False/ReferenceNotFound",
		},
	} {
		t.Run(name, func(t *testing.T) {
			world := append([]any{
				testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) { r.Approval = &v1alpha1.ApprovalPolicy{Parties: test.parties} }).Obj(),
				testobj.Partner("acme").Obj(), version("a"), test.decision,
			}, test.others...)
			got, _ := decision.Evaluate(testobj.Snapshot(world...), test.decision, testobj.At("2026-06-25T12:00:00Z"))
			says(t, got.Conditions, v1alpha1.ConditionEffective, test.verdict, test.message...)
			ready := test.ready
			if ready == "" {
				ready = "True/Evaluated"
			}
			says(t, got.Conditions, v1alpha1.ConditionReady, ready)
		})
	}
}

func TestADecisionOnAPlanWithoutAPartnerIsNotJudged(t *testing.T) {
	d := decide(vendor, approved, "a", "20T10:00")
	got, _ := decision.Evaluate(testobj.Snapshot(version("a"), d), d, testobj.At("2026-06-25T12:00:00Z"))
	says(t, got.Conditions, v1alpha1.ConditionEffective, "Unknown/NotEvaluated", "JointPlan \"h1\" cannot be evaluated")
}

func TestKeptRevisions(t *testing.T) {
	world := []any{
		testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), version("a"), decide(vendor, approved, "b", "20T10:00"),
		decide(partner, approved, "b", "21T10:00"),
	}
	corrupt := kept("b")
	corrupt.Spec.Terms.Vision = "c"
	orphan := kept("b")
	orphan.Spec.PlanRef.Name = "gone"
	for name, test := range map[string]struct {
		revision *v1alpha1.PlanRevision
		at       string
		ofRecord string
		ready    string
		next     string
	}{
		"of record":              {revision: kept("b"), at: "2026-06-21T10:00:00Z", ofRecord: "Yes", ready: "True/Evaluated"},
		"not yet":                {revision: kept("b"), at: "2026-06-21T09:59:59Z", ofRecord: "No", ready: "True/Evaluated", next: "2026-06-21T10:00:00Z"},
		"never":                  {revision: kept("a"), at: "2026-06-22T10:00:00Z", ofRecord: "No", ready: "True/Evaluated"},
		"corrupt":                {revision: corrupt, at: "2026-06-22T10:00:00Z", ofRecord: "Yes", ready: "False/InvalidSpec"},
		"of a plan that is gone": {revision: orphan, at: "2026-06-22T10:00:00Z", ofRecord: "No", ready: "True/Evaluated"},
	} {
		t.Run(name, func(t *testing.T) {
			got, next := plan.EvaluateRevision(testobj.Snapshot(append(world, test.revision)...), test.revision, testobj.At(test.at))
			says(t, got.Conditions, v1alpha1.ConditionReady, test.ready)
			var want time.Time
			if test.next != "" {
				want = testobj.At(test.next)
			}
			if got.OfRecord != test.ofRecord || !next.Equal(want) {
				t.Errorf("of record %s until %s, want %s until %s", got.OfRecord, next, test.ofRecord, want)
			}
		})
	}
}

// A decision that does not count yet is told of where people look for it: on the plan.
func TestAPlanTellsOfDecisionsThatDoNotCountYet(t *testing.T) {
	later := "ApprovalDecision \"partner-26-1000\" counts from 2026-06-26T10:00:00Z on"
	of := func(now string, decisions ...any) []metav1.Condition {
		p := version("a")
		return plan.Evaluate(testobj.Snapshot(world(p, nil, decisions...)...), p, testobj.At(now)).Status.Conditions
	}
	first, second := decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "26T10:00")
	message := func(list []metav1.Condition) string { return condition(list, v1alpha1.ConditionApproved).Message }
	if got := message(of("2026-06-25T12:00:00Z", first, second)); !strings.HasSuffix(got, "; "+later) {
		t.Errorf("before its instant:\n%s", got)
	}
	if got := message(of("2026-06-26T10:00:00Z", first, second)); strings.Contains(got, "counts from") {
		t.Errorf("at its instant:\n%s", got)
	}
	if got := message(of("2026-06-25T12:00:00Z", first, decide(partner, approved, "b", "26T10:00"))); strings.Contains(got, "counts from") {
		t.Errorf("on other content:\n%s", got)
	}
}
