package sim_test

import (
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// simIndexes are the indexes of a cache.
type simIndexes map[simKind]map[string]client.IndexerFunc

// IndexField adds an index.
func (x simIndexes) IndexField(_ context.Context, object client.Object, field string, values client.IndexerFunc) error {
	kind := simKindOf(object)
	if x[kind] == nil {
		x[kind] = map[string]client.IndexerFunc{}
	}
	x[kind][field] = values
	return nil
}

// simReader reads from tables: those of a cache, or those of the store.
type simReader struct {
	tables  func() *[simKinds]simTable
	indexes simIndexes
	before  func() error                                   // is called before each read
	see     func(simKind, []client.Object) []client.Object // what a list, or a read of a budget, shows; nil for everything as it is
	live    bool                                           // it reads from the store
}

// Get reads an object.
func (r *simReader) Get(_ context.Context, key client.ObjectKey, into client.Object, _ ...client.GetOption) error {
	if err := r.before(); err != nil {
		return err
	}
	kind := simKindOf(into)
	object := r.tables()[kind].get(key)
	if object == nil {
		return apierrors.NewNotFound(simResource(kind), key.String())
	}
	if r.see != nil && r.listed(kind) {
		switch shown := r.see(kind, []client.Object{object}); {
		case len(shown) > 0:
			object = shown[0]
		case kind != simBudgets:
			return apierrors.NewNotFound(simResource(kind), key.String())
		}
	}
	simCopyInto(object, into)
	return nil
}

// listed reports whether an object that is read is one of a list: no list of budgets is requested, and of the store only one of versions.
func (r *simReader) listed(kind simKind) bool {
	return kind == simBudgets || r.live && kind != simLedgers
}

// List reads the objects of a kind, in the order of their names. Like a cache that is asked for no deep copy, it shares their memory.
func (r *simReader) List(_ context.Context, into client.ObjectList, options ...client.ListOption) error {
	if err := r.before(); err != nil {
		return err
	}
	where, kind := (&client.ListOptions{}).ApplyOptions(options), simKindOf(into)
	var found []client.Object
	for _, object := range r.tables()[kind] {
		if (where.Namespace == "" || object.GetNamespace() == where.Namespace) && r.matches(kind, object, where.FieldSelector) {
			found = append(found, object)
		}
	}
	if r.see != nil {
		found = r.see(kind, found)
	}
	simFill(into, found)
	return nil
}

// matches reports whether an object has what the fields of a selector ask for. A selector needs an index, as it does in a cache.
func (r *simReader) matches(kind simKind, object client.Object, selector fields.Selector) bool {
	if selector == nil {
		return true
	}
	for _, want := range selector.Requirements() {
		values, indexed := r.indexes[kind][want.Field]
		if !indexed {
			panic(fmt.Sprintf("there is no index of %T by %s", object, want.Field))
		}
		if !slices.Contains(values(object), want.Value) {
			return false
		}
	}
	return true
}

// simFill puts objects into a list.
func simFill(into client.ObjectList, objects []client.Object) {
	switch list := into.(type) {
	case *metav1.PartialObjectMetadataList:
		for _, object := range objects {
			list.Items = append(list.Items, *meta.AsPartialObjectMetadata(object))
		}
	case *v1alpha1.PartnerProgramList:
		list.Items = simItems[v1alpha1.PartnerProgram](objects)
	case *v1alpha1.ProgramCatalogList:
		list.Items = simItems[v1alpha1.ProgramCatalog](objects)
	case *v1alpha1.ChannelManagerList:
		list.Items = simItems[v1alpha1.ChannelManager](objects)
	case *v1alpha1.ChannelStrategyList:
		list.Items = simItems[v1alpha1.ChannelStrategy](objects)
	case *v1alpha1.ProgramReportList:
		list.Items = simItems[v1alpha1.ProgramReport](objects)
	case *v1alpha1.BenchmarkList:
		list.Items = simItems[v1alpha1.Benchmark](objects)
	case *v1alpha1.PublishedBenchmarkList:
		list.Items = simItems[v1alpha1.PublishedBenchmark](objects)
	case *v1alpha1.PartnerList:
		list.Items = simItems[v1alpha1.Partner](objects)
	case *v1alpha1.JointPlanList:
		list.Items = simItems[v1alpha1.JointPlan](objects)
	case *v1alpha1.CampaignList:
		list.Items = simItems[v1alpha1.Campaign](objects)
	case *v1alpha1.MeasurementSetList:
		list.Items = simItems[v1alpha1.MeasurementSet](objects)
	case *v1alpha1.ApprovalDecisionList:
		list.Items = simItems[v1alpha1.ApprovalDecision](objects)
	case *v1alpha1.PlanRevisionList:
		list.Items = simItems[v1alpha1.PlanRevision](objects)
	case *v1alpha1.PlanReviewList:
		list.Items = simItems[v1alpha1.PlanReview](objects)
	case *v1alpha1.MDFBudgetList:
		list.Items = simItems[v1alpha1.MDFBudget](objects)
	case *v1alpha1.MDFLedgerList:
		list.Items = simItems[v1alpha1.MDFLedger](objects)
	case *v1alpha1.MDFAllocationList:
		list.Items = simItems[v1alpha1.MDFAllocation](objects)
	case *v1alpha1.MDFClaimList:
		list.Items = simItems[v1alpha1.MDFClaim](objects)
	default:
		panic(fmt.Sprintf("nothing is put into a %T", into))
	}
}

func simItems[T any](objects []client.Object) []T {
	items := make([]T, len(objects))
	for i, object := range objects {
		items[i] = *any(object).(*T)
	}
	return items
}

// simClient is the client of a manager: it reads from the manager's cache and writes to the store, unless something goes wrong on the way.
type simClient struct {
	client.Client // nil: what is not simulated panics
	simReader

	process *simProcess
}

// Get reads an object from the cache.
func (c *simClient) Get(ctx context.Context, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
	return c.simReader.Get(ctx, key, into, options...)
}

// List reads objects from the cache.
func (c *simClient) List(ctx context.Context, into client.ObjectList, options ...client.ListOption) error {
	return c.simReader.List(ctx, into, options...)
}

// Create creates an object.
func (c *simClient) Create(_ context.Context, object client.Object, _ ...client.CreateOption) error {
	return c.process.write("create", object, c.process.world.store.create)
}

// Update updates the metadata and the spec of an object.
func (c *simClient) Update(_ context.Context, object client.Object, _ ...client.UpdateOption) error {
	return c.process.write("update", object, c.process.world.store.update)
}

// Delete deletes an object.
func (c *simClient) Delete(_ context.Context, object client.Object, _ ...client.DeleteOption) error {
	return c.process.write("delete", object, func(object client.Object) error {
		return c.process.world.store.remove(object, metav1.NewTime(c.process.world.now))
	})
}

// Status returns the client of the status.
func (c *simClient) Status() client.SubResourceWriter { return &simStatus{process: c.process} }

// simStatus writes statuses.
type simStatus struct {
	client.SubResourceWriter // nil: what is not simulated panics

	process *simProcess
}

// Patch writes the status of an object as it is given. The patch itself is not looked at: all patches of statuses have the optimistic lock.
func (c *simStatus) Patch(_ context.Context, object client.Object, patch client.Patch, _ ...client.SubResourcePatchOption) error {
	if patch.Type() != types.MergePatchType {
		panic("a patch of a status that is not a merge patch is not simulated")
	}
	return c.process.write("status", object, c.process.world.store.updateStatus)
}
