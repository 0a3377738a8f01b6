// Package v1alpha1 holds the kinds of JointPlan: partner programs and their rules, partners, joint
// marketing plans, campaigns, measured results, approvals and the revisions they approve.
//
// The conventions that hold throughout:
//
//   - A number is decimal text ("1250", "12.5"); nothing is a float. Percents that people write are decimal
//     text, percents that status shows are integers rounded down.
//   - A day is text such as 2026-09-30, in the time zone of the program. Every range of days is inclusive, and a
//     deadline holds through the end of its day.
//   - An instant is RFC 3339.
//   - Status is a function of specs and an instant, and can be computed again at any time.
//
// +kubebuilder:object:generate=true
// +groupName=channel.jointplan.dev
package v1alpha1
