// Package groupcommit lets adds that arrive while a commit is under way share the next one, so that many callers share one
// fsync. An add that finds its ledger idle, and a lane free, is committed at once, alone, and by its own caller. Each ledger has one batch
// under way at a time, for batches of one ledger would only wait for each other's totals. There are few lanes, and what waits for one
// shares a batch, whosever it is. Under load a lane waits a moment for those whom its last batch has answered, since they are about to
// come again.
package groupcommit

import (
	"context"
	"sync"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// AddAll stores a batch in one transaction, as expense.SpendingStore says, and ends with its context.
type AddAll func(ctx context.Context, in ledger.ID, entries []expense.Entry) ([]expense.AddResult, error)

// Part is what a batch holds for one ledger.
type Part struct {
	In      ledger.ID
	Entries []expense.Entry
}

// AddAcross stores parts, each of another ledger, in one transaction, and ends with its context. The outcomes of a part are as those of
// AddAll, or nil for a part with which nothing was done: that is then stored by itself.
type AddAcross func(ctx context.Context, parts []Part) ([][]expense.AddResult, error)

// Observer is told how adds are batched. Its methods are called from many goroutines and must not wait.
type Observer interface {
	QueueChanged(change int)                     // how many adds more wait now, or fewer
	GaveUp(add context.Context, since time.Time) // an add's caller goes without an outcome; perhaps it waits in no batch yet

	Begin(ctx context.Context) context.Context          // a batch begins; what is returned is known by, and handed to the storage
	Waited(batch, add context.Context, since time.Time) // an add is in the batch; its caller's context, and since when it waited
	Commit(batch context.Context, entries int)          // that many adds are about to be committed, perhaps not for the first time
	End(batch context.Context, failed int)              // all have their outcomes, of which so many are errors; nobody was told yet
}

// Options bound an Adder.
type Options struct {
	MaxBatch int           // adds in one commit
	MaxQueue int           // adds that wait, over all ledgers; one more is Unavailable
	Timeout  time.Duration // of an add's wait for its outcome, and of a batch
	Observer Observer      // nil for none
	Lanes    int           // batches under way at a time, but for those that AddAcross leaves undone
}

// Adder gathers adds into batches.
type Adder struct {
	addAll    AddAll
	addAcross AddAcross
	options   Options

	mu      sync.Mutex
	waiting map[ledger.ID][]*add
	busy    map[ledger.ID]struct{} // ledgers with a batch under way
	ready   []ledger.ID            // others for which adds wait, the longest waiting first
	lanes   int                    // under way, but for those of what was left undone
	queued  int
	gather  *gathering // nil unless a lane waits for its next batch
	closed  bool
	running sync.WaitGroup
}

// share is the adds of one ledger in a batch.
type share struct {
	in   ledger.ID
	adds []*add
}

// add is one caller's entry on its way.
type add struct {
	ctx   context.Context //nolint:containedctx // the caller's, to leave out those who gave up before their batch started
	entry expense.Entry
	since time.Time
	done  chan expense.AddResult // has room for the one result, so that nobody waits for a caller who gave up
}

// New returns an Adder that commits batches of one ledger through addAll, and those of several through addAcross. Close it before the
// storage.
func New(addAll AddAll, addAcross AddAcross, options Options) *Adder {
	if options.Observer == nil {
		options.Observer = nobody{}
	}
	return &Adder{
		addAll: addAll, addAcross: addAcross, options: options,
		waiting: make(map[ledger.ID][]*add), busy: make(map[ledger.ID]struct{}),
	}
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
		a.commitFirst(share{in, []*add{mine}})
		result := <-mine.done
		return result.Receipt, result.Err
	}
	return a.outcome(ctx, mine)
}

func (a *Adder) outcome(ctx context.Context, mine *add) (expense.Receipt, error) {
	bounded, cancel := context.WithTimeout(ctx, a.options.Timeout)
	defer cancel()
	select {
	case result := <-mine.done:
		return result.Receipt, result.Err
	case <-bounded.Done():
		a.options.Observer.GaveUp(ctx, mine.since)
		return expense.Receipt{}, fault.Wrap(fault.Unavailable, "groupcommit.Add", context.Cause(bounded))
	}
}

// Close refuses further adds and waits until all that were taken have their outcome.
func (a *Adder) Close() {
	a.mu.Lock()
	a.closed = true
	a.mu.Unlock()
	a.running.Wait()
}

// enqueue makes an add wait, or reports that nothing stands in its way, so that its caller has to commit.
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
	_, underWay := a.busy[in]
	if !underWay && a.gather == nil && a.lanes < a.options.Lanes {
		a.busy[in] = struct{}{}
		a.lanes++
		a.running.Add(1)
		return true, nil
	}
	if !underWay && len(a.waiting[in]) == 0 {
		a.ready = append(a.ready, in)
	}
	a.waiting[in] = append(a.waiting[in], mine)
	a.queued++
	a.gather.came(a.queued)
	a.options.Observer.QueueChanged(+1)
	return false, nil
}

// commitFirst commits the add of an idle ledger, in the goroutine of its caller: to hand a single add to another goroutine and back takes
// longer than much of the rest. For those who came meanwhile it starts one.
func (a *Adder) commitFirst(first share) {
	batch := a.pass([]share{first})
	if batch == nil {
		a.running.Done()
		return
	}
	go a.run(batch)
}

// run commits batches until none waits.
func (a *Adder) run(batch []share) {
	defer a.running.Done()
	for batch != nil {
		batch = a.pass(batch)
	}
}

// patience is how long a batch may keep its lane. What takes longer waits for a ledger that somebody holds, or for a slow disk.
const patience = 250 * time.Millisecond

// pass commits a batch and returns the next one of the lane. A batch that takes long hands its lane to others who wait.
func (a *Adder) pass(batch []share) (next []share) {
	begun, size := time.Now(), sizeOf(batch)
	a.running.Add(1)
	handing := time.AfterFunc(patience, func() {
		a.mu.Lock()
		others := a.take()
		a.mu.Unlock()
		if others == nil {
			a.running.Done()
			return
		}
		a.run(others)
	})
	over := a.commit(batch)
	if !handing.Stop() {
		return a.join(over)
	}
	a.running.Done()
	return a.next(over, size, time.Since(begun))
}

// next makes ledgers idle whose batch of so many adds is over. It takes the adds that wait, at most MaxBatch, or gives the lane back and
// returns nil.
func (a *Adder) next(over []share, size int, took time.Duration) (batch []share) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gather != nil { // that lane takes what waits
		a.settle(over)
		a.lanes--
		return nil
	}
	a.gatherMost(size, took)
	a.settle(over)
	return a.take()
}

// runAside commits what was left undone. Then it goes on as a lane if there is room for one: so what has to wait takes none from others,
// and there are never more for it afterwards.
func (a *Adder) runAside(left share) {
	batch := a.join(a.commit([]share{left}))
	if batch == nil {
		a.running.Done()
		return
	}
	a.run(batch)
}

// join is next for who has no lane yet.
func (a *Adder) join(over []share) (batch []share) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.settle(over)
	if a.lanes >= a.options.Lanes {
		return nil
	}
	a.lanes++
	return a.take()
}

// settle makes ledgers idle whose batch is over. The caller holds the lock, as that of take does.
func (a *Adder) settle(over []share) {
	for _, one := range over {
		delete(a.busy, one.in)
		if len(a.waiting[one.in]) > 0 {
			a.ready = append(a.ready, one.in)
		}
	}
}

// take takes the adds that wait, at most MaxBatch, or gives the lane back and returns nil.
func (a *Adder) take() (batch []share) {
	taken := 0
	for len(a.ready) > 0 && taken < a.options.MaxBatch {
		in := a.ready[0]
		a.ready = a.ready[1:]
		adds := a.waiting[in]
		n := min(len(adds), a.options.MaxBatch-taken)
		if a.waiting[in] = adds[n:]; n == len(adds) {
			delete(a.waiting, in)
		}
		a.busy[in] = struct{}{}
		batch = append(batch, share{in, adds[:n]})
		taken += n
	}
	a.queued -= taken
	if taken > 0 {
		a.options.Observer.QueueChanged(-taken)
		return batch
	}
	a.lanes--
	return nil
}

type nobody struct{}

func (nobody) QueueChanged(int)                                   {}
func (nobody) GaveUp(context.Context, time.Time)                  {}
func (nobody) Begin(ctx context.Context) context.Context          { return ctx }
func (nobody) Waited(context.Context, context.Context, time.Time) {}
func (nobody) Commit(context.Context, int)                        {}
func (nobody) End(context.Context, int)                           {}
