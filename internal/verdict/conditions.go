package verdict

import (
	"cmp"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/printable"
)

// maxConditionMessage keeps the largest status within what the API server and its clients handle with ease; the schema would take 32768.
const maxConditionMessage = 1024

// Conditions collects the conditions of one evaluation.
type Conditions struct {
	old        []metav1.Condition
	generation int64
	now        metav1.Time
	list       []metav1.Condition
}

// NewConditions starts the conditions of an object of the given generation, whose last status had the old ones. A condition whose
// status stays keeps its lastTransitionTime; one whose status changes gets now, cut to seconds as the API server keeps it.
func NewConditions(old []metav1.Condition, generation int64, now time.Time) *Conditions {
	return &Conditions{old: old, generation: generation, now: metav1.NewTime(now.UTC().Truncate(time.Second))}
}

// Clone returns conditions that go on from these.
func (c *Conditions) Clone() *Conditions {
	cloned := *c
	cloned.list = slices.Clone(c.list)
	return &cloned
}

// Set sets a condition.
func (c *Conditions) Set(kind string, status metav1.ConditionStatus, reason, message string) {
	condition := metav1.Condition{
		Type: kind, Status: status, Reason: reason, Message: printable.Clip(message, maxConditionMessage),
		ObservedGeneration: c.generation, LastTransitionTime: c.now,
	}
	for i := range c.old {
		if c.old[i].Type == kind && c.old[i].Status == status && !c.old[i].LastTransitionTime.IsZero() {
			condition.LastTransitionTime = c.old[i].LastTransitionTime
		}
	}
	c.list = append(slices.DeleteFunc(c.list, func(x metav1.Condition) bool { return x.Type == kind }), condition)
}

// Judge sets a condition as a rule judges it.
func (c *Conditions) Judge(kind string, j Judgement) { c.Set(kind, j.Status, j.Reason, j.Message) }

// True sets a condition to True.
func (c *Conditions) True(kind, reason, message string) {
	c.Set(kind, metav1.ConditionTrue, reason, message)
}

// False sets a condition to False.
func (c *Conditions) False(kind, reason, message string) {
	c.Set(kind, metav1.ConditionFalse, reason, message)
}

// Unknown sets a condition to Unknown.
func (c *Conditions) Unknown(kind, reason, message string) {
	c.Set(kind, metav1.ConditionUnknown, reason, message)
}

// Readiness sets Ready from the findings, and Stalled while one of them is of severity Error. A finding whose rule is
// RuleReferenceNotFound gives the reason ReferenceNotFound, any other InvalidSpec.
func (c *Conditions) Readiness(findings *Findings) {
	first, wrong := findings.FirstError()
	if !wrong {
		c.True(v1alpha1.ConditionReady, v1alpha1.ReasonEvaluated, "evaluated; the spec has no errors")
		return
	}
	reason := v1alpha1.ReasonInvalidSpec
	switch first.Rule {
	case RuleReferenceNotFound:
		reason = v1alpha1.ReasonReferenceNotFound
	case RuleTooManyObjects:
		reason = v1alpha1.ReasonTooManyObjects
	}
	message := first.Message
	if first.Field != "" {
		message = first.Field + ": " + message
	}
	if more := findings.Count(v1alpha1.SeverityError) - 1; more > 0 {
		message += andMore(more)
	}
	c.False(v1alpha1.ConditionReady, reason, message)
	c.True(v1alpha1.ConditionStalled, reason, message)
}

// LeftOut says why an object is not evaluated, as there are too many: no business condition is known.
func (c *Conditions) LeftOut(findings *Findings, why string, business ...string) {
	findings.Errorf(RuleTooManyObjects, "", "%s", why)
	for _, kind := range business {
		c.Unknown(kind, v1alpha1.ReasonNotEvaluated, "not evaluated: "+why)
	}
	c.Readiness(findings)
}

// List returns the conditions: Ready first, then Stalled, Reconciling and Suspended, then the others by type.
func (c *Conditions) List() []metav1.Condition {
	list := slices.Clone(c.list)
	slices.SortFunc(list, func(a, b metav1.Condition) int {
		return cmp.Or(cmp.Compare(order(a.Type), order(b.Type)), cmp.Compare(a.Type, b.Type))
	})
	return list
}

func order(kind string) int {
	switch kind {
	case v1alpha1.ConditionReady:
		return 0
	case v1alpha1.ConditionStalled:
		return 1
	case v1alpha1.ConditionReconciling:
		return 2
	case v1alpha1.ConditionSuspended:
		return 3
	default:
		return 4
	}
}
