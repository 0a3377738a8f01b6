// Package stages has every sample at every stage of its life, as an API server would return it, for tests of what generic tools make of it.
package stages

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// Name is the name of a stage.
type Name string

// The stages of an object's life.
const (
	// Fresh is an object that was created and not evaluated: its status is the default of its kind.
	Fresh Name = "fresh"
	// Evaluated is an object with the status of an instant.
	Evaluated Name = "evaluated"
	// Edited is an object whose spec was changed after its evaluation.
	Edited Name = "edited"
	// Suspended is an object that a person has suspended.
	Suspended Name = "suspended"
	// SuspendedAndEdited is one whose spec was changed while it was suspended.
	SuspendedAndEdited Name = "suspended and edited"
	// Wrong is an object whose spec a person must change: what it refers to does not exist, or a program has no rules.
	Wrong Name = "wrong"
	// Deleted is an object that is being deleted.
	Deleted Name = "deleted"
)

// Instants are those at which the samples are evaluated: before most of what they tell, at their story's instant, in the next periods and after all of them.
var Instants = []time.Time{
	time.Date(2026, time.July, 1, 9, 0, 0, 0, time.UTC),
	Story,
	time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC),
	time.Date(2027, time.April, 15, 9, 0, 0, 0, time.UTC),
	time.Date(2028, time.January, 10, 9, 0, 0, 0, time.UTC),
}

// Story is the instant at which the samples tell their story.
var Story = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// Stage is an object at a stage.
type Stage struct {
	// Key says which object it is.
	Key manifest.Key
	// Stage is where it is in its life.
	Stage Name
	// At is the instant of its evaluation.
	At time.Time
	// Object is what an API server would return.
	Object *unstructured.Unstructured
}

// String names a stage in the output of a test.
func (s Stage) String() string {
	return fmt.Sprintf("%s, %s at %s", s.Key, s.Stage, s.At.Format(time.RFC3339))
}

// All returns every sample at every stage, evaluated at all instants.
func All(ctx context.Context, samples string) ([]Stage, error) {
	set, err := manifest.NewReader().Read(ctx, manifest.Options{}, samples)
	if err != nil {
		return nil, err
	}
	var all []Stage
	world := preview.New(set)
	for _, at := range Instants {
		for _, object := range world.At(at) {
			stages, err := of(object, at)
			if err != nil {
				return nil, err
			}
			all = append(all, stages...)
		}
	}
	for _, object := range set.Objects() {
		stage, err := wrong(object)
		if err != nil {
			return nil, err
		}
		all = append(all, stage)
	}
	return all, nil
}

// of returns the stages of an object that was evaluated at an instant; those that do not depend on it at the story's instant only.
func of(object manifest.Object, at time.Time) ([]Stage, error) {
	key := manifest.KeyOf(object)
	object, _ = object.DeepCopyObject().(manifest.Object)
	judged, hasStatus := object.(suspension.Object)
	setGeneration(object, 1)
	var all []Stage
	var failure error
	add := func(stage Name, edit func(*unstructured.Unstructured)) {
		content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(object)
		if err != nil {
			failure = err
			return
		}
		x := &unstructured.Unstructured{Object: content}
		x.SetAPIVersion(v1alpha1.GroupVersion.String())
		x.SetKind(key.Kind)
		if edit != nil {
			edit(x)
		}
		all = append(all, Stage{Key: key, Stage: stage, At: at, Object: x})
	}
	add(Evaluated, nil)
	if !at.Equal(Story) {
		return all, failure
	}
	add(Deleted, func(x *unstructured.Unstructured) { x.SetDeletionTimestamp(&metav1.Time{Time: at}) })
	if !hasStatus {
		return all, failure
	}
	add(Fresh, func(x *unstructured.Unstructured) {
		x.Object["status"] = map[string]any{"observedGeneration": int64(-1)}
	})
	add(Edited, func(x *unstructured.Unstructured) { x.SetGeneration(2) })
	object.SetAnnotations(map[string]string{v1alpha1.AnnotationSuspend: "true"})
	if suspension.Requested(object) {
		suspension.Mark(judged, at)
		add(Suspended, nil)
		add(SuspendedAndEdited, func(x *unstructured.Unstructured) { x.SetGeneration(2) })
	}
	return all, failure
}

// setGeneration makes an object, which files do not number, the first generation, of which its status is.
func setGeneration(object manifest.Object, generation int64) {
	object.SetGeneration(generation)
	if judged, ok := object.(suspension.Object); ok {
		judged.Common().ObservedGeneration = generation
	}
}

// wrong evaluates an object in a world in which nothing exists that it refers to. A kept revision needs none of it: its content is another.
func wrong(object manifest.Object) (Stage, error) {
	object, _ = object.DeepCopyObject().(manifest.Object)
	alone := &manifest.Set{Namespaces: map[string]map[string]string{object.GetNamespace(): {}}}
	switch x := object.(type) {
	case *v1alpha1.PartnerProgram:
		x.Spec.RuleSets = nil
	case *v1alpha1.PlanRevision:
		x.Spec.Terms.Vision += " And more."
	}
	if !alone.Add(object) {
		return Stage{}, fmt.Errorf("%T is none of the kinds", object)
	}
	for _, evaluated := range preview.New(alone).At(Story) {
		if manifest.KeyOf(evaluated) != manifest.KeyOf(object) {
			continue
		}
		stages, err := of(evaluated, Instants[0])
		if err != nil {
			return Stage{}, err
		}
		stages[0].Stage, stages[0].At = Wrong, Story
		return stages[0], nil
	}
	return Stage{}, fmt.Errorf("%s was not evaluated", manifest.KeyOf(object))
}
