package rig

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/test/bench/gen"
)

// Raw is a client that only writes: it marshals nothing and reads no answer.
type Raw struct{ rest *rest.RESTClient }

// NewRaw returns a raw client with some credentials.
func NewRaw(config *rest.Config) (*Raw, error) {
	config = rest.CopyConfig(config)
	config.GroupVersion = &schema.GroupVersion{Group: v1alpha1.GroupVersion.Group, Version: v1alpha1.GroupVersion.Version}
	config.APIPath = "/apis"
	config.UserAgent = "manager/bench" // the field manager is what stands before the slash, as it is the manager's
	scheme := Scheme()
	config.NegotiatedSerializer = serializer.NewCodecFactory(scheme).WithoutConversion()
	c, err := rest.RESTClientFor(config)
	return &Raw{c}, err
}

// Write is one merge patch.
type Write struct {
	// Kind is the object's kind.
	Kind string
	// Key is the object's place.
	Key client.ObjectKey
	// Status says that the status is written, and not the rest.
	Status bool
	// Patch is the patch.
	Patch []byte
}

// Patch writes once.
func (r *Raw) Patch(ctx context.Context, w Write) error {
	request := r.rest.Patch(types.MergePatchType).Resource(kinds.Named(w.Kind).Plural).Name(w.Key.Name).Body(w.Patch)
	if w.Key.Namespace != "" {
		request = request.Namespace(w.Key.Namespace)
	}
	if w.Status {
		request = request.SubResource("status")
	}
	// As the manager does: of the answer only the metadata are requested.
	request = request.SetHeader("Accept", "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json")
	_, err := request.DoRaw(ctx)
	return err
}

// All writes by a number of workers and returns how long that took.
func (r *Raw) All(ctx context.Context, writes []Write, workers int) (time.Duration, error) {
	var next atomic.Int64
	var group sync.WaitGroup
	failures := make([]error, workers)
	started := time.Now()
	for w := range workers {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(writes) {
					return
				}
				if err := r.Patch(ctx, writes[i]); err != nil {
					failures[w] = fmt.Errorf("write %s %s: %w", writes[i].Kind, writes[i].Key, err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(started), errors.Join(failures...)
}

// Statuses returns the writes that give objects, at the versions that they have now, the statuses that they had then.
func Statuses(then, now []Object) []Write {
	versions := make(map[string]int64, len(now))
	for i := range now {
		versions[now[i].Kind+"/"+now[i].Key.String()] = now[i].Version
	}
	writes := make([]Write, 0, len(then))
	for i := range then {
		o := &then[i]
		version, known := versions[o.Kind+"/"+o.Key.String()]
		if !known {
			continue
		}
		writes = append(writes, Write{Kind: o.Kind, Key: o.Key, Status: true, Patch: fmt.Appendf(nil,
			`{"metadata":{"resourceVersion":"%d"},"status":%s}`, version, o.Status)})
	}
	return writes
}

// Emptied returns the writes that take the statuses of objects away.
func Emptied(objects []Object) []Write {
	writes := make([]Write, 0, len(objects))
	for i := range objects {
		writes = append(writes, Write{Kind: objects[i].Kind, Key: objects[i].Key, Status: true, Patch: []byte(`{"status":null}`)})
	}
	return writes
}

// Objects lists all objects that have a status.
func (p *Plane) Objects(ctx context.Context) ([]Object, error) {
	var objects []Object
	for _, list := range Lists() {
		if err := p.Client.List(ctx, list); err != nil {
			return nil, err
		}
		var failure error
		_ = meta.EachListItem(list, func(item runtime.Object) error {
			object, err := objectOf(item)
			failure = errors.Join(failure, err)
			objects = append(objects, object)
			return nil
		})
		if failure != nil {
			return nil, failure
		}
	}
	return objects, nil
}

// withStatus is an object of any of the kinds.
type withStatus interface {
	client.Object
	Common() *v1alpha1.CommonStatus
}

func objectOf(item runtime.Object) (Object, error) {
	o, ok := item.(withStatus)
	if !ok {
		return Object{}, fmt.Errorf("%T has no status", item)
	}
	gvks, _, err := Scheme().ObjectKinds(item)
	if err != nil {
		return Object{}, err
	}
	version, err := strconv.ParseInt(o.GetResourceVersion(), 10, 64)
	if err != nil {
		return Object{}, err
	}
	raw, err := json.Marshal(item)
	if err != nil {
		return Object{}, err
	}
	var parts struct {
		Status json.RawMessage `json:"status"`
	}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return Object{}, err
	}
	return Object{
		Key: client.ObjectKeyFromObject(o), Kind: gvks[0].Kind, Version: version, Status: parts.Status,
		Current: o.Common().ObservedGeneration >= o.GetGeneration(),
	}, nil
}

// Fill creates a world's objects.
func (p *Plane) Fill(ctx context.Context, world *gen.World) error {
	builder, err := p.Builder()
	if err != nil {
		return err
	}
	var namespaces []client.Object
	for _, namespace := range world.Namespaces {
		namespaces = append(namespaces, namespace)
	}
	if err := Create(ctx, builder, namespaces); err != nil {
		return err
	}
	return Create(ctx, builder, world.Objects())
}

// Create creates objects, those of one kind side by side.
func Create(ctx context.Context, c client.Client, objects []client.Object) error {
	const workers = 16
	for len(objects) > 0 {
		n := 1
		for n < len(objects) && fmt.Sprintf("%T", objects[n]) == fmt.Sprintf("%T", objects[0]) {
			n++
		}
		batch := objects[:n]
		objects = objects[n:]
		var next atomic.Int64
		var group sync.WaitGroup
		failures := make([]error, workers)
		for w := range workers {
			group.Go(func() {
				for {
					i := int(next.Add(1)) - 1
					if i >= len(batch) {
						return
					}
					if err := c.Create(ctx, batch[i]); err != nil && !apierrors.IsAlreadyExists(err) {
						failures[w] = fmt.Errorf("create %T %s: %w", batch[i], batch[i].GetName(), err)
						return
					}
				}
			})
		}
		group.Wait()
		if err := errors.Join(failures...); err != nil {
			return err
		}
	}
	return nil
}
