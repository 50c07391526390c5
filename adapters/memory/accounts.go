package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/ledger"
)

// accountStore is an account.Store. What it keeps belongs to no ledger.
type accountStore struct {
	journal  journal
	db       *DB
	accounts []account.Account // of user 1, 2, …
	byName   map[string]ledger.UserID
	codes    []offered
	sessions map[account.Digest]account.Session
	freeAt   map[account.Digest]time.Time // when nothing is counted against a limit any more
	begun    map[account.Digest]account.Begun
	identityShelf
}

// offered is a code of the set-up.
type offered struct {
	digest account.Digest
	at     time.Time
}

var _ account.Store = (*accountStore)(nil)

func newAccountStore(db *DB) *accountStore {
	return &accountStore{
		db: db, byName: make(map[string]ledger.UserID), sessions: make(map[account.Digest]account.Session),
		freeAt: make(map[account.Digest]time.Time), begun: make(map[account.Digest]account.Begun), identityShelf: newIdentityShelf(),
	}
}

// Accounts returns the store of module account.
func (db *DB) Accounts() account.Store { return db.accounts }

func (s *accountStore) read() (done func()) {
	s.db.mu.RLock()
	return s.db.mu.RUnlock
}

func (s *accountStore) write() (done func()) {
	s.db.mu.Lock()
	return s.db.mu.Unlock
}

// Create implements account.Users.
func (s *accountStore) Create(_ context.Context, given account.Account) (account.User, error) {
	defer s.write()()
	return s.create("memory.Create", given)
}

func (s *accountStore) create(op string, given account.Account) (account.User, error) {
	folded := account.Folded(given.Name)
	if id, taken := s.byName[folded]; taken {
		if stored := s.accounts[id-1]; stored.Hash == given.Hash {
			return stored.User, nil
		}
		return account.User{}, account.NameTaken(op)
	}
	given.ID, given.Factor, given.Passkeys = ledger.UserID(len(s.accounts)+1), account.Factor{}, nil
	s.journal.note(account.Happened(account.Account{}, given)...)
	given.Origin = account.Origin{}
	s.accounts = append(s.accounts, given)
	s.byName[folded] = given.ID
	return given.User, nil
}

// ByName implements account.Users.
func (s *accountStore) ByName(_ context.Context, folded string) (account.Account, error) {
	defer s.read()()
	return s.get("memory.ByName", s.byName[folded])
}

// ByID implements account.Users.
func (s *accountStore) ByID(_ context.Context, id ledger.UserID) (account.Account, error) {
	defer s.read()()
	return s.get("memory.ByID", id)
}

func (s *accountStore) get(op string, id ledger.UserID) (account.Account, error) {
	if id < 1 || int64(id) > int64(len(s.accounts)) {
		return account.Account{}, account.NoSuchUser(op)
	}
	return s.accounts[id-1], nil
}

// Names implements account.Users.
func (s *accountStore) Names(_ context.Context, users []ledger.UserID) (map[ledger.UserID]string, error) {
	defer s.read()()
	names := make(map[ledger.UserID]string, len(users))
	for _, id := range users {
		if found, err := s.get("", id); err == nil {
			names[id] = found.Name
		}
	}
	return names, nil
}

// All implements account.Users.
func (s *accountStore) All(context.Context) ([]account.User, error) {
	defer s.read()()
	users := make([]account.User, len(s.accounts))
	for i, a := range s.accounts {
		users[i] = a.User
	}
	return users, nil
}

// Change implements account.Users.
func (s *accountStore) Change(
	_ context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	defer s.write()()
	return s.change("memory.Change", id, revise)
}

// Remove implements account.Users.
func (s *accountStore) Remove(
	_ context.Context, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	defer s.write()()
	now, err := s.change("memory.Remove", id, revise)
	if err != nil {
		return account.Account{}, err
	}
	maps.DeleteFunc(s.sessions, func(_ account.Digest, session account.Session) bool { return session.User == id })
	maps.DeleteFunc(s.begun, func(_ account.Digest, begun account.Begun) bool { return begun.User == id })
	s.forgetIdentities(id)
	s.journal.forgetPlaces(id)
	return now, nil
}

func (s *accountStore) change(
	op string, id ledger.UserID, revise func(account.Account) (account.Account, error),
) (account.Account, error) {
	stored, err := s.get(op, id)
	if err != nil {
		return account.Account{}, err
	}
	now, err := revise(stored)
	if err != nil {
		return account.Account{}, err
	}
	now.ID, now.Created = stored.ID, stored.Created
	was, is := account.Folded(stored.Name), account.Folded(now.Name)
	if holder, taken := s.byName[is]; taken && holder != id {
		return account.Account{}, account.NameTaken(op)
	}
	if account.LosesAdmin(stored, now) && !slices.ContainsFunc(s.accounts, func(a account.Account) bool {
		return a.ID != id && a.Admin && !a.Disabled
	}) {
		return account.Account{}, account.LastAdmin(op)
	}
	s.journal.note(account.Happened(stored, now)...)
	now.Origin = account.Origin{}
	delete(s.byName, was)
	s.byName[is], s.accounts[id-1] = id, now
	return now, nil
}

// IsSetUp implements account.Setup.
func (s *accountStore) IsSetUp(context.Context) (bool, error) {
	defer s.read()()
	return len(s.accounts) > 0, nil
}

// Offer implements account.Setup.
func (s *accountStore) Offer(_ context.Context, code account.Digest, at time.Time) (bool, error) {
	defer s.write()()
	if len(s.accounts) > 0 {
		return false, nil
	}
	s.codes = slices.DeleteFunc(s.codes, func(o offered) bool { return o.digest == code })
	s.codes = append(s.codes, offered{code, at})
	slices.SortStableFunc(s.codes, func(a, b offered) int { return a.at.Compare(b.at) })
	s.codes = s.codes[max(0, len(s.codes)-account.MaxCodes):]
	return true, nil
}

// CreateFirst implements account.Setup.
func (s *accountStore) CreateFirst(_ context.Context, code account.Digest, given account.Account) (account.User, error) {
	defer s.write()()
	return s.createFirst("memory.CreateFirst", code, given)
}

func (s *accountStore) createFirst(op string, code account.Digest, given account.Account) (account.User, error) {
	if len(s.accounts) > 0 {
		if first := s.accounts[0]; first.Hash == given.Hash {
			return first.User, nil
		}
		return account.User{}, account.AlreadySetUp(op)
	}
	if !code.IsZero() && !s.isOffered(code) {
		return account.User{}, account.WrongCode(op)
	}
	s.codes = nil
	return s.create(op, given)
}

func (s *accountStore) isOffered(code account.Digest) bool {
	return slices.ContainsFunc(s.codes, func(o offered) bool { return o.digest == code })
}

// Open implements account.Sessions.
func (s *accountStore) Open(_ context.Context, token account.Digest, session account.Session) error {
	defer s.write()()
	if _, known := s.sessions[token]; known {
		return nil
	}
	s.sessions[token] = session
	s.journal.note(account.SignedInBy(session))
	type other struct {
		token account.Digest
		account.Session
		again bool // it was used after it was opened
	}
	var others []other
	for digest, o := range s.sessions {
		if o.User == session.User && digest != token {
			others = append(others, other{digest, o, o.Used.After(o.Opened)})
		}
	}
	slices.SortFunc(others, func(a, b other) int {
		if a.again != b.again {
			return map[bool]int{true: -1, false: 1}[a.again]
		}
		return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(b.ID, a.ID))
	})
	for _, o := range others[min(len(others), account.MaxSessions-1):] {
		delete(s.sessions, o.token)
	}
	return nil
}

// counts reports whether a session is one: its account has not moved on.
func (s *accountStore) counts(session account.Session) bool {
	of, err := s.get("", session.User)
	return err == nil && !of.Disabled && of.Generation == session.Generation
}

// Find implements account.Sessions.
func (s *accountStore) Find(_ context.Context, token account.Digest) (account.Signed, error) {
	defer s.read()()
	return s.find("memory.Find", token)
}

func (s *accountStore) find(op string, token account.Digest) (account.Signed, error) {
	session, ok := s.sessions[token]
	if !ok || !s.counts(session) {
		return account.Signed{}, account.NoSuchSession(op)
	}
	return account.Signed{User: s.accounts[session.User-1].User, Session: session}, nil
}

// Visit implements account.Visits.
func (s *accountStore) Visit(_ context.Context, token account.Digest, wish ledger.ID) (account.Visit, error) {
	const op = "memory.Visit"
	defer s.read()()
	who, err := s.find(op, token)
	if err != nil {
		return account.Visit{}, err
	}
	who.Session.Client, who.Session.Generation = account.Client{}, 0
	visit := account.Visit{Signed: who, Actor: ledger.Actor{User: who.User.ID}}
	place, err := s.db.members.membership(op, wish, who.User.ID)
	if err != nil {
		all := s.db.members.memberships(who.User.ID)
		if len(all) == 0 {
			return visit, nil
		}
		place = all[0]
	}
	visit.Actor, visit.State = place.Actor(), s.db.row(place.Ledger.ID).state
	return visit, nil
}

// Touch implements account.Sessions.
func (s *accountStore) Touch(_ context.Context, token account.Digest, at time.Time, address string) error {
	defer s.write()()
	if session, ok := s.sessions[token]; ok && session.Used.Before(at) {
		session.Used, session.Client.Address = at, address
		s.sessions[token] = session
	}
	return nil
}

// Of implements account.Sessions.
func (s *accountStore) Of(_ context.Context, user ledger.UserID) ([]account.Session, error) {
	defer s.read()()
	var found []account.Session
	for _, session := range s.sessions {
		if session.User == user && s.counts(session) {
			found = append(found, session)
		}
	}
	slices.SortFunc(found, func(a, b account.Session) int { return cmp.Or(b.Used.Compare(a.Used), cmp.Compare(b.ID, a.ID)) })
	return found, nil
}

// End implements account.Sessions.
func (s *accountStore) End(_ context.Context, user ledger.UserID, id account.SessionID) error {
	defer s.write()()
	for token, session := range s.sessions {
		if session.User == user && session.ID == id && s.counts(session) {
			delete(s.sessions, token)
			return nil
		}
	}
	return account.NoSuchSession("memory.End")
}

// EndAll implements account.Sessions.
func (s *accountStore) EndAll(_ context.Context, user ledger.UserID, but account.SessionID) (int, error) {
	defer s.write()()
	before := len(s.sessions)
	maps.DeleteFunc(s.sessions, func(_ account.Digest, session account.Session) bool {
		return session.User == user && session.ID != but
	})
	return before - len(s.sessions), nil
}

// Count implements account.Sessions.
func (s *accountStore) Count(_ context.Context, usedSince time.Time) (n int64, _ error) {
	defer s.read()()
	for _, session := range s.sessions {
		if !session.Used.Before(usedSince) && s.counts(session) {
			n++
		}
	}
	return n, nil
}

// Tidy implements account.Sessions.
func (s *accountStore) Tidy(_ context.Context, usedBefore, openedBefore time.Time) error {
	defer s.write()()
	maps.DeleteFunc(s.sessions, func(_ account.Digest, session account.Session) bool {
		return session.Used.Before(usedBefore) || session.Opened.Before(openedBefore) || !s.counts(session)
	})
	now := time.Now()
	maps.DeleteFunc(s.freeAt, func(_ account.Digest, at time.Time) bool { return at.Before(now) })
	return nil
}

// Take implements account.Throttle.
func (s *accountStore) Take(_ context.Context, charges ...account.Charge) (wait time.Duration, _ error) {
	defer s.write()()
	now := time.Now()
	next := make(map[account.Digest]time.Time, len(charges))
	for _, c := range charges {
		from := s.freeAt[c.By]
		if from.Before(now) || from.After(now.Add(time.Duration(c.Limit.Burst)*c.Limit.Every+account.LongWrong)) {
			from = now
		}
		next[c.By] = from.Add(c.Limit.Every)
		wait = max(wait, next[c.By].Sub(now)-time.Duration(c.Limit.Burst)*c.Limit.Every)
	}
	if wait > 0 {
		return wait, nil
	}
	maps.Copy(s.freeAt, next)
	return 0, nil
}

// Forget implements account.Throttle.
func (s *accountStore) Forget(_ context.Context, by ...account.Digest) error {
	defer s.write()()
	for _, b := range by {
		delete(s.freeAt, b)
	}
	return nil
}
