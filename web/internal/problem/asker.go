package problem

import (
	"errors"

	"expense-tracker/core/ledger"
)

// ofActor is an error together with who is told of it.
type ofActor struct {
	err   error
	actor ledger.Actor
}

func (e *ofActor) Error() string { return e.err.Error() }
func (e *ofActor) Unwrap() error { return e.err }

// Of returns err as one that an actor is told of, so that its page offers what the actor may do and no more; nil stays nil.
func Of(actor ledger.Actor, err error) error {
	if err == nil {
		return nil
	}
	return &ofActor{err: err, actor: actor}
}

// askerOf returns who is told of an error. One who is not known, since the address has no route, is offered what an editor is.
func askerOf(err error) ledger.Actor {
	var told *ofActor
	if errors.As(err, &told) {
		return told.actor
	}
	return ledger.Actor{Role: ledger.Editor}
}
