package gitops

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// decisionOf returns the manifest of an approval of Acme's draft.
func decisionOf(t *testing.T, name string) string {
	t.Helper()
	return fmt.Sprintf(`apiVersion: channel.jointplan.dev/v1alpha1
kind: ApprovalDecision
metadata:
  name: %s
  namespace: partner-acme
  annotations: {argocd.argoproj.io/sync-options: Prune=false}
spec:
  targetRef: {kind: JointPlan, name: acme-fy27-h2}
  revision: %s
  party: Partner
  decision: Approved
  approvedBy: paula.reimann@acme.example
  decidedTime: "2026-11-03T09:00:00Z"
`, name, text(read(t, ours("jointplans", "partner-acme", "acme-fy27-h2")), "status", "revision"))
}

// aPartnerDeliversNoDecision commits a decision among a partner's files: the project refuses it, and if the project is opened, the API server
// refuses it to the account in whose name the partner's files are delivered. Among the decisions it is accepted.
func aPartnerDeliversNoDecision(t *testing.T) {
	begin(t)
	decision := ours("approvaldecisions", "partner-acme", "smuggled")
	here.repo.write(t, partnerFile("acme", "more.yaml"), decisionOf(t, decision.name))
	push(t, "a decision among the partner's files")
	awaitRefusal(t, partnerApplication("acme"), decision, "resource channel.jointplan.dev:ApprovalDecision is not permitted in project jointplan-partners")

	openProject(t, "jointplan-partners")
	awaitRefusal(t, partnerApplication("acme"), decision,
		`User "system:serviceaccount:partner-acme:jointplan-git-partner-path" cannot get resource "approvaldecisions"`)

	begin(t)
	accepted := ours("approvaldecisions", "partner-acme", "decided")
	here.repo.write(t, decisionFile("acme"), here.repo.read(t, decisionFile("acme"))+"---\n"+decisionOf(t, accepted.name))
	deliver(t, decisionApplication("acme"), "a decision among the decisions")
	awaitHealth(t, decisionApplication("acme"), "ApprovalDecision", accepted.name, "Healthy")
	// The tests that follow expect the samples: Git first, or self-heal would bring it back.
	if _, err := here.repo.reset(); err != nil {
		t.Fatal(err)
	}
	compare(t, decisionApplication("acme"))
	if err := accepted.client().Delete(t.Context(), accepted.name, metav1.DeleteOptions{}); err != nil {
		t.Error(err)
	}
}

// approversDeliverNoPlan commits a plan among the decisions, with the project opened for it: the API server refuses it.
func approversDeliverNoPlan(t *testing.T) {
	begin(t)
	openProject(t, "jointplan-approvals")
	plan := strings.ReplaceAll(misspeltPlan, "finch", "acme")
	here.repo.write(t, decisionFile("acme"), here.repo.read(t, decisionFile("acme"))+"---\n"+plan)
	push(t, "a plan among the decisions")
	awaitRefusal(t, decisionApplication("acme"), ours("jointplans", "partner-acme", "acme-misspelt"),
		`User "system:serviceaccount:partner-acme:jointplan-git-approvals-path" cannot patch resource "jointplans"`)
}

// aPartnerDeliversNothingToAnother commits a plan for the namespace of another partner: the API server refuses it.
func aPartnerDeliversNothingToAnother(t *testing.T) {
	begin(t)
	here.repo.write(t, partnerFile("acme", "more.yaml"), misspeltPlan)
	push(t, "a plan for the namespace of another partner")
	awaitRefusal(t, partnerApplication("acme"), ours("jointplans", "partner-finch", "finch-misspelt"),
		`User "system:serviceaccount:partner-acme:jointplan-git-partner-path" cannot get resource "jointplans" in API group `+
			`"channel.jointplan.dev" in the namespace "partner-finch"`)
}

// awaitRefusal makes Argo CD deliver and waits until it says why one object was refused. The object must not be there.
func awaitRefusal(t *testing.T, app string, what thing, want string) {
	t.Helper()
	compare(t, app)
	awaitApplication(t, app, func(app *appv1.Application) string {
		if state := app.Status.OperationState; state != nil && state.SyncResult != nil {
			for _, one := range state.SyncResult.Resources {
				if one.Name == what.name && strings.Contains(one.Message, want) {
					return ""
				}
			}
		}
		return fmt.Sprintf("%s is not refused with %q: %s", what, want, explain(app))
	})
	await(t, what, func(object *unstructured.Unstructured) string {
		if object != nil {
			t.Errorf("%s was refused and is there", what)
		}
		return ""
	})
}

// openProject lets a project deliver every kind, until the test ends.
func openProject(t *testing.T, name string) {
	t.Helper()
	project := thing{schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "appprojects"}, argocdNamespace, name}
	before, _, err := unstructured.NestedSlice(read(t, project).Object, "spec", "namespaceResourceWhitelist")
	if err != nil {
		t.Fatal(err)
	}
	admit := func(kinds any) error {
		list, err := json.Marshal(kinds)
		if err != nil {
			return err
		}
		change := fmt.Sprintf(`{"spec":{"namespaceResourceWhitelist":%s}}`, list)
		_, err = project.client().Patch(context.Background(), name, types.MergePatchType, []byte(change), metav1.PatchOptions{})
		return err
	}
	t.Cleanup(func() {
		if err := admit(before); err != nil {
			t.Error(err)
		}
	})
	if err := admit([]map[string]string{{"group": "*", "kind": "*"}}); err != nil {
		t.Fatal(err)
	}
}
