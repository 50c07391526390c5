// Package repeated lets schedules make expenses: it fulfils the port schedule.Expenses with the use cases of module expense, so that
// neither module knows the other.
package repeated

import (
	"context"
	"errors"
	"sync"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
)

// atOnce is how many expenses are added at the same time, so that they share commits and yet leave room for others.
const atOnce = 16

// Maker implements schedule.Expenses.
type Maker struct{ expenses *expense.Service }

var _ schedule.Expenses = Maker{}

// NewMaker returns a Maker that adds through the service.
func NewMaker(expenses *expense.Service) Maker { return Maker{expenses} }

// Check implements schedule.Expenses.
func (m Maker) Check(
	ctx context.Context, actor ledger.Actor, typed schedule.Typed, payer ledger.UserID,
) (schedule.Spending, error) {
	entry, err := m.expenses.Check(ctx, actor, expense.Draft{
		Category: typed.Category, Price: typed.Price, Currency: typed.Currency, Note: typed.Note,
		Payee: typed.Payee, Tags: typed.Tags, Refund: typed.Refund,
		PaidBy: typed.PaidBy, Payer: payer,
	})
	if err != nil {
		return schedule.Spending{}, err
	}
	return schedule.Spending{
		Category: string(entry.Category), Price: entry.Price,
		Note: entry.Note, Payee: entry.Payee, Tags: string(entry.Tags), Refund: entry.Refund,
		PaidBy: entry.PaidBy,
	}, nil
}

// Make implements schedule.Expenses.
func (m Maker) Make(ctx context.Context, actor ledger.Actor, spending schedule.Spending, progress schedule.Progress,
	due []schedule.Making) []schedule.Made {
	made := make([]schedule.Made, len(due))
	category, err := m.categoryNow(ctx, actor, spending.Category, progress)
	if err != nil {
		for i := range made {
			made[i].Err = err
		}
		return made
	}
	tags := expense.Tags(spending.Tags).Typed()
	turns := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, one := range due {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			made[i] = m.make(ctx, actor, expense.Draft{
				Category: category, Price: one.Price.Decimal(), Currency: one.Price.Currency().Code(), Date: one.Date.String(),
				Note: spending.Note, Payee: spending.Payee, Tags: tags, Refund: spending.Refund, Derived: one.Key,
				Payer: spending.PaidBy,
			})
		})
	}
	all.Wait()
	return made
}

func (m Maker) make(ctx context.Context, actor ledger.Actor, draft expense.Draft) schedule.Made {
	if err := ctx.Err(); err != nil {
		return schedule.Made{Err: err}
	}
	receipt, err := m.expenses.Add(ctx, actor, draft)
	if errors.Is(err, fault.Conflict) { // made before the schedule was changed
		return schedule.Made{}
	}
	return schedule.Made{
		Expense: int64(receipt.Expense.ID), Category: int64(receipt.Expense.Category.ID), IsNew: err == nil && !receipt.Duplicate, Err: err,
	}
}

// categoryNow returns what the category of a schedule is called now: it may have been renamed or merged since the last expense.
func (m Maker) categoryNow(ctx context.Context, actor ledger.Actor, named string, progress schedule.Progress) (string, error) {
	if progress.Category == 0 {
		return named, nil
	}
	summary, err := m.expenses.Category(ctx, actor, expense.CategoryID(progress.Category))
	if err == nil {
		return string(summary.Category.Name), nil
	}
	if !errors.Is(err, fault.NotFound) {
		return "", err
	}
	merge, err := m.expenses.MergedCategory(ctx, actor, expense.CategoryID(progress.Category))
	if err == nil {
		return string(merge.Left.Name), nil
	}
	if !errors.Is(err, fault.NotFound) {
		return "", err
	}
	last, err := m.expenses.Get(ctx, actor, expense.ID(progress.Last)) // it was removed, since its expenses went to others
	if errors.Is(err, fault.NotFound) {
		return named, nil
	}
	return string(last.Category.Name), err
}
