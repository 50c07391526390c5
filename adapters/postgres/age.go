package postgres

import (
	"context"
	"database/sql/driver"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
)

// connectionLife is after about how long a connection is replaced, so that the change of a load balancer, of a name server or of the
// primary is followed even where nothing broke. Each has an end of its own, up to a tenth earlier, so that they do not end together.
const connectionLife = 30 * time.Minute

const endKey = "expense-tracker: end"

// born gives a new connection its end.
func born(_ context.Context, conn *pgx.Conn) error {
	conn.PgConn().CustomData()[endKey] = endOf(time.Now())
	return nil
}

func endOf(birth time.Time) time.Time {
	early := time.Duration(rand.Int64N(int64(connectionLife / 10))) //nolint:gosec // no secret
	return birth.Add(connectionLife - early)
}

// aged ends a connection that is too old. It is asked before each use but the first.
func aged(_ context.Context, conn *pgx.Conn) error {
	if end, is := conn.PgConn().CustomData()[endKey].(time.Time); is && time.Now().After(end) {
		return driver.ErrBadConn
	}
	return nil
}

// The parameters that a server reports by itself when they change.
const (
	reportedReadOnly = "default_transaction_read_only"
	reportedStandby  = "in_hot_standby"
)

// stillPrimary ends a connection whose server has said that it lets nobody write any more, so that the next one finds the primary among
// the other hosts. Where there is one host, what can be read is still read there.
func stillPrimary(_ context.Context, conn *pgx.Conn) error {
	if conn.PgConn().ParameterStatus(reportedReadOnly) == "on" || conn.PgConn().ParameterStatus(reportedStandby) == "on" {
		return driver.ErrBadConn
	}
	return nil
}
