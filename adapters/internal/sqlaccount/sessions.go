package sqlaccount

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

const (
	sessionColumns = `s.id, s.account_id, s.generation, s.address, s.agent, s.opened_at, s.used_at`

	// A session counts with its account as it is now: the statement that moves an account on ends all of its sessions.
	countingSessions = ` FROM account_session s JOIN account a ON a.id = s.account_id AND a.generation = s.generation AND NOT a.disabled `

	findSession   = `SELECT ` + sessionColumns + `, ` + userColumns + countingSessions + `WHERE s.digest = $1`
	sessionsOf    = `SELECT ` + sessionColumns + countingSessions + `WHERE s.account_id = $1 ORDER BY s.used_at DESC, s.id DESC`
	countSessions = `SELECT count(*)` + countingSessions + `WHERE s.used_at >= $1`

	openSession = `
INSERT INTO account_session (digest, id, account_id, generation, address, agent, opened_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (digest) DO NOTHING`

	// $1 is the digest of the session that stays whatever it is.
	boundSessions = `
DELETE FROM account_session WHERE account_id = $2 AND digest <> $1 AND digest NOT IN (
	SELECT digest FROM account_session WHERE account_id = $2 AND digest <> $1
	ORDER BY CASE WHEN used_at > opened_at THEN 0 ELSE 1 END, used_at DESC, id DESC LIMIT $3
)`

	touchSession = `UPDATE account_session SET used_at = $2, address = $3 WHERE digest = $1 AND used_at < $2`

	endSession = `
DELETE FROM account_session WHERE account_id = $1 AND id = $2 AND EXISTS (
	SELECT 1 FROM account a WHERE a.id = $1 AND a.generation = account_session.generation AND NOT a.disabled
)`

	endSessions = `DELETE FROM account_session WHERE account_id = $1 AND id <> $2`

	tidySessions = `
DELETE FROM account_session WHERE used_at < $1 OR opened_at < $2 OR NOT EXISTS (
	SELECT 1 FROM account a WHERE a.id = account_session.account_id AND a.generation = account_session.generation AND NOT a.disabled
)`
)

// Open implements account.Sessions.
func (s *Store) Open(ctx context.Context, token account.Digest, given account.Session) error {
	return s.runner.WriteAll(ctx, "sqlaccount.Open", func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, s.sql.open, token[:], given.ID, given.User, given.Generation, given.Client.Address,
			given.Client.Agent, micros(given.Opened), micros(given.Used))
		if err != nil {
			return fmt.Errorf("open: %w", err)
		}
		if opened, err := result.RowsAffected(); err != nil || opened == 0 {
			return cmp.Or(err, sqlkit.ErrNothingChanged)
		}
		if _, err = tx.ExecContext(ctx, s.sql.bound, token[:], given.User, account.MaxSessions-1); err != nil {
			return fmt.Errorf("bound: %w", err)
		}
		return s.note(ctx, tx, account.SignedInBy(given))
	})
}

// Find implements account.Sessions. It is asked with each page.
func (s *Store) Find(ctx context.Context, token account.Digest) (account.Signed, error) {
	const op = "sqlaccount.Find"
	var found []account.Signed
	err := s.runner.Glance(ctx, op, func(ctx context.Context, on sqlkit.Querier) (err error) {
		found, err = sqlkit.Collect(ctx, on, scanSigned, s.sql.find, token[:])
		return err
	})
	switch {
	case err != nil:
		return account.Signed{}, err
	case len(found) == 0:
		return account.Signed{}, account.NoSuchSession(op)
	}
	return found[0], nil
}

// Touch implements account.Sessions.
func (s *Store) Touch(ctx context.Context, token account.Digest, at time.Time, address string) error {
	_, err := s.exec(ctx, "sqlaccount.Touch", s.sql.touch, token[:], micros(at), address)
	return err
}

// Of implements account.Sessions.
func (s *Store) Of(ctx context.Context, user ledger.UserID) (found []account.Session, err error) {
	err = s.read(ctx, "sqlaccount.Of", func(ctx context.Context, on sqlkit.Querier) error {
		found, err = sqlkit.Collect(ctx, on, scanSession, s.sql.of, user)
		return err
	})
	return found, err
}

// End implements account.Sessions.
func (s *Store) End(ctx context.Context, user ledger.UserID, id account.SessionID) error {
	const op = "sqlaccount.End"
	ended, err := s.exec(ctx, op, s.sql.end, user, id)
	if err == nil && ended == 0 {
		return account.NoSuchSession(op)
	}
	return err
}

// EndAll implements account.Sessions.
func (s *Store) EndAll(ctx context.Context, user ledger.UserID, but account.SessionID) (int, error) {
	ended, err := s.exec(ctx, "sqlaccount.EndAll", s.sql.endAll, user, but)
	return int(ended), err
}

// Count implements account.Sessions.
func (s *Store) Count(ctx context.Context, usedSince time.Time) (n int64, err error) {
	err = s.read(ctx, "sqlaccount.Count", func(ctx context.Context, on sqlkit.Querier) error {
		n, err = number(ctx, on, s.sql.count, micros(usedSince))
		return err
	})
	return n, err
}

// Tidy implements account.Sessions.
func (s *Store) Tidy(ctx context.Context, usedBefore, openedBefore time.Time) error {
	const op = "sqlaccount.Tidy"
	_, err := s.exec(ctx, op, s.sql.tidySessions, micros(usedBefore), micros(openedBefore))
	if err == nil {
		_, err = s.exec(ctx, op, s.sql.tidyThrottle)
	}
	return err
}

// exec runs one statement in a transaction of its own, and returns how many rows it changed. One that changed none has nothing to commit.
func (s *Store) exec(ctx context.Context, op, statement string, args ...any) (changed int64, err error) {
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return fmt.Errorf("execute: %w", err)
		}
		if changed, err = result.RowsAffected(); err == nil && changed == 0 {
			return sqlkit.ErrNothingChanged
		}
		return err
	})
	return changed, err
}

func scanSession(from sqlkit.Scanner) (s account.Session, err error) {
	var opened, used int64
	err = from.Scan(&s.ID, &s.User, &s.Generation, &s.Client.Address, &s.Client.Agent, &opened, &used)
	s.Opened, s.Used = moment(opened), moment(used)
	return s, err
}

func scanSigned(from sqlkit.Scanner) (found account.Signed, err error) {
	s, u := &found.Session, &found.User
	var opened, used, created int64
	err = from.Scan(&s.ID, &s.User, &s.Generation, &s.Client.Address, &s.Client.Agent, &opened, &used,
		&u.ID, &u.Name, &u.Language, &u.Admin, &u.Disabled, &created)
	s.Opened, s.Used, u.Created = moment(opened), moment(used), moment(created)
	return found, err
}
