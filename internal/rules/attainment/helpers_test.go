package attainment

import (
	"flag"
	"os"
	"testing"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/testobj"
	"jointplan.dev/jointplan/internal/verdict"
)

func TestMain(m *testing.M) {
	flag.Parse()
	set := false
	flag.Visit(func(f *flag.Flag) { set = set || f.Name == "rapid.checks" })
	if !set {
		if err := flag.Set("rapid.checks", "1000"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// story is a plan under a program with its measurements.
type story struct {
	program  *testobj.ProgramBuilder
	plan     *testobj.PlanBuilder
	sets     []*v1alpha1.MeasurementSet
	done     []v1alpha1.DoneItem
	original *v1alpha1.PlanTerms
}

// told is what became of a story.
type told struct {
	Result
	findings []v1alpha1.Finding
	next     time.Time
}

// metrics are those of the testing program and some more.
func metrics(spec *v1alpha1.PartnerProgramSpec) {
	lag := int32(20)
	spec.Metrics = append(spec.Metrics,
		v1alpha1.Metric{Name: "first-call", Unit: v1alpha1.UnitDays, Behaviour: v1alpha1.BehaviourStock, Direction: v1alpha1.DirectionDecrease},
		v1alpha1.Metric{Name: "resellers", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourStock, Direction: v1alpha1.DirectionIncrease},
		v1alpha1.Metric{Name: "complaints", Unit: v1alpha1.UnitCount, Behaviour: v1alpha1.BehaviourFlow, Direction: v1alpha1.DirectionDecrease},
		v1alpha1.Metric{
			Name: "ytd-revenue", Unit: v1alpha1.UnitCurrency, Behaviour: v1alpha1.BehaviourFlow,
			Reporting: v1alpha1.ReportingCumulative, ReportingLagDays: &lag,
		},
	)
}

// newStory starts a story of a plan for the first half of fiscal year 2027, 2026-07-01 to 2026-12-31.
func newStory() *story {
	return &story{program: testobj.Program("northwind").With(metrics), plan: testobj.Plan("acme-h1")}
}

// goal adds a goal with an absolute target and changes it.
func (s *story) goal(name, metric v1alpha1.Name, target v1alpha1.Decimal, changes ...func(*v1alpha1.Goal)) *story {
	s.plan.Goal(name, metric, target)
	s.plan.With(func(spec *v1alpha1.JointPlanSpec) {
		for _, change := range changes {
			change(&spec.Goals[len(spec.Goals)-1])
		}
	})
	return s
}

func (s *story) deliverable(name v1alpha1.Name, due v1alpha1.Date, changes ...func(*v1alpha1.Goal)) *story {
	s.plan.Deliverable(name, due)
	s.plan.With(func(spec *v1alpha1.JointPlanSpec) {
		for _, change := range changes {
			change(&spec.Goals[len(spec.Goals)-1])
		}
	})
	return s
}

// measured adds a set about the plan: pairs of day and value.
func (s *story) measured(metric v1alpha1.Name, pairs ...string) *story {
	s.sets = append(s.sets, testobj.Measured("set-"+string(metric), "acme-h1", metric, pairs...))
	return s
}

func (s *story) doneOn(name v1alpha1.ItemName, on v1alpha1.Date) *story {
	s.done = append(s.done, v1alpha1.DoneItem{Name: name, Kind: "Goal", Day: on})
	return s
}

// at evaluates the story at an instant, or at noon of a day.
func (s *story) at(text string) told {
	if len(text) == len("2026-09-30") {
		text += "T12:00:00+02:00"
	}
	return s.atTime(testobj.At(text))
}

func (s *story) atTime(now time.Time) told {
	objects := []any{s.program.Obj(), testobj.Partner("acme").Obj(), s.plan.Obj()}
	for _, set := range s.sets {
		objects = append(objects, set)
	}
	snap := testobj.Snapshot(objects...)
	prog, plan := snap.Program("northwind"), s.plan.Obj()
	span, err := prog.Calendar.Period(plan.Spec.Period)
	if err != nil {
		panic(err)
	}
	findings, horizon := &verdict.Findings{}, verdict.NewHorizon(now)
	result := Evaluate(Input{
		Program: prog, RuleSet: ruleSet(prog, plan), Terms: &plan.Spec.PlanTerms, Original: s.original, Span: span,
		Book: measure.OfPlan(snap, prog, plan, span, prog.Today(now)), Done: s.done, Now: now,
	}, findings, horizon)
	return told{Result: result, findings: findings.List(), next: horizon.Next()}
}

func ruleSet(prog *program.Program, plan *v1alpha1.JointPlan) *program.RuleSet {
	span, err := prog.Calendar.Period(plan.Spec.Period)
	if err != nil {
		return nil
	}
	return prog.RuleSetOn(span.From)
}

func (t told) goal(name v1alpha1.Name) v1alpha1.GoalStatus {
	for i := range t.Goals {
		if t.Goals[i].Name == name {
			return t.Goals[i]
		}
	}
	return v1alpha1.GoalStatus{}
}

// Changes of goals.

func weight(percent v1alpha1.Percent) func(*v1alpha1.Goal) {
	return func(g *v1alpha1.Goal) { g.WeightPercent = percent }
}

func gate(percent v1alpha1.Percent) func(*v1alpha1.Goal) {
	return func(g *v1alpha1.Goal) { g.GatePercent = percent }
}

func baseline(value v1alpha1.Decimal) func(*v1alpha1.Goal) {
	return func(g *v1alpha1.Goal) { g.Baseline = value }
}

func mode(mode v1alpha1.TargetMode) func(*v1alpha1.Goal) {
	return func(g *v1alpha1.Goal) { g.Target.Mode = mode }
}

func due(day v1alpha1.Date) func(*v1alpha1.Goal) {
	return func(g *v1alpha1.Goal) { g.Due = day }
}

func milestones(pairs ...string) func(*v1alpha1.Goal) {
	return func(g *v1alpha1.Goal) {
		for i := 0; i+1 < len(pairs); i += 2 {
			g.Milestones = append(g.Milestones, v1alpha1.Milestone{Day: v1alpha1.Date(pairs[i]), Value: v1alpha1.Decimal(pairs[i+1])})
		}
	}
}
