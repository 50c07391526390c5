// Package chart prepares charts that the server draws as pictures, with their figures beside them. All geometry is in integers.
package chart

import (
	"embed"
	"io/fs"
	"math/bits"
	"slices"

	"expense-tracker/core/money"
	"expense-tracker/web/internal/total"
)

//go:embed templates
var templates embed.FS

// Parts returns the templates "spent" and "trends", which draw lists of Spent and of Trend.
func Parts() fs.FS { return templates }

// currenciesOf returns each currency that occurs in totals once, the ledger's own first, the others in their order.
func currenciesOf[T any](totals []T, own money.Currency, of func(T) money.Currency) []money.Currency {
	var currencies []money.Currency
	for _, t := range totals {
		if c := of(t); !slices.Contains(currencies, c) {
			currencies = append(currencies, c)
		}
	}
	slices.SortStableFunc(currencies, func(a, b money.Currency) int { return total.OwnFirst(a, b, own) })
	return currencies
}

// scale returns part/whole of size, rounded, in integers of 128 bits; 0 where there is nothing to compare, at most size.
func scale(part, whole int64, size uint64) uint64 {
	if part <= 0 || whole <= 0 {
		return 0
	}
	if part >= whole {
		return size
	}
	high, low := bits.Mul64(uint64(part), size)
	low, carry := bits.Add64(low, uint64(whole)/2, 0)
	quotient, _ := bits.Div64(high+carry, low, uint64(whole))
	return quotient
}
