package compare

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/internal/printable"
)

// Markdown is the report as a comment on a pull request. What people wrote into manifests is shown as it is: it makes no markup, no link and no
// mention.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### What this changes\n\n%s\n", escape(r.Summary()))
	if len(r.Money) > 0 {
		b.WriteString("\n| budget | currency | what | before | after |\n|---|---|---|---:|---:|\n")
		for _, budget := range r.Money {
			for _, value := range budget.Amounts {
				fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", code(budget.Name), budget.Currency, value.Name, none(value.Before), none(value.After))
			}
		}
	}
	for i := range r.Differences {
		d := &r.Differences[i]
		fmt.Fprintf(&b, "\n**%s** %s: %s\n", d.Kind, code(strings.TrimPrefix(d.Key().String(), d.Kind+" ")), strings.ToLower(string(d.Change)))
		if lines := d.lines(markdown); len(lines) > 0 {
			b.WriteString("\n- " + strings.Join(lines, "\n- ") + "\n")
		}
	}
	return b.String()
}

// markdown is the style of a comment.
var markdown = style{text: escape, strong: func(text string) string { return "**" + escape(text) + "**" }, name: code}

// code marks a name as code. Names hold no backquotes; what is not a name loses them.
func code(text string) string { return "`" + strings.ReplaceAll(printable.Line(text), "`", "'") + "`" }

// markup replaces what Markdown, HTML or a forge would make something of.
var markup = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "&#64;", "#", "&#35;", "|", "&#124;", "`", "&#96;", "*", "&#42;", "_", "&#95;", "~", "&#126;",
	"[", "&#91;", "]", "&#93;", "!", "&#33;", "\\", "&#92;", "$", "&#36;", "://", "&#58;//", "www.", "www&#46;",
)

func escape(text string) string { return markup.Replace(printable.Line(text)) }
