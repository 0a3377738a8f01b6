package form

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Draft is what a form is made of.
type Draft struct {
	// Form says what the form is for.
	Form Form
	// Spec is what is filled in already, as JSON has it; nil for nothing.
	Spec map[string]any
	// Lists are the names that fields can take.
	Lists Lists
	// Beside are tables that are shown beside a list of the spec, by its path, such as goals.
	Beside map[string][]Table
	// Catalogue are tables on a sheet of their own, for looking things up.
	Catalogue []Table
	// Notes are what the first sheet says above its fields.
	Notes []string
	// Results are what a form for results asks for; nil for other forms.
	Results *ResultsDraft
}

// Table is a table that is shown and not read.
type Table struct {
	// Title says what it shows.
	Title string
	// Header has the names of the columns.
	Header []string
	// Rows are the rows.
	Rows [][]string
}

// Names of sheets that no section has, and where things are on the others.
const (
	formSheet      = "JointPlan form"
	listsSheet     = "Lists"
	catalogueSheet = "Catalogue"

	markRow, titleRow = 1, 2
	helpRow           = 3
	headerRow         = 4
	markColumn        = 1
	labelColumn       = 2
	valueColumn       = 3
	helpColumn        = 4

	headerMark = "header"
	shownMark  = "-"
)

// writer writes one workbook.
type writer struct {
	*Draft

	file   *excelize.File
	layout *layout
	styles map[look]int
	listed map[string]string // the cells of each list
	err    error             // the first one
}

// Write returns a form as a workbook.
func Write(d *Draft) ([]byte, error) {
	kind := KindNamed(d.Form.Kind)
	if kind == nil {
		return nil, fmt.Errorf("there is no form for %s", d.Form.Kind)
	}
	leftOut := slices.DeleteFunc(slices.Clone(kind.LeftOut), func(name string) bool { return d.Spec[name] != nil })
	l, err := layoutOf(kind, leftOut)
	if err != nil {
		return nil, err
	}
	if d.Results != nil {
		l = resultsLayout(kind)
	}
	w := &writer{Draft: d, file: excelize.NewFile(), layout: l, styles: map[look]int{}, listed: map[string]string{}}
	defer func() { _ = w.file.Close() }()
	w.file.Path = ""
	w.use()
	w.lists()
	for i, s := range l.sections {
		if i == 0 {
			w.try(w.file.SetSheetName("Sheet1", s.sheet))
		} else {
			w.sheet(s.sheet)
		}
		switch {
		case d.Results != nil:
			w.results(s)
		case s.isTable:
			w.table(s)
		default:
			w.values(s)
		}
	}
	w.catalogue()
	w.hidden()
	w.try(w.file.SetDocProps(&excelize.DocProperties{Creator: "JointPlan", Title: fmt.Sprintf("%s %s", kind.Title, d.Form.Name)}))
	w.try(w.file.ProtectWorkbook(&excelize.WorkbookProtectionOptions{LockStructure: true}))
	w.file.SetActiveSheet(0)
	if w.err != nil {
		return nil, w.err
	}
	buffer, err := w.file.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// try keeps the first error.
func (w *writer) try(err error) {
	if w.err == nil {
		w.err = err
	}
}

func (w *writer) sheet(name string) {
	_, err := w.file.NewSheet(name)
	w.try(err)
}

// at names a cell.
func at(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column, row)
	if err != nil {
		return ""
	}
	return name
}

func columnName(column int) string {
	name, err := excelize.ColumnNumberToName(column)
	if err != nil {
		return ""
	}
	return name
}

// put writes text with a look.
func (w *writer) put(sheet string, column, row int, value string, how look) {
	w.try(w.file.SetCellStr(sheet, at(column, row), value))
	w.look(sheet, column, row, how)
}

func (w *writer) look(sheet string, column, row int, how look) {
	w.try(w.file.SetCellStyle(sheet, at(column, row), at(column, row), w.style(how)))
}

func (w *writer) width(sheet string, column int, width float64) {
	w.try(w.file.SetColWidth(sheet, columnName(column), columnName(column), width))
}

func (w *writer) height(sheet string, row, lines int) {
	const line, most = 13.5, 400
	w.try(w.file.SetRowHeight(sheet, row, min(max(float64(lines), 1)*line+4, most)))
}

// linesOf estimates the lines that a text has in a column.
func linesOf(text string, width float64) int {
	perLine := int(width * 1.1)
	return (len([]rune(text)) + perLine - 1) / perLine
}

// use adds the names that the spec uses to the lists: what stands in an object is not wrong in its form. The evaluation judges it.
func (w *writer) use() {
	lists := Lists{}
	for name, list := range w.Lists {
		lists[name] = slices.Clone(list)
	}
	w.Lists = lists
	for _, s := range w.layout.sections {
		for _, row := range w.elements(s) {
			for i := range s.fields {
				if f := &s.fields[i]; f.list != "" && !strings.HasPrefix(f.list, sheetMark) {
					lists.Add(f.list, textOf(valueAt(row.content, f)))
				}
			}
		}
	}
}

// element is an element of a list, with the name of the one that it is in.
type element struct {
	content map[string]any
	parent  string
}

// elements returns what the spec has for a section: the elements of a list, or the spec itself.
func (w *writer) elements(s *section) []element {
	switch {
	case !s.isTable:
		return []element{{content: w.Spec}}
	case s.parent == nil:
		return elementsOf(dig(w.Spec, s.path), "")
	}
	var all []element
	for _, above := range elementsOf(dig(w.Spec, s.parent.path), "") {
		all = append(all, elementsOf(dig(above.content, s.path), textOf(above.content[s.parent.key]))...)
	}
	return all
}

func elementsOf(list any, parent string) []element {
	var all []element
	items, _ := list.([]any)
	for _, item := range items {
		if content, ok := item.(map[string]any); ok {
			all = append(all, element{content, parent})
		}
	}
	return all
}

// dig returns what is at a path; nil where there is nothing.
func dig(content map[string]any, path []string) any {
	var value any = content
	for _, step := range path {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[step]
	}
	return value
}

// valueAt returns the value of a field.
func valueAt(content map[string]any, f *field) any {
	value := dig(content, f.path)
	if f.item == 0 {
		return value
	}
	list, _ := value.([]any)
	if f.item > len(list) {
		return nil
	}
	return list[f.item-1]
}

// textOf is a scalar as text; empty for nothing.
func textOf(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

// values writes a sheet of labelled cells.
func (w *writer) values(s *section) {
	w.mark(s)
	for column, width := range map[int]float64{markColumn: 2, labelColumn: 28, valueColumn: 60, helpColumn: 90} {
		w.width(s.sheet, column, width)
	}
	w.title(s)
	row := helpRow
	if s == w.layout.sections[0] {
		for _, note := range w.Notes {
			w.put(s.sheet, labelColumn, row, note, look{part: help})
			row++
		}
	}
	for column, head := range map[int]string{labelColumn: "Field", valueColumn: "Your entry", helpColumn: "What it means"} {
		w.put(s.sheet, column, row, head, look{part: header})
	}
	w.freeze(s.sheet, 0, row)
	for i := range s.fields {
		f := &s.fields[i]
		row++
		w.try(w.file.SetCellStr(s.sheet, at(markColumn, row), f.mark()))
		w.put(s.sheet, labelColumn, row, starred(f), look{part: label})
		w.put(s.sheet, helpColumn, row, f.help, look{part: help, wrap: true})
		w.height(s.sheet, row, max(linesOf(f.help, 90), linesOf(textOf(valueAt(w.Spec, f)), 60)))
		w.cell(s, f, valueColumn, row, valueAt(w.Spec, f))
		w.check(s.sheet, f, valueColumn, row, row)
	}
}

func starred(f *field) string {
	if f.required {
		return f.label + " *"
	}
	return f.label
}

// mark puts the mark of a section on its sheet, and hides the row and column of marks.
func (w *writer) mark(s *section) {
	w.try(w.file.SetCellStr(s.sheet, at(markColumn, markRow), s.mark()))
	w.try(w.file.SetRowVisible(s.sheet, markRow, false))
	w.try(w.file.SetColVisible(s.sheet, columnName(markColumn), false))
	w.try(w.file.SetPageLayout(s.sheet, &excelize.PageLayoutOptions{Orientation: new("landscape"), FitToWidth: new(1), FitToHeight: new(0)}))
	w.try(w.file.SetSheetProps(s.sheet, &excelize.SheetPropsOptions{FitToPage: new(true)}))
}

func (w *writer) title(s *section) {
	text := s.sheet + ": " + strings.ToLower(s.help[:1]) + s.help[1:]
	if s == w.layout.sections[0] {
		text = strings.Join(strings.Fields(fmt.Sprintf("%s %s of partner %s, program %s", s.sheet, w.Form.Name, w.Form.Partner, w.Form.Program)), " ")
	}
	w.put(s.sheet, labelColumn, titleRow, strings.TrimSuffix(text, "."), look{part: title})
	w.height(s.sheet, titleRow, 2)
}

// freeze keeps the first rows and columns in sight.
func (w *writer) freeze(sheet string, columns, rows int) {
	w.try(w.file.SetPanes(sheet, &excelize.Panes{
		Freeze: true, XSplit: columns, YSplit: rows, TopLeftCell: at(columns+1, rows+1), ActivePane: map[bool]string{true: "bottomLeft", false: "bottomRight"}[columns == 0],
	}))
}

// table writes a sheet with a table.
func (w *writer) table(s *section) {
	w.mark(s)
	w.width(s.sheet, markColumn, 2)
	w.title(s)
	w.try(w.file.SetCellStr(s.sheet, at(markColumn, headerRow), headerMark))
	w.freeze(s.sheet, labelColumn, headerRow)
	rows := w.elements(s)
	last := headerRow + max(s.rows, len(rows))
	lines, high := 1, make([]int, len(rows))
	for i := range s.fields {
		f, column := &s.fields[i], labelColumn+i
		width := widthOf(f)
		lines = max(lines, linesOf(f.help, width))
		w.width(s.sheet, column, width)
		w.try(w.file.SetCellStr(s.sheet, at(column, markRow), f.mark()))
		w.put(s.sheet, column, helpRow, f.help, look{part: help, wrap: true})
		w.put(s.sheet, column, headerRow, starred(f), look{part: header, required: f.required})
		for row := headerRow + 1; row <= last; row++ {
			var value any
			if n := row - headerRow - 1; n < len(rows) {
				value = valueAt(rows[n].content, f)
				if f.isParent() {
					value = rows[n].parent
				}
				high[n] = max(high[n], linesOf(textOf(value), width))
			}
			w.cell(s, f, column, row, value)
		}
		w.check(s.sheet, f, column, headerRow+1, last)
	}
	w.height(s.sheet, helpRow, lines)
	for n, lines := range high {
		if lines > 1 { // else the program fits the height to what is written
			w.height(s.sheet, headerRow+1+n, lines)
		}
	}
	w.beside(s.sheet, labelColumn+len(s.fields)+1, w.Beside[strings.Join(s.path, ".")])
}

// widthOf is the width of a column.
func widthOf(f *field) float64 {
	switch {
	case f.holds == day, f.holds != text:
		return 17
	case len(f.values) > 0:
		return 21
	case f.longest > 200:
		return 48
	case f.longest > 63:
		return 32
	default:
		return 24
	}
}

// beside shows tables beside the one that is filled in.
func (w *writer) beside(sheet string, column int, tables []Table) {
	for _, t := range tables {
		if len(t.Rows) == 0 {
			continue
		}
		w.put(sheet, column, helpRow, t.Title, look{part: help, wrap: false})
		for i, head := range t.Header {
			longest := len(head)
			w.try(w.file.SetCellStr(sheet, at(column+i, markRow), shownMark))
			w.put(sheet, column+i, headerRow, head, look{part: shownHeader})
			for j, row := range t.Rows {
				w.put(sheet, column+i, headerRow+1+j, row[i], look{part: shown})
				longest = max(longest, len(row[i]))
			}
			w.width(sheet, column+i, float64(min(longest, 60)+3))
		}
		column += len(t.Header) + 1
	}
}

// catalogue shows what fields can name.
func (w *writer) catalogue() {
	if len(w.Catalogue) == 0 {
		return
	}
	w.sheet(catalogueSheet)
	widths := map[int]int{}
	row := 1
	for _, t := range w.Catalogue {
		if len(t.Rows) == 0 {
			continue
		}
		w.put(catalogueSheet, 1, row, t.Title, look{part: title})
		for i, head := range t.Header {
			w.put(catalogueSheet, 1+i, row+1, head, look{part: shownHeader})
			for j, cells := range t.Rows {
				w.put(catalogueSheet, 1+i, row+2+j, cells[i], look{part: shown})
				widths[1+i] = max(widths[1+i], len(cells[i]))
			}
		}
		row += len(t.Rows) + 3
	}
	for column, width := range widths {
		w.width(catalogueSheet, column, float64(min(width, 80)+3))
	}
}

// lists writes the lists, and notes the cells of each.
func (w *writer) lists() {
	w.sheet(listsSheet)
	for i, name := range slices.Sorted(maps.Keys(w.Lists)) {
		w.try(w.file.SetCellStr(listsSheet, at(i+1, 1), name))
		for j, value := range w.Lists[name] {
			w.try(w.file.SetCellStr(listsSheet, at(i+1, j+2), value))
		}
		if n := len(w.Lists[name]); n > 0 {
			w.listed[name] = fmt.Sprintf("'%s'!$%s$2:$%s$%d", listsSheet, columnName(i+1), columnName(i+1), n+1)
		}
	}
	w.try(w.file.SetSheetVisible(listsSheet, false))
}

// hidden writes what the form says of itself.
func (w *writer) hidden() {
	w.sheet(formSheet)
	labels, err := json.Marshal(w.Form.Labels)
	w.try(err)
	rows := [][2]string{
		{"version", version},
		{"kind", w.Form.Kind},
		{"program", w.Form.Program},
		{"partner", w.Form.Partner},
		{"namespace", w.Form.Namespace},
		{"name", w.Form.Name},
		{"subject", w.Form.Subject},
		{"labels", string(labels)},
	}
	for _, s := range w.layout.sections {
		rows = append(rows, [2]string{s.mark(), s.sheet})
		for i := range s.fields {
			rows = append(rows, [2]string{fieldMark + s.mark(), s.fields[i].mark()})
		}
	}
	for i, row := range rows {
		w.try(w.file.SetCellStr(formSheet, at(1, i+1), row[0]))
		w.try(w.file.SetCellStr(formSheet, at(2, i+1), row[1]))
	}
	w.try(w.file.SetSheetVisible(formSheet, false))
}

// fieldMark is before the mark of a sheet in the list of its fields.
const fieldMark = "field of "
