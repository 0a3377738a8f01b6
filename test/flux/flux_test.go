// Package flux_test checks with Flux's own libraries what Flux makes of config/flux and of every sample at every stage of its life. It is a module of
// its own, so that nothing of Flux is in the operator's.
package flux_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/runtime/cel"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"

	"jointplan.dev/jointplan/test/pages"
	"jointplan.dev/jointplan/test/stages"
)

const (
	root          = "../.."
	samplesFolder = root + "/config/samples"
)

// decode reads documents strictly: a field that the kind does not have is an error.
func decode(t *testing.T, name string, text []byte) (objects []runtime.Object) {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{clientgoscheme.AddToScheme, kustomizev1.AddToScheme, sourcev1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	defer func() { _ = documents.Close() }()
	for {
		document := make([]byte, 64<<10)
		n, err := documents.Read(document)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		object, _, err := decoder.Decode(document[:n], nil, nil)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, document[:n])
		}
		objects = append(objects, object)
	}
}

// configured returns the objects of config/flux.
func configured(t *testing.T) (objects []runtime.Object) {
	t.Helper()
	files, err := filepath.Glob(root + "/config/flux/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if filepath.Base(file) == "kustomization.yaml" {
			continue // of kustomize: the tour of the docs builds it
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		objects = append(objects, decode(t, file, raw)...)
	}
	return objects
}

func kustomizations(t *testing.T) (found []*kustomizev1.Kustomization) {
	t.Helper()
	for _, object := range configured(t) {
		if x, ok := object.(*kustomizev1.Kustomization); ok {
			found = append(found, x)
		}
	}
	if len(found) != 3 {
		t.Fatalf("config/flux has %d Kustomizations, want those of the program, a partner and its decisions", len(found))
	}
	return found
}

func TestTheGuideShowsWhatFluxReads(t *testing.T) {
	page := "docs/guides/flux.md"
	text, err := pages.Read(root, page)
	if err != nil {
		t.Fatal(err)
	}
	_, blocks := pages.Split(text)
	for _, b := range blocks {
		if b.Language == "yaml" && strings.Contains(b.Text, "toolkit.fluxcd.io/v1\n") {
			decode(t, page, []byte(b.Text))
		}
	}
}

// TestKustomizations: each waits, acts as an account of its own, and deletes no decision, program or budget.
func TestKustomizations(t *testing.T) {
	accounts := map[string]bool{}
	for _, x := range kustomizations(t) {
		if !x.Spec.Wait || x.Spec.ServiceAccountName == "" || x.Spec.Timeout == nil || x.Spec.RetryInterval == nil {
			t.Errorf("%s: wait, serviceAccountName, timeout and retryInterval have to be set", x.Name)
		}
		if partner := x.Name == "acme"; x.Spec.Prune != partner {
			t.Errorf("%s: prune is %t: it is for the partner's folder alone", x.Name, x.Spec.Prune)
		}
		accounts[x.Namespace+"/"+x.Spec.ServiceAccountName] = true
	}
	if len(accounts) != 3 {
		t.Errorf("the accounts are %v, want one for each folder", accounts)
	}
}

// written are the kinds without a status that the controller alone writes: they are in no Git.
var written = []string{"MDFLedger", "Benchmark", "PublishedBenchmark"}

// TestExpressions: the expressions give for every sample at every stage what Flux's kstatus gives, which test/kstatus checks by table.
func TestExpressions(t *testing.T) {
	list, err := stages.All(t.Context(), samplesFolder)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range kustomizations(t) {
		t.Run(x.Name, func(t *testing.T) {
			if _, err := cel.NewStatusReader(x.Spec.HealthCheckExprs); err != nil {
				t.Fatal(err)
			}
			if len(x.Spec.HealthCheckExprs) != 1 || x.Spec.HealthCheckExprs[0].Kind != "" {
				t.Fatal("want one entry, for all kinds")
			}
			evaluator, err := cel.NewStatusEvaluator(&x.Spec.HealthCheckExprs[0].HealthCheckExpressions)
			if err != nil {
				t.Fatal(err)
			}
			seen := map[status.Status]int{}
			for _, s := range list {
				if slices.Contains(written, s.Key.Kind) || s.Stage == stages.Deleted {
					continue // what is being deleted is not asked for its health
				}
				got, err := evaluator.Evaluate(t.Context(), s.Object)
				if err != nil {
					t.Fatalf("%s: %v", s, err)
				}
				want, err := status.Compute(s.Object)
				if err != nil {
					t.Fatal(err)
				}
				if got.Status != want.Status {
					t.Errorf("%s: the expressions say %s, kstatus %s", s, got.Status, want.Status)
				}
				seen[got.Status]++
			}
			if len(seen) != 3 {
				t.Errorf("seen %v, want each of Current, InProgress and Failed", seen)
			}
		})
	}
}

// TestExpressionsBeforeAnyCondition: what the API server did not default is in progress, too.
func TestExpressionsBeforeAnyCondition(t *testing.T) {
	list, err := stages.All(t.Context(), samplesFolder)
	if err != nil {
		t.Fatal(err)
	}
	fresh := slices.IndexFunc(list, func(s stages.Stage) bool { return s.Stage == stages.Fresh })
	evaluator, err := cel.NewStatusEvaluator(&kustomizations(t)[0].Spec.HealthCheckExprs[0].HealthCheckExpressions)
	if err != nil {
		t.Fatal(err)
	}
	object := list[fresh].Object.DeepCopy()
	object.Object["status"] = map[string]any{}
	got, err := evaluator.Evaluate(t.Context(), object)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(status.InProgressStatus, got.Status); diff != "" {
		t.Error(diff)
	}
}
