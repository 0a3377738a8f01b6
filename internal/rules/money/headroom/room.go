package headroom

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
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
	// Reason is ReasonLimitReached or ReasonAccrualInsufficient, whichever bounds it; empty when nothing does.
	Reason string
	// Name names the limit; empty for an accrual.
	Name string
	// Message says what bounds it: the limit, what of it is used, by what, and what is left.
	Message string
	// Next is the next instant at which any of this may change although no spec and no ledger does; zero when there is none.
	Next time.Time
}

// unbounded is the room where nothing bounds it.
const unbounded = -1

// Rooms are the rooms for the requests of a partner at an instant. What requests share is computed once, when first asked for; it is not safe
// for concurrent use.
type Rooms struct {
	facts    *facts.Facts
	request  func(*v1alpha1.MDFAllocation) *request.Request
	shares   facts.Memo[string, share]    // by partner, budget and limit
	earnings facts.Memo[string, earnings] // by partner and budget
}

// New returns the rooms of a partner at an instant. The function returns the request of an allocation, as request.Requests.Of does.
func New(f *facts.Facts, of func(*v1alpha1.MDFAllocation) *request.Request) *Rooms {
	return &Rooms{facts: f, request: of}
}

// For returns how much limits and accrual leave for a request beside what the given entries of a ledger hold for other requests. Of all limits
// that apply the least governs; where a limit and the accrual leave the same, it is the limit.
//
// Where it cannot be told whom or what an entry is for, because its MDFAllocation is gone or was changed since, the entry counts wherever it may
// belong: rather too little is granted than too much.
func (x *Rooms) For(r *request.Request, reserved, settled map[string]int64) Room {
	if r.Budget == nil || len(r.Budget.Spec.Limits) == 0 && r.Budget.Spec.Accrual == nil {
		return Room{Amount: unbounded}
	}
	if r.Partner == nil || r.Program == nil {
		return Room{Reason: v1alpha1.ReasonLimitReached, Message: fmt.Sprintf(
			"the limits of budget %s cannot be judged while the partner of the plan, or its program, is not known", r.Budget.Name)}
	}
	horizon := verdict.NewHorizon(x.facts.Now)
	others := x.drawn(v1alpha1.Name(r.Budget.Name), r.Key, reserved, settled)
	room := Room{Amount: unbounded}
	for i := range r.Budget.Spec.Limits {
		if limit := &r.Budget.Spec.Limits[i]; x.applies(r, limit, horizon) {
			room = room.orLess(x.roomUnder(r, limit, others, horizon))
		}
	}
	if r.Budget.Spec.Accrual != nil {
		room = room.orLess(x.roomEarned(r, others, horizon))
	}
	room.Next = horizon.Next()
	return room
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
func usedBy(entries []drawn, currency v1alpha1.CurrencyCode) string {
	sums, gone := map[v1alpha1.Name]int64{}, map[v1alpha1.Name]bool{}
	for i := range entries {
		d := &entries[i]
		sums[d.allocation] = min(sums[d.allocation]+d.amount, money.Max)
		gone[d.allocation] = gone[d.allocation] || d.object == nil
	}
	names := slices.SortedFunc(maps.Keys(sums), func(a, b v1alpha1.Name) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, name := range names[:min(len(names), maxNamed)] {
		part := fmt.Sprintf("%s (%s)", name, money.Format(sums[name], currency))
		if gone[name] {
			part = fmt.Sprintf("%s (%s, its MDFAllocation is gone)", name, money.Format(sums[name], currency))
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
	return fmt.Sprintf("ask for at most %s, or %s", money.Format(left, currency), wait)
}
