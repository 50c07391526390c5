package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"expense-tracker/adapters/postgres"
	"expense-tracker/adapters/postgres/postgrestest"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/core/revision"
)

// Two instances of the program do all that they can do at once, to the same expenses, with the same keys.
func TestTwoInstancesShareADatabase(t *testing.T) {
	const workers, rounds, keys = 4, 60, 150
	database := postgrestest.Start(t)
	instances := []storage{open(t, database, postgres.Options{}), open(t, database, postgres.Options{})}
	currency := usd(t)

	var mu sync.Mutex
	answers := make(map[idempotency.Key]expense.ID)
	answered := func(key idempotency.Key, receipt expense.Receipt) {
		mu.Lock()
		defer mu.Unlock()
		if id, found := answers[key]; found && id != receipt.Expense.ID {
			t.Errorf("%s is %d for one caller and %d for another", key, id, receipt.Expense.ID)
		}
		answers[key] = receipt.Expense.ID
	}
	var running sync.WaitGroup
	for i, store := range instances {
		for w := range workers {
			random := rand.New(rand.NewPCG(uint64(i), uint64(w)))
			running.Go(func() {
				for range rounds {
					one := entry(random.Int64N(keys), currency)
					receipt, err := store.Add(t.Context(), ledger.Default, one)
					if err != nil {
						t.Errorf("add: %v", err)
						continue
					}
					answered(one.Key, receipt)
					var batch []expense.Entry
					for range 5 {
						batch = append(batch, entry(random.Int64N(keys), currency)) // a key twice, now and then
					}
					results, err := store.AddAll(t.Context(), ledger.Default, batch)
					if err != nil {
						t.Errorf("add all: %v", err)
						continue
					}
					for n, result := range results {
						if result.Err != nil {
							t.Errorf("add all: %v", result.Err)
							continue
						}
						answered(batch[n].Key, result.Receipt)
					}
					basis := revision.Basis{Revision: receipt.Expense.Revision}
					_, err = store.Change(t.Context(), ledger.Default, receipt.Expense.ID, basis, func(e expense.Expense) (expense.Expense, error) {
						e.Price = money.FromMinor(random.Int64N(money.MaxMinor)+1, currency)
						e.Deleted = random.IntN(3) == 0
						e.Category = expense.Category{Name: entry(random.Int64N(12), currency).Category}
						return e, nil
					})
					if err != nil {
						t.Errorf("change: %v", err)
					}
					shuffleCategories(t, store, random)
				}
			})
		}
	}
	running.Wait()

	if rows := query[int](t, database, "SELECT count(*) FROM expense_entry")[0]; rows != len(answers) {
		t.Errorf("%d rows are stored for %d keys", rows, len(answers))
	}
	for _, store := range instances {
		wantSound(t, store)
	}
	if deadlocks := query[int64](t, database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")[0]; deadlocks != 0 {
		t.Errorf("%d deadlocks", deadlocks)
	}
}

// shuffleCategories merges two categories, or renames one, now and then. Another worker may have been first.
func shuffleCategories(t *testing.T, store storage, random *rand.Rand) {
	if random.IntN(8) > 0 {
		return
	}
	categories, err := store.ListCategories(t.Context(), ledger.Default, "", 200)
	if err != nil {
		t.Errorf("categories: %v", err)
		return
	}
	if len(categories) < 2 {
		return
	}
	from, into := categories[0], categories[1+random.IntN(len(categories)-1)]
	if random.IntN(2) == 0 {
		_, err = store.MergeCategory(t.Context(), ledger.Default, from.Category.ID, revision.Basis{Revision: from.Revision}, into.Category.ID)
	} else {
		_, err = store.RenameCategory(t.Context(), ledger.Default, into.Category.ID, revision.Basis{Revision: into.Revision},
			expense.CategoryName(fmt.Sprint("Renamed ", random.Int())))
	}
	if err != nil && !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Conflict) {
		t.Errorf("merge or rename: %v", err)
	}
}

// The first to use a ledger and its categories are many, on two instances.
func TestOneKeyAtOnceOnTwoInstancesIsOneExpense(t *testing.T) {
	database := postgrestest.Start(t)
	instances := []storage{open(t, database, postgres.Options{}), open(t, database, postgres.Options{})}
	one := entry(1, usd(t))
	var mu sync.Mutex
	var ids []expense.ID
	fresh := 0
	var callers sync.WaitGroup
	for n := range 50 {
		callers.Go(func() {
			receipt, err := instances[n%2].Add(context.Background(), ledger.Default, one)
			if err != nil {
				t.Errorf("add: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			ids = append(ids, receipt.Expense.ID)
			if !receipt.Duplicate {
				fresh++
			}
		})
	}
	callers.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("callers got ids %d and %d", ids[0], id)
		}
	}
	if rows := query[int](t, database, "SELECT count(*) FROM expense_entry")[0]; rows != 1 || fresh != 1 {
		t.Errorf("%d rows and %d answers that it is new, want one of each", rows, fresh)
	}
}

func TestWhatIsTooMuchForATotalFailsAloneAndLeavesNoCategory(t *testing.T) {
	database := postgrestest.Start(t)
	store := open(t, database, postgres.Options{})
	entries := make([]expense.Entry, 12)
	for n := range entries {
		entries[n] = entry(int64(n), usd(t))
	}
	if _, err := store.AddAll(t.Context(), ledger.Default, entries[:1]); err != nil {
		t.Fatal(err)
	}
	// A full ledger, without the thousands of largest prices that it takes.
	execute(t, database, "UPDATE expense_total SET minor = 9223372036854775807 - 1000")
	for n := range entries {
		entries[n].Price = money.FromMinor(100, usd(t))
	}
	entries[4].Price, entries[4].Category = money.FromMinor(901, usd(t)), "Too much"
	results, err := store.AddAll(t.Context(), ledger.Default, entries[1:])
	if err != nil {
		t.Fatal(err)
	}
	for n, result := range results {
		tooMuch := n+1 == 4
		if errors.Is(result.Err, fault.Invalid) != tooMuch || (result.Err == nil && result.Receipt.Expense.ID == 0) {
			t.Errorf("entry %d: %+v, %v", n+1, result.Receipt, result.Err)
		}
	}
	if left := query[string](t, database, "SELECT name FROM category WHERE name = 'Too much'"); len(left) > 0 {
		t.Error("the refused entry has left its category")
	}
	last := entry(99, usd(t)) // by now the total is as large as can be
	if _, err := store.Add(t.Context(), ledger.Default, last); !errors.Is(err, fault.Invalid) || len(fault.ViolationsOf(err)) != 1 {
		t.Errorf("a price that is too much: %v, want Invalid at the price", err)
	}
}
