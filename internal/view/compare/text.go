package compare

import (
	"cmp"
	"fmt"
	"strings"
	"text/tabwriter"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// Text is the report for people at a terminal. What people wrote stands in printable lines.
func (r *Report) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", printable.Line(r.Summary()))
	for i := range r.Differences {
		b.WriteString("\n" + r.Differences[i].text())
	}
	if len(r.Money) > 0 {
		b.WriteString("\nMoney\n")
		table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "  BUDGET\tCURRENCY\tWHAT\tBEFORE\tAFTER")
		for _, budget := range r.Money {
			for _, value := range budget.Amounts {
				fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\n", printable.Line(budget.Name), printable.Line(string(budget.Currency)), value.Name, none(value.Before), none(value.After))
			}
		}
		_ = table.Flush() // a strings.Builder takes everything
	}
	return b.String()
}

// Summary says in one sentence how much is different.
func (r *Report) Summary() string {
	if r.IsEmpty() {
		return fmt.Sprintf("Nothing is different from %s at %s.", r.Against, r.At)
	}
	var parts []string
	for _, change := range []Change{Added, Changed, Removed} {
		if n := r.Count(change); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, strings.ToLower(string(change))))
		}
	}
	if n := r.Count(Affected); n > 0 {
		parts = append(parts, fmt.Sprintf("%d not changed but affected", n))
	}
	return fmt.Sprintf("Against %s, both as of %s: %s.", r.Against, r.At, cmp.Or(strings.Join(parts, ", "), "only money differs"))
}

func (d *Difference) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", printable.Line(d.Key().String()), strings.ToLower(string(d.Change)))
	for _, line := range d.lines(plain) {
		b.WriteString("  " + line + "\n")
	}
	return b.String()
}

// style is how a report is written: text escapes what people wrote, strong makes a phrase stand out, name marks a name.
type style struct {
	text, strong, name func(string) string
}

// plain is the style of a terminal.
var plain = style{text: printable.Line, strong: printable.Line, name: printable.Line}

// lines returns what is different, a line for each thing.
func (d *Difference) lines(s style) []string {
	var lines []string
	if d.Approval != "" {
		lines = append(lines, s.strong(d.Approval))
	}
	if d.Terms != "" {
		lines = append(lines, "the new terms "+s.text(d.Terms))
	}
	for _, x := range d.Values {
		if d.Change == Added {
			lines = append(lines, fmt.Sprintf("%s: %s", s.text(x.Name), s.text(x.After)))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: %s -> %s", s.text(x.Name), s.text(none(x.Before)), s.text(none(x.After))))
	}
	for _, x := range d.Conditions {
		line := fmt.Sprintf("%s: %s -> %s", s.name(x.Type), none(x.Before), none(x.After))
		if d.Change == Added {
			line = fmt.Sprintf("%s: %s", s.name(x.Type), x.After)
		}
		if x.Message != "" {
			line += ": " + s.text(x.Message)
		}
		lines = append(lines, line)
	}
	for _, x := range d.NewFindings {
		lines = append(lines, "new "+finding(x, s))
	}
	for _, x := range d.CuredFindings {
		lines = append(lines, "cured "+finding(x, s))
	}
	return lines
}

func finding(x v1alpha1.Finding, s style) string {
	text := strings.ToLower(string(x.Severity)) + " " + s.name(x.Rule) + ": "
	if x.Field != "" {
		text += s.name(x.Field) + ": "
	}
	return text + s.text(x.Message)
}

func none(text string) string { return cmp.Or(text, "(none)") }
