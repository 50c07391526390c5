// Package ledger says whose books are meant and who asks: the ledger's id, the roles in it, and the actor that every use
// case takes. It is shared by all modules of the core and knows none of them.
package ledger

import "expense-tracker/core/fault"

// ID names a ledger: a book of expenses that one or more people share. Every stored row belongs to exactly one.
type ID int64

// Default is the one ledger of an installation without accounts.
const Default ID = 1

// Role is what an actor may do in a ledger. The zero value may do nothing.
type Role uint8

// The roles, each of which may do all that those before it may.
const (
	Viewer Role = iota + 1 // reads
	Editor                 // adds and changes expenses and categories
	Owner                  // decides on the ledger itself
)

var roleNames = [...]string{"nobody", "viewer", "editor", "owner"}

// String returns the role's name.
func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "unknown role"
}

// Actor is who asks, in which ledger, in which role. Web and command-line adapters make it; the core's services check it.
type Actor struct {
	Ledger ID
	Role   Role
}

// LocalOwner is the actor of an installation without accounts: whoever reaches the page owns the default ledger.
func LocalOwner() Actor { return Actor{Ledger: Default, Role: Owner} }

// Require returns a Forbidden error unless the actor's role is at least need. op names the use case.
func (a Actor) Require(need Role, op string) error {
	if a.Role >= need {
		return nil
	}
	return fault.New(fault.Forbidden, op, "this needs the role "+need.String()+"; yours is "+a.Role.String())
}
