package gen_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/test/bench/gen"
	"jointplan.dev/jointplan/test/bench/rig"
)

// TestEveryRequestIsGranted: what is refused would make the figures those of another workload.
func TestEveryRequestIsGranted(t *testing.T) {
	now, err := time.Parse(time.RFC3339, gen.MoneyClock)
	if err != nil {
		t.Fatal(err)
	}
	world := gen.Generate(northwind(t), gen.Settings{Seed: 1, Partners: 3})
	var objects []manifest.Object
	for _, o := range append(world.Objects(), world.Budget()) {
		objects = append(objects, o.(manifest.Object))
	}
	const requests = 8
	for i := range requests {
		request, approval := world.Request(i)
		objects = append(objects, request, approval)
	}
	for _, o := range objects {
		kinds, _, err := rig.Scheme().ObjectKinds(o)
		if err != nil {
			t.Fatal(err)
		}
		o.GetObjectKind().SetGroupVersionKind(kinds[0])
	}
	labels := map[string]map[string]string{}
	for _, n := range world.Namespaces {
		labels[n.Name] = n.Labels
	}
	set, err := manifest.NewSet(objects, labels)
	if err != nil {
		t.Fatal(err)
	}
	granted := 0
	for _, object := range preview.New(set).At(now) {
		request, is := object.(*v1alpha1.MDFAllocation)
		if !is {
			continue
		}
		c := meta.FindStatusCondition(request.Status.Conditions, v1alpha1.ConditionGranted)
		if c == nil || c.Status != "True" {
			t.Errorf("%s is not granted: %v", request.Name, c)
			continue
		}
		granted++
	}
	if granted != requests {
		t.Errorf("%d requests are granted, want %d", granted, requests)
	}
}
