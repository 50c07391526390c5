package main

import (
	"net/http"
	"strings"
	"testing"
)

// change returns what the edit form on a page would send, with other values for some fields.
func (p *page) change(pairs ...string) map[string][]string {
	p.t.Helper()
	values := form()
	for _, field := range []string{"revision", "category", "price", "currency", "date", "note"} {
		values.Set(field, p.field(field))
	}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values
}

func TestAnExpenseIsEdited(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url).URL)
		user.add("food", "10.00")
		at := user.add("fod", "1.50").newest()
		edit := user.get(at.link)
		expect(t, "category on the form", edit.field("category"), "fod")
		expect(t, "price on the form", edit.field("price"), "1.50")
		home := user.submit(at.link, edit.change("category", "food", "price", "2,75", "note", "with tea"))
		contains(t, "the message", home.message(), "Saved", "food", "2.75")
		expect(t, "total", home.total(), "12.75")
		expect(t, "id", home.newest().id, at.id)
		contains(t, "the row", home.newest().text, "food", "2.75", "with tea")

		refused := user.post(at.link, user.get(at.link).change("price", "nothing", "category", "kept"))
		expect(t, "a bad edit", refused.status, http.StatusUnprocessableEntity)
		expect(t, "price as typed", refused.field("price"), "nothing")
		expect(t, "category as typed", refused.field("category"), "kept")
		if refused.errorAt("price") == "" {
			t.Error("nothing is said at the price")
		}
		expect(t, "total", user.get("/").total(), "12.75")
	})
}

func TestAStaleEditIsRefusedAndNothingTypedIsLost(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		one := visit(t, start(t, url).URL)
		other := visit(t, one.url)
		link := one.add("food", "1.00").newest().link
		seen := other.get(link)
		one.submit(link, one.get(link).change("price", "2.00"))

		stale := other.post(link, seen.change("price", "3.00", "note", "typed by hand"))
		expect(t, "status", stale.status, http.StatusConflict)
		expect(t, "price as typed", stale.field("price"), "3.00")
		expect(t, "note as typed", stale.field("note"), "typed by hand")
		contains(t, "what is stored", stale.body, "Stored now", "$2.00")
		expect(t, "total", other.get("/").total(), "2.00")

		expect(t, "stale delete", other.post(link+"/delete", form("revision", seen.field("revision"))).status, http.StatusConflict)
		home := other.submit(link, stale.change()) // knowingly
		expect(t, "total after saving over it", home.total(), "3.00")
	})
}

func TestADeletedExpenseCanBeBroughtBack(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url).URL)
		user.add("food", "1.00")
		at := user.add("mistake", "5.00").newest()
		edit := user.get(at.link)
		home := user.submit(at.link+"/delete", form("revision", edit.field("revision")))
		contains(t, "the message", home.message(), "Deleted", "mistake", "5.00")
		expect(t, "total", home.total(), "1.00")
		expect(t, "rows", len(home.rows()), 1)
		expect(t, "deleting twice", user.post(at.link+"/delete", form("revision", edit.field("revision"))).status, http.StatusSeeOther)
		contains(t, "its page", user.get(at.link).title(), "Deleted")
		late := user.post(at.link, edit.change("price", "6.00"))
		expect(t, "editing what was deleted", late.status, http.StatusNotFound)
		expect(t, "price as typed", late.field("price"), "6.00")

		undo := home.one("form", "action", at.link+"/restore")
		if undo == nil {
			t.Fatalf("the message offers no undo: %s", home.body)
		}
		home = user.submit(at.link+"/restore", form("revision", home.field("revision")))
		contains(t, "the message", home.message(), "Brought back", "mistake")
		expect(t, "total", home.total(), "6.00")
		expect(t, "id", home.newest().id, at.id)
	})
}

func TestACategoryIsRenamedAndMerged(t *testing.T) {
	onEach(t, storages(), func(t *testing.T, url string) {
		user := visit(t, start(t, url).URL)
		user.add("Fod", "1.00")
		user.add("Coffee", "2.00")
		user.add("coffee", "4.00") // the same, whatever its case
		list := user.get("/categories")
		coffee, food := list.link("Coffee"), list.link("Fod")
		if coffee == "" || food == "" || strings.Contains(list.body, ">coffee<") {
			t.Fatalf("categories: %s", list.body)
		}
		seen := func(category string) string { return user.get(category).field("revision") }
		list = user.submit(food+"/rename", form("revision", seen(food), "category", "Food"))
		contains(t, "the message", list.message(), "Renamed to Food")
		expect(t, "the oldest row", user.get("/").rows()[2].category, "Food")

		taken := user.post(food+"/rename", form("revision", seen(food), "category", "COFFEE"))
		expect(t, "a taken name", taken.status, http.StatusConflict)
		expect(t, "name as typed", taken.field("category"), "COFFEE")
		expect(t, "no name", user.post(food+"/rename", form("revision", seen(food), "category", " ")).status, http.StatusUnprocessableEntity)
		expect(t, "into nothing", user.post(food+"/merge", form("revision", seen(food), "into", "")).status, http.StatusUnprocessableEntity)
		expect(t, "into itself", user.post(food+"/merge", form("revision", seen(food), "into", strings.TrimPrefix(food, "/categories/"))).status, http.StatusUnprocessableEntity)

		list = user.submit(coffee+"/merge", form("revision", seen(coffee), "into", strings.TrimPrefix(food, "/categories/")))
		contains(t, "the message", list.message(), "Merged into Food")
		expect(t, "what was merged", list.link("Coffee"), "")
		home := user.get("/")
		expect(t, "total", home.total(), "7.00")
		for _, row := range home.rows() {
			expect(t, "category", row.category, "Food")
		}
		contains(t, "its page", user.get(food).body, "3 expenses", "$7.00")
		home = user.add("coffee", "8.00") // the name is free again
		expect(t, "the newest", home.newest().category, "coffee")
	})
}
