package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/concern"
)

func (b *builder) plan(x *v1alpha1.JointPlan) {
	b.factf("Partner", "%s", x.Spec.PartnerRef.Name)
	b.factf("Period", "%s", strings.TrimSpace(x.Status.PeriodLabel+" "+bracketed(span(x.Status.Period))))
	b.factf("Stage", "%s", x.Status.Stage)
	b.factf("Rule set", "%s", x.Status.RuleSet)
	b.revisionFact(x)
	if score := x.Status.Score; score != nil {
		b.factf("Attainment", "%s", score.Message)
	}
	if x.Status.PacePercent != nil {
		b.factf("Pace", "%d%%", *x.Status.PacePercent)
	}
	if alignment := x.Status.Alignment; alignment != nil {
		b.factf("Initiatives", "%s", served(alignment))
	}
	if sums := x.Status.Pipeline; sums != nil {
		b.pipelineFacts(&sums.PipelineSums)
	}
	b.section("Goals", goals(x))
	b.salesPlan(x)
	b.section("What the plan opens", unlocks(x))
	b.section("Budget, by who pays", budget(x))
	b.section("By initiative", byInitiative(x.Status.Pipeline))
	b.section("Approvals", approvals(x))
	b.planning(x)
	b.section("Reviews", slots(x))
	b.section("Reconciliation", reconciliation(x))
	b.lastMeeting(x)
	b.section("Promises of both parties", promised(x))
	b.section("To be done", openItems(x))
	if r := x.Status.Reconciliation; r != nil && r.State != v1alpha1.ReconciliationHeld {
		b.aheadf(r.Due, "reconciliation due")
	}
	if reviews := x.Status.Reviews; reviews != nil {
		b.aheadf(reviews.NextDue, "review due")
		if reviews.OverdueSince == "" {
			b.aheadf(reviews.GraceThrough, "last day of the grace of the review due on %s", reviews.NextDue)
		}
	}
	if x.Status.Period != nil {
		b.aheadf(x.Status.Period.From, "the period begins")
		b.aheadf(x.Status.Period.Through, "the period ends")
	}
	b.aheadf(x.Status.ClosesOn, "the plan is closed from this day on")
	for _, open := range x.Status.OpenItems {
		b.aheadf(open.Due, "%s %s due (%s)", strings.ToLower(open.Kind), open.Name, open.Party)
	}
}

func bracketed(text string) string {
	if text == "" {
		return ""
	}
	return "(" + text + ")"
}

func (b *builder) revisionFact(x *v1alpha1.JointPlan) {
	switch record := x.Status.PlanOfRecord; {
	case x.Status.Revision == "":
	case record == nil:
		b.factf("Revision", "%s; there is no plan of record", x.Status.Revision)
	case record.Revision == x.Status.Revision:
		b.factf("Revision", "%s, the plan of record since %s", x.Status.Revision, record.ApprovedTime.UTC().Format(time.DateOnly))
	default:
		b.factf("Revision", "%s; the plan of record since %s is %s", x.Status.Revision, record.ApprovedTime.UTC().Format(time.DateOnly), record.Revision)
	}
}

func served(alignment *v1alpha1.AlignmentStatus) string {
	text := "serves " + list(alignment.Covered)
	if len(alignment.Covered) == 0 {
		text = "serves none"
	}
	if len(alignment.Uncovered) > 0 {
		text += "; not " + list(alignment.Uncovered)
	}
	return text
}

func list[T ~string](names []T) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = string(name)
	}
	return strings.Join(all, ", ")
}

// goals explains each goal: what is to be reached, what was found, as of which day, from which source.
func goals(x *v1alpha1.JointPlan) []Verdict {
	var all []Verdict
	for i := range x.Status.Goals {
		g := &x.Status.Goals[i]
		v := Verdict{
			Rule: string(g.Name), Verdict: string(g.Verdict), Found: string(g.Actual), AsOf: string(g.AsOf), Source: string(g.Source), Message: g.Message,
		}
		if g.Target != "" {
			v.Threshold = fmt.Sprintf("%s by %s", g.Target, g.Due)
		}
		if g.OriginalTarget != "" {
			v.Message += fmt.Sprintf("; the target was %s at first", g.OriginalTarget)
		}
		if g.WeightPercent != nil {
			v.Rule += fmt.Sprintf(" (%d%%)", *g.WeightPercent)
		}
		v.Level = levelOf(string(g.Verdict))
		all = append(all, v)
	}
	return all
}

// levels say how much the verdicts of lists matter.
var levels = map[string]concern.Level{
	"OffTrack": concern.Grave, "Missed": concern.Grave, "Overdue": concern.Grave, "NotMet": concern.Warning, "AtRisk": concern.Warning,
	"Unknown": concern.Note, "Missing": concern.Warning, "Returned": concern.Warning, "Rejected": concern.Warning, "Due": concern.Warning,
	"OnTrack": concern.Note, "InGrace": concern.Warning, "Recorded": concern.Note, "Pending": concern.Note, "Upcoming": concern.Note, "Open": concern.Note, "Hold": concern.Grave,
	"ReducedRate": concern.Grave, "Watch": concern.Warning, "Demoted": concern.Warning, "HeldInGrace": concern.Warning, "PromotionOnHold": concern.Warning,
	"Locked": concern.Note, "AwaitingResults": concern.Note, "Earned": concern.Warning, "Requested": concern.Note,
	"broken": concern.Grave, "not judged": concern.Note, "missing": concern.Grave,
}

func levelOf(verdict string) concern.Level {
	if level, ok := levels[verdict]; ok {
		return level
	}
	return concern.Fine
}

func approvals(x *v1alpha1.JointPlan) []Verdict {
	var all []Verdict
	for _, one := range x.Status.Approvals {
		v := Verdict{Rule: string(one.Party), Verdict: one.State, Level: levelOf(one.State), Found: one.By, Source: string(one.Decision)}
		if one.AttestedBy != "" {
			v.Found += ", attested by " + one.AttestedBy
		}
		if one.DecidedTime != nil {
			v.AsOf = one.DecidedTime.UTC().Format(time.DateOnly)
		}
		all = append(all, v)
	}
	return all
}

func slots(x *v1alpha1.JointPlan) []Verdict {
	if x.Status.Reviews == nil {
		return nil
	}
	var all []Verdict
	for _, slot := range x.Status.Reviews.Slots {
		v := Verdict{Rule: "review", Verdict: string(slot.State), Level: levelOf(string(slot.State)), Threshold: "by " + string(slot.Due)}
		if slot.HeldOn != "" {
			v.Found = "held on " + string(slot.HeldOn)
		}
		if slot.DaysLate != nil {
			v.Shortfall = verdict.Count(*slot.DaysLate, "day") + " late"
		}
		v.Source = string(slot.Record)
		if slot.Confirmation != "" {
			v.Message = strings.ToLower(string(slot.Confirmation))
			if slot.ConfirmedOn != "" {
				v.Message += " on " + string(slot.ConfirmedOn)
			}
		}
		all = append(all, v)
	}
	return all
}

func openItems(x *v1alpha1.JointPlan) []Verdict {
	var all []Verdict
	for _, open := range x.Status.OpenItems {
		v := Verdict{
			Rule: strings.ToLower(open.Kind) + " " + string(open.Name), Verdict: open.State, Level: levelOf(open.State),
			Threshold: "by " + string(open.Due), Source: string(open.Party),
		}
		if open.EscalatedTo != "" {
			v.Message = "escalated to the " + open.EscalatedTo
		}
		all = append(all, v)
	}
	return all
}

func (b *builder) campaign(x *v1alpha1.Campaign) {
	b.factf("Plan", "%s", x.Spec.PlanRef.Name)
	b.factf("Type", "%s", x.Spec.Type)
	b.factf("Runs", "%s to %s", x.Spec.Schedule.StartsOn, x.Spec.Schedule.EndsOn)
	b.factf("Stage", "%s", x.Status.Stage)
	b.factf("As of", "%s", x.Status.AsOf)
	measured := func(of v1alpha1.Decimal) string {
		if of == "" {
			return ""
		}
		return amount(&v1alpha1.Money{Amount: of, Currency: x.Status.Currency})
	}
	b.factf("Cost", "%s", measured(x.Status.Cost))
	b.factf("Pipeline", "%s", measured(x.Status.Pipeline))
	b.factf("Revenue", "%s", measured(x.Status.Revenue))
	if returns := x.Status.Returns; returns != nil {
		b.percentFact("Margin ROI", returns.MarginROIPercent)
		b.percentFact("MDF return", returns.MDFReturnPercent)
		b.percentFact("Pipeline to spend", returns.PipelineToSpendPercent)
	}
	var steps, costs []Verdict
	for _, step := range x.Status.Funnel {
		v := Verdict{Rule: string(step.Metric), Verdict: "-", Level: concern.Fine, Threshold: string(step.Expected), Found: string(step.Actual)}
		if step.ActualRatePercent != nil && step.ExpectedRatePercent != nil {
			v.Verdict = fmt.Sprintf("%d%% of the step before, %d%% expected", *step.ActualRatePercent, *step.ExpectedRatePercent)
		}
		steps = append(steps, v)
	}
	for _, cost := range x.Status.CostPerResult {
		costs = append(costs, Verdict{
			Rule: string(cost.Metric), Verdict: "-", Level: concern.Fine, Threshold: string(cost.Expected), Found: string(cost.Actual),
		})
	}
	b.section("Funnel", steps)
	b.section("Cost per result", costs)
	b.aheadf(x.Spec.Schedule.StartsOn, "the campaign starts")
	b.aheadf(x.Spec.Schedule.EndsOn, "the campaign ends")
	b.aheadf(x.Status.AttributionThrough, "last day on which a result counts as the campaign's")
}

func (b *builder) percentFact(name string, percent *int32) {
	if percent != nil {
		b.factf(name, "%d%%", *percent)
	}
}

// other says what objects are about that have no account of their own.
func (b *builder) other(object manifest.Object) {
	switch x := object.(type) {
	case *v1alpha1.PlanReview:
		b.review(x)
	case *v1alpha1.ApprovalDecision:
		b.factf("On", "%s %s, revision %s", x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name, x.Spec.Revision)
		b.factf("Decision", "%s by %s for the %s on %s", x.Spec.Decision, x.Spec.ApprovedBy, x.Spec.Party, x.Spec.DecidedTime.UTC().Format(time.DateOnly))
		b.factf("Comment", "%s", strings.Join(strings.Fields(string(x.Spec.Comment)), " "))
	case *v1alpha1.MeasurementSet:
		b.factf("About", "%s %s", x.Spec.SubjectRef.Kind, x.Spec.SubjectRef.Name)
		b.factf("Source", "%s", x.Spec.Source)
		b.factf("Latest", "%s", x.Status.Latest)
	case *v1alpha1.PlanRevision:
		b.factf("Plan", "%s", x.Spec.PlanRef.Name)
		b.factf("Revision", "%s", x.Spec.Revision)
		b.factf("Of record", "%s", x.Status.OfRecord)
	}
}

// review says what was recorded of a meeting, and what the other party says of it.
func (b *builder) review(x *v1alpha1.PlanReview) {
	b.factf("Plan", "%s", x.Spec.PlanRef.Name)
	b.factf("Occasion", "%s, held on %s", x.Spec.Occasion, x.Spec.HeldOn)
	b.factf("Recorded", "%s by %s for the %s", x.Spec.RecordedTime.UTC().Format(time.DateOnly), x.Spec.RecordedBy, x.Spec.Party)
	people := make([]string, 0, len(x.Spec.Attendees))
	for _, one := range x.Spec.Attendees {
		people = append(people, fmt.Sprintf("%s (%s)", one.Name, strings.Join(append([]string{string(one.Party)}, texts(one.Functions)...), ", ")))
	}
	b.factf("Attendees", "%s", strings.Join(people, ", "))
	b.outcome(x)
	b.factf("Revision", "%s", x.Status.Revision)
	dispute, answer := x.Status.Dispute, string(x.Status.Confirmation)
	if dispute != nil && dispute.ResolvedBy != "" {
		answer = string(v1alpha1.ConfirmationDisputed) + "; the dispute is " + answer
	}
	if x.Status.ConfirmedOn != "" {
		answer += " on " + string(x.Status.ConfirmedOn)
	}
	b.factf("Answer", "%s", answer)
	switch {
	case x.Status.Confirmation == v1alpha1.ConfirmationPending:
		b.aheadf(x.Status.AnswerBy, "last day on which the other party can dispute the record")
	case dispute == nil:
	case dispute.ResolvedBy != "":
		b.factf("Dispute", "by %s in %s; resolved by %s", dispute.By, dispute.Decision, dispute.ResolvedBy)
	case x.Status.Confirmation != v1alpha1.ConfirmationDisputed:
		b.factf("Dispute", "by %s in %s, before the record was confirmed", dispute.By, dispute.Decision)
	default:
		b.factf("Dispute", "by %s in %s; the %s resolves it by %s", dispute.By, dispute.Decision, dispute.Resolver, dispute.ResolveBy)
		b.aheadf(dispute.ResolveBy, "last day to resolve the dispute")
	}
}

// sortAhead sorts the days to come and leaves out what is said twice.
func (b *builder) sortAhead() {
	slices.SortStableFunc(b.Ahead, func(x, y Ahead) int { return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.What, y.What)) })
	b.Ahead = slices.Compact(b.Ahead)
}
