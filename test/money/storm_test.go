package money

import (
	"fmt"
	"sync"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/invariants"
	"jointplan.dev/jointplan/test/plane"
)

// TestAThousandRequestsTakeFewWrites grants a thousand approved requests of four partners from one budget.
func TestAThousandRequestsTakeFewWrites(t *testing.T) {
	t.Parallel()
	const requests = 1000
	w := newWorld(t, beforeActivity, 4, func(b *testobj.BudgetBuilder) { b.Amount("10000.00", "EUR") })
	var all sync.WaitGroup
	for worker := range 16 {
		all.Go(func() {
			for i := worker; i < requests; i += 16 {
				a := testobj.Allocation(fmt.Sprintf("r-%04d", i)).In(w.namespaces[i%4]).On("acme-h1", w.budget).Asks("EUR", "20.00", "50", "10.00").Obj()
				for _, object := range []client.Object{a, w.approval(a.Name, a, "2026-08-10T10:00:00Z")} {
					object.SetGeneration(0)
					if err := w.Create(w.Context(), object); err != nil {
						w.Errorf("create %s: %v", object.GetName(), err)
					}
				}
			}
		})
	}
	all.Wait()
	m := w.manager()
	w.Await(w, func(map[string]client.Object) string {
		ledger := w.Ledger(string(w.budget))
		if ledger == nil || len(ledger.Spec.Reserved) < requests {
			return "not all requests are granted"
		}
		return ""
	})
	m.Stop()
	writes := 0
	for _, e := range w.Events() {
		if _, ledger := e.Object.(*v1alpha1.MDFLedger); ledger {
			writes++
		}
	}
	if writes > 5 {
		t.Errorf("the grants took %d writes of the ledger, want at most 5", writes)
	}
	for _, request := range plane.Writes(t, "money-"+w.namespace) {
		if request.Object == "mdfledgers//"+string(w.budget) && request.Code >= 300 {
			t.Errorf("the API server refused a write of the ledger: %d", request.Code)
		}
	}
	if got := sumOf(w); got != requests*1000 {
		t.Errorf("%d is reserved, want %d", got, requests*1000)
	}
}

// TestAFullLedger lets further requests wait, and says so.
func TestAFullLedger(t *testing.T) {
	t.Parallel()
	w := newWorld(t, beforeActivity, 1, nil)
	ledger := &v1alpha1.MDFLedger{
		ObjectMeta: metav1.ObjectMeta{Name: string(w.budget), Finalizers: []string{v1alpha1.LedgerFinalizer}, Annotations: map[string]string{invariants.Given: "true"}},
		Spec:       v1alpha1.MDFLedgerSpec{Currency: "EUR", LimitMinor: 2000000, Reserved: map[string]int64{}},
	}
	for i := range v1alpha1.MaxReservations {
		ledger.Spec.Reserved[fmt.Sprintf("partner-of-old/request-%04d/1", i)] = 0
	}
	plane.Mark(ledger, w.namespace)
	if err := plane.ManagersClient(t).Create(t.Context(), ledger); err != nil {
		t.Fatal(err)
	}
	w.AwaitWrite(t, ledger)
	w.manager()
	w.granted(w.request("fair"))
	wants(w, &v1alpha1.MDFAllocation{}, "fair", "Granted", "False", v1alpha1.ReasonLedgerFull, "another budget")
	wants(w, &v1alpha1.MDFBudget{}, string(w.budget), "LedgerIntact", "False", v1alpha1.ReasonLedgerFull, "(2000 of 2000 reservations, 0 of 4000 settlements)")
	if len(w.Ledger(string(w.budget)).Spec.Reserved) != v1alpha1.MaxReservations {
		t.Error("the ledger changed")
	}
}
