package api

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// row is a change to a valid object, and what the API server says of it.
type row struct {
	// base is the object, as a kind or kind/name.
	base string
	// set is the change.
	set edits
	// want is what the server says, as "field: message"; nothing when it takes the object.
	want []string
}

func (r row) test(t *testing.T, j *judges) {
	t.Helper()
	// The server tells of several rules in no certain order.
	if diff := cmp.Diff(slices.Sorted(slices.Values(r.want)), slices.Sorted(slices.Values(j.judge(t, j.base(t, r.base, r.set))))); diff != "" {
		t.Errorf("errors (-want +got):\n%s", diff)
	}
}

func TestBases(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	for name := range j.bases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row{base: name}.test(t, j)
		})
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	rows := allRows()
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows[name].test(t, j)
		})
	}
}

// allRows is every table of this package.
func allRows() map[string]row {
	all := map[string]row{}
	for _, table := range []map[string]row{programRows(), planRows(), otherRows(), budgetRows(), requestRows(), claimRows(), ledgerRows()} {
		maps.Copy(all, table)
	}
	for name, r := range planRows() {
		if ofTerms(r) {
			all[name+", in a revision"] = inRevision(r)
		}
	}
	return all
}

// notTerms are the fields of a plan that its revisions do not keep.
var notTerms = []string{"spec.progress", "metadata"}

// ofTerms reports whether a row changes only what is approved of a plan.
func ofTerms(r row) bool {
	for path := range r.set {
		if slices.ContainsFunc(notTerms, func(prefix string) bool { return strings.HasPrefix(path, prefix) }) {
			return false
		}
	}
	return true
}

// inRevision is a plan's row for the PlanRevision with the same terms.
func inRevision(r row) row {
	same := row{base: strings.Replace(r.base, "JointPlan", "PlanRevision", 1), set: edits{}}
	for path, value := range r.set {
		same.set["spec.terms"+strings.TrimPrefix(path, "spec")] = value
	}
	for _, one := range r.want {
		same.want = append(same.want, strings.ReplaceAll(one, "spec.", "spec.terms."))
	}
	return same
}
