package steps

import (
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/standing"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/verdict"
)

// maxAhead is the number of days on which a partner is evaluated ahead.
const maxAhead = 3

// outlook is how a partner stands now, and how it will stand on the next days on which something turns for the worse, if nobody acts. All objects of the
// partner share it.
type outlook struct {
	now   *partner.Result
	next  time.Time // when any of what was read may differ; zero when never
	ahead map[fiscal.Day]*view
	tier  *view // how it stands once the next evaluation of its tier is decided; nil when that is not looked at
}

// view is how a partner stands on a day to come.
type view struct {
	*partner.Result

	day  fiscal.Day
	lost []*v1alpha1.MDFAllocation // requests that lose their eligibility by its standing or its tier, which they have today
}

// outlookOf is the key of an outlook.
type outlookOf struct{ partner string }

// outlook looks ahead for the partner of the object; it must be known.
func (w *writer) outlook() *outlook {
	o := snapshot.Once(w.snap, snapshot.Everything, w.now, outlookOf{w.partner.Name}, func() *outlook {
		return lookAhead(w.snap, w.partner, w.program, w.now)
	})
	w.horizon.At(o.next)
	return o
}

func lookAhead(snap *snapshot.Snapshot, of *v1alpha1.Partner, prog *program.Program, now time.Time) *outlook {
	o := &outlook{now: partner.Of(snap, of, now), ahead: map[fiscal.Day]*view{}}
	o.next = o.now.NextChange
	if prog == nil {
		return o
	}
	open := openRequests(snap, now, &o.next)
	today := prog.Today(now)
	for days := turns(snap, of, o.now, today, now); len(days) > 0 && len(o.ahead) < maxAhead; {
		day := slices.Min(days)
		v := o.at(snap, of, prog.Calendar.StartOf(day), prog.Today, open)
		o.ahead[day] = v
		days = slices.DeleteFunc(append(days, consequences(v.Result)...), func(d fiscal.Day) bool { return d <= day })
	}
	if next := o.now.Status.NextTier; next != nil && next.Name == o.now.Status.EffectiveTier {
		if day, err := fiscal.ParseDay(next.EvaluatedOn); err == nil {
			o.tier = o.judged(snap, of, o.ahead[day.AddDays(1)], prog, open)
		}
	}
	return o
}

// at evaluates the partner at an instant to come.
func (o *outlook) at(snap *snapshot.Snapshot, of *v1alpha1.Partner, at time.Time, dayOf func(time.Time) fiscal.Day, open []*request.Request) *view {
	then := snap.Apart()
	v := &view{Result: partner.Of(then, of, at), day: dayOf(at)}
	for _, x := range o.touched(v, open) {
		if j := request.Of(facts.Of(then, at), x.Object).Eligible; byStanding(j.Reason) && j.Reason != x.Eligible.Reason {
			v.lost = append(v.lost, x.Object)
		}
	}
	return v
}

// judged goes on from the day after an evaluation of the tier, while that still waits for results, to the instant at which it is decided.
func (o *outlook) judged(snap *snapshot.Snapshot, of *v1alpha1.Partner, v *view, prog *program.Program, open []*request.Request) *view {
	for range maxAhead {
		if v == nil || len(v.Status.Evaluations) == 0 || v.Status.Evaluations[0].Outcome != tier.OutcomeUnknown || v.NextChange.IsZero() {
			return v
		}
		v = o.at(snap, of, v.NextChange, prog.Today, open)
	}
	return v
}

// touched returns those of the requests on which standing and tier of a day may bear in another way than they do now: all or none.
func (o *outlook) touched(v *view, open []*request.Request) []*request.Request {
	now, then := &o.now.Status, &v.Status
	if now.EffectiveTier == then.EffectiveTier && now.RuleSet == then.RuleSet && limitsOf(now.Standing) == limitsOf(then.Standing) {
		return nil
	}
	return open
}

// limitsOf are what a standing takes from new requests.
func limitsOf(s *v1alpha1.StandingStatus) (limits struct {
	rate  v1alpha1.Percent
	most  v1alpha1.Decimal
	since v1alpha1.Date
	hold  bool
},
) {
	if s != nil {
		limits.most, limits.since = s.MaxAmount, s.ReducedSince
		limits.rate, limits.hold = s.RatePercent, slices.Contains(s.Holds, v1alpha1.HoldNewMoney)
	}
	return limits
}

// openRequests returns the requests that were made and are not approved: what standing or tier decide on. What is approved is granted at once, or waits for
// its budget, so that a ledger that comes later changes no text.
func openRequests(snap *snapshot.Snapshot, now time.Time, next *time.Time) []*request.Request {
	var open []*request.Request
	for _, a := range snap.Allocations() {
		r := request.Of(facts.Of(snap, now), a)
		*next = verdict.Earlier(*next, r.Next)
		if _, granted := r.Held(); !granted && r.Submitted && !r.Withdrawn && r.Approved.Status != metav1.ConditionTrue {
			open = append(open, r)
		}
	}
	return open
}

// byStanding reports whether a request is refused because of the partner's standing or tier.
func byStanding(reason string) bool {
	switch reason {
	case v1alpha1.ReasonStandingHold, v1alpha1.ReasonTierNotAllowed, v1alpha1.ReasonRateAboveProgram, v1alpha1.ReasonAmountAboveShare:
		return true
	default:
		return false
	}
}

// turns returns the days to come on which the partner may stand worse if nobody acts: those of the consequences of what holds already, and those after the
// last day of what is to be done.
func turns(snap *snapshot.Snapshot, of *v1alpha1.Partner, stands *partner.Result, today fiscal.Day, now time.Time) []fiscal.Day {
	var days []fiscal.Day
	from := func(day fiscal.Day) {
		if day > today {
			days = append(days, day)
		}
	}
	through := func(text v1alpha1.Date) {
		if day, err := fiscal.ParseDay(text); err == nil {
			from(day.AddDays(1))
		}
	}
	for _, day := range consequences(stands) {
		from(day)
	}
	for _, x := range snap.PlansOf(v1alpha1.Name(of.Name)) {
		if reviews := plan.Of(snap, x, now).Status.Reviews; reviews != nil {
			through(reviews.GraceThrough)
		}
	}
	for _, owed := range stands.Status.Obligations {
		if owed.State == v1alpha1.ObligationPending || owed.State == v1alpha1.ObligationOverdue {
			through(owed.DueOn)
		}
	}
	for _, invoice := range of.Spec.Invoices {
		if invoice.PaidOn == "" {
			through(invoice.DueOn)
		}
	}
	if of.Spec.Agreement != nil {
		through(of.Spec.Agreement.EndsOn)
	}
	if next := stands.Status.NextTier; next != nil && next.Name == stands.Status.EffectiveTier {
		through(next.EvaluatedOn)
	}
	return days
}

// consequences are the days on which the causes of a partner have consequences.
func consequences(stands *partner.Result) []fiscal.Day {
	var days []fiscal.Day
	for i := range stands.Causes {
		for _, step := range stands.Causes[i].Steps {
			days = append(days, step.From)
		}
	}
	return days
}

// causeOf returns a cause of a partner; nil when it does not hold.
func causeOf(result *partner.Result, kind v1alpha1.StandingCause, about string) *standing.Cause {
	i := slices.IndexFunc(result.Causes, func(c standing.Cause) bool { return c.Rule.Cause == kind && (about == "" || c.About == about) })
	if i < 0 {
		return nil
	}
	return &result.Causes[i]
}

// curable returns the last day on which curing a cause helps, and what follows otherwise. The cause holds already or, where it does not, comes on the day
// after a last day.
func (w *writer) curable(kind v1alpha1.StandingCause, about string, last v1alpha1.Date) (by v1alpha1.Date, otherwise string) {
	o := w.outlook()
	if c := causeOf(o.now, kind, about); c != nil {
		return w.holding(o, c)
	}
	day, err := fiscal.ParseDay(last)
	if err != nil || w.late(last) {
		return last, w.overdue(last)
	}
	if v := o.ahead[day.AddDays(1)]; v != nil {
		if c := causeOf(v.Result, kind, about); c != nil {
			return last, o.follows(c, day)
		}
		return last, w.overdue(last)
	}
	return last, w.wouldFollow(o, kind, day.AddDays(1))
}

// wouldFollow says what a cause brings that arises on a day too far to look at: what its rule lays down.
func (w *writer) wouldFollow(o *outlook, kind v1alpha1.StandingCause, since fiscal.Day) string {
	if w.program != nil {
		if rules := w.program.RuleSetOn(since); rules != nil {
			for i := range rules.Standing {
				if rules.Standing[i].Cause == kind {
					c := &standing.Cause{Since: since}
					c.Unfold(&rules.Standing[i], since)
					return o.follows(c, since.AddDays(-1))
				}
			}
		}
	}
	return w.overdue(since.AddDays(-1).Date())
}

// overdue says that nothing follows by rule but that it is overdue after a last day.
func (w *writer) overdue(last v1alpha1.Date) string {
	if last == "" || w.late(last) {
		return "It stays overdue; there is no further consequence under the program's rules"
	}
	return fmt.Sprintf("From %s it is overdue; there is no further consequence under the program's rules", after(last))
}

// holding returns the last day on which curing a cause that holds spares the next consequence, and what that is; what stays where none is to come.
func (w *writer) holding(o *outlook, c *standing.Cause) (by v1alpha1.Date, otherwise string) {
	now := ""
	for _, step := range c.Steps {
		if !step.Reached {
			return step.From.AddDays(-1).Date(), now + o.follows(c, w.today)
		}
		now = "already " + costs(step.StandingConsequence, nil) + "; "
	}
	if c.Rule.Owner == v1alpha1.PartyVendor {
		w.late(c.CureThrough.Date())
		if c.CurePeriodOver {
			return "", "It stays overdue on the vendor's side; the partner is not penalized"
		}
		return c.CureThrough.Date(), fmt.Sprintf("From %s it is overdue on the vendor's side; the partner is not penalized", c.CureThrough.AddDays(1))
	}
	if len(c.Steps) == 0 {
		return "", "The partner is on watch, without a penalty"
	}
	return "", "Until it is done, " + costs(c.Steps[len(c.Steps)-1].StandingConsequence, w.held())
}

// costs says what a consequence takes from the partner, and which of its requests it stops.
func costs(c *v1alpha1.StandingConsequence, stopped []*v1alpha1.MDFAllocation) string {
	if c.Step == v1alpha1.StepReducedRate {
		return standing.Of(c) + affecting(stopped)
	}
	money, promotion := slices.Contains(c.Holds, v1alpha1.HoldNewMoney), slices.Contains(c.Holds, v1alpha1.HoldPromotion)
	switch {
	case money && promotion:
		return "new money is on hold" + affecting(stopped) + ", and the partner is not promoted"
	case money:
		return "new money is on hold" + affecting(stopped)
	default:
		return "the partner is not promoted"
	}
}

// held returns the requests that wait for the partner's standing.
func (w *writer) held() []*v1alpha1.MDFAllocation {
	var list []*v1alpha1.MDFAllocation
	for _, a := range w.snap.Allocations() {
		if r := request.Of(facts.Of(w.snap, w.now), a); r.Eligible.Reason == v1alpha1.ReasonStandingHold && !r.Withdrawn {
			list = append(list, a)
		}
	}
	return list
}

// follows says what a cause brings after a day: the first consequence, and the first that costs money.
func (o *outlook) follows(c *standing.Cause, day fiscal.Day) string {
	var parts []string
	for _, step := range c.Steps {
		if step.From <= day || len(parts) == 2 {
			continue
		}
		v := o.ahead[step.From]
		if v != nil && causeOf(v.Result, c.Rule.Cause, c.About) == nil {
			continue // something else ends it before
		}
		part := fmt.Sprintf("from %s ", step.From)
		if v == nil {
			parts = append(parts, "as things stand, "+part+costs(step.StandingConsequence, nil))
			continue
		}
		parts = append(parts, part+costs(step.StandingConsequence, v.lost))
	}
	switch {
	case len(parts) > 0:
		return strings.Join(parts, ", and ")
	case c.Rule.Owner == v1alpha1.PartyVendor:
		return fmt.Sprintf("from %s it is overdue on the vendor's side; the partner is not penalized", c.Since)
	default:
		return fmt.Sprintf("from %s the partner is on watch, without a penalty", c.Since)
	}
}

// maxNamed is the number of requests that a text names.
const maxNamed = 3

// affecting names the requests that something stops, with what they ask for, in brackets; empty when there are none.
func affecting(requests []*v1alpha1.MDFAllocation) string {
	if len(requests) == 0 {
		return ""
	}
	var named []string
	for _, a := range requests {
		named = append(named, fmt.Sprintf("mdfallocation/%s, %s", a.Name, amountOf(&a.Spec.Amount)))
	}
	return " (this affects " + verdict.SomeOf(named[:min(len(named), maxNamed)], len(named)) + ")"
}

// amountOf writes an amount for people.
func amountOf(amount *v1alpha1.Money) string {
	minor, err := money.ParseMoney(*amount)
	if err != nil {
		return fmt.Sprintf("%s %s", amount.Currency, amount.Amount)
	}
	return money.Format(minor, amount.Currency)
}
