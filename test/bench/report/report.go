// Package report says what a benchmark found: as a table, as JSON, and as a section of a document.
package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"

	"jointplan.dev/jointplan/test/bench/stats"
)

// Bar is what a figure has to reach: at most a limit.
type Bar struct {
	// AtMost is the greatest value that meets the bar.
	AtMost float64 `json:"atMost"`
}

// MarshalText writes a bar as "<= 1.15".
func (b Bar) MarshalText() ([]byte, error) { return []byte(b.String()), nil }

// String returns a bar as "<= 1.15".
func (b Bar) String() string { return "<= " + number(b.AtMost) }

// AtMost returns the bar that a figure must not exceed.
func AtMost(limit float64) *Bar { return &Bar{AtMost: limit} }

// Figure is one figure with its spread over the repetitions, and the bar that it has to reach if there is one.
type Figure struct {
	Name   string  `json:"name"`
	Value  float64 `json:"value"` // the median
	Unit   string  `json:"unit"`
	Min    float64 `json:"min"`
	Median float64 `json:"median"`
	Max    float64 `json:"max"`
	Bar    *Bar    `json:"bar"`
	Meets  *bool   `json:"meets"` // absent without a bar
}

// New returns a figure of samples. A bar is met by the median.
func New(name, unit string, bar *Bar, samples ...float64) Figure {
	s := stats.Of(samples...)
	f := Figure{Name: name, Unit: unit, Value: s.Median, Min: s.Min, Median: s.Median, Max: s.Max, Bar: bar}
	if bar != nil {
		meets := rounded(s.Median) <= bar.AtMost
		f.Meets = &meets
	}
	return f
}

// Report is what one run found.
type Report struct {
	Machine  string   `json:"machine"`
	Versions string   `json:"versions"`
	Date     string   `json:"date"`
	Figures  []Figure `json:"figures"`
}

// Table writes the figures as a table.
func (r *Report) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "FIGURE\tMEDIAN\tMIN\tMAX\tUNIT\tBAR\tMEETS")
	for i := range r.Figures {
		fmt.Fprintln(t, strings.Join(r.Figures[i].cells(), "\t"))
	}
	return t.Flush()
}

// Markdown returns the figures as a section of a document.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, on %s; %s.\n\n| figure | median | min | max | unit | bar | meets |\n|---|---|---|---|---|---|---|\n", r.Date, r.Machine, r.Versions)
	for i := range r.Figures {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(r.Figures[i].cells(), " | "))
	}
	return b.String()
}

func (f *Figure) cells() []string {
	bar, meets := "", ""
	if f.Bar != nil {
		bar = f.Bar.String()
	}
	switch {
	case f.Meets == nil:
	case *f.Meets:
		meets = "yes"
	default:
		meets = "no"
	}
	return []string{f.Name, number(f.Median), number(f.Min), number(f.Max), f.Unit, bar, meets}
}

// Write writes the report as JSON into a file.
func (r *Report) Write(path string) error {
	var b bytes.Buffer
	to := json.NewEncoder(&b)
	to.SetEscapeHTML(false) // a bar begins with <
	to.SetIndent("", "  ")
	if err := to.Encode(r); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// Markers of the section of a document that is generated.
const (
	Begin = "<!-- figures: written by go run ./test/bench -docs -->"
	End   = "<!-- end of figures -->"
)

// Document returns a document with the section between the markers replaced.
func Document(text, section string) (string, error) {
	before, rest, found := strings.Cut(text, Begin)
	_, after, ended := strings.Cut(rest, End)
	if !found || !ended {
		return "", fmt.Errorf("the document lacks the markers %q and %q", Begin, End)
	}
	return before + Begin + "\n\n" + section + "\n" + End + after, nil
}

// rounded is a value to the digits that are shown, so that what looks as if it met a bar does.
func rounded(v float64) float64 {
	r, err := strconv.ParseFloat(number(v), 64)
	if err != nil {
		return v
	}
	return r
}

// number shows three digits, and all of a whole number.
func number(v float64) string {
	switch magnitude := max(v, -v); {
	case v == float64(int64(v)):
		return strconv.FormatInt(int64(v), 10)
	case magnitude < 10:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case magnitude < 100:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
}
