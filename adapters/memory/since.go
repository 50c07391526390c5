package memory

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// SpentSince implements expense.SinceStore.
func (s *expenseStore) SpentSince(
	_ context.Context, in ledger.ID, since []expense.Since, to civil.Month,
) (found []expense.SpentIn, err error) {
	err = s.read(in, func(d *expenseData) error {
		for _, one := range since {
			if _, exists := d.categories[one.Category]; !exists && one.Category != 0 {
				continue
			}
			for month := one.From; month.Number() <= to.Number(); month = month.AddMonths(1) {
				found = append(found, d.spentIn(one.Category, month)...)
			}
		}
		return nil
	})
	return found, err
}

// spentIn returns what was spent on a category in a month, one row at least.
func (d *expenseData) spentIn(asked expense.CategoryID, month civil.Month) []expense.SpentIn {
	var found []expense.SpentIn
	row := expense.SpentIn{Asked: asked, Left: d.survivor(asked), Month: month}
	for currency, categories := range d.totals[month.Number()] {
		if sum := categories.of[row.Left]; sum.Count > 0 {
			row.Amount = money.FromMinor(sum.Minor, currency)
			found = append(found, row)
		}
	}
	if found == nil {
		found = append(found, row)
	}
	return found
}

// CategoriesByID implements expense.SinceStore.
func (s *expenseStore) CategoriesByID(
	_ context.Context, in ledger.ID, ids []expense.CategoryID,
) (map[expense.CategoryID]expense.Category, error) {
	found := make(map[expense.CategoryID]expense.Category, len(ids))
	err := s.read(in, func(d *expenseData) error {
		for _, id := range ids {
			if _, exists := d.categories[id]; exists {
				found[id] = d.canonical(id)
			}
		}
		return nil
	})
	return found, err
}
