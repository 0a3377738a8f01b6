package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"jointplan.dev/jointplan/internal/decimal"
)

// value reads a cell as its field has it: nil for nothing, and what is wrong with it. A name that is not on its list is returned all the same.
func (in *reader) value(f *field, g *grid, column, row int) (value any, wrong string) {
	name := at(column, row)
	if cells, merged := g.mergedAt(column, row); merged {
		return nil, fmt.Sprintf("belongs to the merged cells %s: unmerge them, and write each entry into a cell of its own", cells)
	}
	if formula, err := in.file.GetCellFormula(g.sheet, name); err == nil && formula != "" {
		return nil, fmt.Sprintf("is the formula =%s: write its result instead, or copy the cell and paste it as a value", strings.TrimPrefix(formula, "="))
	}
	stored := g.text(column, row)
	if strings.TrimSpace(stored) == "" {
		return nil, ""
	}
	kind, err := in.file.GetCellType(g.sheet, name)
	if err != nil {
		return nil, fmt.Sprintf("cannot be read: %s", err)
	}
	switch kind {
	case excelize.CellTypeError:
		return nil, fmt.Sprintf("is the error %s: write the value instead", stored)
	case excelize.CellTypeBool:
		return in.truth(f, stored)
	case excelize.CellTypeUnset, excelize.CellTypeNumber:
		return in.number(f, g, name, stored)
	default:
		return in.words(f, strings.TrimSpace(stored))
	}
}

func (in *reader) truth(f *field, stored string) (value any, wrong string) {
	if f.holds != boolean {
		return nil, fmt.Sprintf("is true or false, and %s is not: format the cell as text, and write it again", f.label)
	}
	return stored == "1" || strings.EqualFold(stored, "true"), ""
}

// format returns how a cell shows a number.
func (in *reader) format(sheet, cell string) cellFormat {
	number, err := in.file.GetCellStyle(sheet, cell)
	if err != nil {
		return cellFormat{}
	}
	if known, found := in.styles[number]; found {
		return known
	}
	style, err := in.file.GetStyle(number)
	if err != nil {
		style = nil
	}
	how := formatOf(style)
	in.styles[number] = how
	return how
}

// number reads a stored number.
func (in *reader) number(f *field, g *grid, name, stored string) (value any, wrong string) {
	how := in.format(g.sheet, name)
	plain, ok := plainNumber(stored, 0)
	if !ok {
		return nil, fmt.Sprintf("%s is not a number", decimal.Quote(stored))
	}
	switch {
	case f.holds == day && how.day:
		return in.dayOf(stored)
	case f.holds == day:
		return nil, fmt.Sprintf("%s is a number and not a date: format the cell as a date, and write it as 2026-09-30", plain)
	case how.day:
		shown, _ := in.dayOf(stored)
		return nil, fmt.Sprintf("was taken for the date %s: format the cell as %s, and write it again", textOf(shown), map[bool]string{true: "text", false: "a number"}[f.holds == text])
	case how.percent && f.holds == percent:
		return in.percentOf(stored)
	case how.percent:
		return nil, fmt.Sprintf("is shown in percent: format the cell as %s, and write it again", map[bool]string{true: "text", false: "a number"}[f.holds == text])
	case f.holds == text:
		return in.words(f, plain)
	case f.holds == boolean:
		return nil, "must be true or false"
	case f.holds == whole:
		return wholeOf(plain)
	}
	padded, _ := plainNumber(stored, how.digits)
	if !isPlain(padded) {
		padded = plain
	}
	if _, err := decimal.Parse(padded); err != nil {
		return nil, err.Error()
	}
	return padded, ""
}

// percentOf reads a number that is shown with a percent sign: 0.6 for 60%.
func (in *reader) percentOf(stored string) (value any, wrong string) {
	share, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return nil, fmt.Sprintf("%s is not a number", decimal.Quote(stored))
	}
	plain, ok := plainNumber(strconv.FormatFloat(share*100, 'g', maxExact, 64), 0)
	if !ok {
		return nil, fmt.Sprintf("%s is not a number", decimal.Quote(stored))
	}
	return plain, ""
}

// dayOf reads a stored day.
func (in *reader) dayOf(stored string) (value any, wrong string) {
	serial, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return nil, fmt.Sprintf("%s is not a date", decimal.Quote(stored))
	}
	on, err := excelize.ExcelDateToTime(serial, in.base1904)
	if err != nil || on.Year() < 1970 || on.Year() > 2200 {
		return nil, fmt.Sprintf("%s is not a date of the years 1970 to 2200: write it as 2026-09-30", decimal.Quote(stored))
	}
	return on.Format(time.DateOnly), ""
}

func wholeOf(plain string) (value any, wrong string) {
	n, err := strconv.ParseInt(plain, 10, 64)
	if err != nil {
		return nil, fmt.Sprintf("%s is not a whole number", decimal.Quote(plain))
	}
	return n, ""
}

// words reads text.
func (in *reader) words(f *field, text string) (value any, wrong string) {
	switch f.holds {
	case day:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return nil, fmt.Sprintf("%s is text and not a date: write it as 2026-09-30", decimal.Quote(text))
		}
		return text, ""
	case number, percent:
		return numberOf(text)
	case whole:
		return wholeOf(text)
	case boolean:
		return in.truth(f, text)
	default:
	}
	if len(f.values) > 0 && !slices.Contains(f.values, text) {
		return text, fmt.Sprintf("%s is not one of the list%s", decimal.Quote(text), meant(text, f.values))
	}
	if names := in.lists[f.list]; f.strict && len(names) > 0 && !slices.Contains(names, text) {
		return text, fmt.Sprintf("%s is not among the %s of program %s%s", decimal.Quote(text), lowered(f.list), in.Form.Program, meant(text, names))
	}
	return text, ""
}

// lowered is the name of a list within a sentence.
func lowered(list string) string { return strings.ToLower(list[:1]) + list[1:] }

// numberOf reads a number that was written as text.
func numberOf(text string) (value any, wrong string) {
	_, err := decimal.Parse(text)
	switch {
	case err == nil:
		return text, ""
	case strings.ContainsRune(text, ','):
		return nil, fmt.Sprintf("%s is text, and its comma can be read in two ways: format the cell as a number, and write the number again", decimal.Quote(text))
	default:
		return nil, fmt.Sprintf("%s is text and not a number: format the cell as a number, and write it without a currency or unit", decimal.Quote(text))
	}
}
