package claim

import (
	"fmt"
)

// findProofs notes proofs that other claims of the partner hold too, by their digests. One proof may be that of several claims on one activity, so it
// is for who decides to say whether it is.
func (v *Claim) findProofs() {
	for i := range v.Object.Spec.Proofs {
		proof := &v.Object.Spec.Proofs[i]
		if other := v.input.facts.ProofElsewhere(v.Object, proof.SHA256); other != nil {
			v.input.findings.Warningf(RuleProofReused, fmt.Sprintf("spec.proofs[%d].sha256", i), "the %s %s is in MDFClaim %q too (SHA-256 %s): find out which activity "+
				"it proves, and reject the claim that it does not belong to", proof.Type, quoted(proof.Reference), other.Name, proof.SHA256)
		}
	}
}
