package faults_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// Two instances catch up with nine years of days and weeks, and one of them is killed in the middle: each expense is made exactly once.
func TestAKillWhileRepeatsCatchUpLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	storage := programtest.DurableStorages()[1].Make(t)
	one := programtest.Start(t, storage)
	start := time.Now().AddDate(-9, 0, 0).Format(time.DateOnly)
	for i, frequency := range []string{"daily", "weekly"} {
		answer := programtest.Visit(t, one.URL).Post("/repeats", programtest.Form("category", frequency, "price", "0.01",
			"frequency", frequency, "start", start, "idempotency_key", fmt.Sprint("repeat-", i)))
		check.Equal(t, "the answer to a "+frequency+" repeat", answer.Status, http.StatusSeeOther)
	}
	other := programtest.Start(t, storage) // looks for what is due at once
	db := programtest.OpenDatabase(t, storage)
	count := func(of string) (n int) {
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+of).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	check.Eventually(t, 30*time.Second, "some is made", func() bool { return count("expense_entry") > 300 })
	lock, err := db.BeginTx(t.Context(), nil) // holds every add in the middle of its transaction
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "LOCK TABLE expense_entry IN SHARE ROW EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	check.Eventually(t, 30*time.Second, "both instances wait for the lock", func() bool {
		return count("pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") >= 2
	})
	if err := one.Kill(); err != nil {
		t.Fatal(err)
	}
	made := count("expense_entry")
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	one = again(t, storage, one)
	check.Eventually(t, time.Minute, "nothing is due any more", func() bool {
		return count("schedule WHERE next_due <= CURRENT_DATE") == 0
	})

	const dates = `schedule s, generate_series(s.starts_on, s.made_to, CASE s.frequency WHEN 'daily' THEN 1 ELSE 7 END * INTERVAL '1 day')`
	due := count(dates)
	if made >= due || due < 3500 {
		t.Errorf("%d of %d expenses were made when an instance was killed", made, due)
	}
	check.Equal(t, "expenses", count("expense_entry"), due)
	check.Equal(t, "dates without one", count(dates+` AS day WHERE NOT EXISTS (
		SELECT 1 FROM expense e WHERE e.category = s.category AND e.date = day::date)`), 0)
	check.Equal(t, "what the repeats say", programtest.Ask[int](t, storage, "SELECT sum(made) FROM schedule"), due)
	for _, url := range []string{one.URL, other.URL} {
		check.Equal(t, "total", programtest.Visit(t, url).Get("/").Total(), fmt.Sprintf("%d.%02d", due/100, due%100))
	}
	check.Contains(t, "verify", programtest.Succeed(t, "verify", "--storage", storage), "0 differences")
}
