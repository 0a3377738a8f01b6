package manifest

import (
	"fmt"
	"maps"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Object is an object of one of our kinds.
type Object interface {
	runtime.Object
	metav1.Object
}

// Key identifies an object.
type Key struct {
	// Kind is the kind, such as JointPlan.
	Kind string
	// Namespace is the namespace; empty for a cluster-scoped kind.
	Namespace string
	// Name is the name.
	Name string
}

// KeyOf returns the key of an object that Read returned.
func KeyOf(object Object) Key {
	return Key{
		Kind:      object.GetObjectKind().GroupVersionKind().Kind,
		Namespace: object.GetNamespace(),
		Name:      object.GetName(),
	}
}

// String is the kind and namespace/name, such as "JointPlan partner-acme/acme-h1", as far as they are known.
func (k Key) String() string {
	name := k.Name
	if k.Namespace != "" && name != "" {
		name = k.Namespace + "/" + name
	}
	return strings.TrimSpace(k.Kind + " " + name)
}

// Skipped is an object of a kind that is not ours. It is not an error: manifests of several kinds share files.
type Skipped struct {
	// Key is the object's kind, namespace and name, as far as it states them.
	Key
	// APIVersion is the object's group and version, such as apps/v1.
	APIVersion string
	// Origin is where the object stands.
	Origin Origin
}

// Set is the objects that were read. Each list is in the order of reading.
type Set struct {
	// Programs are the partner programs.
	Programs []*v1alpha1.PartnerProgram
	// Partners are the partners.
	Partners []*v1alpha1.Partner
	// Plans are the joint plans.
	Plans []*v1alpha1.JointPlan
	// Campaigns are the campaigns.
	Campaigns []*v1alpha1.Campaign
	// Measurements are the measurement sets.
	Measurements []*v1alpha1.MeasurementSet
	// Decisions are the approval decisions.
	Decisions []*v1alpha1.ApprovalDecision
	// Revisions are the plan revisions.
	Revisions []*v1alpha1.PlanRevision
	// Budgets are the budgets of market development funds.
	Budgets []*v1alpha1.MDFBudget
	// Allocations are the requests for money.
	Allocations []*v1alpha1.MDFAllocation
	// Claims are the claims.
	Claims []*v1alpha1.MDFClaim
	// Ledgers are the budgets' ledgers.
	Ledgers []*v1alpha1.MDFLedger

	// Namespaces holds the labels of each namespace, by its name: of those that were read, and of those that an object is in.
	// Every namespace has the label kubernetes.io/metadata.name, as the API server sets it.
	Namespaces map[string]map[string]string

	// Origins says where each object stands, and each namespace that was read (with Kind "Namespace").
	Origins map[Key]Origin

	// Skipped lists the objects of kinds that are not ours.
	Skipped []Skipped

	order []Object
}

// Objects returns all objects of our kinds in the order of reading.
func (s *Set) Objects() []Object {
	return append([]Object(nil), s.order...)
}

// NewSet returns a set of objects that come from elsewhere, such as a cluster, with the labels of their namespaces. They are taken as they are:
// nothing is checked and no default is applied. Of objects with the same key the last one counts. An object of a kind that is not ours is an error.
func NewSet(objects []Object, namespaces map[string]map[string]string) (*Set, error) {
	set := &Set{Namespaces: map[string]map[string]string{}, Origins: map[Key]Origin{}}
	for name, labels := range namespaces {
		set.Namespaces[name] = maps.Clone(labels)
		if labels == nil {
			set.Namespaces[name] = map[string]string{}
		}
	}
	known, last := knownKinds(), map[Key]int{}
	for i, object := range objects {
		last[KeyOf(object)] = i
	}
	for i, object := range objects {
		key := KeyOf(object)
		kind := known[key.Kind]
		if kind == nil {
			return nil, fmt.Errorf("%s is not of a kind of %s", key, v1alpha1.GroupName)
		}
		if last[key] == i {
			set.order = append(set.order, object)
			kind.add(set, object)
		}
	}
	set.nameNamespaces()
	return set, nil
}

// StatusOf returns the part of an object's status that all kinds share, and whether its kind has one: an MDFLedger has none, and gives an empty one.
func StatusOf(object Object) (*v1alpha1.CommonStatus, bool) {
	judged, ok := object.(interface{ Common() *v1alpha1.CommonStatus })
	if !ok {
		return &v1alpha1.CommonStatus{}, false
	}
	return judged.Common(), true
}
