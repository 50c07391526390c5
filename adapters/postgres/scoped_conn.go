package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"expense-tracker/adapters/internal/sqlkit"
)

const (
	// paramLedger is the parameter that the wall's policies read: the ledger that statements are meant for, or everyLedger. Without it no
	// row of a ledger is found. Who can run any statement can set it as well: the wall is there for the statement that forgot its ledger.
	paramLedger = "expense_tracker.ledger"
	everyLedger = "0" // which no ledger is

	setScope  = "SELECT set_config('" + paramLedger + "', $1, false)"
	lendScope = "SELECT set_config('" + paramLedger + "', $1, true)" // until the transaction ends
)

// scopedConnector opens connections that hold their statements to the scope that they are asked with.
type scopedConnector struct {
	driver.Connector
	wall   bool // that there is something to hold them to
	pooled bool // sessions are shared with others, so that nothing may be left in one
}

// Connect implements driver.Connector.
func (c scopedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &scopedConn{Conn: conn.(*stdlib.Conn), wall: c.wall, pooled: c.pooled}, nil
}

// scopedConn tells the server the scope of its statements. It remembers what it told, and tells again only what changes, together with
// the statement: that costs no round trip. Behind a pooler it tells it in each transaction.
type scopedConn struct {
	*stdlib.Conn
	wall   bool
	pooled bool
	told   string // what the session says; outside of transactions, unless doubtful
	lent   string // what the transaction says
	within bool   // a transaction
	doubt  bool   // whether the session says what was told: a transaction has been rolled back, or an answer was lost
}

// wanted returns what the server has to be told for a statement, and whether that matters.
func wanted(ctx context.Context) (value string, matters bool) {
	scope := sqlkit.ScopeOf(ctx)
	if in, is := scope.Ledger(); is {
		return strconv.FormatInt(int64(in), 10), true
	}
	if scope.IsEvery() {
		return everyLedger, true
	}
	return "", !scope.IsWhatever()
}

// toTell returns what is to be told before a statement, and whether it is.
func (c *scopedConn) toTell(ctx context.Context) (value string, tell bool) {
	value, matters := wanted(ctx)
	switch {
	case !matters || !c.wall:
		return "", false
	case c.within:
		return value, c.lent != value
	case c.pooled:
		return value, true
	}
	return value, c.doubt || c.told != value
}

// telling returns the statement that tells a value, and what is to be done when it was told.
func (c *scopedConn) telling(value string) (statement string, told func()) {
	switch {
	case c.within:
		return lendScope, func() { c.lent = value }
	case c.pooled:
		return lendScope, func() {}
	}
	return setScope, func() { c.told, c.doubt = value, false }
}

// QueryContext implements driver.QueryerContext.
func (c *scopedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	value, tell := c.toTell(ctx)
	if !tell {
		return c.Conn.QueryContext(ctx, query, args)
	}
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	statement, told := c.telling(value)
	c.doubt = c.doubt || !c.within
	rows, err := queryAfter(ctx, c.Conn.Conn(), statement, value, query, args)
	if err != nil {
		return nil, lostBefore(err)
	}
	// What was told counts when the batch has ended well: an error of the query would take it back.
	rows.ended = told
	return rows, nil
}

// ExecContext implements driver.ExecerContext.
func (c *scopedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if span, is := spanOf(args); is {
		return c.store(ctx, span)
	}
	value, tell := c.toTell(ctx)
	if !tell {
		return c.Conn.ExecContext(ctx, query, args)
	}
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	statement, told := c.telling(value)
	c.doubt = c.doubt || !c.within
	batch := &pgx.Batch{}
	batch.Queue(statement, value)
	batch.Queue(query, valuesFrom(args)...)
	results := c.Conn.Conn().SendBatch(ctx, batch)
	_, first := results.Exec()
	tag, second := results.Exec()
	closing := results.Close()
	if err := cmp.Or(first, second, closing); err != nil {
		return nil, lostBefore(err)
	}
	told()
	return driver.RowsAffected(tag.RowsAffected()), nil
}

// BeginTx implements driver.ConnBeginTx. The scope is told in the round trip that begins the transaction.
func (c *scopedConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if !c.wall {
		return c.Conn.BeginTx(ctx, options)
	}
	value, matters := wanted(ctx)
	if !matters {
		value = c.told
	}
	tell := c.doubt || c.told != value || c.pooled && value != ""
	if !tell {
		tx, err := c.Conn.BeginTx(ctx, options)
		if err != nil {
			return nil, err
		}
		return c.begun(tx, value), nil
	}
	if c.Conn.Conn().IsClosed() {
		return nil, driver.ErrBadConn
	}
	statement := setScope
	if c.pooled {
		statement = lendScope
	}
	tx, err := c.Conn.Conn().BeginTx(ctx, pgx.TxOptions{
		BeginQuery: beginning(options) + "; " + strings.Replace(statement, "$1", "'"+value+"'", 1), // digits, or nothing
	})
	if err != nil {
		return nil, err
	}
	return c.begun(pgxTx{ctx, tx}, value), nil
}

// beginning returns the statement that begins a transaction.
func beginning(options driver.TxOptions) string {
	begin := "begin"
	if sql.IsolationLevel(options.Isolation) == sql.LevelRepeatableRead { // the other is that of each session
		begin += " isolation level repeatable read"
	}
	if options.ReadOnly {
		begin += " read only"
	}
	return begin
}

func (c *scopedConn) begun(tx driver.Tx, value string) driver.Tx {
	c.within, c.lent = true, value
	return scopedTx{Tx: tx, conn: c, value: value}
}

// scopedTx is a transaction that leaves its connection knowing what its session says.
type scopedTx struct {
	driver.Tx
	conn  *scopedConn
	value string // that it was begun with
}

// Commit implements driver.Tx.
func (t scopedTx) Commit() error {
	err := t.Tx.Commit()
	t.conn.within = false
	if !t.conn.pooled {
		t.conn.told, t.conn.doubt = t.value, err != nil
	}
	return err
}

// Rollback implements driver.Tx. What the transaction told is taken back with it.
func (t scopedTx) Rollback() error {
	t.conn.within = false
	return t.Tx.Rollback()
}

// pgxTx is a driver.Tx, as the driver's own is one.
type pgxTx struct {
	ctx context.Context //nolint:containedctx // that driver.Tx does not ask for
	tx  pgx.Tx
}

func (t pgxTx) Commit() error   { return t.tx.Commit(t.ctx) }
func (t pgxTx) Rollback() error { return t.tx.Rollback(t.ctx) }

// lostBefore gives an error of a statement that was never sent database/sql's name for it, as the driver does.
func lostBefore(err error) error {
	if pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}
