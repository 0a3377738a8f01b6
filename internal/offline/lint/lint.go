// Package lint lists what is wrong with manifests: what an API server would refuse, and what the evaluation finds, each with the file and the
// line where it stands.
package lint

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/printable"
)

// RuleInvalidManifest: the API server would reject the manifest. Remedy: correct the field named.
const RuleInvalidManifest = "InvalidManifest"

// Problem is one thing to correct, or to know.
type Problem struct {
	// File is the path of the file as it was found; empty for an object that stands in none.
	File string `json:"file,omitempty"`
	// Line is the line of the field, or of the nearest thing around it that is there, from 1 on; 0 when the problem is about the whole file.
	Line int `json:"line,omitempty"`
	// Column is the column of the field in characters, from 1 on; 0 where it is not known.
	Column int `json:"column,omitempty"`
	// Severity is Error, Warning or Info, as that of findings. What an API server would refuse is an Error.
	Severity v1alpha1.Severity `json:"severity"`
	// Rule is the stable identifier of the rule, as docs/findings.md lists them, or InvalidManifest.
	Rule string `json:"rule"`
	// Object is the kind and namespace/name of the object; empty when the manifest did not get as far.
	Object string `json:"object,omitempty"`
	// Field is the path of the field; empty when the problem is about the whole.
	Field string `json:"field,omitempty"`
	// Message says what was found, against which threshold, and what to do.
	Message string `json:"message"`
}

// String is the problem in one printable line, such as "plans.yaml:14: error GoalDue: JointPlan partner-acme/h1: spec.goals[leads].due: ...".
func (p *Problem) String() string {
	place := p.File
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	parts := []string{strings.ToLower(string(p.Severity)) + " " + p.Rule}
	for _, part := range []string{p.Object, p.Field, p.Message} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if place != "" {
		parts = append([]string{place}, parts...)
	}
	return printable.Line(strings.Join(parts, ": "))
}

// Manifests returns what is wrong with manifests that were read with an error. What could not be read at all, such as a file that is not there,
// comes apart; so does an error of another kind.
func Manifests(err error) (problems []Problem, unreadable error) {
	list, ok := errors.AsType[manifest.Errors](err)
	if !ok {
		return nil, err
	}
	var apart manifest.Errors
	for _, one := range list {
		if one.Document == 0 && one.Line == 0 {
			apart = append(apart, one)
			continue
		}
		problems = append(problems, Problem{
			File: one.File, Line: one.Line, Column: one.Column, Severity: v1alpha1.SeverityError, Rule: RuleInvalidManifest,
			Object: one.Object, Field: one.Field, Message: one.Message,
		})
	}
	sort(problems)
	if len(apart) > 0 {
		unreadable = apart
	}
	return problems, unreadable
}

// Findings returns the findings of objects that were evaluated, with the places at which the objects and their fields stand.
func Findings(objects []manifest.Object, origins map[manifest.Key]manifest.Origin) []Problem {
	var problems []Problem
	for _, object := range objects {
		key := manifest.KeyOf(object)
		origin, known := origins[key]
		for _, finding := range preview.Common(object).Findings {
			problem := Problem{
				Severity: finding.Severity, Rule: finding.Rule, Object: key.String(), Field: finding.Field, Message: finding.Message,
			}
			if known {
				problem.File = origin.File
				problem.Line, problem.Column = origin.Place(finding.Field)
			}
			problems = append(problems, problem)
		}
	}
	sort(problems)
	return problems
}

// sort puts problems in the order of files and lines, the gravest of a line first.
func sort(problems []Problem) {
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(gravity(b.Severity), gravity(a.Severity)),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Object, b.Object), cmp.Compare(a.Field, b.Field), cmp.Compare(a.Message, b.Message),
		)
	})
}

// severities are all severities, the least grave first.
var severities = []v1alpha1.Severity{v1alpha1.SeverityInfo, v1alpha1.SeverityWarning, v1alpha1.SeverityError}

// gravity orders severities: a graver one has more.
func gravity(severity v1alpha1.Severity) int { return slices.Index(severities, severity) }

// ParseSeverity returns the severity of a name, in whatever case it is written.
func ParseSeverity(name string) (v1alpha1.Severity, error) {
	for _, severity := range severities {
		if strings.EqualFold(name, string(severity)) {
			return severity, nil
		}
	}
	return "", fmt.Errorf("%q is not a severity: it must be Info, Warning or Error", name)
}

// most is how many problems of a rule and a severity people are shown: who has as many corrects some before reading on.
const most = 100

// Few returns the problems for people: of each rule and severity the first hundred and, after all, how many more there are.
func Few(problems []Problem) []Problem {
	type sort struct {
		severity v1alpha1.Severity
		rule     string
	}
	var few []Problem
	var cut []sort // in the order in which they were
	count := map[sort]int{}
	for i := range problems {
		of := sort{problems[i].Severity, problems[i].Rule}
		count[of]++
		switch {
		case count[of] <= most:
			few = append(few, problems[i])
		case count[of] == most+1:
			cut = append(cut, of)
		}
	}
	for _, of := range cut {
		few = append(few, Problem{
			Severity: of.severity, Rule: of.rule, Message: fmt.Sprintf("and %d more: correct the first ones, or list all with -o json", count[of]-most),
		})
	}
	return few
}

// Count returns how many problems have a severity.
func Count(problems []Problem, severity v1alpha1.Severity) int {
	n := 0
	for i := range problems {
		if problems[i].Severity == severity {
			n++
		}
	}
	return n
}

// AtLeast returns how many problems are of a severity or graver.
func AtLeast(problems []Problem, severity v1alpha1.Severity) int {
	n := 0
	for i := range problems {
		if gravity(problems[i].Severity) >= gravity(severity) {
			n++
		}
	}
	return n
}
