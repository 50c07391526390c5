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
	invitationColumns = `i.id, i.role, i.note, i.by_user, i.made_at, i.ends_at, i.used_by, i.withdrawn`

	nextInvitation = `SELECT COALESCE(max(id), 0) + 1 FROM invitation WHERE ledger_id = $1`
	putInvitation  = `
INSERT INTO invitation (ledger_id, id, token_hash, role, note, by_user, made_at, ends_at, used_by, withdrawn)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)`

	selectInvitations = `SELECT ` + invitationColumns + ` FROM invitation i WHERE i.ledger_id = $1`
	invitationByToken = selectInvitations + ` AND i.token_hash = $2`
	invitationByID    = selectInvitations + ` AND i.id = $2`
	openInvitations   = selectInvitations + ` AND i.used_by = 0 AND NOT i.withdrawn AND i.ends_at > $2 ORDER BY i.id DESC`

	lookUp = `
SELECT ` + sqlledger.Columns + `, ` + invitationColumns + `
FROM invitation i
JOIN ledger l ON l.id = i.ledger_id
WHERE i.ledger_id = $1 AND i.token_hash = $2 AND l.name IS NOT NULL`

	markUsed      = `UPDATE invitation SET used_by = $3 WHERE ledger_id = $1 AND id = $2`
	markWithdrawn = `UPDATE invitation SET withdrawn = $3 WHERE ledger_id = $1 AND id = $2`
)

// Invite implements member.Invitations.
func (s *Store) Invite(
	ctx context.Context, in ledger.ID, token member.Hash, given member.Invitation,
) (kept member.Invitation, err error) {
	const op = "sqlmember.Invite"
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		before, err := sqlkit.Collect(ctx, tx, scanInvitation, s.sql.invitationByToken, in, token[:])
		if err != nil {
			return err
		}
		if len(before) > 0 {
			kept = before[0]
			return sqlkit.ErrNothingChanged
		}
		open, err := sqlkit.Collect(ctx, tx, scanInvitation, s.sql.openInvitations, in, given.At.UnixMicro())
		if err != nil {
			return err
		}
		if len(open) >= member.MaxInvitations {
			return member.TooManyInvitations(op)
		}
		kept = given
		if err := tx.QueryRowContext(ctx, s.sql.nextInvitation, in).Scan(&kept.ID); err != nil {
			return fmt.Errorf("number of an invitation: %w", err)
		}
		_, err = tx.ExecContext(ctx, s.sql.putInvitation, in, kept.ID, token[:], int(kept.Role), kept.Note, kept.By,
			kept.At.UnixMicro(), kept.Until.UnixMicro(), false)
		if err != nil {
			return fmt.Errorf("put invitation: %w", err)
		}
		return s.log(ctx, tx, in, kept.Event())
	})
	if err != nil {
		return member.Invitation{}, err
	}
	return kept, nil
}

// Open implements member.Invitations.
func (s *Store) Open(ctx context.Context, in ledger.ID, now time.Time) ([]member.Invitation, error) {
	return sqlkit.Rows(ctx, s.runner, "sqlmember.Open", in, scanInvitation, s.sql.openInvitations, now.UnixMicro())
}

// Withdraw implements member.Invitations.
func (s *Store) Withdraw(ctx context.Context, in ledger.ID, id member.InvitationID, event member.Event) error {
	const op = "sqlmember.Withdraw"
	return s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		now, err := s.invitation(ctx, tx, op, s.sql.invitationByID, in, id)
		switch {
		case err != nil:
			return err
		case now.Withdrawn || now.UsedBy != 0:
			return sqlkit.ErrNothingChanged
		}
		if _, err := tx.ExecContext(ctx, s.sql.markWithdrawn, in, id, true); err != nil {
			return fmt.Errorf("withdraw: %w", err)
		}
		event.Role, event.Text = now.Role, now.Note
		return s.log(ctx, tx, in, event)
	})
}

// Look implements member.Invitations.
func (s *Store) Look(ctx context.Context, in ledger.ID, token member.Hash) (member.Offer, error) {
	const op = "sqlmember.Look"
	found, err := sqlkit.Rows(ctx, s.runner, op, in, s.scanOffer, s.sql.lookUp, token[:])
	switch {
	case err != nil:
		return member.Offer{}, err
	case len(found) == 0:
		return member.Offer{}, member.NoSuchInvitation(op)
	}
	return found[0], nil
}

// Accept implements member.Invitations.
func (s *Store) Accept(
	ctx context.Context, in ledger.ID, token member.Hash, user ledger.UserID,
	decide func(member.Invitation, []member.Member) (member.Step, error),
) (result member.Membership, err error) {
	const op = "sqlmember.Accept"
	err = s.runner.Write(ctx, op, in, func(ctx context.Context, tx *sql.Tx) error {
		offered, err := s.invitation(ctx, tx, op, s.sql.invitationByToken, in, token[:])
		if err != nil {
			return err
		}
		all, err := sqlkit.Collect(ctx, tx, scanMember, s.sql.allMembers, in)
		if err != nil {
			return err
		}
		if now, _ := member.Find(all, user); offered.UsedBy == user && now.IsPresent() {
			if result, err = s.membership(ctx, tx, op, in, user); err == nil {
				err = sqlkit.ErrNothingChanged
			}
			return err
		}
		step, err := decide(offered, all)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql.markUsed, in, offered.ID, user); err != nil {
			return fmt.Errorf("mark as used: %w", err)
		}
		if err := s.apply(ctx, tx, in, step); err != nil {
			return err
		}
		result, err = s.membership(ctx, tx, op, in, user)
		return err
	})
	if err != nil {
		return member.Membership{}, err
	}
	return result, nil
}

// invitation returns the one that a query finds in a ledger.
func (s *Store) invitation(
	ctx context.Context, on sqlkit.Querier, op, query string, in ledger.ID, by any,
) (member.Invitation, error) {
	found, err := sqlkit.Collect(ctx, on, scanInvitation, query, in, by)
	switch {
	case err != nil:
		return member.Invitation{}, err
	case len(found) == 0:
		return member.Invitation{}, member.NoSuchInvitation(op)
	}
	return found[0], nil
}

// read are the moments of an invitation's row.
type read struct{ at, until int64 }

// into returns where an invitation's columns go.
func (r *read) into(i *member.Invitation) []any {
	return []any{&i.ID, &i.Role, &i.Note, &i.By, &r.at, &r.until, &i.UsedBy, &i.Withdrawn}
}

// finish gives an invitation what was read of its moments.
func (r *read) finish(i *member.Invitation) { i.At, i.Until = moment(r.at), moment(r.until) }

func scanInvitation(from sqlkit.Scanner) (i member.Invitation, err error) {
	var row read
	err = from.Scan(row.into(&i)...)
	row.finish(&i)
	return i, err
}

func (s *Store) scanOffer(from sqlkit.Scanner) (o member.Offer, err error) {
	var row read
	o.Ledger, err = s.ledgers.Scan(from, row.into(&o.Invitation)...)
	row.finish(&o.Invitation)
	return o, err
}
