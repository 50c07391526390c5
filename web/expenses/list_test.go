package expenses_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestOlderPagesLeadThroughTheWholeList(t *testing.T) {
	s := webtest.New(t, web.Options{})
	for i := range 13 {
		s.Add(expense.Draft{Category: fmt.Sprintf("c%02d.", i+1), Price: "1", Date: fmt.Sprintf("2026-11-%02d", i+1)})
	}
	s.Get("/").Want(t, 200, "c13.", "c09.", "!data-id=\"8\"", `href="/expenses?before=2026-11-09_9"`)
	s.Get("/expenses?before=2026-11-09_9").Want(t, 200, "c08.", "c04.", "!c09.", "!c03.",
		`href="/expenses?after=2026-11-08_8"`, `href="/expenses?before=2026-11-04_4"`,
		`href="/expenses/8?before=2026-11-09_9"`)
	s.Get("/expenses?before=2026-11-04_4").Want(t, 200, "c03.", "c01.", "!>Older<", "!>Oldest<")
	s.Get("/expenses?after=2026-11-03_3").Want(t, 200, "c08.", "c04.", "!c09.", "!c03.")
	s.Get("/expenses?after=2026-11-08_8").Want(t, 200, "c13.", "c09.", "!>Newer<")
	s.Get("/expenses?from=oldest").Want(t, 200, "c05.", "c01.", "!c06.", "!>Older<", `href="/expenses?after=2026-11-05_5"`)
	s.Store.TakeAway()
	s.Get("/expenses?from=oldest").Want(t, 503, "not available")
}

// The pages of the list are kept as the first one is, and no longer than that.
func TestOlderPagesShowChangesAtOnce(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1", Date: "2026-11-23"})
	for _, path := range []string{"/expenses?from=oldest", "/expenses?before=2026-12-01_9", "/expenses?after=2026-01-01_9"} {
		for range 2 { // rendered, and kept
			s.Get(path).Want(t, 200, "food", "$1.00", "Today", "!role=\"status\"")
		}
	}
	read := s.Store.Lists.Load()
	s.Get("/expenses?x=1&from=oldest").Want(t, 200, "food")
	if again := s.Store.Lists.Load(); read != 3 || again != 3 {
		t.Errorf("three pages were read %d times, and %d times after the same address with more in it", read, again)
	}
	s.Follow(s.Post("/expenses/1?from=oldest", "category", "books", "price", "2", "revision", "1", "date", "2026-11-23")).
		Want(t, 200, "Saved books", "$2.00")
	s.Get("/expenses?from=oldest").Want(t, 200, "books", "!Saved", "!food")
	s.Now = s.Now.Add(24 * time.Hour)
	s.Get("/expenses?from=oldest").Want(t, 200, "Yesterday", "!Today")
}

// The first page is what most readers ask for. A walk through made-up places in the list must not push it out.
func TestPlacesPushOutNoFirstPage(t *testing.T) {
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "1", Note: strings.Repeat("n", 1000)})
	s.Get("/").Want(t, 200)
	last := func() { s.Get("/expenses?before=2026-11-24_1").Want(t, 200) }
	last()
	for i := range 1500 { // of some 7 kB each, its compressed copy included
		s.Get(fmt.Sprintf("/expenses?before=2026-11-24_%d", i+1))
	}
	lists := s.Store.Lists.Load()
	if last(); s.Store.Lists.Load() == lists {
		t.Error("every place is kept: there were too few of them")
	}
	s.Get("/").Want(t, 200)
	if n := s.Store.Overviews.Load(); n != 1 {
		t.Errorf("the first page was rendered %d times", n)
	}
}
