package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// rebuildNow is the instant of the tests.
var rebuildNow = time.Date(2026, time.November, 6, 8, 0, 0, 0, time.UTC)

// lostBudget is a budget whose ledger was lost.
func lostBudget() *v1alpha1.MDFBudget {
	budget := &v1alpha1.MDFBudget{ObjectMeta: metav1.ObjectMeta{Name: "fy27-emea"}}
	budget.Status.Conditions = []metav1.Condition{{
		Type: v1alpha1.ConditionLedgerIntact, Status: metav1.ConditionFalse, Reason: v1alpha1.ReasonRecoveryRequired, Message: `MDFLedger "fy27-emea" is lost`,
	}}
	return budget
}

// cluster is a cluster with a budget, in which fiona is the caller. answer says what the controller makes of an authorisation.
func cluster(t *testing.T, budget *v1alpha1.MDFBudget, answer func(*v1alpha1.MDFBudget), patchErr error) client.Client {
	t.Helper()
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{v1alpha1.AddToScheme, authenticationv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	return fake.NewClientBuilder().WithScheme(scheme).WithObjects(budget).WithStatusSubresource(budget).WithInterceptorFuncs(interceptor.Funcs{
		Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
			review, ok := object.(*authenticationv1.SelfSubjectReview)
			if !ok {
				return c.Create(ctx, object, options...)
			}
			review.Status.UserInfo.Username = "fiona"
			return nil
		},
		Patch: func(ctx context.Context, c client.WithWatch, object client.Object, patch client.Patch, options ...client.PatchOption) error {
			if patchErr != nil {
				return patchErr
			}
			if err := c.Patch(ctx, object, patch, options...); err != nil {
				return err
			}
			patched, ok := object.DeepCopyObject().(*v1alpha1.MDFBudget)
			if !ok || answer == nil {
				return nil
			}
			answer(patched)
			return c.Status().Update(ctx, patched)
		},
	}).Build()
}

// reports is a controller that rebuilds what it is told to.
func reports(budget *v1alpha1.MDFBudget) {
	budget.Status.Recovery = &v1alpha1.RecoveryReport{
		RequestedTime: budget.Spec.Recovery.RequestedTime, RequestedBy: budget.Spec.Recovery.RequestedBy,
		Reservations: 2, Reserved: v1alpha1.Money{Amount: "6000.00", Currency: "EUR"},
		Settlements: 1, Settled: v1alpha1.Money{Amount: "3000.00", Currency: "EUR"}, Notes: []string{"a note"},
	}
}

func TestRebuildLedger(t *testing.T) {
	intact := lostBudget()
	intact.Status.Conditions[0] = metav1.Condition{
		Type: v1alpha1.ConditionLedgerIntact, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonLedgerIntact, Message: `MDFLedger "fy27-emea" holds 2 reservations`,
	}
	suspended := lostBudget()
	suspended.Annotations = map[string]string{v1alpha1.AnnotationSuspend: "true"}
	forbidden := apierrors.NewForbidden(schema.GroupResource{Group: v1alpha1.GroupName, Resource: "mdfbudgets"}, "fy27-emea", nil)
	for name, tc := range map[string]struct {
		budget   *v1alpha1.MDFBudget
		named    string
		yes      bool
		answer   func(*v1alpha1.MDFBudget)
		patchErr error
		want     string
		wantErr  string
	}{
		"says what would be done": {
			budget: lostBudget(), want: "MDFLedger \"fy27-emea\" is lost\nNothing was changed. To authorise the rebuilding, run this again with --yes.\n",
		},
		"authorises, waits and reports": {
			budget: lostBudget(), yes: true, answer: reports,
			want: "Authorised by fiona. Waiting for the controller.\nReservations:  2  EUR 6000.00\nSettlements:   1  EUR 3000.00\nNote: a note\n",
		},
		"no answer": {
			budget: lostBudget(), yes: true, want: "Authorised by fiona. Waiting for the controller.\n",
			wantErr: "no report within 20ms: is the manager running? See kubectl describe mdfbudget fy27-emea",
		},
		"nothing is lost": {
			budget: intact, yes: true,
			wantErr: `the ledger of budget fy27-emea is not lost, so there is nothing to rebuild: MDFLedger "fy27-emea" holds 2 reservations`,
		},
		"suspended": {
			budget: suspended, yes: true,
			wantErr: "budget fy27-emea is suspended: its status does not say how its ledger stands, and nothing is rebuilt. Resume it, which grants " +
				"nothing while the ledger is lost, and run this again: kubectl annotate mdfbudget fy27-emea channel.jointplan.dev/suspend-",
		},
		"no such budget": {budget: lostBudget(), named: "fy28", wantErr: "there is no budget fy28: see kubectl get mdfbudgets"},
		"not allowed": {
			budget: lostBudget(), yes: true, patchErr: forbidden,
			wantErr: "you are not allowed to do that; ask for the role jointplan-finance-approver: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			o := rebuildOptions{cluster: newCluster(20 * time.Millisecond), yes: tc.yes, now: func() time.Time { return rebuildNow }}
			named := tc.named
			if named == "" {
				named = "fy27-emea"
			}
			c := cluster(t, tc.budget, tc.answer, tc.patchErr)
			err := o.run(t.Context(), c, named, &out)
			if got := errorText(err); tc.wantErr == "" && got != "" || !strings.HasPrefix(got, tc.wantErr) {
				t.Errorf("error %q, want %q", got, tc.wantErr)
			}
			if diff := cmp.Diff(tc.want, out.String()); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
			after := &v1alpha1.MDFBudget{}
			if err := c.Get(t.Context(), client.ObjectKey{Name: "fy27-emea"}, after); err != nil {
				t.Fatal(err)
			}
			authorised := tc.yes && tc.patchErr == nil && name != "nothing is lost" && name != "suspended"
			switch recovery := after.Spec.Recovery; {
			case authorised && (recovery == nil || recovery.RequestedBy != "fiona" || !recovery.RequestedTime.Time.Equal(rebuildNow)):
				t.Errorf("spec.recovery is %v, want fiona's of %s", recovery, rebuildNow)
			case !authorised && recovery != nil:
				t.Errorf("spec.recovery is %v, want none", recovery)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
