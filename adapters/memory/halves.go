package memory

import (
	"context"
	"maps"
	"time"

	"expense-tracker/core/account"
)

// Begin implements account.Halves.
func (s *accountStore) Begin(_ context.Context, token account.Digest, begun account.Begun, now time.Time) error {
	defer s.write()()
	maps.DeleteFunc(s.begun, func(_ account.Digest, b account.Begun) bool { return b.Ends.Before(now) })
	if _, known := s.begun[token]; !known {
		s.begun[token] = begun
	}
	return nil
}

// Begun implements account.Halves.
func (s *accountStore) Begun(_ context.Context, token account.Digest) (account.Begun, error) {
	defer s.read()()
	begun, ok := s.begun[token]
	if !ok {
		return account.Begun{}, account.NothingBegun("memory.Begun")
	}
	return begun, nil
}

// Finish implements account.Halves.
func (s *accountStore) Finish(_ context.Context, token account.Digest) (account.Begun, error) {
	defer s.write()()
	begun, ok := s.begun[token]
	if !ok {
		return account.Begun{}, account.NothingBegun("memory.Finish")
	}
	delete(s.begun, token)
	return begun, nil
}
