package program_test

import (
	"net/http"
	"strings"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

func TestAnExpenseIsEdited(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		user.Add("food", "10.00")
		at := user.Add("fod", "1.50").Newest()
		edit := user.Get(at.Link)
		check.Equal(t, "category on the form", edit.Field("category"), "fod")
		check.Equal(t, "price on the form", edit.Field("price"), "1.50")
		home := user.Submit(at.Link, edit.Change("category", "food", "price", "2,75", "note", "with tea"))
		check.Contains(t, "the message", home.Message(), "Saved", "food", "2.75")
		check.Equal(t, "total", home.Total(), "12.75")
		check.Equal(t, "id", home.Newest().ID, at.ID)
		check.Contains(t, "the row", home.Newest().Text, "food", "2.75", "with tea")

		refused := user.Post(at.Link, user.Get(at.Link).Change("price", "nothing", "category", "kept"))
		check.Equal(t, "a bad edit", refused.Status, http.StatusUnprocessableEntity)
		check.Equal(t, "price as typed", refused.Field("price"), "nothing")
		check.Equal(t, "category as typed", refused.Field("category"), "kept")
		if refused.ErrorAt("price") == "" {
			t.Error("nothing is said at the price")
		}
		check.Equal(t, "total", user.Get("/").Total(), "12.75")
	})
}

func TestAStaleEditIsRefusedAndNothingTypedIsLost(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		one := programtest.Visit(t, programtest.Start(t, url).URL)
		other := programtest.Visit(t, one.URL)
		link := one.Add("food", "1.00").Newest().Link
		seen := other.Get(link)
		one.Submit(link, one.Get(link).Change("price", "2.00"))

		stale := other.Post(link, seen.Change("price", "3.00", "note", "typed by hand"))
		check.Equal(t, "status", stale.Status, http.StatusConflict)
		check.Equal(t, "price as typed", stale.Field("price"), "3.00")
		check.Equal(t, "note as typed", stale.Field("note"), "typed by hand")
		check.Contains(t, "what is stored", stale.Body, "Keep stored", "$2.00")
		check.Equal(t, "total", other.Get("/").Total(), "2.00")

		check.Equal(t, "stale delete", other.Post(link+"/delete", programtest.Form("revision", seen.Field("revision"))).Status,
			http.StatusConflict)
		home := other.Submit(link, stale.Change()) // knowingly
		check.Equal(t, "total after saving over it", home.Total(), "3.00")
	})
}

func TestADeletedExpenseCanBeBroughtBack(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		user.Add("food", "1.00")
		at := user.Add("mistake", "5.00").Newest()
		edit := user.Get(at.Link)
		home := user.Submit(at.Link+"/delete", programtest.Form("revision", edit.Field("revision")))
		check.Contains(t, "the message", home.Message(), "Deleted", "mistake", "5.00")
		check.Equal(t, "total", home.Total(), "1.00")
		check.Equal(t, "rows", len(home.Rows()), 1)
		check.Equal(t, "deleting twice", user.Post(at.Link+"/delete", programtest.Form("revision", edit.Field("revision"))).Status,
			http.StatusSeeOther)
		check.Contains(t, "its page", user.Get(at.Link).Title(), "Deleted")
		late := user.Post(at.Link, edit.Change("price", "6.00"))
		check.Equal(t, "editing what was deleted", late.Status, http.StatusNotFound)
		check.Equal(t, "price as typed", late.Field("price"), "6.00")

		undo := home.One("form", "action", at.Link+"/restore")
		if undo == nil {
			t.Fatalf("the message offers no undo: %s", home.Body)
		}
		home = user.Submit(at.Link+"/restore", programtest.Form("revision", home.Field("revision")))
		check.Contains(t, "the message", home.Message(), "Brought back", "mistake")
		check.Equal(t, "total", home.Total(), "6.00")
		check.Equal(t, "id", home.Newest().ID, at.ID)
	})
}

func TestACategoryIsRenamedAndMerged(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		user.Add("Fod", "1.00")
		user.Add("Coffee", "2.00")
		user.Add("coffee", "4.00") // the same, whatever its case
		list := user.Get("/categories")
		coffee, food := list.Link("Coffee"), list.Link("Fod")
		if coffee == "" || food == "" || strings.Contains(list.Body, ">coffee<") {
			t.Fatalf("categories: %s", list.Body)
		}
		seen := func(category string) string { return user.Get(category).Field("revision") }
		list = user.Submit(food+"/rename", programtest.Form("revision", seen(food), "category", "Food"))
		check.Contains(t, "the message", list.Message(), "Renamed to Food")
		check.Equal(t, "the oldest row", user.Get("/").Rows()[2].Category, "Food")

		taken := user.Post(food+"/rename", programtest.Form("revision", seen(food), "category", "COFFEE"))
		check.Equal(t, "a taken name", taken.Status, http.StatusConflict)
		check.Equal(t, "name as typed", taken.Field("category"), "COFFEE")
		check.Equal(t, "no name", user.Post(food+"/rename", programtest.Form("revision", seen(food), "category", " ")).Status,
			http.StatusUnprocessableEntity)
		check.Equal(t, "into nothing", user.Post(food+"/merge", programtest.Form("revision", seen(food), "into", "")).Status,
			http.StatusUnprocessableEntity)
		check.Equal(t, "into itself", user.Post(food+"/merge", programtest.Form("revision", seen(food), "into",
			strings.TrimPrefix(food, "/categories/"))).Status, http.StatusUnprocessableEntity)

		list = user.Submit(coffee+"/merge", programtest.Form("revision", seen(coffee), "into", strings.TrimPrefix(food, "/categories/")))
		check.Contains(t, "the message", list.Message(), "Merged Coffee into Food")
		check.Equal(t, "what was merged", user.Get("/categories").Link("Coffee"), "")
		home := user.Get("/")
		check.Equal(t, "total", home.Total(), "7.00")
		for _, row := range home.Rows() {
			check.Equal(t, "category", row.Category, "Food")
		}
		check.Contains(t, "its page", user.Get(food).Body, "3 expenses", "$7.00")
		home = user.Add("coffee", "8.00") // the name is free again
		check.Equal(t, "the newest", home.Newest().Category, "coffee")
	})
}
