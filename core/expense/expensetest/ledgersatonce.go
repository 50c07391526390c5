package expensetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/money"
)

// testLedgersAtOnce adds to many ledgers at once, so that adds of several share a commit: with keys that each ledger has, with some
// that come twice, with new categories, and with one that is refused. Each gets its own answer, and no ledger another's.
func testLedgersAtOnce(t *testing.T, b *fixture) {
	const ledgers, adds = 12, 10
	usd := amount(t, "1.00", "USD").Currency()
	var done sync.WaitGroup
	for n := range ledgers {
		in := b.in + 10 + ledger.ID(n)
		done.Go(func() {
			var adding sync.WaitGroup
			for i := range adds {
				e := entryWithKey(t, fmt.Sprint("key-", i), fmt.Sprint("category ", i%3), fmt.Sprint(n+1, ".00"), someDay)
				for range 1 + i%2 { // some twice
					adding.Go(func() {
						receipt, err := b.Add(t.Context(), in, e)
						if err != nil || receipt.Expense.Price != e.Price || receipt.Expense.Category.Name != e.Category {
							t.Errorf("ledger %d, add %d: %+v, %v", in, i, receipt, err)
						}
					})
				}
			}
			adding.Wait()
			reused := entryWithKey(t, "key-1", "other", "7.00", someDay)
			if _, err := b.Add(t.Context(), in, reused); !errors.Is(err, fault.Conflict) {
				t.Errorf("ledger %d: a key that was reused: %v, want Conflict", in, err)
			}
			if n%4 != 0 {
				return
			}
			for try := range 2 { // the second is too much for a total
				e := entryWithKey(t, fmt.Sprint("large-", try), "large", "1.00", someDay)
				e.Price = money.FromMinor(money.MaxMinor, usd)
				_, _ = b.Add(t.Context(), in, e)
			}
		})
	}
	done.Wait()
	for n := range ledgers {
		one := &fixture{Store: b.Store, in: b.in + 10 + ledger.ID(n)}
		listed := one.list(t, expense.ListQuery{Limit: 100})
		own := 0
		for _, e := range listed {
			if e.Price == amount(t, fmt.Sprint(n+1, ".00"), "USD") {
				own++
			}
		}
		if own != adds || n%4 != 0 && len(listed) != adds {
			t.Errorf("ledger %d has %d expenses of its own of %d, want %d", one.in, own, len(listed), adds)
		}
		one.wantSound(t)
	}
}
