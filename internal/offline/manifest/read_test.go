package manifest

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"jointplan.dev/jointplan/config/crd"
)

// reader is shared, as a program shares it: schemas and rules are compiled once.
var reader = NewReader()

// readText reads one text as stdin and returns the errors as text.
func readText(t *testing.T, text string) (set *Set, errs []string) {
	t.Helper()
	set, err := reader.Read(context.Background(), Options{Stdin: strings.NewReader(text)}, "-")
	return set, lines(t, err)
}

// lines returns the lines of an error, without the name "stdin" before each.
func lines(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var all Errors
	if !errors.As(err, &all) {
		t.Fatalf("the error has type %T, want Errors", err)
	}
	texts := strings.Split(err.Error(), "\n")
	if len(texts) != len(all) {
		t.Errorf("%d errors in %d lines: each is to have one\n%v", len(all), len(texts), err)
	}
	for i := range texts {
		texts[i] = strings.TrimPrefix(texts[i], "stdin: ")
	}
	return texts
}

func wantLines(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func good(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("testdata/good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAnObjectOfEachKindIsReadAndDefaulted(t *testing.T) {
	t.Parallel()
	set, err := reader.Read(context.Background(), Options{}, "testdata/good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Programs) != 1 || len(set.Partners) != 1 || len(set.Plans) != 1 || len(set.Campaigns) != 1 ||
		len(set.Measurements) != 1 || len(set.Reviews) != 1 || len(set.Decisions) != 1 || len(set.Revisions) != 1 ||
		len(set.Budgets) != 1 || len(set.Allocations) != 1 || len(set.Claims) != 1 || len(set.Ledgers) != 1 {
		t.Errorf("want one object of each kind, got %v", set)
	}
	var keys []string
	for _, object := range set.Objects() {
		keys = append(keys, KeyOf(object).String())
		if object.GetGeneration() != 1 || !object.GetCreationTimestamp().Time.IsZero() || object.GetUID() != "" {
			t.Errorf("%s: want generation 1 and nothing else of what only a cluster gives: %v", KeyOf(object), object)
		}
		wantSameAgain(t, object)
	}
	wantLines(t, keys, []string{
		"PartnerProgram northwind",
		"Partner partner-acme/acme",
		"JointPlan partner-acme/acme-h1",
		"PlanReview partner-acme/acme-h1-20260812",
		"Campaign partner-acme/autumn",
		"MeasurementSet partner-acme/crm",
		"ApprovalDecision partner-acme/acme-h1-vendor",
		"PlanRevision partner-acme/acme-h1-01234567",
		"MDFBudget fy27-emea",
		"MDFAllocation partner-acme/webinar",
		"MDFClaim partner-acme/webinar-1",
		"MDFLedger fy27-emea",
	})
	plan := set.Plans[0]
	if got := plan.Status.ObservedGeneration; got != -1 {
		t.Errorf("status.observedGeneration = %d, want the default -1", got)
	}
	if got := plan.Spec.Goals[0].Milestones[0].Value; got != "150000" {
		t.Errorf("milestone = %q, want 150000", got)
	}
	if got := set.Decisions[0].Spec.DecidedTime.UTC().Format("2006-01-02 15:04"); got != "2026-06-15 09:00" {
		t.Errorf("decidedTime = %s", got)
	}
	want := map[string]string{"region": "dach", "kubernetes.io/metadata.name": "partner-acme"}
	if got := set.Namespaces["partner-acme"]; !maps.Equal(got, want) {
		t.Errorf("labels = %v, want %v", got, want)
	}
	if got := set.Origins[Key{Kind: "Namespace", Name: "partner-acme"}].String(); got != "testdata/good.yaml: document 1 (line 2)" {
		t.Errorf("origin of the namespace = %s", got)
	}
}

func TestEveryDefinitionIsAKind(t *testing.T) {
	t.Parallel()
	files, err := crd.Bases().Open("bases")
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	entries, err := os.ReadDir("../../../config/crd/bases")
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != len(reader.kinds) {
		t.Errorf("%d CustomResourceDefinitions and %d kinds: add the missing one to the list of kinds", len(entries), len(reader.kinds))
	}
	for name, kind := range reader.kinds {
		compiled, err := kind.compile()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if compiled.rules == nil {
			t.Errorf("%s has no rules", name)
		}
		object := kind.object()
		set := &Set{}
		set.Add(object)
		total := len(set.Programs) + len(set.Partners) + len(set.Plans) + len(set.Campaigns) + len(set.Measurements) + len(set.Reviews) + len(set.Decisions) +
			len(set.Revisions) + len(set.Catalogs) + len(set.Benchmarks) + len(set.Published) + len(set.Budgets) + len(set.Allocations) + len(set.Claims) + len(set.Ledgers)
		if total != 1 {
			t.Errorf("%s is added to %d lists of a set", name, total)
		}
	}
}

func TestWhatOnlyTheSystemWritesIsDropped(t *testing.T) {
	t.Parallel()
	text := strings.Replace(good(t), "metadata: {name: acme-h1, namespace: partner-acme}\n", `metadata:
  name: acme-h1
  namespace: partner-acme
  uid: 7f6f
  resourceVersion: "12"
  generation: 9
  creationTimestamp: "2026-01-01T00:00:00Z"
  managedFields: [{manager: kubectl, operation: Apply, apiVersion: channel.jointplan.dev/v1alpha1, fieldsType: FieldsV1, fieldsV1: {}}]
  annotations: {note: kept}
status: {observedGeneration: 9, stage: Nonsense, attainmentPercent: 400}
`, 1)
	set, errs := readText(t, text)
	wantLines(t, errs, nil)
	plan := set.Plans[0]
	if plan.Status.Stage != "" || plan.Status.AttainmentPercent != nil || plan.Status.ObservedGeneration != -1 {
		t.Errorf("status = %+v, want the default alone", plan.Status)
	}
	if plan.UID != "" || plan.ResourceVersion != "" || plan.Generation != 1 || !plan.CreationTimestamp.IsZero() || plan.ManagedFields != nil {
		t.Errorf("metadata = %+v", plan.ObjectMeta)
	}
	if plan.Annotations["note"] != "kept" {
		t.Errorf("annotations = %v", plan.Annotations)
	}
}

func TestValidObjectsAreReturnedBesideBadOnes(t *testing.T) {
	t.Parallel()
	set, errs := readText(t, strings.Replace(good(t), `value: "10"`, `value: 10`, 1))
	wantLines(t, errs, []string{
		`document 4 (line 65): JointPlan partner-acme/acme-h1: spec.goals[0].target.value: must be of type string, not integer: write it in quotes`,
		`document 4 (line 52): JointPlan partner-acme/acme-h1: ` + rulesNotChecked,
	})
	if len(set.Plans) != 0 || len(set.Objects()) != 11 {
		t.Errorf("want all but the plan, got %v", set.Objects())
	}
}

func TestTheDefaultNamespaceIsGivenAndKept(t *testing.T) {
	t.Parallel()
	text := `{"apiVersion":"channel.jointplan.dev/v1alpha1","kind":"Partner","metadata":{"name":"acme"},"spec":{"programRef":{"name":"northwind"}}}`
	for namespace, want := range map[string]string{"": "default", "partner-acme": "partner-acme"} {
		set, err := reader.Read(context.Background(), Options{Namespace: namespace, Stdin: strings.NewReader(text)}, "-")
		if err != nil {
			t.Fatal(err)
		}
		if got := set.Partners[0].Namespace; got != want {
			t.Errorf("namespace = %q, want %q", got, want)
		}
		if got := set.Namespaces[want]["kubernetes.io/metadata.name"]; got != want {
			t.Errorf("a namespace that is only used has no labels but its name, got %v", set.Namespaces)
		}
		if _, ok := set.Origins[Key{Kind: "Partner", Namespace: want, Name: "acme"}]; !ok {
			t.Errorf("no origin in %v", set.Origins)
		}
	}
}

func TestOneReaderServesSeveralCallersAtOnce(t *testing.T) {
	t.Parallel()
	shared := NewReader()
	results := make(chan error, 4)
	for range cap(results) {
		go func() {
			_, err := shared.Read(context.Background(), Options{}, "testdata/good.yaml")
			results <- err
		}()
	}
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestAnEndedContextEndsReading(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	set, err := reader.Read(ctx, Options{}, "testdata")
	if !errors.Is(err, context.Canceled) || set == nil {
		t.Errorf("got %v, %v", set, err)
	}
}
