package account_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// overtaken is a storage in which something happens just before an account is changed. What a change asks of the storage meanwhile would
// wait for the change itself.
type overtaken struct {
	account.Store
	t      *testing.T
	before func()
	inside atomic.Bool
}

func (o *overtaken) Change(
	ctx context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	if before := o.before; before != nil {
		o.before = nil
		before()
	}
	return o.Store.Change(ctx, id, func(a account.Account) (account.Account, error) {
		o.inside.Store(true)
		defer o.inside.Store(false)
		return revise(a)
	})
}

func (o *overtaken) Fail(ctx context.Context, event account.Event, network string) error {
	if o.inside.Load() {
		o.t.Error("a change of an account waits for itself")
		return errors.New("it would wait for ever")
	}
	return o.Store.Fail(ctx, event, network)
}

// Of two requests with one code the second is refused, and waits for nothing.
func TestACodeThatIsTakenMeanwhileIsRefusedAtOnce(t *testing.T) {
	h := newHouse(t)
	h.add("Anna")
	_, codes := h.guard("Anna")
	storage := &overtaken{Store: h.store, t: t}
	slow := account.NewService(storage, h.hasher, account.Settings{
		Now: func() time.Time { return h.now }, Random: func(b []byte) { _, _ = h.drawn.Read(b) }, Codes: &accounttest.Codes{}, Keys: h.keys,
		Ends: account.Ends{Idle: time.Hour, Max: time.Hour},
	})
	first, second := h.half("Anna"), h.half("Anna")
	storage.before = func() {
		if _, err := h.EnterCode(t.Context(), first, codes[0], here); err != nil {
			t.Error(err)
		}
	}
	if _, err := slow.EnterCode(t.Context(), second, codes[0], here); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("a code that another request took: %v", err)
	}
}
