// Package table reads tables that people and programs write (CSV files and workbooks), cell by cell with its place, and what their cells say: numbers and
// days in the many ways of writing them. It never guesses: what can be read in two ways is an error that says how to make it clear. It knows no kind.
package table

import (
	"fmt"
	"iter"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Row is one row of a table.
type Row struct {
	// Number is that of the row in its sheet, or of the line on which it begins in a text; from 1 on.
	Number int
	// Cells are its cells. Cells at the end that are empty may be absent.
	Cells []Cell
}

// Cell returns a cell; an empty one where the row has none.
func (r *Row) Cell(column int) Cell {
	if column < 0 || column >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[column]
}

// IsBlank reports whether no cell says anything.
func (r *Row) IsBlank() bool {
	for _, cell := range r.Cells {
		if cell.Wrong != "" || strings.TrimSpace(cell.Text) != "" {
			return false
		}
	}
	return true
}

// Cell is what a cell says.
type Cell struct {
	// Text is what stands in the cell. That of a number that a program stored is a decimal number with a point, whatever is shown.
	Text string
	// Stored says that a program stored a number or day and the text is not what a person typed: it is read in one way only.
	Stored bool
	// Day says that a stored cell is a day, written as 2026-10-31.
	Day bool
	// Percent says that a stored number is shown in percent: 0.45 for 45%.
	Percent bool
	// Currency is the currency with which a stored number is shown: an ISO 4217 code or a symbol; empty if it is shown with none.
	Currency string
	// Wrong says why the cell cannot be used, whatever its text; empty if it can.
	Wrong string
}

// Source is where rows come from.
type Source interface {
	// Rows reads the rows in their order, the header among them. An error is the last thing that it yields: then the rows before it are not all.
	Rows() iter.Seq2[Row, error]
	// Place says where a cell is, for people: "line 12", "cell B7". A column of -1 means the row.
	Place(row, column int) string
}

// Key folds a text for comparison: capitals, the spaces at its ends and of several in a row all but one make no difference, nor does the way in which an
// accent is stored.
func Key(text string) string {
	plain := true
	for i := range len(text) {
		if c := text[i]; c >= 0x80 || 'A' <= c && c <= 'Z' || c <= ' ' {
			plain = false
			break
		}
	}
	if plain {
		return text
	}
	return strings.Join(strings.Fields(cases.Fold().String(norm.NFKC.String(text))), " ")
}

// Columns finds columns by their headers.
type Columns struct {
	// Header is what the header says, in the order of the columns.
	Header []string

	of map[string]int
}

// NewColumns reads the header of a table.
func NewColumns(header *Row) *Columns {
	c := &Columns{of: map[string]int{}}
	for i, cell := range header.Cells {
		text := strings.TrimSpace(cell.Text)
		c.Header = append(c.Header, text)
		if key := Key(text); key != "" {
			if _, again := c.of[key]; again {
				c.of[key] = ambiguous
			} else {
				c.of[key] = i
			}
		}
	}
	return c
}

// ambiguous marks a header that two columns have.
const ambiguous = -2

// Find returns the column with a header.
func (c *Columns) Find(header string) (int, error) {
	at, found := c.of[Key(header)]
	switch {
	case !found:
		return 0, fmt.Errorf("there is no column %q; the header has %s", header, c)
	case at == ambiguous:
		return 0, fmt.Errorf("two columns are called %q: rename one of them", header)
	}
	return at, nil
}

// Has reports whether there is a column with a header.
func (c *Columns) Has(header string) bool { _, found := c.of[Key(header)]; return found }

// String lists the headers.
func (c *Columns) String() string {
	const most = 20
	var named []string
	for _, header := range c.Header {
		if header != "" {
			named = append(named, fmt.Sprintf("%q", header))
		}
	}
	more := ""
	if left := len(named) - most; left > 0 {
		named, more = named[:most], fmt.Sprintf(" and %d more", left)
	}
	if len(named) == 0 {
		return "no names"
	}
	return strings.Join(named, ", ") + more
}
