package postgres_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

const stored = 20_000

// Whatever the planner knows: nothing yet; only of the table that autovacuum finds changed, which is never that of the categories; all.
func TestReadsTouchAPageOfRowsAndNotTheHistory(t *testing.T) {
	database := postgrestest.Start(t)
	t.Run("load", func(t *testing.T) { load(t, open(t, database, postgres.Options{}), stored) })
	for _, known := range []struct{ name, statement string }{
		{"knowing nothing", "SELECT"}, {"knowing expenses", "VACUUM ANALYZE expense_entry"}, {"knowing all", "VACUUM ANALYZE"},
	} {
		t.Run(known.name, func(t *testing.T) {
			execute(t, database, known.statement)
			testRowsTouched(t, database)
		})
	}
}

// testRowsTouched asks not what the planner says, but what the server did: how many rows of expense_entry it touched.
func testRowsTouched(t *testing.T, database string) {
	const page, calls = 50, 10 // more calls than it takes to settle on a plan
	middle := expense.Position{Date: civil.Date{Year: 2021, Month: 1, Day: 1}, ID: math.MaxInt64}
	oldest := expense.Position{Date: civil.Date{Year: 2016, Month: 1, Day: 4}}
	for _, read := range []struct {
		name string
		rows int // expected of a call; -1 where it does not matter
		call func(*postgres.Store) (int, error)
	}{
		{"first page", page, list(t, expense.ListQuery{Limit: page})},
		{"deep page", page, list(t, expense.ListQuery{Before: &middle, Limit: page})},
		{"deep page, going back", page, list(t, expense.ListQuery{After: &middle, Limit: page})},
		{"last rows", -1, list(t, expense.ListQuery{Before: &oldest, Limit: page})},
		{"oldest page", page, list(t, expense.ListQuery{After: &expense.Position{}, Limit: page})},
		{"overview", page, func(s *postgres.Store) (int, error) {
			o, err := s.Overview(t.Context(), ledger.Default, expense.OverviewQuery{
				Month: civil.Month{Year: 2021, Month: 1}, Newest: page, Months: 12, Categories: 12, Suggestions: 200,
			})
			return len(o.Newest), err
		}},
		{"categories", 12, func(s *postgres.Store) (int, error) {
			c, err := s.ListCategories(t.Context(), ledger.Default, "", 200)
			return len(c), err
		}},
		{"entries", stored, func(s *postgres.Store) (int, error) {
			n, err := s.Entries(t.Context())
			return int(n), err
		}},
	} {
		t.Run(read.name, func(t *testing.T) {
			const touched = "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) FROM pg_stat_user_tables WHERE relname = 'expense_entry'"
			before := query[int64](t, database, touched)[0]
			store, err := postgres.Open(t.Context(), database, postgres.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for range calls {
				if rows, err := read.call(store); err != nil || (rows != read.rows && read.rows >= 0) {
					t.Fatalf("%d rows, %v, want %d", rows, err, read.rows)
				}
			}
			if err := store.Close(); err != nil { // sessions report what they did when they end
				t.Fatal(err)
			}
			eventually(t, func() error {
				if n := query[int](t, database, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'expense-tracker' AND datname = current_database()")[0]; n > 0 {
					return fmt.Errorf("%d sessions", n)
				}
				return nil
			})
			if rows := query[int64](t, database, touched)[0] - before; rows > 2*page*calls {
				t.Errorf("%d calls touched %d rows of expense_entry, want at most %d", calls, rows, 2*page*calls)
			}
		})
	}
}

func list(t *testing.T, query expense.ListQuery) func(*postgres.Store) (int, error) {
	return func(s *postgres.Store) (int, error) {
		listed, err := s.List(t.Context(), ledger.Default, query)
		return len(listed), err
	}
}

func TestTheTableThatPeopleLookAt(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	add := func(key, category string, minor int64, code string) expense.Expense {
		c, err := money.ParseCurrency(code)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := store.Add(t.Context(), ledger.Default, expense.Entry{
			Key: expense.Key(key), Category: expense.CategoryName(category), Price: money.FromMinor(minor, c),
			Date: civil.Date{Year: 2026, Month: 2, Day: 28}, Note: "n",
		})
		if err != nil {
			t.Fatal(err)
		}
		return receipt.Expense
	}
	lunch := add("1", "Lunch", 30, "USD")
	food := add("2", "Food", money.MaxMinor, "USD")
	add("3", "Food", 7, "JPY")
	add("4", "Food", 12345, "KWD")
	add("5", "Food", 1, "CLF")
	gone := add("6", "Food", 1, "USD")
	_, err := store.Change(t.Context(), ledger.Default, gone.ID, expense.Basis{Revision: 1}, func(e expense.Expense) (expense.Expense, error) {
		e.Deleted = true
		return e, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.MergeCategory(t.Context(), ledger.Default, lunch.Category.ID, expense.Basis{Revision: 1}, food.Category.ID); err != nil {
		t.Fatal(err)
	}

	columns := query[string](t, database, "SELECT attname::text FROM pg_attribute WHERE attrelid = 'expense'::regclass AND attnum > 0 ORDER BY attnum")
	if want := []string{"id", "category", "price", "currency", "date", "note", "ledger_id"}; !slices.Equal(columns, want) {
		t.Errorf("columns %v, want %v", columns, want)
	}
	rows := query[string](t, database, "SELECT expense::text FROM expense ORDER BY id")
	want := []string{
		"(1,Food,0.30,USD,2026-02-28,n,1)", "(2,Food,9999999999999.99,USD,2026-02-28,n,1)", "(3,Food,7,JPY,2026-02-28,n,1)",
		"(4,Food,12.345,KWD,2026-02-28,n,1)", "(5,Food,0.0001,CLF,2026-02-28,n,1)",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("SELECT * FROM expense shows\n%v, want\n%v", rows, want)
	}
}
