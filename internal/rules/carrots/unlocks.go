package carrots

import (
	"fmt"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/rules/partner"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/standing"
	"jointplan.dev/jointplan/internal/verdict"
)

// The most that the status of a plan lists.
const (
	maxUnlocks = 24
	maxText    = 96 // characters
	maxNamed   = 2
)

// kinds are the kinds of carrots, each a function that says what a plan opens of it, in the order in which they are shown.
var kinds = []func(*view) []v1alpha1.PlanUnlock{(*view).rates, (*view).budgets, (*view).requests, (*view).benefits, (*view).rewards}

// view is a plan, with what is known about its partner, at an instant.
type view struct {
	snapshot *snapshot.Snapshot
	now      time.Time
	plan     *stand
	partner  *v1alpha1.Partner
	program  *program.Program
	today    fiscal.Day
	stands   *partner.Result
	tier     *v1alpha1.Tier // by which the plan is judged
	plans    step           // that makes the plan one of record
	money    step           // that opens new money
	horizon  *verdict.Horizon
}

// step is what somebody has to do before something opens.
type step struct {
	do      string     // empty when nothing has to be done
	through fiscal.Day // absent when there is no last day
}

func (s step) done() bool { return s.do == "" }

// OfPlan returns what a plan opens for its partner, and by which step, and when that may differ although no spec and no ledger does (zero: never). Nothing
// is said of a plan that is closed, or cannot be evaluated.
func OfPlan(p *snapshot.Snapshot, x *v1alpha1.JointPlan, now time.Time) ([]v1alpha1.PlanUnlock, time.Time) {
	v := newView(p, x, now)
	if v == nil {
		return nil, time.Time{}
	}
	var list []v1alpha1.PlanUnlock
	for _, of := range kinds {
		list = append(list, of(v)...)
	}
	return list[:min(len(list), maxUnlocks)], v.horizon.Next()
}

func newView(p *snapshot.Snapshot, x *v1alpha1.JointPlan, now time.Time) *view {
	result := plan.Of(p, x, now)
	if result.Terms == nil || result.RuleSet == nil || result.Duty == nil || result.Status.Stage == v1alpha1.StageClosed {
		return nil
	}
	v := &view{snapshot: p, now: now, plan: &stand{result, x}, partner: p.Partner(result.Terms.PartnerRef.Name), horizon: verdict.NewHorizon(now)}
	if v.program = p.ProgramOf(v.partner); v.program == nil {
		return nil
	}
	v.today, v.stands = v.program.Today(now), partner.Of(p, v.partner, now)
	v.horizon.At(result.NextChange)
	v.horizon.At(v.stands.NextChange)
	v.horizon.At(v.program.Calendar.EndOf(result.Span.Through))
	v.tier = held(p, v.program, v.partner, result.Span.From, now, v.horizon)
	v.plans = v.ofRecord()
	v.money = v.plans
	if cause := v.cause(v1alpha1.StepHold); v.money.done() && cause != nil {
		v.money = cure(cause)
	}
	return v
}

// ofRecord returns the step that makes the plan one of record.
func (v *view) ofRecord() step {
	if v.plan.Approved {
		return step{}
	}
	name := v.plan.object.Name
	clock := v.plan.Duty.Clock(v.stands.SubmitBy[v.plan.name()])
	s := step{do: "submit and approve " + name, through: clock.Through}
	switch {
	case clock.Owner == v1alpha1.PartyVendor:
		s.do = fmt.Sprintf("approve %s (the vendor)", name)
	case v.plan.Duty.HasErrors:
		s.do = fmt.Sprintf("correct the errors of %s, then submit and approve it", name)
	}
	return v.until(s)
}

// until takes the last day of a step away when it is past: the step helps later, too.
func (v *view) until(s step) step {
	if s.through.IsZero() {
		return s
	}
	v.horizon.At(v.program.Calendar.EndOf(s.through))
	if s.through < v.today {
		s.through = 0
	}
	return s
}

// over reports whether the period of the plan is over.
func (v *view) over() bool { return v.today > v.plan.Span.Through }

// cause returns the first cause by which new money is on hold, or its rate reduced; nil when there is none.
func (v *view) cause(of v1alpha1.StandingStep) *standing.Cause {
	for i := range v.stands.Causes {
		c := &v.stands.Causes[i]
		if of == v1alpha1.StepHold && slices.Contains(c.Holds(), v1alpha1.HoldNewMoney) {
			return c
		}
		if of == v1alpha1.StepReducedRate && slices.ContainsFunc(c.Steps, func(s standing.Consequence) bool { return s.Reached && s.RatePercent != "" }) {
			return c
		}
	}
	return nil
}

// cure returns the step that ends a cause.
func cure(c *standing.Cause) step {
	switch c.Rule.Cause {
	case v1alpha1.CauseReviewOverdue:
		return step{do: "hold the overdue review of " + c.About}
	case v1alpha1.CausePlanOverdue:
		return step{do: "submit the overdue plan for " + c.About}
	case v1alpha1.CauseInvoiceOverdue:
		return step{do: "pay invoice " + c.About}
	case v1alpha1.CauseAgreementLapsed:
		return step{do: "renew the agreement"}
	case v1alpha1.CauseLowAttainment:
		return step{do: "end a plan above the attainment that the program asks for"}
	case v1alpha1.CauseDecisionOverdue:
		return step{do: "decide on " + c.About + " (the vendor)"}
	default:
		return step{do: "cure what its standing suffers from: " + c.About}
	}
}

// put fills in whether something is open: by the step that opens it or, when that is done, until its own last day.
func put(unlock v1alpha1.PlanUnlock, by step, last fiscal.Day) v1alpha1.PlanUnlock {
	unlock.What = printable.Clip(unlock.What, maxText)
	unlock.State, unlock.Through = v1alpha1.UnlockOpen, last.Date()
	if !by.done() {
		unlock.State, unlock.By, unlock.Through = v1alpha1.UnlockLocked, printable.Clip(verdict.Capital(by.do), maxText), by.through.Date()
	}
	return unlock
}
