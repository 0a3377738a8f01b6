package controllers

import (
	"context"
	"sync"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/controllers/internal/status"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
)

// ChannelManagerReconciler writes the evidence about channel managers.
type ChannelManagerReconciler struct {
	Reconciler

	// Evidence returns by which policy a program keeps evidence about its managers, and the sums of the partners that name one of them; ok is false while
	// they are not added up. A nil policy means that none is kept.
	Evidence func(ctx context.Context, program, manager v1alpha1.Name) (policy *v1alpha1.ManagerPolicy, evidence channelmanager.Sums, ok bool, err error)

	mu sync.Mutex // the aggregator brings managers here, too
}

func setupChannelManagers(w *wiring, r *ChannelManagerReconciler) error {
	return w.controller(kinds.ChannelManager, r,
		watch{kind: &v1alpha1.PartnerProgram{}, concerns: queue.Mapping(w.managersOfProgram), priority: queue.FanOut},
	)
}

// managersOfProgram maps a program to the channel managers that name it or name none that is there: a suggestion may be this one.
func (r *relations) managersOfProgram(ctx context.Context, _ client.Object, _ bool) []reconcile.Request {
	return requestsFor(r.list(ctx, kinds.ChannelManager, ""), nil)
}

// Reconcile evaluates the evidence about one channel manager.
func (r *ChannelManagerReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.Clock.Now()
	old := &v1alpha1.ChannelManager{}
	if err := r.Get(ctx, request.NamespacedName, old); err != nil {
		if client.IgnoreNotFound(err) == nil {
			r.forget(kinds.ChannelManager, request.NamespacedName)
		}
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	if r.Statuses.Awaits(old) {
		return status.After(status.CachePatience), nil
	}
	in := channelmanager.Input{Manager: old, Now: now}
	ok, err := r.gather(ctx, &in)
	if err != nil || !ok {
		return ctrl.Result{}, err // the aggregator brings it here again once there are sums
	}
	updated := old.DeepCopy()
	evaluated := r.Meters.Timing(kinds.ChannelManager)
	evidence, next := channelmanager.Evaluate(&in)
	updated.Status = evidence
	evaluated()
	return r.Statuses.Settle(ctx, old, updated, next, now)
}

// gather completes the input: the program, the policy and the sums; ok is false while these are not added up.
func (r *ChannelManagerReconciler) gather(ctx context.Context, in *channelmanager.Input) (ok bool, err error) {
	programs, err := r.Gatherer.List(ctx, kinds.PartnerProgram, "")
	if err != nil {
		return false, err
	}
	name := in.Manager.Spec.ProgramRef.Name
	for _, x := range programs {
		in.Programs = append(in.Programs, x.GetName())
		if found, is := x.(*v1alpha1.PartnerProgram); is && found.Name == string(name) {
			in.Program = r.Gatherer.Compiled(found)
		}
	}
	if in.Program == nil {
		return true, nil
	}
	in.Policy, in.Sums, ok, err = r.Evidence(ctx, name, v1alpha1.Name(in.Manager.Name))
	return ok, err
}

// evidence returns what the sums of a program hold about a channel manager.
func (r *ChannelStrategyReconciler) evidence(
	ctx context.Context, program, manager v1alpha1.Name,
) (policy *v1alpha1.ManagerPolicy, evidence channelmanager.Sums, ok bool, err error) {
	strategy := &v1alpha1.ChannelStrategy{}
	if err := r.Get(ctx, types.NamespacedName{Name: string(program)}, strategy); err != nil || strategy.Spec.Managers == nil {
		return nil, evidence, true, client.IgnoreNotFound(err)
	}
	r.mu.Lock()
	w := r.whole(string(program))
	r.mu.Unlock()
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.sums == nil || !equality.Semantic.DeepEqual(w.policy, strategy.Spec.Managers) {
		return nil, evidence, false, nil
	}
	return strategy.Spec.Managers, w.sums.Manager(manager), true, nil
}

// writeManagers writes the evidence about the channel managers of a program.
func (r *ChannelStrategyReconciler) writeManagers(ctx context.Context, program string) error {
	managers, err := r.Gatherer.List(ctx, kinds.ChannelManager, "")
	if err != nil {
		return err
	}
	for _, x := range managers {
		if of, is := x.(*v1alpha1.ChannelManager); !is || string(of.Spec.ProgramRef.Name) != program {
			continue
		}
		if _, err := r.managers.Reconcile(ctx, ctrl.Request{NamespacedName: types.NamespacedName{Name: x.GetName()}}); err != nil {
			return err
		}
	}
	return nil
}
