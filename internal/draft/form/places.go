package form

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

// node is where a part of the spec stands in the form.
type node struct {
	place  Place
	value  string
	fields map[string]*node
	items  []*node
}

// step returns the node of a field, and makes it.
func (n *node) step(name string) *node {
	if n.fields == nil {
		n.fields = map[string]*node{}
	}
	if n.fields[name] == nil {
		n.fields[name] = &node{}
	}
	return n.fields[name]
}

// child returns the node to which a step of a path leads: a field, an element by its number, or by a value that tells it apart. Nil for none.
func (n *node) child(step string) *node {
	if found := n.fields[step]; found != nil {
		return found
	}
	if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.items) {
		return n.items[i]
	}
	for _, item := range n.items {
		if name := item.fields["name"]; item.value == step || name != nil && name.value == step {
			return item
		}
	}
	for _, item := range n.items {
		for _, one := range item.fields {
			if one.value == step {
				return item
			}
		}
	}
	return nil
}

// Find returns the cell of a field, by its path in errors and findings: spec.goals[0].due, or spec.goals[leads].due. Of what has no cell it is that of the
// nearest thing around it that has one, at last the title of the form.
func (r *Returned) Find(path string) Place {
	n, place := r.root, r.root.place
	for i, step := range stepsOf(path) {
		if i == 0 && step != "spec" {
			return place
		}
		if i == 0 {
			continue
		}
		if n = n.child(step); n == nil {
			break
		}
		if n.place.Cell != "" {
			place = n.place
		}
	}
	return place
}

// stepsOf divides a path at its points and brackets.
func stepsOf(path string) []string {
	var steps []string
	for path != "" {
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			return append(steps, path)
		}
		if end > 0 {
			steps = append(steps, path[:end])
		}
		rest := path[end+1:]
		if path[end] == '[' {
			inside, after, _ := strings.Cut(rest, "]")
			steps, rest = append(steps, inside), after
		}
		path = rest
	}
	return steps
}

// What the reader of manifests says, and what it means to who fills in a form.
const (
	requiredValue = "Required value"
	notAll        = "some validation rules were not checked"
)

// Refused adds what an API server would refuse, at its cells. Of a row with a cell that cannot be read it says nothing more: that would be about the gap.
func (r *Returned) Refused(errs manifest.Errors) {
	wrong := map[Place]bool{} // by the first cell of the row
	rowOf := func(p Place) Place {
		_, row, err := excelize.CellNameToCoordinates(p.Cell)
		if err != nil {
			return Place{Sheet: p.Sheet}
		}
		return Place{p.Sheet, at(markColumn, row)}
	}
	for _, problem := range r.Problems {
		if problem.Severity == string(v1alpha1.SeverityError) {
			wrong[rowOf(problem.Place)] = true
		}
	}
	for _, err := range errs {
		problem := Problem{Place: r.Find(err.Field), Severity: string(v1alpha1.SeverityError), Message: err.Message}
		switch {
		case wrong[rowOf(problem.Place)]:
			continue
		case strings.HasPrefix(err.Message, notAll):
			problem.Severity, problem.Message = string(v1alpha1.SeverityInfo), "more may be found once the errors are corrected"
		case strings.HasPrefix(err.Message, requiredValue+": "):
			problem.Message = strings.TrimPrefix(err.Message, requiredValue+": ")
		case strings.HasPrefix(err.Message, requiredValue):
			problem.Message = "is empty: fill in at least one row"
			if f := r.fields[problem.Place]; f != nil {
				problem.Message = f.label + " is empty: fill it in"
			}
		}
		r.Problems = append(r.Problems, problem)
	}
	r.order()
}

// Found adds the findings of the evaluation, at their cells.
func (r *Returned) Found(findings []v1alpha1.Finding) {
	for i := range findings {
		f := &findings[i]
		r.Problems = append(r.Problems, Problem{Place: r.Find(f.Field), Severity: string(f.Severity), Rule: f.Rule, Message: f.Message})
	}
	r.order()
}

// Wrong adds an error that is about the form as a whole.
func (r *Returned) Wrong(message string) {
	r.Problems = append(r.Problems, Problem{Place: r.root.place, Severity: string(v1alpha1.SeverityError), Message: message})
	r.order()
}

// order puts problems in the order of the sheets and their cells.
func (r *Returned) order() {
	sheets := map[string]int{}
	for i, sheet := range r.file.GetSheetList() {
		sheets[sheet] = i
	}
	coordinates := func(p Problem) (column, row int) {
		column, row, err := excelize.CellNameToCoordinates(p.Cell)
		if err != nil {
			return 0, 0
		}
		return column, row
	}
	slices.SortStableFunc(r.Problems, func(a, b Problem) int {
		columnA, rowA := coordinates(a)
		columnB, rowB := coordinates(b)
		return cmp.Or(cmp.Compare(sheets[a.Sheet], sheets[b.Sheet]), cmp.Compare(rowA, rowB), cmp.Compare(columnA, columnB))
	})
}
