package status

import (
	"context"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// NewClient returns the client of a manager: one with brief answers.
func NewClient(config *rest.Config, options client.Options) (client.Client, error) {
	c, err := client.New(config, options)
	if err != nil {
		return nil, err
	}
	return WithBriefAnswers(c), nil
}

// WithBriefAnswers returns a client that asks of the answer to a patch of a status for the metadata only: the rest is what was just sent, or comes
// with the watch. That spares the API server to write it and the manager to read it.
func WithBriefAnswers(c client.Client) client.Client { return brief{c} }

type brief struct{ client.Client }

// Status returns the client of statuses.
func (c brief) Status() client.SubResourceWriter { return briefStatus{c.Client.Status(), c.Client} }

type briefStatus struct {
	client.SubResourceWriter

	kinds client.Client
}

// Patch patches the status of an object. Of the answer the object gets the resource version and the generation.
func (c briefStatus) Patch(ctx context.Context, object client.Object, patch client.Patch, options ...client.SubResourcePatchOption) error {
	kind, err := c.kinds.GroupVersionKindFor(object)
	if err != nil {
		return err
	}
	data, err := patch.Data(object)
	if err != nil {
		return err
	}
	answer := &metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Namespace: object.GetNamespace(), Name: object.GetName()}}
	answer.SetGroupVersionKind(kind)
	if err := c.SubResourceWriter.Patch(ctx, answer, client.RawPatch(patch.Type(), data), options...); err != nil {
		return err
	}
	object.SetResourceVersion(answer.ResourceVersion)
	object.SetGeneration(answer.Generation)
	return nil
}
