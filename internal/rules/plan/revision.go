package plan

import (
	"math"
	"strconv"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/revision"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/verdict"
)

// nameDigits is the number of digits of a revision in the name of a PlanRevision.
const nameDigits = 10

// Revision identifies the content of terms: "v1:" and 32 hexadecimal digits of the SHA-256 of their canonical form. It ignores the
// order of lists but for the stages of a sales plan, the way in which a number is written ("10", "10.0"), and whether a default is written out; everything else that
// terms hold changes it.
//
// Defaults are those that can be known from the terms alone: part Year of a fiscal year, and, in a period of explicit days, the first
// and last day of the period for the days of goals, activities and commitments.
func Revision(terms *v1alpha1.PlanTerms) string {
	f := canonical(terms)
	return f.Revision()
}

// RevisionName returns the name of the PlanRevision that keeps a revision of a plan: the plan's name and the first 10 digits.
func RevisionName(plan, id string) string {
	digits := strings.TrimPrefix(id, revision.Prefix)
	return plan + "-" + digits[:min(nameDigits, len(digits))]
}

// canonical writes terms as text, a line per field that is present. Fields are listed by hand: a field that is added to the API is
// added here and, being absent in old terms, leaves their revisions as they are.
func canonical(terms *v1alpha1.PlanTerms) revision.Form {
	f := revision.Form{}
	f.Text("partner", string(terms.PartnerRef.Name))
	writePeriod(&f, terms.Period)
	f.Text("segment", string(terms.Segment))
	f.Text("vision", string(terms.Vision))
	writeSwot(&f, terms.SWOT)
	f.Items("goal", revision.Of(terms.Goals, func(x *v1alpha1.Goal) revision.Form { return goalForm(x, terms.Period) }))
	f.Items("strategy", revision.Of(terms.Strategies, strategyForm))
	writeValueProposition(&f, terms.ValueProposition)
	f.Items("activity", revision.Of(terms.Activities, func(x *v1alpha1.PlannedActivity) revision.Form { return activityForm(x, terms.Period) }))
	f.Items("commitment", revision.Of(terms.Commitments, func(x *v1alpha1.Commitment) revision.Form { return commitmentForm(x, terms.Period) }))
	f.Items("risk", revision.Of(terms.Risks, riskForm))
	f.Items("account", revision.Of(terms.TargetAccounts, accountForm))
	writeSalesPlan(&f, terms.SalesPlan)
	f.Items("benefitRequest", revision.Of(terms.BenefitRequests, benefitRequestForm))
	return f
}

// writeTitles writes lines of text in order of the alphabet.
func writeTitles(f *revision.Form, field string, lines []v1alpha1.Title) {
	f.Items(field, revision.Of(lines, func(x *v1alpha1.Title) revision.Form {
		line := revision.Form{}
		line.Text("text", string(*x))
		return line
	}))
}

func writePeriod(f *revision.Form, period v1alpha1.Period) {
	if period.FiscalYear != nil {
		f.Text("period.fiscalYear", strconv.Itoa(int(*period.FiscalYear)))
	}
	if period.FiscalYear == nil || period.Part != v1alpha1.PartYear {
		f.Text("period.part", string(period.Part))
	}
	f.Text("period.from", string(period.From))
	f.Text("period.through", string(period.Through))
}

func writeSwot(f *revision.Form, swot *v1alpha1.SWOT) {
	if swot == nil {
		return
	}
	writeTitles(f, "swot.strength", swot.Strengths)
	writeTitles(f, "swot.weakness", swot.Weaknesses)
	writeTitles(f, "swot.opportunity", swot.Opportunities)
	writeTitles(f, "swot.threat", swot.Threats)
}

func writeValueProposition(f *revision.Form, proposition *v1alpha1.ValueProposition) {
	if proposition == nil {
		return
	}
	f.Text("valueProposition.relevant", string(proposition.Relevant))
	f.Text("valueProposition.quantified", string(proposition.Quantified))
	f.Text("valueProposition.differentiated", string(proposition.Differentiated))
}

func writeSalesPlan(f *revision.Form, sales *v1alpha1.SalesPlan) {
	if sales == nil {
		return
	}
	f.Text("salesPlan.qualification", string(sales.Qualification))
	f.Number("salesPlan.expectedWinRatePercent", string(sales.ExpectedWinRatePercent))
	f.Items("salesPlan.quarter", revision.Of(sales.Quarters, salesQuarterForm))
	place := 0 // the order of the stages means something
	f.Items("salesPlan.stage", revision.Of(sales.Stages, func(x *v1alpha1.SalesStage) revision.Form {
		place++
		return salesStageForm(x, place)
	}))
}

func salesQuarterForm(quarter *v1alpha1.SalesQuarter) revision.Form {
	f := revision.Form{}
	f.Text("goal", string(quarter.Goal))
	f.Text("quarter", string(quarter.Quarter))
	f.Text("from", string(quarter.From))
	f.Text("through", string(quarter.Through))
	f.Number("target", string(quarter.Target))
	f.Number("forecast", string(quarter.Forecast))
	return f
}

func salesStageForm(stage *v1alpha1.SalesStage, place int) revision.Form {
	f := revision.Form{}
	f.Text("place", strconv.Itoa(place))
	f.Text("name", string(stage.Name))
	f.Text("metric", string(stage.Metric))
	f.Number("expectedRatePercent", string(stage.ExpectedRatePercent))
	return f
}

func goalForm(goal *v1alpha1.Goal, period v1alpha1.Period) revision.Form {
	f := revision.Form{}
	f.Text("name", string(goal.Name))
	f.Text("title", string(goal.Title))
	f.Text("metric", string(goal.Metric))
	f.Text("deliverable", string(goal.Deliverable))
	f.Set("initiative", texts(goal.Initiatives))
	f.Items("initiativeShare", revision.Of(goal.InitiativeShares, shareForm))
	f.Text("resellerResults", string(goal.ResellerResults))
	f.Text("owner", string(goal.Owner))
	f.Number("baseline", string(goal.Baseline))
	if target := goal.Target; target != nil {
		f.Text("target.mode", string(target.Mode))
		f.Number("target.value", string(target.Value))
		f.Text("target.unit", string(target.Unit))
	}
	f.Unless("due", string(goal.Due), string(period.Through))
	f.Number("weightPercent", string(goal.WeightPercent))
	f.Number("gatePercent", string(goal.GatePercent))
	f.Items("milestone", revision.Of(goal.Milestones, milestoneForm))
	return f
}

func shareForm(share *v1alpha1.InitiativeShare) revision.Form {
	f := revision.Form{}
	f.Text("initiative", string(share.Initiative))
	f.Number("percent", strconv.Itoa(int(share.Percent)))
	return f
}

func milestoneForm(milestone *v1alpha1.Milestone) revision.Form {
	f := revision.Form{}
	f.Text("day", string(milestone.Day))
	f.Number("value", string(milestone.Value))
	return f
}

func strategyForm(strategy *v1alpha1.Strategy) revision.Form {
	f := revision.Form{}
	f.Text("name", string(strategy.Name))
	f.Text("description", string(strategy.Description))
	f.Set("initiative", texts(strategy.Initiatives))
	return f
}

func activityForm(activity *v1alpha1.PlannedActivity, period v1alpha1.Period) revision.Form {
	f := revision.Form{}
	f.Text("name", string(activity.Name))
	f.Text("type", string(activity.Type))
	f.Set("initiative", texts(activity.Initiatives))
	f.Unless("from", string(activity.From), string(period.From))
	f.Unless("through", string(activity.Through), string(period.Through))
	if cost := activity.Cost; cost != nil {
		f.Number("cost.amount", string(cost.Amount))
		f.Text("cost.currency", string(cost.Currency))
	}
	f.Items("funding", revision.Of(activity.Funding, fundingForm))
	return f
}

func fundingForm(funding *v1alpha1.ActivityFunding) revision.Form {
	f := revision.Form{}
	f.Text("funder", string(funding.Funder))
	f.Number("amount", string(funding.Amount))
	return f
}

func benefitRequestForm(request *v1alpha1.BenefitRequest) revision.Form {
	f := revision.Form{}
	f.Text("name", string(request.Name))
	f.Text("benefit", string(request.Benefit))
	f.Number("quantity", string(request.Quantity))
	f.Text("goal", string(request.Goal))
	f.Text("activity", string(request.Activity))
	return f
}

func commitmentForm(commitment *v1alpha1.Commitment, period v1alpha1.Period) revision.Form {
	f := revision.Form{}
	f.Text("name", string(commitment.Name))
	f.Text("party", string(commitment.Party))
	f.Text("description", string(commitment.Description))
	f.Set("goal", texts(commitment.Goals))
	f.Unless("due", string(commitment.Due), string(period.Through))
	f.Text("about", string(commitment.About))
	return f
}

func riskForm(risk *v1alpha1.Risk) revision.Form {
	f := revision.Form{}
	f.Text("name", string(risk.Name))
	f.Text("description", string(risk.Description))
	f.Text("trigger", string(risk.Trigger))
	f.Text("contingency", string(risk.Contingency))
	f.Text("owner", string(risk.Owner))
	return f
}

func accountForm(account *v1alpha1.TargetAccount) revision.Form {
	f := revision.Form{}
	f.Text("name", string(account.Name))
	f.Text("vendorOwner", string(account.VendorOwner))
	f.Text("partnerOwner", string(account.PartnerOwner))
	return f
}

// texts returns names as text.
func texts(names []v1alpha1.Name) []string {
	list := make([]string, 0, len(names))
	for _, name := range names {
		list = append(list, string(name))
	}
	return list
}

// Decisions counts the decisions on plans, whether or not the plans exist; nil when there are none.
func Decisions(p *snapshot.Snapshot, plans ...v1alpha1.Name) *int32 {
	count := 0
	for _, name := range plans {
		count += len(p.DecisionsOn(name))
	}
	return countOf(count)
}

// countOf returns a count for a status; nil for none.
func countOf(count int) *int32 {
	if count == 0 {
		return nil
	}
	return new(int32(min(max(count, 0), math.MaxInt32)))
}

// EvaluateRevision says whether a kept revision is of record at an instant, and when that may change although no spec does (zero:
// never).
func EvaluateRevision(p *snapshot.Snapshot, r *v1alpha1.PlanRevision, now time.Time) (v1alpha1.PlanRevisionStatus, time.Time) {
	var findings verdict.Findings
	conditions := verdict.NewConditions(r.Status.Conditions, r.Generation, now)
	status := v1alpha1.PlanRevisionStatus{OfRecord: "No"}
	var next time.Time
	if !sound(r) {
		findings.Errorf(RuleRevisionCorrupt, "spec.terms", "the content is not that of revision %s, it is %s: restore it from a backup, or delete it",
			r.Spec.Revision, Revision(&r.Spec.Terms))
	}
	if plan := p.Plan(r.Spec.PlanRef.Name); plan == nil {
		findings.Infof(RulePlanGone, "spec.planRef.name", "JointPlan %q is deleted: this stays as the record of what was agreed", r.Spec.PlanRef.Name)
	} else {
		a := Approvals(p, plan, now)
		if next = a.NextChange; a.Record != nil && a.Record.Revision == r.Spec.Revision {
			status.OfRecord = "Yes"
		}
	}
	conditions.Readiness(&findings)
	status.ObservedGeneration, status.Conditions, status.Findings = r.Generation, conditions.List(), findings.List()
	return status, next
}
