package results

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	importsv1alpha1 "jointplan.dev/jointplan/api/imports/v1alpha1"
	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/table"
	"jointplan.dev/jointplan/internal/testobj"
)

var update = flag.Bool("update", false, "write the messages of the dirty files anew")

// dirty is the folder of files with dirt. Beside each CSV file NAME.csv is NAME.want, with the kind of dirt and the right values, and NAME.yaml with its
// mapping where that of the folder does not do.
const dirty = "testdata/dirty"

// now is the instant of all imports of tests.
var now = time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)

// world has the partners, plans and campaigns of the tests.
func world() []manifest.Object {
	objects := []manifest.Object{testobj.Program("northwind").Obj()}
	for name, title := range map[string]string{
		"acme": "Acme", "bolt": `The "Best" Bolts`, "corvid": "Corvid", "mueller": "Müller & Söhne", "twin-a": "Twins Inc", "twin-b": "Twins Inc",
	} {
		partner := testobj.Partner(name).In("partner-" + name).Obj()
		partner.Spec.DisplayName = v1alpha1.Title(title)
		objects = append(objects, partner)
	}
	for _, name := range []string{"acme", "bolt"} {
		plan := testobj.Plan("h1").Obj()
		plan.Namespace, plan.Spec.PartnerRef.Name = "partner-"+name, v1alpha1.Name(name)
		campaign := testobj.Campaign("webinar-"+name, "h1")
		campaign.Namespace = "partner-" + name
		objects = append(objects, plan, campaign)
	}
	return objects
}

// mappingOf reads a mapping as the command does.
func mappingOf(tb testing.TB, file string) *importsv1alpha1.ResultsMappingSpec {
	tb.Helper()
	set, err := manifest.NewMappingReader().Read(tb.Context(), manifest.Options{}, file)
	if err != nil {
		tb.Fatal(err)
	}
	return &set.Objects()[0].(*importsv1alpha1.ResultsMapping).Spec
}

// told is what came of a file: the values by subject, the places of what was rejected, and the messages.
type told struct {
	lines    []string
	messages []string
}

func tell(outcome *Outcome, err error) told {
	var x told
	if err != nil {
		return told{lines: []string{"error: " + err.Error()}, messages: []string{err.Error()}}
	}
	for _, set := range outcome.Sets {
		for _, entry := range set.Spec.Entries {
			about := strings.TrimPrefix(set.Namespace, "partner-")
			if set.Spec.SubjectRef.Kind != v1alpha1.SubjectPartner {
				about += "/" + string(set.Spec.SubjectRef.Name)
			}
			x.lines = append(x.lines, fmt.Sprintf("%s %s %s %s", about, entry.Metric, entry.Day, entry.Value))
		}
	}
	for _, r := range outcome.Rejections {
		place, _, _ := strings.Cut(r.Place, " of sheet")
		if line := "rejected " + place; !slices.Contains(x.lines, line) {
			x.lines = append(x.lines, line)
		}
		x.messages = append(x.messages, fmt.Sprintf("%s, %s %q: %s", r.Place, r.Column, r.Value, r.Message))
	}
	if outcome.LeftOut > 0 {
		x.lines = append(x.lines, fmt.Sprintf("left out %d", outcome.LeftOut))
	}
	for _, reason := range outcome.Reasons {
		x.messages = append(x.messages, fmt.Sprintf("left out: %s", reason.Reason))
	}
	slices.Sort(x.lines)
	return x
}

// want reads what should come of a file: nothing but a part of an error is compared of one.
func want(text string) (dirt string, lines []string) {
	dirt, rest, _ := strings.Cut(strings.TrimPrefix(text, "# "), "\n")
	for line := range strings.Lines(rest) {
		if line = strings.TrimSpace(line); line != "left out 0" && line != "" {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return dirt, lines
}

func compare(t *testing.T, lines []string, got told) {
	t.Helper()
	if len(lines) == 1 && strings.HasPrefix(lines[0], "error: ") {
		if part := strings.TrimPrefix(lines[0], "error: "); len(got.lines) != 1 || !strings.HasPrefix(got.lines[0], "error: ") || !strings.Contains(got.lines[0], part) {
			t.Errorf("got %q, want an error with %q", got.lines, part)
		}
		return
	}
	if diff := cmp.Diff(lines, got.lines); diff != "" {
		t.Errorf("(-want +got):\n%s\n%s", diff, strings.Join(got.messages, "\n"))
	}
}

func TestDirtyFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(dirty, "*.csv"))
	if err != nil || len(files) < 40 {
		t.Fatalf("%d files (%v)", len(files), err)
	}
	messages := &bytes.Buffer{}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".csv")
		t.Run(name, func(t *testing.T) {
			spec := mappingOf(t, mappingBeside(file))
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(strings.TrimSuffix(file, ".csv") + ".want")
			if err != nil {
				t.Fatal(err)
			}
			dirt, lines := want(string(text))
			got := tell(importCSV(spec, data))
			compare(t, lines, got)
			fmt.Fprintf(messages, "%s: %s\n", name, dirt)
			for _, message := range got.messages {
				fmt.Fprintf(messages, "  %s\n", message)
			}
		})
	}
	golden := filepath.Join(dirty, "messages.txt")
	if *update {
		if err := os.WriteFile(golden, messages.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	known, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(known), messages.String()); diff != "" {
		t.Errorf("messages (-want +got); write them anew with -update:\n%s", diff)
	}
}

func mappingBeside(file string) string {
	own := strings.TrimSuffix(file, ".csv") + ".yaml"
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return filepath.Join(dirty, "mapping.yaml")
}

func importCSV(spec *importsv1alpha1.ResultsMappingSpec, data []byte) (*Outcome, error) {
	options := table.Text{Headers: Headers(spec)}
	if spec.File != nil {
		options.Encoding = string(spec.File.Encoding)
		for _, r := range spec.File.Delimiter {
			options.Delimiter = r
		}
	}
	source, err := table.NewCSV(bytes.NewReader(data), options)
	if err != nil {
		return nil, err
	}
	return Import(NewDirectory(world()), spec, source, Options{At: now})
}
