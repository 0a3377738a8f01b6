package edit_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/edit"
	"jointplan.dev/jointplan/internal/offline/manifest"
)

const head = `# The plans of Acme.
apiVersion: channel.jointplan.dev/v1alpha1
kind: JointPlan
metadata: {name: h1, namespace: partner-acme}
spec:
  partnerRef: {name: acme}      # who
  period: {fiscalYear: 2027, part: H1}
`

const first = `- heldOn: "2026-08-12"
  outcome: OnTrack
  attendees: [{name: Vera, party: Vendor}, {name: Paula, party: Partner}]
  noActionsBecause: all goes well
`

const wordy = `- heldOn: "2026-08-12"
  outcome: OnTrack
  attendees: [{name: Vera, party: Vendor}]
  actions:
  - name: a
    party: Vendor
    due: "2026-08-20"
    description: |-
      all

      # goes
      well
`

const second = `- heldOn: "2026-09-12"
  outcome: OnTrack
  attendees:
  - {name: Vera, party: Vendor}
  noActionsBecause: all goes well
`

// indented returns a text with each line indented by so much.
func indented(text string, by int) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.Repeat(" ", by) + line)
	}
	return b.String()
}

func TestAppend(t *testing.T) {
	tail := "---\n" + strings.ReplaceAll(head, "name: h1", "name: h2")
	for name, tc := range map[string]struct{ before, want string }{
		"a list that is there, the file ends after it": {
			head + "  reviews:\n" + indented(first, 2), head + "  reviews:\n" + indented(first, 2) + indented(second, 2),
		},
		"a list that is indented more": {
			head + "  reviews:\n" + indented(first, 6), head + "  reviews:\n" + indented(first, 6) + indented(second, 6),
		},
		"a comment and a field after it": {
			head + "  reviews:\n" + indented(first, 2) + "\n  # done\n  progress: {firedRisks: [{name: a, day: \"2026-08-01\"}]}\n",
			head + "  reviews:\n" + indented(first, 2) + indented(second, 2) + "\n  # done\n  progress: {firedRisks: [{name: a, day: \"2026-08-01\"}]}\n",
		},
		"a comment within the last element stays with it": {
			head + "  reviews:\n" + indented(first, 2) + "    # by telephone\n" + tail,
			head + "  reviews:\n" + indented(first, 2) + "    # by telephone\n" + indented(second, 2) + tail,
		},
		"text of several lines in it": {
			head + "  reviews:\n" + indented(wordy, 2) + tail, head + "  reviews:\n" + indented(wordy, 2) + indented(second, 2) + tail,
		},
		"no list, another document after it": {head + "\n" + tail, head + "  reviews:\n" + indented(second, 2) + "\n" + tail},
		"no line break at the end":           {strings.TrimSuffix(head, "\n"), head + "  reviews:\n" + indented(second, 2)},
		"line breaks of Windows": {
			strings.ReplaceAll(head, "\n", "\r\n"), strings.ReplaceAll(head+"  reviews:\n"+indented(second, 2), "\n", "\r\n"),
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := edit.Append([]byte(tc.before), origin(t, tc.before), "spec", "reviews", second)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, string(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// origin returns where plan h1 stands in a text.
func origin(t *testing.T, text string) manifest.Origin {
	t.Helper()
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(text)}, "-")
	if err != nil {
		t.Fatal(err)
	}
	return set.Origins[manifest.Key{Kind: "JointPlan", Namespace: "partner-acme", Name: "h1"}]
}

func TestAppendRefusesWhatIsNotInLinesOfItsOwn(t *testing.T) {
	const object = `{apiVersion: channel.jointplan.dev/v1alpha1, kind: JointPlan, metadata: {name: h1, namespace: partner-acme}, ` +
		`spec: {partnerRef: {name: acme}, period: {fiscalYear: 2027, part: H1}}}`
	const asJSON = `{"apiVersion": "channel.jointplan.dev/v1alpha1", "kind": "JointPlan", "metadata": {"name": "h1", "namespace": "partner-acme"},
  "spec": {"partnerRef": {"name": "acme"}, "period": {"fiscalYear": 2027, "part": "H1"}}}`
	one := `{heldOn: "2026-08-12", outcome: OnTrack, attendees: [{name: Vera, party: Vendor}], noActionsBecause: x}`
	for name, tc := range map[string]struct{ text, want string }{
		"an object in braces": {object, "spec of the object is not written in lines of its own"},
		"JSON":                {asJSON, "spec of the object is not written in lines of its own"},
		"a list in brackets":  {head + "  reviews: [" + one + "]\n", "spec.reviews is not written in lines of its own"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := edit.Append([]byte(tc.text), origin(t, tc.text), "spec", "reviews", second)
			if err == nil || err.Error() != tc.want {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
}

// TestReviewIsReadBackAsItWas writes reviews with all kinds of text, and reads them as kubectl does.
func TestReviewIsReadBackAsItWas(t *testing.T) {
	text := rapid.OneOf(
		rapid.SampledFrom([]string{"y", "No", "on", "null", "~", "1", "1.5", "2026-11-03", "a: b", "a, b", "[x]", "{x}", "# x", "- x", "it's", `"q"`, "Ünal", "x ", "%", "@a", "a #b"}),
		rapid.StringMatching(`[ -~äé]{1,20}`),
	)
	rapid.Check(t, func(t *rapid.T) {
		review := v1alpha1.Review{
			HeldOn: "2026-11-03", Outcome: "OnTrack",
			Attendees: []v1alpha1.Attendee{
				{Name: v1alpha1.Person(text.Draw(t, "name")), Party: "Vendor", Function: v1alpha1.Person(text.Draw(t, "function"))},
			},
			Obstacles:        []v1alpha1.Title{v1alpha1.Title(text.Draw(t, "obstacle"))},
			Actions:          []v1alpha1.ActionItem{{Name: "a", Party: "Partner", Due: "2026-12-01", Description: v1alpha1.Note(text.Draw(t, "description"))}},
			NoActionsBecause: v1alpha1.Title(text.Draw(t, "reason")),
		}
		stanza, err := edit.Review(&review)
		if err != nil {
			t.Fatal(err)
		}
		var got []v1alpha1.Review
		if err := yaml.UnmarshalStrict([]byte(stanza), &got); err != nil {
			t.Fatalf("%v\n%s", err, stanza)
		}
		if diff := cmp.Diff([]v1alpha1.Review{review}, got); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%s", diff, stanza)
		}
	})
}

func TestReviewLooksLikeThoseOfTheSamples(t *testing.T) {
	got, err := edit.Review(&v1alpha1.Review{
		HeldOn: "2026-11-03", Outcome: "AtRisk",
		Attendees: []v1alpha1.Attendee{{Name: "Vera Lindqvist", Party: "Vendor", Function: "channel manager"}, {Name: "Paula", Party: "Partner"}},
		Obstacles: []v1alpha1.Title{"Holidays"},
		Actions:   []v1alpha1.ActionItem{{Name: "new-ad", Description: "A new text", Party: "Partner", Due: "2026-11-20"}},
	})
	want := `- heldOn: "2026-11-03"
  outcome: AtRisk
  attendees:
  - {name: Vera Lindqvist, party: Vendor, function: channel manager}
  - {name: Paula, party: Partner}
  obstacles:
  - Holidays
  actions:
  - {name: new-ad, description: A new text, party: Partner, due: "2026-11-20"}
`
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}
