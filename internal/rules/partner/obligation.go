package partner

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// obligation is a plan that the partner owes.
type obligation struct {
	interval fiscal.Span
	label    string
	due      fiscal.Day
	state    v1alpha1.ObligationState
	plan     *planned // that covers the interval, an approved one first; nil when none does
	tier     string   // the tier that owes it, for people
}

// obligations returns the plans that a tier, held since a day, owes by the rules in force today: for the current and the next interval.
//
// An interval starts, for the partner, not before the day on which it comes to owe plans: the day on which it joined, or since when it holds the tier.
// The plan is due dueDaysAfterStart days after that start, and never before that day itself.
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
	owes := max(since, s.past(s.partner.Spec.MemberSince))
	current := s.program.Calendar.PeriodContaining(unit, s.today)
	s.ends(current.Through)
	list := []obligation{s.obligation(tier, current, owes)}
	if next := s.program.Calendar.PeriodContaining(unit, current.Through.AddDays(1)); next != current {
		list = append(list, s.obligation(tier, next, owes))
	}
	return list
}

// intervals are the fiscal units for which plans are owed.
var intervals = map[v1alpha1.Cadence]fiscal.Unit{
	v1alpha1.CadenceMonth: fiscal.Month, v1alpha1.CadenceQuarter: fiscal.Quarter,
	v1alpha1.CadenceHalf: fiscal.Half, v1alpha1.CadenceYear: fiscal.Year,
}

func (s *moment) obligation(tier *v1alpha1.Tier, interval fiscal.Span, owes fiscal.Day) obligation {
	due := max(interval.From, owes).AddDays(int(program.Or(tier.Planning.DueDaysAfterStart, 0)))
	o := obligation{
		interval: interval, label: s.program.Calendar.Label(interval), due: max(due, owes), tier: titleOf(tier),
		plan: s.covering(interval), state: v1alpha1.ObligationPending,
	}
	switch {
	case o.plan != nil && o.plan.Approved:
		o.state = v1alpha1.ObligationMet
	case s.today > o.due:
		o.state = v1alpha1.ObligationOverdue
	default:
		s.ends(o.due)
	}
	return o
}

// covering returns the first plan by name whose period covers an interval, an approved one before all others; nil when none does.
func (s *moment) covering(interval fiscal.Span) *planned {
	var found *planned
	for i := range s.plans {
		p := &s.plans[i]
		if !p.Span.Covers(interval) {
			continue
		}
		if p.Approved {
			return p
		}
		if found == nil {
			found = p
		}
	}
	return found
}

// status returns the obligation as the API shows it.
func (o *obligation) status() v1alpha1.PlanObligation {
	status := v1alpha1.PlanObligation{Period: o.label, DueOn: o.due.Date(), State: o.state}
	if o.plan != nil {
		status.Plan = v1alpha1.Name(o.plan.plan.Name)
	}
	return status
}

// find adds a finding unless the obligation is met.
func (o *obligation) find(findings *verdict.Findings) {
	add := findings.Infof
	switch o.state {
	case v1alpha1.ObligationMet:
		return
	case v1alpha1.ObligationOverdue:
		add = findings.Warningf
	case v1alpha1.ObligationPending:
	}
	add(RulePlanMissing, "", "%s owes an approved plan for %s, %s, by %s: %s", capital(o.tier), o.label, o.interval, o.due, o.remedy())
}

// remedy says how far the plan has come and what to do.
func (o *obligation) remedy() string {
	if o.plan == nil {
		return o.cure()
	}
	name := o.plan.plan.Name
	for _, approval := range o.plan.Status.Approvals {
		if state := approval.State; state == string(v1alpha1.DecisionReturned) || state == string(v1alpha1.DecisionRejected) {
			return fmt.Sprintf("plan %s covers it, and the %s %s it: change it and submit it again",
				name, strings.ToLower(string(approval.Party)), strings.ToLower(state))
		}
	}
	if o.plan.Status.Stage == v1alpha1.StagePendingApproval {
		return fmt.Sprintf("plan %s covers it and is submitted: have every party approve it", name)
	}
	return fmt.Sprintf("plan %s covers it and is not approved: submit it and have every party approve it", name)
}

// cure says the same as what somebody has to do.
func (o *obligation) cure() string {
	if o.plan == nil {
		return "create a JointPlan whose period covers it, submit it and have it approved"
	}
	return fmt.Sprintf("have plan %s, which covers it, approved", o.plan.plan.Name)
}
