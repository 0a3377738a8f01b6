package funding_test

import (
	"fmt"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/funding"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

// requestKey is the key of the dossier's request in the ledger.
const requestKey = testobj.Namespace + "/r1/1"

// dossier holds the objects about one request, r1, to be changed and evaluated.
type dossier struct {
	program *v1alpha1.PartnerProgram
	partner *v1alpha1.Partner
	plan    *v1alpha1.JointPlan
	budget  *v1alpha1.MDFBudget
	ledger  *v1alpha1.MDFLedger
	request *v1alpha1.MDFAllocation
	claims  []*v1alpha1.MDFClaim
	more    []any // decisions and other objects
	gate    facts.Gate
}

// newDossier is a dossier on which everything is as it should be: plan acme-h1 with goals customers and revenue and activity autumn-webinar, a Webinar, is
// approved; the request is made in time and not approved; the budget's ledger is empty.
func newDossier() *dossier {
	return &dossier{
		program: testobj.Program("northwind").Obj(),
		partner: testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(),
		plan: testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Activity("fair", "TradeShow").
			Goal("leads", "qualified-leads", "120").Goal("revenue", "new-revenue", "600000").Obj(),
		budget:  testobj.Budget("fy27-emea").Obj(),
		ledger:  testobj.Ledger("fy27-emea").Obj(),
		request: testobj.Allocation("r1").Obj(),
	}
}

// approvePlan has both parties approve the plan as it is.
func (d *dossier) approvePlan() {
	revision := plan.Revision(&d.plan.Spec.PlanTerms)
	d.more = append(d.more,
		testobj.Decision("plan-vendor", d.plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
		testobj.Decision("plan-partner", d.plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"),
	)
}

// decide has a person decide on the request as it is; the decision's name counts up.
func (d *dossier) decide(decision v1alpha1.DecisionOutcome, by, at string) *v1alpha1.ApprovalDecision {
	x := testobj.MoneyDecision(fmt.Sprintf("d%d", len(d.more)+1), "MDFAllocation", d.request.Name, facts.RequestRevision(&d.request.Spec), decision, by, at)
	d.more = append(d.more, x)
	return x
}

// approve has a person approve the request as it is.
func (d *dossier) approve(by, at string) { d.decide(v1alpha1.DecisionApproved, by, at) }

// part has a person approve a part of the request as it is.
func (d *dossier) part(amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode, by, at string) {
	testobj.InPart(d.decide(v1alpha1.DecisionApprovedInPart, by, at), amount, currency)
}

// grant reserves minor units for the request.
func (d *dossier) grant(minor int64) { d.ledger.Spec.Reserved[requestKey] = minor }

func (d *dossier) snapshot() *snapshot.Snapshot {
	objects := append([]any{d.program}, d.more...)
	if d.partner != nil {
		objects = append(objects, d.partner)
	}
	if d.plan != nil {
		objects = append(objects, d.plan)
	}
	if d.budget != nil {
		objects = append(objects, d.budget)
	}
	if d.ledger != nil {
		objects = append(objects, d.ledger)
	}
	for _, claim := range d.claims {
		objects = append(objects, claim)
	}
	return testobj.Snapshot(append(objects, d.request)...)
}

// evaluate returns the request's status at an instant.
func (d *dossier) evaluate(now time.Time) v1alpha1.MDFAllocationStatus {
	status, _ := funding.EvaluateAllocation(d.snapshot(), d.request, d.gate, now)
	return status
}

// condition returns a condition as "Status/Reason: message".
func condition(t *testing.T, status *v1alpha1.CommonStatus, kind string) string {
	t.Helper()
	for _, c := range status.Conditions {
		if c.Type == kind {
			return fmt.Sprintf("%s/%s: %s", c.Status, c.Reason, c.Message)
		}
	}
	t.Fatalf("no condition %s", kind)
	return ""
}

// findings returns the findings as "Severity Rule field: message".
func findings(status *v1alpha1.CommonStatus) []string {
	var list []string
	for _, f := range status.Findings {
		list = append(list, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Field, f.Message))
	}
	return list
}

// created returns the metadata of an object that was created at an instant.
func created(at string) metav1.Time { return metav1.NewTime(testobj.At(at)) }
