package gather

import (
	"context"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/controllers/internal/queue"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/rules/benchmark"
	"jointplan.dev/jointplan/internal/rules/sums"
)

// Members returns the partners of a program in the namespaces that may use it.
func (g *Gatherer) Members(ctx context.Context, of *v1alpha1.PartnerProgram) ([]*v1alpha1.Partner, error) {
	found, err := g.reader.Find(ctx, kinds.ProgramOfPartner, "", of.Name)
	if err != nil {
		return nil, err
	}
	var members []*v1alpha1.Partner
	for _, partner := range found.Partners {
		allowed, err := g.allowed(ctx, g.Compiled(of), partner)
		if err != nil {
			return nil, err
		}
		if allowed {
			members = append(members, partner)
		}
	}
	return members, nil
}

// Member returns a partner of a program in a namespace that may use it; nil when there is none of that name.
func (g *Gatherer) Member(ctx context.Context, of *v1alpha1.PartnerProgram, namespace, name string) (*v1alpha1.Partner, error) {
	partner, err := g.Partner(ctx, namespace, name)
	if partner == nil || err != nil || string(partner.Spec.ProgramRef.Name) != of.Name {
		return nil, err
	}
	allowed, err := g.allowed(ctx, g.Compiled(of), partner)
	if !allowed || err != nil {
		return nil, err
	}
	return partner, nil
}

func (g *Gatherer) allowed(ctx context.Context, compiled *program.Program, partner *v1alpha1.Partner) (bool, error) {
	labels, err := g.reader.Labels(ctx, partner.Namespace)
	return err == nil && compiled.Allows(labels), err
}

// Contributor returns a partner with what it contributes to the sums of its program.
func (g *Gatherer) Contributor(ctx context.Context, partner *v1alpha1.Partner) (sums.Evaluated, error) {
	in, from := sums.Evaluated{Partner: partner}, source{ctx, g.reader, partner.Namespace}
	plans, err := from.Find(kinds.PartnerOfPlan, partner.Name)
	if err != nil {
		return in, err
	}
	in.Plans = plans.Plans
	for _, plan := range plans.Plans {
		requests, err := from.Find(kinds.PlanOfAllocation, plan.Name)
		if err != nil {
			return in, err
		}
		in.Requests = append(in.Requests, requests.Allocations...)
	}
	for _, request := range in.Requests {
		claims, err := from.Find(kinds.AllocationOfClaim, request.Name)
		if err != nil {
			return in, err
		}
		in.Claims = append(in.Claims, claims.Claims...)
	}
	return in, nil
}

// Benchmarked returns the facts that a partner contributes to a benchmark, by what was measured by a day.
func (g *Gatherer) Benchmarked(ctx context.Context, of *program.Program, partner *v1alpha1.Partner, today fiscal.Day) ([]benchmark.Row, error) {
	gathered, err := g.Snapshot(ctx, &queue.Turn{}, partner)
	if err != nil {
		return nil, err
	}
	rows := benchmark.Rows(of, partner, gathered.Objects.Plans, gathered.Objects.Campaigns)
	rows = append(rows, benchmark.History(gathered.Snapshot, of, partner, gathered.Objects.Campaigns, today)...)
	return rows, gathered.Err()
}

// Reports returns the reports on a program.
func (g *Gatherer) Reports(ctx context.Context, program string) ([]*v1alpha1.ProgramReport, error) {
	found, err := g.reader.Find(ctx, kinds.ProgramOfReport, "", program)
	if err != nil {
		return nil, err
	}
	return found.Reports, nil
}

// CostCentres returns the cost centres of the budgets, by name.
func (g *Gatherer) CostCentres(ctx context.Context) (map[v1alpha1.Name]v1alpha1.Word, error) {
	found, err := g.reader.List(ctx, "", kinds.Named(kinds.MDFBudget))
	if err != nil {
		return nil, err
	}
	centres := map[v1alpha1.Name]v1alpha1.Word{}
	for _, budget := range found.Budgets {
		centres[v1alpha1.Name(budget.Name)] = budget.Spec.CostCentre
	}
	return centres, nil
}
