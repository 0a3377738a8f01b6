// Package channelmanager keeps the evidence about the vendor's people who look after partners: what their partners owed for a fiscal period and what became
// of it, and whether that opens the gate of a bonus. Of is a pure function of one evaluated partner and its plans; what it returns adds up and can be taken
// away again, so that a sum of all partners changes by a difference. Evaluate says what a sum comes to.
package channelmanager

import (
	"maps"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

// Reconciliation says how the reconciliation of a plan stands.
type Reconciliation int

const (
	// ReconciliationNotOwed means that the plan needs none, or none yet.
	ReconciliationNotOwed Reconciliation = iota
	// ReconciliationOpen means that the plan can still be reconciled in time.
	ReconciliationOpen
	// ReconciliationInTime means that it was.
	ReconciliationInTime
	// ReconciliationLate means that it was reconciled late, or not although the time for it is past.
	ReconciliationLate
)

// Source is what the facts about one partner are taken from.
type Source struct {
	// Program is the partner's program.
	Program *program.Program
	// Policy is what the program says about managers; nil when it keeps no evidence about them.
	Policy *v1alpha1.ManagerPolicy
	// Partner is the partner, evaluated.
	Partner *v1alpha1.Partner
	// Plans are its plans, evaluated.
	Plans []*v1alpha1.JointPlan
	// Reconciliation says how the reconciliation of a plan stands; nil when plans are not reconciled.
	Reconciliation func(*v1alpha1.JointPlan) Reconciliation
	// LatePayments returns how many payments under a plan the vendor made late, or has not made although they are due; nil when payments have no due day.
	LatePayments func(*v1alpha1.JointPlan) int
}

// Facts are what is known of one or several partners in a fiscal period. All of it adds up: counts, and sums of scores, never a share.
type Facts struct {
	// Partners is the number of partners.
	Partners int
	// Owed is the number of plans owed, Created and CreatedInTime of those that were submitted, Approved and ApprovedInTime of those that were approved.
	Owed, Created, CreatedInTime, Approved, ApprovedInTime int
	// Awaited counts the plans owed and not approved by the last day on which their approval is in time.
	Awaited map[fiscal.Day]int
	// Growing is the number of partners of which it is not known yet whether they will owe another plan in the period.
	Growing int
	// Slots is the number of reviews that are due, InTime, Late and Missed of those that are decided.
	Slots, InTime, Late, Missed int
	// Reconciled counts the plans by how their reconciliation stands.
	Reconciled, ReconciledInTime, ReconciledLate int
	// Plans is the number of approved plans that end in the period, Scored of those with a score, Final of those whose score is final, Unbounded of those of
	// which nobody can say what they may still come to.
	Plans, Scored, Final, Unbounded int
	// Score and AtBest are the sums of the scores, and of what they can still come to, in millionths of a percent.
	Score, AtBest int64
	// LateDecisions and LatePayments are the vendor's, Paying is the number of plans whose payments were looked at.
	LateDecisions, LatePayments, Paying int
}

// Sums are the facts about one or several partners.
type Sums struct {
	// Partners is the number of partners.
	Partners int
	// Periods are the facts by period; nothing for a period of which there are none.
	Periods map[fiscal.Span]Facts
}

// Of returns the facts about a partner: what it adds to the sums of the manager that its spec names. It rests on specs and statuses alone, not on the day.
func Of(s *Source) Sums {
	if s.Policy == nil || s.Program == nil {
		return Sums{}
	}
	c := collector{Source: s, unit: unitOf(s.Policy), periods: map[fiscal.Span]*Facts{}, plans: map[v1alpha1.Name]*v1alpha1.JointPlan{}}
	for _, plan := range s.Plans {
		c.plans[v1alpha1.Name(plan.Name)] = plan
	}
	late := map[v1alpha1.Name]bool{}
	for i := range s.Partner.Status.OwedPlans {
		owed := &s.Partner.Status.OwedPlans[i]
		c.owed(owed, i == 0)
		late[owed.Plan] = late[owed.Plan] || isLate(owed.Late, v1alpha1.PartyVendor)
	}
	for _, plan := range s.Plans {
		c.plan(plan, late[v1alpha1.Name(plan.Name)])
	}
	sums := Sums{Partners: 1}
	for span, facts := range c.periods {
		facts.Partners = 1
		sums.add(span, *facts, 1)
	}
	return sums
}

// unitOf returns the fiscal unit by which a policy keeps evidence.
func unitOf(policy *v1alpha1.ManagerPolicy) fiscal.Unit {
	switch policy.Every {
	case v1alpha1.ReportQuarterly:
		return fiscal.Quarter
	case v1alpha1.ReportYearly:
		return fiscal.Year
	default:
		return fiscal.Half
	}
}

// gateOn returns the gate that is in force on a day; nil when none is.
func gateOn(policy *v1alpha1.ManagerPolicy, day fiscal.Day) *v1alpha1.BonusGate {
	var found *v1alpha1.BonusGate
	var since fiscal.Day
	for i := range policy.Bonus {
		from, err := fiscal.ParseDay(policy.Bonus[i].EffectiveFrom)
		if err == nil && from <= day && (found == nil || from > since) {
			found, since = &policy.Bonus[i], from
		}
	}
	return found
}

// collector collects the facts about a partner.
type collector struct {
	*Source

	unit    fiscal.Unit
	periods map[fiscal.Span]*Facts
	plans   map[v1alpha1.Name]*v1alpha1.JointPlan
}

// in returns the facts of the period that holds a day.
func (c *collector) in(day fiscal.Day) (fiscal.Span, *Facts) {
	span := c.Program.Calendar.PeriodContaining(c.unit, day)
	if c.periods[span] == nil {
		c.periods[span] = &Facts{}
	}
	return span, c.periods[span]
}

// owed counts a plan that is owed, in the period in which its interval ends.
func (c *collector) owed(owed *v1alpha1.OwedPlan, newest bool) {
	through, errThrough := fiscal.ParseDay(owed.Through)
	due, errDue := fiscal.ParseDay(owed.DueOn)
	if errThrough != nil || errDue != nil {
		return
	}
	span, f := c.in(through)
	f.Owed++
	if newest && through < span.Through {
		f.Growing++
	}
	switch owed.State {
	case v1alpha1.ObligationMet, v1alpha1.ObligationMetLate:
		f.Approved++
		if approved := c.approvedOn(owed.Plan); !approved.IsZero() && approved <= due {
			f.ApprovedInTime++
		}
	case v1alpha1.ObligationSubmitted, v1alpha1.ObligationPending, v1alpha1.ObligationOverdue:
		f.await(due, 1)
	}
	if owed.State != v1alpha1.ObligationPending && owed.State != v1alpha1.ObligationOverdue {
		f.Created++
		if !isLate(owed.Late, v1alpha1.PartyPartner) {
			f.CreatedInTime++
		}
	}
}

// approvedOn returns the day on which a plan was first approved; absent when that is not known.
func (c *collector) approvedOn(name v1alpha1.Name) fiscal.Day {
	plan := c.plans[name]
	if plan == nil || len(plan.Status.ScoresByRevision) == 0 {
		return 0
	}
	day, err := fiscal.ParseDay(plan.Status.ScoresByRevision[0].ApprovedOn)
	if err != nil {
		return 0
	}
	return day
}

func isLate(late []v1alpha1.Lateness, party v1alpha1.Party) bool {
	for i := range late {
		if late[i].Party == party {
			return true
		}
	}
	return false
}

// plan counts what came of a plan, in the period in which its own ends. One that is not approved has no reviews and no score yet.
func (c *collector) plan(plan *v1alpha1.JointPlan, lateBefore bool) {
	status := &plan.Status
	if status.Period == nil {
		return
	}
	own, err := fiscal.ParseSpan(status.Period.From, status.Period.Through)
	if err != nil {
		return
	}
	span, f := c.in(own.Through)
	if s := status.Submission; lateBefore || s != nil && (s.DaysLate != nil || s.OverdueSince != "") {
		f.LateDecisions++
	}
	if status.PlanOfRecord == nil {
		return
	}
	f.Plans++
	f.reviews(status.Reviews)
	f.score(scoreBy(status.ScoresByRevision, cutOff(gateOn(c.Policy, span.From), own.From)))
	if c.Reconciliation != nil {
		f.reconciliation(c.Reconciliation(plan))
	}
	if c.LatePayments != nil {
		f.Paying++
		f.LatePayments += c.LatePayments(plan)
	}
}

// reviews counts the reviews that are due. A review is held on the word of the other party: the partner's record counts until the vendor disputes it, the
// vendor's once the partner has confirmed it or let the time for a dispute pass.
func (f *Facts) reviews(reviews *v1alpha1.ReviewStatus) {
	if reviews == nil {
		return
	}
	grace := int(program.Or(reviews.GraceDays, 0))
	for i := range reviews.Slots {
		slot := &reviews.Slots[i]
		f.Slots++
		open := slot.Confirmation == v1alpha1.ConfirmationPending || slot.Confirmation == v1alpha1.ConfirmationDisputed
		switch slot.State {
		case v1alpha1.SlotMissed, v1alpha1.SlotOverdue:
			f.Missed++
		case v1alpha1.SlotHeld, v1alpha1.SlotRecorded:
			switch {
			case isAfter(slot, grace):
				f.Late++
			case slot.State == v1alpha1.SlotRecorded || !open:
				f.InTime++
			}
		case v1alpha1.SlotUpcoming, v1alpha1.SlotOpen, v1alpha1.SlotDue, v1alpha1.SlotInGrace:
		}
	}
}

// isAfter reports whether a review was held after its grace.
func isAfter(slot *v1alpha1.ReviewSlot, grace int) bool {
	due, errDue := fiscal.ParseDay(slot.Due)
	held, errHeld := fiscal.ParseDay(slot.HeldOn)
	return errDue == nil && errHeld == nil && held > due.AddDays(grace)
}

// cutOff is the last day on which an amendment that sets the targets can be approved.
func cutOff(gate *v1alpha1.BonusGate, from fiscal.Day) fiscal.Day {
	if gate == nil {
		return from
	}
	return from.AddDays(int(program.Or(gate.AmendmentCutOffDays, 0)))
}

// scoreBy returns the score by the targets that hold on a day: those of the last revision approved by then, else of the first one. Nil when there is none.
func scoreBy(scores []v1alpha1.RevisionScore, day fiscal.Day) *v1alpha1.RevisionScore {
	at := fiscal.ByCutOff(scores, func(s *v1alpha1.RevisionScore) fiscal.Day {
		approved, err := fiscal.ParseDay(s.ApprovedOn)
		if err != nil {
			return 0
		}
		return approved
	}, day)
	if at < 0 {
		return nil
	}
	return &scores[at]
}

// score adds the score of a plan.
func (f *Facts) score(s *v1alpha1.RevisionScore) {
	if s == nil {
		f.Unbounded++
		return
	}
	if score, ok := millionths(s.Percent); ok {
		f.Scored++
		f.Score += score
		if s.State == "Final" || s.State == "Closed" { // what a gate goal closed stays closed
			f.Final++
		}
	}
	best, ok := millionths(s.AtBestPercent)
	if !ok {
		f.Unbounded++
	}
	f.AtBest += best
}

// million is how many millionths are one.
const million = 1_000_000

// millionths reads a percentage in millionths of a percent.
func millionths(text v1alpha1.Decimal) (int64, bool) {
	value, err := decimal.Parse(text)
	if err != nil {
		return 0, false
	}
	return decimal.FloorInt64(value.Mul(value, new(big.Rat).SetInt64(million))), true
}

func (f *Facts) reconciliation(state Reconciliation) {
	switch state {
	case ReconciliationNotOwed:
		return
	case ReconciliationInTime:
		f.ReconciledInTime++
	case ReconciliationLate:
		f.ReconciledLate++
	case ReconciliationOpen:
	}
	f.Reconciled++
}

func (f *Facts) await(day fiscal.Day, n int) {
	if f.Awaited == nil {
		f.Awaited = map[fiscal.Day]int{}
	}
	if f.Awaited[day] += n; f.Awaited[day] == 0 {
		delete(f.Awaited, day)
	}
	if len(f.Awaited) == 0 {
		f.Awaited = nil
	}
}

// Add adds the facts about other partners.
func (s *Sums) Add(other Sums) { s.combine(other, 1) }

// Subtract takes away what Add added.
func (s *Sums) Subtract(other Sums) { s.combine(other, -1) }

func (s *Sums) combine(other Sums, sign int) {
	s.Partners += sign * other.Partners
	for span, facts := range other.Periods {
		s.add(span, facts, sign)
	}
}

// add adds the facts of a period, or takes them away. Nothing is left of a period of which nothing is known.
func (s *Sums) add(span fiscal.Span, other Facts, sign int) {
	if s.Periods == nil {
		s.Periods = map[fiscal.Span]Facts{}
	}
	f := s.Periods[span]
	f.Awaited = maps.Clone(f.Awaited)
	for day, n := range other.Awaited {
		f.await(day, sign*n)
	}
	into, from := f.counts(), other.counts()
	for i := range into {
		*into[i] += sign * *from[i]
	}
	f.Score += int64(sign) * other.Score
	f.AtBest += int64(sign) * other.AtBest
	if s.Periods[span] = f; f.Partners == 0 {
		delete(s.Periods, span)
	}
	if len(s.Periods) == 0 {
		s.Periods = nil
	}
}

// counts are all counts, so that none is forgotten when they are added up.
func (f *Facts) counts() []*int {
	return []*int{
		&f.Partners, &f.Owed, &f.Created, &f.CreatedInTime, &f.Approved, &f.ApprovedInTime, &f.Growing, &f.Slots, &f.InTime, &f.Late, &f.Missed,
		&f.Reconciled, &f.ReconciledInTime, &f.ReconciledLate, &f.Plans, &f.Scored, &f.Final, &f.Unbounded, &f.LateDecisions, &f.LatePayments, &f.Paying,
	}
}

// awaited counts the owed plans that can still be approved in time.
func (f *Facts) awaited(today fiscal.Day) int {
	count := 0
	for day, n := range f.Awaited {
		if today <= day {
			count += n
		}
	}
	return count
}
