package api

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"jointplan.dev/jointplan/test/plane"
)

// stored is an object that breaks rules that were added after it was stored, and a change of it that is none of their business.
type stored struct {
	base string
	// set breaks the rules.
	set edits
	// refused is what is said of the object when it is created today.
	refused []string
	// then is a change that must pass all the same.
	then edits
	// status is a status that must pass.
	status edits
}

// storedRows are such objects. A rule that is added to a kind that is in use gets a field here.
func storedRows() map[string]stored {
	const line = ": " + notTitle
	says := func(path, text, message string) string { return path + ": Invalid value: " + quoted(text) + message }
	reason := edits{"status.observedGeneration": "7"}
	return map[string]stored{
		"a request whose asker has a blank at the end is withdrawn": {
			base: "MDFAllocation/open", set: edits{"spec.requestedBy": quoted("p@a.example ")},
			refused: []string{says("spec.requestedBy", "p@a.example ", line)},
			then:    edits{"spec.withdrawnOn": "'2026-08-20'"},
			status:  edits{"status.stage": "Granted", "status.reserved": "{amount: '0.00', currency: EUR}"},
		},
		"a request of a blank asker is withdrawn": {
			base: "MDFAllocation/open", set: edits{"spec.requestedBy": quoted(" ")},
			refused: []string{says("spec.requestedBy", " ", line)},
			then:    edits{"spec.withdrawnOn": "'2026-08-20'"}, status: edits{"status.stage": "Released"},
		},
		"a claim on invoices that are none is paid": {
			base: "MDFClaim/unpaid",
			set: edits{
				"spec.requestedBy": quoted("\u3164"), "spec.costs[0].supplier": quoted(" Hall AG"), "spec.costs[0].invoice": quoted("---"),
				"spec.costs[0].invoiceNet": quoted("99.99"),
				"spec.costs[1]":            "{invoice: 'R-1 ', incurredOn: '2026-08-20', net: '5', invoiceNet: '0'}",
				"spec.costs[2]":            "{invoice: R-2, incurredOn: '2026-08-20', net: '5', invoiceNet: '7', gross: '6'}",
			},
			refused: []string{
				says("spec.requestedBy", "\u3164", line), says("spec.costs[0].supplier", " Hall AG", line),
				says("spec.costs[0].invoice", "---", ": must have a letter or digit, as the number of an invoice has"),
				"spec.costs[0].net: Invalid value: net is the part of invoiceNet that is claimed and must not be above it",
				says("spec.costs[1].invoice", "R-1 ", line), says("spec.costs[1].invoiceNet", "0", ": "+aboveZero),
				"spec.costs[1].net: Invalid value: net is the part of invoiceNet that is claimed and must not be above it",
				"spec.costs[2].invoiceNet: Invalid value: invoiceNet must not be above gross",
			},
			then:   edits{"spec.payments": "[{document: '1', line: 1, paidOn: '2026-10-15', method: Check, currency: EUR, net: '50.00'}]"},
			status: edits{"status.stage": "Settled"},
		},
		"a decision of who has a blank at the front": {
			base: "ApprovalDecision", set: edits{"spec.approvedBy": quoted("\u00a0kim")},
			refused: []string{says("spec.approvedBy", "\u00a0kim", line)}, then: edits{"metadata.labels": "{a: b}"}, status: reason,
		},
		"a budget whose recovery was authorised so": {
			base: "MDFBudget", set: edits{"spec.recovery": "{requestedTime: '2026-11-01T09:00:00Z', requestedBy: 'fay '}"},
			refused: []string{says("spec.recovery.requestedBy", "fay ", line)}, then: edits{"spec.amount.amount": "'30000.00'"}, status: reason,
		},
		"a partner with people and invoices that are written so": {
			base: "Partner",
			set: edits{
				"spec.displayName": quoted("ACME "), "spec.competencies[0].person": quoted(" Ana"), "spec.channelManager.name": quoted("Kim "),
				"spec.channelManager.email": quoted("kim@example.com\u00a0"), "spec.invoices[0].number": quoted("4711 "),
			},
			refused: []string{
				says("spec.displayName", "ACME ", line), says("spec.competencies[0].person", " Ana", line), says("spec.channelManager.name", "Kim ", line),
				says("spec.channelManager.email", "kim@example.com\u00a0", ": must be an e-mail address such as ana@example.com"),
				says("spec.invoices[0].number", "4711 ", line),
			},
			then: edits{"spec.region": "emea"}, status: reason,
		},
		"a record of a meeting that lacks what it needs": {
			base: "PlanReview",
			set: edits{
				"spec.outcome": absent, "spec.actions": absent, "spec.recordedBy": quoted("kim "), "spec.attendees[0].name": quoted("Ana "),
				"spec.recordedTime": "'1969-12-31T23:59:59Z'",
			},
			refused: []string{
				"spec.outcome: Invalid value: a Review or Reconciliation has an outcome, a KickOff has none",
				"spec: Invalid value: list the actions that the review decided on, or say in noActionsBecause why there are none",
				says("spec.recordedBy", "kim ", line), says("spec.attendees[0].name", "Ana ", line),
				says("spec.recordedTime", "1969-12-31T23:59:59Z", ": must be an instant in RFC 3339 form, such as 2026-09-30T12:00:00Z"),
			},
			then: edits{"metadata.labels": "{a: b}"}, status: reason,
		},
		"an answer that decides on something else": {
			base: "ApprovalDecision/acme-h1-20260812-partner", set: edits{"spec.decision": "Approved"},
			refused: []string{
				"spec.decision: Invalid value: a PlanReview is Confirmed or Disputed, and a dispute about it Upheld or Dismissed; everything else is Approved, " +
					"ApprovedInPart, Submitted, Returned or Rejected",
			},
			then: edits{"metadata.labels": "{a: b}"}, status: reason,
		},
		"a plan with people who are written so": {
			base: "JointPlan",
			set: edits{
				"spec.targetAccounts[0].vendorOwner": quoted("Kim "), "spec.targetAccounts[0].partnerOwner": quoted(" Ana"),
				"spec.progress.done[0]": "{name: call, kind: Action, day: '2026-09-02'}",
			},
			refused: []string{
				says("spec.targetAccounts[0].vendorOwner", "Kim ", line), says("spec.targetAccounts[0].partnerOwner", " Ana", line),
				"spec.progress.done[0].name: Invalid value: an Action is named by its PlanReview and its name, such as acme-review-20261001/new-ad-text; a Goal, " +
					"Commitment or Risk by its name alone",
			},
			then: edits{"spec.vision": "Another."}, status: reason,
		},
	}
}

// TestRulesRatchet stores objects under definitions without rules, brings the rules back, and changes what is not their business: a rule that is
// added must not keep a status from being written, nor money from being released. The definitions are copies in a group of their own, as others use
// those of the kinds.
func TestRulesRatchet(t *testing.T) {
	t.Parallel()
	log.SetLogger(logr.Discard()) // the server warns of each rule that an object breaks as before
	j := newJudges(t)
	unique := plane.Unique(t)
	group := "r" + unique[len(unique)-10:] + ".jointplan.dev"
	kinds, all := map[string]bool{}, definitions(t)
	for _, row := range storedRows() {
		kind, _, _ := strings.Cut(row.base, "/")
		kinds[kind] = true
	}
	strict := map[string]*unstructured.Unstructured{}
	for kind := range kinds {
		lax := copyOf(all[kind], group)
		strict[kind] = untyped(t, lax)
		withoutRules(lax.Spec.Versions[0].Schema.OpenAPIV3Schema)
		definition := untyped(t, lax)
		if err := j.client.Create(t.Context(), definition); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = j.client.Delete(context.Background(), definition) })
	}
	objects := map[string]*unstructured.Unstructured{}
	for name, row := range storedRows() {
		object := j.base(t, row.base, row.set)
		object.SetAPIVersion(group + "/v1alpha1")
		object.SetName("stored-" + strings.ToLower(plane.Unique(t)[len(unique)-10:]))
		plane.Eventually(t, func() string { // until the definition is served
			if err := j.client.Create(t.Context(), object); err != nil && !apierrors.IsAlreadyExists(err) {
				return err.Error()
			}
			return ""
		})
		objects[name] = object
	}
	for _, definition := range strict {
		if err := j.client.Patch(t.Context(), definition, client.Merge); err != nil {
			t.Fatal(err)
		}
	}
	for name, row := range storedRows() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			again := objects[name].DeepCopy()
			again.SetName("again")
			again.SetResourceVersion("")
			again.SetUID("")
			want := slices.Sorted(slices.Values(row.refused))
			plane.Eventually(t, func() string { // until the rules are in force
				found := slices.Sorted(slices.Values(refusal(t, j.client.Create(t.Context(), again.DeepCopy(), client.DryRunAll))))
				return cmp.Diff(want, found)
			})
			object := row.status.apply(t, objects[name])
			if err := j.client.Status().Update(t.Context(), object); err != nil {
				t.Errorf("the status: %v", err)
			}
			if err := j.client.Update(t.Context(), row.then.apply(t, object)); err != nil {
				t.Errorf("the change: %v", err)
			}
		})
	}
}

// copyOf is a definition in another group, without the names that could be taken.
func copyOf(definition *apiextensionsv1.CustomResourceDefinition, group string) *apiextensionsv1.CustomResourceDefinition {
	x := definition.DeepCopy()
	x.Spec.Group, x.Name = group, x.Spec.Names.Plural+"."+group
	x.Spec.Names.ShortNames, x.Spec.Names.Categories = nil, nil
	return x
}

// withoutRules removes the CEL rules of a schema.
func withoutRules(schema *apiextensionsv1.JSONSchemaProps) {
	schema.XValidations = nil
	for name, property := range schema.Properties {
		withoutRules(&property)
		schema.Properties[name] = property
	}
	if schema.Items != nil && schema.Items.Schema != nil {
		withoutRules(schema.Items.Schema)
	}
	if schema.AdditionalProperties != nil && schema.AdditionalProperties.Schema != nil {
		withoutRules(schema.AdditionalProperties.Schema)
	}
}

// untyped is a definition as an object of no type.
func untyped(t *testing.T, definition *apiextensionsv1.CustomResourceDefinition) *unstructured.Unstructured {
	t.Helper()
	text, err := json.Marshal(definition)
	if err != nil {
		t.Fatal(err)
	}
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal(text, &object.Object); err != nil {
		t.Fatal(err)
	}
	object.SetAPIVersion("apiextensions.k8s.io/v1")
	object.SetKind("CustomResourceDefinition")
	unstructured.RemoveNestedField(object.Object, "status")
	return object
}
