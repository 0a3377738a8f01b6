package sim_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/testobj"
)

// In half of the worlds new money waits while a review is overdue. These are the days that the simulated program gives.
const (
	simReviewGrace   = 5 // after the due day
	simReviewCure    = 3 // after that, until new money is on hold
	simRecordWithin  = 2 // business days after the meeting
	simConfirmWithin = 3 // business days after the record
	simMaxReviews    = 8
)

// simFoundedOn is the day on which the plans are approved, from which reviews are counted.
var simFoundedOn = fiscal.MustParseDay("2026-07-10")

// simHoldRules let new money wait for overdue reviews.
func simHoldRules(rules *v1alpha1.RuleSet) {
	rules.Reviews = &v1alpha1.ReviewPolicy{RecordWithinDays: new(int32(simRecordWithin)), ConfirmWithinDays: new(int32(simConfirmWithin))}
	rules.Standing = []v1alpha1.StandingRule{{
		Cause: v1alpha1.CauseReviewOverdue, Owner: v1alpha1.PartyPartner, CureDays: new(int32(simReviewCure)),
		Consequences: []v1alpha1.StandingConsequence{{Step: v1alpha1.StepHold, Holds: []v1alpha1.HoldScope{v1alpha1.HoldNewMoney}}},
	}}
}

// review records a meeting of today or of a day before, for one of the parties: mostly in time and as it was, sometimes late, ahead, without anybody of
// the other party, or again.
func (s *simPeople) review() bool {
	if !s.reviewed || len(s.world.store.tables[simReviews]) >= simMaxReviews {
		return false
	}
	s.count++
	ns, held := chosen(s, s.namespaces), -s.world.chance.IntN(3)
	switch s.world.chance.IntN(8) {
	case 0:
		held = -4 - s.world.chance.IntN(12)
	case 1:
		held = 2
	}
	r := testobj.Review(ns, s.today(held))
	r.Name, r.Namespace, r.Spec.RecordedTime = fmt.Sprintf("m%d", s.count), ns, simInstant(s.world.now)
	if s.oneIn(4) {
		r.Spec.RecordedBy = chosen(s, simApprovers)
	}
	if !s.oneIn(5) {
		r.Spec.Party, r.Spec.RecordedBy = v1alpha1.PartyPartner, chosen(s, []string{"paul", "petra", "vera"})
	}
	if s.oneIn(8) {
		r.Spec.Attendees = slices.DeleteFunc(r.Spec.Attendees, func(a v1alpha1.Attendee) bool { return a.Party != r.Spec.Party })
	}
	s.create(r)
	return true
}

// answer lets a party confirm or dispute a record, mostly the other party's, or somebody of the vendor resolve a dispute, rarely where there is none.
// Sometimes it is who recorded the meeting, or disputes it, and rarely the answer is on another record.
func (s *simPeople) answer() bool {
	r, found := one[*v1alpha1.PlanReview](s, simReviews)
	if !found {
		return false
	}
	about, party, people := r, v1alpha1.PartyVendor, simApprovers
	outcome := chosen(s, []v1alpha1.DecisionOutcome{v1alpha1.DecisionConfirmed, v1alpha1.DecisionDisputed})
	m := s.world.watcher.oracle().meeting(r)
	switch disputed := m.state == simDisputed; {
	case disputed != s.oneIn(5):
		outcome = chosen(s, []v1alpha1.DecisionOutcome{v1alpha1.DecisionUpheld, v1alpha1.DecisionDismissed})
	case r.Spec.Party == v1alpha1.PartyVendor != s.oneIn(4):
		party, people = v1alpha1.PartyPartner, []string{"paul", "petra"}
	}
	by := chosen(s, people)
	switch {
	case s.oneIn(4):
		by = r.Spec.RecordedBy
	case m.disputed != nil && s.oneIn(4):
		by = m.disputed.Spec.ApprovedBy
	}
	if s.oneIn(3) {
		by = strings.ToUpper(by)
	}
	if s.oneIn(6) {
		about, _ = one[*v1alpha1.PlanReview](s, simReviews)
	}
	at := s.world.now
	if s.oneIn(10) {
		at = at.Add(time.Duration(s.world.chance.IntN(30)) * time.Hour)
	}
	s.count++
	d := testobj.Answer(fmt.Sprintf("a%d", s.count), r, meeting.Revision(&about.Spec), party, outcome, by, at.Format(time.RFC3339))
	d.Namespace = r.Namespace
	s.create(d)
	return true
}

// simMeeting is the record of a meeting as the oracle sees it.
type simMeeting struct {
	*v1alpha1.PlanReview

	held, recorded fiscal.Day
	known          bool
	sound          bool // recorded in time, with people of both parties
	again          bool // its party had recorded the meeting before
	state          string
	disputed       *v1alpha1.ApprovalDecision // the dispute, also once it is resolved
}

const (
	simPending   = ""
	simDisputed  = "disputed"
	simUpheld    = "upheld"
	simConfirmed = "counts"
)

// counts reports whether who does not profit vouches for the record.
func (m *simMeeting) counts() bool {
	if !m.known || !m.sound || m.again {
		return false
	}
	if m.Spec.Party == v1alpha1.PartyVendor {
		return m.state != simUpheld
	}
	return m.state == simConfirmed
}

// stops returns the days on which a record of the partner stops the clock.
func (m *simMeeting) stops(o *simOracle) (from, through fiscal.Day) {
	switch {
	case !m.known || !m.sound || m.again || m.Spec.Party != v1alpha1.PartyPartner:
		return 0, 0
	case m.state == simPending:
		return m.recorded, o.answerBy(m)
	case m.disputed != nil:
		return m.recorded, o.dayOf(m.disputed.Spec.DecidedTime.Time).AddDays(-1)
	default:
		return 0, 0
	}
}

// simBusinessDays adds days from Monday to Friday.
func simBusinessDays(day fiscal.Day, n int) fiscal.Day {
	for n > 0 {
		day = day.AddDays(1)
		if weekday := day.Weekday(); weekday != time.Saturday && weekday != time.Sunday {
			n--
		}
	}
	return day
}

func (o *simOracle) answerBy(m *simMeeting) fiscal.Day {
	return simBusinessDays(max(m.recorded, m.held), simConfirmWithin)
}

// meetings returns the records of the meetings about the plan of a namespace, in the order in which they were made.
func (o *simOracle) meetings(ns string) []*simMeeting {
	var list []*simMeeting
	for _, r := range simList[*v1alpha1.PlanReview](o.tables, simReviews) {
		if r.Namespace != ns {
			continue
		}
		m := &simMeeting{PlanReview: r, held: simParsed(r.Spec.HeldOn), recorded: o.dayOf(r.Spec.RecordedTime.Time)}
		m.known = !r.Spec.RecordedTime.After(o.world.now)
		parties := map[v1alpha1.Party]bool{}
		for _, a := range r.Spec.Attendees {
			parties[a.Party] = true
		}
		m.sound = len(parties) == 2 && m.held <= m.recorded && m.recorded <= simBusinessDays(m.held, simRecordWithin)
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b *simMeeting) int {
		return cmp.Or(a.Spec.RecordedTime.Compare(b.Spec.RecordedTime.Time), cmp.Compare(a.Name, b.Name))
	})
	for i, m := range list {
		m.again = slices.ContainsFunc(list[:i], func(x *simMeeting) bool {
			return x.known && x.sound && !x.again && x.held == m.held && x.Spec.Party == m.Spec.Party && x.state != simUpheld
		})
		o.answer(m, list)
	}
	return list
}

// meeting returns a record as it stands.
func (o *simOracle) meeting(r *v1alpha1.PlanReview) *simMeeting {
	list := o.meetings(r.Namespace)
	return list[slices.IndexFunc(list, func(m *simMeeting) bool { return m.Name == r.Name })]
}

// answer goes through what was said of a record.
func (o *simOracle) answer(m *simMeeting, list []*simMeeting) {
	var twin time.Time // when the other party had recorded the meeting as well
	i := slices.IndexFunc(list, func(x *simMeeting) bool {
		return x.known && x.sound && x.held == m.held && x.Spec.Party != m.Spec.Party && !strings.EqualFold(x.Spec.RecordedBy, m.Spec.RecordedBy)
	})
	if i >= 0 && m.sound && !m.again {
		twin = m.Spec.RecordedTime.Time
		if other := list[i].Spec.RecordedTime.Time; other.After(twin) {
			twin = other
		}
	}
	late := o.answerBy(m)
	passes := func(at time.Time) {
		if both := !twin.IsZero() && !twin.After(at); both && (m.state == simDisputed || m.state == simPending && o.dayOf(twin) <= late) {
			m.state = simConfirmed
		}
		if m.state == simPending && o.dayOf(at) > late {
			m.state = simConfirmed
		}
	}
	revision := meeting.Revision(&m.Spec)
	for _, d := range o.decisions(kinds.PlanReview, m.Namespace, m.Name) {
		passes(d.Spec.DecidedTime.Time)
		open := m.state == simPending || m.state == simDisputed
		same := func(name string) bool { return strings.EqualFold(name, d.Spec.ApprovedBy) }
		switch outcome := d.Spec.Decision; {
		case d.Spec.Revision != revision || !open:
		case outcome == v1alpha1.DecisionUpheld || outcome == v1alpha1.DecisionDismissed:
			if m.state != simDisputed || same(m.Spec.RecordedBy) || same(m.disputed.Spec.ApprovedBy) {
				continue
			}
			m.state = simConfirmed
			if outcome == v1alpha1.DecisionUpheld {
				m.state = simUpheld
			}
		case d.Spec.Party == m.Spec.Party || same(m.Spec.RecordedBy):
		case outcome == v1alpha1.DecisionConfirmed:
			m.state = simConfirmed
		case m.state == simPending:
			m.state, m.disputed = simDisputed, d
		}
	}
	passes(o.world.now)
}

// simSlot is a review that is owed.
type simSlot struct {
	due, missed   fiscal.Day
	held, taken   bool
	from, through fiscal.Day // when its clock stands still
}

// onHold reports whether new money for the partner of a namespace waits for a review. It counts the days on which the clock went on, one by one.
func (o *simOracle) onHold(ns string) bool {
	if !o.world.people.reviewed {
		return false
	}
	var slots []simSlot
	for month := 1; month <= 5; month++ {
		slots = append(slots, simSlot{due: simReviewDue(month), missed: simReviewDue(month + 1)})
	}
	o.hold(ns, slots)
	current := slices.IndexFunc(slots, func(s simSlot) bool { return !s.held && o.today() < s.missed })
	if current < 0 {
		return false
	}
	first := current
	for first > 0 && !slots[first-1].held {
		first--
	}
	ticks := 0
	for day := simFoundedOn; day < o.today(); day++ {
		stands := slices.ContainsFunc(slots[first:current+1], func(s simSlot) bool { return !s.from.IsZero() && s.from <= day && day <= s.through })
		if !stands {
			ticks++
		}
	}
	return ticks >= slots[first].due.Sub(simFoundedOn)+simReviewGrace+1+simReviewCure
}

// simReviewDue is the day on which the review of a month is due.
func simReviewDue(month int) fiscal.Day {
	return simBusinessDays(simFoundedOn.AddMonths(month).AddDays(-1), 1)
}

// hold gives the meetings to the slots.
func (o *simOracle) hold(ns string, slots []simSlot) {
	list := o.meetings(ns)
	slot := func(m *simMeeting) *simSlot {
		for i := range slots {
			if s := &slots[i]; !s.held && s.due.AddDays(-10) <= m.held && m.held < s.missed && m.held >= simFoundedOn {
				return s
			}
		}
		return nil
	}
	byDay := slices.SortedStableFunc(slices.Values(list), func(a, b *simMeeting) int { return cmp.Compare(a.held, b.held) })
	var before fiscal.Day
	for _, m := range byDay {
		if !m.counts() || m.held == before || m.held < simFoundedOn {
			continue
		}
		if before = m.held; slot(m) != nil {
			slot(m).held = true
		}
	}
	for _, m := range list {
		if m.counts() || slot(m) == nil {
			continue
		}
		s := slot(m)
		from, through := m.stops(o)
		if stops := !from.IsZero() && from <= through; stops && !s.taken && s.from.IsZero() {
			s.from, s.through = from, through
		}
		if m.known && m.sound && !m.again && m.Spec.Party == v1alpha1.PartyPartner && m.state != simUpheld {
			s.taken = true
		}
	}
}

// heldAtRest checks that requests say, and only they, that new money waits for a review.
func (s *simWatcher) heldAtRest(o *simOracle) {
	if o.today() > simParsed("2026-12-10") { // about when the last review is missed
		return
	}
	for _, a := range simList[*v1alpha1.MDFAllocation](o.tables, simAllocations) {
		p, _ := o.tables[simPlans].get(types.NamespacedName{Namespace: a.Namespace, Name: a.Namespace}).(*v1alpha1.JointPlan)
		if _, granted := o.ledger(string(a.Spec.BudgetRef.Name)).Reserved[simCurrentKey(a)]; granted || o.planOfRecord(p) == "" {
			continue
		}
		says := slices.ContainsFunc(a.Status.Findings, func(f v1alpha1.Finding) bool { return f.Rule == v1alpha1.ReasonStandingHold })
		if held := o.onHold(a.Namespace); held != says {
			s.world.violatedf("at rest, new money for partner %s is on hold: %t; the status of request %s says so: %t", a.Namespace, held, simCurrentKey(a), says)
		}
	}
}

// simSeeReviews shows records of meetings as a function changes them.
func simSeeReviews(change func(*v1alpha1.PlanReview)) func(*simRun, client.Object) client.Object {
	return func(_ *simRun, object client.Object) client.Object {
		r, ok := object.(*v1alpha1.PlanReview)
		if !ok {
			return object
		}
		r = r.DeepCopy()
		change(r)
		return r
	}
}

// simNoon is an instant of a day, in whatever zone a program of this world has.
func simNoon(day v1alpha1.Date) time.Time {
	return time.Date(2026, time.January, 1, 20, 0, 0, 0, time.UTC).AddDate(0, 0, simParsed(day).Sub(fiscal.MustParseDay("2026-01-01")))
}
