package several_test

import (
	"regexp"
	"strings"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func TestPagesAreAsTheyWere(t *testing.T) {
	webtest.Golden(t, "several", func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		s.Add(expense.Draft{Category: "Coffee", Price: "2.50", Payee: "Kiosk", Tags: "#work", Refund: true})
		return s.Get("/several?category=coffee&all=1")
	})
	webtest.Golden(t, "several_refused", func(s *webtest.Site) webtest.Answer {
		webtest.Furnish(s)
		return s.Post("/several?q=coffee", "pick", picks(t, s.Get("/several?q=coffee"))[1], "date", "<soon>", "tags", "a b")
	})
	webtest.Golden(t, "several_nothing", func(s *webtest.Site) webtest.Answer { return s.Get("/several?q=zeppelin") })
}

var box = regexp.MustCompile(`name="pick" value="([^"]*)"`)

// picks returns what the boxes of a page send.
func picks(t *testing.T, page webtest.Answer) []string {
	t.Helper()
	var all []string
	for _, found := range box.FindAllStringSubmatch(page.Body, -1) {
		all = append(all, found[1])
	}
	if len(all) == 0 {
		t.Fatalf("no boxes:\n%s", page.Body)
	}
	return all
}

// picked returns a form with boxes of a page, by their places.
func picked(all []string, places ...int) []string {
	var pairs []string
	for _, i := range places {
		pairs = append(pairs, "pick", all[i])
	}
	return pairs
}

func furnished(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t, web.Options{})
	webtest.Furnish(s)
	return s
}

func TestSeveralAreChangedWithOneUndo(t *testing.T) {
	s := furnished(t)
	all := picks(t, s.Get("/several?category=coffee&category=groceries"))
	form := append(picked(all, 0, 1, 3), "do", "change", "category", "rent", "tags", "#home")
	changed := s.Post("/several?category=coffee&category=groceries", form...)
	if to := changed.Header.Get("Location"); to != "/several?category=coffee&category=groceries" {
		t.Errorf("Location %q, want the page that the user came from", to)
	}
	said := s.Follow(changed)
	said.Want(t, 200, "Changed 3 expenses.", "/undo?category=coffee&amp;category=groceries")
	s.Get("/several?category=rent&tag=home").Want(t, 200, `data-id="1"`, "#home", "!data-id=\"3\"")
	s.Follow(s.Post("/several?category=coffee&category=groceries", form...)).Want(t, 200, "Changed 3 expenses.") // sent again
	undo := regexp.MustCompile(`action="(/several/\d+/undo)`).FindStringSubmatch(said.Body)[1]
	undone := s.Follow(s.Post(undo + "?category=coffee&category=groceries"))
	undone.Want(t, 200, "3 expenses are as they were before.", `data-id="1"`, "!#home")
	s.Follow(s.Post(undo)).Want(t, 200, "3 expenses are as they were before.") // pressed twice
	s.Get("/search?category=rent").Want(t, 200, `id="result-count" value="1"`)
	s.Post("/several/7/undo").Want(t, 409, "not known any more")
	s.Post("/several/x/undo").Want(t, 404)
}

func TestSeveralAreDeletedAndBroughtBack(t *testing.T) {
	s := furnished(t)
	all := picks(t, s.Get("/several"))
	s.Follow(s.Post("/several", append(picked(all, 0, 1), "do", "delete", "category", "is not asked")...)).
		Want(t, 200, "Deleted 2 expenses.", "!data-id=\"1\"")
	s.Get("/bin").Want(t, 200, `href="/several?deleted=1"`)
	gone := s.Get("/several?deleted=1")
	gone.Want(t, 200, `value="restore"`, "!Delete what", `data-id="1"`)
	s.Follow(s.Post("/several?deleted=1", append(picked(picks(t, gone), 0), "do", "restore")...)).Want(t, 200, "Brought back 1 expense.")
	s.Get("/search").Want(t, 200, `id="result-count" value="5"`)
}

func TestAStaleOneRefusesAllOfThem(t *testing.T) {
	s := furnished(t)
	all := picks(t, s.Get("/several?category=coffee"))
	second := expense.ID(2)
	e, err := s.Service.Get(t.Context(), ledgertest.Owner(), second)
	if err != nil {
		t.Fatal(err)
	}
	draft := expense.Draft{Category: "Coffee", Price: "9", Date: "2026-11-22"}
	if _, err := s.Service.Edit(t.Context(), ledgertest.Owner(), second, e.Seen(), draft); err != nil {
		t.Fatal(err)
	}
	form := append(picked(all, 0, 1), "category", "Tea", "untag", "x")
	stale := s.Post("/several?category=coffee", form...)
	stale.Want(t, 409, "Nothing was done, since one of them was changed meanwhile: Coffee, $9.00.", `value="Tea"`, `name="untag" value="x"`)
	if n := strings.Count(stale.Body, " checked>"); n != 2 {
		t.Errorf("%d are selected on the page that follows, want 2", n)
	}
	s.Get("/search?category=coffee").Want(t, 200, `id="result-count" value="2"`)
	form = append(picked(picks(t, stale), 0, 1), "category", "Tea") // knowingly
	s.Follow(s.Post("/several?category=coffee", form...)).Want(t, 200, "Changed 2 expenses.")
}

// One that was deleted for good takes no other out of the selection.
func TestTheOthersStaySelectedWhenOneIsGone(t *testing.T) {
	s := furnished(t)
	all := picks(t, s.Get("/several?category=coffee"))
	for _, form := range [][]string{
		{"do", "change", "category", "Tea", "untag", "x"}, {"do", "delete", "category", "Tea", "untag", "x"},
	} {
		gone := s.Post("/several?category=coffee", append(picked(all, 0, 1), append([]string{"pick", "99.1"}, form...)...)...)
		gone.Want(t, 409, "Nothing was done, since one of them is gone for good by now.", `value="Tea"`, `name="untag" value="x"`,
			`action="/several?category=coffee"`, "!99.1")
		if n := strings.Count(gone.Body, " checked>"); n != 2 {
			t.Errorf("%d are selected on the page that follows, want 2", n)
		}
	}
	s.Follow(s.Post("/several?category=coffee", append(picked(all, 0, 1), "category", "Tea")...)).Want(t, 200, "Changed 2 expenses.")
}

// Nor does one that somebody else has put into the bin.
func TestTheOthersStaySelectedWhenOneIsDeleted(t *testing.T) {
	s := furnished(t)
	all := picks(t, s.Get("/several?category=coffee"))
	s.Follow(s.Post("/expenses/2/delete", "revision", "1"))
	deleted := s.Post("/several?category=coffee", append(picked(all, 0, 1), "category", "Tea")...)
	deleted.Want(t, 409, "Nothing was done, since one of them was deleted meanwhile: Coffee, $3.80.", `value="Tea"`)
	if n := strings.Count(deleted.Body, " checked>"); n != 1 {
		t.Errorf("%d are selected on the page that follows, want 1", n)
	}
	s.Follow(s.Post("/several?category=coffee", "pick", picks(t, deleted)[0], "category", "Tea")).Want(t, 200, "Changed 1 expense.")
}

func TestWhatIsWrongAboutSeveralIsSaid(t *testing.T) {
	s := furnished(t)
	all := picks(t, s.Get("/several"))
	s.Post("/several", "category", "Tea").Want(t, 422, "Select at least one expense.", `value="Tea"`)
	s.Post("/several", "pick", all[0]).Want(t, 422, "Say what to change", " checked>")
	s.Post("/several", "pick", all[0], "date", "soon", "category", "Tea").
		Want(t, 422, `id="date-error"`, `value="Tea"`, `value="soon"`, "<details open>")
	s.Post("/several", "pick", "1.x", "category", "Tea").Want(t, 422, "which revision")
	s.Post("/several", "pick", "x.1", "category", "Tea").Want(t, 404)
	s.Post("/several?before=x", "pick", all[0], "category", "Tea").Want(t, 404)
	s.Get("/several?from=soon").Want(t, 422)
	s.Follow(s.Post("/several", "pick", all[0], "date", "2026-11-23")).Want(t, 200, "They were like that already.", "!/undo")
	s.Store.TakeAway()
	s.Post("/several?q=x", "pick", all[0], "pick", all[1], "category", "Tea").
		Want(t, 503, `type="hidden" name="pick" value="`+all[1]+`"`, `value="Tea"`, `action="/several?q=x"`, "may or may not be stored")
	s.Post("/several/7/undo?q=x").Want(t, 503, `action="/several/7/undo?q=x"`, "Try again")
}

// The list leads to a page that begins with the same row, and the search to the same result.
func TestListsLeadToTheirRows(t *testing.T) {
	s := furnished(t)
	oldest := s.Get("/expenses?from=oldest")
	oldest.Want(t, 200, `href="/several?before=2026-11-22_5"`)
	s.Get("/several?before=2026-11-22_5").Want(t, 200, `data-id="4"`, `data-id="6"`, `href="/search?before=2026-11-22_5">Done`, `rel="prev"`)
	s.Get("/search?q=coffee").Want(t, 200, `href="/several?q=coffee"`)
	s.Get("/search?q=zeppelin").Want(t, 200, "!/several")
	s.Get("/several?q=coffee").Want(t, 200, `href="/several?all=1&amp;q=coffee"`, "! checked>")
	s.Get("/several?q=coffee&all=1").Want(t, 200, " checked>")
}
