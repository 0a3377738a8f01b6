package gather

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// source finds objects of one namespace in a cache. What it returns is shared with the cache and must not be changed.
type source struct {
	ctx       context.Context //nolint:containedctx // a source lives as long as one call
	reader    client.Reader
	namespace string
}

// Get returns the object of a kind and name; nil when there is none.
func (s source) Get(kind string, name v1alpha1.Name) (kinds.Object, error) {
	object := kinds.Named(kind).New()
	err := s.reader.Get(s.ctx, client.ObjectKey{Namespace: s.namespace, Name: string(name)}, object, client.UnsafeDisableDeepCopy)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("get %s %s/%s: %w", kind, s.namespace, name, err)
	}
	return object, nil
}

// Find returns the objects that name something.
func (s source) Find(by *kinds.Reference, value string) (*kinds.Objects, error) {
	return find(s.ctx, s.reader, by, value, client.InNamespace(s.namespace))
}

// find lists the objects that name something.
func find(ctx context.Context, reader client.Reader, by *kinds.Reference, value string, options ...client.ListOption) (*kinds.Objects, error) {
	return list(ctx, reader, kinds.Named(by.Kind), append(options, client.MatchingFields{by.Field: value})...)
}

// list lists the objects of a kind, as the cache has them.
func list(ctx context.Context, reader client.Reader, kind *kinds.Kind, options ...client.ListOption) (*kinds.Objects, error) {
	items, found := kind.NewList(), &kinds.Objects{}
	if err := reader.List(ctx, items, append(options, client.UnsafeDisableDeepCopy)...); err != nil {
		return nil, fmt.Errorf("list %s: %w", kind.Plural, err)
	}
	kind.AddList(found, items)
	return found, nil
}
