package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
	"expense-tracker/core/token"
)

// tokenStore is a token.Store.
type tokenStore struct{ shelves[tokenData] }

var _ token.Store = (*tokenStore)(nil)

// tokenData is what there is of tokens to a ledger.
type tokenData struct{ tokens []keptToken } // the oldest first

// keptToken is a token with what it is recognised by.
type keptToken struct {
	token.Token
	key    idempotency.Key
	secret token.Digest
}

func newTokenStore(db *DB) *tokenStore {
	return &tokenStore{newShelves(db, func() *tokenData { return &tokenData{} })}
}

// Tokens returns the store of module token.
func (db *DB) Tokens() token.Store { return db.tokens }

// note writes a line of a ledger's log. The caller writes.
func (s *tokenStore) note(in ledger.ID, event member.Event) {
	members := s.db.members
	d := members.of(in)
	d.log(event)
	members.byLedger[in] = d
}

// Make implements token.Store.
func (s *tokenStore) Make(
	_ context.Context, in ledger.ID, key idempotency.Key, secret token.Digest, given token.Token,
) (kept token.Token, err error) {
	const op = "memory.Make"
	err = s.write(in, func(d *tokenData) error {
		live, next := 0, token.ID(1)
		for _, t := range d.tokens {
			switch {
			case t.By == given.By && t.key == key && t.secret == secret:
				kept = t.Token
				return errNothingChanged
			case t.By == given.By && t.key == key:
				return token.AlreadyMade(op)
			case t.IsLive(given.At):
				live++
			}
			next = max(next, t.ID+1)
		}
		if live >= token.MaxTokens {
			return token.TooMany(op)
		}
		kept = given
		kept.ID = next
		d.tokens = append(d.tokens, keptToken{kept, key, secret})
		d.forgetEnded(given.At)
		s.note(in, member.Event{At: kept.At, Kind: token.Made, By: kept.By, Role: kept.Scope.Role(), Text: kept.Name})
		return nil
	})
	return kept, err
}

// forgetEnded forgets the oldest of what is over.
func (d *tokenData) forgetEnded(now time.Time) {
	ended := 0
	for _, t := range d.tokens {
		if !t.IsLive(now) {
			ended++
		}
	}
	d.tokens = slices.DeleteFunc(d.tokens, func(t keptToken) bool {
		if t.IsLive(now) || ended <= token.MaxEnded {
			return false
		}
		ended--
		return true
	})
}

// List implements token.Store.
func (s *tokenStore) List(_ context.Context, in ledger.ID, by ledger.UserID) (found []token.Token, err error) {
	err = s.read(in, func(d *tokenData) error {
		for _, t := range d.tokens {
			if !t.Revoked && (by == 0 || t.By == by) {
				found = append(found, t.Token)
			}
		}
		return nil
	})
	slices.SortFunc(found, func(x, y token.Token) int { return cmp.Compare(y.ID, x.ID) })
	return found, err
}

// Revoke implements token.Store.
func (s *tokenStore) Revoke(
	_ context.Context, in ledger.ID, id token.ID, by ledger.UserID, at time.Time, may func(token.Token) error,
) error {
	return s.write(in, func(d *tokenData) error {
		i := slices.IndexFunc(d.tokens, func(t keptToken) bool { return t.ID == id })
		if i < 0 {
			return token.NoSuchToken("memory.Revoke")
		}
		now := &d.tokens[i]
		switch err := may(now.Token); {
		case err != nil:
			return err
		case now.Revoked:
			return errNothingChanged
		}
		now.Revoked = true
		s.note(in, member.Event{At: at, Kind: token.Revoked, By: by, Of: now.By, Role: now.Scope.Role(), Text: now.Name})
		return nil
	})
}

// Find implements token.Store.
func (s *tokenStore) Find(_ context.Context, in ledger.ID, secret token.Digest) (found token.Token, err error) {
	const op = "memory.Find"
	err = s.read(in, func(d *tokenData) error {
		i := slices.IndexFunc(d.tokens, func(t keptToken) bool { return t.secret == secret && !t.Revoked })
		if i < 0 {
			return token.NoSuchToken(op)
		}
		found = d.tokens[i].Token
		if maker, err := s.db.accounts.get(op, found.By); err != nil || maker.Disabled {
			return token.NoSuchToken(op)
		}
		return nil
	})
	if err != nil {
		return token.Token{}, err
	}
	return found, nil
}

// Touch implements token.Store.
func (s *tokenStore) Touch(_ context.Context, in ledger.ID, id token.ID, at time.Time) error {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	for i, t := range s.of(in).tokens {
		if t.ID == id && t.Used.Before(at) {
			s.of(in).tokens[i].Used = at
		}
	}
	return nil
}

// EndAll implements token.Store.
func (s *tokenStore) EndAll(_ context.Context, by ledger.UserID) (ended int, err error) {
	s.db.mu.Lock()
	defer s.db.mu.Unlock()
	for _, d := range s.byLedger {
		for i, t := range d.tokens {
			if t.By == by && !t.Revoked {
				d.tokens[i].Revoked = true
				ended++
			}
		}
	}
	return ended, nil
}
