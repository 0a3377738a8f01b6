package plan

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/attainment"
	"jointplan.dev/jointplan/internal/rules/meeting"
	"jointplan.dev/jointplan/internal/verdict"
)

// Result is how a plan stands at an instant.
type Result struct {
	// Status is the status to be written.
	Status v1alpha1.JointPlanStatus
	// NextChange is the next instant at which the status may change although no spec does. Zero means never.
	NextChange time.Time
	// Keep are the revisions that must be kept: the content of the plan of record while the plan holds it and no PlanRevision does.
	// Name, namespace and spec are filled.
	Keep []*v1alpha1.PlanRevision
	// Span is the period; zero when the plan could not be evaluated.
	Span fiscal.Span
	// RuleSet is the rule set by which the plan was judged; nil when it could not be evaluated.
	RuleSet *program.RuleSet
	// Terms are the terms under which the plan was evaluated: those of the plan of record, or the current ones when there is none
	// or nothing holds its content. Nil when it could not be evaluated.
	Terms *v1alpha1.PlanTerms
	// Attainment is the score in percent, exactly; nil when it is unknown.
	Attainment *big.Rat
	// Final says that all results are in or due.
	Final bool
	// FinalSince is the first day on which, as specs now stand, they were; absent while Final is false.
	FinalSince fiscal.Day
	// Approved says that there is a plan of record whose content is known.
	Approved bool
	// Meetings say by name how the records of the meetings about the plan stand; nil when the plan could not be evaluated.
	Meetings map[string]*Meeting
	// Stops are the spans in which the clock of overdue reviews stands or stood still.
	Stops []meeting.Stop
	// Duty says whose turn it is with the plan, and since when.
	Duty *Duty
	// Promises are what both parties promised for the plan besides submission, decisions and payments, in order; nil when the plan could not be evaluated.
	Promises []Promise
}

// evaluation is one evaluation of a plan under way.
type evaluation struct {
	snapshot *snapshot.Snapshot
	plan     *v1alpha1.JointPlan
	now      time.Time
	calendar *fiscal.Calendar
	today    fiscal.Day

	approval *Approval
	ground   ground              // of terms
	terms    *v1alpha1.PlanTerms // under which the plan is evaluated
	tier     heldTier
	duty     *Duty
	current  *program.RuleSet    // by which the current terms are judged; nil when not known
	errors   []v1alpha1.Finding  // in the current terms
	done     []v1alpha1.DoneItem // that were done by today
	meetings []*occasion         // in the order in which they were recorded
	stops    []meeting.Stop
	fired    []v1alpha1.FiredRisk // that occurred by today

	reviewDues []fiscal.Day // the due days of the review slots, in order
	promises   []Promise

	findings verdict.Findings
	horizon  *verdict.Horizon
}

// Evaluate says how a plan stands at an instant: under the terms of its plan of record, or under its current terms while no party
// has approved any. Findings name fields of the spec; those about terms of the plan of record that are not the current ones begin with
// planOfRecord instead of spec.
func Evaluate(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, now time.Time) Result {
	shared := Of(p, plan, now)
	result := *shared
	result.Status, result.Keep = *shared.Status.DeepCopy(), nil
	for _, revision := range shared.Keep {
		result.Keep = append(result.Keep, revision.DeepCopy())
	}
	return result
}

// resultOf is the key of how a plan stands.
type resultOf struct{ plan string }

// Of returns what Evaluate does, shared by all who ask: it must not be changed.
func Of(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, now time.Time) *Result {
	held := p.Plan(v1alpha1.Name(plan.Name))
	if !snapshot.Same(held, plan) {
		return evaluate(p, plan, now) // as it might be
	}
	return snapshot.Once(p, snapshot.Judgement, now, resultOf{plan.Name}, func() *Result { return evaluate(p, held, now) })
}

// business are the business conditions of a plan.
var business = []string{
	v1alpha1.ConditionApproved, v1alpha1.ConditionSmart, v1alpha1.ConditionAligned, v1alpha1.ConditionOnTrack,
	v1alpha1.ConditionReviewOverdue, v1alpha1.ConditionResultsStale, v1alpha1.ConditionReconciliationOverdue,
}

// leftOut is how a plan stands that is not evaluated, as there are too many.
func leftOut(plan *v1alpha1.JointPlan, why string, now time.Time) *Result {
	findings, conditions := &verdict.Findings{}, verdict.NewConditions(plan.Status.Conditions, plan.Generation, now)
	conditions.LeftOut(findings, why, business...)
	result := &Result{Duty: &Duty{}, Status: v1alpha1.JointPlanStatus{Stage: v1alpha1.StageDraft, Revision: Revision(&plan.Spec.PlanTerms)}}
	status := &result.Status
	status.ObservedGeneration, status.Conditions, status.Findings = plan.Generation, conditions.List(), findings.List()
	return result
}

func evaluate(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, now time.Time) *Result {
	if why := p.Beyond(plan); why != "" {
		return leftOut(plan, why, now)
	}
	e := &evaluation{snapshot: p, plan: plan, now: now, horizon: verdict.NewHorizon(now), calendar: fiscal.UTC()}
	e.approval = Approvals(p, plan, now)
	e.horizon.At(e.approval.NextChange)
	e.terms = &plan.Spec.PlanTerms
	if record := e.approval.Record; record != nil && record.Terms != nil {
		e.terms = record.Terms
	}
	e.ground = resolve(p, e.terms)
	if e.ground.program != nil {
		e.calendar = e.ground.program.Calendar
	}
	e.today = e.calendar.Today(now)
	e.checkPeople()
	campaigns := int32(min(len(p.CampaignsOf(v1alpha1.Name(plan.Name))), math.MaxInt32))
	result := &Result{Status: v1alpha1.JointPlanStatus{
		Revision: e.approval.Revision, Approvals: e.approval.Parties, Campaigns: &campaigns,
		Decisions: Decisions(p, v1alpha1.Name(plan.Name)), Meetings: countOf(len(p.ReviewsOf(v1alpha1.Name(plan.Name)))),
	}}
	conditions := verdict.NewConditions(plan.Status.Conditions, plan.Generation, now)
	if e.ground.problem != nil {
		e.notEvaluated(result, conditions)
	} else {
		e.evaluate(result, conditions)
	}
	conditions.Readiness(&e.findings)
	result.Status.ObservedGeneration = plan.Generation
	result.Status.Conditions = conditions.List()
	result.Status.Findings = e.findings.List()
	result.Duty = e.duty
	result.NextChange = e.horizon.Next()
	return result
}

// notEvaluated fills in what can be said of a plan whose terms refer to nothing that can be used.
func (e *evaluation) notEvaluated(result *Result, conditions *verdict.Conditions) {
	wrong := e.ground.problem
	e.findings.Errorf(wrong.rule, "spec."+wrong.field, "%s", wrong.message)
	for _, kind := range business {
		conditions.Unknown(kind, v1alpha1.ReasonNotEvaluated, fmt.Sprintf("cannot be judged: spec.%s: %s", wrong.field, wrong.message))
	}
	e.findDuty()
	result.Status.Stage = v1alpha1.StageDraft
	e.fillPeriod(&result.Status)
}

// fillPeriod fills in the days of the period when they are known.
func (e *evaluation) fillPeriod(status *v1alpha1.JointPlanStatus) {
	if span := e.ground.span; !span.IsZero() {
		status.Period = &v1alpha1.DayRange{From: span.From.Date(), Through: span.Through.Date()}
		status.PeriodLabel = e.calendar.Label(span)
	}
}

// evaluate judges a plan whose terms can be evaluated.
func (e *evaluation) evaluate(result *Result, conditions *verdict.Conditions) {
	status := &result.Status
	e.fillPeriod(status)
	status.RuleSet = e.ground.rules.Name
	e.tier = e.ground.tierAtStart(e.snapshot, e.now, e.horizon)
	e.checkGround()
	e.checkRecord()
	e.readMeetings()
	e.checkProgress()

	book := measure.OfPlan(e.snapshot, e.ground.program, e.plan, e.ground.span, e.today)
	attained := e.attain(book)
	conditions.Judge(v1alpha1.ConditionOnTrack, attained.OnTrack)
	conditions.Judge(v1alpha1.ConditionResultsStale, attained.ResultsStale)

	checks := check{evaluation: e, ground: e.ground, terms: e.terms, tier: e.tier, root: e.root(), book: book}
	conditions.Judge(v1alpha1.ConditionSmart, checks.judgeSmart())
	var aligned verdict.Judgement
	status.Alignment, aligned = checks.judgeAlignment()
	conditions.Judge(v1alpha1.ConditionAligned, aligned)
	checks.checkSections()
	status.SalesPlan = checks.salesPlan()
	e.checkAmendment(book)

	e.findDuty()
	status.Submission = e.submissionStatus()
	approved := e.judgeApproved()
	approved.Message += e.notYet()
	conditions.Judge(v1alpha1.ConditionApproved, approved)

	closes := e.closesAfter(attained.ResultsDue)
	var overdue verdict.Judgement
	status.Reviews, overdue = e.judgeReviews()
	conditions.Judge(v1alpha1.ConditionReviewOverdue, overdue)
	e.reconcile(status, conditions, &attained, closes)
	result.Meetings, result.Stops = e.told(), e.stops
	status.OpenItems = e.openItems()
	slices.SortStableFunc(e.promises, comparePromises)
	result.Promises = e.promises
	status.PlanningDays = e.planningDays()
	status.PlanOfRecord = e.planOfRecord()
	status.AttainmentPercent, status.PacePercent = attained.AttainmentPercent, attained.PacePercent
	status.Score, status.Goals, status.SharedTargets = attained.Score, attained.Goals, attained.Shared
	status.ScoresByRevision = e.scoresByRevision(book, &attained)

	result.Keep = keep(e.snapshot, e.plan, e.approval)
	result.Span, result.RuleSet, result.Terms = e.ground.span, e.ground.rules, e.terms
	result.Attainment, result.Final, result.FinalSince = attained.Attainment, attained.Final, attained.FinalSince
	result.Approved = e.inForce()
}

// reconcile judges the reconciliation, with which both parties close the plan, and says in which stage the plan is.
func (e *evaluation) reconcile(status *v1alpha1.JointPlanStatus, conditions *verdict.Conditions, attained *attainment.Result, closes fiscal.Day) {
	var unreconciled verdict.Judgement
	status.Reconciliation, unreconciled = e.judgeReconciliation(attained.ResultsDue)
	conditions.Judge(v1alpha1.ConditionReconciliationOverdue, unreconciled)
	awaited := attained.ResultsDue
	if attained.Final {
		awaited = e.ground.span.Through
	}
	reconciled := status.Reconciliation == nil || status.Reconciliation.State == v1alpha1.ReconciliationHeld
	status.Stage = e.stage(awaited, closes, reconciled)
	if reconciled && slices.Contains([]v1alpha1.PlanStage{v1alpha1.StageApproved, v1alpha1.StageActive, v1alpha1.StageAwaitingResults, v1alpha1.StageAwaitingClaims}, status.Stage) {
		status.ClosesOn = closes.AddDays(1).Date()
	}
}

// attain judges the goals.
func (e *evaluation) attain(book *measure.Book) attainment.Result {
	e.findings.Append(book.Findings()...)
	if next, ok := book.NextDay(); ok {
		e.from(next)
	}
	in := attainment.Input{
		Program: e.ground.program, RuleSet: e.ground.rules, Terms: e.terms, Original: e.terms,
		Span: e.ground.span, Book: book, Done: e.done, Now: e.now,
	}
	if original := e.approval.Original; original != nil && original.Terms != nil {
		in.Original = original.Terms
	}
	var findings verdict.Findings
	result := attainment.Evaluate(in, &findings, e.horizon)
	for _, finding := range findings.List() {
		if rest, ok := strings.CutPrefix(finding.Field, "spec."); ok {
			finding.Field = e.root() + "." + rest
		}
		e.findings.Append(finding)
	}
	return result
}

// checkAmendment notes what is wrong in current terms that are not the ones under which the plan is evaluated.
func (e *evaluation) checkAmendment(book *measure.Book) {
	current := &e.plan.Spec.PlanTerms
	if e.terms == current {
		return
	}
	g := resolve(e.snapshot, current)
	if g.problem != nil {
		e.findings.Errorf(g.problem.rule, "spec."+g.problem.field, "%s", g.problem.message)
		return
	}
	held := g.tierAtStart(e.snapshot, e.now, e.horizon)
	checks := check{evaluation: e, ground: g, terms: current, tier: held, root: "spec", book: book}
	var findings verdict.Findings
	attainment.Evaluate(attainment.Input{
		Program: g.program, RuleSet: g.rules, Terms: current, Original: current, Span: g.span, Book: book, Done: e.done, Now: e.now,
	}, &findings, e.horizon)
	for _, finding := range findings.List() {
		if finding.Severity == v1alpha1.SeverityError { // the others are about results, which an amendment does not have
			e.findings.Append(finding)
		}
	}
	checks.judgeSmart() // after the errors about goals, which it does not repeat
	checks.judgeAlignment()
	checks.checkSections()
}

// checkGround notes what is doubtful about what the terms stand on.
func (e *evaluation) checkGround() {
	for _, finding := range e.ground.program.Findings {
		if finding.Rule == program.RuleCalendarInvalid {
			e.findings.Warningf(RuleCalendarDoubtful, e.root()+".partnerRef", "the calendar of program %q has a mistake, so days may be judged wrongly: %s: %s",
				e.ground.program.Name, finding.Field, finding.Message)
		}
	}
	same, count := e.samePeriod()
	if count > 0 {
		noun := "plan"
		if count > 1 {
			noun = "plans"
		}
		e.findings.Warningf(RulePlanOverlap, e.root()+".period",
			"partner %q has another plan for %s, the same period: %s %s; merge them, or give each a period of its own",
			e.terms.PartnerRef.Name, e.calendar.Label(e.ground.span), noun, verdict.SomeOf(same, count))
	}
}

// plansBySpan is the key of the names of a partner's plans, by the days of their periods.
type plansBySpan struct{ partner v1alpha1.Name }

// samePeriod returns the first names of the partner's other plans for the same days, and how many there are.
func (e *evaluation) samePeriod() (first []v1alpha1.Name, count int) {
	partner := e.terms.PartnerRef.Name
	bySpan := snapshot.Once(e.snapshot, snapshot.Judgement, e.now, plansBySpan{partner}, func() map[fiscal.Span][]v1alpha1.Name {
		names := map[fiscal.Span][]v1alpha1.Name{}
		for _, x := range e.snapshot.PlansOf(partner) {
			if span, err := e.calendar.Period(x.Spec.Period); err == nil {
				names[span] = append(names[span], v1alpha1.Name(x.Name))
			}
		}
		return names
	})
	names := bySpan[e.ground.span]
	count = len(names)
	if _, own := slices.BinarySearch(names, v1alpha1.Name(e.plan.Name)); own {
		count--
	}
	for _, name := range names {
		if name != v1alpha1.Name(e.plan.Name) && len(first) < maxNamed {
			first = append(first, name)
		}
		if len(first) == min(count, maxNamed) {
			break
		}
	}
	return first, count
}

// planOfRecord returns the part of the status about the plan of record.
func (e *evaluation) planOfRecord() *v1alpha1.PlanOfRecord {
	record := e.approval.Record
	if record == nil {
		return nil
	}
	return &v1alpha1.PlanOfRecord{Revision: record.Revision, ApprovedTime: metav1.NewTime(record.ApprovedTime), Name: record.Name}
}

// root is what the fields of the evaluated terms begin with in findings.
func (e *evaluation) root() string {
	if e.terms == &e.plan.Spec.PlanTerms {
		return "spec"
	}
	return "planOfRecord"
}

// from notes that the status may change when a day begins. An absent day is ignored.
func (e *evaluation) from(day fiscal.Day) {
	if day > e.today {
		e.horizon.At(e.calendar.StartOf(day))
	}
}

// day reads a day and notes when it is none.
func (e *evaluation) day(field string, text v1alpha1.Date) (fiscal.Day, bool) {
	day, err := fiscal.ParseDay(text)
	if err != nil {
		e.findings.Errorf(RuleDateInvalid, field, "%s", err)
	}
	return day, err == nil
}

// dayOr is day for a field whose absence means something.
func (e *evaluation) dayOr(field string, text v1alpha1.Date, absent fiscal.Day) (fiscal.Day, bool) {
	if text == "" {
		return absent, true
	}
	return e.day(field, text)
}

// localDay is the day of an instant in the program's zone.
func (e *evaluation) localDay(instant time.Time) fiscal.Day { return e.calendar.Today(instant) }

// goal returns a goal of the evaluated terms; nil when there is none of that name.
func goal(terms *v1alpha1.PlanTerms, name v1alpha1.Name) *v1alpha1.Goal {
	i := slices.IndexFunc(terms.Goals, func(g v1alpha1.Goal) bool { return g.Name == name })
	if i < 0 {
		return nil
	}
	return &terms.Goals[i]
}
