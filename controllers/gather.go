package controllers

import (
	"context"
	"fmt"
	"slices"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/rollup"
)

// Gatherer reads, from the cache, the objects that an evaluation looks at. What it returns is shared with the cache and must not be
// changed.
type Gatherer struct {
	reader client.Reader

	mu       sync.Mutex
	programs map[string]compiled
}

// compiled is a program as compiled from one generation of one object.
type compiled struct {
	uid        types.UID
	generation int64
	program    *program.Program
}

// NewGatherer returns a gatherer that reads from a cache.
func NewGatherer(reader client.Reader) *Gatherer {
	return &Gatherer{reader: reader, programs: map[string]compiled{}}
}

// Snapshot returns the objects of a namespace, with the programs that it may use.
func (g *Gatherer) Snapshot(ctx context.Context, namespace string) (*snapshot.Snapshot, error) {
	var objects snapshot.Objects
	if err := g.objects(ctx, namespace, &objects); err != nil {
		return nil, err
	}
	return g.snapshot(ctx, namespace, objects)
}

// snapshot adds to the objects of a namespace the programs and budgets that it may use.
func (g *Gatherer) snapshot(ctx context.Context, namespace string, objects snapshot.Objects) (*snapshot.Snapshot, error) {
	labels, err := g.namespaceLabels(ctx, namespace)
	if err != nil {
		return nil, err
	}
	programs, err := g.programsFor(ctx, labels)
	if err != nil {
		return nil, err
	}
	if objects.Budgets, err = g.budgetsFor(ctx, labels); err != nil {
		return nil, err
	}
	return snapshot.New(namespace, programs, objects), nil
}

func (g *Gatherer) objects(ctx context.Context, namespace string, into *snapshot.Objects) error {
	partners, plans, campaigns := v1alpha1.PartnerList{}, v1alpha1.JointPlanList{}, v1alpha1.CampaignList{}
	measurements, decisions, revisions := v1alpha1.MeasurementSetList{}, v1alpha1.ApprovalDecisionList{}, v1alpha1.PlanRevisionList{}
	for _, list := range []client.ObjectList{&partners, &plans, &campaigns, &measurements, &decisions, &revisions} {
		if err := g.reader.List(ctx, list, client.InNamespace(namespace), client.UnsafeDisableDeepCopy); err != nil {
			return fmt.Errorf("list %T in namespace %s: %w", list, namespace, err)
		}
	}
	into.Partners = pointers(partners.Items)
	into.Plans = pointers(plans.Items)
	into.Campaigns = pointers(campaigns.Items)
	into.Measurements = pointers(measurements.Items)
	into.Decisions = pointers(decisions.Items)
	into.Revisions = pointers(revisions.Items)
	allocations, claims, ledgers := v1alpha1.MDFAllocationList{}, v1alpha1.MDFClaimList{}, v1alpha1.MDFLedgerList{}
	for _, list := range []client.ObjectList{&allocations, &claims} {
		if err := g.reader.List(ctx, list, client.InNamespace(namespace), client.UnsafeDisableDeepCopy); err != nil {
			return fmt.Errorf("list %T in namespace %s: %w", list, namespace, err)
		}
	}
	if err := g.reader.List(ctx, &ledgers, client.UnsafeDisableDeepCopy); err != nil {
		return fmt.Errorf("list ledgers: %w", err)
	}
	into.Allocations, into.Claims, into.Ledgers = pointers(allocations.Items), pointers(claims.Items), pointers(ledgers.Items)
	return nil
}

// budgetsFor returns the budgets that a namespace with the given labels may use.
func (g *Gatherer) budgetsFor(ctx context.Context, labels map[string]string) ([]*v1alpha1.MDFBudget, error) {
	list := v1alpha1.MDFBudgetList{}
	if err := g.reader.List(ctx, &list, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list budgets: %w", err)
	}
	return slices.DeleteFunc(pointers(list.Items), func(b *v1alpha1.MDFBudget) bool {
		return !program.Allows(b.Spec.AllowedNamespaces, labels)
	}), nil
}

// programsFor returns the programs that a namespace with the given labels may use.
func (g *Gatherer) programsFor(ctx context.Context, labels map[string]string) (map[v1alpha1.Name]*program.Program, error) {
	list := v1alpha1.PartnerProgramList{}
	if err := g.reader.List(ctx, &list, client.UnsafeDisableDeepCopy); err != nil {
		return nil, fmt.Errorf("list programs: %w", err)
	}
	allowed := make(map[v1alpha1.Name]*program.Program, len(list.Items))
	for i := range list.Items {
		if compiled := g.Compiled(&list.Items[i]); compiled.Allows(labels) {
			allowed[compiled.Name] = compiled
		}
	}
	return allowed, nil
}

func (g *Gatherer) namespaceLabels(ctx context.Context, name string) (map[string]string, error) {
	namespace := &metav1.PartialObjectMetadata{}
	namespace.SetGroupVersionKind(namespaceKind)
	err := g.reader.Get(ctx, client.ObjectKey{Name: name}, namespace)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get namespace %s: %w", name, err)
	}
	return namespace.Labels, nil
}

// Compiled returns a program, compiled once per generation.
func (g *Gatherer) Compiled(source *v1alpha1.PartnerProgram) *program.Program {
	g.mu.Lock()
	defer g.mu.Unlock()
	known, ok := g.programs[source.Name]
	if ok && known.uid == source.UID && known.generation == source.Generation {
		return known.program
	}
	fresh := compiled{uid: source.UID, generation: source.Generation, program: program.Compile(source.Name, &source.Spec)}
	g.programs[source.Name] = fresh
	return fresh.program
}

// Partner returns a partner of any namespace; nil when there is none.
func (g *Gatherer) Partner(ctx context.Context, namespace, name string) (*v1alpha1.Partner, error) {
	partner := &v1alpha1.Partner{}
	err := g.reader.Get(ctx, client.ObjectKey{Namespace: namespace, Name: name}, partner)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get partner %s/%s: %w", namespace, name, err)
	}
	return partner, nil
}

// RollUp returns the partners of a program in the namespaces that may use it, and their plans.
func (g *Gatherer) RollUp(ctx context.Context, source *v1alpha1.PartnerProgram) (rollup.Statuses, error) {
	partners := v1alpha1.PartnerList{}
	if err := g.reader.List(ctx, &partners, client.MatchingFields{indexProgram: source.Name}, client.UnsafeDisableDeepCopy); err != nil {
		return rollup.Statuses{}, fmt.Errorf("list partners of program %s: %w", source.Name, err)
	}
	compiled, in := g.Compiled(source), rollup.Statuses{}
	for _, partner := range pointers(partners.Items) {
		labels, err := g.namespaceLabels(ctx, partner.Namespace)
		if err != nil {
			return rollup.Statuses{}, err
		}
		if !compiled.Allows(labels) {
			continue
		}
		plans := v1alpha1.JointPlanList{}
		if err := g.reader.List(ctx, &plans, client.InNamespace(partner.Namespace),
			client.MatchingFields{indexPartner: partner.Name}, client.UnsafeDisableDeepCopy); err != nil {
			return rollup.Statuses{}, fmt.Errorf("list plans of partner %s/%s: %w", partner.Namespace, partner.Name, err)
		}
		in.Partners = append(in.Partners, partner)
		in.Plans = append(in.Plans, pointers(plans.Items)...)
	}
	return in, nil
}

func pointers[T any](items []T) []*T {
	list := make([]*T, len(items))
	for i := range items {
		list[i] = &items[i]
	}
	return list
}
