package form

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// checkSheet is the sheet that lists what is to be corrected.
const checkSheet = "Check"

// Check returns the workbook with a sheet that lists the problems, each with a link to its cell, and with these cells marked. What an earlier check marked
// and listed is gone.
func (r *Returned) Check() ([]byte, error) {
	w := &writer{file: r.file, styles: map[look]int{}}
	w.unmark(r)
	if index, err := r.file.GetSheetIndex(checkSheet); err == nil && index >= 0 {
		w.try(r.file.DeleteSheet(checkSheet))
	}
	w.sheet(checkSheet)
	for column, width := range map[int]float64{1: 24, 2: 12, 3: 110} {
		w.width(checkSheet, column, width)
	}
	w.put(checkSheet, 1, 1, "What is to be corrected", look{part: title})
	said := "Nothing: the form can be used as it is."
	if n := len(r.Problems); n > 0 {
		said = fmt.Sprintf("%d to look at, of which %d must be corrected. Click on a cell to go there; it is marked red.", n, r.Errors())
	}
	w.put(checkSheet, 1, 2, said, look{part: help})
	for column, head := range map[int]string{1: "Cell", 2: "Severity", 3: "What is wrong, and what to do"} {
		w.put(checkSheet, column, headerRow, head, look{part: header})
	}
	for i, problem := range r.Problems {
		row := headerRow + 1 + i
		w.put(checkSheet, 1, row, problem.Place.String(), look{part: label})
		w.put(checkSheet, 2, row, problem.Severity, look{part: shown})
		w.put(checkSheet, 3, row, problem.Message, look{part: shown, wrap: true})
		w.height(checkSheet, row, linesOf(problem.Message, 110))
		if index, err := r.file.GetSheetIndex(problem.Sheet); problem.Cell == "" || err != nil || index < 0 {
			continue
		}
		w.try(r.file.SetCellHyperLink(checkSheet, at(1, row), fmt.Sprintf("'%s'!%s", problem.Sheet, problem.Cell), "Location"))
		w.paint(problem.Place, wrongColour)
	}
	w.freeze(checkSheet, 0, headerRow)
	if index, err := r.file.GetSheetIndex(checkSheet); err == nil {
		w.file.SetActiveSheet(index)
	}
	if w.err != nil {
		return nil, w.err
	}
	buffer, err := r.file.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// unmark gives the cells that an earlier check marked the colour that they had.
func (w *writer) unmark(r *Returned) {
	for place, f := range r.fields {
		if w.colour(place) != wrongColour {
			continue
		}
		colour := ""
		if f.required {
			colour = requiredColour
		}
		w.paint(place, colour)
	}
}

// colour returns the colour of a cell.
func (w *writer) colour(place Place) string {
	style := w.styleAt(place)
	if style == nil || len(style.Fill.Color) == 0 {
		return ""
	}
	return style.Fill.Color[0]
}

func (w *writer) styleAt(place Place) *excelize.Style {
	number, err := w.file.GetCellStyle(place.Sheet, place.Cell)
	if err != nil {
		return nil
	}
	style, err := w.file.GetStyle(number)
	if err != nil {
		return nil
	}
	return style
}

// paint gives a cell a colour; empty for none.
func (w *writer) paint(place Place, colour string) {
	style := w.styleAt(place)
	if style == nil {
		style = &excelize.Style{}
	}
	style.Fill = excelize.Fill{}
	if colour != "" {
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	number, err := w.file.NewStyle(style)
	w.try(err)
	w.try(w.file.SetCellStyle(place.Sheet, place.Cell, place.Cell, number))
}
