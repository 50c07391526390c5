package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestANewLedgerIsEmptyAndSaysWhatToDo(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		home := visit(t, start(t, url).URL).get("/")
		expect(t, "status", home.status, http.StatusOK)
		expect(t, "total", home.total(), "0.00")
		expect(t, "rows", len(home.rows()), 0)
		contains(t, "the empty page", home.body, "Nothing here yet", `<form method="post" action="/add">`)
		for _, field := range []string{"category", "price", "note"} {
			expect(t, field, home.field(field), "")
		}
		expect(t, "currency", home.field("currency"), "USD")
		if home.field("idempotency_key") == "" || home.field("date") == "" {
			t.Error("the form has no key, or no date")
		}
	})
}

func TestAddedExpensesAreListedAndSummedExactly(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url).URL)
		answer := user.post("/add", form("category", "coffee", "price", "0.10"))
		expect(t, "status", answer.status, http.StatusSeeOther)
		expect(t, "Location", answer.header.Get("Location"), "/")
		home := user.get("/")
		contains(t, "the message", home.message(), "Added", "coffee", "0.10")
		expect(t, "total", home.total(), "0.10")
		expect(t, "the message when the page is loaded again", user.get("/").message(), "")

		home = user.add("tea", "0.20")
		expect(t, "0.10 + 0.20", home.total(), "0.30")
		rows := home.rows()
		if len(rows) != 2 {
			t.Fatalf("%d rows of 2", len(rows))
		}
		expect(t, "the newest", rows[0].category, "tea")
		contains(t, "its price", rows[0].text, "0.20")
		expect(t, "the oldest", rows[1].category, "coffee")
		if rows[0].id == rows[1].id || rows[0].id == "" {
			t.Errorf("ids %q and %q", rows[0].id, rows[1].id)
		}
	})
}

func TestWhatPeopleTypeIsUnderstood(t *testing.T) {
	t.Parallel()
	user := visit(t, start(t, "memory:").URL)
	for _, step := range []struct{ price, total string }{
		{"12,50", "12.50"}, {" 1 234.50 ", "1247.00"}, {"1.234,50", "2481.50"}, {"7", "2488.50"}, {"0.01", "2488.51"},
	} {
		expect(t, "total after "+step.price, user.add("food", step.price).total(), step.total)
	}
}

func TestEachCurrencyHasItsOwnTotal(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url).URL)
		user.add("food", "1.50")
		home := user.submit("/add", form("category", "food", "price", "300", "currency", "JPY", "date", "2024-02-29", "note", "a bento"))
		expect(t, "total", home.total(), "1.50")
		yen := home.one("data", "id", "total-JPY")
		if yen == nil {
			t.Fatal("there is no total of yen")
		}
		expect(t, "total of yen", yen.attributes["value"], "300")
		contains(t, "the page", home.body, "a bento", `datetime="2024-02-29"`)
	})
}

func TestWhatIsTypedIsShownAsText(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url).URL)
		const evil = `<script>alert(1)</script>`
		home := user.submit("/add", form("category", evil, "price", "1", "note", `"><img src=x onerror=alert(1)>`))
		expect(t, "category", home.newest().category, evil)
		for _, path := range []string{"/", home.newest().link, "/categories"} {
			body := user.get(path).body
			if strings.Contains(body, evil) || strings.Contains(body, "<img src=x") {
				t.Errorf("%s has what was typed as HTML", path)
			}
		}
	})
}

func TestAScriptAddsWithoutAKey(t *testing.T) {
	t.Parallel()
	user := visit(t, start(t, "memory:").URL)
	for range 2 { // two genuine purchases that are equal
		answer := user.send(http.MethodPost, "/add", "category=food&price=12.50", map[string]string{"Content-Type": formType, "User-Agent": "curl/8.0"})
		expect(t, "status", answer.status, http.StatusSeeOther)
	}
	expect(t, "total", user.get("/").total(), "25.00")
}
