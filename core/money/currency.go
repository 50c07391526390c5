package money

import (
	"fmt"
	"strings"

	"github.com/bojanz/currency"
)

// Currency is an ISO 4217 currency. The zero Currency is none; others are made by ParseCurrency only.
type Currency struct {
	code   string
	digits uint8
}

// ParseCurrency reads a three-letter ISO 4217 code in any case, with spaces around it.
func ParseCurrency(s string) (Currency, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	digits, ok := currency.GetDigits(code)
	if !ok {
		return Currency{}, fmt.Errorf("%q is not an ISO 4217 currency code such as USD", s)
	}
	return Currency{code: code, digits: digits}, nil
}

// Code returns the ISO 4217 code, such as "USD".
func (c Currency) Code() string { return c.code }

// Digits returns how many decimals the currency's minor unit has: 0 (JPY) to 4 (CLF).
func (c Currency) Digits() int { return int(c.digits) }

// IsZero reports whether c is no currency.
func (c Currency) IsZero() bool { return c == Currency{} }

// String returns the code.
func (c Currency) String() string { return c.code }

// Codes returns every code that ParseCurrency takes, sorted. The slice is shared and must not be changed.
func Codes() []string { return currency.GetCurrencyCodes() }
