package gitops

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/argoproj/argo-cd/v3/common"
	appv1 "github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
)

// evaluated are the kinds that have a status.
var evaluated = []string{
	"partnerprograms", "partners", "jointplans", "campaigns", "measurementsets", "planreviews", "approvaldecisions", "planrevisions",
	"mdfbudgets", "mdfallocations", "mdfclaims",
}

// recorder watches all Applications and all evaluated objects. It counts the changes of status and notes each state of an Application that
// would not be if a status were no concern of Git's: OutOfSync, or an operation.
type recorder struct {
	mutex       sync.Mutex
	changes     int                // changes of a status
	states      int                // states of Applications that were seen
	began       map[string]string  // what operations each Application had at the start
	generations map[string]int64   // of each object
	faults      []string           // what should not have been
	more        chan struct{}      // closed at the next change
	stop        context.CancelFunc // ends the watches
	running     sync.WaitGroup
}

// record starts a recorder, which runs until the test ends.
func record(t *testing.T) *recorder {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &recorder{began: map[string]string{}, generations: map[string]int64{}, more: make(chan struct{}), stop: cancel}
	t.Cleanup(r.end)
	r.follow(ctx, t, application("").resource, argocdNamespace, r.sawApplication(t))
	for _, plural := range evaluated {
		r.follow(ctx, t, ours(plural, "", "").resource, "", r.sawObject)
	}
	return r
}

// end stops the watches and waits until they have.
func (r *recorder) end() {
	r.stop()
	r.running.Wait()
}

// follow calls a function with each object of a kind, and with each of its later states. It must not miss one, so a watch that breaks is a fault.
func (r *recorder) follow(ctx context.Context, t *testing.T, kind schema.GroupVersionResource, namespace string, saw func(*unstructured.Unstructured)) {
	t.Helper()
	client := here.kube.Resource(kind).Namespace(namespace)
	list, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range list.Items {
		saw(&list.Items[i])
	}
	changes, err := client.Watch(ctx, metav1.ListOptions{ResourceVersion: list.GetResourceVersion()})
	if err != nil {
		t.Fatal(err)
	}
	r.running.Go(func() {
		defer changes.Stop()
		for change := range changes.ResultChan() {
			if object, ok := change.Object.(*unstructured.Unstructured); ok && change.Type != watch.Deleted && change.Type != watch.Error {
				saw(object)
			}
		}
		if ctx.Err() == nil {
			r.faultf("the watch of %s ended", kind.Resource)
		}
	})
}

// sawObject counts a change of a status: a state of a known object whose generation is the same. A change of a spec that Argo CD has delivered is
// a fault, also of a field that Git does not state and Argo CD therefore does not compare.
func (r *recorder) sawObject(object *unstructured.Unstructured) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	key := object.GetKind() + " " + object.GetNamespace() + "/" + object.GetName()
	before, known := r.generations[key]
	r.generations[key] = object.GetGeneration()
	_, delivered := object.GetAnnotations()[common.AnnotationKeyAppInstance]
	switch {
	case known && before == object.GetGeneration():
		r.changes++
		close(r.more)
		r.more = make(chan struct{})
	case known && delivered:
		r.faults = append(r.faults, fmt.Sprintf("the spec of %s, which Git holds, was changed: generation %d, now %d", key, before, object.GetGeneration()))
	}
}

// sawApplication notes a state of an Application that should not be.
func (r *recorder) sawApplication(t *testing.T) func(*unstructured.Unstructured) {
	t.Helper()
	return func(object *unstructured.Unstructured) {
		app := decode(t, object)
		done := operations(app)
		r.mutex.Lock()
		r.states++
		before, known := r.began[app.Name]
		if !known {
			r.began[app.Name] = done
		}
		r.mutex.Unlock()
		if app.Status.Sync.Status != appv1.SyncStatusCodeSynced {
			r.faultf("Application %s is %s", app.Name, explain(app))
		}
		if app.Operation != nil || known && before != done {
			r.faultf("Application %s was delivered again: before %s, now %s", app.Name, before, done)
		}
	}
}

func (r *recorder) faultf(format string, args ...any) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// count returns the number of changes so far, and a channel that closes at the next one.
func (r *recorder) count() (seen int, more <-chan struct{}) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	return r.changes, r.more
}

// awaitChanges waits until a number of changes of status have been seen in all.
func (r *recorder) awaitChanges(t *testing.T, want int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		seen, more := r.count()
		if seen >= want {
			return
		}
		select {
		case <-more:
		case <-ctx.Done():
			t.Fatalf("%d changes of status within %s, want %d\n%s", seen, patience, want, here.manager.tail())
		}
	}
}

// check fails the test if anything was noted.
func (r *recorder) check(t *testing.T) {
	t.Helper()
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for _, fault := range r.faults[:min(len(r.faults), 5)] {
		t.Error(fault)
	}
	if len(r.faults) > 5 {
		t.Errorf("and %d more", len(r.faults)-5)
	}
}
