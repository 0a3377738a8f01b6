package measure

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/model/snapshot"
)

// fate says whether an entry counts, and why not.
type fate int

const (
	counts         fate = iota
	invalid             // its day or value cannot be read
	wrongUnit           // it states another unit than the metric's
	inFuture            // it is dated after today
	notYetReported      // it became known today or later
	beforePeriod        // it is the total of a period that had not begun
	notOfRecord         // the program names another source
	secondSource        // another source counts
	unvouched           // the partner alone reports it, and it is not asked for a campaign's own figures
	repeated            // a later one says the same
	contradicted        // a later one says something else
	corrected           // one that was reported later says something else
	unknownMetric       // its metric is in no catalogue
	computed            // its metric is computed on its day
)

// row is an entry of a set with its fate.
type row struct {
	set    *v1alpha1.MeasurementSet
	pos    int
	on     fiscal.Day
	cohort fiscal.Day
	known  fiscal.Day // the day on which it became known
	from   fiscal.Day // the first day on which it counts
	value  *big.Rat
	deal   string // its transaction, as it is compared; empty for none
	fate   fate
	winner *row // of a repeated, contradicted or corrected entry the one that counts instead
}

func (r *row) entry() *v1alpha1.Measurement { return &r.set.Spec.Entries[r.pos] }

// places are where the entries about one subject stand, by metric.
type places struct {
	of   map[v1alpha1.Name][]place
	next fiscal.Day // the first day after today with an entry
}

// place is where an entry stands.
type place struct {
	set *v1alpha1.MeasurementSet
	pos int
}

func newPlaces(sets []*v1alpha1.MeasurementSet, today fiscal.Day) *places {
	p := &places{of: map[v1alpha1.Name][]place{}}
	for _, set := range sets {
		for i := range set.Spec.Entries {
			entry := &set.Spec.Entries[i]
			p.of[entry.Metric] = append(p.of[entry.Metric], place{set, i})
			if _, known, err := daysOf(entry); err == nil && countsFrom(entry, known) > today {
				p.next = fiscal.Earliest(p.next, countsFrom(entry, known))
			}
		}
	}
	return p
}

// daysOf returns the day that an entry is about, and the day on which it became known.
func daysOf(entry *v1alpha1.Measurement) (on, known fiscal.Day, err error) {
	if on, err = fiscal.ParseDay(entry.Day); err != nil || entry.ReportedOn == "" {
		return on, on, err
	}
	if known, err = fiscal.ParseDay(entry.ReportedOn); err != nil {
		return on, known, fmt.Errorf("reportedOn: %w", err)
	}
	if known < on {
		return on, known, fmt.Errorf("reportedOn is %s, before its day %s: a result cannot be known before its day is over", known, on)
	}
	return on, known, nil
}

// countsFrom returns the first day on which an entry counts that became known on a day: what was reported later than its day counts from the day after the
// report on, so that no evaluation of the day itself depends on the hour.
func countsFrom(entry *v1alpha1.Measurement, known fiscal.Day) fiscal.Day {
	if entry.ReportedOn == "" {
		return known
	}
	return known.AddDays(1)
}

// placesOf is the key of the places of a subject.
type placesOf struct {
	kind v1alpha1.SubjectKind
	name v1alpha1.Name
}

// newSubject returns a subject with the sets that a snapshot has about it.
func newSubject(p *snapshot.Snapshot, kind v1alpha1.SubjectKind, name v1alpha1.Name, period fiscal.Span, today fiscal.Day) subject {
	sets := p.MeasurementsAbout(kind, name)
	places := snapshot.Once(p, snapshot.Results, today, placesOf{kind, name}, func() *places { return newPlaces(sets, today) })
	return subject{kind: kind, name: name, period: period, sets: sets, places: places}
}

// reading is what was read of one metric about one subject.
type reading struct {
	rows     []row // sorted by source, day, cohort, transaction, day of the report, set and position
	own      []Entry
	source   v1alpha1.Name
	counting v1alpha1.Name            // the source whose entries count
	next     fiscal.Day               // the first day after today with an entry that counts then
	bySet    map[v1alpha1.Name][]*row // in the order of rows
}

// readingOf is the key of a reading.
type readingOf struct {
	program   *program.Program
	kind      v1alpha1.SubjectKind
	name      v1alpha1.Name
	period    fiscal.Span
	metric    v1alpha1.Name
	unvouched bool
}

// reader reads the entries of one metric.
type reader struct {
	program *program.Program
	metric  *v1alpha1.Metric
	today   fiscal.Day
	// unvouched says that what the partner alone reports counts where nobody else reports it: for a campaign's own figures.
	unvouched bool
}

// reading reads a metric about a subject, once for a snapshot unless the sets are others than those of it.
func (r reader) reading(p *snapshot.Snapshot, about *subject) *reading {
	if about.apart {
		return r.of(about)
	}
	key := readingOf{r.program, about.kind, about.name, about.period, r.metric.Name, r.unvouched}
	return snapshot.Once(p, snapshot.Results, r.today, key, func() *reading { return r.of(about) })
}

func (r reader) of(about *subject) *reading {
	places := about.places.of[r.metric.Name]
	x := &reading{rows: make([]row, len(places)), bySet: map[v1alpha1.Name][]*row{}}
	for i, place := range places {
		x.rows[i] = row{set: place.set, pos: place.pos}
	}
	r.read(about, x.rows)
	x.own, x.source = r.entries(about, x.rows)
	x.counting = countingSource(r.metric, x.rows)
	for i := range x.rows {
		row := &x.rows[i]
		name := v1alpha1.Name(row.set.Name)
		x.bySet[name] = append(x.bySet[name], row)
		if row.fate == inFuture || row.fate == notYetReported {
			x.next = fiscal.Earliest(x.next, row.from)
		}
	}
	return x
}

// read decides on every row of one subject. The rows are sorted afterwards by source, day, cohort, transaction, day of the report, set and position.
func (r reader) read(about *subject, rows []row) {
	for i := range rows {
		r.parse(about, &rows[i])
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(
			cmp.Compare(a.set.Spec.Source, b.set.Spec.Source),
			cmp.Compare(a.on, b.on),
			cmp.Compare(a.cohort, b.cohort),
			cmp.Compare(a.deal, b.deal),
			cmp.Compare(a.from, b.from),
			cmp.Compare(a.set.Name, b.set.Name),
			cmp.Compare(a.pos, b.pos),
		)
	})
	r.chooseSource(rows)
	mergeRepeated(rows)
}

// parse reads one entry and finds what is wrong with it alone.
func (r reader) parse(about *subject, x *row) {
	entry := x.entry()
	var errOn, errValue error
	x.on, x.known, errOn = daysOf(entry)
	x.from = countsFrom(entry, x.known)
	x.value, errValue = decimal.Parse(entry.Value)
	if r.metric.Behaviour != v1alpha1.BehaviourStock && entry.Cohort != "" {
		x.cohort, _ = fiscal.ParseDay(entry.Cohort) // the schema refuses what is not a day
	}
	if r.metric.Behaviour != v1alpha1.BehaviourStock && !r.cumulative() {
		x.deal = dealOf(entry)
	}
	switch {
	case errOn != nil || errValue != nil:
		x.fate = invalid
	case entry.Unit != "" && entry.Unit != r.metric.Unit:
		x.fate = wrongUnit
	case r.program.Computes(r.metric.Name, x.on):
		x.fate = computed
	case x.on > r.today:
		x.fate = inFuture
	case x.from > r.today:
		x.fate = notYetReported
	case r.cumulative() && !about.period.IsZero() && x.on < about.period.From:
		x.fate = beforePeriod
	}
}

// dealOf returns what the transaction of an entry is compared by; empty for none.
func dealOf(entry *v1alpha1.Measurement) string {
	if entry.Transaction == "" {
		return ""
	}
	return identity.NumberKey(entry.Transaction)
}

func (r reader) cumulative() bool {
	return r.metric.Behaviour != v1alpha1.BehaviourStock && r.metric.Reporting == v1alpha1.ReportingCumulative
}

// chooseSource leaves one source: the system of record, or where the program names none the first by name that has an entry that counts. What the
// partner alone reports comes last, if it counts at all.
func (r reader) chooseSource(rows []row) {
	if !r.unvouched && r.metric.SourceOfRecord == "" {
		for i := range rows {
			if rows[i].fate == counts && rows[i].set.Spec.Source == v1alpha1.SourcePartnerReported {
				rows[i].fate = unvouched
			}
		}
	}
	chosen, otherwise := countingSource(r.metric, rows), secondSource
	if r.metric.SourceOfRecord != "" {
		otherwise = notOfRecord
	}
	for i := range rows {
		if rows[i].fate == counts && rows[i].set.Spec.Source != chosen {
			rows[i].fate = otherwise
		}
	}
}

// countingSource returns the source whose entries count.
func countingSource(metric *v1alpha1.Metric, rows []row) v1alpha1.Name {
	if metric.SourceOfRecord != "" {
		return metric.SourceOfRecord
	}
	return firstSource(rows)
}

// firstSource returns the first source that has an entry that counts, that of the partner last; the rows are sorted by source.
func firstSource(rows []row) v1alpha1.Name {
	var last v1alpha1.Name
	for i := range rows {
		switch source := rows[i].set.Spec.Source; {
		case rows[i].fate != counts:
		case source == v1alpha1.SourcePartnerReported:
			last = source
		default:
			return source
		}
	}
	return last
}

// mergeRepeated leaves one entry of each day, cohort and transaction: the one that was reported last; of several of one day that of the set that is last by name, and
// within it the last.
func mergeRepeated(rows []row) {
	var last *row
	for i := len(rows) - 1; i >= 0; i-- {
		x := &rows[i]
		if x.fate != counts {
			continue
		}
		if last == nil || last.on != x.on || last.cohort != x.cohort || last.deal != x.deal {
			last = x
			continue
		}
		x.winner, x.fate = last, contradicted
		switch {
		case x.value.Cmp(last.value) == 0:
			x.fate = repeated
		case x.from < last.from:
			x.fate = corrected
		}
	}
}

// entries returns what counts of one subject's rows as increments (of a Stock: levels), by day and cohort, with their source.
func (r reader) entries(about *subject, rows []row) ([]Entry, v1alpha1.Name) {
	var list []Entry
	var source v1alpha1.Name
	for i := range rows {
		if rows[i].fate == counts {
			list = append(list, Entry{On: rows[i].on, Value: rows[i].value, Cohort: rows[i].cohort, Transaction: rows[i].deal})
			source = rows[i].set.Spec.Source
		}
	}
	if r.cumulative() {
		r.difference(about, list)
	}
	return list, source
}

// cumulation is a running total: of the leads of one cohort, since the first day of a period.
type cumulation struct {
	from   fiscal.Day
	cohort fiscal.Day
}

// difference turns totals since the start of the plan's period (of a partner: of the fiscal year) into what was added since the total before.
// A total that is lower than the one before takes back.
func (r reader) difference(about *subject, list []Entry) {
	before := map[cumulation]*big.Rat{}
	var year fiscal.Span
	for i := range list {
		since := about.period.From
		if about.period.IsZero() {
			if !year.Contains(list[i].On) {
				year = r.program.Calendar.PeriodContaining(fiscal.Year, list[i].On)
			}
			since = year.From
		}
		key := cumulation{from: since, cohort: list[i].Cohort}
		total := list[i].Value
		if last := before[key]; last != nil {
			list[i].Value = new(big.Rat).Sub(total, last)
		}
		before[key] = total
	}
}
