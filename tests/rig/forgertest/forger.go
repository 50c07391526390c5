// Package forgertest gives tests an identity provider that signs whatever the test wants.
package forgertest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// What the program is to providers.
const (
	ClientID     = "expenses"
	ClientSecret = "a secret of the client"
)

// Forger is a provider that does what the standard says, until a test spoils it. Whoever comes is signed in at once, as person.
type Forger struct {
	*httptest.Server

	mu       sync.Mutex
	key      *rsa.PrivateKey
	keyID    string
	spoilt   Spoilt
	asked    map[string]url.Values // the questions, by code
	Answered int                   // how many codes were redeemed
}

// Spoilt is what a forger does otherwise. Its zero value is a good provider.
type Spoilt struct {
	Claims    func(map[string]any)                          // changes what the ID token says
	Header    func(map[string]any)                          // changes the header of the ID token
	Key       *rsa.PrivateKey                               // signs in place of the published one
	Signature func(signed string) string                    // in place of the true one
	Discovery func(map[string]any)                          // changes what the provider says of itself
	Info      func(map[string]any)                          // changes the user info; nil: there is none
	Token     func(http.ResponseWriter) (answered bool)     // answers for the token endpoint
	Handler   func(http.ResponseWriter, *http.Request) bool // answers in place of any page
}

// New returns one that is good for now.
func New(t testing.TB) *Forger {
	t.Helper()
	f := &Forger{asked: map[string]url.Values{}, key: first(), keyID: "first"}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", f.discovery)
	mux.HandleFunc("GET /auth", f.auth)
	mux.HandleFunc("POST /token", f.token)
	mux.HandleFunc("GET /keys", f.keys)
	mux.HandleFunc("GET /userinfo", f.info)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if instead := f.now().Handler; instead == nil || !instead(w, r) {
			mux.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// Spoil makes the forger do otherwise from now on.
func (f *Forger) Spoil(s Spoilt) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spoilt = s
}

func (f *Forger) now() Spoilt {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.spoilt
}

// first is the key that every forger begins with: to make one takes long.
var first = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// NewKey returns a key for signing.
func NewKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Rotate makes the forger sign with another key, and publish that one alone.
func (f *Forger) Rotate(t testing.TB) {
	t.Helper()
	key := NewKey(t)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.key, f.keyID = key, "key "+strconv.FormatInt(time.Now().UnixNano(), 36)
}

func (f *Forger) discovery(w http.ResponseWriter, _ *http.Request) {
	says := map[string]any{
		"issuer": f.URL, "authorization_endpoint": f.URL + "/auth", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"},
		"subject_types_supported": []string{"public"},
	}
	s := f.now()
	if s.Info != nil {
		says["userinfo_endpoint"] = f.URL + "/userinfo"
	}
	if s.Discovery != nil {
		s.Discovery(says)
	}
	write(w, says)
}

func write(w http.ResponseWriter, says any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(says)
}

// auth signs whoever comes in, and sends them back.
func (f *Forger) auth(w http.ResponseWriter, r *http.Request) {
	code := rand.Text()
	f.mu.Lock()
	f.asked[code] = r.URL.Query()
	f.mu.Unlock()
	back := url.Values{"code": {code}, "state": {r.URL.Query().Get("state")}, "iss": {f.URL}}
	http.Redirect(w, r, r.URL.Query().Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

// token gives an ID token for a code, once, to who knows the secret and the verifier.
func (f *Forger) token(w http.ResponseWriter, r *http.Request) {
	s := f.now()
	if s.Token != nil && s.Token(w) {
		return
	}
	f.mu.Lock()
	asked, known := f.asked[r.PostFormValue("code")]
	delete(f.asked, r.PostFormValue("code"))
	key, keyID := f.key, f.keyID
	f.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	digest := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || id != ClientID || secret != url.QueryEscape(ClientSecret) ||
		encode(digest[:]) != asked.Get("code_challenge") || asked.Get("code_challenge_method") != "S256" {
		w.WriteHeader(http.StatusBadRequest)
		write(w, map[string]any{"error": "invalid_grant", "error_description": "a text of the provider's"})
		return
	}
	now := time.Now()
	claims := map[string]any{
		"iss": f.URL, "sub": "person", "aud": ClientID, "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		"preferred_username": "person", "name": "A Person", "email": "person@example.org", "email_verified": true,
	}
	header := map[string]any{"alg": "RS256", "typ": "JWT", "kid": keyID}
	if s.Claims != nil {
		s.Claims(claims)
	}
	if s.Header != nil {
		s.Header(header)
	}
	if s.Key != nil {
		key = s.Key
	}
	f.mu.Lock()
	f.Answered++
	f.mu.Unlock()
	write(w, map[string]any{
		"access_token": "an access token", "token_type": "Bearer", "expires_in": 60, "id_token": sign(header, claims, key, s.Signature),
	})
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func sign(header, claims map[string]any, key *rsa.PrivateKey, signature func(string) string) string {
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims)
	signed := encode(h) + "." + encode(c)
	if signature != nil {
		return signed + "." + signature(signed)
	}
	digest := sha256.Sum256([]byte(signed))
	made, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return ""
	}
	return signed + "." + encode(made)
}

func (f *Forger) keys(w http.ResponseWriter, _ *http.Request) {
	f.mu.Lock()
	key, keyID := f.key, f.keyID
	f.mu.Unlock()
	write(w, map[string]any{"keys": []any{map[string]any{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": keyID, "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}}})
}

// PublicKey returns the published key as a text, with which some verifiers have been made to believe a signature by a shared secret.
func (f *Forger) PublicKey() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return encode(f.key.N.Bytes())
}

func (f *Forger) info(w http.ResponseWriter, r *http.Request) {
	says := map[string]any{"sub": "person", "email": "person@example.org", "email_verified": true, "preferred_username": "person"}
	if info := f.now().Info; info != nil {
		info(says)
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	write(w, says)
}
