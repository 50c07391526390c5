package member

import (
	"context"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// Store is the port to where members are kept. Adapters implement it, as they do Ledgers and Invitations, and are held to the contract
// in membertest.
//
// Every method is atomic. But for Memberships, which is a user's own, each belongs to one ledger and sees no other; the caller has
// checked that the actor may do it. What a method has answered is durable and is seen by every later call, on any instance. Each change
// gives the ledger a new State in the same transaction. Errors are faults: NotFound, Conflict, what a closure returned, and Unavailable
// when the storage did not answer; the outcome of an unavailable change is unknown, and it may be repeated. A closure may run again,
// and asks nothing of the storage. Moments are kept to the microsecond.
type Store interface {
	// Memberships returns the ledgers that a user is in, by their number, at most limit.
	Memberships(ctx context.Context, user ledger.UserID, limit int) ([]Membership, error)
	// Membership returns a user's place in a ledger, by one query; NotHere if there is none, or if the user has left.
	Membership(ctx context.Context, in ledger.ID, user ledger.UserID) (Membership, error)
	// Members returns those who are in a ledger now, by how long they have been, and then by number. None is no error.
	Members(ctx context.Context, in ledger.ID) ([]Member, error)
	// Change stores the step that decide makes of all members of a ledger, those who have left too, in no order. No other change of them
	// comes between.
	Change(ctx context.Context, in ledger.ID, decide func(all []Member) (Step, error)) error
	// Renew gives a ledger a new State, and changes nothing else: its pages have to say something of its members anew.
	Renew(ctx context.Context, in ledger.ID) error
	// Events returns at most limit lines of a ledger's log, the newest first, and of those before an ID unless it is 0.
	Events(ctx context.Context, in ledger.ID, before EventID, limit int) ([]Event, error)
}

// Ledgers is the port to where ledgers are made and described.
type Ledgers interface {
	// Create makes a ledger under a number that no ledger ever had, with the maker as its owner and a line in its log. The number that it
	// is given with does not count. The same maker's request with the same key and fingerprint again is answered with what the first one
	// made, as it is now; another fingerprint is a Conflict. So is a maker who is in MaxLedgers already.
	Create(ctx context.Context, request Request, described ledger.Ledger) (Membership, error)
	// Describe makes of a ledger what decide makes of it as it is, and writes the event; NotFound if it was never defined. What decide
	// returns as it was changes nothing. The currency is counted as ledger.Store.Define does.
	Describe(ctx context.Context, in ledger.ID, decide func(now ledger.Ledger) (ledger.Ledger, Event, error)) (ledger.Ledger, error)
}

// Eraser is the port to where a ledger ends.
type Eraser interface {
	// Erase removes all that a ledger has, of every module, and the ledger itself; its number is never given again. It does so for the one
	// user who is in it: with others there it is NotAlone, and for who is not in it NotHere. It is the one method that is not atomic: the
	// rows go in parts, the user last. So what breaks off is taken up by another call.
	Erase(ctx context.Context, in ledger.ID, user ledger.UserID) error
	// Sweep removes what was written to ledgers after they had been erased, by requests that were let in before, and returns how many
	// ledgers had something. Any number of instances may do so at once.
	Sweep(ctx context.Context) (ledgers int, err error)
}

// CheckAlone returns an error unless a user is in a ledger and nobody else is.
func CheckAlone(op string, all []Member, user ledger.UserID) error {
	now, _ := Find(all, user)
	switch present, _ := count(all); {
	case !now.IsPresent():
		return NotHere(op)
	case present > 1:
		return NotAlone(op)
	}
	return nil
}

// NotAlone is the error for a ledger that others are in, too.
func NotAlone(op string) error {
	return fault.New(fault.Conflict, op, "others are in this ledger, too")
}

// Request is what a ledger is made by.
type Request struct {
	Maker       ledger.UserID
	Key         idempotency.Key
	Fingerprint idempotency.Fingerprint
	At          time.Time
}

// FirstStep returns what a storage does with a new ledger: its maker is its owner.
func (r Request) FirstStep(made ledger.Ledger) Step {
	return Step{
		Member: Member{User: r.Maker, Role: ledger.Owner, Since: r.At},
		Event:  Event{At: r.At, Kind: Created, By: r.Maker, Text: made.Name},
	}
}

// KeyTaken is the error for a request whose key made another ledger.
func KeyTaken(op string) error {
	return fault.New(fault.Conflict, op, "this form has made another ledger already; open the page again for a new one")
}

// Invitations is the port to where invitations are kept. Each token is known by its hash, in its ledger only.
type Invitations interface {
	// Invite keeps an invitation and writes that somebody was invited. A hash that is kept already is a repeat: it changes nothing and is
	// answered with what is kept. One more than MaxInvitations that are open at the moment of this one is a Conflict.
	Invite(ctx context.Context, in ledger.ID, token Hash, given Invitation) (Invitation, error)
	// Open returns the invitations that can be accepted at a moment, the newest first.
	Open(ctx context.Context, in ledger.ID, now time.Time) ([]Invitation, error)
	// Withdraw ends an invitation and writes that, with its role and its note. One that was withdrawn or used changes nothing; NotFound if
	// there is none.
	Withdraw(ctx context.Context, in ledger.ID, id InvitationID, event Event) error
	// Look returns the invitation of a token, whatever became of it, with the ledger.
	Look(ctx context.Context, in ledger.ID, token Hash) (Offer, error)
	// Accept makes the step that decide makes of an invitation and of all members of the ledger, those who have left too, and marks the
	// invitation as used by the user. One that the same user has used already, and is still in, changes nothing, and decide is not asked.
	Accept(ctx context.Context, in ledger.ID, token Hash, user ledger.UserID,
		decide func(offered Invitation, all []Member) (Step, error)) (Membership, error)
}

// Storage is all that the module asks of a storage.
type Storage interface {
	Store
	Ledgers
	Eraser
	Invitations
}
