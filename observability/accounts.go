package observability

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/metric"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// Accounts returns next with every method measured in expense_store_operation_duration_seconds, and begins to export how many browsers
// are signed in. It is called once for a Telemetry.
func (t *Telemetry) Accounts(next account.Store, ends account.Ends) (account.Store, error) {
	s := &measuredAccounts{next: next, operations: t.operations}
	sessions := &kept[int64]{bound: entriesBound, keep: entriesKept, now: t.options.Now, read: func(ctx context.Context) (int64, error) {
		return s.Count(ctx, t.options.Now().Add(-ends.Idle))
	}}
	_, err := t.meter.Int64ObservableGauge("expense.sessions",
		metric.WithUnit("{session}"),
		metric.WithDescription("Browsers that are signed in."),
		metric.WithInt64Callback(func(ctx context.Context, o metric.Int64Observer) error {
			if n, err := sessions.get(ctx); err == nil {
				o.Observe(n)
			}
			return nil
		}))
	if err != nil {
		return nil, fmt.Errorf("sessions metric: %w", err)
	}
	return s, nil
}

// measuredAccounts times the calls of another store and changes nothing about them.
type measuredAccounts struct {
	next       account.Store
	operations *operations
}

// done is what a call returns that returns nothing but its error.
type done struct{}

// only makes a call that returns an error alone one that measure takes.
func only(call func(context.Context) error) func(context.Context) (done, error) {
	return func(ctx context.Context) (done, error) { return done{}, call(ctx) }
}

func (s *measuredAccounts) Create(ctx context.Context, given account.Account) (account.User, error) {
	return measure(ctx, s.operations, "account_create", func(ctx context.Context) (account.User, error) { return s.next.Create(ctx, given) })
}

func (s *measuredAccounts) ByName(ctx context.Context, folded string) (account.Account, error) {
	return measure(ctx, s.operations, "account_by_name", func(ctx context.Context) (account.Account, error) {
		return s.next.ByName(ctx, folded)
	})
}

func (s *measuredAccounts) ByID(ctx context.Context, id ledger.UserID) (account.Account, error) {
	return measure(ctx, s.operations, "account_by_id", func(ctx context.Context) (account.Account, error) { return s.next.ByID(ctx, id) })
}

func (s *measuredAccounts) Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error) {
	return measure(ctx, s.operations, "account_names", func(ctx context.Context) (map[ledger.UserID]string, error) {
		return s.next.Names(ctx, users)
	})
}

func (s *measuredAccounts) All(ctx context.Context) ([]account.User, error) {
	return measure(ctx, s.operations, "account_all", func(ctx context.Context) ([]account.User, error) { return s.next.All(ctx) })
}

func (s *measuredAccounts) Change(
	ctx context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	return measure(ctx, s.operations, "account_change", func(ctx context.Context) (account.Account, error) {
		return s.next.Change(ctx, id, revise)
	})
}

func (s *measuredAccounts) Remove(
	ctx context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	return measure(ctx, s.operations, "account_remove", func(ctx context.Context) (account.Account, error) {
		return s.next.Remove(ctx, id, revise)
	})
}

func (s *measuredAccounts) IsSetUp(ctx context.Context) (bool, error) {
	return measure(ctx, s.operations, "account_is_set_up", func(ctx context.Context) (bool, error) { return s.next.IsSetUp(ctx) })
}

func (s *measuredAccounts) Offer(ctx context.Context, code account.Digest, at time.Time) (bool, error) {
	return measure(ctx, s.operations, "account_offer", func(ctx context.Context) (bool, error) { return s.next.Offer(ctx, code, at) })
}

func (s *measuredAccounts) CreateFirst(ctx context.Context, code account.Digest, given account.Account) (account.User, error) {
	return measure(ctx, s.operations, "account_create_first", func(ctx context.Context) (account.User, error) {
		return s.next.CreateFirst(ctx, code, given)
	})
}

func (s *measuredAccounts) Open(ctx context.Context, token account.Digest, session account.Session) error {
	_, err := measure(ctx, s.operations, "session_open", only(func(ctx context.Context) error { return s.next.Open(ctx, token, session) }))
	return err
}

func (s *measuredAccounts) Find(ctx context.Context, token account.Digest) (account.Signed, error) {
	return measure(ctx, s.operations, "session_find", func(ctx context.Context) (account.Signed, error) { return s.next.Find(ctx, token) })
}

func (s *measuredAccounts) Visit(ctx context.Context, token account.Digest, wish ledger.ID) (account.Visit, error) {
	return measure(ctx, s.operations, "session_visit", func(ctx context.Context) (account.Visit, error) {
		return s.next.Visit(ctx, token, wish)
	})
}

func (s *measuredAccounts) Touch(ctx context.Context, token account.Digest, at time.Time, address string) error {
	_, err := measure(ctx, s.operations, "session_touch", only(func(ctx context.Context) error {
		return s.next.Touch(ctx, token, at, address)
	}))
	return err
}

func (s *measuredAccounts) Of(ctx context.Context, user ledger.UserID) ([]account.Session, error) {
	return measure(ctx, s.operations, "session_of", func(ctx context.Context) ([]account.Session, error) { return s.next.Of(ctx, user) })
}

func (s *measuredAccounts) End(ctx context.Context, user ledger.UserID, id account.SessionID) error {
	_, err := measure(ctx, s.operations, "session_end", only(func(ctx context.Context) error { return s.next.End(ctx, user, id) }))
	return err
}

func (s *measuredAccounts) EndAll(ctx context.Context, user ledger.UserID, but account.SessionID) (int, error) {
	return measure(ctx, s.operations, "session_end_all", func(ctx context.Context) (int, error) { return s.next.EndAll(ctx, user, but) })
}

func (s *measuredAccounts) Count(ctx context.Context, usedSince time.Time) (int64, error) {
	return measure(ctx, s.operations, "session_count", func(ctx context.Context) (int64, error) { return s.next.Count(ctx, usedSince) })
}

func (s *measuredAccounts) Tidy(ctx context.Context, usedBefore, openedBefore time.Time) error {
	_, err := measure(ctx, s.operations, "session_tidy", only(func(ctx context.Context) error {
		return s.next.Tidy(ctx, usedBefore, openedBefore)
	}))
	return err
}

func (s *measuredAccounts) Take(ctx context.Context, charges ...account.Charge) (time.Duration, error) {
	return measure(ctx, s.operations, "throttle_take", func(ctx context.Context) (time.Duration, error) {
		return s.next.Take(ctx, charges...)
	})
}

func (s *measuredAccounts) Forget(ctx context.Context, by ...account.Digest) error {
	_, err := measure(ctx, s.operations, "throttle_forget", only(func(ctx context.Context) error { return s.next.Forget(ctx, by...) }))
	return err
}

func (s *measuredAccounts) Begin(ctx context.Context, token account.Digest, begun account.Begun, now time.Time) error {
	_, err := measure(ctx, s.operations, "half_begin", only(func(ctx context.Context) error { return s.next.Begin(ctx, token, begun, now) }))
	return err
}

func (s *measuredAccounts) Begun(ctx context.Context, token account.Digest) (account.Begun, error) {
	return measure(ctx, s.operations, "half_begun", func(ctx context.Context) (account.Begun, error) { return s.next.Begun(ctx, token) })
}

func (s *measuredAccounts) Finish(ctx context.Context, token account.Digest) (account.Begun, error) {
	return measure(ctx, s.operations, "half_finish", func(ctx context.Context) (account.Begun, error) { return s.next.Finish(ctx, token) })
}
