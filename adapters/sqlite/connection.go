package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"

	"modernc.org/sqlite"

	"expense-tracker/adapters/internal/sqlkit"
)

// maxPrepared is how many prepared statements a connection keeps: more than there are texts of SQL that are used often.
const maxPrepared = 128

// connector opens connections that prepare each text of SQL once: SQLite spends more time on parsing and planning a small query
// than on running it, and neither database/sql nor the driver remembers.
type connector struct {
	name   string
	driver driver.Driver
	use    purpose
	guard  *guard // nil for a connection that is not watched
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	return c.open() //nolint:contextcheck // a look into the file has a bound of its own
}

func (c connector) open() (*conn, error) {
	if err := c.guard.enter(); err != nil {
		return nil, err
	}
	opened, err := c.driver.Open(c.name)
	if err != nil {
		c.guard.leave()
		return nil, c.guard.explain(err)
	}
	if refusal := c.guard.check(false); refusal != nil { // the files may have gone meanwhile
		err := c.guard.discard(opened)
		c.guard.leave()
		return nil, errors.Join(refusal, err)
	}
	full, ok := opened.(fullConn)
	if !ok {
		c.guard.leave()
		return nil, errors.Join(fmt.Errorf("sqlite: the driver's %T lacks a method that is needed", opened), opened.Close())
	}
	return &conn{fullConn: full, use: c.use, guard: c.guard, prepared: make(map[string]statement)}, nil
}

// Driver implements driver.Connector.
func (c connector) Driver() driver.Driver { return c.driver }

// fullConn is what the driver's connections can do and what must stay visible through ours.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	sqlite.FileControl
}

// statement is what the driver's statements can do.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn keeps the statements that are not running. It is used by one goroutine at a time, as database/sql promises.
type conn struct {
	fullConn
	use      purpose
	guard    *guard
	prepared map[string]statement
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.guard.refusal(); err != nil {
		return nil, err
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, c.guard.explain(err) //nolint:contextcheck // a look into the file has a bound of its own
	}
	result, err := s.ExecContext(ctx, args)
	return result, c.guard.explain(errors.Join(err, c.put(query, s))) //nolint:contextcheck // a look into the file has a bound of its own
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.guard.refusal(); err != nil {
		return nil, err
	}
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, c.guard.explain(err) //nolint:contextcheck // a look into the file has a bound of its own
	}
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, c.guard.explain(errors.Join(err, c.put(query, s))) //nolint:contextcheck // a look into the file has a bound of its own
	}
	return &rows{Rows: found, guard: c.guard, done: func() error { return c.put(query, s) }}, nil
}

// BeginTx implements driver.ConnBeginTx.
func (c *conn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	if err := c.guard.refusal(); err != nil {
		return nil, err
	}
	begun, err := c.fullConn.BeginTx(ctx, options)
	if err != nil {
		return nil, c.guard.explain(err) //nolint:contextcheck // a look into the file has a bound of its own
	}
	if c.use != writing && c.use != migrating && c.use != probing {
		return begun, nil
	}
	return &tx{Tx: begun, conn: c}, nil
}

// ask returns the number that a query answers.
func (c *conn) ask(ctx context.Context, query string) (int64, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return 0, err
	}
	found, err := s.QueryContext(ctx, nil)
	if err != nil {
		return 0, errors.Join(err, c.put(query, s))
	}
	values := make([]driver.Value, len(found.Columns()))
	err = errors.Join(found.Next(values), found.Close(), c.put(query, s))
	if err != nil {
		return 0, err
	}
	number, ok := values[0].(int64)
	if !ok {
		return 0, fmt.Errorf("sqlite: %s answers %T", query, values[0])
	}
	return number, nil
}

// run executes a text of SQL that does not come again.
func (c *conn) run(ctx context.Context, text string) error {
	prepared, err := c.PrepareContext(ctx, text)
	if err != nil {
		return err
	}
	s, ok := prepared.(statement)
	if !ok {
		return errors.Join(fmt.Errorf("sqlite: the driver's %T lacks a method that is needed", prepared), prepared.Close())
	}
	_, err = s.ExecContext(ctx, nil)
	return errors.Join(err, s.Close())
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	var errs []error
	for _, s := range c.prepared {
		errs = append(errs, s.Close())
	}
	clear(c.prepared)
	errs = append(errs, c.fullConn.Close())
	c.guard.leave()
	return errors.Join(errs...)
}

// take returns a statement that nothing else uses until it is put back: one query may run while the rows of its like are read.
func (c *conn) take(ctx context.Context, query string) (statement, error) {
	if s, ok := c.prepared[query]; ok {
		delete(c.prepared, query)
		return s, nil
	}
	prepared, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s, ok := prepared.(statement)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqlite: the driver's %T lacks a method that is needed", prepared), prepared.Close())
	}
	return s, nil
}

func (c *conn) put(query string, s statement) error {
	if _, known := c.prepared[query]; known || strings.HasPrefix(query, sqlkit.Once) {
		return s.Close()
	}
	err := c.makeRoom()
	c.prepared[query] = s
	return err
}

// makeRoom closes any one of the statements if there are as many as there may be: what is used often is soon there again.
func (c *conn) makeRoom() error {
	for query, s := range c.prepared {
		if len(c.prepared) < maxPrepared {
			break
		}
		delete(c.prepared, query)
		if err := s.Close(); err != nil {
			return err
		}
	}
	return nil
}

// rows puts their statement back when they are closed.
type rows struct {
	driver.Rows
	guard   *guard
	glanced bool // at the files, when all rows were read
	done    func() error
}

// Next implements driver.Rows.
func (r *rows) Next(values []driver.Value) error {
	err := r.Rows.Next(values)
	if errors.Is(err, io.EOF) {
		r.glanced = true
		if refusal := r.guard.glance(); refusal != nil {
			return refusal
		}
	}
	if err == nil || errors.Is(err, io.EOF) {
		return err // database/sql wants io.EOF as it is
	}
	return r.guard.explain(err)
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	err := r.Rows.Close()
	if r.done == nil {
		return err
	}
	done := r.done
	r.done = nil
	if !r.glanced && err == nil {
		err = r.guard.glance()
	}
	return errors.Join(err, done())
}
