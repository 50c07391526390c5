package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/account"
	"expense-tracker/core/account/accounttest"
	"expense-tracker/core/fault"
)

// gate is a house with a provider.
type gate struct {
	*house
	*account.Federation
	provider *accounttest.Provider
}

func newGate(t *testing.T, policy account.Policy) *gate {
	t.Helper()
	g := &gate{house: newHouse(t), provider: &accounttest.Provider{}}
	g.Federation = account.NewFederation(g.Service, g.provider, policy)
	return g
}

// person is what the provider says of somebody, with an address that it has verified.
func person(subject string) account.Claims {
	return account.Claims{
		Identity: account.Identity{Subject: subject}, Username: subject, Email: subject + "@example.org", Verified: true,
	}
}

func (g *gate) begin() account.Departure {
	g.t.Helper()
	begun, err := g.Begin(g.t.Context(), "", "/months", here)
	if err != nil {
		g.t.Fatal(err)
	}
	return begun
}

// comeBack ends an attempt as a browser does whose person has signed in.
func (g *gate) comeBack(begun account.Departure, as account.Claims, signed account.Signed) (account.Finished, error) {
	state, code := g.provider.Let(begun.Address, as)
	return g.Finish(g.t.Context(), account.Answer{Browser: begun.Browser, State: state, Code: code}, signed, here)
}

// comeIn signs somebody in.
func (g *gate) comeIn(as account.Claims) (account.Finished, error) {
	g.t.Helper()
	return g.comeBack(g.begin(), as, account.Signed{})
}

func (g *gate) wantUsers(want ...string) {
	g.t.Helper()
	all, err := g.List(g.t.Context())
	var names []string
	for _, user := range all {
		names = append(names, user.Name)
	}
	if got := strings.Join(names, ", "); err != nil || got != strings.Join(want, ", ") {
		g.t.Errorf("the users are %s, %v, want %s", got, err, strings.Join(want, ", "))
	}
}

func TestWhoComesInFromAProvider(t *testing.T) {
	stranger := person("mallory")
	unverified := person("ana")
	unverified.Verified = false
	nameless := account.Claims{Identity: account.Identity{Subject: "42"}}
	for name, tt := range map[string]struct {
		policy account.Policy
		who    account.Claims
		want   string // the name; empty if the person stays out
	}{
		"nobody signs up":           {account.Policy{}, stranger, ""},
		"everybody does":            {account.Policy{SignUp: []string{"*"}}, stranger, "mallory"},
		"without a name":            {account.Policy{SignUp: []string{"*"}}, nameless, "user"},
		"an address":                {account.Policy{SignUp: []string{"Ana@Example.org"}}, person("ana"), "ana"},
		"another address":           {account.Policy{SignUp: []string{"ana@example.org"}}, stranger, ""},
		"an unverified address":     {account.Policy{SignUp: []string{"ana@example.org"}}, unverified, ""},
		"a domain":                  {account.Policy{SignUp: []string{"@example.org"}}, person("ana"), "ana"},
		"an unverified one":         {account.Policy{SignUp: []string{"@example.org"}}, unverified, ""},
		"the end of another domain": {account.Policy{SignUp: []string{"@ample.org"}}, person("ana"), ""},
		"a taken name":              {account.Policy{SignUp: []string{"*"}}, person("owner"), "owner 2"},
		"not in the group":          {account.Policy{SignUp: []string{"*"}, Group: "family"}, person("ana"), ""},
		"no subject":                {account.Policy{SignUp: []string{"*"}}, person(""), ""},
		"a subject too long":        {account.Policy{SignUp: []string{"*"}}, person(strings.Repeat("x", 256)), ""},
		"a subject with a zero":     {account.Policy{SignUp: []string{"*"}}, person("a\x00b"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGate(t, tt.policy)
			g.add("Owner")
			for range 2 { // and again, with the account that was made
				finished, err := g.comeIn(tt.who)
				if tt.want == "" {
					if err == nil {
						t.Fatalf("%s came in", finished.User.Name)
					}
					g.wantUsers("Owner")
					continue
				}
				if err != nil || finished.User.Name != tt.want || finished.To != "/months" || finished.User.Admin {
					t.Fatalf("came in as %+v, %v", finished, err)
				}
				g.wantUsers("Owner", tt.want)
				if _, err := g.Authenticate(t.Context(), finished.Token, here); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestTheGroupLetsIn(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}, Group: "family"})
	g.add("Owner")
	ana := person("ana")
	ana.Groups = []string{"work", "family"}
	if _, err := g.comeIn(ana); err != nil {
		t.Fatal(err)
	}
	ana.Groups = nil // she has left it since
	_, err := g.comeIn(ana)
	g.wantKind("out of the group", err, fault.Forbidden)
}

// An account without a password has none that could be guessed, and keeps the one way in.
func TestAnAccountWithoutAPassword(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Owner")
	finished, err := g.comeIn(person("ana"))
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"", "none:", "none"} {
		_, err := g.SignIn(t.Context(), "ana", password, here)
		g.wantKind("a password", err, fault.Unauthenticated)
	}
	_, err = g.ChangePassword(t.Context(), finished.Signed, "", right, here)
	g.wantKind("a change of the password", err, fault.Conflict)
	_, err = g.Unlink(t.Context(), finished.Signed, "", here)
	g.wantKind("taking away the only way in", err, fault.Conflict)
	if _, err := g.comeIn(person("ana")); err != nil {
		t.Error(err)
	}
	if _, err := g.ResetPassword(t.Context(), "ana", right); err != nil {
		t.Fatal(err)
	}
	g.signIn("ana", right)
}

func TestWhoIsKeptOutStaysOut(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Owner")
	finished, err := g.comeIn(person("ana"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Disable(t.Context(), "ana"); err != nil {
		t.Fatal(err)
	}
	g.wantOver("her session", finished.Token)
	_, err = g.comeIn(person("ana"))
	g.wantKind("coming in again", err, fault.Forbidden)
	g.wantUsers("Owner", "ana")
	if _, err := g.AddExpected(t.Context(), "Ben", "ben@example.org", false); err != nil {
		t.Fatal(err)
	}
	if _, err := g.Disable(t.Context(), "Ben"); err != nil {
		t.Fatal(err)
	}
	_, err = g.comeIn(person("ben"))
	g.wantKind("who is expected and kept out", err, fault.Forbidden)
}

// The operator says by which address a person comes in. It counts once, and if the provider has verified it.
func TestWhoIsExpectedComesIn(t *testing.T) {
	g := newGate(t, account.Policy{})
	g.add("Owner")
	if _, err := g.AddExpected(t.Context(), "Ana", " Ana@Example.ORG ", false); err != nil {
		t.Fatal(err)
	}
	forger := person("mallory")
	forger.Email, forger.Verified = "ana@example.org", false
	_, err := g.comeIn(forger)
	g.wantKind("an address that is not verified", err, fault.Forbidden)
	finished, err := g.comeIn(person("ana"))
	if err != nil || finished.User.Name != "Ana" {
		t.Fatalf("%+v, %v", finished, err)
	}
	second := person("mallory")
	second.Email = "ana@example.org" // whose it has become
	_, err = g.comeIn(second)
	g.wantKind("the address a second time", err, fault.Forbidden)
	if _, err := g.Expect(t.Context(), "owner", "boss@example.org"); err != nil {
		t.Fatal(err)
	}
	if finished, err := g.comeIn(person("boss")); err != nil || finished.User.ID != 1 {
		t.Errorf("%+v, %v", finished, err)
	}
	if _, err := g.AddExpected(t.Context(), "Ben", "ben@example.org", false); err != nil {
		t.Fatal(err)
	}
	_, err = g.AddExpected(t.Context(), "Carla", "ben@example.org", false)
	g.wantKind("the address of another", err, fault.Conflict)
	_, err = g.Expect(t.Context(), "Owner", "nobody")
	g.wantKind("no address", err, fault.Invalid)
	_, err = g.AddExpected(t.Context(), "X", "", false)
	g.wantKind("no address", err, fault.Invalid)
	g.wantUsers("Owner", "Ana", "Ben") // and nobody who was refused
}

// Nobody makes the first account without the code, whatever the provider says.
func TestTheFirstOneNeedsTheCode(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	_, err := g.comeIn(person("mallory"))
	g.wantKind("a stranger who is the first", err, fault.Forbidden)
	code, err := g.OfferSetup(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = g.BeginSetUp(t.Context(), "wrong", "", here)
	g.wantKind("a wrong code", err, fault.Invalid)
	g.wantUsers()
	begun, err := g.BeginSetUp(t.Context(), code, "", here)
	if err != nil {
		t.Fatal(err)
	}
	late, err := g.BeginSetUp(t.Context(), code, "", here)
	if err != nil {
		t.Fatal(err)
	}
	finished, err := g.comeBack(begun, person("ana"), account.Signed{})
	if err != nil || finished.User.ID != 1 || !finished.User.Admin || finished.User.Name != "ana" {
		t.Fatalf("%+v, %v", finished, err)
	}
	_, err = g.comeBack(late, person("mallory"), account.Signed{})
	g.wantKind("the code a second time", err, fault.Conflict)
	_, err = g.BeginSetUp(t.Context(), code, "", here)
	g.wantKind("the code afterwards", err, fault.Conflict)
	g.wantUsers("ana")
}

// An attempt ends once, in its browser, in time, with its own code.
func TestAnswersThatBelongToNothing(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Owner")
	finish := func(a account.Answer) error {
		_, err := g.Finish(t.Context(), a, account.Signed{}, here)
		return err
	}
	ours, theirs := g.begin(), g.begin()
	state, code := g.provider.Let(ours.Address, person("ana"))
	theirState, theirCode := g.provider.Let(theirs.Address, person("mallory"))
	for name, answer := range map[string]account.Answer{
		"nothing":                      {},
		"a state that was never given": {Browser: ours.Browser, State: strings.Repeat("0", 64), Code: code},
		"a state that is none":         {Browser: ours.Browser, State: "x", Code: code},
		"another browser's state":      {Browser: ours.Browser, State: theirState, Code: theirCode},
		"no browser's secret":          {State: state, Code: code},
	} {
		g.wantKind(name, finish(answer), fault.Unauthenticated)
	}
	g.wantKind("another's code", finish(account.Answer{Browser: ours.Browser, State: state, Code: theirCode}), fault.Unauthenticated)
	g.wantKind("and then the right one", finish(account.Answer{Browser: ours.Browser, State: state, Code: code}), fault.Unauthenticated)
	for name, spoil := range map[string]func(*account.Answer){
		"another issuer": func(a *account.Answer) { a.Issuer = strings.TrimSuffix(accounttest.Issuer, "/") },
		"no code":        func(a *account.Answer) { a.Code = "" },
		"a refusal":      func(a *account.Answer) { a.Failed = "access_denied" },
		"trouble":        func(a *account.Answer) { a.Failed = "server_error" },
		"made-up words":  func(a *account.Answer) { a.Failed = "<script>alert(1)</script>" },
	} {
		begun := g.begin()
		state, code := g.provider.Let(begun.Address, person("ana"))
		answer := account.Answer{Browser: begun.Browser, State: state, Code: code}
		spoil(&answer)
		err := finish(answer)
		g.wantKind(name, err, fault.Unauthenticated)
		if strings.Contains(fault.MessageOf(err), "script") {
			t.Errorf("%s is said again: %v", name, err)
		}
	}
	slow := g.begin()
	g.now = g.now.Add(account.AttemptLasts)
	_, err := g.comeBack(slow, person("ana"), account.Signed{})
	g.wantKind("one that took too long", err, fault.Unauthenticated)
	g.wantUsers("Owner")
	once := g.begin()
	state, code = g.provider.Let(once.Address, person("ana"))
	answer := account.Answer{Browser: once.Browser, State: state, Code: code, Issuer: accounttest.Issuer}
	if err := finish(answer); err != nil {
		t.Fatal(err)
	}
	g.wantKind("a replay", finish(answer), fault.Unauthenticated)
}

// Two tabs of a browser are two attempts.
func TestTwoTabs(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Owner")
	first := g.begin()
	second, err := g.Begin(t.Context(), first.Browser, "/", here)
	if err != nil || second.Browser != first.Browser {
		t.Fatalf("%+v, %v", second, err)
	}
	if finished, err := g.comeBack(second, person("ana"), account.Signed{}); err != nil || finished.To != "/" {
		t.Errorf("%+v, %v", finished, err)
	}
	if finished, err := g.comeBack(first, person("ana"), account.Signed{}); err != nil || finished.To != "/months" {
		t.Errorf("%+v, %v", finished, err)
	}
}

func TestLinkingAndUnlinking(t *testing.T) {
	g := newGate(t, account.Policy{})
	ctx := t.Context()
	g.add("Owner")
	g.add("Ben")
	owner, ben := g.signIn("Owner", right), g.signIn("Ben", right)
	_, err := g.BeginLink(ctx, owner.Signed, other, "", "/account", here)
	g.wantKind("linking with a wrong password", err, fault.Invalid)
	link := func(who account.Opened, as string, back account.Signed) error {
		t.Helper()
		begun, err := g.BeginLink(ctx, who.Signed, right, "", "/account", here)
		if err != nil {
			t.Fatal(err)
		}
		finished, err := g.comeBack(begun, person(as), back)
		if err == nil && (finished.Token != "" || finished.To != "/account") {
			t.Errorf("linking leads to %+v", finished)
		}
		return err
	}
	g.wantKind("back signed out", link(owner, "boss", account.Signed{}), fault.Unauthenticated)
	g.wantKind("back as somebody else", link(owner, "boss", ben.Signed), fault.Unauthenticated)
	_, err = g.LinkOf(ctx, owner.Signed)
	g.wantKind("nothing is linked", err, fault.NotFound)
	if err := link(owner, "boss", owner.Signed); err != nil {
		t.Fatal(err)
	}
	g.wantKind("another's identity", link(ben, "boss", ben.Signed), fault.Conflict)
	if found, err := g.LinkOf(ctx, owner.Signed); err != nil || found.Shown != "boss@example.org" {
		t.Errorf("%+v, %v", found, err)
	}
	finished, err := g.comeIn(person("boss"))
	if err != nil || finished.User.ID != owner.User.ID {
		t.Fatalf("%+v, %v", finished, err)
	}
	_, err = g.Unlink(ctx, owner.Signed, other, here)
	g.wantKind("unlinking with a wrong password", err, fault.Invalid)
	opened, err := g.Unlink(ctx, owner.Signed, right, here)
	if err != nil {
		t.Fatal(err)
	}
	g.wantOver("a session that came in that way", finished.Token)
	if _, err := g.Authenticate(ctx, opened.Token, here); err != nil {
		t.Error(err)
	}
	_, err = g.comeIn(person("boss"))
	g.wantKind("coming in that way", err, fault.Forbidden)
	g.signIn("Owner", right)
}

func TestQuestionsAndAnswersAreThrottled(t *testing.T) {
	g := newGate(t, account.Policy{})
	g.add("Owner")
	var err error
	for n := 0; err == nil && n < 100; n++ {
		_, err = g.Begin(t.Context(), "", "/", here)
	}
	g.wantKind("many questions", err, fault.Throttled)
	err = nil
	for n := 0; !errors.Is(err, fault.Throttled) && n < 100; n++ {
		_, err = g.Finish(t.Context(), account.Answer{}, account.Signed{}, here)
	}
	g.wantKind("many answers", err, fault.Throttled)
	elsewhere := account.Client{Address: "198.51.100.7"}
	if _, err := g.Begin(t.Context(), "", "/", elsewhere); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
}

// Who comes in by the provider gives no tries of passwords back to the address: so nobody goes through everybody's names in between.
func TestALogInAtTheProviderGivesNoPasswordsBack(t *testing.T) {
	g := newGate(t, account.Policy{SignUp: []string{"*"}})
	g.add("Owner")
	const between, most = 20, 100
	var err error
	tries := 0
	for ; tries < most && !errors.Is(err, fault.Throttled); tries++ {
		_, err = g.SignIn(t.Context(), fmt.Sprint("somebody ", tries), "not a password of theirs", here)
		if tries%between == between-1 {
			if _, err := g.comeIn(person("mallory")); err != nil {
				t.Fatal(err)
			}
		}
	}
	g.wantKind(fmt.Sprint(tries, " tries of names in turn"), err, fault.Throttled)
}

func TestAProviderThatIsAway(t *testing.T) {
	g := newGate(t, account.Policy{})
	g.add("Owner")
	begun := g.begin()
	state, code := g.provider.Let(begun.Address, person("ana"))
	g.provider.Err = &fault.Error{Kind: fault.Unavailable, RetryAfter: time.Second}
	_, err := g.Begin(t.Context(), "", "/", here)
	g.wantKind("at the start", err, fault.Unavailable)
	finished, err := g.Finish(t.Context(), account.Answer{Browser: begun.Browser, State: state, Code: code}, account.Signed{}, here)
	g.wantKind("at the end", err, fault.Unavailable)
	if finished.To != "/months" {
		t.Errorf("it leads to %s", finished.To)
	}
	g.signIn("Owner", right)
}
