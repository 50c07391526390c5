package web_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web"
)

var update = flag.Bool("update", false, "write the golden files anew")

// addressHash is the part of an asset's address that changes with its content.
var addressHash = regexp.MustCompile(`(/static/[a-z]+)\.[0-9a-f]{12}\.`)

// The pages as they are sent, so that a change of a template shows in a review.
func TestPagesAreAsTheyWere(t *testing.T) {
	for _, tt := range []struct {
		name string
		page func(*site) answer
	}{
		{"home_empty", func(s *site) answer { return s.get("/") }},
		{"home", func(s *site) answer { furnish(s); return s.get("/") }},
		{"home_errors", func(s *site) answer {
			furnish(s)
			return s.post("/add", "category", "<b>", "price", "-5", "date", "soon", "note", "a & b")
		}},
		{"home_unavailable", func(s *site) answer {
			s.store.takeAway()
			return s.post("/add", "category", "food", "price", "5", "idempotency_key", "mine")
		}},
		{"home_deleted", func(s *site) answer { furnish(s); return s.follow(s.post("/expenses/1/delete", "revision", "1")) }},
		{"expenses", func(s *site) answer { furnish(s); return s.get("/expenses?from=oldest") }},
		{"edit", func(s *site) answer { furnish(s); return s.get("/expenses/1") }},
		{"edit_stale", func(s *site) answer {
			furnish(s)
			s.post("/expenses/1", "category", "theirs", "price", "7", "revision", "1")
			return s.post("/expenses/1", "category", "mine", "price", "8", "revision", "1")
		}},
		{"edit_deleted", func(s *site) answer {
			furnish(s)
			s.post("/expenses/1/delete", "revision", "1")
			return s.post("/expenses/1", "category", "mine", "price", "8", "revision", "1")
		}},
		{"categories", func(s *site) answer { furnish(s); return s.get("/categories") }},
		{"category", func(s *site) answer { furnish(s); return s.get("/categories/1") }},
		{"not_found", func(s *site) answer { return s.get("/nothing") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newSite(t, web.Options{Version: "1.0.0"})
			s.t = t
			got := addressHash.ReplaceAllString(tt.page(s).body, "$1.HASH.")
			file := filepath.Join("testdata", tt.name+".golden.html")
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
				t.Errorf("the page differs from %s; if it should, run go test ./web -update and look at the difference. Now it is:\n%s", file, got)
			}
		})
	}
}

// furnish stores some expenses of two months and two currencies.
func furnish(s *site) {
	s.t.Helper()
	for _, draft := range []expense.Draft{
		{Category: "Groceries", Price: "64.20", Note: "Market, and <cheese>"},
		{Category: "Coffee", Price: "3.80", Date: "2026-11-22"},
		{Category: "Rent", Price: "1200", Date: "2026-11-01"},
		{Category: "Coffee", Price: "4.10", Currency: "EUR", Date: "2026-11-22"},
		{Category: "Groceries", Price: "51.05", Date: "2026-10-30"},
		{Category: "Books", Price: "18", Date: "2025-12-24", Note: "For Anna"},
	} {
		s.add(draft)
	}
}
