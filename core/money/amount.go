// Package money keeps amounts exactly: whole minor units of an ISO 4217 currency. It adds with an overflow check, reads
// what people type under stated rules, and writes decimals that read back to the same amount. No float is ever involved.
package money

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/bojanz/currency"
)

// MaxMinor is the largest price in minor units, fifteen nines: 9,999,999,999,999.99 in a currency of two decimals. It
// leaves room for thousands of largest prices in one exact 64-bit total.
const MaxMinor = 999_999_999_999_999

// Errors of arithmetic.
var (
	ErrOverflow = errors.New("the sum is larger than can be kept exactly")
	ErrMismatch = errors.New("amounts of different currencies have no sum")
	ErrInexact  = errors.New("the amount cannot be kept exactly with these decimals")
)

// Amount is a number of minor units of a currency, negative ones included. Amounts compare with ==.
type Amount struct {
	minor    int64
	currency Currency
}

// FromMinor returns minor units (cents, for USD) as an amount.
func FromMinor(minor int64, c Currency) Amount { return Amount{minor: minor, currency: c} }

// Minor returns the amount in minor units.
func (a Amount) Minor() int64 { return a.minor }

// Currency returns the amount's currency.
func (a Amount) Currency() Currency { return a.currency }

// IsZero reports whether the amount is zero, in whatever currency.
func (a Amount) IsZero() bool { return a.minor == 0 }

// Neg returns the amount below zero for one above it, and the other way round. The smallest amount of 64 bits has no other and is no
// price.
func (a Amount) Neg() Amount { return Amount{minor: -a.minor, currency: a.currency} }

// Abs returns the amount without its sign.
func (a Amount) Abs() Amount {
	if a.minor < 0 {
		return a.Neg()
	}
	return a
}

// Add returns a + b, or ErrMismatch or ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if a.currency != b.currency {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMismatch, a.currency, b.currency)
	}
	sum, err := AddMinor(a.minor, b.minor)
	if err != nil {
		return Amount{}, err
	}
	return FromMinor(sum, a.currency), nil
}

// AddMinor returns a + b in minor units, or ErrOverflow.
func AddMinor(a, b int64) (int64, error) {
	if (b > 0 && a > math.MaxInt64-b) || (b < 0 && a < math.MinInt64-b) {
		return 0, ErrOverflow
	}
	return a + b, nil
}

// DividedBy returns an n-th of the amount, rounded to the nearest minor unit; halves away from zero. n is above zero.
func (a Amount) DividedBy(n int64) Amount {
	quotient, rest := a.minor/n, a.minor%n
	switch {
	case rest > 0 && rest >= n-rest:
		quotient++
	case rest < 0 && -rest >= n+rest:
		quotient--
	}
	return Amount{minor: quotient, currency: a.currency}
}

// In returns the same amount in the decimals of c, which has the amount's code: ErrInexact if c has too few of them, ErrOverflow if
// it would have more than MaxMinor minor units then.
func (a Amount) In(c Currency) (Amount, error) {
	if a.currency == c {
		return a, nil
	}
	if a.currency.code != c.code {
		return Amount{}, fmt.Errorf("%w: %s and %s", ErrMismatch, a.currency, c)
	}
	minor, scale := a.minor, int64(1)
	for range max(c.Digits(), a.currency.Digits()) - min(c.Digits(), a.currency.Digits()) {
		scale *= 10
	}
	switch {
	case c.digits < a.currency.digits && minor%scale != 0:
		return Amount{}, fmt.Errorf("%w: %s in %d decimals", ErrInexact, a, c.digits)
	case c.digits < a.currency.digits:
		return FromMinor(minor/scale, c), nil
	case magnitude(minor) > MaxMinor/uint64(scale):
		return Amount{}, fmt.Errorf("%s in %d decimals: %w", a, c.digits, ErrOverflow)
	}
	return FromMinor(minor*scale, c), nil
}

// Decimal returns the amount as a plain decimal with all of its currency's decimals and a point, such as "1234.50":
// what forms, CSV, JSON and SQL carry. ParsePrice and FromDecimal read it back.
func (a Amount) Decimal() string {
	digits := a.currency.Digits()
	s := strconv.FormatUint(magnitude(a.minor), 10)
	if digits > 0 {
		if missing := digits + 1 - len(s); missing > 0 {
			s = strings.Repeat("0", missing) + s
		}
		s = s[:len(s)-digits] + "." + s[len(s)-digits:]
	}
	if a.minor < 0 {
		return "-" + s
	}
	return s
}

// String returns the decimal and the code, such as "1234.50 USD". Pages write amounts by locale.
func (a Amount) String() string { return a.Decimal() + " " + a.currency.Code() }

// Format returns the amount as people read it, with the currency's symbol and digits in groups: "$1,234.50". It is what
// currency.Formatter gives for English, which spends a quarter of a page's time on building a replacer for each amount.
func (a Amount) Format() string {
	symbol, ok := currency.GetSymbol(a.currency.Code(), currency.Locale{Language: "en"})
	if !ok {
		symbol = a.currency.Code() // not on the list of today
	}
	if last, _ := utf8.DecodeLastRuneInString(symbol); unicode.IsLetter(last) {
		symbol += "\u00a0"
	}
	decimal, negative := strings.CutPrefix(a.Decimal(), "-")
	if negative {
		symbol = "-" + symbol
	}
	end := len(decimal)
	if a.currency.Digits() > 0 {
		end -= a.currency.Digits() + 1
	}
	return symbol + inGroups(decimal[:end]) + decimal[end:]
}

// inGroups puts a comma between every three digits, from the right.
func inGroups(digits string) string {
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// FromDecimal reads a plain decimal as a storage or a file of ours holds it: an optional minus, digits, and at most one
// point. Decimals beyond the currency's must be zeros. It is for trusted text; ParsePrice reads what people type.
func FromDecimal(s string, c Currency) (Amount, error) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if extra := len(fraction) - c.Digits(); extra > 0 {
		if strings.Trim(fraction[c.Digits():], "0") != "" {
			return Amount{}, fmt.Errorf("%q has more decimals than %s", s, c)
		}
		fraction = fraction[:c.Digits()]
	}
	fraction += strings.Repeat("0", c.Digits()-len(fraction))
	if whole == "" || !onlyDigits(whole+fraction) {
		return Amount{}, fmt.Errorf("%q is not a decimal", s)
	}
	text := whole + fraction
	if negative {
		text = "-" + text
	}
	minor, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return Amount{}, fmt.Errorf("%q %s: %w", s, c, ErrOverflow)
	}
	return FromMinor(minor, c), nil
}

func onlyDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n) //nolint:gosec // two's complement: right for the smallest int64 too
	}
	return uint64(n)
}
