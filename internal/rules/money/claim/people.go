package claim

// findPeople notes approvals by people whose names look like those of who claims or requested the money.
func (v *Claim) findPeople() {
	if !v.IsSettled {
		asked := caseOf(v.input.request, v.Object, v.Revision)
		v.Approval.CheckPeople(&asked, v.input.findings)
	}
}
