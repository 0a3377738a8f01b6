package funding

import "testing"

// TestRulesInWords checks that each rule of the chains has words, and none has them that is no rule.
func TestRulesInWords(t *testing.T) {
	if got, want := len(RequestRules()), len(chain()); got != want {
		t.Errorf("%d rules of eligibility in words, %d rules", got, want)
	}
	for _, rule := range RequestRules() {
		if fieldOf[rule.Reason] == "" || rule.Asks == "" {
			t.Errorf("rule %s has no words or is none", rule.Reason)
		}
	}
	if got, want := len(ClaimRules()), len(claimRules()); got != want {
		t.Errorf("%d rules about claims in words, %d rules", got, want)
	}
}
