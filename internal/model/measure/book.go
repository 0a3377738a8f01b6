// Package measure resolves MeasurementSets into series of results, and evaluates MeasurementSets.
//
// What counts, for one metric of one subject as known on a day:
//
//   - Entries dated after the day do not count yet. Entries whose metric, unit, day or value is wrong do not count.
//   - One source counts: the metric's sourceOfRecord, or where the program names none the first source by name that has an entry.
//   - What the partner alone reports (source partner-reported) counts for its campaign's own figures, if nobody else reports them. It counts for plans and
//     partners only where it is the metric's sourceOfRecord.
//   - A metric, day and cohort counts once: the entry that was reported last by the day; of several that of the set that is last by name, and within it
//     the last.
//   - Totals since the start of a period (CumulativeInPeriod) become what was added since the total before; a lower total takes back.
//   - A Flow of a plan or partner that has no figures of its own in the span that is asked about is added up over its campaigns or plans. Where
//     plans' periods nest, the outer plan counts; on days that two plans share otherwise, the one that starts first. Plans that name
//     different segments never share a result.
//   - A Stock is never added up: the retention of a partner is not the sum of its plans' retentions.
package measure

import (
	"cmp"
	"slices"
	"sync"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// Book holds the measurements of one subject as known on a day, with those of the subjects below and above it that stand in where it has none. Metrics
// are resolved when they are requested, each once. What is read of one subject is shared by all books of a snapshot. Several goroutines may ask. The zero
// value and nil hold nothing.
type Book struct {
	snapshot *snapshot.Snapshot
	program  *program.Program
	today    fiscal.Day
	root     *node
	nodes    []*node
	next     fiscal.Day // the first day after today with an entry

	resellers []reseller  // of a distributor, where the program has a metric that holds their results
	days      fiscal.Span // the days of resellers' results that count; no span for all

	mutex    sync.Mutex
	resolved map[v1alpha1.Name]*resolution // nil for a metric without entries
	summed   map[v1alpha1.Name][]term      // of metrics that add up others, or what resellers report
}

// subject is what sets are about.
type subject struct {
	kind   v1alpha1.SubjectKind
	name   v1alpha1.Name
	period fiscal.Span // of its plan, from whose first day totals run; none for a partner, whose totals run from its fiscal year's
	sets   []*v1alpha1.MeasurementSet
	places *places
	apart  bool // the sets are others than those of the snapshot
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
	partner := plan.Spec.PartnerRef.Name
	key := bookOf{prog, v1alpha1.SubjectJointPlan, v1alpha1.Name(plan.Name), partner, span}
	return snapshot.Once(p, snapshot.Results, today, key, func() *Book {
		b := newBook(p, prog, today)
		b.root = b.planNode(plan, span)
		b.root.above = b.node(v1alpha1.SubjectPartner, partner, fiscal.Span{})
		for _, n := range b.nodes {
			n.limit = span
		}
		if plan.Spec.Segment == "" { // nobody can tell which of the resellers' results are of a segment
			b.addResellers(p.Partner(partner))
			b.days = span
		}
		return b
	})
}

// bookOf is the key of a book.
type bookOf struct {
	program *program.Program
	kind    v1alpha1.SubjectKind
	name    v1alpha1.Name
	above   v1alpha1.Name
	span    fiscal.Span
}

func newBook(p *snapshot.Snapshot, prog *program.Program, today fiscal.Day) *Book {
	return &Book{snapshot: p, program: prog, today: today, resolved: map[v1alpha1.Name]*resolution{}, summed: map[v1alpha1.Name][]term{}}
}

// OfCampaign opens the book of a campaign.
func OfCampaign(p *snapshot.Snapshot, prog *program.Program, campaign *v1alpha1.Campaign, today fiscal.Day) *Book {
	if p == nil || prog == nil || campaign == nil {
		return &Book{}
	}
	b := newBook(p, prog, today)
	b.root = b.node(v1alpha1.SubjectCampaign, v1alpha1.Name(campaign.Name), periodOf(prog, p.Plan(campaign.Spec.PlanRef.Name)))
	return b
}

// OfPartner opens the book of a partner. Where the partner has no figures for a metric, those of its plans are added up, each plan's own or else its
// campaigns'.
func OfPartner(p *snapshot.Snapshot, prog *program.Program, partner *v1alpha1.Partner, today fiscal.Day) *Book {
	if p == nil || prog == nil || partner == nil {
		return &Book{}
	}
	name := v1alpha1.Name(partner.Name)
	return snapshot.Once(p, snapshot.Results, today, bookOf{program: prog, kind: v1alpha1.SubjectPartner, name: name}, func() *Book {
		b := newBook(p, prog, today)
		b.root = b.node(v1alpha1.SubjectPartner, name, fiscal.Span{})
		for _, plan := range p.PlansOf(name) {
			n := b.planNode(plan, periodOf(prog, plan))
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
		b.addResellers(partner)
		return b
	})
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

func (b *Book) planNode(plan *v1alpha1.JointPlan, period fiscal.Span) *node {
	name := v1alpha1.Name(plan.Name)
	n := b.node(v1alpha1.SubjectJointPlan, name, period)
	for _, campaign := range b.snapshot.CampaignsOf(name) {
		n.below = append(n.below, b.node(v1alpha1.SubjectCampaign, v1alpha1.Name(campaign.Name), period))
	}
	return n
}

func (b *Book) node(kind v1alpha1.SubjectKind, name v1alpha1.Name, period fiscal.Span) *node {
	n := &node{index: len(b.nodes), subject: newSubject(b.snapshot, kind, name, period, b.today)}
	b.nodes = append(b.nodes, n)
	b.next = fiscal.Earliest(b.next, n.places.next)
	return n
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
	if b.sums(metric) {
		return Series{terms: b.termsOf(metric)}
	}
	r := b.resolve(metric)
	if r == nil {
		return Series{}
	}
	return Series{figures: &r.figures[b.root.index], stock: r.metric.Behaviour == v1alpha1.BehaviourStock}
}

// resolve reads the entries of one metric; nil when there are none or the catalogue does not have the metric.
func (b *Book) resolve(metric v1alpha1.Name) *resolution {
	if b == nil || b.root == nil {
		return nil
	}
	b.mutex.Lock()
	defer b.mutex.Unlock()
	r, known := b.resolved[metric]
	if !known {
		r = b.read(metric)
		b.resolved[metric] = r
	}
	return r
}

func (b *Book) read(metric v1alpha1.Name) *resolution {
	definition := b.program.Metric(metric)
	if definition == nil || !slices.ContainsFunc(b.nodes, func(n *node) bool { return len(n.places.of[metric]) > 0 }) {
		return nil
	}
	r := &resolution{metric: definition, rows: make([][]row, len(b.nodes)), figures: make([]figures, len(b.nodes))}
	reader := reader{program: b.program, metric: definition, today: b.today, unvouched: b.root.kind == v1alpha1.SubjectCampaign}
	for _, n := range b.nodes {
		if len(n.places.of[metric]) > 0 {
			found := reader.reading(b.snapshot, &n.subject)
			r.rows[n.index] = found.rows
			r.figures[n.index].own, r.figures[n.index].source = found.own, found.source
		}
	}
	b.connect(r)
	return r
}

// connect lets each node's figures know those below and above it.
func (b *Book) connect(r *resolution) {
	for _, n := range slices.Backward(b.nodes) { // those below first
		f := &r.figures[n.index]
		f.kind, f.limit = n.kind, n.limit
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
