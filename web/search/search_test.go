package search_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func furnish(s *webtest.Site) {
	webtest.Furnish(s)
	s.Add(expense.Draft{Category: "Groceries", Price: "8.20", Date: "2026-10-02", Payee: "Café Market", Note: "bread", Tags: "#work family"})
	s.Add(expense.Draft{Category: "Groceries", Price: "4", Date: "2026-10-03", Payee: "Café Market", Refund: true})
	s.Add(expense.Draft{Category: "=HYPERLINK", Price: "1", Date: "2026-09-03", Payee: "+1", Note: "@a, \"b\"\nc", Tags: "-x"})
}

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "search", func(s *webtest.Site) webtest.Answer { furnish(s); return s.Get("/search?q=market+cafe") })
	webtest.Golden(t, "search_filtered", func(s *webtest.Site) webtest.Answer {
		furnish(s)
		return s.Get("/search?category=groceries&from=2026-10-01&to=2026-11-30&max=50&tag=work&currency=usd")
	})
	webtest.Golden(t, "search_nothing", func(s *webtest.Site) webtest.Answer { furnish(s); return s.Get("/search?q=zeppelin") })
	webtest.Golden(t, "search_refused", func(s *webtest.Site) webtest.Answer { return s.Get("/search?from=soon&min=5&max=1&q=<b>") })
}

func TestCountAndTotalsAreOfTheWholeResult(t *testing.T) {
	s := webtest.New(t, web.Options{})
	furnish(s)
	s.Get("/search").Want(t, http.StatusOK, `id="result-count" value="9"`, `id="result-total" value="1342.25"`,
		`id="result-total-EUR" value="4.10"`, `rel="next"`, `!rel="prev"`)
	s.Get("/search?q=CAFE").Want(t, http.StatusOK, `id="result-count" value="2"`, `id="result-total" value="4.20"`, "<mark>Café</mark>",
		`!rel="next"`)
	s.Get("/search?q=coffee").Want(t, http.StatusOK, `id="result-count" value="2"`, `id="result-total" value="3.80"`,
		`id="result-total-EUR" value="4.10"`, "<mark>Coffee</mark>")
	s.Get("/search?q=51.05").Want(t, http.StatusOK, `id="result-count" value="1"`)
	s.Get("/search?category=COFFEE&category=Books").Want(t, http.StatusOK, `id="result-count" value="3"`)
	s.Get("/search?category=nobody").Want(t, http.StatusOK, `id="result-count" value="0"`, `id="result-total" value="0.00"`)
	s.Get("/search?tag=WORK").Want(t, http.StatusOK, `id="result-count" value="1"`)
	s.Get("/search?from=2026-10-30&to=2026-10-30").Want(t, http.StatusOK, `id="result-count" value="1"`)
	s.Get("/search?min=3.80&max=4.10").Want(t, http.StatusOK, `id="result-count" value="3"`)
	s.Post("/expenses/1/delete", "revision", "1")
	s.Get("/search?deleted=1").Want(t, http.StatusOK, `id="result-count" value="1"`, `data-id="1"`)
}

// Some spreadsheets take wide signs for the usual ones.
func TestWideSignsAreMadeHarmlessToo(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "＝1+1", Price: "1", Payee: "＠a", Note: "－b", Tags: "＋c"})
	s.Get("/search.csv").Want(t, http.StatusOK, "2026-11-23,'＝1+1,1.00,USD,'＠a,'－b,'＋c,1,")
}

// The form of a search that was refused keeps its categories, so each can be taken away.
func TestARefusedSearchCanBeFreedOfItsCategories(t *testing.T) {
	const most = 50
	s := webtest.New(t, web.Options{})
	many := "/search?deleted=1" + strings.Repeat("&category=tea", most) + "&category=last"
	less := "/search?" + strings.TrimPrefix(strings.Repeat("&amp;category=tea", most), "&amp;") + "&amp;deleted=1"
	s.Get(many).Want(t, http.StatusUnprocessableEntity, `id="category-error"`, `<a class="chip" href="`+less+`"><bdi>last</bdi>`,
		"<span>Deleted</span>")
}

// Page by page forwards and back, every row is met once.
func TestPagesLeadBothWays(t *testing.T) {
	s := webtest.New(t, web.Options{})
	furnish(s)
	ids := func(a webtest.Answer) (all []string) {
		for _, part := range strings.Split(a.Body, ` data-id="`)[1:] {
			id, _, _ := strings.Cut(part, `"`)
			all = append(all, id)
		}
		return all
	}
	link := func(a webtest.Answer, rel string) string {
		before, _, found := strings.Cut(a.Body, `" rel="`+rel+`"`)
		if !found {
			t.Fatalf("no %s", rel)
		}
		return strings.ReplaceAll(before[strings.LastIndex(before, `href="`)+6:], "&amp;", "&")
	}
	first := s.Get("/search?from=2020-01-01")
	second := s.Get(link(first, "next"))
	second.Want(t, http.StatusOK, `!rel="next"`, `value="9"`)
	if all := append(ids(first), ids(second)...); len(all) != 9 {
		t.Errorf("%v, want nine", all)
	}
	if back := s.Get(link(second, "prev")); !slices.Equal(ids(back), ids(first)) {
		t.Errorf("back to %v, want %v", ids(back), ids(first))
	}
}

func TestWrongFiltersAreRefusedAtTheirField(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for field, value := range map[string]string{
		"q": strings.Repeat("a", 201), "from": "2026-02-30", "to": "x", "min": "-1", "max": "1e9", "currency": "none", "tag": "a b",
	} {
		for _, path := range []string{"/search", "/search.csv"} {
			s.Get(path+"?"+url.Values{field: {value}}.Encode()).Want(t, http.StatusUnprocessableEntity, `id="`+field+`-error"`, `value="`+value+`"`)
		}
	}
	s.Get("/search?q="+strings.Repeat("a", 10_000)).Want(t, http.StatusUnprocessableEntity, `id="q-error"`)
	s.Get("/search?from=2026-03-01&to=2026-02-01").Want(t, http.StatusUnprocessableEntity, `id="to-error"`)
	s.Get("/search?min=5&max=1").Want(t, http.StatusUnprocessableEntity, `id="max-error"`)
	s.Get("/search?before=x").Want(t, http.StatusNotFound)
	if a := s.Get("/search?q=a&tag=&from="); a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != "/search?q=a" {
		t.Errorf("%d to %s, want the address without what is empty", a.StatusCode, a.Header.Get("Location"))
	}
}

func TestTheFileIsExactAndHarmless(t *testing.T) {
	s := webtest.New(t, web.Options{})
	furnish(s)
	a := s.Get("/search.csv?to=2026-10-05&from=2026-01-01")
	a.Want(t, http.StatusOK, "date,category,price,currency,payee,note,tags,id,", "\r\n",
		"2026-10-03,Groceries,-4.00,USD,Café Market,,,8,true,false,\r\n")
	rows, err := csv.NewReader(strings.NewReader(a.Body)).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if want := []string{"2026-09-03", "'=HYPERLINK", "1.00", "USD", "'+1", "'@a, \"b\"\nc", "'-x", "9", "false",
		"false", ""}; !slices.Equal(rows[3], want) {
		t.Errorf("%q, want %q", rows[3], want)
	}
	if strings.Count(a.Body, "\n") != strings.Count(a.Body, "\r\n") {
		t.Error("a line ends without CRLF")
	}
	if got := a.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/csv") {
		t.Errorf("it is %s", got)
	}
	s.Get("/search.csv?q=zeppelin").Want(t, http.StatusOK, "date,category,price,currency")
}

// Whatever an address asks for is answered with a whole page, or refused with one.
func FuzzSearch(f *testing.F) {
	for _, seed := range []string{"q=a", "q=%25_%22", "from=2026-01-01&to=x", "min=1&max=0", "category=1&category=%ff",
		"before=2026-01-01_1", "tag=%23"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		s := webtest.New(t, web.Options{})
		furnish(s)
		for _, path := range []string{"/search", "/search.csv"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.URL.RawQuery = query
			a := s.Do(r)
			switch a.StatusCode {
			case http.StatusOK, http.StatusSeeOther, http.StatusNotFound, http.StatusUnprocessableEntity:
				if !utf8.ValidString(a.Body) {
					t.Errorf("%s?%s: no valid text", path, query)
				}
			default:
				t.Errorf("%s?%s is answered with %d", path, query, a.StatusCode)
			}
		}
	})
}

// Who opens an expense from a search comes back to that page of it, whatever they did, and sees what happened.
func TestSavingLeadsBackToTheSearch(t *testing.T) {
	s := webtest.New(t, web.Options{})
	furnish(s)
	const back = "?search=q%3Dcafe"
	s.Get("/search?q=cafe").Want(t, http.StatusOK, `href="/expenses/7`+back+`"`)
	shown := s.Get("/expenses/7" + back)
	shown.Want(t, http.StatusOK, `action="/expenses/7`+back+`"`, `href="/search?q=cafe"`)
	saved := s.Post("/expenses/7"+back, "revision", shown.Revision(t), "category", "Groceries", "price", "9", "date", "2026-10-02", "payee",
		"Café")
	saved.Want(t, http.StatusSeeOther)
	if to := saved.Header.Get("Location"); to != "/search?q=cafe#e7" {
		t.Errorf("saving leads to %s", to)
	}
	s.Follow(saved).Want(t, http.StatusOK, "Saved Groceries, $9.00", `id="e7" data-id="7" class="lit"`, `!id="e8" data-id="8" class="lit"`)
	for _, made := range []string{"//evil.example/", "https://evil.example", "%2F%2Fevil", "before=2026-13-01_1", "%zz", "\x00"} {
		address := "/expenses/7?search=" + url.QueryEscape(made)
		answer := s.Post(address, "revision", s.Get("/expenses/7").Revision(t), "category", "Groceries", "price", "9", "date", "2026-10-02")
		if to := answer.Header.Get("Location"); to != "/#e7" && !strings.HasPrefix(to, "/search") {
			t.Errorf("%q leads to %q", made, to)
		}
	}
}
