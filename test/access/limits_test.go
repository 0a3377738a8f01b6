package access

import (
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

// many returns a list with a number of entries, each of a text with %d for its number, as YAML.
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
	rules, catalogue := s.as(s.user("rules", users["rules"])), s.as(s.user("catalogue", users["catalogue"]))
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
	})
	s.create(plan)
	claim := s.object("mdfclaims/one")
	change(t, claim, map[string]string{
		"metadata.name": "large", "metadata.resourceVersion": "", "metadata.uid": "",
		"spec.costs":  many(32, "{invoice: R-%d, supplier: "+reviewed+", incurredOn: '2026-08-20', net: '1.00', gross: '1.19'}"),
		"spec.proofs": many(32, "{type: Invoice, reference: "+long+"}"),
	})
	s.create(claim)

	budget := s.object("mdfbudgets/")
	const levels = "levels: [{above: '1000.00', approvers: 2}, {above: '2000.00', approvers: 3}, {above: '3000.00', approvers: 4}, {above: '4000.00', approvers: 5}]"
	change(t, budget, map[string]string{
		"metadata.name": "large-" + s.cluster(), "metadata.resourceVersion": "", "metadata.uid": "",
		"spec.authority": many(23, "{effectiveFrom: '21%d-01-01', "+levels+"}"),
	})
	s.create(budget)
	program := s.object("partnerprograms/")
	change(t, program, map[string]string{
		"metadata.name": "large-" + s.cluster(), "metadata.resourceVersion": "", "metadata.uid": "",
		"spec.exchangeRates": many(64, "{from: USD, to: EUR, effectiveFrom: '21%d-01-01', rate: '0.95'}"),
		"spec.ruleSets":      many(8, "{name: r%d, effectiveFrom: '21%d-01-01', approval: {parties: [Vendor, Partner]}}"),
		"spec.metrics":       many(64, "{name: m%d, unit: Count, behaviour: Flow, definition: "+long+"}"),
	})
	s.create(program)

	for name, r := range map[string]row{
		"a rule of authority of a large budget": {
			by: "rules", verb: "update", base: "mdfbudgets/large-",
			set: map[string]string{"spec.authority": many(24, "{effectiveFrom: '21%d-01-01', "+levels+"}")},
		},
		"a metric of a large program": {
			by: "catalogue", verb: "update", base: "partnerprograms/large-",
			set: map[string]string{"spec.metrics": many(63, "{name: m%d, unit: Count, behaviour: Flow}")},
		},
		"a rate of a large program": {
			by: "catalogue", verb: "update", base: "partnerprograms/large-",
			set:  map[string]string{"spec.exchangeRates": many(63, "{from: USD, to: EUR, effectiveFrom: '21%d-01-01', rate: '0.95'}")},
			want: "may not change who has to approve under program large-",
		},
		"progress of a large plan": {
			by: "manager", verb: "update", base: "jointplans/large",
			set: map[string]string{"spec.progress": "{done: " + many(99, "{kind: Commitment, name: c%d, day: '2026-09-01'}") + "}"},
		},
		"a large record of a meeting": {
			by: "manager", verb: "create", base: "planreviews/one", set: recorded("Vendor", map[string]string{
				"spec.noActionsBecause": "", "spec.attendees": many(8, "{name: P%d, party: Vendor, functions: ["+strings.Repeat("x", 24)+"]}"),
				"spec.obstacles": many(8, reviewed+"%d"), "spec.actions": many(16, "{name: a%d, description: "+long+", party: Vendor, due: '2026-12-31'}"),
			}),
		},
		"a change of a large plan": {
			by: "both", verb: "update", base: "jointplans/large", set: map[string]string{"spec.targetAccounts": many(49, "{name: "+reviewed+"%d}")},
			want: "may approve JointPlan large and so may not change what is approved of it",
		},
		"a payment of a large claim": {
			by: "manager", verb: "update", base: "mdfclaims/large", set: map[string]string{"spec.payments": payment},
		},
		"a change of a large claim": {
			by: "both", verb: "update", base: "mdfclaims/large", set: map[string]string{"spec.proofs": many(31, "{type: Invoice, reference: "+long+"}")},
			want: "may approve MDFClaim large and so may not change what is approved of it",
		},
	} {
		by := map[string]caller{"manager": manager, "both": both, "rules": rules, "catalogue": catalogue}[r.by]
		if got := denial(t, s.write(t, by, r, s.words(by, time.Now().UTC()))); r.want == "" && got != "" || !strings.Contains(got, r.want) {
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

// TestRecordsOutliveTheirPlan purges an approved plan, in each way in which the garbage collector may follow, and creates it again: its revision, its
// decision and what requests money under it are still there.
func TestRecordsOutliveTheirPlan(t *testing.T) {
	t.Parallel()
	for name, propagation := range map[string]metav1.DeletionPropagation{
		"in the background": metav1.DeletePropagationBackground,
		"in the foreground": metav1.DeletePropagationForeground,
		"orphaned":          metav1.DeletePropagationOrphan,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSetting(t)
			plan := s.object("jointplans/one")
			if err := s.admin.Delete(t.Context(), plan, client.PropagationPolicy(propagation)); err != nil {
				t.Fatal(err)
			}
			plane.Eventually(t, func() string {
				if err := s.admin.Get(t.Context(), client.ObjectKeyFromObject(plan), &v1alpha1.JointPlan{}); !apierrors.IsNotFound(err) {
					return fmt.Sprintf("the plan is there: %v", err)
				}
				return ""
			})
			again := s.object("jointplans/one")
			change(t, again, map[string]string{"metadata.resourceVersion": "", "metadata.uid": ""})
			if err := s.admin.Create(t.Context(), again); err != nil {
				t.Fatal(err)
			}
			for _, kept := range []string{"planrevisions/one", "approvaldecisions/one", "mdfallocations/granted", "mdfclaims/accepted"} {
				object := s.object(kept)
				if err := s.admin.Get(t.Context(), client.ObjectKeyFromObject(object), object); err != nil || object.GetDeletionTimestamp() != nil {
					t.Errorf("%s: %v, deleted at %v", kept, err, object.GetDeletionTimestamp())
				}
			}
		})
	}
}
