package keptpage

import (
	"context"
	"errors"
	"sync"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// States says in which state a ledger is now.
type States interface {
	State(ctx context.Context, actor ledger.Actor) (ledger.State, error)
}

// seen is the state of a ledger that was read since a request came.
type seen struct {
	in    ledger.ID
	state ledger.State
}

type seenKey struct{}

// WithState returns the context of a request since whose coming a ledger's state was read: its pages need not ask for that again. It is
// not for a request that changes the ledger.
func WithState(ctx context.Context, in ledger.ID, state ledger.State) context.Context {
	return context.WithValue(ctx, seenKey{}, seen{in, state})
}

// latestStates asks for ledgers' states on behalf of many readers at once. A reader who finds no query under way asks at once.
// A reader who finds one must not have its answer: it may have begun before a change that the reader knows of already.
// All readers who come during a query share the next one.
type latestStates struct {
	service States

	mu     sync.Mutex
	latest map[asker]*round // absent while nobody asks
}

// asker is whose readers share an answer. A ledger alone would not do, for the service looks at the role.
type asker struct {
	ledger ledger.ID
	role   ledger.Role
}

func askerOf(actor ledger.Actor) asker { return asker{actor.Ledger.ID, actor.Role} }

// handOver is how long a leader waits for the round before its own. Then the round goes on without it, for its own time counts as well.
const handOver = 50 * time.Millisecond

// round is one query and the readers that share its answer. The first of them leads it.
type round struct {
	begun bool          // too late to join; guarded by latestStates.mu
	done  chan struct{} // closed when there is an answer
	state ledger.State
	err   error
}

// errBroken is what a round answers whose leader panicked.
var errBroken = errors.New("keptpage: the query of the state was broken off")

func newLatestStates(service States) *latestStates {
	return &latestStates{service: service, latest: map[asker]*round{}}
}

// get returns the state that the actor's ledger has now, or a later one: the query for it begins after get does,
// or after the request came.
func (f *latestStates) get(ctx context.Context, actor ledger.Actor) (ledger.State, error) {
	if known, is := ctx.Value(seenKey{}).(seen); is && known.in == actor.Ledger.ID {
		return known.state, nil
	}
	f.mu.Lock()
	before := f.latest[askerOf(actor)]
	if before != nil && !before.begun {
		f.mu.Unlock()
		return before.wait(ctx)
	}
	mine := &round{begun: before == nil, done: make(chan struct{}), err: errBroken}
	f.latest[askerOf(actor)] = mine
	f.mu.Unlock()
	if before == nil {
		f.lead(ctx, actor, mine)
		return mine.state, mine.err
	}
	select {
	case <-before.done:
		f.begin(mine)
		f.lead(ctx, actor, mine)
		return mine.state, mine.err
	case <-time.After(handOver): // others wait for this round by now, so that it is not given up with its leader
		go f.leadAfter(ctx, actor, before, mine)
		return mine.wait(ctx)
	}
}

// lead asks for the state and hands it out. The storage bounds its own time.
func (f *latestStates) lead(ctx context.Context, actor ledger.Actor, mine *round) {
	defer f.end(askerOf(actor), mine)
	mine.state, mine.err = f.service.State(context.WithoutCancel(ctx), actor)
}

// leadAfter leads a round after another, in a goroutine of its own. It ends in the time of two queries, which the storage bounds.
func (f *latestStates) leadAfter(ctx context.Context, actor ledger.Actor, before, mine *round) {
	defer func() { _ = recover() }() // no server recovers it here; the waiting readers get errBroken
	<-before.done
	f.begin(mine)
	f.lead(ctx, actor, mine)
}

// wait returns the answer of a round that somebody else leads.
func (r *round) wait(ctx context.Context) (ledger.State, error) {
	select {
	case <-r.done:
		return r.state, r.err
	case <-ctx.Done():
		return ledger.State{}, fault.Wrap(fault.Unavailable, "keptpage.State", context.Cause(ctx))
	}
}

// begin closes a round to readers who come from now on.
func (f *latestStates) begin(r *round) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r.begun = true
}

// end hands out a round's answer, which lets the next round begin.
func (f *latestStates) end(of asker, r *round) {
	f.mu.Lock()
	if f.latest[of] == r {
		delete(f.latest, of)
	}
	f.mu.Unlock()
	close(r.done)
}
