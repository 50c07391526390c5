package postgres_test

import (
	"net/url"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/ledger"
)

// A server that was set up without a language keeps text as it comes. The program speaks UTF-8 with it all the same.
func TestADatabaseOfNoEncodingIsReady(t *testing.T) {
	database := postgrestest.Start(t)
	execute(t, database, `CREATE DATABASE plain TEMPLATE template0 ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'`)
	t.Cleanup(func() { execute(t, database, `DROP DATABASE plain`) })
	plain, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	plain.Path = "plain"
	store := open(t, plain.String(), postgres.Options{})
	wantReady(t, store, "")
	with := entry(1, usd(t))
	with.Category, with.Note = "Brötchen", "für 2 € – 早餐"
	added, err := store.Add(t.Context(), ledger.Default, with)
	if err != nil {
		t.Fatal(err)
	}
	got, err := store.Get(t.Context(), ledger.Default, added.Expense.ID)
	if err != nil || got.Note != with.Note || got.Category.Name != with.Category {
		t.Errorf("%+v, %v, want what was added", got, err)
	}
}
