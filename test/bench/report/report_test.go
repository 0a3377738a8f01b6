package report_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/test/bench/report"
)

func sample() *report.Report {
	return &report.Report{Machine: "2 cores", Versions: "go1.26", Date: "2026-11-22", Figures: []report.Figure{
		report.New("R", "ratio", report.AtMost(1.15), 1.2, 1.1, 1.154),
		report.New("W", "ratio", report.AtMost(1), 1.25),
		report.New("rate", "writes/s", nil, 412, 380),
	}}
}

func TestAFigureIsTheMedianAndMeetsItsBarAsShown(t *testing.T) {
	f := sample().Figures
	if f[0].Value != 1.154 || f[0].Min != 1.1 || f[0].Max != 1.2 || !*f[0].Meets {
		t.Errorf("R = %+v, want 1.15 as shown, which meets the bar", f[0])
	}
	if *f[1].Meets {
		t.Errorf("W = %+v, which does not meet its bar", f[1])
	}
	if f[2].Meets != nil || f[2].Bar != nil {
		t.Errorf("rate = %+v has no bar to meet", f[2])
	}
}

func TestTable(t *testing.T) {
	var b strings.Builder
	if err := sample().Table(&b); err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"FIGURE  MEDIAN  MIN   MAX   UNIT      BAR      MEETS",
		"R       1.15    1.10  1.20  ratio     <= 1.15  yes",
		"W       1.25    1.25  1.25  ratio     <= 1     no",
		"rate    396     380   412   writes/s           ",
		"",
	}, "\n")
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestTheFileHasTheStatedForm(t *testing.T) {
	path := filepath.Join(t.TempDir(), "latest.json")
	if err := sample().Write(path); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	figures, _ := got["figures"].([]any)
	want := map[string]any{"name": "rate", "value": 396.0, "unit": "writes/s", "min": 380.0, "median": 396.0, "max": 412.0, "bar": nil, "meets": nil}
	if diff := cmp.Diff(want, figures[2]); diff != "" {
		t.Errorf("a figure without a bar (-want +got):\n%s", diff)
	}
	first, _ := figures[0].(map[string]any)
	if first["bar"] != "<= 1.15" || first["meets"] != true {
		t.Errorf("a figure with a bar = %v", first)
	}
}

func TestDocumentReplacesTheSectionBetweenTheMarkers(t *testing.T) {
	text := "before\n" + report.Begin + "\nold\n" + report.End + "\nafter\n"
	got, err := report.Document(text, sample().Markdown())
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "old") || !strings.HasPrefix(got, "before\n") || !strings.HasSuffix(got, "\nafter\n") ||
		!strings.Contains(got, "| R | 1.15 | 1.10 | 1.20 | ratio | <= 1.15 | yes |") {
		t.Errorf("document:\n%s", got)
	}
	if again, err := report.Document(got, sample().Markdown()); err != nil || again != got {
		t.Errorf("the second time it is another one: %v", err)
	}
	if _, err := report.Document("no markers", "x"); err == nil {
		t.Error("a document without markers must be refused")
	}
}
