package e2e

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/test/plane"
)

// maxReadings is how often a program is added up at most while the samples are evaluated for the first time, which takes Patience at most.
const maxReadings = 6

// theReport is the report of the half-year in which the samples tell their story.
const theReport = "northwind-fy2027-h1"

// testTheWhole has people edit a plan and delete a report: both are in the reports then as preview has them.
func testTheWhole(t *testing.T, c client.Client, set *manifest.Set, namespaces []string) {
	t.Helper()
	before := awaitPreview(t, c, set, namespaces)
	for _, key := range []string{"ProgramReport /" + theReport, "ChannelStrategy /northwind", "ChannelManager /cam-014"} {
		if before[key] == nil {
			t.Fatalf("there is no %s", key)
		}
	}
	plan := undecided(t, set)
	base := plan.DeepCopy()
	if err := c.Get(t.Context(), client.ObjectKeyFromObject(plan), base); err != nil {
		t.Fatal(err)
	}
	edited := base.DeepCopy()
	edited.Spec.Segment = "schools"
	if err := c.Patch(t.Context(), edited, client.MergeFrom(base)); err != nil {
		t.Fatal(err)
	}
	plan.Spec.Segment, plan.Generation = edited.Spec.Segment, edited.Generation
	after := awaitPreview(t, c, set, namespaces)
	if reflect.DeepEqual(reportsOf(before), reportsOf(after)) {
		t.Error("the edit is nothing to the reports")
	}

	report := &v1alpha1.ProgramReport{}
	report.Name = theReport
	if err := c.Get(t.Context(), client.ObjectKeyFromObject(report), report); err != nil {
		t.Fatal(err)
	}
	was := report.UID
	if err := c.Delete(t.Context(), report); err != nil {
		t.Fatal(err)
	}
	plane.Eventually(t, func() string {
		switch err := c.Get(t.Context(), client.ObjectKeyFromObject(report), report); {
		case apierrors.IsNotFound(err) || err == nil && report.UID == was:
			return "the report does not come back"
		case err != nil:
			return err.Error()
		}
		return ""
	})
	awaitPreview(t, c, set, namespaces)
}

// reportsOf returns the reports among objects.
func reportsOf(all map[string]any) map[string]any {
	reports := map[string]any{}
	for key, x := range all {
		if strings.HasPrefix(key, kinds.ProgramReport+" ") {
			reports[key] = x
		}
	}
	return reports
}

// undecided returns a plan of a segment on which nobody has decided: of an approved one the cluster keeps the terms, which files do not have once it is edited.
func undecided(t *testing.T, set *manifest.Set) *v1alpha1.JointPlan {
	t.Helper()
	for _, plan := range set.Plans {
		decided := slices.ContainsFunc(set.Decisions, func(d *v1alpha1.ApprovalDecision) bool {
			return d.Namespace == plan.Namespace && d.Spec.TargetRef.Kind == kinds.JointPlan && string(d.Spec.TargetRef.Name) == plan.Name
		})
		if !decided && plan.Spec.Segment != "schools" {
			return plan
		}
	}
	t.Fatal("every plan is decided on")
	return nil
}
