package samples_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/lineage"
)

// TestNextSteps reads aloud what the samples say people have to do next.
func TestNextSteps(t *testing.T) {
	var out strings.Builder
	for _, object := range preview.New(readSamples(t)).At(now) {
		steps := preview.Common(object).NextSteps
		if len(steps) == 0 {
			continue
		}
		fmt.Fprintf(&out, "%s %s\n", manifest.KeyOf(object).Kind, object.GetName())
		for _, step := range steps {
			fmt.Fprintf(&out, "  %s, %s, due %s, by %s, at %s\n    %s\n    otherwise: %s\n",
				step.Party, or(step.Person), or(string(step.Due)), or(string(step.By)), or(step.Object), step.Do, or(step.Otherwise))
		}
	}
	const file = "testdata/next-steps.txt"
	if *update {
		if err := os.WriteFile(file, []byte(out.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Errorf("go test ./test/samples -run TestNextSteps -update writes %s (-want +got):\n%s", file, diff)
	}
}

func or(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// claim is something that a step says of the time after its day: it is so from a day on, and is not so the day before.
type claim struct {
	words *regexp.Regexp
	holds func(w *then, object preview.Object, said []string, do string) bool
}

// then is the world on a day to come, if nobody acts.
type then struct {
	objects map[manifest.Key]preview.Object
	index   *lineage.Index
}

func (w *then) of(object preview.Object) preview.Object { return w.objects[manifest.KeyOf(object)] }

// costs reports whether the cause that a step of an object is about has come to one of some steps.
func (w *then) costs(object preview.Object, do string, steps ...v1alpha1.StandingStep) bool {
	partner := w.index.Partner(w.of(object))
	if partner == nil || partner.Status.Standing == nil {
		return false
	}
	return slices.ContainsFunc(partner.Status.Standing.Causes, func(c v1alpha1.CauseStatus) bool {
		about := c.About == object.GetName()
		if plan, ok := w.of(object).(*v1alpha1.JointPlan); ok {
			about = about || plan.Status.PeriodLabel == c.About
		}
		return (about || strings.Contains(do, c.About)) && slices.Contains(steps, c.Step)
	})
}

const day = `([0-9]{4}-[0-9]{2}-[0-9]{2})`

var claims = []claim{
	{regexp.MustCompile(`(?:^|, and )[Ff]rom ` + day + ` new money`), func(w *then, x preview.Object, _ []string, do string) bool {
		return w.costs(x, do, v1alpha1.StepHold)
	}},
	{regexp.MustCompile(`(?:^|, and )[Ff]rom ` + day + ` new activities are funded at ([0-9]+) percent`), func(w *then, x preview.Object, _ []string, do string) bool {
		return w.costs(x, do, v1alpha1.StepReducedRate, v1alpha1.StepHold)
	}},
	{regexp.MustCompile(`(?i)from ` + day + ` the review is overdue`), func(w *then, x preview.Object, _ []string, _ string) bool {
		return meta.IsStatusConditionTrue(preview.Common(w.of(x)).Conditions, v1alpha1.ConditionReviewOverdue)
	}},
	{regexp.MustCompile(`(?i)from ` + day + ` the decision is overdue`), func(w *then, x preview.Object, _ []string, _ string) bool {
		return hasFinding(w.of(x), "DecisionOverdue")
	}},
	{regexp.MustCompile(`(?i)from ` + day + ` the tier is (\w+) instead of`), func(w *then, x preview.Object, said []string, _ string) bool {
		partner := w.index.Partner(w.of(x))
		return strings.EqualFold(string(partner.Status.EffectiveTier), said[2]) || strings.EqualFold(title(w, partner), said[2])
	}},
	{regexp.MustCompile(`(?i)on ` + day + ` what is (?:not claimed|reserved)`), func(w *then, x preview.Object, _ []string, _ string) bool {
		request, ok := w.of(x).(*v1alpha1.MDFAllocation)
		return ok && (request.Status.Reserved == nil || strings.Trim(string(request.Status.Reserved.Amount), "0.") == "" || request.Status.Stage != v1alpha1.AllocationGranted)
	}},
	{regexp.MustCompile(`(?i)from ` + day + ` it is too late: the activity has begun`), func(w *then, x preview.Object, _ []string, _ string) bool {
		request, ok := w.of(x).(*v1alpha1.MDFAllocation)
		return ok && (request.Status.Reason == v1alpha1.ReasonAfterTheFact || hasFinding(request, v1alpha1.ReasonAfterTheFact))
	}},
	{regexp.MustCompile(`(?i)from ` + day + ` the record counts`), func(w *then, x preview.Object, _ []string, _ string) bool {
		for _, object := range w.objects {
			if review, ok := object.(*v1alpha1.PlanReview); ok && review.Name == recordOf(x) {
				return meta.IsStatusConditionTrue(review.Status.Conditions, v1alpha1.ConditionCounts)
			}
		}
		return false
	}},
}

// recordOf returns the name of the record of a meeting that a step of an object is about.
func recordOf(x preview.Object) string {
	if _, ok := x.(*v1alpha1.PlanReview); ok {
		return x.GetName()
	}
	for _, step := range preview.Common(x).NextSteps {
		if name, ok := strings.CutPrefix(step.Object, "planreview/"); ok {
			return name
		}
	}
	return ""
}

func hasFinding(object preview.Object, rule string) bool {
	for _, f := range preview.Common(object).Findings {
		if f.Rule == rule {
			return true
		}
	}
	return false
}

func title(w *then, partner *v1alpha1.Partner) string {
	prog := w.index.Program(partner)
	for _, rules := range prog.Spec.RuleSets {
		for _, tier := range rules.Tiers {
			if tier.Name == partner.Status.EffectiveTier && tier.Title != "" {
				return string(tier.Title)
			}
		}
	}
	return ""
}

// TestWhatFollowsOtherwise looks on each day that a step names whether what it says occurs if nobody acts, and is not so on the day before.
// The facts of the samples all lie before the instants from which it looks.
func TestWhatFollowsOtherwise(t *testing.T) {
	world, seen := preview.New(readSamples(t)), make([]int, len(claims))
	ahead := map[string]*then{}
	at := func(prog string, when time.Time) *then {
		key := prog + when.String()
		if ahead[key] == nil {
			objects := world.At(when)
			w := &then{objects: map[manifest.Key]preview.Object{}, index: lineage.New(objects)}
			for _, object := range objects {
				w.objects[manifest.KeyOf(object)] = object
			}
			ahead[key] = w
		}
		return ahead[key]
	}
	for _, from := range []time.Time{now, now.AddDate(0, 0, 10), now.AddDate(0, 1, 0), now.AddDate(0, 4, 0)} {
		objects := world.At(from)
		index := lineage.New(objects)
		for _, object := range objects {
			for _, step := range preview.Common(object).NextSteps {
				for i, c := range claims {
					for _, said := range c.words.FindAllStringSubmatch(step.Otherwise, -1) {
						first, err := fiscal.ParseDay(v1alpha1.Date(said[1]))
						if err != nil {
							t.Fatal(err)
						}
						cal := fiscal.UTC()
						if prog := index.Program(object); prog != nil {
							cal = prog.Calendar
						}
						seen[i]++
						if !c.holds(at("", cal.StartOf(first)), object, said, step.Do) {
							t.Errorf("%s %s at %s says %q, and it does not occurred", kinds.Of(object).Name, object.GetName(), from.Format(time.DateOnly), said[0])
						}
						before := cal.StartOf(first).Add(-time.Second)
						if before.After(from) && c.holds(at("", before), object, said, step.Do) {
							t.Errorf("%s %s at %s says %q, and it is so before", kinds.Of(object).Name, object.GetName(), from.Format(time.DateOnly), said[0])
						}
					}
				}
			}
		}
	}
	for i, n := range seen {
		if n == 0 {
			t.Errorf("no step says %s", claims[i].words)
		}
	}
}
