package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/plane"
)

// create creates a base under a name of its own until the end of the test.
func (j *judges) create(t *testing.T, base string) *unstructured.Unstructured {
	t.Helper()
	object := j.base(t, base, nil)
	unique := plane.Unique(t)
	object.SetName("made-" + unique[len(unique)-10:])
	plane.Mark(object, j.namespace)
	if err := j.client.Create(t.Context(), object); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.client.Delete(context.Background(), object) })
	return object
}

// columns are the columns of each kind between the name and the age; with an asterisk those of -o wide.
var columns = map[string]string{
	"PartnerProgram":     "Act-By Who Ready RuleSet Partners OnHold Plans Overdue Next*",
	"ChannelManager":     "Program Partners Period Gate Ready",
	"Partner":            "Act-By Who Program Tier Qualifies Standing Ready Pipeline* Revenue* Currency* Manager* Next*",
	"JointPlan":          "Act-By Who Partner Period Stage Attainment-% Pace-% On-Track Review-Due Overdue Ready* Pipeline* Revenue* Currency* Revision* Next*",
	"Campaign":           "Act-By Who Plan Type Starts Stage Leads Cost In ROI-%* Next*",
	"MeasurementSet":     "Act-By Who Subject-Kind Subject Source Latest Entries Ready* Next*",
	"PlanReview":         "Act-By Who Plan Occasion Held-On Party Outcome Counts Confirmation By* Revision* Next*",
	"ApprovalDecision":   "Act-By Who Target-Kind Target Party Decision By Effective Revision* Attested-By* Next*",
	"PlanRevision":       "Plan Revision Of-Record Approved-Time*",
	"MDFBudget":          "Act-By Who Period Currency Amount Reserved Settled Available Ready Next*",
	"MDFAllocation":      "Act-By Who Requested In Granted Granted-In Stage Reason Plan* Budget* Paid* Paid-In* Attested-By* Next*",
	"MDFClaim":           "Act-By Who Claimed In Payable Payable-In Stage Reason Allocation* Paid* Paid-In* Attested-By* Next*",
	"MDFLedger":          "Currency Limit-Minor",
	"ProgramCatalog":     "Currency",
	"ChannelStrategy":    "Ready Latest-Report",
	"ProgramReport":      "Program Period State Plans Headline",
	"Benchmark":          "Program Through Computed Results-Through",
	"PublishedBenchmark": "Program Through Computed Results-Through",
}

// shortNames are the short names of the kinds.
var shortNames = map[string]string{
	"PartnerProgram":     "pprog",
	"ChannelManager":     "cam",
	"Partner":            "ptnr",
	"JointPlan":          "jplan",
	"Campaign":           "jcamp",
	"MeasurementSet":     "mset",
	"PlanReview":         "plrev",
	"ApprovalDecision":   "apdec",
	"PlanRevision":       "prev",
	"MDFBudget":          "mdfb",
	"MDFAllocation":      "mdfa",
	"MDFClaim":           "mdfc",
	"MDFLedger":          "mdfl",
	"ProgramCatalog":     "pcat",
	"ChannelStrategy":    "chstrat",
	"ProgramReport":      "prep",
	"Benchmark":          "bmk",
	"PublishedBenchmark": "pbmk",
}

// selectable are the fields by which the objects of each kind can be selected, with the value that the base has there.
var selectable = map[string]map[string]string{
	"PartnerProgram":     {},
	"ChannelManager":     {"spec.programRef.name": "southwind"},
	"Partner":            {"spec.programRef.name": "southwind"},
	"JointPlan":          {"spec.partnerRef.name": "acme"},
	"Campaign":           {"spec.planRef.name": "acme-h1"},
	"MeasurementSet":     {"spec.subjectRef.kind": "JointPlan", "spec.subjectRef.name": "acme-h1"},
	"PlanReview":         {"spec.planRef.name": "acme-h1"},
	"ApprovalDecision":   {"spec.targetRef.kind": "JointPlan", "spec.targetRef.name": "acme-h1"},
	"PlanRevision":       {"spec.planRef.name": "acme-h1"},
	"MDFBudget":          {},
	"MDFAllocation":      {"spec.planRef.name": "acme-h1", "spec.budgetRef.name": "fy27-emea"},
	"MDFClaim":           {"spec.allocationRef.name": "webinar"},
	"MDFLedger":          {},
	"ProgramCatalog":     {},
	"ChannelStrategy":    {},
	"ProgramReport":      {"spec.programRef.name": "southwind"},
	"Benchmark":          {},
	"PublishedBenchmark": {},
}

func TestColumns(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	tables, err := rest.HTTPClientFor(plane.Config(t))
	if err != nil {
		t.Fatal(err)
	}
	for kind, definition := range definitions(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			object := j.create(t, kind)
			path := "/apis/" + v1alpha1.GroupVersion.String()
			if object.GetNamespace() != "" {
				path += "/namespaces/" + object.GetNamespace()
			}
			table := getTable(t, tables, path+"/"+definition.Spec.Names.Plural+"/"+object.GetName())
			want := append(append([]string{"Name"}, strings.Fields(columns[kind])...), "Age")
			var got []string
			for _, column := range table.ColumnDefinitions {
				name := column.Name
				if column.Priority > 0 {
					name += "*"
				}
				got = append(got, name)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("columns (-want +got):\n%s", diff)
			}
			if len(table.Rows) != 1 || table.Rows[0].Cells[0] != object.GetName() {
				t.Errorf("rows = %v, want one for %s", table.Rows, object.GetName())
			}
		})
	}
}

// getTable asks for an object as kubectl get does.
func getTable(t *testing.T, server *http.Client, path string) *metav1.Table {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, plane.Config(t).Host+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
	answer, err := server.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	table := &metav1.Table{}
	if err := json.NewDecoder(answer.Body).Decode(table); err != nil {
		t.Fatal(err)
	}
	return table
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	server, err := discovery.NewDiscoveryClientForConfig(plane.Config(t))
	if err != nil {
		t.Fatal(err)
	}
	resources, err := server.ServerResourcesForGroupVersion(v1alpha1.GroupVersion.String())
	if err != nil {
		t.Fatal(err)
	}
	type names struct{ ShortNames, Categories []string }
	got, want := map[string]names{}, map[string]names{}
	for _, resource := range resources.APIResources {
		if !strings.Contains(resource.Name, "/") {
			got[resource.Kind] = names{resource.ShortNames, resource.Categories}
		}
	}
	for kind, short := range shortNames {
		categories := []string{"jmp"}
		if slices.Contains([]string{"ApprovalDecision", "PlanReview", "PlanRevision", "MeasurementSet", "MDFLedger"}, kind) {
			categories = []string{"jmp-records"}
		}
		if kinds.Named(kind).Confidential {
			categories = nil // nobody meets it who does not ask for it
		}
		want[kind] = names{[]string{short}, categories}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("short names and categories (-want +got):\n%s", diff)
	}
}

func TestSelectableFields(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	for kind, definition := range definitions(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			declared := map[string]bool{}
			for _, field := range definition.Spec.Versions[0].SelectableFields {
				declared[strings.TrimPrefix(field.JSONPath, ".")] = true
			}
			if got, want := slices.Sorted(maps.Keys(declared)), slices.Sorted(maps.Keys(selectable[kind])); !slices.Equal(got, want) {
				t.Fatalf("selectable fields = %v, want %v", got, want)
			}
			object := j.create(t, kind)
			for field, value := range selectable[kind] {
				for _, one := range []struct {
					value string
					want  int
				}{{value, 1}, {"other", 0}} {
					list := &unstructured.UnstructuredList{}
					list.SetGroupVersionKind(object.GroupVersionKind())
					if err := j.client.List(t.Context(), list, client.InNamespace(j.namespace), client.MatchingFields{field: one.value}); err != nil {
						t.Fatal(err)
					}
					if len(list.Items) != one.want {
						t.Errorf("%d objects with %s=%s, want %d", len(list.Items), field, one.value, one.want)
					}
				}
			}
		})
	}
}

// TestFreshStatus says that an object which no controller has seen is not taken for current: kubectl wait and Argo CD compare
// observedGeneration with generation.
func TestFreshStatus(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	for kind := range definitions(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			object := j.create(t, kind)
			var want any = map[string]any{"observedGeneration": int64(-1)}
			if !kinds.Named(kind).Evaluated {
				want = nil
			}
			if diff := cmp.Diff(want, object.Object["status"]); diff != "" {
				t.Errorf("status (-want +got):\n%s", diff)
			}
		})
	}
}
