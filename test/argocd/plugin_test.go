package argocd

import (
	"path/filepath"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	healthof "jointplan.dev/jointplan/internal/view/health"
)

// TestThePluginTellsTheSameHealth compares the health that kubectl jointplan shows with that of the scripts, over all their test data and over
// the samples: one object must not be Healthy in the one place and Suspended in the other.
func TestThePluginTellsTheSameHealth(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	all := fromFiles(t)
	for kind := range all {
		for _, file := range glob(t, tree, kind, "testdata", "*.yaml") {
			typed, err := scheme.New(v1alpha1.GroupVersion.WithKind(kind))
			if err != nil {
				t.Fatal(err)
			}
			unmarshal(t, file, typed)
			compare(t, kind+" "+filepath.Base(file), all[kind].health, typed.(manifest.Object))
		}
	}
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []int{-30, 0, 40, 150} {
		at := time.Date(2026, time.November, 3+day, 9, 0, 0, 0, time.UTC)
		for _, x := range preview.New(set).At(at) {
			compare(t, at.Format(time.DateOnly)+" "+manifest.KeyOf(x).String(), all[x.GetObjectKind().GroupVersionKind().Kind].health, x)
		}
	}
}

func compare(t *testing.T, name, script string, x manifest.Object) {
	t.Helper()
	want, err := healthOf(script, object(t, x))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if got := healthof.Of(x); string(got.State) != want.Status {
		t.Errorf("%s: kubectl jointplan says %s (%s), the script %s (%s)", name, got.State, got.Message, want.Status, want.Message)
	}
}
