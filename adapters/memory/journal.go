package memory

import (
	"context"
	"slices"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// journal is what happened to accounts, the oldest first.
type journal struct {
	last   account.EventID
	events []*account.Event
	failed map[foldKey]*account.Event
}

// foldKey is what failed tries are counted together by.
type foldKey struct {
	user    ledger.UserID
	fold    int64
	network string
	kind    account.EventKind
}

func (j *journal) note(events ...account.Event) {
	for _, e := range events {
		j.last++
		e.ID = j.last
		j.events = append(j.events, &e)
	}
}

// fail counts failed tries.
func (j *journal) fail(e account.Event, network string) {
	key := foldKey{e.User, account.FoldOf(e.At), network, e.Kind}
	if e.Kind == account.EventRefused {
		e.Address, key.network = "", ""
	} else if j.failed[key] == nil {
		networks := 0
		for other := range j.failed {
			if other.user == key.user && other.fold == key.fold && other.kind == key.kind {
				networks++
			}
		}
		if networks >= account.MaxNetworks {
			e.Address, key.network = "", ""
		}
	}
	if known := j.failed[key]; known != nil {
		known.Count += e.Count
		if e.Last.After(known.Last) {
			known.Last = e.Last
		}
		return
	}
	j.note(e)
	if j.failed == nil {
		j.failed = make(map[foldKey]*account.Event)
	}
	j.failed[key] = j.events[len(j.events)-1]
}

// forgetPlaces forgets from where the events of a user came.
func (j *journal) forgetPlaces(user ledger.UserID) {
	for _, e := range j.events {
		if e.User == user {
			e.Address = ""
		}
	}
	for key := range j.failed {
		if key.user == user {
			delete(j.failed, key)
		}
	}
}

// Note implements account.Journal.
func (s *accountStore) Note(_ context.Context, event account.Event) error {
	defer s.write()()
	s.journal.note(event)
	return nil
}

// Fail implements account.Journal.
func (s *accountStore) Fail(_ context.Context, event account.Event, network string) error {
	defer s.write()()
	s.journal.fail(event, network)
	return nil
}

// Events implements account.Journal.
func (s *accountStore) Events(_ context.Context, asked account.Query) (found []account.Event, _ error) {
	defer s.read()()
	for _, e := range slices.Backward(s.journal.events) {
		watched := asked.Of == nil || slices.ContainsFunc(asked.Of, func(w account.Watched) bool {
			return w.User == e.User && !e.At.Before(w.Since)
		})
		if watched && (asked.Before == 0 || e.ID < asked.Before) && len(found) < asked.Limit {
			found = append(found, *e)
		}
	}
	return found, nil
}

// TidyEvents implements account.Journal.
func (s *accountStore) TidyEvents(_ context.Context, before time.Time) error {
	defer s.write()()
	s.journal.events = slices.DeleteFunc(s.journal.events, func(e *account.Event) bool { return e.At.Before(before) })
	for key, e := range s.journal.failed {
		if e.At.Before(before) {
			delete(s.journal.failed, key)
		}
	}
	return nil
}
