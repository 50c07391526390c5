package problem

import (
	"errors"

	"expense-tracker/core/ledger"
)

// ofActor is an error together with who is told of it.
type ofActor struct {
	err   error
	asker asker
}

// asker is who is told of an error.
type asker struct {
	actor    ledger.Actor
	stranger bool // is not signed in, and finds nothing behind any link
}

func (e *ofActor) Error() string { return e.err.Error() }
func (e *ofActor) Unwrap() error { return e.err }

// Of returns err as one that an actor is told of, so that its page offers what the actor may do and no more; nil stays nil.
func Of(actor ledger.Actor, err error) error {
	if err == nil {
		return nil
	}
	return &ofActor{err: err, asker: asker{actor: actor}}
}

// OfStranger returns err as one that somebody is told of who is not signed in, unless it says already who is; nil stays nil.
func OfStranger(err error) error {
	var told *ofActor
	if err == nil || errors.As(err, &told) {
		return err
	}
	return &ofActor{err: err, asker: asker{stranger: true}}
}

// askerOf returns who is told of an error. One who is not known, since the address has no route, is offered what an editor is.
func askerOf(err error) asker {
	var told *ofActor
	if errors.As(err, &told) {
		return told.asker
	}
	return asker{actor: ledger.Actor{Role: ledger.Editor}}
}
