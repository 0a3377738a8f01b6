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

// Current returns the objects of some kinds in a namespace as the server has them. It asks for their versions alone, takes from the cache what that has in
// the same one, and reads the others each for itself: a list of everything that the server would write out in full takes ten times as long where
// there is much, and nearly all of it is known.
func (s *Server) Current(ctx context.Context, cached Reader, namespace string, of ...*kinds.Kind) (*kinds.Objects, error) {
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
	current, others := &kinds.Objects{}, []kinds.Key(nil)
	for i, kind := range of {
		others = append(others, confirm(current, kind, kind.In(known), &versions[i])...)
	}
	read := make([]kinds.Object, len(others))
	err = s.each(ctx, len(others), func(ctx context.Context, i int) (err error) {
		read[i], err = s.Get(ctx, kinds.Named(others[i].Kind), client.ObjectKey{Namespace: namespace, Name: others[i].Name})
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, x := range read {
		if x != nil { // it is there
			current.Add(x)
		}
	}
	return current, nil
}

// confirm adds those of the known objects of a kind that are as they were listed, and returns which others were listed or are known.
func confirm(current *kinds.Objects, kind *kinds.Kind, known []kinds.Object, versions *metav1.PartialObjectMetadataList) (others []kinds.Key) {
	differ := make(map[string]string, len(versions.Items))
	for i := range versions.Items {
		differ[versions.Items[i].Name] = versions.Items[i].ResourceVersion
	}
	for _, x := range known {
		if version, listed := differ[x.GetName()]; listed && version == x.GetResourceVersion() {
			delete(differ, x.GetName())
			kind.Add(current, x)
		} else { // it was written, or is gone, or came after the list
			differ[x.GetName()] = ""
		}
	}
	for name := range differ {
		others = append(others, kinds.Key{Kind: kind.Name, Name: name})
	}
	slices.SortFunc(others, func(a, b kinds.Key) int { return strings.Compare(a.Name, b.Name) })
	return others
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
	labels    map[string]string
	memory    *snapshot.Memory
}

// read adds the partners of some requests to the pool.
func (r *reading) read(ctx context.Context, cached Pool, names []string, whole bool) (err error) {
	if r.labels, err = r.reader.Labels(ctx, r.namespace); err != nil {
		return err
	}
	objects, err := r.server.Current(ctx, r.reader, r.namespace, judging()...)
	if err != nil {
		return err
	}
	sets := kinds.Named(kinds.MeasurementSet)
	measured, err := r.reader.List(ctx, r.namespace, sets)
	if restsOnResults(r.pool.Budget, objects.Allocations) {
		measured, err = r.server.Current(ctx, r.reader, r.namespace, sets)
	}
	if err != nil {
		return err
	}
	campaigns, err := r.reader.List(ctx, r.namespace, kinds.Named(kinds.Campaign))
	if err != nil {
		return err
	}
	objects.Measurements, objects.Campaigns = measured.Measurements, campaigns.Campaigns
	if whole {
		for _, a := range objects.Allocations {
			if a.Spec.BudgetRef.Name == r.pool.Name {
				names = append(names, a.Name)
			}
		}
	}
	r.memory = snapshot.NewMemory(objects)
	return r.add(ctx, cached, names)
}

// add adds the partners of some requests. Of a partner that the cache shows with one of them, all requests are read: any of them may be somebody else's
// by now.
func (r *reading) add(ctx context.Context, cached Pool, names []string) error {
	partOf, gathered := map[string][]*v1alpha1.MDFAllocation{}, map[string]bool{}
	for _, x := range cached.parts {
		for _, a := range x.requests {
			partOf[nameOf(a)] = x.requests
		}
	}
	for len(names) > 0 {
		name := r.namespace + "/" + names[0]
		found, _ := r.memory.Get(kinds.MDFAllocation, v1alpha1.Name(names[0])) // a memory does not fail
		names = names[1:]
		if r.pool.live[name] {
			continue
		}
		r.pool.live[name] = true
		names = append(names, namesOf(partOf[name])...)
		for _, a := range partOf[name] {
			delete(partOf, nameOf(a))
		}
		request, there := found.(*v1alpha1.MDFAllocation)
		if !there || gathered[name] || request.Spec.BudgetRef.Name != r.pool.Name {
			continue
		}
		requests, err := r.gather(ctx, request)
		if err != nil {
			return err
		}
		for _, a := range requests {
			gathered[nameOf(a)] = true
		}
		names = append(names, namesOf(requests)...)
	}
	return nil
}

// gather adds the partner of a request, and returns its requests.
func (r *reading) gather(ctx context.Context, request *v1alpha1.MDFAllocation) ([]*v1alpha1.MDFAllocation, error) {
	unit, err := snapshot.Gather(r.memory, request, snapshot.Everything)
	if err != nil {
		return nil, err
	}
	ledgers := r.reader
	if Accrues(r.pool.Budget) { // what was earned may have been spent in another budget
		ledgers = r.server
	}
	requests := slices.Clone(unit.Allocations)
	around := &around{ctx: ctx, reader: r.reader, namespace: r.namespace, labels: r.labels, read: r.memory}
	snap, err := r.complete(ctx, around, unit, ledgers)
	if err == nil {
		r.pool.add(snap, part{around, requests})
	}
	return requests, err
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

// restsOnResults reports whether what was measured bears on how much is granted: what partners earn, a limit that is a share of a metric, or a
// request that is contingent on a goal. Otherwise nobody waits for the list of it, which may be long.
func restsOnResults(budget *v1alpha1.MDFBudget, requests []*v1alpha1.MDFAllocation) bool {
	if budget == nil {
		return false
	}
	return Accrues(budget) || slices.ContainsFunc(budget.Spec.Limits, func(l v1alpha1.FundingLimit) bool { return l.Metric != "" }) ||
		slices.ContainsFunc(requests, func(a *v1alpha1.MDFAllocation) bool {
			return string(a.Spec.BudgetRef.Name) == budget.Name && len(a.Spec.ContingentOn) > 0
		})
}
