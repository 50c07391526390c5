package sqlaccount

import (
	"context"

	"expense-tracker/adapters/internal/sharedread"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// A visit is asked with each page, and a planner has to look up a row of each table and no more. So one statement knows the ledger that is
// wished, and another one looks for the oldest that the session's user is in. The one for many does both.
const (
	visitSession = `
SELECT s.id, s.opened_at, s.used_at, a.id, a.name, a.language, a.admin, a.created_at,
	COALESCE(l.id, 0), COALESCE(l.name, ''), COALESCE(l.currency, ''), COALESCE(l.time_zone, ''),
	COALESCE(m.role, 0), COALESCE(l.version, 0), COALESCE(l.mark, 0)` + countingSessions + `
LEFT JOIN member m ON m.user_id = a.id AND m.role > 0 AND m.ledger_id = `

	ofItsLedger = `
LEFT JOIN ledger l ON l.id = m.ledger_id AND l.name IS NOT NULL
WHERE s.digest = `

	memberships = `(
	SELECT o.ledger_id FROM member o JOIN ledger n ON n.id = o.ledger_id AND n.name IS NOT NULL
	WHERE o.user_id = s.account_id AND o.role > 0 `
	oldest = memberships + `ORDER BY o.ledger_id LIMIT 1)`

	visitWished = visitSession + `$2` + ofItsLedger + `$1`
	visitOldest = visitSession + oldest + ofItsLedger + `$1`

	// OFFSET 0 has each session looked up by its digest: a planner may else read all.
	ofMany = ` AS w (token, wish, place)
CROSS JOIN LATERAL (` + visitSession + `COALESCE(` + memberships + `AND o.ledger_id = w.wish), ` + oldest + `)` + ofItsLedger + `w.token
OFFSET 0) v`
)

// mostVisits is how many share a query.
const mostVisits = 64

const opVisit = "sqlaccount.Visit"

// wished is what a visit is asked by.
type wished struct {
	token account.Digest
	wish  ledger.ID
}

// ShareVisits has visits that come together share a query, where each costs a round trip. rows is what arrays of digests and of wishes are
// as rows, each with its place. Who waits for a query of others is told to those who watch.
func (s *Store) ShareVisits(rows string, watched sqlkit.Watchers) {
	s.sql.visitMany = s.runner.Rebind(`SELECT w.place, v.* FROM ` + rows + ofMany)
	s.visits = sharedread.New(mostVisits, s.visitsOf, watched.Shared(s.sql.visitMany))
}

// Visit implements account.Visits. It is asked with each page.
func (s *Store) Visit(ctx context.Context, token account.Digest, wish ledger.ID) (found account.Visit, err error) {
	if s.visits == nil {
		found, err = s.visit(ctx, wished{token, wish})
	} else {
		ctx, cancel := s.runner.Bounded(ctx)
		defer cancel()
		found, err = s.visits.Get(ctx, wished{token, wish})
	}
	switch {
	case err != nil:
		return account.Visit{}, s.runner.Fault(opVisit, err)
	case found.Session.ID == 0:
		return account.Visit{}, account.NoSuchSession(opVisit)
	}
	return found, nil
}

// visitsOf returns several visits in their order: one without a session where there is none.
func (s *Store) visitsOf(ctx context.Context, asked []wished) (visits []account.Visit, err error) {
	if len(asked) == 1 {
		alone, err := s.visit(ctx, asked[0])
		return []account.Visit{alone}, err
	}
	tokens, wishes := make([][]byte, len(asked)), make([]int64, len(asked))
	for i := range asked {
		tokens[i], wishes[i] = asked[i].token[:], int64(asked[i].wish)
	}
	err = s.runner.GlanceEvery(ctx, opVisit, func(ctx context.Context, on sqlkit.Querier) error {
		visits = make([]account.Visit, len(asked))
		_, err := sqlkit.Collect(ctx, on, func(from sqlkit.Scanner) (place int, err error) {
			found, err := s.scanVisit(placed{from, &place})
			if err == nil {
				visits[place-1] = found
			}
			return place, err
		}, s.sql.visitMany, tokens, wishes)
		return err
	})
	return visits, err
}

// placed scans a row that begins with its place among others.
type placed struct {
	sqlkit.Scanner
	place *int
}

func (p placed) Scan(dest ...any) error { return p.Scanner.Scan(append([]any{p.place}, dest...)...) }

// visit returns one visit: without a session where there is none.
func (s *Store) visit(ctx context.Context, asked wished) (account.Visit, error) {
	var found []account.Visit
	err := s.runner.GlanceEvery(ctx, opVisit, func(ctx context.Context, on sqlkit.Querier) (err error) {
		if asked.wish != 0 {
			found, err = sqlkit.Collect(ctx, on, s.scanVisit, s.sql.visitWished, asked.token[:], asked.wish)
		}
		if err == nil && (asked.wish == 0 || len(found) == 1 && found[0].Actor.Role == 0) {
			found, err = sqlkit.Collect(ctx, on, s.scanVisit, s.sql.visitOldest, asked.token[:])
		}
		return err
	})
	if err != nil || len(found) == 0 {
		return account.Visit{}, err
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
