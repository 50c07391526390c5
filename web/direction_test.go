package web_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

var (
	control   = regexp.MustCompile(`<(?:input|textarea)\b[^>]*>`)
	noText    = regexp.MustCompile(` type="(?:hidden|radio|checkbox|date|\{\{[^}]*[.](?:[A-Z][a-z]*Type|From|To)\b[^"]*)"`)
	noWords   = regexp.MustCompile(` (?:class="(?:code|amount)"|inputmode="(?:numeric|decimal)")`)
	directed  = ` dir="auto"`
	nameOfOne = regexp.MustCompile(` name="([^"]*)"`)
)

// undirected returns the controls of a template into which people type words, and which do not take the direction of those.
func undirected(template string) []string {
	var names []string
	for _, tag := range control.FindAllString(template, -1) {
		if !noText.MatchString(tag) && !noWords.MatchString(tag) && !strings.Contains(tag, directed) {
			names = append(names, nameOfOne.FindStringSubmatch(tag)[1])
		}
	}
	return names
}

// A control runs in the direction of the words that are typed into it, whatever the page's own is.
func TestEveryControlForWordsTakesTheirDirection(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" || strings.Contains(path, "testdata") {
			return err
		}
		files++
		source, err := os.ReadFile(path)
		for _, name := range undirected(string(source)) {
			t.Errorf(`%s: %q has no dir="auto"`, path, name)
		}
		return err
	})
	if err != nil || files < 20 {
		t.Fatal(files, err)
	}
	for source, want := range map[string]string{
		`<input name="a"><input name="b" dir="auto"><input name="c" type="search">`:                "[a c]",
		`<textarea name="a"></textarea><input name="b" type="hidden"><input name="c" type="date">`: "[a]",
		`<input name="a" class="code"><input name="b" class="amount" inputmode="decimal">`:         "[]",
		`<input name="a" type="{{.DateType}}"><input name="b" type="{{.Form.MonthType}}">`:         "[]",
	} {
		if got := fmt.Sprint(undirected(source)); got != want {
			t.Errorf("%s: %s, want %s", source, got, want)
		}
	}
}

// typedTexts begin whatever the test types.
var typedTexts = regexp.MustCompile(`^\s*#?zz[a-z]+`)

// misdirected returns the elements of a page that begin with what somebody typed, and take the page's direction instead of its own.
func misdirected(t *testing.T, page string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	var walk func(node *html.Node, own bool)
	walk = func(node *html.Node, own bool) {
		switch node.Type { //nolint:exhaustive // no other kind shows a text
		case html.ElementNode:
			if node.Data == "title" || node.Data == "datalist" { // which the browser shows, as it likes
				return
			}
			own = own || node.Data == "bdi" || attribute(node, "dir") == "auto"
			kind := attribute(node, "type")
			if node.Data == "input" && !own && kind != "hidden" && kind != "radio" && typedTexts.MatchString(attribute(node, "value")) {
				found = append(found, "input "+attribute(node, "name"))
			}
		case html.TextNode:
			if !own && typedTexts.MatchString(node.Data) {
				found = append(found, node.Parent.Data+" "+strings.TrimSpace(node.Data))
			}
		}
		for child := range node.ChildNodes() {
			walk(child, own)
		}
	}
	walk(root, false)
	return found
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// What people typed is shown in the direction of its own letters.
func TestWhatPeopleTypedKeepsItsDirection(t *testing.T) {
	if got := misdirected(t, `<p>zza</p><p dir=auto><b>zzb</b></p><bdi>zzc</bdi><b>#zzd</b><input name=e value=zze>`); len(got) != 3 {
		t.Errorf("of three, these are found: %q", got)
	}
	s := webtest.New(t, web.Options{})
	for range 2 {
		s.Add(expense.Draft{Category: "zzcategory", Price: "5", Payee: "zzpayee", Note: "zznote", Tags: "#zztag"})
	}
	s.Add(expense.Draft{Category: "zzother", Price: "7", Note: "zzalone", Tags: "#zztag"})
	s.Follow(s.Post("/budgets", "category", "1", "amount", "50"))
	s.Follow(s.Post("/repeats", "category", "zzcategory", "price", "5", "frequency", "monthly", "every", "1", "start", "2026-12-01",
		"payee", "zzpayee", "note", "zznote", "tags", "#zztag"))
	s.Follow(s.Post("/expenses/1", "revision", "1", "category", "zzother", "price", "5", "payee", "zzpayee", "note", "zznew",
		"tags", "#zztag"))
	s.Follow(s.Post("/expenses/2/delete", "revision", "1"))
	edit := []string{"revision", "1", "category", "zzmine", "price", "5", "payee", "zzmine", "note", "zzmine", "tags", "#zzmine"}
	pages := map[string]webtest.Answer{
		"a clash":       s.Post("/expenses/1", edit...),
		"deleted":       s.Post("/expenses/2", edit...),
		"refused":       s.Post("/add", "category", "zzcategory", "payee", "zzpayee", "note", "zznote", "tags", "#zztag", "line", "zzline"),
		"a line":        s.Get("/quick?line=5+zzcategory"),
		"a merge":       s.Post("/categories/1/merge", "revision", "1", "into_name", "zzunknown"),
		"several again": s.Post("/several", "category", "zzcategory", "tags", "#zza", "untag", "#zzb"),
	}
	for _, path := range []string{
		"/", "/add", "/add?again=1", "/expenses?from=oldest", "/expenses/1", "/expenses/2", "/categories", "/categories/1", "/categories/2",
		"/budgets", "/budgets/new", "/budgets/1", "/repeats", "/repeats/1", "/repeats/new?from=1", "/search?category=zzother&tag=zztag&q=zz",
		"/several", "/bin", "/months/2026-11", "/years/2026", "/settings", "/more", "/rates",
	} {
		pages[path] = s.Get(path)
		pages[path].Want(t, http.StatusOK)
	}
	shown := 0
	for path, page := range pages {
		if strings.Contains(page.Body, "zz") {
			shown++
		}
		for _, wrong := range slices.Compact(misdirected(t, page.Body)) {
			t.Errorf("%s: %s", path, wrong)
		}
	}
	if shown < 20 {
		t.Errorf("only %d pages show what was typed", shown)
	}
}
