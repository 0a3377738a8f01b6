// Package schemas_test checks the JSON schemas, by which editors check manifests, against the samples and against what the offline reader says.
package schemas_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/hack/gen-schemas/schema"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const (
	root    = "../.."
	folder  = root + "/schemas"
	samples = root + "/config/samples"
	history = root + "/config/samples-history"
)

// compile returns the schema of a file in the folder of schemas.
func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	compiled, err := compiler.Compile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// sampleFiles returns the files of manifests among the samples.
func sampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, folder := range []string{samples, history} {
		before := len(files)
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && filepath.Ext(path) == ".yaml" && entry.Name() != "kustomization.yaml" {
				files = append(files, path)
			}
			return err
		})
		if err != nil || len(files)-before < 50 {
			t.Fatalf("%d samples in %s, %v", len(files)-before, folder, err)
		}
	}
	return files
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// documents returns the documents of a file, as JSON has them.
func documents(t *testing.T, text string) []any {
	t.Helper()
	var all []any
	for document := range strings.SplitSeq(text, "\n---\n") {
		raw, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, value)
	}
	return all
}

// problems returns what a schema says against a value, each with its place, such as "/spec/type: value must be one of ...".
func problems(err error) []string {
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return nil
	}
	at := ""
	for _, step := range invalid.InstanceLocation {
		at += "/" + step
	}
	if len(invalid.Causes) == 0 {
		return []string{at + ": " + invalid.ErrorKind.LocalizedString(message.NewPrinter(language.English))}
	}
	var all []string
	for _, cause := range invalid.Causes {
		all = append(all, problems(cause)...)
	}
	return all
}

func TestSchemasAreThoseOfTheKinds(t *testing.T) {
	want, err := schema.Generate(os.DirFS(root + "/config/crd/bases"))
	if err != nil {
		t.Fatal(err)
	}
	mappings, err := schema.Generate(os.DirFS(root + "/config/imports/bases"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range mappings {
		want["imports/"+name] = text
	}
	got := map[string][]byte{}
	err = fs.WalkDir(os.DirFS(folder), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			got[path] = []byte(read(t, filepath.Join(folder, path)))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schemas/ is out of date: run go run ./hack/gen-schemas (-code +files):\n%.2000s", diff)
	}
	for _, of := range kinds.All() {
		if _, ok := got["v1alpha1/"+strings.ToLower(of.Name)+".json"]; !ok {
			t.Errorf("%s has no schema", of.Name)
		}
	}
}

// TestSchemasTakeWhatTheReaderTakes: the reader takes every sample, and so do the schema of all kinds and that of its kind.
func TestSchemasTakeWhatTheReaderTakes(t *testing.T) {
	all, own, count := compile(t, schema.All), map[string]*jsonschema.Schema{}, map[string]int{}
	for _, of := range kinds.All() {
		own[of.Name] = compile(t, "v1alpha1/"+strings.ToLower(of.Name)+".json")
	}
	reader := manifest.NewReader() // it compiles the schemas of the kinds once
	for _, file := range sampleFiles(t) {
		if _, err := reader.Read(t.Context(), manifest.Options{}, file); err != nil {
			t.Errorf("the reader refuses %s: %v", file, err)
		}
		for i, document := range documents(t, read(t, file)) {
			of, _ := document.(map[string]any)["kind"].(string)
			count[of]++
			for _, schema := range []*jsonschema.Schema{all, own[of]} {
				if schema == nil {
					continue // a Namespace
				}
				if err := schema.Validate(document); err != nil {
					t.Errorf("%s: document %d: %s", file, i+1, strings.Join(problems(err), "; "))
				}
			}
		}
	}
	written := []string{
		kinds.PlanRevision, kinds.MDFLedger, kinds.ProgramCatalog, kinds.ProgramReport, kinds.Benchmark, kinds.PublishedBenchmark,
	}
	for _, of := range kinds.All() {
		if count[of.Name] == 0 && !slices.Contains(written, of.Name) {
			t.Errorf("no sample of %s was looked at", of.Name)
		}
	}
}

// TestStatusIsPermitted gives the schemas what kubectl get prints, and a status of which a field is misspelt: that the server refuses too.
func TestStatusIsPermitted(t *testing.T) {
	const printed = `apiVersion: channel.jointplan.dev/v1alpha1
kind: Campaign
metadata:
  name: c
  namespace: partner-acme
  creationTimestamp: "2026-11-03T09:00:00Z"
  generation: 3
  resourceVersion: "812"
  uid: 5e5a3b10-2f6c-4e2c-9a2b-0c6a3f1f0a11
  managedFields: [{manager: kubectl, operation: Apply}]
spec: {planRef: {name: p}, activity: a, type: Webinar, title: A webinar, schedule: {startsOn: "2026-10-01", endsOn: "2026-10-02"}}
status:
  observedGeneration: 3
  stage: Planned
  conditions: [{type: Ready, status: "True", reason: Evaluated, message: m, lastTransitionTime: "2026-11-03T09:00:00Z"}]
`
	all := compile(t, schema.All)
	for text, want := range map[string][]string{
		printed: nil,
		strings.Replace(printed, "stage:", "stag:", 1): {"/status: additional properties 'stag' not allowed"},
	} {
		if diff := cmp.Diff(want, atStatus(problems(all.Validate(documents(t, text)[0])))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// atStatus returns the problems that are not about the spec.
func atStatus(all []string) []string {
	return slices.DeleteFunc(all, func(problem string) bool { return strings.HasPrefix(problem, "/spec") })
}

// TestOtherKindsAreNotLookedAt: files of these kinds have others beside them.
func TestOtherKindsAreNotLookedAt(t *testing.T) {
	all := compile(t, schema.All)
	for text, want := range map[string][]string{
		"apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: many}\n":                    nil,
		"apiVersion: example.com/v1\nkind: Partner\nspec: {any: thing}\n":                    nil,
		"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, data: {}}\n":   nil,
		"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: JointPlan, spec: 1}\n": {"/items/0/apiVersion: value must be 'channel.jointplan.dev/v1alpha1'"},
		"- a\n- list\n": {": got array, want object"},
	} {
		if diff := cmp.Diff(want, problems(all.Validate(documents(t, text)[0]))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

// TestMappingsOfImports looks that the schema of mappings takes what the reader takes, and finds the same mistakes.
func TestMappingsOfImports(t *testing.T) {
	checked := compile(t, "imports/all.json")
	reader := manifest.NewMappingReader()
	files, err := filepath.Glob(root + "/internal/draft/results/testdata/dirty/*.yaml")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d mappings, %v", len(files), err)
	}
	for _, file := range append(files, root+"/docs/guides/import/deals.yaml") {
		if err := checked.Validate(content(t, read(t, file))); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	text := read(t, files[0])
	for _, change := range []struct{ old, new, field string }{
		{"source:", "sources:", "/spec"},
		{"kind: Partner", "kind: Vendor", "/spec/subject/kind"},
		{"column: Month", "column: 7", "/spec/day/column"},
		{"metric: new-revenue", "metric: New Revenue", "/spec/values/0/metric"},
		{"kind: ResultsMapping", "kind: ResultMapping", ""},
	} {
		wrong := strings.Replace(text, change.old, change.new, 1)
		if wrong == text {
			t.Fatalf("%s has no %q", files[0], change.old)
		}
		if _, err := reader.Read(t.Context(), manifest.Options{}, file(t, wrong)); err == nil {
			t.Errorf("the reader takes %q", change.new)
		}
		err := checked.Validate(content(t, wrong))
		failed, ok := errors.AsType[*jsonschema.ValidationError](err)
		if change.field == "" { // another kind is not looked at
			continue
		}
		if !ok || !slices.ContainsFunc(leaves(failed), func(place string) bool { return place == change.field }) {
			t.Errorf("%q: got %v, want an error at %s", change.new, err, change.field)
		}
	}
}

// content returns a YAML document as JSON values.
func content(t *testing.T, text string) any {
	t.Helper()
	raw, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "mapping.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// leaves returns where the innermost errors are.
func leaves(err *jsonschema.ValidationError) []string {
	if err == nil {
		return nil
	}
	if len(err.Causes) == 0 {
		return []string{"/" + strings.Join(err.InstanceLocation, "/")}
	}
	var list []string
	for _, cause := range err.Causes {
		list = append(list, leaves(cause)...)
	}
	return list
}
