package preview

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/internal/offline/manifest"
)

// countdown is a context that ends once it was asked so often.
type countdown struct {
	context.Context //nolint:containedctx // it is one

	left, after int
}

func (c *countdown) Err() error {
	c.left--
	if c.left >= 0 {
		return nil
	}
	c.after++
	return context.Canceled
}

func TestAnEvaluationEndsWithItsContext(t *testing.T) {
	t.Parallel()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples/programs", "../../../config/samples/budgets",
		"../../../config/samples/partners/acme")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)
	want := New(set).At(now)
	patient := &countdown{Context: t.Context(), left: 1 << 30}
	if _, err := New(set).Evaluate(patient, now); err != nil {
		t.Fatal(err)
	}
	asked := 1<<30 - patient.left
	if asked < len(want) {
		t.Fatalf("an evaluation of %d objects asked its context %d times: it must before each", len(want), asked)
	}
	for left := 0; left < asked; left += 1 + asked/10 {
		ctx, w := &countdown{Context: t.Context(), left: left}, New(set)
		if objects, err := w.Evaluate(ctx, now); !errors.Is(err, context.Canceled) || objects != nil {
			t.Fatalf("after %d questions: %d objects, error %v", left, len(objects), err)
		}
		if most := 2*len(w.units) + 10; ctx.after > most {
			t.Errorf("after %d questions it went on for %d more", left, ctx.after)
		}
		if diff := cmp.Diff(want, w.At(now)); diff != "" {
			t.Errorf("what was interrupted after %d questions left a trace (-want +got):\n%s", left, diff)
		}
	}
	if err := New(set).Timeline(&countdown{Context: t.Context(), left: asked + 20}, now, now.AddDate(10, 0, 0), func(Change) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("a timeline ended with %v", err)
	}
}
