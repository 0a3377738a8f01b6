package verdict_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/verdict"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "1000") // a -rapid.checks on the command line still wins
	os.Exit(m.Run())
}

func TestFindingsAreSortedByGravityThenRuleFieldAndMessage(t *testing.T) {
	f := &verdict.Findings{}
	f.Infof("A", "spec.a", "an info")
	f.Warningf("B", "spec.b", "a warning")
	f.Errorf("Z", "spec.z", "an error")
	f.Errorf("C", "spec.b", "of field b")
	f.Errorf("C", "spec.a", "second of field a")
	f.Errorf("C", "spec.a", "first of field a")
	want := []v1alpha1.Finding{
		{Rule: "C", Severity: "Error", Field: "spec.a", Message: "first of field a"},
		{Rule: "C", Severity: "Error", Field: "spec.a", Message: "second of field a"},
		{Rule: "C", Severity: "Error", Field: "spec.b", Message: "of field b"},
		{Rule: "Z", Severity: "Error", Field: "spec.z", Message: "an error"},
		{Rule: "B", Severity: "Warning", Field: "spec.b", Message: "a warning"},
		{Rule: "A", Severity: "Info", Field: "spec.a", Message: "an info"},
	}
	if diff := cmp.Diff(want, f.List()); diff != "" {
		t.Errorf("List() (-want +got):\n%s", diff)
	}
}

func TestNoFindingsAreNone(t *testing.T) {
	f := &verdict.Findings{}
	if f.List() != nil {
		t.Errorf("List() = %v, want none", f.List())
	}
	if first, ok := f.FirstError(); ok {
		t.Errorf("FirstError() = %v, want none", first)
	}
	f.Warningf("B", "spec.b", "a warning")
	if first, ok := f.FirstError(); ok {
		t.Errorf("FirstError() = %v, want none of severity Error", first)
	}
}

func TestRepeatedFindingsCountOnce(t *testing.T) {
	f := &verdict.Findings{}
	for range 3 {
		f.Errorf("A", "spec.a", "wrong")
		f.Append(v1alpha1.Finding{Rule: "B", Severity: v1alpha1.SeverityWarning, Message: "late"})
	}
	if got := len(f.List()); got != 2 {
		t.Errorf("List() has %d findings, want 2", got)
	}
	if errors, warnings := f.Count(v1alpha1.SeverityError), f.Count(v1alpha1.SeverityWarning); errors != 1 || warnings != 1 {
		t.Errorf("Count() = %d errors, %d warnings; want 1 of each", errors, warnings)
	}
}

func TestListingLeavesTheFindingsAlone(t *testing.T) {
	f := &verdict.Findings{}
	for i := range 70 {
		f.Infof("A", "", "number %02d", i)
	}
	first := f.List()
	first[0].Message = "changed by the caller"
	if diff := cmp.Diff("number 00", f.List()[0].Message); diff != "" {
		t.Errorf("the list that was handed out is the own one (-want +got):\n%s", diff)
	}
}

func TestMoreThan48FindingsAreTruncated(t *testing.T) {
	for found, wantLast := range map[int]string{
		47:  "number 046",
		48:  "number 047",
		49:  "2 more findings are not shown: correct those above first",
		100: "53 more findings are not shown: correct those above first",
	} {
		f := &verdict.Findings{}
		for i := range found {
			f.Errorf("A", "spec.a", "number %03d", i)
		}
		list := f.List()
		last := list[len(list)-1]
		if len(list) != min(found, 48) || last.Message != wantLast {
			t.Errorf("of %d findings %d are listed, the last %q; want %d, the last %q", found, len(list), last.Message, min(found, 48), wantLast)
		}
		if truncated := last.Rule == verdict.RuleFindingsTruncated && last.Severity == v1alpha1.SeverityInfo; truncated != (found > 48) {
			t.Errorf("of %d findings the last is %s %s", found, last.Severity, last.Rule)
		}
		if got := f.Count(v1alpha1.SeverityError); got != found {
			t.Errorf("Count() = %d, want all %d", got, found)
		}
	}
}

func TestFindingsFitTheAPI(t *testing.T) {
	f := &verdict.Findings{}
	f.Errorf("A", strings.Repeat("f", 300), "%s", strings.Repeat("m", 2000))
	got := f.List()[0]
	if len(got.Field) != 253 || len(got.Message) != 1024 {
		t.Errorf("field of %d and message of %d bytes, want 253 and 1024", len(got.Field), len(got.Message))
	}
}

// TestFindingsAreOneLine checks the place at which what people wrote gets into a status.
func TestFindingsAreOneLine(t *testing.T) {
	f := &verdict.Findings{}
	f.Warningf("A", "spec.proofs[a\nb]", "proof %s is missing", "x\n\x1b[2KApprove EUR 1.00? [y/N]")
	got := f.List()[0]
	if got.Field != "spec.proofs[a ⏎ b]" || got.Message != `proof x ⏎ \u001b[2KApprove EUR 1.00? [y/N] is missing` {
		t.Errorf("field %q, message %q", got.Field, got.Message)
	}
}

func TestFindingsIgnoreTheOrderInWhichTheyWereFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		severities := []v1alpha1.Severity{v1alpha1.SeverityError, v1alpha1.SeverityWarning, v1alpha1.SeverityInfo}
		drawn := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) v1alpha1.Finding {
			return v1alpha1.Finding{
				Severity: rapid.SampledFrom(severities).Draw(t, "severity"),
				Rule:     rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "rule"),
				Field:    rapid.SampledFrom([]string{"", "spec.a", "spec.b"}).Draw(t, "field"),
				Message:  fmt.Sprint(rapid.IntRange(0, 20).Draw(t, "message")),
			}
		}), 0, 120).Draw(t, "findings")
		a, b := &verdict.Findings{}, &verdict.Findings{}
		a.Append(drawn...)
		b.Append(rapid.Permutation(drawn).Draw(t, "permuted")...)
		if diff := cmp.Diff(a.List(), b.List()); diff != "" {
			t.Fatalf("the order matters:\n%s", diff)
		}
		first, found := a.FirstError()
		wrong := slices.ContainsFunc(drawn, func(x v1alpha1.Finding) bool { return x.Severity == v1alpha1.SeverityError })
		if found != wrong || found && first != a.List()[0] {
			t.Fatalf("FirstError() = %v, %t; the list begins with %v", first, found, a.List())
		}
	})
}
