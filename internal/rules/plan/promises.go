package plan

import (
	"cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// Promise is something that a party has to do for a plan by a day.
type Promise struct {
	// Kind says what it is: the kind of an open item, Review or Reconciliation.
	Kind string
	// Name is the name by which it is told apart from others of its kind.
	Name v1alpha1.ItemName
	// Party is who has to do it; empty when the plan does not say.
	Party v1alpha1.Party
	// Due is the last day on which it is done in time.
	Due fiscal.Day
	// DoneOn is the day on which it was done; absent while it is not.
	DoneOn fiscal.Day
}

// comparePromises puts promises in order: by their days, then by what they are.
func comparePromises(a, b Promise) int {
	return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Party, b.Party))
}

// Kinds of promises besides those of open items.
const (
	kindReview         = "Review"
	kindReconciliation = "Reconciliation"
)

// bothParties are the parties, in the order in which they are shown.
var bothParties = []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner}

// promise notes a promise.
func (e *evaluation) promise(p Promise) {
	e.promises = append(e.promises, p)
	if p.DoneOn.IsZero() {
		e.from(p.Due.AddDays(1))
	}
}

// Count adds promises up, of each party, the vendor first; nil when there are none. What the plan leaves to no party counts for none.
func Count(promises []Promise, today fiscal.Day) []v1alpha1.PartyPromises {
	if len(promises) == 0 {
		return nil
	}
	var all []v1alpha1.PartyPromises
	for _, party := range bothParties {
		sum := v1alpha1.PartyPromises{Party: party}
		for i := range promises {
			p := &promises[i]
			switch {
			case p.Party != party:
			case !p.DoneOn.IsZero() && p.DoneOn <= p.Due:
				sum.Kept++
			case !p.DoneOn.IsZero():
				sum.Late++
			case today > p.Due:
				sum.Overdue++
			default:
				sum.Open++
			}
		}
		if sum.Due = sum.Kept + sum.Late + sum.Overdue; sum.Due > 0 {
			sum.Percent = new(int32(int64(sum.Kept) * 100 / int64(sum.Due))) //nolint:gosec // a percentage
		}
		all = append(all, sum)
	}
	return all
}

// promiseReviews notes the reviews: both parties owe each, within its grace.
func (e *evaluation) promiseReviews(m *meetings) {
	for i := range m.slots {
		s := &m.slots[i]
		through := s.overdue.AddDays(-1)
		if s.heldOn.IsZero() {
			through = m.overdueOf(i).AddDays(-1)
		}
		for _, party := range bothParties {
			e.promise(Promise{Kind: kindReview, Name: v1alpha1.ItemName(s.due.String()), Party: party, Due: through, DoneOn: s.heldOn})
		}
	}
}

// doneOn returns the day on which a goal, commitment, action or risk was reported as done by today; absent when it was not.
func (e *evaluation) doneOn(kind string, name v1alpha1.ItemName) fiscal.Day {
	for i := range e.done {
		if done := &e.done[i]; done.Kind == kind && done.Name == name {
			day, err := fiscal.ParseDay(done.Day)
			if err == nil {
				return day
			}
		}
	}
	return 0
}

// escalated returns the highest step of the ladder of commitments that something reaches which was due on a day, and the next one; nil for none.
func (e *evaluation) escalated(due fiscal.Day) (current, next *v1alpha1.EscalationStep) {
	steps := ladder(e.ground.rules, v1alpha1.EscalateCommitment)
	for i := range steps {
		reached := due.AddDays(int(steps[i].AfterDays) + 1)
		e.from(reached)
		if e.today < reached {
			return current, &steps[i]
		}
		current = &steps[i]
	}
	return current, nil
}

// escalate notes on an overdue item who has heard of it, and says so behind other clauses.
func (e *evaluation) escalate(open *v1alpha1.OpenItem, due fiscal.Day) string {
	text := ""
	step, next := e.escalated(due)
	if e.today <= due {
		return text
	}
	if step != nil {
		open.EscalatedTo = step.To
		text += "; escalated to the " + step.To + " on " + due.AddDays(int(step.AfterDays)+1).String()
	}
	if next != nil {
		text += "; it escalates to the " + next.To + " on " + due.AddDays(int(next.AfterDays)+1).String()
	}
	return text
}
