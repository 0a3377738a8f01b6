package approval_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/rules/money/outcome"
	"jointplan.dev/jointplan/internal/testobj"
)

const (
	approved = v1alpha1.DecisionApproved
	returned = v1alpha1.DecisionReturned
	rejected = v1alpha1.DecisionRejected
)

func level(above v1alpha1.Decimal, approvers int32) v1alpha1.AuthorityLevel {
	return v1alpha1.AuthorityLevel{Above: above, Approvers: approvers}
}

func TestApproval(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*moneytest.Dossier)
		want   string // the condition Approved, with CURRENT for the revision
	}{
		"nobody has decided": {
			func(*moneytest.Dossier) {},
			"False/AwaitingDecision: requested on 2026-08-03; the vendor decides by 2026-08-13; waiting for the decision of the vendor on revision CURRENT",
		},
		"a draft": {
			func(d *moneytest.Dossier) { d.Request.Spec.RequestedOn = "" },
			"False/Draft: the request is a draft: set spec.requestedOn to submit it",
		},
		"approved": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-05T10:00:00+02:00") },
			"True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05)",
		},
		"by the requester": {
			func(d *moneytest.Dossier) { d.Approve("paul", "2026-08-05T10:00:00+02:00") },
			`False/SelfApproval: paul requested the money and approved it in ApprovalDecision "d3", which does not count: another ` +
				"person of the vendor must approve revision CURRENT",
		},
		"by the requester and another": {func(d *moneytest.Dossier) {
			d.Approve("paul", "2026-08-05T10:00:00+02:00")
			d.Approve("vera", "2026-08-06T10:00:00+02:00")
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-06)"},
		"authority asks for two, none yet": {
			func(d *moneytest.Dossier) { d.Budget = testobj.Budget("fy27-emea").Authority("4999.99", 2).Obj() },
			"False/AwaitingDecision: requested on 2026-08-03; the vendor decides by 2026-08-13; waiting for the approval of 2 people of the vendor, as the budget's approval limits require, " +
				"on revision CURRENT",
		},
		"authority asks for two, one yet": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("4999.99", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"authority asks for two, one twice": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("4999.99", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Approve("vera", "2026-08-06T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-06); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"authority asks for two, one is the requester": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("4999.99", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Approve("paul", "2026-08-06T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 " +
			`more person must approve revision CURRENT; paul requested the money, so ApprovalDecision "d4" does not count`},
		"authority asks for two, two did": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("4999.99", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Approve("walt", "2026-08-06T10:00:00+02:00")
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05) and walt (2026-08-06)"},
		"the amount is not above the authority": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("5000.00", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05)"},
		"the rule is put back after one approved alone": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).AuthorityFrom("2026-08-04").
				AuthorityFrom("2026-08-06", level("1000.00", 2)).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"a looser rule after the request was made": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).AuthorityFrom("2026-08-04").Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"a looser rule of the day on which the request was made": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).AuthorityFrom("2026-08-03").Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"a looser rule before the request was made": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).AuthorityFrom("2026-08-02").Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05)"},
		"a stricter rule after the request was made": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").AuthorityFrom("2026-08-04", level("1000.00", 2)).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"a stricter rule after the decision": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").AuthorityFrom("2026-08-06", level("1000.00", 2)).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05)"},
		"decided before it was made, under a looser rule": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").AuthorityFrom("2026-08-02", level("1000.00", 2)).Obj()
			d.Approve("vera", "2026-08-01T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-01); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"a rule of no day": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").AuthorityFrom("").Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 5 people, so 4 " +
			"more people must approve revision CURRENT"},
		"the part is within one person's authority": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("4000.00", 2).Obj()
			d.Part("4000.00", "EUR", "vera", "2026-08-05T10:00:00+02:00")
		}, "True/ApprovedInPart: EUR 4,000.00 of EUR 5,000.00 is approved by vera (2026-08-05)"},
		"the least of two parts": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
			d.Part("4500.00", "EUR", "vera", "2026-08-05T10:00:00+02:00")
			d.Part("3000.00", "EUR", "walt", "2026-08-06T10:00:00+02:00")
		}, "True/ApprovedInPart: EUR 3,000.00 of EUR 5,000.00 is approved by vera (2026-08-05) and walt (2026-08-06)"},
		"less than is accepted": {func(d *moneytest.Dossier) {
			d.Request.Spec.AcceptAtLeast = "4500.00"
			d.Part("4000.00", "EUR", "vera", "2026-08-05T10:00:00+02:00")
		}, "True/ApprovedInPart: EUR 4,000.00 of EUR 5,000.00 is approved by vera (2026-08-05); that is less than the EUR " +
			"4,500.00 that the request accepts at least: to decline it, withdraw the request (spec.withdrawnOn)"},
		"more than was requested": {
			func(d *moneytest.Dossier) { d.Part("5000.01", "EUR", "vera", "2026-08-05T10:00:00+02:00") },
			"True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05)",
		},
		"a part in another currency": {
			func(d *moneytest.Dossier) { d.Part("4000.00", "USD", "vera", "2026-08-05T10:00:00+02:00") },
			"False/AwaitingDecision: requested on 2026-08-03; the vendor decides by 2026-08-13; waiting for the decision of the vendor on revision CURRENT",
		},
		"a decision to come": {
			func(d *moneytest.Dossier) { d.Approve("vera", "2026-08-10T12:00:01+02:00") },
			"False/AwaitingDecision: requested on 2026-08-03; the vendor decides by 2026-08-13; waiting for the decision of the vendor on revision CURRENT",
		},
		"of the partner": {func(d *moneytest.Dossier) {
			d.Decide(approved, "vera", "2026-08-05T10:00:00+02:00").Spec.Party = v1alpha1.PartyPartner
		}, "False/AwaitingDecision: requested on 2026-08-03; the vendor decides by 2026-08-13; waiting for the decision of the vendor on revision CURRENT"},
		"returned": {
			func(d *moneytest.Dossier) { d.Decide(returned, "vera", "2026-08-05T10:00:00+02:00") },
			`False/Returned: vera returned it on 2026-08-05 (ApprovalDecision "d3" says why): change what it objects to and have ` +
				"the new content approved",
		},
		"rejected": {
			func(d *moneytest.Dossier) { d.Decide(rejected, "vera", "2026-08-05T10:00:00+02:00") },
			`False/Rejected: vera rejected it on 2026-08-05 (ApprovalDecision "d3" says why): change what it objects to and have ` +
				"the new content approved",
		},
		"returned before the second approval": {func(d *moneytest.Dossier) {
			d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Decide(returned, "walt", "2026-08-06T10:00:00+02:00")
			d.Approve("walt", "2026-08-07T10:00:00+02:00")
		}, "False/SecondApproverMissing: approved by walt (2026-08-07); the budget's approval limits require 2 people, so 1 " +
			"more person must approve revision CURRENT"},
		"returned, then approved after all": {func(d *moneytest.Dossier) {
			d.Decide(returned, "vera", "2026-08-05T10:00:00+02:00")
			d.Approve("vera", "2026-08-06T10:00:00+02:00")
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-06)"},
		"withdrawn, and approved again": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Decide(rejected, "walt", "2026-08-06T10:00:00+02:00")
			d.Approve("vera", "2026-08-07T10:00:00+02:00")
		}, `False/ApprovalWithdrawn: the approval was withdrawn, which is final: walt rejected it on 2026-08-06 (ApprovalDecision "d4" ` +
			"says why): to request again, set a new requestID and have the request approved"},
		"changed after its approval": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Request.Spec.Place = "Lyon"
		}, "False/ChangePending: the request was changed after its approval: have the change approved, or undo it; waiting for " +
			"the decision of the vendor on revision CURRENT"},
		"changed after its grant": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(500000)
			d.Request.Spec.Place = "Lyon"
		}, "False/ChangePending: the request was changed after its approval: have the change approved, or undo it; what is " +
			"granted stays reserved, and nothing is paid until then; waiting for the decision of the vendor on revision CURRENT"},
		"changed, and the change approved": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(500000)
			d.Request.Spec.Place = "Lyon"
			d.Approve("walt", "2026-08-06T10:00:00+02:00")
		}, "True/Approved: revision v1:f096384307 is approved by walt (2026-08-06)"},
		"changed, and the change undone": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(500000)
			d.Request.Spec.Place = "Lyon"
			d.Decide(returned, "walt", "2026-08-06T10:00:00+02:00")
			d.Request.Spec.Place = ""
		}, "True/Approved: revision v1:0b07e4112f is approved by vera (2026-08-05)"},
		"changed, and the change returned": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(500000)
			d.Request.Spec.Place = "Lyon"
			d.Decide(returned, "walt", "2026-08-06T10:00:00+02:00")
		}, `False/Returned: walt returned it on 2026-08-06 (ApprovalDecision "d4" says why): change what it objects to and have ` +
			"the new content approved"},
		"granted, changed, and the approval of before withdrawn": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(500000)
			d.Decide(rejected, "vera", "2026-08-06T10:00:00+02:00")
			d.Request.Spec.Place = "Lyon"
		}, "False/ApprovalWithdrawn: an earlier version's approval was withdrawn, which is final: set a new spec.requestID: to request again, set a " +
			"new requestID and have the request approved"},
		"granted, changed twice, and one of two approvals of before withdrawn": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(500000)
			d.Decide(rejected, "vera", "2026-08-06T10:00:00+02:00")
			d.Request.Spec.Place = "Lyon"
			d.Approve("vera", "2026-08-07T10:00:00+02:00")
			d.Request.Spec.Place = "Paris"
		}, "False/ChangePending: the request was changed after its approval: have the change approved, or undo it; what is " +
			"granted stays reserved, and nothing is paid until then; waiting for the decision of the vendor on revision CURRENT"},
		"asked again after the approval was withdrawn": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(0)
			d.Decide(rejected, "vera", "2026-08-06T10:00:00+02:00")
			d.Request.Spec.RequestID = "2"
		}, "False/AwaitingDecision: requested on 2026-08-03, and rejected on 2026-08-06, before it was changed: set spec.requestedOn to the day of the change, and the vendor's days begin " +
			"anew; waiting for the decision of the vendor on revision CURRENT"},
		"asked again after the grant was released": {func(d *moneytest.Dossier) {
			d.Approve("vera", "2026-08-05T10:00:00+02:00")
			d.Grant(0)
			d.Request.Spec.RequestID = "2"
		}, "False/AwaitingDecision: requested on 2026-08-03, and approved on 2026-08-05, before it was changed: set spec.requestedOn to the day of the change, and the vendor's days begin " +
			"anew; waiting for the decision of the vendor on revision CURRENT"},
		"granted, and the decision deleted": {
			func(d *moneytest.Dossier) { d.Grant(500000) },
			"False/AwaitingDecision: waiting for the decision of the vendor on revision CURRENT",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			tc.change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			got := strings.ReplaceAll(moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved), status.Revision, "CURRENT")
			if got != tc.want {
				t.Errorf("FILL[%s][%s]END", name, got)
			}
		})
	}
}

// TestAStricterRuleIsNotedAhead evaluates a request that waits for its approval before a rule takes effect that asks for more people.
func TestAStricterRuleIsNotedAhead(t *testing.T) {
	d := moneytest.NewDossier()
	d.ApprovePlan()
	d.Budget = testobj.Budget("fy27-emea").AuthorityFrom("2026-08-12", level("1000.00", 2)).Obj()
	_, next := outcome.Evaluate(d.Snapshot(), d.Request, d.Gate, testobj.At(moneytest.Noon))
	if by := testobj.At("2026-08-12T00:00:00+02:00"); next.After(by) {
		t.Errorf("the request is evaluated again at %s, want %s or before", next, by)
	}
}
