package gitops

import (
	"context"
	"fmt"
	"strings"
	"testing"

	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
)

// thing names an object.
type thing struct {
	resource        schema.GroupVersionResource
	namespace, name string
}

// ours names an object of the operator's by the plural of its kind.
func ours(plural, namespace, name string) thing {
	return thing{schema.GroupVersionResource{Group: "channel.jointplan.dev", Version: "v1alpha1", Resource: plural}, namespace, name}
}

// application names an Application of Argo CD.
func application(name string) thing {
	return thing{schema.GroupVersionResource{Group: "argoproj.io", Version: "v1alpha1", Resource: "applications"}, argocdNamespace, name}
}

func (n thing) String() string {
	return strings.TrimPrefix(n.resource.Resource+" "+n.namespace+"/"+n.name, "/")
}

// client returns the client for the object's kind and namespace.
func (n thing) client() dynamic.ResourceInterface {
	if n.namespace == "" {
		return here.kube.Resource(n.resource)
	}
	return here.kube.Resource(n.resource).Namespace(n.namespace)
}

// await waits until an object is as wanted: until problem, which is called with each of its states and with nil while it is absent, returns
// nothing. It returns that state.
func await(t *testing.T, what thing, problem func(*unstructured.Unstructured) string) *unstructured.Unstructured {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	found := "nothing was read"
	check := func(object *unstructured.Unstructured) bool {
		found = problem(object)
		return found == ""
	}
	for ctx.Err() == nil {
		if object, ok := what.until(ctx, check); ok {
			return object
		}
	}
	t.Fatalf("%s, not within %s: %s", what, patience, found)
	return nil
}

// until lists and watches one object until the check accepts a state or the watch ends.
func (n thing) until(ctx context.Context, check func(*unstructured.Unstructured) bool) (*unstructured.Unstructured, bool) {
	selector := metav1.ListOptions{FieldSelector: fields.OneTermEqualSelector("metadata.name", n.name).String()}
	list, err := n.client().List(ctx, selector)
	if err != nil {
		return nil, false
	}
	var now *unstructured.Unstructured
	if len(list.Items) > 0 {
		now = &list.Items[0]
	}
	if check(now) {
		return now, true
	}
	selector.ResourceVersion = list.GetResourceVersion()
	changes, err := n.client().Watch(ctx, selector)
	if err != nil {
		return nil, false
	}
	defer changes.Stop()
	for change := range changes.ResultChan() {
		object, ok := change.Object.(*unstructured.Unstructured)
		if !ok || change.Type == watch.Error {
			return nil, false
		}
		if change.Type == watch.Deleted {
			object = nil
		}
		if check(object) {
			return object, true
		}
	}
	return nil, false
}

// awaitApplication waits until an Application is as wanted.
func awaitApplication(t *testing.T, name string, problem func(*appv1.Application) string) *appv1.Application {
	t.Helper()
	var app *appv1.Application
	await(t, application(name), func(object *unstructured.Unstructured) string {
		if object == nil {
			return "it is not there"
		}
		app = decode(t, object)
		return problem(app)
	})
	return app
}

func decode(t *testing.T, object *unstructured.Unstructured) *appv1.Application {
	t.Helper()
	app := &appv1.Application{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, app); err != nil {
		t.Fatal(err)
	}
	return app
}

// compare makes Argo CD compare an Application with the newest commit and waits until it has.
func compare(t *testing.T, name string) *appv1.Application {
	t.Helper()
	awaitApplication(t, name, func(*appv1.Application) string { return "" })
	annotate(t, application(name), appv1.AnnotationKeyRefresh, string(appv1.RefreshTypeNormal))
	return awaitCompared(t, name)
}

// awaitCompared waits until an Application that was to be compared is.
func awaitCompared(t *testing.T, name string) *appv1.Application {
	t.Helper()
	return awaitApplication(t, name, func(app *appv1.Application) string {
		if _, asked := app.Annotations[appv1.AnnotationKeyRefresh]; asked {
			return "it is not compared"
		}
		return ""
	})
}

// read returns an object.
func read(t *testing.T, what thing) *unstructured.Unstructured {
	t.Helper()
	object, err := what.client().Get(t.Context(), what.name, metav1.GetOptions{})
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return object
}

// annotate sets an annotation of an object.
func annotate(t *testing.T, what thing, key, value string) {
	t.Helper()
	patch(t, what, fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, key, value))
}

// patch changes an object by a merge patch, as an administrator does with kubectl.
func patch(t *testing.T, what thing, change string) {
	t.Helper()
	options := metav1.PatchOptions{FieldManager: "kubectl-patch"}
	if _, err := what.client().Patch(t.Context(), what.name, types.MergePatchType, []byte(change), options); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// awaitSynced makes Argo CD compare an Application with the newest commit and waits until all of it is applied.
func awaitSynced(t *testing.T, name, revision string) *appv1.Application {
	t.Helper()
	compare(t, name)
	return awaitApplication(t, name, func(app *appv1.Application) string {
		switch operation := app.Status.OperationState; {
		case app.Status.Sync.Revision != revision:
			return fmt.Sprintf("it is compared with %s, not with %s\n%s", app.Status.Sync.Revision, revision, explain(app))
		case app.Status.Sync.Status != appv1.SyncStatusCodeSynced, operation == nil, app.Operation != nil, !operation.Phase.Completed():
			return explain(app)
		}
		return ""
	})
}

// explain says all that an Application says about itself.
func explain(app *appv1.Application) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s, health %s", app.Status.Sync.Status, app.Status.Health.Status)
	if state := app.Status.OperationState; state != nil {
		fmt.Fprintf(&text, ", operation %s: %s", state.Phase, state.Message)
		if state.SyncResult != nil {
			for _, one := range state.SyncResult.Resources {
				if one.Status != "Synced" {
					fmt.Fprintf(&text, "\n  %s %s/%s: %s %s", one.Kind, one.Namespace, one.Name, one.Status, one.Message)
				}
			}
		}
	}
	for _, condition := range app.Status.Conditions {
		fmt.Fprintf(&text, "\n  %s: %s", condition.Type, condition.Message)
	}
	for _, one := range app.Status.Resources {
		if one.Status != appv1.SyncStatusCodeSynced {
			fmt.Fprintf(&text, "\n  %s %s/%s is %s", one.Kind, one.Namespace, one.Name, one.Status)
		}
	}
	return text.String()
}
