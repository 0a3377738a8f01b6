package plugin

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

// TestWhatPeopleSee looks at the cluster in the name of people who may see all of it, only a namespace, or nothing.
func TestWhatPeopleSee(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.await(&v1alpha1.JointPlan{}, "h1", v1alpha1.ConditionApproved, metav1.ConditionFalse, v1alpha1.ReasonDraft)
	o.expect(o.as("", "tree"), 0, "partnerprogram/", "partner/", "jointplan/h1", "Draft")
	o.submitPlan()
	o.expect(o.as("", "tree"), 0, "! jointplan/h1", "AwaitingDecision")
	o.expect(o.as("paul", "tree"), 0, "jointplan/h1", "You are not allowed to list partnerprograms.channel.jointplan.dev and mdfbudgets.channel.jointplan.dev, which are for the vendor's people")
	o.expect(o.as("paul", "explain", "plan/h1"), 0, "Approvals", "Missing", "Goals")
	o.expect(o.as("vera", "actions", "--for", "vendor"), 0, "Decide on the plan, revision v1:")
	o.expect(o.as("", "report", "--by", "partner", "-o", "csv"), 0, "partner,partners,plans", o.namespace+"/")
	o.expect(o.as("", "tree", "-n", "nowhere"), 1, "there is no namespace nowhere: look in another one with -n, or in all with -A")
	o.expect(o.as("", "tree", "-A"), 0, "jointplan/h1")
	o.expect(o.as("stranger", "tree"), 1, "you are not allowed to do that", "Ask an administrator of the cluster for a role that has the right (docs/access.md lists them)")
	o.expect(o.as("vera", "explain", "plan/year"), 1, "there is no plan/year in namespace "+o.namespace+": there is h1; look in another namespace with -n, or in all with -A")
}

// TestStatusWaits waits for what is evaluated, for a condition that comes, for one that does not come, and for what is not applied.
func TestStatusWaits(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.expect(o.as("", "status", "--wait", "--timeout", "60s"), 0, "jointplan/h1", "Suspended")
	late := o.as("", "status", "plan/h1", "--for=condition=Approved", "--timeout", "2s")
	o.expect(late, 1, "the time of --timeout (2s) is over: condition Approved is not True: JointPlan "+o.namespace+"/h1 (Draft: ")
	o.expect(o.as("", "status", "plan/h1", "--for=condition=Effective"), 1, "without condition Effective: JointPlan "+o.namespace+"/h1")
	o.approvePlan()
	o.expect(o.as("", "status", "plan/h1", "--for=condition=Approved", "--timeout", "60s"), 0, "Healthy")

	file := filepath.Join(t.TempDir(), "all.yaml")
	text := o.text(nil) + strings.Replace(wrongPlan, "NAMESPACE", o.namespace, 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	o.expect(o.as("", "status", "-f", file), 1, "jointplan/wrong", "Missing", "not in the cluster: apply it")
	wrong := &v1alpha1.JointPlan{}
	wrong.Name, wrong.Namespace = "wrong", o.namespace
	wrong.Spec.PartnerRef.Name = "nobody"
	year := int32(2027)
	wrong.Spec.Period = v1alpha1.Period{FiscalYear: &year, Part: v1alpha1.PartH2}
	o.create(wrong)
	o.expect(o.as("", "status", "-f", file, "--wait", "--timeout", "60s"), 1, "Degraded: change the spec")
}

const wrongPlan = `
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: wrong, namespace: NAMESPACE}
spec:
  partnerRef: {name: nobody}
  period: {fiscalYear: 2027, part: H2}
`

// TestWatchShowsChanges reads what tree --watch writes into a pipe: the tree, and after a change another one.
func TestWatchShowsChanges(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.submitPlan()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	watching := exec.CommandContext(ctx, o.binary, "tree", "-w", "-n", o.namespace, "--kubeconfig", os.Getenv(plane.Kubeconfig))
	watching.Cancel = func() error { return watching.Process.Signal(os.Interrupt) }
	out, err := watching.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := watching.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	until := func(text string) {
		t.Helper()
		for lines.Scan() {
			if strings.Contains(lines.Text(), text) {
				return
			}
		}
		t.Fatalf("the output ends before %q", text)
	}
	until("jointplan/h1")
	plan := &v1alpha1.JointPlan{}
	if err := o.Get(ctx, client.ObjectKey{Namespace: o.namespace, Name: "h1"}, plan); err != nil {
		t.Fatal(err)
	}
	base := plan.DeepCopy()
	plan.Spec.Vision = "another one"
	if err := o.Patch(ctx, plan, client.MergeFrom(base)); err != nil {
		t.Fatal(err)
	}
	until("---")
	until("Draft")
	cancel()
	if err := watching.Wait(); err == nil {
		return
	} else if watching.ProcessState.ExitCode() != 0 && ctx.Err() == nil {
		t.Errorf("it ended with %v", err)
	}
}
