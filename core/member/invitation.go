package member

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// InvitationDays is how long an invitation may be accepted.
const InvitationDays = 7

// InvitationID names an invitation of a ledger.
type InvitationID int64

// Invitation is an offer of a role to whoever brings its token.
type Invitation struct {
	ID        InvitationID // given by the storage
	Role      ledger.Role
	Note      string        // for whom it is, as its author says; may be empty
	By        ledger.UserID // its author
	At, Until time.Time     // it was made, and it ends
	UsedBy    ledger.UserID // 0 while nobody has used it
	Withdrawn bool
}

// check returns a Conflict that names op unless the invitation can be accepted now.
func (i Invitation) check(op string, now time.Time) error {
	switch {
	case i.UsedBy != 0:
		return fault.New(fault.Conflict, op, "this invitation has been used; ask for another")
	case i.Withdrawn:
		return fault.New(fault.Conflict, op, "this invitation was withdrawn; ask for another")
	case !now.Before(i.Until):
		return fault.New(fault.Conflict, op, "this invitation has expired; ask for another")
	}
	return nil
}

// IsOpen reports whether the invitation can be accepted at a moment.
func (i Invitation) IsOpen(now time.Time) bool { return i.check("", now) == nil }

// Event returns the line of the log that says that somebody was invited.
func (i Invitation) Event() Event {
	return Event{At: i.At, Kind: Invited, By: i.By, Role: i.Role, Text: i.Note}
}

// Offer is what an invitation says to whoever brings its token.
type Offer struct {
	Invitation
	Ledger ledger.Ledger
}

// secretBytes are what makes a token hard to guess.
const secretBytes = 32

// Token is what a link of an invitation has: the ledger's number and a secret. It prints as nothing, so that no log has it by mistake.
type Token struct {
	ledger ledger.ID
	secret [secretBytes]byte
}

// Hash is what a storage keeps of a token's secret.
type Hash [sha256.Size]byte

// Hash returns what a storage keeps.
func (t Token) Hash() Hash { return sha256.Sum256(t.secret[:]) }

// Ledger returns the ledger that the token leads to, if it leads anywhere.
func (t Token) Ledger() ledger.ID { return t.ledger }

// String returns what stands for any token.
func (t Token) String() string { return "[token]" }

// Text returns the token as a link has it, such as "12-9f86d0…".
func (t Token) Text() string {
	return strconv.FormatInt(int64(t.ledger), 10) + "-" + hex.EncodeToString(t.secret[:])
}

// ParseToken reads what Text writes, and nothing else. What is no token is NotFound.
func ParseToken(op, text string) (Token, error) {
	var t Token
	digits, secret, _ := strings.Cut(text, "-")
	id, err := strconv.ParseInt(digits, 10, 64)
	if err == nil && len(secret) == hex.EncodedLen(secretBytes) {
		t.ledger = ledger.ID(id)
		if _, err = hex.Decode(t.secret[:], []byte(secret)); err == nil && id > 0 && t.Text() == text {
			return t, nil
		}
	}
	return Token{}, NoSuchInvitation(op)
}

// NoSuchInvitation is the error for a token or a number that no invitation of the ledger has.
func NoSuchInvitation(op string) error {
	return fault.New(fault.NotFound, op, "there is no such invitation; check that the link is whole")
}
