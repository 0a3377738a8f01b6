package controllers

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/status"
)

func TestEveryKindThatAControllerWatchesIsCachedFromTheStart(t *testing.T) {
	names := func(objects []client.Object) (list []string) {
		for _, kind := range objects {
			list = append(list, fmt.Sprintf("%T", kind))
		}
		slices.Sort(list)
		return slices.Compact(list)
	}
	var watched []client.Object
	w := &wiring{relations: &relations{}, statuses: status.NewWriter(nil, nil, nil), add: func(c wired) error {
		watched = append(watched, c.own)
		for _, one := range c.watches {
			watched = append(watched, one.kind)
		}
		return nil
	}}
	if err := setupAll(w, Reconciler{}); err != nil {
		t.Fatal(err)
	}
	watched = append(watched, &v1alpha1.Benchmark{}) // it is read when the next one is computed, and counted
	if diff := cmp.Diff(names(watched), names(gather.Cached())); diff != "" {
		t.Errorf("cached (-watched +cached):\n%s", diff)
	}
}
