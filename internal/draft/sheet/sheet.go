// Package sheet makes partners, budgets and past plans of the rows of a sheet that people keep.
//
// Each row is used, left out by what the mapping says, or rejected with its place and the remedy. What the sheet does not say is not invented. An object that
// is there already keeps what the sheet does not say, and what the sheet says otherwise is a change that the caller shows before anything is written.
package sheet

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
	"jointplan.dev/jointplan/internal/verdict"
)

// Options say how to import.
type Options struct {
	// At is the instant of the import.
	At time.Time
	// Objects are those at hand: the program, and what was imported before.
	Objects []manifest.Object
	// Namespaces are the labels of the namespaces that manifests or the cluster have.
	Namespaces map[string]map[string]string
	// Program is the name of the program; empty for the only one.
	Program string
	// Labels are for the namespaces of partners, beside those that the program asks for.
	Labels map[string]string
	// Template says what the sheet of budgets cannot say. Nil for none.
	Template *v1alpha1.MDFBudget
	// Source is the source of past results.
	Source v1alpha1.Name
	// Origin says where the rows come from; it is noted on results.
	Origin string
	// Rejected is told of each rejection. Nil for nobody.
	Rejected func(results.Rejection)
}

// Outcome is what came of rows.
type Outcome struct {
	// Rows is the number of rows below the header: Used, LeftOut and Rejected add up to it.
	Rows     int `json:"rows"`
	Used     int `json:"used"`
	LeftOut  int `json:"leftOut"`
	Rejected int `json:"rejected"`
	// Reasons say why rows were left out.
	Reasons []results.Count `json:"reasons,omitempty"`
	// Rejections are the first of those there are, in the order of the rows.
	Rejections []results.Rejection `json:"rejections,omitempty"`
	// Ignored are the columns that say nothing that is imported.
	Ignored []string `json:"ignored,omitempty"`
	// Items are the objects of the rows, in their order.
	Items []*Item `json:"-"`
	// Results is what came of past results; nil without.
	Results *results.Outcome `json:"results,omitempty"`
}

// Item is an object that rows are about.
type Item struct {
	// Object is the object as it would be written.
	Object manifest.Object
	// Namespace are the labels of the partner's namespace; nil for other kinds.
	Namespace map[string]string
	// IsNew says that there was no such object.
	IsNew bool
	// Changes are what the sheet says otherwise than the object that is there.
	Changes []Change
	// Place is that of the row.
	Place string

	row int
}

// Change is a field that the sheet says otherwise.
type Change struct {
	// Object names the object, as KIND NAMESPACE/NAME.
	Object string `json:"object"`
	// Field is the path of the field.
	Field string `json:"field"`
	// Old and New are its values; Old is empty for none.
	Old string `json:"old,omitempty"`
	New string `json:"new"`
}

// none is the column of what no column says.
const none = -1

// intake is one import.
type intake struct {
	Options
	*binding

	spec    *importsv1alpha1.ObjectsMappingSpec
	fields  []field
	source  table.Source
	program *program.Program
	today   fiscal.Day
	day     *table.Format

	outcome    Outcome
	reasons    map[string]int
	rejections []rejection
	rejected   map[int]bool // rows
	rows       []*record
}

type rejection struct {
	results.Rejection

	row int
}

// record is a row that is read.
type record struct {
	*table.Row

	in *intake
}

// Headers returns the headers by which the columns of a kind of sheet are found, those of the mapping first.
func Headers(kind Kind, spec *importsv1alpha1.ObjectsMappingSpec) []string {
	var list []string
	for i := range spec.Columns {
		if header := spec.Columns[i].Column; header != "" {
			list = append(list, string(header))
		}
	}
	for _, f := range fieldsOf[kind] {
		list = append(list, f.headers...)
	}
	return list
}

// Import makes objects of the rows of a sheet. An error means that nothing can be made of them as a whole.
func Import(kind Kind, spec *importsv1alpha1.ObjectsMappingSpec, source table.Source, options Options) (*Outcome, error) {
	in := &intake{
		Options: options, spec: spec, fields: fieldsOf[kind], source: source, reasons: map[string]int{}, rejected: map[int]bool{},
	}
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.readAll(); err != nil {
		return nil, err
	}
	var err error
	switch kind {
	case Partners:
		err = in.partners()
	case Budgets:
		err = in.budgets()
	case Plans:
		err = in.plans()
	}
	if err != nil {
		return nil, err
	}
	in.finish()
	return &in.outcome, nil
}

// check reads the mapping, and finds the program.
func (in *intake) check() (err error) {
	known := make([]string, len(in.fields))
	for i, f := range in.fields {
		known[i] = f.name
	}
	wrong := func(list string, i int, name importsv1alpha1.FieldName) error {
		if slices.Contains(known, string(name)) {
			return nil
		}
		return fmt.Errorf("spec.%s[%d].field of the mapping: no field %q%s The fields are %s", list, i, name, cmp.Or(nearTo(string(name), known), "."), verdict.List(known))
	}
	for i := range in.spec.Columns {
		err = errors.Join(err, wrong("columns", i, in.spec.Columns[i].Field))
	}
	for i := range in.spec.Values {
		err = errors.Join(err, wrong("values", i, in.spec.Values[i].Field))
	}
	if in.spec.Day != nil {
		format, bad := table.NewFormat(in.spec.Day.Format)
		switch {
		case bad != nil:
			err = errors.Join(err, fmt.Errorf("spec.day.format of the mapping: %w", bad))
		case format.Grain() != table.Days:
			err = errors.Join(err, fmt.Errorf("spec.day.format of the mapping: %q has no day of the month: add D or DD", in.spec.Day.Format))
		}
		in.day = format
	}
	if err != nil {
		return err
	}
	return in.findProgram()
}

func (in *intake) findProgram() error {
	wanted := in.Program
	var names []string
	for _, object := range in.Objects {
		x, ok := object.(*v1alpha1.PartnerProgram)
		if !ok {
			continue
		}
		names = append(names, x.Name)
		if wanted == "" || wanted == x.Name {
			in.program = program.Compile(x.Name, &x.Spec)
		}
	}
	switch {
	case len(names) == 0:
		return errors.New("there is no program in what was read: read its manifest too, with -f")
	case in.program == nil:
		return fmt.Errorf("%s in what was read: name one of those that are, or read its manifest too", verdict.NoSuch("program", wanted, names))
	case wanted == "" && len(names) > 1:
		return fmt.Errorf("there are the programs %s: name one with --program", verdict.List(names))
	}
	in.today = in.program.Today(in.At)
	return nil
}

// headerRows is how many rows are searched for the header.
const headerRows = 50

// readAll reads the rows.
func (in *intake) readAll() error {
	before := 0
	var missing []string
	for row, err := range in.source.Rows() {
		if err != nil {
			return err
		}
		if in.binding == nil {
			before++
			lacks, err := in.header(&row, before)
			if err != nil {
				return err
			}
			if before == 1 || len(lacks) < len(missing) {
				missing = lacks
			}
			if in.binding == nil && before == headerRows {
				break
			}
			continue
		}
		in.outcome.Rows++
		in.take(&row)
	}
	switch {
	case in.binding == nil && before == 0:
		return errors.New("is empty: there is not even a header")
	case in.binding == nil:
		return fmt.Errorf("there is no header: none of the first %d rows has %s. Name the columns in spec.columns of a mapping, as in {field: %s, column: ...}, and give it with --mapping",
			before, describe(in.fields, missing), missing[0])
	case in.outcome.Rows == 0:
		return errors.New("there is no row below the header")
	}
	return nil
}

// header takes a row as the header, if it is one, and says which fields it lacks.
func (in *intake) header(row *table.Row, number int) (missing []string, err error) {
	forced := in.spec.File != nil && in.spec.File.HeaderRow != nil
	if forced && number < int(*in.spec.File.HeaderRow) {
		return []string{in.fields[0].name}, nil
	}
	b, missing, err := in.bind(row)
	if len(missing) > 0 && !forced {
		return missing, nil
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("row %d, which spec.file.headerRow of the mapping names, has no %s, but %s", number, describe(in.fields, missing), table.NewColumns(row))
	}
	if err != nil {
		return nil, err
	}
	in.binding = b
	in.outcome.Ignored = b.ignored
	return nil, nil
}

// take leaves out, rejects or keeps a row.
func (in *intake) take(row *table.Row) {
	if row.IsBlank() {
		in.leaveOut("the row is empty")
		return
	}
	for _, f := range in.skip {
		if text := row.Cell(f.column).Text; f.values[table.Key(text)] {
			in.leaveOut(fmt.Sprintf("spec.skip: %s is %q", f.header, strings.TrimSpace(text)))
			return
		}
	}
	for _, f := range in.only {
		if !f.values[table.Key(row.Cell(f.column).Text)] {
			in.leaveOut(fmt.Sprintf("spec.only: %s has none of the values", f.header))
			return
		}
	}
	x := &record{Row: row, in: in}
	for i := len(in.columns.Header); i < len(row.Cells); i++ {
		if strings.TrimSpace(row.Cells[i].Text) != "" {
			x.rejectColumnf(none, "", "has %d cells, and the header %d: put a value that contains the delimiter in quotes", len(row.Cells), len(in.columns.Header))
			return
		}
	}
	in.rows = append(in.rows, x)
}

func (in *intake) leaveOut(reason string) {
	in.outcome.LeftOut++
	in.reasons[reason]++
}

// place says where a row is.
func (in *intake) place(row int) string { return in.source.Place(row, none) }

// finish counts.
func (in *intake) finish() {
	slices.SortStableFunc(in.rejections, func(a, b rejection) int { return cmp.Compare(a.row, b.row) })
	for _, r := range in.rejections {
		if len(in.outcome.Rejections) < results.MaxRejections {
			in.outcome.Rejections = append(in.outcome.Rejections, r.Rejection)
		}
		if in.Rejected != nil {
			in.Rejected(r.Rejection)
		}
	}
	in.outcome.Rejected = len(in.rejected)
	in.outcome.Used = in.outcome.Rows - in.outcome.LeftOut - in.outcome.Rejected
	for reason, rows := range in.reasons {
		in.outcome.Reasons = append(in.outcome.Reasons, results.Count{Reason: reason, Rows: rows})
	}
	slices.SortFunc(in.outcome.Reasons, func(a, b results.Count) int { return strings.Compare(a.Reason, b.Reason) })
}
