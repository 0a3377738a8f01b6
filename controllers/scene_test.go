package controllers

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/kinds"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// scene is one object of each kind that people write. The plan's first review is due on
// Monday 2026-08-03, in grace through 08-08 (Berlin) and overdue then; no one has held it.
type scene struct {
	namespace *corev1.Namespace
	program   *v1alpha1.PartnerProgram
	partner   *v1alpha1.Partner
	plan      *v1alpha1.JointPlan
	campaign  *v1alpha1.Campaign
	results   *v1alpha1.MeasurementSet
	vendor    *v1alpha1.ApprovalDecision
	byPartner *v1alpha1.ApprovalDecision
}

func newScene() *scene {
	s := &scene{
		namespace: &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: testobj.Namespace}},
		program:   testobj.Program("northwind").Obj(),
		partner:   testobj.Partner("acme").Tier("gold", "2026-01-01").Agreement("2025-01-01", "").Obj(),
		plan:      testobj.Plan("acme-h1").Goal("cloud-revenue", "new-revenue", "440000").Activity("launch", "Webinar").Obj(),
		campaign:  testobj.Campaign("webinar", "acme-h1", "cloud-revenue"),
		results:   testobj.Measured("crm", "acme-h1", "new-revenue", "2026-07-31", "75000"),
	}
	s.campaign.Spec.Activity = "launch"
	s.vendor, s.byPartner = s.decisions("", "2026-06-20T09:00:00Z")
	return s
}

// decisions are the approvals of the plan's current terms by both parties.
func (s *scene) decisions(suffix, at string) (vendor, byPartner *v1alpha1.ApprovalDecision) {
	revision := plan.Revision(&s.plan.Spec.PlanTerms)
	return testobj.Decision("vendor"+suffix, s.plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, at),
		testobj.Decision("partner"+suffix, s.plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, at)
}

// revision is the PlanRevision that is kept of the plan's terms.
func (s *scene) revision() *v1alpha1.PlanRevision {
	name := plan.RevisionName(s.plan.Name, plan.Revision(&s.plan.Spec.PlanTerms))
	return &v1alpha1.PlanRevision{ObjectMeta: metav1.ObjectMeta{Namespace: s.plan.Namespace, Name: name}}
}

// evaluated are all objects that have a status, the kept revision included.
func (s *scene) evaluated() []kinds.Evaluated {
	return []kinds.Evaluated{s.program, s.partner, s.plan, s.campaign, s.results, s.vendor, s.byPartner, s.revision()}
}

// all are all objects that people write.
func (s *scene) all() []client.Object {
	return []client.Object{s.namespace, s.program, s.partner, s.plan, s.campaign, s.results, s.vendor, s.byPartner}
}
