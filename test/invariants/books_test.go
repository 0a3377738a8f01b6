package invariants

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/testobj"
)

// books are those of a budget with one request, of which EUR 3,000.00 of 5,000.00 are settled and 1,000.00 of these not paid.
func books() *Books {
	euro := func(amount v1alpha1.Decimal) *v1alpha1.Money { return &v1alpha1.Money{Amount: amount, Currency: "EUR"} }
	budget := testobj.Budget("fy27-emea").Status(func(s *v1alpha1.MDFBudgetStatus) { s.Reserved, s.Settled = euro("3000.00"), euro("2000.00") }).Obj()
	request := testobj.Allocation("fair").Status(func(s *v1alpha1.MDFAllocationStatus) { s.Reserved, s.Paid = euro("3000.00"), euro("2000.00") }).Obj()
	claim := testobj.Claim("print", "fair").Cost("R-1", "6000.00").Paid("T-1", "2026-11-02", "2000.00").Obj()
	claim.Status.Paid = euro("2000.00")
	ledger := testobj.Ledger("fy27-emea").Reserved(fairKey, 200000).Settled(printKey, 300000).With(func(s *v1alpha1.MDFLedgerSpec) {
		s.Unpaid[printKey] = 100000
	}).Obj()
	return &Books{
		Budgets: []v1alpha1.MDFBudget{*budget}, Ledgers: []v1alpha1.MDFLedger{*ledger}, Requests: []v1alpha1.MDFAllocation{*request},
		Claims: []v1alpha1.MDFClaim{*claim},
	}
}

func TestBooksAddUpToTheCent(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*Books)
		want   []string
	}{
		"all is right": {change: func(*Books) {}},
		"more is held than the budget has": {
			change: func(b *Books) { b.Budgets[0].Spec.Amount.Amount, b.Ledgers[0].Spec.LimitMinor = "4999.99", 499999 },
			want:   []string{"ledger fy27-emea holds 500000 within 499999; the budget's amount is 499999"},
		},
		"the ledger's limit is not the budget's amount": {
			change: func(b *Books) { b.Ledgers[0].Spec.LimitMinor++ },
			want:   []string{"ledger fy27-emea holds 500000 within 2000001; the budget's amount is 2000000"},
		},
		"the ledger is lost": {change: func(b *Books) { b.Ledgers = nil }, want: []string{"budget fy27-emea has no ledger"}},
		"the budget's status is older than the ledger": {
			change: func(b *Books) {
				b.Budgets[0].Status.Reserved.Amount, b.Budgets[0].Status.Settled.Amount = "3000.01", "1999.99"
			},
			want: []string{"reserved of budget fy27-emea says 300001 and the ledger 300000", "settled of budget fy27-emea says 199999 and the ledger 200000"},
		},
		"the request's status is older than the ledger": {
			change: func(b *Books) { b.Requests[0].Status.Reserved, b.Requests[0].Status.Paid.Amount = nil, "2000.01" },
			want: []string{
				"reserved of request partner-acme/fair says 0 and the ledger 300000", "paid of request partner-acme/fair says 200001 and the ledger 200000",
			},
		},
		"more is granted than is requested": {
			change: func(b *Books) { b.Requests[0].Spec.Amount.Amount = "4999.99" },
			want:   []string{"the ledger holds 500000 of request partner-acme/fair, which asks for 499999"},
		},
		"a payment waits": {
			change: func(b *Books) {
				b.Claims[0].Spec.Payments = append(b.Claims[0].Spec.Payments, testobj.Payment("T-2", "2026-11-02", "0.01"))
			},
			want: []string{"payments of 200001 are recorded of claim partner-acme/print, and 200000 is settled"},
		},
		"the claim's status is older than the ledger": {
			change: func(b *Books) { b.Claims[0].Status.Paid = nil },
			want:   []string{"paid of claim partner-acme/print says 0 and the ledger 200000"},
		},
		"what was paid is claimed by nobody": {
			change: func(b *Books) { b.Claims = nil }, want: []string{"ledger fy27-emea settles 300000 of partner-acme/fair/1/print, which nobody claims"},
		},
		"what is reserved is requested by nobody": {
			change: func(b *Books) { b.Requests, b.Claims = nil, nil },
			want: []string{
				"ledger fy27-emea reserves 200000 for partner-acme/fair/1, which nobody asks for",
				"ledger fy27-emea settles 300000 of partner-acme/fair/1/print, which nobody claims",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := books()
			tc.change(b)
			if diff := cmp.Diff(tc.want, b.Violations()); diff != "" {
				t.Errorf("violations (-want +got):\n%s", diff)
			}
		})
	}
}
