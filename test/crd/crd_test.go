// Package crd checks the generated CustomResourceDefinitions as the API server does, and the limits that client-side apply sets.
package crd

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsinstall "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// maxCRDBytes is 200 KiB: client-side apply keeps a copy of the object in an annotation and fails above 256 KiB.
const maxCRDBytes = 200 << 10

// records are the kinds whose objects say what was, and wait for nobody.
var records = []string{kinds.ApprovalDecision, kinds.PlanReview, kinds.PlanRevision, kinds.MeasurementSet, kinds.MDFLedger}

func TestCustomResourceDefinitions(t *testing.T) {
	t.Parallel()
	scheme := runtime.NewScheme()
	apiextensionsinstall.Install(scheme)
	files, err := filepath.Glob("../../config/crd/bases/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no CRDs found: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(raw) > maxCRDBytes {
				t.Errorf("the CRD has %d bytes, more than %d", len(raw), maxCRDBytes)
			}
			versioned := &apiextensionsv1.CustomResourceDefinition{}
			if err := yaml.UnmarshalStrict(raw, versioned); err != nil {
				t.Fatal(err)
			}
			scheme.Default(versioned)
			crd := &apiextensions.CustomResourceDefinition{}
			if err := scheme.Convert(versioned, crd, nil); err != nil {
				t.Fatal(err)
			}
			crd.Status.StoredVersions = []string{"v1alpha1"}
			for _, problem := range validation.ValidateCustomResourceDefinition(context.Background(), crd) {
				t.Error(problem)
			}
			want := "jmp"
			if slices.Contains(records, versioned.Spec.Names.Kind) {
				want = "jmp-records" // so that they do not bury what needs a person
			}
			confidential := kinds.Named(versioned.Spec.Names.Kind).Confidential // which nobody lists by the way
			if got := versioned.Spec.Names.Categories; !confidential && (len(got) != 1 || got[0] != want) || confidential && len(got) > 0 {
				t.Errorf("categories = %v, want [%s]", got, want)
			}
			if n := len(versioned.Spec.Versions[0].SelectableFields); n > 8 {
				t.Errorf("%d selectable fields, at most 8 are allowed", n)
			}
		})
	}
}
