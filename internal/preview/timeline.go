package preview

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"jointplan.dev/jointplan/internal/manifest"
)

// Change is a change of one object's status.
type Change struct {
	// At is the instant of the change.
	At time.Time `json:"at"`
	// Kind, Namespace and Name identify the object.
	Kind string `json:"kind"`
	// Namespace is the object's namespace; empty for cluster-scoped kinds.
	Namespace string `json:"namespace,omitempty"`
	// Name is the object's name.
	Name string `json:"name"`
	// Fields are what changed, sorted by path.
	Fields []FieldChange `json:"fields"`
}

// FieldChange is a change of one value in a status.
type FieldChange struct {
	// Path is the path of the value, such as status.stage or status.conditions[OnTrack].reason.
	Path string `json:"path"`
	// From is the value before; empty when there was none.
	From string `json:"from,omitempty"`
	// To is the value after; empty when there is none.
	To string `json:"to,omitempty"`
}

// Timeline calls found for every real change of a status after from and through until, in order of time, kind and name. It ends early,
// with its error, when found or the context does.
func (w *World) Timeline(ctx context.Context, from, until time.Time, found func(Change) error) error {
	objects, next := w.evaluate(from)
	before := flattenAll(objects)
	for !next.IsZero() && !next.After(until) {
		if err := ctx.Err(); err != nil {
			return err
		}
		at := next
		objects, next = w.evaluate(at)
		after := flattenAll(objects)
		for _, change := range differences(at, before, after) {
			if err := found(change); err != nil {
				return err
			}
		}
		before = after
	}
	return nil
}

// flat is an object's status as paths and values.
type flat struct {
	key    manifest.Key
	rank   int
	values map[string]string
}

func flattenAll(objects []Object) map[manifest.Key]flat {
	all := make(map[manifest.Key]flat, len(objects))
	for _, object := range objects {
		key := manifest.KeyOf(object)
		f := flat{key: key, rank: rank(object), values: map[string]string{}}
		flatten("status", status(object), f.values)
		all[key] = f
	}
	return all
}

// status returns an object's status as decoded JSON.
func status(object Object) any {
	raw, err := json.Marshal(object)
	if err != nil {
		return nil
	}
	var decoded struct {
		Status any `json:"status"`
	}
	if err := json.Unmarshal(raw, &decoded); err != nil {
		return nil
	}
	return decoded.Status
}

// flatten notes every value below a path, without the bookkeeping that no verdict rests on.
func flatten(path string, value any, into map[string]string) {
	switch value := value.(type) {
	case map[string]any:
		for key, below := range value {
			if key == "lastTransitionTime" || key == "observedGeneration" {
				continue
			}
			flatten(path+"."+key, below, into)
		}
	case []any:
		for i, below := range value {
			flatten(path+"["+element(below, i)+"]", below, into)
		}
	default:
		into[path] = fmt.Sprint(value)
	}
}

// element names an element of a list by what identifies it, so that one that comes or goes does not look like a change of all after it.
func element(value any, position int) string {
	fields, ok := value.(map[string]any)
	if !ok {
		return fmt.Sprint(value)
	}
	var parts []string
	for _, key := range []string{"type", "rule", "cause", "kind", "name", "metric", "tier", "party", "field", "about", "period", "due", "on", "subject", "month", "manager", "initiative"} {
		if part, ok := fields[key].(string); ok && len(parts) < 2 {
			parts = append(parts, part)
		}
	}
	if len(parts) == 0 {
		return fmt.Sprint(position)
	}
	return strings.Join(parts, " ")
}

// differences compares two evaluations.
func differences(at time.Time, before, after map[manifest.Key]flat) []Change {
	keys := make([]flat, 0, len(after))
	for _, f := range after {
		keys = append(keys, f)
	}
	for key, f := range before {
		if _, still := after[key]; !still {
			keys = append(keys, f)
		}
	}
	slices.SortFunc(keys, func(a, b flat) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.key.String(), b.key.String()))
	})
	var changes []Change
	for _, f := range keys {
		if fields := fieldChanges(before[f.key].values, after[f.key].values); len(fields) > 0 {
			changes = append(changes, Change{At: at, Kind: f.key.Kind, Namespace: f.key.Namespace, Name: f.key.Name, Fields: fields})
		}
	}
	return changes
}

func fieldChanges(before, after map[string]string) []FieldChange {
	var fields []FieldChange
	for path, to := range after {
		if from := before[path]; from != to {
			fields = append(fields, FieldChange{Path: path, From: from, To: to})
		}
	}
	for path, from := range before {
		if _, still := after[path]; !still {
			fields = append(fields, FieldChange{Path: path, From: from})
		}
	}
	slices.SortFunc(fields, func(a, b FieldChange) int { return cmp.Compare(a.Path, b.Path) })
	return fields
}
