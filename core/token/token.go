// Package token is how programs come in: a person makes a token for one ledger, and a program that brings it reads there, or adds, as
// that person. Service holds the use cases, Store is the port that a storage implements, and tokentest is its contract. Of a user it
// knows the number alone.
package token

import (
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// What one ledger may have, so that no page of it grows without bound.
const (
	MaxTokens = 50  // that are live, of all its members
	MaxEnded  = 100 // that are over and still known
)

// MaxName is the length of the longest name, in characters.
const MaxName = 60

// ID names a token of a ledger. It is no secret.
type ID int64

// Scope is what a token is for.
type Scope string

// The scopes, as storages keep them and forms send them. Who may write may read.
const (
	Read  Scope = "read"
	Write Scope = "write"
)

// Scopes returns every scope.
func Scopes() []Scope { return []Scope{Read, Write} }

// Allows reports whether a token of this scope does for what needs another.
func (s Scope) Allows(need Scope) bool { return s == need || s == Write }

// Role returns the most that a token of this scope may do, whoever made it.
func (s Scope) Role() ledger.Role {
	if s == Write {
		return ledger.Editor
	}
	return ledger.Viewer
}

// Token is what is known of one; its secret is known to the program alone that has it.
type Token struct {
	ID      ID // given by the storage
	Name    string
	Scope   Scope
	By      ledger.UserID // who made it, and in whose name it works
	At      time.Time     // it was made
	Until   time.Time     // it ends by itself
	Used    time.Time     // last, to the minute; zero for never
	Revoked bool
}

// IsLive reports whether a token is good at a moment.
func (t Token) IsLive(now time.Time) bool { return !t.Revoked && now.Before(t.Until) }

// The kinds of lines that the ledger's log has of tokens.
const (
	Made    = "token_made"
	Revoked = "token_revoked"
)

// NoSuchToken is the error for a token that the ledger does not have, or that is not the actor's to see.
func NoSuchToken(op string) error { return fault.New(fault.NotFound, op, "there is no such token") }

// TooMany is the error for a ledger with as many live tokens as any may have.
func TooMany(op string) error {
	return fault.New(fault.Conflict, op, "this ledger has %d tokens already; revoke one first", MaxTokens)
}

// AlreadyMade is the error for a form that has made a token before: nobody can show that one's secret again.
func AlreadyMade(op string) error {
	return fault.New(fault.Conflict, op,
		"this form has made a token already, which was shown then and never is again; if you have not kept it, revoke it and make another")
}
