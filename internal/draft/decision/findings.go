package decision

import (
	"fmt"
	"slices"
	"strings"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/verdict"
)

// Finding is a finding that who decides has to know.
type Finding struct {
	v1alpha1.Finding

	// About is the object that it is about, when that is not the one decided on.
	About manifest.Key
}

// String is the finding in a line, such as "Warning PeopleLookAlike of MDFAllocation partner-acme/fair: spec.requestedBy: ...".
func (f Finding) String() string {
	parts := []string{fmt.Sprintf("%s %s", f.Severity, f.Rule)}
	if f.About != (manifest.Key{}) {
		parts[0] += fmt.Sprintf(" of %s", f.About)
	}
	if f.Field != "" {
		parts = append(parts, f.Field)
	}
	return strings.Join(append(parts, f.Message), ": ")
}

// findingsOf returns the Errors and Warnings of an object that bear on a decision; all of them where bears is nil. Where a status holds more than
// it lists, it says so.
func findingsOf(about manifest.Key, list []v1alpha1.Finding, bears func(*v1alpha1.Finding) bool) []Finding {
	var found []Finding
	for i := range list {
		x := &list[i]
		grave := x.Severity == v1alpha1.SeverityError || x.Severity == v1alpha1.SeverityWarning || x.Rule == verdict.RuleFindingsTruncated
		if grave && (bears == nil || bears(x)) {
			found = append(found, Finding{Finding: *x, About: about})
		}
	}
	return found
}

// unsaid leaves out the findings whose message stands in a warning already.
func unsaid(list []Finding, warnings []string) []Finding {
	return slices.DeleteFunc(list, func(f Finding) bool {
		return slices.ContainsFunc(warnings, func(warning string) bool { return strings.Contains(warning, f.Message) })
	})
}

// bearing returns the findings that bear on a decision: of what is decided on all Errors and Warnings, of a claim's request too, and those of a plan
// that are about the money.
func bearing(objects []manifest.Object, target manifest.Object) []Finding {
	list := findingsOf(manifest.Key{}, preview.Common(target).Findings, nil)
	request, _ := target.(*v1alpha1.MDFAllocation)
	if claim, ok := target.(*v1alpha1.MDFClaim); ok {
		request, _ = preview.Find(objects, kinds.MDFAllocation, claim.Namespace, string(claim.Spec.AllocationRef.Name)).(*v1alpha1.MDFAllocation)
		if request != nil {
			list = append(list, findingsOf(manifest.KeyOf(request), request.Status.Findings, nil)...)
		}
	}
	if request == nil {
		return list
	}
	return append(list, ofPlan(objects, request)...)
}

// ofPlan returns the findings of a request's plan that bear on its money: whatever makes it doubtful which content is approved, and what is wrong
// with the request's activity or with a goal that it is contingent on. How other goals and reviews stand is the plan's own concern.
func ofPlan(objects []manifest.Object, request *v1alpha1.MDFAllocation) []Finding {
	x, ok := preview.Find(objects, kinds.JointPlan, request.Namespace, string(request.Spec.PlanRef.Name)).(*v1alpha1.JointPlan)
	if !ok {
		return nil
	}
	var fields []string
	if request.Spec.Activity != "" {
		fields = append(fields, fmt.Sprintf("spec.activities[%s]", request.Spec.Activity))
	}
	for i := range request.Spec.ContingentOn {
		fields = append(fields, fmt.Sprintf("spec.goals[%s]", request.Spec.ContingentOn[i].Goal))
	}
	rules := []string{
		plan.RulePlanOverlap, plan.RuleAmendmentPending, plan.RuleRevisionCorrupt, plan.RuleRevisionMissing,
		plan.RuleCalendarDoubtful, plan.RulePeopleLookAlike, verdict.RuleFindingsTruncated,
	}
	return findingsOf(manifest.KeyOf(x), x.Status.Findings, func(f *v1alpha1.Finding) bool {
		return f.Severity == v1alpha1.SeverityError || slices.Contains(rules, f.Rule) ||
			slices.ContainsFunc(fields, func(field string) bool { return strings.HasPrefix(f.Field, field) })
	})
}
