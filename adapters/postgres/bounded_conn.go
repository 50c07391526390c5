package postgres

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// boundedConn is a connection whose peer has to answer in time: before the end of the call that uses it, or where that has none, within
// a time of each write. It lets a statement run without a context that can end: to watch one takes database/sql and the driver a
// goroutine each, which for a statement of a fraction of a millisecond is much of its time.
type boundedConn struct {
	net.Conn
	bound time.Duration
	until time.Time // the end of the call; zero if it has none
}

// Write sends p and gives the answer its time.
func (c *boundedConn) Write(p []byte) (int, error) {
	until := c.until
	if until.IsZero() {
		until = time.Now().Add(c.bound)
	}
	if err := c.SetDeadline(until.Add(patience)); err != nil {
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
		return &boundedConn{Conn: conn, bound: bound}, nil
	}
}

// endWith makes a bounded connection end with the call that takes it from its pool.
func endWith(ctx context.Context, conn *pgx.Conn) error {
	under := conn.PgConn().Conn()
	if secured, ok := under.(*tls.Conn); ok {
		under = secured.NetConn()
	}
	if taken, ok := under.(*boundedConn); ok {
		taken.until, _ = ctx.Deadline()
	}
	return nil
}

// longIdle is for how long a connection may be idle before it is asked whether it is there.
const longIdle = time.Second

// endWithAndPing is endWith for a connection that a pool has kept. It runs before the ping, which would else have the end of the
// call before, so that every connection that was idle for a while would be thrown away.
func endWithAndPing(ctx context.Context, params stdlib.ShouldPingParams) bool {
	return endWith(ctx, params.Conn) == nil && params.IdleDuration > longIdle
}

// endings makes a connection end with the call of each statement. Those that a pool opens in place of broken ones, and hands to calls that
// wait already, are of no call when they are opened.
type endings struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (endings) TraceQueryStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	endWithin(ctx, conn)
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (endings) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart implements pgx.BatchTracer.
func (endings) TraceBatchStart(ctx context.Context, conn *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	endWithin(ctx, conn)
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (endings) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}

// TraceBatchEnd implements pgx.BatchTracer.
func (endings) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// endWithin is endWith for a context that may be of no call, and a connection that may be broken: the driver closes that one on its own,
// while a statement is still tried on it.
func endWithin(ctx context.Context, conn *pgx.Conn) {
	if _, ends := ctx.Deadline(); ends && !conn.IsClosed() {
		_ = endWith(ctx, conn) // it has no error of its own
	}
}
