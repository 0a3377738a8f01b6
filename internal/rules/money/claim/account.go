package claim

import (
	"cmp"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// Account is what the claims on a request come to.
type Account struct {
	// Claims are all claims on the request, in the order in which they count: accepted and settled ones by the instant of their approval, then
	// the others by claimedOn, then by name. Claims that an earlier request of the allocation paid are left out.
	Claims []*Claim
	// Settled is what the ledger has settled for the request's key.
	Settled int64
	// Open is what must stay reserved for claims: what is payable on those received in time that wait for their decision or payment, or were
	// sent back and can still be submitted again, or break a rule that can still be corrected: until the claim window or, after a return, the
	// resubmission window is over. It is never more than the ledger reserves.
	Open int64
	// Pending says that such a claim waits for a decision or a payment, so that no day of release is set.
	Pending bool
	// ResubmitThrough is the last day of the latest resubmission window that is open; absent when none is.
	ResubmitThrough fiscal.Day
	// FinalPaid says that the final claim is settled.
	FinalPaid bool
	// Next is the next instant at which any of this may change although no spec and no ledger does; zero when there is none.
	Next time.Time

	earlier []*Claim // claims that an earlier request of the allocation paid
	byName  map[string]*Claim
}

// Claim is one claim as it counts.
type Claim struct {
	// Object is the claim's object.
	Object *v1alpha1.MDFClaim
	// Key is the claim's key in the ledger.
	Key string
	// Revision identifies what is claimed.
	Revision string
	// Accepted is the condition Accepted.
	Accepted verdict.Judgement
	// Paid is the condition Settled.
	Paid verdict.Judgement
	// Approval is what was approved.
	Approval approval.Approval
	// Payable is what is due for payment, or was; OwnCost is what is above it. Before the decision they are what they would be. Both are zero for a
	// claim that is refused or lapsed.
	Payable, OwnCost int64
	// Settled is what the ledger took for the claim with its first payment; IsSettled says whether it did. Of a claim that was sent back after that it
	// is what stays paid.
	Settled   int64
	IsSettled bool
	// Unpaid is what of Settled is not paid, or came back.
	Unpaid int64
	// Payment is the vendor's turn to pay the claim; nil while it is not accepted, and when the program promises no day.
	Payment *Payment
	// Stage is where the claim is in its life; ActBy the last day for its next step, absent when there is none.
	Stage v1alpha1.ClaimStage
	ActBy fiscal.Day
	// Settle is what the ledger has to settle now; nil when nothing.
	Settle *Settlement
	// Findings returns all that is wrong or at risk. Only who asks pays for what is compared with other claims.
	Findings func() []v1alpha1.Finding
	// Next is the next instant at which any of this may change although no spec and no ledger does; zero when there is none.
	Next time.Time

	input   *input
	lines   []*paymentLine
	closing int64 // what of the ledger's settlement is let go, as the claim was sent back
	broken  []breach
	rank    rank
	due     int64  // the share of its costs, rounded down cumulatively
	holds   int64  // what must stay reserved for it
	bound   string // what makes payable less than due
}

// Reserves returns what must stay reserved for the claim, in minor units.
func (v *Claim) Reserves() int64 { return v.holds }

// rank says how a claim counts among those on its request.
type rank int

const (
	rankDecided     rank = iota // settled, or approved
	rankOpen                    // waits for its decision, or can be submitted again
	rankCorrectable             // breaks a rule that can be corrected in time
	rankDraft                   // not claimed yet: it holds nothing, but says what it would get
	rankDead                    // refused or lapsed: it does not count
)

// Settlement is what the ledger has to settle for a claim.
type Settlement struct {
	// Key is the claim's key in the ledger.
	Key string
	// Claim is namespace/name of the claim.
	Claim string
	// Amount is what the claim takes off the reservation; that of a claim that the ledger has settled is what stands there.
	Amount int64
	// Unpaid is what of it is not paid after all lines.
	Unpaid int64
	// Close is what of Unpaid is let go, as the claim was sent back.
	Close int64
	// Lines are those that the ledger has not noted yet.
	Lines []Line
}

// accountOf is the key of an account.
type accountOf struct{ allocation string }

// Of returns what the claims on an allocation come to. It is shared, and must not be changed.
func Of(f *facts.Facts, a *v1alpha1.MDFAllocation) *Account {
	name := v1alpha1.Name(a.Name)
	if !snapshot.Same(f.Snapshot.Allocation(name), a) {
		return addUpClaims(f, request.Of(f, a), f.Snapshot.ClaimsOn(name))
	}
	return facts.Once(f, accountOf{a.Name}, func() *Account { return addUpClaims(f, request.Of(f, a), f.Snapshot.ClaimsOn(name)) })
}

// addUpClaims adds up claims on a request.
func addUpClaims(f *facts.Facts, r *request.Request, claims []*v1alpha1.MDFClaim) *Account {
	account, horizon := &Account{byName: map[string]*Claim{}}, verdict.NewHorizon(f.Now)
	account.Settled = f.Entries(r.Object.Spec.BudgetRef.Name, r.Ledger).Settled(r.Key)
	lost := f.LedgerLost(r.Object, r.Budget)
	for _, claim := range claims {
		view := newClaim(f, r, claim, lost)
		account.byName[claim.Name] = view
		if view.IsSettled && view.Key != facts.ClaimKey(r.Key, v1alpha1.Name(claim.Name)) {
			view.Payable = view.Settled
			account.earlier = append(account.earlier, view)
			continue
		}
		account.Claims = append(account.Claims, view)
	}
	slices.SortFunc(account.Claims, compareClaims)
	distribute(r, account.Claims)
	for _, view := range account.All() {
		view.conclude()
		horizon.At(view.Next)
	}
	markRepeatedPayments(account.Claims)
	account.addUp()
	account.Next = horizon.Next()
	return account
}

// Claim returns one of the claims on the allocation; nil when there is none of that name.
func (a *Account) Claim(name string) *Claim { return a.byName[name] }

// All returns all claims on the allocation, those that an earlier request of it paid last.
func (a *Account) All() []*Claim { return slices.Concat(a.Claims, a.earlier) }

// Closing returns what the ledger still counts as settled for claims that were sent back after a payment of them came back.
func (a *Account) Closing() int64 {
	var sum int64
	for _, view := range a.Claims {
		sum += view.closing
	}
	return sum
}

// compareClaims puts claims in the order in which they count. Nothing in it depends on when objects were created.
func compareClaims(a, b *Claim) int {
	order := cmp.Compare(a.rank, b.rank)
	if order == 0 && a.rank == rankDecided {
		order = a.Approval.DecidedTime.Compare(b.Approval.DecidedTime)
	} else if order == 0 {
		order = cmp.Compare(a.input.claimed, b.input.claimed)
	}
	return cmp.Or(order, cmp.Compare(a.Object.Name, b.Object.Name))
}

// addUp sums what claims hold.
func (a *Account) addUp() {
	for _, view := range a.Claims {
		a.Open += view.holds
		switch {
		case view.Stage == v1alpha1.ClaimSettled:
			a.FinalPaid = a.FinalPaid || view.Object.Spec.Scope == v1alpha1.ClaimFinal
		case view.Stage == v1alpha1.ClaimPendingDecision || view.Stage == v1alpha1.ClaimAccepted:
			a.Pending = true
		case view.holds > 0 && view.input.sentBack != nil:
			a.ResubmitThrough = max(a.ResubmitThrough, view.input.resubmitThrough)
		}
	}
}
