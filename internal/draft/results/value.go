package results

import (
	"errors"
	"fmt"
	"math/big"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/nearest"
	"jointplan.dev/jointplan/internal/table"
	"jointplan.dev/jointplan/internal/verdict"
)

// value reads one value of a row; nil if it cannot be used.
func (in *intake) value(row *table.Row, subject *Subject, v *valueColumn) (one *value, isMissing bool) {
	cell := row.Cell(v.column)
	if v.Count == nil && cell.Wrong == "" {
		text := table.Key(cell.Text)
		if v.missing[text] || text == "" && len(in.values) > 1 {
			return nil, true
		}
	}
	metric := in.metricOf(row, subject, v)
	if metric == nil {
		return nil, false
	}
	if err := in.suits(metric, v); err != nil {
		in.reject(row, v.metric, err)
		return nil, false
	}
	if v.Count != nil {
		return &value{amount: big.NewRat(1, 1), metric: metric, column: none}, false
	}
	amount, err := in.amount(row, subject, v, metric)
	if err != nil {
		in.reject(row, v.column, err)
		return nil, false
	}
	return &value{amount: amount, metric: metric, column: v.column}, false
}

// metricOf returns the metric of a value; nil if there is none.
func (in *intake) metricOf(row *table.Row, subject *Subject, v *valueColumn) *v1alpha1.Metric {
	name, column := v.Metric, none
	if v.metric != none {
		column = v.metric
		cell := row.Cell(column)
		if cell.Wrong != "" {
			in.reject(row, column, errors.New(cell.Wrong))
			return nil
		}
		name = v.metrics[table.Key(cell.Text)]
		if name == "" {
			name = v1alpha1.Name(table.Key(cell.Text))
		}
	}
	metric := subject.Program.Metric(name)
	if metric == nil {
		err := fmt.Errorf("program %s has %s", subject.Program.Name, verdict.NoSuch("metric", string(name), subject.Program.MetricNames()))
		if column != none {
			err = fmt.Errorf("%w If the cell is right, list it in metrics of the mapping%s", endOf(err), v.near(row.Cell(column).Text))
		}
		in.reject(row, column, err)
	}
	return metric
}

// near names the text of the mapping that is nearest to one.
func (v *valueColumn) near(text string) string {
	written := make([]string, 0, len(v.metrics))
	for one := range v.metrics {
		written = append(written, one)
	}
	if found := nearest.Name(table.Key(text), written); found != "" {
		return fmt.Sprintf(", which has %q", found)
	}
	return ""
}

// endOf ends a sentence.
func endOf(err error) error {
	if text := err.Error(); !strings.HasSuffix(text, "?") {
		return errors.New(text + ".")
	}
	return err
}

// suits says why values of a metric cannot be added up as the mapping does it.
func (in *intake) suits(metric *v1alpha1.Metric, v *valueColumn) error {
	added := len(in.key) > 0 || v.Count != nil
	switch {
	case !added:
		return nil
	case metric.Behaviour == v1alpha1.BehaviourStock:
		return fmt.Errorf("%s is a level, and levels are not added up: import it with a mapping without key and count", metric.Name)
	case metric.Reporting == v1alpha1.ReportingCumulative:
		return fmt.Errorf("%s is reported as the total since the start of the period, and single transactions are no totals: import it with a mapping without key and count", metric.Name)
	default:
		return nil
	}
}

// amount reads the number of a value in the metric's unit.
func (in *intake) amount(row *table.Row, subject *Subject, v *valueColumn, metric *v1alpha1.Metric) (*big.Rat, error) {
	n, err := table.ReadNumber(row.Cell(v.column), v.mark)
	if err != nil {
		return nil, err
	}
	if n.Mark != table.AnyMark {
		if v.seen != table.AnyMark && v.seen != n.Mark {
			return nil, fmt.Errorf("has a decimal %s, and %s has a decimal %s: set decimalMark in the mapping, or correct the cell",
				strings.ToLower(n.Mark.String()), v.seenPlace, strings.ToLower(v.seen.String()))
		}
		if v.seen == table.AnyMark {
			v.seen, v.seenPlace = n.Mark, in.source.Place(row.Number, v.column)
		}
	}
	if err := in.inUnit(row, subject, v, metric, &n); err != nil {
		return nil, err
	}
	amount := n.Value
	if v.multiplier != nil {
		amount = new(big.Rat).Mul(amount, v.multiplier)
	}
	if v.Decimals != nil {
		amount = rounded(amount, int(*v.Decimals))
	}
	if _, err := decimal.Parse(written(amount)); err != nil {
		if digits, exact := amount.FloatPrec(); !exact || digits > decimal.MaxFractionDigits {
			return nil, fmt.Errorf("has more than %d digits after the point: set decimals in the mapping to the number of digits to which values are rounded", decimal.MaxFractionDigits)
		}
		return nil, fmt.Errorf("has more than %d digits before the point, which no result has", decimal.MaxIntegerDigits)
	}
	takesBack := metric.Behaviour != v1alpha1.BehaviourStock && metric.Reporting != v1alpha1.ReportingCumulative
	if amount.Sign() < 0 && !takesBack {
		return nil, fmt.Errorf("is negative, and only what is added (a Flow, reported as Incremental) can be taken back: %s is a level or a total", metric.Name)
	}
	return amount, nil
}

// rounded rounds half away from zero.
func rounded(r *big.Rat, digits int) *big.Rat {
	x, ok := new(big.Rat).SetString(r.FloatString(digits)) // which rounds so
	if !ok {
		return r
	}
	return x
}

// inUnit refuses a number that is in another unit than the metric's.
func (in *intake) inUnit(row *table.Row, subject *Subject, v *valueColumn, metric *v1alpha1.Metric, n *table.Number) error {
	if n.Percent && metric.Unit != v1alpha1.UnitPercent {
		return fmt.Errorf("is a percentage, and %s is measured in %s", metric.Name, metric.Unit)
	}
	if metric.Unit != v1alpha1.UnitCurrency {
		if n.Currency != "" {
			return fmt.Errorf("is an amount in %s, and %s is measured in %s", n.Currency, metric.Name, metric.Unit)
		}
		return nil
	}
	ours, stated := string(subject.Program.Spec.Currency), string(v.Currency)
	if v.currency != none {
		cell := row.Cell(v.currency)
		if cell.Wrong != "" {
			return fmt.Errorf("%s %s", in.shown(v.currency), cell.Wrong)
		}
		if stated = strings.TrimSpace(cell.Text); stated == "" && n.Currency == "" {
			return fmt.Errorf("%s is empty: state the currency of the amount", in.shown(v.currency))
		}
	}
	if n.Currency != "" && stated != "" && !table.IsCurrency(n.Currency, strings.ToUpper(stated)) {
		return fmt.Errorf("is in %s, and the mapping or the column of the currency says %s: correct the one that is wrong", n.Currency, stated)
	}
	for _, currency := range []string{n.Currency, stated} {
		if currency != "" && !table.IsCurrency(currency, ours) {
			return fmt.Errorf("is in %s, and the program is in %s; nothing is converted: convert the amount where it comes from", currency, ours)
		}
	}
	if n.Currency == "" && stated == "" {
		return fmt.Errorf("does not say its currency: name the column in currencyColumn of the mapping, or set currency: %s", ours)
	}
	return nil
}
