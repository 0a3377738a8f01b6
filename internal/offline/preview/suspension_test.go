package preview

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// conditionOf returns a condition of an object as "Status Reason"; "-" when there is none.
func conditionOf(t *testing.T, objects []Object, kind, name, condition string) string {
	t.Helper()
	for _, x := range objects {
		if x.GetObjectKind().GroupVersionKind().Kind != kind || x.GetName() != name {
			continue
		}
		if c := meta.FindStatusCondition(Common(x).Conditions, condition); c != nil {
			return string(c.Status) + " " + c.Reason
		}
		return "-"
	}
	t.Fatalf("there is no %s %s", kind, name)
	return ""
}

const suspended = `, annotations: {channel.jointplan.dev/suspend: "true"}}`

func TestASuspendedBudgetGrantsNothingOffline(t *testing.T) {
	at := instant(t, "2026-03-20T09:00:00Z")
	granted := scenario(t, "grants").At(at)
	if got := conditionOf(t, granted, "MDFAllocation", "r0", v1alpha1.ConditionGranted); got != "True Granted" {
		t.Fatalf("without the annotation Granted of r0 is %s, want True Granted", got)
	}
	objects := scenario(t, "grants", "kind: MDFBudget\nmetadata: {name: fy26}", "kind: MDFBudget\nmetadata: {name: fy26"+suspended).At(at)
	for _, want := range []struct{ kind, name, condition, verdict string }{
		{"MDFBudget", "fy26", v1alpha1.ConditionSuspended, "True Suspended"},
		{"MDFBudget", "fy26", v1alpha1.ConditionLedgerIntact, "Unknown LedgerMissing"},
		{"MDFAllocation", "r0", v1alpha1.ConditionGranted, "False BudgetSuspended"},
		{"MDFAllocation", "r0", v1alpha1.ConditionSuspended, "-"},
	} {
		if got := conditionOf(t, objects, want.kind, want.name, want.condition); got != want.verdict {
			t.Errorf("%s of %s is %s, want %s", want.condition, want.name, got, want.verdict)
		}
	}
}

func TestAnotherWordForTrueIsAWarningOffline(t *testing.T) {
	at := instant(t, "2026-03-20T09:00:00Z")
	objects := scenario(t, "grants", "kind: MDFBudget\nmetadata: {name: fy26}", "kind: MDFBudget\nmetadata: {name: fy26"+strings.Replace(suspended, "true", "True", 1)).At(at)
	if got := conditionOf(t, objects, "MDFAllocation", "r0", v1alpha1.ConditionGranted); got != "True Granted" {
		t.Errorf("Granted of r0 is %s, want True Granted", got)
	}
	for _, x := range objects {
		if x.GetName() == "fy26" && x.GetObjectKind().GroupVersionKind().Kind == "MDFBudget" {
			for _, f := range Common(x).Findings {
				if f.Rule == "SuspendIgnored" && f.Severity == v1alpha1.SeverityWarning {
					return
				}
			}
			t.Errorf("the findings of the budget are %v", Common(x).Findings)
		}
	}
}

func TestASuspendedPlanIsShownAsItWouldBe(t *testing.T) {
	at := instant(t, "2026-03-20T09:00:00Z")
	const plan = "kind: JointPlan\nmetadata: {name: acme-2026, namespace: partner-acme"
	objects := scenario(t, "grants", plan+"}", plan+suspended).At(at)
	for _, want := range []struct{ kind, name, condition, verdict string }{
		{"JointPlan", "acme-2026", v1alpha1.ConditionSuspended, "True Suspended"},
		{"JointPlan", "acme-2026", v1alpha1.ConditionApproved, "True Approved"},
		{"MDFAllocation", "r0", v1alpha1.ConditionGranted, "True Granted"},
	} {
		if got := conditionOf(t, objects, want.kind, want.name, want.condition); !strings.HasPrefix(got, want.verdict) {
			t.Errorf("%s of %s is %s, want %s", want.condition, want.name, got, want.verdict)
		}
	}
}
