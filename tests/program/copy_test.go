package program_test

import (
	_ "embed"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

//go:embed testdata/everything.sql
var rowsOfAll string

// full returns an SQLite file that has a row of everything.
func full(t *testing.T) string {
	t.Helper()
	storage := programtest.NewSQLite(t)
	programtest.Succeed(t, "migrate", "--storage", storage)
	programtest.Succeed(t, "verify", "--storage", storage) // which lists the currencies
	executeClosed(t, storage, rowsOfAll)
	programtest.Succeed(t, "verify", "--repair", "--storage", storage)
	return storage
}

// executeClosed changes a data file and closes it again, since nothing copies one that somebody has open.
func executeClosed(t *testing.T, storage, statements string) {
	t.Helper()
	withClosed(t, storage, func(on querier) {
		if _, err := on.ExecContext(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	})
}

// twoRoles returns the URL of a new database's owner and that of a role that will serve.
func twoRoles(t *testing.T) (owner, serving string) {
	t.Helper()
	owner = postgrestest.Start(t)
	parsed, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	parsed.User = url.UserPassword("app"+regexp.MustCompile(`\W`).ReplaceAllString(parsed.Path, ""), "serving")
	return owner, parsed.String()
}

// rowsOf returns every row of each table that has some, as JSON that both databases write alike; but for what is written in another way.
func rowsOf(t *testing.T, storage string) map[string][]string {
	t.Helper()
	all := make(map[string][]string)
	withClosed(t, storage, func(on querier) {
		for _, table := range tablesOf(t, on, storage) {
			all[table] = tableRows(t, on, table)
		}
	})
	return all
}

func TestACopyHasEverythingInEachDirection(t *testing.T) {
	t.Parallel()
	from := full(t)
	owner, serving := twoRoles(t)
	said := programtest.Succeed(t, "copy", "--from", from, "--to", serving, "--to-owner", owner)
	for _, part := range []string{"expense_entry", "both hold the same, row by row", "3 ledgers, 0 differences", "every total equals"} {
		if !strings.Contains(said, part) {
			t.Errorf("it says nothing of %q:\n%s", part, said)
		}
	}
	if strings.Contains(said, "serving") {
		t.Errorf("it prints the password:\n%s", said)
	}
	back := programtest.NewSQLite(t)
	programtest.Succeed(t, "copy", "--from", serving, "--from-owner", owner, "--to", back)
	other, otherServing := twoRoles(t)
	programtest.Succeed(t, "copy", "--from", serving, "--from-owner", owner, "--to", otherServing, "--to-owner", other)
	again := programtest.NewSQLite(t)
	programtest.Succeed(t, "copy", "--from", back, "--to", again)

	original := rowsOf(t, from)
	for name, copied := range map[string]string{
		"to PostgreSQL": owner, "and back": back, "to another PostgreSQL": other, "to another file": again,
	} {
		found := rowsOf(t, copied)
		for table, rows := range original {
			if !slices.Equal(rows, found[table]) {
				t.Errorf("%s: %s is\n%s\nand was\n%s", name, table, strings.Join(found[table], "\n"), strings.Join(rows, "\n"))
			}
		}
	}
	check.Equal(t, "the schema of the file", schemaOf(t, back), schemaOf(t, from))
	compared := programtest.Succeed(t, "copy", "--compare", "--from", serving, "--from-owner", owner, "--to", again)
	if !strings.Contains(compared, "hold the same") {
		t.Error(compared)
	}
}

// Each table of the catalogue has a row in what is copied above, and each column that can be empty is not in some row. So a new table or
// column has to be added there; and that it arrives is shown above.
func TestWhatIsCopiedInTestsIsEverything(t *testing.T) {
	t.Parallel()
	storage := full(t)
	withClosed(t, storage, func(on querier) {
		for _, table := range tablesOf(t, on, storage) {
			var rows int
			if err := on.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table).Scan(&rows); err != nil || rows == 0 {
				t.Errorf("%s has %d rows, %v: add one to testdata/everything.sql", table, rows, err)
			}
			for _, column := range columnsOf(t, on, table) {
				var empty bool
				question := fmt.Sprintf("SELECT count(%s) = 0 FROM %s", column, table)
				if err := on.QueryRowContext(t.Context(), question).Scan(&empty); err != nil || empty {
					t.Errorf("%s.%s is empty in all rows, %v: add one with a value to testdata/everything.sql", table, column, err)
				}
			}
		}
	})
}

// What the copy serves goes on where the original was: its keys are known, its numbers are given no second time, and no state has an old
// name.
func TestACopyServesOnWhereTheOriginalWas(t *testing.T) {
	t.Parallel()
	from := programtest.NewSQLite(t)
	p := programtest.Start(t, from)
	for i := range 5 {
		mustPersist(t, p.URL, i)
	}
	first, err := programtest.SendOnce(p.URL, form(0))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Stop(); err != nil {
		t.Fatal(err)
	}
	owner, serving := twoRoles(t)
	programtest.Succeed(t, "copy", "--from", from, "--to", serving, "--to-owner", owner)
	served := programtest.Start(t, serving)
	repeated, err := programtest.SendOnce(served.URL, form(0))
	if err != nil {
		t.Fatal(err)
	}
	check.Equal(t, "an add from before, sent again", repeated, first)
	mustPersist(t, served.URL, 6)
	check.Equal(t, "expenses", programtest.Stored(t, owner), 6)
	check.Equal(t, "the largest number", programtest.Ask[int](t, owner, "SELECT max(id) FROM expense"), 6)
	var mark int64
	withClosed(t, from, func(on querier) {
		if err := on.QueryRowContext(t.Context(), "SELECT mark FROM ledger WHERE id = 1").Scan(&mark); err != nil {
			t.Fatal(err)
		}
	})
	if mark == programtest.Ask[int64](t, owner, "SELECT mark FROM ledger WHERE id = 1") {
		t.Error("a state of the copy has the name of one of the original")
	}
	check.Equal(t, "triggers that are off", programtest.Ask[int](t, owner,
		"SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'O'"), 0)
}

func form(i int) url.Values {
	return programtest.Form("category", "food", "price", fmt.Sprintf("%d.50", i+1), "idempotency_key", fmt.Sprintf("key-%d", i))
}

func mustPersist(t *testing.T, url string, i int) {
	t.Helper()
	if _, err := programtest.Persist(url, form(i)); err != nil {
		t.Fatal(err)
	}
}
