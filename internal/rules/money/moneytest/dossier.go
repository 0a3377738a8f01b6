// Package moneytest builds the objects about one request for money, for tests of several packages about money.
package moneytest

import (
	"fmt"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/model/snapshot"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/rules/plan"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	// RequestKey is the key of the dossier's request in the ledger.
	RequestKey = testobj.Namespace + "/r1/1"
	// Noon is an instant at which the dossier's request is made and can still be granted.
	Noon = "2026-08-10T12:00:00+02:00"
)

// Dossier holds the objects about one request, r1, to be changed and evaluated.
type Dossier struct {
	// Program, Partner and Plan are what the request rests on; Partner and Plan may be nil.
	Program *v1alpha1.PartnerProgram
	Partner *v1alpha1.Partner
	Plan    *v1alpha1.JointPlan
	// Budget and Ledger are the money; each may be nil.
	Budget *v1alpha1.MDFBudget
	Ledger *v1alpha1.MDFLedger
	// Request is the request, r1, and Claims are the claims on it.
	Request *v1alpha1.MDFAllocation
	Claims  []*v1alpha1.MDFClaim
	// More are decisions and other objects.
	More []any
	// Gate stops all grants.
	Gate facts.Gate
}

// NewDossier is a dossier on which everything is as it should be: plan acme-h1 with goals customers and revenue and activity autumn-webinar, a Webinar, is
// approved; the request is made in time and not approved; the budget's ledger is empty.
func NewDossier() *Dossier {
	return &Dossier{
		Program: testobj.Program("northwind").Obj(),
		Partner: testobj.Partner("acme").Tier("gold", "2026-01-01").Obj(),
		Plan: testobj.Plan("acme-h1").Activity("autumn-webinar", "Webinar").Activity("fair", "TradeShow").
			Goal("leads", "qualified-leads", "120").Goal("revenue", "new-revenue", "600000").Obj(),
		Budget:  testobj.Budget("fy27-emea").Obj(),
		Ledger:  testobj.Ledger("fy27-emea").Obj(),
		Request: testobj.Allocation("r1").Obj(),
	}
}

// ApprovePlan has both parties approve the plan as it is.
func (d *Dossier) ApprovePlan() {
	revision := plan.Revision(&d.Plan.Spec.PlanTerms)
	d.More = append(d.More,
		testobj.Decision("plan-vendor", d.Plan.Name, revision, v1alpha1.PartyVendor, v1alpha1.DecisionApproved, "2026-06-20T09:00:00Z"),
		testobj.Decision("plan-partner", d.Plan.Name, revision, v1alpha1.PartyPartner, v1alpha1.DecisionApproved, "2026-06-20T10:00:00Z"),
	)
}

// Decide has a person decide on the request as it is; the decision's name counts up.
func (d *Dossier) Decide(decision v1alpha1.DecisionOutcome, by, at string) *v1alpha1.ApprovalDecision {
	x := testobj.MoneyDecision(fmt.Sprintf("d%d", len(d.More)+1), "MDFAllocation", d.Request.Name, facts.RequestRevision(&d.Request.Spec), decision, by, at)
	d.More = append(d.More, x)
	return x
}

// Approve has a person approve the request as it is.
func (d *Dossier) Approve(by, at string) { d.Decide(v1alpha1.DecisionApproved, by, at) }

// Part has a person approve a part of the request as it is.
func (d *Dossier) Part(amount v1alpha1.Decimal, currency v1alpha1.CurrencyCode, by, at string) {
	testobj.InPart(d.Decide(v1alpha1.DecisionApprovedInPart, by, at), amount, currency)
}

// Grant reserves minor units for the request.
func (d *Dossier) Grant(minor int64) { d.Ledger.Spec.Reserved[RequestKey] = minor }

// Snapshot returns all objects, indexed.
func (d *Dossier) Snapshot() *snapshot.Snapshot {
	objects := append([]any{d.Program}, d.More...)
	if d.Partner != nil {
		objects = append(objects, d.Partner)
	}
	if d.Plan != nil {
		objects = append(objects, d.Plan)
	}
	if d.Budget != nil {
		objects = append(objects, d.Budget)
	}
	if d.Ledger != nil {
		objects = append(objects, d.Ledger)
	}
	for _, claim := range d.Claims {
		objects = append(objects, claim)
	}
	return testobj.Snapshot(append(objects, d.Request)...)
}

// Evaluate returns the request's status at an instant.
func (d *Dossier) Evaluate(now time.Time) v1alpha1.MDFAllocationStatus {
	status, _ := outcome.Evaluate(d.Snapshot(), d.Request, d.Gate, now)
	return status
}

// GrantInFull approves the request and reserves what it asks for.
func (d *Dossier) GrantInFull() {
	d.Approve("vera", "2026-08-05T10:00:00+02:00")
	d.Grant(500000)
}

// Lodge adds a claim of so much, with its proof, and has it approved if that is asked.
func (d *Dossier) Lodge(name string, on v1alpha1.Date, net v1alpha1.Decimal, approvedAt string) *testobj.ClaimBuilder {
	b := testobj.Claim(name, "r1").Claimed(on).Cost(v1alpha1.Word("INV-"+name), net)
	d.Claims = append(d.Claims, b.Obj())
	if approvedAt != "" {
		d.More = append(d.More, testobj.MoneyDecision("on-"+name, "MDFClaim", name, facts.ClaimRevision(&b.Obj().Spec), v1alpha1.DecisionApproved, "vera",
			approvedAt))
	}
	return b
}

// AskInDollars has the request ask for an amount in dollars, at 0.90 from July 2026 and 0.95 from October 2026.
func (d *Dossier) AskInDollars(amount v1alpha1.Decimal) {
	d.Program.Spec.ExchangeRates = []v1alpha1.ExchangeRate{
		{From: "USD", To: "EUR", EffectiveFrom: "2026-10-01", Rate: "0.95"}, {From: "USD", To: "EUR", EffectiveFrom: "2026-07-01", Rate: "0.90"},
	}
	d.Request = testobj.Allocation("r1").Asks("USD", "100000.00", "50", amount).Obj()
}

// Condition returns a condition as "Status/Reason: message". It fails the test when there is none.
func Condition(t *testing.T, status *v1alpha1.CommonStatus, kind string) string {
	t.Helper()
	for _, c := range status.Conditions {
		if c.Type == kind {
			return fmt.Sprintf("%s/%s: %s", c.Status, c.Reason, c.Message)
		}
	}
	t.Fatalf("no condition %s", kind)
	return ""
}

// Findings returns the findings as "Severity Rule field: message".
func Findings(status *v1alpha1.CommonStatus) []string {
	var list []string
	for _, f := range status.Findings {
		list = append(list, fmt.Sprintf("%s %s %s: %s", f.Severity, f.Rule, f.Field, f.Message))
	}
	return list
}

// Created returns the creationTimestamp of an object that was created at an instant.
func Created(at string) metav1.Time { return metav1.NewTime(testobj.At(at)) }
