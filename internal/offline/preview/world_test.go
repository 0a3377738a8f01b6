package preview

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// samplesAt is the instant at which the samples tell their story.
var samplesAt = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// reader is one for all tests: it compiles the schemas of the kinds once.
var reader = manifest.NewReader()

func samples(t *testing.T) *manifest.Set {
	t.Helper()
	set, err := reader.Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// read reads manifests from a text.
func read(t *testing.T, text string) *manifest.Set {
	t.Helper()
	set, err := reader.Read(t.Context(), manifest.Options{Stdin: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func asJSON(t *testing.T, objects []Object) string {
	t.Helper()
	raw, err := json.MarshalIndent(objects, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTheOrderOfReadingDoesNotMatter(t *testing.T) {
	want := asJSON(t, New(samples(t)).At(samplesAt))
	random := rand.New(rand.NewPCG(3, 4))
	for range 5 {
		set := samples(t)
		shuffle(random, set.Programs)
		shuffle(random, set.Partners)
		shuffle(random, set.Plans)
		shuffle(random, set.Campaigns)
		shuffle(random, set.Measurements)
		shuffle(random, set.Decisions)
		shuffle(random, set.Revisions)
		shuffle(random, set.Budgets)
		shuffle(random, set.Allocations)
		shuffle(random, set.Claims)
		if diff := cmp.Diff(want, asJSON(t, New(set).At(samplesAt))); diff != "" {
			t.Fatalf("(-as read +shuffled):\n%s", diff)
		}
	}
}

func shuffle[T any](random *rand.Rand, list []T) {
	random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// TestWhatIsPrintedCanBeReadAgain gives the objects of one evaluation to the next, as who applies the output of a preview does: with the
// revisions that were kept, nothing changes.
func TestWhatIsPrintedCanBeReadAgain(t *testing.T) {
	first := asJSON(t, New(samples(t)).At(samplesAt))
	set := samples(t)
	again := read(t, `{"apiVersion": "v1", "kind": "List", "items": `+first+`}`)
	again.Namespaces = set.Namespaces // their labels say which programs they may use
	if len(again.Revisions) <= len(set.Revisions) {
		t.Errorf("no revision was kept: %d were given and %d are there", len(set.Revisions), len(again.Revisions))
	}
	if diff := cmp.Diff(first, asJSON(t, New(again).At(samplesAt))); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

func TestAWorldIsSafeForConcurrentUse(t *testing.T) {
	w := New(samples(t))
	want := asJSON(t, w.At(samplesAt))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if raw, err := json.MarshalIndent(w.At(samplesAt), "", " "); err != nil || string(raw) != want {
				t.Errorf("another result, or %v", err)
			}
		})
	}
	group.Wait()
}

const twoNamespaces = `
apiVersion: channel.jointplan.dev/v1alpha1
kind: PartnerProgram
metadata: {name: northwind}
spec:
  calendar: {timeZone: Europe/Berlin}
  currency: EUR
  allowedNamespaces: {from: Selector, selector: {matchLabels: {channel: "yes"}}}
  metrics: [{name: new-revenue, unit: Currency, behaviour: Flow, reporting: Incremental, direction: Increase}]
  ruleSets: [{name: y2026, effectiveFrom: "2026-01-01", tiers: [{name: member, rank: 1}]}]
---
{apiVersion: v1, kind: Namespace, metadata: {name: one, labels: {channel: "yes"}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: two, labels: {channel: "no"}}}
---
{apiVersion: channel.jointplan.dev/v1alpha1, kind: Partner, metadata: {name: acme, namespace: one}, spec: {programRef: {name: northwind}}}
---
{apiVersion: channel.jointplan.dev/v1alpha1, kind: Partner, metadata: {name: acme, namespace: two}, spec: {programRef: {name: northwind}}}
---
{apiVersion: channel.jointplan.dev/v1alpha1, kind: JointPlan, metadata: {name: plan, namespace: one}, spec: {partnerRef: {name: acme}, period: {fiscalYear: 2026, part: H2}}}
---
{apiVersion: channel.jointplan.dev/v1alpha1, kind: JointPlan, metadata: {name: plan, namespace: two}, spec: {partnerRef: {name: acme}, period: {fiscalYear: 2026, part: H2}}}
`

func TestAProgramIsForTheNamespacesThatItAllows(t *testing.T) {
	for _, object := range New(read(t, twoNamespaces)).At(samplesAt) {
		ready := Common(object).Conditions[0]
		switch x := object.(type) {
		case *v1alpha1.PartnerProgram:
			if *x.Status.Partners != 1 || *x.Status.Plans != 1 {
				t.Errorf("the program adds up %d partners and %d plans, want 1 and 1", *x.Status.Partners, *x.Status.Plans)
			}
		case *v1alpha1.Partner:
			want := map[string]string{"one": v1alpha1.ReasonEvaluated, "two": v1alpha1.ReasonReferenceNotFound}[x.Namespace]
			if ready.Reason != want {
				t.Errorf("partner of namespace %s: %s: %s, want %s", x.Namespace, ready.Reason, ready.Message, want)
			}
		}
	}
}

func TestTheProgramsRollUpMovesOnWithItsPlans(t *testing.T) {
	set := samples(t)
	for _, c := range timeline(t, New(set), spanFrom, spanUntil) {
		if c.Kind != "PartnerProgram" {
			continue
		}
		for _, f := range c.Fields {
			if f.Path == "status.plansOverdue" {
				return
			}
		}
	}
	t.Error("the number of overdue plans of no program changes in the year")
}
