package expenses_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// The hint in the field of an amount has the decimals that its currency has.
func TestTheHintOfAnAmountIsOneOfItsCurrency(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Get("/").Want(t, 200, `placeholder="0.00"`)
	s.Post("/add", "category", "sushi", "price", "x", "currency", "jpy").Want(t, 422, `enterkeyhint="done" placeholder="0"`)
	s.Add(expense.Draft{Category: "food", Price: "1"})
	s.Get("/expenses/1").Want(t, 200, `placeholder="0.00"`)
	s.Add(expense.Draft{Category: "sushi", Price: "900", Currency: "JPY"})
	s.Get("/expenses/2").Want(t, 200, `required autocomplete="off" placeholder="0"`)
}

func TestTotalsAreExact(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Get("/").Want(t, 200, `<data id="total" value="0.00">$0.00</data>`, `<data id="month-total" value="0.00">$0<small>.00</small></data>`,
		"Nothing here yet")
	s.Add(expense.Draft{Category: "food", Price: "0.10"})
	s.Add(expense.Draft{Category: "food", Price: "0.20", Date: "2026-10-31"})
	s.Get("/").Want(t, 200, `<data id="total" value="0.30">$0.30</data>`, `<data id="month-total" value="0.10">$0<small>.10</small></data>`,
		"2 expenses", "!Nothing here yet", "!data-currency")
	s.Add(expense.Draft{Category: "food", Price: "7", Currency: "JPY"})
	s.Add(expense.Draft{Category: "food", Price: "1.5", Currency: "EUR"})
	s.Get("/").Want(t, 200, `<data id="total" value="0.30">`,
		`<data id="total-EUR" value="1.50" data-currency="EUR">€1.50</data>`, `<data id="total-JPY" value="7" data-currency="JPY">¥7</data>`)
}

func TestTheOwnCurrencyHasATotalEvenIfOnlyOthersAreUsed(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1.5", Currency: "EUR"})
	s.Get("/").Want(t, 200, `<data id="total" value="0.00">`, `<data id="total-EUR" value="1.50" data-currency="EUR">`)
}

func TestOwnChangesAreSeenAtOnce(t *testing.T) {
	s := webtest.New(t, web.Options{})
	// Another instance on the same storage.
	other, err := web.New(s.Services, web.Options{Ledger: ledgertest.Ledger(ledger.Default)})
	if err != nil {
		t.Fatal(err)
	}
	total := func(value string) {
		t.Helper()
		for range 2 { // rendered, and kept
			s.Get("/").Want(t, 200, `<data id="total" value="`+value+`">`)
			recorder := httptest.NewRecorder()
			other.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
			webtest.AnswerOf(recorder).Want(t, 200, `<data id="total" value="`+value+`">`)
		}
	}
	total("0.00")
	s.Post("/add", "category", "food", "price", "2").Want(t, 303)
	total("2.00")
	s.Post("/expenses/1", "category", "food", "price", "3", "revision", "1").Want(t, 303)
	total("3.00")
	s.Post("/expenses/1/delete", "revision", "2").Want(t, 303)
	total("0.00")
	s.Post("/expenses/1/restore", "revision", "3").Want(t, 303)
	total("3.00")
	s.Post("/categories/1/rename", "revision", "1", "category", "eating").Want(t, 303)
	s.Get("/").Want(t, 200, "eating", "!food")
}

func TestANewDayIsANewPage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "2"})
	s.Get("/").Want(t, 200, `name="date" type="date" value="2026-11-23"`, ">Today<")
	s.Now = s.Now.Add(24 * time.Hour)
	s.Get("/").Want(t, 200, `name="date" type="date" value="2026-11-24"`, ">Yesterday<")
	s.Now = s.Now.Add(8 * 24 * time.Hour)
	s.Get("/").Want(t, 200, "December 2026", `<data id="month-total" value="0.00">`,
		">Monday, 23 November<", "Nothing spent in December 2026 yet.")
}

func TestEachFormHasAKeyOfItsOwn(t *testing.T) {
	s := webtest.New(t, web.Options{})
	seen := map[string]bool{}
	for range 20 {
		page := s.Get("/")
		if key := page.Key(t); seen[key] {
			t.Fatalf("the key %s came twice", key)
		} else {
			seen[key] = true
		}
		if got := page.Header.Get("Content-Length"); got != fmt.Sprint(len(page.Body)) {
			t.Errorf("Content-Length %s of %d bytes", got, len(page.Body))
		}
		if !strings.HasSuffix(page.Body, "</html>\n") {
			t.Error("the page has no end")
		}
	}
}

func TestAPageIsRenderedOnceAState(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for state := int64(1); state <= 3; state++ {
		s.Add(expense.Draft{Category: "food", Price: "2"})
		for range 5 {
			s.Get("/").Want(t, 200)
		}
		if n := s.Store.Overviews.Load(); n != state {
			t.Fatalf("%d overviews read for %d states", n, state)
		}
	}
}

// Readers who come while others write never see less than what was acknowledged before they came.
func TestReadersSeeWhatWasAcknowledged(t *testing.T) {
	s := webtest.New(t, web.Options{})
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 25 {
				if _, err := s.Service.Add(t.Context(), ledgertest.Owner(), expense.Draft{Category: "food", Price: "1"}); err != nil {
					t.Error(err)
				}
				before, err := s.Store.CountExpenses(t.Context())
				if err != nil {
					t.Error(err)
				}
				recorder := httptest.NewRecorder()
				s.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
				_, rest, _ := strings.Cut(recorder.Body.String(), `<data id="total" value="`)
				var shown int64
				if _, err := fmt.Sscanf(rest, "%d.00", &shown); err != nil || shown < before {
					t.Errorf("the page shows %d of at least %d, %v", shown, before, err)
				}
			}
		})
	}
	writers.Wait()
	s.Get("/").Want(t, 200, `<data id="total" value="100.00">`)
}

func TestChartsAreOfFewCurrencies(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for _, code := range []string{"AUD", "BRL", "CAD", "CHF", "EUR", "GBP", "INR", "JPY", "KWD", "NOK"} {
		s.Add(expense.Draft{Category: "food", Price: "1", Currency: code})
	}
	s.Add(expense.Draft{Category: "food", Price: "2", Currency: "NOK"})
	home := s.Get("/")
	home.Want(t, 200, `id="total-KWD"`, "<h3>NOK</h3>", "NOK: the most in a month", "!<h3>KWD</h3>")
	if charts := strings.Count(home.Body, `<figure class="trend">`); charts != 6 {
		t.Errorf("%d charts, want 6", charts)
	}
}

// A month's bar leads to the month, and everything else to what is in it.
func TestChartsLeadToWhatTheyAreMadeOf(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "old", Price: "5", Date: "2026-09-30"})
	for n := range 9 {
		s.Add(expense.Draft{Category: fmt.Sprint("c", n), Price: fmt.Sprint(20 - n)})
	}
	home := s.Get("/")
	home.Want(t, 200, `<a href="/months/2026-11" tabindex="-1">`, `<a href="/months/2026-09">September 2026</a>`, "!/months/2026-08",
		`<th scope="row">August 2026</th>`)
	rest := regexp.MustCompile(`<a href="([^"]*)" dir="auto">Everything else`)
	link := rest.FindStringSubmatch(home.Body)
	if link == nil {
		t.Fatalf("nothing leads to everything else:\n%s", home.Body)
	}
	s.Get(strings.ReplaceAll(link[1], "&amp;", "&")).Want(t, 200, `<data id="result-total" value="39.00">`, `id="result-count" value="3"`)
	s.Add(expense.Draft{Category: "c8", Price: "1", Currency: "EUR"})
	if link = rest.FindStringSubmatch(s.Get("/").Body); link == nil || !strings.HasSuffix(link[1], "&amp;currency=USD") {
		t.Errorf("beside another currency it leads to %v", link)
	}
	for n := range 9 { // more than the first page knows
		s.Add(expense.Draft{Category: fmt.Sprint("more", n), Price: "1"})
	}
	if link = rest.FindStringSubmatch(s.Get("/").Body); link == nil || link[1] != "/months/2026-11" {
		t.Errorf("what is not known leads to %v", link)
	}
}
