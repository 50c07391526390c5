package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"expense-tracker/core/fault"
	"expense-tracker/core/ledger"
)

// Federation lets people in who sign in at an identity provider. It is safe for concurrent use.
//
// A browser is sent to the provider with a challenge, and comes back with a code. Both are bound to it by a secret that only the browser
// keeps: of that the state, the nonce and the verifier are made, and the storage has no more than a digest.
type Federation struct {
	service  *Service
	provider Provider
	policy   Policy
}

// NewFederation returns a Federation whose users are the service's.
func NewFederation(service *Service, provider Provider, policy Policy) *Federation {
	return &Federation{service: service, provider: provider, policy: policy}
}

// Name returns what people call the provider.
func (f *Federation) Name() string { return f.provider.Name() }

// AttemptLasts is how long a browser may be on its way to the provider and back.
const AttemptLasts = 10 * time.Minute

// Departure is an attempt that has begun.
type Departure struct {
	Address string // where the browser goes
	Browser string // the secret that the browser keeps, for AttemptLasts
}

// challenge makes the challenge of a browser's secret and a state. Who has only one of the two cannot.
func challenge(browser, state string) Challenge {
	derived := func(what string) string { return fmt.Sprintf("%x", DigestOf(what, browser, state)) }
	return Challenge{State: state, Nonce: derived("nonce"), Verifier: derived("verifier")}
}

// attemptDigest returns what an attempt is kept by.
func attemptDigest(browser, state string) Digest { return DigestOf("attempt", browser, state) }

// Begin sends a browser to the provider to sign in. browser is the secret that it has from an earlier attempt, or anything. to is where it
// wants to go afterwards.
func (f *Federation) Begin(ctx context.Context, browser, to string, from Client) (Departure, error) {
	const op = "account.Begin"
	if err := f.service.throttle(ctx, op, perQuestion(from)); err != nil {
		return Departure{}, err
	}
	return f.begin(ctx, browser, Attempt{Aim: AimSignIn, To: to})
}

// BeginLink sends a browser to the provider, so that its user may come in that way. It asks for the user's password, if there is one.
func (f *Federation) BeginLink(ctx context.Context, who Signed, password, browser, to string, from Client) (Departure, error) {
	if err := f.confirm(ctx, "account.BeginLink", who, password, from); err != nil {
		return Departure{}, err
	}
	return f.begin(ctx, browser, Attempt{Aim: AimLink, User: who.User.ID, To: to})
}

// confirm asks who asks for the account's password, or for a log-in that was just now, if it has none.
func (f *Federation) confirm(ctx context.Context, op string, who Signed, password string, from Client) error {
	s := f.service
	now, err := s.store.ByID(ctx, who.User.ID)
	if err != nil {
		return err
	}
	if !now.HasPassword() {
		return s.checkFresh(op, who)
	}
	if err := s.throttleOf(ctx, op, now.ID, byName(Folded(now.Name), from)...); err != nil {
		return err
	}
	right, err := s.hasher.Verify(ctx, asTyped(password), now.Hash)
	if err == nil && !right {
		s.failed(ctx, now.ID, from)
		err = fault.Field(op, FieldConfirm, "this is not your password")
	}
	return err
}

// BeginSetUp sends a browser to the provider to make the first account, if it has the code.
func (f *Federation) BeginSetUp(ctx context.Context, code, browser string, from Client) (Departure, error) {
	const op = "account.BeginSetUp"
	s := f.service
	done, err := s.store.IsSetUp(ctx)
	switch {
	case err != nil:
		return Departure{}, err
	case done:
		return Departure{}, AlreadySetUp(op)
	}
	if err := s.throttle(ctx, op, byAddress(from)); err != nil {
		return Departure{}, err
	}
	digest := codeDigest(code)
	switch offered, err := s.store.IsOffered(ctx, digest); {
	case err != nil:
		return Departure{}, err
	case !offered:
		return Departure{}, WrongCode(op)
	}
	return f.begin(ctx, browser, Attempt{Aim: AimSetUp, Code: digest, To: "/"})
}

func (f *Federation) begin(ctx context.Context, browser string, attempt Attempt) (Departure, error) {
	s := f.service
	if !isToken(browser) {
		browser = s.newToken()
	}
	now := s.settings.Now()
	attempt.Expires = now.Add(AttemptLasts)
	c := challenge(browser, s.newToken())
	address, err := f.provider.Address(ctx, c)
	if err != nil {
		return Departure{}, err
	}
	if err := s.store.Depart(ctx, attemptDigest(browser, c.State), attempt, now); err != nil {
		return Departure{}, err
	}
	return Departure{Address: address, Browser: browser}, nil
}

// Answer is what a browser brings back from the provider.
type Answer struct {
	Browser string // the secret that it kept
	State   string
	Code    string
	Issuer  string // who answers, if that is said
	Failed  string // the provider's word for why there is no code; empty if there is one

	Invitation func(to string) string // names the invitation that a browser was on its way to, or none; may be nil
}

// Finished is an attempt that has ended well.
type Finished struct {
	Opened        // a new session; of AimLink the token is empty, and the session that was there goes on
	Aim    Aim    // what it was for
	To     string // where the browser goes
	Joined bool   // the invitation that it was on its way to has let a new user in
}

// perQuestion limits who is sent to the provider, apart from tries of passwords: a log-in there gives none of those back.
func perQuestion(from Client) Charge {
	return Charge{By: DigestOf("questions of address", from.network()), Limit: perAddress}
}

// perAnswer limits answers apart from questions: who is sent back needs one of each.
func perAnswer(from Client) Charge {
	return Charge{By: DigestOf("answers of address", from.network()), Limit: perAddress}
}

// Finish ends an attempt with the answer that a browser brings. It works once, in the browser that began it. signed is who is signed in
// there; zero if nobody is.
func (f *Federation) Finish(ctx context.Context, answer Answer, signed Signed, from Client) (Finished, error) {
	const op = "account.Finish"
	s := f.service
	if err := s.throttle(ctx, op, perAnswer(from)); err != nil {
		return Finished{}, err
	}
	if !isToken(answer.Browser) || !isToken(answer.State) {
		return Finished{}, staleAttempt(op)
	}
	now := s.settings.Now()
	attempt, err := s.store.Return(ctx, attemptDigest(answer.Browser, answer.State), now)
	if errors.Is(err, fault.NotFound) {
		return Finished{}, staleAttempt(op)
	}
	if err != nil {
		return Finished{}, err
	}
	claims, err := f.redeem(ctx, op, answer)
	if err != nil {
		return Finished{To: attempt.To}, err
	}
	finished := Finished{Aim: attempt.Aim, To: attempt.To}
	switch attempt.Aim {
	case AimLink:
		finished.Signed, err = f.link(ctx, attempt.User, signed, claims.link(now))
		return finished, err
	case AimSetUp:
		finished.Opened, err = f.setUp(ctx, attempt.Code, claims, from)
	case AimSignIn:
		invitation := ""
		if answer.Invitation != nil {
			invitation = answer.Invitation(attempt.To)
		}
		finished.Opened, finished.Joined, err = f.signIn(ctx, claims, invitation, from)
	}
	if err != nil {
		return finished, err
	}
	if err := s.store.Forget(ctx, perQuestion(from).By, perAnswer(from).By); err != nil && !errors.Is(err, fault.Unavailable) {
		return Finished{}, err // what cannot be forgotten now passes with time
	}
	return finished, s.tidy(ctx)
}

// staleAttempt is the error for an answer that belongs to nothing that this browser began. It is the same whatever the reason.
func staleAttempt(op string) error {
	return fault.New(fault.Unauthenticated, op,
		"this log-in was finished already, took too long, or began in another browser; begin again")
}

// redeem returns what the provider says of who has signed in there.
func (f *Federation) redeem(ctx context.Context, op string, answer Answer) (Claims, error) {
	refused := fault.New(fault.Unauthenticated, op, "the answer of %s is not to be believed; begin again", f.Name())
	switch {
	case answer.Issuer != "" && answer.Issuer != f.provider.Issuer(): // an answer of another provider's is mixed up with ours
		return Claims{}, refused
	case answer.Failed == "access_denied":
		return Claims{}, fault.New(fault.Unauthenticated, op, "%s did not let you in, or you did not agree to it", f.Name())
	case answer.Failed == "temporarily_unavailable", answer.Failed == "server_error":
		return Claims{}, fault.New(fault.Unauthenticated, op, "%s could not sign you in just now; try again in a moment", f.Name())
	case answer.Failed != "":
		return Claims{}, fault.New(fault.Unauthenticated, op, "%s refused to sign you in; who runs this site can see why in the log", f.Name())
	case answer.Code == "":
		return Claims{}, refused
	}
	claims, err := f.provider.Redeem(ctx, answer.Code, challenge(answer.Browser, answer.State))
	switch {
	case err != nil:
		return Claims{}, err
	case claims.Issuer != f.provider.Issuer() || !claims.isSound():
		return Claims{}, refused
	case !f.policy.admits(claims):
		return Claims{}, fault.New(fault.Forbidden, op, "you are not in the group at %s that may come in here", f.Name())
	}
	return claims, nil
}

// mayComeIn refuses users who are kept out.
func mayComeIn(a Account) error {
	if a.Disabled {
		return fault.New(fault.Forbidden, "account.mayComeIn", "your account is closed; ask who runs this site")
	}
	return nil
}

// signIn opens a session for who has signed in at the provider: the user whose identity it is, or who is expected with an address that
// the provider has verified, or a new one, who may have joined by an invitation.
func (f *Federation) signIn(ctx context.Context, claims Claims, invitation string, from Client) (opened Opened, joined bool, err error) {
	s, link := f.service, claims.link(f.service.settings.Now())
	found, err := s.store.ByIdentity(ctx, claims.Identity)
	if email := claims.verifiedEmail(); errors.Is(err, fault.NotFound) && email != "" {
		found, err = s.store.Claim(ctx, email, link, mayComeIn)
	}
	if errors.Is(err, fault.NotFound) {
		found, err = f.signUp(ctx, claims, link, invitation)
	}
	if err == nil && found.isNewcomer() {
		found, joined, err = f.admit(ctx, found, claims, invitation)
	}
	if err == nil {
		err = mayComeIn(found)
	}
	if err != nil {
		return Opened{}, false, err
	}
	opened, err = s.open(ctx, found, from)
	return opened, joined, err
}

// signUp makes an account for somebody who has none, if they may have one. It never makes the first one: that takes the code. The account
// of who may have one by an invitation alone is not whole yet.
func (f *Federation) signUp(ctx context.Context, claims Claims, link Link, invitation string) (Account, error) {
	s := f.service
	done, err := s.store.IsSetUp(ctx)
	if err != nil {
		return Account{}, err
	}
	asked := func(made Account) Account { return made }
	if !done || !f.policy.signsUp(claims) {
		if !done || invitation == "" || s.settings.Invitations == nil {
			return Account{}, f.unknown()
		}
		if err := s.look(ctx, 0, invitation); err != nil {
			return Account{}, err
		}
		asked = asNewcomer
	}
	made, err := f.create(claims, func(made Account) (User, error) { return s.store.CreateLinked(ctx, asked(made), link) })
	if errors.Is(err, fault.Conflict) { // the person came in twice at once
		return s.store.ByIdentity(ctx, claims.Identity)
	}
	return asked(made), err
}

// admit makes the account of a newcomer whole, and reports whether it was by the invitation. One whom that does not let in stays as they
// are, and may come with another.
func (f *Federation) admit(ctx context.Context, found Account, claims Claims, invitation string) (now Account, joined bool, err error) {
	switch {
	case f.policy.signsUp(claims):
		now, err = f.service.makeWhole(ctx, found.ID)
		return now, false, err
	case invitation == "" || f.service.settings.Invitations == nil:
		return Account{}, false, f.unknown()
	}
	now, err = f.service.letIn(ctx, found.ID, invitation)
	return now, err == nil, err
}

// unknown is the error for who has signed in at the provider and may not come in here.
func (f *Federation) unknown() error {
	return fault.New(fault.Forbidden, "account.signUp", "nobody here has this log-in of %s; ask who runs this site to let you in", f.Name())
}

// setUp makes the first account, an administrator's, and signs it in.
func (f *Federation) setUp(ctx context.Context, code Digest, claims Claims, from Client) (Opened, error) {
	s, link := f.service, claims.link(f.service.settings.Now())
	made, err := f.create(claims, func(made Account) (User, error) {
		made.Admin = true
		return s.store.CreateFirstLinked(ctx, code, made, link)
	})
	if err != nil {
		return Opened{}, err
	}
	return s.open(ctx, made, from)
}

// mostNamesakes is how many people of one name get a number behind it.
const mostNamesakes = 99

// create makes an account without a password. A name that is taken gets a number.
func (f *Federation) create(claims Claims, create func(Account) (User, error)) (made Account, err error) {
	s := f.service
	made = Account{User: User{Created: s.settings.Now()}, Hash: noPassword(s.newToken()), Generation: 1}
	name := claims.accountName()
	for n := 1; n <= mostNamesakes; n++ {
		if made.Name = name; n > 1 {
			made.Name = fmt.Sprintf("%s %d", name, n)
		}
		user, err := create(made)
		if !isNameTaken(err) {
			made.User = user
			return made, err
		}
	}
	return made, NameTaken("account.create")
}

// isNameTaken reports whether an error is NameTaken, and no other conflict.
func isNameTaken(err error) bool {
	violations := fault.ViolationsOf(err)
	return errors.Is(err, fault.Conflict) && len(violations) == 1 && violations[0].Field == FieldName
}

// link gives the user who began it an identity.
func (f *Federation) link(ctx context.Context, user ledger.UserID, signed Signed, link Link) (Signed, error) {
	if signed.User.ID != user {
		return Signed{}, fault.New(fault.Unauthenticated, "account.link", "you were signed out meanwhile; sign in, and begin again")
	}
	return signed, f.service.store.Link(ctx, user, link)
}

// LinkOf returns the link of who asks with the provider; NotFound if there is none.
func (f *Federation) LinkOf(ctx context.Context, who Signed) (Link, error) {
	return f.service.store.LinkOf(ctx, who.User.ID, f.provider.Issuer())
}

// Unlink takes the link away, if who asks knows a password to come in with. All sessions are over then; the one that asks is replaced by
// the one that is returned.
func (f *Federation) Unlink(ctx context.Context, who Signed, password string, from Client) (Opened, error) {
	const op = "account.Unlink"
	if err := f.confirm(ctx, op, who, password, from); err != nil {
		return Opened{}, err
	}
	now, err := f.service.store.Unlink(ctx, who.User.ID, f.provider.Issuer(), f.service.settings.Now(), func(a Account) error {
		if !f.service.entersBy(a) {
			return fault.New(fault.Conflict, op, "this is the only way into your account, so it stays")
		}
		return nil
	})
	if err != nil {
		return Opened{}, err
	}
	return f.service.open(ctx, now, from)
}
