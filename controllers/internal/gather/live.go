package gather

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Server reads from the API server itself, past the cache.
type Server struct {
	through

	atOnce int
}

// atOnce is how many questions the API server is asked at once: one that is busy answers each after a while.
const atOnce = 16

// OfServer returns what reads from the API server.
func OfServer(reader client.Reader) *Server { return &Server{through{reader}, atOnce} }

// OneByOne returns what reads from the API server, and asks it one question after the other, for tests that count or interrupt them.
func OneByOne(reader client.Reader) *Server { return &Server{through{reader}, 1} }

// each reads some things, each by its number.
func (s *Server) each(ctx context.Context, n int, read func(ctx context.Context, i int) error) error {
	if s.atOnce == 1 {
		for i := range n {
			if err := read(ctx, i); err != nil {
				return err
			}
		}
		return nil
	}
	all, ctx := errgroup.WithContext(ctx)
	all.SetLimit(s.atOnce)
	for i := range n {
		all.Go(func() error { return read(ctx, i) })
	}
	return all.Wait()
}

// listing is what the server listed of some kinds in a namespace. It was asked for versions alone: what the cache has in the same one is what the server
// has, and a list of everything that the server would write out in full takes ten times as long where there is much.
type listing struct {
	objects *kinds.Objects
	stale   map[kinds.Object]bool // those that were written since the cache saw them
}

// list asks for the versions of some kinds, and reads what the cache does not know. What it knows in another version is left as it is, but for plans: of all
// others it cannot have changed whose they are, so that only who asks for them has to read them.
func (s *Server) list(ctx context.Context, cached Reader, namespace string, of ...*kinds.Kind) (*listing, error) {
	versions := make([]metav1.PartialObjectMetadataList, len(of))
	err := s.each(ctx, len(of), func(ctx context.Context, i int) error {
		versions[i].SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(of[i].Name + "List"))
		if err := s.reader.List(ctx, &versions[i], client.InNamespace(namespace)); err != nil {
			return fmt.Errorf("list the versions of %s: %w", of[i].Plural, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	known, err := cached.List(ctx, namespace, of...) // after the server has answered, so that the cache lags behind little of it
	if err != nil {
		return nil, err
	}
	l := &listing{objects: &kinds.Objects{}, stale: map[kinds.Object]bool{}}
	var unknown []kinds.Key
	for i, kind := range of {
		unknown = append(unknown, l.compare(kind, kind.In(known), &versions[i])...)
	}
	err = l.read(ctx, s, unknown)
	return l, err
}

// compare adds those of the known objects of a kind that were listed, and returns which others were. What is known and was not listed is gone, or came after
// the list. Which of two versions is the later one is never asked: after a restore it would be the wrong one.
func (l *listing) compare(kind *kinds.Kind, known []kinds.Object, versions *metav1.PartialObjectMetadataList) (unknown []kinds.Key) {
	listed := make(map[string]*metav1.PartialObjectMetadata, len(versions.Items))
	for i := range versions.Items {
		listed[versions.Items[i].Name] = &versions.Items[i]
	}
	for _, x := range known {
		version := listed[x.GetName()]
		if version == nil || version.UID != x.GetUID() || version.ResourceVersion != x.GetResourceVersion() && kind.Name == kinds.JointPlan {
			continue
		}
		kind.Add(l.objects, x)
		if version.ResourceVersion != x.GetResourceVersion() {
			l.stale[x] = true
		}
		delete(listed, x.GetName())
	}
	for name, version := range listed {
		unknown = append(unknown, kinds.Key{Kind: kind.Name, Namespace: version.Namespace, Name: name})
	}
	slices.SortFunc(unknown, func(a, b kinds.Key) int { return strings.Compare(a.Name, b.Name) })
	return unknown
}

// read reads some objects of the server, and adds those that are there.
func (l *listing) read(ctx context.Context, s *Server, keys []kinds.Key) error {
	read := make([]kinds.Object, len(keys))
	err := s.each(ctx, len(keys), func(ctx context.Context, i int) (err error) {
		read[i], err = s.Get(ctx, kinds.Named(keys[i].Kind), client.ObjectKey{Namespace: keys[i].Namespace, Name: keys[i].Name})
		return err
	})
	for _, x := range read {
		if x != nil {
			l.objects.Add(x)
		}
	}
	return err
}

// refresh reads those of some objects that are stale, and reports whether there were any.
func (l *listing) refresh(ctx context.Context, s *Server, among []*kinds.Objects) (bool, error) {
	stale := map[kinds.Object]bool{}
	var keys []kinds.Key
	for _, unit := range among {
		for _, x := range unit.All() {
			if l.stale[x] && !stale[x] {
				stale[x], keys = true, append(keys, kinds.KeyOf(x))
			}
		}
	}
	if len(keys) == 0 {
		return false, nil
	}
	current := &kinds.Objects{}
	for _, x := range l.objects.All() {
		if !stale[x] {
			current.Add(x)
		}
	}
	l.objects = current
	return true, l.read(ctx, s, keys)
}

// Live returns a pool with the budget, its ledger and all by which some requests are judged as the API server itself has them: the partners with all that
// hangs on them; what was measured too, where money rests on it. Programs, campaigns and all other partners are those of the cache. With whole namespaces
// everybody is read live who has a request in the namespace of one.
func (g *Gatherer) Live(ctx context.Context, live *Server, cached Pool, requests []string, whole bool) (pool Pool, err error) {
	if pool.Pool, err = g.money(ctx, live, cached.Name); err != nil {
		return pool, err
	}
	// What has not changed is what was computed from.
	pool.Ledger, pool.Budget = unlessWritten(cached.Ledger, pool.Ledger), unlessWritten(cached.Budget, pool.Budget)
	pool.Gate, pool.live = cached.Gate, map[string]bool{}
	names := map[string][]string{}
	for _, request := range requests {
		namespace, name, _ := strings.Cut(request, "/")
		names[namespace] = append(names[namespace], name)
	}
	for _, namespace := range slices.Sorted(maps.Keys(names)) {
		r := &reading{Gatherer: g, pool: &pool, server: live, namespace: namespace}
		if err := r.read(ctx, cached, names[namespace], whole); err != nil {
			return pool, fmt.Errorf("in namespace %s: %w", namespace, err)
		}
	}
	for i, x := range cached.parts {
		if !slices.ContainsFunc(x.requests, func(a *v1alpha1.MDFAllocation) bool { return pool.live[nameOf(a)] }) {
			pool.add(cached.Snapshots[i], x)
		}
	}
	pool.Share(pool.Ledger)
	return pool, nil
}

// unlessWritten returns an object of the cache or, when it was written since, as it is now.
func unlessWritten[T interface {
	comparable
	kinds.Object
}](cached, now T) T {
	var none T
	if cached != none && now != none && cached.GetUID() == now.GetUID() && cached.GetResourceVersion() == now.GetResourceVersion() {
		return cached
	}
	return now
}

// reading is a namespace that is read live for a pool.
type reading struct {
	*Gatherer

	pool      *Pool
	server    *Server
	namespace string
	memory    *snapshot.Memory
}

// read adds the partners of some requests to the pool.
func (r *reading) read(ctx context.Context, cached Pool, names []string, whole bool) error {
	labels, err := r.reader.Labels(ctx, r.namespace)
	if err != nil {
		return err
	}
	l, err := r.server.list(ctx, r.reader, r.namespace, judging()...)
	if err != nil {
		return err
	}
	rest, err := r.reader.List(ctx, r.namespace, kinds.Named(kinds.Campaign), kinds.Named(kinds.MeasurementSet))
	if err != nil {
		return err
	}
	l.objects.Campaigns, l.objects.Measurements = rest.Campaigns, rest.Measurements
	for results := false; ; {
		r.memory = snapshot.NewMemory(l.objects)
		units, live, err := r.units(cached, names, whole)
		if err != nil {
			return err
		}
		again, err := l.refresh(ctx, r.server, units)
		if err == nil && !again && !results && slices.ContainsFunc(units, func(unit *kinds.Objects) bool { return restsOnResults(r.pool.Budget, unit.Allocations) }) {
			results, again, err = true, true, r.readResults(ctx, l)
		}
		switch {
		case err != nil:
			return err
		case !again:
			return r.add(ctx, labels, units, live)
		}
	}
}

// readResults has what was measured be as the server has it.
func (r *reading) readResults(ctx context.Context, l *listing) error {
	measured, err := r.server.list(ctx, r.reader, r.namespace, kinds.Named(kinds.MeasurementSet))
	if err != nil {
		return err
	}
	l.objects.Measurements = measured.objects.Measurements
	maps.Copy(l.stale, measured.stale)
	return nil
}

// units returns the partners of some requests, or of all on the budget, and the requests that are theirs, as namespace/name. Of a partner that the cache
// shows with one of them, all requests are looked at: any of them may be somebody else's by now.
func (r *reading) units(cached Pool, names []string, whole bool) (units []*kinds.Objects, live map[string]bool, _ error) {
	live = map[string]bool{}
	partOf, gathered := map[string][]*v1alpha1.MDFAllocation{}, map[string]bool{}
	for _, x := range cached.parts {
		for _, a := range x.requests {
			partOf[nameOf(a)] = x.requests
		}
	}
	names = slices.Clone(names)
	if whole {
		on, _ := r.memory.Find(kinds.BudgetOfAllocation, string(r.pool.Name)) // a memory does not fail
		names = append(names, namesOf(on.Allocations)...)
	}
	for len(names) > 0 {
		name := r.namespace + "/" + names[0]
		found, _ := r.memory.Get(kinds.MDFAllocation, v1alpha1.Name(names[0]))
		names = names[1:]
		if live[name] {
			continue
		}
		live[name] = true
		names = append(names, namesOf(partOf[name])...)
		for _, a := range partOf[name] {
			delete(partOf, nameOf(a))
		}
		request, there := found.(*v1alpha1.MDFAllocation)
		if !there || gathered[name] || request.Spec.BudgetRef.Name != r.pool.Name {
			continue
		}
		unit, err := snapshot.Gather(r.memory, request, snapshot.Everything)
		if err != nil {
			return nil, nil, err
		}
		units, names = append(units, unit), append(names, namesOf(unit.Allocations)...)
		for _, a := range unit.Allocations {
			gathered[nameOf(a)] = true
		}
	}
	return units, live, nil
}

// add adds partners to the pool.
func (r *reading) add(ctx context.Context, labels map[string]string, units []*kinds.Objects, live map[string]bool) error {
	ledgers := r.reader
	if Accrues(r.pool.Budget) { // what was earned may have been spent in another budget
		ledgers = r.server
	}
	for _, unit := range units {
		around := &around{ctx: ctx, reader: r.reader, namespace: r.namespace, labels: labels, read: r.memory}
		snap, err := r.complete(ctx, around, unit, ledgers)
		if err != nil {
			return err
		}
		r.pool.add(snap, part{around, unit.Allocations})
	}
	maps.Copy(r.pool.live, live)
	return nil
}

// namesOf returns the names of requests.
func namesOf(requests []*v1alpha1.MDFAllocation) []string {
	names := make([]string, len(requests))
	for i, a := range requests {
		names[i] = a.Name
	}
	return names
}

// nameOf is namespace/name of a request.
func nameOf(a *v1alpha1.MDFAllocation) string { return a.Namespace + "/" + a.Name }

// judging are the kinds of a namespace by which money is always judged.
func judging() []*kinds.Kind {
	return slices.DeleteFunc(kinds.All(), func(k *kinds.Kind) bool {
		return !k.Namespaced || k.Name == kinds.Campaign || k.Name == kinds.MeasurementSet
	})
}

// restsOnResults reports whether what was measured bears on how much is granted: what partners earn, rewards among it, a limit that is a share of a metric, or a
// request that is contingent on a goal. Otherwise nobody waits for the list of it, which may be long.
func restsOnResults(budget *v1alpha1.MDFBudget, requests []*v1alpha1.MDFAllocation) bool {
	if budget == nil {
		return false
	}
	return Accrues(budget) || len(budget.Spec.Rewards) > 0 || slices.ContainsFunc(budget.Spec.Limits, func(l v1alpha1.FundingLimit) bool { return l.Metric != "" }) ||
		slices.ContainsFunc(requests, func(a *v1alpha1.MDFAllocation) bool {
			return string(a.Spec.BudgetRef.Name) == budget.Name && len(a.Spec.ContingentOn) > 0
		})
}
