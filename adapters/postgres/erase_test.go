package postgres_test

import (
	"testing"

	"expense-tracker/adapters/internal/erasetest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
)

func TestAnErasedLedgerLeavesNothing(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	erasetest.TestNothingIsLeft(t, erasetest.Database{
		Expenses: store.Store, Members: store.db.Members(), Ledgers: store.db.Ledgers(),
		Execute: func(t *testing.T, statements string) { execute(t, database, statements) },
		Count:   func(t *testing.T, question string) int64 { return query[int64](t, database, question)[0] },
		Tables: query[string](t, database, `SELECT c.table_name::text FROM information_schema.columns c
			JOIN information_schema.tables t USING (table_schema, table_name)
			WHERE c.column_name = 'ledger_id' AND t.table_type = 'BASE TABLE' AND c.table_schema = 'public'`),
	})
}
