package controllers

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/gather"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/sums"
	"jointplan.dev/jointplan/internal/verdict"
)

// sumsEvery is the least time between two readings of a program's sums that changes of its partners cause.
const sumsEvery = 10 * time.Second

// ChannelStrategyReconciler adds up programs as a whole, and writes their reports: it is the one aggregator. What partners contribute is kept, and computed
// anew for those of which something changed.
type ChannelStrategyReconciler struct {
	Reconciler

	managers *ChannelManagerReconciler

	mu     sync.Mutex
	wholes map[string]*whole // by program
}

// whole is a program as a whole. What changed is noted under the lock of the reconciler.
type whole struct {
	touched map[sums.Partner]bool // partners of which something changed

	mu      sync.RWMutex     // of what is below
	program *program.Program // by which the contributions were computed; nil before the first time
	policy  *v1alpha1.ManagerPolicy
	sums    *sums.Sums
	next    map[sums.Partner]time.Time // when contributions may next differ although nothing changes
	read    time.Time                  // when the sums were last read
}

// setupChannelStrategies adds the controllers of what is about the program as a whole: the aggregator, and that of channel managers, about whom it has the
// evidence.
func setupChannelStrategies(w *wiring, shared Reconciler) error {
	r := &ChannelStrategyReconciler{Reconciler: shared, wholes: map[string]*whole{}}
	r.managers = &ChannelManagerReconciler{Reconciler: shared, Evidence: r.evidence}
	if err := setupChannelManagers(w, r.managers); err != nil {
		return err
	}
	return w.controller(kinds.ChannelStrategy, r,
		watch{kind: &v1alpha1.PartnerProgram{}, concerns: queue.Mapping(sameName), priority: queue.FanOut},
		watch{kind: &v1alpha1.Partner{}, concerns: queue.Mapping(r.contributes), priority: queue.Child, statuses: true},
		watch{kind: &v1alpha1.JointPlan{}, concerns: queue.Mapping(r.contributes), priority: queue.Child, statuses: true},
		watch{kind: &v1alpha1.MDFAllocation{}, concerns: queue.Mapping(r.contributes), priority: queue.Child, statuses: true},
		watch{kind: &v1alpha1.MDFClaim{}, concerns: queue.Mapping(r.contributes), priority: queue.Child, statuses: true},
		watch{kind: gather.Namespace(), concerns: queue.Mapping(r.ofNamespace), priority: queue.FanOut},
		watch{kind: &v1alpha1.MDFBudget{}, concerns: queue.Mapping(programOfBudget), priority: queue.Child},
		watch{kind: &v1alpha1.ProgramReport{}, concerns: queue.Mapping(programOfReport), priority: queue.Child},
	)
}

// Reconcile adds up one program and writes its reports. What changes of partners bring waits for sumsEvery since the last time; an edit of the strategy does
// not.
func (r *ChannelStrategyReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	now := r.Clock.Now()
	old := &v1alpha1.ChannelStrategy{}
	if err := r.Get(ctx, request.NamespacedName, old); err != nil {
		if client.IgnoreNotFound(err) == nil {
			r.forget(kinds.ChannelStrategy, request.NamespacedName)
			r.drop(request.Name)
			err = r.writeManagers(ctx, request.Name) // no evidence is kept about them any more
		}
		return ctrl.Result{}, err
	}
	if r.Statuses.Awaits(old) {
		return status.After(status.CachePatience), nil
	}
	if suspension.Requested(old) {
		return r.Statuses.Suspend(ctx, old, old.DeepCopy(), now)
	}
	w, touched := r.take(old.Name)
	if wait := sumsEvery - r.Pace.Since(w.read); wait > 0 && wait <= sumsEvery && current(old) {
		r.giveBack(old.Name, touched)
		return status.After(wait), nil
	}
	next, err := r.evaluate(ctx, w, touched, old, now)
	if err != nil {
		r.giveBack(old.Name, touched)
	}
	return next, err
}

// evaluate brings the sums up to date and writes what they say.
func (r *ChannelStrategyReconciler) evaluate(ctx context.Context, w *whole, touched map[sums.Partner]bool, old *v1alpha1.ChannelStrategy, now time.Time) (ctrl.Result, error) {
	source := &v1alpha1.PartnerProgram{}
	if err := r.Get(ctx, types.NamespacedName{Name: old.Name}, source); err != nil {
		if client.IgnoreNotFound(err) != nil {
			return ctrl.Result{}, err
		}
		updated := old.DeepCopy()
		updated.Status = sums.Strategy(old, nil, nil, now)
		return r.Statuses.Settle(ctx, old, updated, time.Time{}, now)
	}
	in := sums.Settings{Program: r.Gatherer.Compiled(source), Strategy: &old.Spec}
	var err error
	if in.CostCentres, err = r.Gatherer.CostCentres(ctx); err != nil {
		return ctrl.Result{}, err
	}
	existing, err := r.Gatherer.Reports(ctx, old.Name)
	if err != nil {
		return ctrl.Result{}, err
	}
	outcome, next, err := r.read(ctx, w, touched, in, source, old, existing, now)
	if err != nil {
		return ctrl.Result{}, err
	}
	due, err := r.writeBenchmarks(ctx, in, source, now)
	if err != nil {
		return ctrl.Result{}, err
	}
	next = verdict.Earlier(next, due)
	awaits, err := r.writeReports(ctx, existing, outcome.Reports, next, now)
	if err != nil {
		return ctrl.Result{}, err
	}
	if err := r.writeManagers(ctx, old.Name); err != nil {
		return ctrl.Result{}, err
	}
	result, err := r.Statuses.Settle(ctx, old, outcome.Strategy, next, now)
	if awaits && err == nil {
		w.read = time.Time{} // what was written comes back as events, which need not wait
		return status.After(status.CachePatience), nil
	}
	return result, err
}

// read brings the sums up to date, and returns what they say and when that may next differ although nothing changes.
func (r *ChannelStrategyReconciler) read(
	ctx context.Context, w *whole, touched map[sums.Partner]bool, in sums.Settings, source *v1alpha1.PartnerProgram, strategy *v1alpha1.ChannelStrategy,
	existing []*v1alpha1.ProgramReport, now time.Time,
) (sums.Outcome, time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := r.update(ctx, w, touched, in, source, now); err != nil {
		return sums.Outcome{}, time.Time{}, err
	}
	evaluated := r.Meters.Timing(kinds.ChannelStrategy)
	outcome := w.sums.Evaluate(in, strategy, existing, now)
	evaluated()
	w.read = r.Pace.Now()
	next := outcome.Next
	for _, at := range w.next {
		next = verdict.Earlier(next, at)
	}
	return outcome, next, nil
}

// update computes anew what those partners contribute of which something changed, or all when the program or what is collected did.
func (r *ChannelStrategyReconciler) update(
	ctx context.Context, w *whole, touched map[sums.Partner]bool, in sums.Settings, source *v1alpha1.PartnerProgram, now time.Time,
) error {
	if w.program != in.Program || !equality.Semantic.DeepEqual(w.policy, in.Strategy.Managers) {
		fresh, next := sums.New(), map[sums.Partner]time.Time{}
		members, err := r.Gatherer.Members(ctx, source)
		if err != nil {
			return err
		}
		for _, partner := range members {
			if err := r.contribute(ctx, in, fresh, next, partner, now); err != nil {
				return err
			}
		}
		w.program, w.policy, w.sums, w.next = in.Program, in.Strategy.Managers.DeepCopy(), fresh, next
		return nil
	}
	due := maps.Clone(touched)
	for partner, at := range w.next {
		if !at.After(now) {
			due[partner] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(due)) {
		namespace, name, _ := strings.Cut(string(key), "/")
		partner, err := r.Gatherer.Member(ctx, source, namespace, name)
		if err != nil {
			return err
		}
		if partner == nil {
			w.sums.Remove(key)
			delete(w.next, key)
			continue
		}
		if err := r.contribute(ctx, in, w.sums, w.next, partner, now); err != nil {
			return err
		}
	}
	return nil
}

// contribute puts what a partner contributes into sums.
func (r *ChannelStrategyReconciler) contribute(
	ctx context.Context, in sums.Settings, to *sums.Sums, next map[sums.Partner]time.Time, partner *v1alpha1.Partner, now time.Time,
) error {
	of, err := r.Gatherer.Contributor(ctx, partner)
	if err != nil {
		return err
	}
	contribution, at := sums.Of(in, of, now)
	to.Set(contribution)
	delete(next, contribution.Partner)
	if !at.IsZero() {
		next[contribution.Partner] = at
	}
	return ctx.Err()
}

// contributes maps an object of a partner to the partner's program, and notes that the partner contributes something else.
func (r *ChannelStrategyReconciler) contributes(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	partner, isPartner := object.(*v1alpha1.Partner)
	if !isPartner {
		of, _ := object.(kinds.Object) // only such are watched
		root, err := r.Gatherer.Root(ctx, of)
		if err == nil && root.Kind == kinds.Partner {
			partner, err = r.Gatherer.Partner(ctx, root.Namespace, string(root.Name))
		}
		if err != nil {
			logf.FromContext(ctx).Error(err, cannotFind)
		}
	}
	if partner == nil {
		return nil // its own event comes when it does
	}
	name := string(partner.Spec.ProgramRef.Name)
	r.touch(name, sums.KeyOf(partner))
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: name}}}
}

// ofNamespace maps a namespace to the programs of the partners in it, which may or may not use them now.
func (r *ChannelStrategyReconciler) ofNamespace(ctx context.Context, object client.Object, _ bool) []reconcile.Request {
	found, err := r.Gatherer.List(ctx, kinds.Partner, object.GetName())
	if err != nil {
		logf.FromContext(ctx).Error(err, cannotFind)
	}
	var programs []reconcile.Request
	for _, partner := range found {
		of, _ := partner.(client.Object)
		programs = append(programs, r.contributes(ctx, of, false)...)
	}
	return queue.Union(nil, programs)
}

func programOfBudget(_ context.Context, object client.Object, _ bool) []reconcile.Request {
	budget, ok := object.(*v1alpha1.MDFBudget)
	if !ok {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Name: string(budget.Spec.ProgramRef.Name)}}}
}

// touch notes that a partner contributes something else than before.
func (r *ChannelStrategyReconciler) touch(program string, partners ...sums.Partner) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.whole(program)
	for _, partner := range partners {
		w.touched[partner] = true
	}
}

// take returns what is known of a program, and the partners of which something changed since it was last taken.
func (r *ChannelStrategyReconciler) take(program string) (w *whole, touched map[sums.Partner]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	w = r.whole(program)
	touched = w.touched
	w.touched = map[sums.Partner]bool{}
	return w, touched
}

func (r *ChannelStrategyReconciler) giveBack(program string, touched map[sums.Partner]bool) {
	r.touch(program, slices.Collect(maps.Keys(touched))...)
}

func (r *ChannelStrategyReconciler) drop(program string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.wholes, program)
}

// whole returns what is known of a program. The lock must be held.
func (r *ChannelStrategyReconciler) whole(program string) *whole {
	w := r.wholes[program]
	if w == nil {
		w = &whole{touched: map[sums.Partner]bool{}}
		r.wholes[program] = w
	}
	return w
}
