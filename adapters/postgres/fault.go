package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// The SQLSTATEs that are told apart, by PostgreSQL's names for them.
const (
	stateNumericOutOfRange    = "22003"
	stateUniqueViolation      = "23505"
	stateReadOnly             = "25006" // a primary that has become a standby
	stateIdleTimeout          = "25P03"
	stateInvalidPassword      = "28P01"
	stateInvalidAuthorization = "28000"
	stateUnknownDatabase      = "3D000"
	stateSerialization        = "40001"
	stateDeadlock             = "40P01"
	stateUndefinedTable       = "42P01"
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
	case isUnavailable(err):
		return fault.Wrap(fault.Unavailable, op, err)
	}
	return fault.Wrap(fault.Internal, op, err)
}

// openFault is asFault for an open storage: what only the operator can mend is not Unavailable, since waiting does not help.
func openFault(op string, err error) error {
	switch stateOf(err) {
	case stateInvalidPassword, stateInvalidAuthorization, stateUnknownDatabase:
		return fault.Wrap(fault.Internal, op, err)
	}
	return asFault(op, err)
}

func isUnavailable(err error) bool {
	switch state := stateOf(err); state {
	case "":
		return isLost(err) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
	case stateReadOnly, stateIdleTimeout, stateLockTimeout, stateSerialization, stateDeadlock,
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

// isLost reports whether the connection broke, or there was none.
func isLost(err error) bool {
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}

// worthAnotherTry reports whether an operation that may run twice should do so at once: on another connection, while the server is there.
func worthAnotherTry(err error) bool {
	switch stateOf(err) {
	case stateSerialization, stateDeadlock, stateReadOnly:
		return true
	case "":
		var connecting *pgconn.ConnectError
		return isLost(err) && !errors.As(err, &connecting)
	}
	return strings.HasPrefix(stateOf(err), "57P") // the server ended the connection
}
