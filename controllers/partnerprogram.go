package controllers

import (
	"context"
	"slices"
	"sync"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/program"
)

// maxDeferral is the longest time for which a program's roll-up waits for its partners and plans to be evaluated.
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
// roll-up for each of them; an edit of the program itself does not wait.
func (r *PartnerProgramReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	now := r.Clock.Now()
	old := &v1alpha1.PartnerProgram{}
	if err := r.Get(ctx, request.NamespacedName, old); err != nil {
		r.waitNoLonger(request.Name)
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if r.pending.awaits(old) {
		return after(cachePatience), nil
	}
	in, err := r.Gatherer.RollUp(ctx, old)
	if err != nil {
		return ctrl.Result{}, err
	}
	if wait := r.deferral(old, in, now); wait > 0 {
		return after(wait), nil
	}
	updated := old.DeepCopy()
	var next time.Time
	updated.Status, next = program.Evaluate(old, r.Gatherer.Compiled(old), in, now)
	return r.settle(ctx, old, updated, next, now)
}

// deferral returns how long the roll-up still waits for partners and plans that are not evaluated; their events come before. Zero means that
// it need not or will not wait longer.
func (r *PartnerProgramReconciler) deferral(of *v1alpha1.PartnerProgram, in program.RollUp, now time.Time) time.Duration {
	if evaluated(in) {
		r.waitNoLonger(of.Name)
		return 0
	}
	if first := len(of.Status.Conditions) == 0; !first && !current(of) {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	since, waits := r.deferred[of.Name]
	if !waits {
		since = now
		r.deferred[of.Name] = since
	}
	return max(0, maxDeferral-now.Sub(since))
}

func (r *PartnerProgramReconciler) waitNoLonger(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.deferred, name)
}

// evaluated reports whether every partner and plan has a status of its current spec.
func evaluated(in program.RollUp) bool {
	return !slices.ContainsFunc(in.Partners, func(x *v1alpha1.Partner) bool { return !current(x) }) &&
		!slices.ContainsFunc(in.Plans, func(x *v1alpha1.JointPlan) bool { return !current(x) })
}

// current reports whether an object has a status of its current spec.
func current(object Object) bool {
	return program.Evaluated(object.GetGeneration(), object.Common().ObservedGeneration)
}
