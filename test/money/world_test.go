package money

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/test/plane"
)

// Instants of the tests. The activity of all requests is on 2026-10-19.
const (
	beforeActivity = "2026-09-01T10:00:00+02:00"
	afterActivity  = "2026-11-02T10:00:00+01:00"
)

// world is a budget, one or more namespaces with a partner and its approved plan each, a clock that stands still, and a record of every revision.
type world struct {
	*testing.T
	client.WithWatch
	*plane.Recording

	namespace  string
	namespaces []string
	program    v1alpha1.Name
	budget     v1alpha1.Name
	clock      *clocktesting.FakePassiveClock
	scope      plane.Scope
}

// newWorld creates a world with some namespaces at an instant, and with the budget that change makes of EUR 20,000.00.
func newWorld(t *testing.T, at string, namespaces int, change func(*testobj.BudgetBuilder)) *world {
	t.Helper()
	plane.Guard(t)
	w := &world{T: t, WithWatch: plane.Client(t), clock: clocktesting.NewFakePassiveClock(testobj.At(at))}
	w.namespace = plane.Unique(t)
	w.namespaces = []string{w.namespace}
	for i := 1; i < namespaces; i++ {
		w.namespaces = append(w.namespaces, fmt.Sprintf("%s-%d", w.namespace, i))
	}
	short := w.namespace[len(w.namespace)-10:]
	w.program, w.budget = v1alpha1.Name("program-"+short), v1alpha1.Name("budget-"+short)
	w.scope = plane.ScopeOf(w.namespace)
	w.scope.Namespaces = w.namespaces
	w.Recording = plane.Record(t, w.scope, w.clock)
	t.Cleanup(w.clear)

	program := northwind(w.program)
	w.put(program)
	budget := testobj.Budget(string(w.budget))
	budget.With(func(s *v1alpha1.MDFBudgetSpec) { s.ProgramRef.Name = w.program })
	if change != nil {
		change(budget)
	}
	w.put(budget.Obj())
	for _, name := range w.namespaces {
		namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
		plane.Mark(namespace, w.namespace)
		if err := w.Create(t.Context(), namespace); err != nil {
			t.Fatal(err)
		}
		w.partner(name)
	}
	return w
}

// northwind is a program with a webinar that is paid by half, asked for 10 business days ahead and claimed within 90 days with invoices.
func northwind(name v1alpha1.Name) *v1alpha1.PartnerProgram {
	return testobj.Program(string(name)).With(func(s *v1alpha1.PartnerProgramSpec) {
		s.Activities = []v1alpha1.Activity{{
			Type: "Webinar", ReimbursementPercent: "50", LeadTimeBusinessDays: new(int32(10)), ClaimWithinDays: new(int32(90)),
			Proofs: []v1alpha1.ProofType{"Invoice"},
		}}
		s.ExchangeRates = []v1alpha1.ExchangeRate{
			{From: "USD", To: "EUR", EffectiveFrom: "2026-07-01", Rate: "0.90"},
			{From: "USD", To: "EUR", EffectiveFrom: "2026-10-01", Rate: "0.95"},
		}
	}).Rules(func(r *v1alpha1.RuleSet) {
		r.Approval = &v1alpha1.ApprovalPolicy{Parties: []v1alpha1.Party{v1alpha1.PartyVendor}}
	}).Obj()
}

// partner creates a partner with an approved plan in a namespace.
func (w *world) partner(namespace string) {
	w.Helper()
	w.put(testobj.Partner("acme").In(namespace).Tier("silver", "2026-01-01").Agreement("2025-01-01", "").With(func(s *v1alpha1.PartnerSpec) {
		s.ProgramRef.Name = w.program
	}).Obj())
	p := testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Goal("leads", "qualified-leads", "100").Obj()
	p.Namespace = namespace
	w.put(p)
	decision := testobj.Decision("plan", p.Name, plan.Revision(&p.Spec.PlanTerms), v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z")
	decision.Namespace = namespace
	w.put(decision)
}

// put creates an object, and waits until the recording has it.
func (w *world) put(object client.Object) {
	w.Helper()
	w.putAll(object)
}

// putAll creates objects, and waits until the recording has them.
func (w *world) putAll(objects ...client.Object) {
	w.Helper()
	for _, object := range objects {
		object.SetResourceVersion("")
		object.SetUID("")
		object.SetGeneration(0)
		if object.GetNamespace() == "" {
			plane.Mark(object, w.namespace)
		}
		if err := w.Create(w.Context(), object); err != nil {
			w.Fatalf("create %s: %v", plane.Key(object), err)
		}
	}
	for _, object := range objects {
		w.AwaitWrite(w, object)
	}
}

// change reads an object, changes it and writes it, and waits until the recording has it.
func change[T client.Object](w *world, object T, name string, edit func(T)) {
	w.Helper()
	key := client.ObjectKey{Namespace: w.namespace, Name: name}
	if isCluster(object) {
		key.Namespace = ""
	}
	plane.Eventually(w.T, func() string {
		if err := w.Get(w.Context(), key, object); err != nil {
			return err.Error()
		}
		edit(object)
		if err := w.Update(w.Context(), object); err != nil {
			return err.Error()
		}
		return ""
	})
	w.AwaitWrite(w, object)
}

func isCluster(object client.Object) bool {
	switch object.(type) {
	case *v1alpha1.MDFBudget, *v1alpha1.MDFLedger, *v1alpha1.PartnerProgram:
		return true
	default:
		return false
	}
}

// request is a request on the world's budget in its first namespace: for EUR 5,000.00 unless it is changed.
func (w *world) request(name string) *testobj.AllocationBuilder {
	return testobj.Allocation(name).In(w.namespace).On("acme-h1", w.budget)
}

// euros is a request for an amount, half of the cost.
func (w *world) euros(name string, cost, amount v1alpha1.Decimal) *testobj.AllocationBuilder {
	return w.request(name).Asks("EUR", cost, "50", amount)
}

// approval is a decision on a request's current content, by fay of finance.
func (w *world) approval(name string, a *v1alpha1.MDFAllocation, at string) *v1alpha1.ApprovalDecision {
	return w.decision(name, "MDFAllocation", a.Name, facts.RequestRevision(&a.Spec), v1alpha1.DecisionApproved, at, a.Namespace)
}

// claimApproval is a decision on a claim's current content, by fay of finance.
func (w *world) claimApproval(name string, c *v1alpha1.MDFClaim, at string) *v1alpha1.ApprovalDecision {
	return w.decision(name, "MDFClaim", c.Name, facts.ClaimRevision(&c.Spec), v1alpha1.DecisionApproved, at, c.Namespace)
}

func (*world) decision(name, kind, target, revision string, outcome v1alpha1.DecisionOutcome, at, namespace string) *v1alpha1.ApprovalDecision {
	d := testobj.MoneyDecision(name, kind, target, revision, outcome, "fay", at)
	d.Namespace = namespace
	return d
}

// claim is a claim on a request with one invoice of an amount net, with its proof, received on 2026-11-02.
func (w *world) claim(name string, allocation v1alpha1.Name, net v1alpha1.Decimal) *testobj.ClaimBuilder {
	b := testobj.Claim(name, allocation).Cost(v1alpha1.Word("INV-"+name), net).Proof("Invoice", v1alpha1.Note("https://files.example.com/"+name))
	b.Obj().Namespace = w.namespace
	return b
}

// manager starts a manager that sees the world alone.
func (w *world) manager() plane.Manager {
	w.Helper()
	return plane.StartManager(w, w.scope, "money-"+w.namespace, w.clock)
}

// step sets the clock and has all objects looked at again, as a timer would have.
func (w *world) step(at string) {
	w.Helper()
	w.clock.SetTime(testobj.At(at))
	w.poke()
}

// poke touches the objects about money, so that they are evaluated.
func (w *world) poke() {
	w.Helper()
	for _, object := range w.Latest() {
		switch object.(type) {
		case *v1alpha1.MDFBudget, *v1alpha1.MDFAllocation, *v1alpha1.MDFClaim, *v1alpha1.ApprovalDecision:
		default:
			continue
		}
		touched, _ := object.DeepCopyObject().(client.Object)
		patch := fmt.Appendf(nil, `{"metadata":{"annotations":{"jointplan.dev/touched":%q}}}`, w.clock.Now().UTC().Format(time.RFC3339))
		if err := w.Patch(w.Context(), touched, client.RawPatch("application/merge-patch+json", patch)); err != nil {
			w.Fatal(err)
		}
		w.AwaitWrite(w, touched)
	}
}

// clear removes what has no namespace. The namespaces stay, as the plane is thrown away with the tests.
func (w *world) clear() {
	background := context.Background()
	for _, object := range w.Latest() {
		if !isCluster(object) {
			continue
		}
		gone, _ := object.DeepCopyObject().(client.Object)
		if ledger, ok := gone.(*v1alpha1.MDFLedger); ok {
			w.removeLedger(background, ledger)
			continue
		}
		_ = w.Delete(background, gone)
	}
}

// removeLedger deletes a ledger as an administrator who knows that it is not needed.
func (w *world) removeLedger(ctx context.Context, ledger *v1alpha1.MDFLedger) {
	c := plane.ManagersClient(w)
	plane.Eventually(w.T, func() string {
		if err := c.Get(ctx, client.ObjectKeyFromObject(ledger), ledger); err != nil {
			return ignoreGone(err)
		}
		ledger.Finalizers = nil
		if err := c.Update(ctx, ledger); err != nil {
			return err.Error()
		}
		return ignoreGone(c.Delete(ctx, ledger))
	})
}

func ignoreGone(err error) string {
	if client.IgnoreNotFound(err) != nil {
		return err.Error()
	}
	return ""
}

// wants waits until the world is at rest and a condition of an object has a status, a reason and a message.
func wants[T kinds.Evaluated](w *world, object T, name, kind string, status metav1.ConditionStatus, reason, message string) {
	w.Helper()
	w.rest()
	latest := latestOf(w, object, name)
	c := meta.FindStatusCondition(latest.Common().Conditions, kind)
	if c == nil || c.Status != status || c.Reason != reason || !strings.Contains(c.Message, message) {
		w.Errorf("%s of %s:\n got %s\nwant %s %s: %s", kind, name, shown(c), status, reason, message)
	}
}

func shown(c *metav1.Condition) string {
	if c == nil {
		return "nothing"
	}
	return fmt.Sprintf("%s %s: %s", c.Status, c.Reason, c.Message)
}

// latestOf returns an object as it was last seen.
func latestOf[T client.Object](w *world, kind T, name string) T {
	w.Helper()
	kind.SetName(name)
	if !isCluster(kind) {
		kind.SetNamespace(w.namespace)
	}
	found, ok := w.Latest()[plane.Key(kind)].(T)
	if !ok {
		w.Fatalf("there is no %s", plane.Key(kind))
	}
	return found
}
