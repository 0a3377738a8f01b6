package funding

import "testing"

// TestRulesInWords checks that each rule of the chains has words, and none has them that is no rule.
func TestRulesInWords(t *testing.T) {
	if got, want := len(ClaimRules()), len(claimRules()); got != want {
		t.Errorf("%d rules about claims in words, %d rules", got, want)
	}
}
