package gen

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
)

// MoneyClock is the instant at which requests can be granted: in time before the activities of the running plans.
const MoneyClock = "2026-08-11T09:00:00Z"

// Budget returns a budget on which all partners may draw, and which is enough for a thousand requests and more.
func (w *World) Budget() *v1alpha1.MDFBudget {
	return &v1alpha1.MDFBudget{ObjectMeta: metav1.ObjectMeta{Name: "bench-fy27"}, Spec: v1alpha1.MDFBudgetSpec{
		ProgramRef: v1alpha1.Reference{Name: v1alpha1.Name(w.Program.Name)},
		Period:     v1alpha1.Period{FiscalYear: new(int32(2027)), Part: v1alpha1.PartYear},
		Amount:     v1alpha1.Money{Amount: "100000.00", Currency: "EUR"},
		AllowedNamespaces: &v1alpha1.AllowedNamespaces{
			From: v1alpha1.NamespacesFromSelector, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{Label: w.Program.Name}},
		},
	}}
}

// Request returns the i-th request on the budget, of the plans in turn, with the decision that approves it.
func (w *World) Request(i int) (*v1alpha1.MDFAllocation, *v1alpha1.ApprovalDecision) {
	p := w.Plans[i%len(w.Plans)]
	of := p.Spec.Activities[0]
	request := &v1alpha1.MDFAllocation{
		ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: fmt.Sprintf("request-%05d", i)},
		Spec: v1alpha1.MDFAllocationSpec{
			PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(p.Name)}, BudgetRef: v1alpha1.Reference{Name: v1alpha1.Name(w.Budget().Name)},
			RequestedBy: "paula.reimann@partner.example", RequestedOn: "2026-08-04",
			Activity: of.Name, StartsOn: of.Through, EndsOn: of.Through,
			Cost: v1alpha1.Money{Amount: "20.00", Currency: "EUR"}, ReimbursementPercent: "50", Amount: v1alpha1.Money{Amount: "10.00", Currency: "EUR"},
			Expected: []v1alpha1.ExpectedResult{{Metric: "qualified-leads", Value: "2"}},
		},
	}
	decision := &v1alpha1.ApprovalDecision{
		ObjectMeta: metav1.ObjectMeta{Namespace: p.Namespace, Name: request.Name + "-vera"},
		Spec: v1alpha1.ApprovalDecisionSpec{
			TargetRef: v1alpha1.DecisionTargetReference{Kind: "MDFAllocation", Name: v1alpha1.Name(request.Name)}, Revision: facts.RequestRevision(&request.Spec),
			Party: v1alpha1.PartyVendor, Decision: v1alpha1.DecisionApproved, ApprovedBy: "vera.lindqvist@northwind.example",
			DecidedTime: metav1.NewTime(time.Date(2026, time.August, 10, 9, 0, 0, 0, time.UTC)),
		},
	}
	return request, decision
}
