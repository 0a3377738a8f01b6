package gen_test

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/test/bench/gen"
)

func northwind(t *testing.T) *v1alpha1.PartnerProgram {
	t.Helper()
	raw, err := os.ReadFile("../../../config/samples/programs/northwind.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p := &v1alpha1.PartnerProgram{}
	if err := yaml.UnmarshalStrict(raw, p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheSameSeedGivesTheSameObjects(t *testing.T) {
	under := northwind(t)
	one, two := gen.Generate(under, gen.Settings{Seed: 7, Objects: 400}), gen.Generate(under, gen.Settings{Seed: 7, Objects: 400})
	if diff := cmp.Diff(one, two); diff != "" {
		t.Errorf("the second time (-first +second):\n%s", diff)
	}
	if other := gen.Generate(under, gen.Settings{Seed: 8, Objects: 400}); cmp.Equal(one, other) {
		t.Error("another seed gives the same objects")
	}
}

func TestThereAreAsManyObjectsAsAskedForAndNoTwoOfOneName(t *testing.T) {
	for _, objects := range []int{150, 300, 1000, 3000} {
		world := gen.Generate(northwind(t), gen.Settings{Seed: 1, Objects: objects})
		seen := map[string]bool{}
		for _, o := range world.Objects() {
			key := cmpKey(o)
			if seen[key] {
				t.Errorf("%s is there twice", key)
			}
			seen[key] = true
		}
		if len(seen) != objects {
			t.Errorf("%d objects, want %d", len(seen), objects)
		}
	}
}

func cmpKey(o any) string {
	accessor, err := meta.Accessor(o)
	if err != nil {
		return err.Error()
	}
	return kinds.Of(o).Name + " " + accessor.GetNamespace() + "/" + accessor.GetName()
}

func TestMostPartnersAreSmallAndFewAreLarge(t *testing.T) {
	world := gen.Generate(northwind(t), gen.Settings{Seed: 1, Objects: 5000})
	plans := map[v1alpha1.Name]int{}
	for _, p := range world.Plans {
		plans[p.Spec.PartnerRef.Name]++
	}
	of := [4]int{}
	for _, n := range plans {
		of[n]++
	}
	if total := len(world.Partners); of[1]*100 < 70*total || of[2]*100 > 25*total || of[3] == 0 || of[3]*100 > 10*total {
		t.Errorf("partners with one, two and three plans: %v of %d; want about 80, 15 and 5 percent", of[1:], total)
	}
}

// TestAllIsEvaluatedWithoutAnError evaluates each plan: what is wrong would make the figures those of another workload.
func TestAllIsEvaluatedWithoutAnError(t *testing.T) {
	now, err := time.Parse(time.RFC3339, gen.Clock)
	if err != nil {
		t.Fatal(err)
	}
	due, err := time.Parse(time.RFC3339, gen.OverdueAt)
	if err != nil {
		t.Fatal(err)
	}
	for name, settings := range map[string]gen.Settings{"spread": {Seed: 1, Objects: 600}, "plans alone": {Seed: 1, Plans: 20}} {
		world := gen.Generate(northwind(t), settings)
		running := 0
		for _, p := range world.Plans {
			snap := snapshotOf(world, p.Namespace)
			result := plan.Evaluate(snap, p, now)
			if !meta.IsStatusConditionTrue(result.Status.Conditions, v1alpha1.ConditionReady) || len(result.Keep) > 0 {
				t.Errorf("%s: plan %s is %v, and %d revisions are to be kept", name, p.Name, result.Status.Conditions[0], len(result.Keep))
			}
			overdue := func(at time.Time) bool {
				return meta.IsStatusConditionTrue(plan.Evaluate(snap, p, at).Status.Conditions, v1alpha1.ConditionReviewOverdue)
			}
			if result.Status.Stage == v1alpha1.StageActive {
				running++
				if overdue(due.Add(-time.Nanosecond)) || !overdue(due) {
					t.Errorf("%s: the review of plan %s is not overdue from %s on", name, p.Name, due)
				}
			}
		}
		if running != len(world.Partners) {
			t.Errorf("%s: %d running plans of %d partners, want one each", name, running, len(world.Partners))
		}
	}
}

func snapshotOf(world *gen.World, namespace string) *snapshot.Snapshot {
	programs := map[v1alpha1.Name]*program.Program{"northwind": program.Compile("northwind", &world.Program.Spec)}
	return snapshot.New(namespace, programs, snapshot.Objects{
		Partners: in(world.Partners, namespace), Plans: in(world.Plans, namespace), Campaigns: in(world.Campaigns, namespace),
		Measurements: in(world.Sets, namespace), Reviews: in(world.Reviews, namespace), Decisions: in(world.Decisions, namespace), Revisions: in(world.Revisions, namespace),
	})
}

func in[T interface{ GetNamespace() string }](list []T, namespace string) []T {
	return slices.DeleteFunc(slices.Clone(list), func(x T) bool { return x.GetNamespace() != namespace })
}

func TestTogetherAllPartnersAreInOneNamespace(t *testing.T) {
	apart, together := gen.Generate(northwind(t), gen.Settings{Seed: 1, Objects: 300}), gen.Generate(northwind(t), gen.Settings{Seed: 1, Objects: 300, Together: true})
	if len(together.Namespaces) != 1 || len(apart.Namespaces) != len(apart.Partners) {
		t.Errorf("%d namespaces together, %d apart of %d partners", len(together.Namespaces), len(apart.Namespaces), len(apart.Partners))
	}
	names := map[string]bool{}
	for _, o := range together.Objects() {
		if key := fmt.Sprintf("%T %s/%s", o, o.GetNamespace(), o.GetName()); names[key] {
			t.Errorf("%s is there twice", key)
		} else {
			names[key] = true
		}
	}
	if len(names) != len(apart.Objects()) {
		t.Errorf("%d objects together, %d apart", len(names), len(apart.Objects()))
	}
}
