package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// errNoCancelling keeps the driver from asking the server to cancel what a call has given up. Under synchronous replication that is no
// cancelling but a commit: the server breaks off its wait for the standby, and what no standby has is stored and seen, so that the call's
// repeat would find it and acknowledge it, and a failover would lose it. Left alone, the session waits on, and holds its rows, until a
// standby has them or the server ends it. Statements end in time by the server's own limits.
var errNoCancelling = errors.New("nothing is cancelled at the server")

// opening marks the context of a new connection of the program's own.
type opening struct{}

// uncancelled returns a dial function that connects for new connections alone, and not for the driver's requests to cancel.
func uncancelled(dial pgconn.DialFunc) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if ctx.Value(opening{}) == nil {
			return nil, errNoCancelling
		}
		return dial(ctx, network, address)
	}
}

// openingConnector marks the contexts of its new connections.
type openingConnector struct{ driver.Connector }

// Connect implements driver.Connector.
func (c openingConnector) Connect(ctx context.Context) (driver.Conn, error) {
	return c.Connector.Connect(context.WithValue(ctx, opening{}, true))
}
