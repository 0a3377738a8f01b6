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

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
