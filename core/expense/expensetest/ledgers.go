package expensetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// testManyLedgersAtOnce adds to many ledgers at the same time, with keys that are the same in each of them, so that a storage that lets
// them share a commit has to keep them apart. Each add comes twice, many bring a category that is new, and some keys come back with other
// content.
func testManyLedgersAtOnce(t *testing.T, b *fixture) {
	const ledgers, each = 16, 12
	in := func(n int) *fixture { return &fixture{Store: b.Store, in: ledger.ID(n%ledgers + 1)} }
	var mu sync.Mutex
	stored := map[ledger.ID]map[expense.ID]int{}
	note := func(of *fixture, receipt expense.Receipt) {
		mu.Lock()
		defer mu.Unlock()
		if stored[of.in] == nil {
			stored[of.in] = map[expense.ID]int{}
		}
		stored[of.in][receipt.Expense.ID]++
	}
	var all sync.WaitGroup
	for n := range 2 * ledgers * each {
		all.Go(func() {
			of, key := in(n), n/ledgers%each
			given := entryWithKey(t, fmt.Sprint("k", key), of.category(key), "1.25", someDay)
			receipt, err := of.Add(t.Context(), of.in, given)
			if err != nil || receipt.Expense.Category.Name != given.Category || receipt.Expense.Price != given.Price {
				t.Errorf("add to ledger %d: %+v, %v", of.in, receipt, err)
				return
			}
			note(of, receipt)
		})
	}
	all.Wait()
	for n := range ledgers {
		of := in(n)
		of.wantTotal(t, "15.00 USD (12)")
		of.wantSound(t)
		if len(stored[of.in]) != each {
			t.Errorf("ledger %d told of %d expenses", of.in, len(stored[of.in]))
		}
		for id, told := range stored[of.in] {
			if told != 2 {
				t.Errorf("expense %d of ledger %d was told %d times", id, of.in, told)
			}
			e, err := of.Get(t.Context(), of.in, id)
			if err != nil || !strings.HasPrefix(string(e.Category.Name), fmt.Sprintf("of %d, ", of.in)) {
				t.Errorf("expense %d of ledger %d: %+v, %v", id, of.in, e, err)
			}
		}
	}
	testRepeatsInManyLedgers(t, in, ledgers)
}

// category is one of three that no other ledger has.
func (b *fixture) category(key int) string { return fmt.Sprintf("of %d, %d", b.in, key%3) }

// testRepeatsInManyLedgers sends keys again that are known: with the same content nothing changes, with other content they are refused,
// and both stand in no other add's way.
func testRepeatsInManyLedgers(t *testing.T, in func(n int) *fixture, ledgers int) {
	t.Helper()
	before := make([]ledger.State, ledgers)
	for n := range ledgers {
		before[n] = in(n).state(t)
	}
	var all sync.WaitGroup
	for n := range 4 * ledgers {
		all.Go(func() {
			of := in(n)
			price, wanted := "1.25", error(nil)
			switch int64(of.in) % 4 {
			case 1:
				price, wanted = "9.99", fault.Conflict
			case 2:
				if _, err := of.Add(t.Context(), of.in, entryWithKey(t, fmt.Sprint("new ", n), "new", "2.00", someDay)); err != nil {
					t.Errorf("add to ledger %d: %v", of.in, err)
				}
				return
			}
			receipt, err := of.Add(t.Context(), of.in, entryWithKey(t, "k3", of.category(3), price, someDay))
			if !errors.Is(err, wanted) || err == nil && !receipt.Duplicate {
				t.Errorf("a key of ledger %d again: %+v, %v", of.in, receipt, err)
			}
		})
	}
	all.Wait()
	for n := range ledgers {
		of := in(n)
		added := of.in%4 == 2
		if changed := of.state(t) != before[n]; changed != added {
			t.Errorf("ledger %d: its state changed: %t, and something was added: %t", of.in, changed, added)
		}
		if of.wantSound(t); added {
			of.wantTotal(t, "23.00 USD (16)")
		}
	}
}
