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
	state, err := c.ask(ctx, askState)
	if err != nil {
		return header{}, err
	}
	schema, err := c.ask(ctx, askSchema)
	return header{state: uint32(state), schema: uint32(schema)}, err //nolint:gosec // SQLite keeps 32 bits of each
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
	state := t.conn.guard.known()
	if t.conn.use == probing || t.conn.guard.wantsNumber() {
		var err error
		if state, err = t.conn.number(ctx); err != nil {
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

// number gives the state that a transaction leads to a number of its own, and returns that.
func (c *conn) number(ctx context.Context) (uint32, error) {
	state, err := c.ask(ctx, askState)
	if err != nil {
		return 0, err
	}
	next := int32(state) + 1                                                       //nolint:gosec // it wraps around
	return uint32(next), c.run(ctx, fmt.Sprintf(`PRAGMA user_version = %d`, next)) //nolint:gosec // as above
}
