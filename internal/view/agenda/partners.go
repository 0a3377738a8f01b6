package agenda

import (
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/concern"
)

// partnerItems adds what is to be done about a partner as a whole: plans that nobody has written, invoices, the agreement, the tier.
func (a *Agenda) partnerItems(x *v1alpha1.Partner) {
	for _, owed := range x.Status.Obligations {
		if owed.State == v1alpha1.ObligationMet || owed.Plan != "" {
			continue // the plan says it
		}
		item := Item{Due: owed.DueOn, Level: owedLevel(&owed), topic: cure, What: "Write and submit a plan for " + owed.Period}
		item.Why = fmt.Sprintf("tier %s owes a plan for %s by %s", x.Status.EffectiveTier, owed.Period, owed.DueOn)
		a.partner(x).put(item)
	}
	a.invoiceItems(x)
	a.agreementItem(x)
	a.attainmentItems(x)
	a.tierItem(x)
}

// cause returns a cause that holds for a partner; nil when it does not.
func cause(x *v1alpha1.Partner, kind v1alpha1.StandingCause, about string) *v1alpha1.CauseStatus {
	if x.Status.Standing == nil {
		return nil
	}
	i := slices.IndexFunc(x.Status.Standing.Causes, func(c v1alpha1.CauseStatus) bool {
		return c.Cause == kind && (about == "" || c.About == about)
	})
	if i < 0 {
		return nil
	}
	return &x.Status.Standing.Causes[i]
}

// invoiceItems adds the invoices that are not paid.
func (a *Agenda) invoiceItems(x *v1alpha1.Partner) {
	for _, invoice := range x.Spec.Invoices {
		if invoice.PaidOn != "" {
			continue
		}
		item := Item{Due: invoice.DueOn, Level: concern.Note, topic: cure, What: fmt.Sprintf("Pay invoice %s", invoice.Number)}
		item.Why = fmt.Sprintf("it is due on %s; state spec.invoices[%s].paidOn once it is paid", invoice.DueOn, invoice.Number)
		if held := cause(x, v1alpha1.CauseInvoiceOverdue, string(invoice.Number)); held != nil {
			item.Level, item.Why = levelOf(held), held.Message
		}
		a.partner(x).put(item)
	}
}

// levelOf returns how much a cause matters: once it costs the partner something, it is grave.
func levelOf(held *v1alpha1.CauseStatus) concern.Level {
	if held.Step == v1alpha1.StepWatch {
		return concern.Warning
	}
	return concern.Grave
}

// agreementItem adds the renewal of the agreement when it has ended, or its last day is known.
func (a *Agenda) agreementItem(x *v1alpha1.Partner) {
	if x.Spec.Agreement == nil || x.Spec.Agreement.EndsOn == "" {
		return
	}
	ends := x.Spec.Agreement.EndsOn
	item := Item{Due: ends, Level: concern.Note, topic: cure, What: "Renew the agreement", Why: fmt.Sprintf("it ends on %s", ends)}
	desk := a.vendor(x)
	if lapsed := cause(x, v1alpha1.CauseAgreementLapsed, ""); lapsed != nil {
		item.Level, item.Why = levelOf(lapsed), lapsed.Message
		desk = a.of(x, lapsed.Owner, "")
	}
	desk.put(item)
}

// attainmentItems adds the causes that only better results remove.
func (a *Agenda) attainmentItems(x *v1alpha1.Partner) {
	if x.Status.Standing == nil {
		return
	}
	for i := range x.Status.Standing.Causes {
		held := &x.Status.Standing.Causes[i]
		if held.Cause == v1alpha1.CauseLowAttainment {
			a.of(x, held.Owner, "").put(Item{
				Due: held.CureThrough, Level: levelOf(held), topic: cure, What: "Agree on what raises the attainment", Why: held.Message,
			})
		}
	}
}

// tierItem adds what is missing for the tier that the partner holds.
func (a *Agenda) tierItem(x *v1alpha1.Partner) {
	next := x.Status.NextTier
	short := condition(x.Status.Conditions, v1alpha1.ConditionTierRequirementsMet, metav1.ConditionFalse)
	if next == nil || short == nil || next.Name != x.Status.EffectiveTier || len(next.Missing) == 0 {
		return
	}
	a.partner(x).put(Item{
		Due: next.EvaluatedOn, Level: concern.Warning, What: fmt.Sprintf("Reach what tier %s needs", next.Name), Why: strings.Join(next.Missing, "; "),
	})
}

// campaignItems adds what is to be done about a campaign.
func (a *Agenda) campaignItems(x *v1alpha1.Campaign) {
	if over := condition(x.Status.Conditions, v1alpha1.ConditionWithinStopRule, metav1.ConditionFalse); over != nil && x.Status.Stage == v1alpha1.CampaignRunning {
		a.partner(x).put(Item{Level: concern.Grave, What: "Stop or change the campaign", Why: over.Message})
	}
	off := condition(x.Status.Conditions, v1alpha1.ConditionAligned, metav1.ConditionFalse)
	if off == nil || x.Status.Stage == v1alpha1.CampaignCompleted {
		return
	}
	correct := func() {
		a.partner(x).put(Item{Level: concern.Warning, What: "Align the campaign with the plan", Why: off.Message})
	}
	plan := a.index.Plan(x)
	waits := off.Reason == v1alpha1.ReasonPlanNotApproved || off.Reason == v1alpha1.ReasonNotInPlan && foresees(plan, x.Spec.Activity)
	if !waits || plan == nil {
		correct()
		return
	}
	a.blocked = append(a.blocked, blocked{
		object: x, label: "campaign/" + x.Name, unless: correct,
		on: func(i *Item) bool { return i.topic == approval && i.Key() == manifest.KeyOf(plan) },
	})
}

// foresees reports whether the current text of a plan has an activity: then it counts once the text is approved.
func foresees(plan *v1alpha1.JointPlan, activity v1alpha1.Name) bool {
	return plan != nil && slices.ContainsFunc(plan.Spec.Activities, func(p v1alpha1.PlannedActivity) bool { return p.Name == activity })
}

// budgetItems adds what finance has to do about a budget.
func (a *Agenda) budgetItems(x *v1alpha1.MDFBudget) {
	broken := condition(x.Status.Conditions, v1alpha1.ConditionLedgerIntact, metav1.ConditionFalse)
	if broken != nil && broken.Reason != v1alpha1.ReasonLedgerMissing {
		what := "Bring the ledger back in order"
		if broken.Reason == v1alpha1.ReasonRecoveryRequired {
			what = "Restore the ledger, or authorise its rebuilding"
		}
		a.finance(x).put(Item{Level: concern.Grave, What: what, Why: broken.Message})
	}
	if over := condition(x.Status.Conditions, v1alpha1.ConditionWithinLimit, metav1.ConditionFalse); over != nil {
		a.finance(x).put(Item{Level: concern.Warning, What: "Raise the amount, or wait until money is released", Why: over.Message})
	}
}
