package gitops

import (
	"fmt"
	"testing"

	"github.com/argoproj/argo-cd/v3/util/lua"
	jsonpatch "github.com/evanphx/json-patch"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// suspendAnnotation is what the actions suspend and resume set and remove.
const suspendAnnotation = "channel.jointplan.dev/suspend"

// aManualEditIsUndone changes a field of a spec by hand: Argo CD restores what Git says, without being asked to compare.
func aManualEditIsUndone(t *testing.T) {
	begin(t)
	campaign := ours("campaigns", "partner-acme", "acme-cloud-webinar")
	before := text(read(t, campaign), "spec", "title")
	patch(t, campaign, `{"spec":{"title":"Changed by hand"}}`)
	await(t, campaign, func(object *unstructured.Unstructured) string {
		if title := text(object, "spec", "title"); title != before {
			return fmt.Sprintf("the title is %q, want %q", title, before)
		}
		return ""
	})
}

// aSuspendedPlanStaysSuspended runs the action suspend on a plan as Argo CD does. Self-heal does not undo it, a manual edit meanwhile is undone
// as ever, and the plan's health says that it is suspended, until the action resume.
func aSuspendedPlanStaysSuspended(t *testing.T) {
	begin(t)
	plan, app := ours("jointplans", "partner-acme", "acme-fy27-h1"), partnerApplication("acme")
	before := operations(compare(t, app))
	offers(t, plan, map[string]bool{"reconcile": true, "suspend": true, "resume": false})

	runAction(t, plan, "suspend")
	awaitHealth(t, app, "JointPlan", "acme-fy27-h1", "Suspended")
	if now := compare(t, app); operations(now) != before || now.Status.Sync.Status != "Synced" {
		t.Errorf("to suspend a plan is no drift, but Argo CD says %s", explain(now))
	}
	offers(t, plan, map[string]bool{"reconcile": false, "suspend": false, "resume": true})

	patch(t, plan, `{"spec":{"segment":null}}`)
	await(t, plan, func(object *unstructured.Unstructured) string {
		switch {
		case text(object, "spec", "segment") == "":
			return "the manual edit is not undone"
		case object.GetAnnotations()[suspendAnnotation] != "true":
			t.Fatal("with the manual edit, the suspension was undone")
		}
		return ""
	})
	awaitHealth(t, app, "JointPlan", "acme-fy27-h1", "Suspended")

	runAction(t, plan, "resume")
	awaitHealth(t, app, "JointPlan", "acme-fy27-h1", "Healthy")
	if found := condition(read(t, plan), "Suspended"); len(found) != 0 {
		t.Errorf("resumed, the plan has the condition %v", found)
	}
}

// offers checks which actions Argo CD offers on an object, and which of them are enabled.
func offers(t *testing.T, what thing, want map[string]bool) {
	t.Helper()
	found := map[string]bool{}
	for _, action := range discover(t, lua.VM{ResourceOverrides: configured(t)}, read(t, what)) {
		found[action.Name] = !action.Disabled
	}
	if fmt.Sprint(found) != fmt.Sprint(want) {
		t.Errorf("%s: the actions are %v, want %v", what, found, want)
	}
}

// runAction runs an action on an object as Argo CD's server does: what the script returns is written as a merge patch of what is there.
func runAction(t *testing.T, what thing, name string) {
	t.Helper()
	live := read(t, what)
	was, err := live.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	is, err := act(t, lua.VM{ResourceOverrides: configured(t)}, live, name).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	change, err := jsonpatch.CreateMergePatch(was, is)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%s of %s: %s", name, what, change)
	patch(t, what, string(change))
}
