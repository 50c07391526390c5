package main

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// everything returns each expense of a storage as one line.
func everything(t *testing.T, storage string) []string {
	t.Helper()
	rows, err := openDatabase(t, storage).QueryContext(t.Context(), "SELECT category, CAST(price AS text), currency, CAST(date AS text), note FROM expense ORDER BY id")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // rows.Err says it all
	var lines []string
	for rows.Next() {
		var category, price, currency, date, note string
		if err := rows.Scan(&category, &price, &currency, &date, &note); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, fmt.Sprintln(category, price, currency, date, note))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestGeneratedExpensesAreTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	fill := func(storage, seed string) string {
		return succeed(t, "generate", "--storage", storage, "--count", "700", "--seed", seed, "--from", "2024-01-01", "--to", "2024-12-31")
	}
	var made [][]string
	for _, kind := range durableStorages() {
		storage := kind.make(t)
		contains(t, "the first time", fill(storage, "7"), "added 700 expenses", "; 0 were there already")
		contains(t, "the second time", fill(storage, "7"), "added 0 expenses", "; 700 were there already")
		made = append(made, everything(t, storage))
		expect(t, "rows", len(made[0]), 700)
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "1 ledgers, 0 differences")
		contains(t, "another seed", fill(storage, "8"), "added 700 expenses")
	}
	if !slices.Equal(made[0], made[1]) {
		t.Error("two storages were filled differently with one seed")
	}
	another := newSQLite(t)
	fill(another, "8")
	if slices.Equal(made[0], everything(t, another)) {
		t.Error("two seeds make the same expenses")
	}
	for _, wrong := range [][]string{{"--from", "2024-02-30"}, {"--from", "2025-01-01", "--to", "2024-01-01"}, {"--count", "-1"}} {
		result := command(t, append([]string{"generate", "--storage", "memory:"}, wrong...)...)
		expect(t, wrong[0]+": exit code", result.Code, 1)
		contains(t, wrong[0], result.Stderr, wrong[0])
	}
}

func TestVerifyFindsAndMendsATamperedTotal(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		user := visit(t, start(t, storage).URL)
		user.add("food", "1.00")
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "1 ledgers, 0 differences")
		execute(t, storage, "UPDATE expense_total SET minor = minor + 700 WHERE month = 0 AND category_id = 0")
		execute(t, storage, "DELETE FROM expense_total WHERE month <> 0 AND category_id = 0")
		expect(t, "total, tampered with", user.add("food", "1.00").total(), "9.00")

		found := command(t, "verify", "--storage", storage)
		expect(t, "exit code", found.Code, 1)
		contains(t, "verify", found.Stdout, "ledger 1, all time, all categories: kept 9.00 USD in 2 expenses, but the rows are 2.00 USD in 2", "2 differences", "--repair")
		contains(t, "--repair", succeed(t, "verify", "--repair", "--storage", storage), "2 differences: all of these were made right")
		contains(t, "verify", succeed(t, "verify", "--storage", storage), "1 ledgers, 0 differences")
		expect(t, "total, as the running program shows it", user.get("/").total(), "2.00")
	})
}

func TestVerifyRunsBesideAdds(t *testing.T) {
	onEach(t, durableStorages(), func(t *testing.T, storage string) {
		p := start(t, storage)
		visit(t, p.URL).add("food", "1.00")
		var stop atomic.Bool
		var added atomic.Int64
		var wait sync.WaitGroup
		defer wait.Wait()
		defer stop.Store(true)
		for caller := range 4 {
			wait.Go(func() {
				for i := 0; !stop.Load(); i++ {
					key := fmt.Sprintf("key-%d-%d", caller, i)
					if _, err := persist(p.URL, form("category", "food", "price", "0.01", "idempotency_key", key)); err != nil {
						t.Errorf("an add beside verify: %v", err)
						return
					}
					added.Add(1)
				}
			})
		}
		for range 3 {
			contains(t, "verify", command(t, "verify", "--storage", storage).Stdout, "0 differences")
		}
		execute(t, storage, "UPDATE expense_total SET minor = minor + 700 WHERE month = 0")
		expect(t, "exit code of verify", command(t, "verify", "--storage", storage).Code, 1)
		expect(t, "exit code of --repair", command(t, "verify", "--repair", "--storage", storage).Code, 0)
		contains(t, "verify", command(t, "verify", "--storage", storage).Stdout, "0 differences")
		stop.Store(true)
		wait.Wait()
		cents := 100 + added.Load()
		expect(t, "total", visit(t, p.URL).get("/").total(), fmt.Sprintf("%d.%02d", cents/100, cents%100))
	})
}
