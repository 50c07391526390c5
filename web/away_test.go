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
