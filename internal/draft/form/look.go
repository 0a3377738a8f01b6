package form

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// part is what a cell is for.
type part int

const (
	entry part = iota
	title
	label
	help
	header
	shown
	shownHeader
)

// look is how a cell looks.
type look struct {
	part     part
	required bool
	wrap     bool
	format   string // of numbers
	wrong    bool
}

// Colours: what must be filled in is yellow, what is wrong red.
const (
	requiredColour = "FFF7D6"
	wrongColour    = "FFC7CE"
	headColour     = "1F4E79"
	mustColour     = "9C5700"
	shownColour    = "E7E6E6"
	quietColour    = "595959"
	lineColour     = "BFBFBF"
)

// style returns the number of a style.
func (w *writer) style(how look) int {
	if known, found := w.styles[how]; found {
		return known
	}
	number, err := w.file.NewStyle(styleOf(how))
	w.try(err)
	w.styles[how] = number
	return number
}

func styleOf(how look) *excelize.Style {
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	style := &excelize.Style{Font: &excelize.Font{Size: 10}, Alignment: &excelize.Alignment{Vertical: "top", WrapText: how.wrap}}
	switch how.part {
	case title:
		style.Font = &excelize.Font{Bold: true, Size: 13, Color: headColour}
	case label:
		style.Font.Bold = true
	case help:
		style.Font.Color, style.Font.Size = quietColour, 9
	case header:
		style.Font = &excelize.Font{Bold: true, Color: "FFFFFF", Size: 10}
		style.Fill = fill(headColour)
		if how.required {
			style.Fill = fill(mustColour)
		}
	case shownHeader:
		style.Font.Bold = true
		style.Fill = fill(shownColour)
	case shown:
		style.Font.Color = quietColour
	default:
		style.Alignment.WrapText = true
		for _, side := range []string{"left", "right", "top", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Color: lineColour, Style: 1})
		}
		if how.required {
			style.Fill = fill(requiredColour)
		}
		if how.format != "" {
			style.CustomNumFmt = new(how.format)
		}
	}
	if how.wrong {
		style.Fill = fill(wrongColour)
	}
	return style
}

// dayFormat is how days are shown, textFormat keeps a program from taking text for a number or day.
const (
	dayFormat  = "yyyy-mm-dd"
	textFormat = "@"
)

// cell writes a cell that is to be filled in.
func (w *writer) cell(s *section, f *field, column, row int, value any) {
	how := look{required: f.required}
	written := textOf(value)
	switch f.holds {
	case day:
		how.format = dayFormat
		if serial, ok := serialOf(written); ok {
			w.try(w.file.SetCellInt(s.sheet, at(column, row), serial))
			written = ""
		}
	case number, percent, whole:
		if digits, ok := storable(written); ok {
			if digits > 0 {
				how.format = "#,##0." + strings.Repeat("0", digits)
			}
			w.try(w.file.SetCellDefault(s.sheet, at(column, row), written))
			written = ""
		} else if written != "" {
			how.format = textFormat
		}
	default:
		how.format = textFormat
	}
	if written != "" {
		w.try(w.file.SetCellStr(s.sheet, at(column, row), written))
	}
	w.look(s.sheet, column, row, how)
}

// check lets the spreadsheet program check what is written into cells of a column.
func (w *writer) check(sheet string, f *field, column, from, through int) {
	v := excelize.NewDataValidation(true)
	v.SetSqref(at(column, from) + ":" + at(column, through))
	refuse := func(message string) { v.SetError(excelize.DataValidationErrorStyleStop, f.label, message) }
	switch {
	case len(f.values) > 0:
		w.try(v.SetDropList(f.values))
		refuse("Choose one of the list.")
	case f.list != "":
		cells := w.listed[f.list]
		if of, isSheet := strings.CutPrefix(f.list, sheetMark); isSheet {
			cells = w.namesOn(of)
		}
		if cells == "" {
			return
		}
		v.SetSqrefDropList(cells)
		if f.strict {
			refuse("Choose a name of the list: the program knows no other. The sheet Catalogue says what each means.")
		} else {
			v.ShowErrorMessage = false
		}
	case f.holds == day:
		first, _ := serialOf("1970-01-01")
		last, _ := serialOf("2200-12-31")
		w.try(v.SetRange(int(first), int(last), excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween))
		refuse("Write a date, such as 2026-09-30.")
	case f.holds == number, f.holds == percent:
		const most = 1e15
		least := -most
		if f.holds == percent {
			least = 0
		}
		w.try(v.SetRange(least, most, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween))
		refuse("Write a number, without a currency or unit.")
	case f.holds == whole:
		least, most := -1e9, 1e9
		if f.least != nil {
			least = *f.least
		}
		if f.most != nil {
			most = *f.most
		}
		w.try(v.SetRange(least, most, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween))
		refuse(fmt.Sprintf("Write a whole number from %.0f to %.0f.", least, most))
	case f.holds == boolean:
		w.try(v.SetDropList([]string{"true", "false"}))
	case f.longest > 0:
		w.try(v.SetRange(0, int(f.longest), excelize.DataValidationTypeTextLength, excelize.DataValidationOperatorLessThanOrEqual))
		refuse(fmt.Sprintf("At most %d characters.", f.longest))
	default:
		return
	}
	w.try(w.file.AddDataValidation(sheet, v))
}

// namesOn returns the cells of another sheet that name its rows.
func (w *writer) namesOn(sheet string) string {
	for _, s := range w.layout.sections {
		if s.sheet != sheet {
			continue
		}
		for i := range s.fields {
			if f := &s.fields[i]; f.mark() == s.key {
				column := columnName(labelColumn + i)
				return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", sheet, column, headerRow+1, column, headerRow+max(s.rows, len(w.elements(s))))
			}
		}
	}
	return ""
}
