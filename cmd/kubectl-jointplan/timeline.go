package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/internal/manifest"
	"jointplan.dev/jointplan/internal/preview"
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
		object := manifest.Key{Kind: c.Kind, Namespace: c.Namespace, Name: c.Name}
		_, err := fmt.Fprintf(out, "%s  %s\n%s", c.At.UTC().Format(time.RFC3339Nano), object, lines(c.Fields))
		return err
	})
	if err == nil && !changed {
		_, err = fmt.Fprintf(out, "No status changes between %s and %s.\n", at.UTC().Format(time.RFC3339), until.UTC().Format(time.RFC3339))
	}
	return err
}

// lines describes the changes of one object: what belongs to one element of a list in one line.
func lines(fields []preview.FieldChange) string {
	var text strings.Builder
	for len(fields) > 0 {
		element := elementOf(fields[0].Path)
		end := 1
		for element != "" && end < len(fields) && elementOf(fields[end].Path) == element {
			end++
		}
		if line := describe(element, fields[:end]); line != "" {
			fmt.Fprintf(&text, "    %s\n", line)
		}
		fields = fields[end:]
	}
	return text.String()
}

// elementOf returns the path of the element of a list that a path leads into; empty when it leads into none.
func elementOf(path string) string {
	end := strings.LastIndex(path, "].")
	if end < 0 {
		return ""
	}
	return path[:end+1]
}

// describe describes changes that belong to one element of a list, or one change outside lists.
func describe(element string, fields []preview.FieldChange) string {
	name := strings.TrimPrefix(element, "status.")
	if condition, ok := strings.CutPrefix(name, "conditions["); ok {
		return describeCondition(strings.TrimSuffix(condition, "]"), fields)
	}
	switch {
	case element == "":
		f := fields[0]
		return fmt.Sprintf("%s: %s -> %s", strings.TrimPrefix(f.Path, "status."), dash(f.From), dash(f.To))
	case !slices.ContainsFunc(fields, func(f preview.FieldChange) bool { return f.From != "" }):
		return "+ " + name + message(fields, func(f preview.FieldChange) string { return f.To })
	case !slices.ContainsFunc(fields, func(f preview.FieldChange) bool { return f.To != "" }):
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
	return name + message(fields, func(f preview.FieldChange) string { return f.To })
}

// describeCondition describes what changed of a condition: its status and reason, and the new message.
func describeCondition(kind string, fields []preview.FieldChange) string {
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
	return text + message(fields, func(f preview.FieldChange) string { return f.To })
}

// message returns the message among the fields, to be put behind a description.
func message(fields []preview.FieldChange, value func(preview.FieldChange) string) string {
	for _, f := range fields {
		if text := value(f); strings.HasSuffix(f.Path, ".message") && text != "" {
			return ": " + text
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
