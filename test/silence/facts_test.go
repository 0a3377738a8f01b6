package silence_test

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// folder holds the samples, from which the worlds are made.
const folder = "../../config/samples"

// factFields are the fields of specs that say that something has happened, or begins to hold, on a day or at an instant. Others (due, through, endsOn,
// startsOn, ...) say when something is to happen or ends: they are terms, of which time makes what it will.
var factFields = []string{
	"decidedTime", "recordedTime", "requestedTime", "heldOn", "requestedOn", "withdrawnOn", "claimedOn", "resubmittedOn", "invoicedOn", "incurredOn", "performedOn", "paidOn",
	"receivedOn", "signedOn", "memberSince", "since", "effectiveFrom", "doneOn",
}

// isOptional reports whether what a fact belongs to is there without it: a request without requestedOn is a draft.
func isOptional(path []string, field string) bool {
	return slices.Contains([]string{"requestedOn", "withdrawnOn", "claimedOn", "resubmittedOn", "invoicedOn", "memberSince", "doneOn"}, field) ||
		field == "paidOn" && slices.Contains(path, "invoices")
}

// isFact reports whether a field of a path says that something has happened. A day is a fact in results and in progress, not in a goal's milestones.
func isFact(path []string, field string) bool {
	switch field {
	case "day":
		return slices.Contains(path, "entries") || slices.Contains(path, "progress")
	case "from":
		return slices.Contains(path, "competencies")
	default:
		return slices.Contains(factFields, field)
	}
}

// instantOf returns the instant by which a fact has surely happened, in whatever zone.
func instantOf(text string) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, true
	}
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil
}

// draw draws what is lost of a world; nil loses nothing.
type draw struct{ *rand.Rand }

// newDraw returns the draw of a world, which is the same each time.
func newDraw(world uint64) *draw { return &draw{rand.New(rand.NewPCG(world, 0))} }

// everything is the draw that loses nothing.
var everything *draw

// loses reports whether something is lost that is lost with a probability.
func (d *draw) loses(p float64) bool { return d != nil && d.Float64() < p }

// cutter takes facts out of specs.
type cutter struct {
	until time.Time
	draw  *draw
	lost  float64 // the probability with which a fact is lost
}

// keeps takes away what happened too late and what is lost, below a path. It reports whether the rest is something still.
func (c *cutter) keeps(value any, path []string) bool {
	fields, ok := value.(map[string]any)
	if !ok {
		return true
	}
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		here := append(slices.Clone(path), field)
		switch inner := fields[field].(type) {
		case string:
			if at, ok := instantOf(inner); !ok || !isFact(path, field) || !at.After(c.until) && !c.draw.loses(c.lost) {
				continue
			}
			if !isOptional(path, field) {
				return false
			}
			delete(fields, field)
		case []any:
			fields[field] = slices.DeleteFunc(inner, func(one any) bool { return !c.keeps(one, here) })
		case map[string]any:
			if !c.keeps(inner, here) {
				delete(fields, field)
			}
		}
	}
	return true
}

// worldUntil returns the objects of a set, or of one namespace of it with what is in none, in which nothing happens after an instant. A draw loses facts
// of partners with a probability, and changes days of the program's rules.
func worldUntil(t *testing.T, set *manifest.Set, namespace string, until time.Time, d *draw, lost float64) *manifest.Set {
	t.Helper()
	var kept []manifest.Object
	for _, x := range set.Objects() {
		if namespace != "" && x.GetNamespace() != "" && x.GetNamespace() != namespace {
			continue
		}
		raw, err := runtime.DefaultUnstructuredConverter.ToUnstructured(x)
		if err != nil {
			t.Fatal(err)
		}
		c := cutter{until: until, draw: d, lost: lost}
		if x.GetNamespace() == "" {
			c.lost = 0
		}
		if !c.keeps(raw["spec"], []string{kinds.KeyOf(x).Kind}) {
			continue
		}
		if kinds.KeyOf(x).Kind == kinds.PartnerProgram && d.loses(0.5) {
			d.shake(raw["spec"])
		}
		typed, _ := reflect.TypeAssert[manifest.Object](reflect.New(reflect.TypeOf(x).Elem()))
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(raw, typed); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, typed)
	}
	rest, err := manifest.NewSet(kept, set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	return rest
}

// shake changes some of the numbers of days of a program's rules, which no revision holds.
func (d *draw) shake(value any) {
	switch x := value.(type) {
	case map[string]any:
		for _, field := range slices.Sorted(maps.Keys(x)) {
			if days, ok := x[field].(int64); ok && strings.Contains(field, "Days") && d.loses(0.3) {
				x[field] = days * int64(d.IntN(4)) / 2
			} else {
				d.shake(x[field])
			}
		}
	case []any:
		for _, one := range x {
			d.shake(one)
		}
	}
}
