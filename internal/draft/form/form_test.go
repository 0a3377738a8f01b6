package form_test

import (
	"context"
	"encoding/json"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/internal/draft/form"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// objects reads the samples.
func objects(tb testing.TB) *manifest.Set {
	tb.Helper()
	set, err := samples()
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

var (
	reader  = sync.OnceValue(manifest.NewReader)
	samples = sync.OnceValues(func() (*manifest.Set, error) {
		return reader().Read(context.Background(), manifest.Options{}, "../../../config/samples")
	})
)

// specOf returns the spec of an object as JSON has it.
func specOf(tb testing.TB, object manifest.Object) map[string]any {
	tb.Helper()
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
	if err != nil {
		tb.Fatal(err)
	}
	spec, _ := content["spec"].(map[string]any)
	return spec
}

// draftOf makes the draft of a form that is filled from an object.
func draftOf(tb testing.TB, set *manifest.Set, object manifest.Object) *form.Draft {
	tb.Helper()
	lists := form.Lists{}
	for _, program := range set.Programs {
		if program.Name == "northwind" {
			lists = form.Catalogue(&program.Spec)
		}
	}
	key := manifest.KeyOf(object)
	return &form.Draft{
		Form: form.Form{Kind: key.Kind, Program: "northwind", Partner: "acme", Namespace: key.Namespace, Name: key.Name, Labels: object.GetLabels()},
		Spec: specOf(tb, object), Lists: lists,
	}
}

func TestEverySampleComesBackAsItWas(t *testing.T) {
	set := objects(t)
	count := map[string]int{}
	for _, object := range set.Objects() {
		key := manifest.KeyOf(object)
		if k := form.KindNamed(key.Kind); k == nil || key.Kind == kinds.MeasurementSet {
			continue
		}
		count[key.Kind]++
		data, err := form.Write(draftOf(t, set, object))
		if err != nil {
			t.Fatal(key, err)
		}
		back, err := form.Read(data)
		if err != nil {
			t.Fatal(key, err)
		}
		for _, problem := range back.Problems {
			t.Errorf("%s: %s", key, problem)
		}
		if diff := cmp.Diff(string(jsonOf(t, specOf(t, object))), string(jsonOf(t, back.Spec))); diff != "" {
			t.Errorf("%s is other than before (-want +got):\n%s", key, diff)
		}
		if back.Form.Name != key.Name || back.Form.Namespace != key.Namespace || !cmp.Equal(back.Form.Labels, object.GetLabels()) {
			t.Errorf("%s: the form says %+v", key, back.Form)
		}
	}
	for _, kind := range []string{kinds.JointPlan, kinds.MDFAllocation, kinds.MDFClaim} {
		if count[kind] < 5 {
			t.Errorf("only %d samples of %s", count[kind], kind)
		}
	}
}

func jsonOf(tb testing.TB, value any) []byte {
	tb.Helper()
	data, err := json.Marshal(value)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}
