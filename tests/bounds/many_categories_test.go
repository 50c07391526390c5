package bounds_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
	"expense-tracker/tests/rig/programtest"
)

// The ledgers that are compared, and how many categories they have.
const (
	few            = ledger.ID(1)
	many           = ledger.ID(2)
	fewCategories  = 100
	manyCategories = 100_000
)

// nthCategory names categories so that the order of their names is that of their numbers.
func nthCategory(n int) string { return fmt.Sprint("c", 1_000_000+n) }

// fillWithCategories gives a ledger so many categories with an expense of today in each, and a fifth as many that were merged into the
// first, whose expenses are the oldest: where a walk through the list comes to last. It writes past the storage, which would take long.
func fillWithCategories(t *testing.T, store ledgerSite, storage string, in ledger.ID, categories int) {
	t.Helper()
	today := civil.DateOf(time.Now())
	if storage == "memory:" {
		fillMemory(t, store, in, categories, today)
		return
	}
	text := map[string]string{"PRICE": "minor", "PRINT": "zeroblob(16)"}
	if !strings.HasPrefix(storage, "sqlite:") {
		text = map[string]string{"PRICE": "(minor / 100.0)::numeric(12, 2)", "PRINT": `'\x00'::bytea`}
	}
	for name, value := range map[string]string{
		"LEDGER": fmt.Sprint(in), "COUNT": fmt.Sprint(categories), "MERGED": fmt.Sprint(categories / 5),
		"TODAY": "'" + today.String() + "'", "MONTH": fmt.Sprint(today.MonthOf().Number()), "YMD": strings.ReplaceAll(today.String(), "-", ""),
		"NUMBERS": "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ",
		"FILLED": "(SELECT id, COALESCE(merged_into, id) AS left_id, 1 + id * 7919 % 100000 AS minor FROM category WHERE ledger_id = " +
			fmt.Sprint(in) + ") filled",
	} {
		text[name] = value
	}
	totals := `
		INSERT INTO expense_total (ledger_id, month, category_id, currency, entries, minor, size)
		SELECT LEDGER, %s, %s, 'USD', count(*), CAST(sum(minor) AS bigint),
			CAST(ln(CAST(sum(minor) AS double precision)) AS integer) FROM FILLED`
	all := []string{
		`INSERT INTO ledger (id, version, mark) VALUES (LEDGER, 1, 1)`,
		`INSERT INTO category (ledger_id, name, name_key)
		NUMBERS COUNT) SELECT LEDGER, 'c' || (1000000 + n), 'c' || (1000000 + n) FROM numbers`,
		`INSERT INTO category (ledger_id, name, merged_into)
		NUMBERS MERGED) SELECT LEDGER, 'merged ' || n, (SELECT min(id) FROM category WHERE ledger_id = LEDGER) FROM numbers`,
		`INSERT INTO expense_entry (ledger_id, spent_on, category_id, price, currency, note, idempotency_key,
			fingerprint, revision, deleted, created_at)
		SELECT LEDGER, TODAY, id, PRICE, 'USD', '', 'filled-' || id, PRINT, 1, FALSE, TODAY FROM FILLED
		ORDER BY CASE WHEN id = left_id THEN 1 ELSE 0 END, id`,
	}
	for _, month := range []string{"0", "MONTH"} {
		all = append(all, fmt.Sprintf(totals, month, "0"), fmt.Sprintf(totals, month, "left_id")+" GROUP BY left_id")
	}
	if !strings.HasPrefix(storage, "sqlite:") { // triggers would take most of the time; all that they have to do is the day's total
		all = append(all, fmt.Sprintf(totals, "YMD", "0"))
		all = append([]string{"SET LOCAL session_replication_role = replica"}, all...)
	}
	tx, err := programtest.OpenDatabase(t, storage).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }() // of what was not committed
	for _, statement := range all {
		for again := true; again; { // a text may hold another's name
			before := statement
			for name, value := range text {
				statement = strings.ReplaceAll(statement, name, value)
			}
			again = statement != before
		}
		if _, err := tx.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// fillMemory is fillWithCategories for the storage that nothing but itself can write to.
func fillMemory(t *testing.T, store ledgerSite, in ledger.ID, categories int, today civil.Date) {
	t.Helper()
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		t.Fatal(err)
	}
	entries := make([]expense.Entry, categories)
	for n := range entries {
		entries[n] = expense.Entry{
			Key: newKey(), Date: today, Category: expense.CategoryName(nthCategory(n)), Price: money.FromMinor(int64(1+n*7919%100_000), usd),
		}
	}
	if _, err := store.AddAll(t.Context(), in, entries); err != nil {
		t.Fatal(err)
	}
}

// walkedFor returns how long a page may take that still costs more the more there is; 0 if it does not. All that a word finds is added up,
// and the names of all categories are looked at for it. A category that thousands were merged into, whose expenses are the oldest, asks
// for those of each of them. Memory reads all rows of a time, and walks to a category's oldest; SQLite adds up a year's thousand largest
// categories.
func walkedFor(storage, page string) time.Duration {
	area, _, _ := strings.Cut(strings.TrimPrefix(page, "/"), "/")
	switch {
	case strings.HasPrefix(page, "/search?q="):
		return time.Second
	case page == "/categories/ID",
		storage == "memory:" && (area == "months" || area == "years" || page == "/categories/ID?oldest"),
		strings.HasPrefix(storage, "sqlite:") && area == "years":
		return 500 * time.Millisecond
	}
	return 0
}

// However many categories a ledger has, and however many of them were merged, no page and no add takes longer. Both ledgers are in one
// storage, and are asked in turn, so that whatever else this machine does strikes both.
func TestNoPageTakesLongerForManyCategories(t *testing.T) {
	const attempts = 3
	for _, k := range programtest.Storages() { // one after another: they are timed
		t.Run(k.Name, func(t *testing.T) {
			storage := k.Make(t)
			s := openLedgers(t, storage)
			began := time.Now()
			ids := map[ledger.ID]expense.CategoryID{}
			entries := map[ledger.ID]expense.ID{}
			for _, in := range []ledger.ID{few, many} {
				fillWithCategories(t, s, storage, in, map[ledger.ID]int{few: fewCategories, many: manyCategories}[in])
				s.add(t, in, nthCategory(0))
				newest, err := s.List(t.Context(), in, expense.ListQuery{Limit: 1})
				if err != nil {
					t.Fatal(err)
				}
				ids[in], entries[in] = newest[0].Category.ID, newest[0].ID
			}
			if strings.HasPrefix(storage, "postgres") {
				programtest.Execute(t, storage, "ANALYZE") // as autovacuum does within a minute
			}
			t.Logf("filled in %s", time.Since(began).Round(time.Millisecond))

			timed := func(in ledger.ID, page string) (took time.Duration) {
				switch page {
				case "add": // which also makes the pages that are kept stale
					return s.add(t, in, nthCategory(0))
				case "/expenses/ID":
					page = fmt.Sprint("/expenses/", entries[in])
				case "/categories/ID":
					page = fmt.Sprint("/categories/", ids[in])
				case "/categories/ID?oldest": // those of merged categories, side by side
					page = fmt.Sprint("/categories/", ids[in], "?after=", civil.DateOf(began).AddDays(-1), "_1")
				}
				_, took = s.get(t, in, page)
				return took
			}
			pages := []string{"add", "/", "/expenses?from=oldest", "/expenses/ID", "/categories", "/categories?after=" + nthCategory(50),
				"/categories/ID", "/categories/ID?oldest", "/search", "/search?q=c1", "/search?q=zeppelin", "/budgets",
				"/years/" + time.Now().Format("2006"), "/months/" + time.Now().Format("2006-01")}
			slow := pages
			for attempt := range attempts {
				slow = tooSlow(t, storage, slow, attempt == attempts-1, timed)
			}
			for _, in := range []ledger.ID{few, many} {
				if wrong, err := s.Audit(t.Context(), in, false); err != nil || len(wrong) > 0 {
					t.Errorf("ledger %d: %v, %v", in, wrong[:min(3, len(wrong))], err)
				}
			}
		})
	}
}

// tooSlow times pages in turn and returns those that take longer in the larger ledger than they may. What else the machine does may
// strike one of them for seconds, so that one that is too slow is measured again; only the last time is it an error. Times that are bounded
// by themselves, and not by the smaller ledger's, may be as much longer as work that is always the same took.
func tooSlow(t *testing.T, storage string, pages []string, last bool, timed func(ledger.ID, string) time.Duration) (slow []string) {
	t.Helper()
	const warmUp, rounds, bar, slack, longest = 3, 11, 5, 5 * time.Millisecond, 250 * time.Millisecond
	times := map[string]map[ledger.ID][]time.Duration{}
	var work []time.Duration
	for round := range warmUp + rounds {
		work = append(work, someWork()...)
		for _, in := range []ledger.ID{few, many} {
			timed(in, "add") // and no page is a kept one
		}
		for _, page := range pages {
			for _, in := range []ledger.ID{few, many} {
				took := timed(in, page)
				if times[page] == nil {
					times[page] = map[ledger.ID][]time.Duration{}
				}
				if round >= warmUp {
					times[page][in] = append(times[page][in], took)
				}
			}
		}
	}
	slowdown := slowdownOf(work)
	for _, page := range pages {
		fewer, more := median(times[page][few]), median(times[page][many])
		t.Logf("%-28s %7.2f ms with %d categories, %7.2f ms with %d: %.1f times", page, ms(fewer), fewCategories, ms(more), manyCategories,
			float64(more)/float64(fewer))
		most := min(bar*fewer+slack, scaled(longest, slowdown))
		if walked := walkedFor(storage, page); walked > 0 {
			most = scaled(walked, slowdown)
		}
		if more > most {
			slow = append(slow, page)
			if last {
				t.Errorf("%s takes %s with %d categories and %s with %d, on a machine that others slow down %.1f times", page, fewer,
					fewCategories, more, manyCategories, slowdown)
			}
		}
	}
	return slow
}

// someWork returns how long each of some equal pieces of work took, of about a millisecond.
func someWork() (pieces []time.Duration) {
	content := make([]byte, 1<<19)
	for range 20 {
		began := time.Now()
		sha256.Sum256(content)
		pieces = append(pieces, time.Since(began))
	}
	return pieces
}

// slowdownOf returns how many times longer work took than it does where nothing else runs, as at least one of its pieces did.
func slowdownOf(work []time.Duration) float64 {
	var all time.Duration
	for _, piece := range work {
		all += piece
	}
	return float64(all) / float64(len(work)) / float64(slices.Min(work))
}

func scaled(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
