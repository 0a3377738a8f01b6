package gather

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/testobj"
)

// indexes are what is added to a cache, by kind and field.
type indexes map[string]client.IndexerFunc

func (x indexes) IndexField(_ context.Context, object client.Object, field string, values client.IndexerFunc) error {
	x[kinds.Of(object).Name+" "+field] = values
	return nil
}

func TestIndexes(t *testing.T) {
	under := func(namespace, name v1alpha1.Name) client.Object {
		return testobj.Partner("acme").In("n").Under(namespace, name).Obj()
	}
	plan := testobj.Plan("h1").Obj()
	decision := testobj.Decision("d", "h1", "v1:0", v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z")
	revision := &v1alpha1.PlanRevision{}
	revision.Spec.PlanRef.Name, revision.Spec.Terms.PartnerRef.Name = "h1", "bolt"
	earned := testobj.Budget("earned").With(func(s *v1alpha1.MDFBudgetSpec) { s.Accrual = &v1alpha1.Accrual{Metric: "new-revenue"} }).Obj()
	all := indexes{}
	if err := AddIndexes(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, tc := range []struct {
		index, name string
		object      client.Object
		want        []string
	}{
		{"Partner spec.programRef.name", "a partner", testobj.Partner("acme").Obj(), []string{"northwind"}},
		{"Partner spec.programRef.name", "something else", plan, nil},
		{"Partner spec.parentRef", "a partner without one", testobj.Partner("acme").Obj(), []string{}},
		{"Partner spec.parentRef", "a partner with one beside it", under("", "top"), []string{"n/top"}},
		{"Partner spec.parentRef", "a partner with one elsewhere", under("m", "top"), []string{"m/top"}},
		{"Partner spec.parentRef", "something else", plan, nil},
		{"PublishedBenchmark spec.programRef.name", "a benchmark", testobj.Published("b", "northwind"), []string{"northwind"}},
		{"PublishedBenchmark spec.programRef.name", "something else", plan, nil},
		{"ProgramReport spec.programRef.name", "a report", testobj.Report("r", "northwind"), []string{"northwind"}},
		{"ProgramReport spec.programRef.name", "something else", plan, nil},
		{"JointPlan spec.partnerRef.name", "a plan", plan, []string{"acme"}},
		{"JointPlan spec.partnerRef.name", "something else", testobj.Partner("acme").Obj(), nil},
		{"PlanRevision spec.planRef.name", "a revision", revision, []string{"h1"}},
		{"PlanRevision spec.terms.partnerRef.name", "a revision", revision, []string{"bolt"}},
		{"Campaign spec.planRef.name", "a campaign", testobj.Campaign("fair", "h1"), []string{"h1"}},
		{"Campaign spec.planRef.name", "a revision", revision, nil},
		{"PlanReview spec.planRef.name", "a record of a meeting", testobj.Review("h1", "2026-08-03"), []string{"h1"}},
		{"PlanReview spec.planRef.name", "a revision", revision, nil},
		{"MeasurementSet spec.subjectRef", "results", testobj.Measurements("m", v1alpha1.SubjectCampaign, "fair").Obj(), []string{"Campaign/fair"}},
		{"ApprovalDecision spec.targetRef", "a decision", decision, []string{"JointPlan/h1"}},
		{"MDFAllocation spec.planRef.name", "a request", testobj.Allocation("r").On("h1", "fy27").Obj(), []string{"h1"}},
		{"MDFAllocation spec.budgetRef.name", "a request", testobj.Allocation("r").On("h1", "fy27").Obj(), []string{"fy27"}},
		{"MDFClaim spec.allocationRef.name", "a claim", testobj.Claim("c", "r").Obj(), []string{"r"}},
		{"MDFClaim spec.costs", "a claim", testobj.Claim("c", "r").Cost("B 2", "1.00").Cost("17", "1.00").Cost("b2", "2.00").Obj(), []string{"17", "b2"}},
		{"MDFBudget spec.accrual", "a budget that is given", testobj.Budget("fy27").Obj(), []string{}},
		{"MDFBudget spec.accrual", "a budget that is earned", earned, []string{"northwind/new-revenue"}},
	} {
		tested[tc.index] = true
		if all[tc.index] == nil {
			t.Errorf("there is no index %s", tc.index)
		} else if diff := cmp.Diff(tc.want, all[tc.index](tc.object)); diff != "" {
			t.Errorf("%s of %s (-want +got):\n%s", tc.index, tc.name, diff)
		}
	}
	for index := range all {
		if !tested[index] {
			t.Errorf("nothing is known of the index %s", index)
		}
	}
}

// failingIndexer refuses the index of one field.
type failingIndexer string

func (f failingIndexer) IndexField(_ context.Context, _ client.Object, field string, _ client.IndexerFunc) error {
	if field == string(f) {
		return errors.New("no")
	}
	return nil
}

func TestAnIndexThatCannotBeAddedIsNamed(t *testing.T) {
	for _, by := range kinds.References() {
		if err := AddIndexes(t.Context(), failingIndexer(by.Field)); err == nil || !strings.Contains(err.Error(), " by "+by.Field+": no") {
			t.Errorf("error %v, want one that names %s", err, by.Field)
		}
	}
}
