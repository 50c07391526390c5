package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/expense"
	"expense-tracker/core/money"
)

// A place that is understood is written back as an address of this site that means the same place.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "before=2026-01-31_17", "after=2026-01-31_17", "from=oldest", "before=x", "before=2026-01-31_0", "before=2026-01-31_1&after=2026-01-31_1", "before=//evil"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		place, err := parseCursor(values)
		if err != nil {
			return
		}
		address, err := url.Parse(place.address())
		if err != nil || address.Host != "" || (address.Path != "/" && address.Path != "/expenses") {
			t.Fatalf("%q leads to %q, %v", query, place.address(), err)
		}
		again, err := parseCursor(address.Query())
		if err != nil || again.address() != place.address() {
			t.Fatalf("%q leads to %q, which reads back as %q, %v", query, place.address(), again.address(), err)
		}
	})
}

// Whatever is sent is either stored and redirected, or refused with a page of valid text.
func FuzzAddForm(f *testing.F) {
	for _, seed := range []string{"category=food&price=12.50", "category=%ff&price=1", "price=1&category=%00", "category=a&price=1&date=2026-02-30", "a=%zz", "category=%3Cscript%3E&price=x", ";"} {
		f.Add(seed, formType)
	}
	f.Add("--x\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nfood\r\n--x--", "multipart/form-data; boundary=x")
	usd, err := money.ParseCurrency("USD")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body, contentType string) {
		service := expense.NewService(memory.New(), expense.Settings{Currency: usd, Now: time.Now, NewKey: func() expense.Key { return "k" }, PageSize: 5})
		site, err := New(service, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodPost, "/add", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		switch w.Code {
		case http.StatusSeeOther:
			home := httptest.NewRecorder()
			site.ServeHTTP(home, httptest.NewRequest(http.MethodGet, "/", nil))
			if home.Code != http.StatusOK || !strings.Contains(home.Body.String(), `data-id="1"`) {
				t.Fatalf("%q is accepted and not shown: %d", body, home.Code)
			}
		case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
			if page := w.Body.String(); !utf8.ValidString(page) || strings.ContainsRune(page, 0) || !strings.HasSuffix(page, "</html>\n") {
				t.Fatalf("%q is answered with a broken page: %q", body, page)
			}
		default:
			t.Fatalf("%q is answered with %d", body, w.Code)
		}
	})
}
