package controllers

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/money/ledger"
	"jointplan.dev/jointplan/internal/verdict"
)

// MDFBudgetReconciler decides about the money of budgets. It alone writes ledgers: each with all decisions of a budget in one write, which the
// API server refuses when another one came before or when the sum is above the limit.
type MDFBudgetReconciler struct {
	Reconciler

	// accruals lets budgets on which partners spend what they earned be written one after the other: one lot may be spent on two budgets.
	accruals sync.Mutex
}

func setupMDFBudgets(w *wiring, shared Reconciler) error {
	watches := []watch{
		// From the start, as nothing else brings the ledger of a budget that is gone here.
		{kind: &v1alpha1.MDFLedger{}, concerns: queue.Mapping(w.budgetsOfLedger), priority: queue.Child, initial: true},
		{kind: &v1alpha1.MDFBudget{}, concerns: queue.Mapping(w.sameLots), priority: queue.Child},
		{kind: &v1alpha1.MDFAllocation{}, concerns: queue.Mapping(w.budgetOfRequest), priority: queue.Child, statuses: true},
		{kind: &v1alpha1.MDFAllocation{}, concerns: queue.Mapping(w.budgetsBesides), priority: queue.Child},
		{kind: &v1alpha1.JointPlan{}, concerns: queue.Mapping(w.budgetsBesides), priority: queue.Child},
		{kind: &v1alpha1.MDFClaim{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.PlanReview{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.ApprovalDecision{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.JointPlan{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.MDFAllocation{}, concerns: w.sameInvoice(kinds.MDFBudget), priority: queue.Child},
		{kind: &v1alpha1.MDFClaim{}, concerns: w.sameInvoice(kinds.MDFBudget), priority: queue.Child},
		{kind: &v1alpha1.JointPlan{}, concerns: w.sameInvoice(kinds.MDFBudget), priority: queue.Child},
		{kind: &v1alpha1.PlanRevision{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.Partner{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.Campaign{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.MeasurementSet{}, concerns: w.budgetsOfPartner(), priority: queue.Child},
		{kind: &v1alpha1.PartnerProgram{}, concerns: queue.Mapping(w.allBudgets), priority: queue.FanOut},
		{kind: gather.Namespace(), concerns: queue.Mapping(w.budgetsOfNamespace), priority: queue.FanOut},
	}
	watches = append(watches, w.policyWatches(kinds.MDFBudget)...)
	return w.controller(kinds.MDFBudget, &MDFBudgetReconciler{Reconciler: shared}, watches...)
}

// Reconcile decides about the money of one budget, and evaluates the budget. A budget that was deleted is decided about as long as its ledger is
// there: claims on it are settled and released, nothing more is granted.
func (r *MDFBudgetReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	now := r.Clock.Now()
	pool, err := r.Gatherer.Pool(ctx, request.Name)
	if err != nil {
		return ctrl.Result{}, err
	}
	switch {
	case pool.Budget == nil && pool.Ledger == nil:
		r.forget(kinds.MDFBudget, request.NamespacedName)
		return ctrl.Result{}, nil
	case pool.Budget != nil && r.Statuses.Awaits(pool.Budget):
		return status.After(status.CachePatience), nil
	case pool.Budget != nil && suspension.Requested(pool.Budget):
		return r.Statuses.Suspend(ctx, pool.Budget, pool.Budget.DeepCopy(), now)
	}
	r.Meters.Budget(request.Name)
	pool.Gate = r.gate()
	decided := r.Meters.Timing(kinds.MDFBudget)
	outcome := ledger.Decide(pool.Pool, now)
	decided()
	if err := cmp.Or(pool.Err(), ctx.Err()); err != nil { // a manager that stops does not begin what may take a while
		return ctrl.Result{}, err
	}
	if outcome.Changed {
		if pool, err = r.write(ctx, pool, outcome, now); err != nil {
			return ctrl.Result{}, err
		}
	}
	switch {
	case pool.Budget == nil:
		return status.Wake(outcome.Next, now), nil
	case suspension.Requested(pool.Budget): // as the API server has it; the cache does not show it yet
		return r.Statuses.Suspend(ctx, pool.Budget, pool.Budget.DeepCopy(), now)
	}
	updated := pool.Budget.DeepCopy()
	next := evaluate.Budget(pool.Pool, updated, now)
	if err := pool.Err(); err != nil {
		return ctrl.Result{}, err
	}
	return r.Statuses.Settle(ctx, pool.Budget, updated, verdict.Earlier(next, outcome.Next), now)
}

// write decides once more on what the API server itself says and writes the ledger. It returns the pool with the ledger as it then is. A conflict
// is an error: everything is decided anew on the next attempt.
func (r *MDFBudgetReconciler) write(ctx context.Context, cached gather.Pool, wanted ledger.Outcome, now time.Time) (gather.Pool, error) {
	alone := gather.Accrues(cached.Budget)
	if alone {
		r.accruals.Lock()
		defer r.accruals.Unlock()
	}
	pool, err := r.Gatherer.Live(ctx, r.Live, cached, wanted.Requests, wanted.Rebuilt != nil)
	if err != nil {
		return cached, err
	}
	outcome := ledger.Decide(pool.Pool, now)
	if err := cmp.Or(pool.Err(), ctx.Err()); err != nil {
		return cached, err
	}
	if !outcome.Changed || !pool.IsLive(outcome.Requests) || gather.Accrues(pool.Budget) && !alone {
		// Either another manager wrote the same, or the caches are behind: their events bring this budget here again.
		return pool, nil
	}
	ledger, err := r.put(ctx, &pool.Pool, outcome)
	r.Meters.Ledger(string(pool.Name), ledgerSpec(pool.Ledger), outcome.Ledger, err)
	if err != nil {
		return cached, err
	}
	pool.Share(ledger)
	return pool, nil
}

// put creates or updates a ledger.
func (r *MDFBudgetReconciler) put(ctx context.Context, pool *ledger.Pool, outcome ledger.Outcome) (*v1alpha1.MDFLedger, error) {
	if pool.Ledger == nil {
		ledger := &v1alpha1.MDFLedger{Spec: *outcome.Ledger, ObjectMeta: metav1.ObjectMeta{
			Name: string(pool.Name), Finalizers: []string{v1alpha1.LedgerFinalizer}, Annotations: ledger.RecoveryAnnotations(outcome.Rebuilt),
		}}
		return ledger, refused(r.Create(ctx, ledger))
	}
	ledger := pool.Ledger.DeepCopy()
	ledger.Spec = *outcome.Ledger
	return ledger, refused(r.Update(ctx, ledger))
}

// ledgerSpec returns what a ledger says; nil when there is none.
func ledgerSpec(ledger *v1alpha1.MDFLedger) *v1alpha1.MDFLedgerSpec {
	if ledger == nil {
		return nil
	}
	return &ledger.Spec
}

// refused explains why a ledger could not be written. What the API server refuses as wrong is tried again: it was decided on a state that no longer
// exists.
func refused(err error) error {
	if err == nil {
		return nil
	}
	if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
		return reconcile.TerminalError(err)
	}
	return fmt.Errorf("write ledger: %w", err)
}
