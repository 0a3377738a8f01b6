package decision_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/decision"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// now is the instant at which the samples tell their story.
var now = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

const (
	vera  = "vera.lindqvist@northwind.example"
	paula = "paula.reimann@acme.example"
)

// reader is one for all tests: it compiles the schemas of the kinds once.
var reader = manifest.NewReader()

func samples(t *testing.T) *manifest.Set {
	t.Helper()
	set, err := reader.Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// kinds are the kinds of the objects that tests name as "plan acme-fy27-h1".
var kinds = map[string]string{"plan": "JointPlan", "request": "MDFAllocation", "claim": "MDFClaim", "partner": "Partner"}

// find returns an object by a name such as "plan acme-fy27-h1".
func find(t *testing.T, objects []manifest.Object, name string) manifest.Object {
	t.Helper()
	kind, name, _ := strings.Cut(name, " ")
	i := slices.IndexFunc(objects, func(x manifest.Object) bool { return manifest.KeyOf(x).Kind == kinds[kind] && x.GetName() == name })
	if i < 0 {
		t.Fatalf("no %s %s", kind, name)
	}
	return objects[i]
}

func TestRefusals(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	const noEffect = "the decision would have no effect: "
	for name, tc := range map[string]struct {
		target string
		wish   decision.Wish
		want   string
	}{
		"nobody decides": {"plan helix-2026-h2", decision.Wish{}, "say who decides: --by USER"},
		"a partner":      {"partner acme", decision.Wish{By: vera}, "nobody decides on a Partner: name a JointPlan, an MDFAllocation, an MDFClaim or a PlanReview"},
		"a revision that is not current": {
			"plan helix-2026-h2",
			decision.Wish{By: vera, Revision: "v1:b59e8fa607"},
			"JointPlan partner-helix/helix-2026-h2 was changed: its revision is v1:0686ab3959f5e6790bfa664131313e01 now, not v1:b59e8fa607. " +
				"Look at it again, then decide on that",
		},
		"a revision that is too short": {
			"plan helix-2026-h2",
			decision.Wish{By: vera, Revision: "0686ab"},
			"--revision 0686ab is too short to tell revisions apart: give at least 10 digits, such as v1:0686ab3959",
		},
		"a plan that is not submitted": {
			"plan acme-fy27-h2",
			decision.Wish{By: vera, Party: "Vendor"},
			"JointPlan partner-acme/acme-fy27-h2 is not submitted, and the vendor does not decide on a draft: the plan is a draft: the partner submits it " +
				"by approving revision v1:ba1a020de64ff7fc8bf4e1d6d3d8cb65 (an ApprovalDecision of party Partner); the vendor then has 10 days to decide",
		},
		"a plan that all have approved": {
			"plan acme-fy27-h1", decision.Wish{By: vera}, noEffect + "JointPlan partner-acme/acme-fy27-h1 is approved by the vendor and partner",
		},
		"a party that has approved": {
			"plan acme-fy27-h1",
			decision.Wish{By: "dirk", Party: "Vendor"},
			noEffect + vera + " approved this revision for the vendor already on 2026-06-19 (ApprovalDecision acme-fy27-h1-vendor)",
		},
		"one person for both parties": {
			"plan helix-2026-h2",
			decision.Wish{By: "wout.claes@helix.example", Party: "Vendor"},
			noEffect + "wout.claes@helix.example approved this revision for the partner, and one person cannot approve for both parties: someone else " +
				"at the vendor must decide",
		},
		"either party could return it": {
			"plan helix-2026-h2",
			decision.Wish{By: vera, Outcome: "Returned", Comment: "no"},
			"say for which party you decide: --party Vendor or --party Partner",
		},
		"a party that the caller may not decide for": {
			"plan helix-2026-h2",
			decision.Wish{By: paula, Allowed: []v1alpha1.Party{"Partner"}},
			"you are not allowed to decide on JointPlan partner-helix/helix-2026-h2 for the vendor: you need the verb approve-as-vendor (docs/access.md)",
		},
		"a return without a reason": {
			"plan helix-2026-h2", decision.Wish{By: vera, Outcome: "Returned"}, `say why: --comment "..."; only an approval, a submission or a confirmation needs no reason`,
		},
		"a plan in part": {
			"plan helix-2026-h2",
			decision.Wish{By: vera, Amount: "10.00", Comment: "x"},
			"a plan cannot be approved in part: leave out --amount, or return the plan and say what to change",
		},
		"the partner decides on money": {
			"request acme-customer-day",
			decision.Wish{By: paula, Party: "Partner"},
			"the program asks the vendor to decide on MDFAllocation partner-acme/acme-customer-day, not the partner",
		},
		"who requested the money": {
			"request acme-customer-day", decision.Wish{By: paula}, noEffect + paula + " requested the money and cannot approve it: someone else at the vendor must",
		},
		"who has approved it already": {
			"request acme-customer-day",
			decision.Wish{By: vera},
			noEffect + vera + " approved this request on 2026-11-02 already (ApprovalDecision acme-customer-day-mdf-vera); if another approval is missing, " +
				"someone else must give it",
		},
		"a request that is approved in full": {
			"request acme-cloud-webinar",
			decision.Wish{By: "dirk"},
			noEffect + `the approval of this revision was complete with ApprovalDecision "acme-cloud-webinar-mdf-vera" of 2026-08-10T13:00:00Z: to take it ` +
				"back, reject the revision",
		},
		"more than is requested": {
			"request acme-customer-day",
			decision.Wish{By: "dirk", Amount: "4500.00", Comment: "all"},
			"--amount EUR 4,500.00 is not less than the EUR 4,500.00 requested: leave out --amount to approve all of it",
		},
		"nothing": {
			"request acme-customer-day",
			decision.Wish{By: "dirk", Amount: "0.00", Comment: "no"},
			"--amount must be above zero: to approve nothing, reject it",
		},
		"a part without a reason": {
			"request acme-customer-day", decision.Wish{By: "dirk", Amount: "1.00"}, `say why not all of it is approved: --comment "..."`,
		},
		"an amount that is rejected": {
			"request acme-customer-day",
			decision.Wish{By: "dirk", Amount: "1.00", Comment: "no", Outcome: "Rejected"},
			"--amount and --percent are what is approved: leave them out, or approve",
		},
		"a claim that was returned": {
			"claim orbit-accountants-webinar-1",
			decision.Wish{By: "z", Outcome: "Returned", Comment: "no"},
			noEffect + "sofia.duarte@subtle.example returned this revision on 2026-10-26 already (ApprovalDecision orbit-accountants-webinar-1-sofia)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tc.wish.Target, tc.wish.At = find(t, objects, tc.target), now
			if tc.wish.Outcome == "" {
				tc.wish.Outcome = v1alpha1.DecisionApproved
			}
			_, err := decision.New(objects, tc.wish)
			if err == nil || err.Error() != tc.want {
				t.Errorf("got  %v\nwant %s", err, tc.want)
			}
		})
	}
}

// TestStagesAtWhichNothingIsDecided changes the status of a target.
func TestStagesAtWhichNothingIsDecided(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	request := find(t, objects, "request acme-customer-day").(*v1alpha1.MDFAllocation)
	claim := find(t, objects, "claim acme-cloud-webinar-2").(*v1alpha1.MDFClaim)
	for stage, want := range map[v1alpha1.AllocationStage]string{
		"Draft": "is not submitted", "Withdrawn": "it is withdrawn, which is final", "Released": "it is released, which is final", "Settled": "it is settled, which is final",
	} {
		x := request.DeepCopy()
		x.Status.Stage = stage
		refused(t, objects, x, want)
	}
	for stage, want := range map[v1alpha1.ClaimStage]string{"Draft": "is not submitted", "Settled": "it is paid", "Lapsed": "it has lapsed"} {
		x := claim.DeepCopy()
		x.Status.Stage = stage
		refused(t, objects, x, want)
	}
	for _, change := range []func(*v1alpha1.MDFClaim){
		func(x *v1alpha1.MDFClaim) { x.Generation = 99 },
		func(x *v1alpha1.MDFClaim) { x.Spec.Costs[0].Net = "1.00" },
		func(x *v1alpha1.MDFClaim) { x.Status.Revision = "" },
	} {
		x := claim.DeepCopy()
		change(x)
		refused(t, objects, x, "is not evaluated as it is now, so its revision is not known yet: wait a moment and try again")
	}
}

func refused(t *testing.T, objects []manifest.Object, target manifest.Object, want string) {
	t.Helper()
	_, err := decision.New(objects, decision.Wish{Target: target, Outcome: v1alpha1.DecisionApproved, By: "dirk", At: now})
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %v, want %q", manifest.KeyOf(target), err, want)
	}
}

func TestDrafts(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	for name, tc := range map[string]struct {
		target   string
		wish     decision.Wish
		want     v1alpha1.ApprovalDecisionSpec
		named    string
		lines    []string // among the terms
		warnings []string // what they begin with
		effect   string
	}{
		"the party that is missing": {
			target: "plan helix-2026-h2", wish: decision.Wish{By: "x", Revision: "0686ab3959"},
			want: v1alpha1.ApprovalDecisionSpec{Party: "Vendor", Decision: "Approved"}, named: "helix-2026-h2-vendor-0686ab3959-20261103",
			lines: []string{
				"Against the plan of record (revision v1:b59e8fa607, approved on 2026-06-16) the new terms change the goal new-users; add the activity demo-day-ghent.",
				"  new-users: new-users 150 (of record: new-users 120)",
				"  all together: EUR 16,900.00",
			},
			effect: "The plan is then Active, and Approved is True (Approved)",
		},
		"a plan of record is withdrawn": {
			target: "plan acme-fy27-h1", wish: decision.Wish{By: "x", Party: "Partner", Outcome: "Rejected", Comment: "no"},
			want:  v1alpha1.ApprovalDecisionSpec{Party: "Partner", Decision: "Rejected", Comment: "no"},
			named: "acme-fy27-h1-partner-fd926846b5-20261103", warnings: []string{"this takes back the plan of record"},
			lines:  []string{"  cloud-revenue: new-revenue 440,000, from 400,000, by 2026-12-31, weight 60%"},
			effect: "The plan is then Draft, and Approved is False (Rejected)",
		},
		"a second approver": {
			target: "request acme-customer-day", wish: decision.Wish{By: "dirk"},
			want: v1alpha1.ApprovalDecisionSpec{Party: "Vendor", Decision: "Approved"}, named: "acme-customer-day-vendor-56ebf1aee2-20261103",
			lines: []string{
				"Authority:  above EUR 4,000.00 2 people must approve", "Approved:   by " + vera + " on 2026-11-02",
				"Budget:     EUR 4,503.80 of EUR 20,000.00 is available",
			},
			effect: "Approved is then True (Approved)",
		},
		"money that rests on what was earned": {
			target: "request brightpath-term-start-posters", wish: decision.Wish{By: "dirk"},
			want: v1alpha1.ApprovalDecisionSpec{Party: "Vendor", Decision: "Approved"}, named: "brightpath-term-start-posters-vendor-0e6c65ed83-20261103",
			warnings: []string{"nothing is granted while a rule refuses the request: 40 percent is requested"},
			lines: []string{
				"Accrual:    earned EUR 2,550.00 in FY2026 Q4 (3 % of EUR 85,000.00 new-revenue, at most EUR 5,000.00, measured through 2026-06-30 by crm), " +
					"of which EUR 600.00 is used; EUR 1,950.00 is left through 2026-12-31",
				"Accrual:    earned EUR 4,170.00 in FY2027 Q1 (3 % of EUR 139,000.00 new-revenue, at most EUR 5,000.00, measured through 2026-09-30 by crm), " +
					"of which nothing is used; EUR 4,170.00 is left through 2027-03-31",
			},
			effect: "Approved is then",
		},
		"a part": {
			target: "claim acme-cloud-webinar-2", wish: decision.Wish{By: vera, Amount: "700.00", Comment: "partly"},
			want: v1alpha1.ApprovalDecisionSpec{
				Party: "Vendor", Decision: "ApprovedInPart", Comment: "partly", Amount: &v1alpha1.Money{Amount: "700.00", Currency: "EUR"},
			},
			named: "acme-cloud-webinar-2-vendor-31d0e084c8-20261103", lines: []string{"Payable:    EUR 725.00 of EUR 1,450.00"},
			effect: "Accepted is then True (AcceptedInPart)",
		},
		"a claim that a rule refuses": {
			target: "claim acme-network-ads-1", wish: decision.Wish{By: vera},
			want: v1alpha1.ApprovalDecisionSpec{Party: "Vendor", Decision: "Approved"}, named: "acme-network-ads-1-vendor-b459f56a83-20261103",
			warnings: []string{"nothing is paid while a rule refuses the claim: program northwind requires proof"},
			effect:   "Accepted is then False (ProofMissing)",
		},
		"money that is taken back": {
			target: "request acme-cloud-webinar", wish: decision.Wish{By: vera, Outcome: "Rejected", Comment: "no"},
			want: v1alpha1.ApprovalDecisionSpec{Party: "Vendor", Decision: "Rejected", Comment: "no"}, named: "acme-cloud-webinar-vendor-a7c6ed0190-20261103",
			warnings: []string{"this withdraws the approval: what is granted and not claimed is released, permanently"},
			effect:   "Approved is then False (ApprovalWithdrawn)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			target := find(t, objects, tc.target)
			tc.wish.Target, tc.wish.At = target, now.Add(300*time.Millisecond)
			if tc.wish.Outcome == "" {
				tc.wish.Outcome = v1alpha1.DecisionApproved
			}
			got, err := decision.New(objects, tc.wish)
			if err != nil {
				t.Fatal(err)
			}
			tc.want.TargetRef = v1alpha1.DecisionTargetReference{Kind: manifest.KeyOf(target).Kind, Name: v1alpha1.Name(target.GetName())}
			tc.want.ApprovedBy, tc.want.DecidedTime, tc.want.Revision = tc.wish.By, metav1.NewTime(now), got.Decision.Spec.Revision
			if diff := cmp.Diff(tc.want, got.Decision.Spec); diff != "" {
				t.Errorf("spec (-want +got):\n%s", diff)
			}
			if got.Decision.Name != tc.named || got.Decision.Namespace != target.GetNamespace() {
				t.Errorf("it is %s/%s, want %s", got.Decision.Namespace, got.Decision.Name, tc.named)
			}
			for _, line := range tc.lines {
				if !slices.ContainsFunc(got.Terms, func(term decision.Term) bool { return term.String() == line }) {
					t.Errorf("the terms lack %q:\n%s", line, got.Terms)
				}
			}
			if len(got.Warnings) != len(tc.warnings) || len(got.Warnings) > 0 && !strings.HasPrefix(got.Warnings[0], tc.warnings[0]) {
				t.Errorf("warnings %q, want %q", got.Warnings, tc.warnings)
			}
			if len(got.Effects) != 1 || !strings.HasPrefix(got.Effects[0], tc.effect) {
				t.Errorf("effects %q, want %q", got.Effects, tc.effect)
			}
		})
	}
}

// TestEveryDraftCounts drafts every decision on everything in the samples, and evaluates it with them: it is effective, and what was foretold
// occurs. Each partner is looked at alone, with its programs and budgets.
func TestEveryDraftCounts(t *testing.T) {
	all := samples(t)
	drafted := map[v1alpha1.DecisionOutcome]int{}
	for namespace := range all.Namespaces {
		set := alone(t, all, namespace)
		objects := preview.New(set).At(now)
		for _, target := range objects {
			if kind := manifest.KeyOf(target).Kind; kind != "JointPlan" && kind != "MDFAllocation" && kind != "MDFClaim" {
				continue
			}
			for _, outcome := range []v1alpha1.DecisionOutcome{"Approved", "Rejected"} {
				for _, party := range []v1alpha1.Party{"Vendor", "Partner"} {
					draft, err := decision.New(objects, decision.Wish{
						Target: target, Outcome: outcome, Party: party, By: "somebody", Comment: "because", At: now,
					})
					if err == nil {
						drafted[outcome]++
						assertCounts(t, set, draft)
					}
				}
			}
		}
	}
	if drafted["Approved"] < 5 || drafted["Rejected"] < 20 {
		t.Errorf("only these drafts: %v", drafted)
	}
}

// alone returns one partner's objects, with those that are in no namespace.
func alone(t *testing.T, all *manifest.Set, namespace string) *manifest.Set {
	t.Helper()
	objects := slices.DeleteFunc(all.Objects(), func(x manifest.Object) bool { return x.GetNamespace() != "" && x.GetNamespace() != namespace })
	set, err := manifest.NewSet(objects, map[string]map[string]string{namespace: all.Namespaces[namespace]})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func assertCounts(t *testing.T, set *manifest.Set, draft *decision.Draft) {
	t.Helper()
	with, err := manifest.NewSet(append(set.Objects(), draft.Decision), set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	after := preview.New(with).At(now)
	d := draft.Decision
	what := fmt.Sprintf("%s by the %s on %s %s", d.Spec.Decision, d.Spec.Party, d.Spec.TargetRef.Kind, d.Spec.TargetRef.Name)
	effective := conditionOf(preview.Find(after, "ApprovalDecision", d.Namespace, d.Name), v1alpha1.ConditionEffective)
	if !strings.HasPrefix(effective, "True") {
		t.Errorf("%s: Effective %s", what, effective)
	}
	target := preview.Find(after, d.Spec.TargetRef.Kind, d.Namespace, string(d.Spec.TargetRef.Name))
	kind := v1alpha1.ConditionApproved
	if d.Spec.TargetRef.Kind == "MDFClaim" {
		kind = v1alpha1.ConditionAccepted
	}
	status, reason, _ := strings.Cut(conditionOf(target, kind), " ")
	if len(draft.Effects) == 0 || !strings.Contains(draft.Effects[0], fmt.Sprintf("%s (%s)", status, reason)) {
		t.Errorf("%s: %s is %s %s, foretold was %q", what, kind, status, reason, draft.Effects)
	}
}

// conditionOf returns the status and reason of a condition.
func conditionOf(object manifest.Object, kind string) string {
	for _, c := range preview.Common(object).Conditions {
		if c.Type == kind {
			return fmt.Sprintf("%s %s", c.Status, c.Reason)
		}
	}
	return ""
}

// TestWithoutTheProgram decides as a person who may not read the program: the status says who is asked.
func TestWithoutTheProgram(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	target := find(t, objects, "plan helix-2026-h2")
	visible := slices.DeleteFunc(objects, func(x manifest.Object) bool { return x.GetNamespace() != target.GetNamespace() })
	got, err := decision.New(visible, decision.Wish{Target: target, Outcome: "Approved", By: "x", At: now})
	if err != nil || got.Decision.Spec.Party != "Vendor" || len(got.Effects) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
	_, err = decision.New(visible, decision.Wish{Target: target, Outcome: "Approved", By: "wout.claes@helix.example", At: now})
	if err == nil || !strings.Contains(err.Error(), "one person cannot approve for both parties") {
		t.Errorf("self-approval: %v", err)
	}
}

// TestWithoutTheLedger decides as a person who may not read ledgers: what follows for the money is not guessed, who may decide is known.
func TestWithoutTheLedger(t *testing.T) {
	objects := slices.DeleteFunc(preview.New(samples(t)).At(now), func(x manifest.Object) bool { return manifest.KeyOf(x).Kind == "MDFLedger" })
	for _, name := range []string{"request acme-customer-day", "claim acme-cloud-webinar-2"} {
		target := find(t, objects, name)
		got, err := decision.New(objects, decision.Wish{Target: target, Outcome: "Approved", By: "dirk", At: now})
		if err != nil || len(got.Effects) != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		_, err = decision.New(objects, decision.Wish{Target: target, Outcome: "Approved", By: paula, At: now})
		if err == nil || !strings.Contains(err.Error(), paula+" requested the money and cannot approve it") {
			t.Errorf("%s by who requested the money: %v", name, err)
		}
	}
}

// TestAuthorityIsThatSinceTheRequest shows the rules that bind a request of 2026-10-26 when one for one approver was put between.
func TestAuthorityIsThatSinceTheRequest(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	budget, ok := preview.Find(objects, "MDFBudget", "", "northwind-fy27").(*v1alpha1.MDFBudget)
	if !ok {
		t.Fatal("there is no budget northwind-fy27")
	}
	budget.Spec.Authority = append(budget.Spec.Authority,
		v1alpha1.AuthorityRule{EffectiveFrom: "2026-10-27"},
		v1alpha1.AuthorityRule{EffectiveFrom: "2026-11-01", Levels: []v1alpha1.AuthorityLevel{{Above: "1000.00", Approvers: 3}}},
		v1alpha1.AuthorityRule{EffectiveFrom: "2026-12-01", Levels: []v1alpha1.AuthorityLevel{{Above: "500.00", Approvers: 3}}},
	)
	draft, err := decision.New(objects, decision.Wish{Target: find(t, objects, "request acme-customer-day"), Outcome: v1alpha1.DecisionApproved, By: "dirk", At: now})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, term := range draft.Terms {
		if line := term.String(); strings.HasPrefix(line, "Authority:") {
			got = append(got, line)
		}
	}
	want := []string{
		"Authority:  above EUR 4,000.00 2 people must approve, by the rule of 2026-07-01",
		"Authority:  above EUR 1,000.00 3 people must approve, by the rule of 2026-11-01",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("authority (-want +got):\n%s", diff)
	}
}

func TestName(t *testing.T) {
	spec := v1alpha1.ApprovalDecisionSpec{
		TargetRef: v1alpha1.DecisionTargetReference{Name: "h1"}, Party: "Partner", Revision: "v1:7b21f16253411c5fa040133a35a61979",
		DecidedTime: metav1.NewTime(time.Date(2026, 11, 3, 23, 30, 0, 0, time.FixedZone("", -3600))),
	}
	if got, want := decision.Name(&spec, 1), "h1-partner-7b21f16253-20261104"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	spec.TargetRef.Name = v1alpha1.Name(strings.Repeat("a", 32) + "-" + strings.Repeat("b", 30))
	if got, want := decision.Name(&spec, 12), strings.Repeat("a", 32)+"-partner-7b21f16253-20261104-12"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestASecondDecisionOfADayHasANameOfItsOwn(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	wish := decision.Wish{Target: find(t, objects, "request acme-customer-day"), Outcome: "Approved", By: "dirk", At: now}
	first, err := decision.New(objects, wish)
	if err != nil {
		t.Fatal(err)
	}
	wish.By = "eva"
	taken := &v1alpha1.ApprovalDecision{TypeMeta: first.Decision.TypeMeta, ObjectMeta: first.Decision.ObjectMeta}
	second, err := decision.New(append(objects, taken), wish)
	if err != nil || second.Decision.Name != first.Decision.Name+"-2" {
		t.Errorf("got %v, %v", second, err)
	}
}

func TestWhatElseWaitsForABudget(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	var all []*v1alpha1.MDFAllocation
	for _, x := range objects {
		if request, ok := x.(*v1alpha1.MDFAllocation); ok {
			all = append(all, request)
		}
	}
	request, _ := find(t, objects, "request finch-service-webinar-2").(*v1alpha1.MDFAllocation)
	lines := func(others []*v1alpha1.MDFAllocation) (list []string) {
		for _, term := range decision.Waiting(request, others) {
			list = append(list, term.String())
		}
		return list
	}
	want := []string{
		"What else is waiting for budget northwind-fy27:",
		"  partner-lyra/lyra-cloud-desk-ads: EUR 6,000.00, asked for on 2026-10-12, approved, and waits for money",
		"  partner-acme/acme-customer-day: EUR 4,500.00, asked for on 2026-10-26, to be decided",
	}
	if diff := cmp.Diff(want, lines(all)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"Nothing else is waiting for budget northwind-fy27."}, lines([]*v1alpha1.MDFAllocation{request})); diff != "" {
		t.Errorf("alone (-want +got):\n%s", diff)
	}
	var many []*v1alpha1.MDFAllocation
	for i := range 12 {
		other := request.DeepCopy()
		other.Name, other.Status.Stage = fmt.Sprintf("r%02d", i), v1alpha1.AllocationPendingApproval
		many = append(many, other)
	}
	if got := lines(many); len(got) != 12 || got[11] != "  and 2 more" {
		t.Errorf("of twelve: %q", got)
	}
}

// TestAPlanThatIsNotSmartIsApprovedKnowingly, and a request that a rule refuses.
func TestAPlanThatIsNotSmartIsApprovedKnowingly(t *testing.T) {
	objects := preview.New(samples(t)).At(now)
	var tried bool
	for _, x := range objects {
		plan, ok := x.(*v1alpha1.JointPlan)
		if !ok {
			continue
		}
		not := slices.ContainsFunc(plan.Status.Conditions, func(c metav1.Condition) bool { return c.Type == "Smart" && c.Status == metav1.ConditionFalse })
		for _, outcome := range []v1alpha1.DecisionOutcome{v1alpha1.DecisionApproved, v1alpha1.DecisionReturned} {
			draft, err := decision.New(objects, decision.Wish{Target: plan, Outcome: outcome, Party: "Vendor", By: "someone@northwind.example", Comment: "x", At: now})
			if err != nil {
				continue
			}
			warned := slices.ContainsFunc(draft.Warnings, func(text string) bool { return strings.HasPrefix(text, "the plan is not SMART, and approving it ") })
			if want := not && outcome == v1alpha1.DecisionApproved; warned != want {
				t.Errorf("%s of %s warns: %t, want %t", outcome, plan.Name, warned, want)
			} else {
				tried = tried || warned
			}
		}
	}
	if !tried {
		t.Error("no plan of the samples that can be approved is not SMART")
	}
}
