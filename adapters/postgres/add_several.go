package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"expense-tracker/adapters/internal/groupcommit"
	"expense-tracker/core/expense"
	"expense-tracker/core/idempotency"
)

const (
	opAddSeveral = "postgres.AddSeveral"

	// several is what metrics know the statements of several ledgers by. No server gets it: the connection sends what its argument has.
	several = `/* adds of several ledgers */`

	// A ledger that somebody holds is not waited for: the others would wait with it.
	soon = `SELECT set_config('` + paramLock + `', '100ms', true)`
)

// AddSeveral stores the groups of several ledgers in one transaction: each by the statement that would store it alone, all in one round
// trip. The ledgers come in order, so that two that meet do not deadlock. What is out of the ordinary is left for AddAll.
func (s *expenseStore) AddSeveral(ctx context.Context, groups []groupcommit.Group) ([][]expense.AddResult, error) {
	ctx, cancel := s.runner.Bounded(ctx)
	defer cancel()
	span := &span{groups: make([]groupcommit.Group, 0, len(groups))}
	places := make([]int, 0, len(groups))
	for i, group := range groups {
		if s.CountsAsGiven(opAddSeveral, group.Entries) && len(repeatedKeys(group.Entries)) == 0 {
			span.groups, places = append(span.groups, group), append(places, i)
		}
	}
	results := make([][]expense.AddResult, len(groups))
	if err := s.send(ctx, span); err != nil {
		if ctx.Err() != nil || stateOf(err) == "" && !worthAnotherTry(err) {
			return nil, s.runner.Fault(opAddSeveral, err)
		}
		return results, nil // each alone, for it may be one that is at fault
	}
	for i, stored := range span.stored {
		if len(stored) == 0 {
			continue
		}
		b := &batch{store: s.Store, in: span.groups[i].In, entries: span.groups[i].Entries}
		b.results = make([]expense.AddResult, len(b.entries))
		b.accept(stored)
		if err := s.rest(ctx, b); err != nil { // what is stored is stored: it must not be added again as if it were a repeat
			for _, place := range b.open() {
				b.results[place].Err = s.runner.Fault(opAddSeveral, err)
			}
		}
		results[places[i]] = b.results
	}
	return results, nil
}

// rest gives the open entries of a batch their outcomes, some of which are stored.
func (s *expenseStore) rest(ctx context.Context, b *batch) error {
	if len(b.open()) == 0 {
		return nil
	}
	return s.finish(ctx, b)
}

// send stores a span on a connection of adds.
func (s *expenseStore) send(ctx context.Context, span *span) (err error) {
	if len(span.groups) == 0 {
		return nil
	}
	conn, err := s.adds.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	_, err = conn.ExecContext(context.WithoutCancel(ctx), several, span) // unwatched: the connection ends with the call
	return err
}

// span is an argument for a scopedConn: what several ledgers add, and what of it was stored, by ledger and key.
type span struct {
	groups []groupcommit.Group
	stored []map[idempotency.Key]expense.Expense
}

func spanOf(args []driver.NamedValue) (*span, bool) {
	if len(args) != 1 {
		return nil, false
	}
	found, is := args[0].Value.(*span)
	return found, is
}

// store sends the statements of a span. Without a transaction of their own, they are one until the server has answered all of them.
func (c *scopedConn) store(ctx context.Context, span *span) (result driver.Result, err error) {
	conn := c.Conn.Conn()
	if conn.IsClosed() {
		return nil, driver.ErrBadConn
	}
	batch := &pgx.Batch{}
	batch.Queue(soon)
	for _, group := range span.groups {
		if c.wall {
			batch.Queue(lendScope, strconv.FormatInt(int64(group.In), 10))
		}
		statement, args := addition(group.Entries)
		batch.Queue(statement, args(group.In, group.Entries)...)
	}
	results := conn.SendBatch(ctx, batch)
	defer func() {
		if closing := results.Close(); err == nil {
			err = closing // the commit's own answer
		}
		err = lostBefore(err)
	}()
	if _, err := results.Exec(); err != nil {
		return nil, err
	}
	span.stored = make([]map[idempotency.Key]expense.Expense, len(span.groups))
	for i, group := range span.groups {
		if c.wall {
			if _, err := results.Exec(); err != nil {
				return nil, err
			}
		}
		rows, err := results.Query()
		if err != nil {
			return nil, err
		}
		span.stored[i], err = storedBy(rows, group.Entries)
		rows.Close()
		if err != nil {
			return nil, fmt.Errorf("ledger %d: %w", group.In, err)
		}
	}
	return driver.RowsAffected(len(span.groups)), nil
}
