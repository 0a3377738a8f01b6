package access

import (
	"context"
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

// many returns a list with so many entries, each of a text with %d for its number, as YAML.
func many(count int, text string) string {
	entries := make([]string, 0, count)
	for i := range count {
		entries = append(entries, strings.ReplaceAll(text, "%d", fmt.Sprintf("%02d", i)))
	}
	return "[" + strings.Join(entries, ", ") + "]"
}

// TestPoliciesAffordLargeObjects writes objects that are about as large as the schemas allow: what the expressions cost stays within what the
// server lets a policy spend, for writes that pass and writes that are refused.
func TestPoliciesAffordLargeObjects(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	manager, both := s.as(s.user("manager", grant{roles: []string{"channel-manager", "finance-approver"}})), s.as(s.user("both", users["both"]))
	s.awaitRights()
	long, reviewed := strings.Repeat("x", 250), strings.Repeat("x", 100)
	plan := s.object("jointplans/one")
	change(t, plan, map[string]string{
		"metadata.name": "large", "metadata.resourceVersion": "", "metadata.uid": "",
		"spec.vision":         strings.Repeat("x", 1000),
		"spec.goals":          many(20, "{name: g%d, deliverable: "+long+"}"),
		"spec.strategies":     many(16, "{name: s%d, description: "+long+"}"),
		"spec.activities":     many(50, "{name: a%d, type: Webinar, from: '2026-09-01', through: '2026-09-02', cost: {amount: '1.00', currency: EUR}}"),
		"spec.commitments":    many(24, "{name: c%d, party: Vendor, description: "+long+"}"),
		"spec.risks":          many(12, "{name: r%d, description: "+long+", trigger: "+long+", contingency: "+long+"}"),
		"spec.targetAccounts": many(50, "{name: "+reviewed+"%d, vendorOwner: Kim, partnerOwner: Ana}"),
		"spec.reviews": many(26, "{heldOn: '2026-08-%d', outcome: OnTrack, obstacles: ["+reviewed+"], noActionsBecause: "+reviewed+
			", attendees: [{name: Vera, party: Vendor}, {name: Paul, party: Partner}]}"),
	})
	reviews := plan.Object["spec"].(map[string]any)["reviews"].([]any)
	reviews[0].(map[string]any)["heldOn"] = "2026-08-31"
	s.create(plan)
	claim := s.object("mdfclaims/one")
	change(t, claim, map[string]string{
		"metadata.name": "large", "metadata.resourceVersion": "", "metadata.uid": "",
		"spec.costs":  many(32, "{invoice: R-%d, supplier: "+reviewed+", incurredOn: '2026-08-20', net: '1.00', gross: '1.19'}"),
		"spec.proofs": many(32, "{type: Invoice, reference: "+long+"}"),
	})
	s.create(claim)

	for name, r := range map[string]row{
		"a review of a large plan": {
			by: "manager", verb: "update", base: "jointplans/large", set: map[string]string{"spec.reviews": review},
		},
		"a change of a large plan": {
			by: "both", verb: "update", base: "jointplans/large", set: map[string]string{"spec.targetAccounts": many(49, "{name: "+reviewed+"%d}")},
			want: "may approve JointPlan large and so may not change what is approved of it",
		},
		"a payment of a large claim": {
			by: "manager", verb: "update", base: "mdfclaims/large", set: map[string]string{"spec.payment": payment},
		},
		"a change of a large claim": {
			by: "both", verb: "update", base: "mdfclaims/large", set: map[string]string{"spec.proofs": many(31, "{type: Invoice, reference: "+long+"}")},
			want: "may approve MDFClaim large and so may not change what is approved of it",
		},
	} {
		by := map[string]caller{"manager": manager, "both": both}[r.by]
		if got := denial(t, s.write(t, by, r)); r.want == "" && got != "" || !strings.Contains(got, r.want) {
			t.Errorf("%s: the API server says %q, want %q", name, got, r.want)
		}
	}
}

// TestNamespaceWithMoneyGoesAway deletes a namespace that is full of what the policies keep from being deleted.
func TestNamespaceWithMoneyGoesAway(t *testing.T) {
	t.Parallel()
	s := newSetting(t)
	decision := s.object("approvaldecisions/one")
	decision.SetResourceVersion("")
	decision.SetUID("")
	for i := range 50 {
		one := decision.DeepCopy()
		one.SetName(fmt.Sprintf("decision-%d", i))
		s.create(one)
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: s.namespace}}
	if err := s.admin.Delete(t.Context(), namespace); err != nil {
		t.Fatal(err)
	}
	plane.Eventually(t, func() string {
		err := s.admin.Get(t.Context(), client.ObjectKeyFromObject(namespace), namespace)
		switch {
		case apierrors.IsNotFound(err):
			return ""
		case err != nil:
			return err.Error()
		default:
			return fmt.Sprintf("the namespace is there: %+v", namespace.Status.Conditions)
		}
	})
}

// TestPlanWithRevisionsGoesAway deletes a plan, and lets the garbage collector delete what it owns or take its name from it.
func TestPlanWithRevisionsGoesAway(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		propagation metav1.DeletionPropagation
		stays       bool
	}{
		"in the background": {propagation: metav1.DeletePropagationBackground},
		"in the foreground": {propagation: metav1.DeletePropagationForeground},
		"orphaned":          {propagation: metav1.DeletePropagationOrphan, stays: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetting(t)
			plan, owned := s.object("jointplans/one"), s.object("planrevisions/one")
			change(t, owned, map[string]string{"metadata.name": "owned", "metadata.resourceVersion": "", "metadata.uid": ""})
			owned.SetOwnerReferences([]metav1.OwnerReference{*metav1.NewControllerRef(plan, plan.GroupVersionKind())})
			s.create(owned)
			if err := s.admin.Delete(t.Context(), plan, client.PropagationPolicy(tc.propagation)); err != nil {
				t.Fatal(err)
			}
			plane.Eventually(t, func() string {
				gone := s.admin.Get(t.Context(), client.ObjectKeyFromObject(plan), &v1alpha1.JointPlan{})
				revision := &v1alpha1.PlanRevision{}
				err := s.admin.Get(context.Background(), client.ObjectKeyFromObject(owned), revision)
				switch {
				case !apierrors.IsNotFound(gone):
					return fmt.Sprintf("the plan is there: %v", gone)
				case tc.stays && err == nil && len(revision.OwnerReferences) == 0:
					return ""
				case !tc.stays && apierrors.IsNotFound(err):
					return ""
				default:
					return fmt.Sprintf("the revision: %v, owned by %v", err, revision.OwnerReferences)
				}
			})
		})
	}
}
