package plane

import (
	"context"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers"
)

// newClient returns how a test's manager makes its client: the scope's own wrapper around one that marks the ledgers that the manager creates, as
// Mark marks the objects that the test creates. Without the mark the managers of all tests would see all ledgers.
func (s *Scope) newClient() client.NewClientFunc {
	return func(config *rest.Config, options client.Options) (client.Client, error) {
		inner, err := client.NewWithWatch(config, options)
		if err != nil {
			return nil, err
		}
		c := inner
		if mark := s.mark; mark != "" {
			c = interceptor.NewClient(inner, interceptor.Funcs{
				Create: func(ctx context.Context, c client.WithWatch, object client.Object, options ...client.CreateOption) error {
					switch object.(type) {
					case *v1alpha1.MDFLedger, *v1alpha1.ProgramReport, *v1alpha1.Benchmark, *v1alpha1.PublishedBenchmark:
						Mark(object, mark)
					}
					return c.Create(ctx, object, options...)
				},
			})
		}
		if s.Wrap != nil {
			return s.Wrap(c), nil
		}
		return controllers.WithBriefAnswers(c), nil
	}
}
