package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestNumbers(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	const at = "spec.goals[0].baseline"
	for _, number := range []string{
		"1e9", "1E9", "NaN", "Infinity", "-0", "-0.00", "+5", "007", ".5", "5.", "1,5", "400,000", "1 000", " 5", "5 ", "0x1F", "５００", "٤٠٠",
		"1.1234567", "1234567890123456", "--5", "5\u200b", "−5", "five",
	} {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			row{base: "JointPlan", set: edits{at: quoted(number)}, want: []string{at + ": Invalid value: " + quoted(number) + ": " + notDecimal}}.test(t, j)
		})
	}
	for _, number := range []string{"0", "-1", "0.000001", "999999999999999.999999", "-999999999999999.999999", "0.0"} {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			row{base: "JointPlan", set: edits{at: quoted(number)}}.test(t, j)
		})
	}
	t.Run("65 digits", func(t *testing.T) {
		t.Parallel()
		digits := strings.Repeat("1", 65)
		row{base: "JointPlan", set: edits{at: quoted(digits)}, want: []string{at + ": Too long: may not be more than 64 bytes", rulesNotChecked}}.test(t, j)
	})
	t.Run("30 digits", func(t *testing.T) {
		t.Parallel()
		digits := strings.Repeat("1234567890", 3)
		row{base: "JointPlan", set: edits{at: quoted(digits)}, want: []string{at + ": Invalid value: " + quoted(digits) + ": " + notDecimal}}.test(t, j)
	})
}

// TestHiddenCharacters says that no name, title or text hides characters that cannot be seen or that turn the text around: two plans must not
// look the same and be different.
func TestHiddenCharacters(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	for name, hidden := range map[string]string{
		"zero-width space": "\u200b", "zero-width joiner": "\u200d", "byte order mark": "\ufeff", "right-to-left override": "\u202e",
		"right-to-left isolate": "\u2067", "right-to-left mark": "\u200f", "soft hyphen": "\u00ad", "word joiner": "\u2060",
		"control character": "\u0001", "escape": "\u001b", "delete": "\u007f", "next line": "\u0085", "private use": "\ue000", "tag": "\U000e0041",
		"line separator": "\u2028", "paragraph separator": "\u2029", "grapheme joiner": "\u034f", "Hangul filler": "\u3164",
		"half-width Hangul filler": "\uffa0", "Hangul choseong filler": "\u115f", "Hangul jungseong filler": "\u1160", "Braille blank": "\u2800",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "a" + hidden + "b"
			for path, message := range map[string]string{"spec.planRef.name": notName, "spec.title": notTitle, "spec.message": notText} {
				row{base: "Campaign", set: edits{path: quoted(text)}, want: []string{path + ": Invalid value: " + quoted(text) + ": " + message}}.test(t, j)
			}
		})
	}
	for name, text := range map[string]string{
		"umlauts": "Über Köln", "Japanese": "東京ウェビナー", "Arabic": "خطة التسويق", "emoji": "Launch 🚀",
		"a combining mark": "Cafe\u0301",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row{base: "Campaign", set: edits{"spec.title": quoted(text), "spec.message": quoted(text)}}.test(t, j)
		})
	}
	for name, blank := range map[string]string{"a blank": " ", "no-break spaces": "\u00a0\u00a0", "an ideographic space": "\u3000", "em spaces": "\u2003 \u2003"} {
		t.Run("nothing but "+name, func(t *testing.T) {
			t.Parallel()
			for path, message := range map[string]string{"spec.title": notTitle, "spec.message": notText} {
				row{base: "Campaign", set: edits{path: quoted(blank)}, want: []string{path + ": Invalid value: " + quoted(blank) + ": " + message}}.test(t, j)
			}
		})
	}
	t.Run("a message of line breaks", func(t *testing.T) {
		t.Parallel()
		row{base: "Campaign", set: edits{"spec.message": `"\n\t\n"`}, want: []string{`spec.message: Invalid value: "\n\t\n": ` + notText}}.test(t, j)
	})
	t.Run("a title of two lines", func(t *testing.T) {
		t.Parallel()
		row{base: "Campaign", set: edits{"spec.title": `"a\nb"`}, want: []string{`spec.title: Invalid value: "a\nb": ` + notTitle}}.test(t, j)
	})
	t.Run("a message of two lines", func(t *testing.T) {
		t.Parallel()
		row{base: "Campaign", set: edits{"spec.message": `"a\n\tb\n"`}}.test(t, j)
	})
}

// TestNamesOfPeopleAndPapers says that what identifies somebody or something is neither blank nor written with spaces at its ends, nor with
// characters that do not show: two spellings must not be two people, and no name must look like none.
func TestNamesOfPeopleAndPapers(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	wrong := map[string]string{
		"blank": " ", "no-break spaces": "\u00a0", "an ideographic space": "\u3000", "a filler": "\u3164", "a Braille blank": "\u2800", "a space at its end": "kim ",
		"a space at its front": " kim", "a no-break space at its end": "kim\u00a0", "a tab at its end": "kim\t", "a line break at its end": "kim\n",
		"a line break": "kim\nfay", "a zero-width space": "ki\u200bm", "a soft hyphen": "ki\u00adm", "text direction": "kim\u202e", "a control character": "kim\u0001",
	}
	for path, base := range map[string]string{
		"spec.approvedBy": "ApprovalDecision", "spec.requestedBy": "MDFAllocation", "spec.recovery.requestedBy": "MDFBudget",
		"spec.costs[0].supplier": "MDFClaim", "spec.costs[0].invoice": "MDFClaim", "spec.competencies[0].person": "Partner",
		"spec.channelManager.name": "Partner", "spec.invoices[0].number": "Partner", "spec.targetAccounts[0].vendorOwner": "JointPlan",
		"spec.targetAccounts[0].partnerOwner": "JointPlan", "spec.attendees[0].name": "PlanReview", "spec.actions[0].owner": "PlanReview",
		"spec.recordedBy": "PlanReview", "spec.lessons[0]": "PlanReview",
	} {
		for name, text := range wrong {
			t.Run(base+" "+path+" "+name, func(t *testing.T) {
				t.Parallel()
				want := path + ": Invalid value: " + quoted(text) + ": " + notTitle
				if found := j.judge(t, j.base(t, base, edits{path: quoted(text)})); !slices.Contains(found, want) {
					t.Errorf("errors:\n%s\nwant among them:\n%s", strings.Join(found, "\n"), want)
				}
			})
		}
		for _, text := range []string{"k", "kim fay", "Jos\u00e9 N\u00fa\u00f1ez", "\u6771\u4eac", "kim@acme.example", "system:serviceaccount:a:b"} {
			t.Run(base+" "+path+" "+text, func(t *testing.T) {
				t.Parallel()
				row{base: base, set: edits{path: quoted(text)}}.test(t, j)
			})
		}
	}
	for name, id := range map[string]string{"blank": " ", "a space at its end": "T-1 ", "a space at its front": " T-1", "a line break": "T-1\n", "a tab": "T\t1"} {
		t.Run("MDFClaim spec.payments[0].document "+name, func(t *testing.T) {
			t.Parallel()
			row{base: "MDFClaim", set: edits{"spec.payments[0].document": quoted(id)}, want: []string{
				"spec.payments[0].document: Invalid value: " + quoted(id) + ": must consist of letters, digits and . _ / -, and begin and end with a letter or digit",
			}}.test(t, j)
		})
	}
}

// TestMegabyte applies objects of 1 MB with server-side apply: what is said names the list and its limit, and does not repeat what was sent.
func TestMegabyte(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	long := strings.Repeat("x", 256)
	var goals, entries []any
	for i := range 4000 {
		goals = append(goals, map[string]any{"name": fmt.Sprintf("goal-%d", i), "deliverable": long})
	}
	for i := range 14000 {
		entries = append(entries, map[string]any{"metric": fmt.Sprintf("metric-%d", i), "day": "2026-09-30", "value": "1", "cohort": "2026-09-01"})
	}
	for name, r := range map[string]struct {
		base, path string
		value      any
		want       []string
	}{
		"goals":        {"JointPlan", "spec.goals", goals, []string{"spec.goals: Too many: 4000: must have at most 20 items", rulesNotChecked}},
		"measurements": {"MeasurementSet", "spec.entries", entries, []string{"spec.entries: Too many: 14000: must have at most 500 items", rulesNotChecked}},
		"a text": {
			"JointPlan", "spec.vision", strings.Repeat("x", 1<<20),
			[]string{"spec.vision: Too long: may not be more than 1024 bytes", rulesNotChecked},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			object := j.base(t, r.base, nil)
			set(t, object, r.path, r.value)
			body, err := json.Marshal(object.Object)
			if err != nil {
				t.Fatal(err)
			}
			if len(body) < 1_000_000 {
				t.Fatalf("the object has only %d bytes", len(body))
			}
			err = j.client.Patch(t.Context(), object.DeepCopy(), client.RawPatch(types.ApplyPatchType, body), client.FieldOwner("test"), client.DryRunAll,
				client.FieldValidation(metav1.FieldValidationStrict))
			if diff := cmp.Diff(r.want, refusal(t, err)); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
			if err == nil || len(err.Error()) > 1000 {
				t.Errorf("the error is too long to read: %d bytes", len(fmt.Sprint(err)))
			}
			j.judge(t, object)
		})
	}
}
