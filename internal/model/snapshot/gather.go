package snapshot

import (
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// Source finds the objects of one namespace: a cache, an API server, or files.
type Source interface {
	// Get returns the object of a kind and name; nil when there is none.
	Get(kind string, name v1alpha1.Name) (kinds.Object, error)
	// Find returns the objects that name something.
	Find(by *kinds.Reference, value string) (*kinds.Objects, error)
	// Shared reports whether several objects name something. It costs less than to find them.
	Shared(by *kinds.Reference, value string) (bool, error)
}

// Scope says what is gathered beside partners, plans and kept revisions, which always are.
type Scope int

// Scopes, to be combined.
const (
	// Campaigns are the plans' campaigns.
	Campaigns Scope = 1 << iota
	// Results are measurement sets about partners, plans and, with Campaigns, campaigns.
	Results
	// Decisions are records of meetings, and decisions on plans, on these and, with Money, on requests and claims.
	Decisions
	// Money are requests under plans, and claims on them.
	Money
)

// Plans is the scope of partners, plans and kept revisions alone; Judgement is what all but money is judged by; Everything is all.
const (
	Plans      Scope = 0
	Judgement        = Campaigns | Results | Decisions
	Everything       = Judgement | Money
)

// Gather finds the unit of work that an object belongs to: a partner with what hangs on it. That is the plans that name the partner or did in a
// kept revision, the revisions, campaigns, results and decisions of these, requests for money under them and claims on these. A plan that moved
// from one partner to another joins the two. An object whose reference leads nowhere is found with all that names the same; and a claim whose request is
// gone with all claims of its invoices, since nobody can tell any more whose it is, and an invoice must not be paid twice.
//
// The object itself may be one that no longer exists: then what it belonged to is found.
func Gather(source Source, of kinds.Object, scope Scope) (*kinds.Objects, error) {
	g := newGathering(source, scope)
	switch x := of.(type) {
	case *v1alpha1.Partner:
		g.partner(v1alpha1.Name(x.Name))
	case *v1alpha1.JointPlan:
		g.plan(v1alpha1.Name(x.Name), nil)
		g.partner(x.Spec.PartnerRef.Name)
	case *v1alpha1.PlanRevision:
		g.plan(x.Spec.PlanRef.Name, nil)
		g.partner(x.Spec.Terms.PartnerRef.Name)
	case *v1alpha1.Campaign:
		g.campaign(v1alpha1.Name(x.Name), nil)
		g.plan(x.Spec.PlanRef.Name, nil)
	case *v1alpha1.MeasurementSet:
		g.any(string(x.Spec.SubjectRef.Kind), x.Spec.SubjectRef.Name)
	case *v1alpha1.PlanReview:
		g.review(v1alpha1.Name(x.Name), nil)
		g.plan(x.Spec.PlanRef.Name, nil)
	case *v1alpha1.ApprovalDecision:
		g.any(x.Spec.TargetRef.Kind, x.Spec.TargetRef.Name)
	case *v1alpha1.MDFAllocation:
		g.allocation(v1alpha1.Name(x.Name), nil)
		g.plan(x.Spec.PlanRef.Name, nil)
	case *v1alpha1.MDFClaim:
		g.claim(v1alpha1.Name(x.Name), nil)
		g.allocation(x.Spec.AllocationRef.Name, nil)
	}
	return g.found, g.err
}

// gathering is a unit of work under way.
type gathering struct {
	source Source
	scope  Scope
	found  *kinds.Objects
	seen   map[node]bool
	owns   map[v1alpha1.Name]bool // whether somebody can tell whose a request for money is, by its name
	joined map[string]bool        // the invoices that were looked up, and whether all claims of them were gathered
	err    error                  // the first one; nothing is looked up after it
}

func newGathering(source Source, scope Scope) *gathering {
	return &gathering{
		source: source, scope: scope, found: &kinds.Objects{}, seen: map[node]bool{}, owns: map[v1alpha1.Name]bool{}, joined: map[string]bool{},
	}
}

// node is a name of a kind, whether or not there is such an object.
type node struct {
	kind string
	name v1alpha1.Name
}

// enter notes a node, and reports whether it is new.
func (g *gathering) enter(kind string, name v1alpha1.Name) bool {
	at := node{kind, name}
	if name == "" || g.seen[at] {
		return false
	}
	g.seen[at] = true
	return true
}

// any gathers what belongs to an object of any kind that results or decisions can be about.
func (g *gathering) any(kind string, name v1alpha1.Name) {
	switch kind {
	case kinds.Partner:
		g.partner(name)
	case kinds.JointPlan:
		g.plan(name, nil)
	case kinds.Campaign:
		g.campaign(name, nil)
	case kinds.PlanReview:
		g.review(name, nil)
	case kinds.MDFAllocation:
		g.allocation(name, nil)
	case kinds.MDFClaim:
		g.claim(name, nil)
	}
}

func (g *gathering) partner(name v1alpha1.Name) {
	if !g.enter(kinds.Partner, name) {
		return
	}
	if partner, there := get[*v1alpha1.Partner](g, kinds.Partner, name); there {
		g.found.Partners = append(g.found.Partners, partner)
	}
	for _, plan := range g.find(kinds.PartnerOfPlan, string(name)).Plans {
		g.plan(v1alpha1.Name(plan.Name), plan)
	}
	for _, revision := range g.find(kinds.PartnerOfRevision, string(name)).Revisions {
		g.plan(revision.Spec.PlanRef.Name, nil)
	}
	g.about(kinds.Partner, name)
}

// plan gathers a plan; given is the object, if it is at hand.
func (g *gathering) plan(name v1alpha1.Name, given *v1alpha1.JointPlan) {
	if !g.enter(kinds.JointPlan, name) {
		return
	}
	plan, there := orGet(g, kinds.JointPlan, name, given)
	if there {
		g.found.Plans = append(g.found.Plans, plan)
	}
	revisions := g.find(kinds.PlanOfRevision, string(name)).Revisions
	g.found.Revisions = append(g.found.Revisions, revisions...)
	g.about(kinds.JointPlan, name)
	g.on(kinds.JointPlan, name)
	if g.scope&Decisions != 0 {
		for _, review := range g.find(kinds.PlanOfReview, string(name)).Reviews {
			g.review(v1alpha1.Name(review.Name), review)
		}
	}
	if g.scope&Campaigns != 0 {
		for _, campaign := range g.find(kinds.PlanOfCampaign, string(name)).Campaigns {
			g.campaign(v1alpha1.Name(campaign.Name), campaign)
		}
	}
	if g.scope&Money != 0 {
		for _, allocation := range g.find(kinds.PlanOfAllocation, string(name)).Allocations {
			g.allocation(v1alpha1.Name(allocation.Name), allocation)
		}
	}
	if there {
		g.partner(plan.Spec.PartnerRef.Name)
	}
	for _, revision := range revisions {
		g.partner(revision.Spec.Terms.PartnerRef.Name)
	}
}

func (g *gathering) campaign(name v1alpha1.Name, given *v1alpha1.Campaign) {
	if !g.enter(kinds.Campaign, name) {
		return
	}
	campaign, there := orGet(g, kinds.Campaign, name, given)
	if g.scope&Campaigns != 0 {
		if there {
			g.found.Campaigns = append(g.found.Campaigns, campaign)
		}
		g.about(kinds.Campaign, name)
	}
	if there {
		g.plan(campaign.Spec.PlanRef.Name, nil)
	}
}

func (g *gathering) review(name v1alpha1.Name, given *v1alpha1.PlanReview) {
	if !g.enter(kinds.PlanReview, name) {
		return
	}
	review, there := orGet(g, kinds.PlanReview, name, given)
	if g.scope&Decisions != 0 {
		if there {
			g.found.Reviews = append(g.found.Reviews, review)
		}
		g.on(kinds.PlanReview, name)
	}
	if there {
		g.plan(review.Spec.PlanRef.Name, nil)
	}
}

func (g *gathering) allocation(name v1alpha1.Name, given *v1alpha1.MDFAllocation) {
	if !g.enter(kinds.MDFAllocation, name) {
		return
	}
	allocation, there := orGet(g, kinds.MDFAllocation, name, given)
	if g.scope&Money != 0 {
		if there {
			g.found.Allocations = append(g.found.Allocations, allocation)
		}
		g.on(kinds.MDFAllocation, name)
		for _, claim := range g.find(kinds.AllocationOfClaim, string(name)).Claims {
			g.claim(v1alpha1.Name(claim.Name), claim)
		}
	}
	if there {
		g.plan(allocation.Spec.PlanRef.Name, nil)
	}
}

func (g *gathering) claim(name v1alpha1.Name, given *v1alpha1.MDFClaim) {
	if !g.enter(kinds.MDFClaim, name) {
		return
	}
	claim, there := orGet(g, kinds.MDFClaim, name, given)
	if g.scope&Money != 0 {
		if there {
			g.found.Claims = append(g.found.Claims, claim)
		}
		g.on(kinds.MDFClaim, name)
	}
	if there {
		g.allocation(claim.Spec.AllocationRef.Name, nil)
		g.invoices(claim)
	}
}

// invoices gathers the claims that list an invoice of a claim, if one of the two is on a request that is gone. Each invoice is looked up once for claims
// of which somebody can tell whose they are, and once for the others.
func (g *gathering) invoices(claim *v1alpha1.MDFClaim) {
	if g.scope&Money == 0 {
		return
	}
	owned := g.owned(claim)
	for _, invoice := range kinds.InvoiceOfClaim.Values(claim) {
		if joined, looked := g.joined[invoice]; looked && (owned || joined) || !g.shared(invoice) {
			continue
		}
		g.joined[invoice] = !owned
		for _, other := range g.find(kinds.InvoiceOfClaim, invoice).Claims {
			if other.Name != claim.Name && !(owned && g.owned(other)) {
				g.claim(v1alpha1.Name(other.Name), other)
			}
		}
	}
}

// shared reports whether several claims list an invoice; after an error none does.
func (g *gathering) shared(invoice string) (shared bool) {
	if g.err == nil {
		shared, g.err = g.source.Shared(kinds.InvoiceOfClaim, invoice)
	}
	return shared && g.err == nil
}

// owned reports whether somebody can tell whose a claim is; after an error it is so.
func (g *gathering) owned(claim *v1alpha1.MDFClaim) bool {
	name := claim.Spec.AllocationRef.Name
	owned, known := g.owns[name]
	if g.err != nil || known {
		return owned || g.err != nil
	}
	owned, g.err = Owned(g.source, name)
	g.owns[name] = owned
	return owned || g.err != nil
}

// Owned reports whether a source can tell whose a request for money is: it is there, and so is its plan.
func Owned(source Source, allocation v1alpha1.Name) (bool, error) {
	found, err := source.Get(kinds.MDFAllocation, allocation)
	request, there := found.(*v1alpha1.MDFAllocation)
	if err != nil || !there {
		return false, err
	}
	plan, err := source.Get(kinds.JointPlan, request.Spec.PlanRef.Name)
	return plan != nil, err
}

// about adds the measurement sets about an object.
func (g *gathering) about(kind string, name v1alpha1.Name) {
	if g.scope&Results != 0 {
		g.found.Measurements = append(g.found.Measurements, g.find(kinds.SubjectOfSet, kinds.About(kind, name)).Measurements...)
	}
}

// on adds the decisions on an object.
func (g *gathering) on(kind string, name v1alpha1.Name) {
	if g.scope&Decisions != 0 {
		g.found.Decisions = append(g.found.Decisions, g.find(kinds.TargetOfDecision, kinds.About(kind, name)).Decisions...)
	}
}

// find asks the source; after an error nothing is found.
func (g *gathering) find(by *kinds.Reference, value string) *kinds.Objects {
	if g.err == nil {
		found, err := g.source.Find(by, value)
		if err == nil {
			return found
		}
		g.err = err
	}
	return &kinds.Objects{}
}

// get asks the source for an object; after an error there is none.
func get[T kinds.Object](g *gathering, kind string, name v1alpha1.Name) (object T, there bool) {
	if g.err != nil {
		return object, false
	}
	found, err := g.source.Get(kind, name)
	g.err = err
	if found == nil || err != nil {
		return object, false
	}
	object, there = found.(T)
	return object, there
}

// orGet returns the object that is at hand or, without one, what the source has.
func orGet[T interface {
	comparable
	kinds.Object
}](g *gathering, kind string, name v1alpha1.Name, given T) (object T, there bool) {
	var none T
	if given != none {
		return given, true
	}
	return get[T](g, kind, name)
}
