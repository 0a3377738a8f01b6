package report

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strconv"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// WriteCSV writes a report as CSV with one line per group: each plan figure and each kind of amount in each currency has a column. The total
// is left out, since a spreadsheet adds up itself. Text that a spreadsheet would take for a formula begins with an apostrophe.
func (r *Report) WriteCSV(out io.Writer) error {
	currencies := map[v1alpha1.CurrencyCode]bool{}
	for _, sum := range r.Total.Money {
		currencies[sum.Currency] = true
	}
	codes := slices.Sorted(maps.Keys(currencies))
	header := []string{
		r.By, "partners", "plans", "approved", "on_track", "at_risk", "off_track", "unknown", "review_overdue",
		"attainment_percent", "scored_plans", "pace_percent", "measured_plans",
	}
	for _, code := range codes {
		header = append(header, "requested_"+string(code), "granted_"+string(code), "paid_"+string(code))
	}
	lines := [][]string{header}
	for i := range r.Rows {
		lines = append(lines, line(&r.Rows[i], codes))
	}
	return csv.NewWriter(out).WriteAll(lines)
}

func line(row *Row, codes []v1alpha1.CurrencyCode) []string {
	fields := []string{printable.Cell(row.Group)}
	for _, n := range []int{row.Partners, row.Plans, row.Approved, row.OnTrack, row.AtRisk, row.OffTrack, row.Unknown, row.Overdue} {
		fields = append(fields, strconv.Itoa(n))
	}
	fields = append(fields, optional(row.AttainmentPercent), strconv.Itoa(row.Scored), optional(row.PacePercent), strconv.Itoa(row.Paced))
	for _, code := range codes {
		i := slices.IndexFunc(row.Money, func(s Sum) bool { return s.Currency == code })
		if i < 0 {
			fields = append(fields, "", "", "")
			continue
		}
		sum := row.Money[i]
		fields = append(fields, string(sum.Requested), string(sum.Granted), string(sum.Paid))
	}
	return fields
}

// WriteCSV writes an outlook as CSV with one line per group and metric, without totals but by program and by period, where these are all there is.
func (o *Outlook) WriteCSV(out io.Writer) error {
	lines := [][]string{{
		"program", "period", "state", o.By, "metric", "currency", "plans", "target", "original_target", "actual", "forecast", "without_forecast", "gap", "forecast_percent",
	}}
	for i := range o.Programs {
		p := &o.Programs[i]
		rows := p.Rows
		if o.By == byProgram || o.By == byPeriod {
			rows = p.Total
		}
		for _, row := range rows {
			group := row.Group
			switch o.By {
			case byProgram:
				group = p.Program
			case byPeriod:
				group = p.Period
			}
			original := row.OriginalTarget
			if original == "" {
				original = row.Target
			}
			percent := ""
			if row.ForecastPercent != nil {
				percent = strconv.Itoa(int(*row.ForecastPercent))
			}
			lines = append(lines, []string{
				printable.Cell(p.Program), printable.Cell(p.Period), string(p.State), printable.Cell(group), printable.Cell(string(row.Metric)), string(row.Currency),
				count(row.Plans), string(row.Target), string(original), string(row.Actual), string(row.Forecast), string(row.WithoutForecast), string(row.Gap), percent,
			})
		}
	}
	return csv.NewWriter(out).WriteAll(lines)
}

// WriteCSV writes how markets are covered as CSV with one line per market.
func (c *Coverage) WriteCSV(out io.Writer) error {
	lines := [][]string{{
		"program", "period", "territory", "segment", "state", "wanted", "ready", "direct", "distributors", "plans", "missing", "competitors",
	}}
	for i := range c.Programs {
		p := &c.Programs[i]
		for j := range p.Cells {
			x := &p.Cells[j]
			lines = append(lines, []string{
				printable.Cell(p.Program), printable.Cell(p.Period), printable.Cell(string(x.Territory)), printable.Cell(string(x.Segment)), string(x.State),
				count(x.Wanted), count(x.Ready), count(x.Direct), count(x.Distributors), count(x.Plans), printable.Cell(x.Missing), printable.Cell(string(x.Competitors)),
			})
		}
	}
	return csv.NewWriter(out).WriteAll(lines)
}

// WriteCSV writes money that is granted and not paid as CSV with one line per cost centre and currency.
func (e *Exposure) WriteCSV(out io.Writer) error {
	lines := [][]string{{"program", "period", "cost_centre", "currency", "granted", "unclaimed", "undecided", "unpaid", "paid"}}
	for i := range e.Programs {
		p := &e.Programs[i]
		for _, x := range p.Rows {
			lines = append(lines, []string{
				printable.Cell(p.Program), printable.Cell(p.Period), printable.Cell(string(x.CostCentre)), string(x.Currency), string(x.Granted), string(x.Unclaimed),
				string(x.Undecided), string(x.Unpaid), string(x.Paid),
			})
		}
	}
	return csv.NewWriter(out).WriteAll(lines)
}

func count(n int32) string { return strconv.Itoa(int(n)) }

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
