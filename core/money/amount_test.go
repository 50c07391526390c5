package money_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/bojanz/currency"

	"expense-tracker/core/money"
)

func ExampleAmount_Add() {
	usd, _ := money.ParseCurrency("usd")
	dime, _ := money.ParsePrice("0.10", usd)
	two, _ := money.ParsePrice("0.20", usd)
	sum, _ := dime.Add(two)
	fmt.Println(sum.Decimal(), "is", sum.Format())
	// Output: 0.30 is $0.30
}

func TestDecimalReadsBack(t *testing.T) {
	for _, code := range []string{"JPY", "USD", "KWD", "CLF"} {
		c := mustCurrency(t, code)
		for _, minor := range []int64{0, 1, -1, 9, 10, 99, 100, 12345, money.MaxMinor, math.MaxInt64, math.MinInt64} {
			want := money.FromMinor(minor, c)
			got, err := money.FromDecimal(want.Decimal(), c)
			if err != nil || got != want {
				t.Errorf("%d %s is written %q and reads back as %v, %v", minor, code, want.Decimal(), got, err)
			}
		}
	}
}

func TestDecimalIsWrittenInFull(t *testing.T) {
	for _, tt := range []struct {
		minor int64
		code  string
		want  string
	}{
		{5, "USD", "0.05"}, {-5, "USD", "-0.05"}, {1250, "USD", "12.50"}, {7, "JPY", "7"}, {7, "KWD", "0.007"}, {7, "CLF", "0.0007"},
	} {
		if got := money.FromMinor(tt.minor, mustCurrency(t, tt.code)).Decimal(); got != tt.want {
			t.Errorf("%d %s = %q, want %q", tt.minor, tt.code, got, tt.want)
		}
	}
}

func TestFromDecimalRefuses(t *testing.T) {
	for _, s := range []string{"", "-", ".", ".5", "1e2", "NaN", "1.234", "--1", "1.2.3", "92233720368547758.08", " 1"} {
		if got, err := money.FromDecimal(s, mustCurrency(t, "USD")); err == nil {
			t.Errorf("FromDecimal(%q) = %s, want an error", s, got)
		}
	}
}

func TestSumsNeverWrap(t *testing.T) {
	usd := mustCurrency(t, "USD")
	most, least, one := money.FromMinor(math.MaxInt64, usd), money.FromMinor(math.MinInt64, usd), money.FromMinor(1, usd)
	if _, err := most.Add(one); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("largest + 1: %v, want ErrOverflow", err)
	}
	if _, err := least.Add(money.FromMinor(-1, usd)); !errors.Is(err, money.ErrOverflow) {
		t.Errorf("smallest - 1: %v, want ErrOverflow", err)
	}
	if sum, err := most.Add(least); err != nil || sum.Minor() != -1 {
		t.Errorf("largest + smallest = %v, %v, want -1", sum, err)
	}
	if _, err := one.Add(money.FromMinor(1, mustCurrency(t, "EUR"))); !errors.Is(err, money.ErrMismatch) {
		t.Errorf("USD + EUR: %v, want ErrMismatch", err)
	}
}

func TestFormat(t *testing.T) {
	for _, tt := range []struct {
		minor int64
		code  string
		want  string
	}{
		{123450, "USD", "$1,234.50"}, {123450, "EUR", "€1,234.50"}, {1234, "JPY", "¥1,234"}, {1234567, "KWD", "KWD\u00a01,234.567"},
		{123450, "CHF", "CHF\u00a01,234.50"},
	} {
		if got := money.FromMinor(tt.minor, mustCurrency(t, tt.code)).Format(); got != tt.want {
			t.Errorf("%d %s shows as %q, want %q", tt.minor, tt.code, got, tt.want)
		}
	}
}

func TestFormatIsTheLibrarysInEveryCurrency(t *testing.T) {
	english := currency.NewFormatter(currency.NewLocale("en"))
	for _, code := range money.Codes() {
		for _, minor := range []int64{0, 1, -1, 9, 10, 999, 1000, -99999, 100000, 1234567, -12345678, money.MaxMinor, math.MaxInt64,
			math.MinInt64} {
			exact, err := currency.NewAmountFromInt64(minor, code)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := money.FromMinor(minor, mustCurrency(t, code)).Format(), english.Format(exact); got != want {
				t.Errorf("%d %s shows as %q, want %q", minor, code, got, want)
			}
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	amount := money.FromMinor(123450, mustCurrency(b, "USD"))
	b.ReportAllocs()
	for b.Loop() {
		_ = amount.Format()
	}
}

// A storage may hold any currency that an earlier version took, so an upgrade of the currency table must not drop one.
func TestCurrenciesOfEveryScaleStay(t *testing.T) {
	for code, digits := range map[string]int{"USD": 2, "EUR": 2, "GBP": 2, "INR": 2, "BRL": 2, "JPY": 0, "KRW": 0, "CLP": 0, "KWD": 3,
		"BHD": 3, "TND": 3, "CLF": 4, "UYW": 4} {
		if got := mustCurrency(t, code).Digits(); got != digits {
			t.Errorf("%s has %d decimals, want %d", code, got, digits)
		}
	}
	if n := len(money.Codes()); n < 150 {
		t.Errorf("%d currencies, want at least 150", n)
	}
	for _, s := range []string{"", "US", "USDX", "ZZZ", "U$D"} {
		if c, err := money.ParseCurrency(s); err == nil {
			t.Errorf("ParseCurrency(%q) = %s, want an error", s, c)
		}
	}
}

func TestAStoredCurrencyAsksNoList(t *testing.T) {
	old, err := money.StoredCurrency("XHR", 2)
	if err != nil || old.Code() != "XHR" || old.Digits() != 2 {
		t.Fatalf("%s with %d decimals, %v", old, old.Digits(), err)
	}
	if got := money.FromMinor(-123456789, old).Format(); got != "-XHR\u00a01,234,567.89" {
		t.Errorf("formatted %q", got)
	}
	for _, tt := range []struct {
		code   string
		digits int
	}{{"", 2}, {"US", 2}, {"usd", 2}, {"USDX", 2}, {"U D", 2}, {"USD", -1}, {"USD", money.MaxDigits + 1}} {
		if c, err := money.StoredCurrency(tt.code, tt.digits); err == nil {
			t.Errorf("%q with %d decimals is %s, want an error", tt.code, tt.digits, c)
		}
	}
}

func TestInOtherDecimals(t *testing.T) {
	with := func(digits int) money.Currency {
		c, err := money.StoredCurrency("XHR", digits)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	for _, tt := range []struct {
		minor    int64
		from, to int
		want     string
		err      error
	}{
		{5, 0, 2, "5.00", nil}, {-500, 2, 0, "-5", nil}, {7, 2, 2, "0.07", nil}, {0, 0, 9, "0.000000000", nil},
		{501, 2, 0, "", money.ErrInexact}, {money.MaxMinor, 0, 1, "", money.ErrOverflow}, {math.MinInt64, 0, 9, "", money.ErrOverflow},
		{money.MaxMinor/10 + 1, 0, 1, "", money.ErrOverflow}, {money.MaxMinor / 10, 0, 1, "99999999999999.0", nil},
	} {
		got, err := money.FromMinor(tt.minor, with(tt.from)).In(with(tt.to))
		if !errors.Is(err, tt.err) || err == nil && got.Decimal() != tt.want {
			t.Errorf("%d of %d decimals in %d: %s, %v, want %s, %v", tt.minor, tt.from, tt.to, got, err, tt.want, tt.err)
		}
	}
	if _, err := money.FromMinor(1, with(2)).In(mustCurrency(t, "USD")); !errors.Is(err, money.ErrMismatch) {
		t.Errorf("in another currency: %v", err)
	}
}

func TestAnAmountIsDividedToTheNearestUnit(t *testing.T) {
	usd := mustCurrency(t, "USD")
	for _, tt := range []struct{ minor, by, want int64 }{
		{0, 3, 0}, {1, 1, 1}, {10, 3, 3}, {11, 3, 4}, {5, 2, 3}, {-5, 2, -3}, {-10, 3, -3}, {-11, 3, -4},
		{math.MaxInt64, 1, math.MaxInt64}, {math.MaxInt64, 2, math.MaxInt64/2 + 1}, {math.MinInt64, 2, math.MinInt64 / 2}, {7, math.MaxInt64, 0},
	} {
		if got := money.FromMinor(tt.minor, usd).DividedBy(tt.by); got.Minor() != tt.want || got.Currency() != usd {
			t.Errorf("%d divided by %d is %d, want %d", tt.minor, tt.by, got.Minor(), tt.want)
		}
	}
}
