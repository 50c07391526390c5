package ledger

import (
	"context"

	"expense-tracker/core/fault"
)

// Store is the port to where ledgers are kept as data. Adapters implement it and are held to the contract in ledgertest.
//
// Every method is atomic. What it has answered is durable, and every later call sees it, on any instance. The caller has checked
// that the actor may do it. Errors are faults; Unavailable means that the storage did not answer in time or at all.
type Store interface {
	StateStore
	// Ledger returns what was defined last; NotFound if the ledger never was, even if it has rows.
	Ledger(ctx context.Context, id ID) (Ledger, error)
	// Define makes a ledger what it is given as, whether it was defined before or not, and returns what is kept. The currency is
	// kept in the decimals that the storage counts it in; if it counts none of its code, those given count from then on.
	// A change gives the ledger a new State; to define it as it is changes nothing. What Ledger.Check refuses is Invalid.
	Define(ctx context.Context, ledger Ledger) (Ledger, error)
	// All returns at most limit ledgers that were defined, by their IDs, those above an ID. It is for jobs, which work in every ledger.
	All(ctx context.Context, after ID, limit int) ([]Ledger, error)
}

// StateStore says which state a ledger is in. Every write of any module gives its ledger a new one, in the same transaction.
type StateStore interface {
	// State returns the name of what the ledger holds now; the zero State for a ledger that nothing was written to. A call
	// that changes nothing, such as a repeated add, leaves the state as it is.
	State(ctx context.Context, in ID) (State, error)
}

// NotDefined is the error for a ledger that was never defined.
func NotDefined(op string) error {
	return fault.New(fault.NotFound, op, "there is no such ledger")
}
