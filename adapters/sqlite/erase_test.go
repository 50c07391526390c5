package sqlite_test

import (
	"testing"

	"expense-tracker/adapters/internal/erasetest"
)

func TestAnErasedLedgerLeavesNothing(t *testing.T) {
	path := newFile(t)
	store := open(t, path)
	rows, err := openPlain(t, path).Query(`SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.name = 'ledger_id'`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	erasetest.TestNothingIsLeft(t, erasetest.Database{
		Expenses: store.Store, Members: store.db.Members(), Ledgers: store.db.Ledgers(), Tables: tables,
		Execute: func(t *testing.T, statements string) { execute(t, path, statements) },
		Count: func(t *testing.T, query string) (n int64) {
			if err := openPlain(t, path).QueryRow(query).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		},
	})
}
