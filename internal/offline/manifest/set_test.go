package manifest

import (
	"strings"
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

func TestPlace(t *testing.T) {
	const text = `# a comment
---
apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: h1, namespace: partner-acme}
spec:
  partnerRef: {name: acme}
  period:
    fiscalYear: 2027
  goals:
    - name: leads
      deliverable: x
      due: "2027-01-01"
`
	set, err := NewReader().Read(t.Context(), Options{Stdin: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	origin := set.Origins[Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "h1"}]
	for path, want := range map[string]Place{
		"spec":                  {Line: 7, Column: 3, Block: true},
		"spec.goals":            {Line: 11, Column: 5, Block: true},
		"spec.goals[leads]":     {Line: 11, Column: 7, Block: true},
		"spec.goals[leads].due": {Line: 13, Column: 12},
		"spec.partnerRef":       {Line: 7, Column: 15},
	} {
		if got, found := origin.Place(path); !found || got != want {
			t.Errorf("%s: %+v, %t; want %+v", path, got, found, want)
		}
	}
	if got, found := origin.Place("spec.reviews"); found {
		t.Errorf("a field that is not there is at %+v", got)
	}
	set, err = NewReader().Read(t.Context(), Options{Stdin: strings.NewReader(`{"apiVersion": "channel.jointplan.dev/v1alpha1", "kind": "JointPlan",
"metadata": {"name": "h1", "namespace": "partner-acme"}, "spec": {"partnerRef": {"name": "acme"}, "period": {"fiscalYear": 2027}}}`)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	origin = set.Origins[Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "h1"}]
	if got, found := origin.Place("spec"); !found || got.Block {
		t.Errorf("in JSON: %+v, %t", got, found)
	}
}
