package money_test

import (
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
		{"9999999999999.99+0.01", "USD", ""},
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
