// Package verdict holds what all evaluations have in common: findings, conditions, the horizon of a status, and suggestions for
// misspelt names.
package verdict

import (
	"cmp"
	"fmt"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// maxFindings is the number of findings that a status holds.
const maxFindings = 48

const (
	maxMessage = 1024
	maxField   = 253
)

// Findings collects the findings of one evaluation. The zero value is ready to use.
type Findings struct {
	list []v1alpha1.Finding
}

// Errorf adds a finding about a spec that cannot be evaluated as written.
func (f *Findings) Errorf(rule, field, format string, args ...any) {
	f.add(v1alpha1.SeverityError, rule, field, format, args)
}

// Warningf adds a finding about a rule of the program that is violated.
func (f *Findings) Warningf(rule, field, format string, args ...any) {
	f.add(v1alpha1.SeverityWarning, rule, field, format, args)
}

// Infof adds a finding about a rule that is at risk or cannot be judged yet.
func (f *Findings) Infof(rule, field, format string, args ...any) {
	f.add(v1alpha1.SeverityInfo, rule, field, format, args)
}

// Append adds findings that another evaluation made.
func (f *Findings) Append(list ...v1alpha1.Finding) { f.list = append(f.list, list...) }

func (f *Findings) add(severity v1alpha1.Severity, rule, field, format string, args []any) {
	f.list = append(f.list, v1alpha1.Finding{
		Rule:     rule,
		Severity: severity,
		Field:    printable.Clip(field, maxField),
		Message:  printable.Clip(fmt.Sprintf(format, args...), maxMessage),
	})
}

// List returns the findings sorted by severity (gravest first), rule, field and message, without repetitions. Of more than 48 the
// gravest 47 are kept, and the last one says how many were left out.
func (f *Findings) List() []v1alpha1.Finding {
	list := f.distinct()
	if len(list) > maxFindings {
		left := len(list) - maxFindings + 1
		list = append(list[:maxFindings-1:maxFindings-1], v1alpha1.Finding{
			Rule:     RuleFindingsTruncated,
			Severity: v1alpha1.SeverityInfo,
			Message:  fmt.Sprintf("%d more findings are not shown: correct those above first", left),
		})
	}
	return list
}

// FirstError returns the first finding of severity Error, in the order of List.
func (f *Findings) FirstError() (v1alpha1.Finding, bool) {
	list := f.distinct()
	if len(list) == 0 || list[0].Severity != v1alpha1.SeverityError {
		return v1alpha1.Finding{}, false
	}
	return list[0], true
}

// distinct returns all findings in the order of List, each once.
func (f *Findings) distinct() []v1alpha1.Finding {
	if len(f.list) == 0 {
		return nil
	}
	list := slices.Clone(f.list)
	slices.SortFunc(list, compareFindings)
	return slices.Compact(list)
}

// Count returns the number of findings of one severity, each counted once.
func (f *Findings) Count(severity v1alpha1.Severity) int {
	n := 0
	for _, x := range f.distinct() {
		if x.Severity == severity {
			n++
		}
	}
	return n
}

func compareFindings(a, b v1alpha1.Finding) int {
	return cmp.Or(
		cmp.Compare(gravity(a.Severity), gravity(b.Severity)),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.Field, b.Field),
		cmp.Compare(a.Message, b.Message),
	)
}

func gravity(severity v1alpha1.Severity) int {
	switch severity {
	case v1alpha1.SeverityError:
		return 0
	case v1alpha1.SeverityWarning:
		return 1
	case v1alpha1.SeverityInfo:
		return 2
	default:
		return 3
	}
}
