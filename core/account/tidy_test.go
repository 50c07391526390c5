package account_test

import (
	"context"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/fault"
)

// tidied is a storage that counts how often it is tidied, and may have no time for it.
type tidied struct {
	account.Store
	times int
	err   error
}

func (s *tidied) Tidy(ctx context.Context, usedBefore, openedBefore time.Time) error {
	s.times++
	if s.err != nil {
		return s.err
	}
	return s.Store.Tidy(ctx, usedBefore, openedBefore)
}

// To remove what counts no more, a storage looks at all sessions: not each sign-in pays for that.
func TestFewSignInsTidyTheStorage(t *testing.T) {
	h := newHouse(t)
	h.add("Ana")
	store := &tidied{Store: h.store}
	service := account.NewService(store, h.hasher, account.Settings{
		Now: func() time.Time { return h.now }, Ends: account.Ends{Idle: time.Hour, Max: time.Hour},
		Codes: &accounttest.Codes{}, Keys: h.keys, Random: func(b []byte) { _, _ = h.drawn.Read(b) },
	})
	for _, step := range []struct {
		what  string
		later time.Duration
		err   error
		times int // in all
	}{
		{"the first", 0, nil, 1},
		{"at the same time", 0, nil, 1},
		{"soon after", 9 * time.Minute, nil, 1},
		{"when it is due, and the storage is away", time.Minute, &fault.Error{Kind: fault.Unavailable}, 2},
		{"then it is owed", 0, nil, 3},
		{"once", time.Minute, nil, 3},
		{"by a clock that was put back", -24 * time.Hour, nil, 4},
	} {
		h.now, store.err = h.now.Add(step.later), step.err
		if _, err := service.SignIn(t.Context(), "Ana", right, here); err != nil {
			t.Fatalf("%s: %v", step.what, err)
		}
		if store.times != step.times {
			t.Errorf("%s: the storage was tidied %d times, want %d", step.what, store.times, step.times)
		}
	}
}
