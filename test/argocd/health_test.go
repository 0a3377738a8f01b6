package argocd

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// notEvaluated is the message about an object that the controller has not evaluated.
const notEvaluated = "waiting for the controller to evaluate it"

// healthTests is the form of health_test.yaml.
type healthTests struct {
	Tests []struct {
		InputPath    string `json:"inputPath"`
		HealthStatus health `json:"healthStatus"`
	} `json:"tests"`
}

func TestHealth(t *testing.T) {
	for source, all := range sources(t) {
		for kind, one := range all {
			var tests healthTests
			unmarshal(t, filepath.Join(tree, kind, "health_test.yaml"), &tests)
			for _, tc := range tests.Tests {
				t.Run(source+"/"+kind+"/"+filepath.Base(tc.InputPath), func(t *testing.T) {
					got, err := healthOf(one.health, object(t, filepath.Join(tree, kind, tc.InputPath)))
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(tc.HealthStatus, got); diff != "" {
						t.Errorf("health (-want +got):\n%s", diff)
					}
				})
			}
		}
	}
}

// TestEveryKindHasAllItsHealths checks that the tests of each kind show each health that it can have, and that no test data is left out.
func TestEveryKindHasAllItsHealths(t *testing.T) {
	can := map[string]string{
		"MDFLedger": "Healthy", "ProgramCatalog": "Healthy", "Benchmark": "Healthy", "PublishedBenchmark": "Healthy", "MeasurementSet": "Degraded Healthy Progressing", "PlanRevision": "Degraded Healthy Progressing", "ProgramReport": "Degraded Healthy Progressing",
		"ChannelManager":   "Degraded Healthy Progressing",
		"ApprovalDecision": "Healthy Progressing Suspended", "PlanReview": "Healthy Progressing Suspended",
	}
	for _, k := range kinds.All() {
		kind, want := k.Name, can[k.Name]
		if want == "" {
			want = "Degraded Healthy Progressing Suspended"
		}
		var tests healthTests
		unmarshal(t, filepath.Join(tree, kind, "health_test.yaml"), &tests)
		var healths, inputs []string
		for _, tc := range tests.Tests {
			healths, inputs = append(healths, tc.HealthStatus.Status), append(inputs, filepath.Join(tree, kind, tc.InputPath))
		}
		slices.Sort(healths)
		if got := strings.Join(slices.Compact(healths), " "); got != want {
			t.Errorf("the tests of %s show %s, want %s", kind, got, want)
		}
		slices.Sort(inputs)
		if diff := cmp.Diff(glob(t, tree, kind, "testdata", "*.yaml"), inputs); diff != "" {
			t.Errorf("test data of %s (-there +tested):\n%s", kind, diff)
		}
	}
}

// TestEverySampleHasAHealth evaluates the samples at instants in half a year.
func TestEverySampleHasAHealth(t *testing.T) {
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	world, all, seen := preview.New(set), fromFiles(t), map[string]bool{}
	for _, day := range []string{"2026-09-30", "2026-10-20", "2026-11-03", "2026-12-08", "2027-01-15", "2027-04-01"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range world.At(at) {
			kind := x.GetObjectKind().GroupVersionKind().Kind
			got, err := healthOf(all[kind].health, object(t, x))
			if err != nil {
				t.Errorf("%s %s %s/%s: %v", day, kind, x.GetNamespace(), x.GetName(), err)
				continue
			}
			seen[got.Status] = true
			for _, problem := range checkHealth(x, got) {
				t.Errorf("%s %s %s/%s is %s: %s", day, kind, x.GetNamespace(), x.GetName(), got.Status, problem)
			}
		}
	}
	for _, status := range []string{"Healthy", "Suspended", "Degraded"} {
		if !seen[status] {
			t.Errorf("no sample is %s", status)
		}
	}
}

// checkHealth returns what is wrong with the health of an evaluated object, whatever its kind.
func checkHealth(x preview.Object, got health) (problems []string) {
	conditions := preview.Common(x).Conditions
	if len(conditions) == 0 { // an MDFLedger
		return nil
	}
	said, stalled := false, false
	for _, c := range conditions {
		said = said || c.Message == got.Message
		stalled = stalled || c.Type == v1alpha1.ConditionStalled
	}
	if steps := preview.Common(x).NextSteps; got.Status == "Suspended" && len(steps) > 0 {
		said = strings.HasPrefix(got.Message, steps[0].Do+" ("+steps[0].Party)
	}
	if !said {
		problems = append(problems, "nothing says: "+got.Message)
	}
	_, decision := x.(*v1alpha1.ApprovalDecision)
	if degraded := got.Status == "Degraded"; degraded != (stalled && !decision) {
		problems = append(problems, "Degraded means Stalled, and never a decision")
	}
	if got.Message == notEvaluated {
		problems = append(problems, "it was evaluated")
	}
	return problems
}
