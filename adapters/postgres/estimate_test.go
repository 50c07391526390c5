package postgres_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
)

// A word that many expenses have is known to be in many: else the server adds them up one after the other, and sorts them first.
func TestTheServerKnowsHowOftenAWordOccurs(t *testing.T) {
	database := postgrestest.Start(t)
	open(t, database, postgres.Options{})
	execute(t, database, `
INSERT INTO ledger (id, version) VALUES (1, 1) ON CONFLICT (id) DO NOTHING;
INSERT INTO category (ledger_id, name, name_key) VALUES (1, 'Food', 'food');
INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, created_at)
SELECT 1, date '2026-01-01' + n % 300, c.id, 1, 'USD', CASE WHEN n % 10 = 0 THEN 'the market' ELSE 'elsewhere' END || ' ' || n % 50,
	'key ' || n, '\x00', now()
FROM category c, generate_series(1, 10000) n;
ANALYZE expense_entry`)
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var plan string
	if err := conn.QueryRow(t.Context(), `
EXPLAIN (FORMAT JSON) SELECT FROM expense_entry WHERE expense_search_text(payee, note, tags) LIKE '%market%'`).Scan(&plan); err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(plan, `"Plan Rows": `)
	rows, _, _ := strings.Cut(after, ",")
	if expected, err := strconv.Atoi(rows); err != nil || expected < 500 || expected > 2000 {
		t.Errorf("the server expects a word in %s of 10,000 expenses, and it is in 1,000: %v", rows, err)
	}
}
