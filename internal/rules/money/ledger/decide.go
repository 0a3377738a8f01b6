package ledger

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/verdict"
)

// missingGrace is how long money stays reserved for a request whose MDFAllocation is missing. A restore that brings back the ledger before
// the requests is done by then.
const missingGrace = 24 * time.Hour

// Outcome is what a budget's ledger must become.
type Outcome struct {
	// Ledger is the ledger's content as it must be; nil when none can be written: the ledger was lost, or nothing says its limit.
	Ledger *v1alpha1.MDFLedgerSpec
	// Changed says that it differs from what the ledger holds.
	Changed bool
	// Lost says that the ledger was lost.
	Lost bool
	// Rebuilt says what the ledger was rebuilt from; nil when it was not.
	Rebuilt *v1alpha1.RecoveryReport
	// Requests are those whose entries change, as namespace/name, sorted; all when the ledger is rebuilt. They are read live, with all by which they are
	// judged, before the ledger is written.
	Requests []string
	// Next is the next instant at which the ledger may have to change although no spec does; zero when there is none.
	Next time.Time
}

// decision is a decision on one ledger under way.
type decision struct {
	pool    *Pool
	now     time.Time
	horizon *verdict.Horizon
	entries []entry
	work    v1alpha1.MDFLedgerSpec
	touched map[string]bool // keys that changed

	releases map[string]Release // by key, of requests of which not all stays reserved
	paid     map[string]string  // the claims that payments settled, by identity.ReferenceKey; nil until a payment is to be settled
	renoted  map[string]bool    // the keys of claims for which what is left of an invoice was noted anew
	size     int                // of work, or a little more
	settled  map[string]int64   // what of work is settled, by the request's key
}

// Decide says what a budget's ledger must become at an instant: settlements first, then releases, then grants in the order of priority, the
// instant of approval, namespace and name. Amounts are absolute, so to decide twice is to decide once.
//
// Money is released only after the request's status says so: who reads a status never finds money granted there that is already given to
// another. On the money of a suspended budget nothing is decided.
func Decide(pool Pool, now time.Time) Outcome {
	if pool.Suspended() {
		return Outcome{}
	}
	horizon := verdict.NewHorizon(now)
	d := decision{pool: &pool, now: now, horizon: horizon, touched: map[string]bool{}}
	d.entries = pool.entries(now, verdict.NewHorizon(now)) // those that matter are noted later
	if pool.Ledger == nil {
		return d.begin()
	}
	d.work = *pool.Ledger.Spec.DeepCopy()
	return d.run()
}

// run decides on the ledger that is there.
func (d *decision) run() Outcome {
	open(&d.work)
	d.size, d.settled = facts.Size(&d.work), map[string]int64{}
	for claim, amount := range d.work.Settled {
		d.settled[facts.RequestOf(claim)] += amount
	}
	if d.pool.Mismatched() {
		return d.outcome() // amounts of one currency mean nothing in another
	}
	d.adoptLimit()
	d.noteInvoices()
	d.settle()
	d.adoptEnds()
	d.findReleases()
	d.cut()
	d.release()
	d.releaseMissing()
	d.grant()
	d.noteNext()
	return d.outcome()
}

// noteNext notes when requests and their claims may next change the ledger: those of the requests that it has granted and, until the budget is over, of all
// others too; and the claims that it has settled. Whatever becomes of a request that was never granted then, the ledger stays as it is.
func (d *decision) noteNext() {
	grants := false
	if d.pool.Budget != nil {
		_, over := Left(d.pool.Budget, d.pool.Program, 0, d.now, d.horizon) // how much is left does not matter
		grants = over.IsZero()
	}
	for _, e := range d.entries {
		account := e.account()
		if _, granted := d.work.Reserved[e.Key]; granted || grants {
			d.horizon.At(e.Next)
			d.horizon.At(account.Next)
		}
		for _, claim := range account.All() {
			if _, settled := d.work.Settled[claim.Key]; settled {
				d.horizon.At(claim.Next)
			}
		}
	}
}

// begin decides on a ledger that is not there: it is created with its first grants or, when it was lost, rebuilt once a person has authorised it.
func (d *decision) begin() Outcome {
	limit, known := d.pool.Limit()
	if !known {
		return Outcome{Lost: d.pool.Lost(), Next: d.horizon.Next()}
	}
	if d.pool.Lost() {
		if !d.recoveryAuthorised() {
			return Outcome{Lost: true, Next: d.horizon.Next()}
		}
		spec, report := d.rebuild(limit)
		return Outcome{Ledger: spec, Changed: true, Rebuilt: report, Requests: d.allRequests(), Next: d.horizon.Next()}
	}
	d.work = v1alpha1.MDFLedgerSpec{Currency: d.pool.Budget.Spec.Amount.Currency, LimitMinor: limit}
	return d.run()
}

func (d *decision) allRequests() []string {
	var keys []string
	for _, e := range d.entries {
		keys = append(keys, e.Key)
	}
	return requestsOf(keys)
}

// requestsOf returns the requests that keys of a ledger are for, as namespace/name.
func requestsOf(keys []string) []string {
	requests := make([]string, len(keys))
	for i, key := range keys {
		requests[i] = facts.OwnerOf(key)
	}
	slices.Sort(requests)
	return slices.Compact(requests)
}

// adoptLimit makes the budget's amount the ledger's limit.
func (d *decision) adoptLimit() {
	if limit, known := d.pool.Limit(); known {
		d.work.LimitMinor = limit
	}
}

// adoptEnds takes over the last day of an activity when a change of it was approved.
func (d *decision) adoptEnds() {
	for _, e := range d.entries {
		if d.work.Reserved[e.Key] == 0 || !e.Approval.Complete || e.Ends.IsZero() || d.work.Ends[e.Key] == e.Ends.String() {
			continue
		}
		d.work.Ends[e.Key] = e.Ends.String()
		d.touched[e.Key] = true
	}
}

// settle settles the payments that claims record: what is paid is no longer reserved.
func (d *decision) settle() {
	for _, e := range d.entries {
		for _, claim := range e.account().All() {
			if claim.Settle != nil {
				d.settleOne(e, claim.Settle)
			}
		}
	}
}

// settleOne settles what a claim records: all of its lines or none. Its money leaves the reservation with the first of them and stays the claim's, paid
// or not, until the claim is sent back.
func (d *decision) settleOne(e entry, s *claim.Settlement) {
	key := s.Key[:strings.LastIndexByte(s.Key, '/')]
	_, settled := d.work.Settled[s.Key]
	if d.renoted[s.Key] && !settled {
		return // what is payable is not yet computed by it
	}
	if !d.fits(s, settled) || !settled && (s.Amount <= 0 || s.Amount > d.work.Reserved[key]) {
		return
	}
	if !settled {
		d.work.Settled[s.Key] = s.Amount
		d.work.Reserved[key] -= s.Amount
		d.settled[key] += s.Amount
		d.size += 2 * facts.SizeOf(s.Key, "") // with what of it is not paid
		d.touched[key] = true
	}
	for _, line := range s.Lines {
		d.size += facts.SizeOf(line.Key, s.Claim) + facts.SizeOf(line.Document, "")
		d.work.Payments[line.Key], d.paid[identity.ReferenceKey(line.Key)] = s.Claim, s.Claim
		d.work.Documents[line.Document] += line.Amount
		d.touched[key] = true
	}
	unpaid := d.work.Settled[s.Key] - min(s.Amount-s.Unpaid, d.work.Settled[s.Key])
	if unpaid == d.work.Unpaid[s.Key] && s.Close > 0 && d.letsGo(e, key, unpaid) { // it was noted as unpaid in a write before this one
		d.work.Settled[s.Key] -= unpaid
		d.settled[key] -= unpaid
		unpaid = 0
	}
	if unpaid != d.work.Unpaid[s.Key] {
		d.touched[key] = true
	}
	if d.work.Unpaid[s.Key] = unpaid; unpaid == 0 {
		delete(d.work.Unpaid, s.Key)
	}
}

// fits reports whether the ledger takes all lines of a settlement: none is noted for another claim, and none takes its document above its total.
func (d *decision) fits(s *claim.Settlement, settled bool) bool {
	if d.paid == nil {
		d.paid = facts.PaidClaims(d.work.Payments)
	}
	sums, text := map[string]int64{}, s.Key+s.Key+s.Claim
	for _, line := range s.Lines {
		sums[line.Document] += line.Amount
		text += line.Key + line.Document + s.Claim
		if _, used := d.paid[identity.ReferenceKey(line.Key)]; used || line.Total >= 0 && d.work.Documents[line.Document]+sums[line.Document] > line.Total {
			return false
		}
	}
	if len(s.Lines) > 0 && !facts.Fits(d.size, text) || len(d.work.Payments)+len(s.Lines) > v1alpha1.MaxPaymentLines {
		return false
	}
	return settled || len(d.work.Settled) < v1alpha1.MaxSettlements
}

// letsGo reports whether what is not paid on a claim that was sent back may be let go: the request's status says so.
func (d *decision) letsGo(e entry, key string, amount int64) bool {
	if d.pool.Offline || key != e.Key {
		return true
	}
	return statusGranted(e.Object, key) <= d.held(key)-amount
}

// held is all that the ledger holds for a request.
func (d *decision) held(key string) int64 { return d.work.Reserved[key] + d.settled[key] }

// findReleases finds the requests of which not all stays reserved. What was settled just now is looked at again after the write.
func (d *decision) findReleases() {
	d.releases = map[string]Release{}
	for _, e := range d.entries {
		release := ReleaseOf(e.Request, e.account(), d.now)
		d.horizon.At(release.Next)
		if release.Keep >= 0 && !d.touched[e.Key] {
			d.releases[e.Key] = release
		}
	}
}

// release lowers reservations to what must stay, where the request's status says no more than that.
func (d *decision) release() {
	for _, e := range d.entries {
		release, found := d.releases[e.Key]
		if !found || release.Reason == v1alpha1.ReasonBudgetCut && facts.EndingOf(d.work.Notes[e.Key]) == "" { // covered again
			continue
		}
		if release.Keep < d.work.Reserved[e.Key] && d.announced(e.Object, e.Key, release.Keep) {
			d.work.Reserved[e.Key] = release.Keep
			d.touched[e.Key] = true
		}
	}
}

// announced reports whether a request's status says that no more than an amount is reserved. A status that says nothing of it yet may be about to
// say that all of it is: that of a grant of just now.
func (d *decision) announced(a *v1alpha1.MDFAllocation, key string, keep int64) bool {
	if d.pool.Offline {
		return true
	}
	return a.Status.Granted != nil && facts.KeyOf(a, a.Status.RequestID) == key && statusGranted(a, key) <= keep+d.held(key)-d.work.Reserved[key]
}

func (d *decision) statusSays(a *v1alpha1.MDFAllocation, key string) int64 {
	if d.pool.Offline {
		return 0
	}
	return statusReserved(a, key)
}

// releaseMissing releases what is reserved for requests that no longer exist: at once when the allocation asks anew under another requestID,
// and a day after it was first missed when the allocation itself is missing.
func (d *decision) releaseMissing() {
	current, known := map[string]bool{}, map[string]*v1alpha1.MDFAllocation{}
	for _, e := range d.entries {
		current[e.Key] = true
		known[facts.OwnerOf(e.Key)] = e.Object
	}
	for _, key := range slices.Sorted(maps.Keys(d.work.Reserved)) {
		switch owner := known[facts.OwnerOf(key)]; {
		case d.work.Reserved[key] == 0:
		case current[key]:
			if facts.MissingSince(d.work.Notes[key]).After(time.Time{}) {
				delete(d.work.Notes, key)
				d.touched[key] = true
			}
		case owner != nil:
			if d.statusSays(owner, key) == 0 {
				d.zero(key)
			}
		default:
			d.miss(key)
		}
	}
}

// miss notes that a request is missing and, a day later, releases its money.
func (d *decision) miss(key string) {
	since := facts.MissingSince(d.work.Notes[key])
	if since.IsZero() {
		since = d.now.UTC().Truncate(time.Second)
		d.work.Notes[key] = facts.MissingNote(since)
		d.touched[key] = true
	}
	until := since.Add(missingGrace)
	d.horizon.At(until)
	if !d.now.Before(until) {
		d.zero(key)
	}
}

func (d *decision) zero(key string) {
	d.work.Reserved[key] = 0
	d.touched[key] = true
}

// cut notes which reservations a lowered budget no longer covers: of the latest grants those that are not claimed, until the rest fits. What is
// claimed or paid is never taken back, and what is released for another reason helps to fit. The requests' statuses say so before the money is
// released.
func (d *decision) cut() {
	if d.pool.Budget == nil {
		return
	}
	over := d.committed() - d.work.LimitMinor
	for _, e := range d.entries {
		if release, found := d.releases[e.Key]; found && release.Reason != v1alpha1.ReasonBudgetCut {
			over -= d.work.Reserved[e.Key] - release.Keep
		}
	}
	for _, e := range d.latestFirst() {
		reserved := d.work.Reserved[e.Key]
		unclaimed := reserved - e.account().Open
		release, releasing := d.releases[e.Key]
		ending := facts.EndingOf(d.work.Notes[e.Key]) == v1alpha1.ReasonBudgetCut
		switch {
		case reserved == 0 || releasing && release.Reason != v1alpha1.ReasonBudgetCut:
		case over > 0 && unclaimed > 0:
			over -= unclaimed
			if !ending {
				d.work.Notes[e.Key] = facts.EndingNote(v1alpha1.ReasonBudgetCut)
				d.touched[e.Key] = true
			}
		case ending:
			delete(d.work.Notes, e.Key)
			d.touched[e.Key] = true
		}
	}
}

// latestFirst returns the requests in the reverse order of their approval.
func (d *decision) latestFirst() []entry {
	list := slices.Clone(d.entries)
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(b.approvedSince().Compare(a.approvedSince()), cmp.Compare(b.Key, a.Key))
	})
	return list
}

// approvedSince returns since when, without a break, some content of the request was approved: a change that waits for its approval, or got it
// later, does not make a grant older or younger.
func (e entry) approvedSince() time.Time {
	if e.Approval.Since.IsZero() {
		return e.Approval.DecidedTime
	}
	return e.Approval.Since
}

// committed is what is reserved and settled.
func (d *decision) committed() int64 { return facts.Sum(d.work.Reserved) + facts.Sum(d.work.Settled) }

// grant grants what requests want, as far as it goes.
func (d *decision) grant() {
	if d.pool.Budget == nil || d.pool.Gate.Reason != "" {
		return
	}
	committed, rooms := d.committed(), map[*snapshot.Snapshot]*headroom.Rooms{}
	for _, e := range d.waiting() {
		snap := e.facts.Snapshot
		if rooms[snap] == nil {
			rooms[snap] = headroom.Beside(e.facts, d.pool.Name, &d.work)
		}
		left, _ := Left(d.pool.Budget, d.pool.Program, committed, d.now, d.horizon)
		room := rooms[snap].Bound(e.Request)
		d.horizon.At(room.Next)
		amount, why := e.Asked, ""
		if amount > left {
			amount, why = left, fmt.Sprintf("budget %s had no more left", d.pool.Name)
		}
		if room.Amount >= 0 && amount > room.Amount {
			amount, why = room.Amount, boundOf(room, e.Currency)
		}
		shared, reward := string(e.Object.Spec.SharedActivity), e.RewardKey()
		if amount <= 0 || amount < e.Least || len(d.work.Reserved) >= v1alpha1.MaxReservations || !facts.Fits(d.size, e.Key+shared+reward+why) {
			continue
		}
		d.work.Reserved[e.Key], d.work.Ends[e.Key] = amount, e.Ends.String()
		d.size += facts.SizeOf(e.Key, "") + facts.SizeOf(e.Key, e.Ends.String())
		if shared != "" {
			d.work.Shared[e.Key] = shared
			d.size += facts.SizeOf(e.Key, shared)
		}
		if reward != "" {
			d.work.Rewards[e.Key] = reward
			d.size += facts.SizeOf(e.Key, reward)
		}
		if why != "" {
			d.work.Notes[e.Key] = facts.CutNote(why)
			d.size += facts.SizeOf(e.Key, d.work.Notes[e.Key])
		}
		committed += amount
		rooms[snap].Granted(e.Request, amount)
		d.touched[e.Key] = true
	}
}

// boundOf names what bounds a grant, for the ledger's notes.
func boundOf(room headroom.Room, currency v1alpha1.CurrencyCode) string {
	left := money.Format(room.Amount, currency)
	switch room.Reason {
	case v1alpha1.ReasonSharedAmountUsed:
		return fmt.Sprintf("shared activity %s had %s left", room.Name, left)
	case v1alpha1.ReasonAccrualInsufficient:
		return "the partner had earned " + left + " that was not used"
	case v1alpha1.ReasonRewardNotEarned:
		return fmt.Sprintf("the partner had earned %s of reward %s that was not granted", left, room.Name)
	}
	return fmt.Sprintf("limit %s had %s left", room.Name, left)
}

// waiting returns the requests that may be granted and never were, in the order of grants.
func (d *decision) waiting() []entry {
	list := slices.DeleteFunc(slices.Clone(d.entries), func(e entry) bool {
		_, granted := d.work.Reserved[e.Key]
		return granted || !e.Wants()
	})
	slices.SortFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(priorityOf(b), priorityOf(a)), a.Approval.DecidedTime.Compare(b.Approval.DecidedTime), cmp.Compare(a.Key, b.Key))
	})
	return list
}

func priorityOf(e entry) int32 {
	if e.Object.Spec.Priority == nil {
		return 0
	}
	return *e.Object.Spec.Priority
}

// outcome compares the result with what the ledger holds.
func (d *decision) outcome() Outcome {
	spec := d.work.DeepCopy()
	tidy(spec)
	o := Outcome{Ledger: spec, Changed: true, Next: d.horizon.Next()}
	if d.pool.Ledger != nil {
		before := d.pool.Ledger.Spec.DeepCopy()
		tidy(before)
		o.Changed = !reflect.DeepEqual(spec, before)
	}
	o.Requests = requestsOf(slices.Collect(maps.Keys(d.touched)))
	return o
}

// tidy makes empty maps absent, as the API server returns them.
func tidy(spec *v1alpha1.MDFLedgerSpec) {
	if len(spec.Reserved) == 0 {
		spec.Reserved = nil
	}
	if len(spec.Settled) == 0 {
		spec.Settled = nil
	}
	if len(spec.Unpaid) == 0 {
		spec.Unpaid = nil
	}
	if len(spec.Documents) == 0 {
		spec.Documents = nil
	}
	if len(spec.Payments) == 0 {
		spec.Payments = nil
	}
	if len(spec.Shared) == 0 {
		spec.Shared = nil
	}
	if len(spec.Invoices) == 0 {
		spec.Invoices = nil
	}
	if len(spec.Ends) == 0 {
		spec.Ends = nil
	}
	if len(spec.Rewards) == 0 {
		spec.Rewards = nil
	}
	if len(spec.Notes) == 0 {
		spec.Notes = nil
	}
}

// open makes the maps of a ledger present, so that entries can be put into them.
func open(spec *v1alpha1.MDFLedgerSpec) {
	for _, amounts := range []*map[string]int64{&spec.Reserved, &spec.Settled, &spec.Unpaid, &spec.Documents, &spec.Invoices} {
		if *amounts == nil {
			*amounts = map[string]int64{}
		}
	}
	for _, texts := range []*map[string]string{&spec.Payments, &spec.Ends, &spec.Rewards, &spec.Notes, &spec.Shared} {
		if *texts == nil {
			*texts = map[string]string{}
		}
	}
}
