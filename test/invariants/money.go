package invariants

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
)

// MoneyEvent is one revision of an object about money, as a watch delivers it: a budget, ledger, request, claim, decision or plan.
type MoneyEvent struct {
	// Version is the resource version. It orders the revisions of all kinds.
	Version uint64
	// At is the instant at which the revision was seen, by the clock of who wrote it; zero when nothing depends on it.
	At time.Time
	// Deleted says that the object is gone.
	Deleted bool
	// Object is the object as it is at that revision.
	Object metav1.Object
}

// Given is the annotation of a ledger that a test itself creates.
const Given = "jointplan.dev/given"

// MoneyViolations returns what is wrong with the history of all objects about some money; nothing when all holds. It judges by rules of its own
// and asks nothing of the code that decides about money, so that it finds that code's mistakes.
//
// What a ledger's write rests on may change between the reads before it and the write. It was read after the ledger's write before, as the API
// server would have refused it else. So it must have held at some revision since then.
func MoneyViolations(events []MoneyEvent) []string {
	h := &moneyHistory{
		budgets: map[string]*v1alpha1.MDFBudget{}, ledgers: map[string]*ledgerView{}, requests: map[string]*v1alpha1.MDFAllocation{},
		claims: map[string]*v1alpha1.MDFClaim{}, decisions: map[string]map[string]*v1alpha1.ApprovalDecision{}, plans: map[string]*v1alpha1.JointPlan{},
	}
	for _, e := range slices.SortedStableFunc(slices.Values(events), func(a, b MoneyEvent) int {
		switch {
		case a.Version < b.Version:
			return -1
		case a.Version > b.Version:
			return 1
		default:
			return 0
		}
	}) {
		h.version, h.at = e.Version, e.At
		h.take(&e)
	}
	return h.violations
}

// moneyHistory is all money at one revision.
type moneyHistory struct {
	version    uint64
	at         time.Time
	budgets    map[string]*v1alpha1.MDFBudget                   // by name
	ledgers    map[string]*ledgerView                           // by name
	requests   map[string]*v1alpha1.MDFAllocation               // by namespace/name
	claims     map[string]*v1alpha1.MDFClaim                    // by namespace/name
	decisions  map[string]map[string]*v1alpha1.ApprovalDecision // by namespace/kind/name of the target, and by name
	plans      map[string]*v1alpha1.JointPlan                   // by namespace/name
	violations []string
}

// ledgerView is a ledger, and what held at some revision since it was last written.
type ledgerView struct {
	spec *v1alpha1.MDFLedgerSpec // nil while it does not exist
	last *v1alpha1.MDFLedgerSpec // as it was before it was deleted

	approved map[string]int64 // the most that was approved, by key; absent while nothing is
	said     map[string]int64 // the least that the request's status said is granted, paid or not, by key; absent while it said nothing
	payable  map[string]int64 // the most that may have been payable on an approved claim, by the claim's key
	limits   map[int64]bool   // the budget's amounts
}

func (h *moneyHistory) addf(format string, args ...any) {
	h.violations = append(h.violations, fmt.Sprintf("revision %d: ", h.version)+fmt.Sprintf(format, args...))
}

func (h *moneyHistory) take(e *MoneyEvent) {
	switch object := e.Object.(type) {
	case *v1alpha1.MDFBudget:
		keep(h.budgets, object.Name, object, e.Deleted)
		for _, request := range h.requests {
			if string(request.Spec.BudgetRef.Name) == object.Name {
				h.note(request)
			}
		}
		h.noteLimit(object.Name)
	case *v1alpha1.MDFLedger:
		h.ledger(object, e.Deleted)
	case *v1alpha1.MDFAllocation:
		keep(h.requests, nameOf(object), object, e.Deleted)
		h.requestEvent(object, e.Deleted)
	case *v1alpha1.MDFClaim:
		keep(h.claims, nameOf(object), object, e.Deleted)
		h.claimEvent(object, e.Deleted)
	case *v1alpha1.ApprovalDecision:
		h.decisionEvent(object, e.Deleted)
	case *v1alpha1.JointPlan:
		keep(h.plans, nameOf(object), object, e.Deleted)
		h.noteAll(func(r *v1alpha1.MDFAllocation) bool {
			return r.Namespace == object.Namespace && string(r.Spec.PlanRef.Name) == object.Name
		})
	}
}

func keep[T any](objects map[string]T, name string, object T, deleted bool) {
	if deleted {
		delete(objects, name)
	} else {
		objects[name] = object
	}
}

func nameOf(object metav1.Object) string { return object.GetNamespace() + "/" + object.GetName() }

// view returns the ledger of a budget.
func (h *moneyHistory) view(budget string) *ledgerView {
	v := h.ledgers[budget]
	if v == nil {
		v = &ledgerView{}
		v.forget()
		h.ledgers[budget] = v
	}
	return v
}

// forget drops what held before the ledger's last write.
func (v *ledgerView) forget() {
	v.approved, v.said, v.payable, v.limits = map[string]int64{}, map[string]int64{}, map[string]int64{}, map[int64]bool{}
}

// requestKey is a request's key in the ledger.
func requestKey(r *v1alpha1.MDFAllocation, id v1alpha1.Name) string {
	if id == "" {
		id = "1"
	}
	return nameOf(r) + "/" + string(id)
}

func (h *moneyHistory) noteAll(which func(*v1alpha1.MDFAllocation) bool) {
	for _, request := range h.requests {
		if which(request) {
			h.note(request)
		}
	}
}

// note notes what holds of a request at this revision.
func (h *moneyHistory) note(r *v1alpha1.MDFAllocation) {
	v := h.view(string(r.Spec.BudgetRef.Name))
	key := requestKey(r, r.Spec.RequestID)
	if amount, ok := h.approvedOf(r); ok {
		v.approved[key] = max(v.approved[key], amount)
	}
	if id := r.Status.RequestID; id != "" && r.Status.Reserved != nil {
		v.says(requestKey(r, id), minorOf(r.Status.Granted))
	}
}

// says notes what a request's status says is granted.
func (v *ledgerView) says(key string, amount int64) {
	if least, known := v.said[key]; !known || amount < least {
		v.said[key] = amount
	}
}

// minorOf reads an amount that a status states; 0 when there is none.
func minorOf(m *v1alpha1.Money) int64 {
	if m == nil {
		return 0
	}
	amount, err := money.ParseMoney(*m)
	if err != nil {
		return 0
	}
	return amount
}

func (h *moneyHistory) noteLimit(budget string) {
	if b := h.budgets[budget]; b != nil {
		h.view(budget).limits[minorOf(&b.Spec.Amount)] = true
	}
}

func (h *moneyHistory) decisionEvent(d *v1alpha1.ApprovalDecision, deleted bool) {
	target := d.Namespace + "/" + d.Spec.TargetRef.Kind + "/" + string(d.Spec.TargetRef.Name)
	if h.decisions[target] == nil {
		h.decisions[target] = map[string]*v1alpha1.ApprovalDecision{}
	}
	keep(h.decisions[target], d.Name, d, deleted)
	name := d.Namespace + "/" + string(d.Spec.TargetRef.Name)
	switch d.Spec.TargetRef.Kind {
	case "MDFAllocation":
		if r := h.requests[name]; r != nil {
			h.note(r)
		}
	case "MDFClaim":
		if c := h.claims[name]; c != nil {
			h.noteClaim(c)
		}
	default:
		h.noteAll(func(r *v1alpha1.MDFAllocation) bool {
			return r.Namespace == d.Namespace && r.Spec.PlanRef.Name == d.Spec.TargetRef.Name
		})
	}
}

// requestEvent checks a request's status: nothing is granted without an entry of the ledger.
func (h *moneyHistory) requestEvent(r *v1alpha1.MDFAllocation, deleted bool) {
	if deleted {
		return
	}
	h.note(r)
	h.backed(r, h.view(string(r.Spec.BudgetRef.Name)))
	if claimed, granted := minorOf(r.Status.Claimed), minorOf(r.Status.Granted); r.Status.Granted != nil && claimed > granted {
		h.addf("the status of request %s says that %d is claimed of %d granted", nameOf(r), claimed, granted)
	}
}

// backed checks that the ledger holds what a request's status says. While the ledger is lost the status keeps what it said.
func (h *moneyHistory) backed(r *v1alpha1.MDFAllocation, v *ledgerView) {
	says := max(minorOf(r.Status.Reserved), minorOf(r.Status.Granted))
	if says == 0 || v.spec == nil && v.last != nil {
		return
	}
	key := requestKey(r, r.Status.RequestID)
	if v.spec == nil {
		h.addf("the status of request %s says that %d is granted, and there was never a ledger", nameOf(r), says)
		return
	}
	held, entry := v.spec.Reserved[key]
	held += sumUnder(v.spec.Settled, key)
	if !entry || held < says {
		h.addf("the status of request %s says that %d is granted, and the ledger holds %d", nameOf(r), says, held)
	}
}

// sumUnder adds up what is settled of a request.
func sumUnder(settled map[string]int64, key string) (sum int64) {
	for claim, amount := range settled {
		if strings.HasPrefix(claim, key+"/") {
			sum += amount
		}
	}
	return sum
}

// claimEvent checks a claim's status: nothing is paid without an entry of the ledger.
func (h *moneyHistory) claimEvent(c *v1alpha1.MDFClaim, deleted bool) {
	if deleted {
		return
	}
	h.noteClaim(c)
	r := h.requests[c.Namespace+"/"+string(c.Spec.AllocationRef.Name)]
	paid := minorOf(c.Status.Paid)
	if r == nil || paid == 0 {
		return
	}
	v := h.view(string(r.Spec.BudgetRef.Name))
	if v.spec == nil {
		return // it is lost
	}
	for _, id := range []v1alpha1.Name{r.Spec.RequestID, r.Status.RequestID} {
		if v.spec.Settled[requestKey(r, id)+"/"+c.Name]-v.spec.Unpaid[requestKey(r, id)+"/"+c.Name] == paid {
			return
		}
	}
	h.addf("the status of claim %s says that %d is paid, and the ledger does not", nameOf(c), paid)
}

// ledger checks a write of a ledger.
func (h *moneyHistory) ledger(l *v1alpha1.MDFLedger, deleted bool) {
	v := h.view(l.Name)
	before := v.spec
	if deleted {
		v.last, v.spec = &l.Spec, nil
		return
	}
	v.spec = &l.Spec
	h.refresh(l.Name)
	h.sum(l, before)
	switch {
	case before == nil && l.Annotations[Given] != "": // what it holds is not judged, what comes of it is
	case before == nil && v.last != nil:
		h.rebuilt(l, v.last)
	case before == nil:
		before = &v1alpha1.MDFLedgerSpec{LimitMinor: -1}
		fallthrough
	default:
		h.stays(l, before)
		h.reserved(l, before, v)
		h.settled(l, before, v)
		if l.Spec.LimitMinor != before.LimitMinor && !v.limits[l.Spec.LimitMinor] {
			h.addf("ledger %s: limitMinor is %d, which the budget's amount was not", l.Name, l.Spec.LimitMinor)
		}
	}
	v.forget()
	h.refresh(l.Name)
	for _, name := range slices.Sorted(maps.Keys(h.requests)) {
		if r := h.requests[name]; string(r.Spec.BudgetRef.Name) == l.Name {
			h.backed(r, v)
		}
	}
}

// refresh notes what holds of all requests and claims on a budget.
func (h *moneyHistory) refresh(budget string) {
	h.noteLimit(budget)
	h.noteAll(func(r *v1alpha1.MDFAllocation) bool { return string(r.Spec.BudgetRef.Name) == budget })
	for _, c := range h.claims {
		if r := h.requests[c.Namespace+"/"+string(c.Spec.AllocationRef.Name)]; r != nil && string(r.Spec.BudgetRef.Name) == budget {
			h.noteClaim(c)
		}
	}
}

func total(amounts map[string]int64) (sum int64) {
	for _, amount := range amounts {
		sum += amount
	}
	return sum
}

// sum checks that what is reserved and settled is within the limit, or shrinks.
func (h *moneyHistory) sum(l *v1alpha1.MDFLedger, before *v1alpha1.MDFLedgerSpec) {
	now := total(l.Spec.Reserved) + total(l.Spec.Settled)
	if now > l.Spec.LimitMinor && (before == nil || now > total(before.Reserved)+total(before.Settled)) {
		h.addf("ledger %s holds %d, above its limit of %d", l.Name, now, l.Spec.LimitMinor)
	}
}

// stays checks that what is settled never changes, that a reservation never grows, and that nothing vanishes.
func (h *moneyHistory) stays(l *v1alpha1.MDFLedger, before *v1alpha1.MDFLedgerSpec) {
	for _, key := range slices.Sorted(maps.Keys(before.Reserved)) {
		if now, there := l.Spec.Reserved[key]; !there || now > before.Reserved[key] {
			h.addf("ledger %s: the reservation %s was %d and is %d (there: %t): it cannot grow or vanish", l.Name, key, before.Reserved[key], now, there)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before.Settled)) {
		if now, there := l.Spec.Settled[key]; !there || now != before.Settled[key] && now != before.Settled[key]-before.Unpaid[key] {
			h.addf("ledger %s: the settlement %s was %d and is %d: it cannot change", l.Name, key, before.Settled[key], now)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(before.Payments)) {
		if now := l.Spec.Payments[id]; now != before.Payments[id] {
			h.addf("ledger %s: payment %s settled %s and now %q", l.Name, id, before.Payments[id], now)
		}
	}
}

// rebuilt checks a ledger that was written anew: it holds nothing that the lost one did not, and all that statuses say.
func (h *moneyHistory) rebuilt(l *v1alpha1.MDFLedger, last *v1alpha1.MDFLedgerSpec) {
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Reserved)) {
		if was, known := last.Reserved[key]; !known || l.Spec.Reserved[key] > was {
			h.addf("ledger %s: reservation %s was rebuilt as %d and was %d (known: %t)", l.Name, key, l.Spec.Reserved[key], was, known)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Settled)) {
		if was := last.Settled[key]; l.Spec.Settled[key] != was {
			h.addf("ledger %s: settlement %s was rebuilt as %d and was %d", l.Name, key, l.Spec.Settled[key], was)
		}
	}
	h.payments(l)
}

// payments checks that each settlement has a payment, and each payment a settlement; and that no more is unpaid than is settled.
func (h *moneyHistory) payments(l *v1alpha1.MDFLedger) {
	paidBy := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(l.Spec.Payments)) {
		paidBy[l.Spec.Payments[id]] = id
	}
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Settled)) {
		if claim := claimOf(key); paidBy[claim] == "" {
			h.addf("ledger %s: no payment settles %s", l.Name, key)
		}
	}
	if len(paidBy) != len(l.Spec.Settled) {
		h.addf("ledger %s: %d payments settle %d claims", l.Name, len(paidBy), len(l.Spec.Settled))
	}
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Unpaid)) {
		if open := l.Spec.Unpaid[key]; open <= 0 || open > l.Spec.Settled[key] {
			h.addf("ledger %s: %d of the %d of %s is unpaid", l.Name, open, l.Spec.Settled[key], key)
		}
	}
}

// claimOf returns namespace/name of the claim of a settlement's key, namespace/request/requestID/claim.
func claimOf(key string) string {
	parts := strings.Split(key, "/")
	return parts[0] + "/" + parts[len(parts)-1]
}

// reserved checks what a write reserves and releases.
func (h *moneyHistory) reserved(l *v1alpha1.MDFLedger, before *v1alpha1.MDFLedgerSpec, v *ledgerView) {
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Reserved)) {
		amount := l.Spec.Reserved[key]
		was, known := before.Reserved[key]
		settled := sumUnder(l.Spec.Settled, key) - sumUnder(before.Settled, key)
		if !known {
			if most, approved := v.approved[key]; !approved || amount <= 0 || amount+settled > most {
				h.addf("ledger %s: %d was reserved for %s, of which %d was approved (approved: %t)", l.Name, amount, key, most, approved)
			}
			continue
		}
		switch lowered := was - amount; {
		case settled > 0 && lowered < settled:
			h.addf("ledger %s: %d was settled for %s, and its reservation fell by %d", l.Name, settled, key, lowered)
		case lowered > settled && h.asks(key) && !v.announced(key, amount+sumUnder(l.Spec.Settled, key)):
			h.addf("ledger %s: reservation %s was lowered to %d before the request's status said so", l.Name, key, amount)
		}
		if open := h.open(l, key); amount != was && open > amount {
			h.addf("ledger %s: reservation %s was lowered to %d, and accepted claims hold %d", l.Name, key, amount, open)
		}
	}
}

// announced reports whether a request's status said that no more than an amount is reserved.
func (v *ledgerView) announced(key string, amount int64) bool {
	said, known := v.said[key]
	return known && said <= amount
}

// asks reports whether there is a request with a key.
func (h *moneyHistory) asks(key string) bool {
	for _, r := range h.requests {
		if requestKey(r, r.Spec.RequestID) == key {
			return true
		}
	}
	return false
}

// open is what accepted claims on a request hold that are not settled. One that was ever sent back is left aside.
func (h *moneyHistory) open(l *v1alpha1.MDFLedger, key string) (sum int64) {
	for _, name := range slices.Sorted(maps.Keys(h.claims)) {
		c := h.claims[name]
		r := h.requests[c.Namespace+"/"+string(c.Spec.AllocationRef.Name)]
		if r == nil || requestKey(r, r.Spec.RequestID) != key || c.Status.Stage != v1alpha1.ClaimAccepted || c.Status.ObservedGeneration != c.Generation {
			continue
		}
		if _, settled := l.Spec.Settled[key+"/"+c.Name]; !settled && !h.sentBack("MDFClaim", c) && !h.sentBack("MDFAllocation", r) {
			sum += minorOf(c.Status.Payable)
		}
	}
	return sum
}

// settled checks what a write settles.
func (h *moneyHistory) settled(l *v1alpha1.MDFLedger, before *v1alpha1.MDFLedgerSpec, v *ledgerView) {
	h.payments(l)
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Settled)) {
		if _, known := before.Settled[key]; known {
			continue
		}
		amount := l.Spec.Settled[key]
		if most, approved := v.payable[key]; !approved || amount <= 0 || amount > most {
			h.addf("ledger %s: %d was settled for %s, of which %d was payable (approved: %t)", l.Name, amount, key, most, approved)
		}
		c := h.claims[claimOf(key)]
		if c == nil || len(c.Spec.Payments) == 0 {
			h.addf("ledger %s: %d was settled for %s, which records no payment", l.Name, amount, key)
			continue
		}
		noted := slices.ContainsFunc(c.Spec.Payments, func(p v1alpha1.Payment) bool {
			return l.Spec.Payments[fmt.Sprintf("%s#%d", p.Document, p.Line)] == nameOf(c)
		})
		if !noted {
			h.addf("ledger %s: %d was settled for %s, and none of its payments is noted", l.Name, amount, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(l.Spec.Settled)) {
		if c := h.claims[claimOf(key)]; c != nil && l.Spec.Settled[key]-l.Spec.Unpaid[key] > staysPaid(c) {
			h.addf("ledger %s: %d of %s counts as paid, and its payments come to %d", l.Name, l.Spec.Settled[key]-l.Spec.Unpaid[key], key, staysPaid(c))
		}
	}
}

// staysPaid is what the payments of a claim come to, without what came back.
func staysPaid(c *v1alpha1.MDFClaim) (sum int64) {
	for i := range c.Spec.Payments {
		p := &c.Spec.Payments[i]
		if amount := minorOf(&v1alpha1.Money{Amount: p.Net, Currency: p.Currency}); p.Reverses == nil {
			sum += amount
		} else {
			sum -= amount
		}
	}
	return sum
}
