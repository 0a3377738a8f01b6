package main

import (
	"fmt"
	"strings"

	"jointplan.dev/jointplan/internal/draft/results"
	"jointplan.dev/jointplan/internal/draft/sheet"
)

// objectsAnswer is the answer in JSON.
type objectsAnswer struct {
	*sheet.Outcome

	New     int            `json:"new"`
	Same    int            `json:"same"`
	Changes []sheet.Change `json:"changes,omitempty"`
	Written []string       `json:"written,omitempty"`
}

// print says what came of the rows.
func (in *importingObjects) print(written []string, isRefused bool) error {
	answer := objectsAnswer{Outcome: in.outcome, Written: written}
	differ := 0
	for _, item := range in.outcome.Items {
		switch {
		case item.IsNew:
			answer.New++
		case len(item.Changes) == 0:
			answer.Same++
		default:
			differ++
		}
		answer.Changes = append(answer.Changes, item.Changes...)
	}
	if in.output == "json" {
		return encode(in.command.OutOrStdout(), "json", answer)
	}
	in.tellRejections(&results.Outcome{Rejections: in.outcome.Rejections})
	var text strings.Builder
	line := func(format string, args ...any) { text.WriteString(sprintf(format+"\n", args...)) }
	line("%s: %d used, %d left out, %d rejected", countOf(in.outcome.Rows, "row"), in.outcome.Used, in.outcome.LeftOut, in.outcome.Rejected)
	for _, reason := range in.outcome.Reasons {
		line("  left out: %s (%s)", reason.Reason, countOf(reason.Rows, "row"))
	}
	if len(in.outcome.Ignored) > 0 {
		line("  columns that say nothing that is imported: %s", strings.Join(in.outcome.Ignored, ", "))
	}
	line("%s: %d new, %d as before, %d other than before", countOf(len(in.outcome.Items), nouns[in.of.kind]), answer.New, answer.Same, differ)
	if found := in.outcome.Results; found != nil {
		line("%s: %d new, %d corrected, %d as before", countOf(found.Used, "result"), found.Added, found.Corrected, found.Same)
	}
	for i, change := range answer.Changes {
		if i == maxShown {
			line("  and %d more changes: -o json has all", len(answer.Changes)-i)
			break
		}
		line("  %s, %s: %s -> %s", change.Object, change.Field, orNone(change.Old), change.New)
	}
	switch {
	case isRefused:
		line("Nothing was written.")
	case len(written) == 0:
		line("Nothing is to be written.")
	case in.write == "":
		line("%s would be written: add --write FOLDER", countOf(len(written), "object"))
	}
	for i, one := range written {
		if i == maxShown {
			line("  and %d more", len(written)-i)
			break
		}
		line("  %s", one)
	}
	_, err := fmt.Fprint(in.command.OutOrStdout(), text.String())
	return err
}

func orNone(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
