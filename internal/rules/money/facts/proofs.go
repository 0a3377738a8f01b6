package facts

import (
	"cmp"
	"slices"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// ProofElsewhere returns the first other claim of the partner, by name, that holds a proof of a digest; nil when none does, and for a proof without a
// digest.
func (f *Facts) ProofElsewhere(claim *v1alpha1.MDFClaim, sha256 string) *v1alpha1.MDFClaim {
	if sha256 == "" {
		return nil
	}
	holders := f.proofs.Get(struct{}{}, f.proofBook)[sha256]
	i := slices.IndexFunc(holders, func(c *v1alpha1.MDFClaim) bool { return c.Name != claim.Name })
	if i < 0 {
		return nil
	}
	return holders[i]
}

// proofBook returns the claims of the partner by the digests of their proofs, each by name.
func (f *Facts) proofBook() map[string][]*v1alpha1.MDFClaim {
	book := map[string][]*v1alpha1.MDFClaim{}
	for _, claim := range f.Snapshot.Claims() {
		for i := range claim.Spec.Proofs {
			if digest := claim.Spec.Proofs[i].SHA256; digest != "" && !slices.Contains(book[digest], claim) {
				book[digest] = append(book[digest], claim)
			}
		}
	}
	for _, holders := range book {
		slices.SortFunc(holders, func(a, b *v1alpha1.MDFClaim) int { return cmp.Compare(a.Name, b.Name) })
	}
	return book
}
