package memory

import (
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// ListCategories implements expense.CategoryStore.
func (s *expenseStore) ListCategories(
	_ context.Context, in ledger.ID, after string, limit int,
) (summaries []expense.CategorySummary, err error) {
	err = s.read(in, func(d *expenseData) error {
		for _, id := range d.categoriesAfter(after, limit, anyOf) {
			summaries = append(summaries, d.summary(id))
		}
		return nil
	})
	return summaries, err
}

// categoriesAfter returns at most limit categories that are not merged away or removed, ordered by key, of those after the given key.
func (d *expenseData) categoriesAfter(after string, limit int, with func(*category) bool) []expense.CategoryID {
	from, found := slices.BinarySearch(d.names, after)
	if found {
		from++
	}
	var ids []expense.CategoryID
	for _, key := range d.names[from:] {
		if len(ids) == limit {
			break
		}
		if c := d.categories[d.byName[key]]; !c.removed && with(c) {
			ids = append(ids, d.byName[key])
		}
	}
	return ids
}

func anyOf(*category) bool { return true }

func unarchived(c *category) bool { return !c.archived }

// SuggestCategories implements expense.CategoryStore.
func (s *expenseStore) SuggestCategories(_ context.Context, in ledger.ID, limit int) (suggested []expense.Category, err error) {
	err = s.read(in, func(d *expenseData) error {
		suggested = d.suggested(limit)
		return nil
	})
	return suggested, err
}

// CategoryNamed implements expense.CategoryStore.
func (s *expenseStore) CategoryNamed(_ context.Context, in ledger.ID, name expense.CategoryName) (found expense.Category, err error) {
	err = s.read(in, func(d *expenseData) error {
		id, ok := d.byName[name.Key()]
		if !ok || d.categories[id].removed {
			return expense.NoSuchCategory("memory.CategoryNamed")
		}
		found = d.canonical(id)
		return nil
	})
	return found, err
}

// GetCategory implements expense.CategoryStore.
func (s *expenseStore) GetCategory(_ context.Context, in ledger.ID, id expense.CategoryID) (summary expense.CategorySummary, err error) {
	err = s.read(in, func(d *expenseData) error {
		if !d.isUnmerged(id) {
			return expense.NoSuchCategory("memory.GetCategory")
		}
		summary = d.summary(id)
		return nil
	})
	return summary, err
}

// RenameCategory implements expense.CategoryStore.
func (s *expenseStore) RenameCategory(
	_ context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, name expense.CategoryName,
) (renamed expense.Category, err error) {
	err = s.write(in, func(d *expenseData) error {
		if renamed, err = d.categoryAtBasis("memory.RenameCategory", id, basis); err != nil {
			return err
		}
		renamed, err = d.rename("memory.RenameCategory", id, basis, name, expense.CategoryNameTaken)
		return err
	})
	return renamed, err
}

// MergeCategory implements expense.CategoryStore.
func (s *expenseStore) MergeCategory(
	_ context.Context, in ledger.ID, from expense.CategoryID, basis revision.Basis, into expense.CategoryID,
) (left expense.Category, err error) {
	err = s.write(in, func(d *expenseData) error {
		if left, err = d.categoryAtBasis("memory.MergeCategory", from, basis); err != nil {
			return err
		}
		if !d.isUnmerged(into) {
			return expense.NoSuchCategory("memory.MergeCategory")
		}
		if err := d.totals.merge(from, into); err != nil {
			return err
		}
		d.freeName(d.categories[from].name)
		for id, c := range d.categories {
			if id == from {
				c.mergedInto, c.undo = into, undo{revision: d.categories[into].revision + 1}
			} else if c.mergedInto == from {
				c.mergedInto, c.undo = into, undo{through: from}
			}
		}
		d.categories[into].revision++
		d.stepCategory(from, basis)
		left = d.canonical(into)
		return nil
	})
	return left, err
}

// ChangeCategory implements expense.CategoryStore.
func (s *expenseStore) ChangeCategory(
	_ context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis, change expense.CategoryChange,
) (changed expense.Category, err error) {
	err = s.write(in, func(d *expenseData) error {
		if changed, err = d.categoryAtBasis("memory.ChangeCategory", id, basis); err != nil {
			return err
		}
		if change.Look != nil {
			d.categories[id].look = *change.Look
		}
		if change.Archived != nil {
			d.categories[id].archived = *change.Archived
		}
		d.stepCategory(id, basis)
		changed = d.canonical(id)
		return nil
	})
	return changed, err
}

// RemoveCategory implements expense.CategoryStore.
func (s *expenseStore) RemoveCategory(_ context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis) error {
	return s.write(in, func(d *expenseData) error {
		if _, err := d.categoryAtBasis("memory.RemoveCategory", id, basis); err != nil {
			return err
		}
		if len(d.summary(id).Totals) > 0 {
			return expense.CategoryInUse("memory.RemoveCategory")
		}
		d.categories[id].removed = true
		d.stepCategory(id, basis)
		return nil
	})
}

// categoryAtBasis returns a category that is at the revision of the basis, for a change of it. An error comes with what is left of the
// category: errNothingChanged if the change was made before, NotFound or Conflict if another was.
func (d *expenseData) categoryAtBasis(op string, id expense.CategoryID, basis revision.Basis) (expense.Category, error) {
	c, ok := d.categories[id]
	if !ok {
		return expense.Category{}, expense.NoSuchCategory(op)
	}
	switch {
	case c.mergedInto != 0, c.removed:
		return d.canonical(id), d.changes.repeated(ofCategory, int64(id), basis, expense.NoSuchCategory(op))
	case c.revision != basis.Revision:
		return d.canonical(id), d.changes.repeated(ofCategory, int64(id), basis, expense.StaleCategory(op))
	}
	return d.canonical(id), nil
}

// stepCategory takes a category from the basis to its next revision.
func (d *expenseData) stepCategory(id expense.CategoryID, basis revision.Basis) {
	d.categories[id].revision++
	d.changes.note(ofCategory, int64(id), basis)
}

// isUnmerged reports whether the category exists and is not merged into another.
func (d *expenseData) isUnmerged(id expense.CategoryID) bool {
	c, ok := d.categories[id]
	return ok && c.mergedInto == 0 && !c.removed
}

// summary returns a category with its totals of all time, which are in no other currencies than all expenses together are.
func (d *expenseData) summary(id expense.CategoryID) expense.CategorySummary {
	summary := expense.CategorySummary{Category: d.canonical(id), Revision: d.categories[id].revision}
	for _, all := range d.totals.totals(civil.Month{}) {
		currency := all.Amount.Currency()
		if sum := d.totals.of(expense.TotalKey{Category: id, Currency: currency}); sum.Count > 0 {
			summary.Totals = append(summary.Totals, totalOf(currency, sum))
		}
	}
	return summary
}
