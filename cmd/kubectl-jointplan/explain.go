package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"

	"github.com/spf13/cobra"

	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/concern"
	"jointplan.dev/jointplan/internal/view/explain"
	"jointplan.dev/jointplan/internal/view/lineage"
)

const explainHelp = `Explain why an object stands as it does: each verdict with its rule, threshold, what was found, as of which day, from which source,
and what to do; of a request for money the whole chain of rules, of a claim its account, of a partner what each tier needs and what is missing.

NAME alone is the plan of that name, or the only object of it. Days to come on which something may change stand at the end; of files also
the next change of the status if nobody does anything. The signs: ✗ a rule is broken or the spec is wrong, ! someone has to act or something
is at risk, · worth knowing, ✓ nothing is the matter.`

const explainExample = `  # why a plan stands as it does
  kubectl jointplan explain acme-fy27-h1 -n partner-acme

  # what a partner lacks for its tier, from files, as of an instant
  kubectl jointplan explain partner/helix -f plans/ --at 2026-11-03T09:00:00Z

  # why there is no money
  kubectl jointplan explain mdfallocation/corvid-audit-calls -f plans/ --at 2026-11-03T09:00:00Z

  # for other programs
  kubectl jointplan explain claim/acme-network-ads-1 -f plans/ --at 2026-11-03T09:00:00Z -o json`

type explainOptions struct {
	target *target
	output string
}

func newExplain() *cobra.Command {
	o := explainOptions{target: newTarget()}
	command := &cobra.Command{
		Use:     "explain KIND/NAME",
		Short:   "Explain why an object stands as it does",
		Long:    explainHelp,
		Example: explainExample,
		Args: func(command *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("say what to explain: KIND/NAME, such as plan/acme-fy27-h1")}
			}
			return atMost(1)(command, args)
		},
		RunE: func(command *cobra.Command, args []string) error {
			if err := oneOf("--output", o.output, "text", "json", "yaml"); err != nil {
				return err
			}
			return o.target.show(command, func(s *screen, v *view) error { return o.print(command.Context(), s, v, args[0]) })
		},
		ValidArgsFunction: o.target.completeNames,
	}
	o.target.addFlags(command)
	o.target.addWatchFlag(command)
	command.Flags().StringVarP(&o.output, "output", "o", "text", "output format: text, json or yaml")
	completeValues(command, "output", "text", "json", "yaml")
	return command
}

func (o *explainOptions) print(ctx context.Context, s *screen, v *view, name string) error {
	object, err := v.find(name)
	if err != nil {
		return err
	}
	e := explain.Object(lineage.New(v.objects), object, v.at)
	if v.set != nil {
		if e.NextChange, err = nextChange(ctx, v, manifest.KeyOf(object)); err != nil {
			return err
		}
	}
	if o.output != "text" {
		return encode(s.out, o.output, e)
	}
	printExplanation(s, e)
	return nil
}

// farthest is how far ahead the next change is looked for.
const farthest = 100 * 24 * time.Hour

// nextChange returns the next change of the status of an object of files if nobody does anything; nil when there is none within that time.
func nextChange(ctx context.Context, v *view, key manifest.Key) (*explain.NextChange, error) {
	var next *explain.NextChange
	found := errors.New("found")
	err := preview.New(v.set).Timeline(ctx, v.at, v.at.Add(farthest), func(c preview.Change) error {
		if c.Key() != key {
			return nil
		}
		next = &explain.NextChange{At: c.At.UTC().Format(time.RFC3339Nano)}
		for line := range strings.Lines(body(c)) {
			next.Changes = append(next.Changes, strings.TrimSpace(line))
		}
		return found
	})
	if err != nil && !errors.Is(err, found) {
		return nil, err
	}
	return next, nil
}

// explainPrinter prints an explanation. What it has said once it does not repeat.
type explainPrinter struct {
	*screen

	said map[string]bool
}

func printExplanation(s *screen, e *explain.Explanation) {
	p := explainPrinter{screen: s, said: map[string]bool{}}
	name := strings.ToLower(e.Kind) + "/" + e.Name
	if e.Namespace != "" {
		name += " -n " + e.Namespace
	}
	mark, how := markOf(e.Level)
	s.printf("%s  %s", s.paint(name, bold), s.paint(mark+" "+e.Headline, how))
	var facts [][]cell
	for _, fact := range e.Facts {
		facts = append(facts, []cell{{"  " + fact.Name + ":", dim}, {fact.Value, plain}})
	}
	unbounded := *s
	unbounded.width = 0 // what is to be known first is shown in full
	unbounded.rows(facts)
	p.steps(e.NextSteps)
	for _, section := range e.Sections {
		s.linef(bold, "\n%s", section.Title)
		p.section(section)
	}
	p.findings(e)
	if len(e.Ahead) > 0 {
		s.linef(bold, "\nAhead")
		for _, day := range e.Ahead {
			s.printf("  %s  %s", day.Day, day.What)
		}
	}
	if e.NextChange != nil {
		s.linef(bold, "\nNext change, if nobody does anything: %s", e.NextChange.At)
		for _, change := range e.NextChange.Changes {
			s.wrap("  ", change, plain)
		}
	}
}

// steps prints what people have to do next.
func (p *explainPrinter) steps(list []v1alpha1.NextStep) {
	if len(list) == 0 {
		return
	}
	p.linef(bold, "\nNext steps")
	for i := range list {
		step := &list[i]
		line := step.Party
		if step.Person != "" {
			line += " (" + step.Person + ")"
		}
		if step.Due != "" {
			line += ", due " + string(step.Due)
		}
		if step.By != "" {
			line += ", by " + string(step.By)
		}
		p.printf("  %s", line)
		p.wrap("      ", step.Do, bold)
		if step.Otherwise != "" {
			p.wrap("      ", "Otherwise: "+step.Otherwise, plain)
		}
	}
}

// isNew reports whether a message was not said before, and notes that it is now.
func (p *explainPrinter) isNew(message string) bool {
	key := strings.ToLower(strings.TrimRight(message, "."))
	if p.said[key] {
		return false
	}
	p.said[key] = true
	return true
}

// section prints verdicts: figures as a table, and what matters about them in words. Verdicts without figures are in words alone.
func (p *explainPrinter) section(section explain.Section) {
	figures := false
	for _, v := range section.Verdicts {
		figures = figures || v.Threshold != "" || v.Found != "" || v.Source != ""
	}
	switch {
	case section.Chain:
		p.chain(section.Verdicts)
		return
	case figures:
		printFigures(p.screen, section.Verdicts)
	}
	for _, v := range section.Verdicts {
		mark, how := markOf(v.Level)
		switch {
		case figures && (v.Message == "" || v.Level == concern.Fine):
		case figures && p.isNew(v.Message):
			p.wrap("      ", v.Rule+": "+v.Message, plain)
		case !figures:
			p.printf("  %s %s  %s", p.paint(mark, how), v.Rule, p.paint(v.Verdict, how))
			if v.Message != "" && !p.isNew(v.Message) {
				v.Message = "as said above"
			}
			p.wrap("      ", v.Message, plain)
		}
	}
}

// chain prints rules by what they ask. The name of the rule stands with those that are not kept.
func (p *explainPrinter) chain(verdicts []explain.Verdict) {
	for _, v := range verdicts {
		mark, how := markOf(v.Level)
		text := v.Threshold
		if v.Level != concern.Fine {
			text += " (" + v.Rule + ")"
		}
		p.printf("  %s %-10s  %s", p.paint(mark, how), v.Verdict, text)
		if v.Message != "" && p.isNew(v.Message) {
			p.wrap("      ", v.Message, plain)
		}
	}
}

// printFigures prints verdicts as a table with the columns that any of them has.
func printFigures(s *screen, verdicts []explain.Verdict) {
	columns := []struct {
		name string
		of   func(explain.Verdict) string
	}{
		{"ASKED", func(v explain.Verdict) string { return v.Threshold }},
		{"FOUND", func(v explain.Verdict) string { return v.Found }},
		{"SHORT", func(v explain.Verdict) string { return v.Shortfall }},
		{"AS OF", func(v explain.Verdict) string { return v.AsOf }},
		{"SOURCE", func(v explain.Verdict) string { return v.Source }},
	}
	header, rows := []string{"    RULE", "VERDICT"}, make([][]cell, len(verdicts))
	for i, v := range verdicts {
		mark, how := markOf(v.Level)
		rows[i] = []cell{{"  " + mark + " " + v.Rule, how}, {v.Verdict, how}}
	}
	for _, column := range columns {
		used := false
		for _, v := range verdicts {
			used = used || column.of(v) != ""
		}
		if !used {
			continue
		}
		header = append(header, column.name)
		for i, v := range verdicts {
			rows[i] = append(rows[i], cell{column.of(v), plain})
		}
	}
	s.table(header, rows)
}

// findings prints the findings that say something that was not said before.
func (p *explainPrinter) findings(e *explain.Explanation) {
	begun := false
	for _, f := range e.Findings {
		if !p.isNew(f.Message) {
			continue
		}
		if !begun {
			p.linef(bold, "\nFindings")
			begun = true
		}
		how := map[v1alpha1.Severity]style{v1alpha1.SeverityError: red, v1alpha1.SeverityWarning: yellow}[f.Severity]
		p.printf("  %s %s  %s", p.paint(string(f.Severity), how), f.Rule, p.paint(f.Field, dim))
		p.wrap("      ", f.Message, plain)
	}
}
