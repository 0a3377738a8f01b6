package verdict_test

import (
	"testing"

	"jointplan.dev/jointplan/internal/verdict"
)

func TestMessagesAboutUnknownNames(t *testing.T) {
	for got, want := range map[string]string{
		verdict.NotFound("plan", "acme-h", []string{"acme-h1"}):         `plan "acme-h" not found or not permitted: did you mean "acme-h1"?`,
		verdict.NotFound("plan", "acme-h1", nil):                        `plan "acme-h1" not found or not permitted`,
		verdict.NoSuch("metric", "new-revnue", []string{"new-revenue"}): `no metric "new-revnue": did you mean "new-revenue"?`,
		verdict.NoSuch("metric", "margin", []string{"new-revenue"}):     `no metric "margin"`,
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
