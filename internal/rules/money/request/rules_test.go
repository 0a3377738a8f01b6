package request

import "testing"

// TestRulesInWords checks that each rule of the chain has words, a reason of its own, and a field for findings.
func TestRulesInWords(t *testing.T) {
	if got, want := len(Rules()), len(chain()); got != want {
		t.Errorf("%d rules of eligibility in words, %d rules", got, want)
	}
	for _, rule := range chain() {
		if rule.Reason == "" || rule.Field == "" || rule.Asks == "" {
			t.Errorf("rule %s has no words or no field", rule.Reason)
		}
	}
}
