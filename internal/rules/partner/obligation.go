package partner

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// obligation is a plan that the partner owes.
type obligation struct {
	interval fiscal.Span
	label    string
	due      fiscal.Day
	state    v1alpha1.ObligationState
	clock    plan.Clock // of the plan that covers it; the partner's through the due day when none does
	plan     *planned   // that covers the interval, an approved one first; nil when none does
	tier     string     // the tier that owes it, for people
	since    start      // since when the partner owes plans
	exempt   bool       // it is not owed: the partner could not have written it in time
}

// start is the day on which a partner comes to owe plans, and why, for people.
type start struct {
	day fiscal.Day
	why string
}

// obligations returns the plans that a tier, held since a day, owes by the rules in force today: for the current and the next interval.
//
// An interval starts, for the partner, not before the day on which it comes to owe plans: the last of those on which it joined, was recorded, and came to
// hold the tier. The partner submits the plan within dueDaysAfterStart days after that start. None is owed that was due before; nor,
// of an interval that had begun, when the program gives no days, or when they end after it. What the vendor does not decide is no fault of the partner.
func (s *moment) obligations(name v1alpha1.Name, since fiscal.Day) []obligation {
	if s.rules == nil {
		return nil
	}
	tier := s.rules.Tier(name)
	if tier == nil || tier.Planning == nil {
		return nil
	}
	unit, known := intervals[tier.Planning.Every]
	if !known {
		return nil // the schema refuses it
	}
	if s.past(s.partner.Spec.RecordedOn) == 0 && s.partner.Spec.RecordedOn != "" {
		return nil // of a day before the partner was recorded
	}
	owes := s.owesSince(since)
	current := s.program.Calendar.PeriodContaining(unit, s.today)
	s.ends(current.Through)
	list := []obligation{s.obligation(tier, current, owes)}
	if next := s.program.Calendar.PeriodContaining(unit, current.Through.AddDays(1)); next != current {
		list = append(list, s.obligation(tier, next, owes))
	}
	return list
}

// owesSince returns since when the partner owes plans, when it holds the tier since a day.
func (s *moment) owesSince(tier fiscal.Day) start {
	owes := start{tier, "came to hold the tier"}
	for _, other := range []start{
		{s.past(s.partner.Spec.MemberSince), "joined the program"}, {s.past(s.partner.Spec.RecordedOn), "was recorded"},
	} {
		if other.day > owes.day {
			owes = other
		}
	}
	return owes
}

// intervals are the fiscal units for which plans are owed.
var intervals = map[v1alpha1.Cadence]fiscal.Unit{
	v1alpha1.CadenceMonth: fiscal.Month, v1alpha1.CadenceQuarter: fiscal.Quarter,
	v1alpha1.CadenceHalf: fiscal.Half, v1alpha1.CadenceYear: fiscal.Year,
}

func (s *moment) obligation(tier *v1alpha1.Tier, interval fiscal.Span, owes start) obligation {
	days := int(program.Or(tier.Planning.DueDaysAfterStart, 0))
	o := obligation{
		interval: interval, label: s.program.Calendar.Label(interval), due: max(interval.From, owes.day).AddDays(days), tier: titleOf(tier),
		state: v1alpha1.ObligationPending, since: owes,
	}
	if o.due < owes.day || owes.day > interval.From && (days == 0 || o.due > interval.Through) {
		o.exempt, o.due = true, interval.Through
	}
	o.clock = plan.Clock{Owner: v1alpha1.PartyPartner, Through: o.due}
	if o.plan = s.covering(interval, o.due); o.plan != nil {
		o.clock = o.plan.Duty.Clock(o.due)
	}
	switch {
	case o.plan != nil && o.plan.Approved:
		o.state = v1alpha1.ObligationMet
	case o.clock.Owner == v1alpha1.PartyVendor:
		o.state = v1alpha1.ObligationSubmitted
	case s.today > o.last():
		o.state = v1alpha1.ObligationOverdue
	default:
		s.ends(o.last())
	}
	o.exempt = o.exempt && o.state == v1alpha1.ObligationPending // a plan that it submitted all the same is shown
	return o
}

// last is the last day on which the partner submits in time: the due day or, after the vendor sent the plan back, that for another text.
func (o *obligation) last() fiscal.Day { return max(o.due, o.clock.Through) }

// covering returns the plan whose period covers an interval and that has come farthest: an approved one, else one that the vendor decides on, else the
// one whose partner has the most time; the first by name of several, and nil when none does.
func (s *moment) covering(interval fiscal.Span, due fiscal.Day) *planned {
	var found *planned
	var best [2]int
	for i := range s.plans {
		p := &s.plans[i]
		if !p.Span.Covers(interval) {
			continue
		}
		clock := p.Duty.Clock(due)
		rank := [2]int{0, int(clock.Through)}
		switch {
		case p.Approved:
			rank = [2]int{2, 0}
		case clock.Owner == v1alpha1.PartyVendor:
			rank = [2]int{1, 0}
		}
		if found == nil || rank[0] > best[0] || rank[0] == best[0] && rank[1] > best[1] {
			found, best = p, rank
		}
	}
	return found
}

// status returns the obligation as the API shows it.
func (o *obligation) status() v1alpha1.PlanObligation {
	status := v1alpha1.PlanObligation{Period: o.label, DueOn: o.due.Date(), State: o.state}
	switch o.state {
	case v1alpha1.ObligationMet, v1alpha1.ObligationSubmitted:
		if late := o.clock.DaysLate; late > 0 {
			status.DaysLate = new(int32(late)) //nolint:gosec // days between two days fit
		}
	default:
		status.DueOn = o.last().Date()
	}
	if o.plan != nil {
		status.Plan = v1alpha1.Name(o.plan.plan.Name)
	}
	return status
}

// find adds a finding unless the obligation is met.
func (o *obligation) find(findings *verdict.Findings) {
	add := findings.Infof
	if o.exempt {
		add(RulePlanMissing, "", "%s owes no plan for %s, %s: the partner %s on %s, too late to submit one in time", verdict.Capital(o.tier), o.label, o.interval,
			o.since.why, o.since.day)
		return
	}
	switch o.state {
	case v1alpha1.ObligationMet:
		return
	case v1alpha1.ObligationSubmitted:
		findings.Infof(RulePlanMissing, "", "%s owes a plan for %s, %s, and the partner has submitted it: %s", verdict.Capital(o.tier), o.label, o.interval, o.remedy())
		return
	case v1alpha1.ObligationOverdue:
		add = findings.Warningf
	case v1alpha1.ObligationPending:
	}
	add(RulePlanMissing, "", "%s owes a plan for %s, %s, submitted by %s: %s", verdict.Capital(o.tier), o.label, o.interval, o.last(), o.remedy())
}

// remedy says how far the plan has come and what to do.
func (o *obligation) remedy() string {
	if o.plan == nil {
		return o.cure()
	}
	name, c := o.plan.plan.Name, o.clock
	switch {
	case o.state == v1alpha1.ObligationSubmitted:
		return fmt.Sprintf("plan %s was submitted on %s%s; the vendor decides by %s", name, c.SubmittedOn, o.lateWords(), c.Through)
	case !c.SentBackOn.IsZero():
		return fmt.Sprintf("plan %s covers it, and the vendor sent it back on %s: change it and submit it again", name, c.SentBackOn)
	case !c.EditedOn.IsZero():
		return fmt.Sprintf("plan %s covers it and was changed after it was submitted on %s: submit it again", name, c.EditedOn)
	case o.plan.Duty.HasErrors:
		return fmt.Sprintf("plan %s covers it, has errors and is not submitted: correct and submit it", name)
	default:
		return fmt.Sprintf("plan %s covers it and is not submitted: submit it", name)
	}
}

// lateWords says by how many days the partner was late; nothing when it was in time.
func (o *obligation) lateWords() string {
	if o.clock.DaysLate == 0 {
		return ""
	}
	return fmt.Sprintf(", %s late", verdict.Count(o.clock.DaysLate, "day"))
}

// cure says what the partner has to do.
func (o *obligation) cure() string {
	switch {
	case o.plan == nil:
		return "create a JointPlan whose period covers it, and submit it"
	case !o.clock.SentBackOn.IsZero():
		return fmt.Sprintf("change plan %s, which covers it, and submit it again", o.plan.plan.Name)
	default:
		return fmt.Sprintf("submit plan %s, which covers it", o.plan.plan.Name)
	}
}
