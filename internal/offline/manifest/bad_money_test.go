package manifest

import (
	"fmt"
	"strings"
	"testing"
)

// money are wrong objects of the kinds that deal with money.
func money() map[string]badInput {
	const budget, request, claim, ledger = "MDFBudget fy27-emea", "MDFAllocation partner-acme/webinar", "MDFClaim partner-acme/webinar-1", "MDFLedger fy27-emea"
	rows := map[string]badInput{
		"a budget that ends before it starts": {
			edits: one(`{from: "2026-10-01", through: "2026-12-31"}`, `{from: "2026-10-01", through: "2026-09-30"}`), object: budget,
			want: []string{"spec.period: from must not be after through"},
		},
		"an amount without quotes": { // 20000.00 is a whole number to YAML
			edits: one(`amount: {amount: "20000.00", currency: EUR}`, `amount: {amount: 20000.00, currency: EUR}`), object: budget,
			want: []string{"spec.amount.amount: must be of type string, not integer: write it in quotes", rulesNotChecked},
		},
		"an amount below zero": {
			edits: one(`"20000.00"`, `"-20000.00"`), object: budget, want: []string{`spec.amount.amount: Invalid value: "-20000.00": must not be negative`},
		},
		"a least claim above the greatest": {
			edits: one(`minimum: "25.00"`, `minimum: "9000.01"`), object: budget, want: []string{"spec.claims: minimum must not be above maximum"},
		},
		"an amount of nothing": {
			edits: one(`"3000.00"`, `"0.00"`), object: request, want: []string{"spec.amount.amount: must be above zero"},
		},
		"amount and cost in two currencies": {
			edits: one(`amount: {amount: "3000.00", currency: EUR}`, `amount: {amount: "3000.00", currency: USD}`), object: request,
			want: []string{"spec.amount.currency: amount and cost must be in one currency"},
		},
		"a currency by its sign": {
			edits: one(`net: "6000.00"`, `net: "€6000.00"`), object: claim, want: []string{`spec.costs[0].net: Invalid value: "€6000.00": ` + notDecimal},
		},
		"a share by a field that is nearly right": {
			edits: one("reimbursementPercent: \"50\"\n  amount", "reimbursementPercentage: \"50\"\n  amount"), object: request,
			want: []string{
				"spec.reimbursementPercent: Required value: a request for an activity needs it, one for a reward needs reward instead",
				"spec.reimbursementPercentage: unknown field, did you mean reimbursementPercent?",
			},
		},
		"a net cost above gross": {
			edits: one(`net: "6000.00"`, `net: "7140.01"`), object: claim, want: []string{"spec.costs[0].net: net must not be above gross"},
		},
		"a ledger above its limit": {
			edits: one("limitMinor: 2000000", "limitMinor: 299999"), object: ledger,
			want: []string{"spec: what is reserved and settled must not exceed limitMinor; above it, it may only shrink"},
		},
		"a ledger in units": {
			edits: one("webinar/1: 300000", "webinar/1: 3000.50"), object: ledger,
			want: []string{"spec.reserved.partner-acme/webinar/1: must be a whole number", rulesNotChecked},
		},
		"a ledger with a status": {
			edits: one("  limitMinor: 2000000\n", "  limitMinor: 2000000\n  available: 5\n"), object: ledger, want: []string{"spec.available: unknown field"},
		},
	}
	for name, amount := range map[string]string{
		"thousands": "1k", "an exponent": "1e3", "17 digits": "12345678901234567", "a separator": "3,000", "a sign": "EUR 5",
	} {
		rows["an amount with "+name] = badInput{
			edits: one(`"3000.00"`, `"`+amount+`"`), object: request, want: []string{`spec.amount.amount: Invalid value: "` + amount + `": ` + notDecimal},
		}
	}
	return rows
}

// TestALedgerWithAllItsEntriesIsRead says that the bounds of its maps are those that the schema states.
func TestALedgerWithAllItsEntriesIsRead(t *testing.T) {
	t.Parallel()
	text := func(entries int) string {
		var ledger strings.Builder
		ledger.WriteString("apiVersion: channel.jointplan.dev/v1alpha1\nkind: MDFLedger\nmetadata: {name: a}\nspec:\n  currency: EUR\n  limitMinor: 2000\n  reserved:\n")
		for i := range entries {
			fmt.Fprintf(&ledger, "    partner-acme/webinar-%d/1: 1\n", i)
		}
		return ledger.String()
	}
	set, errs := readText(t, text(2000))
	wantLines(t, errs, nil)
	if len(set.Ledgers) != 1 || len(set.Ledgers[0].Spec.Reserved) != 2000 {
		t.Errorf("want one ledger with 2000 reservations, got %v", set.Objects())
	}
	_, errs = readText(t, text(2001))
	wantLines(t, errs, []string{
		"document 1 (line 7): MDFLedger a: spec.reserved: Too many: 2001: must have at most 2000 items",
		"document 1 (line 1): MDFLedger a: " + rulesNotChecked,
	})
}
