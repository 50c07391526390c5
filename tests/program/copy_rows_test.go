package program_test

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// querier is an open database.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// withClosed opens the database behind a storage, past the program, and closes it again.
func withClosed(t *testing.T, storage string, work func(on querier)) {
	t.Helper()
	driver, name := "pgx", storage
	if path, found := strings.CutPrefix(storage, "sqlite:"); found {
		driver, name = "sqlite", "file:"+path+"?mode=rw&_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	work(db)
}

const (
	tablesOfSQLite = `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'
		AND name NOT LIKE 'expense_schema%' ORDER BY 1`
	tablesOfPostgres = `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
		AND relname NOT LIKE 'expense_schema%' ORDER BY 1`
)

func tablesOf(t *testing.T, on querier, storage string) []string {
	t.Helper()
	query := tablesOfPostgres
	if strings.HasPrefix(storage, "sqlite:") {
		query = tablesOfSQLite
	}
	return texts(t, on, query)
}

func texts(t *testing.T, on querier, query string) (all []string) {
	t.Helper()
	found, err := on.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close() //nolint:errcheck // it was only read
	for found.Next() {
		var text string
		if err := found.Scan(&text); err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func columnsOf(t *testing.T, on querier, table string) []string {
	t.Helper()
	found, err := on.QueryContext(t.Context(), "SELECT * FROM "+table+" WHERE false")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close() //nolint:errcheck // it was only read
	columns, err := found.Columns()
	if err := errors.Join(err, found.Err()); err != nil {
		t.Fatal(err)
	}
	return columns
}

// tableRows returns the rows of a table, written alike for both databases. It shares no line with what copies.
func tableRows(t *testing.T, on querier, table string) (rows []string) {
	t.Helper()
	decimals := make(map[string]int)
	for _, text := range texts(t, on, "SELECT code || ' ' || digits FROM currency") {
		var code string
		var digits int
		if _, err := fmt.Sscan(text, &code, &digits); err != nil {
			t.Fatal(err)
		}
		decimals[code] = digits
	}
	found, err := on.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close() //nolint:errcheck // it was only read
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := found.Scan(into...); err != nil {
			t.Fatal(err)
		}
		currency := ""
		if i := slices.Index(columns, "currency"); i >= 0 && values[i] != nil {
			currency = values[i].(string)
		}
		var parts []string
		for i, name := range columns {
			if table == "ledger" && name == "mark" {
				continue
			}
			parts = append(parts, name+"="+written(name, values[i], currency, decimals))
		}
		slices.Sort(parts)
		rows = append(rows, strings.Join(parts, " "))
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(rows)
	return rows
}

func written(column string, value any, currency string, decimals map[string]int) string {
	switch v := value.(type) {
	case nil:
		return "-"
	case bool:
		if v {
			return "1"
		}
		return "0"
	case []byte:
		if len(v) == 0 {
			return "-" // as SQLite's driver gives it
		}
		return "x" + hex.EncodeToString(v)
	case time.Time:
		if strings.HasSuffix(column, "_at") {
			return v.UTC().Format(time.RFC3339Nano)
		}
		return v.Format(time.DateOnly)
	case int64:
		if (column == "price" || column == "amount") && currency != "" {
			return decimal(v, decimals[currency])
		}
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil && strings.HasSuffix(column, "_at") {
			return at.UTC().Format(time.RFC3339Nano)
		}
	}
	return fmt.Sprint(value)
}

// decimal writes minor units with the decimals of their currency.
func decimal(minor int64, digits int) string {
	sign := ""
	if minor < 0 {
		sign, minor = "-", -minor
	}
	text := fmt.Sprintf("%0*d", digits+1, minor)
	if digits == 0 {
		return sign + text
	}
	return sign + text[:len(text)-digits] + "." + text[len(text)-digits:]
}

// schemaOf returns what a data file is made of.
func schemaOf(t *testing.T, storage string) string {
	t.Helper()
	var all []string
	withClosed(t, storage, func(on querier) {
		all = texts(t, on, "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
	})
	return strings.Join(all, "\n")
}
