// Package sqlrate keeps rates in the databases that speak SQL: it implements rate.Store, whole. Its SQL is one text for every database.
// It knows no driver and no other module. The table is that of the storages' migrations: rate.
package sqlrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/rate"
	"expense-tracker/core/revision"
)

const (
	columns = `r.id, CAST(r.value AS text), r.revision, r.removed`

	// The currencies stand between the two, from $4 on. CROSS JOIN makes SQLite look rates up one by one.
	newestRates    = `WITH asked(currency) AS (VALUES `
	newestRatesEnd = `)
SELECT ` + columns + `
FROM asked a
CROSS JOIN rate r
WHERE r.ledger_id = $1 AND r.home = $2 AND r.currency = a.currency AND NOT r.removed AND r.day = (
	SELECT max(n.day) FROM rate n
	WHERE n.ledger_id = $1 AND n.home = $2 AND n.currency = a.currency AND NOT n.removed AND n.day <= $3
)
ORDER BY r.currency`

	listRates = `
SELECT ` + columns + ` FROM rate r
WHERE r.ledger_id = $1 AND r.home = $2 AND NOT r.removed AND r.id < $3
ORDER BY r.id DESC LIMIT $4`

	oneRate = `SELECT ` + columns + ` FROM rate r WHERE r.ledger_id = $1 AND r.id = $2`

	putRate = `
INSERT INTO rate (ledger_id, id, home, currency, day, value, removed, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (ledger_id, id) DO UPDATE SET value = excluded.value, removed = excluded.removed, revision = excluded.revision`
)

// beyond is above every ID.
const beyond rate.ID = 1<<63 - 1

// kind is that of a rate's row among the steps that are noted.
const kind = "rate"

// Store implements rate.Store.
type Store struct {
	runner *sqlkit.Runner

	list, one, put string // with the driver's placeholders
}

var _ rate.Store = (*Store)(nil)

// New returns a Store that asks through the runner.
func New(r *sqlkit.Runner) *Store {
	return &Store{runner: r, list: r.Rebind(listRates), one: r.Rebind(oneRate), put: r.Rebind(putRate)}
}

// Newest implements rate.Store.
func (s *Store) Newest(ctx context.Context, in ledger.ID, home string, currencies []string, on civil.Date) ([]rate.Rate, error) {
	if len(currencies) == 0 {
		return nil, nil
	}
	asked, args := make([]string, len(currencies)), []any{home, numberOf(on)} // beside the ledger
	for i, currency := range currencies {
		args = append(args, currency)
		asked[i] = fmt.Sprintf("(CAST($%d AS text))", len(args)+1)
	}
	query := s.runner.Rebind(newestRates + strings.Join(asked, ", ") + newestRatesEnd)
	return sqlkit.Rows(ctx, s.runner, "sqlrate.Newest", in, scan, query, args...)
}

// List implements rate.Store.
func (s *Store) List(ctx context.Context, in ledger.ID, home string, before rate.ID, limit int) ([]rate.Rate, error) {
	if before == 0 {
		before = beyond
	}
	return sqlkit.Rows(ctx, s.runner, "sqlrate.List", in, scan, s.list, home, before, limit)
}

// Get implements rate.Store.
func (s *Store) Get(ctx context.Context, in ledger.ID, id rate.ID) (found rate.Rate, err error) {
	const op = "sqlrate.Get"
	err = s.runner.Read(ctx, op, in, func(ctx context.Context, on sqlkit.Querier) error {
		found, err = s.get(ctx, on, op, in, id)
		return err
	})
	return found, err
}

func (s *Store) get(ctx context.Context, on sqlkit.Querier, op string, in ledger.ID, id rate.ID) (rate.Rate, error) {
	rows, err := sqlkit.Collect(ctx, on, scan, s.one, in, id)
	switch {
	case err != nil:
		return rate.Rate{}, err
	case len(rows) == 0:
		return rate.Rate{}, rate.NoSuchRate(op)
	}
	return rows[0], nil
}

// Put implements rate.Store.
func (s *Store) Put(ctx context.Context, in ledger.ID, basis revision.Basis, given rate.Rate) (rate.Rate, error) {
	const op = "sqlrate.Put"
	id := given.ID()
	step := sqlkit.Step{Ledger: in, Kind: kind, Row: int64(id), Basis: basis}
	var now rate.Rate
	err := s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		stored, err := s.get(ctx, tx, op, in, id)
		missing := errors.Is(err, fault.NotFound)
		switch {
		case err != nil && !missing:
			return err
		case missing && basis.Revision != 0:
			return err
		case stored.Revision != basis.Revision:
			now = stored
			return s.runner.Repeated(ctx, tx, step, rate.Stale(op))
		}
		now = given
		now.Revision = basis.Revision + 1
		_, err = tx.ExecContext(ctx, s.put, in, id, now.Home, now.Currency, numberOf(now.Day), now.Value.String(), now.Removed, now.Revision)
		if err != nil {
			return fmt.Errorf("put: %w", err)
		}
		return s.runner.Note(ctx, tx, step)
	})
	if err != nil {
		return rate.Rate{}, err
	}
	return now, nil
}

// numberOf returns a day as the integer YYYYMMDD, which sorts as the days do.
func numberOf(day civil.Date) int { return day.MonthOf().Number()*100 + day.Day }

func scan(from sqlkit.Scanner) (r rate.Rate, err error) {
	var id rate.ID
	var decimal string
	if err := from.Scan(&id, &decimal, &r.Revision, &r.Removed); err != nil {
		return r, err
	}
	var ok bool
	if r.Key, ok = id.Key(); !ok {
		return r, fmt.Errorf("rate %d: the number is no rate's", id)
	}
	if r.Value, err = rate.FromDecimal(decimal); err != nil {
		return r, fmt.Errorf("rate %d: %w", id, err)
	}
	return r, nil
}
