package program_test

import (
	"net/http"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestANewLedgerIsEmptyAndSaysWhatToDo(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		home := programtest.Visit(t, programtest.Start(t, url).URL).Get("/")
		check.Equal(t, "status", home.Status, http.StatusOK)
		check.Equal(t, "total", home.Total(), "0.00")
		check.Equal(t, "rows", len(home.Rows()), 0)
		check.Contains(t, "the empty page", home.Body, "Nothing here yet", `<form method="post" action="/add"`)
		for _, field := range []string{"category", "price", "note"} {
			check.Equal(t, field, home.Field(field), "")
		}
		check.Equal(t, "currency", home.Field("currency"), "USD")
		if home.Field("idempotency_key") == "" || home.Field("date") == "" {
			t.Error("the form has no key, or no date")
		}
	})
}

func TestAddedExpensesAreListedAndSummedExactly(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		answer := user.Post("/add", programtest.Form("category", "coffee", "price", "0.10"))
		check.Equal(t, "status", answer.Status, http.StatusSeeOther)
		check.Equal(t, "Location", answer.Header.Get("Location"), "/")
		home := user.Get("/")
		check.Contains(t, "the message", home.Message(), "Added", "coffee", "0.10")
		check.Equal(t, "total", home.Total(), "0.10")
		check.Equal(t, "the message when the page is loaded again", user.Get("/").Message(), "")

		home = user.Add("tea", "0.20")
		check.Equal(t, "0.10 + 0.20", home.Total(), "0.30")
		rows := home.Rows()
		if len(rows) != 2 {
			t.Fatalf("%d rows of 2", len(rows))
		}
		check.Equal(t, "the newest", rows[0].Category, "tea")
		check.Contains(t, "its price", rows[0].Text, "0.20")
		check.Equal(t, "the oldest", rows[1].Category, "coffee")
		if rows[0].ID == rows[1].ID || rows[0].ID == "" {
			t.Errorf("ids %q and %q", rows[0].ID, rows[1].ID)
		}
	})
}

func TestWhatPeopleTypeIsUnderstood(t *testing.T) {
	t.Parallel()
	user := programtest.Visit(t, programtest.Start(t, "memory:").URL)
	for _, step := range []struct{ price, total string }{
		{"12,50", "12.50"}, {" 1 234.50 ", "1247.00"}, {"1.234,50", "2481.50"}, {"7", "2488.50"}, {"0.01", "2488.51"},
	} {
		check.Equal(t, "total after "+step.price, user.Add("food", step.price).Total(), step.total)
	}
}

func TestEachCurrencyHasItsOwnTotal(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		user.Add("food", "1.50")
		home := user.Submit("/add", programtest.Form("category", "food", "price", "300", "currency", "JPY", "date", "2024-02-29",
			"note", "a bento"))
		check.Equal(t, "total", home.Total(), "1.50")
		yen := home.One("data", "id", "total-JPY")
		if yen == nil {
			t.Fatal("there is no total of yen")
		}
		check.Equal(t, "total of yen", yen.Attributes["value"], "300")
		check.Contains(t, "the page", home.Body, "a bento", `datetime="2024-02-29"`)
	})
}

func TestWhatIsTypedIsShownAsText(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		const evil = `<script>alert(1)</script>`
		home := user.Submit("/add", programtest.Form("category", evil, "price", "1", "note", `"><img src=x onerror=alert(1)>`))
		check.Equal(t, "category", home.Newest().Category, evil)
		for _, path := range []string{"/", home.Newest().Link, "/categories"} {
			body := user.Get(path).Body
			if strings.Contains(body, evil) || strings.Contains(body, "<img src=x") {
				t.Errorf("%s has what was typed as HTML", path)
			}
		}
	})
}

func TestAScriptAddsWithoutAKey(t *testing.T) {
	t.Parallel()
	user := programtest.Visit(t, programtest.Start(t, "memory:").URL)
	for range 2 { // two genuine purchases that are equal
		answer := user.Send(http.MethodPost, "/add", "category=food&price=12.50",
			map[string]string{"Content-Type": programtest.FormType, "User-Agent": "curl/8.0"})
		check.Equal(t, "status", answer.Status, http.StatusSeeOther)
	}
	check.Equal(t, "total", user.Get("/").Total(), "25.00")
}
