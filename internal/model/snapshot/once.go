package snapshot

import (
	"reflect"
	"sync"
	"time"
)

// memos are what was computed from a snapshot, each from the objects of a scope.
type memos struct{ results, judgement, money *memo }

func newMemos() memos { return memos{&memo{}, &memo{}, &memo{}} }

// of returns what was computed from the objects of a scope.
func (m *memos) of(scope Scope) *memo {
	switch {
	case scope&Money != 0:
		return m.money
	case scope&Decisions != 0:
		return m.judgement
	default:
		return m.results
	}
}

// memo is what was computed at one moment.
type memo struct {
	mutex sync.Mutex
	at    any
	known map[any]any
}

// Once returns what compute returns, which is computed once for a snapshot, a moment (an instant or a day) and a key, when it is first asked for. It is
// kept until another moment is requested in the scope: Results for what rests on measurement sets and what they are about, Judgement for all but money,
// Everything with budgets and ledgers. Several goroutines may ask; what they get is shared, and must not be changed.
//
// The key is of a type of the package that asks, and holds all that the result depends on but the snapshot and the moment. To compute something may ask
// for something else, but never for itself. Apart looks at another moment without dropping this one.
func Once[V any](p *Snapshot, scope Scope, moment, key any, compute func() V) V {
	if now, ok := moment.(time.Time); ok {
		moment = now.Round(0).UTC() // equal instants are one, wherever they were read
	}
	m := p.memos.of(scope)
	m.mutex.Lock()
	if m.known == nil || m.at != moment {
		m.at, m.known = moment, map[any]any{}
	}
	get, known := m.known[key].(func() V)
	if !known {
		get = sync.OnceValue(compute)
		m.known[key] = get
	}
	m.mutex.Unlock()
	return get()
}

// Apart returns the snapshot with nothing computed from it. The objects are shared.
func (p *Snapshot) Apart() *Snapshot {
	changed := *p
	changed.memos = newMemos()
	return &changed
}

// Same reports whether an object that is evaluated is in everything the one that a snapshot holds, so that what is computed once is its own. The one of
// the snapshot may be absent.
func Same[T interface {
	comparable
	named
}](held, object T) bool {
	var none T
	return held == object || held != none && reflect.DeepEqual(held, object)
}
