package sums

import (
	"maps"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/rules/channelmanager"
)

// Sums are the contributions of all partners of a program, added up.
type Sums struct {
	partners map[Partner]*Contribution
	awaited  int
	groups   map[group]int // partners
	tiers    map[v1alpha1.Name]int
	grace    map[v1alpha1.Name]int
	moves    map[move]int
	markets  map[market]map[Partner]bool
	accounts map[string]map[claim]v1alpha1.Title
	spans    map[fiscal.Span]*period
	managers map[v1alpha1.Name]*channelmanager.Sums
}

// claim is a plan that names an account.
type claim struct {
	partner Partner
	plan    string
	span    fiscal.Span
}

// period is what the plans of one span add up to.
type period struct {
	plans     int
	groups    map[group]*standing
	served    map[group]map[Partner]int // plans, of groups by initiative and segment
	sums      map[sumKey]*figures
	inclusive map[inclusion]int
	days      days
	pace      pace
	hands     map[v1alpha1.Party]int
	money     map[moneyKey]*moneyShare
	spends    map[group]*spent
	benefits  map[v1alpha1.Name]*benefitShare
}

// spent is what the campaigns of some plans brought and cost.
type spent struct {
	spend

	plans int
}

// standing is how the plans of a group stand.
type standing struct {
	plans, approved, closed, overdue int
	verdicts                         map[string]int
}

// sumKey is where figures are added: a group and a metric, and the distributors above the partners that they are of.
type sumKey struct {
	group  group
	metric v1alpha1.Name
	above  chain
}

// chain are distributors, nearest first, with a line break between two.
type chain string

// inclusion is a metric of which a distributor's figures hold those of its resellers.
type inclusion struct {
	distributor Partner
	metric      v1alpha1.Name
}

type moneyKey struct {
	budget   v1alpha1.Name
	currency v1alpha1.CurrencyCode
}

// New returns the sums of nothing.
func New() *Sums {
	return &Sums{
		partners: map[Partner]*Contribution{}, groups: map[group]int{}, tiers: map[v1alpha1.Name]int{}, grace: map[v1alpha1.Name]int{}, moves: map[move]int{},
		markets: map[market]map[Partner]bool{}, accounts: map[string]map[claim]v1alpha1.Title{}, spans: map[fiscal.Span]*period{},
		managers: map[v1alpha1.Name]*channelmanager.Sums{},
	}
}

// Set puts the contribution of a partner in the place of the one that it had.
func (s *Sums) Set(c *Contribution) {
	s.Remove(c.Partner)
	s.partners[c.Partner] = c
	s.add(c, 1)
}

// Remove takes the contribution of a partner away.
func (s *Sums) Remove(partner Partner) {
	if old := s.partners[partner]; old != nil {
		s.add(old, -1)
		delete(s.partners, partner)
	}
}

// Partners returns the partners that contribute, in order.
func (s *Sums) Partners() []Partner { return slices.Sorted(maps.Keys(s.partners)) }

// Manager returns the evidence about a channel manager: that of all partners that name it.
func (s *Sums) Manager(name v1alpha1.Name) channelmanager.Sums {
	var all channelmanager.Sums
	if known := s.managers[name]; known != nil {
		all.Add(*known) // a copy, as they change
	}
	return all
}

// add adds a contribution, or takes it away where sign is -1.
func (s *Sums) add(c *Contribution, sign int) {
	if c.awaited {
		s.awaited += sign
	}
	for _, g := range c.groups {
		count(s.groups, g, sign)
	}
	count(s.tiers, c.tier, sign)
	if c.grace {
		count(s.grace, c.tier, sign)
	}
	for _, m := range c.moves {
		count(s.moves, m, sign)
	}
	for _, m := range c.markets {
		put(s.markets, m, c.Partner, true, sign)
	}
	if c.manager != "" {
		s.addEvidence(c, sign)
	}
	for i := range c.plans {
		s.addPlan(c, &c.plans[i], sign)
	}
}

func (s *Sums) addEvidence(c *Contribution, sign int) {
	x := s.managers[c.manager]
	if x == nil {
		x = &channelmanager.Sums{}
		s.managers[c.manager] = x
	}
	if sign > 0 {
		x.Add(c.evidence)
		return
	}
	x.Subtract(c.evidence)
	if x.Partners == 0 {
		delete(s.managers, c.manager)
	}
}

func (s *Sums) addPlan(c *Contribution, plan *planShare, sign int) {
	for key, name := range plan.accounts {
		put(s.accounts, key, claim{c.Partner, plan.name, plan.span}, name, sign)
	}
	p := s.spans[plan.span]
	if p == nil {
		p = newPeriod()
		s.spans[plan.span] = p
	}
	p.plans += sign
	for _, g := range plan.groups {
		p.stand(g, plan, sign)
		if !slices.Contains(c.groups, g) { // that of a plan, not of its partner
			if p.served[g] == nil {
				p.served[g] = map[Partner]int{}
			}
			count(p.served[g], c.Partner, sign)
		}
	}
	above := chainOf(c.above)
	for i := range plan.goals {
		goal := &plan.goals[i]
		if goal.inclusive && c.distributor && goal.group.by == v1alpha1.GroupTotal {
			count(p.inclusive, inclusion{c.Partner, goal.metric}, sign)
		}
		for _, g := range plan.in(goal.group) {
			p.sum(sumKey{g, goal.metric, above}, &goal.figures, sign)
		}
	}
	for i := range plan.spends {
		x := &plan.spends[i]
		for _, g := range plan.in(x.group) {
			p.addSpend(g, &x.spend, sign)
		}
	}
	for i := range plan.benefits {
		p.addBenefit(&plan.benefits[i], sign)
	}
	p.addPace(&plan.pace, sign)
	for i := range plan.money {
		p.addMoney(&plan.money[i], sign)
	}
	if p.plans == 0 {
		delete(s.spans, plan.span)
	}
}

// in returns the groups in which a share of a plan counts: one by initiative in its own, one of the total in all groups that are of no initiative.
func (plan *planShare) in(of group) []group {
	if of.by == v1alpha1.GroupInitiative {
		return []group{of}
	}
	return slices.DeleteFunc(slices.Clone(plan.groups), func(g group) bool { return g.by == v1alpha1.GroupInitiative })
}

func newPeriod() *period {
	return &period{
		groups: map[group]*standing{}, served: map[group]map[Partner]int{}, sums: map[sumKey]*figures{}, inclusive: map[inclusion]int{}, days: days{},
		hands: map[v1alpha1.Party]int{}, money: map[moneyKey]*moneyShare{}, spends: map[group]*spent{},
		benefits: map[v1alpha1.Name]*benefitShare{},
	}
}

func (p *period) stand(g group, plan *planShare, sign int) {
	x := p.groups[g]
	if x == nil {
		x = &standing{verdicts: map[string]int{}}
		p.groups[g] = x
	}
	x.plans += sign
	for _, one := range []struct {
		is bool
		of *int
	}{{plan.approved, &x.approved}, {plan.closed, &x.closed}, {plan.overdue, &x.overdue}} {
		if one.is {
			*one.of += sign
		}
	}
	count(x.verdicts, plan.verdict, sign)
	if x.plans == 0 {
		delete(p.groups, g)
	}
}

func (p *period) sum(key sumKey, of *figures, sign int) {
	x := p.sums[key]
	if x == nil {
		x = &figures{}
		p.sums[key] = x
	}
	x.add(of, sign)
	if x.plans == 0 {
		delete(p.sums, key)
	}
}

func (p *period) addSpend(g group, of *spend, sign int) {
	x := p.spends[g]
	if x == nil {
		x = &spent{}
		p.spends[g] = x
	}
	x.add(of, sign)
	if x.plans += sign; x.plans == 0 {
		delete(p.spends, g)
	}
}

func (p *period) addPace(of *pace, sign int) {
	if of.known {
		p.days.add(of.days, sign)
	}
	if of.hands != "" {
		count(p.hands, of.hands, sign)
	}
	p.pace.vendorDays += sign * of.vendorDays
	p.pace.partnerDays += sign * of.partnerDays
}

func (p *period) addMoney(of *moneyShare, sign int) {
	key := moneyKey{of.budget, of.currency}
	x := p.money[key]
	if x == nil {
		x = &moneyShare{budget: of.budget, currency: of.currency}
		p.money[key] = x
	}
	x.add(of, sign)
	if x.requests == 0 {
		delete(p.money, key)
	}
}

// add adds the money of other requests.
func (m *moneyShare) add(of *moneyShare, sign int) {
	m.requests += sign * of.requests
	add(&m.granted, of.granted, sign)
	add(&m.unclaimed, of.unclaimed, sign)
	add(&m.undecided, of.undecided, sign)
	add(&m.unpaid, of.unpaid, sign)
	add(&m.paid, of.paid, sign)
}

func chainOf(above []Partner) chain {
	names := make([]string, len(above))
	for i, x := range above {
		names[i] = string(x)
	}
	return chain(strings.Join(names, "\n"))
}

// count adds to a number, which is forgotten when it is zero.
func count[K comparable](numbers map[K]int, key K, n int) {
	if numbers[key] += n; numbers[key] == 0 {
		delete(numbers, key)
	}
}

// put puts a value into one of several maps or, where sign is -1, takes it out.
func put[K, L comparable, V any](all map[K]map[L]V, key K, in L, value V, sign int) {
	if sign < 0 {
		delete(all[key], in)
		if len(all[key]) == 0 {
			delete(all, key)
		}
		return
	}
	if all[key] == nil {
		all[key] = map[L]V{}
	}
	all[key][in] = value
}
