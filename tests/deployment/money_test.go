package deployment_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/postgres/postgrestest"
)

// spendings are of ledger 7, with amounts that no float holds, and of another ledger.
const spendings = `
INSERT INTO category (ledger_id, name, name_key) VALUES (7, 'food', 'food'), (7, 'rent', 'rent'), (8, 'secret', 'secret');
INSERT INTO expense_entry (ledger_id, category_id, price, currency, spent_on, note, idempotency_key, fingerprint, created_at)
	SELECT v.ledger_id, c.id, v.price, v.currency, v.day, '', row_number() OVER (), '\x00', now()
	FROM (VALUES (7, 'food', 0.10, 'USD', CURRENT_DATE), (7, 'food', 0.20, 'USD', CURRENT_DATE),
		(7, 'rent', 90071992547409.93, 'USD', CURRENT_DATE), (7, 'food', 12.34, 'USD', CURRENT_DATE - 40),
		(7, 'food', -0.30, 'USD', CURRENT_DATE - 40), (7, 'rent', 1234, 'JPY', CURRENT_DATE),
		(8, 'secret', 666.66, 'USD', CURRENT_DATE)) AS v (ledger_id, category, price, currency, day)
	JOIN category c ON c.ledger_id = v.ledger_id AND c.name = v.category`

// ask returns the rows of a query of the dashboard, as texts, with the choices put in as Grafana does.
func (l lookers) ask(t *testing.T, conn *pgx.Conn, sql, ledger, currency string) []map[string]string {
	t.Helper()
	sql = regexp.MustCompile(`\$__timeFilter\((\w+)\)`).ReplaceAllString(sql, "$1 BETWEEN '"+
		time.Now().AddDate(-1, 0, 0).UTC().Format(time.RFC3339)+"' AND '"+time.Now().AddDate(0, 0, 1).UTC().Format(time.RFC3339)+"'")
	sql = strings.NewReplacer("$ledger", ledger, "$currency", currency).Replace(sql)
	if strings.Contains(sql, "$") {
		t.Fatalf("this test does not know a variable of %s", sql)
	}
	answer, err := conn.Query(t.Context(), sql, pgx.QueryExecModeSimpleProtocol, pgx.QueryResultFormats{pgx.TextFormatCode})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer answer.Close()
	var found []map[string]string
	for answer.Next() {
		row := map[string]string{}
		for i, value := range answer.RawValues() {
			row[answer.FieldDescriptions()[i].Name] = string(value)
		}
		found = append(found, row)
	}
	if err := answer.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return found
}

// queriesOfMoney returns the SQL of the dashboard, by the panel's title or the choice's name.
func queriesOfMoney(t *testing.T) map[string]string {
	t.Helper()
	queries := map[string]string{}
	board := dashboards(t)["money.json"]
	for _, panel := range board.charts() {
		for _, target := range panel.Targets {
			queries[panel.Title] = target.SQL
		}
	}
	for _, variable := range board.Templating.List {
		if variable.Type != "datasource" {
			queries[variable.Name], _ = variable.Query.(string)
		}
	}
	return queries
}

// Every query of the dashboard runs on a real database, as the role that Grafana has, and shows what is stored to the last decimal.
func TestMoneyIsExact(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	l.mustMakeRoles(t, "7")
	if _, err := connectTo(t, l.owner).Exec(t.Context(), spendings); err != nil {
		t.Fatal(err)
	}
	conn := connectTo(t, l.readerURL(t))
	queries := queriesOfMoney(t)
	if len(queries) < 9 {
		t.Fatalf("queries %v", queries)
	}
	month, before := time.Now().Format("2006-01"), time.Now().AddDate(0, 0, -40).Format("2006-01")
	for title, sql := range queries {
		found := l.ask(t, conn, sql, "7", "USD")
		if len(found) == 0 {
			t.Errorf("%s finds nothing: %s", title, sql)
		}
		for _, row := range found {
			if row["category"] == "secret" || row["ledger_id"] == "8" {
				t.Errorf("%s shows another ledger: %v", title, row)
			}
		}
	}
	for title, want := range map[string]map[string]string{
		"ledger":   {"ledger_id": "7"},
		"currency": {"currency": "USD"}, // the one with most
		"In the time that is shown": {
			"spent": "90071992547422.27", "refunded": "0.30", "expenses": "5", "a month": "45035996273711.14",
		},
		"By currency":                  {"currency": "JPY", "spent": "1234", "expenses": "1"},
		"Months, exact":                {"month": month, "spent": "90071992547410.23", "more than before": "90071992547398.19", "expenses": "3"},
		"Categories, exact":            {"category": "rent", "spent": "90071992547409.93", "share in %": "100.0", "expenses": "1"},
		"Months and categories, exact": {"month": month, "category": "rent", "spent": "90071992547409.93", "expenses": "1"},
		"Spending by category":         {"category": "rent", "spent": "90071992547409.93"},
		"Spending by month":            {"month": before, "spent": "12.04"},
		"This month and the last":      {"month": month, "spent": "90071992547410.23", "expenses": "3"},
	} {
		found := l.ask(t, conn, queries[title], "7", "USD")
		if len(found) == 0 {
			continue
		}
		for name, value := range want {
			if found[0][name] != value {
				t.Errorf("%s: %s is %q, want %q: %v", title, name, found[0][name], value, found[0])
			}
		}
	}
	amounts := regexp.MustCompile(`(\S+) AS (?:spent|refunded|"a month"|"more than before")`)
	// Amounts in tables are texts, for Grafana makes floats of numbers.
	for _, panel := range dashboards(t)["money.json"].charts() {
		if panel.Type != "table" {
			continue
		}
		for _, amount := range amounts.FindAllStringSubmatch(panel.Targets[0].SQL, -1) {
			if !strings.HasSuffix(amount[1], "::text") && !strings.Contains(panel.Targets[0].SQL, "spent::text AS spent") {
				t.Errorf("%q hands %s to Grafana as a number", panel.Title, amount[0])
			}
		}
	}
	// A ledger that the operator does not show has no rows, whoever asks for it.
	for title, sql := range queries {
		if title != "ledger" && title != "In the time that is shown" && len(l.ask(t, conn, sql, "8", "USD")) > 0 {
			t.Errorf("%s shows a ledger that is not to be shown", title)
		}
	}
}

// With very many ledgers and rows, each query ends within the time that its role has.
func TestMoneyOfVeryManyLedgers(t *testing.T) {
	l := newLookers(t, postgrestest.Start(t))
	migrate(t, l.owner)
	l.mustMakeRoles(t, "all")
	if _, err := connectTo(t, l.owner).Exec(t.Context(), `
		ALTER TABLE expense_entry DISABLE TRIGGER USER;
		INSERT INTO category (ledger_id, name, name_key) SELECT n, 'food', 'food' FROM generate_series(1, 20000) n;
		INSERT INTO expense_entry (ledger_id, category_id, price, currency, spent_on, note, idempotency_key, fingerprint, created_at)
			SELECT c.ledger_id, c.id, n + 0.25, 'USD', CURRENT_DATE - n, '', n, '\x00', now() FROM category c, generate_series(1, 4) n;
		ANALYZE`); err != nil {
		t.Fatal(err)
	}
	conn := connectTo(t, l.readerURL(t))
	for title, sql := range queriesOfMoney(t) {
		began := time.Now()
		if found := l.ask(t, conn, sql, "9999", "USD"); len(found) == 0 || len(found) > 1000 {
			t.Errorf("%s finds %d rows", title, len(found))
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s took %s", title, took)
		}
	}
}
