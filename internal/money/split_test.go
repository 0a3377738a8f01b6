package money_test

import (
	"fmt"
	"maps"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/internal/money"
)

// parts returns parts a, b, c and so on with weights.
func parts(weights ...int64) []money.Part {
	var list []money.Part
	for i, w := range weights {
		list = append(list, money.Part{Name: string(rune('a' + i)), Weight: big.NewRat(w, 1)})
	}
	return list
}

func TestSplit(t *testing.T) {
	for name, tc := range map[string]struct {
		amount int64
		parts  []money.Part
		want   map[string]int64
	}{
		"a cent more for the first by name": {100000, parts(1, 1, 1), map[string]int64{"a": 33334, "b": 33333, "c": 33333}},
		"two more":                          {100001, parts(1, 1, 1), map[string]int64{"a": 33334, "b": 33334, "c": 33333}},
		"yen at 2 to 1":                     {100, parts(2, 1), map[string]int64{"a": 67, "b": 33}},
		"the largest remainder first":       {100, parts(1, 2), map[string]int64{"a": 33, "b": 67}},
		"nothing":                           {0, parts(1, 2), map[string]int64{"a": 0, "b": 0}},
		"a weight of zero":                  {5, parts(0, 3), map[string]int64{"a": 0, "b": 5}},
		"a credit":                          {-100000, parts(1, 1, 1), map[string]int64{"a": -33333, "b": -33333, "c": -33334}},
		"the largest amount":                {money.Max, parts(1, 1), map[string]int64{"a": money.Max/2 + 1, "b": money.Max / 2}},
		"no weight":                         {5, parts(0, 0), nil},
		"nobody":                            {5, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, money.Split(tc.amount, tc.parts)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSharesAddUp checks that shares add up to the amount, that each is its exact share but for less than a minor unit, and that the order in which the
// parts stand makes no difference.
func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Int64Range(-money.Max, money.Max).Draw(t, "amount")
		var list []money.Part
		total := new(big.Rat)
		for i, w := range rapid.SliceOfN(rapid.Int64Range(1, 1000), 1, 8).Draw(t, "weights") {
			list = append(list, money.Part{Name: fmt.Sprint(i), Weight: big.NewRat(w, 1)})
			total.Add(total, list[i].Weight)
		}
		shares := money.Split(amount, list)
		var sum int64
		for _, part := range list {
			sum += shares[part.Name]
			exact := new(big.Rat).Mul(new(big.Rat).SetInt64(amount), new(big.Rat).Quo(part.Weight, total))
			if off := exact.Sub(exact, new(big.Rat).SetInt64(shares[part.Name])); off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
				t.Fatalf("share %s is %d, off by %s", part.Name, shares[part.Name], off)
			}
		}
		if sum != amount {
			t.Fatalf("shares of %d add up to %d", amount, sum)
		}
		if other := money.Split(amount, rapid.Permutation(list).Draw(t, "order")); !maps.Equal(shares, other) {
			t.Fatalf("%v in another order: %v", shares, other)
		}
	})
}
