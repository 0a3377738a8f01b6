package kinds

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
)

// Reference is a field of a kind by which its objects are found: what they name. Caches have an index for each.
type Reference struct {
	// Kind is the kind whose objects have the field.
	Kind string
	// Field is the path of the field, such as spec.partnerRef.name.
	Field string
	// Across says that objects are found by it in all namespaces at once, too.
	Across bool

	values func(Object) []string
}

// Values returns what an object names; nothing for an object of another kind, or one that names nothing.
func (r *Reference) Values(object Object) []string { return r.values(object) }

// The references by which objects are found.
var (
	// ProgramOfPartner finds partners by their program.
	ProgramOfPartner = across(reference(Partner, "spec.programRef.name", func(x *v1alpha1.Partner) string { return string(x.Spec.ProgramRef.Name) }))
	// ProgramOfReport finds reports by their program.
	ProgramOfReport = reference(ProgramReport, "spec.programRef.name", func(x *v1alpha1.ProgramReport) string { return string(x.Spec.ProgramRef.Name) })
	// ProgramOfPublished finds published benchmarks by their program.
	ProgramOfPublished = reference(PublishedBenchmark, "spec.programRef.name", func(x *v1alpha1.PublishedBenchmark) string { return string(x.Spec.ProgramRef.Name) })
	// ParentOfPartner finds partners by the distributor above them, as namespace/name.
	ParentOfPartner = across(reference(Partner, "spec.parentRef", parentOf))
	// PartnerOfPlan finds plans by the partner that their spec names.
	PartnerOfPlan = reference(JointPlan, "spec.partnerRef.name", func(x *v1alpha1.JointPlan) string { return string(x.Spec.PartnerRef.Name) })
	// PlanOfRevision finds kept revisions by their plan.
	PlanOfRevision = reference(PlanRevision, "spec.planRef.name", func(x *v1alpha1.PlanRevision) string { return string(x.Spec.PlanRef.Name) })
	// PartnerOfRevision finds kept revisions by the partner that their terms name, which may be another one than the plan names now.
	PartnerOfRevision = reference(PlanRevision, "spec.terms.partnerRef.name", func(x *v1alpha1.PlanRevision) string { return string(x.Spec.Terms.PartnerRef.Name) })
	// PlanOfReview finds records of meetings by their plan.
	PlanOfReview = reference(PlanReview, "spec.planRef.name", func(x *v1alpha1.PlanReview) string { return string(x.Spec.PlanRef.Name) })
	// PlanOfCampaign finds campaigns by their plan.
	PlanOfCampaign = reference(Campaign, "spec.planRef.name", func(x *v1alpha1.Campaign) string { return string(x.Spec.PlanRef.Name) })
	// SubjectOfSet finds measurement sets by what they are about, as About writes it.
	SubjectOfSet = reference(MeasurementSet, "spec.subjectRef", func(x *v1alpha1.MeasurementSet) string {
		return About(string(x.Spec.SubjectRef.Kind), x.Spec.SubjectRef.Name)
	})
	// TargetOfDecision finds decisions by what they are on, as About writes it.
	TargetOfDecision = reference(ApprovalDecision, "spec.targetRef", func(x *v1alpha1.ApprovalDecision) string {
		return About(x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name)
	})
	// PlanOfAllocation finds requests for money by their plan.
	PlanOfAllocation = reference(MDFAllocation, "spec.planRef.name", func(x *v1alpha1.MDFAllocation) string { return string(x.Spec.PlanRef.Name) })
	// BudgetOfAllocation finds requests for money by the budget that is to pay.
	BudgetOfAllocation = across(reference(MDFAllocation, "spec.budgetRef.name", func(x *v1alpha1.MDFAllocation) string { return string(x.Spec.BudgetRef.Name) }))
	// AllocationOfClaim finds claims by the request that they draw on.
	AllocationOfClaim = reference(MDFClaim, "spec.allocationRef.name", func(x *v1alpha1.MDFClaim) string { return string(x.Spec.AllocationRef.Name) })
	// InvoiceOfClaim finds claims by the number of an invoice that they list, as identity.NumberKey reads it.
	InvoiceOfClaim = &Reference{Kind: MDFClaim, Field: "spec.costs", values: invoicesOf}
	// AccrualOfBudget finds budgets that are earned, by program and metric, as Accrual writes it: they spend the same lots.
	AccrualOfBudget = reference(MDFBudget, "spec.accrual", Accrual)
)

// References are all references by which objects are found.
func References() []*Reference {
	return []*Reference{
		ProgramOfPartner, ProgramOfReport, ProgramOfPublished, ParentOfPartner, PartnerOfPlan, PlanOfRevision, PartnerOfRevision, PlanOfReview, PlanOfCampaign, SubjectOfSet, TargetOfDecision,
		PlanOfAllocation, BudgetOfAllocation, AllocationOfClaim, InvoiceOfClaim, AccrualOfBudget,
	}
}

// About writes a reference to an object of a kind: kind/name.
func About(kind string, name v1alpha1.Name) string { return kind + "/" + string(name) }

// Accrual writes how a budget is earned: program/metric; empty for one that is not.
func Accrual(budget *v1alpha1.MDFBudget) string {
	if budget.Spec.Accrual == nil {
		return ""
	}
	return string(budget.Spec.ProgramRef.Name) + "/" + string(budget.Spec.Accrual.Metric)
}

func invoicesOf(object Object) []string {
	claim, ok := object.(*v1alpha1.MDFClaim)
	if !ok {
		return nil
	}
	invoices := make([]string, 0, len(claim.Spec.Costs))
	for i := range claim.Spec.Costs {
		invoices = append(invoices, identity.NumberKey(string(claim.Spec.Costs[i].Invoice)))
	}
	slices.Sort(invoices)
	return slices.Compact(invoices)
}

func parentOf(partner *v1alpha1.Partner) string {
	if partner.Spec.ParentRef == nil {
		return ""
	}
	namespace := string(partner.Spec.ParentRef.Namespace)
	if namespace == "" {
		namespace = partner.Namespace
	}
	return namespace + "/" + string(partner.Spec.ParentRef.Name)
}

// reference makes a reference whose value is empty where an object names nothing.
func reference[T Object](kind, field string, value func(T) string) *Reference {
	return &Reference{Kind: kind, Field: field, values: func(object Object) []string {
		typed, ok := object.(T)
		if !ok {
			return nil
		}
		return slices.DeleteFunc([]string{value(typed)}, func(text string) bool { return text == "" })
	}}
}

// across makes a reference one by which objects are found in all namespaces, too.
func across(r *Reference) *Reference {
	r.Across = true
	return r
}
