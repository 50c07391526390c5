package search

import (
	"context"
	"encoding/csv"
	"net/http"
	"slices"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/problem"
	"expense-tracker/web/internal/sheet"
	"expense-tracker/web/internal/table"
	"expense-tracker/web/internal/words"
)

// Export answers GET /search.csv: all that is found, in a file whose bytes are never all in memory. It may take longer than a request
// does, for each batch has a time of its own.
func (a *Area) Export(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	asked := address.SearchQueryOf(r.URL.Query())
	file := csv.NewWriter(w)
	file.UseCRLF = true
	begun := false
	begin := func() error {
		if begun {
			return nil
		}
		begun = true
		w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
		w.Header().Set("Content-Disposition", `attachment; filename="expenses-`+a.service.Today(actor).String()+`.csv"`)
		w.Header().Set("Cache-Control", "no-store")
		return file.Write(table.Columns())
	}
	// A client that goes away is noticed by what is written to it.
	ctx, in := context.WithoutCancel(r.Context()), a.Words.Of(r)
	err := a.service.EachFound(ctx, actor, asked.Draft(), func(batch []expense.Expense) error {
		sheet.GiveTime(w)
		if err := begin(); err != nil {
			return err
		}
		name, err := a.payersIn(ctx, in, actor, batch)
		if err != nil {
			return err
		}
		for _, e := range batch {
			if err := file.Write(table.Record(e, name(e.PaidBy))); err != nil {
				return err
			}
		}
		file.Flush()
		return file.Error()
	})
	switch {
	case err != nil && begun:
		if file.Error() == nil { // it is not the client that has gone
			a.Problems.Log(ctx, err)
		}
		panic(http.ErrAbortHandler) // so that nobody takes a part for the whole
	case err != nil:
		return problem.OnPage(err, func(p problem.Problem) ([]byte, error) {
			of, _ := a.Payers.Of(ctx, in, actor) // without names it says enough, too
			return a.page.Render(a.refused(in, actor, of, asked, labels().Arrange(p)))
		})
	}
	if err := begin(); err != nil {
		return nil //nolint:nilerr // the client has gone
	}
	file.Flush()
	return nil
}

// payersIn returns what the payers of expenses are called: nothing for nobody.
func (a *Area) payersIn(
	ctx context.Context, in *words.Language, actor ledger.Actor, all []expense.Expense,
) (func(ledger.UserID) string, error) {
	isPaid := func(e expense.Expense) bool { return e.PaidBy != 0 }
	if !slices.ContainsFunc(all, isPaid) {
		return func(ledger.UserID) string { return "" }, nil
	}
	of, err := a.Payers.Of(ctx, in, actor, all...)
	return func(user ledger.UserID) string {
		if user == 0 {
			return ""
		}
		return of.Called(user)
	}, err
}
