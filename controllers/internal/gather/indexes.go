package gather

import (
	"context"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// AddIndexes adds an index to a cache for each reference by which objects are found.
func AddIndexes(ctx context.Context, indexer client.FieldIndexer) error {
	for _, by := range kinds.References() {
		values := func(object client.Object) []string { return by.Values(object) }
		if err := indexer.IndexField(ctx, kinds.Named(by.Kind).New(), by.Field, values); err != nil {
			return fmt.Errorf("index %s by %s: %w", by.Kind, by.Field, err)
		}
	}
	return nil
}

// Namespace returns an empty namespace as it is cached: its metadata only.
func Namespace() *metav1.PartialObjectMetadata {
	namespace := &metav1.PartialObjectMetadata{}
	namespace.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	return namespace
}
