package controllers

import (
	"context"

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

	// Evidence returns by which policy a program keeps evidence about its managers, and the sums of the partners that name one of them. Absent, and a nil
	// policy, mean that none is kept.
	Evidence func(ctx context.Context, program, manager v1alpha1.Name) (*v1alpha1.ManagerPolicy, channelmanager.Sums, error)
}

func setupChannelManagers(w *wiring, shared Reconciler) error {
	return w.controller(kinds.ChannelManager, &ChannelManagerReconciler{Reconciler: shared},
		watch{kind: &v1alpha1.PartnerProgram{}, concerns: queue.Mapping(w.managersOfProgram), priority: queue.FanOut},
	)
}

// managersOfProgram maps a program to the channel managers that name it or name none that is there: a suggestion may be this one.
func (r *relations) managersOfProgram(ctx context.Context, _ client.Object, _ bool) []reconcile.Request {
	return requestsFor(r.list(ctx, kinds.ChannelManager, ""), nil)
}

// Reconcile evaluates the evidence about one channel manager.
func (r *ChannelManagerReconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
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
	if err := r.gather(ctx, &in); err != nil {
		return ctrl.Result{}, err
	}
	updated := old.DeepCopy()
	evaluated := r.Meters.Timing(kinds.ChannelManager)
	evidence, next := channelmanager.Evaluate(&in)
	updated.Status = evidence
	evaluated()
	return r.Statuses.Settle(ctx, old, updated, next, now)
}

// gather completes the input: the program, the policy and the sums.
func (r *ChannelManagerReconciler) gather(ctx context.Context, in *channelmanager.Input) error {
	programs, err := r.Gatherer.List(ctx, kinds.PartnerProgram, "")
	if err != nil {
		return err
	}
	name := in.Manager.Spec.ProgramRef.Name
	for _, x := range programs {
		in.Programs = append(in.Programs, x.GetName())
		if found, ok := x.(*v1alpha1.PartnerProgram); ok && found.Name == string(name) {
			in.Program = r.Gatherer.Compiled(found)
		}
	}
	if r.Evidence == nil || in.Program == nil {
		return nil
	}
	in.Policy, in.Sums, err = r.Evidence(ctx, name, v1alpha1.Name(in.Manager.Name))
	return err
}
