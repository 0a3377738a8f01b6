package lint_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/lint"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
)

const partner = `apiVersion: channel.jointplan.dev/v1alpha1
kind: Partner
metadata: {name: acme, namespace: partner-acme}
spec:
  type: Reseler
  programRef: {name: northwind}
  nmae: Acme
`

func read(t *testing.T, text string, sources ...string) (*manifest.Set, error) {
	t.Helper()
	return manifest.NewReader().Read(t.Context(), manifest.Options{Stdin: strings.NewReader(text)}, sources...)
}

func TestManifestErrorsComeWithTheirLines(t *testing.T) {
	_, err := read(t, partner, "-", "nowhere.yaml")
	problems, unreadable := lint.Manifests(err)
	var got []string
	for i := range problems {
		line, _, _ := strings.Cut(problems[i].String(), ": supported")
		got = append(got, line)
	}
	want := []string{
		"stdin:1: error InvalidManifest: Partner partner-acme/acme: some validation rules were not checked because the object was invalid; " +
			"correct the existing errors to complete validation",
		`stdin:5: error InvalidManifest: Partner partner-acme/acme: spec.type: Unsupported value: "Reseler"`,
		"stdin:7: error InvalidManifest: Partner partner-acme/acme: spec.nmae: unknown field",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if unreadable == nil || unreadable.Error() != "nowhere.yaml: no such file or directory" {
		t.Errorf("what cannot be read: %v", unreadable)
	}
}

func TestWithoutErrorsThereIsNothing(t *testing.T) {
	if problems, unreadable := lint.Manifests(nil); problems != nil || unreadable != nil {
		t.Errorf("got %v, %v", problems, unreadable)
	}
}

// TestProblemsHaveColumns: of a field that of its name, of an entry that of its beginning; JSON has none.
func TestProblemsHaveColumns(t *testing.T) {
	const plan = `{apiVersion: channel.jointplan.dev/v1alpha1, kind: JointPlan, metadata: {name: ä, namespace: a},
  spec: {partnerRef: {name: a}, period: {fiscalYear: 2027}, goals: [{name: x, metric: m, taget: 1}, {name: y, name: z}]}}
`
	for text, want := range map[string][]int{
		partner: {1, 3, 3},
		plan:    {1, 74, 69, 90, 101, 111},
		`{"apiVersion": "channel.jointplan.dev/v1alpha1", "kind": "Partner", "metadata": {"name": "a"}, "spec": {}}`: {0, 0},
	} {
		_, err := read(t, text, "-")
		problems, _ := lint.Manifests(err)
		var got []int
		for i := range problems {
			got = append(got, problems[i].Column)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("columns of\n%v\n(-want +got):\n%s", err, diff)
		}
	}
}

// TestFindingsPointAtTheirFields reads samples, and looks for what a finding is about at the line that it names.
func TestFindingsPointAtTheirFields(t *testing.T) {
	set, err := read(t, "", "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	problems := lint.Findings(preview.New(set).At(time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)), set.Origins)
	got := map[string]string{}
	for i := range problems {
		if strings.HasSuffix(problems[i].File, "finch/plans.yaml") && problems[i].Severity == v1alpha1.SeverityError {
			got[problems[i].Field] = line(t, problems[i].File, problems[i].Line)
		}
	}
	want := map[string]string{
		"spec.goals": "goals:", "spec.goals[cloud-revenue].metric": "metric: new-revenues", "spec.goals[leads].due": `due: "2027-07-31"`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines of finch-fy27-h2 (-want +got):\n%s", diff)
	}
	if !slices.IsSortedFunc(problems, func(a, b lint.Problem) int { return strings.Compare(a.File, b.File) }) {
		t.Error("the problems are not in the order of their files")
	}
	for i := range problems {
		if problems[i].File == "" || problems[i].Line == 0 {
			t.Errorf("no place: %s", problems[i].String())
		}
	}
}

// line returns what stands on a line of a file, without its comment.
func line(t *testing.T, file string, number int) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	content, _, _ := strings.Cut(strings.Split(string(text), "\n")[number-1], " #")
	return strings.TrimSpace(content)
}

func TestTheGravestOfALineComesFirst(t *testing.T) {
	object := &v1alpha1.Partner{}
	object.SetGroupVersionKind(v1alpha1.GroupVersion.WithKind("Partner"))
	object.Name = "acme"
	for _, severity := range []v1alpha1.Severity{v1alpha1.SeverityInfo, v1alpha1.SeverityError, v1alpha1.SeverityWarning} {
		object.Status.Findings = append(object.Status.Findings, v1alpha1.Finding{Rule: "A", Severity: severity, Message: "m"})
	}
	var got []string
	problems := lint.Findings([]manifest.Object{object}, nil)
	for i := range problems {
		got = append(got, problems[i].String())
	}
	if diff := cmp.Diff([]string{"error A: Partner acme: m", "warning A: Partner acme: m", "info A: Partner acme: m"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for severity, want := range map[v1alpha1.Severity]int{v1alpha1.SeverityInfo: 3, v1alpha1.SeverityWarning: 2, v1alpha1.SeverityError: 1} {
		if atLeast, count := lint.AtLeast(problems, severity), lint.Count(problems, severity); atLeast != want || count != 1 {
			t.Errorf("%s: %d at least, %d of it; want %d and 1", severity, atLeast, count, want)
		}
	}
}

func TestAnnotation(t *testing.T) {
	for name, tc := range map[string]struct {
		problem lint.Problem
		want    string
	}{
		"all of it": {
			lint.Problem{File: "plans/acme.yaml", Line: 14, Severity: "Error", Rule: "GoalDue", Object: "JointPlan a/b", Field: "spec.goals", Message: "late"},
			"::error file=plans/acme.yaml,line=14,title=GoalDue::JointPlan a/b: spec.goals: late",
		},
		"a warning without a field": {
			lint.Problem{File: "a.yaml", Line: 1, Severity: "Warning", Rule: "R", Message: "m"}, "::warning file=a.yaml,line=1,title=R::m",
		},
		"a note without a place": {lint.Problem{Severity: "Info", Rule: "R", Message: "m"}, "::notice title=R::m"},
		"what would end a property": {
			lint.Problem{File: "a,b:c%d.yaml", Line: 2, Severity: "Error", Rule: "R", Message: "m"}, "::error file=a%2Cb%3Ac%25d.yaml,line=2,title=R::m",
		},
		"what would end the command": {
			lint.Problem{File: "a.yaml", Severity: "Error", Rule: "R", Message: "50%\r\n::error::forged, :"},
			"::error file=a.yaml,title=R::50%25 ⏎ : :error::forged, :",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := tc.problem.Annotation(); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestParseSeverity(t *testing.T) {
	for text, want := range map[string]v1alpha1.Severity{"Error": "Error", "warning": "Warning", "INFO": "Info"} {
		if got, err := lint.ParseSeverity(text); err != nil || got != want {
			t.Errorf("%s: %s, %v", text, got, err)
		}
	}
	if _, err := lint.ParseSeverity("fatal"); err == nil || err.Error() != `"fatal" is not a severity: it must be Info, Warning or Error` {
		t.Errorf("fatal: %v", err)
	}
}
