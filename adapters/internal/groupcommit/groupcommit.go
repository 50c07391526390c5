// Package groupcommit lets adds that arrive while a commit is under way share the next one, so that many callers share one
// fsync. There is no timer: an add that finds its ledger idle is committed at once, alone, and by its own caller. Each ledger has
// one batch under way at a time, for batches of one ledger would only wait for each other's totals.
package groupcommit

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// AddAll stores a batch in one transaction, as expense.SpendingStore says, and ends with its context.
type AddAll func(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error)

// Observer is told how adds are batched. Its methods are called from many goroutines and must not wait.
type Observer interface {
	Batch(entries int)       // a batch of that many adds is about to be committed
	Wait(d time.Duration)    // how long one add waited for its batch to start
	QueueChanged(change int) // how many adds more wait now, or fewer
}

// Options bound an Adder.
type Options struct {
	MaxBatch int           // adds in one commit
	MaxQueue int           // adds that wait, over all ledgers; one more is Unavailable
	Timeout  time.Duration // of an add's wait for its outcome, and of a batch
	Observer Observer      // nil for none
}

// Adder gathers adds into batches.
type Adder struct {
	addAll  AddAll
	options Options

	mu      sync.Mutex
	waiting map[ledger.ID][]*add // a ledger is in it while its batches are being committed
	queued  int
	closed  bool
	running sync.WaitGroup
}

// add is one caller's entry on its way.
type add struct {
	ctx   context.Context //nolint:containedctx // the caller's, to leave out those who gave up before their batch started
	entry expense.Entry
	since time.Time
	done  chan expense.AddResult // has room for the one result, so that nobody waits for a caller who gave up
}

// New returns an Adder that commits through addAll. Close it before the storage.
func New(addAll AddAll, options Options) *Adder {
	if options.Observer == nil {
		options.Observer = nobody{}
	}
	return &Adder{addAll: addAll, options: options, waiting: make(map[ledger.ID][]*add)}
}

// Add stores one entry with whoever else is waiting and returns its own outcome. A caller who waits for another's commit and whose
// context or time ends first gets an Unavailable fault and does not know the outcome; the batch goes on. One who finds the ledger
// idle waits for its own commit, which has the same time.
func (a *Adder) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	mine := &add{ctx: ctx, entry: entry, since: time.Now(), done: make(chan expense.AddResult, 1)}
	first, err := a.enqueue(in, mine)
	if err != nil {
		return expense.Receipt{}, err
	}
	if first {
		a.commitFirst(in) //nolint:contextcheck // a batch outlives each of its callers
		result := <-mine.done
		return result.Receipt, result.Err
	}
	return a.await(ctx, mine)
}

func (a *Adder) await(ctx context.Context, mine *add) (expense.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	select {
	case result := <-mine.done:
		return result.Receipt, result.Err
	case <-ctx.Done():
		return expense.Receipt{}, fault.Wrap(fault.Unavailable, "groupcommit.Add", context.Cause(ctx))
	}
}

// Close refuses further adds and waits until all that were taken have their outcome.
func (a *Adder) Close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.running.Wait()
}

// enqueue makes an add wait, or reports that its ledger is idle, so that its caller has to commit.
func (a *Adder) enqueue(in ledger.ID, mine *add) (first bool, err error) {
	const op = "groupcommit.Add"
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return false, fault.New(fault.Unavailable, op, "the program is shutting down")
	case a.queued >= a.options.MaxQueue:
		return false, &fault.Error{
			Kind: fault.Unavailable, Op: op, Message: fault.Say("too many expenses are being added at once"), RetryAfter: time.Second,
		}
	}
	others, underWay := a.waiting[in]
	a.waiting[in] = append(others, mine)
	a.queued++
	a.options.Observer.QueueChanged(+1)
	if !underWay {
		a.running.Add(1)
	}
	return !underWay, nil
}

// commitFirst commits the batch of an idle ledger, in the goroutine of the caller whose add is in it: to hand a single add to another
// goroutine and back takes longer than much of the rest. For those who came meanwhile it starts one.
func (a *Adder) commitFirst(in ledger.ID) {
	a.commit(in, a.next(in))
	batch := a.next(in)
	if batch == nil {
		a.running.Done()
		return
	}
	go func() {
		defer a.running.Done()
		for ; batch != nil; batch = a.next(in) {
			a.commit(in, batch)
		}
	}()
}

// next takes the adds that wait, at most MaxBatch, or says with nil that the ledger is idle.
func (a *Adder) next(in ledger.ID) []*add {
	a.mu.Lock()
	defer a.mu.Unlock()
	waiting := a.waiting[in]
	if len(waiting) == 0 {
		delete(a.waiting, in)
		return nil
	}
	batch := waiting[:min(len(waiting), a.options.MaxBatch)]
	a.waiting[in] = waiting[len(batch):]
	a.queued -= len(batch)
	a.options.Observer.QueueChanged(-len(batch))
	return batch
}

func (a *Adder) commit(in ledger.ID, batch []*add) {
	started := time.Now()
	entries := make([]expense.Entry, 0, len(batch))
	wanted := batch[:0]
	for _, one := range batch {
		if err := one.ctx.Err(); err != nil {
			one.done <- expense.AddResult{Err: fault.Wrap(fault.Unavailable, "groupcommit.Add", err)}
			continue
		}
		a.options.Observer.Wait(started.Sub(one.since))
		wanted = append(wanted, one)
		entries = append(entries, one.entry)
	}
	if len(wanted) == 0 {
		return
	}
	for i, result := range a.store(in, entries) {
		wanted[i].done <- result
	}
}

// store commits the entries together, within the time of one add. If the storage refuses them as a whole, each is tried alone, so
// that only what is at fault fails. As soon as the storage is gone, that is the outcome of all that are left.
func (a *Adder) store(in ledger.ID, entries []expense.Entry) []expense.AddResult {
	ctx, cancel := context.WithTimeout(context.Background(), a.options.Timeout)
	defer cancel()
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

// try commits the entries once, and turns a panic of the storage into an error, for the callers of a batch have to be told, and no
// server would recover it here.
func (a *Adder) try(ctx context.Context, in ledger.ID, entries []expense.Entry) (results []expense.AddResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("groupcommit: panic: %v\n%s", p, debug.Stack())
		}
	}()
	a.options.Observer.Batch(len(entries))
	results, err = a.addAll(ctx, in, entries)
	if err == nil && len(results) != len(entries) {
		err = fmt.Errorf("groupcommit: %d results for %d entries", len(results), len(entries))
	}
	return results, err
}

type nobody struct{}

func (nobody) Batch(int)          {}
func (nobody) Wait(time.Duration) {}
func (nobody) QueueChanged(int)   {}
