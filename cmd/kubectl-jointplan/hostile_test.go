package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/draft/claim"
	"jointplan.dev/jointplan/internal/draft/decision"
	"jointplan.dev/jointplan/internal/offline/lint"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/printable"
	"jointplan.dev/jointplan/internal/view/compare"
	"jointplan.dev/jointplan/internal/view/explain"
	"jointplan.dev/jointplan/internal/view/lineage"
	"jointplan.dev/jointplan/internal/view/report"
)

// What is forged: a question of the plugin, a command of a pipeline, and a formula of a spreadsheet.
const (
	forgedQuestion = "Approve EUR 1.00? [y/N]"
	forgedCommand  = "::error file=x::forged"
	forgedFormula  = `=HYPERLINK("http://x.example","y")`
)

// acting is text that acts on a terminal, on what follows it, or on a pipeline.
const acting = "\x1b[2K\x1b[1A\u009b2J\r\b\u202eevil\u2066\u200b\ufeff\u3164   ##[error]x ##vso[task.complete] שלום 100\u2028" + forgedQuestion + "\n"

// spoilers spoil a text.
var spoilers = map[string]func(string) string{
	"after it": func(text string) string {
		return text + "\n" + forgedQuestion + "\r\n" + forgedCommand + "\n" + acting + forgedQuestion
	},
	"before it": func(text string) string { return forgedCommand + "\n" + forgedQuestion + "\n" + acting + text },
	"a formula first": func(text string) string {
		return forgedFormula + "\n" + forgedCommand + "\v" + forgedQuestion + "\u0085" + text
	},
	"spaces first": func(text string) string { return "   \t" + forgedCommand + "\n\n  " + forgedQuestion + "\n " + text },
}

// written are the types of text that people write, and the fields of type string in which they do.
var (
	writtenTypes = []string{"Title", "Text", "Person", "Word", "Note"}
	writtenIn    = []string{"RequestedBy", "ApprovedBy", "RecordedBy", "By", "ID", "Email"}
)

// spoil changes what people wrote in a value, names too where that is requested. The same text becomes the same, so references stay whole.
func spoil(v reflect.Value, field string, names bool, with func(string) string) (spoilt int) {
	switch v.Kind() { //nolint:exhaustive // specs hold nothing else that is written
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			return spoil(v.Elem(), field, names, with)
		}
	case reflect.Slice:
		for i := range v.Len() {
			spoilt += spoil(v.Index(i), field, names, with)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				spoilt += spoil(v.Field(i), v.Type().Field(i).Name, names, with)
			}
		}
	case reflect.String:
		name := v.Type().Name()
		isText := slices.Contains(writtenTypes, name) || name == "string" && slices.Contains(writtenIn, field) || names && (name == "Name" || name == "ItemName")
		if isText && v.Len() > 0 && v.CanSet() {
			v.SetString(with(v.String()))
			return 1
		}
	}
	return spoilt
}

// attest has a desk record what a partner decides, asks for or claims, from a document.
func attest(object manifest.Object) {
	a := &v1alpha1.Attestation{
		RecordedBy: "desk@northwind.example", Document: "scan 17", SHA256: strings.Repeat("0f", 32), ReceivedOn: "2026-10-30", Channel: v1alpha1.ChannelMail,
	}
	switch x := object.(type) {
	case *v1alpha1.ApprovalDecision:
		if x.Spec.Party == v1alpha1.PartyPartner {
			x.Spec.Attestation = a
		}
	case *v1alpha1.MDFAllocation:
		x.Spec.Attestation = a
	case *v1alpha1.MDFClaim:
		x.Spec.Attestation = a
	}
}

// spoiled returns the samples with all that people write spoilt.
func spoiled(t *testing.T, names bool, with func(string) string) *manifest.Set {
	t.Helper()
	all, err := reader().Read(t.Context(), manifest.Options{Namespace: "default"}, samples)
	if err != nil {
		t.Fatal(err)
	}
	var objects []manifest.Object
	spoilt := 0
	for _, x := range all.Objects() {
		x = x.DeepCopyObject().(manifest.Object)
		attest(x)
		spoilt += spoil(reflect.ValueOf(x).Elem().FieldByName("Spec"), "", names, with)
		x.SetLabels(map[string]string{"region": with("dach"), "territory": with("x")})
		x.SetAnnotations(map[string]string{argoTracking: with("shop") + ":apps/x:" + x.GetNamespace() + "/" + x.GetName()})
		if names {
			x.SetName(with(x.GetName()))
			if x.GetNamespace() != "" {
				x.SetNamespace(with(x.GetNamespace()))
			}
		}
		objects = append(objects, x)
	}
	if spoilt < 400 {
		t.Fatalf("only %d texts are spoilt", spoilt)
	}
	namespaces := map[string]map[string]string{}
	for name, own := range all.Namespaces {
		if names {
			name = with(name)
		}
		namespaces[name] = own
	}
	set, err := manifest.NewSet(objects, namespaces)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// checkPrinted fails a test unless output holds nothing that acts, and no forged line.
func checkPrinted(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.SplitSeq(text, "\n") {
		isolated := false
		for _, r := range line {
			switch {
			case r == '\u2067' && !isolated:
				isolated = true
			case r == '\u2069' && isolated:
				isolated = false
			case !unicode.IsGraphic(r) || strings.ContainsRune("\u3164\u2028\u2029", r):
				t.Fatalf("%s: %U in line %q", what, r, line)
			}
		}
		if isolated {
			t.Fatalf("%s: an isolation stays open in line %q", what, line)
		}
		bare := strings.TrimLeft(line, " │├└─✗!·✓")
		if bare == forgedQuestion || strings.HasPrefix(bare, "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			t.Fatalf("%s: a line is forged: %q", what, line)
		}
	}
}

// seen is what one run of a view printed.
type seen struct{ what, format, text string }

// everyView returns what all commands that show something print of a world.
func everyView(t *testing.T, set *manifest.Set, at time.Time) []seen {
	t.Helper()
	world := preview.New(set)
	objects := world.At(at)
	index := lineage.New(objects)
	v := &view{objects: objects, at: at, set: set}
	var all []seen
	show := func(what, format string, width int, view func(*screen) error) {
		var out bytes.Buffer
		if err := view(&screen{out: &out, width: width}); err != nil { // the error of a command is printed too
			out.WriteString(strings.Join(linesOf(err), "\n"))
		}
		all = append(all, seen{what, format, out.String()})
	}
	for _, width := range []int{0, 60, 100, 200} {
		for _, whole := range []bool{false, true} {
			show(fmt.Sprintf("tree at %d", width), "text", width, func(s *screen) error {
				o := &treeOptions{output: "table", all: whole}
				return o.print(s, v, nil)
			})
		}
		for _, output := range []string{"table", "wide"} {
			show(fmt.Sprintf("actions -o %s at %d", output, width), "text", width, func(s *screen) error {
				o := &actionsOptions{output: output, within: 400}
				return o.print(s, v)
			})
		}
		show("status", "text", width, func(s *screen) error {
			o := &statusOptions{output: "table"}
			states, err := o.seen(v, nil)
			if err != nil {
				return err
			}
			return o.print(s, states, goal{condition: "Approved", status: "True"})
		})
		for _, by := range report.Groupings() {
			show("report by "+by, "text", width, func(s *screen) error {
				o := &reportOptions{by: by, output: "table"}
				return o.print(s, v)
			})
		}
		for _, object := range objects {
			show(fmt.Sprintf("explain %s at %d", manifest.KeyOf(object), width), "text", width, func(s *screen) error {
				printExplanation(s, explain.Object(index, object, at))
				return nil
			})
		}
	}
	for _, format := range []string{"json", "yaml"} {
		show("tree", format, 0, func(s *screen) error {
			o := &treeOptions{output: format, all: true}
			return o.print(s, v, nil)
		})
		show("actions", format, 0, func(s *screen) error {
			o := &actionsOptions{output: format, within: 400}
			return o.print(s, v)
		})
		show("report", format, 0, func(s *screen) error {
			o := &reportOptions{by: "channel-manager", output: format}
			return o.print(s, v)
		})
		show("preview", format, 0, func(s *screen) error {
			o := &previewOptions{output: format}
			return o.printObjects(t.Context(), s.out, objects)
		})
		show("explain", format, 0, func(s *screen) error { return encode(s.out, format, explain.Object(index, objects[0], at)) })
	}
	for _, by := range report.Groupings() {
		show("report by "+by, "csv", 0, func(s *screen) error {
			o := &reportOptions{by: by, output: "csv"}
			return o.print(s, v)
		})
	}
	show("preview", "text", 0, func(s *screen) error {
		o := &previewOptions{output: "table"}
		return o.printObjects(t.Context(), s.out, objects)
	})
	show("preview --until", "text", 0, func(s *screen) error {
		o := &previewOptions{output: "table"}
		return o.printTimeline(t.Context(), s.out, world, at, at.AddDate(0, 0, 2))
	})
	problems := lint.Findings(objects, set.Origins)
	problems = append(problems, lint.Problem{File: forgedCommand + "\n" + acting, Line: 1, Severity: "Error", Rule: "A", Field: acting, Object: acting, Message: acting})
	for _, output := range []string{"text", "github", "json"} {
		show("lint -o "+output, output, 0, func(s *screen) error {
			o := &lintOptions{output: output}
			return o.print(s.out, problems, len(objects), at)
		})
	}
	before, err := manifest.NewSet(set.Objects()[:len(set.Objects())/2], set.Namespaces)
	if err != nil {
		t.Fatal(err)
	}
	compared := compare.Worlds(preview.NewAsOf(before, at).At(at), objects)
	compared.Against = acting
	for _, output := range []string{"text", "json", "markdown"} {
		show("diff -o "+output, output, 0, func(s *screen) error {
			o := &diffOptions{output: output}
			return o.print(s.out, compared)
		})
	}
	return append(all, everyDraft(t, v)...)
}

// everyDraft returns what the commands that write something print before they do, of all that can be written about the objects of a view.
func everyDraft(t *testing.T, v *view) []seen {
	t.Helper()
	var all []seen
	add := func(what, format, text string) { all = append(all, seen{what, format, text}) }
	drafted := map[v1alpha1.DecisionOutcome]int{}
	for _, object := range v.objects {
		key := manifest.KeyOf(object)
		for _, outcome := range []v1alpha1.DecisionOutcome{
			v1alpha1.DecisionApproved, v1alpha1.DecisionReturned, v1alpha1.DecisionRejected, v1alpha1.DecisionConfirmed, v1alpha1.DecisionDisputed,
			v1alpha1.DecisionSubmitted,
		} {
			wish := decision.Wish{Target: object, Outcome: outcome, By: "mallory" + acting, Comment: v1alpha1.Text("no" + acting), At: v.at}
			if key.Kind == "JointPlan" && outcome != v1alpha1.DecisionSubmitted {
				wish.Party = v1alpha1.PartyVendor
			}
			draft, err := decision.New(v.objects, wish)
			if err != nil {
				add(fmt.Sprintf("%s %s is refused", outcome, key), "text", strings.Join(linesOf(err), "\n"))
				continue
			}
			drafted[outcome]++
			text, err := manifestOf(draft.Decision)
			if err != nil {
				t.Fatal(err)
			}
			add(fmt.Sprintf("%s %s", outcome, key), "text", shown(draft, object)+question(draft)+" [y/N] ")
			if key.Kind == "MDFAllocation" && outcome == v1alpha1.DecisionApproved {
				excepting := *draft
				excepting.Decision, excepting.Exception = draft.Decision.DeepCopy(), "approver 1 of 2"
				excepting.Decision.Spec.Exception = &v1alpha1.DecisionException{Reason: v1alpha1.Text("ill" + acting)}
				add(fmt.Sprintf("%s %s as an exception", outcome, key), "text", shown(&excepting, object)+question(&excepting)+" [y/N] ")
			}
			add(fmt.Sprintf("%s %s", outcome, key), "yaml", string(text))
			command := &cobra.Command{}
			command.SetOut(io.Discard)
			refusal := refuseTracked(command, draft.Decision, object, deliveredBy(object))
			add(fmt.Sprintf("%s %s, delivered", outcome, key), "text", strings.Join(linesOf(refusal), "\n"))
		}
		if plan, ok := object.(*v1alpha1.JointPlan); ok {
			review := &v1alpha1.PlanReview{}
			review.Name, review.Namespace = "hostile", plan.Namespace
			review.Spec = v1alpha1.PlanReviewSpec{
				PlanRef: v1alpha1.Reference{Name: v1alpha1.Name(plan.Name)}, Occasion: v1alpha1.OccasionReview, Party: v1alpha1.PartyVendor,
				RecordedBy: "mallory" + acting, RecordedTime: metav1.NewTime(v.at), HeldOn: "2026-11-03", Outcome: "OnTrack",
				NoActionsBecause: v1alpha1.Title(acting), Obstacles: []v1alpha1.Title{v1alpha1.Title(acting)}, Lessons: []v1alpha1.Title{v1alpha1.Title(acting)},
				Goals:     []v1alpha1.GoalOutcome{{Goal: v1alpha1.Name(acting), Realistic: "TooHigh", Note: v1alpha1.Title(acting)}},
				Attendees: []v1alpha1.Attendee{{Name: v1alpha1.Person(acting), Party: "Vendor", Functions: []v1alpha1.Function{v1alpha1.Function(forgedCommand)}}},
			}
			text, err := manifestOf(review)
			if err != nil {
				t.Fatal(err)
			}
			add("review", "yaml", string(text))
			effect, err := effectOfReview(v, plan, review)
			if err != nil {
				effect = strings.Join(linesOf(err), "\n")
			}
			add(fmt.Sprintf("review of %s", key), "text", effect)
		}
		if request, ok := object.(*v1alpha1.MDFAllocation); ok {
			draft, err := claim.New(v.objects, claim.Wish{
				Request: request, By: "mallory" + acting, At: v.at, Costs: []v1alpha1.ClaimedCost{{
					Invoice: v1alpha1.Word(acting), Supplier: v1alpha1.Title(forgedFormula), Net: "1.00", IncurredOn: "2026-11-01",
				}},
				Proofs: []v1alpha1.Proof{{Type: "Invoice", Reference: v1alpha1.Note("a\n" + forgedQuestion + "\n" + acting)}},
			})
			if err != nil {
				add(fmt.Sprintf("claim on %s is refused", key), "text", strings.Join(linesOf(err), "\n"))
				continue
			}
			command := &cobra.Command{}
			var out bytes.Buffer
			command.SetErr(&out)
			tellClaim(command, draft)
			text, err := commented(draft)
			if err != nil {
				t.Fatal(err)
			}
			add(fmt.Sprintf("claim on %s", key), "text", out.String())
			add(fmt.Sprintf("claim on %s", key), "yaml", string(text))
		}
	}
	for _, outcome := range []v1alpha1.DecisionOutcome{
		v1alpha1.DecisionApproved, v1alpha1.DecisionReturned, v1alpha1.DecisionRejected, v1alpha1.DecisionSubmitted,
	} {
		if drafted[outcome] == 0 {
			t.Errorf("nothing is %s", outcome)
		}
	}
	return all
}

// TestWhatPeopleWroteForgesNothing spoils every text that people write in the samples, evaluates them, and looks at every line that any command
// prints of them: no text begins a line that looks like one of the plugin's, none acts on a terminal, a pipeline or a spreadsheet, and data stay
// data.
func TestWhatPeopleWroteForgesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("evaluates all samples many times")
	}
	at, err := time.Parse(time.RFC3339, storyAt)
	if err != nil {
		t.Fatal(err)
	}
	for name, with := range spoilers {
		for _, names := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, names %v", name, names), func(t *testing.T) {
				t.Parallel()
				set := spoiled(t, names, with)
				checkStatuses(t, preview.New(set).At(at))
				for _, one := range everyView(t, set, at) {
					checkSeen(t, one)
				}
			})
		}
	}
}

// checkSeen checks one output by its format.
func checkSeen(t *testing.T, one seen) {
	t.Helper()
	var data any
	switch one.format {
	case "github":
		for line := range strings.Lines(one.text) {
			if rest, ok := strings.CutPrefix(line, "::"); !ok || !slices.Contains([]string{"error", "warning", "notice"}, strings.SplitN(rest, " ", 2)[0]) {
				t.Fatalf("%s: a line is not an annotation: %q", one.what, line)
			}
			checkPrinted(t, one.what, strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "::"))
		}
		return
	case "csv":
		rows, err := csv.NewReader(strings.NewReader(one.text)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", one.what, err)
		}
		for _, row := range rows {
			if row[0] != "" && strings.ContainsAny(row[0][:1], "=+-@\t\r") {
				t.Fatalf("%s: a formula: %q", one.what, row[0])
			}
		}
	case "json":
		if err := json.Unmarshal([]byte(one.text), &data); err != nil {
			t.Fatalf("%s: %v", one.what, err)
		}
	case "yaml":
		if err := yaml.Unmarshal([]byte(one.text), &data); err != nil {
			t.Fatalf("%s: %v\n%s", one.what, err, one.text)
		}
	}
	checkPrinted(t, one.what+" ("+one.format+")", one.text)
}

// checkStatuses checks that messages are printable lines already where they stand in a status.
func checkStatuses(t *testing.T, objects []manifest.Object) {
	t.Helper()
	for _, object := range objects {
		for _, c := range preview.Common(object).Conditions {
			if printable.Line(c.Message) != c.Message {
				t.Fatalf("%s: condition %s: %q", manifest.KeyOf(object), c.Type, c.Message)
			}
		}
		for _, f := range preview.Common(object).Findings {
			if printable.Line(f.Message) != f.Message || printable.Line(f.Field) != f.Field {
				t.Fatalf("%s: finding %s: %q, %q", manifest.KeyOf(object), f.Rule, f.Field, f.Message)
			}
		}
	}
}

// TestHostileManifestsAreRefusedInPrintableLines gives such manifests to every command that reads files: with text that an API server would
// refuse, and named so.
func TestHostileManifestsAreRefusedInPrintableLines(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads all samples many times")
	}
	for _, names := range []bool{false, true} {
		folder := filepath.Join(t.TempDir(), "::error file=x::\n"+forgedQuestion+"\u202e\x1b[2K")
		writeSet(t, spoiled(t, names, spoilers["after it"]), folder)
		for _, args := range everyCommand() {
			got := kubectlJointplan(t, "", append(args, "-f", folder, "--at", storyAt)...)
			if got.Code != exitInput && got.Code != exitFailed {
				t.Fatalf("%v: exit code %d", args, got.Code)
			}
			what := strings.Join(args, " ")
			checkPrinted(t, what, got.Stderr)
			switch {
			case slices.Contains(args, "github"):
				checkSeen(t, seen{what, "github", got.Stdout})
			default:
				checkPrinted(t, what, got.Stdout)
			}
		}
	}
}

// TestAdmittedTextForgesNothing writes into the samples the worst that the schema lets in, and runs every command on them.
func TestAdmittedTextForgesNothing(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads all samples many times")
	}
	all, err := reader().Read(t.Context(), manifest.Options{Namespace: "default"}, samples)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range all.Objects() {
		admit(reflect.ValueOf(x).Elem().FieldByName("Spec"))
	}
	folder := t.TempDir()
	writeSet(t, all, folder)
	for _, args := range everyCommand() {
		got := kubectlJointplan(t, "", append(args, "-f", folder, "--at", storyAt)...)
		what := strings.Join(args, " ")
		if got.Code == exitInput && !strings.HasPrefix(what, "review") { // whose plan stands in no block of lines
			t.Errorf("%s: exit code %d: %s", what, got.Code, got.Stderr)
		}
		checkPrinted(t, what, got.Stderr)
		if slices.Contains(args, "github") {
			checkSeen(t, seen{what, "github", got.Stdout})
			continue
		}
		checkPrinted(t, what, got.Stdout)
	}
}

// admit puts into texts what the schema lets in: line breaks where several lines may be, and one line of anything elsewhere.
func admit(v reflect.Value) {
	switch v.Kind() { //nolint:exhaustive // specs hold nothing else that is written
	case reflect.Pointer:
		if !v.IsNil() {
			admit(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			admit(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				admit(v.Field(i))
			}
		}
	case reflect.String:
		switch {
		case v.Len() == 0 || !v.CanSet():
		case v.Type().Name() == "Text" || v.Type().Name() == "Note":
			v.SetString(v.String()[:min(v.Len(), 100)] + "\n" + forgedQuestion + "\n\t " + forgedCommand + "\n" + forgedFormula)
		case v.Type().Name() == "Title":
			v.SetString(forgedCommand + "   " + v.String()[:min(v.Len(), 20)] + " שלום 100 ##[error]x " + forgedQuestion)
		}
	}
}

// everyCommand are command lines of all commands that read files, without the files.
func everyCommand() [][]string {
	return [][]string{
		{"tree", "--all"},
		{"tree", "-o", "yaml"},
		{"explain", "plan/acme-fy27-h1"},
		{"explain", "claim/acme-cloud-webinar-2"},
		{"explain", "partner/acme"},
		{"explain", "mdfallocation/acme-customer-day", "-o", "json"},
		{"actions", "--within", "400"},
		{"actions", "-o", "wide"},
		{"status"},
		{"report", "--by", "channel-manager"},
		{"report", "--by", "partner", "-o", "csv"},
		{"preview"},
		{"preview", "-o", "yaml"},
		{"preview", "--until", "2026-11-10T00:00:00Z"},
		{"lint"},
		{"lint", "-o", "github"},
		{"lint", "-o", "json"},
		{"diff", "--base", samples},
		{"diff", "--base", samples, "-o", "markdown"},
		{"approve", "request/acme-customer-day", "--by", "dirk"},
		{"return", "claim/acme-cloud-webinar-2", "--by", "vera", "--comment", "no"},
		{"reject", "acme-fy27-h1", "--party", "Partner", "--by", "x", "--comment", "no"},
		{"claim", "acme-migration-roadshow", "--by", "p", "--cost", "RS-1:Hotel:64.00:2026-10-20", "--proof", "Invoice:a", "--write", "-"},
		{"review", "acme-fy27-h1", "--held-on", "2026-11-03", "--outcome", "OnTrack", "--attendee", "V:Vendor", "--attendee", "P:Partner", "--no-actions", "x", "-o", "yaml"},
	}
}

// writeSet writes objects into a folder, each into a file of its own.
func writeSet(t *testing.T, set *manifest.Set, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(name string, object any) {
		var text bytes.Buffer
		if err := encode(&text, "yaml", object); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i, object := range set.Objects() {
		content, err := unstructuredOf(object)
		if err != nil {
			t.Fatal(err)
		}
		delete(content.Object, "status")
		write(fmt.Sprintf("%03d.yaml", i), content.Object)
	}
	for i, name := range slices.Sorted(maps.Keys(set.Namespaces)) {
		write(fmt.Sprintf("namespace-%d.yaml", i), map[string]any{
			"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name, "labels": set.Namespaces[name]},
		})
	}
}
