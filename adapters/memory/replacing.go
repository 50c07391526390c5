package memory

import (
	"errors"

	"expense-tracker/core/expense"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// noBatch is the number of a change that is one of its own.
const noBatch expense.BatchNumber = 0

// replacing is a change of rows. It is prepared as a whole before any of it is made, so that one that fails has changed nothing.
type replacing struct {
	store      *expenseStore
	data       *expenseData
	rows       []replacement
	names      []expense.CategoryName // of the categories to make
	made       map[string]expense.CategoryID
	currencies []money.Currency // that are new
	moved      expense.Tally
}

// replacement is a row with what it is to become.
type replacement struct {
	before, after *row
	basis         revision.Basis
}

func (s *expenseStore) newReplacing(d *expenseData) *replacing {
	return &replacing{store: s, data: d, made: make(map[string]expense.CategoryID), moved: make(expense.Tally)}
}

// prepare adds a row, which becomes after.
func (r *replacing) prepare(stored *row, after expense.Expense, basis revision.Basis) error {
	price, isNewCurrency, err := r.store.counted("memory.Change", after.Price)
	if err != nil {
		return err
	}
	after.Price, after.Payee, after.Tags, after.Note = price, owned(after.Payee), owned(after.Tags), owned(after.Note)
	revised := *stored
	revised.Expense = after
	revised.ID, revised.Revision = stored.ID, stored.Revision+1
	if after.Category != r.data.shown(stored).Category {
		if revised.category, err = r.resolve(after.Category); err != nil {
			return err
		}
	}
	if isNewCurrency {
		r.currencies = append(r.currencies, price.Currency())
	}
	r.rows = append(r.rows, replacement{stored, &revised, basis})
	return r.count(stored, &revised)
}

// resolve returns the ID of a category that is given by its ID or, if that is 0, by its name. One of a new name is yet to be made.
func (r *replacing) resolve(wanted expense.Category) (expense.CategoryID, error) {
	if wanted.ID != 0 {
		if _, ok := r.data.categories[wanted.ID]; !ok {
			return 0, expense.NoSuchCategory("memory.Change")
		}
		return wanted.ID, nil
	}
	key := wanted.Name.Key()
	if id, ok := r.data.byName[key]; ok {
		return id, nil
	}
	if _, ok := r.made[key]; !ok {
		r.names = append(r.names, wanted.Name)
		r.made[key] = r.store.lastCategory + expense.CategoryID(len(r.names))
	}
	return r.made[key], nil
}

// count counts a row out of all totals that it belongs to, and into those that it comes to.
func (r *replacing) count(before, after *row) error {
	if !before.Deleted {
		err := errors.Join(r.moved.Remove(r.data.survivor(before.category), before.Date, before.Spent()),
			r.moved.RemoveDay(before.Date, before.Spent()), r.moved.RemovePaid(before.PaidBy, before.Date, before.Spent()))
		if err != nil {
			return err
		}
	}
	if after.Deleted {
		return nil
	}
	return countIn(r.moved, r.data.survivor(after.category), after.PaidBy, after.Date, after.Spent())
}

// make makes all of the change, or nothing and returns an error.
func (r *replacing) make(number expense.BatchNumber) error {
	totals, err := r.data.moved(r.moved)
	if err != nil {
		return err
	}
	for _, currency := range r.currencies {
		r.store.db.setCurrency(currency)
	}
	for _, name := range r.names {
		r.store.newCategory(r.data, name)
	}
	for _, one := range r.rows {
		r.data.move(one.before, one.after, one.basis.At)
		r.data.rows[one.before.ID] = one.after
		r.data.changes.note(ofExpense, int64(one.before.ID), one.basis)
		r.data.remember(one.before, one.after, one.basis, number)
	}
	r.data.put(totals)
	return nil
}
