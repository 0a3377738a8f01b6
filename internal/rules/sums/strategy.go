package sums

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/verdict"
)

// Rules that are found violated in a strategy.
const (
	// RuleStrategyProgram: there is no program of the strategy's name. Remedy: name the strategy as its program.
	RuleStrategyProgram = "StrategyWithoutProgram"
	// RuleTargetUnknown: a target is of an initiative, a metric or a period that the program does not have. Remedy: write what the program has.
	RuleTargetUnknown = "TargetUnknown"
	// RuleCellUnknown: a market is of a territory or segment that the program's catalogue does not have, so nobody can cover it. Remedy: name one of the
	// catalogue, or add it to spec.territories or spec.segments of the program.
	RuleCellUnknown = "CellUnknown"
	// RuleCapacityUnknown: no tier entitles to the benefit. Remedy: write the name as the tiers of the program do.
	RuleCapacityUnknown = "CapacityUnknown"
)

// Strategy evaluates a strategy: whether the program, nil when there is none, has what it is about. It says also which reports there are, by name.
func Strategy(x *v1alpha1.ChannelStrategy, prog *program.Program, reports []v1alpha1.Name, now time.Time) v1alpha1.ChannelStrategyStatus {
	status := v1alpha1.ChannelStrategyStatus{Reports: reports[:min(len(reports), maxReports)]}
	status.ObservedGeneration = x.Generation
	findings := &verdict.Findings{}
	if prog == nil {
		findings.Errorf(RuleStrategyProgram, "metadata.name", "there is no PartnerProgram %q: a strategy bears the name of its program", x.Name)
	} else {
		checkTargets(x, prog, findings)
		checkCells(x, prog, findings)
		checkCapacity(x, prog, findings)
	}
	conditions := verdict.NewConditions(x.Status.Conditions, x.Generation, now)
	conditions.Readiness(findings)
	status.Findings, status.Conditions = findings.List(), conditions.List()
	return status
}

// maxReports is the limit of the names of reports in a strategy's status.
const maxReports = 24

func checkTargets(x *v1alpha1.ChannelStrategy, prog *program.Program, findings *verdict.Findings) {
	for i := range x.Spec.Targets {
		target, field := &x.Spec.Targets[i], fmt.Sprintf("spec.targets[%d]", i)
		if prog.Initiative(target.Initiative) == nil {
			findings.Errorf(RuleTargetUnknown, field+".initiative", "program %s has %s", prog.Name, verdict.NoSuch("initiative", string(target.Initiative), prog.InitiativeNames()))
		}
		switch metric := prog.Metric(target.Metric); {
		case metric == nil:
			findings.Errorf(RuleTargetUnknown, field+".metric", "program %s has %s", prog.Name, verdict.NoSuch("metric", string(target.Metric), prog.MetricNames()))
		case metric.Behaviour != v1alpha1.BehaviourFlow:
			findings.Errorf(RuleTargetUnknown, field+".metric", "%s is a level, and levels do not add up: choose a metric of behaviour Flow", target.Metric)
		}
		if _, err := prog.Calendar.Period(target.Period); err != nil {
			findings.Errorf(RuleTargetUnknown, field+".period", "%s", err)
		}
	}
}

func checkCells(x *v1alpha1.ChannelStrategy, prog *program.Program, findings *verdict.Findings) {
	if x.Spec.Coverage == nil {
		return
	}
	const message = "program %s has %s (or add it to spec.%s of the program)"
	for i := range x.Spec.Coverage.Cells {
		cell, field := &x.Spec.Coverage.Cells[i], fmt.Sprintf("spec.coverage.cells[%d]", i)
		if unknown := prog.UnknownTerritory(cell.Territory); unknown != "" {
			findings.Errorf(RuleCellUnknown, field+".territory", message, prog.Name, unknown, "territories")
		}
		if unknown := prog.UnknownSegment(cell.Segment); unknown != "" {
			findings.Errorf(RuleCellUnknown, field+".segment", message, prog.Name, unknown, "segments")
		}
	}
}

func checkCapacity(x *v1alpha1.ChannelStrategy, prog *program.Program, findings *verdict.Findings) {
	known, names := map[v1alpha1.Name]bool{}, []string{}
	for i := range prog.Spec.RuleSets {
		for j := range prog.Spec.RuleSets[i].Tiers {
			for _, benefit := range prog.Spec.RuleSets[i].Tiers[j].Benefits {
				if !known[benefit.Name] {
					known[benefit.Name], names = true, append(names, string(benefit.Name))
				}
			}
		}
	}
	for i := range x.Spec.Capacity {
		if benefit := x.Spec.Capacity[i].Benefit; !known[benefit] {
			findings.Warningf(RuleCapacityUnknown, fmt.Sprintf("spec.capacity[%d].benefit", i), "no tier of program %s entitles to it: there is %s", prog.Name,
				verdict.NoSuch("benefit", string(benefit), names))
		}
	}
}
