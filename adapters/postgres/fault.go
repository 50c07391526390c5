package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// The SQLSTATEs that are told apart, by PostgreSQL's names for them.
const (
	stateProtocol             = "08P01"
	stateNumericOutOfRange    = "22003"
	stateUniqueViolation      = "23505"
	stateReadOnly             = "25006" // a primary that has become a standby
	stateIdleTimeout          = "25P03"
	stateInvalidPassword      = "28P01"
	stateInvalidAuthorization = "28000"
	stateUnknownDatabase      = "3D000"
	stateSerialization        = "40001"
	stateDeadlock             = "40P01"
	stateInvalidParameter     = "22023"
	stateForbidden            = "42501"
	stateUndefinedObject      = "42704"
	stateUndefinedTable       = "42P01"
	stateDiskFull             = "53100"
	stateLockTimeout          = "55P03"
)

// unavailableClasses are the SQLSTATE classes of a server that cannot answer now: no connection, no resources, an
// operator's intervention (shutdown, cancelled by a time limit), a failing system.
var unavailableClasses = [...]string{"08", "53", "57", "58"}

// stateOf returns the SQLSTATE that err carries; empty if the server sent none.
func stateOf(err error) string {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return answer.Code
	}
	return ""
}

func hasState(err error, state string) bool { return stateOf(err) == state }

// asFault gives an error of a storage operation its kind. Faults pass through.
func asFault(op string, err error) error {
	var already *fault.Error
	switch {
	case err == nil, errors.As(err, &already):
		return err
	case hasState(err, stateNumericOutOfRange):
		return expense.TotalOverflow(op, err) // prices are bounded, so only a total can be out of range
	case hasState(err, stateUniqueViolation):
		return fault.Wrap(fault.Conflict, op, err)
	case isUnavailable(err), hasState(err, stateUndefinedTable): // as while a restore has dropped them
		return &fault.Error{Kind: fault.Unavailable, Op: op, Message: fault.Say(illness(err)), Err: err}
	}
	return fault.Wrap(fault.Internal, op, err)
}

// illness says in plain words what ails the database, if the error tells; else it is empty.
func illness(err error) fault.Phrase {
	switch {
	case hasState(err, stateDiskFull):
		return illFull
	case hasState(err, stateReadOnly), errors.Is(err, pgconn.ErrReadOnlyConnection):
		return illReadOnly
	case hasState(err, stateForbidden):
		return illForbidden
	case hasState(err, stateUndefinedTable):
		return illMissing
	}
	return ""
}

// openFault is asFault for an open storage: what only the operator can mend is not Unavailable, since waiting does not help.
func openFault(op string, err error) error {
	if errors.Is(err, ErrPooler) || errors.Is(err, ErrSession) || errors.Is(err, ErrOldServer) {
		return fault.Wrap(fault.Internal, op, err)
	}
	switch stateOf(err) {
	case stateInvalidPassword:
		return fault.Wrap(fault.Internal, op, fmt.Errorf("%w: %w", ErrPassword, err))
	case stateUnknownDatabase:
		return fault.Wrap(fault.Internal, op, fmt.Errorf("%w: %w", ErrNoDatabase, err))
	case stateUndefinedObject, stateInvalidParameter:
		return fault.Wrap(fault.Internal, op, err)
	case stateInvalidAuthorization, stateForbidden, stateUndefinedTable:
		return fault.Wrap(fault.Internal, op, err)
	case stateProtocol: // how pgbouncer refuses a parameter of a session
		return fault.Wrap(fault.Internal, op, fmt.Errorf("%w: %w", ErrPooler, err))
	}
	return asFault(op, err)
}

func isUnavailable(err error) bool {
	if endedByServer(err) {
		return true
	}
	switch state := stateOf(err); state {
	case "":
		return isLost(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	case stateReadOnly, stateForbidden, stateIdleTimeout, stateLockTimeout, stateSerialization, stateDeadlock,
		stateInvalidPassword, stateInvalidAuthorization, stateUnknownDatabase:
		return true
	default:
		for _, class := range unavailableClasses {
			if strings.HasPrefix(state, class) {
				return true
			}
		}
		return false
	}
}

// endedByServer reports whether the server closed the connection with its answer, whatever the reason.
func endedByServer(err error) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && (answer.SeverityUnlocalized == "FATAL" || answer.SeverityUnlocalized == "PANIC")
}

// isLost reports whether the connection broke, or there was none. The driver knows a broken connection by many names: the network's
// error for the call that met it, its own for each call after that, and database/sql's for a transaction whose connection is gone.
func isLost(err error) bool {
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		slices.ContainsFunc(lost[:], func(one error) bool { return errors.Is(err, one) })
}

var lost = [...]error{
	pgconn.ErrConnClosed, pgx.ErrTxClosed, driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone,
	io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE,
}

// worthAnotherTry reports whether an operation that may run twice should do so at once: on another connection, while the server is there.
func worthAnotherTry(err error) bool {
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return false
	}
	switch state := stateOf(err); state {
	case stateSerialization, stateDeadlock, stateReadOnly:
		return true
	case "":
		return isLost(err)
	default:
		return endedByServer(err) || strings.HasPrefix(state, "57P") || strings.HasPrefix(state, "08")
	}
}
