package bounds_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
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
	slowRead = 300 * time.Millisecond // of a category of the latter; so long its connection is taken
	bearable = 600 * time.Millisecond // for the former, on a machine that does much else; without a bound it is seconds
)

// slowDown lets the storage take long for each row of a category of the one ledger, and for nothing else: by sleeping where the
// database can, else by counting, for a third
// of the time, since the readers share the processors.
func slowDown(t *testing.T, storage string) {
	t.Helper()
	const counting = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d + %s) SELECT max(i) FROM n) > 0"
	slow := fmt.Sprintf("(SELECT true FROM pg_sleep(%f + 0 * ledger_id))", slowRead.Seconds())
	if strings.HasPrefix(storage, "sqlite:") {
		const trial = 200_000
		began := time.Now()
		programtest.Ask[bool](t, storage, "SELECT "+fmt.Sprintf(counting, trial, "0"))
		slow = fmt.Sprintf(counting, int64(trial*slowRead/3/time.Since(began)), "ledger_id")
	}
	programtest.Execute(t, storage, "ALTER TABLE category RENAME TO category_stored")
	programtest.Execute(t, storage, fmt.Sprintf("CREATE VIEW category AS SELECT * FROM category_stored WHERE ledger_id <> %d OR %s", hammered, slow))
}

// Sixteen readers of one ledger, whose page takes the storage long, leave the reader of another ledger a connection.
func TestSlowReadsOfOneLedgerDoNotStarveAnother(t *testing.T) {
	for _, k := range programtest.DurableStorages() { // one after another: they are timed
		t.Run(k.Name, func(t *testing.T) {
			storage := k.Make(t)
			s := openLedgers(t, storage)
			categories := map[ledger.ID]string{}
			for _, in := range []ledger.ID{quiet, hammered} {
				s.add(t, in, "food")
				newest, err := s.List(t.Context(), in, expense.ListQuery{Limit: 1})
				if err != nil {
					t.Fatal(err)
				}
				categories[in] = fmt.Sprint("/categories/", newest[0].Category.ID)
			}
			slowDown(t, storage)
			if _, took := s.get(t, hammered, categories[hammered]); took < slowRead/2 {
				t.Fatalf("the slow page took %s", took)
			}

			alone := s.readFor(t, quiet, categories[quiet], 1200*time.Millisecond)
			stop, answered := s.hammer(t, hammered, categories[hammered], 16)
			beside := s.readFor(t, quiet, categories[quiet], 4*time.Second)
			stop()
			t.Logf("%.1f ms alone, at most %.1f ms, of %d; beside sixteen slow readers %.1f ms, at most %.1f ms, of %d; these had %d answers",
				ms(median(alone)), ms(alone[len(alone)-1]), len(alone), ms(median(beside)), ms(beside[len(beside)-1]), len(beside), answered())
			if most := 5*median(alone) + 20*time.Millisecond; median(beside) > most {
				t.Errorf("the median beside slow readers is %s, want at most %s", median(beside), most)
			}
			if worst := beside[len(beside)-1]; worst >= bearable {
				t.Errorf("a reader waited %s for slow reads of another ledger", worst)
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
