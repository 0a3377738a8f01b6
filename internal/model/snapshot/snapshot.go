// Package snapshot holds the objects of one partner namespace that evaluations look at: partners, plans, campaigns, measurements,
// decisions, revisions, requests for money
// and claims, with the programs and budgets that the namespace may use.
package snapshot

import (
	"cmp"
	"maps"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/program"
)

// Objects are the objects of one namespace. They are read, never changed.
type Objects struct {
	// Partners are all partners of the namespace.
	Partners []*v1alpha1.Partner
	// Plans are all plans of the namespace.
	Plans []*v1alpha1.JointPlan
	// Campaigns are all campaigns of the namespace.
	Campaigns []*v1alpha1.Campaign
	// Measurements are all measurement sets of the namespace.
	Measurements []*v1alpha1.MeasurementSet
	// Decisions are all approval decisions of the namespace.
	Decisions []*v1alpha1.ApprovalDecision
	// Revisions are all plan revisions of the namespace.
	Revisions []*v1alpha1.PlanRevision
	// Allocations are all requests for money of the namespace.
	Allocations []*v1alpha1.MDFAllocation
	// Claims are all claims of the namespace.
	Claims []*v1alpha1.MDFClaim
	// Budgets are the budgets that the namespace may use.
	Budgets []*v1alpha1.MDFBudget
	// Ledgers are the ledgers of all budgets, also of those that are gone or that the namespace may not use any more.
	Ledgers []*v1alpha1.MDFLedger
}

// Snapshot indexes the objects of one namespace. It is immutable and safe for concurrent use. What it returns is sorted by name.
type Snapshot struct {
	// Namespace is the namespace's name.
	Namespace string

	programs     map[v1alpha1.Name]*program.Program
	partners     map[v1alpha1.Name]*v1alpha1.Partner
	plans        map[v1alpha1.Name]*v1alpha1.JointPlan
	campaigns    map[v1alpha1.Name]*v1alpha1.Campaign
	sets         map[v1alpha1.Name]*v1alpha1.MeasurementSet
	decided      map[v1alpha1.Name]*v1alpha1.ApprovalDecision
	kept         map[v1alpha1.Name]*v1alpha1.PlanRevision
	plansOf      map[v1alpha1.Name][]*v1alpha1.JointPlan
	campaignsOf  map[v1alpha1.Name][]*v1alpha1.Campaign
	measurements map[v1alpha1.SubjectReference][]*v1alpha1.MeasurementSet
	decisions    map[v1alpha1.DecisionTargetReference][]*v1alpha1.ApprovalDecision
	revisions    map[v1alpha1.Name][]*v1alpha1.PlanRevision
	allocations  map[v1alpha1.Name]*v1alpha1.MDFAllocation
	claims       map[v1alpha1.Name]*v1alpha1.MDFClaim
	budgets      map[v1alpha1.Name]*v1alpha1.MDFBudget
	ledgers      map[v1alpha1.Name]*v1alpha1.MDFLedger
	claimsOn     map[v1alpha1.Name][]*v1alpha1.MDFClaim
	allAllocated []*v1alpha1.MDFAllocation
	allClaims    []*v1alpha1.MDFClaim
}

// New indexes the objects of a namespace. The programs are those that the namespace may use, by name.
func New(namespace string, programs map[v1alpha1.Name]*program.Program, objects Objects) *Snapshot {
	p := &Snapshot{
		Namespace:    namespace,
		programs:     programs,
		partners:     byName(objects.Partners),
		plans:        byName(objects.Plans),
		campaigns:    byName(objects.Campaigns),
		sets:         byName(objects.Measurements),
		decided:      byName(objects.Decisions),
		kept:         byName(objects.Revisions),
		plansOf:      group(objects.Plans, func(x *v1alpha1.JointPlan) v1alpha1.Name { return x.Spec.PartnerRef.Name }),
		campaignsOf:  group(objects.Campaigns, func(x *v1alpha1.Campaign) v1alpha1.Name { return x.Spec.PlanRef.Name }),
		measurements: group(objects.Measurements, func(x *v1alpha1.MeasurementSet) v1alpha1.SubjectReference { return x.Spec.SubjectRef }),
		decisions: group(objects.Decisions, func(x *v1alpha1.ApprovalDecision) v1alpha1.DecisionTargetReference {
			return x.Spec.TargetRef
		}),
		revisions:    group(objects.Revisions, func(x *v1alpha1.PlanRevision) v1alpha1.Name { return x.Spec.PlanRef.Name }),
		allocations:  byName(objects.Allocations),
		claims:       byName(objects.Claims),
		budgets:      byName(objects.Budgets),
		ledgers:      byName(objects.Ledgers),
		claimsOn:     group(objects.Claims, func(x *v1alpha1.MDFClaim) v1alpha1.Name { return x.Spec.AllocationRef.Name }),
		allAllocated: sorted(objects.Allocations),
		allClaims:    sorted(objects.Claims),
	}
	return p
}

// Program returns a program that the namespace may use; nil when there is none of that name.
func (p *Snapshot) Program(name v1alpha1.Name) *program.Program { return p.programs[name] }

// ProgramNames returns the names of the programs that the namespace may use, for suggestions.
func (p *Snapshot) ProgramNames() []string { return names(p.programs) }

// Partner returns a partner; nil when there is none of that name.
func (p *Snapshot) Partner(name v1alpha1.Name) *v1alpha1.Partner { return p.partners[name] }

// PartnerNames returns the names of all partners, for suggestions.
func (p *Snapshot) PartnerNames() []string { return names(p.partners) }

// Plan returns a plan; nil when there is none of that name.
func (p *Snapshot) Plan(name v1alpha1.Name) *v1alpha1.JointPlan { return p.plans[name] }

// PlanNames returns the names of all plans, for suggestions.
func (p *Snapshot) PlanNames() []string { return names(p.plans) }

// Campaign returns a campaign; nil when there is none of that name.
func (p *Snapshot) Campaign(name v1alpha1.Name) *v1alpha1.Campaign { return p.campaigns[name] }

// CampaignNames returns the names of all campaigns, for suggestions.
func (p *Snapshot) CampaignNames() []string { return names(p.campaigns) }

// PlansOf returns the plans whose spec names a partner.
func (p *Snapshot) PlansOf(partner v1alpha1.Name) []*v1alpha1.JointPlan { return p.plansOf[partner] }

// CampaignsOf returns the campaigns of a plan.
func (p *Snapshot) CampaignsOf(plan v1alpha1.Name) []*v1alpha1.Campaign { return p.campaignsOf[plan] }

// MeasurementsAbout returns the measurement sets about a subject.
func (p *Snapshot) MeasurementsAbout(kind v1alpha1.SubjectKind, name v1alpha1.Name) []*v1alpha1.MeasurementSet {
	return p.measurements[v1alpha1.SubjectReference{Kind: kind, Name: name}]
}

// DecisionsOn returns the decisions on a plan.
func (p *Snapshot) DecisionsOn(plan v1alpha1.Name) []*v1alpha1.ApprovalDecision {
	return p.decisions[v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: plan}]
}

// DecisionsAbout returns the decisions on an object of a kind: JointPlan, MDFAllocation or MDFClaim.
func (p *Snapshot) DecisionsAbout(kind string, name v1alpha1.Name) []*v1alpha1.ApprovalDecision {
	return p.decisions[v1alpha1.DecisionTargetReference{Kind: kind, Name: name}]
}

// Allocation returns a request for money; nil when there is none of that name.
func (p *Snapshot) Allocation(name v1alpha1.Name) *v1alpha1.MDFAllocation {
	return p.allocations[name]
}

// AllocationNames returns the names of all requests for money, for suggestions.
func (p *Snapshot) AllocationNames() []string { return names(p.allocations) }

// Allocations returns all requests for money.
func (p *Snapshot) Allocations() []*v1alpha1.MDFAllocation { return p.allAllocated }

// Claim returns a claim; nil when there is none of that name.
func (p *Snapshot) Claim(name v1alpha1.Name) *v1alpha1.MDFClaim { return p.claims[name] }

// ClaimNames returns the names of all claims, for suggestions.
func (p *Snapshot) ClaimNames() []string { return names(p.claims) }

// Claims returns all claims.
func (p *Snapshot) Claims() []*v1alpha1.MDFClaim { return p.allClaims }

// ClaimsOn returns the claims on a request for money.
func (p *Snapshot) ClaimsOn(allocation v1alpha1.Name) []*v1alpha1.MDFClaim {
	return p.claimsOn[allocation]
}

// Budget returns a budget that the namespace may use; nil when there is none of that name.
func (p *Snapshot) Budget(name v1alpha1.Name) *v1alpha1.MDFBudget { return p.budgets[name] }

// BudgetNames returns the names of the budgets that the namespace may use, for suggestions.
func (p *Snapshot) BudgetNames() []string { return names(p.budgets) }

// Ledger returns the ledger of a budget, whether or not the budget exists; nil when there is none.
func (p *Snapshot) Ledger(budget v1alpha1.Name) *v1alpha1.MDFLedger { return p.ledgers[budget] }

// Ledgers returns the ledgers of all budgets, also of those that are gone.
func (p *Snapshot) Ledgers() []*v1alpha1.MDFLedger {
	return sorted(slices.Collect(maps.Values(p.ledgers)))
}

// WithMoney returns the snapshot with the budget and the ledger of one name replaced; nil removes. The rest is shared.
func (p *Snapshot) WithMoney(name v1alpha1.Name, budget *v1alpha1.MDFBudget, ledger *v1alpha1.MDFLedger) *Snapshot {
	changed := *p
	changed.budgets, changed.ledgers = replaced(p.budgets, name, budget), replaced(p.ledgers, name, ledger)
	return &changed
}

// RevisionsOf returns the kept revisions of a plan.
func (p *Snapshot) RevisionsOf(plan v1alpha1.Name) []*v1alpha1.PlanRevision {
	return p.revisions[plan]
}

// MeasurementSet returns a measurement set; nil when there is none of that name.
func (p *Snapshot) MeasurementSet(name v1alpha1.Name) *v1alpha1.MeasurementSet { return p.sets[name] }

// Decision returns an approval decision; nil when there is none of that name.
func (p *Snapshot) Decision(name v1alpha1.Name) *v1alpha1.ApprovalDecision { return p.decided[name] }

// Revision returns a kept revision; nil when there is none of that name.
func (p *Snapshot) Revision(name v1alpha1.Name) *v1alpha1.PlanRevision { return p.kept[name] }

// ProgramOf returns the program of a partner; nil when the partner is nil or its program may not be used.
func (p *Snapshot) ProgramOf(partner *v1alpha1.Partner) *program.Program {
	if partner == nil {
		return nil
	}
	return p.Program(partner.Spec.ProgramRef.Name)
}

type named interface{ GetName() string }

func byName[T named](list []T) map[v1alpha1.Name]T {
	byName := make(map[v1alpha1.Name]T, len(list))
	for _, x := range list {
		byName[v1alpha1.Name(x.GetName())] = x
	}
	return byName
}

func group[K comparable, T named](list []T, key func(T) K) map[K][]T {
	groups := make(map[K][]T)
	for _, x := range list {
		k := key(x)
		groups[k] = append(groups[k], x)
	}
	for _, g := range groups {
		slices.SortFunc(g, func(a, b T) int { return cmp.Compare(a.GetName(), b.GetName()) })
	}
	return groups
}

func sorted[T named](list []T) []T {
	ordered := slices.Clone(list)
	slices.SortFunc(ordered, func(a, b T) int { return cmp.Compare(a.GetName(), b.GetName()) })
	return ordered
}

func replaced[T comparable](byName map[v1alpha1.Name]T, name v1alpha1.Name, x T) map[v1alpha1.Name]T {
	var none T
	copied := maps.Clone(byName)
	if x == none {
		delete(copied, name)
	} else {
		copied[name] = x
	}
	return copied
}

func names[T any](byName map[v1alpha1.Name]T) []string {
	list := make([]string, 0, len(byName))
	for name := range byName {
		list = append(list, string(name))
	}
	slices.Sort(list)
	return list
}
