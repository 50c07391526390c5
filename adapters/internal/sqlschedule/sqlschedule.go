// Package sqlschedule keeps schedules in the databases that speak SQL: it implements schedule.Store, whole. It knows no driver and no
// other module.
package sqlschedule

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlmoney"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
	"expense-tracker/core/schedule"
)

const (
	selectSchedules = `
SELECT id, frequency, every_n, on_day, CAST(starts_on AS text), CAST(ends_on AS text),
	category, CAST(price AS text), currency, payee, note, tags, refund, prices, gaps,
	CAST(made_to AS text), made, last_expense, category_id, revision, COALESCE(paid_by, 0)
FROM schedule
WHERE ledger_id = $1`

	scheduleByID = selectSchedules + ` AND id = $2`
	listLive     = selectSchedules + ` AND NOT ended ORDER BY id LIMIT $2`
	listEnded    = selectSchedules + ` AND ended ORDER BY id DESC LIMIT $2`
	listDue      = selectSchedules + ` AND NOT ended AND next_due <= $2 ORDER BY next_due, id LIMIT $3`

	byKey     = `SELECT id, fingerprint FROM schedule WHERE ledger_id = $1 AND idempotency_key = $2`
	countLive = `SELECT count(*) FROM schedule WHERE ledger_id = $1 AND NOT ended`

	insertSchedule = `
INSERT INTO schedule (ledger_id, frequency, every_n, on_day, starts_on, ends_on, category, price, currency, payee, note, tags, refund,
	prices, gaps, made_to, made, last_expense, category_id, next_due, ended, paid_by, revision, idempotency_key, fingerprint,
	created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, NULLIF(CAST($22 AS bigint), 0), 1,
	$23, $24, $25)
RETURNING id`

	updateSchedule = `
UPDATE schedule
SET frequency = $2, every_n = $3, on_day = $4, starts_on = $5, ends_on = $6, category = $7, price = $8, currency = $9, payee = $10,
	note = $11, tags = $12, refund = $13, prices = $14, gaps = $15, made_to = $16, made = $17, last_expense = $18, category_id = $19,
	next_due = $20, ended = $21, paid_by = NULLIF(CAST($22 AS bigint), 0), revision = $23
WHERE ledger_id = $1 AND id = $24`
)

// kind is that of the rows whose changes are noted.
const kind = "schedule"

// Store implements schedule.Store.
type Store struct {
	runner     *sqlkit.Runner
	currencies *sqlmoney.Currencies
	sql        statements
}

// statements have the driver's placeholders.
type statements struct {
	byID, live, ended, due, byKey, countLive, insert, update string
}

var _ schedule.Store = (*Store)(nil)

// New returns a Store that asks through the runner.
func New(runner *sqlkit.Runner, currencies *sqlmoney.Currencies) *Store {
	return &Store{runner: runner, currencies: currencies, sql: statements{
		byID: runner.Rebind(scheduleByID), live: runner.Rebind(listLive), ended: runner.Rebind(listEnded), due: runner.Rebind(listDue),
		byKey: runner.Rebind(byKey), countLive: runner.Rebind(countLive),
		insert: runner.Rebind(insertSchedule), update: runner.Rebind(updateSchedule),
	}}
}

// State implements ledger.StateStore.
func (s *Store) State(ctx context.Context, in ledger.ID) (ledger.State, error) {
	return s.runner.State(ctx, "sqlschedule.State", in)
}

// Create implements schedule.Store.
func (s *Store) Create(ctx context.Context, in ledger.ID, entry schedule.Entry) (created schedule.Schedule, err error) {
	const op = "sqlschedule.Create"
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		var id schedule.ID
		var fingerprint []byte
		switch err := tx.QueryRowContext(ctx, s.sql.byKey, in, string(entry.Key)).Scan(&id, &fingerprint); {
		case err == nil && string(fingerprint) != string(entry.Fingerprint[:]):
			return schedule.KeyReused(op)
		case err == nil:
			if created, err = s.get(ctx, tx, op, in, id); err != nil {
				return err
			}
			return sqlkit.ErrNothingChanged
		case !errors.Is(err, sql.ErrNoRows):
			return fmt.Errorf("key of a schedule: %w", err)
		}
		created = entry.Schedule
		created.Revision = 1
		if err := s.checkRoom(ctx, tx, op, in, true, created.HasEnded()); err != nil {
			return err
		}
		columns, err := s.columns(op, in, &created)
		if err != nil {
			return err
		}
		columns = append(columns, string(entry.Key), entry.Fingerprint[:], entry.CreatedAt.UTC().Format("2006-01-02T15:04:05.000000Z"))
		if err := tx.QueryRowContext(ctx, s.sql.insert, columns...).Scan(&created.ID); err != nil {
			return fmt.Errorf("insert schedule: %w", err)
		}
		return nil
	})
	return created, err
}

// checkRoom refuses one more schedule that has not ended, where there are as many as there may be.
func (s *Store) checkRoom(ctx context.Context, tx *sql.Tx, op string, in ledger.ID, had, has bool) error {
	if !had || has {
		return nil
	}
	var live int
	if err := tx.QueryRowContext(ctx, s.sql.countLive, in).Scan(&live); err != nil {
		return fmt.Errorf("count schedules: %w", err)
	}
	if live >= schedule.MaxLive {
		return schedule.TooMany(op)
	}
	return nil
}

// Get implements schedule.Store.
func (s *Store) Get(ctx context.Context, in ledger.ID, id schedule.ID) (found schedule.Schedule, err error) {
	const op = "sqlschedule.Get"
	err = s.runner.Read(ctx, op, in, func(ctx context.Context, on sqlkit.Querier) (err error) {
		found, err = s.get(ctx, on, op, in, id)
		return err
	})
	return found, err
}

func (s *Store) get(ctx context.Context, on sqlkit.Querier, op string, in ledger.ID, id schedule.ID) (schedule.Schedule, error) {
	found, err := s.scan(on.QueryRowContext(ctx, s.sql.byID, in, id))
	if errors.Is(err, sql.ErrNoRows) {
		return schedule.Schedule{}, schedule.NoSuchSchedule(op)
	}
	return found, err
}

// List implements schedule.Store.
func (s *Store) List(ctx context.Context, in ledger.ID, query schedule.Query) ([]schedule.Schedule, error) {
	const op = "sqlschedule.List"
	switch {
	case !query.DueBy.IsZero():
		return sqlkit.Rows(ctx, s.runner, op, in, s.scan, s.sql.due, query.DueBy.String(), query.Limit)
	case query.Ended:
		return sqlkit.Rows(ctx, s.runner, op, in, s.scan, s.sql.ended, query.Limit)
	}
	return sqlkit.Rows(ctx, s.runner, op, in, s.scan, s.sql.live, query.Limit)
}

// Change implements schedule.Store.
func (s *Store) Change(ctx context.Context, in ledger.ID, id schedule.ID, basis revision.Basis,
	revise func(schedule.Schedule) (schedule.Schedule, error)) (schedule.Schedule, error) {
	const op = "sqlschedule.Change"
	step := sqlkit.Step{Ledger: in, Kind: kind, Row: int64(id), Basis: basis}
	var changed schedule.Schedule
	var refusal error // of revise, which the caller gets as it is
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		before, err := s.get(ctx, tx, op, in, id)
		if err != nil {
			return err
		}
		if before.Revision != basis.Revision {
			changed = before
			return s.runner.Repeated(ctx, tx, step, schedule.Stale(op))
		}
		if changed, refusal = revise(before); refusal != nil {
			return refusal
		}
		changed.ID, changed.Revision = before.ID, before.Revision+1
		if err := s.checkRoom(ctx, tx, op, in, before.HasEnded(), changed.HasEnded()); err != nil {
			return err
		}
		if err := s.replace(ctx, tx, op, in, &changed); err != nil {
			return err
		}
		return s.runner.Note(ctx, tx, step)
	})
	if refusal != nil {
		return schedule.Schedule{}, refusal
	}
	if err != nil {
		return schedule.Schedule{}, err
	}
	return changed, nil
}

// Advance implements schedule.Store.
func (s *Store) Advance(ctx context.Context, in ledger.ID, id schedule.ID,
	move func(schedule.Schedule) schedule.Progress) (moved schedule.Schedule, err error) {
	const op = "sqlschedule.Advance"
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		before, err := s.get(ctx, tx, op, in, id)
		if err != nil {
			return err
		}
		moved = before
		if moved.Progress = move(before); moved.Progress == before.Progress {
			return sqlkit.ErrNothingChanged
		}
		return s.replace(ctx, tx, op, in, &moved)
	})
	return moved, err
}

// replace stores a schedule in the place of what its row says.
func (s *Store) replace(ctx context.Context, tx *sql.Tx, op string, in ledger.ID, to *schedule.Schedule) error {
	columns, err := s.columns(op, in, to)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql.update, append(columns, to.Revision, to.ID)...); err != nil {
		return fmt.Errorf("update schedule %d: %w", to.ID, err)
	}
	return nil
}

// columns returns the ledger and what a row says of a schedule, whose prices it brings into the decimals that they are stored with.
func (s *Store) columns(op string, in ledger.ID, of *schedule.Schedule) ([]any, error) {
	stored, err := s.currencies.Counting(of.Spending.Price.Currency())
	if err != nil {
		return nil, err
	}
	if *of, err = of.Counted(stored); err != nil {
		return nil, fault.Wrap(fault.Invalid, op, err)
	}
	rule, spending, progress := of.Rule, of.Spending, of.Progress
	nextDue, isDue := of.NextDue()
	return []any{
		in, string(rule.Frequency), rule.Every, rule.Day, rule.Start.String(), date(rule.End, !rule.End.IsZero()),
		spending.Category, s.currencies.StoreAmount(spending.Price), spending.Price.Currency().Code(), spending.Payee, spending.Note,
		spending.Tags, spending.Refund, writePrices(of.Prices), writeGaps(of.Gaps),
		progress.To.String(), progress.Made, progress.Last, progress.Category, date(nextDue, isDue), of.HasEnded(), spending.PaidBy,
	}, nil
}
