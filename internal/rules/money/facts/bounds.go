package facts

import "jointplan.dev/jointplan/api/v1alpha1"

const (
	// maxLedgerBytes is what the entries of a ledger may come to: well below what the store takes in one object.
	maxLedgerBytes = 1_000_000
	// entryBytes is what an entry takes beside its key and text.
	entryBytes = 24
	// settlementBytes is what the settlement of one claim takes at most: its two amounts, and its lines with their documents.
	settlementBytes = 2*(4*63+3+entryBytes) + v1alpha1.MaxClaimPayments*(2*64+10+2*63+1+2*entryBytes)
)

// LedgerFull reports whether a ledger has no room for one more reservation.
func LedgerFull(ledger *v1alpha1.MDFLedgerSpec) bool {
	const longestKey = 3*63 + 2
	return len(ledger.Reserved) >= v1alpha1.MaxReservations || Size(ledger)+3*longestKey+maxNote+4*entryBytes+settlementBytes > maxLedgerBytes
}

// SettlementsFull reports whether a ledger has no room for one more settlement.
func SettlementsFull(ledger *v1alpha1.MDFLedgerSpec) bool {
	return len(ledger.Settled) >= v1alpha1.MaxSettlements || len(ledger.Payments)+v1alpha1.MaxClaimPayments > v1alpha1.MaxPaymentLines || Size(ledger)+settlementBytes > maxLedgerBytes
}

// Fits reports whether a ledger of a size has room for the keys and texts of one more entry, whatever the number of entries.
func Fits(size int, text string) bool { return size+2*len(text)+4*entryBytes <= maxLedgerBytes }

// SizeOf estimates the size of an entry of a ledger, of a key and a text, which is empty for an amount.
func SizeOf(key, text string) int { return len(key) + len(text) + entryBytes }

// Size estimates the size of a ledger.
func Size(ledger *v1alpha1.MDFLedgerSpec) int {
	size := 0
	for _, amounts := range []map[string]int64{ledger.Reserved, ledger.Settled, ledger.Unpaid, ledger.Documents, ledger.Invoices} {
		for key := range amounts {
			size += SizeOf(key, "")
		}
	}
	for _, texts := range []map[string]string{ledger.Payments, ledger.Ends, ledger.Rewards, ledger.Notes, ledger.Shared} {
		for key, text := range texts {
			size += SizeOf(key, text)
		}
	}
	return size
}

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
		Size:         float64(Size(ledger)) / maxLedgerBytes,
	}
}
