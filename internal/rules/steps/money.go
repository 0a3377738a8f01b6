package steps

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/health"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// ofRequest adds what is to be done about a request for money.
func (w *writer) ofRequest(x *v1alpha1.MDFAllocation) {
	if w.condition(v1alpha1.ConditionStalled, metav1.ConditionTrue) != nil {
		return
	}
	asks := amountOf(&x.Spec.Amount)
	switch x.Status.Stage {
	case v1alpha1.AllocationDraft:
		w.put(w.partners(), v1alpha1.NextStep{
			Do: "Make the request: set spec.requestedOn to the day on which you make it", By: x.Status.RequestThrough,
			Otherwise: from(x.Status.RequestThrough, "it is too late to request "+asks+" for "+requestedFor(x)),
		})
	case v1alpha1.AllocationPendingApproval:
		w.decide(x)
	case v1alpha1.AllocationWaiting:
		w.waits(x)
	case v1alpha1.AllocationRefused:
		w.refused(x)
		if due := x.Status.DecisionDue; due != nil && due.OverdueSince != "" {
			w.decide(x)
		}
	case v1alpha1.AllocationGranted, v1alpha1.AllocationWithdrawn:
		w.claim(x)
		if w.no(v1alpha1.ConditionApproved).Reason == v1alpha1.ReasonChangePending {
			w.decide(x)
		}
	case v1alpha1.AllocationSettled, v1alpha1.AllocationReleased: // it is over
	}
}

// from says what follows from the day after a day; without a day just what.
func from(day v1alpha1.Date, what string) string {
	if day == "" {
		return what
	}
	return fmt.Sprintf("from %s %s", after(day), what)
}

// decide adds the vendor's decision on a request. What is approved after the first day of the activity is not paid, so it helps through that day.
func (w *writer) decide(x *v1alpha1.MDFAllocation) {
	asks := amountOf(&x.Spec.Amount)
	step := v1alpha1.NextStep{Do: fmt.Sprintf("Decide on the request for %s: %s (or return, reject)", asks, command("approve", kinds.MDFAllocation, x.Name))}
	var parts []string
	if due := x.Status.DecisionDue; due != nil {
		step.Due = due.Through
		switch {
		case due.OverdueSince == "":
			parts = append(parts, from(due.Through, "the decision is overdue"))
		case due.EscalatedTo != "":
			parts = append(parts, fmt.Sprintf("the decision has been overdue since %s and was escalated to %s", due.OverdueSince, w.holder(due.EscalatedTo)))
		default:
			parts = append(parts, fmt.Sprintf("the decision has been overdue since %s", due.OverdueSince))
		}
	}
	reason := w.no(v1alpha1.ConditionApproved).Reason
	switch {
	case x.Status.Granted != nil:
		step.By = x.Status.ClaimThrough
		parts = append(parts, "what is granted stays reserved, and nothing is paid until then")
	case reason == v1alpha1.ReasonChangePending:
		step.By = x.Status.ClaimThrough
		parts = append(parts, asks+" is not granted until then")
	case w.late(x.Spec.StartsOn):
		parts = append(parts, fmt.Sprintf("%s is not funded, as its activity began on %s, unless two people grant an exception (spec.exception)", asks, x.Spec.StartsOn))
	case x.Spec.Reward != nil:
		step.By = x.Status.ActBy
		parts = append(parts, from(x.Status.ActBy, asks+" is not granted any more"))
	default:
		step.By = x.Spec.StartsOn
		parts = append(parts, from(x.Spec.StartsOn, fmt.Sprintf("it is too late: the activity has begun, and %s is not funded", asks)))
	}
	step.Otherwise = strings.Join(parts, "; ")
	w.put(w.another(x.Status.Approvals), step)
	if reason == v1alpha1.ReasonSelfApproval || reason == v1alpha1.ReasonRecorderApproves {
		w.list[len(w.list)-1].Do += ". " + w.no(v1alpha1.ConditionApproved).Message
	}
}

// waits adds what is to be done about an approved request that its budget does not grant.
func (w *writer) waits(x *v1alpha1.MDFAllocation) {
	granted := w.no(v1alpha1.ConditionGranted)
	if granted.Reason == v1alpha1.ReasonGrantPending {
		return // the manager is to act, nobody else
	}
	if x.Spec.Reward != nil {
		w.rewardWaits(x, cmp.Or(w.condition(v1alpha1.ConditionGranted, metav1.ConditionUnknown), granted))
		return
	}
	starts, asks := x.Spec.StartsOn, amountOf(&x.Spec.Amount)
	risk := fmt.Sprintf("the activity starts on %s: costs from then on are at the partner's own risk until %s is granted", starts, asks)
	step := v1alpha1.NextStep{By: dayBefore(starts), Otherwise: risk}
	if w.late(starts) || starts == w.today.Date() {
		step.By = x.Status.ActBy
		step.Otherwise = fmt.Sprintf("The activity started on %s: costs since then are at the partner's own risk until %s is granted", starts, asks)
		if step.By != "" {
			step.Otherwise += "; " + from(step.By, "nothing is granted any more")
		}
	}
	budget := "budget " + string(x.Spec.BudgetRef.Name)
	switch granted.Reason {
	case v1alpha1.ReasonBudgetExhausted:
		finance := step
		finance.Do = "Add money to " + budget + ", or release unclaimed funds"
		w.put(w.finance(), finance)
		step.Do = "Wait for money, or request less: lower spec.amount, or set spec.acceptAtLeast to accept a part"
		w.put(w.partners(), step)
	case v1alpha1.ReasonLimitReached, v1alpha1.ReasonSharedAmountUsed, v1alpha1.ReasonAccrualInsufficient:
		step.Do = granted.Message
		w.put(w.partners(), step)
	default:
		step.Do = "Bring " + budget + " back in order: " + granted.Message
		w.put(w.finance(), step)
	}
}

// requestedFor says for what money is requested.
func requestedFor(x *v1alpha1.MDFAllocation) string {
	if x.Spec.Reward != nil {
		return "this reward"
	}
	return "this activity"
}

// rewardWaits adds what is to be done about an approved request for a reward that its budget does not grant.
func (w *writer) rewardWaits(x *v1alpha1.MDFAllocation, granted *metav1.Condition) {
	step := v1alpha1.NextStep{By: x.Status.ActBy, Otherwise: from(x.Status.ActBy, "nothing is granted any more")}
	switch granted.Reason {
	case v1alpha1.ReasonMissingResults:
		step.Do = "Report the results: " + granted.Message
		w.put(w.vendor(), step)
	case v1alpha1.ReasonBudgetExhausted:
		step.Do = "Add money to budget " + string(x.Spec.BudgetRef.Name) + ", or release unclaimed funds"
		w.put(w.finance(), step)
	case v1alpha1.ReasonLimitReached, v1alpha1.ReasonRewardNotEarned:
		step.Do = granted.Message
		w.put(w.partners(), step)
	default:
		step.Do = "Bring budget " + string(x.Spec.BudgetRef.Name) + " back in order: " + granted.Message
		w.put(w.finance(), step)
	}
}

// dayBefore returns the day before a day; empty when it is none.
func dayBefore(day v1alpha1.Date) v1alpha1.Date {
	first, err := fiscal.ParseDay(day)
	if err != nil {
		return ""
	}
	return first.AddDays(-1).Date()
}

// refused adds what a refused request needs: a change of its own, or what it waits for.
func (w *writer) refused(x *v1alpha1.MDFAllocation) {
	why := w.no(v1alpha1.ConditionEligible)
	if why.Reason == "" {
		why = w.no(v1alpha1.ConditionApproved)
	}
	asks := amountOf(&x.Spec.Amount)
	switch {
	case why.Reason == v1alpha1.ReasonStandingHold && w.partner != nil:
		w.awaitStanding(x)
	case x.Spec.Reward != nil && why.Reason == v1alpha1.ReasonAfterTheFact: // nothing helps any more
	case w.plan != nil && x.Spec.Reward != nil && why.Reason == v1alpha1.ReasonNoPlan:
		w.awaitPlan(fmt.Sprintf("%s for reward %s waits for that", asks, x.Spec.Reward.Name), "", asks+" is not granted until then")
	case w.plan != nil && awaitsPlan(why.Reason, w.plan, x.Spec.Activity):
		w.awaitPlan(fmt.Sprintf("%s for %s waits for that", asks, x.Spec.Activity), x.Spec.StartsOn, "the activity has begun without it, and "+asks+" is not funded")
	case health.RequestRefusedForGood(why.Reason): // nothing helps any more
	case why.Reason == v1alpha1.ReasonReturned || why.Reason == v1alpha1.ReasonRejected:
		text := why.Message
		if d := w.returned(kinds.MDFAllocation, x.Name); d != nil {
			text = quoted(d.Spec.Party, string(d.Spec.Decision), d)
		}
		w.put(w.partners(), v1alpha1.NextStep{
			Do: "Change the request and have the new content approved: " + text, By: x.Spec.StartsOn, Otherwise: from(x.Spec.StartsOn, asks+" is not funded"),
		})
	default:
		by := x.Spec.StartsOn // what is approved later is not paid
		if w.late(by) {
			by = ""
		}
		w.put(w.partners(), v1alpha1.NextStep{Do: "Change the request, or withdraw it: " + why.Message, By: by, Otherwise: asks + " is not funded as requested"})
	}
}

// awaitStanding adds what lifts the hold of new money.
func (w *writer) awaitStanding(x *v1alpha1.MDFAllocation) {
	o := w.outlook()
	for i := range o.now.Causes {
		c := &o.now.Causes[i]
		if !slices.Contains(c.Holds(), v1alpha1.HoldNewMoney) {
			continue
		}
		desk, at := w.of(c.Rule.Owner, ""), object(kinds.Partner, w.partner.Name)
		if c.Rule.Cause == v1alpha1.CauseReviewOverdue {
			desk, at = w.both(), object(kinds.JointPlan, c.About)
		}
		do := fmt.Sprintf("To release new funding, %s (%s)", c.Cure, c.What)
		if c.Rule.Cause == v1alpha1.CauseInvoiceOverdue {
			do += "; the hold ends once the vendor has recorded it: " + c.Record
			if vendor := w.vendor().person; vendor != "" {
				do += " (" + vendor + ")"
			}
		}
		otherwise := fmt.Sprintf("%s is not funded; the activity starts on %s", amountOf(&x.Spec.Amount), x.Spec.StartsOn)
		if x.Spec.Reward != nil {
			otherwise = fmt.Sprintf("%s of reward %s is not granted", amountOf(&x.Spec.Amount), x.Spec.Reward.Name)
		}
		w.put(desk, v1alpha1.NextStep{Do: do, By: x.Spec.StartsOn, Object: at, Otherwise: otherwise})
	}
}

// awaitPlan adds the approval of the plan, which something waits for.
func (w *writer) awaitPlan(waits string, by v1alpha1.Date, lost string) {
	what := plan.Of(w.snap, w.plan, w.now)
	w.horizon.At(what.NextChange)
	if w.late(by) {
		by = ""
	}
	step := v1alpha1.NextStep{By: by, Object: object(kinds.JointPlan, w.plan.Name), Otherwise: from(by, lost)}
	noun := "plan"
	if what.Status.PlanOfRecord != nil {
		noun = "amendment of plan"
	}
	submission := what.Status.Submission
	if submission != nil && submission.DecidedOn == "" && submission.Revision == what.Status.Revision {
		step.Do, step.Due = fmt.Sprintf("Decide on the %s %s: %s", noun, w.plan.Name, waits), submission.DecideThrough
		w.put(w.vendor(), step)
		return
	}
	step.Do = fmt.Sprintf("Have the %s %s approved: %s", noun, w.plan.Name, waits)
	w.put(w.partners(), step)
}

// returned returns the decision by which the vendor sent something back; nil when there is none.
func (w *writer) returned(kind, name string) *v1alpha1.ApprovalDecision {
	var last *v1alpha1.ApprovalDecision
	for _, d := range w.snap.DecisionsAbout(kind, v1alpha1.Name(name)) {
		sentBack := d.Spec.Decision == v1alpha1.DecisionReturned || d.Spec.Decision == v1alpha1.DecisionRejected
		if sentBack && d.Spec.Comment != "" && (last == nil || last.Spec.DecidedTime.Before(&d.Spec.DecidedTime)) {
			last = d
		}
	}
	return last
}

// claim adds the claim of what is granted and not claimed, unless a final claim is made.
func (w *writer) claim(x *v1alpha1.MDFAllocation) {
	if x.Status.Granted == nil || x.Status.Claimed == nil || x.Status.ActBy == "" {
		return
	}
	final, drafts := w.claimsUnderWay(x)
	if final {
		return
	}
	granted, err1 := money.ParseMoney(*x.Status.Granted)
	claimed, err2 := money.ParseMoney(*x.Status.Claimed)
	if err1 != nil || err2 != nil || granted <= claimed+drafts {
		return
	}
	rest := money.Format(granted-claimed-drafts, x.Status.Granted.Currency)
	do := fmt.Sprintf("Claim %s for %s: %s", rest, x.Spec.Activity, command("claim", kinds.MDFAllocation, x.Name))
	switch {
	case x.Spec.Reward != nil:
		do = fmt.Sprintf("Claim %s of reward %s: %s", rest, x.Spec.Reward.Name, command("claim", kinds.MDFAllocation, x.Name))
	case !w.late(x.Spec.EndsOn):
		do = fmt.Sprintf("Finish %s by %s, then claim %s: %s", x.Spec.Activity, x.Spec.EndsOn, rest, command("claim", kinds.MDFAllocation, x.Name))
	}
	if proofs := w.proofs(x); proofs != "" {
		do += "; proof needed: " + proofs
	}
	w.put(w.partners(), v1alpha1.NextStep{
		Do: do, By: x.Status.ActBy, Otherwise: fmt.Sprintf("On %s what is not claimed, %s, is released and goes back to the budget", after(x.Status.ActBy), rest),
	})
}

// claimsUnderWay adds the correction or submission of claims that the partner has to finish. It reports whether a final claim is among them or handed in,
// so that there is nothing else to claim, and what the drafts would get.
func (w *writer) claimsUnderWay(x *v1alpha1.MDFAllocation) (final bool, drafts int64) {
	for _, c := range w.account(x).Claims {
		if c.Object.Spec.Scope == v1alpha1.ClaimFinal && !health.ClaimRefusedForGood(c.Accepted.Reason) {
			final = true
		}
		var do string
		switch {
		case c.ActBy.IsZero():
			continue
		case c.Stage == v1alpha1.ClaimSentBack:
			do = fmt.Sprintf("Correct claim %s and submit it again", c.Object.Name)
		case c.Stage == v1alpha1.ClaimRefused:
			do = fmt.Sprintf("Correct claim %s, or what it asks for is lost", c.Object.Name)
		case c.Stage == v1alpha1.ClaimDraft:
			do = fmt.Sprintf("Submit claim %s, which is a draft", c.Object.Name)
			drafts += c.Payable
		default:
			continue
		}
		w.put(w.partners(), v1alpha1.NextStep{
			Do: do, By: c.ActBy.Date(), Object: object(kinds.MDFClaim, c.Object.Name),
			Otherwise: fmt.Sprintf("On %s what is reserved for it is released", c.ActBy.AddDays(1)),
		})
	}
	return final, drafts
}

// proofs returns the proof of performance that claims on a request need, in words; empty when none is known.
func (w *writer) proofs(x *v1alpha1.MDFAllocation) string {
	r := request.Of(facts.Of(w.snap, w.now), x)
	if r.Activity == nil {
		return ""
	}
	names := make([]string, len(r.Proofs()))
	for i, proof := range r.Proofs() {
		names[i] = string(proof)
	}
	return strings.Join(names, ", ")
}

// ofClaim adds what is to be done about a claim.
func (w *writer) ofClaim(x *v1alpha1.MDFClaim) {
	if w.condition(v1alpha1.ConditionStalled, metav1.ConditionTrue) != nil {
		return
	}
	accepted := w.no(v1alpha1.ConditionAccepted)
	sum := "it"
	if x.Status.Payable != nil {
		sum = amountOf(x.Status.Payable)
	}
	if x.Status.Stage == v1alpha1.ClaimRefused {
		sum = w.heldFor(x)
	}
	by := x.Status.ActBy
	released := from(by, sum+" is no longer held for the claim and goes back to the budget")
	switch x.Status.Stage {
	case v1alpha1.ClaimDraft:
		w.put(w.partners(), v1alpha1.NextStep{Do: "Submit the claim: set spec.claimedOn to the day on which you submit it", By: by, Otherwise: released})
	case v1alpha1.ClaimPendingDecision:
		w.put(w.another(x.Status.Approvals), v1alpha1.NextStep{
			Do: fmt.Sprintf("Decide on the claim of %s: %s (or return, reject)", sum, command("approve", kinds.MDFClaim, x.Name)), By: by,
			Otherwise: sum + " stays reserved for the claim and is not paid; there is no deadline",
		})
	case v1alpha1.ClaimSentBack:
		text := accepted.Message
		if d := w.returned(kinds.MDFClaim, x.Name); d != nil {
			text = quoted(d.Spec.Party, string(d.Spec.Decision), d)
		}
		w.put(w.partners(), v1alpha1.NextStep{
			Do: "Correct the claim, then set spec.resubmittedOn to submit it again: " + text, By: by, Otherwise: released,
		})
	case v1alpha1.ClaimRefused:
		if health.ClaimRefusedForGood(x.Status.Reason) {
			return
		}
		w.put(w.partners(), v1alpha1.NextStep{Do: "Correct the claim: " + accepted.Message, By: by, Otherwise: released})
	case v1alpha1.ClaimAccepted:
		w.pay(x, sum)
	case v1alpha1.ClaimSettled, v1alpha1.ClaimLapsed: // it is over
	}
}

// heldFor writes what is reserved for a claim that can still be corrected.
func (w *writer) heldFor(x *v1alpha1.MDFClaim) string {
	if w.request != nil {
		currency := request.Of(facts.Of(w.snap, w.now), w.request).Currency
		if c := w.account(w.request).Claim(x.Name); c != nil && c.Reserves() > 0 && currency != "" {
			return money.Format(c.Reserves(), currency)
		}
	}
	return "what is reserved"
}

// pay adds the payment of an accepted claim.
func (w *writer) pay(x *v1alpha1.MDFClaim, sum string) {
	open := sum
	if x.Status.Payable != nil && x.Status.Paid != nil {
		payable, err1 := money.ParseMoney(*x.Status.Payable)
		paid, err2 := money.ParseMoney(*x.Status.Paid)
		if err1 == nil && err2 == nil && paid > 0 && paid < payable {
			open = "the remaining " + money.Format(payable-paid, x.Status.Payable.Currency)
		}
	}
	step := v1alpha1.NextStep{
		Do: "Pay " + open + " and record the payment in spec.payments", Otherwise: fmt.Sprintf("The vendor still owes the partner %s; there is no deadline", open),
	}
	settled := w.no(v1alpha1.ConditionSettled)
	switch {
	case settled.Reason == v1alpha1.ReasonSettlementPending:
		return // the manager is to act
	case settled.Reason != v1alpha1.ReasonAwaitingPayment:
		step.Do, step.Otherwise = "Clear up the payment: "+settled.Message, "The claim stays open until then"
	case w.isPaidAhead(x):
		step.Do = "Do not pay " + sum + " again: a payment dated ahead is recorded and counts from its day on"
		step.Otherwise = "Nothing follows"
	}
	if due := x.Status.PaymentDue; due != nil && settled.Reason == v1alpha1.ReasonAwaitingPayment && due.PaidOn == "" && !w.isPaidAhead(x) {
		w.payBy(due, &step)
	}
	w.put(w.finance(), step)
}

// payBy says by when the program promises a payment, and what follows after that.
func (w *writer) payBy(due *v1alpha1.PaymentDue, step *v1alpha1.NextStep) {
	step.Due = due.PayBy
	switch {
	case !w.late(due.PayBy):
		step.Otherwise = fmt.Sprintf("from %s the payment is overdue on the vendor's side; %s", after(due.PayBy), uncapital(step.Otherwise))
	case due.EscalatedTo != "":
		step.Otherwise = fmt.Sprintf("it has been overdue since %s and was escalated to %s on %s; %s", due.OverdueSince, w.holder(due.EscalatedTo), due.EscalatedSince,
			uncapital(step.Otherwise))
	default:
		step.Otherwise = fmt.Sprintf("it has been overdue since %s; %s", due.OverdueSince, uncapital(step.Otherwise))
	}
}

// uncapital writes a text with a small first letter.
func uncapital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToLower(text[:1]) + text[1:]
}

// isPaidAhead reports whether a payment of a claim is recorded that counts from a later day on.
func (w *writer) isPaidAhead(x *v1alpha1.MDFClaim) bool {
	return slices.ContainsFunc(x.Spec.Payments, func(p v1alpha1.Payment) bool {
		day, err := fiscal.ParseDay(p.PaidOn)
		return err == nil && p.Reverses == nil && day > w.today
	})
}
