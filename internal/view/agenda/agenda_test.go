package agenda_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/offline/manifest"
	"jointplan.dev/jointplan/internal/offline/preview"
	"jointplan.dev/jointplan/internal/view/agenda"
	"jointplan.dev/jointplan/internal/view/lineage"
)

var now = time.Date(2026, 11, 3, 9, 0, 0, 0, time.UTC)

// fixture is a partner with one plan, one request and one claim, all healthy; a case changes what it is about.
type fixture struct {
	program *v1alpha1.PartnerProgram
	budget  *v1alpha1.MDFBudget
	partner *v1alpha1.Partner
	plan    *v1alpha1.JointPlan
	request *v1alpha1.MDFAllocation
	claim   *v1alpha1.MDFClaim
	other   []manifest.Object
}

func ready() []metav1.Condition {
	return []metav1.Condition{{Type: "Ready", Status: "True", Reason: "Evaluated"}}
}

func named[T manifest.Object](object T, kind, namespace, name string) T {
	object.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(kind))
	object.SetNamespace(namespace)
	object.SetName(name)
	return object
}

func newScene() *fixture {
	s := &fixture{
		program: named(&v1alpha1.PartnerProgram{}, "PartnerProgram", "", "northwind"),
		budget:  named(&v1alpha1.MDFBudget{}, "MDFBudget", "", "fy27"),
		partner: named(&v1alpha1.Partner{}, "Partner", "p", "acme"),
		plan:    named(&v1alpha1.JointPlan{}, "JointPlan", "p", "h1"),
		request: named(&v1alpha1.MDFAllocation{}, "MDFAllocation", "p", "launch"),
		claim:   named(&v1alpha1.MDFClaim{}, "MDFClaim", "p", "launch-1"),
	}
	s.program.Spec.Calendar.TimeZone = "Europe/Berlin"
	s.program.Spec.Activities = []v1alpha1.Activity{{Type: "Webinar", Proofs: []v1alpha1.ProofType{"Invoice", "AttendeeList"}}}
	s.budget.Spec.ProgramRef.Name = "northwind"
	s.partner.Spec.ProgramRef.Name = "northwind"
	s.partner.Spec.ChannelManager = &v1alpha1.Contact{Name: "Vera", Email: "vera@northwind.example"}
	s.partner.Status.EffectiveTier = "gold"
	s.plan.Spec.PartnerRef.Name = "acme"
	s.plan.Spec.Activities = []v1alpha1.PlannedActivity{{Name: "launch", Type: "Webinar"}}
	s.plan.Status.Stage, s.plan.Status.Revision = v1alpha1.StageActive, "v1:0123456789abcdef0123456789abcdef"
	s.request.Spec.PlanRef.Name, s.request.Spec.BudgetRef.Name, s.request.Spec.Activity = "h1", "fy27", "launch"
	s.request.Spec.Amount = eur("3000.00")
	s.request.Status.Stage = v1alpha1.AllocationSettled
	s.claim.Spec.AllocationRef.Name = "launch"
	s.claim.Status.Stage = v1alpha1.ClaimSettled
	for _, status := range []*v1alpha1.CommonStatus{
		s.program.Common(), s.budget.Common(), s.partner.Common(), s.plan.Common(), s.request.Common(), s.claim.Common(),
	} {
		status.Conditions = ready()
	}
	return s
}

func eur(amount v1alpha1.Decimal) v1alpha1.Money {
	return v1alpha1.Money{Amount: amount, Currency: "EUR"}
}

// says adds a condition to an object.
func says(object interface{ Common() *v1alpha1.CommonStatus }, kind, status, reason, message string) {
	c := metav1.Condition{Type: kind, Status: metav1.ConditionStatus(status), Reason: reason, Message: message}
	object.Common().Conditions = append(object.Common().Conditions, c)
}

// met adds the record of a meeting of 2026-10-01 about the plan.
func (s *fixture) met(name string, actions ...v1alpha1.ActionItem) *v1alpha1.PlanReview {
	r := &v1alpha1.PlanReview{}
	r.Name, r.Namespace = name, s.plan.Namespace
	r.Spec.PlanRef.Name, r.Spec.HeldOn, r.Spec.Actions = "h1", "2026-10-01", actions
	r.Status.Conditions = ready()
	s.other = append(s.other, r)
	return r
}

func (s *fixture) items() []*agenda.Item {
	objects := append([]manifest.Object{s.program, s.budget, s.partner, s.plan, s.request, s.claim}, s.other...)
	return agenda.Of(lineage.New(objects), now)
}

// line writes an item as a person reads it.
func line(i *agenda.Item) string {
	overdue := ""
	if i.Overdue {
		overdue = " overdue"
	}
	text := fmt.Sprintf("%s%s %s | %s | %s | %s/%s | %s", i.Due, overdue, i.Level, i.Who, i.What, i.Kind, i.Name, i.Why)
	if len(i.HoldsUp) > 0 {
		text += " | holds up " + strings.Join(i.HoldsUp, ", ")
	}
	return strings.TrimSpace(text)
}

func TestItems(t *testing.T) {
	for name, x := range map[string]struct {
		change func(*fixture)
		want   []string
	}{
		"nothing is to be done about what is in order": {func(*fixture) {}, nil},
		"a wrong spec": {
			func(s *fixture) { says(s.claim, "Stalled", "True", "InvalidSpec", "spec.costs: mend it") },
			[]string{"grave | Partner (acme) | Correct the spec | MDFClaim/launch-1 | spec.costs: mend it"},
		},
		"what is not evaluated asks nobody": {func(s *fixture) { s.plan.Generation = 2 }, nil},
		"a suspended object": {
			func(s *fixture) { says(s.plan, "Suspended", "True", "Suspended", "suspended by annotation") },
			[]string{"note | Vendor (Vera) | Resume the evaluation | JointPlan/h1 | suspended by annotation"},
		},
		"a plan that waits for a decision, and is owed": {
			func(s *fixture) {
				s.plan.Status.Approvals = []v1alpha1.PartyApproval{{Party: "Vendor", State: "Missing"}, {Party: "Partner", State: "Approved"}}
				says(s.plan, "Approved", "False", "AwaitingDecision", "waiting")
				s.partner.Status.Obligations = []v1alpha1.PlanObligation{{Period: "FY2027 H1", DueOn: "2026-10-20", State: "Submitted", Plan: "h1"}}
				s.plan.Status.Submission = &v1alpha1.PlanSubmission{Revision: s.plan.Status.Revision, SubmittedOn: "2026-10-28", DecideThrough: "2026-11-07"}
			},
			[]string{"2026-11-07 warning | Vendor (Vera) | Decide on the plan, revision v1:0123456789 | JointPlan/h1 | without it the plan gets no money"},
		},
		"a plan on which the vendor's decision is late": {
			func(s *fixture) {
				s.plan.Status.Approvals = []v1alpha1.PartyApproval{{Party: "Vendor", State: "Missing"}, {Party: "Partner", State: "Approved"}}
				says(s.plan, "Approved", "False", "DecisionOverdue", "late")
				s.plan.Status.Submission = &v1alpha1.PlanSubmission{
					Revision: s.plan.Status.Revision, SubmittedOn: "2026-10-20", DecideThrough: "2026-10-30", OverdueSince: "2026-10-31", EscalatedTo: "ChannelDirector",
				}
			},
			[]string{"2026-10-30 overdue grave | Vendor (Vera) | Decide on the plan, revision v1:0123456789, escalated to the ChannelDirector | JointPlan/h1 | " +
				"submitted on 2026-10-20, late since 2026-10-31; without it the plan gets no money"},
		},
		"a plan that was sent back with a word, and what waits for it": {
			func(s *fixture) {
				s.plan.Status.Approvals = []v1alpha1.PartyApproval{{Party: "Vendor", State: "Returned", Decision: "no"}}
				says(s.plan, "Approved", "False", "Returned", "returned")
				decision := named(&v1alpha1.ApprovalDecision{}, "ApprovalDecision", "p", "no")
				decision.Spec.TargetRef, decision.Spec.Comment = v1alpha1.DecisionTargetReference{Kind: "JointPlan", Name: "h1"}, "too\nlow"
				decision.Status.Conditions = ready()
				s.other = append(s.other, decision)
				s.request.Status.Stage = v1alpha1.AllocationRefused
				says(s.request, "Eligible", "False", "NoPlan", "no plan, no money")
			},
			[]string{
				"warning | Partner (acme) | Change the plan and submit it again | JointPlan/h1 | the Vendor returned it: too ⏎ low " +
					"| holds up mdfallocation/launch (EUR 3,000.00)",
			},
		},
		"a draft that is owed and not SMART": {
			func(s *fixture) {
				says(s.plan, "Approved", "False", "Draft", "draft")
				says(s.plan, "Smart", "False", "NotSmart", "1 of 2 goals not SMART")
				s.partner.Status.Obligations = []v1alpha1.PlanObligation{{Period: "FY2027 H2", DueOn: "2027-01-15", State: "Pending", Plan: "h1"}}
			},
			[]string{
				"2027-01-15 note | Partner (acme) | Submit the plan for FY2027 H2 | JointPlan/h1 | the tier owes a plan for FY2027 H2, submitted " +
					"by 2027-01-15; 1 of 2 goals not SMART",
			},
		},
		"a wrong draft that is owed is said once": {
			func(s *fixture) {
				says(s.plan, "Approved", "False", "Draft", "draft")
				says(s.plan, "Stalled", "True", "InvalidSpec", "spec.goals: mend it")
				s.partner.Status.Obligations = []v1alpha1.PlanObligation{{Period: "FY2027 H2", DueOn: "2027-01-15", State: "Pending", Plan: "h1"}}
			},
			[]string{"2027-01-15 grave | Partner (acme) | Correct the plan and submit it for FY2027 H2 | JointPlan/h1 | spec.goals: mend it"},
		},
		"a plan that nobody has written": {
			func(s *fixture) {
				s.partner.Status.Obligations = []v1alpha1.PlanObligation{{Period: "FY2027 H2", DueOn: "2026-11-01", State: "Overdue"}}
			},
			[]string{
				"2026-11-01 overdue grave | Partner (acme) | Write and submit a plan for FY2027 H2 | Partner/acme | tier gold owes a plan " +
					"for FY2027 H2 by 2026-11-01",
			},
		},
		"a review that is escalated, by the slot that was missed": {
			func(s *fixture) {
				s.plan.Status.Reviews = &v1alpha1.ReviewStatus{
					NextDue: "2026-11-02", OverdueSince: "2026-10-07", EscalatedTo: "ChannelDirector",
					Slots: []v1alpha1.ReviewSlot{
						{Due: "2026-09-01", State: "Held", HeldOn: "2026-09-01"}, {Due: "2026-10-01", State: "Missed"}, {Due: "2026-11-02", State: "InGrace"},
					},
				}
				says(s.plan, "ReviewOverdue", "True", "Escalated", "not held")
			},
			[]string{"2026-10-01 overdue grave | Both (Vera, acme) | Hold the review that is overdue, escalated to the ChannelDirector | JointPlan/h1 | not held"},
		},
		"actions of a review, and a commitment": {
			func(s *fixture) {
				s.met("h1-20261001", v1alpha1.ActionItem{Name: "speaker", Party: "Vendor", Owner: "Uwe", Due: "2026-11-04", Description: "Find one."})
				s.plan.Spec.Commitments = []v1alpha1.Commitment{{Name: "stand", Party: "Partner", Description: "Build the stand."}}
				s.plan.Status.OpenItems = []v1alpha1.OpenItem{
					{Kind: "Action", Name: "h1-20261001/speaker", Party: "Vendor", Due: "2026-11-04", State: "Pending"},
					{Kind: "Commitment", Name: "stand", Party: "Partner", Due: "2026-11-02", State: "Overdue"},
				}
			},
			[]string{
				"2026-11-02 overdue warning | Partner (acme) | Keep the commitment stand | JointPlan/h1 | Build the stand.",
				"2026-11-04 note | Vendor (Uwe) | Do the action h1-20261001/speaker | JointPlan/h1 | Find one.; decided in the meeting of 2026-10-01",
			},
		},
		"what the partner recorded, and a dispute": {
			func(s *fixture) {
				says(s.met("h1-20261001"), "Counts", "False", "AwaitingConfirmation", "confirm or dispute it")
				says(s.met("h1-20261002"), "Counts", "False", "Disputed", "it was not held")
				s.plan.Status.OpenItems = []v1alpha1.OpenItem{
					{Kind: "Confirmation", Name: "h1-20261001", Party: "Vendor", Due: "2026-11-02", State: "Overdue"},
					{Kind: "Dispute", Name: "h1-20261002", Party: "Vendor", Role: "ChannelDirector", Due: "2026-11-10", State: "Pending"},
				}
			},
			[]string{
				"2026-11-02 overdue warning | Vendor (Vera) | Confirm or dispute the record h1-20261001 | JointPlan/h1 | confirm or dispute it",
				"2026-11-10 note | Vendor (ChannelDirector) | Resolve the dispute about the record h1-20261002 | JointPlan/h1 | it was not held",
			},
		},
		"a review that waits for the vendor asks nobody to hold it": {
			func(s *fixture) {
				s.plan.Status.Reviews = &v1alpha1.ReviewStatus{
					NextDue: "2026-11-02", Slots: []v1alpha1.ReviewSlot{{Due: "2026-11-02", State: "Recorded", Record: "h1-20261101"}},
				}
			}, nil,
		},
		"results that are missing": {
			func(s *fixture) { says(s.plan, "ResultsStale", "True", "ResultsMissing", "report them") },
			[]string{"warning | Both (Vera, acme) | Report the results that are missing | JointPlan/h1 | report them"},
		},
		"an invoice that holds money": {
			func(s *fixture) {
				s.partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "N-1", DueOn: "2026-07-31"}, {Number: "N-2", DueOn: "2026-08-31", PaidOn: "2026-08-31"}}
				s.partner.Status.Standing = &v1alpha1.StandingStatus{Step: "Hold", Causes: []v1alpha1.CauseStatus{
					{Cause: v1alpha1.CauseInvoiceOverdue, About: "N-1", Owner: "Partner", Step: "Hold", Message: "pay it"},
				}}
				s.request.Status.Stage = v1alpha1.AllocationRefused
				says(s.request, "Eligible", "False", "StandingHold", "on hold")
			},
			[]string{"2026-07-31 overdue grave | Partner (acme) | Pay invoice N-1 | Partner/acme | pay it | holds up mdfallocation/launch (EUR 3,000.00)"},
		},
		"an agreement that ends": {
			func(s *fixture) { s.partner.Spec.Agreement = &v1alpha1.Agreement{EndsOn: "2026-11-30"} },
			[]string{"2026-11-30 note | Vendor (Vera) | Renew the agreement | Partner/acme | it ends on 2026-11-30"},
		},
		"a tier in danger": {
			func(s *fixture) {
				s.partner.Status.NextTier = &v1alpha1.NextTier{Name: "gold", EvaluatedOn: "2026-12-31", Missing: []string{"15 users short"}}
				says(s.partner, "TierRequirementsMet", "False", "HeldInGrace", "in grace")
			},
			[]string{"2026-12-31 warning | Partner (acme) | Reach what tier gold needs | Partner/acme | 15 users short"},
		},
		"a request that needs a second person": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.ActBy = v1alpha1.AllocationPendingApproval, "2026-12-15"
				s.request.Status.Approvals = []v1alpha1.AllocationApproval{{By: "vera@northwind.example"}}
				says(s.request, "Approved", "False", "SecondApproverMissing", "1 more person: create an ApprovalDecision with this and that")
			},
			[]string{
				"2026-12-15 warning | Vendor (not vera@northwind.example) | Decide on the request for EUR 3,000.00 | MDFAllocation/launch | 1 more person",
			},
		},
		"a request on which the vendor decides by a day": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.ActBy = v1alpha1.AllocationPendingApproval, "2026-12-15"
				s.request.Status.DecisionDue = &v1alpha1.DecisionDue{Through: "2026-11-05"}
				says(s.request, "Approved", "False", "AwaitingDecision", "requested: create an ApprovalDecision with this and that")
			},
			[]string{"2026-11-05 warning | Vendor (Vera) | Decide on the request for EUR 3,000.00 | MDFAllocation/launch | requested"},
		},
		"a request on which the vendor's decision is late": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.ActBy = v1alpha1.AllocationPendingApproval, "2026-12-15"
				s.request.Status.DecisionDue = &v1alpha1.DecisionDue{Through: "2026-10-20", OverdueSince: "2026-10-21", EscalatedTo: "ChannelDirector"}
				says(s.request, "Approved", "False", "DecisionOverdue", "late")
			},
			[]string{
				"2026-10-20 overdue grave | Vendor (Vera) | Decide on the request for EUR 3,000.00, escalated to the ChannelDirector | MDFAllocation/launch | late",
			},
		},
		"a request that waits for the partner's standing, and for the vendor, who is late": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.Reason = v1alpha1.AllocationRefused, "StandingHold"
				s.request.Status.DecisionDue = &v1alpha1.DecisionDue{Through: "2026-10-20", OverdueSince: "2026-10-21"}
				says(s.request, "Eligible", "False", "StandingHold", "on hold")
				says(s.request, "Approved", "False", "DecisionOverdue", "late")
			},
			[]string{
				"2026-10-20 overdue grave | Vendor (Vera) | Decide on the request for EUR 3,000.00 | MDFAllocation/launch | late",
				"warning | Partner (acme) | Change the request, or withdraw it | MDFAllocation/launch | on hold",
			},
		},
		"a refused request that nobody holds up": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.Reason = v1alpha1.AllocationRefused, "LeadTimeMissed"
				says(s.request, "Eligible", "False", "LeadTimeMissed", "too late")
			},
			[]string{"warning | Partner (acme) | Change the request, or withdraw it | MDFAllocation/launch | too late"},
		},
		"what is refused for good is nothing to do": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.Reason = v1alpha1.AllocationRefused, "RequestDeadlineMissed"
				says(s.request, "Eligible", "False", "RequestDeadlineMissed", "too late")
			},
			nil,
		},
		"money to claim": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.ActBy = v1alpha1.AllocationGranted, "2026-12-07"
				granted, claimed := eur("3500.00"), eur("500.00")
				s.request.Status.Granted, s.request.Status.Claimed = &granted, &claimed
				says(s.request, "ClaimWindowClosing", "True", "WindowClosing", "closing")
			},
			[]string{
				"2026-12-07 warning | Partner (acme) | Claim EUR 3,000.00 for launch | MDFAllocation/launch | what is not claimed through 2026-12-07 is " +
					"released; proof needed: Invoice, AttendeeList",
			},
		},
		"nothing is left to claim": {
			func(s *fixture) {
				s.request.Status.Stage, s.request.Status.ActBy = v1alpha1.AllocationGranted, "2026-12-07"
				granted := eur("3500.00")
				s.request.Status.Granted, s.request.Status.Claimed = &granted, &granted
			},
			nil,
		},
		"a claim to decide on": {
			func(s *fixture) {
				payable := eur("725.00")
				s.claim.Status.Stage, s.claim.Status.Payable = v1alpha1.ClaimPendingDecision, &payable
				says(s.claim, "Accepted", "False", "AwaitingDecision", "received on 2026-11-02: create an ApprovalDecision with this and that")
			},
			[]string{"warning | Vendor (Vera) | Decide on the claim of EUR 725.00 | MDFClaim/launch-1 | received on 2026-11-02"},
		},
		"a claim without a proof": {
			func(s *fixture) {
				s.claim.Status.Stage, s.claim.Status.Reason, s.claim.Status.ActBy = v1alpha1.ClaimRefused, "ProofMissing", "2026-12-30"
				says(s.claim, "Accepted", "False", "ProofMissing", "Screenshot is missing")
			},
			[]string{"2026-12-30 warning | Partner (acme) | Add the missing proof to the claim | MDFClaim/launch-1 | Screenshot is missing"},
		},
		"a claim that was sent back": {
			func(s *fixture) {
				s.claim.Status.Stage, s.claim.Status.ActBy = v1alpha1.ClaimSentBack, "2026-12-10"
				says(s.claim, "Accepted", "False", "Returned", "mend it")
			},
			[]string{"2026-12-10 warning | Partner (acme) | Mend the claim and submit it again | MDFClaim/launch-1 | mend it"},
		},
		"a claim to pay": {
			func(s *fixture) {
				payable := eur("2100.00")
				s.claim.Status.Stage, s.claim.Status.Payable = v1alpha1.ClaimAccepted, &payable
				says(s.claim, "Settled", "False", "AwaitingPayment", "pay it")
			},
			[]string{"warning | Vendor (finance) | Pay the claim of EUR 2,100.00 | MDFClaim/launch-1 | pay it"},
		},
		"a claim that is paid in part": {
			func(s *fixture) {
				payable, paid := eur("2100.00"), eur("2000.00")
				s.claim.Status.Stage, s.claim.Status.Payable, s.claim.Status.Paid = v1alpha1.ClaimAccepted, &payable, &paid
				says(s.claim, "Settled", "False", "AwaitingPayment", "pay it")
			},
			[]string{"warning | Vendor (finance) | Pay what is left of the claim, EUR 100.00 | MDFClaim/launch-1 | pay it"},
		},
		"a claim whose payment is dated ahead": {
			func(s *fixture) {
				payable := eur("2100.00")
				s.claim.Status.Stage, s.claim.Status.Payable = v1alpha1.ClaimAccepted, &payable
				s.claim.Spec.Payments = []v1alpha1.Payment{{Document: "T-1", Line: 1, PaidOn: "2027-02-01", Net: "2100.00"}}
				says(s.claim, "Settled", "False", "AwaitingPayment", "it counts from that day on")
			},
			[]string{"note | Vendor (finance) | Do not pay the claim again before its payment counts | MDFClaim/launch-1 | it counts from that day on"},
		},
		"a lost ledger": {
			func(s *fixture) { says(s.budget, "LedgerIntact", "False", "RecoveryRequired", "the ledger is lost") },
			[]string{"grave | Vendor (finance) | Restore the ledger, or authorise its rebuilding | MDFBudget/fy27 | the ledger is lost"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene()
			x.change(s)
			var got []string
			for _, item := range s.items() {
				got = append(got, line(item))
			}
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestLateGoesByTheProgramsDay looks at a deadline in the hour in which it is the next day in Berlin and not yet in UTC.
func TestLateGoesByTheProgramsDay(t *testing.T) {
	s := newScene()
	s.partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "N-1", DueOn: "2026-11-02"}}
	objects := []manifest.Object{s.program, s.partner}
	for at, want := range map[string]bool{"2026-11-02T22:59:59Z": false, "2026-11-02T23:00:00Z": true} {
		instant, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if items := agenda.Of(lineage.New(objects), instant); len(items) != 1 || items[0].Overdue != want {
			t.Errorf("at %s overdue is %t", at, !want)
		}
	}
}

// TestForAndConcerns asks for people and sides by their names.
func TestForAndConcerns(t *testing.T) {
	s := newScene()
	s.partner.Spec.Invoices = []v1alpha1.Invoice{{Number: "N-1", DueOn: "2026-11-30"}} // the partner's
	says(s.plan, "ResultsStale", "True", "ResultsMissing", "")                         // both
	payable := eur("725.00")
	s.claim.Status.Stage, s.claim.Status.Payable = v1alpha1.ClaimPendingDecision, &payable // Vera's
	s.met("h1-20261001", v1alpha1.ActionItem{Name: "talk", Owner: "Vera", Due: "2026-11-04"})
	s.plan.Status.OpenItems = []v1alpha1.OpenItem{{Kind: "Action", Name: "h1-20261001/talk", Party: "Vendor", Due: "2026-11-04"}} // Vera's
	items := s.items()
	for who, want := range map[string][2]string{
		"Vera":                   {"Report Decide Do", "Pay"},
		"VERA@northwind.example": {"Report Decide Do", "Pay"},
		" V\uff25RA ":            {"Report Decide Do", "Pay"},
		"acme":                   {"Report Pay", "Decide Do"},
		"vendor":                 {"Report Decide Do", ""},
		"partner":                {"Report Pay", ""},
		"nobody":                 {"", ""},
	} {
		var mine, awaited []string
		for _, i := range items {
			verb, _, _ := strings.Cut(i.What, " ")
			if i.For(who) {
				mine = append(mine, verb)
			}
			if i.Concerns(who) {
				awaited = append(awaited, verb)
			}
		}
		sortLike := func(verbs []string) string {
			order := []string{"Report", "Decide", "Do", "Pay"}
			slices.SortFunc(verbs, func(a, b string) int { return slices.Index(order, a) - slices.Index(order, b) })
			return strings.Join(verbs, " ")
		}
		if got := [2]string{sortLike(mine), sortLike(awaited)}; got != want {
			t.Errorf("%s: got %q, want %q", who, got, want)
		}
		if known := agenda.Known(items, who); known != (who != "nobody") {
			t.Errorf("%s is known: %t", who, known)
		}
	}
}

// TestWithin leaves out what is only to come, and nothing else.
func TestWithin(t *testing.T) {
	for name, x := range map[string]struct {
		item agenda.Item
		want bool
	}{
		"no day":         {agenda.Item{Level: 3}, true},
		"the last day":   {agenda.Item{Level: 3, Due: "2026-12-03"}, true},
		"the day after":  {agenda.Item{Level: 3, Due: "2026-12-04"}, false},
		"must act now":   {agenda.Item{Level: 2, Due: "2027-12-04"}, true},
		"broken already": {agenda.Item{Level: 1, Due: "2027-12-04"}, true},
	} {
		if got := x.item.Within(now, 30); got != x.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// TestSamples looks at all samples at several instants: items are in order, about objects that are there, and say who, what and why.
func TestSamples(t *testing.T) {
	if _, err := os.Stat("../../../config/samples"); err != nil {
		t.Fatal(err)
	}
	set, err := manifest.NewReader().Read(t.Context(), manifest.Options{}, "../../../config/samples")
	if err != nil {
		t.Fatal(err)
	}
	world := preview.New(set)
	for _, at := range []time.Time{now.AddDate(0, -3, 0), now, now.AddDate(0, 2, 0), now.AddDate(1, 0, 0)} {
		index := lineage.New(world.At(at))
		items := agenda.Of(index, at)
		if len(items) < 10 {
			t.Errorf("%s: only %d items", at, len(items))
		}
		for i, item := range items {
			if item.Who == "" || item.What == "" || len(item.Parties) == 0 || index.Get(item.Key()) == nil {
				t.Errorf("%s: incomplete: %s", at, line(item))
			}
			if i > 0 && item.Due != "" && items[i-1].Due > item.Due {
				t.Errorf("%s: not in order: %s after %s", at, line(item), line(items[i-1]))
			}
		}
	}
}
