package money_test

import (
	"strings"
	"testing"

	"expense-tracker/core/money"
)

func mustCurrency(t testing.TB, code string) money.Currency {
	t.Helper()
	c, err := money.ParseCurrency(code)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParsePriceUnderstands(t *testing.T) {
	for _, tt := range []struct {
		typed, currency, want string
	}{
		{"12.50", "USD", "12.50"},
		{"12,50", "USD", "12.50"},
		{" 1 234.50 ", "USD", "1234.50"},
		{"1.234,50", "EUR", "1234.50"},
		{"1,234.50", "USD", "1234.50"},
		{"1'234.50", "CHF", "1234.50"},
		{"1’234.50", "CHF", "1234.50"},
		{"1\u00a0234,50", "EUR", "1234.50"},
		{"1\u202f234,5", "EUR", "1234.50"},
		{"1,234,567", "USD", "1234567.00"},
		{"1.234.567", "EUR", "1234567.00"},
		{"1 234", "JPY", "1234"},
		{".5", "USD", "0.50"},
		{"007", "USD", "7.00"},
		{"0.01", "USD", "0.01"},
		{"1.234", "KWD", "1.234"},
		{"0,123", "KWD", "0.123"},
		{"1.2345", "CLF", "1.2345"},
		{"100000000", "USD", "100000000.00"},
		{"9,999,999,999,999.99", "USD", "9999999999999.99"},
		{"999999999999999", "JPY", "999999999999999"},
	} {
		got, err := money.ParsePrice(tt.typed, mustCurrency(t, tt.currency))
		if err != nil {
			t.Errorf("ParsePrice(%q, %s): %v", tt.typed, tt.currency, err)
			continue
		}
		if got.Decimal() != tt.want {
			t.Errorf("ParsePrice(%q, %s) = %s, want %s", tt.typed, tt.currency, got.Decimal(), tt.want)
		}
	}
}

func TestParsePriceRefuses(t *testing.T) {
	for _, tt := range []struct {
		typed, currency, because string
	}{
		{"", "USD", "enter a price"},
		{" \t ", "USD", "enter a price"},
		{"abc", "USD", "not a number"},
		{"NaN", "USD", "not a number"},
		{"Infinity", "USD", "not a number"},
		{"1e400", "USD", "not a number"},
		{"1e2", "USD", "not a number"},
		{"0x10", "USD", "not a number"},
		{"1_000", "USD", "not a number"},
		{"+5", "USD", "not a number"},
		{"12.", "USD", "not a number"},
		{"12\x00", "USD", "not a number"},
		{"1\n2", "USD", "not a number"},
		{"-5", "USD", "more than zero"},
		{"−5", "USD", "more than zero"},
		{"0", "USD", "more than zero"},
		{"0.00", "USD", "more than zero"},
		{"12.345", "USD", "at most 2 decimals; if you mean thousands, write 12345"},
		{"1,234", "USD", "at most 2 decimals; if you mean thousands, write 1234"},
		{"1.005", "USD", "at most 2 decimals"},
		{"0.123", "USD", "at most 2 decimals"},
		{"12.3456", "USD", "at most 2 decimals"},
		{"1,234", "KWD", "thousands or decimals"},
		{"1.5", "JPY", "no decimals"},
		{"1,234", "JPY", "no decimals; if you mean thousands, write 1234"},
		{"1 2 3", "USD", "groups of three"},
		{"12 34", "USD", "groups of three"},
		{"1,23,456", "USD", "groups of three"},
		{"1,234.567.89", "USD", "groups of three"},
		{"999999999999999999", "USD", "at most $9,999,999,999,999.99"},
		{"10000000000000", "USD", "at most"},
		{"1000000000000000", "JPY", "at most"},
		{strings.Repeat("9", 65), "USD", "too long"},
	} {
		got, err := money.ParsePrice(tt.typed, mustCurrency(t, tt.currency))
		if err == nil {
			t.Errorf("ParsePrice(%q, %s) = %s, want it refused", tt.typed, tt.currency, got)
		} else if !strings.Contains(err.Error(), tt.because) {
			t.Errorf("ParsePrice(%q, %s): %q does not say %q", tt.typed, tt.currency, err, tt.because)
		}
	}
}

// What is understood is in range, and reads back from its own decimal and from what is shown.
func FuzzParsePrice(f *testing.F) {
	for _, seed := range []string{"12.50", "1 234,50", "1.234", "-5", "NaN", "1e400", "9,999,999,999,999.99", "'", "1'2", "$5",
		"5 USD", "12.50+3", "5 − 2", "١٢", "１２", "2026-11-03", "5 €", "Fr.5", "١٬٢٣٤٫٥", "-$5", "$.5"} {
		f.Add(seed, "USD")
		f.Add(seed, "KWD")
		f.Add(seed, "JPY")
	}
	f.Fuzz(func(t *testing.T, typed, code string) {
		c, err := money.ParseCurrency(code)
		if err != nil {
			return
		}
		named, ok := money.CurrencyTyped(typed, c)
		if ok && named.IsZero() {
			t.Fatalf("CurrencyTyped(%q, %s) is none", typed, c)
		}
		price, err := money.ParsePrice(typed, c)
		if err != nil {
			return
		}
		if ok && named != c {
			t.Fatalf("ParsePrice(%q, %s) = %s, and it says %s", typed, c, price, named)
		}
		if price.Minor() < 1 || price.Minor() > money.MaxMinor {
			t.Fatalf("ParsePrice(%q, %s) = %s is out of range", typed, c, price)
		}
		again, err := money.ParsePrice(price.Decimal(), c)
		if err != nil || again != price {
			t.Fatalf("ParsePrice(%q, %s) = %s, which reads back as %s, %v", typed, c, price, again, err)
		}
	})
}

func BenchmarkParsePrice(b *testing.B) {
	usd := mustCurrency(b, "USD")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := money.ParsePrice(" 1 234.50 ", usd); err != nil {
			b.Fatal(err)
		}
	}
}
