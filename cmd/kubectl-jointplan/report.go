package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/view/lineage"
	"jointplan.dev/jointplan/internal/view/report"
)

const reportHelp = `Add up plans and money by tier, region, segment, territory, initiative, distributor, channel manager, partner, program or period; or show what
the program as a whole will reach.

Plans are counted as the status of a PartnerProgram counts them: those that are not closed. With --period all plans of a fiscal year or of a
part of it are counted, closed ones among them, and what was granted and paid for them; by period all plans are. ATTAINMENT and PACE are the plain means
of the figures of the plans that have one, each plan counting the same; (2/3) says that these are 2 of 3. OVERDUE counts plans whose review is
overdue. REQUESTED is what was requested, in the currency of the budget, what was refused included; GRANTED what is reserved or was paid.
Each currency has a line of its own: currencies are never added up. By initiative a plan counts under each that it serves, so the lines add
up to more than the total, in which it counts once.

With --forecast it shows what plans are to reach, have reached and will reach, of each metric that adds up; with --coverage how the markets are covered that
the vendor wants partners in; with --exposure what is granted and not paid, by cost centre. These figures are those of the ProgramReport of --period or, without
it, of the shortest period that runs today. Only a program that has a ChannelStrategy is reported on. The groups of a forecast add up to the total: what is in
several groups counts under (several).

CSV has one line per group, without a total, and a column per currency for each kind of amount. With --excel it begins with a byte order mark, by which
Excel knows that it is UTF-8; leave it out for other programs.`

const reportExample = `  # how the tiers compare
  kubectl jointplan report -A --by tier

  # the channel managers, as of an instant
  kubectl jointplan report --by channel-manager -f plans/ --at 2026-11-03T09:00:00Z

  # the whole fiscal year, with the plans that have closed
  kubectl jointplan report -A --by region --period FY2027

  # will we make the number, and what is furthest behind
  kubectl jointplan report --forecast --by initiative -f plans/ --at 2026-11-03T09:00:00Z

  # the same in the periods before
  kubectl jointplan report --forecast --by period

  # where partners are missing, and what is granted and not paid
  kubectl jointplan report --coverage
  kubectl jointplan report --exposure --period FY2027-H1

  # for a spreadsheet
  kubectl jointplan report --by partner -f plans/ --at 2026-11-03T09:00:00Z -o csv`

type reportOptions struct {
	target   *target
	by       string
	period   string
	output   string
	excel    bool
	forecast bool
	coverage bool
	exposure bool
}

func newReport() *cobra.Command {
	o := reportOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "report",
		Short:   "Add up plans and money by tier, region, initiative and the like, or show the program as a whole",
		Long:    reportHelp,
		Example: reportExample,
		Args:    atMost(0),
		RunE: func(command *cobra.Command, _ []string) error {
			if err := oneOf("--output", o.output, "table", "csv", "json", "yaml"); err != nil {
				return err
			}
			if err := oneOf("--by", o.by, report.Groupings()...); err != nil {
				return err
			}
			if o.excel && o.output != "csv" {
				return usageError{errors.New("--excel is about CSV: add -o csv, or leave it out")}
			}
			if err := o.checkWhole(command.Flags().Changed("by")); err != nil {
				return err
			}
			return o.target.show(command, o.print)
		},
	}
	o.target.addFlags(command)
	o.target.addWatchFlag(command)
	command.Flags().StringVar(&o.by, "by", "tier", "what to group by: "+strings.Join(report.Groupings(), ", "))
	command.Flags().StringVar(&o.period, "period", "", "add up all plans of a period, closed ones among them, such as FY2027 or \"FY2027 H1\" (default: the plans that are not closed; of a program as a whole the shortest period that runs today)")
	command.Flags().BoolVar(&o.forecast, "forecast", false, "show targets, results and forecasts of the program as a whole")
	command.Flags().BoolVar(&o.coverage, "coverage", false, "show how the markets are covered that the vendor wants partners in")
	command.Flags().BoolVar(&o.exposure, "exposure", false, "show what is granted and not paid, by cost centre")
	command.Flags().StringVarP(&o.output, "output", "o", "table", "output format: table, csv, json or yaml")
	command.Flags().BoolVar(&o.excel, "excel", false, "with -o csv: begin with a byte order mark, without which Excel reads letters such as ü wrongly")
	completeValues(command, "output", "table", "csv", "json", "yaml")
	completeValues(command, "by", report.Groupings()...)
	return command
}

// byteOrderMark begins a text in UTF-8 for programs that take it for another encoding otherwise.
const byteOrderMark = "\uFEFF"

func (o *reportOptions) print(s *screen, v *view) error {
	if o.asksForWhole() {
		return o.printWhole(s, v)
	}
	r, err := report.By(lineage.New(v.objects), o.by, o.period)
	if err != nil {
		return err
	}
	switch o.output {
	case "csv":
		return o.csv(s, r)
	case "json", "yaml":
		return encode(s.out, o.output, struct {
			*report.Report

			At string `json:"at"`
		}{r, v.at.UTC().Format(instantLayout)})
	}
	if len(r.Rows) == 0 {
		s.linef(plain, "No partners or plans%s.", v.elsewhere())
		return nil
	}
	printReport(s, r)
	return nil
}

// csv writes a report for a spreadsheet.
func (o *reportOptions) csv(s *screen, r wholeReport) error {
	if o.excel {
		fmt.Fprint(s.out, byteOrderMark)
	}
	return r.WriteCSV(s.out)
}

func printReport(s *screen, r *report.Report) {
	name := strings.ToUpper(r.By)
	var plans, amounts [][]cell
	for i, row := range append(r.Rows, r.Total) {
		how, group := plain, row.Group
		switch {
		case i == len(r.Rows):
			how, group = bold, "TOTAL"
		case group == "":
			group = "(none)"
		}
		plans = append(plans, planCells(row, group, how))
		for _, sum := range row.Money {
			amounts = append(amounts, []cell{
				{group, how},
				{string(sum.Currency), how},
				{decimal.Group(string(sum.Requested)), how},
				{decimal.Group(string(sum.Granted)), how},
				{decimal.Group(string(sum.Paid)), how},
			})
		}
	}
	s.table([]string{
		name, ">PARTNERS", ">PLANS", ">ON-TRACK", ">AT-RISK", ">OFF-TRACK", ">UNKNOWN", ">OVERDUE", ">ATTAINMENT", ">PACE",
	}, plans)
	if len(amounts) > 0 {
		fmt.Fprintln(s.out)
		s.table([]string{name, "CURRENCY", ">REQUESTED", ">GRANTED", ">PAID"}, amounts)
	}
}

func planCells(row report.Row, group string, how style) []cell {
	number := func(n int, bad style) cell {
		if n == 0 {
			return cell{"0", dim}
		}
		return cell{strconv.Itoa(n), bad}
	}
	return []cell{
		{group, how},
		number(row.Partners, how), number(row.Plans, how),
		number(row.OnTrack, green), number(row.AtRisk, yellow), number(row.OffTrack, red), number(row.Unknown, how), number(row.Overdue, red),
		{percentOf(row.AttainmentPercent, row.Scored, row.Plans), how},
		{percentOf(row.PacePercent, row.Paced, row.Plans), how},
	}
}

// percentOf writes a mean and of how many plans it is, where that is not all.
func percentOf(mean *int, of, all int) string {
	switch {
	case mean == nil:
		return "-"
	case of < all:
		return fmt.Sprintf("%d%% (%d/%d)", *mean, of, all)
	default:
		return fmt.Sprintf("%d%%", *mean)
	}
}
