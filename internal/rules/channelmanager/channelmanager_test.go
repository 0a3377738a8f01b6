package channelmanager_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
)

// southwind is a program whose fiscal year is that of the calendar.
func southwind() *program.Program {
	return program.Compile("southwind", &v1alpha1.PartnerProgramSpec{Currency: "EUR"})
}

// half is the first half of 2026.
var half = fiscal.Span{From: fiscal.MustParseDay("2026-01-01"), Through: fiscal.MustParseDay("2026-06-30")}

// at is nine o'clock on a day.
func at(day v1alpha1.Date) time.Time {
	instant, err := time.Parse(time.DateOnly, string(day))
	if err != nil {
		panic(err)
	}
	return instant.Add(9 * time.Hour)
}

// planOf is an approved plan for the first half of 2026.
func planOf(name string, change ...func(*v1alpha1.JointPlanStatus)) *v1alpha1.JointPlan {
	plan := &v1alpha1.JointPlan{ObjectMeta: metav1.ObjectMeta{Name: name}}
	plan.Status.Period = &v1alpha1.DayRange{From: "2026-01-01", Through: "2026-06-30"}
	plan.Status.PlanOfRecord = &v1alpha1.PlanOfRecord{Name: v1alpha1.Name(name + "-1")}
	plan.Status.ScoresByRevision = []v1alpha1.RevisionScore{{ApprovedOn: "2025-12-15", State: "Running", Percent: "40", AtBestPercent: "100"}}
	for _, edit := range change {
		edit(&plan.Status)
	}
	return plan
}

// source is a partner that owed a plan for the first half, with its plans.
func source(policy *v1alpha1.ManagerPolicy, owed []v1alpha1.OwedPlan, plans ...*v1alpha1.JointPlan) *channelmanager.Source {
	partner := &v1alpha1.Partner{}
	partner.Status.OwedPlans = owed
	return &channelmanager.Source{Program: southwind(), Policy: policy, Partner: partner, Plans: plans}
}

// owes is a plan owed for the first half and due on its fourteenth day.
func owes(state v1alpha1.ObligationState, plan v1alpha1.Name, late ...v1alpha1.Lateness) []v1alpha1.OwedPlan {
	return []v1alpha1.OwedPlan{{From: "2026-01-01", Through: "2026-06-30", DueOn: "2026-01-14", State: state, Plan: plan, Late: late}}
}

// halves keeps evidence by half, without a gate.
var halves = &v1alpha1.ManagerPolicy{}

func TestWhatAPartnerAddsToItsManager(t *testing.T) {
	slot := func(due v1alpha1.Date, state v1alpha1.SlotState, heldOn v1alpha1.Date, confirmation v1alpha1.Confirmation) v1alpha1.ReviewSlot {
		return v1alpha1.ReviewSlot{Due: due, State: state, HeldOn: heldOn, Confirmation: confirmation}
	}
	reviews := func(slots ...v1alpha1.ReviewSlot) func(*v1alpha1.JointPlanStatus) {
		return func(s *v1alpha1.JointPlanStatus) {
			s.Reviews = &v1alpha1.ReviewStatus{GraceDays: new(int32(5)), Slots: slots}
		}
	}
	approved := channelmanager.Facts{
		Partners: 1, Owed: 1, Created: 1, CreatedInTime: 1, Approved: 1, ApprovedInTime: 1, Plans: 1, Scored: 1, Score: 40_000_000, AtBest: 100_000_000,
	}
	with := func(edit func(*channelmanager.Facts)) channelmanager.Facts {
		f := approved
		edit(&f)
		return f
	}
	for name, tc := range map[string]struct {
		source *channelmanager.Source
		want   channelmanager.Facts
	}{
		"approved in time": {source(halves, owes("Met", "h1"), planOf("h1")), approved},
		"approved after the due day, though submitted in time": {
			source(halves, owes("MetLate", "h1", v1alpha1.Lateness{Party: "Vendor", Days: 3}), planOf("h1", func(s *v1alpha1.JointPlanStatus) {
				s.ScoresByRevision[0].ApprovedOn = "2026-01-15"
			})),
			with(func(f *channelmanager.Facts) { f.ApprovedInTime, f.LateDecisions = 0, 1 }),
		},
		"submitted late": {
			source(halves, owes("MetLate", "h1", v1alpha1.Lateness{Party: "Partner", Days: 1}), planOf("h1")),
			with(func(f *channelmanager.Facts) { f.CreatedInTime = 0 }),
		},
		"submitted, not approved": {
			source(halves, owes("Submitted", "h1"), planOf("h1", func(s *v1alpha1.JointPlanStatus) { s.PlanOfRecord = nil })),
			channelmanager.Facts{Partners: 1, Owed: 1, Created: 1, CreatedInTime: 1, Awaited: map[fiscal.Day]int{fiscal.MustParseDay("2026-01-14"): 1}},
		},
		"none": {
			source(halves, owes("Overdue", "")),
			channelmanager.Facts{Partners: 1, Owed: 1, Awaited: map[fiscal.Day]int{fiscal.MustParseDay("2026-01-14"): 1}},
		},
		"a quarter whose next one is not known yet": {
			source(halves, []v1alpha1.OwedPlan{{From: "2026-01-01", Through: "2026-03-31", DueOn: "2026-01-14", State: "Pending"}}),
			channelmanager.Facts{Partners: 1, Owed: 1, Growing: 1, Awaited: map[fiscal.Day]int{fiscal.MustParseDay("2026-01-14"): 1}},
		},
		"reviews: within and after the grace, missed, overdue, to come": {
			source(halves, owes("Met", "h1"), planOf("h1", reviews(
				slot("2026-02-02", "Held", "2026-02-07", "Confirmed"), slot("2026-03-02", "Held", "2026-03-08", "Uncontested"), slot("2026-04-01", "Missed", "", ""),
				slot("2026-05-01", "Overdue", "", ""), slot("2026-06-01", "InGrace", "", ""), slot("2026-07-01", "Upcoming", "", ""),
			))),
			with(func(f *channelmanager.Facts) { f.Slots, f.InTime, f.Late, f.Missed = 6, 1, 1, 2 }),
		},
		"reviews: the other party's word": {
			source(halves, owes("Met", "h1"), planOf("h1", reviews(
				slot("2026-02-02", "Recorded", "2026-02-07", "Pending"), // the partner's record, until the vendor disputes it
				slot("2026-03-02", "Recorded", "2026-03-08", "Pending"), // after the grace
				slot("2026-04-01", "Held", "2026-04-01", "Pending"),     // the vendor's record, which the partner has not answered
				slot("2026-05-01", "Held", "2026-05-01", "Disputed"),    // which it disputes
				slot("2026-06-01", "Held", "2026-06-08", "Disputed"),    // which was late, whatever becomes of the dispute
				slot("2026-07-01", "Held", "2026-07-01", "Dismissed"),   // which it disputed in vain
			))),
			with(func(f *channelmanager.Facts) { f.Slots, f.InTime, f.Late = 6, 2, 2 }),
		},
		"a decision on an amendment that is overdue": {
			source(halves, owes("Met", "h1"), planOf("h1", func(s *v1alpha1.JointPlanStatus) {
				s.Submission = &v1alpha1.PlanSubmission{OverdueSince: "2026-03-12"}
			})),
			with(func(f *channelmanager.Facts) { f.LateDecisions = 1 }),
		},
		"a final score, and one that cannot be judged": {
			source(halves, owes("Met", "h1"), planOf("h1", func(s *v1alpha1.JointPlanStatus) {
				s.ScoresByRevision[0] = v1alpha1.RevisionScore{ApprovedOn: "2025-12-15", State: "Final", Percent: "33.333334", AtBestPercent: "33.333334"}
			}), planOf("h1-too", func(s *v1alpha1.JointPlanStatus) {
				s.ScoresByRevision[0] = v1alpha1.RevisionScore{ApprovedOn: "2025-12-15", State: "Unknown"}
			})),
			with(func(f *channelmanager.Facts) {
				f.Plans, f.Final, f.Unbounded, f.Score, f.AtBest = 2, 1, 1, 33_333_334, 33_333_334
			}),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := channelmanager.Of(tc.source)
			if diff := cmp.Diff(channelmanager.Sums{Partners: 1, Periods: map[fiscal.Span]channelmanager.Facts{half: tc.want}}, got); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReconciliationsAndPaymentsAreAskedFor(t *testing.T) {
	s := source(halves, nil, planOf("open"), planOf("in-time"), planOf("late"), planOf("none"))
	states := map[string]channelmanager.Reconciliation{
		"open": channelmanager.ReconciliationOpen, "in-time": channelmanager.ReconciliationInTime, "late": channelmanager.ReconciliationLate,
	}
	s.Reconciliation = func(plan *v1alpha1.JointPlan) channelmanager.Reconciliation { return states[plan.Name] }
	s.LatePayments = func(plan *v1alpha1.JointPlan) int { return map[string]int{"open": 2}[plan.Name] }
	f := channelmanager.Of(s).Periods[half]
	if f.Reconciled != 3 || f.ReconciledInTime != 1 || f.ReconciledLate != 1 || f.LatePayments != 2 || f.Paying != 4 {
		t.Errorf("facts = %+v", f)
	}
	in := channelmanager.Input{Manager: manager(), Program: southwind(), Policy: halves, Sums: channelmanager.Of(s), Now: at("2026-07-20")}
	status, _ := channelmanager.Evaluate(&in)
	p := status.Periods[1]
	if diff := cmp.Diff(&v1alpha1.ManagerReconciliations{Owed: 3, InTime: 1, Late: 1, Open: 1}, p.Reconciled); diff != "" || *p.LatePayments != 2 {
		t.Errorf("reconciled (-want +got):\n%s\nlate payments %d", diff, *p.LatePayments)
	}
}

// TestTheTargetsOfTheCutOffCount shows whose targets count: those of the last revision that was approved by the cut-off, else the first ones.
func TestTheTargetsOfTheCutOffCount(t *testing.T) {
	plan := planOf("h1", func(s *v1alpha1.JointPlanStatus) {
		s.ScoresByRevision = []v1alpha1.RevisionScore{
			{ApprovedOn: "2026-01-10", State: "Running", Percent: "36.818182", AtBestPercent: "100"},
			{ApprovedOn: "2026-02-10", State: "Running", Percent: "35.217392", AtBestPercent: "100"},
			{ApprovedOn: "2026-03-10", State: "Running", Percent: "81", AtBestPercent: "100"},
		}
	})
	for name, tc := range map[string]struct {
		bonus []v1alpha1.BonusGate
		want  int64
	}{
		"no gate, so the first ones": {nil, 36_818_182},
		"the first day, before any":  {[]v1alpha1.BonusGate{{EffectiveFrom: "2026-01-01"}}, 36_818_182},
		"the day before":             {[]v1alpha1.BonusGate{{EffectiveFrom: "2026-01-01", AmendmentCutOffDays: new(int32(39))}}, 36_818_182},
		"the day of the amendment":   {[]v1alpha1.BonusGate{{EffectiveFrom: "2026-01-01", AmendmentCutOffDays: new(int32(40))}}, 35_217_392},
		"a gate that begins later": {
			[]v1alpha1.BonusGate{{EffectiveFrom: "2025-07-01"}, {EffectiveFrom: "2026-01-02", AmendmentCutOffDays: new(int32(366))}}, 36_818_182,
		},
		"the later one of two, in any order": {
			[]v1alpha1.BonusGate{{EffectiveFrom: "2026-01-01", AmendmentCutOffDays: new(int32(100))}, {EffectiveFrom: "2025-07-01"}}, 81_000_000,
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := channelmanager.Of(source(&v1alpha1.ManagerPolicy{Bonus: tc.bonus}, nil, plan)).Periods[half]
			if got.Score != tc.want {
				t.Errorf("score = %d, want %d", got.Score, tc.want)
			}
		})
	}
}

// TestThirdsAddUp shows that a mean of 50 is not 49 because scores are kept with 6 digits.
func TestThirdsAddUp(t *testing.T) {
	third := func(s *v1alpha1.JointPlanStatus) {
		s.ScoresByRevision[0] = v1alpha1.RevisionScore{ApprovedOn: "2025-12-15", State: "Final", Percent: "33.333334", AtBestPercent: "33.333334"}
	}
	whole := func(s *v1alpha1.JointPlanStatus) {
		s.ScoresByRevision[0] = v1alpha1.RevisionScore{ApprovedOn: "2025-12-15", State: "Final", Percent: "100", AtBestPercent: "100"}
	}
	policy := &v1alpha1.ManagerPolicy{Bonus: []v1alpha1.BonusGate{{EffectiveFrom: "2026-01-01", MinAttainmentPercent: "50"}}}
	in := channelmanager.Input{
		Manager: manager(), Program: southwind(), Policy: policy, Now: at("2026-06-30"),
		Sums: channelmanager.Of(source(policy, nil, planOf("a", third), planOf("b", third), planOf("c", third), planOf("d", whole))),
	}
	status, _ := channelmanager.Evaluate(&in)
	p := status.Periods[0]
	const want = "mean score by the original targets: 50%, of 4 plans (4 final). 50% is asked: reached"
	if *p.AttainmentPercent != 50 || p.Gate.State != v1alpha1.GateOpen || p.Gate.Criteria[0].Message != want {
		t.Errorf("attainment %d, gate %+v", *p.AttainmentPercent, p.Gate)
	}
}

// manager is a channel manager of southwind.
func manager(goals ...v1alpha1.ManagerGoal) *v1alpha1.ChannelManager {
	return &v1alpha1.ChannelManager{
		ObjectMeta: metav1.ObjectMeta{Name: "cam-001", Generation: 3},
		Spec:       v1alpha1.ChannelManagerSpec{ProgramRef: v1alpha1.Reference{Name: "southwind"}, Goals: goals},
	}
}

func TestAProgramThatIsNotThereIsNamed(t *testing.T) {
	status, next := channelmanager.Evaluate(&channelmanager.Input{Manager: manager(), Programs: []string{"southwinds"}, Policy: halves, Now: at("2026-03-01")})
	want := []v1alpha1.Finding{{
		Rule: "ReferenceNotFound", Severity: "Error", Field: "spec.programRef.name", Message: `PartnerProgram "southwind" not found or not permitted: did you mean "southwinds"?`,
	}}
	if diff := cmp.Diff(want, status.Findings); diff != "" || status.Periods != nil || !next.IsZero() || status.ObservedGeneration != 3 {
		t.Errorf("findings (-want +got):\n%s\nstatus %+v", diff, status)
	}
}

// sumsOf draws the sums of a partner.
func sumsOf(t *rapid.T, name string) channelmanager.Sums {
	var owed []v1alpha1.OwedPlan
	var plans []*v1alpha1.JointPlan
	states := []v1alpha1.ObligationState{"Met", "MetLate", "Submitted", "Pending", "Overdue"}
	slots := []v1alpha1.SlotState{"Upcoming", "Open", "Due", "InGrace", "Overdue", "Recorded", "Held", "Missed"}
	confirmations := []v1alpha1.Confirmation{"", "Pending", "Confirmed", "Uncontested", "Disputed", "Dismissed"}
	for i, year := range []string{"2024", "2025", "2026"} {
		if !rapid.Bool().Draw(t, "owes") {
			continue
		}
		plan := planOf(fmt.Sprintf("%s-%d", name, i), func(s *v1alpha1.JointPlanStatus) {
			s.Period = &v1alpha1.DayRange{From: v1alpha1.Date(year + "-01-01"), Through: v1alpha1.Date(year + "-06-30")}
			s.ScoresByRevision[0].Percent = v1alpha1.Decimal(fmt.Sprint(rapid.IntRange(0, 120).Draw(t, "score")))
			s.ScoresByRevision[0].State = rapid.SampledFrom([]string{"Final", "Running", "Closed"}).Draw(t, "state of the score")
			s.Reviews = &v1alpha1.ReviewStatus{GraceDays: new(int32(5))}
			for month := range rapid.IntRange(0, 5).Draw(t, "slots") {
				due := fiscal.MustParseDay(v1alpha1.Date(year + "-01-02")).AddMonths(month)
				s.Reviews.Slots = append(s.Reviews.Slots, v1alpha1.ReviewSlot{
					Due: due.Date(), State: rapid.SampledFrom(slots).Draw(t, "slot"), Confirmation: rapid.SampledFrom(confirmations).Draw(t, "confirmation"),
					HeldOn: due.AddDays(rapid.IntRange(0, 9).Draw(t, "days")).Date(),
				})
			}
			if rapid.Bool().Draw(t, "draft") {
				s.PlanOfRecord = nil
			}
		})
		plans = append(plans, plan)
		owed = append([]v1alpha1.OwedPlan{{
			From: plan.Status.Period.From, Through: plan.Status.Period.Through, State: rapid.SampledFrom(states).Draw(t, "obligation"), Plan: v1alpha1.Name(plan.Name),
			DueOn: fiscal.MustParseDay(plan.Status.Period.From).AddDays(rapid.IntRange(-20, 150).Draw(t, "due")).Date(),
		}}, owed...)
	}
	return channelmanager.Of(source(halves, owed, plans...))
}

// TestASumByDifferenceIsTheFullSum adds partners, takes some away again and puts others in their place, in any order.
func TestASumByDifferenceIsTheFullSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var kept channelmanager.Sums
		held := map[string]channelmanager.Sums{}
		for range rapid.IntRange(1, 20).Draw(t, "changes") {
			name := rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "partner")
			if before, there := held[name]; there {
				kept.Subtract(before)
				delete(held, name)
			}
			if rapid.Bool().Draw(t, "stays") {
				held[name] = sumsOf(t, name)
				kept.Add(held[name])
			}
		}
		var full channelmanager.Sums
		for _, one := range held {
			full.Add(one)
		}
		if diff := cmp.Diff(full, kept); diff != "" {
			t.Fatalf("sums (-full +by difference):\n%s", diff)
		}
	})
}

// TestAnAdditionChangesNothingButTheSum shows that what a partner added stays as it was, so that it can be taken away again.
func TestAnAdditionChangesNothingButTheSum(t *testing.T) {
	one := channelmanager.Of(source(halves, owes("Pending", "")))
	before := channelmanager.Of(source(halves, owes("Pending", "")))
	var sums channelmanager.Sums
	sums.Add(one)
	sums.Add(one)
	sums.Subtract(one)
	if diff := cmp.Diff(before, one); diff != "" {
		t.Errorf("the summand (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(one, sums); diff != "" {
		t.Errorf("the sum (-want +got):\n%s", diff)
	}
}

// drawn draws what the evidence about a manager rests on.
func drawn(t *rapid.T) channelmanager.Input {
	percent := func(name string) v1alpha1.Percent {
		return rapid.SampledFrom([]v1alpha1.Percent{"", "50", "66.667", "80", "100"}).Draw(t, name)
	}
	policy := &v1alpha1.ManagerPolicy{Bonus: []v1alpha1.BonusGate{{
		EffectiveFrom: "2025-01-01", MinApprovedInTimePercent: percent("approved"), MinReviewsInTimePercent: percent("reviews"), MinReconciledPercent: percent("reconciled"),
		MinAttainmentPercent: percent("attainment"), MinGoalsPercent: percent("goals"),
	}}}
	in := channelmanager.Input{Program: southwind(), Policy: policy}
	for i := range rapid.IntRange(0, 4).Draw(t, "partners") {
		in.Sums.Add(sumsOf(t, fmt.Sprint(i)))
	}
	day := fiscal.MustParseDay("2026-01-01")
	var goals []v1alpha1.ManagerGoal
	for i := range rapid.IntRange(0, 3).Draw(t, "goals") {
		g := v1alpha1.ManagerGoal{Name: v1alpha1.Name(fmt.Sprintf("goal-%d", i)), Due: day.AddDays(rapid.IntRange(0, 200).Draw(t, "due")).Date()}
		if rapid.Bool().Draw(t, "done") {
			g.DoneOn = day.AddDays(rapid.IntRange(0, 200).Draw(t, "done on")).Date()
		}
		goals = append(goals, g)
	}
	in.Manager = manager(goals...)
	return in
}

// TestEvidenceDiffersOnlyWhenItSaid holds nextChange to what it says: before it, the evidence is the same.
func TestEvidenceDiffersOnlyWhenItSaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		in.Now = at("2026-01-01").Add(time.Duration(rapid.IntRange(0, 200*24).Draw(t, "hours")) * time.Hour)
		first, next := channelmanager.Evaluate(&in)
		if next.IsZero() || !next.After(in.Now) {
			t.Fatalf("next = %s", next)
		}
		in.Now = next.Add(-time.Second)
		if last, _ := channelmanager.Evaluate(&in); !cmp.Equal(first.Periods, last.Periods) || !cmp.Equal(first.Findings, last.Findings) {
			t.Fatalf("before %s (-first +last):\n%s", next, cmp.Diff(first.Periods, last.Periods))
		}
	})
}

// TestCountsAddUp holds the equations that the API states, and what a gate says to its criteria.
func TestCountsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawn(t)
		in.Now = at("2026-01-01").Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "days")) * 24 * time.Hour)
		status, _ := channelmanager.Evaluate(&in)
		for i := range status.Periods {
			p := &status.Periods[i]
			if r := p.Reviews; r != nil && (r.Decided != r.InTime+r.Late+r.Missed || r.Slots != r.Decided+r.ToCome) {
				t.Fatalf("reviews = %+v", r)
			}
			if p.Created > p.Owed || p.CreatedInTime > p.Created || p.Approved > p.Owed || p.ApprovedInTime > p.Approved || p.Scored > p.Plans {
				t.Fatalf("period = %+v", p)
			}
			if p.Gate != nil {
				checkGate(t, p.Gate)
			}
		}
	})
}

func checkGate(t *rapid.T, gate *v1alpha1.ManagerGate) {
	worst := v1alpha1.GateOpen
	order := []v1alpha1.GateState{v1alpha1.GateOpen, v1alpha1.GateShut, v1alpha1.GateUnknown, v1alpha1.GateCannotOpen}
	for i := range gate.Criteria {
		c := &gate.Criteria[i]
		if slices.Index(order, c.State) > slices.Index(order, worst) {
			worst = c.State
		}
		if c.State == v1alpha1.GateCannotOpen && c.AtBest == nil {
			t.Fatalf("out of reach, and nobody knows what can be reached: %+v", c)
		}
	}
	if gate.State != worst {
		t.Fatalf("the gate is %s, its criteria come to %s: %+v", gate.State, worst, gate)
	}
}
