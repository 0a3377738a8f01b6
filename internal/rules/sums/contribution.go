package sums

import (
	"cmp"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/suspension"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
	"jointplan.dev/jointplan/internal/verdict"
)

// Partner names a partner among those of all namespaces, as namespace/name.
type Partner string

// KeyOf returns the name of a partner.
func KeyOf(partner *v1alpha1.Partner) Partner {
	return Partner(partner.Namespace + "/" + partner.Name)
}

// Evaluated are a partner and what hangs on it, with their statuses.
type Evaluated struct {
	// Partner is the partner.
	Partner *v1alpha1.Partner
	// Plans are its plans, open and closed.
	Plans []*v1alpha1.JointPlan
	// Requests are its requests for money.
	Requests []*v1alpha1.MDFAllocation
	// Claims are the claims on them.
	Claims []*v1alpha1.MDFClaim
}

// Contribution is what one partner adds to the sums of its program.
type Contribution struct {
	// Partner is the partner.
	Partner Partner

	awaited     bool      // whether it or one of its plans is not evaluated
	distributor bool      // whether it sells through others
	above       []Partner // the distributors above it, nearest first
	tier        v1alpha1.Name
	grace       bool
	moves       []move
	markets     []market
	certified   map[v1alpha1.Name]int32
	groups      []group // of the partner itself, but for the segment
	plans       []planShare
	manager     v1alpha1.Name       // who looks after it; absent when nothing is collected about managers
	evidence    channelmanager.Sums // what it adds to that one's
}

// market is a segment of a territory.
type market struct{ territory, segment v1alpha1.Name }

// group is one group of a grouping.
type group struct {
	by   v1alpha1.ReportGrouping
	name string
}

// move is a change of tier.
type move struct {
	on   fiscal.Day
	tier string
	up   bool
}

// planShare is what a plan adds.
type planShare struct {
	name     string // namespace/name
	span     fiscal.Span
	groups   []group
	approved bool
	closed   bool
	overdue  bool
	verdict  string
	goals    []goalShare
	accounts map[string]v1alpha1.Title // by how they are compared
	pace     pace
	money    []moneyShare
	spends   []spendShare
	benefits []benefitShare
}

// goalShare is what the goals of one metric add to a group.
type goalShare struct {
	metric    v1alpha1.Name
	group     group // by initiative, or the total for all other groupings
	inclusive bool  // whether the resellers' figures are in it
	figures   figures
}

// figures are what plans aim at, have reached and will reach.
type figures struct {
	plans, forecasts                                  int
	target, original, actual, forecast, forecastsGoal amount
}

func (f *figures) add(g *figures, sign int) {
	f.plans, f.forecasts = f.plans+sign*g.plans, f.forecasts+sign*g.forecasts
	add(&f.target, g.target, sign)
	add(&f.original, g.original, sign)
	add(&f.actual, g.actual, sign)
	add(&f.forecast, g.forecast, sign)
	add(&f.forecastsGoal, g.forecastsGoal, sign)
}

// part returns percent hundredths of figures.
func (f *figures) part(percent int32) figures {
	return figures{
		plans: f.plans, forecasts: f.forecasts, target: f.target.part(percent), original: f.original.part(percent), actual: f.actual.part(percent),
		forecast: f.forecast.part(percent), forecastsGoal: f.forecastsGoal.part(percent),
	}
}

// pace is how long a plan's planning took, and in whose hands it lies.
type pace struct {
	days                    int // from submission to approval; only when known
	known                   bool
	hands                   v1alpha1.Party // who it waits for; absent once it is approved
	vendorDays, partnerDays int
}

// moneyShare is the money of a plan by budget.
type moneyShare struct {
	requests                                    int // how many are added up; 1 of one
	budget                                      v1alpha1.Name
	currency                                    v1alpha1.CurrencyCode
	granted, unclaimed, undecided, unpaid, paid amount
}

// Of returns what a partner adds to the sums of a program, and the next instant at which it may differ although no status does (zero: never).
func Of(settings Settings, in Evaluated, now time.Time) (*Contribution, time.Time) {
	prog := settings.Program
	today, horizon := prog.Today(now), verdict.NewHorizon(now)
	p := in.Partner
	c := &Contribution{
		Partner: KeyOf(p), distributor: p.Spec.Type == v1alpha1.PartnerDistributor, tier: p.Status.EffectiveTier, awaited: !settled(p),
		certified: certified(prog, p, today, horizon), markets: marketsOf(prog, p),
	}
	for _, above := range p.Status.Ancestors {
		c.above = append(c.above, Partner(above))
	}
	c.moves, c.grace = movesOf(p.Status.Evaluations)
	c.evident(settings, in)
	c.groups = c.groupsOf(p, settings.Strategy.Managers != nil)
	money := moneyOf(in)
	for _, plan := range in.Plans {
		c.awaited = c.awaited || !settled(plan)
		if share, ok := c.planOf(prog, p, plan); ok {
			share.money = money[v1alpha1.Name(plan.Name)]
			share.pace = paceOf(&plan.Status, today)
			if share.pace.hands != "" {
				horizon.At(prog.Calendar.EndOf(today))
			}
			c.plans = append(c.plans, share)
		}
	}
	slices.SortFunc(c.plans, func(a, b planShare) int { return cmp.Compare(a.name, b.name) })
	return c, horizon.Next()
}

// settled reports whether an object has a status of its current spec, or gets none because it is suspended.
func settled(x kinds.Evaluated) bool {
	return suspension.Requested(x) || x.Common().ObservedGeneration >= x.GetGeneration()
}

// certified counts the people who hold each competency today.
func certified(prog *program.Program, p *v1alpha1.Partner, today fiscal.Day, horizon *verdict.Horizon) map[v1alpha1.Name]int32 {
	held := map[v1alpha1.Name]map[string]bool{}
	for i := range p.Spec.Competencies {
		x := &p.Spec.Competencies[i]
		from, errFrom := fiscal.ParseDay(x.From)
		through, errThrough := fiscal.ParseDay(x.Through)
		if errFrom != nil && x.From != "" || errThrough != nil && x.Through != "" {
			continue
		}
		if x.From != "" {
			horizon.At(prog.Calendar.StartOf(from))
		}
		if x.Through != "" {
			horizon.At(prog.Calendar.EndOf(through))
		}
		if x.From != "" && today < from || x.Through != "" && today > through {
			continue
		}
		if held[x.Name] == nil {
			held[x.Name] = map[string]bool{}
		}
		held[x.Name][identity.PersonKey(string(x.Person))] = true
	}
	counts := make(map[v1alpha1.Name]int32, len(held))
	for name, people := range held {
		counts[name] = int32(len(people)) //nolint:gosec // at most 256
	}
	return counts
}

// marketsOf returns the markets that a partner sells in: each of its segments in each of its territories, as the catalogues have them.
func marketsOf(prog *program.Program, p *v1alpha1.Partner) []market {
	var all []market
	for _, territory := range p.Spec.Territories {
		for _, segment := range p.Spec.Segments {
			if prog.UnknownTerritory(territory) == "" && prog.UnknownSegment(segment) == "" {
				all = append(all, market{territory, segment})
			}
		}
	}
	return all
}

// movesOf returns the changes of tier among evaluations, newest first, and whether the last one held the tier in grace.
func movesOf(evaluations []v1alpha1.TierEvaluation) (moves []move, grace bool) {
	for i := range evaluations {
		x := &evaluations[i]
		grace = grace || i == 0 && x.Outcome == outcomeHeldInGrace
		on, err := fiscal.ParseDay(x.Day)
		if err == nil && (x.Outcome == outcomePromoted || x.Outcome == outcomeDemoted) {
			moves = append(moves, move{on: on, tier: x.Effective, up: x.Outcome == outcomePromoted})
		}
	}
	return moves, grace
}

// Outcomes of evaluations of tiers.
const (
	outcomePromoted    = "Promoted"
	outcomeDemoted     = "Demoted"
	outcomeHeldInGrace = "HeldInGrace"
)

// groupsOf returns the groups of a partner: its place in each grouping that does not depend on the plan.
func (c *Contribution) groupsOf(p *v1alpha1.Partner, managers bool) []group {
	groups := []group{
		{v1alpha1.GroupTotal, ""},
		{v1alpha1.GroupTier, orNone(p.Status.EffectiveTier)},
		{v1alpha1.GroupRegion, orNone(p.Spec.Region)},
		{v1alpha1.GroupTerritory, Place(v1alpha1.GroupTerritory, p, nil)},
		{v1alpha1.GroupDistributor, Place(v1alpha1.GroupDistributor, p, nil)},
	}
	if managers {
		groups = append(groups, group{v1alpha1.GroupManager, orNone(c.manager)})
	}
	return groups
}

// evident says what a partner adds to the evidence about who looks after it; nothing where none is kept.
func (c *Contribution) evident(settings Settings, in Evaluated) {
	policy, ref := settings.Strategy.Managers, in.Partner.Spec.ManagerRef
	if policy == nil || ref == nil {
		return
	}
	c.manager = ref.Name
	c.evidence = channelmanager.Of(&channelmanager.Source{
		Program: settings.Program, Policy: policy, Partner: in.Partner, Plans: in.Plans, Reconciliation: reconciled, LatePayments: latePayments(in),
	})
}

// reconciled says how the reconciliation of a plan stands.
func reconciled(plan *v1alpha1.JointPlan) channelmanager.Reconciliation {
	r := plan.Status.Reconciliation
	switch {
	case r == nil:
		return channelmanager.ReconciliationNotOwed
	case r.State == v1alpha1.ReconciliationOverdue, r.State == v1alpha1.ReconciliationHeld && r.DaysLate != nil:
		return channelmanager.ReconciliationLate
	case r.State == v1alpha1.ReconciliationHeld:
		return channelmanager.ReconciliationInTime
	default:
		return channelmanager.ReconciliationOpen
	}
}

// latePayments returns how many claims under a plan the vendor paid late, or has not paid although it had to; nil where no payment has a day.
func latePayments(in Evaluated) func(*v1alpha1.JointPlan) int {
	planOf := map[v1alpha1.Name]v1alpha1.Name{}
	for _, request := range in.Requests {
		planOf[v1alpha1.Name(request.Name)] = request.Spec.PlanRef.Name
	}
	late, promised := map[v1alpha1.Name]int{}, false
	for _, claim := range in.Claims {
		due := claim.Status.PaymentDue
		promised = promised || due != nil
		if due != nil && (due.DaysLate != nil || due.OverdueSince != "") {
			late[planOf[claim.Spec.AllocationRef.Name]]++
		}
	}
	if !promised {
		return nil
	}
	return func(plan *v1alpha1.JointPlan) int { return late[v1alpha1.Name(plan.Name)] }
}

func orNone(name v1alpha1.Name) string { return cmp.Or(string(name), v1alpha1.InNone) }

// oneOf returns the group of what has these names: the one, or none, or several.
func oneOf(names []v1alpha1.Name) string {
	switch len(names) {
	case 0:
		return v1alpha1.InNone
	case 1:
		return string(names[0])
	default:
		return v1alpha1.InSeveral
	}
}

// planOf returns what a plan adds; ok is false for one whose period is not known.
func (c *Contribution) planOf(prog *program.Program, p *v1alpha1.Partner, plan *v1alpha1.JointPlan) (share planShare, ok bool) {
	if plan.Status.Period == nil {
		return share, false
	}
	span, err := fiscal.ParseSpan(plan.Status.Period.From, plan.Status.Period.Through)
	if err != nil {
		return share, false
	}
	initiative := v1alpha1.InNone
	if alignment := plan.Status.Alignment; alignment != nil {
		initiative = oneOf(alignment.Covered)
	}
	share = planShare{
		name: plan.Namespace + "/" + plan.Name, span: span, approved: plan.Status.PlanOfRecord != nil, closed: plan.Status.Stage == v1alpha1.StageClosed,
		overdue: meta.IsStatusConditionTrue(plan.Status.Conditions, v1alpha1.ConditionReviewOverdue), verdict: verdictOf(plan),
		groups: append(slices.Clip(c.groups), group{v1alpha1.GroupSegment, Place(v1alpha1.GroupSegment, p, plan)}, group{v1alpha1.GroupInitiative, initiative}),
		goals:  goalsOf(prog, plan), accounts: accountsOf(plan), spends: spendsOf(plan), benefits: benefitsOf(plan),
	}
	return share, true
}

func verdictOf(plan *v1alpha1.JointPlan) string {
	if condition := meta.FindStatusCondition(plan.Status.Conditions, v1alpha1.ConditionOnTrack); condition != nil {
		return condition.Reason
	}
	return ""
}

// accountsOf returns the accounts that a plan pursues while it is not closed, by how they are compared.
func accountsOf(plan *v1alpha1.JointPlan) map[string]v1alpha1.Title {
	if plan.Status.Stage == v1alpha1.StageClosed {
		return nil
	}
	accounts := map[string]v1alpha1.Title{}
	for i := range plan.Spec.TargetAccounts {
		name := plan.Spec.TargetAccounts[i].Name
		if key := identity.SupplierKey(string(name)); key != "" {
			accounts[key] = name
		}
	}
	return accounts
}
