// Package campaign evaluates a campaign: its stage, what its funnel brought and cost, what it returned, whether it is aligned with the
// plan of record, and whether its stop rule holds.
//
// Which results count: those on a day from startsOn through attributionThrough (endsOn + attributionDays). A result that names the
// cohort of its leads counts only when the leads were made on startsOn or later, and only through attributionDays after they were. Cost
// counts whatever its day: a deposit that is paid before the campaign and an invoice that comes after it are its cost too.
//
// Nothing is divided by zero: a rate, a cost per result or a return whose denominator is missing, zero or negative is absent.
// docs/campaign-returns.md says so to readers.
package campaign

import (
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules that are found wrong, violated or at risk in a campaign. A reference that names nothing is verdict.RuleReferenceNotFound.
const (
	// RuleDateInvalid: a day of the schedule is not a calendar day from the year 1900 on. Remedy: write it as 2026-09-30.
	RuleDateInvalid = "DateInvalid"
	// RuleScheduleInvalid: the campaign ends before it starts, or is judged before it starts. Remedy: correct the days of spec.schedule.
	RuleScheduleInvalid = "ScheduleInvalid"
	// RuleActivityTypeUnknown: the type is not in the program's activity catalogue. Remedy: write one that the catalogue has.
	RuleActivityTypeUnknown = "ActivityTypeUnknown"
	// RuleActivityTypeDiffers: the type is not that of the plan's activity, so it is not what was approved. Remedy: write the activity's
	// type, or amend the plan.
	RuleActivityTypeDiffers = "ActivityTypeDiffers"
	// RuleScheduleOutsidePlan: the campaign runs on days outside those of its activity in the plan. Remedy: move it, or amend the plan.
	RuleScheduleOutsidePlan = "ScheduleOutsidePlan"
	// RuleMetricUnknown: the funnel or the stop rule names a metric that the program's catalogue does not have. Remedy: correct the name.
	RuleMetricUnknown = "MetricUnknown"
	// RuleInitiativeUnknown: the campaign names an initiative that the program does not have. Remedy: correct the name.
	RuleInitiativeUnknown = "InitiativeUnknown"
	// RuleGoalUnknown: the campaign names a goal that its plan does not have. Remedy: correct the name, or add the goal to the plan.
	RuleGoalUnknown = "GoalUnknown"
	// RuleGoalNotApproved: the campaign names a goal that is not in the plan of record, only in the amendment. Remedy: get it approved.
	RuleGoalNotApproved = "GoalNotApproved"
	// RuleCurrencyMismatch: cost or MDF is not in the program's currency, and is not used. Remedy: state it in that currency.
	RuleCurrencyMismatch = "CurrencyMismatch"
	// RuleAmountInvalid: an amount is not an amount of its currency, or negative, and is not used. Remedy: correct the amount.
	RuleAmountInvalid = "AmountInvalid"
	// RulePercentInvalid: marginPercent is not a percentage, and is not used. Remedy: write a percentage such as 35.
	RulePercentInvalid = "PercentInvalid"
	// RuleMDFAboveCost: the vendor is asked for more than the campaign costs. Remedy: lower mdf to the cost or less.
	RuleMDFAboveCost = "MDFAboveCost"
	// RuleMarginAboveRevenue: marginPercent is above 100, so the margin is above the revenue. Remedy: state the margin's share of revenue.
	RuleMarginAboveRevenue = "MarginAboveRevenue"
	// RuleExpectedInvalid: what a step of the funnel is expected to bring is not a number, or negative. Remedy: write 0 or more.
	RuleExpectedInvalid = "ExpectedInvalid"
	// RuleFunnelGrows: a step of the funnel is expected to bring more than the step before it. Remedy: check the order of the steps and
	// their figures.
	RuleFunnelGrows = "FunnelGrows"
	// RuleStopLimitInvalid: maxCostPerResult is not above zero, so the stop rule cannot be judged. Remedy: write what one result may cost.
	RuleStopLimitInvalid = "StopLimitInvalid"
	// RuleOutOfSeason: the campaign runs only in months in which the season curve of the plan's segment expects nothing. Remedy: move it,
	// or check the curve.
	RuleOutOfSeason = "OutOfSeason"
	// RuleAudienceUnknown: the program's catalogue has no such territory or segment. Remedy: name one of the catalogue, or have the program owner add it.
	RuleAudienceUnknown = "AudienceUnknown"
	// RuleAudienceVague: the audience has no segment or no size. Remedy: say whom the campaign addresses, and how many they are.
	RuleAudienceVague = "AudienceVague"
	// RuleExpectationUnusual: what a lead is expected to cost, or the share of leads that is expected to become opportunities, is outside the middle half of
	// what others had; a warning where it is twice as far out. Remedy: check the expected figures and the cost.
	RuleExpectationUnusual = "ExpectationUnusual"
	// RuleResultsNotAttributed: results were measured that are outside the attribution window and do not count. Remedy: check their days and
	// cohorts, or the schedule.
	RuleResultsNotAttributed = "ResultsNotAttributed"
)

// evaluation is the state of one evaluation.
type evaluation struct {
	snapshot   *snapshot.Snapshot
	campaign   *v1alpha1.Campaign
	spec       *v1alpha1.CampaignSpec
	now        time.Time
	findings   verdict.Findings
	conditions *verdict.Conditions
	horizon    *verdict.Horizon
	status     v1alpha1.CampaignStatus

	// What findProgram finds.
	plan   *v1alpha1.JointPlan
	record *v1alpha1.PlanTerms // the plan of record; nil when there is none
	prog   *program.Program
	today  fiscal.Day
	digits int // of the program's currency

	recordLost bool // there is a plan of record, but its content is kept nowhere

	schedule *schedule // nil when its days are wrong
	account  account
}

// Result is how a campaign stands at an instant.
type Result struct {
	// Status is the status to be written.
	Status v1alpha1.CampaignStatus
	// NextChange is the next instant at which any of this may differ although no spec changed. Zero means never.
	NextChange time.Time
	// Account is what was measured of the campaign, exactly.
	Account Account
	// Initiatives are those of the program that the campaign serves, its own or else those of its activity in the plan; sorted.
	Initiatives []v1alpha1.Name
}

// resultOf is the key of how a campaign stands.
type resultOf struct{ campaign string }

// Of says how a campaign stands at an instant. It is shared by all who ask and must not be changed.
func Of(p *snapshot.Snapshot, campaign *v1alpha1.Campaign, now time.Time) *Result {
	held := p.Campaign(v1alpha1.Name(campaign.Name))
	if !snapshot.Same(held, campaign) {
		return evaluate(p, campaign, now) // as it might be
	}
	return snapshot.Once(p, snapshot.Judgement, now, resultOf{campaign.Name}, func() *Result { return evaluate(p, held, now) })
}

// Evaluate returns the status of a campaign at an instant and the next instant at which it may differ although no spec changed (zero:
// never). The campaign is one of the snapshot's.
func Evaluate(p *snapshot.Snapshot, campaign *v1alpha1.Campaign, now time.Time) (v1alpha1.CampaignStatus, time.Time) {
	result := Of(p, campaign, now)
	return *result.Status.DeepCopy(), result.NextChange
}

func evaluate(p *snapshot.Snapshot, campaign *v1alpha1.Campaign, now time.Time) *Result {
	e := &evaluation{
		snapshot: p, campaign: campaign, spec: &campaign.Spec, now: now,
		conditions: verdict.NewConditions(campaign.Status.Conditions, campaign.Generation, now),
		horizon:    verdict.NewHorizon(now),
	}
	e.status.ObservedGeneration = campaign.Generation
	if why := p.Beyond(campaign); why != "" {
		e.conditions.LeftOut(&e.findings, why, v1alpha1.ConditionAligned, v1alpha1.ConditionWithinStopRule)
		e.status.Conditions, e.status.Findings = e.conditions.List(), e.findings.List()
		return &Result{Status: e.status}
	}
	result := &Result{}
	if e.findProgram() {
		e.readSchedule()
		e.readAccount()
		result.Account, result.Initiatives = e.account.figures(), e.initiatives()
		e.checkSpec()
		e.setFunnel()
		e.setCostPerResult()
		e.setReturns()
		e.setCohorts()
		e.judgeAlignment()
		e.judgeStopRule()
	} else {
		const why = "not judged: the plan and its program must be found first"
		e.conditions.Unknown(v1alpha1.ConditionAligned, v1alpha1.ReasonNotEvaluated, why)
		e.conditions.Unknown(v1alpha1.ConditionWithinStopRule, v1alpha1.ReasonNotEvaluated, why)
	}
	e.conditions.Readiness(&e.findings)
	e.status.Conditions = e.conditions.List()
	e.status.Findings = e.findings.List()
	result.Status, result.NextChange = e.status, e.horizon.Next()
	return result
}

// findProgram looks up the plan, its plan of record and the program. It is false, with a finding, when the plan or the program is missing:
// without them there is neither a zone nor a catalogue.
func (e *evaluation) findProgram() bool {
	const field = "spec.planRef.name"
	name := e.spec.PlanRef.Name
	e.plan = e.snapshot.Plan(name)
	if e.plan == nil {
		e.findings.Errorf(verdict.RuleReferenceNotFound, field, "%s", verdict.NotFound(kinds.JointPlan, string(name), e.snapshot.PlanNames()))
		return false
	}
	partnerName := string(e.plan.Spec.PartnerRef.Name)
	partner := e.snapshot.Partner(e.plan.Spec.PartnerRef.Name)
	if partner == nil {
		e.findings.Errorf(verdict.RuleReferenceNotFound, field, "plan %q has no partner: %s", name,
			verdict.NotFound(kinds.Partner, partnerName, e.snapshot.PartnerNames()))
		return false
	}
	e.prog = e.snapshot.ProgramOf(partner)
	if e.prog == nil {
		e.findings.Errorf(verdict.RuleReferenceNotFound, field, "partner %q of plan %q has no program: %s", partnerName, name,
			verdict.NotFound(kinds.PartnerProgram, string(partner.Spec.ProgramRef.Name), e.snapshot.ProgramNames()))
		return false
	}
	e.today = e.prog.Today(e.now)
	e.status.Currency = e.prog.Spec.Currency
	e.digits = 2
	if digits, err := money.Digits(e.prog.Spec.Currency); err == nil {
		e.digits = digits
	}
	e.readRecord()
	return true
}

// readRecord looks up the plan of record.
func (e *evaluation) readRecord() {
	approval := plan.Approvals(e.snapshot, e.plan, e.now)
	e.horizon.At(approval.NextChange)
	if approval.Record != nil {
		e.record, e.recordLost = approval.Record.Terms, approval.Record.Terms == nil
	}
}

// terms returns the terms by which the plan stands: those of record, or the current ones while there are none of record.
func (e *evaluation) terms() *v1alpha1.PlanTerms {
	if e.record != nil {
		return e.record
	}
	return &e.plan.Spec.PlanTerms
}
