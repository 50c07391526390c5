package browser_test

import (
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// A household begins as its first user would begin it: the code from the log, an account, an invitation; the second person makes an account
// by that on another browser, sees, is made editor, and both add at once.
func TestTwoPeopleShareALedger(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, storage string) {
		beginHousehold(t, storage, 1280, func(url string) *tab { return openTab(t, url).withoutScripts() })
	})
}

func TestTwoPeopleShareALedgerOnPhones(t *testing.T) {
	t.Parallel()
	inBothWays(t, func(t *testing.T, open func(string) *tab) { beginHousehold(t, programtest.NewSQLite(t), 320, open) })
}

// beginHousehold is what both do, at a width. The second browser is opened by open.
func beginHousehold(t *testing.T, storage string, width int64, open func(url string) *tab) {
	t.Helper()
	p, code := programtest.StartToSetUp(t, storage)
	anna, ben := openTab(t, p.URL), open(p.URL)
	anna.resize(width)
	ben.resize(width)
	fits := func(b *tab) {
		t.Helper()
		check.Equal(t, "something sticks out", evaluate[bool](b, `document.documentElement.scrollWidth > innerWidth`), false)
	}
	anna.open("/")
	anna.await("the set-up", `document.activeElement?.id === "code"`)
	for field, text := range map[string]string{"code": code, "name": "Anna", "password": programtest.AdminPassword} {
		anna.retype(field, text)
	}
	anna.press(`form[action="/setup"] button`)
	anna.await("her first page", `location.pathname === "/" && document.querySelector("#total")`)
	anna.fill("coffee", "3.20")
	anna.press(`form[action="/add"] button`)
	anna.awaitTotal("3.20", 1)

	anna.open("/people")
	anna.press(`form[action="/people/invitations"] input[value=viewer]`)
	anna.press(`form[action="/people/invitations"] button`)
	anna.await("the link", `document.querySelector("#link")`)
	fits(anna)
	link, err := url.Parse(evaluate[string](anna, `document.querySelector("#link").value`))
	if err != nil {
		t.Fatal(err)
	}

	ben.open(link.Path)
	ben.await("the invitation", `document.querySelector("main").textContent.includes("Anna invites you")`)
	fits(ben)
	ben.retype("name", "anna")
	ben.retype("password", "eleven loud badgers dig")
	ben.press(`form[action$="/account"] button`)
	ben.await("the refusal", `document.querySelector("#name-error") && document.querySelector("#name").value === "anna" &&
		document.activeElement.id === "name"`)
	fits(ben)
	ben.retype("name", "Ben")
	ben.retype("password", "eleven loud badgers dig")
	ben.press(`form[action$="/account"] button`)
	ben.await("the welcome", `location.pathname === "/" && document.querySelector("[role=status]")?.textContent.includes("Welcome")`)
	ben.awaitTotal("3.20", 1)
	check.Equal(t, "a viewer is offered a form", evaluate[bool](ben, `!!document.querySelector('form[action="/add"], a[href="/add"]')`), false)
	fits(ben)

	anna.open("/people")
	anna.press(`.people details summary`)
	anna.press(`form[action="/people/2/role"] input[value=editor]`)
	anna.press(`form[action="/people/2/role"] button`)
	anna.await("the role", `document.querySelector("[role=status]")?.textContent.includes("Ben is editor now.")`)

	anna.open("/")
	ben.open("/")
	anna.fill("tea", "1.00")
	ben.fill("bread", "2.00")
	for _, b := range []*tab{anna, ben} { // neither waits for the other
		b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action="/add"] button').click()`))
	}
	for _, b := range []*tab{anna, ben} {
		b.await("that it is added", `document.querySelector("[role=status]")?.textContent.includes("Added")`)
		b.do(chromedp.Reload())
	}
	for _, b := range []*tab{anna, ben} {
		b.open("/")
		b.awaitTotal("6.20", 3)
		check.Equal(t, "both are there", evaluate[bool](b,
			`["tea", "bread"].every((w) => document.querySelector("main").textContent.includes(w))`), true)
		fits(b)
	}
}
