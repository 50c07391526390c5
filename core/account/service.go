package account

import (
	"context"
	"errors"
	"time"

	"expense-tracker/core/civil"
	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
	"expense-tracker/core/text"
)

// The fields of the forms, as violations name them and as forms send them.
const (
	FieldName     = "name"
	FieldPassword = "password"
	FieldNew      = "new_password"
	FieldCode     = "code"
	FieldLanguage = "language"
	FieldProof    = "proof" // a password, or a code that stands for it
)

// Settings are what a Service needs to know of the installation it works for.
type Settings struct {
	Now    func() time.Time // the clock
	Random func([]byte)     // fills bytes so that nobody guesses them
	Ends   Ends             // of sessions
	Codes  Codes            // makes the codes that change with time
	Keys   Keys             // asks browsers for passkeys

	NoPasswords bool // nobody comes in with one

	Leave       func(context.Context, ledger.UserID) error // takes a user out of all ledgers who goes for good; may be nil
	Invitations Invitations                                // lets people have accounts; nil where the operator and the provider alone do
	// Shut ends what programs come in with in the name of a user who is kept out; may be nil.
	Shut func(context.Context, ledger.UserID) error
}

// Service holds what people do with their accounts. It is safe for concurrent use.
type Service struct {
	store    Store
	hasher   Hasher
	settings Settings
	refused  refusals
	tidying  turn // of removing what counts no more
}

// NewService returns a Service on the storage.
func NewService(store Store, hasher Hasher, settings Settings) *Service {
	return &Service{store: stamped{Store: store, now: settings.Now}, hasher: hasher, settings: settings}
}

// Today returns the day that it is for the people of a ledger.
func (s *Service) Today(in ledger.Ledger) civil.Date { return in.Today(s.settings.Now()) }

// Ends returns when sessions end by themselves.
func (s *Service) Ends() Ends { return s.settings.Ends }

// Authenticate returns who brings a token; Unauthenticated if it is of no session, or of one that is over. It costs one query of the
// storage, and a write once a minute.
func (s *Service) Authenticate(ctx context.Context, token string, from Client) (Signed, error) {
	const op = "account.Authenticate"
	if !isToken(token) {
		return Signed{}, notSignedIn(op)
	}
	digest := sessionDigest(token)
	found, err := s.store.Find(ctx, digest)
	if errors.Is(err, fault.NotFound) {
		return Signed{}, notSignedIn(op)
	}
	if err != nil {
		return Signed{}, err
	}
	return s.admit(ctx, op, digest, found, from)
}

func notSignedIn(op string) error { return fault.New(fault.Unauthenticated, op, "") }

// Names returns the names of those users that there are. One who has gone for good has an empty one.
func (s *Service) Names(ctx context.Context, users []ledger.UserID) (map[ledger.UserID]string, error) {
	names, err := s.store.Names(ctx, users)
	for id, name := range names {
		if isGone(name) {
			names[id] = ""
		}
	}
	return names, err
}

// Draft is a new account as somebody typed it, unchecked.
type Draft struct{ Name, Password string }

// IsSetUp reports whether there is an account.
func (s *Service) IsSetUp(ctx context.Context) (bool, error) { return s.store.IsSetUp(ctx) }

// SetUp makes the first account, an administrator's, for who has the code, and signs it in.
func (s *Service) SetUp(ctx context.Context, code string, draft Draft, from Client) (Opened, error) {
	const op = "account.SetUp"
	done, err := s.store.IsSetUp(ctx)
	switch {
	case err != nil:
		return Opened{}, err
	case done:
		return Opened{}, AlreadySetUp(op)
	}
	if err := s.throttle(ctx, op, byAddress(from)); err != nil {
		return Opened{}, err
	}
	made, err := draft.account(ctx, op, s.hasher, s.settings.Now())
	if err != nil {
		return Opened{}, err
	}
	made.Admin = true
	if made.User, err = s.store.CreateFirst(ctx, codeDigest(code), made); err != nil {
		return Opened{}, err
	}
	return s.open(ctx, made, from)
}

// account returns the account that a draft asks for, or an Invalid fault with a violation for every field that is wrong.
func (d Draft) account(ctx context.Context, op string, hasher Hasher, now time.Time) (Account, error) {
	var violations []fault.Violation
	name, err := parseName(d.Name)
	if err != nil {
		violations = append(violations, fault.Violation{Field: FieldName, Message: fault.Said(err)})
	}
	password, err := parsePassword(d.Password, d.Name)
	if err != nil {
		violations = append(violations, fault.Violation{Field: FieldPassword, Message: fault.Said(err)})
	}
	if violations != nil {
		return Account{}, &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	made := Account{User: User{Name: name, Created: now}, Generation: 1}
	made.Hash, err = hasher.Hash(ctx, password)
	return made, err
}

// open opens a session of an account.
func (s *Service) open(ctx context.Context, of Account, from Client) (Opened, error) {
	now, token := s.settings.Now(), s.newToken()
	session := Session{ID: s.newID(), User: of.ID, Generation: of.Generation, Client: from.tidy(), Opened: now, Used: now}
	if err := s.store.Open(ctx, sessionDigest(token), session); err != nil {
		return Opened{}, err
	}
	return Opened{Signed: Signed{User: of.User, Session: session}, Token: token, Device: s.newDevice(of)}, nil
}

// SignOut ends the session of a token. To end one that is over changes nothing.
func (s *Service) SignOut(ctx context.Context, token string) error {
	if !isToken(token) {
		return nil
	}
	found, err := s.store.Find(ctx, sessionDigest(token))
	if err == nil {
		err = s.store.End(ctx, found.User.ID, found.Session.ID)
	}
	if err == nil {
		s.note(ctx, EventLeft, found.User.ID, found.Session.Client)
	}
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Sessions returns the sessions of who asks that are not over, the one that was used last first.
func (s *Service) Sessions(ctx context.Context, who Signed) ([]Session, error) {
	all, err := s.store.Of(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	now := s.settings.Now()
	running := all[:0]
	for _, session := range all {
		if !s.settings.Ends.isOver(session, now) {
			running = append(running, session)
		}
	}
	return running, nil
}

// EndSession ends a session of who asks.
func (s *Service) EndSession(ctx context.Context, who Signed, id SessionID) error {
	err := s.store.End(ctx, who.User.ID, id)
	if err == nil {
		s.note(ctx, EventEnded, who.User.ID, who.Session.Client)
	}
	return err
}

// EndOthers ends all sessions of who asks but the one that asks, and returns how many.
func (s *Service) EndOthers(ctx context.Context, who Signed) (int, error) {
	ended, err := s.store.EndAll(ctx, who.User.ID, who.Session.ID)
	if err == nil && ended > 0 {
		s.note(ctx, EventEnded, who.User.ID, who.Session.Client)
	}
	return ended, err
}

// ChangePassword gives who asks another password. All sessions are over then; the one that asks is replaced by the one that is returned.
func (s *Service) ChangePassword(ctx context.Context, who Signed, old, typed string, from Client) (Opened, error) {
	const op = "account.ChangePassword"
	now, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return Opened{}, err
	}
	if !now.HasPassword() {
		return Opened{}, noPasswordHere(op)
	}
	password, err := parsePassword(typed, now.Name)
	if err != nil {
		return Opened{}, fault.At(op, FieldNew, err)
	}
	if err := s.checkPassword(ctx, op, who, now, old); err != nil {
		return Opened{}, err
	}
	hash, err := s.hasher.Hash(ctx, password)
	if err != nil {
		return Opened{}, err
	}
	seen := now.Hash
	now, err = s.store.Change(ctx, who.User.ID, func(a Account) (Account, error) {
		switch a.Hash {
		case hash: // a repeat
			return a, nil
		case seen:
			return withPassword(a, hash), nil
		}
		return a, fault.New(fault.Conflict, op, "your password was changed meanwhile")
	})
	if err != nil {
		return Opened{}, err
	}
	return s.open(ctx, now, from)
}

// noPasswordHere is the error for what takes a password, of an account that has none.
func noPasswordHere(op string) error {
	return fault.New(fault.Conflict, op, "your account has no password; ask who runs this site for one")
}

// withPassword gives an account another password, which ends all of its sessions.
func withPassword(a Account, hash string) Account {
	a.Hash = hash
	a.Generation++
	return a
}

// SetProfile gives who asks another name and language.
func (s *Service) SetProfile(ctx context.Context, who Signed, typed, language string) (User, error) {
	const op, longestTag = "account.SetProfile", 35
	name, err := parseName(typed)
	if err != nil {
		return User{}, fault.At(op, FieldName, err)
	}
	language, err = text.Line(language, text.Rule{Max: longestTag, TooLong: "a language's tag has at most %d characters; this has %d"})
	if err != nil {
		return User{}, fault.At(op, FieldLanguage, err)
	}
	return s.change(ctx, who.User.ID, func(a Account) (Account, error) {
		a.Name, a.Language = name, language
		return a, nil
	})
}

func (s *Service) change(ctx context.Context, id ledger.UserID, revise func(Account) (Account, error)) (User, error) {
	now, err := s.store.Change(ctx, id, revise)
	return now.User, err
}
