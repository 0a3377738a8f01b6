// Package results makes MeasurementSets of the rows of a file or a query.
//
// Each row is used, left out by what the mapping says, or rejected with its place and the remedy; nothing else becomes of a row, and a row of which one cell
// cannot be used is rejected as a whole. What a row does not say is no result: missing is not zero. A value that was reported otherwise before is a
// correction: a further entry, with the day on which it became known. The same rows again change nothing.
package results

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
)

// Options say how to import.
type Options struct {
	// At is the instant of the import. What it corrects became known on its day.
	At time.Time
	// CompleteThrough is the day through which a person states that the rows are complete: what they do not say was zero. Zero for none.
	CompleteThrough fiscal.Day
	// Expect holds the sums of metrics that the rows must have.
	Expect map[v1alpha1.Name]*big.Rat
	// Origin says where the rows come from; it is noted on what is written.
	Origin string
	// Rejected is told of each cell or row that is rejected. Nil for nobody.
	Rejected func(Rejection)
	// Progress is told now and then how many rows were read. Nil for nobody.
	Progress func(rows int)
}

// progressEvery is how many rows are read between two words about it.
const progressEvery = 100_000

// MaxRejections is how many rejections an outcome names; it counts the others.
const MaxRejections = 1000

// Rejection says why a row was rejected.
type Rejection struct {
	// Place says where, such as "line 12" or "cell B7 of sheet Results".
	Place string `json:"place"`
	// Column is the header of the column; empty for the row.
	Column string `json:"column,omitempty"`
	// Value is what stands there.
	Value string `json:"value,omitempty"`
	// Message says what is wrong and what to do.
	Message string `json:"message"`
}

// Count counts rows that were left out for a reason.
type Count struct {
	// Reason says why.
	Reason string `json:"reason"`
	// Rows is how many.
	Rows int `json:"rows"`
}

// Sum is what the rows of a metric add up to.
type Sum struct {
	// Metric is the metric.
	Metric v1alpha1.Name `json:"metric"`
	// Value is the sum; nothing for a level, which is not added up.
	Value v1alpha1.Decimal `json:"value,omitempty"`
	// Values is how many values were read.
	Values int `json:"values"`
}

// Outcome is what came of rows.
type Outcome struct {
	// Rows is the number of rows below the header: Used, LeftOut and Rejected add up to it.
	Rows     int `json:"rows"`
	Used     int `json:"used"`
	LeftOut  int `json:"leftOut"`
	Rejected int `json:"rejected"`
	// Reasons say why rows were left out.
	Reasons []Count `json:"reasons,omitempty"`
	// Rejections are the first of those there are.
	Rejections []Rejection `json:"rejections,omitempty"`
	// Sums are those of the metrics, by name.
	Sums []Sum `json:"sums,omitempty"`
	// Ignored are the columns that the mapping does not name.
	Ignored []string `json:"ignored,omitempty"`

	// Sets are the MeasurementSets that are new or other than before, by namespace and name.
	Sets []*v1alpha1.MeasurementSet `json:"-"`
	// Subjects is how many subjects the rows are about.
	Subjects int `json:"subjects"`
	// Added, Corrected, Zeros and Same count the values that are new, other than before, zero since nothing was in the rows, and there before.
	Added     int `json:"added"`
	Corrected int `json:"corrected"`
	Zeros     int `json:"zeros"`
	Same      int `json:"same"`
	// Changes are the values of days that were reported before, by subject, metric and day.
	Changes []Change `json:"changes,omitempty"`
	// Zeroed are the values that are zero since nothing was in the rows and a person states that they are complete.
	Zeroed []Change `json:"zeroed,omitempty"`
	// Gone are values of the subjects in the rows that were reported before, of intervals of which the rows speak, and are not in them. They stay.
	Gone []Change `json:"gone,omitempty"`
	// Absent is how many subjects have such values and are not in the rows at all.
	Absent int `json:"absent,omitempty"`

	corrections []*v1alpha1.MeasurementSet
}

// Corrections returns sets with nothing but the changes, for an evaluation that shows what they move.
func (o *Outcome) Corrections() []manifest.Object {
	list := make([]manifest.Object, len(o.corrections))
	for i, set := range o.corrections {
		list[i] = set
	}
	return list
}

// Change is a value that is other than before.
type Change struct {
	// Namespace, Kind and Name say what it is about.
	Namespace string               `json:"namespace"`
	Kind      v1alpha1.SubjectKind `json:"kind"`
	Name      string               `json:"name"`
	// Metric, Day and Cohort say which value.
	Metric v1alpha1.Name `json:"metric"`
	Day    v1alpha1.Date `json:"day"`
	Cohort v1alpha1.Date `json:"cohort,omitempty"`
	// Old and New are the values; empty for none.
	Old v1alpha1.Decimal `json:"old,omitempty"`
	New v1alpha1.Decimal `json:"new,omitempty"`
}

// intake is one import.
type intake struct {
	Options
	*binding

	directory *Directory
	source    table.Source
	tell      func(Rejection) // nil for nobody

	outcome Outcome
	reasons map[string]int
	keys    map[[keyBytes]byte]int // the row on which a key was first
	facts   map[factKey]*fact
	sums    map[v1alpha1.Name]*total
	found   map[string]*foundSubject // by the text of the cell
	failed  bool                     // the row that is read now
	early   map[int]bool             // columns of days that are not over yet
	nearest *table.Row               // before the header is found: the row that lacks the fewest columns, and which
	missing []string
}

type factKey struct {
	subject *Subject
	metric  v1alpha1.Name
	day     fiscal.Day
	cohort  fiscal.Day
}

type fact struct {
	value *big.Rat
	row   int // the first
}

type total struct {
	value  *big.Rat // nil for a level
	values int
}

type foundSubject struct {
	subject *Subject
	err     error
}

// Import makes sets of the rows of a source. An error means that nothing can be made of them as a whole.
func Import(directory *Directory, spec *importsv1alpha1.ResultsMappingSpec, source table.Source, options Options) (*Outcome, error) {
	in := &intake{
		Options: options, directory: directory, source: source, tell: options.Rejected, reasons: map[string]int{}, keys: map[[keyBytes]byte]int{},
		facts: map[factKey]*fact{}, sums: map[v1alpha1.Name]*total{}, found: map[string]*foundSubject{}, early: map[int]bool{},
	}
	if err := in.readAll(spec); err != nil {
		return nil, err
	}
	if err := in.checkWhole(); err != nil {
		return &in.outcome, err
	}
	return &in.outcome, in.write()
}

// readAll reads the rows.
func (in *intake) readAll(spec *importsv1alpha1.ResultsMappingSpec) error {
	before := 0
	for row, err := range in.source.Rows() {
		if err != nil {
			return err
		}
		if in.binding == nil {
			before++
			if err := in.header(spec, &row, before); err != nil {
				return err
			}
			continue
		}
		in.outcome.Rows++
		if in.Progress != nil && in.outcome.Rows%progressEvery == 0 {
			in.Progress(in.outcome.Rows)
		}
		in.row(&row)
	}
	if in.binding == nil {
		if before == 0 {
			return errors.New("is empty: there is not even a header")
		}
		return in.noHeader(spec)
	}
	for column := range in.early {
		in.outcome.Ignored = append(in.outcome.Ignored, fmt.Sprintf("%s (not over yet)", in.shown(column)))
	}
	slices.Sort(in.outcome.Ignored)
	for reason, rows := range in.reasons {
		in.outcome.Reasons = append(in.outcome.Reasons, Count{reason, rows})
	}
	slices.SortFunc(in.outcome.Reasons, func(a, b Count) int { return strings.Compare(a.Reason, b.Reason) })
	return nil
}

func quotedList(list []string) string {
	quoted := make([]string, len(list))
	for i, text := range list {
		quoted[i] = fmt.Sprintf("%q", text)
	}
	return strings.Join(quoted, ", ")
}

// header takes a row as the header, if it is one.
func (in *intake) header(spec *importsv1alpha1.ResultsMappingSpec, row *table.Row, number int) error {
	if spec.File != nil && spec.File.HeaderRow != nil {
		if number < int(*spec.File.HeaderRow) {
			return nil
		}
	} else if missing := missingOf(row, Headers(spec)); len(missing) > 0 {
		if in.nearest == nil || len(missing) < len(in.missing) {
			in.nearest, in.missing = row, missing
		}
		if number < headerRows {
			return nil
		}
		return in.noHeader(spec)
	}
	b, err := bind(spec, row)
	if err != nil {
		return err
	}
	in.binding = b
	in.outcome.Ignored = b.ignored()
	return nil
}

// noHeader says that no row is the header, and what the one that is nearest to it lacks.
func (in *intake) noHeader(spec *importsv1alpha1.ResultsMappingSpec) error {
	const remedy = "correct the names of the columns in the mapping"
	if in.nearest == nil || len(in.missing) == len(Headers(spec)) {
		return fmt.Errorf("there is no header: none of the first %d rows has a column of the mapping (%s): %s, or name the row in spec.file.headerRow",
			headerRows, quotedList(Headers(spec)), remedy)
	}
	return fmt.Errorf("there is no header: %s has no column %s, but %s: %s", in.source.Place(in.nearest.Number, none), quotedList(in.missing),
		table.NewColumns(in.nearest), remedy)
}

// ignored lists the columns that the mapping does not name.
func (b *binding) ignored() []string {
	named := map[string]bool{}
	for _, header := range Headers(b.spec) {
		named[table.Key(header)] = true
	}
	var list []string
	for i, header := range b.columns.Header {
		isValue := slices.ContainsFunc(b.values, func(v valueColumn) bool { return v.column == i })
		if header != "" && !named[table.Key(header)] && !isValue {
			list = append(list, header)
		}
	}
	return list
}

// checkWhole refuses rows that are not what they should be as a whole.
func (in *intake) checkWhole() error {
	if in.outcome.Rows == 0 {
		return errors.New("there is no row below the header: an empty answer is not a result of zero. If there really was nothing, let a person write that")
	}
	for metric, sum := range in.sums {
		x := Sum{Metric: metric, Values: sum.values}
		if sum.value != nil {
			x.Value = written(sum.value)
		}
		in.outcome.Sums = append(in.outcome.Sums, x)
	}
	slices.SortFunc(in.outcome.Sums, func(a, b Sum) int { return strings.Compare(string(a.Metric), string(b.Metric)) })
	var wrong []string
	for metric, want := range in.Expect {
		sum := in.sums[metric]
		switch {
		case sum == nil:
			wrong = append(wrong, fmt.Sprintf("%s should add up to %s, and no row has a value of it", metric, written(want)))
		case sum.value == nil:
			wrong = append(wrong, fmt.Sprintf("%s is a level, of which there is no sum: remove it from --expect", metric))
		case sum.value.Cmp(want) != 0:
			difference := new(big.Rat).Sub(sum.value, want)
			wrong = append(wrong, fmt.Sprintf("%s should add up to %s, and the rows that are used add up to %s (%s)", metric, written(want), written(sum.value), signed(difference)))
		}
	}
	if err := in.checkComplete(); err != nil {
		wrong = append(wrong, err.Error())
	}
	slices.Sort(wrong)
	if len(wrong) > 0 {
		return errors.New(strings.Join(wrong, "; "))
	}
	if in.outcome.Used == 0 && in.outcome.Rejected == 0 {
		return fmt.Errorf("none of the %d rows is used, all are left out by the mapping: an empty answer is not a result of zero", in.outcome.Rows)
	}
	return nil
}

// checkComplete refuses to take rows for complete that cannot be: what is missing in them would become zero.
func (in *intake) checkComplete() error {
	if in.CompleteThrough.IsZero() {
		return nil
	}
	if in.outcome.Rejected > 0 {
		return fmt.Errorf("rows were rejected (%d), so the rows are not complete, and what is missing in them is not zero: correct them, or leave out --complete-through",
			in.outcome.Rejected)
	}
	if in.spec.Day.Headers == nil {
		return nil
	}
	days := map[fiscal.Day]bool{}
	for i := range in.values {
		days[in.values[i].day] = true
	}
	for key := range in.facts {
		for _, day := range in.ends(key.subject, in.values[0].day) {
			if !days[day] {
				return fmt.Errorf("no column is about the days through %s, so the rows are not complete through %s: add the column, or state an earlier day", day, in.CompleteThrough)
			}
		}
		break
	}
	return nil
}

// written writes a number as entries have it.
func written(r *big.Rat) v1alpha1.Decimal {
	digits, exact := r.FloatPrec()
	if !exact {
		digits = decimal.MaxFractionDigits
	}
	text := r.FloatString(digits)
	return v1alpha1.Decimal(text)
}

// signed writes a difference with its sign.
func signed(r *big.Rat) string {
	if r.Sign() > 0 {
		return "+" + string(written(r))
	}
	return string(written(r))
}
