package chart_test

import (
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

const (
	// releaseNamespace and releaseAccount are others than those of config/: the release has to work with any.
	releaseNamespace = "channel-operations"
	releaseAccount   = "planner"

	// samplesClock is the instant of the samples' story.
	samplesClock = "2026-11-03T09:00:00Z"
)

// helmAt runs Helm against the plane, for a release.
func helmAt(t *testing.T, args ...string) (string, error) {
	t.Helper()
	return helm(t, append(args, "--kubeconfig", os.Getenv(plane.Kubeconfig))...)
}

func releaseArgs(command string, args ...string) []string {
	all := append([]string{command, release, chartFolder, "--namespace", releaseNamespace, "--set", "serviceAccount.name=" + releaseAccount}, imageArgs...)
	return append(all, args...)
}

// TestLifeOfARelease installs the chart, has its manager grant the samples' money, upgrades it, tries a second release, uninstalls it and
// installs it again. All objects stay until they are removed on purpose.
func TestLifeOfARelease(t *testing.T) {
	c := plane.Client(t)
	notes := must(t)(helmAt(t, releaseArgs("install", "--create-namespace",
		"--set", "replicas=2", "--set", "networkPolicy.enabled=true", "--set", "podDisruptionBudget.enabled=true")...))
	for _, want := range []string{"is installed in namespace " + releaseNamespace, "kubectl -n " + releaseNamespace + " rollout status", "kubectl get jmp -A"} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %q:\n%s", want, notes)
		}
	}

	t.Run("its manager works", func(t *testing.T) { testManagerWorks(t, c) })
	before := whatStays(t)

	t.Run("an upgrade without a change writes nothing", func(t *testing.T) {
		must(t)(helmAt(t, releaseArgs("upgrade", "--set", "replicas=2")...))
		if diff := cmp.Diff(before, whatStays(t)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
	t.Run("an upgrade takes away what the values no longer want, but no kinds", func(t *testing.T) {
		must(t)(helmAt(t, releaseArgs("upgrade", "--set", "roles.people=false", "--set", "crds.install=false")...))
		if diff := cmp.Diff(before, whatStays(t)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		if out, err := kubectl(t, "get", "clusterrole", "jointplan-viewer"); err == nil {
			t.Errorf("the role is still there:\n%s", out)
		}
	})
	t.Run("a second release is refused", func(t *testing.T) {
		out, err := helmAt(t, "install", "other", chartFolder, "--namespace", "elsewhere", "--create-namespace")
		if err == nil || !strings.Contains(out, "cannot be imported into the current release") {
			t.Errorf("Helm says (%v):\n%s", err, out)
		}
	})
	t.Run("kinds, policies and objects outlive it", func(t *testing.T) {
		must(t)(helmAt(t, "uninstall", release, "--namespace", releaseNamespace))
		if diff := cmp.Diff(before, whatStays(t)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
		for _, gone := range []string{"deployment/jointplan-manager", "serviceaccount/" + releaseAccount, "clusterrole/jointplan-manager"} {
			if out, err := kubectl(t, "-n", releaseNamespace, "get", gone); err == nil {
				t.Errorf("%s is still there:\n%s", gone, out)
			}
		}
		testLedgersAreGuarded(t, c)
	})
	t.Run("installing it again takes them up", func(t *testing.T) {
		must(t)(helmAt(t, releaseArgs("install")...))
		if diff := cmp.Diff(before, whatStays(t)); diff != "" {
			t.Errorf("(-before +after):\n%s", diff)
		}
	})
	t.Run("all of it can be removed", func(t *testing.T) {
		must(t)(helmAt(t, "uninstall", release, "--namespace", releaseNamespace))
		testRemoval(t)
	})
}

// testRemoval removes all that Helm leaves, as docs/upgrade.md says: first the ledgers, which nobody deletes by mistake.
func testRemoval(t *testing.T) {
	t.Helper()
	for name := range strings.FieldsSeq(must(t)(kubectl(t, "get", "mdfledgers", "-o", "name"))) {
		must(t)(kubectl(t, "patch", name, "--type=merge", "-p", `{"metadata":{"finalizers":null}}`,
			"--as=system:serviceaccount:"+releaseNamespace+":"+releaseAccount, "--as-group=system:masters"))
	}
	out := must(t)(kubectl(t, "delete", "--timeout=60s", "-l", "app.kubernetes.io/instance="+release,
		"crd,validatingadmissionpolicies,validatingadmissionpolicybindings"))
	if left := whatStays(t); len(left) > 0 {
		t.Errorf("%v is left; kubectl says\n%s", left, out)
	}
}

// testManagerWorks runs the manager as the release's account. That it grants money says that kinds, roles, admission policies and account fit.
func testManagerWorks(t *testing.T, c client.Client) {
	t.Helper()
	must(t)(kubectl(t, "apply", "--server-side", "-k", "../../config/samples"))
	startManager(t, c, releaseNamespace, releaseAccount, samplesClock)
	plane.Eventually(t, func() string {
		request := &v1alpha1.MDFAllocation{}
		if err := c.Get(t.Context(), client.ObjectKey{Namespace: "partner-acme", Name: "acme-cloud-webinar"}, request); err != nil {
			return err.Error()
		}
		for _, condition := range request.Status.Conditions {
			if condition.Type == v1alpha1.ConditionGranted {
				if condition.Status == "True" {
					return ""
				}
				return condition.Message
			}
		}
		return "the request is not evaluated"
	})
	must(t)(kubectl(t, "wait", "--for=condition=Ready", "--timeout=60s", "-A", "--all", "partners,mdfbudgets,partnerprograms"))
	testLedgersAreGuarded(t, c)
}

// testLedgersAreGuarded has an administrator try to delete a ledger.
func testLedgersAreGuarded(t *testing.T, c client.Client) {
	t.Helper()
	var ledgers v1alpha1.MDFLedgerList
	if err := c.List(t.Context(), &ledgers); err != nil || len(ledgers.Items) == 0 {
		t.Fatalf("there is no ledger: %v", err)
	}
	err := c.Delete(t.Context(), &ledgers.Items[0], client.DryRunAll)
	if !apierrors.IsForbidden(err) || !strings.Contains(err.Error(), "jointplan-ledgers") {
		t.Errorf("an administrator deletes a ledger: %v", err)
	}
}

// whatStays returns the objects of our kinds, of which no write at all goes unnoticed, and the kinds and admission policies, of which only
// changes of the spec count: controllers of Kubernetes write their statuses.
func whatStays(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	if kinds := strings.Fields(must(t)(kubectl(t, "api-resources", "--api-group=channel.jointplan.dev", "-o", "name"))); len(kinds) > 0 {
		all = identities(t, "resourceVersion", kinds...)
	}
	maps.Copy(all, identities(t, "generation", "crd", "validatingadmissionpolicies", "validatingadmissionpolicybindings"))
	return all
}
