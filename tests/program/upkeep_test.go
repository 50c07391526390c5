package program_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// everything returns each expense of a storage as one line.
func everything(t *testing.T, storage string) []string {
	t.Helper()
	rows, err := programtest.OpenDatabase(t, storage).QueryContext(t.Context(),
		"SELECT category, CAST(price AS text), currency, CAST(date AS text), note FROM expense ORDER BY id")
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
		return programtest.Succeed(t, "generate", "--storage", storage, "--count", "700", "--seed", seed, "--from", "2024-01-01",
			"--to", "2024-12-31")
	}
	var made [][]string
	for _, kind := range programtest.DurableStorages() {
		storage := kind.Make(t)
		check.Contains(t, "the first time", fill(storage, "7"), "added 700 expenses", "; 0 were there already")
		check.Contains(t, "the second time", fill(storage, "7"), "added 0 expenses", "; 700 were there already")
		made = append(made, everything(t, storage))
		check.Equal(t, "rows", len(made[0]), 700)
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "1 ledger, 0 differences")
		check.Contains(t, "another seed", fill(storage, "8"), "added 700 expenses")
	}
	if !slices.Equal(made[0], made[1]) {
		t.Error("two storages were filled differently with one seed")
	}
	another := programtest.NewSQLite(t)
	fill(another, "8")
	if slices.Equal(made[0], everything(t, another)) {
		t.Error("two seeds make the same expenses")
	}
	for _, wrong := range [][]string{{"--from", "2024-02-30"}, {"--from", "2025-01-01", "--to", "2024-01-01"}, {"--count", "-1"},
		{"--from", "0000-01-01"}, {"--to", "2200-01-01"}} {
		result := programtest.Command(t, append([]string{"generate", "--storage", programtest.NewSQLite(t)}, wrong...)...)
		check.Equal(t, wrong[0]+": exit code", result.Code, 1)
		check.Contains(t, wrong[0], result.Stderr, wrong[0])
	}
}

func TestVerifyFindsAndMendsATamperedTotal(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		user := programtest.Visit(t, programtest.Start(t, storage).URL)
		user.Add("food", "1.00")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "1 ledger, 0 differences")
		programtest.Execute(t, storage, "UPDATE expense_total SET minor = minor + 700 WHERE month = 0 AND category_id = 0")
		programtest.Execute(t, storage, "DELETE FROM expense_total WHERE month BETWEEN 1 AND 999999 AND category_id = 0")
		programtest.Execute(t, storage, "UPDATE expense_total SET minor = minor + 5 WHERE month > 999999") // a day
		check.Equal(t, "total, tampered with", user.Add("food", "1.00").Total(), "9.00")

		found := programtest.Command(t, "verify", "--storage", storage)
		check.Equal(t, "exit code", found.Code, 1)
		check.Contains(t, "verify", found.Stdout,
			"ledger 1, all time, all categories: kept 9.00 USD in 2 expenses, but the rows are 2.00 USD in 2", "3 differences", "--repair")
		check.Contains(t, "--repair", programtest.Succeed(t, "verify", "--repair", "--storage", storage),
			"3 differences: all of these were made right")
		check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "1 ledger, 0 differences")
		check.Equal(t, "total, as the running program shows it", user.Get("/").Total(), "2.00")
	})
}

func TestVerifyRunsBesideAdds(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.Start(t, storage)
		programtest.Visit(t, p.URL).Add("food", "1.00")
		var stop atomic.Bool
		var added atomic.Int64
		var wait sync.WaitGroup
		defer wait.Wait()
		defer stop.Store(true)
		for caller := range 4 {
			wait.Go(func() {
				for i := 0; !stop.Load(); i++ {
					key := fmt.Sprintf("key-%d-%d", caller, i)
					if _, err := programtest.Persist(p.URL, programtest.Form("category", "food", "price", "0.01", "idempotency_key", key)); err != nil {
						t.Errorf("an add beside verify: %v", err)
						return
					}
					added.Add(1)
				}
			})
		}
		for range 3 {
			check.Contains(t, "verify", programtest.Command(t, "verify", "--storage", storage).Stdout, "0 differences")
		}
		programtest.Execute(t, storage, "UPDATE expense_total SET minor = minor + 700 WHERE month = 0")
		check.Equal(t, "exit code of verify", programtest.Command(t, "verify", "--storage", storage).Code, 1)
		check.Equal(t, "exit code of --repair", programtest.Command(t, "verify", "--repair", "--storage", storage).Code, 0)
		check.Contains(t, "verify", programtest.Command(t, "verify", "--storage", storage).Stdout, "0 differences")
		stop.Store(true)
		wait.Wait()
		cents := 100 + added.Load()
		check.Equal(t, "total", programtest.Visit(t, p.URL).Get("/").Total(), fmt.Sprintf("%d.%02d", cents/100, cents%100))
	})
}

// Totals that somebody has changed past the program are found by the audit of one instance, known to all of them, and said no more once
// they are repaired.
func TestTotalsThatDifferAreSeen(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		soon := programtest.WriteFile(t, "audits.yaml", "audit: {every: 1s}\n")
		one := programtest.Start(t, storage, "--config", soon)
		urls := []string{one.URL, programtest.Start(t, storage, "--config", soon).URL}
		programtest.Visit(t, one.URL).Add("food", "1.00")
		await := func(what string, want float64) {
			t.Helper()
			check.Eventually(t, 30*time.Second, what, func() bool {
				return !slices.ContainsFunc(urls, func(url string) bool {
					return programtest.Metric(t, url, "expense_totals_differences", nil) != want
				})
			})
		}
		await("all is well", 0)
		programtest.Execute(t, storage, "UPDATE expense_total SET minor = minor + 700 WHERE month = 0")
		await("the changed total is seen", 2) // of all, and of the category
		programtest.Succeed(t, "verify", "--repair", "--storage", storage)
		await("the repair is seen", 0)
	})
}
