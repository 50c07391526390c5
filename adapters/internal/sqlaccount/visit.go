package sqlaccount

import (
	"context"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// The ledger is the wished one if the session's user is in it, and else the oldest that the user is in. It is looked up, and not chosen
// from all rows of the user: to sort takes longer.
const visitSession = `
SELECT s.id, s.opened_at, s.used_at, a.id, a.name, a.language, a.admin, a.created_at,
	COALESCE(l.id, 0), COALESCE(l.name, ''), COALESCE(l.currency, ''), COALESCE(l.time_zone, ''),
	COALESCE(m.role, 0), COALESCE(l.version, 0), COALESCE(l.mark, 0)` + countingSessions + `
LEFT JOIN member m ON m.user_id = a.id AND m.role > 0 AND m.ledger_id = COALESCE((
	SELECT w.ledger_id FROM member w JOIN ledger n ON n.id = w.ledger_id AND n.name IS NOT NULL
	WHERE w.user_id = s.account_id AND w.ledger_id = $2 AND w.role > 0
), (
	SELECT o.ledger_id FROM member o JOIN ledger n ON n.id = o.ledger_id AND n.name IS NOT NULL
	WHERE o.user_id = s.account_id AND o.role > 0 ORDER BY o.ledger_id LIMIT 1
))
LEFT JOIN ledger l ON l.id = m.ledger_id
WHERE s.digest = $1`

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
