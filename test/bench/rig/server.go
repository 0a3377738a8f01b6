package rig

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Counters are the server's own counts of successful writes.
type Counters struct {
	// Status is the number of writes of statuses of the project's kinds.
	Status int
	// Refused is the number of writes of statuses that were refused, conflicts among them.
	Refused int
	// Other is the number of writes of anything but statuses of the project's kinds and leases.
	Other int
	// Ledger is the number of writes of ledgers, which are among the others.
	Ledger int
	// LedgerRefused is the number of writes of ledgers that were refused.
	LedgerRefused int
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
		ours := labels["group"] == v1alpha1.GroupVersion.Group
		status, ledger := ours && labels["subresource"] == "status", ours && labels["resource"] == "mdfledgers"
		done := labels["code"][0] == '2'
		switch {
		case ledger && done:
			c.Ledger += int(value)
		case ledger:
			c.LedgerRefused += int(value)
		}
		switch {
		case status && done:
			c.Status += int(value)
		case status:
			c.Refused += int(value)
		case done && labels["resource"] != "leases" && !strings.HasSuffix(labels["resource"], "reviews"): // a review is an answer, and not stored
			c.Other += int(value)
		}
	}
	return c
}

// Minus returns what was counted since.
func (c Counters) Minus(before Counters) Counters {
	return Counters{
		c.Status - before.Status, c.Refused - before.Refused, c.Other - before.Other, c.Ledger - before.Ledger, c.LedgerRefused - before.LedgerRefused,
	}
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
	var lists []client.ObjectList
	for _, k := range kinds.All() {
		if k.Evaluated {
			lists = append(lists, k.NewList())
		}
	}
	return lists
}

// Settled waits until every object has a status of its spec and nothing has been written for a while, and returns the objects. It gives up when
// nothing goes on. While writes go on it reads the server's counters only: to list all objects meanwhile would take the processors from what is
// measured.
func (p *Plane) Settled(ctx context.Context, process *Process) ([]Object, error) {
	const quiet = 2 * time.Second
	last := Counters{Status: -1}
	moved := time.Now()
	for {
		if err := process.pause(ctx, quiet); err != nil {
			return nil, fmt.Errorf("the objects do not settle: %w\n%s", err, process.tail())
		}
		count, err := p.Count(ctx)
		if err != nil {
			return nil, err
		}
		if count != last {
			last, moved = count, time.Now()
			continue
		}
		objects, err := p.Objects(ctx)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(objects, func(o Object) bool { return !o.Current }) {
			return objects, nil
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
