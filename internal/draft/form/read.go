package form

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"jointplan.dev/jointplan/api/v1alpha1"
)

const (
	// MaxBytes bounds a form, maxUnpacked what it unpacks to.
	MaxBytes    = 16 << 20
	maxUnpacked = 128 << 20
	// maxSheetRows and maxProblems bound what is looked at and said.
	maxSheetRows = 5000
	maxProblems  = 200
)

// Returned is a form that was filled in.
type Returned struct {
	// Form says what the form is for.
	Form Form
	// Spec is what was filled in, as JSON has it. It holds whatever could be read.
	Spec map[string]any
	// Problems are what could not be read, in the order of the sheets.
	Problems []Problem

	kind   *Kind
	file   *excelize.File
	root   *node
	fields map[Place]*field
}

// Errors returns how many problems keep the form from being used.
func (r *Returned) Errors() int {
	n := 0
	for _, problem := range r.Problems {
		if problem.Severity == string(v1alpha1.SeverityError) {
			n++
		}
	}
	return n
}

// Kind returns the kind of the form.
func (r *Returned) Kind() *Kind { return r.kind }

// zip begins a workbook; compound one of before 2007, or one that a password closes.
const (
	zip      = "PK\x03\x04"
	compound = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// Read reads a form that was filled in. An error says that it is none; what is wrong in it are problems.
func Read(data []byte) (r *Returned, err error) {
	defer func() { // a library that meets files from anywhere must not end the program
		if broken := recover(); broken != nil {
			r, err = nil, fmt.Errorf("cannot be read as a workbook: %v", broken)
		}
	}()
	switch {
	case len(data) > MaxBytes:
		return nil, fmt.Errorf("has more than %d MiB: a form is far smaller; remove pictures and the like from it", MaxBytes>>20)
	case bytes.HasPrefix(data, []byte(compound)):
		return nil, errors.New("is a workbook that a password closes, or one of before 2007 (.xls): open it and save a copy without a password as .xlsx")
	case !bytes.HasPrefix(data, []byte(zip)):
		return nil, errors.New("is not a workbook (.xlsx): send back the form itself, saved as .xlsx, and neither a PDF nor a text file")
	}
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpacked, UnzipXMLSizeLimit: maxUnpacked})
	if err != nil {
		return nil, fmt.Errorf("cannot be read as a workbook (.xlsx): %w", err)
	}
	in := &reader{Returned: &Returned{Spec: map[string]any{}, file: file, fields: map[Place]*field{}}, lists: Lists{}, styles: map[int]cellFormat{}}
	if err := in.readForm(); err != nil {
		return nil, err
	}
	in.readLists()
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		in.base1904 = *props.Date1904
	}
	in.readSections()
	in.order()
	return in.Returned, nil
}

// reader reads one form.
type reader struct {
	*Returned

	layout   *layout
	sheets   map[string]string   // of each mark of a sheet its name
	marks    map[string][]string // of each mark of a sheet those of its fields
	lists    Lists
	styles   map[int]cellFormat
	base1904 bool
}

// tellf notes a problem.
func (in *reader) tellf(severity v1alpha1.Severity, place Place, format string, args ...any) {
	if len(in.Problems) < maxProblems {
		in.Problems = append(in.Problems, Problem{Place: place, Severity: string(severity), Message: fmt.Sprintf(format, args...)})
	}
}

func (in *reader) errorf(place Place, format string, args ...any) {
	in.tellf(v1alpha1.SeverityError, place, format, args...)
}

// readForm reads what the form says of itself.
func (in *reader) readForm() error {
	if index, err := in.file.GetSheetIndex(formSheet); err != nil || index < 0 {
		return errors.New("is not a form of kubectl jointplan: its hidden sheet is missing. Send back the form itself, not a copy of its cells; kubectl jointplan form makes a new one")
	}
	rows, err := in.file.GetRows(formSheet)
	if err != nil {
		return fmt.Errorf("cannot be read: sheet %s: %w", formSheet, err)
	}
	said := map[string]string{}
	in.sheets, in.marks = map[string]string{}, map[string][]string{}
	for _, row := range rows {
		if len(row) < 2 {
			continue
		}
		of, isField := strings.CutPrefix(row[0], fieldMark)
		switch {
		case isField:
			in.marks[of] = append(in.marks[of], row[1])
		case strings.HasPrefix(row[0], sheetMark):
			in.sheets[row[0]] = row[1]
		default:
			said[row[0]] = row[1]
		}
	}
	if said["version"] != version {
		return fmt.Errorf("is a form of another version (%q, this is %q): make a new one with kubectl jointplan form, and copy the entries into it", said["version"], version)
	}
	in.kind = KindNamed(said["kind"])
	if in.kind == nil {
		return fmt.Errorf("is a form for %q, which this version does not know: make a new one with kubectl jointplan form", said["kind"])
	}
	in.Form = Form{
		Kind: in.kind.Object, Program: said["program"], Partner: said["partner"], Namespace: said["namespace"], Name: said["name"], Subject: said["subject"],
	}
	if labels := said["labels"]; labels != "" {
		if err := json.Unmarshal([]byte(labels), &in.Form.Labels); err != nil {
			return fmt.Errorf("is damaged: the labels in sheet %s cannot be read: %w", formSheet, err)
		}
	}
	if in.Form.Subject != "" {
		in.layout = resultsLayout(in.kind)
		return nil
	}
	in.layout, err = layoutOf(in.kind, nil)
	return err
}

func (in *reader) readLists() {
	columns, err := in.file.GetCols(listsSheet)
	if err != nil {
		return // it was deleted, and names cannot be checked here
	}
	for _, column := range columns {
		if len(column) > 0 {
			in.lists.Add(column[0], column[1:]...)
		}
	}
}

// readSections reads the sheets.
func (in *reader) readSections() {
	first := in.layout.sections[0]
	in.root = &node{place: Place{Sheet: cmp.Or(in.sheets[first.mark()], first.sheet), Cell: at(labelColumn, titleRow)}}
	lost := map[*section]bool{}
	for _, s := range in.layout.sections {
		sheet, has := in.sheets[s.mark()]
		if !has {
			continue // the form was made without it
		}
		g := in.grid(s, sheet)
		switch {
		case g == nil:
			lost[s] = true
		case lost[s.parent]: // nothing can be said of its rows
		case in.Form.Subject != "":
			in.readResults(g)
		case s.isTable:
			in.readTable(s, g)
		default:
			in.readValues(s, g)
		}
	}
	for mark, sheet := range in.sheets {
		if !slices.ContainsFunc(in.layout.sections, func(s *section) bool { return s.mark() == mark }) {
			in.errorf(Place{Sheet: sheet}, "is about fields that this version does not know: make a new form with kubectl jointplan form, and copy the entries into it")
		}
	}
}

// grid is the cells of a sheet.
type grid struct {
	sheet  string
	rows   [][]string
	merged []area
}

// area is a rectangle of merged cells.
type area struct{ fromRow, fromColumn, toRow, toColumn int }

// text returns what is stored in a cell.
func (g *grid) text(column, row int) string {
	if row > len(g.rows) || column > len(g.rows[row-1]) {
		return ""
	}
	return g.rows[row-1][column-1]
}

// grid reads a sheet; nil if that cannot be done.
func (in *reader) grid(s *section, sheet string) *grid {
	if index, err := in.file.GetSheetIndex(sheet); err != nil || index < 0 {
		in.errorf(Place{Sheet: sheet}, "the sheet is missing: %s", in.whereIs(s, sheet))
		return nil
	}
	rows, err := in.file.GetRows(sheet)
	if err != nil {
		in.errorf(Place{Sheet: sheet}, "the sheet cannot be read: %s", err)
		return nil
	}
	g := &grid{sheet: sheet, rows: rows}
	if len(rows) > maxSheetRows {
		in.errorf(Place{sheet, at(1, maxSheetRows+1)}, "the sheet has more than %d rows: delete those below the entries", maxSheetRows)
		g.rows = rows[:maxSheetRows]
	}
	if g.text(markColumn, markRow) != s.mark() {
		in.errorf(Place{sheet, "A1"}, "the hidden first row or column is not in its place: a row was inserted above, or a column before it, or it was changed. "+
			"Undo that, or copy the entries into a new form")
		return nil
	}
	in.readMerged(g)
	return g
}

// whereIs says what became of a sheet.
func (in *reader) whereIs(s *section, sheet string) string {
	for _, other := range in.file.GetSheetList() {
		if mark, err := in.file.GetCellValue(other, "A1"); err == nil && mark == s.mark() {
			return fmt.Sprintf("it is called %q now; rename it back to %s", other, sheet)
		}
	}
	return "it was deleted. Copy the entries of the others into a new form"
}

func (in *reader) readMerged(g *grid) {
	cells, err := in.file.GetMergeCells(g.sheet, true)
	if err != nil {
		return
	}
	for _, one := range cells {
		fromColumn, fromRow, errFrom := excelize.CellNameToCoordinates(one.GetStartAxis())
		toColumn, toRow, errTo := excelize.CellNameToCoordinates(one.GetEndAxis())
		if errFrom == nil && errTo == nil {
			g.merged = append(g.merged, area{fromRow, fromColumn, toRow, toColumn})
		}
	}
}

// mergedAt returns the merged cells to which a cell belongs.
func (g *grid) mergedAt(column, row int) (string, bool) {
	for _, a := range g.merged {
		if a.fromRow <= row && row <= a.toRow && a.fromColumn <= column && column <= a.toColumn {
			return at(a.fromColumn, a.fromRow) + ":" + at(a.toColumn, a.toRow), true
		}
	}
	return "", false
}

// fieldNamed returns the field of a mark.
func (s *section) fieldNamed(mark string) *field {
	for i := range s.fields {
		if s.fields[i].mark() == mark {
			return &s.fields[i]
		}
	}
	return nil
}

// outdated says that a mark is of another version.
const outdated = "is a field that this version does not know: make a new form with kubectl jointplan form, and copy the entries into it"

// readValues reads a sheet of labelled cells.
func (in *reader) readValues(s *section, g *grid) {
	seen := map[string]int{}
	begun := false
	for row := 1; row <= len(g.rows); row++ {
		mark := g.text(markColumn, row)
		if row == markRow {
			continue
		}
		f := s.fieldNamed(mark)
		here := Place{g.sheet, at(valueColumn, row)}
		switch {
		case mark == "" && begun && in.isFilled(g, valueColumn, row):
			in.errorf(here, "row %d is not part of the form: a row was inserted. Move the entry to the row of its field, and delete this one", row)
		case mark == "":
		case f == nil:
			in.errorf(here, "%s %s", mark, outdated)
		case seen[mark] > 0:
			in.errorf(here, "row %d is a copy of row %d: delete one of them", row, seen[mark])
		default:
			begun, seen[mark] = true, row
			in.take(in.Spec, in.root, f, g, valueColumn, row)
		}
	}
	for _, mark := range in.marks[s.mark()] {
		if f := s.fieldNamed(mark); f != nil && seen[mark] == 0 {
			in.errorf(Place{g.sheet, at(labelColumn, titleRow)}, "the row of %q was deleted: undo that, or copy the entries into a new form", f.label)
		}
	}
}

// take reads a field into the content of an element, and notes where it is.
func (in *reader) take(content map[string]any, n *node, f *field, g *grid, column, row int) {
	here := Place{g.sheet, at(column, row)}
	value, wrong := in.value(f, g, column, row)
	in.fields[here] = f
	for i, step := range f.path {
		n = n.step(step)
		if n.place.Cell == "" && (i < len(f.path)-1 || f.item > 0) {
			n.place = here
		}
	}
	if f.item > 0 && value != nil {
		item := &node{place: here, value: textOf(value)}
		n.items = append(n.items, item)
	}
	if f.item == 0 {
		n.place, n.value = here, textOf(value)
	}
	if wrong != "" {
		in.errorf(here, "%s", wrong)
	}
	if value == nil {
		return
	}
	if f.item > 0 {
		appendTo(content, f.path, value)
		return
	}
	for _, step := range f.path[:len(f.path)-1] {
		content = below(content, step)
	}
	content[f.path[len(f.path)-1]] = value
}

// below returns an object within another one, and makes it.
func below(content map[string]any, step string) map[string]any {
	next, ok := content[step].(map[string]any)
	if !ok {
		next = map[string]any{}
		content[step] = next
	}
	return next
}

// appendTo appends to a list at a path.
func appendTo(content map[string]any, path []string, value any) {
	for _, step := range path[:len(path)-1] {
		content = below(content, step)
	}
	last := path[len(path)-1]
	list, _ := content[last].([]any)
	content[last] = append(list, value)
}
