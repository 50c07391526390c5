package account

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"expense-tracker/core/fault"
)

// How often a name and a password may be tried. A household behind one address does not meet this, and neither does a script that signs in
// each minute. An address alone cannot use up what a name has; many together can, and then the user's own devices still get in, which are
// counted for themselves. A right password gives back what the name had.
var (
	perAddress       = Limit{Burst: 30, Every: 10 * time.Second}
	perNameAtAddress = Limit{Burst: 10, Every: time.Minute}
	perName          = Limit{Burst: 100, Every: 10 * time.Second}
)

func byAddress(from Client) Charge {
	return Charge{By: DigestOf("address", from.network()), Limit: perAddress}
}

// byName returns the charges of a try from an address with a folded name, be there such a user or not.
func byName(folded string, from Client) []Charge {
	return []Charge{
		byAddress(from),
		{By: DigestOf("name at address", folded, from.network()), Limit: perNameAtAddress},
		{By: DigestOf("name", folded), Limit: perName},
	}
}

// bySession returns the charge of a try of a password by who is signed in already, whom no try of others stands in the way of.
func bySession(id SessionID) []Charge {
	return []Charge{{By: DigestOf("session's password", strconv.FormatInt(int64(id), 10)), Limit: perNameAtAddress}}
}

// throttle counts a try, or refuses it.
func (s *Service) throttle(ctx context.Context, op string, charges ...Charge) error {
	wait, err := s.store.Take(ctx, charges...)
	if err != nil || wait <= 0 {
		return err
	}
	tooOften := fault.New(fault.Throttled, op, "too many tries from here; wait a little and try again")
	tooOften.RetryAfter = wait
	return tooOften
}

// SignIn opens a session for a name and its password, or begins what EnterCode ends where the account has a second factor. Who is not
// known, whose password is another, and who may not come in get the same answer after the same time: Unauthenticated. Tries that come too
// often are Throttled.
func (s *Service) SignIn(ctx context.Context, name, password string, from Client) (Opened, error) {
	const op = "account.SignIn"
	folded := ""
	if tidy, err := parseName(name); err == nil {
		folded = Folded(tidy)
	}
	found, err := s.store.ByName(ctx, folded)
	known := !errors.Is(err, fault.NotFound)
	if known && err != nil {
		return Opened{}, err
	}
	charges := byName(folded, from)
	if isDeviceOf(from.Device, found) {
		charges = byDevice(from.Device)
	}
	if err := s.throttleOf(ctx, op, found.ID, charges...); err != nil {
		return Opened{}, err
	}
	if known = known && found.HasPassword(); !known {
		found.Hash = s.hasher.Decoy()
	}
	password = asTyped(strings.TrimRight(password, "\r\n")) // no password has them, and files end with them
	right, err := s.hasher.Verify(ctx, password, found.Hash)
	switch {
	case err != nil:
		return Opened{}, err
	case !right || !known || found.Disabled:
		s.failed(ctx, found.ID, from)
		return Opened{}, fault.New(fault.Unauthenticated, op, "the name or the password is wrong")
	}
	found, err = s.rehash(ctx, found, password)
	if err != nil {
		return Opened{}, err
	}
	opened, err := s.openOrAsk(ctx, found, from)
	if err != nil {
		return Opened{}, err
	}
	if err := s.giveBack(ctx, charges); err != nil && !errors.Is(err, fault.Unavailable) {
		return Opened{}, err // what cannot be forgotten now passes with time
	}
	return opened, s.tidy(ctx)
}

// giveBack makes the tries uncounted that a name, or a device, had before the right password. Those of an address stay.
func (s *Service) giveBack(ctx context.Context, charges []Charge) error {
	var by []Digest
	for _, c := range charges {
		if c.Limit != perAddress {
			by = append(by, c.By)
		}
	}
	return s.store.Forget(ctx, by...)
}

// rehash hashes a password that was just right once more, if hashes are made in another way since. The sessions go on.
func (s *Service) rehash(ctx context.Context, of Account, password string) (Account, error) {
	if !s.hasher.NeedsRehash(of.Hash) {
		return of, nil
	}
	hash, err := s.hasher.Hash(ctx, password)
	if errors.Is(err, fault.Busy) {
		return of, nil // there is another time
	}
	if err != nil {
		return of, err
	}
	seen := of.Hash
	return s.store.Change(ctx, of.ID, func(a Account) (Account, error) {
		if a.Hash == seen {
			a.Hash = hash
		}
		return a, nil
	})
}
