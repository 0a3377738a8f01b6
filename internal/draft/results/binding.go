package results

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/table"
)

// headerRows is how many rows are searched for the header.
const headerRows = 50

// none is the column of what the mapping leaves out.
const none = -1

// binding is a mapping with the columns of a table.
type binding struct {
	spec    *importsv1alpha1.ResultsMappingSpec
	columns *table.Columns

	subject, partner, day, cohort int
	dayFormat, cohortFormat       *table.Format
	per                           importsv1alpha1.Interval
	values                        []valueColumn
	key                           []int
	only, skip                    []filter
	names                         map[string]v1alpha1.Name
}

type valueColumn struct {
	*importsv1alpha1.ValueColumn

	column, metric, currency int
	day                      fiscal.Day // of a column whose header is a day; none for others
	mark                     table.Mark
	metrics                  map[string]v1alpha1.Name
	missing                  map[string]bool
	multiplier               *big.Rat

	seen      table.Mark // that an earlier row showed
	seenPlace string
}

type filter struct {
	column int
	header string
	values map[string]bool
}

// Headers returns the columns that a mapping names.
func Headers(spec *importsv1alpha1.ResultsMappingSpec) []string {
	var list []string
	add := func(headers ...importsv1alpha1.Header) {
		for _, header := range headers {
			if text := string(header); text != "" && !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	add(spec.Subject.Column, spec.Subject.PartnerColumn, spec.Day.Column)
	for i := range spec.Values {
		add(spec.Values[i].Column, spec.Values[i].MetricColumn, spec.Values[i].CurrencyColumn)
	}
	if spec.Cohort != nil {
		add(spec.Cohort.Column)
	}
	add(spec.Key...)
	for _, filters := range [][]importsv1alpha1.RowFilter{spec.Only, spec.Skip} {
		for i := range filters {
			add(filters[i].Column)
		}
	}
	return list
}

// missingOf returns the columns of the mapping that a row lacks as a header.
func missingOf(row *table.Row, headers []string) []string {
	columns := table.NewColumns(row)
	return slices.DeleteFunc(slices.Clone(headers), columns.Has)
}

// bind finds the columns of a mapping by the header of a table.
func bind(spec *importsv1alpha1.ResultsMappingSpec, header *table.Row) (*binding, error) {
	b := &binding{spec: spec, columns: table.NewColumns(header), names: namesOf(spec.Subject.Names)}
	var wrong []error
	find := func(header importsv1alpha1.Header, field string) int {
		if header == "" {
			return none
		}
		at, err := b.columns.Find(string(header))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", field, err))
		}
		return at
	}
	format := func(text, field string) *table.Format {
		if text == "" {
			return nil
		}
		f, err := table.NewFormat(text)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", field, err))
		}
		return f
	}
	b.subject, b.partner = find(spec.Subject.Column, "spec.subject.column"), find(spec.Subject.PartnerColumn, "spec.subject.partnerColumn")
	b.day, b.dayFormat = find(spec.Day.Column, "spec.day.column"), format(spec.Day.Format, "spec.day.format")
	b.cohort = none
	if spec.Cohort != nil {
		b.cohort, b.cohortFormat = find(spec.Cohort.Column, "spec.cohort.column"), format(spec.Cohort.Format, "spec.cohort.format")
	}
	per, err := perOf(spec.Day.Per, b.dayFormat)
	if b.per = per; err != nil {
		wrong = append(wrong, err)
	}
	for i := range spec.Values {
		column, err := newValueColumn(&spec.Values[i], fmt.Sprintf("spec.values[%d].", i), find)
		if err != nil {
			wrong = append(wrong, err)
		}
		b.values = append(b.values, column)
	}
	for i, header := range spec.Key {
		b.key = append(b.key, find(header, fmt.Sprintf("spec.key[%d]", i)))
	}
	filters := func(list []importsv1alpha1.RowFilter, field string) (bound []filter) {
		for i := range list {
			f := filter{column: find(list[i].Column, fmt.Sprintf("%s[%d].column", field, i)), header: string(list[i].Column), values: map[string]bool{}}
			for _, text := range list[i].Values {
				f.values[table.Key(text)] = true
			}
			bound = append(bound, f)
		}
		return bound
	}
	b.only, b.skip = filters(spec.Only, "spec.only"), filters(spec.Skip, "spec.skip")
	if len(wrong) == 0 && spec.Day.Headers != nil {
		wrong = append(wrong, b.bindDays(header)...)
	}
	return b, errors.Join(wrong...)
}

func newValueColumn(v *importsv1alpha1.ValueColumn, field string, find func(header importsv1alpha1.Header, field string) int) (column valueColumn, err error) {
	column = valueColumn{
		ValueColumn: v, column: find(v.Column, field+"column"), metric: find(v.MetricColumn, field+"metricColumn"),
		currency: find(v.CurrencyColumn, field+"currencyColumn"), mark: markOf(v.DecimalMark), metrics: namesOf(v.Metrics), missing: map[string]bool{},
	}
	for _, text := range v.Missing {
		column.missing[table.Key(text)] = true
	}
	if v.Multiplier == "" {
		return column, nil
	}
	if column.multiplier, err = decimal.Parse(v.Multiplier); err != nil {
		err = fmt.Errorf("%smultiplier: %w", field, err)
	}
	return column, err
}

// bindDays makes a column of values of each header that is a day.
func (b *binding) bindDays(header *table.Row) []error {
	pattern := b.values[0]
	var strange []string
	b.values = nil
	named := Headers(b.spec)
	for i := range header.Cells {
		if slices.ContainsFunc(named, func(name string) bool { return table.Key(name) == table.Key(header.Cells[i].Text) }) {
			continue
		}
		name := strings.TrimSpace(header.Cells[i].Text)
		if name == "" || slices.ContainsFunc(b.spec.Ignore, func(ignored importsv1alpha1.Header) bool { return table.Key(string(ignored)) == table.Key(name) }) {
			continue
		}
		day, err := table.ReadDay(header.Cells[i], b.dayFormat, nil)
		if err != nil {
			strange = append(strange, name)
			continue
		}
		column := pattern
		column.column, column.day = i, day
		if at := slices.IndexFunc(b.values, func(other valueColumn) bool { return other.day == day }); at >= 0 {
			return []error{fmt.Errorf("spec.day.headers: the columns %q and %q are both about %s: remove one of them",
				b.columns.Header[b.values[at].column], b.columns.Header[i], day)}
		}
		b.values = append(b.values, column)
	}
	if len(b.values) == 0 {
		how := "set day.format, such as MMM YYYY"
		if b.dayFormat != nil {
			how = "correct day.format, which is " + b.dayFormat.String()
		}
		return []error{fmt.Errorf("spec.day.headers: no header is a day: %s; the header has %s", how, b.columns)}
	}
	if len(strange) > 0 {
		return []error{fmt.Errorf("spec.day.headers: the columns %s are not days: correct the header if one is a month that is mistyped, or list them in spec.ignore",
			quotedList(strange))}
	}
	return nil
}

func namesOf(list []importsv1alpha1.WrittenName) map[string]v1alpha1.Name {
	names := map[string]v1alpha1.Name{}
	for _, one := range list {
		names[table.Key(one.Written)] = one.Name
	}
	return names
}

func markOf(mark importsv1alpha1.DecimalMark) table.Mark {
	switch mark {
	case importsv1alpha1.DecimalPoint:
		return table.Point
	case importsv1alpha1.DecimalComma:
		return table.Comma
	default:
		return table.AnyMark
	}
}

// perOf returns the interval over which values are added up.
func perOf(per importsv1alpha1.Interval, format *table.Format) (importsv1alpha1.Interval, error) {
	grain := map[table.Grain]importsv1alpha1.Interval{
		table.Days: importsv1alpha1.IntervalDay, table.Months: importsv1alpha1.IntervalMonth, table.Quarters: importsv1alpha1.IntervalQuarter,
	}[format.Grain()]
	if per == "" {
		return grain, nil
	}
	order := []importsv1alpha1.Interval{importsv1alpha1.IntervalDay, importsv1alpha1.IntervalMonth, importsv1alpha1.IntervalQuarter}
	if slices.Index(order, per) < slices.Index(order, grain) {
		return per, fmt.Errorf("spec.day.per: is %s, but %s says no more than the %s: leave per out, or write %s", per, format, strings.ToLower(string(grain)), grain)
	}
	return per, nil
}

// shown names a column for people.
func (b *binding) shown(column int) string {
	if column < 0 || column >= len(b.columns.Header) {
		return ""
	}
	return b.columns.Header[column]
}
