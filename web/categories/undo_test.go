package categories_test

import (
	"regexp"
	"strconv"
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/web/webtest"
)

var undoForm = regexp.MustCompile(`action="(/categories/\d+/[a-z]+)">` +
	`(?:<input type="hidden" name="colour" value="([^"]*)"><input type="hidden" name="icon" value="([^"]*)">)?` +
	`<input type="hidden" name="revision" value="([^"]*)"><input type="hidden" name="ledger" value="1"><button class="quiet">Undo`)

// undo presses the button of a page's notice.
func undo(t *testing.T, s *webtest.Site, page webtest.Answer) webtest.Answer {
	t.Helper()
	form := undoForm.FindStringSubmatch(page.Body)
	if form == nil {
		t.Fatalf("no undo on the page:\n%s", page.Body)
	}
	return s.Post(form[1], "colour", form[2], "icon", form[3], "revision", form[4])
}

func TestARenameIsUndone(t *testing.T) {
	s := siteWithCategories(t)
	renamed := s.Follow(s.Post("/categories/1/rename", "revision", "1", "category", "meals"))
	s.Follow(undo(t, s, renamed)).Want(t, 200, "food is as it was before.", `<h1 dir="auto">food</h1>`, `!name="revision" value="2-`)
	s.Follow(undo(t, s, renamed)).Want(t, 200, `<h1 dir="auto">food</h1>`) // pressed again
	renamed = s.Follow(s.Post("/categories/1/rename", "revision", "3", "category", "meals"))
	s.Post("/categories/1/archive", "revision", "4").Want(t, 303)
	undo(t, s, renamed).Want(t, 409, "changed since", `<h1 dir="auto">meals</h1>`)
	s.Post("/categories/1/undo", "revision", "5").Want(t, 409, "cannot be undone any more")
	s.Store.TakeAway()
	undo(t, s, renamed).Want(t, 503, "Try again", `action="/categories/1/undo"`)
}

func TestAnArchiveIsUndone(t *testing.T) {
	s := siteWithCategories(t)
	archived := s.Follow(s.Post("/categories/1/archive", "revision", "1"))
	s.Follow(undo(t, s, s.Follow(undo(t, s, archived)))).Want(t, 200, "Archived food")
}

func TestALookIsUndone(t *testing.T) {
	s := siteWithCategories(t)
	s.Follow(s.Post("/categories/1/look", "revision", "1", "colour", "plum", "icon", "🍕")).Want(t, 200, "c-plum", "🍕")
	changed := s.Follow(s.Post("/categories/1/look", "revision", "2", "colour", "teal", "icon", "🍎"))
	back := s.Follow(undo(t, s, changed))
	back.Want(t, 200, "food has its new look.", `<span class="tile c-plum" aria-hidden="true">🍕`, "!🍎</span>")
	s.Follow(undo(t, s, changed)).Want(t, 200, "c-plum")   // pressed again
	s.Follow(undo(t, s, back)).Want(t, 200, "c-teal", "🍎") // the undo undone
}

func TestARemovalIsUndone(t *testing.T) {
	s := siteWithCategories(t)
	e := s.Add(expense.Draft{Category: "once", Price: "1"})
	id := strconv.FormatInt(int64(e.Category.ID), 10)
	s.Post("/categories/"+id+"/remove", "revision", "1").Want(t, 409)
	s.Post("/expenses/"+strconv.FormatInt(int64(e.ID), 10)+"/delete", "revision", "1").Want(t, 303)
	removed := s.Follow(s.Post("/categories/"+id+"/remove", "revision", "1"))
	removed.Want(t, 200, "The category was removed.")
	for range 2 { // pressed twice
		s.Follow(undo(t, s, removed)).Want(t, 200, "once is as it was before.", `<h1 dir="auto">once</h1>`)
	}
}

func TestAMergeIsUndone(t *testing.T) {
	s := siteWithCategories(t)
	merged := s.Follow(s.Post("/categories/1/merge", "revision", "1", "into", "2"))
	merged.Want(t, 200, "Merged food into eating.", `<h1 dir="auto">eating</h1>`, `value="5.00"`)
	s.Follow(undo(t, s, merged)).Want(t, 200, "food is as it was before.", `<h1 dir="auto">food</h1>`, `value="2.00"`,
		`2 · <span class="amount">$2.00</span> · <span class="amount">€4.00<`)
	s.Get("/categories").Want(t, 200, "<b>$2.00</b>", "<b>$3.00</b>", "<b>€4.00</b>")
	s.Follow(undo(t, s, merged)).Want(t, 200, `<h1 dir="auto">food</h1>`) // pressed again

	merged = s.Follow(s.Post("/categories/1/merge", "revision", "3", "into", "2"))
	s.Post("/categories/2/rename", "revision", "4", "category", "meals").Want(t, 303)
	undo(t, s, merged).Want(t, 409, "The category was changed since, so this cannot be undone any more.")
	s.Get("/categories/1").Want(t, 404)
}

func TestAMergeWhoseNameIsTakenIsNotUndone(t *testing.T) {
	s := siteWithCategories(t)
	merged := s.Follow(s.Post("/categories/1/merge", "revision", "1", "into", "2"))
	s.Add(expense.Draft{Category: "Food", Price: "1"})
	undo(t, s, merged).Want(t, 409, "Another category is called “Food” by now: rename that one first.")
}
