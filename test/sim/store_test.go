package sim_test

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// simKind is a kind that the simulated store holds.
type simKind int

const (
	simNamespaces simKind = iota
	simPrograms
	simCatalogs
	simManagers
	simStrategies
	simReports
	simBenchmarks
	simPublished
	simPartners
	simPlans
	simCampaigns
	simMeasurements
	simDecisions
	simRevisions
	simReviews
	simBudgets
	simLedgers
	simAllocations
	simClaims
	simPolicies
	simKinds
)

// simKindOf returns the kind of an object or of a list of objects.
func simKindOf(x any) simKind {
	switch x := x.(type) {
	case *metav1.PartialObjectMetadata:
		return simNamespaces
	case *metav1.PartialObjectMetadataList: // of namespaces, or the versions of a kind
		if k := kinds.Named(strings.TrimSuffix(x.Kind, "List")); k != nil {
			return simKindOf(k.New())
		}
		return simNamespaces
	case *v1alpha1.PartnerProgram, *v1alpha1.PartnerProgramList:
		return simPrograms
	case *v1alpha1.ProgramCatalog, *v1alpha1.ProgramCatalogList:
		return simCatalogs
	case *v1alpha1.ChannelManager, *v1alpha1.ChannelManagerList:
		return simManagers
	case *v1alpha1.ChannelStrategy, *v1alpha1.ChannelStrategyList:
		return simStrategies
	case *v1alpha1.ProgramReport, *v1alpha1.ProgramReportList:
		return simReports
	case *v1alpha1.Benchmark, *v1alpha1.BenchmarkList:
		return simBenchmarks
	case *v1alpha1.PublishedBenchmark, *v1alpha1.PublishedBenchmarkList:
		return simPublished
	case *v1alpha1.Partner, *v1alpha1.PartnerList:
		return simPartners
	case *v1alpha1.JointPlan, *v1alpha1.JointPlanList:
		return simPlans
	case *v1alpha1.Campaign, *v1alpha1.CampaignList:
		return simCampaigns
	case *v1alpha1.MeasurementSet, *v1alpha1.MeasurementSetList:
		return simMeasurements
	case *v1alpha1.ApprovalDecision, *v1alpha1.ApprovalDecisionList:
		return simDecisions
	case *v1alpha1.PlanRevision, *v1alpha1.PlanRevisionList:
		return simRevisions
	case *v1alpha1.PlanReview, *v1alpha1.PlanReviewList:
		return simReviews
	case *v1alpha1.MDFBudget, *v1alpha1.MDFBudgetList:
		return simBudgets
	case *v1alpha1.MDFLedger, *v1alpha1.MDFLedgerList:
		return simLedgers
	case *v1alpha1.MDFAllocation, *v1alpha1.MDFAllocationList:
		return simAllocations
	case *v1alpha1.MDFClaim, *v1alpha1.MDFClaimList:
		return simClaims
	case *admissionv1.ValidatingAdmissionPolicy, *admissionv1.ValidatingAdmissionPolicyBinding:
		return simPolicies
	default:
		panic(fmt.Sprintf("the simulated store has no place for a %T", x))
	}
}

// simTable holds the objects of one kind by namespace and name. Objects in a table are never changed: a write puts another one in their place.
type simTable []client.Object

// find returns the place of a key, and whether the table has it.
func (t simTable) find(key types.NamespacedName) (int, bool) {
	return slices.BinarySearchFunc(t, key, func(x client.Object, key types.NamespacedName) int {
		return cmp.Or(cmp.Compare(x.GetNamespace(), key.Namespace), cmp.Compare(x.GetName(), key.Name))
	})
}

// get returns an object; nil when the table does not have it.
func (t simTable) get(key types.NamespacedName) client.Object {
	if i, found := t.find(key); found {
		return t[i]
	}
	return nil
}

// apply returns the table after an event.
func (t simTable) apply(e *simEvent) simTable {
	i, found := t.find(e.key())
	switch {
	case e.updated == nil && found:
		return slices.Delete(t, i, i+1)
	case e.updated == nil:
		return t
	case found:
		t[i] = e.updated
		return t
	default:
		return slices.Insert(t, i, e.updated)
	}
}

// simEvent is one change of the store.
type simEvent struct {
	kind         simKind
	old, updated client.Object // nil when the object came or went
}

func (e *simEvent) key() types.NamespacedName {
	if e.updated != nil {
		return client.ObjectKeyFromObject(e.updated)
	}
	return client.ObjectKeyFromObject(e.old)
}

// inverse is the event that undoes an event.
func (e *simEvent) inverse() *simEvent {
	return &simEvent{kind: e.kind, old: e.updated, updated: e.old}
}

// simRules are the rules of the API server and of the schema that can be switched off, to see whether anything else notices.
type simRules struct {
	lock   bool // a write names the resource version that it was made from
	sum    bool // a ledger's sum is within its limit, or shrinks
	growth bool // a reservation neither grows nor vanishes
	final  bool // a settlement neither changes nor vanishes
}

// simStore is an API server's store: what is in it, and every change that led there. It is deterministic and knows neither JSON nor
// goroutines. The resource version of an object is the number of the change that wrote it.
type simStore struct {
	tables  [simKinds]simTable
	log     [simKinds][]*simEvent
	changes []*simEvent // of all kinds
	uids    int
	rules   simRules
	observe func(*simEvent)
	refused int // writes that a rule of the ledger's schema refused
}

func newSimStore() *simStore {
	return &simStore{rules: simRules{lock: true, sum: true, growth: true, final: true}, observe: func(*simEvent) {}}
}

// at returns the tables as they were after a number of changes.
func (s *simStore) at(changes int) [simKinds]simTable {
	tables := s.tables
	copied := [simKinds]bool{}
	for _, e := range slices.Backward(s.changes[changes:]) {
		if !copied[e.kind] {
			tables[e.kind], copied[e.kind] = slices.Clone(tables[e.kind]), true
		}
		tables[e.kind] = tables[e.kind].apply(e.inverse())
	}
	return tables
}

// simResource names a kind in the errors of the API server.
func simResource(kind simKind) schema.GroupResource {
	return schema.GroupResource{Group: v1alpha1.GroupVersion.Group, Resource: "kind-" + strconv.Itoa(int(kind))}
}

// get returns an object as it is stored, not to be changed; an error when there is none.
func (s *simStore) get(kind simKind, key types.NamespacedName) (client.Object, error) {
	if object := s.tables[kind].get(key); object != nil {
		return object, nil
	}
	return nil, apierrors.NewNotFound(simResource(kind), key.String())
}

// create stores a new object, and fills in what the API server does.
func (s *simStore) create(object client.Object) error {
	kind, key := simKindOf(object), client.ObjectKeyFromObject(object)
	if object.GetResourceVersion() != "" {
		return apierrors.NewBadRequest("resourceVersion should not be set on objects to be created")
	}
	if s.tables[kind].get(key) != nil {
		return apierrors.NewAlreadyExists(simResource(kind), key.String())
	}
	stored := object.DeepCopyObject().(client.Object)
	if err := s.validate(nil, stored); err != nil {
		return err
	}
	s.uids++
	stored.SetUID(types.UID("uid-" + strconv.Itoa(s.uids)))
	stored.SetGeneration(1)
	if ours, ok := stored.(kinds.Evaluated); ok {
		reflect.ValueOf(stored).Elem().FieldByName("Status").SetZero()
		ours.Common().ObservedGeneration = -1
	}
	s.commit(&simEvent{kind: kind, updated: stored})
	simCopyInto(stored, object)
	return nil
}

// update replaces the metadata and the spec of an object.
func (s *simStore) update(object client.Object) error {
	kind := simKindOf(object)
	old, err := s.locked(object)
	if err != nil {
		return err
	}
	stored := object.DeepCopyObject().(client.Object)
	stored.SetUID(old.GetUID())
	stored.SetGeneration(old.GetGeneration())
	stored.SetDeletionTimestamp(old.GetDeletionTimestamp())
	if !equality.Semantic.DeepEqual(specOf(old), specOf(stored)) {
		stored.SetGeneration(old.GetGeneration() + 1)
	}
	if _, ours := stored.(kinds.Evaluated); ours {
		reflect.ValueOf(stored).Elem().FieldByName("Status").Set(reflect.ValueOf(old).Elem().FieldByName("Status"))
	}
	if err := s.validate(old, stored); err != nil {
		return err
	}
	return s.replace(kind, old, stored, object)
}

// updateStatus replaces the status of an object.
func (s *simStore) updateStatus(object client.Object) error {
	old, err := s.locked(object)
	if err != nil {
		return err
	}
	stored := old.DeepCopyObject().(client.Object)
	fresh := object.DeepCopyObject()
	reflect.ValueOf(stored).Elem().FieldByName("Status").Set(reflect.ValueOf(fresh).Elem().FieldByName("Status"))
	return s.replace(simKindOf(object), old, stored, object)
}

// remove deletes an object; one with finalizers is only marked.
func (s *simStore) remove(object client.Object, now metav1.Time) error {
	kind := simKindOf(object)
	old, err := s.get(kind, client.ObjectKeyFromObject(object))
	if err != nil {
		return err
	}
	if len(old.GetFinalizers()) == 0 {
		s.commit(&simEvent{kind: kind, old: old})
		return nil
	}
	stored := old.DeepCopyObject().(client.Object)
	if stored.GetDeletionTimestamp().IsZero() {
		stored.SetDeletionTimestamp(&now)
	}
	return s.replace(kind, old, stored, object)
}

// locked returns the stored object that a write is about, if the write was made from its last version.
func (s *simStore) locked(object client.Object) (client.Object, error) {
	kind, key := simKindOf(object), client.ObjectKeyFromObject(object)
	old, err := s.get(kind, key)
	switch {
	case err != nil:
		return nil, err
	case !s.rules.lock:
		return old, nil
	case object.GetResourceVersion() == "":
		return nil, apierrors.NewInvalid(schema.GroupKind{}, key.String(), nil) // must be specified for an update
	case object.GetResourceVersion() != old.GetResourceVersion() || object.GetUID() != "" && object.GetUID() != old.GetUID():
		return nil, apierrors.NewConflict(simResource(kind), key.String(), fmt.Errorf("the object has been modified"))
	default:
		return old, nil
	}
}

// replace stores an object in place of another one, unless nothing changes, and reads the answer into the object that was sent.
func (s *simStore) replace(kind simKind, old, stored, answer client.Object) error {
	stored.SetResourceVersion(old.GetResourceVersion())
	switch {
	case equality.Semantic.DeepEqual(old, stored):
	case len(stored.GetFinalizers()) == 0 && !stored.GetDeletionTimestamp().IsZero():
		s.commit(&simEvent{kind: kind, old: old})
	default:
		s.commit(&simEvent{kind: kind, old: old, updated: stored})
	}
	simCopyInto(stored, answer)
	return nil
}

// commit makes a change.
func (s *simStore) commit(e *simEvent) {
	if e.updated != nil {
		e.updated.SetResourceVersion(strconv.Itoa(len(s.changes) + 1))
	}
	s.tables[e.kind] = s.tables[e.kind].apply(e)
	s.log[e.kind] = append(s.log[e.kind], e)
	s.changes = append(s.changes, e)
	s.observe(e)
}

// validate checks the rules of the schema of MDFLedger, which guard the money whoever writes.
func (s *simStore) validate(old, updated client.Object) error {
	ledger, ok := updated.(*v1alpha1.MDFLedger)
	if !ok {
		return nil
	}
	before, _ := old.(*v1alpha1.MDFLedger)
	if before == nil {
		before = &v1alpha1.MDFLedger{Spec: v1alpha1.MDFLedgerSpec{Currency: ledger.Spec.Currency}}
	}
	sum := simTotal(&ledger.Spec)
	fits := sum <= ledger.Spec.LimitMinor || old != nil && sum <= simTotal(&before.Spec)
	intact := before.Spec.Currency == ledger.Spec.Currency && ledger.Spec.LimitMinor >= 0
	for _, amount := range [2]map[string]int64{ledger.Spec.Reserved, ledger.Spec.Settled} {
		for _, minor := range amount {
			intact = intact && minor >= 0
		}
	}
	if s.rules.sum && !fits || s.rules.growth && simGrows(before.Spec.Reserved, ledger.Spec.Reserved) ||
		s.rules.final && simDiffers(before.Spec.Settled, ledger.Spec.Settled, before.Spec.Unpaid) || !intact {
		s.refused++
		return apierrors.NewInvalid(schema.GroupKind{Group: v1alpha1.GroupVersion.Group, Kind: "MDFLedger"}, ledger.Name, nil)
	}
	return nil
}

// simGrows reports whether a reservation grew or vanished.
func simGrows(before, after map[string]int64) bool {
	for key, was := range before {
		if is, there := after[key]; !there || is > was {
			return true
		}
	}
	return false
}

// simDiffers reports whether a settlement vanished, or changed but by what of it is not paid.
func simDiffers(before, after, unpaid map[string]int64) bool {
	for key, was := range before {
		if is, there := after[key]; !there || is != was && is != was-unpaid[key] {
			return true
		}
	}
	return false
}

// simNoted returns the lines of a claim that a ledger has noted for it.
func simNoted(c *v1alpha1.MDFClaim, spec *v1alpha1.MDFLedgerSpec) (lines []string) {
	for i := range c.Spec.Payments {
		line := fmt.Sprintf("%s#%d", c.Spec.Payments[i].Document, c.Spec.Payments[i].Line)
		if spec.Payments[line] == c.Namespace+"/"+c.Name {
			lines = append(lines, line)
		}
	}
	return lines
}

// simLine is the key of the first line that a claim records.
func simLine(c *v1alpha1.MDFClaim) string {
	return fmt.Sprintf("%s#%d", c.Spec.Payments[0].Document, c.Spec.Payments[0].Line)
}

// simTotal is what a ledger has reserved and settled.
func simTotal(spec *v1alpha1.MDFLedgerSpec) (sum int64) {
	for _, minor := range spec.Reserved {
		sum += minor
	}
	for _, minor := range spec.Settled {
		sum += minor
	}
	return sum
}

// nameOf is the kind and the name of an object, such as MDFClaim/c1.
func nameOf(object client.Object) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", object), "*v1alpha1.") + "/" + object.GetName()
}

// specOf returns the spec of an object; nil of one that has none.
func specOf(object client.Object) any {
	spec := reflect.ValueOf(object).Elem().FieldByName("Spec")
	if !spec.IsValid() {
		return nil
	}
	return spec.Interface()
}

// simCopyInto copies an object into another one of its kind.
func simCopyInto(from, into client.Object) {
	reflect.ValueOf(into).Elem().Set(reflect.ValueOf(from.DeepCopyObject()).Elem())
}

// simKeys returns the keys of a map in order.
func simKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
