package v1alpha1

// Annotations that people and tools set on objects to steer the controller. The controller sets none of them.
const (
	// AnnotationSuspend, with the value "true", on a PartnerProgram, Partner, JointPlan, Campaign or MDFBudget stops the evaluation of that
	// object: its status stays as it is, but for the condition Suspended. A suspended MDFBudget grants, releases and settles nothing. "false"
	// means the same as no annotation. So does any other value, and the annotation on other kinds; the finding SuspendIgnored says so.
	AnnotationSuspend = "channel.jointplan.dev/suspend"
	// AnnotationReconcileRequestedAt makes the controller evaluate the object at once, whenever its value changes. Any value will do; by
	// convention it is the instant of the request.
	AnnotationReconcileRequestedAt = "channel.jointplan.dev/reconcile-requested-at"
	// AnnotationImportedFrom says from which file or query the newest entries of a MeasurementSet were imported, such as
	// "deals-2026-10.csv sha256:9f86d081884c7d65...". The import writes it; nothing reads it.
	AnnotationImportedFrom = "channel.jointplan.dev/imported-from"
)

// ConditionSuspended is present, and True, only while the annotation channel.jointplan.dev/suspend stops the evaluation of the object. Its
// observedGeneration is the generation that the controller left alone, status.observedGeneration the one that the status was computed from.
const ConditionSuspended = "Suspended"

const (
	// ReasonSuspended surfaces on Suspended while a person has suspended the object.
	ReasonSuspended = "Suspended"
	// ReasonBudgetSuspended surfaces on Granted and Settled while the MDFBudget is suspended: nothing is granted or settled until it is resumed.
	ReasonBudgetSuspended = "BudgetSuspended"
)
