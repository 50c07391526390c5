package program_test

import (
	"net/http"
	"testing"

	"expense-tracker/tests/rig/check"
	"expense-tracker/tests/rig/programtest"
)

// One line is an expense on each storage: the category is a name of it, or the one that such a note had before.
func TestALineIsAnExpenseOnEachStorage(t *testing.T) {
	programtest.OnEach(t, programtest.Storages(), func(t *testing.T, url string) {
		user := programtest.Visit(t, programtest.Start(t, url).URL)
		user.Post("/add", programtest.Form("category", "Eating out", "price", "1", "note", "Lunch alone"))
		form := programtest.Form("line", "12.50 lunch with Ana #work", "idempotency_key", "mine")
		check.Equal(t, "status", user.Post("/add", form).Status, http.StatusSeeOther)
		check.Equal(t, "status of the repeat", user.Post("/add", form).Status, http.StatusSeeOther)
		check.Equal(t, "status", user.Post("/add", programtest.Form("line", "eating OUT 3")).Status, http.StatusSeeOther)
		home := user.Get("/")
		check.Equal(t, "total", home.Total(), "16.50")
		check.Equal(t, "the newest category", home.Newest().Category, "Eating out")
		check.Contains(t, "the rows", home.Body, "lunch with Ana")
		check.Equal(t, "a line without a price", user.Post("/add", programtest.Form("line", "eating out")).Status, http.StatusUnprocessableEntity)
	})
}
