package plan

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// The documented defaults of decideWithinDays and resubmitWithinDays.
const (
	defaultDecideDays   = 10
	defaultResubmitDays = 10
)

// decideDays returns within how many days after its submission the vendor decides.
func decideDays(rules *program.RuleSet) int {
	if rules == nil || rules.Approval == nil {
		return defaultDecideDays
	}
	return int(program.Or(rules.Approval.DecideWithinDays, defaultDecideDays))
}

func resubmitDays(rules *program.RuleSet) int {
	if rules == nil || rules.Approval == nil {
		return defaultResubmitDays
	}
	return int(program.Or(rules.Approval.ResubmitWithinDays, defaultResubmitDays))
}

// Duty says whose turn it is with a plan: the partner submits, the vendor decides, and what the vendor sends back is the partner's again. Each clock
// stops when its owner has done its part.
//
// Submitted is a revision on which the vendor decided afterwards, whatever its errors, and the current one if its content has no errors. The content of
// any other revision is not known any more, as it was edited before anybody decided: its submission stops the partner's clock no longer than the vendor
// had time for it, and only once until the vendor sends something back.
type Duty struct {
	// HasErrors says that the current terms have errors, so that nothing submits them.
	HasErrors bool

	moves            []move
	decide, resubmit int // days
	submission       *submission
}

// submission is the last submission of a revision whose content is known to have no errors.
type submission struct {
	decision  *v1alpha1.ApprovalDecision
	turn      Turn
	decidedOn fiscal.Day // absent while the vendor has not decided
}

// move is an act by which it becomes somebody's turn.
type move struct {
	kind moveKind
	on   fiscal.Day
}

type moveKind int

const (
	moveSubmits   moveKind = iota // the partner submits: the vendor's turn
	moveEdited                    // the partner submitted a text that it edited before anybody decided
	moveWithdraws                 // the partner takes its submission back
	moveSendsBack                 // the vendor returns or rejects: the partner's turn
	moveDecides                   // the vendor approves: nobody's turn
	moveSpeaks                    // the vendor decides on a text that is not submitted: nobody's turn changes
)

// Clock is whose turn it is on a day.
type Clock struct {
	// Owner is the party that has to act; empty when none has.
	Owner v1alpha1.Party
	// Through is its last day; absent for a partner that owes nothing.
	Through fiscal.Day
	// SubmittedOn is the day of the last submission; absent when there is none.
	SubmittedOn fiscal.Day
	// DaysLate is by how many days the partner was late with what it submitted, and VendorDaysLate the vendor with its decisions until it first approved.
	DaysLate, VendorDaysLate int
	// SentBackOn is the day on which the vendor sent the plan back, while nothing is submitted since; absent otherwise.
	SentBackOn fiscal.Day
	// EditedOn is the day of the submission of a text that was edited since, while that holds the partner's clock.
	EditedOn fiscal.Day
	// Approved says that the vendor has approved once: what is submitted after that is an amendment.
	Approved bool
}

// newDuty reads the moves from the decisions that count by now.
func newDuty(a *Approval, plan *v1alpha1.JointPlan, p *snapshot.Snapshot, cal *fiscal.Calendar, rules *program.RuleSet, errors bool) *Duty {
	duty := &Duty{HasErrors: errors, decide: decideDays(rules), resubmit: resubmitDays(rules)}
	decisions := slices.DeleteFunc(slices.Clone(snapshot.InOrder(p.DecisionsOn(v1alpha1.Name(plan.Name)))), func(d *v1alpha1.ApprovalDecision) bool {
		return !a.acts(d)
	})
	asksVendor := a.Asked == nil || slices.Contains(a.Asked, v1alpha1.PartyVendor)
	vendor := map[string]v1alpha1.DecisionOutcome{} // its latest decision, by revision
	open := ""                                      // the revision that is submitted
	judged := map[string]int{}                      // the place of its latest decision, by revision
	for i, d := range decisions {
		if d.Spec.Party == v1alpha1.PartyVendor {
			judged[d.Spec.Revision] = i
		}
	}
	for i, d := range decisions {
		on, revision, outcome := cal.Today(d.Spec.DecidedTime.Time), d.Spec.Revision, d.Spec.Decision
		switch {
		case d.Spec.Party == v1alpha1.PartyVendor:
			vendor[revision] = outcome
			if revision == open {
				duty.decided(outcome, on)
			} else {
				duty.add(moveSpeaks, on)
			}
		case !submits(outcome):
			if revision == open {
				duty.add(moveWithdraws, on)
				open, duty.submission = "", nil
			}
		case isSentBack(vendor[revision]), revision == a.Revision && errors && judged[revision] <= i && !a.wasOfRecord(revision):
			// what was sent back has to be changed, and what has errors is not submitted, unless the vendor decided on it as it is
		case revision != a.Revision && judged[revision] <= i && !a.wasOfRecord(revision):
			duty.add(moveEdited, on)
		case revision != open:
			open = revision
			duty.add(moveSubmits, on)
			duty.submission = &submission{decision: d, turn: NewTurn(on, rules)}
			if !asksVendor || vendor[revision] == v1alpha1.DecisionApproved {
				duty.decided(v1alpha1.DecisionApproved, on)
			}
		}
	}
	return duty
}

func (d *Duty) add(kind moveKind, on fiscal.Day) { d.moves = append(d.moves, move{kind, on}) }

// decided takes a decision of the vendor on what is submitted.
func (d *Duty) decided(outcome v1alpha1.DecisionOutcome, on fiscal.Day) {
	kind := moveDecides
	if isSentBack(outcome) {
		kind = moveSendsBack
	}
	d.add(kind, on)
	if d.submission != nil && d.submission.decidedOn.IsZero() {
		d.submission.decidedOn = on
	}
}

// Clock returns whose turn it is with a plan that the partner has to submit by a day; absent when it owes none.
func (d *Duty) Clock(due fiscal.Day) Clock {
	c := Clock{Owner: v1alpha1.PartyPartner, Through: due}
	for _, m := range d.moves {
		switch m.kind {
		case moveSubmits:
			c.late(m.on)
			c.Owner, c.Through, c.SubmittedOn, c.SentBackOn, c.EditedOn = v1alpha1.PartyVendor, m.on.AddDays(d.decide), m.on, 0, 0
		case moveEdited:
			if c.Owner == v1alpha1.PartyPartner && c.EditedOn.IsZero() {
				c.late(m.on)
				c.Through, c.EditedOn = max(c.Through, m.on.AddDays(d.decide)), m.on
			}
		case moveWithdraws:
			if c.Owner != v1alpha1.PartyPartner { // what was sent back is the partner's already, and stays late
				c.Owner, c.Through, c.SentBackOn = v1alpha1.PartyPartner, max(due, m.on), 0
			}
		case moveSendsBack:
			c.late(m.on)
			c.Owner, c.Through, c.SentBackOn = v1alpha1.PartyPartner, max(due, m.on.AddDays(d.resubmit)), m.on
		case moveDecides:
			c.late(m.on)
			c.Owner, c.Through, c.SentBackOn, c.Approved = "", 0, 0, true
		case moveSpeaks:
		}
	}
	return c
}

// late adds the days by which the owner of the turn is late on a day.
func (c *Clock) late(on fiscal.Day) {
	switch {
	case c.Through.IsZero() || on <= c.Through:
	case c.Owner == v1alpha1.PartyPartner:
		c.DaysLate += on.Sub(c.Through)
	case c.Owner == v1alpha1.PartyVendor && !c.Approved:
		c.VendorDaysLate += on.Sub(c.Through)
	}
}

// pending returns the submission that waits for the vendor; nil when none does.
func (d *Duty) pending() *submission {
	if d.Clock(0).Owner != v1alpha1.PartyVendor {
		return nil
	}
	return d.submission
}

// daysLate is by how many days the vendor decided late; 0 while it has not decided, and when it was in time.
func (s *submission) daysLate() int {
	if !s.turn.IsOver(s.decidedOn) {
		return 0
	}
	return s.decidedOn.Sub(s.turn.Through)
}

// submits reports whether a decision of the partner submits what it is about.
func submits(outcome v1alpha1.DecisionOutcome) bool {
	return outcome == v1alpha1.DecisionApproved || outcome == v1alpha1.DecisionSubmitted
}

func isSentBack(outcome v1alpha1.DecisionOutcome) bool {
	return outcome == v1alpha1.DecisionReturned || outcome == v1alpha1.DecisionRejected
}

// acts reports whether a decision was taken by now and counted when it was.
func (a *Approval) acts(d *v1alpha1.ApprovalDecision) bool {
	switch a.verdicts[d.Name].reason {
	case "", v1alpha1.ReasonSuperseded, reasonReplaced:
		return true
	default:
		return false
	}
}

// wasOfRecord reports whether a revision was ever the plan of record.
func (a *Approval) wasOfRecord(revision string) bool {
	return slices.ContainsFunc(a.History, func(r *Record) bool { return r.Revision == revision })
}
