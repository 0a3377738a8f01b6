// Package kinds_test says by name what a kind of the list lacks. What can read the list does; manifests, pages and tables of expectations
// cannot, and are compared with it here.
package kinds_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// root is the root of the repository.
const root = "../.."

// TestEveryKindHasItsPlaces says in a line for each kind and place what is missing.
func TestEveryKindHasItsPlaces(t *testing.T) {
	r := newRepository(t)
	for _, k := range kinds.All() {
		for _, missing := range r.missing(t, k) {
			t.Errorf("%s: %s", k.Name, missing)
		}
	}
}

// TestAKindThatHasNothingLacksEverything shows that each place is looked at.
func TestAKindThatHasNothingLacksEverything(t *testing.T) {
	r := newRepository(t)
	for name, tc := range map[string]struct {
		kind kinds.Kind
		want []string
	}{
		"one of people": {
			kind: kinds.Kind{Name: "Reseller", Plural: "resellers", Namespaced: true, Evaluated: true, Suspendable: true, ByPeople: true},
			want: []string{
				"not registered with the scheme of api/v1alpha1",
				"no config/crd/bases/channel.jointplan.dev_resellers.yaml",
				"no line in config/crd/kustomization.yaml",
				"no entry in PROJECT",
				"no file controllers/reseller.go",
				"no page docs/reseller.md",
				"no link to docs/reseller.md in README.md or docs",
				"no section in docs/reference/v1alpha1.md",
				"no sample in config/samples",
				"no config/argocd/resource_customizations/channel.jointplan.dev/Reseller/health.lua",
				"no test in config/argocd/resource_customizations/channel.jointplan.dev/Reseller/health_test.yaml",
				"no health in config/argocd/argocd-cm.yaml",
				"no actions in config/argocd/resource_customizations/channel.jointplan.dev/Reseller",
				"no role jointplan-manager to get, list, watch resellers",
				"no role jointplan-manager to patch resellers/status",
				"no role jointplan-viewer to get, list, watch resellers",
				"no role jointplan-finance-approver to get, list, watch resellers",
				"no role jointplan-partner-editor to get, list, watch resellers",
				"no role jointplan-partner-approver to get, list, watch resellers",
				"no role jointplan-channel-manager to get, list, watch resellers",
				"no series jointplan_objects{kind}",
				"no row of columns in test/api/surface_test.go",
				"no row of shortNames in test/api/surface_test.go",
				"no row of selectable in test/api/surface_test.go",
				"no object in test/api/testdata/bases.yaml",
				"no object in test/access/testdata/objects.yaml",
				"no completion of reseller/ by the plugin from the samples",
			},
		},
		"a record of the whole cluster": {
			kind: kinds.Kind{Name: "Register", Plural: "registers"},
			want: []string{
				"not registered with the scheme of api/v1alpha1",
				"no config/crd/bases/channel.jointplan.dev_registers.yaml",
				"no line in config/crd/kustomization.yaml",
				"no entry in PROJECT",
				"no page docs/register.md",
				"no link to docs/register.md in README.md or docs",
				"no section in docs/reference/v1alpha1.md",
				"no config/argocd/resource_customizations/channel.jointplan.dev/Register/health.lua",
				"no test in config/argocd/resource_customizations/channel.jointplan.dev/Register/health_test.yaml",
				"no health in config/argocd/argocd-cm.yaml",
				"no role jointplan-manager to get, list, watch registers",
				"no role jointplan-viewer to get, list, watch registers",
				"no role jointplan-finance-approver to get, list, watch registers",
				"no role jointplan-program-admin to get, list, watch registers",
				"no series jointplan_objects{kind}",
				"no row of columns in test/api/surface_test.go",
				"no row of shortNames in test/api/surface_test.go",
				"no row of selectable in test/api/surface_test.go",
				"no object in test/api/testdata/bases.yaml",
				"no object in test/access/testdata/objects.yaml",
				"no completion of register/ by the plugin from the samples",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, r.missing(t, &tc.kind)); diff != "" {
				t.Errorf("what is missing (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAConfidentialKindIsReadByItsOwnRolesAlone shows that a role which reads what it must not is named.
func TestAConfidentialKindIsReadByItsOwnRolesAlone(t *testing.T) {
	r := newRepository(t)
	want := []string{"no role jointplan-evidence-reader to get, list, watch programcatalogs"}
	for _, role := range []string{"catalog-reader", "finance-approver", "program-admin", "viewer"} {
		for _, verb := range []string{"get", "list", "watch"} {
			want = append(want, fmt.Sprintf("role jointplan-%s must not %s programcatalogs", role, verb))
		}
	}
	catalog := *kinds.Named(kinds.ProgramCatalog)
	catalog.Confidential = true
	if diff := cmp.Diff(want, r.rights(&catalog)); diff != "" {
		t.Errorf("what is said of a catalog that is confidential (-want +got):\n%s", diff)
	}
}

// TestADefinitionThatIsAnotherKindsIsNamed shows that the list and the definitions are compared, and not only their names.
func TestADefinitionThatIsAnotherKindsIsNamed(t *testing.T) {
	plan := *kinds.Named(kinds.JointPlan)
	plan.Namespaced, plan.Evaluated = false, false
	want := []string{
		"config/crd/bases/channel.jointplan.dev_jointplans.yaml and the list differ in whether it has a status",
		"config/crd/bases/channel.jointplan.dev_jointplans.yaml and the list differ in whether it is namespaced",
	}
	if diff := cmp.Diff(want, (&repository{FS: os.DirFS(root)}).definition(t, &plan)); diff != "" {
		t.Errorf("what is missing (-want +got):\n%s", diff)
	}
}

// TestEveryKindBelongsSomewhere says which kinds lineage does not place, so that neither the tree nor a selection by labels would have them.
func TestEveryKindBelongsSomewhere(t *testing.T) {
	for _, k := range kinds.All() {
		object := k.New()
		object.SetNamespace("partner-acme")
		if top := lineage.Above(object) == (kinds.Key{}); top != (k.Name == kinds.PartnerProgram) {
			t.Errorf("%s: internal/view/lineage says that it is at the top: %t", k.Name, top)
		}
	}
}

// repository is what the kinds' places are looked up in.
type repository struct {
	fs.FS

	scheme    *runtime.Scheme
	roles     map[string][]rbacv1.PolicyRule
	tables    map[string]map[string]bool // keys of the maps of test/api/surface_test.go, by the map's name
	counted   map[string]bool            // kinds with a series of jointplan_objects
	completed []byte                     // what the plugin completes from the samples
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	r := &repository{FS: os.DirFS(root), scheme: runtime.NewScheme(), roles: map[string][]rbacv1.PolicyRule{}, counted: map[string]bool{}}
	if err := v1alpha1.AddToScheme(r.scheme); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"config/rbac/role.yaml", "config/rbac/people.yaml"} {
		for _, document := range r.documents(t, file) {
			role := &rbacv1.ClusterRole{}
			if err := yaml.UnmarshalStrict(document, role); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			r.roles[role.Name] = role.Rules
		}
	}
	r.tables = tables(t, path.Join(root, "test/api/surface_test.go"))
	for _, sample := range metrics.Of(&metrics.Objects{}) {
		if sample.Family == metrics.ObjectsByKind {
			r.counted[sample.Labels[0]] = true
		}
	}
	var err error
	if r.completed, err = completed(); err != nil {
		t.Fatal(err)
	}
	return r
}

// tables returns the keys of the maps that a file declares.
func tables(t *testing.T, file string) map[string]map[string]bool {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		declared, ok := n.(*ast.ValueSpec)
		if !ok || len(declared.Values) != 1 {
			return true
		}
		literal, ok := declared.Values[0].(*ast.CompositeLit)
		if !ok {
			return true
		}
		keys := map[string]bool{}
		for _, element := range literal.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				if key, ok := pair.Key.(*ast.BasicLit); ok {
					keys[strings.Trim(key.Value, `"`)] = true
				}
			}
		}
		found[declared.Names[0].Name] = keys
		return false
	})
	return found
}

// completed returns what the plugin completes for an object, from the samples at the instant of their story.
var completed = sync.OnceValues(func() ([]byte, error) {
	command := exec.CommandContext(context.Background(), "go", "run", "./cmd/kubectl-jointplan", "__complete", "explain", "-f", "config/samples",
		"--at", "2026-11-03T09:00:00Z", "")
	command.Dir = root
	out, err := command.Output()
	if exit, failed := errors.AsType[*exec.ExitError](err); failed {
		err = fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return out, err
})

// missing says what a kind lacks.
func (r *repository) missing(t *testing.T, k *kinds.Kind) []string {
	t.Helper()
	var all []string
	if !r.scheme.Recognizes(v1alpha1.GroupVersion.WithKind(k.Name)) || !r.scheme.Recognizes(v1alpha1.GroupVersion.WithKind(k.Name+"List")) {
		all = append(all, "not registered with the scheme of api/v1alpha1")
	}
	return slices.Concat(all, r.definition(t, k), r.code(t, k), r.pages(t, k), r.delivery(t, k), r.rights(k), r.tests(t, k))
}

// definition says what the kind's CustomResourceDefinition lacks.
func (r *repository) definition(t *testing.T, k *kinds.Kind) (missing []string) {
	t.Helper()
	file := fmt.Sprintf("config/crd/bases/%s_%s.yaml", v1alpha1.GroupName, k.Plural)
	if raw := r.read(t, file); raw == nil {
		missing = append(missing, "no "+file)
	} else {
		d := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.UnmarshalStrict(raw, d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for what, same := range map[string]bool{
			"its name":                 d.Spec.Names.Kind == k.Name,
			"whether it is namespaced": (d.Spec.Scope == apiextensionsv1.NamespaceScoped) == k.Namespaced,
			"whether it has a status":  (d.Spec.Versions[0].Subresources != nil && d.Spec.Versions[0].Subresources.Status != nil) == k.Evaluated,
		} {
			if !same {
				missing = append(missing, fmt.Sprintf("%s and the list differ in %s", file, what))
			}
		}
		slices.Sort(missing)
	}
	if !r.has(t, "config/crd/kustomization.yaml", "- bases/"+path.Base(file)+"\n") {
		missing = append(missing, "no line in config/crd/kustomization.yaml")
	}
	if !r.has(t, "PROJECT", "kind: "+k.Name+"\n") {
		missing = append(missing, "no entry in PROJECT")
	}
	return missing
}

// code says what code a kind lacks that nothing else would miss.
func (r *repository) code(t *testing.T, k *kinds.Kind) (missing []string) {
	t.Helper()
	if file := "controllers/" + strings.ToLower(k.Name) + ".go"; k.Evaluated && r.read(t, file) == nil {
		missing = append(missing, "no file "+file)
	}
	return missing
}

// pages says which texts are missing.
func (r *repository) pages(t *testing.T, k *kinds.Kind) (missing []string) {
	t.Helper()
	name := strings.ToLower(k.Name) + ".md"
	page := "docs/" + name
	if r.read(t, page) == nil {
		missing = append(missing, "no page "+page)
	}
	linked := r.has(t, "README.md", "]("+page)
	for _, other := range r.glob(t, "docs/*.md") {
		linked = linked || other != page && r.has(t, other, "]("+name)
	}
	if !linked {
		missing = append(missing, "no link to "+page+" in README.md or docs")
	}
	if !r.has(t, "docs/reference/v1alpha1.md", "\n## "+k.Name+"\n") {
		missing = append(missing, "no section in docs/reference/v1alpha1.md")
	}
	return missing
}

// delivery says what samples are missing, and what Argo CD needs.
func (r *repository) delivery(t *testing.T, k *kinds.Kind) (missing []string) {
	t.Helper()
	samples := slices.Concat(r.glob(t, "config/samples/*/*.yaml"), r.glob(t, "config/samples/*/*/*.yaml"))
	if k.ByPeople && !slices.ContainsFunc(samples, func(file string) bool { return r.has(t, file, "\nkind: "+k.Name+"\n") }) {
		missing = append(missing, "no sample in config/samples")
	}
	folder := path.Join("config/argocd/resource_customizations", v1alpha1.GroupName, k.Name)
	if r.read(t, folder+"/health.lua") == nil {
		missing = append(missing, "no "+folder+"/health.lua")
	}
	if !r.has(t, folder+"/health_test.yaml", "inputPath:") {
		missing = append(missing, "no test in "+folder+"/health_test.yaml")
	}
	if !r.has(t, "config/argocd/argocd-cm.yaml", fmt.Sprintf("resource.customizations.health.%s_%s:", v1alpha1.GroupName, k.Name)) {
		missing = append(missing, "no health in config/argocd/argocd-cm.yaml")
	}
	if k.Evaluated && r.read(t, folder+"/actions/discovery.lua") == nil {
		missing = append(missing, "no actions in "+folder)
	}
	return missing
}

// rights says which roles that ship do not allow what they should: reading everything, all of a partner, or all that is the vendor's alone.
func (r *repository) rights(k *kinds.Kind) (missing []string) {
	reads := []string{"get", "list", "watch"}
	need := func(role, resource string, verbs ...string) {
		for _, verb := range verbs {
			if !r.allows(role, resource, verb) {
				missing = append(missing, fmt.Sprintf("no role %s to %s %s", role, strings.Join(verbs, ", "), resource))
				return
			}
		}
	}
	need("jointplan-manager", k.Plural, reads...)
	if k.Evaluated {
		need("jointplan-manager", k.Plural+"/status", "patch")
	}
	if k.Confidential {
		need("jointplan-evidence-reader", k.Plural, reads...)
		return append(missing, r.leaks(k)...)
	}
	readers := []string{"jointplan-viewer", "jointplan-finance-approver"}
	if k.Namespaced {
		readers = append(readers, "jointplan-partner-editor", "jointplan-partner-approver", "jointplan-channel-manager")
	} else {
		readers = append(readers, "jointplan-program-admin")
	}
	for _, role := range readers {
		need(role, k.Plural, reads...)
	}
	return missing
}

// confidants are the roles that may read what is confidential.
var confidants = []string{"jointplan-manager", "jointplan-evidence-reader", "jointplan-evidence-editor"}

// leaks says which roles read a confidential kind and must not.
func (r *repository) leaks(k *kinds.Kind) (leaks []string) {
	for _, role := range slices.Sorted(maps.Keys(r.roles)) {
		for _, verb := range []string{"get", "list", "watch", "update", "patch"} {
			if !slices.Contains(confidants, role) && r.allows(role, k.Plural, verb) {
				leaks = append(leaks, fmt.Sprintf("role %s must not %s %s", role, verb, k.Plural))
			}
		}
	}
	return leaks
}

// allows reports whether a role has a verb on a resource of ours.
func (r *repository) allows(role, resource, verb string) bool {
	return slices.ContainsFunc(r.roles[role], func(rule rbacv1.PolicyRule) bool {
		return slices.Contains(rule.APIGroups, v1alpha1.GroupName) && slices.Contains(rule.Resources, resource) && slices.Contains(rule.Verbs, verb)
	})
}

// tests says what is missing of that which can be seen, and of what the tests expect of each kind.
func (r *repository) tests(t *testing.T, k *kinds.Kind) (missing []string) {
	t.Helper()
	if !r.counted[k.Name] {
		missing = append(missing, "no series jointplan_objects{kind}")
	}
	for _, table := range []string{"columns", "shortNames", "selectable"} {
		if !r.tables[table][k.Name] {
			missing = append(missing, "no row of "+table+" in test/api/surface_test.go")
		}
	}
	for _, file := range []string{"test/api/testdata/bases.yaml", "test/access/testdata/objects.yaml"} {
		if !r.has(t, file, "\nkind: "+k.Name+"\n") {
			missing = append(missing, "no object in "+file)
		}
	}
	switch k.Name {
	case kinds.ProgramCatalog:
		return missing // the plugin shows it by the command catalog; files have the program itself
	case kinds.Benchmark, kinds.PublishedBenchmark:
		return missing // the controllers alone write them, and the samples have too few partners for figures
	}
	if name := strings.ToLower(k.Name) + "/"; !bytes.HasPrefix(r.completed, []byte(name)) && !bytes.Contains(r.completed, []byte("\n"+name)) {
		missing = append(missing, "no completion of "+name+" by the plugin from the samples")
	}
	return missing
}

// read returns the text of a file; nil when there is none.
func (r *repository) read(t *testing.T, file string) []byte {
	t.Helper()
	raw, err := fs.ReadFile(r, file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return raw
}

// has reports whether a file has a text.
func (r *repository) has(t *testing.T, file, text string) bool {
	t.Helper()
	return bytes.Contains(r.read(t, file), []byte(text))
}

func (r *repository) glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := fs.Glob(r, pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// documents returns the documents of a YAML file.
func (r *repository) documents(t *testing.T, file string) [][]byte {
	t.Helper()
	text := bytes.TrimPrefix(r.read(t, file), []byte("---\n"))
	return bytes.Split(text, []byte("\n---\n"))
}

// TestTheQuotaCountsWhatThePartnerAloneWrites holds the quota of a partner's namespace to the kinds: what the vendor writes there too, nobody may use up.
func TestTheQuotaCountsWhatThePartnerAloneWrites(t *testing.T) {
	r := newRepository(t)
	var quota corev1.ResourceQuota
	if err := yaml.UnmarshalStrict(r.read(t, "config/partner/quota.yaml"), &quota); err != nil {
		t.Fatal(err)
	}
	byVendor := []string{kinds.Partner, kinds.MeasurementSet, kinds.PlanReview, kinds.ApprovalDecision}
	want := map[string]bool{}
	for _, k := range kinds.All() {
		if k.Namespaced && k.ByPeople && !slices.Contains(byVendor, k.Name) {
			want[fmt.Sprintf("count/%s.%s", k.Plural, v1alpha1.GroupName)] = true
		}
	}
	got := map[string]bool{}
	for name, most := range quota.Spec.Hard {
		got[string(name)] = most.Value() >= 500
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is counted, and whether an honest partner never meets it (-want +got):\n%s", diff)
	}
	if quota.Kind != "ResourceQuota" || quota.APIVersion != "v1" || quota.Namespace != "" {
		t.Errorf("%s %s in namespace %q: it is applied to the namespace of each partner", quota.APIVersion, quota.Kind, quota.Namespace)
	}
}
