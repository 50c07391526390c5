package rate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"expense-tracker/core/money"
)

// Altogether is what amounts of several currencies make in one, and at which rates. It never stands in for the amounts themselves.
type Altogether struct {
	Amount  money.Amount // in the ledger's own currency; no amount at all if a rate is missing
	Rounded bool         // the exact sum has more decimals than the currency
	Rates   []Rate       // that were used, by currency
	Missing []string     // codes of the currencies that have no rate, sorted
}

// IsNeeded reports whether there was anything to convert.
func (a Altogether) IsNeeded() bool { return len(a.Rates)+len(a.Missing) > 0 }

// IsWhole reports whether there is an amount: no rate is missing.
func (a Altogether) IsWhole() bool { return len(a.Missing) == 0 }

// precision is how many digits are counted with: more than a sum of products has, 19 of each amount and 22 of each rate.
const precision = 64

// Convert counts amounts together in the currency home, at the rates. The rule: each amount is multiplied by its rate exactly, the
// products are added exactly, and the sum is rounded once, to the nearest minor unit; a half goes to the even one. So no order of
// the amounts matters. The error is money.ErrOverflow where the sum has no place in 64 bits.
func Convert(home money.Currency, amounts []money.Amount, rates []Rate) (Altogether, error) {
	exactly := apd.BaseContext.WithPrecision(precision)
	exactly.Rounding = apd.RoundHalfEven
	var result Altogether
	sum := apd.New(0, 0)
	for _, a := range amounts {
		if a.IsZero() {
			continue
		}
		product := apd.New(a.Minor(), -int32(a.Currency().Digits())) //nolint:gosec // at most money.MaxDigits
		if code := a.Currency().Code(); code != home.Code() {
			i := slices.IndexFunc(rates, func(r Rate) bool { return r.Currency == code && r.Home == home.Code() })
			if i < 0 {
				result.Missing = append(result.Missing, code)
				continue
			}
			result.Rates = append(result.Rates, rates[i])
			value, err := rates[i].Value.exact()
			if err != nil {
				return Altogether{}, err
			}
			if _, err = exactly.Mul(product, product, value); err != nil {
				return Altogether{}, err
			}
		}
		if _, err := exactly.Add(sum, sum, product); err != nil {
			return Altogether{}, err
		}
	}
	slices.SortFunc(result.Rates, func(a, b Rate) int { return strings.Compare(a.Currency, b.Currency) })
	slices.Sort(result.Missing)
	if !result.IsWhole() {
		return result, nil
	}
	condition, err := exactly.Quantize(sum, sum, -int32(home.Digits())) //nolint:gosec // at most money.MaxDigits
	if err != nil {
		return Altogether{}, err
	}
	result.Rounded = condition.Inexact()
	sum.Exponent = 0 // minor units
	minor, err := sum.Int64()
	if err != nil {
		return Altogether{}, fmt.Errorf("%s %s: %w", sum, home, money.ErrOverflow)
	}
	result.Amount = money.FromMinor(minor, home)
	return result, nil
}
