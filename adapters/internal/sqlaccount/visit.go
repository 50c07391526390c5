package sqlaccount

import (
	"context"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// A visit is asked with each page, and a planner has to look up a row of each table and no more. So one statement knows the ledger that is
// wished, and the other looks for the oldest that the session's user is in.
const (
	visitSession = `
SELECT s.id, s.opened_at, s.used_at, a.id, a.name, a.language, a.admin, a.created_at,
	COALESCE(l.id, 0), COALESCE(l.name, ''), COALESCE(l.currency, ''), COALESCE(l.time_zone, ''),
	COALESCE(m.role, 0), COALESCE(l.version, 0), COALESCE(l.mark, 0)` + countingSessions + `
LEFT JOIN member m ON m.user_id = a.id AND m.role > 0 AND m.ledger_id = `

	ofItsLedger = `
LEFT JOIN ledger l ON l.id = m.ledger_id AND l.name IS NOT NULL
WHERE s.digest = $1`

	visitWished = visitSession + `$2` + ofItsLedger

	visitOldest = visitSession + `(
	SELECT o.ledger_id FROM member o JOIN ledger n ON n.id = o.ledger_id AND n.name IS NOT NULL
	WHERE o.user_id = s.account_id AND o.role > 0 ORDER BY o.ledger_id LIMIT 1
)` + ofItsLedger
)

// Visit implements account.Visits. It is asked with each page.
func (s *Store) Visit(ctx context.Context, token account.Digest, wish ledger.ID) (account.Visit, error) {
	const op = "sqlaccount.Visit"
	var found []account.Visit
	err := s.runner.GlanceEvery(ctx, op, func(ctx context.Context, on sqlkit.Querier) (err error) {
		if wish != 0 {
			found, err = sqlkit.Collect(ctx, on, s.scanVisit, s.sql.visitWished, token[:], wish)
		}
		if err == nil && (wish == 0 || len(found) == 1 && found[0].Actor.Role == 0) {
			found, err = sqlkit.Collect(ctx, on, s.scanVisit, s.sql.visitOldest, token[:])
		}
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
	session, user := &v.Session, &v.User
	var opened, used, created int64
	var in ledger.ID
	var role ledger.Role
	var name, currency, zone string
	err := from.Scan(&session.ID, &opened, &used, &user.ID, &user.Name, &user.Language, &user.Admin, &created,
		&in, &name, &currency, &zone, &role, &v.State.Version, &v.State.Mark)
	if err != nil {
		return v, err
	}
	session.User, session.Opened, session.Used, user.Created = user.ID, moment(opened), moment(used), moment(created)
	v.Actor = ledger.Actor{User: user.ID}
	if in != 0 {
		v.Actor.Role = role
		v.Actor.Ledger, err = s.ledgers.Of(in, name, currency, zone)
	}
	return v, err
}
