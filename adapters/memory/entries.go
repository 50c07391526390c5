package memory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Add implements expense.SpendingStore.
func (s *expenseStore) Add(_ context.Context, in ledger.ID, entry expense.Entry) (receipt expense.Receipt, err error) {
	err = s.write(in, func(d *expenseData) error {
		receipt, err = s.add(d, entry)
		if err == nil && receipt.Duplicate {
			return errNothingChanged
		}
		return err
	})
	return receipt, err
}

// AddAll implements expense.SpendingStore.
func (s *expenseStore) AddAll(_ context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error) {
	results := make([]expense.AddResult, len(entries))
	err := s.write(in, func(d *expenseData) error {
		stored := errNothingChanged
		for i, entry := range entries {
			results[i].Receipt, results[i].Err = s.add(d, entry)
			if results[i].Err == nil && !results[i].Receipt.Duplicate {
				stored = nil
			}
		}
		return stored
	})
	return results, err
}

// add changes nothing if it returns an error.
func (s *expenseStore) add(d *expenseData, entry expense.Entry) (expense.Receipt, error) {
	if id, known := d.byKey[entry.Key]; known {
		stored := d.rows[id]
		if stored.fingerprint != entry.Fingerprint {
			return expense.Receipt{}, expense.KeyReused("memory.Add")
		}
		return expense.Receipt{Expense: d.shown(stored), Duplicate: true}, nil
	}
	price, isNewCurrency, err := s.counted("memory.Add", entry.Price)
	if err != nil {
		return expense.Receipt{}, err
	}
	entry.Price = price
	categoryID, isKnown := d.byName[entry.Category.Key()]
	if !isKnown {
		categoryID = s.lastCategory + 1
	}
	changes := make(expense.Tally)
	if err := countIn(changes, categoryID, entry.PaidBy, entry.Date, entry.Spent()); err != nil {
		return expense.Receipt{}, err
	}
	totals, err := d.moved(changes)
	if err != nil {
		return expense.Receipt{}, err
	}
	entry.Key, entry.Category = owned(entry.Key), owned(entry.Category)
	s.lastExpense++
	stored := &row{
		Expense: expense.Expense{
			ID: s.lastExpense, Date: entry.Date, Price: entry.Price, Payee: owned(entry.Payee), Tags: owned(entry.Tags),
			Refund: entry.Refund, Note: owned(entry.Note), Revision: 1, AddedBy: entry.AddedBy, PaidBy: entry.PaidBy,
		},
		category:    categoryID,
		fingerprint: entry.Fingerprint,
		createdAt:   entry.CreatedAt,
	}
	if isNewCurrency {
		s.db.setCurrency(price.Currency())
	}
	if !isKnown {
		s.newCategory(d, entry.Category)
	}
	d.rows[stored.ID] = stored
	d.byKey[entry.Key] = stored.ID
	d.put(totals)
	d.enlist(stored.Expense)
	return expense.Receipt{Expense: d.shown(stored)}, nil
}

// owned copies a text. One that came in a request is a part of its body, and would keep all of that.
func owned[T ~string](text T) T { return T(strings.Clone(string(text))) }

// newCategory gives a category that is not known yet the next ID.
func (s *expenseStore) newCategory(d *expenseData, name expense.CategoryName) {
	s.lastCategory++
	name = owned(name)
	d.categories[s.lastCategory] = &category{name: name, revision: 1}
	d.setName(name, s.lastCategory)
}

// Get implements expense.SpendingStore.
func (s *expenseStore) Get(_ context.Context, in ledger.ID, id expense.ID) (found expense.Expense, err error) {
	err = s.read(in, func(d *expenseData) error {
		stored, ok := d.rows[id]
		if !ok || stored.Gone {
			return expense.NoSuchExpense("memory.Get")
		}
		found = d.shown(stored)
		return nil
	})
	return found, err
}

// Change implements expense.SpendingStore.
func (s *expenseStore) Change(
	_ context.Context, in ledger.ID, id expense.ID, basis revision.Basis, revise func(expense.Expense) (expense.Expense, error),
) (changed expense.Expense, err error) {
	err = s.write(in, func(d *expenseData) error {
		stored, ok := d.rows[id]
		if !ok || stored.Gone {
			return expense.NoSuchExpense("memory.Change")
		}
		before := d.shown(stored)
		if before.Revision != basis.Revision {
			changed = before
			return d.changes.repeated(ofExpense, int64(id), basis, expense.Stale("memory.Change", before))
		}
		after, err := revise(before)
		if err != nil {
			return err
		}
		changes := s.newReplacing(d)
		if err := changes.prepare(stored, after, basis); err != nil {
			return err
		}
		if err := changes.make(noBatch); err != nil {
			return err
		}
		changed = d.shown(d.rows[id])
		return nil
	})
	return changed, err
}

// countIn counts an expense into all totals that it belongs to.
func countIn(
	changes expense.Tally, category expense.CategoryID, payer ledger.UserID, date civil.Date, spent money.Amount,
) error {
	return errors.Join(changes.Add(category, date, spent), changes.AddDay(date, spent), changes.AddPaid(payer, date, spent))
}

func (d *expenseData) put(totals expense.Tally) {
	for key, sum := range totals {
		if key.Payer != 0 {
			d.paid.put(key, sum)
			continue
		}
		d.totals.put(key, sum)
		if c, ok := d.categories[key.Category]; ok && sum.Count > 0 {
			c.removed = false // it is used again
		}
	}
}

// List implements expense.SpendingStore.
func (s *expenseStore) List(_ context.Context, in ledger.ID, query expense.ListQuery) (listed []expense.Expense, err error) {
	err = s.read(in, func(d *expenseData) error {
		listed = d.stretch(query)
		return nil
	})
	return listed, err
}

// stretch returns what a query asks for, newest first.
func (d *expenseData) stretch(query expense.ListQuery) []expense.Expense {
	from, to := max(0, len(d.list)-query.Limit), len(d.list)
	switch {
	case query.Before != nil:
		to, _ = d.place(*query.Before)
		from = max(0, to-query.Limit)
	case query.After != nil:
		at, found := d.place(*query.After)
		if found {
			at++
		}
		from, to = at, min(len(d.list), at+query.Limit)
	}
	listed := make([]expense.Expense, 0, to-from)
	for _, position := range slices.Backward(d.list[from:to]) {
		listed = append(listed, d.shown(d.rows[position.ID]))
	}
	return listed
}
