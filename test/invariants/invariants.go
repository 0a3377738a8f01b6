// Package invariants checks what holds of the status of every object of the project's kinds once it is evaluated, whatever the verdicts.
// It is pure, so that tests of evaluations, of reconcilers and of a running manager can use it alike.
package invariants

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/suspension"
)

// Object is an object of one of the project's kinds.
type Object interface {
	metav1.Object
	// Common returns the part of the status that all kinds share.
	Common() *v1alpha1.CommonStatus
}

// Limits that the API sets.
const (
	maxConditions       = 16
	maxReason           = 1024
	maxConditionMessage = 32768
	maxFindings         = 48
	maxRule             = 63
	maxField            = 253
	maxFindingMessage   = 1024
)

// ruleTruncated is the rule of the finding that says how many others were left out. It is the last one, whatever its severity.
const ruleTruncated = "FindingsTruncated"

var (
	// identifier is the form of reasons and rules.
	identifier = regexp.MustCompile(`^[A-Z][A-Za-z]*$`)
	// relative finds spans and days that are counted from the instant of the evaluation, so that the message is soon wrong.
	relative = regexp.MustCompile(`(?i)\b(in|for|since) (a|an|one|two|\d+) (second|minute|hour|day|week|month|year)s?\b` +
		`|\b(second|minute|hour|day|week|month|year)s? (ago|left|to go|overdue|from now)\b|\b(ago|today|tomorrow|yesterday)\b`)
)

// Violations returns what is wrong with the status of an object that was evaluated for its current generation; nothing when all holds.
func Violations(object Object) []string {
	c := &check{kind: kindOf(object), generation: object.GetGeneration(), status: object.Common()}
	if c.kind == "" {
		return []string{fmt.Sprintf("%T is none of the project's kinds", object)}
	}
	if suspended := c.find(v1alpha1.ConditionSuspended); suspended != nil {
		return c.suspended(object, suspended)
	}
	if got := c.status.ObservedGeneration; got != c.generation {
		c.addf("status.observedGeneration is %d, and the generation is %d", got, c.generation)
	}
	c.types()
	for i := range c.status.Conditions {
		c.condition(&c.status.Conditions[i])
	}
	c.readiness()
	c.findings()
	c.steps()
	return c.violations
}

// check collects the violations of one object.
type check struct {
	kind       string
	generation int64
	status     *v1alpha1.CommonStatus
	violations []string
}

// suspended checks what holds of an object that a person suspended: the rest of its status is what it was before, or was never computed.
func (c *check) suspended(object Object, x *metav1.Condition) []string {
	if !suspension.Requested(object) {
		c.addf("condition Suspended is there, and the object is not suspended")
	}
	if x.Status != metav1.ConditionTrue || x.Reason != v1alpha1.ReasonSuspended || x.ObservedGeneration != c.generation {
		c.addf("Suspended is %s with reason %s for generation %d, want True with reason Suspended for %d", x.Status, x.Reason, x.ObservedGeneration, c.generation)
	}
	c.message("message of "+x.Type, x.Message, maxConditionMessage)
	return c.violations
}

func (c *check) addf(format string, args ...any) {
	c.violations = append(c.violations, fmt.Sprintf(format, args...))
}

// find returns a condition; nil when it is absent.
func (c *check) find(kind string) *metav1.Condition {
	i := slices.IndexFunc(c.status.Conditions, func(x metav1.Condition) bool { return x.Type == kind })
	if i < 0 {
		return nil
	}
	return &c.status.Conditions[i]
}

// types checks that each condition that the kind owns is there once, and no other.
func (c *check) types() {
	if n := len(c.status.Conditions); n > maxConditions {
		c.addf("%d conditions, the API allows %d", n, maxConditions)
	}
	for _, kind := range append([]string{v1alpha1.ConditionReady}, business[c.kind]...) {
		if c.find(kind) == nil {
			c.addf("condition %s is missing", kind)
		}
	}
	seen := map[string]bool{}
	for i := range c.status.Conditions {
		kind := c.status.Conditions[i].Type
		if seen[kind] {
			c.addf("condition %s is there twice", kind)
		}
		seen[kind] = true
		if !general(kind) && !slices.Contains(business[c.kind], kind) {
			c.addf("condition %s is none of kind %s", kind, c.kind)
		}
	}
}

// general reports whether all kinds have a condition type.
func general(kind string) bool {
	return kind == v1alpha1.ConditionReady || kind == v1alpha1.ConditionStalled || kind == v1alpha1.ConditionReconciling
}

func (c *check) condition(x *metav1.Condition) {
	if x.ObservedGeneration != c.generation {
		c.addf("observedGeneration of %s is %d, and the generation is %d", x.Type, x.ObservedGeneration, c.generation)
	}
	switch x.Status {
	case metav1.ConditionTrue, metav1.ConditionFalse, metav1.ConditionUnknown:
	default:
		c.addf("status of %s is %q", x.Type, x.Status)
	}
	if general(x.Type) && x.Type != v1alpha1.ConditionReady && x.Status != metav1.ConditionTrue {
		c.addf("%s is %s: it may only be there while it is True", x.Type, x.Status)
	}
	c.reason(x)
	c.message("message of "+x.Type, x.Message, maxConditionMessage)
	if x.LastTransitionTime.IsZero() || x.LastTransitionTime.Nanosecond() != 0 {
		c.addf("lastTransitionTime of %s is %v: it must be set, in whole seconds as the API keeps it", x.Type, x.LastTransitionTime)
	}
}

// reason checks that the reason is one that the API documents for the condition.
func (c *check) reason(x *metav1.Condition) {
	switch {
	case !identifier.MatchString(x.Reason) || len(x.Reason) > maxReason:
		c.addf("reason %q of %s is not an identifier", x.Reason, x.Type)
	case !slices.Contains(reasons[x.Type], x.Reason) && (general(x.Type) || !slices.Contains(reasons[anyBusiness], x.Reason)):
		c.addf("reason %s of %s is none that api/v1alpha1 documents for it", x.Reason, x.Type)
	}
	if slices.Contains(onlyUnknown, x.Reason) && x.Status != metav1.ConditionUnknown {
		c.addf("%s is %s with reason %s, which is documented for Unknown", x.Type, x.Status, x.Reason)
	}
}

// message checks a text for people.
func (c *check) message(what, text string, limit int) {
	switch {
	case text == "":
		c.addf("%s is empty", what)
	case len(text) > limit:
		c.addf("%s has %d bytes, the API allows %d", what, len(text), limit)
	case strings.ContainsAny(text, "\n\r\t"):
		c.addf("%s is not one line: %q", what, text)
	case strings.TrimSpace(text) != text:
		c.addf("%s begins or ends with a space: %q", what, text)
	}
	if found := relative.FindString(text); found != "" {
		c.addf("%s counts from the present, %q, and will be wrong without a change: %q", what, found, text)
	}
}

// readiness checks Ready and Stalled against each other, the findings, and what generic tools make of them.
func (c *check) readiness() {
	ready, stalled := c.find(v1alpha1.ConditionReady), c.find(v1alpha1.ConditionStalled)
	if ready == nil {
		return
	}
	if ready.Status == metav1.ConditionUnknown {
		c.addf("Ready is Unknown after an evaluation")
	}
	if isFalse := ready.Status == metav1.ConditionFalse; isFalse != (stalled != nil) {
		c.addf("Ready is %s, and Stalled is there: %t; Ready is False if and only if the object is Stalled", ready.Status, stalled != nil)
	}
	if stalled != nil && (stalled.Reason != ready.Reason || stalled.Message != ready.Message) {
		c.addf("Stalled says %s: %q, and Ready says %s: %q", stalled.Reason, stalled.Message, ready.Reason, ready.Message)
	}
	wrong := slices.ContainsFunc(c.status.Findings, func(f v1alpha1.Finding) bool { return f.Severity == v1alpha1.SeverityError })
	if wrong && stalled == nil {
		c.addf("a finding is of severity Error, and the object is not Stalled")
	}
}

func (c *check) findings() {
	list := c.status.Findings
	if len(list) > maxFindings {
		c.addf("%d findings, the API allows %d", len(list), maxFindings)
	}
	for i := range list {
		f := &list[i]
		what := fmt.Sprintf("findings[%d]", i)
		if !identifier.MatchString(f.Rule) || len(f.Rule) > maxRule {
			c.addf("rule %q of %s is not an identifier", f.Rule, what)
		}
		if gravity(f.Severity) < 0 {
			c.addf("severity of %s is %q", what, f.Severity)
		}
		if len(f.Field) > maxField {
			c.addf("field of %s has %d bytes, the API allows %d", what, len(f.Field), maxField)
		}
		c.message("message of "+what, f.Message, maxFindingMessage)
		if i > 0 && f.Rule != ruleTruncated && compare(&list[i-1], f) >= 0 {
			c.addf("%s %s (%s) does not belong after %s (%s): findings are sorted by severity, rule, field and message, each once",
				what, f.Rule, f.Field, list[i-1].Rule, list[i-1].Field)
		}
	}
}

func gravity(severity v1alpha1.Severity) int {
	return slices.Index([]v1alpha1.Severity{v1alpha1.SeverityError, v1alpha1.SeverityWarning, v1alpha1.SeverityInfo}, severity)
}

func compare(a, b *v1alpha1.Finding) int {
	if order := gravity(a.Severity) - gravity(b.Severity); order != 0 {
		return order
	}
	return slices.Compare([]string{a.Rule, a.Field, a.Message}, []string{b.Rule, b.Field, b.Message})
}

// maxStepText and maxSteps are limits of the API.
const (
	maxStepText = 512
	maxSteps    = 5
)

// steps checks that each next step says what, who and what follows, that none is there twice, and that a day on which it is due is not after the last on
// which it helps.
func (c *check) steps() {
	if len(c.status.NextSteps) > maxSteps {
		c.addf("%d next steps, at most %d", len(c.status.NextSteps), maxSteps)
	}
	said := map[string]bool{}
	for _, step := range c.status.NextSteps {
		c.message("do of a step", step.Do, maxStepText)
		c.message("otherwise of a step", step.Otherwise, maxStepText)
		if !slices.Contains([]string{"Vendor", "Partner", "Both"}, step.Party) {
			c.addf("a step is for %q", step.Party)
		}
		if key := step.Party + step.Do; said[key] {
			c.addf("a step twice: %s", step.Do)
		} else {
			said[key] = true
		}
		if step.Due != "" && step.By != "" && step.By < step.Due {
			c.addf("a step is due on %s and helps through %s: %s", step.Due, step.By, step.Do)
		}
	}
}
