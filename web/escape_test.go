package web_test

import (
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestWhatIsTypedIsTextAndNothingElse(t *testing.T) {
	const evil = `<script>alert(1)</script>`
	const sly = `"><img src=x> name="idempotency_key" value="`
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: evil, Price: "1", Note: sly})
	s.Add(expense.Draft{Category: sly, Price: "2", Note: evil})
	for _, path := range []string{
		"/", "/expenses?from=oldest", "/expenses/1", "/expenses/2", "/categories", "/categories/1", "/categories/2",
	} {
		got := s.Get(path)
		got.Want(t, 200, "!<script>alert", "!<img src=x", "&lt;script&gt;")
	}
	if got := s.Get("/"); got.Key(t) == s.Get("/").Key(t) || strings.Count(got.Body, `name="idempotency_key" value="`) != 1 {
		t.Error("a category moved the place of the key")
	}
	s.Post("/add", "category", evil, "price", sly).Want(t, 422, "!<script>alert", "!<img src=x", "&lt;script&gt;")
}
