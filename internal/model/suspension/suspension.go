// Package suspension says which objects a person has suspended, and what their status says of it.
package suspension

import (
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/verdict"
)

// Object is an object of one of the project's kinds.
type Object interface {
	metav1.Object
	// Common returns the part of the status that all kinds share.
	Common() *v1alpha1.CommonStatus
}

// Requested reports whether an object's annotation stops its evaluation. Of the kinds that cannot be suspended it never does.
func Requested(object metav1.Object) bool {
	if object.GetAnnotations()[v1alpha1.AnnotationSuspend] != "true" {
		return false
	}
	k := kinds.Of(object)
	return k != nil && k.Suspendable
}

// Mark puts into the status of a copy of a suspended object that it is suspended, and how to resume it.
func Mark(updated Object, now time.Time) {
	status := updated.Common()
	status.Conditions = Conditions(updated, now)
	status.NextSteps = []v1alpha1.NextStep{{
		Do: "Remove the annotation " + v1alpha1.AnnotationSuspend + " to resume the evaluation", Party: string(v1alpha1.PartyVendor),
		Otherwise: "The object stays suspended: " + stays(updated),
	}}
}

// RuleSuspendIgnored: the annotation channel.jointplan.dev/suspend has another value than "true" and "false", or is on a kind that cannot be suspended,
// and so stops nothing. Remedy: write "true" to suspend the object, or remove the annotation; to stop the money of a request or claim, suspend its
// budget.
const RuleSuspendIgnored = "SuspendIgnored"

// Remark makes the findings of an evaluated object say whether its annotation does what whoever set it expects.
func Remark(of Object) {
	status, ignored := of.Common(), ignored(of)
	isRemark := func(f v1alpha1.Finding) bool { return f.Rule == RuleSuspendIgnored }
	if ignored == "" && !slices.ContainsFunc(status.Findings, isRemark) {
		return
	}
	var findings verdict.Findings
	findings.Append(slices.DeleteFunc(slices.Clone(status.Findings), isRemark)...)
	if ignored != "" {
		findings.Warningf(RuleSuspendIgnored, "metadata.annotations["+v1alpha1.AnnotationSuspend+"]", "%s", ignored)
	}
	status.Findings = findings.List()
}

// ignored says why the annotation of an object stops nothing; empty when it does, or says that it is not to.
func ignored(of metav1.Object) string {
	value, stated := of.GetAnnotations()[v1alpha1.AnnotationSuspend]
	k := kinds.Of(of)
	switch {
	case !stated || value == "false" || k == nil || Requested(of):
		return ""
	case k.Suspendable:
		return fmt.Sprintf("the value %q suspends nothing: write \"true\" to suspend this %s, or remove the annotation", value, k.Name)
	case k.Money:
		return fmt.Sprintf("%s cannot be suspended, and go on: to stop their money suspend the MDFBudget; remove the annotation here", k.Called)
	default:
		return fmt.Sprintf("%s cannot be suspended, and go on: remove the annotation", k.Called)
	}
}

// Conditions returns the conditions of a suspended object: those that it has, and Suspended after the ones that all kinds have.
func Conditions(of Object, now time.Time) []metav1.Condition {
	status := of.Common()
	suspended := verdict.NewConditions(status.Conditions, of.GetGeneration(), now)
	suspended.True(v1alpha1.ConditionSuspended, v1alpha1.ReasonSuspended, message(of))
	kept := slices.DeleteFunc(slices.Clone(status.Conditions), func(c metav1.Condition) bool {
		// A manager that comes this far has a clock that is right.
		return c.Type == v1alpha1.ConditionSuspended || c.Type == v1alpha1.ConditionClockTrusted
	})
	at := 0
	for _, general := range []string{v1alpha1.ConditionReady, v1alpha1.ConditionStalled, v1alpha1.ConditionReconciling} {
		if meta.FindStatusCondition(kept, general) != nil {
			at++
		}
	}
	return slices.Insert(kept, at, suspended.List()...)
}

// stays says what stands still.
func stays(of Object) string {
	if _, budget := of.(*v1alpha1.MDFBudget); budget {
		return "nothing is granted, released or settled, and this status stays as it is"
	}
	return "this status stays as it is"
}

// message says that an object is suspended, what its status is worth, and how to resume it.
func message(of Object) string {
	what := stays(of)
	worth := "it is that of the current spec"
	switch observed := of.Common().ObservedGeneration; {
	case observed < 1:
		worth = "the object was never evaluated"
	case observed < of.GetGeneration():
		worth = fmt.Sprintf("it is that of generation %d of the spec, which is now at %d", observed, of.GetGeneration())
	}
	return fmt.Sprintf("suspended by the annotation %s: %s; %s; to resume, remove the annotation", v1alpha1.AnnotationSuspend, what, worth)
}
