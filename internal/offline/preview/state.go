package preview

import (
	"context"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/evaluate"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/rollup"
	"jointplan.dev/jointplan/internal/verdict"
)

// state is a world at an instant. It moves on in time, and evaluates anew only what may have changed: that is sound since every evaluation
// says when its result may next differ, and since none reads another's status but a program's and a channel manager's, which are evaluated
// whenever one of those that they add up was. Of ledgers, requests, claims, the decisions on both, and budgets are evaluated from them: whenever a ledger changes.
type state struct {
	world    *World
	units    []*unit
	programs []*entry
	managers []*entry
	budgets  []*budgetEntry
	ledgers  []*entry
	wholes   []*whole
	given    []*entry // benchmarks, which stay as they were given

	epoch     *epoch    // the ledgers; nil before the first evaluation
	nextEpoch time.Time // when the ledgers may next differ; zero when never
}

// entry is one object with its evaluation.
type entry struct {
	key       manifest.Key
	evaluate  func(*snapshot.Snapshot, time.Time) (Object, time.Time)
	evaluated Object    // nil before the first evaluation
	next      time.Time // when the status may next differ; zero when never
	money     bool      // whether the status rests on ledgers
}

// due reports whether the status may have changed since the object was evaluated.
func (x *entry) due(now time.Time) bool {
	return x.evaluated == nil || !x.next.IsZero() && !x.next.After(now)
}

func (x *entry) run(snap *snapshot.Snapshot, now time.Time) {
	x.evaluated, x.next = x.evaluate(snap, now)
}

// newEntry returns the entry of an object. Judge puts the status into a copy of the object and returns when it may next differ.
func newEntry[T interface {
	Object
	DeepCopy() T
}](x T, judge func(snap *snapshot.Snapshot, copied T, now time.Time) time.Time) *entry {
	return &entry{key: manifest.KeyOf(x), evaluate: func(snap *snapshot.Snapshot, now time.Time) (Object, time.Time) {
		copied := x.DeepCopy()
		next := judge(snap, copied, now)
		heedAnnotation(copied, now)
		return copied, next
	}}
}

// heedAnnotation says of an object that it is suspended, or that its annotation suspends nothing. Files do not say since when it is suspended, and so what
// its status was: it has the one that it would have without the annotation.
func heedAnnotation(object Object, now time.Time) {
	judged, ok := object.(suspension.Object)
	if !ok {
		return
	}
	if suspension.Requested(object) {
		suspension.Mark(judged, now)
	}
	suspension.Remark(judged)
}

func newState(w *World) *state {
	s := &state{world: w}
	for _, one := range w.units {
		s.units = append(s.units, newUnit(w, one))
	}
	for _, x := range w.set.Programs {
		s.programs = append(s.programs, s.newProgram(w, x))
	}
	for _, x := range w.set.Managers {
		s.managers = append(s.managers, s.newManager(w, x))
	}
	for _, x := range w.budgets {
		s.budgets = append(s.budgets, newBudget(s, x))
	}
	s.wholes = s.newWholes(w)
	for _, x := range w.set.Benchmarks {
		s.given = append(s.given, &entry{key: manifest.KeyOf(x), evaluated: x})
	}
	for _, x := range w.set.Published {
		s.given = append(s.given, &entry{key: manifest.KeyOf(x), evaluated: x})
	}
	return s
}

// advance moves the state on to an instant. It returns the entries that were evaluated, and the keys of the objects that no longer exist. When the context
// ends it is left half way, and of no use any more.
func (s *state) advance(ctx context.Context, now time.Time) (evaluated []*entry, gone []manifest.Key, _ error) {
	evaluated = s.open(ctx, now)
	paid, changed := len(evaluated) > 0, map[*unit]bool{}
	for _, u := range s.units {
		touched, left := u.advance(ctx, now, s.epoch, paid)
		changed[u] = len(touched)+len(left) > 0
		evaluated, gone = append(evaluated, touched...), append(gone, left...)
	}
	for _, x := range s.budgets {
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		if paid || x.stale() || x.due(now) {
			x.run(nil, now)
			evaluated = append(evaluated, &x.entry)
		}
	}
	for _, x := range s.wholes {
		touched, left := x.advance(now, changed)
		evaluated, gone = append(evaluated, touched...), append(gone, left...)
	}
	below := slices.ContainsFunc(evaluated, func(x *entry) bool { return x.key.Kind == kinds.Partner || x.key.Kind == kinds.JointPlan })
	for _, x := range slices.Concat(s.programs, s.managers) {
		if below || x.due(now) {
			x.run(nil, now)
			evaluated = append(evaluated, x)
		}
	}
	return evaluated, gone, ctx.Err()
}

// open looks up the ledgers at an instant. It returns the entries of the ledgers that are others than before.
func (s *state) open(ctx context.Context, now time.Time) (changed []*entry) {
	before := s.epoch
	s.epoch, s.nextEpoch = s.world.history.at(ctx, now)
	if s.epoch == before {
		return nil
	}
	known := s.ledgers
	s.ledgers = nil
	for _, ledger := range s.epoch.ledgers {
		key := manifest.KeyOf(ledger)
		i := slices.IndexFunc(known, func(x *entry) bool { return x.key == key })
		if i >= 0 && known[i].evaluated == Object(ledger) {
			s.ledgers = append(s.ledgers, known[i])
			continue
		}
		x := &entry{key: key, evaluated: ledger}
		s.ledgers, changed = append(s.ledgers, x), append(changed, x)
	}
	return changed
}

// next returns the next instant at which any status or ledger may differ; zero when there is none.
func (s *state) next() time.Time {
	next := s.nextEpoch
	for _, x := range s.entries() {
		next = verdict.Earlier(next, x.next)
	}
	return next
}

// entries returns all entries, sorted.
func (s *state) entries() []*entry {
	all := slices.Concat(s.programs, s.managers, s.ledgers, s.given)
	for _, x := range s.budgets {
		all = append(all, &x.entry)
	}
	for _, u := range s.units {
		all = append(append(all, u.rest...), u.kept...)
	}
	for _, x := range s.wholes {
		all = append(all, x.shown...)
	}
	slices.SortStableFunc(all, func(a, b *entry) int { return compareKeys(a.key, b.key) })
	return all
}

// unit is one unit of work: a partner with all that hangs on it.
type unit struct {
	world   *World
	name    string // of its namespace
	objects snapshot.Objects
	around  snapshot.Around
	allowed map[v1alpha1.Name]*program.Program
	given   *snapshot.Snapshot // of what was given
	whole   *snapshot.Snapshot // with the kept revisions and the ledgers; nil before the first evaluation

	plans []*keeper
	rest  []*entry // the objects that were given

	judged    bool // whether the plans were evaluated
	kept      []*entry
	revisions []*v1alpha1.PlanRevision // the revisions that the controllers would keep
}

// keeper is a plan with the revisions that its evaluation says must be kept.
type keeper struct {
	plan *v1alpha1.JointPlan
	keep []*v1alpha1.PlanRevision
	next time.Time // when they may next differ; zero when never
	done bool
}

func newUnit(w *World, one *given) *unit {
	u := &unit{world: w, name: one.namespace, objects: one.objects, around: one.around, allowed: w.allowedIn(one.namespace)}
	u.objects.Budgets, u.objects.Published = w.budgetsIn(one.namespace), w.set.Published
	u.given = snapshot.New(u.name, u.allowed, u.objects).Among(u.around)
	for _, x := range u.objects.Plans {
		u.plans = append(u.plans, &keeper{plan: x})
	}
	for _, k := range kinds.All() {
		for _, x := range k.In(&u.objects) {
			if evaluated, ok := x.(kinds.Evaluated); ok && k.Namespaced {
				u.rest = append(u.rest, w.newEntry(evaluated))
			}
		}
	}
	return u
}

// newEntry returns the entry of an object of a namespace.
func (w *World) newEntry(x kinds.Evaluated) *entry {
	var in evaluate.Input
	if p, ok := x.(*v1alpha1.Partner); ok {
		in.Ancestry, in.Resellers = partner.ResolveAncestry(p, w.partner), w.resellers(p)
	}
	return &entry{key: manifest.KeyOf(x), money: restsOnMoney(x), evaluate: func(snap *snapshot.Snapshot, now time.Time) (Object, time.Time) {
		in := in
		in.Snapshot, in.Now = snap, now
		updated, _ := x.DeepCopyObject().(kinds.Evaluated) // a copy is of its type
		out := evaluate.Object(in, x, updated)
		heedAnnotation(updated, now)
		return updated, out.Next
	}}
}

// restsOnMoney reports whether the status of an object rests on ledgers.
func restsOnMoney(x kinds.Evaluated) bool {
	if d, ok := x.(*v1alpha1.ApprovalDecision); ok {
		return d.Spec.TargetRef.Kind != kinds.JointPlan && d.Spec.TargetRef.Kind != kinds.PlanReview
	}
	k := kinds.Of(x)
	return k.Money || k.Name == kinds.Partner || k.Name == kinds.JointPlan // which say what requests wait for
}

// advance moves a unit on to an instant. Plans come first: they say which revisions are kept, and when those change, all others may.
// What rests on money is evaluated when the ledgers are others than before.
func (u *unit) advance(ctx context.Context, now time.Time, epoch *epoch, paid bool) (evaluated []*entry, gone []manifest.Key) {
	u.advancePlans(ctx, now)
	gone, changed := u.keep()
	if changed || paid {
		u.whole = u.snapshot(epoch.ledgers)
	}
	for _, x := range slices.Concat(u.rest, u.kept) {
		if ctx.Err() != nil {
			return nil, nil
		}
		if changed || paid && x.money || x.due(now) {
			x.run(u.whole, now)
			evaluated = append(evaluated, x)
		}
	}
	return evaluated, gone
}

// advancePlans finds the revisions that the plans which are due keep.
func (u *unit) advancePlans(ctx context.Context, now time.Time) {
	for _, x := range u.plans {
		if ctx.Err() != nil {
			return
		}
		if !x.done || !x.next.IsZero() && !x.next.After(now) {
			x.keep, x.next = plan.Keep(u.given, x.plan, now)
			x.done = true
		}
	}
}

// keep keeps the revisions that the plans say must be kept. It returns the keys of those that need not be kept any more, and whether the
// kept ones are others than before.
func (u *unit) keep() (gone []manifest.Key, changed bool) {
	var revisions []*v1alpha1.PlanRevision
	var kept []*entry
	for _, x := range u.plans {
		for _, revision := range x.keep {
			if u.given.Revision(v1alpha1.Name(revision.Name)) == nil {
				revision = revision.DeepCopy()
				revision.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kinds.PlanRevision))
				revision.Generation = 1
				revisions, kept = append(revisions, revision), append(kept, u.world.newEntry(revision))
			}
		}
	}
	same := func(a, b *entry) bool { return a.key == b.key }
	if u.judged && slices.EqualFunc(kept, u.kept, same) {
		return nil, false
	}
	still := map[manifest.Key]bool{}
	for _, x := range kept {
		still[x.key] = true
	}
	for _, x := range u.kept {
		if !still[x.key] {
			gone = append(gone, x.key)
		}
	}
	u.kept, u.revisions, u.judged = kept, revisions, true
	return gone, true
}

// snapshot returns the unit with the kept revisions and the given ledgers.
func (u *unit) snapshot(ledgers []*v1alpha1.MDFLedger) *snapshot.Snapshot {
	objects := u.objects
	objects.Revisions = slices.Concat(objects.Revisions, u.revisions)
	objects.Ledgers = ledgers
	return snapshot.New(u.name, u.allowed, objects).Among(u.around)
}

// newProgram returns the entry of a program, which adds up the partners that may use it and their plans.
func (s *state) newProgram(w *World, x *v1alpha1.PartnerProgram) *entry {
	compiled := w.programs[v1alpha1.Name(x.Name)]
	var units []*unit
	for _, u := range s.units {
		if _, allowed := u.allowed[v1alpha1.Name(x.Name)]; allowed {
			units = append(units, u)
		}
	}
	return newEntry(x, func(_ *snapshot.Snapshot, x *v1alpha1.PartnerProgram, now time.Time) (next time.Time) {
		return evaluate.Program(x, x, compiled, rollUp(units), now)
	})
}

// rollUp returns the evaluated partners and plans of units of work. A program leaves out those of other programs.
func rollUp(units []*unit) rollup.Statuses {
	var all rollup.Statuses
	for _, u := range units {
		objects := u.evaluated()
		all.Partners, all.Plans = append(all.Partners, objects.Partners...), append(all.Plans, objects.Plans...)
	}
	return all
}
