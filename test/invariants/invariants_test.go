package invariants

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// constant is a constant of the API: its value and its doc comment.
type constant struct{ value, doc string }

// constants returns the constants of api/v1alpha1 whose names have a prefix, by name.
func constants(t *testing.T, prefix string) map[string]constant {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), "../../api/v1alpha1", //nolint:staticcheck // one folder without build tags
		func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]constant{}
	ast.Inspect(packages["v1alpha1"], func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, prefix) {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return true
		}
		value, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		found[spec.Names[0].Name] = constant{value: value, doc: strings.Join(strings.Fields(spec.Doc.Text()), " ")}
		return true
	})
	if len(found) == 0 {
		t.Fatalf("found no constants %s*: has the API moved?", prefix)
	}
	return found
}

var surfaces = regexp.MustCompile(`^Reason(\w+) surfaces on (.*?)(, with status (\w+),)? (when|while|before) `)

// documented returns the reasons that doc comments name for each condition, and those that are for Unknown only.
func documented(t *testing.T) (byCondition map[string][]string, unknown []string) {
	t.Helper()
	byCondition = map[string][]string{}
	for name, x := range constants(t, "Reason") {
		match := surfaces.FindStringSubmatch(x.doc)
		if len(match) == 0 || "Reason"+match[1] != name || name != "Reason"+x.value {
			t.Errorf("%s = %q: the comment must begin with \"%s surfaces on CONDITION when ...\", and the value be the name; found %q",
				name, x.value, name, x.doc)
			continue
		}
		for _, kind := range regexp.MustCompile(`, | and `).Split(match[2], -1) {
			if kind == "a condition" || kind == "a business condition" {
				kind = anyBusiness
			}
			byCondition[kind] = append(byCondition[kind], x.value)
		}
		if match[4] == "Unknown" {
			unknown = append(unknown, x.value)
		}
	}
	for _, list := range byCondition {
		slices.Sort(list)
	}
	slices.Sort(unknown)
	return byCondition, unknown
}

func TestReasonsAreThoseThatTheAPIDocuments(t *testing.T) {
	byCondition, unknown := documented(t)
	if diff := cmp.Diff(byCondition, reasons); diff != "" {
		t.Errorf("reasons (-documented +listed):\n%s", diff)
	}
	if diff := cmp.Diff(unknown, onlyUnknown); diff != "" {
		t.Errorf("reasons for Unknown only (-documented +listed):\n%s", diff)
	}
}

func TestEveryConditionOfTheAPIBelongsToAKind(t *testing.T) {
	// ClockTrusted is set while nothing is evaluated, and by no evaluation.
	listed := map[string]bool{"Ready": true, "Stalled": true, "Reconciling": true, "Suspended": true, "ClockTrusted": true}
	for _, kinds := range business {
		for _, kind := range kinds {
			listed[kind] = true
		}
	}
	declared := map[string]bool{}
	for name, x := range constants(t, "Condition") {
		declared[x.value] = true
		if name != "Condition"+x.value {
			t.Errorf("%s = %q: the value must be the name", name, x.value)
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(declared)), slices.Sorted(maps.Keys(listed))); diff != "" {
		t.Errorf("conditions (-declared +listed):\n%s", diff)
	}
}

func TestEveryKindWithConditionsIsKnown(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	known := 0
	for kind := range scheme.KnownTypes(v1alpha1.GroupVersion) {
		object, err := scheme.New(v1alpha1.GroupVersion.WithKind(kind))
		if err != nil {
			t.Fatal(err)
		}
		withStatus, ok := object.(Object)
		if !ok {
			continue // lists, and MDFLedger, which is data
		}
		known++
		if kindOf(withStatus) != kind {
			t.Errorf("kindOf() = %q, want %s", kindOf(withStatus), kind)
		}
	}
	if known != 14 {
		t.Errorf("%d kinds have conditions, want 14", known)
	}
}

// sound is a campaign whose status is as it must be.
func sound() *v1alpha1.Campaign {
	condition := func(kind string, status metav1.ConditionStatus, reason, message string) metav1.Condition {
		return metav1.Condition{
			Type: kind, Status: status, Reason: reason, Message: message, ObservedGeneration: 3,
			LastTransitionTime: metav1.NewTime(time.Date(2026, 9, 30, 0, 0, 0, 0, time.UTC)),
		}
	}
	c := &v1alpha1.Campaign{ObjectMeta: metav1.ObjectMeta{Name: "webinar", Generation: 3}}
	c.Status.ObservedGeneration = 3
	c.Status.Conditions = []metav1.Condition{
		condition("Ready", "True", "Evaluated", "evaluated"),
		condition("Aligned", "False", "NotInPlan", "activity launch is not in the plan of record"),
		condition("WithinStopRule", "Unknown", "MissingResults", "no cost is measured in the 12 months to 2026-09-30"),
	}
	c.Status.Findings = []v1alpha1.Finding{
		{Rule: "A", Severity: "Warning", Field: "spec.b", Message: "9 days late"},
		{Rule: "B", Severity: "Warning", Field: "spec.a", Message: "late"},
		{Rule: "A", Severity: "Info", Message: "at risk"},
	}
	return c
}

// stalled makes a campaign stalled.
func stalled(c *v1alpha1.Campaign) {
	ready := &c.Status.Conditions[0]
	ready.Status, ready.Reason, ready.Message = "False", "InvalidSpec", "spec.a: wrong"
	also := *ready
	also.Type, also.Status = "Stalled", "True"
	c.Status.Conditions = append(c.Status.Conditions, also)
}

func TestWhatHoldsViolatesNothing(t *testing.T) {
	if got := Violations(sound()); got != nil {
		t.Errorf("Violations() = %q, want none", got)
	}
	c := sound()
	stalled(c)
	c.Status.Findings = append([]v1alpha1.Finding{{Rule: "Z", Severity: "Error", Message: "wrong"}}, c.Status.Findings...)
	if got := Violations(c); got != nil {
		t.Errorf("stalled: Violations() = %q, want none", got)
	}
}

func TestViolations(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*v1alpha1.Campaign)
		want  string
	}{
		"an old status": {
			func(c *v1alpha1.Campaign) { c.Status.ObservedGeneration = 2 },
			"status.observedGeneration is 2, and the generation is 3",
		},
		"an old condition": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].ObservedGeneration = 2 },
			"observedGeneration of Aligned is 2, and the generation is 3",
		},
		"no Ready": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions = c.Status.Conditions[1:] },
			"condition Ready is missing",
		},
		"a business condition that was not set": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions = c.Status.Conditions[:2] },
			"condition WithinStopRule is missing",
		},
		"a condition twice": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions = append(c.Status.Conditions, c.Status.Conditions[1]) },
			"condition Aligned is there twice",
		},
		"a condition of another kind": {
			func(c *v1alpha1.Campaign) {
				c.Status.Conditions = append(c.Status.Conditions, c.Status.Conditions[1])
				c.Status.Conditions[3].Type, c.Status.Conditions[3].Reason = "OnTrack", "AtRisk"
			},
			"condition OnTrack is none of kind Campaign",
		},
		"a status that is none": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Status = "Maybe" },
			`status of Aligned is "Maybe"`,
		},
		"Reconciling that is False": {
			func(c *v1alpha1.Campaign) {
				x := c.Status.Conditions[0]
				x.Type, x.Status = "Reconciling", "False"
				c.Status.Conditions = append(c.Status.Conditions, x)
			},
			"Reconciling is False: it may only be there while it is True\nreason Evaluated of Reconciling is none that api/v1alpha1 documents for it",
		},
		"no reason": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Reason = "" },
			`reason "" of Aligned is not an identifier`,
		},
		"a reason that is a sentence": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Reason = "not in plan" },
			`reason "not in plan" of Aligned is not an identifier`,
		},
		"a reason of another condition": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Reason = "WithinLimit" },
			"reason WithinLimit of Aligned is none that api/v1alpha1 documents for it",
		},
		"a business reason of Ready": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[0].Reason = "MissingResults" },
			"reason MissingResults of Ready is none that api/v1alpha1 documents for it\n" +
				"Ready is True with reason MissingResults, which is documented for Unknown",
		},
		"a reason for Unknown only": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[2].Status = "False" },
			"WithinStopRule is False with reason MissingResults, which is documented for Unknown",
		},
		"no message": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Message = "" },
			"message of Aligned is empty",
		},
		"a message of two lines": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Message = "a\nb" },
			`message of Aligned is not one line: "a\nb"`,
		},
		"a message with a space at its end": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Message = "a " },
			`message of Aligned begins or ends with a space: "a "`,
		},
		"a message that is too long": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].Message = strings.Repeat("m", 32769) },
			"message of Aligned has 32769 bytes, the API allows 32768",
		},
		"no transition time": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[1].LastTransitionTime = metav1.Time{} },
			"lastTransitionTime of Aligned is 0001-01-01 00:00:00 +0000 UTC: it must be set, in whole seconds as the API keeps it",
		},
		"Ready that is Unknown": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[0].Status = "Unknown" },
			"Ready is Unknown after an evaluation",
		},
		"not ready, and not stalled": {
			func(c *v1alpha1.Campaign) { c.Status.Conditions[0].Status = "False" },
			"Ready is False, and Stalled is there: false; Ready is False if and only if the object is Stalled",
		},
		"stalled for another reason than it is not ready": {
			func(c *v1alpha1.Campaign) { stalled(c); c.Status.Conditions[3].Message = "spec.b: wrong" },
			`Stalled says InvalidSpec: "spec.b: wrong", and Ready says InvalidSpec: "spec.a: wrong"`,
		},
		"ready in spite of an error": {
			func(c *v1alpha1.Campaign) {
				c.Status.Findings = []v1alpha1.Finding{{Rule: "A", Severity: "Error", Message: "wrong"}}
			},
			"a finding is of severity Error, and the object is not Stalled",
		},
		"findings in the wrong order": {
			func(c *v1alpha1.Campaign) { slices.Reverse(c.Status.Findings[:2]) },
			"findings[1] A (spec.b) does not belong after B (spec.a): findings are sorted by severity, rule, field and message, each once",
		},
		"a finding twice": {
			func(c *v1alpha1.Campaign) { c.Status.Findings[1] = c.Status.Findings[0] },
			"findings[1] A (spec.b) does not belong after A (spec.b): findings are sorted by severity, rule, field and message, each once",
		},
		"a rule that is not an identifier": {
			func(c *v1alpha1.Campaign) { c.Status.Findings[2].Rule = "a-rule" },
			`rule "a-rule" of findings[2] is not an identifier`,
		},
		"a severity that is none": {
			func(c *v1alpha1.Campaign) {
				c.Status.Findings = c.Status.Findings[:1]
				c.Status.Findings[0].Severity = "Fatal"
			},
			`severity of findings[0] is "Fatal"`,
		},
		"a finding without a message": {
			func(c *v1alpha1.Campaign) { c.Status.Findings[2].Message = "" },
			"message of findings[2] is empty",
		},
		"a field that is too long": {
			func(c *v1alpha1.Campaign) { c.Status.Findings[2].Field = strings.Repeat("f", 254) },
			"field of findings[2] has 254 bytes, the API allows 253",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := sound()
			tc.spoil(c)
			if diff := cmp.Diff(tc.want, strings.Join(Violations(c), "\n")); diff != "" {
				t.Errorf("Violations() (-want +got):\n%s", diff)
			}
		})
	}
}

func TestNumbersAreBounded(t *testing.T) {
	c := sound()
	for i := range 65 {
		c.Status.Findings = append(c.Status.Findings, v1alpha1.Finding{Rule: "Z", Severity: "Info", Message: strconv.Itoa(100 + i)})
	}
	for range 14 {
		c.Status.Conditions = append(c.Status.Conditions, c.Status.Conditions[1])
	}
	got := Violations(c)
	for _, want := range []string{"68 findings, the API allows 48", "17 conditions, the API allows 16"} {
		if !slices.Contains(got, want) {
			t.Errorf("Violations() = %q, want %q among them", got, want)
		}
	}
}

func TestTheFindingThatSaysHowManyAreLeftOutComesLast(t *testing.T) {
	c := sound()
	c.Status.Findings = append(c.Status.Findings[:2], v1alpha1.Finding{Rule: "Z", Severity: "Info", Message: "z"},
		v1alpha1.Finding{Rule: "FindingsTruncated", Severity: "Info", Message: "5 more findings are not shown: correct those above first"})
	if got := Violations(c); got != nil {
		t.Errorf("Violations() = %q, want none", got)
	}
}

func TestMessagesMustNotCountFromThePresent(t *testing.T) {
	for message, want := range map[string]bool{
		"due in 3 days": true, "due in a month": true, "3 days left": true, "12 days overdue": true, "2 days ago": true, "due today": true,
		"Tomorrow at the latest": true, "overdue for 9 days": true, "late since 2 weeks": true,
		"held on 2026-08-12, 9 days late":                 false,
		"in the 12 months to 2026-09-30":                  false,
		"claim within 90 days of its end":                 false,
		"escalated 7 days after the due date":             false,
		"due 2026-09-01, in grace through 2026-09-06":     false,
		"counted for days on which nothing was agreed on": false,
	} {
		c := sound()
		c.Status.Findings[2].Message = message
		if got := Violations(c); (len(got) > 0) != want {
			t.Errorf("%q: Violations() = %q, want some: %t", message, got, want)
		}
	}
}

func TestKStatus(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*v1alpha1.Campaign)
		want   string
	}{
		"evaluated":                     {func(*v1alpha1.Campaign) {}, Current},
		"not evaluated":                 {func(c *v1alpha1.Campaign) { c.Status = v1alpha1.CampaignStatus{}; c.Status.ObservedGeneration = -1 }, InProgress},
		"evaluated as it was before":    {func(c *v1alpha1.Campaign) { c.Generation = 4 }, InProgress},
		"evaluated as far as it can be": {stalled, Failed},
		"in an evaluation of several ones": {func(c *v1alpha1.Campaign) {
			c.Status.Conditions[1].Type = "Reconciling"
			c.Status.Conditions[1].Status = "True"
		}, InProgress},
		"not ready":          {func(c *v1alpha1.Campaign) { c.Status.Conditions[0].Status = "False" }, InProgress},
		"without conditions": {func(c *v1alpha1.Campaign) { c.Status.Conditions = nil }, InProgress},
		"going":              {func(c *v1alpha1.Campaign) { c.DeletionTimestamp = &metav1.Time{Time: time.Unix(1, 0)} }, Terminating},
	} {
		t.Run(name, func(t *testing.T) {
			c := sound()
			tc.change(c)
			if got := KStatus(c); got != tc.want {
				t.Errorf("KStatus() = %s, want %s", got, tc.want)
			}
		})
	}
}
