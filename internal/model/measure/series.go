package measure

import (
	"cmp"
	"math/big"
	"slices"
	"sort"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
)

// Reading is what was measured of a metric.
type Reading struct {
	// Value is the value in the metric's unit; nil when nothing was measured.
	Value *big.Rat
	// AsOf is the day through which the value is known: the newest measured day that was looked at.
	AsOf fiscal.Day
	// Source is where it was measured. It is empty when the value adds up results of several sources.
	Source v1alpha1.Name
	// On is the kind of subject whose results these are: the one that was asked about, those below it, or the one above it. Empty when nothing was measured.
	On v1alpha1.SubjectKind
	// Parts are what results of other metrics add to a computed one, by metric. Absent for a metric that is measured.
	Parts []Part
	// OfResellers is what of the value resellers of the distributor reported; nil when they did not.
	OfResellers *big.Rat
}

// Part is what the results of a metric add to a computed one.
type Part struct {
	// Metric is the metric whose results count.
	Metric v1alpha1.Name
	// Value is what they add, in the unit of the computed metric.
	Value *big.Rat
}

// Through says through which day the value is known, and by whom, such as "2026-09-30 by crm".
func (r Reading) Through() string {
	if r.Source == "" {
		return r.AsOf.String() + " by several sources"
	}
	return r.AsOf.String() + " by " + string(r.Source)
}

// Entry is one measured value: of a Flow what was added since the entry before, of a Stock the level.
type Entry struct {
	// On is the day through which the value is known.
	On fiscal.Day
	// Value is in the metric's unit; not to be changed.
	Value *big.Rat
	// Cohort is the day on which the leads were made that the result came of; absent when the entry does not say.
	Cohort fiscal.Day
	// Transaction is what the number of its transaction is compared by; empty when the entry does not say.
	Transaction string
}

// Series holds what was measured of one metric of one subject. The zero value is a series in which nothing was.
type Series struct {
	figures *figures
	stock   bool
	terms   []term // of a metric that is computed, or that holds what resellers report
}

// figures are the entries of one metric about one subject, with the subjects to ask where there are none.
type figures struct {
	kind   v1alpha1.SubjectKind
	own    []Entry // by day
	source v1alpha1.Name
	below  []part   // subjects whose figures are added up where own has none
	above  *figures // the subject to ask where neither has any
	limit  fiscal.Span
}

// part is a subject below with the days that its figures are about. Parts without such days never share a result.
type part struct {
	*figures
	node *node
}

// everything is the span of all days.
var everything = fiscal.Span{From: 1, Through: fiscal.LastDay}

// Total adds up a Flow over the entries dated within a span. A subject's own figures count if it has any in the span, else the sum of those
// below it, else those above it. Entries outside the span change nothing: AsOf is the newest day with an entry in the span, and with none nothing
// is measured. Of a Stock it is the newest level in the span.
func (s Series) Total(span fiscal.Span) Reading {
	if len(s.terms) > 0 {
		return totalOf(s.terms, span)
	}
	if s.figures == nil {
		return Reading{}
	}
	if s.stock {
		return s.figures.level(span)
	}
	var found gathered
	s.figures.gather(span, &found)
	return found.reading()
}

// Level returns the newest level of a Stock on or before a day. Of a Flow it is the sum of everything through the day.
func (s Series) Level(through fiscal.Day) Reading {
	return s.Total(fiscal.Span{From: everything.From, Through: through})
}

// Newest returns the newest day with an entry; absent when there is none.
func (s Series) Newest() fiscal.Day { return s.Total(everything).AsOf }

// Entries returns the entries by day and cohort.
func (s Series) Entries() []Entry {
	var found gathered
	switch {
	case len(s.terms) > 0:
		for i := range s.terms {
			found.merge(s.terms[i].gather(everything))
		}
	case s.figures == nil:
		return nil
	default:
		s.figures.gather(everything, &found)
	}
	list := slices.Concat(found.runs...)
	slices.SortStableFunc(list, func(a, b Entry) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Cohort, b.Cohort)) })
	return list
}

// any reports whether the subject or one below it has an entry that counts.
func (f *figures) any() bool { return len(f.own) > 0 || len(f.below) > 0 }

// level returns the newest level dated within a span. Levels of subjects below are not added up.
func (f *figures) level(span fiscal.Span) Reading {
	if hits := f.within(span); len(hits) > 0 {
		newest := hits[len(hits)-1]
		return Reading{Value: new(big.Rat).Set(newest.Value), AsOf: newest.On, Source: f.source, On: f.kind}
	}
	if f.above != nil {
		return f.above.level(span)
	}
	return Reading{}
}

// within returns the subject's own entries that are dated within a span.
func (f *figures) within(span fiscal.Span) []Entry {
	if len(f.own) == 0 {
		return nil
	}
	if !f.limit.IsZero() {
		span = span.Intersect(f.limit)
	}
	if span.IsZero() {
		return nil
	}
	first := sort.Search(len(f.own), func(i int) bool { return f.own[i].On >= span.From })
	last := sort.Search(len(f.own), func(i int) bool { return f.own[i].On > span.Through })
	return f.own[first:max(first, last)]
}

// gather collects the entries that count within a span. It reports whether there are any.
func (f *figures) gather(span fiscal.Span, to *gathered) bool {
	if hits := f.within(span); len(hits) > 0 {
		to.add(hits, f)
		return true
	}
	found := false
	var counted []*node
	for _, part := range f.below {
		if part.node.period.IsZero() {
			found = part.gather(span, to) || found
			continue
		}
		counted = slices.DeleteFunc(counted, func(other *node) bool { return other.period.Through < part.node.period.From })
		if part.gatherOnce(span, counted, to) {
			counted = append(counted, part.node)
			found = true
		}
	}
	if !found && f.above != nil {
		return f.above.gather(span, to)
	}
	return found
}

// gatherOnce collects the entries of a plan without what the plans counted before it have already.
func (p part) gatherOnce(span fiscal.Span, counted []*node, to *gathered) bool {
	var mine gathered
	if !p.gather(span, &mine) {
		return false
	}
	for _, other := range counted {
		switch {
		case !other.shares(p.node):
		case other.period.Covers(p.node.period):
			return false
		default:
			mine.drop(other.period)
		}
	}
	to.merge(mine)
	return !mine.empty()
}

// gathered are entries to be added up, as runs of entries sorted by day.
type gathered struct {
	runs    [][]Entry
	sources []v1alpha1.Name
	kind    v1alpha1.SubjectKind // of the first subject that has any
}

func (g *gathered) add(run []Entry, of *figures) {
	g.runs = append(g.runs, run)
	g.sources = append(g.sources, of.source)
	g.kind = cmp.Or(g.kind, of.kind)
}

func (g *gathered) merge(other gathered) {
	g.runs = append(g.runs, other.runs...)
	g.sources = append(g.sources, other.sources...)
	g.kind = cmp.Or(g.kind, other.kind)
}

func (g *gathered) empty() bool {
	return !slices.ContainsFunc(g.runs, func(run []Entry) bool { return len(run) > 0 })
}

// drop takes out the entries of a span.
func (g *gathered) drop(span fiscal.Span) {
	for i, run := range g.runs {
		g.runs[i] = slices.DeleteFunc(slices.Clone(run), func(e Entry) bool { return span.Contains(e.On) })
	}
}

// reading adds the entries up.
func (g *gathered) reading() Reading {
	var sum Reading
	several := false
	for i, run := range g.runs {
		if len(run) == 0 {
			continue
		}
		if sum.Value == nil {
			sum.Value = new(big.Rat)
			sum.Source, sum.On = g.sources[i], g.kind
		}
		several = several || sum.Source != g.sources[i]
		sum.AsOf = max(sum.AsOf, run[len(run)-1].On)
		for j := range run {
			sum.Value.Add(sum.Value, run[j].Value)
		}
	}
	if several {
		sum.Source = ""
	}
	return sum
}
