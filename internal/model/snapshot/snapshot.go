// Package snapshot holds what an evaluation looks at: a partner with all that hangs on it, as Gather finds it, and the programs, budgets and
// ledgers that these name.
package snapshot

import (
	"cmp"
	"maps"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
)

// Around answers what an evaluation asks of the rest of its namespace. It is asked only where a reference is wrong, where a ledger holds an entry
// that is not the partner's, for the budgets that a partner may draw on, and for what a distributor's resellers report where a metric holds it.
type Around interface {
	// Names returns the names of the objects of a kind that the namespace holds or, of a kind of the whole cluster, may use, sorted. Only those that
	// keep keeps, if it is given.
	Names(kind string, keep func(kinds.Object) bool) []string
	// Elsewhere reports whether a request for money that the snapshot does not hold belongs to another partner: it is there, and so is its plan.
	Elsewhere(allocation v1alpha1.Name) bool
	// Gone returns the claims on a request for money that is gone, and the decisions on it.
	Gone(allocation v1alpha1.Name) *kinds.Objects
	// Resellers returns the partners that buy through a distributor, of whatever namespace, as Below finds them.
	Resellers(of *v1alpha1.Partner) []Reseller
}

// Snapshot indexes a partner's objects. It is immutable and safe for concurrent use. What it returns is sorted by name. What evaluations of its objects
// share is computed once, see Once.
type Snapshot struct {
	// Namespace is the name of the namespace that the objects are in.
	Namespace string

	around Around

	programs     map[v1alpha1.Name]*program.Program
	partners     map[v1alpha1.Name]*v1alpha1.Partner
	plans        map[v1alpha1.Name]*v1alpha1.JointPlan
	campaigns    map[v1alpha1.Name]*v1alpha1.Campaign
	reviews      map[v1alpha1.Name]*v1alpha1.PlanReview
	decided      map[v1alpha1.Name]*v1alpha1.ApprovalDecision
	kept         map[v1alpha1.Name]*v1alpha1.PlanRevision
	plansOf      map[v1alpha1.Name][]*v1alpha1.JointPlan
	campaignsOf  map[v1alpha1.Name][]*v1alpha1.Campaign
	reviewsOf    map[v1alpha1.Name][]*v1alpha1.PlanReview
	measurements map[v1alpha1.SubjectReference][]*v1alpha1.MeasurementSet
	decisions    map[v1alpha1.DecisionTargetReference][]*v1alpha1.ApprovalDecision
	revisions    map[v1alpha1.Name][]*v1alpha1.PlanRevision
	allocations  map[v1alpha1.Name]*v1alpha1.MDFAllocation
	claims       map[v1alpha1.Name]*v1alpha1.MDFClaim
	budgets      map[v1alpha1.Name]*v1alpha1.MDFBudget
	ledgers      map[v1alpha1.Name]*v1alpha1.MDFLedger
	published    map[v1alpha1.Name][]*v1alpha1.PublishedBenchmark // by program
	claimsOn     map[v1alpha1.Name][]*v1alpha1.MDFClaim
	allAllocated []*v1alpha1.MDFAllocation
	allClaims    []*v1alpha1.MDFClaim

	beyond map[node]string // why objects are not evaluated that are beyond a bound
	memos  memos
	below  *below // nil where nobody is below
}

// Objects are the objects of a snapshot. They are read, never changed.
type Objects = kinds.Objects

// New indexes the objects of a partner, with the programs, budgets and ledgers that they may use. There is nothing around them. What is beyond a bound is
// found by its name alone, see Beyond.
func New(namespace string, programs map[v1alpha1.Name]*program.Program, objects Objects) *Snapshot {
	within, beyond := leaveOut(objects)
	p := &Snapshot{
		Namespace:    namespace,
		beyond:       beyond,
		around:       alone{objects: &objects, programs: programs},
		programs:     programs,
		partners:     byName(objects.Partners),
		plans:        byName(objects.Plans),
		campaigns:    byName(objects.Campaigns),
		reviews:      byName(objects.Reviews),
		decided:      byName(objects.Decisions),
		kept:         byName(objects.Revisions),
		plansOf:      group(within.Plans, func(x *v1alpha1.JointPlan) v1alpha1.Name { return x.Spec.PartnerRef.Name }),
		campaignsOf:  group(within.Campaigns, func(x *v1alpha1.Campaign) v1alpha1.Name { return x.Spec.PlanRef.Name }),
		reviewsOf:    group(within.Reviews, func(x *v1alpha1.PlanReview) v1alpha1.Name { return x.Spec.PlanRef.Name }),
		measurements: group(within.Measurements, func(x *v1alpha1.MeasurementSet) v1alpha1.SubjectReference { return x.Spec.SubjectRef }),
		decisions: group(understood(within.Decisions), func(x *v1alpha1.ApprovalDecision) v1alpha1.DecisionTargetReference {
			return x.Spec.TargetRef
		}),
		revisions:    group(objects.Revisions, func(x *v1alpha1.PlanRevision) v1alpha1.Name { return x.Spec.PlanRef.Name }),
		allocations:  byName(objects.Allocations),
		claims:       byName(objects.Claims),
		budgets:      byName(objects.Budgets),
		ledgers:      byName(objects.Ledgers),
		published:    group(objects.Published, func(x *v1alpha1.PublishedBenchmark) v1alpha1.Name { return x.Spec.ProgramRef.Name }),
		claimsOn:     group(within.Claims, func(x *v1alpha1.MDFClaim) v1alpha1.Name { return x.Spec.AllocationRef.Name }),
		allAllocated: sorted(within.Allocations),
		allClaims:    sorted(within.Claims),
		memos:        newMemos(),
		below:        newBelow(),
	}
	return p
}

// Among returns the snapshot with other objects of its namespace around it. The rest is shared.
func (p *Snapshot) Among(around Around) *Snapshot {
	changed := p.Apart()
	changed.around, changed.below = around, newBelow()
	return changed
}

// alone is what is around objects that are all there is.
type alone struct {
	objects  *kinds.Objects
	programs map[v1alpha1.Name]*program.Program
}

// Names returns names among the objects and the programs.
func (a alone) Names(kind string, keep func(kinds.Object) bool) []string {
	if kind == kinds.PartnerProgram {
		return names(a.programs)
	}
	return Named(kinds.Named(kind).In(a.objects), keep)
}

// Elsewhere reports false: there is nothing else.
func (alone) Elsewhere(v1alpha1.Name) bool { return false }

func (alone) Gone(v1alpha1.Name) *kinds.Objects { return &kinds.Objects{} }

// Named returns the sorted names of those objects that keep keeps; of all if it is absent.
func Named(objects []kinds.Object, keep func(kinds.Object) bool) []string {
	list := make([]string, 0, len(objects))
	for _, x := range objects {
		if keep == nil || keep(x) {
			list = append(list, x.GetName())
		}
	}
	slices.Sort(list)
	return list
}

// Program returns a program that the namespace may use; nil when there is none of that name.
func (p *Snapshot) Program(name v1alpha1.Name) *program.Program { return p.programs[name] }

// ProgramNames returns the names of the programs that the namespace may use, for suggestions.
func (p *Snapshot) ProgramNames() []string { return p.around.Names(kinds.PartnerProgram, nil) }

// Benchmarks returns the benchmarks of a program as partners may read them: by what an evaluation judges, it may say.
func (p *Snapshot) Benchmarks(of v1alpha1.Name) []*v1alpha1.PublishedBenchmark {
	return p.published[of]
}

// Partner returns a partner; nil when there is none of that name.
func (p *Snapshot) Partner(name v1alpha1.Name) *v1alpha1.Partner { return p.partners[name] }

// PartnerNames returns the names of all partners of the namespace, for suggestions.
func (p *Snapshot) PartnerNames() []string { return p.around.Names(kinds.Partner, nil) }

// DistributorNames returns the names of all distributors of the namespace, for suggestions.
func (p *Snapshot) DistributorNames() []string {
	return p.around.Names(kinds.Partner, func(x kinds.Object) bool {
		partner, ok := x.(*v1alpha1.Partner)
		return ok && partner.Spec.Type == v1alpha1.PartnerDistributor
	})
}

// Plan returns a plan; nil when there is none of that name.
func (p *Snapshot) Plan(name v1alpha1.Name) *v1alpha1.JointPlan { return p.plans[name] }

// PlanNames returns the names of all plans of the namespace, for suggestions.
func (p *Snapshot) PlanNames() []string { return p.around.Names(kinds.JointPlan, nil) }

// Campaign returns a campaign; nil when there is none of that name.
func (p *Snapshot) Campaign(name v1alpha1.Name) *v1alpha1.Campaign { return p.campaigns[name] }

// CampaignNames returns the names of all campaigns of the namespace, for suggestions.
func (p *Snapshot) CampaignNames() []string { return p.around.Names(kinds.Campaign, nil) }

// PlansOf returns the plans whose spec names a partner.
func (p *Snapshot) PlansOf(partner v1alpha1.Name) []*v1alpha1.JointPlan { return p.plansOf[partner] }

// CampaignsOf returns the campaigns of a plan.
func (p *Snapshot) CampaignsOf(plan v1alpha1.Name) []*v1alpha1.Campaign { return p.campaignsOf[plan] }

// Review returns the record of a meeting; nil when there is none of that name.
func (p *Snapshot) Review(name v1alpha1.Name) *v1alpha1.PlanReview { return p.reviews[name] }

// ReviewNames returns the names of all records of meetings of the namespace, for suggestions.
func (p *Snapshot) ReviewNames() []string { return p.around.Names(kinds.PlanReview, nil) }

// ReviewsOf returns the records of the meetings about a plan.
func (p *Snapshot) ReviewsOf(plan v1alpha1.Name) []*v1alpha1.PlanReview { return p.reviewsOf[plan] }

// MeasurementsAbout returns the measurement sets about a subject.
func (p *Snapshot) MeasurementsAbout(kind v1alpha1.SubjectKind, name v1alpha1.Name) []*v1alpha1.MeasurementSet {
	return p.measurements[v1alpha1.SubjectReference{Kind: kind, Name: name}]
}

// understood returns the decisions of parties and with outcomes that are known.
func understood(decisions []*v1alpha1.ApprovalDecision) []*v1alpha1.ApprovalDecision {
	strange := func(d *v1alpha1.ApprovalDecision) bool { return NotUnderstood(d) != "" }
	if !slices.ContainsFunc(decisions, strange) {
		return decisions
	}
	return slices.DeleteFunc(slices.Clone(decisions), strange)
}

// NotUnderstood returns the field of a decision that says what only a later version knows; empty where all is known. Such a decision was written before
// the manager and the kinds went back to this version. It does not count: whatever it was taken for, money could move on it.
func NotUnderstood(d *v1alpha1.ApprovalDecision) (field string) {
	switch d.Spec.Decision {
	case v1alpha1.DecisionApproved, v1alpha1.DecisionApprovedInPart, v1alpha1.DecisionSubmitted, v1alpha1.DecisionReturned, v1alpha1.DecisionRejected,
		v1alpha1.DecisionConfirmed, v1alpha1.DecisionDisputed, v1alpha1.DecisionUpheld, v1alpha1.DecisionDismissed:
	default:
		return "spec.decision"
	}
	if d.Spec.Party != v1alpha1.PartyVendor && d.Spec.Party != v1alpha1.PartyPartner {
		return "spec.party"
	}
	return ""
}

// DecisionsOn returns the decisions on a plan. Those that NotUnderstood finds are left out of all decisions but Decision.
func (p *Snapshot) DecisionsOn(plan v1alpha1.Name) []*v1alpha1.ApprovalDecision {
	return p.decisions[v1alpha1.DecisionTargetReference{Kind: kinds.JointPlan, Name: plan}]
}

// DecisionsAbout returns the decisions on an object of a kind: JointPlan, PlanReview, MDFAllocation or MDFClaim.
func (p *Snapshot) DecisionsAbout(kind string, name v1alpha1.Name) []*v1alpha1.ApprovalDecision {
	return p.decisions[v1alpha1.DecisionTargetReference{Kind: kind, Name: name}]
}

// InOrder returns decisions in the order in which they count.
func InOrder(decisions []*v1alpha1.ApprovalDecision) []*v1alpha1.ApprovalDecision {
	return slices.SortedFunc(slices.Values(decisions), func(a, b *v1alpha1.ApprovalDecision) int {
		return cmp.Or(a.Spec.DecidedTime.Compare(b.Spec.DecidedTime.Time), cmp.Compare(a.Name, b.Name))
	})
}

// Allocation returns a request for money; nil when there is none of that name.
func (p *Snapshot) Allocation(name v1alpha1.Name) *v1alpha1.MDFAllocation {
	return p.allocations[name]
}

// AllocationNames returns the names of all requests for money of the namespace, for suggestions.
func (p *Snapshot) AllocationNames() []string { return p.around.Names(kinds.MDFAllocation, nil) }

// Allocations returns all requests for money.
func (p *Snapshot) Allocations() []*v1alpha1.MDFAllocation { return p.allAllocated }

// Claim returns a claim; nil when there is none of that name.
func (p *Snapshot) Claim(name v1alpha1.Name) *v1alpha1.MDFClaim { return p.claims[name] }

// ClaimNames returns the names of all claims of the namespace, for suggestions.
func (p *Snapshot) ClaimNames() []string { return p.around.Names(kinds.MDFClaim, nil) }

// Claims returns all claims.
func (p *Snapshot) Claims() []*v1alpha1.MDFClaim { return p.allClaims }

// ClaimsOn returns the claims on a request for money.
func (p *Snapshot) ClaimsOn(allocation v1alpha1.Name) []*v1alpha1.MDFClaim {
	return p.claimsOn[allocation]
}

// Budget returns a budget that the namespace may use; nil when there is none of that name.
func (p *Snapshot) Budget(name v1alpha1.Name) *v1alpha1.MDFBudget { return p.budgets[name] }

// BudgetNames returns the names of the budgets that the namespace may use, for suggestions.
func (p *Snapshot) BudgetNames() []string { return p.around.Names(kinds.MDFBudget, nil) }

// Usable returns all budgets that the namespace may use, by name.
func (p *Snapshot) Usable() []*v1alpha1.MDFBudget {
	var list []*v1alpha1.MDFBudget
	p.around.Names(kinds.MDFBudget, func(x kinds.Object) bool {
		budget, ok := x.(*v1alpha1.MDFBudget)
		if ok {
			list = append(list, budget)
		}
		return ok
	})
	return sorted(list)
}

// Budgets returns the budgets that the partner's requests name, and those that spend the same lots as they do.
func (p *Snapshot) Budgets() []*v1alpha1.MDFBudget {
	return sorted(slices.Collect(maps.Values(p.budgets)))
}

// Elsewhere reports whether a request for money that is not one of the partner's belongs to another partner of the namespace.
func (p *Snapshot) Elsewhere(allocation v1alpha1.Name) bool { return p.around.Elsewhere(allocation) }

// Gone returns the claims on a request for money that is gone, and the decisions on it. They belong to no partner, unless one of the claims lists an
// invoice of the partner's.
func (p *Snapshot) Gone(allocation v1alpha1.Name) *Objects {
	found := &Objects{Claims: p.ClaimsOn(allocation), Decisions: p.DecisionsAbout(kinds.MDFAllocation, allocation)}
	if len(found.Claims)+len(found.Decisions) == 0 {
		return p.around.Gone(allocation)
	}
	return found
}

// Ledger returns the ledger of a budget, whether or not the budget exists; nil when there is none.
func (p *Snapshot) Ledger(budget v1alpha1.Name) *v1alpha1.MDFLedger { return p.ledgers[budget] }

// Ledgers returns the ledgers of the budgets; where a claim names a request that is not there, those of all budgets.
func (p *Snapshot) Ledgers() []*v1alpha1.MDFLedger {
	return sorted(slices.Collect(maps.Values(p.ledgers)))
}

// WithMoney returns the snapshot with the budget and the ledger of one name replaced; nil removes. The rest is shared, what was computed without money
// too; all of it where it has both already.
func (p *Snapshot) WithMoney(name v1alpha1.Name, budget *v1alpha1.MDFBudget, ledger *v1alpha1.MDFLedger) *Snapshot {
	if p.budgets[name] == budget && p.ledgers[name] == ledger {
		return p
	}
	changed := *p
	changed.budgets, changed.ledgers = replaced(p.budgets, name, budget), replaced(p.ledgers, name, ledger)
	changed.memos.money = &memo{}
	return &changed
}

// PlansEverOf returns the names of the plans that name a partner, or did in a kept revision, in order; some may exist no more.
func (p *Snapshot) PlansEverOf(partner v1alpha1.Name) []v1alpha1.Name {
	var plans []v1alpha1.Name
	for _, plan := range p.plansOf[partner] {
		plans = append(plans, v1alpha1.Name(plan.Name))
	}
	for _, revision := range p.kept {
		if revision.Spec.Terms.PartnerRef.Name == partner {
			plans = append(plans, revision.Spec.PlanRef.Name)
		}
	}
	slices.Sort(plans)
	return slices.Compact(plans)
}

// RevisionsOf returns the kept revisions of a plan.
func (p *Snapshot) RevisionsOf(plan v1alpha1.Name) []*v1alpha1.PlanRevision {
	return p.revisions[plan]
}

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
