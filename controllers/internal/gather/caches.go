package gather

import (
	"context"
	"fmt"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// Cached are the kinds that the controllers watch or read from the cache.
func Cached() []client.Object {
	cached := []client.Object{Namespace(), &admissionv1.ValidatingAdmissionPolicy{}, &admissionv1.ValidatingAdmissionPolicyBinding{}}
	for _, k := range kinds.All() {
		cached = append(cached, k.New())
	}
	return cached
}

// AddCaches has all kinds cached before the cache starts. Without it a kind would be cached when the first controller asks for it: a manager would
// say that it is ready before, and one that waits to be the leader would begin to list only then.
func AddCaches(ctx context.Context, c cache.Cache) error {
	for _, kind := range Cached() {
		if _, err := c.GetInformer(ctx, kind, cache.BlockUntilSynced(false)); err != nil {
			return fmt.Errorf("cache %T: %w", kind, err)
		}
	}
	return nil
}
