package money_test

import (
	"strings"
	"testing"

	"expense-tracker/core/money"
)

func TestAPriceTakesSymbolsSumsAndEveryScript(t *testing.T) {
	for _, tt := range []struct{ typed, code, want string }{
		{"$5", "USD", "5.00"}, {"$5", "AUD", "5.00"}, {"5 €", "EUR", "5.00"}, {"EUR 5", "EUR", "5.00"}, {"eur 5", "EUR", "5.00"},
		{"12.50+3", "USD", "15.50"}, {"0.10 + 0.20", "USD", "0.30"}, {"20 − 2.5", "USD", "17.50"}, {"$12.50+3", "USD", "15.50"},
		{"١٢.٥٠", "USD", "12.50"}, {"१२", "USD", "12.00"}, {"１２.５", "USD", "12.50"}, {"𝟙𝟚", "USD", "12.00"},
		{"€5", "USD", ""}, {"EUR 5", "USD", ""}, {"$", "USD", ""}, {"5-5", "USD", ""}, {"3-5", "USD", ""}, {"5+", "USD", ""},
		{"+5", "USD", ""}, {"5++5", "USD", ""}, {"-5", "USD", ""}, {"2*3", "USD", ""}, {"1,234+1", "USD", ""},
		{"9999999999999.99+0.01", "USD", ""}, {"١٢٫٥", "USD", "12.50"}, {"١٬٢٣٤٫٥٠", "USD", "1234.50"}, {"١٬٢٣٤", "USD", "1234.00"},
		{"$5+$3", "USD", "8.00"}, {"5 € + 3 €", "EUR", "8.00"}, {"$5 USD", "USD", "5.00"}, {"$.50", "USD", "0.50"}, {"Fr.5", "CHF", "5.00"},
		{"5 Fr.", "CHF", "5.00"}, {"usd.5", "USD", ""}, {"¥500", "CNY", "500.00"}, {"5 euro", "EUR", "5.00"}, {"zł 5", "PLN", "5.00"},
		{"20-5-3", "USD", "12.00"}, {"2000-50-20", "USD", "1930.00"}, {"5 abc", "USD", ""}, {"１，２３４．５", "USD", "1234.50"},
	} {
		got, err := money.ParsePrice(tt.typed, mustCurrency(t, tt.code))
		switch {
		case tt.want == "" && err == nil:
			t.Errorf("%q %s = %s, want an error", tt.typed, tt.code, got)
		case tt.want != "" && (err != nil || got.Decimal() != tt.want):
			t.Errorf("%q %s = %s, %v, want %s", tt.typed, tt.code, got, err, tt.want)
		}
	}
}

func TestAPriceThatIsWrongSaysWhy(t *testing.T) {
	for _, tt := range []struct{ typed, code, because string }{
		{"2026-11-03", "USD", "not a number"}, {"03-11-2026", "USD", "not a number"}, {"3.11.2026", "EUR", "not a number"},
		{"3.11.26", "EUR", "not a number"}, {"€5", "USD", "this says €, but the currency is USD"},
		{"5 eur", "USD", "this says eur, but the currency is USD"}, {"5$", "EUR", "this says $, but the currency is EUR"},
		{"5 € + 3 $", "EUR", "this says $, but the currency is EUR"}, {"-$5", "USD", "Refund"}, {"$-5", "USD", "Refund"},
		{"-5 €", "EUR", "Refund"}, {"−٥", "USD", "Refund"}, {"abc-5", "USD", "not a number"}, {"5 abc", "USD", "not a number"},
	} {
		_, err := money.ParsePrice(tt.typed, mustCurrency(t, tt.code))
		if err == nil || !strings.Contains(err.Error(), tt.because) {
			t.Errorf("%q %s: %v, want %q", tt.typed, tt.code, err, tt.because)
		}
	}
}

func TestAPriceNamesItsCurrency(t *testing.T) {
	for _, tt := range []struct{ typed, home, want string }{
		{"5 €", "USD", "EUR"}, {"$5", "EUR", "USD"}, {"$5", "CAD", "CAD"}, {"12.50+3 chf", "EUR", "CHF"}, {"Fr.5", "EUR", "CHF"},
		{"5 kr", "NOK", "NOK"}, {"5 kr", "EUR", "SEK"}, {"₹5", "USD", "INR"}, {"5", "USD", ""}, {"", "USD", ""}, {"5 abc", "USD", ""},
		{"EUR", "USD", ""}, {strings.Repeat("1", 70) + " €", "USD", ""},
	} {
		got, ok := money.CurrencyTyped(tt.typed, mustCurrency(t, tt.home))
		if got.Code() != tt.want || ok != (tt.want != "") {
			t.Errorf("CurrencyTyped(%q, %s) = %s, %v, want %s", tt.typed, tt.home, got, ok, tt.want)
		}
	}
}

func TestWhatLooksLikeAPrice(t *testing.T) {
	for _, typed := range []string{"5", "$5", "5 €", "1 234.50", "12.50+3", "-5", "1,234", "٣٫٥", "0", "9.", "-$5"} {
		if !money.LooksLikePrice(typed) {
			t.Errorf("%q does not look like a price", typed)
		}
	}
	for _, typed := range []string{"", "€", "abc", "5kg", "5+", "5+$", "--5", "2026-11-03", "11/3", "1e2", strings.Repeat("9", 65)} {
		if money.LooksLikePrice(typed) {
			t.Errorf("%q looks like a price", typed)
		}
	}
}
