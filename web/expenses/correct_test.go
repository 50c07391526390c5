package expenses_test

import (
	"fmt"
	"testing"
	"time"

	"expense-tracker/core/expense"
	"expense-tracker/web/webtest"
)

func TestAnEditCanBeUndone(t *testing.T) {
	s := siteWithOne(t)
	saved := s.Follow(s.Post("/expenses/1", "category", "books", "price", "3", "revision", "1"))
	saved.Want(t, 200, "Saved books, $3.00.", `action="/expenses/1/undo"`, `name="revision" value="2-`)
	undone := func() webtest.Answer { return s.Post("/expenses/1/undo", "revision", "2") }
	s.Follow(undone()).Want(t, 200, "As it was before: food, $2.00.", "with Anna", `<data id="total" value="2.00">`)
	s.Follow(undone()).Want(t, 200, "As it was before: food, $2.00.") // pressed twice
	s.Follow(s.Post("/expenses/1/undo", "revision", "3")).Want(t, 200, "As it was before: books, $3.00.")
	s.Post("/expenses/1/undo", "revision", "4-0123456789ab").Want(t, 409)
	s.Post("/expenses/1/undo", "revision", "2-0123456789ab").Want(t, 303) // a repeat is known by what it does
	s.Add(expense.Draft{Category: "tea", Price: "1"})
	s.Post("/expenses/2/undo", "revision", "1").Want(t, 409, "not known any more")
}

func TestWhatTwoPeopleChangeIsMerged(t *testing.T) {
	s := siteWithOne(t)
	theirs := []string{"category", "food", "price", "2", "date", "2026-11-20", "note", "theirs", "revision", s.Get("/expenses/1").Revision(t)}
	mine := []string{"category", "books", "price", "2", "date", "2026-11-20", "note", "with Anna\r\nand Bob", "revision", theirs[9]}
	s.Post("/expenses/1", theirs...).Want(t, 303)
	s.Follow(s.Post("/expenses/1", mine...)).Want(t, 200, "Saved books, $2.00, with what somebody else has changed meanwhile.", "theirs")
	s.Post("/expenses/1", mine...).Want(t, 303) // sent again
	s.Get("/expenses/1").Want(t, 200, `value="books"`, "theirs</textarea>", `name="revision" value="3-`)
}

// What both changed is chosen field by field, and the rest is merged.
func TestTwoVersionsStandSideBySide(t *testing.T) {
	s := siteWithOne(t)
	seen := s.Get("/expenses/1").Revision(t)
	s.Post("/expenses/1", "category", "theirs", "price", "7", "date", "2026-11-20", "note", "theirs", "revision", seen).Want(t, 303)
	clash := s.Post("/expenses/1?before=2026-11-21_7", "category", "food", "price", "8", "currency", "EUR", "date", "2026-11-21",
		"note", "mine", "refund", "1", "tags", "#x", "revision", seen)
	clash.Want(t, 409, "Choose what to keep.", `action="/expenses/1?before=2026-11-21_7"`, `name="keep_price" value="stored" required`,
		`name="keep_note" value="mine"`, "!keep_category", "!keep_date", `name="stored_price" value="7.00"`, `name="stored_currency" value="USD"`,
		"!stored_refund", `name="price" value="8.00"`, `name="currency" value="EUR"`, `name="refund" value="1"`, ">$7.00</b>", ">-€8.00</b>",
		">theirs</b>", ">mine</b>", "<dt>Date</dt><dd class=\"lines\" dir=\"auto\">Saturday, 21 November 2026</dd>", ">theirs</dd>",
		"!Delete this expense")
	chosen := []string{"revision", clash.Revision(t), "category", "theirs", "price", "8.00", "currency", "EUR", "refund", "1",
		"date", "2026-11-21", "note", "mine", "payee", "", "tags", "#x",
		"stored_price", "7.00", "stored_currency", "USD", "stored_note", "theirs", "keep_note", "mine"}
	s.Follow(s.Post("/expenses/1", append(chosen, "keep_price", "stored")...)).Want(t, 200, "Saved theirs, $7.00.", "mine", "#x")
	s.Post("/expenses/1", append(chosen, "keep_price", "stored")...).Want(t, 303) // sent again
	s.Get("/expenses/1").Want(t, 200, `value="7.00"`, `value="USD"`, "mine</textarea>", `value="2026-11-21"`, `name="revision" value="3-`)
}

func TestAnExpenseTellsItsHistory(t *testing.T) {
	s := siteWithOne(t)
	s.Get("/expenses/1").Want(t, 200, "!History")
	s.Now = s.Now.Add(90 * time.Minute)
	s.Post("/expenses/1", "category", "food", "price", "3", "date", "2026-11-20", "note", "with Anna\nand Bob", "payee", "Kiosk",
		"revision", "1").Want(t, 303)
	s.Post("/expenses/1/delete", "revision", "2").Want(t, 303)
	s.Get("/expenses/1?before=2026-11-21_7").Want(t, 200, "History", "Deleted <small class=\"muted\">Today, 1:30 pm</small>", "<h3>Changed ",
		`<dt>Price</dt><dd><del dir="auto">$2.00</del> <span aria-hidden="true">→</span> <ins dir="auto">$3.00</ins></dd>`,
		`<dt>Payee</dt><dd><span class="muted">Nothing</span>`, "Added <small class=\"muted\">Today, 12:00 pm</small>",
		"!<del dir=\"auto\">with", "!Older")
	for i := range 9 {
		s.Post("/expenses/1/"+[]string{"restore", "delete"}[i%2], "revision", fmt.Sprint(i+3)).Want(t, 303)
	}
	s.Get("/expenses/1?before=2026-11-21_7").Want(t, 200, "Brought back", "!<h3>Added",
		`href="/expenses/1?before=2026-11-21_7&amp;history=2#history"`)
	s.Get("/expenses/1?history=2").Want(t, 200, "<h3>Added", "!Brought back", `href="/expenses/1#history">Newest`)
	for _, text := range []string{"0", "-1", "x", "2147483648"} {
		s.Get("/expenses/1?history="+text).Want(t, 404)
	}
}

func TestAnExpenseIsAddedAgain(t *testing.T) {
	s := siteWithOne(t)
	s.Post("/expenses/1", "category", "food", "price", "3.50", "currency", "EUR", "date", "2026-11-02", "note", "n", "payee", "Kiosk",
		"tags", "#t", "refund", "1", "revision", "1").Want(t, 303)
	s.Get("/expenses/1").Want(t, 200, `href="/add?again=1"`)
	filled := s.Get("/add?again=1")
	filled.Want(t, 200, `action="/add"`, "data-filled", `value="3.50"`, `value="EUR"`, `value="2026-11-23"`, "\nn</textarea>", `value="Kiosk"`,
		`value="#t"`, `name="refund" value="1" checked`, `value="food" checked`, `name="idempotency_key" value="key-`, "!data-id=\"2\"")
	for _, id := range []string{"", "0", "7", "x", "9223372036854775808"} {
		s.Get("/add?again="+id).Want(t, 404)
	}
}
