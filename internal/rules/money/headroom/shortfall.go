package headroom

import (
	"fmt"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/request"
	"jointplan.dev/jointplan/internal/verdict"
)

// RuleEarnedLessThanDrawn: a partner has drawn more than it has earned by what is measured now, because results were corrected or removed after money
// was granted on them. What was granted stays. Remedy: check who changed the results and why; the accrual's shortfall rule says who bears it.
const RuleEarnedLessThanDrawn = "EarnedLessThanDrawn"

// Shortfall is by how much a partner has drawn more than it has earned by what is measured now: results were corrected, or removed, after money was
// granted on them. Amounts are minor units of the budget's currency. What was granted stays granted.
type Shortfall struct {
	// Drawn is what ledgers hold for the partner's requests.
	Drawn int64
	// Missing is what of it is not earned.
	Missing int64
}

// IsZero reports whether all that was drawn is earned.
func (s Shortfall) IsZero() bool { return s.Missing == 0 }

// Shortfall returns by how much the partner of a request has drawn more than it has earned, with what is held for the request itself; zero where the
// budget lets partners draw without earning, and where it cannot be computed.
func (x *Rooms) Shortfall(r *request.Request, horizon *verdict.Horizon) Shortfall {
	if !accrues(r) {
		return Shortfall{}
	}
	x.mutex.Lock()
	defer x.mutex.Unlock()
	_, short, err := x.lots(r, horizon)
	if err != nil {
		return Shortfall{} // the budget's own findings say why
	}
	return short
}

// makesUp reports whether later earnings make up for what was drawn and is not earned.
func makesUp(accrual *v1alpha1.Accrual) bool {
	return accrual.Shortfall != v1alpha1.ShortfallInvoice && accrual.Shortfall != v1alpha1.ShortfallWriteOff
}

// Words says what was drawn, what of it is earned, and what becomes of the rest.
func (s Shortfall) Words(r *request.Request) string {
	currency := r.Budget.Spec.Amount.Currency
	text := fmt.Sprintf("partner %s has drawn %s and earned %s of it by what is measured now: %s ",
		r.Partner.Name, money.Format(s.Drawn, currency), money.Format(s.Drawn-s.Missing, currency), money.Format(s.Missing, currency))
	switch r.Budget.Spec.Accrual.Shortfall {
	case v1alpha1.ShortfallInvoice:
		return text + "will be invoiced to the partner, and what it earns next is its own"
	case v1alpha1.ShortfallWriteOff:
		return text + "is written off, and what it earns next is its own"
	default:
		return text + "is made up for by what it earns next, and nothing more is granted until then"
	}
}
