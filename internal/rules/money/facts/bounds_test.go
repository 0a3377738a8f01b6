package facts

import (
	"fmt"
	"strings"
	"testing"

	"jointplan.dev/jointplan/api/v1alpha1"
)

// TestALedgerThatIsFullUsesAllOfABound goes with LedgerFull and SettlementsFull: whichever bound ends a ledger, its use says so before.
func TestALedgerThatIsFullUsesAllOfABound(t *testing.T) {
	for name, tc := range map[string]struct {
		fill func(ledger *v1alpha1.MDFLedgerSpec, i int)
		full func(*v1alpha1.MDFLedgerSpec) bool
		most func(LedgerUse) float64
	}{
		"by requests": {
			func(l *v1alpha1.MDFLedgerSpec, i int) { l.Reserved[fmt.Sprintf("a/r%d/1", i)] = 0 }, LedgerFull,
			func(u LedgerUse) float64 { return u.Reservations },
		},
		"by payments": {
			func(l *v1alpha1.MDFLedgerSpec, i int) { l.Settled[fmt.Sprintf("a/r/1/c%d", i)] = 1 }, SettlementsFull,
			func(u LedgerUse) float64 { return u.Settlements },
		},
		"by long names": {
			func(l *v1alpha1.MDFLedgerSpec, i int) {
				key := fmt.Sprintf("%s/%s/%d", strings.Repeat("n", 63), strings.Repeat("r", 60), i)
				l.Reserved[key], l.Notes[key], l.Ends[key] = 1, strings.Repeat("x", 300), "2026-10-19"
			}, LedgerFull,
			func(u LedgerUse) float64 { return u.Size },
		},
	} {
		t.Run(name, func(t *testing.T) {
			ledger := &v1alpha1.MDFLedgerSpec{
				Reserved: map[string]int64{}, Settled: map[string]int64{}, Notes: map[string]string{}, Ends: map[string]string{},
			}
			if got := UseOf(ledger); got != (LedgerUse{}) {
				t.Errorf("an empty ledger uses %v", got)
			}
			for i := 0; !tc.full(ledger); i++ {
				tc.fill(ledger, i)
			}
			use := UseOf(ledger)
			if got := tc.most(use); got < 0.99 || got > 1 || got < max(use.Reservations, use.Settlements, use.Size) {
				t.Errorf("a full ledger uses %v, want its bound used to 0.99 and more, and it the most", use)
			}
		})
	}
}
