// Package peer is what the operator is compared with: a roll-up over the same kinds as a good engineer writes it with controller-runtime and
// without this project's design. One controller per kind reads its children's statuses by an index, writes only what differs, with ten workers
// and a patch, and is called when a child changes. It computes sums and a verdict, and none of the rules.
package peer

import (
	"context"
	"fmt"
	"strconv"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/test/bench/rig"
)

// workers is the number of objects of a kind that are reconciled at the same time.
const workers = 10

const (
	bySubject = "subject"
	byPlan    = "plan"
	byPartner = "partner"
	byProgram = "program"
)

// Run runs the peer until the context ends.
func Run(ctx context.Context) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	config.QPS = -1
	mgr, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:  rig.Scheme(),
		Metrics: metricsserver.Options{BindAddress: "0"},
		Cache:   cache.Options{DefaultTransform: cache.TransformStripManagedFields()},
	})
	if err != nil {
		return err
	}
	if err := indexes(ctx, mgr); err != nil {
		return err
	}
	if err := setup(mgr); err != nil {
		return err
	}
	return mgr.Start(ctx)
}

func indexes(ctx context.Context, mgr ctrl.Manager) error {
	for _, index := range []struct {
		object client.Object
		name   string
		value  func(client.Object) string
	}{
		{&v1alpha1.MeasurementSet{}, bySubject, func(o client.Object) string { return subjectOf(o.(*v1alpha1.MeasurementSet)) }},
		{&v1alpha1.Campaign{}, byPlan, func(o client.Object) string { return string(o.(*v1alpha1.Campaign).Spec.PlanRef.Name) }},
		{&v1alpha1.JointPlan{}, byPartner, func(o client.Object) string { return string(o.(*v1alpha1.JointPlan).Spec.PartnerRef.Name) }},
		{&v1alpha1.Partner{}, byProgram, func(o client.Object) string { return string(o.(*v1alpha1.Partner).Spec.ProgramRef.Name) }},
	} {
		values := func(o client.Object) []string { return []string{index.value(o)} }
		if err := mgr.GetFieldIndexer().IndexField(ctx, index.object, index.name, values); err != nil {
			return err
		}
	}
	return nil
}

func subjectOf(set *v1alpha1.MeasurementSet) string {
	return string(set.Spec.SubjectRef.Kind) + "/" + string(set.Spec.SubjectRef.Name)
}

// child is a kind whose changes concern a parent, and which.
type child struct {
	object client.Object
	parent func(client.Object) string // the parent's name, empty if it has none of the kind
	global bool                       // the parent has no namespace
}

func setup(mgr ctrl.Manager) error {
	sets := func(kind v1alpha1.SubjectKind) child {
		return child{object: &v1alpha1.MeasurementSet{}, parent: func(o client.Object) string {
			if ref := o.(*v1alpha1.MeasurementSet).Spec.SubjectRef; ref.Kind == kind {
				return string(ref.Name)
			}
			return ""
		}}
	}
	c := mgr.GetClient()
	plans := child{object: &v1alpha1.JointPlan{}, parent: func(o client.Object) string { return string(o.(*v1alpha1.JointPlan).Spec.PartnerRef.Name) }}
	campaigns := child{object: &v1alpha1.Campaign{}, parent: func(o client.Object) string { return string(o.(*v1alpha1.Campaign).Spec.PlanRef.Name) }}
	partners := child{global: true, object: &v1alpha1.Partner{}, parent: func(o client.Object) string {
		return string(o.(*v1alpha1.Partner).Spec.ProgramRef.Name)
	}}
	for _, add := range []func() error{
		func() error {
			return add(mgr, "set", &rollUp[*v1alpha1.MeasurementSet]{c, &v1alpha1.MeasurementSet{}, evaluateSet})
		},
		func() error {
			return add(mgr, "decision", &rollUp[*v1alpha1.ApprovalDecision]{c, &v1alpha1.ApprovalDecision{}, evaluated[*v1alpha1.ApprovalDecision]})
		},
		func() error {
			return add(mgr, "revision", &rollUp[*v1alpha1.PlanRevision]{c, &v1alpha1.PlanRevision{}, evaluated[*v1alpha1.PlanRevision]})
		},
		func() error {
			return add(mgr, "campaign", &rollUp[*v1alpha1.Campaign]{c, &v1alpha1.Campaign{}, evaluateCampaign}, sets(v1alpha1.SubjectCampaign))
		},
		func() error {
			return add(mgr, "plan", &rollUp[*v1alpha1.JointPlan]{c, &v1alpha1.JointPlan{}, evaluatePlan}, sets(v1alpha1.SubjectJointPlan), campaigns)
		},
		func() error {
			return add(mgr, "partner", &rollUp[*v1alpha1.Partner]{c, &v1alpha1.Partner{}, evaluatePartner}, sets(v1alpha1.SubjectPartner), plans)
		},
		func() error {
			return add(mgr, "program", &rollUp[*v1alpha1.PartnerProgram]{c, &v1alpha1.PartnerProgram{}, evaluateProgram}, partners)
		},
	} {
		if err := add(); err != nil {
			return err
		}
	}
	return nil
}

func add[T withStatus](mgr ctrl.Manager, name string, r *rollUp[T], children ...child) error {
	b := ctrl.NewControllerManagedBy(mgr).Named(name).For(r.kind).WithOptions(controller.Options{MaxConcurrentReconciles: workers})
	for _, child := range children {
		b = b.Watches(child.object, handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
			parent := child.parent(o)
			if parent == "" {
				return nil
			}
			key := client.ObjectKey{Name: parent}
			if !child.global {
				key.Namespace = o.GetNamespace()
			}
			return []reconcile.Request{{NamespacedName: key}}
		}))
	}
	return b.Complete(r)
}

// withStatus is an object of any of the kinds.
type withStatus interface {
	client.Object
	Common() *v1alpha1.CommonStatus
}

// rollUp reconciles the objects of one kind.
type rollUp[T withStatus] struct {
	client.Client

	kind     client.Object
	evaluate func(context.Context, client.Client, T) error
}

// Reconcile evaluates an object and writes its status if that differs.
func (r *rollUp[T]) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := r.kind.DeepCopyObject().(T)
	if err := r.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	old := object.DeepCopyObject().(T)
	if err := r.evaluate(ctx, r.Client, object); err != nil {
		return ctrl.Result{}, err
	}
	if equality.Semantic.DeepEqual(old, object) {
		return ctrl.Result{}, nil
	}
	return ctrl.Result{}, client.IgnoreNotFound(r.Status().Patch(ctx, object, client.MergeFrom(old)))
}

// ready sets what every status has.
func ready(o withStatus, conditions ...metav1.Condition) {
	common := o.Common()
	common.ObservedGeneration = o.GetGeneration()
	for _, c := range append(conditions, metav1.Condition{Type: "Ready", Status: metav1.ConditionTrue, Reason: "Evaluated", Message: "evaluated"}) {
		c.ObservedGeneration = o.GetGeneration()
		meta.SetStatusCondition(&common.Conditions, c)
	}
}

func evaluated[T withStatus](_ context.Context, _ client.Client, o T) error {
	ready(o)
	return nil
}

func evaluateSet(_ context.Context, _ client.Client, o *v1alpha1.MeasurementSet) error {
	entries := int32(len(o.Spec.Entries))
	o.Status.Entries = &entries
	for _, e := range o.Spec.Entries {
		o.Status.Latest = max(o.Status.Latest, e.Day)
	}
	ready(o)
	return nil
}

// sums adds up what is measured about a subject, by metric.
func sums(ctx context.Context, c client.Client, namespace string, kind v1alpha1.SubjectKind, name string) (map[v1alpha1.Name]float64, error) {
	var list v1alpha1.MeasurementSetList
	if err := c.List(ctx, &list, client.InNamespace(namespace), client.MatchingFields{bySubject: string(kind) + "/" + name}); err != nil {
		return nil, err
	}
	total := map[v1alpha1.Name]float64{}
	for i := range list.Items {
		for _, e := range list.Items[i].Spec.Entries {
			value, err := strconv.ParseFloat(string(e.Value), 64)
			if err == nil {
				total[e.Metric] += value
			}
		}
	}
	return total, nil
}

func decimal(v float64) v1alpha1.Decimal {
	return v1alpha1.Decimal(strconv.FormatFloat(v, 'f', -1, 64))
}

func evaluateCampaign(ctx context.Context, c client.Client, o *v1alpha1.Campaign) error {
	total, err := sums(ctx, c, o.Namespace, v1alpha1.SubjectCampaign, o.Name)
	if err != nil {
		return err
	}
	o.Status.Leads, o.Status.Cost = decimal(total["qualified-leads"]), decimal(total["campaign-cost"])
	ready(o)
	return nil
}

func evaluatePlan(ctx context.Context, c client.Client, o *v1alpha1.JointPlan) error {
	total, err := sums(ctx, c, o.Namespace, v1alpha1.SubjectJointPlan, o.Name)
	if err != nil {
		return err
	}
	var campaigns v1alpha1.CampaignList
	if err := c.List(ctx, &campaigns, client.InNamespace(o.Namespace), client.MatchingFields{byPlan: o.Name}); err != nil {
		return err
	}
	leads := 0.0
	for i := range campaigns.Items {
		n, err := strconv.ParseFloat(string(campaigns.Items[i].Status.Leads), 64)
		if err == nil {
			leads += n
		}
	}
	total["qualified-leads"] += leads
	count := int32(len(campaigns.Items))
	o.Status.Campaigns = &count
	o.Status.Goals = nil
	reached := 100.0
	for i := range o.Spec.Goals {
		goal := &o.Spec.Goals[i]
		status := v1alpha1.GoalStatus{Name: goal.Name, Verdict: "Unknown", Message: "counted"}
		if goal.Metric != "" {
			status.Actual = decimal(total[goal.Metric])
		}
		if goal.Metric == "new-revenue" {
			reached = total[goal.Metric] / 165000 * 100
		}
		o.Status.Goals = append(o.Status.Goals, status)
	}
	onTrack := metav1.Condition{Type: v1alpha1.ConditionOnTrack, Status: metav1.ConditionTrue, Reason: v1alpha1.ReasonOnTrack}
	if reached < 80 {
		onTrack.Status, onTrack.Reason = metav1.ConditionFalse, v1alpha1.ReasonOffTrack
	}
	onTrack.Message = fmt.Sprintf("%.0f percent of what is expected", reached)
	ready(o, onTrack)
	return nil
}

func evaluatePartner(ctx context.Context, c client.Client, o *v1alpha1.Partner) error {
	var plans v1alpha1.JointPlanList
	if err := c.List(ctx, &plans, client.InNamespace(o.Namespace), client.MatchingFields{byPartner: o.Name}); err != nil {
		return err
	}
	verdicts := verdictsOf(plans.Items)
	o.Status.Plans = &v1alpha1.PlanTotals{Open: int32(len(plans.Items))}
	standing := metav1.Condition{Type: v1alpha1.ConditionInGoodStanding, Status: metav1.ConditionTrue, Reason: "Counted"}
	standing.Message = fmt.Sprintf("%d plans on track, %d off track", verdicts.OnTrack, verdicts.OffTrack)
	ready(o, standing)
	return nil
}

func verdictsOf(plans []v1alpha1.JointPlan) (count v1alpha1.VerdictCount) {
	for i := range plans {
		switch c := meta.FindStatusCondition(plans[i].Status.Conditions, v1alpha1.ConditionOnTrack); {
		case c == nil:
			count.Unknown++
		case c.Status == metav1.ConditionTrue:
			count.OnTrack++
		default:
			count.OffTrack++
		}
	}
	return count
}

func evaluateProgram(ctx context.Context, c client.Client, o *v1alpha1.PartnerProgram) error {
	var partners v1alpha1.PartnerList
	if err := c.List(ctx, &partners, client.MatchingFields{byProgram: o.Name}); err != nil {
		return err
	}
	total, count := v1alpha1.VerdictCount{}, int32(len(partners.Items))
	for i := range partners.Items {
		var plans v1alpha1.JointPlanList
		p := &partners.Items[i]
		if err := c.List(ctx, &plans, client.InNamespace(p.Namespace), client.MatchingFields{byPartner: p.Name}); err != nil {
			return err
		}
		v := verdictsOf(plans.Items)
		total.OnTrack, total.OffTrack, total.Unknown = total.OnTrack+v.OnTrack, total.OffTrack+v.OffTrack, total.Unknown+v.Unknown
	}
	o.Status.Partners, o.Status.Verdicts = &count, &total
	ready(o)
	return nil
}
