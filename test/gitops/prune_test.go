package gitops

import (
	"slices"
	"strings"
	"testing"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// whatGoesFromGitGoesButDecisionsStay removes a campaign and a decision from Git: the campaign is deleted, the decision stays, as a record, and
// Argo CD shows that Git does not hold it any more.
func whatGoesFromGitGoesButDecisionsStay(t *testing.T) {
	begin(t)
	campaign, decision := ours("campaigns", "partner-finch", "finch-service-webinar"), ours("approvaldecisions", "partner-finch", "finch-fy27-h1-vendor")
	uid := read(t, decision).GetUID()

	here.repo.remove(t, partnerFile("finch", "campaigns.yaml"))
	here.repo.write(t, decisionFile("finch"), without(here.repo.read(t, decisionFile("finch")), "name: "+decision.name))
	revision := push(t, "no campaign, one decision less")
	awaitSynced(t, partnerApplication("finch"), revision)
	await(t, campaign, func(object *unstructured.Unstructured) string {
		if object != nil {
			return "it is still there"
		}
		return ""
	})

	compare(t, decisionApplication("finch"))
	awaitApplication(t, decisionApplication("finch"), func(app *appv1.Application) string {
		if app.Status.Sync.Revision != revision || app.Operation != nil || !app.Status.OperationState.Phase.Completed() {
			return explain(app)
		}
		for _, one := range app.Status.Resources {
			if removed := one.Name == decision.name; removed != one.RequiresPruning || removed != (one.Status == appv1.SyncStatusCodeOutOfSync) {
				t.Errorf("%s %s: %+v", one.Kind, one.Name, one)
			}
		}
		return ""
	})
	if now := read(t, decision).GetUID(); now != uid {
		t.Errorf("the decision is %s, want the one that was there, %s", now, uid)
	}
	plan := ours("jointplans", "partner-finch", "finch-fy27-h1")
	awaitCondition(t, plan, "Approved", metav1.ConditionTrue, "Approved")
}

// without returns YAML without the documents that hold a text.
func without(content, text string) string {
	kept := slices.DeleteFunc(documents([]byte(content)), func(document string) bool { return strings.Contains(document, text) })
	return strings.Join(kept, "\n---\n")
}
