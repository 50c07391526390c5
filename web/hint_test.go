package web_test

import (
	"net/http"
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// In a ledger of a currency without decimals, no field of an amount hints at some.
func TestHintsHaveTheDecimalsOfTheLedgersCurrency(t *testing.T) {
	yen, err := money.ParseCurrency("JPY")
	if err != nil {
		t.Fatal(err)
	}
	own := ledgertest.Owner()
	own.Ledger.Currency = yen
	s := webtest.New(t, web.Options{Actor: func(*http.Request) (ledger.Actor, error) { return own, nil }})
	made := []string{"category", "sushi", "price", "900", "currency", "", "frequency", "monthly", "every", "1", "start", "2026-12-01"}
	s.Post("/add", made[:4]...).Want(t, 303)
	s.Post("/repeats", append(made, "idempotency_key", "r-1")...).Want(t, 303)
	for _, path := range []string{"/", "/add", "/expenses/1", "/repeats/new", "/repeats/1", "/budgets/new", "/budgets/all"} {
		s.Get(path).Want(t, 200, `placeholder="0"`, `!placeholder="0.00"`)
	}
	s.Store.TakeAway()
	s.Post("/budgets", "category", "1", "amount", "5").Want(t, 503, `placeholder="0"`, `!placeholder="0.00"`)
}
