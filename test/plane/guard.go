package plane

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// ManagerAccount is the user name of the manager's service account.
const ManagerAccount = "system:serviceaccount:jointplan-system:jointplan-manager"

// ManagersClient returns a client that may write everything, ledgers included: it acts in the name of the manager's service account with the
// rights of an administrator, as docs/access.md tells administrators to do who have to restore a ledger.
func ManagersClient(tb testing.TB) client.WithWatch {
	tb.Helper()
	config := Config(tb)
	config.Impersonate = rest.ImpersonationConfig{UserName: ManagerAccount, Groups: []string{"system:masters"}}
	c, err := client.NewWithWatch(config, client.Options{Scheme: Scheme(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// RemoveLedger removes a ledger with its finalizer, as an administrator does who knows that it is not needed. It is for the end of a test.
func RemoveLedger(tb testing.TB, name string) {
	tb.Helper()
	c, ledger := ManagersClient(tb), &v1alpha1.MDFLedger{ObjectMeta: metav1.ObjectMeta{Name: name}}
	for range 10 { // a manager that stops may still write
		if err := c.Get(context.Background(), client.ObjectKeyFromObject(ledger), ledger); err != nil {
			return
		}
		ledger.Finalizers = nil
		if c.Update(context.Background(), ledger) == nil && c.Delete(context.Background(), ledger) == nil {
			return
		}
	}
}

// guarding makes a test process install the roles and policies once.
var guarding sync.Mutex

// Guard installs the roles of config/rbac and the admission policies of config/policy on the plane, and waits until they are in force. They
// are the same for all tests, and leave an administrator as free as before but for ledgers: see ManagersClient.
func Guard(tb testing.TB) {
	tb.Helper()
	guarding.Lock()
	defer guarding.Unlock()
	c := Client(tb)
	if refusesLedgers(tb, c) {
		return
	}
	for _, folder := range []string{"rbac", "policy"} {
		for _, object := range manifests(tb, "../../config/"+folder) {
			applied := client.ApplyConfigurationFromUnstructured(object)
			if err := c.Apply(tb.Context(), applied, client.FieldOwner("plane"), client.ForceOwnership); err != nil {
				tb.Fatalf("apply %s %s: %v", object.GetKind(), object.GetName(), err)
			}
		}
	}
	Eventually(tb, func() string {
		if refusesLedgers(tb, c) {
			return ""
		}
		return "the policies are not in force"
	})
}

// refusesLedgers reports whether the policy of ledgers, which is applied last, is in force.
func refusesLedgers(tb testing.TB, c client.Client) bool {
	tb.Helper()
	ledger := &v1alpha1.MDFLedger{ObjectMeta: metav1.ObjectMeta{Name: "probe"}, Spec: v1alpha1.MDFLedgerSpec{Currency: "EUR"}}
	err := c.Create(tb.Context(), ledger, client.DryRunAll)
	return err != nil && strings.Contains(err.Error(), "jointplan-ledgers")
}

// manifests reads the objects of a folder. The bindings come last, and that of the ledgers' policy after all others.
func manifests(tb testing.TB, folder string) []*unstructured.Unstructured {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no manifests in %s: %v", folder, err)
	}
	var objects []*unstructured.Unstructured
	for _, file := range files {
		if filepath.Base(file) == "kustomization.yaml" {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(raw), 4096); ; {
			object := &unstructured.Unstructured{}
			if err := documents.Decode(object); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				tb.Fatalf("%s: %v", file, err)
			}
			objects = append(objects, object)
		}
	}
	rank := func(o *unstructured.Unstructured) int {
		switch {
		case o.GetKind() == "Namespace":
			return 0
		case o.GetKind() != "ValidatingAdmissionPolicyBinding":
			return 1
		case o.GetName() != "jointplan-ledgers":
			return 2
		default:
			return 3
		}
	}
	slices.SortStableFunc(objects, func(a, b *unstructured.Unstructured) int { return rank(a) - rank(b) })
	return objects
}
