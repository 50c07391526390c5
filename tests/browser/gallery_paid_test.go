package browser_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"expense-tracker/tests/rig/programtest"
)

// shared is the site of a ledger that admin shares with two others, one of whom has the longest name.
const shared = "shared"

// household is who is signed in on the shared site, and what is there to be seen.
type household struct {
	session string // of admin
	paid    string // address of an expense that somebody else has paid, and whose payer was changed
}

// share makes the shared site.
func (s *stock) share(t *testing.T) {
	t.Helper()
	storage := programtest.NewSQLite(t)
	site := programtest.StartGated(t, storage).URL
	admin := programtest.Visit(t, site)
	admin.SignIn("admin", programtest.AdminPassword)
	for i, name := range []string{"Ben", longest[:64]} {
		said := programtest.Succeed(t, "user", "add", name, "--storage", storage)
		_, password, _ := strings.Cut(strings.TrimSpace(said), "; the password is ")
		token := "1-" + strings.Repeat(string('a'+rune(i)), 64)
		admin.Post("/people/invitations", programtest.Form("role", "editor", "token", token))
		member := programtest.Visit(t, site)
		member.SignIn(name, password)
		member.Submit("/join/"+token, nil)
	}
	month := time.Now().Format("2006-01")
	for _, e := range [][]string{
		{"rent", "950.00", "#1", "USD"}, {"groceries", "61.20", "#2", "USD"}, {"coffee", "3.80", "#2", "USD"}, {"books", "24.00", "", "USD"},
		{"hotel", "99999999.99", "#3", "EUR"}, {"train", "180.50", "#2", "EUR"}, {"groceries", "48.75", "#1", "USD"},
	} {
		admin.Submit("/add", programtest.Form("category", e[0], "price", e[1], "paid_by", e[2], "currency", e[3], "date", month+"-01",
			"note", "for the three of us"))
	}
	s.shared.paid = admin.Get("/").Newest().Link
	page := admin.Get(s.shared.paid)
	admin.Submit(s.shared.paid, page.Change("paid_by", "#3"))
	admin.Submit(s.shared.paid, admin.Get(s.shared.paid).Change("paid_by", "#2"))
	address, err := url.Parse(site)
	if err != nil {
		t.Fatal(err)
	}
	for _, cookie := range admin.HTTP.Jar.Cookies(address) {
		if cookie.Name == sessionCookie {
			s.shared.session = cookie.Value
		}
	}
	s.url[shared] = site
}

// together leads to an address as admin of the shared site.
func together(path func(*stock) string) func(*tab, *stock) {
	return func(b *tab, s *stock) {
		b.t.Helper()
		call(b, network.SetCookie, network.SetCookieParams{Name: sessionCookie, Value: s.shared.session, URL: b.url})
		b.open(path(s))
	}
}

func paidPictures() []picture {
	to := func(path string) func(*tab, *stock) { return together(func(*stock) string { return path }) }
	now := time.Now()
	return []picture{
		{"paid-home", "GET /{$}", shared, to("/")},
		{"paid-add", "GET /add", shared, func(b *tab, s *stock) {
			to("/add")(b, s)
			b.do(chromedp.Click(chromedp.CSS("details.fold summary")))
			b.await("the fold", `document.querySelector("details.fold").open`)
		}},
		{"paid-refused", "POST /add", shared, func(b *tab, s *stock) {
			to("/add")(b, s)
			b.do(chromedp.Evaluate[chromedp.Void](`const payer = document.querySelector("#paid_by");
				payer.options[1].value = "Mallory"; payer.selectedIndex = 1;
				document.querySelector("#price").value = "1"; document.querySelector("input#category").value = "tea";
				document.querySelector("form.entry").submit()`))
			b.await("the refusal", `document.querySelector("#paid_by-error")`)
		}},
		{"paid-expense", "GET /expenses/{id}", shared, together(func(s *stock) string { return s.shared.paid })},
		{"paid-month", "GET /months/{month}", shared, to("/months/" + now.Format("2006-01"))},
		{"paid-year", "GET /years/{year}", shared, to("/years/" + now.Format("2006"))},
		{"paid-search", "GET /search", shared, func(b *tab, s *stock) {
			to("/search?paid_by=%232")(b, s)
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#paid_by").closest("details").open = true`))
		}},
		{"paid-several", "GET /several", shared, func(b *tab, s *stock) {
			to("/several?all=1")(b, s)
			b.do(chromedp.Click(chromedp.CSS("#does details summary")))
		}},
		{"paid-repeat", "GET /repeats/new", shared, together(func(s *stock) string {
			return "/repeats/new?from=" + strings.TrimPrefix(s.shared.paid, "/expenses/")
		})},
	}
}
