package partner

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/standing"
)

// reviewsOverdue finds the plans with an overdue review.
func (s *moment) reviewsOverdue() []standing.Cause {
	var list []standing.Cause
	for i := range s.plans {
		p := &s.plans[i]
		since := p.overdueSince()
		if since.IsZero() {
			continue
		}
		rules := meeting.NewRules(s.program.Calendar, p.RuleSet.RuleSet)
		cause := standing.Cause{
			About: p.plan.Name, Since: since, Stops: meeting.After(p.Stops, since),
			What: fmt.Sprintf("a review of plan %s has been overdue since %s", p.plan.Name, since),
			Was:  fmt.Sprintf("a review of plan %s, overdue since %s, was not held", p.plan.Name, since),
			Cure: "hold the review", Record: "record it in a PlanReview " + rules.Within(),
		}
		if through := p.waitsThrough(s.today); !through.IsZero() {
			cause.Waits = fmt.Sprintf("A review that the partner recorded waits for the vendor's answer through %s: nothing further happens until then.", through)
		}
		list = append(list, cause)
	}
	return list
}

// plansOverdue finds the first of the plans that are owed and that the partner has not submitted in time: while it submits none, that is one cause.
func plansOverdue(obligations []obligation) []standing.Cause {
	i := slices.IndexFunc(obligations, func(o obligation) bool { return o.state == v1alpha1.ObligationOverdue })
	if i < 0 {
		return nil
	}
	o, since := &obligations[i], ""
	if o.instead != nil {
		since = ", and neither it nor one for a later period has been submitted"
	}
	return []standing.Cause{{
		About: o.label, Since: o.last().AddDays(1),
		What: fmt.Sprintf("a plan for %s was to be submitted by %s%s", o.label, o.last(), since),
		Was:  fmt.Sprintf("a plan for %s, to be submitted by %s, was missing", o.label, o.last()),
		Cure: o.cure(),
	}}
}

// decisionsOverdue finds the plans that the partner submitted and the vendor has not decided on in time.
func (s *moment) decisionsOverdue() []standing.Cause {
	var list []standing.Cause
	for i := range s.plans {
		p := &s.plans[i]
		c := p.Duty.Clock(0)
		if c.Owner != v1alpha1.PartyVendor || s.today <= c.Through {
			continue
		}
		list = append(list, standing.Cause{
			About: p.plan.Name, Since: c.Through.AddDays(1),
			What: fmt.Sprintf("plan %s was submitted on %s, and the vendor's decision on it was due by %s", p.plan.Name, c.SubmittedOn, c.Through),
			Was:  fmt.Sprintf("the vendor's decision on plan %s, due on %s, was missing", p.plan.Name, c.Through),
			Cure: "approve, return or reject it",
		})
	}
	return list
}

// lowAttainment finds that the last plans that ended, as many as the rule says, all stayed below its limit. Plans count when they were approved
// and their results are final; of plans that end on one day the one that starts later, then the later by name, is the later.
func (s *moment) lowAttainment(rule *v1alpha1.StandingRule) []standing.Cause {
	limit, err := decimal.ParsePercent(rule.AttainmentBelowPercent)
	if err != nil {
		return nil // the schema refuses it
	}
	ended := s.ended()
	n := max(int(program.Or(rule.Periods, 2)), 1)
	if len(ended) < n {
		return nil
	}
	ended = ended[len(ended)-n:]
	if slices.ContainsFunc(ended, func(p *planned) bool { return p.Attainment.Cmp(limit) >= 0 }) {
		return nil
	}
	var since fiscal.Day
	var names, scores []string
	for _, p := range ended {
		since = max(since, s.finalSince(p))
		names = append(names, p.plan.Name)
		scores = append(scores, fmt.Sprintf("%s %s percent", p.plan.Name, decimal.Floor(p.Attainment)))
	}
	below := fmt.Sprintf("below %s percent: %s", shortPercent(limit), strings.Join(scores, ", "))
	c := standing.Cause{
		About: strings.Join(names, ", "), Since: since, Cure: "agree on improvements for the next plan",
		What: fmt.Sprintf("the last %d plans that ended stayed %s", n, below),
		Was:  fmt.Sprintf("the last %d plans that had ended were %s", n, below),
		Note: fmt.Sprintf("The cause is gone when the next plan ends with %s percent or more.", shortPercent(limit)),
	}
	if n == 1 {
		c.What, c.Was = "the last plan that ended stayed "+below, "the last plan that had ended was "+below
	}
	return []standing.Cause{c}
}

func shortPercent(r *big.Rat) string { return decimal.Short(r, decimal.MaxPercentFractionDigits) }

// ended returns the approved plans that have ended with a final score, in order of their ends.
func (s *moment) ended() []*planned {
	var list []*planned
	for i := range s.plans {
		p := &s.plans[i]
		if p.Approved && p.Final && p.Attainment != nil && !p.Span.IsZero() && p.Span.Through < s.today {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *planned) int {
		return cmp.Or(
			cmp.Compare(a.Span.Through, b.Span.Through), cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.plan.Name, b.plan.Name),
		)
	})
	return list
}

// finalSince returns the first day after the end of its period on which a plan's score was final. It goes from one change of the plan to the next,
// which seldom are more than a few.
func (s *moment) finalSince(p *planned) fiscal.Day {
	const maxChanges = 64
	at, then := s.program.Calendar.EndOf(p.Span.Through), s.snapshot.Apart()
	for range maxChanges {
		result := plan.Of(then, p.plan, at)
		if result.Final || result.NextChange.IsZero() {
			break
		}
		at = result.NextChange
	}
	return s.program.Today(at)
}
