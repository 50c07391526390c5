package browser_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// alone gives a tab a site of its own, where admin is signed in: what changes the account would change other pictures.
func (b *tab) alone() {
	b.t.Helper()
	b.url = programtest.StartGated(b.t, "memory:").URL
	b.enter(&stock{session: newSession(b.t, b.url)})
}

// send types into a field and sends its form.
func (b *tab) send(field, text, button string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS("#"+field), text), chromedp.Click(chromedp.CSS(button)))
}

// setSecondUp leads to the page with the secret, and returns that.
func (b *tab) setSecondUp() (secret string) {
	b.t.Helper()
	b.open("/account/second")
	b.send("password", programtest.AdminPassword, `form[action="/account/second"] button`)
	b.await("the secret", `document.querySelector(".secret")`)
	return strings.ReplaceAll(b.textOf(".secret"), " ", "")
}

// appCode returns what an app shows some steps from now.
func appCode(t testing.TB, secret string, steps int) string {
	t.Helper()
	code, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// turnSecondOn leads to the page with the recovery codes, and returns the secret, and the code that has confirmed it.
func (b *tab) turnSecondOn() (secret, spent string) {
	b.t.Helper()
	secret = b.setSecondUp()
	spent = appCode(b.t, secret, 0)
	b.send("code", spent, `form[action="/account/second/confirm"] button`)
	b.await("the recovery codes", `document.querySelectorAll(".codes li").length === 10`)
	return secret, spent
}

// askForCode leads to the page that asks for the code.
func (b *tab) askForCode() {
	b.t.Helper()
	b.open("/more")
	b.do(chromedp.Click(chromedp.CSS(`form[action="/logout"] button`)))
	b.await("the log-in", `location.pathname === "/login"`)
	b.retype("name", "admin")
	b.send("password", programtest.AdminPassword, `form[action="/login"] button`)
	b.await("the question", `location.pathname === "/login/code"`)
}

func secondPictures() []picture {
	const second, code = "GET /account/second", "GET /login/code"
	refused := func(b *tab) { b.await("the refusal", `document.querySelector("[role=alert]")`) }
	on := func(show func(*tab)) func(*tab, *stock) {
		return func(b *tab, _ *stock) {
			b.alone()
			b.turnSecondOn()
			show(b)
		}
	}
	return []picture{
		{"second-off", second, gated, signed("/account/second")},
		{"second-off-refused", "POST /account/second", gated, func(b *tab, s *stock) {
			signed("/account/second")(b, s)
			b.send("password", "a password that is wrong", `form[action="/account/second"] button`)
			refused(b)
		}},
		{"second-begun", second, gated, func(b *tab, _ *stock) {
			b.alone()
			b.setSecondUp()
		}},
		{"second-begun-refused", "POST /account/second/confirm", gated, func(b *tab, _ *stock) {
			b.alone()
			b.setSecondUp()
			b.send("code", "12345", `form[action="/account/second/confirm"] button`)
			refused(b)
		}},
		{"recovery-codes", "POST /account/second/confirm", gated, on(func(*tab) {})},
		{"second-on", second, gated, on(func(b *tab) { b.open("/account/second") })},
		{"second-on-refused", "POST /account/second/end", gated, on(func(b *tab) {
			b.open("/account/second")
			b.send("proof", "a password that is wrong", `button[formaction="/account/second/end"]`)
			refused(b)
		})},
		{"second-ended", second, gated, on(func(b *tab) {
			b.open("/account/second")
			b.send("proof", programtest.AdminPassword, `button[formaction="/account/second/end"]`)
			b.await("the message", `document.querySelector("[role=status]")`)
		})},
		{"code", code, gated, on((*tab).askForCode)},
		{"code-refused", "POST /login/code", gated, on(func(b *tab) {
			b.askForCode()
			b.send("code", "12345", `form[action="/login/code"] button`)
			refused(b)
		})},
		{"recovery-refused", "POST /login/code", gated, on(func(b *tab) {
			b.askForCode()
			b.do(chromedp.Click(chromedp.CSS("summary")))
			b.send("recovery", "AAAA-BBBB", `details button`)
			refused(b)
		})},
	}
}

// Somebody turns the second step on, signs in with a code and with a recovery code, and turns it off.
func TestSomebodySignsInWithACode(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		p := programtest.StartGated(t, programtest.NewSQLite(t))
		user := open(p.URL)
		user.enter(&stock{session: newSession(t, p.URL)})
		secret, spent := user.turnSecondOn()
		recovery := user.textOf(".codes li")

		user.askForCode()
		user.send("code", spent, `form[action="/login/code"] button`)
		user.await("the refusal", `document.querySelector("#code-error")`)
		user.send("code", appCode(t, secret, 1), `form[action="/login/code"] button`)
		user.await("the first page", `location.pathname === "/" && document.querySelector("#total")`)

		user.askForCode()
		user.do(chromedp.Click(chromedp.CSS("summary")))
		user.send("recovery", recovery, `details button`)
		user.await("the first page", `location.pathname === "/" && document.querySelector("#total")`)
		user.open("/account/second")
		check.Contains(t, "the page", user.textOf("main"), "9 recovery codes are left.")
		user.send("proof", programtest.AdminPassword, `button[formaction="/account/second/end"]`)
		user.await("the message", `document.querySelector("[role=status]")`)

		script := programtest.Visit(t, p.URL).SignIn("admin", programtest.AdminPassword)
		check.Equal(t, "without the second step", script.Get("/").Status, http.StatusOK)
	})
}
