package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupName is the API group of all kinds of this package.
const GroupName = "channel.jointplan.dev"

var (
	// GroupVersion is the group and version of all kinds of this package.
	GroupVersion = schema.GroupVersion{Group: GroupName, Version: "v1alpha1"}

	// SchemeBuilder collects the functions that add this package's kinds to a scheme.
	SchemeBuilder = runtime.NewSchemeBuilder(addKnownTypes)

	// AddToScheme adds the kinds of this package to a scheme.
	AddToScheme = SchemeBuilder.AddToScheme
)

func addKnownTypes(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(GroupVersion,
		&PartnerProgram{}, &PartnerProgramList{},
		&ProgramCatalog{}, &ProgramCatalogList{},
		&ChannelStrategy{}, &ChannelStrategyList{},
		&ProgramReport{}, &ProgramReportList{},
		&ChannelManager{}, &ChannelManagerList{},
		&Benchmark{}, &BenchmarkList{},
		&PublishedBenchmark{}, &PublishedBenchmarkList{},
		&Partner{}, &PartnerList{},
		&JointPlan{}, &JointPlanList{},
		&Campaign{}, &CampaignList{},
		&MeasurementSet{}, &MeasurementSetList{},
		&ApprovalDecision{}, &ApprovalDecisionList{},
		&PlanRevision{}, &PlanRevisionList{},
		&PlanReview{}, &PlanReviewList{},
		&MDFBudget{}, &MDFBudgetList{},
		&MDFAllocation{}, &MDFAllocationList{},
		&MDFClaim{}, &MDFClaimList{},
		&MDFLedger{}, &MDFLedgerList{},
	)
	metav1.AddToGroupVersion(scheme, GroupVersion)
	return nil
}
