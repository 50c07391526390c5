package sqlaccount

import (
	"context"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// One row for each ledger that the session's user is in, of which the first counts: the wished one, or else the oldest. A user who is in
// none has one row without a ledger.
const visitSession = `
SELECT ` + sessionColumns + `, ` + userColumns + `,
	COALESCE(l.id, 0), COALESCE(l.name, ''), COALESCE(l.currency, ''), COALESCE(l.time_zone, ''),
	COALESCE(m.role, 0), COALESCE(l.version, 0), COALESCE(l.mark, 0)` + countingSessions + `
LEFT JOIN member m ON m.user_id = a.id AND m.role > 0
LEFT JOIN ledger l ON l.id = m.ledger_id AND l.name IS NOT NULL
WHERE s.digest = $1
ORDER BY CASE WHEN l.id = $2 THEN 0 WHEN l.id IS NULL THEN 2 ELSE 1 END, l.id LIMIT 1`

// Visit implements account.Visits. It is asked with each page.
func (s *Store) Visit(ctx context.Context, token account.Digest, wish ledger.ID) (account.Visit, error) {
	const op = "sqlaccount.Visit"
	var found []account.Visit
	err := s.runner.GlanceEvery(ctx, op, func(ctx context.Context, on sqlkit.Querier) (err error) {
		found, err = sqlkit.Collect(ctx, on, s.scanVisit, s.sql.visit, token[:], wish)
		return err
	})
	switch {
	case err != nil:
		return account.Visit{}, err
	case len(found) == 0:
		return account.Visit{}, account.NoSuchSession(op)
	}
	return found[0], nil
}

func (s *Store) scanVisit(from sqlkit.Scanner) (account.Visit, error) {
	var v account.Visit
	var in ledger.ID
	var role ledger.Role
	var name, currency, zone string
	var err error
	v.Signed, err = scanSigned(also{from, []any{&in, &name, &currency, &zone, &role, &v.State.Version, &v.State.Mark}})
	if err != nil {
		return v, err
	}
	v.Actor = ledger.Actor{User: v.User.ID}
	if in != 0 {
		v.Actor.Role = role
		v.Actor.Ledger, err = s.ledgers.Of(in, name, currency, zone)
	}
	return v, err
}

// also is a row with more columns than its reader knows.
type also struct {
	sqlkit.Scanner
	more []any
}

// Scan implements sqlkit.Scanner.
func (a also) Scan(first ...any) error { return a.Scanner.Scan(append(first, a.more...)...) }
