// Package samples_test checks that the samples tell the story that their README tells.
package samples_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

// folder holds the samples.
const folder = "../../config/samples"

// now is the instant at which the samples tell their story.
var now = time.Date(2026, time.November, 3, 9, 0, 0, 0, time.UTC)

// reader is one for all tests: it compiles the schemas of the kinds once.
var reader = manifest.NewReader()

// readSamples reads all samples.
func readSamples(t *testing.T) *manifest.Set {
	t.Helper()
	set, err := reader.Read(context.Background(), manifest.Options{}, folder)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// evaluated returns the samples of one kind as they stand at the samples' instant, by name.
func evaluated[T preview.Object](t *testing.T) map[string]T {
	t.Helper()
	byName := map[string]T{}
	for _, object := range preview.New(readSamples(t)).At(now) {
		if x, ok := object.(T); ok {
			byName[x.GetName()] = x
		}
	}
	return byName
}

// reason returns the reason of a condition; "-" when the object does not have it.
func reason(object preview.Object, kind string) string {
	for _, c := range preview.Common(object).Conditions {
		if c.Type == kind {
			return c.Reason
		}
	}
	return "-"
}

// none stands for a percentage that is not known.
const none = -1

func percent(p *int32) int {
	if p == nil {
		return none
	}
	return int(*p)
}

// planVerdicts is how a plan stands.
type planVerdicts struct {
	Stage                                   v1alpha1.PlanStage
	Ready, OnTrack, Approved, Review, Stale string
	Attainment, Pace                        int
}

func TestPlansOfTheSamples(t *testing.T) {
	want := map[string]planVerdicts{
		"acme-fy26-h2":       {"Closed", "Evaluated", "OnTrack", "Approved", "UpToDate", "UpToDate", 96, 99},
		"acme-fy27-h1":       {"Active", "Evaluated", "OnTrack", "Approved", "InGrace", "UpToDate", 36, 108},
		"acme-fy27-h2":       {"Draft", "Evaluated", "NotStarted", "Draft", "NoReviewsOwed", "UpToDate", none, none},
		"lyra-schools-fy27":  {"Active", "Evaluated", "OnTrack", "Approved", "UpToDate", "UpToDate", 67, 96},
		"lyra-cloud-fy27-h1": {"Active", "Evaluated", "AtRisk", "Approved", "UpToDate", "ResultsMissing", 38, 86},
		"lyra-cloud-fy27-h2": {"PendingApproval", "Evaluated", "NotStarted", "AwaitingDecision", "NoReviewsOwed", "UpToDate", none, none},
		"brightpath-fy27-h1": {"Active", "Evaluated", "AtRisk", "Approved", "Escalated", "UpToDate", 76, 87},
		"corvid-fy27-h1":     {"Active", "Evaluated", "OffTrack", "Approved", "AwaitingConfirmation", "UpToDate", 25, 51},
		"corvid-fy27-h2":     {"Draft", "Evaluated", "NotStarted", "Returned", "NoReviewsOwed", "UpToDate", none, none},
		"finch-fy27-h1":      {"Active", "Evaluated", "OnTrack", "Approved", "Overdue", "UpToDate", 44, 110},
		"finch-fy27-h2":      {"Draft", "InvalidSpec", "WeightsInvalid", "Draft", "NoReviewsOwed", "UpToDate", none, none},
		"helix-2026-h2":      {"Active", "Evaluated", "OnTrack", "AmendmentPending", "UpToDate", "UpToDate", 37, 97},
		"helix-2027-h1":      {"Approved", "Evaluated", "NotStarted", "Approved", "UpToDate", "UpToDate", none, none},
		"orbit-2026-q3":      {"AwaitingClaims", "Evaluated", "OffTrack", "Approved", "UpToDate", "UpToDate", 45, 45},
		"orbit-2026-q4":      {"Active", "Evaluated", "NotMeasured", "Approved", "NoReviewsOwed", "UpToDate", none, none},
	}
	got := map[string]planVerdicts{}
	for name, x := range evaluated[*v1alpha1.JointPlan](t) {
		got[name] = planVerdicts{
			Stage: x.Status.Stage, Ready: reason(x, v1alpha1.ConditionReady), OnTrack: reason(x, v1alpha1.ConditionOnTrack),
			Approved: reason(x, v1alpha1.ConditionApproved), Review: reason(x, v1alpha1.ConditionReviewOverdue),
			Stale: reason(x, v1alpha1.ConditionResultsStale), Attainment: percent(x.Status.AttainmentPercent), Pace: percent(x.Status.PacePercent),
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("plans (-want +got):\n%s", diff)
	}
}

// partnerVerdicts is how a partner stands.
type partnerVerdicts struct {
	Tier, Qualified v1alpha1.Name
	Last            string
	Requirements    string
	Step            v1alpha1.StandingStep
	Ancestors       int
}

func TestPartnersOfTheSamples(t *testing.T) {
	want := map[string]partnerVerdicts{
		"acme":       {"gold", "gold", "Kept", "AllMet", "Good", 0},
		"lyra":       {"platinum", "platinum", "Kept", "AllMet", "Good", 0},
		"brightpath": {"silver", "silver", "Kept", "AllMet", "ReducedRate", 1},
		"corvid":     {"silver", "gold", "PromotionOnHold", "QualifiesHigher", "Hold", 0},
		"finch":      {"silver", "registered", "Exempt", "Shortfall", "Watch", 0},
		"helix":      {"gold", "silver", "HeldInGrace", "HeldInGrace", "Good", 0},
		"orbit":      {"ready", "ready", "Demoted", "AllMet", "Watch", 0},
	}
	got := map[string]partnerVerdicts{}
	for name, x := range evaluated[*v1alpha1.Partner](t) {
		v := partnerVerdicts{
			Tier: x.Status.EffectiveTier, Qualified: x.Status.QualifiedTier, Requirements: reason(x, v1alpha1.ConditionTierRequirementsMet),
			Ancestors: len(x.Status.Ancestors),
		}
		if len(x.Status.Evaluations) > 0 {
			v.Last = x.Status.Evaluations[0].Outcome
		}
		if x.Status.Standing != nil {
			v.Step = x.Status.Standing.Step
		}
		got[name] = v
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("partners (-want +got):\n%s", diff)
	}
}

// campaignVerdicts is how a campaign stands.
type campaignVerdicts struct {
	Stage             v1alpha1.CampaignStage
	Aligned, StopRule string
}

func TestCampaignsOfTheSamples(t *testing.T) {
	want := map[string]campaignVerdicts{
		"acme-it-forum":               {"Completed", "Aligned", "WithinLimit"},
		"acme-cloud-webinar":          {"Attributing", "Aligned", "WithinLimit"},
		"acme-network-ads":            {"Attributing", "Aligned", "LimitExceeded"},
		"acme-migration-roadshow":     {"Running", "Aligned", "NotYetJudged"},
		"acme-customer-day":           {"Planned", "Aligned", "NoStopRule"},
		"lyra-schools-mailing":        {"Attributing", "Aligned", "WithinLimit"},
		"lyra-schools-fair":           {"Planned", "Aligned", "NoStopRule"},
		"lyra-reseller-days":          {"Attributing", "Aligned", "WithinLimit"},
		"lyra-cloud-desk-ads":         {"Running", "Aligned", "NotYetJudged"},
		"brightpath-open-school-days": {"Completed", "Aligned", "WithinLimit"},
		"brightpath-term-start":       {"Running", "Aligned", "WithinLimit"},
		"brightpath-winter-mailing":   {"Planned", "NotInPlan", "NoStopRule"},
		"corvid-roadshow":             {"Attributing", "Aligned", "LimitExceeded"},
		"corvid-audit-calls":          {"Running", "Aligned", "NotYetJudged"},
		"corvid-security-days":        {"Planned", "PlanNotApproved", "NoStopRule"},
		"finch-service-webinar":       {"Planned", "Aligned", "NotYetJudged"},
		"helix-demo-day-antwerp":      {"Attributing", "Aligned", "WithinLimit"},
		"helix-autumn-mails":          {"Running", "Aligned", "NotYetJudged"},
		"helix-demo-day-ghent":        {"Planned", "NotInPlan", "NoStopRule"},
		"orbit-accountants-webinar":   {"Attributing", "Aligned", "LimitExceeded"},
	}
	got := map[string]campaignVerdicts{}
	for name, x := range evaluated[*v1alpha1.Campaign](t) {
		got[name] = campaignVerdicts{x.Status.Stage, reason(x, v1alpha1.ConditionAligned), reason(x, v1alpha1.ConditionWithinStopRule)}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("campaigns (-want +got):\n%s", diff)
	}
}

func TestOnlyTheInvalidPlanIsStalled(t *testing.T) {
	for _, object := range preview.New(readSamples(t)).At(now) {
		stalled := reason(object, v1alpha1.ConditionStalled) != "-"
		if want := object.GetName() == "finch-fy27-h2"; stalled != want {
			t.Errorf("%s stalled = %t, want %t: %v", manifest.KeyOf(object), stalled, want, preview.Common(object).Findings)
		}
	}
}

func TestEachVerdictAppears(t *testing.T) {
	plans := evaluated[*v1alpha1.JointPlan](t)
	conditions := map[string][]string{
		v1alpha1.ConditionReady:         {"InvalidSpec"},
		v1alpha1.ConditionOnTrack:       {"OnTrack", "AtRisk", "OffTrack", "NotStarted", "NotMeasured", "WeightsInvalid"},
		v1alpha1.ConditionReviewOverdue: {"InGrace", "Overdue", "Escalated", "UpToDate", "NoReviewsOwed", "AwaitingConfirmation"},
		v1alpha1.ConditionApproved:      {"Approved", "Draft", "AwaitingDecision", "Returned", "AmendmentPending"},
		v1alpha1.ConditionResultsStale:  {"ResultsMissing"},
		v1alpha1.ConditionSmart:         {"Smart", "NotSmart", "NotJudged"},
		v1alpha1.ConditionAligned:       {"Aligned", "NotAligned"},
	}
	for kind, reasons := range conditions {
		for _, want := range reasons {
			if !slices.ContainsFunc(values(plans), func(x *v1alpha1.JointPlan) bool { return reason(x, kind) == want }) {
				t.Errorf("no plan of the samples has condition %s with reason %s", kind, want)
			}
		}
	}
	for _, stage := range []v1alpha1.PlanStage{
		v1alpha1.StageDraft, v1alpha1.StagePendingApproval, v1alpha1.StageApproved, v1alpha1.StageActive, v1alpha1.StageAwaitingClaims, v1alpha1.StageClosed,
	} {
		if !slices.ContainsFunc(values(plans), func(x *v1alpha1.JointPlan) bool { return x.Status.Stage == stage }) {
			t.Errorf("no plan of the samples is %s", stage)
		}
	}
	after := preview.New(readSamples(t)).At(time.Date(2027, time.January, 5, 9, 0, 0, 0, time.UTC))
	if !slices.ContainsFunc(after, func(x preview.Object) bool {
		plan, ok := x.(*v1alpha1.JointPlan)
		return ok && plan.Status.Stage == v1alpha1.StageAwaitingResults
	}) {
		t.Error("no plan of the samples is AwaitingResults after its period")
	}
	decisions := values(evaluated[*v1alpha1.ApprovalDecision](t))
	for _, want := range []string{v1alpha1.ReasonEffective, v1alpha1.ReasonStale} {
		if !slices.ContainsFunc(decisions, func(x *v1alpha1.ApprovalDecision) bool { return reason(x, v1alpha1.ConditionEffective) == want }) {
			t.Errorf("no decision of the samples is %s", want)
		}
	}
}

func values[T any](byName map[string]T) []T {
	list := make([]T, 0, len(byName))
	for _, x := range byName {
		list = append(list, x)
	}
	return list
}

// TestWorkedScenarios checks the figures of the worked scenarios that appear in the samples.
func TestWorkedScenarios(t *testing.T) {
	plans, partners := evaluated[*v1alpha1.JointPlan](t), evaluated[*v1alpha1.Partner](t)
	goals := map[string]v1alpha1.GoalStatus{}
	for _, plan := range plans {
		for _, goal := range plan.Status.Goals {
			goals[plan.Name+" "+string(goal.Name)] = goal
		}
	}
	first := goals["acme-fy27-h1 cloud-revenue"]
	if first.Target != "440000" || first.Forecast != "475200" || percent(first.AttainmentPercent) != 36 || percent(first.PacePercent) != 108 {
		t.Errorf("goal cloud-revenue of acme-fy27-h1 = %s", first.Message)
	}
	season := goals["lyra-schools-fy27 school-sell-out"]
	if season.Forecast != "578571.42" || percent(season.PacePercent) != 96 || season.Verdict != v1alpha1.VerdictOnTrack {
		t.Errorf("goal school-sell-out of lyra-schools-fy27 = %s", season.Message)
	}
	late := plans["acme-fy27-h1"].Status.Reviews.Slots[0]
	if late.Due != "2026-08-03" || late.HeldOn != "2026-08-12" || percent(late.DaysLate) != 9 {
		t.Errorf("first review of acme-fy27-h1 = %+v", late)
	}
	want := "Gold needs 300 new-users in the 12 months to 2026-09-30; actual 285 (15 short)."
	if got := partners["helix"].Status.Evaluations; len(got) != 2 || !contains(got[0].Message, want) || got[1].Outcome != "Kept" {
		t.Errorf("evaluations of helix = %+v, want the newest to say %q and the one before Kept", got, want)
	}
}
