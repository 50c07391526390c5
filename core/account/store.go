package account

import (
	"context"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Store is the port to where accounts are kept. Adapters implement all of it and are held to the contract in accounttest.
//
// Every method is atomic. What it has answered is durable and is seen by every later call, on any instance that shares the storage.
// Accounts belong to no ledger, so no method changes a ledger's State. Errors are faults: NotFound for what is missing, Conflict for a name
// that is taken, and Unavailable when the storage did not answer; the outcome of an unavailable change is unknown, and it may be repeated.
type Store interface {
	Journal
	Users
	Setup
	Sessions
	Visits
	Throttle
	Halves
	Identities
}

// Users keeps accounts. None is ever removed.
type Users interface {
	// Create stores an account and returns its user, whose ID the storage gives: 1 for the first, one more for each after it, and never
	// one that was given before. A name that is taken, folded, is NameTaken. To create an account again with the very same hash
	// returns what was created, for a hash comes once only.
	Create(ctx context.Context, account Account) (User, error)
	// ByName returns the account of a folded name.
	ByName(ctx context.Context, folded string) (Account, error)
	// ByID returns the account of a user.
	ByID(ctx context.Context, id ledger.UserID) (Account, error)
	// Names returns the names of those users that there are, at the cost of these alone.
	Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error)
	// All returns every user, by ID.
	All(ctx context.Context) ([]User, error)
	// Change hands an account to revise, and stores and returns what that returns. The storage calls revise again if it has to start
	// over. An error of revise ends the change and is returned as it is. ID and Created are the storage's. Changes of one account
	// come one after the other. One after which no administrator could come in any more, where one could before, is LastAdmin, of however
	// many that come at once: see LosesAdmin.
	Change(ctx context.Context, id ledger.UserID, revise func(Account) (Account, error)) (Account, error)
	// Remove is Change for a user who goes for good, the last administrator never. It forgets all that leads to the person, or nothing:
	// sessions, links with providers and the address that one is expected with, what was begun, and of what happened to the account from
	// where.
	Remove(ctx context.Context, id ledger.UserID, revise func(Account) (Account, error)) (Account, error)
}

// Setup is how the first account comes to be: who has the code that the program's log shows makes it.
type Setup interface {
	// IsSetUp reports whether an account was ever created.
	IsSetUp(ctx context.Context) (bool, error)
	// Offer keeps the digest of a code beside those that were offered before, of which the newest MaxCodes stay: each instance shows its
	// own. It returns false, and keeps nothing, once an account was created.
	Offer(ctx context.Context, code Digest, at time.Time) (bool, error)
	// CreateFirst creates the first account, as Create does, and forgets all codes. The code must be one that was offered, or it is
	// WrongCode; the zero Digest stands for the operator, who needs none. Once an account was created it is AlreadySetUp, of however
	// many that come at once but one.
	CreateFirst(ctx context.Context, code Digest, account Account) (User, error)
}

// MaxCodes is how many codes count at a time.
const MaxCodes = 16

// MaxSessions is how many sessions a user has at a time.
const MaxSessions = 100

// Sessions keeps who is signed in. A session counts as long as its account is not disabled and is of the session's generation: to every
// method but EndAll one that does not is no session.
type Sessions interface {
	// Open keeps a session with the digest of its token. To open one again with the same digest changes nothing. Of the others of its user
	// those stay that fit into MaxSessions with it: those first that were used after they were opened, and then the newest.
	Open(ctx context.Context, token Digest, session Session) error
	// Find returns the session of a token, and its user.
	Find(ctx context.Context, token Digest) (Signed, error)
	// Touch sets when a session was used last, and from where. It never goes back, and one that is missing is left at that.
	Touch(ctx context.Context, token Digest, at time.Time, address string) error
	// Of returns the sessions of a user, the one that was used last first.
	Of(ctx context.Context, user ledger.UserID) ([]Session, error)
	// End ends a session of a user; NotFound if the user has none of that ID.
	End(ctx context.Context, user ledger.UserID, id SessionID) error
	// EndAll ends all sessions of a user but one; 0 for none. It returns how many.
	EndAll(ctx context.Context, user ledger.UserID, but SessionID) (int, error)
	// Count returns how many sessions of any user were used since a moment.
	Count(ctx context.Context, usedSince time.Time) (int64, error)
	// Tidy removes what counts no more: sessions that were used last, or opened, before the moments, or whose account has moved on, and
	// limits that nobody is near to.
	Tidy(ctx context.Context, usedBefore, openedBefore time.Time) error
}

// Limit says how often something may be tried: Burst times at once, and once more for every Every that passes.
type Limit struct {
	Burst int
	Every time.Duration
}

// Charge is a try that counts against a limit. What it is kept by says what is limited, such as an address.
type Charge struct {
	By    Digest
	Limit Limit
}

// LongWrong is how much further ahead than a limit leads what a storage keeps of it must lie to be of a clock that was wrong.
const LongWrong = time.Hour

// Throttle counts tries, by the storage's own clock, so that instances whose clocks differ share them. What was counted when that clock
// went ahead, by more than LongWrong, counts no more when it is set right: nobody is kept out for years.
type Throttle interface {
	// Take counts a try against all of the charges and returns 0; or it counts it against none, and returns how long to wait until
	// none of them stands in the way.
	Take(ctx context.Context, charges ...Charge) (wait time.Duration, err error)
	// Forget makes tries uncounted.
	Forget(ctx context.Context, by ...Digest) error
}

// Begun is what takes two requests, such as a log-in that still needs a code. It stands in the storage, so that any instance may go on.
type Begun struct {
	Purpose    Purpose
	User       ledger.UserID // who goes on; 0 if that is not known yet
	Generation int           // of the account when it began
	Data       []byte        // what the second request is held to
	Ends       time.Time     // when it is too late to go on
}

// Purpose says what was begun: nothing is gone on with as something else.
type Purpose string

// Halves keeps what was begun, by the digest of a token that its browser has.
type Halves interface {
	// Begin keeps what was begun, and forgets all that has ended by now. To begin again with the same digest changes nothing.
	Begin(ctx context.Context, token Digest, begun Begun, now time.Time) error
	// Begun returns what was begun, ended or not; NotFound if there is nothing.
	Begun(ctx context.Context, token Digest) (Begun, error)
	// Finish returns it and forgets it, so it is gone on with once: of many that come at once one gets it, and the others NotFound. Where
	// the outcome is unknown, a repeat is NotFound: a person begins again then.
	Finish(ctx context.Context, token Digest) (Begun, error)
}

// Hasher makes of a password what may be kept, so that nobody reads the password off it.
type Hasher interface {
	// Hash returns a password's hash, another one each time. It takes long, so few run at once: the error is Busy if too many
	// wait.
	Hash(ctx context.Context, password string) (string, error)
	// Verify reports whether the hash is of the password. It takes as long as Hash, and its error is as that of Hash.
	Verify(ctx context.Context, password, hash string) (bool, error)
	// NeedsRehash reports whether Hash would make a hash of other parameters today.
	NeedsRehash(hash string) bool
	// Decoy returns a hash that no password has, and that takes as long to verify as another.
	Decoy() string
}

// NoSuchUser is the error for a user who is not there.
func NoSuchUser(op string) error { return fault.New(fault.NotFound, op, "there is no such user") }

// NothingBegun is the error for what was not begun, or is over.
func NothingBegun(op string) error {
	return fault.New(fault.NotFound, op, "there is nothing to go on with")
}

// NoSuchSession is the error for a session that is not there, or over.
func NoSuchSession(op string) error { return fault.New(fault.NotFound, op, "there is no such session") }

// NameTaken is the error for a name that another user has.
func NameTaken(op string) error {
	return &fault.Error{Kind: fault.Conflict, Op: op, Violations: []fault.Violation{
		{Field: FieldName, Message: fault.Say("this name is taken; choose another")},
	}}
}

// LosesAdmin reports whether a change takes away an administrator who could come in.
func LosesAdmin(before, after Account) bool { return before.canAdminister() && !after.canAdminister() }

func (u User) canAdminister() bool { return u.Admin && !u.Disabled }

// LastAdmin is the error for a change after which no administrator could come in.
func LastAdmin(op string) error {
	return fault.New(fault.Conflict, op,
		"this is the only administrator who can come in; make somebody else one first: expense-tracker user promote NAME")
}

// WrongCode is the error for a set-up with another code than one that was offered.
func WrongCode(op string) error {
	return fault.Field(op, FieldCode, "this is not the code; the newest one is in the program's log")
}

// AlreadySetUp is the error for a set-up when there is an account.
func AlreadySetUp(op string) error {
	return fault.New(fault.Conflict, op, "an account was made already, and its owner can sign in")
}
