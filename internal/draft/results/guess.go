package results

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/table"
)

const (
	// sampled is how many rows a guess looks at.
	sampled = 2000
	// mostOf is which part of a column's cells must be of a kind, in percent: some are always dirty.
	mostOf = 80
)

// guess is a first mapping of a table.
type guess struct {
	directory *Directory
	columns   *table.Columns
	rows      []table.Row
	lines     []string
	checks    []string
	metrics   map[string]*v1alpha1.Metric
	currency  v1alpha1.CurrencyCode
	taken     map[int]bool
	days      map[int]bool // columns whose headers are days

	hasCurrency bool
}

// Guess writes a first mapping for a table, with notes of what a person has to check. It fails where the table does not even show what it is about.
func Guess(directory *Directory, source table.Source, name string) (string, error) {
	g := &guess{directory: directory, metrics: map[string]*v1alpha1.Metric{}, taken: map[int]bool{}}
	for _, s := range directory.subjects {
		if s.Program == nil {
			continue
		}
		g.currency = s.Program.Spec.Currency
		for i := range s.Program.Spec.Metrics {
			metric := &s.Program.Spec.Metrics[i]
			g.metrics[table.Key(string(metric.Name))] = metric
		}
	}
	if len(g.metrics) == 0 {
		return "", errors.New("there is no partner with its program in what was read, and without its metrics nobody can guess: read them too, with -f or from the cluster")
	}
	if err := g.read(source); err != nil {
		return "", err
	}
	g.linef("apiVersion: imports.jointplan.dev/v1alpha1")
	g.linef("kind: ResultsMapping")
	g.linef("metadata: {name: %s}", name)
	g.linef("spec:")
	g.linef("  source: %s", g.source())
	if err := g.subject(); err != nil {
		return "", err
	}
	days := g.day()
	key := g.key()
	g.values(days)
	if key >= 0 {
		g.linef("  key: [%s]", g.quoted(key))
	}
	g.skip()
	text := []string{"# A first mapping, made from the file. Check it, then try it: nothing is written without --write or --live."}
	for _, check := range g.checks {
		text = append(text, "# Check: "+check)
	}
	return strings.Join(append(text, g.lines...), "\n") + "\n", nil
}

func (g *guess) linef(format string, args ...any) {
	g.lines = append(g.lines, fmt.Sprintf(format, args...))
}

func (g *guess) checkf(format string, args ...any) {
	g.checks = append(g.checks, printable.Line(fmt.Sprintf(format, args...)))
}

// quoted returns the header of a column for YAML.
func (g *guess) quoted(column int) string {
	return printable.YAML(fmt.Sprintf("%q", g.columns.Header[column]))
}

// read finds the header: the first row with several texts and no number, below which most rows are as long.
func (g *guess) read(source table.Source) error {
	var rows []table.Row
	for row, err := range source.Rows() {
		if err != nil {
			return err
		}
		if rows = append(rows, row); len(rows) == sampled {
			break
		}
	}
	for i := range rows[:min(len(rows), headerRows)] {
		if isHeading(&rows[i]) {
			g.columns, g.rows = table.NewColumns(&rows[i]), rows[i+1:]
			break
		}
	}
	switch {
	case g.columns == nil:
		return errors.New("there is no row that looks like a header: give each column a name in the first row")
	case len(g.rows) == 0:
		return errors.New("there is no row below the header")
	}
	return nil
}

func isHeading(row *table.Row) bool {
	texts := 0
	for _, cell := range row.Cells {
		if strings.TrimSpace(cell.Text) == "" {
			continue
		}
		if _, err := table.ReadNumber(cell, table.AnyMark); err == nil {
			return false
		}
		texts++
	}
	return texts > 1
}

// cells returns what stands in a column, without what is empty.
func (g *guess) cells(column int) []table.Cell {
	var list []table.Cell
	for i := range g.rows {
		if cell := g.rows[i].Cell(column); strings.TrimSpace(cell.Text) != "" {
			list = append(list, cell)
		}
	}
	return list
}

// share returns which part of a column's cells is of a kind, in percent.
func (g *guess) share(column int, is func(table.Cell) bool) int {
	cells := g.cells(column)
	if len(cells) == 0 {
		return 0
	}
	n := 0
	for _, cell := range cells {
		if is(cell) {
			n++
		}
	}
	return n * 100 / len(cells)
}

// source guesses the source: that of record of the metrics.
func (g *guess) source() v1alpha1.Name {
	of := map[string]int{}
	best := "crm"
	for _, metric := range g.metrics {
		if metric.SourceOfRecord != "" {
			of[string(metric.SourceOfRecord)]++
		}
	}
	for _, name := range sortedNames(of) {
		if of[name] > of[best] {
			best = name
		}
	}
	g.checkf("source: write the name of the system that the file is of; sources of record of the program are %s", strings.Join(sortedNames(of), ", "))
	return v1alpha1.Name(best)
}

func sortedNames[T any](m map[string]T) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// subject finds the column in which most cells are the names of subjects.
func (g *guess) subject() error {
	best, kind, column := 0, v1alpha1.SubjectPartner, none
	for _, of := range []v1alpha1.SubjectKind{v1alpha1.SubjectCampaign, v1alpha1.SubjectJointPlan, v1alpha1.SubjectPartner} {
		for i := range g.columns.Header {
			share := g.share(i, func(cell table.Cell) bool { _, err := g.directory.find(of, cell.Text, nil); return err == nil })
			if share > best {
				best, kind, column = share, of, i
			}
		}
	}
	const few = 20
	if best < few {
		return fmt.Errorf("no column has the names of partners, plans or campaigns that are known; the header has %s. Name the objects in the file as they are called, or write "+
			"the mapping by hand with subject.names", g.columns)
	}
	g.taken[column] = true
	g.linef("  subject:")
	g.linef("    kind: %s", kind)
	g.linef("    column: %s", g.quoted(column))
	var unknown []string
	for _, cell := range g.cells(column) {
		text := strings.TrimSpace(cell.Text)
		if _, err := g.directory.find(kind, text, nil); err != nil && !slices.Contains(unknown, text) {
			if !isSum(text) {
				unknown = append(unknown, text)
			}
		}
	}
	if len(unknown) > 0 {
		const most = 10
		g.checkf("%d of the names are not known (%s): list what they mean in subject.names, or leave them out with skip", len(unknown), strings.Join(unknown[:min(len(unknown), most)], ", "))
	}
	return nil
}

// skip leaves out the rows that begin by saying that they are sums.
func (g *guess) skip() {
	sums := map[int][]string{}
	for i := range g.rows {
		for column := range g.columns.Header {
			text := strings.TrimSpace(g.rows[i].Cell(column).Text)
			if text == "" {
				continue
			}
			if quoted := printable.YAML(fmt.Sprintf("%q", text)); isSum(text) && !slices.Contains(sums[column], quoted) {
				sums[column] = append(sums[column], quoted)
			}
			break
		}
	}
	if len(sums) > 0 {
		g.linef("  skip:")
	}
	for _, column := range sortedKeys(sums) {
		slices.Sort(sums[column])
		g.linef("  - {column: %s, values: [%s]}", g.quoted(column), strings.Join(sums[column], ", "))
	}
}

// isSum reports whether a text says that a row is a sum of others.
func isSum(text string) bool {
	word, _, _ := strings.Cut(table.Key(text), " ")
	return slices.Contains([]string{"total", "totals", "sum", "summe", "gesamt", "gesamtergebnis", "somme", "totale", "totaal", "suma", "grand"}, strings.Trim(word, ":"))
}

// formats are the ways of writing days that are tried, after what can mean one day only.
var formats = []string{
	"DD.MM.YY", "D.M.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "D/M/YYYY", "M/D/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY/MM/DD", "YYYYMMDD", "YYYY-MM", "MM/YYYY", "MM.YYYY", "YYYYMM", "MMM YYYY",
	"MMM-YY", "DD MMM YYYY", "DD-MMM-YYYY", "MMM D, YYYY", "YYYY-QQ", "QQ YYYY",
}

// day finds the column whose cells are days, or headers that are. It reports whether the headers are.
func (g *guess) day() (headers bool) {
	for _, text := range append([]string{""}, formats...) {
		var format *table.Format
		if text != "" {
			format, _ = table.NewFormat(text) // they are right, and a test says so
		}
		isDay := func(cell table.Cell) bool { _, err := table.ReadDay(cell, format, nil); return err == nil }
		for i := range g.columns.Header {
			if g.taken[i] || g.share(i, isDay) < mostOf {
				continue
			}
			g.taken[i] = true
			g.linef("  day:")
			g.linef("    column: %s", g.quoted(i))
			if text != "" {
				g.linef("    format: %s", text)
				g.checkTwin(i, text)
			}
			return false
		}
		g.days = map[int]bool{}
		for i, header := range g.columns.Header {
			if isDay(table.Cell{Text: header}) {
				g.days[i] = true
			}
		}
		if len(g.days) > 1 {
			g.linef("  day:")
			g.linef("    headers: true")
			if text != "" {
				g.linef("    format: %s", text)
			}
			return true
		}
	}
	g.linef("  day:")
	g.linef("    column: Day")
	g.checkf("day: no column is a day in a form that is known; name it, and write its format")
	return false
}

// checkTwin warns of days that the same format with day and month exchanged reads as well.
func (g *guess) checkTwin(column int, text string) {
	twin := strings.NewReplacer("DD", "MM", "MM", "DD", "D", "M", "M", "D").Replace(text)
	if strings.Contains(text, "MMM") || twin == text {
		return
	}
	format, err := table.NewFormat(twin)
	if err == nil && g.share(column, func(cell table.Cell) bool { _, err := table.ReadDay(cell, format, nil); return err == nil }) == 100 {
		g.checkf("day.format: all days can also be read as %s", twin)
	}
}

// key finds the column that identifies rows: each cell is there once, and its header says so. None is -1.
func (g *guess) key() int {
	for i, header := range g.columns.Header {
		name := table.Key(header)
		isKey := slices.ContainsFunc([]string{"deal", "opportunity", "order", "invoice", "transaction", "lead", "auftrag", "rechnung", "commande", "pedido"}, func(word string) bool {
			return strings.Contains(name, word)
		}) || slices.ContainsFunc(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '.' }), func(word string) bool {
			return slices.Contains([]string{"id", "no", "nr", "number", "nummer", "key", "#"}, word)
		})
		cells := g.cells(i)
		if g.taken[i] || !isKey || len(cells) < len(g.rows)*mostOf/100 {
			continue
		}
		seen := map[string]bool{}
		for _, cell := range cells {
			seen[strings.TrimSpace(cell.Text)] = true
		}
		if len(seen)*100 < len(cells)*mostOf {
			continue
		}
		g.taken[i] = true
		g.linef("    per: Month") // of day, which is written just before
		g.checkf("key: the rows are taken for transactions that are added up by months, each identified by %q", header)
		return i
	}
	return none
}
