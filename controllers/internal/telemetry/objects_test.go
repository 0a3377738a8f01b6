package telemetry

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus/testutil"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/storetest"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/metrics"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/testobj"
)

// alreadyElected is closed, as of a manager that works.
func alreadyElected() chan struct{} {
	elected := make(chan struct{})
	close(elected)
	return elected
}

// objectsOf is the collector of the metrics about the objects of a cluster, in which nothing stops grants.
func objectsOf(reader client.Reader, elected chan struct{}) *Objects {
	return NewObjects(reader, elected, func() facts.Gate { return facts.Gate{} }, calendarOf, logr.Discard())
}

func calendarOf(source *v1alpha1.PartnerProgram) *fiscal.Calendar {
	return program.Compile(source.Name, &source.Spec).Calendar
}

// cluster has objects as an API server has them.
func cluster(objects ...client.Object) client.WithWatch {
	return storetest.Builder().WithObjects(objects...).Build()
}

// funded are a budget with its ledger, and a request with a claim on it.
func funded() []client.Object {
	budget := testobj.Budget("fy27-emea").Status(func(s *v1alpha1.MDFBudgetStatus) {
		s.Reserved, s.Settled = &v1alpha1.Money{Amount: "5000.00", Currency: "EUR"}, &v1alpha1.Money{Amount: "0.00", Currency: "EUR"}
		s.Available = &v1alpha1.Money{Amount: "15000.00", Currency: "EUR"}
		s.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionLedgerIntact, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonLedgerIntact}}
	}).Obj()
	request := testobj.Allocation("autumn").Status(func(s *v1alpha1.MDFAllocationStatus) {
		s.Stage, s.Reason = v1alpha1.AllocationGranted, v1alpha1.ReasonGranted
	}).Obj()
	return []client.Object{budget, request, testobj.Ledger("fy27-emea").Reserved(request.Namespace+"/autumn/1", 500000).Obj()}
}

// moneyMetrics are those that tell of a budget.
var moneyMetrics = []string{
	metrics.BudgetAmount.Name, metrics.BudgetReserved.Name, metrics.BudgetSettled.Name, metrics.BudgetAvailable.Name, metrics.LedgerIntact.Name,
	metrics.LedgerUsed.Name, metrics.Requests.Name,
}

func TestASeriesEndsWithItsObject(t *testing.T) {
	reader := cluster(funded()...)
	collector := objectsOf(reader, alreadyElected())
	want := `
# HELP jointplan_budget_amount Amount of a budget. In units of the currency.
# TYPE jointplan_budget_amount gauge
jointplan_budget_amount{budget="fy27-emea",currency="EUR"} 20000
# HELP jointplan_budget_available What may still be granted of a budget; 0 once its period has ended. In units of the currency.
# TYPE jointplan_budget_available gauge
jointplan_budget_available{budget="fy27-emea",currency="EUR"} 15000
# HELP jointplan_budget_ledger_intact 1 when condition LedgerIntact of a budget is True, else 0 and nothing is granted; ` +
		`reason is that of the condition. A ledger that was lost while its budget is suspended is reported too.
# TYPE jointplan_budget_ledger_intact gauge
jointplan_budget_ledger_intact{budget="fy27-emea",reason="LedgerIntact"} 1
# HELP jointplan_budget_reserved What is granted of a budget and not yet paid, by its ledger. In units of the currency.
# TYPE jointplan_budget_reserved gauge
jointplan_budget_reserved{budget="fy27-emea",currency="EUR"} 5000
# HELP jointplan_budget_settled What is paid of a budget, by its ledger. In units of the currency.
# TYPE jointplan_budget_settled gauge
jointplan_budget_settled{budget="fy27-emea",currency="EUR"} 0
# HELP jointplan_ledger_used_ratio Share of a bound of a budget's ledger that is used, 1 when it is full: ` +
		`reservations (2,000 requests, released ones included), settlements (4,000 claims) or size (of all entries).
# TYPE jointplan_ledger_used_ratio gauge
jointplan_ledger_used_ratio{bound="reservations",budget="fy27-emea"} 0.0005
jointplan_ledger_used_ratio{bound="settlements",budget="fy27-emea"} 0
jointplan_ledger_used_ratio{bound="size",budget="fy27-emea"} 4.5e-05
# HELP jointplan_requests Number of evaluated requests for money by stage and reason; budget is empty when there is no such budget.
# TYPE jointplan_requests gauge
jointplan_requests{budget="fy27-emea",reason="Granted",stage="Granted"} 1
`
	if err := testutil.CollectAndCompare(collector, strings.NewReader(want), moneyMetrics...); err != nil {
		t.Error(err)
	}
	for _, object := range funded() {
		if err := reader.Delete(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	ledger := &v1alpha1.MDFLedger{}
	if err := reader.Get(t.Context(), client.ObjectKey{Name: "fy27-emea"}, ledger); err == nil { // its finalizer keeps it
		ledger.Finalizers = nil
		if err := reader.Update(t.Context(), ledger); err != nil {
			t.Fatal(err)
		}
	}
	if err := testutil.CollectAndCompare(collector, strings.NewReader(""), moneyMetrics...); err != nil {
		t.Error(err)
	}
	if got := testutil.CollectAndCount(collector, metrics.ObjectsByKind.Name); got != len(kinds.All()) {
		t.Errorf("%d kinds are counted, want all, from zero", got)
	}
}

func TestOnlyTheManagerThatWorksTellsOfObjects(t *testing.T) {
	elected := make(chan struct{})
	collector := objectsOf(cluster(funded()...), elected)
	if got := testutil.CollectAndCount(collector); got != 0 {
		t.Errorf("a manager that waits tells %d series, want none", got)
	}
	close(elected)
	if got := testutil.CollectAndCount(collector); got == 0 {
		t.Error("a manager that works tells nothing")
	}
}

func TestACacheThatCannotBeReadGivesNoSeries(t *testing.T) {
	broken := interceptor.NewClient(cluster(funded()...), interceptor.Funcs{
		List: func(_ context.Context, _ client.WithWatch, list client.ObjectList, _ ...client.ListOption) error {
			if _, last := list.(*v1alpha1.MDFLedgerList); last {
				return errors.New("no such cache")
			}
			return nil
		},
	})
	if got := testutil.CollectAndCount(objectsOf(broken, alreadyElected())); got != 0 {
		t.Errorf("%d series, want none: half of the objects would look like a loss", got)
	}
}

func TestAClosedGateIsTold(t *testing.T) {
	closed := func() facts.Gate {
		return facts.Gate{Reason: v1alpha1.ReasonPolicyMissing, Message: "policy jointplan-requests is missing"}
	}
	want := `
# HELP jointplan_money_policies_in_force 1 while all admission policies that guard money are in force, else 0 and no budget grants anything.
# TYPE jointplan_money_policies_in_force gauge
jointplan_money_policies_in_force 0
`
	if err := testutil.CollectAndCompare(
		NewObjects(cluster(), alreadyElected(), closed, calendarOf, logr.Discard()), strings.NewReader(want), metrics.PoliciesInForce.Name); err != nil {
		t.Error(err)
	}
}
