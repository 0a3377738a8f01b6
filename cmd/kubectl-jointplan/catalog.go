package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/model/program"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/view/catalog"
)

const catalogHelp = `Show what a program asks of a partner and offers to it: the types of activity with their rate, lead time, days for claims and the proofs
that a claim must bring; the budgets on which the partner may draw, with their limits; metrics and initiatives, as plans and results name them; the
tiers with what they require.

It is for the partner of the namespace and its tier. Where there are several, name one with --partner; --tier shows it for another tier. Whoever may
not read the program itself needs the role jointplan-catalog-reader, which lets nobody see what the program's status says of all partners.`

const catalogExample = `  # what can be requested, by when, and with which proofs
  kubectl jointplan catalog -n partner-acme

  # the same from files, for the next tier
  kubectl jointplan catalog -f plans/ --at 2026-11-03T09:00:00Z --partner acme --tier gold

  # for other programs
  kubectl jointplan catalog northwind -o json`

type catalogOptions struct {
	*target

	partner string
	tier    string
	output  string
}

func newCatalog() *cobra.Command {
	o := &catalogOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "catalog [PROGRAM]",
		Short:   "Show what a program asks of a partner and offers to it",
		Long:    catalogHelp,
		Example: catalogExample,
		Args:    atMost(1),
		RunE: func(command *cobra.Command, args []string) error {
			if err := oneOf("--output", o.output, "text", "json", "yaml"); err != nil {
				return err
			}
			return o.show(command, func(s *screen, v *view) error { return o.print(s, v, strings.Join(args, "")) })
		},
	}
	o.addFlags(command)
	command.Flags().StringVar(&o.partner, "partner", "", "for this partner (default the only one there is)")
	command.Flags().StringVar(&o.tier, "tier", "", "for this tier (default the partner's)")
	command.Flags().StringVarP(&o.output, "output", "o", "text", "output format: text, json or yaml")
	completeValues(command, "output", "text", "json", "yaml")
	return command
}

func (o *catalogOptions) print(s *screen, v *view, name string) error {
	partner, err := o.chosen(v, name)
	if err != nil {
		return err
	}
	if name == "" && partner != nil {
		name = string(partner.Spec.ProgramRef.Name)
	}
	if name == "" {
		if name, err = onlyProgram(v); err != nil {
			return err
		}
	}
	of := v.program(name)
	if of == nil {
		return v.noProgram(name)
	}
	compiled := program.Compile(of.Name, &of.Spec)
	c, err := catalog.Of(compiled, partner, v1alpha1.Name(o.tier), compiled.Today(v.at))
	if err != nil {
		return err
	}
	if o.output != "text" {
		return encode(s.out, o.output, c)
	}
	printCatalog(s, c)
	return nil
}

// chosen returns the partner that is meant; nil where none is: a program is named, or there are no partners.
func (o *catalogOptions) chosen(v *view, ofProgram string) (*v1alpha1.Partner, error) {
	var found []*v1alpha1.Partner
	var names []string
	for _, x := range v.objects {
		partner, ok := x.(*v1alpha1.Partner)
		if !ok || ofProgram != "" && string(partner.Spec.ProgramRef.Name) != ofProgram {
			continue
		}
		names = append(names, partner.Name)
		if o.partner == "" || o.partner == partner.Name {
			found = append(found, partner)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case o.partner != "":
		return nil, fmt.Errorf("there is no partner %s%s%s", o.partner, v.where(), thereIs(o.partner, names))
	case len(found) == 0 || ofProgram != "" || o.tier != "":
		return nil, nil
	default:
		return nil, usageError{fmt.Errorf("say for which partner with --partner%s", thereIs("", names))}
	}
}

// onlyProgram returns the name of the only program there is.
func onlyProgram(v *view) (string, error) {
	var names []string
	for _, x := range v.known() {
		if manifest.KeyOf(x).Kind == kinds.PartnerProgram {
			names = append(names, x.GetName())
		}
	}
	lacks := v.mayNot(kinds.ProgramCatalog)
	switch {
	case len(names) == 1:
		return names[0], nil
	case len(names) == 0 && lacks != "":
		return "", errors.New("there is no catalog to show: " + lacks)
	case len(names) == 0:
		return "", errors.New("there is no program" + v.where())
	default:
		return "", usageError{errors.New("name one program" + thereIs("", names))}
	}
}

func printCatalog(s *screen, c *catalog.Catalog) {
	s.printf("%s  %s", s.paint("Program "+c.Program, bold), safe(heading(c)))
	if c.RatePercent != "" {
		s.linef(yellow, "The partner's standing leaves %s percent of the rates for new activities: kubectl jointplan explain partner/%s says why.", c.RatePercent, c.Partner)
	}
	s.linef(bold, "\nActivities")
	var rows [][]cell
	for _, x := range c.Activities {
		rate := cell{x.Rate + "%", plain}
		if x.Rate == "" {
			rate = cell{"not funded", dim}
		}
		if x.NotFor != "" {
			rate = cell{x.NotFor, dim}
		}
		rows = append(rows, []cell{
			{"  " + x.Type, plain},
			rate,
			{fmt.Sprintf("%d business days", x.LeadTimeBusinessDays), plain},
			{fmt.Sprintf("%d days", x.ClaimWithinDays), plain},
			{strings.Join(x.Proofs, ", "), plain},
		})
	}
	s.table([]string{"  TYPE", "OF THE NET COST", "ASK AHEAD", "CLAIM WITHIN", "PROOFS"}, rows)
	printBudgets(s, c)
	s.linef(bold, "\nMetrics")
	rows = nil
	for _, x := range c.Metrics {
		rows = append(rows, []cell{{"  " + x.Name, plain}, {x.Unit, plain}, {x.Reported, plain}, {x.Source, plain}, {x.Definition, plain}})
	}
	s.table([]string{"  NAME", "UNIT", "REPORTED", "SOURCE", "DEFINITION"}, rows)
	if len(c.Initiatives) > 0 {
		s.linef(bold, "\nInitiatives")
		rows = nil
		for _, x := range c.Initiatives {
			rows = append(rows, []cell{{"  " + x.Name, plain}, {x.Title, plain}})
		}
		s.rows(rows)
	}
	if len(c.Tiers) > 0 {
		s.linef(bold, "\nTiers")
	}
	for _, x := range c.Tiers {
		name := x.Name
		if x.Held {
			name += " (held)"
		}
		s.printf("  %s", s.paint(name, plain))
		for _, text := range x.Requires {
			s.wrap("      ", "requires "+text, plain)
		}
		if x.Owes != "" {
			s.wrap("      ", "owes "+x.Owes, plain)
		}
	}
}

// heading says for whom and when a catalog holds.
func heading(c *catalog.Catalog) string {
	var parts []string
	for _, part := range []string{c.Title, c.Currency} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	rules := "no rules in force on " + c.Day
	if c.RuleSet != "" {
		rules = fmt.Sprintf("rules %s, as of %s", c.RuleSet, c.Day)
	}
	parts = append(parts, rules)
	if c.Partner != "" {
		parts = append(parts, "for "+c.Partner)
	}
	if c.Tier != "" {
		parts = append(parts, "tier "+c.Tier)
	}
	return strings.Join(parts, ", ")
}

func printBudgets(s *screen, c *catalog.Catalog) {
	if c.Partner == "" {
		return
	}
	s.linef(bold, "\nBudgets")
	if len(c.Budgets) == 0 {
		s.linef(plain, "  none on which %s may draw", c.Partner)
	}
	for _, x := range c.Budgets {
		text := fmt.Sprintf("%s  for activities in %s", x.Name, x.Period)
		if x.RequestBy != "" {
			text += fmt.Sprintf(", asked for by %s", x.RequestBy)
		}
		var types []string
		for _, one := range x.Activities {
			types = append(types, string(one))
		}
		if len(types) > 0 {
			text += ": " + strings.Join(types, ", ")
		}
		s.wrap("  ", text, plain)
		for _, limit := range x.Limits {
			s.wrap("      ", limit, plain)
		}
	}
}
