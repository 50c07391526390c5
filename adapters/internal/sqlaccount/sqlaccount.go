// Package sqlaccount keeps accounts in the databases that speak SQL: it implements account.Store, whole. Its SQL is one text for every
// database. It knows no driver and no other module. The tables are those of the storages' migrations: account, account_register,
// account_setup_code, account_session, account_throttle, account_event, account_factor, account_passkey
// and account_begun.
//
// Whoever gives an account a number or a name holds the one row of account_register first: so numbers come one after the other, the first
// account is one, and no two writers meet at a name. Who takes an administrator away holds it, too, so that one stays.
package sqlaccount

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"expense-tracker/adapters/internal/sharedread"
	"expense-tracker/adapters/internal/sqlkit"
	"expense-tracker/adapters/internal/sqlledger"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

const (
	userColumns    = `a.id, a.name, a.language, a.admin, a.disabled, a.created_at`
	accountColumns = userColumns + `, a.password, a.generation, ` + factorColumns

	accountByName = `SELECT ` + accountColumns + withFactor + `WHERE a.folded = $1`
	accountByID   = `SELECT ` + accountColumns + withFactor + `WHERE a.id = $1`
	allUsers      = `SELECT ` + userColumns + ` FROM account a ORDER BY a.id`

	otherAdmins = `SELECT count(*) FROM account WHERE admin AND NOT disabled AND id <> $1`

	namesOf = `SELECT a.id, a.name FROM account a WHERE a.id IN `

	holdAccount = `UPDATE account SET generation = generation WHERE id = $1`

	holdRegister = `UPDATE account_register SET next = next WHERE id = 1 RETURNING next`
	takeNumber   = `UPDATE account_register SET next = next + 1 WHERE id = 1 RETURNING next - 1`

	insertAccount = `
INSERT INTO account (id, name, folded, language, admin, disabled, password, generation, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`

	updateAccount = `
UPDATE account SET name = $2, folded = $3, language = $4, admin = $5, disabled = $6, password = $7, generation = $8 WHERE id = $1`
)

// Store implements account.Store.
type Store struct {
	runner  *sqlkit.Runner
	ledgers *sqlledger.Store
	read    func(ctx context.Context, op string, work func(ctx context.Context, on sqlkit.Querier) error) error
	sql     statements
	visits  *sharedread.Reader[wished, account.Visit] // nil where each is asked by itself
}

var _ account.Store = (*Store)(nil)

// New returns a Store that asks through the runner. now is the database's own expression for the present moment.
func New(r *sqlkit.Runner, ledgers *sqlledger.Store, now string) *Store {
	return &Store{runner: r, ledgers: ledgers, read: r.ReadAll, sql: newStatements(r, now)}
}

// Create implements account.Users.
func (s *Store) Create(ctx context.Context, given account.Account) (made account.User, err error) {
	const op = "sqlaccount.Create"
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		made = account.User{}
		id, err := number(ctx, tx, s.sql.takeNumber)
		if err == nil {
			made, err = s.insert(ctx, tx, op, ledger.UserID(id), given)
		}
		return err
	})
	return made, err
}

// insert stores an account under its number. One that is stored already returns ErrNothingChanged, with the user.
func (s *Store) insert(
	ctx context.Context, tx *sql.Tx, op string, id ledger.UserID, given account.Account,
) (account.User, error) {
	folded := account.Folded(given.Name)
	holder, err := s.one(ctx, tx, op, s.sql.byName, folded)
	switch {
	case err == nil && holder.Hash == given.Hash:
		return holder.User, sqlkit.ErrNothingChanged
	case err == nil:
		return account.User{}, account.NameTaken(op)
	case !isMissing(err):
		return account.User{}, err
	}
	given.ID = id
	_, err = tx.ExecContext(ctx, s.sql.insert, id, given.Name, folded, given.Language, given.Admin, given.Disabled, given.Hash,
		given.Generation, micros(given.Created))
	if err != nil {
		return account.User{}, fmt.Errorf("insert: %w", err)
	}
	return given.User, s.note(ctx, tx, account.Happened(account.Account{}, given)...)
}

// ByName implements account.Users.
func (s *Store) ByName(ctx context.Context, folded string) (account.Account, error) {
	return s.get(ctx, "sqlaccount.ByName", s.sql.byName, folded)
}

// ByID implements account.Users.
func (s *Store) ByID(ctx context.Context, id ledger.UserID) (account.Account, error) {
	return s.get(ctx, "sqlaccount.ByID", s.sql.byID, id)
}

func (s *Store) get(ctx context.Context, op, query string, by any) (found account.Account, err error) {
	err = s.read(ctx, op, func(ctx context.Context, on sqlkit.Querier) error {
		found, err = s.one(ctx, on, op, query, by)
		return err
	})
	return found, err
}

func (s *Store) one(ctx context.Context, on sqlkit.Querier, op, query string, by ...any) (account.Account, error) {
	found, err := sqlkit.Collect(ctx, on, scanAccount, query, by...)
	switch {
	case err != nil:
		return account.Account{}, err
	case len(found) == 0:
		return account.Account{}, account.NoSuchUser(op)
	}
	found[0].Passkeys, err = sqlkit.Collect(ctx, on, scanPasskey, s.sql.passkeys, found[0].ID)
	return found[0], err
}

// mostNames is how many are asked for in one statement.
const mostNames = 500

// Names implements account.Users.
func (s *Store) Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error) {
	names := make(map[ledger.UserID]string, len(users))
	for some := range slices.Chunk(users, mostNames) {
		places, args := make([]string, len(some)), make([]any, len(some))
		for i, id := range some {
			places[i], args[i] = fmt.Sprintf("$%d", i+1), id
		}
		query := s.runner.Rebind(sqlkit.Once + namesOf + "(" + strings.Join(places, ", ") + ")")
		err := s.read(ctx, "sqlaccount.Names", func(ctx context.Context, on sqlkit.Querier) error {
			found, err := sqlkit.Collect(ctx, on, scanName, query, args...)
			for _, user := range found {
				names[user.ID] = user.Name
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

// All implements account.Users.
func (s *Store) All(ctx context.Context) (all []account.User, err error) {
	err = s.read(ctx, "sqlaccount.All", func(ctx context.Context, on sqlkit.Querier) error {
		all, err = sqlkit.Collect(ctx, on, scanUser, s.sql.all)
		return err
	})
	return all, err
}

// Change implements account.Users.
func (s *Store) Change(
	ctx context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (now account.Account, err error) {
	return s.change(ctx, "sqlaccount.Change", id, revise, func(context.Context, *sql.Tx) error { return nil })
}

// change changes an account, and does what else comes with that.
func (s *Store) change(
	ctx context.Context, op string, id ledger.UserID, revise func(account.Account) (account.Account, error),
	also func(context.Context, *sql.Tx) error,
) (now account.Account, err error) {
	err = s.runner.WriteAll(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		now = account.Account{}
		if _, err := tx.ExecContext(ctx, s.sql.hold, id); err != nil {
			return fmt.Errorf("hold: %w", err)
		}
		stored, err := s.one(ctx, tx, op, s.sql.byID, id)
		if err != nil {
			return err
		}
		revised, err := revise(stored)
		if err != nil {
			return err
		}
		revised.ID, revised.Created = stored.ID, stored.Created
		folded := account.Folded(revised.Name)
		if folded != account.Folded(stored.Name) {
			if err := s.checkFree(ctx, tx, op, folded); err != nil {
				return err
			}
		}
		if account.LosesAdmin(stored, revised) {
			if err := s.checkOtherAdmin(ctx, tx, op, id); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, s.sql.update, id, revised.Name, folded, revised.Language, revised.Admin, revised.Disabled,
			revised.Hash, revised.Generation)
		if err != nil {
			return fmt.Errorf("update: %w", err)
		}
		if err := s.setFactor(ctx, tx, id, stored.Factor, revised.Factor); err != nil {
			return err
		}
		if err := s.setPasskeys(ctx, tx, id, stored.Passkeys, revised.Passkeys); err != nil {
			return err
		}
		now = revised
		if err := s.note(ctx, tx, account.Happened(stored, revised)...); err != nil {
			return err
		}
		return also(ctx, tx)
	})
	if err != nil {
		return account.Account{}, err
	}
	return now, nil
}

// checkOtherAdmin returns LastAdmin if no other administrator can come in. None who can stops being one before the transaction ends.
func (s *Store) checkOtherAdmin(ctx context.Context, tx *sql.Tx, op string, but ledger.UserID) error {
	if _, err := number(ctx, tx, s.sql.holdRegister); err != nil {
		return err
	}
	others, err := number(ctx, tx, s.sql.otherAdmins, but)
	if err == nil && others == 0 {
		return account.LastAdmin(op)
	}
	return err
}

// checkFree returns NameTaken if somebody has the name. Nobody takes it before the transaction ends.
func (s *Store) checkFree(ctx context.Context, tx *sql.Tx, op, folded string) error {
	if _, err := number(ctx, tx, s.sql.holdRegister); err != nil {
		return err
	}
	_, err := s.one(ctx, tx, op, s.sql.byName, folded)
	switch {
	case err == nil:
		return account.NameTaken(op)
	case isMissing(err):
		return nil
	}
	return err
}

// number runs a statement that returns one.
func number(ctx context.Context, on sqlkit.Querier, query string, args ...any) (n int64, err error) {
	if err = on.QueryRowContext(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("register of accounts: %w", err)
	}
	return n, nil
}

func scanName(from sqlkit.Scanner) (u account.User, err error) {
	err = from.Scan(&u.ID, &u.Name)
	return u, err
}

func scanUser(from sqlkit.Scanner) (u account.User, err error) {
	var created int64
	err = from.Scan(&u.ID, &u.Name, &u.Language, &u.Admin, &u.Disabled, &created)
	u.Created = moment(created)
	return u, err
}

func scanAccount(from sqlkit.Scanner) (a account.Account, err error) {
	var created int64
	var f factorRow
	err = from.Scan(&a.ID, &a.Name, &a.Language, &a.Admin, &a.Disabled, &created, &a.Hash, &a.Generation,
		&f.secret, &f.confirmed, &f.step, &f.recovery)
	a.Created, a.Factor = moment(created), f.factor()
	return a, err
}

// micros returns a moment as it is kept: in microseconds since 1970.
func micros(at time.Time) int64 { return at.UnixMicro() }

func moment(kept int64) time.Time { return time.UnixMicro(kept).UTC() }

func isMissing(err error) bool { return errors.Is(err, fault.NotFound) }
