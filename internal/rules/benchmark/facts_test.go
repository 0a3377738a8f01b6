package benchmark

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/testobj"
)

// sold is the program with metrics for the account of campaigns.
var sold = program.Compile("northwind", &testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) {
	s.Metrics = append(s.Metrics,
		v1alpha1.Metric{Name: "leads", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow, Role: v1alpha1.RoleLeads},
		v1alpha1.Metric{Name: "revenue", Unit: v1alpha1.UnitCurrency, Behaviour: v1alpha1.BehaviourFlow, Role: v1alpha1.RoleRevenue})
}).Obj().Spec)

// evaluated is a partner with a plan and a campaign of which all is over, as controllers leave them.
type evaluated struct {
	partner  *v1alpha1.Partner
	plan     *v1alpha1.JointPlan
	campaign *v1alpha1.Campaign
}

func newEvaluated() evaluated {
	e := evaluated{
		partner:  testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(),
		plan:     testobj.Plan("acme-h1").Obj(),
		campaign: testobj.Campaign("acme-webinar", "acme-h1"),
	}
	e.partner.Namespace, e.plan.Namespace, e.campaign.Namespace = "partner-acme", "partner-acme", "partner-acme"
	e.partner.Spec.DisplayName, e.partner.Spec.SharesPractices = "Acme Systems", v1alpha1.ShareNamed
	e.partner.Status.Evaluations = []v1alpha1.TierEvaluation{{Day: "2026-06-30", Effective: "silver"}}
	e.plan.Spec.PartnerRef.Name, e.plan.Spec.Segment = "acme", "mid-market"
	e.plan.Spec.Goals = []v1alpha1.Goal{{Name: "grow", Metric: "new-revenue", Baseline: "400"}, {Name: "certify", Deliverable: "two engineers"}}
	e.plan.Status = v1alpha1.JointPlanStatus{
		PlanOfRecord: &v1alpha1.PlanOfRecord{}, Stage: v1alpha1.StageClosed, Period: &v1alpha1.DayRange{From: "2026-07-01", Through: "2026-12-31"},
		Goals: []v1alpha1.GoalStatus{
			{Name: "grow", Target: "500", OriginalTarget: "520", Actual: "490", AttainmentPercent: new(int32(98)), AsOf: "2027-01-10"},
			{Name: "certify", AttainmentPercent: new(int32(100))},
		},
	}
	e.campaign.Spec.Type, e.campaign.Spec.Schedule.StartsOn = "Webinar", "2026-06-30"
	e.campaign.Status = v1alpha1.CampaignStatus{
		Stage: v1alpha1.CampaignCompleted, AttributionThrough: "2026-09-30",
		CostPerResult: []v1alpha1.CostPerResult{{Metric: "attendees", Actual: "9"}, {Metric: "leads", Actual: "185.91"}},
		Cohorts:       []v1alpha1.Cohort{{Month: "2026-07", Leads: "30", Opportunities: "6"}, {Month: "2026-08", Leads: "10"}},
	}
	return e
}

// says writes rows in a line each.
func says(rows []Row) (lines []string) {
	for _, r := range rows {
		lines = append(lines, fmt.Sprintf("%s %s [%s|%s|%s|%s|%d] %s on %s %s %s", r.Partner, r.Measure, r.Activity, r.Tier, r.Segment, r.Metric, r.Month,
			r.Value.RatString(), r.CompleteOn, r.Shares, r.By))
	}
	return lines
}

func TestRows(t *testing.T) {
	goals := []string{
		"partner-acme/acme AttainmentPercent [|silver|mid-market|new-revenue|0] 98 on 2027-01-10  ",
		"partner-acme/acme GrowthAskedPercent [|silver|mid-market|new-revenue|0] 30 on 2027-01-10  ",
		"partner-acme/acme GrowthReachedPercent [|silver|mid-market|new-revenue|0] 45/2 on 2027-01-10  ",
	}
	campaigns := []string{ // it started a day before silver
		"partner-acme/acme CostPerLead [Webinar|gold|mid-market||0] 18591/100 on 2026-09-30 Named Acme Systems",
		"partner-acme/acme LeadToOpportunityPercent [Webinar|gold|mid-market||0] 15 on 2026-09-30 Named Acme Systems",
	}
	for name, tc := range map[string]struct {
		change func(*evaluated)
		want   []string
	}{
		"a closed plan and a completed campaign": {func(*evaluated) {}, append(goals, campaigns...)},
		"results are not all in":                 {func(e *evaluated) { e.plan.Status.Stage = v1alpha1.StageAwaitingResults }, campaigns},
		"the score is final before the plan is closed": {func(e *evaluated) {
			e.plan.Status.Stage, e.plan.Status.Score = v1alpha1.StageActive, &v1alpha1.ScoreStatus{State: "Final"}
		}, append(goals, campaigns...)},
		"never approved": {func(e *evaluated) { e.plan.Status.PlanOfRecord = nil }, campaigns},
		"results of the last day, and the target as it was approved": {func(e *evaluated) {
			e.plan.Status.Goals[0].AsOf, e.plan.Status.Goals[0].OriginalTarget = "2026-12-20", ""
		}, append([]string{
			"partner-acme/acme AttainmentPercent [|silver|mid-market|new-revenue|0] 98 on 2026-12-31  ",
			"partner-acme/acme GrowthAskedPercent [|silver|mid-market|new-revenue|0] 25 on 2026-12-31  ",
			"partner-acme/acme GrowthReachedPercent [|silver|mid-market|new-revenue|0] 45/2 on 2026-12-31  ",
		}, campaigns...)},
		"without a baseline nothing grows": {func(e *evaluated) { e.plan.Spec.Goals[0].Baseline = "" }, append(goals[:1:1], campaigns...)},
		"nothing was measured": {func(e *evaluated) {
			e.plan.Status.Goals[0].Actual, e.plan.Status.Goals[0].AttainmentPercent = "", nil
		}, append([]string{goals[1]}, campaigns...)},
		"results still count as the campaign's": {func(e *evaluated) { e.campaign.Status.Stage = v1alpha1.CampaignAttributing }, goals},
		"the audience has a segment of its own": {func(e *evaluated) {
			e.campaign.Spec.Audience = &v1alpha1.Audience{Segment: "schools"}
			e.plan.Status.PlanOfRecord = nil
		}, []string{
			"partner-acme/acme CostPerLead [Webinar|gold|schools||0] 18591/100 on 2026-09-30 Named Acme Systems",
			"partner-acme/acme LeadToOpportunityPercent [Webinar|gold|schools||0] 15 on 2026-09-30 Named Acme Systems",
		}},
		"no opportunity names its leads": {func(e *evaluated) { e.campaign.Status.Cohorts[0].Opportunities = "" }, append(goals, campaigns[0])},
		"a campaign of another plan":     {func(e *evaluated) { e.campaign.Spec.PlanRef.Name = "other" }, goals},
		"a plan of another partner":      {func(e *evaluated) { e.plan.Spec.PartnerRef.Name = "finch" }, nil},
		"a partner of another namespace": {func(e *evaluated) { e.partner.Namespace = "partner-bolt" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEvaluated()
			tc.change(&e)
			got := Rows(sold, e.partner, []*v1alpha1.JointPlan{e.plan}, []*v1alpha1.Campaign{e.campaign})
			if diff := cmp.Diff(tc.want, says(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestTheTierOnADay(t *testing.T) {
	eight := make([]v1alpha1.TierEvaluation, maxEvaluations)
	for i := range eight {
		eight[i] = v1alpha1.TierEvaluation{Day: fiscal.MustParseDay("2026-06-30").AddMonths(-i).Date(), Effective: "silver"}
	}
	stated := &v1alpha1.HeldTier{Name: "gold", Since: "2026-01-01"}
	for name, tc := range map[string]struct {
		held        *v1alpha1.HeldTier
		evaluations []v1alpha1.TierEvaluation
		on          v1alpha1.Date
		want        v1alpha1.Name
	}{
		"none":                                    {nil, nil, "2026-07-01", ""},
		"as stated":                               {stated, nil, "2026-07-01", "gold"},
		"before it was held":                      {stated, nil, "2025-12-31", ""},
		"from the day after an evaluation":        {stated, eight[:1], "2026-07-01", "silver"},
		"on the day of the evaluation":            {stated, eight[:1], "2026-06-30", "gold"},
		"stated later than it was evaluated":      {&v1alpha1.HeldTier{Name: "gold", Since: "2026-07-10"}, eight[:1], "2026-07-10", "gold"},
		"before what the status shows, not known": {stated, eight, "2025-11-01", ""},
		"the status is full, and reaches back":    {stated, eight, "2026-03-01", "silver"},
		"demoted to none":                         {stated, []v1alpha1.TierEvaluation{{Day: "2026-06-30"}}, "2026-07-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := testobj.Partner("acme").Obj()
			p.Spec.Tier, p.Status.Evaluations = tc.held, tc.evaluations
			if got := tierOn(p, fiscal.MustParseDay(tc.on)); got != tc.want {
				t.Errorf("held %q, want %q", got, tc.want)
			}
		})
	}
}

// TestHistory reads revenue by month of membership, and the days to the first lead, from what was measured.
func TestHistory(t *testing.T) {
	e := newEvaluated()
	e.partner.Spec.MemberSince, e.partner.Status.EffectiveTier = "2026-03-16", "silver"
	objects := []any{
		testobj.Program("northwind").With(func(s *v1alpha1.PartnerProgramSpec) { *s = *sold.Spec }).Obj(), e.partner, e.plan, e.campaign,
		testobj.Measurements("revenue", v1alpha1.SubjectPartner, "acme").Entry("revenue", "2026-04-15", "100").Entry("revenue", "2026-04-16", "7").
			Entry("revenue", "2026-06-20", "900").Obj(),
		testobj.Measurements("leads", v1alpha1.SubjectCampaign, "acme-webinar").Entry("leads", "2026-06-29", "3").Entry("leads", "2026-07-02", "0").
			Entry("leads", "2026-07-12", "5").Obj(),
	}
	months := []string{
		"partner-acme/acme MonthlyRevenue [|silver|||1] 100 on 2026-04-15  ",
		"partner-acme/acme MonthlyRevenue [|silver|||2] 7 on 2026-05-15  ",
		"partner-acme/acme MonthlyRevenue [|silver|||3] 0 on 2026-06-15  ",
	}
	first := "partner-acme/acme DaysToFirstResult [Webinar|gold|mid-market||0] 12 on 2026-09-30 Named Acme Systems"
	for name, tc := range map[string]struct {
		today  v1alpha1.Date
		change func()
		want   []string
	}{
		"months through which revenue is known":       {"2026-10-01", func() {}, append(months, first)},
		"only months through which some was reported": {"2026-06-15", func() {}, months[:1]},
		"the day of joining is not known":             {"2026-10-01", func() { e.partner.Spec.MemberSince = "" }, []string{first}},
	} {
		t.Run(name, func(t *testing.T) {
			kept := e.partner.Spec.MemberSince
			tc.change()
			got := History(testobj.Snapshot(objects...), sold, e.partner, []*v1alpha1.Campaign{e.campaign}, fiscal.MustParseDay(tc.today))
			e.partner.Spec.MemberSince = kept
			if diff := cmp.Diff(tc.want, says(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
