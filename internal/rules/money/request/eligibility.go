package request

import (
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// input is what the rules of eligibility look at: a request that is resolved, and the day.
type input struct {
	*Request

	facts   *facts.Facts
	on      *v1alpha1.MDFBudget // the budget, where it is given; nil to look for the one that the request names
	cal     *fiscal.Calendar
	today   fiscal.Day
	asked   fiscal.Day // the day by which lead times and deadlines are judged: requestedOn or, of a draft, today
	asOf    fiscal.Day // the day from which the vendor decides: asked or, of a request that was submitted again, that day
	planned *v1alpha1.PlannedActivity
	period  fiscal.Span // of the plan of record; zero when it is not known
	span    fiscal.Span // of the budget; zero when it is not known
	most    int64       // what is requested, in minor units of the request's currency; zero when it cannot be read
	cost    int64       // the cost, in the same; zero when it cannot be read
	broken  string      // the first thing wrong in the request's own spec; empty when nothing is
	turn    plan.Turn   // of the vendor, from the day on which the request was made
	theirs  bool        // the partner has to change the request before anybody decides on it

	findings *verdict.Findings
	horizon  *verdict.Horizon
}

// clause is one rule of eligibility.
type clause = verdict.Clause[*input]

// budgetStays is the rule that is judged of a granted request too.
var budgetStays = clause{Reason: v1alpha1.ReasonBudgetGone, Field: "spec.budgetRef.name", Asks: "the budget has not been deleted", Broken: budgetThere}

// chain returns the rules of eligibility in their order: the first one that is broken is the reason of the condition, findings list all.
func chain() []clause {
	return []clause{
		{Reason: v1alpha1.ReasonNotRequested, Field: "spec.requestedOn", Asks: "the request is made (spec.requestedOn)", Broken: requested},
		{Reason: v1alpha1.ReasonNoPlan, Field: "spec.planRef.name", Asks: "its plan has a plan of record", Broken: hasPlan},
		{Reason: v1alpha1.ReasonActivityNotInPlan, Field: "spec.activity", Asks: "the plan of record includes the activity", Broken: activityInPlan},
		{Reason: v1alpha1.ReasonOutsidePeriod, Field: "spec.startsOn", Asks: "the activity is within the days of the plan and of the budget", Broken: withinPeriod},
		{Reason: v1alpha1.ReasonBudgetNotFound, Field: "spec.budgetRef.name", Asks: "the budget is there for this partner", Broken: budgetFound},
		budgetStays,
		{Reason: v1alpha1.ReasonSharedActivityUnknown, Field: "spec.sharedActivity", Asks: "the budget has the shared activity for this partner", Broken: sharedActivityKnown},
		{Reason: v1alpha1.ReasonActivityNotFunded, Field: "spec.activity", Asks: "program and budget fund the type of activity", Broken: activityFunded},
		{Reason: v1alpha1.ReasonStandingHold, Field: "spec.planRef.name", Asks: "the partner's standing does not hold new money", Broken: standingHolds},
		{Reason: v1alpha1.ReasonTierNotAllowed, Field: "spec.activity", Asks: "the partner's tier is funded for the type of activity", Broken: tierAllows},
		{Reason: v1alpha1.ReasonAgreementEnded, Field: "spec.endsOn", Asks: "the partner's agreement lasts as long as the activity", Broken: agreementLasts},
		{Reason: v1alpha1.ReasonLeadTimeMissed, Field: "spec.requestedOn", Asks: "the request was made early enough before the activity", Broken: leadTimeKept},
		{Reason: v1alpha1.ReasonResubmissionTooLate, Field: "spec.resubmittedOn", Asks: "after it was sent back it was submitted again early enough", Broken: resubmittedInTime},
		{Reason: v1alpha1.ReasonRequestDeadlineMissed, Field: "spec.requestedOn", Asks: "the request was made in the budget's time for requests", Broken: deadlineKept},
		{Reason: v1alpha1.ReasonMilestoneNotReached, Field: "spec.contingentOn", Asks: "the goals it depends on have reached their required values", Broken: milestonesReached},
		{Reason: v1alpha1.ReasonRateAboveProgram, Field: "spec.reimbursementPercent", Asks: "the share requested is at most the program's rate", Broken: rateWithinProgram},
		{Reason: v1alpha1.ReasonAmountAboveShare, Field: "spec.amount.amount", Asks: "the amount is at most that share of the cost", Broken: amountWithinShare},
		{Reason: v1alpha1.ReasonExpectedOutcomeMissing, Field: "spec.expected", Asks: "the expected results are stated", Broken: outcomeExpected},
		{Reason: v1alpha1.ReasonExchangeRateMissing, Field: "spec.amount.currency", Asks: "the program states the exchange rate, where one is needed", Broken: exchangeRateStated},
		{Reason: v1alpha1.ReasonClaimWindowClosed, Field: "spec.endsOn", Asks: "there is still time for claims", Broken: claimWindowOpen},
		{Reason: v1alpha1.ReasonAfterTheFact, Field: "spec.startsOn", Asks: "plan and request were approved by the first day of the activity", Broken: afterTheFact},
	}
}

// Rules returns the rules of eligibility of requests for activities in words, in the order in which requests are judged by them.
func Rules() []verdict.RuleText { return verdict.Texts(chain()) }

// judgeEligible runs the chain until the ledger holds the request: what changes later does not take a grant back.
func (in *input) judgeEligible() {
	if _, granted := in.Held(); granted {
		in.Eligible = verdict.True(v1alpha1.ReasonGranted, "the request met every rule when it was granted; the rules are not applied again after that")
		if in.Budget == nil {
			in.check(budgetStays)
		}
		return
	}
	in.Eligible = verdict.True(v1alpha1.ReasonEligible, "the request meets every rule of the program, the plan and the budget")
	var failed bool
	for _, rule := range in.rules() {
		reason, message, broken := in.check(rule)
		switch {
		case !broken || failed:
		case reason == v1alpha1.ReasonMissingResults:
			in.Eligible = verdict.Unknown(reason, "%s", message)
		default:
			in.Eligible = verdict.False(reason, "%s", message)
		}
		failed = failed || broken
		in.theirs = in.theirs || broken && (slices.Contains(partnersTurn, reason) || in.IsReward() && slices.Contains(rewardsTurn, reason))
	}
	if !failed && in.broken != "" {
		in.Eligible = verdict.Unknown(v1alpha1.ReasonNotEvaluated, "%s", "cannot be judged: "+in.broken)
	}
}

// partnersTurn are the reasons with which the partner has to change the request, its plan or its agreement before anybody decides on it. None of them
// comes or goes with time alone, as those do that depend on standing, tiers or results: a late decision does not stop being late by itself.
var partnersTurn = []string{
	v1alpha1.ReasonNoPlan, v1alpha1.ReasonActivityNotInPlan, v1alpha1.ReasonOutsidePeriod, v1alpha1.ReasonBudgetNotFound, v1alpha1.ReasonBudgetGone,
	v1alpha1.ReasonActivityNotFunded, v1alpha1.ReasonAgreementEnded, v1alpha1.ReasonLeadTimeMissed, v1alpha1.ReasonRequestDeadlineMissed,
	v1alpha1.ReasonSharedActivityUnknown, v1alpha1.ReasonResubmissionTooLate,
	v1alpha1.ReasonAmountAboveShare, v1alpha1.ReasonExpectedOutcomeMissing,
}

// check runs one rule and lists it when it is broken. What is a mistake in a reference is listed as such already.
func (in *input) check(rule clause) (reason, message string, failed bool) {
	reason, message, failed = rule.Broken(in)
	switch {
	case !failed, reason == v1alpha1.ReasonNoPlan && in.Plan == nil, reason == v1alpha1.ReasonBudgetNotFound:
	case reason == v1alpha1.ReasonNotRequested, reason == v1alpha1.ReasonMissingResults:
		in.findings.Infof(reason, rule.Field, "%s", message)
	default:
		in.findings.Warningf(reason, rule.Field, "%s", message)
	}
	return reason, message, failed
}

func requested(in *input) (reason, message string, failed bool) {
	reason = v1alpha1.ReasonNotRequested
	switch on := in.Object.Spec.RequestedOn; {
	case in.Submitted:
		return "", "", false
	case in.asked > in.today:
		return reason, fmt.Sprintf("the request is a draft until %s (spec.requestedOn)", on), true
	case on != "":
		return reason, "the request is a draft: spec.requestedOn is not a valid date: write it as 2026-09-30", true
	default:
		return reason, "the request is a draft: set spec.requestedOn to the day on which it is made", true
	}
}

func hasPlan(in *input) (reason, message string, failed bool) {
	name := in.Object.Spec.PlanRef.Name
	switch {
	case in.Plan == nil:
		return v1alpha1.ReasonNoPlan, noPlan(in), true
	case in.Terms != nil:
		return "", "", false
	case in.facts.Approvals(in.Plan).Record != nil:
		return v1alpha1.ReasonNoPlan, fmt.Sprintf("nothing holds the content of the plan of record of JointPlan %q: its findings say how to bring it back; "+
			"no plan, no money", name), true
	default:
		return v1alpha1.ReasonNoPlan, fmt.Sprintf("JointPlan %q has no plan of record: %s; no plan, no money", name, in.planTurn()), true
	}
}

// planTurn says whose turn it is with a plan that is not approved.
func (in *input) planTurn() string {
	result := plan.Of(in.facts.Snapshot, in.Plan, in.facts.Now)
	in.horizon.At(result.NextChange)
	clock := result.Duty.Clock(0)
	switch {
	case clock.Owner != v1alpha1.PartyVendor:
		return "the partner submits it, and every party approves it first"
	case in.today > clock.Through:
		return fmt.Sprintf("the partner submitted it on %s, and it waits for the vendor, whose decision was due by %s", clock.SubmittedOn, clock.Through)
	default:
		return fmt.Sprintf("the partner submitted it on %s, and it waits for the vendor, who decides by %s", clock.SubmittedOn, clock.Through)
	}
}

// afterTheFact says that the activity began before plan and request were approved: nothing is granted for it any more, whatever the dates of its
// invoices, but as an exception.
func afterTheFact(in *input) (reason, message string, failed bool) {
	if in.Starts.IsZero() || in.Approval.Excepted != nil || in.today <= in.Starts {
		return "", "", false
	}
	if in.Approval.Changed && in.Approval.InTime {
		return "", "", false // it was approved in time, and the change waits for its approval
	}
	const nothing = "nothing is granted after the fact, no matter what its invoices are dated"
	if !in.Approval.Complete {
		return v1alpha1.ReasonAfterTheFact, fmt.Sprintf("the activity began on %s, and the request was not approved by that day: %s%s", in.Starts, nothing,
			in.exceptionWords()), true
	}
	if record := in.firstRecord(); !record.IsZero() && record > in.Starts {
		return v1alpha1.ReasonAfterTheFact, fmt.Sprintf("the activity began on %s, and the plan that includes it was approved on %s: %s", in.Starts, record,
			nothing), true
	}
	return "", "", false
}

// firstRecord is the first day on which a plan of record foresaw the activity; absent when none did.
func (in *input) firstRecord() fiscal.Day {
	if in.Plan == nil {
		return 0
	}
	for _, record := range in.facts.Approvals(in.Plan).History {
		if record.Terms != nil && plannedActivity(record.Terms, in.Object.Spec.Activity) != nil {
			return in.cal.Today(record.ApprovedTime)
		}
	}
	return 0
}

// exceptionWords says whether, and how, money can be granted all the same.
func (in *input) exceptionWords() string {
	if !in.Submitted {
		return ""
	}
	through, decided := in.turn.Through, in.Approval.Decided
	switch {
	case decided != nil:
		return fmt.Sprintf("; the vendor decided in time (%s on %s), so there is no exception", decided.Spec.Decision, in.cal.Today(decided.Spec.DecidedTime.Time))
	case in.today <= through:
		return fmt.Sprintf("; the vendor has through %s to decide: what it leaves undecided beyond that day, two of its people may grant as an exception", through)
	default:
		return fmt.Sprintf("; the vendor left the request undecided beyond %s, its last day: two of its people may grant an exception, with a reason "+
			"(an ApprovalDecision with spec.exception of each)", through)
	}
}

func noPlan(in *input) string {
	name := string(in.Object.Spec.PlanRef.Name)
	return "no plan, no money: " + verdict.NotFound(kinds.JointPlan, name, in.facts.Snapshot.PlanNames())
}

func activityInPlan(in *input) (reason, message string, failed bool) {
	if in.Terms == nil || in.planned != nil {
		return "", "", false
	}
	name, names := string(in.Object.Spec.Activity), activityNames(in.Terms)
	message = fmt.Sprintf("money is granted only for activities of the plan of record, and that of JointPlan %q has %s", in.Plan.Name,
		verdict.NoSuch("activity", name, names))
	if verdict.Nearest(name, names) == "" {
		return v1alpha1.ReasonActivityNotInPlan, message + ": name one of its activities, or amend the plan first", true
	}
	return v1alpha1.ReasonActivityNotInPlan, message + " Otherwise amend the plan first", true
}

func activityNames(terms *v1alpha1.PlanTerms) []string {
	var names []string
	for i := range terms.Activities {
		names = append(names, string(terms.Activities[i].Name))
	}
	return names
}

func withinPeriod(in *input) (reason, message string, failed bool) {
	if in.Starts.IsZero() || in.Ends.IsZero() {
		return "", "", false
	}
	days := fiscal.Span{From: in.Starts, Through: in.Ends}
	if in.planned != nil && !in.period.IsZero() {
		if allowed := in.plannedDays(); !allowed.Covers(days) {
			return v1alpha1.ReasonOutsidePeriod, fmt.Sprintf("the activity is to take place %s; the plan of record has %s %s: choose days within that, or "+
				"amend the plan first",
				when(days), in.planned.Name, when(allowed)), true
		}
	}
	if in.Budget != nil && !in.span.IsZero() && !in.span.Covers(days) {
		return v1alpha1.ReasonOutsidePeriod, fmt.Sprintf("the activity is to take place %s; budget %s pays for activities %s: choose days within that, or "+
			"another budget",
			when(days), in.Budget.Name, when(in.span)), true
	}
	return "", "", false
}

// plannedDays returns the days on which the plan of record lets the activity take place.
func (in *input) plannedDays() fiscal.Span {
	allowed := in.period
	if from, err := fiscal.ParseDay(in.planned.From); err == nil {
		allowed.From = from
	}
	if through, err := fiscal.ParseDay(in.planned.Through); err == nil {
		allowed.Through = through
	}
	return allowed
}

// when writes days for a message: "on 2026-10-19", "from 2026-10-19 to 2026-10-21".
func when(days fiscal.Span) string {
	if days.From == days.Through {
		return "on " + days.From.String()
	}
	return fmt.Sprintf("from %s to %s", days.From, days.Through)
}

func budgetFound(in *input) (reason, message string, failed bool) {
	if in.Budget != nil || in.Ledger != nil && in.facts.Snapshot.Budget(in.Object.Spec.BudgetRef.Name) == nil {
		return "", "", false
	}
	return v1alpha1.ReasonBudgetNotFound, in.noBudget(), true
}

func (in *input) noBudget() string {
	name := in.Object.Spec.BudgetRef.Name
	if in.facts.Snapshot.Budget(name) != nil {
		return fmt.Sprintf("MDFBudget %q not found or not permitted for partners of program %q", name, in.Program.Name)
	}
	return verdict.NotPermitted(kinds.MDFBudget, string(name), in.facts.Snapshot.Namespace, in.facts.Snapshot.BudgetNames())
}

func budgetThere(in *input) (reason, message string, failed bool) {
	name := in.Object.Spec.BudgetRef.Name
	if in.Budget != nil || in.Ledger == nil || in.facts.Snapshot.Budget(name) != nil {
		return "", "", false
	}
	return v1alpha1.ReasonBudgetGone, fmt.Sprintf("MDFBudget %q was deleted or is no longer permitted here: what it granted stays, and claims on that are paid; "+
		"request anything more from another budget", name), true
}

func activityFunded(in *input) (reason, message string, failed bool) {
	if in.planned == nil || in.Program == nil {
		return "", "", false
	}
	reason, kind := v1alpha1.ReasonActivityNotFunded, in.planned.Type
	if activity := in.Program.Activity(kind); activity == nil || rateOf(activity).Sign() == 0 {
		return reason, fmt.Sprintf("program %q does not reimburse activities of type %s: choose another activity of the plan", in.Program.Name, kind), true
	}
	if in.Budget != nil && len(in.Budget.Spec.Activities) > 0 && !slices.Contains(in.Budget.Spec.Activities, kind) {
		return reason, fmt.Sprintf("budget %s pays for %s, not for %s: choose another activity of the plan, or another budget",
			in.Budget.Name, verdict.List(in.Budget.Spec.Activities), kind), true
	}
	return "", "", false
}

// rateOf returns the program's share of an activity's cost in percent, zero when it states none.
func rateOf(activity *v1alpha1.Activity) *big.Rat {
	rate, err := decimal.ParsePercent(activity.ReimbursementPercent)
	if err != nil {
		return new(big.Rat)
	}
	return rate
}

func standingHolds(in *input) (reason, message string, failed bool) {
	view := in.standing()
	if view == nil || view.Standing == nil || !slices.Contains(view.Standing.Holds, v1alpha1.HoldNewMoney) {
		return "", "", false
	}
	message = fmt.Sprintf("new money for partner %q is on hold", in.Partner.Name)
	if len(view.Standing.Causes) > 0 {
		message += ": " + view.Standing.Causes[0].Message
	}
	return v1alpha1.ReasonStandingHold, message, true
}

func tierAllows(in *input) (reason, message string, failed bool) {
	view := in.standing()
	if view == nil || view.Tier == "" || in.planned == nil {
		return "", "", false
	}
	rules := in.Program.RuleSetOn(in.today)
	if rules == nil {
		return "", "", false
	}
	tier := rules.Tier(view.Tier)
	if tier == nil || len(tier.Activities) == 0 || slices.Contains(tier.Activities, in.planned.Type) {
		return "", "", false
	}
	return v1alpha1.ReasonTierNotAllowed, fmt.Sprintf("partner %q holds tier %s, which is funded for %s, not for %s: choose another activity of the plan",
		in.Partner.Name, view.Tier, verdict.List(tier.Activities), in.planned.Type), true
}

func agreementLasts(in *input) (reason, message string, failed bool) {
	if in.Partner == nil || in.Partner.Spec.Agreement == nil || in.Ends.IsZero() {
		return "", "", false
	}
	last, err := fiscal.ParseDay(in.Partner.Spec.Agreement.EndsOn)
	if err != nil || last >= in.Ends {
		return "", "", false
	}
	otherwise := ", or choose earlier days"
	if in.IsReward() {
		otherwise = ""
	}
	return v1alpha1.ReasonAgreementEnded, fmt.Sprintf("the partner's agreement ends on %s, before %s does on %s: renew the agreement%s",
		last, in.For(), in.Ends, otherwise), true
}

func leadTimeKept(in *input) (reason, message string, failed bool) {
	last := leadTimeDay(in.Request)
	if last.IsZero() || in.Activity == nil {
		return "", "", false
	}
	if !in.Submitted {
		in.horizon.At(in.cal.EndOf(last))
	}
	if in.asked <= last {
		return "", "", false
	}
	text := fmt.Sprintf("%s must be requested by the day on which it starts, %s", in.Activity.Type, last)
	if hasLeadTime(in.Request) {
		text = fmt.Sprintf("%s must be requested at least %s before it starts on %s, so by %s", in.Activity.Type, leadTimeWords(in.Request), in.Starts, last)
	}
	return v1alpha1.ReasonLeadTimeMissed, fmt.Sprintf("%s; %s: choose a later start", text, in.askedOn()), true
}

// askedOn says when the request was made, of a draft that it was not yet.
func (in *input) askedOn() string {
	switch {
	case in.Submitted:
		return fmt.Sprintf("the request was made on %s", in.asked)
	case in.asked > in.today:
		return fmt.Sprintf("the request is to be made on %s", in.asked)
	default:
		return "that day has passed"
	}
}

func deadlineKept(in *input) (reason, message string, failed bool) {
	if in.Budget == nil {
		return "", "", false
	}
	reason = v1alpha1.ReasonRequestDeadlineMissed
	if last, why := requestDeadline(in.Request); !last.IsZero() {
		if !in.Submitted {
			in.horizon.At(in.cal.EndOf(last))
		}
		if in.asked > last {
			return reason, fmt.Sprintf("budget %s takes requests through %s (%s); %s: request money from another budget", in.Budget.Name, last, why, in.askedOn()), true
		}
	}
	from, through, why, known := requestWindow(in.facts, in.Request)
	in.horizon.At(requestWindowNext(in.facts, in.Request))
	if !in.Submitted && !through.IsZero() {
		in.horizon.At(in.cal.StartOf(from))
		in.horizon.At(in.cal.EndOf(through))
	}
	switch {
	case !known:
		return reason, why, true
	case through.IsZero():
		return "", "", false
	case in.asked < from || in.asked > through:
		return reason, fmt.Sprintf("budget %s takes requests from %s through %s (%s); %s: request money from another budget",
			in.Budget.Name, from, through, why, in.madeOn()), true
	}
	return "", "", false
}

// madeOn is askedOn where the day may also be too early.
func (in *input) madeOn() string {
	if in.Submitted || in.asked > in.today {
		return in.askedOn()
	}
	return "it is a draft"
}

func amountWithinShare(in *input) (reason, message string, failed bool) {
	percent, err := decimal.ParsePercent(in.Object.Spec.ReimbursementPercent)
	if err != nil || in.most == 0 || in.cost == 0 {
		return "", "", false
	}
	share, err := money.Percent(in.cost, percent)
	if err != nil || in.most <= share {
		return "", "", false
	}
	of := in.Object.Spec.Amount.Currency
	return v1alpha1.ReasonAmountAboveShare, fmt.Sprintf("%s requested, but %s percent of the cost (%s) is %s: request at most %s",
		money.Format(in.most, of), in.Object.Spec.ReimbursementPercent, money.Format(in.cost, of), money.Format(share, of), money.Format(share, of)), true
}

func rateWithinProgram(in *input) (reason, message string, failed bool) {
	percent, err := decimal.ParsePercent(in.Object.Spec.ReimbursementPercent)
	if err != nil || in.planned == nil || in.Program == nil {
		return "", "", false
	}
	activity := in.Program.Activity(in.planned.Type)
	if activity == nil || rateOf(activity).Sign() == 0 {
		return "", "", false
	}
	most, why := in.programRate(activity)
	if view := in.standing(); view != nil && view.Standing != nil && view.Standing.RatePercent != "" {
		if share, err := decimal.ParsePercent(view.Standing.RatePercent); err == nil {
			most = decimal.PercentOf(share, most)
			why += fmt.Sprintf(", and because of the partner's standing %s percent of that, so %s percent",
				view.Standing.RatePercent, decimal.Short(most, decimal.MaxFractionDigits))
		}
	}
	if percent.Cmp(most) <= 0 {
		return "", "", false
	}
	if most.Sign() == 0 {
		return v1alpha1.ReasonRateAboveProgram, fmt.Sprintf("%s percent is requested; %s, so nothing is paid for it: choose another activity of the plan",
			in.Object.Spec.ReimbursementPercent, why), true
	}
	return v1alpha1.ReasonRateAboveProgram, fmt.Sprintf("%s percent is requested; %s: lower spec.reimbursementPercent", in.Object.Spec.ReimbursementPercent,
		why), true
}

// programRate returns the share of the cost that the program pays for the activity, by the initiatives that it serves on its first day, with the reason.
func (in *input) programRate(activity *v1alpha1.Activity) (most *big.Rat, why string) {
	on := in.Starts
	if on.IsZero() {
		on = in.today
	}
	rate := in.Program.Rate(activity, in.planned.Initiatives, on)
	why = fmt.Sprintf("program %q pays %s percent of the cost of %s", in.Program.Name, activity.ReimbursementPercent, activity.Type)
	if rate.Points != nil {
		why += fmt.Sprintf(", %s, so %s percent", program.PointsWords(rate.Points), decimal.Short(rate.Percent, decimal.MaxFractionDigits))
	}
	return rate.Percent, why
}

func outcomeExpected(in *input) (reason, message string, failed bool) {
	if in.Budget == nil || in.Budget.Spec.ExpectedOutcome == expectedOptional || len(in.Object.Spec.Expected) > 0 {
		return "", "", false
	}
	return v1alpha1.ReasonExpectedOutcomeMissing, fmt.Sprintf("budget %s requires the results expected of the activity: list them in spec.expected",
		in.Budget.Name), true
}

// expectedOptional is the value of a budget's expectedOutcome with which a request need not state any.
const expectedOptional = "Optional"

func exchangeRateStated(in *input) (reason, message string, failed bool) {
	from := in.Object.Spec.Amount.Currency
	if in.Budget == nil || in.Program == nil || from == in.Currency || in.Rate != nil || in.most == 0 {
		return "", "", false
	}
	before := ""
	if stated := exchanges(in.Program, from, in.Currency); len(stated) > 0 {
		before = fmt.Sprintf(", in force before %s", stated[0].from)
	}
	return v1alpha1.ReasonExchangeRateMissing, fmt.Sprintf("program %q has no exchange rate from %s to %s, the currency of budget %s%s: ask the vendor to "+
		"add one to spec.exchangeRates, or ask in %s", in.Program.Name, from, in.Currency, in.Budget.Name, before, in.Currency), true
}

func claimWindowOpen(in *input) (reason, message string, failed bool) {
	if in.ClaimThrough.IsZero() {
		return "", "", false
	}
	in.horizon.At(in.cal.EndOf(in.ClaimThrough))
	if in.today <= in.ClaimThrough {
		return "", "", false
	}
	return v1alpha1.ReasonClaimWindowClosed, fmt.Sprintf("claims could be received through %s and nothing was granted by then, so nothing can be claimed "+
		"any more", in.ClaimThrough), true
}
