package claim

import (
	"fmt"
	"time"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/fiscal"
	"jointplan.dev/jointplan/internal/verdict"
)

// creativeNotApproved holds that what the activity showed was approved by the vendor, by the digest of its file, before money was spent on it. Of several
// creatives that a claim shows each is approved, and costs count from the first approval on.
func creativeNotApproved(in *input) (reason, message string, failed bool) {
	r := in.request
	if r.Activity == nil || r.Activity.Creative != v1alpha1.CreativeApproved {
		return "", "", false
	}
	reason = v1alpha1.ReasonCreativeNotApproved
	front := fmt.Sprintf("program %s asks that the vendor approves what activity type %s shows before money is spent on it", r.Program.Name, r.Activity.Type)
	var first time.Time
	var missing []string
	shown := 0
	for i := range in.claim.Spec.Proofs {
		proof := &in.claim.Spec.Proofs[i]
		if proof.Type != v1alpha1.ProofCreative {
			continue
		}
		shown++
		at, approved := r.Approval.Creatives[v1alpha1.SHA256(proof.SHA256)]
		switch {
		case proof.SHA256 == "":
			missing = append(missing, quoted(proof.Reference)+" has no sha256")
		case !approved:
			missing = append(missing, quoted(proof.Reference)+" is not approved")
		case first.IsZero() || at.Before(first):
			first = at
		}
	}
	switch {
	case shown == 0:
		return reason, fmt.Sprintf("%s: add a proof of type Creative with the sha256 of the file to spec.proofs%s", front, in.correctText()), true
	case len(missing) > 0:
		return reason, fmt.Sprintf("%s: %s; give the digest of the file, and ask the vendor to approve it (spec.creatives of an ApprovalDecision on MDFAllocation %q)%s", front,
			verdict.Some(missing, maxNamedCosts), r.Object.Name, in.correctText()), true
	}
	return in.spentBefore(in.calendar.Today(first), front)
}

// spentBefore says which costs are from before the day on which the creative was approved.
func (in *input) spentBefore(approved fiscal.Day, front string) (reason, message string, failed bool) {
	var early []string
	for i := range in.costs {
		if cost := &in.costs[i]; !cost.performed.IsZero() && cost.performed < approved {
			early = append(early, fmt.Sprintf("invoice %s of %s", quoted(cost.spec.Invoice), cost.performed))
		}
	}
	if len(early) == 0 {
		return "", "", false
	}
	return v1alpha1.ReasonCreativeNotApproved, fmt.Sprintf("%s, and the creative was approved on %s: what was spent before that is the partner's cost, so take %s out of the claim%s",
		front, approved, verdict.Some(early, maxNamedCosts), in.correctText()), true
}
