package headroom

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Room is how much the limits of a budget, and what its partner has earned, leave for a request. The budget's own amount is left aside.
type Room struct {
	// Amount is the most that can be granted; negative when nothing bounds it.
	Amount int64
	// Reason is ReasonLimitReached, ReasonSharedAmountUsed, ReasonAccrualInsufficient or ReasonRewardNotEarned, whichever bounds it; empty when nothing does.
	Reason string
	// Name names the limit, the shared activity or the reward; empty for an accrual.
	Name string
	// Message says what bounds it: the limit, what of it is used, by what, and what is left.
	Message string
	// Next is the next instant at which any of this may change although no spec and no ledger does; zero when there is none.
	Next time.Time
}

// unbounded is the room where nothing bounds it.
const unbounded = -1

// Rooms are the rooms for the requests of a partner on one budget, beside what entries of a ledger hold, at an instant. What requests share is computed
// once, when first asked for. Several goroutines may ask, as long as none grants.
type Rooms struct {
	facts   *facts.Facts
	budget  v1alpha1.Name
	ledger  *v1alpha1.MDFLedgerSpec // nil when there is none
	own     string                  // the key of the request that is left out; empty when none is
	request func(*v1alpha1.MDFAllocation) *request.Request

	mutex  sync.Mutex
	drawn  drawing
	noted  map[string]rewarded // what is granted of rewards, by the keys of requests
	used   map[scope]*usage
	earned map[string]*account // by partner
}

// roomsOf is the key of the rooms on a budget beside what its ledger holds.
type roomsOf struct{ budget v1alpha1.Name }

// Of returns the rooms on a budget beside what its ledger holds.
func Of(f *facts.Facts, budget v1alpha1.Name) *Rooms {
	return facts.Once(f, roomsOf{budget}, func() *Rooms {
		if ledger := f.Snapshot.Ledger(budget); ledger != nil {
			return Beside(f, budget, &ledger.Spec)
		}
		return Beside(f, budget, &v1alpha1.MDFLedgerSpec{})
	})
}

// Beside returns the rooms on a budget beside what a ledger holds. Of what is granted later, Granted tells; what of that other partners were granted of
// a shared activity is read from the ledger itself.
func Beside(f *facts.Facts, budget v1alpha1.Name, ledger *v1alpha1.MDFLedgerSpec) *Rooms {
	x := &Rooms{facts: f, budget: budget, ledger: ledger, request: func(a *v1alpha1.MDFAllocation) *request.Request { return request.Of(f, a) }}
	x.draw(draw(f.Snapshot, budget, ledger.Reserved, ledger.Settled))
	x.noted = notedRewards(f, ledger)
	return x
}

// draw lets the rooms be beside entries.
func (x *Rooms) draw(drawn drawing) {
	x.drawn, x.used, x.earned = drawn, map[scope]*usage{}, map[string]*account{}
}

// Granted lets the rooms be beside one entry more, which was granted just now.
func (x *Rooms) Granted(r *request.Request, amount int64) {
	x.drawn.add(x.facts.Snapshot, r.Key, amount)
	if key := r.RewardKey(); key != "" {
		x.noted[r.Key] = rewarded{key, amount}
	}
}

// beside returns the rooms without what is held for a request itself.
func (x *Rooms) beside(own string) *Rooms {
	if !x.drawn.owners[own] {
		return x
	}
	others := &Rooms{facts: x.facts, budget: x.budget, ledger: x.ledger, own: own, request: x.request, noted: x.noted}
	others.draw(x.drawn.without(own))
	return others
}

// For returns how much limits and accrual leave for a request beside what is held for other requests. Of all limits that apply the least governs; where
// a limit and the accrual leave the same, it is the limit.
//
// Where it cannot be told whom or what an entry is for, because its MDFAllocation is gone or was changed since, the entry counts wherever it may
// belong: rather too little is granted than too much.
func (x *Rooms) For(r *request.Request) Room { return x.beside(r.Key).room(r, true) }

// Bound is For without a message.
func (x *Rooms) Bound(r *request.Request) Room { return x.beside(r.Key).room(r, false) }

func (x *Rooms) room(r *request.Request, say bool) Room {
	if r.Budget == nil || !x.bounds(r) {
		return Room{Amount: unbounded}
	}
	if r.Partner == nil || r.Program == nil {
		return Room{Reason: v1alpha1.ReasonLimitReached, Message: fmt.Sprintf(
			"the limits of budget %s cannot be judged while the partner of the plan, or its program, is not known", r.Budget.Name)}
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	horizon := verdict.NewHorizon(x.facts.Now)
	room := Room{Amount: unbounded}
	for i := range r.Budget.Spec.Limits {
		if limit := &r.Budget.Spec.Limits[i]; x.applies(r, limit, horizon) {
			room = room.orLess(x.roomUnder(r, limit, say, horizon))
		}
	}
	if capsReduced(r.Program) {
		if capped, bound := x.roomReduced(r, say, horizon); bound {
			room = room.orLess(capped)
		}
	}
	if r.Object.Spec.SharedActivity != "" {
		room = room.orLess(x.roomShared(r))
	}
	if r.IsReward() {
		room = room.orLess(x.roomRewarded(r, say, horizon))
	}
	if r.Budget.Spec.Accrual != nil {
		room = room.orLess(x.roomEarned(r, say, horizon))
	}
	room.Next = horizon.Next()
	return room
}

// bounds reports whether anything may bound what a request is granted.
func (x *Rooms) bounds(r *request.Request) bool {
	spec := &r.Budget.Spec
	return len(spec.Limits) > 0 || spec.Accrual != nil || r.IsReward() || r.Object.Spec.SharedActivity != "" || capsReduced(r.Program)
}

// orLess returns the other room if it is less, and else the room.
func (r Room) orLess(other Room) Room {
	if r.Amount < 0 || other.Amount < r.Amount || other.Amount == r.Amount && other.Reason == r.Reason && other.Name < r.Name {
		return other
	}
	return r
}

// maxNamed is the number of requests that a message names.
const maxNamed = 3

// usedBy names the requests with the largest parts of what is used, such as "by fair (EUR 3,000.00) and web (EUR 1,000.00)".
func (u *usage) usedBy(currency v1alpha1.CurrencyCode) string {
	names := slices.SortedFunc(maps.Keys(u.sums), func(a, b v1alpha1.Name) int {
		return cmp.Or(cmp.Compare(u.sums[b], u.sums[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, name := range names[:min(len(names), maxNamed)] {
		part := fmt.Sprintf("%s (%s)", name, money.Format(u.sums[name], currency))
		if u.gone[name] {
			part = fmt.Sprintf("%s (%s, its MDFAllocation is gone)", name, money.Format(u.sums[name], currency))
		}
		parts = append(parts, part)
	}
	if more := len(names) - maxNamed; more > 0 {
		parts = append(parts, verdict.Count(more, "more request"))
	}
	return "by " + verdict.List(parts)
}

// remedy says what to do about too little room.
func remedy(left int64, currency v1alpha1.CurrencyCode, wait string) string {
	if left == 0 {
		return wait
	}
	return fmt.Sprintf("request at most %s, or %s", money.Format(left, currency), wait)
}
