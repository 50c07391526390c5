// Package member is who shares a ledger: its members and their roles, the invitations that bring others in, and the log of what changed.
// Service holds the use cases, Store, Ledgers and Invitations are the ports that a storage implements, and membertest is their contract.
// Of a user it knows the number alone.
package member

import (
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/revision"
)

// What one ledger and one user may have, so that no page of them grows without bound.
const (
	MaxLedgers     = 100 // that a user is in
	MaxMembers     = 50  // of a ledger
	MaxInvitations = 20  // of a ledger that are open
)

// Member is a user's place in a ledger. One who has left keeps a row without a role, so that a repeat of the leaving is recognised.
type Member struct {
	User  ledger.UserID
	Role  ledger.Role // none for one who has left
	Since time.Time   // they came, or came back
}

// IsPresent reports whether the user is in the ledger now.
func (m Member) IsPresent() bool { return m.Role != 0 }

// Equal reports whether both say the same.
func (m Member) Equal(other Member) bool {
	return m.User == other.User && m.Role == other.Role && m.Since.Equal(other.Since)
}

// Membership is a place together with the ledger that it is in.
type Membership struct {
	Ledger ledger.Ledger
	Member
}

// Actor returns the member as who asks.
func (m Membership) Actor() ledger.Actor {
	return ledger.Actor{User: m.User, Ledger: m.Ledger, Role: m.Role}
}

// Seen returns the name of what a reader of a ledger's description sees. A ledger counts no revisions, so that its content tells.
func Seen(l ledger.Ledger) revision.Seen {
	return revision.Of(1, l.Name, l.Currency.Code(), l.ZoneName())
}

// Find returns a user's row among those of a ledger; one without a role if there is none.
func Find(all []Member, user ledger.UserID) (found Member, ok bool) {
	for _, m := range all {
		if m.User == user {
			return m, true
		}
	}
	return Member{User: user}, false
}

// count returns how many of a ledger's members have a role, and how many are its owners.
func count(all []Member) (present, owners int) {
	for _, m := range all {
		if m.IsPresent() {
			present++
		}
		if m.Role == ledger.Owner {
			owners++
		}
	}
	return present, owners
}

// EventID names an event of a ledger. IDs rise with each event of it.
type EventID int64

// Kind is what can happen to a ledger and its members.
type Kind string

// The kinds of events, as storages keep them.
const (
	Created     Kind = "created"      // the ledger; Text is its name
	Described   Kind = "described"    // the ledger has another name, currency or zone; Text is its name
	Invited     Kind = "invited"      // somebody, as Role
	Withdrawn   Kind = "withdrawn"    // an invitation as Role
	Joined      Kind = "joined"       // Of, who was invited, as Role
	Left        Kind = "left"         // Of, by themselves
	Removed     Kind = "removed"      // Of, by By
	RoleChanged Kind = "role_changed" // Of has Role from then on

	TokenMade    Kind = "token_made"    // for a program, which works as Role at most; Text is its name
	TokenRevoked Kind = "token_revoked" // that Of made; Text is its name
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{Created, Described, Invited, Withdrawn, Joined, Left, Removed, RoleChanged, TokenMade, TokenRevoked}
}

// Event is a line of the log: who did what, when.
type Event struct {
	ID   EventID // given by the storage
	At   time.Time
	Kind Kind
	By   ledger.UserID // who did it
	Of   ledger.UserID // to whom; 0 where it is about no member
	Role ledger.Role   // none where it is about no role
	Text string        // what else there is to say, as its kind has it
}

// Step is a change of a member, with its line in the log. The zero Step changes nothing.
type Step struct {
	Member Member // as the row is from then on
	Event  Event
}

// ChangesNothing reports whether a storage has nothing to store.
func (s Step) ChangesNothing() bool { return s.Event.Kind == "" }

// NotHere is the error for a ledger that a user is not in, whether there is such a ledger or not.
func NotHere(op string) error { return fault.New(fault.NotFound, op, "there is no such ledger") }

// NoSuchMember is the error for a user who was never in the ledger.
func NoSuchMember(op string) error { return fault.New(fault.NotFound, op, "there is no such member") }

// lastOwner is the error for a change that would leave a ledger without an owner.
func lastOwner(op string) error {
	return fault.New(fault.Conflict, op, "a ledger needs an owner: make somebody else an owner first")
}
