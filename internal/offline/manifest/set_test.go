package manifest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
)

func newPlan(name, segment string) *v1alpha1.JointPlan {
	x := &v1alpha1.JointPlan{}
	x.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("JointPlan"))
	x.Namespace, x.Name, x.Spec.Segment = "partner-acme", name, v1alpha1.Name(segment)
	return x
}

func TestNewSet(t *testing.T) {
	labels := map[string]map[string]string{"partner-acme": {"a": "b"}, "partner-finch": nil}
	first, other, last := newPlan("h1", "first"), newPlan("h2", ""), newPlan("h1", "last")
	set, err := NewSet([]Object{first, other, last}, labels)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]*v1alpha1.JointPlan{other, last}, set.Plans); diff != "" {
		t.Errorf("plans, of those with one key the last (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Object{other, last}, set.Objects()); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	want := map[string]map[string]string{
		"partner-acme":  {"a": "b", "kubernetes.io/metadata.name": "partner-acme"},
		"partner-finch": {"kubernetes.io/metadata.name": "partner-finch"},
	}
	if diff := cmp.Diff(want, set.Namespaces); diff != "" {
		t.Errorf("namespaces (-want +got):\n%s", diff)
	}
	if len(labels["partner-acme"]) != 1 {
		t.Error("the labels that were given have changed")
	}
	stranger := &appsv1.Deployment{}
	stranger.SetGroupVersionKind(appsv1.SchemeGroupVersion.WithKind("Deployment"))
	stranger.Name = "web"
	if _, err := NewSet([]Object{stranger}, nil); err == nil || err.Error() != "Deployment web is not of a kind of channel.jointplan.dev" {
		t.Errorf("a stranger: %v", err)
	}
}
