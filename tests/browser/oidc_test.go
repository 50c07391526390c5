package browser_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
	"expense-tracker/tests/rig/providertest"
)

func urlOf(t testing.TB, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// Somebody sets up, signs out and comes in again, at a real provider that is not ours; with a password beside it, links and unlinks.
func TestSomebodySignsInAtAProvider(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) {
		site, listen := providertest.FreeSite(t)
		theirs := providertest.Start(t, "127.0.0.1:0", site)
		config := providertest.Settings(t, "oidc", theirs.Issuer, site, "oidc_sign_up: '@example.org'")
		p, code := programtest.StartWithCode(t, programtest.NewSQLite(t), "--listen", listen, "--config", config)
		if p.URL != site {
			t.Fatalf("the program is at %s, and not at %s", p.URL, site)
		}
		user := open(site)
		user.abroad = strings.TrimSuffix(theirs.Issuer, "/")
		signIn := func(name string) {
			t.Helper()
			user.await("the provider's page", `location.origin === "`+user.abroad+`" && document.querySelector("#username")`)
			user.do(chromedp.SendKeys(chromedp.CSS("#username"), name), chromedp.SendKeys(chromedp.CSS("#password"), providertest.Password),
				chromedp.Click(chromedp.CSS("button")))
		}
		user.open("/months")
		user.await("the set-up", `location.pathname === "/setup"`)
		user.retype("code", code)
		user.press(`form[action="/setup/oidc"] button`)
		signIn("anna")
		user.await("the first page", `location.origin === "`+site+`" && location.pathname === "/" && document.querySelector("#total")`)
		user.fill("coffee", "3.20")
		user.do(chromedp.Click(addButton))
		user.awaitTotal("3.20", 1)

		user.open("/more")
		user.press(`form[action="/logout"] button`)
		user.await("the log-in", `location.pathname === "/login"`)
		user.open("/categories")
		user.await("the log-in that leads back", `location.search === "?to=%2Fcategories"`)
		user.press(`form[action="/login/oidc"] button`)
		signIn("ben") // whose address the provider has not verified
		user.await("the refusal", `location.origin === "`+site+`" && document.querySelector("[role=alert]")`)
		user.press(`form[action="/login/oidc"] button`)
		signIn("anna")
		user.await("the page that was asked for", `location.origin === "`+site+`" && location.pathname === "/categories"`)
	})
}
