package sqlkit

import (
	"context"

	"expense-tracker/core/ledger"
)

// Scope is whose rows statements are meant for. A storage with a wall of its own between ledgers, as PostgreSQL has one, holds them to it:
// a statement that forgot its ledger finds that ledger's rows and no others. What no scope was given to finds none.
//
// A Runner gives each call its scope, from the ledger that the call is for. So no module has to think of it.
type Scope struct{ kind, in int64 }

// The kinds of scopes that have no ledger. Their values are those of no ledger.
const (
	inLedger int64 = iota + 1
	ofEvery
	ofWhatever
)

// Ledger returns the ledger that the scope is, if it is one.
func (s Scope) Ledger() (in ledger.ID, is bool) { return ledger.ID(s.in), s.kind == inLedger }

// IsEvery reports whether the scope is every ledger, which can be read alone: who is in which, and what there is.
func (s Scope) IsEvery() bool { return s.kind == ofEvery }

// IsWhatever reports whether it does not matter which ledger the connection was last used for.
func (s Scope) IsWhatever() bool { return s.kind == ofWhatever }

type scopeKey struct{}

// InLedger makes a ledger the scope of what is asked with the context.
func InLedger(ctx context.Context, in ledger.ID) context.Context {
	return context.WithValue(ctx, scopeKey{}, Scope{inLedger, int64(in)})
}

// OfEveryLedger is for what looks across ledgers on purpose.
func OfEveryLedger(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{}, Scope{kind: ofEvery})
}

// ofNoLedger is for what belongs to the installation: no row of a ledger is found.
func ofNoLedger(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{}, Scope{})
}

// OfWhateverLedger is for the query on tables that know no ledger, which each page asks, and for what says the ledger of each row itself.
// It leaves the connection as it is, so that the page's next query, of the same ledger as the one before, need not set it again.
func OfWhateverLedger(ctx context.Context) context.Context {
	return context.WithValue(ctx, scopeKey{}, Scope{kind: ofWhatever})
}

// ScopeOf returns the scope of what is asked with the context; the zero Scope, which is no ledger, where nothing was said.
func ScopeOf(ctx context.Context) Scope {
	scope, _ := ctx.Value(scopeKey{}).(Scope)
	return scope
}
