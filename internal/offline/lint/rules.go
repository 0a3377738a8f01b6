package lint

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed rules.json
var rulesText []byte

// meaning is what a rule finds in objects of one concern, and what to do. A rule id that several concerns share has several.
type meaning struct {
	ID      string `json:"id"`
	Concern string `json:"concern"`
	Found   string `json:"found"`
	Remedy  string `json:"remedy"`
}

// meanings returns what the rules mean, by their ids.
var meanings = sync.OnceValue(func() map[string][]meaning {
	var list []meaning
	if err := json.Unmarshal(rulesText, &list); err != nil {
		return nil // a test reads the file; without it rules have no description
	}
	byID := map[string][]meaning{}
	for _, one := range list {
		byID[one.ID] = append(byID[one.ID], one)
	}
	return byID
})

// found is what a rule finds, in a sentence for each thing that it may be.
func found(rule string) string {
	return distinct(meanings()[rule], func(m meaning) string { return m.Found }, " ")
}

// explained is what a rule finds and what to do, with a line for each concern.
func explained(rule string) string {
	return distinct(meanings()[rule], func(m meaning) string { return m.Found + " " + m.Remedy }, "\n")
}

// remedies is what to do about a finding of a rule, and the place of the page that lists it.
func remedies(rule string) string {
	const page = "docs/findings.md#"
	do := distinct(meanings()[rule], func(m meaning) string { return m.Remedy }, " ")
	if do == "" {
		return ""
	}
	return do + "\nSee " + distinct(meanings()[rule], func(m meaning) string { return page + m.Concern }, ", ") + "."
}

// distinct joins texts of the meanings of a rule, each once.
func distinct(of []meaning, text func(meaning) string, separator string) string {
	var texts []string
	for _, one := range of {
		if t := text(one); !slices.Contains(texts, t) {
			texts = append(texts, t)
		}
	}
	return strings.Join(texts, separator)
}
