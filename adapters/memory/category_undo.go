package memory

import (
	"context"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// MergedCategory implements expense.CategoryStore.
func (s *expenseStore) MergedCategory(_ context.Context, in ledger.ID, id expense.CategoryID) (merge expense.Merge, err error) {
	err = s.read(in, func(d *expenseData) error {
		c, ok := d.categories[id]
		if !ok || c.mergedInto == 0 {
			return expense.NoSuchCategory("memory.MergedCategory")
		}
		merge = expense.Merge{Away: expense.NewCategory(id, c.name, c.look, c.archived), Revision: c.revision, Left: d.canonical(id)}
		return nil
	})
	return merge, err
}

// UndoCategory implements expense.CategoryStore.
func (s *expenseStore) UndoCategory(
	_ context.Context, in ledger.ID, id expense.CategoryID, basis revision.Basis,
) (undone expense.Category, err error) {
	const op = "memory.UndoCategory"
	err = s.write(in, func(d *expenseData) error {
		if c, ok := d.categories[id]; ok && c.mergedInto != 0 {
			undone, err = d.undoMerge(op, id, basis)
			return err
		}
		if c, ok := d.categories[id]; ok && c.removed && c.revision == basis.Revision {
			c.removed = false
			d.stepCategory(id, basis)
			undone = d.canonical(id)
			return nil
		}
		if undone, err = d.categoryAtBasis(op, id, basis); err != nil {
			return err
		}
		if last := d.categories[id].undo; last.revision != basis.Revision || last.name == "" {
			return expense.CannotUndo(op)
		}
		undone, err = d.rename(op, id, basis, d.categories[id].undo.name, expense.NameTakenSince)
		return err
	})
	return undone, err
}

// undoMerge takes a merge back: what was stored under the category, and under those that came along with it, appears there again.
func (d *expenseData) undoMerge(op string, id expense.CategoryID, basis revision.Basis) (expense.Category, error) {
	c := d.categories[id]
	into := c.mergedInto
	if c.revision != basis.Revision {
		return d.canonical(id), d.changes.repeated(ofCategory, int64(id), basis, expense.StaleCategory(op))
	}
	if c.undo.through != 0 || c.undo.name != "" || c.undo.revision != d.categories[into].revision {
		return expense.Category{}, expense.CannotUndo(op)
	}
	moved := make(expense.Tally)
	parts := map[expense.CategoryID]bool{id: true}
	for other, part := range d.categories {
		if part.undo.through == id && part.mergedInto == into {
			parts[other] = true
		}
	}
	for _, position := range d.list {
		if r := d.rows[position.ID]; parts[r.category] {
			if err := moved.Add(id, r.Date, r.Spent()); err != nil {
				return expense.Category{}, err
			}
		}
	}
	totals, err := d.moved(moved.Between(into, id))
	if err != nil {
		return expense.Category{}, err
	}
	if err := d.freeFor(op, id, c.name, expense.NameTakenSince); err != nil {
		return expense.Category{}, err
	}
	for part := range parts {
		d.categories[part].mergedInto, d.categories[part].undo = id, undo{}
	}
	c.mergedInto = 0
	d.setName(c.name, id)
	d.put(totals)
	d.categories[into].revision++
	d.stepCategory(id, basis)
	return d.canonical(id), nil
}

// rename gives a category at the basis another name, and returns it.
func (d *expenseData) rename(
	op string, id expense.CategoryID, basis revision.Basis, name expense.CategoryName, taken takenFault,
) (expense.Category, error) {
	if err := d.freeFor(op, id, name, taken); err != nil {
		return expense.Category{}, err
	}
	c := d.categories[id]
	d.freeName(c.name)
	d.setName(name, id)
	c.name, c.undo = name, undo{revision: c.revision + 1, name: c.name}
	d.stepCategory(id, basis)
	return d.canonical(id), nil
}

// takenFault is the error for a name that another category has.
type takenFault func(op string, name expense.CategoryName) error

// freeFor makes sure that a category can have a name: no other has it, or one that was removed, which is merged into it.
func (d *expenseData) freeFor(op string, id expense.CategoryID, name expense.CategoryName, taken takenFault) error {
	other, known := d.byName[name.Key()]
	if !known || other == id {
		return nil
	}
	if !d.categories[other].removed {
		return taken(op, d.categories[other].name)
	}
	d.freeName(name)
	for part, c := range d.categories {
		if part == other || c.mergedInto == other {
			c.mergedInto, c.undo = id, undo{through: other}
		}
	}
	return nil
}
