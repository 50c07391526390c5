package reports

import (
	"context"
	"slices"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/chart"
	"expense-tracker/web/internal/payer"
	"expense-tracker/web/internal/words"
)

// addPaid says how much each has paid, where several share the ledger, and who has paid each of the largest expenses.
func (a *Area) addPaid(
	ctx context.Context, in *words.Language, actor ledger.Actor, r expense.Report, first, last civil.Date, v *view,
) error {
	users := make([]ledger.UserID, 0, len(r.Paid)+len(r.Largest))
	for _, p := range r.Paid {
		users = append(users, p.Payer)
	}
	payers := make(map[int64]expense.Expense, len(r.Largest))
	for _, e := range r.Largest {
		users = append(users, e.PaidBy)
		payers[int64(e.ID)] = e
	}
	of, err := a.Payers.With(ctx, in, actor, users...)
	if err != nil {
		return err
	}
	for i, row := range v.Largest {
		v.Largest[i].PaidBy = of.Said(in, payers[row.ID])
	}
	isTold := slices.ContainsFunc(r.Paid, func(p expense.PayerTotal) bool { return of.Name(p.Payer) != "" })
	if !isTold { // who is alone has paid it all
		return nil
	}
	v.Paid = paid(in, of, r, actor.Ledger.Currency, func(by ledger.UserID, currency money.Currency) string {
		link := address.Paid(v.Places.Search, first, last, by)
		if len(r.Totals) > 1 {
			link = address.InCurrency(v.Places.Search, link, currency.Code())
		}
		return link
	})
	return nil
}

// paid groups what each has paid by currency, the ledger's own first. Of what is left of a total nobody has said who has paid it.
func paid(
	in *words.Language, of payer.Company, r expense.Report, own money.Currency, link func(ledger.UserID, money.Currency) string,
) []chart.Spent {
	totals := slices.Clone(r.Totals)
	slices.SortStableFunc(totals, func(x, y expense.Total) int {
		switch own {
		case x.Amount.Currency():
			return -1
		case y.Amount.Currency():
			return 1
		}
		return 0
	})
	var views []chart.Spent
	for _, total := range totals {
		currency := total.Amount.Currency()
		var parts []chart.Part
		for _, p := range r.Paid {
			if p.Amount.Currency() == currency {
				parts = append(parts, chart.Part{
					Name: of.Called(p.Payer), Link: link(p.Payer, currency), Tile: of.Tile(p.Payer), Amount: p.Amount,
				})
			}
		}
		if parts != nil {
			views = append(views, chart.Spent{Currency: currency.Code(), Shares: chart.Divide(in, parts, total.Amount, payer.NotSaid(in))})
		}
	}
	return views
}
