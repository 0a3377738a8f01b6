package status

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/rules/decision"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/rollup"
	"jointplan.dev/jointplan/internal/testobj"
)

// evaluatedAt are objects of most kinds with the statuses that they have at an instant, by kind and name.
func evaluatedAt(at string) map[string]Object {
	now, of := testobj.At(at), testobj.Plan("acme-h1").Goal("cloud-revenue", "new-revenue", "440000").Activity("launch", "Webinar").Obj()
	source, acme := testobj.Program("northwind").Obj(), testobj.Partner("acme").Tier("gold", "2026-01-01").Agreement("2025-01-01", "").Obj()
	webinar, results := testobj.Campaign("webinar", of.Name, "cloud-revenue"), testobj.Measured("crm", of.Name, "new-revenue", "2026-07-31", "75000")
	webinar.Spec.Activity = "launch"
	decide := func(name string, party v1alpha1.Party) *v1alpha1.ApprovalDecision {
		return testobj.Decision(name, of.Name, plan.Revision(&of.Spec.PlanTerms), party, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z")
	}
	vendor, byPartner := decide("vendor", v1alpha1.PartyVendor), decide("partner", v1alpha1.PartyPartner)
	snap := testobj.Snapshot(source, acme, of, webinar, results, vendor, byPartner)
	of.Status = plan.Evaluate(snap, of, now).Status
	acme.Status, _ = partner.Evaluate(snap, acme, partner.Ancestry{}, now)
	webinar.Status, _ = campaign.Evaluate(snap, webinar, now)
	results.Status, _ = measure.EvaluateSet(snap, results, now)
	vendor.Status, _ = decision.Evaluate(snap, vendor, now)
	byPartner.Status, _ = decision.Evaluate(snap, byPartner, now)
	members := rollup.Statuses{Partners: []*v1alpha1.Partner{acme}, Plans: []*v1alpha1.JointPlan{of}}
	source.Status, _ = rollup.Evaluate(source, program.Compile(source.Name, &source.Spec), members, now)
	evaluated := map[string]Object{}
	for _, object := range []Object{source, acme, of, webinar, results, vendor, byPartner} {
		evaluated[storetest.NameOf(object)] = object
	}
	return evaluated
}

// TestAStatusPatchIsTheGenericOneOfTheObjects compares it with what controller-runtime finds between the objects as a whole: from nothing to each
// status of a scene, from each to that a quarter later, and back.
func TestAStatusPatchIsTheGenericOneOfTheObjects(t *testing.T) {
	now, later := evaluatedAt("2026-08-05T10:00:00+02:00"), evaluatedAt("2026-11-05T10:00:00+01:00")
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
