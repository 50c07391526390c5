package memory

import (
	"context"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// Add implements expense.EntryStore.
func (s *Store) Add(_ context.Context, in ledger.ID, entry expense.Entry) (receipt expense.Receipt, err error) {
	err = s.write(in, func(b *book) error {
		receipt, err = s.add(b, entry)
		if err == nil && receipt.Duplicate {
			return errNothingChanged
		}
		return err
	})
	return receipt, err
}

// AddAll implements expense.EntryStore.
func (s *Store) AddAll(_ context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	results := make([]expense.AddResult, len(entries))
	err := s.write(in, func(b *book) error {
		stored := errNothingChanged
		for i, entry := range entries {
			results[i].Receipt, results[i].Err = s.add(b, entry)
			if results[i].Err == nil && !results[i].Receipt.Duplicate {
				stored = nil
			}
		}
		return stored
	})
	return results, err
}

// add changes nothing if it returns an error.
func (s *Store) add(b *book, entry expense.Entry) (expense.Receipt, error) {
	if id, known := b.byKey[entry.Key]; known {
		stored := b.rows[id]
		if stored.fingerprint != entry.Fingerprint {
			return expense.Receipt{}, expense.KeyReused("memory.Add")
		}
		return expense.Receipt{Expense: b.shown(stored), Duplicate: true}, nil
	}
	price, isNewCurrency, err := s.counted("memory.Add", entry.Price)
	if err != nil {
		return expense.Receipt{}, err
	}
	entry.Price = price
	categoryID, isKnown := b.byName[entry.Category.Key()]
	if !isKnown {
		categoryID = s.lastCategory + 1
	}
	changes := make(expense.Tally)
	if err := changes.Add(categoryID, entry.Date, entry.Price); err != nil {
		return expense.Receipt{}, err
	}
	totals, err := b.moved(changes)
	if err != nil {
		return expense.Receipt{}, err
	}
	s.lastExpense++
	stored := &row{
		Expense:     expense.Expense{ID: s.lastExpense, Date: entry.Date, Price: entry.Price, Note: entry.Note, Revision: 1},
		category:    categoryID,
		fingerprint: entry.Fingerprint,
	}
	if isNewCurrency {
		s.keep(price.Currency())
	}
	if !isKnown {
		s.newCategory(b, entry.Category)
	}
	b.rows[stored.ID] = stored
	b.byKey[entry.Key] = stored.ID
	b.put(totals)
	b.enlist(stored.Expense)
	return expense.Receipt{Expense: b.shown(stored)}, nil
}

// newCategory gives a category that is not known yet the next ID.
func (s *Store) newCategory(b *book, name expense.CategoryName) {
	s.lastCategory++
	b.categories[s.lastCategory] = &category{name: name, revision: 1}
	b.setName(name, s.lastCategory)
}

// Get implements expense.EntryStore.
func (s *Store) Get(_ context.Context, in ledger.ID, id expense.ID) (found expense.Expense, err error) {
	err = s.read(in, func(b *book) error {
		stored, ok := b.rows[id]
		if !ok {
			return expense.NoSuchExpense("memory.Get")
		}
		found = b.shown(stored)
		return nil
	})
	return found, err
}

// Change implements expense.EntryStore.
func (s *Store) Change(
	_ context.Context, in ledger.ID, id expense.ID, basis expense.Basis, revise func(expense.Expense) (expense.Expense, error),
) (changed expense.Expense, err error) {
	err = s.write(in, func(b *book) error {
		stored, ok := b.rows[id]
		if !ok {
			return expense.NoSuchExpense("memory.Change")
		}
		before := b.shown(stored)
		from := step{expense: id, revision: basis.Revision}
		if before.Revision != basis.Revision {
			changed = before
			return b.repeated(from, basis, expense.Stale("memory.Change", before))
		}
		after, err := revise(before)
		if err != nil {
			return err
		}
		price, isNewCurrency, err := s.counted("memory.Change", after.Price)
		if err != nil {
			return err
		}
		after.Price = price
		revised := &row{Expense: after, category: stored.category, fingerprint: stored.fingerprint}
		revised.ID, revised.Revision = stored.ID, stored.Revision+1
		isNew := false
		if after.Category != before.Category {
			if revised.category, isNew, err = s.resolve(b, after.Category); err != nil {
				return err
			}
		}
		totals, err := b.difference(stored, revised)
		if err != nil {
			return err
		}
		if isNewCurrency {
			s.keep(price.Currency())
		}
		if isNew {
			s.newCategory(b, after.Category.Name)
		}
		b.unlist(stored.Expense)
		if !revised.Deleted {
			b.enlist(revised.Expense)
		}
		b.rows[id] = revised
		b.put(totals)
		b.changes[from] = basis.Fingerprint
		changed = b.shown(revised)
		return nil
	})
	return changed, err
}

// resolve returns the ID of a category that is given by its ID or, if that is 0, by its name; and whether it is yet to be made.
func (s *Store) resolve(b *book, wanted expense.Category) (id expense.CategoryID, isNew bool, err error) {
	if wanted.ID != 0 {
		if _, ok := b.categories[wanted.ID]; !ok {
			return 0, false, expense.NoSuchCategory("memory.Change")
		}
		return wanted.ID, false, nil
	}
	if id, ok := b.byName[wanted.Name.Key()]; ok {
		return id, false, nil
	}
	return s.lastCategory + 1, true, nil
}

// difference returns the totals that change when a row is replaced, with their new values.
func (b *book) difference(before, after *row) (expense.Tally, error) {
	changes := make(expense.Tally)
	if !before.Deleted {
		if err := changes.Remove(b.left(before.category), before.Date, before.Price); err != nil {
			return nil, err
		}
	}
	if !after.Deleted {
		if err := changes.Add(b.left(after.category), after.Date, after.Price); err != nil {
			return nil, err
		}
	}
	return b.moved(changes)
}

func (b *book) put(totals expense.Tally) {
	for key, sum := range totals {
		b.totals.put(key, sum)
	}
}

// List implements expense.EntryStore.
func (s *Store) List(_ context.Context, in ledger.ID, query expense.ListQuery) (listed []expense.Expense, err error) {
	err = s.read(in, func(b *book) error {
		listed = b.stretch(query)
		return nil
	})
	return listed, err
}

// stretch returns what a query asks for, newest first.
func (b *book) stretch(query expense.ListQuery) []expense.Expense {
	from, to := max(0, len(b.list)-query.Limit), len(b.list)
	switch {
	case query.Before != nil:
		to, _ = b.place(*query.Before)
		from = max(0, to-query.Limit)
	case query.After != nil:
		at, found := b.place(*query.After)
		if found {
			at++
		}
		from, to = at, min(len(b.list), at+query.Limit)
	}
	listed := make([]expense.Expense, 0, to-from)
	for _, position := range slices.Backward(b.list[from:to]) {
		listed = append(listed, b.shown(b.rows[position.ID]))
	}
	return listed
}
