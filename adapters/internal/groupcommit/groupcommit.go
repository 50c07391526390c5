// Package groupcommit lets adds that arrive while a commit is under way share the next one, so that many callers share one
// fsync. There is no timer: an add that finds its ledger and the storage idle is committed at once, alone, and by its own caller. Each
// ledger has one batch under way at a time, for batches of one ledger would only wait for each other's totals. A batch may span ledgers,
// so that a thousand that add at once do not take a thousand commits.
package groupcommit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// AddAll stores a batch in one transaction, as expense.SpendingStore says, and ends with its context.
type AddAll func(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error)

// Group is what one ledger adds in a batch.
type Group struct {
	In      ledger.ID
	Entries []expense.Entry
}

// AddSeveral stores the groups of several ledgers, ordered by them, in one transaction. A group whose results are nil was not stored: it
// needs AddAll, as all do after an error that is not Unavailable. It waits for no ledger that somebody holds.
type AddSeveral func(ctx context.Context, groups []Group) ([][]expense.AddResult, error)

// Observer is told how adds are batched. Its methods are called from many goroutines and must not wait.
type Observer interface {
	Batch(entries int)       // a batch of that many adds is about to be committed
	Wait(d time.Duration)    // how long one add waited for its batch to start
	QueueChanged(change int) // how many adds more wait now, or fewer
}

// Options bound an Adder.
type Options struct {
	MaxBatch int           // adds in one commit
	Several  AddSeveral    // nil where a batch has one ledger
	AtOnce   int           // batches under way, where they may span ledgers; 0 for 1
	MaxQueue int           // adds that wait, over all ledgers; one more is Unavailable
	Timeout  time.Duration // of an add's wait for its outcome, and of a batch
	Observer Observer      // nil for none
}

// maxLedgers bounds how many ledgers wait for each other's commit.
const maxLedgers = 200

// Adder gathers adds into batches.
type Adder struct {
	addAll  AddAll
	options Options

	mu       sync.Mutex
	waiting  map[ledger.ID][]*add
	ready    []ledger.ID        // that have waiting adds and no batch under way, in the order in which they came
	underWay map[ledger.ID]bool // ledgers whose batch is being committed
	batches  int                // under way
	queued   int
	closed   bool
	running  sync.WaitGroup
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
	if options.Several == nil {
		options.AtOnce = math.MaxInt
	}
	options.AtOnce = max(1, options.AtOnce)
	return &Adder{addAll: addAll, options: options, waiting: make(map[ledger.ID][]*add), underWay: make(map[ledger.ID]bool)}
}

// Add stores one entry with whoever else is waiting and returns its own outcome. A caller who waits for another's commit and whose
// context or time ends first gets an Unavailable fault and does not know the outcome; the batch goes on. One who finds the ledger
// idle waits for its own commit, which has the same time.
func (a *Adder) Add(ctx context.Context, in ledger.ID, entry expense.Entry) (expense.Receipt, error) {
	mine := &add{ctx: ctx, entry: entry, since: time.Now(), done: make(chan expense.AddResult, 1)}
	batch, err := a.enqueue(in, mine)
	if err != nil {
		return expense.Receipt{}, err
	}
	if batch != nil {
		a.commitFirst(batch) //nolint:contextcheck // a batch outlives each of its callers
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

// enqueue makes an add wait, or returns the batch that its caller has to commit, where its ledger and the storage are idle.
func (a *Adder) enqueue(in ledger.ID, mine *add) (first []part, err error) {
	const op = "groupcommit.Add"
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.closed:
		return nil, fault.New(fault.Unavailable, op, "the program is shutting down")
	case a.queued >= a.options.MaxQueue:
		return nil, &fault.Error{
			Kind: fault.Unavailable, Op: op, Message: fault.Say("too many expenses are being added at once"), RetryAfter: time.Second,
		}
	}
	if len(a.waiting[in]) == 0 && !a.underWay[in] {
		a.ready = append(a.ready, in)
	}
	a.waiting[in] = append(a.waiting[in], mine)
	a.queued++
	a.options.Observer.QueueChanged(+1)
	return a.begin(), nil
}

// part is what a ledger has in a batch.
type part struct {
	in   ledger.ID
	adds []*add
}

// begin returns the next batch if there is one and it may be committed now. It is called with the lock.
func (a *Adder) begin() []part {
	if len(a.ready) == 0 || a.batches >= a.options.AtOnce {
		return nil
	}
	ledgers := 1
	if a.options.Several != nil {
		ledgers = maxLedgers
	}
	var batch []part
	room := a.options.MaxBatch
	for room > 0 && len(a.ready) > 0 && len(batch) < ledgers {
		in := a.ready[0]
		a.ready = a.ready[1:]
		adds := a.waiting[in]
		taken := adds[:min(len(adds), room)]
		if a.waiting[in] = adds[len(taken):]; len(a.waiting[in]) == 0 {
			delete(a.waiting, in)
		}
		a.underWay[in] = true
		batch = append(batch, part{in, taken})
		room -= len(taken)
	}
	slices.SortFunc(batch, func(p, other part) int { return cmp.Compare(p.in, other.in) })
	taken := a.options.MaxBatch - room
	a.queued -= taken
	a.options.Observer.QueueChanged(-taken)
	a.batches++
	a.running.Add(1)
	return batch
}

// end says that ledgers have no batch under way any more.
func (a *Adder) end(ledgers ...ledger.ID) {
	for _, in := range ledgers {
		delete(a.underWay, in)
		if len(a.waiting[in]) > 0 {
			a.ready = append(a.ready, in)
		}
	}
}

// commitFirst commits the batch of an idle ledger, in the goroutine of the caller whose add is in it: to hand a single add to another
// goroutine and back takes longer than much of the rest. For those who came meanwhile it starts one.
func (a *Adder) commitFirst(batch []part) {
	if next := a.commit(batch); next != nil {
		go a.commitAll(next)
	}
}

func (a *Adder) commitAll(batch []part) {
	for batch != nil {
		batch = a.commit(batch)
	}
}

// commit commits a batch and returns the next.
func (a *Adder) commit(batch []part) (next []part) {
	defer a.running.Done()
	done := a.outcome(batch)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.end(done...)
	a.batches--
	return a.begin()
}

// alone commits what one ledger has, beside other batches: it may have to wait for somebody who holds the ledger.
func (a *Adder) alone(one part, entries []expense.Entry) {
	defer a.running.Done()
	one.answer(a.store(one.in, entries))
	a.mu.Lock()
	a.end(one.in)
	next := a.begin()
	a.mu.Unlock()
	a.commitAll(next)
}

// outcome gives the adds of a batch their outcomes, or has those of some ledgers committed alone. It returns the others.
func (a *Adder) outcome(batch []part) (done []ledger.ID) {
	started := time.Now()
	groups := make([]Group, 0, len(batch))
	wanted := batch[:0]
	for _, one := range batch {
		if group := a.group(&one, started); len(group.Entries) > 0 {
			wanted, groups = append(wanted, one), append(groups, group)
		} else {
			done = append(done, one.in)
		}
	}
	if len(groups) == 1 {
		wanted[0].answer(a.store(wanted[0].in, groups[0].Entries))
		return append(done, wanted[0].in)
	}
	if len(groups) == 0 {
		return done
	}
	results, err := a.trySeveral(groups)
	for i, one := range wanted {
		switch {
		case errors.Is(err, fault.Unavailable):
			one.answer(slices.Repeat([]expense.AddResult{{Err: err}}, len(one.adds)))
		case err != nil || results[i] == nil:
			a.running.Add(1)
			go a.alone(one, groups[i].Entries)
			continue
		default:
			one.answer(results[i])
		}
		done = append(done, one.in)
	}
	return done
}

// group returns what a part adds, without those who gave up before.
func (a *Adder) group(of *part, started time.Time) Group {
	group := Group{In: of.in, Entries: make([]expense.Entry, 0, len(of.adds))}
	wanted := of.adds[:0]
	for _, one := range of.adds {
		if err := one.ctx.Err(); err != nil {
			one.done <- expense.AddResult{Err: fault.Wrap(fault.Unavailable, "groupcommit.Add", err)}
			continue
		}
		a.options.Observer.Wait(started.Sub(one.since))
		wanted = append(wanted, one)
		group.Entries = append(group.Entries, one.entry)
	}
	of.adds = wanted
	return group
}

func (p part) answer(results []expense.AddResult) {
	for i, result := range results {
		p.adds[i].done <- result
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

// trySeveral is try for the groups of several ledgers.
func (a *Adder) trySeveral(groups []Group) (results [][]expense.AddResult, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), a.options.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("groupcommit: panic: %v\n%s", p, debug.Stack())
		}
	}()
	entries := 0
	for _, group := range groups {
		entries += len(group.Entries)
	}
	a.options.Observer.Batch(entries)
	results, err = a.options.Several(ctx, groups)
	if err == nil && len(results) != len(groups) {
		err = fmt.Errorf("groupcommit: results of %d ledgers for %d", len(results), len(groups))
	}
	return results, err
}

type nobody struct{}

func (nobody) Batch(int)          {}
func (nobody) Wait(time.Duration) {}
func (nobody) QueueChanged(int)   {}
