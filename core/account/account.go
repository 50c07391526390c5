// Package account is who may come in: people with a name and a password, the sessions of their browsers, and how the first of them comes
// to be. Service holds what people do, Operator what the one does who runs the program, Store is the port that a storage implements, and
// accounttest is its contract. Accounts are the installation's, and belong to no ledger.
//
// The package knows no clock, no source of chance and no hash of passwords: they are handed in.
package account

import (
	"time"

	"expense-tracker/core/ledger"
)

// MaxName is the length of the longest name, in characters (Unicode code points).
const MaxName = 64

// User is a person with an account.
type User struct {
	ID       ledger.UserID
	Name     string // one line of 1 to MaxName characters; no two users' are the same when folded
	Language string // the tag of the one that pages are written in; empty for what the browser asks for
	Admin    bool   // may do what concerns the whole installation
	Disabled bool   // may not come in
	Created  time.Time
}

// Account is a user with what only this module and its storages see.
type Account struct {
	User
	Origin     Origin    // of what is made of it, for the journal
	Hash       string    // of the password, as the Hasher writes it
	Generation int       // of what lets the user in: the sessions of an earlier one are over
	Factor     Factor    // that a log-in needs besides the password; Users.Change alone sets it
	Passkeys   []Passkey // that let the user in by themselves, in the order in which they came; Users.Change alone sets them
}

// Client is where a request came from, for the person who looks at the list of sessions.
type Client struct {
	Address string // without a port; empty if it is not known
	Agent   string // what the browser calls itself
	Network string // what tries are counted by: the address, or the part of it that a household has; it is not kept
	Device  string // what an earlier sign-in gave the browser, as Opened has it; it is not kept
}

// maxAgent is how much is kept of what a client says of itself, in bytes; more is made up.
const maxAgent = 256

// tidy returns the client with nothing in it that cannot be stored or shown.
func (c Client) tidy() Client {
	return Client{Address: shortened(c.Address), Agent: shortened(c.Agent)}
}

// network returns what tries are counted by.
func (c Client) network() string {
	if c.Network != "" {
		return shortened(c.Network)
	}
	return shortened(c.Address)
}
