package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/lineage"
	"jointplan.dev/jointplan/internal/view/report"
)

// The parts of report that show a program as a whole: they read ProgramReports, which alone add it up.

// wholeReport is what such a part shows.
type wholeReport interface{ WriteCSV(out io.Writer) error }

// asksForWhole reports whether figures of ProgramReports are asked for.
func (o *reportOptions) asksForWhole() bool { return o.forecast || o.coverage || o.exposure }

// checkWhole checks the flags that ask for figures of ProgramReports.
func (o *reportOptions) checkWhole(byGiven bool) error {
	var asked []string
	for flag, given := range map[string]bool{"--forecast": o.forecast, "--coverage": o.coverage, "--exposure": o.exposure} {
		if given {
			asked = append(asked, flag)
		}
	}
	slices.Sort(asked)
	switch {
	case len(asked) == 0:
		return nil
	case len(asked) > 1:
		return usageError{fmt.Errorf("%s are different reports: ask for one at a time", verdict.List(asked))}
	case o.target.selector != "":
		return usageError{fmt.Errorf("%s is about the program as a whole, which labels do not divide: leave out --selector", asked[0])}
	case o.forecast && o.by == "partner":
		return usageError{errors.New("--forecast adds nothing up by partner: choose another --by; kubectl jointplan explain plan/NAME shows the forecast of a plan")}
	case !o.forecast && byGiven:
		return usageError{fmt.Errorf("%s is not grouped: leave out --by", asked[0])}
	}
	return nil
}

func (o *reportOptions) printWhole(s *screen, v *view) error {
	index := lineage.New(v.objects)
	var shown wholeReport
	var err error
	var show func(*screen)
	switch {
	case o.coverage:
		var c *report.Coverage
		c, err = report.CoverageOf(index, o.period, v.at)
		shown, show = c, func(s *screen) { printCoverage(s, c) }
	case o.exposure:
		var e *report.Exposure
		e, err = report.ExposureOf(index, o.period, v.at)
		shown, show = e, func(s *screen) { printExposure(s, e) }
	default:
		var x *report.Outlook
		x, err = report.OutlookBy(index, o.by, o.period, v.at)
		shown, show = x, func(s *screen) { printOutlook(s, x) }
	}
	switch {
	case errors.Is(err, report.ErrNoReport):
		return v.noReport()
	case err != nil:
		return err
	}
	switch o.output {
	case "csv":
		return o.csv(s, shown)
	case "json", "yaml":
		return encode(s.out, o.output, struct {
			Report wholeReport `json:"report"`
			At     string      `json:"at"`
		}{shown, v.at.UTC().Format(instantLayout)})
	}
	show(s)
	return nil
}

// noReport says why no program is reported on, and what to do.
func (v *view) noReport() error {
	if lacks := v.mayNot(kinds.ProgramReport); lacks != "" {
		return errors.New("the reports on programs are not at hand: " + lacks)
	}
	var strategies, programs []string
	for _, x := range v.objects {
		switch key := manifest.KeyOf(x); key.Kind {
		case kinds.ChannelStrategy:
			strategies = append(strategies, key.Name)
		case kinds.PartnerProgram:
			programs = append(programs, key.Name)
		}
	}
	if len(strategies) > 0 {
		return fmt.Errorf("there is no report on a program%s, although there is a ChannelStrategy: kubectl jointplan explain strategy/%s says why", v.where(), strategies[0])
	}
	name := "the program"
	if len(programs) > 0 {
		name = programs[0]
	}
	return fmt.Errorf("there is no report on a program%s, as none has a ChannelStrategy: write one that has the name of its program (%s), as docs/channelstrategy.md shows",
		v.where(), name)
}

func printWhole(s *screen, i int, w *report.Whole) {
	if i > 0 {
		fmt.Fprintln(s.out)
	}
	s.printf("%s  %s", s.paint(w.Program+", "+w.Period, bold), s.paint(string(w.State), plain))
	s.wrap("  ", verdict.Capital(w.Message)+".", dim)
}

func printOutlook(s *screen, x *report.Outlook) {
	if x.By == "period" {
		printPeriods(s, x.Programs)
		return
	}
	for i := range x.Programs {
		p := &x.Programs[i]
		printWhole(s, i, &p.Whole)
		if p.Note != "" {
			s.wrap("  ", verdict.Capital(p.Note)+".", plain)
		}
		if len(p.Total) > 0 {
			fmt.Fprintln(s.out)
			printSums(s, x.By, p)
		}
	}
}

// sumHeader is the header of sums.
func sumHeader(without bool, first ...string) []string {
	header := append(slices.Clip(first), ">PLANS", ">TARGET", ">ACTUAL", ">FORECAST", ">GAP", ">FORECAST-%")
	if without {
		header = append(header, ">WITHOUT-FORECAST")
	}
	return header
}

// lacksForecast reports whether a part of a target has no forecast.
func lacksForecast(row report.OutlookRow) bool { return row.WithoutForecast != "" }

// printSums prints the groups of each metric, and under them their total.
func printSums(s *screen, by string, p *report.ProgramOutlook) {
	without := slices.ContainsFunc(p.Total, lacksForecast)
	var rows [][]cell
	add := func(row *report.OutlookRow, group string, how style) {
		rows = append(rows, append([]cell{{metricOf(row), how}, {group, how}}, sumCells(row, how, without)...))
	}
	for _, total := range p.Total {
		groups := 0
		for _, row := range p.Rows {
			if row.Metric == total.Metric {
				add(&row, row.Group, plain)
				groups++
			}
		}
		switch {
		case by == "program":
			add(&total, p.Program, plain)
		case groups != 1: // one group is the total
			add(&total, "TOTAL", bold)
		}
	}
	s.table(sumHeader(without, "METRIC", strings.ToUpper(by)), rows)
}

// printPeriods prints the totals of periods, which stand together by program, the newest first of each metric.
func printPeriods(s *screen, periods []report.ProgramOutlook) {
	for begin := 0; begin < len(periods); {
		program, end := periods[begin].Program, begin
		var totals []report.OutlookRow
		for ; end < len(periods) && periods[end].Program == program; end++ {
			totals = append(totals, periods[end].Total...)
		}
		if begin > 0 {
			fmt.Fprintln(s.out)
		}
		printPeriodsOf(s, periods[begin:end], totals)
		begin = end
	}
}

func printPeriodsOf(s *screen, periods []report.ProgramOutlook, totals []report.OutlookRow) {
	without := slices.ContainsFunc(totals, lacksForecast)
	s.linef(bold, "%s", periods[0].Program)
	var metrics []v1alpha1.Name
	for i := range totals {
		metrics = append(metrics, totals[i].Metric)
	}
	slices.Sort(metrics)
	var rows [][]cell
	for _, metric := range slices.Compact(metrics) {
		for i := range periods {
			for _, row := range periods[i].Total {
				if row.Metric == metric {
					rows = append(rows, append([]cell{{metricOf(&row), plain}, {periods[i].Period, plain}, {string(periods[i].State), plain}}, sumCells(&row, plain, without)...))
				}
			}
		}
	}
	if len(rows) == 0 {
		s.wrap("  ", "No plan of these periods has a goal that adds up and is approved.", plain)
		return
	}
	fmt.Fprintln(s.out)
	s.table(sumHeader(without, "METRIC", "PERIOD", "STATE"), rows)
}

// metricOf names the metric of a row, with the currency of its figures.
func metricOf(row *report.OutlookRow) string {
	if row.Currency == "" {
		return string(row.Metric)
	}
	return fmt.Sprintf("%s (%s)", row.Metric, row.Currency)
}

// sumCells returns the figures of a sum. A gap that is negative, and a forecast below the target, stand out.
func sumCells(row *report.OutlookRow, how style, without bool) []cell {
	number := func(x v1alpha1.Decimal, how style) cell {
		if x == "" {
			return cell{"-", dim}
		}
		return cell{decimal.Group(string(x)), how}
	}
	gap := how
	if strings.HasPrefix(string(row.Gap), "-") {
		gap = yellow
	}
	percent := cell{"-", dim}
	if row.ForecastPercent != nil {
		percent = cell{strconv.Itoa(int(*row.ForecastPercent)) + "%", gap}
	}
	cells := []cell{
		{strconv.Itoa(int(row.Plans)), how},
		number(row.Target, how), number(row.Actual, how), number(row.Forecast, how), number(row.Gap, gap), percent,
	}
	if without {
		cells = append(cells, number(row.WithoutForecast, how))
	}
	return cells
}

// coverageStyles are how states of markets are shown.
var coverageStyles = map[v1alpha1.CoverageState]style{
	v1alpha1.CoverageCovered: green, v1alpha1.CoverageThin: yellow, v1alpha1.CoverageThroughDistributor: yellow, v1alpha1.CoverageGap: red,
}

func printCoverage(s *screen, c *report.Coverage) {
	for i := range c.Programs {
		p := &c.Programs[i]
		printWhole(s, i, &p.Whole)
		if len(p.Cells) == 0 {
			s.wrap("  ", "The ChannelStrategy names no markets that are to be covered (spec.coverage).", plain)
			continue
		}
		fmt.Fprintln(s.out)
		printMatrix(s, p.Cells)
		fmt.Fprintln(s.out)
		s.wrap("", coverageWords(p.Cells)+overlapWords(p.Overlaps), plain)
		begun := false
		for j := range p.Cells {
			x := &p.Cells[j]
			if x.Missing == "" {
				continue
			}
			if !begun {
				s.linef(bold, "\nMissing")
				begun = true
			}
			about := fmt.Sprintf("%s %s", x.Territory, x.Segment)
			if x.Competitors != "" {
				about += " (also there: " + string(x.Competitors) + ")"
			}
			s.printf("  %s  %s", about, s.paint(string(x.State), coverageStyles[x.State]))
			s.wrap("      ", x.Missing, plain)
		}
	}
}

// printMatrix prints markets, territories down and segments across, in the order of the strategy.
func printMatrix(s *screen, cells []v1alpha1.CellCoverage) {
	var territories, segments []v1alpha1.Name
	at := map[[2]v1alpha1.Name]*v1alpha1.CellCoverage{}
	for i := range cells {
		x := &cells[i]
		if !slices.Contains(territories, x.Territory) {
			territories = append(territories, x.Territory)
		}
		if !slices.Contains(segments, x.Segment) {
			segments = append(segments, x.Segment)
		}
		at[[2]v1alpha1.Name{x.Territory, x.Segment}] = x
	}
	header := []string{"TERRITORY"}
	for _, segment := range segments {
		header = append(header, strings.ToUpper(string(segment)))
	}
	rows := make([][]cell, len(territories))
	for i, territory := range territories {
		rows[i] = []cell{{string(territory), plain}}
		for _, segment := range segments {
			one := cell{"-", dim}
			if x := at[[2]v1alpha1.Name{territory, segment}]; x != nil {
				one = cell{fmt.Sprintf("%s %d/%d", x.State, x.Ready, x.Wanted), coverageStyles[x.State]}
			}
			rows[i] = append(rows[i], one)
		}
	}
	s.table(header, rows)
}

// coverageWords counts markets by state.
func coverageWords(cells []v1alpha1.CellCoverage) string {
	counts := map[v1alpha1.CoverageState]int{}
	for i := range cells {
		counts[cells[i].State]++
	}
	return fmt.Sprintf("Of %s %d are covered, %d thin, %d through a distributor alone, %d a gap. 1/2 says that 1 partner of 2 that are wanted is ready.",
		verdict.Count(len(cells), "market"), counts[v1alpha1.CoverageCovered], counts[v1alpha1.CoverageThin], counts[v1alpha1.CoverageThroughDistributor],
		counts[v1alpha1.CoverageGap])
}

// overlapWords say how many pairs of partners sell to the same market; nothing when none does.
func overlapWords(pairs int32) string {
	const rest = " to the same segment of the same territory, which is no conflict."
	switch pairs {
	case 0:
		return ""
	case 1:
		return " 1 pair of partners sells" + rest
	default:
		return fmt.Sprintf(" %d pairs of partners sell", pairs) + rest
	}
}

func printExposure(s *screen, e *report.Exposure) {
	for i := range e.Programs {
		p := &e.Programs[i]
		printWhole(s, i, &p.Whole)
		if len(p.Rows) == 0 {
			s.wrap("  ", "Nothing is granted for the plans of the period.", plain)
			continue
		}
		fmt.Fprintln(s.out)
		var rows [][]cell
		for _, x := range p.Rows {
			centre := string(x.CostCentre)
			if centre == "" {
				centre = "(none)"
			}
			row := []cell{{centre, plain}, {string(x.Currency), plain}}
			for _, amount := range []v1alpha1.Decimal{x.Granted, x.Unclaimed, x.Undecided, x.Unpaid, x.Paid} {
				row = append(row, cell{inFull(amount, x.Currency), plain})
			}
			rows = append(rows, row)
		}
		s.table([]string{"COST-CENTRE", "CURRENCY", ">GRANTED", ">UNCLAIMED", ">UNDECIDED", ">UNPAID", ">PAID"}, rows)
	}
}

// inFull writes an amount with all digits of its currency.
func inFull(amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode) string {
	minor, err := money.ParseMoney(v1alpha1.Money{Amount: amount, Currency: currency})
	if err != nil {
		return decimal.Group(string(amount))
	}
	full, err := money.Money(minor, currency)
	if err != nil {
		return decimal.Group(string(amount))
	}
	return decimal.Group(string(full.Amount))
}
