package expenses_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"expense-tracker/adapters/memory"
	"expense-tracker/core/idempotency"
	"expense-tracker/core/ledger"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

// Whatever is sent is either stored and redirected, or refused with a page of valid text.
func FuzzAddForm(f *testing.F) {
	for _, seed := range []string{
		"category=food&price=12.50", "category=%ff&price=1", "price=1&category=%00", "category=a&price=1&date=2026-02-30", "a=%zz",
		"category=%3Cscript%3E&price=x", ";", "line=5+food+yesterday+%23a&category=x", "line=%00", "line=5%E2%82%AC",
	} {
		f.Add(seed, "application/x-www-form-urlencoded")
	}
	f.Add("--x\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\nfood\r\n--x--", "multipart/form-data; boundary=x")
	f.Fuzz(func(t *testing.T, body, contentType string) {
		settings := webtest.Settings{Now: time.Now, NewKey: func() idempotency.Key { return "k" }, PageSize: 5}
		site, err := web.New(webtest.Services(memory.New(), settings), web.Options{Ledger: ledgertest.Ledger(ledger.Default)})
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
