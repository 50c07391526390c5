package memory

import (
	"cmp"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// sums are a ledger's maintained totals, laid out so that a page reads those of its months only. The zero Month stands for all time,
// category 0 for all of them.
type sums map[civil.Month]map[money.Currency]map[expense.CategoryID]expense.Sum

func (s sums) of(key expense.TotalKey) expense.Sum { return s[key.Month][key.Currency][key.Category] }

func (s sums) put(key expense.TotalKey, sum expense.Sum) {
	if s[key.Month] == nil {
		s[key.Month] = make(map[money.Currency]map[expense.CategoryID]expense.Sum)
	}
	if s[key.Month][key.Currency] == nil {
		s[key.Month][key.Currency] = make(map[expense.CategoryID]expense.Sum)
	}
	s[key.Month][key.Currency][key.Category] = sum
}

// merge moves the sums of one category to another. None can overflow: the sum of all categories is kept as well.
func (s sums) merge(from, into expense.CategoryID) {
	for _, currencies := range s {
		for _, categories := range currencies {
			if moved, ok := categories[from]; ok {
				delete(categories, from)
				left := categories[into]
				categories[into] = expense.Sum{Entries: left.Entries + moved.Entries, Minor: left.Minor + moved.Minor}
			}
		}
	}
}

// tally returns all of them by their keys.
func (s sums) tally() expense.Tally {
	all := make(expense.Tally)
	for month, currencies := range s {
		for currency, categories := range currencies {
			for category, sum := range categories {
				all[expense.TotalKey{Month: month, Category: category, Currency: currency}] = sum
			}
		}
	}
	return all
}

// totals returns a month's totals over all categories, ordered by currency.
func (s sums) totals(month civil.Month) []expense.Total {
	var totals []expense.Total
	for currency, categories := range s[month] {
		if sum := categories[0]; sum.Entries > 0 {
			totals = append(totals, totalOf(currency, sum))
		}
	}
	slices.SortFunc(totals, byCurrency)
	return totals
}

func totalOf(c money.Currency, sum expense.Sum) expense.Total {
	return expense.Total{Entries: sum.Entries, Amount: money.FromMinor(sum.Minor, c)}
}

func byCurrency(x, y expense.Total) int {
	return cmp.Compare(x.Amount.Currency().Code(), y.Amount.Currency().Code())
}
