package table

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	// MaxSheetRows bounds the rows of a sheet, which is held in memory as a whole.
	MaxSheetRows = 200_000
	// MaxWorkbookBytes bounds a workbook, and maxUnpackedBytes what it unpacks to.
	MaxWorkbookBytes = 64 << 20
	maxUnpackedBytes = 1 << 30
)

// Workbook is an XLSX file, of which one sheet is read.
type Workbook struct {
	file   *excelize.File
	sheet  string
	merged []area
	styles map[int]shown
	base   bool // days count from 1904 on
}

// area is a rectangle of cells that were merged.
type area struct{ fromRow, fromColumn, toRow, toColumn int }

// shown is how a stored number is shown.
type shown struct {
	day, percent bool
	currency     string
}

// IsWorkbook reports whether a file begins as a workbook does, and not as text: a ZIP archive, or what older programs and passwords make of one.
func IsWorkbook(start []byte) bool {
	return bytes.HasPrefix(start, []byte("PK\x03\x04")) || bytes.HasPrefix(start, []byte(compoundFile))
}

// compoundFile begins workbooks of before 2007, and those that a password closes.
const compoundFile = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// NewWorkbook reads a workbook and chooses a sheet by its name; empty for the only one that is not hidden.
func NewWorkbook(in io.Reader, sheet string) (w *Workbook, err error) {
	defer func() { // a library that meets files from anywhere must not end the program
		if r := recover(); r != nil {
			w, err = nil, fmt.Errorf("cannot be read as a workbook: %v", r)
		}
	}()
	data, err := io.ReadAll(io.LimitReader(in, MaxWorkbookBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > MaxWorkbookBytes:
		return nil, fmt.Errorf("is a workbook of more than %d MiB: save the sheet as CSV in UTF-8, which may have any length", MaxWorkbookBytes>>20)
	case bytes.HasPrefix(data, []byte(compoundFile)):
		return nil, errors.New("is a workbook that a password closes, or one of before 2007 (.xls): open it and save a copy without a password as .xlsx")
	}
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxUnpackedBytes})
	if err != nil {
		return nil, fmt.Errorf("cannot be read as a workbook (.xlsx): %w", err)
	}
	w = &Workbook{file: file, styles: map[int]shown{}}
	if w.sheet, err = chooseSheet(file, sheet); err != nil {
		return nil, err
	}
	if props, err := file.GetWorkbookProps(); err == nil && props.Date1904 != nil {
		w.base = *props.Date1904
	}
	if err := w.readMerged(); err != nil {
		return nil, err
	}
	return w, nil
}

// chooseSheet finds a sheet by its name.
func chooseSheet(file *excelize.File, name string) (string, error) {
	var open []string
	for _, sheet := range file.GetSheetList() {
		if visible, err := file.GetSheetVisible(sheet); err == nil && !visible {
			continue
		}
		open = append(open, sheet)
	}
	if name == "" {
		switch len(open) {
		case 0:
			return "", errors.New("the workbook has no sheet that is not hidden: name one in spec.file.sheet of the mapping")
		case 1:
			return open[0], nil
		default:
			return "", fmt.Errorf("the workbook has the sheets %s: name one in spec.file.sheet of the mapping", quoted(open))
		}
	}
	all := file.GetSheetList()
	if at := slices.IndexFunc(all, func(sheet string) bool { return Key(sheet) == Key(name) }); at >= 0 {
		return all[at], nil
	}
	return "", fmt.Errorf("the workbook has no sheet %q, but %s: correct spec.file.sheet of the mapping", name, quoted(all))
}

func quoted(names []string) string {
	list := make([]string, len(names))
	for i, name := range names {
		list[i] = strconv.Quote(name)
	}
	return strings.Join(list, ", ")
}

// Place says where a cell is.
func (w *Workbook) Place(row, column int) string {
	if name, err := excelize.CoordinatesToCellName(column+1, row); err == nil && column >= 0 {
		return fmt.Sprintf("cell %s of sheet %s", name, w.sheet)
	}
	return fmt.Sprintf("row %d of sheet %s", row, w.sheet)
}

func (w *Workbook) readMerged() error {
	cells, err := w.file.GetMergeCells(w.sheet, true)
	if err != nil {
		return fmt.Errorf("sheet %s cannot be read: %w", w.sheet, err)
	}
	for _, one := range cells {
		fromColumn, fromRow, err := excelize.CellNameToCoordinates(one.GetStartAxis())
		if err != nil {
			continue
		}
		toColumn, toRow, err := excelize.CellNameToCoordinates(one.GetEndAxis())
		if err == nil {
			w.merged = append(w.merged, area{fromRow, fromColumn, toRow, toColumn})
		}
	}
	return nil
}

// Rows reads the rows of the sheet.
func (w *Workbook) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		rows, err := w.file.GetRows(w.sheet)
		if err != nil {
			yield(Row{}, fmt.Errorf("sheet %s cannot be read: %w", w.sheet, err))
			return
		}
		if len(rows) > MaxSheetRows {
			yield(Row{}, fmt.Errorf("sheet %s has more than %d rows: save it as CSV in UTF-8, which may have any number", w.sheet, MaxSheetRows))
			return
		}
		width := 0
		for _, texts := range rows {
			width = max(width, len(texts))
		}
		for i, texts := range rows {
			row, err := w.row(i+1, append(texts, make([]string, width-len(texts))...)) // an empty cell at the end may be a formula's, or belong to merged ones
			if err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

func (w *Workbook) row(number int, texts []string) (row Row, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("row %d of sheet %s cannot be read: %v", number, w.sheet, r)
		}
	}()
	row = Row{Number: number, Cells: make([]Cell, len(texts))}
	for column, text := range texts {
		name, err := excelize.CoordinatesToCellName(column+1, number)
		if err != nil {
			return row, err
		}
		if row.Cells[column], err = w.cell(name, text); err != nil {
			return row, fmt.Errorf("cell %s of sheet %s cannot be read: %w", name, w.sheet, err)
		}
		if in := w.mergedAt(number, column+1); in != "" {
			row.Cells[column].Wrong = "belongs to the merged cells " + in + ": unmerge them and write the value into each row to which it belongs"
		}
	}
	return row, nil
}

// mergedAt names the merged cells to which a cell belongs. What is merged within one row alone, such as a heading, is one cell to readers too.
func (w *Workbook) mergedAt(row, column int) string {
	for _, a := range w.merged {
		if a.fromRow <= row && row <= a.toRow && a.fromColumn <= column && column <= a.toColumn {
			from, _ := excelize.CoordinatesToCellName(a.fromColumn, a.fromRow)
			to, _ := excelize.CoordinatesToCellName(a.toColumn, a.toRow)
			return from + ":" + to
		}
	}
	return ""
}

// cell reads a cell, of which the stored text is known.
func (w *Workbook) cell(name, text string) (Cell, error) {
	kind, err := w.file.GetCellType(w.sheet, name)
	if err != nil {
		return Cell{}, err
	}
	if text == "" {
		formula, err := w.file.GetCellFormula(w.sheet, name)
		if err == nil && formula != "" {
			return Cell{Wrong: "has a formula without a result: open the workbook in a spreadsheet program, let it calculate, and save it"}, nil
		}
		return Cell{}, err
	}
	switch kind {
	case excelize.CellTypeError:
		return Cell{Text: text, Wrong: "is the error " + text + " of a formula: correct the formula"}, nil
	case excelize.CellTypeBool:
		return Cell{Text: text, Wrong: "is true or false, not text, a number or a day"}, nil
	case excelize.CellTypeDate: // a day as text of ISO 8601
		return Cell{Text: text}, nil
	case excelize.CellTypeUnset, excelize.CellTypeNumber:
		return w.number(name, text)
	default: // text, also that of a formula
		return Cell{Text: text}, nil
	}
}

// number reads a stored number.
func (w *Workbook) number(name, text string) (Cell, error) {
	exact, ok := stored(text)
	if !ok {
		return Cell{Text: text}, nil
	}
	style, err := w.file.GetCellStyle(w.sheet, name)
	if err != nil {
		return Cell{}, err
	}
	how, known := w.styles[style]
	if !known {
		how = w.shownBy(style)
		w.styles[style] = how
	}
	if !how.day {
		return Cell{Text: exact, Stored: true, Percent: how.percent, Currency: how.currency}, nil
	}
	serial, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return Cell{}, err
	}
	at, err := excelize.ExcelDateToTime(serial, w.base)
	if err != nil {
		return Cell{Text: exact, Wrong: fmt.Sprintf("is shown as a date, but %s is not one", exact)}, nil //nolint:nilerr // it is said of the cell
	}
	return Cell{Text: at.Format("2006-01-02"), Stored: true, Day: true}, nil
}

// StoredNumber returns the cell of a number that a program wrote with a decimal point, perhaps with an exponent; an empty one for no text.
func StoredNumber(text string) Cell {
	if text == "" {
		return Cell{}
	}
	if !strings.ContainsAny(text, "eE") {
		return Cell{Text: text, Stored: true}
	}
	if exact, ok := stored(text); ok {
		return Cell{Text: exact, Stored: true}
	}
	return Cell{Text: text, Stored: true}
}

// stored returns the decimal number that a program stored: rounded to the 15 digits that spreadsheet programs keep, since what they store as binary
// fractions shows more, such as 162000.00000000003.
func stored(text string) (string, bool) {
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "", false
	}
	exact, ok := new(big.Rat).SetString(strconv.FormatFloat(value, 'e', 14, 64))
	if !ok {
		return "", false
	}
	return plainOf(exact), true
}

// plainOf writes a number whose denominator has no factors but 2 and 5 as a decimal number.
func plainOf(r *big.Rat) string {
	digits, exact := r.FloatPrec()
	if !exact {
		digits = 30
	}
	return r.FloatString(digits)
}

// Formats of numbers that are days, by their numbers in the standard.
var dayFormats = []struct{ from, to int }{{14, 17}, {22, 22}, {27, 31}, {36, 36}, {50, 58}}

var (
	literal = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.`)
	section = regexp.MustCompile(`\[[^\]]*\]`)
	inFull  = regexp.MustCompile(`\[\$([^\]-]*)(-[^\]]*)?\]`)
	codes   = regexp.MustCompile(`\b[A-Z]{3}\b`)
)

// shownBy reads how a style shows numbers.
func (w *Workbook) shownBy(index int) shown {
	style, err := w.file.GetStyle(index)
	if err != nil || style == nil {
		return shown{}
	}
	if style.CustomNumFmt == nil {
		how := shown{percent: style.NumFmt == 9 || style.NumFmt == 10}
		for _, of := range dayFormats {
			how.day = how.day || of.from <= style.NumFmt && style.NumFmt <= of.to
		}
		return how
	}
	return shownAs(*style.CustomNumFmt)
}

// shownAs reads a format of numbers.
func shownAs(format string) shown {
	positive, _, _ := strings.Cut(format, ";")
	how := shown{}
	if match := inFull.FindStringSubmatch(positive); match != nil {
		how.currency = strings.TrimSpace(match[1])
	}
	for _, text := range literal.FindAllString(positive, -1) {
		text = strings.TrimLeft(strings.Trim(text, `"`), `\_*`)
		if code := codes.FindString(text); code != "" && how.currency == "" {
			how.currency = code
		} else if isSymbol(strings.TrimSpace(text)) && how.currency == "" {
			how.currency = strings.TrimSpace(text)
		}
	}
	bare := section.ReplaceAllString(literal.ReplaceAllString(positive, ""), "")
	for _, r := range bare {
		if how.currency == "" && isSymbol(string(r)) {
			how.currency = string(r)
		}
	}
	how.percent = strings.Contains(bare, "%")
	how.day = strings.ContainsAny(strings.ToLower(bare), "ydm") && !strings.EqualFold(bare, "general") && !strings.ContainsAny(bare, "#0")
	return how
}
