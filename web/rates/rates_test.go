package rates_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

var link = regexp.MustCompile(`href="(/rates/[0-9]+)"`)

// entered returns a site with euros and a rate for them, and the rate's address.
func entered(t *testing.T) (*webtest.Site, string) {
	t.Helper()
	s := webtest.New(t, web.Options{})
	webtest.Furnish(s)
	page := s.Follow(s.Post("/rates", "currency", "eur", "rate", "1,0952", "date", "2026-11-03"))
	page.Want(t, 200, "From 3 November on: 1 EUR = 1.0952 USD.")
	found := link.FindStringSubmatch(page.Body)
	if found == nil {
		t.Fatalf("no rate is linked:\n%s", page.Body)
	}
	return s, found[1]
}

func TestTotalsOfSeveralCurrenciesAreShownAltogether(t *testing.T) {
	s, _ := entered(t)
	s.Get("/rates").Want(t, 200, `data-currency="USD">$1,268.00<`, `data-currency="EUR">€4.10<`,
		`<data value="1272.49">≈ $1,272.49 altogether, at 1 EUR = 1.0952 USD of 3 November, rounded</data>`, "from 3 November on")
	const line = `≈ $1,272.49 altogether, at 1 EUR = 1.0952 USD of 3 November, rounded`
	for _, path := range []string{"/", "/months/2026-11"} {
		s.Get(path).Want(t, 200, line)
	}
	s.Post("/rates", "currency", "EUR", "rate", "2", "date", "2026-12-01").Want(t, 303) // not yet
	s.Get("/").Want(t, 200, line)
	s.Get("/months/2026-10").Want(t, 200, "!altogether,")
	s.Add(expense.Draft{Category: "x", Price: "1", Currency: "GBP"})
	s.Get("/").Want(t, 200, "!altogether,")
	s.Get("/rates").Want(t, 200, "To see it altogether, enter a rate for GBP.", "no rate yet", "!altogether, at")
	s.Post("/rates", "currency", "GBP", "rate", "2").Want(t, 303)
	s.Get("/rates").Want(t, 200, "altogether, rounded, at these rates:", "<li>1 EUR = 1.0952 USD of 3 November</li>",
		"<li>1 GBP = 2 USD of 23 November</li>")
	webtest.New(t, web.Options{}).Get("/rates").Want(t, 200, "No rate has been entered yet.", "!altogether.")
	german := httptest.NewRequest(http.MethodGet, "/rates", nil)
	german.Header.Set("Accept-Language", "de")
	s.Do(german).Want(t, 200, "1 EUR = 1,0952 USD vom 3. November", "gerundet")
}

func TestARateThatIsWrongIsShownAgain(t *testing.T) {
	s, _ := entered(t)
	s.Post("/rates", "currency", "usd", "rate", "0", "date", "2026-13-01").Want(t, 422, `id="currency-error"`, `id="rate-error"`,
		"A rate is more than zero.", `id="date-error"`, `value="usd"`, `type="text" value="2026-13-01"`)
	s.Post("/rates", "currency", "EUR", "rate", "1,095", "date", "").Want(t, 422, `value="1,095"`,
		"Is that thousands or decimals? write 1095 or 1.0950")
	s.Post("/rates", "currency", "EUR", "rate", "1.2", "date", "2026-11-03").Want(t, 409, `id="date-error"`, `value="1.2"`, "already a rate")
	s.Get("/rates?currency=CHF").Want(t, 200, `name="currency" value="CHF"`)
	for _, place := range []string{"1", "x", "-1", "99999999999999999999"} {
		s.Get("/rates?before="+place).Want(t, 404)
		s.Get("/rates/"+place).Want(t, 404)
	}
	s.Store.TakeAway()
	s.Get("/rates").Want(t, 503)
	s.Post("/rates", "currency", "CHF", "rate", "1.2").Want(t, 503, `value="CHF"`, `value="1.2"`, "may or may not be stored",
		"!No rate has been")
}

var revision = regexp.MustCompile(`name="revision" value="([^"]+)"`)

func seen(t *testing.T, a webtest.Answer) string {
	t.Helper()
	found := revision.FindStringSubmatch(a.Body)
	if found == nil {
		t.Fatalf("no revision on the page:\n%s", a.Body)
	}
	return found[1]
}

func TestARateIsChangedRemovedAndPutBack(t *testing.T) {
	s, at := entered(t)
	first := s.Get(at)
	first.Want(t, 200, "Stored now: 1 EUR = 1.0952 USD", `name="rate" value="1.0952"`)
	s.Post(at, "rate", "1.3").Want(t, 422, "which revision", `value="1.3"`)
	s.Post(at, "rate", "-1", "revision", seen(t, first)).Want(t, 422, `id="rate-error"`, `value="-1"`)
	for range 2 { // a second click as well
		s.Follow(s.Post(at, "rate", "1.1", "revision", seen(t, first))).Want(t, 200, "1 EUR = 1.1 USD.")
	}
	s.Post(at, "rate", "1.2", "revision", seen(t, first)).Want(t, 409, "changed since", `value="1.2"`, "Stored now: 1 EUR = 1.1 USD")
	s.Post(at+"/remove", "revision", seen(t, first)).Want(t, 409, "changed since")
	removed := s.Follow(s.Post(at+"/remove", "revision", seen(t, s.Get(at))))
	removed.Want(t, 200, "Removed: 1 EUR = 1.1 USD, from 3 November on.", `action="`+at+`/restore"`, "No rate has been entered yet.")
	s.Get(at).Want(t, 200, "Bring it back", "!Remove this rate")
	s.Follow(s.Post(at+"/restore", "revision", seen(t, removed))).Want(t, 200, "Here again: 1 EUR = 1.1 USD", "altogether, at 1 EUR = 1.1 USD")
	s.Store.TakeAway()
	s.Post(at, "rate", "1.5", "revision", "3").Want(t, 503, `value="1.5"`, `name="revision" value="3"`, "may or may not be stored")
}

func TestManyRatesTakeSeveralPages(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, day := range strings.Fields("01 02 03 04 05 06 07") {
		s.Post("/rates", "currency", "EUR", "rate", "1.1", "date", "2026-11-"+day).Want(t, 303)
	}
	first := s.Get("/rates")
	first.Want(t, 200, "Next page", ">3 November<", "!>2 November<")
	next := regexp.MustCompile(`href="(/rates\?before=[0-9]+)"`).FindStringSubmatch(first.Body)
	if next == nil {
		t.Fatal("there is no next page")
	}
	s.Get(next[1]).Want(t, 200, ">2 November<", "First page", "!>3 November<", "!Older rates")
}

func TestPagesAreAsTheyWere(t *testing.T) {
	enter := func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		return s.Post("/rates", "currency", "EUR", "rate", "1.0952", "date", "2026-11-03")
	}
	webtest.Golden(t, "rates", func(s *webtest.Site) webtest.Answer { enter(s); return s.Get("/rates") })
	webtest.Golden(t, "rate", func(s *webtest.Site) webtest.Answer {
		return s.Get(link.FindStringSubmatch(s.Follow(enter(s)).Body)[1])
	})
}
