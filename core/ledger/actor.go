package ledger

import (
	"expense-tracker/core/fault"
	"expense-tracker/core/money"
)

// UserID names a user.
type UserID int64

// LocalUser is the one user of an installation without accounts.
const LocalUser UserID = 1

// ProbeUser is who asks in the ledger Probe. There is no account of that number, and never will be.
const ProbeUser UserID = -1

// Role is what an actor may do in a ledger. The zero value may do nothing.
type Role uint8

// The roles, each of which may do all that those before it may.
const (
	Viewer Role = iota + 1 // reads
	Editor                 // adds and changes expenses and categories
	Owner                  // decides on the ledger itself
)

var roleNames = [...]fault.Phrase{"nobody", "viewer", "editor", "owner"}

// String returns the role's name.
func (r Role) String() string { return string(r.phrase()) }

func (r Role) phrase() fault.Phrase {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return "unknown role"
}

// Actor is who asks, in which ledger, in which role. Web and command-line adapters make it; the core's services check it.
type Actor struct {
	User   UserID
	Ledger Ledger
	Role   Role
}

// LocalOwner returns the actor of an installation without accounts: whoever reaches the page owns its ledger.
func LocalOwner(of Ledger) Actor { return Actor{User: LocalUser, Ledger: of, Role: Owner} }

// Prober returns the actor of the program's own probe, which adds to a ledger of its own, in a currency.
func Prober(in money.Currency) Actor {
	return Actor{User: ProbeUser, Ledger: Ledger{ID: Probe, Name: "Probe", Currency: in}, Role: Editor}
}

// Require returns a Forbidden error unless the actor's role is at least need. op names the use case.
func (a Actor) Require(need Role, op string) error {
	if a.Role >= need {
		return nil
	}
	return fault.New(fault.Forbidden, op, "this needs the role %s; yours is %s", need.phrase(), a.Role.phrase())
}
