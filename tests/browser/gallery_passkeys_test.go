package browser_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// named gives a tab a site of its own, at a name that passkeys can be of, where admin is signed in.
func (b *tab) named() {
	b.t.Helper()
	b.url = byName(programtest.StartGated(b.t, "memory:").URL)
	b.enter(&stock{session: newSession(b.t, b.url)})
}

func byName(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) }

// plugIn gives the browser a device for passkeys: one that knows its owner or does not, and that answers or waits to be touched.
func (b *tab) plugIn(knows, answers bool) webauthn.AuthenticatorID {
	b.t.Helper()
	call(b, webauthn.Enable, webauthn.EnableParams{})
	return call(b, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: knows,
		AutomaticPresenceSimulation: answers,
	}}).AuthenticatorID
}

// askForPasskey fills the form for a new passkey and sends it.
func (b *tab) askForPasskey() {
	b.t.Helper()
	b.open("/account/passkeys")
	b.await("the form", `document.querySelector("form[data-passkey]:not([hidden])")`)
	b.send("password", programtest.AdminPassword, `form[action="/account/passkeys"] button`)
}

// makePasskey makes a passkey, and leads to the list.
func (b *tab) makePasskey() {
	b.t.Helper()
	b.askForPasskey()
	b.await("the new passkey", `location.pathname === "/account/passkeys" && document.querySelector("[role=status]")`)
}

// removePasskey removes the first passkey, after typing the password, unless it stands there.
func (b *tab) removePasskey(password string) {
	b.t.Helper()
	if password != "" {
		b.do(chromedp.SendKeys("#proof", password))
	}
	b.do(chromedp.SendKeys(chromedp.CSS(`button[formaction$="/remove"]`), kb.Enter)) // a click misses where the page still moves
}

// logOut leads to the log-in.
func (b *tab) logOut() {
	b.t.Helper()
	b.open("/more")
	b.do(chromedp.Click(chromedp.CSS(`form[action="/logout"] button`)))
	b.await("the log-in", `location.pathname === "/login"`)
}

func passkeyPictures() []picture {
	const passkeys = "GET /account/passkeys"
	usePasskey := chromedp.Click(chromedp.CSS(`form[action="/login/passkey"] button`))
	return []picture{
		{"passkeys-nowhere", passkeys, gated, signed("/account/passkeys")},
		{"passkeys-none", passkeys, gated, func(b *tab, _ *stock) {
			b.named()
			b.open("/account/passkeys")
		}},
		{"passkeys-refused", "POST /account/passkeys", gated, func(b *tab, _ *stock) {
			b.named()
			b.open("/account/passkeys")
			b.send("password", "a password that is wrong", `form[action="/account/passkeys"] button`)
			b.await("the refusal", `document.querySelector("[role=alert]")`)
		}},
		{"passkey-asked", "POST /account/passkeys", gated, func(b *tab, _ *stock) {
			b.named()
			b.plugIn(true, false)
			b.askForPasskey()
			b.await("the question", `document.querySelector("form[data-options]")`)
		}},
		{"passkey-failed", "POST /account/passkeys", gated, func(b *tab, _ *stock) {
			b.named()
			b.plugIn(false, true)
			b.askForPasskey()
			b.await("the failure", `document.querySelector("[data-failed]:not([hidden])")`)
		}},
		{"passkey-added", passkeys, gated, func(b *tab, _ *stock) {
			b.named()
			b.plugIn(true, true)
			b.makePasskey()
		}},
		{"login-passkey", "GET /login", gated, func(b *tab, _ *stock) {
			b.url = byName(b.url)
			b.open("/login")
		}},
		{"login-passkey-asked", "POST /login/passkey", gated, func(b *tab, _ *stock) {
			b.url = byName(b.url)
			b.plugIn(true, false)
			b.open("/login")
			b.do(usePasskey)
			b.await("the question", `document.querySelector("form[data-options]")`)
		}},
		{"login-passkey-refused", "POST /login/passkey/answer", gated, func(b *tab, _ *stock) {
			b.named()
			b.plugIn(true, true)
			b.makePasskey()
			b.removePasskey(programtest.AdminPassword)
			b.await("the removal", `!document.querySelector("[formaction$='/remove']")`)
			b.logOut()
			b.do(usePasskey)
			b.await("the refusal", `location.pathname === "/login/passkey/answer" && document.querySelector("[role=alert]")`)
		}},
	}
}

// Somebody makes a passkey, signs in with it though a second step is on, and removes it.
func TestSomebodySignsInWithAPasskey(t *testing.T) {
	programtest.OnEach(t, programtest.DurableStorages(), func(t *testing.T, storage string) {
		p := programtest.StartGated(t, storage)
		user := openTab(t, byName(p.URL))
		user.enter(&stock{session: newSession(t, user.url)})
		device := user.plugIn(true, true)
		user.turnSecondOn()
		user.makePasskey()
		held := call(user, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: device}).Credentials
		if len(held) != 1 || !held[0].IsResidentCredential || held[0].RpID != "localhost" {
			t.Fatalf("the device holds %+v", held)
		}
		for range 2 { // the count goes on
			user.logOut()
			user.open("/login?to=%2Fcategories")
			user.do(chromedp.Click(chromedp.CSS(`form[action="/login/passkey"] button`)))
			user.await("the page that was asked for", `location.pathname === "/categories"`)
		}
		user.open("/account/passkeys")
		check.Contains(t, "the list", user.textOf("main"), "last used")
		user.removePasskey("not the password at all")
		user.await("the refusal", `document.querySelector("#proof-error")`)
		check.Contains(t, "the list", user.textOf("main"), "last used")
		user.do(chromedp.SendKeys("#proof", programtest.AdminPassword+kb.Enter)) // which removes nothing by itself
		user.removePasskey("")
		user.await("the removal", `document.querySelector("[role=status]")?.textContent.includes("Passkey removed")`)
		user.logOut()
		user.do(chromedp.Click(chromedp.CSS(`form[action="/login/passkey"] button`)))
		user.await("the refusal", `location.pathname === "/login/passkey/answer" && document.querySelector("[role=alert]")`)
		check.Contains(t, "the refusal", user.textOf("main"), "was removed")
	})
}

// Without scripts the password stays, and the page says why there are no passkeys.
func TestWithoutScriptsThePasswordStays(t *testing.T) {
	t.Parallel()
	p := programtest.StartGated(t, "memory:")
	user := openTab(t, byName(p.URL)).withoutScripts()
	user.open("/login")
	shown := func(selector string) bool {
		return evaluate[bool](user, `!!document.querySelector('`+selector+`')?.checkVisibility()`)
	}
	if shown(`form[action="/login/passkey"]`) || !shown(`form[action="/login"]`) {
		t.Error("a passkey is offered without scripts, or no password is asked for")
	}
	user.enter(&stock{session: newSession(t, user.url)})
	user.open("/account/passkeys")
	if shown("[data-passkey]") || !shown("[data-no-passkey]") {
		t.Error("a passkey is offered without scripts")
	}
}
