package bounds_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/tests/rig/programtest"
)

// The ledgers of the user who must not be starved, and of those who read what takes long.
const (
	quiet    = ledger.ID(1)
	hammered = ledger.ID(2)
	hammers  = 16                     // readers of the latter
	slowRead = 300 * time.Millisecond // that a page of the latter takes at least
)

// slowDown lets a page of one ledger take long, and no page of another: its storage sleeps for each row of a category where it can, else it
// counts. How far it has to count, the page itself shows.
func (s ledgerSite) slowDown(t *testing.T, storage, page string) {
	t.Helper()
	programtest.Execute(t, storage, "ALTER TABLE category RENAME TO category_stored")
	const view = "CREATE VIEW category AS SELECT * FROM category_stored WHERE ledger_id <> %d OR %s"
	if !strings.HasPrefix(storage, "sqlite:") {
		slow := fmt.Sprintf("(SELECT true FROM pg_sleep(%f + 0 * ledger_id))", slowRead.Seconds())
		programtest.Execute(t, storage, fmt.Sprintf(view, hammered, slow))
		return
	}
	const counting = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d + ledger_id) SELECT max(i) FROM n) > 0"
	for far := 50_000; ; far *= 2 {
		programtest.Execute(t, storage, fmt.Sprintf(view, hammered, fmt.Sprintf(counting, far)))
		times := make([]time.Duration, 3)
		for i := range times {
			_, times[i] = s.get(t, hammered, page)
		}
		if slices.Min(times) >= slowRead { // the machine may have been busy with something else during the others
			return
		}
		programtest.Execute(t, storage, "DROP VIEW category")
	}
}

// Sixteen readers of one ledger, whose page takes the storage long, leave the reader of another ledger a connection. That one is compared
// with itself alone, before and after, and with those sixteen at the same time, since the machine may be busy with something else.
func TestSlowReadsOfOneLedgerDoNotStarveAnother(t *testing.T) {
	for _, k := range programtest.DurableStorages() { // one after another: they are timed
		t.Run(k.Name, func(t *testing.T) {
			storage := k.Make(t)
			s := openLedgers(t, storage)
			categories, pages := map[ledger.ID]string{}, map[ledger.ID]string{}
			for _, in := range []ledger.ID{quiet, hammered} {
				s.add(t, in, "food")
				newest, err := s.List(t.Context(), in, expense.ListQuery{Limit: 1})
				if err != nil {
					t.Fatal(err)
				}
				categories[in] = fmt.Sprint("/categories/", newest[0].Category.ID)
				pages[in] = fmt.Sprint("/expenses/", newest[0].ID) // is not kept
			}
			s.slowDown(t, storage, pages[hammered])

			alone := s.readFor(t, quiet, categories[quiet], time.Second)
			stop, answered := s.hammer(t, hammered, pages[hammered], hammers)
			began := time.Now()
			beside := s.readFor(t, quiet, categories[quiet], 4*time.Second)
			took := time.Since(began)
			slow := min(took, hammers*took/time.Duration(max(1, answered()))) // what each of those has waited, or more
			stop()
			alone = append(alone, s.readFor(t, quiet, categories[quiet], time.Second)...)
			t.Logf("%.1f ms alone, at most %.1f ms, of %d; beside slow readers %.1f ms, at most %.1f ms, of %d; these waited %.1f ms",
				ms(median(alone)), ms(slices.Max(alone)), len(alone), ms(median(beside)), ms(slices.Max(beside)), len(beside), ms(slow))
			if most := 5*median(alone) + 20*time.Millisecond; median(beside) > most {
				t.Errorf("the median beside slow readers is %s, want at most %s", median(beside), most)
			}
			if worst, most := slices.Max(beside), max(slow/2, 2*slices.Max(alone)); worst > most {
				t.Errorf("a reader waited %s for slow reads of another ledger, want at most %s", worst, most)
			}
		})
	}
}

// readFor reads all that a user looks at, again and again. It returns how long each answer took.
func (s ledgerSite) readFor(t *testing.T, in ledger.ID, category string, long time.Duration) (times []time.Duration) {
	t.Helper()
	for began := time.Now(); time.Since(began) < long; time.Sleep(5 * time.Millisecond) { // a user is no hammer
		for _, path := range []string{"/", "/categories", category} {
			_, took := s.get(t, in, path)
			times = append(times, took)
		}
		asked := time.Now()
		_, err := s.Overview(t.Context(), in, expense.OverviewQuery{
			Month: civil.DateOf(asked).MonthOf(), Newest: 50, Months: 12, Categories: 12, Suggestions: 200, Currency: "USD", Currencies: 6,
		})
		if err != nil {
			t.Errorf("overview: %v", err)
		}
		times = append(times, time.Since(asked))
	}
	return times
}

// hammer lets readers ask for a page until stop is called, which waits for them. No answer may be other than 200 before.
func (s ledgerSite) hammer(t *testing.T, in ledger.ID, path string, readers int) (stop func(), answered func() int64) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	var answers atomic.Int64
	for range readers {
		running.Go(func() {
			for ctx.Err() == nil {
				request := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
				request.Header.Set(ledgerHeader, fmt.Sprint(int64(in)))
				answer := httptest.NewRecorder()
				s.site.ServeHTTP(answer, request)
				if ctx.Err() != nil {
					return
				}
				answers.Add(1)
				if answer.Code != http.StatusOK && answer.Code != http.StatusServiceUnavailable {
					t.Errorf("GET %s of ledger %d: %d", path, in, answer.Code)
				}
			}
		})
	}
	return func() { cancel(); running.Wait() }, answers.Load
}
