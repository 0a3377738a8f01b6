package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"jointplan.dev/jointplan/internal/offline/preview"
)

// printTimeline prints every change of a status between two instants: for people a block for each object and instant, else one list.
func (o *previewOptions) printTimeline(ctx context.Context, out io.Writer, world *preview.World, at, until time.Time) error {
	if o.output != "table" {
		changes := []preview.Change{}
		err := world.Timeline(ctx, at, until, func(c preview.Change) error {
			changes = append(changes, c)
			return nil
		})
		if err != nil {
			return err
		}
		return encode(out, o.output, changes)
	}
	changed := false
	err := world.Timeline(ctx, at, until, func(c preview.Change) error {
		changed = true
		_, err := fmt.Fprint(out, sprintf("%s  %s\n", c.At.UTC().Format(time.RFC3339Nano), c.Key())+body(c))
		return err
	})
	if err == nil && !changed {
		_, err = fmt.Fprint(out, sprintf("No status changes between %s and %s.\n", at.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339)))
	}
	return err
}

// body describes what happened to an object, each thing on a line of its own.
func body(c preview.Change) string {
	switch c.Event {
	case preview.EventCreated:
		return "    created\n"
	case preview.EventDeleted:
		return "    no longer kept\n"
	default:
		return lines(c.Fields)
	}
}

// lines describes the changes of one object in printable lines: what belongs to one element of a list in one line.
func lines(fields []preview.FieldChange) string {
	var text strings.Builder
	for len(fields) > 0 {
		element := fields[0].Element
		end := 1
		for element != "" && end < len(fields) && fields[end].Element == element {
			end++
		}
		text.WriteString(sprintf("    %s\n", describe(element, fields[:end])))
		fields = fields[end:]
	}
	return text.String()
}

// describe describes changes that belong to one element of a list, or one change outside lists.
func describe(element string, fields []preview.FieldChange) string {
	name, first := strings.TrimPrefix(element, "status."), fields[0]
	if condition, ok := strings.CutPrefix(name, "conditions["); ok {
		return describeCondition(strings.TrimSuffix(condition, "]"), fields)
	}
	list, _, _ := strings.Cut(name, "[")
	switch {
	case element == "":
		return fmt.Sprintf("%s: %s -> %s", strings.TrimPrefix(strings.TrimPrefix(first.Path, "status."), "spec."), dash(first.From), dash(first.To))
	case element == first.Path && first.To == "": // a list of words or sentences
		return "- " + list + ": " + first.From
	case element == first.Path:
		return "+ " + list + ": " + first.To
	case first.ElementEvent == preview.EventCreated:
		return "+ " + name + message(fields)
	case first.ElementEvent == preview.EventDeleted:
		return "- " + name
	}
	var parts []string
	for _, f := range fields {
		if key := strings.TrimPrefix(f.Path, element+"."); key != "message" {
			parts = append(parts, fmt.Sprintf("%s %s -> %s", key, dash(f.From), dash(f.To)))
		}
	}
	if len(parts) > 0 {
		name += ": " + strings.Join(parts, ", ")
	}
	return name + message(fields)
}

// describeCondition describes what changed of a condition: its status and reason, and the new message.
func describeCondition(kind string, fields []preview.FieldChange) string {
	if fields[0].ElementEvent == preview.EventDeleted {
		return "- " + kind
	}
	var parts []string
	for _, key := range []string{"status", "reason"} {
		for _, f := range fields {
			if strings.HasSuffix(f.Path, "."+key) {
				parts = append(parts, dash(f.From)+" -> "+dash(f.To))
			}
		}
	}
	text := kind
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	return text + message(fields)
}

// message returns the message among the fields, to be put behind a description.
func message(fields []preview.FieldChange) string {
	for _, f := range fields {
		if strings.HasSuffix(f.Path, ".message") && f.To != "" {
			return ": " + f.To
		}
	}
	return ""
}

func dash(text string) string {
	if text == "" {
		return "(none)"
	}
	return text
}
