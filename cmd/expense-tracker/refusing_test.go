package main

import (
	"net/http"
	"strings"
	"testing"
	"time"
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
	onEach(t, storages(), func(t *testing.T, url string) {
		p := start(t, url)
		user := visit(t, p.URL)
		user.add("before", "1.23")
		for _, m := range mistakes() {
			answer := user.post("/add", form("category", m.category, "price", m.price, "note", "kept <b>", "date", "2024-02-29", "currency", "EUR"))
			expect(t, m.name+": status", answer.status, http.StatusUnprocessableEntity)
			if answer.errorAt(m.field) == "" {
				t.Errorf("%s: nothing is said at the field %s", m.name, m.field)
			}
			contains(t, m.name+": the summary", answer.problem(), "Please check")
			if !strings.ContainsAny(m.category, "\x00\x1b\n") { // which no HTML can carry
				expect(t, m.name+": category", answer.field("category"), m.category)
			}
			expect(t, m.name+": price", answer.field("price"), m.price)
			expect(t, m.name+": note", answer.field("note"), "kept <b>")
			expect(t, m.name+": date", answer.field("date"), "2024-02-29")
			expect(t, m.name+": currency", answer.field("currency"), "EUR")
			expect(t, m.name+": total", answer.total(), "1.23")
		}
		refusedElsewhere(t, user)
		user.add("after", "1.00")
		home := user.get("/")
		expect(t, "total", home.total(), "2.23")
		expect(t, "rows", len(home.rows()), 2)
		eventually(t, 10*time.Second, "expense_entries is 2", func() bool { return value(t, p.URL, "expense_entries", nil) == 2 })
		expect(t, "rejected", value(t, p.URL, "expense_submissions_total", set{"outcome": "rejected"}), float64(len(mistakes())+6))
	})
}

// refusedElsewhere sends six adds whose fault is not in price or category.
func refusedElsewhere(t *testing.T, user *visitor) {
	t.Helper()
	for field, typed := range map[string]string{
		"date": "2023-02-29", "currency": "XQQ", "note": strings.Repeat("n", 1001), "idempotency_key": strings.Repeat("k", 129),
	} {
		answer := user.post("/add", form("category", "food", "price", "1", field, typed))
		expect(t, field+": status", answer.status, http.StatusUnprocessableEntity)
		if field == "idempotency_key" {
			contains(t, "the summary", answer.problem(), "idempotency key")
			if kept := answer.field(field); kept == "" || kept == typed {
				t.Errorf("the form goes on with the key %q", kept)
			}
			continue
		}
		expect(t, field, answer.field(field), typed)
		if answer.errorAt(field) == "" {
			t.Errorf("nothing is said at the field %s", field)
		}
	}
	answer := user.send(http.MethodPost, "/add", "category=%ff%fe&price=1", map[string]string{"Content-Type": formType})
	expect(t, "invalid UTF-8: status", answer.status, http.StatusUnprocessableEntity)
	contains(t, "invalid UTF-8", answer.errorAt("category"), "UTF-8")
	answer = user.post("/add", form("category", "food", "price", "1", "note", strings.Repeat("n", 65536)))
	expect(t, "a body over the limit: status", answer.status, http.StatusRequestEntityTooLarge)
	contains(t, "a body over the limit", answer.body, "65536 bytes", "Nothing was stored")
}

func TestUnknownAddressesAndMethodsGetAPage(t *testing.T) {
	t.Parallel()
	user := visit(t, start(t, "memory:").URL)
	for _, test := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/add", http.StatusMethodNotAllowed, "POST"},
		{"DELETE", "/add", http.StatusMethodNotAllowed, "POST"},
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
		answer := user.send(test.method, test.path, "", nil)
		what := test.method + " " + test.path
		expect(t, what, answer.status, test.status)
		expect(t, what+": Allow", answer.header.Get("Allow"), test.allow)
		if answer.title() == "" || answer.link("To your expenses") != "/" {
			t.Errorf("%s: the page has no title or no way out:\n%s", what, answer.body)
		}
	}
	expect(t, "HEAD /", user.send("HEAD", "/", "", nil).status, http.StatusOK)
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	user := visit(t, start(t, "memory:").URL)
	for name, header := range map[string]map[string]string{
		"another origin":     {"Origin": "https://elsewhere.example"},
		"a null origin":      {"Origin": "null"},
		"a cross-site fetch": {"Sec-Fetch-Site": "cross-site"},
		"a sibling site":     {"Sec-Fetch-Site": "same-site"},
	} {
		header["Content-Type"] = formType
		answer := user.send(http.MethodPost, "/add", "category=food&price=1", header)
		expect(t, name, answer.status, http.StatusForbidden)
	}
	expect(t, "total", user.get("/").total(), "0.00")
	own := map[string]string{"Content-Type": formType, "Origin": user.url, "Sec-Fetch-Site": "same-origin"}
	expect(t, "its own form", user.send(http.MethodPost, "/add", "category=food&price=1", own).status, http.StatusSeeOther)
}

func TestOnlyFormsAreRead(t *testing.T) {
	t.Parallel()
	user := visit(t, start(t, "memory:").URL)
	for contentType, status := range map[string]int{
		"application/json": http.StatusUnsupportedMediaType, "text/plain": http.StatusUnsupportedMediaType,
		"multipart/form-data": http.StatusBadRequest, ";;": http.StatusUnsupportedMediaType,
	} {
		answer := user.send(http.MethodPost, "/add", `{"category":"food","price":"1"}`, map[string]string{"Content-Type": contentType})
		expect(t, contentType, answer.status, status)
	}
	expect(t, "total", user.get("/").total(), "0.00")
}
