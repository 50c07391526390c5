package keptpage

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
)

// slowStates looks at the state as soon as it is asked, and takes a while to say it.
type slowStates struct {
	now     atomic.Int64
	queries atomic.Int64
	err     atomic.Pointer[error]
}

const queryTime = 10 * time.Millisecond

func (s *slowStates) State(ctx context.Context, _ ledger.Actor) (ledger.State, error) {
	s.queries.Add(1)
	version, failure := s.now.Load(), s.err.Load()
	time.Sleep(queryTime)
	if failure != nil {
		return ledger.State{}, *failure
	}
	return ledger.State{Version: version}, ctx.Err()
}

// inBubble runs a test on a clock of its own.
func inBubble(t *testing.T, test func(t *testing.T, source *slowStates, latest *latestStates)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		source := &slowStates{}
		test(t, source, newLatestStates(source))
	})
}

func TestAReaderWhoFindsNobodyAskingAsksAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, source *slowStates, latest *latestStates) {
		for i := range int64(3) {
			source.now.Store(i)
			began := time.Now()
			if state, err := latest.get(t.Context(), ledgertest.Owner()); state.Version != i || err != nil {
				t.Errorf("version %d, %v; want %d", state.Version, err, i)
			}
			if took := time.Since(began); took != queryTime {
				t.Errorf("took %v, want %v", took, queryTime)
			}
		}
		if n := source.queries.Load(); n != 3 || len(latest.latest) != 0 {
			t.Errorf("%d queries for 3 readers in turn; %d rounds left", n, len(latest.latest))
		}
	})
}

func TestWhoComesDuringAQueryShareTheNext(t *testing.T) {
	inBubble(t, func(t *testing.T, source *slowStates, latest *latestStates) {
		var readers sync.WaitGroup
		readers.Go(func() {
			if state, err := latest.get(t.Context(), ledgertest.Owner()); state.Version != 0 || err != nil {
				t.Errorf("the first has version %d, %v", state.Version, err)
			}
		})
		synctest.Wait()
		source.now.Store(1) // a change, of which those who come now know
		for range 50 {
			readers.Go(func() {
				if state, err := latest.get(t.Context(), ledgertest.Owner()); state.Version != 1 || err != nil {
					t.Errorf("version %d, %v; want 1", state.Version, err)
				}
			})
		}
		began := time.Now()
		readers.Wait()
		if n, took := source.queries.Load(), time.Since(began); n != 2 || took != 2*queryTime {
			t.Errorf("%d queries in %v, want 2 in %v", n, took, 2*queryTime)
		}
		if len(latest.latest) != 0 {
			t.Errorf("%d rounds left", len(latest.latest))
		}
	})
}

// Readers come at every moment of others' queries; each sees the change made just before.
func TestNobodyMissesAChangeMadeBefore(t *testing.T) {
	inBubble(t, func(t *testing.T, source *slowStates, latest *latestStates) {
		var readers sync.WaitGroup
		for range 100 {
			readers.Go(func() {
				acknowledged := source.now.Add(1)
				if state, err := latest.get(t.Context(), ledgertest.Owner()); state.Version < acknowledged || err != nil {
					t.Errorf("version %d, %v; want at least %d", state.Version, err, acknowledged)
				}
			})
			time.Sleep(queryTime * 3 / 10)
		}
		readers.Wait()
		if n := source.queries.Load(); n > 40 {
			t.Errorf("%d queries for 100 readers", n)
		}
	})
}

func TestActorsDoNotWaitForEachOther(t *testing.T) {
	inBubble(t, func(t *testing.T, source *slowStates, latest *latestStates) {
		var readers sync.WaitGroup
		began := time.Now()
		for _, actor := range []ledger.Actor{
			{Ledger: ledgertest.Ledger(1), Role: ledger.Owner},
			{Ledger: ledgertest.Ledger(1), Role: ledger.Viewer},
			{Ledger: ledgertest.Ledger(2), Role: ledger.Owner},
		} {
			readers.Go(func() { latest.get(t.Context(), actor) }) //nolint:errcheck // how long it takes is asked
		}
		readers.Wait()
		if n, took := source.queries.Load(), time.Since(began); n != 3 || took != queryTime {
			t.Errorf("%d queries in %v, want 3 in %v", n, took, queryTime)
		}
	})
}

// Of a round's readers, the first and another leave before it begins: the first's query is made for the others all the same.
func TestWhoLeavesTakesNothingFromOthers(t *testing.T) {
	inBubble(t, func(t *testing.T, source *slowStates, latest *latestStates) {
		var readers sync.WaitGroup
		ctx, leave := context.WithCancel(t.Context())
		read := func(ctx context.Context, took time.Duration, want error) {
			readers.Go(func() {
				began := time.Now()
				if _, err := latest.get(ctx, ledgertest.Owner()); !errors.Is(err, want) {
					t.Errorf("error %v, want %v", err, want)
				}
				if d := time.Since(began); d != took {
					t.Errorf("took %v, want %v", d, took)
				}
			})
			synctest.Wait()
		}
		read(ctx, queryTime, nil)                 // asks already
		read(ctx, 2*queryTime, nil)               // leads the next round
		read(ctx, queryTime/2, fault.Unavailable) // waits for it and leaves
		read(t.Context(), 2*queryTime, nil)       // waits for it
		time.AfterFunc(queryTime/2, func() { leave() })
		readers.Wait()
		if n := source.queries.Load(); n != 2 {
			t.Errorf("%d queries, want 2", n)
		}
	})
}

func TestAFailureIsOfOneRound(t *testing.T) {
	inBubble(t, func(t *testing.T, source *slowStates, latest *latestStates) {
		down := errors.New("down")
		var readers sync.WaitGroup
		ask := func(want error) {
			readers.Go(func() {
				if _, err := latest.get(t.Context(), ledgertest.Owner()); !errors.Is(err, want) {
					t.Errorf("error %v, want %v", err, want)
				}
			})
		}
		ask(nil)
		synctest.Wait()
		source.err.Store(&down)
		ask(down)
		ask(down)
		time.Sleep(queryTime * 3 / 2) // the second round is under way
		source.err.Store(nil)
		ask(nil)
		ask(nil)
		readers.Wait()
		if n := source.queries.Load(); n != 3 {
			t.Errorf("%d queries, want 3", n)
		}
	})
}

// panicky breaks off its second query.
type panicky struct{ slowStates }

func (p *panicky) State(ctx context.Context, actor ledger.Actor) (ledger.State, error) {
	state, err := p.slowStates.State(ctx, actor)
	if p.queries.Load() == 2 {
		panic("out of luck")
	}
	return state, err
}

func TestAPanicLetsTheOthersGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		latest := newLatestStates(&panicky{})
		var readers sync.WaitGroup
		readers.Go(func() { latest.get(t.Context(), ledgertest.Owner()) }) //nolint:errcheck // only there to be waited for
		synctest.Wait()
		readers.Go(func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			latest.get(t.Context(), ledgertest.Owner()) //nolint:errcheck // it panics
		})
		synctest.Wait()
		readers.Go(func() {
			if _, err := latest.get(t.Context(), ledgertest.Owner()); !errors.Is(err, errBroken) {
				t.Errorf("error %v, want %v", err, errBroken)
			}
		})
		readers.Wait()
		if _, err := latest.get(t.Context(), ledgertest.Owner()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}
