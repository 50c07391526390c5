package sqlaccount

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const (
	linkColumns = `i.issuer, i.subject, i.shown, i.linked_at`

	accountByIdentity = `
SELECT ` + accountColumns + withFactor + `JOIN account_identity i ON i.account_id = a.id WHERE i.issuer = $1 AND i.subject = $2`

	linkOf     = `SELECT ` + linkColumns + ` FROM account_identity i WHERE i.account_id = $1 AND i.issuer = $2`
	insertLink = `INSERT INTO account_identity (issuer, subject, account_id, shown, linked_at) VALUES ($1, $2, $3, $4, $5)`
	deleteLink = `DELETE FROM account_identity WHERE account_id = $1 AND issuer = $2`

	expectedWith    = `SELECT e.account_id FROM account_expected e WHERE e.email = $1`
	insertExpected  = `INSERT INTO account_expected (email, account_id) VALUES ($1, $2)`
	forgetExpected  = `DELETE FROM account_expected WHERE account_id = $1`
	raiseGeneration = `UPDATE account SET generation = $2 WHERE id = $1`
)

// identityStatements are those about identities, with the driver's placeholders.
type identityStatements struct {
	byIdentity, linkOf, insert, unlink            string
	expectedWith, expect, forgetExpected, raise   string
	forgetAttempts, insertAttempt, returnAttempts string
}

func newIdentityStatements(r *sqlkit.Runner) identityStatements {
	return identityStatements{
		byIdentity: r.Rebind(accountByIdentity), linkOf: r.Rebind(linkOf), insert: r.Rebind(insertLink), unlink: r.Rebind(deleteLink),
		expectedWith: r.Rebind(expectedWith), expect: r.Rebind(insertExpected), forgetExpected: r.Rebind(forgetExpected),
		raise:          r.Rebind(raiseGeneration),
		forgetAttempts: r.Rebind(forgetAttempts), insertAttempt: r.Rebind(insertAttempt), returnAttempts: r.Rebind(returnAttempt),
	}
}

// ByIdentity implements account.Identities.
func (s *Store) ByIdentity(ctx context.Context, identity account.Identity) (found account.Account, err error) {
	const op = "sqlaccount.ByIdentity"
	err = s.read(ctx, op, func(ctx context.Context, on sqlkit.Querier) error {
		found, err = s.byIdentity(ctx, on, op, identity)
		return err
	})
	return found, err
}

func (s *Store) byIdentity(ctx context.Context, on sqlkit.Querier, op string, identity account.Identity) (account.Account, error) {
	found, err := s.one(ctx, on, op, s.sql.identities.byIdentity, identity.Issuer, identity.Subject)
	if isMissing(err) {
		err = account.NoSuchIdentity(op)
	}
	return found, err
}

// LinkOf implements account.Identities.
func (s *Store) LinkOf(ctx context.Context, user ledger.UserID, issuer string) (link account.Link, err error) {
	const op = "sqlaccount.LinkOf"
	err = s.read(ctx, op, func(ctx context.Context, on sqlkit.Querier) error {
		link, err = s.linkOf(ctx, on, op, user, issuer)
		return err
	})
	return link, err
}

func (s *Store) linkOf(ctx context.Context, on sqlkit.Querier, op string, user ledger.UserID, issuer string) (account.Link, error) {
	found, err := sqlkit.Collect(ctx, on, scanLink, s.sql.identities.linkOf, user, issuer)
	switch {
	case err != nil:
		return account.Link{}, err
	case len(found) == 0:
		return account.Link{}, account.NoSuchIdentity(op)
	}
	return found[0], nil
}

func scanLink(from sqlkit.Scanner) (link account.Link, err error) {
	var linked int64
	err = from.Scan(&link.Issuer, &link.Subject, &link.Shown, &linked)
	link.Linked = moment(linked)
	return link, err
}

// Link implements account.Identities.
func (s *Store) Link(ctx context.Context, user ledger.UserID, link account.Link) error {
	const op = "sqlaccount.Link"
	return s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := s.hold(ctx, tx, op, user); err != nil {
			return err
		}
		return s.insertLink(ctx, tx, op, user, link)
	})
}

// hold returns an account that nobody else changes before the transaction ends. As everywhere, its row is held before the register.
func (s *Store) hold(ctx context.Context, tx *sql.Tx, op string, user ledger.UserID) (account.Account, error) {
	if _, err := tx.ExecContext(ctx, s.sql.hold, user); err != nil {
		return account.Account{}, fmt.Errorf("hold: %w", err)
	}
	return s.one(ctx, tx, op, s.sql.byID, user)
}

// insertLink links an identity to a user, while nobody else links any: the register's row is held. One that is there already returns
// ErrNothingChanged.
func (s *Store) insertLink(ctx context.Context, tx *sql.Tx, op string, user ledger.UserID, link account.Link) error {
	if _, err := number(ctx, tx, s.sql.holdRegister); err != nil {
		return err
	}
	switch holder, err := s.byIdentity(ctx, tx, op, link.Identity); {
	case err == nil && holder.ID == user:
		return sqlkit.ErrNothingChanged
	case err == nil:
		return account.IdentityTaken(op)
	case !isMissing(err):
		return err
	}
	switch _, err := s.linkOf(ctx, tx, op, user, link.Issuer); {
	case err == nil:
		return account.IdentityTaken(op)
	case !isMissing(err):
		return err
	}
	_, err := tx.ExecContext(ctx, s.sql.identities.insert, link.Issuer, link.Subject, user, link.Shown, micros(link.Linked))
	if err != nil {
		return fmt.Errorf("insert link: %w", err)
	}
	return s.note(ctx, tx, account.LinkedBy(user, link))
}

// Unlink implements account.Identities.
func (s *Store) Unlink(
	ctx context.Context, user ledger.UserID, issuer string, at time.Time, may func(account.Account) error,
) (now account.Account, err error) {
	const op = "sqlaccount.Unlink"
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		now = account.Account{}
		held, err := s.hold(ctx, tx, op, user)
		if err != nil {
			return err
		}
		if _, err := s.linkOf(ctx, tx, op, user, issuer); err != nil {
			return err
		}
		if err := may(held); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql.identities.unlink, user, issuer); err != nil {
			return fmt.Errorf("unlink: %w", err)
		}
		held.Generation++
		if _, err := tx.ExecContext(ctx, s.sql.identities.raise, user, held.Generation); err != nil {
			return fmt.Errorf("raise generation: %w", err)
		}
		now = held
		return s.note(ctx, tx, account.UnlinkedBy(user, at))
	})
	if err != nil {
		return account.Account{}, err
	}
	return now, nil
}

// CreateLinked implements account.Identities.
func (s *Store) CreateLinked(ctx context.Context, given account.Account, link account.Link) (made account.User, err error) {
	const op = "sqlaccount.CreateLinked"
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		made = account.User{}
		id, err := number(ctx, tx, s.sql.takeNumber)
		if err != nil {
			return err
		}
		if made, err = s.insert(ctx, tx, op, ledger.UserID(id), given); err != nil {
			return err
		}
		return s.insertLink(ctx, tx, op, made.ID, link)
	})
	return made, err
}

// CreateExpected implements account.Identities.
func (s *Store) CreateExpected(ctx context.Context, given account.Account, email string) (made account.User, err error) {
	const op = "sqlaccount.CreateExpected"
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		made = account.User{}
		id, err := number(ctx, tx, s.sql.takeNumber) // which holds the register
		if err != nil {
			return err
		}
		if made, err = s.insert(ctx, tx, op, ledger.UserID(id), given); err != nil {
			return err
		}
		return s.insertExpected(ctx, tx, op, made.ID, email)
	})
	if err != nil {
		return account.User{}, err
	}
	return made, nil
}

// CreateFirstLinked implements account.Identities.
func (s *Store) CreateFirstLinked(
	ctx context.Context, code account.Digest, given account.Account, link account.Link,
) (account.User, error) {
	const op = "sqlaccount.CreateFirstLinked"
	return s.createFirst(ctx, op, code, given, func(ctx context.Context, tx *sql.Tx, made account.User) error {
		return s.insertLink(ctx, tx, op, made.ID, link)
	})
}

// IsOffered implements account.Identities.
func (s *Store) IsOffered(ctx context.Context, code account.Digest) (offered bool, err error) {
	err = s.read(ctx, "sqlaccount.IsOffered", func(ctx context.Context, on sqlkit.Querier) error {
		n, err := number(ctx, on, s.sql.offered, code[:])
		offered = n > 0
		return err
	})
	return offered, err
}

// Expect implements account.Identities.
func (s *Store) Expect(ctx context.Context, user ledger.UserID, email string) error {
	const op = "sqlaccount.Expect"
	return s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		if _, err := s.hold(ctx, tx, op, user); err != nil {
			return err
		}
		if _, err := number(ctx, tx, s.sql.holdRegister); err != nil {
			return err
		}
		return s.insertExpected(ctx, tx, op, user, email)
	})
}

// insertExpected expects a user with an address. The transaction holds the register of users, so no other one takes the address meanwhile.
func (s *Store) insertExpected(ctx context.Context, tx *sql.Tx, op string, user ledger.UserID, email string) error {
	switch holder, err := s.expectedWith(ctx, tx, op, email); {
	case err == nil && holder == user:
		return sqlkit.ErrNothingChanged
	case err == nil:
		return account.IdentityTaken(op)
	case !isMissing(err):
		return err
	}
	if _, err := tx.ExecContext(ctx, s.sql.identities.forgetExpected, user); err != nil {
		return fmt.Errorf("forget who is expected: %w", err)
	}
	if _, err := tx.ExecContext(ctx, s.sql.identities.expect, email, user); err != nil {
		return fmt.Errorf("expect: %w", err)
	}
	return nil
}

func (s *Store) expectedWith(ctx context.Context, on sqlkit.Querier, op, email string) (ledger.UserID, error) {
	id, err := number(ctx, on, s.sql.identities.expectedWith, email)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, account.NoSuchIdentity(op)
	}
	return ledger.UserID(id), err
}

// Claim implements account.Identities.
func (s *Store) Claim(
	ctx context.Context, email string, link account.Link, may func(account.Account) error,
) (found account.Account, err error) {
	const op = "sqlaccount.Claim"
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		found = account.Account{}
		user, err := s.expectedWith(ctx, tx, op, email)
		if err != nil {
			return err
		}
		held, err := s.hold(ctx, tx, op, user)
		if err == nil {
			err = may(held)
		}
		if err != nil {
			return err
		}
		switch now, err := s.expectedWith(ctx, tx, op, email); { // who was quicker has claimed it
		case err != nil:
			return err
		case now != user:
			return fault.New(fault.Unavailable, op, "")
		}
		if err := s.insertLink(ctx, tx, op, user, link); err != nil && !errors.Is(err, sqlkit.ErrNothingChanged) {
			return err
		}
		if _, err := tx.ExecContext(ctx, s.sql.identities.forgetExpected, user); err != nil {
			return fmt.Errorf("forget who is expected: %w", err)
		}
		found = held
		return nil
	})
	return found, err
}
