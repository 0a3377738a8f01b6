package kinds_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// TestEveryKindOfTheSchemeIsListed: a kind that is registered and not listed would be served and never evaluated.
func TestEveryKindOfTheSchemeIsListed(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	for name, of := range scheme.KnownTypes(v1alpha1.GroupVersion) {
		object, ok := reflect.TypeAssert[kinds.Object](reflect.New(of))
		if !ok || strings.HasSuffix(name, "List") {
			continue
		}
		if k := kinds.Of(object); k == nil || k.Name != name {
			t.Errorf("%s is registered with the scheme and missing in the list of kinds", name)
		}
	}
}

func TestEveryKindHoldsItsObjects(t *testing.T) {
	var all kinds.Objects
	for i, k := range kinds.All() {
		x := k.New()
		x.SetName(strings.ToLower(k.Name))
		if !all.Add(x) || len(k.In(&all)) != 1 || k.In(&all)[0] != x {
			t.Errorf("%s: %v after adding one", k.Name, k.In(&all))
		}
		if _, evaluated := x.(kinds.Evaluated); evaluated != k.Evaluated || evaluated != (kinds.Status(x) != nil) {
			t.Errorf("%s has a status: %t, by the list: %t", k.Name, evaluated, k.Evaluated)
		}
		if kinds.Named(k.Name) != k || kinds.Of(x) != k || kinds.Order(k.Name) != i {
			t.Errorf("%s is not found by its name, its object or its order", k.Name)
		}
		list := k.NewList()
		items := reflect.ValueOf(list).Elem().FieldByName("Items")
		items.Set(reflect.Append(items, reflect.ValueOf(x).Elem()))
		var listed kinds.Objects
		k.AddList(&listed, list)
		if len(listed.All()) != 1 || listed.All()[0].GetName() != x.GetName() {
			t.Errorf("%s: %v of a list of one", k.Name, listed.All())
		}
	}
	if got := len(all.All()); got != len(kinds.All()) {
		t.Errorf("%d objects of %d kinds", got, len(kinds.All()))
	}
}

// TestNoNameStandsForTwoKinds: the plugin takes all of them for a kind.
func TestNoNameStandsForTwoKinds(t *testing.T) {
	of := map[string]string{}
	for _, k := range kinds.All() {
		if k.Called == "" {
			t.Errorf("nothing says what %s are called", k.Plural)
		}
		names := []string{strings.ToLower(k.Name), k.Plural}
		for _, nickname := range k.Nicknames {
			names = append(names, nickname, nickname+"s")
		}
		for _, name := range names {
			if other, taken := of[name]; taken {
				t.Errorf("%s stands for %s and %s", name, other, k.Name)
			}
			of[name] = k.Name
		}
	}
}

func TestReferencesSayWhatAnObjectNames(t *testing.T) {
	budget := &v1alpha1.MDFBudget{}
	budget.Spec.ProgramRef.Name = "northwind"
	budget.Spec.Accrual = &v1alpha1.Accrual{Metric: "new-revenue"}
	partner := &v1alpha1.Partner{}
	partner.Namespace, partner.Spec.ProgramRef.Name, partner.Spec.ParentRef = "n", "northwind", &v1alpha1.PartnerReference{Name: "above"}
	plan := &v1alpha1.JointPlan{}
	plan.Spec.PartnerRef.Name = "acme"
	revision := &v1alpha1.PlanRevision{}
	revision.Spec.PlanRef.Name, revision.Spec.Terms.PartnerRef.Name = "h1", "acme"
	review := &v1alpha1.PlanReview{}
	review.Spec.PlanRef.Name = "h1"
	campaign := &v1alpha1.Campaign{}
	campaign.Spec.PlanRef.Name = "h1"
	set := &v1alpha1.MeasurementSet{}
	set.Spec.SubjectRef = v1alpha1.SubjectReference{Kind: v1alpha1.SubjectCampaign, Name: "fair"}
	decision := &v1alpha1.ApprovalDecision{}
	decision.Spec.TargetRef = v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: "h1"}
	request := &v1alpha1.MDFAllocation{}
	request.Spec.PlanRef.Name, request.Spec.BudgetRef.Name = "h1", "fy27"
	claim := &v1alpha1.MDFClaim{}
	claim.Spec.AllocationRef.Name = "ask"
	claim.Spec.Costs = []v1alpha1.ClaimedCost{{Invoice: "A 17", Supplier: "Print Co"}, {Invoice: "a17", Supplier: "printco"}}
	published := &v1alpha1.PublishedBenchmark{}
	published.Spec.ProgramRef.Name = "northwind"
	report := &v1alpha1.ProgramReport{}
	report.Spec.ProgramRef.Name = "northwind"
	want := map[*kinds.Reference]struct {
		of    kinds.Object
		value string
	}{
		kinds.ProgramOfPartner: {partner, "northwind"}, kinds.ParentOfPartner: {partner, "n/above"}, kinds.PartnerOfPlan: {plan, "acme"},
		kinds.PlanOfRevision: {revision, "h1"}, kinds.PartnerOfRevision: {revision, "acme"}, kinds.PlanOfCampaign: {campaign, "h1"},
		kinds.SubjectOfSet: {set, "Campaign/fair"}, kinds.TargetOfDecision: {decision, "JointPlan/h1"}, kinds.PlanOfAllocation: {request, "h1"},
		kinds.BudgetOfAllocation: {request, "fy27"}, kinds.AllocationOfClaim: {claim, "ask"}, kinds.InvoiceOfClaim: {claim, "a17"},
		kinds.AccrualOfBudget: {budget, "northwind/new-revenue"}, kinds.PlanOfReview: {review, "h1"}, kinds.ProgramOfPublished: {published, "northwind"},
		kinds.ProgramOfReport: {report, "northwind"},
	}
	for _, by := range kinds.References() {
		tc, known := want[by]
		if !known {
			t.Errorf("%s of %s: add a row to this test", by.Field, by.Kind)
			continue
		}
		if got := by.Values(tc.of); !slices.Equal(got, []string{tc.value}) {
			t.Errorf("%s of %s: %v, want %s", by.Field, by.Kind, got, tc.value)
		}
		if got := by.Values(kinds.Of(tc.of).New()); by != kinds.SubjectOfSet && by != kinds.TargetOfDecision && len(got) > 0 {
			t.Errorf("%s of an empty %s: %v, want nothing", by.Field, by.Kind, got)
		}
		if got := by.Values(&v1alpha1.MDFLedger{}); got != nil {
			t.Errorf("%s of another kind: %v", by.Field, got)
		}
	}
}
