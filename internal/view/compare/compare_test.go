package compare_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/compare"
)

// plan is an evaluated plan.
func plan(change func(*v1alpha1.JointPlan)) *v1alpha1.JointPlan {
	attainment := int32(36)
	x := &v1alpha1.JointPlan{}
	x.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("JointPlan"))
	x.Namespace, x.Name = "partner-acme", "h1"
	x.Spec.PartnerRef.Name = "acme"
	x.Spec.Goals = []v1alpha1.Goal{{Name: "leads", Metric: "qualified-leads", Target: &v1alpha1.Target{Mode: "Absolute", Value: "100"}}}
	x.Status = v1alpha1.JointPlanStatus{
		Revision: "v1:7b21f16253411c5fa040133a35a61979", Stage: v1alpha1.StageActive, AttainmentPercent: &attainment,
		Approvals: []v1alpha1.PartyApproval{{Party: "Vendor", State: "Approved"}, {Party: "Partner", State: "Approved"}},
		CommonStatus: v1alpha1.CommonStatus{
			Conditions: []metav1.Condition{condition("Approved", "True", "Approved", "both approved")},
			Findings:   []v1alpha1.Finding{{Rule: "GoalAtRisk", Severity: "Info", Field: "spec.goals[leads]", Message: "36 of 100"}},
		},
	}
	if change != nil {
		change(x)
	}
	return x
}

func condition(kind string, status metav1.ConditionStatus, reason, message string) metav1.Condition {
	return metav1.Condition{Type: kind, Status: status, Reason: reason, Message: message}
}

// amended is the plan with other terms that nobody has approved.
func amended(x *v1alpha1.JointPlan) {
	x.Spec.Goals[0].Target.Value = "120"
	x.Status.Revision = "v1:32a982ad7153cb8fd1cd17545c6ca830"
	for i := range x.Status.Approvals {
		x.Status.Approvals[i].State = "Missing"
	}
	x.Status.Conditions[0] = condition("Approved", "False", "AmendmentPending", "waiting")
}

// budget is an evaluated budget.
func budget(available, reserved string) *v1alpha1.MDFBudget {
	x := &v1alpha1.MDFBudget{}
	x.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("MDFBudget"))
	x.Name = "fy27"
	x.Spec.Amount = v1alpha1.Money{Amount: "100.00", Currency: "EUR"}
	x.Status.Available = &v1alpha1.Money{Amount: v1alpha1.Decimal(available), Currency: "EUR"}
	x.Status.Reserved = &v1alpha1.Money{Amount: v1alpha1.Decimal(reserved), Currency: "EUR"}
	return x
}

func TestWorlds(t *testing.T) {
	of := compare.Difference{Kind: "JointPlan", Namespace: "partner-acme", Name: "h1"}
	with := func(change func(*compare.Difference)) []compare.Difference {
		d := of
		change(&d)
		return []compare.Difference{d}
	}
	for name, tc := range map[string]struct {
		before, after []manifest.Object
		want          []compare.Difference
		money         []compare.Budget
	}{
		"nothing": {before: []manifest.Object{plan(nil)}, after: []manifest.Object{plan(nil)}},
		"times and generations are no difference": {
			before: []manifest.Object{plan(nil)},
			after: []manifest.Object{plan(func(x *v1alpha1.JointPlan) {
				x.Generation, x.Status.ObservedGeneration = 7, 7
				x.Status.Conditions[0].LastTransitionTime = metav1.Unix(1e9, 0)
				x.Status.Conditions[0].Message = "in other words"
			})},
		},
		"an amendment": {
			before: []manifest.Object{plan(nil)}, after: []manifest.Object{plan(amended)},
			want: with(func(d *compare.Difference) {
				d.Change, d.Terms, d.Approval = compare.Changed, "change the goal leads", "needs new approval by Vendor and Partner"
				d.Values = []compare.Value{{Name: "revision", Before: "v1:7b21f16253", After: "v1:32a982ad71"}}
				d.Conditions = []compare.Condition{{Type: "Approved", Before: "True Approved", After: "False AmendmentPending", Message: "waiting"}}
			}),
		},
		"a draft needs nobody's approval": {
			before: []manifest.Object{plan(func(x *v1alpha1.JointPlan) { x.Status.Stage = v1alpha1.StageDraft })},
			after: []manifest.Object{plan(func(x *v1alpha1.JointPlan) {
				x.Status.Stage = v1alpha1.StageDraft
				x.Spec.Vision, x.Status.Revision = "more", "v1:32a982ad7153cb8fd1cd17545c6ca830"
				x.Status.Approvals[0].State = "Missing"
			})},
			want: with(func(d *compare.Difference) {
				d.Change, d.Terms = compare.Changed, "change the vision"
				d.Values = []compare.Value{{Name: "revision", Before: "v1:7b21f16253", After: "v1:32a982ad71"}}
			}),
		},
		"an affected plan": {
			before: []manifest.Object{plan(nil)},
			after: []manifest.Object{plan(func(x *v1alpha1.JointPlan) {
				*x.Status.AttainmentPercent = 40
				x.Status.Findings = []v1alpha1.Finding{{Rule: "ReviewOverdue", Severity: "Warning", Field: "status.reviews", Message: "late"}}
			})},
			want: with(func(d *compare.Difference) {
				d.Change = compare.Affected
				d.Values = []compare.Value{{Name: "attainment", Before: "36%", After: "40%"}}
				d.NewFindings = []v1alpha1.Finding{{Rule: "ReviewOverdue", Severity: "Warning", Field: "status.reviews", Message: "late"}}
				d.CuredFindings = []v1alpha1.Finding{{Rule: "GoalAtRisk", Severity: "Info", Field: "spec.goals[leads]", Message: "36 of 100"}}
			}),
		},
		"a finding in other words is neither new nor cured": {
			before: []manifest.Object{plan(nil)},
			after:  []manifest.Object{plan(func(x *v1alpha1.JointPlan) { x.Status.Findings[0].Message = "40 of 100" })},
		},
		"a finding that is graver is new": {
			before: []manifest.Object{plan(nil)},
			after:  []manifest.Object{plan(func(x *v1alpha1.JointPlan) { x.Status.Findings[0].Severity = "Warning" })},
			want: with(func(d *compare.Difference) {
				d.Change = compare.Affected
				d.NewFindings = []v1alpha1.Finding{{Rule: "GoalAtRisk", Severity: "Warning", Field: "spec.goals[leads]", Message: "36 of 100"}}
				d.CuredFindings = []v1alpha1.Finding{{Rule: "GoalAtRisk", Severity: "Info", Field: "spec.goals[leads]", Message: "36 of 100"}}
			}),
		},
		"one of two findings of a rule": {
			before: []manifest.Object{plan(func(x *v1alpha1.JointPlan) {
				x.Status.Findings = []v1alpha1.Finding{{Rule: "P", Message: "a"}, {Rule: "P", Message: "b"}}
			})},
			after: []manifest.Object{plan(func(x *v1alpha1.JointPlan) { x.Status.Findings = []v1alpha1.Finding{{Rule: "P", Message: "b"}} })},
			want: with(func(d *compare.Difference) {
				d.Change, d.CuredFindings = compare.Affected, []v1alpha1.Finding{{Rule: "P", Message: "a"}}
			}),
		},
		"an object that is added shows what is bad": {
			after: []manifest.Object{plan(func(x *v1alpha1.JointPlan) {
				x.Status.Conditions = []metav1.Condition{
					condition("Ready", "True", "Evaluated", "fine"), condition("ReviewOverdue", "True", "Overdue", "late"),
					condition("ResultsStale", "False", "UpToDate", "fine"), condition("OnTrack", "False", "OffTrack", "behind"),
				}
				x.Status.Approvals[1].State, x.Status.Findings = "Missing", nil
			})},
			want: with(func(d *compare.Difference) {
				d.Change, d.Approval = compare.Added, "needs the approval of Partner"
				d.Values = []compare.Value{{Name: "stage", After: "Active"}, {Name: "revision", After: "v1:7b21f16253"}, {Name: "attainment", After: "36%"}}
				d.Conditions = []compare.Condition{
					{Type: "ReviewOverdue", After: "True Overdue", Message: "late"}, {Type: "OnTrack", After: "False OffTrack", Message: "behind"},
				}
			}),
		},
		"an object that is removed": {
			before: []manifest.Object{plan(nil)}, want: with(func(d *compare.Difference) { d.Change = compare.Removed }),
		},
		"money": {
			before: []manifest.Object{budget("60.00", "40.00")}, after: []manifest.Object{budget("50.00", "50.00")},
			money: []compare.Budget{{Name: "fy27", Currency: "EUR", Amounts: []compare.Value{
				{Name: "reserved", Before: "40.00", After: "50.00"}, {Name: "available", Before: "60.00", After: "50.00"},
			}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := compare.Worlds(tc.before, tc.after)
			want := &compare.Report{Differences: append([]compare.Difference{}, tc.want...), Money: append([]compare.Budget{}, tc.money...)}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if empty := len(tc.want)+len(tc.money) == 0; got.IsEmpty() != empty {
				t.Errorf("IsEmpty() = %t", got.IsEmpty())
			}
		})
	}
}

func TestTexts(t *testing.T) {
	evil := func(x *v1alpha1.JointPlan) {
		amended(x)
		x.Status.Conditions[0].Message = "<b>ask</b> @vera |`#1`| see [x](http://x)\n# more"
	}
	report := compare.Worlds([]manifest.Object{plan(nil), budget("60.00", "40.00")}, []manifest.Object{plan(evil), budget("50.00", "50.00")})
	report.At, report.Against = "2026-11-03T09:00:00Z", "main"
	wantText := `Against main, both as of 2026-11-03T09:00:00Z: 1 changed.

JointPlan partner-acme/h1: changed
  needs new approval by Vendor and Partner
  the new terms change the goal leads
  revision: v1:7b21f16253 -> v1:32a982ad71
  Approved: True Approved -> False AmendmentPending: <b>ask</b> @vera |` + "`#1`" + `| see [x](http://x) ⏎ # more

Money
  BUDGET  CURRENCY  WHAT       BEFORE  AFTER
  fy27    EUR       reserved   40.00   50.00
  fy27    EUR       available  60.00   50.00
`
	if diff := cmp.Diff(wantText, report.Text()); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	markdown := report.Markdown()
	for _, want := range []string{
		"### What this changes\n\nAgainst main, both as of 2026-11-03T09:00:00Z: 1 changed.\n",
		"| `fy27` | EUR | reserved | 40.00 | 50.00 |\n",
		"\n**JointPlan** `partner-acme/h1`: changed\n\n- **needs new approval by Vendor and Partner**\n",
		"- `Approved`: True Approved -> False AmendmentPending: &lt;b&gt;ask&lt;/b&gt; &#64;vera &#124;&#96;&#35;1&#96;&#124; see " +
			"&#91;x&#93;(http&#58;//x) ⏎ &#35; more\n",
	} {
		if !strings.Contains(markdown, want) {
			t.Errorf("the comment lacks %q:\n%s", want, markdown)
		}
	}
	none := compare.Worlds(nil, nil)
	none.At, none.Against = report.At, report.Against
	if got, want := none.Text(), "Nothing is different from main at 2026-11-03T09:00:00Z.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
