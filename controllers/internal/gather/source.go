package gather

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Reader finds objects. What it returns may be shared with others, and must not be changed. It fails once its context has ended, so that what is read
// object by object ends with it.
type Reader interface {
	// Get returns the object of a kind and name; nil when there is none.
	Get(ctx context.Context, kind *kinds.Kind, key client.ObjectKey) (kinds.Object, error)
	// List returns the objects of some kinds in a namespace or, without one, of all namespaces.
	List(ctx context.Context, namespace string, of ...*kinds.Kind) (*kinds.Objects, error)
	// Find returns the objects in a namespace or, without one, in all that name something.
	Find(ctx context.Context, by *kinds.Reference, namespace, value string) (*kinds.Objects, error)
	// Shared reports whether several objects in a namespace name something.
	Shared(ctx context.Context, by *kinds.Reference, namespace, value string) (bool, error)
	// Labels returns the labels of a namespace; none when it does not exist.
	Labels(ctx context.Context, namespace string) (map[string]string, error)
}

// Through reads through a client: of the API server itself or of a cache, which has the indexes of AddIndexes.
func Through(reader client.Reader) Reader { return through{reader} }

type through struct{ reader client.Reader }

// Get reads an object.
func (t through) Get(ctx context.Context, kind *kinds.Kind, key client.ObjectKey) (kinds.Object, error) {
	object := kind.New()
	err := t.reader.Get(ctx, key, object, client.UnsafeDisableDeepCopy)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("get %s %s: %w", kind.Name, kinds.Key{Namespace: key.Namespace, Name: key.Name}, err)
	}
	return object, nil
}

// List lists objects.
func (t through) List(ctx context.Context, namespace string, of ...*kinds.Kind) (*kinds.Objects, error) {
	found := &kinds.Objects{}
	for _, kind := range of {
		if err := t.list(ctx, kind, found, client.InNamespace(namespace)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Find lists objects by a field.
func (t through) Find(ctx context.Context, by *kinds.Reference, namespace, value string) (*kinds.Objects, error) {
	found := &kinds.Objects{}
	return found, t.list(ctx, kinds.Named(by.Kind), found, client.InNamespace(namespace), client.MatchingFields{by.Field: value})
}

// Shared lists objects by a field and counts them.
func (t through) Shared(ctx context.Context, by *kinds.Reference, namespace, value string) (bool, error) {
	found, err := t.Find(ctx, by, namespace, value)
	return err == nil && len(kinds.Named(by.Kind).In(found)) > 1, err
}

func (t through) list(ctx context.Context, kind *kinds.Kind, into *kinds.Objects, where ...client.ListOption) error {
	items := kind.NewList()
	if err := t.reader.List(ctx, items, append(where, client.UnsafeDisableDeepCopy)...); err != nil {
		return fmt.Errorf("list %s: %w", kind.Plural, err)
	}
	kind.AddList(into, items)
	return nil
}

// Labels reads a namespace.
func (t through) Labels(ctx context.Context, name string) (map[string]string, error) {
	namespace := Namespace()
	err := t.reader.Get(ctx, client.ObjectKey{Name: name}, namespace)
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("get namespace %s: %w", name, err)
	}
	return namespace.Labels, nil
}

// source finds objects of one namespace.
type source struct {
	ctx       context.Context //nolint:containedctx // a source lives as long as one call
	reader    Reader
	namespace string
}

// Get returns the object of a kind and name; nil when there is none.
func (s source) Get(kind string, name v1alpha1.Name) (kinds.Object, error) {
	return s.reader.Get(s.ctx, kinds.Named(kind), client.ObjectKey{Namespace: s.namespace, Name: string(name)})
}

// Find returns the objects that name something.
func (s source) Find(by *kinds.Reference, value string) (*kinds.Objects, error) {
	return s.reader.Find(s.ctx, by, s.namespace, value)
}

// Shared reports whether several objects name something.
func (s source) Shared(by *kinds.Reference, value string) (bool, error) {
	return s.reader.Shared(s.ctx, by, s.namespace, value)
}

// get returns an object of the whole cluster; nil when there is none of that name.
func get[T kinds.Object](ctx context.Context, reader Reader, name v1alpha1.Name) (none T, _ error) {
	if name == "" {
		return none, nil
	}
	object, err := reader.Get(ctx, kinds.Of(none), client.ObjectKey{Name: string(name)})
	if object == nil || err != nil {
		return none, err
	}
	found, _ := object.(T) // it is of the kind that was requested
	return found, nil
}
