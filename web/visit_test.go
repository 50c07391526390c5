package web_test

import (
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// A kept page costs one query, of who asks and of the state of the ledger at once. What a user adds is on the user's next page all the
// same.
func TestAKeptPageCostsWhoIsSignedInOneQuery(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	b.Get("/").Want(t, 200, "!>snowboard<")
	before := g.Store.States.Load()
	for range 3 {
		b.Get("/").Want(t, 200, "!>snowboard<")
	}
	if asked := g.Store.States.Load() - before; asked != 0 {
		t.Errorf("the state was asked for %d times more", asked)
	}
	g.Add(expense.Draft{Category: "snowboard", Price: "1"}) // by another instance
	b.Get("/").Want(t, 200, "snowboard")
	b.Post("/add", "category", "ski", "price", "2").Want(t, 303)
	b.Get("/").Want(t, 200, "ski") // with a notice
	b.Get("/").Want(t, 200, "ski")
}
