package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

const (
	askState  = `PRAGMA user_version`
	askSchema = `PRAGMA schema_version`
)

// readHeader reads what a connection sees as the state of the database.
func readHeader(ctx context.Context, c *conn) (header, error) {
	state, err := c.state(ctx)
	if err != nil {
		return header{}, err
	}
	schema, err := c.ask(ctx, askSchema)
	return header{state: state, schema: uint32(schema)}, err //nolint:gosec // SQLite keeps 32 bits of it
}

// tx is a transaction that may have written.
type tx struct {
	driver.Tx
	conn *conn
}

// Commit implements driver.Tx. It answers only if the files are still those that were opened: what is written to a file that has gone is
// not stored.
func (t *tx) Commit() error {
	ctx := context.Background() // the transaction obeys the context that it was begun with
	if refusal := t.conn.guard.glance(); refusal != nil {
		return errors.Join(refusal, t.Rollback()) // what it has read may be other content, and would be written to our log
	}
	state, err := t.conn.state(ctx)
	if err != nil {
		return t.conn.guard.explain(errors.Join(err, t.Rollback()))
	}
	if refusal := t.conn.guard.checkState(state); refusal != nil {
		return errors.Join(refusal, t.Rollback())
	}
	if t.conn.use == probing || t.conn.guard.wantsNumber() {
		state++ // it wraps around
		if err := t.conn.number(ctx, state); err != nil {
			t.conn.guard.forgetNumber()
			return t.conn.guard.explain(errors.Join(err, t.Rollback()))
		}
	}
	if err := t.Tx.Commit(); err != nil {
		t.conn.guard.forgetNumber()
		return t.conn.guard.explain(err)
	}
	return t.conn.guard.committed(state)
}

// state returns the number of the state that a connection sees.
func (c *conn) state(ctx context.Context) (uint32, error) {
	state, err := c.ask(ctx, askState)
	return uint32(state), err //nolint:gosec // SQLite keeps 32 bits of it
}

// number gives the state that a transaction leads to a number of its own.
func (c *conn) number(ctx context.Context, state uint32) error {
	return c.run(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, int32(state))) //nolint:gosec // SQLite takes it with a sign
}
