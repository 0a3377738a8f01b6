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
}

// spendShare is what the campaigns of a plan brought and cost: in all, and by initiative.
type spendShare struct {
	group group // by initiative, or the total for all other groupings
	spend spend
}

// spend is what campaigns brought and cost.
type spend struct {
	cost, revenue, pipeline, leads, granted, paid amount
}

func (x *spend) add(y *spend, sign int) {
	add(&x.cost, y.cost, sign)
	add(&x.revenue, y.revenue, sign)
	add(&x.pipeline, y.pipeline, sign)
	add(&x.leads, y.leads, sign)
	add(&x.granted, y.granted, sign)
	add(&x.paid, y.paid, sign)
}

func (x *spend) isZero() bool {
	return x.cost.isZero() && x.revenue.isZero() && x.pipeline.isZero() && x.leads.isZero() && x.granted.isZero() && x.paid.isZero()
}

// spendOf reads what campaigns brought and cost; what was not measured is nothing.
func spendOf(cost, revenue, pipeline, leads, granted, paid v1alpha1.Decimal) (x spend) {
	x.cost, _ = read(cost)
	x.revenue, _ = read(revenue)
	x.pipeline, _ = read(pipeline)
	x.leads, _ = read(leads)
	x.granted, _ = read(granted)
	x.paid, _ = read(paid)
	return x
}

// groupsOfPipelines are the entries of a plan's pipeline that are of no one initiative.
var groupsOfPipelines = map[v1alpha1.Name]string{"several": v1alpha1.InSeveral, "none": v1alpha1.InNone}

// spendsOf returns what the campaigns of a plan brought and cost. Leads are not told apart by initiative.
func spendsOf(plan *v1alpha1.JointPlan) []spendShare {
	p := plan.Status.Pipeline
	if p == nil {
		return nil
	}
	all := []spendShare{{group{by: v1alpha1.GroupTotal}, spendOf(p.Cost, p.Revenue, p.Pipeline, p.Leads, p.MDFGranted, p.MDFPaid)}}
	for i := range p.Initiatives {
		x := &p.Initiatives[i]
		name := cmp.Or(groupsOfPipelines[x.Initiative], string(x.Initiative))
		if share := spendOf(x.Cost, x.Revenue, x.Pipeline, "", x.MDFGranted, x.MDFPaid); !share.isZero() {
			all = append(all, spendShare{group{v1alpha1.GroupInitiative, name}, share})
		}
	}
	return all
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
		goals:  goalsOf(prog, plan), accounts: accountsOf(plan), spends: spendsOf(plan),
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
		shares = append(shares, sharesOf(metric, byMetric[metric])...)
	}
	return shares
}

// sharesOf returns what goals of one metric add: to the total, and to each initiative.
func sharesOf(metric v1alpha1.Name, goals []*v1alpha1.GoalStatus) []goalShare {
	last := slices.MaxFunc(goals, func(a, b *v1alpha1.GoalStatus) int { return cmp.Compare(a.Due, b.Due) }).Due
	goals = slices.DeleteFunc(slices.Clone(goals), func(g *v1alpha1.GoalStatus) bool { return g.Due != last })
	whole := goalShare{metric: metric, group: group{by: v1alpha1.GroupTotal}}
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

// moneyOf returns the money of requests by plan.
func moneyOf(in Evaluated) map[v1alpha1.Name][]moneyShare {
	open := map[v1alpha1.Name]*moneyShare{} // by request: what its claims come to
	for _, claim := range in.Claims {
		name := claim.Spec.AllocationRef.Name
		if open[name] == nil {
			open[name] = &moneyShare{}
		}
		payable, paid := amountOf(claim.Status.Payable), amountOf(claim.Status.Paid)
		rest := payable.minus(paid)
		switch claim.Status.Stage { //nolint:exhaustive // of others nothing is to be paid, or all is
		case v1alpha1.ClaimAccepted:
			add(&open[name].unpaid, rest, 1)
		case v1alpha1.ClaimPendingDecision, v1alpha1.ClaimSentBack:
			add(&open[name].undecided, rest, 1)
		}
	}
	all := map[v1alpha1.Name][]moneyShare{}
	for _, request := range in.Requests {
		if request.Status.Granted == nil {
			continue
		}
		share := moneyShare{requests: 1, budget: request.Spec.BudgetRef.Name, currency: request.Status.Granted.Currency, granted: amountOf(request.Status.Granted)}
		share.paid = amountOf(request.Status.Paid)
		if claims := open[v1alpha1.Name(request.Name)]; claims != nil {
			share.undecided, share.unpaid = claims.undecided, claims.unpaid
		}
		share.unclaimed = amountOf(request.Status.Reserved)
		add(&share.unclaimed, share.undecided, -1)
		add(&share.unclaimed, share.unpaid, -1)
		share.unclaimed = share.unclaimed.atLeastZero()
		all[request.Spec.PlanRef.Name] = append(all[request.Spec.PlanRef.Name], share)
	}
	return all
}

func amountOf(money *v1alpha1.Money) amount {
	if money == nil {
		return amount{}
	}
	a, _ := read(money.Amount)
	return a
}
