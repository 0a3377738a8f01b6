package controllers

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Indexes of the cache, by the path of the field.
const (
	// indexProgram finds partners by the program that they belong to.
	indexProgram = "spec.programRef.name"
	// indexPartner finds plans by their partner.
	indexPartner = "spec.partnerRef.name"
	// indexParent finds partners by their distributor, as namespace/name.
	indexParent = "spec.parentRef"
	// indexBudget finds requests by their budget.
	indexBudget = "spec.budgetRef.name"
)

// namespaceKind is the kind of namespaces, of which only the metadata is cached.
var namespaceKind = corev1.SchemeGroupVersion.WithKind("Namespace")

// addIndexes adds the indexes to a cache.
func addIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	for _, index := range []struct {
		object client.Object
		field  string
		values client.IndexerFunc
	}{
		{&v1alpha1.Partner{}, indexProgram, programOfPartner},
		{&v1alpha1.Partner{}, indexParent, parentOfPartner},
		{&v1alpha1.JointPlan{}, indexPartner, partnerOfPlan},
		{&v1alpha1.MDFAllocation{}, indexBudget, budgetOfAllocation},
	} {
		if err := indexer.IndexField(ctx, index.object, index.field, index.values); err != nil {
			return fmt.Errorf("index %T by %s: %w", index.object, index.field, err)
		}
	}
	return nil
}

func programOfPartner(object client.Object) []string {
	partner, ok := object.(*v1alpha1.Partner)
	if !ok {
		return nil
	}
	return []string{string(partner.Spec.ProgramRef.Name)}
}

func parentOfPartner(object client.Object) []string {
	partner, ok := object.(*v1alpha1.Partner)
	if !ok || partner.Spec.ParentRef == nil {
		return nil
	}
	namespace := string(partner.Spec.ParentRef.Namespace)
	if namespace == "" {
		namespace = partner.Namespace
	}
	return []string{namespace + "/" + string(partner.Spec.ParentRef.Name)}
}

func partnerOfPlan(object client.Object) []string {
	plan, ok := object.(*v1alpha1.JointPlan)
	if !ok {
		return nil
	}
	return []string{string(plan.Spec.PartnerRef.Name)}
}

func budgetOfAllocation(object client.Object) []string {
	request, ok := object.(*v1alpha1.MDFAllocation)
	if !ok {
		return nil
	}
	return []string{string(request.Spec.BudgetRef.Name)}
}
