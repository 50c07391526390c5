package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestMessagesAreSaidOnce(t *testing.T) {
	s := webtest.New(t, web.Options{})
	added := s.Post("/add", "category", "food", "price", "2")
	cookie := added.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.MaxAge <= 0 || strings.Contains(cookie.Value, "food") {
		t.Errorf("cookie %v", cookie)
	}
	told := s.Follow(added)
	told.Want(t, 200, "Added food, $2.00.")
	if cleared := told.Cookies(); len(cleared) != 1 || cleared[0].MaxAge >= 0 {
		t.Errorf("the message stays: %v", cleared)
	}
	s.Get("/").Want(t, 200, "!Added food")
}

func TestACookieOfAnothersMakingSaysNothing(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "2"})
	for _, value := range []string{"", "added", "added.", "added.x", "added.-1", "added.99", "deleted.1", "renamed.7", "x.1", "<script>.1"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", "flash="+value)
		s.Do(r).Want(t, 200, `!role="status"`, "food")
	}
}

func TestTheDemoSaysThatNothingIsKept(t *testing.T) {
	webtest.New(t, web.Options{}).Get("/").Want(t, 200, "!nothing here is kept")
	webtest.New(t, web.Options{Demo: true}).Get("/").Want(t, 200, "nothing here is kept")
}
