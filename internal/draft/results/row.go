package results

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/table"
)

// keyBytes is how much is kept of a key to know it again: enough that no two of any file agree by chance.
const keyBytes = 16

// value is one value of a row.
type value struct {
	key    factKey
	amount *big.Rat
	metric *v1alpha1.Metric
	column int
}

// row uses, leaves out or rejects a row.
func (in *intake) row(row *table.Row) {
	if row.IsBlank() {
		in.leaveOut("the row is empty")
		return
	}
	if reason := in.filtered(row); reason != "" {
		in.leaveOut(reason)
		return
	}
	in.failed = false
	values, reason := in.read(row)
	var key [keyBytes]byte
	if !in.failed && reason == "" && len(in.key) > 0 {
		key = in.keyOf(row)
	}
	if !in.failed && reason == "" {
		in.checkRepeated(row, key, values)
	}
	switch {
	case in.failed:
		in.outcome.Rejected++
		return
	case reason != "":
		in.leaveOut(reason)
		return
	}
	in.outcome.Used++
	if len(in.key) > 0 {
		in.keys[key] = row.Number
	}
	for i := range values {
		in.add(row, &values[i])
	}
}

func (in *intake) leaveOut(reason string) {
	in.outcome.LeftOut++
	in.reasons[reason]++
}

// reject says what is wrong with a cell of the row that is read.
func (in *intake) reject(row *table.Row, column int, err error) {
	in.failed = true
	r := Rejection{Place: in.source.Place(row.Number, column), Column: in.shown(column), Message: err.Error()}
	if column >= 0 {
		r.Value = row.Cell(column).Text
	}
	if len(in.outcome.Rejections) < MaxRejections {
		in.outcome.Rejections = append(in.outcome.Rejections, r)
	}
	if in.tell != nil {
		in.tell(r)
	}
}

// filtered says by which filter a row is left out; nothing if by none.
func (in *intake) filtered(row *table.Row) string {
	for _, f := range in.skip {
		if text := row.Cell(f.column).Text; f.values[table.Key(text)] {
			return fmt.Sprintf("spec.skip: %s is %q", f.header, strings.TrimSpace(text))
		}
	}
	for _, f := range in.only {
		if !f.values[table.Key(row.Cell(f.column).Text)] {
			return fmt.Sprintf("spec.only: %s has none of the values", f.header)
		}
	}
	return ""
}

// read reads the cells of a row. It returns why the row is left out; nothing if it is not.
func (in *intake) read(row *table.Row) (values []value, reason string) {
	if in.isTorn(row) {
		return nil, ""
	}
	subject := in.subjectOf(row)
	if subject == nil {
		return nil, ""
	}
	var day, cohort fiscal.Day
	if in.day != none {
		var isOver bool
		if day, isOver = in.dayOf(row, subject); !isOver {
			return nil, in.notOver()
		}
	}
	cohort = in.cohortOf(row, subject)
	empty, early := 0, 0
	for i := range in.values {
		v := &in.values[i]
		on := day
		if in.spec.Day.Headers != nil {
			var isOver bool
			if on, isOver = in.interval(v.day, subject); !isOver {
				early++
				in.early[v.column] = true
				continue
			}
		}
		one, isMissing := in.value(row, subject, v)
		if isMissing {
			empty++
			continue
		}
		if one == nil {
			continue
		}
		if cohort > on {
			in.reject(row, in.cohort, fmt.Errorf("the leads are of %s, after the result of %s", cohort, on))
			continue
		}
		one.key = factKey{subject: subject, metric: one.metric.Name, day: on, cohort: cohort}
		values = append(values, *one)
	}
	switch {
	case in.failed || len(values) > 0:
		return values, ""
	case early > 0 && empty == 0:
		return nil, in.notOver()
	default:
		return nil, "the row has no value, and missing is not zero"
	}
}

// isTorn rejects a row that cannot be divided into cells as the header is.
func (in *intake) isTorn(row *table.Row) bool {
	width := len(in.columns.Header)
	for i := width; i < len(row.Cells); i++ {
		if strings.TrimSpace(row.Cells[i].Text) != "" {
			in.reject(row, none, fmt.Errorf("has %d cells, and the header %d: put a value that contains the delimiter in quotes", len(row.Cells), width))
			return true
		}
	}
	return false
}

// cohortOf returns of when the leads of a row are; none if it does not say.
func (in *intake) cohortOf(row *table.Row, subject *Subject) fiscal.Day {
	if in.cohort == none || strings.TrimSpace(row.Cell(in.cohort).Text) == "" {
		return 0
	}
	day, err := table.ReadDay(row.Cell(in.cohort), in.cohortFormat, subject.Program.Calendar)
	if err != nil {
		in.reject(row, in.cohort, err)
	}
	return day
}

func (in *intake) notOver() string {
	return fmt.Sprintf("its %s is not over yet", strings.ToLower(string(in.per)))
}

// subjectOf returns what a row is about; nil if that is not clear.
func (in *intake) subjectOf(row *table.Row) *Subject {
	partner := ""
	if in.partner != none {
		partner = row.Cell(in.partner).Text
	}
	text := row.Cell(in.subject).Text
	memo := text + "\x00" + partner
	found := in.found[memo]
	if wrong := row.Cell(in.subject).Wrong; wrong != "" {
		found = &foundSubject{err: errors.New(wrong)}
	} else if found == nil {
		found = &foundSubject{}
		found.subject, found.err = in.lookUp(text, partner)
		in.found[memo] = found
	}
	if found.err != nil {
		in.reject(row, in.subject, found.err)
		return nil
	}
	return found.subject
}

func (in *intake) lookUp(text, partner string) (*Subject, error) {
	kind := in.spec.Subject.Kind
	if strings.TrimSpace(text) == "" {
		return nil, fmt.Errorf("there is no %s: if the row is a sum or a note, leave it out with spec.skip of the mapping", strings.TrimSuffix(called[kind], "s"))
	}
	var of *Subject
	if in.partner != none {
		var err error
		if of, err = in.directory.find(v1alpha1.SubjectPartner, partner, nil); err != nil {
			return nil, fmt.Errorf("%s %s: %w", in.shown(in.partner), decimal.Quote(partner), err)
		}
	}
	if name := in.names[table.Key(text)]; name != "" {
		subject, err := in.directory.find(kind, string(name), of)
		if err != nil {
			return nil, fmt.Errorf("subject.names of the mapping says %s: %w", name, err)
		}
		return subject, nil
	}
	return in.directory.find(kind, text, of)
}

// dayOf returns the day of a row's results, and whether its interval is over.
func (in *intake) dayOf(row *table.Row, subject *Subject) (day fiscal.Day, isOver bool) {
	on, err := table.ReadDay(row.Cell(in.day), in.dayFormat, subject.Program.Calendar)
	if err != nil {
		in.reject(row, in.day, err)
		return 0, true
	}
	today := subject.Program.Today(in.At)
	if on > today && in.per == importsv1alpha1.IntervalDay {
		in.reject(row, in.day, fmt.Errorf("%s is after today, %s: no result can be known yet", on, today))
		return 0, true
	}
	if !subject.Period.IsZero() && !subject.Period.Contains(on) {
		in.reject(row, in.day, fmt.Errorf("%s is not in the period of %s, %s: the result would count nowhere", on, subject, subject.Period))
		return 0, true
	}
	return in.interval(on, subject)
}

// interval returns the last day of the interval in which a day is, and whether it is over.
func (in *intake) interval(on fiscal.Day, subject *Subject) (through fiscal.Day, isOver bool) {
	today := subject.Program.Today(in.At)
	switch in.per {
	case importsv1alpha1.IntervalMonth:
		on = on.MonthEnd()
	case importsv1alpha1.IntervalQuarter:
		on = subject.Program.Calendar.PeriodContaining(fiscal.Quarter, on).Through
	default:
		return on, on <= today
	}
	return on, on < today
}

// keyOf returns what identifies a row.
func (in *intake) keyOf(row *table.Row) (key [keyBytes]byte) {
	parts := make([]string, len(in.key))
	for i, column := range in.key {
		cell := row.Cell(column)
		parts[i] = strings.TrimSpace(cell.Text)
		if cell.Wrong != "" {
			in.reject(row, column, errors.New(cell.Wrong))
		} else if parts[i] == "" {
			in.reject(row, column, errors.New("is empty, and identifies the row: without it nobody could tell whether the row was there before"))
		}
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	copy(key[:], sum[:])
	return key
}

// checkRepeated rejects a row that says again what an earlier one says.
func (in *intake) checkRepeated(row *table.Row, key [keyBytes]byte, values []value) {
	if len(in.key) > 0 {
		if first, repeated := in.keys[key]; repeated {
			in.reject(row, in.key[0], fmt.Errorf("was there before, on %s: remove one of the two", in.source.Place(first, none)))
		}
		return
	}
	for i := range values {
		v := &values[i]
		if v.column == none { // it counts rows
			continue
		}
		before := in.facts[v.key]
		at := slices.IndexFunc(values[:i], func(other value) bool { return other.key == v.key })
		switch {
		case before != nil:
			in.reject(row, v.column, fmt.Errorf("%s of %s through %s was there before, on %s: remove one of the two; if rows are transactions that are to be added up, "+
				"name the column that identifies them in spec.key of the mapping", v.key.metric, v.key.subject, v.key.day, in.source.Place(before.row, none)))
		case at >= 0:
			in.reject(row, v.column, fmt.Errorf("%s through %s is also in column %q of this row", v.key.metric, v.key.day, in.shown(values[at].column)))
		}
	}
}

// add adds a value to its fact.
func (in *intake) add(row *table.Row, v *value) {
	sum := in.sums[v.metric.Name]
	if sum == nil {
		sum = &total{}
		if v.metric.Behaviour != v1alpha1.BehaviourStock {
			sum.value = new(big.Rat)
		}
		in.sums[v.metric.Name] = sum
	}
	sum.values++
	if sum.value != nil {
		sum.value.Add(sum.value, v.amount)
	}
	x := in.facts[v.key]
	if x == nil {
		in.facts[v.key] = &fact{value: new(big.Rat).Set(v.amount), row: row.Number}
		return
	}
	x.value.Add(x.value, v.amount)
}
