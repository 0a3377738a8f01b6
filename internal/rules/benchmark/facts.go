package benchmark

import (
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
)

// Rows returns the facts that a partner contributes, from its evaluated plans and campaigns. A campaign contributes once it is completed, a goal once all
// results of its approved plan are in or due; what has no figure contributes none. Campaigns of other plans than the given ones are left out.
func Rows(of *program.Program, partner *v1alpha1.Partner, plans []*v1alpha1.JointPlan, campaigns []*v1alpha1.Campaign) []Row {
	if of == nil || partner == nil {
		return nil
	}
	f := facts{program: of, partner: partner}
	byName := map[v1alpha1.Name]*v1alpha1.JointPlan{}
	for _, plan := range plans {
		if plan.Namespace == partner.Namespace && string(plan.Spec.PartnerRef.Name) == partner.Name {
			byName[v1alpha1.Name(plan.Name)] = plan
			f.plan(plan)
		}
	}
	for _, campaign := range campaigns {
		if plan := byName[campaign.Spec.PlanRef.Name]; plan != nil && campaign.Namespace == partner.Namespace {
			f.campaign(plan, campaign)
		}
	}
	return f.rows
}

// facts are the rows of a partner under way.
type facts struct {
	program *program.Program
	partner *v1alpha1.Partner
	rows    []Row
}

// add adds a row, completed by what is the partner's.
func (f *facts) add(row Row, measure v1alpha1.BenchmarkMeasure, value *big.Rat) {
	if value == nil {
		return
	}
	row.Partner, row.Measure, row.Value = keyOfPartner(f.partner), measure, value
	f.rows = append(f.rows, row)
}

// keyOfPartner identifies a partner among all.
func keyOfPartner(of *v1alpha1.Partner) string {
	key := kinds.KeyOf(of)
	return key.Namespace + "/" + key.Name
}

// plan adds the goals of a plan whose results are all in or due.
func (f *facts) plan(plan *v1alpha1.JointPlan) {
	status := &plan.Status
	if status.PlanOfRecord == nil || status.Period == nil || !isFinal(status) {
		return
	}
	from, err := fiscal.ParseDay(status.Period.From)
	through, wrong := fiscal.ParseDay(status.Period.Through)
	if err != nil || wrong != nil {
		return
	}
	for i := range status.Goals {
		result := &status.Goals[i]
		goal := goalNamed(&plan.Spec.PlanTerms, result.Name)
		if goal == nil || goal.Metric == "" {
			continue
		}
		row := Row{Tier: tierOn(f.partner, from), Segment: plan.Spec.Segment, Metric: goal.Metric, CompleteOn: through}
		if asOf, err := fiscal.ParseDay(result.AsOf); err == nil {
			row.CompleteOn = fiscal.Latest(through, asOf)
		}
		if percent := result.AttainmentPercent; percent != nil {
			f.add(row, v1alpha1.MeasureAttainmentPercent, big.NewRat(int64(*percent), 1))
		}
		asked := result.OriginalTarget
		if asked == "" {
			asked = result.Target
		}
		f.add(row, v1alpha1.MeasureGrowthAskedPercent, Growth(goal.Baseline, asked))
		f.add(row, v1alpha1.MeasureGrowthReachedPercent, Growth(goal.Baseline, result.Actual))
	}
}

// isFinal reports whether all results of a plan are in or due.
func isFinal(status *v1alpha1.JointPlanStatus) bool {
	return status.Stage == v1alpha1.StageAwaitingClaims || status.Stage == v1alpha1.StageClosed || status.Score != nil && status.Score.State == "Final"
}

func goalNamed(terms *v1alpha1.PlanTerms, name v1alpha1.Name) *v1alpha1.Goal {
	for i := range terms.Goals {
		if terms.Goals[i].Name == name {
			return &terms.Goals[i]
		}
	}
	return nil
}

// Growth returns by how much a figure is above a baseline, in percent of the baseline; nil when either is missing or the baseline is not above zero.
func Growth(baseline, figure v1alpha1.Decimal) *big.Rat {
	return Change(parsed(baseline), parsed(figure))
}

// Change is Growth of numbers, either of which may be nil.
func Change(baseline, figure *big.Rat) *big.Rat {
	if baseline == nil || figure == nil || baseline.Sign() <= 0 {
		return nil
	}
	change := new(big.Rat).Sub(figure, baseline)
	return change.Mul(change.Quo(change, baseline), hundred)
}

// campaign adds a completed campaign of a plan.
func (f *facts) campaign(plan *v1alpha1.JointPlan, campaign *v1alpha1.Campaign) {
	row, ok := f.rowOf(plan, campaign)
	if !ok {
		return
	}
	if leads := f.program.MetricFor(v1alpha1.RoleLeads); leads != nil {
		for i := range campaign.Status.CostPerResult {
			if line := &campaign.Status.CostPerResult[i]; line.Metric == leads.Name && line.Actual != "" {
				f.add(row, v1alpha1.MeasureCostPerLead, parsed(line.Actual))
			}
		}
	}
	f.add(row, v1alpha1.MeasureLeadToOpportunityPercent, conversion(campaign.Status.Cohorts))
}

// rowOf is what all facts of a completed campaign have in common.
func (f *facts) rowOf(plan *v1alpha1.JointPlan, campaign *v1alpha1.Campaign) (Row, bool) {
	starts, err := fiscal.ParseDay(campaign.Spec.Schedule.StartsOn)
	through, wrong := fiscal.ParseDay(campaign.Status.AttributionThrough)
	if campaign.Status.Stage != v1alpha1.CampaignCompleted || err != nil || wrong != nil {
		return Row{}, false
	}
	row := Row{
		Activity: campaign.Spec.Type, Tier: tierOn(f.partner, starts), Segment: SegmentOf(plan.Spec.Segment, campaign), CompleteOn: through,
		Shares: f.partner.Spec.SharesPractices, By: f.partner.Spec.DisplayName,
	}
	if row.By == "" {
		row.By = v1alpha1.Title(f.partner.Name)
	}
	return row, true
}

// SegmentOf returns the segment of a campaign: that of its audience, else that of its plan.
func SegmentOf(ofPlan v1alpha1.Name, campaign *v1alpha1.Campaign) v1alpha1.Name {
	if audience := campaign.Spec.Audience; audience != nil && audience.Segment != "" {
		return audience.Segment
	}
	return ofPlan
}

// conversion returns the share of leads that became opportunities, in percent; nil without leads or without any opportunity that names its cohort.
func conversion(cohorts []v1alpha1.Cohort) *big.Rat {
	leads, opportunities, known := new(big.Rat), new(big.Rat), false
	for i := range cohorts {
		if n := parsed(cohorts[i].Leads); n != nil {
			leads.Add(leads, n)
		}
		if n := parsed(cohorts[i].Opportunities); n != nil {
			opportunities.Add(opportunities, n)
			known = true
		}
	}
	if !known || leads.Sign() <= 0 {
		return nil
	}
	return opportunities.Mul(opportunities.Quo(opportunities, leads), hundred)
}

func parsed(text v1alpha1.Decimal) *big.Rat {
	value, err := decimal.Parse(text)
	if err != nil {
		return nil
	}
	return value
}

// tierOn returns the tier that an evaluated partner held on a day; empty when it held none, or its status does not reach back to that day.
func tierOn(partner *v1alpha1.Partner, day fiscal.Day) v1alpha1.Name {
	var since fiscal.Day
	var stated v1alpha1.Name
	if held := partner.Spec.Tier; held != nil {
		if from, err := fiscal.ParseDay(held.Since); err == nil && from <= day {
			since, stated = from, held.Name
		}
	}
	evaluations := partner.Status.Evaluations // the newest first
	for i := range evaluations {
		on, err := fiscal.ParseDay(evaluations[i].Day)
		if err == nil && on < day {
			if on < since {
				return stated
			}
			return v1alpha1.Name(evaluations[i].Effective)
		}
	}
	if len(evaluations) >= maxEvaluations {
		return "" // there were others before those that the status shows
	}
	return stated
}

// maxEvaluations is the number of evaluations that a status shows.
const maxEvaluations = 8
