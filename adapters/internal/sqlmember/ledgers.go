package sqlmember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

const (
	// The row of a request numbers the ledger that it makes. It is absent if the request is a repeat.
	reserve = `
INSERT INTO ledger_made (user_id, idempotency_key, fingerprint) VALUES ($1, $2, $3)
ON CONFLICT (user_id, idempotency_key) DO NOTHING
RETURNING ledger_id`
	reserved  = `SELECT ledger_id, fingerprint FROM ledger_made WHERE user_id = $1 AND idempotency_key = $2`
	giveUp    = `DELETE FROM ledger_made WHERE ledger_id = $1`
	putLedger = `INSERT INTO ledger (id, version, mark) VALUES ($1, 1, $2) ON CONFLICT (id) DO NOTHING`
)

// Create implements member.Ledgers.
func (s *Store) Create(ctx context.Context, r member.Request, described ledger.Ledger) (result member.Membership, err error) {
	const op = "sqlmember.Create"
	described.ID = ledger.Default
	if err := described.Check(op); err != nil {
		return member.Membership{}, err
	}
	err = s.runner.WriteNew(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		given := described
		var err error
		given.ID, err = s.number(ctx, tx, r)
		if errors.Is(err, errRepeated) {
			if result, err = s.made(ctx, tx, op, r); err == nil {
				err = sqlkit.ErrNothingChanged
			}
		}
		if err != nil {
			return err
		}
		mine, err := sqlkit.Collect(ctx, tx, s.scanMembership, s.sql.membershipsOf, r.Maker, member.MaxLedgers)
		if err != nil {
			return err
		}
		if len(mine) >= member.MaxLedgers {
			return member.TooManyLedgers(op)
		}
		ctx = sqlkit.InLedger(ctx, given.ID)
		if given, err = s.ledgers.DefineIn(ctx, tx, op, given); err != nil {
			return err
		}
		first := r.FirstStep(given)
		result = member.Membership{Ledger: given, Member: first.Member}
		return s.apply(ctx, tx, given.ID, first)
	})
	if err != nil {
		return member.Membership{}, err
	}
	return result, nil
}

// errRepeated says that a request has made its ledger already.
var errRepeated = errors.New("repeated")

// number makes the row of a new ledger. It passes over numbers that somebody has defined a ledger under.
func (s *Store) number(ctx context.Context, tx *sql.Tx, r member.Request) (id ledger.ID, err error) {
	for {
		err := tx.QueryRowContext(ctx, s.sql.reserve, r.Maker, string(r.Key), r.Fingerprint[:]).Scan(&id)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, errRepeated
		}
		if err != nil {
			return 0, fmt.Errorf("number of a ledger: %w", err)
		}
		result, err := tx.ExecContext(sqlkit.InLedger(ctx, id), s.sql.putLedger, id, sqlkit.NewMark())
		if err != nil {
			return 0, fmt.Errorf("put ledger: %w", err)
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 1 {
			return id, err
		}
		if _, err := tx.ExecContext(ctx, s.sql.giveUp, id); err != nil {
			return 0, fmt.Errorf("give up a number: %w", err)
		}
	}
}

// made returns the ledger that a request has made before.
func (s *Store) made(ctx context.Context, tx *sql.Tx, op string, r member.Request) (member.Membership, error) {
	var id ledger.ID
	var fingerprint []byte
	if err := tx.QueryRowContext(ctx, s.sql.reserved, r.Maker, string(r.Key)).Scan(&id, &fingerprint); err != nil {
		return member.Membership{}, fmt.Errorf("request: %w", err)
	}
	if string(fingerprint) != string(r.Fingerprint[:]) {
		return member.Membership{}, member.KeyTaken(op)
	}
	return s.membership(ctx, tx, op, id, r.Maker)
}

// Describe implements member.Ledgers.
func (s *Store) Describe(
	ctx context.Context, in ledger.ID, decide func(ledger.Ledger) (ledger.Ledger, member.Event, error),
) (described ledger.Ledger, err error) {
	const op = "sqlmember.Describe"
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		now, err := s.ledgers.LedgerOn(ctx, tx, op, in)
		if err != nil {
			return err
		}
		wanted, event, err := decide(now)
		if err != nil {
			return err
		}
		wanted.ID = in
		if described, err = s.ledgers.DefineIn(ctx, tx, op, wanted); err != nil {
			return err
		}
		return s.log(ctx, tx, in, event)
	})
	if err != nil {
		return ledger.Ledger{}, err
	}
	return described, nil
}
