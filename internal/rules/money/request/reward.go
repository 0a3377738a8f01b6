package request

import (
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/reward"
	"jointplan.dev/jointplan/internal/verdict"
)

// ForReward returns a draft of a request for a reward of a budget under a plan, to say what stands in its way. Nobody has made it.
func ForReward(f *facts.Facts, x *v1alpha1.JointPlan, budget *v1alpha1.MDFBudget, name v1alpha1.Name, interval fiscal.Span) *Request {
	a := &v1alpha1.MDFAllocation{}
	a.Namespace = x.Namespace
	a.Spec.PlanRef.Name, a.Spec.BudgetRef.Name = v1alpha1.Name(x.Name), v1alpha1.Name(budget.Name)
	a.Spec.Amount = v1alpha1.Money{Amount: "1", Currency: budget.Spec.Amount.Currency}
	a.Spec.Reward = &v1alpha1.RewardRequest{Name: name, Period: v1alpha1.Period{From: interval.From.Date(), Through: interval.Through.Date()}}
	return resolve(f, a, budget)
}

// IsReward reports whether the request is for a reward.
func (r *Request) IsReward() bool { return r.Object.Spec.Reward != nil }

// RewardKey is what the ledger notes of a grant of the request; empty when it is not for a reward, or for whom or when is not known.
func (r *Request) RewardKey() string {
	if !r.IsReward() || r.Partner == nil || r.Interval.IsZero() {
		return ""
	}
	return reward.Key(r.Partner.Name, r.Object.Spec.Reward.Name, r.Interval)
}

// For says what the request is for, such as "the activity" or "the interval of the reward", where a message speaks of its days.
func (r *Request) For() string {
	if r.IsReward() {
		return "the interval of the reward"
	}
	return "the activity"
}

// resolveReward finds the reward and the interval. The interval is known by the calendar alone, so that what was granted keeps its days when the reward
// is gone.
func (in *input) resolveReward() {
	asked := in.Object.Spec.Reward
	if asked == nil {
		return
	}
	if in.Budget != nil {
		in.Reward = reward.Find(in.Budget, asked.Name)
	}
	span, err := in.cal.Period(asked.Period)
	switch {
	case err != nil:
		in.mistakef(facts.RuleDateInvalid, "spec.reward.period", "%s", err)
	case in.Program != nil: // else the calendar is not the program's
		in.Interval, in.Ends = span, span.Through
	}
}

// rewardChain returns the rules for a reward in their order: the first one that is broken is the reason of the condition, findings list all.
func rewardChain() []clause {
	return []clause{
		{Reason: v1alpha1.ReasonNotRequested, Field: "spec.requestedOn", Asks: "the request is made (spec.requestedOn)", Broken: requested},
		{Reason: v1alpha1.ReasonNoPlan, Field: "spec.planRef.name", Asks: "its plan has a plan of record", Broken: hasPlan},
		{Reason: v1alpha1.ReasonBudgetNotFound, Field: "spec.budgetRef.name", Asks: "the budget is there for this partner", Broken: budgetFound},
		budgetStays,
		{Reason: v1alpha1.ReasonRewardNotFound, Field: "spec.reward", Asks: "the budget has the reward, and pays for the interval", Broken: rewardFound},
		{Reason: v1alpha1.ReasonIntervalNotOver, Field: "spec.requestedOn", Asks: "the interval was over when the request was made", Broken: intervalOver},
		{Reason: v1alpha1.ReasonOutsidePeriod, Field: "spec.reward.period", Asks: "the plan has a day of the interval", Broken: planInInterval},
		{Reason: v1alpha1.ReasonAfterTheFact, Field: "spec.planRef.name", Asks: "the plan was approved before the interval was over", Broken: plannedInTime},
		{Reason: v1alpha1.ReasonGoalNotInPlan, Field: "spec.planRef.name", Asks: "the partner named the objective as a goal of that plan", Broken: objectiveNamed},
		{Reason: v1alpha1.ReasonStandingHold, Field: "spec.planRef.name", Asks: "the partner's standing does not hold new money", Broken: standingHolds},
		{Reason: v1alpha1.ReasonTierNotAllowed, Field: "spec.reward.name", Asks: "the partner's tier earns the reward", Broken: tierEarns},
		{Reason: v1alpha1.ReasonAgreementEnded, Field: "spec.reward.period", Asks: "the partner's agreement lasts as long as the interval", Broken: agreementLasts},
		{Reason: v1alpha1.ReasonRequestDeadlineMissed, Field: "spec.requestedOn", Asks: "the request was made in the budget's time for requests", Broken: deadlineKept},
		{Reason: v1alpha1.ReasonExchangeRateMissing, Field: "spec.amount.currency", Asks: "the program states the exchange rate, where one is needed", Broken: exchangeRateStated},
		{Reason: v1alpha1.ReasonClaimWindowClosed, Field: "spec.reward.period", Asks: "there is still time for claims", Broken: claimWindowOpen},
		{Reason: v1alpha1.ReasonMissingResults, Field: "spec.reward", Asks: "results are reported through the last day of the interval", Broken: resultsReported},
	}
}

// RewardRules returns the rules for rewards in words, in the order in which requests are judged by them.
func RewardRules() []verdict.RuleText { return verdict.Texts(rewardChain()) }

// rules returns the rules of eligibility of the request.
func (in *input) rules() []clause {
	if in.IsReward() {
		return rewardChain()
	}
	return chain()
}

// rewardsTurn are the reasons with which a request for a reward stays refused until the partner changes it, or permanently.
var rewardsTurn = []string{
	v1alpha1.ReasonRewardNotFound, v1alpha1.ReasonIntervalNotOver, v1alpha1.ReasonAfterTheFact, v1alpha1.ReasonGoalNotInPlan,
}

func rewardFound(in *input) (reason, message string, failed bool) {
	reason = v1alpha1.ReasonRewardNotFound
	switch asked := in.Object.Spec.Reward; {
	case in.Budget == nil:
		return "", "", false
	case in.Reward == nil:
		return reason, fmt.Sprintf("budget %s has %s", in.Budget.Name, verdict.NoSuch("reward", string(asked.Name), reward.Names(in.Budget))), true
	case in.Interval.IsZero():
		return "", "", false
	}
	if why := reward.NotInterval(in.cal, in.Reward, in.Interval); why != "" {
		return reason, why, true
	}
	if !in.span.IsZero() && !reward.Pays(in.span, in.Interval) {
		return reason, fmt.Sprintf("budget %s pays for intervals that end from %s to %s, and %s ends on %s: request it from the budget of that time",
			in.Budget.Name, in.span.From.AddDays(-1), in.span.Through.AddDays(-1), in.cal.Label(in.Interval), in.Interval.Through), true
	}
	return "", "", false
}

func intervalOver(in *input) (reason, message string, failed bool) {
	last := in.Interval.Through
	if last.IsZero() {
		return "", "", false
	}
	in.horizon.At(in.cal.EndOf(last))
	if in.asOf > last {
		return "", "", false
	}
	return v1alpha1.ReasonIntervalNotOver, fmt.Sprintf("%s ends on %s, and what is earned in it is known after that: request the reward on %s or later "+
		"(spec.requestedOn)", in.cal.Label(in.Interval), last, last.AddDays(1)), true
}

func planInInterval(in *input) (reason, message string, failed bool) {
	if in.Terms == nil || in.period.IsZero() || in.Interval.IsZero() || in.period.Overlaps(in.Interval) {
		return "", "", false
	}
	return v1alpha1.ReasonOutsidePeriod, fmt.Sprintf("JointPlan %q is for %s, and the reward is for %s: name the plan of that time (spec.planRef), in another MDFAllocation",
		in.Plan.Name, in.cal.Label(in.period), in.cal.Label(in.Interval)), true
}

// recordOfInterval returns what was of record when the interval ended or, while it is not over, is now; nil when nothing was. First is the day on which
// the plan was first approved; absent when it never was.
func (in *input) recordOfInterval() (terms *v1alpha1.PlanTerms, first fiscal.Day) {
	over := in.cal.EndOf(in.Interval.Through)
	for _, record := range in.facts.Approvals(in.Plan).History {
		if record.Terms == nil {
			continue
		}
		if first.IsZero() {
			first = in.cal.Today(record.ApprovedTime)
		}
		if record.ApprovedTime.Before(over) && (record.EndedOn.IsZero() || !record.EndedOn.Before(over)) {
			terms = record.Terms
		}
	}
	return terms, first
}

func plannedInTime(in *input) (reason, message string, failed bool) {
	if in.Terms == nil || in.Interval.IsZero() {
		return "", "", false
	}
	terms, first := in.recordOfInterval()
	switch {
	case terms != nil:
		return "", "", false
	case first > in.Interval.Through:
		return v1alpha1.ReasonAfterTheFact, fmt.Sprintf("JointPlan %q was approved on %s, after %s ended on %s: no plan, no reward, and nothing is earned after the fact",
			in.Plan.Name, first, in.cal.Label(in.Interval), in.Interval.Through), true
	default:
		return v1alpha1.ReasonAfterTheFact, fmt.Sprintf("JointPlan %q was not of record when %s ended on %s: no plan, no reward", in.Plan.Name,
			in.cal.Label(in.Interval), in.Interval.Through), true
	}
}

func objectiveNamed(in *input) (reason, message string, failed bool) {
	if in.Terms == nil || in.Reward == nil || in.Interval.IsZero() || in.Reward.Goal == v1alpha1.RewardGoalOptional {
		return "", "", false
	}
	terms, _ := in.recordOfInterval()
	if terms == nil {
		return "", "", false // which is another rule's
	}
	if slices.ContainsFunc(terms.Goals, func(g v1alpha1.Goal) bool { return g.Metric == in.Reward.Metric }) {
		return "", "", false
	}
	remedy := fmt.Sprintf("it could be added through %s", in.Interval.Through)
	if in.today <= in.Interval.Through {
		remedy = fmt.Sprintf("add one, and have it approved by %s", in.Interval.Through)
	}
	return v1alpha1.ReasonGoalNotInPlan, fmt.Sprintf("reward %s is for %s, and the plan of record of JointPlan %q had no goal with that metric: the partner names the "+
		"objective itself; %s", in.Reward.Name, in.Reward.Metric, in.Plan.Name, remedy), true
}

func tierEarns(in *input) (reason, message string, failed bool) {
	view := in.standing()
	if view == nil || in.Reward == nil || len(in.Reward.Tiers) == 0 || slices.Contains(in.Reward.Tiers, view.Tier) {
		return "", "", false
	}
	holds := "no tier"
	if view.Tier != "" {
		holds = "tier " + string(view.Tier)
	}
	return v1alpha1.ReasonTierNotAllowed, fmt.Sprintf("partner %q holds %s, and reward %s is for %s: reach that tier first", in.Partner.Name, holds, in.Reward.Name,
		verdict.AnyOf(in.Reward.Tiers)), true
}

func resultsReported(in *input) (reason, message string, failed bool) {
	if in.Reward == nil || in.Partner == nil || in.Program == nil || in.Interval.IsZero() || in.Program.Metric(in.Reward.Metric) == nil {
		return "", "", false // an unknown metric is a finding of the budget
	}
	found := reward.Measure(in.facts, in.Program, in.Partner, in.Reward, in.Interval)
	in.horizon.At(found.Next)
	if found.Complete {
		return "", "", false
	}
	have := "nothing is reported yet"
	if found.Value != nil {
		have = fmt.Sprintf("they are reported through %s", found.AsOf)
	}
	return v1alpha1.ReasonMissingResults, fmt.Sprintf("the results of %s in %s are not complete: %s, and what is missing is not zero; the vendor reports them through %s "+
		"(0 on that day if nothing came after)", in.Reward.Metric, in.cal.Label(in.Interval), have, in.Interval.Through), true
}

// rewardClaims returns the last day for claims on a reward; absent when it is not known. Where the budget is gone, what is granted must not stay reserved
// for ever.
func (in *input) rewardClaims() fiscal.Day {
	const afterGone = 366
	_, granted := in.Held()
	switch {
	case in.Budget != nil:
		return reward.ClaimThrough(in.Budget, in.Program)
	case granted && !in.Ends.IsZero():
		return in.Ends.AddDays(afterGone)
	default:
		return 0
	}
}
