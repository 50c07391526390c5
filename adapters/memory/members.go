package memory

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/member"
)

// memberStore is a member.Storage.
type memberStore struct {
	shelves[memberData]
	made map[request]made // guarded by the lock of all
}

var _ member.Storage = (*memberStore)(nil)

// request names one for a new ledger.
type request struct {
	maker ledger.UserID
	key   idempotency.Key
}

// made is the ledger that a request has made.
type made struct {
	ledger      ledger.ID
	fingerprint idempotency.Fingerprint
}

// memberData is who shares a ledger.
type memberData struct {
	members     map[ledger.UserID]member.Member // those who have left too
	events      []member.Event                  // the oldest first
	invitations []invitation                    // likewise
}

// invitation is one with the hash of its token.
type invitation struct {
	member.Invitation
	token member.Hash
}

// newMemberStore returns the store of module member.
func newMemberStore(db *DB) *memberStore {
	return &memberStore{
		shelves: newShelves(db, func() *memberData { return &memberData{members: make(map[ledger.UserID]member.Member)} }),
		made:    make(map[request]made),
	}
}

// Members returns the store of module member.
func (db *DB) Members() member.Storage { return db.members }

// Memberships implements member.Store.
func (s *memberStore) Memberships(_ context.Context, user ledger.UserID, limit int) ([]member.Membership, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	all := s.memberships(user)
	return all[:min(limit, len(all))], nil
}

// memberships returns a user's ledgers. The caller holds the lock.
func (s *memberStore) memberships(user ledger.UserID) (all []member.Membership) {
	for id := range s.byLedger {
		if m, err := s.membership("", id, user); err == nil {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(x, y member.Membership) int { return cmp.Compare(x.Ledger.ID, y.Ledger.ID) })
	return all
}

// membership returns a user's place in a ledger. The caller holds the lock.
func (s *memberStore) membership(op string, in ledger.ID, user ledger.UserID) (member.Membership, error) {
	m := s.of(in).members[user]
	row := s.db.row(in)
	if !m.IsPresent() || row.ledger.Name == "" {
		return member.Membership{}, member.NotHere(op)
	}
	return member.Membership{Ledger: row.ledger, Member: m}, nil
}

// Membership implements member.Store.
func (s *memberStore) Membership(_ context.Context, in ledger.ID, user ledger.UserID) (member.Membership, error) {
	s.db.mu.RLock()
	defer s.db.mu.RUnlock()
	return s.membership("memory.Membership", in, user)
}

// Members implements member.Store.
func (s *memberStore) Members(_ context.Context, in ledger.ID) (present []member.Member, err error) {
	err = s.read(in, func(d *memberData) error {
		for _, m := range d.members {
			if m.IsPresent() {
				present = append(present, m)
			}
		}
		return nil
	})
	slices.SortFunc(present, func(x, y member.Member) int { return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.User, y.User)) })
	return present, err
}

// Renew implements member.Store.
func (s *memberStore) Renew(_ context.Context, in ledger.ID) error {
	return s.write(in, func(*memberData) error { return nil })
}

// Change implements member.Store.
func (s *memberStore) Change(_ context.Context, in ledger.ID, decide func(all []member.Member) (member.Step, error)) error {
	return s.write(in, func(d *memberData) error {
		step, err := decide(d.all())
		if err != nil {
			return err
		}
		if step.ChangesNothing() {
			return errNothingChanged
		}
		d.apply(step)
		return nil
	})
}

func (d *memberData) all() []member.Member { return slices.Collect(maps.Values(d.members)) }

func (d *memberData) apply(step member.Step) {
	d.members[step.Member.User] = step.Member
	d.log(step.Event)
}

func (d *memberData) log(event member.Event) {
	event.ID = member.EventID(len(d.events) + 1)
	d.events = append(d.events, event)
}

// Events implements member.Store.
func (s *memberStore) Events(_ context.Context, in ledger.ID, before member.EventID, limit int) (found []member.Event, err error) {
	err = s.read(in, func(d *memberData) error {
		for _, e := range slices.Backward(d.events) {
			if (before == 0 || e.ID < before) && len(found) < limit {
				found = append(found, e)
			}
		}
		return nil
	})
	return found, err
}

// Create implements member.Ledgers.
func (s *memberStore) Create(_ context.Context, r member.Request, described ledger.Ledger) (result member.Membership, err error) {
	const op = "memory.Create"
	described.ID = ledger.Default
	if err := described.Check(op); err != nil {
		return member.Membership{}, err
	}
	err = s.db.writeSome(func() (ledger.ID, error) {
		if known, ok := s.made[request{r.Maker, r.Key}]; ok {
			if known.fingerprint != r.Fingerprint {
				return 0, member.KeyTaken(op)
			}
			if result, err = s.membership(op, known.ledger, r.Maker); err != nil {
				return 0, err
			}
			return 0, errNothingChanged
		}
		if len(s.memberships(r.Maker)) >= member.MaxLedgers {
			return 0, member.TooManyLedgers(op)
		}
		described.ID = s.freeID()
		if described, err = s.db.define(described); err != nil {
			return 0, err
		}
		d := s.of(described.ID)
		s.byLedger[described.ID] = d
		first := r.FirstStep(described)
		d.apply(first)
		s.made[request{r.Maker, r.Key}] = made{described.ID, r.Fingerprint}
		result = member.Membership{Ledger: described, Member: first.Member}
		return described.ID, nil
	})
	return result, err
}

// freeID returns a number that no ledger has. The caller writes.
func (s *memberStore) freeID() ledger.ID {
	highest := ledger.Default
	for id := range s.db.ledgers {
		highest = max(highest, id)
	}
	return highest + 1
}

// Describe implements member.Ledgers.
func (s *memberStore) Describe(
	_ context.Context, in ledger.ID, decide func(ledger.Ledger) (ledger.Ledger, member.Event, error),
) (described ledger.Ledger, err error) {
	const op = "memory.Describe"
	err = s.write(in, func(d *memberData) error {
		now := s.db.row(in).ledger
		if now.Name == "" {
			return ledger.NotDefined(op)
		}
		wanted, event, err := decide(now)
		if err != nil {
			return err
		}
		wanted.ID = in
		if err := wanted.Check(op); err != nil {
			return err
		}
		if described, err = s.db.define(wanted); err == nil {
			d.log(event)
		}
		return err
	})
	if err != nil {
		return ledger.Ledger{}, err
	}
	return described, nil
}
