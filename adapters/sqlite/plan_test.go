package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/adapters/internal/sqlexpense"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
)

// recorder is a connector that remembers which queries ran, with their arguments.
type recorder struct {
	driver.Connector
	mu      sync.Mutex
	queries []string
	args    [][]any
}

func (r *recorder) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := r.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &recordingConn{conn: opened.(*conn), to: r}, nil
}

type recordingConn struct {
	*conn
	to *recorder
}

func (c *recordingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg.Value
	}
	c.to.mu.Lock()
	c.to.queries, c.to.args = append(c.to.queries, query), append(c.to.args, values)
	c.to.mu.Unlock()
	return c.conn.QueryContext(ctx, query, args)
}

// What users wait for reads a page's worth of rows by an index: it neither scans a table nor sorts a history.
func TestPlans(t *testing.T) {
	store := openForTest(t, Options{})
	added, err := store.expenses.Add(t.Context(), ledger.Default, anEntry(t, "key"))
	if err != nil {
		t.Fatal(err)
	}
	var path string
	if err := store.writer.QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&path); err != nil {
		t.Fatal(err)
	}
	here := expense.PositionOf(added.Expense)
	const newestIndex = "SEARCH expense_entry USING INDEX expense_entry_newest"
	const dayIndex = "SEARCH expense_entry USING INDEX expense_entry_newest (ledger_id=? AND spent_on=?"
	for _, tt := range []struct {
		name string
		call func(*sqlexpense.Store) error
		want string // in one of the call's plans
	}{
		{"newest", func(s *sqlexpense.Store) error { return list(s, expense.ListQuery{Limit: 50}) }, newestIndex + " (ledger_id=?)"},
		{"older", func(s *sqlexpense.Store) error { return list(s, expense.ListQuery{Before: &here, Limit: 50}) }, dayIndex + " AND id<?)"},
		{"newer", func(s *sqlexpense.Store) error { return list(s, expense.ListQuery{After: &here, Limit: 50}) }, dayIndex + " AND id>?)"},
		{"oldest", func(s *sqlexpense.Store) error {
			return list(s, expense.ListQuery{After: &expense.Position{}, Limit: 50})
		}, dayIndex + " AND id>?)"},
		{"overview", func(s *sqlexpense.Store) error {
			_, err := s.Overview(context.Background(), ledger.Default, expense.OverviewQuery{
				Month: civil.Month{Year: 2026, Month: 5}, Newest: 50, Months: 12, Categories: 12, Suggestions: 200,
			})
			return err
		}, "SEARCH t USING PRIMARY KEY (ledger_id=? AND month=? AND category_id=?)"},
		{"entries", func(s *sqlexpense.Store) error {
			_, err := s.CountExpenses(context.Background())
			return err
		}, "SEARCH t USING PRIMARY KEY (ledger_id=? AND month=? AND category_id=?)"},
		{"version", func(s *sqlexpense.Store) error {
			_, err := s.State(context.Background(), ledger.Default)
			return err
		}, "SEARCH ledger USING INTEGER PRIMARY KEY"},
		{"get", func(s *sqlexpense.Store) error {
			_, err := s.Get(context.Background(), ledger.Default, added.Expense.ID)
			return err
		}, "SEARCH e USING INTEGER PRIMARY KEY"},
		{"the month's categories", func(s *sqlexpense.Store) error {
			_, err := s.Overview(context.Background(), ledger.Default, expense.OverviewQuery{
				Month: added.Expense.Date.MonthOf(), Newest: 50, Months: 12, Categories: 12, Suggestions: 200, Currency: "USD", Currencies: 6,
			})
			return err
		}, "SEARCH expense_total USING INDEX expense_total_largest (ledger_id=? AND month=? AND currency=?)"},
		{"totals of categories", func(s *sqlexpense.Store) error {
			_, err := s.ListCategories(context.Background(), ledger.Default, "", 50)
			return err
		}, "SEARCH s USING PRIMARY KEY (ledger_id=? AND month=? AND category_id=?)"},
		{"a category", func(s *sqlexpense.Store) error {
			_, err := s.GetCategory(context.Background(), ledger.Default, added.Expense.Category.ID)
			return err
		}, "SEARCH s USING PRIMARY KEY (ledger_id=? AND month=? AND category_id=?)"},
		{"suggestions", func(s *sqlexpense.Store) error {
			_, err := s.SuggestCategories(context.Background(), ledger.Default, 50)
			return err
		}, "SEARCH category USING INDEX category_suggested (ledger_id=? AND name_key>?)"},
		{"the bin", func(s *sqlexpense.Store) error {
			_, err := s.Bin(context.Background(), ledger.Default, expense.BinQuery{Limit: 50})
			return err
		}, "SEARCH expense_entry USING INDEX expense_entry_bin (ledger_id=?)"},
		{"an older page of the bin", func(s *sqlexpense.Store) error {
			_, err := s.Bin(context.Background(), ledger.Default, expense.BinQuery{Before: &expense.BinPosition{ID: 7}, Limit: 50})
			return err
		}, "SEARCH expense_entry USING INDEX expense_entry_bin (ledger_id=? AND deleted_at<?)"},
		{"what is to be purged", func(s *sqlexpense.Store) error {
			_, err := s.Purge(context.Background(), ledger.Default, time.Now(), 50)
			return err
		}, "SEARCH expense_entry USING INDEX expense_entry_bin (ledger_id=? AND deleted_at<?)"},
		{"a history", func(s *sqlexpense.Store) error {
			_, err := s.History(context.Background(), ledger.Default, added.Expense.ID, expense.HistoryQuery{Limit: 50})
			return err
		}, "SEARCH expense_revision USING PRIMARY KEY (ledger_id=? AND id=?)"},
		{"what a batch has changed", func(s *sqlexpense.Store) error {
			_, err := s.BatchBefore(context.Background(), ledger.Default, 7)
			return err
		}, "SEARCH made USING COVERING INDEX expense_revision_batch (ledger_id=? AND batch=?)"},
		{"a month's report", func(s *sqlexpense.Store) error {
			return report(s, expense.ReportQuery{Month: added.Expense.Date.MonthOf()})
		},
			"SEARCH expense_entry USING INDEX expense_entry_largest (ledger_id=? AND <expr>=? AND currency=? AND price>?)"},
		{"a year's report", func(s *sqlexpense.Store) error { return report(s, expense.ReportQuery{Year: added.Expense.Date.Year}) },
			"SEARCH t USING PRIMARY KEY (ledger_id=? AND month=? AND category_id=? AND currency=?)"},
		{"categories", func(s *sqlexpense.Store) error {
			_, err := s.ListCategories(context.Background(), ledger.Default, "", 50)
			return err
		}, "SEARCH category USING INDEX sqlite_autoindex_category_1 (ledger_id=? AND name_key>?)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := &recorder{Connector: file(path).connector(reading, defaultTimeout)}
			db := sql.OpenDB(r)
			defer func() { _ = db.Close() }()
			runner := sqlkit.New(db, db, dialect{}, sqlkit.Options{})
			if err := tt.call(sqlexpense.New(runner, sqlmoney.New(db, db, runner, dialect{}))); err != nil {
				t.Fatal(err)
			}
			var all string
			for i, query := range r.queries {
				plan := explain(t, store.reader, query, r.args[i])
				all += plan
				stretch := strings.Contains(plan, "CO-ROUTINE e\n") // then e is the page, no longer the table
				last := ""
				for line := range strings.Lines(plan) {
					if strings.HasPrefix(last, newestIndex) && strings.HasPrefix(line, "USE TEMP B-TREE") { // later on, a page is sorted
						t.Errorf("a history is sorted: %s\n%s", plan, query)
					}
					last = line
					if strings.HasPrefix(line, "SCAN expense_") || line == "SCAN s\n" || strings.HasPrefix(line, "SCAN category") ||
						(line == "SCAN e\n" && !stretch) {
						t.Errorf("a history is read: %s\n%s", plan, query)
					}
				}
			}
			if !strings.Contains(all, tt.want) {
				t.Errorf("plans:\n%swant %s", all, tt.want)
			}
		})
	}
}

func report(s *sqlexpense.Store, query expense.ReportQuery) error {
	query.Categories, query.Largest, query.Currency, query.Currencies = 12, 5, "USD", 6
	_, err := s.Report(context.Background(), ledger.Default, query)
	return err
}

func list(s *sqlexpense.Store, query expense.ListQuery) error {
	_, err := s.List(context.Background(), ledger.Default, query)
	return err
}

func explain(t *testing.T, db *sql.DB, query string, args []any) string {
	t.Helper()
	rows, err := db.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var plan strings.Builder
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&plan, detail)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan.String()
}
