package approval

import (
	"jointplan.dev/jointplan/internal/identity"
	"jointplan.dev/jointplan/internal/verdict"
)

// RulePeopleLookAlike: the names of two people who must not be one look alike: of who asks or claims and who approves, or of two approvers. Nothing
// is refused for it. Remedy: find out whether they are two people; if they are one, reject, and let another person approve.
const RulePeopleLookAlike = "PeopleLookAlike"

// CheckPeople notes approvals by people whose names look like those of who asks or claims, or of another approver. Names that are those of one
// person are not among them: such approvals do not count.
func (a *Approval) CheckPeople(c *Case, findings *verdict.Findings) {
	asks := "requested the money"
	if c.Owner != "" {
		asks = "claims"
	}
	for i := range a.Approvals {
		one := &a.Approvals[i]
		note := func(name, does, field string) {
			if identity.LookAlike(name, one.By) {
				findings.Warningf(RulePeopleLookAlike, field, "%q, who %s, and %q, who approved it (ApprovalDecision %q), look alike: find out whether they are two "+
					"people; if they are one, reject, and let another person approve", name, does, one.By, one.Decision)
			}
		}
		note(c.Requester, asks, "spec.requestedBy")
		if c.Owner != "" && !identity.SamePerson(c.Owner, c.Requester) {
			note(c.Owner, "requested the money that is claimed", "spec.allocationRef.name")
		}
		for j := range a.Approvals[:i] {
			note(a.Approvals[j].By, "approved it too", "spec")
		}
	}
}
