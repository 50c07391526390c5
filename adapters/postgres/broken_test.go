package postgres_test

import (
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// breakable is one call, which is safe to repeat, on rows of its own.
type breakable struct {
	name string
	step int // how many messages further each cut is
	make func(t *testing.T, store storage, n int64) (call func() error, changes int64)
}

func breakables() []breakable {
	read := func(name string, call func(t *testing.T, store storage) error) breakable {
		return breakable{name, 3, func(t *testing.T, store storage, _ int64) (func() error, int64) {
			return func() error { return call(t, store) }, 0
		}}
	}
	return []breakable{
		{"add", 1, func(t *testing.T, store storage, n int64) (func() error, int64) {
			one := entry(n, usd(t))
			one.Category = "Known"
			return func() error { _, err := store.Add(t.Context(), ledger.Default, one); return err }, 1
		}},
		{"add with a new category", 2, func(t *testing.T, store storage, n int64) (func() error, int64) {
			one := entry(n, usd(t))
			one.Category = expense.CategoryName(fmt.Sprint("New ", n))
			return func() error { _, err := store.Add(t.Context(), ledger.Default, one); return err }, 2 // the ledger's lock counts, too
		}},
		{"batch", 3, func(t *testing.T, store storage, n int64) (func() error, int64) {
			batch := []expense.Entry{entry(n, usd(t)), entry(n+1, usd(t)), entry(n, usd(t))}
			return func() error {
				results, err := store.AddAll(t.Context(), ledger.Default, batch)
				for _, result := range results {
					err = errors.Join(err, result.Err)
				}
				return err
			}, -1
		}},
		{"change", 2, func(t *testing.T, store storage, n int64) (func() error, int64) {
			e := added(t, store, n)
			basis := revision.Basis{Revision: e.Revision, Fingerprint: idempotency.Fingerprint{byte(n), 1}}
			return func() error {
				changed, err := store.Change(t.Context(), ledger.Default, e.ID, basis, func(e expense.Expense) (expense.Expense, error) {
					e.Price = money.FromMinor(n%1000+7, usd(t))
					return e, nil
				})
				if err == nil && (changed.Revision != 2 || changed.Price.Minor() != n%1000+7) {
					return fmt.Errorf("it is %+v now", changed)
				}
				return err
			}, 1
		}},
		{"rename", 3, func(t *testing.T, store storage, n int64) (func() error, int64) {
			e := added(t, store, n)
			basis := revision.Basis{Revision: 1, Fingerprint: idempotency.Fingerprint{byte(n), 2}}
			return func() error {
				_, err := store.RenameCategory(t.Context(), ledger.Default, e.Category.ID, basis, expense.CategoryName(fmt.Sprint("Renamed ", n)))
				return err
			}, 1
		}},
		{"merge", 3, func(t *testing.T, store storage, n int64) (func() error, int64) {
			e, into := added(t, store, n), added(t, store, n+1)
			basis := revision.Basis{Revision: 1, Fingerprint: idempotency.Fingerprint{byte(n), 3}}
			return func() error {
				_, err := store.MergeCategory(t.Context(), ledger.Default, e.Category.ID, basis, into.Category.ID)
				return err
			}, 1
		}},
		{"define", 3, func(t *testing.T, store storage, n int64) (func() error, int64) {
			given := ledgertest.Ledger(ledger.Default)
			given.Name = fmt.Sprint("Ledger ", n)
			return func() error { _, err := store.db.Ledgers().Define(t.Context(), given); return err }, 1
		}},
		read("ledger", func(t *testing.T, store storage) error {
			_, err := store.db.Ledgers().Ledger(t.Context(), ledger.Default)
			return err
		}),
		read("list", func(t *testing.T, store storage) error {
			listed, err := store.List(t.Context(), ledger.Default, expense.ListQuery{Limit: 5})
			if err == nil && len(listed) != 5 {
				return fmt.Errorf("%d of 5 are listed", len(listed))
			}
			return err
		}),
		read("overview", func(t *testing.T, store storage) error {
			o, err := store.Overview(t.Context(), ledger.Default, expense.OverviewQuery{
				Month: civil.Month{Year: 2016, Month: 1}, Newest: 3, Months: 2, Categories: 2, Suggestions: 2,
			})
			if err == nil && (len(o.Newest) != 3 || len(o.Suggestions) != 2) {
				return fmt.Errorf("it shows %d expenses and %d suggestions", len(o.Newest), len(o.Suggestions))
			}
			return err
		}),
		read("state", func(t *testing.T, store storage) error {
			_, err := store.State(t.Context(), ledger.Default)
			return err
		}),
	}
}

// added returns a new expense in a category of its own.
func added(t *testing.T, store storage, n int64) expense.Expense {
	t.Helper()
	one := entry(n, usd(t))
	one.Category = expense.CategoryName(fmt.Sprint("Of ", n))
	receipt, err := store.Add(t.Context(), ledger.Default, one)
	if err != nil {
		t.Fatal(err)
	}
	return receipt.Expense
}

// The connection breaks at each step of the protocol, at what the program sends and at what the server answers.
func TestAConnectionThatBreaksAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	database := postgrestest.Start(t)
	target, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	line := newCutter(t, target.Host)
	target.Host = line.address
	store := open(t, target.String(), postgres.Options{MaxConnections: 2, OperationTimeout: 20 * time.Second})
	load(t, store, 5)
	known := entry(6, usd(t))
	known.Category = "Known"
	if _, err := store.Add(t.Context(), ledger.Default, known); err != nil {
		t.Fatal(err)
	}
	n := int64(1000)
	for _, b := range breakables() {
		for _, answers := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, answers %v", b.name, answers), func(t *testing.T) {
				const most = 300
				for message := 1; breakAt(t, store, line, b, &n, answers, message); message += b.step {
					if message > most {
						t.Fatalf("%d cuts did not come to its end", most)
					}
				}
			})
		}
	}
	if doubled := query[int](t, database,
		"SELECT count(*) FROM (SELECT FROM expense_entry GROUP BY idempotency_key HAVING count(*) > 1) AS d")[0]; doubled > 0 {
		t.Errorf("%d expenses are doubled", doubled)
	}
	wantSound(t, store)
}

// breakAt breaks a call's connection at a message, each time in another way, and reports whether the call came that far.
func breakAt(t *testing.T, store storage, line *cutter, b breakable, n *int64, answers bool, message int) bool {
	*n += 10
	call, changes := b.make(t, store, *n)
	before := stateOf(t, store)
	way := *n / 10
	at := cut{answers: answers, message: message, reset: way%2 == 0, down: way%3 == 0, inside: way%5 == 0}
	line.arm(at)
	err := call()
	broken := line.heal()
	switch {
	case err == nil:
	case !at.down:
		t.Errorf("%+v: %v, want another try on another connection", at, err)
	case !errors.Is(err, fault.Unavailable):
		t.Errorf("%+v: %v, want Unavailable", at, err)
	}
	if err := call(); err != nil {
		t.Fatalf("%+v: %v at the repeat", at, err)
	}
	if after := stateOf(t, store); changes >= 0 && after.Version-before.Version != changes {
		t.Errorf("%+v: it was done %d times, want %d", at, after.Version-before.Version, changes)
	}
	return broken
}

func stateOf(t *testing.T, store storage) ledger.State {
	t.Helper()
	state, err := store.State(t.Context(), ledger.Default)
	if err != nil {
		t.Fatal(err)
	}
	return state
}
