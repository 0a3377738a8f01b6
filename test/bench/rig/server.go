package rig

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// Counters are the server's own counts of successful writes.
type Counters struct {
	// Status is the number of writes of statuses of the project's kinds.
	Status int
	// Refused is the number of writes of statuses that were refused, conflicts among them.
	Refused int
	// Other is the number of writes of anything but statuses of the project's kinds and leases.
	Other int
}

var requestTotal = regexp.MustCompile(`^apiserver_request_total\{(.*)\} ([0-9.e+]+)$`)

var label = regexp.MustCompile(`(\w+)="([^"]*)"`)

// Count reads the server's counters.
func (p *Plane) Count(ctx context.Context) (Counters, error) {
	set, err := kubernetes.NewForConfig(p.Admin)
	if err != nil {
		return Counters{}, err
	}
	raw, err := set.RESTClient().Get().AbsPath("/metrics").DoRaw(ctx)
	if err != nil {
		return Counters{}, err
	}
	return countersOf(raw), nil
}

func countersOf(metrics []byte) Counters {
	var c Counters
	lines := bufio.NewScanner(bytes.NewReader(metrics))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		match := requestTotal.FindStringSubmatch(lines.Text())
		if match == nil {
			continue
		}
		labels := map[string]string{}
		for _, pair := range label.FindAllStringSubmatch(match[1], -1) {
			labels[pair[1]] = pair[2]
		}
		if !slices.Contains([]string{"POST", "PUT", "PATCH", "APPLY", "DELETE"}, labels["verb"]) {
			continue
		}
		value, err := strconv.ParseFloat(match[2], 64)
		if err != nil {
			continue
		}
		status := labels["group"] == v1alpha1.GroupVersion.Group && labels["subresource"] == "status"
		switch done := labels["code"][0] == '2'; {
		case status && done:
			c.Status += int(value)
		case status:
			c.Refused += int(value)
		case done && labels["resource"] != "leases" && labels["resource"] != "tokenreviews" && labels["resource"] != "subjectaccessreviews":
			c.Other += int(value)
		}
	}
	return c
}

// Minus returns what was counted since.
func (c Counters) Minus(before Counters) Counters {
	return Counters{c.Status - before.Status, c.Refused - before.Refused, c.Other - before.Other}
}

// Object is what is known of an object on the server.
type Object struct {
	// Key is its place.
	Key client.ObjectKey
	// Kind is its kind.
	Kind string
	// Version is its resource version.
	Version int64
	// Status is its status, as JSON.
	Status []byte
	// Current says that the status is that of its spec.
	Current bool
}

// Lists returns an empty list of each kind that has a status.
func Lists() []client.ObjectList {
	return []client.ObjectList{
		&v1alpha1.PartnerProgramList{}, &v1alpha1.PartnerList{}, &v1alpha1.JointPlanList{}, &v1alpha1.PlanRevisionList{},
		&v1alpha1.ApprovalDecisionList{}, &v1alpha1.CampaignList{}, &v1alpha1.MeasurementSetList{},
	}
}

// Settled waits until every object has a status of its spec and nothing has been written for a while, and returns the objects. It gives up when
// nothing goes on.
func (p *Plane) Settled(ctx context.Context, process *Process) ([]Object, error) {
	const quiet = 2 * time.Second
	var last int64
	moved := time.Now()
	for {
		if err := process.pause(ctx, quiet); err != nil {
			return nil, fmt.Errorf("the objects do not settle: %w\n%s", err, process.tail())
		}
		objects, err := p.Objects(ctx)
		if err != nil {
			return nil, err
		}
		newest := Newest(objects)
		if newest == last && !slices.ContainsFunc(objects, func(o Object) bool { return !o.Current }) {
			return objects, nil
		}
		if newest != last {
			last, moved = newest, time.Now()
		}
		if time.Since(moved) > patience {
			return nil, fmt.Errorf("nothing is written any more, but not all objects have a status of their spec\n%s", process.tail())
		}
	}
}

// Newest returns the newest resource version of objects.
func Newest(objects []Object) (newest int64) {
	for i := range objects {
		newest = max(newest, objects[i].Version)
	}
	return newest
}

// Revision returns the revision of the store.
func (p *Plane) Revision(ctx context.Context) (int64, error) { return revision(ctx, p.Client) }

func revision(ctx context.Context, c client.Client) (int64, error) {
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("PartnerProgramList"))
	if err := c.List(ctx, list, client.Limit(1)); err != nil {
		return 0, err
	}
	return strconv.ParseInt(list.ResourceVersion, 10, 64)
}

// Pulse notes the revision of the store many times a second, so that afterwards it is known when each revision was reached. It reads as little
// as a request can.
type Pulse struct {
	mu    sync.Mutex
	beats []beat
	stop  context.CancelFunc
	ended chan struct{}
}

type beat struct {
	at       time.Time
	revision int64
}

// period is the time between two beats: the precision of what the pulse tells.
const period = 25 * time.Millisecond

// StartPulse starts a pulse.
func (p *Plane) StartPulse(ctx context.Context) (*Pulse, error) {
	c, err := client.New(p.Admin, client.Options{Scheme: Scheme()})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	pulse := &Pulse{stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(pulse.ended)
		tick := time.NewTicker(period)
		defer tick.Stop()
		for ctx.Err() == nil {
			if reached, err := revision(ctx, c); err == nil {
				pulse.mu.Lock()
				pulse.beats = append(pulse.beats, beat{time.Now(), reached})
				pulse.mu.Unlock()
			}
			select {
			case <-ctx.Done():
			case <-tick.C:
			}
		}
	}()
	return pulse, nil
}

// Reached returns when the store was first seen at a revision or past it.
func (u *Pulse) Reached(revision int64) (time.Time, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, b := range u.beats {
		if b.revision >= revision {
			return b.at, true
		}
	}
	return time.Time{}, false
}

// Stop ends the pulse.
func (u *Pulse) Stop() {
	u.stop()
	<-u.ended
}
