package expenses

import (
	"context"
	"net/http"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web/internal/address"
	"expense-tracker/web/internal/bearer"
	"expense-tracker/web/internal/form"
)

// Add answers POST /add.
func (a *Area) Add(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	ctx := r.Context()
	if err := form.Read(r); err != nil {
		a.submitted(ctx, actor.Ledger.ID, expense.Receipt{}, err)
		return err
	}
	draft := draftOf(r)
	draft.Line = r.PostForm.Get(expense.FieldLine)
	receipt, err := a.service.Add(ctx, actor, draft)
	a.submitted(ctx, actor.Ledger.ID, receipt, err)
	if err != nil {
		return a.homeAgain(context.WithoutCancel(ctx), a.Words.Of(r), actor, draft, explainAdd(err))
	}
	if bearer.IsIn(r) { // it keeps no notice, and is shown no page: it may read what it added in a file
		if receipt.Duplicate {
			w.Header().Set("Idempotent-Replayed", "true")
		}
		day := receipt.Expense.Date.String()
		w.Header().Set("Location", address.SearchFile+address.SearchQuery{From: day, To: day}.Encode())
		w.WriteHeader(http.StatusSeeOther)
		return nil
	}
	happened := a.notices.added
	if receipt.Duplicate {
		happened = a.notices.known
	}
	if receipt.Expense.Gone {
		happened = a.notices.gone
	}
	happened.Redirect(w, r, address.Home, int64(receipt.Expense.ID))
	return nil
}
