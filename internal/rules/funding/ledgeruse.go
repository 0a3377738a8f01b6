package funding

import "jointplan.dev/jointplan/api/v1alpha1"

// LedgerUse is how much of each of its bounds a ledger uses: 0 is nothing, 1 all of it.
type LedgerUse struct {
	// Reservations is the share of the entries for requests, released ones included.
	Reservations float64
	// Settlements is the share of the entries for claims that were paid.
	Settlements float64
	// Size is the share of what all entries together may come to.
	Size float64
}

// UseOf returns how much of its bounds a ledger uses.
func UseOf(ledger *v1alpha1.MDFLedgerSpec) LedgerUse {
	return LedgerUse{
		Reservations: float64(len(ledger.Reserved)) / v1alpha1.MaxReservations,
		Settlements:  float64(len(ledger.Settled)) / v1alpha1.MaxSettlements,
		Size:         float64(ledgerBytes(ledger)) / maxLedgerBytes,
	}
}
