package memory

import (
	"slices"

	"expense-tracker/core/expense"
)

// canonical returns the category that id leads to.
func (d *expenseData) canonical(id expense.CategoryID) expense.Category {
	id = d.survivor(id)
	c := d.categories[id]
	return expense.NewCategory(id, c.name, c.look, c.archived)
}

// survivor returns the ID that is left of id, which may be one that is yet to be made.
func (d *expenseData) survivor(id expense.CategoryID) expense.CategoryID {
	if c, ok := d.categories[id]; ok && c.mergedInto != 0 {
		return c.mergedInto
	}
	return id
}

// setName makes a name lead to a category.
func (d *expenseData) setName(name expense.CategoryName, id expense.CategoryID) {
	key := name.Key()
	if _, known := d.byName[key]; !known {
		i, _ := slices.BinarySearch(d.names, key)
		d.names = slices.Insert(d.names, i, key)
	}
	d.byName[key], d.categories[id].key = id, key
}

// freeName makes a name lead nowhere.
func (d *expenseData) freeName(name expense.CategoryName) {
	key := name.Key()
	if i, known := slices.BinarySearch(d.names, key); known {
		d.names = slices.Delete(d.names, i, i+1)
	}
	delete(d.byName, key)
}

// shown returns a row as callers see it.
func (d *expenseData) shown(r *row) expense.Expense {
	e := r.Expense
	e.Category = d.canonical(r.category)
	return e
}

// moved returns the totals that change, with their new values, or an error if one could not be kept.
func (d *expenseData) moved(changes expense.Tally) (expense.Tally, error) {
	moved := make(expense.Tally, len(changes))
	for _, key := range changes.Keys() {
		sum, err := d.sum(key).Plus(changes[key])
		if err != nil {
			return nil, err
		}
		moved[key] = sum
	}
	return moved, nil
}

// place returns where in the list the position stands or would stand.
func (d *expenseData) place(p expense.Position) (int, bool) {
	return slices.BinarySearchFunc(d.list, p, expense.Position.Compare)
}

func (d *expenseData) enlist(e expense.Expense) {
	i, _ := d.place(expense.PositionOf(e))
	d.list = slices.Insert(d.list, i, expense.PositionOf(e))
}

func (d *expenseData) unlist(e expense.Expense) {
	if i, found := d.place(expense.PositionOf(e)); found {
		d.list = slices.Delete(d.list, i, i+1)
	}
}
