package results

import (
	"maps"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/nearest"
	"jointplan.dev/jointplan/internal/table"
)

// values finds the columns with values.
func (g *guess) values(headers bool) {
	g.linef("  values:")
	currency := ""
	for i := range g.columns.Header {
		isCode := func(cell table.Cell) bool {
			text := strings.TrimSpace(cell.Text)
			return len(text) == 3 && strings.ToUpper(text) == text && strings.ToLower(text) != text
		}
		if !g.taken[i] && g.share(i, isCode) >= mostOf {
			g.taken[i], g.hasCurrency, currency = true, true, g.quoted(i)
			break
		}
	}
	if metricColumn := g.metricColumn(); metricColumn >= 0 {
		for _, i := range g.numbers() {
			g.value(i, "metricColumn: "+g.quoted(metricColumn), true, currency)
			return
		}
	}
	if headers {
		g.across(currency)
		return
	}
	found := 0
	columns := g.numbers()
	if len(columns) == 1 && g.hasCurrency {
		metric := g.firstFlow()
		g.value(columns[0], "metric: "+string(metric.Name), metric.Unit == v1alpha1.UnitCurrency, currency)
		g.checkf("values: column %q is taken for %s", g.columns.Header[columns[0]], metric.Name)
		return
	}
	for _, i := range columns {
		metric, isSure := g.metricCalled(g.columns.Header[i])
		if metric == nil && len(columns) > 1 {
			g.checkf("values: column %q is not imported, as no metric has a name like that", g.columns.Header[i])
			continue
		}
		if metric == nil {
			metric = g.firstFlow()
		}
		if !isSure {
			g.checkf("values: column %q is taken for %s", g.columns.Header[i], metric.Name)
		}
		found++
		g.value(i, "metric: "+string(metric.Name), metric.Unit == v1alpha1.UnitCurrency, currency)
	}
	if found == 0 {
		g.linef("  - count: true")
		g.linef("    metric: %s", g.firstFlow().Name)
		g.checkf("values: no column is a number of a metric, so each row counts as 1; name the column and the metric if that is wrong")
	}
}

// across writes the values of a table whose headers are days.
func (g *guess) across(currency string) {
	days := slices.DeleteFunc(slices.Collect(maps.Keys(g.days)), func(i int) bool { return len(g.cells(i)) == 0 })
	slices.Sort(days)
	for _, i := range days { // only amounts have a fraction
		g.hasCurrency = g.hasCurrency || g.share(i, func(cell table.Cell) bool {
			n, err := table.ReadNumber(cell, table.AnyMark)
			return err == nil && n.Mark != table.AnyMark
		}) > 0
	}
	metric := g.firstFlow()
	g.linef("  - metric: %s", metric.Name)
	g.unit(metric.Unit == v1alpha1.UnitCurrency, currency)
	if len(days) > 0 {
		g.mark(days[0])
	}
	g.checkf("values: the columns of days are taken for %s", metric.Name)
	var others []string
	for i, header := range g.columns.Header {
		if !g.days[i] && !g.taken[i] && header != "" {
			others = append(others, g.quoted(i))
		}
	}
	if len(others) > 0 {
		g.linef("  ignore: [%s]", strings.Join(others, ", "))
	}
}

// metricCalled returns the metric that a header names, or else the one that is nearest to it: by its letters, or by the words that they share.
func (g *guess) metricCalled(header string) (metric *v1alpha1.Metric, isSure bool) {
	key := table.Key(header)
	if metric := g.metrics[strings.ReplaceAll(key, " ", "-")]; metric != nil {
		return metric, true
	}
	if metric := g.metrics[nearest.Name(key, sortedNames(g.metrics))]; metric != nil {
		return metric, false
	}
	most := 0
	for _, name := range sortedNames(g.metrics) {
		shared := 0
		for word := range strings.FieldsSeq(key) {
			if slices.Contains(strings.Split(name, "-"), word) {
				shared++
			}
		}
		if of := g.metrics[name]; shared > most && of.Role == "" {
			metric, most = of, shared
		}
	}
	return metric, false
}

// firstFlow returns the first metric that is added up, of amounts if the table has currencies, and best none that only campaigns have.
func (g *guess) firstFlow() *v1alpha1.Metric {
	for _, inMoney := range []bool{g.hasCurrency, false} {
		for _, name := range sortedNames(g.metrics) {
			metric := g.metrics[name]
			if metric.Behaviour == v1alpha1.BehaviourFlow && metric.Role == "" && (!inMoney || metric.Unit == v1alpha1.UnitCurrency) {
				return metric
			}
		}
	}
	return g.metrics[sortedNames(g.metrics)[0]]
}

// metricColumn returns the column in which most cells are metrics; -1 for none.
func (g *guess) metricColumn() int {
	for i := range g.columns.Header {
		if !g.taken[i] && g.share(i, func(cell table.Cell) bool { return g.metrics[table.Key(cell.Text)] != nil }) >= mostOf {
			g.taken[i] = true
			return i
		}
	}
	return none
}

// numbers returns the columns of numbers.
func (g *guess) numbers() []int {
	var list []int
	for i := range g.columns.Header {
		if !g.taken[i] && g.columns.Header[i] != "" && g.markOf(i) >= 0 {
			list = append(list, i)
		}
	}
	return list
}

// markOf returns how the numbers of a column are written: 0 for in one way only, 1 for points, 2 for commas; -1 when they are not numbers.
func (g *guess) markOf(column int) int {
	read := func(mark table.Mark) int {
		return g.share(column, func(cell table.Cell) bool { _, err := table.ReadNumber(cell, mark); return err == nil })
	}
	plain, point, comma := read(table.AnyMark), read(table.Point), read(table.Comma)
	switch {
	case max(plain, point, comma) < mostOf:
		return -1
	case plain >= max(point, comma):
		return 0
	case point >= comma:
		return 1
	default:
		return 2
	}
}

// value writes an entry of values.
func (g *guess) value(column int, metric string, inMoney bool, currency string) {
	g.linef("  - column: %s", g.quoted(column))
	g.linef("    %s", metric)
	g.unit(inMoney, currency)
	g.mark(column)
}

// mark writes how the numbers of a column are written, where that has to be said.
func (g *guess) mark(column int) {
	switch g.markOf(column) {
	case 1:
		g.linef("    decimalMark: Point")
	case 2:
		g.linef("    decimalMark: Comma")
	default:
	}
}

// unit writes the currency of values.
func (g *guess) unit(inMoney bool, currency string) {
	switch {
	case !inMoney:
	case currency != "":
		g.linef("    currencyColumn: %s", currency)
	default:
		g.linef("    currency: %s", g.currency)
		g.checkf("values: the amounts are taken for %s", g.currency)
	}
}
