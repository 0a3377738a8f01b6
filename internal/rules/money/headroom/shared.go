package headroom

import (
	"errors"
	"fmt"
	"math/big"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/money"
	"jointplan.dev/jointplan/internal/rules/money/facts"
	"jointplan.dev/jointplan/internal/rules/money/request"
)

// SharesOf returns the share of each partner in the amount of a shared activity, by namespace/name; none when no weights are set. It fails where some
// partners have a weight and some none.
func SharesOf(shared *v1alpha1.SharedActivity, amount int64) (map[string]int64, error) {
	var parts []money.Part
	for _, p := range shared.Partners {
		switch {
		case p.Weight == nil:
		case *p.Weight < 1:
			return nil, fmt.Errorf("the weight of partner %s/%s is %d: it must be at least 1", p.Namespace, p.Name, *p.Weight)
		default:
			parts = append(parts, money.Part{Name: sharer(string(p.Namespace), string(p.Name)), Weight: new(big.Rat).SetInt64(int64(*p.Weight))})
		}
	}
	if len(parts) > 0 && len(parts) < len(shared.Partners) {
		return nil, errors.New("some partners have a weight and some none: give each one, or none")
	}
	return money.Split(amount, parts), nil
}

func sharer(namespace, name string) string { return namespace + "/" + name }

// SharedUse returns what a ledger holds for a shared activity, but for the request of a key.
func SharedUse(ledger *v1alpha1.MDFLedgerSpec, activity v1alpha1.Name, but string) int64 {
	if len(ledger.Shared) == 0 {
		return 0
	}
	var sum int64
	for _, amounts := range []map[string]int64{ledger.Reserved, ledger.Settled} {
		for key, amount := range amounts {
			if of := facts.RequestOf(key); of != but && ledger.Shared[of] == string(activity) {
				sum += min(amount, money.Max-sum)
			}
		}
	}
	return sum
}

// roomShared returns what a shared activity leaves for a request. Of the other partners it tells nothing but what they leave.
func (x *Rooms) roomShared(r *request.Request) Room {
	name := r.Object.Spec.SharedActivity
	room := Room{Reason: v1alpha1.ReasonSharedAmountUsed, Name: string(name)}
	shared, currency := r.Shared(), r.Budget.Spec.Amount.Currency
	if shared == nil {
		room.Message = fmt.Sprintf("budget %s has no shared activity %s for partner %s, so nothing is granted: correct spec.sharedActivity", r.Budget.Name, name, r.Partner.Name)
		return room
	}
	amount, err := facts.ParseAmount(shared.Amount, currency)
	shares, wrong := SharesOf(shared, amount)
	if err = errors.Join(err, wrong); err != nil {
		room.Message = fmt.Sprintf("shared activity %s of budget %s cannot be used, so nothing is granted until finance corrects it: %s", name, r.Budget.Name, err)
		return room
	}
	room.Amount = max(amount-SharedUse(x.ledger, name, x.own), 0)
	room.Message = fmt.Sprintf("shared activity %s has %s left", name, money.Format(room.Amount, currency))
	if share, set := shares[sharer(r.Partner.Namespace, r.Partner.Name)]; set {
		if own := max(share-x.ownUse(r, name), 0); own < room.Amount {
			room.Amount = own
			room.Message = fmt.Sprintf("the partner's share of shared activity %s is %s, of which %s is left", name, money.Format(share, currency), money.Format(own, currency))
		}
	}
	room.Message += ": " + remedy(room.Amount, currency, "wait until money is released, or ask the budget owner")
	return room
}

// ownUse returns what the ledger holds for a shared activity for the partner of a request itself.
func (x *Rooms) ownUse(r *request.Request, activity v1alpha1.Name) int64 {
	var sum int64
	for _, d := range x.drawn.list {
		if x.ledger.Shared[d.key] == string(activity) && x.ofPartner(d, r.Partner.Name) {
			sum += min(d.amount, money.Max-sum)
		}
	}
	return sum
}
