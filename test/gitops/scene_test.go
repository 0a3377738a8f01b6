package gitops

import (
	"fmt"
	"slices"
	"testing"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// begin puts the samples back into the repository and waits until all of it is applied, whatever the test before has left.
func begin(t *testing.T) {
	t.Helper()
	revision, err := here.repo.reset()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range applications() {
		awaitSynced(t, name, revision)
	}
}

// deliver commits what the test has changed and waits until an Application has applied it.
func deliver(t *testing.T, app, message string) *appv1.Application {
	t.Helper()
	return awaitSynced(t, app, push(t, message))
}

// push commits what the test has changed.
func push(t *testing.T, message string) string {
	t.Helper()
	revision, err := here.repo.commit(message)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}

// resourceOf returns what an Application says about one of its objects, and nothing if it says nothing.
func resourceOf(app *appv1.Application, kind, name string) *appv1.ResourceStatus {
	at := slices.IndexFunc(app.Status.Resources, func(r appv1.ResourceStatus) bool { return r.Kind == kind && r.Name == name })
	if at < 0 {
		return nil
	}
	return &app.Status.Resources[at]
}

// awaitHealth waits until an Application says that one of its objects has a health, and returns the message.
func awaitHealth(t *testing.T, app, kind, name, want string) string {
	t.Helper()
	var message string
	awaitApplication(t, app, func(app *appv1.Application) string {
		one := resourceOf(app, kind, name)
		if one == nil || one.Health == nil || string(one.Health.Status) != want {
			return fmt.Sprintf("%s %s is %+v, want health %s", kind, name, one, want)
		}
		message = one.Health.Message
		return ""
	})
	return message
}

// awaitCondition waits until an object that the operator has evaluated has a condition with a status and a reason, and returns its message.
func awaitCondition(t *testing.T, what thing, kind string, status metav1.ConditionStatus, reason string) string {
	t.Helper()
	var message string
	await(t, what, func(object *unstructured.Unstructured) string {
		if object == nil {
			return "it is not there"
		}
		found := condition(object, kind)
		if found["status"] != string(status) || found["reason"] != reason || found["observedGeneration"] != object.GetGeneration() {
			return fmt.Sprintf("%s of generation %d is %v, want %s %s", kind, object.GetGeneration(), found, status, reason)
		}
		message, _ = found["message"].(string)
		return ""
	})
	return message
}

// condition returns a condition of an object, and an empty map if there is none.
func condition(object *unstructured.Unstructured, kind string) map[string]any {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, one := range conditions {
		if fields, ok := one.(map[string]any); ok && fields["type"] == kind {
			return fields
		}
	}
	return map[string]any{}
}

// text returns a text field of an object.
func text(object *unstructured.Unstructured, path ...string) string {
	found, _, _ := unstructured.NestedString(object.Object, path...)
	return found
}

// operations tells how many operations Argo CD has carried out on an Application, and when the newest began.
func operations(app *appv1.Application) string {
	began := "never"
	if app.Status.OperationState != nil {
		began = app.Status.OperationState.StartedAt.UTC().String()
	}
	return fmt.Sprintf("%d deliveries, the newest operation began %s", len(app.Status.History), began)
}
