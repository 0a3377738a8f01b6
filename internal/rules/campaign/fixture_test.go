package campaign_test

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/campaign"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

// world is a namespace with one partner, one approved plan and one campaign: a webinar from 2026-09-01 through 2026-09-30, in Berlin. Each
// test changes its own.
type world struct {
	program   v1alpha1.PartnerProgramSpec
	partners  []*v1alpha1.Partner
	plans     []*v1alpha1.JointPlan
	campaign  v1alpha1.Campaign
	decisions []*v1alpha1.ApprovalDecision
	sets      []*v1alpha1.MeasurementSet
	revisions []*v1alpha1.PlanRevision
	requests  []*v1alpha1.MDFAllocation
	claims    []*v1alpha1.MDFClaim
	published []*v1alpha1.PublishedBenchmark
}

func newWorld() *world {
	w := &world{program: aProgram()}
	w.partners = []*v1alpha1.Partner{{
		ObjectMeta: named("acme"), Spec: v1alpha1.PartnerSpec{ProgramRef: v1alpha1.Reference{Name: "northwind"}},
	}}
	w.plans = []*v1alpha1.JointPlan{aPlan()}
	w.campaign = v1alpha1.Campaign{ObjectMeta: named("webinars"), Spec: v1alpha1.CampaignSpec{
		PlanRef: v1alpha1.Reference{Name: "acme-h1"}, Activity: "autumn-webinars", Type: "Webinar",
		Goals:    []v1alpha1.Name{"cloud-revenue"},
		Audience: &v1alpha1.Audience{Segment: "mid-market", Size: ptr.To[int64](800)},
		Schedule: v1alpha1.Schedule{StartsOn: "2026-09-01", EndsOn: "2026-09-30"},
		Funnel: []v1alpha1.FunnelStep{
			{Metric: "registrations", Expected: "400"},
			{Metric: "qualified-leads", Expected: "50"},
			{Metric: "opportunities", Expected: "10"},
			{Metric: "pipeline", Expected: "200000"},
		},
		Cost: euro("10000.00"), MDF: euro("5000.00"), MarginPercent: "25",
		StopRule: &v1alpha1.StopRule{Metric: "qualified-leads", MaxCostPerResult: "250"},
	}}
	w.campaign.Generation = 7
	w.approve()
	w.pays(testobj.Payment("RUN-1", "2026-01-31", "5000.00"))
	return w
}

// pays records payments on a claim for the campaign's activity, in place of what was recorded before.
func (w *world) pays(payments ...v1alpha1.Payment) {
	w.requests = []*v1alpha1.MDFAllocation{{ObjectMeta: named("webinar-money"), Spec: v1alpha1.MDFAllocationSpec{
		PlanRef: w.campaign.Spec.PlanRef, Activity: w.campaign.Spec.Activity,
	}}}
	w.claims = []*v1alpha1.MDFClaim{{ObjectMeta: named("webinar-claim"), Spec: v1alpha1.MDFClaimSpec{
		AllocationRef: v1alpha1.Reference{Name: "webinar-money"}, Currency: "EUR", Payments: payments,
	}}}
}

func aProgram() v1alpha1.PartnerProgramSpec {
	flow := func(name v1alpha1.Name, unit v1alpha1.MetricUnit, role v1alpha1.MetricRole) v1alpha1.Metric {
		return v1alpha1.Metric{Name: name, Unit: unit, Behaviour: v1alpha1.BehaviourFlow, Role: role}
	}
	return v1alpha1.PartnerProgramSpec{
		Calendar: v1alpha1.Calendar{TimeZone: "Europe/Berlin", FiscalYearStart: "07-01", FiscalYearNamedBy: v1alpha1.NamedByEnd},
		Currency: "EUR",
		Metrics: []v1alpha1.Metric{
			flow("registrations", v1alpha1.UnitCount, ""),
			flow("qualified-leads", v1alpha1.UnitCount, v1alpha1.RoleLeads),
			flow("opportunities", v1alpha1.UnitCount, v1alpha1.RoleOpportunities),
			flow("pipeline", v1alpha1.UnitCurrency, v1alpha1.RolePipeline),
			flow("new-revenue", v1alpha1.UnitCurrency, v1alpha1.RoleRevenue),
			flow("campaign-cost", v1alpha1.UnitCurrency, v1alpha1.RoleCost),
			{Name: "satisfaction", Unit: v1alpha1.UnitPercent, Behaviour: v1alpha1.BehaviourStock},
		},
		Initiatives: []v1alpha1.Initiative{
			{Name: "cloud-migration"}, {Name: "security", From: "2026-10-01"}, {Name: "old-erp", Through: "2026-08-31"},
		},
		Activities:   []v1alpha1.Activity{{Type: "Webinar"}, {Type: "TradeShow"}},
		SeasonCurves: []v1alpha1.SeasonCurve{{Segment: "schools", MonthWeights: weights(6, 7, 8)}},
		RuleSets:     []v1alpha1.RuleSet{{Name: "fy27", EffectiveFrom: "2026-07-01"}},
	}
}

// weights makes twelve weights of which those of the given months alone are above zero.
func weights(months ...int) []v1alpha1.Percent {
	list := []v1alpha1.Percent{"0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0"}
	for _, month := range months {
		list[month-1] = "10"
	}
	return list
}

func aPlan() *v1alpha1.JointPlan {
	p := &v1alpha1.JointPlan{ObjectMeta: named("acme-h1")}
	p.Spec.PartnerRef.Name = "acme"
	p.Spec.Period = v1alpha1.Period{FiscalYear: ptr.To[int32](2027), Part: v1alpha1.PartH1}
	p.Spec.Goals = []v1alpha1.Goal{{
		Name: "cloud-revenue", Metric: "new-revenue", Target: &v1alpha1.Target{Mode: v1alpha1.TargetAbsolute, Value: "440000"},
	}}
	p.Spec.Activities = []v1alpha1.PlannedActivity{
		{Name: "autumn-webinars", Type: "Webinar", Initiatives: []v1alpha1.Name{"cloud-migration"}, From: "2026-09-01", Through: "2026-10-31"},
		{Name: "fair", Type: "TradeShow"},
	}
	return p
}

func named(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "partner-acme", Name: name}
}

func euro(amount v1alpha1.Decimal) *v1alpha1.Money {
	return &v1alpha1.Money{Amount: amount, Currency: "EUR"}
}

// approve approves the plan's current terms for both parties, on 20 June 2026, in place of decisions made before.
func (w *world) approve() { w.approveOn(instant("2026-06-20T10:00:00+02:00")) }

func (w *world) approveOn(at time.Time) {
	w.decisions = nil
	for _, party := range []v1alpha1.Party{v1alpha1.PartyVendor, v1alpha1.PartyPartner} {
		w.decisions = append(w.decisions, &v1alpha1.ApprovalDecision{
			ObjectMeta: named("by-" + strings.ToLower(string(party))),
			Spec: v1alpha1.ApprovalDecisionSpec{
				TargetRef: v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: "acme-h1"},
				Revision:  plan.Revision(&w.plans[0].Spec.PlanTerms), Party: party, Decision: v1alpha1.DecisionApproved,
				ApprovedBy: "someone-of-" + string(party), DecidedTime: metav1.NewTime(at),
			},
		})
	}
}

// keepRevision keeps the plan's current terms as a PlanRevision, so that they stay of record when the plan is edited.
func (w *world) keepRevision() {
	revision := plan.Revision(&w.plans[0].Spec.PlanTerms)
	w.revisions = append(w.revisions, &v1alpha1.PlanRevision{
		ObjectMeta: named(plan.RevisionName("acme-h1", revision)),
		Spec: v1alpha1.PlanRevisionSpec{
			PlanRef: v1alpha1.Reference{Name: "acme-h1"}, Revision: revision, Terms: *w.plans[0].Spec.PlanTerms.DeepCopy(),
		},
	})
}

// measured adds a value of a metric, and, if given, the cohort of its leads.
func (w *world) measured(metric v1alpha1.Name, on v1alpha1.Date, value v1alpha1.Decimal, cohort ...v1alpha1.Date) {
	if len(w.sets) == 0 {
		w.sets = []*v1alpha1.MeasurementSet{{ObjectMeta: named("crm"), Spec: v1alpha1.MeasurementSetSpec{
			SubjectRef: v1alpha1.SubjectReference{Kind: v1alpha1.SubjectCampaign, Name: "webinars"}, Source: "crm",
		}}}
	}
	entry := v1alpha1.Measurement{Metric: metric, Day: on, Value: value}
	if len(cohort) > 0 {
		entry.Cohort = cohort[0]
	}
	w.sets[0].Spec.Entries = append(w.sets[0].Spec.Entries, entry)
}

// at evaluates the campaign at an instant such as "2026-10-20T12:00:00+02:00", or at the start of a day in Berlin in summer.
func (w *world) at(text string) (v1alpha1.CampaignStatus, time.Time) {
	if len(text) == len(time.DateOnly) {
		text += "T00:00:00+02:00"
	}
	return w.evaluate(instant(text))
}

func (w *world) evaluate(now time.Time) (v1alpha1.CampaignStatus, time.Time) {
	programs := map[v1alpha1.Name]*program.Program{"northwind": program.Compile("northwind", &w.program)}
	p := snapshot.New("partner-acme", programs, snapshot.Objects{
		Partners: w.partners, Plans: w.plans, Campaigns: []*v1alpha1.Campaign{&w.campaign},
		Measurements: w.sets, Decisions: w.decisions, Revisions: w.revisions, Allocations: w.requests, Claims: w.claims, Published: w.published,
	})
	return campaign.Evaluate(p, &w.campaign, now)
}

func instant(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		panic(err)
	}
	return at
}

// verdictOf is a condition in short: "True WithinLimit: message".
func verdictOf(status v1alpha1.CampaignStatus, kind string) string {
	for _, c := range status.Conditions {
		if c.Type == kind {
			return string(c.Status) + " " + c.Reason + ": " + c.Message
		}
	}
	return ""
}
