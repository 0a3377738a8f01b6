package rollup_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/utils/ptr"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/rollup"
)

// berlin is midnight of a day in Berlin in summer.
func berlin(day string) time.Time {
	at, err := time.Parse(time.RFC3339, day+"T00:00:00+02:00")
	if err != nil {
		panic(err)
	}
	return at
}

// northwind is a sound program; each test spoils its own.
func northwind() *v1alpha1.PartnerProgramSpec {
	return &v1alpha1.PartnerProgramSpec{
		Calendar: v1alpha1.Calendar{TimeZone: "Europe/Berlin", FiscalYearStart: "07-01", FiscalYearNamedBy: v1alpha1.NamedByEnd},
		Currency: "EUR",
		Initiatives: []v1alpha1.Initiative{
			{Name: "security", From: "2026-10-01", Through: "2026-12-31"}, {Name: "cloud-migration"}, {Name: "old-erp", Through: "2026-09-30"},
		},
		RuleSets: []v1alpha1.RuleSet{
			{Name: "fy28", EffectiveFrom: "2027-07-01", Tiers: []v1alpha1.Tier{{Name: "platinum", Rank: 9}}},
			{Name: "fy27", EffectiveFrom: "2026-07-01", Tiers: []v1alpha1.Tier{{Name: "silver", Rank: 2}, {Name: "gold", Rank: 3}, {Name: "ready", Rank: 1}}},
		},
	}
}

func TestRollUpTakesAProgramWithNothingInIt(t *testing.T) {
	status, next := rollup.Evaluate(&v1alpha1.PartnerProgram{}, program.Compile("", &v1alpha1.PartnerProgramSpec{}), rollup.Statuses{}, time.Time{})
	if len(status.Findings) == 0 || len(status.Conditions) == 0 || next.IsZero() {
		t.Errorf("%d findings, %d conditions, next %s; want some, and the end of the quarter", len(status.Findings), len(status.Conditions), next)
	}
}

// partner makes a partner of northwind with a status.
func partner(namespace, name string, change ...func(*v1alpha1.Partner)) *v1alpha1.Partner {
	p := &v1alpha1.Partner{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	p.Spec.ProgramRef.Name = "northwind"
	for _, f := range change {
		f(p)
	}
	return p
}

func ofTier(name v1alpha1.Name) func(*v1alpha1.Partner) {
	return func(p *v1alpha1.Partner) { p.Status.EffectiveTier = name }
}

func standing(step v1alpha1.StandingStep) func(*v1alpha1.Partner) {
	return func(p *v1alpha1.Partner) { p.Status.Standing = &v1alpha1.StandingStatus{Step: step} }
}

// joint makes a plan with a status.
func joint(namespace, partner string, change ...func(*v1alpha1.JointPlan)) *v1alpha1.JointPlan {
	p := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: partner + "-h1"}}
	p.Spec.PartnerRef.Name = v1alpha1.Name(partner)
	for _, f := range change {
		f(p)
	}
	return p
}

func inStage(stage v1alpha1.PlanStage) func(*v1alpha1.JointPlan) {
	return func(p *v1alpha1.JointPlan) { p.Status.Stage = stage }
}

func from(day v1alpha1.Date) func(*v1alpha1.JointPlan) {
	return func(p *v1alpha1.JointPlan) { p.Status.Period = &v1alpha1.DayRange{From: day} }
}

func approved(p *v1alpha1.JointPlan) { p.Status.PlanOfRecord = &v1alpha1.PlanOfRecord{Revision: "v1:"} }

func covers(names ...v1alpha1.Name) func(*v1alpha1.JointPlan) {
	return func(p *v1alpha1.JointPlan) { p.Status.Alignment = &v1alpha1.AlignmentStatus{Covered: names} }
}

func condition(kind string, status metav1.ConditionStatus, reason string) func(*v1alpha1.JointPlan) {
	return func(p *v1alpha1.JointPlan) {
		p.Status.Conditions = append(p.Status.Conditions, metav1.Condition{Type: kind, Status: status, Reason: reason})
	}
}

func evaluate(spec *v1alpha1.PartnerProgramSpec, in rollup.Statuses, now time.Time) (v1alpha1.PartnerProgramStatus, time.Time) {
	object := &v1alpha1.PartnerProgram{ObjectMeta: metav1.ObjectMeta{Name: "northwind", Generation: 4}, Spec: *spec}
	return rollup.Evaluate(object, program.Compile("northwind", spec), in, now)
}

func aRollUp() rollup.Statuses {
	overdue := condition(v1alpha1.ConditionReviewOverdue, metav1.ConditionTrue, v1alpha1.ReasonEscalated)
	inGrace := condition(v1alpha1.ConditionReviewOverdue, metav1.ConditionFalse, v1alpha1.ReasonInGrace)
	pace := func(status metav1.ConditionStatus, reason string) func(*v1alpha1.JointPlan) {
		return condition(v1alpha1.ConditionOnTrack, status, reason)
	}
	return rollup.Statuses{
		Partners: []*v1alpha1.Partner{
			partner("a", "acme", ofTier("gold"), standing(v1alpha1.StepHold)),
			partner("b", "acme", ofTier("silver"), standing(v1alpha1.StepWatch)),
			partner("b", "bolt", ofTier("gold"), standing(v1alpha1.StepGood)),
			partner("c", "crux", ofTier("diamond")),
			partner("d", "dune"),
			partner("e", "else", ofTier("gold"), standing(v1alpha1.StepHold), func(p *v1alpha1.Partner) {
				p.Spec.ProgramRef.Name = "southwind"
			}),
		},
		Plans: []*v1alpha1.JointPlan{
			joint("a", "acme", inStage(v1alpha1.StageActive), from("2026-07-01"), approved, pace("True", "OnTrack"), inGrace, covers("cloud-migration", "old-erp", "security")),
			joint("b", "acme", inStage(v1alpha1.StageActive), approved, pace("False", "AtRisk"), overdue, covers("cloud-migration")),
			joint("b", "bolt", inStage(v1alpha1.StageAwaitingResults), approved, pace("False", "OffTrack"), overdue),
			joint("c", "crux", inStage(v1alpha1.StageDraft), pace("Unknown", "NotStarted")),
			joint("c", "crux"), // not evaluated yet
			joint("a", "acme", inStage(v1alpha1.StageClosed), from("2026-07-01"), approved, pace("False", "OffTrack"), overdue, covers("cloud-migration")),
			joint("b", "bolt", inStage(v1alpha1.StageClosed), from("2026-06-30"), approved, pace("True", "OnTrack")),
			joint("e", "else", inStage(v1alpha1.StageActive), approved, pace("True", "OnTrack"), overdue, covers("cloud-migration")),
			joint("a", "bolt", inStage(v1alpha1.StageActive), approved, overdue), // there is no such partner in this namespace
		},
	}
}

func TestRollUpAddsUpThePartnersAndPlansOfTheProgram(t *testing.T) {
	now := berlin("2026-09-15")
	spec := northwind()
	slices.Reverse(spec.Initiatives)
	got, next := evaluate(spec, aRollUp(), now)
	want := v1alpha1.PartnerProgramStatus{
		CommonStatus: v1alpha1.CommonStatus{
			ObservedGeneration: 4,
			Conditions: []metav1.Condition{{
				Type: "Ready", Status: "True", Reason: "Evaluated", Message: "evaluated; the spec has no errors",
				ObservedGeneration: 4, LastTransitionTime: metav1.NewTime(now.UTC()),
			}},
		},
		RuleSet: "fy27", NextRuleSet: "fy28", NextRuleSetFrom: "2027-07-01", FiscalPeriod: "FY2027 Q1",
		Partners: ptr.To[int32](5), PartnersOnHold: ptr.To[int32](1), Plans: ptr.To[int32](5), PlansOverdue: ptr.To[int32](3), // a closed one among them
		Verdicts: &v1alpha1.VerdictCount{OnTrack: 1, AtRisk: 1, OffTrack: 1, Unknown: 2},
		FiscalYears: []v1alpha1.FiscalYearRollUp{
			{FiscalYear: 2027, Plans: 2, Closed: 1, Approved: 2, Overdue: 1, Verdicts: v1alpha1.VerdictCount{OnTrack: 1, OffTrack: 1}},
			{FiscalYear: 2026, Plans: 1, Closed: 1, Approved: 1, Verdicts: v1alpha1.VerdictCount{OnTrack: 1}},
		},
		Tiers: []v1alpha1.TierCount{
			{Tier: "gold", Partners: 2},
			{Tier: "silver", Partners: 1},
			{Tier: "ready", Partners: 0},
			{Tier: "diamond", Partners: 1},
			{Tier: "", Partners: 1},
		},
		Initiatives: []v1alpha1.InitiativeCoverage{{Initiative: "cloud-migration", Plans: 2}, {Initiative: "old-erp", Plans: 1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	if !next.Equal(berlin("2026-10-01")) {
		t.Errorf("next change at %s, want the start of October, when an initiative starts, another ends and a quarter begins", next)
	}
}

func TestRollUpOfNothingHasZerosAndTheTiersOfTheRuleSet(t *testing.T) {
	got, _ := evaluate(northwind(), rollup.Statuses{}, berlin("2026-09-15"))
	if *got.Partners != 0 || *got.PartnersOnHold != 0 || *got.Plans != 0 || *got.PlansOverdue != 0 || *got.Verdicts != (v1alpha1.VerdictCount{}) {
		t.Errorf("status = %+v, want zeros", got)
	}
	if diff := cmp.Diff([]v1alpha1.TierCount{{Tier: "gold"}, {Tier: "silver"}, {Tier: "ready"}}, got.Tiers); diff != "" {
		t.Errorf("tiers (-want +got):\n%s", diff)
	}
}

func TestProgramIsReadyUnlessItsSpecIsWrongOrNoRuleSetIsToCome(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil       func(*v1alpha1.PartnerProgramSpec)
		now         time.Time
		wantReason  string
		wantMessage string
		wantStalled bool
	}{
		"from the first instant of the first rule set": {
			now: berlin("2026-07-01"), wantReason: "Evaluated", wantMessage: "evaluated; the spec has no errors",
		},
		"a nanosecond before": {
			now: berlin("2026-07-01").Add(-1), wantReason: "NoRuleSetInForce",
			wantMessage: "no rule set is in force before 2026-07-01, when fy27 starts: to judge earlier days, add a rule set with an earlier effectiveFrom",
		},
		"without rule sets": {
			spoil: func(s *v1alpha1.PartnerProgramSpec) { s.RuleSets = nil },
			now:   berlin("2026-09-15"), wantReason: "NoRuleSetInForce", wantStalled: true,
			wantMessage: "no rule set is in force: set an effectiveFrom in spec.ruleSets that is not in the future",
		},
		"a wrong spec goes first": {
			spoil: func(s *v1alpha1.PartnerProgramSpec) { s.RuleSets[1].Tiers[0].Activities = []v1alpha1.ActivityType{"X"} },
			now:   berlin("2026-05-01"), wantReason: "InvalidSpec", wantStalled: true,
			wantMessage: `spec.ruleSets[fy27].tiers[silver].activities[0]: spec.activities has no activity "X"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			spec := northwind()
			if tc.spoil != nil {
				tc.spoil(spec)
			}
			got, _ := evaluate(spec, rollup.Statuses{}, tc.now)
			ready := got.Conditions[0]
			if ready.Type != "Ready" || ready.Reason != tc.wantReason || ready.Message != tc.wantMessage {
				t.Errorf("%s: %s: %s\nwant %s: %s", ready.Type, ready.Reason, ready.Message, tc.wantReason, tc.wantMessage)
			}
			if (ready.Status == metav1.ConditionTrue) == tc.wantStalled {
				t.Errorf("Ready = %s for %s", ready.Status, ready.Reason)
			}
			if stalled := len(got.Conditions) == 2 && got.Conditions[1].Type == "Stalled"; stalled != tc.wantStalled {
				t.Errorf("conditions = %v, want Stalled %t", got.Conditions, tc.wantStalled)
			}
		})
	}
}

func TestRollUpFitsTheAPI(t *testing.T) {
	in := rollup.Statuses{}
	for i := range 300 {
		in.Partners = append(in.Partners, partner("a", fmt.Sprintf("p%03d", i), ofTier(v1alpha1.Name(fmt.Sprintf("tier-%03d", i)))))
	}
	in.Partners = append(in.Partners, partner("a", "none"))
	got, _ := evaluate(northwind(), in, berlin("2026-09-15"))
	if len(got.Tiers) != 97 || got.Tiers[96] != (v1alpha1.TierCount{Partners: 1}) {
		t.Errorf("%d tiers, the last %v; want 97 and those of no tier", len(got.Tiers), got.Tiers[len(got.Tiers)-1])
	}
}

func TestEvaluatedTellsCurrentStatusesFromOldOnes(t *testing.T) {
	for _, tc := range []struct {
		generation, observed int64
		want                 bool
	}{{1, -1, false}, {2, 1, false}, {2, 2, true}, {0, 0, true}} {
		if got := rollup.Evaluated(tc.generation, tc.observed); got != tc.want {
			t.Errorf("Evaluated(%d, %d) = %t", tc.generation, tc.observed, got)
		}
	}
}

func TestRollUpHoldsUntilItsNextChangeWhateverTheOrder(t *testing.T) {
	day := rapid.Custom(func(t *rapid.T) v1alpha1.Date {
		return v1alpha1.Date(time.Date(2026, 1, 1+rapid.IntRange(0, 700).Draw(t, "day"), 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
	})
	rapid.Check(t, func(t *rapid.T) {
		spec := northwind()
		spec.RuleSets[0].EffectiveFrom, spec.RuleSets[1].EffectiveFrom = day.Draw(t, "fy28"), day.Draw(t, "fy27")
		for i := range spec.Initiatives {
			spec.Initiatives[i].From, spec.Initiatives[i].Through = day.Draw(t, "from"), day.Draw(t, "through")
		}
		spec.Calendar.TimeZone = rapid.SampledFrom([]string{"Europe/Berlin", "Pacific/Kiritimati", "Australia/Lord_Howe", "UTC"}).Draw(t, "zone")
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.Int64Range(0, int64(700*24*time.Hour)).Draw(t, "now")))
		in := aRollUp()
		got, next := evaluate(spec, in, now)
		if next.IsZero() || !next.After(now) {
			t.Fatalf("next change at %s, not after %s", next, now)
		}
		then := now.Add(time.Duration(rapid.Int64Range(0, int64(next.Sub(now)-1)).Draw(t, "then")))
		for _, at := range []time.Time{then, next.Add(-1)} {
			in.Partners = rapid.Permutation(in.Partners).Draw(t, "partners")
			in.Plans = rapid.Permutation(in.Plans).Draw(t, "plans")
			again, nextAgain := evaluate(spec, in, at)
			if diff := cmp.Diff(timeless(got), timeless(again)); diff != "" || !nextAgain.Equal(next) {
				t.Fatalf("at %s and %s, before %s and %s, the status differs:\n%s", now, at, next, nextAgain, diff)
			}
		}
	})
}

// timeless is a status without the times at which its conditions changed.
func timeless(status v1alpha1.PartnerProgramStatus) v1alpha1.PartnerProgramStatus {
	status.Conditions = append([]metav1.Condition(nil), status.Conditions...)
	for i := range status.Conditions {
		status.Conditions[i].LastTransitionTime = metav1.Time{}
	}
	return status
}
