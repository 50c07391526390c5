package postgres_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// storage is an open database with its expenses at hand.
type storage struct {
	expensetest.Store
	db *postgres.DB
}

// open opens the storage and closes it after the test.
func open(t testing.TB, url string, options postgres.Options) storage {
	t.Helper()
	db, err := postgres.Open(context.Background(), url, options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return storage{expensetest.StoreOf(db), db}
}

func usd(t testing.TB) money.Currency {
	t.Helper()
	currency, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	return currency
}

// entry returns the nth of a series of different expenses: over ten years and twelve categories.
func entry(n int64, c money.Currency) expense.Entry {
	return expense.Entry{
		Key:         idempotency.Key(fmt.Sprintf("key-%d", n)),
		Fingerprint: idempotency.Fingerprint{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)},
		Date:        civil.Date{Year: 2016, Month: time.January, Day: 1}.AddDays(int(n*7) % 3652),
		Category:    expense.CategoryName(fmt.Sprintf("Category %d", n%12)),
		Price:       money.FromMinor(n%100_000+1, c),
		Note:        "a note",
		CreatedAt:   time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC),
	}
}

// load stores n expenses, entry(1) to entry(n).
func load(t testing.TB, store storage, n int64) {
	t.Helper()
	loadBy(t, store, n, 1000) // each in the time of an operation, on a busy machine too
}

// loadBy is load in batches of a size.
func loadBy(t testing.TB, store storage, n int64, size int) {
	t.Helper()
	entries := make([]expense.Entry, n)
	for i := range entries {
		entries[i] = entry(int64(i)+1, usd(t))
	}
	for batch := range slices.Chunk(entries, size) {
		results, err := store.AddAll(t.Context(), ledger.Default, batch)
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range results {
			if result.Err != nil {
				t.Fatal(result.Err)
			}
		}
	}
}

// hold keeps what a statement locks until it is released, or the test has ended.
func hold(t *testing.T, database, statement string) (release func()) {
	t.Helper()
	holder, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = holder.Close(context.Background()) })
	run := func(statement string) {
		t.Helper()
		if _, err := holder.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	run("BEGIN; " + statement)
	return func() { run("ROLLBACK") }
}

// wantSound checks every maintained total against its rows.
func wantSound(t testing.TB, store storage) {
	t.Helper()
	differences, err := store.Audit(t.Context(), ledger.Default, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range differences {
		t.Errorf("total %+v is stored as %+v and should be %+v", d.Key, d.Stored, d.Actual)
	}
}

// execute runs statements past the storage.
func execute(t testing.TB, url, statements string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.PgConn().Exec(ctx, statements).ReadAll(); err != nil {
		t.Fatalf("%s: %v", statements, err)
	}
}

// query returns the rows of a query past the storage, of one column.
func query[T any](t testing.TB, url, statement string) []T {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, statement)
	if err != nil {
		t.Fatal(err)
	}
	values, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return values
}

// eventually waits until f returns nil.
func eventually(t testing.TB, f func() error) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for {
		err := f()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("still, after 20 s: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// wantSetting adds the nth expense and checks a setting of the session that stores it.
func wantSetting(t testing.TB, url string, store storage, n int64, setting, want string) {
	t.Helper()
	execute(t, url, `DROP TABLE IF EXISTS seen;
		CREATE TABLE seen (setting text);
		CREATE OR REPLACE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS
			$$ BEGIN INSERT INTO seen VALUES (current_setting('`+setting+`')); RETURN NULL; END $$;
		CREATE OR REPLACE TRIGGER look AFTER INSERT ON expense_entry EXECUTE FUNCTION look()`)
	if _, err := store.Add(t.Context(), ledger.Default, entry(n, usd(t))); err != nil {
		t.Fatal(err)
	}
	if seen := query[string](t, url, "SELECT DISTINCT setting FROM seen"); len(seen) != 1 || seen[0] != want {
		t.Errorf("an add ran with %s %v, want %s", setting, seen, want)
	}
}
