package gather

import (
	"context"
	"fmt"
	"sync/atomic"

	"k8s.io/apimachinery/pkg/api/meta"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// stores reads from the stores of a cache: what it returns are the objects that the cache holds, without a copy. A unit of work of thousands of
// objects is gathered by tens of thousands of questions, each of which a client would answer with a list and a copy of all that is in it.
type stores struct {
	kinds      map[*kinds.Kind]*held
	namespaces *held
}

// held are the objects of a kind.
type held struct {
	toolscache.Indexer

	synced   func() bool
	complete atomic.Bool // it was synced once
}

// OfCache returns a reader of a cache, to which it adds an index for each reference by which objects are found. What reads a cache that is divided by
// namespaces, as tests have it, goes through the client.
func OfCache(ctx context.Context, of cache.Cache, indexer client.FieldIndexer, through client.Reader) (Reader, error) {
	all := &stores{kinds: map[*kinds.Kind]*held{}}
	var err error
	if all.namespaces, err = heldBy(ctx, of, Namespace()); err != nil {
		return nil, err
	}
	for _, k := range kinds.All() {
		if all.kinds[k], err = heldBy(ctx, of, k.New()); err != nil {
			return nil, err
		}
		if all.kinds[k] == nil || all.namespaces == nil {
			return Through(through), AddIndexes(ctx, indexer)
		}
	}
	for k, store := range all.kinds {
		if err := store.AddIndexers(indexers(k)); err != nil {
			return nil, fmt.Errorf("index %s: %w", k.Plural, err)
		}
	}
	return all, nil
}

// heldBy returns what a cache holds of a kind; nil when it does not let anybody see that.
func heldBy(ctx context.Context, of cache.Cache, object client.Object) (*held, error) {
	informer, err := of.GetInformer(ctx, object, cache.BlockUntilSynced(false))
	if err != nil {
		return nil, fmt.Errorf("cache %T: %w", object, err)
	}
	shared, whole := informer.(interface{ GetIndexer() toolscache.Indexer })
	if !whole {
		return nil, nil
	}
	return &held{Indexer: shared.GetIndexer(), synced: informer.HasSynced}, nil
}

// indexers are those of a kind: one by namespace, and one for each reference, by namespace and value and by value alone.
func indexers(k *kinds.Kind) toolscache.Indexers {
	all := toolscache.Indexers{}
	for _, by := range kinds.References() {
		if by.Kind == k.Name {
			all[by.Field] = func(object any) ([]string, error) {
				x, _ := object.(kinds.Object) // the cache of the kind holds nothing else
				var keys []string
				for _, value := range by.Values(x) {
					if keys = append(keys, keyOf(x.GetNamespace(), value)); by.Across && x.GetNamespace() != "" {
						keys = append(keys, keyOf("", value))
					}
				}
				return keys, nil
			}
		}
	}
	return all
}

// keyOf is what an index holds a value of a namespace under; a namespace has no slash.
func keyOf(namespace, value string) string { return namespace + "/" + value }

// ready waits until all objects are there that were when the cache started.
func (h *held) ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil || h.complete.Load() {
		return err
	}
	if !toolscache.WaitForCacheSync(ctx.Done(), h.synced) {
		return fmt.Errorf("the cache is not filled: %w", ctx.Err())
	}
	h.complete.Store(true)
	return nil
}

// Get returns an object of the cache.
func (s *stores) Get(ctx context.Context, kind *kinds.Kind, key client.ObjectKey) (kinds.Object, error) {
	store := s.kinds[kind]
	if err := store.ready(ctx); err != nil {
		return nil, err
	}
	if !kind.Namespaced {
		key.Namespace = ""
	}
	found, there, err := store.GetByKey(toolscache.NewObjectName(key.Namespace, key.Name).String())
	if !there || err != nil {
		return nil, err
	}
	object, _ := found.(kinds.Object) // the cache of the kind holds nothing else
	return object, nil
}

// List returns objects of the cache.
func (s *stores) List(ctx context.Context, namespace string, of ...*kinds.Kind) (*kinds.Objects, error) {
	objects := &kinds.Objects{}
	for _, kind := range of {
		store := s.kinds[kind]
		if err := store.ready(ctx); err != nil {
			return nil, err
		}
		if namespace == "" {
			add(objects, kind, store.List())
			continue
		}
		found, err := store.ByIndex(toolscache.NamespaceIndex, namespace)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", kind.Plural, err)
		}
		add(objects, kind, found)
	}
	return objects, nil
}

// Find returns objects of the cache by an index.
func (s *stores) Find(ctx context.Context, by *kinds.Reference, namespace, value string) (*kinds.Objects, error) {
	kind := kinds.Named(by.Kind)
	store := s.kinds[kind]
	if err := store.ready(ctx); err != nil {
		return nil, err
	}
	found, err := store.ByIndex(by.Field, keyOf(namespace, value))
	if err != nil {
		return nil, fmt.Errorf("find %s by %s: %w", kind.Plural, by.Field, err)
	}
	objects := &kinds.Objects{}
	add(objects, kind, found)
	return objects, nil
}

// Shared counts objects of the cache by an index.
func (s *stores) Shared(ctx context.Context, by *kinds.Reference, namespace, value string) (bool, error) {
	store := s.kinds[kinds.Named(by.Kind)]
	if err := store.ready(ctx); err != nil {
		return false, err
	}
	keys, err := store.IndexKeys(by.Field, keyOf(namespace, value))
	if err != nil {
		return false, fmt.Errorf("find %s by %s: %w", by.Kind, by.Field, err)
	}
	return len(keys) > 1, nil
}

// add adds what the cache of a kind holds.
func add(to *kinds.Objects, kind *kinds.Kind, found []any) {
	for _, x := range found {
		object, _ := x.(kinds.Object) // it holds nothing else
		kind.Add(to, object)
	}
}

// Labels returns the labels of a namespace, as cached.
func (s *stores) Labels(ctx context.Context, name string) (map[string]string, error) {
	if err := s.namespaces.ready(ctx); err != nil {
		return nil, err
	}
	found, there, err := s.namespaces.GetByKey(name)
	if !there || err != nil {
		return nil, err
	}
	namespace, err := meta.Accessor(found)
	if err != nil {
		return nil, fmt.Errorf("labels of namespace %s: %w", name, err)
	}
	return namespace.GetLabels(), nil
}
