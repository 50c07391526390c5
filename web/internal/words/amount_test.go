package words

import (
	"math"
	"testing"

	"github.com/bojanz/currency"
	"github.com/go-playground/locales"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/hi"

	"expense-tracker/core/money"
)

// languagesOfTheWorld stand for the ways in which amounts are written: other digits, groups of two, groups from five digits on, a sign
// behind, a symbol on either side.
var languagesOfTheWorld = []string{
	"en", "de", "de-CH", "de-AT", "fr", "es", "pl", "hi", "ar-EG", "fa", "bn", "sv", "nl", "he", "pt-PT", "ja",
}

func TestAmountsAreTheLibrarysInEveryCurrency(t *testing.T) {
	for _, name := range languagesOfTheWorld {
		l, err := newLanguage(name, en.New(), nil)
		if err != nil {
			t.Fatal(err)
		}
		library := currency.NewFormatter(currency.NewLocale(name))
		for _, code := range money.Codes() {
			c, err := money.ParseCurrency(code)
			if err != nil {
				t.Fatal(err)
			}
			for _, minor := range []int64{
				0, 1, -1, 9, 10, 999, 1000, 99999, -99999, 123456, 1234567, -12345678, money.MaxMinor, math.MaxInt64, math.MinInt64,
			} {
				exact, err := currency.NewAmountFromInt64(minor, code)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := l.Amount(money.FromMinor(minor, c)), library.Format(exact); got != want {
					t.Errorf("%s: %d %s is written %q, want %q", name, minor, code, got, want)
				}
			}
		}
	}
}

// An axis that reaches far has its figures in millions and more, so that they leave room for what it is of.
func TestFiguresOnAnAxisAreShort(t *testing.T) {
	book, err := Open(nil)
	if err != nil {
		t.Fatal(err)
	}
	german := book.match("de")
	for _, tt := range []struct {
		code           string
		minor, top     int64
		english, local string
	}{
		{"USD", 500_000_00, 999_999_900, "$500,000", "500.000\u00a0$"},
		{"USD", 7_500_000_00, 10_000_000_00, "$7.5 m", "7,5 Mio.\u00a0$"},
		{"USD", 600_000_000_000_00, 600_000_000_000_00, "$600 bn", "600 Mrd.\u00a0$"},
		{"USD", 14_115_226_333_40, 600_000_000_000_00, "$14.12 bn", "14,12 Mrd.\u00a0$"},
		{"USD", 1_000_000_00, 600_000_000_000_00, "$1,000,000", "1.000.000\u00a0$"}, // which is no hundredth of a billion
		{"USD", 0, 600_000_000_000_00, "$0", "0\u00a0$"},
		{"JPY", 1_050_000_000, 2_000_000_000, "¥1.05 bn", "1,05 Mrd.\u00a0¥"},
		{"KWD", math.MaxInt64, math.MaxInt64, "KWD\u00a09,223.37 tn", "9.223,37 Bio.\u00a0KWD"},
	} {
		c, err := money.ParseCurrency(tt.code)
		if err != nil {
			t.Fatal(err)
		}
		amount, top := money.FromMinor(tt.minor, c), money.FromMinor(tt.top, c)
		if english, local := book.English().OnAxis(amount, top), german.OnAxis(amount, top); english != tt.english || local != tt.local {
			t.Errorf("%s is %q and %q, want %q and %q", amount.Format(), english, local, tt.english, tt.local)
		}
	}
}

func TestAmountsOfUnknownCurrenciesHaveTheirCode(t *testing.T) {
	for name, want := range map[string]string{"en": "-XHR\u00a01,234,567.89", "de": "-1.234.567,89\u00a0XHR"} {
		l, err := newLanguage(name, en.New(), nil)
		if err != nil {
			t.Fatal(err)
		}
		old, err := money.StoredCurrency("XHR", 2)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Amount(money.FromMinor(-123456789, old)); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestNumbersAndPercents(t *testing.T) {
	for _, tt := range []struct {
		names           locales.Translator
		number, percent string
	}{
		{en.New(), "-1,234,567", "7%"}, {de.New(), "-1.234.567", "7\u00a0%"}, {hi.New(), "-12,34,567", "7%"},
	} {
		l, err := newLanguage(tt.names.Locale(), tt.names, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Number(-1234567); got != tt.number {
			t.Errorf("%s: number %q, want %q", l.Tag(), got, tt.number)
		}
		if got := l.Percent(7); got != tt.percent {
			t.Errorf("%s: percent %q, want %q", l.Tag(), got, tt.percent)
		}
	}
}

func BenchmarkAmount(b *testing.B) {
	l, err := newLanguage("de", de.New(), nil)
	if err != nil {
		b.Fatal(err)
	}
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = l.Amount(money.FromMinor(123450, usd))
	}
}

// What stands in a field is understood when it is sent as it stands, in every language and currency.
func TestTypedAmountsAreUnderstood(t *testing.T) {
	for _, name := range languagesOfTheWorld {
		l, err := newLanguage(name, en.New(), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{"USD", "JPY", "BHD", "IDR", "CLF"} {
			c, err := money.ParseCurrency(code)
			if err != nil {
				t.Fatal(err)
			}
			for _, minor := range []int64{1, 5108, 12345, 1234500, money.MaxMinor} {
				want := money.FromMinor(minor, c)
				if got, err := money.ParsePrice(l.Typed(want), c); err != nil || got != want {
					t.Errorf("%s: %q is %v, %v", name, l.Typed(want), got, err)
				}
			}
		}
		if c := money.FromMinor(5108, usd(t)); name == "de" && l.Typed(c) != "51,08" {
			t.Errorf("in German: %s", l.Typed(c))
		}
	}
}

func usd(t *testing.T) money.Currency {
	t.Helper()
	c, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	return c
}
