package account

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"expense-tracker/core/fault"
)

// Factor is what a log-in needs besides the password: a code that an app makes of a secret and the time. The zero Factor is none.
//
// The secret is kept as it is, for a code cannot be compared with a hash of it. Whoever reads the storage can make codes, and still needs
// the password, of which only a hash is there. A key beside the storage would not change that for who reads both, and losing it would
// lock everybody out; so there is none.
type Factor struct {
	Secret   string   // that codes are made of
	On       bool     // a code was typed in, so the app has the secret; before that no log-in asks for one
	Step     int64    // of the last code that was taken: no code of it, or of one before it, is taken again
	Recovery []Digest // of the codes that stand in for the app, each once
}

// Equal reports whether two factors are the same.
func (f Factor) Equal(other Factor) bool {
	return f.Secret == other.Secret && f.On == other.On && f.Step == other.Step && slices.Equal(f.Recovery, other.Recovery)
}

// IsZero reports whether this is no factor.
func (f Factor) IsZero() bool { return f.Equal(Factor{}) }

// Codes makes the codes of secrets, as apps do.
type Codes interface {
	// NewSecret returns a secret that nobody guesses, in letters and digits that people can type.
	NewSecret() string
	// Code returns a secret's code for a step of StepLength.
	Code(secret string, step int64) (string, error)
	// Link returns what an app reads off a picture to take a secret over, with the name of the account.
	Link(secret, name string) (string, error)
}

// StepLength is how long a code is shown.
const StepLength = 30 * time.Second

// stepsAround is how many steps before and after the present one have codes that are taken: clocks differ, and people type slowly.
const stepsAround = 1

// CodeDigits is how many digits a code of an app has.
const CodeDigits = 6

func stepAt(now time.Time) int64 { return now.Unix() / int64(StepLength/time.Second) }

// Recovery codes have 120 bits, so that a plain digest is enough to keep them by.
const (
	RecoveryCodes  = 10
	recoveryGroups = 6
)

// newRecovery returns codes that stand in for the app, and what is kept of them.
func (s *Service) newRecovery() (codes []string, kept []Digest) {
	for range RecoveryCodes {
		code := newGroups(s.settings.Random, recoveryGroups)
		codes, kept = append(codes, code), append(kept, recoveryDigest(code))
	}
	return codes, kept
}

func recoveryDigest(typed string) Digest { return DigestOf("recovery", asRead(typed)) }

// isRecovery reports whether a text can be a recovery code.
func isRecovery(typed string) bool { return len(asRead(typed)) == recoveryGroups*groupSize }

// digitsOf returns a code of an app as it was typed, without what stands between its digits; false if it can be none.
func digitsOf(typed string) (string, bool) {
	code := strings.NewReplacer(" ", "", "-", "", "\u00a0", "").Replace(strings.TrimSpace(typed))
	return code, len(code) == CodeDigits && strings.Trim(code, "0123456789") == ""
}

// perCode limits how often codes of one account are tried, from wherever: with three that are right at a time among a million, that is
// some hundred years for an even chance. Who knows the password can use this up; recovery codes are counted apart, so they still work.
var perCode = Limit{Burst: 10, Every: 5 * time.Minute}

// A proof is applied to an account as it is stored, so that what works once does so over all instances.
type proof func(Account) (Account, error)

// byCode understands a code of the app or a recovery code, and returns what taking it changes. It counts as a try.
func (s *Service) byCode(ctx context.Context, op string, of Account, typed string, from Client) (proof, error) {
	message := fault.Say("this code is wrong, or was used already; an app shows another one after 30 seconds")
	if strings.ContainsFunc(typed, unicode.IsLetter) { // no app shows any
		message = fault.Say("this code is wrong, or was used already")
	}
	wrong := func() error { // a closure of Change asks it too, so it asks nothing of the storage
		return &fault.Error{Kind: fault.Unauthenticated, Op: op, Violations: []fault.Violation{{Field: FieldCode, Message: message}}}
	}
	if code, ok := digitsOf(typed); ok {
		if err := s.throttleOf(ctx, op, of.ID, byAddress(from), Charge{By: appCharge(of), Limit: perCode}); err != nil {
			return nil, err
		}
		now := stepAt(s.settings.Now())
		for step := now - stepsAround; step <= now+stepsAround; step++ {
			right, err := s.settings.Codes.Code(of.Factor.Secret, step)
			if err != nil {
				return nil, fault.Wrap(fault.Internal, op, err)
			}
			if DigestOf(right) == DigestOf(code) && step > of.Factor.Step {
				return takeStep(of, step, wrong), nil
			}
		}
		s.failed(ctx, of.ID, from)
		return nil, wrong()
	}
	if err := s.throttleOf(ctx, op, of.ID, byAddress(from), Charge{By: recoveryCharge(of), Limit: perCode}); err != nil {
		return nil, err
	}
	if digest := recoveryDigest(typed); isRecovery(typed) && slices.Contains(of.Factor.Recovery, digest) {
		return takeRecovery(digest, wrong), nil
	}
	s.failed(ctx, of.ID, from)
	return nil, wrong()
}

func appCharge(of Account) Digest { return DigestOf("code", strconv.FormatInt(int64(of.ID), 10)) }

func recoveryCharge(of Account) Digest {
	return DigestOf("recovery", strconv.FormatInt(int64(of.ID), 10))
}

// takeStep takes the code of a step: if another request took it meanwhile, it is wrong.
func takeStep(of Account, step int64, wrong func() error) proof {
	return func(a Account) (Account, error) {
		if a.Factor.Secret != of.Factor.Secret || a.Factor.Step >= step {
			return a, wrong()
		}
		a.Factor.Step = step
		return a, nil
	}
}

// takeRecovery takes a recovery code.
func takeRecovery(digest Digest, wrong func() error) proof {
	return func(a Account) (Account, error) {
		at := slices.Index(a.Factor.Recovery, digest)
		if at < 0 {
			return a, wrong()
		}
		a.Factor.Recovery = slices.Delete(slices.Clone(a.Factor.Recovery), at, at+1)
		return a, nil
	}
}

// byPassword compares a password, and returns what makes sure that it is still the one.
func (s *Service) byPassword(ctx context.Context, op, field string, of Account, typed string, from Client) (proof, error) {
	if !of.HasPassword() {
		return nil, noPasswordHere(op)
	}
	if err := s.throttleOf(ctx, op, of.ID, byName(Folded(of.Name), from)...); err != nil {
		return nil, err
	}
	switch right, err := s.hasher.Verify(ctx, asTyped(typed), of.Hash); {
	case err != nil:
		return nil, err
	case !right:
		s.failed(ctx, of.ID, from)
		return nil, fault.Field(op, field, "this is not your password")
	}
	return func(a Account) (Account, error) {
		if a.Hash != of.Hash {
			return a, fault.New(fault.Conflict, op, "your password was changed meanwhile")
		}
		return a, nil
	}, nil
}

// byEither takes a code, or else the password.
func (s *Service) byEither(ctx context.Context, op string, of Account, typed string, from Client) (proof, error) {
	_, isCode := digitsOf(typed)
	if !isCode && (!isRecovery(typed) || !slices.Contains(of.Factor.Recovery, recoveryDigest(typed))) {
		return s.byPassword(ctx, op, FieldProof, of, typed, from)
	}
	taken, err := s.byCode(ctx, op, of, typed, from)
	return renamed(op, taken), inProof(op, err)
}

// renamed returns a proof that names the field of the password when it is refused.
func renamed(op string, taken proof) proof {
	return func(a Account) (Account, error) {
		a, err := taken(a)
		return a, inProof(op, err)
	}
}

// inProof makes of the refusal of a code one of the field that takes a password, too. Who asks is signed in.
func inProof(op string, err error) error {
	if violations := fault.ViolationsOf(err); len(violations) > 0 {
		return &fault.Error{Kind: fault.Invalid, Op: op, Violations: []fault.Violation{{Field: FieldProof, Message: violations[0].Message}}}
	}
	return err
}
