// Package everyledger is what the jobs of the program have in common: they work in each ledger, one after the other.
package everyledger

import (
	"context"

	"expense-tracker/core/ledger"
)

// pageSize is how many ledgers are asked for at a time.
const pageSize = 100

// Ledgers lists the ledgers of a storage, as ledger.Store does.
type Ledgers interface {
	All(ctx context.Context, after ledger.ID, limit int) ([]ledger.Ledger, error)
}

// Do works in each ledger, in the name of the program itself. It ends early with ctx.
func Do(ctx context.Context, ledgers Ledgers, work func(ledger.Actor)) error {
	after := ledger.ID(0)
	for {
		page, err := ledgers.All(ctx, after, pageSize)
		if err != nil {
			return err
		}
		for _, one := range page {
			if err := ctx.Err(); err != nil {
				return err
			}
			work(ledger.Actor{Ledger: one, Role: ledger.Owner})
			after = one.ID
		}
		if len(page) < pageSize {
			return nil
		}
	}
}
