package web_test

import (
	"net/http"
	"regexp"
	"testing"

	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

var sentAgain = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// Where the storage is away already at the door, what was typed into any form is shown, and sent once more by a button.
func TestNoFormIsLostAtTheDoor(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	b.Post("/add", "category", "food", "price", "1").Want(t, 303)
	for path, fields := range map[string][]string{
		"/add":                {"category", "typed <b>", "price", "12", "idempotency_key", "form-7"},
		"/tokens":             {"name", "typed <b>", "scope", "read"},
		"/people/invitations": {"note", "typed <b>", "role", "editor", "token", "secret"},
		"/ledgers":            {"name", "typed <b>", "currency", "EUR"},
		"/ledgers/1":          {"name", "typed <b>", "currency", "EUR", "revision", "1"},
		"/account":            {"name", "typed <b>"},
	} {
		g.Store.TakeAway()
		away := b.Post(path, fields...)
		away.Want(t, 503, "Try again", `<li dir="auto">typed &lt;b&gt;</li>`, `action="`+path+`"`, "!<li dir=\"auto\">form-7")
		if sent := sentAgain.FindAllStringSubmatch(away.Body, -1); len(sent) != len(fields)/2 {
			t.Errorf("%s: %q is sent again", path, sent)
		}
		g.Store.BringBack()
	}
	g.Store.TakeAway()
	b.Post("/account/password", "password", webtest.Password, "new_password", "eight quiet herons wade").
		Want(t, 503, "!Try again</button>", "!herons")
	b.Headers["Accept"] = "*/*"
	b.Post("/add", "price", "12").Want(t, 503, "!Try again</button>")
	g.Store.BringBack()
	if again := b.Post("/add", "category", "typed", "price", "12", "idempotency_key", "form-7"); again.StatusCode != http.StatusSeeOther {
		t.Errorf("sent again: %d: %s", again.StatusCode, again.Body)
	}
}

// A page that does not answer is opened again by a link, and leads to no other site.
func TestAPageThatIsAwayIsOpenedAgain(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Store.TakeAway()
	s.Get("/categories/7?year=2026").Want(t, 503, `<a class="button" href="/categories/7?year=2026">Try again</a>`)
	s.Post("/categories/7/remove", "revision", "1").Want(t, 503, `!<a class="button" href="/categories/7`)
	s.Store.BringBack()
	s.Get("/categories/7?year=2026").Want(t, 404, "!Try again")
}

// What is sent once more is what was sent: each field as often, in its order, whatever its type, at its address.
func TestWhatIsSentAgainIsWhatWasSent(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Store.TakeAway()
	again := s.Post("/expenses/7/restore?before=2026-11-21_7", "pick", "b", "pick", "a", "revision", "1")
	again.Want(t, 503, `action="/expenses/7/restore?before=2026-11-21_7"`, `name="revision" value="1"`,
		`name="pick" value="b">`+"\n"+`<input type="hidden" name="pick" value="a"`,
		"!<li dir")
}

// Nobody's page but ours brings a browser to a button that sends a form once more, and nothing but a form does.
func TestAFormOfAnotherSiteIsNotSentAgain(t *testing.T) {
	g := webtest.NewGated(t, web.Options{})
	g.Join("Anna")
	b := g.As("Anna")
	g.Store.TakeAway()
	b.Get("/add?category=food&price=12").Want(t, 503, "!Try again</button>", "!method=\"post\"")
	for _, from := range []string{"cross-site", "same-site", "none"} {
		b.Headers["Sec-Fetch-Site"] = from
		if answer := b.Post("/add", "category", "food", "price", "12"); (answer.StatusCode == http.StatusForbidden) != (from != "none") {
			t.Errorf("%s: %d", from, answer.StatusCode)
		} else if answer.StatusCode == http.StatusForbidden {
			answer.Want(t, 403, "!Try again</button>")
		}
	}
}
