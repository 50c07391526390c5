package categories_test

import (
	"fmt"
	"testing"

	"expense-tracker/core/expense"
)

func TestACategoryGetsAnotherLook(t *testing.T) {
	s := siteWithCategories(t)
	page := s.Get("/categories/1")
	page.Want(t, 200, `value="leaf" checked`, `name="icon" value="🛒"`, `<span class="hidden">Leaf green</span>`)
	changed := s.Follow(s.Post("/categories/1/look", "revision", page.Revision(t), "colour", "plum", "icon", "🥕"))
	changed.Want(t, 200, "food has its new look.", `class="tile c-plum" aria-hidden="true">🥕<`, `value="plum" checked`)
	s.Get("/categories").Want(t, 200, `c-plum" aria-hidden="true">🥕<`)
	s.Post("/categories/1/look", "revision", changed.Revision(t), "colour", "pink", "icon", "carrot").
		Want(t, 422, `id="colour-error"`, "Choose one of the colours", `id="icon-error"`, `value="carrot"`, `<details class="manage" open>`)
	s.Post("/categories/1/look", "revision", page.Revision(t), "colour", "teal", "icon", "🍎").
		Want(t, 409, "changed since", `value="teal" checked`, `name="icon" value="🍎"`, `name="revision" value="2-`)
	s.Store.TakeAway()
	s.Post("/categories/1/look", "revision", changed.Revision(t), "colour", "teal", "icon", "🍎").
		Want(t, 503, `value="teal" checked`, `name="icon" value="🍎"`, `action="/categories/1/look"`, "!/rename", "!/remove",
			"may or may not be stored")
}

// A look that is left as it is stays the one that goes with the name and the ID.
func TestALookOfItsOwnFollowsTheName(t *testing.T) {
	s := siteWithCategories(t)
	page := s.Follow(s.Post("/categories/1/look", "revision", "1", "colour", "leaf", "icon", "🛒"))
	page = s.Follow(s.Post("/categories/1/rename", "revision", page.Revision(t), "category", "Coffee"))
	page.Want(t, 200, `class="tile c-leaf" aria-hidden="true">☕<`)
}

func TestACategoryIsArchivedAndBroughtBack(t *testing.T) {
	s := siteWithCategories(t)
	archived := s.Follow(s.Post("/categories/1/archive", "revision", "1"))
	archived.Want(t, 200, "Archived food: it is not suggested any more.", `action="/categories/1/restore"`, "Bring back",
		`class="pill">Archived`)
	s.Get("/categories").Want(t, 200, "1 archived category", `>food</a>`)
	s.Get("/categories/2").Want(t, 200, `!<option value="1" dir="auto">food`)
	s.Get("/add").Want(t, 200, `!value="food"`, `value="eating"`)
	s.Post("/categories/1/archive", "revision", "1-000000000000").Want(t, 303) // sent again
	s.Post("/categories/1/restore", "revision", "1").Want(t, 409, "changed since", `<details class="manage" open>`)
	s.Follow(s.Post("/categories/1/restore", "revision", archived.Revision(t))).
		Want(t, 200, "food is back among the suggestions.", `action="/categories/1/archive"`)
	s.Get("/categories").Want(t, 200, "!archived")
	s.Post("/categories/9/archive", "revision", "1").Want(t, 404)
	s.Post("/categories/1/archive").Want(t, 422, "which revision")
	s.Store.TakeAway()
	s.Post("/categories/1/archive", "revision", "3").Want(t, 503, "Try again", `action="/categories/1/archive"`)
}

func TestACategoryWithoutExpensesIsRemoved(t *testing.T) {
	s := siteWithCategories(t)
	e := s.Add(expense.Draft{Category: "slip", Price: "1"})
	s.Post("/categories/3/remove", "revision", "1").Want(t, 409, "has expenses", `<details class="manage" open>`)
	s.Get("/categories/3").Want(t, 200, "!/remove")
	s.Post(fmt.Sprintf("/expenses/%d/delete", e.ID), "revision", "1").Want(t, 303)
	page := s.Get("/categories/3")
	page.Want(t, 200, "No expense is in this category now.", `action="/categories/3/remove"`, "!Twelve months")
	s.Follow(s.Post("/categories/3/remove", "revision", page.Revision(t))).Want(t, 200, "The category was removed.", "!slip")
	s.Get("/categories/3").Want(t, 404)
	s.Post("/categories/3/remove", "revision", "2").Want(t, 404)
}
