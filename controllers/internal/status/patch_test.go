package status

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// evaluatedAt are objects of most kinds with the statuses that they have at an instant, by kind and name.
func evaluatedAt(t *testing.T, at string) map[kinds.Key]Object {
	t.Helper()
	approved := testobj.Plan("acme-h1").Goal("cloud-revenue", "new-revenue", "440000").Activity("launch", "Webinar").Obj()
	campaign := testobj.Campaign("webinar", "acme-h1", "cloud-revenue")
	campaign.Spec.Activity = "launch"
	revision := plan.Revision(&approved.Spec.PlanTerms)
	decision := func(name string, party v1alpha1.Party) *v1alpha1.ApprovalDecision {
		return testobj.Decision(name, approved.Name, revision, party, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z")
	}
	set, err := manifest.NewSet([]manifest.Object{
		testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Agreement("2025-01-01", "").Obj(), approved, campaign,
		testobj.Measured("crm", "acme-h1", "new-revenue", "2026-07-31", "75000"),
		decision("vendor", v1alpha1.PartyVendor), decision("partner", v1alpha1.PartyPartner),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	evaluated := map[kinds.Key]Object{}
	for _, object := range preview.New(set).At(testobj.At(at)) {
		if object, ok := object.(Object); ok {
			evaluated[kinds.KeyOf(object)] = object
		}
	}
	return evaluated
}

// TestAStatusPatchIsTheGenericOneOfTheObjects compares it with what controller-runtime finds between the objects as a whole: from nothing to each
// status of a scene, from each to that a quarter later, and back.
func TestAStatusPatchIsTheGenericOneOfTheObjects(t *testing.T) {
	now, later := evaluatedAt(t, "2026-08-05T10:00:00+02:00"), evaluatedAt(t, "2026-11-05T10:00:00+01:00")
	changed := 0
	for key, full := range now {
		next := later[key]
		empty := full.DeepCopyObject().(Object)
		reflect.ValueOf(empty).Elem().FieldByName("Status").SetZero()
		unevaluated := empty.DeepCopyObject().(Object)
		unevaluated.Common().ObservedGeneration = -1
		ofNoGeneration := full.DeepCopyObject().(Object)
		ofNoGeneration.Common().ObservedGeneration = 0
		for name, pair := range map[string][2]Object{
			"first": {unevaluated, full}, "without the default": {empty, full}, "of no generation": {unevaluated, ofNoGeneration},
			"next": {full, next}, "lost": {full, unevaluated}, "none": {full, full},
		} {
			from, to := pair[0].DeepCopyObject().(Object), pair[1]
			from.SetResourceVersion("7")
			got, err := statusPatch{from: from}.Data(to)
			if err != nil {
				t.Fatal(err)
			}
			generic, err := client.MergeFromWithOptions(from, client.MergeFromWithOptimisticLock{}).Data(sameBut(from, to))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(decoded(t, generic), decoded(t, got)); diff != "" {
				t.Errorf("%s, %s (-generic +got):\n%s", key, name, diff)
			}
			if name == "next" && len(decoded(t, got)["status"].(map[string]any)) > 0 {
				changed++
			}
		}
	}
	if changed < 4 {
		t.Errorf("only %d statuses differ a quarter later: the test compares next to nothing", changed)
	}
}

// sameBut is from with the status of to.
func sameBut(from, to Object) Object {
	result := from.DeepCopyObject().(Object)
	reflect.ValueOf(result).Elem().FieldByName("Status").Set(reflect.ValueOf(to).Elem().FieldByName("Status"))
	return result
}

// decoded returns a patch as a map in which a status that is not written is an empty one.
func decoded(t *testing.T, patch []byte) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(patch, &fields); err != nil {
		t.Fatalf("%v: %s", err, patch)
	}
	if fields["status"] == nil {
		fields["status"] = map[string]any{}
	}
	return fields
}
