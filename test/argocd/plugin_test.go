package argocd

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	healthof "jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// TestThePluginTellsTheSameHealth compares the health that kubectl jointplan shows with that of the scripts, over all their test data and over
// the samples: one object must not be Healthy in the one place and Suspended in the other.
func TestThePluginTellsTheSameHealth(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	all := fromFiles(t)
	for kind := range all {
		for _, file := range glob(t, tree, kind, "testdata", "*.yaml") {
			typed, err := scheme.New(v1alpha1.GroupVersion.WithKind(kind))
			if err != nil {
				t.Fatal(err)
			}
			unmarshal(t, file, typed)
			compare(t, kind+" "+filepath.Base(file), all[kind].health, typed.(manifest.Object))
		}
	}
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []int{-30, 0, 40, 150} {
		at := time.Date(2026, time.November, 3+day, 9, 0, 0, 0, time.UTC)
		for _, x := range preview.New(set).At(at) {
			compare(t, at.Format(time.DateOnly)+" "+manifest.KeyOf(x).String(), all[x.GetObjectKind().GroupVersionKind().Kind].health, x)
		}
	}
}

// TestThePluginTellsTheSameHealthOfWhateverStatus draws statuses from the words that the rules ask for and from others: what no sample shows is
// judged alike too.
func TestThePluginTellsTheSameHealthOfWhateverStatus(t *testing.T) {
	all := fromFiles(t)
	for _, kind := range kinds.All() {
		if !kind.Evaluated {
			continue
		}
		t.Run(kind.Name, func(t *testing.T) {
			rapid.Check(t, func(draw *rapid.T) {
				x := kind.New()
				anyStatus(draw, x)
				compare(t, kind.Name, all[kind.Name].health, x)
				if t.Failed() {
					draw.Fatalf("of %+v", kinds.Status(x))
				}
			})
		})
	}
}

// anyStatus gives an object a status of words that the rules of its kind ask for, and of others.
func anyStatus(draw *rapid.T, x manifest.Object) {
	kind := kinds.Of(x)
	conditions, reasons := []string{v1alpha1.ConditionSuspended, v1alpha1.ConditionReady}, []string{"Other"}
	stages, ofStatus := []string{"", "Other"}, []string{"", "Other"}
	if !kind.Suspendable {
		conditions = conditions[1:]
	}
	for _, r := range healthof.Rules(kind.Name) {
		conditions, reasons = append(conditions, r.Teller()), slices.Concat(reasons, r.OfReasons, r.NotOfReasons)
		stages, ofStatus = slices.Concat(stages, r.Stages), slices.Concat(ofStatus, r.Reasons)
	}
	x.SetGeneration(rapid.Int64Range(1, 2).Draw(draw, "generation"))
	status, _ := kinds.Common(x)
	status.ObservedGeneration = oftenOf(draw, "observedGeneration", x.GetGeneration(), -1, 1, 2)
	for _, c := range slices.Compact(slices.Sorted(slices.Values(conditions))) {
		is, often := metav1.ConditionStatus(""), rapid.SampledFrom([]metav1.ConditionStatus{"", "True", "False", "Unknown"}).Draw(draw, c)
		switch c {
		case "", v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling, v1alpha1.ConditionSuspended:
		case v1alpha1.ConditionReady:
			is = metav1.ConditionTrue
		default:
			is = often
		}
		if is = oftenOf(draw, c+" is", is, often); c == "" || is == "" {
			continue
		}
		status.Conditions = append(status.Conditions, metav1.Condition{
			Type: c, Status: is, Reason: rapid.SampledFrom(reasons).Draw(draw, c+" because of"), Message: c + " says so",
			ObservedGeneration: rapid.Int64Range(1, 2).Draw(draw, c+" of generation"),
		})
	}
	stage, reason := rapid.SampledFrom(stages).Draw(draw, "stage"), rapid.SampledFrom(ofStatus).Draw(draw, "reason")
	switch x := x.(type) {
	case *v1alpha1.JointPlan:
		x.Status.Stage = v1alpha1.PlanStage(stage)
	case *v1alpha1.Campaign:
		x.Status.Stage = v1alpha1.CampaignStage(stage)
	case *v1alpha1.MDFAllocation:
		x.Status.Stage, x.Status.Reason = v1alpha1.AllocationStage(stage), reason
	case *v1alpha1.MDFClaim:
		x.Status.Stage, x.Status.Reason = v1alpha1.ClaimStage(stage), reason
	}
}

// oftenOf draws one value nine times of ten, so that rules which come late are asked too, and else one of others.
func oftenOf[T any](draw *rapid.T, label string, often T, others ...T) T {
	if rapid.IntRange(0, 9).Draw(draw, label+" often") > 0 {
		return often
	}
	return rapid.SampledFrom(others).Draw(draw, label)
}

func compare(t *testing.T, name, script string, x manifest.Object) {
	t.Helper()
	want, err := healthOf(script, object(t, x))
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	if got := healthof.Of(x); string(got.State) != want.Status || got.Message != want.Message {
		t.Errorf("%s: kubectl jointplan says %s (%s), the script %s (%s)", name, got.State, got.Message, want.Status, want.Message)
	}
}
