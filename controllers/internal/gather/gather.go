// Package gather reads, from the cache, what an evaluation looks at: the partner that an object belongs to with all that hangs on it, and the
// programs, budgets and ledgers that these name. It does all reading and no judging.
package gather

import (
	"context"
	"slices"
	"sync"

	"k8s.io/apimachinery/pkg/types"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/rollup"
)

// Gatherer reads from the cache. What it returns is shared with the cache and must not be changed. Several goroutines may use it.
type Gatherer struct {
	reader Reader
	asked  *asked

	mu       sync.Mutex
	programs map[string]*compiled
}

// compiled is a program as compiled from one generation of one object.
type compiled struct {
	uid        types.UID
	generation int64
	program    func() *program.Program
}

// New returns a gatherer that reads from a cache.
func New(reader Reader) *Gatherer {
	return &Gatherer{reader: reader, asked: newAsked(), programs: map[string]*compiled{}}
}

// Gathered is a unit of work as evaluations see it. Those of a turn share it.
type Gathered struct {
	*snapshot.Snapshot

	// Objects are the objects of the unit.
	Objects *kinds.Objects

	around *around
	known  func() map[kinds.Key]kinds.Object
}

// Err returns why something that an evaluation asked for could not be read; nil when all could. Ask it before the result is used.
func (g *Gathered) Err() error { return g.around.Err() }

// Own returns the unit's own of an object, so that evaluations share what is computed of it; the object itself when it was written since.
func (g *Gathered) Own(object kinds.Object) kinds.Object {
	if own := g.known()[kinds.KeyOf(object)]; own != nil && own.GetUID() == object.GetUID() && own.GetResourceVersion() == object.GetResourceVersion() {
		return own
	}
	return object
}

// holds reports whether an object is in the unit with the spec that it has.
func (g *Gathered) holds(object kinds.Object) bool {
	known := g.known()[kinds.KeyOf(object)]
	return known != nil && known.GetUID() == object.GetUID() && known.GetGeneration() == object.GetGeneration()
}

// Snapshot returns what the evaluation of an object looks at, as it was gathered in a turn. The objects of its unit are evaluated again when a name
// appears or disappears for which an evaluation asked, see AskedFor.
func (g *Gatherer) Snapshot(ctx context.Context, turn *queue.Turn, of kinds.Object) (*Gathered, error) {
	root, _, err := snapshot.RootOf(source{ctx, g.reader, of.GetNamespace()}, of)
	if err != nil {
		return nil, err
	}
	gathered, err := g.unit(ctx, turn, root)
	if err != nil {
		return nil, err
	}
	if gathered.holds(of) {
		return gathered, nil
	}
	// It was edited since, or it is about something that nothing can be about.
	objects, err := snapshot.Gather(source{ctx, g.reader, of.GetNamespace()}, of, snapshot.Everything)
	if err != nil {
		return nil, err
	}
	return g.gathered(ctx, root, objects, g.asked)
}

// Unit returns the objects of a unit of work, as they were gathered in a turn.
func (g *Gatherer) Unit(ctx context.Context, turn *queue.Turn, root snapshot.Root) (objects *kinds.Objects, err error) {
	if turn.Shares() {
		var gathered *Gathered
		if gathered, err = g.unit(ctx, turn, root); err == nil {
			objects = gathered.Objects
		}
	} else { // nobody evaluates them on it
		objects, err = snapshot.GatherRoot(source{ctx, g.reader, root.Namespace}, root, snapshot.Everything)
	}
	if err == nil && len(objects.All()) == 0 {
		g.asked.forget(root)
	}
	return objects, err
}

// unit returns a unit of work as it was gathered in a turn.
func (g *Gatherer) unit(ctx context.Context, turn *queue.Turn, root snapshot.Root) (*Gathered, error) {
	kept, err := turn.Keep(root, func() (any, error) {
		objects, err := snapshot.GatherRoot(source{ctx, g.reader, root.Namespace}, root, snapshot.Everything)
		if err != nil {
			return nil, err
		}
		return g.gathered(ctx, root, objects, g.asked)
	})
	if err != nil {
		return nil, err
	}
	gathered, _ := kept.(*Gathered) // nothing else is kept
	if err := gathered.Err(); err != nil {
		turn.Drop(root)
		return nil, err
	}
	return gathered, nil
}

// Home returns what an object of a kind hangs on, and reports whether that is a partner that is there.
func (g *Gatherer) Home(kind *kinds.Kind, name types.NamespacedName) (root snapshot.Root, partner bool) {
	in := source{context.Background(), g.reader, name.Namespace}
	if kind.Namespaced {
		if object, err := in.Get(kind.Name, v1alpha1.Name(name.Name)); err == nil && object != nil {
			if root, partner, err = snapshot.RootOf(in, object); err == nil {
				return root, partner
			}
		}
	}
	return snapshot.Root{Namespace: name.Namespace, Kind: kind.Name, Name: v1alpha1.Name(name.Name)}, false
}

// Root returns what an object hangs on, also one that no longer exists.
func (g *Gatherer) Root(ctx context.Context, of kinds.Object) (snapshot.Root, error) {
	root, _, err := snapshot.RootOf(source{ctx, g.reader, of.GetNamespace()}, of)
	return root, err
}

// Forget drops what is remembered of an object that is gone.
func (g *Gatherer) Forget(kind string, name types.NamespacedName) {
	if kind == kinds.PartnerProgram {
		g.mu.Lock()
		defer g.mu.Unlock()
		delete(g.programs, name.Name)
	}
}

// gathered completes the objects of a unit.
func (g *Gatherer) gathered(ctx context.Context, root snapshot.Root, objects *kinds.Objects, notes *asked) (*Gathered, error) {
	labels, err := g.reader.Labels(ctx, root.Namespace)
	if err != nil {
		return nil, err
	}
	around := &around{ctx: ctx, reader: g.reader, namespace: root.Namespace, labels: labels, unit: root, notes: notes}
	snap, err := g.complete(ctx, around, objects, g.reader)
	if err != nil {
		return nil, err
	}
	return &Gathered{Snapshot: snap, Objects: objects, around: around, known: sync.OnceValue(func() map[kinds.Key]kinds.Object {
		known := map[kinds.Key]kinds.Object{}
		for _, x := range objects.All() {
			known[kinds.KeyOf(x)] = x
		}
		return known
	})}, nil
}

// complete adds to the objects of a unit of work the programs with their published benchmarks, the budgets and the ledgers that it may use. Ledgers are read from the given reader.
func (g *Gatherer) complete(ctx context.Context, around *around, unit *kinds.Objects, ledgers Reader) (*snapshot.Snapshot, error) {
	if err := g.addMoney(ctx, around, unit, ledgers); err != nil {
		return nil, err
	}
	var names []v1alpha1.Name
	for _, partner := range unit.Partners {
		names = append(names, partner.Spec.ProgramRef.Name)
	}
	for _, budget := range unit.Budgets {
		names = append(names, budget.Spec.ProgramRef.Name)
	}
	programs := map[v1alpha1.Name]*program.Program{}
	for _, name := range unique(names) {
		source, err := get[*v1alpha1.PartnerProgram](ctx, g.reader, name)
		if err != nil {
			return nil, err
		}
		if source == nil {
			continue
		}
		compiled := g.Compiled(source)
		if !compiled.Allows(around.labels) {
			continue
		}
		programs[name] = compiled
		published, err := g.reader.Find(ctx, kinds.ProgramOfPublished, "", string(name))
		if err != nil {
			return nil, err
		}
		unit.Published = append(unit.Published, published.Published...)
	}
	return snapshot.New(around.namespace, programs, *unit).Among(around), nil
}

// addMoney adds the budgets that the requests of a unit name and may use, those that spend the same lots, and the ledgers of all these. A claim on a
// request that is not there may be in any ledger.
func (g *Gatherer) addMoney(ctx context.Context, around *around, unit *kinds.Objects, ledgers Reader) error {
	var names []v1alpha1.Name
	known := map[v1alpha1.Name]bool{}
	for _, request := range unit.Allocations {
		names = append(names, request.Spec.BudgetRef.Name)
		known[v1alpha1.Name(request.Name)] = true
	}
	names, err := g.withSameLots(ctx, unique(names))
	if err != nil {
		return err
	}
	for _, name := range names {
		budget, err := get[*v1alpha1.MDFBudget](ctx, g.reader, name)
		if err != nil {
			return err
		}
		if budget != nil && program.Allows(budget.Spec.AllowedNamespaces, around.labels) {
			unit.Budgets = append(unit.Budgets, budget)
		}
	}
	if slices.ContainsFunc(unit.Claims, func(c *v1alpha1.MDFClaim) bool { return !known[c.Spec.AllocationRef.Name] }) {
		around.note(kinds.MDFLedger)
		all, err := ledgers.List(ctx, "", kinds.Named(kinds.MDFLedger))
		if err != nil {
			return err
		}
		unit.Ledgers = all.Ledgers
		return nil
	}
	for _, name := range names {
		ledger, err := get[*v1alpha1.MDFLedger](ctx, ledgers, name)
		if err != nil {
			return err
		}
		if ledger != nil {
			unit.Ledgers = append(unit.Ledgers, ledger)
		}
	}
	return nil
}

// withSameLots returns the names of budgets, and of those that are earned by the same metric of the same program.
func (g *Gatherer) withSameLots(ctx context.Context, names []v1alpha1.Name) ([]v1alpha1.Name, error) {
	all := names
	for _, name := range names {
		budget, err := get[*v1alpha1.MDFBudget](ctx, g.reader, name)
		if err != nil {
			return nil, err
		}
		if budget == nil || budget.Spec.Accrual == nil {
			continue
		}
		others, err := g.reader.Find(ctx, kinds.AccrualOfBudget, "", kinds.Accrual(budget))
		if err != nil {
			return nil, err
		}
		for _, other := range others.Budgets {
			all = append(all, v1alpha1.Name(other.Name))
		}
	}
	return unique(all), nil
}

// unique returns names sorted, each once.
func unique(names []v1alpha1.Name) []v1alpha1.Name {
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// Compiled returns a program, compiled once per generation. To compile one keeps nobody from another.
func (g *Gatherer) Compiled(source *v1alpha1.PartnerProgram) *program.Program {
	g.mu.Lock()
	known := g.programs[source.Name]
	if known == nil || known.uid != source.UID || known.generation != source.Generation {
		known = &compiled{uid: source.UID, generation: source.Generation, program: sync.OnceValue(func() *program.Program {
			return program.Compile(source.Name, &source.Spec)
		})}
		g.programs[source.Name] = known
	}
	g.mu.Unlock()
	return known.program()
}

// Partner returns a partner of any namespace; nil when there is none.
func (g *Gatherer) Partner(ctx context.Context, namespace, name string) (*v1alpha1.Partner, error) {
	found, err := source{ctx, g.reader, namespace}.Get(kinds.Partner, v1alpha1.Name(name))
	partner, _ := found.(*v1alpha1.Partner)
	return partner, err
}

// Resellers returns the partners that buy through a distributor, with their plans; none for another partner. It looks only at what names them: the specs of
// partners and plans in indexes, not at whole partners, of which a distributor may have hundreds.
func (g *Gatherer) Resellers(ctx context.Context, of *v1alpha1.Partner) ([]partner.Reseller, error) {
	if of.Spec.Type != v1alpha1.PartnerDistributor {
		return nil, nil
	}
	found, err := g.reader.Find(ctx, kinds.ParentOfPartner, "", of.Namespace+"/"+of.Name)
	if err != nil {
		return nil, err
	}
	var all []partner.Reseller
	for _, child := range found.Partners {
		if !snapshot.IsReseller(of, child) {
			continue
		}
		plans, err := g.reader.Find(ctx, kinds.PartnerOfPlan, child.Namespace, child.Name)
		if err != nil {
			return nil, err
		}
		all = append(all, partner.Reseller{Partner: child, Plans: plans.Plans})
	}
	return all, nil
}

// RollUp returns the partners of a program in the namespaces that may use it, and their plans.
func (g *Gatherer) RollUp(ctx context.Context, of *v1alpha1.PartnerProgram) (rollup.Statuses, error) {
	var in rollup.Statuses
	members, err := g.Members(ctx, of)
	if err != nil {
		return in, err
	}
	for _, partner := range members {
		plans, err := source{ctx, g.reader, partner.Namespace}.Find(kinds.PartnerOfPlan, partner.Name)
		if err != nil {
			return in, err
		}
		in.Partners = append(in.Partners, partner)
		in.Plans = append(in.Plans, plans.Plans...)
	}
	return in, nil
}

// Budget returns a budget; nil when there is none of that name.
func (g *Gatherer) Budget(ctx context.Context, name v1alpha1.Name) (*v1alpha1.MDFBudget, error) {
	return get[*v1alpha1.MDFBudget](ctx, g.reader, name)
}

// Owned reports whether anybody can tell whose a request for money is: it is there, and so is its plan.
func (g *Gatherer) Owned(ctx context.Context, namespace string, allocation v1alpha1.Name) (bool, error) {
	return snapshot.Owned(source{ctx, g.reader, namespace}, allocation)
}

// List returns the objects of a kind in a namespace or, without one, in all.
func (g *Gatherer) List(ctx context.Context, kind, namespace string) ([]kinds.Object, error) {
	found, err := g.reader.List(ctx, namespace, kinds.Named(kind))
	if err != nil {
		return nil, err
	}
	return kinds.Named(kind).In(found), nil
}

// Find returns the objects in a namespace or, without one, in all that name something.
func (g *Gatherer) Find(ctx context.Context, by *kinds.Reference, namespace, value string) ([]kinds.Object, error) {
	found, err := g.reader.Find(ctx, by, namespace, value)
	if err != nil {
		return nil, err
	}
	return kinds.Named(by.Kind).In(found), nil
}
