// Package e2e tests the operator against a real API server.
package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/test/plane"
)

// samplesInstant is the instant at which the samples tell their story; the Makefile's SAMPLES_CLOCK.
var samplesInstant = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

func readSamples(t *testing.T) *manifest.Set {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// createSamples creates the samples in the cluster, and deletes them at the end.
func createSamples(t *testing.T, c client.Client, set *manifest.Set) (namespaces []string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(set.Namespaces)) {
		namespace := &corev1.Namespace{}
		namespace.Name = name
		namespace.Labels = set.Namespaces[name]
		plane.Eventually(t, func() string { // that of the test before may still be on its way out
			if err := c.Create(t.Context(), namespace.DeepCopy()); err != nil && !(name == "default" && apierrors.IsAlreadyExists(err)) {
				return err.Error()
			}
			return ""
		})
		namespaces = append(namespaces, name)
		t.Cleanup(func() { _ = c.Delete(context.Background(), namespace) })
	}
	for _, object := range set.Objects() {
		copied, ok := object.DeepCopyObject().(client.Object)
		if !ok {
			t.Fatalf("%T is not an object", object)
		}
		if err := c.Create(t.Context(), copied); err != nil {
			t.Fatalf("create %s: %v", manifest.KeyOf(object), err)
		}
		if copied.GetNamespace() == "" {
			t.Cleanup(func() { _ = c.Delete(context.Background(), copied) })
		}
		if budget, ok := copied.(*v1alpha1.MDFBudget); ok {
			t.Cleanup(func() { plane.RemoveLedger(t, budget.Name) })
		}
	}
	return namespaces
}

// statuses returns the status of each object in some namespaces, and those of the unmarked programs, as decoded JSON without transition times; and
// the objects that are not evaluated.
func statuses(t *testing.T, c client.Client, namespaces []string) (byKey map[string]any, waiting []string) {
	t.Helper()
	byKey = map[string]any{}
	for _, kind := range kinds.All() {
		if !kind.Evaluated && kind.Name != kinds.MDFLedger {
			continue // it has no status
		}
		list := kind.NewList()
		if err := c.List(t.Context(), list, client.MatchingLabelsSelector{Selector: plane.Unmarked(t)}); err != nil {
			t.Fatal(err)
		}
		err := meta.EachListItem(list, func(item runtime.Object) error {
			if ledger, ok := item.(*v1alpha1.MDFLedger); ok {
				byKey[keyOf(ledger)] = statusOf(t, ledger)
				return nil
			}
			object, ok := item.(kinds.Evaluated)
			if !ok {
				return fmt.Errorf("%T is not an object of the project", item)
			}
			if object.GetNamespace() != "" && !slices.Contains(namespaces, object.GetNamespace()) {
				return nil
			}
			key := keyOf(object)
			if object.Common().ObservedGeneration != object.GetGeneration() {
				waiting = append(waiting, key)
			}
			byKey[key] = statusOf(t, object)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return byKey, waiting
}

func keyOf(object client.Object) string {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", object), "*v1alpha1.")
	return kind + " " + object.GetNamespace() + "/" + object.GetName()
}

// statusOf returns an object's status, of a ledger its content, of a report also its final figures, as decoded JSON without transition times. What a
// budget's status remembers of its ledger is left out: offline there is none.
func statusOf(t *testing.T, object any) any {
	t.Helper()
	switch x := object.(type) {
	case *v1alpha1.MDFLedger:
		object = map[string]any{"status": x.Spec}
	case *v1alpha1.MDFBudget:
		x = x.DeepCopy()
		x.Status.Ledger, object = nil, x
	case *v1alpha1.ProgramReport:
		x = x.DeepCopy()
		x.Status.ObservedGeneration = 0 // that of a report whose figures are final is one more: it is created without them
		for i := range x.Status.Conditions {
			x.Status.Conditions[i].ObservedGeneration = 0
		}
		object = map[string]any{"status": map[string]any{"spec": x.Spec, "status": x.Status}}
	}
	raw, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	var decoded struct {
		Status any `json:"status"`
	}
	if err := json.Unmarshal(raw, &decoded); err != nil {
		t.Fatal(err)
	}
	return withoutTimes(decoded.Status)
}

// withoutTimes leaves out what depends on when objects were created and written: transition times.
func withoutTimes(value any) any {
	switch value := value.(type) {
	case map[string]any:
		delete(value, "lastTransitionTime")
		for _, below := range value {
			withoutTimes(below)
		}
	case []any:
		for _, below := range value {
			withoutTimes(below)
		}
	}
	return value
}

// TestSamples runs the samples through the cluster and through preview, and counts the writes at the API server: a cold start, then a
// restart with a forced resync.
func TestSamples(t *testing.T) {
	c, set := plane.Client(t), readSamples(t)
	namespaces := createSamples(t, c, set)
	scope := plane.Scope{Namespaces: namespaces, Programs: plane.Unmarked(t)}
	now := clocktesting.NewFakePassiveClock(samplesInstant)
	coldStart := "cold-start-" + plane.Unique(t)
	running := plane.StartManager(t, scope, coldStart, now)

	want := awaitPreview(t, c, set, namespaces)

	t.Run("a cold start writes each status once", func(t *testing.T) {
		assertColdStart(t, coldStart, want, set)
	})
	if _, failed := plane.Reconciles(t, running); failed > 0 {
		t.Errorf("%d reconciles failed: a wrong spec is a condition, not an error to retry", failed)
	}
	t.Run("the program as a whole follows", func(t *testing.T) { testTheWhole(t, c, set, namespaces) })
	running.Stop()

	t.Run("a restart and a resync write nothing", func(t *testing.T) {
		restart := "restart-" + plane.Unique(t)
		scope.Resync = time.Second
		running := plane.StartManager(t, scope, restart, now)
		atLeast := map[string]int{
			"partnerprogram": len(set.Programs), "partner": len(set.Partners), "jointplan": len(set.Plans), "campaign": len(set.Campaigns),
			"measurementset": len(set.Measurements), "approvaldecision": len(set.Decisions),
			"channelstrategy": len(set.Strategies), "channelmanager": len(set.Managers),
			"mdfbudget": len(set.Budgets), "mdfallocation": len(set.Allocations), "mdfclaim": len(set.Claims),
		}
		plane.Eventually(t, func() string {
			ended, _ := plane.Reconciles(t, running)
			for name, objects := range atLeast {
				if ended[name] < 3*objects {
					return fmt.Sprintf("controller %s has reconciled %d times, want %d: each object three times", name, ended[name], 3*objects)
				}
			}
			return ""
		})
		running.Stop()
		if writes := plane.Writes(t, restart); len(writes) > 0 {
			t.Errorf("%d writes at rest: %v", len(writes), writes)
		}
	})
}

// awaitPreview waits until the cluster says what preview does of the same objects, and returns that. The reports that the cluster has closed permanently
// are among these: preview closes none.
func awaitPreview(t *testing.T, c client.Client, set *manifest.Set, namespaces []string) (want map[string]any) {
	t.Helper()
	var closed []manifest.Object
	want = previewOf(t, set, nil)
	plane.Eventually(t, func() string {
		if now := closedReports(t, c); len(now) != len(closed) {
			closed, want = now, previewOf(t, set, now)
		}
		got, waiting := statuses(t, c, namespaces)
		if len(waiting) > 0 {
			return fmt.Sprintf("not evaluated: %v", waiting)
		}
		return cmp.Diff(want, got)
	})
	return want
}

// previewOf returns what preview says of a set and of further objects.
func previewOf(t *testing.T, set *manifest.Set, more []manifest.Object) map[string]any {
	t.Helper()
	whole, err := manifest.NewSet(slices.Concat(set.Objects(), more), set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]any{}
	for _, object := range preview.New(whole).At(samplesInstant) {
		if kinds.Of(object).Evaluated || kinds.Of(object).Name == kinds.MDFLedger {
			byKey[keyOf(object)] = statusOf(t, object)
		}
	}
	return byKey
}

// closedReports returns the reports of the cluster whose figures are final.
func closedReports(t *testing.T, c client.Client) (closed []manifest.Object) {
	t.Helper()
	list := &v1alpha1.ProgramReportList{}
	if err := c.List(t.Context(), list, client.MatchingLabelsSelector{Selector: plane.Unmarked(t)}); err != nil {
		t.Fatal(err)
	}
	for i := range list.Items {
		if list.Items[i].Spec.Final != nil {
			closed = append(closed, &list.Items[i])
		}
	}
	return closed
}

// assertColdStart asserts that a manager wrote the status of each object once, kept each missing revision, created each ledger with all grants in
// one write and each catalog, report and benchmark, and wrote nothing else. What is granted is known only after the ledger is written, so the statuses about
// money may take two writes; and a program is added up every ten seconds while its partners are evaluated.
func assertColdStart(t *testing.T, userAgent string, objects map[string]any, set *manifest.Set) {
	t.Helper()
	counts := map[string]int{}
	for _, write := range plane.Writes(t, userAgent) {
		counts[write.Verb+" "+write.Object]++
		if write.Code >= 300 {
			t.Errorf("%s %s was answered with %d", write.Verb, write.Object, write.Code)
		}
	}
	ledgers := len(set.Budgets)
	reports := 0
	for key := range objects {
		if strings.HasPrefix(key, kinds.ProgramReport+" ") {
			reports++
		}
	}
	revisions := len(objects) - ledgers - reports - len(set.Objects())
	statusWrites, created := 0, map[string]int{}
	for what, n := range counts {
		most := 1
		for _, money := range []string{"patch mdf", "patch partners/", "patch jointplans/"} { // the pipeline of these says what is granted and paid
			if strings.HasPrefix(what, money) {
				most = 2
			}
		}
		for _, added := range []string{"patch programreports/", "patch channelstrategies/", "patch channelmanagers/"} {
			if strings.HasPrefix(what, added) {
				most = maxReadings
			}
		}
		switch {
		case strings.HasPrefix(what, "patch ") && strings.HasSuffix(what, "/status"):
			statusWrites++
			if n > most {
				t.Errorf("%s: %d writes, want at most %d", what, n, most)
			}
		case strings.HasPrefix(what, "create planrevisions/"):
			created["revisions"] += n
		case strings.HasPrefix(what, "create mdfledgers/"):
			created["ledgers"] += n
		case strings.HasPrefix(what, "create programcatalogs/"):
			created["catalogs"] += n
		case strings.HasPrefix(what, "create programreports/"):
			created["reports"] += n
		case strings.HasPrefix(what, "create benchmarks/"):
			created["benchmarks"] += n
		case strings.HasPrefix(what, "create publishedbenchmarks/"):
			created["published"] += n
		case strings.HasPrefix(what, "update programreports/") && n == 1: // its figures are final
		default:
			t.Errorf("unexpected: %s, %d times", what, n)
		}
	}
	if statusWrites != len(objects)-ledgers {
		t.Errorf("%d statuses were written, want one for each of %d objects", statusWrites, len(objects)-ledgers)
	}
	benchmarks := 0 // one of the last quarter
	for _, strategy := range set.Strategies {
		if strategy.Spec.Benchmarks != nil {
			benchmarks++
		}
	}
	want := map[string]int{
		"revisions": revisions, "ledgers": ledgers, "catalogs": len(set.Programs), "reports": reports, "benchmarks": benchmarks, "published": benchmarks,
	}
	if diff := cmp.Diff(want, created); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
}
