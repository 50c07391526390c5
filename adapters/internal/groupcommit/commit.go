package groupcommit

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"expense-tracker/adapters/internal/recovery"
	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// commit gives the adds of a batch their outcomes, within the time of one add, and returns the shares that are over. What could not go
// with the others has a lane of its own by then.
func (a *Adder) commit(batch []share) (over []share) {
	begun := a.options.Observer.Begin(context.Background())
	wanted := make([]share, 0, len(batch))
	parts := make([]Part, 0, len(batch))
	for _, one := range batch {
		over = append(over, share{in: one.in})
		still, entries := a.stillWanted(begun, one.adds)
		if len(still) > 0 {
			wanted = append(wanted, share{one.in, still})
			parts = append(parts, Part{one.in, entries})
		}
	}
	if len(parts) == 0 {
		a.options.Observer.End(begun, 0)
		return over
	}
	ctx, cancel := context.WithTimeout(begun, a.options.Timeout)
	defer cancel()
	if len(parts) == 1 {
		results := a.store(ctx, parts[0].In, parts[0].Entries)
		a.options.Observer.End(begun, failed(results))
		tell(wanted[0], results)
		return over
	}
	all := a.storeAcross(ctx, parts)
	a.options.Observer.End(begun, failed(all...))
	for i, results := range all {
		if results != nil {
			tell(wanted[i], results)
			continue
		}
		over = slices.DeleteFunc(over, func(one share) bool { return one.in == wanted[i].in })
		a.running.Add(1)
		go a.runAside(wanted[i])
	}
	return over
}

// stillWanted leaves those out who gave up before their batch started.
func (a *Adder) stillWanted(batch context.Context, adds []*add) (wanted []*add, entries []expense.Entry) {
	wanted = adds[:0]
	entries = make([]expense.Entry, 0, len(adds))
	for _, one := range adds {
		if err := one.ctx.Err(); err != nil {
			one.done <- expense.AddResult{Err: fault.Wrap(fault.Unavailable, "groupcommit.Add", err)}
			continue
		}
		a.options.Observer.Waited(batch, one.ctx, one.since)
		wanted = append(wanted, one)
		entries = append(entries, one.entry)
	}
	return wanted, entries
}

// failed counts the errors among outcomes. Those of a part that was left undone are none.
func failed(parts ...[]expense.AddResult) (n int) {
	for _, results := range parts {
		for _, result := range results {
			if result.Err != nil {
				n++
			}
		}
	}
	return n
}

func tell(whom share, results []expense.AddResult) {
	for i, result := range results {
		whom.adds[i].done <- result
	}
}

// storeAcross commits the parts together. If the storage refuses them as a whole, each is stored by itself. The
// outcomes of a part are nil if it has to wait for something that the others need not wait for.
func (a *Adder) storeAcross(ctx context.Context, parts []Part) [][]expense.AddResult {
	results, err := a.tryAcross(ctx, parts)
	if err == nil {
		return results
	}
	results = make([][]expense.AddResult, len(parts))
	for i, part := range parts {
		if errors.Is(err, fault.Unavailable) {
			results[i] = refused(len(part.Entries), err)
			continue
		}
		results[i] = a.store(ctx, part.In, part.Entries)
		if last := results[i][len(results[i])-1].Err; errors.Is(last, fault.Unavailable) {
			err = last
		}
	}
	return results
}

func refused(n int, err error) []expense.AddResult {
	results := make([]expense.AddResult, n)
	for i := range results {
		results[i].Err = err
	}
	return results
}

func (a *Adder) tryAcross(ctx context.Context, parts []Part) (results [][]expense.AddResult, err error) {
	defer recovery.Into(&err, "groupcommit")
	entries := 0
	for _, part := range parts {
		entries += len(part.Entries)
	}
	a.options.Observer.Commit(ctx, entries)
	results, err = a.addAcross(ctx, parts)
	if err == nil && len(results) != len(parts) {
		err = fmt.Errorf("groupcommit: outcomes of %d parts for %d", len(results), len(parts))
	}
	for i := range results {
		if err == nil && results[i] != nil && len(results[i]) != len(parts[i].Entries) {
			err = fmt.Errorf("groupcommit: %d results for %d entries", len(results[i]), len(parts[i].Entries))
		}
	}
	return results, err
}

// store commits the entries together. If the storage refuses them as a whole, each is tried alone, so
// that only what is at fault fails. As soon as the storage is gone, that is the outcome of all that are left.
func (a *Adder) store(ctx context.Context, in ledger.ID, entries []expense.Entry) []expense.AddResult {
	results, err := a.try(ctx, in, entries)
	if err == nil {
		return results
	}
	results = make([]expense.AddResult, len(entries))
	for i := range entries {
		if len(entries) == 1 || errors.Is(err, fault.Unavailable) {
			results[i].Err = err
			continue
		}
		results[i] = a.storeAlone(ctx, in, entries[i])
		if errors.Is(results[i].Err, fault.Unavailable) {
			err = results[i].Err
		}
	}
	return results
}

func (a *Adder) storeAlone(ctx context.Context, in ledger.ID, entry expense.Entry) expense.AddResult {
	if err := ctx.Err(); err != nil {
		return expense.AddResult{Err: fault.Wrap(fault.Unavailable, "groupcommit.Add", err)}
	}
	results, err := a.try(ctx, in, []expense.Entry{entry})
	if err != nil {
		return expense.AddResult{Err: err}
	}
	return results[0]
}

// try commits the entries once.
func (a *Adder) try(ctx context.Context, in ledger.ID, entries []expense.Entry) (results []expense.AddResult, err error) {
	defer recovery.Into(&err, "groupcommit")
	a.options.Observer.Commit(ctx, len(entries))
	results, err = a.addAll(ctx, in, entries)
	if err == nil && len(results) != len(entries) {
		err = fmt.Errorf("groupcommit: %d results for %d entries", len(results), len(entries))
	}
	return results, err
}
