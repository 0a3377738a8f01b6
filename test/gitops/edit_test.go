package gitops

import (
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// aPlanEditedInGitIsJudgedAnew raises a target in Git: the cluster follows, the plan has another revision, the approved text stays in force, and
// Argo CD says that someone has to approve. Taken back, the old revision is approved as it was.
func aPlanEditedInGitIsJudgedAnew(t *testing.T) {
	begin(t)
	plan, app := ours("jointplans", "partner-acme", "acme-fy27-h1"), partnerApplication("acme")
	awaitCondition(t, plan, "Approved", metav1.ConditionTrue, "Approved")
	before := text(read(t, plan), "status", "revision")

	here.repo.replace(t, partnerFile("acme", "plans.yaml"), `{mode: IncreaseByPercent, value: "10"}`, `{mode: IncreaseByPercent, value: "15"}`)
	deliver(t, app, "raise the target of acme-fy27-h1")

	awaitCondition(t, plan, "Approved", metav1.ConditionFalse, "AmendmentPending")
	after := text(read(t, plan), "status", "revision")
	if after == before || !strings.HasPrefix(after, "v1:") {
		t.Errorf("the revision was %s and is %s, want another", before, after)
	}
	message := awaitHealth(t, app, "JointPlan", "acme-fy27-h1", "Suspended")
	if !strings.Contains(message, after[:len("v1:")+10]) || !strings.Contains(message, "jointplan/acme-fy27-h1") {
		t.Errorf("Argo CD says %q, want what to do about revision %s", message, after)
	}

	begin(t)
	awaitCondition(t, plan, "Approved", metav1.ConditionTrue, "Approved")
	if again := text(read(t, plan), "status", "revision"); again != before {
		t.Errorf("taken back, the revision is %s, want %s", again, before)
	}
}
