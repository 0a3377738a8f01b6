package api

import (
	"slices"
	"strings"
	"testing"
)

// moneyKinds are the kinds whose amounts TestAmounts tries one by one.
var moneyKinds = []string{"MDFBudget", "MDFAllocation", "MDFClaim"}

// TestAmounts writes each amount of money of the kinds that deal with it as people and spreadsheets write amounts. What is said names the field
// and the form that it must have, so that nobody has to guess what 1k would have been taken for.
func TestAmounts(t *testing.T) {
	t.Parallel()
	j := newJudges(t)
	amounts, currencies := 0, 0
	for _, field := range place(t, j.bases) {
		if !slices.Contains(moneyKinds, field.kind) {
			continue
		}
		for _, rule := range field.schema.XValidations {
			switch rule.Message {
			case notDecimal:
				amounts++
				tryAll(t, j, field, notDecimal, []string{
					"1k", "1K", "1e3", "1E3", "1,5", "1.000,00", "1,000.00", "1 000", "1'000", "€5", "5 EUR", "5.-", "+5", "05", "12345678901234567", "1.1234567",
					"NaN", "five", "５",
				})
			case notCurrency:
				currencies++
				tryAll(t, j, field, notCurrency, []string{"eur", "Eur", "EU€", "E U", "12A"})
			default:
			}
		}
	}
	if amounts < 17 || currencies < 5 {
		t.Errorf("found only %d amounts and %d currencies", amounts, currencies)
	}
}

func tryAll(t *testing.T, j *judges, field placed, message string, texts []string) {
	t.Helper()
	for _, text := range texts {
		t.Run(field.kind+" "+field.at+" "+text, func(t *testing.T) {
			t.Parallel()
			object := j.base(t, field.base, edits{field.at: quoted(text)})
			want := field.at + ": Invalid value: " + quoted(text) + ": " + message
			if found := j.judge(t, object); !slices.Contains(found, want) {
				t.Errorf("errors:\n%s\nwant among them:\n%s", strings.Join(found, "\n"), want)
			}
		})
	}
}
