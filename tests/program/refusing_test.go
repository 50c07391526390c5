package program_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// mistake is a form that must not be taken, and the field that is to be named.
type mistake struct {
	name, category, price, field string
}

func mistakes() []mistake {
	return []mistake{
		{"letters", "food", "abc", "price"},
		{"no price", "food", "", "price"},
		{"no number", "food", "NaN", "price"},
		{"a float", "food", "1e400", "price"},
		{"hexadecimal", "food", "0x10", "price"},
		{"underscore", "food", "1_000", "price"},
		{"below zero", "food", "-5", "price"},
		{"zero", "food", "0", "price"},
		{"zero with decimals", "food", "0.00", "price"},
		{"too many decimals", "food", "12.345", "price"},
		{"a rounding trap", "food", "1.005", "price"},
		{"too large", "food", "999999999999999999", "price"},
		{"no category", "", "1", "category"},
		{"a category of spaces", "   ", "1", "category"},
		{"a category over the limit", strings.Repeat("é", 101), "1", "category"},
		{"a NUL", "fo\x00od", "1", "category"},
		{"a control character", "fo\x1bod", "1", "category"},
		{"a line break", "fo\nod", "1", "category"},
	}
}

func TestBadInputIsNamedAtItsFieldAndNotStored(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		p := programtest.Start(t, url)
		user := programtest.Visit(t, p.URL)
		user.Add("before", "1.23")
		for _, m := range mistakes() {
			answer := user.Post("/add", programtest.Form("category", m.category, "price", m.price, "note", "kept <b>", "date", "2024-02-29",
				"currency", "EUR"))
			check.Equal(t, m.name+": status", answer.Status, http.StatusUnprocessableEntity)
			if answer.ErrorAt(m.field) == "" {
				t.Errorf("%s: nothing is said at the field %s", m.name, m.field)
			}
			check.Contains(t, m.name+": the summary", answer.Problem(), "Please check")
			if !strings.ContainsAny(m.category, "\x00\x1b\n") { // which no HTML can carry
				check.Equal(t, m.name+": category", answer.Field("category"), m.category)
			}
			check.Equal(t, m.name+": price", answer.Field("price"), m.price)
			check.Equal(t, m.name+": note", answer.Field("note"), "kept <b>")
			check.Equal(t, m.name+": date", answer.Field("date"), "2024-02-29")
			check.Equal(t, m.name+": currency", answer.Field("currency"), "EUR")
			check.Equal(t, m.name+": total", answer.Total(), "1.23")
		}
		refusedElsewhere(t, user)
		user.Add("after", "1.00")
		home := user.Get("/")
		check.Equal(t, "total", home.Total(), "2.23")
		check.Equal(t, "rows", len(home.Rows()), 2)
		check.Eventually(t, 30*time.Second, "expense_entries is 2",
			func() bool { return programtest.Metric(t, p.URL, "expense_entries", nil) == 2 })
		check.Equal(t, "rejected", programtest.Metric(t, p.URL, "expense_submissions_total", programtest.Labels{"outcome": "rejected"}),
			float64(len(mistakes())+6))
	})
}

// refusedElsewhere sends six adds whose fault is not in price or category.
func refusedElsewhere(t *testing.T, user *programtest.Visitor) {
	t.Helper()
	for field, typed := range map[string]string{
		"date": "2023-02-29", "currency": "XQQ", "note": strings.Repeat("n", 1001), "idempotency_key": strings.Repeat("k", 129),
	} {
		answer := user.Post("/add", programtest.Form("category", "food", "price", "1", field, typed))
		check.Equal(t, field+": status", answer.Status, http.StatusUnprocessableEntity)
		if field == "idempotency_key" {
			check.Contains(t, "the summary", answer.Problem(), "idempotency key")
			if kept := answer.Field(field); kept == "" || kept == typed {
				t.Errorf("the form goes on with the key %q", kept)
			}
			continue
		}
		check.Equal(t, field, answer.Field(field), typed)
		if answer.ErrorAt(field) == "" {
			t.Errorf("nothing is said at the field %s", field)
		}
	}
	answer := user.Send(http.MethodPost, "/add", "category=%ff%fe&price=1", map[string]string{"Content-Type": programtest.FormType})
	check.Equal(t, "invalid UTF-8: status", answer.Status, http.StatusUnprocessableEntity)
	check.Contains(t, "invalid UTF-8", answer.ErrorAt("category"), "UTF-8")
	answer = user.Post("/add", programtest.Form("category", "food", "price", "1", "note", strings.Repeat("n", 65536)))
	check.Equal(t, "a body over the limit: status", answer.Status, http.StatusRequestEntityTooLarge)
	check.Contains(t, "a body over the limit", answer.Body, "65,536 bytes", "Nothing was stored")
}

func TestUnknownAddressesAndMethodsGetAPage(t *testing.T) {
	t.Parallel()
	user := programtest.Visit(t, programtest.Start(t, "memory:").URL)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/expenses/1/delete", http.StatusMethodNotAllowed, "POST"},
		{"DELETE", "/add", http.StatusMethodNotAllowed, "GET, HEAD, POST"},
		{"POST", "/", http.StatusMethodNotAllowed, "GET, HEAD"},
		{"PUT", "/expenses/1", http.StatusMethodNotAllowed, "GET, HEAD, POST"},
		{"GET", "/nothing", http.StatusNotFound, ""},
		{"POST", "/nothing", http.StatusNotFound, ""},
		{"GET", "/expenses/1", http.StatusNotFound, ""},
		{"GET", "/expenses/one", http.StatusNotFound, ""},
		{"GET", "/categories/99999999999999999999", http.StatusNotFound, ""},
		{"GET", "/expenses?before=yesterday", http.StatusNotFound, ""},
		{"GET", "/static/../main.go", http.StatusNotFound, ""},
	} {
		answer := user.Send(test.method, test.path, "", nil)
		what := test.method + " " + test.path
		check.Equal(t, what, answer.Status, test.status)
		check.Equal(t, what+": Allow", answer.Header.Get("Allow"), test.allow)
		if answer.Title() == "" || answer.Link("To your expenses") != "/" {
			t.Errorf("%s: the page has no title or no way out:\n%s", what, answer.Body)
		}
	}
	check.Equal(t, "HEAD /", user.Send("HEAD", "/", "", nil).Status, http.StatusOK)
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	user := programtest.Visit(t, programtest.Start(t, "memory:").URL)
	for name, header := range map[string]map[string]string{
		"another origin":     {"Origin": "https://elsewhere.example"},
		"a null origin":      {"Origin": "null"},
		"a cross-site fetch": {"Sec-Fetch-Site": "cross-site"},
		"a sibling site":     {"Sec-Fetch-Site": "same-site"},
	} {
		header["Content-Type"] = programtest.FormType
		answer := user.Send(http.MethodPost, "/add", "category=food&price=1", header)
		check.Equal(t, name, answer.Status, http.StatusForbidden)
	}
	check.Equal(t, "total", user.Get("/").Total(), "0.00")
	own := map[string]string{"Content-Type": programtest.FormType, "Origin": user.URL, "Sec-Fetch-Site": "same-origin"}
	check.Equal(t, "its own form", user.Send(http.MethodPost, "/add", "category=food&price=1", own).Status, http.StatusSeeOther)
}

func TestOnlyFormsAreRead(t *testing.T) {
	t.Parallel()
	user := programtest.Visit(t, programtest.Start(t, "memory:").URL)
	for contentType, status := range map[string]int{
		"application/json": http.StatusUnsupportedMediaType, "text/plain": http.StatusUnsupportedMediaType,
		"multipart/form-data": http.StatusBadRequest, ";;": http.StatusUnsupportedMediaType,
	} {
		answer := user.Send(http.MethodPost, "/add", `{"category":"food","price":"1"}`, map[string]string{"Content-Type": contentType})
		check.Equal(t, contentType, answer.Status, status)
	}
	check.Equal(t, "total", user.Get("/").Total(), "0.00")
}
