package main

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/view/compare"
)

// maxShown is how many rejections, changes or files the text names; JSON, --rejects and the files have all.
const maxShown = 20

// importAnswer is the answer in JSON.
type importAnswer struct {
	*results.Outcome

	Verdicts *compare.Report `json:"verdicts,omitempty"`
	Written  []string        `json:"written,omitempty"`
}

// print says what came of the rows.
func (in *importing) print(outcome *results.Outcome, moved *compare.Report, written []string) error {
	if in.output == "json" {
		return encode(in.command.OutOrStdout(), "json", importAnswer{outcome, moved, written})
	}
	in.tellRejections(outcome)
	var text strings.Builder
	line := func(format string, args ...any) { text.WriteString(sprintf(format+"\n", args...)) }
	line("%s: %d used, %d left out, %d rejected; %s", countOf(outcome.Rows, "row"), outcome.Used, outcome.LeftOut, outcome.Rejected, countOf(outcome.Subjects, "subject"))
	for _, reason := range outcome.Reasons {
		line("  left out: %s (%s)", reason.Reason, countOf(reason.Rows, "row"))
	}
	for _, sum := range outcome.Sums {
		if sum.Value == "" {
			line("  %s: %s, a level", sum.Metric, countOf(sum.Values, "value"))
		} else {
			line("  %s: %s, %s in all", sum.Metric, countOf(sum.Values, "value"), sum.Value)
		}
	}
	if len(outcome.Ignored) > 0 {
		line("  columns that the mapping does not name: %s", strings.Join(outcome.Ignored, ", "))
	}
	line("%s new, %d zero because the rows are complete, %d corrected, %d as before", countOf(outcome.Added, "value"), outcome.Zeros, outcome.Corrected, outcome.Same)
	in.printChanges(&text, "Other than before, or late", outcome.Changes)
	in.printChanges(&text, "Zero, because the rows are complete", outcome.Zeroed)
	in.printChanges(&text, "Reported before, and not in the rows any more (nothing is changed)", outcome.Gone)
	if outcome.Absent > 0 {
		line("%s not in the rows at all, and had results of these days before (nothing is changed)", areSubjects(outcome.Absent))
	}
	if moved != nil {
		line("What that moves:")
		for one := range strings.Lines(moved.Text()) {
			line("  %s", painted(strings.TrimRight(one, "\n")))
		}
	}
	in.printSets(&text, written)
	_, err := fmt.Fprint(in.command.OutOrStdout(), text.String())
	return err
}

func areSubjects(n int) string {
	if n == 1 {
		return "1 subject is"
	}
	return fmt.Sprintf("%d subjects are", n)
}

func (in *importing) printChanges(text *strings.Builder, title string, changes []results.Change) {
	if len(changes) == 0 {
		return
	}
	fmt.Fprintf(text, "%s:\n", title) //nolint:forbidigo // it is ours
	for i, change := range changes {
		if i == maxShown {
			text.WriteString(sprintf("  and %d more\n", len(changes)-i))
			break
		}
		text.WriteString(sprintf("  %s %s (%s): %s through %s%s: %s\n", change.Kind, change.Name, change.Namespace, change.Metric, change.Day, cohortOf(change.Cohort), valuesOf(change)))
	}
}

func cohortOf(cohort v1alpha1.Date) string {
	if cohort == "" {
		return ""
	}
	return fmt.Sprintf(", leads of %s", cohort)
}

func valuesOf(change results.Change) string {
	switch {
	case change.Old == "":
		return string(change.New)
	case change.New == "":
		return string(change.Old)
	default:
		return fmt.Sprintf("%s -> %s", change.Old, change.New)
	}
}

func (in *importing) printSets(text *strings.Builder, written []string) {
	const unwritten = "would be written: add --write FOLDER or --live"
	switch {
	case len(written) == 0:
		text.WriteString("Nothing is to be written.\n")
	case !in.live && in.write == "":
		text.WriteString(sprintf("%s %s\n", countOf(len(written), "MeasurementSet"), unwritten))
	}
	for i, one := range written {
		if i == maxShown {
			text.WriteString(sprintf("  and %d more\n", len(written)-i))
			break
		}
		text.WriteString(sprintf("  %s\n", one))
	}
}

// tellRejections names what was rejected.
func (in *importing) tellRejections(outcome *results.Outcome) {
	shown := outcome.Rejections
	if len(shown) > maxShown {
		shown = shown[:maxShown]
	}
	for _, r := range shown {
		what := r.Place
		if r.Column != "" {
			what += ", " + r.Column
		}
		if r.Value != "" {
			what += fmt.Sprintf(" %q", r.Value)
		}
		tellf(in.command, "%s: %s\n", what, r.Message)
	}
	if more := len(outcome.Rejections) - len(shown); more > 0 {
		tellf(in.command, "and more: --rejects FILE writes all\n")
	}
}
