package settings_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// as asks for a path with the cookies of an earlier answer, as a browser that prefers French and German.
func as(s *webtest.Site, cookies []*http.Cookie, path string) webtest.Answer {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Language", "fr, de;q=0.8")
	for _, cookie := range cookies {
		if cookie.MaxAge >= 0 {
			r.AddCookie(cookie)
		}
	}
	return s.Do(r)
}

func TestTheLanguageThatIsSetIsThatOfEveryPage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1234.50"})
	as(s, nil, "/").Want(t, 200, `<html lang="de">`, "1.234")
	as(s, nil, "/settings").Want(t, 200, `<input type="radio" name="language" value="" checked>`, "> English</label>", "> Deutsch</label>")

	english := s.Post("/settings", "language", "en")
	english.Want(t, 303)
	as(s, english.Cookies(), "/settings").Want(t, 200, `<html lang="en">`, "Settings saved.", `value="en" checked`, "!"+`value="" checked`)
	for _, path := range []string{"/", "/categories", "/months/2026-11", "/no/such/page"} {
		if page := as(s, english.Cookies(), path); !strings.Contains(page.Body, `<html lang="en">`) {
			t.Errorf("%s is not in the language that is set", path)
		}
	}
	browsers := s.Post("/settings", "language", "")
	browsers.Want(t, 303)
	as(s, browsers.Cookies(), "/").Want(t, 200, `<html lang="de">`)
}

func TestWhatIsNoLanguageIsRefused(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, tag := range []string{"fr", "xx", "en-XA-x", "\x00", strings.Repeat("a", 5000)} {
		refused := s.Post("/settings", "language", tag)
		refused.Want(t, 422, `id="language-error"`, "Choose one of the languages in the list.")
		if cookies := refused.Header.Values("Set-Cookie"); len(cookies) > 0 {
			t.Errorf("%q: a cookie is set: %s", tag, cookies)
		}
	}
	// A cookie that somebody wrote is what a browser asks for: nothing is trusted of it.
	for _, value := range []string{"fr", "no language", url.QueryEscape("<script>"), strings.Repeat("a", 3000)} {
		r := httptest.NewRequest(http.MethodGet, "/settings", nil)
		r.AddCookie(&http.Cookie{Name: "language", Value: value})
		s.Do(r).Want(t, 200, `<html lang="en">`)
	}
}

// A letter that is a key can be turned off (WCAG 2.1.4). The script of the pages reads the cookie.
func TestLettersNeedNotBeKeys(t *testing.T) {
	s := webtest.New(t, web.Options{})
	const box = `<input type="checkbox" name="no_keys" value="1"`
	s.Get("/settings").Want(t, 200, box+`>`)
	off := s.Post("/settings", "language", "", "no_keys", "1")
	if set := strings.Join(off.Header.Values("Set-Cookie"), "\n"); !strings.Contains(set, "keys=off; Path=/; Max-Age=31536000; SameSite=Lax") {
		t.Errorf("the cookies are %s", set)
	}
	as(s, off.Cookies(), "/settings").Want(t, 200, box+` checked>`)
	as(s, s.Post("/settings", "language", "").Cookies(), "/settings").Want(t, 200, box+`>`)
	s.Post("/settings", "language", "xx", "no_keys", "1").Want(t, 422, box+` checked>`)
}

func TestTheLedgerIsShown(t *testing.T) {
	webtest.New(t, web.Options{}).Get("/settings").Want(t, 200, "<dt>Home currency</dt><dd>USD</dd>", "<dt>Time zone</dt><dd>",
		`<a href="/ledgers/1">More about this ledger</a>`)
}
