package money

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/plane"
)

// TestABudgetInUseIsDeleted lets claims on it go on, and grants nothing more.
func TestABudgetInUseIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.request("fair"))
	w.claimed(w.claim("print", "fair", "6000.00"))
	w.rest()
	gone := latestOf(w, budget(), string(w.budget))
	if err := w.Delete(t.Context(), gone.DeepCopy()); err != nil {
		t.Fatal(err)
	}
	w.AwaitDeletion(t, gone)
	w.granted(w.request("web"))
	wants(w, allocation(), "web", "Eligible", "False", v1alpha1.ReasonBudgetGone, "was deleted")
	wants(w, allocation(), "fair", "Granted", "True", v1alpha1.ReasonGranted, "EUR 5,000.00 is granted")
	w.pay("print", "T-1", "3000.00")
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonSettled, "EUR 3,000.00")
	w.holds(amounts{"fair": 200000}, amounts{"print": 300000})
	w.step("2027-01-18T00:00:00+01:00")
	wants(w, allocation(), "fair", "Granted", "False", v1alpha1.ReasonClaimWindowClosed, "2027-01-17")
	w.holds(amounts{"fair": 0}, amounts{"print": 300000})
}

// TestABudgetIsCutAndRaisedAgain releases the latest grant that is not claimed, permanently.
func TestABudgetIsCutAndRaisedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.euros("first", "20000.00", "10000.00"), w.request("second"), w.request("third"))
	w.claimed(w.claim("print", "third", "6000.00"))
	w.rest()
	w.budgetAmount("17000.00") // 2,000.00 of the latest are not claimed, and 5,000.00 of the one before: all of both is taken
	wants(w, allocation(), "third", "Granted", "True", v1alpha1.ReasonGrantedInPart, "EUR 3,000.00 of EUR 5,000.00 is granted")
	wants(w, allocation(), "second", "Granted", "False", v1alpha1.ReasonBudgetCut, "was lowered and no longer covered the request; what was not claimed is released, which is final: to request again, set a new requestID")
	w.holds(amounts{"first": 1000000, "second": 0, "third": 300000}, nil)
	w.budgetAmount("5000.00")
	wants(w, budget(), string(w.budget), "WithinLimit", "True", v1alpha1.ReasonWithinLimit, "")
	w.holds(amounts{"first": 0, "second": 0, "third": 300000}, nil)
	w.budgetAmount("2000.00")
	wants(w, budget(), string(w.budget), "WithinLimit", "False", v1alpha1.ReasonBudgetExceeded,
		"EUR 3,000.00 reserved and EUR 0.00 settled of EUR 2,000.00: over budget by EUR 1,000.00")
	w.budgetAmount("20000.00")
	wants(w, allocation(), "second", "Granted", "False", v1alpha1.ReasonBudgetCut, "which is final: to request again, set a new requestID")
	w.holds(amounts{"first": 0, "second": 0, "third": 300000}, nil)
	change(w, allocation(), "second", func(a *v1alpha1.MDFAllocation) { a.Spec.RequestID = "2" })
	w.put(w.approval("second-2", w.request("second").RequestID("2").Obj(), "2026-11-02T08:30:00Z"))
	wants(w, allocation(), "second", "Granted", "True", v1alpha1.ReasonGranted, "EUR 5,000.00 is granted")
	w.holds(amounts{"first": 0, "second": 0, "second/2": 500000, "third": 300000}, nil)
}

// TestALostLedger stops all grants until a person authorises that it is rebuilt.
func TestALostLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, afterActivity, 1, nil)
	w.manager()
	w.granted(w.request("fair"), w.request("web"))
	w.claimed(w.claim("print", "fair", "6000.00"))
	w.rest()
	w.pay("print", "T-1", "3000.00")
	w.rest()
	before := w.end()
	w.loseLedger()
	w.granted(w.request("more"))
	wants(w, budget(), string(w.budget), "LedgerIntact", "False", v1alpha1.ReasonRecoveryRequired, "kubectl jointplan rebuild-ledger "+string(w.budget))
	wants(w, allocation(), "more", "Granted", "False", v1alpha1.ReasonRecoveryRequired, "")
	w.figures("fair", "5000.00", "2000.00", "3000.00", "3000.00")
	w.recover("2026-11-02T09:00:00Z") // now
	wants(w, allocation(), "more", "Granted", "True", v1alpha1.ReasonGranted, "EUR 5,000.00 is granted")
	wants(w, budget(), string(w.budget), "LedgerIntact", "True", v1alpha1.ReasonLedgerIntact, "holds 3 reservations and 1 settlement")
	report := latestOf(w, budget(), string(w.budget)).Status.Recovery
	want := &v1alpha1.RecoveryReport{RequestedBy: "fay", Reservations: 2, Reserved: *euro("7000.00"), Settlements: 1, Settled: *euro("3000.00")}
	if report != nil {
		want.RequestedTime = report.RequestedTime
	}
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("the report of the recovery (-want +got):\n%s", diff)
	}
	after := w.end()
	for _, key := range []string{"MDFAllocation NAMESPACE/fair", "MDFAllocation NAMESPACE/web", "MDFClaim NAMESPACE/print"} {
		if diff := cmp.Diff(before[key], after[key]); diff != "" {
			t.Errorf("%s changed (-before +after):\n%s", key, diff)
		}
	}
	w.loseLedger() // what was authorised once does not hold twice
	wants(w, budget(), string(w.budget), "LedgerIntact", "False", v1alpha1.ReasonRecoveryRequired, "")
}

// lost is a world with requests that are granted, paid in part, withdrawn, waiting and refused. No manager runs.
func lost(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, afterActivity, 1, nil)
	m := w.manager()
	w.granted(w.euros("first", "10000.00", "5000.00"), w.euros("second", "22000.00", "11000.00"), w.euros("third", "18000.00", "9000.00").AtLeast("1000.00"),
		w.euros("fourth", "2000.00", "1000.00"))
	w.claimed(w.claim("print", "first", "6000.00"))
	w.rest()
	w.pay("print", "T-1", "3000.00")
	change(w, allocation(), "second", func(a *v1alpha1.MDFAllocation) { a.Spec.WithdrawnOn = "2026-11-02" })
	wants(w, allocation(), "second", "Granted", "False", v1alpha1.ReasonWithdrawn, "")
	w.granted(w.euros("fifth", "40000.00", "20000.00"))
	w.rest()
	m.Stop()
	return w
}

// restore deletes all objects that are kept, and creates them again in another order: with other UIDs, later, and without statuses.
func (w *world) restore(keep func(client.Object) bool) {
	w.Helper()
	var objects []client.Object
	for _, object := range w.Latest() {
		copied, _ := object.DeepCopyObject().(client.Object)
		if ledger, ok := copied.(*v1alpha1.MDFLedger); ok {
			w.removeLedger(w.Context(), ledger.DeepCopy())
		} else if problem := ignoreGone(w.Delete(w.Context(), object.DeepCopyObject().(client.Object))); problem != "" {
			w.Fatal(problem)
		}
		w.AwaitDeletion(w, object)
		if keep(copied) {
			objects = append(objects, copied)
		}
	}
	rand.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	for _, object := range objects {
		object.SetResourceVersion("")
		object.SetUID("")
		if err := plane.ManagersClient(w).Create(w.Context(), object); err != nil {
			w.Fatal(err)
		}
		w.AwaitWrite(w, object)
	}
}

// TestARestore brings everything back, and no decision changes.
func TestARestore(t *testing.T) {
	t.Parallel()
	w := lost(t)
	before := w.end()
	w.holds(amounts{"first": 200000, "second": 0, "third": 400000, "fourth": 100000}, amounts{"print": 300000})
	w.restore(func(client.Object) bool { return true })
	w.manager()
	w.rest()
	if diff := cmp.Diff(before, w.end()); diff != "" {
		t.Errorf("the restore changed something (-before +after):\n%s", diff)
	}
}

// TestARestoreWithoutTheLedger notices by a payment that there was one, and grants nothing until a person has authorised its rebuilding.
func TestARestoreWithoutTheLedger(t *testing.T) {
	t.Parallel()
	w := lost(t)
	w.restore(func(object client.Object) bool {
		_, ledger := object.(*v1alpha1.MDFLedger)
		return !ledger
	})
	w.manager()
	wants(w, budget(), string(w.budget), "LedgerIntact", "False", v1alpha1.ReasonRecoveryRequired, "")
	wants(w, allocation(), "fourth", "Granted", "False", v1alpha1.ReasonRecoveryRequired, "")
	wants(w, claim(), "print", "Accepted", "Unknown", v1alpha1.ReasonRecoveryRequired, "is lost, so grants and payments cannot be verified")
	w.recover("2026-11-02T09:00:00Z")
	wants(w, allocation(), "fourth", "Granted", "True", v1alpha1.ReasonGranted, "")
	wants(w, claim(), "print", "Settled", "True", v1alpha1.ReasonSettled, "EUR 3,000.00")
	ledger := w.Ledger(string(w.budget))
	if got := ledger.Spec.Reserved[w.namespace+"/first/1"]; got != 200000 {
		t.Errorf("%d is reserved for the request that was paid in part, want 200000: the rest", got)
	}
}

// TestANamespaceWithMoneyIsDeleted keeps what is reserved for a day, in case of a restore.
func TestANamespaceWithMoneyIsDeleted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, beforeActivity, 1, nil)
	w.manager()
	w.granted(w.request("fair"))
	w.rest()
	namespace := &corev1.Namespace{}
	namespace.Name = w.namespace
	if err := w.Delete(context.Background(), namespace); err != nil {
		t.Fatal(err)
	}
	w.Await(t, func(latest map[string]client.Object) string {
		for key, object := range latest {
			if !isCluster(object) {
				return key + " is there"
			}
		}
		return ""
	})
	w.rest()
	w.holds(amounts{"fair": 500000}, nil)
	w.step("2026-09-02T09:59:59+02:00")
	w.rest()
	w.holds(amounts{"fair": 500000}, nil)
	w.step("2026-09-02T10:00:00+02:00")
	w.rest()
	w.holds(amounts{"fair": 0}, nil)
	if got := latestOf(w, budget(), string(w.budget)).Status.Available; *got != *euro("20000.00") {
		t.Errorf("%v is available, want all", got)
	}
}
