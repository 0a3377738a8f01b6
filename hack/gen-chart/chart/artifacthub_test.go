package chart

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// annotations returns those of the chart as it is shipped, without what they all begin with.
func annotations(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("../../../charts/jointplan/Chart.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var chart struct {
		Annotations map[string]string `json:"annotations"`
	}
	if err := yaml.Unmarshal(raw, &chart); err != nil {
		t.Fatal(err)
	}
	short := map[string]string{}
	for key, value := range chart.Annotations {
		name, ok := strings.CutPrefix(key, "artifacthub.io/")
		if !ok {
			t.Errorf("the annotation %s is not Artifact Hub's", key)
		}
		short[name] = value
	}
	return short
}

// TestArtifactHubIsToldOfEveryKind compares the kinds that the chart names with the list of kinds and their definitions.
func TestArtifactHubIsToldOfEveryKind(t *testing.T) {
	t.Parallel()
	var told []struct{ Kind, Version, Name, DisplayName, Description string }
	if err := yaml.UnmarshalStrict([]byte(annotations(t)["crds"]), &told); err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, crd := range told {
		got = append(got, crd.Kind+" "+crd.Version+" "+crd.Name)
		if crd.DisplayName == "" || len(crd.Description) < 20 || !strings.HasSuffix(crd.Description, ".") || strings.Contains(crd.Description, "\n") {
			t.Errorf("%s is shown as %q: %q, want a name and a sentence", crd.Kind, crd.DisplayName, crd.Description)
		}
	}
	for _, k := range kinds.All() {
		raw, err := os.ReadFile("../../../config/crd/bases/channel.jointplan.dev_" + k.Plural + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var definition apiextensionsv1.CustomResourceDefinition
		if err := yaml.Unmarshal(raw, &definition); err != nil {
			t.Fatal(err)
		}
		for i := range definition.Spec.Versions {
			want = append(want, definition.Spec.Names.Kind+" "+definition.Spec.Versions[i].Name+" "+definition.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("run go run ./hack/gen-chart (-kinds +told):\n%s", diff)
	}
}

// TestTheExamplesOfArtifactHubAreValid has the offline reader check each by the schema and the rules of its kind: there is one of each kind that
// people write.
func TestTheExamplesOfArtifactHubAreValid(t *testing.T) {
	t.Parallel()
	var objects []map[string]any
	if err := yaml.Unmarshal([]byte(annotations(t)["crdsExamples"]), &objects); err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	var got, want []string
	for _, object := range objects {
		raw, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		text.WriteString("---\n" + string(raw))
	}
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: &text}, "-")
	if err != nil {
		t.Fatal(err)
	}
	for _, object := range set.Objects() {
		got = append(got, manifest.KeyOf(object).Kind)
	}
	for _, k := range kinds.All() {
		if k.ByPeople {
			want = append(want, k.Name)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-kinds that people write +examples):\n%s", diff)
	}
}

func TestWhatArtifactHubIsTold(t *testing.T) {
	t.Parallel()
	told := annotations(t)
	license, err := os.ReadFile("../../../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(license), "Apache License\n                           Version 2.0") {
		t.Error("LICENSE is not the one that the chart names")
	}
	delete(told, "crds")
	delete(told, "crdsExamples")
	want := map[string]string{"category": "skip-prediction", "license": "Apache-2.0", "operator": "true", "prerelease": "true"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("(-want +told):\n%s", diff)
	}
	config := os.DirFS("../../../config")
	for version, want := range map[string]string{"0.9.0": `"true"`, "1.0.0-rc.1": `"true"`, "1.0.0": `"false"`} {
		text, err := withAnnotations("version: "+version+"\n"+annotationsBegin, config)
		if err != nil || !strings.Contains(text, "artifacthub.io/prerelease: "+want+"\n") {
			t.Errorf("version %s: %v, want prerelease %s", version, err, want)
		}
	}
	if _, err := hubExamples(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "no PartnerProgram in config/samples/programs/northwind.yaml") {
		t.Errorf("without samples it says %v", err)
	}
	// What the file beside the chart may say, and nothing that is misspelt.
	raw, err := os.ReadFile("../../../charts/artifacthub-repo.yml")
	if err != nil {
		t.Fatal(err)
	}
	var repository struct {
		RepositoryID string                           `json:"repositoryID"`
		Owners       []struct{ Name, Email string }   `json:"owners"`
		Ignore       []struct{ Name, Version string } `json:"ignore"`
	}
	if err := yaml.UnmarshalStrict(raw, &repository); err != nil {
		t.Error(err)
	}
	if len(repository.Ignore) > 0 {
		t.Errorf("versions are left out: %v", repository.Ignore)
	}
}
