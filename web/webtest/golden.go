package webtest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"expense-tracker/core/account"
	"expense-tracker/core/expense"
	"expense-tracker/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// addressHash is the part of an asset's address that changes with its content.
var addressHash = regexp.MustCompile(`(/static/[a-z]+)\.[0-9a-f]{12}\.`)

// The links of the navigation, which all areas share, and those among them that lead to another area than the page's.
var (
	navigation = regexp.MustCompile(`(?s)<nav class="(tabs|bar)" aria-label="Main">\n.*?</nav>`)
	elsewhere  = regexp.MustCompile(`(?s)<a (?:class="act" )?href="[^"]*">.*?</a>\n`)
)

// Golden compares a page of a new site with testdata/NAME.golden.html of the test's package, so that a change of a template shows in
// a review. It leaves out the links to other areas, so that a new area changes none of this area's files.
func Golden(t *testing.T, name string, page func(*Site) Answer) {
	t.Helper()
	GoldenWhole(t, name, func(s *Site) Answer {
		answer := page(s)
		answer.Body = withoutOthers(answer.Body)
		return answer
	})
}

// GoldenWhole is Golden with all links of the navigation.
func GoldenWhole(t *testing.T, name string, page func(*Site) Answer) {
	t.Helper()
	t.Run(name, func(t *testing.T) { compare(t, name, page(New(t, web.Options{Version: "1.0.0"})).Body) })
}

// GoldenGated is Golden for a page of a site where people sign in.
func GoldenGated(t *testing.T, name string, page func(*Gated) Answer) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		compare(t, name, withoutOthers(page(NewGated(t, web.Options{Version: "1.0.0"})).Body))
	})
}

// withoutOthers returns a page without the links to other areas.
func withoutOthers(body string) string {
	return navigation.ReplaceAllStringFunc(body, func(nav string) string { return elsewhere.ReplaceAllString(nav, "") })
}

// compare compares a page with its golden file.
func compare(t *testing.T, name, body string) {
	t.Helper()
	got := addressHash.ReplaceAllString(body, "$1.HASH.")
	file := filepath.Join("testdata", name+".golden.html")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the page differs from %s; if it should, run go test ./web/... -update and look at the difference. Now it is:\n%s", file, got)
	}
}

// Furnish stores some expenses of two months and two currencies.
func Furnish(s *Site) {
	s.T.Helper()
	for _, draft := range []expense.Draft{
		{Category: "Groceries", Price: "64.20", Note: "Market, and <cheese>"},
		{Category: "Coffee", Price: "3.80", Date: "2026-11-22"},
		{Category: "Rent", Price: "1200", Date: "2026-11-01"},
		{Category: "Coffee", Price: "4.10", Currency: "EUR", Date: "2026-11-22"},
		{Category: "Groceries", Price: "51.05", Date: "2026-10-30"},
		{Category: "Books", Price: "18", Date: "2025-12-24", Note: "For Anna"},
	} {
		s.Add(draft)
	}
}

// GoldenFederated is Golden for a page of a site where people sign in at a provider.
func GoldenFederated(t *testing.T, name string, options web.Options, page func(*Gated) Answer) {
	t.Helper()
	options.Version = "1.0.0"
	t.Run(name, func(t *testing.T) {
		compare(t, name, withoutOthers(page(NewFederated(t, options, account.Policy{SignUp: []string{"*"}})).Body))
	})
}
