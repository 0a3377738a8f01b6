// Package measure resolves MeasurementSets into series of results, and evaluates MeasurementSets.
//
// What counts, for one metric of one subject as known on a day:
//
//   - Entries dated after the day do not count yet. Entries whose metric, unit, day or value is wrong do not count.
//   - One source counts: the metric's sourceOfRecord, or where the program names none the first source by name that has an entry.
//   - What the partner alone reports (source partner-reported) counts for its campaign's own figures, if nobody else reports them. It counts for plans and
//     partners only where it is the metric's sourceOfRecord.
//   - A metric, day and cohort counts once: the entry of the set that is last by name, and within it the last.
//   - Totals since the start of a period (CumulativeInPeriod) become what was added since the total before; a lower total takes back.
//   - A Flow of a plan or partner that has no figures of its own in the span that is asked about is added up over its campaigns or plans. Where
//     plans' periods nest, the outer plan counts; on days that two plans share otherwise, the one that starts first. Plans that name
//     different segments never share a result.
//   - A Stock is never added up: the retention of a partner is not the sum of its plans' retentions.
package measure

import (
	"cmp"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Book holds the measurements of one subject as known on a day, with those of the subjects below and above it that stand in where it has none. Metrics
// are resolved when they are asked for, so a Book is not safe for concurrent use. The zero value and nil hold nothing.
type Book struct {
	program  *program.Program
	today    fiscal.Day
	root     *node
	nodes    []*node
	refs     map[v1alpha1.Name][]ref // by metric, then in the order of nodes
	next     fiscal.Day              // the first day after today with an entry
	resolved map[v1alpha1.Name]*resolution
}

// subject is what sets are about.
type subject struct {
	kind   v1alpha1.SubjectKind
	name   v1alpha1.Name
	period fiscal.Span // of its plan, from whose first day totals run; none for a partner, whose totals run from its fiscal year's
	sets   []*v1alpha1.MeasurementSet
}

func (s *subject) String() string { return string(s.kind) + " " + string(s.name) }

// node is a subject in its place.
type node struct {
	subject
	index   int
	limit   fiscal.Span   // only entries of these days count; no span for all
	period  fiscal.Span   // the days that a plan's figures are about, when they are added up with other plans'
	segment v1alpha1.Name // the segment that they are about
	below   []*node
	above   *node
}

// shares reports whether a result may be in the figures of both plans.
func (n *node) shares(other *node) bool {
	return n.period.Overlaps(other.period) && (n.segment == "" || other.segment == "" || n.segment == other.segment)
}

// ref points to an entry.
type ref struct {
	node, set, pos int32
}

// resolution is what one metric has come to.
type resolution struct {
	metric  *v1alpha1.Metric
	rows    [][]row // by node
	figures []figures
}

// OfPlan opens the book of a plan for the days of a span. Where the plan has no figures for a metric, its campaigns' are added up; where these have none
// either, the partner's own figures of those days stand in.
func OfPlan(p *snapshot.Snapshot, prog *program.Program, plan *v1alpha1.JointPlan, span fiscal.Span, today fiscal.Day) *Book {
	if p == nil || prog == nil || plan == nil {
		return &Book{}
	}
	b := &Book{program: prog, today: today}
	b.root = b.planNode(p, plan, span)
	partner := plan.Spec.PartnerRef.Name
	b.root.above = b.node(p, v1alpha1.SubjectPartner, partner, fiscal.Span{})
	for _, n := range b.nodes {
		n.limit = span
	}
	b.index()
	return b
}

// OfCampaign opens the book of a campaign.
func OfCampaign(p *snapshot.Snapshot, prog *program.Program, campaign *v1alpha1.Campaign, today fiscal.Day) *Book {
	if p == nil || prog == nil || campaign == nil {
		return &Book{}
	}
	b := &Book{program: prog, today: today}
	b.root = b.node(p, v1alpha1.SubjectCampaign, v1alpha1.Name(campaign.Name), periodOf(prog, p.Plan(campaign.Spec.PlanRef.Name)))
	b.index()
	return b
}

// OfPartner opens the book of a partner. Where the partner has no figures for a metric, those of its plans are added up, each plan's own or else its
// campaigns'.
func OfPartner(p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, today fiscal.Day) *Book {
	if p == nil || prog == nil || partner == nil {
		return &Book{}
	}
	b := &Book{program: prog, today: today}
	name := v1alpha1.Name(partner.Name)
	b.root = b.node(p, v1alpha1.SubjectPartner, name, fiscal.Span{})
	for _, plan := range p.PlansOf(name) {
		n := b.planNode(p, plan, periodOf(prog, plan))
		n.period, n.segment = n.subject.period, plan.Spec.Segment
		b.root.below = append(b.root.below, n)
	}
	slices.SortStableFunc(b.root.below, func(x, y *node) int { // the outer plan first
		return cmp.Or(
			cmp.Compare(x.period.From, y.period.From),
			cmp.Compare(y.period.Through, x.period.Through),
			cmp.Compare(x.name, y.name),
		)
	})
	b.index()
	return b
}

// periodOf returns the days of a plan's period; no span when there is no plan or its period is wrong.
func periodOf(prog *program.Program, plan *v1alpha1.JointPlan) fiscal.Span {
	if plan == nil {
		return fiscal.Span{}
	}
	span, err := prog.Calendar.Period(plan.Spec.Period)
	if err != nil {
		return fiscal.Span{}
	}
	return span
}

func (b *Book) planNode(p *snapshot.Snapshot, plan *v1alpha1.JointPlan, period fiscal.Span) *node {
	name := v1alpha1.Name(plan.Name)
	n := b.node(p, v1alpha1.SubjectJointPlan, name, period)
	for _, campaign := range p.CampaignsOf(name) {
		n.below = append(n.below, b.node(p, v1alpha1.SubjectCampaign, v1alpha1.Name(campaign.Name), period))
	}
	return n
}

func (b *Book) node(p *snapshot.Snapshot, kind v1alpha1.SubjectKind, name v1alpha1.Name, period fiscal.Span) *node {
	n := &node{index: len(b.nodes), subject: subject{kind: kind, name: name, period: period, sets: p.MeasurementsAbout(kind, name)}}
	b.nodes = append(b.nodes, n)
	return n
}

// index sorts all entries by metric.
func (b *Book) index() {
	b.refs = map[v1alpha1.Name][]ref{}
	b.resolved = map[v1alpha1.Name]*resolution{}
	for i, n := range b.nodes {
		for j, set := range n.sets {
			for k := range set.Spec.Entries {
				entry := &set.Spec.Entries[k]
				b.refs[entry.Metric] = append(b.refs[entry.Metric], ref{node: int32(i), set: int32(j), pos: int32(k)})
				if on, err := fiscal.ParseDay(entry.Day); err == nil && on > b.today {
					b.next = fiscal.Earliest(b.next, on)
				}
			}
		}
	}
}

// NextDay returns the first day after today on which an entry that is dated in the future begins to count; false when there is none.
func (b *Book) NextDay() (fiscal.Day, bool) {
	if b == nil {
		return 0, false
	}
	return b.next, !b.next.IsZero()
}

// Series returns what was measured of a metric. It is empty when the program's catalogue does not have the metric.
func (b *Book) Series(metric v1alpha1.Name) Series {
	r := b.resolve(metric)
	if r == nil {
		return Series{}
	}
	return Series{figures: &r.figures[b.root.index], stock: r.metric.Behaviour == v1alpha1.BehaviourStock}
}

// resolve reads the entries of one metric; nil when there are none or the catalogue does not have the metric.
func (b *Book) resolve(metric v1alpha1.Name) *resolution {
	if b == nil || len(b.refs[metric]) == 0 {
		return nil
	}
	if r := b.resolved[metric]; r != nil {
		return r
	}
	definition := b.program.Metric(metric)
	if definition == nil {
		return nil
	}
	r := &resolution{metric: definition, rows: make([][]row, len(b.nodes)), figures: make([]figures, len(b.nodes))}
	b.resolved[metric] = r
	b.fill(r, b.refs[metric])
	b.connect(r)
	return r
}

// fill reads the entries of each node.
func (b *Book) fill(r *resolution, refs []ref) {
	reader := reader{program: b.program, metric: r.metric, today: b.today, unvouched: b.root.kind == v1alpha1.SubjectCampaign}
	all := make([]row, 0, len(refs))
	for start := 0; start < len(refs); {
		n := b.nodes[refs[start].node]
		end := start
		for ; end < len(refs) && int(refs[end].node) == n.index; end++ {
			all = append(all, row{set: n.sets[refs[end].set], pos: int(refs[end].pos)})
		}
		rows := all[start:end:end]
		reader.read(&n.subject, rows)
		f := &r.figures[n.index]
		f.own, f.source = reader.entries(&n.subject, rows)
		r.rows[n.index] = rows
		start = end
	}
}

// connect lets each node's figures know those below and above it.
func (b *Book) connect(r *resolution) {
	for _, n := range slices.Backward(b.nodes) { // those below first
		f := &r.figures[n.index]
		f.limit = n.limit
		if n.above != nil {
			f.above = &r.figures[n.above.index]
		}
		if r.metric.Behaviour == v1alpha1.BehaviourStock {
			continue // levels are not added up
		}
		for _, child := range n.below {
			if figures := &r.figures[child.index]; figures.any() {
				f.below = append(f.below, part{figures: figures, node: child})
			}
		}
	}
}
