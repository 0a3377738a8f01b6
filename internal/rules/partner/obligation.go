package partner

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/verdict"
)

// obligation is a plan that the partner owes.
type obligation struct {
	interval fiscal.Span
	label    string
	due      fiscal.Day
	state    v1alpha1.ObligationState
	clock    plan.Clock  // of the plan that covers it; the partner's through the due day when none does
	plan     *planned    // that covers the interval, an approved one first; nil when none does
	tier     string      // the tier that owes it, for people
	instead  *obligation // that of the current interval, when this one is passed: a plan for that one ends what is overdue; nil otherwise
	since    start       // since when the partner owes plans
	exempt   bool        // it is not owed: the partner could not have written it in time
}

// start is the day on which a partner comes to owe plans, and why, for people.
type start struct {
	day fiscal.Day
	why string
}

// owing is a span of days in which a partner holds, without a break, tiers that owe plans for intervals of one length.
type owing struct {
	tier  *v1alpha1.Tier // the last of them
	unit  fiscal.Unit
	since start      // or when the partner joined or was recorded, if that is later; without a day when none of them is known
	until fiscal.Day // the first day on which it holds none of them any more; absent while it does
}

// owingOf returns when a partner that has held some tiers owed plans, in order, by the rules in force today.
func (s *moment) owingOf(held []tier.Tenure) []owing {
	if s.rules == nil {
		return nil
	}
	var list []owing
	for _, tenure := range held {
		var unit fiscal.Unit
		rule := s.rules.Tier(tenure.Tier)
		if rule != nil && rule.Planning != nil {
			unit = intervals[rule.Planning.Every]
		}
		if n := len(list); n > 0 && list[n-1].until.IsZero() {
			if list[n-1].unit == unit {
				list[n-1].tier = rule
				continue
			}
			list[n-1].until = tenure.From
		}
		if unit != 0 {
			list = append(list, owing{tier: rule, unit: unit, since: s.owesSince(tenure.From)})
		}
	}
	return list
}

// obligations returns the plans that a partner that has held some tiers owes: for the current and the next interval and, before them, the intervals that it
// has let pass without a plan.
//
// An interval starts, for the partner, not before the day on which it comes to owe plans: the last of those on which it joined, was recorded, and came to
// hold tiers that owe them. The partner submits the plan within dueDaysAfterStart days after that start. None is owed that was due before; nor, of an
// interval that had begun, when the program gives no days, or when they end after it. What the vendor does not decide is no fault of the partner. What was overdue when the partner fell to a tier that owes nothing stays so: to lose a tier settles nothing.
func (s *moment) obligations(held []tier.Tenure) []obligation {
	spans := s.owingOf(held)
	if len(spans) == 0 || s.past(s.partner.Spec.RecordedOn) == 0 && s.partner.Spec.RecordedOn != "" {
		return nil // the latter of a day before the partner was recorded
	}
	last := &spans[len(spans)-1]
	current := s.program.Calendar.PeriodContaining(last.unit, s.today)
	s.ends(current.Through)
	var list []obligation
	if last.until.IsZero() {
		list = append(list, s.obligation(last.tier, current, last.since))
		if next := s.program.Calendar.PeriodContaining(last.unit, current.Through.AddDays(1)); next != current {
			list = append(list, s.obligation(last.tier, next, last.since))
		}
		if !list[0].isOpen() {
			return list
		}
	}
	o := s.obligation(last.tier, current, last.since)
	return append(s.passed(spans, &o), list...)
}

// passed returns the unbroken run of intervals before a current one that the partner has let pass without a plan, the first 30. A plan that it submits for a
// later interval ends the run, as a review that is held ends a run of missed ones. Of a past that is not known nothing is owed.
func (s *moment) passed(spans []owing, current *obligation) []obligation {
	var run []obligation
	day := current.interval.From.AddDays(-1)
	if !spans[len(spans)-1].until.IsZero() {
		day = current.interval.Through
	}
	open := true
	for i := len(spans) - 1; i >= 0 && open && !spans[i].since.day.IsZero(); i-- {
		span := &spans[i]
		for open && day >= span.since.day && s.program.RuleSetOn(day) != nil {
			interval := s.program.Calendar.PeriodContaining(span.unit, day)
			o, owes := s.owedIn(interval, span)
			if open = o.isOpen(); open && owes && !o.exempt {
				o.instead = current
				run = append(run, o)
			}
			day = interval.From.AddDays(-1)
		}
		day = min(day, span.since.day.AddDays(-1))
	}
	slices.Reverse(run)
	return run[:min(len(run), maxPassed)]
}

// owedIn returns the obligation of an interval, and whether the partner owes it: it held a tier that owes plans, by the rules of then, through the due day.
func (s *moment) owedIn(interval fiscal.Span, span *owing) (o obligation, owes bool) {
	held := interval.Through
	if !span.until.IsZero() {
		held = min(held, span.until.AddDays(-1))
	}
	if rules := s.program.RuleSetOn(held); rules != nil && interval.From <= held {
		rule := rules.Tier(span.tier.Name)
		if rule != nil && rule.Planning != nil && intervals[rule.Planning.Every] == span.unit {
			o = s.obligation(rule, interval, span.since)
			return o, span.until.IsZero() || o.last() < span.until
		}
	}
	return s.obligation(span.tier, interval, start{day: interval.From}), false
}

// dueDays returns by when the partner that has held some tiers has to submit each of its plans, whatever became of them: the due day of the first interval
// of a plan's period for which the partner owes one and that plan is the one that covers it.
func (s *moment) dueDays(held []tier.Tenure) map[v1alpha1.Name]fiscal.Day {
	days, spans := map[v1alpha1.Name]fiscal.Day{}, s.owingOf(held)
	for i := range s.plans {
		p := &s.plans[i]
		if p.Span.IsZero() {
			continue
		}
		for j := range spans {
			interval := s.program.Calendar.PeriodContaining(spans[j].unit, p.Span.From)
			if !p.Span.Covers(interval) || spans[j].since.day > interval.Through {
				continue
			}
			if o, owes := s.owedIn(interval, &spans[j]); owes && !o.exempt && o.plan == p {
				days[v1alpha1.Name(p.plan.Name)] = o.due
				break
			}
		}
	}
	return days
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
	case o.plan != nil && o.plan.Approved && o.clock.DaysLate+o.clock.VendorDaysLate > 0:
		o.state = v1alpha1.ObligationMetLate
	case o.plan != nil && o.plan.Approved:
		o.state = v1alpha1.ObligationMet
	case o.clock.Owner == v1alpha1.PartyVendor:
		o.state = v1alpha1.ObligationSubmitted
	case s.today > o.last():
		o.state = v1alpha1.ObligationOverdue
	default:
		s.ends(o.last())
	}
	o.exempt = o.exempt && o.isOpen() // a plan that it submitted all the same is shown
	return o
}

// isOpen reports whether the partner has not done its part.
func (o *obligation) isOpen() bool {
	return o.state == v1alpha1.ObligationPending || o.state == v1alpha1.ObligationOverdue
}

// isMet reports whether an approved plan covers the interval.
func (o *obligation) isMet() bool {
	return o.state == v1alpha1.ObligationMet || o.state == v1alpha1.ObligationMetLate
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
	status := v1alpha1.PlanObligation{Period: o.label, DueOn: o.due.Date(), State: o.state, Message: printable.Clip(o.remedy(), maxObligationText)}
	if o.isOpen() {
		status.DueOn = o.last().Date()
	} else {
		status.Late = o.late()
	}
	if o.plan != nil {
		status.Plan = v1alpha1.Name(o.plan.plan.Name)
	}
	return status
}

// findObligations adds a finding for each plan that is owed and not there; of those that are overdue, which one plan ends, for the first.
func findObligations(obligations []obligation, findings *verdict.Findings) {
	overdue := false
	for i := range obligations {
		o := &obligations[i]
		add, owes := findings.Infof, fmt.Sprintf("%s requires a plan for %s, %s", verdict.Capital(o.tier), o.label, o.interval)
		switch {
		case o.exempt:
			findings.Infof(RulePlanMissing, "", "%s requires no plan for %s, %s: the partner %s on %s, too late to submit one in time", verdict.Capital(o.tier), o.label,
				o.interval, o.since.why, o.since.day)
			continue
		case o.isMet():
			continue
		case o.state == v1alpha1.ObligationSubmitted:
			findings.Infof(RulePlanMissing, "", "%s, and the partner has submitted it: %s", owes, o.remedy())
			continue
		case o.state == v1alpha1.ObligationOverdue && overdue:
			continue
		case o.state == v1alpha1.ObligationOverdue:
			add, overdue = findings.Warningf, true
		}
		add(RulePlanMissing, "", "%s, submitted by %s: %s", owes, o.last(), o.remedy())
	}
}

// remedy says how far the plan has come and what to do.
func (o *obligation) remedy() string {
	if o.plan == nil || o.instead != nil {
		return o.cure()
	}
	name, c := o.plan.plan.Name, o.clock
	switch {
	case o.isMet():
		return fmt.Sprintf("plan %s covers it and is approved%s", name, o.lateWords())
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

// late returns which party was late, and by how many days.
func (o *obligation) late() []v1alpha1.Lateness {
	var list []v1alpha1.Lateness
	for _, one := range []struct {
		party v1alpha1.Party
		days  int
	}{{v1alpha1.PartyPartner, o.clock.DaysLate}, {v1alpha1.PartyVendor, o.clock.VendorDaysLate}} {
		if one.days > 0 {
			list = append(list, v1alpha1.Lateness{Party: one.party, Days: int32(one.days)}) //nolint:gosec // days between two days fit
		}
	}
	return list
}

// lateWords says which party was late, and by how many days; nothing when none was.
func (o *obligation) lateWords() string {
	var text strings.Builder
	for _, one := range o.late() {
		did := "submitted it"
		if one.Party == v1alpha1.PartyVendor {
			did = "decided on it"
		}
		fmt.Fprintf(&text, "; the %s %s %s late", one.Party, did, verdict.Count(int(one.Days), "day"))
	}
	return text.String()
}

// cure says what the partner has to do.
func (o *obligation) cure() string {
	switch {
	case o.instead != nil:
		return fmt.Sprintf("for %s %s", o.instead.label, o.instead.cure())
	case o.plan == nil:
		return "create a JointPlan whose period covers it, and submit it"
	case !o.clock.SentBackOn.IsZero():
		return fmt.Sprintf("change plan %s, which covers it, and submit it again", o.plan.plan.Name)
	default:
		return fmt.Sprintf("submit plan %s, which covers it", o.plan.plan.Name)
	}
}
