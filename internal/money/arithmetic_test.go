package money_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/bojanz/currency"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/money"
)

func TestShare(t *testing.T) {
	for name, test := range map[string]struct {
		amount  int64
		weights []string
		want    []int64
	}{
		"equal thirds":              {100, []string{"1", "1", "1"}, []int64{34, 33, 33}},
		"largest remainder":         {100, []string{"50.4", "49.6"}, []int64{50, 50}},
		"percents":                  {1000000, []string{"60", "30", "10"}, []int64{600000, 300000, 100000}},
		"no weight gets nothing":    {101, []string{"0", "1", "1"}, []int64{0, 51, 50}},
		"one":                       {7, []string{"0.5"}, []int64{7}},
		"nothing to share":          {0, []string{"1", "2"}, []int64{0, 0}},
		"less than the shares":      {2, []string{"1", "1", "1"}, []int64{1, 1, 0}},
		"taken back":                {-100, []string{"1", "1", "1"}, []int64{-33, -33, -34}},
		"largest amount, odd parts": {money.Max, []string{"1", "1"}, []int64{money.Max/2 + 1, money.Max / 2}},
	} {
		got, err := money.Share(test.amount, rats(test.weights))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for want, weights := range map[string][]string{
		"there is no weight above zero to share by":           nil,
		"weight 2 is negative; a weight must be zero or more": {"1", "-1"},
	} {
		if got, err := money.Share(100, rats(weights)); err == nil || err.Error() != want {
			t.Errorf("Share by %v = %v, %v; want %s", weights, got, err, want)
		}
	}
	if got, err := money.Share(100, rats([]string{"0", "0"})); err == nil {
		t.Errorf("Share by zeros = %v", got)
	}
}

var (
	// anyMinor often lies at or beyond the ends of the range.
	anyMinor = rapid.OneOf(
		rapid.Int64Range(-money.Max, money.Max), rapid.Int64(), rapid.Int64Range(-1000, 1000),
		rapid.SampledFrom([]int64{0, money.Max, -money.Max, money.Max + 1, -money.Max - 1, math.MaxInt64, math.MinInt64}),
	)
	validMinor = rapid.OneOf(
		rapid.Int64Range(-money.Max, money.Max), rapid.Int64Range(-1000, 1000), rapid.SampledFrom([]int64{0, money.Max, -money.Max}))
	anyPercent = rapid.StringMatching(`(0|[1-9][0-9]{0,2}|1000)([.][0-9]{1,3})?`)
	anyWeight  = rapid.StringMatching(`(0|[1-9][0-9]{0,8})([.][0-9]{1,6})?`)
	anyCode    = rapid.SampledFrom(currency.GetCurrencyCodes())
)

// wantRange fails unless got is the exact result, or that is out of range and the error says so.
func wantRange(t *rapid.T, what string, exact *big.Int, inputsValid bool, got int64, err error) {
	t.Helper()
	inRange := inputsValid && exact.CmpAbs(big.NewInt(money.Max)) <= 0
	switch {
	case inRange && (err != nil || got != exact.Int64()):
		t.Fatalf("%s = %d, %v; want %v", what, got, err, exact)
	case !inRange && (!errors.Is(err, money.ErrRange) || got != 0):
		t.Fatalf("%s = %d, %v; want ErrRange", what, got, err)
	}
}

func isValid(minor int64) bool { return minor >= -money.Max && minor <= money.Max }

func TestNoOverflowPasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyMinor.Draw(t, "a"), anyMinor.Draw(t, "b")
		percent := decimal.MustParse(anyPercent.Draw(t, "percent"))
		valid := isValid(a) && isValid(b)
		x, y := big.NewInt(a), big.NewInt(b)

		sum, err := money.Add(a, b)
		wantRange(t, "Add", new(big.Int).Add(x, y), valid, sum, err)
		difference, err := money.Sub(a, b)
		wantRange(t, "Sub", new(big.Int).Sub(x, y), valid, difference, err)
		part, err := money.Percent(a, percent)
		exact := decimal.Floor(decimal.PercentOf(percent, new(big.Rat).SetInt(x)))
		wantRange(t, "Percent", exact, isValid(a), part, err)
		converted, err := money.Convert(a, "EUR", "KWD", big.NewRat(7, 2))
		wantRange(t, "Convert", new(big.Int).Mul(x, big.NewInt(35)), isValid(a), converted, err)
	})
}

func TestAddThenRemoveIsIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := validMinor.Draw(t, "a"), validMinor.Draw(t, "b")
		sum, err := money.Add(a, b)
		if err != nil {
			return // out of range, which TestNoOverflowPasses checks
		}
		if again, err := money.Sub(sum, b); err != nil || again != a {
			t.Fatalf("%d + %d - %d = %d, %v", a, b, b, again, err)
		}
		if reverse, err := money.Add(b, a); err != nil || reverse != sum {
			t.Fatalf("%d + %d = %d, %v", b, a, reverse, err)
		}
	})
}

func TestSharesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := validMinor.Draw(t, "amount")
		weights := rats(rapid.SliceOfN(anyWeight, 1, 20).Draw(t, "weights"))
		total := new(big.Rat)
		for _, weight := range weights {
			total.Add(total, weight)
		}
		shares, err := money.Share(amount, weights)
		if total.Sign() == 0 {
			if err == nil {
				t.Fatal("shared by zeros")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if sum, err := money.Add(shares...); err != nil || sum != amount {
			t.Fatalf("shares %v add up to %d, %v; want %d", shares, sum, err, amount)
		}
		for i, share := range shares {
			exact := new(big.Rat).Quo(new(big.Rat).Mul(new(big.Rat).SetInt64(amount), weights[i]), total)
			if floor := decimal.FloorInt64(exact); share != floor && (share != floor+1 || exact.IsInt()) {
				t.Fatalf("share %d is %d; exactly it is %v", i, share, exact)
			}
		}
	})
}

func TestCumulativeRoundingIsRoundingOfTheSum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amounts := rapid.SliceOfN(rapid.Int64Range(-1_000_000_000, 1_000_000_000), 0, 30).Draw(t, "amounts")
		percent := decimal.MustParse(anyPercent.Draw(t, "percent"))
		var before, paid int64
		for _, amount := range amounts {
			pay, err := money.PercentCumulative(before, amount, percent)
			if err != nil {
				t.Fatal(err)
			}
			alone, err := money.Percent(amount, percent)
			if err != nil {
				t.Fatal(err)
			}
			if pay != alone && pay != alone+1 {
				t.Fatalf("%d of %d; alone it would be %d", pay, amount, alone)
			}
			before, paid = before+amount, paid+pay
		}
		if whole, err := money.Percent(before, percent); err != nil || whole != paid {
			t.Fatalf("paid %d in parts, %d, %v at once", paid, whole, err)
		}
	})
}

func TestAmountsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		minor, code := anyMinor.Draw(t, "minor"), v1alpha1.CurrencyCode(anyCode.Draw(t, "code"))
		m, err := money.Money(minor, code)
		if !isValid(minor) {
			if !errors.Is(err, money.ErrRange) {
				t.Fatalf("Money(%d) = %v, %v; want ErrRange", minor, m, err)
			}
			return
		}
		if digits, _ := money.Digits(code); digits == 0 && (minor >= 1e15 || minor <= -1e15) {
			if !errors.Is(err, money.ErrRange) {
				t.Fatalf("Money(%d, %s) = %v, %v; a Decimal has at most 15 digits before the point", minor, code, m, err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		back, err := money.ParseMoney(m)
		if err != nil || back != minor {
			t.Fatalf("%v came back as %d, %v; want %d", m, back, err, minor)
		}
		r, err := money.Rat(minor, code)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := money.FromRat(r, code); err != nil || again != minor {
			t.Fatalf("%v came back as %d, %v; want %d", r, again, err, minor)
		}
		if text := money.Format(minor, code); strings.ReplaceAll(text, ",", "") != string(code)+" "+string(m.Amount) {
			t.Fatalf("Format = %q; Money = %v", text, m)
		}
	})
}

func rats(texts []string) []*big.Rat {
	rats := make([]*big.Rat, len(texts))
	for i, text := range texts {
		rats[i] = decimal.MustParse(text)
	}
	return rats
}
