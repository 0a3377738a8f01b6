package form

import (
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// ResultsDraft is what a form for results asks for: the values of metrics at the ends of months.
type ResultsDraft struct {
	// Days are the days through which values are asked for.
	Days []v1alpha1.Date
	// Metrics are the metrics, a row each.
	Metrics []v1alpha1.Metric
}

// valuesMark is the mark of the table of results.
const valuesMark = "entries"

// resultsLayout is the layout of a form for results. Its columns are days, so no schema knows them.
func resultsLayout(kind *Kind) *layout {
	return &layout{kind: kind, sections: []*section{{
		sheet: kind.Title, path: []string{valuesMark}, help: "Give a value for each metric and month, known through the day above it. Leave empty what you do not know: it is not zero",
	}}}
}

// results writes the sheet of a form for results.
func (w *writer) results(s *section) {
	w.mark(s)
	w.title(s)
	w.put(s.sheet, labelColumn, helpRow, strings.Join(append(slices.Clone(w.Notes), verdict.Capital(s.help)+"."), " "), look{part: help})
	w.try(w.file.SetCellStr(s.sheet, at(markColumn, headerRow), headerMark))
	fixed := []struct {
		head  string
		width float64
		of    func(*v1alpha1.Metric) string
	}{
		{"Metric", 26, func(m *v1alpha1.Metric) string { return string(m.Name) }},
		{"Unit", 10, func(m *v1alpha1.Metric) string { return string(m.Unit) }},
		{"What it means", 50, func(m *v1alpha1.Metric) string { return string(m.Definition) }},
	}
	for i, column := range fixed {
		w.width(s.sheet, labelColumn+i, column.width)
		w.try(w.file.SetCellStr(s.sheet, at(labelColumn+i, markRow), shownMark))
		w.put(s.sheet, labelColumn+i, headerRow, column.head, look{part: shownHeader})
		for j := range w.Results.Metrics {
			w.put(s.sheet, labelColumn+i, headerRow+1+j, column.of(&w.Results.Metrics[j]), look{part: shown, wrap: i == 2})
		}
	}
	for j := range w.Results.Metrics {
		w.try(w.file.SetCellStr(s.sheet, at(markColumn, headerRow+1+j), string(w.Results.Metrics[j].Name)))
	}
	w.freeze(s.sheet, labelColumn, headerRow)
	last := headerRow + len(w.Results.Metrics)
	for i, on := range w.Results.Days {
		column := labelColumn + len(fixed) + i
		f := &field{label: string(on), holds: number}
		w.width(s.sheet, column, 14)
		w.try(w.file.SetCellStr(s.sheet, at(column, markRow), string(on)))
		w.put(s.sheet, column, headerRow, string(on), look{part: header})
		for row := headerRow + 1; row <= last; row++ {
			w.cell(s, f, column, row, nil)
		}
		if last > headerRow {
			w.check(s.sheet, f, column, headerRow+1, last)
		}
	}
	w.beside(s.sheet, labelColumn+len(fixed)+len(w.Results.Days)+1, w.Beside[valuesMark])
}

// readResults reads a form for results.
func (in *reader) readResults(g *grid) {
	kind, name, _ := strings.Cut(in.Form.Subject, "/")
	in.Spec["subjectRef"] = map[string]any{"kind": kind, "name": name}
	in.Spec["source"] = string(v1alpha1.SourcePartnerReported)
	list := in.root.step(valuesMark)
	list.place = Place{g.sheet, at(labelColumn, headerRow)}
	f := &field{label: "value", holds: number}
	for row := 2; row <= len(g.rows); row++ {
		metric := g.text(markColumn, row)
		if metric == headerMark {
			continue
		}
		for column := labelColumn; column <= len(g.rows[0]) || column <= len(g.rows[row-1]); column++ {
			on, isDay := dayMark(g.text(column, markRow))
			switch {
			case !isDay || !in.isFilled(g, column, row):
			case metric == "" && row > headerRow:
				in.errorf(Place{g.sheet, at(column, row)}, "row %d is not part of the form: a row was inserted. Move the entry to the row of its metric, and delete this one", row)
			case metric != "":
				in.readResult(list, f, g, column, row, metric, on)
			}
		}
	}
}

func dayMark(mark string) (string, bool) {
	_, isDay := serialOf(mark)
	return mark, isDay
}

// readResult reads a value.
func (in *reader) readResult(list *node, f *field, g *grid, column, row int, metric, on string) {
	here := Place{g.sheet, at(column, row)}
	in.fields[here] = f
	value, wrong := in.value(f, g, column, row)
	if wrong != "" {
		in.errorf(here, "%s", wrong)
		return
	}
	appendTo(in.Spec, []string{valuesMark}, map[string]any{"metric": metric, "day": on, "value": value})
	item := &node{place: here}
	for _, step := range []string{"metric", "day", "value", "reportedOn"} {
		item.step(step).place = here
	}
	list.items = append(list.items, item)
}
