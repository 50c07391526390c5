// Package sqltoken keeps the tokens of programs in the databases that speak SQL: it implements token.Store, whole. Its SQL is one text for
// every database. It knows no driver and no other module; the table is that of the storages' migrations, token. Of the table account it
// reads whether a token's maker may come in, so that this costs no query of its own. Moments are microseconds since 1970.
package sqltoken

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/token"
)

const (
	tokenColumns = `t.id, t.name, t.scope, t.by_user, t.made_at, t.ends_at, t.used_at, t.revoked`
	selectTokens = `SELECT ` + tokenColumns + ` FROM token t WHERE t.ledger_id = $1`

	byID   = selectTokens + ` AND t.id = $2`
	live   = `SELECT count(*) FROM token t WHERE t.ledger_id = $1 AND NOT t.revoked AND t.ends_at > $2`
	listed = selectTokens + ` AND NOT t.revoked AND (CAST($2 AS bigint) = 0 OR t.by_user = $2) ORDER BY t.id DESC`

	// What was asked for once under a key, and with which digest.
	asked = `SELECT t.id, t.digest FROM token t WHERE t.ledger_id = $1 AND t.by_user = $2 AND t.idempotency_key = $3`

	findToken = `
SELECT ` + tokenColumns + ` FROM token t JOIN account a ON a.id = t.by_user AND NOT a.disabled
WHERE t.ledger_id = $1 AND t.digest = $2 AND NOT t.revoked`

	nextToken = `SELECT COALESCE(max(id), 0) + 1 FROM token WHERE ledger_id = $1`
	putToken  = `
INSERT INTO token (ledger_id, id, digest, idempotency_key, name, scope, by_user, made_at, ends_at, used_at, revoked)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10)`

	forgetEnded = `
DELETE FROM token WHERE ledger_id = $1 AND (revoked OR ends_at <= $2) AND id NOT IN (
	SELECT id FROM token WHERE ledger_id = $1 AND (revoked OR ends_at <= $2) ORDER BY id DESC LIMIT $3
)`

	revoke    = `UPDATE token SET revoked = $3 WHERE ledger_id = $1 AND id = $2`
	ledgersOf = `SELECT DISTINCT ledger_id FROM token WHERE by_user = $1 AND NOT revoked ORDER BY ledger_id`
	revokeAll = `UPDATE token SET revoked = $3 WHERE ledger_id = $1 AND by_user = $2 AND NOT revoked`
	touch     = `UPDATE token SET used_at = $3 WHERE ledger_id = $1 AND id = $2 AND used_at < $3`
)

// Store implements token.Store.
type Store struct {
	runner *sqlkit.Runner
	note   sqlkit.Note
	sql    statements
}

// statements are the texts of SQL with the driver's placeholders.
type statements struct {
	byID, live, listed, asked, find, next, put, forgetEnded, revoke, ledgersOf, revokeAll, touch string
}

var _ token.Store = (*Store)(nil)

// New returns a Store that asks through the runner, and has lines of the ledgers' logs written by note.
func New(r *sqlkit.Runner, note sqlkit.Note) *Store {
	return &Store{runner: r, note: note, sql: statements{
		byID: r.Rebind(byID), live: r.Rebind(live), listed: r.Rebind(listed), asked: r.Rebind(asked), find: r.Rebind(findToken),
		next: r.Rebind(nextToken), put: r.Rebind(putToken), forgetEnded: r.Rebind(forgetEnded),
		revoke: r.Rebind(revoke), ledgersOf: r.Rebind(ledgersOf), revokeAll: r.Rebind(revokeAll), touch: r.Rebind(touch),
	}}
}

// Make implements token.Store.
func (s *Store) Make(
	ctx context.Context, in ledger.ID, key idempotency.Key, secret token.Digest, given token.Token,
) (kept token.Token, err error) {
	const op = "sqltoken.Make"
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		before, err := sqlkit.Collect(ctx, tx, scanRequest, s.sql.asked, in, given.By, string(key))
		if err != nil {
			return err
		}
		if len(before) > 0 {
			if before[0].digest != secret {
				return token.AlreadyMade(op)
			}
			if kept, err = s.one(ctx, tx, op, in, before[0].id); err == nil {
				err = sqlkit.ErrNothingChanged
			}
			return err
		}
		var count int
		if err := tx.QueryRowContext(ctx, s.sql.live, in, given.At.UnixMicro()).Scan(&count); err != nil {
			return fmt.Errorf("count: %w", err)
		}
		if count >= token.MaxTokens {
			return token.TooMany(op)
		}
		kept = given
		if err := tx.QueryRowContext(ctx, s.sql.next, in).Scan(&kept.ID); err != nil {
			return fmt.Errorf("number of a token: %w", err)
		}
		_, err = tx.ExecContext(ctx, s.sql.put, in, kept.ID, secret[:], string(key), kept.Name, string(kept.Scope), kept.By,
			kept.At.UnixMicro(), kept.Until.UnixMicro(), false)
		if err != nil {
			return fmt.Errorf("put token: %w", err)
		}
		if _, err := tx.ExecContext(ctx, s.sql.forgetEnded, in, given.At.UnixMicro(), token.MaxEnded); err != nil {
			return fmt.Errorf("forget what is over: %w", err)
		}
		return s.note(ctx, tx, in, sqlkit.Line{At: kept.At, Kind: token.Made, By: kept.By, Role: kept.Scope.Role(), Text: kept.Name})
	})
	if err != nil {
		return token.Token{}, err
	}
	return kept, nil
}

// List implements token.Store.
func (s *Store) List(ctx context.Context, in ledger.ID, by ledger.UserID) ([]token.Token, error) {
	return sqlkit.Rows(ctx, s.runner, "sqltoken.List", in, scanToken, s.sql.listed, by)
}

// Revoke implements token.Store.
func (s *Store) Revoke(
	ctx context.Context, in ledger.ID, id token.ID, by ledger.UserID, at time.Time, may func(token.Token) error,
) error {
	const op = "sqltoken.Revoke"
	return s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		now, err := s.one(ctx, tx, op, in, id)
		if err == nil {
			err = may(now)
		}
		switch {
		case err != nil:
			return err
		case now.Revoked:
			return sqlkit.ErrNothingChanged
		}
		if _, err := tx.ExecContext(ctx, s.sql.revoke, in, id, true); err != nil {
			return fmt.Errorf("revoke: %w", err)
		}
		return s.note(ctx, tx, in, sqlkit.Line{At: at, Kind: token.Revoked, By: by, Of: now.By, Role: now.Scope.Role(), Text: now.Name})
	})
}

// Find implements token.Store. It is asked with each request of a program.
func (s *Store) Find(ctx context.Context, in ledger.ID, secret token.Digest) (token.Token, error) {
	const op = "sqltoken.Find"
	var found []token.Token
	err := s.runner.GlanceAt(ctx, op, in, func(ctx context.Context, on sqlkit.Querier) (err error) {
		found, err = sqlkit.Collect(ctx, on, scanToken, s.sql.find, in, secret[:])
		return err
	})
	return first(op, found, err)
}

// Touch implements token.Store. It gives the ledger no new state, and so waits for no writer of it.
func (s *Store) Touch(ctx context.Context, in ledger.ID, id token.ID, at time.Time) error {
	_, err := s.exec(ctx, "sqltoken.Touch", in, s.sql.touch, in, id, at.UnixMicro())
	return err
}

// EndAll implements token.Store, ledger by ledger: what was ended stays so if another cannot be reached.
func (s *Store) EndAll(ctx context.Context, by ledger.UserID) (ended int, err error) {
	const op = "sqltoken.EndAll"
	var ledgers []ledger.ID
	err = s.runner.ReadEvery(ctx, op, func(ctx context.Context, on sqlkit.Querier) (err error) {
		ledgers, err = sqlkit.Collect(ctx, on, scanLedger, s.sql.ledgersOf, by)
		return err
	})
	for _, in := range ledgers {
		if err != nil {
			return ended, err
		}
		var n int64
		n, err = s.exec(ctx, op, in, s.sql.revokeAll, in, by, true)
		ended += int(n)
	}
	return ended, err
}

func scanLedger(from sqlkit.Scanner) (in ledger.ID, err error) {
	err = from.Scan(&in)
	return in, err
}

// exec runs one statement of a ledger in a transaction of its own, and returns how many rows it changed.
func (s *Store) exec(ctx context.Context, op string, in ledger.ID, statement string, args ...any) (changed int64, err error) {
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		result, err := tx.ExecContext(sqlkit.InLedger(ctx, in), statement, args...)
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

func (s *Store) one(ctx context.Context, on sqlkit.Querier, op string, in ledger.ID, id token.ID) (token.Token, error) {
	found, err := sqlkit.Collect(ctx, on, scanToken, s.sql.byID, in, id)
	return first(op, found, err)
}

func first(op string, found []token.Token, err error) (token.Token, error) {
	switch {
	case err != nil:
		return token.Token{}, err
	case len(found) == 0:
		return token.Token{}, token.NoSuchToken(op)
	}
	return found[0], nil
}

// request is what was asked for under a key.
type request struct {
	id     token.ID
	digest token.Digest
}

func scanRequest(from sqlkit.Scanner) (r request, err error) {
	var digest []byte
	err = from.Scan(&r.id, &digest)
	copy(r.digest[:], digest)
	return r, err
}

func scanToken(from sqlkit.Scanner) (t token.Token, err error) {
	var at, until, used int64
	err = from.Scan(&t.ID, &t.Name, &t.Scope, &t.By, &at, &until, &used, &t.Revoked)
	t.At, t.Until = moment(at), moment(until)
	if used != 0 {
		t.Used = moment(used)
	}
	return t, err
}

func moment(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
