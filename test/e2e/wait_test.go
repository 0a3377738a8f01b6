package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	clocktesting "k8s.io/utils/clock/testing"

	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/test/plane"
)

// TestKubectlWait waits with kubectl for every condition type of every kind that the samples show, in every status that they show.
func TestKubectlWait(t *testing.T) {
	c, set := plane.Client(t), readSamples(t)
	namespaces := createSamples(t, c, set)
	plane.StartManager(t, plane.Scope{Namespaces: namespaces, Programs: plane.Unmarked(t)}, "wait", clocktesting.NewFakePassiveClock(samplesInstant))

	waits := map[string][]string{} // the arguments, by what they wait for
	for _, object := range preview.New(set).At(samplesInstant) {
		kind := strings.ToLower(object.GetObjectKind().GroupVersionKind().Kind)
		for _, condition := range preview.Common(object).Conditions {
			what := fmt.Sprintf("condition=%s=%s", condition.Type, condition.Status)
			args := []string{"wait", "--timeout=60s", "--for=" + what, kind, object.GetName()}
			if object.GetNamespace() != "" {
				args = append(args, "--namespace", object.GetNamespace())
			}
			waits[kind+" "+what] = args
		}
	}
	for _, what := range slices.Sorted(maps.Keys(waits)) {
		if out, err := kubectl(t, waits[what]...); err != nil {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	if len(waits) < 20 {
		t.Errorf("the samples show only %d conditions in a status: %v", len(waits), waits)
	}
}
