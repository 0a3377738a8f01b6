package form

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

// columns finds the columns of a table by their marks.
func (in *reader) columns(s *section, g *grid) map[*field]int {
	found := map[*field]int{}
	if len(g.rows) == 0 {
		return found
	}
	for column := labelColumn; column <= len(g.rows[0]); column++ {
		mark := g.text(column, markRow)
		f := s.fieldNamed(mark)
		here := Place{g.sheet, at(column, headerRow)}
		switch {
		case mark == "" || mark == shownMark:
		case f == nil:
			in.errorf(here, "%s %s", mark, outdated)
		case found[f] > 0:
			in.errorf(here, "column %s is a copy of column %s: delete one of them", columnName(column), columnName(found[f]))
		default:
			found[f] = column
		}
	}
	for _, mark := range in.marks[s.mark()] {
		if f := s.fieldNamed(mark); f != nil && found[f] == 0 {
			in.errorf(Place{g.sheet, at(labelColumn, headerRow)}, "the column %q was deleted: undo that, or copy the entries into a new form", f.label)
		}
	}
	return found
}

// readTable reads a table.
func (in *reader) readTable(s *section, g *grid) {
	columns := in.columns(s, g)
	head := slices.IndexFunc(g.rows, func(row []string) bool { return len(row) > 0 && row[0] == headerMark }) + 1
	if head == 0 {
		in.errorf(Place{g.sheet, at(markColumn, headerRow)}, "the row with the names of the columns was deleted: undo that, or copy the entries into a new form")
		return
	}
	list := in.root
	if s.parent == nil {
		for _, step := range s.path {
			list = list.step(step)
		}
		list.place = Place{g.sheet, at(labelColumn, head)}
	}
	for row := head + 1; row <= len(g.rows); row++ {
		if !in.isRow(columns, g, row) {
			in.unread(s, g, columns, row)
			continue
		}
		in.readRow(s, g, columns, row, list)
	}
}

func (in *reader) isRow(columns map[*field]int, g *grid, row int) bool {
	for _, column := range columns {
		if in.isFilled(g, column, row) {
			return true
		}
	}
	return false
}

// isFilled reports whether a cell holds something, if only a formula without a result.
func (in *reader) isFilled(g *grid, column, row int) bool {
	if strings.TrimSpace(g.text(column, row)) != "" {
		return true
	}
	formula, err := in.file.GetCellFormula(g.sheet, at(column, row))
	return err == nil && formula != ""
}

// unread warns of what stands beside a table and is not read.
func (in *reader) unread(s *section, g *grid, columns map[*field]int, row int) {
	for column := labelColumn; column <= len(g.rows[row-1]); column++ {
		isOurs := g.text(column, markRow) != ""
		for _, other := range columns {
			isOurs = isOurs || other == column
		}
		if !isOurs && strings.TrimSpace(g.text(column, row)) != "" {
			in.tellf(v1alpha1.SeverityWarning, Place{g.sheet, at(column, row)}, "is not read: it is in none of the columns of %s. If it belongs to the form, move it to a column with a name", s.sheet)
		}
	}
}

// readRow reads a row of a table.
func (in *reader) readRow(s *section, g *grid, columns map[*field]int, row int, list *node) {
	content, item := map[string]any{}, &node{}
	var above *node
	var owner map[string]any
	for i := range s.fields {
		f := &s.fields[i]
		column, has := columns[f]
		if !has {
			continue
		}
		if item.place.Cell == "" {
			item.place = Place{g.sheet, at(column, row)}
		}
		if f.isParent() {
			if owner, above = in.parent(s, f, g, column, row); owner == nil {
				return
			}
			continue
		}
		in.take(content, item, f, g, column, row)
	}
	in.unread(s, g, columns, row)
	if s.parent != nil {
		if owner == nil {
			return
		}
		appendTo(owner, s.path, content)
		list = above
		for _, step := range s.path {
			list = list.step(step)
		}
		if list.place.Cell == "" {
			list.place = item.place
		}
	} else {
		appendTo(in.Spec, s.path, content)
	}
	list.items = append(list.items, item)
}

// parent finds the row of another table that a row belongs to.
func (in *reader) parent(s *section, f *field, g *grid, column, row int) (map[string]any, *node) {
	here := Place{g.sheet, at(column, row)}
	in.fields[here] = f
	value, wrong := in.value(f, g, column, row)
	name := textOf(value)
	switch {
	case wrong != "":
		in.errorf(here, "%s", wrong)
		return nil, nil
	case name == "":
		in.errorf(here, "is empty: name the row of sheet %s that this belongs to", s.parent.sheet)
		return nil, nil
	}
	rows := elementsOf(dig(in.Spec, s.parent.path), "")
	list := in.root
	for _, step := range s.parent.path {
		list = list.step(step)
	}
	var names []string
	for i, x := range rows {
		key := textOf(x.content[s.parent.key])
		if key == name && i < len(list.items) {
			return x.content, list.items[i]
		}
		names = append(names, key)
	}
	in.errorf(here, "%q is on no row of sheet %s%s", name, s.parent.sheet, meant(name, names))
	return nil, nil
}

// meant asks whether the nearest name was meant, or lists what there is.
func meant(name string, names []string) string {
	if near := verdict.Nearest(name, names); near != "" {
		return fmt.Sprintf(": did you mean %s?", near)
	}
	if len(names) == 0 {
		return ""
	}
	const most = 10
	return ": choose one of the list: " + verdict.Some(names, most)
}
