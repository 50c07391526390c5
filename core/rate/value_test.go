package rate_test

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"expense-tracker/core/civil"
	"expense-tracker/core/money"
	"expense-tracker/core/rate"
)

func currency(t testing.TB, code string) money.Currency {
	t.Helper()
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func value(t testing.TB, decimal string) rate.Value {
	t.Helper()
	v, err := rate.FromDecimal(decimal)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestARateIsReadAsItIsTyped(t *testing.T) {
	for _, tt := range []struct{ typed, want, refused string }{
		{"1.0952", "1.0952", ""}, {" 1,0952 ", "1.0952", ""}, {"007.50", "7.5", ""}, {".5", "0.5", ""}, {"15 850", "15850", ""},
		{"15’850.5", "15850.5", ""}, {"0.853", "0.853", ""}, {"1.0950", "1.095", ""}, {"1234.567", "1234.567", ""},
		{"999999999999.9999999999", "999999999999.9999999999", ""}, {"0.0000000001", "0.0000000001", ""}, {"1.00000000000", "1", ""},
		{"\u200e1.5", "1.5", ""},
		{"", "", "enter a rate, such as 1.0952"}, {"0", "", "a rate is more than zero"}, {"0.000", "", "a rate is more than zero"},
		{"-1", "", "a rate is more than zero"}, {"−1.5", "", "a rate is more than zero"},
		{"1e3", "", "this is not a number; write it like 1.0952"}, {"1.2.3", "", "this is not a number; write it like 1.0952"},
		{"€1", "", "this is not a number; write it like 1.0952"}, {".", "", "this is not a number; write it like 1.0952"},
		{"5.", "", "this is not a number; write it like 1.0952"}, {"NaN", "", "this is not a number; write it like 1.0952"},
		{strings.Repeat("1", 65), "", "this is not a number; write it like 1.0952"},
		{"1234567890123", "", "a rate has at most 12 digits before the point and 10 behind it"},
		{"1.00000000001", "", "a rate has at most 12 digits before the point and 10 behind it"},
		{"15,850", "", "is that thousands or decimals? write 15850 or 15.8500"},
		{"1.095", "", "is that thousands or decimals? write 1095 or 1.0950"},
	} {
		got, err := rate.ParseValue(tt.typed)
		if got.String() != tt.want || (err == nil) != (tt.refused == "") || err != nil && err.Error() != tt.refused {
			t.Errorf("%q: %q, %v", tt.typed, got, err)
		}
	}
}

func FuzzParseValue(f *testing.F) {
	for _, seed := range []string{"1.0952", "0", "1,095", "١", "1e9", "−5", "\xff", "999999999999.9999999999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		v, err := rate.ParseValue(typed)
		if err != nil {
			return
		}
		if again, err := rate.ParseValue(v.Typed()); err != nil || again != v {
			t.Errorf("%q is %s, and reads back as %s, %v", typed, v, again, err)
		}
		if stored, err := rate.FromDecimal(v.String()); err != nil || stored != v {
			t.Errorf("%q is %s, and is stored as %s, %v", typed, v, stored, err)
		}
	})
}

func TestAnIDIsItsKey(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[A-Z]{3}`)
		first, _ := civil.ParseDate("1900-01-01")
		key := rate.Key{Home: code.Draw(t, "home"), Currency: code.Draw(t, "currency"),
			Day: first.AddDays(rapid.IntRange(0, 109_000).Draw(t, "day"))}
		got, ok := key.ID().Key()
		if want := key.Home != key.Currency; ok != want || got != key {
			t.Errorf("%+v is %d, which is %+v, %t", key, key.ID(), got, ok)
		}
	})
	for _, id := range []rate.ID{-1, 0, 1, 1 << 62, 1<<63 - 1} {
		if key, ok := id.Key(); ok {
			t.Errorf("%d is %+v", id, key)
		}
	}
}

func TestAmountsAreConvertedExactlyAndRoundedOnce(t *testing.T) {
	usd, day := currency(t, "USD"), civil.Date{Year: 2026, Month: 11, Day: 3}
	at := func(code, decimal string) rate.Rate {
		return rate.Rate{Key: rate.Key{Home: "USD", Currency: code, Day: day}, Value: value(t, decimal)}
	}
	rates := []rate.Rate{at("EUR", "1.0952"), at("JPY", "0.0065"), at("GBP", "0.005"), at("KWD", "3.25")}
	for _, tt := range []struct {
		amounts string
		want    string
		rounded bool
	}{
		{"10.00 USD", "10.00", false},
		{"100.00 EUR", "109.52", false},
		{"0.01 EUR", "0.01", true},
		{"1.00 USD, 0.50 EUR, 101 JPY", "2.20", true}, // 1 + 0.5476 + 0.6565 = 2.2041
		{"1.00 GBP", "0.00", true},                    // 0.005: half to even
		{"3.00 GBP", "0.02", true},                    // 0.015
		{"1.00 GBP, 1.00 GBP", "0.01", false},         // no product is rounded
		{"-1.00 GBP", "0.00", true},
		{"-3.00 GBP", "-0.02", true},
		{"1.000 KWD", "3.25", false},
		{"0.00 CHF, 1.00 USD", "1.00", false}, // nothing needs no rate
	} {
		var amounts []money.Amount
		for text := range strings.SplitSeq(tt.amounts, ", ") {
			decimal, code, _ := strings.Cut(text, " ")
			a, err := money.FromDecimal(decimal, currency(t, code))
			if err != nil {
				t.Fatal(err)
			}
			amounts = append(amounts, a)
		}
		got, err := rate.Convert(usd, amounts, rates)
		if err != nil || got.Amount.Decimal() != tt.want || got.Rounded != tt.rounded || !got.IsWhole() {
			t.Errorf("%s: %+v, %v, want %s", tt.amounts, got, err, tt.want)
		}
	}
	missing, err := rate.Convert(usd, []money.Amount{money.FromMinor(1, currency(t, "CHF")), money.FromMinor(1, currency(t, "AUD"))}, rates)
	if err != nil || strings.Join(missing.Missing, " ") != "AUD CHF" || !missing.IsNeeded() || missing.IsWhole() {
		t.Errorf("without rates: %+v, %v", missing, err)
	}
	_, err = rate.Convert(usd, []money.Amount{money.FromMinor(1<<62, currency(t, "EUR"))}, []rate.Rate{at("EUR", "999999999999.9999999999")})
	if !errors.Is(err, money.ErrOverflow) {
		t.Errorf("what has no place: %v", err)
	}
}

// The model is a fraction of big integers, rounded half to even by its own hand.
func TestConversionAgreesWithBigIntegers(t *testing.T) {
	usd, eur, kwd, jpy := currency(t, "USD"), currency(t, "EUR"), currency(t, "KWD"), currency(t, "JPY")
	rapid.Check(t, func(t *rapid.T) {
		sum := new(big.Rat)
		var amounts []money.Amount
		var rates []rate.Rate
		for _, c := range []money.Currency{usd, eur, kwd, jpy} {
			minor := rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor")
			amount := money.FromMinor(minor, c)
			amounts = append(amounts, amount)
			exact, _ := new(big.Rat).SetString(amount.Decimal())
			if c != usd {
				decimal := rapid.StringMatching(`[0-9]{1,4}\.[0-9]{0,9}[1-9]`).Draw(t, "rate")
				v, err := rate.FromDecimal(decimal)
				if err != nil {
					t.Fatal(err)
				}
				rates = append(rates, rate.Rate{Key: rate.Key{Home: "USD", Currency: c.Code()}, Value: v})
				factor, _ := new(big.Rat).SetString(decimal)
				exact.Mul(exact, factor)
			}
			sum.Add(sum, exact)
		}
		sum.Mul(sum, big.NewRat(100, 1))
		want, rest := new(big.Int).DivMod(sum.Num(), sum.Denom(), new(big.Int)) // rest is zero or above
		switch half := rest.Lsh(rest, 1).Cmp(sum.Denom()); {
		case half > 0, half == 0 && want.Bit(0) == 1:
			want.Add(want, big.NewInt(1))
		}
		got, err := rate.Convert(usd, amounts, rates)
		if !want.IsInt64() {
			if !errors.Is(err, money.ErrOverflow) {
				t.Fatalf("%s has no place, and is %+v, %v", want, got, err)
			}
			return
		}
		if err != nil || got.Amount.Minor() != want.Int64() || got.Rounded == sum.IsInt() {
			t.Fatalf("%v at %v: %+v, %v, want %s", amounts, rates, got, err, want)
		}
	})
}
