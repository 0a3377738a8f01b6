package money_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/bojanz/currency"
	"pgregory.net/rapid"

	"jointplan.dev/jointplan/api/v1alpha1"
	"jointplan.dev/jointplan/internal/decimal"
	"jointplan.dev/jointplan/internal/money"
)

var (
	// anyMinor often lies at or beyond the ends of the range.
	anyMinor = rapid.OneOf(
		rapid.Int64Range(-money.Max, money.Max), rapid.Int64(), rapid.Int64Range(-1000, 1000),
		rapid.SampledFrom([]int64{0, money.Max, -money.Max, money.Max + 1, -money.Max - 1, math.MaxInt64, math.MinInt64}),
	)
	validMinor = rapid.OneOf(
		rapid.Int64Range(-money.Max, money.Max), rapid.Int64Range(-1000, 1000), rapid.SampledFrom([]int64{0, money.Max, -money.Max}))
	anyPercent = rapid.StringMatching(`(0|[1-9][0-9]{0,2}|1000)([.][0-9]{1,3})?`)
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
		if again, err := money.Add(sum, -b); err != nil || again != a {
			t.Fatalf("%d + %d - %d = %d, %v", a, b, b, again, err)
		}
		if reverse, err := money.Add(b, a); err != nil || reverse != sum {
			t.Fatalf("%d + %d = %d, %v", b, a, reverse, err)
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
