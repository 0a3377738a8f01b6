package measure

import (
	"cmp"
	"maps"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// term is what the results of one metric of one partner add to a metric that adds up others, or that holds what resellers report.
type term struct {
	figures *figures
	of      v1alpha1.Name // the metric that is measured
	points  func(on fiscal.Day) *big.Rat
	from    *reseller
	// deals are who reports each transaction of the metric first: the distributor or a reseller. Absent where nobody else can.
	deals map[string]*reseller
	days  fiscal.Span // of a reseller's results; no span for all
}

// reseller is a partner that buys through the distributor of a book.
type reseller struct {
	name string // namespace/name
	book *Book
}

// addResellers adds what the resellers of a distributor report, where any metric of the program holds it.
func (b *Book) addResellers(distributor *v1alpha1.Partner) {
	if distributor == nil || !b.program.CountsResellers() {
		return
	}
	for _, one := range b.snapshot.Resellers(distributor) {
		book := OfPartner(one.Snapshot, b.program, one.Partner, b.today)
		b.resellers = append(b.resellers, reseller{one.Partner.Namespace + "/" + one.Partner.Name, book})
		b.next = fiscal.Earliest(b.next, book.next)
	}
}

// sums reports whether a metric adds up others, or holds what resellers report.
func (b *Book) sums(metric v1alpha1.Name) bool {
	if b == nil || b.root == nil {
		return false
	}
	return len(b.program.CountedFor(metric)) > 0 || len(b.resellers) > 0 && b.includes(metric)
}

// includes reports whether a distributor's figures of a metric hold its resellers'.
func (b *Book) includes(metric v1alpha1.Name) bool {
	definition := b.program.Metric(metric)
	return definition != nil && definition.Behaviour != v1alpha1.BehaviourStock && definition.ResellerResults == v1alpha1.ResellerResultsIncluded
}

// KnownThrough returns the day through which the results of a metric are in of all who report it: the newest one. Of a computed metric it is the earliest of
// those that count for it; where a distributor's figures hold its resellers', the earliest of theirs. Absent while one of them has none.
func (b *Book) KnownThrough(metric v1alpha1.Name) fiscal.Day {
	if !b.sums(metric) {
		return b.Series(metric).Newest()
	}
	through := fiscal.LastDay
	for _, of := range b.program.CountedFor(metric) {
		through = min(through, b.KnownThrough(of))
	}
	if through == fiscal.LastDay {
		through = Series{terms: b.terms(metric, false)}.Newest()
	}
	if b.includes(metric) {
		for i := range b.resellers {
			through = min(through, b.resellers[i].book.KnownThrough(metric))
		}
	}
	return through
}

// termsOf returns what adds up to a metric.
func (b *Book) termsOf(metric v1alpha1.Name) []term {
	b.mutex.Lock()
	terms, known := b.summed[metric]
	b.mutex.Unlock()
	if known {
		return terms
	}
	terms = b.terms(metric, true)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.summed[metric] = terms
	return terms
}

// terms collects what adds up to a metric: what counts for it, what is measured of it, and, once, what resellers report.
func (b *Book) terms(metric v1alpha1.Name, withResellers bool) []term {
	included := withResellers && len(b.resellers) > 0 && b.includes(metric)
	var list []term
	for _, of := range b.program.CountedFor(metric) {
		for _, t := range b.terms(of, withResellers && !included) {
			t.points = func(on fiscal.Day) *big.Rat { return b.program.PointsOf(metric, of, on) }
			list = append(list, t)
		}
	}
	if r := b.resolve(metric); r != nil {
		list = append(list, term{figures: &r.figures[b.root.index], of: metric})
	}
	if !included {
		return list
	}
	own := len(list)
	for i := range b.resellers {
		for _, t := range b.resellers[i].book.terms(metric, false) {
			t.from, t.days = &b.resellers[i], b.days
			list = append(list, t)
		}
	}
	deals := dealsOf(list)
	for i := own; i < len(list); i++ {
		list[i].deals = deals[list[i].of]
	}
	return list
}

// dealsOf returns, by metric, who reports each transaction first. The distributor's terms come before those of its resellers, which are in order of their
// names; whatever the day, so that each transaction counts on the day that the first one says, and windows add up.
func dealsOf(terms []term) map[v1alpha1.Name]map[string]*reseller {
	deals := map[v1alpha1.Name]map[string]*reseller{}
	for i := range terms {
		t := &terms[i]
		if deals[t.of] == nil {
			deals[t.of] = map[string]*reseller{}
		}
		t.figures.each(func(e *Entry) {
			if _, taken := deals[t.of][e.Transaction]; e.Transaction != "" && !taken {
				deals[t.of][e.Transaction] = t.from
			}
		})
	}
	return deals
}

// each calls yield with all entries that count about a subject and those below it.
func (f *figures) each(yield func(*Entry)) {
	for i := range f.own {
		yield(&f.own[i])
	}
	for _, part := range f.below {
		part.each(yield)
	}
}

// gather collects the entries of a span, each with what it adds.
func (t *term) gather(span fiscal.Span) gathered {
	if !t.days.IsZero() {
		span = span.Intersect(t.days)
	}
	var found gathered
	if span.IsZero() {
		return found
	}
	t.figures.gather(span, &found)
	if t.points == nil && t.deals == nil {
		return found
	}
	for i, run := range found.runs {
		kept := make([]Entry, 0, len(run))
		for _, e := range run {
			if t.taken(&e) {
				continue
			}
			if t.points != nil {
				points := t.points(e.On)
				if points == nil {
					continue // the rule set in force on its day gives none
				}
				e.Value = new(big.Rat).Mul(e.Value, points)
			}
			kept = append(kept, e)
		}
		found.runs[i] = kept
	}
	return found
}

// taken reports whether an entry's transaction is counted for another one.
func (t *term) taken(e *Entry) bool {
	return t.deals != nil && e.Transaction != "" && t.deals[e.Transaction] != t.from
}

// totalOf adds terms up over a span.
func totalOf(terms []term, span fiscal.Span) Reading {
	var all gathered
	parts := map[v1alpha1.Name]*big.Rat{}
	var below *big.Rat
	for i := range terms {
		t := &terms[i]
		found := t.gather(span)
		sum := found.reading()
		if sum.Value == nil {
			continue
		}
		all.merge(found)
		if t.points != nil {
			parts[t.of] = added(parts[t.of], sum.Value)
		}
		if t.from != nil {
			below = added(below, sum.Value)
		}
	}
	total := all.reading()
	total.OfResellers = below
	for metric, value := range parts {
		total.Parts = append(total.Parts, Part{metric, value})
	}
	slices.SortFunc(total.Parts, func(a, b Part) int { return cmp.Compare(a.Metric, b.Metric) })
	return total
}

func added(sum, value *big.Rat) *big.Rat {
	if sum == nil {
		sum = new(big.Rat)
	}
	return sum.Add(sum, value)
}

// dealFindings says which transactions of resellers count once, because somebody else reports them too.
func (b *Book) dealFindings(findings *verdict.Findings) {
	if b.root.kind != v1alpha1.SubjectPartner || len(b.resellers) == 0 {
		return
	}
	for i := range b.program.Spec.Metrics {
		metric := b.program.Spec.Metrics[i].Name
		if !b.includes(metric) || len(b.program.CountedFor(metric)) > 0 {
			continue
		}
		terms := b.termsOf(metric)
		for k := range terms {
			b.dealFinding(findings, &terms[k])
		}
	}
}

// dealFinding says which transactions of one reseller are counted for others. What they come to is said where the distributor reports them itself.
func (b *Book) dealFinding(findings *verdict.Findings, t *term) {
	own, sum, others := 0, new(big.Rat), map[string]int{}
	t.figures.each(func(e *Entry) {
		switch by := t.deals[e.Transaction]; {
		case !t.taken(e):
		case by == nil:
			own++
			sum.Add(sum, e.Value)
		default:
			others[by.name]++
		}
	})
	const counted = "%s of %s from reseller %s%s %s a transaction that %s reports too, and %s not count again; if it is another one, correct its number"
	if own > 0 {
		findings.Infof(RuleTransactionCountedOnce, "", counted, entries(own), t.of, t.from.name, ", "+decimal.FormatShort(sum, decimal.MaxFractionDigits)+" in all,",
			verb(own, "bears", "bear"), string(b.root.name), verb(own, "does", "do"))
	}
	for _, name := range slices.Sorted(maps.Keys(others)) {
		n := others[name]
		findings.Infof(RuleTransactionCountedOnce, "", counted, entries(n), t.of, t.from.name, "", verb(n, "bears", "bear"), "reseller "+name, verb(n, "does", "do"))
	}
}
