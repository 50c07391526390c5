package expenses

import (
	"net/http"
	"strings"

	"expense-tracker/core/expense"
	"expense-tracker/core/expense/quickline"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/web/internal/words"
)

// Quick answers GET /quick?line=…: what a line says, in a few words of plain text, for those who are typing it.
func (a *Area) Quick(w http.ResponseWriter, r *http.Request, actor ledger.Actor) error {
	line, err := a.service.ReadLine(r.Context(), actor, r.URL.Query().Get(expense.FieldLine))
	if err != nil {
		return err
	}
	in := a.Words.Of(r)
	in.Announce(w.Header())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Write([]byte(understood(in, line, actor.Ledger.Currency))) //nolint:errcheck,gosec // the client went away; there is nobody to tell
	return nil
}

// understood writes what a line says as people read it. What is wrong about its price stands in place of that.
func understood(in *words.Language, line quickline.Line, own money.Currency) string {
	var parts []string
	if line.Price != "" {
		currency, ok := money.CurrencyTyped(line.Price, own)
		if !ok {
			currency = own
		}
		price, err := money.ParsePrice(line.Price, currency)
		if err != nil {
			parts = append(parts, in.Text(fault.Said(err)))
		} else {
			parts = append(parts, in.Amount(price))
		}
	}
	if line.Category != "" {
		parts = append(parts, line.Category)
	}
	if !line.Date.IsZero() {
		parts = append(parts, in.FullDay(line.Date))
	}
	for _, said := range []string{line.Note, line.Tags} {
		if said != "" {
			parts = append(parts, said)
		}
	}
	return strings.Join(parts, " · ")
}
