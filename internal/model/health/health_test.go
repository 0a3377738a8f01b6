package health

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// constants returns the constants of the API whose names begin with a word, by value.
func constants(t *testing.T, prefix string) map[string]string {
	t.Helper()
	files, err := parser.ParseDir(token.NewFileSet(), "../../../api/v1alpha1", func(file fs.FileInfo) bool { //nolint:staticcheck // no build tags there
		return !strings.HasSuffix(file.Name(), "_test.go")
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(files["v1alpha1"], func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range spec.Names {
			if !strings.HasPrefix(name.Name, prefix) || i >= len(spec.Values) {
				continue
			}
			if text, ok := spec.Values[i].(*ast.BasicLit); ok {
				if value, err := strconv.Unquote(text.Value); err == nil {
					found[value] = name.Name
				}
			}
		}
		return true
	})
	if len(found) < 10 {
		t.Fatalf("found the constants %v", found)
	}
	return found
}

func TestEveryKindHasRulesOfWhichTheLastAlwaysHolds(t *testing.T) {
	known, reasons := constants(t, "Condition"), constants(t, "Reason")
	for _, kind := range kinds.All() {
		rules := Rules(kind.Name)
		if len(rules) == 0 || About(kind.Name) == "" {
			t.Errorf("%s has %d rules, about %q", kind.Name, len(rules), About(kind.Name))
			continue
		}
		for i, r := range rules {
			asks := r.Outdated || r.Current || len(r.Stages)+len(r.Reasons)+len(r.OfReasons)+len(r.NotOfReasons) > 0 || r.Is != "" || r.IsNot != ""
			if last := i == len(rules)-1; asks == last {
				t.Errorf("%s: rule %d asks: %t, is the last: %t", kind.Name, i, asks, last)
			}
			if (r.Text == "") == (r.Teller() == "") {
				t.Errorf("%s: rule %d says %q and %q, want one of them", kind.Name, i, r.Text, r.Teller())
			}
			for _, condition := range []string{r.Condition, r.Teller()} {
				if _, ok := known[condition]; condition != "" && !ok {
					t.Errorf("%s: rule %d is about %q, which is not a condition", kind.Name, i, condition)
				}
			}
			for _, reason := range slices.Concat(r.OfReasons, r.NotOfReasons, r.Reasons) {
				if _, ok := reasons[reason]; !ok {
					t.Errorf("%s: rule %d is about %q, which is no reason", kind.Name, i, reason)
				}
			}
		}
	}
}

// TestEveryConditionIsBadNewsWithOneStatus: a condition whose True is bad news would be taken for good news if it were not listed.
func TestEveryConditionIsBadNewsWithOneStatus(t *testing.T) {
	for value, name := range constants(t, "Condition") {
		if _, listed := badWhen[value]; !listed {
			t.Errorf("%s: say with which status it is bad news", name)
		}
	}
}

func TestNews(t *testing.T) {
	for _, tc := range []struct {
		condition string
		status    metav1.ConditionStatus
		reason    string
		bad       bool
	}{
		{v1alpha1.ConditionReady, "False", v1alpha1.ReasonInvalidSpec, true},
		{v1alpha1.ConditionReady, "True", v1alpha1.ReasonEvaluated, false},
		{v1alpha1.ConditionStalled, "True", v1alpha1.ReasonInvalidSpec, true},
		{v1alpha1.ConditionReviewOverdue, "True", v1alpha1.ReasonOverdue, true},
		{v1alpha1.ConditionReviewOverdue, "False", v1alpha1.ReasonUpToDate, false},
		{v1alpha1.ConditionClaimWindowClosing, "True", v1alpha1.ReasonWindowClosing, true},
		{v1alpha1.ConditionClaimWindowClosing, "False", v1alpha1.ReasonWindowOpen, false},
		{v1alpha1.ConditionApproved, "False", v1alpha1.ReasonAwaitingDecision, false},
		{v1alpha1.ConditionApproved, "False", v1alpha1.ReasonReturned, true},
		{v1alpha1.ConditionEffective, "False", v1alpha1.ReasonSuperseded, false},
		{v1alpha1.ConditionEffective, "False", v1alpha1.ReasonSelfApproval, true},
		{v1alpha1.ConditionOnTrack, "Unknown", v1alpha1.ReasonNotMeasured, false},
		{v1alpha1.ConditionOnTrack, "False", v1alpha1.ReasonOffTrack, true},
		{v1alpha1.ConditionSettled, "False", v1alpha1.ReasonAwaitingPayment, false},
		{v1alpha1.ConditionSuspended, "True", v1alpha1.ReasonSuspended, false},
		{"OfAnotherVersion", "False", "Whatever", true},
	} {
		c := &metav1.Condition{Type: tc.condition, Status: tc.status, Reason: tc.reason}
		if got := IsBad(c); got != tc.bad {
			t.Errorf("%s %s %s is bad news: %t, want %t", tc.condition, tc.status, tc.reason, got, tc.bad)
		}
	}
}
