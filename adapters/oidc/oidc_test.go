package oidc_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"expense-tracker/adapters/oidc"
	"expense-tracker/core/account"
	"expense-tracker/core/fault"
	"expense-tracker/tests/rig/forgertest"
)

const redirect = "http://127.0.0.1:1/login/oidc/callback"

// desk is a provider as the program has it, before a forger.
type desk struct {
	*oidc.Provider
	t      *testing.T
	forger *forgertest.Forger
	log    bytes.Buffer
	now    time.Time // the program's clock; the machine's if zero
}

func newDesk(t *testing.T, change func(*oidc.Options)) *desk {
	t.Helper()
	d := &desk{t: t, forger: forgertest.New(t)}
	options := oidc.Options{
		Issuer: d.forger.URL, ClientID: forgertest.ClientID, ClientSecret: forgertest.ClientSecret, Redirect: redirect, Name: "Example ID",
		Logger: slog.New(slog.NewTextHandler(&d.log, nil)),
		Now: func() time.Time {
			if d.now.IsZero() {
				return time.Now()
			}
			return d.now
		},
	}
	if change != nil {
		change(&options)
	}
	d.Provider = oidc.New(options)
	return d
}

func challenge(n int) account.Challenge {
	of := func(what string) string { return fmt.Sprintf("%x", account.DigestOf(what, fmt.Sprint(n))) }
	return account.Challenge{State: of("state"), Nonce: of("nonce"), Verifier: of("verifier")}
}

// code returns the code with which somebody comes back who signs in.
func (d *desk) code(c account.Challenge) string {
	d.t.Helper()
	address, err := d.Address(d.t.Context(), c)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.visit(address).Get("code")
}

// visit returns what the forger sends a browser back with.
func (d *desk) visit(address string) url.Values {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), http.MethodGet, address, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	back, err := answer.Location()
	if err != nil || !strings.HasPrefix(back.String(), redirect) {
		d.t.Fatalf("it leads to %v, %v", back, err)
	}
	return back.Query()
}

func (d *desk) redeem() (account.Claims, error) {
	d.t.Helper()
	c := challenge(1)
	return d.Redeem(d.t.Context(), d.code(c), c)
}

func TestWhatAGoodProviderSays(t *testing.T) {
	d := newDesk(t, nil)
	c := challenge(1)
	address, err := d.Address(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"response_type": "code", "client_id": forgertest.ClientID, "redirect_uri": redirect, "scope": "openid profile email", "state": c.State,
		"nonce": c.Nonce, "code_challenge_method": "S256",
	} {
		if got := parsed.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, secret := range []string{c.Verifier, url.QueryEscape(forgertest.ClientSecret)} {
		if strings.Contains(address, secret) {
			t.Errorf("the address has a secret: %s", address)
		}
	}
	back := d.visit(address)
	if back.Get("state") != c.State {
		t.Error("the state is lost")
	}
	said, err := d.Redeem(t.Context(), back.Get("code"), c)
	if err != nil || said.Identity != (account.Identity{Issuer: d.forger.URL, Subject: "person"}) || said.Email != "person@example.org" ||
		!said.Verified || said.Username != "person" || said.Name != "A Person" {
		t.Errorf("%+v, %v", said, err)
	}
	if _, err := d.Redeem(t.Context(), back.Get("code"), c); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("the code a second time: %v", err)
	}
}

// Each answer that is not the provider's own, to us, just now, to this very question, is refused, and the log says why.
func TestAnswersThatAreNotToBeBelieved(t *testing.T) {
	claims := func(change func(map[string]any)) forgertest.Spoilt { return forgertest.Spoilt{Claims: change} }
	claim := func(name string, value any) forgertest.Spoilt {
		return claims(func(c map[string]any) {
			if c[name] = value; value == nil {
				delete(c, name)
			}
		})
	}
	at := func(d time.Duration) int64 { return time.Now().Add(d).Unix() }
	for name, tt := range map[string]struct {
		spoilt forgertest.Spoilt
		reason string
	}{
		"another nonce":           {claim("nonce", strings.Repeat("0", 64)), "nonce"},
		"no nonce":                {claim("nonce", nil), "nonce"},
		"another issuer":          {claim("iss", "https://evil.example"), "different provider"},
		"the issuer with a slash": {claims(func(c map[string]any) { c["iss"] = fmt.Sprint(c["iss"], "/") }), "different provider"},
		"no issuer":               {claim("iss", nil), "different provider"},
		"another audience":        {claim("aud", "another program"), "audience"},
		"no audience":             {claim("aud", nil), "audience"},
		"several, and no party":   {claim("aud", []string{forgertest.ClientID, "another program"}), "another party"},
		"another party":           {claim("azp", "another program"), "another party"},
		"expired":                 {claim("exp", at(-3*time.Minute)), "expired"},
		"without an end":          {claim("exp", nil), "expired"},
		"made in the future":      {claim("iat", at(3*time.Minute)), "future"},
		"made long ago":           {claim("iat", at(-13*time.Minute)), "too old"},
		"not yet good":            {claim("nbf", at(3*time.Minute)), "future"},
		"without a moment":        {claim("iat", nil), "too old"},
		"a moment that is none":   {claim("iat", "today"), "claims"},
		"another access token":    {claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "access token hash"},
		"another key":             {forgertest.Spoilt{Key: forgertest.NewKey(t)}, "signature"},
		"an unknown key": {forgertest.Spoilt{
			Key: forgertest.NewKey(t), Header: func(h map[string]any) { h["kid"] = "mine" },
		}, "signature"},
		"no signature": {forgertest.Spoilt{Signature: func(string) string { return "" }}, ""},
		"the algorithm none": {forgertest.Spoilt{
			Header: func(h map[string]any) { h["alg"] = "none" }, Signature: func(string) string { return "" },
		}, "malformed"},
		"a signature of something": {forgertest.Spoilt{Signature: func(string) string { return strings.Repeat("A", 342) }}, "signature"},
		"no ID token":              {forgertest.Spoilt{Token: answer(200, `{"access_token": "x", "token_type": "Bearer"}`)}, "no ID token"},
		"a token that is none":     {forgertest.Spoilt{Token: answer(200, `{"access_token": "x", "id_token": "x.y.z"}`)}, "malformed"},
		"a refusal": {forgertest.Spoilt{
			Token: answer(400, `{"error": "invalid_client", "error_description": "secret text"}`),
		}, "invalid_client"},
		"the user info of another": {forgertest.Spoilt{
			Claims: func(c map[string]any) { delete(c, "email") }, Info: func(i map[string]any) { i["sub"] = "victim" },
		}, "another person"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, nil)
			d.forger.Spoil(tt.spoilt)
			said, err := d.redeem()
			if !errors.Is(err, fault.Unauthenticated) || said.Subject != "" {
				t.Fatalf("%+v, %v", said, err)
			}
			if text := fault.MessageOf(err); !strings.Contains(text, "not to be believed") || strings.Contains(text, "example") {
				t.Errorf("it says %q", text)
			}
			if log := d.log.String(); !strings.Contains(log, "refused") || !strings.Contains(log, tt.reason) ||
				strings.Contains(log, "secret text") || strings.Contains(log, forgertest.ClientSecret) {
				t.Errorf("the log has %s, want %q", log, tt.reason)
			}
			d.forger.Spoil(forgertest.Spoilt{})
			if _, err := d.redeem(); err != nil {
				t.Errorf("a good answer afterwards: %v", err)
			}
		})
	}
}

func answer(status int, body string) func(http.ResponseWriter) bool {
	return func(w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
		return true
	}
}

// A verifier that takes the published key for a shared secret can be made to believe anything.
func TestAPublicKeyIsNoSecret(t *testing.T) {
	d := newDesk(t, nil)
	d.forger.Spoil(forgertest.Spoilt{
		Discovery: func(says map[string]any) { says["id_token_signing_alg_values_supported"] = []string{"none", "HS256"} },
		Header:    func(h map[string]any) { h["alg"] = "HS256" },
		Signature: func(signed string) string {
			mac := hmac.New(sha256.New, []byte(d.forger.PublicKey()))
			mac.Write([]byte(signed))
			return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
		},
	})
	if said, err := d.redeem(); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("%+v, %v", said, err)
	}
}

// A code that was given for another question is worth nothing: the verifier is another one.
func TestASwappedCode(t *testing.T) {
	d := newDesk(t, nil)
	stolen := d.code(challenge(1))
	if said, err := d.Redeem(t.Context(), stolen, challenge(2)); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("%+v, %v", said, err)
	}
	half := challenge(2) // where the provider knows no PKCE, the nonce still tells
	half.Verifier = challenge(1).Verifier
	if said, err := d.Redeem(t.Context(), d.code(challenge(1)), half); !errors.Is(err, fault.Unauthenticated) {
		t.Errorf("%+v, %v", said, err)
	}
}

// Clocks may differ a little.
func TestClocksThatDiffer(t *testing.T) {
	for skew, fine := range map[time.Duration]bool{
		-90 * time.Second: true, 90 * time.Second: true, 150 * time.Second: true, -150 * time.Second: false, 4 * time.Minute: false,
	} {
		d := newDesk(t, nil)
		d.now = time.Now().Add(skew) // the token is good for a minute
		if _, err := d.redeem(); (err == nil) != fine {
			t.Errorf("by %s: %v", skew, err)
		}
	}
}

func TestAnotherKeyOfTheProviders(t *testing.T) {
	d := newDesk(t, nil)
	for range 3 {
		if _, err := d.redeem(); err != nil {
			t.Fatal(err)
		}
		d.forger.Rotate(t)
	}
}

// A provider that is away is asked again. Nobody has to restart the program.
func TestAProviderThatIsAwayComesBack(t *testing.T) {
	d := newDesk(t, nil)
	d.now = time.Now()
	var asked atomic.Int64
	d.forger.Spoil(forgertest.Spoilt{Handler: func(w http.ResponseWriter, _ *http.Request) bool {
		asked.Add(1)
		w.WriteHeader(http.StatusBadGateway)
		return true
	}})
	for range 20 {
		_, err := d.Address(t.Context(), challenge(1))
		var away *fault.Error
		if !errors.Is(err, account.ErrAway) || !errors.As(err, &away) || away.Kind != fault.Unavailable || away.RetryAfter <= 0 ||
			!strings.Contains(fault.MessageOf(err), "Example ID does not answer") {
			t.Fatal(err)
		}
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("it was asked %d times in no time", n)
	}
	d.forger.Spoil(forgertest.Spoilt{})
	d.now = d.now.Add(3 * time.Second)
	if _, err := d.redeem(); err != nil {
		t.Errorf("it is back: %v", err)
	}
	// What was found counts on while the provider does not say it once more.
	d.forger.Spoil(forgertest.Spoilt{Discovery: func(says map[string]any) { says["issuer"] = "https://evil.example" }})
	d.now = d.now.Add(2 * time.Hour)
	if _, err := d.Address(t.Context(), challenge(1)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

func TestWhatAProviderMayNotSayOfItself(t *testing.T) {
	for name, spoilt := range map[string]forgertest.Spoilt{
		"another issuer":          {Discovery: func(says map[string]any) { says["issuer"] = "https://evil.example" }},
		"the issuer with a slash": {Discovery: func(says map[string]any) { says["issuer"] = fmt.Sprint(says["issuer"], "/") }},
		"an address that is none": {Discovery: func(says map[string]any) { says["token_endpoint"] = "token" }},
		"an endless page": {Handler: func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Content-Type", "application/json")
			for {
				if _, err := w.Write(bytes.Repeat([]byte(" "), 1<<16)); err != nil {
					return true
				}
			}
		}},
		"the way to another site": {Handler: func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
			return true
		}},
		"nonsense": {Handler: func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write([]byte("<html>\x1b[31m\nlevel=ERROR msg=forged"))
			return true
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, nil)
			d.forger.Spoil(spoilt)
			if address, err := d.Address(t.Context(), challenge(1)); !errors.Is(err, account.ErrAway) {
				t.Errorf("%s, %v", address, err)
			}
			if log := d.log.String(); strings.Count(log, "\n") != 1 || strings.Contains(log, "\x1b") {
				t.Errorf("the log has %q", log)
			}
		})
	}
}

// A provider that answers slowly holds nobody up for longer than they wait.
func TestASlowProvider(t *testing.T) {
	d := newDesk(t, nil)
	release := make(chan struct{})
	defer close(release)
	d.forger.Spoil(forgertest.Spoilt{Handler: func(_ http.ResponseWriter, r *http.Request) bool {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		return true
	}})
	started := time.Now()
	_, err := d.Address(t.Context(), challenge(1))
	if took := time.Since(started); !errors.Is(err, account.ErrAway) || took > 8*time.Second {
		t.Errorf("after %s: %v", took, err)
	}
}

func TestTheTokenEndpointIsIll(t *testing.T) {
	d := newDesk(t, nil)
	d.forger.Spoil(forgertest.Spoilt{Token: answer(500, "a stack trace")})
	if _, err := d.redeem(); !errors.Is(err, account.ErrAway) {
		t.Error(err)
	}
	if strings.Contains(d.log.String(), "stack trace") {
		t.Errorf("the log has %s", d.log.String())
	}
}

// Some providers keep what they know of a person for who asks.
func TestUserInfo(t *testing.T) {
	d := newDesk(t, func(o *oidc.Options) { o.Group = true })
	bare := func(c map[string]any) {
		for _, name := range []string{"email", "email_verified", "preferred_username", "name"} {
			delete(c, name)
		}
	}
	d.forger.Spoil(forgertest.Spoilt{
		Claims: bare, Info: func(i map[string]any) { i["groups"], i["email_verified"] = []string{"family"}, "true" },
	})
	said, err := d.redeem()
	if err != nil || said.Email != "person@example.org" || !said.Verified || said.Username != "person" ||
		fmt.Sprint(said.Groups) != "[family]" {
		t.Errorf("%+v, %v", said, err)
	}
	address, err := d.Address(t.Context(), challenge(1))
	if err != nil || !strings.Contains(address, "scope=openid+profile+email+groups") {
		t.Errorf("%s, %v", address, err)
	}
	for given, want := range map[any]bool{true: true, "true": true, false: false, "yes": false, 1: false} {
		d.forger.Spoil(forgertest.Spoilt{Claims: func(c map[string]any) { c["email_verified"], c["groups"] = given, "family" }})
		if said, err := d.redeem(); err != nil || said.Verified != want || fmt.Sprint(said.Groups) != "[family]" {
			t.Errorf("%v is %t, %v", given, said.Verified, err)
		}
	}
}
