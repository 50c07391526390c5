package postgres_test

import (
	"fmt"
	"testing"

	"expense-tracker/adapters/internal/migrationtest"
	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// backToBefore undoes the migration of currencies and category totals, as if the version before had run until now.
func backToBefore(t *testing.T, database string) {
	t.Helper()
	execute(t, database, withoutFields+`ALTER TABLE ledger DROP COLUMN name, DROP COLUMN currency, DROP COLUMN time_zone;
		DROP TABLE currency;
		DROP FUNCTION expense_total_follow, category_was_merged, expense_total_was_made CASCADE;
		DROP INDEX category_merged, expense_total_category, expense_total_largest;
		ALTER TABLE expense_total DROP COLUMN size; `+migrationtest.Forget(t, 3))
}

func TestCurrenciesAreCountedAsTheStoredPricesAre(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	load(t, store, 10)
	backToBefore(t, database)
	// Five prices in yen of two decimals and five in what no list has: what another version may have taken them for.
	execute(t, database, `UPDATE expense_entry SET currency = CASE WHEN id % 2 = 0 THEN 'JPY' ELSE 'XHR' END;
		DELETE FROM expense_total;
		INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor)
		SELECT ledger_id, t.month, t.category, currency, count(*), sum(price * 100)
		FROM expense_entry, LATERAL (SELECT to_char(spent_on, 'YYYYMM')::integer AS month) m,
			LATERAL (VALUES (0, 0), (0, category_id), (m.month, 0), (m.month, category_id)) AS t (month, category)
		GROUP BY 1, 2, 3, 4`)
	later := open(t, database, postgres.Options{})
	for code, want := range map[string]int{"JPY": 2, "XHR": 2, "USD": 2, "KWD": 3} {
		if c, err := later.Currency(t.Context(), code); err != nil || c.Digits() != want {
			t.Errorf("%s has %d decimals, %v, want %d", code, c.Digits(), err, want)
		}
	}
	wantSound(t, later)
	if listed, err := later.List(t.Context(), ledger.Default, expense.ListQuery{Limit: 20}); err != nil || len(listed) != 10 {
		t.Errorf("%d of 10 expenses, %v", len(listed), err)
	}
}

// An instance of the version before does not fill the table of currencies. What it stores is read all the same, and noted.
func TestACurrencyThatIsNotInTheTableIsLearned(t *testing.T) {
	database := postgrestest.Start(t)
	load(t, open(t, database, postgres.Options{}), 10)
	for i, code := range []string{"KWD", "XHR", "ZWL"} {
		store := open(t, database, postgres.Options{MaxConnections: 2})
		execute(t, database, fmt.Sprintf(`DELETE FROM currency WHERE code = '%s';
			UPDATE expense_entry SET currency = '%[1]s', price = trunc(price) + 0.375 WHERE id = %d`, code, i+1))
		if e, err := store.Get(t.Context(), ledger.Default, expense.ID(i+1)); err != nil || e.Price.Currency().Code() != code ||
			e.Price.Minor()%1000 != 375 {
			t.Errorf("got %s, %v", e.Price, err)
		}
		if _, err := store.Audit(t.Context(), ledger.Default, true); err != nil {
			t.Errorf("audit: %v", err)
		}
		wantSound(t, store)
	}
	if digits := query[int](t, database, "SELECT digits FROM currency WHERE code = 'XHR'"); len(digits) != 1 || digits[0] != 3 {
		t.Errorf("the table says %v, want 3", digits)
	}
}
