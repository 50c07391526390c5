package schedules_test

import (
	"strings"
	"testing"

	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/schedule"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// A repeat has a payer, whom each of its expenses gets, and who stays when somebody has left the ledger.
func TestARepeatHasAPayer(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	g.Join("Ben")
	anna, ctx := g.As("Anna"), t.Context()
	page := anna.Get("/repeats/new")
	page.Want(t, 200, `<option value="#1" selected>Anna (you)</option>`, `<option value="#2">Ben</option>`)
	made := anna.Post("/repeats", "idempotency_key", page.Key(t), "category", "Rent", "price", "100", "frequency", "monthly", "day", "1",
		"start", "2026-10-01", "paid_by", "ben")
	anna.Follow(made).Want(t, 200)
	anna.Get("/repeats/1").Want(t, 200, `<dt>Paid by</dt><dd dir="auto">Ben</dd>`, `<option value="#2" selected>Ben</option>`)
	due := func() {
		t.Helper()
		job := ledger.Actor{Ledger: ledgertest.Ledger(ledger.Default), Role: ledger.Editor}
		g.Services.Schedules.CatchUp(ctx, job, func(schedule.Outcome) {})
	}
	due()
	anna.Get("/search.csv?paid_by=ben").Want(t, 200, "2026-10-01,Rent,100.00", "2026-11-01,Rent,100.00", ",Ben\r\n")
	if err := g.Services.Members.Leave(ctx, ledger.Actor{User: 2, Ledger: ledgertest.Ledger(ledger.Default), Role: ledger.Owner}); err != nil {
		t.Fatal(err)
	}
	g.Now = g.Now.AddDate(0, 0, 10)
	due()
	anna.Get("/search.csv?paid_by=%232").Want(t, 200, "2026-12-01,Rent,100.00", ",Ben\r\n")
	page = anna.Get("/repeats/1")
	fields := []string{"category", "Rent", "price", "120", "frequency", "monthly", "day", "1", "every", "1", "start", "2026-10-01"}
	anna.Follow(anna.Post("/repeats/1", append(fields, "revision", page.Revision(t))...)).Want(t, 200) // one is not asked
	page = anna.Get("/repeats/1")
	page.Want(t, 200, `<dt>Paid by</dt><dd dir="auto">Ben</dd>`, "$120.00", `!id="paid_by"`)
	anna.Post("/repeats/1", append(fields, "revision", page.Revision(t), "paid_by", "#9")...).Want(t, 422, `id="paid_by-error"`)
	anna.Follow(anna.Post("/repeats/1", append(fields, "revision", page.Revision(t), "paid_by", "")...)).Want(t, 200)
	anna.Get("/repeats/1").Want(t, 200, "!<dt>Paid by</dt>")
	if strings.Contains(anna.Get("/repeats/new?from=1").Body, "Ben") {
		t.Error("who has left is to pay for a new repeat")
	}
}
