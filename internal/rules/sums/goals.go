package sums

import (
	"cmp"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
)

// goalsOf returns what the goals of a plan of record add, a share for each metric that adds up: goals of one metric measure the same, so that only those that
// are due last count, once together.
func goalsOf(prog *program.Program, plan *v1alpha1.JointPlan) []goalShare {
	if plan.Status.PlanOfRecord == nil {
		return nil
	}
	byMetric, order := map[v1alpha1.Name][]*v1alpha1.GoalStatus{}, []v1alpha1.Name{}
	for i := range plan.Status.Goals {
		goal := &plan.Status.Goals[i]
		metric := prog.Metric(goal.Metric)
		if goal.Metric == "" || goal.Target == "" || metric == nil || metric.Behaviour != v1alpha1.BehaviourFlow || metric.Direction == v1alpha1.DirectionDecrease {
			continue
		}
		if byMetric[goal.Metric] == nil {
			order = append(order, goal.Metric)
		}
		byMetric[goal.Metric] = append(byMetric[goal.Metric], goal)
	}
	var shares []goalShare
	for _, metric := range order {
		// A plan for one segment does not hold resellers' results: nobody can tell which of them are of it.
		included := prog.Metric(metric).ResellerResults == v1alpha1.ResellerResultsIncluded && plan.Spec.Segment == ""
		shares = append(shares, sharesOf(metric, byMetric[metric], included)...)
	}
	return shares
}

// sharesOf returns what goals of one metric add: to the total, and to each initiative.
func sharesOf(metric v1alpha1.Name, goals []*v1alpha1.GoalStatus, included bool) []goalShare {
	last := slices.MaxFunc(goals, func(a, b *v1alpha1.GoalStatus) int { return cmp.Compare(a.Due, b.Due) }).Due
	goals = slices.DeleteFunc(slices.Clone(goals), func(g *v1alpha1.GoalStatus) bool { return g.Due != last })
	whole := goalShare{metric: metric, group: group{by: v1alpha1.GroupTotal}, inclusive: included}
	f := &whole.figures
	f.plans = 1
	for _, goal := range goals {
		target, _ := read(goal.Target)
		original := target
		if text := goal.OriginalTarget; text != "" {
			original, _ = read(text)
		}
		add(&f.target, target, 1)
		add(&f.original, original, 1)
		whole.inclusive = whole.inclusive || goal.ResellerResults == v1alpha1.ResellerResultsIncluded
	}
	f.actual, _ = read(goals[0].Actual) // each measures the same
	if forecast, ok := read(goals[0].Forecast); ok {
		f.forecast, f.forecastsGoal, f.forecasts = forecast, f.target, 1
	}
	return append([]goalShare{whole}, byInitiative(whole, goals)...)
}

// byInitiative divides what goals add among the initiatives that they serve.
func byInitiative(whole goalShare, goals []*v1alpha1.GoalStatus) []goalShare {
	of := func(name string) goalShare {
		share := whole
		share.group = group{v1alpha1.GroupInitiative, name}
		return share
	}
	first := goals[0]
	same := !slices.ContainsFunc(goals, func(g *v1alpha1.GoalStatus) bool {
		return !slices.Equal(g.Initiatives, first.Initiatives) || !slices.Equal(g.InitiativeShares, first.InitiativeShares)
	})
	if !same {
		return []goalShare{of(v1alpha1.InSeveral)}
	}
	if len(first.Initiatives) < 2 || len(first.InitiativeShares) == 0 {
		return []goalShare{of(oneOf(first.Initiatives))}
	}
	var shares []goalShare
	rest := whole.figures
	for _, x := range first.InitiativeShares {
		share := of(string(x.Initiative))
		share.figures = whole.figures.part(x.Percent)
		shares = append(shares, share)
		rest.add(&share.figures, -1)
	}
	// What is lost in rounding is the first one's, so that the parts are the whole.
	f := &shares[0].figures
	rest.plans, rest.forecasts = 0, 0
	f.add(&rest, 1)
	return shares
}
