package manifest

import (
	"fmt"
	"maps"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Object is an object of one of our kinds.
type Object = kinds.Object

// Key identifies an object.
type Key = kinds.Key

// KeyOf returns the key of an object.
func KeyOf(object Object) Key { return kinds.KeyOf(object) }

// ByKind are objects, each kind's in a list of its own.
type ByKind = kinds.Objects

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
	ByKind

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
	last := map[Key]int{}
	for i, object := range objects {
		last[KeyOf(object)] = i
	}
	for i, object := range objects {
		key := KeyOf(object)
		if kinds.Named(key.Kind) == nil {
			return nil, fmt.Errorf("%s is not of a kind of %s", key, v1alpha1.GroupName)
		}
		if last[key] == i {
			set.order = append(set.order, object)
			set.Add(object)
		}
	}
	set.nameNamespaces()
	return set, nil
}
