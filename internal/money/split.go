package money

import (
	"cmp"
	"math/big"
	"slices"
)

// Part is one of several that share an amount.
type Part struct {
	// Name tells the parts apart; no two have the same.
	Name string
	// Weight is its weight relative to those of the others, at least zero.
	Weight *big.Rat
}

// Split shares an amount in minor units by weights. Each part gets its share rounded down; what that leaves goes, one minor unit each, to the parts with
// the largest remainders, and of equal remainders to the first by name: 100000 at weights 1, 1, 1 is 33334, 33333 and 33333, and 100 at 2, 1 is 67 and 33.
// Shares are by name, and add up to the amount, whatever the order of the parts. Where no weight is above zero there are no shares.
func Split(amount int64, parts []Part) map[string]int64 {
	total := new(big.Rat)
	for _, part := range parts {
		total.Add(total, part.Weight)
	}
	if total.Sign() <= 0 {
		return nil
	}
	type share struct {
		name      string
		remainder *big.Rat
	}
	shares, order, left := map[string]int64{}, make([]share, 0, len(parts)), amount
	for _, part := range parts {
		exact := new(big.Rat).SetInt64(amount)
		exact.Mul(exact, part.Weight).Quo(exact, total)
		whole := new(big.Int).Div(exact.Num(), exact.Denom())
		shares[part.Name] = whole.Int64() // within the amount
		left -= whole.Int64()
		order = append(order, share{part.Name, exact.Sub(exact, new(big.Rat).SetInt(whole))})
	}
	slices.SortFunc(order, func(a, b share) int { return cmp.Or(b.remainder.Cmp(a.remainder), cmp.Compare(a.name, b.name)) })
	for i := range order {
		if left == 0 {
			break
		}
		shares[order[i].name]++
		left--
	}
	return shares
}
