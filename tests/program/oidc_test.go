package program_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/forgertest"
	"expense-tracker/tests/rig/program"
	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/providertest"
)

// site is what the program is told that its address is. Only browsers have to reach it there.
const site = "http://127.0.0.1:1"

// startFederated starts a program whose people sign in at an issuer, too.
func startFederated(t testing.TB, storage, mode, issuer string, more ...string) *program.Program {
	t.Helper()
	if mode != "oidc" {
		more = append(more, "admin_password: "+programtest.AdminPassword)
	}
	return programtest.Start(t, storage, "--config", providertest.Settings(t, mode, issuer, site, more...))
}

// comeBack signs in at the forger and returns the path with which the browser comes back.
func comeBack(t testing.TB, v *programtest.Visitor) string {
	t.Helper()
	return providertest.Abroad(t, providertest.Client(t), providertest.Leave(t, v, "/login/oidc", programtest.Form("to", "/months")), site)
}

// kept is how much the storage keeps of people; nothing is known of a storage in memory.
func kept(t testing.TB, storage string) string {
	t.Helper()
	if storage == "memory:" {
		return ""
	}
	return fmt.Sprint(programtest.Ask[int](t, storage, "SELECT count(*) FROM account"),
		programtest.Ask[int](t, storage, "SELECT count(*) FROM account_identity"),
		programtest.Ask[int](t, storage, "SELECT count(*) FROM account_session"))
}

// Whatever comes back that is not the provider's own answer, to this browser, just now, gets a clear answer, and nothing has changed.
func TestAForgedAnswerOfAProviderChangesNothing(t *testing.T) {
	otherKey := forgertest.NewKey(t)
	claim := func(name string, value any) forgertest.Spoilt {
		return forgertest.Spoilt{Claims: func(c map[string]any) { c[name] = value }}
	}
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		forge := forgertest.New(t)
		p := startFederated(t, storage, "password,oidc", forge.URL, "oidc_sign_up: '*'")
		before := kept(t, storage)
		refused := func(what string, v *programtest.Visitor, path string) {
			t.Helper()
			answer := v.Get(path)
			check.Equal(t, what, answer.Status, http.StatusUnauthorized)
			check.Contains(t, what, answer.Body, "You are not signed in")
			check.Equal(t, what+": home afterwards", v.Get("/").Status, http.StatusUnauthorized)
			check.Equal(t, what+": what is kept", kept(t, storage), before)
		}
		for what, spoilt := range map[string]forgertest.Spoilt{
			"another nonce":     claim("nonce", "0"),
			"another issuer":    claim("iss", "https://evil.example"),
			"another audience":  claim("aud", "another program"),
			"another signature": {Key: otherKey},
			"expired":           claim("exp", time.Now().Add(-time.Hour).Unix()),
			"a strange subject": claim("sub", "a\x00b"),
			"no signature": {Header: func(h map[string]any) { h["alg"] = "none" },
				Signature: func(string) string { return "" }},
		} {
			forge.Spoil(spoilt)
			v := programtest.Visit(t, p.URL)
			refused(what, v, comeBack(t, v))
		}
		forge.Spoil(forgertest.Spoilt{})

		victim, mallory := programtest.Visit(t, p.URL), programtest.Visit(t, p.URL)
		theirs, mine := comeBack(t, victim), comeBack(t, mallory)
		refused("another browser's state", programtest.Visit(t, p.URL), theirs)
		refused("another browser's state, with a secret of one's own", mallory, theirs)
		swapped, err := url.Parse(theirs)
		if err != nil {
			t.Fatal(err)
		}
		query := swapped.Query()
		query.Set("code", urlOf(t, mine).Query().Get("code"))
		refused("another's code", victim, "/login/oidc/callback?"+query.Encode())
		refused("a refusal", victim, refusal(comeBack(t, victim)))
		for _, nonsense := range []string{"", "?state=x", "?state=" + strings.Repeat("0", 64) + "&code=x", "?error=access_denied"} {
			refused("nonsense "+nonsense, victim, "/login/oidc/callback"+nonsense)
		}

		back := comeBack(t, victim)
		answer := victim.Get(back)
		check.Equal(t, "the right answer", answer.Status, http.StatusSeeOther)
		check.Equal(t, "where it leads", answer.Header.Get("Location"), "/months")
		check.Contains(t, "the account", victim.Get("/account").Body, `value="person"`) // and not a second one of the name
		before = kept(t, storage)
		replayed := programtest.Visit(t, p.URL)
		replayed.HTTP.Jar = victim.HTTP.Jar
		check.Equal(t, "a replay", replayed.Get(back).Status, http.StatusUnauthorized)
		check.Equal(t, "what is kept after it", kept(t, storage), before)
		said := urlOf(t, back).Query()
		for _, secret := range []string{forgertest.ClientSecret, "an access token", said.Get("code"), said.Get("state")} {
			if strings.Contains(p.Output(), secret) {
				t.Errorf("the log has %q", secret)
			}
		}
	})
}

func urlOf(t testing.TB, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// refusal makes of an answer with a code one without.
func refusal(back string) string {
	return regexp.MustCompile(`code=[^&]*`).ReplaceAllString(back, "error=access_denied&error_description=call+me")
}

// An attempt goes on at another instance, and what it made is known on every one.
func TestInstancesShareAttempts(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		forge := forgertest.New(t)
		one := startFederated(t, storage, "password,oidc", forge.URL, "oidc_sign_up: '@example.org'")
		two := startFederated(t, storage, "password,oidc", forge.URL, "oidc_sign_up: '@example.org'")
		here, there := programtest.Visit(t, one.URL), programtest.Visit(t, two.URL)
		there.HTTP.Jar = here.HTTP.Jar // a cookie heeds no port
		check.Equal(t, "the answer at the other instance", there.Get(comeBack(t, here)).Status, http.StatusSeeOther)
		check.Contains(t, "the account", here.Get("/account").Body, `value="person"`)
		programtest.Succeed(t, "user", "disable", "person", "--storage", storage)
		check.Equal(t, "who was kept out", here.Get("/").Status, http.StatusUnauthorized)
		check.Equal(t, "coming in again", here.Get(comeBack(t, here)).Status, http.StatusForbidden)
	})
}

// The operator adds people by their address, and makes an account that there is one that signs in at the provider.
func TestTheOperatorExpectsPeople(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		forge := forgertest.New(t)
		p := startFederated(t, storage, "password,oidc", forge.URL)
		v := programtest.Visit(t, p.URL)
		check.Equal(t, "a stranger", v.Get(comeBack(t, v)).Status, http.StatusForbidden)
		result := programtest.Command(t, "user", "add", "X", "--email", "nobody", "--storage", storage)
		if result.Code != 1 || !strings.Contains(result.Stderr, "this is no address") {
			t.Errorf("a wrong address: %d %s", result.Code, result.Stderr)
		}
		said := programtest.Succeed(t, "user", "add", "Person", "--email", "Person@Example.org", "--storage", storage)
		if strings.Contains(said, "password") {
			t.Errorf("a password is made up: %s", said)
		}
		forge.Spoil(forgertest.Spoilt{Claims: func(c map[string]any) { c["email_verified"] = false }})
		check.Equal(t, "an address that is not verified", v.Get(comeBack(t, v)).Status, http.StatusForbidden)
		forge.Spoil(forgertest.Spoilt{})
		check.Equal(t, "who is expected", v.Get(comeBack(t, v)).Status, http.StatusSeeOther)
		check.Contains(t, "the account", v.Get("/account").Body, `value="Person"`)
		programtest.Succeed(t, "user", "link", "admin", "boss@example.org", "--storage", storage)
		forge.Spoil(forgertest.Spoilt{Claims: func(c map[string]any) { c["sub"], c["email"] = "boss", "boss@example.org" }})
		boss := programtest.Visit(t, p.URL)
		check.Equal(t, "who was expected later", boss.Get(comeBack(t, boss)).Status, http.StatusSeeOther)
		check.Contains(t, "the account", boss.Get("/account").Body, `value="admin"`)
	})
}

// signIn signs somebody in at the real provider, and returns the path with which the browser comes back.
func signIn(t testing.TB, address, name string) string {
	t.Helper()
	return providertest.SignIn(t, providertest.Client(t), address, name, site)
}

// A provider that is not ours: discovery, PKCE, state, nonce, user info, another key after its restart, and its absence.
func TestARealProvider(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		theirs := providertest.Start(t, "127.0.0.1:0", site)
		issuer, address := theirs.Issuer, theirs.Address()
		theirs.Stop() // it is away while the program starts
		config := providertest.Settings(t, "oidc", issuer, site, "oidc_sign_up: '@example.org'")
		p, code := programtest.StartWithCode(t, storage, "--config", config)
		anna := programtest.Visit(t, p.URL)
		setup := programtest.Form("code", code)
		away := anna.Post("/setup/oidc", setup)
		check.Equal(t, "a provider that is away", away.Status, http.StatusServiceUnavailable)
		check.Contains(t, "what is said of it", away.Body, "Example ID does not answer")
		if away.Header.Get("Retry-After") == "" {
			t.Error("it does not say when to try again")
		}

		theirs = providertest.Start(t, address, site)
		time.Sleep(2 * time.Second) // it is not asked at once again
		back := signIn(t, providertest.Leave(t, anna, "/setup/oidc", setup), "anna")
		check.Equal(t, "the first account", anna.Get(back).Status, http.StatusSeeOther)
		check.Contains(t, "the first account", anna.Get("/account").Body, `value="anna"`)
		anna.Add("food", "12.50")

		ben := programtest.Visit(t, p.URL)
		wrong := ben.Get(signIn(t, providertest.Leave(t, ben, "/login/oidc", nil), "ben"))
		check.Equal(t, "whose address is not verified", wrong.Status, http.StatusForbidden)
		check.Equal(t, "a password", ben.Post("/login", programtest.Form("name", "anna", "password", "x")).Status, http.StatusForbidden)

		theirs.Stop()
		providertest.Start(t, address, site) // with another key
		elsewhere := programtest.Visit(t, p.URL)
		back = signIn(t, providertest.Leave(t, elsewhere, "/login/oidc", programtest.Form("to", "/expenses?from=oldest")), "anna")
		answer := elsewhere.Get(back)
		check.Equal(t, "after another key", answer.Status, http.StatusSeeOther)
		check.Equal(t, "where it leads", answer.Header.Get("Location"), "/expenses?from=oldest")
		check.Equal(t, "the same account", elsewhere.Get("/").Total(), "12.50")
		check.Equal(t, "a replay", elsewhere.Get(back).Status, http.StatusUnauthorized)
		check.Equal(t, "signing out", elsewhere.Post("/logout", nil).Status, http.StatusSeeOther)
		check.Equal(t, "afterwards", elsewhere.Get("/").Status, http.StatusUnauthorized)
	})
}
