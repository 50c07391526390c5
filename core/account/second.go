package account

import (
	"context"
	"errors"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// forCode is a log-in whose password was right and which needs a code.
const forCode Purpose = "code"

// halfEnds is how long a log-in may take from the password to the code.
const halfEnds = 5 * time.Minute

// HalfEnds returns how long a log-in may take from the password to the code.
func (s *Service) HalfEnds() time.Duration { return halfEnds }

// openOrAsk opens a session of an account whose password was right, or begins what a code ends.
func (s *Service) openOrAsk(ctx context.Context, of Account, from Client) (Opened, error) {
	if !of.Factor.On {
		return s.open(ctx, of, from)
	}
	half, err := s.begin(ctx, Begun{Purpose: forCode, User: of.ID, Generation: of.Generation})
	return Opened{Half: half}, err
}

// begin keeps what takes two requests, and returns the token of it.
func (s *Service) begin(ctx context.Context, begun Begun) (token string, err error) {
	token = s.newToken()
	now := s.settings.Now()
	begun.Ends = now.Add(halfEnds)
	return token, s.store.Begin(ctx, begunDigest(token), begun, now)
}

// begunDigest returns what a storage keeps of the token of what was begun.
func begunDigest(token string) Digest { return DigestOf("begun", token) }

// tooLate is the error for a log-in that cannot go on.
func tooLate(op string) error {
	return fault.New(fault.Unauthenticated, op, "this took too long, or something changed meanwhile; begin again")
}

// counts returns what was begun if it was that, and has not ended.
func (s *Service) counts(op string, begun Begun, err error, as Purpose) (Begun, error) {
	switch {
	case errors.Is(err, fault.NotFound):
		return Begun{}, tooLate(op)
	case err != nil:
		return Begun{}, err
	case begun.Purpose != as, !s.settings.Now().Before(begun.Ends):
		return Begun{}, tooLate(op)
	}
	return begun, nil
}

// half returns the account of a log-in that needs a code; Unauthenticated, without a violation, if it cannot go on.
func (s *Service) half(ctx context.Context, op, token string) (Account, error) {
	if !isToken(token) {
		return Account{}, tooLate(op)
	}
	found, err := s.store.Begun(ctx, begunDigest(token))
	begun, err := s.counts(op, found, err, forCode)
	if err != nil {
		return Account{}, err
	}
	of, err := s.store.ByID(ctx, begun.User)
	if err != nil {
		return Account{}, err
	}
	return of, mayGoOn(op, of, begun.Generation)
}

// mayGoOn refuses an account that was changed since a log-in began.
func mayGoOn(op string, of Account, generation int) error {
	if of.Disabled || of.Generation != generation {
		return tooLate(op)
	}
	return nil
}

// NeedsCode returns nothing if a log-in waits for its code, and Unauthenticated if it cannot go on.
func (s *Service) NeedsCode(ctx context.Context, half string) error {
	_, err := s.half(ctx, "account.NeedsCode", half)
	return err
}

// EnterCode opens the session of a log-in that waits for a code. A wrong code is Unauthenticated with a violation of FieldCode, and may be
// tried again; without one, the log-in is over. A code is spent where the answer to it is lost: the next one is taken.
func (s *Service) EnterCode(ctx context.Context, half, typed string, from Client) (Opened, error) {
	const op = "account.EnterCode"
	of, err := s.half(ctx, op, half)
	if err != nil {
		return Opened{}, err
	}
	taken, err := s.byCode(ctx, op, of, typed, from)
	if err != nil {
		return Opened{}, err
	}
	generation := of.Generation
	of, err = s.store.Change(ctx, of.ID, func(a Account) (Account, error) {
		if err := mayGoOn(op, a, generation); err != nil {
			return a, err
		}
		return taken(a)
	})
	if err != nil {
		return Opened{}, err
	}
	finished, err := s.store.Finish(ctx, begunDigest(half))
	if _, err := s.counts(op, finished, err, forCode); err != nil {
		return Opened{}, err
	}
	opened, err := s.openProven(ctx, of, from)
	if err != nil {
		return Opened{}, err
	}
	return opened, s.tidy(ctx)
}

// openProven opens a session of an account whose code was right, which gives back the tries.
func (s *Service) openProven(ctx context.Context, of Account, from Client) (Opened, error) {
	if err := s.store.Forget(ctx, appCharge(of), recoveryCharge(of)); err != nil && !errors.Is(err, fault.Unavailable) {
		return Opened{}, err // what cannot be forgotten now passes with time
	}
	return s.open(ctx, of, from)
}

// SecondFactor is how the second factor of a user stands.
type SecondFactor struct {
	On     bool
	Left   int    // recovery codes that were not used
	Secret string // for the app, while that is being set up; else empty
	Link   string // the same with the account's name, for a picture
}

// SecondFactor returns how that of who asks stands.
func (s *Service) SecondFactor(ctx context.Context, who Signed) (SecondFactor, error) {
	of, err := s.store.ByID(ctx, who.User.ID)
	if err != nil || of.Factor.On || of.Factor.Secret == "" {
		return SecondFactor{On: of.Factor.On, Left: len(of.Factor.Recovery)}, err
	}
	link, err := s.settings.Codes.Link(of.Factor.Secret, of.Name)
	return SecondFactor{Secret: of.Factor.Secret, Link: link}, fault.Wrap(fault.Internal, "account.SecondFactor", err)
}

// StartFactor draws a secret for who asks, which counts once ConfirmFactor had a code of it. One that was drawn before is over.
func (s *Service) StartFactor(ctx context.Context, who Signed, password string, from Client) error {
	const op = "account.StartFactor"
	of, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return err
	}
	isPassword, err := s.byPassword(ctx, op, FieldPassword, of, password, from)
	if err != nil {
		return err
	}
	secret := s.settings.Codes.NewSecret()
	_, err = s.store.Change(ctx, of.ID, func(a Account) (Account, error) {
		if a.Factor.On {
			return a, fault.New(fault.Conflict, op, "a second step is on already; turn it off to set another up")
		}
		a.Factor = Factor{Secret: secret}
		return isPassword(a)
	})
	return err
}

// ConfirmFactor turns the second factor of who asks on, with a code of the secret. It returns the recovery codes, which nobody sees again.
// All sessions are over then; the one that asks is replaced by the one that is returned.
func (s *Service) ConfirmFactor(ctx context.Context, who Signed, typed string, from Client) (Opened, []string, error) {
	const op = "account.ConfirmFactor"
	of, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return Opened{}, nil, err
	}
	if of.Factor.On || of.Factor.Secret == "" {
		return Opened{}, nil, fault.New(fault.Conflict, op, "nothing is being set up; begin again")
	}
	taken, err := s.byCode(ctx, op, of, typed, from)
	if err != nil {
		return Opened{}, nil, ofField(op, err)
	}
	codes, kept := s.newRecovery()
	opened, err := s.refactor(ctx, of.ID, from, func(a Account) (Account, error) {
		a, err := taken(a)
		a.Factor.On, a.Factor.Recovery = true, kept
		return a, ofField(op, err)
	})
	return opened, codes, err
}

// ofField makes a refused code Invalid: who asks is signed in.
func ofField(op string, err error) error {
	if violations := fault.ViolationsOf(err); len(violations) > 0 {
		return &fault.Error{Kind: fault.Invalid, Op: op, Violations: violations}
	}
	return err
}

// NewRecoveryCodes returns other recovery codes, and ends those from before, for a code or the password. Sessions end as with
// ConfirmFactor.
func (s *Service) NewRecoveryCodes(ctx context.Context, who Signed, typed string, from Client) (Opened, []string, error) {
	const op = "account.NewRecoveryCodes"
	codes, kept := s.newRecovery()
	opened, err := s.withProof(ctx, op, who, typed, from, func(f Factor) Factor {
		f.Recovery = kept
		return f
	})
	return opened, codes, err
}

// EndFactor turns the second factor of who asks off, for a code or the password. Sessions end as with ConfirmFactor.
func (s *Service) EndFactor(ctx context.Context, who Signed, typed string, from Client) (Opened, error) {
	return s.withProof(ctx, "account.EndFactor", who, typed, from, func(Factor) Factor { return Factor{} })
}

// withProof changes a factor that is on.
func (s *Service) withProof(
	ctx context.Context, op string, who Signed, typed string, from Client, revise func(Factor) Factor,
) (Opened, error) {
	of, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return Opened{}, err
	}
	if !of.Factor.On {
		return Opened{}, noFactor(op)
	}
	proven, err := s.byEither(ctx, op, of, typed, from)
	if err != nil {
		return Opened{}, err
	}
	return s.refactor(ctx, of.ID, from, func(a Account) (Account, error) {
		if !a.Factor.On {
			return a, noFactor(op)
		}
		a, err := proven(a)
		a.Factor = revise(a.Factor)
		return a, err
	})
}

func noFactor(op string) error { return fault.New(fault.Conflict, op, "no second step is on") }

// refactor changes what lets a user in, which ends all sessions, and opens one.
func (s *Service) refactor(ctx context.Context, id ledger.UserID, from Client, revise proof) (Opened, error) {
	now, err := s.store.Change(ctx, id, func(a Account) (Account, error) {
		a, err := revise(a)
		a.Generation++
		return a, err
	})
	if err != nil {
		return Opened{}, err
	}
	return s.openProven(ctx, now, from)
}

// DropFactor forgets a secret that no code has confirmed. A factor that is on stays.
func (s *Service) DropFactor(ctx context.Context, who Signed) error {
	_, err := s.store.Change(ctx, who.User.ID, func(a Account) (Account, error) {
		if !a.Factor.On {
			a.Factor = Factor{}
		}
		return a, nil
	})
	return err
}
