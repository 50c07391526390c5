package account

import (
	"context"
	"slices"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// Passkey is a key in a device of a user, of which we have the public half. The device lets it be used once it knows its owner, by a
// finger or a number, so it stands for the password and for the second factor at once.
type Passkey struct {
	ID         PasskeyID
	Credential []byte // its name in the browser
	Name       string // as its user calls it
	Record     []byte // the rest, as Keys keeps it: the public key, all flags, how often it was used
	Added      time.Time
	Used       time.Time // last; zero if it never was
}

// PasskeyID names a passkey of a user on a page. It is no secret.
type PasskeyID int64

// Equal reports whether two passkeys are the same.
func (p Passkey) Equal(other Passkey) bool {
	return p.ID == other.ID && slices.Equal(p.Credential, other.Credential) && p.Name == other.Name &&
		slices.Equal(p.Record, other.Record) && p.Added.Equal(other.Added) && p.Used.Equal(other.Used)
}

// MaxPasskeys is how many a user may have.
const MaxPasskeys = 20

// Keys asks browsers for passkeys, and checks what they answer. A site is the address of the pages, such as https://example.org: a
// passkey works at the one that it was made at. What an answer is held to is kept between the two calls, and used once.
type Keys interface {
	// Make returns what a browser is asked with to make a passkey, in a device that has none of those that the user has.
	Make(site string, user User, have []Passkey) (options, held []byte, err error)
	// Made returns the passkey that a browser made: its Credential and its Record. An answer that is wrong is Invalid.
	Made(held, answer []byte) (Passkey, error)
	// Use returns what a browser is asked with to use a passkey of whoever has one.
	Use(site string) (options, held []byte, err error)
	// UserOf returns whose passkey an answer says it is of, unchecked; Invalid if it says nothing.
	UserOf(answer []byte) (ledger.UserID, error)
	// Used checks an answer, and returns the one of the user's passkeys that it is of, with the Record that it has now. An answer that
	// is wrong is Invalid, and so is one of a passkey that seems to have been copied.
	Used(held, answer []byte, user ledger.UserID, have []Passkey) (Passkey, error)
}

// WrongAnswer is the error for an answer of a browser that is wrong. Why is for the log.
func WrongAnswer(op string, why error) error {
	wrong := fault.New(fault.Invalid, op, "the browser's answer was not accepted; begin again")
	wrong.Err = why
	return wrong
}

const (
	forNewPasskey Purpose = "passkey-new"
	forPasskey    Purpose = "passkey"
)

// Asked is what a browser is asked for. Token is what goes on with its answer.
type Asked struct {
	Options []byte // in JSON, for the script of the page
	Token   string
}

// Passkeys returns those of who asks, in the order in which they came.
func (s *Service) Passkeys(ctx context.Context, who Signed) ([]Passkey, error) {
	of, err := s.store.ByID(ctx, who.User.ID)
	return of.Passkeys, err
}

func parsePasskeyName(typed string) (string, error) {
	return text.Line(typed, text.Rule{
		Max: MaxName, TooLong: "a name has at most %d characters; this has %d", Blank: "enter a name",
	})
}

// AskForNew asks the browser of who asks to make a passkey, once the password was typed.
func (s *Service) AskForNew(ctx context.Context, who Signed, site, name, password string, from Client) (Asked, error) {
	const op = "account.AskForNew"
	if _, err := parsePasskeyName(name); err != nil {
		return Asked{}, fault.At(op, FieldName, err)
	}
	of, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return Asked{}, err
	}
	if len(of.Passkeys) >= MaxPasskeys {
		return Asked{}, tooMany(op)
	}
	if _, err := s.byPassword(ctx, op, FieldPassword, of, password, from); err != nil {
		return Asked{}, err
	}
	options, held, err := s.settings.Keys.Make(site, of.User, of.Passkeys)
	if err != nil {
		return Asked{}, err
	}
	token, err := s.begin(ctx, Begun{Purpose: forNewPasskey, User: of.ID, Generation: of.Generation, Data: held})
	return Asked{Options: options, Token: token}, err
}

func tooMany(op string) error {
	return fault.New(fault.Conflict, op, "you have %d passkeys; remove one first", MaxPasskeys)
}

// finish ends what was begun, which nobody can go on with again.
func (s *Service) finish(ctx context.Context, op, token string, as Purpose) (Begun, error) {
	if !isToken(token) {
		return Begun{}, tooLate(op)
	}
	found, err := s.store.Finish(ctx, begunDigest(token))
	return s.counts(op, found, err, as)
}

// AddPasskey keeps the passkey that the browser of who asks made. All sessions are over then; the one that asks is replaced by the one
// that is returned.
func (s *Service) AddPasskey(ctx context.Context, who Signed, token, typed string, answer []byte, from Client) (Opened, error) {
	const op = "account.AddPasskey"
	name, err := parsePasskeyName(typed)
	if err != nil {
		return Opened{}, fault.At(op, FieldName, err)
	}
	begun, err := s.finish(ctx, op, token, forNewPasskey)
	if err != nil {
		return Opened{}, notUsed(op, err)
	}
	if begun.User != who.User.ID {
		return Opened{}, notUsed(op, tooLate(op))
	}
	made, err := s.settings.Keys.Made(begun.Data, answer)
	if err != nil {
		return Opened{}, err
	}
	made.ID, made.Name, made.Added = PasskeyID(s.newID()), name, s.settings.Now()
	return s.refactor(ctx, begun.User, from, func(a Account) (Account, error) {
		switch {
		case a.Generation != begun.Generation:
			return a, notUsed(op, tooLate(op))
		case len(a.Passkeys) >= MaxPasskeys:
			return a, tooMany(op)
		case slices.ContainsFunc(a.Passkeys, func(p Passkey) bool { return slices.Equal(p.Credential, made.Credential) }):
			return a, fault.New(fault.Conflict, op, "you have this passkey already")
		}
		a.Passkeys = append(slices.Clone(a.Passkeys), made)
		return a, nil
	})
}

// notUsed makes what is too late a conflict: who asks is signed in.
func notUsed(op string, err error) error {
	if fault.KindOf(err) == fault.Unauthenticated {
		return fault.New(fault.Conflict, op, "this took too long, or something changed meanwhile; begin again")
	}
	return err
}

// RemovePasskey removes a passkey of who asks, for the password, or for a code where a second factor is on: a session that was stolen takes
// no way in away. Sessions end as with AddPasskey.
func (s *Service) RemovePasskey(ctx context.Context, who Signed, id PasskeyID, typed string, from Client) (Opened, error) {
	const op = "account.RemovePasskey"
	of, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return Opened{}, err
	}
	if passkeyAt(of, id) < 0 {
		return Opened{}, noSuchPasskey(op)
	}
	prove := s.byEither
	if !of.Factor.On {
		prove = func(ctx context.Context, op string, of Account, typed string, from Client) (proof, error) {
			return s.byPassword(ctx, op, FieldProof, of, typed, from)
		}
	}
	proven, err := prove(ctx, op, of, typed, from)
	if err != nil {
		return Opened{}, err
	}
	return s.refactor(ctx, of.ID, from, func(a Account) (Account, error) {
		at := passkeyAt(a, id)
		if at < 0 {
			return a, noSuchPasskey(op)
		}
		a, err := proven(a)
		a.Passkeys = slices.Delete(slices.Clone(a.Passkeys), at, at+1)
		return a, err
	})
}

// passkeyAt returns where an account has a passkey; -1 if it has none of that ID.
func passkeyAt(of Account, id PasskeyID) int {
	return slices.IndexFunc(of.Passkeys, func(p Passkey) bool { return p.ID == id })
}

func noSuchPasskey(op string) error { return fault.New(fault.NotFound, op, "there is no such passkey") }

// AskForAny asks a browser for the passkey of whoever uses it. It counts as a try from its address, so nobody fills the storage.
func (s *Service) AskForAny(ctx context.Context, site string, from Client) (Asked, error) {
	const op = "account.AskForAny"
	if err := s.throttle(ctx, op, Charge{By: DigestOf("passkey", from.network()), Limit: perAddress}); err != nil {
		return Asked{}, err
	}
	options, held, err := s.settings.Keys.Use(site)
	if err != nil {
		return Asked{}, err
	}
	token, err := s.begin(ctx, Begun{Purpose: forPasskey, Data: held})
	return Asked{Options: options, Token: token}, err
}

// SignInWithPasskey opens a session for who has a passkey. It needs neither a password nor a code. Who has none that is known, and who may
// not come in, get the same answer: Unauthenticated.
func (s *Service) SignInWithPasskey(ctx context.Context, token string, answer []byte, from Client) (Opened, error) {
	const op = "account.SignInWithPasskey"
	begun, err := s.finish(ctx, op, token, forPasskey)
	if err != nil {
		return Opened{}, err
	}
	of, used, err := s.checkPasskey(ctx, begun.Data, answer)
	switch fault.KindOf(err) { //nolint:exhaustive // the rest is the storage's
	case fault.Invalid, fault.NotFound:
		return Opened{}, notAccepted(op, err)
	}
	if err != nil {
		return Opened{}, err
	}
	seen, now := used.before, s.settings.Now()
	of, err = s.store.Change(ctx, of.ID, func(a Account) (Account, error) {
		at := slices.IndexFunc(a.Passkeys, func(p Passkey) bool { return p.ID == used.now.ID })
		if a.Disabled || at < 0 {
			return a, notAccepted(op, nil)
		}
		if !slices.Equal(a.Passkeys[at].Record, seen.Record) { // it was used meanwhile: its count is another
			return a, tooLate(op)
		}
		a.Passkeys = slices.Clone(a.Passkeys)
		a.Passkeys[at].Record, a.Passkeys[at].Used = used.now.Record, now
		return a, nil
	})
	if err != nil {
		return Opened{}, err
	}
	opened, err := s.open(ctx, of, from)
	if err != nil {
		return Opened{}, err
	}
	return opened, s.tidy(ctx)
}

// notAccepted is the error for a passkey that lets nobody in. Why is for the log.
func notAccepted(op string, why error) error {
	refused := fault.New(fault.Unauthenticated, op, "this passkey is not one of this site's, or was removed; sign in with your password")
	refused.Err = why
	return refused
}

// usedPasskey is a passkey before and after it was used.
type usedPasskey struct{ before, now Passkey }

func (s *Service) checkPasskey(ctx context.Context, held, answer []byte) (of Account, used usedPasskey, err error) {
	user, err := s.settings.Keys.UserOf(answer)
	if err != nil {
		return of, used, err
	}
	if of, err = s.store.ByID(ctx, user); err != nil {
		return of, used, err
	}
	if used.now, err = s.settings.Keys.Used(held, answer, user, of.Passkeys); err != nil {
		return of, used, err
	}
	at := slices.IndexFunc(of.Passkeys, func(p Passkey) bool { return p.ID == used.now.ID })
	if at < 0 {
		return of, used, WrongAnswer("account.checkPasskey", nil)
	}
	used.before = of.Passkeys[at]
	return of, used, nil
}
