package controllers

import (
	"context"
	"fmt"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// cachedKinds are the kinds that the controllers watch or read from the cache.
func cachedKinds() []client.Object {
	namespace := &metav1.PartialObjectMetadata{}
	namespace.SetGroupVersionKind(namespaceKind)
	return []client.Object{
		&v1alpha1.PartnerProgram{}, &v1alpha1.Partner{}, &v1alpha1.JointPlan{}, &v1alpha1.Campaign{}, &v1alpha1.MeasurementSet{},
		&v1alpha1.ApprovalDecision{}, &v1alpha1.PlanRevision{},
		&v1alpha1.MDFBudget{}, &v1alpha1.MDFAllocation{}, &v1alpha1.MDFClaim{}, &v1alpha1.MDFLedger{},
		namespace, &admissionv1.ValidatingAdmissionPolicy{}, &admissionv1.ValidatingAdmissionPolicyBinding{},
	}
}

// addCaches has all kinds cached before the cache starts. Without it a kind would be cached when the first controller asks for it: a manager would
// say that it is ready before, and one that waits to be the leader would begin to list only then.
func addCaches(ctx context.Context, c cache.Cache) error {
	for _, kind := range cachedKinds() {
		if _, err := c.GetInformer(ctx, kind, cache.BlockUntilSynced(false)); err != nil {
			return fmt.Errorf("cache %T: %w", kind, err)
		}
	}
	return nil
}
