package money

import (
	"fmt"
	"strings"

	"github.com/bojanz/currency"

	"expense-tracker/core/fault"
)

// Currency is an ISO 4217 currency. The zero Currency is none; ParseCurrency makes one of what is typed, StoredCurrency one of what
// is stored.
type Currency struct {
	code   string
	digits uint8
}

// ParseCurrency reads a three-letter ISO 4217 code in any case, with spaces around it.
func ParseCurrency(s string) (Currency, error) {
	code := strings.ToUpper(strings.TrimSpace(s))
	digits, ok := currency.GetDigits(code)
	if !ok {
		return Currency{}, fault.Refuse("%q is not an ISO 4217 currency code such as USD", s)
	}
	return Currency{code: code, digits: digits}, nil
}

// MaxDigits is the largest number of decimals that a stored currency may have.
const MaxDigits = 9

// StoredCurrency returns a currency as a storage keeps it: a code of three capital letters, and from 0 to MaxDigits decimals. It asks
// no list: currencies are given up and redefined, and stored amounts must not change their meaning with that.
func StoredCurrency(stored string, digits int) (Currency, error) {
	if len(stored) != 3 || strings.Trim(stored, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || digits < 0 || digits > MaxDigits {
		return Currency{}, fmt.Errorf("%q with %d decimals is no currency", stored, digits)
	}
	return Currency{code: stored, digits: uint8(digits)}, nil
}

// Code returns the ISO 4217 code, such as "USD".
func (c Currency) Code() string { return c.code }

// Digits returns how many decimals the currency's minor unit has: 0 (JPY) to 4 (CLF), in a storage up to MaxDigits.
func (c Currency) Digits() int { return int(c.digits) }

// IsZero reports whether c is no currency.
func (c Currency) IsZero() bool { return c == Currency{} }

// String returns the code.
func (c Currency) String() string { return c.code }

// Codes returns every code that ParseCurrency takes, sorted. The slice is shared and must not be changed.
func Codes() []string { return currency.GetCurrencyCodes() }
