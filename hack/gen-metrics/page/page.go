// Package page makes the tables of the page about metrics.
package page

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/internal/metrics"
)

// Lines between which the tables stand.
const (
	begin = `<!-- Written by "go run ./hack/gen-metrics" from internal/metrics. Do not edit it by hand. -->`
	end   = `<!-- End of what is written by gen-metrics. -->`
)

// Fill returns a page with its tables written anew. It fails when the page does not say where they begin and end.
func Fill(page string) (string, error) {
	before, rest, begun := strings.Cut(page, begin+"\n")
	_, after, ended := strings.Cut(rest, end+"\n")
	if !begun || !ended {
		return "", fmt.Errorf("the page must have a line %q and after it a line %q, between which the tables are written", begin, end)
	}
	return before + begin + "\n" + tables() + end + "\n" + after, nil
}

func tables() string {
	var text strings.Builder
	text.WriteString("\n### About objects\n\nTold by the manager that works, from its cache, whenever they are requested.\n\n")
	table(&text, metrics.OfObjects())
	text.WriteString("\n### About the work\n\nRecorded since the manager started.\n\n")
	table(&text, metrics.OfControllers())
	text.WriteString("\n")
	return text.String()
}

func table(text *strings.Builder, families []*metrics.Family) {
	text.WriteString("| metric | type | labels | says | series are bounded by |\n|---|---|---|---|---|\n")
	for _, f := range families {
		labels := "-"
		if len(f.Labels) > 0 {
			labels = "`" + strings.Join(f.Labels, "`, `") + "`"
		}
		fmt.Fprintf(text, "| `%s` | %s | %s | %s | %s |\n", f.Name, f.Type, labels, f.Help, f.Bounds)
	}
}
