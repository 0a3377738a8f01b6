// Package health is the one table of how objects stand: what is bad news, and when a person must act. The manager's events go by it, the plugin,
// and the health scripts of config/argocd, which are generated from it.
package health

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
)

// State is how an object stands, in the words of Argo CD.
type State string

const (
	// Healthy means that the object is evaluated and nobody has to act.
	Healthy State = "Healthy"
	// Progressing means that the status is not that of the current spec yet, or that the controller is about to go on.
	Progressing State = "Progressing"
	// Suspended means that it goes on once a person acts: approves, holds a review, cures a cause, pays.
	Suspended State = "Suspended"
	// Degraded means that a person must change the spec.
	Degraded State = "Degraded"
)

// Health is how an object stands, and why.
type Health struct {
	// State is Healthy, Progressing, Suspended or Degraded.
	State State `json:"state"`
	// Reason is the reason of the condition that says so; empty when there is none.
	Reason string `json:"reason,omitempty"`
	// Message says why, in the words of that condition.
	Message string `json:"message,omitempty"`
}

// Waiting is what is said of an object whose status is not that of its spec.
const Waiting = "waiting for the controller to evaluate it"

// Of returns how an object stands: the first of its kind's rules that holds decides.
func Of(object kinds.Object) Health {
	s := standOf(object)
	for _, r := range Rules(s.kind) {
		if s.holds(&r) {
			return s.says(&r)
		}
	}
	return Health{State: Progressing, Message: Waiting} // a kind without rules: nobody evaluates it
}

// stand is what rules look at.
type stand struct {
	kind          string
	generation    int64
	stage, reason string
	status        *v1alpha1.CommonStatus
}

func standOf(object kinds.Object) *stand {
	s := &stand{kind: kinds.KeyOf(object).Kind, generation: object.GetGeneration()}
	s.status, _ = kinds.Common(object)
	switch x := object.(type) {
	case *v1alpha1.JointPlan:
		s.stage = string(x.Status.Stage)
	case *v1alpha1.Campaign:
		s.stage = string(x.Status.Stage)
	case *v1alpha1.MDFAllocation:
		s.stage, s.reason = string(x.Status.Stage), x.Status.Reason
	case *v1alpha1.MDFClaim:
		s.stage, s.reason = string(x.Status.Stage), x.Status.Reason
	}
	return s
}

// holds reports whether all that a rule asks for is so.
func (s *stand) holds(r *Rule) bool {
	switch {
	case r.Outdated && s.status.ObservedGeneration == s.generation,
		len(r.Stages) > 0 && !slices.Contains(r.Stages, s.stage),
		len(r.Reasons) > 0 && !slices.Contains(r.Reasons, s.reason):
		return false
	case r.Condition == "":
		return true
	}
	c := meta.FindStatusCondition(s.status.Conditions, r.Condition)
	if c == nil { // that it is not there says no more than that it has no status
		return r.Is == "" && len(r.OfReasons) == 0 && !r.Current
	}
	return (r.Is == "" || c.Status == r.Is) &&
		(r.IsNot == "" || c.Status != r.IsNot) &&
		(len(r.OfReasons) == 0 || slices.Contains(r.OfReasons, c.Reason)) &&
		!slices.Contains(r.NotOfReasons, c.Reason) &&
		(!r.Current || c.ObservedGeneration == s.generation)
}

// says returns the state of a rule in the words of the condition that it names; of Ready where there is no such condition. Where a person must act it
// says the most urgent step.
func (s *stand) says(r *Rule) Health {
	if r.Text != "" {
		return Health{State: r.State, Message: r.Text}
	}
	var c *metav1.Condition
	for _, kind := range []string{r.Teller(), v1alpha1.ConditionReady} {
		if c = meta.FindStatusCondition(s.status.Conditions, kind); c != nil {
			message := c.Message
			if r.State == Suspended && len(s.status.NextSteps) > 0 {
				message = told(&s.status.NextSteps[0])
			}
			return Health{State: r.State, Reason: c.Reason, Message: message}
		}
	}
	return Health{State: r.State, Message: Waiting}
}

// told says a step in one line: what, who and by when.
func told(step *v1alpha1.NextStep) string {
	text := step.Do + " (" + step.Party
	if step.Person != "" {
		text += ", " + step.Person
	}
	if step.By != "" {
		text += ", by " + string(step.By)
	}
	return text + ")"
}
