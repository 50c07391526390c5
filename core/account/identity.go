package account

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// Identity is a person as an identity provider knows them: the two together are never another person's. A name or an address is not.
type Identity struct {
	Issuer  string // the provider, letter for letter as it names itself
	Subject string // the person, as the provider calls them for ever
}

// Link is an identity that belongs to a user.
type Link struct {
	Identity
	Shown  string // what the provider called the person, for the page that shows the link
	Linked time.Time
}

// Claims are what a provider said of who has signed in there, once the adapter has verified that the provider said it, to us, just now.
type Claims struct {
	Identity
	Username, Name string // what the person is called; may be empty
	Email          string // empty if the provider says none
	Verified       bool   // the provider knows that the address is this person's
	Groups         []string
}

// Provider is the port to where people sign in who have their account elsewhere. Its errors are faults: Unauthenticated for an answer that
// is not to be believed, and Unavailable if the provider did not answer.
type Provider interface {
	// Name returns what people call the provider.
	Name() string
	// Issuer returns what the provider calls itself.
	Issuer() string
	// Address returns where a browser goes to sign in there. The provider sends it back with a code.
	Address(ctx context.Context, c Challenge) (string, error)
	// Redeem returns what the provider says of the person for whom it gave a code. The challenge is the one of the address that the
	// person was sent to: an answer to another one is refused.
	Redeem(ctx context.Context, code string, c Challenge) (Claims, error)
}

// ErrAway is in the chain of a provider's Unavailable, so that nobody takes it for the storage's.
var ErrAway = errors.New("the identity provider is away")

// Challenge is what binds a provider's answer to one question of one browser.
type Challenge struct {
	State    string // comes back with the browser
	Nonce    string // comes back in what the provider signs
	Verifier string // is shown to the provider at the end, which was shown its digest at the start (PKCE)
}

// Aim is what somebody wants of a provider.
type Aim int

// The aims. Their numbers are stored.
const (
	AimSignIn Aim = 1 + iota // to come in
	AimLink                  // to come in that way from now on
	AimSetUp                 // to make the first account
)

// Attempt is a browser on its way to a provider and back.
type Attempt struct {
	Aim     Aim
	User    ledger.UserID // who links; 0 otherwise
	Code    Digest        // of the set-up; zero otherwise
	To      string        // where the browser goes afterwards
	Expires time.Time
}

// Identities keeps what users are called by identity providers, and who is on the way to one.
type Identities interface {
	// Depart keeps an attempt by a digest that only its browser can bring back. It forgets those that have expired at the moment.
	Depart(ctx context.Context, by Digest, attempt Attempt, now time.Time) error
	// Return gives an attempt back, once: of however many that ask, one gets it. NotFound if there is none, or it has expired.
	Return(ctx context.Context, by Digest, now time.Time) (Attempt, error)

	// ByIdentity returns the account that an identity belongs to.
	ByIdentity(ctx context.Context, identity Identity) (Account, error)
	// LinkOf returns the link of a user with an issuer.
	LinkOf(ctx context.Context, user ledger.UserID, issuer string) (Link, error)
	// Link gives a user an identity. It is IdentityTaken if another user has it, or the user has another one of the issuer; to link
	// it again changes nothing.
	Link(ctx context.Context, user ledger.UserID, link Link) error
	// Unlink takes away the link of a user with an issuer, if may agrees, and raises the account's generation: whoever came in that way
	// is out. The storage calls may again if it has to start over; its error is returned as it is. The moment is when.
	Unlink(ctx context.Context, user ledger.UserID, issuer string, at time.Time, may func(Account) error) (Account, error)

	// CreateLinked creates an account, as Create does, with a link, or neither.
	CreateLinked(ctx context.Context, account Account, link Link) (User, error)
	// CreateFirstLinked creates the first account, as CreateFirst does, with a link, or neither.
	CreateFirstLinked(ctx context.Context, code Digest, account Account, link Link) (User, error)
	// CreateExpected creates an account, as Create does, whose person is expected with an address, as Expect does, or neither.
	CreateExpected(ctx context.Context, account Account, email string) (User, error)
	// IsOffered reports whether a set-up's code is one that makes the first account.
	IsOffered(ctx context.Context, code Digest) (bool, error)

	// Expect lets the person come in as a user whose provider knows an address to be theirs. A user has one such address, and an
	// address is one user's: it is IdentityTaken if another one is expected with it.
	Expect(ctx context.Context, user ledger.UserID, email string) error
	// Claim links an identity to the user who is expected with an address, if may agrees, and expects nobody with it any more. NotFound
	// if nobody is. Else it is as Link.
	Claim(ctx context.Context, email string, link Link, may func(Account) error) (Account, error)
}

// IdentityTaken is the error for a link that cannot be, since the user or the identity is linked otherwise.
func IdentityTaken(op string) error {
	return fault.New(fault.Conflict, op, "this log-in belongs to another account, or the account has another log-in")
}

// NoSuchIdentity is the error for an identity that is nobody's, and for a link that is not there.
func NoSuchIdentity(op string) error { return fault.New(fault.NotFound, op, "there is no such log-in") }

// NoSuchAttempt is the error for an attempt that is not there, or has expired, or was finished.
func NoSuchAttempt(op string) error { return fault.New(fault.NotFound, op, "") }

// maxIssuer and maxSubject bound what a provider may call itself and people, in bytes. The standard has 255 for the latter.
const (
	maxIssuer  = 2048
	maxSubject = 255
)

// isSound reports whether an identity can be one, and can be stored.
func (i Identity) isSound() bool {
	return i.Issuer != "" && len(i.Issuer) <= maxIssuer && i.Subject != "" && len(i.Subject) <= maxSubject &&
		text.Check(i.Issuer, "") == nil && text.Check(i.Subject, "") == nil
}

// maxEmail is the length of the longest address, in bytes.
const maxEmail = 254

// foldedEmail returns an address as addresses are compared, or nothing if it cannot be one. Mailboxes that differ in case alone are one
// person's everywhere that matters.
func foldedEmail(typed string) string {
	email := strings.ToLower(strings.TrimSpace(typed))
	at := strings.LastIndexByte(email, '@')
	if at < 1 || at == len(email)-1 || len(email) > maxEmail || strings.ContainsAny(email, " ,;\t") || text.Check(email, "") != nil {
		return ""
	}
	return email
}

// verifiedEmail returns the address that the provider has verified; nothing if it has none.
func (c Claims) verifiedEmail() string {
	if !c.Verified {
		return ""
	}
	return foldedEmail(c.Email)
}

// link returns the link that the claims are about.
func (c Claims) link(now time.Time) Link {
	shown := cmp.Or(c.Email, c.Username, c.Name, c.Subject)
	return Link{Identity: c.Identity, Shown: shortened(text.WithoutDirections(shown)), Linked: now}
}

// accountName returns what a new account is called, with room for a number behind it.
func (c Claims) accountName() string {
	const room = 3
	local, _, _ := strings.Cut(c.Email, "@")
	for _, given := range []string{c.Username, c.Name, local} {
		given = shortened(given)
		for utf8.RuneCountInString(given) > MaxName-room {
			_, size := utf8.DecodeLastRuneInString(given)
			given = given[:len(given)-size]
		}
		if name, err := parseName(given); err == nil {
			return name
		}
	}
	return "user"
}
