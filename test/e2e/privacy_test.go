package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/test/plane"
)

// amounts of acme, of the distributor and of the vendor, whole and in the ways in which messages write them, and names that only they have.
var planted = regexp.MustCompile(`(?i)987[,. ]?654|864[,. ]?194|123[,. ]?459|76[,. ]?543|5[,. ]?557[,. ]?771|zzplan|zzgoal|zzcrm|zzacme|zzregion|zzyx - |cam-777|zorgoal|` +
	`zorblatt|quuxwire|zeldaconflictowner`)

// plantedManager is the name of a manager, which no event and no metric has.
const plantedManager = "cam-777"

// TestAPartnerReadsNothingOfOthers plants names and amounts in one partner, in its distributor and in what the vendor wants of the whole, evaluates all of it, and
// looks for them in everything that the people of another partner may read.
func TestAPartnerReadsNothingOfOthers(t *testing.T) {
	t.Parallel()
	c, registry := plane.Client(t), prometheus.NewRegistry()
	mark := plane.Namespace(t, c) // the mark of what is in the cluster
	short := mark[len(mark)-10:]
	program, base := "p-"+short, "n-"+short
	for _, suffix := range []string{"-a", "-b", "-d"} {
		namespace := &corev1.Namespace{}
		namespace.Name = base + suffix
		plane.Mark(namespace, mark)
		if err := c.Create(t.Context(), namespace); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Delete(context.Background(), namespace) })
	}
	set := createPlanted(t, c, mark, strings.NewReplacer("NAMESPACE", base, "PROGRAM", program, "UNIQUE", short))
	scope := plane.ScopeOf(mark)
	scope.Namespaces, scope.Metrics = []string{base + "-a", base + "-b", base + "-d"}, registry
	now := time.Date(2026, 8, 12, 10, 0, 0, 0, time.UTC)
	plane.StartManager(t, scope, "privacy-"+mark, clocktesting.NewFakePassiveClock(now))
	awaitThePlanted(t, c, program, short)

	for _, role := range []string{"partner-editor", "partner-approver", "results-reporter"} {
		t.Run(role, func(t *testing.T) {
			t.Parallel()
			texts := readable(t, c, mark+"-"+role, role, base+"-b", set)
			if len(texts) < 5 {
				t.Errorf("%s reads %d objects, want those of its namespace", role, len(texts))
			}
			for what, text := range texts {
				if found := planted.FindString(text); found != "" {
					t.Errorf("%s reads %q in %s:\n%s", role, found, what, text)
				}
			}
		})
	}
	t.Run("no event and no metric names a manager", func(t *testing.T) {
		t.Parallel()
		families, err := registry.Gather()
		if err != nil || len(families) < 5 {
			t.Fatalf("%d metrics, %v", len(families), err)
		}
		for _, family := range families {
			if text := family.String(); planted.MatchString(strings.ReplaceAll(text, base, "")) {
				t.Errorf("metric %s tells %q", family.GetName(), planted.FindString(text))
			}
		}
		for name, text := range eventsIn(t, c, metav1.NamespaceAll) {
			if strings.Contains(text, plantedManager) {
				t.Errorf("event %s names a manager: %s", name, text)
			}
		}
	})
}

// createPlanted creates the objects, and the vendor's approval of each plan.
func createPlanted(t *testing.T, c client.Client, mark string, names *strings.Replacer) *manifest.Set {
	t.Helper()
	raw, err := os.ReadFile("testdata/planted.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(names.Replace(string(raw)))}, "-")
	if err != nil {
		t.Fatal(err)
	}
	create := func(object client.Object) {
		if object.GetNamespace() == "" {
			plane.Mark(object, mark)
			t.Cleanup(func() { _ = c.Delete(context.Background(), object) })
		}
		if err := c.Create(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	for _, object := range set.Objects() {
		copied, _ := object.DeepCopyObject().(client.Object)
		create(copied)
	}
	for _, x := range set.Plans {
		decision := &v1alpha1.ApprovalDecision{}
		decision.Name, decision.Namespace = x.Name+"-vendor", x.Namespace
		decision.Spec = v1alpha1.ApprovalDecisionSpec{
			TargetRef: v1alpha1.DecisionTargetReference{Kind: kinds.JointPlan, Name: v1alpha1.Name(x.Name)}, Revision: plan.Revision(&x.Spec.PlanTerms),
			Party: v1alpha1.PartyVendor, Decision: v1alpha1.DecisionApproved, ApprovedBy: "ana", DecidedTime: metav1.NewTime(time.Date(2026, 6, 25, 9, 0, 0, 0, time.UTC)),
		}
		create(decision)
	}
	return set
}

// awaitThePlanted waits until all that is planted is evaluated: the report has the sum, the conflict and the region.
func awaitThePlanted(t *testing.T, c client.Client, program, short string) {
	t.Helper()
	report, manager := &v1alpha1.ProgramReport{}, &v1alpha1.ChannelManager{}
	plane.Eventually(t, func() string {
		if err := c.Get(t.Context(), client.ObjectKey{Name: program + "-fy2027-h1"}, report); err != nil {
			return err.Error()
		}
		raw, err := json.Marshal(report.Status)
		if err != nil {
			return err.Error()
		}
		for _, text := range []string{"5557771.23", "76543210.98", "zzregion", "Zzyx - Holdings", "Quuxwire", plantedManager} {
			if !strings.Contains(string(raw), text) {
				return fmt.Sprintf("the report lacks %s: %s", text, raw)
			}
		}
		if err := c.Get(t.Context(), client.ObjectKey{Name: "cam-777-" + short}, manager); err != nil || manager.Status.Partners == nil || *manager.Status.Partners != 1 {
			return fmt.Sprintf("the manager has no evidence: %v %+v", err, manager.Status)
		}
		return ""
	})
}

// readable returns everything that a user may read who has a role in a namespace, and who reads catalogs and published benchmarks, as text by where it is.
func readable(t *testing.T, c client.Client, user, role, namespace string, set *manifest.Set) map[string]string {
	t.Helper()
	who := []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: "User", Name: user}}
	ref := func(name string) rbacv1.RoleRef {
		return rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name}
	}
	everywhere := &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: user}, RoleRef: ref("jointplan-catalog-reader"), Subjects: who}
	// With "view" of Kubernetes in its own namespace, which has its events.
	for i, name := range []string{"jointplan-" + role, "view"} {
		here := &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprint(role, "-", i), Namespace: namespace}, RoleRef: ref(name), Subjects: who}
		if err := c.Create(t.Context(), here); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Create(t.Context(), everywhere); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Delete(context.Background(), everywhere) })
	config := plane.Config(t)
	config.Impersonate = rest.ImpersonationConfig{UserName: user}
	calls, err := dynamic.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	ours := func(plural string) schema.GroupVersionResource { return v1alpha1.GroupVersion.WithResource(plural) }
	plane.Eventually(t, func() string { // until the API server knows of the roles
		for _, plural := range []string{"partners", "campaigns"} {
			if _, err := calls.Resource(ours(plural)).Namespace(namespace).List(t.Context(), metav1.ListOptions{}); err != nil {
				return err.Error()
			}
		}
		if _, err := calls.Resource(ours("programcatalogs")).List(t.Context(), metav1.ListOptions{}); err != nil {
			return err.Error()
		}
		return ""
	})
	resources := []schema.GroupVersionResource{
		{Version: "v1", Resource: "events"}, {Group: "events.k8s.io", Version: "v1", Resource: "events"}, {Version: "v1", Resource: "configmaps"},
	}
	for _, kind := range kinds.All() {
		resources = append(resources, ours(kind.Plural))
	}
	texts := map[string]string{}
	namespaces := []string{namespace, metav1.NamespaceAll, metav1.NamespaceDefault}
	for other := range set.Namespaces {
		namespaces = append(namespaces, other)
	}
	for _, resource := range resources {
		for _, in := range namespaces {
			list, err := calls.Resource(resource).Namespace(in).List(t.Context(), metav1.ListOptions{})
			if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
				continue
			}
			if err != nil {
				t.Fatalf("list %s in %q: %v", resource, in, err)
			}
			for i := range list.Items {
				raw, err := json.Marshal(list.Items[i].Object)
				if err != nil {
					t.Fatal(err)
				}
				texts[resource.Resource+" "+list.Items[i].GetNamespace()+"/"+list.Items[i].GetName()] = string(raw)
			}
		}
	}
	return texts
}

// eventsIn returns the events of a namespace as text by name.
func eventsIn(t *testing.T, c client.Client, namespace string) map[string]string {
	t.Helper()
	events, texts := &corev1.EventList{}, map[string]string{}
	if err := c.List(t.Context(), events, client.InNamespace(namespace)); err != nil {
		t.Fatal(err)
	}
	for i := range events.Items {
		raw, err := json.Marshal(&events.Items[i])
		if err != nil {
			t.Fatal(err)
		}
		texts[events.Items[i].Name] = string(raw)
	}
	return texts
}
