package flux_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/ssa"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/test/plane"
)

const (
	partnerAccount   = "system:serviceaccount:partner-acme:git-partner"
	decisionsAccount = "system:serviceaccount:northwind-gitops:approvals"
	programAccount   = "system:serviceaccount:northwind-gitops:program"
	finance          = "fay@northwind.example"
)

// kubectl runs kubectl as an administrator, or as whom the arguments name.
func kubectl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	path := root + "/bin/localplane/kubectl"
	if assets := os.Getenv("KUBEBUILDER_ASSETS"); assets != "" {
		path = filepath.Join(assets, "kubectl")
	}
	out, err := exec.CommandContext(t.Context(), path, append([]string{"--kubeconfig", os.Getenv(plane.Kubeconfig)}, args...)...).CombinedOutput()
	return string(out), err
}

func mustKubectl(t *testing.T, args ...string) {
	t.Helper()
	if out, err := kubectl(t, args...); err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// as returns a client in the name of a user.
func as(t *testing.T, user string) client.Client {
	t.Helper()
	config := rest.CopyConfig(plane.Config(t))
	config.Impersonate = rest.ImpersonationConfig{UserName: user}
	c, err := client.New(config, client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// apply applies objects as kustomize-controller does: by its library, in the name of a Kustomization's account, undoing what kubectl did.
func apply(t *testing.T, user string, objects []*unstructured.Unstructured) error {
	t.Helper()
	manager := ssa.NewResourceManager(as(t, user), nil, ssa.Owner{Field: "kustomize-controller", Group: kustomizev1.GroupVersion.Group})
	manager.SetOwnerLabels(objects, "acme", "partner-acme")
	options := ssa.DefaultApplyOptions()
	options.Cleanup = ssa.ApplyCleanupOptions{
		Annotations: []string{corev1.LastAppliedConfigAnnotation},
		FieldManagers: []ssa.FieldManager{
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationApply},
			{Name: "kubectl", OperationType: metav1.ManagedFieldsOperationUpdate},
			{Name: "before-first-apply", OperationType: metav1.ManagedFieldsOperationUpdate},
		},
		Exclusions: map[string]string{kustomizev1.GroupVersion.Group + "/ssa": kustomizev1.MergeValue},
	}
	_, err := manager.ApplyAllStaged(context.WithoutCancel(t.Context()), objects, options)
	return err
}

// samples returns the objects of files of the samples whose kinds are named; all when none is.
func samples(t *testing.T, pattern string, kinds ...string) (objects []*unstructured.Unstructured) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(samplesFolder, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	for _, file := range files {
		raw, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		decoder := yaml.NewYAMLOrJSONDecoder(raw, 4096)
		for {
			object := &unstructured.Unstructured{}
			if err := decoder.Decode(object); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if len(kinds) == 0 || strings.Contains(" "+strings.Join(kinds, " ")+" ", " "+object.GetKind()+" ") {
				objects = append(objects, object)
			}
		}
		_ = raw.Close()
	}
	return objects
}

func copies(objects []*unstructured.Unstructured) (all []*unstructured.Unstructured) {
	for _, x := range objects {
		all = append(all, x.DeepCopy())
	}
	return all
}

var partnersKinds = []string{"JointPlan", "Campaign", "MDFAllocation", "MDFClaim"}

// TestApplyingAsFluxDoes delivers a partner with Flux's own library in the names of the accounts of config/flux.
func TestApplyingAsFluxDoes(t *testing.T) {
	plane.Guard(t)
	mustKubectl(t, "apply", "-f", root+"/config/flux/identities.yaml")
	folder := samples(t, "partners/acme/*.yaml", partnersKinds...)
	t.Run("what arrives late", func(t *testing.T) { refusesWhatIsLate(t, folder) })
	// The samples' requests and claims are of days long past, so here their account vouches for days.
	mustKubectl(t, "-n", "partner-acme", "create", "role", "days", "--verb=backdate",
		"--resource=mdfallocations.channel.jointplan.dev,mdfclaims.channel.jointplan.dev")
	mustKubectl(t, "-n", "partner-acme", "create", "rolebinding", "days", "--role=days", "--user="+partnerAccount)
	mustKubectl(t, "-n", "partner-acme", "create", "rolebinding", "finance", "--clusterrole=jointplan-finance-approver", "--user="+finance)
	program := append(append(samples(t, "programs/northwind.yaml"), samples(t, "budgets/northwind-fy27.yaml")...),
		samples(t, "partners/acme/partner.yaml", "Partner")...)
	if err := apply(t, programAccount, program); err != nil {
		t.Fatalf("the program's account: %v", err)
	}
	if err := apply(t, partnerAccount, copies(folder)); err != nil {
		t.Fatalf("the partner's account: %v", err)
	}
	decisions := samples(t, "partners/acme/*.yaml", "ApprovalDecision", "PlanReview", "MeasurementSet")
	if err := apply(t, decisionsAccount, copies(decisions)); err != nil {
		t.Fatalf("the account of decisions: %v", err)
	}
	t.Run("a second time nothing changes", func(t *testing.T) {
		if err := errors.Join(apply(t, partnerAccount, copies(folder)), apply(t, decisionsAccount, copies(decisions))); err != nil {
			t.Error(err)
		}
	})
	t.Run("each account keeps to its folder", func(t *testing.T) { staysInItsFolder(t, folder, decisions) })
	t.Run("a payment", func(t *testing.T) { keepsPayments(t, folder) })
}

func staysInItsFolder(t *testing.T, folder, decisions []*unstructured.Unstructured) {
	t.Helper()
	another := decisions[0].DeepCopy()
	another.SetName("another")
	lyra := folder[0].DeepCopy()
	lyra.SetNamespace("partner-lyra")
	for name, tc := range map[string]struct {
		user   string
		object *unstructured.Unstructured
	}{
		"the partner's account decides":                {user: partnerAccount, object: another},
		"the partner's account changes the program":    {user: partnerAccount, object: samples(t, "programs/northwind.yaml")[0]},
		"the partner's account writes another partner": {user: partnerAccount, object: lyra},
		"the partner's account reports for the CRM":    {user: partnerAccount, object: samples(t, "partners/acme/results.yaml")[0]},
		"the account of decisions writes a plan":       {user: decisionsAccount, object: samples(t, "partners/acme/plans.yaml", "JointPlan")[0]},
		"the program's account decides":                {user: programAccount, object: another},
	} {
		object := tc.object.DeepCopy()
		object.SetAnnotations(map[string]string{"example.com/changed": "yes"})
		if err := apply(t, tc.user, []*unstructured.Unstructured{object}); err == nil || !strings.Contains(err.Error(), "forbidden") {
			t.Errorf("%s: %v, want it forbidden", name, err)
		}
	}
}

// keepsPayments: what finance records with kubectl stays where the claim says so; elsewhere Flux tries to take it back, and is refused for ever.
func keepsPayments(t *testing.T, folder []*unstructured.Unstructured) {
	t.Helper()
	for _, tc := range []struct {
		claim, mode string
		refused     bool
	}{
		{claim: "acme-cloud-webinar-1", mode: "Merge"},
		{claim: "acme-cloud-webinar-2", mode: "Override", refused: true},
	} {
		inGit := named(t, folder, "MDFClaim", tc.claim)
		inGit.SetAnnotations(map[string]string{kustomizev1.GroupVersion.Group + "/ssa": tc.mode})
		once := func() error { return apply(t, partnerAccount, copies([]*unstructured.Unstructured{inGit})) }
		if err := once(); err != nil {
			t.Fatal(err)
		}
		mustKubectl(t, "-n", "partner-acme", "patch", "mdfclaim", tc.claim, "--type=merge", "--as="+finance, "-p",
			`{"spec":{"payments":[{"document":"T-`+tc.claim+`","line":1,"paidOn":"2026-11-03","method":"Transfer","currency":"EUR","net":"700.00"}]}}`)
		err := once()
		if tc.refused != (err != nil) {
			t.Errorf("%s: Flux applies it with %v", tc.mode, err)
		}
		live := inGit.DeepCopy()
		if err := as(t, finance).Get(t.Context(), types.NamespacedName{Namespace: "partner-acme", Name: tc.claim}, live); err != nil {
			t.Fatal(err)
		}
		if lines, _, _ := unstructured.NestedSlice(live.Object, "spec", "payments"); len(lines) != 1 {
			t.Errorf("%s: the payments are %v", tc.mode, lines)
		}
	}
}

// refusesWhatIsLate commits a request and delivers it days later: it is refused, and with it all that its folder holds, until it states the day on
// which it arrives. An account that may vouch for days delivers it as it is.
func refusesWhatIsLate(t *testing.T, folder []*unstructured.Unstructured) {
	t.Helper()
	const desk = "system:serviceaccount:northwind-gitops:desk"
	mustKubectl(t, "create", "clusterrole", "jointplan-git-desk-path", "--verb=get,list,watch,create,update,patch,delete,attest,deliver,backdate",
		"--resource=mdfallocations.channel.jointplan.dev,mdfclaims.channel.jointplan.dev")
	mustKubectl(t, "-n", "partner-acme", "create", "rolebinding", "git-desk", "--clusterrole=jointplan-git-desk-path", "--user="+desk)
	request, campaign := named(t, folder, "MDFAllocation", "acme-customer-day"), named(t, folder, "Campaign", "acme-customer-day")
	request.SetName("of-monday")
	campaign.SetName("of-wednesday")
	dated := func(day time.Time) []*unstructured.Unstructured {
		if err := unstructured.SetNestedField(request.Object, day.UTC().Format(time.DateOnly), "spec", "requestedOn"); err != nil {
			t.Fatal(err)
		}
		return copies([]*unstructured.Unstructured{campaign, request})
	}
	monday := time.Now().AddDate(0, 0, -2)
	const want = "which is more than a day before it is written: what is delivered later counts from the day on which it arrives, so set that day; " +
		"only an account with the verb backdate on mdfallocations vouches for an earlier one"
	if err := apply(t, partnerAccount, dated(monday)); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("a request of two days before is delivered with %v, want %q", err, want)
	}
	// Flux asks for all by a dry run, before it writes any.
	if err := as(t, partnerAccount).Get(t.Context(), client.ObjectKeyFromObject(campaign), campaign.DeepCopy()); !apierrors.IsNotFound(err) {
		t.Errorf("the rest of the folder is there: %v", err)
	}
	if err := apply(t, partnerAccount, dated(time.Now())); err != nil {
		t.Errorf("dated on the day on which it arrives: %v", err)
	}
	request.SetName("of-the-desk")
	if err := apply(t, desk, dated(monday)[1:]); err != nil {
		t.Errorf("from the desk's folder: %v", err)
	}
}

// named returns a copy of one of the objects.
func named(t *testing.T, objects []*unstructured.Unstructured, kind, name string) *unstructured.Unstructured {
	t.Helper()
	for _, x := range objects {
		if x.GetKind() == kind && x.GetName() == name {
			return x.DeepCopy()
		}
	}
	t.Fatalf("no %s %s", kind, name)
	return nil
}
