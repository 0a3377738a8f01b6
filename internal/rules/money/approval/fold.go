package approval

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/verdict"
)

// Case is what the decisions on a request or claim are about.
type Case struct {
	// Kind and Name are those of the target of the decisions.
	Kind string
	Name v1alpha1.Name
	// Revision is the current one.
	Revision string
	// Requester is who asks or claims, and so cannot approve.
	Requester string
	// Owner is, for a claim, who requested the money that it draws on, and cannot approve either; empty for a request.
	Owner string
	// Recorders are who recorded the request or claim from a document, for a claim also the request: they cannot approve it either.
	Recorders []string
	// Currency is the one in which an approval in part states its amount: of a request its own, of a claim the budget's.
	Currency v1alpha1.CurrencyCode
	// Most is what is requested or claimed, in minor units of that currency; negative when it is not known. An approval in part of as much or
	// more approves all of it.
	Most int64
	// Needed returns how many people must approve an amount, in minor units of Currency and negative for all of it, at an instant. Of 0, which nobody
	// asks for, it is as many as any amount needs.
	Needed func(amount int64, at time.Time) int
	// Begun is the end of the first day of the activity: an approval from then on is after the fact and does not count but as an exception. Zero when
	// approvals are bound by no day.
	Begun time.Time
	// Granted says that the ledger holds money for the request, so that what changes of it can be approved while the activity goes on.
	Granted bool
	// From and Late are the first instant of the days within which the vendor decides, and the first after them.
	From, Late time.Time
}

// exceptionApprovers is how many people must approve an exception at least.
const exceptionApprovers = 2

// Approval is what was approved of a request or claim.
type Approval struct {
	// Complete says that as many people as needed have approved the current revision, and that no one withdrew it.
	Complete bool
	// Withdrawn says that a complete approval was withdrawn: of the current revision or, while that is not approved, of every other revision
	// that was. It never ends.
	Withdrawn bool
	// WithdrawnBy is the decision that withdrew the approval of the current revision; nil when none did.
	WithdrawnBy *v1alpha1.ApprovalDecision
	// SentBack is the latest decision on any revision when it returned or rejected it, and nothing was approved after; else nil.
	SentBack *v1alpha1.ApprovalDecision
	// Changed says that the current revision is not approved, while another one was and nobody withdrew that.
	Changed bool
	// Self is the latest approval of the current revision by the person who asks or claims, or who recorded that for them, which does not count; nil
	// when there is none.
	Self *v1alpha1.ApprovalDecision
	// InTime says that another content than the current one is approved, by as many people as any amount needs, since before the activity had begun.
	InTime bool
	// Needed is how many people must approve what those who did have approved.
	Needed int
	// Amount is the least amount that one of the approvers approved, in minor units of its currency; negative when all approved all of it, and
	// while the approval is not complete.
	Amount int64
	// DecidedTime is the instant of the decision that completed the approval; zero while it is not complete.
	DecidedTime time.Time
	// Since is the instant since which some revision, not always the same one, was approved without a break; zero when none ever was. Until
	// is when that ended; zero while it has not.
	Since, Until time.Time
	// CostsFrom is the instant on whose day costs are covered first, until Until: that of the approval or, of an exception, when the vendor should have
	// decided at the latest.
	CostsFrom time.Time
	// AfterTheFact is the latest approval of the current revision that came after the activity had begun and so does not count; nil when there is none.
	AfterTheFact *v1alpha1.ApprovalDecision
	// Exception says that the approval is complete as an exception, after the activity had begun.
	Exception bool
	// Excepted is the decision that completed an exception, with which what stands approved began, also when another content was approved since; nil when
	// it began otherwise.
	Excepted *v1alpha1.ApprovalDecision
	// Decided is the decision by which the vendor decided in time, so that there is no exception; nil when it did not.
	Decided *v1alpha1.ApprovalDecision
	// Answered is the latest decision since From by which the vendor decided on some content, in its days or late; nil when there is none.
	Answered *v1alpha1.ApprovalDecision
	// Creatives are the digests of the files that the vendor approved to be shown, with the instant since when.
	Creatives map[v1alpha1.SHA256]time.Time
	// Approvals are the decisions that count, by decidedTime.
	Approvals []v1alpha1.AllocationApproval
	// Next is the instant of the next decision that is dated after now; zero when there is none.
	Next time.Time

	excepted bool // some have approved an exception, and it is not complete
}

// ruling is what became of a decision on money.
type ruling struct {
	reason string                     // of the condition Effective; empty while it counts
	by     *v1alpha1.ApprovalDecision // the decision that voided or superseded it; nil when none did
	err    error                      // why its amount cannot be used
}

// Why decisions on money do not count, besides the reasons of the API.
const (
	rulingVoid     = "Void"     // a later decision sent the revision back
	rulingComplete = "Complete" // the approval was complete without it
	rulingEnded    = "Ended"    // the approval of the revision was withdrawn before
	rulingBegun    = "Begun"    // the activity had begun
)

// Fold folds the decisions on a request or claim that were taken by now, in the order of spec.decidedTime and, at one instant, of their
// names.
//
// On each revision approvals by different people count, but never the requester's; of one person's the latest. The approval is complete with
// the decision that makes as many as the least amount among them needs. Before that, a decision that returns or rejects the revision voids
// what was approved; after it, it withdraws the approval for ever.
//
// Once the activity has begun an approval counts no more, but of a change of what was approved in time, or is granted. Where the vendor has not decided within its days, two different people may approve an
// exception.
func Fold(snap *snapshot.Snapshot, c Case, now time.Time) Approval {
	f := foldDecisions(snap.DecisionsAbout(c.Kind, c.Name), c, now)
	return f.approval(now)
}

// fold is the approval of a request or claim as it stands after some of the decisions.
type fold struct {
	Case

	revisions map[string]*revisionFold
	rulings   map[string]ruling // by the decision's name
	sentBack  *v1alpha1.ApprovalDecision
	since     time.Time                  // since when, without a break, some revision was approved
	costs     time.Time                  // since when costs are covered
	excepted  *v1alpha1.ApprovalDecision // that completed the exception with which what stands approved began
	until     time.Time                  // when that ended; zero while it has not
	decided   *v1alpha1.ApprovalDecision // by which the vendor decided within its days
	answered  *v1alpha1.ApprovalDecision // by which it decided last
	next      time.Time

	asException bool // somebody approved an exception

	creatives map[v1alpha1.SHA256]time.Time // by the decisions that count for them
}

// stands reports whether some revision is approved.
func (f *fold) stands() bool {
	for _, r := range f.revisions {
		if !r.completedOn.IsZero() {
			return true
		}
	}
	return false
}

// revisionFold is the approval of one revision.
type revisionFold struct {
	counted     []*v1alpha1.ApprovalDecision // that approve, one by each person, in order
	completedOn time.Time
	people      []*v1alpha1.ApprovalDecision // the first approval of each person, also behind the one that completed it
	sureOn      time.Time                    // when enough people had approved it, whatever it asks for
	withdrawnBy *v1alpha1.ApprovalDecision   // nil unless the approval was complete and was withdrawn
	self        *v1alpha1.ApprovalDecision   // the latest approval by the requester, or by who recorded the request
	begun       *v1alpha1.ApprovalDecision   // the latest approval after the activity had begun, which does not count
	exception   bool                         // it was completed as an exception
	last        *v1alpha1.ApprovalDecision   // the latest decision that returned, rejected or counted
}

func foldDecisions(decisions []*v1alpha1.ApprovalDecision, c Case, now time.Time) *fold {
	f := &fold{Case: c, revisions: map[string]*revisionFold{}, rulings: map[string]ruling{}}
	f.asException = slices.ContainsFunc(decisions, func(d *v1alpha1.ApprovalDecision) bool {
		return d.Spec.Exception != nil && !d.Spec.DecidedTime.After(now)
	})
	horizon := verdict.NewHorizon(now)
	for _, d := range snapshot.InOrder(decisions) {
		switch at := d.Spec.DecidedTime.Time; {
		case at.IsZero():
			f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonNotEvaluated} // the schema refuses it
		case at.After(now):
			horizon.At(at)
			f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonNotYetInForce}
		case d.Spec.Party != v1alpha1.PartyVendor:
			f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonPartyNotAsked}
		default:
			f.decide(d)
		}
	}
	f.next = horizon.Next()
	for _, d := range snapshot.InOrder(decisions) {
		f.show(d)
	}
	return f
}

// show notes the creatives that a decision approves. It does also where the request was approved without it, its content was changed since, or the activity
// had begun; not where a later decision sent back what it approved.
func (f *fold) show(d *v1alpha1.ApprovalDecision) {
	if !f.showsCreatives(d) {
		return
	}
	if f.creatives == nil {
		f.creatives = map[v1alpha1.SHA256]time.Time{}
	}
	for _, digest := range d.Spec.Creatives {
		if _, earlier := f.creatives[digest]; !earlier {
			f.creatives[digest] = d.Spec.DecidedTime.Time
		}
	}
}

// showsCreatives reports whether a decision that was folded counts for creatives.
func (f *fold) showsCreatives(d *v1alpha1.ApprovalDecision) bool {
	switch f.rulings[d.Name].reason {
	case "", rulingComplete, rulingBegun, v1alpha1.ReasonNoException:
	case v1alpha1.ReasonSuperseded:
		by := f.rulings[d.Name].by
		if by == nil || by.Spec.Decision == v1alpha1.DecisionReturned || by.Spec.Decision == v1alpha1.DecisionRejected {
			return false
		}
	default:
		return false
	}
	return len(d.Spec.Creatives) > 0 && (d.Spec.Decision == v1alpha1.DecisionApproved || d.Spec.Decision == v1alpha1.DecisionApprovedInPart)
}

// at returns the fold of a revision.
func (f *fold) at(revision string) *revisionFold {
	r := f.revisions[revision]
	if r == nil {
		r = &revisionFold{}
		f.revisions[revision] = r
	}
	return r
}

// of returns the fold of a revision once all decisions were taken into account.
func (f *fold) of(revision string) *revisionFold {
	if r := f.revisions[revision]; r != nil {
		return r
	}
	return &revisionFold{}
}

// decide takes the next decision into account.
func (f *fold) decide(d *v1alpha1.ApprovalDecision) {
	r := f.at(d.Spec.Revision)
	switch d.Spec.Decision {
	case v1alpha1.DecisionApproved, v1alpha1.DecisionApprovedInPart:
		f.approve(r, d)
	default:
		f.sendBack(r, d)
	}
}

// sendBack takes a decision into account that returns or rejects a revision.
func (f *fold) sendBack(r *revisionFold, d *v1alpha1.ApprovalDecision) {
	f.note(d)
	for _, approval := range r.counted {
		f.rulings[approval.Name] = ruling{reason: rulingVoid, by: d}
	}
	if r.last != nil && f.rulings[r.last.Name].reason == "" {
		f.rulings[r.last.Name] = ruling{reason: v1alpha1.ReasonSuperseded, by: d}
	}
	if !r.completedOn.IsZero() {
		r.withdrawnBy = d
	}
	stood := f.stands()
	r.counted, r.completedOn, r.self, r.begun, r.exception, r.last = nil, time.Time{}, nil, nil, false, d
	r.people, r.sureOn = nil, time.Time{}
	if stood && !f.stands() {
		f.until = d.Spec.DecidedTime.Time
	}
	f.rulings[d.Name] = ruling{}
	f.sentBack = d
}

// approve takes an approval into account.
func (f *fold) approve(r *revisionFold, d *v1alpha1.ApprovalDecision) {
	current := d.Spec.Revision == f.Revision
	_, err := f.amountOf(d)
	switch {
	case identity.SamePerson(d.Spec.ApprovedBy, f.Requester) || f.Owner != "" && identity.SamePerson(d.Spec.ApprovedBy, f.Owner):
		f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonSelfApproval}
		r.self = d
	case f.recorded(d.Spec.ApprovedBy):
		f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonRecorderApproves}
		r.self = d
	case err != nil && errors.Is(err, errCurrency):
		f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonCurrencyMismatch, err: err}
	case err != nil:
		f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonNotEvaluated, err: err}
	case r.withdrawnBy != nil && current:
		f.rulings[d.Name] = ruling{reason: rulingEnded, by: r.withdrawnBy}
	case !r.completedOn.IsZero():
		f.rulings[d.Name] = ruling{reason: rulingComplete, by: r.last}
		f.vouch(r, d)
	case current && d.Spec.Exception != nil && !f.exceptional(d):
		f.rulings[d.Name] = ruling{reason: v1alpha1.ReasonNoException, by: f.decided}
	case current && d.Spec.Exception == nil && f.hasBegun(d) && !f.continues():
		f.note(d)
		f.rulings[d.Name] = ruling{reason: rulingBegun}
		r.begun = d
	default:
		f.vouch(r, d)
		f.count(r, d, current)
	}
}

// vouch notes who approves a revision: how many people it needed is not known of one that is not the current one.
func (f *fold) vouch(r *revisionFold, d *v1alpha1.ApprovalDecision) {
	if slices.ContainsFunc(r.people, func(x *v1alpha1.ApprovalDecision) bool {
		return identity.SamePerson(x.Spec.ApprovedBy, d.Spec.ApprovedBy)
	}) {
		return
	}
	r.people = append(r.people, d)
	if at := d.Spec.DecidedTime.Time; r.sureOn.IsZero() && len(r.people) >= f.Needed(0, at) {
		r.sureOn = at
	}
}

// recorded reports whether a person recorded the request or claim for the partner.
func (c *Case) recorded(by string) bool {
	return slices.ContainsFunc(c.Recorders, func(recorder string) bool { return identity.SamePerson(recorder, by) })
}

// SelfReason is the reason for which an approval by who asks, or by who recorded that, does not count.
func (c *Case) SelfReason(d *v1alpha1.ApprovalDecision) string {
	if identity.SamePerson(d.Spec.ApprovedBy, c.Requester) || c.Owner != "" && identity.SamePerson(d.Spec.ApprovedBy, c.Owner) {
		return v1alpha1.ReasonSelfApproval
	}
	return v1alpha1.ReasonRecorderApproves
}

// Recorder returns who recorded something, as a list; nothing where attestation is nil.
func Recorder(attestations ...*v1alpha1.Attestation) []string {
	var names []string
	for _, a := range attestations {
		if a != nil {
			names = append(names, a.RecordedBy)
		}
	}
	return names
}

// count counts an approval.
func (f *fold) count(r *revisionFold, d *v1alpha1.ApprovalDecision, current bool) {
	if len(r.counted) == 0 && r.last != nil { // it was sent back before
		f.rulings[r.last.Name] = ruling{reason: v1alpha1.ReasonSuperseded, by: d}
	}
	r.counted = slices.DeleteFunc(r.counted, func(x *v1alpha1.ApprovalDecision) bool {
		if !identity.SamePerson(x.Spec.ApprovedBy, d.Spec.ApprovedBy) {
			return false
		}
		f.rulings[x.Name] = ruling{reason: v1alpha1.ReasonSuperseded, by: d}
		return true
	})
	r.counted, r.last, f.sentBack = append(r.counted, d), d, nil
	f.rulings[d.Name] = ruling{}
	// What another revision asks for is not known, so neither is how many people it needed: one is enough to take it for approved. That
	// keeps money reserved, and none is granted or paid for it.
	needed, have := 1, r.counted
	if current {
		needed = f.Needed(f.least(r.counted), d.Spec.DecidedTime.Time)
	}
	exception := d.Spec.Exception != nil
	if exception {
		needed, have = max(needed, exceptionApprovers), exceptions(r.counted)
	}
	if len(have) >= needed {
		f.note(d)
		if exception {
			r.counted = have
		}
		r.exception = exception
		if !f.stands() {
			f.since, f.until = d.Spec.DecidedTime.Time, time.Time{}
			f.costs, f.excepted = f.since, nil
			if exception {
				f.excepted = d
				f.costs = earlier(f.Begun, f.Late).Add(-1)
			}
		}
		r.completedOn, r.withdrawnBy = d.Spec.DecidedTime.Time, nil
	}
}

// note notes a decision by which the vendor decides: the last one, and the first within its days.
func (f *fold) note(d *v1alpha1.ApprovalDecision) {
	at := d.Spec.DecidedTime.Time
	if at.Before(f.From) {
		return
	}
	f.answered = d
	if f.decided == nil && at.Before(f.Late) {
		f.decided = d
	}
}

// hasBegun reports whether a decision was taken after the first day of the activity.
func (f *fold) hasBegun(d *v1alpha1.ApprovalDecision) bool {
	return !f.Begun.IsZero() && !d.Spec.DecidedTime.Time.Before(f.Begun)
}

// continues reports whether an approval goes on with one that came in time: of a request that was changed since, or that is granted. An earlier content
// counts for that only if as many people approved it as any amount needs. What was granted as an exception goes on with that exception, not with
// approvals that came too late before it.
func (f *fold) continues() bool {
	if f.Granted {
		return !f.since.IsZero() || !f.asException
	}
	return f.inTime()
}

// inTime reports whether something that is approved was so, whatever it asks for, before the activity had begun.
func (f *fold) inTime() bool {
	for _, r := range f.revisions {
		if !r.completedOn.IsZero() && r.completedOn.Before(f.Begun) && !r.sureOn.IsZero() && r.sureOn.Before(f.Begun) {
			return true
		}
	}
	return false
}

// exceptional reports whether an exception may be approved: after the activity has begun, of what the vendor has not decided within its days.
func (f *fold) exceptional(d *v1alpha1.ApprovalDecision) bool {
	return f.hasBegun(d) && f.decided == nil && !f.Late.IsZero() && !d.Spec.DecidedTime.Time.Before(f.Late)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// exceptions returns the approvals that are exceptions.
func exceptions(counted []*v1alpha1.ApprovalDecision) []*v1alpha1.ApprovalDecision {
	return slices.DeleteFunc(slices.Clone(counted), func(d *v1alpha1.ApprovalDecision) bool { return d.Spec.Exception == nil })
}

// errCurrency says that an approval in part states its amount in a currency other than it has to.
var errCurrency = errors.New("the amount is in the wrong currency")

// amountOf returns what a decision on the current revision approves, in minor units; negative for all of it.
func (f *fold) amountOf(d *v1alpha1.ApprovalDecision) (int64, error) {
	if d.Spec.Decision != v1alpha1.DecisionApprovedInPart || d.Spec.Revision != f.Revision {
		return -1, nil
	}
	amount, err := f.stated(d)
	if err == nil && f.Most >= 0 && amount >= f.Most {
		return -1, nil
	}
	return amount, err
}

// stated returns the amount of an approval in part, in minor units; negative for a decision that states none and need not.
func (f *fold) stated(d *v1alpha1.ApprovalDecision) (int64, error) {
	switch stated := d.Spec.Amount; {
	case d.Spec.Decision != v1alpha1.DecisionApprovedInPart:
		return -1, nil
	case stated == nil && d.Spec.Percent != "":
		return f.statedPercent(d)
	case stated == nil:
		return 0, errors.New("an approval in part needs an amount: create another ApprovalDecision that states it")
	case d.Spec.Percent != "":
		return 0, errors.New("an approval in part states an amount or a percent: create another ApprovalDecision that states one of them")
	case f.Currency == "":
		return 0, errors.New("the currency of the amount cannot be checked while the budget of the request is missing: restore the budget")
	case stated.Currency != f.Currency:
		return 0, fmt.Errorf("%w: %s instead of %s; create another ApprovalDecision with an amount in %s",
			errCurrency, stated.Currency, f.Currency, f.Currency)
	default:
		amount, err := money.ParseMoney(*stated)
		if err == nil && amount <= 0 {
			err = errors.New("the amount must be above zero: to approve nothing, reject it")
		}
		return amount, err
	}
}

// statedPercent returns the amount of an approval of a share of what is requested, in minor units, rounded down.
func (f *fold) statedPercent(d *v1alpha1.ApprovalDecision) (int64, error) {
	percent, err := decimal.ParsePercent(d.Spec.Percent)
	switch {
	case err != nil:
		return 0, err
	case f.Kind != kinds.MDFAllocation:
		return 0, errors.New("a percent is of the amount of a request: create another ApprovalDecision that states an amount")
	case f.Most < 0:
		return 0, errors.New("the percent is of the amount requested, which cannot be read: correct spec.amount of the request")
	}
	amount, err := money.Percent(f.Most, percent)
	if err == nil && amount <= 0 {
		err = fmt.Errorf("%s percent of %s comes to nothing: to approve nothing, reject it", d.Spec.Percent, money.Format(f.Most, f.Currency))
	}
	return amount, err
}

// least returns the least amount that approvals approve; negative when all approve all of it.
func (f *fold) least(approvals []*v1alpha1.ApprovalDecision) int64 {
	least := int64(-1)
	for _, d := range approvals {
		if amount, err := f.amountOf(d); err == nil && amount >= 0 && (least < 0 || amount < least) {
			least = amount
		}
	}
	return least
}

// approval returns what the decisions come to for the current revision.
func (f *fold) approval(now time.Time) Approval {
	r := f.at(f.Revision)
	least := f.least(r.counted)
	a := Approval{
		Complete: !r.completedOn.IsZero(), Withdrawn: r.withdrawnBy != nil, WithdrawnBy: r.withdrawnBy, SentBack: f.sentBack, Self: r.self, Amount: -1,
		DecidedTime: r.completedOn, Since: f.since, Until: f.until, CostsFrom: f.costs, Needed: f.Needed(least, now), Next: f.next,
		AfterTheFact: r.begun, Exception: r.exception, Decided: f.decided, Answered: f.answered, InTime: f.inTime(),
		Creatives: f.creatives,
	}
	if r.exception {
		a.Needed = max(a.Needed, exceptionApprovers)
	}
	if waiting := exceptions(r.counted); len(waiting) > 0 && !a.Complete {
		// Approvals that came in time, but were too few, do not make up for an exception.
		a.Needed, a.excepted, r.counted = max(a.Needed, exceptionApprovers), true, waiting
	}
	if a.Complete {
		a.Amount = least
	}
	if f.stands() {
		a.Excepted = f.excepted
	}
	for _, d := range r.counted {
		a.Approvals = append(a.Approvals, v1alpha1.AllocationApproval{
			By: d.Spec.ApprovedBy, Decision: v1alpha1.Name(d.Name), DecidedTime: d.Spec.DecidedTime,
		})
	}
	if a.Complete || a.Withdrawn {
		return a
	}
	for revision, other := range f.revisions {
		if revision != f.Revision {
			a.Changed = a.Changed || !other.completedOn.IsZero()
			// What was approved after a withdrawal is not ended by it, also where more people must approve it now than then.
			a.Withdrawn = a.Withdrawn || other.withdrawnBy != nil && (len(r.counted) == 0 ||
				r.counted[len(r.counted)-1].Spec.DecidedTime.Time.Before(other.withdrawnBy.Spec.DecidedTime.Time))
		}
	}
	a.Withdrawn = a.Withdrawn && !a.Changed
	return a
}
