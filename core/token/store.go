package token

import (
	"context"
	"time"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
)

// Store is the port to where tokens are kept. Adapters implement it and are held to the contract in tokentest.
//
// Every method is atomic. But for EndAll, which is of a user, each belongs to one ledger and sees no other; the caller has checked that
// the actor may do it. What a method has answered is durable and is seen by every later call, on any instance. Make and Revoke write a
// line in the ledger's log and give the ledger a new State in the same transaction; Touch does neither. Errors are faults: NotFound,
// Conflict, what a closure returned, and Unavailable when the storage did not answer; the outcome of an unavailable change is unknown.
// Moments are kept to the microsecond.
type Store interface {
	// Make keeps a token with the digest of its secret. The same digest under the same key changes nothing and is answered with what is
	// kept; another digest under a key of the same maker is AlreadyMade. One more than MaxTokens that are live at the moment of this one
	// is TooMany. Of those that are over it forgets all but the newest MaxEnded.
	Make(ctx context.Context, in ledger.ID, key idempotency.Key, secret Digest, given Token) (Token, error)
	// List returns the tokens of a ledger that were not revoked, the newest first; those that a user made, or all for user 0.
	List(ctx context.Context, in ledger.ID, by ledger.UserID) ([]Token, error)
	// Revoke ends a token, and writes that a user has; may is asked of the token before, and its error is returned. One that was revoked
	// changes nothing. NotFound if there is none.
	Revoke(ctx context.Context, in ledger.ID, id ID, by ledger.UserID, at time.Time, may func(Token) error) error
	// Find returns the token of a secret, by one query; NotFound if there is none, if it was revoked, or if its maker may not come in.
	Find(ctx context.Context, in ledger.ID, secret Digest) (Token, error)
	// Touch sets when a token was used last. It never goes back, and one that is missing is left at that.
	Touch(ctx context.Context, in ledger.ID, id ID, at time.Time) error
	// EndAll revokes the tokens of a user in every ledger, and returns how many.
	EndAll(ctx context.Context, by ledger.UserID) (int, error)
}
