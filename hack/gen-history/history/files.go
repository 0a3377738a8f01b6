// Package history writes samples that have a past: a story in Go, from which the files of its partners follow by templates, with the revisions that the
// decisions of both parties name.
package history

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	"sigs.k8s.io/yaml"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	plans "jointplan.dev/jointplan/internal/rules/plan"
)

// Partners is the folder whose files are all written.
const Partners = "partners"

// list is the file that names all others.
const list = "kustomization.yaml"

//go:embed templates/*.tmpl
var sources embed.FS

// Files returns the files of the partners by name, and the list of all files, those included that a folder of samples has beside them.
func Files(folder fs.FS) (map[string][]byte, error) {
	templates, err := template.New("").Funcs(template.FuncMap{"thousands": thousands, "days": addDays, "words": words}).ParseFS(sources, "templates/*.tmpl")
	if err != nil {
		return nil, err
	}
	w := writer{templates: templates, files: map[string][]byte{}}
	others, err := fs.Glob(folder, "*/*.yaml")
	if err != nil {
		return nil, err
	}
	names := slices.Clone(others)
	for i := range partners {
		for _, name := range []string{"partner", "plans", "reviews", "campaigns", "results", "funding", "approvals"} {
			file, err := w.write(&partners[i], name)
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", name, partners[i].Name, err)
			}
			if file != "" {
				names = append(names, file)
			}
		}
	}
	w.files[list], err = w.text(list, names)
	return w.files, err
}

// writer writes files from templates.
type writer struct {
	templates *template.Template
	files     map[string][]byte
}

// write writes a file of a partner. It returns no name when the partner has no such file.
func (w *writer) write(of *partner, name string) (file string, err error) {
	v := view{partner: of, Halves: halves[:len(of.Plans)]}
	switch {
	case name == "funding" && of.Funding == "":
		return "", nil
	case name == "approvals":
		if v.revisions, err = w.revisions(of); err != nil {
			return "", err
		}
	}
	text, err := w.text(name, &v)
	if err != nil {
		return "", err
	}
	file = path.Join(Partners, of.Name, name+".yaml")
	w.files[file] = text
	return file, nil
}

func (w *writer) text(name string, data any) ([]byte, error) {
	var b bytes.Buffer
	err := w.templates.ExecuteTemplate(&b, name+".tmpl", data)
	return b.Bytes(), err
}

// revisions returns the revisions of the plans, requests and claims of a partner, as they were written, by kind and name.
func (w *writer) revisions(of *partner) (map[string]string, error) {
	found := map[string]string{}
	for _, name := range []string{"plans", "funding"} {
		for document := range bytes.SplitSeq(w.files[path.Join(Partners, of.Name, name+".yaml")], []byte("\n---\n")) {
			var head struct {
				Kind     string                `json:"kind"`
				Metadata struct{ Name string } `json:"metadata"`
			}
			if err := yaml.Unmarshal(document, &head); err != nil {
				return nil, err
			}
			revision, err := revisionOf(head.Kind, document)
			if err != nil {
				return nil, err
			}
			found[head.Kind+" "+head.Metadata.Name] = revision
		}
	}
	return found, nil
}

func revisionOf(kind string, document []byte) (string, error) {
	switch kind {
	case "JointPlan":
		var x v1alpha1.JointPlan
		err := yaml.UnmarshalStrict(document, &x)
		return plans.Revision(&x.Spec.PlanTerms), err
	case "MDFAllocation":
		var x v1alpha1.MDFAllocation
		err := yaml.UnmarshalStrict(document, &x)
		return facts.RequestRevision(&x.Spec), err
	case "MDFClaim":
		var x v1alpha1.MDFClaim
		err := yaml.UnmarshalStrict(document, &x)
		return facts.ClaimRevision(&x.Spec), err
	default:
		return "", nil
	}
}

// view is what a template sees of a partner.
type view struct {
	*partner

	Halves    []half
	revisions map[string]string
}

// Mail is the address of one of the partner's people.
func (v *view) Mail() string { return v.User + "@" + v.Name + ".example" }

// VendorMail is the address of who of the vendor looks after the partner.
func (v *view) VendorMail() string { return v.VendorUser + "@meridian.example" }

// Plan returns the plan of a half.
func (v *view) Plan(i int) *plan { return &v.Plans[i] }

// Revision returns the revision of an object of the partner.
func (v *view) Revision(kind, name string) string { return v.revisions[kind+" "+name] }

// month is one month's revenue.
type month struct {
	Day   string // the last one
	Value int    // in thousands
}

// Months returns the months since the partner joined that are over, with their revenue: in each quarter one thousand less, as stated, and one thousand more.
func (v *view) Months() (list []month) {
	joined := day(v.Joined)
	for i := range 3 * len(v.Quarters) {
		first := time.Date(firstYear, time.July+time.Month(i), 1, 0, 0, 0, 0, time.UTC)
		if first.Before(joined) {
			continue
		}
		list = append(list, month{first.AddDate(0, 1, -1).Format(time.DateOnly), v.Quarters[i/3] + i%3 - 1})
	}
	return list
}

// quarters of a half, by its place: the story begins a half-year before.
func (v *view) quarter(half, i int) int { return 3 * v.Quarters[2+2*half+i] }

// Revenue returns the revenue of a quarter of a half, in thousands; zero for one that is not over.
func (v *view) Revenue(half, i int) int {
	if 2+2*half+i >= len(v.Quarters) {
		return 0
	}
	return v.quarter(half, i)
}

// RevenueAttained reports whether the revenue of a half came to its target.
func (v *view) RevenueAttained(half int) bool {
	p := v.Plan(half)
	return 100*(v.quarter(half, 0)+v.quarter(half, 1)) >= p.Baseline*(100+p.Growth)
}

// LeadsAttained reports whether the leads of a half came to their target.
func (v *view) LeadsAttained(half int) bool { return v.Plan(half).Leads >= v.Plan(half).LeadsTarget }

// ReviewOn is the day of the review between the quarters of a half; empty when there is none yet.
func (v *view) ReviewOn(half int) string {
	switch on := v.Plan(half).ReviewedOn; on {
	case "":
		return v.Halves[half].Review
	case "-":
		return ""
	default:
		return on
	}
}

// Late is how many leads of a half were not there on the first day.
func (p *plan) Late() int { return p.Leads - p.Early }

// ExpectedChances is how many opportunities were expected: one of four leads.
func (p *plan) ExpectedChances() int { return p.Expected / 4 }

// Half is half of the cost of the webinars, which the vendor pays at most.
func (p *plan) Half() int { return p.Cost / 2 }

// Gross is the cost of the webinars with a tax of 20 percent.
func (p *plan) Gross() int { return p.Cost + p.Cost/5 }

func thousands(n int) string { return fmt.Sprintf("%d000", n) }

func addDays(on string, n int) string { return day(on).AddDate(0, 0, n).Format(time.DateOnly) }

func day(text string) time.Time {
	on, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic("history: " + err.Error())
	}
	return on
}

func words(list string) []string { return strings.Split(list, ", ") }
