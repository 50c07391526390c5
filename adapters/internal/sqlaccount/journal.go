package sqlaccount

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
)

const (
	eventColumns = `e.id, e.kind, e.account_id, e.by_account, e.address, e.times, e.at, e.last_at`

	putEvent = `
INSERT INTO account_event (kind, account_id, by_account, address, times, at, last_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`

	// Failed tries are counted together in one row for each account, network and fold of time; those that came too often in one more.
	isFolded    = `SELECT count(*) FROM account_event WHERE account_id = $1 AND fold = $2 AND network = $3`
	countFolded = `SELECT count(*) FROM account_event WHERE account_id = $1 AND fold = $2 AND kind = $3`
	ofAny       = "of any" // in place of a network
	putFailure  = `
INSERT INTO account_event (kind, account_id, by_account, address, times, at, last_at, fold, network)
VALUES ($1, $2, 0, $3, $4, $5, $6, $7, $8)
ON CONFLICT (account_id, fold, network) DO UPDATE SET times = account_event.times + excluded.times,
	last_at = CASE WHEN account_event.last_at > excluded.last_at THEN account_event.last_at ELSE excluded.last_at END`

	allEvents = `SELECT ` + eventColumns + ` FROM account_event e WHERE e.id < $1 ORDER BY e.id DESC LIMIT $2`
	eventsOf  = `SELECT * FROM (
	SELECT ` + eventColumns + ` FROM account_event e WHERE e.account_id = %s AND e.id < %s AND e.at >= %s ORDER BY e.id DESC LIMIT %s
) e`

	// A part at a time, and only as far as the oldest rows are looked at: another call goes on.
	tidyEvents = `DELETE FROM account_event WHERE at < $1 AND id IN (SELECT id FROM account_event ORDER BY id LIMIT 1000)`
)

// beyond is above every ID.
const beyond = 1<<63 - 1

// Note implements account.Journal.
func (s *Store) Note(ctx context.Context, event account.Event) error {
	return s.runner.WriteAll(ctx, "sqlaccount.Note", func(ctx context.Context, tx *sql.Tx) error { return s.note(ctx, tx, event) })
}

// note writes events in a transaction.
func (s *Store) note(ctx context.Context, tx *sql.Tx, events ...account.Event) error {
	for _, e := range events {
		_, err := tx.ExecContext(ctx, s.runner.Rebind(putEvent), string(e.Kind), e.User, e.By, e.Address, e.Count, micros(e.At), micros(e.Last))
		if err != nil {
			return fmt.Errorf("note %s: %w", e.Kind, err)
		}
	}
	return nil
}

// Fail implements account.Journal.
func (s *Store) Fail(ctx context.Context, e account.Event, network string) error {
	fold := account.FoldOf(e.At)
	return s.runner.WriteAll(ctx, "sqlaccount.Fail", func(ctx context.Context, tx *sql.Tx) error {
		address, by, err := s.countedBy(ctx, tx, e, network)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.runner.Rebind(putFailure), string(e.Kind), e.User, address, e.Count, micros(e.At), micros(e.Last),
			fold, by)
		if err != nil {
			return fmt.Errorf("fail: %w", err)
		}
		return nil
	})
}

// countedBy returns what tries are counted together by, and the address that is kept of them.
func (s *Store) countedBy(ctx context.Context, tx *sql.Tx, e account.Event, network string) (address, by string, err error) {
	if e.Kind == account.EventRefused {
		return "", ofAny, nil
	}
	fold := account.FoldOf(e.At)
	known, err := number(ctx, tx, s.runner.Rebind(isFolded), e.User, fold, network)
	if err != nil || known > 0 {
		return e.Address, network, err
	}
	networks, err := number(ctx, tx, s.runner.Rebind(countFolded), e.User, fold, string(e.Kind))
	if networks >= account.MaxNetworks {
		return "", "", err
	}
	return e.Address, network, err
}

// Events implements account.Journal.
func (s *Store) Events(ctx context.Context, asked account.Query) (found []account.Event, err error) {
	before := int64(beyond)
	if asked.Before != 0 {
		before = int64(asked.Before)
	}
	query, args := s.runner.Rebind(allEvents), []any{before, asked.Limit}
	if asked.Of != nil {
		query, args = s.eventsOf(asked, before)
	}
	err = s.read(ctx, "sqlaccount.Events", func(ctx context.Context, on sqlkit.Querier) error {
		found, err = sqlkit.Collect(ctx, on, scanEvent, query, args...)
		return err
	})
	return found, err
}

// eventsOf asks for the newest of each user, and for the newest of those.
func (s *Store) eventsOf(asked account.Query, before int64) (query string, args []any) {
	if len(asked.Of) == 0 {
		asked.Of = []account.Watched{{User: -1}} // whom nobody is
	}
	var parts []string
	next := func(arg any) string {
		args = append(args, arg)
		return fmt.Sprintf("CAST($%d AS bigint)", len(args))
	}
	for _, of := range asked.Of {
		since := int64(-beyond)
		if !of.Since.IsZero() {
			since = micros(of.Since)
		}
		parts = append(parts, fmt.Sprintf(eventsOf, next(of.User), next(before), next(since), next(asked.Limit)))
	}
	query = sqlkit.Once + strings.Join(parts, "\nUNION ALL ") + "\nORDER BY 1 DESC LIMIT " + next(asked.Limit)
	return s.runner.Rebind(query), args
}

// TidyEvents implements account.Journal.
func (s *Store) TidyEvents(ctx context.Context, before time.Time) error {
	_, err := s.exec(ctx, "sqlaccount.TidyEvents", s.runner.Rebind(tidyEvents), micros(before))
	return err
}

func scanEvent(from sqlkit.Scanner) (e account.Event, err error) {
	var at, last int64
	err = from.Scan(&e.ID, &e.Kind, &e.User, &e.By, &e.Address, &e.Count, &at, &last)
	e.At, e.Last = moment(at), moment(last)
	return e, err
}
