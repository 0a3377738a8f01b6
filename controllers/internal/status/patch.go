package status

import (
	"encoding/json"
	"fmt"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/internal/model/kinds"
)

// statusPatch is the merge patch from the status of one object to that of another one, which differs in its status only. It has the lock: a
// difference from an old status must not be merged into another one, nor into that of another object of this name.
//
// client.MergeFrom marshals both objects as a whole to find that out, and compares them even when there is no status yet.
type statusPatch struct{ from Object }

// defaultStatus is the status that the API server gives to an object that has none. The difference from it is all of a status that says which
// generation it was computed from.
const defaultStatus = `{"observedGeneration":-1}`

// Type returns the type of the patch.
func (statusPatch) Type() types.PatchType { return types.MergePatchType }

// Data returns the patch that gives the object the patch is from the status of another one.
func (p statusPatch) Data(object client.Object) ([]byte, error) {
	to, ok := object.(Object)
	if !ok {
		return nil, fmt.Errorf("%T has no status", object)
	}
	difference, err := p.difference(to)
	if err != nil {
		return nil, err
	}
	return p.wrap(difference)
}

// difference returns the merge patch from the one status to the other.
func (p statusPatch) difference(to Object) (json.RawMessage, error) {
	before, err := json.Marshal(kinds.Status(p.from))
	if err != nil {
		return nil, fmt.Errorf("marshal status: %w", err)
	}
	difference, err := json.Marshal(kinds.Status(to))
	if err != nil {
		return nil, fmt.Errorf("marshal status: %w", err)
	}
	if string(before) != defaultStatus || to.Common().ObservedGeneration == 0 {
		if difference, err = jsonpatch.CreateMergePatch(before, difference); err != nil {
			return nil, fmt.Errorf("compare statuses: %w", err)
		}
	}
	return difference, nil
}

// wrap returns the patch of the object for that of its status.
func (p statusPatch) wrap(difference json.RawMessage) ([]byte, error) {
	var patch struct {
		Metadata struct {
			ResourceVersion string `json:"resourceVersion"`
		} `json:"metadata"`
		Status json.RawMessage `json:"status"`
	}
	patch.Metadata.ResourceVersion, patch.Status = p.from.GetResourceVersion(), difference
	return json.Marshal(patch)
}
