package postgres

import (
	"context"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// boundedConn is a connection whose peer has to answer within a time of each write. It lets a statement run without a context that can
// end: to watch one takes database/sql and the driver a goroutine each, which for a statement of a fraction of a millisecond is
// much of its time.
type boundedConn struct {
	net.Conn
	bound time.Duration
}

// Write sends p and gives the answer its time.
func (c boundedConn) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(c.bound)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// bounded returns a dial function whose connections are bounded.
func bounded(dial pgconn.DialFunc, bound time.Duration) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return boundedConn{Conn: conn, bound: bound}, nil
	}
}

// unwatched returns a context that cannot end, for one statement on a bounded connection; or the error of one that has ended.
func unwatched(ctx context.Context) (context.Context, error) {
	return context.WithoutCancel(ctx), ctx.Err()
}
