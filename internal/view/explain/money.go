package explain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/rules/money/claim"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/concern"
)

// amount writes an amount for people; empty when there is none.
func amount(m *v1alpha1.Money) string {
	if m == nil || m.Currency == "" {
		return ""
	}
	minor, err := money.ParseMoney(*m)
	if err != nil {
		return fmt.Sprintf("%s %s", m.Currency, m.Amount)
	}
	return money.Format(minor, m.Currency)
}

func (b *builder) budget(x *v1alpha1.MDFBudget) {
	b.factf("Program", "%s", x.Spec.ProgramRef.Name)
	b.factf("Period", "%s", strings.TrimSpace(x.Status.PeriodLabel+" "+bracketed(span(x.Status.Period))))
	b.factf("Amount", "%s", amount(&x.Spec.Amount))
	b.factf("Reserved", "%s", amount(x.Status.Reserved))
	b.factf("Settled", "%s", amount(x.Status.Settled))
	b.factf("Available", "%s", amount(x.Status.Available))
	b.factf("Lapsed", "%s", amount(x.Status.Lapsed))
	b.factf("Too much", "%s", amount(x.Status.Excess))
	if x.Status.Granted != nil && x.Status.Waiting != nil {
		b.factf("Requests", "%d with money, %d waiting for it", *x.Status.Granted, *x.Status.Waiting)
	}
	var requests []Verdict
	for _, object := range b.index.Objects() {
		request, ok := object.(*v1alpha1.MDFAllocation)
		if !ok || string(request.Spec.BudgetRef.Name) != x.Name {
			continue
		}
		requests = append(requests, Verdict{
			Rule: request.Namespace + "/" + request.Name, Verdict: string(request.Status.Stage), Level: worst(request),
			Threshold: "asks for " + amount(&request.Spec.Amount), Found: amount(request.Status.Granted), Source: request.Status.Reason,
		})
	}
	b.section("Requests", requests)
	b.aheadf(x.Spec.RequestBy, "last day for requests")
	if x.Status.Period != nil {
		b.aheadf(x.Status.Period.Through, "the period ends: what is left lapses")
	}
}

func worst(object manifest.Object) concern.Level {
	if concerns := concern.Of(object); len(concerns) > 0 {
		return concerns[0].Level
	}
	return concern.Fine
}

func (b *builder) allocation(x *v1alpha1.MDFAllocation) {
	if x.Spec.Reward == nil {
		b.factf("Plan", "%s, activity %s, %s to %s", x.Spec.PlanRef.Name, x.Spec.Activity, x.Spec.StartsOn, x.Spec.EndsOn)
	} else {
		b.factf("Plan", "%s", x.Spec.PlanRef.Name)
		b.factf("Reward", "%s, %s", x.Spec.Reward.Name, b.interval(x))
	}
	b.factf("Budget", "%s", x.Spec.BudgetRef.Name)
	b.factf("Stage", "%s", x.Status.Stage)
	if x.Spec.Reward == nil {
		b.factf("Asks for", "%s, %s percent of %s", amount(&x.Spec.Amount), x.Spec.ReimbursementPercent, amount(&x.Spec.Cost))
	} else {
		b.factf("Asks for", "%s", amount(&x.Spec.Amount))
	}
	if x.Status.ExchangeRate != "" {
		b.factf("In the budget's currency", "%s, at %s", amount(x.Status.Asked), x.Status.ExchangeRate)
	}
	b.factf("Granted", "%s", amount(x.Status.Granted))
	b.factf("Reserved", "%s", amount(x.Status.Reserved))
	b.factf("Claimed", "%s", amount(x.Status.Claimed))
	b.factf("Paid", "%s", amount(x.Status.Paid))
	b.factf("Revision", "%s", x.Status.Revision)
	b.chain("Rules of eligibility, in their order", eligibility(x))
	b.section("Approvals", decisions(x.Status.Approvals))
	var claims []Verdict
	for _, child := range b.index.Children(manifest.KeyOf(x)) {
		if claim, ok := child.(*v1alpha1.MDFClaim); ok {
			claims = append(claims, Verdict{
				Rule: claim.Name, Verdict: string(claim.Status.Stage), Level: worst(claim), Threshold: claimedBy(claim),
				Found: amount(claim.Status.Payable) + " payable", AsOf: string(claim.Spec.ClaimedOn), Source: claim.Status.Reason,
			})
		}
	}
	b.section("Claims", claims)
	b.aheadf(x.Status.RequestThrough, "last day to request money for this")
	b.aheadf(x.Spec.StartsOn, "the activity starts")
	b.aheadf(x.Spec.EndsOn, "the activity ends")
	b.aheadf(x.Status.ActBy, "last day for the next step")
	b.aheadf(x.Status.ClaimThrough, "last day for claims")
	b.aheadf(x.Status.ReleaseOn, "what is not paid is released")
}

// claimedBy says what a claim claims: a share of its costs or, without any, what is granted of a reward.
func claimedBy(x *v1alpha1.MDFClaim) string {
	if x.Status.Claimed == nil {
		return "claims what is granted"
	}
	return "claims a share of " + amount(x.Status.Claimed)
}

// interval names the interval of the reward that a request asks for.
func (b *builder) interval(x *v1alpha1.MDFAllocation) string {
	period := x.Spec.Reward.Period
	if period.FiscalYear == nil {
		return fmt.Sprintf("%s to %s", period.From, period.Through)
	}
	return strings.TrimSpace(fmt.Sprintf("FY%d %s", *period.FiscalYear, period.Part))
}

// eligibility returns the whole chain: each rule kept, broken or not judged. Once money is granted the rules are not judged again.
func eligibility(x *v1alpha1.MDFAllocation) []Verdict {
	c := conditionOf(x.Status.Conditions, v1alpha1.ConditionEligible)
	rules := request.Rules()
	if x.Spec.Reward != nil {
		rules = request.RewardRules()
	}
	switch {
	case c != nil && c.Reason == v1alpha1.ReasonMissingResults:
		return chain(rules, "", x.Status.Findings, false)
	case c == nil, c.Status == metav1.ConditionUnknown:
		return chain(rules, "", x.Status.Findings, true)
	case c.Reason == v1alpha1.ReasonGranted:
		return nil // the condition says that they are not judged any more
	case c.Status == metav1.ConditionTrue:
		return chain(rules, "", x.Status.Findings, false)
	default:
		return chain(rules, c.Reason, x.Status.Findings, false)
	}
}

// chain returns the rules with what was found of each: those that findings name, and the first that the condition names, are broken.
func chain(rules []verdict.RuleText, first string, findings []v1alpha1.Finding, unknown bool) []Verdict {
	var all []Verdict
	for _, rule := range rules {
		v := Verdict{Rule: rule.Reason, Verdict: "kept", Level: concern.Fine, Threshold: rule.Asks}
		i := slices.IndexFunc(findings, func(f v1alpha1.Finding) bool { return f.Rule == rule.Reason })
		switch {
		case i >= 0:
			v.Verdict, v.Message = "broken", findings[i].Message
		case rule.Reason == first:
			v.Verdict = "broken"
		case unknown:
			v.Verdict = "not judged"
		}
		v.Level = levelOf(v.Verdict)
		all = append(all, v)
	}
	return all
}

func conditionOf(all []metav1.Condition, kind string) *metav1.Condition {
	i := slices.IndexFunc(all, func(c metav1.Condition) bool { return c.Type == kind })
	if i < 0 {
		return nil
	}
	return &all[i]
}

func decisions(approvals []v1alpha1.AllocationApproval) []Verdict {
	var all []Verdict
	for _, one := range approvals {
		all = append(all, Verdict{
			Rule: one.By, Verdict: "Approved", Level: concern.Fine, AsOf: one.DecidedTime.UTC().Format(time.DateOnly), Source: string(one.Decision),
		})
	}
	return all
}

func (b *builder) claim(x *v1alpha1.MDFClaim) {
	b.factf("Request", "%s", x.Spec.AllocationRef.Name)
	b.factf("Stage", "%s", x.Status.Stage)
	b.factf("Handed in", "%s", x.Spec.ClaimedOn)
	b.factf("Submitted again", "%s", x.Spec.ResubmittedOn)
	b.factf("Costs", "%s", amount(x.Status.Claimed))
	b.factf("Payable", "%s", amount(x.Status.Payable))
	b.factf("Own cost", "%s", amount(x.Status.OwnCost))
	b.factf("Paid", "%s", amount(x.Status.Paid))
	if due := x.Status.PaymentDue; due != nil {
		b.factf("Pay by", "%s", payBy(due))
	}
	if request := b.index.Allocation(x); request != nil {
		if request.Spec.Reward != nil {
			b.factf("Reward", "%s, %s", request.Spec.Reward.Name, b.interval(request))
		} else {
			b.factf("Share", "%s percent of the costs", request.Spec.ReimbursementPercent)
		}
		if a := request.Spec.Attestation; a != nil {
			b.factf("Request attested", "%s", verdict.Attested(a, request.Spec.RequestedBy))
		}
		b.factf("Granted to the request", "%s, of which %s is claimed and %s paid",
			amount(request.Status.Granted), amount(request.Status.Claimed), amount(request.Status.Paid))
	}
	b.factf("Revision", "%s", x.Status.Revision)
	var costs []Verdict
	for _, cost := range x.Spec.Costs {
		whole := ""
		if cost.InvoiceNet != "" {
			whole = "of " + amount(&v1alpha1.Money{Amount: cost.InvoiceNet, Currency: x.Spec.Currency})
		}
		costs = append(costs, Verdict{
			Rule: "invoice " + string(cost.Invoice), Verdict: "claimed", Level: concern.Fine,
			Found: amount(&v1alpha1.Money{Amount: cost.Net, Currency: x.Spec.Currency}), Threshold: whole, AsOf: string(cost.IncurredOn), Source: string(cost.Supplier),
		})
	}
	b.section("Costs, net", costs)
	b.section("Proof of performance", b.proofs(x))
	b.chain("Rules, in their order", claimRules(x))
	if due := x.Status.PaymentDue; due != nil && due.PaidOn == "" {
		b.aheadf(due.PayBy, "last day on which the vendor pays in time")
	}
	b.section("Approvals", decisions(x.Status.Approvals))
	b.aheadf(x.Status.ActBy, "last day for the next step")
}

// payBy says by when the vendor pays, and whether it is late.
func payBy(due *v1alpha1.PaymentDue) string {
	text := string(due.PayBy)
	switch {
	case due.DaysLate != nil:
		text += fmt.Sprintf("; paid on %s, %s late", due.PaidOn, verdict.Count(*due.DaysLate, "day"))
	case due.PaidOn != "":
		text += fmt.Sprintf("; paid on %s", due.PaidOn)
	case due.EscalatedTo != "":
		text += fmt.Sprintf("; overdue since %s, escalated to the %s on %s", due.OverdueSince, due.EscalatedTo, due.EscalatedSince)
	case due.OverdueSince != "":
		text += fmt.Sprintf("; overdue since %s", due.OverdueSince)
	}
	return text
}

// claimRules returns the whole chain of rules about a claim; none once it was decided on.
func claimRules(x *v1alpha1.MDFClaim) []Verdict {
	c := conditionOf(x.Status.Conditions, v1alpha1.ConditionAccepted)
	known := c != nil && slices.ContainsFunc(claim.Rules(), func(r verdict.RuleText) bool { return r.Reason == c.Reason })
	switch {
	case c == nil, c.Status == metav1.ConditionUnknown:
		return chain(claim.Rules(), "", x.Status.Findings, true)
	case known:
		return chain(claim.Rules(), c.Reason, x.Status.Findings, false)
	case x.Status.Stage == v1alpha1.ClaimSettled:
		return nil
	default:
		return chain(claim.Rules(), "", x.Status.Findings, false)
	}
}

// proofs returns each proof that the activity needs, given or missing, and those that were given besides.
func (b *builder) proofs(x *v1alpha1.MDFClaim) []Verdict {
	var all []Verdict
	given := func(kind v1alpha1.ProofType) string {
		for _, proof := range x.Spec.Proofs {
			if proof.Type == kind {
				return string(proof.Reference)
			}
		}
		return ""
	}
	needed := b.neededProofs(x)
	for _, kind := range needed {
		v := Verdict{Rule: string(kind), Verdict: "given", Found: given(kind), Threshold: "needed"}
		if v.Found == "" {
			v.Verdict = "missing"
		}
		v.Level = levelOf(v.Verdict)
		all = append(all, v)
	}
	for _, proof := range x.Spec.Proofs {
		if !slices.Contains(needed, proof.Type) {
			all = append(all, Verdict{Rule: string(proof.Type), Verdict: "given", Level: concern.Fine, Found: string(proof.Reference)})
		}
	}
	return all
}

func (b *builder) neededProofs(x *v1alpha1.MDFClaim) []v1alpha1.ProofType {
	request, plan, prog := b.index.Allocation(x), b.index.Plan(x), b.index.Program(x)
	if request == nil || plan == nil || prog == nil {
		return nil
	}
	for _, planned := range plan.Spec.Activities {
		if activity := prog.Activity(planned.Type); planned.Name == request.Spec.Activity && activity != nil {
			return activity.Proofs
		}
	}
	return nil
}
