package memory

import (
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// ListCategories implements expense.CategoryStore.
func (s *Store) ListCategories(_ context.Context, in ledger.ID, after string, limit int) (summaries []expense.CategorySummary, err error) {
	err = s.read(in, func(b *book) error {
		for _, id := range b.categoriesAfter(after, limit) {
			summaries = append(summaries, b.summary(id))
		}
		return nil
	})
	return summaries, err
}

// categoriesAfter returns at most limit categories that are not merged away, ordered by key, those after the given key only.
func (b *book) categoriesAfter(after string, limit int) []expense.CategoryID {
	from, found := slices.BinarySearch(b.names, after)
	if found {
		from++
	}
	keys := b.names[from:min(len(b.names), from+limit)]
	ids := make([]expense.CategoryID, 0, len(keys))
	for _, key := range keys {
		ids = append(ids, b.byName[key])
	}
	return ids
}

// SuggestCategories implements expense.CategoryStore.
func (s *Store) SuggestCategories(_ context.Context, in ledger.ID, limit int) (suggested []expense.Category, err error) {
	err = s.read(in, func(b *book) error {
		for _, id := range b.categoriesAfter("", limit) {
			suggested = append(suggested, b.canonical(id))
		}
		return nil
	})
	return suggested, err
}

// CategoryNamed implements expense.CategoryStore.
func (s *Store) CategoryNamed(_ context.Context, in ledger.ID, name expense.CategoryName) (found expense.Category, err error) {
	err = s.read(in, func(b *book) error {
		id, ok := b.byName[name.Key()]
		if !ok {
			return expense.NoSuchCategory("memory.CategoryNamed")
		}
		found = b.canonical(id)
		return nil
	})
	return found, err
}

// GetCategory implements expense.CategoryStore.
func (s *Store) GetCategory(_ context.Context, in ledger.ID, id expense.CategoryID) (summary expense.CategorySummary, err error) {
	err = s.read(in, func(b *book) error {
		if !b.isLeft(id) {
			return expense.NoSuchCategory("memory.GetCategory")
		}
		summary = b.summary(id)
		return nil
	})
	return summary, err
}

// RenameCategory implements expense.CategoryStore.
func (s *Store) RenameCategory(
	_ context.Context, in ledger.ID, id expense.CategoryID, basis expense.Basis, name expense.CategoryName,
) (renamed expense.Category, err error) {
	err = s.write(in, func(b *book) error {
		if renamed, err = b.categoryAt("memory.RenameCategory", id, basis); err != nil {
			return err
		}
		if other, taken := b.byName[name.Key()]; taken && other != id {
			return expense.CategoryNameTaken("memory.RenameCategory", b.categories[other].name)
		}
		b.freeName(b.categories[id].name)
		b.setName(name, id)
		b.categories[id].name = name
		b.stepCategory(id, basis)
		renamed = expense.Category{ID: id, Name: name}
		return nil
	})
	return renamed, err
}

// MergeCategory implements expense.CategoryStore.
func (s *Store) MergeCategory(
	_ context.Context, in ledger.ID, from expense.CategoryID, basis expense.Basis, into expense.CategoryID,
) (left expense.Category, err error) {
	err = s.write(in, func(b *book) error {
		if left, err = b.categoryAt("memory.MergeCategory", from, basis); err != nil {
			return err
		}
		if !b.isLeft(into) {
			return expense.NoSuchCategory("memory.MergeCategory")
		}
		b.freeName(b.categories[from].name)
		for id, c := range b.categories {
			if id == from || c.mergedInto == from {
				c.mergedInto = into
			}
		}
		b.totals.merge(from, into)
		b.categories[into].revision++
		b.stepCategory(from, basis)
		left = b.canonical(into)
		return nil
	})
	return left, err
}

// categoryAt returns a category that is at the revision of the basis, for a change of it. An error comes with what is left of the
// category: errNothingChanged if the change was made before, NotFound or Conflict if another was.
func (b *book) categoryAt(op string, id expense.CategoryID, basis expense.Basis) (expense.Category, error) {
	c, ok := b.categories[id]
	if !ok {
		return expense.Category{}, expense.NoSuchCategory(op)
	}
	from := step{category: id, revision: basis.Revision}
	switch {
	case c.mergedInto != 0:
		return b.canonical(id), b.repeated(from, basis, expense.NoSuchCategory(op))
	case c.revision != basis.Revision:
		return b.canonical(id), b.repeated(from, basis, expense.StaleCategory(op))
	}
	return b.canonical(id), nil
}

// stepCategory takes a category from the basis to its next revision.
func (b *book) stepCategory(id expense.CategoryID, basis expense.Basis) {
	b.categories[id].revision++
	b.changes[step{category: id, revision: basis.Revision}] = basis.Fingerprint
}

// isLeft reports whether the category exists and is not merged into another.
func (b *book) isLeft(id expense.CategoryID) bool {
	c, ok := b.categories[id]
	return ok && c.mergedInto == 0
}

// summary returns a category with its totals of all time, which are in no other currencies than all expenses together are.
func (b *book) summary(id expense.CategoryID) expense.CategorySummary {
	summary := expense.CategorySummary{Category: b.canonical(id), Revision: b.categories[id].revision}
	for _, all := range b.totals.totals(civil.Month{}) {
		currency := all.Amount.Currency()
		if sum := b.totals.of(expense.TotalKey{Category: id, Currency: currency}); sum.Entries > 0 {
			summary.Totals = append(summary.Totals, totalOf(currency, sum))
		}
	}
	return summary
}
