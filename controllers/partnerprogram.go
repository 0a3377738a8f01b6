package controllers

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/rollup"
)

// maxDeferral is the longest time for which a program's roll-up waits for its partners and plans to be evaluated.
const maxDeferral = 30 * time.Second

// PartnerProgramReconciler evaluates programs: it adds up the statuses of their partners and plans.
type PartnerProgramReconciler struct {
	Reconciler

	mu       sync.Mutex
	deferred map[string]*deferral // of programs whose roll-up waits
}

// deferral is the wait of a program's roll-up.
type deferral struct {
	since    time.Time
	awaiting map[types.UID]bool // the partners and plans that were not evaluated when it last looked
}

func setupPartnerPrograms(w *wiring, shared Reconciler) error {
	r := &PartnerProgramReconciler{Reconciler: shared, deferred: map[string]*deferral{}}
	return w.controller(kinds.PartnerProgram, r,
		watch{kind: &v1alpha1.Partner{}, concerns: queue.Mapping(w.programOf), priority: queue.Child, statuses: true},
		watch{kind: &v1alpha1.JointPlan{}, concerns: queue.Mapping(w.programOf), priority: queue.Child, statuses: true},
		watch{kind: gather.Namespace(), concerns: queue.Mapping(w.programsOfNamespace), priority: queue.FanOut},
		watch{kind: &v1alpha1.ProgramCatalog{}, concerns: queue.Mapping(sameName), priority: queue.Child},
		watch{kind: &v1alpha1.Partner{}, concerns: queue.Mapping(r.complete), priority: queue.Child, statuses: true, urgent: true},
		watch{kind: &v1alpha1.JointPlan{}, concerns: queue.Mapping(r.complete), priority: queue.Child, statuses: true, urgent: true},
	)
}

// Reconcile evaluates one program. While partners or plans are not evaluated yet it waits for them, so that a start does not write a
// roll-up for each of them; an edit of the program itself does not wait.
func (r *PartnerProgramReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	now := r.Clock.Now()
	old := &v1alpha1.PartnerProgram{}
	if err := r.Get(ctx, request.NamespacedName, old); err != nil {
		r.waitNoLonger(request.Name)
		if client.IgnoreNotFound(err) == nil {
			r.forget(kinds.PartnerProgram, request.NamespacedName)
		}
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if err := r.publish(ctx, old); err != nil {
		return ctrl.Result{}, err
	}
	if r.Statuses.Awaits(old) {
		return status.After(status.CachePatience), nil
	}
	if suspension.Requested(old) {
		r.waitNoLonger(old.Name)
		return r.Statuses.Suspend(ctx, old, old.DeepCopy(), now)
	}
	in, err := r.Gatherer.RollUp(ctx, old)
	if err != nil {
		return ctrl.Result{}, err
	}
	if wait := r.deferral(old, in, now); wait > 0 {
		return status.After(wait), nil
	}
	updated := old.DeepCopy()
	evaluated := r.Meters.Timing(kinds.PartnerProgram)
	next := evaluate.Program(old, updated, r.Gatherer.Compiled(old), in, now)
	evaluated()
	return r.Statuses.Settle(ctx, old, updated, next, now)
}

// publish keeps the catalog of a program: its spec, for those who may not read its status. It goes with the program.
func (r *PartnerProgramReconciler) publish(ctx context.Context, of *v1alpha1.PartnerProgram) error {
	wanted := of.Spec.DeepCopy()
	wanted.AllowedNamespaces = nil // it may name other partners
	cached := &v1alpha1.ProgramCatalog{}
	err := r.Get(ctx, client.ObjectKeyFromObject(of), cached)
	switch {
	case apierrors.IsNotFound(err):
		owner := metav1.NewControllerRef(of, v1alpha1.GroupVersion.WithKind(kinds.PartnerProgram))
		owner.BlockOwnerDeletion = nil
		err = r.Create(ctx, &v1alpha1.ProgramCatalog{
			ObjectMeta: metav1.ObjectMeta{Name: of.Name, OwnerReferences: []metav1.OwnerReference{*owner}}, Spec: *wanted,
		})
		if apierrors.IsAlreadyExists(err) {
			return nil // the cache is behind: its event brings the program here again
		}
		return err
	case err != nil || equality.Semantic.DeepEqual(cached.Spec, *wanted):
		return err
	}
	updated := cached.DeepCopy()
	updated.Spec = *wanted
	return r.Update(ctx, updated)
}

// sameName maps an object to that of its name.
func sameName(_ context.Context, object client.Object, _ bool) []reconcile.Request {
	return []reconcile.Request{{NamespacedName: client.ObjectKeyFromObject(object)}}
}

// deferral returns how long the roll-up still waits for partners and plans that are not evaluated; their events come before. Zero means that
// it need not or will not wait longer.
func (r *PartnerProgramReconciler) deferral(of *v1alpha1.PartnerProgram, in rollup.Statuses, now time.Time) time.Duration {
	awaiting := unevaluated(in)
	if len(awaiting) == 0 {
		r.waitNoLonger(of.Name)
		return 0
	}
	if first := len(of.Status.Conditions) == 0; !first && !current(of) {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	wait := r.deferred[of.Name]
	if wait == nil {
		wait = &deferral{since: now}
		r.deferred[of.Name] = wait
	}
	wait.awaiting = awaiting
	return max(0, maxDeferral-now.Sub(wait.since))
}

func (r *PartnerProgramReconciler) waitNoLonger(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.deferred, name)
}

// complete maps the last partner or plan for which a roll-up waits to its program, when it is evaluated.
func (r *PartnerProgramReconciler) complete(_ context.Context, object client.Object, _ bool) (requests []reconcile.Request) {
	if evaluated, ok := object.(kinds.Evaluated); !ok || !current(evaluated) {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, wait := range r.deferred {
		if !wait.awaiting[object.GetUID()] {
			continue
		}
		delete(wait.awaiting, object.GetUID())
		if len(wait.awaiting) == 0 {
			requests = append(requests, reconcile.Request{NamespacedName: types.NamespacedName{Name: name}})
		}
	}
	return requests
}

// unevaluated returns the partners and plans that have no status of their current spec.
func unevaluated(in rollup.Statuses) map[types.UID]bool {
	list := map[types.UID]bool{}
	for _, x := range in.Partners {
		if !current(x) {
			list[x.UID] = true
		}
	}
	for _, x := range in.Plans {
		if !current(x) {
			list[x.UID] = true
		}
	}
	return list
}

// current reports whether an object has a status of its current spec, or gets none because it is suspended.
func current(object kinds.Evaluated) bool {
	return suspension.Requested(object) || rollup.Evaluated(object.GetGeneration(), object.Common().ObservedGeneration)
}
