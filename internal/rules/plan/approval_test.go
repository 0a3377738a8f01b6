package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	vendor   = v1alpha1.PartyVendor
	partner  = v1alpha1.PartyPartner
	approved = v1alpha1.DecisionApproved
	returned = v1alpha1.DecisionReturned
	rejected = v1alpha1.DecisionRejected
)

// version returns plan h1 with a vision, which makes its revision.
func version(vision v1alpha1.Text) *v1alpha1.JointPlan {
	return testobj.Plan("h1").Goal("revenue", "new-revenue", "600000").With(func(s *v1alpha1.JointPlanSpec) { s.Vision = vision }).Obj()
}

// revisionOf returns the revision of version(vision).
func revisionOf(vision v1alpha1.Text) string { return plan.Revision(&version(vision).Spec.PlanTerms) }

// decide is a decision on version(vision) of plan h1 in June 2026, named after the party and the instant.
func decide(party v1alpha1.Party, decision v1alpha1.DecisionOutcome, vision v1alpha1.Text, at string) *v1alpha1.ApprovalDecision {
	name := strings.ToLower(string(party)) + "-" + strings.NewReplacer("T", "-", ":", "").Replace(at)
	return testobj.Decision(name, "h1", revisionOf(vision), party, decision, "2026-06-"+at+":00Z")
}

// approvedAsIs is an approval of whatever the plan's content is.
func approvedAsIs(party v1alpha1.Party, at string) *v1alpha1.ApprovalDecision {
	d := decide(party, approved, "a", at)
	d.Spec.Revision = ""
	return d
}

func by(person string, d *v1alpha1.ApprovalDecision) *v1alpha1.ApprovalDecision {
	d.Spec.ApprovedBy = person
	return d
}

// recordedBy is a decision that a person recorded from a document.
func recordedBy(person string, d *v1alpha1.ApprovalDecision) *v1alpha1.ApprovalDecision {
	d.Spec.Attestation = testobj.Attested(person)
	return d
}

// kept is the PlanRevision that holds version(vision).
func kept(vision v1alpha1.Text) *v1alpha1.PlanRevision {
	p := version(vision)
	revision := plan.Revision(&p.Spec.PlanTerms)
	return &v1alpha1.PlanRevision{
		ObjectMeta: metav1.ObjectMeta{Name: plan.RevisionName("h1", revision), Namespace: testobj.Namespace, Generation: 1},
		Spec:       v1alpha1.PlanRevisionSpec{PlanRef: v1alpha1.Reference{Name: "h1"}, Revision: revision, Terms: p.Spec.PlanTerms},
	}
}

// condition returns a condition of a list; an empty one when there is none.
func condition(list []metav1.Condition, kind string) metav1.Condition {
	i := slices.IndexFunc(list, func(c metav1.Condition) bool { return c.Type == kind })
	if i < 0 {
		return metav1.Condition{}
	}
	return list[i]
}

// says checks a condition: its status and reason as "True/Approved", and parts of its message.
func says(t *testing.T, list []metav1.Condition, kind, verdict string, parts ...string) {
	t.Helper()
	c := condition(list, kind)
	if got := string(c.Status) + "/" + c.Reason; got != verdict {
		t.Errorf("%s is %s (%s), want %s", kind, got, c.Message, verdict)
	}
	for _, part := range parts {
		if !strings.Contains(c.Message, part) {
			t.Errorf("the message of %s lacks %q:\n%s", kind, part, c.Message)
		}
	}
}

// finds checks that a rule is found at a field, with parts of its message; the severity comes first: "Warning".
func finds(t *testing.T, list []v1alpha1.Finding, severity v1alpha1.Severity, rule, field string, parts ...string) {
	t.Helper()
	for _, f := range list {
		if f.Severity != severity || f.Rule != rule || f.Field != field {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(parts), func(part string) bool { return strings.Contains(f.Message, part) })
		if len(missing) == 0 {
			return
		}
	}
	t.Errorf("no %s %s at %s that says %q in:\n%s", severity, rule, field, parts, findingLines(list))
}

func findingLines(list []v1alpha1.Finding) string {
	var lines []string
	for _, f := range list {
		lines = append(lines, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Field, f.Message))
	}
	return strings.Join(lines, "\n")
}

// rules returns the rules that are found, each once.
func rules(list []v1alpha1.Finding) []string {
	var names []string
	for _, f := range list {
		names = append(names, f.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestApproval(t *testing.T) {
	b10 := revisionOf("b")[:13]
	for name, test := range map[string]struct {
		decisions []*v1alpha1.ApprovalDecision
		kept      []*v1alpha1.PlanRevision
		current   v1alpha1.Text // default "a"
		parties   []v1alpha1.Party
		change    func(*v1alpha1.JointPlanSpec)
		verdict   string
		message   []string
		without   string // the message does not say this
		record    v1alpha1.Text
		since     string
		stage     v1alpha1.PlanStage
	}{
		"a plan that the partner approves is submitted, and waits for the vendor": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "a", "20T10:00")},
			verdict:   "False/AwaitingDecision",
			message: []string{
				"submitted on 2026-06-20; the vendor decides by 2026-06-30; the partner approved it (paul, 2026-06-20)",
			},
			stage: v1alpha1.StagePendingApproval,
		},
		"a plan that is not submitted is a draft": {
			verdict: "False/Draft",
			message: []string{"the plan is a draft: the partner submits it by approving revision " + revisionOf("a") + " (an ApprovalDecision of party Partner); " +
				"the vendor then has 10 days to decide"},
			stage: v1alpha1.StageDraft,
		},
		"so is one that is submitted tomorrow": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "a", "30T10:00")},
			verdict:   "False/Draft", message: []string{"ApprovalDecision \"partner-30-1000\" counts from 2026-06-30T10:00:00Z on"}, stage: v1alpha1.StageDraft,
		},
		"and one with errors, which the partner approves": {
			change:    func(s *v1alpha1.JointPlanSpec) { s.Activities = []v1alpha1.PlannedActivity{{Name: "x", Type: "Dance"}} },
			decisions: []*v1alpha1.ApprovalDecision{approvedAsIs(partner, "20T10:00")},
			verdict:   "False/Draft",
			message: []string{
				"the plan is a draft: the partner's approval does not submit it, because it has errors: spec.activities[x].type: ",
				"Correct the plan, and approve it again",
			},
			stage: v1alpha1.StageDraft,
		},
		"one party is not enough": {
			decisions: []*v1alpha1.ApprovalDecision{decide(vendor, approved, "a", "20T10:00")},
			verdict:   "False/AwaitingDecision", message: []string{"the vendor approved it (vera, 2026-06-20)", "waiting for the decision of the partner"},
			stage: v1alpha1.StagePendingApproval,
		},
		"both approve": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "a", "21T10:00"), decide(vendor, approved, "a", "20T10:00")},
			verdict:   "True/Approved", message: []string{"approved by the vendor (vera, 2026-06-20) and the partner (paul, 2026-06-21), in full since 2026-06-21"},
			record: "a", since: "21T10:00", stage: v1alpha1.StageApproved,
		},
		"a party whom the program does not ask is not waited for": {
			parties: []v1alpha1.Party{vendor}, decisions: []*v1alpha1.ApprovalDecision{decide(vendor, approved, "a", "20T10:00")},
			verdict: "True/Approved", record: "a", since: "20T10:00", stage: v1alpha1.StageApproved,
		},
		"an approval of other content is named": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "c", "19T10:00"), decide(vendor, approved, "b", "20T10:00"), decide(partner, approved, "a", "21T10:00"),
			},
			verdict: "False/AwaitingDecision",
			message: []string{"; ApprovalDecision \"vendor-20-1000\" is on an earlier version, revision " + b10},
			stage:   v1alpha1.StagePendingApproval,
		},
		"an approval of other content that is dated tomorrow is not": {
			decisions: []*v1alpha1.ApprovalDecision{decide(partner, approved, "c", "20T10:00"), decide(vendor, approved, "b", "30T00:00")},
			verdict:   "False/Draft",
			message:   []string{"10 days to decide; ApprovalDecision \"partner-20-1000\" is on an earlier version, revision " + revisionOf("c")[:13]},
			stage:     v1alpha1.StageDraft, without: "vendor-30",
		},
		"one person cannot approve for both": {
			decisions: []*v1alpha1.ApprovalDecision{decide(vendor, approved, "a", "20T10:00"), by("vera", decide(partner, approved, "a", "21T10:00"))},
			verdict:   "False/AwaitingDecision", message: []string{"waiting for the decision of the partner"}, stage: v1alpha1.StagePendingApproval,
		},
		"nor can it in another spelling": {
			decisions: []*v1alpha1.ApprovalDecision{
				by("Vera@Northwind.example", decide(vendor, approved, "a", "20T10:00")), by(" vera@northwind.EXAMPLE", decide(partner, approved, "a", "21T10:00")),
			},
			verdict: "False/AwaitingDecision", message: []string{"waiting for the decision of the partner"}, stage: v1alpha1.StagePendingApproval,
		},
		"a plan that is sent back is a draft again": {
			decisions: []*v1alpha1.ApprovalDecision{decide(vendor, returned, "a", "20T10:00")},
			verdict:   "False/Returned",
			message:   []string{"the vendor returned it on 2026-06-20 (vera, ApprovalDecision \"vendor-20-1000\" says why)"},
			stage:     v1alpha1.StageDraft,
		},
		"a refusal weighs more than a return": {
			decisions: []*v1alpha1.ApprovalDecision{decide(vendor, returned, "a", "20T10:00"), decide(partner, rejected, "a", "20T10:00")},
			verdict:   "False/Rejected", stage: v1alpha1.StageDraft,
		},
		"the latest decision of a party counts": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "a", "22T10:00"), decide(vendor, returned, "a", "20T10:00"), decide(partner, approved, "a", "21T10:00"),
			},
			verdict: "True/Approved", record: "a", since: "22T10:00", stage: v1alpha1.StageApproved,
		},
		"an amendment waits while the plan of record stays": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "b", "20T10:00"), decide(partner, approved, "b", "20T11:00"), decide(vendor, approved, "a", "22T10:00"),
			},
			kept:    []*v1alpha1.PlanRevision{kept("b")},
			verdict: "False/AmendmentPending",
			message: []string{"the plan of record, revision " + b10 + ", approved in full on 2026-06-20, stays in force", "waiting for the decision of the partner"},
			record:  "b", since: "20T11:00", stage: v1alpha1.StageApproved,
		},
		"an amendment that is sent back leaves the plan of record": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "b", "20T10:00"), decide(partner, approved, "b", "20T11:00"), decide(vendor, rejected, "a", "22T10:00"),
			},
			kept:    []*v1alpha1.PlanRevision{kept("b")},
			verdict: "False/AmendmentPending", message: []string{"the vendor rejected it on 2026-06-22"}, record: "b", since: "20T11:00", stage: v1alpha1.StageApproved,
		},
		"a refusal of the plan of record withdraws it": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "20T11:00"), decide(vendor, rejected, "a", "22T10:00"),
			},
			verdict: "False/Rejected", message: []string{"was the plan of record until the vendor rejected it on 2026-06-22"}, stage: v1alpha1.StageDraft,
		},
		"who withdrew it can bring it back alone": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "20T11:00"), decide(vendor, rejected, "a", "22T10:00"),
				decide(vendor, approved, "a", "23T10:00"),
			},
			verdict: "True/Approved", record: "a", since: "23T10:00", stage: v1alpha1.StageApproved,
		},
		"going back to replaced content needs new decisions": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "20T11:00"),
				decide(vendor, approved, "b", "21T10:00"), decide(partner, approved, "b", "21T11:00"),
			},
			kept:    []*v1alpha1.PlanRevision{kept("a"), kept("b")},
			verdict: "False/AmendmentPending", message: []string{"waiting for the decision of the vendor and partner"}, record: "b",
			since: "21T11:00", stage: v1alpha1.StageApproved,
		},
		"of every party": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "20T11:00"),
				decide(vendor, approved, "b", "21T10:00"), decide(partner, approved, "b", "21T11:00"),
				decide(vendor, approved, "a", "22T10:00"), decide(partner, approved, "a", "23T11:00"),
			},
			kept:    []*v1alpha1.PlanRevision{kept("a"), kept("b")},
			verdict: "True/Approved", record: "a", since: "23T11:00", stage: v1alpha1.StageApproved,
		},
		"an approval of an amendment outlives a late approval of what it amends": {
			decisions: []*v1alpha1.ApprovalDecision{
				decide(vendor, approved, "b", "20T10:00"), decide(vendor, approved, "a", "21T10:00"),
				decide(partner, approved, "b", "22T10:00"), decide(partner, approved, "a", "23T10:00"),
			},
			verdict: "True/Approved", record: "a", since: "23T10:00", stage: v1alpha1.StageApproved,
		},
		"a decision of tomorrow does not count": {
			decisions: []*v1alpha1.ApprovalDecision{decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "30T00:00")},
			verdict:   "False/AwaitingDecision", stage: v1alpha1.StagePendingApproval,
		},
		"where the vendor alone approves, the partner submits": {
			parties: []v1alpha1.Party{vendor}, decisions: []*v1alpha1.ApprovalDecision{decide(partner, v1alpha1.DecisionSubmitted, "a", "20T10:00")},
			verdict: "False/AwaitingDecision", message: []string{"submitted on 2026-06-20; the vendor decides by 2026-06-30"},
			stage: v1alpha1.StagePendingApproval,
		},
		"and who submits cannot approve for the vendor": {
			parties: []v1alpha1.Party{vendor}, decisions: []*v1alpha1.ApprovalDecision{
				by("vera", decide(partner, v1alpha1.DecisionSubmitted, "a", "20T10:00")), decide(vendor, approved, "a", "21T10:00"),
			},
			verdict: "False/AwaitingDecision", stage: v1alpha1.StagePendingApproval,
		},
		"there a draft says how": {
			parties: []v1alpha1.Party{vendor}, verdict: "False/Draft",
			message: []string{"by an ApprovalDecision of party Partner with decision Submitted; the vendor then has 10 days to decide"}, stage: v1alpha1.StageDraft,
		},
	} {
		t.Run(name, func(t *testing.T) {
			current := test.current
			if current == "" {
				current = "a"
			}
			p := version(current)
			if test.change != nil {
				test.change(&p.Spec)
			}
			objects := []any{testobj.Program("northwind").Rules(func(r *v1alpha1.RuleSet) {
				r.Approval = &v1alpha1.ApprovalPolicy{Parties: test.parties}
			}).Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(), p}
			for _, d := range test.decisions {
				if d.Spec.Revision == "" {
					d.Spec.Revision = plan.Revision(&p.Spec.PlanTerms)
				}
				objects = append(objects, d)
			}
			for _, r := range test.kept {
				objects = append(objects, r)
			}
			got := plan.Evaluate(testobj.Snapshot(objects...), p, testobj.At("2026-06-25T12:00:00Z"))
			says(t, got.Status.Conditions, v1alpha1.ConditionApproved, test.verdict, test.message...)
			if c := condition(got.Status.Conditions, v1alpha1.ConditionApproved); test.without != "" && strings.Contains(c.Message, test.without) {
				t.Errorf("the message says %q:\n%s", test.without, c.Message)
			}
			if test.change == nil {
				says(t, got.Status.Conditions, v1alpha1.ConditionReady, "True/Evaluated")
			}
			if got.Status.Stage != test.stage {
				t.Errorf("stage %s, want %s", got.Status.Stage, test.stage)
			}
			var want *v1alpha1.PlanOfRecord
			if test.record != "" {
				revision := revisionOf(test.record)
				want = &v1alpha1.PlanOfRecord{
					Revision: revision, Name: v1alpha1.Name(plan.RevisionName("h1", revision)), ApprovedTime: metav1.NewTime(testobj.At("2026-06-" + test.since + ":00Z")),
				}
			}
			if diff := cmp.Diff(want, got.Status.PlanOfRecord); diff != "" {
				t.Errorf("plan of record (-want +got):\n%s", diff)
			}
			if got.Approved != (want != nil) {
				t.Errorf("approved %t", got.Approved)
			}
		})
	}
}

func TestThePlanOfRecordIsKept(t *testing.T) {
	p := version("a")
	decisions := []any{decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "21T10:00")}
	world := append([]any{testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), p}, decisions...)
	now := testobj.At("2026-06-25T12:00:00Z")
	got := plan.Evaluate(testobj.Snapshot(world...), p, now)
	want := kept("a")
	want.Generation = 0
	want.Spec.ApprovedTime = metav1.NewTime(testobj.At("2026-06-21T10:00:00Z"))
	want.Spec.Approvals = []v1alpha1.RevisionApproval{
		{Party: vendor, Decision: "vendor-20-1000", By: "vera", DecidedTime: metav1.NewTime(testobj.At("2026-06-20T10:00:00Z"))},
		{Party: partner, Decision: "partner-21-1000", By: "paul", DecidedTime: metav1.NewTime(testobj.At("2026-06-21T10:00:00Z"))},
	}
	if diff := cmp.Diff([]*v1alpha1.PlanRevision{want}, got.Keep); diff != "" {
		t.Fatalf("kept (-want +got):\n%s", diff)
	}
	if again := plan.Evaluate(testobj.Snapshot(append(world, got.Keep[0])...), p, now); len(again.Keep) > 0 {
		t.Errorf("it is kept twice: %v", again.Keep[0].Name)
	}
	early := plan.Evaluate(testobj.Snapshot(world...), p, testobj.At("2026-06-21T09:59:59Z"))
	if len(early.Keep) > 0 || !early.NextChange.Equal(testobj.At("2026-06-21T10:00:00Z")) {
		t.Errorf("before the approval, kept %d, next change %s", len(early.Keep), early.NextChange)
	}
}

func TestTheContentOfThePlanOfRecord(t *testing.T) {
	p := version("a")
	p.Spec.Goals = append(p.Spec.Goals, testobj.Plan("x").Goal("leads", "qualified-leads", "50").Obj().Spec.Goals...)
	world := []any{
		testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), p, decide(vendor, approved, "b", "20T10:00"), decide(partner, approved, "b", "21T10:00"),
	}
	now := testobj.At("2026-06-25T12:00:00Z")
	corrupt := kept("b")
	corrupt.Spec.Terms.Vision = "c"
	for name, test := range map[string]struct {
		kept  *v1alpha1.PlanRevision
		rule  string
		parts []string
		terms *v1alpha1.PlanTerms
		ready string
	}{
		"kept": {
			kept: kept("b"), rule: plan.RuleAmendmentPending, parts: []string{"they change the vision; add the goal leads"}, ready: "True/Evaluated",
			terms: &version("b").Spec.PlanTerms,
		},
		"missing": {
			rule:  plan.RuleRevisionMissing,
			parts: []string{"no PlanRevision holds the content of the plan of record, revision " + revisionOf("b"), "no plan is in force"},
			ready: "False/InvalidSpec", terms: &p.Spec.PlanTerms,
		},
		"corrupt": {
			kept: corrupt, rule: plan.RuleRevisionCorrupt, parts: []string{"is not that of its revision", "no plan is in force"},
			ready: "False/InvalidSpec", terms: &p.Spec.PlanTerms,
		},
	} {
		t.Run(name, func(t *testing.T) {
			objects := slices.Clone(world)
			if test.kept != nil {
				objects = append(objects, test.kept)
			}
			got := plan.Evaluate(testobj.Snapshot(objects...), p, now)
			severity, field := v1alpha1.SeverityError, "status.planOfRecord"
			if name == "kept" {
				severity, field = v1alpha1.SeverityInfo, "spec"
			}
			finds(t, got.Status.Findings, severity, test.rule, field, test.parts...)
			says(t, got.Status.Conditions, v1alpha1.ConditionReady, test.ready)
			says(t, got.Status.Conditions, v1alpha1.ConditionApproved, "False/AmendmentPending")
			if diff := cmp.Diff(test.terms, got.Terms); diff != "" {
				t.Errorf("evaluated terms (-want +got):\n%s", diff)
			}
		})
	}
}

// TestARecreatedPlanIsWhatWasApproved deletes an approved plan and creates it again with an easier goal. Its decisions stay, and its revision.
func TestARecreatedPlanIsWhatWasApproved(t *testing.T) {
	again := version("a")
	again.UID, again.Generation = "another", 1
	again.Spec.Goals[0].Target.Value = "6"
	world := []any{
		testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), again, decide(vendor, approved, "a", "20T10:00"), decide(partner, approved, "a", "21T10:00"),
	}
	now := testobj.At("2026-08-01T12:00:00Z")
	for name, test := range map[string]struct {
		kept     []any
		stage    v1alpha1.PlanStage
		approved bool
		goal     v1alpha1.Decimal
	}{
		"with its revision":            {[]any{kept("a")}, v1alpha1.StageActive, true, "600000"},
		"without, so nothing is known": {nil, v1alpha1.StageDraft, false, "6"},
	} {
		t.Run(name, func(t *testing.T) {
			got := plan.Evaluate(testobj.Snapshot(append(slices.Clone(world), test.kept...)...), again, now)
			if got.Status.Stage != test.stage || got.Approved != test.approved || got.Terms.Goals[0].Target.Value != test.goal {
				t.Errorf("stage %s, approved %t, goal %s; want %s, %t, %s", got.Status.Stage, got.Approved, got.Terms.Goals[0].Target.Value, test.stage, test.approved,
					test.goal)
			}
			says(t, got.Status.Conditions, v1alpha1.ConditionApproved, "False/AmendmentPending")
			if got.Status.Decisions == nil || *got.Status.Decisions != 2 {
				t.Errorf("decisions %v, want 2", got.Status.Decisions)
			}
		})
	}
}

// ignoreTransition leaves out the part of a status that is not a function of specs and an instant.
var ignoreTransition = cmpopts.IgnoreFields(metav1.Condition{}, "LastTransitionTime")

func TestTheRuleSetOfTheFirstDaySaysWhoApproves(t *testing.T) {
	later := testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) {
		s.RuleSets = append(s.RuleSets, v1alpha1.RuleSet{
			Name: "fy28", EffectiveFrom: "2026-10-01", Approval: &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{vendor}},
		})
	}).Obj()
	p := version("a")
	got := plan.Approvals(testobj.Snapshot(later, testobj.Partner("acme").Obj(), p), p, testobj.At("2026-11-01T00:00:00Z"))
	if diff := cmp.Diff([]v1alpha1.Party{vendor, partner}, got.Asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	var none *program.RuleSet
	if result := plan.Evaluate(testobj.Snapshot(p), p, testobj.At("2026-11-01T00:00:00Z")); result.RuleSet != none {
		t.Errorf("a plan without a partner has a rule set")
	}
}

// TestApproversWhoLookAlikeAreShown says that the approvals count, and that who decides gets to know.
func TestApproversWhoLookAlikeAreShown(t *testing.T) {
	for name, tc := range map[string]struct{ vendor, partner, want string }{
		"two people": {vendor: "vera", partner: "paul"},
		"a Cyrillic letter": {
			vendor: "vera", partner: "ver\u0430",
			want: "Warning PeopleLookAlike spec: \"vera\", who approved for the vendor (ApprovalDecision \"vendor-20-1000\"), and \"ver\u0430\", who approved for the " +
				"partner (ApprovalDecision \"partner-21-1000\"), look alike: find out whether they are two people; if they are one, return the plan, and let " +
				"another person approve for one of the parties",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := version("a")
			snap := testobj.Snapshot(testobj.Program("northwind").Obj(), testobj.Partner("acme").Obj(), p,
				by(tc.vendor, decide(vendor, approved, "a", "20T10:00")), by(tc.partner, decide(partner, approved, "a", "21T10:00")))
			status := plan.Evaluate(snap, p, testobj.At("2026-07-02T10:00:00Z")).Status
			if got := condition(status.Conditions, v1alpha1.ConditionApproved); got.Status != metav1.ConditionTrue {
				t.Errorf("Approved is %s (%s): %s", got.Status, got.Reason, got.Message)
			}
			alike := slices.DeleteFunc(slices.Clone(status.Findings), func(f v1alpha1.Finding) bool { return f.Rule != plan.RulePeopleLookAlike })
			if got := findingLines(alike); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
