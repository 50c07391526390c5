package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"expense-tracker/core/expense"
	"expense-tracker/core/fault"
)

// retryAfter is when a caller may find free what was locked.
const retryAfter = time.Second

const fullMessage = "the disk is full"

// errDiskFull is behind an error of SQLite that has another name, such as that its index could not be mapped.
var errDiskFull = errors.New(fullMessage)

// ErrInUse is the error for a data file that another process has open, be it idle.
var ErrInUse = errors.New("the data file is in use by another process: stop the program first")

var errNoLocks = errors.New("sqlite: the locks of a data file are not known on this system")

// Fault implements sqlkit.Dialect.
func (dialect) Fault(op string, err error) error {
	var known *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled),
		errors.Is(err, sql.ErrTxDone), errors.Is(err, sql.ErrConnDone):
		return unavailable(op, "", err) // ErrTxDone: the context's end has rolled back
	case errors.Is(err, driver.ErrBadConn):
		return unavailable(op, "", err) // nothing was executed
	}
	if errors.Is(err, errDiskFull) {
		return unavailable(op, fullMessage, err)
	}
	if code(err) == sqlite3.SQLITE_CONSTRAINT_DATATYPE {
		return expense.TotalOverflow(op, err) // a sum beyond 64 bits is a float in SQLite, which a STRICT table refuses
	}
	if code(err) == sqlite3.SQLITE_ERROR && strings.Contains(err.Error(), "integer overflow") {
		return expense.TotalOverflow(op, err) // of sum(), which has no code of its own
	}
	switch code(err) & 0xff { // the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return unavailable(op, "the data file is in use by another program", err)
	case sqlite3.SQLITE_INTERRUPT:
		return unavailable(op, "", err)
	case sqlite3.SQLITE_FULL:
		return unavailable(op, fullMessage, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return unavailable(op, "the data file may not be written", err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_NOMEM:
		return unavailable(op, "the data file cannot be read or written", err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return unavailable(op, "the data file is damaged", err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

// Retryable implements sqlkit.Dialect: a transaction that only one may write at a time has no reason to run again but that the log
// was being recovered or reset under it, or that it was not begun: database/sql hands on a connection that an interrupt has spoilt.
func (dialect) Retryable(err error) bool {
	c := code(err)
	return errors.Is(err, driver.ErrBadConn) || c == sqlite3.SQLITE_BUSY_SNAPSHOT ||
		c == sqlite3.SQLITE_BUSY_RECOVERY || c == sqlite3.SQLITE_PROTOCOL
}

// ConnectionBroke is never so: there is no server between.
func (dialect) ConnectionBroke(error) bool { return false }

func unavailable(op string, message fault.Phrase, err error) error {
	return &fault.Error{Kind: fault.Unavailable, Op: op, Message: fault.Say(message), RetryAfter: retryAfter, Err: err}
}

// code returns SQLite's extended result code, or 0 if the error is not SQLite's.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code()
}

// fault explains to whoever starts the program what is wrong with the file.
func (f file) fault(err error) error {
	switch code(err) & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("sqlite: %s is not an SQLite database: %w", f, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("sqlite: %s is damaged: restore it from a backup: %w", f, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("sqlite: %s may not be written: %w", f, err)
	}
	return dialect{}.Fault("sqlite.Open", fmt.Errorf("%s: %w", f, err))
}
