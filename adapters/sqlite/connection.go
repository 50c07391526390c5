package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// keptStatements is how many prepared statements a connection keeps: more than there are texts of SQL in this program.
const keptStatements = 64

// connector opens connections that prepare each text of SQL once: SQLite spends more time on parsing and planning a small query
// than on running it, and neither database/sql nor the driver remembers.
type connector struct {
	name   string
	driver driver.Driver
}

// Connect implements driver.Connector.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	opened, err := c.driver.Open(c.name)
	if err != nil {
		return nil, err
	}
	full, ok := opened.(fullConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("sqlite: the driver's %T lacks a method that is needed", opened), opened.Close())
	}
	return &conn{fullConn: full, kept: make(map[string]statement)}, nil
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
	kept map[string]statement
}

// ExecContext implements driver.ExecerContext.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	return result, errors.Join(err, c.put(query, s))
}

// QueryContext implements driver.QueryerContext.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, c.put(query, s))
	}
	return &rows{Rows: found, done: func() error { return c.put(query, s) }}, nil
}

// Close implements driver.Conn.
func (c *conn) Close() error {
	var errs []error
	for _, s := range c.kept {
		errs = append(errs, s.Close())
	}
	clear(c.kept)
	return errors.Join(append(errs, c.fullConn.Close())...)
}

// take returns a statement that nothing else uses until it is put back: one query may run while the rows of its like are read.
func (c *conn) take(ctx context.Context, query string) (statement, error) {
	if s, ok := c.kept[query]; ok {
		delete(c.kept, query)
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
	if _, known := c.kept[query]; known || len(c.kept) >= keptStatements {
		return s.Close()
	}
	c.kept[query] = s
	return nil
}

// rows puts their statement back when they are closed.
type rows struct {
	driver.Rows
	done func() error
}

// Close implements driver.Rows.
func (r *rows) Close() error {
	err := r.Rows.Close()
	if r.done == nil {
		return err
	}
	done := r.done
	r.done = nil
	return errors.Join(err, done())
}
