package postgres_test

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/expense/expensetest"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

const stored = 20_000

// Whatever the planner knows: nothing yet; only of the table that autovacuum finds changed, which is never that of the categories; all.
func TestReadsTouchAPageOfRowsAndNotTheHistory(t *testing.T) {
	database := postgrestest.Start(t)
	served := walled(t, database)
	t.Run("load", func(t *testing.T) { load(t, open(t, database, postgres.Options{}), stored) })
	for _, known := range []struct{ name, statement string }{
		{"knowing nothing", "SELECT"}, {"knowing expenses", "VACUUM ANALYZE expense_entry"}, {"knowing all", "VACUUM ANALYZE"},
	} {
		t.Run(known.name, func(t *testing.T) {
			execute(t, database, known.statement)
			t.Run("as the owner", func(t *testing.T) { testRowsTouched(t, database, database) })
			t.Run("behind the wall", func(t *testing.T) { testRowsTouched(t, database, served) })
		})
	}
}

// testRowsTouched asks not what the planner says, but what the server did: how many rows of expense_entry it touched.
func testRowsTouched(t *testing.T, database, served string) {
	const page, calls = 50, 10 // more calls than it takes to settle on a plan
	middle := expense.Position{Date: civil.Date{Year: 2021, Month: 1, Day: 1}, ID: math.MaxInt64}
	oldest := expense.Position{Date: civil.Date{Year: 2016, Month: 1, Day: 4}}
	for _, read := range []struct {
		name string
		rows int // expected of a call; -1 where it does not matter
		call func(storage) (int, error)
	}{
		{"first page", page, list(t, expense.ListQuery{Limit: page})},
		{"deep page", page, list(t, expense.ListQuery{Before: &middle, Limit: page})},
		{"deep page, going back", page, list(t, expense.ListQuery{After: &middle, Limit: page})},
		{"last rows", -1, list(t, expense.ListQuery{Before: &oldest, Limit: page})},
		{"oldest page", page, list(t, expense.ListQuery{After: &expense.Position{}, Limit: page})},
		{"overview", page, func(s storage) (int, error) {
			o, err := s.Overview(t.Context(), ledger.Default, expense.OverviewQuery{
				Month: civil.Month{Year: 2021, Month: 1}, Newest: page, Months: 12, Categories: 12, Suggestions: 200, Currency: "USD", Currencies: 6,
			})
			return len(o.Newest), err
		}},
		{"categories", 12, func(s storage) (int, error) {
			c, err := s.ListCategories(t.Context(), ledger.Default, "", 200)
			return len(c), err
		}},
		{"a category's expenses", page, func(s storage) (int, error) {
			found, err := s.Search(t.Context(), ledger.Default, expense.SearchQuery{
				Filter: expense.Filter{Categories: []expense.CategoryID{5}}, ListQuery: expense.ListQuery{Limit: page},
			})
			return len(found.Expenses), err
		}},
		{"a month's largest expenses", 10, func(s storage) (int, error) {
			r, err := s.Report(t.Context(), ledger.Default, expense.ReportQuery{
				Month: civil.Month{Year: 2021, Month: 1}, Categories: 12, Largest: 10, Currency: "USD", Currencies: 6,
			})
			return len(r.Largest), err
		}},
		{"entries", stored, func(s storage) (int, error) {
			n, err := s.CountExpenses(t.Context())
			return int(n), err
		}},
	} {
		t.Run(read.name, func(t *testing.T) {
			rows := touchedBy(t, database, served, "('expense_entry')", func(store storage) {
				for range calls {
					if rows, err := read.call(store); err != nil || (rows != read.rows && read.rows >= 0) {
						t.Fatalf("%d rows, %v, want %d", rows, err, read.rows)
					}
				}
			})
			if rows > 2*page*calls {
				t.Errorf("%d calls touched %d rows of expense_entry, want at most %d", calls, rows, 2*page*calls)
			}
		})
	}
}

// manyCategories is more than any page may read.
const manyCategories = 20_000

// However many categories a ledger has, and however many of them are merged, a page reads its own. The rows are made past the storage,
// which would take long; the audit proves that they are as the storage would have made them.
func TestReadsTouchAPageOfCategories(t *testing.T) {
	database := postgrestest.Start(t)
	for _, one := range []struct{ name, served string }{{"as the owner", database}, {"behind the wall", walled(t, database)}} {
		t.Run(one.name, func(t *testing.T) { testCategoriesTouched(t, database, one.served) })
	}
}

func testCategoriesTouched(t *testing.T, database, served string) {
	month := civil.Month{Year: 2026, Month: 5}
	t.Run("load", func(t *testing.T) {
		store := open(t, database, postgres.Options{})
		execute(t, database, "TRUNCATE ledger, category, expense_entry, expense_total RESTART IDENTITY")
		load(t, store, 12)
		execute(t, database, fmt.Sprintf(`
			INSERT INTO category (ledger_id, name, name_key) SELECT 1, 'many ' || n, 'many ' || lpad(n::text, 9, '0') FROM generate_series(1, %d) n;
			INSERT INTO category (ledger_id, name, merged_into) SELECT 1, 'merged ' || n, 1 FROM generate_series(1, %[1]d) n;
			INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key, fingerprint, created_at)
			SELECT 1, '2026-05-01'::date + (id %% 31)::integer, id, (1 + id * 7919 %% 100000)::numeric(12, 2),
				'USD', '', 'many-' || id, '\x00'::bytea, now()
			FROM category WHERE id > 12;
			DELETE FROM expense_total`, manyCategories))
		if _, err := store.Audit(t.Context(), ledger.Default, true); err != nil {
			t.Fatal(err)
		}
		wantSound(t, store)
	})
	for _, known := range []struct{ name, statement string }{
		{"knowing nothing", "SELECT"}, {"knowing totals", "VACUUM ANALYZE expense_total"}, {"knowing all", "VACUUM ANALYZE"},
	} {
		t.Run(known.name, func(t *testing.T) {
			execute(t, database, known.statement)
			largest := query[int64](t, database, "SELECT max(minor) FROM expense_total WHERE month = 202605 AND category_id > 0")[0]
			for _, read := range []struct {
				name string
				most int64 // rows of totals and categories together
				call func(storage) (int, error)
				rows int // expected of a call
			}{
				{"home", 3000, func(s storage) (int, error) {
					o, err := s.Overview(t.Context(), ledger.Default, expense.OverviewQuery{
						Month: month, Newest: 50, Months: 12, Categories: 12, Suggestions: 200, Currency: "USD", Currencies: 6,
					})
					if err == nil && !slices.IsSortedFunc(o.Categories,
						func(a, b expense.CategoryTotal) int { return cmp.Compare(b.Amount.Minor(), a.Amount.Minor()) }) {
						t.Errorf("categories %+v, want the largest first", o.Categories)
					}
					if err == nil && o.Categories[0].Amount.Minor() != largest {
						t.Errorf("the largest category has %s, want %d minor units", o.Categories[0].Amount, largest)
					}
					return len(o.Categories), err
				}, 12},
				{"categories", 500, func(s storage) (int, error) {
					c, err := s.ListCategories(t.Context(), ledger.Default, "many 000010000", 200)
					return len(c), err
				}, 200},
				{"suggestions", 500, func(s storage) (int, error) {
					c, err := s.SuggestCategories(t.Context(), ledger.Default, 200)
					return len(c), err
				}, 200},
				{"category", 10, func(s storage) (int, error) {
					c, err := s.GetCategory(t.Context(), ledger.Default, 1)
					return len(c.Totals), err
				}, 1},
				{"expenses of what many were merged into", 1500, func(s storage) (int, error) {
					found, err := s.Search(t.Context(), ledger.Default, expense.SearchQuery{
						Filter: expense.Filter{Categories: []expense.CategoryID{1}}, ListQuery: expense.ListQuery{Limit: 50},
					})
					return len(found.Expenses), err
				}, 50},
			} {
				t.Run(read.name, func(t *testing.T) {
					const calls = 8 // more than it takes to settle on a plan
					rows := touchedBy(t, database, served, "('expense_total', 'category')", func(store storage) {
						for range calls {
							if rows, err := read.call(store); err != nil || rows != read.rows {
								t.Fatalf("%d rows, %v, want %d", rows, err, read.rows)
							}
						}
					})
					if rows > calls*read.most {
						t.Errorf("%d calls touched %d rows, want at most %d", calls, rows, calls*read.most)
					}
				})
			}
		})
	}
}

// A new ledger's first adds find empty tables, for which their statements are planned. Those plans stay, so they must not be to read all.
func TestAddsTouchTheirRowsInANewLedgerToo(t *testing.T) {
	const few = 25 // rows that an add may touch: the ledger, the category, five totals, and what it looks at to make sure
	for _, add := range []struct {
		name string
		adds int64
		do   func(t *testing.T, store storage, adds int64)
	}{
		{"alone", 600, addOneByOne}, {"in batches", 1600, addInBatches}, {"to many ledgers", 1600, addToMany},
	} {
		for _, as := range []struct {
			name  string
			wall  bool
			param string
			most  int64 // rows of an add
		}{
			{"as the owner", false, "", few}, {"behind the wall", true, "", few},
			// Whose sessions are not told how to plan reads small tables whole, as long as that is cheap.
			{"for a pooler", true, "&default_query_exec_mode=exec", 8 * few},
		} {
			t.Run(add.name+"/"+as.name, func(t *testing.T) {
				database := postgrestest.Start(t)
				served := database
				if as.wall {
					served = walled(t, database)
				}
				rows := touchedBy(t, database, served+as.param, "('expense_entry', 'expense_total', 'category', 'ledger')",
					func(store storage) { add.do(t, store, add.adds) })
				if rows > as.most*add.adds {
					t.Errorf("%d adds touched %d rows, want at most %d", add.adds, rows, as.most*add.adds)
				}
			})
		}
	}
}

func addOneByOne(t *testing.T, store storage, adds int64) {
	for n := range adds {
		if _, err := store.Add(t.Context(), ledger.Default, entry(n, usd(t))); err != nil {
			t.Fatal(err)
		}
	}
}

func addInBatches(t *testing.T, store storage, adds int64) { loadBy(t, store, adds, 8) }

func addToMany(t *testing.T, store storage, adds int64) {
	const clients, ledgers = 32, 16
	var next atomic.Int64
	currency := usd(t)
	runCalls(clients, int(adds), func() {
		n := next.Add(1)
		if _, err := store.Add(t.Context(), ledger.ID(n%ledgers+1), entry(n, currency)); err != nil {
			t.Error(err)
		}
	})
}

// However many people there are, a visit looks up its own rows, alone as well as with others, before the planner knows of any.
func TestVisitsTouchTheirRows(t *testing.T) {
	const people, visits, clients = 5000, 640, 32
	const most = 8 // rows of a visit: a session, an account, a member and a ledger, and another member and ledger where the wish is none's
	database := postgrestest.Start(t)
	served := walled(t, database)
	execute(t, database, fmt.Sprintf(`
		INSERT INTO account (id, name, folded, language, admin, disabled, password, generation, created_at)
			SELECT n, 'person ' || n, 'person ' || n, '', FALSE, FALSE, '', 1, 0 FROM generate_series(1, %[1]d) n;
		INSERT INTO account_session (digest, id, account_id, generation, address, agent, opened_at, used_at)
			SELECT sha256(n::text::bytea), n, n, 1, '', '', 0, 0 FROM generate_series(1, %[1]d) n;
		INSERT INTO ledger (id, version, mark, name, currency, time_zone)
			SELECT n, 1, 1, 'ledger ' || n, 'USD', 'UTC' FROM generate_series(1, %[1]d) n;
		INSERT INTO member (ledger_id, user_id, role, since) SELECT n, n, 3, 0 FROM generate_series(1, %[1]d) n`, people))
	for _, wish := range []ledger.ID{0, 1} {
		for _, at := range []int{1, clients} {
			t.Run(fmt.Sprintf("wish=%d/clients=%d", wish, at), func(t *testing.T) {
				rows := touchedBy(t, database, served, "('account', 'account_session', 'member', 'ledger')", func(store storage) {
					var next atomic.Int64
					runCalls(at, visits, func() {
						user := ledger.UserID(next.Add(1))
						found, err := store.db.Accounts().Visit(t.Context(), sha256.Sum256([]byte(fmt.Sprint(user))), wish*ledger.ID(user))
						if err != nil || found.User.ID != user || found.Actor.Ledger.ID != ledger.ID(user) {
							t.Errorf("user %d: %+v, %v", user, found, err)
						}
					})
				})
				if rows > most*visits {
					t.Errorf("%d visits touched %d rows, want at most %d", visits, rows, most*visits)
				}
			})
		}
	}
}

// touchedBy returns how many rows of tables the server touched for what is done with a storage, as the role that serves.
func touchedBy(t *testing.T, database, served, tables string, do func(storage)) int64 {
	t.Helper()
	touched := "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables WHERE relname IN " + tables
	db, err := postgres.Open(t.Context(), served, postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	before := query[int64](t, database, touched)[0]
	do(storage{expensetest.StoreOf(db), db})
	if err := db.Close(); err != nil { // sessions report what they did when they end
		t.Fatal(err)
	}
	eventually(t, func() error {
		if n := query[int](t, database,
			"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'expense-tracker' AND datname = current_database()")[0]; n > 0 {
			return fmt.Errorf("%d sessions", n)
		}
		return nil
	})
	return query[int64](t, database, touched)[0] - before
}

// To plan the list of the newest, which every first page has, takes the database longer than to read it.
func TestTheNewestArePlannedOnce(t *testing.T) {
	const rows, page, calls = 5000, 50, 20
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	store.db.Main().SetMaxOpenConns(1) // a server tells each session of its own plans
	load(t, store, rows)
	execute(t, database, "ANALYZE") // it knows how many rows a list could have, and what few of them would save
	for range calls {
		if _, err := list(t, expense.ListQuery{Limit: page})(store); err != nil {
			t.Fatal(err)
		}
	}
	var lists, planned int
	err := store.db.Main().QueryRowContext(t.Context(), `SELECT count(*), max(custom_plans) FROM pg_prepared_statements
		WHERE statement LIKE '%FROM expense_entry%ORDER BY e.spent_on%' AND statement NOT LIKE '%custom_plans%'`).Scan(&lists, &planned)
	if err != nil {
		t.Fatal(err)
	}
	const settled = 5 // so many plans the server makes in any case
	if lists != 1 || planned > settled {
		t.Errorf("%d lists, planned %d times for their values, want 1 and at most %d", lists, planned, settled)
	}
}

func list(t *testing.T, query expense.ListQuery) func(storage) (int, error) {
	return func(s storage) (int, error) {
		listed, err := s.List(t.Context(), ledger.Default, query)
		return len(listed), err
	}
}

func TestTheTableThatPeopleLookAt(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	execute(t, database, `INSERT INTO account (id, name, folded, language, admin, disabled, password, generation, created_at)
		VALUES (7, 'Zoë', 'zoë', '', FALSE, FALSE, '', 1, 0)`)
	add := func(key, category string, minor int64, code string) expense.Expense {
		t.Helper()
		c, err := money.ParseCurrency(code)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := store.Add(t.Context(), ledger.Default, expense.Entry{
			Key: idempotency.Key(key), Category: expense.CategoryName(category), Price: money.FromMinor(minor, c),
			Date: civil.Date{Year: 2026, Month: 2, Day: 28}, Note: "n",
			Payee: "Ana", Tags: "work family", Refund: key == "4",
			PaidBy: map[string]ledger.UserID{"3": 7}[key],
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
	basis := revision.Basis{Revision: 1}
	_, err := store.Change(t.Context(), ledger.Default, gone.ID, basis, func(e expense.Expense) (expense.Expense, error) {
		e.Deleted = true
		return e, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.MergeCategory(t.Context(), ledger.Default,
		lunch.Category.ID, revision.Basis{Revision: 1}, food.Category.ID); err != nil {
		t.Fatal(err)
	}

	columns := query[string](t, database,
		"SELECT attname::text FROM pg_attribute WHERE attrelid = 'expense'::regclass AND attnum > 0 ORDER BY attnum")
	if want := []string{"id", "category", "price", "currency", "date", "note", "ledger_id",
		"payee", "tags", "refund", "paid_by"}; !slices.Equal(columns, want) {
		t.Errorf("columns %v, want %v", columns, want)
	}
	rows := query[string](t, database, "SELECT expense::text FROM expense ORDER BY id")
	want := []string{
		"(1,Food,0.30,USD,2026-02-28,n,1,Ana,\"work family\",f,)",
		"(2,Food,9999999999999.99,USD,2026-02-28,n,1,Ana,\"work family\",f,)",
		"(3,Food,7,JPY,2026-02-28,n,1,Ana,\"work family\",f,Zoë)",
		"(4,Food,-12.345,KWD,2026-02-28,n,1,Ana,\"work family\",t,)",
		"(5,Food,0.0001,CLF,2026-02-28,n,1,Ana,\"work family\",f,)",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("SELECT * FROM expense shows\n%v, want\n%v", rows, want)
	}
}
