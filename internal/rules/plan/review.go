package plan

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxSlots is the number of review slots that a status shows.
const maxSlots = 24

// defaultOpensDaysAhead is the documented default of reviewOpensDaysAhead.
const defaultOpensDaysAhead = 10

// reviewRules are what a plan's reviews are judged by.
type reviewRules struct {
	calendar   *fiscal.Calendar
	span       fiscal.Span
	every      int // months
	opensAhead int // days
	grace      int // days
	escalation []v1alpha1.EscalationStep
	anchor     fiscal.Day // the later of the period's first day and the day of the first full approval
}

// never is after every day.
const never = fiscal.LastDay + 1

// slot is a day by which a review is due. A review held from opens to the day before missedOn can be held for it.
type slot struct {
	opens    fiscal.Day
	due      fiscal.Day
	overdue  fiscal.Day // the first day on which it is overdue
	missedOn fiscal.Day // the first day on which it can no longer be held; of the last one never
	last     bool       // the closing one, which a reconciliation holds too
	heldOn   fiscal.Day
	by       *occasion    // by which it is held, or that is recorded for it and does not count yet
	stop     meeting.Stop // in which the first record of the partner for it stops its clock; zero when none does
}

// newReviewRules takes the rules from the planning rule of a tier that owes reviews.
func newReviewRules(g ground, planning *v1alpha1.PlanningRule, approved fiscal.Day) reviewRules {
	return reviewRules{
		calendar: g.program.Calendar, span: g.span,
		every:      monthsOf(planning.ReviewEvery),
		opensAhead: int(program.Or(planning.ReviewOpensDaysAhead, defaultOpensDaysAhead)),
		grace:      int(program.Or(planning.ReviewGraceDays, 0)),
		escalation: ladder(g.rules, v1alpha1.EscalateReview),
		anchor:     max(g.span.From, approved),
	}
}

// monthsOf returns the length of an interval between reviews in months.
func monthsOf(every v1alpha1.Cadence) int {
	switch every {
	case v1alpha1.CadenceQuarter:
		return 3
	case v1alpha1.CadenceHalf:
		return 6
	case v1alpha1.CadenceYear:
		return 12
	default:
		return 1
	}
}

// slots returns the review slots of the period. They are counted from the anchor, one interval apart, through the day after the
// period's last day, so that the last interval gets its closing review; each is due on the next business day. A slot is missed when
// the next one falls due. The last one stays owed until it is held, also after the plan has closed: silence settles nothing.
func (r reviewRules) slots() []slot {
	var slots []slot
	due := r.dueDay(1)
	for n := 1; r.anchor.AddMonths(n*r.every) <= r.span.Through.AddDays(1); n++ {
		next := r.dueDay(n + 1)
		if next <= due { // the end of time, or a year of holidays
			break
		}
		slots = append(slots, slot{
			opens: due.AddDays(-r.opensAhead), due: due, overdue: due.AddDays(r.grace + 1), missedOn: next,
		})
		due = next
	}
	if len(slots) > 0 {
		last := &slots[len(slots)-1]
		last.last, last.missedOn = true, never
	}
	return slots
}

func (r reviewRules) dueDay(n int) fiscal.Day {
	return r.calendar.NextBusinessDay(r.anchor.AddMonths(n * r.every))
}

// takes reports whether a meeting was held when the slot was open.
func (s *slot) takes(o *occasion) bool {
	return s.opens <= o.HeldOn && o.HeldOn < s.missedOn && (s.last || o.Spec.Occasion != v1alpha1.OccasionReconciliation)
}

// hold gives each meeting that counts, in the order of their days, to the earliest slot that is open on its day and neither held nor missed. Several
// records of one day are of one meeting; the first of them tells of it.
func hold(slots []slot, meetings []*occasion) {
	var before *occasion
	for _, o := range meetings {
		if !o.Counts() {
			continue
		}
		if before != nil && before.HeldOn == o.HeldOn {
			o.slot = before.slot
			continue
		}
		before = o
		i := slices.IndexFunc(slots, func(s slot) bool { return s.heldOn.IsZero() && s.takes(o) })
		if i >= 0 {
			slots[i].heldOn, slots[i].by, o.slot = o.HeldOn, o, &slots[i]
			for j := range slots[:i] { // a reconciliation goes past those that are open: it settles them
				slots[j].missedOn = min(slots[j].missedOn, o.HeldOn)
			}
		}
	}
}

// record notes at the earliest slot that is open on its day and not held a record of the partner that does not count. The first one for a slot stops
// its clock.
func record(slots []slot, o *occasion) {
	i := slices.IndexFunc(slots, func(s slot) bool { return s.heldOn.IsZero() && s.takes(o) })
	if i < 0 {
		return
	}
	s := &slots[i]
	stop, stops := o.Stops()
	if s.by == nil && s.stop.From.IsZero() && stops {
		s.stop = stop
	}
	if o.Open() {
		o.slot = s
		if s.by == nil || o.Awaited() && !s.by.Awaited() {
			s.by = o
		}
	}
}

// state says how a slot stands on a day.
func (s *slot) state(today fiscal.Day) v1alpha1.SlotState {
	switch {
	case !s.heldOn.IsZero():
		return v1alpha1.SlotHeld
	case s.waits(today):
		return v1alpha1.SlotRecorded
	case today >= s.missedOn:
		return v1alpha1.SlotMissed
	case today < s.opens:
		return v1alpha1.SlotUpcoming
	case today < s.due:
		return v1alpha1.SlotOpen
	case today == s.due:
		return v1alpha1.SlotDue
	case today < s.overdue:
		return v1alpha1.SlotInGrace
	default:
		return v1alpha1.SlotOverdue
	}
}

// waits reports whether a record of the partner stops the clock of the slot on a day.
func (s *slot) waits(today fiscal.Day) bool {
	return s.by != nil && s.by.Awaited() && s.stop.From <= today && today <= s.stop.Through
}

// daysLate is by how many days the review was held late, 0 when it was not.
func (s *slot) daysLate() int {
	if s.heldOn.IsZero() || s.heldOn <= s.due {
		return 0
	}
	return s.heldOn.Sub(s.due)
}

// meetings is how a plan's review slots stand on a day.
type meetings struct {
	rules   reviewRules
	slots   []slot
	today   fiscal.Day
	current int // the earliest slot that is neither held nor missed; len(slots) when there is none
	first   int // the first missed slot of the unbroken run before current, or current: what is overdue is overdue since then

	stops  []meeting.Stop // in which the clock of that run stands still
	inVain string         // why records do not end what is overdue; empty when there are none
}

func newMeetings(rules reviewRules, slots []slot, today fiscal.Day) meetings {
	m := meetings{rules: rules, slots: slots, today: today}
	m.current = len(slots)
	for i, s := range slots {
		if s.heldOn.IsZero() && today < s.missedOn {
			m.current = i
			break
		}
	}
	m.first = m.current
	for m.current < len(slots) && m.first > 0 && slots[m.first-1].heldOn.IsZero() {
		m.first--
	}
	for _, s := range slots[m.first:min(m.current+1, len(slots))] {
		if !s.stop.From.IsZero() {
			m.stops = append(m.stops, s.stop)
		}
	}
	m.stops = meeting.Merge(m.stops)
	return m
}

// overdueFrom is the first day on which the run is overdue.
func (m meetings) overdueFrom() fiscal.Day { return meeting.Shift(m.slots[m.first].overdue, m.stops) }

// stateOf says how a slot stands today: of those of the run, with the days on which the clock stands still.
func (m meetings) stateOf(i int) v1alpha1.SlotState {
	s := m.slots[i]
	s.overdue = m.overdueOf(i)
	return s.state(m.today)
}

// overdueOf is the first day on which a slot is overdue: of those of the run, with the days on which the clock stands still.
func (m meetings) overdueOf(i int) fiscal.Day {
	if m.first <= i && i <= m.current {
		return meeting.Shift(m.slots[i].overdue, m.stops)
	}
	return m.slots[i].overdue
}

// waiting returns the slot of the run whose record waits for the vendor; nil when there is none.
func (m meetings) waiting() *slot {
	for i := m.first; i < len(m.slots) && i <= m.current; i++ {
		if m.slots[i].waits(m.today) {
			return &m.slots[i]
		}
	}
	return nil
}

// overdueSince is the first day on which the reviews were overdue; absent when they are not.
func (m meetings) overdueSince() fiscal.Day {
	if m.current == len(m.slots) || m.today < m.overdueFrom() {
		return 0
	}
	return m.overdueFrom()
}

// reached is the first day of a step of the escalation ladder.
func (m meetings) reached(step v1alpha1.EscalationStep) fiscal.Day {
	s := m.slots[m.first]
	return meeting.Shift(max(s.due.AddDays(int(step.AfterDays)+1), s.overdue), m.stops)
}

// escalation returns the highest step of the ladder that is reached, and the next one; nil for none.
func (m meetings) escalation() (current, next *v1alpha1.EscalationStep) {
	if m.overdueSince().IsZero() {
		return nil, nil
	}
	for i := range m.rules.escalation {
		step := &m.rules.escalation[i]
		if m.today < m.reached(*step) {
			return current, step
		}
		current = step
	}
	return current, nil
}

// nextDay is the next day on which any of this may change; absent when there is none.
func (m meetings) nextDay() fiscal.Day {
	var next fiscal.Day
	note := func(days ...fiscal.Day) {
		for _, day := range days {
			if day > m.today && day < never {
				next = fiscal.Earliest(next, day)
			}
		}
	}
	for _, s := range m.slots[m.first:] {
		if s.heldOn.IsZero() {
			note(s.opens, s.due, s.due.AddDays(1), s.overdue, meeting.Shift(s.overdue, m.stops), s.missedOn, s.stop.Through.AddDays(1))
		}
	}
	if m.current < len(m.slots) {
		note(m.overdueFrom())
		for _, step := range m.rules.escalation {
			note(m.reached(step))
		}
	}
	return next
}

// status returns the part of the plan's status that is about reviews.
func (m meetings) status() *v1alpha1.ReviewStatus {
	status := &v1alpha1.ReviewStatus{OverdueSince: m.overdueSince().Date(), GraceDays: new(int32(m.rules.grace))} //nolint:gosec // at most 60
	if m.current < len(m.slots) {
		status.NextDue = m.slots[m.current].due.Date()
		status.GraceThrough = meeting.Shift(m.slots[m.current].overdue, m.stops).AddDays(-1).Date()
	}
	if step, _ := m.escalation(); step != nil {
		status.EscalatedTo, status.EscalatedSince = step.To, m.reached(*step).Date()
	}
	for i, s := range m.slots {
		switch m.stateOf(i) {
		case v1alpha1.SlotHeld:
			status.Held++
			if s.daysLate() > 0 {
				status.HeldLate++
			}
		case v1alpha1.SlotMissed:
			status.Missed++
		default:
		}
	}
	from, to := m.shown()
	for i, s := range m.slots[from:to] {
		shown := v1alpha1.ReviewSlot{Due: s.due.Date(), State: m.stateOf(from + i), HeldOn: s.heldOn.Date()}
		if late := s.daysLate(); late > 0 {
			shown.DaysLate = new(int32(late)) //nolint:gosec // days between two days fit
		}
		if shown.State == v1alpha1.SlotRecorded {
			shown.HeldOn = s.by.HeldOn.Date()
		}
		if s.by != nil {
			shown.Record, shown.Confirmation, shown.ConfirmedOn = v1alpha1.Name(s.by.Name), s.by.Confirmation, s.by.Since.Date()
		}
		status.Slots = append(status.Slots, shown)
	}
	return status
}

// shown returns the bounds of the slots that the status shows: all, or of a very long period those around the current one.
func (m meetings) shown() (from, to int) {
	from = max(0, min(m.current-maxSlots/2, len(m.slots)-maxSlots))
	return from, min(from+maxSlots, len(m.slots))
}

// judge returns the condition ReviewOverdue and notes the finding that goes with it.
func (m meetings) judge(findings *verdict.Findings) verdict.Judgement {
	if len(m.slots) == 0 {
		return verdict.False(v1alpha1.ReasonNoReviewsOwed, "the period ends on %s, before the first review would be due", m.rules.span.Through)
	}
	if m.current == len(m.slots) {
		return verdict.False(v1alpha1.ReasonUpToDate, "%s", m.settled())
	}
	s, overdue := m.slots[m.first], m.overdueFrom()
	if w := m.waiting(); w != nil && m.today < overdue {
		return verdict.False(v1alpha1.ReasonAwaitingConfirmation, "a review was held on %s for the one due on %s, and the partner recorded it on %s; %s",
			w.by.HeldOn, w.due, w.by.RecordedOn, w.by.Waits())
	}
	switch state := m.firstState(); state {
	case v1alpha1.SlotDue:
		return verdict.False(v1alpha1.ReasonReviewDue, "a review is due on %s, by the end of the day: %s; it is overdue from %s on%s",
			s.due, remedyReview, overdue, m.vainly())
	case v1alpha1.SlotInGrace:
		message := fmt.Sprintf("the review due on %s is late and in grace through %s: %s; it is overdue from %s on%s",
			s.due, overdue.AddDays(-1), remedyReview, overdue, m.vainly())
		findings.Infof(RuleReviewInGrace, fieldReviews, "%s", message)
		return verdict.False(v1alpha1.ReasonInGrace, "%s", message)
	case v1alpha1.SlotOverdue:
		return m.judgeOverdue(findings)
	default:
		return verdict.False(v1alpha1.ReasonUpToDate, "%s", fmt.Sprintf(
			"the next review is due on %s and can be held from %s on", s.due, s.opens)+m.lastHeld())
	}
}

// remedyReview is what to do about a review that is due.
const remedyReview = "hold it and record it in a PlanReview"

// vainly says why records do not help, behind other clauses.
func (m meetings) vainly() string {
	if m.inVain == "" {
		return ""
	}
	return "; " + m.inVain
}

// firstState is the state of the first slot of the run, as if it could still be held.
func (m meetings) firstState() v1alpha1.SlotState {
	s := m.slots[m.first]
	s.missedOn, s.by, s.overdue = never, nil, m.overdueFrom()
	return s.state(m.today)
}

func (m meetings) judgeOverdue(findings *verdict.Findings) verdict.Judgement {
	s, reason := m.slots[m.first], v1alpha1.ReasonOverdue
	parts := []string{fmt.Sprintf("the review due on %s was not held (grace %s): overdue since %s",
		s.due, verdict.Count(m.rules.grace, "day"), m.overdueFrom())}
	if missed := m.current - m.first; missed > 0 {
		parts = append(parts, fmt.Sprintf("%s missed so far, the current one is due on %s", verdict.Count(missed, "review"), m.slots[m.current].due))
	}
	step, next := m.escalation()
	if step != nil {
		reason = v1alpha1.ReasonEscalated
		parts = append(parts, fmt.Sprintf("escalated to the %s on %s", step.To, m.reached(*step)))
	}
	if next != nil {
		parts = append(parts, fmt.Sprintf("it escalates to the %s on %s", next.To, m.reached(*next)))
	}
	if w := m.waiting(); w != nil {
		parts = append(parts, fmt.Sprintf("the partner recorded on %s a review of %s, and nothing further happens until it is answered; %s",
			w.by.RecordedOn, w.by.HeldOn, w.by.Waits()))
	} else {
		parts = append(parts, m.remedy())
		if m.inVain != "" {
			parts = append(parts, m.inVain)
		}
	}
	message := strings.Join(parts, "; ")
	findings.Warningf(RuleReviewOverdue, fieldReviews, "%s", message)
	return verdict.True(reason, "%s", message)
}

// remedy says what ends what is overdue.
func (m meetings) remedy() string {
	if m.slots[m.current].last && m.today > m.rules.span.Through {
		return "hold the closing review or the reconciliation and record it in a PlanReview: until then it stays overdue, also after the plan has closed"
	}
	return "hold a review and record it in a PlanReview"
}

// lastHeld tells of the last review that was held.
func (m meetings) lastHeld() string {
	for _, s := range slices.Backward(m.slots[:m.first]) {
		if s.heldOn.IsZero() {
			continue
		}
		message := fmt.Sprintf("; the one due on %s was held on %s", s.due, s.heldOn)
		if late := s.daysLate(); late > 0 {
			message += fmt.Sprintf(", %s late", verdict.Count(late, "day"))
		}
		return message
	}
	return ""
}

// settled says that no slot is left.
func (m meetings) settled() string {
	status := m.status()
	message := fmt.Sprintf("no more reviews are due: of %d, %d held", len(m.slots), status.Held)
	if status.HeldLate > 0 {
		message += fmt.Sprintf(" (%d of them late)", status.HeldLate)
	}
	if status.Missed > 0 {
		message += fmt.Sprintf(", %d missed", status.Missed)
	}
	return message
}
