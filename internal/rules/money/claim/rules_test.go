package claim

import "testing"

// TestRulesInWords checks that each rule about claims has words and a reason, and none has them that is no rule.
func TestRulesInWords(t *testing.T) {
	if got, want := len(Rules()), len(chain()); got != want { // two of the chain have one reason, and payable comes after it
		t.Errorf("%d rules about claims in words, %d rules", got, want)
	}
	for _, rule := range chain() {
		if rule.Reason == "" || rule.Asks == "" {
			t.Errorf("rule %q has no words or no reason", rule.Reason)
		}
	}
}
