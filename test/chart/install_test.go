package chart_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/test/plane"
)

// TestOneFileInstallsAll applies what `make dist` writes, twice: the second time changes nothing. Then it hands all of it over to Helm, and
// removes it.
func TestOneFileInstallsAll(t *testing.T) {
	c := plane.Client(t)
	text := manifest(t)
	file := filepath.Join(t.TempDir(), "install.yaml")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	must(t)(kubectl(t, "apply", "--server-side", "-f", file))
	t.Cleanup(func() {
		if out, err := kubectl(t, "delete", "--ignore-not-found", "-f", file); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	})
	all := objects(t, text)
	must(t)(kubectl(t, "wait", "--for=condition=Established", "--timeout=60s", "crd", "--all")) // what the server itself writes is written
	generations := func() map[string]int64 {
		versions := map[string]int64{}
		for key, object := range all {
			found := live(t, c, object)
			if found == nil {
				t.Fatalf("%s is not there", key)
			}
			versions[key] = found.GetGeneration()
		}
		return versions
	}
	before := generations()
	out := must(t)(kubectl(t, "apply", "--server-side", "-f", file))
	if diff := cmp.Diff(before, generations()); diff != "" {
		t.Errorf("the second time changed specs (-before +after):\n%s", diff)
	}
	if lines := strings.Count(out, "serverside-applied\n"); lines != len(all) {
		t.Errorf("kubectl applied %d objects, want %d", lines, len(all))
	}
	if diff, err := kubectl(t, "diff", "--server-side", "-f", file); err != nil {
		t.Errorf("what is applied differs from the file: %v\n%s", err, diff)
	}
	image, _, err := unstructured.NestedSlice(live(t, c, all["Deployment jointplan-system/jointplan-manager"]).Object, "spec", "template", "spec", "containers")
	if err != nil || len(image) != 1 || image[0].(map[string]any)["image"] != testImage {
		t.Errorf("the image is %v (%v), want %s", image, err, testImage)
	}
	namespace := live(t, c, all["Namespace jointplan-system"])
	if level := namespace.GetLabels()["pod-security.kubernetes.io/enforce"]; level != "restricted" {
		t.Errorf("the namespace has Pod Security level %q, want restricted", level)
	}
	t.Run("Helm takes it over", func(t *testing.T) {
		kinds := identities(t, "generation", "crd")
		args := append([]string{"upgrade", "--install", release, chartFolder, "--namespace", "jointplan-system"}, imageArgs...)
		must(t)(helmAt(t, append(args, "--take-ownership", "--force-conflicts")...))
		if diff := cmp.Diff(kinds, identities(t, "generation", "crd")); diff != "" {
			t.Errorf("the kinds (-before +after):\n%s", diff)
		}
		must(t)(helmAt(t, "uninstall", release, "--namespace", "jointplan-system"))
	})
}

// TestPodsMeetTheRestrictedLevel has the API server judge the pods, with each set of values. So that it is known to judge, it also gets each
// pod with one of its restrictions taken away.
func TestPodsMeetTheRestrictedLevel(t *testing.T) {
	c := plane.Client(t)
	namespace := restrictedPods(t, c)
	deployments := map[string]*unstructured.Unstructured{
		"install.yaml": objects(t, manifest(t))["Deployment jointplan-system/jointplan-manager"],
		"defaults":     rendered(t, "channel")["Deployment channel/jointplan-manager"],
		"everything":   rendered(t, "channel", "--values", "testdata/everything.yaml")["Deployment channel/jointplan-manager"],
		"minimal":      rendered(t, "channel", "--values", "testdata/minimal.yaml")["Deployment channel/jointplan-manager"],
	}
	for name, deployment := range deployments {
		t.Run(name, func(t *testing.T) {
			pod := podOf(t, deployment, namespace)
			if err := c.Create(t.Context(), pod.DeepCopy(), client.DryRunAll); err != nil {
				t.Errorf("the pod is refused: %v", err)
			}
			for restriction, loosen := range loosened {
				loose := pod.DeepCopy()
				loosen(loose.Object["spec"].(map[string]any))
				if err := c.Create(t.Context(), loose, client.DryRunAll); !apierrors.IsForbidden(err) {
					t.Errorf("without %s the pod is not refused: %v", restriction, err)
				}
			}
		})
	}
}

// loosened takes the restrictions away that the level asks for, one at a time.
var loosened = map[string]func(spec map[string]any){
	"runAsNonRoot":             func(spec map[string]any) { delete(spec["securityContext"].(map[string]any), "runAsNonRoot") },
	"seccompProfile":           func(spec map[string]any) { delete(spec["securityContext"].(map[string]any), "seccompProfile") },
	"allowPrivilegeEscalation": func(spec map[string]any) { delete(containerSecurity(spec), "allowPrivilegeEscalation") },
	"capabilities":             func(spec map[string]any) { delete(containerSecurity(spec), "capabilities") },
}

func containerSecurity(spec map[string]any) map[string]any {
	return spec["containers"].([]any)[0].(map[string]any)["securityContext"].(map[string]any)
}
