package approval_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/rules/money/approval"
	"jointplan.dev/jointplan/internal/rules/money/moneytest"
	"jointplan.dev/jointplan/internal/testobj"
)

// TestPeopleAreComparedAsPeople says that another spelling of a name makes no other person, and that who looks like another is shown to who decides.
func TestPeopleAreComparedAsPeople(t *testing.T) {
	const found = "Warning PeopleLookAlike "
	const twoPeople = ", look alike: find out whether they are two people; if they are one, reject, and let another person approve"
	two := func(d *moneytest.Dossier, first, second string) {
		d.Budget = testobj.Budget("fy27-emea").Authority("1000.00", 2).Obj()
		d.Approve(first, "2026-08-05T10:00:00+02:00")
		d.Approve(second, "2026-08-06T10:00:00+02:00")
	}
	for name, tc := range map[string]struct {
		change   func(*moneytest.Dossier)
		want     string // the condition Approved
		findings []string
	}{
		"who asks approves in capitals": {
			change: func(d *moneytest.Dossier) {
				d.Request.Spec.RequestedBy = "p@a.example "
				d.Approve("P@A.Example", "2026-08-05T10:00:00+02:00")
			},
			want: `False/SelfApproval: P@A.Example ("p@a.example " in spec.requestedBy) requested the money and approved it in ApprovalDecision "d3", which does ` +
				"not count: another person of the vendor must approve revision CURRENT",
		},
		"who asks approves with a character that does not show": {
			change: func(d *moneytest.Dossier) { d.Approve("pa\u200bul", "2026-08-05T10:00:00+02:00") },
			want: "False/SelfApproval: pa\\u200bul (\"paul\" in spec.requestedBy) requested the money and approved it in ApprovalDecision \"d3\", which does " +
				"not count: another person of the vendor must approve revision CURRENT",
		},
		"one person in two spellings is no second approver": {
			change: func(d *moneytest.Dossier) { two(d, "Vera", "vera ") },
			want: "False/SecondApproverMissing: approved by vera (2026-08-06); the budget's approval limits require 2 people, so 1 more person must " +
				"approve revision CURRENT",
		},
		"who asks is no second approver in another spelling": {
			change: func(d *moneytest.Dossier) { two(d, "vera", "PAUL") },
			want: "False/SecondApproverMissing: approved by vera (2026-08-05); the budget's approval limits require 2 people, so 1 more person must " +
				`approve revision CURRENT; PAUL ("paul" in spec.requestedBy) requested the money, so ApprovalDecision "d4" does not count`,
		},
		"who recorded the request from a document approves": {
			change: func(d *moneytest.Dossier) {
				d.Request.Spec.Attestation = testobj.Attested("Vera")
				d.Approve("vera", "2026-08-05T10:00:00+02:00")
			},
			want: `False/RecorderApproves: vera recorded the request for paul (spec.attestation) and approved it in ApprovalDecision "d3", which does not count: another ` +
				"person of the vendor must approve revision CURRENT",
		},
		"who recorded the request is no second approver": {
			change: func(d *moneytest.Dossier) {
				d.Request.Spec.Attestation = testobj.Attested("vera")
				two(d, "walt", "VERA")
			},
			want: "False/SecondApproverMissing: approved by walt (2026-08-05); the budget's approval limits require 2 people, so 1 more person must " +
				`approve revision CURRENT; VERA recorded it for paul, so ApprovalDecision "d4" does not count`,
		},
		"two people": {
			change: func(d *moneytest.Dossier) { two(d, "vera", "walt") },
			want:   "True/Approved: revision SHORT is approved by vera (2026-08-05) and walt (2026-08-06)",
		},
		"who approves looks like who asks": {
			change: func(d *moneytest.Dossier) { d.Approve("pau1", "2026-08-05T10:00:00+02:00") },
			want:   "True/Approved: revision SHORT is approved by pau1 (2026-08-05)",
			findings: []string{
				found + `spec.requestedBy: "paul", who requested the money, and "pau1", who approved it (ApprovalDecision "d3")` + twoPeople,
			},
		},
		"the second approver looks like the first": {
			change: func(d *moneytest.Dossier) { two(d, "vera.lind@northwind.example", "veralind+mdf@northwind.example") },
			want: "True/Approved: revision SHORT is approved by vera.lind@northwind.example (2026-08-05) and " +
				"veralind+mdf@northwind.example (2026-08-06)",
			findings: []string{
				found + `spec: "vera.lind@northwind.example", who approved it too, and "veralind+mdf@northwind.example", who approved it (ApprovalDecision "d4")` +
					twoPeople,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := moneytest.NewDossier()
			d.ApprovePlan()
			tc.change(d)
			status := d.Evaluate(testobj.At(moneytest.Noon))
			got := moneytest.Condition(t, &status.CommonStatus, v1alpha1.ConditionApproved)
			got = strings.NewReplacer(status.Revision, "CURRENT", status.Revision[:13], "SHORT").Replace(got)
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			var people []string
			for _, line := range moneytest.Findings(&status.CommonStatus) {
				if strings.HasPrefix(line, "Warning "+approval.RulePeopleLookAlike) {
					people = append(people, line)
				}
			}
			if diff := cmp.Diff(tc.findings, people); diff != "" {
				t.Errorf("findings about people (-want +got):\n%s", diff)
			}
		})
	}
}
