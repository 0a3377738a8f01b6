package facts

import (
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// ProofElsewhere returns the first other claim of the partner, by name, that holds a proof of a digest; nil when none does, and for a proof without a
// digest.
func (f *Facts) ProofElsewhere(claim *v1alpha1.MDFClaim, sha256 string) *v1alpha1.MDFClaim {
	if sha256 == "" {
		return nil
	}
	holders := Once(f, proofBook{}, f.proofBook)[sha256]
	i := slices.IndexFunc(holders, func(c *v1alpha1.MDFClaim) bool { return c.Name != claim.Name })
	if i < 0 {
		return nil
	}
	return holders[i]
}

// proofBook is the key of the claims by the digests of their proofs.
type proofBook struct{}

// proofBook returns the claims of the partner by the digests of their proofs, each by name.
func (f *Facts) proofBook() map[string][]*v1alpha1.MDFClaim {
	book := map[string][]*v1alpha1.MDFClaim{}
	for _, claim := range f.Snapshot.Claims() {
		for i := range claim.Spec.Proofs {
			digest := claim.Spec.Proofs[i].SHA256
			if holders := book[digest]; digest != "" && (len(holders) == 0 || holders[len(holders)-1] != claim) {
				book[digest] = append(holders, claim)
			}
		}
	}
	return book
}
