package status

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/storetest"
)

func TestOfTheAnswerToAWrittenStatusOnlyTheMetadataAreAskedFor(t *testing.T) {
	plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: "n", Name: "p"}}
	store := storetest.Builder().WithObjects(plan).Build()
	if err := store.Get(t.Context(), client.ObjectKeyFromObject(plan), plan); err != nil {
		t.Fatal(err)
	}
	before := plan.ResourceVersion
	written := plan.DeepCopy()
	written.Status.Stage = v1alpha1.StageDraft
	var asked []string
	c := WithBriefAnswers(interceptor.NewClient(store, interceptor.Funcs{SubResourcePatch: func(
		ctx context.Context, c client.Client, resource string, object client.Object, patch client.Patch, options ...client.SubResourcePatchOption,
	) error {
		data, err := patch.Data(object)
		if err != nil {
			return err
		}
		asked = append(asked, storetest.NameOf(object)+"/"+resource+" "+string(data))
		stored := plan.DeepCopy() // the store of the test knows no metadata alone
		if err := c.SubResource(resource).Patch(ctx, stored, patch, options...); err != nil {
			return err
		}
		object.SetResourceVersion(stored.ResourceVersion)
		return nil
	}}))
	err := c.Status().Patch(t.Context(), written, client.MergeFromWithOptions(plan, client.MergeFromWithOptimisticLock{}))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`*v1.PartialObjectMetadata/p/status {"metadata":{"resourceVersion":"` + before + `"},"status":{"stage":"Draft"}}`}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
	stored := &v1alpha1.JointPlan{}
	if err := store.Get(t.Context(), client.ObjectKeyFromObject(plan), stored); err != nil {
		t.Fatal(err)
	}
	if stored.Status.Stage != v1alpha1.StageDraft || written.ResourceVersion != stored.ResourceVersion || stored.ResourceVersion == before {
		t.Errorf("stored %s at %s, the writer has %s; before %s", stored.Status.Stage, stored.ResourceVersion, written.ResourceVersion, before)
	}
}
