package expenses

import (
	"context"

	"expense-tracker/core/civil"
	"expense-tracker/core/ledger"
	"expense-tracker/core/schedule"
	"expense-tracker/web/internal/repeat"
	"expense-tracker/web/internal/row"
	"expense-tracker/web/internal/words"
)

// Repeats is what the first page asks of what repeats.
type Repeats interface {
	// Soon returns the next date of each repeat that falls due within some days, today among them: the earliest first, and limit at most.
	Soon(ctx context.Context, actor ledger.Actor, days, limit int) ([]schedule.Payment, error)
}

// How far the first page looks ahead: days, today among them, and dates that it shows.
const (
	soonDays  = 30
	soonShown = 4
)

// soonView is the next date of a repeat.
type soonView struct {
	Link   string // address of the repeat
	Label  string // what the link says to those who hear it: name, price and date
	Tile   row.Tile
	Name   string
	Refund bool
	When   string
	Price  string
}

// soon returns what repeats falls due next.
func (a *Area) soon(ctx context.Context, in *words.Language, actor ledger.Actor, today civil.Date) ([]soonView, error) {
	payments, err := a.repeats.Soon(ctx, actor, soonDays, soonShown)
	if err != nil || len(payments) == 0 {
		return nil, err
	}
	of := make([]schedule.Schedule, len(payments))
	for i, due := range payments {
		of[i] = due.Of
	}
	categories, err := repeat.CategoriesOf(ctx, a.service, actor, of)
	if err != nil {
		return nil, err
	}
	const label words.Phrase = "%s, %s, %s"
	views := make([]soonView, len(payments))
	for i, due := range payments {
		category := categories.Of(due.Of)
		name, price := repeat.Name(due.Of, category), in.Amount(repeat.Spent(due.Of, due.Price))
		views[i] = soonView{
			Link: repeat.Address(due.Of.ID), Label: in.T(label, name, price, due.Date), Tile: row.TileOf(category), Name: name,
			Refund: due.Of.Spending.Refund, When: in.ShortDay(due.Date, today), Price: price,
		}
	}
	return views, nil
}
