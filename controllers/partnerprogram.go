package controllers

import (
	"context"
	"sync"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/program"
)

// maxDeferral is the longest time for which a program's first roll-up waits for its partners and plans to be evaluated.
const maxDeferral = 30 * time.Second

// PartnerProgramReconciler evaluates programs: it adds up the statuses of their partners and plans.
type PartnerProgramReconciler struct {
	Reconciler

	mu       sync.Mutex
	deferred map[string]time.Time // since when a program's roll-up waits
}

func setupPartnerPrograms(w *wiring, shared Reconciler) error {
	return w.controller("partnerprogram", &v1alpha1.PartnerProgram{}, nil,
		&PartnerProgramReconciler{Reconciler: shared, deferred: map[string]time.Time{}},
		watch{kind: &v1alpha1.Partner{}, concerns: w.programOf, priority: priorityChild, statuses: true},
		watch{kind: &v1alpha1.JointPlan{}, concerns: w.programOf, priority: priorityChild, statuses: true},
	)
}

// Reconcile evaluates one program. While partners or plans are not evaluated yet it waits for them, so that a start does not write a
// roll-up for each of them.
func (r *PartnerProgramReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	now := r.Clock.Now()
	old := &v1alpha1.PartnerProgram{}
	if err := r.Get(ctx, request.NamespacedName, old); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if r.pending.awaits(old) {
		return ctrl.Result{RequeueAfter: cachePatience}, nil
	}
	in, err := r.Gatherer.RollUp(ctx, old)
	if err != nil {
		return ctrl.Result{}, err
	}
	if wait := r.deferral(request.Name, in, now); wait > 0 {
		return ctrl.Result{RequeueAfter: wait}, nil
	}
	updated := old.DeepCopy()
	var next time.Time
	updated.Status, next = program.Evaluate(old, r.Gatherer.Compiled(old), in, now)
	return r.settle(ctx, old, updated, next, now)
}

// deferral returns how long the roll-up still waits for partners and plans that are not evaluated; their events come before. Zero means that
// it need not or will not wait longer.
func (r *PartnerProgramReconciler) deferral(name string, in program.RollUp, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if evaluated(in) {
		delete(r.deferred, name)
		return 0
	}
	since, waits := r.deferred[name]
	if !waits {
		since = now
		r.deferred[name] = since
	}
	return max(0, maxDeferral-now.Sub(since))
}

// evaluated reports whether every partner and plan has a status of its current spec.
func evaluated(in program.RollUp) bool {
	current := func(object Object) bool { return object.Common().ObservedGeneration >= object.GetGeneration() }
	for _, partner := range in.Partners {
		if !current(partner) {
			return false
		}
	}
	for _, plan := range in.Plans {
		if !current(plan) {
			return false
		}
	}
	return true
}
