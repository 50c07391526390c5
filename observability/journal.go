package observability

import (
	"context"
	"time"

	"expense-tracker/core/account"
)

func (s *measuredAccounts) Note(ctx context.Context, event account.Event) error {
	return measureDone(ctx, s.operations, "journal_note", func() error { return s.next.Note(ctx, event) })
}

func (s *measuredAccounts) Fail(ctx context.Context, event account.Event, network string) error {
	return measureDone(ctx, s.operations, "journal_fail", func() error { return s.next.Fail(ctx, event, network) })
}

func (s *measuredAccounts) Events(ctx context.Context, asked account.Query) ([]account.Event, error) {
	return measure(ctx, s.operations, "journal_events", func(ctx context.Context) ([]account.Event, error) {
		return s.next.Events(ctx, asked)
	})
}

func (s *measuredAccounts) TidyEvents(ctx context.Context, before time.Time) error {
	return measureDone(ctx, s.operations, "journal_tidy", func() error { return s.next.TidyEvents(ctx, before) })
}
