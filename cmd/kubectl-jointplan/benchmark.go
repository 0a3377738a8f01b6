package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/verdict"
	"jointplan.dev/jointplan/internal/view/cohort"
	"jointplan.dev/jointplan/internal/view/lineage"
)

const benchmarkHelp = `Show what is normal among the partners of a program: what a lead costs, how many leads become opportunities, how much of a goal is
attained, how much growth is asked for and reached. It names nobody.

The figures are those of the newest benchmark: exact ones of a Benchmark, which are for the vendor's people, or to two significant digits of a
PublishedBenchmark, which partners may read. P50 is the median: half of the rows are at or below it, a quarter at or below P25, a quarter at or above P75.
With --activity, --tier or --segment each measure has the narrowest cohort that holds what is asked for and has figures. Figures of too few partners, or from
which those of one could be told, are withheld, with the reason.

With --profit it projects when the partnership pays for a new partner, by what the ChannelStrategy assumes of costs and margin (spec.profitability) and by the
revenue that others made in their first months. Where too few partners have such a history, it is unknown.`

const benchmarkExample = `  # what does a lead of a webinar cost others of my tier
  kubectl jointplan benchmark --activity Webinar --tier silver

  # what growth do others ask for and reach, in one segment
  kubectl jointplan benchmark northwind --segment mid-market --metric new-revenue

  # when does the partnership pay for a partner that joins as silver
  kubectl jointplan benchmark --profit --tier silver

  # for other programs
  kubectl jointplan benchmark northwind -o json`

type benchmarkOptions struct {
	*target

	asked   cohort.Asked
	profit  bool
	output  string
	measure string
}

func newBenchmark() *cobra.Command {
	o := &benchmarkOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "benchmark [PROGRAM]",
		Short:   "Show what is normal among the partners of a program, and when a partnership pays",
		Long:    benchmarkHelp,
		Example: benchmarkExample,
		Args:    atMost(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := oneOf("--output", o.output, "text", "json", "yaml"); err != nil {
				return err
			}
			if err := o.check(); err != nil {
				return err
			}
			return o.show(command, func(s *screen, v *view) error { return o.print(s, v, strings.Join(args, "")) })
		},
	}
	o.addFlags(command)
	flags := command.Flags()
	flags.StringVar((*string)(&o.asked.Activity), "activity", "", "of campaigns of this type, such as Webinar")
	flags.StringVar((*string)(&o.asked.Tier), "tier", "", "of partners of this tier")
	flags.StringVar((*string)(&o.asked.Segment), "segment", "", "of this market segment")
	flags.StringVar((*string)(&o.asked.Metric), "metric", "", "of goals of this metric")
	flags.StringVar(&o.measure, "measure", "", "this measure alone: "+strings.Join(measureNames(), ", "))
	flags.BoolVar(&o.profit, "profit", false, "project when the partnership pays for a new partner")
	flags.StringVarP(&o.output, "output", "o", "text", "output format: text, json or yaml")
	completeValues(command, "output", "text", "json", "yaml")
	completeValues(command, "measure", measureNames()...)
	return command
}

func measureNames() []string {
	var names []string
	for _, measure := range cohort.Measures() {
		names = append(names, string(measure))
	}
	return names
}

func (o *benchmarkOptions) check() error {
	if o.measure != "" {
		if err := oneOf("--measure", o.measure, measureNames()...); err != nil {
			return err
		}
		o.asked.Measure = v1alpha1.BenchmarkMeasure(o.measure)
	}
	switch {
	case o.profit && (o.asked.Activity != "" || o.asked.Segment != "" || o.asked.Metric != "" || o.measure != ""):
		return usageError{errors.New("--profit is projected for all partners or those of a --tier: leave out --activity, --segment, --metric and --measure")}
	case o.asked.Activity != "" && o.measure != "" && !cohort.OfCampaigns(o.asked.Measure):
		return usageError{fmt.Errorf("%s is not of campaigns, so no type of activity is told apart: leave out --activity", o.measure)}
	case o.asked.Metric != "" && (o.asked.Activity != "" || cohort.OfCampaigns(o.asked.Measure)):
		return usageError{errors.New("campaigns are not compared by metric: leave out --metric, or --activity and --measure")}
	case o.asked.Segment != "" && o.asked.Activity != "" && o.asked.Tier == "":
		return usageError{errors.New("campaigns of a type are compared by tier and, within that, by segment: add --tier, or leave out --segment")}
	}
	return nil
}

func (o *benchmarkOptions) print(s *screen, v *view, name string) error {
	index := lineage.New(v.objects)
	if name == "" {
		programs := cohort.Programs(index)
		switch {
		case len(programs) > 1:
			return usageError{errors.New("name one program" + thereIs("", programs))}
		case len(programs) == 0:
			return v.noBenchmark("")
		}
		name = programs[0]
	}
	if of := v.program(name); of != nil {
		if err := o.known(program.Compile(of.Name, &of.Spec)); err != nil {
			return err
		}
	}
	if o.profit {
		return o.printProfit(s, v, index, name)
	}
	newest, err := cohort.Newest(index, name, v.at)
	if err != nil {
		return v.noBenchmark(name)
	}
	c := cohort.Compare(newest, o.asked)
	if o.output != "text" {
		return encode(s.out, o.output, c)
	}
	printComparison(s, v, c)
	return nil
}

// known checks that a program has what is asked about.
func (o *benchmarkOptions) known(of *program.Program) error {
	a := &o.asked
	if a.Activity != "" && of.Activity(a.Activity) == nil {
		return fmt.Errorf("program %s has %s", of.Name, verdict.NoSuch("activity type", string(a.Activity), of.ActivityNames()))
	}
	if a.Metric != "" && of.Metric(a.Metric) == nil {
		return fmt.Errorf("program %s has %s", of.Name, verdict.NoSuch("metric", string(a.Metric), of.MetricNames()))
	}
	if unknown := of.UnknownSegment(a.Segment); unknown != "" {
		return fmt.Errorf("program %s has %s", of.Name, unknown)
	}
	var tiers []string
	for i := range of.Spec.RuleSets {
		for j := range of.Spec.RuleSets[i].Tiers {
			tiers = append(tiers, string(of.Spec.RuleSets[i].Tiers[j].Name))
		}
	}
	if a.Tier != "" && len(tiers) > 0 && !slices.Contains(tiers, string(a.Tier)) {
		return fmt.Errorf("program %s has %s", of.Name, verdict.NoSuch("tier", string(a.Tier), slices.Compact(slices.Sorted(slices.Values(tiers)))))
	}
	return nil
}

// noBenchmark says why there is no benchmark of a program, or of any where none is named.
func (v *view) noBenchmark(name string) error {
	if lacks := v.mayNot(kinds.PublishedBenchmark); lacks != "" {
		return errors.New("the benchmarks are not at hand: " + lacks)
	}
	of := ""
	if name != "" {
		of = " of program " + name
	}
	return fmt.Errorf("there is no benchmark%s%s: one is computed after each fiscal quarter for a program whose ChannelStrategy asks for it (spec.benchmarks)", of, v.where())
}

func printComparison(s *screen, v *view, c *cohort.Comparison) {
	s.printf("%s  %s", s.paint("Program "+string(c.ProgramRef.Name), bold), safe(fmt.Sprintf("%s, computed on %s", c.Name, c.ComputedOn)))
	s.wrap("  ", exactness(v, c)+fmt.Sprintf(" Results were complete by %s.", c.ResultsThrough), dim)
	if len(c.Rows) == 0 {
		fmt.Fprintln(s.out)
		s.wrap("", fmt.Sprintf("No figures are shown of %s: too few partners have results of it that were complete by %s.", askedWords(&c.Asked), c.ResultsThrough), plain)
	} else {
		fmt.Fprintln(s.out)
		printCohorts(s, c)
	}
	if c.Hidden > 0 {
		fmt.Fprintln(s.out)
		s.wrap("", fmt.Sprintf("MonthlyRevenue, %s by month of membership, is left out: --measure MonthlyRevenue shows it, --profit what it means.",
			verdict.Count(c.Hidden, "row")), dim)
	}
	if len(c.Withheld) > 0 {
		s.linef(bold, "\nWithheld")
	}
	for i := range c.Withheld {
		w := &c.Withheld[i]
		s.printf("  %s: %s  %s", string(w.Measure), cohort.Words(&w.BenchmarkCohort), s.paint(string(w.Reason), yellow))
		s.wrap("      ", w.Message, plain)
	}
	if len(c.WorthCopying) > 0 {
		s.linef(bold, "\nWorth copying")
	}
	for _, p := range c.WorthCopying {
		about := string(p.Activity)
		if p.Segment != "" {
			about += ", " + string(p.Segment)
		}
		if p.By != "" {
			about += ", by " + string(p.By)
		}
		s.printf("  %s  %s", about, p.Why)
	}
}

// exactness says from which kind the figures are, and who may read it.
func exactness(v *view, c *cohort.Comparison) string {
	if c.Exact {
		return fmt.Sprintf("From Benchmark %s: exact figures, for the vendor's people alone.", c.Name)
	}
	text := fmt.Sprintf("From PublishedBenchmark %s: two significant digits, rounded down.", c.Name)
	if lacks := v.mayNot(kinds.Benchmark); lacks != "" {
		text += fmt.Sprintf(" You are not allowed to list %s, which have the exact figures.", resourceOf(kinds.Benchmark))
	}
	return text
}

// askedWords names what is asked about.
func askedWords(a *cohort.Asked) string {
	var parts []string
	for _, part := range []string{string(a.Measure), string(a.Metric), string(a.Activity), string(a.Tier), string(a.Segment)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return "any cohort"
	}
	return strings.Join(parts, ", ")
}

// printCohorts prints the figures of cohorts, and says where one is wider than what is asked about.
func printCohorts(s *screen, c *cohort.Comparison) {
	wider := false
	var rows [][]cell
	for i := range c.Rows {
		row := &c.Rows[i]
		name := cohort.Words(&row.BenchmarkCohort)
		if c.Wider(&row.BenchmarkCohort) {
			name, wider = name+" *", true
		}
		rows = append(rows, []cell{
			{string(row.Measure), plain},
			{name, plain},
			{strconv.Itoa(int(row.Partners)), plain},
			{strconv.Itoa(int(row.Rows)), plain},
			{decimal.Group(string(row.P25)), plain},
			{decimal.Group(string(row.P50)), bold},
			{decimal.Group(string(row.P75)), plain},
			{cohort.Unit(row.Measure, c.Currency), dim},
		})
	}
	s.table([]string{"MEASURE", "COHORT", ">PARTNERS", ">ROWS", ">P25", ">P50", ">P75", "UNIT"}, rows)
	if wider {
		s.linef(dim, "* a wider cohort: of the one that was asked about there are no figures, or they are withheld")
	}
}

// printProfit prints when the partnership pays for a new partner.
func (o *benchmarkOptions) printProfit(s *screen, v *view, index *lineage.Index, name string) error {
	for _, kind := range []string{kinds.ChannelStrategy, kinds.Benchmark} {
		if lacks := v.mayNot(kind); lacks != "" {
			return errors.New("when the partnership pays is projected from exact figures and from the vendor's assumptions: " + lacks)
		}
	}
	strategy, _ := preview.Find(v.objects, kinds.ChannelStrategy, "", name).(*v1alpha1.ChannelStrategy)
	switch {
	case strategy == nil:
		return fmt.Errorf("there is no ChannelStrategy of program %s%s: what a partnership costs and brings is assumed there (spec.profitability)", name, v.where())
	case strategy.Spec.Profitability == nil:
		return fmt.Errorf("ChannelStrategy %s does not say what the partnership costs a partner: give spec.profitability, as docs/channelstrategy.md shows", name)
	}
	newest := cohort.NewestExact(index, name, todayOf(index, strategy, v))
	if newest == nil {
		return v.noBenchmark(name)
	}
	p := cohort.ProfitOf(strategy.Spec.Profitability, newest, o.asked.Tier)
	if o.output != "text" {
		return encode(s.out, o.output, p)
	}
	how := green
	if !p.Known || p.BreakEven.P50 == 0 {
		how = yellow
	}
	s.printf("%s  %s", s.paint("Program "+p.Program, bold), s.paint(p.Message, how))
	if len(p.Months) > 0 {
		fmt.Fprintln(s.out)
		printMonths(s, p)
	}
	if len(p.Assumptions) > 0 {
		s.linef(bold, "\nAssumed")
	}
	for _, assumption := range p.Assumptions {
		s.wrap("  ", assumption, plain)
	}
	return nil
}

// todayOf returns the day of a view in the calendar of an object's program.
func todayOf(index *lineage.Index, object manifest.Object, v *view) fiscal.Day {
	return index.Today(object, v.at)
}

// printMonths prints cost and margin at the end of each month. A margin that covers the cost stands out.
func printMonths(s *screen, p *cohort.Profit) {
	var rows [][]cell
	for i := range p.Months {
		m := &p.Months[i]
		margin := func(x v1alpha1.Decimal, even int32) cell {
			if even != 0 && m.Month >= even {
				return cell{decimal.Group(string(x)), green}
			}
			return cell{decimal.Group(string(x)), plain}
		}
		mark := ""
		if m.Month == p.BreakEven.P50 {
			mark = "pays from here on, at the median"
		}
		rows = append(rows, []cell{
			{strconv.Itoa(int(m.Month)), plain},
			{decimal.Group(string(m.Cost)), plain},
			margin(m.P25, p.BreakEven.P25), margin(m.P50, p.BreakEven.P50), margin(m.P75, p.BreakEven.P75),
			{mark, green},
		})
	}
	code := " (" + string(p.Currency) + ")"
	s.table([]string{">MONTH", ">COST" + code, ">MARGIN P25", ">P50", ">P75", ""}, rows)
}
