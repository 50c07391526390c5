package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger"
	"expense-tracker/web"
)

func TestTotalsAreExact(t *testing.T) {
	s := newSite(t, web.Options{})
	s.get("/").want(t, 200, `<data id="total" value="0.00">$0.00</data>`, `<data id="month-total" value="0.00">`, "Nothing here yet")
	s.add(expense.Draft{Category: "food", Price: "0.10"})
	s.add(expense.Draft{Category: "food", Price: "0.20", Date: "2026-10-31"})
	s.get("/").want(t, 200, `<data id="total" value="0.30">$0.30</data>`, `<data id="month-total" value="0.10">$0.10</data>`, "2 expenses", "!Nothing here yet", "!data-currency")
	s.add(expense.Draft{Category: "food", Price: "7", Currency: "JPY"})
	s.add(expense.Draft{Category: "food", Price: "1.5", Currency: "EUR"})
	s.get("/").want(t, 200, `<data id="total" value="0.30">`, `<data id="total-EUR" value="1.50" data-currency="EUR">€1.50</data>`, `<data id="total-JPY" value="7" data-currency="JPY">¥7</data>`)
}

func TestTheOwnCurrencyHasATotalEvenIfOnlyOthersAreUsed(t *testing.T) {
	s := newSite(t, web.Options{})
	s.add(expense.Draft{Category: "food", Price: "1.5", Currency: "EUR"})
	s.get("/").want(t, 200, `<data id="total" value="0.00">`, `<data id="total-EUR" value="1.50" data-currency="EUR">`)
}

func TestOwnChangesAreSeenAtOnce(t *testing.T) {
	s := newSite(t, web.Options{})
	other, err := web.New(s.service, web.Options{}) // another instance on the same storage
	if err != nil {
		t.Fatal(err)
	}
	total := func(value string) {
		t.Helper()
		for range 2 { // rendered, and kept
			s.get("/").want(t, 200, `<data id="total" value="`+value+`">`)
			recorder := httptest.NewRecorder()
			other.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/", nil))
			answer{recorder.Result(), recorder.Body.String()}.want(t, 200, `<data id="total" value="`+value+`">`)
		}
	}
	total("0.00")
	s.post("/add", "category", "food", "price", "2").want(t, 303)
	total("2.00")
	s.post("/expenses/1", "category", "food", "price", "3", "revision", "1").want(t, 303)
	total("3.00")
	s.post("/expenses/1/delete", "revision", "2").want(t, 303)
	total("0.00")
	s.post("/expenses/1/restore", "revision", "3").want(t, 303)
	total("3.00")
	s.post("/categories/1/rename", "revision", "1", "category", "eating").want(t, 303)
	s.get("/").want(t, 200, "eating", "!food")
}

func TestANewDayIsANewPage(t *testing.T) {
	s := newSite(t, web.Options{})
	s.add(expense.Draft{Category: "food", Price: "2"})
	s.get("/").want(t, 200, `name="date" type="date" value="2026-11-23"`, ">Today<")
	s.now = s.now.Add(24 * time.Hour)
	s.get("/").want(t, 200, `name="date" type="date" value="2026-11-24"`, ">Yesterday<")
	s.now = s.now.Add(8 * 24 * time.Hour)
	s.get("/").want(t, 200, "December 2026", `<data id="month-total" value="0.00">`, ">Monday, 23 November<", "Nothing spent in December 2026 yet.")
}

func TestEachFormHasAKeyOfItsOwn(t *testing.T) {
	s := newSite(t, web.Options{})
	seen := map[string]bool{}
	for range 20 {
		page := s.get("/")
		if key := page.key(t); seen[key] {
			t.Fatalf("the key %s came twice", key)
		} else {
			seen[key] = true
		}
		if got := page.Header.Get("Content-Length"); got != fmt.Sprint(len(page.body)) {
			t.Errorf("Content-Length %s of %d bytes", got, len(page.body))
		}
		if !strings.HasSuffix(page.body, "</html>\n") {
			t.Error("the page has no end")
		}
	}
}

func TestAPageIsRenderedOnceAState(t *testing.T) {
	s := newSite(t, web.Options{})
	for state := int64(1); state <= 3; state++ {
		s.add(expense.Draft{Category: "food", Price: "2"})
		for range 5 {
			s.get("/").want(t, 200)
		}
		if n := s.store.overviews.Load(); n != state {
			t.Fatalf("%d overviews read for %d states", n, state)
		}
	}
}

// Readers who come while others write never see less than what was acknowledged before they came.
func TestReadersSeeWhatWasAcknowledged(t *testing.T) {
	s := newSite(t, web.Options{})
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 25 {
				if _, err := s.service.Add(t.Context(), ledger.LocalOwner(), expense.Draft{Category: "food", Price: "1"}); err != nil {
					t.Error(err)
				}
				before, err := s.store.Entries(t.Context())
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
	s.get("/").want(t, 200, `<data id="total" value="100.00">`)
}

func TestMessagesAreSaidOnce(t *testing.T) {
	s := newSite(t, web.Options{})
	added := s.post("/add", "category", "food", "price", "2")
	cookie := added.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.MaxAge <= 0 || strings.Contains(cookie.Value, "food") {
		t.Errorf("cookie %v", cookie)
	}
	told := s.follow(added)
	told.want(t, 200, "Added food, $2.00.")
	if cleared := told.Cookies(); len(cleared) != 1 || cleared[0].MaxAge >= 0 {
		t.Errorf("the message stays: %v", cleared)
	}
	s.get("/").want(t, 200, "!Added food")
}

func TestACookieOfAnothersMakingSaysNothing(t *testing.T) {
	s := newSite(t, web.Options{})
	s.add(expense.Draft{Category: "food", Price: "2"})
	for _, value := range []string{"", "added", "added.", "added.x", "added.-1", "added.99", "deleted.1", "renamed.7", "x.1", "<script>.1"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "flash="+value)
		s.do(r).want(t, 200, `!role="status"`, "food")
	}
}

func TestTheDemoSaysThatNothingIsKept(t *testing.T) {
	newSite(t, web.Options{}).get("/").want(t, 200, "!nothing here is kept")
	newSite(t, web.Options{Demo: true}).get("/").want(t, 200, "nothing here is kept")
}

func TestOlderPagesLeadThroughTheWholeList(t *testing.T) {
	s := newSite(t, web.Options{})
	for i := range 13 {
		s.add(expense.Draft{Category: fmt.Sprintf("c%02d.", i+1), Price: "1", Date: fmt.Sprintf("2026-11-%02d", i+1)})
	}
	s.get("/").want(t, 200, "c13.", "c09.", "!data-id=\"8\"", `href="/expenses?before=2026-11-09_9"`)
	s.get("/expenses?before=2026-11-09_9").want(t, 200, "c08.", "c04.", "!c09.", "!c03.", `href="/expenses?after=2026-11-08_8"`, `href="/expenses?before=2026-11-04_4"`,
		`href="/expenses/8?before=2026-11-09_9"`)
	s.get("/expenses?before=2026-11-04_4").want(t, 200, "c03.", "c01.", "!>Older<", "!>Oldest<")
	s.get("/expenses?after=2026-11-03_3").want(t, 200, "c08.", "c04.", "!c09.", "!c03.")
	s.get("/expenses?after=2026-11-08_8").want(t, 200, "c13.", "c09.", "!>Newer<")
	s.get("/expenses?from=oldest").want(t, 200, "c05.", "c01.", "!c06.", "!>Older<", `href="/expenses?after=2026-11-05_5"`)
	s.store.takeAway()
	s.get("/expenses?from=oldest").want(t, 503, "not available")
}

// The pages of the list are kept as the first one is, and no longer than that.
func TestOlderPagesShowChangesAtOnce(t *testing.T) {
	s := newSite(t, web.Options{})
	s.add(expense.Draft{Category: "food", Price: "1", Date: "2026-11-23"})
	for _, path := range []string{"/expenses?from=oldest", "/expenses?before=2026-12-01_9", "/expenses?after=2026-01-01_9"} {
		for range 2 { // rendered, and kept
			s.get(path).want(t, 200, "food", "$1.00", "Today", "!role=\"status\"")
		}
	}
	read := s.store.lists.Load()
	s.get("/expenses?x=1&from=oldest").want(t, 200, "food")
	if again := s.store.lists.Load(); read != 3 || again != 3 {
		t.Errorf("three pages were read %d times, and %d times after the same address with more in it", read, again)
	}
	s.follow(s.post("/expenses/1?from=oldest", "category", "books", "price", "2", "revision", "1", "date", "2026-11-23")).want(t, 200, "Saved books", "$2.00")
	s.get("/expenses?from=oldest").want(t, 200, "books", "!Saved", "!food")
	s.now = s.now.Add(24 * time.Hour)
	s.get("/expenses?from=oldest").want(t, 200, "Yesterday", "!Today")
}
