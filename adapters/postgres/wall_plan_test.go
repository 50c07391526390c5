package postgres_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
)

// Through the view, conditions that tell what they see are looked up by their indexes; by the table itself they could not be.
func TestIndexesAreUsedBehindTheWall(t *testing.T) {
	owner := postgrestest.Start(t)
	served := walled(t, owner)
	load(t, open(t, owner, postgres.Options{}), 20_000)
	execute(t, owner, "VACUUM ANALYZE")
	conn := connectAs(t, served)
	const meant = "SELECT set_config('expense_tracker.ledger', '1', false), set_config('enable_seqscan', 'off', false)"
	if _, err := conn.Exec(t.Context(), meant); err != nil {
		t.Fatal(err)
	}
	plan := func(query string) string {
		rows, err := conn.Query(t.Context(), "EXPLAIN "+query)
		if err != nil {
			t.Fatal(err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(lines, "\n")
	}
	for _, one := range []struct{ index, looked, condition string }{
		{"expense_entry_search", "expense_search_text",
			"expense_search_text(payee, note, tags) LIKE '%zebra%' AND (note <> '' OR payee <> '' OR tags <> '')"},
		{"expense_entry_largest", "EXTRACT",
			"NOT deleted AND (extract(year FROM spent_on) * 100 + extract(month FROM spent_on))::integer = 202101 " +
				"AND currency = 'USD' AND price > 0 ORDER BY price DESC, id DESC LIMIT 10"},
	} {
		for from, want := range map[string]bool{"expense_entry_of_ledger": true, "expense_entry": false} {
			got := plan("SELECT * FROM " + from + " WHERE ledger_id = 1 AND " + one.condition)
			_, behind, _ := strings.Cut(got, one.index)
			_, condition, _ := strings.Cut(behind, "Index Cond: ")
			condition, _, _ = strings.Cut(condition, "\n")
			if is := strings.Contains(condition, one.looked); is != want {
				t.Errorf("rows of %s are looked up in %s: %t, want %t\n%s", from, one.index, is, want, got)
			}
		}
	}
}
