package gate

import (
	"slices"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// narrower says what matching rules leave out of what others cover; it is empty when they cover all of it. The others have neither
// selectors nor exclusions.
func narrower(want, got *admissionv1.MatchResources) string {
	switch {
	case got.MatchPolicy != nil && *got.MatchPolicy != admissionv1.Equivalent:
		return "matchPolicy is " + string(*got.MatchPolicy) + " instead of Equivalent"
	case selects(got.NamespaceSelector):
		return "a namespaceSelector"
	case selects(got.ObjectSelector):
		return "an objectSelector"
	case len(got.ExcludeResourceRules) > 0:
		return "excludeResourceRules"
	}
	for _, rule := range want.ResourceRules {
		for _, group := range rule.APIGroups {
			for _, version := range rule.APIVersions {
				for _, operation := range rule.Operations {
					for _, resource := range rule.Resources {
						one := coverage{group: group, version: version, resource: resource, operation: operation}
						if !slices.ContainsFunc(got.ResourceRules, one.within) {
							return string(operation) + " of " + resource + " is not covered"
						}
					}
				}
			}
		}
	}
	return ""
}

// selects reports whether a selector leaves anything out.
func selects(selector *metav1.LabelSelector) bool {
	return selector != nil && len(selector.MatchLabels)+len(selector.MatchExpressions) > 0
}

// coverage is one operation on one resource.
type coverage struct {
	group, version, resource string
	operation                admissionv1.OperationType
}

// within reports whether a rule covers the operation on all objects of the resource.
func (c coverage) within(rule admissionv1.NamedRuleWithOperations) bool {
	if rule.Scope != nil && *rule.Scope != admissionv1.AllScopes || len(rule.ResourceNames) > 0 {
		return false
	}
	return contains(rule.APIGroups, c.group, "*") && contains(rule.APIVersions, c.version, "*") &&
		contains(rule.Resources, c.resource, "*", "*/*") && contains(rule.Operations, c.operation, admissionv1.OperationAll)
}

// contains reports whether a list holds a value or one that stands for all values.
func contains[T comparable](list []T, value T, all ...T) bool {
	return slices.ContainsFunc(list, func(one T) bool { return one == value || slices.Contains(all, one) })
}
