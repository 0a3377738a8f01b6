package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/view/agenda"
	"jointplan.dev/jointplan/internal/view/lineage"
)

const actionsHelp = `Show what people have to do next: what, who, by which day, and what follows if nobody does. It is what status.nextSteps of the objects say, sorted
by day: that by which the rules ask for it or, where they set none, the last on which it helps; "now" means that there is no such day.

The signs: ✗ late, ! now or within two weeks, · later. What is due later than --within is counted only.

--for takes the name, role or address of a person, the name of a partner, "vendor" or "partner". It shows what they have to do, and then what
they wait for: what others have to do about what concerns them.`

const actionsExample = `  # what is to be done about one partner
  kubectl jointplan actions -n partner-acme

  # what a channel manager has to do for all partners, and what others owe
  kubectl jointplan actions -A --for "Vera Lindqvist"

  # the same offline, as of an instant
  kubectl jointplan actions --for "Vera Lindqvist" -f plans/ --at 2026-11-03T09:00:00Z

  # what a partner has to do in the next quarter, with every reason in full
  kubectl jointplan actions --for acme --within 90 -f plans/ --at 2026-11-03T09:00:00Z -o wide

  # for other programs
  kubectl jointplan actions -f plans/ --at 2026-11-03T09:00:00Z -o json`

type actionsOptions struct {
	target *target
	who    string
	within int
	output string
}

func newActions() *cobra.Command {
	o := actionsOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "actions",
		Short:   "Show what is to be done, by whom and by when",
		Long:    actionsHelp,
		Example: actionsExample,
		Args:    atMost(0),
		RunE: func(command *cobra.Command, _ []string) error {
			if err := oneOf("--output", o.output, "table", "wide", "json", "yaml"); err != nil {
				return err
			}
			if o.within < 0 {
				return usageError{fmt.Errorf("--within %d: must be a number of days, 0 or more", o.within)}
			}
			return o.target.show(command, o.print)
		},
	}
	o.target.addFlags(command)
	o.target.addWatchFlag(command)
	flags := command.Flags()
	flags.StringVar(&o.who, "for", "", "who has to act: a person, a partner, vendor or partner")
	flags.IntVar(&o.within, "within", 30, "of what is still to come, show what is due within this number of days")
	flags.StringVarP(&o.output, "output", "o", "table", "output format: table, wide, json or yaml")
	completeValues(command, "output", "table", "wide", "json", "yaml")
	return command
}

// actionsOutput is what actions prints for other programs.
type actionsOutput struct {
	At     string         `json:"at"`
	For    string         `json:"for,omitempty"`
	Items  []*agenda.Item `json:"items"`
	Awaits []*agenda.Item `json:"awaits,omitempty"`
	Later  int            `json:"later"`
}

func (o *actionsOptions) print(s *screen, v *view) error {
	all := agenda.Of(lineage.New(v.objects), v.at)
	if o.who != "" && !agenda.Known(all, o.who) {
		return fmt.Errorf("nothing is due by or for %q%s: --for takes the name or address of a person as it is written in the objects, "+
			"the name of a partner, vendor or partner", o.who, v.elsewhere())
	}
	out := actionsOutput{At: v.at.UTC().Format(instantLayout), For: o.who, Items: []*agenda.Item{}}
	for _, item := range all {
		mine := o.who == "" || item.For(o.who)
		switch {
		case !mine && !item.Concerns(o.who):
		case !item.Within(v.at, o.within):
			out.Later++
		case mine:
			out.Items = append(out.Items, item)
		default:
			out.Awaits = append(out.Awaits, item)
		}
	}
	if o.output == "json" || o.output == "yaml" {
		return encode(s.out, o.output, out)
	}
	o.printTables(s, v, out)
	return nil
}

func (o *actionsOptions) printTables(s *screen, v *view, out actionsOutput) {
	switch {
	case len(out.Items) == 0 && o.who == "":
		s.linef(green, "Nothing is due within %d days%s.", o.within, v.where())
	case len(out.Items) == 0:
		s.linef(green, "%s has nothing due within %d days%s.", o.who, o.within, v.where())
	default:
		o.printItems(s, v, out.Items)
	}
	if len(out.Awaits) > 0 {
		s.linef(bold, "\nWaiting for others:")
		o.printItems(s, v, out.Awaits)
	}
	if out.Later > 0 {
		s.linef(dim, "\n%d due later: --within DAYS shows them.", out.Later)
	}
}

func (o *actionsOptions) printItems(s *screen, v *view, items []*agenda.Item) {
	manyNamespaces := v.namespace == "" && namespaces(v.objects) > 1
	var rows [][]cell
	for _, item := range items {
		mark, how := markOf(item.Level(v.at))
		day := string(item.Day())
		if day == "" {
			day = "now"
		}
		object := strings.ToLower(item.Kind) + "/" + item.Name
		if manyNamespaces && item.Namespace != "" {
			object += " -n " + item.Namespace
		}
		otherwise := item.Otherwise
		if item.Due != "" && item.By != "" {
			otherwise = fmt.Sprintf("it helps through %s; otherwise: %s", item.By, otherwise)
		}
		rows = append(rows, []cell{{mark + " " + day, how}, {item.Who(), plain}, {object, plain}, {item.Do, bold}, {otherwise, dim}})
	}
	if o.output == "wide" || s.width > 0 && s.width-usedBefore(rows) < leastWhy {
		printBlocks(s, rows, o.output == "wide")
		return
	}
	s.table([]string{"  BY", "WHO", "OBJECT", "DO", "OTHERWISE"}, rows)
}

// leastWhy is the least number of columns for the last column of a table. In fewer, each row becomes a block.
const leastWhy = 40

// usedBefore returns the number of columns that all columns of a table but the last one take.
func usedBefore(rows [][]cell) int {
	used := 0
	for i := range len(rows[0]) - 1 {
		widest := 0
		for _, row := range rows {
			widest = max(widest, utf8.RuneCountInString(row[i].text))
		}
		used += widest + 2
	}
	return used
}

// printBlocks prints the rows of a table as blocks: the day, who and the object in the first line, then what to do and what follows otherwise; in full,
// or each cut to one line.
func printBlocks(s *screen, rows [][]cell, full bool) {
	const indent = "    "
	for _, row := range rows {
		s.printf("%s  %s", s.paint(row[0].text, row[0].how), s.cut(row[1].text+": "+row[2].text, len(row[0].text)+len(indent)))
		for _, text := range row[3:] {
			if full {
				s.wrap(indent, text.text, text.how)
			} else {
				s.printf("%s%s", painted(indent), s.paint(s.cut(text.text, len(indent)), text.how))
			}
		}
	}
}
