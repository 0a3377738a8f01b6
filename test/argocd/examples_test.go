package argocd

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// application is what we look at of an Application, or of an ApplicationSet's template.
type application struct {
	Spec applicationSpec `yaml:"spec"`
}

type applicationSpec struct {
	Project string `yaml:"project"`
	Source  struct {
		Path      string `yaml:"path"`
		Directory struct {
			Include string `yaml:"include"`
			Exclude string `yaml:"exclude"`
		} `yaml:"directory"`
	} `yaml:"source"`
	Template struct {
		Spec *applicationSpec `yaml:"spec"`
	} `yaml:"template"`
}

// groupKinds is a list of kinds.
type groupKinds []struct {
	Group string `yaml:"group"`
	Kind  string `yaml:"kind"`
}

// project is what we look at of an AppProject.
type project struct {
	Metadata struct {
		Name string `yaml:"name"`
	} `yaml:"metadata"`
	Spec struct {
		Cluster    groupKinds `yaml:"clusterResourceWhitelist"`
		Namespaced groupKinds `yaml:"namespaceResourceWhitelist"`
	} `yaml:"spec"`
}

// documents reads the documents of a YAML file.
func documents[T any](t *testing.T, file string) []T {
	t.Helper()
	var all []T
	decoder := yaml.NewDecoder(bytes.NewReader([]byte(read(t, file))))
	for {
		var one T
		switch err := decoder.Decode(&one); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, one)
	}
}

// matches reports whether a path is one of a pattern in braces.
func matches(t *testing.T, pattern, name string) bool {
	t.Helper()
	for one := range strings.SplitSeq(strings.Trim(pattern, "{}"), ",") {
		ok, err := path.Match(one, name)
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			return true
		}
	}
	return false
}

// projectsOf returns the projects whose example applications deliver a file of the samples.
func projectsOf(t *testing.T, applications []application, file string) (found []string) {
	t.Helper()
	for _, x := range applications {
		spec, name := &x.Spec, file
		if spec.Template.Spec != nil {
			spec = spec.Template.Spec
			if path.Dir(path.Dir(file)) != "partners" || spec.Source.Path != "{{.path.path}}" {
				continue
			}
			name = path.Base(file)
		}
		include, exclude := spec.Source.Directory.Include, spec.Source.Directory.Exclude
		if (include == "" || matches(t, include, name)) && (exclude == "" || !matches(t, exclude, name)) {
			found = append(found, spec.Project)
		}
	}
	return found
}

// TestEachSampleIsDeliveredByOneApplicationThatMay checks that the examples share the samples out: each file to one application, whose project
// admits all kinds in it. What an administrator restores by hand is delivered by none.
func TestEachSampleIsDeliveredByOneApplicationThatMay(t *testing.T) {
	applications := documents[application](t, folder+"/applications.yaml")
	admits := map[string]groupKinds{}
	for _, x := range documents[project](t, folder+"/projects.yaml") {
		admits[x.Metadata.Name] = slices.Concat(x.Spec.Cluster, x.Spec.Namespaced)
	}
	const samples = "../../config/samples"
	delivered := map[string]int{}
	err := filepath.WalkDir(samples, func(file string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(samples, file)
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".yaml" || name == "kustomization.yaml" {
			return err
		}
		found := projectsOf(t, applications, filepath.ToSlash(name))
		if path.Base(name) == "restored.yaml" || path.Dir(filepath.ToSlash(name)) == "managers" { // which Argo CD would show to all who see the application
			if len(found) > 0 {
				t.Errorf("%s is delivered by %v, want none", name, found)
			}
			return nil
		}
		if len(found) != 1 {
			t.Errorf("%s is delivered by %v, want one project", name, found)
			return nil
		}
		for _, x := range documents[struct{ Kind string }](t, file) {
			delivered[x.Kind]++
			if !slices.ContainsFunc(admits[found[0]], func(k struct {
				Group string `yaml:"group"`
				Kind  string `yaml:"kind"`
			},
			) bool {
				return k.Kind == x.Kind
			}) {
				t.Errorf("%s has a %s, which project %s does not admit", name, x.Kind, found[0])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds.All() {
		if (kind.ByPeople && !kind.Confidential) != (delivered[kind.Name] > 0) {
			t.Errorf("%d objects of kind %s are delivered", delivered[kind.Name], kind.Name)
		}
	}
}

// TestEachKindIsAdmittedByOneProject keeps the paths apart, and the controller's own kinds out of Git.
func TestEachKindIsAdmittedByOneProject(t *testing.T) {
	want := map[string][]string{
		"PartnerProgram": {"jointplan-vendor"}, "ChannelStrategy": {"jointplan-vendor"}, "MDFBudget": {"jointplan-vendor"}, "Partner": {"jointplan-vendor"},
		"JointPlan": {"jointplan-partners"}, "Campaign": {"jointplan-partners"}, "MeasurementSet": {"jointplan-partners", "jointplan-approvals"}, // each with the sources of its own path
		"MDFAllocation": {"jointplan-partners"}, "MDFClaim": {"jointplan-partners"}, "ApprovalDecision": {"jointplan-approvals"},
		"PlanReview": {"jointplan-approvals"},
	}
	got := map[string][]string{}
	for _, x := range documents[project](t, folder+"/projects.yaml") {
		for _, k := range slices.Concat(x.Spec.Cluster, x.Spec.Namespaced) {
			if k.Group == v1alpha1.GroupName {
				got[k.Kind] = append(got[k.Kind], x.Metadata.Name)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("projects by kind (-want +got):\n%s", diff)
	}
}

// TestSamplesAreSyncedInOneWave checks the annotations of the samples: with several waves, Argo CD waits for objects, and one that waits for a
// person would hold up the sync.
func TestSamplesAreSyncedInOneWave(t *testing.T) {
	decisions := 0
	for _, file := range append(glob(t, "../../config/samples/*/*.yaml"), glob(t, "../../config/samples/partners/*/*.yaml")...) {
		for _, x := range documents[struct {
			Kind     string
			Metadata struct {
				Name        string
				Annotations map[string]string
			}
		}](t, file) {
			if wave := x.Metadata.Annotations["argocd.argoproj.io/sync-wave"]; wave != "" {
				t.Errorf("%s: %s %s is in wave %s", file, x.Kind, x.Metadata.Name, wave)
			}
			if x.Kind == "ApprovalDecision" {
				decisions++
				if x.Metadata.Annotations["argocd.argoproj.io/sync-options"] != "Prune=false" {
					t.Errorf("%s: decision %s could be pruned", file, x.Metadata.Name)
				}
			}
		}
	}
	if decisions == 0 {
		t.Error("no decision was found")
	}
}

// TestEachFileIsInTheKustomizationOrSaidNotToBe keeps README.md and kustomization.yaml complete.
func TestEachFileIsInTheKustomizationOrSaidNotToBe(t *testing.T) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	readme, kustomization := read(t, folder+"/README.md"), read(t, folder+"/kustomization.yaml")
	apart := []string{"README.md", "kustomization.yaml", "impersonation.yaml"}
	for _, entry := range entries {
		if name := entry.Name(); name != "README.md" && !strings.Contains(readme, "`"+name) {
			t.Errorf("README.md does not say what %s is for", name)
		} else if !entry.IsDir() && !slices.Contains(apart, name) && !strings.Contains(kustomization, "- "+name+"\n") {
			t.Errorf("kustomization.yaml lacks %s", name)
		}
	}
}
