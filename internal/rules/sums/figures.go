package sums

import (
	"cmp"
	"maps"
	"math/big"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
)

// Limits of the lists of a report.
const (
	maxGroups    = 200
	maxSums      = 450
	maxConflicts = 40
	maxPlans     = 8
	maxExposures = 64
	maxTiers     = 32
	maxBenefits  = 64
)

// Settings are what a report is read off with besides the sums.
type Settings struct {
	// Program is the program.
	Program *program.Program
	// Strategy is what the vendor wants of it; an empty one when there is none.
	Strategy *v1alpha1.ChannelStrategySpec
	// CostCentres are those of the budgets, by name.
	CostCentres map[v1alpha1.Name]v1alpha1.Word
}

// Figures returns the figures of a period: of all plans whose period lies in it.
func (s *Sums) Figures(in Settings, span fiscal.Span, today fiscal.Day) *v1alpha1.ReportFigures {
	of := s.within(span)
	f := &v1alpha1.ReportFigures{
		Partners: int32(len(s.partners)), Awaited: int32(s.awaited), //nolint:gosec // far below the limit
		Coverage: s.coverage(in, of.plansOf), Overlaps: s.overlaps(), Conflicts: s.conflicts(in, span), Tiers: s.movements(in, span, today),
		Planning: of.planning(in), Exposure: of.exposure(in), Benefits: s.benefits(in, of, span),
	}
	f.Groups = s.groupsOf(of)
	f.Sums = of.sumsOf()
	f.Targets = targets(in, span, f.Sums)
	return f
}

// reach is what the plans within a period add up to.
type reach struct {
	*period

	total   map[group]map[v1alpha1.Name]*figures // the sums, each result counted once
	plansOf map[Partner]int
}

// within adds up the spans that lie in a period.
func (s *Sums) within(span fiscal.Span) *reach {
	of := &reach{period: newPeriod(), total: map[group]map[v1alpha1.Name]*figures{}, plansOf: map[Partner]int{}}
	for one, p := range s.spans {
		if !span.Covers(one) {
			continue
		}
		of.merge(p)
	}
	for partner, c := range s.partners {
		for i := range c.plans {
			if span.Covers(c.plans[i].span) {
				of.plansOf[partner]++
			}
		}
	}
	for key, x := range of.sums {
		if of.counted(key) {
			continue
		}
		if of.total[key.group] == nil {
			of.total[key.group] = map[v1alpha1.Name]*figures{}
		}
		if of.total[key.group][key.metric] == nil {
			of.total[key.group][key.metric] = &figures{}
		}
		of.total[key.group][key.metric].add(x, 1)
	}
	return of
}

// counted reports whether a distributor above counts the figures as its own.
func (p *period) counted(key sumKey) bool {
	if key.above == "" || len(p.inclusive) == 0 {
		return false
	}
	return slices.ContainsFunc(strings.Split(string(key.above), "\n"), func(distributor string) bool {
		return p.inclusive[inclusion{Partner(distributor), key.metric}] > 0
	})
}

// merge adds another period.
func (p *period) merge(q *period) {
	p.plans += q.plans
	for g, x := range q.groups {
		y := p.groups[g]
		if y == nil {
			y = &standing{verdicts: map[string]int{}}
			p.groups[g] = y
		}
		y.plans, y.approved, y.closed, y.overdue = y.plans+x.plans, y.approved+x.approved, y.closed+x.closed, y.overdue+x.overdue
		for verdict, n := range x.verdicts {
			y.verdicts[verdict] += n
		}
	}
	for g, partners := range q.served {
		for partner, n := range partners {
			if p.served[g] == nil {
				p.served[g] = map[Partner]int{}
			}
			p.served[g][partner] += n
		}
	}
	for key, x := range q.sums {
		p.sum(key, x, 1)
	}
	for key, n := range q.inclusive {
		p.inclusive[key] += n
	}
	for value, n := range q.days {
		p.days.add(value, n)
	}
	for party, n := range q.hands {
		p.hands[party] += n
	}
	p.pace.vendorDays += q.pace.vendorDays
	p.pace.partnerDays += q.pace.partnerDays
	for _, x := range q.money {
		p.addMoney(x, 1)
	}
	for _, x := range q.benefits {
		p.addBenefit(x, 1)
	}
	for g, x := range q.spends {
		y := p.spends[g]
		if y == nil {
			y = &spent{}
			p.spends[g] = y
		}
		y.add(&x.spend, 1)
		y.plans += x.plans
	}
}

// order of groupings, as a report lists them.
var order = []v1alpha1.ReportGrouping{
	v1alpha1.GroupTotal, v1alpha1.GroupInitiative, v1alpha1.GroupTier, v1alpha1.GroupRegion, v1alpha1.GroupSegment, v1alpha1.GroupTerritory,
	v1alpha1.GroupDistributor, v1alpha1.GroupManager,
}

// compareGroups orders groups by grouping and name; what is in none, in several or among the others comes last.
func compareGroups(a, b group) int {
	last := func(g group) int {
		if strings.HasPrefix(g.name, "(") {
			return 1
		}
		return 0
	}
	return cmp.Or(cmp.Compare(slices.Index(order, a.by), slices.Index(order, b.by)), cmp.Compare(last(a), last(b)), cmp.Compare(a.name, b.name))
}

// groupsOf returns the groups of a period.
func (s *Sums) groupsOf(of *reach) []v1alpha1.ReportGroup {
	partners := maps.Clone(s.groups)
	for g, served := range of.served {
		partners[g] = len(served)
	}
	all := map[group]bool{}
	for g := range partners {
		all[g] = true
	}
	for g := range of.groups {
		all[g] = true
	}
	for g := range of.spends {
		all[g] = true
	}
	all[group{by: v1alpha1.GroupTotal}] = true
	kept := keep(slices.Collect(maps.Keys(all)), func(g group) int { return size(of.groups[g]) }, func(most int) bool {
		return most*(len(order)-1) < maxGroups
	})
	rows, money := map[group]*v1alpha1.ReportGroup{}, map[group]*spend{}
	for g := range all {
		at := kept(g)
		row := rows[at]
		if row == nil {
			row = &v1alpha1.ReportGroup{By: at.by, Group: at.name}
			rows[at], money[at] = row, &spend{}
		}
		if x := of.spends[g]; x != nil {
			money[at].add(&x.spend, 1)
		}
		row.Partners += int32(partners[g]) //nolint:gosec // far below the limit
		if x := of.groups[g]; x != nil {
			addStanding(row, x)
		}
	}
	var list []v1alpha1.ReportGroup
	for _, g := range slices.SortedFunc(maps.Keys(rows), compareGroups) {
		money[g].write(rows[g])
		list = append(list, *rows[g])
	}
	return list
}

// write writes down what campaigns brought and cost, as far as there is any of it.
func (x *spend) write(row *v1alpha1.ReportGroup) {
	for _, one := range []struct {
		from amount
		to   *v1alpha1.Decimal
	}{
		{x.cost, &row.Cost}, {x.revenue, &row.Revenue}, {x.pipeline, &row.Pipeline}, {x.leads, &row.Leads}, {x.granted, &row.MDFGranted}, {x.paid, &row.MDFPaid},
	} {
		if !one.from.isZero() {
			*one.to = one.from.shown()
		}
	}
}

func size(x *standing) int {
	if x == nil {
		return 0
	}
	return x.plans
}

//nolint:gosec // numbers of plans are far below the limit
func addStanding(row *v1alpha1.ReportGroup, x *standing) {
	row.Plans += int32(x.plans)
	row.Approved += int32(x.approved)
	row.Closed += int32(x.closed)
	row.Overdue += int32(x.overdue)
	for verdict, n := range x.verdicts {
		switch verdict {
		case v1alpha1.ReasonOnTrack:
			row.Verdicts.OnTrack += int32(n)
		case v1alpha1.ReasonAtRisk:
			row.Verdicts.AtRisk += int32(n)
		case v1alpha1.ReasonOffTrack:
			row.Verdicts.OffTrack += int32(n)
		default:
			row.Verdicts.Unknown += int32(n)
		}
	}
}

// keep returns which group each group is listed under: itself or, beyond as many of a grouping as fit, the others. Those with the most plans are kept.
func keep(all []group, plans func(group) int, fits func(most int) bool) func(group) group {
	byGrouping := map[v1alpha1.ReportGrouping][]group{}
	largest := 0
	for _, g := range all {
		byGrouping[g.by] = append(byGrouping[g.by], g)
		largest = max(largest, len(byGrouping[g.by]))
	}
	most := max(largest, 1)
	for most > 1 && !fits(most) {
		most--
	}
	dropped := map[group]bool{}
	for _, groups := range byGrouping {
		if len(groups) <= most {
			continue
		}
		slices.SortFunc(groups, func(a, b group) int { return cmp.Or(cmp.Compare(plans(b), plans(a)), compareGroups(a, b)) })
		for _, g := range groups[most-1:] { // one place is for the others
			dropped[g] = true
		}
	}
	return func(g group) group {
		if dropped[g] {
			return group{g.by, v1alpha1.InOthers}
		}
		return g
	}
}

// sumsOf returns the sums of a period.
func (of *reach) sumsOf() []v1alpha1.ReportSum {
	metrics := map[v1alpha1.Name]bool{}
	for _, byMetric := range of.total {
		for metric := range byMetric {
			metrics[metric] = true
		}
	}
	kept := keep(slices.Collect(maps.Keys(of.total)), func(g group) int { return size(of.groups[g]) }, func(most int) bool {
		return (most*(len(order)-1)+1)*len(metrics) <= maxSums
	})
	type row struct {
		group  group
		metric v1alpha1.Name
	}
	rows := map[row]*figures{}
	for g, byMetric := range of.total {
		for metric, x := range byMetric {
			at := row{kept(g), metric}
			if rows[at] == nil {
				rows[at] = &figures{}
			}
			rows[at].add(x, 1)
		}
	}
	var list []v1alpha1.ReportSum
	for _, at := range slices.SortedFunc(maps.Keys(rows), func(a, b row) int {
		return cmp.Or(compareGroups(a.group, b.group), cmp.Compare(a.metric, b.metric))
	}) {
		list = append(list, rows[at].sum(at.group, at.metric))
	}
	return list[:min(len(list), maxSums)]
}

// sum writes figures down.
func (f *figures) sum(of group, metric v1alpha1.Name) v1alpha1.ReportSum {
	row := v1alpha1.ReportSum{
		By: of.by, Group: of.name, Metric: metric, Plans: int32(f.plans), Target: f.target.shown(), Actual: f.actual.shown(), //nolint:gosec // far below the limit
	}
	if f.original.cmp(f.target) != 0 {
		row.OriginalTarget = f.original.shown()
	}
	without := f.target.minus(f.forecastsGoal)
	if !without.isZero() {
		row.WithoutForecast = without.shown()
	}
	if f.forecasts > 0 {
		gap := f.forecast.minus(f.forecastsGoal)
		row.Forecast, row.Gap, row.ForecastPercent = f.forecast.shown(), gap.shown(), f.forecast.percentOf(f.forecastsGoal)
	}
	return row
}

// movements returns how many partners hold each tier, and who came and went in a period.
//
//nolint:gosec // numbers of partners are far below the limit
func (s *Sums) movements(in Settings, span fiscal.Span, today fiscal.Day) []v1alpha1.TierMovement {
	rows, names := map[string]*v1alpha1.TierMovement{}, []string{}
	of := func(tier string) *v1alpha1.TierMovement {
		if rows[tier] == nil {
			rows[tier] = &v1alpha1.TierMovement{Tier: tier}
			names = append(names, tier)
		}
		return rows[tier]
	}
	if set := in.Program.RuleSetOn(today); set != nil {
		for _, tier := range set.Ranked {
			of(string(tier.Name))
		}
	}
	for _, tier := range slices.Sorted(maps.Keys(s.tiers)) {
		of(string(tier)).Partners = int32(s.tiers[tier])
	}
	for tier, n := range s.grace {
		of(string(tier)).HeldInGrace = int32(n)
	}
	for _, m := range slices.SortedFunc(maps.Keys(s.moves), func(a, b move) int {
		return cmp.Or(cmp.Compare(a.tier, b.tier), cmp.Compare(a.on, b.on))
	}) {
		switch {
		case !span.Contains(m.on):
		case m.up:
			of(m.tier).PromotedTo += int32(s.moves[m])
		default:
			of(m.tier).DemotedTo += int32(s.moves[m])
		}
	}
	var list []v1alpha1.TierMovement
	for _, name := range names {
		list = append(list, *rows[name])
	}
	return list[:min(len(list), maxTiers)]
}

// planning says how long planning takes.
//
//nolint:gosec // numbers of plans and days are far below the limit
func (of *reach) planning(in Settings) v1alpha1.PlanningPace {
	p := v1alpha1.PlanningPace{
		Approvals: int32(of.days.count()), BaselineDays: in.Strategy.PlanningBaselineDays,
		WithVendor: int32(of.hands[v1alpha1.PartyVendor]), WithPartner: int32(of.hands[v1alpha1.PartyPartner]),
		VendorDays: int32(of.pace.vendorDays), PartnerDays: int32(of.pace.partnerDays),
	}
	if halves, ok := of.days.median(); ok {
		p.MedianDays = v1alpha1.Decimal(decimal.Short(big.NewRat(int64(halves), 2), 1))
	}
	return p
}

// exposure returns what is granted and not paid, by cost centre.
func (of *reach) exposure(in Settings) []v1alpha1.Exposure {
	type key struct {
		centre   v1alpha1.Word
		currency v1alpha1.CurrencyCode
	}
	byCentre := map[key]*moneyShare{}
	for _, x := range of.money {
		at := key{in.CostCentres[x.budget], x.currency}
		if byCentre[at] == nil {
			byCentre[at] = &moneyShare{}
		}
		byCentre[at].add(x, 1)
	}
	var list []v1alpha1.Exposure
	for _, at := range slices.SortedFunc(maps.Keys(byCentre), func(a, b key) int {
		return cmp.Or(cmp.Compare(a.centre, b.centre), cmp.Compare(a.currency, b.currency))
	}) {
		x := byCentre[at]
		list = append(list, v1alpha1.Exposure{
			CostCentre: at.centre, Currency: at.currency, Granted: x.granted.shown(), Unclaimed: x.unclaimed.shown(), Undecided: x.undecided.shown(),
			Unpaid: x.unpaid.shown(), Paid: x.paid.shown(),
		})
	}
	return list[:min(len(list), maxExposures)]
}
