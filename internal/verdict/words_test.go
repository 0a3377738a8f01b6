package verdict_test

import (
	"strings"
	"testing"

	"jointplan.dev/jointplan/internal/verdict"
)

func TestMessagesAboutUnknownNames(t *testing.T) {
	const labelled = " ask an administrator of the vendor's cluster to give the namespace the labels that spec.allowedNamespaces of the MDFBudget requires: " +
		"kubectl label namespace partner-acme KEY=VALUE"
	for got, want := range map[string]string{
		verdict.NotFound("plan", "acme-h", []string{"acme-h1"}):                     `plan "acme-h" not found or not permitted: did you mean "acme-h1"?`,
		verdict.NotFound("plan", "acme-h1", nil):                                    `plan "acme-h1" not found or not permitted`,
		verdict.NoSuch("metric", "new-revnue", []string{"new-revenue"}):             `no metric "new-revnue": did you mean "new-revenue"?`,
		verdict.NoSuch("metric", "margin", []string{"new-revenue"}):                 `no metric "margin": it has "new-revenue"`,
		verdict.NoSuch("metric", "margin", strings.Split("i h g f e d c b a", " ")): `no metric "margin": it has "a", "b", "c", "d", "e", "f", "g", "h" and 1 more`,
		verdict.NotPermitted("MDFBudget", "fy28", "partner-acme", []string{"schools"}): `MDFBudget "fy28" not found or not permitted: the namespace may use "schools"; ` +
			`correct the name, or` + labelled,
		verdict.NotPermitted("MDFBudget", "fy28", "partner-acme", []string{"fy27"}): `MDFBudget "fy28" not found or not permitted: did you mean "fy27"? Otherwise` + labelled,
		verdict.NotPermitted("MDFBudget", "fy28", "partner-acme", nil):              `MDFBudget "fy28" not found or not permitted; correct the name, or` + labelled,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
