package expenses_test

import (
	"testing"

	"expense-tracker/core/expense"
	"expense-tracker/core/ledger/ledgertest"
	"expense-tracker/core/revision"
	"expense-tracker/web"
	"expense-tracker/web/webtest"
)

func siteWithOne(t *testing.T) *webtest.Site {
	t.Helper()
	s := webtest.New(t, web.Options{})
	s.Add(expense.Draft{Category: "food", Price: "2", Note: "with Anna\nand Bob", Date: "2026-11-20"})
	return s
}

func TestAnExpenseIsChanged(t *testing.T) {
	s := siteWithOne(t)
	s.Get("/expenses/1").Want(t, 200, `value="food"`, `value="2.00"`, `value="USD"`, `value="2026-11-20"`,
		"\nwith Anna\nand Bob</textarea>", `name="revision" value="1-`)
	saved := s.Post("/expenses/1?before=2026-11-21_7", "category", "books", "price", "3,50", "date", "2026-11-21", "note", "", "revision", "1")
	if to := saved.Header.Get("Location"); to != "/expenses?before=2026-11-21_7#e1" {
		t.Errorf("Location %q, want the page that the user came from", to)
	}
	s.Follow(saved).Want(t, 200, "Saved books, $3.50.")
	s.Get("/expenses/1").Want(t, 200, `value="books"`, `value="3.50"`, `value="2026-11-21"`, `name="revision" value="2-`)
}

func TestABadEditIsShownAsItWasTyped(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1", "category", "books", "price", "x", "note", "typed", "revision", "1").
		Want(t, 422, `value="books"`, `value="x"`, "\ntyped</textarea>", `id="price-error"`, `name="revision" value="1"`, "!Stored now")
	s.Post("/expenses/1", "category", "books", "price", "1").Want(t, 422, "which revision", `value="books"`)
	s.Get("/").Want(t, 200, "food", "!books")
}

func TestAStaleEditLosesNothing(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1", "category", "theirs", "price", "7", "revision", "1").Want(t, 303)
	stale := s.Post("/expenses/1", "category", "mine", "price", "8", "note", "typed", "revision", "1")
	stale.Want(t, 409, `name="category" value="mine"`, `name="price" value="8.00"`, `name="note" value="typed"`, ">theirs</b>", ">$7.00</b>",
		`name="revision" value="2-`, "Keep mine")
	s.Post("/expenses/1", "category", "mine", "price", "8", "note", "typed", "revision", "2").Want(t, 303)
	s.Get("/").Want(t, 200, ">mine</a>", "!>theirs</a>")
}

// A fault in the form must not hand its author the revision of a change that they have not seen.
func TestABadEditDoesNotHideAnothersChange(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1", "category", "theirs", "price", "7", "revision", "1").Want(t, 303)
	s.Post("/expenses/1", "category", "mine", "price", "x", "revision", "1").Want(t, 422, `name="revision" value="1"`)
	s.Post("/expenses/1", "category", "mine", "price", "8", "revision", "1").Want(t, 409)
}

func TestAnEditOfWhatWasDeletedCanBeAddedAgain(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1/delete", "revision", "1").Want(t, 303)
	gone := s.Post("/expenses/1", "category", "mine", "price", "8", "note", "typed", "revision", "1")
	gone.Want(t, 404, "This expense was deleted.", `value="mine"`, "\ntyped</textarea>", `action="/add"`, "Bring it back")
	s.Post("/add", "category", "mine", "price", "8", "idempotency_key", gone.Key(t)).Want(t, 303)
	s.Get("/").Want(t, 200, "mine")
}

func TestNothingTypedIntoAnEditIsLostWhileTheStorageIsAway(t *testing.T) {
	s := siteWithOne(t)
	s.Store.TakeAway()
	s.Get("/expenses/1").Want(t, 503, "not available")
	s.Post("/expenses/1", "category", "mine", "price", "8", "note", "typed", "revision", "1").
		Want(t, 503, `value="mine"`, `value="8"`, "\ntyped</textarea>", `name="revision" value="1"`, `action="/expenses/1"`,
			"Maybe not saved", "may or may not be stored")
	for _, button := range []string{"/expenses/1/delete", "/expenses/1/restore"} {
		s.Post(button+"?before=2026-11-21_7", "revision", "1").Want(t, 503, "not available", "may or may not be stored", "Try again",
			`action="`+button+`?before=2026-11-21_7"`, `name="revision" value="1"`)
	}
}

func TestADeletionCanBeUndone(t *testing.T) {
	s := siteWithOne(t)
	deleted := s.Post("/expenses/1/delete", "revision", "1")
	s.Follow(deleted).Want(t, 200, "Deleted food, $2.00.", `action="/expenses/1/restore"`, `<data id="total" value="0.00">`, "!data-id")
	s.Get("/expenses/1").Want(t, 200, "Deleted: food", "Bring it back", "!Delete this expense")
	s.Follow(s.Post("/expenses/1/delete", "revision", "1")).Want(t, 200, "Deleted food, $2.00.") // pressed twice
	s.Get("/expenses/1").Want(t, 200, `name="revision" value="2-`)
	s.Post("/expenses/1/restore").Want(t, 422, "which revision")
	s.Follow(s.Post("/expenses/1/restore", "revision", "2")).Want(t, 200, "Brought back food, $2.00.", `<data id="total" value="2.00">`)
	s.Follow(s.Post("/expenses/1/restore", "revision", "2")).Want(t, 200, "Brought back food, $2.00.") // pressed twice
	s.Post("/expenses/1/restore", "revision", "3").Want(t, 409, "not deleted", "Delete this expense")
}

// A restore that comes late, when its expense was deleted once more, must not undo that.
func TestALateRestoreUndoesNothing(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1/delete", "revision", "1").Want(t, 303)
	s.Post("/expenses/1/restore", "revision", "2").Want(t, 303)
	s.Post("/expenses/1/delete", "revision", "3").Want(t, 303)
	s.Follow(s.Post("/expenses/1/restore", "revision", "2")).
		Want(t, 200, "This was deleted since", `<data id="total" value="0.00">`, `name="revision" value="4-`)
	s.Post("/expenses/1/restore", "revision", "3").Want(t, 404, "was deleted")
	s.Get("/expenses/1").Want(t, 200, "Bring it back")
}

// An edit whose answer was lost is sent again, and is no conflict with itself.
func TestAnEditThatIsSentAgainIsSaved(t *testing.T) {
	s := siteWithOne(t)
	edit := func() webtest.Answer { return s.Post("/expenses/1", "category", "mine", "price", "8", "revision", "1") }
	edit().Want(t, 303)
	s.Follow(edit()).Want(t, 200, "Saved mine, $8.00.")
	s.Get("/expenses/1").Want(t, 200, `name="revision" value="2-`)
}

func TestAStaleDeletionIsRefused(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1", "category", "theirs", "price", "7", "revision", "1").Want(t, 303)
	s.Post("/expenses/1/delete", "revision", "1").Want(t, 409, "changed since", `value="theirs"`, `name="revision" value="2-`, "!Keep mine")
	s.Get("/").Want(t, 200, "theirs")
	s.Post("/expenses/7/delete", "revision", "1").Want(t, 404)
}

func TestAKeyOfADeletedExpenseSaysSo(t *testing.T) {
	s := webtest.New(t, web.Options{})
	add := func() webtest.Answer { return s.Post("/add", "category", "food", "price", "1", "idempotency_key", "k") }
	add().Want(t, 303)
	if _, err := s.Service.Delete(t.Context(), ledgertest.Owner(), 1, revision.At(1)); err != nil {
		t.Fatal(err)
	}
	s.Follow(add()).Want(t, 200, "added before, and deleted since", `action="/expenses/1/restore"`)
}
