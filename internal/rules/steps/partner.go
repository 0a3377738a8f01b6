package steps

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/rules/plan"
)

// ofPartner adds what is to be done about a partner as a whole: plans that nobody has written, invoices, the agreement, results, the tier.
func (w *writer) ofPartner(x *v1alpha1.Partner) {
	w.obligations(x.Status.Obligations)
	w.ofPlans()
	w.invoices(x)
	w.agreement(x)
	w.lowAttainment(x)
	w.tier(x)
}

// obligations adds the plans that nobody has written. What is overdue is one step, as one plan ends it.
func (w *writer) obligations(list []v1alpha1.PlanObligation) {
	said := ""
	for i := range list {
		owed := &list[i]
		switch {
		case owed.State == v1alpha1.ObligationOverdue && said == "":
			said = owed.Message
			if owed.Plan == "" || strings.HasPrefix(said, "for ") { // else the plan says it
				w.owed(owed, said)
			}
		case owed.State == v1alpha1.ObligationPending && owed.Plan == "" && !strings.Contains(said, owed.Period):
			w.owed(owed, fmt.Sprintf("Write a JointPlan for %s and submit it with kubectl jointplan submit", owed.Period))
		}
	}
}

// ofPlans adds what its plans say that bears on the partner's standing: reviews that are overdue, and drafts that are owed.
func (w *writer) ofPlans() {
	o := w.outlook()
	for _, x := range w.snap.PlansOf(v1alpha1.Name(w.partner.Name)) {
		overdue := causeOf(o.now, v1alpha1.CauseReviewOverdue, x.Name) != nil
		owed := slices.ContainsFunc(o.now.Status.Obligations, func(owed v1alpha1.PlanObligation) bool {
			return string(owed.Plan) == x.Name && (owed.State == v1alpha1.ObligationPending || owed.State == v1alpha1.ObligationOverdue)
		})
		if !overdue && !owed {
			continue
		}
		copied := *x
		copied.Status = plan.Of(w.snap, x, w.now).Status
		of := newWriter(w.snap, &copied, w.now)
		if overdue {
			of.review(&copied)
		}
		if owed {
			of.approval(&copied)
		}
		w.horizon.At(of.horizon.Next())
		for _, step := range of.list {
			step.Object = object(kinds.JointPlan, x.Name)
			step.Do = strings.ReplaceAll(step.Do, "see findings", "see the findings of "+step.Object)
			w.list = append(w.list, step)
		}
	}
}

// owed adds what a partner has to do about a plan that it owes. All that is overdue is one cause.
func (w *writer) owed(owed *v1alpha1.PlanObligation, do string) {
	about := owed.Period
	if owed.State == v1alpha1.ObligationOverdue {
		about = ""
	}
	by, otherwise := w.curable(v1alpha1.CausePlanOverdue, about, owed.DueOn)
	w.put(w.partners(), v1alpha1.NextStep{Do: do, Due: owed.DueOn, By: by, Otherwise: otherwise})
}

func (w *writer) invoices(x *v1alpha1.Partner) {
	for i := range x.Spec.Invoices {
		invoice := &x.Spec.Invoices[i]
		if paid, err := fiscal.ParseDay(invoice.PaidOn); err == nil && paid <= w.today {
			continue
		}
		by, otherwise := w.curable(v1alpha1.CauseInvoiceOverdue, string(invoice.Number), invoice.DueOn)
		w.put(w.partners(), v1alpha1.NextStep{
			Do:  fmt.Sprintf("Pay invoice %s; the vendor then sets spec.invoices[%s].paidOn", invoice.Number, invoice.Number),
			Due: invoice.DueOn, By: by, Otherwise: otherwise,
		})
	}
}

// renewalDays is how many days before its end the renewal of an agreement becomes a step.
const renewalDays = 120

// near reports whether a day has come. It notes when it does.
func (w *writer) near(day fiscal.Day) bool {
	w.horizon.At(w.cal.StartOf(day))
	return day <= w.today
}

func (w *writer) agreement(x *v1alpha1.Partner) {
	if x.Spec.Agreement == nil || x.Spec.Agreement.EndsOn == "" {
		return
	}
	ends, desk := x.Spec.Agreement.EndsOn, w.vendor()
	if last, err := fiscal.ParseDay(ends); err != nil || !w.near(last.AddDays(-renewalDays)) {
		return
	}
	by, otherwise := w.curable(v1alpha1.CauseAgreementLapsed, "", ends)
	if c := causeOf(w.outlook().now, v1alpha1.CauseAgreementLapsed, ""); c != nil {
		desk = w.of(c.Rule.Owner, "")
	}
	w.put(desk, v1alpha1.NextStep{
		Do: "Renew the agreement and set its new end in spec.agreement.endsOn", Due: ends, By: by, Otherwise: otherwise,
	})
}

// lowAttainment adds the causes that only better results remove.
func (w *writer) lowAttainment(x *v1alpha1.Partner) {
	if x.Status.Standing == nil {
		return
	}
	o := w.outlook()
	for i := range o.now.Causes {
		c := &o.now.Causes[i]
		if c.Rule.Cause != v1alpha1.CauseLowAttainment {
			continue
		}
		by, otherwise := w.holding(o, c)
		w.put(w.of(c.Rule.Owner, ""), v1alpha1.NextStep{Do: "Agree on improvements for the next plan: " + c.What, By: by, Otherwise: otherwise})
	}
}

// tier adds what is missing for the tier that the partner holds.
func (w *writer) tier(x *v1alpha1.Partner) {
	next := x.Status.NextTier
	short := w.condition(v1alpha1.ConditionTierRequirementsMet, metav1.ConditionFalse)
	if next == nil || short == nil || next.Name != x.Status.EffectiveTier || len(next.Missing) == 0 {
		return
	}
	w.put(w.partners(), v1alpha1.NextStep{
		Do: fmt.Sprintf("Reach what tier %s requires: %s", w.titleOf(next.Name), strings.Join(next.Missing, "; ")),
		By: next.EvaluatedOn, Otherwise: w.demotion(next),
	})
}

// demotion says what becomes of a tier whose requirements are not met on the evaluation day.
func (w *writer) demotion(next *v1alpha1.NextTier) string {
	day, err := fiscal.ParseDay(next.EvaluatedOn)
	if err != nil {
		return ""
	}
	v := w.outlook().tier
	switch {
	case v == nil:
		return fmt.Sprintf("The tier is judged on %s without it", day)
	case v.Status.EffectiveTier != next.Name:
		return fmt.Sprintf("From %s the tier is %s instead of %s", v.day, w.titleOf(v.Status.EffectiveTier), w.titleOf(next.Name)) + affecting(v.lost)
	case len(v.Status.Evaluations) > 0:
		why, _, _ := strings.Cut(v.Status.Evaluations[0].Message, ". ")
		return fmt.Sprintf("The evaluation of %s does not take the tier yet: %s", day, strings.TrimSuffix(why, "."))
	default:
		return fmt.Sprintf("The tier stays %s", w.titleOf(next.Name))
	}
}

// titleOf names a tier for people.
func (w *writer) titleOf(name v1alpha1.Name) string {
	if name == "" {
		return "none"
	}
	if w.program != nil {
		if rules := w.program.RuleSetOn(w.today); rules != nil {
			if tier := rules.Tier(name); tier != nil && tier.Title != "" {
				return string(tier.Title)
			}
		}
	}
	return string(name)
}

// waiting returns the requests under a plan that only wait for its approval.
func (w *writer) waiting(plan *v1alpha1.JointPlan) []*v1alpha1.MDFAllocation {
	var list []*v1alpha1.MDFAllocation
	for _, a := range w.snap.Allocations() {
		if string(a.Spec.PlanRef.Name) != plan.Name {
			continue
		}
		r := request.Of(facts.Of(w.snap, w.now), a)
		w.horizon.At(r.Next)
		if !r.Withdrawn && awaitsPlan(r.Eligible.Reason, plan, a.Spec.Activity) {
			list = append(list, a)
		}
	}
	return list
}

// awaitsPlan reports whether a request or campaign with a reason waits for the approval of what a plan says now.
func awaitsPlan(reason string, plan *v1alpha1.JointPlan, activity v1alpha1.Name) bool {
	switch reason {
	case v1alpha1.ReasonNoPlan, v1alpha1.ReasonPlanNotApproved:
		return true
	case v1alpha1.ReasonActivityNotInPlan, v1alpha1.ReasonNotInPlan:
		for i := range plan.Spec.Activities {
			if plan.Spec.Activities[i].Name == activity {
				return true
			}
		}
	}
	return false
}
