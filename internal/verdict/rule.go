package verdict

// Rule is one rule about In. It returns the reason for which In breaks it and what to do, and whether In does; it sees nothing but In. A rule
// whose ground is missing is not broken: an earlier rule, or a finding about the spec, says what is missing.
type Rule[In any] func(in In) (reason, message string, failed bool)

// Clause is a rule as it stands in a chain, with its words: so no chain has a rule that nobody can read.
type Clause[In any] struct {
	// Reason is the reason for which the rule refuses.
	Reason string
	// Field is the field that findings about the rule name; empty when the message names it.
	Field string
	// Asks says what the rule asks, as in "the request is made (spec.requestedOn)".
	Asks string
	// Broken says whether the rule is broken, why, and what to do.
	Broken Rule[In]
}

// RuleText is a rule of a chain in words.
type RuleText struct {
	// Reason is the reason for which the rule refuses.
	Reason string
	// Asks says what the rule asks.
	Asks string
}

// Texts returns the rules of a chain in words, in their order. Of rules that refuse for one reason the first speaks for all.
func Texts[In any](chain []Clause[In]) []RuleText {
	texts := make([]RuleText, 0, len(chain))
	said := map[string]bool{}
	for i := range chain {
		if reason := chain[i].Reason; !said[reason] {
			said[reason] = true
			texts = append(texts, RuleText{Reason: reason, Asks: chain[i].Asks})
		}
	}
	return texts
}
