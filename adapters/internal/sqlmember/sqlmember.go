// Package sqlmember keeps who shares a ledger in the databases that speak SQL: it implements member.Storage, whole. Its SQL is one text
// for every database. It knows no driver and no other module. The tables are those of the storages' migrations: member, ledger_event,
// ledger_made and invitation. Moments are microseconds since 1970.
package sqlmember

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlledger"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

const (
	memberColumns = `m.user_id, m.role, m.since`

	selectMemberships = `
SELECT ` + sqlledger.Columns + `, ` + memberColumns + `
FROM member m
JOIN ledger l ON l.id = m.ledger_id
WHERE m.role > 0 AND l.name IS NOT NULL AND m.user_id = $1`

	membershipsOf = selectMemberships + ` ORDER BY m.ledger_id LIMIT $2`
	membershipIn  = selectMemberships + ` AND m.ledger_id = $2`

	presentMembers = `SELECT ` + memberColumns + ` FROM member m WHERE m.ledger_id = $1 AND m.role > 0 ORDER BY m.since, m.user_id`
	allMembers     = `SELECT ` + memberColumns + ` FROM member m WHERE m.ledger_id = $1`

	putMember = `
INSERT INTO member (ledger_id, user_id, role, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (ledger_id, user_id) DO UPDATE SET role = excluded.role, since = excluded.since`

	nextEvent = `SELECT COALESCE(max(id), 0) + 1 FROM ledger_event WHERE ledger_id = $1`
	putEvent  = `
INSERT INTO ledger_event (ledger_id, id, at, kind, by_user, of_user, role, said) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
	listEvents = `
SELECT id, at, kind, by_user, of_user, role, said FROM ledger_event
WHERE ledger_id = $1 AND id < $2
ORDER BY id DESC LIMIT $3`
)

// beyond is above every ID.
const beyond = 1<<63 - 1

// Store implements member.Storage.
type Store struct {
	runner  *sqlkit.Runner
	ledgers *sqlledger.Store
	sql     statements
}

// statements are the texts of SQL with the driver's placeholders.
type statements struct {
	membershipsOf, membershipIn, presentMembers, allMembers, putMember, nextEvent, putEvent, listEvents string
	reserve, reserved, giveUp, putLedger                                                                string
	nextInvitation, putInvitation, invitationByToken, invitationByID, openInvitations, lookUp           string
	markUsed, markWithdrawn, markLeft, erasedLedgers, hasRows                                           string
}

var _ member.Storage = (*Store)(nil)

// New returns a Store that asks through the runner, on ledgers that are kept in the same database.
func New(r *sqlkit.Runner, ledgers *sqlledger.Store) *Store {
	return &Store{runner: r, ledgers: ledgers, sql: statements{
		membershipsOf: r.Rebind(membershipsOf), membershipIn: r.Rebind(membershipIn), presentMembers: r.Rebind(presentMembers),
		allMembers: r.Rebind(allMembers), putMember: r.Rebind(putMember),
		nextEvent: r.Rebind(nextEvent), putEvent: r.Rebind(putEvent), listEvents: r.Rebind(listEvents),
		reserve: r.Rebind(reserve), reserved: r.Rebind(reserved), giveUp: r.Rebind(giveUp), putLedger: r.Rebind(putLedger),
		nextInvitation: r.Rebind(nextInvitation), putInvitation: r.Rebind(putInvitation), invitationByToken: r.Rebind(invitationByToken),
		invitationByID: r.Rebind(invitationByID), openInvitations: r.Rebind(openInvitations), lookUp: r.Rebind(lookUp),
		markUsed: r.Rebind(markUsed), markWithdrawn: r.Rebind(markWithdrawn),
		markLeft: r.Rebind(markLeft), erasedLedgers: r.Rebind(erasedLedgers), hasRows: r.Rebind(sqlledger.HasRows()),
	}}
}

// Memberships implements member.Store.
func (s *Store) Memberships(ctx context.Context, user ledger.UserID, limit int) (all []member.Membership, err error) {
	err = s.runner.ReadEvery(ctx, "sqlmember.Memberships", func(ctx context.Context, on sqlkit.Querier) error {
		all, err = sqlkit.Collect(ctx, on, s.scanMembership, s.sql.membershipsOf, user, limit)
		return err
	})
	return all, err
}

// Membership implements member.Store. It is asked for with each page.
func (s *Store) Membership(ctx context.Context, in ledger.ID, user ledger.UserID) (found member.Membership, err error) {
	const op = "sqlmember.Membership"
	err = s.runner.GlanceAt(ctx, op, in, func(ctx context.Context, on sqlkit.Querier) error {
		found, err = s.membership(ctx, on, op, in, user)
		return err
	})
	return found, err
}

func (s *Store) membership(
	ctx context.Context, on sqlkit.Querier, op string, in ledger.ID, user ledger.UserID,
) (member.Membership, error) {
	found, err := sqlkit.Collect(ctx, on, s.scanMembership, s.sql.membershipIn, user, in)
	switch {
	case err != nil:
		return member.Membership{}, err
	case len(found) == 0:
		return member.Membership{}, member.NotHere(op)
	}
	return found[0], nil
}

// Members implements member.Store.
func (s *Store) Members(ctx context.Context, in ledger.ID) ([]member.Member, error) {
	return sqlkit.Rows(ctx, s.runner, "sqlmember.Members", in, scanMember, s.sql.presentMembers)
}

// Renew implements member.Store.
func (s *Store) Renew(ctx context.Context, in ledger.ID) error {
	return s.runner.Write(ctx, "sqlmember.Renew", in, func(context.Context, *sql.Tx) error { return nil })
}

// Change implements member.Store.
func (s *Store) Change(ctx context.Context, in ledger.ID, decide func(all []member.Member) (member.Step, error)) error {
	return s.runner.Write(ctx, "sqlmember.Change", in, func(ctx context.Context, tx *sql.Tx) error {
		all, err := sqlkit.Collect(ctx, tx, scanMember, s.sql.allMembers, in)
		if err != nil {
			return err
		}
		step, err := decide(all)
		switch {
		case err != nil:
			return err
		case step.ChangesNothing():
			return sqlkit.ErrNothingChanged
		}
		return s.apply(ctx, tx, in, step)
	})
}

// apply stores a step, in a transaction that has touched the ledger's row.
func (s *Store) apply(ctx context.Context, tx *sql.Tx, in ledger.ID, step member.Step) error {
	m := step.Member
	if _, err := tx.ExecContext(ctx, s.sql.putMember, in, m.User, int(m.Role), m.Since.UnixMicro()); err != nil {
		return fmt.Errorf("put member: %w", err)
	}
	return s.log(ctx, tx, in, step.Event)
}

// log writes a line. Its number follows on the last one's, for the writers of a ledger come one after the other.
func (s *Store) log(ctx context.Context, tx *sql.Tx, in ledger.ID, e member.Event) error {
	if err := tx.QueryRowContext(ctx, s.sql.nextEvent, in).Scan(&e.ID); err != nil {
		return fmt.Errorf("number of an event: %w", err)
	}
	if _, err := tx.ExecContext(ctx, s.sql.putEvent, in, e.ID, e.At.UnixMicro(), string(e.Kind), e.By, e.Of, int(e.Role), e.Text); err != nil {
		return fmt.Errorf("put event: %w", err)
	}
	return nil
}

// Events implements member.Store.
func (s *Store) Events(ctx context.Context, in ledger.ID, before member.EventID, limit int) ([]member.Event, error) {
	if before == 0 {
		before = beyond
	}
	return sqlkit.Rows(ctx, s.runner, "sqlmember.Events", in, scanEvent, s.sql.listEvents, before, limit)
}

func (s *Store) scanMembership(from sqlkit.Scanner) (m member.Membership, err error) {
	var since int64
	m.Ledger, err = s.ledgers.Scan(from, &m.User, &m.Role, &since)
	m.Since = moment(since)
	return m, err
}

func scanMember(from sqlkit.Scanner) (m member.Member, err error) {
	var since int64
	err = from.Scan(&m.User, &m.Role, &since)
	m.Since = moment(since)
	return m, err
}

func scanEvent(from sqlkit.Scanner) (e member.Event, err error) {
	var at int64
	err = from.Scan(&e.ID, &at, &e.Kind, &e.By, &e.Of, &e.Role, &e.Text)
	e.At = moment(at)
	return e, err
}

func moment(micros int64) time.Time { return time.UnixMicro(micros).UTC() }

// Note implements sqlkit.Note: other modules' lines of the log.
func (s *Store) Note(ctx context.Context, tx *sql.Tx, in ledger.ID, l sqlkit.Line) error {
	return s.log(ctx, tx, in, member.Event{At: l.At, Kind: member.Kind(l.Kind), By: l.By, Of: l.Of, Role: l.Role, Text: l.Text})
}
