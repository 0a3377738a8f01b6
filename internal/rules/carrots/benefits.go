package carrots

import (
	"cmp"
	"math/big"
	"slices"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/measure"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/benefit"
	"jointplan.dev/jointplan/internal/rules/money/headroom"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/rules/tier"
	"jointplan.dev/jointplan/internal/verdict"
)

// The most that statuses list.
const (
	maxBenefits     = 16 // of a partner
	maxPlanBenefits = 12
)

// stand is a plan and how it stands.
type stand struct {
	*plan.Result

	object *v1alpha1.JointPlan
}

func (s *stand) name() v1alpha1.Name { return v1alpha1.Name(s.object.Name) }

// asks returns what the plan asks for of a benefit.
func (s *stand) asks(name v1alpha1.Name) *big.Rat {
	sum := new(big.Rat)
	for i := range s.Terms.BenefitRequests {
		request := &s.Terms.BenefitRequests[i]
		if quantity := plan.BenefitAsked(request); quantity != nil && request.Benefit == name {
			sum.Add(sum, quantity)
		}
	}
	return sum
}

// period is the days of which plans share what is due, without those that an earlier period has.
type period struct {
	span  fiscal.Span // the days that are its own; none when earlier periods have them all
	label string
	tier  *v1alpha1.Tier // held on its first day
	share *big.Rat       // which part of what is due is aligned
	plans []*stand       // in the order in which they are served
}

// entry is a benefit in a period.
type entry struct {
	*period

	name                     v1alpha1.Name
	entitled, aligned, asked *big.Rat
	granted                  *big.Rat
	byPlan                   map[v1alpha1.Name]*big.Rat // granted
	used                     *big.Rat                   // nil when the benefit has no metric
	expires                  fiscal.Day
}

// left is what is granted and not used.
func (e *entry) left() *big.Rat {
	left := new(big.Rat).Set(e.granted)
	if e.used != nil {
		left.Sub(left, e.used)
	}
	if left.Sign() < 0 {
		return new(big.Rat)
	}
	return left
}

// benefits are those of a partner, in the order of their periods and names.
type benefits struct {
	program *program.Program
	today   fiscal.Day
	entries []*entry
	next    time.Time
}

// benefitsOf is the key of the benefits of a partner.
type benefitsOf struct{ partner string }

// read returns the benefits of a partner, once for a snapshot and an instant; nil when its program is not known.
func read(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) *benefits {
	if partner == nil || p.ProgramOf(partner) == nil {
		return nil
	}
	if !snapshot.Same(p.Partner(v1alpha1.Name(partner.Name)), partner) {
		return compute(p, partner, now) // as it might be
	}
	return snapshot.Once(p, snapshot.Judgement, now, benefitsOf{partner.Name}, func() *benefits { return compute(p, partner, now) })
}

func compute(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) *benefits {
	prog := p.ProgramOf(partner)
	b := &benefits{program: prog, today: prog.Today(now)}
	horizon := verdict.NewHorizon(now)
	var plans []*stand
	for _, x := range p.PlansOf(v1alpha1.Name(partner.Name)) {
		result := plan.Of(p, x, now)
		horizon.At(result.NextChange)
		if result.Terms != nil && result.RuleSet != nil && !result.Span.IsZero() {
			plans = append(plans, &stand{result, x})
		}
	}
	for _, of := range periods(prog, plans) {
		from := of.plans[0].Span.From
		if !of.span.IsZero() {
			from = of.span.From
		}
		of.tier = held(p, prog, partner, from, now, horizon)
		of.share = shareOf(prog, of)
		b.add(of)
	}
	b.withoutPlan(p, partner, plans, now, horizon)
	b.measure(p, partner, horizon)
	b.next = horizon.Next()
	return b
}

// held returns the tier that a partner holds on a day; nil when it holds none.
func held(p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, on fiscal.Day, now time.Time, horizon *verdict.Horizon) *v1alpha1.Tier {
	rules := prog.RuleSetOn(on)
	if rules == nil {
		return nil
	}
	name, next := tier.HeldOn(p, prog, partner, on, now)
	horizon.At(next)
	return rules.Tier(name)
}

// periods divides the days among the periods of plans, by first day, then by last: each has those that no earlier one has.
func periods(prog *program.Program, plans []*stand) []*period {
	bySpan := map[fiscal.Span]*period{}
	var spans []fiscal.Span
	for _, x := range plans {
		if bySpan[x.Span] == nil {
			bySpan[x.Span] = &period{}
			spans = append(spans, x.Span)
		}
		bySpan[x.Span].plans = append(bySpan[x.Span].plans, x)
	}
	slices.SortFunc(spans, func(a, b fiscal.Span) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Through, b.Through))
	})
	list := make([]*period, 0, len(spans))
	var taken fiscal.Day // the last day that a period has
	for _, span := range spans {
		of := bySpan[span]
		if own := (fiscal.Span{From: max(span.From, taken.AddDays(1)), Through: span.Through}); own.Days() > 0 {
			of.span = own
		}
		taken = max(taken, span.Through)
		of.label = prog.Calendar.Label(span)
		slices.SortFunc(of.plans, served)
		list = append(list, of)
	}
	return list
}

// served compares plans by the order in which they are served: those of record by the instant at which they were approved, then the others, by name.
func served(a, b *stand) int {
	return cmp.Or(a.approvedAt().Compare(b.approvedAt()), cmp.Compare(a.object.Name, b.object.Name))
}

// never is after every instant at which a plan is approved.
var never = time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC)

func (s *stand) approvedAt() time.Time {
	if record := s.Status.PlanOfRecord; s.Approved && record != nil {
		return record.ApprovedTime.Time
	}
	return never
}

// shareOf returns which part of what is due in a period is aligned: that of its approved plans or, while there are none, of all. Several plans weigh the
// same.
func shareOf(prog *program.Program, of *period) *big.Rat {
	approved := slices.ContainsFunc(of.plans, func(s *stand) bool { return s.Approved })
	sum, count := new(big.Rat), int64(0)
	for _, x := range of.plans {
		if x.Approved || !approved {
			sum.Add(sum, benefit.Share(prog, x.Terms, x.Span))
			count++
		}
	}
	return sum.Quo(sum, big.NewRat(count, 1))
}

// add adds what a period has of each benefit of its tier, or that its plans ask for.
func (b *benefits) add(of *period) {
	names := map[v1alpha1.Name]bool{}
	if of.tier != nil {
		for i := range of.tier.Benefits {
			names[of.tier.Benefits[i].Name] = true
		}
	}
	for _, x := range of.plans {
		for i := range x.Terms.BenefitRequests {
			names[x.Terms.BenefitRequests[i].Benefit] = true
		}
	}
	for name := range names {
		b.entries = append(b.entries, b.grant(of, name))
	}
	slices.SortStableFunc(b.entries, func(x, y *entry) int {
		return cmp.Or(cmp.Compare(x.first(), y.first()), cmp.Compare(x.label, y.label), cmp.Compare(x.name, y.name))
	})
}

// first is the first day of the period of an entry.
func (e *entry) first() fiscal.Day {
	if e.span.IsZero() {
		return e.plans[0].Span.From
	}
	return e.span.From
}

// last is the last day of the period of an entry.
func (e *entry) last() fiscal.Day {
	if e.span.IsZero() {
		return e.plans[0].Span.Through
	}
	return e.span.Through
}

// grant divides what is aligned of a benefit in a period among the requests of approved plans, in the order of the plans, then by the name of the request.
func (b *benefits) grant(of *period, name v1alpha1.Name) *entry {
	e := &entry{period: of, name: name, entitled: new(big.Rat), asked: new(big.Rat), granted: new(big.Rat), byPlan: map[v1alpha1.Name]*big.Rat{}}
	if quantity := benefit.QuantityOf(of.tier, name); quantity != nil && !of.span.IsZero() {
		e.entitled = benefit.Entitled(b.program.Calendar, quantity, of.span)
	}
	e.aligned = benefit.Aligned(e.entitled, of.share)
	for _, x := range of.plans {
		e.asked.Add(e.asked, x.asks(name))
		e.byPlan[x.name()] = new(big.Rat)
		if !x.Approved {
			continue
		}
		for _, request := range slices.SortedFunc(slices.Values(x.Terms.BenefitRequests), byName) {
			quantity := plan.BenefitAsked(&request)
			if quantity == nil || request.Benefit != name || !plan.BenefitServes(x.Terms, &request) {
				continue
			}
			part := new(big.Rat).Sub(e.aligned, e.granted)
			if part.Cmp(quantity) > 0 {
				part.Set(quantity)
			}
			e.granted.Add(e.granted, part)
			e.byPlan[x.name()].Add(e.byPlan[x.name()], part)
		}
	}
	e.expires = e.last()
	if entry := b.program.Benefit(name); entry != nil && entry.CarryOver == v1alpha1.CarryOverYear {
		e.expires = b.program.Calendar.PeriodContaining(fiscal.Year, e.last()).Through
	}
	return e
}

func byName(a, b v1alpha1.BenefitRequest) int { return cmp.Compare(a.Name, b.Name) }

// withoutPlan adds what is due in the interval of today, in which the tier owes a plan, when no plan has a day of it: nothing of it is aligned.
func (b *benefits) withoutPlan(p *snapshot.Snapshot, partner *v1alpha1.Partner, plans []*stand, now time.Time, horizon *verdict.Horizon) {
	of := held(p, b.program, partner, b.today, now, horizon)
	unit := fiscal.Year
	if of != nil && of.Planning != nil {
		unit = cmp.Or(headroom.Interval(of.Planning.Every), unit)
	}
	span := b.program.Calendar.PeriodContaining(unit, b.today)
	horizon.At(b.program.Calendar.EndOf(span.Through))
	if next := b.program.RuleSetAfter(b.today); next != nil {
		horizon.At(b.program.Calendar.StartOf(next.From))
	}
	if of == nil || slices.ContainsFunc(plans, func(s *stand) bool { return s.Span.Overlaps(span) }) {
		return
	}
	b.add(&period{span: span, label: b.program.Calendar.Label(span), tier: of, share: new(big.Rat)})
}

// measure fills in what was used. Of a benefit that is carried over, what was granted first is used first.
func (b *benefits) measure(p *snapshot.Snapshot, partner *v1alpha1.Partner, horizon *verdict.Horizon) {
	book := measure.OfPartner(p, b.program, partner, b.today)
	byBenefit := map[v1alpha1.Name][]*entry{}
	for _, e := range b.entries {
		if !e.span.IsZero() {
			byBenefit[e.name] = append(byBenefit[e.name], e)
		}
	}
	for name, list := range byBenefit {
		metric := b.program.UseOf(b.program.Benefit(name))
		if metric == nil {
			continue
		}
		series := book.Series(metric.Name)
		for i, e := range list {
			through := e.expires
			if i+1 < len(list) {
				through = min(through, list[i+1].span.From.AddDays(-1))
			}
			e.used = new(big.Rat)
			reading := series.Total(fiscal.Span{From: e.span.From, Through: through})
			if reading.Value != nil && reading.Value.Sign() > 0 {
				e.use(reading.Value, list[:i])
			}
		}
	}
	if next, ok := book.NextDay(); ok {
		horizon.At(b.program.Calendar.StartOf(next))
	}
}

// use takes what was used in a period from what earlier ones carry over to it, the oldest first, and the rest from its own.
func (e *entry) use(quantity *big.Rat, earlier []*entry) {
	open := new(big.Rat).Set(quantity)
	for _, x := range earlier {
		if x.expires < e.span.From {
			continue
		}
		part := x.left()
		if part.Cmp(open) > 0 {
			part.Set(open)
		}
		x.used.Add(x.used, part)
		open.Sub(open, part)
	}
	e.used.Add(e.used, open)
}

// OfPartner returns what a partner has of the benefits of its tier, from the current fiscal year on, and when that may differ although no spec does (zero:
// never).
func OfPartner(p *snapshot.Snapshot, partner *v1alpha1.Partner, now time.Time) ([]v1alpha1.BenefitStatus, time.Time) {
	b := read(p, partner, now)
	if b == nil {
		return nil, time.Time{}
	}
	year := b.program.Calendar.PeriodContaining(fiscal.Year, b.today)
	horizon := verdict.NewHorizon(now)
	horizon.At(b.next)
	horizon.At(b.program.Calendar.EndOf(year.Through))
	shown := slices.DeleteFunc(slices.Clone(b.entries), func(e *entry) bool { return e.last() < year.From })
	for len(shown) > maxBenefits && shown[0].last() < b.today {
		shown = shown[1:]
	}
	for _, e := range shown {
		horizon.At(b.program.Calendar.EndOf(e.last()))
	}
	var list []v1alpha1.BenefitStatus // none is as none is read again
	for _, e := range shown[:min(len(shown), maxBenefits)] {
		status := v1alpha1.BenefitStatus{
			Name: e.name, Period: e.label, Entitled: benefit.Shown(e.entitled), Aligned: benefit.Shown(e.aligned), Asked: benefit.Shown(e.asked),
			Granted: benefit.Shown(e.granted), Left: benefit.Shown(e.left()), UseThrough: e.expires.Date(),
		}
		if entry := b.program.Benefit(e.name); entry != nil {
			status.Unit = entry.Unit
		}
		if e.used != nil {
			status.Used = benefit.Shown(e.used)
		}
		list = append(list, status)
	}
	return list, horizon.Next()
}

// ofPlan returns the benefits of the period of a plan.
func (b *benefits) ofPlan(name v1alpha1.Name) []*entry {
	return slices.DeleteFunc(slices.Clone(b.entries), func(e *entry) bool { return e.byPlan[name] == nil })
}

// BenefitsOfPlan returns what a plan asks for, and has, of each benefit.
func BenefitsOfPlan(p *snapshot.Snapshot, x *v1alpha1.JointPlan, now time.Time) ([]v1alpha1.PlanBenefit, time.Time) {
	stands := plan.Of(p, x, now)
	if stands.Terms == nil {
		return nil, time.Time{}
	}
	b := read(p, p.Partner(stands.Terms.PartnerRef.Name), now)
	if b == nil {
		return nil, time.Time{}
	}
	var list []v1alpha1.PlanBenefit
	of := &stand{stands, x}
	for _, e := range b.ofPlan(of.name()) {
		list = append(list, v1alpha1.PlanBenefit{
			Benefit: e.name, Entitled: benefit.Shown(e.entitled), Aligned: benefit.Shown(e.aligned), Asked: benefit.Shown(of.asks(e.name)),
			Granted: benefit.Shown(e.byPlan[of.name()]),
		})
	}
	slices.SortFunc(list, func(x, y v1alpha1.PlanBenefit) int { return cmp.Compare(x.Benefit, y.Benefit) })
	return list[:min(len(list), maxPlanBenefits)], b.next
}
